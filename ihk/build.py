"""From Fassungen to files: check, render, set, write. Every file is made completely before any is replaced."""

from __future__ import annotations

import gc
import hashlib
import os
import re
import sysconfig
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ihk import __version__, labels, repeat, review, stale
from ihk.cache import Cache, default_folder, native_files
from ihk.checks import check
from ihk.checks.regelwerk import gewichtet, ohne_ausnahmen
from ihk.diff import Aenderungssatz, compare
from ihk.diff.changeset import RANG
from ihk.memory import give_back
from ihk.model.bestandteile import BESCHLOSSEN
from ihk.model.load import Geladen
from ihk.model.types import Gewicht
from ihk.pdf.crew import Crew, Pool
from ihk.problems import GrenzeError, IhkError, LoadError, Problem, UmgebungError, problem
from ihk.progress import Anzeige, zeile
from ihk.project import CONCEPTS, Projekt, Version, alle
from ihk.provenance import Dokument
from ihk.report.berichte import Berichtsart, berichtsarten
from ihk.resources import fontconfig, templates
from ihk.terminal.befunde import befund, bilanz
from ihk.write import build_lock, write_atomic

if TYPE_CHECKING:
    from ihk.history import Verlauf
    from ihk.pdf.document import Filled, Order, Press, Setting, Source
    from ihk.report.druck import Druckwerk
    from ihk.report.view.index import Unterlage

BERICHT = ("bericht.pdf", "bericht.html", "daten.json")
SYNOPSE = ("synopse.pdf", "synopse.html", "aenderungen.json")
"""The comparison is no report of one Fassung; it is built where the predecessor lies beside it."""
AUSZUG = "auszug"
GROSSER_TEXT = 10_000_000
"""Letters of HTML after which this process gives memory back at once: a concept of 250 measures."""
AKTUELL = "schon aktuell"


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
    nur: tuple[tuple[str, str], ...] = ()
    """Field and id: only the measures of this Handlungsfeld, Teilziel, …"""
    regeln: str | None = None
    """Name of a rule set."""


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
    grenze: bool = False
    """Whether a limit of time or memory was hit."""
    code: int = 0
    naechstes_mal: str = ""
    """What the same build says if nothing changes until then; empty if it would have to be done again."""

    @property
    def satz(self) -> str:
        """The closing line."""
        teile = [f"{len(self.geschrieben)} Datei{'en' if len(self.geschrieben) != 1 else ''} geschrieben"]
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
    nur: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Gesetzt:
    """The files of one Fassung by name, and what was noticed while setting them."""

    dateien: dict[str, bytes]
    befunde: tuple[Problem, ...] = ()


class Setzerei(Protocol):
    """Who sets the Fassungen of a build."""

    @property
    def voraus(self) -> int:
        """Fassungen that are begun while an earlier one is put together."""
        ...

    def beginne(self, arbeit: Arbeit, version: Version, von: int) -> Callable[[], Gesetzt]:
        """Begin one of ``von`` Fassungen; what is returned finishes it."""
        ...


@dataclass(frozen=True, slots=True)
class Hier:
    """A press on this machine, which makes the parts of some Fassungen ahead."""

    presse: Press
    voraus: int = 2

    def beginne(self, arbeit: Arbeit, version: Version, von: int) -> Callable[[], Gesetzt]:
        return beginne(arbeit, self.presse, version)


