"""A Dask cluster sets: the same bytes as this machine, whoever of its workers is lost meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from shutil import rmtree
from types import SimpleNamespace

import pytest
from builders import KOPF, MASSNAHME, schreibe
from PIL import Image

from ihk import cluster
from ihk.build import Auftrag, Ergebnis, Gesetzt, run
from ihk.cluster import Verbund, verbunden
from ihk.problems import IhkError
from ihk.progress import Anzeige
from ihk.project import Projekt, alle

pytestmark = pytest.mark.pdf
WORKER = 3


LANG = "Ein Satz, der den Steckbrief über seine Seite hinaus verlängert. " * 110
BILD = (
    "bilder: [{id: B1, datei: platz.png, unterschrift: Der Platz, alt: Ein Platz, bildnachweis: Stadt Musterstadt}]\n"
)


@pytest.fixture(scope="module")
def projekt(tmp_path_factory: pytest.TempPathFactory) -> Projekt:
    """Two concepts of two Fassungen each, as files and as folders, with pictures, templates of their own and too long a text."""
    wurzel = tmp_path_factory.mktemp("land")
    for nummer in range(1, 3):
        alt = (KOPF + MASSNAHME).replace("id: musterstadt-ost", f"id: ort-{nummer}") + BILD
        neu = alt.replace('id: "2024", art: ursprung', 'id: "2029", art: fortschreibung, vorgaenger: "2024"')
        neu = neu.replace("status: geplant", f"status: geplant\n    beschreibung: {LANG}")
        ort = f"concepts/ort-{nummer}"
        schreibe(wurzel, {f"{ort}/2024.yaml": alt, f"{ort}/2029/konzept.yaml": neu})
        for ordner in (ort, f"{ort}/2029"):
            Image.new("RGB", (60, 40), (20 * nummer, 90, 120)).save(wurzel / ordner / "platz.png")
    schreibe(
        wurzel,
        {
            "templates/teile/fiktiv.html.j2": "",
            "templates/index.html.j2": "<!DOCTYPE html><html lang=de><title>x</title>",
        },
    )
    return Projekt(wurzel)


LOKAL = f"""
import sys
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers={WORKER}, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=":0") as c:
        print(c.scheduler_address, flush=True)
        sys.stdin.read()
"""


@pytest.fixture(scope="module")
def zwischenspeicher(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of the workers."""
    return tmp_path_factory.mktemp("cluster") / "cache"


@pytest.fixture(scope="module")
def adresse(zwischenspeicher: Path) -> Iterator[str]:
    """A cluster of three processes on this machine."""
    ordner = schreibe(zwischenspeicher.parent, {"lokal.py": LOKAL})
    umgebung = os.environ | {"XDG_CACHE_HOME": str(zwischenspeicher)}
    with subprocess.Popen(
        [sys.executable, "lokal.py"], cwd=ordner, env=umgebung, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as lauf:
        assert lauf.stdin is not None
        assert lauf.stdout is not None
        yield lauf.stdout.readline().strip()
        lauf.stdin.close()
        lauf.wait(30)


@pytest.fixture(scope="module")
def hier(projekt: Projekt, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], Ergebnis]:
    """What this machine makes of the project."""
    return _baue(projekt, tmp_path_factory.mktemp("hier"))


def _baue(
    projekt: Projekt, ordner: Path, verbund: Verbund | None = None, konzept: str = ""
) -> tuple[dict[str, bytes], Ergebnis]:
    versionen = tuple(v for v in alle(projekt) if v.name.startswith(konzept))
    with Anzeige(len(versionen)) as anzeige:
        ergebnis = run(Auftrag(versionen, ordner, projekt, ("bericht", "steckbriefe")), anzeige, verbund)
    dateien = {
        str(p.relative_to(ordner)): p.read_bytes() for p in ordner.rglob("*.*") if p.is_file() and p.name[0] != "."
    }
    return dateien, ergebnis


def _befunde(ergebnis: Ergebnis) -> list[tuple[str, str, str]]:
    return [(str(p.ort), p.code, p.meldung) for p in ergebnis.probleme]


