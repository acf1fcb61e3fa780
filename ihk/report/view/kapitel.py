"""The chapters of a report: what fills which standard chapter, and where the others go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ihk.problems import IhkError
from ihk.report.view.grund import Kontext, Link, Textblock
from ihk.report.view.namen import STANDARD, TITEL, WEITERE, kapitel_titel, mit_worten

_Platz = tuple[str, str, str, tuple[str, ...]]
"""Section id, art, title, ids of its prose."""
_OHNE_NUMMER = {
    "uebersicht",
    "pruefstand",
    "kurz",
    "stand",
    "vorlage",
    "vorwort",
    "blick",
    "aenderungen",
    "luecken",
    "quellen",
    "abkuerzungen",
}


@dataclass(frozen=True, slots=True)
class Abschnitt:
    """A chapter: prose, then what the data adds. ``art`` names the macro that prints ``inhalt``."""

    id: str
    art: str
    nummer: str
    titel: str
    satz: str
    prosa: tuple[Textblock, ...]
    inhalt: Any
    klasse: str

    @property
    def ueberschrift(self) -> str:
        return f"{self.nummer} {self.titel}" if self.nummer else self.titel


@dataclass(frozen=True, slots=True)
class Inhalt:
    """What the data adds to a standard chapter; ``satz`` is the sentence on top that says the result."""

    daten: Any
    satz: str = ""
    klasse: str = ""


def abschnitte(
    kontext: Kontext, inhalte: dict[str, Inhalt], auswahl: tuple[str, ...] = (), *, nummeriert: bool = True
) -> tuple[Abschnitt, ...]:
    """All chapters that have content, in order and numbered; or only those that a report asks for, in its order."""
    if auswahl:
        return _nummeriert(kontext, _ausgewaehlt(kontext, inhalte, auswahl), inhalte, zaehlen=nummeriert)
    kapitel = {k.id: k for k in kontext.k.kapitel if k.text is not None or k.unbekannt}
    standard = {pid: art for art, _, ids in STANDARD for pid in ids}
    folge: list[_Platz] = []
    for art, titel, ids in STANDARD:
        belegt = tuple(i for i in ids if i in kapitel)
        if belegt or art in inhalte:
            folge.append((f"teil-{art}", art, _titel(kontext, mit_worten(titel, kontext.k.konzept), belegt), belegt))
    davor = ""
    letztes: dict[str, str] = {}  # several chapters behind the same one keep their own order
    for k in kontext.k.kapitel:
        if k.id in kapitel and k.id not in standard:
            nach = k.nach if k.nach and (k.nach in kapitel or k.nach in standard) else davor
            folge.insert(
                _stelle(folge, standard, letztes.get(nach, nach)),
                (f"teil-{k.id}", "frei", kapitel_titel(k, kontext.k.konzept), (k.id,)),
            )
            letztes[nach] = k.id
        davor = k.id if k.id in kapitel else davor
    return _nummeriert(kontext, folge, inhalte)


def _ausgewaehlt(kontext: Kontext, inhalte: dict[str, Inhalt], auswahl: tuple[str, ...]) -> list[_Platz]:
    kapitel = {k.id for k in kontext.k.kapitel if k.text is not None or k.unbekannt}
    bekannt = {art: (titel, ids) for art, titel, ids in (*STANDARD, *WEITERE)}
    fremd = [art for art in auswahl if art not in bekannt]
    if fremd:
        raise IhkError(f"Das Kapitel „{fremd[0]}“ gibt es nicht. Möglich: {', '.join(bekannt)}.")
    folge: list[_Platz] = []
    for art in auswahl:
        titel, ids = bekannt[art]
        belegt = tuple(i for i in ids if i in kapitel)
        if belegt or art in inhalte:
            folge.append((f"teil-{art}", art, _titel(kontext, mit_worten(titel, kontext.k.konzept), belegt), belegt))
    return folge


def _nummeriert(
    kontext: Kontext, folge: list[_Platz], inhalte: dict[str, Inhalt], *, zaehlen: bool = True
) -> tuple[Abschnitt, ...]:
    ergebnis, nummer = [], 0
    for kennung, art, titel, ids in folge:
        zaehlt = zaehlen and art not in _OHNE_NUMMER
        nummer += zaehlt
        inhalt = inhalte.get(art, Inhalt(None))
        bloecke = tuple(_prosa(kontext, i, allein=n == 0) for n, i in enumerate(ids))
        ergebnis.append(
            Abschnitt(
                kennung, art, str(nummer) if zaehlt else "", titel, inhalt.satz, bloecke, inhalt.daten, inhalt.klasse
            )
        )
    return tuple(ergebnis)


def _titel(kontext: Kontext, titel: str, belegt: tuple[str, ...]) -> str:
    """The author's title if the first prose of a chapter has one."""
    if not belegt:
        return titel
    eigener = next((k.titel for k in kontext.k.kapitel if k.id == belegt[0]), None)
    return eigener or (TITEL["exit"] if belegt[0] == "exit" else titel)


def _stelle(folge: list[tuple[str, str, str, tuple[str, ...]]], standard: dict[str, str], nach: str) -> int:
    """Behind chapter ``nach``; without one before the annex."""
    for i, (kennung, art, _, ids) in enumerate(folge):
        if nach and (nach in ids or kennung == f"teil-{nach}" or standard.get(nach) == art):
            return i + 1
    return next(
        (i for i, f in enumerate(folge) if f[1] in ("beendet", "luecken", "quellen", "abkuerzungen")), len(folge)
    )


def _prosa(kontext: Kontext, kennung: str, *, allein: bool) -> Textblock:
    k = next(k for k in kontext.k.kapitel if k.id == kennung)
    titel = "" if allein else kapitel_titel(k, kontext.k.konzept)
    html = kontext.prosa(k.text, 3 if allein else 4)
    alle: tuple[Link, ...] = kontext.quellen(k.alle_belege())
    if html is None:
        return Textblock(titel, kontext.zeile("; ".join(k.unbekannt.values())), alle, k.id, unbekannt=True)
    return Textblock(titel, html, alle, k.id)
