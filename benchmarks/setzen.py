"""Building against plain WeasyPrint on the same HTML, by turns in one run: ``setzen.py [MASSNAHMEN] [RUNDEN]``. Prints a table.

Every figure is a median; its ratio is the median of the ratios of each round, since a machine gets faster and slower.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from konzepte import projekt
from messung import Messung, messen

HIER = Path(__file__).parent
PYTHON = sys.executable
IHK = Path(PYTHON).parent / "ihk"


class Feld:
    """A concept, its HTML for WeasyPrint alone, and a cache and an output folder of its own."""

    def __init__(self, ordner: Path, massnahmen: int) -> None:
        self.ordner = ordner
        (self.konzept,) = projekt(ordner, massnahmen)
        self.text = self.konzept.read_text("utf-8")
        self.umgebung = os.environ | {"XDG_CACHE_HOME": str(ordner / "cache")}
        self.umgebung.pop("PYTHONDONTWRITEBYTECODE", None)
        self.runde = 0
        messen([PYTHON, HIER / "allein.py", "vorbereiten", self.konzept, ordner / "allein"])

    def allein(self) -> Messung:
        return messen([PYTHON, HIER / "allein.py", "setzen", self.ordner / "allein"])

    def baue(self, *optionen: str) -> Messung:
        return messen([IHK, "build", self.konzept, "--output", self.ordner / "aus", *optionen], env=self.umgebung)

    def kalt(self, jobs: int) -> Messung:
        shutil.rmtree(self.ordner / "cache", ignore_errors=True)
        shutil.rmtree(self.ordner / "aus", ignore_errors=True)
        return self.baue("--jobs", str(jobs))

    def ein_text(self) -> Messung:
        """One sentence of the middle measure is another one; everything else comes from the cache."""
        self.runde += 1
        vorn, stelle, hinten = self.text.rpartition("beschreibung: |\n")
        self.konzept.write_text(f"{vorn}{stelle}      Nun steht hier Satz {self.runde}.\n{hinten}", "utf-8")
        return self.baue()

    def nichts(self) -> Messung:
        self.baue()  # remembers it
        return self.baue()


@contextmanager
def feld(massnahmen: int) -> Iterator[Feld]:
    ordner = Path(tempfile.mkdtemp(prefix="ihk-messung-"))
    try:
        yield Feld(ordner, massnahmen)
    finally:
        shutil.rmtree(ordner)


def main(massnahmen: int = 42, runden: int = 3) -> None:
    with feld(massnahmen) as f:
        arbeiten: dict[str, Callable[[], Messung]] = {
            "WeasyPrint allein": f.allein,
            "kalt, ein Prozess": lambda: f.kalt(1),
            "kalt, zwei Prozesse": lambda: f.kalt(2),
            "ein Text geändert": f.ein_text,
            "nichts geändert": f.nichts,
            "python -c pass": lambda: messen([PYTHON, "-c", "pass"]),
        }
        gemessen: dict[str, list[Messung]] = {name: [] for name in arbeiten}
        for _ in range(runden):
            for name, arbeit in arbeiten.items():
                gemessen[name].append(arbeit())
    zeile("Arbeit", "Uhr s", "CPU s", "Uhr ×", "CPU ×", "Speicher MB")
    zeile(*["---"] * 6)
    allein = gemessen["WeasyPrint allein"]
    for name, liste in gemessen.items():
        zeile(
            name,
            f"{median(m.wall for m in liste):.2f}",
            f"{median(m.cpu for m in liste):.2f}",
            f"{median(m.wall / a.wall for m, a in zip(liste, allein, strict=True)):.3f}",
            f"{median(m.cpu / a.cpu for m, a in zip(liste, allein, strict=True)):.3f}",
            f"{max(m.speicher for m in liste) / 1e6:.0f}",
        )


def zeile(*spalten: str) -> None:
    sys.stdout.write(f"| {' | '.join(spalten)} |\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
