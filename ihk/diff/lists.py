"""Two lists without ids, item by item: what stayed, what was changed, what went and what came, in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ihk.diff import words

Stueck = tuple[Any, ...]
"""``("=", item)``, ``("-", old)``, ``("+", new)`` or, for one item that was changed, ``("~", old, new)``."""

# Limits are counts, never times, so that a result does not depend on the machine.
ZELLEN = 250_000
"""Over this product of lengths lists are not aligned: the new one replaces the old."""
PAARE = 10_000
"""Over this product of lengths items between two equal ones are not paired."""
DASSELBE = 500
"""Common words of what names an item, per mille, from which two items are the same one."""
NAMEN = ("text", "titel", "struktur", "gremium", "name", "aufgabe")
"""What an item is called, by the fields that may do so."""


def stuecke(alt: list[Any], neu: list[Any], *, paare: bool = True) -> tuple[Stueck, ...]:
    """The pieces that turn one list into the other; with ``paare`` changed items are found.

    Computed in one order of the two and mirrored: comparing backwards then says the same thing backwards.
    """
    if repr(neu) < repr(alt):
        return tuple(_gespiegelt(_stuecke(neu, alt, paare)))
    return tuple(_stuecke(alt, neu, paare))


def _stuecke(alt: list[Any], neu: list[Any], paare: bool) -> Iterator[Stueck]:
    i = k = 0
    for p, q in [*_gemeinsame(alt, neu), (len(alt), len(neu))]:
        yield from _luecke(alt[i:p], neu[k:q], paare)
        yield from (("=", x) for x in alt[p : p + 1])
        i, k = p + 1, q + 1


def _gespiegelt(gefunden: Iterator[Stueck]) -> Iterator[Stueck]:
    """The same for the other direction; in one place what went still stands before what came."""
    dazu: list[Stueck] = []
    weg: list[Stueck] = []
    for s in gefunden:
        if s[0] == "-":
            dazu.append(("+", s[1]))
        elif s[0] == "+":
            weg.append(("-", s[1]))
        else:
            yield from (*weg, *dazu)
            weg, dazu = [], []
            yield s if s[0] == "=" else ("~", s[2], s[1])
    yield from (*weg, *dazu)


def _gemeinsame(alt: list[Any], neu: list[Any]) -> list[tuple[int, int]]:
    """A longest common subsequence, as pairs of places."""
    vorn = 0
    while vorn < min(len(alt), len(neu)) and alt[vorn] == neu[vorn]:
        vorn += 1
    hinten = 0
    while hinten < min(len(alt), len(neu)) - vorn and alt[-1 - hinten] == neu[-1 - hinten]:
        hinten += 1
    a, n = alt[vorn : len(alt) - hinten], neu[vorn : len(neu) - hinten]
    mitte: list[tuple[int, int]] = []
    if len(a) * len(n) <= ZELLEN:
        mitte = [(i, k) for i, k in _bester_weg([[1 if x == y else 0 for y in n] for x in a]) if a[i] == n[k]]
    return [
        *((i, i) for i in range(vorn)),
        *((vorn + i, vorn + k) for i, k in mitte),
        *((len(alt) - h, len(neu) - h) for h in range(hinten, 0, -1)),
    ]


def _bester_weg(gewicht: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Pairs in order, each item at most once, of the greatest total weight; only pairs that weigh something."""
    breite = len(gewicht[0]) if gewicht else 0
    summe = [[0] * (breite + 1) for _ in range(len(gewicht) + 1)]
    for i in range(len(gewicht) - 1, -1, -1):
        for k in range(breite - 1, -1, -1):
            mit = gewicht[i][k] + summe[i + 1][k + 1] if gewicht[i][k] else 0
            summe[i][k] = max(mit, summe[i + 1][k], summe[i][k + 1])
    paare = []
    i = k = 0
    while i < len(gewicht) and k < breite:
        if gewicht[i][k] and summe[i][k] == gewicht[i][k] + summe[i + 1][k + 1]:
            paare.append((i, k))
            i, k = i + 1, k + 1
        elif summe[i][k] == summe[i + 1][k]:
            i += 1
        else:
            k += 1
    return paare


def _luecke(alt: list[Any], neu: list[Any], paare: bool) -> Iterator[Stueck]:
    """What lies between two equal items."""
    gefunden: list[tuple[int, int]] = []
    if paare and alt and neu and len(alt) * len(neu) <= PAARE:
        gefunden = _bester_weg([[dasselbe(a, n) for n in neu] for a in alt])
    i = k = 0
    for p, q in [*gefunden, (len(alt), len(neu))]:
        yield from (("-", x) for x in alt[i:p])
        yield from (("+", x) for x in neu[k:q])
        if p < len(alt):
            yield "~", alt[p], neu[q]
        i, k = p + 1, q + 1


def dasselbe(alt: Any, neu: Any) -> int:
    """How much speaks for two different items being one that was changed; 0 if not enough.

    What names it counts first (the text of a step), then the number of equal fields; without a name all fields but one
    have to be equal.
    """
    if isinstance(alt, str) and isinstance(neu, str):
        return 100 * gemeinsam if (gemeinsam := _worte(alt, neu)) >= DASSELBE else 0
    if not isinstance(alt, dict) or not isinstance(neu, dict):
        return 0
    gleiche = sum(alt.get(f) == neu.get(f) for f in alt.keys() & neu.keys())
    felder = alt.keys() | neu.keys()
    name = next((f for f in NAMEN if f in felder), None)
    if name is None:
        return 100 * DASSELBE + min(gleiche, 99) if gleiche > 1 and gleiche == len(felder) - 1 else 0
    a, n = alt.get(name), neu.get(name)
    gemeinsam = _worte(a, n) if isinstance(a, str) and isinstance(n, str) else 0
    return 100 * gemeinsam + min(gleiche, 99) if gemeinsam >= DASSELBE else 0


def _worte(alt: str, neu: str) -> int:
    """Share of common words per mille."""
    a, n = set(words.worte(alt)), set(words.worte(neu))
    return 1000 if alt == neu else 2000 * len(a & n) // (len(a) + len(n)) if a and n else 0
