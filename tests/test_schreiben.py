"""Writing survives everything: at every single call of the file system an error or a sudden death, and each file is the old or the new one."""

from __future__ import annotations

import errno
import itertools
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from ausfall import FEHLER, TotError, ausfall, bild, offene, reste

from ihk import write
from ihk.cache import Cache
from ihk.problems import IhkError, ursache
from ihk.write import (
    build_lock,
    create_file,
    create_folder,
    write_atomic,
    write_quickly,
    write_temporary,
    write_together,
)

WURZEL = Path(__file__).parent.parent
INHALT = b"neu" * 1000


def _im_cache(ordner: Path) -> None:
    cache = Cache(ordner / "cache")
    cache.put("ab" * 32, INHALT)
    cache.get("ab" * 32)


# What is done → the files before it. After it there are the old ones or the new ones, file by file.
TATEN: dict[str, tuple[Callable[[Path], None], dict[str, bytes]]] = {
    "ersetzen": (lambda o: write_atomic(o / "a.txt", INHALT), {"a.txt": b"alt", "b.txt": b"daneben"}),
    "neu": (lambda o: write_atomic(o / "tief" / "er" / "a.txt", INHALT), {"b.txt": b"daneben"}),
    "rasch ersetzen": (lambda o: write_quickly(o / "a.txt", INHALT), {"a.txt": b"alt"}),
    "zusammen": (
        lambda o: write_together({o / "a.txt": INHALT, o / "tief" / "b.txt": INHALT}),
        {"a.txt": b"alt", "c.txt": b"daneben"},
    ),
    "anlegen": (lambda o: create_file(o / "a.txt", INHALT), {"b.txt": b"daneben"}),
    "ordner anlegen": (lambda o: create_folder(o / "f", {"k.yaml": INHALT, "m/M1.yaml": b"1"}), {"b.txt": b"daneben"}),
    "zwischenspeicher": (_im_cache, {}),
}
# What a reader must never see in part, as a set of files that belong together.
GANZ = {"ordner anlegen": [{"b.txt"}, {"b.txt", "f/k.yaml", "f/m/M1.yaml"}]}


def _gesagt(tun: Callable[[Path], None], ordner: Path) -> str | None:
    """The sentence with which the deed ends; None if it is done or the process is dead. Another exception is a failure."""
    try:
        tun(ordner)
    except IhkError as fehler:
        return str(fehler)
    except TotError:
        return None
    return None


def _neu(tat: str, ordner: Path) -> dict[str, bytes]:
    TATEN[tat][0](ordner)
    return bild(ordner)


def _vorbereitet(ordner: Path, dateien: dict[str, bytes]) -> Path:
    ordner.mkdir()
    for name, daten in dateien.items():
        (ordner / name).write_bytes(daten)
    return ordner


@pytest.mark.parametrize("tat", TATEN)
@pytest.mark.parametrize("nummer", [*FEHLER, None], ids=lambda n: errno.errorcode[n] if n else "getoetet")
def test_jeder_aufruf_kann_scheitern(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tat: str, nummer: int | None
) -> None:
    tun, davor = TATEN[tat]
    danach = _neu(tat, _vorbereitet(tmp_path / "ziel", davor))
    for k in itertools.count(1):
        ordner = _vorbereitet(tmp_path / str(k), davor)
        offen = offene()
        with ausfall(monkeypatch, k, nummer) as a:
            satz = _gesagt(tun, ordner)
        assert satz is None or (nummer and ursache(OSError(nummer, "")) in satz and str(ordner) in satz), satz
        assert ".tmp" not in (satz or ""), "a name that no user has ever seen"
        if not a.eingetreten:
            break
        jetzt = bild(ordner)
        for name in davor | danach:
            alt, neu = davor.get(name), danach.get(name)
            if name in jetzt or alt is not None:  # what was there does not go
                assert jetzt.get(name) in (alt, neu), (k, name)
        assert jetzt.keys() <= davor.keys() | danach.keys(), k
        assert tat not in GANZ or set(jetzt) in GANZ[tat], k
        if nummer is not None:
            assert offene() == offen, f"beim {k}. Aufruf bleibt eine Datei offen"
            # The call that takes a leftover away may be the one that fails; then the next writer does it.
            assert not reste(ordner) or len(reste(ordner)) == 1, k
        # Nothing that is left stops the same deed from being done now.
        if jetzt.keys() == davor.keys() and not (ordner / "f").exists():
            tun(ordner)
            assert {n: d for n, d in bild(ordner).items() if n in danach} == danach, k
    assert k > 4, "so wenige Aufrufe hat keine dieser Taten"


