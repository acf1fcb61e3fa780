"""Lays out the parts of a Fassung with or without ``ihk.pdf.shortcuts`` and prints their checksums.

``abkuerzungen.py mit|ohne FASSUNG [ZAHL]``: every part of the report, or so many of them, spread over it.
``abkuerzungen.py vergleiche``: both ways for every Fassung of ``concepts/``; ends with 1 if any part differs.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from ihk.build import bestellung
from ihk.pdf import part, shortcuts
from ihk.pdf.parts import dump
from ihk.project import version_at
from ihk.report.render import report_druck

KONZEPTE = Path(__file__).parent.parent / "concepts"


def beide(pfad: Path, *zahl: str) -> tuple[list[str], list[str]]:
    """The checksums with and without, from two processes at the same time."""
    befehl = [sys.executable, __file__]
    laufen = [
        subprocess.Popen([*befehl, wie, pfad, *zahl], text=True, stdout=subprocess.PIPE) for wie in ("mit", "ohne")
    ]
    mit, ohne = [lauf.communicate()[0].split() for lauf in laufen]
    assert [lauf.returncode for lauf in laufen] == [0, 0]
    return mit, ohne


def vergleiche() -> int:
    code = 0
    for pfad in sorted(p for p in KONZEPTE.glob("*/*") if p.is_dir() or p.suffix == ".yaml"):
        mit, ohne = beide(pfad)
        code |= mit != ohne
        sys.stdout.write(
            f"{pfad.relative_to(KONZEPTE)}: {len(mit)} Teile, {'gleich' if mit == ohne else 'VERSCHIEDEN'}\n"
        )
    return code


def main(wie: str, pfad: str, zahl: str = "0") -> None:
    if wie == "ohne":
        shortcuts.install = lambda: None
    version = version_at(Path(pfad))
    order = bestellung(report_druck(version.geladen, vorgaenger=None, aenderungen=None, ihk_version="0"))
    setzer = part.Typesetter(order.css, order.assets, fontconfig=order.fontconfig)
    alle = order.sources
    for source in alle[:: max(1, len(alle) // int(zahl))] if int(zahl) else alle:
        for html in source.variants:
            sys.stdout.write(f"{hashlib.sha256(dump(setzer.lay_out(html))).hexdigest()}\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["vergleiche"]:
        sys.exit(vergleiche())
    main(*sys.argv[1:])
