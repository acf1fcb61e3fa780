"""The Änderungsübersicht: on one page what to look at first, what is new, what ended and why, what got dearer and for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from ihk import labels
from ihk.diff.changeset import Aenderungssatz, Eintrag
from ihk.model import Konzeptfassung
from ihk.model.load import Geladen
from ihk.report.view.aenderung import Aenderungskapitel, Kennzahl, hauptart, kosten_von
from ihk.report.view.gegenueber import geldvergleich
from ihk.report.view.grund import NB, Kontext, Link, Tabelle, anzahl, gross

_ZEILEN = 30
"""Lines that steps back and lists may take together, so that the page holds the tables too."""
_JE_ZEILE = 88
"""Letters in a line."""
_MIT_GRUND = 2
"""What got dearest is explained."""


@dataclass(frozen=True, slots=True)
class Punkt:
    """One object with the figure and the reason of its change."""

    link: Link
    zahl: str
    grund: Markup


@dataclass(frozen=True, slots=True)
class Rubrik:
    """Changes of one kind; ``weitere`` says how many more there are."""

    titel: str
    punkte: tuple[Punkt, ...]
    weitere: str = ""


@dataclass(frozen=True, slots=True)
class Uebersicht:
    satz: str
    kennzahlen: tuple[Kennzahl, ...]
    rueckschritte: tuple[tuple[str, tuple[Link, ...]], ...]
    rubriken: tuple[Rubrik, ...]
    geld: tuple[Tabelle, ...]
    schluss: tuple[str, ...]


def uebersicht(
    kontext: Kontext, satz: Aenderungssatz, vorgaenger: Geladen, wandel: Aenderungskapitel | None
) -> Uebersicht:
    """Everything on the page; steps back are never shortened."""
    alt, neu = vorgaenger.fassung, kontext.k
    eintraege = [e for e in satz.eintraege if e.gewicht != "redaktionell"]
    massnahmen = [e for e in eintraege if e.art == "massnahme"]
    deltas = {e.id: kosten_von(neu, e.id) - kosten_von(alt, e.id) for e in massnahmen}
    umgebaut = [e for e in massnahmen if {"geteilt", "zusammengelegt"} & set(e.aenderungsart)]
    weiter = [e for e in massnahmen if hauptart(e) == "geaendert" and deltas[e.id] and e not in umgebaut]
    teurer = sorted((e for e in weiter if deltas[e.id] > 0), key=lambda e: -deltas[e.id])
    billiger = sorted((e for e in weiter if deltas[e.id] < 0), key=lambda e: deltas[e.id])
    neue = [e for e in massnahmen if hauptart(e) == "neu"]
    weg = [e for e in massnahmen if hauptart(e) == "entfallen" and e not in umgebaut]
    ziele = [e for e in eintraege if e.art in ("ziel", "teilziel", "handlungsfeld", "querschnittsaufgabe")]

    zurueck = rueckschritte(satz, neu)

    def punkte(teil: Iterable[Eintrag], *, gruende: int = 0) -> tuple[Punkt, ...]:
        return tuple(
            Punkt(
                _link(kontext, alt, e),
                labels.euro_delta(deltas[e.id]) if deltas.get(e.id) else "",
                kontext.zeile(e.begruendung) if n < gruende else Markup(),
            )
            for n, e in enumerate(teil)
        )

    alle = [
        ("Neu", punkte(neue)),
        ("Beendet", punkte(weg, gruende=len(weg))),
        ("Geteilt oder zusammengelegt", punkte(umgebaut)),
        ("Teurer", punkte(teurer, gruende=_MIT_GRUND)),
        ("Günstiger", punkte(billiger)),
        ("Ziele", punkte(ziele)),
    ]
    return Uebersicht(
        satz=wandel.satz if wandel else "Die beiden Fassungen unterscheiden sich nicht wesentlich.",
        kennzahlen=wandel.kennzahlen if wandel else (),
        rueckschritte=zurueck,
        rubriken=_passend(
            [(t, p) for t, p in alle if p], _zeilen(", ".join(k.text for k in links) for _, links in zurueck)
        ),
        geld=geldvergleich(alt, neu, tausend=True)[:2],
        schluss=_schluss(satz, eintraege),
    )


def _passend(alle: list[tuple[str, tuple[Punkt, ...]]], belegt: int) -> tuple[Rubrik, ...]:
    """The lists with as many entries each as the page holds; how many more there are is said."""
    rubriken: tuple[Rubrik, ...] = ()
    for hoechstens in range(8, 0, -1):
        rubriken = tuple(_rubrik(titel, punkte, hoechstens) for titel, punkte in alle)
        if belegt + sum(_hoehe(r) for r in rubriken) <= _ZEILEN:
            break
    return rubriken


def _rubrik(titel: str, punkte: tuple[Punkt, ...], hoechstens: int) -> Rubrik:
    if len(punkte) <= hoechstens:
        return Rubrik(titel, punkte)
    rest = len(punkte) - hoechstens
    return Rubrik(titel, punkte[:hoechstens], f"und {anzahl(rest, 'weitere', 'weitere')}")


def _hoehe(r: Rubrik) -> int:
    """Lines of a list: what has a reason begins a line, the others follow each other."""
    knapp = "; ".join(f"{p.link.text} ({p.zahl})" for p in r.punkte if not p.grund)
    return _zeilen([*(f"{p.link.text} {p.zahl} {p.grund}" for p in r.punkte if p.grund), *([knapp] if knapp else [])])


def _zeilen(texte: Iterable[str]) -> int:
    return sum(-(-len(text) // _JE_ZEILE) for text in texte)


def _link(kontext: Kontext, alt: Konzeptfassung, e: Eintrag) -> Link:
    """Number and title, those of the old Fassung for what is gone."""
    if e.id in kontext.k.nach_id:
        link = kontext.link(e.id)
        return Link(link.id, link.nummer or alt.nummern.get(e.id, ""), link.titel)
    return Link("", alt.nummern.get(e.id, ""), e.titel)


def _schluss(satz: Aenderungssatz, eintraege: list[Eintrag]) -> tuple[str, ...]:
    """What else there is, counted: dates that moved, other objects, what is unchanged or only reworded."""
    saetze = []
    termine = satz.zusammenfassung.get("termine") or {}
    if spaeter := termine.get("spaeter"):
        monate = Decimal(str(termine.get("median_monate") or 0))
        mitte = (
            f", in der Mitte um {labels.zahl(monate)}{NB}Monate" if monate > 0 and not termine.get("frueher") else ""
        )
        saetze.append(f"{gross(anzahl(spaeter, 'Ende verschiebt', 'Enden verschieben'))} sich nach hinten{mitte}.")
    texte = [e for e in eintraege if e.art in ("kapitel", "bild", "quelle")]
    andere = (
        len(eintraege)
        - len(texte)
        - sum(e.art in ("massnahme", "ziel", "teilziel", "handlungsfeld", "querschnittsaufgabe") for e in eintraege)
    )
    teile = [
        anzahl(len(texte), "Kapitel, Bild oder Quelle", "Kapitel, Bilder und Quellen") if texte else "",
        anzahl(andere, "andere Angabe", "andere Angaben") if andere else "",
    ]
    if dazu := " und ".join(t for t in teile if t):
        saetze.append(f"Dazu {'ist' if len(texte) + andere == 1 else 'sind'} {dazu} neu oder anders.")
    nur_wort = len(satz.eintraege) - len(eintraege)
    if nur_wort:
        saetze.append(f"{gross(anzahl(nur_wort, 'Eintrag ist', 'Einträge sind'))} nur redaktionell anders.")
    saetze.append("Beträge in Tausend Euro sind gerundet; gerechnet wird mit den genauen.")
    return tuple(saetze)


def rueckschritte(satz: Aenderungssatz, k: Konzeptfassung) -> tuple[tuple[str, tuple[Link, ...]], ...]:
    """What a reviewer looks at first, the gravest kind first; every entry under each of its kinds."""
    ergebnis = []
    for art, wort in labels.RUECKSCHRITT.items():
        betroffen = [e for e in satz.eintraege if art in e.rueckschritte]
        if betroffen:
            links = tuple(Link(e.id, k.nummern.get(e.id, ""), _name(k, e) + _wie(e, art)) for e in betroffen)
            ergebnis.append((gross(wort), links))
    return tuple(ergebnis)


def _name(k: Konzeptfassung, e: Eintrag) -> str:
    """The short title where there is one."""
    return str(getattr(k.nach_id.get(e.id), "kurz", None) or e.titel)


def _wie(e: Eintrag, art: str) -> str:
    """The step in figures, short enough for a list."""
    pfad = {"kosten": "kosten.gesamt", "ende": "zeitraum.bis", "status": "status"}.get(art)
    feld = next((f for f in e.felder if f.pfad == pfad), None)
    if feld is None:
        return ""
    if art == "kosten":
        return f" (+{labels.zahl(Decimal(feld.prozent or 0))}{NB}%)" if feld.prozent else ""
    if art == "ende":
        return f" ({feld.monate} {'Monat' if feld.monate == 1 else 'Monate'})"
    return f" ({labels.STATUS.get(feld.alt, feld.alt)} → {labels.STATUS.get(feld.neu, feld.neu)})"
