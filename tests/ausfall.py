"""A file system that fails, or a process that dies, at the k-th call: for what has to survive both."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

AUFRUFE = ("open", "fdopen", "fsync", "chmod", "replace", "rename", "link", "unlink", "mkdir", "rmdir", "utime")
"""What ``ihk.write`` and ``ihk.cache`` ask of the system; reading and looking are left to work."""
FEHLER = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS)


class TotError(BaseException):
    """The process was killed: nothing after it happens, no cleaning up either."""


class Ausfall:
    """Counts the calls; the k-th one fails with an error number or, without one, kills the process."""

    def __init__(self, k: int, nummer: int | None) -> None:
        self.k, self.nummer, self.gezaehlt, self.tot = k, nummer, 0, False

    @property
    def eingetreten(self) -> bool:
        return self.gezaehlt >= self.k

    def zaehle(self) -> None:
        if self.tot:
            raise TotError
        self.gezaehlt += 1
        if self.gezaehlt == self.k:
            if self.nummer is None:
                self.tot = True
                raise TotError
            raise OSError(self.nummer, os.strerror(self.nummer))

    def statt(self, echt: Callable[..., Any]) -> Callable[..., Any]:
        def aufruf(*args: Any, **kwargs: Any) -> Any:
            self.zaehle()
            return echt(*args, **kwargs)

        return aufruf


class _Datei:
    """A file open for writing whose every call counts; what a failed ``write`` leaves is the first half."""

    def __init__(self, datei: Any, ausfall: Ausfall) -> None:
        self._datei, self._ausfall = datei, ausfall

    def write(self, daten: bytes) -> int:
        try:
            self._ausfall.zaehle()
        except BaseException:
            self._datei.write(daten[: len(daten) // 2])
            self._datei.flush()
            raise
        return int(self._datei.write(daten))

    def flush(self) -> None:
        self._ausfall.zaehle()
        self._datei.flush()

    def fileno(self) -> int:
        return int(self._datei.fileno())

    def __enter__(self) -> _Datei:
        return self

    def __exit__(self, *args: object) -> None:
        self._datei.close()  # the system does that for the dead as well


@contextlib.contextmanager
def ausfall(monkeypatch: pytest.MonkeyPatch, k: int, nummer: int | None) -> Iterator[Ausfall]:
    """The k-th call of the file system inside fails (``nummer``) or is the last of its process (None)."""
    a = Ausfall(k, nummer)
    fdopen = os.fdopen
    with monkeypatch.context() as m:
        for name in AUFRUFE:
            m.setattr(os, name, a.statt(getattr(os, name)))
        m.setattr(os, "fdopen", lambda *args, **kw: (a.zaehle(), _Datei(fdopen(*args, **kw), a))[1])
        yield a


def offene() -> int:
    """How many descriptors this process holds."""
    return len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").is_dir() else 0


def bild(ordner: Path) -> dict[str, bytes]:
    """Every file that is no temporary one, by its path."""
    return {
        str(p.relative_to(ordner)): p.read_bytes()
        for p in sorted(ordner.rglob("*"))
        if p.is_file() and not any(t.startswith(".") and t.endswith(".tmp") for t in p.relative_to(ordner).parts)
    }


def reste(ordner: Path) -> list[str]:
    """Temporary files and folders that lie about."""
    return [str(p.relative_to(ordner)) for p in ordner.rglob(".*.tmp")]
