"""Everything that docs/leistung.md says, measured in one interleaved run on this machine: ``make bench``.

    .venv/bin/python benchmarks/alles.py                       # most of an hour on a quiet machine; writes docs/leistung.md
    .venv/bin/python benchmarks/alles.py --teile 42,stapel     # some parts only, beside what was measured before
    .venv/bin/python benchmarks/alles.py --schnell             # small sizes only, to see whether it runs; writes nothing

What is compared runs by turns, so that a machine that gets faster or slower favours nobody; every ratio is the median of
the ratios of each round. Large sizes run once. A tool that is not there is said not to be there. Every figure is kept at once
(``--daten``), so that a run that is broken off has not been in vain.
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
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import astuple, dataclass, field
from pathlib import Path
from statistics import StatisticsError, median

import leistung
import nachbarn
import worte
from konzepte import projekt
from messung import Messung, familie, messen, prozessorzeit
from pypdf import PdfReader
from setzen import HIER, IHK, PYTHON, Feld

KLEIN, MITTEL, GROSS, RIESIG = 20, 42, 200, 1000
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
    ziele: list[tuple[str, str, float, float | None]] = field(default_factory=list)
    """Work, what it is compared with, goal and measured ratio, if it was measured."""
    einzeln: dict[str, float] = field(default_factory=dict)
    """Ratios that are measured inside one process."""
    datei: Path = Path()

    @classmethod
    def aus(cls, datei: Path) -> Lauf:
        """What was measured before, and where it is kept."""
        lauf = cls(datei=datei)
        if datei.is_file():
            alt = json.loads(datei.read_text("utf-8"))
            for name, groesse, werte in alt["gemessen"]:
                lauf.gemessen[name][groesse] += [Messung(*w) for w in werte]
            for name, groesse, zahl in alt["seiten"]:
                lauf.seiten[name][groesse] = zahl
            lauf.einzeln = alt["einzeln"]
        return lauf

    def sichere(self) -> None:
        """Keep everything so far."""
        self.datei.write_text(json.dumps({
            "gemessen": [(n, g, [astuple(m) for m in liste]) for n, je in self.gemessen.items() for g, liste in je.items()],
            "seiten": [(n, g, z) for n, je in self.seiten.items() for g, z in je.items()],
            "einzeln": self.einzeln,
        }), "utf-8")  # fmt: skip

    def runde(self, groesse: int, arbeiten: dict[str, Callable[[], Messung]]) -> None:
        for name, arbeit in arbeiten.items():
            m = arbeit()
            self.gemessen[name][groesse].append(m)
            self.sichere()
            melde(f"  {name}: {m.wall:.2f} s, {m.cpu:.2f} s CPU, {m.speicher / 1e6:.0f} MB")

    def verhaeltnis(self, wert: str, a: str, b: str, groesse: int) -> float:
        paare = zip(self.gemessen[a][groesse], self.gemessen[b][groesse], strict=True)
        return median(getattr(x, wert) / getattr(y, wert) for x, y in paare)

    def ziel(self, arbeit: str, gegen: str, ziel: float, rechne: Callable[[], float]) -> None:
        """A goal with what was measured; None where a part has not been."""
        try:
            gemessen = rechne()
        except (KeyError, StatisticsError, ValueError):
            gemessen = None
        self.ziele.append((arbeit, gegen, ziel, gemessen))


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
    for name in lauf.gemessen.keys() - {"Webseite", "StrictDoc", "Doorstop"}:
        lauf.gemessen[name].pop(groesse, None)  # what is measured anew is not mixed with what was before
    with ordner() as o:
        f = Feld(o, groesse)
        html, neben = o / "allein" / "bericht.html", o / "neben"
        nachbarn.vorbereiten(f.konzept, html, neben)
        arbeiten: dict[str, Callable[[], Messung]] = {
            "kalt": lambda: f.kalt(2),
            "ein Text geändert, Kaltstart": f.ein_text,
            "Typst": lambda: messen(nachbarn.typst(neben)),
        }
        if (
            nachbarn.CHROMIUM and groesse <= GROSS
        ):  # of a thousand measures it was not ready after eight minutes, with 8.7 GB
            arbeiten["Chromium"] = lambda: messen(nachbarn.chromium(html, neben))
        if groesse <= MITTEL:
            arbeiten |= {
                "kalt, ein Prozess": lambda: f.kalt(1),
                "nichts geändert": f.nichts,
                "ihk --help": lambda: messen([IHK, "--help"]),
                "python -c pass": lambda: messen([PYTHON, "-c", "pass"]),
            }
        if groesse <= MITTEL:
            f.kalt(2)  # files and libraries are in the memory of the machine for everybody
        with ExitStack() as offen:
            if groesse <= GROSS:
                dauerlauf = offen.enter_context(closing(Dauerlauf(Feld(o / "warm", groesse, allein=False))))
                arbeiten["ein Text geändert, warm"] = dauerlauf.ein_text
            arbeiten["WeasyPrint allein"] = f.allein
            for _ in range(runden):
                lauf.runde(groesse, arbeiten)
        for name, datei in {"WeasyPrint allein": o / "allein" / "bericht.pdf", "kalt": o / "aus" / f"messung-{groesse}" / "2026" / "bericht.pdf", "Typst": neben / "typst.pdf", "Chromium": neben / "chromium.pdf"}.items():  # fmt: skip
            if datei.is_file():
                lauf.seiten[name][groesse] = len(PdfReader(datei).pages)
        lauf.sichere()


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

        for name in ("Webseite", "StrictDoc", "Doorstop"):
            lauf.gemessen[name].pop(groesse, None)
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
        for name in ("Stapel", "Stapel, WeasyPrint allein"):
            lauf.gemessen[name].pop(zahl, None)
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


def innen(lauf: Lauf, riesig: int) -> None:
    """What is measured inside one process."""
    lauf.einzeln["lesen"] = lesen(riesig, 5)
    for stellen in (1, 4):
        lauf.einzeln[f"zeit {stellen}"], lauf.einzeln[f"laenge {stellen}"] = worte.verhaeltnisse(riesig, 5, stellen)
    lauf.sichere()


def ziele(lauf: Lauf, mittel: int, gross: int, riesig: int, zahl: int) -> None:
    """The goals of the project, with what was measured."""
    allein, kalt = "WeasyPrint allein", "kalt"

    def v(wert: str, a: str, b: str, groesse: int) -> Callable[[], float]:
        return lambda: lauf.verhaeltnis(wert, a, b, groesse)

    def je_seite(groesse: int) -> float:
        return median(m.cpu for m in lauf.gemessen[kalt][groesse]) / lauf.seiten[kalt][groesse]

    def einzeln(name: str) -> Callable[[], float]:
        return lambda: lauf.einzeln[name]

    text = "ein Text geändert"
    z = lauf.ziel
    z(f"kalt, {mittel} Maßnahmen: Uhr", allein, 0.45, v("wall", kalt, allein, mittel))
    z(f"kalt, {mittel} Maßnahmen: Prozessor", allein, 0.75, v("cpu", kalt, allein, mittel))
    z(f"kalt, {riesig} Maßnahmen: Uhr", allein, 0.30, v("wall", kalt, allein, riesig))
    z(f"Prozessor je Seite, {riesig} Maßnahmen", f"je Seite bei {mittel}", 1.2, lambda: je_seite(riesig) / je_seite(mittel))  # fmt: skip
    z(f"höchster Speicher aller Prozesse, {riesig} Maßnahmen", "600 MB", 1.0, lambda: max(m.speicher for m in lauf.gemessen[kalt][riesig]) / 600e6)  # fmt: skip
    z(f"{text}, Kaltstart, {mittel}", allein, 0.12, v("wall", f"{text}, Kaltstart", allein, mittel))
    z(f"{text}, Kaltstart, {gross}", allein, 0.05, v("wall", f"{text}, Kaltstart", allein, gross))
    z(f"{text}, warm, {mittel}", allein, 0.04, v("wall", f"{text}, warm", allein, mittel))
    z(f"{text}, warm, {mittel}", "Typst kalt", 1.0, v("wall", f"{text}, warm", "Typst", mittel))
    z("nichts geändert", "python -c pass", 4, v("wall", "nichts geändert", "python -c pass", mittel))
    z("ihk --help", "python -c pass", 4, v("wall", "ihk --help", "python -c pass", mittel))
    z(f"Stapel: {zahl} Konzepte", f"{zahl} Aufrufe von WeasyPrint", 0.30, v("wall", "Stapel", "Stapel, WeasyPrint allein", zahl))  # fmt: skip
    z(f"Webseite, {riesig} Maßnahmen", "StrictDoc", 1 / 25, v("wall", "Webseite", "StrictDoc", riesig))
    z(f"Webseite, {riesig} Maßnahmen", "Doorstop", 1 / 4, v("wall", "Webseite", "Doorstop", riesig))
    z(f"lesen und prüfen, {riesig} Maßnahmen", "yaml.CSafeLoader", 0.35, einzeln("lesen"))
    for stellen, wo in ((1, "an einer Stelle"), (4, "an bis zu 4 Stellen")):
        z(f"vergleichen, {riesig} Maßnahmen, jeder Text {wo} anders", "difflib", 0.35, einzeln(f"zeit {stellen}"))
        z(f"Länge der Redline, {wo}", "difflib", 1.1, einzeln(f"laenge {stellen}"))


@contextmanager
def ordner() -> Iterator[Path]:
    """A folder for a while."""
    with tempfile.TemporaryDirectory(prefix="ihk-messung-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def als_daten(lauf: Lauf) -> dict[str, object]:
    """Everything as JSON: medians, ratios to plain WeasyPrint, goals, machine and versions."""
    zeilen = []
    for name, groesse, liste in [(n, g, liste) for n, je in lauf.gemessen.items() for g, liste in je.items()]:
        if liste:
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
        "fehlt": [] if nachbarn.CHROMIUM else ["Chromium"],
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
    parser.add_argument("--teile", default="")
    parser.add_argument("--daten", type=Path, default=Path(tempfile.gettempdir(), "ihk-leistung.json"))
    wahl = parser.parse_args(argumente)
    klein, mittel, gross, riesig = (4, 8, 12, 16) if wahl.schnell else (KLEIN, MITTEL, GROSS, RIESIG)
    zahl, je = (3, 4) if wahl.schnell else (STAPEL, STAPEL_GROESSE)
    teile: dict[str, Callable[[Lauf], None]] = {
        str(mittel): lambda lauf: setzen(lauf, mittel, 2 if wahl.schnell else 3),
        str(klein): lambda lauf: setzen(lauf, klein, 1),
        str(gross): lambda lauf: setzen(lauf, gross, 1),
        "webseite": lambda lauf: webseite(lauf, riesig, 1),
        "stapel": lambda lauf: stapel(lauf, zahl, je),
        "innen": lambda lauf: innen(lauf, riesig),
        str(riesig): lambda lauf: setzen(lauf, riesig, 1),
    }
    gefragt = wahl.teile.split(",") if wahl.teile else list(teile)
    if not wahl.teile:
        wahl.daten.unlink(missing_ok=True)
    lauf = Lauf.aus(wahl.daten)
    for name in gefragt:
        teile[name](lauf)
    ziele(lauf, mittel, gross, riesig, zahl)
    daten = als_daten(lauf)
    sys.stdout.write(leistung.tabellen(daten))
    if not wahl.schnell:
        leistung.schreibe(daten)
    return 0


if __name__ == "__main__":
    sys.exit(main())
