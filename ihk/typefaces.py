"""A city's own typeface beside the concept: found inside its folder only, taken apart and put together again before use.

What reaches the libraries that draw is not the file but what fontTools made of it: known tables only, without the programs
that a font may carry. Whatever cannot be read that way is refused with a sentence.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ihk.beside import BesideError, read_beside

MEGABYTE = 5
SCHNITTE = ("normal", "kursiv", "fett", "halbfett")
"""Cuts by their key in the concept; without ``halbfett`` the bold one stands in."""
_KEPT = {"head", "hhea", "hmtx", "maxp", "cmap", "glyf", "loca", "name", "post", "OS/2", "GSUB", "GPOS", "GDEF", "kern"}
_NEEDED = ("head", "hhea", "hmtx", "maxp", "cmap", "glyf", "loca", "name", "post", "OS/2")
_KINDS = {
    b"OTTO": "eine OpenType-Schrift mit PostScript-Umrissen",
    b"ttcf": "eine Sammlung mehrerer Schriften",
    b"wOFF": "eine Schrift für das Web",
    b"wOF2": "eine Schrift für das Web",
}
_TOO_MANY_POINTS = 20_000
_TOO_DEEP = 8
_WAY_OUT = "Den Schnitt als TrueType-Datei (.ttf) vom Hersteller der Schrift beschaffen."


class TypefaceError(BesideError):
    """The font cannot be used; a sentence and the way out."""


@dataclass(frozen=True, slots=True)
class Typeface:
    """One cut: a clean TrueType file, and the code points that it draws."""

    data: bytes
    codepoints: frozenset[int]


def read_typeface(folder: Path, name: str) -> Typeface:
    """The cut in the file ``name`` beside a concept; raises ``BesideError`` with a German sentence."""
    data = read_beside(folder, name, MEGABYTE, "Eine kleinere Schriftdatei verwenden, etwa eine ohne fremde Schriften.")
    return _clean(data, name)


def read_typefaces(folder: Path, files: Mapping[str, str]) -> dict[str, Typeface]:
    """All cuts by their key; raises ``BesideError`` for the first that cannot be used."""
    return {cut: read_typeface(folder, name) for cut, name in files.items()}


def common(faces: Mapping[str, Typeface]) -> frozenset[int]:
    """Code points that every cut draws."""
    return frozenset.intersection(*(f.codepoints for f in faces.values())) if faces else frozenset()


@lru_cache(maxsize=16)
def _clean(data: bytes, name: str) -> Typeface:
    if kind := _KINDS.get(data[:4]):
        raise TypefaceError(f"„{name}“ ist {kind}; eingebettet werden nur einfache TrueType-Schriften.", _WAY_OUT)
    if data[:4] not in (b"\x00\x01\x00\x00", b"true"):
        raise TypefaceError(f"„{name}“ ist keine TrueType-Schrift.", _WAY_OUT)
    try:
        return _rebuilt(data, name)
    except TypefaceError:
        raise
    except Exception:  # a broken font fails anywhere in the parser and in any way; none of it is our bug
        raise TypefaceError(f"Die Schriftdatei „{name}“ ist beschädigt.", _WAY_OUT) from None


def _rebuilt(data: bytes, name: str) -> Typeface:
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    if "fvar" in font:
        raise TypefaceError(
            f"„{name}“ ist eine variable Schrift; eingebettet werden nur einzelne Schnitte.",
            "Die statischen Schnitte derselben Schrift verwenden.",
        )
    if missing := [tag for tag in _NEEDED if tag not in font]:
        raise TypefaceError(f"In der Schriftdatei „{name}“ fehlt die Tabelle „{missing[0].strip()}“.", _WAY_OUT)
    if font["OS/2"].fsType & 0x000F == 2 or font["OS/2"].fsType & 0x0300:
        raise TypefaceError(
            f"Die Schrift in „{name}“ erlaubt nicht, dass sie in Dokumente eingebettet wird.",
            "Beim Hersteller eine Lizenz und eine Datei zum Einbetten beschaffen.",
        )
    for tag in list(font.keys()):
        if tag != "GlyphOrder" and tag not in _KEPT:
            del font[tag]
    for tag in list(font.keys()):
        if hasattr(table := font[tag], "ensureDecompiled"):
            table.ensureDecompiled()
    _measure(font["glyf"], name)
    for glyph in font["glyf"].glyphs.values():
        glyph.removeHinting()
    result = io.BytesIO()
    font.save(result)
    codepoints = frozenset(font.getBestCmap() or ())
    if not codepoints:
        raise TypefaceError(f"Die Schrift in „{name}“ enthält keine Zeichen.", _WAY_OUT)
    return Typeface(result.getvalue(), codepoints)


def _measure(glyf: Any, name: str) -> None:
    """Refuses composites that contain themselves or unfold into more points than any real character has."""
    known: dict[str, int] = {}

    def points(glyph_name: str, depth: int) -> int:
        if depth > _TOO_DEEP:
            raise TypefaceError(f"Ein Zeichen der Schrift „{name}“ ist endlos aus anderen zusammengesetzt.", _WAY_OUT)
        if glyph_name not in known:
            glyph = glyf[glyph_name]
            if glyph.isComposite():
                known[glyph_name] = sum(points(c.glyphName, depth + 1) for c in glyph.components)
            else:
                known[glyph_name] = len(getattr(glyph, "coordinates", ()))
        return known[glyph_name]

    for glyph_name in list(glyf.keys()):
        if points(glyph_name, 0) > _TOO_MANY_POINTS:
            raise TypefaceError(f"Ein Zeichen der Schrift „{name}“ hat zu viele Punkte.", _WAY_OUT)
