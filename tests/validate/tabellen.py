"""Workbooks before and after a spreadsheet program has calculated them: for ``scripts/validate-tabellen.sh``.

``edit`` and ``import`` are the round trip of ``ihk import``: LibreOffice turns our workbook into its own flat XML, cells are changed in that,
LibreOffice makes a workbook of it again, and reading it must yield exactly these changes; unchanged, it must yield none.

``write`` makes every workbook twice: as it is, and with a wrong stored value in each formula, so that only a program that
really calculates comes back with the right ones. ``compare`` reads what it made of the second against the first.
"""

from __future__ import annotations

import re
import sys
import zipfile
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import openpyxl
from builders import KOPF, KOSTEN, geladen
from sperrig import konzept

from ihk.export.arbeitsmappe import arbeitsmappe
from ihk.project import alle, find_project

FALSCH = "987654.32"
FORMEL = re.compile(rb"(<f>[^<]*</f>)<v>[^<]*</v>")


def write(ordner: Path) -> None:
    """All Fassungen of the project, the concept with every case of counting, and one with 400 measures."""
    projekt = find_project(Path(__file__).resolve().parent)
    assert projekt is not None
    werke = {v.name: v.geladen for v in alle(projekt)}
    assert werke
    werke |= {"alle-faelle": geladen(KOPF + KOSTEN), "vierhundert": geladen(konzept(400))}
    for art in ("richtig", "falsch"):
        (ordner / art).mkdir(parents=True)
    for name, werk in werke.items():
        richtig = ordner / "richtig" / f"{name}.xlsx"
        richtig.write_bytes(arbeitsmappe(werk))
        _falsche_kopie(richtig, ordner / "falsch" / richtig.name)


def _falsche_kopie(von: Path, nach: Path) -> None:
    with zipfile.ZipFile(von) as alt, zipfile.ZipFile(nach, "w", zipfile.ZIP_DEFLATED) as neu:
        for eintrag in alt.infolist():
            inhalt = alt.read(eintrag)
            if eintrag.filename.startswith("xl/worksheets/"):
                inhalt = FORMEL.sub(rb"\1<v>" + FALSCH.encode() + rb"</v>", inhalt)
            neu.writestr(eintrag, inhalt)


def compare(ordner: Path) -> int:
    """0 if every cell is the same, numbers to the cent; else 10, and each difference is named."""
    code = 0
    dateien = sorted((ordner / "richtig").glob("*.xlsx"))
    assert dateien
    for datei in dateien:
        gerechnet = ordner / "gerechnet" / datei.name
        if not gerechnet.is_file():
            sys.stdout.write(f"FAIL  {datei.stem}: Das Programm hat keine Datei geschrieben.\n")
            code = 10
            continue
        formeln, zellen, fehler = _vergleiche(datei, ordner / "falsch" / datei.name, gerechnet)
        for satz in fehler[:20]:
            sys.stdout.write(f"FAIL  {datei.stem}: {satz}\n")
        code = 10 if fehler else code
        if not fehler:
            sys.stdout.write(f"PASS  {datei.stem}: {formeln} Formeln nachgerechnet, {zellen} Zellen gleich\n")
    return code


def _vergleiche(datei: Path, falsch: Path, gerechnet: Path) -> tuple[int, int, list[str]]:
    formeln, soll = openpyxl.load_workbook(datei), openpyxl.load_workbook(datei, data_only=True)
    vorher, ist = openpyxl.load_workbook(falsch, data_only=True), openpyxl.load_workbook(gerechnet, data_only=True)
    fehler, zahl, zellen = [], 0, 0
    if soll.sheetnames != ist.sheetnames:
        fehler.append(f"Blätter {ist.sheetnames} statt {soll.sheetnames}")
        return 0, 0, fehler
    for seite in soll:
        for reihe in seite.iter_rows():
            for zelle in reihe:
                ort = f"{seite.title}!{zelle.coordinate}"
                if formeln[seite.title][zelle.coordinate].data_type == "f":
                    zahl += 1
                    if str(vorher[seite.title][zelle.coordinate].value) != FALSCH:
                        fehler.append(f"{ort} hatte schon vor dem Rechnen einen anderen als den falschen Wert")
                zellen += zelle.value is not None
                wert = ist[seite.title][zelle.coordinate].value
                if _gleich(zelle.value) != _gleich(wert):
                    fehler.append(f"{ort} ist {wert!r} statt {zelle.value!r}")
    if not zahl:
        fehler.append("keine Formel")
    return zahl, zellen, fehler


