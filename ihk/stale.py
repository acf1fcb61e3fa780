"""What changed since the last build: hashes of everything a result depends on. Standard library only."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from ihk import __version__
from ihk.cache import native_libraries

STAND = ".ihk-stand.json"


@cache
def programm(vorlagen: Path) -> str:
    """Hash of the program: package, templates, fonts, versions of what sets the type."""
    summe = hashlib.sha256(sys.version.encode())
    for paket in ("weasyprint", "pydyf", "jinja2", "pyphen", "fonttools", "markdown-it-py"):
        try:
            summe.update(f"{paket} {importlib.metadata.version(paket)}".encode())
        except importlib.metadata.PackageNotFoundError:
            summe.update(f"{paket} -".encode())
    summe.update(native_libraries().encode())
    hash_tree(summe, Path(__file__).parent, (".py", ".json", ".yaml", ".txt"))
    hash_tree(summe, vorlagen, None)
    return summe.hexdigest()


def hash_tree(summe: hashlib._Hash, ordner: Path, endungen: tuple[str, ...] | None) -> None:
    """Names and bytes of all files below a folder, in order."""
    if not ordner.is_dir():
        return
    for datei in sorted(p for p in ordner.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
        if endungen is None or datei.suffix in endungen:
            daten = datei.read_bytes()
            summe.update(f"{datei.relative_to(ordner)}\0{len(daten)}\0".encode())
            summe.update(daten)


def digest(teile: Iterable[str]) -> str:
    """One key from several."""
    return hashlib.sha256("\n".join(teile).encode()).hexdigest()


def aktuell(ordner: Path, schluessel: str, namen: Iterable[str]) -> bool:
    """Were exactly these files written from exactly this, and are they still what was written?"""
    try:
        dateien = _bisher(ordner)
        return all(
            dateien[name]["schluessel"] == schluessel and dateien[name]["sha256"] == _sha(ordner / name)
            for name in namen
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def written_by(ordner: Path, version: str) -> frozenset[str]:
    """Names of the files that this version of the program has written, and that lie there as it wrote them."""
    return frozenset(
        name
        for name, e in _bisher(ordner).items()
        if e["version"] == version and (ordner / name).is_file() and e["sha256"] == _sha(ordner / name)
    )


def _bisher(ordner: Path) -> dict[str, dict[str, str]]:
    try:
        dateien = json.loads((ordner / STAND).read_text(encoding="utf-8"))["dateien"]
        return {
            str(n): {"schluessel": e["schluessel"], "sha256": e["sha256"], "version": e.get("version", "")}
            for n, e in dateien.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _sha(datei: Path) -> str:
    return hashlib.sha256(datei.read_bytes()).hexdigest()


def stand(ordner: Path, schluessel: str, dateien: Mapping[str, bytes]) -> bytes:
    """Content of the state file: key, checksum and the program's version of every file, also of those that other calls
    have written."""
    bisher = _bisher(ordner)
    neu = {
        n: {"schluessel": schluessel, "sha256": hashlib.sha256(d).hexdigest(), "version": __version__}
        for n, d in dateien.items()
    }
    inhalt = {"dateien": dict(sorted({**bisher, **neu}.items()))}
    return (json.dumps(inhalt, indent=1) + "\n").encode()
