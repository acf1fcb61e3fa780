"""What readers of a comparison see is German and adds up: no raw values, no ids, no Markdown; the counts are all there are."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
import tinyhtml5
from builders import KOPF, geladen

from ihk import labels, sums
from ihk.diff import compare
from ihk.diff.apply import klasse_von
from ihk.diff.fields import platz
from ihk.diff.things import dinge
from ihk.model import Konzeptfassung, Massnahme
from ihk.model.bestandteile import Indikator, Verstetigung
from ihk.model.massnahme import Schritt
from ihk.model.types import Satz
from ihk.pdf.document import Press
from ihk.pdf.parts import Part
from ihk.project import alle, find_project
from ihk.report.prose import divided
from ihk.report.redline import redline
from ihk.report.render import synopse_html
from ihk.report.view.aenderung import aenderungskapitel
from ihk.report.view.grund import Kontext
from ihk.report.view.stand import sachstand

PROJEKT = find_project(Path(__file__).parent)
assert PROJEKT is not None
PAARE = {v.name: v for v in alle(PROJEKT) if v.vorgaenger()}
MUSTERSTADT = [name for name in PAARE if name.startswith("musterstadt-ost")]

ROH = {
    "ein Betrag wie im Rechner": re.compile(r"\b\d{4,}\.\d\d\b|\b\d\d?\.\d{4,}\b"),
    "ein Tag wie im Rechner": re.compile(r"\b(?:19|20)\d\d-\d\d\b"),
    "ein Bild in Markdown": re.compile(r"!\["),
    "Fettung in Markdown": re.compile(r"\*\*"),
    "eine Tabelle in Markdown": re.compile(r"\|\s*-{3}"),
    "ein Verweis in Klammern": re.compile(r"\[[A-Z]{1,2}\d\d\]"),
    "ja statt des Worts davor": re.compile(r"\berledigt:? ja\b"),
    "ein Schlüssel mit Unterstrich": re.compile(r"\b[a-z]+_[a-z]+\b"),
}


def _zellen(html: str) -> list[str]:
    """What stands in the columns old, new and reason; numbers of amounts have thousands before their dot."""
    wurzel = tinyhtml5.parse(html, namespace_html_elements=False)
    return [" ".join(" ".join(td.itertext()).split()) for td in wurzel.iter("td") if td.get("data-kopf")]


@pytest.mark.parametrize("name", PAARE)
def test_die_synopse_spricht_deutsch(name: str) -> None:
    neu, vorher = PAARE[name].geladen, PAARE[name].vorgaenger()
    assert vorher is not None
    zellen = _zellen(synopse_html(compare(vorher.geladen, neu), vorher.geladen, neu, medium="web", ihk_version="0"))
    assert len(zellen) > 5
    gefunden = [
        (was, zelle) for zelle in zellen for was, muster in ROH.items() if muster.search(re.sub(r"\S+\.(?:png|jpe?g|svg|geojson)|https?://\S+|\d\d?\.\d\d?\.(?:\d{4})?", "", zelle))
    ]  # fmt: skip
    assert gefunden == []


@pytest.mark.parametrize("name", MUSTERSTADT)
def test_die_zeilen_der_aenderungen_ergeben_das_ganze(name: str) -> None:
    neu, vorher = PAARE[name].geladen, PAARE[name].vorgaenger()
    assert vorher is not None
    kapitel = aenderungskapitel(Kontext(neu, "druck"), compare(vorher.geladen, neu), vorher.geladen)
    assert kapitel is not None
    zahlen = {k.text.split(" ", 1)[1]: int(re.sub(r"\D", "", k.wert)) for k in kapitel.kennzahlen}
    lebende = [m for m in neu.fassung.massnahmen if not m.beendet]
    assert zahlen["neu"] + zahlen["geändert"] + zahlen["unverändert"] == len(lebende)

    def cent(text: str) -> Decimal:
        return Decimal(0 if text == "–" else text.replace(".", "").replace(",", "."))

    gezaehlt = [
        z for z in kapitel.massnahmen if not (z.delta.startswith("in ") or z.delta in ("nachrichtlich", "unbekannt"))
    ]
    ruhig = re.search(r"zusammen ([\d.,]+)", kapitel.gleich)
    gleich = cent(ruhig[1]) if ruhig else Decimal(0)
    for seite in ("alt", "neu"):
        summe = sum((cent(getattr(z, seite)) for z in gezaehlt), gleich)
        assert summe == cent(getattr(kapitel, f"gesamt_{seite}")), seite
    assert sums.summen(neu.fassung).gesamt == cent(kapitel.gesamt_neu) * 100


AUFGEHEND = """handlungsfelder: [{id: HF1, titel: Wohnen}]
massnahmen:
  - {id: M01, titel: Platz, handlungsfeld: HF1, teilziele: [T1], traeger: Stadt, status: in_umsetzung}
  - {id: M02, titel: Garten, handlungsfeld: HF1, teilziele: [T1], traeger: Stadt, status: %s}
  - {id: M03, titel: Weg, handlungsfeld: HF1, teilziele: [T1], traeger: Stadt, status: %s}
