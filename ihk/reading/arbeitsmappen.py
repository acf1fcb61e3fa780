"""A workbook (XLSX) from outside → its cells. The only place that knows openpyxl.

Before anything is parsed, the archive is looked at from outside: what it would unpack to, and that no part of it
declares entities. Macros, links to other files, pictures and charts are never touched.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import IO, Any, Literal
from xml.etree.ElementTree import iterparse  # every part is searched for declarations first

import openpyxl

from ihk.problems import IhkError
from ihk.reading.tabellen import ZELLEN, Blatt, Fundstelle, Mappe, Zellart, Zelle, ohne_uhrzeit

ENTPACKT = 200 * 1024 * 1024
"""What all parts together may unpack to; a KuF of 1,000 measures has 20 MB."""
TEILE = 2_000
STELLEN = 15
"""Digits that a spreadsheet calculates with: behind them the last bits of a binary number are noise."""
_MARKEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_KODIERUNG = re.compile(rb"encoding\s*=\s*[\"']([^\"']*)", re.IGNORECASE)
_BEREICH = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")


def lies_mappe(daten: bytes, anzeige: str) -> Mappe:
    """All sheets that are tables; raises ``IhkError`` if the file is broken, too big, or no workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(daten)) as archiv:
            hinweise = _pruefe(archiv, anzeige)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what openpyxl cannot keep when writing: nothing is written here
                return Mappe(anzeige, "xlsx", list(_blaetter(daten, archiv, anzeige)), hinweise)
    except IhkError:
        raise
    except Exception as fehler:  # whatever a broken file makes of the parsers below: it is not our file
        if isinstance(fehler, MemoryError | AssertionError):
            raise
        raise IhkError(
            f"„{anzeige}“ ist beschädigt oder keine Arbeitsmappe. In Excel oder LibreOffice öffnen und neu als .xlsx speichern."
        ) from None


def _pruefe(archiv: zipfile.ZipFile, anzeige: str) -> tuple[str, ...]:
    """Looks at the archive without unpacking it whole; what is noticed, or ``IhkError``."""
    teile = archiv.infolist()
    namen = {t.filename for t in teile}
    if "content.xml" in namen and "xl/workbook.xml" not in namen:
        raise IhkError(
            f"„{anzeige}“ ist eine LibreOffice-Tabelle (.ods). In LibreOffice als „Excel 2007–365 (.xlsx)“ speichern."
        )
    if "[Content_Types].xml" not in namen or not any(n.startswith("xl/") for n in namen):
        raise IhkError(f"„{anzeige}“ ist keine Arbeitsmappe. Gelesen werden .xlsx und .csv.")
    if len(teile) > TEILE or len(namen) != len(teile):
        raise IhkError(
            f"„{anzeige}“ ist keine gewöhnliche Arbeitsmappe: Sie enthält {len(teile)} Teile, manche vielleicht doppelt."
        )
    groesse = sum(t.file_size for t in teile)
    if groesse > ENTPACKT:
        raise IhkError(
            f"„{anzeige}“ entpackt sich auf {groesse // 1024 // 1024} MB; gelesen werden höchstens {ENTPACKT // 1024 // 1024} MB. "
            "Nur die Blätter mit den Maßnahmen in eine eigene Datei speichern."
        )
    if any(t.flag_bits & 1 for t in teile):
        raise IhkError(f"„{anzeige}“ ist mit einem Kennwort geschützt. Ohne Kennwort speichern.")
    for teil in teile:
        if teil.filename.endswith((".xml", ".rels", ".vml")):
            with archiv.open(teil) as strom:
                _keine_marken(strom, anzeige)
    hinweise = []
    if any(n.endswith("vbaProject.bin") for n in namen):
        hinweise.append(f"„{anzeige}“ enthält Makros; sie werden weder ausgeführt noch gelesen.")
    if any(n.startswith("xl/externalLinks/") for n in namen):
        hinweise.append(
            f"„{anzeige}“ verweist auf andere Dateien; gelesen wird nur, was in ihr selbst gespeichert ist."
        )
    return tuple(hinweise)


