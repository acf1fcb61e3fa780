"""Writes PDF objects with pydyf: plain Python values in, references out."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping
from typing import Any

import pydyf

_AMBIGUOUS = b"\r\nendstream"
"""Data that ends in CR before the line end: a reader may take both for the line end, and one byte for missing."""


class Writer:
    """The objects of one file."""

    def __init__(self) -> None:
        self._pdf = _Pdf()

    @property
    def catalog(self) -> Any:
        return self._pdf.catalog

    @property
    def info(self) -> Any:
        return self._pdf.info

    @property
    def pages(self) -> bytes:
        """The reference that pages name as their parent."""
        return bytes(self._pdf.pages.reference)

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
        """The reference of a new object."""
        value = self.plain(value)
        self._pdf.add_object(value)
        return bytes(value.reference)

    def reserve(self, value: Mapping[str, Any]) -> Any:
        """A dictionary that has its number already and is filled later."""
        dictionary = self.plain(value)
        self._pdf.add_object(dictionary)
        return dictionary

    def seal(self, dictionary: Any) -> None:
        """Nothing is added to a reserved dictionary any more: its syntax takes a tenth of the room."""
        self._pdf.objects[dictionary.number] = _Settled(dictionary)

    def raw(self, data: bytes) -> bytes:
        """The reference of an object whose syntax is ready."""
        return self.add(_Raw(data))

    def stream(self, data: bytes, extra: Mapping[str, Any] | None = None, *, compressed: bool = True) -> bytes:
        """The reference of a stream whose bytes are ready: compressed by Flate, or as they are."""
        entries = {**(extra or {}), **({"Filter": "/FlateDecode"} if compressed else {}), "Length": len(data)}
        return self.raw(self.plain(entries).data + b"\nstream\n" + data + b"\nendstream")

    def add_page(self, page: Any) -> None:
        self._pdf.add_page(page)

    def write(self) -> bytes:
        """The file. Its identifier is made from its objects."""
        self._pdf.settle()
        own = len(self._pdf.objects)
        while True:
            target = io.BytesIO()
            self._pdf.current_position = 0
            self._pdf.write(target, b"1.7", identifier=True, compress=True)
            written = self._pdf.objects[-2:]  # the stream of small objects, and the table
            del self._pdf.objects[own:]
            data = target.getvalue()
            if _AMBIGUOUS not in data[written[0].offset :]:
                return data
            self.add({})  # any change of the objects gives other last bytes
            own += 1


class _Pdf(pydyf.PDF):
    """A file that asks each object for its syntax twice, for the file and for the identifier; here it is made once."""

    def settle(self) -> None:
        """No object changes any more."""
        self.objects[1:] = [_Settled(o) for o in self.objects[1:]]

    def add_object(self, object_: Any) -> None:
        if isinstance(object_, pydyf.Stream):
            object_.__class__ = _Stream
        super().add_object(object_)


class _Stream(pydyf.Stream):
    """A stream that is compressed once, and no harder than pays: the highest level takes four times as long for 1 % of the file."""

    _ready: bytes | None = None

    @property
    def data(self) -> bytes:
        if self._ready is None:
            plain = b"\n".join(item if isinstance(item, bytes) else str(item).encode("ascii") for item in self.stream)
            packed = zlib.compress(plain)
            entries = pydyf.Dictionary({**self.extra, "Filter": "/FlateDecode", "Length": len(packed)})
            self._ready = b"\n".join((entries.data, b"stream", packed, b"endstream"))
        return self._ready


class _Settled(pydyf.Object):
    """An object that is complete."""

    data = b""
    compressible = True

    def __init__(self, complete: Any) -> None:
        super().__init__()
        self.number, self.free, self.generation = complete.number, complete.free, complete.generation
        self.data = complete.data
        self.compressible = complete.compressible


class _Raw(pydyf.Object):
    """An object whose syntax is ready."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        if data.endswith(_AMBIGUOUS):
            data = data.removesuffix(b"\nendstream") + b"\r\nendstream"
        self._data = data

    @property
    def data(self) -> bytes:
        return self._data

    @property
    def compressible(self) -> bool:
        return b"stream\n" not in self._data
