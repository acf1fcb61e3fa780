"""``ihk verify`` says what a PDF is made of and finds every change; PDFs with sources can be compared; adopted ones stay."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner, Result

from ihk import build
from ihk.cli.grund import ihk
from ihk.project import find_project, version_in
from ihk.provenance import Dokument
from ihk.verify import verify

pytestmark = [pytest.mark.pdf, pytest.mark.filterwarnings("default")]
KONZEPT = """\
format: 1
konzept: {id: klein, titel: Konzept Klein, fiktiv: ja, kommune: {name: Stadt Klein, land: Hessen}}
fassung: {id: "1", art: ursprung, status: beschlossen, stand: 01.06.2024, zeitraum: {von: 2024, bis: 2026}, beratungsfolge: [
  {gremium: Rat, rolle: entscheidung, datum: 02.06.2024, vorlage: 1/24, ergebnis: unveraendert}]}
bilder:
  - {id: B1, datei: bilder/platz.png, alt: Ein kleiner Platz}
kapitel:
  - id: ausgangslage
    text: |
      Der Platz ist *leer*, siehe [M01].

      ![](B1)
ziele:
  - {id: Z1, titel: Ein Ziel, teilziele: [{id: T1, titel: Ein Teilziel}]}
massnahmen:
  - id: M01
    titel: Quartiersplatz
    teilziele: [T1]
    traeger: Stadt Klein
    status: geplant
    zeitraum: {von: 2024, bis: 2025}
    unbekannt: {kosten: Noch nicht geschätzt.}
"""


@pytest.fixture(scope="module")
def vorlage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one adopted Fassung, built with its sources."""
    ordner = tmp_path_factory.mktemp("projekt")
    konzept = ordner / "concepts" / "klein"
    (konzept / "bilder").mkdir(parents=True)
    (konzept / "1.yaml").write_text(KONZEPT, "utf-8")
    (konzept / "bilder" / "platz.png").write_bytes(_bild())
    assert _ihk("--project", str(ordner), "build", "--embed-sources", "--jobs", "1").exit_code == 0
    return ordner


@pytest.fixture
def projekt(vorlage: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(vorlage, tmp_path / "projekt"))


def _bild() -> bytes:
    from io import BytesIO

    from PIL import Image

    puffer = BytesIO()
    Image.new("RGB", (8, 8), (20, 90, 110)).save(puffer, "PNG")
    return puffer.getvalue()


def _ihk(*argumente: str) -> Result:
    return CliRunner().invoke(ihk, list(argumente), standalone_mode=False)


def _pdf(projekt: Path) -> Path:
    return projekt / "build" / "klein" / "1" / "bericht.pdf"


def _saetze(projekt: Path) -> str:
    return "\n".join(f"{gut} {satz}" for gut, satz in verify(_pdf(projekt), find_project(projekt)).zeilen)


def test_intact(projekt: Path) -> None:
    pruefung = verify(_pdf(projekt), find_project(projekt))
    assert pruefung.gut
    saetze = _saetze(projekt)
    assert "bericht zu klein@1, Status beschlossen" in saetze
    assert "True Die Datei ist Byte für Byte die, die ihk geschrieben hat." in saetze
    assert "True Die eingebettete Quelle ist die, aus der der Bericht gemacht wurde." in saetze
    assert "True Die Fassung klein@1 ist noch dieselbe wie in diesem Dokument." in saetze


def test_changed_text(projekt: Path) -> None:
    with pikepdf.open(_pdf(projekt), allow_overwriting_input=True) as pdf:
        strom = pdf.pages[2].Contents[1]
        strom.write(strom.read_bytes().replace(b"] TJ", b" 0] TJ", 1))
        pdf.save()
    assert not verify(_pdf(projekt), None).gut
    assert "False Seite 3: Der Inhalt ist nicht mehr der, den ihk geschrieben hat." in _saetze(projekt)


