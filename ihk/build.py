"""From Fassungen to files: check, render, set, write. Every file is made completely before any is replaced."""

from __future__ import annotations

import hashlib
import signal
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ihk import __version__, labels, stale
from ihk.checks import check
from ihk.diff import Aenderungssatz, compare
from ihk.diff.changeset import RANG
from ihk.model.bestandteile import BESCHLOSSEN
from ihk.model.load import Geladen
from ihk.model.types import Gewicht
from ihk.problems import IhkError, LoadError, Problem, UmgebungError
from ihk.progress import Anzeige
from ihk.project import Projekt, Version, alle
from ihk.provenance import Dokument
from ihk.resources import templates
from ihk.terminal.befunde import befund, bilanz
from ihk.write import build_lock, write_atomic

if TYPE_CHECKING:
    from ihk.report.druck import Druckwerk

BERICHT = ("bericht.pdf", "bericht.html", "daten.json")
SYNOPSE = ("synopse.pdf", "synopse.html", "aenderungen.json")
BERICHTE = {"bericht": BERICHT, "synopse": SYNOPSE}


@dataclass(frozen=True, slots=True)
class Auftrag:
    """What to build, where to, and how."""

    versionen: tuple[Version, ...]
    ordner: Path
    projekt: Projekt | None
    berichte: tuple[str, ...] = ()
    jobs: int = 1
    streng: bool = False
    alles: bool = False
    mit_quellen: bool = False
    """Embed the sources in the PDFs."""


@dataclass(slots=True)
class Ergebnis:
    """What was written and found."""

    geschrieben: list[str] = field(default_factory=list)
    probleme: list[Problem] = field(default_factory=list)
    fassungen: int = 0
    gescheitert: list[str] = field(default_factory=list)
    unveraendert: int = 0
    geschuetzt: list[str] = field(default_factory=list)
    """Adopted documents of another version of the program, left as they are."""
    code: int = 0

    @property
    def satz(self) -> str:
        """The closing line."""
        teile = [f"{len(self.geschrieben)} Dateien geschrieben"]
        if self.unveraendert:
            teile.append(f"{self.unveraendert} Fassung{'en' if self.unveraendert != 1 else ''} schon aktuell")
        if self.geschuetzt:
            teile.append(f"beschlossene Ausgabe unverändert: {', '.join(self.geschuetzt)}")
        if self.gescheitert:
            teile.append(f"nicht gesetzt: {', '.join(self.gescheitert)} (frühere Ausgaben sind unverändert)")
        return f"{'; '.join(teile)}. {bilanz(self.probleme, self.fassungen)}"


@dataclass(frozen=True, slots=True)
class Arbeit:
    """One Fassung that has to be set; plain data, so that another process can do it."""

    name: str
    pfad: Path
    vorgaenger: Path | None
    namen: tuple[str, ...]
    vorlagen: Path | None
    mit_quellen: bool = False


def run(auftrag: Auftrag, anzeige: Anzeige) -> Ergebnis:
    """Build everything that is stale; a Fassung with errors is reported and left out, the others go on."""
    ergebnis = Ergebnis(fassungen=len(auftrag.versionen))
    namen_je_bericht = _namen(auftrag.berichte)
    vorlagen = _eigene_vorlagen(auftrag.projekt)
    with build_lock(auftrag.ordner):
        arbeiten: list[tuple[Version, Path, str, Arbeit]] = []
        for version in auftrag.versionen:
            probleme = check(version)
            ergebnis.probleme += probleme
            for p in probleme:
                if p.schwere == "fehler" or auftrag.streng:
                    anzeige.zeile(befund(p))
            if any(p.schwere == "fehler" or (auftrag.streng and p.schwere == "warnung") for p in probleme):
                ergebnis.gescheitert.append(version.name)
                anzeige.fertig(version.name, "nicht gesetzt, die Fassung hat Fehler")
                continue
            geplant = _plan(version, auftrag, namen_je_bericht, vorlagen)
            if geplant is None:
                ergebnis.unveraendert += 1
                anzeige.fertig(version.name, "schon aktuell")
            elif not auftrag.alles and (geschuetzt := _beschlossen_gesetzt(geplant[0], geplant[2].namen)):
                ergebnis.geschuetzt.append(version.name)
                anzeige.zeile(f"{version.name}: {geschuetzt}")
                anzeige.fertig(version.name, "bleibt, wie beschlossen")
            else:
                arbeiten.append((version, *geplant))
        _setzen(arbeiten, auftrag, anzeige, ergebnis)
        if auftrag.projekt is not None:
            _uebersicht(auftrag, auftrag.projekt, ergebnis)
    ergebnis.code = int(bool(ergebnis.gescheitert))
    return ergebnis


