"""Fields of a measure that a table can fill: their paths in the format, their captions, what kind of value they hold."""

from __future__ import annotations

import re
import typing
from dataclasses import dataclass
from functools import cache

from pydantic import PlainValidator

from ihk import labels
from ihk.diff.fields import felder as modellfelder
from ihk.model import Massnahme
from ihk.model.massnahme import GEBER
from ihk.model.types import Satz
from ihk.revise.ordnung import folge, inhalt

RANDJAHRE = ("bisher", "spaeter")
NICHT = "nicht_zuwendungsfaehig"
NOTIERT = "nachrichtlich"
EINFACH = ("text", "prosa", "geld", "zahl", "datum", "zeitpunkt", "jahr", "auswahl", "status", "ja_nein", "verweis", "verweise", "menge")  # fmt: skip
# No table can say them: they are lists of records, places on a map, or records about the record itself.
OHNE = ("unbekannt", "belege", "bilder", "schritte")
LISTEN = ("finanzierung", "bewilligungen")
TRANCHE = ("beantragt", "betrag", "ausgezahlt")


@dataclass(frozen=True, slots=True)
class Feld:
    """A field by its path: ``kosten.gesamt``, ``kosten.jahre.2026``, ``kosten.finanzierung.bund/sozialer-zusammenhalt.2026``."""

    pfad: str
    art: str
    """How its value is compared (``geld``, ``text`` …); ``kennung`` names the measure itself."""
    geber: str = ""
    programm: str = ""
    jahr: str = ""
    tranche: str = ""

    @property
    def loc(self) -> tuple[str, ...]:
        """The keys from the measure down to the value; of an entry of a list only down to the list."""
        if self.geber:
            return ("kosten", "finanzierung")
        if self.tranche:
            return ("kosten", "bewilligungen")
        return tuple(self.pfad.split("."))

    @property
    def titel(self) -> str:
        """The caption in our own tables."""
        return TITEL.get(self.pfad) or _titel(self)

    @property
    def woerter(self) -> dict[str, str]:
        """Of a closed list: each word of the format with its German caption."""
        if self.art not in ("auswahl", "status"):
            return {}
        name = self.loc[-1]
        return {wort: labels.auswahl(name, wort) for wort in _auswahl(self.loc)}


TITEL = {
    "id": "Kennung", "nummer": "Nr.", "titel": "Maßnahme", "zeitraum.von": "Beginn", "zeitraum.bis": "Ende", "standort.text": "Standort",
    "kosten.stand": "Kostenstand", "kosten.ausgegeben": "ausgegeben", "kosten.finanzierung.offen": "offen (Geber)",
    "kosten.finanzierung.kommune/nicht_zuwendungsfaehig": "davon Kommune, nicht zuwendungsfähig",
    "kosten.finanzierung.nachrichtlich": "nachrichtlich, in keiner Summe", "kosten.bewilligungen.betrag": "bewilligt",
    "kosten.bewilligungen.beantragt": "beantragt", "kosten.bewilligungen.ausgezahlt": "ausgezahlt",
    "veranlasst_durch": "veranlasst durch",
}  # fmt: skip


def _titel(feld: Feld) -> str:
    if feld.geber:
        programm = f" ({labels.programm(feld.programm)})" if feld.programm else ""
        jahr = f" {labels.jahr(feld.jahr)}" if feld.jahr else ""
        return f"{labels.GEBER.get(feld.geber, feld.geber)}{programm}{jahr}"
    if feld.jahr:
        return labels.jahr(feld.jahr)
    return labels.feld(feld.pfad)


