"""Progress of a build: a bar on a terminal, a plain line per Fassung elsewhere; always on stderr."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any


def zeile(nummer: int, anzahl: int, name: str, ergebnis: str) -> str:
    """The line of a Fassung that is done, where there is no bar."""
    return f"[{nummer}/{anzahl}] {name}: {ergebnis}"


class Anzeige:
    """Context manager; ``beginnt`` and ``fertig`` are called by the build. ``ohne``: a result that needs no line."""

    def __init__(self, anzahl: int, ohne: str = "") -> None:
        self._anzahl, self._ohne = anzahl, ohne
        self._balken: Any = None
        self._aufgabe: Any = None
        self._fertig = 0

    def __enter__(self) -> Anzeige:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            spalten = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            self._balken = Progress(*spalten, console=Console(stderr=True), transient=True)
            self._balken.start()
            self._aufgabe = self._balken.add_task("Setzen", total=self._anzahl)
        return self

    def __exit__(self, typ: type[BaseException] | None, wert: BaseException | None, spur: TracebackType | None) -> None:
        if self._balken is not None:
            self._balken.stop()

    def beginnt(self, name: str) -> None:
        """A Fassung is taken up."""
        if self._balken is not None:
            self._balken.update(self._aufgabe, description=name)

    def fertig(self, name: str, ergebnis: str) -> None:
        """A Fassung is done, in one word or short sentence."""
        self._fertig += 1
        if self._balken is not None:
            self._balken.advance(self._aufgabe)
        elif ergebnis != self._ohne:
            self.zeile(zeile(self._fertig, self._anzahl, name, ergebnis))

    def zeile(self, text: str) -> None:
        """A line that stays (a finding)."""
        if self._balken is not None:
            self._balken.console.print(text, markup=False, highlight=False, soft_wrap=True)
        else:
            sys.stderr.write(text + "\n")
            sys.stderr.flush()
