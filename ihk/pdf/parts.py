"""What a laid out part is: plain data, kept as JSON, which executes nothing when it is read.

A part knows neither its page numbers nor the other parts; object numbers, identifiers and references between parts are
given by ``assemble`` for the first time. Lengths are PDF points from the lower left corner unless a field says otherwise.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from pydantic import ConfigDict, TypeAdapter

FORMAT = 2
"""Raised when a field changes its meaning, so that parts of an older form are not taken for new ones."""

Mark = tuple[Literal["m"], int, int]
"""Marked content: page of the part, MCID."""
Note = tuple[Literal["a"], int, int]
"""An annotation: page of the part, index in ``Page.links``."""
Rect = tuple[float, float, float, float]


@dataclass(slots=True)
class Node:
    """One structure element; ``role`` is a standard structure type of PDF 1.7."""

    role: str
    kids: list[Node | Mark | Note] = field(default_factory=list)
    alt: str = ""
    lang: str = ""
    expansion: str = ""
    """What an abbreviation stands for."""
    id: str = ""
    """Unique in the part; heads of tables and notes have one."""
    headers: list[str] = field(default_factory=list)
    scope: str = ""
    rows: int = 1
    columns: int = 1
    bbox: Rect | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A link annotation: to an anchor of any part, or to an address."""

    rect: Rect
    anchor: str
    uri: str
    label: str


@dataclass(frozen=True, slots=True)
class Slot:
    """Room for a page number: which anchor, and the operator that sets the font."""

    anchor: str
    font: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """``pieces`` are content stream around the slots; a page without slots has one piece, compressed already."""

    width: float
    height: float
    pieces: list[bytes]
    slots: list[Slot]
    links: list[Link]
    marks: int
    """How many MCIDs the page uses."""
    filled: float
    """Share of the type area that is used, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Place:
    page: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    title: str
    place: Place
    closed: bool


@dataclass(frozen=True, slots=True)
class Stamp:
    """A text shaped for stamping: operators that lead to its place, the text itself, left edge and width in CSS pixels."""

    way: bytes
    show: bytes
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class FontUse:
    """Glyphs that a part uses of one font; ``file`` is the SHA-256 of the font's bytes."""

    file: str
    name: str
    family: str
    flags: int
    ascent: float
    descent: float
    widths: dict[int, float]
    unicode: dict[int, str]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a document.

    ``resources`` (by kind: XObject, Pattern, …) and ``objects`` (by number) are PDF syntax with the part's own object
    numbers; the empty object stands for the fonts of the document.
    """

    __pydantic_config__ = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64", extra="forbid")

    pages: list[Page]
    tree: bytes
    """The structure elements, packed: they are most of a part and are wanted last. ``nodes`` unpacks them."""
    anchors: dict[str, Place]
    outline: list[Heading]
    resources: dict[str, bytes]
    objects: dict[int, bytes]
    fonts: dict[str, FontUse]
    stamps: dict[str, Stamp]


_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")


def references(data: bytes) -> list[int]:
    """Numbers of the objects that an object refers to, in its dictionary."""
    return [int(number) for number in _REFERENCE.findall(data.partition(b"stream\n")[0])]


def renumbered(data: bytes, number: Callable[[int], bytes]) -> bytes:
    """The object with its references replaced; a stream is left as it is."""
    head, keyword, stream = data.partition(b"stream\n")
    return _REFERENCE.sub(lambda found: number(int(found[1])), head) + keyword + stream


_CODEC: TypeAdapter[Part] = TypeAdapter(Part)
_NODES: TypeAdapter[list[Node]] = TypeAdapter(list[Node])


def packed(nodes: list[Node]) -> bytes:
    """Structure elements as ``Part.tree`` keeps them."""
    return zlib.compress(_NODES.dump_json(nodes), 1)


def nodes(part: Part) -> list[Node]:
    """The structure elements of a part."""
    return _NODES.validate_json(zlib.decompress(part.tree))


def dump(part: Part) -> bytes:
    """The part as JSON."""
    return _CODEC.dump_json(part)


def restore(data: bytes) -> Part:
    """The part that ``dump`` wrote. Raises ``ValueError`` for anything else."""
    return _CODEC.validate_json(data)
