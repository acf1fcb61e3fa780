"""Which characters a text may hold, and which the shipped fonts can print; the others are printed as their code in brackets."""

from __future__ import annotations

import re
from functools import cache

from ihk.resources import fonts

# Every cut is asked, so that a name in bold prints as it does in regular.
SCHNITTE = ("SourceSans3-Regular", "SourceSans3-It", "SourceSans3-Semibold", "SourceSans3-Bold")
# Characters that steer the setting of text and need no drawing of their own.
STEUERND = frozenset("\n\r\t\u00ad\u200b\u200c\u200d\u2060\u2028\u2029\ufeff")
# German prose needs no look at the fonts: reading them takes a while, and `check` should start fast.
UNBEDENKLICH = re.compile(
    "[\n -~\u00a0-\u017f\u2010-\u2014\u2018-\u201e\u2022\u2026\u202f\u2030\u20ac\u2190-\u2193\u2212\u2265\u2264]*"
)

# Forbidden raw and as an escape: control characters, direction marks, invisible joiners that carry no meaning in German
# text, noncharacters and lone surrogates. U+00A0, U+202F, U+00AD, U+200C and U+200D are allowed on purpose.
VERBOTEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    "\ufdd0-\ufdef\ud800-\udfff\ufffe\uffff\U000e0000-\U000e007f"
    + "".join(f"{chr(ebene * 0x10000 + 0xFFFE)}{chr(ebene * 0x10000 + 0xFFFF)}" for ebene in range(1, 17))
    + "]"
)


@cache
def covered() -> frozenset[int]:
    """Code points that all four cuts have."""
    from fontTools.ttLib import TTFont

    mengen = []
    for name in SCHNITTE:
        with TTFont(fonts() / f"{name}.ttf.woff2", lazy=True) as schrift:
            mengen.append(frozenset(schrift.getBestCmap() or {}))
    return frozenset.intersection(*mengen) | frozenset(map(ord, STEUERND))


def unprintable(text: str, eigene: frozenset[int] = frozenset()) -> tuple[str, ...]:
    """Characters of a text that neither a shipped font nor the concept's own has, each once, in order."""
    if UNBEDENKLICH.fullmatch(text):
        return ()
    return tuple(dict.fromkeys(z for z in text if ord(z) > 126 and ord(z) not in eigene and ord(z) not in covered()))


class _Ersatz(dict[int, str | int]):
    """A table for ``str.translate`` that is filled as characters turn up."""

    def __init__(self, eigene: frozenset[int]) -> None:
        super().__init__()
        self._eigene = eigene

    def __missing__(self, punkt: int) -> str | int:
        wert: str | int = punkt if punkt <= 126 or punkt in self._eigene or punkt in covered() else f"[U+{punkt:04X}]"
        self[punkt] = wert
        return wert


@cache
def _ersatz(eigene: frozenset[int]) -> _Ersatz:
    return _Ersatz(eigene)


_FRAGLICH = re.compile(UNBEDENKLICH.pattern.removesuffix("*").replace("[", "[^", 1))


def printable(text: str, eigene: frozenset[int] = frozenset()) -> str:
    """The text with every character that no font has as its code in brackets; markup stays markup.

    ``eigene`` are the code points of the concept's own font. Looked at are only the characters that German prose does not
    have: a page passes here several times, part in part.
    """
    if (text.isascii() and "\x7f" not in text) or _FRAGLICH.search(text) is None:
        return text
    ersatz = _ersatz(eigene)
    return type(text)(_FRAGLICH.sub(lambda t: t[0].translate(ersatz), text))