"""


def test_was_in_anderen_weiterlebt_ist_weder_entfallen_noch_geaendert() -> None:
    alt = geladen(KOPF + AUFGEHEND % ("geplant", "geplant"))
    neu = geladen(
        KOPF
        + AUFGEHEND
        % ("entfallen, aufgegangen_in: [M01], begruendung: Ein Platz mit Garten", "entfallen, begruendung: Kein Geld")
    )
    kapitel = aenderungskapitel(Kontext(neu, "druck"), compare(alt, neu), alt)
    assert kapitel is not None
    assert [(z.art, z.wort) for z in kapitel.massnahmen if z.art != "geaendert"] == [
        ("aufgegangen", "in anderen aufgegangen"), ("entfallen", "entfallen"),
    ]  # fmt: skip
    assert "eine entfällt" in kapitel.kurzsatz.lower() or "eine maßnahme entfällt" in kapitel.kurzsatz.lower()
    assert "geht in anderen auf" in kapitel.kurzsatz


STAND = """massnahmen:
  - {{id: M01, titel: Platz, teilziele: [T1], traeger: Stadt{}}}
  - {{id: M02, titel: Garten, teilziele: [T1], traeger: Stadt{}}}
  - {{id: M03, titel: Weg, teilziele: [T1], traeger: Stadt{}}}
