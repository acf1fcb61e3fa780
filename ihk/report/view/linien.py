"""The lines of the history: where each lane runs, and where lanes fork and join.

Lengths in millimetres; ``--y`` is the middle of the first line of text, ``--y-ganz`` the upper edge of a line there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ihk.history import Bahn, Verlauf

ABSTAND, RAND, HOECHSTENS = 2.4, 4.2, 15.0
"""Between two bars; from the last bar to the text; room for all bars of a column."""
DICK, FEIN, PUNKT, STEG = 0.7, 0.5, 1.9, 2.0
SEITEN = {"da": ("ganz", "ganz"), "endet": ("ganz", ""), "unbekannt": ("bruch", "bruch")}
"""How a lane comes into a Fassung and how it leaves it."""


@dataclass(frozen=True, slots=True)
class Balken:
    """An upright bar in the gutter of a column that joins lanes: all ``von`` are carried on in all ``nach``."""

    spalte: int
    von: tuple[int, ...]
    nach: tuple[int, ...]
    kanal: int = 0

    @property
    def oben(self) -> int:
        return min(*self.von, *self.nach)

    @property
    def unten(self) -> int:
        return max(*self.von, *self.nach)


@dataclass(frozen=True, slots=True)
class Lage:
    """One piece of a line: image, position, size, in the words of CSS."""

    bild: str
    ort: str
    mass: str


class Linien:
    """The lines of one picture by row and column."""

    def __init__(self, bahnen: Sequence[Bahn], spalten: range, balken: Sequence[Balken]) -> None:
        self.bahnen, self.spalten, self.balken = bahnen, spalten, tuple(balken)
        self._kanaele = {j: 1 + max((b.kanal for b in balken if b.spalte == j), default=-1) for j in spalten}

    def rinne(self, j: int) -> float:
        """Width of the room for lines before the text of a column."""
        n = self._kanaele[j]
        return round(RAND + (min(n * ABSTAND, HOECHSTENS) if n else 0.8), 2)

    def x(self, b: Balken) -> float:
        n = self._kanaele[b.spalte]
        return round(1.2 + b.kanal * min(ABSTAND, HOECHSTENS / n), 2)

    def stil(self, zeile: int, j: int) -> str:
        """The style of a cell: its lines, and the room that they take."""
        lagen = [*self._balken(zeile, j), *self._bahn(zeile, j)]
        return _css(lagen, f"padding-left: {self.rinne(j)}mm")

    def vorbei(self, zeile: int) -> tuple[str, ...]:
        """The styles of the cells in a heading above a row; empty if no bar passes it."""
        felder = []
        for j in self.spalten:
            lagen = [_senkrecht(self.x(b), "0mm", "100%") for b in self._in(j) if b.oben < zeile <= b.unten]
            felder.append(_css(lagen))
        return tuple(felder) if any(felder) else ()

    def _in(self, j: int) -> list[Balken]:
        return [b for b in self.balken if b.spalte == j]

    def _balken(self, zeile: int, j: int) -> list[Lage]:
        """Upright pieces: a dot where the lane belongs to the bar, a gap in the lane where it only passes."""
        punkte, stuecke, stege = [], [], []
        for b in self._in(j):
            x = self.x(b)
            if not b.oben <= zeile <= b.unten:
                continue
            if zeile in (*b.von, *b.nach):
                punkte.append(Lage("ganz", f"{round(x - PUNKT / 2, 2)}mm var(--y-punkt)", f"{PUNKT}mm {PUNKT}mm"))
            if zeile == b.oben:
                stuecke.append(_senkrecht(x, "var(--y)", "100%"))
            elif zeile == b.unten:
                stuecke.append(_senkrecht(x, "0mm", "var(--y)"))
            else:
                stuecke.append(_senkrecht(x, "0mm", "100%"))
                if zeile not in (*b.von, *b.nach):
                    stege.append(Lage("leer", f"{round(x - STEG / 2, 2)}mm 0mm", f"{STEG}mm 100%"))
        return [*punkte, *stuecke, *stege]

    def _bahn(self, zeile: int, j: int) -> list[Lage]:
        """Level pieces: from the Fassung before, from a bar or to it, and on to the next one."""
        bahn = self.bahnen[zeile]
        rinne = self.rinne(j)
        kommt, geht = self._strecke(bahn, j - 1), self._strecke(bahn, j)
        als_quelle = [self.x(b) for b in self._in(j) if zeile in b.von]
        als_ziel = [self.x(b) for b in self._in(j) if zeile in b.nach]
        lagen = []
        if kommt:
            hier_zu_ende = bahn.ende is not None and bahn.ende.fassung == bahn.zustaende[j].fassung
            bis = max(als_quelle) if als_quelle and hier_zu_ende else rinne
            lagen.append(_waagerecht(kommt, 0, bis))
        elif als_quelle:  # it ends here and was not there before: it comes from before the chain
            lagen.append(_waagerecht("bruch", 0, max(als_quelle)))
        if als_ziel and not kommt:
            lagen.append(_waagerecht("ganz", min(als_ziel), rinne))
        if geht:
            lagen.append(Lage(geht, f"{rinne}mm {_mitte(geht)}", f"100% {_dicke(geht)}mm"))
        return lagen

    def _strecke(self, bahn: Bahn, j: int) -> str:
        """The line between column ``j`` and the next one."""
        if j + 1 >= len(bahn.zustaende):
            return ""
        rein = SEITEN.get(bahn.zustaende[j + 1].lage, ("", ""))[0]
        if j < 0:
            return "bruch" if rein and bahn.beginn.art == "offen" else ""
        raus = SEITEN.get(bahn.zustaende[j].lage, ("", ""))[1]
        return "" if not (rein and raus) else "ganz" if (rein, raus) == ("ganz", "ganz") else "bruch"


def linien(v: Verlauf, bahnen: Sequence[Bahn], spalten: range) -> Linien:
    """The lines of these lanes over these columns."""
    zeile = {b.id: i for i, b in reversed(list(enumerate(bahnen)))}
    namen = {f.id: j for j, f in enumerate(v.fassungen)}
    paare: dict[int, list[tuple[int, int]]] = {}
    for w in v.verbindungen:
        j = namen.get(w.fassung)
        if j is not None and j in spalten and w.von in zeile and w.nach in zeile and w.von != w.nach:
            paare.setdefault(j, []).append((zeile[w.von], zeile[w.nach]))
    balken = [b for j in sorted(paare) for b in _kanaele(_buendel(j, paare[j]))]
    return Linien(bahnen, spalten, balken)


def _buendel(j: int, paare: list[tuple[int, int]]) -> list[Balken]:
    """Bars that say exactly what is declared: one per merge, then one per split of what is left."""
    nach: dict[int, list[int]] = {}
    for anfang, ende in paare:
        nach.setdefault(ende, []).append(anfang)
    balken = [Balken(j, tuple(sorted(von)), (ziel,)) for ziel, von in nach.items() if len(von) > 1]
    aus: dict[int, list[int]] = {}
    for ziel, von in nach.items():
        if len(von) == 1:
            aus.setdefault(von[0], []).append(ziel)
    return [*balken, *(Balken(j, (von,), tuple(sorted(ziele))) for von, ziele in aus.items())]


def _kanaele(balken: list[Balken]) -> list[Balken]:
    """Each bar in the first channel that is free over its rows; the shortest nearest to the text."""
    frei: list[list[Balken]] = []
    ergebnis = []
    for b in sorted(balken, key=lambda b: (b.oben, b.unten)):
        k = next(
            (k for k, drin in enumerate(frei) if all(b.oben > x.unten or b.unten < x.oben for x in drin)), len(frei)
        )
        if k == len(frei):
            frei.append([])
        frei[k].append(b)
        ergebnis.append(Balken(b.spalte, b.von, b.nach, k))
    return ergebnis


def _dicke(bild: str) -> float:
    return DICK if bild == "ganz" else FEIN


def _mitte(bild: str) -> str:
    """Where a level line begins, so that its middle is at ``--y``."""
    return f"var(--y-{bild})"


def _waagerecht(bild: str, von: float, bis: float) -> Lage:
    return Lage(bild, f"{von}mm {_mitte(bild)}", f"{round(bis - von, 2)}mm {_dicke(bild)}mm")


def _senkrecht(x: float, oben: str, hoehe: str) -> Lage:
    return Lage("ganz", f"{round(x - DICK / 2, 2)}mm {oben}", f"{DICK}mm {hoehe}")


def _css(lagen: list[Lage], *dazu: str) -> str:
    teile = list(dazu)
    if lagen:
        teile += [
            f"background-image: {', '.join(f'var(--{x.bild})' for x in lagen)}",
            f"background-position: {', '.join(x.ort for x in lagen)}",
            f"background-size: {', '.join(x.mass for x in lagen)}",
        ]
    return "; ".join(teile)
