"""The one place that writes files: beside the target, then renamed, so that a reader sees the old or the new one whole."""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from ihk.problems import IhkError, ursache

ALT = 3600
"""Seconds after which a temporary file is no longer anybody's work."""


def write_atomic(ziel: Path, daten: bytes) -> None:
    """Write or replace ``ziel``; on any failure the former file is untouched. Raises ``IhkError`` if it cannot be written."""
    _schreibe(ziel, daten, fuer=ziel)


def _schreibe(ziel: Path, daten: bytes, *, fuer: Path) -> None:
    """Write ``ziel``, which takes the place of ``fuer`` later: what goes wrong is said of the file that a user knows."""
    try:
        ziel.parent.mkdir(parents=True, exist_ok=True)
        kennung, name = tempfile.mkstemp(prefix=f".{ziel.name}.", suffix=".tmp", dir=ziel.parent)
    except OSError as fehler:
        raise IhkError(f"„{fuer}“ lässt sich nicht schreiben: {ursache(fehler)}.") from None
    try:
        with _offen(kennung) as datei:
            datei.write(daten)
            datei.flush()
            os.fsync(datei.fileno())
        Path(name).chmod(_rechte(ziel))
        Path(name).replace(ziel)
    except OSError as fehler:
        _entferne(name)
        raise IhkError(f"„{fuer}“ lässt sich nicht schreiben: {ursache(fehler)}.") from None
    except BaseException:
        _entferne(name)
        raise
    with contextlib.suppress(OSError):  # not every file system can sync a directory
        ordner = os.open(ziel.parent, os.O_RDONLY)
        try:
            os.fsync(ordner)
        finally:
            os.close(ordner)
    _alte_reste(ziel)


def write_together(dateien: Mapping[Path, bytes]) -> None:
    """Write or replace several files that belong together: each is there in full before the first one is replaced."""
    bereit: list[tuple[Path, Path]] = []
    try:
        for ziel, daten in dateien.items():
            neu = ziel.parent / f".{ziel.name}.{os.getpid()}.tmp"
            _schreibe(neu, daten, fuer=ziel)
            bereit.append((neu, ziel))
        for neu, ziel in bereit:
            neu.replace(ziel)
    except OSError as fehler:
        raise IhkError(f"„{ziel}“ lässt sich nicht schreiben: {ursache(fehler)}.") from None
    finally:
        for neu, _ in bereit:
            _entferne(str(neu))


def write_quickly(ziel: Path, daten: bytes) -> None:
    """Write a file that nobody misses: whole or not at all, without waiting for the disk and without complaint."""
    try:
        ziel.parent.mkdir(parents=True, exist_ok=True)
        kennung, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=ziel.parent)
    except OSError:
        return
    try:
        with _offen(kennung) as datei:
            datei.write(daten)
        Path(name).replace(ziel)
    except OSError:
        _entferne(name)
    except BaseException:
        _entferne(name)
        raise


def write_temporary(ziel: Path, daten: bytes) -> None:
    """Write a new file below a temporary folder of our own, where no reader waits and nothing has to last."""
    try:
        ziel.parent.mkdir(parents=True, exist_ok=True)
        with ziel.open("xb") as datei:
            datei.write(daten)
    except OSError as fehler:
        raise IhkError(f"„{ziel}“ lässt sich nicht schreiben: {ursache(fehler)}.") from None


def create_file(ziel: Path, daten: bytes) -> None:
    """Write a new file; raises ``IhkError`` and changes nothing if something of that name is already there."""
    _noch_nicht_da(ziel)
    neu = ziel.parent / f".{ziel.name}.{os.getpid()}.tmp"
    _schreibe(neu, daten, fuer=ziel)
    try:
        try:
            os.link(neu, ziel)  # unlike a rename this never replaces what somebody else wrote in the meantime
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            _noch_nicht_da(ziel)
            neu.replace(ziel)
    except OSError as fehler:
        raise IhkError(f"„{ziel}“ lässt sich nicht anlegen: {ursache(fehler)}.") from None
    finally:
        _entferne(str(neu))


