"""A spreadsheet from outside (XLSX or CSV) → sheets of cells with their places; hostile and broken ones are refused.

Nothing is guessed here: a cell says what is stored in it and how it is shown. What it means, its column decides.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Literal

from ihk.problems import IhkError, Ort, kurz
from ihk.reading.files import read_bytes
from ihk.reading.source import GROESSE

ZELLEN = 500_000
"""Cells with something in them, in one sheet: a list of 1,000 measures with 60 columns has 60,000."""
Zellart = Literal["leer", "text", "zahl", "datum", "ja_nein", "fehler"]


def spaltenname(nummer: int) -> str:
    """``3`` → C, ``28`` → AB."""
    name = ""
    while nummer > 0:
        nummer, rest = divmod(nummer - 1, 26)
        name = chr(65 + rest) + name
    return name


@dataclass(frozen=True, slots=True)
class Fundstelle(Ort):
    """A cell: ``zeile`` and ``spalte`` count from 1 as in the spreadsheet; a CSV file has no ``blatt``."""

    blatt: str = ""

    @property
    def zelle(self) -> str:
        return f"{spaltenname(self.spalte)}{self.zeile}"

    def __str__(self) -> str:
        blatt = f", Blatt „{kurz(self.blatt, 31)}“" if self.blatt else ""
        return f"{self.datei}{blatt}, Zelle {self.zelle}"


@dataclass(frozen=True, slots=True)
class Zelle:
    """One cell. ``form`` is the number format of the spreadsheet; ``formel`` says that the value was reckoned there."""

    ort: Fundstelle
    art: Zellart
    wert: str | Decimal | date | bool | None = None
    form: str = ""
    formel: bool = False

    @property
    def leer(self) -> bool:
        """Nothing is in it: no value and no formula."""
        return self.art == "leer" and not self.formel

    @property
    def text(self) -> str:
        """What stands in the cell, for messages and for comparing captions."""
        if isinstance(self.wert, date):
            return f"{self.wert.day:02}.{self.wert.month:02}.{self.wert.year}"
        if isinstance(self.wert, bool):
            return "WAHR" if self.wert else "FALSCH"
        if isinstance(self.wert, Decimal):
            return f"{self.wert:f}".replace(".", ",")
        return self.wert or ""


@dataclass(slots=True)
class Blatt:
    """One sheet: row → column → cell, only cells with something in them."""

    datei: str
    name: str
    reihen: dict[int, dict[int, Zelle]] = field(default_factory=dict)
    verbunden: tuple[tuple[int, int, int, int], ...] = ()
    """Merged cells as first row, first column, last row, last column."""
    verborgen: frozenset[int] = frozenset()
    """Rows that a filter or a person has hidden."""

    def zelle(self, zeile: int, spalte: int) -> Zelle:
        """The cell at a place; an empty one if nothing is there."""
        gefunden = self.reihen.get(zeile, {}).get(spalte)
        return gefunden or Zelle(Fundstelle(self.datei, zeile, spalte, self.name), "leer")


@dataclass(slots=True)
class Mappe:
    """Everything that was read from one file. ``hinweise`` say what a reader should know about how it was read."""

    datei: str
    art: Literal["xlsx", "csv"]
    blaetter: list[Blatt]
    hinweise: tuple[str, ...] = ()

    def blatt(self, name: str) -> Blatt | None:
        return next((b for b in self.blaetter if b.name == name), None)


def lies(pfad: Path, anzeige: str | None = None) -> Mappe:
    """The sheets of a file; raises ``IhkError`` with a German sentence if it is no spreadsheet or not a safe one."""
    anzeige = anzeige or pfad.name
    daten = read_bytes(pfad)
    return lies_daten(daten, anzeige)


def lies_daten(daten: bytes, anzeige: str) -> Mappe:
    """Like ``lies``, from bytes. The kind is told by the content, never by the name."""
    if len(daten) > GROESSE:
        raise IhkError(
            f"„{anzeige}“ ist größer als 20 MB. Nur die Blätter mit den Maßnahmen in eine eigene Datei speichern."
        )
    if not daten.strip():
        raise IhkError(f"„{anzeige}“ ist leer.")
    if daten.startswith(b"PK"):
        from ihk.reading.arbeitsmappen import lies_mappe

        return lies_mappe(daten, anzeige)
    if daten.startswith(b"\xd0\xcf\x11\xe0"):
        raise IhkError(
            f"„{anzeige}“ ist eine Tabelle im alten Excel-Format (.xls) oder mit einem Kennwort geschützt. "
            "In Excel oder LibreOffice öffnen und ohne Kennwort als „Excel-Arbeitsmappe (.xlsx)“ speichern."
        )
    if daten.startswith(b"%PDF"):
        raise IhkError(f"„{anzeige}“ ist ein PDF. Gelesen werden Tabellen: .xlsx oder .csv.")
    return _csv(daten, anzeige)


# ------------------------------------------------------------------------------------------------------------- CSV

_TRENNER = {";": "Semikolon", ",": "Komma", "\t": "Tabulator"}


def _csv(daten: bytes, anzeige: str) -> Mappe:
    text, hinweise = _entziffert(daten, anzeige)
    trenner = _trenner(text)
    if trenner != ";":
        hinweise.append(f"„{anzeige}“ trennt die Spalten mit {_TRENNER[trenner]}.")
    blatt = Blatt(anzeige, "")
    zellen = 0
    leser = csv.reader(io.StringIO(text, newline=""), delimiter=trenner, strict=True)
    try:
        for zeile, felder in enumerate(leser, 1):
            reihe = {
                spalte: Zelle(Fundstelle(anzeige, zeile, spalte), "text", wert)
                for spalte, wert in enumerate(felder, 1)
                if wert.strip()
            }
            if reihe:
                blatt.reihen[zeile] = reihe
                zellen += len(reihe)
            if zellen > ZELLEN:
                raise IhkError(f"„{anzeige}“ hat mehr als {ZELLEN:,} gefüllte Zellen.".replace(",", "."))
    except csv.Error:
        raise IhkError(
            f"„{anzeige}“ lässt sich ab Zeile {leser.line_num} nicht lesen: Ein Anführungszeichen ist dort nicht geschlossen "
            "oder steht mitten im Text. Die Datei in Excel oder LibreOffice öffnen und neu als CSV speichern."
        ) from None
    return Mappe(anzeige, "csv", [blatt], tuple(hinweise))


def _entziffert(daten: bytes, anzeige: str) -> tuple[str, list[str]]:
    """The text of a CSV file, and how its bytes were read if that was not UTF-8."""
    if daten.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return daten.decode("utf-16"), [f"„{anzeige}“ ist in UTF-16 gespeichert („Unicode-Text“ in Excel)."]
        except UnicodeDecodeError:
            raise IhkError(f"„{anzeige}“ ist beschädigt: Die Bytes ergeben keinen Text in UTF-16.") from None
    if b"\0" in daten:
        raise IhkError(f"„{anzeige}“ ist keine Tabelle, die ihk lesen kann. Als .xlsx oder .csv speichern.")
    try:
        return daten.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    try:
        text = daten.decode("cp1252")
    except UnicodeDecodeError:
        raise IhkError(
            f"„{anzeige}“ ist weder in UTF-8 noch in Windows-1252 gespeichert. Als „CSV UTF-8“ speichern."
        ) from None
    wort = next((w for w in text.replace(";", " ").split() if not w.isascii()), "")
    return text, [
        f"„{anzeige}“ ist nicht in UTF-8 gespeichert und wurde als Windows-1252 gelesen; bitte Umlaute prüfen: {kurz(wort, 30)}"
    ]


def _trenner(text: str) -> str:
    """The separator that divides most of the first lines into the same number of columns; a semicolon in doubt."""

    def guete(trenner: str) -> tuple[int, int]:
        anzahlen = [len(felder) for felder in _anfang(text, trenner)]
        breite = max(anzahlen, default=1)
        return (sum(n == breite for n in anzahlen) if breite > 1 else 0, breite)

    beste = max(_TRENNER, key=guete)
    return beste if guete(beste)[0] else ";"


def _anfang(text: str, trenner: str) -> Iterator[list[str]]:
    try:
        for n, felder in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=trenner)):
            if n == 20:
                return
            if any(f.strip() for f in felder):
                yield felder
    except csv.Error:
        return


def ohne_uhrzeit(zeit: time) -> bool:
    """Whether a point in time is just a day."""
    return (zeit.hour, zeit.minute, zeit.second) == (0, 0, 0)
