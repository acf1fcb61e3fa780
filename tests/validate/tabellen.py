"""Workbooks before and after a spreadsheet program has calculated them: for ``scripts/validate-tabellen.sh``.

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


if __name__ == "__main__":
    befehl, ziel = sys.argv[1], Path(sys.argv[2])
    sys.exit({"write": write, "compare": compare}[befehl](ziel))