def create_folder(ziel: Path, dateien: Mapping[str, bytes]) -> None:
    """Write a new folder with files (path below it → bytes); it appears whole or not at all and replaces nothing."""
    _noch_nicht_da(ziel)
    try:
        ziel.parent.mkdir(parents=True, exist_ok=True)
        neu = Path(tempfile.mkdtemp(prefix=f".{ziel.name}.", suffix=".tmp", dir=ziel.parent))
    except OSError as fehler:
        raise IhkError(f"„{ziel}“ lässt sich nicht anlegen: {ursache(fehler)}.") from None
    try:
        for name, daten in dateien.items():
            _schreibe(neu / name, daten, fuer=ziel / name)
        neu.chmod(0o777 & ~_umask())
        _noch_nicht_da(ziel)
        neu.rename(ziel)
    except OSError as fehler:
        raise IhkError(f"„{ziel}“ lässt sich nicht anlegen: {ursache(fehler)}.") from None
    finally:
        shutil.rmtree(neu, ignore_errors=True)


def _noch_nicht_da(ziel: Path) -> None:
    if os.path.lexists(ziel):
        raise IhkError(f"„{ziel}“ gibt es schon; überschrieben wird nichts.")


def _offen(kennung: int) -> BinaryIO:
    """The file behind a descriptor, which is closed even if there is none to be had."""
    try:
        return os.fdopen(kennung, "wb")
    except BaseException:
        os.close(kennung)
        raise


def _rechte(ziel: Path) -> int:
    """Who may read and write: as before, so that what was shut stays shut; a new file as the umask says."""
    try:
        art = ziel.stat().st_mode
    except OSError:
        return 0o666 & ~_umask()
    return stat.S_IMODE(art) if stat.S_ISREG(art) else 0o666 & ~_umask()


def _alte_reste(ziel: Path) -> None:
    """Half-written files beside ``ziel`` whose writer was killed; a younger one may still be at work."""
    grenze = time.time() - ALT
    with contextlib.suppress(OSError):
        for rest in ziel.parent.glob(f".{glob.escape(ziel.name)}.*.tmp"):
            with contextlib.suppress(OSError):
                if rest.lstat().st_mtime < grenze:
                    shutil.rmtree(rest) if rest.is_dir() and not rest.is_symlink() else rest.unlink()


def _umask() -> int:
    """The process's umask; it can only be read by setting it."""
    maske = os.umask(0o022)
    os.umask(maske)
    return maske


def _entferne(name: str) -> None:
    with contextlib.suppress(OSError):
        Path(name).unlink()


@contextlib.contextmanager
def build_lock(ordner: Path) -> Iterator[None]:
    """Only one build at a time writes into a folder; a second one ends at once with ``IhkError``."""
    try:
        ordner.mkdir(parents=True, exist_ok=True)
        datei = (ordner / ".ihk-lock").open("a+")
    except OSError as fehler:
        raise IhkError(f"In „{ordner}“ lässt sich nicht schreiben: {ursache(fehler)}.") from None
    with datei:
        try:
            import fcntl
        except ImportError:  # Windows: the rename alone has to do
            yield
            return
        try:
            fcntl.flock(datei, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise IhkError(f"In „{ordner}“ läuft bereits ein Build. Warten, bis er fertig ist.") from None
        except OSError:  # a file system without locks: the rename alone has to do
            yield
            return
        _aufraeumen(ordner)
        yield


def _aufraeumen(ordner: Path) -> None:
    """Half-written files of a build that was killed."""
    for rest in ordner.glob("*/*/.*.tmp"):
        _entferne(str(rest))
    for rest in ordner.glob(".*.tmp"):
        _entferne(str(rest))