def run(auftrag: Auftrag, anzeige: Anzeige, setzerei: Setzerei | None = None) -> Ergebnis:
    """Build everything that is stale; a Fassung with errors is reported and left out, the others go on.

    Who sets it may be given and is left as it is for the next build; otherwise workers of this machine come and go with it.
    """
    ergebnis = Ergebnis(fassungen=len(auftrag.versionen))
    vorlagen = _eigene_vorlagen(auftrag.projekt)
    namen_je_bericht = _namen(auftrag, vorlagen)
    with build_lock(auftrag.ordner), nullcontext(setzerei) if setzerei is not None else _hier(auftrag.jobs) as wer:
        arbeiten: list[tuple[Version, Path, str, Arbeit]] = []
        ohne_auswahl = 0
        for version in auftrag.versionen:
            probleme = check(version, auftrag.regeln)
            ergebnis.probleme += probleme
            for p in probleme:
                if p.schwere == "fehler" or auftrag.streng:
                    anzeige.zeile(befund(p))
            if any(p.schwere == "fehler" or (auftrag.streng and p.schwere == "warnung") for p in probleme):
                ergebnis.gescheitert.append(version.name)
                anzeige.fertig(version.name, "nicht gesetzt, die Fassung hat Fehler")
                continue
            if auftrag.nur and not _hat_auswahl(version, auftrag.nur):
                ohne_auswahl += 1
                anzeige.fertig(version.name, "keine passende Maßnahme")
                continue
            geplant = _plan(version, auftrag, namen_je_bericht, vorlagen)
            if geplant is None:
                ergebnis.unveraendert += 1
                anzeige.fertig(version.name, AKTUELL)
            elif not auftrag.alles and (geschuetzt := _beschlossen_gesetzt(geplant[0], geplant[2].namen)):
                ergebnis.geschuetzt.append(version.name)
                anzeige.zeile(f"{version.name}: {geschuetzt}")
                anzeige.fertig(version.name, "bleibt, wie beschlossen")
            else:
                arbeiten.append((version, *geplant))
        if ohne_auswahl and ohne_auswahl == len(auftrag.versionen):
            bedingung = ", ".join(f"{f}={w}" for f, w in auftrag.nur)
            raise IhkError(f"Zu „{bedingung}“ gibt es in keiner Fassung eine Maßnahme.")
        geprueft = tuple(ergebnis.probleme)
        _setzen(arbeiten, auftrag, anzeige, ergebnis, wer)
        if arbeiten:
            Cache(default_folder()).trim()
        if auftrag.projekt is not None:
            _uebersicht(auftrag, auftrag.projekt, ergebnis)
    n = ergebnis.fassungen
    if ergebnis.unveraendert + len(arbeiten) == n and not ergebnis.gescheitert and not auftrag.alles:
        zeilen = [zeile(i, n, v.name, AKTUELL) for i, v in enumerate(auftrag.versionen, 1)]
        satz = Ergebnis(probleme=list(geprueft), fassungen=n, unveraendert=n).satz
        ergebnis.naechstes_mal = "\n".join([*zeilen, satz])
    ergebnis.code = 2 if ergebnis.grenze else int(bool(ergebnis.gescheitert))
    return ergebnis


def grundlagen(auftrag: Auftrag) -> dict[str, list[str]]:
    """What decides about a build besides its options, and what it has written, for ``repeat.remember``.

    In a project that are all concepts, which the overview names too; elsewhere a Fassung with what lies beside it.
    """
    gelesen, verzeichnisse = {repeat.PROGRAM, str(templates()), *native_files()}, set[str]()
    geschrieben = [auftrag.ordner / "index.html"]
    if auftrag.projekt is not None:
        wurzel = auftrag.projekt.wurzel
        gelesen |= {str(wurzel / CONCEPTS), str(auftrag.projekt.vorlagen)}
        geschrieben += [auftrag.ordner / konzept for konzept in auftrag.projekt.konzepte()]
    for version in auftrag.versionen:
        k, ordner = version.geladen.fassung, version.pfad.parent
        geschrieben.append(auftrag.ordner / k.konzept.id / k.fassung.id)
        if not version.im_projekt:
            vorher = version.vorgaenger()
            gelesen |= {str(v.pfad) for v in (version, vorher) if v} | {str(p) for p in ordner.glob("*.yaml")}
            gelesen |= {str(version.quelle.ordner / name) for name in k.beilagen if version.quelle.ordner}
            gelesen |= {str(ordner / review.DATEI)}
            verzeichnisse.add(str(ordner))
    verzeichnisse |= {sysconfig.get_path(art) for art in ("purelib", "platlib")}  # a library came, went or changed
    return {"read": sorted(gelesen), "listed": sorted(verzeichnisse), "written": list(map(str, geschrieben))}


