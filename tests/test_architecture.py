"""The house plan holds: imports follow the arrows, each outside library has one door, ``check`` starts light."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PAKET = Path(__file__).parent.parent / "ihk"
# Rooms in the order of the data; a module may import from rooms on the left of its own (and from its own).
RAEUME = (
    "problems", "memory", "resources", "write", "cache", "repeat", "stale", "saves", "beside", "drawings", "pictures", "typefaces", "maps", "progress", "characters",
    "reading", "register", "erklaerung", "labels", "model", "sums", "termine", "provenance", "revisions", "project", "seals", "verify", "diff", "history", "review", "checks", "faellig", "export", "terminal", "schema", "revise", "driver", "doctor", "report", "pdf", "build", "cluster", "serve", "cli",
)  # fmt: skip
# The comparison stands before the checks: one of them asks it what changed without a reason.
# labels needs points in time; checks print amounts; progress is used by build only.
TUEREN = {
    "yaml": {"reading/source", "doctor"},
    "jinja2": {"report/environment", "report/render"},
    "weasyprint": {"pdf/part", "pdf/shortcuts"},
    "PIL": {"pictures"},
    "pypdf": {"provenance"},
    "pydyf": {"pdf/syntax", "pdf/part"},
    "fontTools": {"pdf/fonts", "characters", "typefaces"},
    "click": {
        "cli/grund",
        "cli/pruefen",
        "cli/bauen",
        "cli/vergleichen",
        "cli/schreiben",
        "cli/verlauf",
        "cli/review",
        "cli/vorschau",
        "cli/einlesen",
    },
    "distributed": {"cluster"},
    "rich": {"progress"},
    "xlsxwriter": {"export/arbeitsmappe", "revise/tabellenvorlage"},
    "openpyxl": {"reading/arbeitsmappen"},
    "markdown_it": {"report/prose"},
    "mdit_py_plugins": {"report/prose"},
    "nh3": {"report/prose"},
    "starlette": {"serve/app", "serve/wache"},
    "uvicorn": {"serve/lauf"},
    "watchfiles": {"serve/app", "saves"},
    "tinyhtml5": {"report/fragment"},
}
MODULE = sorted(p for p in PAKET.rglob("*.py") if "__pycache__" not in p.parts)


def _name(pfad: Path) -> str:
    name = str(pfad.relative_to(PAKET).with_suffix(""))
    return name.removesuffix("/__init__")


def _importe(pfad: Path) -> set[str]:
    ergebnis: set[str] = set()
    for knoten in ast.walk(ast.parse(pfad.read_text(encoding="utf-8"))):
        if isinstance(knoten, ast.Import):
            ergebnis |= {a.name for a in knoten.names}
        elif isinstance(knoten, ast.ImportFrom) and knoten.module:
            ergebnis.add(knoten.module)
            ergebnis |= {f"{knoten.module}.{a.name}" for a in knoten.names}
    return ergebnis


def test_jeder_raum_ist_da() -> None:
    gefunden = {_name(p).split("/")[0] for p in MODULE} - {"__init__", "__main__", ""}
    assert gefunden == set(RAEUME)
    assert len(MODULE) > 40


@pytest.mark.parametrize("pfad", MODULE, ids=_name)
def test_importe_folgen_den_pfeilen(pfad: Path) -> None:
    raum = _name(pfad).split("/")[0]
    if raum not in RAEUME:
        return
    for modul in _importe(pfad):
        teile = modul.split(".")
        if teile[0] == "ihk" and len(teile) > 1 and teile[1] in RAEUME and teile[1] != raum:
            assert RAEUME.index(teile[1]) < RAEUME.index(raum), f"{raum} benutzt {teile[1]}"


@pytest.mark.parametrize("bibliothek", TUEREN)
def test_eine_tuer_je_bibliothek(bibliothek: str) -> None:
    benutzer = {_name(p) for p in MODULE if any(m.split(".")[0] == bibliothek for m in _importe(p))}
    assert benutzer
    assert benutzer <= TUEREN[bibliothek]


@pytest.mark.parametrize("verboten", ["write_text", "write_bytes", "write_pdf("])
def test_nur_ein_modul_schreibt_dateien(verboten: str) -> None:
    schreiber = {_name(p) for p in MODULE if f".{verboten}" in p.read_text(encoding="utf-8")}
    assert not schreiber, "Dateien schreibt nur ihk/write.py"


def test_check_laedt_weder_weasyprint_noch_jinja2() -> None:
    programm = (
        "import sys\nfrom ihk.cli.grund import ihk\n"
        "try:\n    ihk.main(args=['check', 'voelklingen@2012'], standalone_mode=False)\n"
        "finally:\n    geladen = {'weasyprint', 'jinja2', 'markdown_it', 'rich', 'pydyf', 'openpyxl', 'xlsxwriter'} & set(sys.modules)\n"
        "    assert 'yaml' in sys.modules\n    print('GELADEN', sorted(geladen))\n"
    )
    lauf = subprocess.run(
        [sys.executable, "-c", programm], capture_output=True, text=True, cwd=PAKET.parent, check=True
    )
    assert "GELADEN []" in lauf.stdout


def test_help_laedt_nur_wenig() -> None:
    programm = "import sys\nfrom ihk.cli.grund import ihk\ntry:\n    ihk.main(args=['--help'])\nexcept SystemExit:\n    print('GELADEN', sorted({'pydantic', 'yaml', 'babel', 'weasyprint', 'jinja2', 'openpyxl'} & set(sys.modules)))\n"
    lauf = subprocess.run(
        [sys.executable, "-c", programm], capture_output=True, text=True, cwd=PAKET.parent, check=True
    )
    assert "GELADEN []" in lauf.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="nur dort findet der Lader die Bibliotheken ohne Hilfe")
def test_weasyprint_zu_laden_startet_kein_anderes_programm() -> None:
    programm = (
        "import sys\ngestartet = []\nsys.addaudithook(lambda was, wie: gestartet.append(wie) if was == 'subprocess.Popen' else None)\n"
        "from ihk.pdf import shortcuts\nfrom ihk.resources import fontconfig\nprint(shortcuts.load(fontconfig()).__name__, len(gestartet))\n"
        "import ctypes.util\nctypes.util.find_library('harfbuzz-vector')\nprint('sonst', len(gestartet) > 0)\n"
    )
    lauf = subprocess.run([sys.executable, "-c", programm], capture_output=True, text=True, check=True)
    assert lauf.stdout.split() == ["weasyprint", "0", "sonst", "True"]
