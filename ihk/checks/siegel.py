"""Seals: an adopted and sealed Fassung is unchanged and still there; who wants a change opens a new Fassung."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from ihk.labels import FASSUNGSSTATUS
from ihk.problems import LoadError, Ort, Problem, problem
from ihk.project import CONCEPTS, Projekt, Version, anzeige
from ihk.seals import REGISTER, Abweichung, abweichungen, aus_git, verwaist, vorhanden


def unversehrt(version: Version) -> Iterator[Problem]:
    """SIEGEL-GEBROCHEN: the files of a sealed Fassung are those that were adopted.

    Looks at bytes, not at the model: a sealed file that no longer reads is a broken seal too.
    """
    try:
        siegel = vorhanden(version)
        anders = abweichungen(version) if siegel else ()
    except LoadError as fehler:
        yield from fehler.probleme
        return
    for abweichung in anders:
        assert siegel is not None
        ort = Ort(anzeige(version.pfad.parent / abweichung.datei))
        meldung = _meldung(version, abweichung, FASSUNGSSTATUS[siegel.status])
        yield problem(ort, "SIEGEL-GEBROCHEN", meldung, _hinweis(version, abweichung))


def _meldung(version: Version, abweichung: Abweichung, status: str) -> str:
    datei, fassung = f"„{abweichung.datei}“", version.fassung
    match abweichung.art:
        case "geaendert":
            return f"{datei} ist geändert; die Fassung {fassung} ist als {status} versiegelt."
        case "neu":
            return f"{datei} ist hinzugekommen; die Fassung {fassung} ist als {status} versiegelt."
        case "fehlt":
            return f"{datei} fehlt oder ist nicht lesbar; die Fassung {fassung} ist als {status} versiegelt."
        case "zeilenenden":
            return f"{datei} hat andere Zeilenenden als die Fassung {fassung}, die als {status} versiegelt ist; sonst ist nichts anders."
        case "pruefsumme":
            return f"Im Siegelregister passt die Prüfsumme der Fassung {fassung} nicht zu denen ihrer Dateien."


def _hinweis(version: Version, abweichung: Abweichung) -> str:
    datei = version.pfad.parent / abweichung.datei
    if abweichung.art == "pruefsumme":
        return f"Das Register schreibt nur „ihk seal“. Den letzten guten Stand zurückholen: {aus_git(datei)}"
    if abweichung.art == "zeilenenden":
        return (
            "Hat Git sie umgestellt, in .gitattributes die Zeile „concepts/** -text“ ergänzen; "
            f"dann die Datei löschen und zurückholen: {aus_git(datei)}"
        )
    zurueck = f"„{anzeige(datei)}“ löschen" if abweichung.art == "neu" else aus_git(datei)
    return (
        f"Änderungen gehören in eine neue Fassung: {_neue_fassung(version)} "
        f"Hier den beschlossenen Stand wiederherstellen: {zurueck}. "
        f"Nur wenn das Gremium der Berichtigung zugestimmt hat: ihk seal --neu {shlex.quote(version.name)}"
    )


def _neue_fassung(version: Version) -> str:
    """How to open a Fassung by hand: copy it and change its head."""
    endung, wo = ("/", " der konzept.yaml") if version.pfad.is_dir() else (".yaml", "")
    ziel = f"{anzeige(version.pfad.parent)}/<neue-fassung>{endung}"
    kopf = f'id: "<neue-fassung>", art: fortschreibung, vorgaenger: "{version.fassung}", status: entwurf'
    return f"„{anzeige(version.pfad)}“ nach „{ziel}“ kopieren und dort im Abschnitt „fassung“{wo} setzen: {kopf}."


def vollzaehlig(ordner: Path) -> Iterator[Problem]:
    """SIEGEL-VERWAIST: every sealed Fassung of the concept in ``ordner`` is still there."""
    try:
        fehlend = verwaist(ordner)
    except LoadError as fehler:
        yield from fehler.probleme
        return
    for fassung, siegel in fehlend.items():
        name = f"{fassung}.yaml" if f"{fassung}.yaml" in siegel.dateien else fassung
        meldung = f"Die Fassung {fassung} ist als {FASSUNGSSTATUS[siegel.status]} versiegelt, aber „{name}“ ist nicht mehr da."
        hinweis = f"Beschlossene Fassungen bleiben im Bestand. Zurückholen: {aus_git(ordner / name)}"
        yield problem(Ort(anzeige(ordner / REGISTER)), "SIEGEL-VERWAIST", meldung, hinweis)


def der_fassung(version: Version) -> Iterator[Problem]:
    """Everything about seals that checking one Fassung shows: its own seal, and lost Fassungen of its concept."""
    if version.im_projekt:
        yield from unversehrt(version)
        yield from vollzaehlig(version.pfad.parent)


def des_projekts(projekt: Projekt) -> Iterator[Problem]:
    """Registers of all folders below ``concepts/``: also where no Fassung is left that could be checked."""
    for ordner in sorted(p for p in (projekt.wurzel / CONCEPTS).iterdir() if p.is_dir()):
        yield from vollzaehlig(ordner)
