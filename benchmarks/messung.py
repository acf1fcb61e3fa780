"""Measures a command with everything it starts: time on the clock, time of the processor, memory of all processes together.

The calling process adopts what its children leave behind (``PR_SET_CHILD_SUBREAPER``), so workers that are nobody's direct
child are waited for and counted too. Linux only.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_SUBREAPER = 36
PAUSE = 0.05
"""Seconds between two looks at the memory."""
ANTEIL = 0.03
"""Share of the time that looking may take: over some gigabytes the system looks for long, and the measured process waits."""


@dataclass(frozen=True, slots=True)
class Messung:
    """Seconds, and bytes of the highest moment (shared pages counted once)."""

    wall: float
    cpu: float
    speicher: int


def messen(befehl: Sequence[str | Path], *, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Messung:
    """Run a command to its end. Raises ``RuntimeError`` with its output if it fails."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    bleiben = set(_kinder(os.getpid()))  # others that go on meanwhile, such as ``build --watch``
    vorher = resource.getrusage(resource.RUSAGE_CHILDREN)
    ende, hoechst = threading.Event(), [0]
    beginn = time.perf_counter()
    lauf = subprocess.Popen(
        befehl, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
    )
    beobachter = threading.Thread(target=_beobachte, args=(lauf.pid, ende, hoechst))
    beobachter.start()
    aus, _ = lauf.communicate()
    wall = time.perf_counter() - beginn
    ende.set()
    beobachter.join()
    while nachzuegler := set(_kinder(os.getpid())) - bleiben:  # workers that end after the command has
        with contextlib.suppress(ChildProcessError):
            os.waitpid(nachzuegler.pop(), 0)
    nachher = resource.getrusage(resource.RUSAGE_CHILDREN)
    if lauf.returncode:
        raise RuntimeError(f"{' '.join(map(str, befehl))} endete mit {lauf.returncode}:\n{aus.decode()[-2000:]}")
    cpu = nachher.ru_utime + nachher.ru_stime - vorher.ru_utime - vorher.ru_stime
    return Messung(wall, cpu, hoechst[0])


def _beobachte(pid: int, ende: threading.Event, hoechst: list[int]) -> None:
    pause = PAUSE
    while not ende.wait(pause):
        beginn = time.perf_counter()
        hoechst[0] = max(hoechst[0], sum(map(_pss, familie(pid))))
        pause = max(PAUSE, (time.perf_counter() - beginn) / ANTEIL)


def familie(pid: int) -> list[int]:
    """A process with everything below it."""
    ergebnis = [pid]
    for kind in _kinder(pid):
        ergebnis += familie(kind)
    return ergebnis


def _kinder(pid: int) -> list[int]:
    ergebnis: list[int] = []
    with contextlib.suppress(OSError):  # it has ended
        for faden in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError):
                ergebnis += map(int, (faden / "children").read_text().split())
    return ergebnis


def prozessorzeit(pids: Iterable[int]) -> float:
    """Seconds of the processor that these processes have had, and their children that have ended."""
    summe = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            summe += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]))
    return summe / os.sysconf("SC_CLK_TCK")


def _pss(pid: int) -> int:
    with contextlib.suppress(OSError, StopIteration):
        zeilen = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return 1024 * int(next(z for z in zeilen if z.startswith("Pss:")).split()[1])
    return 0


if __name__ == "__main__":
    m = messen(sys.argv[1:])
    sys.stdout.write(f"{m.wall:.2f} s, {m.cpu:.2f} s CPU, {m.speicher / 1e6:.0f} MB\n")
