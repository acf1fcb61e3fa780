"""What the preview shows: pages made from the files as they are, the last good one where they cannot be read.

No web server in here, and no trust in whoever reports a change: each answer looks at the files anew. What is costly is made
once for the same bytes: models, comparisons, pages. Safe for several threads.
"""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ihk import __version__
from ihk.build import Arbeit, vergiss_vorlagen
from ihk.checks import check
from ihk.diff import Aenderungssatz, compare
from ihk.faellig import der_fassung
from ihk.model.load import Geladen
from ihk.problems import IhkError, LoadError, Problem
from ihk.project import Projekt, Version, beobachtet, resolve
from ihk.report import render, vorschau
from ihk.terminal.befunde import bilanz, stelle

SEITEN = ("bericht.html", "synopse.html", "befunde.html", "aufgaben.html")
STUECKE = 8
"""More changed measures than this are no edit of an author: then the whole page comes at once."""


@dataclass(frozen=True, slots=True)
class Lage:
    """One Fassung as it lies there. Without ``version`` it cannot be read, and ``hindernis`` says why."""

    version: Version | None
    vorher: Version | None = None
    hindernis: str = ""
    probleme: tuple[Problem, ...] = ()
    """What reading found if there is no model."""

    @property
    def schluessel(self) -> tuple[str, str]:
        """The same for the same bytes of the Fassung and its predecessor."""
        return _summe(self.version), _summe(self.vorher)


@dataclass(frozen=True, slots=True)
class Seite:
    """A finished page; ``hinderte`` says why it is not of the files as they are now, empty if it is."""

    html: bytes
    schluessel: object
    hinderte: str = ""


@dataclass(frozen=True, slots=True)
class Stand:
    """What is to be said above the page."""

    satz: str
    fehler: int
    warnungen: int
    lesbar: bool
    erster: vorschau.Fund | None


