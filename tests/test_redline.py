"""The Änderungsfassung and the Änderungsübersicht: nothing but marks is added, nothing that matters is left out."""

from __future__ import annotations

import io
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tinyhtml5
from pypdf import PdfReader

from ihk.build import pdf
from ihk.diff import compare
from ihk.model.load import Geladen, load
from ihk.project import alle, find_project, version_at
from ihk.reading.files import collect
from ihk.report.berichte import berichtsarten
from ihk.report.redline import entfernt, redline
from ihk.report.render import report_druck, report_html

PROJEKT = find_project(Path(__file__).parent)
assert PROJEKT is not None
PAARE = {v.name: v for v in alle(PROJEKT) if v.vorgaenger()}
MARKIERT = berichtsarten(None)["aenderungsfassung"]
HINWEISE = ("eingefügt: ", "gestrichen: ")


def _html(alt: Geladen, neu: Geladen, *, markiert: bool) -> str:
    art = replace(MARKIERT, markiert=markiert)
    return report_html(
        neu, vorgaenger=alt, aenderungen=compare(alt, neu), medium="web", ihk_version="0", art=art
    )  # fmt: skip


def _text(html: str, ohne: str) -> str:
    """All letters of a page without those in ``ohne``, without what is only said to readers who hear the marks."""
    stuecke: list[str] = []

    def lauf(element: Any, vater: Any) -> None:
        if element.tag in ("head", ohne) or "lesehilfe" in (element.get("class") or ""):
            return
        if not (element.text in HINWEISE and vater.tag in ("ins", "del")):
            stuecke.append(element.text or "")
        for kind in element:
            lauf(kind, element)
            stuecke.append(kind.tail or "")

    wurzel = tinyhtml5.parse(html, namespace_html_elements=False)
    lauf(wurzel, wurzel)
    return re.sub(r"\s+", "", "".join(stuecke))


@pytest.mark.parametrize("name", PAARE)
def test_ohne_das_gestrichene_bleibt_die_lesefassung(name: str) -> None:
    neu = PAARE[name].geladen
    vorher = PAARE[name].vorgaenger()
    assert vorher is not None
    markiert = _html(vorher.geladen, neu, markiert=True)
    assert _text(markiert, "del") == _text(_html(vorher.geladen, neu, markiert=False), "-")
    kennungen = re.findall(r'\bid="([^"]+)"', markiert)
    assert len(kennungen) == len(set(kennungen))


def test_gleiche_fassungen_sind_ohne_marken() -> None:
    neu = PAARE["musterstadt-ost@2028"].geladen
    html = _html(neu, neu, markiert=True)
    rumpf = html[html.index("<main") :]
    ohne_legende = re.sub(r'<p class="lesehilfe">.*?</p>', "", rumpf)
    assert "<ins" not in ohne_legende
    assert "<del" not in ohne_legende
    assert "geaendert" not in ohne_legende


@pytest.mark.parametrize(
    ("alt", "neu", "erwartet"),
    [
        ("<p>Die Stadt baut.</p>", "<p>Die Stadt prüft.</p>", "<p class=\"geaendert\">Die Stadt <del>G:baut</del><ins>E:prüft</ins>.</p>"),
        ("<p>gleich</p><p>fällt weg</p>", "<p>gleich</p>", "<p>gleich</p><p class=\"geaendert\"><del>G:fällt weg</del></p>"),
        ("<p>gleich</p>", "<p>gleich</p><p>kommt dazu</p>", "<p>gleich</p><p class=\"geaendert\"><ins>E:kommt dazu</ins></p>"),
        # A reference stays the same reference when its number changes.
        ('<p>Siehe <a href="#M1">1.5 Platz</a>.</p>', '<p>Siehe <a href="#M1">1.4 Platz</a>.</p>', '<p>Siehe <a href="#M1">1.4 Platz</a>.</p>'),
        # Formatting stays around the words that have it.
        ("<p>Es kostet <strong>10 €</strong> viel.</p>", "<p>Es kostet <strong>20 €</strong> viel.</p>",
         "<p class=\"geaendert\">Es kostet <del>G:<strong>10 € </strong></del><ins>E:<strong>20 €</strong></ins> viel.</p>"),
        ("<div>eine Zeile</div>", "<div><p>ein Absatz</p></div>", '<div><del>G:eine Zeile</del><p class="geaendert"><ins>E:ein Absatz</ins></p></div>'),
        # What is struck leads nowhere and nothing leads to it.
        ('<ul><li id="A">alt <a href="#B">B</a></li></ul>', "<ul></ul>", '<ul><li class="geaendert"><del>G:alt <span>B</span></del></li></ul>'),
    ],
)  # fmt: skip
def test_marken(alt: str, neu: str, erwartet: str) -> None:
    fertig = redline(alt, neu)
    for wort, zeichen in (("eingefügt: ", "E:"), ("gestrichen: ", "G:")):
        fertig = fertig.replace(f'<span class="unsichtbar">{wort}</span>', zeichen)
    assert re.sub(r"\s+", "", fertig) == re.sub(r"\s+", "", erwartet)


