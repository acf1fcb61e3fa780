"""What the preview shows: pages made from the files as they are, the last good one where they cannot be read.

No web server in here. Whatever did not change is not made again: what is read is known by the bytes of its sources.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ihk import __version__
from ihk.build import Arbeit, dateien
from ihk.checks import check
from ihk.diff import compare
from ihk.faellig import der_fassung
from ihk.model.load import Geladen
from ihk.problems import IhkError, LoadError, Problem
from ihk.project import Projekt, Version, alle, resolve
from ihk.report import render

SEITEN = ("bericht.html", "synopse.html", "befunde.html", "aufgaben.html")


@dataclass(frozen=True, slots=True)
class Zustand:
    """One Fassung as it is now. ``gelesen`` is None if it cannot be read; then ``befunde`` say why."""

    name: str
    gelesen: Geladen | None
    vorher: Geladen | None
    befunde: tuple[Problem, ...]

    @property
    def fehler(self) -> int:
        return sum(p.schwere == "fehler" for p in self.befunde)


class Werkstatt:
    """Makes pages on demand and keeps the last good ones. Safe for several threads."""

    def __init__(self, projekt: Projekt, was: Sequence[str] = ()) -> None:
        self._projekt, self._was = projekt, tuple(was)
        self._sperre = threading.RLock()
        self._gelesen: dict[str, Geladen] = {}
        self._seiten: dict[tuple[str, str], tuple[str, bytes]] = {}
        self._zustaende: dict[str, Zustand] = {}

    @property
    def vorlagen(self) -> Path | None:
        eigene = self._projekt.wurzel / "templates"
        return eigene if eigene.is_dir() and not (eigene / "fonts").is_dir() else None

    @property
    def beobachtet(self) -> list[Path]:
        """Folders in which a save changes what is shown."""
        return [self._projekt.wurzel / "concepts", *([self.vorlagen] if self.vorlagen else [])]

    def versionen(self) -> dict[str, Version]:
        """All Fassungen by name, as they lie there now."""
        gefunden = [v for w in self._was for v in resolve(w, self._projekt)] if self._was else alle(self._projekt)
        return {v.name: v for v in gefunden}

    def veraendert(self) -> None:
        """Something was saved: what is known about the state of files is not known any more; last good pages stay."""
        with self._sperre:
            self._zustaende.clear()
            render.environment.cache_clear()

    def zustand(self, name: str) -> Zustand:
        """Read and check one Fassung. Raises ``KeyError`` for a name that there is not."""
        with self._sperre:
            if name not in self._zustaende:
                self._zustaende[name] = self._pruefe(self.versionen()[name])
            return self._zustaende[name]

    def _pruefe(self, version: Version) -> Zustand:
        try:
            befunde = check(version)
        except IhkError as fehler:
            return Zustand(version.name, None, None, fehler.probleme if isinstance(fehler, LoadError) else ())
        vorher = version.vorgaenger()
        return Zustand(version.name, self._lies(version), self._lies(vorher) if vorher else None, befunde)

    def _lies(self, version: Version) -> Geladen | None:
        """The model, once for the same bytes; None if there is none."""
        try:
            schluessel = f"{version.name} {version.quelle.pruefsumme}"
            if schluessel not in self._gelesen:
                self._gelesen[schluessel] = version.geladen
            return self._gelesen[schluessel]
        except IhkError:
            return None

    def seite(self, name: str, welche: str) -> tuple[bytes, bool]:
        """A page, and whether it is of the files as they are now: else it is the last good one.

        Raises ``KeyError`` if there is no such page, and never was.
        """
        with self._sperre:
            z = self.zustand(name)
            if welche == "befunde.html":
                return self._befunde(z), True
            schluessel = self._schluessel(z)
            alt = self._seiten.get((name, welche))
            if alt is not None and alt[0] == schluessel:
                return alt[1], z.gelesen is not None
            html = self._mache(z, welche) if z.gelesen is not None else None
            if html is not None:
                self._seiten[name, welche] = (schluessel, html)
                return html, True
            if alt is None:
                raise KeyError(welche)
            return alt[1], False

    def _schluessel(self, z: Zustand) -> str:
        teile = [g.quelle.pruefsumme if g else "-" for g in (z.gelesen, z.vorher)]
        if z.gelesen is not None and z.gelesen.quelle.ordner is not None:
            for datei in (*z.gelesen.fassung.beilagen,):
                pfad = z.gelesen.quelle.ordner / datei
                teile.append(str(pfad.stat().st_mtime_ns) if pfad.is_file() else "-")
        if self.vorlagen is not None:
            teile += [f"{p} {p.stat().st_mtime_ns}" for p in sorted(self.vorlagen.rglob("*")) if p.is_file()]
        return " ".join(teile)

    def _mache(self, z: Zustand, welche: str) -> bytes | None:
        assert z.gelesen is not None
        try:
            if welche == "aufgaben.html":
                liste = der_fassung(self.versionen()[z.name])
                return render.status_html([liste], vorlagen=self.vorlagen, ihk_version=__version__).encode()
            satz = compare(z.vorher, z.gelesen) if z.vorher is not None else None
            if welche == "synopse.html":
                if satz is None or z.vorher is None:
                    raise KeyError(welche)
                return render.synopse_html(
                    satz, z.vorher, z.gelesen, medium="web", vorlagen=self.vorlagen, ihk_version=__version__
                ).encode()
            return render.report_html(
                z.gelesen,
                vorgaenger=z.vorher,
                aenderungen=satz,
                medium="web",
                vorlagen=self.vorlagen,
                ihk_version=__version__,
            ).encode()
        except IhkError:
            return None  # a picture or a template of the project: the last good page stays

    def _befunde(self, z: Zustand) -> bytes:
        return render.befunde_html(z.name, z.befunde, self._projekt.wurzel, ihk_version=__version__).encode()

    def auftrag(self, name: str) -> Arbeit:
        """The PDF of a Fassung as a piece of work for another process."""
        version = self.versionen()[name]
        vorher = version.vorgaenger()
        return Arbeit(name, version.pfad, vorher.pfad if vorher else None, ("bericht.pdf",), self.vorlagen)


def setze(arbeit: Arbeit) -> bytes:
    """The finished PDF; runs in a process of its own. Raises ``IhkError`` for what cannot be set."""
    return dateien(arbeit).dateien["bericht.pdf"]