def _hat_auswahl(version: Version, nur: tuple[tuple[str, str], ...]) -> bool:
    from ihk.report.auswahl import ausgewaehlt

    return bool(ausgewaehlt(version.geladen.fassung, nur).massnahmen)


def _namen(auftrag: Auftrag, vorlagen: Path | None) -> tuple[str, ...]:
    """File names of the reports asked for; an excerpt carries its selection in its name."""
    arten = {n: a for n, a in berichtsarten(vorlagen).items() if not a.nur_auswahl}
    fremd = [b for b in auftrag.berichte if b not in (*arten, "synopse", "all")]
    if fremd:
        raise IhkError(f"Den Bericht „{fremd[0]}“ gibt es nicht. Möglich: {', '.join((*arten, 'synopse', 'all'))}.")
    if auftrag.nur:
        gefragt = [b for b in auftrag.berichte if b not in ("synopse", "all")] or ["bericht"]
        stamm = "-".join(f"{feld}-{_als_name(wert)}" for feld, wert in auftrag.nur)
        return tuple(f"{b}-{stamm}.{e}" for b in gefragt for e in ("pdf", "html"))
    if "all" in auftrag.berichte:
        gefragt = [*arten, "synopse"]
    else:
        gefragt = list(dict.fromkeys(auftrag.berichte)) or ["bericht", "synopse"]
    fest = {"bericht": BERICHT, "synopse": SYNOPSE}
    return tuple(n for b in gefragt for n in fest.get(b, (f"{b}.pdf", f"{b}.html")))