def test_beim_ersten_fehler_bleibt_kein_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A single error, whichever call it hits before the rename, leaves no temporary file."""
    for tat in ("ersetzen", "zusammen", "anlegen", "ordner anlegen", "rasch ersetzen"):
        tun, davor = TATEN[tat]
        for k in range(1, 6):
            ordner = _vorbereitet(tmp_path / f"{tat} {k}", davor)
            with ausfall(monkeypatch, k, errno.ENOSPC):
                _gesagt(tun, ordner)
            assert reste(ordner) == [], (tat, k)


@pytest.mark.parametrize("nummer", [errno.EACCES, errno.EIO, None])
def test_aufraeumen_des_zwischenspeichers_kann_scheitern(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nummer: int | None
) -> None:
    """Every entry is whole or gone, whatever call of the trimming fails."""
    for k in range(1, 8):
        cache = Cache(tmp_path / str(k))
        schluessel = [f"{i:02x}" * 32 for i in range(5)]
        for s in schluessel:
            cache.put(s, os.urandom(1000))
        da = {s: cache.get(s) for s in schluessel}
        with ausfall(monkeypatch, k, nummer):
            assert _gesagt(lambda _, c=cache: c.trim(2000), tmp_path) is None
        assert all(cache.get(s) in (da[s], None) for s in schluessel)
        cache.trim(2000)
        assert sum(1 for s in schluessel if cache.get(s)) in (0, 1)


def test_reste_gehen_wenn_niemand_mehr_daran_schreibt(tmp_path: Path) -> None:
    alt, jung, fremd = (tmp_path / n for n in (".a.txt.alt1.tmp", ".a.txt.jung.tmp", ".b.txt.alt1.tmp"))
    for datei in (alt, jung, fremd):
        datei.write_bytes(b"halb")
    ordner = tmp_path / ".a.txt.alt2.tmp"
    (ordner / "darin").mkdir(parents=True)
    for pfad in (alt, fremd, ordner):
        os.utime(pfad, (time.time() - write.ALT - 60,) * 2)
    write_atomic(tmp_path / "a.txt", b"neu")
    assert sorted(p.name for p in tmp_path.iterdir()) == [jung.name, fremd.name, "a.txt"]


def test_ein_verweis_als_rest_fuehrt_nirgendwohin(tmp_path: Path) -> None:
    woanders = tmp_path / "woanders"
    woanders.mkdir()
    (woanders / "wichtig.txt").write_bytes(b"bleibt")
    (tmp_path / "ziel").mkdir()
    verweis = tmp_path / "ziel" / ".a.txt.x.tmp"
    verweis.symlink_to(woanders)
    os.utime(verweis, (1, 1), follow_symlinks=False)
    write_atomic(tmp_path / "ziel" / "a.txt", b"neu")
    assert not verweis.is_symlink()
    assert (woanders / "wichtig.txt").read_bytes() == b"bleibt"


@pytest.mark.parametrize("rechte", [0o600, 0o640, 0o664, 0o755])
def test_rechte_bleiben(tmp_path: Path, rechte: int) -> None:
    ziel = tmp_path / "a.txt"
    ziel.write_bytes(b"alt")
    ziel.chmod(rechte)
    write_atomic(ziel, b"neu")
    assert ziel.stat().st_mode & 0o777 == rechte


@pytest.mark.parametrize("maske", [0o000, 0o027, 0o077])
def test_neue_dateien_folgen_der_umask(tmp_path: Path, maske: int) -> None:
    vorher = os.umask(maske)
    try:
        write_atomic(tmp_path / "a.txt", b"neu")
        create_file(tmp_path / "b.txt", b"neu")
        create_folder(tmp_path / "c", {"k.yaml": b"neu"})
        assert os.umask(maske) == maske, "gelesen wird sie durch Setzen; danach gilt sie wieder"
    finally:
        os.umask(vorher)
    for datei in ("a.txt", "b.txt", "c/k.yaml"):
        assert (tmp_path / datei).stat().st_mode & 0o777 == 0o666 & ~maske
    assert (tmp_path / "c").stat().st_mode & 0o777 == 0o777 & ~maske


@pytest.mark.parametrize("da", ["datei", "ordner", "verweis ins leere"])
def test_anlegen_ersetzt_nichts(tmp_path: Path, da: str) -> None:
    ziel = tmp_path / "a"
    if da == "datei":
        ziel.write_bytes(b"alt")
    elif da == "ordner":
        ziel.mkdir()
    else:
        ziel.symlink_to("nirgends")
    for anlegen in (lambda: create_file(ziel, b"neu"), lambda: create_folder(ziel, {"x": b"neu"})):
        with pytest.raises(IhkError, match="gibt es schon"):
            anlegen()
    assert not ziel.is_file() or ziel.read_bytes() == b"alt"
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_anlegen_verliert_den_wettlauf_ohne_schaden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody makes the file between looking and writing: theirs stays."""
    ziel = tmp_path / "a.txt"
    link = os.link

    def dazwischen(*args: str) -> None:
        ziel.write_bytes(b"von anderen")
        link(*args)

    monkeypatch.setattr(os, "link", dazwischen)
    with pytest.raises(IhkError, match="dort liegt schon etwas"):
        create_file(ziel, b"neu")
    assert bild(tmp_path) == {"a.txt": b"von anderen"}
    assert reste(tmp_path) == []


