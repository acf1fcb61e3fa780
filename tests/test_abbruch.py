"""Builds that are killed at random moments leave every file old or new; the whole number of kill points is an extended run.

``IHK_ABBRUECHE=2000 pytest tests/test_abbruch.py`` takes about half an hour on two cores.
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


@pytest.mark.pdf
def test_kein_abbruch_laesst_halbes(tmp_path: Path) -> None:
    befehl = [sys.executable, str(HIER / "abbrueche.py"), str(ANZAHL)]
    lauf = subprocess.run(befehl, cwd=tmp_path, capture_output=True, text=True, check=True)
    ergebnis = json.loads(lauf.stdout)
    assert ergebnis["schaden"] == []
    assert ergebnis["gesehen"]["vorher"] + ergebnis["gesehen"].get("mittendrin", 0) > ANZAHL // 4
