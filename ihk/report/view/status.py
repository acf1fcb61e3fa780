"""The view of the worklist page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ihk import labels
from ihk.faellig import ARTEN, Arbeitsliste
from ihk.report.palette import Palette, palette


@dataclass(frozen=True, slots=True)
class Aufgabe:
    """One item: about what, what is the matter, what to write, where. ``id`` is unique on the page."""

    id: str
    wer: str
    satz: str
    hinweis: str
    stelle: str


@dataclass(frozen=True, slots=True)
class Gruppe:
    titel: str
    anzahl: str
    aufgaben: tuple[Aufgabe, ...]


@dataclass(frozen=True, slots=True)
class Liste:
    """The worklist of one Fassung. ``farbe`` of the concept is not used: several concepts share the page."""

    id: str
    titel: str
    fassung: str
    satz: str
    gruppen: tuple[Gruppe, ...]


@dataclass(frozen=True, slots=True)
class Statusseite:
    satz: str
    listen: tuple[Liste, ...]
    hell: Palette = field(default_factory=lambda: palette(None))
    dunkel: Palette = field(default_factory=lambda: palette(None, dunkel=True))


def status_view(listen: Iterable[Arbeitsliste]) -> Statusseite:
    """All lists in the order given."""
    fertig = tuple(_liste(nr, liste) for nr, liste in enumerate(listen, 1))
    return Statusseite(_anzahl(sum(len(g.aufgaben) for x in fertig for g in x.gruppen)), fertig)


def _liste(nr: int, liste: Arbeitsliste) -> Liste:
    gruppen = tuple(
        Gruppe(
            wort,
            str(len(teil)),
            tuple(
                Aufgabe(f"p{nr}-{list(ARTEN).index(art)}-{i}", p.wer, p.satz, p.hinweis, str(p.ort))
                for i, p in enumerate(teil, 1)
            ),
        )
        for art, wort, teil in liste.gruppen()
    )
    tag = (
        f"Stichtag {labels.tag(liste.stichtag)}."
        if liste.stichtag
        else "Ohne Stichtag: Die Fassung nennt keinen Stand; was überfällig ist, lässt sich nicht sagen."
    )
    return Liste(f"liste-{nr}", liste.titel, liste.fassung, f"{_anzahl(len(liste.posten))} {tag}", gruppen)


def _anzahl(n: int) -> str:
    return "Es ist nichts zu tun." if not n else "1 Punkt ist zu tun." if n == 1 else f"{n} Punkte sind zu tun."