def _namen(berichte: tuple[str, ...]) -> tuple[str, ...]:
    """File names of the reports asked for."""
    fremd = [b for b in berichte if b not in BERICHTE and b != "all"]
    if fremd:
        raise IhkError(f"Den Bericht „{fremd[0]}“ gibt es nicht. Möglich: {', '.join(BERICHTE)}, all.")
    gefragt = BERICHTE if not berichte or "all" in berichte else {b: BERICHTE[b] for b in berichte}
    return tuple(name for namen in gefragt.values() for name in namen)


def _plan(
    version: Version, auftrag: Auftrag, namen: tuple[str, ...], vorlagen: Path | None
) -> tuple[Path, str, Arbeit] | None:
    """Folder, key and work of a Fassung; None if its files are up to date."""
    geladen = version.geladen
    vorher = version.vorgaenger()
    ordner = auftrag.ordner / geladen.fassung.konzept.id / geladen.fassung.fassung.id
    if vorher is None:
        namen = tuple(n for n in namen if n not in SYNOPSE)
    summe = hashlib.sha256()
    for name in geladen.fassung.beilagen:
        if geladen.quelle.ordner is not None and (datei := geladen.quelle.ordner / name).is_file():
            summe.update(datei.read_bytes())
    if vorlagen is not None:
        stale.hash_tree(summe, vorlagen, None)
    schluessel = stale.digest(
        (
            stale.programm(templates()),
            __version__,
            geladen.quelle.pruefsumme,
            vorher.quelle.pruefsumme if vorher else "-",
            summe.hexdigest(),
            "mit Quellen" if auftrag.mit_quellen else "ohne Quellen",
            *namen,
        )
    )
    if not auftrag.alles and stale.aktuell(ordner, schluessel, namen):
        return None
    return (
        ordner,
        schluessel,
        Arbeit(version.name, version.pfad, vorher.pfad if vorher else None, namen, vorlagen, auftrag.mit_quellen),
    )


def _beschlossen_gesetzt(ordner: Path, namen: tuple[str, ...]) -> str:
    """Why the documents in the folder must stay: an adopted one was set by another version of the program. Empty if not.

    What the council has adopted is what it has seen; a newer program may break lines and pages differently.
    """
    for name in namen:
        pfad = ordner / name
        if not name.endswith(".pdf") or not pfad.is_file():
            continue
        try:
            angaben = Dokument(pfad).angaben
        except IhkError:
            continue  # not readable, so nothing that could be kept
        version = angaben.get("version", "")
        if angaben.get("status") in BESCHLOSSEN and version not in ("", __version__):
            return (
                f"{name} ist als beschlossene Fassung mit ihk {version} gesetzt und bleibt so. Neu setzen mit --force."
            )
    return ""


