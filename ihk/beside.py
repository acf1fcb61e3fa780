"""A file beside a concept, such as a picture or a boundary: found inside its folder only, a regular file, bounded in size."""

from __future__ import annotations

import os
import stat
from pathlib import Path


class BesideError(Exception):
    """The file cannot be used; a sentence and the way out."""

    def __init__(self, meldung: str, hinweis: str) -> None:
        super().__init__(meldung)
        self.meldung, self.hinweis = meldung, hinweis


def read_beside(ordner: Path, datei: str, megabyte: int, hinweis: str) -> bytes:
    """The bytes of ``datei`` relative to ``ordner``; raises ``BesideError`` if it is missing, elsewhere, no file or too large.

    ``hinweis`` is the way out for a file that is too large.
    """
    fehlt = BesideError(
        f"Die Datei „{datei}“ gibt es nicht oder sie ist nicht lesbar.",
        "Dateinamen prüfen, auch Groß- und Kleinschreibung.",
    )
    try:
        basis = ordner.resolve()
        pfad = (basis / datei).resolve()
        if Path(datei).is_absolute() or not pfad.is_relative_to(basis):
            raise BesideError(
                f"Die Datei „{datei}“ liegt nicht im Ordner des Konzepts.", "Sie neben die Konzeptdatei legen."
            )
        kennung = os.open(pfad, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (OSError, RuntimeError, ValueError):  # missing, a circle of links, a name that cannot be one
        raise fehlt from None
    if not stat.S_ISREG(os.fstat(kennung).st_mode):  # before it becomes a stream, which a folder cannot
        os.close(kennung)
        raise BesideError(f"„{datei}“ ist keine gewöhnliche Datei.", "Eine Datei angeben.")
    with os.fdopen(kennung, "rb") as strom:
        daten = strom.read(megabyte * 1024 * 1024 + 1)
    if len(daten) > megabyte * 1024 * 1024:
        raise BesideError(f"Die Datei „{datei}“ ist größer als {megabyte} MB.", hinweis)
    return daten