def _als_name(text: str) -> str:
    """A value as part of a file name."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", text).strip("._") or "auswahl"


def _plan(
    version: Version, auftrag: Auftrag, namen: tuple[str, ...], vorlagen: Path | None
) -> tuple[Path, str, Arbeit] | None:
    """Folder, key and work of a Fassung; None if its files are up to date."""
    geladen = version.geladen
    vorher = version.vorgaenger()
    ordner = auftrag.ordner / geladen.fassung.konzept.id / geladen.fassung.fassung.id
    vermerke = version.pfad.parent / review.DATEI
    if not vermerke.is_file():
        ohne = {n for n, a in berichtsarten(vorlagen).items() if a.nur_mit_vermerken}
        namen = tuple(n for n in namen if n.split(".")[0] not in ohne)
    if vorher is None:
        vergleichend = {n for n, a in berichtsarten(vorlagen).items() if a.nur_mit_vorgaenger}
        namen = tuple(n for n in namen if n not in SYNOPSE and n.split(".")[0] not in vergleichend)
    summe = hashlib.sha256()
    for name in geladen.fassung.beilagen:
        if geladen.quelle.ordner is not None and (datei := geladen.quelle.ordner / name).is_file():
            summe.update(datei.read_bytes())
    if vermerke.is_file() and any(n.startswith("pruefstand.") for n in namen):
        summe.update(vermerke.read_bytes())
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
            str(auftrag.nur),
        )
    )
    if not auftrag.alles and stale.aktuell(ordner, schluessel, namen):
        return None
    return (
        ordner,
        schluessel,
        Arbeit(
            version.name,
            version.pfad,
            vorher.pfad if vorher else None,
            namen,
            vorlagen,
            auftrag.mit_quellen,
            auftrag.nur,
        ),
    )


def _beschlossen_gesetzt(ordner: Path, namen: tuple[str, ...]) -> str:
    """Why the documents in the folder must stay: an adopted one was set by another version of the program. Empty if not.

    What the council has adopted is what it has seen; a newer program may break lines and pages differently.
    """
    for name in set(namen) - stale.written_by(ordner, __version__):
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
    arbeiten: list[tuple[Version, Path, str, Arbeit]],
    auftrag: Auftrag,
    anzeige: Anzeige,
    ergebnis: Ergebnis,
    setzerei: Setzerei,
) -> None:
    """Make and write the files, in their order, whoever is done first."""
    begonnen: deque[tuple[Version, Path, str, Callable[[], Gesetzt]]] = deque()
    for version, ordner, schluessel, arbeit in arbeiten:
        anzeige.beginnt(version.name)
        begonnen.append((version, ordner, schluessel, setzerei.beginne(arbeit, version, len(arbeiten))))
        if len(begonnen) > setzerei.voraus:
            _schreiben(*begonnen.popleft(), anzeige, ergebnis, auftrag.regeln)
            gc.collect()  # a document is a net of objects; a hundred of them would stay until somebody looks
    while begonnen:
        _schreiben(*begonnen.popleft(), anzeige, ergebnis, auftrag.regeln)


def mannschaft(jobs: int, *, bereit: bool = False) -> Pool:
    """Who lays out the parts: processes of their own, within limits, that stay ``bereit`` for more."""
    return Pool(jobs, ready=bereit)


@contextmanager
def presse(jobs: int | None = None, *, immer_wieder: bool = False) -> Iterator[Press]:
    """What sets PDFs, with workers that end with it; as many as there are processors unless ``jobs`` says otherwise.

    ``immer_wieder``: the same documents again and again, so their parts stay in memory.
    """
    with mannschaft(jobs or os.cpu_count() or 1, bereit=immer_wieder) as crew:
        yield drucker(crew, GEDAECHTNIS if immer_wieder else 0)


@contextmanager
def _hier(jobs: int) -> Iterator[Hier]:
    with presse(jobs) as p:
        yield Hier(p)


GEDAECHTNIS = 24_000_000
"""Bytes of laid out parts that are kept in memory, as they are in the cache; a report of 100 pages has about 3 MB."""


def drucker(crew: Crew, gedaechtnis: int = 0) -> Press:
    """What sets PDFs with this crew, and with what it or another one has laid out before."""
    from ihk.pdf.document import Press

    return Press(crew, Cache(default_folder()), stale.programm(templates()), memory=gedaechtnis)


def _schreiben(
    version: Version,
    ordner: Path,
    schluessel: str,
    machen: Callable[[], Gesetzt],
    anzeige: Anzeige,
    ergebnis: Ergebnis,
    regeln: str | None,
) -> None:
    try:
        gesetzt = machen()
    except UmgebungError:
        raise
    except IhkError as fehler:
        anzeige.zeile(f"{version.name}: {fehler}")
        ergebnis.gescheitert.append(version.name)
        ergebnis.grenze |= isinstance(fehler, GrenzeError)
        anzeige.fertig(version.name, "nicht gesetzt")
        return
    befunde = gewichtet(ohne_ausnahmen(version.geladen, gesetzt.befunde), regeln)
    ergebnis.probleme += befunde
    for p in befunde:
        anzeige.zeile(befund(p))
    if any(p.schwere == "fehler" for p in befunde):
        ergebnis.gescheitert.append(version.name)
        anzeige.fertig(version.name, "nicht geschrieben, ein Bericht hat Fehler")
        return
    for name, daten in gesetzt.dateien.items():
        write_atomic(ordner / name, daten)
        ergebnis.geschrieben.append(str(_kurz(ordner / name)))
    write_atomic(ordner / stale.STAND, stale.stand(ordner, schluessel, gesetzt.dateien))
    anzeige.fertig(version.name, f"{len(gesetzt.dateien)} Dateien")


def _kurz(pfad: Path) -> Path:
    try:
        return pfad.relative_to(Path.cwd())
    except ValueError:
        return pfad


def dateien(arbeit: Arbeit, p: Press) -> Gesetzt:
    """All files of one Fassung by name."""
    return beginne(arbeit, p)()


def beginne(arbeit: Arbeit, p: Press, version: Version | None = None) -> Callable[[], Gesetzt]:
    """Begin the PDFs of a Fassung and make everything else; what is returned finishes them.

    A mistake that shows while beginning is raised by the finishing too, so that it ends this Fassung and not the others.
    """
    try:
        return _begonnen(arbeit, p, version)
    except UmgebungError:
        raise
    except IhkError as fehler:
        return _gescheitert(fehler)


def _gescheitert(fehler: IhkError) -> Callable[[], Gesetzt]:
    def wirf() -> Gesetzt:
        raise fehler

    return wirf


def _begonnen(arbeit: Arbeit, p: Press, version: Version | None) -> Callable[[], Gesetzt]:
    from ihk.export.aenderungen import aenderungen
    from ihk.export.daten import as_json, daten
    from ihk.project import version_at

    neu = (version or version_at(arbeit.pfad)).geladen
    alt: Geladen | None = None
    satz: Aenderungssatz | None = None
    if arbeit.vorgaenger is not None:
        try:
            alt = version_at(arbeit.vorgaenger).geladen
        except LoadError:
            raise IhkError("Die Vorfassung lässt sich nicht lesen; „ihk check“ zeigt ihre Befunde.") from None
        satz = compare(alt, neu)
    gross = False
    drucke: dict[str, tuple[Order, Setting, Berichtsart | None]] = {}
    for name in arbeit.namen:
        stamm, _, endung = name.rpartition(".")
        if endung == "pdf":
            werk, art = _druckwerk(arbeit, stamm, neu, alt, satz)
            order = bestellung(werk, mit_quellen=arbeit.mit_quellen)
            drucke[name] = (order, p.begin(order), art)
            del werk  # its HTML is in the order, packed
            gross |= sum(sum(teil.lengths) for teil in order.sources) > GROSSER_TEXT
            if gross:
                give_back()
    fertig: dict[str, bytes] = {}
    for name in arbeit.namen:
        stamm, _, endung = name.rpartition(".")
        if name == "aenderungen.json" and satz is not None:
            fertig[name] = as_json(aenderungen(satz)).encode()
        elif name == "daten.json":
            fertig[name] = as_json(daten(neu)).encode()
        elif endung == "html":
            fertig[name] = _webseite(arbeit, stamm, neu, alt, satz)
    if gross:
        give_back()  # the workers need the room

    def fertigstellen() -> Gesetzt:
        befunde: list[Problem] = []
        for name in list(drucke):
            order, satzwerk, art = drucke.pop(name)  # a document that is written needs no room
            fertig[name], seiten = satzwerk.finish()
            befunde += _grenzen(neu, art, order.sources, seiten) if art is not None else []
        return Gesetzt({name: fertig[name] for name in arbeit.namen}, tuple(befunde))

    return fertigstellen


def _angaben(
    arbeit: Arbeit, stamm: str, neu: Geladen, alt: Geladen | None, satz: Aenderungssatz | None
) -> tuple[Berichtsart, dict[str, Any]]:
    """The kind of a report, and what it is rendered from."""
    from ihk.report.auswahl import ausgewaehlt

    arten = berichtsarten(arbeit.vorlagen)
    auswahl = None
    art = arten.get(stamm)
    if arbeit.nur:
        name = (
            stamm.split("-", maxsplit=1)[0]
            if stamm.split("-", maxsplit=1)[0] in arten
            else next(a for a in arten if stamm.startswith(f"{a}-"))
        )
        art = replace(arten[AUSZUG], name=stamm) if name == "bericht" else replace(arten[name], name=stamm)
        auswahl = ausgewaehlt(neu.fassung, arbeit.nur)
    assert art is not None, stamm
    return art, {
        "vorgaenger": alt, "aenderungen": satz, "vorlagen": arbeit.vorlagen, "ihk_version": __version__, "art": art, "auswahl": auswahl,
    }  # fmt: skip


def _druckwerk(
    arbeit: Arbeit, stamm: str, neu: Geladen, alt: Geladen | None, satz: Aenderungssatz | None
) -> tuple[Druckwerk, Berichtsart | None]:
    """A document for paper, and the kind of report that says how long it may be."""
    from ihk.report import render

    if stamm == "synopse":
        assert satz is not None
        assert alt is not None
        return render.synopse_druck(satz, alt, neu, vorlagen=arbeit.vorlagen, ihk_version=__version__), None
    art, angaben = _angaben(arbeit, stamm, neu, alt, satz)
    return render.report_druck(neu, **angaben), art


def _webseite(arbeit: Arbeit, stamm: str, neu: Geladen, alt: Geladen | None, satz: Aenderungssatz | None) -> bytes:
    from ihk.report import render

    if stamm == "synopse":
        assert satz is not None
        assert alt is not None
        return render.synopse_html(
            satz, alt, neu, medium="web", vorlagen=arbeit.vorlagen, ihk_version=__version__
        ).encode()
    _, angaben = _angaben(arbeit, stamm, neu, alt, satz)
    return render.report_html(neu, **angaben, medium="web").encode()


def _grenzen(neu: Geladen, art: Berichtsart, teile: Sequence[Source], seiten: Filled) -> list[Problem]:
    """SEITEN-ZUVIEL (W60): the report keeps to its number of pages, each Steckbrief to its own."""
    befunde = []
    ort = neu.orte("fassung")
    k = neu.fassung
    stellen = {k.nummern[m.id]: neu.orte("massnahmen", i) for i, m in enumerate(k.massnahmen) if m.id in k.nummern}
    gesamt = sum(n for n, _ in seiten)
    if art.seiten_hoechstens and gesamt > art.seiten_hoechstens:
        befunde.append(problem(
            ort, "SEITEN-ZUVIEL", f"Der Bericht „{art.titel}“ hat {gesamt} Seiten; höchstens {art.seiten_hoechstens} sollen es sein.",
            f"{gesamt - art.seiten_hoechstens} zu viel: Texte der Kapitel kürzen.", "warnung",
        ))  # fmt: skip
    if art.seiten_je_massnahme:
        for teil, (n, letzte) in zip(teile, seiten, strict=True):
            if teil.one_page and n > art.seiten_je_massnahme:
                stelle = stellen.get(teil.head.rpartition(" ")[2], ort)
                befunde.append(problem(
                    stelle, "SEITEN-ZUVIEL", f"Der Steckbrief „{teil.head.rpartition(' · ')[2] or art.titel}“ braucht {n} Seiten, die letzte ist zu {round(100 * letzte)} % gefüllt.",
                    "Texte der Maßnahme kürzen, damit der Steckbrief auf eine Seite passt.", "warnung",
                ))  # fmt: skip
    return befunde


def pdf(werk: Druckwerk, *, mit_quellen: bool = False) -> bytes:
    """The PDF of a document for paper: PDF/UA-1 and PDF/A-2a, with the sources embedded PDF/A-3a."""
    return pdf_mit_seiten(werk, mit_quellen=mit_quellen)[0]


def pdf_mit_seiten(werk: Druckwerk, *, mit_quellen: bool = False) -> tuple[bytes, Filled]:
    """The same, with the number of pages of each part and how far its last one is filled."""
    with presse() as p:
        return p.set(bestellung(werk, mit_quellen=mit_quellen))


def bestellung(werk: Druckwerk, *, mit_quellen: bool = False) -> Order:
    """A document for paper as the press takes it."""
    from ihk.pdf.document import Order, Source
    from ihk.pdf.metadata import Metadata

    kopf = werk.kopf
    return Order(
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
        fontconfig(),
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
    vorlagen = _eigene_vorlagen(projekt)
    if form == "pdf":
        from ihk.report import render

        return pdf(
            render.synopse_druck(satz, alt, neu, vorlagen=vorlagen, ihk_version=__version__), mit_quellen=mit_quellen
        )
    return _webseite(Arbeit("", Path(), None, (), vorlagen), "synopse", neu, alt, satz)


def verlauf(
    v: Verlauf, fassungen: tuple[Geladen, ...], form: str, projekt: Projekt | None, kennung: str | None
) -> bytes:
    """The history of a concept, or of one object, as PDF or HTML; ``fassungen`` that it is made of, the newest first."""
    from ihk.report import render

    angaben: dict[str, Any] = {
        "kennung": kennung,
        "vorlagen": _eigene_vorlagen(projekt),
        "ihk_version": __version__,
    }
    if form == "pdf":
        return pdf(render.verlauf_druck(v, fassungen, **angaben))
    return render.verlauf_html(v, fassungen, **angaben).encode()


def _eigene_vorlagen(projekt: Projekt | None) -> Path | None:
    """The project's own templates; None where they are the shipped ones."""
    if projekt is None:
        return None
    ordner = projekt.vorlagen
    return ordner if ordner.is_dir() and ordner.resolve() != templates().resolve() else None


