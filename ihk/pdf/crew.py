"""Who lays parts out: worker processes with limits, or this process."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import CancelledError, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.context import BaseContext
from typing import Protocol

from ihk.pdf import worker
from ihk.pdf.fitting import Source
from ihk.pdf.worker import Assets, Context, Laid, Limits, TooLong
from ihk.problems import GrenzeError, UmgebungError

PIECES = 6
"""Pieces that a document is divided into for each worker: enough that none waits long for the last one."""
LARGEST = 16
"""Parts in a piece at most."""
Piece = Callable[[], Laid]
Using = Callable[[Sequence[Source]], Assets]
"""What of the document's pictures some parts refer to."""


class Crew(Protocol):
    """Takes parts and gives them back laid out."""

    def lay_out(
        self, context: Context, sources: Sequence[Source], assets: Using
    ) -> list[tuple[Sequence[Source], Piece]]:
        """Pieces of the work with what gives their result; each piece is begun, the long ones first."""
        ...

    def rest(self) -> None:
        """All parts of a document are there; what comes now needs none of the crew."""
        ...


class Here:
    """This process, without limits: for trusted parts, tests and whoever has a process of his own already."""

    def lay_out(
        self, context: Context, sources: Sequence[Source], assets: Using
    ) -> list[tuple[Sequence[Source], Piece]]:
        return [((s,), partial(worker.lay_out, context, (s,), assets((s,)))) for s in sources]

    def rest(self) -> None:
        """There is nobody else."""


class Pool:
    """Worker processes of this machine. They start with the first part and end with ``close``.

    Unless they are to stay ``ready`` they end too when nobody waits for a part: putting a large document together needs the room.
    """

    def __init__(self, jobs: int, limits: Limits | None = None, *, ready: bool = False) -> None:
        self._jobs, self._limits, self._ready = jobs, limits or Limits(), ready
        self._pool: ProcessPoolExecutor | None = None
        self._owed = 0
        """Pieces that nobody has asked for yet."""

    def __enter__(self) -> Pool:
        _prepare()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.close(at_once=kind is not None)

    def close(self, *, at_once: bool = False) -> None:
        """End the workers; ``at_once`` without waiting for what they are doing."""
        pool, self._pool = self._pool, None
        if pool is not None:
            if at_once:
                _kill(pool)
            pool.shutdown(cancel_futures=at_once)

    def lay_out(
        self, context: Context, sources: Sequence[Source], assets: Using
    ) -> list[tuple[Sequence[Source], Piece]]:
        return [(piece, self._begun(context, piece, assets)) for piece in pieces(sources, self._jobs)]

    def rest(self) -> None:
        if not (self._ready or self._owed):
            self.close()

    def _begun(self, context: Context, sources: tuple[Source, ...], assets: Using) -> Piece:
        args = (context, sources, assets(sources), self._limits)
        try:
            future = self._started().submit(worker.lay_out_limited, *args)
        except BrokenProcessPool:  # a worker was killed meanwhile
            self.close(at_once=True)
            future = self._started().submit(worker.lay_out_limited, *args)
        self._owed += 1

        def result() -> Laid:
            self._owed -= 1
            try:
                return future.result()
            except (TooLong, MemoryError, BrokenProcessPool):
                # Which of them was it? Or was it somebody else's part that took this one along? Each on its own will show.
                return together(partial(self._alone, context, source, assets) for source in sources)
            except CancelledError:
                raise UmgebungError("Das Setzen wurde abgebrochen.") from None

        return result

    def _alone(self, context: Context, source: Source, assets: Using) -> Laid:
        """The part from a process that does nothing else. Raises ``GrenzeError`` if that ends too."""
        with Pool(1) as lone:  # which ends at once when the waiting is broken off
            args = (context, (source,), assets((source,)), self._limits)
            try:
                return lone._started().submit(worker.lay_out_limited, *args).result()
            except (TooLong, MemoryError, BrokenProcessPool) as error:
                raise _limit(source, error) from None

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = _processes(self._jobs)
        return self._pool


# Forked from a server that has only loaded libraries: a fork of this process would take its threads' locks along.
METHOD = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"


def _prepare() -> BaseContext:
    """Have the server load its libraries while this process has other things to do; half a second on the other processor."""
    context: BaseContext = get_context(METHOD)
    if METHOD == "forkserver":
        from multiprocessing import forkserver

        context.set_forkserver_preload(["ihk.pdf.warm"])
        forkserver.ensure_running()
    return context


def _processes(number: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(number, mp_context=_prepare(), initializer=worker.begin)


def _kill(pool: ProcessPoolExecutor) -> None:
    """What its workers set is not wanted any more, so nobody waits for it."""
    if hasattr(pool, "kill_workers"):  # from Python 3.14 on
        pool.kill_workers()
    else:
        for process in list((pool._processes or {}).values()):
            process.kill()


def pieces(sources: Sequence[Source], jobs: int) -> list[tuple[Source, ...]]:
    """The parts in pieces of about the same size, the largest first."""
    ordered = sorted(sources, key=lambda source: -source.lengths[0])
    target = sum(s.lengths[0] for s in ordered) / (PIECES * jobs)
    result: list[tuple[Source, ...]] = []
    size = target
    for source in ordered:
        if size >= target or len(result[-1]) >= LARGEST:
            result.append(())
            size = 0.0
        result[-1] = (*result[-1], source)
        size += source.lengths[0]
    return result


def together(begun: Iterable[Piece]) -> Laid:
    """Several pieces as one."""
    results = [piece() for piece in list(begun)]
    fonts = {name: data for laid in results for name, data in laid.fonts}
    return Laid(tuple(part for laid in results for part in laid.parts), tuple(sorted(fonts.items())))


_HEADING = re.compile(r"<h[1-6][^>]*>(.*?)</h[1-6]>", re.DOTALL)


def _limit(source: Source, error: BaseException) -> GrenzeError:
    heading = _HEADING.search(source.variants[0])
    title = source.head or (re.sub(r"<[^>]*>|\u00ad", "", heading[1]).strip() if heading else "")
    wo = f"von „{title}“" if title else "eines Teils des Berichts"
    # Where memory ends, some libraries say so and others take the process with them: both are one to the reader.
    grund = "Es hat zu viel Speicher gebraucht, oder der Prozess wurde zweimal von außen beendet."
    if isinstance(error, TooLong):
        grund = "Es hat zu lange gedauert."
    return GrenzeError(
        f"Das Setzen {wo} wurde abgebrochen. {grund} Texte und Tabellen dieser Stelle kürzen oder aufteilen; "
        "alle anderen Fassungen und die früheren Ausgaben sind unverändert."
    )