def _keine_marken(strom: IO[bytes], anzeige: str) -> None:
    """No declarations (a bomb of entities needs one), and no encoding in which they could hide."""
    ende = b""
    erstes = True
    while stueck := strom.read(1 << 20):
        if erstes:
            kodierung = _KODIERUNG.search(stueck[:200])
            name = kodierung[1].upper() if kodierung else b"UTF-8"
            if name not in (b"UTF-8", b"US-ASCII", b"ASCII") or b"\0" in stueck[:4]:
                raise IhkError(
                    f"„{anzeige}“ ist keine gewöhnliche Arbeitsmappe: Ein Teil ist nicht in UTF-8 geschrieben."
                )
            erstes = False
        if _MARKEN.search(ende + stueck):
            raise IhkError(
                f"„{anzeige}“ ist keine gewöhnliche Arbeitsmappe: Ein Teil vereinbart eigene Zeichen (DOCTYPE). Sie wird nicht gelesen."
            )
        ende = stueck[-16:]


# ------------------------------------------------------------------------------------------------------------ cells


@dataclass(slots=True)
class _Umriss:
    """What openpyxl does not say about a sheet that it streams."""

    formeln: set[str] = field(default_factory=set)
    verbunden: list[tuple[int, int, int, int]] = field(default_factory=list)
    verborgen: set[int] = field(default_factory=set)


def _blaetter(daten: bytes, archiv: zipfile.ZipFile, anzeige: str) -> Iterator[Blatt]:
    mappe = openpyxl.load_workbook(io.BytesIO(daten), read_only=True, data_only=True, keep_links=False)
    pfade = dict(_pfade(archiv))
    try:
        for seite in mappe.worksheets:
            umriss = _umriss(archiv, pfade.get(seite.title))
            seite.reset_dimensions()  # what a file says about its size need not be so
            blatt = Blatt(
                anzeige, seite.title, verbunden=tuple(umriss.verbunden), verborgen=frozenset(umriss.verborgen)
            )
            zellen = 0
            for reihe in seite.iter_rows():
                for roh in reihe:
                    if roh.value is None:
                        continue
                    zelle = _zelle(roh, anzeige, seite.title, umriss.formeln)
                    if zelle.leer:
                        continue
                    blatt.reihen.setdefault(zelle.ort.zeile, {})[zelle.ort.spalte] = zelle
                    zellen += 1
                if zellen > ZELLEN:
                    raise IhkError(
                        f"Das Blatt „{seite.title}“ in „{anzeige}“ hat mehr als {ZELLEN:,} gefüllte Zellen.".replace(
                            ",", "."
                        )
                    )
            _formeln_ohne_wert(blatt, umriss.formeln)
            yield blatt
    finally:
        mappe.close()


