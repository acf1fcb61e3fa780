"""What tests share. Golden files are compared exactly; ``--update-golden`` rewrites them and then fails, so that a person looks."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from builders import KOPF, MASSNAHME, schreibe
from hypothesis import settings

from ihk import build
from ihk.pdf.crew import Here

# Parts that one test has laid out need not be laid out again for the next; nothing of a user's cache gets in.
# The processes that share the tests share it too: they are started by the one that reads this first.
if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="ihk-tests-")
# How long an example takes says something about the machine: that belongs into benchmarks/.
settings.register_profile("ihk", deadline=None)
settings.load_profile("ihk")
HIER = Path(__file__).parent
WURZEL = HIER.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the expected files, then fail")
    parser.addoption("--gesetze", type=int, metavar="N", help="pairs for the laws of the comparison, 2000 if not given")


def pytest_configure(config: pytest.Config) -> None:
    # The number is read where the test is declared, and by the processes that share the work.
    if (anzahl := config.getoption("--gesetze")) is not None:
        os.environ["IHK_GESETZE"] = str(anzahl)
    # Tests set in their own process: workers of its own for each would take longer than what they have to set.
    # tests/test_mannschaft.py and everything that runs the program as a user does have the real ones.
    pytest.MonkeyPatch().setattr(build, "mannschaft", lambda _jobs, **_: nullcontext(Here()))


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compare text with a file."""

    def vergleichen(datei: Path, text: str) -> None:
        if request.config.getoption("--update-golden"):
            if not datei.exists() or datei.read_text(encoding="utf-8") != text:
                datei.write_text(text, encoding="utf-8")
                pytest.fail(f"{datei.relative_to(WURZEL)} neu geschrieben, bitte ansehen")
            return
        assert datei.exists(), f"{datei.relative_to(WURZEL)} fehlt; mit --update-golden anlegen"
        assert text == datei.read_text(encoding="utf-8")

    return vergleichen


@pytest.fixture
def projekt(tmp_path: Path) -> Path:
    """A project with two Fassungen: one file, and one folder that goes on from it."""
    neu = KOPF.replace('id: "2024", art: ursprung', 'id: "2029", art: fortschreibung, vorgaenger: "2024"').replace(
        "2024}", "2029}"
    )
    neu += "beteiligung: [{titel: Stadtteilfest, datum: 2028}]\n"
    return schreibe(
        tmp_path,
        {
            "concepts/musterstadt-ost/2024.yaml": KOPF + MASSNAHME,
            "concepts/musterstadt-ost/2029/konzept.yaml": neu,
            "concepts/musterstadt-ost/2029/massnahmen/M01.yaml": "\n".join(z[4:] for z in MASSNAHME.split("\n")[1:])
            .replace("- id", "id", 1)
            .replace("geplant", "in_umsetzung")
            .replace("bis: 2025", "bis: 2030")
            + "bilanz: {ergebnis: Der Bau hat begonnen.}\nbegruendung: Der Bau dauert länger.\n",
        },
    )
