"""Costs by year and giver as columns over the table of their numbers; what has no year of its own stands apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ihk import labels, sums
from ihk.report.view.grund import NB, STRICH, mio
from ihk.report.view.kosten import REIHE

_LUECKENLOS = 20
"""So many years are shown one after the other even if some have no costs."""
_WENIGE = 7


@dataclass(frozen=True, slots=True)
class Jahresgeld:
    """Cents by year (also ``bisher``, ``spaeter``, ``offen``) and giver, as in ``sums.Summen.je_jahr``."""

    jahre: Mapping[str, Mapping[str, int]]
    gerechnet: bool = False
    """Some amounts were reckoned from the shares, because no source states them by year."""


@dataclass(frozen=True, slots=True)
class Stueck:
    """A part of a column; ``hoehe`` in percent of the highest column. Without a class it is the empty room above."""

    klasse: str
    hoehe: float


@dataclass(frozen=True, slots=True)
class Saeule:
    """A column from the top down, with its caption and sum. ``abgesetzt``: the axis begins anew, because what is no year stands apart."""

    text: str
    stuecke: tuple[Stueck, ...]
    summe: str
    abgesetzt: bool


@dataclass(frozen=True, slots=True)
class Geberzeile:
    """What one giver pays in each column, and altogether."""

    klasse: str
    name: str
    betraege: tuple[str, ...]
    gesamt: str


@dataclass(frozen=True, slots=True)
class Jahresbild:
    """Columns and the rows of numbers below them, on the same columns."""

    satz: str
    titel: str
    saeulen: tuple[Saeule, ...]
    zeilen: tuple[Geberzeile, ...]
    gesamt: str
    note: str

    @property
    def breite(self) -> int:
        """Columns of the table."""
        return len(self.saeulen) + 2


def jahresbild(geld: Jahresgeld, kommune: str) -> Jahresbild | None:
    """None if fewer than two years have costs: a single column compares nothing."""
    jahre = {j: {g: b for g, b in zeile.items() if b} for j, zeile in geld.jahre.items()}
    mit_geld = [j for j in jahre if j.isdigit() and sum(jahre[j].values()) > 0]
    if len(mit_geld) < 2:
        return None
    spalten = _spalten(jahre)
    summen = {j: sum(jahre.get(j, {}).values()) for j in spalten}
    groesste = max(summen.values())
    geber = [g for g in REIHE if any(jahre.get(j, {}).get(g) for j in spalten)]
    tausend = len(spalten) > _WENIGE or groesste >= 1_000_000_000
    namen = labels.GEBER | {"kommune": kommune, "offen": "noch offen"}
    alle = [b for j in spalten for b in jahre.get(j, {}).values()]
    cent = not tausend and any(b % 100 for b in alle)

    def zahl(cent_: int) -> str:
        return _betrag(cent_, tausend=tausend, immer_cent=cent)

    return Jahresbild(
        satz=_satz(jahre, summen, kommune),
        titel=f"Kosten nach Jahr und Geldgeber ({'in Tausend Euro' if tausend else 'in Euro'})",
        saeulen=tuple(
            Saeule(
                labels.jahr(j, spalten) if j != sums.OFFEN else "ohne Jahr",
                _stuecke(jahre.get(j, {}), groesste),
                zahl(summen[j]),
                not j.isdigit() or i == 0 or not spalten[i - 1].isdigit(),
            )
            for i, j in enumerate(spalten)
        ),
        zeilen=tuple(
            Geberzeile(
                f"g-{g}",
                namen[g],
                tuple(zahl(jahre.get(j, {}).get(g, 0)) for j in spalten),
                zahl(sum(jahre.get(j, {}).get(g, 0) for j in spalten)),
            )
            for g in geber
        ),
        gesamt=zahl(sum(summen.values())),
        note=_note(tausend=tausend, gerechnet=geld.gerechnet, abgesetzt=any(not j.isdigit() for j in spalten)),
    )


def _spalten(jahre: Mapping[str, Mapping[str, int]]) -> list[str]:
    """``bisher``, the years without gaps, ``spaeter``, ``offen``; only those that hold something, and the years between."""
    belegt = [j for j in jahre if jahre[j]]
    zahlen = sorted(int(j) for j in belegt if j.isdigit())
    if zahlen[-1] - zahlen[0] < _LUECKENLOS:
        zahlen = list(range(zahlen[0], zahlen[-1] + 1))
    folge = [*(str(z) for z in zahlen), *(j for j in belegt if not j.isdigit())]
    return list(sums.sortierte_jahre(dict.fromkeys(folge, 0)))


def _stuecke(zeile: Mapping[str, int], groesste: int) -> tuple[Stueck, ...]:
    """From the top down: the empty room, then the givers; the town's own money stands on the axis."""
    teile = [Stueck(f"g-{g}", round(100 * b / groesste, 2)) for g in reversed(REIHE) if (b := zeile.get(g, 0)) > 0]
    frei = round(100 - sum(t.hoehe for t in teile), 2)
    return (*((Stueck("", frei),) if frei > 0 else ()), *teile)


def _betrag(cent: int, *, tausend: bool, immer_cent: bool) -> str:
    if not cent:
        return STRICH
    if not tausend:
        return labels.euro(cent, immer_cent=immer_cent).removesuffix(f"{NB}€")
    gerundet = (abs(cent) * 2 + 100_000) // 200_000 * (1 if cent > 0 else -1)
    return labels.zahl(gerundet) if gerundet else f"unter{NB}1"


def _satz(jahre: Mapping[str, Mapping[str, int]], summen: Mapping[str, int], kommune: str) -> str:
    teuer = min((j for j in summen if j.isdigit()), key=lambda j: (-summen[j], j))
    satz = f"Das teuerste Jahr ist {teuer} mit {mio(summen[teuer])}"
    if sum(summen[j] == summen[teuer] for j in summen if j.isdigit()) > 1:
        satz = f"Kein Jahr ist teurer als {teuer} mit {mio(summen[teuer])}"
    if (eigen := jahre[teuer].get("kommune", 0)) > 0:
        wer = f"die {kommune}" if kommune.startswith(("Stadt", "Gemeinde")) else kommune
        satz += f"; {mio(eigen)} davon trägt {wer}"
    if (offen := summen.get(sums.OFFEN, 0)) > 0:
        satz += f". Für {mio(offen)} steht noch kein Jahr fest"
    return satz + "."


def _note(*, tausend: bool, gerechnet: bool, abgesetzt: bool) -> str:
    teile = ["Gerundet; gerechnet wird mit den genauen Beträgen."] if tausend else []
    teile += (
        ["Wo die Achse unterbrochen ist, stehen Beträge, die zu keinem einzelnen Jahr gehören."] if abgesetzt else []
    )
    teile += ["Wo ein Jahr nicht nach Geldgebern belegt ist, sind die Anteile gerechnet."] if gerechnet else []
    return " ".join(teile)
