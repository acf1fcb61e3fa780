"""Everything that docs/leistung.md says, measured in one interleaved run on this machine: ``make bench``.

    .venv/bin/python benchmarks/alles.py              # half an hour on a quiet machine; writes docs/leistung.md
    .venv/bin/python benchmarks/alles.py --schnell    # small sizes only, to see whether it runs; prints, writes nothing

What is compared runs by turns, so that a machine that gets faster or slower favours nobody; every ratio is the median of
the ratios of each round. Large sizes run once. A tool that is not there is said not to be there.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import leistung
import nachbarn
import worte
from konzepte import projekt
from messung import Messung, familie, messen, prozessorzeit
from pypdf import PdfReader
from setzen import HIER, IHK, PYTHON, Feld

STAPEL, STAPEL_GROESSE = 50, 20
PROBE = 10
"""Plain calls of the batch that are really made; the concepts differ in nothing that costs time, so the rest is as many times that."""


@dataclass
class Lauf:
    """What was measured: work → concept size → one Messung per round."""

    gemessen: dict[str, dict[int, list[Messung]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    seiten: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    ziele: list[tuple[str, str, float, float]] = field(default_factory=list)
    """Work, what it is compared with, goal and measured ratio."""
    fehlt: list[str] = field(default_factory=list)

    def runde(self, groesse: int, arbeiten: dict[str, Callable[[], Messung]]) -> None:
        for name, arbeit in arbeiten.items():
            m = arbeit()
            self.gemessen[name][groesse].append(m)
            melde(f"  {name}: {m.wall:.2f} s, {m.cpu:.2f} s CPU, {m.speicher / 1e6:.0f} MB")

    def verhaeltnis(self, wert: str, a: str, b: str, groesse: int) -> float:
        paare = zip(self.gemessen[a][groesse], self.gemessen[b][groesse], strict=True)
        return median(getattr(x, wert) / getattr(y, wert) for x, y in paare)

    def ziel(self, arbeit: str, gegen: str, ziel: float, gemessen: float) -> None:
        self.ziele.append((arbeit, gegen, ziel, gemessen))
        melde(f"=> {arbeit}: {gemessen:.3f} × {gegen}, Ziel {ziel}")


class Dauerlauf:
    """``ihk build --watch`` with its workers ready, at rest between two changes."""

    def __init__(self, feld: Feld) -> None:
        self.feld = feld
        self.lauf = subprocess.Popen(
            [IHK, "build", feld.konzept, "--output", feld.ordner / "warm", "--watch"],
            cwd=feld.ordner, env=feld.umgebung, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._bis("Nach jedem Speichern")
        time.sleep(0.5)  # the watcher begins

    def _bis(self, anfang: str) -> None:
        assert self.lauf.stderr is not None
        for zeile in self.lauf.stderr:
            if anfang in zeile:
                return
        raise RuntimeError("„ihk build --watch“ hat sich beendet")

    def ein_text(self) -> Messung:
        cpu = prozessorzeit(familie(self.lauf.pid))
        beginn = time.perf_counter()
        self.feld.aendere()
        self._bis("geschrieben")
        wall = time.perf_counter() - beginn
        return Messung(wall, prozessorzeit(familie(self.lauf.pid)) - cpu, 0)

    def close(self) -> None:
        self.lauf.terminate()
        self.lauf.wait()


def setzen(lauf: Lauf, groesse: int, runden: int) -> None:
    """Everything about one concept of this size."""
    melde(f"{groesse} Maßnahmen, {runden} Runden")
    with ordner() as o:
        f = Feld(o, groesse)
        html, neben = o / "allein" / "bericht.html", o / "neben"
        nachbarn.vorbereiten(f.konzept, html, neben)
        arbeiten: dict[str, Callable[[], Messung]] = {
            "WeasyPrint allein": f.allein,
            "kalt": lambda: f.kalt(2),
            "ein Text geändert, Kaltstart": f.ein_text,
            "Typst": lambda: messen(nachbarn.typst(neben)),
        }
        if nachbarn.CHROMIUM:
            arbeiten["Chromium"] = lambda: messen(nachbarn.chromium(html, neben))
        elif "Chromium" not in lauf.fehlt:
            lauf.fehlt.append("Chromium")
        if groesse <= 42:
            arbeiten |= {
                "kalt, ein Prozess": lambda: f.kalt(1),
                "nichts geändert": f.nichts,
                "ihk --help": lambda: messen([IHK, "--help"]),
                "python -c pass": lambda: messen([PYTHON, "-c", "pass"]),
            }
        f.kalt(2)  # files and libraries are in the memory of the machine for everybody
        with closing(Dauerlauf(Feld(o / "warm", groesse, allein=False))) as dauerlauf:
            if groesse <= 200:
                arbeiten["ein Text geändert, warm"] = dauerlauf.ein_text
            for _ in range(runden):
                lauf.runde(groesse, arbeiten)
        for name, datei in {"WeasyPrint allein": o / "allein" / "bericht.pdf", "kalt": o / "aus" / f"messung-{groesse}" / "2026" / "bericht.pdf", "Typst": neben / "typst.pdf", "Chromium": neben / "chromium.pdf"}.items():  # fmt: skip
            if datei.is_file():
                lauf.seiten[name][groesse] = len(PdfReader(datei).pages)


def webseite(lauf: Lauf, groesse: int, runden: int) -> None:
    """From the source to HTML, each as a whole process."""
    melde(f"Webseite, {groesse} Maßnahmen")
    with ordner() as o:
        f = Feld(o, groesse, allein=False)
        neben = o / "neben"
        (o / "leer.html").write_text("<p></p>")
        nachbarn.vorbereiten(f.konzept, o / "leer.html", neben)

        def strictdoc() -> Messung:
            shutil.rmtree(neben / "strictdoc-aus", ignore_errors=True)
            return messen(nachbarn.strictdoc(neben))

        for _ in range(runden):
            lauf.runde(groesse, {
                "Webseite": lambda: messen([PYTHON, HIER / "allein.py", "webseite", f.konzept, o / "bericht.html"]),
                "StrictDoc": strictdoc,
                "Doorstop": lambda: messen(nachbarn.doorstop(neben), cwd=neben / "doorstop"),
            })  # fmt: skip


def stapel(lauf: Lauf, zahl: int, groesse: int) -> None:
    """Many concepts at once, against as many plain calls one after the other."""
    melde(f"{zahl} Konzepte mit je {groesse} Maßnahmen")
    with ordner() as o:
        konzepte = projekt(o, groesse, zahl)
        probe = konzepte[:PROBE]
        for konzept in probe:
            messen([PYTHON, HIER / "allein.py", "vorbereiten", konzept, o / "allein" / konzept.parent.name])
        einzeln = [messen([PYTHON, HIER / "allein.py", "setzen", o / "allein" / k.parent.name]) for k in probe]
        mal = zahl / len(probe)
        summe = Messung(
            mal * sum(m.wall for m in einzeln), mal * sum(m.cpu for m in einzeln), max(m.speicher for m in einzeln)
        )
        umgebung = Feld.umgebung_fuer(o)
        lauf.runde(zahl, {
            "Stapel, WeasyPrint allein": lambda: summe,
            "Stapel": lambda: messen([IHK, "build", "--output", o / "aus"], cwd=o, env=umgebung),
        })  # fmt: skip


def lesen(groesse: int, runden: int) -> float:
    """Reading and validating inside one process, against the parser alone; a process of its own."""
    with ordner() as o:
        (konzept,) = projekt(o, groesse)
        aus = subprocess.run(
            [PYTHON, HIER / "allein.py", "lesen", konzept, str(runden)], check=True, capture_output=True, text=True
        )
        return float(aus.stdout)


def ziele(lauf: Lauf, mittel: int, gross: int, riesig: int) -> None:
    """The goals of the project, with what was measured."""
    v, z, allein, kalt = lauf.verhaeltnis, lauf.ziel, "WeasyPrint allein", "kalt"
    z(f"kalt, {mittel} Maßnahmen: Uhr", allein, 0.45, v("wall", kalt, allein, mittel))
    z(f"kalt, {mittel} Maßnahmen: Prozessor", allein, 0.75, v("cpu", kalt, allein, mittel))
    z(f"kalt, {riesig} Maßnahmen: Uhr", allein, 0.30, v("wall", kalt, allein, riesig))
    je_seite = {n: median(m.cpu for m in lauf.gemessen[kalt][n]) / lauf.seiten[kalt][n] for n in (mittel, riesig)}
    z(f"Prozessor je Seite, {riesig} Maßnahmen", f"je Seite bei {mittel}", 1.2, je_seite[riesig] / je_seite[mittel])
    z(f"höchster Speicher aller Prozesse, {riesig} Maßnahmen", "600 MB", 1.0, max(m.speicher for m in lauf.gemessen[kalt][riesig]) / 600e6)  # fmt: skip
    z(
        f"ein Text geändert, Kaltstart, {mittel}",
        allein,
        0.12,
        v("wall", "ein Text geändert, Kaltstart", allein, mittel),
    )
    z(f"ein Text geändert, Kaltstart, {gross}", allein, 0.05, v("wall", "ein Text geändert, Kaltstart", allein, gross))
    z(f"ein Text geändert, warm, {mittel}", allein, 0.04, v("wall", "ein Text geändert, warm", allein, mittel))
    z(f"ein Text geändert, warm, {mittel}", "Typst kalt", 1.0, v("wall", "ein Text geändert, warm", "Typst", mittel))
    z("nichts geändert", "python -c pass", 4, v("wall", "nichts geändert", "python -c pass", mittel))
    z("ihk --help", "python -c pass", 4, v("wall", "ihk --help", "python -c pass", mittel))
    (zahl,) = lauf.gemessen["Stapel"]
    z(f"Stapel: {zahl} Konzepte", f"{zahl} Aufrufe von WeasyPrint", 0.30, v("wall", "Stapel", "Stapel, WeasyPrint allein", zahl))  # fmt: skip
    z(f"Webseite, {riesig} Maßnahmen", "StrictDoc", 1 / 25, v("wall", "Webseite", "StrictDoc", riesig))
    z(f"Webseite, {riesig} Maßnahmen", "Doorstop", 1 / 4, v("wall", "Webseite", "Doorstop", riesig))
    z(f"lesen und prüfen, {riesig} Maßnahmen", "yaml.CSafeLoader", 0.35, lesen(riesig, 5))
    for stellen in (1, 4):
        zeit, laenge = worte.verhaeltnisse(riesig, 5, stellen)
        wo = "an einer Stelle" if stellen == 1 else f"an bis zu {stellen} Stellen"
        z(f"vergleichen, {riesig} Maßnahmen, jeder Text {wo} anders", "difflib", 0.35, zeit)
        z(f"Länge der Redline, {wo}", "difflib", 1.1, laenge)


class ordner:  # noqa: N801 - used like a function
    """A folder for a while."""

    def __enter__(self) -> Path:
        self._ordner = Path(tempfile.mkdtemp(prefix="ihk-messung-"))
        return self._ordner

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._ordner, ignore_errors=True)


def als_daten(lauf: Lauf) -> dict[str, object]:
    """Everything as JSON: medians, ratios to plain WeasyPrint, goals, machine and versions."""
    zeilen = []
    for name, groessen in lauf.gemessen.items():
        for groesse, liste in groessen.items():
            allein = lauf.gemessen["WeasyPrint allein"].get(groesse, [])
            gleich = len(allein) == len(liste) and not name.startswith("Stapel")
            zeilen.append({
                "arbeit": name, "groesse": groesse, "runden": len(liste), "seiten": lauf.seiten[name].get(groesse),
                "wall": median(m.wall for m in liste), "cpu": median(m.cpu for m in liste), "speicher": max(m.speicher for m in liste),
                "wall_zu_allein": lauf.verhaeltnis("wall", name, "WeasyPrint allein", groesse) if gleich else None,
                "cpu_zu_allein": lauf.verhaeltnis("cpu", name, "WeasyPrint allein", groesse) if gleich else None,
            })  # fmt: skip
    ziele = [dict(zip(("arbeit", "gegen", "ziel", "gemessen"), zeile, strict=True)) for zeile in lauf.ziele]
    return {
        "zeilen": zeilen,
        "ziele": ziele,
        "fehlt": lauf.fehlt,
        "maschine": leistung.maschine(),
        "versionen": versionen(),
    }


def versionen() -> dict[str, str]:
    """Of everything that took part."""
    from importlib.metadata import version

    daneben = subprocess.run(
        [nachbarn.BENCH / "python", "-c", "from importlib.metadata import version as v\nfor n in ('typst', 'strictdoc', 'doorstop', 'deepdiff'): print(n, v(n))"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    ergebnis = {"Python": sys.version.split()[0], "ihk": version("ihk"), "WeasyPrint": version("weasyprint")}
    ergebnis |= dict(zeile.split() for zeile in daneben.splitlines())
    if nachbarn.CHROMIUM:
        aus = subprocess.run([nachbarn.CHROMIUM, "--version"], capture_output=True, text=True, check=False).stdout
        ergebnis["Chromium"] = next(iter(re.findall(r"[0-9][0-9.]+", aus)), "?")
    return ergebnis


def melde(text: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")


def main(argumente: Iterable[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--schnell", action="store_true")
    parser.add_argument("--daten", type=Path, default=Path(tempfile.gettempdir(), "ihk-leistung.json"))
    wahl = parser.parse_args(argumente)
    klein, mittel, gross, riesig = (4, 8, 12, 16) if wahl.schnell else (20, 42, 200, 1000)
    lauf = Lauf()
    setzen(lauf, mittel, 2 if wahl.schnell else 3)
    setzen(lauf, klein, 1 if wahl.schnell else 2)
    setzen(lauf, gross, 1)
    setzen(lauf, riesig, 1)
    webseite(lauf, riesig, 2)
    stapel(lauf, *((3, 4) if wahl.schnell else (STAPEL, STAPEL_GROESSE)))
    ziele(lauf, mittel, gross, riesig)
    daten = als_daten(lauf)
    wahl.daten.write_text(json.dumps(daten, ensure_ascii=False, indent=1), "utf-8")
    sys.stdout.write(leistung.tabellen(daten))
    if not wahl.schnell:
        leistung.schreibe(daten)
    return 0


if __name__ == "__main__":
    sys.exit(main())
