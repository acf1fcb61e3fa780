"""Which of several settings of a part is taken: the roomiest one that does not waste a page."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ihk.pdf.parts import Part

if TYPE_CHECKING:
    from ihk.pdf.part import Typesetter


@dataclass(frozen=True, slots=True, init=False)
class Source:
    """One part of a document as HTML.

    ``variants`` are the same content, the roomiest first; a denser one is taken where it saves a page that would be left
    mostly empty. ``head`` is the running head; without one the chapter that a page shows. They are kept packed, as they differ in
    a word and all parts of a document wait together.
    """

    packed: bytes
    lengths: tuple[int, ...]
    """Of each variant, in letters."""
    head: str
    cover: bool
    one_page: bool
    """Whether to try hard for a single page."""

    def __init__(self, variants: Sequence[str], head: str = "", cover: bool = False, one_page: bool = False) -> None:
        packed = zlib.compress(json.dumps(variants, ensure_ascii=False).encode(), 1)
        for name, value in zip(
            Source.__slots__, (packed, tuple(map(len, variants)), head, cover, one_page), strict=True
        ):
            object.__setattr__(self, name, value)

    @property
    def variants(self) -> tuple[str, ...]:
        return tuple(json.loads(zlib.decompress(self.packed)))


NEARLY_EMPTY = 0.3
"""Share of the last page below which a denser variant is tried."""
HALF_FILLED = 0.75
"""Mean share of the pages before the last, below which blocks that stay together leave too much room."""
DENSEST = 1.36
"""What the densest variant takes up at most, measured in pages of the roomiest one (seen: 1.32 to 1.37)."""
BETWEEN = 1.2
"""The same for the variants in between (seen: 1.12 to 1.2)."""


def fitting(source: Source, typesetter: Typesetter) -> Part:
    """The roomiest variant that saves a page, else the first one. A variant that surely is not dense enough is not tried."""
    roomiest, *denser = source.variants
    first = typesetter.lay_out(roomiest)
    if not _worth_trying(first, one_page=source.one_page):
        return first
    pages, total = len(first.pages), sum(page.filled for page in first.pages)
    for html in denser[:-1] if total <= BETWEEN * (pages - 1) else ():
        if part := typesetter.lay_out_shorter(html, pages):
            return part
    return (typesetter.lay_out_shorter(denser[-1], pages) if denser else None) or first


def _worth_trying(part: Part, *, one_page: bool) -> bool:
    """Whether pages are mostly empty: the last one, or those that end before a block that stays together."""
    pages, total = len(part.pages), sum(page.filled for page in part.pages)
    if pages == 1:
        return False
    if one_page and total <= DENSEST * (pages - 1):
        return True
    last = part.pages[-1].filled
    return (last < NEARLY_EMPTY and not one_page) or (pages > 2 and (total - last) / (pages - 1) < HALF_FILLED)
