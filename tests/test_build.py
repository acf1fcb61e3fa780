"""Files on disk: all of them or the former ones; stale ones only; the others go on when one Fassung fails."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from builders import KOPF, MASSNAHME, schreibe
from strg_c import hoerbar
from test_cli import WURZEL, ihk

from ihk import stale
from ihk.problems import IhkError
from ihk.write import build_lock, write_atomic

BERICHT = {"bericht.pdf", "bericht.html", "daten.json"}
SYNOPSE = {"synopse.pdf", "synopse.html", "aenderungen.json"}


def _sichtbar(ordner: Path) -> set[str]:
    return {p.name for p in ordner.iterdir() if not p.name.startswith(".")}


# --------------------------------------------------------------------------- writing


def test_schreiben_ersetzt_ganz(tmp_path: Path) -> None:
    ziel = tmp_path / "a" / "b.txt"
    write_atomic(ziel, b"alt")
    write_atomic(ziel, b"neu")
    assert ziel.read_bytes() == b"neu"
    assert [p.name for p in ziel.parent.iterdir()] == ["b.txt"]


@pytest.mark.parametrize("stelle", ["os.fsync", "pathlib.Path.replace", "pathlib.Path.chmod", "os.fdopen"])
@pytest.mark.parametrize("nummer", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_jeder_fehler_laesst_die_alte_datei(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stelle: str, nummer: int
) -> None:
    ziel = tmp_path / "b.txt"
    write_atomic(ziel, b"alt")

    def kaputt(*args: object, **kwargs: object) -> None:
        raise OSError(nummer, os.strerror(nummer))

    with monkeypatch.context() as m:
        m.setattr(stelle, kaputt)
        with pytest.raises((IhkError, OSError)):
            write_atomic(ziel, b"neu")
    assert ziel.read_bytes() == b"alt"
    assert [p.name for p in tmp_path.iterdir()] == ["b.txt"]


def test_nur_ein_build_zugleich(tmp_path: Path) -> None:
    with build_lock(tmp_path), pytest.raises(IhkError, match="läuft bereits"), build_lock(tmp_path):
        pass
    with build_lock(tmp_path):
        pass


def test_reste_eines_abgebrochenen_builds_verschwinden(tmp_path: Path) -> None:
    rest = tmp_path / "k" / "f" / ".bericht.pdf.abc.tmp"
    rest.parent.mkdir(parents=True)
    rest.write_bytes(b"halb")
    with build_lock(tmp_path):
        assert not rest.exists()


def test_aktuell_heisst_gleicher_schluessel_und_gleiche_dateien(tmp_path: Path) -> None:
    dateien = {"a.txt": b"1", "b.txt": b"2"}
    for name, daten in dateien.items():
        (tmp_path / name).write_bytes(daten)
    assert not stale.aktuell(tmp_path, "s", dateien)
    (tmp_path / stale.STAND).write_bytes(stale.stand(tmp_path, "s", dateien))
    assert stale.aktuell(tmp_path, "s", dateien)
    assert not stale.aktuell(tmp_path, "t", dateien)
    assert not stale.aktuell(tmp_path, "s", [*dateien, "c.txt"])
    (tmp_path / "a.txt").write_bytes(b"von Hand")
    assert not stale.aktuell(tmp_path, "s", dateien)
    (tmp_path / stale.STAND).write_bytes(b"{kaputt")
    assert not stale.aktuell(tmp_path, "s", dateien)


# --------------------------------------------------------------------------- whole builds


@pytest.mark.pdf
def test_build_schreibt_alles_und_beim_zweiten_mal_nichts(projekt: Path) -> None:
    lauf = ihk("build", cwd=projekt)
    assert lauf.returncode == 0, lauf.stderr
    erste, zweite = (projekt / "build/musterstadt-ost" / f for f in ("2024", "2029"))
    assert _sichtbar(erste) == BERICHT
    assert _sichtbar(zweite) == BERICHT | SYNOPSE
    index = (projekt / "build/index.html").read_text(encoding="utf-8")
    for datei in (*(f"2024/{n}" for n in BERICHT), *(f"2029/{n}" for n in BERICHT | SYNOPSE)):
        assert f"musterstadt-ost/{datei}" in index
        assert f"build/musterstadt-ost/{datei}\n" in lauf.stdout
    zeiten = {p: p.stat().st_mtime_ns for p in (projekt / "build").rglob("*.*") if p.is_file()}
    lauf = ihk("build", cwd=projekt)
    assert (lauf.returncode, lauf.stdout) == (0, "")
    assert "2 Fassungen schon aktuell" in lauf.stderr
    assert {p: p.stat().st_mtime_ns for p in zeiten} == zeiten


@pytest.mark.pdf
def test_eine_fehlerhafte_fassung_haelt_die_anderen_nicht_auf(projekt: Path) -> None:
    assert ihk("build", cwd=projekt).returncode == 0
    alt = {p: p.read_bytes() for p in (projekt / "build/musterstadt-ost/2024").iterdir()}
    quelle = projekt / "concepts/musterstadt-ost/2024.yaml"
    quelle.write_text((KOPF + MASSNAHME).replace("teilziele: [T1, T2]", "teilziele: [T9]"), encoding="utf-8")
    massnahme = projekt / "concepts/musterstadt-ost/2029/massnahmen/M01.yaml"
    massnahme.write_text(massnahme.read_text(encoding="utf-8").replace("bewilligt", "in_umsetzung"), encoding="utf-8")
    lauf = ihk("build", cwd=projekt)
    assert lauf.returncode == 1
    assert "2024.yaml:13:17  BEZUG-OFFEN" in lauf.stderr
    assert "nicht gesetzt: musterstadt-ost@2024" in lauf.stderr
    assert {p: p.read_bytes() for p in alt} == alt
    assert "2029/bericht.pdf" in lauf.stdout
    assert (
        json.loads((projekt / "build/musterstadt-ost/2029/daten.json").read_text(encoding="utf-8"))["massnahmen"][0][
            "status"
        ]
        == "in_umsetzung"
    )


def _karte(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/maps").read_text(encoding="utf-8")
    except OSError:
        return ""


def _kinder(pid: int) -> list[int]:
    """The processes that any of its threads has started."""
    try:
        listen = [p.read_text(encoding="utf-8") for p in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return []
    return [int(k) for liste in listen for k in liste.split()]


def _warte_bis_gesetzt_wird(lauf: subprocess.Popen[bytes]) -> None:
    """Until the typesetter's library is loaded in a process: then the build is at work and nothing is written yet."""
    for _ in range(600):
        if lauf.poll() is not None or any("libpango" in _karte(pid) for pid in (lauf.pid, *_kinder(lauf.pid))):
            return
        time.sleep(0.02)
    pytest.fail("der Build hat nicht begonnen")


