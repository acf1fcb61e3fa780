"""Writes PDF objects, each as soon as it is complete, so that a file of any size needs little more memory than its bytes.

pydyf gives the syntax of single objects; it would hold all of them until the end, and put every small one into a single
stream, which a reader would have to unpack as a whole for any of them (ISO 32000-1, 7.5.7).
"""

from __future__ import annotations

import hashlib
import zlib
from array import array
from collections.abc import Mapping
from typing import Any

import pydyf

TOGETHER = 250_000
"""Bytes of small objects that are packed into one stream."""


class Writer:
    """The objects of one file. ``catalog`` and ``info`` are filled until it is written."""

    def __init__(self) -> None:
        self._out = bytearray(b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n")
        self._streams = array("L", [0])
        """By number of an object: of the stream that holds it, 0 for none."""
        self._places = array("Q", [0])
        """By number of an object: where it begins in the file, or its index in the stream."""
        self._small: list[tuple[int, bytes]] = []
        self._small_size = 0
        self._kids: list[bytes] = []
        self.catalog = self.reserve({"Type": "/Catalog"})
        self.info = self.reserve({})
        self._pages = self.reserve({"Type": "/Pages"})

    @property
    def pages(self) -> bytes:
        """The reference that pages name as their parent."""
        return bytes(self._pages.reference)

    @staticmethod
    def text(value: str) -> Any:
        """A text string."""
        return pydyf.String(value)

    @staticmethod
    def plain(value: Any) -> Any:
        """Dictionaries and lists as PDF objects; names, numbers and references pass."""
        if isinstance(value, (bytes, str, int, float)):
            return value
        if isinstance(value, pydyf.Object):
            return value
        if isinstance(value, Mapping):
            return pydyf.Dictionary({key: Writer.plain(item) for key, item in value.items()})
        if isinstance(value, (list, tuple)):
            return pydyf.Array([Writer.plain(item) for item in value])
        return value

    def add(self, value: Any) -> bytes:
        """The reference of a new object that is complete."""
        return self.raw(self.plain(value).data)

    def reserve(self, value: Mapping[str, Any]) -> Any:
        """A dictionary that has its number already and is filled until it is sealed."""
        dictionary = self.plain(value)
        dictionary.number = self.number()
        return dictionary

    def seal(self, dictionary: Any) -> None:
        """Write a reserved dictionary: nothing is added to it any more."""
        self.put(dictionary.number, dictionary.data)

    def raw(self, data: bytes) -> bytes:
        """The reference of an object whose syntax is ready."""
        number = self.number()
        self.put(number, data)
        return reference(number)

    def stream(self, data: bytes, extra: Mapping[str, Any] | None = None, *, compressed: bool = True) -> bytes:
        """The reference of a stream whose bytes are ready: compressed by Flate, or as they are."""
        entries = {**(extra or {}), **({"Filter": "/FlateDecode"} if compressed else {}), "Length": len(data)}
        return self.raw(self.plain(entries).data + b"\nstream\n" + data + b"\nendstream")

    def add_page(self, page: Any) -> None:
        """Write a reserved page as the next one."""
        self._kids.append(bytes(page.reference))
        self.seal(page)

    def number(self) -> int:
        """The number of an object that is yet to come."""
        self._streams.append(0)
        self._places.append(0)
        return len(self._places) - 1

    def put(self, number: int, data: bytes) -> None:
        """Write an object: its syntax is ready."""
        if b"stream\n" in data:
            self._place(number, data)
            return
        self._small.append((number, data))
        self._small_size += len(data)
        if self._small_size >= TOGETHER:
            self._pack()

    def write(self) -> bytearray:
        """The file. Its identifier is made from its bytes."""
        self._pages.update(self.plain({"Kids": self._kids, "Count": len(self._kids)}))
        self.catalog["Pages"] = self.pages
        for dictionary in (self._pages, self.catalog, self.info):
            self.seal(dictionary)
        self._pack()
        number, start = self.number(), len(self._out)
        self._places[number] = start
        wide = (max(start, number).bit_length() + 7) // 8
        table = bytearray()
        for stream, place in zip(self._streams, self._places, strict=True):
            kind, first, last = (2, stream, place) if stream else (bool(place), place, 0)
            table += bytes((kind,)) + first.to_bytes(wide, "big") + last.to_bytes(4, "big")
        identifier = pydyf.String(hashlib.sha256(self._out).hexdigest()[:32]).data
        packed = zlib.compress(table)
        entries = {
            "Type": "/XRef",
            "Size": number + 1,
            "W": [1, wide, 4],
            "Root": self.catalog.reference,
            "Info": self.info.reference,
            "ID": [identifier, identifier],
            "Filter": "/FlateDecode",
            "Length": len(packed),
        }
        self._place(number, self.plain(entries).data + b"\nstream\n" + packed + b"\nendstream")
        self._out += b"startxref\n%d\n%%%%EOF\n" % start
        return self._out

    def _pack(self) -> None:
        """The small objects that wait, in one stream."""
        if not self._small:
            return
        stream = self.number()
        index: list[str] = []
        body = bytearray()
        for at, (number, data) in enumerate(self._small):
            self._streams[number], self._places[number] = stream, at
            index.append(f"{number} {len(body)}")
            body += data + b"\n"
        head = " ".join(index).encode() + b"\n"
        packed = zlib.compress(head + body)
        entries = {
            "Type": "/ObjStm",
            "N": len(self._small),
            "First": len(head),
            "Filter": "/FlateDecode",
            "Length": len(packed),
        }
        self._place(stream, self.plain(entries).data + b"\nstream\n" + packed + b"\nendstream")
        self._small.clear()
        self._small_size = 0

    def _place(self, number: int, data: bytes) -> None:
        """Write an object to the file as it is."""
        if data.endswith(_AMBIGUOUS):
            data = data.removesuffix(b"\nendstream") + b"\r\nendstream"
        self._places[number] = len(self._out)
        self._out += b"%d 0 obj\n" % number + data + b"\nendobj\n"


def reference(number: int) -> bytes:
    """How other objects name the object with this number."""
    return b"%d 0 R" % number


_AMBIGUOUS = b"\r\nendstream"
"""Data that ends in CR before the line end: a reader may take both for the line end, and one byte for missing."""