def test_anlegen_ohne_feste_verweise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system without links, such as a USB stick: renamed instead."""

    def geht_nicht(*args: str) -> None:
        raise OSError(errno.EPERM, "")

    monkeypatch.setattr(os, "link", geht_nicht)
    create_file(tmp_path / "a.txt", b"neu")
    assert bild(tmp_path) == {"a.txt": b"neu"}
    with pytest.raises(IhkError, match="gibt es schon"):
        create_file(tmp_path / "a.txt", b"anders")


def test_tief_unten_anlegen(tmp_path: Path) -> None:
    """Folders that are missing above the new one are made too, by each way to write."""
    create_folder(tmp_path / "1" / "a" / "b", {"k.yaml": b"neu"})
    create_file(tmp_path / "2" / "a" / "k.yaml", b"neu")
    write_quickly(tmp_path / "3" / "a" / "k.yaml", b"neu")
    for name in ("k.yaml", "m.yaml"):
        write_temporary(tmp_path / "4" / "a" / name, b"neu")
    with build_lock(tmp_path / "5" / "a"):
        pass
    assert set(bild(tmp_path)) == {
        "1/a/b/k.yaml",
        "2/a/k.yaml",
        "3/a/k.yaml",
        "4/a/k.yaml",
        "4/a/m.yaml",
        "5/a/.ihk-lock",
    }


def test_vorlaeufiges_ersetzt_nichts(tmp_path: Path) -> None:
    write_temporary(tmp_path / "a" / "k.yaml", b"alt")
    with pytest.raises(IhkError, match="lässt sich nicht schreiben: dort liegt schon etwas"):
        write_temporary(tmp_path / "a" / "k.yaml", b"neu")
    assert bild(tmp_path) == {"a/k.yaml": b"alt"}


def test_zusammen_heisst_erst_alle_dann_ersetzen(tmp_path: Path) -> None:
    """A target that cannot be replaced, for a folder stands there: said in German, and nothing half-written is left."""
    (tmp_path / "b").mkdir()
    (tmp_path / "a").write_bytes(b"alt")
    with pytest.raises(IhkError) as fehler:
        write_together({tmp_path / "b": b"neu", tmp_path / "a": b"neu"})
    assert str(fehler.value) == f"„{tmp_path / 'b'}“ lässt sich nicht schreiben: {ursache(OSError(errno.EISDIR, ''))}."
    assert bild(tmp_path) == {"a": b"alt"}
    assert reste(tmp_path) == []


# --------------------------------------------------------------------------- the lock of a build


def test_sperre_nach_jedem_ende_frei(tmp_path: Path) -> None:
    for ende in (IhkError("x"), KeyboardInterrupt(), OSError(errno.ENOSPC, "")):
        with pytest.raises(type(ende)), build_lock(tmp_path):
            raise ende
        with build_lock(tmp_path):
            pass


def test_sperre_eines_getoeteten_builds_haelt_niemanden_auf(tmp_path: Path) -> None:
    programm = f"from pathlib import Path\nfrom ihk.write import build_lock\nwith build_lock(Path({str(tmp_path)!r})):\n    print('da', flush=True)\n    input()\n"
    with subprocess.Popen(
        [sys.executable, "-c", programm], cwd=WURZEL, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as lauf:
        assert lauf.stdout is not None
        assert lauf.stdout.readline() == b"da\n"
        with pytest.raises(IhkError, match="läuft bereits ein Build"), build_lock(tmp_path):
            pass
        lauf.kill()
    with build_lock(tmp_path):
        pass


def test_dateisystem_ohne_sperren(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That the system cannot lock does not mean that a build is running."""

    def kann_nicht(*args: object) -> None:
        raise OSError(errno.ENOLCK, "")

    monkeypatch.setattr("fcntl.flock", kann_nicht)
    with build_lock(tmp_path):
        pass


