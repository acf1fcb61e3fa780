"""All arithmetic on money, once. Amounts are integer cents; every breakdown is flat and adds up to the total."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ihk.model import Konzeptfassung, Massnahme
from ihk.model.massnahme import GEBER, Kosten

OFFEN = "offen"


@dataclass(frozen=True, slots=True)
class Summen:
    """Planned totals of some measures. What is not allocated stands under ``offen``, last."""

    gesamt: int = 0
    nach_geber: dict[str, int] = field(default_factory=dict)
    nach_jahr: dict[str, int] = field(default_factory=dict)
    nach_handlungsfeld: dict[str, int] = field(default_factory=dict)
    folgekosten: int = 0
    nachrichtlich: dict[str, int] = field(default_factory=dict)
    """Amounts of other bodies by giver, in no other total (§ 149 Abs. 2 BauGB)."""
    ohne_kosten: tuple[str, ...] = ()
    """Ids of counted measures whose costs are not known: the total is that much too low."""


def zaehlende(k: Konzeptfassung) -> tuple[Massnahme, ...]:
    """The measures that count in planned totals: not ended, and not part of an umbrella measure with costs of its own."""
    nach_id = {m.id: m for m in k.massnahmen}
    return tuple(m for m in k.massnahmen if not m.beendet and not _im_dach(m, nach_id))


def _im_dach(massnahme: Massnahme, nach_id: dict[str, Massnahme]) -> bool:
    gesehen = {massnahme.id}
    dach = nach_id.get(massnahme.teil_von or "")
    while dach is not None and dach.id not in gesehen:
        if not dach.beendet and dach.kosten is not None and dach.kosten.gesamt is not None:
            return True
        gesehen.add(dach.id)
        dach = nach_id.get(dach.teil_von or "")
    return False


def nach_geber(kosten: Kosten) -> dict[str, int]:
    """Cents by giver for one measure; the gap to ``gesamt``, declared or not, under ``offen``."""
    ergebnis = dict.fromkeys(GEBER, 0)
    for anteil in kosten.finanzierung:
        if not anteil.nachrichtlich and anteil.geber != OFFEN:
            ergebnis[anteil.geber] += anteil.betrag or 0
    ergebnis[OFFEN] = (kosten.gesamt or 0) - sum(ergebnis.values())
    return {geber: betrag for geber, betrag in ergebnis.items() if betrag}


def nach_jahr(kosten: Kosten) -> dict[str, int]:
    """Cents by year for one measure: as given, else from the years of all its sources; the rest under ``offen``."""
    jahre = dict(kosten.jahre)
    eigene = [a for a in kosten.finanzierung if not a.nachrichtlich]
    if not jahre and eigene and all(a.jahre for a in eigene):
        for anteil in eigene:
            for jahr, betrag in anteil.jahre.items():
                jahre[jahr] = jahre.get(jahr, 0) + betrag
    rest = (kosten.gesamt or 0) - sum(jahre.values())
    if rest:
        jahre[OFFEN] = rest
    return {jahr: betrag for jahr, betrag in sortierte_jahre(jahre).items() if betrag}


def sortierte_jahre(jahre: dict[str, int]) -> dict[str, int]:
    """``bisher`` first, then the years, ``spaeter``, ``offen``."""
    rang = {"bisher": 0, "spaeter": 2, OFFEN: 3}
    return dict(sorted(jahre.items(), key=lambda p: (rang.get(p[0], 1), p[0])))


def nachrichtlich(kosten: Kosten) -> dict[str, int]:
    """Cents by giver of amounts that are only noted."""
    ergebnis: dict[str, int] = {}
    for anteil in kosten.finanzierung:
        if anteil.nachrichtlich:
            ergebnis[anteil.geber] = ergebnis.get(anteil.geber, 0) + (anteil.betrag or 0)
    return ergebnis


def nur_nachrichtlich(kosten: Kosten) -> bool:
    """All the money is that of other bodies: the costs are noted and stand in no own total (rules R6, I31)."""
    fremd = nachrichtlich(kosten)
    return bool(fremd) and all(a.nachrichtlich for a in kosten.finanzierung) and sum(fremd.values()) == kosten.gesamt


def summen(k: Konzeptfassung, massnahmen: Iterable[Massnahme] | None = None) -> Summen:
    """Totals over the counting measures of a Fassung, or over those of them in ``massnahmen``."""
    auswahl = None if massnahmen is None else {m.id for m in massnahmen}
    gesamt = folge = 0
    geber: dict[str, int] = {}
    jahre: dict[str, int] = {}
    felder: dict[str, int] = {}
    nebenher: dict[str, int] = {}
    ohne: list[str] = []
    for m in zaehlende(k):
        if auswahl is not None and m.id not in auswahl:
            continue
        kosten = m.kosten or Kosten()
        _addiere(nebenher, nachrichtlich(kosten))
        if nur_nachrichtlich(kosten):
            continue
        folge += kosten.folgekosten or 0
        if kosten.gesamt is None:
            ohne.append(m.id)
            continue
        gesamt += kosten.gesamt
        _addiere(geber, nach_geber(kosten))
        _addiere(jahre, nach_jahr(kosten))
        _addiere(felder, {m.handlungsfeld or OFFEN: kosten.gesamt})
    reihe = {g: geber[g] for g in GEBER if geber.get(g)}
    felder_sortiert = {h.id: felder[h.id] for h in k.handlungsfelder if h.id in felder}
    felder_sortiert |= {h: b for h, b in felder.items() if h not in felder_sortiert and h != OFFEN}
    if OFFEN in felder:
        felder_sortiert[OFFEN] = felder[OFFEN]
    jahre = {j: b for j, b in sortierte_jahre(jahre).items() if b}
    return Summen(
        gesamt, reihe, jahre, felder_sortiert, folge, {g: nebenher[g] for g in GEBER if nebenher.get(g)}, tuple(ohne)
    )


def _addiere(ziel: dict[str, int], dazu: dict[str, int]) -> None:
    for schluessel, betrag in dazu.items():
        ziel[schluessel] = ziel.get(schluessel, 0) + betrag
