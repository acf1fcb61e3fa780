"""Kills builds at random moments and looks at what they leave: ``python tests/abbrueche.py 2000 [SAAT]``. Prints what it saw as JSON.

``python tests/abbrueche.py doppelt 1000 [SAAT]`` starts two at once instead, on the same output, with and without the lock that
keeps the second one out (a network drive may have none), and kills one of them in every third round.

The concept has two states, A and B. Whatever happens to the build that should turn the files of one into those of the
other, every file is afterwards exactly the one or the other, and the next build makes all of them the newer.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
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
from collections.abc import Iterator
from pathlib import Path

from builders import KOPF, MASSNAHME, schreibe
from strg_c import hoerbar

HIER = Path(__file__).parent
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

    def starte(self, *, mit_sperre: bool = True) -> int:
        """A build in a process of its own, forked from this one where everything is loaded already."""
        from ihk.cli import main

        pid = os.fork()
        if pid:
            return pid
        if not mit_sperre:
            fcntl.flock = _ohne_sperren
        signal.signal(signal.SIGINT, signal.default_int_handler)
        nichts = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nichts, 1)
        os.dup2(nichts, 2)
        code = 3
        try:
            main([*BEFEHL, "1"])
        except SystemExit as ende:
            code = ende.code if isinstance(ende.code, int) else 3
        except KeyboardInterrupt:  # before the command has begun
            code = -signal.SIGINT
        finally:
            if code == -signal.SIGINT:  # as the interpreter ends then
                signal.signal(signal.SIGINT, signal.SIG_DFL)
                os.kill(os.getpid(), signal.SIGINT)
            os._exit(code)

    def starte_befehl(self) -> int:
        """The command as a user starts it, with two processes that set."""
        umgebung = os.environ | {"PYTHONPATH": str(HIER.parent)}
        with hoerbar():
            return subprocess.Popen(
                [sys.executable, "-m", "ihk", *BEFEHL, "2"],
                env=umgebung,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
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


def _ohne_sperren(*_: object) -> None:
    """What a file system says that knows no locks."""
    raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))


def _lade() -> None:
    """Everything that a build loads, so that the processes forked from here can begin at once."""
    for name in ("build", "pdf.document", "export.daten", "export.aenderungen", "report.render", "checks", "progress"):
        importlib.import_module(f"ihk.{name}")
    from ihk import stale
    from ihk.report.environment import environment
    from ihk.resources import templates

    stale.programm(templates())
    for vorlage in environment(None).list_templates(["j2"]):
        environment(None).get_template(vorlage)


@contextlib.contextmanager
def _feld() -> Iterator[Feld]:
    # What a killed build had started may still be there for a moment, and open the folder of fonts anew.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as ort:
        os.environ["XDG_CACHE_HOME"] = str(Path(ort, "cache"))
        projekt = schreibe(Path(ort), {"concepts/musterstadt-ost/2024.yaml": KOPF})
        os.chdir(projekt)
        try:
            yield Feld(projekt)
        finally:
            os.chdir(HIER)


def lauf(anzahl: int, saat: int = 1) -> dict[str, object]:
    """Kill that many builds; what was seen, ``schaden`` empty if all is well."""
    wuerfel = random.Random(saat)
    gesehen: Counter[str] = Counter()
    schaden: list[str] = []
    with _feld() as feld:
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
            # What a shell calls 130 is either: Python ends itself by SIGINT where the interrupt came while it made a class from text,
            # although the command has answered it.
            erlaubt = (0, -signal.SIGKILL) if zeichen == signal.SIGKILL else (0, 130, -signal.SIGINT)
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
    return {"abbrueche": anzahl, "gesehen": dict(gesehen), "schaden": schaden}


def doppelt(anzahl: int, saat: int = 1) -> dict[str, object]:
    """Start two builds at once that often; what was seen, ``schaden`` empty if all is well.

    In turn: both of the same state; the source changed between them; one of them killed. Every file is afterwards as one
    of the two builds alone would have left it, or as it was before; the next build makes all of them the newest.
    """
    wuerfel = random.Random(saat)
    gesehen: Counter[str] = Counter()
    schaden: list[str] = []
    with _feld() as feld:
        liegt = "B"
        for n in range(anzahl):
            art, mit_sperre = ("gleich", "geaendert", "abgebrochen")[n % 3], n % 2 == 0
            erster = "A" if liegt == "B" else "B"
            zweiter = liegt if art == "geaendert" else erster
            feld.stelle(erster)
            pids = [feld.starte(mit_sperre=mit_sperre)]
            time.sleep(feld.dauer * wuerfel.uniform(0, 0.8))
            feld.stelle(zweiter)
            pids.append(feld.starte(mit_sperre=mit_sperre))
            if art == "abgebrochen":
                time.sleep(feld.dauer * wuerfel.uniform(0, 1.2))
                os.kill(pids[wuerfel.randrange(2)], signal.SIGKILL)
            codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
            gesehen[f"{art} {sorted(codes)} {'mit' if mit_sperre else 'ohne'} Sperre"] += 1
            wo = f"{n} {art} {codes}"
            # 2: another build is at work in this folder; only where there are locks.
            if not set(codes) <= ({0, 2} if mit_sperre else {0}) | (
                {-signal.SIGKILL} if art == "abgebrochen" else set()
            ):
                schaden.append(f"{wo}: Exit-Code")
            jetzt = feld.dateien()
            for name in feld.fertig["A"].keys() | feld.fertig["B"].keys():
                if jetzt.get(name) not in (feld.fertig["A"].get(name), feld.fertig["B"].get(name)):
                    schaden.append(f"{wo}: {name} ist von keinem der beiden")
            if art == "gleich" and jetzt != feld.fertig[erster]:
                schaden.append(f"{wo}: nicht alles ist neu")
            gesehen["gemischt"] += jetzt not in (feld.fertig["A"], feld.fertig["B"])
            code = os.waitstatus_to_exitcode(os.waitpid(feld.starte(mit_sperre=mit_sperre), 0)[1])
            if code or feld.dateien() != feld.fertig[zweiter]:
                schaden.append(f"{wo}: Der nächste Build bringt nicht alles in Ordnung ({code})")
            if mit_sperre and feld.reste():
                schaden.append(f"{wo}: Reste {feld.reste()}")
            liegt = zweiter
            if len(schaden) > 20:
                break
    return {"doppelt": anzahl, "gesehen": dict(gesehen), "schaden": schaden}


if __name__ == "__main__":
    was, argumente = (doppelt, sys.argv[2:]) if sys.argv[1:2] == ["doppelt"] else (lauf, sys.argv[1:])
    sys.stdout.write(json.dumps(was(*map(int, argumente)), ensure_ascii=False) + "\n")
