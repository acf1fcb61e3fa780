"""The report as PDF: same headings, same text, only our fonts, only our bytes, always the same bytes."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import Destination

from ihk.build import pdf
from ihk.pdf.part import Typesetter
from ihk.pdf.parts import Part
from ihk.problems import IhkError
from ihk.project import version_at
from ihk.report.render import assets, report_druck, report_html
from ihk.resources import fontconfig

pytestmark = [pytest.mark.pdf, pytest.mark.filterwarnings("default")]
WURZEL = Path(__file__).resolve().parent.parent
KLEINES = WURZEL / "concepts" / "kempten-thingers-nord" / "2010.yaml"
PROBE = """
import hashlib, sys
from pathlib import Path
from ihk.build import pdf
from ihk.project import version_at
from ihk.report.render import report_druck
g = version_at(Path(sys.argv[1])).geladen
werk = report_druck(g, vorgaenger=None, aenderungen=None, ihk_version="0")
sys.stdout.write(hashlib.sha256(pdf(werk)).hexdigest())
"""


@pytest.fixture(scope="module")
def bericht(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, bytes, Path]:
    g = version_at(KLEINES).geladen
    html = report_html(g, vorgaenger=None, aenderungen=None, medium="druck", ihk_version="0")
    daten = pdf(report_druck(g, vorgaenger=None, aenderungen=None, ihk_version="0"))
    ziel = tmp_path_factory.mktemp("pdf") / "bericht.pdf"
    ziel.write_bytes(daten)
    return html, daten, ziel


def _ueberschriften(html: str) -> list[str]:
    roh = re.findall(r"<h[1-6][^>]*>(.*?)</h[1-6]>", html, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>|\u00ad", "", t).replace("&amp;", "&").split()) for t in roh]


def _lesezeichen(eintraege: list[Any]) -> list[str]:
    ergebnis: list[str] = []
    for eintrag in eintraege:
        if isinstance(eintrag, list):
            ergebnis += _lesezeichen(eintrag)
        elif isinstance(eintrag, Destination):
            ergebnis.append(" ".join(str(eintrag.title).split()))
    return ergebnis


def test_outline_is_the_headings(bericht: tuple[str, bytes, Path]) -> None:
    html, _, pfad = bericht
    assert _lesezeichen(PdfReader(pfad).outline) == _ueberschriften(html)


def test_only_shipped_fonts(bericht: tuple[str, bytes, Path]) -> None:
    namen = set()
    for seite in PdfReader(bericht[2]).pages:
        for schrift in (seite["/Resources"].get("/Font") or {}).values():
            namen.add(str(schrift.get_object()["/BaseFont"]).split("+")[-1])
    assert namen
    assert all(re.match(r"Source-?Sans", name.replace(" ", "").lstrip("/")) for name in namen), namen


def test_text_is_intact(bericht: tuple[str, bytes, Path]) -> None:
    text = " ".join(seite.extract_text() for seite in PdfReader(bericht[2]).pages)
    flach = re.sub(r"\s|\u00ad|-", "", unicodedata.normalize("NFC", text))
    for satz in (
        "Mehr als 100 Projekte in einem Quartier, finanziert aus vier Quellen.",
        "Internationale Gärten",
        "11.000.000 €",
        "Kempten (Allgäu)",
    ):
        assert re.sub(r"\s|-", "", satz) in flach


def test_metadata(bericht: tuple[str, bytes, Path]) -> None:
    leser = PdfReader(bericht[2])
    assert leser.metadata is not None
    assert str(leser.metadata.title).startswith("Abschluss der Sozialen Stadt Thingers-Nord")
    assert leser.root_object["/Lang"] == "de"
    assert "/MarkInfo" in leser.root_object


def test_no_page_is_nearly_empty(bericht: tuple[str, bytes, Path]) -> None:
    seiten = PdfReader(bericht[2]).pages
    assert all(len(seite.extract_text().splitlines()) > 8 for seite in seiten[1:])


def test_same_bytes_everywhere(bericht: tuple[str, bytes, Path], tmp_path: Path) -> None:
    erwartet = hashlib.sha256(bericht[1]).hexdigest()
    anderswo = tmp_path / "Ein anderer Ordner" / KLEINES.parent.name
    shutil.copytree(KLEINES.parent, anderswo)
    for zone, keim, pfad in (("Asia/Tokyo", "1", KLEINES), ("America/New_York", "4711", anderswo / KLEINES.name)):
        umgebung = {**os.environ, "TZ": zone, "PYTHONHASHSEED": keim, "LC_ALL": "C", "PYTHONPATH": str(WURZEL)}
        lauf = subprocess.run(
            [sys.executable, "-c", PROBE, str(pfad)],
            capture_output=True,
            text=True,
            env=umgebung,
            cwd=tmp_path,
            check=True,
        )
        assert lauf.stdout == erwartet


@pytest.mark.parametrize(
    "boese",
    [
        '<img src="file:///etc/hostname" alt="x">',
        '<img src="https://127.0.0.1:9/x.png" alt="x">',
        '<img src="ihk-asset:bild/fehlt" alt="x">',
        '<link rel="stylesheet" href="file:///etc/hostname">',
        '<link rel="attachment" href="file:///etc/hostname">',
        '<div style="background: url(file:///etc/hostname)">x</div>',
    ],
)
def test_nothing_from_outside(boese: str) -> None:
    with pytest.raises(IhkError):
        _gesetzt(boese)


def test_a_complaint_of_the_typesetter_is_an_error() -> None:
    with pytest.raises(IhkError, match="nicht fehlerfrei"):
        _gesetzt("<style>p { kein-css: 1 }</style>")


def _gesetzt(inhalt: str) -> Part:
    """A part with this content, in the shipped font."""
    schrift = next(a for a in assets() if "Regular" in a)
    css = f'@font-face {{ font-family: "IHK Sans"; src: url("{schrift}") }} html {{ font-family: "IHK Sans" }}'
    html = f"<html lang='de'><head><title>x</title></head><body><p>x</p>{inhalt}</body></html>"
    return Typesetter(css, assets(), fontconfig=fontconfig()).lay_out(html)


def test_missing_picture(tmp_path: Path) -> None:
    text = KLEINES.read_text("utf-8") + "\nbilder:\n  - {id: B1, datei: fehlt.png, alt: Nichts}\n"
    (tmp_path / "2010.yaml").write_text(text, "utf-8")
    g = version_at(tmp_path / "2010.yaml").geladen
    with pytest.raises(IhkError, match=r"fehlt\.png"):
        assets(g)
