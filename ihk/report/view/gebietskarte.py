"""The map of the area: boundary, numbered points of the measures, scale, north, and the table that is its key."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ihk import labels
from ihk.beside import read_beside
from ihk.maps.boundary import MEGABYTE, MIME, Boundary, BoundaryError, read_boundary
from ihk.maps.plane import Metres, Plane, Point, box, far, inside, round_length
from ihk.model import Massnahme
from ihk.model.load import Geladen
from ihk.problems import IhkError
from ihk.reading.files import natural
from ihk.report.palette import colours
from ihk.report.view.grund import (
    NB,
    STRICH,
    Gruppe,
    Kontext,
    Link,
    Spalte,
    Tabelle,
    Zeile,
    Zelle,
    allein,
    anzahl,
    gross,
)

# One unit of the drawing is a CSS pixel on paper: 642 are the 170 mm of the type area, 11.4 are 8.5 points.
BREITE, SCHRIFT = 642, 11.4
NIEDRIG, HOCH = 250, 460
RAND, FUSS = 30, 34
SCHILD = 16
_KNOTEN = 3.2
_ZELLE = 2
_WEITEN = (7, 12, 18, 26, 36, 48, 62, 78, 96, 120, 150, 190)
_RICHTUNGEN = (0, -30, 30, -60, 60, 180, -150, 150, -120, 120, -90, 90)
"""Degrees from the east, upwards negative: a label stands to the right of its point if it can."""


@dataclass(frozen=True, slots=True)
class Schild:
    """A number in its box, and the line from its point to the box."""

    text: str
    x: float
    y: float
    breite: float
    mitte_x: float
    mitte_y: float
    punkt_x: float
    punkt_y: float

    @property
    def grundlinie(self) -> float:
        """Where the number stands inside the box."""
        return round(self.y + SCHILD * 0.75, 1)

    @property
    def zellen(self) -> set[tuple[int, int]]:
        """The cells of the grid that the box covers, with a margin."""
        return _zellen(self.x - 1, self.y - 1, self.breite + 2, SCHILD + 2)

    @property
    def faden(self) -> set[tuple[int, int]]:
        """The cells under the line from the point to the middle of the box."""
        schritte = max(1, math.ceil(math.hypot(self.mitte_x - self.punkt_x, self.mitte_y - self.punkt_y) / _ZELLE))
        return {
            (
                math.floor((self.punkt_x + (self.mitte_x - self.punkt_x) * i / schritte) / _ZELLE),
                math.floor((self.punkt_y + (self.mitte_y - self.punkt_y) * i / schritte) / _ZELLE),
            )
            for i in range(schritte + 1)
        }


@dataclass(frozen=True, slots=True)
class Gebietskarte:
    """A map; ``satz`` is its message, ``alt`` what it shows to those who do not see it, ``tabelle`` its key."""

    satz: str
    alt: str
    breite: int
    hoehe: float
    pfad: str
    punkte: tuple[tuple[float, float], ...]
    schilder: tuple[Schild, ...]
    massstab: float
    massstab_text: str
    tabelle: Tabelle | None
    zeichen: str
    dicht: str
    ohne: tuple[Link, ...]
    farben: dict[str, str]

    @property
    def fuss(self) -> float:
        """The height at which scale and arrow begin."""
        return round(self.hoehe - FUSS, 1)


@dataclass(frozen=True, slots=True)
class Ort:
    """A measure with its point and the number that stands in the map."""

    nummer: str
    massnahme: Massnahme
    punkt: Point
    drin: bool
    weit: bool


def read_grenze(geladen: Geladen) -> Boundary | None:
    """The boundary that the concept names; raises ``IhkError`` if it cannot be used."""
    gebiet = geladen.fassung.konzept.gebiet
    if gebiet is None or gebiet.grenze is None:
        return None
    if geladen.quelle.ordner is None:
        raise IhkError(f"Die Grenze „{gebiet.grenze}“ ist nicht lesbar: Diese Fassung liegt nicht in einem Ordner.")
    try:
        return read_boundary(geladen.quelle.ordner, gebiet.grenze)
    except BoundaryError as fehler:
        raise IhkError(f"{fehler.meldung} {fehler.hinweis}") from None


def grenze_beilage(geladen: Geladen) -> dict[str, tuple[bytes, str]]:
    """The file of the boundary by its name, with its media type; empty without one."""
    gebiet = geladen.fassung.konzept.gebiet
    if read_grenze(geladen) is None or gebiet is None or gebiet.grenze is None or geladen.quelle.ordner is None:
        return {}
    return {gebiet.grenze: (read_beside(geladen.quelle.ordner, gebiet.grenze, MEGABYTE, ""), MIME)}


def gebietskarte(kontext: Kontext) -> Gebietskarte | None:
    """None without a boundary, unless at least two measures have points."""
    grenze = read_grenze(kontext.geladen)
    rings = grenze.rings if grenze else ()
    lebende = [m for m in kontext.k.massnahmen if not m.beendet]
    orte = _orte(kontext, lebende, rings)
    nahe = [o for o in orte if not o.weit]
    if grenze is None and len(nahe) < 2:
        return None
    alle = [p for ring in rings for p in ring] + [o.punkt for o in nahe]
    blatt = Blatt(alle)
    knoten = tuple(blatt.stelle(o.punkt) for o in nahe)
    schilder = beschriften([o.nummer for o in nahe], knoten, blatt.hoehe)
    fehlend = [o.nummer for o, s in zip(nahe, schilder, strict=True) if s is None]
    laenge = round_length(160 / blatt.massstab)
    text = f"{laenge // 1000}{NB}km" if laenge >= 1000 else f"{laenge}{NB}m"
    satz = _satz(orte, len(lebende), grenze is not None, kontext.wort)
    gebiet = kontext.k.konzept.gebiet
    wo = gebiet.name if gebiet and gebiet.name else kontext.k.konzept.titel
    return Gebietskarte(
        satz=satz or f"Das Gebiet ist rund {_strecke(blatt.west_ost)} breit und {_strecke(blatt.sued_nord)} hoch.",
        alt=f"Karte: {wo}. {_alt(grenze is not None, len(nahe), kontext.wort)}",
        breite=BREITE,
        hoehe=round(blatt.hoehe + FUSS, 1),
        pfad=blatt.pfad(rings),
        punkte=tuple(dict.fromkeys(knoten)),
        schilder=tuple(s for s in schilder if s),
        massstab=round(laenge * blatt.massstab, 1),
        massstab_text=text,
        tabelle=_tabelle(orte, grenze is not None, kontext.wort) if orte else None,
        zeichen=_zeichen(grenze is not None, bool(nahe), text, kontext.wort),
        dicht=f"Zu dicht für eine Nummer in der Karte: {', '.join(fehlend)}." if fehlend else "",
        ohne=kontext.links(m.id for m in lebende if not (m.standort and m.standort.punkt)) if orte else (),
        farben=colours(kontext.k.konzept.farbe),
    )


def _orte(kontext: Kontext, massnahmen: list[Massnahme], rings: Sequence[Sequence[Point]]) -> list[Ort]:
    """The measures with points, by number; numbered as printed if all numbers are short, else one after the other."""
    mit = {
        m.id: (m, (float(m.standort.punkt[0]), float(m.standort.punkt[1])))
        for m in massnahmen
        if m.standort and m.standort.punkt
    }
    weit = set(far({i: punkt for i, (_, punkt) in mit.items()}, rings))
    nummern = {i: kontext.k.nummern.get(i, "") for i in mit}
    if any(not 0 < len(n) <= 8 for n in nummern.values()) or len(set(nummern.values())) < len(nummern):
        nummern = {i: str(n) for n, i in enumerate(mit, 1)}
    orte = [
        Ort(nummern[i], m, punkt, inside(punkt, rings) if rings else True, i in weit) for i, (m, punkt) in mit.items()
    ]
    return sorted(orte, key=lambda o: natural(o.nummer))


class Blatt:
    """The sheet: where a point of the earth lies in the drawing."""

    def __init__(self, punkte: Sequence[Point]) -> None:
        self._plane = Plane.around(punkte)
        kasten = box(self._plane.metres(p) for p in punkte)
        self.west_ost, self.sued_nord = kasten[2] - kasten[0], kasten[3] - kasten[1]
        # Two measures at one place still need a piece of ground around them.
        breite, hoehe = max(self.west_ost, 100.0), max(self.sued_nord, 100.0)
        self.massstab = min((BREITE - 2 * RAND) / breite, (HOCH - 2 * RAND) / hoehe)
        self.hoehe = max(float(NIEDRIG), hoehe * self.massstab + 2 * RAND)
        self._mitte: Metres = ((kasten[0] + kasten[2]) / 2, (kasten[1] + kasten[3]) / 2)

    def stelle(self, punkt: Point) -> tuple[float, float]:
        """Right and down from the top left corner."""
        x, y = self._plane.metres(punkt)
        return (
            round(BREITE / 2 + (x - self._mitte[0]) * self.massstab, 1),
            round(self.hoehe / 2 - (y - self._mitte[1]) * self.massstab, 1),
        )

    def pfad(self, rings: Iterable[Sequence[Point]]) -> str:
        """All rings as one path; what falls into the same tenth of a unit is one point."""
        teile = []
        for ring in rings:
            stellen = list(dict.fromkeys(self.stelle(p) for p in ring))
            if len(stellen) > 2:
                teile.append("M" + "L".join(f"{x:g},{y:g}" for x, y in stellen) + "Z")
        return "".join(teile)


def beschriften(nummern: Sequence[str], knoten: Sequence[tuple[float, float]], hoehe: float) -> list[Schild | None]:
    """A box for each number near its point; no box covers a point or another box. None where there is no room.

    Greedy and in order: distances outwards, at each the directions in turn. What is taken is kept as a grid of cells. A
    line from point to box runs under no other box, unless there is no place else.
    """
    belegt: set[tuple[int, int]] = set()
    linien: set[tuple[int, int]] = set()
    kaesten: set[tuple[int, int]] = set()
    for x, y in knoten:
        belegt |= _zellen(x - _KNOTEN - 1, y - _KNOTEN - 1, 2 * _KNOTEN + 2, 2 * _KNOTEN + 2)
    schilder: list[Schild | None] = []
    for text, (px, py) in zip(nummern, knoten, strict=True):
        breite = round(6.2 * len(text) + 8, 1)
        notfalls: Schild | None = None
        gewaehlt: Schild | None = None
        for mx, my in _plaetze(px, py, breite):
            s = Schild(
                text, round(mx - breite / 2, 1), round(my - SCHILD / 2, 1), breite, round(mx, 1), round(my, 1), px, py
            )
            drin = s.x >= 2 and s.y >= 2 and s.x + breite <= BREITE - 2 and s.y + SCHILD <= hoehe - 2
            if not drin or not belegt.isdisjoint(kasten := s.zellen):
                continue
            if kaesten.isdisjoint(s.faden - kasten) and linien.isdisjoint(kasten):
                gewaehlt = s
                break
            notfalls = notfalls or s
        if (gewaehlt := gewaehlt or notfalls) is not None:
            belegt |= gewaehlt.zellen
            kaesten |= gewaehlt.zellen
            linien |= gewaehlt.faden - gewaehlt.zellen
        schilder.append(gewaehlt)
    return schilder


def _plaetze(px: float, py: float, breite: float) -> Iterable[tuple[float, float]]:
    """Middles of boxes around a point, nearest first."""
    for weite in _WEITEN:
        for grad in _RICHTUNGEN:
            cosinus, sinus = round(math.cos(math.radians(grad)), 6), round(math.sin(math.radians(grad)), 6)
            yield px + cosinus * (weite + breite / 2), py + sinus * (weite + SCHILD / 2)


def _zellen(x: float, y: float, breite: float, hoehe: float) -> set[tuple[int, int]]:
    """The cells of the grid that a rectangle touches."""
    von_x, bis_x = math.floor(x / _ZELLE), math.floor((x + breite) / _ZELLE)
    von_y, bis_y = math.floor(y / _ZELLE), math.floor((y + hoehe) / _ZELLE)
    return {(i, k) for i in range(von_x, bis_x + 1) for k in range(von_y, bis_y + 1)}


def _satz(orte: list[Ort], von: int, mit_grenze: bool, wort: labels.Wort) -> str:
    if not orte:
        return ""
    n, drin = len(orte), sum(o.drin for o in orte)
    if n == von:
        satz = (
            f"Alle {von} {wort.viele} haben einen Ort in der Karte"
            if n > 1
            else f"{wort.mit('Die einzige', 'Das einzige', 'Der einzige')} hat einen Ort in der Karte"
        )
    else:
        satz = f"{gross(allein(n, wort, '', '')).strip()} von {von} {wort.dativ} {'hat' if n == 1 else 'haben'} einen Ort in der Karte"
    if not mit_grenze:
        return f"{satz}."
    if drin == n:
        return f"{satz}; {wort.form('sie', 'es', 'er') + ' liegt' if n == 1 else 'alle liegen'} im Gebiet."
    draussen = n - drin
    if draussen == n:
        return f"{satz}; {wort.form('sie', 'es', 'er') + ' liegt' if n == 1 else 'alle liegen'} außerhalb des Gebiets."
    return f"{satz}; {allein(draussen, wort, 'davon liegt', 'davon liegen')} außerhalb des Gebiets."


def _alt(mit_grenze: bool, punkte: int, wort: labels.Wort) -> str:
    teile = ["die Grenze des Gebiets"] if mit_grenze else []
    teile += [anzahl(punkte, "nummerierter Punkt", "nummerierte Punkte")] if punkte else []
    satz = f"Gezeichnet {'ist' if punkte < 2 and len(teile) == 1 else 'sind'} {' und '.join(teile)}."
    return satz + (f" Die Tabelle darunter nennt zu jeder Nummer {wort.eins} und Standort." if punkte else "")


def _zeichen(mit_grenze: bool, mit_punkten: bool, massstab: str, wort: labels.Wort) -> str:
    teile = ["Linie: Grenze des Gebiets"] if mit_grenze else []
    teile += [f"Punkte: {wort.viele} mit ihrer Nummer"] if mit_punkten else []
    return f"{'. '.join(teile)}. Norden ist oben; der Balken unten ist {massstab} lang."


def _strecke(meter: float) -> str:
    """Rounded so that it can be said aloud: ``740 m``, ``1,2 km``."""
    if meter >= 1000:
        zehntel = round(meter / 100)
        return f"{zehntel // 10},{zehntel % 10}{NB}km"
    return f"{max(10, round(meter / 10) * 10)}{NB}m"


def _tabelle(orte: list[Ort], mit_grenze: bool, wort: labels.Wort) -> Tabelle:
    zeilen = []
    for o in orte:
        standort = o.massnahme.standort
        zusatz = (
            "weit außerhalb, nicht gezeichnet"
            if o.weit
            else "außerhalb des Gebiets"
            if mit_grenze and not o.drin
            else ""
        )
        zellen = (
            Zelle(o.nummer),
            Zelle(o.massnahme.kurz, ziel=o.massnahme.id),
            Zelle((standort.text if standort else None) or STRICH, zusatz=zusatz),
        )
        zeilen.append(Zeile(zellen))
    kopf = (Spalte("Nummer"), Spalte(wort.eins), Spalte("Standort"))
    return Tabelle("Die Orte der Karte", kopf, (Gruppe(tuple(zeilen)),), klasse="orte")
