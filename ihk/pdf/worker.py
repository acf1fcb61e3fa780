"""What runs in a process of its own: parts are laid out within limits of time and memory.

Plain functions of plain data, so that any executor can carry them, such as the pool of this machine (``crew``).
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import parent_process
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import TYPE_CHECKING

from ihk.memory import give_back
from ihk.pdf.fitting import Source, fitting
from ihk.pdf.parts import dump

if TYPE_CHECKING:
    from ihk.pdf.part import Typesetter


@dataclass(frozen=True, slots=True)
class Context:
    """What all parts of a document share: the stylesheet and the bytes that it refers to, by address."""

    css: str
    assets: tuple[tuple[str, bytes], ...]
    fontconfig: str


Assets = tuple[tuple[str, bytes], ...]
"""Further bytes that some parts refer to (pictures), by address; there is nothing else that they could reach."""


@dataclass(frozen=True, slots=True)
class Laid:
    """Parts as ``parts.dump`` wrote them, in the order of their sources, and the bytes of their fonts by SHA-256."""

    parts: tuple[bytes, ...]
    fonts: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """What laying out may take. It grows with the HTML, so that no honest concept meets it, however large."""

    seconds: float = 60
    seconds_per_kb: float = 3
    """Time of the processor. An honest kilobyte takes 0.02 to 0.1 s."""
    memory: int = 2_000_000_000
    memory_per_byte: int = 2_000
    """Address space of the process. An honest byte takes 150 to 400 bytes."""

    def time(self, sources: Sequence[Source]) -> float:
        """Seconds of the processor that these parts may take together."""
        return self.seconds + self.seconds_per_kb * _size(sources) / 1000

    def room(self, sources: Sequence[Source]) -> int:
        """Bytes that the process may take; it lays out one of the parts after the other."""
        return self.memory + self.memory_per_byte * max((_size([s]) for s in sources), default=0)


def lay_out(context: Context, sources: Sequence[Source], assets: Assets = ()) -> Laid:
    """Lay out parts. Raises ``IhkError`` for whatever cannot be set as it is meant, ``UmgebungError`` without Pango."""
    typesetter = _typesetter(context)
    typesetter.provide(dict(assets))
    parts = []
    for source in sources:
        parts.append(dump(fitting(source, typesetter)))
        if source.lengths[0] > LONG:
            give_back()
    give_back()
    return Laid(tuple(parts), tuple(sorted(typesetter.fontfiles.items())))


LONG = 25_000
"""Letters of a part after which its memory is given back at once; shorter ones wait for the end of their piece."""
GRACE = 30
"""Seconds in which a process that has taken too long may say so, before the system ends it."""


class TooLong(BaseException):
    """The time is over. No ``Exception``: what the typesetter catches is not this."""


def lay_out_limited(context: Context, sources: Sequence[Source], assets: Assets, limits: Limits) -> Laid:
    """The same, within what honest parts of this size ever need. Raises ``TooLong`` or ``MemoryError``.

    Where a library of the system runs out of memory the process ends instead.
    """
    _lower(resource.RLIMIT_CPU, int(time.process_time() + limits.time(sources)) + 1)
    if sys.platform == "linux":  # elsewhere the system does not keep this one
        _lower(resource.RLIMIT_AS, limits.room(sources))
    try:
        return lay_out(context, sources, assets)
    except SystemError:  # what the interpreter makes of a library's function that got no memory and did not say so
        raise MemoryError from None


def _lower(what: int, wanted: int) -> None:
    """Set a limit, unless the system's own is lower still."""
    hard = resource.getrlimit(what)[1]
    resource.setrlimit(what, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def _size(sources: Sequence[Source]) -> int:
    return sum(sum(source.lengths) for source in sources)


@lru_cache(maxsize=4)
def _typesetter(context: Context) -> Typesetter:
    """The typesetter of a document, kept for its next parts: a stylesheet takes longer to read than a short part to set."""
    from ihk.pdf.part import Typesetter

    return Typesetter(context.css, dict(context.assets), fontconfig=Path(context.fontconfig))


def begin() -> None:
    """Start of a worker: no core files, no life without the parent, an exception when its time is over."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXCPU, _time_is_over)
    # Ctrl-C reaches every process of a terminal; the parent alone answers it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _time_is_over(_signal: int, _frame: FrameType | None) -> None:
    _lower(resource.RLIMIT_CPU, int(time.process_time()) + GRACE)  # the system would say it again every second
    raise TooLong


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
