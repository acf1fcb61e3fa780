"""Who checks the checks: each kind of damage to a good PDF is found, by a validator or by our own questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import page
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from pruefer import befunde
from test_teile import ADRESSEN, CSS, PROBEN, _datei, _dokument

from ihk.pdf.part import Typesetter
from ihk.resources import fontconfig

pytestmark = [pytest.mark.pdf, pytest.mark.filterwarnings("default")]
TEXT = PROBEN["text"].replace("<q ", "<i ").replace("</q>", "</i>")  # no quotation marks that only the style has
INHALTE = [
    "<h1>Probe</h1><h2>Text</h2>" + TEXT + "<h3>Noten</h3>" + PROBEN["noten"],
    "<h2>Bild</h2>" + PROBEN["svg"] + "<h2>Tabellen</h2>" + PROBEN["spannen"] + PROBEN["tabelle-ueber-seiten"],
]


@pytest.fixture(scope="module")
def heil(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pfad = tmp_path_factory.mktemp("mutanten") / "heil.pdf"
    pfad.write_bytes(_datei(Typesetter(CSS, ADRESSEN, fontconfig=fontconfig()), *INHALTE))
    return pfad


def _finder(pfad: Path) -> set[str]:
    """Who finds something wrong with the file."""
    finder = set()
    for name, profil in (("ua1", page.ValidationProfile.PDF_UA_1), ("2a", page.ValidationProfile.PDF_A_2A)):
        if not page.validate_pdf(str(pfad), profile=profil).is_compliant:
            finder.add(name)
    with pikepdf.open(pfad) as pdf:
        if befunde(pdf, [_dokument(i) for i in INHALTE]):
            finder.add("eigene")
    return finder


def test_the_good_file_is_good(heil: Path) -> None:
    assert _finder(heil) == set()


def _elemente(pdf: pikepdf.Pdf, rolle: str = "") -> Iterator[Any]:
    """Structure elements of this role, in reading order."""

    def gehe(element: Any) -> Iterator[Any]:
        if not rolle or element.get("/S") == f"/{rolle}":
            yield element
        kinder = element.get("/K", [])
        for kind in kinder if isinstance(kinder, Array) else [kinder]:
            if isinstance(kind, Dictionary) and "/S" in kind:
                yield from gehe(kind)

    yield from gehe(pdf.Root.StructTreeRoot.K[0])


def _erstes(pdf: pikepdf.Pdf, rolle: str) -> Any:
    return next(_elemente(pdf, rolle))


def _alt_fehlt(pdf: pikepdf.Pdf) -> None:
    del _erstes(pdf, "Figure")["/Alt"]


def _alt_nichtssagend(pdf: pikepdf.Pdf) -> None:
    _erstes(pdf, "Figure").Alt = String("Abbildung 1")


def _xmp(pdf: pikepdf.Pdf, muster: str, ersatz: str) -> None:
    strom = pdf.Root.Metadata
    neu = re.sub(muster, ersatz, strom.read_bytes().decode(), flags=re.DOTALL)
    assert neu != strom.read_bytes().decode()
    strom.write(neu.encode())


def _ua_kennung_fehlt(pdf: pikepdf.Pdf) -> None:
    _xmp(pdf, "<pdfuaid:part>1</pdfuaid:part>", "")


def _a_kennung_fehlt(pdf: pikepdf.Pdf) -> None:
    _xmp(pdf, "<pdfaid:part>2</pdfaid:part>", "")


def _erweiterung_fehlt(pdf: pikepdf.Pdf) -> None:
    _xmp(pdf, "<pdfaExtension:schemas>.*</pdfaExtension:schemas>", "")


def _verweis_stumm(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0].Annots[0]["/Contents"]


def _scope_fehlt(pdf: pikepdf.Pdf) -> None:
    del _erstes(pdf, "TH").A["/Scope"]


def _koepfe_vertauscht(pdf: pikepdf.Pdf) -> None:
    a, b = [e for e in _elemente(pdf, "TD") if "/Headers" in e.A][:2]
    a.A.Headers, b.A.Headers = b.A.Headers, a.A.Headers


def _kopf_wird_zelle(pdf: pikepdf.Pdf) -> None:
    _erstes(pdf, "TH").S = Name.TD


def _ebene_fehlt(pdf: pikepdf.Pdf) -> None:
    _erstes(pdf, "H2").S = Name.H4


def _ueberschrift_wird_absatz(pdf: pikepdf.Pdf) -> None:
    _erstes(pdf, "H3").S = Name.P


def _farbraum_fehlt(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/OutputIntents"]


def _sprache_fehlt(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/Lang"]


def _sprachwechsel_fehlt(pdf: pikepdf.Pdf) -> None:
    del next(e for e in _elemente(pdf) if "/Lang" in e)["/Lang"]


def _note_ohne_kennung(pdf: pikepdf.Pdf) -> None:
    del _erstes(pdf, "Note")["/ID"]


def _note_anderswo(pdf: pikepdf.Pdf) -> None:
    note = _erstes(pdf, "Note")
    eltern = note.P
    eltern.K = Array([k for k in eltern.K if not (isinstance(k, Dictionary) and k.objgen == note.objgen)])
    eltern.K.insert(0, note)


def _titel_versteckt(pdf: pikepdf.Pdf) -> None:
    pdf.Root.ViewerPreferences.DisplayDocTitle = False


def _tabfolge_fehlt(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0]["/Tabs"]


def _zeichen_unlesbar(pdf: pikepdf.Pdf) -> None:
    for schrift in pdf.pages[0].Resources.Font.values():
        del schrift["/ToUnicode"]


def _ohne_auszeichnung(pdf: pikepdf.Pdf) -> None:
    strom = pdf.pages[0].Contents[1]
    daten = strom.read_bytes()
    anfang = daten.index(b"/Span")
    ende = daten.index(b"EMC\n", anfang)
    strom.write(daten[:anfang] + daten[daten.index(b"BDC\n", anfang) + 4 : ende] + daten[ende + 4 :])


def _laufendes_im_inhalt(pdf: pikepdf.Pdf) -> None:
    strom = pdf.pages[0].Contents[0]
    strom.write(
        strom.read_bytes().replace(b"/Artifact <</Type /Pagination /Subtype /Footer>> BDC", b"/Span <</MCID 0>> BDC")
    )


def _tabelle_zerteilt(pdf: pikepdf.Pdf) -> None:
    tabelle = list(_elemente(pdf, "Table"))[-1]
    koerper = next(k for k in tabelle.K if str(k.S) == "/TBody")
    zweite = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Table, P=tabelle.P))
    rumpf = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.TBody, P=zweite, K=Array(list(koerper.K)[70:])))
    for zeile in rumpf.K:
        zeile.P = rumpf
    zweite.K = Array([rumpf])
    koerper.K = Array(list(koerper.K)[:70])
    tabelle.P.K = Array([*tabelle.P.K, zweite])


def _reihenfolge_vertauscht(pdf: pikepdf.Pdf) -> None:
    wurzel = pdf.Root.StructTreeRoot.K[0]
    wurzel.K = Array([wurzel.K[1], wurzel.K[0], *list(wurzel.K)[2:]])


def _fremde_schrift(pdf: pikepdf.Pdf) -> None:
    schrift = next(iter(pdf.pages[0].Resources.Font.values()))
    for objekt in (schrift, schrift.DescendantFonts[0]):
        objekt.BaseFont = Name("/ABCDEF+DejaVuSans")
    schrift.DescendantFonts[0].FontDescriptor.FontName = Name("/ABCDEF+DejaVuSans")


def _zaehlung_falsch(pdf: pikepdf.Pdf) -> None:
    pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.D, St=5)]))


def _ziel_fehlt(pdf: pikepdf.Pdf) -> None:
    next(v for v in pdf.pages[0].Annots if "/Dest" in v).Dest = String("nirgends")


def _lesezeichen_falsch(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Outlines.First.Title = String("Etwas anderes")


def _abkuerzung_stumm(pdf: pikepdf.Pdf) -> None:
    del next(e for e in _elemente(pdf) if "/E" in e)["/E"]


def _parenttree_falsch(pdf: pikepdf.Pdf) -> None:
    eintraege = pdf.Root.StructTreeRoot.ParentTree.Nums[1]
    eintraege[0], eintraege[1] = eintraege[1], eintraege[0]


def _marke_unbekannt(pdf: pikepdf.Pdf) -> None:
    pdf.Root.MarkInfo.Marked = False


MUTANTEN: dict[Callable[[pikepdf.Pdf], None], str] = {
    _alt_fehlt: "ua1",
    _alt_nichtssagend: "eigene",
    _ua_kennung_fehlt: "ua1",
    _a_kennung_fehlt: "2a",
    _erweiterung_fehlt: "2a",
    _verweis_stumm: "ua1",
    _scope_fehlt: "eigene",
    _koepfe_vertauscht: "eigene",
    _kopf_wird_zelle: "eigene",
    _ebene_fehlt: "ua1",
    _ueberschrift_wird_absatz: "eigene",
    _farbraum_fehlt: "2a",
    _sprache_fehlt: "ua1",
    _sprachwechsel_fehlt: "eigene",
    _note_ohne_kennung: "ua1",
    _note_anderswo: "eigene",
    _titel_versteckt: "ua1",
    _tabfolge_fehlt: "ua1",
    _zeichen_unlesbar: "ua1",
    _ohne_auszeichnung: "ua1",
    _laufendes_im_inhalt: "eigene",
    _tabelle_zerteilt: "eigene",
    _reihenfolge_vertauscht: "eigene",
    _fremde_schrift: "eigene",
    _zaehlung_falsch: "eigene",
    _ziel_fehlt: "eigene",
    _lesezeichen_falsch: "eigene",
    _abkuerzung_stumm: "eigene",
    _parenttree_falsch: "eigene",
    _marke_unbekannt: "ua1",
}


@pytest.mark.parametrize("schaden", MUTANTEN, ids=lambda s: s.__name__.strip("_"))
def test_damage_is_found(schaden: Callable[[pikepdf.Pdf], None], heil: Path, tmp_path: Path) -> None:
    pfad = tmp_path / "kaputt.pdf"
    with pikepdf.open(heil) as pdf:
        schaden(pdf)
        pdf.save(pfad)
    assert MUTANTEN[schaden] in _finder(pfad)