KUF = '<table class="kuf"><caption>Kosten</caption><thead><tr><th>Maßnahme</th><th>Bund</th>{kopf}</tr></thead><tbody>{zeilen}</tbody></table>'


def _kuf(kopf: str, *zeilen: str) -> str:
    return KUF.format(kopf=kopf, zeilen="".join(f"<tr>{z}</tr>" for z in zeilen))


def test_in_einer_geldtabelle_ist_markiert_was_neu_ist() -> None:
    alt = _kuf("<th>Land</th><th>offen</th>", "<th>Platz</th><td>10</td><td>20</td><td>5</td>")
    neu = _kuf("<th>Land</th>", "<th>Platz</th><td>10</td><td>25</td>", "<th>Park</th><td>1</td><td>2</td>")
    html = redline(alt, neu)
    assert '<caption class="geaendert">Kosten</caption>' in html
    assert "<td>10</td>" in html
    assert re.findall(r"</span>([^<]+)</ins>", html) == ["25", "Park", "1", "2"]
    assert "<del>" not in html


def test_eine_geldtabelle_mit_fast_nur_anderen_spalten_ist_eine_andere() -> None:
    alt = _kuf("<th>2024</th><th>2025</th>", "<th>Platz</th><td>10</td><td>20</td><td>5</td>")
    html = redline(alt, _kuf("<th>2028</th><th>2029</th>", "<th>Platz</th><td>10</td><td>20</td><td>7</td>"))
    assert '<caption class="geaendert">' in html
    assert "<ins>" not in html


def test_ein_bild_aus_zahlen_traegt_am_titel_einen_strich() -> None:
    alt = '<div class="jahresbild"><h3>Nach Jahren</h3><p>Das teuerste Jahr ist 2027.</p></div>'
    assert '<h3 class="geaendert">Nach Jahren</h3>' in redline(alt, alt.replace("2027", "2028"))
    assert "geaendert" not in redline(alt, alt)


@pytest.mark.parametrize(
    ("alt", "neu", "marken"),
    [
        ("Kosten: 40.000 €", "Kosten: 40.000,00 €", 0),
        ("Kosten: 40.000,00 € im Jahr", "Kosten: 40.000 € im Jahr", 0),
        ("Kosten: 40.000 € im Jahr", "Kosten: 40.000,00 € im Monat", 1),
        ("Kosten: 40.000 €", "Kosten: 40.000,01 €", 1),
        ("Kosten: 140.000 €", "Kosten: 40.000,00 €", 1),
    ],
)
def test_derselbe_betrag_anders_geschrieben_ist_keine_aenderung(alt: str, neu: str, marken: int) -> None:
    html = redline(f"<p>{alt}</p>", f"<p>{neu}</p>")
    assert html.count("<ins>") == marken
    assert ("<del>" in html) == bool(marken)