@cache
def feld(pfad: str) -> Feld | None:
    """The field at a path; None if a measure has none there that a table can fill."""
    pfad = re.sub(r"\[([^\]]*)\]", r".\1", pfad.strip()).strip(".")
    pfad = pfad.removeprefix("massnahmen.").removeprefix("massnahme.")
    if pfad == "id":
        return Feld("id", "kennung")
    if treffer := re.fullmatch(r"kosten\.jahre\.(\d{4}|bisher|spaeter)", pfad):
        return Feld(pfad, "geld", jahr=treffer[1])
    if treffer := re.fullmatch(
        r"kosten\.finanzierung\.([a-z_]+)(?:/([A-Za-z0-9_-]+))?(?:\.betrag|(?:\.jahre)?\.(\d{4}|bisher|spaeter))?", pfad
    ):
        geber, programm, jahr = treffer[1], treffer[2] or "", treffer[3] or ""
        if geber not in (*GEBER, NOTIERT) or (geber == NOTIERT and (programm or jahr)):
            return None
        name = f"kosten.finanzierung.{geber}{'/' + programm if programm else ''}{'.' + jahr if jahr else ''}"
        return Feld(name, "geld", geber, programm, jahr)
    if treffer := re.fullmatch(rf"kosten\.bewilligungen\.({'|'.join(TRANCHE)})", pfad):
        return Feld(pfad, "geld", tranche=treffer[1])
    klasse: type[Satz] | None = Massnahme
    teile = pfad.split(".")
    for name in teile[:-1]:
        klasse = _abschnitt(klasse, name) if klasse is not None else None
    if klasse is None or teile[-1] in OHNE or teile[-1] not in klasse.model_fields:
        return None
    # A reason is text like any other, though it is no change of its own.
    if teile[-1] in ("begruendung", "veranlasst_durch"):
        return Feld(pfad, "prosa" if teile[-1] == "begruendung" else "text")
    art, innen, je_schluessel = inhalt(klasse, teile[-1])
    if innen is not None or je_schluessel:
        return None
    if art == "liste":
        return Feld(pfad, "texte")
    if art == "kennung" and teile[-1] == "beendet_in":
        art = "text"
    return Feld(pfad, art) if art in EINFACH else None


def _abschnitt(klasse: type[Satz], name: str) -> type[Satz] | None:
    """The record under a key, if it is a single one (no list of records)."""
    form = next((f.form for f in modellfelder(klasse) if f.name == name), "")
    return inhalt(klasse, name)[1] if form == "satz" and name not in (*OHNE, *LISTEN) else None


@cache
def _auswahl(loc: tuple[str, ...]) -> tuple[str, ...]:
    klasse: type[Satz] = Massnahme
    for name in loc[:-1]:
        innen = inhalt(klasse, name)[1]
        assert innen is not None
        klasse = innen
    return woerter(klasse, loc[-1])


def woerter(klasse: type[Satz], name: str) -> tuple[str, ...]:
    """The words that a field with a closed list allows."""
    info = klasse.model_fields[name]
    for m in info.metadata:
        if isinstance(m, PlainValidator) and hasattr(m.func, "woerter"):
            return tuple(m.func.woerter)
    gefunden = _in_typ(info.annotation)
    assert gefunden, (klasse, name)
    return gefunden


def _in_typ(typ: object) -> tuple[str, ...]:
    for teil in (*getattr(typ, "__metadata__", ()), *typing.get_args(typ)):
        if isinstance(teil, PlainValidator) and hasattr(teil.func, "woerter"):
            return tuple(teil.func.woerter)
        if gefunden := _in_typ(teil):
            return gefunden
    return ()


@cache
def alle() -> tuple[Feld, ...]:
    """Every field that stands for itself (no single years and programmes), in the order of the format."""
    ergebnis: list[Feld] = [Feld("id", "kennung")]

    def sammle(klasse: type[Satz], vor: str) -> None:
        for name in folge(klasse):
            pfad = f"{vor}{name}"
            if pfad == "kosten.finanzierung":
                ergebnis.extend(f for g in GEBER if (f := feld(f"{pfad}.{g}")))
            elif (einfach := feld(pfad)) is not None:
                ergebnis.extend([einfach] if pfad != "id" else [])
            elif (innen := _abschnitt(klasse, name)) is not None:
                sammle(innen, f"{pfad}.")

    sammle(Massnahme, "")
    return tuple(ergebnis)
