"""All arithmetic on money, once. Amounts are integer cents; every breakdown is flat and adds up to the total."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from ihk.model import Konzeptfassung, Massnahme
from ihk.model.massnahme import AUSGABEART, GEBER, Kosten

OFFEN = "offen"
ZUWENDUNG = ("bund", "land", "bund_land")
"""Givers whose money is a grant; ``eu`` is a grant on other legal grounds and usually only noted."""


@dataclass(frozen=True, slots=True)
class Summen:
    """Planned totals of some measures. What is not allocated stands under ``offen``, last."""

    gesamt: int = 0
    nach_geber: dict[str, int] = field(default_factory=dict)
    nach_jahr: dict[str, int] = field(default_factory=dict)
    nach_handlungsfeld: dict[str, int] = field(default_factory=dict)
    nach_programm: dict[str, int] = field(default_factory=dict)
    nach_ausgabeart: dict[str, int] = field(default_factory=dict)
    je_jahr: dict[str, dict[str, int]] = field(default_factory=dict)
    """By year and giver; each year adds up to that of ``nach_jahr``, each giver to that of ``nach_geber``."""
    gerechnet: bool = False
    """Whether some amount by year and giver was reckoned from the shares because no source states it."""
    nicht_zuwendungsfaehig: int = 0
    folgekosten: int = 0
    nachrichtlich: dict[str, int] = field(default_factory=dict)
    """Amounts of other bodies by giver, in no other total (§ 149 Abs. 2 BauGB)."""
    ohne_kosten: tuple[str, ...] = ()
    """Ids of counted measures whose costs are not known: the total is that much too low."""


def zaehlende(k: Konzeptfassung) -> tuple[Massnahme, ...]:
    """The measures that count in planned totals: not ended, and not part of an umbrella measure with costs of its own."""
    nach_id = {m.id: m for m in k.massnahmen}
    return tuple(m for m in k.massnahmen if not m.beendet and _dach(m, nach_id) is None)


def gezaehlt_in(k: Konzeptfassung, massnahme: Massnahme) -> Massnahme | None:
    """The umbrella measure in whose costs this one is contained, if there is one."""
    return _dach(massnahme, {m.id: m for m in k.massnahmen})


def _dach(massnahme: Massnahme, nach_id: dict[str, Massnahme]) -> Massnahme | None:
    gesehen = {massnahme.id}
    dach = nach_id.get(massnahme.teil_von or "")
    while dach is not None and dach.id not in gesehen:
        if not dach.beendet and dach.kosten is not None and dach.kosten.gesamt is not None:
            return dach
        gesehen.add(dach.id)
        dach = nach_id.get(dach.teil_von or "")
    return None


def zuwendungsfaehig(kosten: Kosten) -> int | None:
    """What can be funded, before income is deducted: as stated, else the total less what cannot be funded.

    None if the total is not known, or if the part that cannot be funded is declared unknown: it must not become 0.
    """
    if kosten.zuwendungsfaehig is not None or kosten.gesamt is None:
        return kosten.zuwendungsfaehig
    if kosten.nicht_zuwendungsfaehig is None and "nicht_zuwendungsfaehig" in kosten.unbekannt:
        return None
    return kosten.gesamt - (kosten.nicht_zuwendungsfaehig or 0)


def bemessungsgrundlage(kosten: Kosten) -> int | None:
    """What shares are taken of: the costs that can be funded, less income (R3). None if the total is not known."""
    grund = zuwendungsfaehig(kosten)
    if grund is None:
        return None
    return grund - sum(a.betrag or 0 for a in kosten.finanzierung if a.geber == "einnahmen" and not a.nachrichtlich)


def betraege(kosten: Kosten) -> tuple[int | None, ...]:
    """Cents of each entry of ``finanzierung``: as stated, else reckoned from its share, rounded down to the cent.

    ``rest`` takes what the other entries leave of the Bemessungsgrundlage, and with it the cents of rounding: a grant is
    never claimed too high.
    """
    if all(a.betrag is not None for a in kosten.finanzierung):
        return tuple(a.betrag for a in kosten.finanzierung)
    basis = bemessungsgrundlage(kosten)
    ergebnis: list[int | None] = []
    for a in kosten.finanzierung:
        if a.betrag is None and isinstance(a.anteil, Fraction) and basis is not None:
            ergebnis.append(math.floor(basis * a.anteil))
        else:
            ergebnis.append(a.betrag)
    if basis is not None:
        vergeben = sum(
            b or 0
            for a, b in zip(kosten.finanzierung, ergebnis, strict=True)
            if not a.nachrichtlich and a.auf != "nicht_zuwendungsfaehig" and a.geber not in ("einnahmen", OFFEN)
        )
        for i, a in enumerate(kosten.finanzierung):
            if a.betrag is None and a.anteil == "rest":
                ergebnis[i], vergeben = max(0, basis - vergeben), basis
    return tuple(ergebnis)


def centrest(kosten: Kosten) -> int:
    """The cents that rounding down leaves to whoever bears the rest."""
    basis = bemessungsgrundlage(kosten)
    if basis is None or all(a.anteil != "rest" for a in kosten.finanzierung):
        return 0
    brueche = [a.anteil for a in kosten.finanzierung if a.betrag is None and isinstance(a.anteil, Fraction)]
    # Each share alone would round down as well; what is left over beyond that is the rest of the others' rounding.
    uebrig = basis - sum(math.floor(basis * b) for b in brueche)
    return uebrig - math.floor(basis * (1 - sum(brueche, Fraction(0))))


def nach_geber(kosten: Kosten) -> dict[str, int]:
    """Cents by giver for one measure; the gap to ``gesamt``, declared or not, under ``offen``."""
    ergebnis = dict.fromkeys(GEBER, 0)
    for anteil, betrag in zip(kosten.finanzierung, betraege(kosten), strict=True):
        if not anteil.nachrichtlich and anteil.geber != OFFEN:
            ergebnis[anteil.geber] += betrag or 0
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


def nach_programm(kosten: Kosten) -> dict[str, int]:
    """Cents by Förderprogramm, of all givers of own money; what names no programme stands under ``offen``."""
    ergebnis: dict[str, int] = {}
    for anteil, betrag in zip(kosten.finanzierung, betraege(kosten), strict=True):
        if not anteil.nachrichtlich and anteil.geber != OFFEN and anteil.programm:
            ergebnis[anteil.programm] = ergebnis.get(anteil.programm, 0) + (betrag or 0)
    ergebnis[OFFEN] = (kosten.gesamt or 0) - sum(ergebnis.values())
    return {programm: betrag for programm, betrag in ergebnis.items() if betrag}


def je_jahr(kosten: Kosten) -> tuple[dict[str, dict[str, int]], bool]:
    """Cents by year and giver for one measure, and whether any of them had to be reckoned.

    A giver with years of its own has them as stated. The others share what is left of each year by their amounts, with
    cumulative rounding, so that every giver and every year adds up to the cent; the last one bears the rest.
    """
    jahre = nach_jahr(kosten)
    geber = nach_geber(kosten)
    tafel: dict[str, dict[str, int]] = {jahr: {} for jahr in jahre}
    offen = dict(geber)
    for anteil in kosten.finanzierung:
        if anteil.nachrichtlich or anteil.geber == OFFEN:
            continue
        for jahr, betrag in anteil.jahre.items():
            tafel.setdefault(jahr, {})
            tafel[jahr][anteil.geber] = tafel[jahr].get(anteil.geber, 0) + betrag
            offen[anteil.geber] -= betrag
    rest = {jahr: jahre.get(jahr, 0) - sum(zeile.values()) for jahr, zeile in tafel.items()}
    traeger = [g for g in (*(g for g in GEBER if g not in ("kommune", OFFEN)), "kommune", OFFEN) if offen.get(g)]
    if any(b < 0 for b in rest.values()) or any(offen[g] < 0 for g in traeger):
        # The stated amounts contradict each other, which the checks report: nothing is reckoned from them.
        for g in traeger:
            tafel.setdefault(OFFEN, {})[g] = tafel.get(OFFEN, {}).get(g, 0) + offen[g]
        return _ohne_nullen(tafel), False
    ganzes = sum(offen[g] for g in traeger)
    bisher = 0
    stand = dict.fromkeys(traeger, 0)
    for jahr in sortierte_jahre(rest):
        bisher += rest[jahr]
        for i, g in enumerate(traeger):
            letzter = i == len(traeger) - 1
            soll = bisher - sum(stand[x] for x in traeger[:-1]) if letzter else bisher * offen[g] // (ganzes or 1)
            tafel[jahr][g] = tafel[jahr].get(g, 0) + soll - stand[g]
            stand[g] = soll
    return _ohne_nullen(tafel), bool(traeger) and len(traeger) > 1 and any(j != OFFEN for j, b in rest.items() if b)


def _ohne_nullen(tafel: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    reihe = {jahr: {g: zeile[g] for g in GEBER if zeile.get(g)} for jahr, zeile in tafel.items()}
    rang = {"bisher": 0, "spaeter": 2, OFFEN: 3}
    return {j: reihe[j] for j in sorted(reihe, key=lambda j: (rang.get(j, 1), j)) if reihe[j]}


def sortierte_jahre(jahre: dict[str, int]) -> dict[str, int]:
    """``bisher`` first, then the years, ``spaeter``, ``offen``."""
    rang = {"bisher": 0, "spaeter": 2, OFFEN: 3}
    return dict(sorted(jahre.items(), key=lambda p: (rang.get(p[0], 1), p[0])))


def nachrichtlich(kosten: Kosten) -> dict[str, int]:
    """Cents by giver of amounts that are only noted."""
    ergebnis: dict[str, int] = {}
    for anteil, betrag in zip(kosten.finanzierung, betraege(kosten), strict=True):
        if anteil.nachrichtlich:
            ergebnis[anteil.geber] = ergebnis.get(anteil.geber, 0) + (betrag or 0)
    return ergebnis


def kommune_nicht_zuwendungsfaehig(kosten: Kosten) -> int | None:
    """What the town bears of the costs that cannot be funded; None if no entry says so with an amount."""
    return _summe(
        b
        for a, b in zip(kosten.finanzierung, betraege(kosten), strict=True)
        if a.geber == "kommune" and a.auf == "nicht_zuwendungsfaehig" and not a.nachrichtlich
    )


def bewilligt(kosten: Kosten) -> dict[str, int | None]:
    """Cents applied for, approved and paid out over all tranches; None where no tranche says."""
    return {
        "beantragt": _summe(b.beantragt for b in kosten.bewilligungen),
        "bewilligt": _summe(b.betrag for b in kosten.bewilligungen),
        "ausgezahlt": _summe(b.ausgezahlt for b in kosten.bewilligungen),
    }


def _summe(betraege: Iterable[int | None]) -> int | None:
    bekannt = [b for b in betraege if b is not None]
    return sum(bekannt) if bekannt else None


def nur_nachrichtlich(kosten: Kosten) -> bool:
    """All the money is that of other bodies: the costs are noted and stand in no own total (rules R6, I31)."""
    fremd = nachrichtlich(kosten)
    return bool(fremd) and all(a.nachrichtlich for a in kosten.finanzierung) and sum(fremd.values()) == kosten.gesamt


@dataclass(frozen=True, slots=True)
class _Posten:
    """What one measure brings into totals."""

    nachrichtlich: dict[str, int]
    nur_nachrichtlich: bool
    nach_geber: dict[str, int]
    nach_jahr: dict[str, int]
    nach_programm: dict[str, int]
    je_jahr: dict[str, dict[str, int]]
    gerechnet: bool


class Rechnung:
    """Totals over any measures of one Fassung; what each of them brings is worked out once."""

    def __init__(self, k: Konzeptfassung) -> None:
        self._k = k
        self._zaehlende = zaehlende(k)
        self._posten: dict[int, _Posten] = {}

    def summen(self, massnahmen: Iterable[Massnahme] | None = None) -> Summen:
        """Totals over the counting measures, or over those of them in ``massnahmen``."""
        auswahl = None if massnahmen is None else {m.id for m in massnahmen}
        gesamt = folge = ohne_zuwendung = 0
        geber: dict[str, int] = {}
        jahre: dict[str, int] = {}
        felder: dict[str, int] = {}
        programme: dict[str, int] = {}
        arten: dict[str, int] = {}
        tafel: dict[str, dict[str, int]] = {}
        gerechnet = False
        nebenher: dict[str, int] = {}
        ohne: list[str] = []
        for i, m in enumerate(self._zaehlende):
            if auswahl is not None and m.id not in auswahl:
                continue
            kosten = m.kosten or Kosten()
            posten = self._posten_von(i, kosten)
            _addiere(nebenher, posten.nachrichtlich)
            if posten.nur_nachrichtlich:
                continue
            folge += kosten.folgekosten or 0
            if kosten.gesamt is None:
                ohne.append(m.id)
                continue
            gesamt += kosten.gesamt
            _addiere(geber, posten.nach_geber)
            _addiere(jahre, posten.nach_jahr)
            _addiere(felder, {m.handlungsfeld or OFFEN: kosten.gesamt})
            _addiere(programme, posten.nach_programm)
            _addiere(arten, {kosten.ausgabeart or OFFEN: kosten.gesamt})
            ohne_zuwendung += kosten.nicht_zuwendungsfaehig or 0
            gerechnet |= posten.gerechnet
            for jahr, zeile in posten.je_jahr.items():
                _addiere(tafel.setdefault(jahr, {}), zeile)
        reihe = {g: geber[g] for g in GEBER if geber.get(g)}
        felder_sortiert = {h.id: felder[h.id] for h in self._k.handlungsfelder if h.id in felder}
        felder_sortiert |= {h: b for h, b in felder.items() if h not in felder_sortiert and h != OFFEN}
        if OFFEN in felder:
            felder_sortiert[OFFEN] = felder[OFFEN]
        jahre = {j: b for j, b in sortierte_jahre(jahre).items() if b}
        return Summen(
            gesamt=gesamt,
            nach_geber=reihe,
            nach_jahr=jahre,
            nach_handlungsfeld=felder_sortiert,
            nach_programm=_offen_zuletzt(programme),
            nach_ausgabeart=_offen_zuletzt({a: arten[a] for a in (*AUSGABEART, OFFEN) if arten.get(a)}),
            je_jahr=_ohne_nullen(tafel),
            gerechnet=gerechnet,
            nicht_zuwendungsfaehig=ohne_zuwendung,
            folgekosten=folge,
            nachrichtlich={g: nebenher[g] for g in GEBER if nebenher.get(g)},
            ohne_kosten=tuple(ohne),
        )

    def gesamt_von(self, kennung: str) -> int:
        """What a measure brings into the planned total; 0 if it does not count or its costs are not known."""
        return self._gesamt.get(kennung, 0)

    @cached_property
    def _gesamt(self) -> dict[str, int]:
        return {m.id: m.kosten.gesamt or 0 for m in self._zaehlende if m.kosten and not nur_nachrichtlich(m.kosten)}

    def _posten_von(self, i: int, kosten: Kosten) -> _Posten:
        """By the place among the counting measures: an id may stand there twice, which a rule reports."""
        if i not in self._posten:
            eigenes = nach_geber(kosten), nach_jahr(kosten), nach_programm(kosten), *je_jahr(kosten)
            self._posten[i] = _Posten(nachrichtlich(kosten), nur_nachrichtlich(kosten), *eigenes)
        return self._posten[i]


def summen(k: Konzeptfassung, massnahmen: Iterable[Massnahme] | None = None) -> Summen:
    """Totals over the counting measures of a Fassung, or over those of them in ``massnahmen``."""
    return Rechnung(k).summen(massnahmen)


def geberkosten(k: Konzeptfassung) -> tuple[int, dict[str, int]]:
    """``gesamt`` and ``nach_geber`` of ``summen(k)`` without the other breakdowns: what a comparison needs of both sides."""
    gesamt, geber = 0, dict.fromkeys(GEBER, 0)
    for m in zaehlende(k):
        if m.kosten is not None and m.kosten.gesamt is not None:
            eigene = eigenes_nach_geber(m.kosten)
            gesamt += m.kosten.gesamt if eigene else 0
            _addiere(geber, eigene)
    return gesamt, {g: betrag for g, betrag in geber.items() if betrag}


def eigenes_nach_geber(kosten: Kosten) -> dict[str, int]:
    """``nach_geber`` of a measure that counts; nothing if all its money is that of other bodies."""
    fremd = (
        bool(kosten.finanzierung) and all(a.nachrichtlich for a in kosten.finanzierung) and nur_nachrichtlich(kosten)
    )
    return {} if fremd else nach_geber(kosten)


def _offen_zuletzt(betraege: dict[str, int]) -> dict[str, int]:
    return {k: b for k, b in sorted(betraege.items(), key=lambda p: p[0] == OFFEN) if b}


def _addiere(ziel: dict[str, int], dazu: dict[str, int]) -> None:
    for schluessel, betrag in dazu.items():
        ziel[schluessel] = ziel.get(schluessel, 0) + betrag