def test_system_ohne_sperren(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows has no ``fcntl``: two builds are not kept apart there, and each still writes whole files."""
    monkeypatch.setitem(sys.modules, "fcntl", None)
    with build_lock(tmp_path), build_lock(tmp_path):
        write_atomic(tmp_path / "a.txt", b"neu")
    assert (tmp_path / "a.txt").read_bytes() == b"neu"


def test_ordner_ohne_schreibrecht_wird_gesagt(tmp_path: Path) -> None:
    (tmp_path / "datei").write_bytes(b"")
    with pytest.raises(IhkError, match="kein Ordner"), build_lock(tmp_path / "datei" / "build"):
        pass


def test_aufgeraeumt_wird_nur_eigenes(tmp_path: Path) -> None:
    namen = [".index.html.a1.tmp", "k/f/.bericht.pdf.b2.tmp", "k/f/bericht.tmp", "k/f/.bericht.pdf", "k/.x.tmp"]
    for name in namen:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    with build_lock(tmp_path):
        da = {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()}
    assert da == {"k/f/bericht.tmp", "k/f/.bericht.pdf", "k/.x.tmp", ".ihk-lock"}


@pytest.mark.parametrize("nummer", [*FEHLER, errno.ENAMETOOLONG, errno.EISDIR, errno.ELOOP, errno.EMFILE, errno.ENOENT])
def test_jede_ursache_auf_deutsch_mit_ausweg(nummer: int) -> None:
    satz = ursache(OSError(nummer, "x"))
    assert os.strerror(nummer) not in satz
    assert ". " in satz  # what is wrong, then what to do


# --------------------------------------------------------------------------- a full disk, for real


@pytest.fixture
def kleine_platte(tmp_path: Path) -> Path:
    """64 KB that can be filled: a tmpfs in a namespace of its own is not to be had everywhere, a limit of the file size is."""
    return tmp_path


def test_volle_platte_und_groessengrenze(kleine_platte: Path) -> None:
    """The kernel itself refuses to write on (RLIMIT_FSIZE): the old file stays, nothing is left, a German sentence."""
    (kleine_platte / "a.bin").write_bytes(b"alt")
    programm = f"""
import resource, signal
from pathlib import Path
from ihk.problems import IhkError
from ihk.write import write_atomic
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
try:
    write_atomic(Path({str(kleine_platte / "a.bin")!r}), b"neu" * 100_000)
except IhkError as fehler:
    print(fehler)
"""
    lauf = subprocess.run([sys.executable, "-c", programm], cwd=WURZEL, capture_output=True, text=True, check=True)
    assert "größer, als hier erlaubt ist" in lauf.stdout
    assert bild(kleine_platte) == {"a.bin": b"alt"}
    assert reste(kleine_platte) == []