def test_any_changed_byte(projekt: Path) -> None:
    """Wherever a byte is changed, the file is no longer the one that was written."""
    heil = _pdf(projekt).read_bytes()
    for stelle in range(0, len(heil), max(1, len(heil) // 40)):
        daten = bytearray(heil)
        daten[stelle] ^= 1
        _pdf(projekt).write_bytes(daten)
        with suppress(build.IhkError):  # too broken to be read
            assert not Dokument(_pdf(projekt)).unveraendert


def test_alternative_text_changed(projekt: Path) -> None:
    with pikepdf.open(_pdf(projekt), allow_overwriting_input=True) as pdf:
        for objekt in pdf.objects:
            if isinstance(objekt, pikepdf.Dictionary) and "/Alt" in objekt:
                objekt.Alt = pikepdf.String("Etwas anderes")
        pdf.save()
    assert "False Die Gliederung, ein Alternativtext oder ein Verweis wurde geändert." in _saetze(projekt)


def test_unicode_map_changed(projekt: Path) -> None:
    with pikepdf.open(_pdf(projekt), allow_overwriting_input=True) as pdf:
        schrift = next(iter(pdf.pages[0].Resources.Font.values()))
        schrift.ToUnicode.write(schrift.ToUnicode.read_bytes() + b"\n")
        pdf.save()
    assert "False Eine Schrift oder die Zuordnung ihrer Zeichen wurde geändert." in _saetze(projekt)


def test_page_removed(projekt: Path) -> None:
    with pikepdf.open(_pdf(projekt), allow_overwriting_input=True) as pdf:
        del pdf.pages[1]
        pdf.save()
    assert "Seiten, geschrieben wurden" in _saetze(projekt)


def test_saved_anew(projekt: Path) -> None:
    """An archive that adds its own properties changes the file, not the document."""
    with pikepdf.open(_pdf(projekt), allow_overwriting_input=True) as pdf:
        pdf.docinfo["/Aktenzeichen"] = "24/1"
        pdf.save()
    assert verify(_pdf(projekt), None).gut
    assert "seither neu gespeichert oder ergänzt" in _saetze(projekt)


def test_embedded_source_swapped(projekt: Path) -> None:
    with pikepdf.open(_pdf(projekt), allow_overwriting_input=True) as pdf:
        pdf.attachments["1.yaml"] = pikepdf.AttachedFileSpec(pdf, KONZEPT.replace("Ein Ziel", "Kein Ziel").encode())
        pdf.save()
    assert "False Die eingebettete Quelle ist nicht die, aus der der Bericht gemacht wurde." in _saetze(projekt)


def test_adopted_source_changed_on_disk(projekt: Path) -> None:
    datei = projekt / "concepts" / "klein" / "1.yaml"
    datei.write_text(KONZEPT + "# ein Satz mehr\n", "utf-8")
    assert "False Die beschlossene Fassung klein@1 hat nicht mehr den Inhalt dieses Dokuments" in _saetze(projekt)
    assert _ihk("verify", str(_pdf(projekt)), "--against", str(projekt / "concepts")).return_value == 1


def test_sealed_source_changed_on_disk(projekt: Path) -> None:
    assert _ihk("--project", str(projekt), "seal").return_value == 0
    assert "True Das Siegel der Fassung klein@1 ist unversehrt." in _saetze(projekt)
    bild = projekt / "concepts" / "klein" / "bilder" / "platz.png"
    bild.write_bytes(bild.read_bytes() + b"\0")
    assert "False Die versiegelte Fassung klein@1 wurde geändert: bilder/platz.png." in _saetze(projekt)


def test_foreign_and_broken_files(tmp_path: Path) -> None:
    fremd = tmp_path / "fremd.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(fremd)
    assert "keine Herkunftsangaben von ihk" in verify(fremd, None).zeilen[0][1]
    fremd.write_bytes(b"kein PDF")
    with pytest.raises(build.IhkError, match="keine lesbare PDF-Datei"):
        Dokument(fremd)


def test_comparison_of_two_pdfs(projekt: Path, tmp_path: Path) -> None:
    """A reviewer who has nothing but the PDFs sees the same change set as one who has the files."""
    alt = tmp_path / "alt.pdf"
    shutil.copy(_pdf(projekt), alt)
    datei = projekt / "concepts" / "klein" / "1.yaml"
    datei.write_text(KONZEPT.replace("titel: Quartiersplatz", "titel: Platz am Markt"), "utf-8")
    assert _ihk("--project", str(projekt), "build", "--embed-sources", "--jobs", "1", "--force").exit_code == 0
    aus_pdf = _ihk("diff", str(alt), str(_pdf(projekt)), "--format", "json")
    (tmp_path / "alt.yaml").write_text(KONZEPT, "utf-8")
    aus_yaml = _ihk("diff", str(tmp_path / "alt.yaml"), str(datei), "--format", "json")
    assert "Platz am Markt" in aus_pdf.stdout
    assert _ohne_orte(aus_pdf.stdout) == _ohne_orte(aus_yaml.stdout)
    ziel = tmp_path / "synopse.html"
    assert _ihk("diff", str(alt), str(_pdf(projekt)), "--format", "html", "-o", str(ziel)).exit_code == 0
    assert version_in(alt).geladen.fassung.bilder


def _ohne_orte(json: str) -> list[str]:
    return [zeile for zeile in json.splitlines() if ".yaml" not in zeile]


def test_hostile_names_of_embedded_files(projekt: Path) -> None:
    with pikepdf.open(_pdf(projekt), allow_overwriting_input=True) as pdf:
        pdf.attachments["../../boese.yaml"] = pikepdf.AttachedFileSpec(pdf, b"x", filename="../../boese.yaml")
        pdf.save()
    with pytest.raises(build.IhkError, match="unerlaubten Namen"):
        version_in(_pdf(projekt))


def test_adopted_pdf_is_not_overwritten_by_another_version(projekt: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heil = _pdf(projekt).read_bytes()
    monkeypatch.setattr(build, "__version__", "99.0")
    lauf = _ihk("--project", str(projekt), "build", "--embed-sources", "--jobs", "1")
    assert lauf.return_value == 0
    assert "Neu setzen mit --force" in lauf.stderr
    assert _pdf(projekt).read_bytes() == heil
    assert _ihk("--project", str(projekt), "build", "--embed-sources", "--jobs", "1", "--force").return_value == 0
    assert Dokument(_pdf(projekt)).angaben["version"] == "99.0"
