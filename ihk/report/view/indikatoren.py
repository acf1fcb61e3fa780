"""Views of indicators: the course of each as a small drawing with its numbers beside it, and how far the way to the target is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from markupsafe import Markup

from ihk import labels
from ihk.model.bestandteile import Indikator
from ihk.report.view.grund import (
    NB,
    STRICH,
    Angaben,
    Fakt,
    Gruppe,
    Kontext,
    Link,
    Spalte,
    Tabelle,
    Teil,
    Zeile,
    Zelle,
    mit_einheit,
    zahl,
)

# One unit of the drawing is a CSS pixel on paper, so that 11.4 are 8.5 points.
BREITE, HOEHE = 280, 122
_LINKS, _RECHTS, _OBEN, _UNTEN = 8, 232, 22, 88
_JAHRE = 117
_ZIFFER, _ZEILE = 5.9, 12


@dataclass(frozen=True, slots=True)
class Punkt:
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Beschriftung:
    """A text in the drawing; ``anker`` as in SVG."""

    text: str
    x: float
    y: float
    anker: str
    klasse: str

    def trifft(self, andere: Beschriftung) -> bool:
        """Whether the two would touch."""
        links, rechts = self._von(), self._von() + _ZIFFER * len(self.text)
        von, bis = andere._von(), andere._von() + _ZIFFER * len(andere.text)
        return links < bis + 3 and von < rechts + 3 and abs(self.y - andere.y) < _ZEILE

    def _von(self) -> float:
        breite = _ZIFFER * len(self.text)
        return self.x - {"start": 0.0, "middle": breite / 2, "end": breite}[self.anker]


@dataclass(frozen=True, slots=True)
class Verlauf:
    """A small line chart. ``linien`` join years that follow each other; ``luecken`` lead over years without a value."""

    breite: int
    hoehe: int
    punkte: tuple[Punkt, ...]
    linien: tuple[str, ...]
    luecken: tuple[str, ...]
    ziel: Punkt | None
    weg: str
    """The way still to go, as a line."""
    texte: tuple[Beschriftung, ...]
    alt: str


@dataclass(frozen=True, slots=True)
class Indikatorbild:
    id: str
    titel: str
    unter: str
    satz: str
    verlauf: Verlauf | None
    werte: Tabelle | None
    lage: str
    klasse: str
    text: Markup
    fakten: tuple[Fakt, ...]
    belege: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Indikatorkapitel:
    satz: str
    bilder: tuple[Indikatorbild, ...]
    tabelle: Tabelle
    note: str
    kurs: int
    """How many are on course, of ``bewertet`` that can be told of; of ``offen`` others it cannot yet."""
    bewertet: int
    offen: int


@dataclass(frozen=True, slots=True)
class Stand:
    """An indicator as numbers: all values by year, where it began, where it is, where it should be."""

    werte: tuple[tuple[int, Decimal], ...]
    beginn: tuple[int, Decimal] | None
    """The value of ``ausgangsjahr``, else the first; None if that year has no value."""
    letzter: tuple[int, Decimal] | None
    ziel: Decimal | None
    zieljahr: int | None
    richtung: str

    @property
    def weg(self) -> Decimal | None:
        """Share of the way from the beginning to the target, in percent; None if a part of it is missing or contradictory."""
        if self.beginn is None or self.letzter is None or self.ziel is None or self.letzter[0] <= self.beginn[0]:
            return None
        ganz = self.ziel - self.beginn[1]
        if not ganz or self.richtung != ("steigend" if ganz > 0 else "sinkend"):
            return None
        return 100 * (self.letzter[1] - self.beginn[1]) / ganz

    @property
    def erreicht(self) -> bool:
        """The last value is the target or better."""
        if self.letzter is None or self.ziel is None:
            return False
        return (self.richtung == "steigend" and self.letzter[1] >= self.ziel) or (
            self.richtung == "sinkend" and self.letzter[1] <= self.ziel
        )


def stand(i: Indikator) -> Stand:
    """The numbers of an indicator."""
    werte = tuple((int(j), w) for j, w in i.werte.items())
    je_jahr = dict(werte)
    beginn = werte[0] if werte else None
    if i.ausgangsjahr is not None:
        beginn = (i.ausgangsjahr, je_jahr[i.ausgangsjahr]) if i.ausgangsjahr in je_jahr else None
    return Stand(
        werte,
        beginn,
        werte[-1] if werte else None,
        i.ziel.wert if i.ziel else None,
        i.ziel.jahr if i.ziel else None,
        i.richtung or "",
    )


def indikatorkapitel(kontext: Kontext) -> Indikatorkapitel | None:
    """Small charts on the same years, each beside its numbers, and one table over all."""
    aktive = [i for i in kontext.k.indikatoren if i.beendet_in is None]
    if not aktive:
        return None
    jahre = sorted({int(j) for i in aktive for j in i.werte} | {i.ziel.jahr for i in aktive if i.ziel and i.ziel.jahr})
    bilder = tuple(_indikator(kontext, i, jahre) for i in aktive)
    # What others go on counting is shown to its end, and no longer counted.
    zaehlend = [b for b, i in zip(bilder, aktive, strict=True) if not i.aufgegangen_in]
    kurs = sum(b.klasse == "gut" for b in zaehlend)
    bewertet = sum(bool(b.klasse) for b in zaehlend)
    satz = f"{kurs} von {bewertet} Indikatoren mit Zielwert und Verlauf sind auf Kurs." if bewertet else ""
    if bewertet == 1:
        satz = (
            "Der einzige Indikator mit Zielwert ist auf Kurs."
            if kurs
            else "Der einzige Indikator mit Zielwert ist nicht auf Kurs."
        )
    return Indikatorkapitel(satz, bilder, _uebersicht(aktive), _note(bilder), kurs, bewertet, len(zaehlend) - bewertet)


AUF_KURS = "„Auf Kurs“ heißt: Der letzte Wert liegt auf der geraden Linie vom Ausgangswert zum Ziel oder ist besser."


def nur_tabelle(kapitel: Indikatorkapitel) -> Indikatorkapitel:
    """The chapter without the drawings, and without what is said of them."""
    return replace(kapitel, bilder=(), note=AUF_KURS if any(b.klasse for b in kapitel.bilder) else "")


def _note(bilder: tuple[Indikatorbild, ...]) -> str:
    """How to read the drawings, as far as there is something to read."""
    verlaeufe = [b.verlauf for b in bilder if b.verlauf]
    teile = []
    if any(v.linien for v in verlaeufe):
        teile.append("Dicke Linie: Werte aufeinanderfolgender Jahre.")
    if any(v.luecken for v in verlaeufe):
        teile.append("Dünne Linie: Dazwischen liegen Jahre ohne Wert.")
    if any(v.weg for v in verlaeufe):
        teile.append("Gestrichelt: Weg zum Ziel (Kreis).")
    if len(verlaeufe) > 1:
        teile.append("Alle Bilder zeigen dieselben Jahre, jedes hat seine eigene Höhe.")
    teile += [AUF_KURS] if any(b.klasse for b in bilder) else []
    return " ".join(teile)


def _uebersicht(indikatoren: list[Indikator]) -> Tabelle:
    """Beginning, state and target of all indicators, and the way between them as a bar."""
    zeilen = []
    for i in indikatoren:
        s = stand(i)
        weg = s.weg
        laenge = max(0, min(1000, round(10 * weg))) if weg is not None else 0
        zeilen.append(
            Zeile(
                (
                    Zelle(mit_einheit(i.titel, i.einheit)),
                    _zelle(s.beginn),
                    _zelle(s.letzter),
                    zahl(labels.zahl(s.ziel) if s.ziel is not None else STRICH)
                    if s.zieljahr is None or s.ziel is None
                    else _zelle((s.zieljahr, s.ziel)),
                    zahl(weg_text(s) or STRICH, "gesamt"),
                    Zelle(balken=(Teil("g-jahr", "", "", "", laenge),) if laenge else ()),
                )
            )
        )
    kopf = (
        Spalte("Indikator"),
        Spalte("Ausgangswert", True),
        Spalte("zuletzt", True),
        Spalte("Ziel", True),
        Spalte("Weg", True),
        Spalte("Anteil des Weges zum Ziel"),
    )
    return Tabelle("Alle Indikatoren mit Ausgangswert, Stand und Ziel", kopf, (Gruppe(tuple(zeilen)),), klasse="wege")


def _zelle(wert: tuple[int, Decimal] | None) -> Zelle:
    return zahl(STRICH if wert is None else f"{labels.zahl(wert[1])} ({wert[0]})")


def weg_text(s: Stand) -> str:
    """``76 %``, ``erreicht``, ``−12 %``; empty if it cannot be said. Only what is reached is called 100 %."""
    if s.erreicht:
        return "erreicht"
    weg = s.weg
    if weg is None:
        return ""
    ganz = int(abs(weg) + Decimal("0.5"))
    if weg < 0:
        return f"{labels.MINUS}{max(1, ganz)}{NB}%"
    return f"unter{NB}1{NB}%" if weg > 0 and not ganz else f"{min(99, ganz)}{NB}%"


def _satz(i: Indikator, s: Stand) -> str:
    """What the values say, in one sentence."""
    einheit = f"{NB}{i.einheit}" if i.einheit else ""
    ziel = f"{labels.zahl(s.ziel)}{einheit}{f' ({s.zieljahr})' if s.zieljahr else ''}" if s.ziel is not None else ""
    if s.letzter is None:
        return f"Noch ist kein Wert bekannt. Ziel: {ziel}." if ziel else "Noch ist kein Wert bekannt."
    if s.beginn is None or s.beginn[0] >= s.letzter[0]:
        satz = f"{labels.zahl(s.letzter[1])}{einheit} im Jahr {s.letzter[0]}"
        return f"{satz}. Ziel: {ziel}." if ziel else f"{satz}; zum Vergleich fehlt ein zweiter Wert."
    (j0, w0), (j1, w1) = s.beginn, s.letzter
    if w0 == w1:
        satz = f"Der Wert ist {j1} derselbe wie {j0}: {labels.zahl(w1)}{einheit}"
    else:
        wie = "gestiegen" if w1 > w0 else "gesunken"
        satz = f"Der Wert ist von {j0} bis {j1} von {labels.zahl(w0)} auf {labels.zahl(w1)}{einheit} {wie}"
    if not ziel:
        return f"{satz}."
    weg = s.weg
    if s.erreicht:
        return f"{satz}. Ziel: {ziel}, erreicht."
    if weg is None:
        return f"{satz}. Ziel: {ziel}."
    if weg < 0:
        return f"{satz}. Ziel: {ziel}, weiter entfernt als am Anfang."
    if not weg:
        return f"{satz}. Ziel: {ziel}; vom Weg dorthin ist noch nichts zurückgelegt."
    return f"{satz}. Ziel: {ziel}; {weg_text(s)} des Weges dorthin."


def _indikator(kontext: Kontext, i: Indikator, jahre: list[int]) -> Indikatorbild:
    s = stand(i)
    angaben = Angaben(kontext, i)
    angaben.unterdruecke(*(f for f in ("definition", "beschreibung", "werte") if getattr(i, f)))
    text = kontext.zeile(i.definition or i.beschreibung)
    if i.definition and i.beschreibung:
        angaben.fakt("Beschreibung", "beschreibung", kontext.zeile(i.beschreibung))
    angaben.fakt("Art", "art", labels.INDIKATORART.get(i.art or ""))
    if s.beginn is None or i.ausgangsjahr is None:  # else the table marks it
        angaben.fakt("Ausgangsjahr", "ausgangsjahr", f"{i.ausgangsjahr} (kein Wert)" if i.ausgangsjahr else None)
    angaben.fakt("Vergleichsraum", "vergleichsraum", i.vergleichsraum)
    angaben.fakt("Bezug", "bezug", links=kontext.links(i.bezug))
    angaben.fakt("Status", "status", labels.STATUS["entfallen"] if i.status == "entfallen" else None)
    angaben.fakt("Entstanden aus", "hervorgegangen_aus", links=kontext.links(i.hervorgegangen_aus))
    angaben.fakt("Aufgegangen in", "aufgegangen_in", links=kontext.links(i.aufgegangen_in))
    angaben.fakt("Begründung", "begruendung", kontext.zeile(i.begruendung))
    angaben.fakt("Veranlasst durch", "veranlasst_durch", i.veranlasst_durch)
    if i.ziel:
        angaben.fakten += Angaben(kontext, i.ziel, "Zielwert: ").rest()
    richtung = {"gleichbleibend": "gleichbleibend ist gut"}.get(i.richtung or "", f"{i.richtung} ist besser")
    unter = ", ".join(t for t in (i.einheit or "", richtung if i.richtung else "") if t)
    lage, klasse = _lage(s)
    nummer = kontext.k.nummern.get(i.id, i.nummer or "")
    return Indikatorbild(
        i.id,
        " ".join(t for t in (nummer, i.titel) if t),
        unter,
        _satz(i, s),
        _verlauf(i, s, jahre),
        _werte(s),
        lage,
        klasse,
        text,
        angaben.rest(),
        angaben.gesamt,
    )


def _werte(s: Stand) -> Tabelle | None:
    """Every number of the drawing, one below the other."""
    if not s.werte and s.ziel is None:
        return None
    zeilen = tuple(
        Zeile((Zelle(str(j), zusatz="Ausgangswert" if s.beginn and j == s.beginn[0] and len(s.werte) > 1 else ""), zahl(labels.zahl(w))))
        for j, w in s.werte
    )  # fmt: skip
    ziel = (
        Zeile((Zelle(f"Ziel {s.zieljahr}" if s.zieljahr else "Ziel"), zahl(labels.zahl(s.ziel))))
        if s.ziel is not None
        else None
    )
    gruppen = (Gruppe(zeilen),) if zeilen else ()
    return Tabelle("Werte", (Spalte("Jahr"), Spalte("Wert", True)), gruppen, ziel, klasse="werte")


def _lage(s: Stand) -> tuple[str, str]:
    """On course: the last value lies at or beyond the straight line from the beginning to the target."""
    if s.weg is None or s.zieljahr is None or s.beginn is None or s.letzter is None or s.zieljahr <= s.beginn[0]:
        return ("auf Kurs", "gut") if s.erreicht and s.zieljahr is not None and len(s.werte) > 1 else ("", "")
    zeit = Decimal(min(s.letzter[0], s.zieljahr) - s.beginn[0]) / Decimal(s.zieljahr - s.beginn[0])
    return ("auf Kurs", "gut") if s.weg >= 100 * zeit else ("hinter Plan", "hinter")


def _verlauf(i: Indikator, s: Stand, jahre: list[int]) -> Verlauf | None:
    """None for fewer than two values: one point is no course."""
    if len(s.werte) < 2:
        return None
    ziel = (s.zieljahr, s.ziel) if s.zieljahr is not None and s.ziel is not None else None
    alle = [w for _, w in s.werte] + ([ziel[1]] if ziel else [])
    unten, oben = min(alle), max(alle)
    von, bis = jahre[0], max(jahre[-1], jahre[0] + 1)

    def punkt(jahr: int, wert: Decimal) -> Punkt:
        y = (
            (_OBEN + _UNTEN) / 2
            if oben == unten
            else _UNTEN - (_UNTEN - _OBEN) * float((wert - unten) / (oben - unten))
        )
        return Punkt(round(_LINKS + (_RECHTS - _LINKS) * (jahr - von) / (bis - von), 1), round(y, 1))

    punkte = tuple(punkt(j, w) for j, w in s.werte)
    linien: list[list[Punkt]] = [[punkte[0]]]
    luecken = []
    for (alt, neu), (p, q) in zip(pairwise(j for j, _ in s.werte), pairwise(punkte), strict=True):
        if neu - alt == 1:
            linien[-1].append(q)
        else:
            luecken.append(_weg(p, q))
            linien.append([q])
    zielpunkt = punkt(*ziel) if ziel else None
    return Verlauf(
        BREITE,
        HOEHE,
        punkte,
        tuple(_weg(*linie) for linie in linien if len(linie) > 1),
        tuple(luecken),
        zielpunkt,
        _weg(punkte[-1], zielpunkt) if zielpunkt and ziel and ziel[0] > s.werte[-1][0] else "",
        _texte(s, punkte, zielpunkt, ziel),
        _alt(i, s),
    )


def _weg(*punkte: Punkt) -> str:
    return " ".join(f"{p.x:g},{p.y:g}" for p in punkte)


def _texte(
    s: Stand, punkte: tuple[Punkt, ...], zielpunkt: Punkt | None, ziel: tuple[int, Decimal] | None
) -> tuple[Beschriftung, ...]:
    """Direct labels, the important ones first; what would touch another one is left to the table."""
    erster, letzter = punkte[0], punkte[-1]
    # A label stands where no line leads: a rising one comes from below and goes on above, a falling one the other way.
    steigt, fiel = punkte[1].y < erster.y, punkte[-2].y < letzter.y
    wunsch = [
        Beschriftung(
            labels.zahl(s.werte[-1][1]),
            round(letzter.x + (3 if fiel else 1), 1),
            round(letzter.y - 8, 1),
            "start" if fiel else "end",
            "fett",
        ),
        Beschriftung(str(s.werte[-1][0]), letzter.x, _JAHRE, "middle", "leise"),
    ]
    if zielpunkt and ziel:
        wunsch.append(
            Beschriftung(labels.zahl(ziel[1]), round(zielpunkt.x + 7, 1), round(zielpunkt.y + 4, 1), "start", "leise")
        )
        wunsch.append(Beschriftung(str(ziel[0]), zielpunkt.x, _JAHRE, "middle", "leise"))
    wert = labels.zahl(s.werte[0][1])
    if steigt and erster.x > _ZIFFER * len(wert) + 8:
        wunsch.append(Beschriftung(wert, round(erster.x - 7, 1), round(erster.y + 4, 1), "end", "leise"))
    else:
        wunsch.append(Beschriftung(wert, max(1.0, round(erster.x - 6, 1)), round(erster.y - 8, 1), "start", "leise"))
    wunsch.append(Beschriftung(str(s.werte[0][0]), max(1.0, round(erster.x - 6, 1)), _JAHRE, "start", "leise"))
    gesetzt: list[Beschriftung] = []
    for text in wunsch:
        if not any(text.trifft(anderer) for anderer in gesetzt):
            gesetzt.append(text)
    return tuple(gesetzt)


def _alt(i: Indikator, s: Stand) -> str:
    (j0, w0), (j1, w1) = s.werte[0], s.werte[-1]
    satz = f"{i.titel}: {labels.zahl(w0)} im Jahr {j0}, {labels.zahl(w1)} im Jahr {j1}"
    if s.ziel is None:
        return f"{satz}."
    return f"{satz}, Ziel {labels.zahl(s.ziel)}{f' im Jahr {s.zieljahr}' if s.zieljahr else ''}."
