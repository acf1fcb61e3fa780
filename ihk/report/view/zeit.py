"""Periods as positions on one axis of years: the schedule, the bar in a Steckbrief, the stripes of the cover."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ihk import labels
from ihk.model import Konzeptfassung, Massnahme
from ihk.model.bestandteile import Zeitraum
from ihk.reading.values import MONATE

# How far along a measure is decides how strongly its stripe is drawn.
STAERKE = {
    "idee": 1, "geplant": 1, "beantragt": 2, "bewilligt": 2, "in_umsetzung": 3, "abgeschlossen": 4, "verstetigt": 4,
    "zurueckgestellt": 1, "entfallen": 1,
}  # fmt: skip
KLASSE = {
    "idee": "geplant", "geplant": "geplant", "beantragt": "geplant", "bewilligt": "geplant", "in_umsetzung": "laeuft",
    "abgeschlossen": "fertig", "verstetigt": "fertig", "zurueckgestellt": "ruht", "entfallen": "ruht",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Achse:
    """The years of a concept."""

    von: int
    bis: int

    @property
    def jahre(self) -> tuple[int, ...]:
        return tuple(range(self.von, self.bis + 1))

    def stelle(self, tag: date) -> float:
        """Position in percent, inside the axis."""
        erster = date(self.von, 1, 1).toordinal()
        letzter = date(self.bis + 1, 1, 1).toordinal()
        return round(min(100.0, max(0.0, 100 * (tag.toordinal() - erster) / (letzter - erster))), 2)


@dataclass(frozen=True, slots=True)
class Jahresmarke:
    text: str
    links: float
    breite: float


@dataclass(frozen=True, slots=True)
class Balken:
    """A bar on the axis in percent; ``fertig`` is the part of it up to the Stand."""

    links: float
    breite: float
    fertig: float
    klasse: str


@dataclass(frozen=True, slots=True)
class Meilenstein:
    """A step on the axis in percent."""

    links: float
    erledigt: bool


@dataclass(frozen=True, slots=True)
class Zeitbild:
    """The bar of one measure with the years below it."""

    text: str
    balken: Balken
    marken: tuple[Jahresmarke, ...]
    stand: float | None
    stand_text: str

    @property
    def stand_links(self) -> float:
        """Where the caption of the line begins, so that it stays inside."""
        return min(self.stand or 0.0, 80.0)


@dataclass(frozen=True, slots=True)
class Streifen:
    """A stripe of the cover; all numbers in percent of the field."""

    oben: float
    links: float
    breite: float
    staerke: int


def achse(k: Konzeptfassung) -> Achse | None:
    """All years in which something is planned; None if no measure has a period, or if it spans over 60 years."""
    tage: list[date] = []
    for m in k.massnahmen:
        tage += _tage(m.zeitraum)
    if not tage:
        return None
    tage += _tage(k.fassung.zeitraum)
    von, bis = min(tage).year, max(tage).year
    return Achse(von, bis) if bis - von <= 60 else None


def _tage(zeitraum: Zeitraum | None) -> list[date]:
    if zeitraum is None:
        return []
    return [*([zeitraum.von.beginn] if zeitraum.von else []), *([zeitraum.bis.ende] if zeitraum.bis else [])]


def stab_von(zeitraum: Zeitraum, a: Achse) -> Balken | None:
    """The bar of a period without a status."""
    if not (zeitraum.von or zeitraum.bis):
        return None
    links = a.stelle(zeitraum.von.beginn) if zeitraum.von else 0.0
    rechts = a.stelle(zeitraum.bis.ende) if zeitraum.bis else 100.0
    return Balken(links, max(round(rechts - links, 2), 0.8), 0.0, "rahmen")


def meilensteine(m: Massnahme, a: Achse) -> tuple[Meilenstein, ...]:
    """Steps with a date, at the end of what is known of it."""
    return tuple(
        Meilenstein(a.stelle(s.termin.ende), s.erledigt)
        for s in m.schritte
        if s.termin is not None and a.von <= s.termin.ende.year <= a.bis
    )


def balken(m: Massnahme, a: Achse, stand: date | None) -> Balken | None:
    """The bar of a measure; open ends reach to the edge of the axis."""
    if m.zeitraum is None or not (m.zeitraum.von or m.zeitraum.bis):
        return None
    links = a.stelle(m.zeitraum.von.beginn) if m.zeitraum.von else 0.0
    rechts = a.stelle(m.zeitraum.bis.ende) if m.zeitraum.bis else 100.0
    breite = max(round(rechts - links, 2), 0.8)
    klasse = KLASSE.get(m.status or "", "geplant")
    fertig = 0.0
    if klasse == "laeuft" and stand is not None:
        fertig = round(min(100.0, max(0.0, 100 * (a.stelle(stand) - links) / breite)), 2)
    return Balken(links, breite, fertig, klasse)


def marken(a: Achse) -> tuple[Jahresmarke, ...]:
    """Captions of the years; every second, fifth or tenth if they would touch."""
    anzahl = len(a.jahre)
    schritt = 1 if anzahl <= 12 else 2 if anzahl <= 24 else 5
    breite = round(100 / anzahl, 4)
    return tuple(
        Jahresmarke(str(j), round((j - a.von) * 100 / anzahl, 2), round(breite * schritt, 2))
        for j in a.jahre
        if (j - a.von) % schritt == 0
    )


def zeitbild(m: Massnahme, a: Achse | None, stand: date | None, *, nur_jahr: bool = False) -> Zeitbild | None:
    """The period of a measure as text and bar."""
    if a is None or m.zeitraum is None or (stab := balken(m, a, stand)) is None:
        return None
    linie = stand is not None and date(a.von, 1, 1) <= stand <= date(a.bis, 12, 31)
    text = labels.zeitraum(m.zeitraum.von, m.zeitraum.bis)
    wann = f"{stand.year}" if nur_jahr and stand else f"{MONATE[stand.month - 1]} {stand.year}" if stand else ""
    stand_text = f"Stand {wann}" if linie else ""
    return Zeitbild(text, stab, marken(a), a.stelle(stand) if stand is not None and linie else None, stand_text)


def streifen(k: Konzeptfassung) -> tuple[Streifen, ...]:
    """One stripe per measure; without any period a calm pattern made from the ids, different for every concept."""
    massnahmen = [m for m in k.massnahmen if not m.grabstein]
    a = achse(k)
    datiert = [m for m in massnahmen if m.zeitraum and (m.zeitraum.von or m.zeitraum.bis)] if a else []
    if a is not None and len(datiert) >= 4:
        felder = []
        for m in datiert[:40]:
            stab = balken(m, a, None)
            if stab is not None:
                felder.append((stab.links, stab.breite, STAERKE.get(m.status or "", 1)))
    else:
        felder = _muster(k, max(12, min(len(massnahmen), 28)))
    abstand = 100 / len(felder)
    return tuple(
        Streifen(round(i * abstand, 2), links, breite, staerke) for i, (links, breite, staerke) in enumerate(felder)
    )


def _muster(k: Konzeptfassung, anzahl: int) -> list[tuple[float, float, int]]:
    """A pattern from the letters of the concept's name: the same for the same Fassung on every machine."""
    keim = 17
    for zeichen in k.name:
        keim = (keim * 131 + ord(zeichen)) % 2_147_483_647
    felder = []
    for i in range(anzahl):
        keim = (keim * 48271) % 2_147_483_647
        links = 0 if i % 5 == 0 else keim % 14 * 5
        keim = (keim * 48271) % 2_147_483_647
        breite = 100 - links if i % 7 == 3 else min(100 - links, 15 + keim % 10 * 5)
        keim = (keim * 48271) % 2_147_483_647
        felder.append((float(links), float(breite), 1 + keim % 4))
    return felder
