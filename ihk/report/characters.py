"""Which characters the shipped fonts can print; the others are printed as their code in brackets."""

from __future__ import annotations

from functools import cache
from pathlib import Path

# Characters that steer the setting of text and need no drawing of their own.
STEUERND = frozenset("\n\r\t\u00ad\u200b\u200c\u200d\u2060\u2028\u2029\ufeff")


@cache
def covered() -> frozenset[int]:
    """Code points that all four cuts have."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # takes a while to load

    from ihk.report.render import SCHNITTE, templates_folder

    ordner: Path = templates_folder() / "fonts"
    mengen = []
    for name, _, _ in SCHNITTE:
        with TTFont(ordner / name, lazy=True) as schrift:
            mengen.append(frozenset(schrift.getBestCmap() or {}))
    return frozenset.intersection(*mengen) | frozenset(map(ord, STEUERND))


def unprintable(text: str) -> tuple[str, ...]:
    """Characters of a text that no shipped font has, each once, in order."""
    return tuple(dict.fromkeys(z for z in text if ord(z) > 126 and ord(z) not in covered()))


class _Ersatz(dict[int, str | int]):
    """A table for ``str.translate`` that is filled as characters turn up."""

    def __missing__(self, punkt: int) -> str | int:
        wert: str | int = punkt if punkt <= 126 or punkt in covered() else f"[U+{punkt:04X}]"
        self[punkt] = wert
        return wert


PRINTABLE = _Ersatz()
