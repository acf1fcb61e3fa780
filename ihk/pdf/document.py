"""One document: every part laid out, the sample among them, and put together."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ihk.cache import Cache, native_libraries
from ihk.pdf.assemble import Section, assemble, running_heads
from ihk.pdf.metadata import Metadata
from ihk.pdf.parts import FORMAT, Part, dump, restore
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
DENSEST = 1.36
"""What the densest variant takes up at most, measured in pages of the roomiest one (seen: 1.32 to 1.37)."""


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
    cache: Cache | None = None,
    program: str = "",
) -> tuple[bytes, tuple[tuple[int, float], ...]]:
    """The PDF of a document that is cut into parts; of each part its pages and how far the last one is filled.

    ``sample`` gives the HTML of all texts that are stamped onto the pages, from the running heads that they need.
    ``assets`` are the only bytes that it can refer to, by address; ``fontconfig`` names the only fonts. The same input
    gives the same bytes, cold or from the ``cache``; ``program`` names everything else that decides about them.
    Raises ``UmgebungError`` without Pango, ``IhkError`` for whatever cannot be set as it is meant.
    """
    from ihk.pdf.part import icc_profile

    press = _Press(css, assets, fontconfig, cache, program)
    sections = [Section(press.part(source), source.head, source.cover) for source in sources]
    stamps = press.part(Source((sample(running_heads(sections)),)))
    daten = assemble(
        sections, stamps, meta, fontfiles=press.fontfiles, icc=icc_profile(), attachments=attachments, draft=draft,
    )  # fmt: skip
    return daten, tuple((len(s.part.pages), s.part.pages[-1].filled) for s in sections)


class _Press:
    """Gives parts, from the cache where they were set before; the typesetter is loaded for the first one that was not."""

    def __init__(
        self, css: str, assets: Mapping[str, bytes], fontconfig: Path, cache: Cache | None, program: str
    ) -> None:
        self._css, self._assets, self._fontconfig, self._cache = css, assets, fontconfig, cache
        self._digests = {name: hashlib.sha256(data).hexdigest() for name, data in assets.items()}
        self._base = _digest(
            str(FORMAT), program, native_libraries(), css, fontconfig.read_text("utf-8"), *self._used(css)
        )
        self.fontfiles: dict[str, bytes] = {}

    @cached_property
    def _typesetter(self) -> Typesetter:
        from ihk.pdf.part import Typesetter

        return Typesetter(self._css, self._assets, fontconfig=self._fontconfig)

    def part(self, source: Source) -> Part:
        """The part in the roomiest variant that does not waste a page."""
        if self._cache is None:
            return self._set(source)
        key = _digest(self._base, str(source.one_page), *source.variants, *self._used(*source.variants))
        part = self._kept(self._cache, key)
        if part is None:
            part = self._set(source)
            for use in part.fonts.values():
                self._cache.put(use.file, self.fontfiles[use.file])
            self._cache.put(key, dump(part))
        return part

    def _set(self, source: Source) -> Part:
        part = _fitting(source, self._typesetter)
        self.fontfiles |= self._typesetter.fontfiles
        return part

    def _kept(self, cache: Cache, key: str) -> Part | None:
        """The part from the cache, if it and all of its fonts are there."""
        data = cache.get(key)
        if data is None:
            return None
        try:
            part = restore(data)
        except ValueError:
            return None
        for file in {use.file for use in part.fonts.values()} - self.fontfiles.keys():
            font = cache.get(file)
            if font is None or hashlib.sha256(font).hexdigest() != file:
                return None
            self.fontfiles[file] = font
        return part

    def _used(self, *texts: str) -> list[str]:
        """Checksums of the assets that texts ask for."""
        names = {name for text in texts for name in _ADDRESS.findall(text)}
        return [f"{name} {self._digests.get(name, '-')}" for name in sorted(names)]


_ADDRESS = re.compile(r"ihk-asset:[^\s\"')]+")


def _digest(*texts: str) -> str:
    """One key; every text is delimited by its length."""
    total = hashlib.sha256()
    for text in texts:
        data = text.encode()
        total.update(f"{len(data)}:".encode())
        total.update(data)
    return total.hexdigest()


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
    pages, total = len(part.pages), sum(page.filled for page in part.pages)
    if pages == 1:
        return False
    if one_page and total <= DENSEST * (pages - 1):
        return True
    last = part.pages[-1].filled
    return (last < NEARLY_EMPTY and not one_page) or (pages > 2 and (total - last) / (pages - 1) < HALF_FILLED)
