"""What is compared: the objects and sections of one Fassung, each with its place, its values read only when needed."""

from __future__ import annotations

import typing
from collections import Counter
from decimal import Decimal
from functools import cache
from typing import Any

from ihk import labels
from ihk.diff.changeset import Lage
from ihk.diff.fields import Wert, daten, flach, flach_aus_daten, kerntyp
from ihk.model import Konzeptfassung, Loc, Massnahme
from ihk.model.bestandteile import Teilziel
from ihk.model.types import MitKennung, Satz

Schluessel = tuple[str, str]
"""Kind and id; an id that changes its kind is another object."""
ABSCHNITTE = (("beteiligung", "Beteiligung"), ("organisation", "Organisation"), ("verstetigung", "Verstetigung"))


class Ding:
    """One compared thing of one side: an object with an id, or a section such as ``konzept.gebiet``."""

    __slots__ = ("_felder", "_ohne", "art", "id", "lage", "loc", "satz", "titel")

    def __init__(
        self,
        art: str,
        kennung: str,
        titel: str,
        satz: Satz | None,
        loc: Loc,
        *,
        lage: Lage | None = None,
        ohne: tuple[str, ...] = (),
        felder: dict[str, Wert] | None = None,
    ) -> None:
        self.art, self.id, self.titel, self.satz, self.loc, self.lage = art, kennung, titel, satz, loc, lage
        self._ohne, self._felder = ohne, felder

    @property
    def schluessel(self) -> Schluessel:
        return self.art, self.id

    @property
    def felder(self) -> dict[str, Wert]:
        """Every compared value by its path; for things that are on one side only."""
        if self._felder is None:
            assert self.satz is not None
            self._felder = flach(self.satz, ohne=self._ohne)
        return self._felder

    def ausgewaehlt(self, namen: set[str]) -> dict[str, Wert]:
        """The values of some fields of the record only."""
        assert self.satz is not None
        inhalt = self.satz.model_dump(mode="json", exclude_defaults=True, include=namen)
        return flach_aus_daten(type(self.satz), inhalt, self._ohne)

    @property
    def inhalt(self) -> dict[str, Any]:
        """The whole object in the form of ``daten.json``; sub-goals have entries of their own."""
        assert self.satz is not None
        inhalt = daten(self.satz)
        if self.art == "ziel":
            inhalt.pop("teilziele", None)
        return inhalt


def dinge(k: Konzeptfassung) -> dict[Schluessel, Ding]:
    """All compared things of a Fassung in document order. Of a doubled id only the first counts (the checks report it)."""
    ergebnis: list[Ding] = [
        Ding("fassung", "fassung", k.fassung.titel or k.fassung.id, k.fassung, ("fassung",)),
        Ding("konzept", "konzept", k.konzept.titel, k.konzept, ("konzept",), ohne=("gebiet",)),
    ]
    # A section that says nothing is no section: neither its coming nor its going changes anything.
    if k.konzept.gebiet is not None and daten(k.konzept.gebiet):
        gebiet = k.konzept.gebiet
        ergebnis.append(Ding("gebiet", "konzept.gebiet", gebiet.name or "Gebiet", gebiet, ("konzept", "gebiet")))
    if k.analyse is not None and daten(k.analyse):
        ergebnis.append(Ding("analyse", "analyse", "Stärken, Schwächen, Chancen, Risiken", k.analyse, ("analyse",)))
    eigene = {*(art for art, _ in ABSCHNITTE), "belege", "unbekannt"}
    wurzel = flach_aus_daten(
        Konzeptfassung, k.model_dump(mode="json", exclude_defaults=True, include=eigene), ohne=("konzept", "fassung")
    )
    for art, titel in ABSCHNITTE:
        if art in wurzel:
            ergebnis.append(Ding(art, art, titel, None, (art,), felder={art: wurzel[art]}))
    rest = {p: w for p, w in wurzel.items() if p.split(".")[0] in ("belege", "unbekannt")}
    if rest:
        ergebnis.append(Ding("konzept", "gesamt", "Konzept insgesamt", None, (), felder=rest))
    stellen: Counter[tuple[str, ...]] = Counter()
    ziel_von = {t.id: z.id for z in reversed(k.ziele) for t in reversed(z.teilziele)}
    for art, objekt, loc in k.objekte():
        pfad = _platz(k, objekt, loc, ziel_von)
        kennung = objekt.id
        stellen[(art, *pfad)] += 1
        lage = Lage(pfad, stellen[(art, *pfad)], k.nummern.get(kennung))
        titel = getattr(objekt, "titel", None) or (
            labels.KAPITEL.get(kennung, kennung) if art == "kapitel" else kennung
        )
        ergebnis.append(Ding(art, kennung, titel, objekt, loc, lage=lage, ohne=("id",)))
    nach_schluessel: dict[Schluessel, Ding] = {}
    for ding in ergebnis:
        nach_schluessel.setdefault(ding.schluessel, ding)
    return nach_schluessel


def _platz(k: Konzeptfassung, objekt: MitKennung, loc: Loc, ziel_von: dict[str, str]) -> tuple[str, ...]:
    """Ids from the top down to the parent."""
    if isinstance(objekt, Massnahme):
        ort = objekt.ort
        if ort is None:
            return ()
        ziel = ziel_von.get(ort)
        return (ziel, ort) if ziel else (ort,)
    if isinstance(objekt, Teilziel):
        return (k.ziele[int(loc[1])].id,)
    return ()


def unterschiede(a: Ding | None, n: Ding | None) -> tuple[dict[str, Wert], dict[str, Wert]]:
    """The values of those fields of two things that are not equal; of most pairs that is nothing.

    Decimal numbers are equal to each other in several spellings (12,5 and 12,50); those are looked at again.
    """
    if a is None or n is None or a.satz is None or n.satz is None:
        return (a.felder if a else {}), (n.felder if n else {})
    links, rechts = a.satz.__dict__, n.satz.__dict__
    if links == rechts and not dezimalfelder(type(a.satz)):
        return {}, {}
    namen = {name for name, wert in links.items() if wert != rechts[name]}
    namen |= {name for name in dezimalfelder(type(a.satz)) if repr(links[name]) != repr(rechts[name])}
    if not namen:
        return {}, {}
    return a.ausgewaehlt(namen), n.ausgewaehlt(namen)


@cache
def dezimalfelder(klasse: type[Satz]) -> tuple[str, ...]:
    """The fields of a record that hold decimal numbers, themselves or in a record inside."""
    return tuple(name for name, info in klasse.model_fields.items() if _dezimal(info.annotation))


def _dezimal(typ: Any) -> bool:
    typ = kerntyp(typ)
    if isinstance(typ, type) and issubclass(typ, Satz):
        return bool(dezimalfelder(typ))
    return typ is Decimal or any(_dezimal(t) for t in typing.get_args(typ))


LISTEN = (
    "ziele",
    "handlungsfelder",
    "querschnittsaufgaben",
    "massnahmen",
    "indikatoren",
    "kapitel",
    "bilder",
    "quellen",
)


def listen(k: Konzeptfassung) -> dict[str, tuple[str, ...]]:
    """Ids of every list of objects in file order; the sub-goals of a goal under its id."""
    ergebnis = {name: tuple(dict.fromkeys(o.id for o in getattr(k, name))) for name in LISTEN}
    for ziel in k.ziele:
        if ziel.teilziele:
            ergebnis[ziel.id] = tuple(dict.fromkeys(t.id for t in ziel.teilziele))
    return {name: ids for name, ids in ergebnis.items() if ids}
