"""``ihk serve``: who is answered, what is shown after which save, and how it ends. A browser looks at it in ``make validate``."""

from __future__ import annotations

import errno
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from builders import KOPF, MASSNAHME, schreibe

from ihk.build import Arbeit
from ihk.diff import compare
from ihk.problems import IhkError
from ihk.project import Projekt, find_project, resolve_one
from ihk.report import render, vorschau
from ihk.serve import setzer
from ihk.serve.app import Vorschau, app
from ihk.serve.lauf import steckdose
from ihk.serve.werkstatt import Werkstatt

with warnings.catch_warnings():
    warnings.simplefilter(
        "ignore"
    )  # it would like to have httpx2, which is too young; httpx does all that is asked here
    from starlette.testclient import TestClient

WURZEL = Path(__file__).parent.parent
PORT = 8123
NEU = (KOPF + MASSNAHME).replace('"2024", art: ursprung', '"2029", art: fortschreibung, vorgaenger: "2024"')
BERICHT = "/musterstadt-ost/2029/bericht.html"


@pytest.fixture
def ordner(tmp_path: Path) -> Path:
    return schreibe(
        tmp_path,
        {
            "concepts/musterstadt-ost/2024.yaml": KOPF + MASSNAHME,
            "concepts/musterstadt-ost/2029.yaml": NEU,
            "geheim.yaml": "geheim: ja\n",
        },
    )


@pytest.fixture
def datei(ordner: Path) -> Path:
    return ordner / "concepts/musterstadt-ost/2029.yaml"


@pytest.fixture
def fenster(ordner: Path) -> TestClient:
    """A browser of this machine; saves are looked for at each answer, so no watcher is needed."""
    anwendung = app(Vorschau(Werkstatt(Projekt(ordner))), PORT)
    return TestClient(anwendung, base_url=f"http://127.0.0.1:{PORT}", raise_server_exceptions=True)


# ---------------------------------------------------------------------------------------------------- what there is


def test_jede_seite_ist_da_und_die_des_berichts_ist_die_gebaute(fenster: TestClient, ordner: Path) -> None:
    assert "Fassung</span> 2029" in fenster.get("/").text
    assert 'value="synopse.html"' in fenster.get("/musterstadt-ost/2029/").text
    assert 'value="synopse.html"' not in fenster.get("/musterstadt-ost/2024/").text
    neu, alt = (resolve_one(f"musterstadt-ost@{f}", Projekt(ordner)).geladen for f in ("2029", "2024"))
    gebaut = render.report_html(neu, vorgaenger=alt, aenderungen=compare(alt, neu), medium="web", ihk_version="0.1.0")
    assert fenster.get(BERICHT).text == gebaut
    assert "Fassung 2024 und Fassung 2029 im Vergleich" in fenster.get("/musterstadt-ost/2029/synopse.html").text
    assert "Arbeitsliste" in fenster.get("/musterstadt-ost/2029/aufgaben.html").text
    assert "Befunde zu musterstadt-ost@2029" in fenster.get("/musterstadt-ost/2029/befunde.html").text


@pytest.mark.parametrize(
    "adresse",
    [
        "/geheim.yaml",
        "/musterstadt-ost/2029.yaml",
        "/musterstadt-ost/2029/../2024/daten.json",
        "/musterstadt-ost/%2e%2e/",
        "/%2e%2e/%2e%2e/",
        "/..%2f..%2fgeheim.yaml",
        "/musterstadt-ost/2029/%2e%2e/%2e%2e/geheim.yaml",
        "/musterstadt-ost/..%5c2029/bericht.html",
        "/musterstadt-ost/2029%00/bericht.html",
        "/musterstadt-ost/2031/",
        "/musterstadt-ost/2031/bericht.html",
        "/musterstadt-ost/2031/befunde.html",
        "/musterstadt-ost/2031/stand.json",
        "/musterstadt-ost/2031/ereignisse",
        "/musterstadt-ost/2024/synopse.html",
        "/musterstadt-ost/2029/bericht.pdf",
        "//etc/passwd",
    ],
)
def test_sonst_nichts(fenster: TestClient, adresse: str) -> None:
    antwort = fenster.get(f"http://127.0.0.1:{PORT}{adresse}", follow_redirects=False)
    assert (antwort.status_code, antwort.text) == (404, "Diese Seite gibt es nicht.\n")


