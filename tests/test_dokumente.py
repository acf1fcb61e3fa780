"""Every document of every concept: conforming by a validator, and saying by its tags what its HTML says."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path

import page
import pikepdf
import pytest
import sperrig
from pruefer import befunde
from pypdf import PdfReader
from tabellen_lesen import druckbar, geld, lies

from ihk import __version__
from ihk.build import Arbeit, beginne, drucker, pdf
from ihk.diff import compare
from ihk.model.load import Geladen
from ihk.pdf.crew import Pool
from ihk.project import Version, alle, find_project, version_at
from ihk.report import teilung
from ihk.report.berichte import berichtsarten
from ihk.report.render import report_druck, synopse_druck

pytestmark = [pytest.mark.pdf, pytest.mark.filterwarnings("default")]
PROJEKT = find_project(Path(__file__).parent)
assert PROJEKT is not None
VERSIONEN = {v.name: v for v in alle(PROJEKT)}
ARTEN = {n: a for n, a in berichtsarten(None).items() if not a.nur_auswahl}
# Every Fassung in the long version and compared; the fullest concept and one of a real town in every other report too.
ALLES = ("musterstadt-ost@2028", "voelklingen@2012")
# A marked long version takes as long as everything else of the fullest concept together; the other town's is enough.
NICHT_ZWEIMAL = {"musterstadt-ost@2028": ("aenderungsfassung",)}
DOKUMENTE = [
    (name, bericht)
    for name, version in VERSIONEN.items()
    for bericht in (
        "bericht",
        *(("synopse",) if version.vorgaenger() else ()),
        *((a for a in ARTEN if a not in ("bericht", *NICHT_ZWEIMAL.get(name, ()))) if name in ALLES else ()),
    )
]


def _arbeit(name: str, bericht: str) -> Arbeit:
    version = VERSIONEN[name]
    vorher = version.vorgaenger()
    return Arbeit(version.name, version.pfad, vorher.pfad if vorher else None, (f"{bericht}.pdf",), None)


@pytest.fixture(scope="module")
def gebaut() -> dict[tuple[str, str], bytes]:
    """All documents by Fassung and report, with workers as the command has them."""
    folge = sorted(DOKUMENTE, key=lambda d: (not d[0].startswith("musterstadt"), d[1] not in ("bericht", "synopse")))
    with Pool(2) as mannschaft:
        p = drucker(mannschaft)
        begonnen = {d: beginne(_arbeit(*d), p) for d in folge}
        return {d: fertigstellen().dateien[f"{d[1]}.pdf"] for d, fertigstellen in begonnen.items()}


def _teile(version: Version, bericht: str) -> list[str]:
    """The HTML that the document was made from."""
    vorher = version.vorgaenger()
    alt: Geladen | None = vorher.geladen if vorher else None
    satz = compare(alt, version.geladen) if alt else None
    if bericht == "synopse":
        assert satz is not None
        assert alt is not None
        werk = synopse_druck(satz, alt, version.geladen, ihk_version=__version__)
    else:
        werk = report_druck(
            version.geladen, vorgaenger=alt, aenderungen=satz, ihk_version=__version__, art=ARTEN[bericht]
        )
    return [t.html for t in werk.teile]


def _verstoesse(pfad: Path, *profile: page.ValidationProfile) -> list[str]:
    return [str(f) for profil in profile for f in page.validate_pdf(str(pfad), profile=profil).failures]


@pytest.mark.parametrize(("name", "bericht"), DOKUMENTE)
def test_every_document(name: str, bericht: str, gebaut: dict[tuple[str, str], bytes], tmp_path: Path) -> None:
    pfad = tmp_path / f"{bericht}.pdf"
    pfad.write_bytes(gebaut[name, bericht])
    assert not _verstoesse(pfad, page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_2A)
    with pikepdf.open(pfad) as datei:
        assert befunde(datei, _teile(VERSIONEN[name], bericht)) == []


@pytest.fixture(scope="module")
def hartes(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Version]:
    def machen(massnahmen: int) -> Version:
        pfad = tmp_path_factory.mktemp("sperrig") / "1.yaml"
        pfad.write_text(sperrig.konzept(massnahmen), "utf-8")
        return version_at(pfad)

    return machen


@pytest.mark.parametrize("massnahmen", [1, 40])
def test_awkward_content(massnahmen: int, hartes: Callable[[int], Version], tmp_path: Path) -> None:
    werk = report_druck(hartes(massnahmen).geladen, vorgaenger=None, aenderungen=None, ihk_version="0")
    pfad = tmp_path / "bericht.pdf"
    pfad.write_bytes(pdf(werk))
    assert not _verstoesse(pfad, page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_2A)
    with pikepdf.open(pfad) as datei:
        assert befunde(datei, [t.html for t in werk.teile]) == []


def test_with_sources(hartes: Callable[[int], Version], tmp_path: Path) -> None:
    werk = report_druck(hartes(1).geladen, vorgaenger=None, aenderungen=None, ihk_version="0")
    kurz = replace(werk, teile=werk.teile[:3])
    pfad = tmp_path / "bericht.pdf"
    pfad.write_bytes(pdf(replace(kurz, teile=(werk.teile[0],)), mit_quellen=True))
    assert not _verstoesse(pfad, page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A)
    with pikepdf.open(pfad) as datei:
        assert list(datei.attachments) == ["1.yaml"]
        assert datei.attachments["1.yaml"].get_file().read_bytes() == sperrig.konzept(1).encode()


def test_carried_sums(gebaut: dict[tuple[str, str], bytes]) -> None:
    """Where a table of amounts goes on over the page, the page ends and the next begins with what the rows add up to."""
    uebertraege = _uebertraege(gebaut["musterstadt-ost@2028", "bericht"])
    assert uebertraege >= 6
    assert uebertraege % 2 == 0


def test_carried_sums_from_piece_to_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that is too long for one part is set in several, and what it has come to goes from one to the next."""
    for name, wert in {"LANG": 9_000, "GROESSE": 7_000, "REST": 1_000}.items():
        monkeypatch.setattr(teilung, name, wert)
    version = VERSIONEN["musterstadt-ost@2028"]
    werk = report_druck(version.geladen, vorgaenger=None, aenderungen=None, ihk_version="0")
    kosten = [t for t in werk.teile if 'class="daten kuf' in t.html]
    assert len(kosten) > 3
    allein = [replace(t, html=re.sub(r' (?:href="#|id=")[^"]*"', "", t.html), enger=(), folgt="nie") for t in kosten]
    datei = pdf(replace(werk, teile=tuple(allein)))
    seiten = [seite.extract_text() for seite in PdfReader(io.BytesIO(datei)).pages]
    weiter = [s for s in seiten if ", Fortsetzung" in s]
    assert len(weiter) >= len(kosten) - 2
    assert all("Übertrag" in s for s in weiter)
    gerechnet = [s for s in weiter if re.search(r"(?:Wer zahlt welche|Wann fallen die) .*, Fortsetzung", s)]
    assert len(gerechnet) > 2
    assert _uebertraege(datei) >= 2 * len(gerechnet)


