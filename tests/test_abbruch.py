"""Builds that are killed at random moments leave every file old or new; the whole number of kill points is an extended run.

``IHK_ABBRUECHE=2000 pytest tests/test_abbruch.py`` takes about half an hour on two cores; ``IHK_DOPPELT=1000`` does the same for two
builds at once.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HIER = Path(__file__).parent
ANZAHL = int(os.environ.get("IHK_ABBRUECHE", "24"))
DOPPELT = int(os.environ.get("IHK_DOPPELT", "12"))


@pytest.mark.pdf
def test_kein_abbruch_laesst_halbes(tmp_path: Path) -> None:
    befehl = [sys.executable, str(HIER / "abbrueche.py"), str(ANZAHL)]
    lauf = subprocess.run(befehl, cwd=tmp_path, capture_output=True, text=True, check=True)
    ergebnis = json.loads(lauf.stdout)
    assert ergebnis["schaden"] == []
    assert ergebnis["gesehen"]["vorher"] + ergebnis["gesehen"].get("mittendrin", 0) > ANZAHL // 4


@pytest.mark.pdf
def test_zwei_builds_zugleich_mischen_nichts(tmp_path: Path) -> None:
    befehl = [sys.executable, str(HIER / "abbrueche.py"), "doppelt", str(DOPPELT)]
    lauf = subprocess.run(befehl, cwd=tmp_path, capture_output=True, text=True, check=True)
    ergebnis = json.loads(lauf.stdout)
    assert ergebnis["schaden"] == []
    # The second one was really kept out where there are locks, and both really wrote where there are none.
    assert any("[0, 2] mit" in was for was in ergebnis["gesehen"])
    assert any("[0, 0] ohne" in was for was in ergebnis["gesehen"])
