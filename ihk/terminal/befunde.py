"""Findings as plain lines for a terminal; what could move its cursor is made visible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from ihk.characters import VERBOTEN
from ihk.problems import Ort, Problem

_BREITE, _DAVOR = 100, 70
"""Characters of a source line that are shown, and how many of them before the place."""
VOR: dict[str, str] = {"fehler": "", "warnung": "Warnung: ", "hinweis": "Hinweis: "}


def sichtbar(text: str) -> str:
    """Control and direction characters as their code in brackets; line feeds and tabs too."""
    text = text.replace("\t", " ")
    return VERBOTEN.sub(lambda t: f"[U+{ord(t.group()):04X}]", text)


def befund(p: Problem) -> str:
    """``file:line:column  CODE  sentence  → hint``"""
    hinweis = f"  → {p.hinweis}" if p.hinweis else ""
    return sichtbar(f"{p.ort}  {p.code}  {VOR[p.schwere]}{p.meldung}{hinweis}".replace("\n", " "))


def stelle(ort: Ort) -> str:
    """The line that a finding is about with a mark below its column; empty if the file cannot be read any more."""
    try:
        with Path(ort.datei).open(encoding="utf-8", errors="replace") as datei:
            zeile = next(islice(datei, ort.zeile - 1, None), "").rstrip("\n")
    except OSError:
        return ""
    von = max(0, ort.spalte - 1 - _DAVOR)
    ausschnitt = zeile[von : von + _BREITE]
    return f"    {sichtbar(ausschnitt)}\n    {' ' * (ort.spalte - 1 - von)}^\n" if ausschnitt.strip() else ""


def bilanz(probleme: Iterable[Problem], dateien: int) -> str:
    """``2 Fehler, 1 Warnung in 3 Fassungen.``"""
    zahl = Counter(p.schwere for p in probleme)
    teile = [f"{zahl['fehler']} Fehler" if zahl["fehler"] else "keine Fehler"]
    if zahl["warnung"]:
        teile.append(f"{zahl['warnung']} Warnung{'en' if zahl['warnung'] > 1 else ''}")
    if zahl["hinweis"]:
        teile.append(f"{zahl['hinweis']} Hinweis{'e' if zahl['hinweis'] > 1 else ''}")
    satz = f"{', '.join(teile)} in {dateien} Fassung{'en' if dateien != 1 else ''}."
    return satz[0].upper() + satz[1:]
