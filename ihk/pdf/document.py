"""One document: every part laid out, the sample among them, and put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ihk.pdf.assemble import Section, assemble, running_heads
from ihk.pdf.metadata import Metadata
from ihk.pdf.parts import Part
from ihk.provenance import Datei

if TYPE_CHECKING:
    from ihk.pdf.part import Typesetter


@dataclass(frozen=True, slots=True)
class Source:
    """One part of a document as HTML.

    ``variants`` are the same content, the roomiest first; a denser one is taken where it saves a page that would be left
    mostly empty. ``head`` is the running head; without one the chapter that a page shows.
    """

    variants: tuple[str, ...]
    head: str = ""
    cover: bool = False
    one_page: bool = False
    """Whether to try hard for a single page."""


NEARLY_EMPTY = 0.3
"""Share of the last page below which a denser variant is tried."""
HALF_FILLED = 0.75
"""Mean share of the pages before the last, below which blocks that stay together leave too much room."""
NEARLY_ONE = 1.9
"""Pages up to which a part that should take one page is tried on one."""


def pdf_bytes(
    sources: Sequence[Source],
    sample: Callable[[Sequence[str]], str],
    css: str,
    meta: Metadata,
    assets: Mapping[str, bytes],
    *,
    fontconfig: Path,
    attachments: Sequence[Datei] = (),
    draft: bool = False,
) -> tuple[bytes, tuple[tuple[int, float], ...]]:
    """The PDF of a document that is cut into parts; of each part its pages and how far the last one is filled.

    ``sample`` gives the HTML of all texts that are stamped onto the pages, from the running heads that they need.
    ``assets`` are the only bytes that it can refer to, by address; ``fontconfig`` names the only fonts. The same input
    gives the same bytes. Raises ``UmgebungError`` without Pango, ``IhkError`` for whatever cannot be set as it is meant.
    """
    from ihk.pdf.part import Typesetter, icc_profile

    typesetter = Typesetter(css, assets, fontconfig=fontconfig)
    sections = [Section(_fitting(source, typesetter), source.head, source.cover) for source in sources]
    pages = tuple((len(s.part.pages), s.part.pages[-1].filled) for s in sections)
    daten = assemble(
        sections,
        typesetter.lay_out(sample(running_heads(sections))),
        meta,
        fontfiles=typesetter.fontfiles,
        icc=icc_profile(),
        attachments=attachments,
        draft=draft,
    )
    return daten, pages


def _fitting(source: Source, typesetter: Typesetter) -> Part:
    """The part in the roomiest variant that does not waste a page."""
    first = typesetter.lay_out(source.variants[0])
    if not _worth_trying(first, one_page=source.one_page):
        return first
    densest = typesetter.lay_out(source.variants[-1])
    if len(densest.pages) == len(first.pages):
        return first  # nothing in between helps either
    between = (typesetter.lay_out(html) for html in source.variants[1:-1])
    return next((part for part in between if len(part.pages) == len(densest.pages)), densest)


def _worth_trying(part: Part, *, one_page: bool) -> bool:
    """Whether pages are mostly empty: the last one, or those that end before a block that stays together."""
    pages, last = len(part.pages), part.pages[-1].filled
    if pages == 1:
        return False
    before = sum(page.filled for page in part.pages[:-1]) / (pages - 1)
    return last < NEARLY_EMPTY or (pages > 2 and before < HALF_FILLED) or (one_page and pages - 1 + last <= NEARLY_ONE)