# ---------------------------------------------------------------------------------------------------- who may ask

GUT = [{"host": f"127.0.0.1:{PORT}"}, {"host": f"localhost:{PORT}", "origin": f"http://localhost:{PORT}"}]
HOSTS = [
    "evil.example", f"evil.example:{PORT}", "127.0.0.1", "localhost", f"127.0.0.1:{PORT + 1}", f"localhost:{PORT}.evil.example",
    f"127.0.0.1.evil.example:{PORT}", f"0.0.0.0:{PORT}", f"[::1]:{PORT}", f"127.1:{PORT}", f"2130706433:{PORT}", "", f"LOCALHOST:{PORT}", f"localhost:{PORT}/",
    f"user@localhost:{PORT}", f"localhost.:{PORT}", f"192.168.0.1:{PORT}",
]  # fmt: skip
HERKUNFT = [
    "http://evil.example", f"https://127.0.0.1:{PORT}", f"http://127.0.0.1:{PORT + 1}", "null", "", f"http://127.0.0.1:{PORT}.evil.example",
    f"http://localhost:{PORT}/", "file://", f"http://evil.example:{PORT}", "chrome-extension://abc", f"http://LOCALHOST:{PORT}",
]  # fmt: skip
SEITENHER = ["cross-site", "same-site", "", "SAME-ORIGIN", "same-origin, cross-site"]
FALSCH = (
    [({"host": h}, 421) for h in HOSTS]
    + [({"host": f"127.0.0.1:{PORT}", "origin": o}, 403) for o in HERKUNFT]
    + [({"host": f"127.0.0.1:{PORT}", "sec-fetch-site": s}, 403) for s in SEITENHER]
    + [({"host": h, "origin": o}, 421) for h in HOSTS[:3] for o in HERKUNFT[:8]]
)


def test_wer_fragen_darf(fenster: TestClient) -> None:
    assert len(FALSCH) >= 50
    for kopf in GUT:
        assert fenster.get("/", headers=kopf).status_code == 200, kopf
    for kopf, status in FALSCH:
        for methode, adresse in (("GET", BERICHT), ("POST", "/musterstadt-ost/2029/bericht.pdf")):
            antwort = fenster.request(methode, adresse, headers=kopf)
            assert antwort.status_code == status, kopf
            assert "Musterstadt" not in antwort.text
    assert fenster.get("/musterstadt-ost/2029", follow_redirects=False).headers["location"] == "/musterstadt-ost/2029/"
    for methode in ("PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"):
        assert fenster.request(methode, BERICHT).status_code == 405


def test_jede_antwort_traegt_ihre_koepfe(fenster: TestClient) -> None:
    for adresse in ("/", BERICHT, "/nirgends", "/musterstadt-ost/2029/stand.json"):
        kopf = fenster.get(adresse).headers
        assert kopf["cache-control"] == "no-store"
        assert kopf["x-content-type-options"] == "nosniff"
        assert kopf["x-frame-options"] == "SAMEORIGIN"
        assert "access-control-allow-origin" not in kopf
    for adresse in ("/", "/musterstadt-ost/2029/", BERICHT, "/musterstadt-ost/2029/befunde.html"):
        assert "default-src &#39;none&#39;" in (seite := fenster.get(adresse).text) or "default-src 'none'" in seite


# ---------------------------------------------------------------------------------------------------- after a save


def _stand(fenster: TestClient) -> dict[str, object]:
    ergebnis: dict[str, object] = fenster.get("/musterstadt-ost/2029/stand.json").json()
    return ergebnis


KAPUTT = {
    "kein YAML": lambda d: d.write_text("konzept: [", "utf-8"),
    "leer": lambda d: d.write_text("", "utf-8"),
    "halb geschrieben": lambda d: d.write_text(NEU[:60], "utf-8"),
    "kein UTF-8": lambda d: d.write_bytes(b"\xff\xfe\x00"),
    "gelöscht": lambda d: d.unlink(),
    "umbenannt": lambda d: d.rename(d.with_name("2030.yaml")),
    "ein Ordner": lambda d: (d.unlink(), d.mkdir()),
    "eine Leitung": lambda d: (d.unlink(), os.mkfifo(d)),
    "ein Verweis ins Leere": lambda d: (d.unlink(), d.symlink_to(d.with_name("nirgends"))),
}