def _setzen(
    arbeiten: list[tuple[Version, Path, str, Arbeit]], auftrag: Auftrag, anzeige: Anzeige, ergebnis: Ergebnis
) -> None:
    """Make and write the files, in several processes if there is more than one Fassung."""
    prozesse = min(auftrag.jobs, len(arbeiten))
    if prozesse <= 1:
        for version, ordner, schluessel, arbeit in arbeiten:
            anzeige.beginnt(version.name)
            _schreiben(version, ordner, schluessel, partial(dateien, arbeit), anzeige, ergebnis)
        return
    # Spawned, not forked: WeasyPrint's libraries do not survive a fork.
    with ProcessPoolExecutor(prozesse, mp_context=get_context("spawn"), initializer=_ohne_abbruch) as pool:
        offen: list[tuple[Version, Path, str, Future[dict[str, bytes]]]] = [
            (v, o, s, pool.submit(dateien, a)) for v, o, s, a in arbeiten
        ]
        try:
            for version, ordner, schluessel, zukunft in offen:
                anzeige.beginnt(version.name)
                _schreiben(version, ordner, schluessel, zukunft.result, anzeige, ergebnis)
        except BrokenExecutor:
            raise UmgebungError(
                "Ein Prozess, der gesetzt hat, wurde beendet; vielleicht reichte der Speicher nicht. Mit --jobs 1 noch einmal versuchen."
            ) from None
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _ohne_abbruch() -> None:
    """Ctrl-C reaches every process of a terminal; the parent alone answers it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _schreiben(
    version: Version, ordner: Path, schluessel: str, machen: Any, anzeige: Anzeige, ergebnis: Ergebnis
) -> None:
    try:
        fertig: dict[str, bytes] = machen()
    except UmgebungError:
        raise
    except IhkError as fehler:
        anzeige.zeile(f"{version.name}: {fehler}")
        ergebnis.gescheitert.append(version.name)
        anzeige.fertig(version.name, "nicht gesetzt")
        return
    for name, daten in fertig.items():
        write_atomic(ordner / name, daten)
        ergebnis.geschrieben.append(str(_kurz(ordner / name)))
    write_atomic(ordner / stale.STAND, stale.stand(schluessel, fertig))
    anzeige.fertig(version.name, f"{len(fertig)} Dateien")


def _kurz(pfad: Path) -> Path:
    try:
        return pfad.relative_to(Path.cwd())
    except ValueError:
        return pfad


def dateien(arbeit: Arbeit) -> dict[str, bytes]:
    """All files of one Fassung by name; runs in a process of its own."""
    from ihk.export.aenderungen import aenderungen
    from ihk.export.daten import as_json, daten
    from ihk.project import version_at

    neu = version_at(arbeit.pfad).geladen
    alt: Geladen | None = None
    satz: Aenderungssatz | None = None
    if arbeit.vorgaenger is not None:
        try:
            alt = version_at(arbeit.vorgaenger).geladen
        except LoadError:
            raise IhkError("Die Vorfassung lässt sich nicht lesen; „ihk check“ zeigt ihre Befunde.") from None
        satz = compare(alt, neu)
    ergebnis: dict[str, bytes] = {}
    if "bericht.pdf" in arbeit.namen:
        from ihk.report import render

        angaben: dict[str, Any] = {"vorgaenger": alt, "aenderungen": satz, "vorlagen": arbeit.vorlagen}
        druckwerk = render.report_druck(neu, **angaben, ihk_version=__version__)
        ergebnis["bericht.pdf"] = pdf(druckwerk, mit_quellen=arbeit.mit_quellen)
        ergebnis["bericht.html"] = render.report_html(neu, **angaben, medium="web", ihk_version=__version__).encode()
        ergebnis["daten.json"] = as_json(daten(neu)).encode()
    if "synopse.pdf" in arbeit.namen and satz is not None and alt is not None:
        for form in ("pdf", "html"):
            ergebnis[f"synopse.{form}"] = _synopse(satz, alt, neu, form, arbeit.vorlagen, arbeit.mit_quellen)
        ergebnis["aenderungen.json"] = as_json(aenderungen(satz)).encode()
    return ergebnis


def _synopse(
    satz: Aenderungssatz, alt: Geladen, neu: Geladen, form: str, vorlagen: Path | None, mit_quellen: bool
) -> bytes:
    from ihk.report import render

    if form == "pdf":
        werk = render.synopse_druck(satz, alt, neu, vorlagen=vorlagen, ihk_version=__version__)
        return pdf(werk, mit_quellen=mit_quellen)
    return render.synopse_html(satz, alt, neu, medium="web", vorlagen=vorlagen, ihk_version=__version__).encode()


def pdf(werk: Druckwerk, *, mit_quellen: bool = False) -> bytes:
    """The PDF of a document for paper: PDF/UA-1 and PDF/A-2a, with the sources embedded PDF/A-3a."""
    from ihk.pdf.document import Source, pdf_bytes
    from ihk.pdf.metadata import Metadata
    from ihk.report.render import fontconfig

    kopf = werk.kopf
    return pdf_bytes(
        [Source((t.html, *t.enger), t.kopf, t.umschlag, t.eine_seite) for t in werk.teile],
        werk.muster,
        werk.css,
        Metadata(
            title=kopf.titel,
            author=kopf.autor,
            description=kopf.beschreibung,
            keywords=kopf.stichworte,
            date=kopf.datum,
            generator=f"ihk {__version__}",
            provenance=dict(werk.herkunft),
            level="3" if mit_quellen else "2",
        ),
        werk.assets,
        fontconfig=fontconfig(),
        attachments=werk.quellen if mit_quellen else (),
        draft=werk.entwurf,
    )


def synopse(
    satz: Aenderungssatz,
    alt: Geladen,
    neu: Geladen,
    form: str,
    projekt: Projekt | None,
    mindestens: Gewicht,
    *,
    mit_quellen: bool = False,
) -> bytes:
    """The comparison as PDF or HTML; entries below the weight are left out, the summary counts everything."""
    gezeigt = tuple(e for e in satz.eintraege if RANG[e.gewicht] >= RANG[mindestens])
    satz = replace(satz, eintraege=gezeigt)
    return _synopse(satz, alt, neu, form, _eigene_vorlagen(projekt), mit_quellen)


def _eigene_vorlagen(projekt: Projekt | None) -> Path | None:
    """The project's own templates; None where they are the shipped ones."""
    if projekt is None:
        return None
    ordner = projekt.wurzel / "templates"
    return ordner if ordner.is_dir() and ordner.resolve() != templates().resolve() else None


