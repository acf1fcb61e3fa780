"""How long after a save the preview shows it: a real ``ihk serve``, a concept of 60 measures, saved 20 times.

    python benchmarks/vorschau.py [--massnahmen 60] [--mal 20]

Measured from the end of a save to two moments: the event that reaches every open page with the changed Steckbrief in it, which the
page puts in its place at once (tests/web/vorschau.mjs looks at that in a browser); and the whole page with the new text, fetched
anew, as it is needed after a change of another kind. The goal is 300 ms for the worst of all; missed, the program ends with 1.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import konzepte

HIER = Path(__file__).resolve().parent

ZIEL = 0.3


class Vorschau:
    """``ihk serve`` as a process."""

    def __init__(self, ordner: Path) -> None:
        self.prozess = subprocess.Popen(
            [sys.executable, "-m", "ihk", "serve", "--port", "0"],
            cwd=ordner, env=os.environ | {"PYTHONPATH": str(HIER.parent)}, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.prozess.stderr is not None
        zeile = self.prozess.stderr.readline()
        treffer = re.search(r"http://127\.0\.0\.1:(\d+)/", zeile)
        if treffer is None:
            raise RuntimeError(zeile + self.prozess.stderr.read())
        self.port = int(treffer[1])

    def hole(self, adresse: str) -> bytes:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as verbindung:
            verbindung.request("GET", adresse)
            return verbindung.getresponse().read()


def messe(massnahmen: int, mal: int) -> tuple[list[float], list[float], int]:
    """Seconds to the event and to the page for each save, and the size of the page."""
    with tempfile.TemporaryDirectory() as hier:
        ordner = Path(hier)
        (datei,) = konzepte.projekt(ordner, massnahmen)
        konzept, fassung = datei.parent.name, datei.stem
        text = datei.read_text("utf-8")
        vor, stelle, nach = _mitte(text)
        vorschau = Vorschau(ordner)
        try:
            wurzel = f"/{konzept}/{fassung}"
            vorschau.hole(f"{wurzel}/")
            groesse = len(vorschau.hole(f"{wurzel}/bericht.html"))
            with closing(http.client.HTTPConnection("127.0.0.1", vorschau.port, timeout=60)) as hoerer:
                hoerer.request("GET", f"{wurzel}/ereignisse")
                strom = hoerer.getresponse()
                _bis(strom, "da")
                time.sleep(0.5)  # the watcher begins
                ereignis, seite = [], []
                for n in range(mal):
                    wort = f"Gespeichert{n:03}"
                    datei.write_text(f"{vor}{stelle}{wort} {nach}", "utf-8")
                    beginn = time.perf_counter()
                    _bis(strom, "gespeichert", wort)
                    ereignis.append(time.perf_counter() - beginn)
                    if wort.encode() not in vorschau.hole(f"{wurzel}/bericht.html"):
                        raise RuntimeError("Die Seite zeigt den alten Text")
                    seite.append(time.perf_counter() - beginn)
                    time.sleep(0.2)
            return ereignis, seite, groesse
        finally:
            vorschau.prozess.kill()
            vorschau.prozess.wait()


def _mitte(text: str) -> tuple[str, str, str]:
    """The text before, at and behind the first prose behind its middle."""
    treffer = re.compile(r"^    \w+: \|\n      ", re.MULTILINE).search(text, len(text) // 2)
    if treffer is None:
        raise RuntimeError("In dem Konzept steht kein langer Text")
    return text[: treffer.start()], treffer[0], text[treffer.end() :]


def _bis(strom: http.client.HTTPResponse, art: str, wort: str = "") -> None:
    """Read events until one of this kind that holds the word."""
    while True:
        zeile = strom.readline().decode()
        if not zeile:
            raise RuntimeError("Der Strom ist zu Ende")
        if zeile.startswith("event: ") and zeile[7:].strip() == art and wort in strom.readline().decode():
            return


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--massnahmen", type=int, default=60)
    parser.add_argument("--mal", type=int, default=20)
    wahl = parser.parse_args()
    ereignis, seite, groesse = messe(wahl.massnahmen, wahl.mal)
    sys.stdout.write(f"{wahl.massnahmen} Maßnahmen, Seite mit {groesse / 1e6:.1f} MB, {wahl.mal} Mal gespeichert\n")
    verfehlt = 0
    for was, zeiten in (("bis es dasteht", ereignis), ("bis zur ganzen Seite", seite)):
        mitte, schlimmste = statistics.median(zeiten) * 1000, max(zeiten) * 1000
        darueber = sum(z > ZIEL for z in zeiten)
        urteil = "gehalten" if not darueber else f"{darueber}-mal verfehlt"
        sys.stdout.write(
            f"{was:20} Mitte {mitte:4.0f} ms   längste {schlimmste:4.0f} ms   {ZIEL * 1000:.0f} ms {urteil}\n"
        )
        verfehlt += darueber
    return 1 if verfehlt else 0


if __name__ == "__main__":
    sys.exit(main())