@pytest.mark.pdf
def test_abgebrochener_build_laesst_die_alten_dateien(projekt: Path) -> None:
    assert ihk("build", "musterstadt-ost@2024", cwd=projekt).returncode == 0
    ordner = projekt / "build/musterstadt-ost/2024"
    alt = {p.name: p.read_bytes() for p in ordner.iterdir()}
    quelle = projekt / "concepts/musterstadt-ost/2024.yaml"
    quelle.write_text((KOPF + MASSNAHME).replace("Quartiersplatz", "Quartierspark"), encoding="utf-8")
    for zeichen in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        with hoerbar():
            lauf = subprocess.Popen(
                [sys.executable, "-m", "ihk", "build", "musterstadt-ost@2024"],
                cwd=projekt,
                env=os.environ | {"PYTHONPATH": str(WURZEL), "XDG_CACHE_HOME": str(projekt / f"leer-{zeichen.name}")},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        _warte_bis_gesetzt_wird(lauf)
        lauf.send_signal(zeichen)
        code = lauf.wait(timeout=30)
        assert code == (130 if zeichen != signal.SIGKILL else -signal.SIGKILL)
        assert {p.name: p.read_bytes() for p in ordner.iterdir() if not p.name.endswith(".tmp")} == alt


@pytest.mark.pdf
def test_ausserhalb_eines_projekts(tmp_path: Path) -> None:
    schreibe(tmp_path, {"entwurf.yaml": KOPF + MASSNAHME})
    lauf = ihk("build", "entwurf.yaml", "-o", "aus", cwd=tmp_path)
    assert lauf.returncode == 0, lauf.stderr
    assert _sichtbar(tmp_path / "aus/musterstadt-ost/2024") == BERICHT


@pytest.mark.pdf
def test_eigene_vorlage_ersetzt_die_mitgelieferte(projekt: Path) -> None:
    schreibe(
        projekt,
        {
            "templates/index.html.j2": "<!DOCTYPE html><html lang='de'><title>Eigene Seite</title><p>{{ index.satz }}</p></html>"
        },
    )
    assert ihk("build", "musterstadt-ost@2024", cwd=projekt).returncode == 0
    assert "Eigene Seite" in (projekt / "build/index.html").read_text(encoding="utf-8")


@pytest.mark.pdf
@pytest.mark.parametrize("form", ["html", "pdf"])
def test_diff_als_dokument(projekt: Path, form: str) -> None:
    ziel = projekt / f"vergleich.{form}"
    lauf = ihk("diff", "musterstadt-ost@2024", "musterstadt-ost@2029", "--format", form, "-o", ziel.name, cwd=projekt)
    assert lauf.returncode == 0, lauf.stderr
    daten = ziel.read_bytes()
    assert daten.startswith(b"%PDF-" if form == "pdf" else b"<!DOCTYPE html>")
    if form == "html":
        assert "Quartiersplatz" in daten.decode()


@pytest.mark.pdf
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ohne_pango_endet_der_befehl_mit_2(projekt: Path, tmp_path: Path, jobs: str) -> None:
    """A module that stands in for WeasyPrint on a machine without Pango: importing it fails as the real one would."""
    schreibe(tmp_path / "ohne", {"weasyprint/__init__.py": 'raise OSError("cannot load library libpango-1.0-0")\n'})
    umgebung = {"PYTHONPATH": f"{tmp_path / 'ohne'}{os.pathsep}{WURZEL}", "XDG_CACHE_HOME": str(tmp_path / "leer")}
    lauf = ihk("build", "--jobs", jobs, cwd=projekt, **umgebung)
    assert lauf.returncode == 2
    assert "Pango" in lauf.stderr
    assert "Traceback" not in lauf.stderr
    assert not list((projekt / "build").rglob("*.pdf"))