"""
UNBEKANNT = ", unbekannt: {status: Keine Quelle nennt ihn}"


@pytest.mark.parametrize(
    ("status", "satz", "kennzahlen"),
    [
        ((UNBEKANNT,) * 3, "Drei Maßnahmen sind aufgeführt; wie weit sie sind, ist nicht bekannt.", ["Maßnahmen", "Stand nicht bekannt"]),
        ((", status: abgeschlossen", UNBEKANNT, UNBEKANNT), "Von 3 Maßnahmen: eine ist fertig, bei zwei ist es nicht bekannt.",
         ["Maßnahmen", "fertig oder verstetigt", "im Verzug", "Stand nicht bekannt"]),
        ((", status: in_umsetzung", ", status: geplant", ", status: abgeschlossen"),
         "Von 3 Maßnahmen: eine läuft, eine ist fertig, eine ist noch nicht begonnen oder ruht. Im Verzug ist keine.",
         ["Maßnahmen", "fertig oder verstetigt", "im Verzug"]),
    ],
)  # fmt: skip
def test_was_niemand_weiss_ist_nicht_null(status: tuple[str, str, str], satz: str, kennzahlen: list[str]) -> None:
    g = geladen(KOPF + STAND.format(*status))
    stand = sachstand(Kontext(g, "druck"), g.fassung.massnahmen)
    assert stand is not None
    assert (stand.satz, [k.text for k in stand.kennzahlen]) == (satz, kennzahlen)


@pytest.mark.parametrize(
    ("klasse", "pfad", "art", "innen"),
    [
        (Massnahme, "kosten.gesamt", "geld", None),
        (Massnahme, "kosten.jahre.2024", "geld", None),
        (Massnahme, "kosten.finanzierung[bund/a.b].betrag", "geld", None),
        (Massnahme, "kosten.finanzierung[bund/a.b].jahre.2024", "geld", None),
        (Massnahme, "standort.punkt", "punkt", None),
        (Massnahme, "teilziele", "verweise", None),
        (Massnahme, "schritte", "liste", Schritt),
        (Massnahme, "gibt_es_nicht.nirgends", "text", None),
        (Indikator, "werte.2024", "zahl", None),
        (Konzeptfassung, "verstetigung", "liste", Verstetigung),
        (Verstetigung, "betrag", "geld", None),
        (Verstetigung, "ab", "zeitpunkt", None),
    ],
)
def test_was_an_einem_platz_steht(klasse: type[Satz], pfad: str, art: str, innen: type[Satz] | None) -> None:
    assert platz(klasse, pfad) == (art, innen)


@pytest.mark.parametrize("name", PAARE)
def test_jedes_ding_hat_seine_klasse(name: str) -> None:
    for ding in dinge(PAARE[name].geladen.fassung).values():
        if ding.satz is not None:
            assert isinstance(ding.satz, klasse_von(ding.art)) or issubclass(klasse_von(ding.art), type(ding.satz)), (
                ding.art
            )
        else:
            assert klasse_von(ding.art) in (Konzeptfassung, klasse_von("konzept"))


def test_ein_jahr_allein_verschiebt_sich_nicht_um_monate() -> None:
    def seite(bis: str) -> str:
        return (
            KOPF
            + f"massnahmen:\n  - {{id: M01, titel: Platz, teilziele: [T1], traeger: Stadt, status: geplant, zeitraum: {{von: 2024, bis: {bis}}}}}\n"
        )

    def synopse(a: str, b: str) -> str:
        alt, neu = geladen(seite(a)), geladen(seite(b))
        return synopse_html(compare(alt, neu), alt, neu, medium="web", ihk_version="0")

    assert "Monate später" in synopse("03/2025", "09/2025")
    assert "Monate später" not in synopse("2025", "11/2026")


def test_eine_ueberschrift_heisst_im_verzeichnis_wie_sie_nun_lautet() -> None:
    alt = '<section id="k"><h2>Das alte Haus am <a href="#M01">1.1 Markt</a></h2><p>Text</p></section>'
    neu = '<section id="k"><h2>Das neue Haus am <a href="#M01">1.2 Markt</a></h2><p>Text</p></section>'
    assert 'data-titel="Das neue Haus am 1.2 Markt"' in redline(alt, neu)


@pytest.mark.parametrize(
    ("html", "fertig"),
    [
        ("<td>Preisstand 2024</td>", "<td>Preis\u00adstand 2024</td>"),
        ('<a title="Fortschreibung">Fortschreibung</a>', '<a title="Fortschreibung">Fort\u00adschreibung</a>'),
        ("<svg><title>Preisstand</title></svg>", "<svg><title>Preisstand</title></svg>"),
        ("Preis\u00adstand", "Preis\u00adstand"),
    ],
)
def test_woerter_werden_nur_im_text_geteilt(html: str, fertig: str) -> None:
    assert divided(html) == fertig


def test_bisher_sagt_bis_wann() -> None:
    assert labels.jahr("bisher", ["bisher", "2028", "2029", "spaeter"]) == "bis 2027"
    assert labels.jahr("bisher") == "bisher"


def test_das_gedaechtnis_der_presse_ist_begrenzt() -> None:
    presse = Press(memory=100)
    teile = {k: Part([], [], {}, [], {}, {}, {}, {}) for k in "abcd"}
    for k in "abc":
        presse.keep(k, teile[k], 40)
    assert presse.recalled("a") is None  # the oldest had to go
    assert presse.recalled("b") is teile["b"]
    presse.keep("b", teile["b"], 40)  # once more is not twice as much
    presse.keep("d", teile["d"], 40)
    assert [k for k in "abcd" if presse.recalled(k)] == ["b", "d"]
    presse.keep("a", teile["a"], 400)  # larger than all of it
    assert presse.recalled("a") is None
