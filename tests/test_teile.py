"""Parts of a PDF: each thing that HTML can say is told by the tag tree, and what nobody could read is refused."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import page
import pytest
from PIL import Image
from pypdf import PdfReader

from ihk.pdf.assemble import Section, assemble, running_heads
from ihk.pdf.metadata import Metadata
from ihk.pdf.part import Typesetter, icc_profile
from ihk.pdf.parts import Node, Part, dump, nodes, restore
from ihk.pictures import BildError, read_picture
from ihk.problems import IhkError
from ihk.report.render import SCHNITTE, assets
from ihk.resources import fontconfig

pytestmark = [pytest.mark.pdf, pytest.mark.filterwarnings("default")]


def _bild(modus: str, form: str, farbe: Any) -> bytes:
    puffer = BytesIO()
    Image.new(modus, (16, 16), farbe).save(puffer, form)
    return puffer.getvalue()


BILDER = {
    "durchsichtig": _bild("RGBA", "PNG", (200, 0, 0, 120)),
    "palette": _bild("P", "PNG", 3),
    "grau-durchsichtig": _bild("LA", "PNG", (100, 100)),
    "schwarzweiss": _bild("1", "PNG", 1),
    "foto": _bild("RGB", "JPEG", (1, 90, 120)),
    "grau": _bild("L", "JPEG", 90),
    "webp": _bild("RGBA", "WEBP", (1, 90, 120, 100)),
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><g opacity='.5'><circle cx='4' cy='4' r='3'/></g></svg>",
    "zeichnung": (Path(__file__).parent / "cases" / "zeichnung" / "gut-formen.svg").read_bytes(),
}
ADRESSEN = {**assets(), **{f"ihk-asset:{name}": daten for name, daten in BILDER.items()}}
CSS = (
    "".join(
        f'@font-face {{ font-family: "Source Sans 3"; src: url("ihk-asset:schrift/{name}"); font-weight: {staerke}; font-style: {stil} }}'
        for name, staerke, stil in SCHNITTE
    )
    + """html { font: 10pt "Source Sans 3" } @page { size: A4; margin: 20mm } @page quer { size: A4 landscape }
