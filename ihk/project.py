"""Finds concepts and Fassungen, resolves what the command line names, follows the chain of predecessors."""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from shutil import rmtree
from tempfile import mkdtemp

from ihk import revisions
from ihk.model.load import Geladen, load
from ihk.problems import IhkError, LoadError
from ihk.provenance import Dokument
from ihk.reading.files import KONZEPT, Quelltext, collect, natural, read_bytes
from ihk.write import write_atomic

CONCEPTS = "concepts"


@dataclass(frozen=True)
class Version:
    """One Fassung as a place in the file system. ``konzept`` and ``fassung`` are the names of its folder and file."""

    pfad: Path
    konzept: str
    fassung: str
    im_projekt: bool
    """Below ``concepts/``: then folder and file must be named like the ids."""
    eingebettet: Quelltext | None = None
    """The source of a Fassung that is embedded in a PDF; ``pfad`` is then the PDF."""

    @property
    def name(self) -> str:
        return f"{self.konzept}@{self.fassung}"

    @cached_property
    def quelle(self) -> Quelltext:
        return self.eingebettet or collect(self.pfad, anzeige(self.pfad))

    @cached_property
    def geladen(self) -> Geladen:
        """The model; raises ``LoadError`` with every finding if there is none."""
        geladen = load(self.quelle)
        revisions.hole_beilagen(geladen.quelle.ordner, geladen.fassung.beilagen)
        return geladen

    def vorgaenger(self) -> Version | None:
        """The predecessor's Fassung beside this one; None if this is the first or the file is not there."""
        name = self.geladen.fassung.fassung.vorgaenger
        if name is None or self.eingebettet is not None:
            return None
        for nachbar in _fassungen(self.pfad.parent, self.konzept, self.im_projekt):
            if nachbar.pfad == self.pfad:
                continue
            if nachbar.fassung == name:
                return nachbar
        if self.im_projekt:
            return None
        for nachbar in _fassungen(self.pfad.parent, self.konzept, im_projekt=False):
            if nachbar.pfad != self.pfad and _kennung(nachbar) == (self.geladen.fassung.konzept.id, name):
                return nachbar
        return None


def _kennung(version: Version) -> tuple[str, str] | None:
    try:
        fassung = version.geladen.fassung
    except (LoadError, IhkError):
        return None
    return fassung.konzept.id, fassung.fassung.id


def anzeige(pfad: Path) -> str:
    """The path as a reader would type it: relative to the working directory where that is shorter, or ``REV:PATH``."""
    if im_git := revisions.anzeige(pfad):
        return im_git
    try:
        relativ = os.path.relpath(pfad)
    except ValueError:  # another drive on Windows
        return str(pfad)
    return str(pfad) if relativ.startswith("../../") else relativ


def _fassungen(ordner: Path, konzept: str, im_projekt: bool) -> Iterator[Version]:
    if not ordner.is_dir():
        return
    for kind in sorted(ordner.iterdir(), key=lambda p: natural(p.name)):
        if kind.name.startswith("."):
            continue
        if kind.suffix == ".yaml" and not kind.is_dir() and kind.name != KONZEPT:
            yield Version(kind, konzept, kind.stem, im_projekt)
        elif kind.is_dir() and (kind / KONZEPT).exists():
            yield Version(kind, konzept, kind.name, im_projekt)


@dataclass(frozen=True)
class Projekt:
    """A folder with ``concepts/`` in it."""

    wurzel: Path

    @property
    def build(self) -> Path:
        return self.wurzel / "build"

    @property
    def vorlagen(self) -> Path:
        """Where the project's own templates lie, if it has any."""
        return self.wurzel / "templates"

    def konzepte(self) -> tuple[str, ...]:
        """Names of all concepts, naturally sorted."""
        ordner = self.wurzel / CONCEPTS
        namen = (
            [k.name for k in ordner.iterdir() if k.is_dir() and not k.name.startswith(".")] if ordner.is_dir() else []
        )
        return tuple(n for n in sorted(namen, key=natural) if self.fassungen(n))

    def fassungen(self, konzept: str) -> tuple[Version, ...]:
        """All Fassungen of a concept, by name."""
        return tuple(_fassungen(self.wurzel / CONCEPTS / konzept, konzept, im_projekt=True))


def find_project(start: Path) -> Projekt | None:
    """The nearest folder upward that has ``concepts/``."""
    for ordner in (start.resolve(), *start.resolve().parents):
        if (ordner / CONCEPTS).is_dir():
            return Projekt(ordner)
    return None


