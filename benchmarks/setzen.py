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

    def __init__(self, ordner: Path, massnahmen: int, *, allein: bool = True) -> None:
        self.ordner = ordner
        (self.konzept,) = projekt(ordner, massnahmen)
        self.text = self.konzept.read_text("utf-8")
        self.umgebung = self.umgebung_fuer(ordner)
        self.runde = 0
        if allein:
            messen([PYTHON, HIER / "allein.py", "vorbereiten", self.konzept, ordner / "allein"])

    @staticmethod
    def umgebung_fuer(ordner: Path) -> dict[str, str]:
        """The environment with a cache of its own."""
        umgebung = os.environ | {"XDG_CACHE_HOME": str(ordner / "cache")}
        umgebung.pop("PYTHONDONTWRITEBYTECODE", None)
        return umgebung

    def allein(self) -> Messung:
        return messen([PYTHON, HIER / "allein.py", "setzen", self.ordner / "allein"])

    def baue(self, *optionen: str) -> Messung:
        # In the concept's own project: elsewhere the overview would be about other concepts.
        return messen(
            [IHK, "build", self.konzept, "--output", self.ordner / "aus", *optionen], cwd=self.ordner, env=self.umgebung
        )

    def kalt(self, jobs: int) -> Messung:
        shutil.rmtree(self.ordner / "cache", ignore_errors=True)
        shutil.rmtree(self.ordner / "aus", ignore_errors=True)
        return self.baue("--jobs", str(jobs))

    def aendere(self) -> None:
        """One sentence of the measure in the middle is another one; everything else stays."""
        self.runde += 1
        stelle = self.text.index("beschreibung: |\n", len(self.text) // 2) + len("beschreibung: |\n")
        text = f"{self.text[:stelle]}      Nun steht hier Satz {self.runde}.\n{self.text[stelle:]}"
        neu = self.konzept.with_name(".neu")
        neu.write_text(text, "utf-8")
        neu.replace(self.konzept)  # as an editor saves

    def ein_text(self) -> Messung:
        """The rest comes from the cache."""
        self.aendere()
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
