"""``ihk build --watch``: as the author has it, a process that builds after each save and ends with Ctrl-C."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

KONZEPT = """\
format: 1
konzept: {id: dorf, titel: Unser Dorf, fiktiv: ja, kommune: {name: Dorf, land: Hessen}}
fassung: {id: "2026", art: ursprung, status: in_beratung, stand: 01.06.2026}
ziele: [{id: Z1, titel: Ziel, teilziele: [{id: T1, titel: Teilziel}]}]
handlungsfelder: [{id: HF1, titel: Wohnen}]
massnahmen:
  - {id: M01, titel: Brunnen bauen, handlungsfeld: HF1, teilziele: [T1], status: geplant, traeger: Dorf}
"""
FRIST = 60


def _warte(bedingung: Callable[[], bool], worauf: Callable[[], str]) -> None:
    ende = time.monotonic() + FRIST
    while not bedingung():
        assert time.monotonic() < ende, worauf()
        time.sleep(0.05)


@pytest.mark.skipif(sys.platform == "win32", reason="Signale, wie Linux und macOS sie kennen")
def test_nach_jedem_speichern_wird_neu_gebaut(tmp_path: Path) -> None:
    datei = tmp_path / "concepts" / "dorf" / "2026.yaml"
    datei.parent.mkdir(parents=True)
    datei.write_text(KONZEPT, "utf-8")
    gesagt = tmp_path / "gesagt.txt"
    seite = tmp_path / "build" / "dorf" / "2026" / "bericht.html"
    pdf = seite.with_suffix(".pdf")

    def worte() -> str:
        return gesagt.read_text("utf-8")

    with gesagt.open("wb") as strom:
        lauf = subprocess.Popen(
            [sys.executable, "-m", "ihk", "build", "--watch", "--jobs", "1"],
            cwd=tmp_path, stdout=strom, stderr=strom, env=os.environ | {"XDG_CACHE_HOME": str(tmp_path / "cache")},
        )  # fmt: skip
        try:
            _warte(lambda: "Strg-C beendet" in worte(), worte)
            erstes = pdf.read_bytes()
            assert "Brunnen bauen" in seite.read_text("utf-8")

            datei.write_text(KONZEPT.replace("Brunnen bauen", "Brunnen bohren"), "utf-8")
            _warte(lambda: "Brunnen bohren" in seite.read_text("utf-8") and worte().count("geschrieben") == 2, worte)
            assert pdf.read_bytes() != erstes

            zweites = pdf.read_bytes()
            datei.write_text(KONZEPT.replace("HF1, teil", "HF9, teil"), "utf-8")  # a mistake: said, and nothing is lost
            _warte(lambda: "HF9" in worte() and "nicht gesetzt" in worte(), worte)
            assert pdf.read_bytes() == zweites

            datei.write_text(KONZEPT, "utf-8")  # mended
            _warte(lambda: worte().count("Dateien geschrieben") + worte().count("Datei geschrieben") >= 4, worte)
            assert pdf.read_bytes() == erstes  # the same source, the same bytes, warm as cold

            lauf.terminate()  # as Ctrl-C, which a process started in the background may be deaf to
            assert lauf.wait(FRIST) == 0, worte()
        finally:
            lauf.kill()
            lauf.wait()
    assert "Traceback" not in worte()
    assert worte().count("Strg-C") == 1


def test_force_und_watch_vertragen_sich_nicht(tmp_path: Path) -> None:
    (tmp_path / "concepts").mkdir()
    lauf = subprocess.run(
        [sys.executable, "-m", "ihk", "build", "--watch", "--force"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert lauf.returncode == 2
    assert "passt nicht zu „--watch“" in lauf.stderr