.quer { page: quer } img { image-rendering: crisp-edges } .footnote { float: footnote } .muster p { position: absolute }
.raster { display: grid; grid-template-columns: 50mm 50mm } .grund { background: url("ihk-asset:svg") }"""
)


def _dokument(inhalt: str) -> str:
    return f"<!DOCTYPE html><html lang='de'><head><title>Probe</title></head><body>{inhalt}</body></html>"


@pytest.fixture(scope="module")
def setzer() -> Typesetter:
    return Typesetter(CSS, ADRESSEN, fontconfig=fontconfig())


def _muster(setzer: Typesetter, koepfe: list[str]) -> Part:
    texte = [*(f"oben/{k}" for k in koepfe), "rechts", "unten", "von", "entwurf", *(f"zahl/{n}" for n in range(10))]
    seiten = "".join(
        f"<section class='muster {form}' style='break-before: page'>"
        + "".join(f"<p><span data-stempel='{form}/{t}'>{t.rpartition('/')[2]}</span></p>" for t in texte)
        + "</section>"
        for form in ("hoch", "quer")
    )
    ziffern = "".join(f"<p><span data-stempel='ziffer/400/{n}'>{n}</span></p>" for n in range(10))
    return setzer.lay_out(_dokument(f"{seiten}<section class='muster'>{ziffern}</section>"))


def _datei(setzer: Typesetter, *inhalte: str, entwurf: bool = False) -> bytes:
    sections = [Section(setzer.lay_out(_dokument(i))) for i in inhalte]
    return assemble(
        sections,
        _muster(setzer, running_heads(sections)),
        Metadata("Probe", author="Stadt", date="2024-06-01", provenance={"konzept": "probe"}),
        fontfiles=setzer.fontfiles,
        icc=icc_profile(),
        draft=entwurf,
    )


def _knoten(part: Part) -> Iterator[Node]:
    def gehe(knoten: Iterable[object]) -> Iterator[Node]:
        for k in knoten:
            if isinstance(k, Node):
                yield k
                yield from gehe(k.kids)

    return gehe(nodes(part))


def _rollen(part: Part) -> list[str]:
    return [k.role for k in _knoten(part)]


def _konform(daten: bytes, pfad: Path) -> None:
    pfad.write_bytes(daten)
    for profil in (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_2A):
        bericht = page.validate_pdf(str(pfad), profile=profil)
        assert bericht.is_compliant, [str(f) for f in bericht.failures]


ZEILEN = "".join(f"<tr><th scope='row'>{n}</th><td>a</td></tr>" for n in range(150))
LANGE_TABELLE = (
    "<table><thead><tr><th scope='col'>Nr.</th><th scope='col'>A</th></tr></thead>"
    f"<tfoot><tr><td></td><td>Fuß</td></tr></tfoot><tbody>{ZEILEN}</tbody></table>"
)
PROBEN = {
    "bilder": "".join(f"<p><img src='ihk-asset:{n}' alt='Probe {n}'></p>" for n in BILDER)
    + "<p><img src='ihk-asset:foto' alt=''>Zierde</p>",
    "svg": "<figure><svg viewBox='0 0 90 40' width='200' height='80'><title>Die Kurve steigt</title>"
    "<g opacity='.5'><rect width='50' height='20' fill='green'/></g><text x='5' y='30' font-size='8'>Text</text></svg>"
    "<figcaption>Bild 1</figcaption></figure><p><svg width='9' height='9'><rect width='9' height='9'/></svg> Zierde</p>"
    "<p class='grund'>Grund</p>",
    "tabelle-ueber-seiten": LANGE_TABELLE,
    "tabelle-in-tabelle": "<table><tr><th scope='col'>A</th></tr><tr><td><table><tr><th scope='col'>i</th></tr>"
    "<tr><td>1</td></tr></table></td></tr></table>",
    "spannen": "<table><thead><tr><th scope='col' rowspan='2'>Jahr</th><th scope='colgroup' colspan='2'>Kosten</th></tr>"
    "<tr><th scope='col'>Plan</th><th scope='col'>Ist</th></tr></thead><tbody><tr><th scope='rowgroup' colspan='3'>Feld</th></tr>"
    "<tr><th scope='row'>2024</th><td>1</td><td></td></tr></tbody></table>",
    "text": "<p>Alt <del>weg</del>, neu <ins>da</ins>, <q lang='en'>for people</q>, <abbr title='Europäische Union'>EU</abbr>, "
    f"<code>x</code>, <a href='https://example.org/'>{'ein Verweis über zwei Zeilen ' * 6}</a>, <a href='#hier'>hierher</a>.</p>"
    "<p id='hier'>Ελληνικά Кириллица Łódź ẞ ½ ✓</p><blockquote><p>Zitat</p></blockquote><pre>roh</pre>",
    "noten": "<p>Text<span class='footnote'>Note mit <a href='#z'>Verweis</a> und <i lang='en'>foreign</i>.</span></p>"
    "<div class='raster'><div id='z'>links<span class='footnote'>im Raster</span></div><div>rechts</div></div>",
    "listen": "<ol><li>eins<ul><li>eins eins</li></ul></li><li>zwei</li></ol><ul style='list-style: none'><li>ohne</li></ul>",
    "inhalt": "<nav role='doc-toc'><ul><li><a href='#k'>Kapitel<span class='pg' data-seite='k'>0000</span></a></li></ul></nav>"
    "<h2 id='k'>Kapitel</h2>",
    "quer": "<section class='quer'><p>quer</p></section>",
}


@pytest.mark.parametrize("name", PROBEN)
def test_conforms(name: str, setzer: Typesetter, tmp_path: Path) -> None:
    _konform(_datei(setzer, "<h1>Probe</h1>" + PROBEN[name], entwurf=True), tmp_path / "probe.pdf")


def test_an_element_over_pages_is_one(setzer: Typesetter) -> None:
    part = setzer.lay_out(_dokument(LANGE_TABELLE))
    rollen = _rollen(part)
    assert len(part.pages) > 2
    assert (rollen.count("Table"), rollen.count("THead"), rollen.count("TR")) == (1, 1, 152)
    inhalt = [kid for k in _knoten(part) for kid in k.kids if not isinstance(kid, Node)]
    assert len(inhalt) == len({tuple(kid) for kid in inhalt}) == 2 + 1 + 300  # head and foot once


def test_heads_of_cells(setzer: Typesetter) -> None:
    part = setzer.lay_out(_dokument(PROBEN["spannen"]))
    koepfe = {k.id: k for k in _knoten(part) if k.role == "TH"}
    ids = list(koepfe)  # Jahr, Kosten, Plan, Ist, Feld, 2024
    plan, ist = (k for k in _knoten(part) if k.role == "TD")
    assert plan.headers == [ids[1], ids[2], ids[4], ids[5]]
    assert ist.headers == [ids[1], ids[3], ids[4], ids[5]]
    assert [koepfe[i].scope for i in ids] == ["Column", "Column", "Column", "Column", "Column", "Row"]


def test_notes_follow_their_calls(setzer: Typesetter) -> None:
    rollen = _rollen(setzer.lay_out(_dokument(PROBEN["noten"])))
    stellen = [i for i, rolle in enumerate(rollen) if rolle == "Note"]
    assert [rollen[i - 1] for i in stellen] == ["Reference", "Reference"]


def test_languages_and_abbreviations(setzer: Typesetter) -> None:
    knoten = list(_knoten(setzer.lay_out(_dokument(PROBEN["text"]))))
    assert [(k.role, k.lang) for k in knoten if k.lang] == [("Quote", "en")]
    assert [k.expansion for k in knoten if k.expansion] == ["Europäische Union"]


def test_one_link_per_element(setzer: Typesetter) -> None:
    part = setzer.lay_out(_dokument(PROBEN["text"]))
    assert _rollen(part).count("Link") == 2
    assert {link.uri or link.anchor for link in part.pages[0].links} == {"https://example.org/", "hier"}
    assert all(link.label for link in part.pages[0].links)


def test_decoration_has_no_tag(setzer: Typesetter) -> None:
    knoten = [k for k in _knoten(setzer.lay_out(_dokument(PROBEN["svg"]))) if k.role == "Figure"]
    assert [k.alt for k in knoten] == ["Die Kurve steigt"]
    links, unten, rechts, oben = knoten[0].bbox or (0, 0, 0, 0)
    assert 0 < links < rechts
    assert 0 < unten < oben < 842


def test_page_numbers_fill_their_room(setzer: Typesetter) -> None:
    daten = _datei(
        setzer, "<h1>T</h1>" + PROBEN["inhalt"].split("<h2")[0], *["<p>Seite</p>"] * 11, "<h2 id='k'>Kapitel</h2>"
    )
    leser = PdfReader(BytesIO(daten))
    assert "Kapitel13" in leser.pages[0].extract_text().replace(" ", "").replace("\n", "")
    assert [leser.page_labels[i] for i in (0, 12)] == ["1", "13"]


@pytest.mark.parametrize(
    ("html", "satz"),
    [
        ("<h2>Platz</h2><img src='ihk-asset:foto'>", "keinen Alternativtext (unter der Überschrift „Platz“)"),
        ("<h2>Kosten</h2><table><tr><td>1</td></tr></table>", "keine Kopfzellen (unter der Überschrift „Kosten“)"),
        ("<table><tr><th>A</th></tr><tr><td>1</td><td>2</td></tr></table>", "ungleich lange Zeilen"),
        ("<p style='opacity: .5'>blass</p>", "Deckkraft"),
        ("<p><a href='#nirgends'>Verweis</a></p>", "„nirgends“, die es im Bericht nicht gibt"),
        ("<p><a href='#x'><img src='ihk-asset:foto' alt=''></a></p>", "Verweis hat keinen Text"),
        ("<h2>Zwei</h2><h4>Vier</h4>", "Vor der Überschrift „Vier“ fehlt eine Ebene"),
        ("<p>漢</p>", "U+6F22"),
        ("<p id='a'>a</p><p><b id='b'>x</b></p>", "„b“ gibt es zweimal"),
    ],
)
def test_what_nobody_could_read_is_refused(html: str, satz: str, setzer: Typesetter) -> None:
    with pytest.raises(IhkError) as fehler:
        _datei(setzer, "<h1>Probe</h1><p id='x'>x</p>" + html, "<p id='b'>b</p>")
    assert satz in str(fehler.value)


@pytest.mark.parametrize(
    ("daten", "satz"),
    [(_bild("CMYK", "JPEG", (1, 2, 3, 4)), "Druckfarben"), (_bild("I;16", "PNG", 300), "16 Bit")],
    ids=["cmyk", "16 Bit"],
)
def test_colours_that_no_archive_takes(daten: bytes, satz: str, tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(daten)
    with pytest.raises(BildError) as fehler:
        read_picture(tmp_path, "b")
    assert satz in fehler.value.meldung


def test_a_part_survives_its_form_on_disk(setzer: Typesetter) -> None:
    """Parts kept as JSON give the same file, in whatever order they were laid out."""
    inhalte = [
        "<h1>Probe</h1>" + PROBEN["text"],
        PROBEN["noten"].replace("'z'", "'y'").replace("#z", "#y"),
        PROBEN["svg"],
    ]
    frisch = _datei(setzer, *inhalte)
    anderer = Typesetter(CSS, ADRESSEN, fontconfig=fontconfig())
    parts = {i: restore(dump(anderer.lay_out(_dokument(inhalt)))) for i, inhalt in reversed(list(enumerate(inhalte)))}
    sections = [Section(parts[i]) for i in range(3)]
    wieder = assemble(
        sections,
        restore(dump(_muster(anderer, running_heads(sections)))),
        Metadata("Probe", author="Stadt", date="2024-06-01", provenance={"konzept": "probe"}),
        fontfiles=anderer.fontfiles,
        icc=icc_profile(),
    )
    assert wieder == frisch


@pytest.mark.parametrize("faelschung", [b"", b"{}", b"[]", b"\x80\x04K\x01.", b'{"pages": 1}'])
def test_a_foreign_part_is_refused(faelschung: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        restore(faelschung)


def test_fonts_of_the_machine_stay_out(tmp_path: Path) -> None:
    """With the machine's fontconfig pointing at nothing, or at everything: the same bytes."""
    programm = (
        "import sys, hashlib; sys.path.insert(0, sys.argv[1])\n"
        "import test_teile as t\n"
        "daten = t._datei(t.Typesetter(t.CSS, t.ADRESSEN, fontconfig=t.fontconfig()), '<h1>Probe</h1>' + t.PROBEN['text'])\n"
        "print(hashlib.sha256(daten).hexdigest())\n"
    )
    leer = tmp_path / "leer.conf"
    leer.write_text("<fontconfig><dir>/nirgends</dir></fontconfig>")
    summen = set()
    for umgebung in ({}, {"FONTCONFIG_FILE": str(leer)}, {"FONTCONFIG_FILE": "/etc/fonts/fonts.conf"}):
        lauf = subprocess.run(
            [sys.executable, "-c", programm, str(Path(__file__).parent)],
            capture_output=True, text=True, check=True, env={**os.environ, **umgebung},
        )  # fmt: skip
        summen.add(lauf.stdout)
    assert len(summen) == 1
