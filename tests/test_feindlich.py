"""Hostile strings: each in every text field is kept letter by letter or refused, and no page or PDF changes its structure.

``IHK_FEINDLICH=alle pytest tests/test_feindlich.py`` puts every string into every text field (about six minutes on two
cores, part of ``make validate``); else a part of the square in which every string and every field is met.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from feindlich import (
    AUFBAU,
    Pfad,
    Werkbank,
    als_pdf,
    baum,
    behalten,
    gefahren,
    gelesen,
    lange_stuecke,
    reihe,
    unruhig,
    unterschiede,
    wert,
    zeichenketten,
    zeilen,
)

from ihk.diff import compare
from ihk.export.daten import as_json, daten
from ihk.problems import IhkError
from ihk.report.berichte import berichtsarten
from ihk.report.render import report_html, synopse_html

ANZAHL = len(zeichenketten())
ALLE = os.environ.get("IHK_FEINDLICH") == "alle"
# Steps of 113 meet each string in several fields (checked below) and each field with strings of every kind.
REIHEN = range(ANZAHL) if ALLE else range(0, ANZAHL, 113)
BLOECKE = [REIHEN[n :: 60 if ALLE else 6] for n in range(60 if ALLE else 6)]


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Werkbank:
    return Werkbank(tmp_path_factory.mktemp("feindlich"))


# ---------------------------------------------------------------------------------------------------- what is tested


def test_die_listen_sind_da_und_der_teil_trifft_alle() -> None:
    assert len(json.loads((Path(__file__).parent / "boese/blns.json").read_text("utf-8"))) >= 515
    assert len(json.loads((Path(__file__).parent / "boese/xss.json").read_text("utf-8"))) >= 400
    assert len(AUFBAU.felder) > 180
    for pfad in (("konzept", "titel"), ("massnahmen", 0, "beschreibung"), ("ziele", 0, "teilziele", 0, "bilanz", "wirkung"), ("quellen", 0, "url")):  # fmt: skip
        assert pfad in AUFBAU.felder
    getroffen = {z for n in REIHEN for z in reihe(n).values()}
    assert getroffen == set(zeichenketten())


def test_der_vergleich_sieht_was_sich_aendert(bank: Werkbank) -> None:
    """A page whose text became markup, lost a letter or moved would be found: tried with pages that are spoilt by hand."""
    gut = bank.seite({})
    vorbild = baum(gut, bank.stil)
    assert unterschiede(vorbild, baum(gut, bank.stil), {}, {}) == []
    marke = "ŋ001ŋ"
    assert gut.count(marke) > 3
    for schlecht in (
        gut.replace(marke, "<b>" + marke + "</b>", 2),
        gut.replace(marke, "ŋ001", 1),
        gut.replace(f">{marke}<", f' onclick="x">{marke}<', 1),
        gut.replace("</section>", "", 1),
        gut.replace(marke, marke + "</p><p>", 3),
    ):
        assert schlecht != gut
        assert unterschiede(vorbild, baum(schlecht, bank.stil), {}, {}) != []
    for boese in (
        "<script>x</script>", '<a href="javascript:x">y</a>', '<img src="https://host/x">', "<iframe></iframe>", '<p onclick="x">y</p>',
        "<!-- x -->", '<svg><a xlink:href="javascript:x"></a></svg>', '<form action="//host"></form>', '<meta http-equiv="refresh" content="0">',
    ):  # fmt: skip
        seite = baum(gut.replace("</main>", boese + "</main>"), bank.stil)
        if not boese.startswith("<script"):
            assert gefahren(seite), boese
        assert unterschiede(vorbild, seite, {}, {}), boese


# ---------------------------------------------------------------------------------------------------- reading


@pytest.mark.parametrize("reihen", BLOECKE, ids=lambda r: f"ab-{r[0]}")
def test_behalten_oder_abgelehnt(reihen: range) -> None:
    """The model and ``daten.json`` hold the string, or a finding names its line."""
    gezaehlt = {"behalten": 0, "abgelehnt": 0}
    for n in reihen:
        belegung = reihe(n)
        modell, befunde = gelesen(belegung)
        assert modell is not None
        abgelehnt = {b.ort.zeile for b in befunde if b.schwere == "fehler"}
        export = json.loads(as_json(daten(modell)))
        for pfad, art in AUFBAU.felder.items():
            gehalten = wert(modell.fassung, pfad)
            if zeilen()[pfad] in abgelehnt or (
                gehalten is None and any(zeilen()[p] in abgelehnt for p in _nachbarn(pfad))
            ):
                gezaehlt["abgelehnt"] += 1
                continue
            assert gehalten == behalten(art, belegung[pfad]), pfad
            assert _im_export(export, pfad) in (behalten(art, belegung[pfad]), None), pfad
            gezaehlt["behalten"] += 1
    assert gezaehlt["behalten"] > 20 * gezaehlt["abgelehnt"] > 0


def _nachbarn(pfad: Pfad) -> Iterator[Pfad]:
    """Fields of the same record and of those around it: without one that it must have, a whole record is refused."""
    return (p for p in AUFBAU.felder if p[:-1] == pfad[: len(p) - 1])


def _im_export(knoten: Any, pfad: tuple[str | int, ...]) -> Any:
    """None for a printed number, which stands there instead of the written one."""
    for teil in pfad:
        knoten = knoten[teil]
    return None if pfad[-1] == "nummer" else knoten


@pytest.mark.parametrize("zeichen", zeichenketten()[:: 1 if ALLE else 5])
def test_jede_schreibweise_liest_dasselbe(zeichen: str) -> None:
    """Quoted, single-quoted or as a block: the same text, or each refused."""
    from builders import KOPF, geladen

    werte = set()
    for geschrieben in _schreibweisen(zeichen):
        try:
            modell = geladen(KOPF.replace("titel: Konzept Musterstadt-Ost", "titel: x, herausgeber: " + geschrieben))
        except IhkError:
            werte.add(None)
            continue
        fehler = [p for p in modell.probleme if p.schwere == "fehler"]
        werte.add(None if fehler else modell.fassung.konzept.herausgeber)
    assert len(werte) == 1
    assert werte <= {behalten("text", zeichen), None}


def _schreibweisen(zeichen: str) -> Iterator[str]:
    yield json.dumps(zeichen, ensure_ascii=False)
    if "\n" not in zeichen and "\r" not in zeichen and "\t" not in zeichen:
        yield "'" + zeichen.replace("'", "''") + "'"
        yield '"' + "".join(f"\\U{ord(z):08x}" for z in zeichen) + '"'


# ---------------------------------------------------------------------------------------------------- pages


@pytest.mark.parametrize("reihen", BLOECKE, ids=lambda r: f"ab-{r[0]}")
def test_die_seite_bleibt_wie_mit_harmlosem_text(reihen: range, bank: Werkbank) -> None:
    """Letter by letter in its place; as Markdown without a tag, an attribute or an address that is not ours."""
    for n in reihen:
        assert bank.zweierlei(bank.angenommen(reihe(n))) == [], n


@pytest.mark.parametrize("n", REIHEN[:: 10 if ALLE else 6])
def test_keine_andere_seite_wird_gefaehrlich(n: int, bank: Werkbank) -> None:
    """Every other report, the comparison with a harmless predecessor and paper: nothing active, no address that is not ours."""
    belegung = bank.angenommen(reihe(n))
    neu, alt = bank.geladen(belegung), bank.geladen({})
    satz = compare(alt, neu)
    seiten = {"synopse": synopse_html(satz, alt, neu, medium="web", ihk_version="0")}
    for art in berichtsarten(None).values():
        seiten[art.name] = report_html(neu, vorgaenger=alt, aenderungen=satz, medium="web", ihk_version="0", art=art)
    harmlos = synopse_html(compare(alt, alt), alt, alt, medium="web", ihk_version="0")
    eigene = sum(1 for _ in baum(harmlos, lange_stuecke(harmlos)).iter("script"))
    for name, seite in seiten.items():
        wurzel = baum(seite, lange_stuecke(seite))
        assert gefahren(wurzel) == [], name
        assert sum(1 for _ in wurzel.iter("script")) <= eigene, name


# ---------------------------------------------------------------------------------------------------- paper


@pytest.mark.pdf
def test_das_pdf_haelt_still(bank: Werkbank) -> None:
    """One of the PDFs that together hold every string; ``make validate`` builds all and asks the reference validator."""
    assert unruhig(als_pdf(bank, 3)) == []
