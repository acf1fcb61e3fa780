"""Every sum that is printed equals a recomputation from the YAML that knows nothing of ``ihk``."""

from __future__ import annotations

import io
import json
import re
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
import tinyhtml5
from pypdf import PdfReader
from tabellen_lesen import Rechnung, lies, rechne

from ihk import __version__
from ihk.build import pdf
from ihk.export.daten import as_json, daten
from ihk.model.load import Geladen
from ihk.project import alle, find_project
from ihk.report.berichte import berichtsarten
from ihk.report.render import report_druck, report_html

PROJEKT = find_project(__import__("pathlib").Path(__file__).parent)
assert PROJEKT is not None
VERSIONEN = {v.name: v for v in alle(PROJEKT) if v.konzept == "musterstadt-ost"}
GEBER = {
    "Kommune": "kommune",
    "Bund": "bund",
    "Land": "land",
    "EU": "eu",
    "Dritte": "dritte",
    "Einnahmen": "einnahmen",
    "offen": "offen",
}
NULL = Decimal(0)


def _rechnungen(name: str) -> list[Rechnung]:
    return [r for r in rechne(lies(VERSIONEN[name].pfad)) if r.zaehlt and r.gesamt is not None]


@cache
def _seite(name: str, art: str) -> Any:
    html = report_html(
        VERSIONEN[name].geladen, vorgaenger=None, aenderungen=None, medium="web", ihk_version=__version__, art=berichtsarten(None)[art]
    )  # fmt: skip
    return tinyhtml5.parse(html, namespace_html_elements=False)


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).replace("\u00ad", "").split())


def _tabelle(name: str, art: str, titel: str) -> Any:
    for t in _seite(name, art).iter("table"):
        beschriftung = t.find("caption")
        if beschriftung is not None and _text(beschriftung).startswith(titel):
            return t
    raise AssertionError(f"keine Tabelle „{titel}“")


def _euro(zelle: Any) -> Decimal:
    """The exact amount of a cell: the printed one is rounded where a table is wide."""
    return Decimal(zelle.get("data-wert", "0")) / 100


def _zeilen(tabelle: Any) -> list[tuple[str, str, list[Decimal]]]:
    """Class, head and amounts of every row with one cell for each column."""
    breite = len(tabelle.findall("thead/tr/th"))
    return [
        (zeile.get("class", "").strip(), _text(zeile.find("th")), [_euro(z) for z in zeile.findall("td")])
        for zeile in tabelle.findall("tbody/tr")
        if len(zeile.findall("td")) == breite - 1
    ]


@pytest.mark.parametrize("name", VERSIONEN)
@pytest.mark.parametrize(
    "titel", ["Was ist zuwendungsfähig", "Wer zahlt welche Maßnahme?", "Wann fallen die Kosten an?"]
)
def test_zeilen_ergeben_summen_und_summen_das_ganze(name: str, titel: str) -> None:
    zeilen = _zeilen(_tabelle(name, "bericht", titel))
    gruppe: list[list[Decimal]] = []
    summen: list[list[Decimal]] = []
    for klasse, kopf, betraege in zeilen:
        if klasse == "summe":
            assert [sum(s) for s in zip(*gruppe, strict=True)] == betraege, kopf
            summen.append(betraege)
            gruppe = []
        elif klasse == "gesamt":
            assert [sum(s) for s in zip(*summen, strict=True)] == betraege, kopf
        else:
            gruppe.append(betraege)
    assert len(summen) >= 4
    assert zeilen[-1][0] == "gesamt"


@pytest.mark.parametrize("name", VERSIONEN)
def test_wer_zahlt_stimmt_mit_der_rechnung_von_hand(name: str) -> None:
    rechnungen = _rechnungen(name)
    tabelle = _tabelle(name, "bericht", "Wer zahlt welche Maßnahme?")
    koepfe = [_text(th) for th in tabelle.findall("thead/tr/th")][1:]
    gesamt = dict(zip(koepfe, _zeilen(tabelle)[-1][2], strict=True))
    assert gesamt["Gesamt"] == sum(r.gesamt or NULL for r in rechnungen)
    for wort, geber in GEBER.items():
        assert gesamt.get(wort, NULL) == sum(r.geber.get(geber, NULL) for r in rechnungen), wort
    jahre = _tabelle(name, "bericht", "Wann fallen die Kosten an?")
    spalten = [_text(th) for th in jahre.findall("thead/tr/th")][1:]
    je_jahr = dict(zip(spalten, _zeilen(jahre)[-1][2], strict=True))
    for spalte, betrag in je_jahr.items():
        if spalte != "Gesamt":
            schluessel = "bisher" if spalte.startswith("bis ") else {"später": "spaeter"}.get(spalte, spalte)
            assert betrag == sum(r.jahre.get(schluessel, NULL) for r in rechnungen), spalte


@pytest.mark.parametrize("name", VERSIONEN)
def test_haushalt_der_kurzfassung(name: str) -> None:
    rechnungen = _rechnungen(name)
    tabelle = _tabelle(name, "kurzfassung", "Was kostet es")
    koepfe = [_text(th) for th in tabelle.findall("thead/tr/th")][1:]
    zeilen = _zeilen(tabelle)
    gesamt = dict(zip(koepfe, zeilen[-1][2], strict=True))
    assert [sum(s) for s in zip(*(z for _, _, z in zeilen[:-1]), strict=True)] == zeilen[-1][2]
    assert gesamt["Kosten"] == sum(r.gesamt or NULL for r in rechnungen)
    assert gesamt["Stadt Musterstadt"] == sum(r.geber.get("kommune", NULL) for r in rechnungen)
    assert gesamt["Stadt Musterstadt"] == gesamt["davon beschlossen"] + gesamt["noch zu entscheiden"]
    assert gesamt["Zuwendungen"] == sum(
        r.geber.get(g, NULL) for r in rechnungen for g in ("bund", "land", "bund_land", "eu")
    )


@pytest.mark.pdf
@pytest.mark.parametrize("name", VERSIONEN)
def test_pdf_und_daten_nennen_dieselben_summen(name: str) -> None:
    geladen: Geladen = VERSIONEN[name].geladen
    gesamt = sum(r.gesamt or NULL for r in _rechnungen(name))
    summen = json.loads(as_json(daten(geladen)))["summen"]
    assert Decimal(summen["gesamt"]) == gesamt
    for teil in ("nach_geber", "nach_jahr", "nach_handlungsfeld", "nach_programm", "nach_ausgabeart"):
        assert sum(map(Decimal, summen[teil].values())) == gesamt, teil
    assert sum(Decimal(b) for zeile in summen["je_jahr"].values() for b in zeile.values()) == gesamt
    werk = report_druck(
        geladen, vorgaenger=None, aenderungen=None, ihk_version=__version__, art=berichtsarten(None)["kurzfassung"]
    )
    seiten = [re.sub(r"\s+", " ", s.extract_text()) for s in PdfReader(io.BytesIO(pdf(werk))).pages]
    ganze = f"{int(gesamt.quantize(Decimal(1))):,}".replace(",", ".")
    assert any(ganze in s for s in seiten[:2]), "Was es kostet, steht auf Seite 1 oder 2"
    assert len(seiten) <= 4
