"""The text of one file as a tree of places: where every key and value begins and ends, and where the comments are.

``reading`` throws the ends and the comments away, because the model needs neither; who edits a text needs both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from ihk.reading.source import Ereignis, ereignisse


@dataclass(slots=True)
class Knoten:
    """A value and its place ``text[von:bis]``: without what follows it in its line, a block without the blank lines below."""

    art: Literal["abbildung", "liste", "skalar"]
    von: int
    bis: int
    flow: bool = False
    stil: str = ""
    wert: str = ""
    kopf: int = 0
    """Of a block (``|`` and ``>``): the end of its header, behind which a comment may stand."""
    paare: list[Paar] = field(default_factory=list)
    kinder: list[Knoten] = field(default_factory=list)

    def paar(self, schluessel: str) -> Paar | None:
        """The pair with this key."""
        return next((p for p in self.paare if p.name == schluessel), None)

    def unter(self, schluessel: str) -> Knoten | None:
        """The value under a key."""
        paar = self.paar(schluessel)
        return paar.wert if paar else None

    def text(self, schluessel: str) -> str | None:
        """The text under a key, if a single value stands there."""
        wert = self.unter(schluessel)
        return wert.wert if wert is not None and wert.art == "skalar" else None


@dataclass(slots=True)
class Paar:
    """A key with its value."""

    schluessel: Knoten
    wert: Knoten

    @property
    def name(self) -> str:
        return self.schluessel.wert

    @property
    def von(self) -> int:
        return self.schluessel.von

    @property
    def bis(self) -> int:
        return max(self.schluessel.bis, self.wert.bis)


@dataclass(frozen=True, slots=True)
class Kommentar:
    """``text[von:bis]`` is the comment from its ``#`` to the end of the line."""

    von: int
    bis: int
    text: str


class _Bauer:
    def __init__(self, text: str) -> None:
        self.text = text
        self.zeilen = [0, *(t.end() for t in re.finditer("\n", text))]
        self.folge = ereignisse(text)

    def stelle(self, ort: tuple[int, int]) -> int:
        return min(len(self.text), self.zeilen[min(ort[0], len(self.zeilen) - 1)] + ort[1])

    def bau(self, e: Ereignis) -> Knoten:
        von = self.stelle(e.von)
        if e.art == "skalar":
            return self.skalar(e, von)
        knoten = Knoten("abbildung" if e.art == "abbildung" else "liste", von, von, e.flow)
        while (kind := next(self.folge)).art != "ende":
            wert = self.bau(kind)
            if knoten.art == "liste":
                knoten.kinder.append(wert)
            else:
                knoten.paare.append(Paar(wert, self.bau(next(self.folge))))
            knoten.bis = max(knoten.bis, wert.bis, *(p.bis for p in knoten.paare[-1:]))
        if e.flow:
            knoten.bis = self.stelle(kind.bis)
        return knoten

    def skalar(self, e: Ereignis, von: int) -> Knoten:
        bis = self.stelle(e.bis)
        knoten = Knoten("skalar", von, bis, stil=e.stil, wert=e.wert)
        if e.stil in ("|", ">"):
            kopf = re.compile(r"[|>][-+0-9]*").match(self.text, von)
            knoten.kopf = kopf.end() if kopf else von
            # The parser ends a block at the next token: empty lines between belong to nobody. Lines of blanks are text.
            knoten.bis = knoten.kopf + len(self.text[knoten.kopf : bis].rstrip("\n"))
        return knoten


def lies(text: str) -> Knoten | None:
    """The tree of a text without errors; None if it is empty."""
    bauer = _Bauer(text)
    erstes = next(bauer.folge, None)
    return bauer.bau(erstes) if erstes is not None else None


def skalare(knoten: Knoten) -> Iterator[Knoten]:
    """All single values and keys in the order of the text."""
    if knoten.art == "skalar":
        yield knoten
    for paar in knoten.paare:
        yield paar.schluessel
        yield from skalare(paar.wert)
    for kind in knoten.kinder:
        yield from skalare(kind)


_KOMMENTAR = re.compile(r"(?:^|(?<=[ \n]))#[^\n]*")


def kommentare(text: str, wurzel: Knoten | None) -> list[Kommentar]:
    """All comments in the order of the text; a ``#`` inside a value is none."""
    ergebnis: list[Kommentar] = []

    def suche(von: int, bis: int) -> None:
        ergebnis.extend(Kommentar(t.start(), t.end(), t.group().rstrip()) for t in _KOMMENTAR.finditer(text, von, bis))

    stelle = 0
    for s in skalare(wurzel) if wurzel else ():
        suche(stelle, s.von)
        stelle = s.bis
        if s.stil in ("|", ">"):
            zeilenende = text.find("\n", s.kopf)
            suche(s.kopf, zeilenende if zeilenende >= 0 else len(text))
            stelle = max(s.bis, zeilenende)
    suche(max(stelle, 0), len(text))
    return ergebnis
