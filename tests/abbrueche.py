"""Kills builds at random moments and looks at what they leave: ``python tests/abbrueche.py 2000 [SAAT]``. Prints what it saw as JSON.

The concept has two states, A and B. Whatever happens to the build that should turn the files of one into those of the
other, every file is afterwards exactly the one or the other, and the next build makes all of them the newer.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

HIER = Path(__file__).parent
sys.path[:0] = [str(HIER.parent), str(HIER)]

from builders import KOPF, MASSNAHME, schreibe  # noqa: E402  the folder has to be known first

ZEICHEN = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
BEFEHL = ["build", "--jobs"]
STAENDE = {"A": MASSNAHME, "B": MASSNAHME.replace("Quartiersplatz", "Quartierspark mit Spielplatz")}


class Feld:
    """A project with its two states, built once each, so that every later build finds its parts in the cache."""

    def __init__(self, ordner: Path) -> None:
        self.ordner, self.build = ordner, ordner / "build"
        _lade()
        self.fertig: dict[str, dict[str, bytes]] = {}
        self.dauer = 0.0
        for stand in (*STAENDE, *STAENDE):  # the second time from the cache, as in all that follow
            self.stelle(stand)
            beginn = time.monotonic()
            code = os.waitstatus_to_exitcode(os.waitpid(self.starte(), 0)[1])
            assert code == 0, code
            self.dauer = time.monotonic() - beginn
            self.fertig[stand] = self.dateien()
        assert self.fertig["A"] != self.fertig["B"]

    def stelle(self, stand: str) -> None:
        schreibe(self.ordner, {"concepts/musterstadt-ost/2024.yaml": KOPF + STAENDE[stand]})

    def starte(self) -> int:
        """A build in a process of its own, forked from this one where everything is loaded already."""
        from ihk.cli import main

        pid = os.fork()
        if pid:
            return pid
        signal.signal(signal.SIGINT, signal.default_int_handler)
        nichts = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nichts, 1)
        os.dup2(nichts, 2)
        code = 3
        try:
            main([*BEFEHL, "1"])
        except SystemExit as ende:
            code = ende.code if isinstance(ende.code, int) else 3
        finally:
            os._exit(code)

    def starte_befehl(self) -> int:
        """The command as a user starts it, with two processes that set."""
        umgebung = os.environ | {"PYTHONPATH": str(HIER.parent)}
        return subprocess.Popen(
            [sys.executable, "-m", "ihk", *BEFEHL, "2"],
            env=umgebung,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509  # one thread only
        ).pid

    def dateien(self) -> dict[str, bytes]:
        """All files that a reader sees."""
        return {
            str(p.relative_to(self.build)): p.read_bytes()
            for p in self.build.rglob("*")
            if p.is_file() and not p.name.startswith(".")
        }

    def reste(self) -> list[str]:
        return [p.name for p in self.build.rglob(".*.tmp")]


def _lade() -> None:
    """Everything that a build loads, so that the processes forked from here can begin at once."""
    for name in ("build", "pdf.document", "export.daten", "export.aenderungen", "report.render", "checks", "progress"):
        importlib.import_module(f"ihk.{name}")
    from ihk import stale
    from ihk.report.render import environment
    from ihk.resources import templates

    stale.programm(templates())
    for vorlage in environment(None).list_templates(["j2"]):
        environment(None).get_template(vorlage)


def lauf(anzahl: int, saat: int = 1) -> dict[str, object]:
    """Kill that many builds; what was seen, ``schaden`` empty if all is well."""
    wuerfel = random.Random(saat)
    gesehen: Counter[str] = Counter()
    schaden: list[str] = []
    with tempfile.TemporaryDirectory() as ort:
        os.chdir(ort)
        os.environ["XDG_CACHE_HOME"] = str(Path(ort, "cache"))
        projekt = schreibe(Path(ort), {"concepts/musterstadt-ost/2024.yaml": KOPF})
        os.chdir(projekt)
        feld = Feld(projekt)
        alt, neu = "B", "A"
        for n in range(anzahl):
            zeichen = ZEICHEN[n % 3]
            echt = n % 40 == 39
            feld.stelle(neu)
            pid = feld.starte_befehl() if echt else feld.starte()
            # Most files are written in the last third: more shots there than before.
            time.sleep(feld.dauer * wuerfel.uniform(0, 1.05) ** 0.5 * (6 if echt else 1))
            os.kill(pid, zeichen)  # it is there until it has been waited for
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            erlaubt = (0, -signal.SIGKILL) if zeichen == signal.SIGKILL else (0, 130)
            # Before our own handler stands, the system's ends the process; nothing has been touched then.
            if code not in erlaubt and code != -zeichen:
                schaden.append(f"{n} {zeichen.name}: Exit-Code {code}")
            jetzt = feld.dateien()
            for name in feld.fertig[alt].keys() | feld.fertig[neu].keys():
                if jetzt.get(name) not in (feld.fertig[alt].get(name), feld.fertig[neu].get(name)):
                    schaden.append(f"{n} {zeichen.name}: {name} ist weder alt noch neu")
            neue = sum(jetzt.get(x) == d != feld.fertig[alt].get(x) for x, d in feld.fertig[neu].items())
            gesehen["vorher" if neue == 0 else "mittendrin" if code else "fertig"] += 1
            if zeichen != signal.SIGKILL and feld.reste():
                schaden.append(f"{n} {zeichen.name}: Reste {feld.reste()}")
            gesehen["reste nach SIGKILL"] += bool(feld.reste())
            if jetzt == feld.fertig[neu] and not feld.reste():
                alt, neu = neu, alt
            elif n % 20 == 19 or schaden:
                os.waitpid(feld.starte(), 0)
                if feld.dateien() != feld.fertig[neu] or feld.reste():
                    schaden.append(f"{n}: Der nächste Build bringt nicht alles in Ordnung")
                gesehen["danach in Ordnung"] += 1
                alt, neu = neu, alt
            if len(schaden) > 20:
                break
        gesehen["Millisekunden je Build"] = round(feld.dauer * 1000)
        os.chdir(HIER)
    return {"abbrueche": anzahl, "gesehen": dict(gesehen), "schaden": schaden}


if __name__ == "__main__":
    print(json.dumps(lauf(*map(int, sys.argv[1:])), ensure_ascii=False))  # noqa: T201  # its result