def _im_projekt(pfad: Path) -> bool:
    return pfad.resolve().parent.parent.name == CONCEPTS


def version_at(pfad: Path) -> Version:
    """The Fassung in a file or folder anywhere."""
    echt = pfad.resolve()
    if echt.name == KONZEPT:
        echt = echt.parent
    name = echt.name if echt.is_dir() else echt.stem
    return Version(echt, echt.parent.name, name, _im_projekt(echt))


def version_in(pdf: Path) -> Version:
    """The Fassung that is embedded in a PDF, of a comparison the newer one. Raises ``IhkError`` if there is none."""
    dokument = Dokument(pdf)
    quelle = dokument.quelltext()
    if bilder := dokument.bilder():
        quelle = replace(quelle, ordner=_ausgepackt(bilder))
    konzept, fassung = (dokument.angaben.get(k, pdf.stem) for k in ("konzept", "fassung"))
    return Version(pdf, konzept, fassung, im_projekt=False, eingebettet=quelle)


def _ausgepackt(bilder: dict[str, bytes]) -> Path:
    """A folder with the pictures, there until the program ends."""
    ordner = Path(mkdtemp(prefix="ihk-"))
    atexit.register(rmtree, ordner, ignore_errors=True)
    for name, daten in bilder.items():
        write_atomic(ordner / name, daten)
    return ordner


def resolve(was: str, projekt: Projekt | None) -> tuple[Version, ...]:
    """What one word on the command line names: ``KONZEPT``, ``KONZEPT@FASSUNG``, a file or a folder, each also as ``REV:…``.

    A concept yields all its Fassungen, predecessors first. What exists as a file is that file, whatever its name.
    """
    if im_git := revisions.teile(was):
        return _im_git(was, *im_git, projekt)
    pfad = Path(was)
    konzept, _, fassung = was.partition("@")
    if projekt is not None and konzept in projekt.konzepte() and (fassung or not revisions.gibt_es(pfad)):
        versionen = projekt.fassungen(konzept)
        if not fassung:
            return kette(versionen)
        gefunden = tuple(v for v in versionen if v.fassung == fassung)
        if not gefunden:
            raise IhkError(
                f"„{konzept}“ hat keine Fassung „{fassung}“. Vorhanden: {', '.join(v.fassung for v in versionen)}."
            )
        return gefunden[:1]
    if gefunden := _am_ort(pfad, was):
        return gefunden
    vorhanden = ", ".join(projekt.konzepte()) if projekt else ""
    raise IhkError(
        f"„{was}“ ist weder ein Konzept noch eine Datei."
        + (f" Konzepte in diesem Projekt: {vorhanden}." if vorhanden else "")
    )


def _am_ort(pfad: Path, was: str) -> tuple[Version, ...]:
    """The Fassungen in a file or folder; none if nothing is there."""
    if not revisions.gibt_es(pfad):
        return ()
    if pfad.is_dir() and not (pfad / KONZEPT).exists():
        if gefunden := tuple(_fassungen(pfad.resolve(), pfad.resolve().name, pfad.resolve().parent.name == CONCEPTS)):
            return kette(gefunden)
        if (pfad / CONCEPTS).is_dir():
            return alle(Projekt(pfad.resolve()))
        raise IhkError(f"Im Ordner „{was}“ liegt keine Fassung (keine *.yaml, keine {KONZEPT}).")
    if pfad.suffix.lower() == ".pdf" and pfad.is_file():
        return (version_in(pfad),)
    return (version_at(pfad),)


def _im_git(was: str, revision: str, pfad: str, projekt: Projekt | None) -> tuple[Version, ...]:
    """What ``REV:PATH`` or ``REV:KONZEPT@FASSUNG`` names. Paths count from the top of the repository, else from here."""
    hier = Path.cwd()
    if projekt is not None and not hier.resolve().is_relative_to(projekt.wurzel):
        hier = projekt.wurzel
    try:
        repo = revisions.Repositorium.um(hier)
        stand = revisions.stand(repo, revision)
    except (revisions.KeinRepositoriumError, revisions.KeinStandError) as fehler:
        raise IhkError(f"„{was}“ ist weder ein Konzept noch eine Datei noch ein Stand im Git: {fehler}") from None
    # As git reads it: ./ and ../ count from here, everything else from the top.
    hier_zuerst = pfad.split("/", 1)[0] in (".", "..")
    for versuch in dict.fromkeys((_innen(repo.vorsatz if hier_zuerst else "", pfad), _innen(repo.vorsatz, pfad))):
        if versuch is not None and (gefunden := stand.hole(versuch)) is not None:
            return _am_ort(gefunden, was)
    konzept = pfad.partition("@")[0]
    if projekt is not None and konzept and "/" not in konzept:
        wurzel = _innen(revisions.Repositorium.um(projekt.wurzel).vorsatz, ".")
        if wurzel is not None and stand.hole(wurzel / CONCEPTS / konzept) is not None:
            damals = Projekt(stand.wurzel / wurzel)
            if konzept in damals.konzepte():
                return resolve(pfad, damals)
    raise IhkError(
        f"Im Stand „{revision}“ gibt es „{pfad}“ nicht; Pfade zählen ab dem obersten Ordner des Repositoriums. "
        f"„git ls-tree -r --name-only {revision}“ zeigt alle."
    )