def _uebertraege(datei: bytes) -> int:
    """How many carried sums the tables of costs have; each is what the rows before it add up to."""
    betrag = re.compile(r"(?<!\S)(?:\d{1,3}(?:\.\d{3})*,\d{2}|–)(?!\S)")
    uebertraege = 0
    spalten: list[Decimal] = []
    for seite in PdfReader(io.BytesIO(datei)).pages:
        text = seite.extract_text(extraction_mode="layout")
        if "Übertrag" not in text and not spalten:
            continue
        for zeile in text.splitlines():
            werte = [
                Decimal(0) if w == "–" else Decimal(w.replace(".", "").replace(",", ".")) for w in betrag.findall(zeile)
            ]
            kopf = zeile.strip()
            if kopf.startswith(("Wer zahlt welche Maßnahme?", "Wann fallen die Kosten an?")):
                spalten = spalten if "Fortsetzung" in kopf else [Decimal(0)]
            elif kopf.startswith("Insgesamt"):
                assert not spalten or spalten == werte
                spalten = []
            elif spalten and kopf.startswith("Übertrag"):
                assert werte == spalten
                uebertraege += 1
            elif spalten and re.match(r"(?:\d+|Q\d)\.\d+ ", kopf) and len(werte) > 1:
                spalten = [a + b for a, b in zip_longest(spalten, werte, fillvalue=Decimal(0))]
    return uebertraege


@pytest.mark.parametrize(
    ("bericht", "mindestens"),
    [
        ("bericht", 500),
        ("antrag", 250),
        ("steckbriefe", 200),
        ("sachstand", 30),
        ("kurzfassung", 15),
        ("beschlussvorlage", 3),
    ],
)
def test_every_amount_is_recomputed(bericht: str, mindestens: int, gebaut: dict[tuple[str, str], bytes]) -> None:
    """Each amount with cents on any page follows from the YAML by a computation that knows nothing of ihk.

    Carried sums are left to ``test_carried_sums``; the cents left over by rounding say what they are.
    """
    name = "musterstadt-ost@2028"
    vorher = VERSIONEN[name].vorgaenger()
    assert vorher is not None
    erlaubt = druckbar(lies(VERSIONEN[name].pfad), lies(vorher.pfad))
    gefunden, fremd = 0, []
    for n, seite in enumerate(PdfReader(io.BytesIO(gebaut[name, bericht])).pages, 1):
        for zeile in seite.extract_text(extraction_mode="layout").splitlines():
            if re.match(r"\s*Übertrag", zeile) or re.search(
                r"unverändert(?:, \w+ davon mit neuer Nummer)?, zusammen|der Rest von 0,0\d €|\d (?:m|Meter)\b", zeile
            ):
                continue
            betraege = re.findall(r"(?<![\d.,])\d{1,3}(?:\.\d{3})*,\d{2}(?![\d,.]*\d)", zeile)
            gefunden += len(betraege)
            fremd += [(n, b, zeile.strip()) for b in betraege if geld(b) not in erlaubt]
    assert fremd == []
    assert gefunden >= mindestens