def _pfade(archiv: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Name of each sheet → its part of the archive."""
    ziele: dict[str, str] = {}
    with archiv.open("xl/_rels/workbook.xml.rels") as strom:
        for _, element in _elemente(strom):
            ziel = element.get("Target", "")
            ziele[element.get("Id", "")] = ziel.lstrip("/") if ziel.startswith("/") else f"xl/{ziel}"
    with archiv.open("xl/workbook.xml") as strom:
        for _, element in _elemente(strom):
            if _name(element.tag) == "sheet":
                verweis = next((w for n, w in element.attrib.items() if n.endswith("}id")), "")
                yield element.get("name", ""), ziele.get(verweis, "")


def _elemente(
    strom: IO[bytes], ereignisse: tuple[Literal["start", "end"], ...] = ("end",)
) -> Iterator[tuple[str, Any]]:
    """Event and element of one part of the archive, each as soon as it is read."""
    return iterparse(strom, ereignisse)


def _name(tag: str) -> str:
    return tag.rpartition("}")[2]


def _umriss(archiv: zipfile.ZipFile, pfad: str | None) -> _Umriss:
    """Formulas, merged cells and hidden rows of one sheet, in one pass over its XML."""
    ergebnis = _Umriss()
    if not pfad or pfad not in archiv.NameToInfo:
        return ergebnis
    with archiv.open(pfad) as strom:
        wurzel: Any = None
        zelle = ""
        for ereignis, element in _elemente(strom, ("start", "end")):
            wurzel = element if wurzel is None else wurzel
            name = _name(element.tag)
            if ereignis == "start":
                if name == "c":
                    zelle = element.get("r", "")
                elif name == "row" and element.get("hidden") in ("1", "true"):
                    ergebnis.verborgen.add(int(element.get("r", "0")))
            elif name == "f":
                ergebnis.formeln.add(zelle)
            elif name == "mergeCell" and (bereich := _BEREICH.fullmatch(element.get("ref", ""))):
                von, bis = _spalte(bereich[1]), _spalte(bereich[3] or bereich[1])
                ergebnis.verbunden.append((int(bereich[2]), von, int(bereich[4] or bereich[2]), bis))
            elif name == "row":
                wurzel.clear()
    return ergebnis


def _spalte(name: str) -> int:
    nummer = 0
    for zeichen in name:
        nummer = nummer * 26 + ord(zeichen) - 64
    return nummer


def _zelle(roh: Any, anzeige: str, blatt: str, formeln: set[str]) -> Zelle:
    ort = Fundstelle(anzeige, roh.row, roh.column, blatt)
    formel = roh.coordinate in formeln
    wert = roh.value
    form = str(roh.number_format or "")
    if roh.data_type == "e":
        return Zelle(ort, "fehler", str(wert), form, formel)
    if isinstance(wert, bool):
        return Zelle(ort, "ja_nein", wert, form, formel)
    if isinstance(wert, datetime):
        if ohne_uhrzeit(wert.time()):
            return Zelle(ort, "datum", wert.date(), form, formel)
        return Zelle(ort, "text", wert.isoformat(" "), form, formel)
    if isinstance(wert, date):
        return Zelle(ort, "datum", wert, form, formel)
    if isinstance(wert, time | timedelta):
        return Zelle(ort, "text", str(wert), form, formel)
    if isinstance(wert, int | float):
        return Zelle(ort, *_zahl(wert), form, formel)
    text = str(wert or "").replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
    return Zelle(ort, "text" if text.strip() else "leer", text if text.strip() else None, form, formel)


def _zahl(wert: int | float) -> tuple[Zellart, Decimal | str]:
    """What the cell shows of a binary number: 15 digits, no more than a spreadsheet reckons with.

    ``83333.33`` is stored as the nearest binary fraction; the shortest decimal that gives it back is what was typed, and
    0.1 + 0.2 is 0.3 to fifteen digits.
    """
    zahl = Decimal(repr(wert))
    if not zahl.is_finite():
        return "fehler", str(wert)
    if zahl and zahl.adjusted() < STELLEN:
        zahl = round(zahl, STELLEN - 1 - zahl.adjusted())
    return "zahl", zahl.normalize() + 0


def _formeln_ohne_wert(blatt: Blatt, formeln: set[str]) -> None:
    """A formula that nobody has calculated has no value: a cell of its own, so that it is never taken for empty."""
    for name in formeln:
        bereich = _BEREICH.fullmatch(name)
        if bereich is None:
            continue
        zeile, spalte = int(bereich[2]), _spalte(bereich[1])
        if spalte not in blatt.reihen.get(zeile, {}):
            ort = Fundstelle(blatt.datei, zeile, spalte, blatt.name)
            blatt.reihen.setdefault(zeile, {})[spalte] = Zelle(ort, "leer", formel=True)
