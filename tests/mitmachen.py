"""Does what a page of the handbook says: runs its commands, makes its edits, and writes the page anew with what came out.

- ``<!-- projekt: NAME -->`` at the top: it begins in a folder with a copy of this concept, else in an empty one.
- A ``console`` block holds commands after ``$`` and what they answer; a line ``…`` stands for any lines.
- ``<!-- datei: PFAD abschnitt: NAME -->`` before a ``yaml`` block: this section of the file, commented out or not, becomes the block.
- ``<!-- datei: PFAD -->`` before a ``diff`` block: its lines with ``-`` stand in the file once and become those with ``+``;
  before a ``yaml`` block: the whole file.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

CONCEPTS = Path(__file__).parent.parent / "concepts"
BLOCK = re.compile(
    r"(?:<!-- datei: (?P<datei>\S+)(?: abschnitt: (?P<abschnitt>\w+))? -->\n)?^```(?P<art>\w+)\n(?P<inhalt>.*?)^```$",
    re.M | re.S,
)


class Leser:
    """Somebody who works through a page, in a folder of their own."""

    def __init__(self, ordner: Path) -> None:
        self.wurzel = self.hier = ordner
        self.befehle = 0
        self.umgebung = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "NO_COLOR": "1"}

    def lies(self, text: str) -> str:
        """The page with everything that its commands really answer."""
        if projekt := re.match(r"<!-- projekt: (\S+) -->\n", text):
            shutil.copytree(CONCEPTS / projekt[1], self.wurzel / "concepts" / projekt[1])
        return BLOCK.sub(self._block, text)

    def _block(self, treffer: re.Match[str]) -> str:
        art, inhalt = treffer["art"], treffer["inhalt"]
        if art == "console":
            neu = self.terminal(inhalt)
            return treffer[0].replace(f"```console\n{inhalt}", f"```console\n{neu}")
        if treffer["datei"]:
            self._schreibe(self.hier / treffer["datei"], treffer["abschnitt"], art, inhalt)
        return treffer[0]

    # -------------------------------------------------------------------------------------------------- editing

    def _schreibe(self, datei: Path, abschnitt: str | None, art: str, inhalt: str) -> None:
        if art == "diff":
            alt = "".join(f"{z[1:]}\n" for z in inhalt.splitlines() if z.startswith("-"))
            neu = "".join(f"{z[1:]}\n" for z in inhalt.splitlines() if z.startswith("+"))
            text = datei.read_text("utf-8")
            assert alt
            assert text.count(alt) == 1, f"{datei}: steht {text.count(alt)}-mal da, nicht einmal:\n{alt}"
            datei.write_text(text.replace(alt, neu), "utf-8")
        elif abschnitt:
            datei.write_text(_mit_abschnitt(datei.read_text("utf-8"), abschnitt, inhalt), "utf-8")
        else:
            datei.parent.mkdir(parents=True, exist_ok=True)
            datei.write_text(inhalt, "utf-8")

    # ------------------------------------------------------------------------------------------------- terminal

    def terminal(self, inhalt: str) -> str:
        """Commands with what they really answer."""
        neu = []
        for befehl, erwartet in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", inhalt, re.M):
            antwort = self._antwort(befehl)
            neu.append(f"$ {befehl}\n{erwartet if _passt(erwartet, antwort) else antwort}")
        return "".join(neu)

    def _antwort(self, befehl: str) -> str:
        self.befehle += 1
        if befehl.startswith("cd "):
            self.hier = (self.hier / befehl[3:]).resolve()
            assert self.hier.is_relative_to(self.wurzel.resolve())
            return ""
        if befehl.startswith("ihk serve"):
            return self._vorschau(befehl)
        lauf = subprocess.run(
            ["bash", "-c", befehl],
            cwd=self.hier,
            env=self.umgebung,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=300,
            check=False,
        )
        return lauf.stdout.decode().replace("\ufeff", "")

    def _vorschau(self, befehl: str) -> str:
        """The preview comes up, its page answers, and Ctrl-C ends it; the free port that it took is shown as the usual one."""
        with subprocess.Popen(
            ["bash", "-c", f"exec {befehl} --port 0"],
            cwd=self.hier,
            env=self.umgebung,
            stderr=subprocess.PIPE,
            text=True,
        ) as prozess:
            assert prozess.stderr is not None
            zeile = prozess.stderr.readline()
            adresse = re.search(r"http://127\.0\.0\.1:(\d+)/", zeile)
            try:
                assert adresse is not None, zeile
                with urllib.request.urlopen(adresse[0], timeout=60) as seite:
                    assert "Vorschau" in seite.read().decode()
            finally:
                prozess.send_signal(signal.SIGINT)
                prozess.wait(60)
        return zeile.replace(f":{adresse[1]}/", ":8808/")


def _passt(erwartet: str, antwort: str) -> bool:
    """Equal, where a line ``…`` stands for any lines."""
    muster = "".join("(?:.*\n)*" if z == "…" else re.escape(z) + "\n" for z in erwartet.splitlines())
    return re.fullmatch(muster, antwort) is not None


def _mit_abschnitt(text: str, name: str, block: str) -> str:
    """A top-level section replaced, from its key to the next line that is not its own."""
    zeilen = text.split("\n")
    anfang = next(n for n, z in enumerate(zeilen) if re.match(rf"(# )?{name}:", z))
    eigene = r"#  " if zeilen[anfang].startswith("#") else r"[ ]"
    ende = anfang + 1
    while ende < len(zeilen) and re.match(eigene, zeilen[ende]):
        ende += 1
    return "\n".join([*zeilen[:anfang], *block.rstrip("\n").split("\n"), *zeilen[ende:]])


def protokoll(seite: Path, ordner: Path) -> str:
    """A page worked through, as a record: each step with its heading, what was typed, what was seen, and how long it took."""
    leser = Leser(ordner)
    zeilen: list[str] = []
    stellen = re.compile(rf"^## (?P<titel>[^\n]+)$|{BLOCK.pattern}", re.M | re.S)
    for treffer in stellen.finditer(seite.read_text("utf-8")):
        if treffer["titel"]:
            zeilen += [f"## {treffer['titel']}", ""]
        elif treffer["art"] == "console":
            beginn = time.monotonic()
            antwort = leser.terminal(re.sub(r"^(?!\$ ).*\n", "", treffer["inhalt"], flags=re.M))
            zeilen += ["```console", antwort.rstrip("\n"), "```", "", f"({time.monotonic() - beginn:.0f} Sekunden)", ""]
        elif treffer["datei"]:
            leser.lies(treffer[0])
            abschnitt = f", Abschnitt `{treffer['abschnitt']}`" if treffer["abschnitt"] else ""
            zeilen += [f"Geschrieben: `{treffer['datei']}`{abschnitt}", ""]
    return "\n".join(zeilen)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as hier:
        sys.stdout.write(protokoll(Path(sys.argv[1]), Path(hier)))
