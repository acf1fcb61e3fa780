"""One Fassung of one concept as a whole: the root of the model, its objects and their printed numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Annotated, Literal, TypeVar

from pydantic import BeforeValidator

from ihk.model.bestandteile import (
    Aenderung,
    Analyse,
    Ausnahme,
    Beschlussvorlage,
    Beteiligung,
    Bild,
    Erwartet,
    Fassung,
    Handlungsfeld,
    Indikator,
    Kapitel,
    Konzept,
    Ordnungsobjekt,
    Organisation,
    Quelle,
    Querschnittsaufgabe,
    Schwellen,
    Verstetigung,
    Ziel,
)
from ihk.model.massnahme import Massnahme
from ihk.model.types import Formatnummer, MitKennung, Satz, Vergleich, Verweise, liste, saetze_oder_texte

Objektart = Literal[
    "ziel", "teilziel", "handlungsfeld", "querschnittsaufgabe", "massnahme", "indikator", "kapitel", "bild", "quelle"
]
# Ids of these kinds live for ever: continued, ended with a reason, or kept as a tombstone.
DAUERHAFT: tuple[Objektart, ...] = (
    "ziel",
    "teilziel",
    "handlungsfeld",
    "querschnittsaufgabe",
    "massnahme",
    "indikator",
)
_EIGEN = "Objekte mit eigener Kennung werden einzeln verglichen"

Loc = tuple[str | int, ...]
Gezaehlt = TypeVar("Gezaehlt", bound=Ordnungsobjekt)


class Konzeptfassung(Satz):
    """A complete concept, never a delta, so that any two can be compared."""

    format: Formatnummer
    konzept: Konzept
    fassung: Fassung
    kapitel: Annotated[tuple[Kapitel, ...], BeforeValidator(liste), Vergleich("ohne", grund=_EIGEN)] = ()
    bilder: Annotated[tuple[Bild, ...], BeforeValidator(liste), Vergleich("ohne", grund=_EIGEN)] = ()
    analyse: Analyse | None = None
    ziele: Annotated[tuple[Ziel, ...], BeforeValidator(liste), Vergleich("ohne", grund=_EIGEN)] = ()
    handlungsfelder: Annotated[tuple[Handlungsfeld, ...], BeforeValidator(liste), Vergleich("ohne", grund=_EIGEN)] = ()
    querschnittsaufgaben: Annotated[
        tuple[Querschnittsaufgabe, ...], BeforeValidator(liste), Vergleich("ohne", grund=_EIGEN)
    ] = ()
    massnahmen: Annotated[tuple[Massnahme, ...], BeforeValidator(liste), Vergleich("ohne", grund=_EIGEN)] = ()
    indikatoren: Annotated[tuple[Indikator, ...], BeforeValidator(liste), Vergleich("ohne", grund=_EIGEN)] = ()
    beteiligung: Annotated[tuple[Beteiligung, ...], BeforeValidator(saetze_oder_texte), Vergleich("liste")] = ()
    organisation: Annotated[tuple[Organisation, ...], BeforeValidator(saetze_oder_texte), Vergleich("liste")] = ()
    verstetigung: Annotated[tuple[Verstetigung, ...], BeforeValidator(liste), Vergleich("liste")] = ()
    beschlussvorlage: Annotated[
        Beschlussvorlage | None, Vergleich("ohne", grund="Papier zur Beratung dieser Fassung, kein Teil des Konzepts")
    ] = None
    erwartet: Annotated[Erwartet | None, Vergleich("ohne", grund="Probe der Summen, kein Inhalt")] = None
    ausnahmen: Annotated[
        tuple[Ausnahme, ...], BeforeValidator(liste), Vergleich("ohne", grund="Betrifft die Prüfung, nicht den Inhalt")
    ] = ()
    quellen: Annotated[tuple[Quelle, ...], BeforeValidator(liste), Vergleich("ohne", grund=_EIGEN)] = ()
    aenderungen: Annotated[
        tuple[Aenderung, ...],
        BeforeValidator(liste),
        Vergleich("ohne", grund="Gründe der Änderungen zu dieser Fassung"),
    ] = ()
    vergleich: Annotated[
        Schwellen | None, Vergleich("ohne", grund="Maßstab des Vergleichs; der Änderungssatz nennt ihn selbst")
    ] = None
    reihenfolge: Annotated[Verweise, Vergleich("ohne", grund="Wirkt über die Reihenfolge der Maßnahmen")] = ()

    @property
    def name(self) -> str:
        """``KONZEPT@FASSUNG``."""
        return f"{self.konzept.id}@{self.fassung.id}"

    @property
    def beilagen(self) -> tuple[str, ...]:
        """Names of the files beside the concept that belong to it: pictures, the boundary of the area, the typeface."""
        grenze = self.konzept.gebiet.grenze if self.konzept.gebiet else None
        schriften = self.konzept.schriften.dateien.values() if self.konzept.schriften else ()
        return tuple(dict.fromkeys([*(b.datei for b in self.bilder), *([grenze] if grenze else []), *schriften]))

    def objekte(self) -> Iterator[tuple[Objektart, MitKennung, Loc]]:
        """Every object with an id of its own, with its kind and its path in the file, in file order by kind."""
        for i, ziel in enumerate(self.ziele):
            yield "ziel", ziel, ("ziele", i)
            for k, teilziel in enumerate(ziel.teilziele):
                yield "teilziel", teilziel, ("ziele", i, "teilziele", k)
        listen: tuple[tuple[Objektart, str, tuple[MitKennung, ...]], ...] = (
            ("handlungsfeld", "handlungsfelder", self.handlungsfelder),
            ("querschnittsaufgabe", "querschnittsaufgaben", self.querschnittsaufgaben),
            ("massnahme", "massnahmen", self.massnahmen),
            ("indikator", "indikatoren", self.indikatoren),
            ("kapitel", "kapitel", self.kapitel),
            ("bild", "bilder", self.bilder),
            ("quelle", "quellen", self.quellen),
        )
        for art, feld, eintraege in listen:
            for i, eintrag in enumerate(eintraege):
                yield art, eintrag, (feld, i)

    @cached_property
    def nach_id(self) -> dict[str, MitKennung]:
        """Objects by id; of a doubled id the first."""
        ergebnis: dict[str, MitKennung] = {}
        for _, objekt, _ in self.objekte():
            ergebnis.setdefault(objekt.id, objekt)
        return ergebnis

    @cached_property
    def nummern(self) -> dict[str, str]:
        """Printed numbers by id: as written, else Handlungsfeld . running number (or by the place it stands under).

        A tombstone with a ``nummer`` keeps its place in the count, so that what follows keeps its number.
        """
        nummern: dict[str, str] = {}
        for z, ziel in enumerate(_gezaehlt(self.ziele), 1):
            nummern[ziel.id] = ziel.nummer or f"{z}"
            for t, teilziel in enumerate(_gezaehlt(ziel.teilziele), 1):
                nummern[teilziel.id] = teilziel.nummer or f"{nummern[ziel.id]}.{t}"
        for h, feld in enumerate(_gezaehlt(self.handlungsfelder), 1):
            nummern[feld.id] = feld.nummer or (_buchstabe(h) if self.konzept.nummerierung == "buchstabe" else f"{h}")
        for q, aufgabe in enumerate(_gezaehlt(self.querschnittsaufgaben), 1):
            nummern[aufgabe.id] = aufgabe.nummer or f"Q{q}"
        vergeben = {m.nummer for m in self.massnahmen if m.nummer}
        laufend: dict[str, int] = {}
        for massnahme in self.massnahmen:
            if massnahme.nummer:
                nummern[massnahme.id] = massnahme.nummer
            elif not massnahme.grabstein and self.konzept.nummerierung != "keine":
                vor = "" if self.konzept.nummerierung == "laufend" else nummern.get(massnahme.ort or "", "")
                while True:
                    laufend[vor] = laufend.get(vor, 0) + 1
                    nummer = self._nummer(vor, laufend[vor])
                    if nummer not in vergeben:
                        break
                nummern[massnahme.id] = nummer
        return nummern

    def _nummer(self, vor: str, laufend: int) -> str:
        """``1.3``; with letters ``A3``, because a letter needs no full stop behind it."""
        return f"{vor}{'' if vor[-1:].isalpha() else '.'}{laufend}" if vor else f"{laufend}"


def _gezaehlt(objekte: Iterable[Gezaehlt]) -> Iterator[Gezaehlt]:
    return (o for o in objekte if o.beendet_in is None or o.nummer)


def _buchstabe(zahl: int) -> str:
    """A to Z, then AA, AB, …"""
    text = ""
    while zahl:
        zahl, rest = divmod(zahl - 1, 26)
        text = chr(65 + rest) + text
    return text
