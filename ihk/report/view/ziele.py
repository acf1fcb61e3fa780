"""Views of goals: the tree from goal to measure, the texts below it, indicators."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from ihk import labels
from ihk.model.bestandteile import Bilanz, Indikator, Ordnungsobjekt
from ihk.report.prose import LEER
from ihk.report.view.grund import STRICH, Angaben, Fakt, Gruppe, Kontext, Link, Spalte, Tabelle, Zeile, Zelle, zahl
from ihk.report.view.massnahme import BILANZFELDER, bilanztext


@dataclass(frozen=True, slots=True)
class Ast:
    """A sub-goal or Querschnittsaufgabe with its measures."""

    id: str
    nummer: str
    titel: str
    beendet: bool
    massnahmen: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Wurzel:
    """A goal with its sub-goals."""

    id: str
    nummer: str
    titel: str
    oberziel: bool
    beendet: bool
    aeste: tuple[Ast, ...]


@dataclass(frozen=True, slots=True)
class Erlaeuterung:
    """What is written about one goal, field or task."""

    link: Link
    text: Markup
    fakten: tuple[Fakt, ...]
    belege: tuple[Link, ...]

    @property
    def knapp(self) -> bool:
        """Nothing but the name is known."""
        return not self.text and not self.fakten


@dataclass(frozen=True, slots=True)
class Zielkapitel:
    """The goal system as picture and text."""

    satz: str
    baum: tuple[Wurzel, ...]
    tief: bool
    """Measures are linked to goals, so the tree has a third level."""
    status: tuple[tuple[str, str], ...]
    """Key of the symbols in the tree: status and word."""
    erlaeuterungen: tuple[tuple[str, tuple[Erlaeuterung, ...]], ...]


@dataclass(frozen=True, slots=True)
class Punkt:
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Verlauf:
    """A small line chart; coordinates in a field of 160 by 60."""

    punkte: tuple[Punkt, ...]
    linie: str
    ziel: Punkt | None
    weg: str
    """The way still to go, as a line."""
    beginn_text: str
    ende_text: str
    ziel_text: str
    ende: Punkt
    beginn_jahr: str
    ende_jahr: str
    ziel_jahr: str
    satz: str


@dataclass(frozen=True, slots=True)
class Indikatorbild:
    id: str
    titel: str
    unter: str
    verlauf: Verlauf | None
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


def zielkapitel(kontext: Kontext) -> Zielkapitel | None:
    """None if the concept names neither goals nor fields nor tasks."""
    k = kontext.k
    aktive = [m for m in k.massnahmen if not m.grabstein]

    def dienende(kennung: str) -> tuple[Link, ...]:
        return tuple(kontext.link(m.id) for m in aktive if kennung in m.teilziele)

    baum = tuple(
        Wurzel(z.id, k.nummern.get(z.id, ""), z.titel, z.art == "oberziel", z.beendet, tuple(
            Ast(t.id, k.nummern.get(t.id, ""), t.titel, t.beendet, dienende(t.id)) for t in z.teilziele if t.beendet_in is None
        ))
        for z in k.ziele
        if z.beendet_in is None
    )  # fmt: skip
    if not (baum or k.handlungsfelder or k.querschnittsaufgaben):
        return None
    tief = any(a.massnahmen for w in baum for a in w.aeste)
    benutzt = {m.status: m.status_wort for w in baum for a in w.aeste for m in a.massnahmen}
    status = tuple((s, wort) for s, wort in (*labels.STATUS.items(), ("unbekannt", "Status unbekannt")) if s in benutzt)
    ziele: list[Ordnungsobjekt] = [o for z in k.ziele for o in (z, *z.teilziele)]
    gruppen: list[tuple[str, tuple[Erlaeuterung, ...]]] = []
    for titel, objekte, immer in (
        ("Die Ziele im Einzelnen", ziele, False),
        ("Handlungsfelder", list(k.handlungsfelder), True),
        ("Querschnittsaufgaben", list(k.querschnittsaufgaben), True),
    ):
        erlaeutert = [_erlaeuterung(kontext, o) for o in objekte if o.beendet_in is None]
        if not immer:
            erlaeutert = [
                e for e in erlaeutert if e.text or any(not f.unbekannt or f.grund for f in e.fakten) or e.belege
            ]
        if erlaeutert:
            gruppen.append((titel, tuple(erlaeutert)))
    return Zielkapitel(_satz(kontext), baum, tief, status, tuple(gruppen))


def _satz(kontext: Kontext) -> str:
    k = kontext.k
    ziele = sum(1 for z in k.ziele if not z.beendet)
    teilziele = sum(1 for z in k.ziele for t in z.teilziele if not t.beendet)
    ober = next((z for z in k.ziele if z.art == "oberziel" and not z.beendet), None)
    if not ziele:
        return ""
    if ober is not None and ziele == 1:
        return (
            f"Ein Oberziel, aus dem {teilziele} Teilziele folgen."
            if teilziele > 1
            else "Ein Oberziel leitet das Konzept."
        )
    satz = f"{ziele} Ziele" if ziele > 1 else "Ein Ziel"
    return (
        f"{satz} und {teilziele} Teilziele leiten die Maßnahmen."
        if teilziele > 1
        else f"{satz} {'leiten' if ziele > 1 else 'leitet'} das Konzept."
    )


def _erlaeuterung(kontext: Kontext, o: Ordnungsobjekt) -> Erlaeuterung:
    angaben = Angaben(kontext, o)
    if o.beschreibung:
        angaben.unterdruecke("beschreibung")
    text = kontext.prosa(o.beschreibung, 7) or LEER
    indikatoren = getattr(o, "indikatoren", ())
    angaben.fakt("Land", "landes_handlungsfelder", "; ".join(getattr(o, "landes_handlungsfelder", ())))
    angaben.fakt("Indikatoren", "indikatoren", links=kontext.links(indikatoren))
    if o.status == "entfallen":
        angaben.fakt("Status", "status", labels.STATUS[o.status])
    angaben.fakt("Entstanden aus", "hervorgegangen_aus", links=kontext.links(o.hervorgegangen_aus))
    angaben.fakt("Aufgegangen in", "aufgegangen_in", links=kontext.links(o.aufgegangen_in))
    angaben.fakt("Begründung", "begruendung", kontext.zeile(o.begruendung))
    angaben.fakt("Veranlasst durch", "veranlasst_durch", o.veranlasst_durch)
    bilanz: Bilanz | None = getattr(o, "bilanz", None)
    if bilanz is not None:
        for feld, name in BILANZFELDER:
            angaben.fakt(name, "", bilanztext(kontext, bilanz, feld))
        angaben.fakten += Angaben(kontext, bilanz, "Bilanz: ").rest()
    return Erlaeuterung(kontext.link(o.id), text, angaben.rest(), angaben.gesamt)


def indikatorkapitel(kontext: Kontext) -> Indikatorkapitel | None:
    """Small multiples on the same years, and the table as their twin."""
    aktive = [i for i in kontext.k.indikatoren if i.beendet_in is None]
    if not aktive:
        return None
    jahre = sorted({int(j) for i in aktive for j in i.werte} | {i.ziel.jahr for i in aktive if i.ziel and i.ziel.jahr})
    bilder = tuple(_indikator(kontext, i, jahre) for i in aktive)
    kurs = sum(b.klasse == "gut" for b in bilder)
    bewertet = sum(bool(b.klasse) for b in bilder)
    satz = f"{kurs} von {bewertet} Indikatoren mit Zielwert sind auf Kurs." if bewertet else ""
    if bewertet == 1:
        satz = (
            "Der einzige Indikator mit Zielwert ist auf Kurs."
            if kurs
            else "Der einzige Indikator mit Zielwert ist nicht auf Kurs."
        )
    gezeigt = [j for j in jahre if any(str(j) in i.werte for i in aktive)]
    gezeigt = gezeigt if len(gezeigt) <= 7 else [*gezeigt[:1], *gezeigt[-6:]]
    zeilen = tuple(_zeile(i, gezeigt) for i in aktive)
    kopf = (
        Spalte("Indikator"),
        Spalte("Einheit"),
        *(Spalte(str(j), True) for j in gezeigt),
        Spalte("Ziel", True),
        Spalte("fehlt noch", True),
    )
    return Indikatorkapitel(satz, bilder, Tabelle("Alle Indikatoren mit ihren Werten", kopf, (Gruppe(zeilen),)))


def _zeile(i: Indikator, jahre: list[int]) -> Zeile:
    werte = (zahl(labels.zahl(i.werte[str(j)]) if str(j) in i.werte else STRICH) for j in jahre)
    ziel = f"{labels.zahl(i.ziel.wert)}{f' ({i.ziel.jahr})' if i.ziel.jahr else ''}" if i.ziel else STRICH
    letzter = list(i.werte.values())[-1] if i.werte else None
    fehlt = STRICH
    if i.ziel and letzter is not None:
        d = i.ziel.wert - letzter
        erreicht = (i.richtung == "sinkend" and d >= 0) or (i.richtung == "steigend" and d <= 0)
        fehlt = "erreicht" if erreicht else f"{'+' if d > 0 else '±' if not d else ''}{labels.zahl(d)}"
    return Zeile((Zelle(i.titel), Zelle(i.einheit or ""), *werte, zahl(ziel), zahl(fehlt, "gesamt")))


def _indikator(kontext: Kontext, i: Indikator, jahre: list[int]) -> Indikatorbild:
    angaben = Angaben(kontext, i)
    angaben.unterdruecke(*(f for f in ("definition", "beschreibung", "werte") if getattr(i, f)))
    text = kontext.zeile(i.definition or i.beschreibung)
    if i.definition and i.beschreibung:
        angaben.fakt("Beschreibung", "beschreibung", kontext.zeile(i.beschreibung))
    angaben.fakt("Art", "art", labels.INDIKATORART.get(i.art or ""))
    angaben.fakt("Misst", "bezug", links=kontext.links(i.bezug))
    angaben.fakt("Vergleichsraum", "vergleichsraum", i.vergleichsraum)
    angaben.fakt("Ausgangsjahr", "ausgangsjahr", str(i.ausgangsjahr or ""))
    angaben.fakt("Status", "status", labels.STATUS["entfallen"] if i.status == "entfallen" else None)
    angaben.fakt("Entstanden aus", "hervorgegangen_aus", links=kontext.links(i.hervorgegangen_aus))
    angaben.fakt("Aufgegangen in", "aufgegangen_in", links=kontext.links(i.aufgegangen_in))
    angaben.fakt("Begründung", "begruendung", kontext.zeile(i.begruendung))
    angaben.fakt("Veranlasst durch", "veranlasst_durch", i.veranlasst_durch)
    if i.ziel:
        angaben.fakten += Angaben(kontext, i.ziel, "Zielwert: ").rest()
    richtung = {"gleichbleibend": "Ziel stabil"}.get(i.richtung or "", f"Ziel {i.richtung}" if i.richtung else "")
    unter = ", ".join(t for t in (i.einheit or "", richtung) if t)
    lage, klasse = _lage(i)
    nummer = kontext.k.nummern.get(i.id, i.nummer or "")
    titel = " ".join(t for t in (nummer, i.titel) if t)
    return Indikatorbild(i.id, titel, unter, _verlauf(i, jahre), lage, klasse, text, angaben.rest(), angaben.gesamt)


def _lage(i: Indikator) -> tuple[str, str]:
    """On course: the last value lies at or beyond the straight line from the first value to the target."""
    if not i.ziel or not i.ziel.jahr or not i.werte or i.richtung not in ("steigend", "sinkend"):
        return "", ""
    werte = [(int(j), w) for j, w in i.werte.items()]
    (j0, w0), (j1, w1) = werte[0], werte[-1]
    if i.ziel.jahr <= j0:
        return "", ""
    soll = w0 + (i.ziel.wert - w0) * Decimal(min(j1, i.ziel.jahr) - j0) / Decimal(i.ziel.jahr - j0)
    if len(werte) < 2:
        return "", ""
    gut = w1 >= soll if i.richtung == "steigend" else w1 <= soll
    return ("auf Kurs", "gut") if gut else ("hinter Plan", "hinter")


def _verlauf(i: Indikator, jahre: list[int]) -> Verlauf | None:
    werte = [(int(j), w) for j, w in i.werte.items()]
    if len(werte) < 2:
        return None
    ziel = (i.ziel.jahr, i.ziel.wert) if i.ziel and i.ziel.jahr else None
    alle = [w for _, w in werte] + ([ziel[1]] if ziel else [])
    unten, oben = min(alle), max(alle)
    von, bis = jahre[0], max(jahre[-1], jahre[0] + 1)

    def punkt(jahr: int, wert: Decimal) -> Punkt:
        y = 26.0 if oben == unten else 44 - 30 * float((wert - unten) / (oben - unten))
        return Punkt(round(4 + 118 * (jahr - von) / (bis - von), 1), round(y, 1))

    punkte = tuple(punkt(j, w) for j, w in werte)
    zielpunkt = punkt(*ziel) if ziel else None
    ende = punkte[-1]
    satz = f"{i.titel}: {labels.zahl(werte[0][1])} im Jahr {werte[0][0]}, {labels.zahl(werte[-1][1])} im Jahr {werte[-1][0]}"
    satz += f", Ziel {labels.zahl(ziel[1])} im Jahr {ziel[0]}." if ziel else "."
    return Verlauf(
        punkte, " ".join(f"{p.x},{p.y}" for p in punkte), zielpunkt,
        f"{ende.x},{ende.y} {zielpunkt.x},{zielpunkt.y}" if zielpunkt else "",
        labels.zahl(werte[0][1]), labels.zahl(werte[-1][1]), labels.zahl(ziel[1]) if ziel else "", ende,
        str(werte[0][0]), str(werte[-1][0]), str(ziel[0]) if ziel and ziel[0] != werte[-1][0] else "", satz,
    )  # fmt: skip
