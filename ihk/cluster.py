"""Setting by an existing Dask cluster: whole Fassungen where there are many, the parts of a document where there are few.

What is sent is plain data and the files that a Fassung needs, so the machines need no common disk. What comes back are the
finished files. Every worker must have the same program with the same libraries, down to those of the system: only then are
the bytes the same as here, and a worker that has others is refused by name.

Lost workers are the cluster's own business: it gives their tasks to others. What it gives up is set on this machine.
"""

from __future__ import annotations

import atexit
import logging
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from multiprocessing import current_process
from multiprocessing.util import Finalize
from pathlib import Path, PurePosixPath
from shutil import rmtree
from tempfile import TemporaryDirectory, mkdtemp
from threading import Lock
from typing import Any, cast

from ihk import __version__, review, stale
from ihk.beside import BesideError, read_beside
from ihk.build import Arbeit, Gesetzt, beginne, drucker, presse
from ihk.pdf.crew import Piece, Pool, Using, pieces, together
from ihk.pdf.fitting import Source
from ihk.pdf.worker import Assets, Context, Laid
from ihk.problems import IhkError, Ort, Problem, UmgebungError, kurz
from ihk.project import CONCEPTS, Version, version_at
from ihk.resources import templates
from ihk.write import write_atomic

Client = Any
Future = Any
"""Dask's own, which are not typed throughout."""

WAIT = 10
"""Seconds in which a scheduler has to answer, and then its first worker has to be there."""
BEILAGE_MB = 100
"""No file beside a concept is larger (each kind has a lower limit of its own)."""