def _gleich(wert: Any) -> Any:
    if isinstance(wert, int | float):
        return Decimal(repr(wert)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return wert


# Our text in the flat XML of LibreOffice → what stands there afterwards, and the change that must come of it.
BEARBEITET = (
    ("Stadt Musterstadt, beauftragt ist die Diakonie Musterstadt", "Diakonie Musterstadt", ("M01", "traeger", "Diakonie Musterstadt")),
    ("588204.31", "588204.32", ("M01", "kosten.ausgegeben", "588204.32")),
    ("Stadtteilzentrum Alte Wäscherei, Waschhausgasse 3", "Alte Wäscherei", ("M01", "standort.text", "Alte Wäscherei")),
)  # fmt: skip


def prepare(ordner: Path) -> None:
    """The workbooks of all Fassungen that may still change, for LibreOffice to take in."""
    projekt = find_project(Path(__file__).resolve().parent)
    assert projekt is not None
    (ordner / "hin").mkdir(parents=True)
    for v in alle(projekt):
        if not v.geladen.fassung.fassung.beschlossen:
            (ordner / "hin" / f"{v.name}.xlsx").write_bytes(arbeitsmappe(v.geladen))


def edit(ordner: Path) -> None:
    """Changes cells in what LibreOffice has made of one of them; the others stay as they are."""
    datei = ordner / "flach" / "musterstadt-ost@2028.fods"
    text = datei.read_text(encoding="utf-8")
    for alt, neu, _ in BEARBEITET:
        assert alt in text, alt
        text = text.replace(f'office:value="{alt}"', f'office:value="{neu}"').replace(f">{alt}<", f">{neu}<")
    (ordner / "flach" / "bearbeitet.fods").write_text(text, encoding="utf-8")


def einlesen_vergleich(ordner: Path) -> int:
    """0 if each workbook that came back changes nothing, and the edited one exactly what was edited; else 10."""
    from ihk.revise.einlesen import einlesen

    projekt = find_project(Path(__file__).resolve().parent)
    assert projekt is not None
    code = 0
    versionen = {v.name: v for v in alle(projekt)}
    namen = sorted(p.stem for p in (ordner / "hin").glob("*.xlsx"))
    assert namen
    for name in (*namen, "bearbeitet"):
        version = versionen[name if name != "bearbeitet" else "musterstadt-ost@2028"]
        e = einlesen(version, (version,), ordner / "zurueck" / f"{name}.xlsx")
        ist = {(x.id, f.pfad, f.neu) for x in e.satz.eintraege for f in x.felder}
        soll = {ziel for _, _, ziel in BEARBEITET} if name == "bearbeitet" else set()
        gut = ist == soll and not e.fehler
        code = code if gut else 10
        was = f"{len(soll)} Änderungen" if soll else "keine Änderung"
        sys.stdout.write(f"{'PASS' if gut else 'FAIL'}  {name}: {was} nach dem Weg durch LibreOffice\n")
        if not gut:
            sys.stdout.write(
                f"      {sorted(map(str, ist ^ soll))} {[b for b in e.befunde if b.schwere == 'fehler'][:5]}\n"
            )
    return code


if __name__ == "__main__":
    befehl, ziel = sys.argv[1], Path(sys.argv[2])
    befehle = {"write": write, "compare": compare, "prepare": prepare, "edit": edit, "import": einlesen_vergleich}
    sys.exit(befehle[befehl](ziel))
