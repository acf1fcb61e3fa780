"""The worklist of a Fassung as data: what is due on a given day, with place and way out. No output form, no clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ihk import labels
from ihk.checks.bezuege import saetze
from ihk.model import Konzeptfassung, Loc, Massnahme
from ihk.model.bestandteile import Bilanz
from ihk.model.load import Geladen, Orte
from ihk.model.types import MitKennung
from ihk.problems import IhkError, LoadError, Ort
from ihk.project import Version
from ihk.termine import FERTIG, stichtag, verzug

Art = Literal["fassung", "status", "schritt", "mittel", "kosten", "indikator", "bilanz", "unbekannt"]
ARTEN: dict[Art, str] = {
    "fassung": "Zur Fassung selbst",
    "status": "Status überholt",
    "schritt": "Schritte überfällig",
    "mittel": "Bewilligte Mittel verfallen",
    "kosten": "Tatsächliche Kosten fehlen",
    "indikator": "Indikatoren ohne Wert",
    "bilanz": "Bilanz fehlt",
    "unbekannt": "Noch unbekannt",
}
"""Kinds in the order of the worklist, with their headings."""


@dataclass(frozen=True, slots=True)
class Posten:
    """One thing to do: about which object, what is the matter, what to write, where, and since or until when."""

    art: Art
    id: str
    titel: str
    satz: str
    hinweis: str
    ort: Ort
    termin: date | None = None
    objekt: bool = True
    """It is about an object with an id of its own; else ``id`` is a path such as ``konzept.gebiet``."""

    @property
    def wer(self) -> str:
        """Id and title of the object, or the name of the section."""
        return f"{self.id} {self.titel}" if self.objekt and self.id != self.titel else self.titel

    @property
    def sortierung(self) -> tuple[int, date]:
        return list(ARTEN).index(self.art), self.termin or date.max


@dataclass(frozen=True, slots=True)
class Arbeitsliste:
    """Everything due for one Fassung; without ``stichtag`` nothing that depends on a day."""

    konzept: str
    fassung: str
    titel: str
    stichtag: date | None
    stichtag_aus_stand: bool
    posten: tuple[Posten, ...]

    def gruppen(self) -> tuple[tuple[Art, str, tuple[Posten, ...]], ...]:
        """The items by kind, kinds without items left out."""
        return tuple(
            (art, wort, teil) for art, wort in ARTEN.items() if (teil := tuple(p for p in self.posten if p.art == art))
        )


def der_fassung(version: Version, am: date | None = None) -> Arbeitsliste:
    """What is due for one Fassung of a project, its predecessor beside it; raises ``LoadError`` if it does not read."""
    vorher = version.vorgaenger()
    try:
        alt = vorher.geladen if vorher else None
    except (LoadError, IhkError):
        alt = None  # the predecessor has findings of its own, which ihk check shows
    return faellig(version.geladen, alt, am)


def faellig(neu: Geladen, vorher: Geladen | None, am: date | None = None) -> Arbeitsliste:
    """What is due on the day ``am``, else on the last day that the Stand of the Fassung covers."""
    k = neu.fassung
    tag = am or stichtag(k)
    posten = [*_fassung(neu, vorher)]
    if tag is not None:
        for i, m in enumerate(k.massnahmen):
            if not m.grabstein:
                posten += _massnahme(m, neu.orte, ("massnahmen", i), tag)
        posten += _indikatoren(neu, tag)
    posten += _kosten(neu)
    posten += _bilanz(neu, vorher) if vorher else ()
    posten += _unbekannt(neu)
    # Python's sort is stable: what is due on the same day stays in the order of the file.
    fertig = tuple(sorted(posten, key=lambda p: p.sortierung))
    return Arbeitsliste(k.konzept.id, k.fassung.id, k.konzept.titel, tag, am is None and tag is not None, fertig)


def _fassung(neu: Geladen, vorher: Geladen | None) -> Iterator[Posten]:
    f = neu.fassung.fassung
    if f.stand is None and "stand" not in f.unbekannt:
        satz = "Die Fassung nennt keinen Stand; ohne ihn ist nicht zu sagen, was überfällig ist."
        yield Posten(
            "fassung", "fassung", "Stand", satz, "„stand: TT.MM.JJJJ“ eintragen.", neu.orte("fassung"), objekt=False
        )
    if vorher is None:
        return
    alt = vorher.fassung.fassung
    if f.stand is not None and alt.stand == f.stand:
        satz = f"Der Stand ({labels.zeitpunkt(f.stand)}) ist noch der der Fassung {alt.id}."
        hinweis = "Den Tag eintragen, zu dem die Angaben überarbeitet sind."
        yield Posten("fassung", "fassung", "Stand", satz, hinweis, neu.orte("fassung", "stand"), objekt=False)
    if f.art == "fortschreibung" and f.anlass is None and "anlass" not in f.unbekannt:
        satz = "Die Fortschreibung nennt ihren Anlass nicht."
        yield Posten(
            "fassung",
            "fassung",
            "Anlass",
            satz,
            "Unter „anlass“ schreiben, warum fortgeschrieben wird.",
            neu.orte("fassung"),
            objekt=False,
        )


def _massnahme(m: Massnahme, orte: Orte, loc: Loc, tag: date) -> Iterator[Posten]:
    """What depends on the day: status, steps, tranches."""
    if not m.beendet:
        yield from _status(m, orte, loc, tag)
        for i, schritt in enumerate(m.schritte):
            if not schritt.erledigt and schritt.termin is not None and schritt.termin.ende < tag:
                text = " ".join(schritt.text.split())
                satz = f"Der Schritt „{text}“ war bis {labels.zeitpunkt(schritt.termin)} vorgesehen und ist nicht erledigt."
                hinweis = "„erledigt: ja“ eintragen oder den Termin ändern."
                yield Posten("schritt", m.id, m.titel, satz, hinweis, orte(*loc, "schritte", i), schritt.termin.ende)
    yield from _mittel(m, orte, loc, tag)


def _status(m: Massnahme, orte: Orte, loc: Loc, tag: date) -> Iterator[Posten]:
    spaet = verzug(m, tag)
    if spaet is None or m.status is None:
        return
    wort = {"ende": "das Ende war", "beginn": "der Beginn war", "verfrueht": "der Beginn ist erst"}[spaet.art]
    grenze = m.zeitraum and (m.zeitraum.bis if spaet.art == "ende" else m.zeitraum.von)
    assert grenze
    satz = f"Der Status ist „{labels.STATUS[m.status]}“, {wort} {labels.zeitpunkt(grenze)}."
    yield Posten("status", m.id, m.titel, satz, "Status oder Zeitraum ändern.", orte(*loc, "status"), spaet.tag)


def _mittel(m: Massnahme, orte: Orte, loc: Loc, tag: date) -> Iterator[Posten]:
    """Tranches that lapsed or lapse within a year of the day, unless they are paid out."""
    for i, b in enumerate(m.kosten.bewilligungen if m.kosten else ()):
        if b.verfaellt_am is None or (b.betrag is not None and (b.ausgezahlt or 0) >= b.betrag > 0):
            continue
        verfallen = b.verfaellt_am < tag
        if verfallen and m.status in FERTIG and m.kosten and _abgerechnet(m):
            continue
        if not verfallen and b.verfaellt_am > _in_einem_jahr(tag):
            continue
        welche = " ".join(
            t
            for t in ("Die Bewilligung", str(b.programmjahr or ""), f"({labels.euro(b.betrag)})" if b.betrag else "")
            if t
        )
        am = labels.tag(b.verfaellt_am)
        satz = f"{welche} ist am {am} verfallen." if verfallen else f"{welche} verfällt am {am}."
        hinweis = (
            "Eintragen, was ausgezahlt ist („ausgezahlt“), und was mit dem Rest geschieht."
            if verfallen
            else "Abrufen oder umschichten; Ausgezahltes unter „ausgezahlt“ eintragen."
        )
        yield Posten("mittel", m.id, m.titel, satz, hinweis, orte(*loc, "kosten", "bewilligungen", i), b.verfaellt_am)


def _in_einem_jahr(tag: date) -> date:
    return date(tag.year + 1, tag.month, min(tag.day, 28) if tag.month == 2 else tag.day)


def _abgerechnet(m: Massnahme) -> bool:
    return m.kosten is not None and (m.kosten.ausgegeben is not None or m.kosten.stand == "kostenfeststellung")


def _kosten(neu: Geladen) -> Iterator[Posten]:
    """Finished measures without actual costs; costs declared unknown are in the list of unknowns."""
    for i, m in enumerate(neu.fassung.massnahmen):
        if m.beendet or m.status not in FERTIG or _abgerechnet(m):
            continue
        felder = {"kosten", "kosten.ausgegeben", "ausgegeben"}
        if felder & set(m.unbekannt) or (m.kosten and "ausgegeben" in m.kosten.unbekannt):
            continue
        assert m.status is not None
        satz = f"Die Maßnahme ist {labels.STATUS[m.status]}, aber ihre tatsächlichen Kosten fehlen."
        hinweis = "„ausgegeben:“ eintragen oder „gesamt“ mit „stand: kostenfeststellung“."
        loc: Loc = ("massnahmen", i)
        yield Posten("kosten", m.id, m.titel, satz, hinweis, neu.orte(*loc, "kosten"))


def _indikatoren(neu: Geladen, tag: date) -> Iterator[Posten]:
    for i, indikator in enumerate(neu.fassung.indikatoren):
        jahr = str(tag.year)
        if indikator.beendet or jahr in indikator.werte or {"werte", f"werte.{jahr}"} & set(indikator.unbekannt):
            continue
        letzter = max(indikator.werte, default=None)
        satz = f"Für {jahr} fehlt ein Wert" + (
            f"; der letzte ist von {letzter}." if letzter else "; es gibt noch keinen."
        )
        hinweis = f"Unter „werte“ die Zeile „{jahr}: …“ eintragen."
        ort = neu.orte("indikatoren", i, "werte")
        yield Posten("indikator", indikator.id, indikator.titel, satz, hinweis, ort)


def _bilanz(neu: Geladen, vorher: Geladen) -> Iterator[Posten]:
    """Measures of the predecessor without a Bilanz of their own in this Fassung."""
    alt = {m.id: m for m in vorher.fassung.massnahmen if not m.beendet}
    for i, m in enumerate(neu.fassung.massnahmen):
        damals = alt.get(m.id)
        if damals is None or m.grabstein or "bilanz" in m.unbekannt:
            continue
        leer = m.bilanz is None or m.bilanz == Bilanz()
        if not leer and m.bilanz != damals.bilanz:
            continue
        name = vorher.fassung.fassung.id
        satz = (
            f"Die Maßnahme steht in der Fassung {name}; eine Bilanz dazu fehlt."
            if leer
            else f"Die Bilanz ist noch die der Fassung {name}."
        )
        hinweis = "Unter „bilanz“ Ergebnis, Wirkung und weiteren Bedarf eintragen."
        yield Posten("bilanz", m.id, m.titel, satz, hinweis, neu.orte("massnahmen", i, "bilanz"))


def _unbekannt(neu: Geladen) -> Iterator[Posten]:
    for satz, loc in saetze(neu.fassung):
        for feld, grund in satz.unbekannt.items():
            objekt = _objekt(neu.fassung, loc)
            namen = [str(t) for t in loc if isinstance(t, str)] or ["konzept"]
            kennung = objekt.id if objekt else ".".join(namen)
            titel = getattr(objekt, "titel", kennung) or kennung
            if objekt is None:
                titel = labels.OBJEKT.get(namen[-1]) or labels.FELD.get(namen[-1], namen[-1])
            text = f"{labels.feld(feld)} unbekannt: {' '.join(grund.split())}"
            hinweis = f"Nachtragen und unter „unbekannt“ die Zeile „{feld}“ löschen."
            ort = neu.orte(*loc, "unbekannt", feld)
            yield Posten("unbekannt", kennung, titel, text, hinweis, ort, objekt=objekt is not None)


def _objekt(k: Konzeptfassung, loc: Loc) -> MitKennung | None:
    """The nearest object with an id on the way to a place."""
    hier: object = k
    gefunden: MitKennung | None = None
    for teil in loc:
        hier = hier[teil] if isinstance(hier, tuple) and isinstance(teil, int) else getattr(hier, str(teil), None)
        gefunden = hier if isinstance(hier, MitKennung) else gefunden
    return gefunden