def _innen(vorsatz: str, pfad: str) -> PurePosixPath | None:
    """A path inside the repository; None if it leads out of it."""
    teile: list[str] = []
    for teil in f"{vorsatz}/{pfad}".replace(os.sep, "/").split("/"):
        if teil == "..":
            if not teile:
                return None
            teile.pop()
        elif teil not in ("", "."):
            teile.append(teil)
    return PurePosixPath(*teile)


def geschwister(version: Version) -> tuple[Version, ...]:
    """All Fassungen beside this one, itself among them."""
    return tuple(_fassungen(version.pfad.parent, version.konzept, version.im_projekt))


def resolve_one(was: str, projekt: Projekt | None) -> Version:
    """Like ``resolve``, but a concept without ``@`` means the end of its chain."""
    return resolve(was, projekt)[-1]


def einzeldatei(was: str, projekt: Projekt | None) -> tuple[str, bytes]:
    """Name and bytes of one file, also of a part of a folder or ``REV:PATH``; of ``KONZEPT@FASSUNG`` its only file."""
    pfad = Path(was)
    if not revisions.gibt_es(pfad):
        version = resolve_one(was, projekt)
        quelle = version.quelle
        if "" not in quelle.dateien:
            raise IhkError(f"„{was}“ ist ein Ordner; zusammengeführt wird Datei für Datei, wie es git auch tut.")
        return quelle.anzeige, quelle.dateien[""]
    if pfad.is_dir():
        raise IhkError(f"„{was}“ ist ein Ordner; zusammengeführt wird Datei für Datei, wie es git auch tut.")
    return was, read_bytes(pfad)


def alle(projekt: Projekt, gelesen: Iterable[Version] = ()) -> tuple[Version, ...]:
    """All Fassungen of all concepts; each concept in the order of its chain. What was read already is not read again."""
    bekannt = {v.pfad: v for v in gelesen}
    return tuple(
        v
        for konzept in projekt.konzepte()
        for v in kette(tuple(bekannt.get(f.pfad, f) for f in projekt.fassungen(konzept)))
    )


def beobachtet(projekt: Projekt | None, einzelne: Iterable[Version]) -> tuple[Path, ...]:
    """Folders in which a save changes what is made: the project's, and those of Fassungen that lie elsewhere."""
    eigene = {projekt.wurzel / CONCEPTS, projekt.vorlagen} if projekt else set()
    daneben = {v.pfad.parent for v in einzelne if not any(v.pfad.is_relative_to(o) for o in eigene)}
    return tuple(sorted(o for o in eigene | daneben if o.is_dir()))


def kette(versionen: tuple[Version, ...]) -> tuple[Version, ...]:
    """Predecessors before successors; files that cannot be read, and whatever follows no order, by name.

    The last one is the end of the chain: a Fassung that nobody names as predecessor.
    """
    namen = {v.fassung: v for v in versionen}

    def vorgaenger(version: Version) -> str | None:
        try:
            return version.geladen.fassung.fassung.vorgaenger
        except (LoadError, IhkError):
            return None

    tiefe: dict[str, int] = {}
    for version in versionen:
        schritte, name, gesehen = 0, version.fassung, {version.fassung}
        while (vor := vorgaenger(namen[name])) in namen and vor not in gesehen:
            schritte, name = schritte + 1, str(vor)
            gesehen.add(name)
        tiefe[version.fassung] = schritte
    genannt = {vorgaenger(v) for v in versionen}
    return tuple(sorted(versionen, key=lambda v: (v.fassung not in genannt, tiefe[v.fassung], natural(v.fassung))))
