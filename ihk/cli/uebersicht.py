"""The overview of commands as ``ihk --help`` prints it, kept as text: laying it out takes longer than all the rest.

The text is what click makes of the commands at its usual width; ``make nachschlagen`` writes it and a test holds it to that.
Only the standard library, and little of it.
"""

from __future__ import annotations

import os
import sys

DATEI = f"{__file__.removesuffix('.py')}.txt"
BREITE = 80
"""Columns that the text is made for; click lays no help out wider."""


def gefragt(argumente: list[str]) -> bool:
    """Whether these words ask for the overview, on a terminal that is wide enough for it."""
    return argumente in (["--help"], ["-h"]) and _spalten() >= BREITE


def _spalten() -> int:
    """Columns of the terminal, as ``shutil.get_terminal_size`` finds them."""
    try:
        spalten = int(os.environ.get("COLUMNS", ""))
    except ValueError:
        spalten = 0
    if spalten > 0:
        return spalten
    if sys.__stdout__ is None:
        return BREITE
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or BREITE
    except (ValueError, OSError):  # no terminal, or one that is closed
        return BREITE


def zeige() -> None:
    """Print it. Raises ``OSError`` where stdout takes nothing."""
    with open(DATEI, encoding="utf-8") as datei:
        sys.stdout.write(datei.read())
    sys.stdout.flush()
