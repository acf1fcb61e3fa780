"""The Änderungsübersicht: on one page what to look at first, what is new, what ended and why, what got dearer and for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from markupsafe import Markup

from ihk import labels, sums
from ihk.diff.changeset import Aenderungssatz, Eintrag
from ihk.model import Konzeptfassung
from ihk.model.load import Geladen
from ihk.report.view.aenderung import (
    Aenderungskapitel,
    Kennzahl,
    artwort,
    aufgegangen,
    cent,
    hauptart,
    kommune_delta,
)
from ihk.report.view.gegenueber import geldvergleich
from ihk.report.view.grund import NB, Kontext, Link, Tabelle, anzahl, gross

_ZEILEN = 32
"""Lines that steps back and lists may take together, so that the page holds the tables too."""
_ABSTAND = 0.35
"""Lines between two rows."""
_GELDZEILEN = 7
"""Rows of the tables that leave that room."""
_JE_ZEILE = 88
"""Letters in a line."""
_JE_TITELZEILE = 22
"""Letters in a line of the column of captions."""
_WENIGSTENS = 3
"""Names in each list before a reason is told."""
_MIT_GRUND = 2
"""What got dearest is explained."""
_ZIELE = ("ziel", "teilziel", "handlungsfeld", "querschnittsaufgabe")
_RANG = {"neu": 0, "aufgegangen": 1, "entfallen": 1, "geaendert": 2}


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
    damals, jetzt = sums.Rechnung(alt), kontext.rechnung
    deltas = {e.id: jetzt.gesamt_von(e.id) - damals.gesamt_von(e.id) for e in massnahmen}
    eigen = {e.id: kommune_delta(e) for e in massnahmen}
    umgebaut = [e for e in massnahmen if aufgegangen(e) or {"geteilt", "zusammengelegt"} & set(e.aenderungsart)]
    bleibt = [e for e in massnahmen if hauptart(e) == "geaendert" and e not in umgebaut]
    weiter = [e for e in bleibt if deltas[e.id]]
    teurer = sorted((e for e in weiter if deltas[e.id] > 0), key=lambda e: -deltas[e.id])
    billiger = sorted((e for e in weiter if deltas[e.id] < 0), key=lambda e: deltas[e.id])
    neue = [e for e in massnahmen if hauptart(e) == "neu"]
    weg = [e for e in massnahmen if hauptart(e) == "entfallen" and e not in umgebaut]
    ziele = [e for e in eintraege if e.art in _ZIELE]
    anders = sorted((e for e in ziele if not _nur_bilanz(e)), key=lambda e: _RANG[hauptart(e)])
    belastet = [e for e in bleibt if sum(cent(b.delta) for b in e.nach_geber) <= 0 < eigen[e.id]]

    zurueck = rueckschritte(satz, neu)

    def zahl(e: Eintrag) -> str:
        if e.art in _ZIELE:
            return artwort(e)
        teile = ((deltas[e.id], ""), (eigen[e.id], f"{labels.GEBER['kommune']} "))
        return ", ".join(f"{wer}{labels.euro_delta(_voll(cent))}" for cent, wer in teile if cent)

    def punkte(teil: Iterable[Eintrag], *, gruende: int = 0) -> tuple[Punkt, ...]:
        return tuple(
            Punkt(
                _link(kontext, alt, e),
                zahl(e),
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
        ("Nur für die Kommune teurer", punkte(belastet)),
        ("Ziele", punkte(anders)),
    ]
    geld = geldvergleich(alt, neu, tausend=True)[:2]
    belegt = _zeilen(", ".join(k.text for k in links) for _, links in zurueck) + _ABSTAND * len(zurueck)
    belegt += max(0, max((sum(len(g.zeilen) for g in t.gruppen) for t in geld), default=0) - _GELDZEILEN)
    return Uebersicht(
        satz=wandel.satz if wandel else "Die beiden Fassungen unterscheiden sich nicht wesentlich.",
        kennzahlen=wandel.kennzahlen if wandel else (),
        rueckschritte=zurueck,
        rubriken=_passend([(t, p) for t, p in alle if p], belegt),
        geld=geld,
        schluss=_schluss(satz, eintraege, len(ziele) - len(anders)),
    )


def _passend(alle: list[tuple[str, tuple[Punkt, ...]]], belegt: float) -> tuple[Rubrik, ...]:
    """The lists with as many entries each as the page holds; how many more there are is said.

    Where room is short, reasons give way to names: first why something costs more, then why something ended. All of
    them stand in the Synopse.
    """

    def gesetzt(anzahlen: list[int]) -> tuple[Rubrik, ...]:
        return tuple(_rubrik(*liste, hoechstens) for liste, hoechstens in zip(alle, anzahlen, strict=True))

    def passt(anzahlen: list[int]) -> bool:
        return belegt + sum(map(_hoehe, gesetzt(anzahlen))) <= _ZEILEN

    anzahlen = [min(_WENIGSTENS, len(punkte)) for _, punkte in alle]
    for weniger in ("Teurer", "Beendet"):
        if not passt(anzahlen):
            alle = [
                (titel, tuple(replace(p, grund=Markup()) for p in punkte) if titel == weniger else punkte)
                for titel, punkte in alle
            ]
    if not passt(anzahlen):
        anzahlen = [1] * len(alle)
    # One more for each list in turn, so that a long one does not shorten the others.
    offen = [n for n, (_, punkte) in enumerate(alle) if anzahlen[n] < len(punkte)]
    while offen:
        for n in tuple(offen):
            anzahlen[n] += 1
            if not passt(anzahlen):
                anzahlen[n] -= 1
                offen.remove(n)
            elif anzahlen[n] == len(alle[n][1]):
                offen.remove(n)
    return gesetzt(anzahlen)


def _rubrik(titel: str, punkte: tuple[Punkt, ...], hoechstens: int) -> Rubrik:
    if len(punkte) <= hoechstens:
        return Rubrik(titel, punkte)
    rest = len(punkte) - hoechstens
    return Rubrik(titel, punkte[:hoechstens], f"und {anzahl(rest, 'weitere', 'weitere')}")


def _hoehe(r: Rubrik) -> float:
    """Lines of a list: what has a reason begins a line, the others follow each other."""
    knapp = " ".join(
        [*(f"{p.link.text} ({p.zahl});" for p in r.punkte if not p.grund), *([r.weitere] if r.weitere else [])]
    )
    zeilen = _zeilen([*(f"{p.link.text} {p.zahl} {p.grund}" for p in r.punkte if p.grund), *([knapp] if knapp else [])])
    return max(zeilen, -(-len(r.titel) // _JE_TITELZEILE)) + _ABSTAND


def _zeilen(texte: Iterable[str]) -> int:
    return sum(-(-len(text) // _JE_ZEILE) for text in texte)


def _link(kontext: Kontext, alt: Konzeptfassung, e: Eintrag) -> Link:
    """Number and title, those of the old Fassung for what is gone."""
    if e.id in kontext.k.nach_id:
        link = kontext.link(e.id)
        return Link(link.id, link.nummer or alt.nummern.get(e.id, ""), link.titel)
    return Link("", alt.nummern.get(e.id, ""), e.titel)


def _voll(cent: int) -> int:
    """Rounded to whole euros, which is exact enough for a list and leaves room for more of it."""
    return (abs(cent) + 50) // 100 * (100 if cent > 0 else -100)


def _nur_bilanz(e: Eintrag) -> bool:
    """Whether a goal stays and only what was reached is told anew."""
    return hauptart(e) == "geaendert" and all(
        f.pfad.startswith("bilanz.") or f.gewicht == "redaktionell" for f in e.felder
    )


def _schluss(satz: Aenderungssatz, eintraege: list[Eintrag], bilanzen: int) -> tuple[str, ...]:
    """What else there is, counted: dates that moved, other objects, what is unchanged or only reworded."""
    saetze = []
    if bilanzen:
        saetze.append(f"{gross(anzahl(bilanzen, 'Ziel erhält', 'Ziele erhalten'))} nur eine neue Bilanz.")
    termine = satz.zusammenfassung.get("termine") or {}
    if spaeter := termine.get("spaeter"):
        monate = Decimal(str(termine.get("median_monate") or 0))
        mitte = (
            f", in der Mitte um {labels.zahl(monate)}{NB}Monate" if monate > 0 and not termine.get("frueher") else ""
        )
        saetze.append(f"{gross(anzahl(spaeter, 'Ende verschiebt', 'Enden verschieben'))} sich nach hinten{mitte}.")
    texte = [e for e in eintraege if e.art in ("kapitel", "bild", "quelle")]
    andere = len(eintraege) - len(texte) - sum(e.art in ("massnahme", *_ZIELE) for e in eintraege)
    je_art = [sum(e.art == art for e in texte) for art in ("kapitel", "bild", "quelle")]
    worte = (("Kapitel", "Kapitel"), ("Bild", "Bilder"), ("Quelle", "Quellen"))
    gezaehlt = [f"{n} {eins if n == 1 else viele}" for n, (eins, viele) in zip(je_art, worte, strict=True) if n]
    teile = [*gezaehlt, f"{andere} andere {'Angabe' if andere == 1 else 'Angaben'}" if andere else ""]
    if dazu := labels.und([t for t in teile if t]):
        saetze.append(f"Dazu {'ist' if len(texte) + andere == 1 else 'sind'} {dazu} neu oder anders.")
    nur_wort = len(satz.eintraege) - len(eintraege)
    if nur_wort:
        saetze.append(f"{gross(anzahl(nur_wort, 'Eintrag ist', 'Einträge sind'))} nur redaktionell anders.")
    saetze.append("Beträge sind auf volle oder auf tausend Euro gerundet; gerechnet wird mit den genauen.")
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
