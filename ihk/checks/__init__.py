"""Rules across fields. Each is a function of a ``Kontext`` that yields findings; ``CHECKS`` lists them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ihk.checks import (
    ablauf,
    angaben,
    bezuege,
    bilanz,
    foerderung,
    fortschreibung,
    geld,
    gruende,
    inhalt,
    karte,
    kennungen,
    siegel,
    texte,
    traeger,
    zeit,
    ziele,
)
from ihk.checks.kontext import Kontext
from ihk.checks.regelwerk import gewichtet, ohne_ausnahmen
from ihk.model.load import Geladen
from ihk.problems import IhkError, LoadError, Problem, geordnet, problem
from ihk.project import Version
from ihk.reading.files import KONZEPT

CHECKS: tuple[Callable[[Kontext], Iterable[Problem]], ...] = (
    kennungen.eindeutig,
    kennungen.ordner_und_datei,
    bezuege.verweise,
    bezuege.kreise,
    bezuege.unterstellung,
    angaben.erwartete,
    angaben.kosten_beziffert,
    angaben.nicht_beides,
    angaben.ziel,
    angaben.belege,
    angaben.titel,
    angaben.beschluss,
    angaben.farbe,
    angaben.schriften,
    zeit.zeitraeume,
    zeit.fassungen,
    geld.negativ,
    geld.betraege,
    geld.finanzierung,
    geld.jahre,
    geld.anteil,
    geld.dach,
    geld.nur_nachrichtlich,
    foerderung.bemessung,
    foerderung.foerdersatz,
    foerderung.bewilligungen,
    foerderung.obergrenze,
    foerderung.programmnamen,
    foerderung.preisstand,
    foerderung.erwartet,
    traeger.vereinbarung,
    traeger.abstimmung,
    ziele.vorhanden,
    ziele.teilziele,
    ziele.handlungsfelder,
    ziele.klima,
    ablauf.ueberfaellig,
    ablauf.ausserhalb,
    ablauf.abhaengig,
    ablauf.rueckschritt,
    ablauf.letztes_jahr,
    bilanz.bilanz,
    bilanz.kosten,
    bilanz.ende,
    bilanz.indikatoren,
    bilanz.verfahren,
    inhalt.personen,
    inhalt.betraege,
    inhalt.flaeche,
    fortschreibung.vorgaenger,
    fortschreibung.verschwunden,
    fortschreibung.grund,
    fortschreibung.neu_belegt,
    gruende.ohne_grund,
    texte.verweise,
    texte.bilder,
    karte.grenze,
    karte.lage,
    texte.zeichen,
    texte.markdown,
    texte.fussnoten,
)

__all__ = ["CHECKS", "Kontext", "check", "run"]


def run(kontext: Kontext) -> tuple[Problem, ...]:
    """Findings of all rules without those that the file excepts, sorted."""
    return geordnet(ohne_ausnahmen(kontext.geladen, [p for regel in CHECKS for p in regel(kontext)]))


def check(version: Version, regeln: str | None = None) -> tuple[Problem, ...]:
    """Everything noticed about one Fassung: reading, validation, rules, its predecessor beside it, and its seal.

    ``regeln`` names a rule set that raises or lowers severities.
    """
    return gewichtet(_befunde(version), regeln)


def _befunde(version: Version) -> tuple[Problem, ...]:
    try:
        geladen = version.geladen
    except LoadError as fehler:
        return geordnet((*fehler.probleme, *siegel.der_fassung(version)))
    vorher = version.vorgaenger()
    try:
        alt = vorher.geladen if vorher else None
    except (LoadError, IhkError):
        alt = None  # the predecessor has findings of its own, shown when it is checked
    kontext = Kontext(
        geladen, alt, version.konzept if version.im_projekt else None, version.fassung if version.im_projekt else None
    )
    return geordnet((*geladen.probleme, *_zwei_formen(version, geladen), *run(kontext), *siegel.der_fassung(version)))


def _zwei_formen(version: Version, geladen: Geladen) -> tuple[Problem, ...]:
    """DATEI-DOPPELT: ``2024.yaml`` and ``2024/`` beside each other are two truths."""
    ordner = version.pfad.parent / version.fassung
    if (
        not version.im_projekt
        or not (version.pfad.parent / f"{version.fassung}.yaml").exists()
        or not (ordner / KONZEPT).exists()
    ):
        return ()
    meldung = f"Die Fassung „{version.fassung}“ gibt es als Datei und als Ordner."
    return (problem(geladen.orte("fassung", "id"), "DATEI-DOPPELT", meldung, "Eine der beiden Formen löschen."),)