def vergiss_vorlagen(projekt: Projekt | None, gespeichert: Iterable[Path]) -> None:
    """After a save among the project's templates: a file that is new there stands in front of a shipped one."""
    from ihk.report.environment import environment

    if projekt is not None and any(pfad.is_relative_to(projekt.vorlagen) for pfad in gespeichert):
        environment.cache_clear()


FORM = {"pdf": "PDF", "html": "Webseite", "json": "JSON"}


def _unterlagen(ordner: Path, unter: Path, vorlagen: Path | None) -> tuple[Unterlage, ...]:
    """What a build has made of the Fassung in ``ordner/unter``, in the order of the start page."""
    from ihk.report.view.index import Datei, Unterlage

    titel = {n: a.titel for n, a in berichtsarten(vorlagen).items() if not a.nur_auswahl}
    titel |= {"synopse": "Synopse", "daten": "Daten", "aenderungen": "Änderungen"}
    gefunden = []
    for stamm, name in titel.items():
        pfade = {form: unter / f"{stamm}.{endung}" for endung, form in FORM.items()}
        dateien = tuple(
            Datei(form, pfad.as_posix(), _umfang(ordner / pfad))
            for form, pfad in pfade.items()
            if (ordner / pfad).is_file()
        )
        if dateien:
            gefunden.append(Unterlage(name, dateien))
    return tuple(gefunden)


