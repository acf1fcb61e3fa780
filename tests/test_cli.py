"""The command line as its user sees it: exit codes, streams, German words, no traceback for bad input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from builders import KOPF, MASSNAHME

WURZEL = Path(__file__).parent.parent


def ihk(*argumente: str, cwd: Path = WURZEL, **umgebung: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"PYTHONPATH": str(WURZEL)} | umgebung
    return subprocess.run(
        [sys.executable, "-m", "ihk", *argumente], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )


def test_check_ohne_befund(projekt: Path) -> None:
    lauf = ihk("check", cwd=projekt)
    assert (lauf.returncode, lauf.stdout) == (0, "")
    assert lauf.stderr == "Keine Fehler in 2 Fassungen.\n"


@pytest.mark.parametrize(
    "was",
    [
        "musterstadt-ost",
        "musterstadt-ost@2029",
        "concepts/musterstadt-ost/2024.yaml",
        "concepts/musterstadt-ost/2029",
        "concepts/musterstadt-ost",
        "concepts/musterstadt-ost/2029/konzept.yaml",
        ".",
    ],
)
def test_was_sich_alles_nennen_laesst(projekt: Path, was: str) -> None:
    assert ihk("check", was, cwd=projekt).returncode == 0


def test_befunde_mit_ort_und_code_1(projekt: Path) -> None:
    datei = projekt / "concepts/musterstadt-ost/2024.yaml"
    datei.write_text((KOPF + MASSNAHME).replace("90.000 €", "90.50"), encoding="utf-8")
    lauf = ihk("check", "musterstadt-ost@2024", cwd=projekt)
    assert lauf.returncode == 1
    assert lauf.stdout.startswith(
        "concepts/musterstadt-ost/2024.yaml:18:15  WERT-GELD  „90.50“ ist keine Zahl in deutscher Schreibweise.  → "
    )
    assert "Traceback" not in lauf.stderr
    daten = json.loads(ihk("check", "--format", "json", cwd=projekt).stdout)
    assert daten["zusammenfassung"]["fehler"] == 1
    assert daten["befunde"][0]["zeile"] == 18


def test_warnungen_zaehlen_nur_mit_strict(projekt: Path) -> None:
    datei = projekt / "concepts/musterstadt-ost/2024.yaml"
    datei.write_text(
        (KOPF + MASSNAHME).split("    kosten:")[0] + "    unbekannt: {kosten: Noch offen.}\n", encoding="utf-8"
    )
    assert ihk("check", "musterstadt-ost@2024", cwd=projekt).returncode == 0
    assert ihk("check", "--strict", "musterstadt-ost@2024", cwd=projekt).returncode == 1


def test_kennung_und_ordner(projekt: Path) -> None:
    (projekt / "concepts/musterstadt-ost/2024.yaml").rename(projekt / "concepts/musterstadt-ost/2023.yaml")
    lauf = ihk("check", "musterstadt-ost@2023", cwd=projekt)
    assert "KENNUNG-ORDNER" in lauf.stdout
    anderswo = projekt / "irgendwo.yaml"
    anderswo.write_text(KOPF + MASSNAHME, encoding="utf-8")
    assert ihk("check", "irgendwo.yaml", cwd=projekt).returncode == 0


def test_datei_und_ordner_zugleich(projekt: Path) -> None:
    (projekt / "concepts/musterstadt-ost/2029.yaml").write_text(KOPF, encoding="utf-8")
    assert "DATEI-DOPPELT" in ihk("check", cwd=projekt).stdout


@pytest.mark.parametrize(
    ("argumente", "wort"),
    [
        (["foo"], "Befehl"), (["chek"], "check"), (["check", "--foo"], "Option"), (["check", "nix"], "weder ein Konzept noch eine Datei"),
        (["check", "musterstadt-ost@1900"], "Vorhanden: 2024, 2029"), (["diff", "x"], "NEU"), (["diff", "a", "b", "c"], "zu viele"),
        (["build", "--report", "nix"], "nix"), (["diff", "musterstadt-ost@2024", "musterstadt-ost@2029", "--format", "doc"], "Möglich"),
        (["--project", "/nirgendwo", "check"], "concepts"), (["export"], "WAS"), ([], "Aufruf"),
    ],
)  # fmt: skip
def test_falscher_aufruf_endet_mit_2(projekt: Path, argumente: list[str], wort: str) -> None:
    lauf = ihk(*argumente, cwd=projekt)
    assert lauf.returncode == 2
    assert wort in lauf.stderr
    assert lauf.stdout == ""
    assert "Traceback" not in lauf.stderr


def test_ohne_projekt(tmp_path: Path) -> None:
    lauf = ihk("check", cwd=tmp_path)
    assert lauf.returncode == 2
    assert "kein Projekt" in lauf.stderr


@pytest.mark.parametrize("grenze", ["tiefe", "groesse", "text", "ziffern"])
def test_grenzen_enden_mit_2(tmp_path: Path, grenze: str) -> None:
    inhalt = {
        "tiefe": "a: " + "[" * 60,
        "groesse": KOPF + "#" + "x" * (21 * 1024 * 1024),
        "text": KOPF + "kapitel: [{id: a, text: " + "x" * 110_000 + "}]\n",
        "ziffern": KOPF + MASSNAHME.replace("90.000 €", "1" * 16),
    }[grenze]
    (tmp_path / "k.yaml").write_text(inhalt, encoding="utf-8")
    lauf = ihk("check", "k.yaml", cwd=tmp_path)
    assert lauf.returncode == 2
    assert lauf.stdout.count("\n") == 1
    assert lauf.stdout.startswith("k.yaml:")


def test_diff_und_exit_code(projekt: Path) -> None:
    paar = ("musterstadt-ost@2024", "musterstadt-ost@2029")
    lauf = ihk("diff", *paar, cwd=projekt)
    assert lauf.returncode == 0
    assert "Status: geplant → in Umsetzung" in lauf.stdout
    assert "\x1b" not in lauf.stdout
    assert ihk("diff", "--exit-code", *paar, cwd=projekt).returncode == 1
    assert ihk("diff", "--exit-code", paar[0], paar[0], cwd=projekt).returncode == 0
    ziel = projekt / "neu" / "a.json"
    assert ihk("diff", *paar, "--format", "json", "-o", str(ziel), cwd=projekt).stdout == ""
    assert json.loads(ziel.read_text(encoding="utf-8"))["schema"] == "ihk-aenderungen/1"


def test_diff_einer_unlesbaren_datei_endet_mit_2(projekt: Path) -> None:
    (projekt / "kaputt.yaml").write_text("a: [1\n", encoding="utf-8")
    lauf = ihk("diff", "musterstadt-ost@2024", "kaputt.yaml", "--exit-code", cwd=projekt)
    assert lauf.returncode == 2
    assert "kaputt.yaml:1:4" in lauf.stderr


def test_export_und_fehler_der_pruefung(projekt: Path) -> None:
    lauf = ihk("export", "musterstadt-ost@2024", cwd=projekt)
    assert lauf.returncode == 0
    assert json.loads(lauf.stdout)["summen"]["gesamt"] == "90000.00"
    datei = projekt / "concepts/musterstadt-ost/2024.yaml"
    datei.write_text((KOPF + MASSNAHME).replace("teilziele: [T1, T2]", "teilziele: [T9]"), encoding="utf-8")
    lauf = ihk("export", "musterstadt-ost@2024", cwd=projekt)
    assert lauf.returncode == 1
    assert json.loads(lauf.stdout)["massnahmen"][0]["teilziele"] == ["T9"]


@pytest.mark.parametrize("sprache", ["C", "POSIX", "de_DE.ISO-8859-1"])
def test_umlaute_in_jeder_umgebung(projekt: Path, sprache: str) -> None:
    lauf = ihk("check", "nix", cwd=projekt, LC_ALL=sprache, PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert lauf.returncode == 2
    assert "Traceback" not in lauf.stderr


def test_steuerzeichen_im_namen_erreichen_das_terminal_nicht(tmp_path: Path) -> None:
    (tmp_path / "b\x1b[31m\u202e.yaml").write_text("a: [1\n", encoding="utf-8")
    lauf = ihk("check", ".", cwd=tmp_path)
    assert lauf.returncode == 1
    assert "\x1b" not in lauf.stdout + lauf.stderr
    assert "\u202e" not in lauf.stdout + lauf.stderr


def test_geraet_oder_ordner_statt_datei(projekt: Path) -> None:
    os.mkfifo(projekt / "rohr.yaml")
    lauf = ihk("check", "rohr.yaml", cwd=projekt)
    assert lauf.returncode == 2
    assert "gewöhnliche Datei" in lauf.stderr


def test_ein_fehler_des_programms_endet_mit_3() -> None:
    programm = (
        "from ihk.cli import grund\ndef kaputt(): raise RuntimeError('x')\nraise SystemExit(grund.ausfuehren(kaputt))"
    )
    lauf = subprocess.run([sys.executable, "-c", programm], cwd=WURZEL, capture_output=True, text=True, check=False)
    assert lauf.returncode == 3
    assert "Bitte melden" in lauf.stderr


def test_abbruch_endet_mit_130() -> None:
    programm = (
        "from ihk.cli import grund\ndef halt(): raise KeyboardInterrupt\nraise SystemExit(grund.ausfuehren(halt))"
    )
    assert (
        subprocess.run([sys.executable, "-c", programm], cwd=WURZEL, capture_output=True, check=False).returncode == 130
    )


def test_doctor() -> None:
    lauf = ihk("doctor")
    assert lauf.returncode == 0
    assert "Pango" in lauf.stdout
    assert "FEHLT" not in lauf.stdout


def test_version() -> None:
    from ihk import __version__

    assert ihk("--version").stdout == f"ihk {__version__}\n"
