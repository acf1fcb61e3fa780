"""Embeds the fonts of a document: one subset per face, from the glyphs of all parts."""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from ihk.pdf.parts import FontUse, Part
from ihk.pdf.syntax import Writer
from ihk.problems import IhkError
from ihk.provenance import fonts_sum

_DROPPED = ("GSUB", "GPOS", "GDEF", "BASE", "DSIG", "kern", "FFTM")


WOFF2 = b"wOF2"


def unpacked(data: bytes) -> bytes:
    """The same font as the typesetter would unpack it for itself, in each process anew; 0.3 s each."""
    from fontTools.ttLib import woff2

    target = io.BytesIO()
    woff2.decompress(io.BytesIO(data), target)
    return target.getvalue()


Subset = Callable[[bytes, tuple[int, ...]], bytes]
"""Makes a font small: its bytes and the numbers of the glyphs that stay."""


def embed(
    writer: Writer, parts: Iterable[Part], files: Mapping[str, bytes], subset: Subset
) -> tuple[dict[str, bytes], str]:
    """Write the fonts that the parts use; references by the name that the content streams give them, and a checksum.

    The checksum covers the subsets and their Unicode maps, in the order of those names.
    """
    merged: dict[str, FontUse] = {}
    for part in parts:
        for key, use in part.fonts.items():
            known = merged.get(key, use)
            if any(known.widths.get(glyph, width) != width for glyph, width in use.widths.items()):
                raise IhkError(f"Die Schrift {use.family} hat für ein Zeichen zwei Breiten.")
            merged[key] = replace(known, widths=known.widths | use.widths, unicode=use.unicode | known.unicode)
    embedded: list[tuple[bytes, bytes]] = []
    references: dict[str, bytes] = {}
    for key, use in sorted(merged.items()):
        data, unicode = subset(files[use.file], tuple(sorted(use.unicode))), _unicode_map(use.unicode)
        embedded.append((data, unicode))
        references[key] = _write(writer, use, data, unicode)
    return references, fonts_sum(embedded)


def _write(writer: Writer, use: FontUse, data: bytes, unicode: bytes) -> bytes:
    """The reference of a font with its descriptor, widths and Unicode map."""
    name = _name(use, data)
    descriptor = writer.add(
        {
            "Type": "/FontDescriptor",
            "FontName": name,
            "FontFamily": writer.text(use.family),
            "ItalicAngle": 0,
            "Flags": use.flags,
            "FontBBox": [0, use.descent, max(use.widths.values()), use.ascent],
            "Ascent": use.ascent,
            "Descent": use.descent,
            "CapHeight": use.ascent,
            "StemV": 80,
            "StemH": 80,
            "FontFile2": writer.stream(zlib.compress(data, 9), {"Length1": len(data)}),
        }
    )
    descendant = writer.add(
        {
            "Type": "/Font",
            "Subtype": "/CIDFontType2",
            "BaseFont": name,
            "CIDToGIDMap": "/Identity",
            "CIDSystemInfo": {
                "Registry": writer.text("Adobe"),
                "Ordering": writer.text("Identity"),
                "Supplement": 0,
            },
            "W": [item for glyph, width in sorted(use.widths.items()) for item in (glyph, [width])],
            "FontDescriptor": descriptor,
        }
    )
    return writer.add(
        {
            "Type": "/Font",
            "Subtype": "/Type0",
            "BaseFont": name,
            "Encoding": "/Identity-H",
            "DescendantFonts": [descendant],
            "ToUnicode": writer.stream(zlib.compress(unicode, 9)),
        }
    )


def _name(use: FontUse, data: bytes) -> str:
    """The name of a subset: six letters from its content, and the name of the font."""
    number = int.from_bytes(hashlib.sha256(data).digest()[:8], "big")
    letters = "".join(chr(65 + number // 26**i % 26) for i in range(6))
    return f"/{letters}+{use.name.lstrip('/').split('+')[-1].rstrip(',')}"


def subset(data: bytes, glyphs: tuple[int, ...]) -> bytes:
    """A TrueType font with these glyphs only; their numbers stay. Layout tables are gone: the text is shaped already."""
    from fontTools import subset as tools
    from fontTools.ttLib import TTFont

    options = tools.Options(retain_gids=True, notdef_outline=True, hinting=False, layout_features=[])
    options.drop_tables += _DROPPED
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    if "glyf" not in font:
        raise IhkError("Eine Schrift ist keine TrueType-Schrift; andere lassen sich nicht einbetten.")
    for table in ("GSUB", "GPOS", "GDEF"):  # they go anyway; reading them first would take half a second each
        if table in font:
            del font[table]
    subsetter = tools.Subsetter(options)
    subsetter.populate(gids=glyphs)
    subsetter.subset(font)
    result = io.BytesIO()
    font.save(result)
    return result.getvalue()


def _unicode_map(unicode: Mapping[int, str]) -> bytes:
    """The CMap that turns glyphs into text."""
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <ffff> endcodespacerange",
    ]
    pairs = sorted(unicode.items())
    for start in range(0, len(pairs), 100):
        batch = pairs[start : start + 100]
        lines += [
            f"{len(batch)} beginbfchar",
            *(f"<{glyph:04x}> <{text.encode('utf-16-be').hex()}>" for glyph, text in batch),
            "endbfchar",
        ]
    return "\n".join([*lines, "endcmap CMapName currentdict /CMap defineresource pop end end"]).encode()
