"""Tables as plain data: what stands in which cell and which columns have sums. Knows neither spreadsheets nor CSV."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from ihk import labels
from ihk.model import Konzeptfassung, Massnahme
from ihk.model.types import Satz

KEINE_ANGABE = "keine Angabe"
"""Stands where a value is not known: never 0, never empty."""
LAENGE = 32_000
"""Characters of a text in a workbook; Excel holds 32,767 in a cell."""


@dataclass(frozen=True, slots=True)
class Spalte:
    """A column. ``geld`` cells are integer cents, ``zahl`` counts or measured values; text may stand in any of them."""

    schluessel: str
    titel: str
    art: Literal["text", "geld", "zahl", "jahr", "datum"] = "text"
    breite: int = 15
    summe: bool = False
    quer: tuple[str, str] | None = None
    """First and last column whose sum in the same row this one is."""
    feld: str = ""
    """Where in the measure the value stands (``kosten.gesamt``); empty if it is reckoned or put together here."""


@dataclass(frozen=True, slots=True)
class Bezug:
    """The totals of some columns of a table, added."""

    tabelle: str
    spalten: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Abweichung:
    """The first column less the second, in the same row."""

    eins: str
    zwei: str


Zelle = None | str | int | Decimal | date | Bezug | Abweichung
Zeile = dict[str, Zelle]
"""Column to value; what is missing is an empty cell."""


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that belong together, with the caption of their subtotal if they have one."""

    zeilen: tuple[Zeile, ...]
    titel: str = ""
    summe: str = ""


@dataclass(frozen=True, slots=True)
class Tabelle:
    """One table. ``summe`` is the caption of its total; the rows of ``anhang`` are in no sum."""

    name: str
    titel: str
    spalten: tuple[Spalte, ...]
    bloecke: tuple[Block, ...]
    summe: str = ""
    anhang: tuple[Block, ...] = ()
    hinweise: tuple[str, ...] = ()
    filter: bool = False
    fest: int = 1
    """Columns on the left that stay in view and are repeated in print."""

    def gesamt(self, schluessel: str) -> int:
        """What the total of a column shows."""
        return sum(teilsumme(block, schluessel) for block in self.bloecke)

    def hat_zahlen(self, schluessel: str) -> bool:
        """Whether anything at all is known in a column: a total over nothing must not look like a zero."""
        return any(hat_zahlen(block, schluessel) for block in self.bloecke)

    def pruefe(self, soll: dict[str, int]) -> Tabelle:
        """The table itself, if these columns add up to these totals: a sheet that contradicts ``sums`` is never written."""
        for schluessel, betrag in soll.items():
            if self.gesamt(schluessel) != betrag:
                raise RuntimeError(
                    f"Tabelle {self.name}, Spalte {schluessel}: {self.gesamt(schluessel)} statt {betrag} Cent"
                )
        return self


def teilsumme(block: Block, schluessel: str) -> int:
    """What the formula over a column of a block yields: numbers are added, text and empty cells are not."""
    return sum(b for zeile in block.zeilen if isinstance(b := zeile.get(schluessel), int))


def hat_zahlen(block: Block, schluessel: str) -> bool:
    return any(isinstance(zeile.get(schluessel), int) for zeile in block.zeilen)


# ------------------------------------------------------------------------------------------ what several tables say


def einzeilig(text: str | None) -> str:
    """Prose for a cell: one line, as written."""
    return " ".join((text or "").split())


def ja_nein(wert: bool) -> str:
    return "ja" if wert else "nein"


def oder_unbekannt(wert: Zelle, satz: Satz, feld: str) -> Zelle:
    """The value; without one the words for an unknown one, if the record declares the field unknown."""
    return KEINE_ANGABE if wert in (None, "") and feld in satz.unbekannt else wert


def luecken(*saetze: tuple[str, Satz | None]) -> str:
    """What is declared unknown and why, each record behind its caption."""
    return "; ".join(
        f"{vor}{labels.feld(feld)}: {einzeilig(grund).rstrip('.')}"
        for vor, satz in saetze
        if satz is not None
        for feld, grund in satz.unbekannt.items()
    )


def name(k: Konzeptfassung, kennung: str | None) -> str:
    """Number and title of an object; the bare id if there is no such object."""
    objekt = k.nach_id.get(kennung or "")
    titel = getattr(objekt, "kurz", None) or getattr(objekt, "titel", None) or kennung or ""
    return " ".join(t for t in (k.nummern.get(kennung or "", ""), titel) if t)


def namen(k: Konzeptfassung, kennungen: tuple[str, ...]) -> str:
    return "; ".join(f"{x} ({name(k, x)})" for x in kennungen)


def wer(k: Konzeptfassung, m: Massnahme) -> Zeile:
    """The cells that name a measure."""
    return {"nummer": k.nummern.get(m.id), "id": m.id, "titel": m.titel}


WER = (
    Spalte("nummer", "Nr.", breite=7, feld="nummer"),
    Spalte("id", "Kennung", breite=9, feld="id"),
    Spalte("titel", "Maßnahme", breite=34, feld="titel"),
)


def bloecke(
    massnahmen: tuple[Massnahme, ...],
    gruppe: Callable[[Massnahme], str],
    titel: dict[str, str],
    zeile: Callable[[Massnahme], Zeile],
) -> tuple[Block, ...]:
    """Rows of measures in groups, in the order of ``titel``; a single group without a title needs no subtotal."""
    ergebnis = []
    for schluessel, ueberschrift in titel.items():
        zeilen = tuple(zeile(m) for m in massnahmen if gruppe(m) == schluessel)
        if zeilen:
            ergebnis.append(Block(zeilen, ueberschrift, f"Summe {ueberschrift}" if ueberschrift else ""))
    return tuple(ergebnis)
