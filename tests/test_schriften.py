"""A city's own typeface: used on the page and on paper, embedded, completed by the shipped one; a bad file is refused."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from ihk.beside import BesideError
from ihk.build import pdf
from ihk.checks import Kontext, run
from ihk.model.load import Geladen, load
from ihk.reading.files import collect
from ihk.report.render import report_druck, report_html
from ihk.typefaces import Typeface, _clean, read_typeface

FALL = Path(__file__).parent / "cases" / "regeln" / "SCHRIFT-DATEI"
KASTEN = (FALL / "kasten.ttf").read_bytes()


def _konzept(ordner: Path, titel: str = "Quartiersplatz Ωmega") -> Geladen:
    text = (FALL / "erfuellt.yaml").read_text(encoding="utf-8").replace("titel: Quartiersplatz", f"titel: {titel}")
    (ordner / "2024.yaml").write_text(text, encoding="utf-8")
    (ordner / "kasten.ttf").write_bytes(KASTEN)
    geladen = load(collect(ordner / "2024.yaml", "2024.yaml"))
    assert geladen.fehlerfrei, geladen.probleme
    return geladen


def test_auf_der_seite_steht_die_hausschrift_vor_der_mitgelieferten(tmp_path: Path) -> None:
    seite = report_html(_konzept(tmp_path), vorgaenger=None, aenderungen=None, medium="web", ihk_version="0")
    assert '--schrift: "Hausschrift", "Source Sans 3", sans-serif' in seite
    assert seite.count('@font-face { font-family: "Hausschrift"; src: url("data:font/ttf;base64,') == 4
    assert seite.count('@font-face { font-family: "Source Sans 3"') == 4


@pytest.mark.pdf
def test_auf_papier_sind_beide_schriften_eingebettet(tmp_path: Path) -> None:
    geladen = _konzept(tmp_path)
    werk = report_druck(geladen, vorgaenger=None, aenderungen=None, ihk_version="0")
    with pikepdf.open(io.BytesIO(pdf(werk))) as datei:
        schriften = {}
        for objekt in datei.objects:
            if isinstance(objekt, pikepdf.Dictionary) and objekt.get("/Type") == "/FontDescriptor":
                schriften[str(objekt.FontName)] = TTFont(io.BytesIO(objekt.FontFile2.read_bytes()))
    assert any("Hausschrift" in name for name in schriften)
    # „Ωmega“ has a letter that the boxes lack; it comes from the shipped font, which has a curve in it.
    assert any("Source" in name for name in schriften)
    assert all("fpgm" not in s and "prep" not in s for n, s in schriften.items() if "Hausschrift" in n)


def test_was_nur_die_hausschrift_kann_wird_gedruckt_und_nicht_gemeldet(tmp_path: Path) -> None:
    schrift = TTFont(io.BytesIO(KASTEN))
    for tabelle in schrift["cmap"].tables:
        tabelle.cmap[0x16A0] = "u0041"
    geladen = _konzept(tmp_path, "Quartiersplatz \u16a0")
    codes = [p.code for p in run(Kontext(geladen, None))]
    assert "SCHRIFT-ZEICHEN" in codes
    seite = report_html(geladen, vorgaenger=None, aenderungen=None, medium="web", ihk_version="0")
    assert "[U+16A0]" in seite
    schrift.save(tmp_path / "kasten.ttf")
    assert "SCHRIFT-ZEICHEN" not in [p.code for p in run(Kontext(geladen, None))]
    seite = report_html(geladen, vorgaenger=None, aenderungen=None, medium="web", ihk_version="0")
    assert "\u16a0" in seite
    assert "[U+16A0]" not in seite


def _verdorben(art: str) -> bytes:
    schrift = TTFont(io.BytesIO(KASTEN))
    if art == "lizenz":
        schrift["OS/2"].fsType = 2
    elif art == "kreis":
        from fontTools.pens.ttGlyphPen import TTGlyphPen

        for name, anderer in (("u0041", "u0042"), ("u0042", "u0041")):
            stift = TTGlyphPen({anderer: None})
            stift.addComponent(anderer, (1, 0, 0, 1, 0, 0))
            zeichen = schrift["glyf"].glyphs[name] = stift.glyph()
            zeichen.xMin = zeichen.yMin = zeichen.xMax = zeichen.yMax = 0
        schrift.recalcBBoxes = False
    elif art == "variabel":
        from fontTools.ttLib import newTable

        schrift["fvar"] = newTable("fvar")
        schrift["fvar"].axes, schrift["fvar"].instances = [], []
    ausgabe = io.BytesIO()
    schrift.save(ausgabe)
    return ausgabe.getvalue()


@pytest.mark.parametrize(
    ("daten", "satz"),
    [
        (b"OTTO" + bytes(40), "PostScript-Umrissen"),
        (b"ttcf" + bytes(40), "Sammlung"),
        (b"wOF2" + bytes(40), "Schrift für das Web"),
        (b"%PDF-1.7", "keine TrueType-Schrift"),
        (b"", "keine TrueType-Schrift"),
        (KASTEN[:900], "beschädigt"),
        (_verdorben("lizenz"), "erlaubt nicht, dass sie in Dokumente eingebettet wird"),
        (_verdorben("kreis"), "Zeichen der Schrift"),
        (_verdorben("variabel"), "variable Schrift"),
    ],
    ids=["otf", "sammlung", "web", "pdf", "leer", "abgeschnitten", "lizenz", "kreis", "variabel"],
)
def test_eine_untaugliche_schrift_wird_mit_einem_satz_abgelehnt(tmp_path: Path, daten: bytes, satz: str) -> None:
    (tmp_path / "schrift.ttf").write_bytes(daten)
    with pytest.raises(BesideError) as fehler:
        read_typeface(tmp_path, "schrift.ttf")
    assert satz in fehler.value.meldung
    assert fehler.value.meldung.endswith(".")
    assert fehler.value.hinweis.endswith(".")


def test_eine_schrift_liegt_im_ordner_des_konzepts(tmp_path: Path) -> None:
    (tmp_path / "aussen.ttf").write_bytes(KASTEN)
    (tmp_path / "innen").mkdir()
    with pytest.raises(BesideError, match="liegt nicht im Ordner"):
        read_typeface(tmp_path / "innen", "../aussen.ttf")


@given(st.lists(st.tuples(st.integers(0, len(KASTEN) - 1), st.integers(0, 255)), min_size=1, max_size=12))
def test_gesetz_eine_zerstoerte_schrift_ist_brauchbar_oder_abgelehnt(stellen: list[tuple[int, int]]) -> None:
    daten = bytearray(KASTEN)
    for stelle, wert in stellen:
        daten[stelle] = wert
    try:
        schrift = _clean(bytes(daten), "schrift.ttf")
    except BesideError:
        return
    assert isinstance(schrift, Typeface)
    assert TTFont(io.BytesIO(schrift.data)).getBestCmap()


def test_dieselbe_datei_wird_immer_zu_denselben_bytes() -> None:
    erste = _clean(KASTEN, "a.ttf").data
    _clean.cache_clear()
    assert _clean(KASTEN, "a.ttf").data == erste
