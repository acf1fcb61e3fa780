"""States in git: ``REV:PATH`` unpacked into a temporary folder, without running anything that a repository configures.

Two steps (decision 0010). ``git rev-parse`` turns a name into the hash of a commit; it looks at refs only. Objects are
then read by ``git cat-file`` inside an empty repository of our own that borrows nothing but the object store, so no
configuration, hook, filter, promisor remote or replacement of the repository is in force.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import subprocess
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from shutil import rmtree
from tempfile import mkdtemp
from typing import IO

from ihk.problems import IhkError, kurz, ursache
from ihk.reading.files import KONZEPT
from ihk.reading.source import GROESSE
from ihk.write import write_temporary

ZEIT = 30.0
"""Seconds that git may take for one answer."""
DATEIEN = 20_000
UMFANG = 1024 * 1024 * 1024
REGISTER = PurePosixPath(".ihk", "siegel.json")
# The name of a branch, tag or commit, then steps back. No option, no range, no regular expression, no reflog.
REVISION = re.compile(r"(?P<name>[\w](?:[\w./+#-]{0,198}[\w+#-])?)(?P<schritte>(?:[~^][0-9]{0,6}){0,20})")
BLOB, BAUM, VERWEIS, MODUL = "100", "40", "120", "160"

Eintrag = tuple[str, str]
"""Mode and hash of an entry in a tree."""


def ist_revision(name: str) -> bool:
    """May this be the name of a state? Says nothing about whether there is one."""
    return bool(REVISION.fullmatch(name)) and ".." not in name


def gibt_es(pfad: str | Path) -> bool:
    """Is there such a file or folder? A name that cannot be one is none (``Path.exists`` raises for it)."""
    try:
        return Path(pfad).exists()
    except (OSError, ValueError):
        return False


def teile(was: str) -> tuple[str, str] | None:
    """Revision and path of ``REV:PATH``; None for everything else, above all for what exists as a file."""
    revision, trenner, pfad = was.partition(":")
    if not trenner or not ist_revision(revision) or gibt_es(was):
        return None
    return revision, pfad


def bereich(was: str) -> tuple[str, str] | None:
    """Both ends of ``REV1..REV2`` (a missing second one is ``HEAD``); None for everything else."""
    alt, trenner, neu = was.partition("..")
    if not trenner or neu.startswith(".") or ":" in was or gibt_es(was):
        return None
    neu = neu or "HEAD"
    return (alt, neu) if ist_revision(alt) and ist_revision(neu) else None


# --------------------------------------------------------------------------- calling git


@cache
def programm() -> str:
    """Where git is. Only absolute entries of PATH count, so that no ``git`` of a project's folder is ever started."""
    for eintrag in os.environ.get("PATH", "").split(os.pathsep):
        for name in ("git.exe",) if os.name == "nt" else ("git",):
            datei = Path(eintrag, name)
            if datei.is_absolute() and datei.is_file() and os.access(datei, os.X_OK):
                return str(datei)
    raise IhkError("Für einen Stand im Git wird das Programm git gebraucht, und hier ist keines. git installieren.")


GEHAERTET = (
    "--no-pager", "--no-replace-objects", "--no-optional-locks", "--literal-pathspecs",
    "-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}", "-c", "protocol.allow=never",
)  # fmt: skip


def umgebung(**dazu: str) -> dict[str, str]:
    """The environment for git: what steers git is taken out, what could fetch or ask is switched off."""
    eigene = {name: wert for name, wert in os.environ.items() if not name.upper().startswith("GIT_")}
    return eigene | {
        "LC_ALL": "C",
        "GIT_ALLOW_PROTOCOL": "",  # an empty list of permitted protocols; stronger than any protocol.*.allow
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        **dazu,
    }


