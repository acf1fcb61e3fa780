"""What keeps its place when a list is ordered anew."""

from __future__ import annotations


def laengste_folge(werte: list[int]) -> set[int]:
    """Indexes of a longest increasing subsequence."""
    enden: list[int] = []
    davor = [-1] * len(werte)
    for i, wert in enumerate(werte):
        unten, oben = 0, len(enden)
        while unten < oben:
            mitte = (unten + oben) // 2
            unten, oben = (mitte + 1, oben) if werte[enden[mitte]] < wert else (unten, mitte)
        davor[i] = enden[unten - 1] if unten else -1
        enden[unten : unten + 1] = [i]
    ergebnis: set[int] = set()
    stelle = enden[-1] if enden else -1
    while stelle >= 0:
        ergebnis.add(stelle)
        stelle = davor[stelle]
    return ergebnis