@pytest.fixture(scope="module")
def mit_fuenf_rueckschritten(tmp_path_factory: pytest.TempPathFactory) -> tuple[Geladen, Geladen]:
    """The newest Fassung of Musterstadt, and a next one with five steps back and nothing else."""
    ordner = tmp_path_factory.mktemp("konzept")
    quelle = PAARE["musterstadt-ost@2028"].pfad
    for name in ("2028", "2029"):
        shutil.copytree(quelle, ordner / name)

    def aendere(datei: str, alt: str, neu: str) -> None:
        pfad = ordner / "2029" / datei
        text = pfad.read_text("utf-8")
        assert text.count(alt) >= 1, alt
        pfad.write_text(text.replace(alt, neu, 1), "utf-8")

    aendere("konzept.yaml", 'id: "2028"', 'id: "2029"')
    aendere("konzept.yaml", 'vorgaenger: "2024"', 'vorgaenger: "2028"')
    aendere("massnahmen/M15.yaml", "status: in_umsetzung", "status: geplant")
    aendere("massnahmen/M16.yaml", "bis: 2029", "bis: 2032")
    aendere("massnahmen/M47.yaml", "gesamt: 1.012.000 €", "gesamt: 1.412.000 €")
    aendere("konzept.yaml", "ziel: {jahr: 2029, wert: 8}", "ziel: {jahr: 2029, wert: 11}")
    aendere(
        "konzept.yaml", "titel: Plätze und Grünflächen zu Treffpunkten machen", "titel: Plätze und Grünflächen erhalten"
    )
    return version_at(ordner / "2028").geladen, version_at(ordner / "2029").geladen


def _uebersicht(alt: Geladen, neu: Geladen) -> list[str]:
    """The text of each page of the Änderungsübersicht."""
    art = berichtsarten(None)["aenderungsuebersicht"]
    werk = report_druck(neu, vorgaenger=alt, aenderungen=compare(alt, neu), ihk_version="0", art=art)
    return [re.sub(r"\s+", " ", s.extract_text()) for s in PdfReader(io.BytesIO(pdf(werk))).pages]


def test_fuenf_rueckschritte_stehen_auf_der_einen_seite(mit_fuenf_rueckschritten: tuple[Geladen, Geladen]) -> None:
    (text,) = _uebersicht(*mit_fuenf_rueckschritten)
    neu = mit_fuenf_rueckschritten[1]
    for wort in (
        "Energieberatung (in Umsetzung → geplant)",
        "Anreizprogramm (36 Monate)",
        "Anbau der Kita Birkenweg (+39,5 %)",
        "Plätze und Grünflächen erhalten",
        neu.fassung.indikatoren[0].titel,
    ):
        assert wort in text, wort


@pytest.mark.parametrize("name", [n for n in PAARE if n.startswith("musterstadt-ost@")])
def test_die_uebersicht_ist_eine_seite_und_nennt_jeden_rueckschritt(name: str) -> None:
    neu = PAARE[name].geladen
    vorher = PAARE[name].vorgaenger()
    assert vorher is not None
    (text,) = _uebersicht(vorher.geladen, neu)
    zurueck = [e for e in compare(vorher.geladen, neu).eintraege if e.rueckschritt]
    assert len(zurueck) > 10
    ohne_trennung = re.sub(r"(?<=\w)[-\u2010] ?(?=[a-zäöüß])|\s", "", text)
    for e in zurueck:
        assert re.sub(r"\s", "", getattr(neu.fassung.nach_id[e.id], "kurz", e.titel)) in ohne_trennung, e.id


def test_wer_mehr_zahlt_steht_in_der_uebersicht() -> None:
    """The Kommune bears what the others leave: no field says so, the page does."""
    fall = Path(__file__).parent / "cases" / "vergleich" / "teurer-fuer-die-kommune"
    alt, neu = (load(collect(fall / f"{n}.yaml", f"{n}.yaml")) for n in ("alt", "neu"))
    (text,) = _uebersicht(alt, neu)
    assert "Quartiersplatz (+30.000 €, Kommune +30.000 €)" in text
    assert "Spielplatz (+10.000 €, Kommune +3.333 €)" in text
    assert "Nur für die Kommune teurer 1.1.2 Stadtteilbüro (Kommune +30.000 €)" in text


def test_ein_gestrichener_bereich_heisst_anders_als_der_an_seiner_stelle() -> None:
    """Both may stand in one page; a screen reader lists regions by their names."""
    assert 'aria-label="gestrichen: Orte"' in entfernt('<div role="region" aria-label="Orte"><p>Hof</p></div>')