def git(ordner: Path, *argumente: str) -> str:
    """The output of git, called in ``ordner``; raises ``IhkError`` with a German sentence.

    The user's and the system's settings hold (they name the folders of other owners that may be read); none of the
    commands that are called so runs anything that a repository sets.
    """
    try:
        lauf = subprocess.run(
            [programm(), *GEHAERTET, *argumente],
            cwd=ordner, env=umgebung(), stdin=subprocess.DEVNULL, capture_output=True, timeout=ZEIT, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise IhkError(f"git hat in „{ordner}“ nach {ZEIT:.0f} Sekunden nicht geantwortet.") from None
    except OSError as fehler:
        raise IhkError(f"git lässt sich in „{ordner}“ nicht aufrufen: {ursache(fehler)}.") from None
    if lauf.returncode == 0:
        return os.fsdecode(lauf.stdout).removesuffix("\n")
    meldung = lauf.stderr.decode("utf-8", "replace")
    if "dubious ownership" in meldung:
        raise IhkError(
            f"Das Git-Repositorium um „{ordner}“ gehört jemand anderem, deshalb liest git es nicht. "
            f"Wenn es vertrauenswürdig ist: git config --global --add safe.directory ORDNER"
        )
    if "not a git repository" in meldung:
        raise KeinRepositoriumError(f"„{ordner}“ liegt in keinem Git-Repositorium.")
    raise GitError(kurz(meldung.strip().split("\n")[-1].removeprefix("fatal: "), 160))


class GitError(IhkError):
    """git refused."""


class KeinRepositoriumError(IhkError):
    """There is no repository here."""


class KeinStandError(IhkError):
    """The repository knows no such revision."""


@dataclass(frozen=True)
class Repositorium:
    """A repository as seen from a folder."""

    ordner: Path
    gemeinsam: Path
    """Where objects, refs and configuration lie (``.git``); of a linked working tree that of the main one."""
    vorsatz: str
    """The folder's path inside the repository: ``""`` or ``stadt/konzepte/``."""

    @classmethod
    def um(cls, ordner: Path) -> Repositorium:
        """The repository around a folder; raises ``IhkError`` if there is none."""
        zeilen = git(ordner, "rev-parse", "--path-format=absolute", "--git-common-dir", "--show-prefix").split("\n")
        return cls(ordner, Path(zeilen[0]), zeilen[1] if len(zeilen) > 1 else "")

    def kennung(self, revision: str) -> str:
        """The hash that a name stands for, with its steps back still to go: ``9f2c…~1``. Reads refs only."""
        treffer = REVISION.fullmatch(revision)
        if treffer is None or ".." in revision:
            raise IhkError(f"„{kurz(revision)}“ ist kein Name eines Stands im Git (Zweig, Marke oder Prüfsumme).")
        try:
            nummer = git(self.ordner, "rev-parse", "--verify", "--quiet", "--end-of-options", treffer["name"])
        except GitError:
            nummer = ""
        if not re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", nummer):
            raise KeinStandError(f"Einen Stand „{kurz(revision)}“ gibt es im Git nicht.")
        return nummer + treffer["schritte"]


# --------------------------------------------------------------------------- reading objects


class _ZuGrossError(Exception):
    """The object is larger than asked for."""


class Objekte:
    """Reads objects by one ``git cat-file`` in an empty repository that borrows the object store and nothing else."""

    def __init__(self, objekte: Path, *, sha256: bool) -> None:
        fremd = objekte / "info" / "alternates"
        if fremd.exists():
            raise IhkError(
                "Das Git-Repositorium holt sich Inhalte aus einem anderen Ordner (objects/info/alternates); "
                "das liest ihk nicht. „git repack -a -d“ und dann die Datei „alternates“ löschen."
            )
        self._objekte = objekte
        self._leer = Path(mkdtemp(prefix="ihk-git-"))
        atexit.register(self.schliesse)
        write_temporary(self._leer / "HEAD", b"ref: refs/heads/leer\n")
        form = "[extensions]\n\tobjectFormat = sha256\n" if sha256 else ""
        write_temporary(self._leer / "config", f"[core]\n\trepositoryformatversion = {int(sha256)}\n{form}".encode())
        write_temporary(self._leer / "refs" / "leer", b"")
        self._prozess: subprocess.Popen[bytes] | None = None

    def schliesse(self) -> None:
        """End git and remove the empty repository."""
        self._halt()
        rmtree(self._leer, ignore_errors=True)

    def _halt(self) -> None:
        if self._prozess is not None:
            self._prozess.kill()
            self._prozess.communicate()
            self._prozess = None

    def _stroeme(self) -> tuple[subprocess.Popen[bytes], IO[bytes], IO[bytes]]:
        if self._prozess is None:
            env = umgebung(
                GIT_DIR=str(self._leer), GIT_OBJECT_DIRECTORY=str(self._objekte),
                GIT_CONFIG_NOSYSTEM="1", GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_SYSTEM=os.devnull,
            )  # fmt: skip
            self._prozess = subprocess.Popen(
                [programm(), *GEHAERTET, "cat-file", "--batch"],
                cwd=self._leer, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        assert self._prozess.stdin is not None
        assert self._prozess.stdout is not None
        return self._prozess, self._prozess.stdin, self._prozess.stdout

    def lies(self, name: str, grenze: int) -> tuple[str, str, bytes] | None:
        """Hash, kind and content of an object; None if it is missing. Raises ``_ZuGrossError`` over ``grenze`` bytes."""
        assert "\n" not in name
        prozess, hinein, heraus = self._stroeme()
        uhr = threading.Timer(ZEIT, prozess.kill)
        uhr.start()
        try:
            hinein.write(name.encode() + b"\n")
            hinein.flush()
            kopf = heraus.readline().decode("ascii", "replace").split()
            if kopf and kopf[-1] in ("missing", "ambiguous"):
                return None
            if len(kopf) != 3 or not kopf[2].isdigit():
                raise OSError
            if int(kopf[2]) > grenze:
                self._halt()
                raise _ZuGrossError
            daten = heraus.read(int(kopf[2]) + 1)
            if len(daten) != int(kopf[2]) + 1:
                raise OSError
        except OSError:
            self._halt()
            raise IhkError("git konnte den Inhalt nicht lesen; „git fsck“ zeigt, ob das Archiv heil ist.") from None
        finally:
            uhr.cancel()
        return kopf[0], kopf[1], daten[:-1]


def _eintraege(daten: bytes, breite: int) -> Iterator[tuple[str, Eintrag]]:
    """Name → mode and hash of a tree object."""
    stelle = 0
    while stelle < len(daten):
        leer, null = daten.find(b" ", stelle), daten.find(b"\0", stelle)
        if not stelle < leer < null or null + 1 + breite > len(daten):
            raise IhkError("Ein Verzeichnis im Git ist beschädigt; „git fsck“ zeigt, welches.")
        name = os.fsdecode(daten[leer + 1 : null])
        yield name, (daten[stelle:leer].decode("ascii", "replace"), daten[null + 1 : null + 1 + breite].hex())
        stelle = null + 1 + breite


def _brauchbar(name: str) -> bool:
    """A name that stays inside its folder on every system."""
    return name not in ("", ".", "..") and not re.search(r'[/\\\0:*?"<>|]', name) and name.lower() != ".git"


# --------------------------------------------------------------------------- one state, unpacked


class Stand:
    """One commit. What is asked for is unpacked below ``wurzel``, under the same path as in the repository."""

    def __init__(self, objekte: Objekte, revision: str, kennung: str) -> None:
        self.revision = revision
        self._objekte = objekte
        gelesen = self._sicher(f"{kennung}^{{tree}}", GROESSE, "Das oberste Verzeichnis")
        if gelesen is None:
            raise KeinStandError(
                f"Einen Stand „{kurz(revision)}“ gibt es im Git nicht, oder er fehlt in dieser unvollständigen Kopie."
            )
        self._breite = len(gelesen[0]) // 2
        self._baum = dict(_eintraege(gelesen[2], self._breite))
        self._dateien, self._umfang = 0, 0
        self._da: set[PurePosixPath] = set()
        self.wurzel = Path(mkdtemp(prefix="ihk-stand-")).resolve()
        atexit.register(rmtree, self.wurzel, ignore_errors=True)

    def nenne(self, pfad: PurePosixPath | str) -> str:
        return f"{self.revision}:{pfad}"

    def _sicher(self, name: str, grenze: int, was: str) -> tuple[str, str, bytes] | None:
        try:
            return self._objekte.lies(name, grenze)
        except _ZuGrossError:
            raise IhkError(f"{was} ist größer als {grenze // 1048576} MB.") from None

    def _verzeichnis(self, eintrag: Eintrag, pfad: PurePosixPath) -> dict[str, Eintrag]:
        gelesen = self._sicher(eintrag[1], GROESSE, f"Das Verzeichnis „{self.nenne(pfad)}“")
        if gelesen is None or gelesen[1] != "tree":
            raise IhkError(f"„{self.nenne(pfad)}“ fehlt in dieser unvollständigen Kopie des Repositoriums.")
        return dict(_eintraege(gelesen[2], self._breite))

    def eintrag(self, pfad: PurePosixPath) -> tuple[Eintrag | None, dict[str, Eintrag]]:
        """The entry at a path (None if there is none) and, of a folder, what is in it. Links are not followed."""
        eintrag: Eintrag | None = (BAUM, "")
        baum = self._baum
        for n, teil in enumerate(pfad.parts):
            hier = PurePosixPath(*pfad.parts[: n + 1])
            eintrag = baum.get(teil)
            if eintrag is None or not _brauchbar(teil):
                return None, {}
            if eintrag[0].startswith(VERWEIS):
                raise IhkError(f"„{self.nenne(hier)}“ ist im Git ein symbolischer Verweis; ihm folgt ihk nicht.")
            if eintrag[0].startswith(MODUL):
                raise IhkError(f"„{self.nenne(hier)}“ ist im Git ein anderes Repositorium; dort den Stand angeben.")
            baum = self._verzeichnis(eintrag, hier) if eintrag[0].startswith(BAUM) else {}
        return eintrag, baum

    def hole(self, pfad: PurePosixPath) -> Path | None:
        """Unpack what lies at ``pfad`` with all that belongs to it (predecessors, seals); None if there is nothing."""
        eintrag, baum = self.eintrag(pfad)
        if eintrag is None:
            return None
        if not eintrag[0].startswith(BAUM):
            ordner = pfad.parent.parent if pfad.name == KONZEPT and pfad.parent.parts else pfad.parent
            self._konzept(ordner)
            self._datei(eintrag, pfad, GROESSE)
        elif KONZEPT in baum and pfad.parts:
            self._konzept(pfad.parent)
            self._fassung(baum, pfad)
        elif "concepts" in baum:
            for name, kind in self.eintrag(pfad / "concepts")[1].items():
                if kind[0].startswith(BAUM) and _brauchbar(name):
                    self._konzept(pfad / "concepts" / name)
        else:
            self._konzept(pfad)
        ziel = self.wurzel.joinpath(*pfad.parts)
        if eintrag[0].startswith(BAUM):
            ziel.mkdir(parents=True, exist_ok=True)
        return ziel

    def _konzept(self, ordner: PurePosixPath) -> None:
        """All Fassungen in a folder, and its register of seals."""
        if ordner in self._da:
            return
        self._da.add(ordner)
        for name, eintrag in self.eintrag(ordner)[1].items():
            if not _brauchbar(name):
                continue
            if name.endswith(".yaml") and eintrag[0].startswith(BLOB):
                self._datei(eintrag, ordner / name, GROESSE)
            elif eintrag[0].startswith(BAUM) and not name.startswith("."):
                baum = self._verzeichnis(eintrag, ordner / name)
                if KONZEPT in baum:
                    self._fassung(baum, ordner / name)
        register, _ = self.eintrag(ordner / REGISTER) if ".ihk" in self.eintrag(ordner)[1] else (None, {})
        if register is not None and register[0].startswith(BLOB):
            self._datei(register, ordner / REGISTER, GROESSE)
            self.beilagen(self.wurzel / ordner, _versiegelte(self.wurzel / ordner / REGISTER))

    def _fassung(self, baum: dict[str, Eintrag], ordner: PurePosixPath) -> None:
        """The texts of a Fassung in folder form."""
        self._datei(baum[KONZEPT], ordner / KONZEPT, GROESSE)
        for unterordner in ("massnahmen", "kapitel"):
            eintrag = baum.get(unterordner)
            if eintrag is None:
                continue
            for name, kind in self.eintrag(ordner / unterordner)[1].items():
                if _brauchbar(name) and not name.startswith(".") and not kind[0].startswith(BAUM):
                    self._datei(kind, ordner / unterordner / name, GROESSE)

    def beilagen(self, ordner: Path, namen: Iterable[str]) -> None:
        """Unpack files named relative to a folder (pictures, a boundary); what is not there is left for the checks to report."""
        basis = PurePosixPath(ordner.relative_to(self.wurzel).as_posix())
        for name in namen:
            teile = PurePosixPath(name)
            if teile.is_absolute() or ".." in teile.parts:
                continue
            eintrag, baum = self.eintrag(basis / teile)
            if eintrag is not None and not baum and eintrag[0].startswith(BLOB):
                self._datei(eintrag, basis / teile, GROESSE)

    def _datei(self, eintrag: Eintrag, pfad: PurePosixPath, grenze: int) -> None:
        """Unpack one file."""
        ziel = self.wurzel.joinpath(*pfad.parts)
        if ziel.exists():
            return
        if not eintrag[0].startswith(BLOB):
            raise IhkError(f"„{self.nenne(pfad)}“ ist im Git keine gewöhnliche Datei; Verweisen folgt ihk nicht.")
        gelesen = self._sicher(eintrag[1], grenze, f"„{self.nenne(pfad)}“")
        if gelesen is None:
            raise IhkError(f"„{self.nenne(pfad)}“ fehlt in dieser unvollständigen Kopie des Repositoriums.")
        self._dateien += 1
        self._umfang += len(gelesen[2])
        if self._dateien > DATEIEN or self._umfang > UMFANG:
            raise IhkError(f"Der Stand „{self.revision}“ hat hier zu viele oder zu große Dateien.")
        write_temporary(ziel, gelesen[2])


def _versiegelte(register: Path) -> list[str]:
    """The names of all sealed files; none if the register cannot be read (the checks report that)."""
    try:
        fassungen = json.loads(register.read_bytes())["fassungen"].values()
        return [name for f in fassungen for name in f["dateien"] if isinstance(name, str)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []


_STAENDE: dict[tuple[Path, str], Stand] = {}
"""Every state that was opened, by store and hash: a path below its folder is shown as ``REV:PATH``."""


def stand(repo: Repositorium, revision: str) -> Stand:
    """The state that a name stands for; opened once."""
    kennung = repo.kennung(revision)
    schluessel = (repo.gemeinsam, f"{revision} {kennung}")
    if schluessel not in _STAENDE:
        nummer = re.split("[~^]", kennung)[0]
        _STAENDE[schluessel] = Stand(_objekte(repo.gemeinsam / "objects", len(nummer) == 64), revision, kennung)
    return _STAENDE[schluessel]


@cache
def _objekte(ordner: Path, sha256: bool) -> Objekte:
    return Objekte(ordner, sha256=sha256)


def stand_von(pfad: Path) -> Stand | None:
    """The state out of which a file was unpacked; None for everything else."""
    return next((s for s in _STAENDE.values() if pfad.is_relative_to(s.wurzel)), None)


def anzeige(pfad: Path) -> str | None:
    """``REV:PATH`` of an unpacked file or folder; None for everything else."""
    herkunft = stand_von(pfad)
    return herkunft.nenne(pfad.relative_to(herkunft.wurzel).as_posix()) if herkunft else None


def hole_beilagen(ordner: Path | None, namen: Iterable[str]) -> None:
    """Pictures and other files of a Fassung that was unpacked; does nothing for one that lies in the file system."""
    if ordner is not None and (herkunft := stand_von(ordner)) is not None:
        herkunft.beilagen(ordner, namen)