class Werkstatt:
    """Makes what is looked at."""

    def __init__(self, projekt: Projekt | None, was: Sequence[str] = (), editor: str = "vscode") -> None:
        self._projekt, self._editor = projekt, editor
        konzepte = projekt.konzepte() if projekt else ()
        self._konzepte = tuple(w for w in was if w in konzepte) if was else None
        self._feste = {v.name: v for w in was if w not in konzepte for v in resolve(w, projekt)}
        self._lesen = threading.RLock()
        self._machen: dict[tuple[str, str], threading.Lock] = {}
        self._bekannt: dict[Path, tuple[str, Version | LoadError]] = {}
        self._saetze: dict[str, tuple[tuple[str, str], Aenderungssatz]] = {}
        self._seiten: dict[tuple[str, str], Seite] = {}
        self._befunde: dict[str, tuple[object, tuple[Problem, ...]]] = {}
        self._gezeigt: dict[str, tuple[Geladen, str]] = {}
        self._fehler: dict[str, tuple[set[tuple[str, str, str]], set[tuple[str, str, str]]]] = {}
        self._wechsel = 0
        self._zuletzt: frozenset[Path] = frozenset()

    # ------------------------------------------------------------------------------------------------- where things lie

    @property
    def vorlagen(self) -> Path | None:
        """The project's own templates; None where they are the shipped ones."""
        if self._projekt is None:
            return None
        eigene = self._projekt.vorlagen
        return eigene if eigene.is_dir() and not (eigene / "fonts").is_dir() else None

    @property
    def beobachtet(self) -> tuple[Path, ...]:
        """Folders in which a save changes what is shown."""
        return beobachtet(self._projekt, self._feste.values())

    def namen(self) -> dict[str, list[str]]:
        """Names of all Fassungen by concept, as they lie there now."""
        ergebnis: dict[str, list[str]] = {}
        for version in self._versionen():
            ergebnis.setdefault(version.konzept, []).append(version.fassung)
        return ergebnis

    def _versionen(self) -> Iterator[Version]:
        if self._projekt is not None:
            alle = self._projekt.konzepte() if self._konzepte is None and not self._feste else self._konzepte or ()
            for konzept in alle:
                yield from self._projekt.fassungen(konzept)
        yield from (v for v in self._feste.values() if v.pfad.exists() or v.eingebettet)

    def _version(self, name: str) -> Version | None:
        return next((v for v in self._versionen() if v.name == name), None)

    def gibt_es(self, name: str) -> bool:
        """Is there such a Fassung, or was there one that is still shown?"""
        return any(n == name for n, _ in self._seiten) or self._version(name) is not None

    def seiten(self, name: str) -> list[str]:
        """The pages that there are for a Fassung."""
        mit_vorher = self.lage(name).vorher is not None or (name, "synopse.html") in self._seiten
        return [s for s in SEITEN if s != "synopse.html" or mit_vorher]

    # ------------------------------------------------------------------------------------------------- reading

    def veraendert(self, pfade: Sequence[Path]) -> None:
        """Files were saved: what was found in them by the rules, and templates that they may replace, are looked at anew."""
        self._wechsel += 1
        self._zuletzt = frozenset(pfade)
        vergiss_vorlagen(self._projekt, pfade)

    def lage(self, name: str) -> Lage:
        """Read a Fassung and its predecessor if their bytes are new."""
        with self._lesen:
            version = self._version(name)
            if version is None:
                return Lage(None, hindernis=f"„{name}“ gibt es nicht mehr: umbenannt oder gelöscht.")
            try:
                version = self._gelesen(version)
            except LoadError as fehler:
                return Lage(None, hindernis="Die Datei lässt sich nicht lesen.", probleme=fehler.probleme)
            except (IhkError, OSError) as fehler:
                return Lage(None, hindernis=str(fehler))
            try:
                vorher = version.vorgaenger()
                return Lage(version, self._gelesen(vorher) if vorher else None)
            except (IhkError, OSError):
                return Lage(version)  # the predecessor has findings of its own

    def _gelesen(self, version: Version) -> Version:
        """The Fassung with its model in it, the same object as last time for the same bytes."""
        frisch = replace(version)
        summe = frisch.quelle.pruefsumme
        bekannt = self._bekannt.get(version.pfad)
        if bekannt is None or bekannt[0] != summe:
            try:
                _ = frisch.geladen  # reads it, once
                bekannt = (summe, frisch)
            except LoadError as fehler:
                bekannt = (summe, fehler)
            self._bekannt[version.pfad] = bekannt
        if isinstance(bekannt[1], LoadError):
            raise bekannt[1]
        return bekannt[1]

    def _satz(self, name: str, lage: Lage) -> Aenderungssatz | None:
        if lage.version is None or lage.vorher is None:
            return None
        with self._lesen:
            bekannt = self._saetze.get(name)
            if bekannt is None or bekannt[0] != lage.schluessel:
                bekannt = (lage.schluessel, compare(lage.vorher.geladen, lage.version.geladen))
                self._saetze[name] = bekannt
            return bekannt[1]

    # ------------------------------------------------------------------------------------------------- findings

    def befunde(self, name: str) -> tuple[Lage, tuple[Problem, ...]]:
        """Everything noticed about a Fassung; the rules run once for the same state."""
        lage = self.lage(name)
        if lage.version is None:
            return lage, lage.probleme
        schluessel = (lage.schluessel, self._wechsel)
        bekannt = self._befunde.get(name)
        if bekannt is None or bekannt[0] != schluessel:
            bekannt = (schluessel, check(lage.version))
            self._befunde[name] = bekannt
        return lage, bekannt[1]

    def stand(self, name: str) -> Stand:
        """What is to be said above the pages of a Fassung: what is wrong, and whether the report could be made."""
        lage, probleme = self.befunde(name)
        bericht = self._seiten.get((name, "bericht.html"))
        hindernis = lage.hindernis or (bericht.hinderte if bericht else "")
        fehler = [p for p in probleme if p.schwere == "fehler"]
        erster = self._ursache(name, lage, fehler)
        return Stand(
            " ".join(t for t in (hindernis, _bilanz(probleme) if lage.version or probleme else "") if t),
            len(fehler),
            sum(p.schwere == "warnung" for p in probleme),
            not hindernis,
            self._funde([erster])[0] if erster else None,
        )

    def _ursache(self, name: str, lage: Lage, fehler: Sequence[Problem]) -> Problem | None:
        """The error to look at first: one that the last save brought, in the file that was saved, one of reading before what follows from it."""
        gelesen = set(lage.version.geladen.probleme if lage.version else lage.probleme)
        jetzt = {(p.ort.datei, p.code, p.meldung) for p in fehler}
        bisher, davor = self._fehler.get(name, (jetzt, jetzt))
        if jetzt != bisher:
            bisher, davor = jetzt, bisher
        self._fehler[name] = (bisher, davor)
        return min(
            fehler,
            key=lambda p: (
                (p.ort.datei, p.code, p.meldung) in davor,
                Path(p.ort.datei).resolve() not in self._zuletzt,
                p not in gelesen,
                p.sortierung,
            ),
            default=None,
        )

    def _funde(self, probleme: Sequence[Problem]) -> tuple[vorschau.Fund, ...]:
        zeilen = {p.ort: stelle(p.ort).rstrip("\n") for p in probleme}
        wurzel = self._projekt.wurzel if self._projekt else Path.cwd()
        return vorschau.funde(probleme, zeilen, wurzel, self._editor)

    def _befundseite(self, name: str, hindernis: str = "") -> bytes:
        lage, probleme = self.befunde(name)
        satz = hindernis or lage.hindernis or _bilanz(probleme)
        return vorschau.befunde_html(name, satz, self._funde(probleme)).encode()

    # ------------------------------------------------------------------------------------------------- pages

    def seite(self, name: str, welche: str) -> Seite:
        """A page of the files as they are now, else the last good one, else what is in its way.

        Raises ``KeyError`` for a Fassung or a page that there is not.
        """
        with self._machen.setdefault((name, welche), threading.Lock()):
            if welche == "befunde.html":
                if not self.gibt_es(name):
                    raise KeyError(name)
                return Seite(self._befundseite(name), None)
            lage = self.lage(name)
            bisher = self._seiten.get((name, welche))
            if lage.version is None:
                return self._letzte(name, welche, lage.hindernis)
            if welche == "synopse.html" and lage.vorher is None:
                if lage.version.geladen.fassung.fassung.vorgaenger is None:
                    raise KeyError(welche)
                return self._letzte(name, welche, "Die Vorfassung lässt sich nicht lesen oder ist nicht da.")
            schluessel = (lage.schluessel, self._beiwerk(lage.version.geladen))
            if bisher is not None and bisher.schluessel == schluessel and not bisher.hinderte:
                return bisher
            try:
                html = self._mache(name, lage, welche)
            except IhkError as fehler:
                return self._letzte(name, welche, str(fehler))
            except Exception as fehler:
                return self._letzte(name, welche, self._in_worten(fehler))
            neu = Seite(html.encode(), schluessel)
            self._seiten[name, welche] = neu
            if welche == "bericht.html":
                self._gezeigt[name] = (lage.version.geladen, vorschau.anker(html))
            return neu

    def _letzte(self, name: str, welche: str, hindernis: str) -> Seite:
        """The last good page, with the reason why there is no newer one."""
        bisher = self._seiten.get((name, welche))
        if bisher is None:
            if not self.gibt_es(name):
                raise KeyError(name)
            return Seite(self._befundseite(name, hindernis), None, hindernis)
        self._seiten[name, welche] = replace(bisher, hinderte=hindernis)
        return self._seiten[name, welche]

    def _in_worten(self, fehler: Exception) -> str:
        """An error in a template is the project's; any other is ours and goes to the terminal too."""
        eigener = vorschau.vorlagenfehler(fehler, self.vorlagen)
        if eigener is not None:
            datei, zeile, worte = eigener
            return f"Die Vorlage {datei.name} lässt sich in Zeile {zeile} nicht verarbeiten: {worte}"
        traceback.print_exception(fehler, file=sys.stderr)
        return f"Das ist ein Fehler von ihk {__version__} ({type(fehler).__name__}); bitte melden, mit dem Text im Terminal."

    def _beiwerk(self, geladen: Geladen) -> tuple[str, ...]:
        """Times and sizes of the files that a page shows beside the concept: pictures, the boundary, templates."""
        ordner, vorlagen = geladen.quelle.ordner, self.vorlagen
        dateien = [ordner / n for n in geladen.fassung.beilagen] if ordner else []
        if vorlagen is not None:
            dateien += sorted(p for p in vorlagen.rglob("*"))
        return tuple(_zustand(p) for p in dateien)

    def _mache(self, name: str, lage: Lage, welche: str) -> str:
        assert lage.version is not None
        neu = lage.version.geladen
        if welche == "aufgaben.html":
            return render.status_html([der_fassung(lage.version)], vorlagen=self.vorlagen, ihk_version=__version__)
        satz = self._satz(name, lage)
        alt = lage.vorher.geladen if lage.vorher else None
        if welche == "synopse.html":
            assert satz is not None
            assert alt is not None
            return render.synopse_html(satz, alt, neu, medium="web", vorlagen=self.vorlagen, ihk_version=__version__)
        return render.report_html(
            neu, vorgaenger=alt, aenderungen=satz, medium="web", vorlagen=self.vorlagen, ihk_version=__version__
        )

    # ------------------------------------------------------------------------------------------------- what changed

    def stuecke(self, name: str) -> dict[str, str]:
        """The Steckbriefe that differ from what was shown last, ready to stand in its place: long before the whole page is made.

        None at all where the difference is of another kind; then only the whole page says what is true.
        """
        gezeigt = self._gezeigt.get(name)
        lage = self.lage(name)
        if gezeigt is None or lage.version is None:
            return {}
        bisher, anker = gezeigt
        neu = lage.version.geladen
        kennungen = vorschau.geaenderte(bisher, neu)
        if not 0 < len(kennungen) <= STUECKE:
            return {}
        try:
            html = vorschau.steckbriefe_html(neu, self._satz(name, lage), kennungen, anker, self.vorlagen)
        except Exception:
            return {}  # whatever it is, the whole page meets it too and says it
        self._gezeigt[name] = (neu, anker)
        return {kennung: vorschau.ohne_stile(text) for kennung, text in html.items()}

    # ------------------------------------------------------------------------------------------------- PDF

    def arbeit(self, name: str) -> tuple[Arbeit, object]:
        """The PDF of a Fassung as a piece of work for another process, and a key of the state that it shows."""
        lage = self.lage(name)
        if lage.version is None:
            raise IhkError(lage.hindernis)
        vorher = lage.vorher.pfad if lage.vorher else None
        return Arbeit(name, lage.version.pfad, vorher, ("bericht.pdf",), self.vorlagen), self.zustand(name)

    def zustand(self, name: str) -> object:
        """Equal as long as nothing that a Fassung shows has changed."""
        lage = self.lage(name)
        return (lage.schluessel, self._beiwerk(lage.version.geladen)) if lage.version else lage.hindernis


def _zustand(pfad: Path) -> str:
    try:
        s = pfad.stat()
    except OSError:
        return f"{pfad} -"
    return f"{pfad} {s.st_mtime_ns} {s.st_size}"


def _summe(version: Version | None) -> str:
    return version.quelle.pruefsumme if version else "-"


def _bilanz(probleme: Sequence[Problem]) -> str:
    return bilanz(probleme, 1).replace(" in 1 Fassung", "")
