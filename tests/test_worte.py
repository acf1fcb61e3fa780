"""A concept that speaks of Projekte and Strategien reads so on every page; its own words stay as its author wrote them."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from ihk import labels
from ihk.diff import compare
from ihk.history import Folge, Glied, verlauf
from ihk.model.load import Geladen, load
from ihk.project import find_project, resolve_one
from ihk.report.berichte import berichtsarten
from ihk.report.render import report_html, synopse_html, verlauf_html

PROJEKT = find_project(Path(__file__).parent)
WORTE = b"bezeichnungen: {handlungsfeld: handlungsfeld, massnahme: massnahme}"
# Terms of the law, of the Ausgabearten and of the Land's own list, which no concept words anew.
FACHWORT = re.compile(r"(Gesamt|Ordnungs|Bau)maßnahme|Handlungsfelder des Landes")
VERRATEN = re.compile(r"\w*[Mm]aßnahme\w*|\w*Handlungsfeld\w*")


class Text(HTMLParser):
    """Everything that a reader sees or hears: text, alternative texts, names of regions."""

    def __init__(self, seite: str) -> None:
        super().__init__()
        self.stuecke: list[str] = []
        self.stumm = 0
        self.feed(seite)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.stumm += tag in ("style", "script")
        self.stuecke += [w for n, w in attrs if w and n in ("alt", "aria-label", "title", "placeholder", "content")]

    def handle_endtag(self, tag: str) -> None:
        self.stumm -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self.stumm:
            self.stuecke.append(data)


def _umbenannt(name: str) -> Geladen:
    """The concept with other words chosen; where its author wrote „Maßnahme“, stands a word that nothing else prints."""
    quelle = resolve_one(name, PROJEKT).geladen.quelle
    dateien = {}
    for datei, daten in quelle.dateien.items():
        neu = daten.replace(WORTE, b"bezeichnungen: {handlungsfeld: strategie, massnahme: projekt}")
        for wort in ("Maßnahme", "maßnahme", "Handlungsfeld"):
            neu = neu.replace(wort.encode(), f"Xy{len(wort)}".encode())
        dateien[datei] = neu
    ergebnis = load(replace(quelle, dateien=dateien))
    assert ergebnis.fassung.konzept.massnahmenwort.eins == "Projekt"
    return ergebnis


@pytest.fixture(scope="module")
def fassungen() -> tuple[Geladen, Geladen, Geladen]:
    alle = tuple(_umbenannt(f"musterstadt-ost@{f}") for f in (2019, 2024, 2028))
    return alle[0], alle[1], alle[2]


@pytest.fixture(scope="module")
def seiten(fassungen: tuple[Geladen, Geladen, Geladen]) -> dict[str, str]:
    erste, alt, neu = fassungen
    satz = compare(alt, neu)
    seiten = {
        name: report_html(neu, vorgaenger=alt, aenderungen=satz, medium="web", ihk_version="0", art=art)
        for name, art in berichtsarten(None).items()
    }
    seiten["synopse"] = synopse_html(satz, alt, neu, medium="web", ihk_version="0")
    kette = Folge((Glied("2019", erste), Glied("2024", alt), Glied("2028", neu)))
    seiten["verlauf"] = verlauf_html(verlauf(kette), (neu, alt, erste), ihk_version="0")
    return {name: " ".join(Text(seite).stuecke) for name, seite in seiten.items()}


def test_kein_satz_spricht_von_massnahmen(seiten: dict[str, str]) -> None:
    assert len(seiten) > 10
    for name, text in seiten.items():
        rest = VERRATEN.findall(FACHWORT.sub("", text))
        assert not rest, (name, rest[:5])
        assert "Projekt" in text or name in ("auszug", "pruefstand"), name


def test_die_saetze_stimmen_in_der_grammatik(seiten: dict[str, str]) -> None:
    alles = " ".join(seiten.values())
    for falsch in (r"\b(eine|jede|keine|einzige|der|die) (Projekt)\b", r"\bvon \d+ Projekte\b", r"\bden Projekte\b"):
        assert not re.search(falsch, alles), re.search(falsch, alles)
    assert "Beschlossen ist ein Projekt, das einen eigenen Beschluss hat" in seiten["kurzfassung"]
    assert "Projekten der Fassung 2024" in seiten["bericht"]
    assert "Strategien ist mindestens ein Projekt in Umsetzung" in alles


@pytest.mark.parametrize("wort", [*labels.MASSNAHMENWORT.values(), *labels.HANDLUNGSFELDWORT.values()])
def test_jedes_wort_hat_seine_formen(wort: labels.Wort) -> None:
    assert wort.dativ[-1] in "ns"
    assert wort.mit("eine", "ein") == f"{'eine' if wort.genus == 'f' else 'ein'} {wort.eins}"
    assert wort.mit("jede", "jedes", "jeden").split()[0] == {"f": "jede", "n": "jedes", "m": "jeden"}[wort.genus]
    assert (wort.namen(1), wort.namen(2)) == (wort.eins, wort.viele)
