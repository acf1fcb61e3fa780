"""Applies a change set: turns the compared content of one Fassung into that of the other, forwards and backwards."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ihk.diff.attachments import VerglichenesBild
from ihk.diff.changeset import Aenderungssatz, Feldaenderung
from ihk.diff.fields import flach_aus_daten
from ihk.diff.things import Ding
from ihk.model import Konzeptfassung
from ihk.model.bestandteile import (
    Analyse,
    Fassung,
    Gebiet,
    Handlungsfeld,
    Indikator,
    Kapitel,
    Konzept,
    Quelle,
    Querschnittsaufgabe,
    Teilziel,
    Ziel,
)
from ihk.model.massnahme import Massnahme
from ihk.model.types import Satz

KLASSEN: dict[str, type[Satz]] = {
    "massnahme": Massnahme, "ziel": Ziel, "teilziel": Teilziel, "handlungsfeld": Handlungsfeld, "querschnittsaufgabe": Querschnittsaufgabe,
    "indikator": Indikator, "kapitel": Kapitel, "bild": VerglichenesBild, "quelle": Quelle, "fassung": Fassung, "konzept": Konzept,
    "gebiet": Gebiet, "analyse": Analyse,
}  # fmt: skip
"""What the things of each kind are; sections that are one list are fields of the Fassung itself."""
Zustand = dict[tuple[str, str], dict[str, Any]]
"""Kind and id → path → value, in the form of ``daten.json``."""


def klasse_von(art: str) -> type[Satz]:
    """The record in which the paths of a thing of this kind begin."""
    return KLASSEN.get(art, Konzeptfassung)


def zustand(dinge: Iterable[Ding]) -> Zustand:
    """The compared content of things (of ``things.dinge``) as plain values."""
    return {ding.schluessel: {pfad: wert.inhalt for pfad, wert in ding.felder.items()} for ding in dinge}


def vorwaerts(stand: Zustand, satz: Aenderungssatz, *, zurueck: bool = False) -> Zustand:
    """The other side. Prose and lists are rebuilt from their pieces, not from the stored whole."""
    ergebnis = {schluessel: dict(felder) for schluessel, felder in stand.items()}
    for g in satz.grabsteine:
        inhalt = g.inhalt_alt if zurueck else g.inhalt_neu
        werte = flach_aus_daten(KLASSEN[str(g.art)], inhalt, ohne=("id",))
        ergebnis[str(g.art), g.id] = {pfad: wert.inhalt for pfad, wert in werte.items()}
    for e in satz.eintraege:
        art = str(e.art)
        schluessel, davor = (art, e.id_alt if zurueck else e.id), (art, e.id if zurueck else e.id_alt)
        if davor != schluessel and davor in ergebnis:
            ergebnis[schluessel] = ergebnis.pop(davor)
        vorher, nachher = (e.inhalt_neu, e.inhalt_alt) if zurueck else (e.inhalt_alt, e.inhalt_neu)
        if vorher is not None or nachher is not None:
            ergebnis.pop(schluessel, None)
            if nachher is not None:
                felder = flach_aus_daten(KLASSEN[art], nachher, ohne=("id",))
                ergebnis[schluessel] = {pfad: wert.inhalt for pfad, wert in felder.items()}
            continue
        felder = ergebnis.get(schluessel, {})
        for f in e.felder[1:] if e.erkannt else e.felder:  # the first one is the id
            wert = _wert(f, zurueck)
            if wert is None:
                felder.pop(f.pfad, None)
            else:
                felder[f.pfad] = wert
        if felder or (schluessel in ergebnis and not _verschwindet(e.aenderungsart, zurueck)):
            ergebnis[schluessel] = felder
        else:
            ergebnis.pop(schluessel, None)
    return ergebnis


def _verschwindet(arten: tuple[str, ...], zurueck: bool) -> bool:
    return ("neu" if zurueck else "entfallen") in arten


def _wert(f: Feldaenderung, zurueck: bool) -> Any:
    ziel = f.alt if zurueck else f.neu
    if f.stuecke is None or ziel is None:
        return ziel
    behalten = "-" if zurueck else "+"
    teile = [
        s[1] if s[0] in ("=", behalten) else s[1 if zurueck else 2] for s in f.stuecke if s[0] in ("=", "~", behalten)
    ]
    return "".join(teile) if f.typ == "prosa" else teile
