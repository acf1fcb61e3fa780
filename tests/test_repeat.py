"""A build with nothing to do says so without looking into a single file; anything that might matter makes it look."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from builders import KOPF, MASSNAHME, schreibe

from ihk import repeat

WURZEL = Path(__file__).parent.parent
BAUE = ("build", "musterstadt-ost@2024", "--report", "kurzfassung")
PROBE = "import sys\nimport ihk.cli\ntry:\n    ihk.cli.main()\nfinally:\n    print('GELADEN', sorted(set(sys.modules) & {'click', 'yaml', 'pydantic', 'jinja2', 'weasyprint'}))\n"  # fmt: skip


@pytest.fixture
def projekt(tmp_path: Path) -> Path:
    schreibe(tmp_path, {"concepts/musterstadt-ost/2024.yaml": KOPF + MASSNAHME})
    return tmp_path


def _lauf(projekt: Path, *argumente: str) -> tuple[str, str]:
    lauf = subprocess.run(
        [sys.executable, "-c", PROBE, *argumente],
        cwd=projekt,
        env=os.environ | {"PYTHONPATH": str(WURZEL), "XDG_CACHE_HOME": str(projekt / "zwischenspeicher")},
        capture_output=True,
        text=True,
        check=False,  # a change may well be a mistake
    )
    return lauf.stderr, lauf.stdout.splitlines()[-1]


def _aktuell(projekt: Path) -> None:
    _lauf(projekt, *BAUE)
    assert _erinnert(projekt)


def _erinnert(projekt: Path) -> bool:
    """Whether the same call has nothing to do, without making it."""
    programm = "import sys\nfrom ihk.repeat import recall\nprint(recall(sys.argv[1:]) is not None)"
    env = os.environ | {"PYTHONPATH": str(WURZEL), "XDG_CACHE_HOME": str(projekt / "zwischenspeicher")}
    lauf = subprocess.run(
        [sys.executable, "-c", programm, *BAUE], cwd=projekt, env=env, capture_output=True, check=True
    )
    return lauf.stdout.split() == [b"True"]


@pytest.mark.pdf
def test_nichts_zu_tun_heisst_nichts_laden(projekt: Path) -> None:
    _lauf(projekt, *BAUE)
    satz, geladen = _lauf(projekt, *BAUE)
    assert geladen == "GELADEN []"
    (projekt / "zwischenspeicher").rename(projekt / "weg")
    ausfuehrlich, geladen = _lauf(projekt, *BAUE)
    assert "pydantic" in geladen
    assert ausfuehrlich == satz
    assert "schon aktuell" in satz


AENDERUNGEN = {
    "konzept": lambda p: (p / "concepts/musterstadt-ost/2024.yaml").write_text(KOPF + MASSNAHME + "\n# neu\n"),
    "gleiche-groesse": lambda p: _ersetze(p / "concepts/musterstadt-ost/2024.yaml", "Quartiersplatz", "Quartiersplätz"),
    "neues-konzept": lambda p: schreibe(p, {"concepts/anderes/2024.yaml": KOPF}),
    "neue-fassung": lambda p: schreibe(p, {"concepts/musterstadt-ost/2023.yaml": KOPF}),
    "eigene-vorlage": lambda p: schreibe(p, {"templates/css/eigenes.css": "p {}"}),
    "vermerke": lambda p: schreibe(p, {"concepts/musterstadt-ost/.ihk/pruefvermerke.json": "{}"}),
    "ausgabe-geaendert": lambda p: _ersetze(p / "build/musterstadt-ost/2024/kurzfassung.html", "<html", "<HTML"),
    "ausgabe-geloescht": lambda p: (p / "build/musterstadt-ost/2024/kurzfassung.pdf").unlink(),
    "uebersicht-geloescht": lambda p: (p / "build/index.html").unlink(),
    "zurueckdatiert": lambda p: _zurueckdatiert(p / "concepts/musterstadt-ost/2024.yaml"),
}


def _ersetze(datei: Path, alt: str, neu: str) -> None:
    datei.write_text(datei.read_text("utf-8").replace(alt, neu, 1), "utf-8")


def _zurueckdatiert(datei: Path) -> None:
    """Other content, the same size and the same time of change: the entry of the file tells."""
    vorher = datei.stat()
    datei.write_bytes(datei.read_bytes().replace(b"a", b"e", 1))
    os.utime(datei, ns=(vorher.st_atime_ns, vorher.st_mtime_ns))


@pytest.mark.pdf
def test_was_zaehlt_wird_bemerkt(projekt: Path) -> None:
    """One project for all: what a change does to the result is not the question, only whether it is looked at."""
    for name, aendere in AENDERUNGEN.items():
        schreibe(projekt, {"concepts/musterstadt-ost/2024.yaml": KOPF + MASSNAHME})
        _aktuell(projekt)
        aendere(projekt)
        assert not _erinnert(projekt), name
        for ordner in ("concepts/anderes", "templates"):
            subprocess.run(["rm", "-rf", projekt / ordner], check=True)
        (projekt / "concepts/musterstadt-ost/2023.yaml").unlink(missing_ok=True)


@pytest.mark.pdf
def test_ein_anderer_aufruf_ist_ein_anderer(projekt: Path) -> None:
    _aktuell(projekt)
    for mehr in (["--embed-sources"], ["--rules", "rat"]):
        assert "click" in _lauf(projekt, *BAUE[:2], *mehr, *BAUE[2:])[1]
    assert "click" in _lauf(projekt, *BAUE, "--force")[1]
    assert "click" in _lauf(projekt, *BAUE, "--force")[1], "what is to be done anew is done anew each time"


def test_was_waehrend_des_aufrufs_beruehrt_wurde_zaehlt_als_geaendert(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "zwischenspeicher"))
    (quelle := tmp_path / "quelle").write_text("a")
    beginn = time.time_ns() + 1_000_000_000
    merke = {"read": [str(quelle)], "listed": [], "written": [], "says": "nichts"}
    repeat.remember(["build"], beginn, **merke)
    assert repeat.recall(["build"]) == "nichts"
    repeat.remember(["build", "x"], quelle.stat().st_mtime_ns, **merke)
    assert repeat.recall(["build", "x"]) is None
    for schaden in ("", "{", "[]", '{"seen": 3}', '{"seen": {}}'):
        Path(repeat._record(["build"])).write_text(schaden)
        assert repeat.recall(["build"]) is None
