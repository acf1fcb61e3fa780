"""Three states of one record become decisions, field by field: what to take from which side, and where both disagree.

Works on values in the form of ``daten.json`` without defaults; knows no text. Objects are followed by their id, entries
of lists by the fields that name them, everything else by its place between equal neighbours.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache
from itertools import pairwise
from typing import Any, Literal

from ihk.diff.fields import felder
from ihk.diff.order import laengste_folge
from ihk.model.types import Satz

Seite = Literal["unsere", "ihre"]
Art = Literal["unsere", "ihre", "felder", "liste", "text", "konflikt"]
Grund = Literal["beide_geaendert", "entfernt_und_geaendert", "zweimal_neu", "reihenfolge"]
Pfad = tuple[str, ...]
Tripel = tuple[int | None, int | None, int | None]
"""Where one entry of a list stands in basis, ours and theirs."""


class _Fehlt:
    """Not there; None would be a value."""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "FEHLT"


FEHLT: Any = _Fehlt()


@dataclass(frozen=True, slots=True)
class Glied:
    """One entry of a merged list: where it stands in each state (None if it is not there), and what becomes of it."""

    b: int | None
    o: int | None
    t: int | None
    wahl: Wahl


@dataclass(frozen=True, slots=True)
class Wahl:
    """What becomes of one value; ``basis``, ``unsere`` and ``ihre`` are the three states, ``FEHLT`` where it is absent."""

    art: Art
    pfad: Pfad
    basis: Any
    unsere: Any
    ihre: Any
    felder: dict[str, Wahl] | None = None
    glieder: tuple[Glied, ...] = ()
    ihre_folge: tuple[int, ...] | None = None
    """Of a list that both sides ordered differently: its entries in the other order. A conflict."""
    text: str = ""
    """Prose in which the sides changed different paragraphs."""

    @property
    def grund(self) -> Grund:
        """Why this is a conflict."""
        if self.ihre_folge is not None:
            return "reihenfolge"
        if self.unsere is FEHLT or self.ihre is FEHLT:
            return "entfernt_und_geaendert"
        return "zweimal_neu" if self.basis is FEHLT else "beide_geaendert"

    def konflikte(self) -> Iterator[Wahl]:
        """Every disagreement inside, in the order of the file."""
        if self.art == "konflikt" or self.ihre_folge is not None:
            yield self
        for kind in self.kinder():
            yield from kind.konflikte()

    def kinder(self) -> Iterator[Wahl]:
        yield from (self.felder or {}).values()
        yield from (g.wahl for g in self.glieder)

    def als(self, art: Art) -> Wahl:
        """The same place decided as a whole."""
        return replace(self, art=art, felder=None, glieder=(), ihre_folge=None, text="")


def ergebnis(wahl: Wahl, seite: Seite) -> Any:
    """The merged value if every conflict is settled for one side; ``FEHLT`` if nothing remains."""
    match wahl.art:
        case "unsere":
            return wahl.unsere
        case "ihre":
            return wahl.ihre
        case "konflikt":
            return wahl.unsere if seite == "unsere" else wahl.ihre
        case "text":
            return wahl.text
        case "felder":
            werte = {name: ergebnis(kind, seite) for name, kind in (wahl.felder or {}).items()}
            return {name: wert for name, wert in werte.items() if wert is not FEHLT}
        case "liste":
            werte_liste = [ergebnis(g.wahl, seite) for g in geordnet(wahl, seite)]
            return [wert for wert in werte_liste if wert is not FEHLT] or FEHLT


def geordnet(wahl: Wahl, seite: Seite) -> Sequence[Glied]:
    if seite == "ihre" and wahl.ihre_folge is not None:
        return [wahl.glieder[n] for n in wahl.ihre_folge]
    return wahl.glieder


def entscheide(basis: Any, unsere: Any, ihre: Any, pfad: Pfad = ()) -> Wahl:
    """The decisions for one value. Equal states are followed inside too, so that comments find their place."""

    def leer(art: Art) -> Wahl:
        return Wahl(art, pfad, basis, unsere, ihre)

    if isinstance(unsere, dict) and isinstance(ihre, dict) and isinstance(basis, dict | _Fehlt):
        return _felder(basis, unsere, ihre, pfad)
    if pfad and pfad[-1] not in _atomar() and all(isinstance(x, list | _Fehlt) for x in (basis, unsere, ihre)):
        liste = _liste(basis or [], unsere or [], ihre or [], pfad)
        if liste is not None:
            return replace(liste, basis=basis, unsere=unsere, ihre=ihre)
    if ihre in (unsere, basis):
        return leer("unsere")
    if unsere == basis:
        return leer("ihre")
    if isinstance(basis, str) and isinstance(unsere, str) and isinstance(ihre, str):
        text = absaetze(basis, unsere, ihre)
        if text is not None:
            return replace(leer("text"), text=text)
    return leer("konflikt")


def _felder(basis: Any, unsere: dict[str, Any], ihre: dict[str, Any], pfad: Pfad) -> Wahl:
    davor = basis or {}
    kinder = {
        name: entscheide(davor.get(name, FEHLT), unsere.get(name, FEHLT), ihre.get(name, FEHLT), (*pfad, name))
        for name in dict.fromkeys((*unsere, *ihre, *davor))
    }
    return Wahl("felder", pfad, basis, unsere, ihre, kinder)


# --------------------------------------------------------------------------- prose


def absaetze(basis: str, unsere: str, ihre: str) -> str | None:
    """Prose in which the sides changed paragraphs that do not touch; None if that is not certain."""
    b, o, t = (x.split("\n\n") for x in (basis, unsere, ihre))
    if any(len(set(x)) != len(x) for x in (b, o, t)):
        return None  # of two equal paragraphs nobody can tell which one was changed
    fertig: list[str] = []
    for stueck_b, stueck_o, stueck_t in _abschnitte(b, o, t):
        if stueck_b == stueck_t:
            fertig += stueck_o
        elif stueck_b == stueck_o:
            fertig += stueck_t
        else:
            return None
    # A paragraph that one side moved or took over would now stand twice.
    return "\n\n".join(fertig) if fertig and len(set(fertig)) == len(fertig) else None


def _abschnitte(b: list[Any], o: list[Any], t: list[Any]) -> Iterator[tuple[list[Any], list[Any], list[Any]]]:
    """Cuts three lists at every entry that all of them share; between the cuts are what at least one side changed."""
    zu_o = _gleiche(b, o)
    zu_t = _gleiche(b, t)
    vorher = (-1, -1, -1)
    schnitte = [(i, zu_o[i], zu_t[i]) for i in range(len(b)) if i in zu_o and i in zu_t]
    for schnitt in [*schnitte, (len(b), len(o), len(t))]:
        zwischen = tuple(x[v + 1 : n] for x, v, n in zip((b, o, t), vorher, schnitt, strict=True))
        if any(zwischen):
            yield zwischen[0], zwischen[1], zwischen[2]
        if schnitt[0] < len(b):
            yield [b[schnitt[0]]], [o[schnitt[1]]], [t[schnitt[2]]]
        vorher = schnitt


def _gleiche(a: list[Any], n: list[Any]) -> dict[int, int]:
    """Places of the one list → places of equal entries in the other, in order."""
    texte = [[json.dumps(x, sort_keys=True) for x in liste] for liste in (a, n)]
    bloecke = SequenceMatcher(None, texte[0], texte[1], autojunk=False).get_matching_blocks()
    return {von + k: nach + k for von, nach, laenge in bloecke for k in range(laenge)}


# --------------------------------------------------------------------------- lists


@cache
def _namen() -> dict[str, tuple[str, ...]]:
    """Lists whose entries are told apart by fields: name of the list → those fields."""
    namen: dict[str, tuple[str, ...]] = {"aenderungen": ("objekt",)}
    for klasse in _klassen(Satz):
        for feld in felder(klasse):
            if feld.form == "benannte" and feld.klasse is not None:
                namen[feld.name] = feld.klasse.SCHLUESSEL
    return namen


@cache
def _atomar() -> frozenset[str]:
    """Lists that are one value, such as a pair of coordinates."""
    return frozenset(f.name for klasse in _klassen(Satz) for f in felder(klasse) if f.vergleich.art == "punkt")


def _klassen(klasse: type[Satz]) -> Iterator[type[Satz]]:
    for kind in klasse.__subclasses__():
        yield kind
        yield from _klassen(kind)


def _schluessel(name: str, listen: tuple[list[Any], list[Any], list[Any]]) -> list[list[Hashable]] | None:
    """What tells the entries apart in all three states; None if nothing does."""
    alle = [x for liste in listen for x in liste]
    if all(isinstance(x, dict) and "id" in x for x in alle):
        werte: list[list[Hashable]] = [[x["id"] for x in liste] for liste in listen]
    elif all(isinstance(x, dict) for x in alle) and name in _namen():
        werte = [[tuple(str(x.get(f, "")) for f in _namen()[name]) for x in liste] for liste in listen]
    elif not any(isinstance(x, dict | list) for x in alle):
        werte = [list(liste) for liste in listen]
    else:
        return None
    return werte if all(len(set(w)) == len(w) for w in werte) else None


def _liste(b: list[Any], o: list[Any], t: list[Any], pfad: Pfad) -> Wahl | None:
    schluessel = _schluessel(pfad[-1], (b, o, t))
    if schluessel is None:
        return _nach_platz(b, o, t, pfad)
    kb, ko, kt = schluessel
    einfach = not any(isinstance(x, dict) for x in (*b, *o, *t))
    if einfach and _ersetzt_sich(kb, ko, kt):
        return None
    stellen = [{k: i for i, k in enumerate(liste)} for liste in (kb, ko, kt)]
    glieder: dict[Hashable, Glied] = {}
    for k in dict.fromkeys((*ko, *kt, *kb)):
        i, j, n = (s.get(k) for s in stellen)
        glieder[k] = _glied((b, o, t), (i, j, n), (*pfad, _name(k)))
    bleiben = {k for k, g in glieder.items() if not _weg(g)}
    folge, andere = _folge(kb, ko, kt, bleiben, streng=einfach)
    if andere is None:
        return Wahl("liste", pfad, b, o, t, None, tuple(glieder[k] for k in folge))
    if einfach:
        return None
    nummer = {k: n for n, k in enumerate(folge)}
    ihre_folge = tuple(nummer[k] for k in andere)
    return Wahl("liste", pfad, b, o, t, None, tuple(glieder[k] for k in folge), ihre_folge)


def _glied(listen: tuple[list[Any], list[Any], list[Any]], stellen: Tripel, pfad: Pfad) -> Glied:
    b, o, t = (liste[n] if n is not None else FEHLT for liste, n in zip(listen, stellen, strict=True))
    if b is FEHLT and isinstance(o, dict) and isinstance(t, dict) and o != t:
        # Two new objects under one id are two objects: mixing their fields would make a third that nobody meant.
        return Glied(*stellen, Wahl("konflikt", pfad, b, o, t))
    return Glied(*stellen, entscheide(b, o, t, pfad))


def _name(k: Hashable) -> str:
    return ", ".join(x for x in k if x not in ("", "False")) if isinstance(k, tuple) else str(k)


def _weg(glied: Glied) -> bool:
    """Is this entry gone whichever way conflicts are settled?"""
    return glied.wahl.art != "konflikt" and ergebnis(glied.wahl, "unsere") is FEHLT


def _ersetzt_sich(b: list[Hashable], o: list[Hashable], t: list[Hashable]) -> bool:
    """Did both sides replace the same plain entry, each by its own? Taking both in would hide the disagreement."""
    beide_weg = set(b) - set(o) - set(t)
    return bool(beide_weg and set(o) - set(b) - set(t) and set(t) - set(b) - set(o))


def _folge(
    b: list[Hashable], o: list[Hashable], t: list[Hashable], bleiben: set[Hashable], *, streng: bool
) -> tuple[list[Hashable], list[Hashable] | None]:
    """The merged order; with a second one if the sides disagree. Additions stand behind their neighbour of that side."""
    alle = bleiben & set(b) & set(o) & set(t)
    vor, eigene, andere = ([k for k in liste if k in alle] for liste in (b, o, t))
    if eigene in (vor, andere) or andere == vor:
        if eigene == vor != andere:
            return eingefuegt(t, o, bleiben), None
        return eingefuegt(o, t, bleiben), None
    rang = {k: i for i, k in enumerate(vor)}
    fest = [laengste_folge([rang[k] for k in liste]) for liste in (eigene, andere)]
    verschoben = [
        {k for i, k in enumerate(liste) if i not in f} for liste, f in zip((eigene, andere), fest, strict=True)
    ]
    unsere = eingefuegt(o, t, bleiben)
    if streng or verschoben[0] & verschoben[1]:
        return unsere, eingefuegt(t, o, bleiben)
    for davor, k in pairwise([None, *andere]):
        if k in verschoben[1]:
            unsere.remove(k)
            unsere.insert(0 if davor is None else unsere.index(davor) + 1, k)
    return unsere, None


def eingefuegt(grund: list[Hashable], dazu: list[Hashable], bleiben: set[Hashable]) -> list[Hashable]:
    """The order of one side with what only the other side has."""
    folge = [k for k in grund if k in bleiben]
    da = set(folge)
    eigene = da - set(dazu)
    davor: Hashable | None = None
    for k in (k for k in dazu if k in bleiben):
        if k not in da:
            stelle = 0 if davor is None else folge.index(davor) + 1
            while davor is not None and stelle < len(folge) and folge[stelle] in eigene:
                stelle += 1
            folge.insert(stelle, k)
            da.add(k)
        davor = k
    return folge


def _nach_platz(b: list[Any], o: list[Any], t: list[Any], pfad: Pfad) -> Wahl | None:
    """A list whose entries nothing tells apart: merged where the sides changed different stretches; None if they did not."""
    zu_o, zu_t = _gleiche(b, o), _gleiche(b, t)
    schnitte = [(i, zu_o[i], zu_t[i]) for i in range(len(b)) if i in zu_o and i in zu_t]
    tripel: list[Tripel] = []
    vorher = (-1, -1, -1)
    for schnitt in [*schnitte, (len(b), len(o), len(t))]:
        rb, ro, rt = (list(range(v + 1, n)) for v, n in zip(vorher, schnitt, strict=True))
        zwischen = _strecke(b, o, t, rb, ro, rt)
        if zwischen is None:
            return None
        tripel += [*zwischen, *([schnitt] if schnitt[0] < len(b) else [])]
        vorher = schnitt
    glieder = [
        _glied((b, o, t), (i, j, n), (*pfad, str(1 + next(x for x in (j, n, i) if x is not None))))
        for i, j, n in tripel
    ]
    return Wahl("liste", pfad, b, o, t, None, tuple(g for g in glieder if not _weg(g)))


def _strecke(
    b: list[Any], o: list[Any], t: list[Any], rb: list[int], ro: list[int], rt: list[int]
) -> list[Tripel] | None:
    """The entries of a stretch between two that all share; None if both sides changed it and nothing pairs up."""
    if len(rb) == len(ro) == len(rt):
        return list(zip(rb, ro, rt, strict=True))
    werte_b, werte_o, werte_t = [b[i] for i in rb], [o[j] for j in ro], [t[n] for n in rt]
    if werte_b == werte_t:  # only ours changed it, and in length
        return [*((None, j, None) for j in ro), *((i, None, n) for i, n in zip(rb, rt, strict=True))]
    if werte_b == werte_o:
        return [*((None, None, n) for n in rt), *((i, j, None) for i, j in zip(rb, ro, strict=True))]
    laenge = len(rb)
    if min(len(ro), len(rt)) < laenge or any(werte_b[k] not in (werte_o[k], werte_t[k]) for k in range(laenge)):
        return None
    # Changed in front by at most one side, and added behind.
    paare: list[Tripel] = list(zip(rb, ro[:laenge], rt[:laenge], strict=True))
    neue = {j: next((n for n in rt[laenge:] if t[n] == o[j]), None) for j in ro[laenge:]}
    paare += [(None, j, n) for j, n in neue.items()]
    return paare + [(None, None, n) for n in rt[laenge:] if n not in neue.values() and t[n] not in werte_o[laenge:]]
