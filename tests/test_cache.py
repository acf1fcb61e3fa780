"""The cache of laid out parts: the same bytes with it and without it, whatever happens to its files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from builders import KOPF, MASSNAHME, schreibe

from ihk.cache import Cache, default_folder

WURZEL = Path(__file__).parent.parent


def test_was_hineinkommt_kommt_heraus(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    assert cache.get("ab" * 32) is None
    cache.put("ab" * 32, b"inhalt" * 1000)
    assert cache.get("ab" * 32) == b"inhalt" * 1000


@pytest.mark.parametrize("schaden", [b"", b"kurz", b"\0" * 500])
def test_beschaedigtes_gilt_als_nicht_da(tmp_path: Path, schaden: bytes) -> None:
    cache = Cache(tmp_path)
    cache.put("cd" * 32, b"inhalt")
    (datei,) = (p for p in tmp_path.rglob("*") if p.is_file())
    datei.write_bytes(schaden)
    assert cache.get("cd" * 32) is None


def test_das_am_laengsten_unbenutzte_geht_zuerst(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    schluessel = [f"{i:02x}" * 32 for i in range(10)]
    for i, s in enumerate(schluessel):
        cache.put(s, os.urandom(1000))
        os.utime(tmp_path / s[:2] / s[2:], (1000 + i, 1000 + i))
    cache.get(schluessel[0])  # used now
    cache.trim(5000)
    da = [s for s in schluessel if (tmp_path / s[:2] / s[2:]).exists()]
    assert da == [schluessel[0], *schluessel[-len(da) + 1 :]]
    assert 1 < len(da) < 5


def test_ein_ordner_in_den_man_nicht_schreiben_darf_haelt_nichts_auf(tmp_path: Path) -> None:
    hindernis = tmp_path / "datei"
    hindernis.write_text("x")
    cache = Cache(hindernis / "ihk")
    cache.put("ef" * 32, b"inhalt")
    assert cache.get("ef" * 32) is None
    cache.trim()


def test_der_ordner_folgt_xdg(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "ihk"
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setenv("HOME", str(tmp_path / "heim"))
    assert default_folder() == tmp_path / "heim" / ".cache" / "ihk"


def _baue(tmp_path: Path, ziel: str, cache: str, *mehr: str) -> dict[str, bytes]:
    schreibe(tmp_path, {"concepts/musterstadt-ost/2024.yaml": KOPF + MASSNAHME})
    befehl = [sys.executable, "-m", "ihk", "build", "-o", ziel, "--report", "bericht", "--report", "kurzfassung", *mehr]
    umgebung = os.environ | {"PYTHONPATH": str(WURZEL), "XDG_CACHE_HOME": str(tmp_path / cache)}
    lauf = subprocess.run(befehl, cwd=tmp_path, env=umgebung, capture_output=True, text=True, check=False)
    assert lauf.returncode == 0, lauf.stderr
    return {p.name: p.read_bytes() for p in (tmp_path / ziel).rglob("*.pdf")}


@pytest.mark.pdf
def test_kalt_warm_und_mit_kaputtem_speicher_dieselben_bytes(tmp_path: Path) -> None:
    kalt = _baue(tmp_path, "a", "speicher", "--jobs", "1")
    assert set(kalt) == {"bericht.pdf", "kurzfassung.pdf"}
    assert _baue(tmp_path, "b", "speicher", "--jobs", "2") == kalt
    for datei in (p for p in (tmp_path / "speicher").rglob("*") if p.is_file()):
        datei.write_bytes(datei.read_bytes()[:40])
    assert _baue(tmp_path, "c", "speicher") == kalt
    assert _baue(tmp_path, "d", "anderer", "--jobs", "2") == kalt


@pytest.mark.pdf
def test_aus_dem_speicher_ohne_setzprogramm(tmp_path: Path) -> None:
    kalt = _baue(tmp_path, "a", "speicher", "--jobs", "1")
    programm = """
import sys
from ihk.cli.grund import ihk
ihk.main(args="build -o b --jobs 1 --report bericht --report kurzfassung".split(), standalone_mode=False)
print("GELADEN", "weasyprint" in sys.modules)
"""
    umgebung = os.environ | {"PYTHONPATH": str(WURZEL), "XDG_CACHE_HOME": str(tmp_path / "speicher")}
    befehl = [sys.executable, "-c", programm]
    lauf = subprocess.run(befehl, cwd=tmp_path, env=umgebung, capture_output=True, text=True, check=True)
    assert lauf.stdout.endswith("GELADEN False\n")
    assert {p.name: p.read_bytes() for p in (tmp_path / "b").rglob("*.pdf")} == kalt
