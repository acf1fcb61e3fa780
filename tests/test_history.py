"""``ihk history``: every object has one line over all Fassungen, and what is joined is what the files declare."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import page
import pikepdf
import pytest
from pruefer import befunde
from pypdf import PdfReader
from test_cli import ihk

from ihk.build import pdf
from ihk.history import Verlauf, auszug, verlauf
from ihk.history.folge import folge
from ihk.model.load import Geladen
from ihk.project import alle, find_project, kette
from ihk.report.render import verlauf_druck

CASES = Path(__file__).parent / "cases" / "history"
PROJEKT = find_project(Path(__file__).parent)
assert PROJEKT is not None
KONZEPTE = sorted({v.konzept for v in alle(PROJEKT)})


def _verlauf(konzept: str) -> tuple[Verlauf, tuple[Geladen, ...]]:
    assert PROJEKT is not None
    glieder = folge(kette(PROJEKT.fassungen(konzept))[-1])
    return verlauf(glieder), tuple(g.geladen for g in reversed(glieder.glieder) if g.geladen)


@pytest.mark.parametrize("konzept", KONZEPTE)
def test_jede_kennung_jeder_fassung_hat_genau_eine_bahn(konzept: str) -> None:
    v, fassungen = _verlauf(konzept)
    kennungen = {(str(art), o.id) for g in fassungen for art, o, _ in g.fassung.objekte()}
    bahnen = [(str(b.art), b.id) for b in v.bahnen]
    assert len(bahnen) == len(set(bahnen))
    gezeigt = {art for art, _ in bahnen}
    assert set(bahnen) == {k for k in kennungen if k[0] in gezeigt}
    assert {"massnahme", "ziel", "teilziel"} & {a for a, _ in kennungen} <= gezeigt
    for b in v.bahnen:
        assert [z.fassung for z in b.zustaende] == [f.id for f in v.fassungen]


_MM = r"(?:-?\d+(?:\.\d+)?mm|100%|var\(--y(?:-(?:ganz|bruch|punkt))?\))"
_LISTE = r"(?:{0}, )*{0}"
_STIL = re.compile(
    rf"(?:padding-left: \d+(?:\.\d+)?mm)?(?:(?:; )?background-image: {_LISTE.format('var.--(?:ganz|bruch|leer).')}"
    rf"; background-position: {_LISTE.format(f'{_MM} {_MM}')}; background-size: {_LISTE.format(f'{_MM} {_MM}')})?"
)


@pytest.mark.parametrize("konzept", KONZEPTE)
def test_ein_gerechneter_stil_ist_nur_laengen_und_linien(konzept: str) -> None:
    """No text of a concept reaches a style: the one place where a template prints a whole one."""
    v, fassungen = _verlauf(konzept)
    werk = verlauf_druck(v, fassungen, ihk_version="0")
    stile = [s for teil in werk.teile for s in re.findall(r'<td class="zug[^>]* style="([^"]*)"', teil.html)]
    assert stile
    assert [s for s in stile if not _STIL.fullmatch(s)] == []


@pytest.mark.parametrize("konzept", KONZEPTE)
def test_verbunden_ist_was_erklaert_ist(konzept: str) -> None:
    v, fassungen = _verlauf(konzept)
    erklaert = set()
    for g in fassungen:
        for _, o, _ in g.fassung.objekte():
            erklaert |= {(x, o.id) for x in getattr(o, "hervorgegangen_aus", ())}
            erklaert |= {(o.id, x) for x in getattr(o, "aufgegangen_in", ())}
    assert {(x.von, x.nach) for x in v.verbindungen} == erklaert


@pytest.mark.parametrize(
    ("fall", "argumente"),
    [
        ("musterstadt-alle", ("musterstadt-ost",)),
        ("musterstadt-geteilt", ("musterstadt-ost", "M33")),
        ("musterstadt-zusammengelegt", ("musterstadt-ost", "M11")),
        ("musterstadt-teilziel", ("musterstadt-ost", "T3")),
        ("kassel-unbekannt", ("kassel-wesertor",)),
        ("musterstadt-bis-2024", ("musterstadt-ost@2024", "M08")),
    ],
)
def test_text(fall: str, argumente: tuple[str, ...], golden: Callable[[Path, str], None]) -> None:
    lauf = ihk("history", *argumente)
    assert lauf.returncode == 0
    golden(CASES / f"{fall}.txt", lauf.stdout)


def test_json_ist_bestaendig_und_nennt_betraege_als_text() -> None:
    lauf = ihk("history", "musterstadt-ost", "M33", "--format", "json")
    daten = json.loads(lauf.stdout)
    assert daten["schema"] == "ihk-verlauf/1"
    assert lauf.stdout == ihk("history", "musterstadt-ost", "M33", "--format", "json").stdout
    assert '"780000.00"' in lauf.stdout


def test_unbekannte_kennung() -> None:
    lauf = ihk("history", "musterstadt-ost", "M7")
    assert lauf.returncode == 2
    assert "Gemeint ist wohl „M07“" in lauf.stderr


def test_seite_als_html() -> None:
    html = ihk("history", "musterstadt-ost", "--format", "html").stdout
    assert "Content-Security-Policy" in html
    for b in _verlauf("musterstadt-ost")[0].bahnen:
        if b.art == "massnahme":
            assert b.titel.split("(")[0].strip()[:20].replace("&", "&amp;") in html.replace("\u00ad", "")


@pytest.mark.pdf
@pytest.mark.filterwarnings("default")
def test_pdf_ist_zugaenglich(tmp_path: Path) -> None:
    v, fassungen = _verlauf("musterstadt-ost")
    werk = verlauf_druck(auszug(v, "M33"), fassungen, kennung="M33", ihk_version="0")
    daten = pdf(werk)
    pfad = tmp_path / "verlauf.pdf"
    pfad.write_bytes(daten)
    for profil in (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_2A):
        assert list(page.validate_pdf(str(pfad), profile=profil).failures) == []
    with pikepdf.open(pfad) as datei:
        assert befunde(datei, [t.html for t in werk.teile]) == []
    text = "".join(s.extract_text() for s in PdfReader(io.BytesIO(daten)).pages)
    for wort in ("Familienzentrum Birkenweg", "Anbau der Kita Birkenweg", "Familienberatung im alten"):
        assert wort in text