_ADRESSE = re.compile(r"((tcp|tls|ws|wss)://)?(\[[0-9a-fA-F:]+\]|[\w.-]+):[0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class Sendung:
    """A Fassung with every file that setting it reads; plain data for another machine."""

    arbeit: Arbeit
    """Its paths count from the top of ``dateien``."""
    dateien: tuple[tuple[str, bytes], ...]
    vorlagen: tuple[tuple[str, bytes], ...]
    """The project's own templates, by path inside their folder."""
    anzeige: str
    """What findings call the Fassung here."""


@dataclass(frozen=True, slots=True)
class Kennung:
    """What decides about the bytes: two programs with the same one set the same files."""

    version: str
    python: str
    programm: str

    def __str__(self) -> str:
        return f"ihk {self.version}, Python {self.python}, Programm und Bibliotheken {self.programm[:12]}"


@cache
def kennung() -> Kennung:
    """Of this process."""
    return Kennung(__version__, sys.version.split()[0], stale.programm(templates()))


class FremdError(UmgebungError):
    """A worker has another program or other libraries than the machine that has asked it."""


# On this machine --------------------------------------------------------------------------------------------------------


@contextmanager
def verbunden(adresse: str) -> Iterator[Verbund]:
    """The cluster at ``adresse`` (``tcp://rechner:8786``) as who sets a build.

    Raises ``UmgebungError`` without Dask, ``IhkError`` if nothing answers there, no worker is there or one has another program.
    """
    try:
        import distributed
    except ImportError:
        raise UmgebungError(
            "Für „--cluster“ fehlt Dask. Es gehört zur Erweiterung „cluster“: pip install 'ihk[cluster]'."
        ) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what it has to say to its own people
    try:
        if not _ADRESSE.fullmatch(adresse):
            raise ValueError(adresse)
        client = cast(Any, distributed).Client(adresse, timeout=WAIT, set_as_default=False)
    except (OSError, ValueError, TimeoutError):
        raise IhkError(
            f"Unter „{adresse}“ antwortet kein Dask-Scheduler. Die Adresse hat die Form tcp://rechner:8786; "
            "„dask scheduler“ nennt sie beim Start."
        ) from None
    try:
        yield Verbund(client, adresse)
    finally:
        client.close()


class Verbund:
    """A ``Setzerei``: the workers of a cluster, seen from the machine that builds."""

    def __init__(self, client: Client, adresse: str) -> None:
        self._client, self._adresse = client, adresse
        self._worker = self._gleiche()
        self.plaetze = sum(w["nthreads"] for w in self._worker.values())
        self.voraus = 2 * self.plaetze
        self._presse = drucker(_Parts(client, self.plaetze))

    @property
    def satz(self) -> str:
        """Who is there."""
        rechner = len({w["host"] for w in self._worker.values()})
        return f"Cluster {self._adresse}: {len(self._worker)} Worker auf {rechner} Rechner{'n' if rechner > 1 else ''}."

    @property
    def verlust(self) -> str:
        """What was lost meanwhile, as a sentence; empty if nothing was."""
        weg = self._worker.keys() - self._anwesend().keys()
        if not weg:
            return ""
        return f"{len(weg)} Worker {'ging' if len(weg) == 1 else 'gingen'} verloren; {'seine' if len(weg) == 1 else 'ihre'} Arbeit haben andere übernommen."

    def beginne(self, arbeit: Arbeit, version: Version, von: int) -> Callable[[], Gesetzt]:
        """Begin a Fassung of ``von`` that have to be set: as a whole where every place has one to do, else part by part."""
        if von < self.plaetze or version.eingebettet is not None:
            return beginne(arbeit, self._presse, version)
        auftrag = self._client.submit(setze, packe(arbeit, version), kennung(), pure=False)
        return partial(_geholt, auftrag, arbeit, version)

    def _anwesend(self) -> dict[str, Any]:
        return dict(self._client.scheduler_info(n_workers=-1)["workers"])

    def _gleiche(self) -> dict[str, Any]:
        """The workers that are there; all of them must have this program."""
        try:
            self._client.wait_for_workers(1, timeout=WAIT)
        except TimeoutError:
            raise IhkError(
                f"Der Cluster „{self._adresse}“ hat keinen Worker. Auf den Rechnern „dask worker {self._adresse}“ starten."
            ) from None
        gefunden = self._client.run(kennung, on_error="return")
        fremde = [f"{ort} ({_als_text(k)})" for ort, k in sorted(gefunden.items()) if k != kennung()]
        if fremde:
            raise FremdError(_fremd(", ".join(fremde), kennung()))
        return self._anwesend()


def _als_text(antwort: Kennung | Exception) -> str:
    """What a worker has said of itself; without this program it cannot even be asked."""
    return str(antwort) if isinstance(antwort, Kennung) else f"ohne ihk: {kurz(str(antwort), 120)}"


def _fremd(worker: str, hier: Kennung) -> str:
    return (
        f"Auf einem Worker läuft ein anderes Programm als hier ({hier}): {worker}. Auf allen Rechnern dieselben "
        "Versionen installieren, auch von Pango und HarfBuzz; am einfachsten aus demselben Abbild."
    )


def packe(arbeit: Arbeit, version: Version) -> Sendung:
    """The Fassung with what lies beside it, its predecessor, the stamps of review and the project's templates."""
    ordner = PurePosixPath(CONCEPTS if version.im_projekt else "dateien", version.pfad.parent.name)
    dateien: dict[str, bytes] = {}
    for eine in (version, version_at(arbeit.vorgaenger) if arbeit.vorgaenger else None):
        if eine is None:
            continue
        hier = ordner / eine.pfad.name
        dateien |= {str(hier / name) if name else str(hier): daten for name, daten in eine.quelle.dateien.items()}
        daneben = hier if eine.pfad.is_dir() else ordner
        for name in eine.geladen.fassung.beilagen:
            if eine.quelle.ordner is not None:
                try:
                    dateien[str(daneben / name)] = read_beside(eine.quelle.ordner, name, BEILAGE_MB, "")
                except BesideError:
                    continue  # there it is missing too, and found missing
    vermerke = version.pfad.parent / review.DATEI
    if vermerke.is_file():
        dateien[str(ordner / review.DATEI)] = vermerke.read_bytes()
    gesandt = replace(
        arbeit,
        pfad=Path(ordner / version.pfad.name),
        vorgaenger=Path(ordner / arbeit.vorgaenger.name) if arbeit.vorgaenger else None,
        vorlagen=None,
    )
    vorlagen = tuple(sorted(_baum(arbeit.vorlagen))) if arbeit.vorlagen else ()
    return Sendung(gesandt, tuple(sorted(dateien.items())), vorlagen, version.quelle.anzeige)


def _baum(ordner: Path) -> Iterator[tuple[str, bytes]]:
    for datei in ordner.rglob("*"):
        if datei.is_file():
            yield datei.relative_to(ordner).as_posix(), datei.read_bytes()


def _geholt(auftrag: Future, arbeit: Arbeit, version: Version) -> Gesetzt:
    """What a worker has made; set here if every worker that took it was lost."""
    from distributed import KilledWorker

    try:
        return cast(Gesetzt, _ergebnis(auftrag))
    except KilledWorker:
        with presse() as p:
            return beginne(arbeit, p, version)()


def _ergebnis(auftrag: Future) -> Any:
    """The result of a task. Raises what it raised, and ``UmgebungError`` if the cluster has gone."""
    from distributed import KilledWorker
    from distributed.client import FutureCancelledError
    from distributed.comm.core import CommClosedError

    try:
        return auftrag.result()
    except KilledWorker:
        raise
    except (FutureCancelledError, CommClosedError):
        raise UmgebungError("Der Cluster ist nicht mehr erreichbar; was fertig war, ist geschrieben.") from None
    finally:
        auftrag.release()


class _Parts:
    """A ``Crew``: parts laid out by the workers."""

    def __init__(self, client: Client, plaetze: int) -> None:
        self._client, self._plaetze = client, plaetze

    def lay_out(
        self, context: Context, sources: Sequence[Source], assets: Using
    ) -> list[tuple[Sequence[Source], Piece]]:
        # The stylesheet and its fonts travel once. As a task's result they come back when the worker that has them is lost.
        shared = self._client.submit(_same, context, pure=False)
        return [(piece, self._begun(shared, context, piece, assets)) for piece in pieces(sources, self._plaetze)]

    def rest(self) -> None:
        """The workers belong to the cluster."""

    def _begun(self, shared: Future, context: Context, sources: tuple[Source, ...], assets: Using) -> Piece:
        task = self._client.submit(lay_out, shared, sources, assets(sources), kennung(), pure=False)

        def result() -> Laid:
            from distributed import KilledWorker

            try:
                return cast(Laid, _ergebnis(task))
            except KilledWorker:
                with Pool(1) as pool:
                    return together(piece for _, piece in pool.lay_out(context, sources, assets))

        return result


def _same(context: Context) -> Context:
    return context


# On a worker ------------------------------------------------------------------------------------------------------------


def setze(sendung: Sendung, verlangt: Kennung) -> Gesetzt:
    """The files of a Fassung, with findings that name its files as the sender does."""
    _pruefe(verlangt)
    with TemporaryDirectory(prefix="ihk-") as name:
        ordner = Path(name).resolve()
        for datei, daten in sendung.dateien:
            write_atomic(ordner / datei, daten)
        a = sendung.arbeit
        version = version_at(ordner / a.pfad)
        arbeit = replace(
            a,
            pfad=version.pfad,
            vorgaenger=ordner / a.vorgaenger if a.vorgaenger else None,
            vorlagen=_vorlagen(sendung.vorlagen) if sendung.vorlagen else None,
        )
        gesetzt = beginne(arbeit, drucker(_Hiesige()), version)()
        umbenannt = partial(_umbenannt, dort=version.quelle.anzeige, hier=sendung.anzeige)
        return replace(gesetzt, befunde=tuple(map(umbenannt, gesetzt.befunde)))


def _umbenannt(befund: Problem, dort: str, hier: str) -> Problem:
    return replace(befund, ort=Ort(hier + befund.ort.datei.removeprefix(dort), befund.ort.zeile, befund.ort.spalte))


def lay_out(context: Context, sources: tuple[Source, ...], assets: Assets, verlangt: Kennung) -> Laid:
    """Parts from a process of the worker's own, within limits. Raises ``GrenzeError`` for one that meets them."""
    _pruefe(verlangt)
    return together(piece for _, piece in _Hiesige().lay_out(context, sources, lambda _: assets))


def _pruefe(verlangt: Kennung) -> None:
    """A worker that came later was not asked before."""
    if kennung() != verlangt:
        raise FremdError(_fremd(f"{os.uname().nodename} ({kennung()})", verlangt))


_ONE = Lock()
"""A worker may have several threads; its pool is one."""


class _Hiesige:
    """A ``Crew``: the processes of this worker, shared by its threads."""

    def lay_out(
        self, context: Context, sources: Sequence[Source], assets: Using
    ) -> list[tuple[Sequence[Source], Piece]]:
        with _ONE:
            return _pool().lay_out(context, sources, assets)

    def rest(self) -> None:
        """The next task comes."""


@cache
def _pool() -> Pool:
    """As many processes as this worker has threads, kept for its next tasks."""
    from distributed import get_worker

    # Whoever started the worker may have forbidden it children of its own, lest they outlive it. Ours end with it (worker.begin).
    current_process().daemon = False
    pool = Pool(get_worker().state.nthreads, ready=True)
    Finalize(None, pool.close, kwargs={"at_once": True}, exitpriority=0)  # before the process waits for its children
    return pool


@cache
def _vorlagen(dateien: tuple[tuple[str, bytes], ...]) -> Path:
    """A folder with these templates, until the worker ends; the same one each time, since what is read of them is kept by it."""
    ordner = Path(mkdtemp(prefix="ihk-")).resolve()
    atexit.register(rmtree, ordner, ignore_errors=True)
    for name, daten in dateien:
        write_atomic(ordner / name, daten)
    return ordner


__all__ = ["Sendung", "Verbund", "kennung", "lay_out", "packe", "setze", "verbunden"]