def _uebersicht(auftrag: Auftrag, projekt: Projekt, ergebnis: Ergebnis) -> None:
    """``index.html`` over every Fassung of the project that is in the output folder."""
    from ihk.report import render
    from ihk.report.view.index import Eintragung

    eintraege = []
    vorlagen = _eigene_vorlagen(projekt)
    for version in alle(projekt, auftrag.versionen):
        try:
            k = version.geladen.fassung
        except LoadError:
            continue
        unterlagen = _unterlagen(auftrag.ordner, Path(k.konzept.id, k.fassung.id), vorlagen)
        hinweis = "hat Fehler; gezeigt wird der letzte gelungene Stand" if version.name in ergebnis.gescheitert else ""
        if unterlagen or hinweis:
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
                    unterlagen=unterlagen,
                    ereignisse=tuple(
                        (str(e.datum), labels.zeitpunkt(e.datum), " ".join(e.text.split()))
                        for e in k.konzept.ereignisse
                    ),
                    hinweis=hinweis,
                )
            )
    html = render.index_html(eintraege, vorlagen=vorlagen, ihk_version=__version__).encode()
    ziel = auftrag.ordner / "index.html"
    if not ziel.is_file() or ziel.read_bytes() != html:
        write_atomic(ziel, html)
        ergebnis.geschrieben.append(str(_kurz(ziel)))


def _umfang(datei: Path) -> str:
    kb = datei.stat().st_size / 1000
    return f"{kb / 1000:.1f} MB".replace(".", ",") if kb >= 1000 else f"{max(1, round(kb))} KB"
