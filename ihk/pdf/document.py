"""One document: every part laid out, the sample among them, and put together."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ihk.cache import Cache
from ihk.pdf.assemble import Section, assemble, running_heads
from ihk.pdf.crew import Crew, Here, Piece
from ihk.pdf.fitting import Source
from ihk.pdf.fonts import WOFF2, subset, unpacked
from ihk.pdf.metadata import Metadata
from ihk.pdf.parts import FORMAT, Part, restore
from ihk.pdf.worker import Assets, Context
from ihk.provenance import Datei


@dataclass(frozen=True, slots=True)
class Order:
    """A document that is to be set.

    ``sample`` gives the HTML of all texts that are stamped onto the pages, from the running heads that they need.
    ``assets`` are the only bytes that it can refer to, by address; ``fontconfig`` names the only fonts.
    """

    sources: Sequence[Source]
    sample: Callable[[Sequence[str]], str]
    css: str
    meta: Metadata
    assets: Mapping[str, bytes]
    fontconfig: Path
    attachments: Sequence[Datei] = ()
    draft: bool = False


Filled = tuple[tuple[int, float], ...]
"""Of each part its pages and how far the last one is filled."""


class Press:
    """Sets documents: what was laid out before comes from the cache, the rest from the crew.

    The same order gives the same bytes, cold or from the cache, whoever laid out its parts; ``program`` names everything
    else that decides about them, the libraries of the system included. ``memory``: bytes of parts that stay in memory for
    the next document; worth it only where one is set again and again.
    """

    def __init__(
        self, crew: Crew | None = None, cache: Cache | None = None, program: str = "", *, memory: int = 0
    ) -> None:
        self.crew, self.cache, self.program = crew or Here(), cache, program
        self._memory, self._held, self._limit = OrderedDict[str, tuple[Part, int]](), 0, memory

    def recalled(self, key: str) -> Part | None:
        """A part that an earlier document had too, without reading it again."""
        if key not in self._memory:
            return None
        self._memory.move_to_end(key)
        return self._memory[key][0]

    def keep(self, key: str, part: Part, size: int) -> None:
        """Remember a part for the next document, and forget the oldest ones for it."""
        self._held += size - self._memory.pop(key, (part, 0))[1]
        self._memory[key] = part, size
        while self._held > self._limit:
            self._held -= self._memory.popitem(last=False)[1][1]

    def made(self, make: Callable[..., bytes], font: bytes, *how: object) -> bytes:
        """What is made of a font is made once, and then comes from the cache."""
        if self.cache is None:
            return make(font, *how)
        key = _digest(make.__name__, hashlib.sha256(font).hexdigest(), str(how), self.program)
        return self.cache.made(key, partial(make, font, *how))

    def begin(self, order: Order) -> Setting:
        """Have the parts of a document laid out; the crew works on while others are begun."""
        return Setting(order, self)

    def set(self, order: Order) -> tuple[bytes, Filled]:
        """The PDF. Raises ``UmgebungError`` without Pango, ``IhkError`` for whatever cannot be set as it is meant."""
        return self.begin(order).finish()


class Setting:
    """A document while its parts are laid out."""

    def __init__(self, order: Order, press: Press) -> None:
        self._order, self._press = order, press
        self._digests = {name: hashlib.sha256(data).hexdigest() for name, data in order.assets.items()}
        css_assets = tuple((n, self._ready(order.assets[n])) for n in self._named(order.css) if n in order.assets)
        self._context = Context(order.css, css_assets, str(order.fontconfig))
        self._base = _digest(
            str(FORMAT), press.program, order.css, order.fontconfig.read_text("utf-8"), *self._used(order.css)
        )
        self._fonts: dict[str, bytes] = {}
        self._laid: dict[str, Part] = {}
        """Parts by key."""
        self._keys: dict[Source, str] = {}
        self._begun = self._begin(order.sources)

    def finish(self) -> tuple[bytes, Filled]:
        """The file, when all parts are there."""
        from ihk.pdf.part import icc_profile

        order = self._order
        self._collect(self._begun)
        parts = [self._laid[self._key(source)] for source in order.sources]
        sections = [Section(p, s.head, s.cover) for p, s in zip(parts, order.sources, strict=True)]
        sample = Source((order.sample(running_heads(sections)),))
        self._collect(self._begin((sample,)))
        self._press.crew.rest()
        data = assemble(
            sections, self._laid[self._key(sample)], order.meta,
            fontfiles=self._fonts, subset=self._subset, icc=icc_profile(), attachments=order.attachments, draft=order.draft,
        )  # fmt: skip
        return data, tuple((len(p.pages), p.pages[-1].filled) for p in parts)

    def _begin(self, sources: Sequence[Source]) -> list[tuple[Sequence[Source], Piece]]:
        """Take from the cache what is there, give the rest to the crew."""
        missing: dict[str, Source] = {}
        for source in sources:
            key = self._key(source)
            if key not in self._laid and not self._kept(key):
                missing[key] = source
        return self._press.crew.lay_out(self._context, list(missing.values()), self._pictures) if missing else []

    def _collect(self, begun: list[tuple[Sequence[Source], Piece]]) -> None:
        cache = self._press.cache
        while begun:
            sources, piece = begun.pop(0)  # a piece keeps its result as long as it is there itself
            laid = piece()
            fonts = dict(laid.fonts)
            if cache is not None:
                for name in fonts.keys() - self._fonts.keys():
                    cache.put(name, fonts[name])
            self._fonts |= fonts
            for source, data in zip(sources, laid.parts, strict=True):
                key = self._key(source)
                self._laid[key] = restore(data)
                self._press.keep(key, self._laid[key], len(data))
                if cache is not None:
                    cache.put(key, data)

    def _kept(self, key: str) -> bool:
        """Whether the cache has the part with all of its fonts; they are taken out then."""
        cache = self._press.cache
        part = self._press.recalled(key) or self._restored(key)
        if cache is None or part is None:
            return False
        for file in {use.file for use in part.fonts.values()} - self._fonts.keys():
            font = cache.get(file)
            if font is None or hashlib.sha256(font).hexdigest() != file:
                return False
            self._fonts[file] = font
        self._laid[key] = part
        return True

    def _restored(self, key: str) -> Part | None:
        """The part in the cache; None if there is none that can be read."""
        data = None if self._press.cache is None else self._press.cache.get(key)
        try:
            part = None if data is None else restore(data)
        except ValueError:
            return None
        if data is not None and part is not None:
            self._press.keep(key, part, len(data))
        return part

    def _key(self, source: Source) -> str:
        """What decides about the part, as one name; read once, for a part may be long."""
        if source not in self._keys:
            variants = source.variants
            self._keys[source] = _digest(self._base, str(source.one_page), *variants, *self._used(*variants))
        return self._keys[source]

    def _ready(self, data: bytes) -> bytes:
        """An asset of the stylesheet as it is used; a packed font is unpacked once, not by each worker."""
        return self._press.made(unpacked, data) if data.startswith(WOFF2) else data

    def _subset(self, font: bytes, glyphs: tuple[int, ...]) -> bytes:
        """A font with these glyphs only; most changes of a text need no other ones."""
        return self._press.made(subset, font, glyphs)

    def _pictures(self, sources: Sequence[Source]) -> Assets:
        """What these parts refer to besides the stylesheet."""
        names = self._named(*(html for source in sources for html in source.variants))
        shared = dict(self._context.assets)
        return tuple((n, self._order.assets[n]) for n in names if n in self._order.assets and n not in shared)

    def _used(self, *texts: str) -> list[str]:
        """Checksums of the assets that texts ask for."""
        return [f"{name} {self._digests.get(name, '-')}" for name in self._named(*texts)]

    @staticmethod
    def _named(*texts: str) -> list[str]:
        return sorted({name for text in texts for name in _ADDRESS.findall(text)})


_ADDRESS = re.compile(r"ihk-asset:[^\s\"')]+")


def _digest(*texts: str) -> str:
    """One key; every text is delimited by its length."""
    total = hashlib.sha256()
    for text in texts:
        data = text.encode()
        total.update(f"{len(data)}:".encode())
        total.update(data)
    return total.hexdigest()


__all__ = ["Filled", "Order", "Part", "Press", "Setting", "Source"]
