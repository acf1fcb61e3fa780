"""Two Fassungen side by side in figures: money by giver, year and programme before and after, and numbers old and new."""

from __future__ import annotations

from ihk import labels, sums
from ihk.diff.changeset import Aenderungssatz
from ihk.model import Konzeptfassung, Massnahme
from ihk.reading.files import natural
from ihk.report.view.grund import STRICH, Gruppe, Spalte, Tabelle, Zeile, Zelle, zahl

_ZEILEN = 22
"""Rows of a table that share a landscape page with another one beside it."""
_GEBER = ("kommune", "bund", "land", "bund_land", "eu", "dritte", "einnahmen", sums.OFFEN)


def geldvergleich(alt: Konzeptfassung, neu: Konzeptfassung, *, tausend: bool = False) -> tuple[Tabelle, ...]:
    """Planned totals by giver, by year and by programme: old, new, difference. Each table adds up to the same totals."""
    vorher, nachher = sums.summen(alt), sums.summen(neu)
    if not (vorher.gesamt or nachher.gesamt):
        return ()
    kommune = neu.konzept.kommune.name if neu.konzept.kommune else labels.GEBER["kommune"]
    geber = labels.GEBER | {"kommune": kommune, sums.OFFEN: "noch offen"}
    zeilen = [(geber[g], vorher.nach_geber.get(g, 0), nachher.nach_geber.get(g, 0)) for g in _GEBER]
    namen = alt.fassung.id, neu.fassung.id
    tabellen = [_tabelle("Wer zahlt mehr, wer weniger?", "Geldgeber", zeilen, namen, tausend)]
    if any(j != sums.OFFEN for j in (*vorher.nach_jahr, *nachher.nach_jahr)):
        tabellen.append(
            _tabelle("In welchem Jahr?", "Jahr", _jahre(vorher.nach_jahr, nachher.nach_jahr), namen, tausend)
        )
    if any(p != sums.OFFEN for p in (*vorher.nach_programm, *nachher.nach_programm)):
        programme = dict.fromkeys((*nachher.nach_programm, *vorher.nach_programm))
        zeilen = [
            (
                labels.programm(p) if p != sums.OFFEN else "ohne Programm",
                vorher.nach_programm.get(p, 0),
                nachher.nach_programm.get(p, 0),
            )
            for p in sorted(programme, key=lambda p: p == sums.OFFEN)
        ]
        tabellen.append(_tabelle("Aus welchem Programm?", "Programm", zeilen, namen, tausend))
    return tuple(tabellen)


def _jahre(vorher: dict[str, int], nachher: dict[str, int]) -> list[tuple[str, int, int]]:
    """Year by year. What the new Fassung no longer states by year is one row in both, else time alone looks like change."""
    jahre = [j for j in nachher if j.isdigit()]
    erstes = min(jahre, default="")
    bisher = [j for j in vorher if j == "bisher" or (j.isdigit() and j < erstes)]
    zeilen = []
    if bisher or nachher.get("bisher"):
        zeilen.append((labels.jahr("bisher", nachher), sum(vorher[j] for j in bisher), nachher.get("bisher", 0)))
    einzeln = dict.fromkeys((*nachher, *vorher), 0)
    for j in sums.sortierte_jahre(einzeln):
        if j not in bisher and j != "bisher":
            wort = "keinem Jahr zugeordnet" if j == sums.OFFEN else labels.jahr(j)
            zeilen.append((wort, vorher.get(j, 0), nachher.get(j, 0)))
    return zeilen


def _tabelle(titel: str, was: str, werte: list[tuple[str, int, int]], namen: tuple[str, str], tausend: bool) -> Tabelle:
    werte = [(name, a, n) for name, a, n in werte if a or n]
    cent = not tausend and any(b % 100 for _, a, n in werte for b in (a, n))

    def text(betrag: int, *, delta: bool = False) -> str:
        if not betrag:
            return "±0" if delta else STRICH
        if tausend:
            betrag = (abs(betrag) + 50_000) // 100_000 * (100 if betrag > 0 else -100)
        wort = labels.euro_delta(betrag, immer_cent=cent) if delta else labels.euro(betrag, immer_cent=cent)
        return wort.removesuffix(f"{labels.GESCHUETZT}€")  # the unit stands in the caption

    def reihe(name: str, a: int, n: int) -> Zeile:
        return Zeile((Zelle(name), zahl(text(a)), zahl(text(n)), zahl(text(n - a, delta=True))))

    summe = reihe("Insgesamt", sum(a for _, a, _ in werte), sum(n for *_, n in werte))
    return Tabelle(
        f"{titel} (in {'Tausend ' if tausend else ''}Euro)",
        (Spalte(was), Spalte(namen[0], True), Spalte(namen[1], True), Spalte("Unterschied", True)),
        (Gruppe(tuple(reihe(*w) for w in werte)),),
        summe,
        klasse="vergleichstabelle",
    )


def konkordanz(satz: Aenderungssatz, alt: Konzeptfassung, neu: Konzeptfassung) -> tuple[Tabelle, ...]:
    """Which printed number became which, for readers with the old plan in hand; in tables that fit side by side.

    Empty if no number has changed.
    """
    gefunden = []
    for kennung in dict.fromkeys((*(m.id for m in alt.massnahmen), *(m.id for m in neu.massnahmen))):
        vorher, nachher = alt.nummern.get(kennung, ""), neu.nummern.get(kennung, "")
        if vorher == nachher:
            continue
        objekt = neu.nach_id.get(kennung) or alt.nach_id.get(kennung)
        titel = str(getattr(objekt, "kurz", None) or getattr(objekt, "titel", kennung))
        if not nachher:
            nachher = "beendet" if isinstance(objekt, Massnahme) and objekt.beendet else "nicht mehr enthalten"
        gefunden.append(
            (natural(vorher or "~"), natural(nachher), Zeile((Zelle(vorher or "neu"), Zelle(nachher), Zelle(titel))))
        )
    zeilen = [zeile for _, _, zeile in sorted(gefunden, key=lambda g: g[:2])]  # as one looks them up in the old plan
    # Also goals and Handlungsfelder can be renumbered, alone.
    if not zeilen or not any("umnummeriert" in e.aenderungsart for e in satz.eintraege):
        return ()
    haelfte = min(-(-len(zeilen) // 2), _ZEILEN)
    stuecke = [zeilen[i : i + haelfte] for i in range(0, len(zeilen), haelfte)]
    kopf = (Spalte(f"Nr. {alt.fassung.id}"), Spalte(f"Nr. {neu.fassung.id}"), Spalte("Titel"))
    titel = "Nummern alt und neu"
    return tuple(
        Tabelle(titel if n == 0 else f"{titel} (Fortsetzung)", kopf, (Gruppe(tuple(s)),), klasse="konkordanz")
        for n, s in enumerate(stuecke)
    )