BESCHRIFTUNG = {
    "bericht.pdf": "Bericht (PDF)",
    "bericht.html": "Bericht (Webseite)",
    "synopse.pdf": "Synopse (PDF)",
    "synopse.html": "Synopse (Webseite)",
    "daten.json": "Daten (JSON)",
    "aenderungen.json": "Änderungen (JSON)",
}


def _uebersicht(auftrag: Auftrag, projekt: Projekt, ergebnis: Ergebnis) -> None:
    """``index.html`` over every Fassung of the project that is in the output folder."""
    from ihk.report import render
    from ihk.report.view.index import Datei, Eintragung

    eintraege = []
    for version in alle(projekt):
        try:
            k = version.geladen.fassung
        except LoadError:
            continue
        adresse = Path(k.konzept.id, k.fassung.id)
        dateien = tuple(
            Datei(text, (adresse / name).as_posix(), _umfang(auftrag.ordner / adresse / name))
            for name, text in BESCHRIFTUNG.items()
            if (auftrag.ordner / adresse / name).is_file()
        )
        hinweis = "hat Fehler; gezeigt wird der letzte gelungene Stand" if version.name in ergebnis.gescheitert else ""
        if dateien or hinweis:
            eintraege.append(
                Eintragung(
                    konzept=k.konzept.id,
                    titel=k.konzept.titel,
                    kommune=k.konzept.kommune.name if k.konzept.kommune else "",
                    fassung=k.fassung.id,
                    fassung_titel=k.fassung.titel or labels.FASSUNGSART.get(k.fassung.art or "", ""),
                    status=labels.FASSUNGSSTATUS.get(k.fassung.status or "", "Status unbekannt"),
                    stand=labels.zeitpunkt(k.fassung.stand) if k.fassung.stand else "",
                    fiktiv=k.konzept.fiktiv,
                    farbe=k.konzept.farbe,
                    dateien=dateien,
                    hinweis=hinweis,
                )
            )
    html = render.index_html(eintraege, vorlagen=_eigene_vorlagen(projekt), ihk_version=__version__).encode()
    ziel = auftrag.ordner / "index.html"
    if not ziel.is_file() or ziel.read_bytes() != html:
        write_atomic(ziel, html)
        ergebnis.geschrieben.append(str(_kurz(ziel)))


def _umfang(datei: Path) -> str:
    kb = datei.stat().st_size / 1000
    return f"{kb / 1000:.1f} MB".replace(".", ",") if kb >= 1000 else f"{max(1, round(kb))} KB"