@pytest.mark.parametrize("art", KAPUTT)
def test_die_letzte_gute_seite_bleibt_mit_dem_grund(fenster: TestClient, datei: Path, art: str) -> None:
    gut = fenster.get(BERICHT)
    assert gut.headers["ihk-stand"] == "jetzt"
    KAPUTT[art](datei)
    antwort = fenster.get(BERICHT)
    assert (antwort.status_code, antwort.text) == (200, gut.text)
    assert antwort.headers["ihk-stand"] == "letzter-guter"
    stand = _stand(fenster)
    assert stand["lesbar"] is False
    assert str(stand["satz"]).endswith(".")
    assert fenster.get("/musterstadt-ost/2029/befunde.html").status_code == 200
    # Whole again, it is shown again.
    if datei.is_dir():
        datei.rmdir()
    datei.unlink(missing_ok=True)
    datei.write_text(NEU.replace("Quartiersplatz", "Marktplatz"), "utf-8")
    antwort = fenster.get(BERICHT)
    assert "Marktplatz" in antwort.text
    assert antwort.headers["ihk-stand"] == "jetzt"
    assert _stand(fenster)["lesbar"] is True


def test_eine_datei_ohne_leserecht(fenster: TestClient, datei: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gut, oeffne = fenster.get(BERICHT).text, os.open

    def verboten(pfad: Path, *rest: int) -> int:
        if pfad == datei:  # chmod would not stop root
            raise PermissionError(errno.EACCES, "Permission denied", str(pfad))
        return oeffne(pfad, *rest)

    monkeypatch.setattr("ihk.reading.files.os.open", verboten)
    assert fenster.get(BERICHT).text == gut
    assert "lässt sich nicht lesen" in str(_stand(fenster)["satz"])


def test_eine_von_anfang_an_kaputte_datei_zeigt_ihre_befunde(fenster: TestClient, datei: Path) -> None:
    datei.write_text("konzept: [", "utf-8")
    antwort = fenster.get(BERICHT)
    assert antwort.status_code == 200
    assert "Befunde zu musterstadt-ost@2029" in antwort.text
    assert "2029.yaml:2:1</a>" in antwort.text
    assert fenster.get("/musterstadt-ost/2029/").status_code == 200


def test_der_befund_fuehrt_in_die_zeile(fenster: TestClient, datei: Path) -> None:
    datei.write_text(NEU.replace("status: geplant", "status: laeuft"), "utf-8")
    erster = _stand(fenster)["erster"]
    assert isinstance(erster, dict)
    assert erster["stelle"] == "concepts/musterstadt-ost/2029.yaml:15:13"
    assert erster["adresse"] == f"vscode://file{datei}:15:13"
    seite = fenster.get("/musterstadt-ost/2029/befunde.html").text
    assert "status: laeuft" in seite
    assert "WERT-AUSWAHL" in seite


def test_die_ursache_steht_vor_ihren_folgen(fenster: TestClient, datei: Path) -> None:
    """A measure that does not read takes the references to it along; what was wrong before is not what was saved just now."""
    text = NEU.replace("fiktiv: ja}", "fiktiv: ja}\nkapitel: [{id: anlass, text: 'Siehe [M01] und [M77].'}]")
    datei.write_text(text, "utf-8")
    vorher = _stand(fenster)["erster"]
    assert isinstance(vorher, dict)
    assert "M77" in vorher["meldung"]
    datei.write_text(text.replace("gesamt: 90.000 €", "gesamt: 91.000 €"), "utf-8")
    jetzt = _stand(fenster)["erster"]
    assert isinstance(jetzt, dict)
    assert "M77" not in jetzt["meldung"]


def test_eine_eigene_vorlage_gilt_sofort_und_eine_kaputte_nimmt_nichts_weg(ordner: Path) -> None:
    werkstatt = Werkstatt(Projekt(ordner))
    name, vorlage = "musterstadt-ost@2029", ordner / "templates/teile/massnahme.html.j2"
    gut = werkstatt.seite(name, "bericht.html").html
    text = (WURZEL / "templates/teile/massnahme.html.j2").read_text("utf-8")

    def speichere(inhalt: str) -> None:
        vorlage.parent.mkdir(parents=True, exist_ok=True)
        vorlage.write_text(inhalt, "utf-8")
        werkstatt.veraendert((vorlage,))

    speichere(text.replace("Worum", "Wozu").replace('class="kernangaben"', 'class="kernangaben eigene"'))
    eigene = werkstatt.seite(name, "bericht.html").html
    assert b'class="kernangaben eigene"' in eigene
    for kaputt in ("{% macro massnahme(m) %}{{ m.titel }", text.replace("m.titel", "m.tittel")):
        speichere(kaputt)
        seite = werkstatt.seite(name, "bericht.html")
        assert seite.html == eigene
        assert re.fullmatch(r"Die eigene Vorlage „massnahme\.html\.j2:\d+“ lässt sich nicht füllen: .+", seite.hinderte)
        assert seite.hinderte in werkstatt.stand(name).satz
    shutil.rmtree(ordner / "templates")
    werkstatt.veraendert((vorlage,))
    assert werkstatt.seite(name, "bericht.html").html == gut


def test_ein_fehler_von_ihk_selbst_steht_auf_der_seite_und_im_terminal(
    ordner: Path, datei: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    werkstatt = Werkstatt(Projekt(ordner))
    gut = werkstatt.seite("musterstadt-ost@2029", "bericht.html").html
    datei.write_text(NEU.replace("Quartiersplatz", "Marktplatz"), "utf-8")

    def kaputt(*_: object, **__: object) -> str:
        raise ZeroDivisionError("absichtlich")

    monkeypatch.setattr(render, "report_html", kaputt)
    seite = werkstatt.seite("musterstadt-ost@2029", "bericht.html")
    assert seite.html == gut
    assert "bitte melden" in seite.hinderte
    assert "absichtlich" in capsys.readouterr().err


# ---------------------------------------------------------------------------------------------------- what changed at once

GROSS = find_project(WURZEL)
assert GROSS is not None
AENDERUNGEN = {
    "beschreibung": ("beschreibung: |\n", "beschreibung: |\n  Neuer Anfang.\n"),
    "titel": ("titel: Quartiersplatz am Markt", "titel: Platz am Markt"),
    "status": ("status: in_umsetzung", "status: zurueckgestellt"),
    "zeitraum": ("zeitraum: {von: 2022, bis: 09/2026}", "zeitraum: {von: 2021, bis: 2027}"),
    "traeger": ("traeger: Stadt Musterstadt", "traeger: '<script>alert(1)</script> & Söhne'"),
}


@pytest.fixture(scope="module")
def grosse(tmp_path_factory: pytest.TempPathFactory) -> tuple[Werkstatt, Path]:
    ordner = tmp_path_factory.mktemp("gross")
    assert GROSS is not None
    for fassung in ("2019.yaml", "2024"):
        quelle, ziel = (
            GROSS.wurzel / "concepts/musterstadt-ost" / fassung,
            ordner / "concepts/musterstadt-ost" / fassung,
        )
        ziel.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(quelle, ziel) if quelle.is_dir() else shutil.copyfile(quelle, ziel)
    return Werkstatt(Projekt(ordner)), ordner / "concepts/musterstadt-ost/2024/massnahmen/M07.yaml"


@pytest.mark.parametrize("feld", AENDERUNGEN)
def test_das_stueck_ist_das_der_ganzen_seite(grosse: tuple[Werkstatt, Path], feld: str) -> None:
    """What is put in place at once is letter by letter what the whole page says a moment later."""
    werkstatt, datei = grosse
    name, alt, neu = "musterstadt-ost@2024", *AENDERUNGEN[feld]
    werkstatt.seite(name, "bericht.html")
    vorher = datei.read_text("utf-8")
    assert alt in vorher
    datei.write_text(vorher.replace(alt, neu, 1), "utf-8")
    stuecke = werkstatt.stuecke(name)
    assert set(stuecke) == {"M07"}
    seite = werkstatt.seite(name, "bericht.html").html.decode()
    regeln = dict(re.findall(r'\[data-lage="(\d+)"\] \{ ([^}]*) \}', seite))
    artikel = re.search(r'<article [^>]*id="M07".*?</article>', seite, re.DOTALL)
    assert artikel
    ganz = re.sub(r'data-lage="(\d+)"', lambda t: f'data-stil="{regeln[t[1]]}"', artikel[0])
    assert stuecke["M07"] == ganz
    assert ' style="' not in stuecke["M07"]
    assert "<script" not in stuecke["M07"]
    datei.write_text(vorher, "utf-8")
    assert set(werkstatt.stuecke(name)) == {"M07"}
    assert werkstatt.stuecke(name) == {}, "nothing has changed since"


def test_ohne_stueck_wo_sich_anderes_aendert(ordner: Path, datei: Path) -> None:
    werkstatt, name = Werkstatt(Projekt(ordner)), "musterstadt-ost@2029"
    assert werkstatt.stuecke(name) == {}, "nothing was shown yet"
    werkstatt.seite(name, "bericht.html")
    for text in (NEU.replace("Wohnumfeld aufwerten", "Höfe"), NEU.replace("id: M01", "id: M02"), NEU[:80]):
        datei.write_text(text, "utf-8")
        assert werkstatt.stuecke(name) == {}


def test_unveraendertes_wird_nicht_neu_gemacht(ordner: Path, datei: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    werkstatt, name = Werkstatt(Projekt(ordner)), "musterstadt-ost@2029"
    erste = werkstatt.seite(name, "bericht.html")
    gelesen = werkstatt.lage(name).version
    os.utime(datei)
    werkstatt.veraendert((datei,))
    assert werkstatt.seite(name, "bericht.html") is erste
    assert werkstatt.lage(name).version is gelesen
    # A save in one Fassung leaves the other alone.
    andere = werkstatt.seite("musterstadt-ost@2024", "bericht.html")
    datei.write_text(NEU + "# Anmerkung\n", "utf-8")
    werkstatt.veraendert((datei,))
    assert werkstatt.seite("musterstadt-ost@2024", "bericht.html") is andere
    assert werkstatt.seite(name, "bericht.html") is not erste


# ---------------------------------------------------------------------------------------------------- PDF


def _setze_scheinbar(arbeit: Arbeit, _presse: object) -> bytes:
    if arbeit.name == "kaputt":
        raise IhkError("So nicht.")
    if arbeit.name == "weg":
        os._exit(9)
    return f"%PDF {arbeit.name}".encode()


def test_die_leitung_zum_setzer_traegt_ergebnis_grund_und_ende(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process itself, forked so that it sees what stands in for setting type; the real one is in test_ein_lauf."""
    monkeypatch.setattr(setzer, "setze", _setze_scheinbar)
    monkeypatch.setattr(setzer, "get_context", lambda _: __import__("multiprocessing").get_context("fork"))
    fertig: dict[str, threading.Event] = {n: threading.Event() for n in ("gut", "kaputt", "weg", "danach")}
    s = setzer.Setzer(lambda name: fertig[name].set())
    for name, da in fertig.items():
        s.beginne(name, Arbeit(name, Path("x"), None, ("bericht.pdf",), None), name)
        assert da.wait(20)
    staende = {n: s.stand(n) for n in fertig}
    assert [(p.lage, p.daten) for p in staende.values() if p] == [
        ("fertig", b"%PDF gut"), ("gescheitert", b""), ("gescheitert", b""), ("fertig", b"%PDF danach")
    ]  # fmt: skip
    assert staende["kaputt"] is not None
    assert staende["kaputt"].grund == "So nicht."
    assert staende["weg"] is not None
    assert "beendet" in staende["weg"].grund
    s.beende()
    s.beginne("gut", Arbeit("gut", Path("x"), None, ("bericht.pdf",), None), "neu")
    assert (noch := s.stand("gut")) is not None
    assert noch.zustand == "gut", "after the end nothing begins"


def test_ein_pdf_einer_kaputten_fassung_beginnt_nicht(fenster: TestClient, datei: Path) -> None:
    datei.write_text("konzept: [", "utf-8")
    antwort = fenster.post("/musterstadt-ost/2029/bericht.pdf")
    assert antwort.status_code == 409
    assert antwort.json() == {"lage": "gescheitert", "grund": "Die Datei lässt sich nicht lesen."}
    assert fenster.post("/musterstadt-ost/2031/bericht.pdf").status_code == 404


# ---------------------------------------------------------------------------------------------------- the running program


class Lauf:
    """``ihk serve`` as a process, asked over plain connections."""

    def __init__(self, ordner: Path, *was: str) -> None:
        # Coverage of the whole way: the real command, a real port, real saves.
        self.prozess = subprocess.Popen(
            [sys.executable, "-m", "ihk", "serve", *was, "--port", "0"],
            cwd=ordner,
            env=os.environ | {"PYTHONPATH": str(WURZEL)},
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        assert self.prozess.stderr is not None
        zeile = self.prozess.stderr.readline()
        treffer = re.search(r"http://127\.0\.0\.1:(\d+)/", zeile)
        assert treffer, zeile + self.prozess.stderr.read()
        self.port = int(treffer[1])

    def hole(self, adresse: str, methode: str = "GET") -> tuple[int, bytes]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as verbindung:
            verbindung.request(methode, adresse)
            antwort = verbindung.getresponse()
            return antwort.status, antwort.read()

    def beende(self, nummer: int) -> tuple[int, str]:
        self.prozess.send_signal(nummer)
        _, fehler = self.prozess.communicate(timeout=20)
        return self.prozess.returncode, fehler


@pytest.fixture
def lauf(ordner: Path) -> Iterator[Lauf]:
    laufend = Lauf(ordner)
    yield laufend
    laufend.prozess.kill()
    laufend.prozess.communicate()


def _roh(port: int, anfrage: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as s:
        try:
            s.sendall(anfrage)
            return s.recv(4096)
        except ConnectionError:
            return b""


def test_ein_lauf(lauf: Lauf, datei: Path) -> None:
    """Saves reach who listens, a slow or greedy client keeps nobody else waiting, and Ctrl-C ends it all."""
    with ExitStack() as offen:
        _ein_lauf(lauf, datei, offen)


def _ein_lauf(lauf: Lauf, datei: Path, offen: ExitStack) -> None:
    assert lauf.hole("/musterstadt-ost/2029/bericht.html")[0] == 200
    # A client that says nothing, one that sends a byte now and then, one with an endless line.
    offen.enter_context(socket.create_connection(("127.0.0.1", lauf.port)))
    langsam = offen.enter_context(socket.create_connection(("127.0.0.1", lauf.port)))
    langsam.sendall(b"GET / HT")
    lang = _roh(lauf.port, b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    assert lang == b"" or lang.startswith((b"HTTP/1.1 400", b"HTTP/1.1 431"))
    assert _roh(lauf.port, b"NICHTS\r\n\r\n").startswith(b"HTTP/1.1 400")

    hoerer = offen.enter_context(closing(http.client.HTTPConnection("127.0.0.1", lauf.port, timeout=30)))
    hoerer.request("GET", "/musterstadt-ost/2029/ereignisse")
    strom = offen.enter_context(closing(hoerer.getresponse()))
    assert strom.getheader("content-type", "").startswith("text/event-stream")

    def naechstes() -> str:
        while not (zeile := strom.readline().decode()).startswith("event:"):
            assert zeile, "the stream ended"
        return zeile.strip() + " " + strom.readline().decode().strip()

    assert naechstes() == "event: da data: {}"
    time.sleep(0.5)  # the watcher begins
    datei.write_text(NEU.replace("traeger: Stadt Musterstadt", "traeger: Der Verein"), "utf-8")
    assert "Der Verein" in naechstes()
    # Beside and renamed over it; the swap file of an editor is no save.
    datei.with_name(".2029.yaml.swp").write_text("x", "utf-8")
    neben = datei.with_name("2029.yaml~")
    neben.write_text(NEU.replace("traeger: Stadt Musterstadt", "traeger: Die Genossenschaft"), "utf-8")
    neben.replace(datei)
    assert "Die Genossenschaft" in naechstes()
    # Two saves within 10 ms: whatever is told, the last one is what is shown.
    datei.write_text("kaputt: [", "utf-8")
    datei.write_text(NEU.replace("traeger: Stadt Musterstadt", "traeger: Die Stiftung"), "utf-8")
    naechstes()
    assert b"Die Stiftung" in lauf.hole("/musterstadt-ost/2029/bericht.html")[1]

    assert lauf.hole("/musterstadt-ost/2029/bericht.pdf", "POST")[0] == 202
    kinder = Path(f"/proc/{lauf.prozess.pid}/task/{lauf.prozess.pid}/children")
    while "bericht.pdf" not in (s := lauf.hole("/musterstadt-ost/2029/stand.json")[1].decode()) and '"läuft"' not in s:
        time.sleep(0.05)
    beginn = time.monotonic()
    code, fehler = lauf.beende(signal.SIGINT)
    assert (code, fehler) == (130, "\nAbgebrochen.\n")
    assert time.monotonic() - beginn < 6
    assert not kinder.exists()
    assert not _noch_da(lauf.prozess.pid)


def test_zweimal_strg_c_endet_wie_einmal(lauf: Lauf) -> None:
    lauf.prozess.send_signal(signal.SIGINT)
    time.sleep(0.05)
    code, fehler = lauf.beende(signal.SIGINT)
    assert (code, fehler) == (130, "\nAbgebrochen.\n")


def _noch_da(pid: int) -> list[str]:
    """Command lines of processes that still have the ended one, or nobody, as a parent and set type."""
    ergebnis = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            if f"PPid:\t{pid}\n" in status.read_text():
                ergebnis.append((status.parent / "cmdline").read_text())
        except OSError:
            continue
    return ergebnis


@pytest.mark.pdf
def test_ein_pdf_und_das_ende_durch_sigterm(ordner: Path) -> None:
    """A path instead of a project; the PDF is a PDF; it is known which state it shows."""
    datei = ordner / "concepts/musterstadt-ost/2029.yaml"
    lauf = Lauf(Path("/"), str(datei))
    try:
        assert lauf.hole("/musterstadt-ost/2024/")[0] == 404, "only what was named"
        assert lauf.hole("/musterstadt-ost/2029/bericht.pdf", "POST")[0] == 202
        for _ in range(1200):
            if b'"l\xc3\xa4uft"' not in (stand := lauf.hole("/musterstadt-ost/2029/stand.json")[1]):
                break
            time.sleep(0.1)
        assert b'"fertig"' in stand
        assert b'"aktuell":true' in stand
        status, pdf = lauf.hole("/musterstadt-ost/2029/bericht.pdf")
        assert (status, pdf[:5]) == (200, b"%PDF-")
        datei.write_text(NEU + "# Anmerkung\n", "utf-8")
        assert b'"aktuell":false' in lauf.hole("/musterstadt-ost/2029/stand.json")[1]
        assert lauf.beende(signal.SIGTERM)[0] == 130
    finally:
        lauf.prozess.kill()
        lauf.prozess.communicate()


def test_ein_belegter_anschluss_und_ein_falscher_name(ordner: Path) -> None:
    with steckdose(0) as besetzt:
        port = besetzt.getsockname()[1]
        assert besetzt.getsockname()[0] == "127.0.0.1"
        with pytest.raises(IhkError, match=f"Der Anschluss {port} ist belegt.*ihk serve --port 0"):
            steckdose(port)
    with pytest.raises(IhkError, match="keine Fassung „2031“"):
        Werkstatt(Projekt(ordner), ("musterstadt-ost@2031",))


def test_jeder_editor_hat_eine_adresse(ordner: Path) -> None:
    from ihk.problems import Ort

    for editor in vorschau.EDITOREN:
        adresse = vorschau.adresse(Ort(str(ordner / "mit leer.yaml"), 3, 7), editor)
        assert re.match(r"[a-z]+://\S+$", adresse)
        assert "mit%20leer.yaml" in adresse
        assert "3" in adresse.rsplit("yaml", 1)[1]
