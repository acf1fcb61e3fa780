"""Results that are costly to make, kept between runs by what they were made from. Safe to delete, safe for two runs at once.

An entry carries its checksum: what was cut off or damaged counts as not there. Nothing in it is ever executed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ihk.write import write_quickly

LIMIT = 400_000_000
"""Bytes that all entries together may take; above it the ones not used for longest go."""


def default_folder() -> Path:
    """``$XDG_CACHE_HOME/ihk``, else ``~/.cache/ihk``."""
    basis = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(basis) if basis else Path.home() / ".cache") / "ihk"


@dataclass(frozen=True, slots=True)
class Cache:
    """Entries in one folder, by key (hexadecimal)."""

    ordner: Path

    def get(self, key: str) -> bytes | None:
        """The entry; None if there is none that is whole."""
        datei = self._datei(key)
        try:
            roh = datei.read_bytes()
            if hashlib.sha256(roh[32:]).digest() != roh[:32]:
                return None
            daten = zlib.decompress(roh[32:])
        except (OSError, zlib.error):
            return None
        with contextlib.suppress(OSError):
            os.utime(datei)  # used now, so it goes last
        return daten

    def put(self, key: str, daten: bytes) -> None:
        """Keep an entry; that it cannot be kept (a full disk, a read-only home) is no reason to stop."""
        inhalt = zlib.compress(daten, 1)
        write_quickly(self._datei(key), hashlib.sha256(inhalt).digest() + inhalt)

    def made(self, key: str, make: Callable[[], bytes]) -> bytes:
        """The entry, made and kept if there is none."""
        daten = self.get(key)
        if daten is None:
            daten = make()
            self.put(key, daten)
        return daten

    def trim(self, limit: int = LIMIT) -> None:
        """Delete the entries that were not used for longest until all take at most four fifths of the limit."""
        eintraege: list[tuple[float, int, Path]] = []
        with contextlib.suppress(OSError):
            for datei in self.ordner.glob("*/*"):
                with contextlib.suppress(OSError):
                    stand = datei.stat()
                    eintraege.append((stand.st_mtime, stand.st_size, datei))
        summe = sum(groesse for _, groesse, _ in eintraege)
        if summe <= limit:
            return
        for _, groesse, datei in sorted(eintraege):
            if summe <= limit * 4 // 5:
                return
            with contextlib.suppress(OSError):
                datei.unlink()
            summe -= groesse

    def _datei(self, key: str) -> Path:
        return self.ordner / key[:2] / key[2:]


NATIV = ("libpango-1.0", "libpangoft2-1.0", "libharfbuzz", "libharfbuzz-subset", "libfontconfig", "libfreetype")
_ORTE = ("/usr/lib/*", "/usr/lib", "/usr/local/lib", "/lib/*", "/opt/homebrew/lib")


def native_files() -> list[str]:
    """The files of the native libraries that set type, as they are named in every release."""
    return [str(p) for ort in _ORTE for name in NATIV for p in Path("/").glob(f"{ort[1:]}/{name}.so.[0-9]")]


def native_libraries() -> str:
    """Names with versions of these libraries: found by their files, as loading them would be slow."""
    gefunden = set()
    for datei in native_files():
        with contextlib.suppress(OSError):
            echt = Path(datei).resolve()
            gefunden.add(f"{echt.name} {echt.stat().st_size}")
    return "\n".join(sorted(gefunden))