@pytest.mark.parametrize("konzept", ["", "ort-2"], ids=["ganze Fassungen", "Teile"])
def test_es_werden_dieselben_auch_wenn_ein_worker_stirbt(
    konzept: str,
    adresse: str,
    zwischenspeicher: Path,
    projekt: Projekt,
    hier: tuple[dict[str, bytes], Ergebnis],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "leer"))
    rmtree(zwischenspeicher, ignore_errors=True)
    with verbunden(adresse) as verbund:
        gesandt = _merke_gesandtes(verbund)
        toeter = threading.Thread(target=_toete_einen, args=(verbund,))
        toeter.start()
        dateien, ergebnis = _baue(projekt, tmp_path / "aus", verbund, konzept)
        toeter.join()
        assert verbund.verlust.startswith("1 Worker ging verloren")
    erwartet = {n: d for n, d in hier[0].items() if konzept in n and n != "index.html"}
    assert {n: d for n, d in dateien.items() if n != "index.html"} == erwartet
    assert len([n for n in dateien if n.endswith(".pdf")]) == (4 if konzept else 8)
    if konzept:
        assert "setze" not in gesandt
        assert gesandt.count("lay_out") > 3
    else:
        assert gesandt == ["setze"] * 4
        # What only setting can find names the file as it is called here.
        assert _befunde(ergebnis) == _befunde(hier[1])
        assert [p.ort.datei for p in ergebnis.probleme if p.code == "SEITEN-ZUVIEL"] == [
            v.quelle.name("konzept.yaml") for v in alle(projekt) if v.fassung == "2029"
        ]


def test_was_der_cluster_aufgibt_setzt_dieser_rechner(
    adresse: str,
    projekt: Projekt,
    hier: tuple[dict[str, bytes], Ergebnis],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from distributed import KilledWorker

    def aufgegeben(_: object) -> Gesetzt:
        raise KilledWorker("setze", SimpleNamespace(address="tcp://weg:1"), 3)

    monkeypatch.setattr(cluster, "_ergebnis", aufgegeben)
    with verbunden(adresse) as verbund:
        dateien, _ = _baue(projekt, tmp_path, verbund)
    assert dateien == hier[0]


def test_ein_anderes_programm_wird_beim_namen_genannt(adresse: str, monkeypatch: pytest.MonkeyPatch) -> None:
    eigene = cluster.kennung()
    monkeypatch.setattr(cluster, "kennung", _Andere(replace(eigene, version="0.0.1")))
    with pytest.raises(IhkError, match=r"anderes Programm als hier \(ihk 0\.0\.1") as fehler, verbunden(adresse):
        pass
    assert str(fehler.value).count("tcp://") == WORKER


@pytest.mark.parametrize("adresse", ["tcp://127.0.0.1:9", "unsinn", "", "http://rechner:80"])
def test_ohne_scheduler(adresse: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "WAIT", 1)
    with pytest.raises(IhkError, match="antwortet kein Dask-Scheduler"), verbunden(adresse):
        pass


def test_ein_worker_der_spaeter_kam_prueft_selbst() -> None:
    fremd = replace(cluster.kennung(), programm="0" * 64)
    with pytest.raises(cluster.FremdError, match="anderes Programm"):
        cluster._pruefe(fremd)


class _Andere:
    """Says of this process that it has another program; of the workers, what they say."""

    def __init__(self, hier: cluster.Kennung) -> None:
        self._hier = hier

    def __call__(self) -> cluster.Kennung:
        return self._hier

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, str]]:
        return getattr, (cluster, "kennung")


def _merke_gesandtes(verbund: Verbund) -> list[str]:
    """Names of the functions that the workers are asked for."""
    gesandt: list[str] = []
    senden = verbund._client.submit

    def submit(funktion: Callable[..., object], *args: object, **kw: object) -> object:
        gesandt.append(funktion.__name__)
        return senden(funktion, *args, **kw)

    verbund._client.submit = submit
    return gesandt


def _toete_einen(verbund: Verbund) -> None:
    """Kill the process of a worker that has something to do."""
    pids = verbund._client.run(os.getpid)
    for _ in range(1000):
        beschaeftigt = [ort for ort, aufgaben in verbund._client.processing().items() if aufgaben]
        if beschaeftigt:
            os.kill(pids[beschaeftigt[0]], signal.SIGKILL)
            return
        time.sleep(0.01)
    raise AssertionError("kein Worker hatte etwas zu tun")
