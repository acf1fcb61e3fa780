"""The view of a whole report: cover, status, the first page for readers in a hurry, and all chapters."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from importlib import resources

from markupsafe import Markup

from ihk import labels, sums
from ihk.diff.changeset import Aenderungssatz
from ihk.model import Massnahme
from ihk.model.bestandteile import BESCHLOSSEN
from ihk.model.load import Geladen
from ihk.report.palette import Palette, palette
from ihk.report.prose import LEER
from ihk.report.view.aenderung import Aenderungskapitel, Kennzahl, aenderungskapitel
from ihk.report.view.grund import (
    NB,
    STRICH,
    Angaben,
    Fakt,
    Gruppe,
    Kontext,
    Link,
    Medium,
    Spalte,
    Tabelle,
    Teil,
    Textblock,
    Zeile,
    Zelle,
    anzahl,
    beschluss_text,
    gross,
    mio,
    prozent,
    zahl,
)
from ihk.report.view.kapitel import Abschnitt, Inhalt, abschnitte
from ihk.report.view.kosten import kostenkapitel, teile
from ihk.report.view.massnahme import Steckbrief, grabsteine, nach_ort, steckbrief, uebersicht
from ihk.report.view.zeit import Achse, Balken, Jahresmarke, Streifen, achse, balken, marken, streifen
from ihk.report.view.ziele import indikatorkapitel, zielkapitel


@dataclass(frozen=True, slots=True)
class Umschlag:
    absender: str
    absender_zusatz: str
    fiktiv: bool
    ober: str
    titel: str
    lang: bool
    unter: str
    fakten: tuple[Fakt, ...]
    streifen: tuple[Streifen, ...]


@dataclass(frozen=True, slots=True)
class Blick:
    """The page for readers who have two minutes."""

    satz: str
    kennzahlen: tuple[Kennzahl, ...]
    jahre: Tabelle | None
    matrix: Tabelle | None
    status: tuple[tuple[str, str], ...]
    neu: Aenderungskapitel | None
    beschluss: str
    beschluss_titel: str
    teile: tuple[Teil, ...]
    gesamt: str


@dataclass(frozen=True, slots=True)
class Gebietskapitel:
    fakten: tuple[Fakt, ...]
    beschreibung: Markup
    ereignisse: Tabelle | None
    belege: tuple[Link, ...]
    mit_rand: bool
    """The facts are short enough for the margin column."""


@dataclass(frozen=True, slots=True)
class Feldbild:
    titel: str
    punkte: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class Massnahmenkapitel:
    uebersicht: Tabelle
    steckbriefe: tuple[Steckbrief, ...]


@dataclass(frozen=True, slots=True)
class Zeitzeile:
    link: Link
    zeitraum: str
    balken: Balken | None


@dataclass(frozen=True, slots=True)
class Zeitplan:
    gruppen: tuple[tuple[str, tuple[Zeitzeile, ...]], ...]
    marken: tuple[Jahresmarke, ...]
    stand: float | None
    stand_text: str
    arten: tuple[str, ...]
    ohne: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Karte:
    """One occasion of participation or one body, as a small block."""

    titel: str
    unter: str
    texte: tuple[Textblock, ...]
    fakten: tuple[Fakt, ...]
    belege: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Ende:
    steckbriefe: tuple[Steckbrief, ...]
    frueher: Tabelle | None
    ziele: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Quellenzeile:
    id: str
    nummer: str
    text: str
    url: str
    zusatz: str


@dataclass(frozen=True, slots=True)
class Kopf:
    """Metadata of the document and its running lines."""

    titel: str
    autor: str
    beschreibung: str
    stichworte: str
    datum: str
    rechts: str
    unten: str


@dataclass(frozen=True, slots=True)
class Impressum:
    fakten: tuple[Fakt, ...]
    herkunft: tuple[Fakt, ...]
    beratung: Tabelle | None
    belege: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Bericht:
    """Everything that the template of the report prints."""

    kopf: Kopf
    umschlag: Umschlag
    impressum: Impressum
    abschnitte: tuple[Abschnitt, ...]
    hell: Palette
    dunkel: Palette


def bericht_view(
    geladen: Geladen, *, vorgaenger: Geladen | None, aenderungen: Aenderungssatz | None, medium: Medium, ihk_version: str
) -> Bericht:  # fmt: skip
    """The report of one Fassung as view objects."""
    kontext = Kontext(geladen, medium)
    k = kontext.k
    stand = k.fassung.stand.beginn if k.fassung.stand else None
    a = achse(k)
    eintraege = {e.id: e for e in aenderungen.eintraege} if aenderungen else {}
    lebende = tuple(m for m in k.massnahmen if not m.beendet)
    beendete = tuple(m for m in k.massnahmen if m.beendet and not m.grabstein)
    gruppen = nach_ort(kontext, lebende)
    folge = [m for _, teil in gruppen for m in teil]
    wandel = aenderungskapitel(kontext, aenderungen, vorgaenger)
    inhalte: dict[str, Inhalt] = {}
    blick = _blick(kontext, a, wandel, stand)
    if blick is not None:
        inhalte["blick"] = Inhalt(blick, blick.satz)
    if wandel is not None:
        inhalte["aenderungen"] = Inhalt(wandel, wandel.satz)
    anlass = kontext.prosa(k.fassung.anlass)
    if anlass is not None:
        inhalte["anlass"] = Inhalt(Textblock("", anlass, kontext.belege(k.fassung, "anlass")))
    if (gebiet := _gebiet(kontext)) is not None:
        inhalte["gebiet"] = Inhalt(gebiet)
    if felder := _analyse(kontext):
        inhalte["ausgangslage"] = Inhalt(felder)
    if (ziele := zielkapitel(kontext)) is not None:
        inhalte["ziele"] = Inhalt(ziele, ziele.satz)
    if folge:
        steckbriefe = tuple(steckbrief(kontext, m, a, stand, eintraege.get(m.id)) for m in folge)
        inhalte["massnahmen"] = Inhalt(Massnahmenkapitel(uebersicht(kontext, tuple(folge)), steckbriefe), _massnahmensatz(k.massnahmen))
    if (kosten := kostenkapitel(kontext, nach_ort(kontext, lebende + beendete), beendete)) is not None:
        inhalte["kosten"] = Inhalt(kosten, kosten.satz)
    if a is not None and (plan := _zeitplan(kontext, gruppen, a, stand)) is not None:
        inhalte["zeitplan"] = Inhalt(plan, klasse="quer" if sum(len(z) for _, z in plan.gruppen) > 8 else "")
    if organe := tuple(_organ(kontext, i) for i in range(len(k.organisation))):
        inhalte["organisation"] = Inhalt(organe)
    if anlaesse := tuple(_anlass(kontext, i) for i in range(len(k.beteiligung))):
        inhalte["beteiligung"] = Inhalt(anlaesse)
    if (indikatoren := indikatorkapitel(kontext)) is not None:
        inhalte["wirkung"] = Inhalt(indikatoren, indikatoren.satz)
    frueher = grabsteine(kontext)
    if beendete or frueher:
        inhalte["beendet"] = Inhalt(Ende(tuple(steckbrief(kontext, m, a, stand, eintraege.get(m.id)) for m in beendete), frueher, ()))
    if luecken := _luecken(kontext):
        inhalte["luecken"] = Inhalt(luecken)
    if quellen := _quellen(kontext):
        inhalte["quellen"] = Inhalt(quellen, klasse="zusammen" if len(quellen) <= 14 else "")
    impressum = _impressum(kontext, vorgaenger, ihk_version)
    if kuerzel := abkuerzungen(_alle_texte(geladen)):
        inhalte["abkuerzungen"] = Inhalt(kuerzel)
    farbe = k.konzept.farbe
    return Bericht(_kopf(kontext), _umschlag(kontext), impressum, abschnitte(kontext, inhalte), palette(farbe, druck=medium == "druck"), palette(farbe, dunkel=True))


# -------------------------------------------------------------------------------------------------- head and cover


def fassung_titel(kontext: Kontext) -> str:
    f = kontext.k.fassung
    art = labels.FASSUNGSART.get(f.art or "", "Fassung")
    return f.titel or f"{art} {f.id}"


def _status(kontext: Kontext) -> str:
    return labels.FASSUNGSSTATUS.get(kontext.k.fassung.status or "", "")


def kopf(kontext: Kontext, zusatz: str = "") -> Kopf:
    """Metadata and running lines; every date comes from the concept."""
    return _kopf(kontext, zusatz)


def _kopf(kontext: Kontext, zusatz: str = "") -> Kopf:
    k = kontext.k
    kommune = k.konzept.kommune.name if k.konzept.kommune else ""
    stand = f"Stand {labels.zeitpunkt(k.fassung.stand)}" if k.fassung.stand else f"Fassung {k.fassung.id}"
    titel = f"{zusatz}{k.konzept.titel}, {fassung_titel(kontext)}"
    status = _status(kontext)
    unten = [f"{kommune} (erfunden)" if k.konzept.fiktiv and kommune else kommune, k.konzept.titel if len(k.konzept.titel) <= 70 else "", stand]
    worte = ["Integriertes Handlungskonzept", kommune, k.konzept.gebiet.name if k.konzept.gebiet else "", *(labels.programm(p) for p in k.konzept.programme)]
    fassung = fassung_titel(kontext)
    return Kopf(
        titel=titel,
        autor=k.konzept.herausgeber or kommune or k.konzept.titel,
        beschreibung=f"{titel}. {stand}." + (f" Status: {status}." if status else ""),
        stichworte=", ".join(dict.fromkeys(w for w in worte if w)),
        datum=k.fassung.stand.beginn.isoformat() if k.fassung.stand else "",
        rechts=" · ".join(t for t in (fassung if len(fassung) <= 45 else f"Fassung {k.fassung.id}", status) if t),
        unten=" · ".join(t for t in unten if t),
    )


def _umschlag(kontext: Kontext) -> Umschlag:
    k = kontext.k
    titel, ober = k.konzept.titel, ""
    for vorsatz in ("Integriertes Handlungskonzept", "Integriertes Entwicklungskonzept", "Integriertes städtebauliches Entwicklungskonzept"):
        if titel.startswith(f"{vorsatz} "):
            ober, titel = vorsatz, titel.removeprefix(vorsatz).strip()
    entscheidung = _entscheidung(kontext)
    zeitraum = labels.zeitraum(k.fassung.zeitraum.von, k.fassung.zeitraum.bis) if k.fassung.zeitraum else ""
    fakten = [
        Fakt("Status", _status(kontext), unbekannt=not k.fassung.status),
        Fakt("Stand", labels.zeitpunkt(k.fassung.stand) if k.fassung.stand else "", unbekannt=not k.fassung.stand),
    ]
    if entscheidung is not None:
        beschlossen = k.fassung.status in (*BESCHLOSSEN, "nicht_beschlossen")
        fakten.append(Fakt("Vorlage", entscheidung.vorlage or "", unbekannt=not entscheidung.vorlage))
        datum = labels.tag(entscheidung.datum) if entscheidung.datum else ""
        fakten.append(Fakt("Beschluss" if beschlossen else "Beschluss geplant", datum, unbekannt=not datum))
    else:
        fakten.append(Fakt("Fassung", k.fassung.id))
        programme = ", ".join(labels.programm(p) for p in k.konzept.programme)
        fakten.append(Fakt("Programm", programme) if programme else Fakt("Beschluss", "", unbekannt=True))
    unter = fassung_titel(kontext) + (f" für die Jahre {zeitraum}" if re.fullmatch(r"\d{4} bis \d{4}", zeitraum) else "")
    herausgeber = k.konzept.herausgeber or ""
    absender = k.konzept.kommune.name if k.konzept.kommune else herausgeber
    zusatz = herausgeber if herausgeber != absender else ""
    land = k.konzept.kommune.land or "" if k.konzept.kommune else ""
    return Umschlag(absender, zusatz or land, k.konzept.fiktiv, ober, titel, len(titel) > 42, unter, tuple(fakten), streifen(k))


def _entscheidung(kontext: Kontext):  # type: ignore[no-untyped-def]  # Beratung | None
    folge = kontext.k.fassung.beratungsfolge
    return next((b for b in reversed(folge) if b.rolle == "entscheidung"), None)


def _impressum(kontext: Kontext, vorgaenger: Geladen | None, ihk_version: str) -> Impressum:
    k, f = kontext.k, kontext.k.fassung
    angaben = Angaben(kontext, f)
    art = labels.FASSUNGSART.get(f.art or "", "")
    angaben.fakt("Fassung", "titel", " · ".join(t for t in (fassung_titel(kontext), art if art not in fassung_titel(kontext) else "", f"Kennung {f.id}") if t))
    vorher = ""
    if f.vorgaenger:
        name = vorgaenger.fassung.fassung.titel if vorgaenger else None
        vorher = f"{name} (Fassung {f.vorgaenger})" if name else f"Fassung {f.vorgaenger}"
    angaben.fakt("folgt auf", "vorgaenger", vorher)
    angaben.fakt("Status", "status", _status(kontext))
    angaben.fakt("Stand der Daten", "stand", labels.zeitpunkt(f.stand) if f.stand else "")
    angaben.fakt("Zeitraum", "zeitraum", labels.zeitraum(f.zeitraum.von, f.zeitraum.bis) if f.zeitraum else "")
    if f.zeitraum:
        angaben.fakten += Angaben(kontext, f.zeitraum, "Zeitraum: ").rest()
    if f.beratungsfolge:
        angaben.unterdruecke("beratungsfolge")
    else:
        angaben.fakt("Beratungsfolge", "beratungsfolge")
    fakten = tuple(angaben.fakten)
    konzept = Angaben(kontext, k.konzept)
    kommune = k.konzept.kommune
    konzept.fakt("Konzept", "titel", k.konzept.titel)
    name = ", ".join(t for t in (kommune.name, kommune.land) if t) if kommune else ""
    konzept.fakt("Kommune", "kommune", name)
    if kommune:
        inneres = Angaben(kontext, kommune, "Kommune: ")
        inneres.fakt("Gemeindeschlüssel", "ags", kommune.ags)
        konzept.fakten += inneres.rest()
    konzept.fakt("Herausgeber", "herausgeber", k.konzept.herausgeber)
    konzept.fakt("Bearbeitung", "bearbeitung", k.konzept.bearbeitung)
    konzept.unterdruecke("programme", "gebiet", "ereignisse")
    herkunft = list(konzept.rest())
    if k.konzept.fiktiv:
        herkunft.append(Fakt("Erfunden", "Stadt, Menschen und Zahlen dieses Beispiels gibt es nicht."))
    herkunft.append(Fakt("Quelltext", f"Prüfsumme SHA-256 {kontext.geladen.quelle.pruefsumme[:16]}…"))
    herkunft.append(Fakt("Erstellt mit", f"ihk {ihk_version}"))
    return Impressum(fakten, tuple(herkunft), _beratung(kontext), konzept.gesamt + angaben.gesamt)


def _beratung(kontext: Kontext) -> Tabelle | None:
    folge = kontext.k.fassung.beratungsfolge
    if not folge:
        return None
    zeilen = tuple(
        Zeile((
            Zelle(b.gremium, belege=kontext.belege(b)), Zelle(labels.ROLLE.get(b.rolle or "", STRICH)), Zelle(labels.tag(b.datum) if b.datum else STRICH),
            Zelle(b.vorlage or STRICH), Zelle(labels.ERGEBNIS.get(b.ergebnis or "", "offen"), zusatz="; ".join(f"{labels.feld(f)} unbekannt: {g}" for f, g in b.unbekannt.items())),
        ))
        for b in folge
    )  # fmt: skip
    kopfzeile = (Spalte("Gremium"), Spalte("Rolle"), Spalte("Datum"), Spalte("Vorlage"), Spalte("Ergebnis"))
    return Tabelle("Beratungsfolge", kopfzeile, (Gruppe(zeilen),))


# -------------------------------------------------------------------------------------------------- at a glance


def _blick(kontext: Kontext, a: Achse | None, wandel: Aenderungskapitel | None, stand: date | None) -> Blick | None:
    k = kontext.k
    s = sums.summen(k)
    gezaehlt = [m for m in k.massnahmen if not m.grabstein]
    lebende = [m for m in gezaehlt if not m.beendet]
    del a, stand
    kennzahlen = _kennzahlen(kontext, s, lebende)
    if len(kennzahlen) < 2 and not lebende:
        return None
    gruppen = nach_ort(kontext, tuple(gezaehlt))
    matrix = _matrix(kontext, gruppen) if len(gezaehlt) > 3 and any(m.status for m in gezaehlt) else None
    benutzt = {m.status or "unbekannt" for m in gezaehlt} if matrix else set()
    status = tuple((x, wort) for x, wort in (*labels.STATUS.items(), ("unbekannt", "Status unbekannt")) if x in benutzt)
    titel, text = _was_entscheiden(kontext, wandel)
    kommune = k.konzept.kommune.name if k.konzept.kommune else "Kommune"
    balkenteile = teile(s.nach_geber, kommune) if s.gesamt and set(s.nach_geber) != {"offen"} else ()
    return Blick(_blicksatz(kontext, s, lebende, wandel), kennzahlen, _jahre(s), matrix, status, wandel, text, titel, balkenteile, mio(s.gesamt))


def _blicksatz(kontext: Kontext, s: sums.Summen, lebende: list[Massnahme], wandel: Aenderungskapitel | None) -> str:
    k = kontext.k
    gebiet = k.konzept.gebiet.name if k.konzept.gebiet and k.konzept.gebiet.name else ""
    if not lebende:
        ziele = len(k.ziele)
        return f"Zu dieser Fassung {'sind ' + anzahl(ziele, 'Ziel', 'Ziele') + ', aber keine' if ziele else 'ist keine'} Maßnahme{'n' if ziele else ''} überliefert."
    saetze = []
    if wandel is not None and wandel.kurzsatz:
        saetze.append(wandel.kurzsatz)
    if s.gesamt:
        wo = f" in {gebiet}" if gebiet and len(gebiet) < 30 and not saetze else ""
        eigen = s.nach_geber.get("kommune")
        satz = f"{gross(anzahl(len(lebende), 'Maßnahme', 'Maßnahmen'))}{wo} {'kostet' if len(lebende) == 1 else 'kosten'} zusammen {mio(s.gesamt)}"
        satz += f", {mio(eigen)} davon trägt die Kommune" if eigen else ""
        offen = s.nach_geber.get("offen")
        saetze.append(satz + (f"; für {mio(offen)} gibt es noch keine Finanzierung." if offen else "."))
    else:
        fertig = sum(m.status in ("abgeschlossen", "verstetigt") for m in lebende)
        satz = f"{gross(anzahl(len(lebende), 'Maßnahme ist', 'Maßnahmen sind'))} aufgeführt"
        satz += f", {anzahl(fertig, 'davon ist', 'davon sind')} fertig".replace("eine davon", "eine davon") if fertig else ""
        saetze.append(satz + ". Was sie kosten, ist nicht bekannt.")
    return " ".join(saetze)


def _kennzahlen(kontext: Kontext, s: sums.Summen, lebende: list[Massnahme]) -> tuple[Kennzahl, ...]:
    k = kontext.k
    zahlen = []
    zeitraum = k.fassung.zeitraum
    if s.gesamt:
        jahre = ""
        if zeitraum and zeitraum.von and zeitraum.bis:
            jahre = f" {zeitraum.von.beginn.year}–{zeitraum.bis.ende.year}"
        zahlen.append(Kennzahl(mio(s.gesamt), f"Gesamtkosten{jahre}"))
        if eigen := s.nach_geber.get("kommune"):
            zahlen.append(Kennzahl(mio(eigen), f"davon Kommune, {prozent(eigen, s.gesamt)} der Kosten"))
    if lebende:
        fertig = sum(m.status in ("abgeschlossen", "verstetigt") for m in lebende)
        text = "Maßnahme" if len(lebende) == 1 else "Maßnahmen"
        zahlen.append(Kennzahl(str(len(lebende)), f"{text}, davon {fertig} fertig oder verstetigt" if fertig else text))
    if (kapitel := indikatorkapitel(kontext)) is not None and kapitel.satz and (bewertet := sum(bool(b.klasse) for b in kapitel.bilder)):
        zahlen.append(Kennzahl(f"{sum(b.klasse == 'gut' for b in kapitel.bilder)} von {bewertet}", "Indikatoren sind auf Kurs"))
    gebiet = k.konzept.gebiet
    if gebiet and gebiet.einwohner:
        bis = f", Stand {labels.zeitpunkt(gebiet.stand)}" if gebiet.stand else ""
        zahlen.append(Kennzahl(labels.zahl(gebiet.einwohner), f"Einwohnerinnen und Einwohner{bis}"))
    if gebiet and gebiet.flaeche_ha:
        zahlen.append(Kennzahl(f"{labels.zahl(gebiet.flaeche_ha)}{NB}ha", "Fläche des Gebiets"))
    if zeitraum and zeitraum.von and zeitraum.bis:
        zahlen.append(Kennzahl(f"{zeitraum.von.beginn.year}–{zeitraum.bis.ende.year}", "Zeitraum"))
    teilziele = sum(not t.beendet for z in k.ziele for t in z.teilziele)
    if teilziele:
        zahlen.append(Kennzahl(str(teilziele), "Teilziel" if teilziele == 1 else "Teilziele"))
    if len(zahlen) < 4 and k.quellen:
        zahlen.append(Kennzahl(str(len(k.quellen)), "Quelle" if len(k.quellen) == 1 else "Quellen ausgewertet"))
    if len(zahlen) < 4 and (luecken := _zahl_luecken(kontext)):
        zahlen.append(Kennzahl(str(luecken), "Angaben sind nicht überliefert und als unbekannt vermerkt"))
    return tuple(zahlen[:4])


def _zahl_luecken(kontext: Kontext) -> int:
    def zaehle(wert: object) -> int:
        if isinstance(wert, dict):
            return sum(len(w) if n == "unbekannt" else zaehle(w) for n, w in wert.items())
        return sum(zaehle(w) for w in wert) if isinstance(wert, list | tuple) else 0

    return zaehle(kontext.k.model_dump(exclude_defaults=True))


def _matrix(kontext: Kontext, gruppen: list[tuple[str, tuple[Massnahme, ...]]]) -> Tabelle:
    """Place by stage; in the cells the numbers of the measures."""
    stufen = list(dict.fromkeys(labels.STATUSGRUPPE.values()))
    if any(not m.status for _, teil in gruppen for m in teil):
        stufen.append("unbekannt")
    genutzt = [s for s in stufen if any(_stufe(m) == s for _, teil in gruppen for m in teil)]
    kosten = any(sums.summen(kontext.k, teil).gesamt for _, teil in gruppen)
    zeilen = []
    for titel, teil in gruppen:
        zellen = [Zelle(titel or "Alle Maßnahmen")]
        for stufe in genutzt:
            zellen.append(Zelle(STRICH if not any(_stufe(m) == stufe for m in teil) else "", links=kontext.links(m.id for m in teil if _stufe(m) == stufe), klasse="nummern"))
        if kosten:
            zellen.append(zahl(labels.euro(g) if (g := sums.summen(kontext.k, teil).gesamt) else STRICH))
        zeilen.append(Zeile(tuple(zellen)))
    name = "Handlungsfeld" if kontext.k.handlungsfelder else "Ziel" if len(gruppen) > 1 else ""
    kopfzeile = (Spalte(name or "Maßnahmen"), *(Spalte(s) for s in genutzt), *([Spalte("Kosten", True)] if kosten else []))
    return Tabelle("Wie weit sind die Maßnahmen?", kopfzeile, (Gruppe(tuple(zeilen)),), klasse="matrix")


def _stufe(m: Massnahme) -> str:
    return labels.STATUSGRUPPE.get(m.status or "", "unbekannt")


def _jahre(s: sums.Summen) -> Tabelle | None:
    jahre = {j: b for j, b in s.nach_jahr.items() if b > 0}
    if len([j for j in jahre if j != sums.OFFEN]) < 2:
        return None
    groesste = max(jahre.values())
    zeilen = tuple(
        Zeile((
            Zelle(labels.jahr(j) if j != sums.OFFEN else "ohne Jahr"), zahl(labels.euro(b)),
            Zelle(balken=(Teil("g-jahr" if j != sums.OFFEN else "g-offen", "", "", "", max(4, round(1000 * b / groesste))),)),
        ))
        for j, b in jahre.items()
    )  # fmt: skip
    return Tabelle("Wann wird das Geld gebraucht?", (Spalte("Jahr"), Spalte("Kosten", True), Spalte("Verlauf")), (Gruppe(zeilen),), klasse="balkentabelle")


def _was_entscheiden(kontext: Kontext, wandel: Aenderungskapitel | None) -> tuple[str, str]:
    b = _entscheidung(kontext)
    if b is None:
        return "", ""
    f = kontext.k.fassung
    am = f" am {labels.tag(b.datum)}" if b.datum else ""
    was = labels.FASSUNGSART.get(f.art or "", "Fassung")
    vorlage = f" (Vorlage{NB}{b.vorlage})" if b.vorlage else ""
    if f.status in (*BESCHLOSSEN, "nicht_beschlossen"):
        wort = {"nicht_beschlossen": "nicht beschlossen", "beschlossen_mit_aenderungen": "mit Änderungen beschlossen"}.get(f.status or "", "beschlossen")
        return "Was wurde entschieden?", f"{b.gremium}: Das Konzept wurde{am} {wort}{vorlage}. Über einzelne Maßnahmen mit Wirkung auf den Haushalt wird gesondert entschieden."
    neu = f" {wandel.kurzsatz}" if wandel is not None and wandel.kurzsatz else ""
    artikel = "den" if was == "Abschluss" else "die"
    return f"Was ist{am} zu entscheiden?", f"{b.gremium}: Beschluss über {artikel} {was} als Ganzes{vorlage}.{neu} Über einzelne Maßnahmen mit Wirkung auf den Haushalt wird gesondert entschieden."


# -------------------------------------------------------------------------------------------------- chapters


def _massnahmensatz(massnahmen: tuple[Massnahme, ...]) -> str:
    lebende = [m for m in massnahmen if not m.beendet]
    bekannt = [m for m in lebende if m.status]
    if len(bekannt) * 2 < len(lebende):
        return ""
    gruppen = {g: sum(labels.STATUSGRUPPE.get(m.status or "") == g for m in lebende) for g in dict.fromkeys(labels.STATUSGRUPPE.values())}
    teile_ = [f"{n} {g.replace('ruht oder entfallen', 'ruhen' if n > 1 else 'ruht')}" for g, n in gruppen.items() if n]
    return f"Von {len(lebende)} Maßnahmen sind " + _und(teile_) + "." if len(lebende) > 2 and teile_ else ""


def _und(teile_: list[str]) -> str:
    return teile_[0] if len(teile_) == 1 else f"{', '.join(teile_[:-1])} und {teile_[-1]}"


def _gebiet(kontext: Kontext) -> Gebietskapitel | None:
    konzept = kontext.k.konzept
    g = konzept.gebiet
    fakten: tuple[Fakt, ...] = ()
    text = (kontext.prosa(g.beschreibung) if g else None) or LEER
    belege: tuple[Link, ...] = ()
    if g is not None:
        angaben = Angaben(kontext, g)
        angaben.fakt("Gebiet", "name", g.name)
        angaben.fakt("Fläche", "flaeche_ha", f"{labels.zahl(g.flaeche_ha)}{NB}ha" if g.flaeche_ha is not None else "")
        angaben.fakt("Einwohner", "einwohner", labels.zahl(g.einwohner) if g.einwohner is not None else "")
        angaben.fakt("Stand", "stand", labels.zeitpunkt(g.stand) if g.stand else "")
        angaben.fakt("Teilgebiete", "teilgebiete", ", ".join(g.teilgebiete))
        angaben.fakt("Beschluss", "beschluss", beschluss_text(g.beschluss) if g.beschluss else "")
        if g.beschluss:
            angaben.fakten += Angaben(kontext, g.beschluss, "Beschluss: ").rest()
        if g.beschreibung:
            angaben.unterdruecke("beschreibung")
        fakten, belege = angaben.rest(), angaben.gesamt
    konzept_angaben = Angaben(kontext, konzept)
    konzept_angaben.fakt("Programm" if len(konzept.programme) < 2 else "Programme", "programme", ", ".join(labels.programm(p) for p in konzept.programme))
    konzept_angaben.fakt("Ereignisse", "ereignisse") if not konzept.ereignisse else None
    konzept_angaben.fakt("Gebiet", "gebiet") if g is None else None
    fakten += tuple(konzept_angaben.fakten)
    zeilen = tuple(Zeile((Zelle(labels.zeitpunkt(e.datum)), Zelle(kontext.zeile(e.text), belege=kontext.quellen(e.alle_belege())))) for e in konzept.ereignisse)
    ereignisse = Tabelle("Was bisher geschah", (Spalte("Datum"), Spalte("Ereignis")), (Gruppe(zeilen),), klasse="ereignisse") if zeilen else None
    if not (fakten or text or ereignisse):
        return None
    laenge = sum(30 + len(f.wert) + len(f.grund) for f in fakten)
    return Gebietskapitel(fakten, text, ereignisse, belege, laenge < 520)


def _analyse(kontext: Kontext) -> tuple[Feldbild, ...]:
    analyse = kontext.k.analyse
    if analyse is None:
        return ()
    felder = []
    for feld in ("staerken", "schwaechen", "chancen", "risiken"):
        punkte = tuple(kontext.zeile(p) for p in getattr(analyse, feld))
        if not punkte and feld in analyse.unbekannt:
            punkte = (kontext.zeile(f"*keine Angabe*: {analyse.unbekannt[feld]}"),)
        if punkte:
            felder.append(Feldbild(labels.FELD[feld], punkte))
    return tuple(felder)


def _zeitplan(kontext: Kontext, gruppen: list[tuple[str, tuple[Massnahme, ...]]], a: Achse, stand: date | None) -> Zeitplan | None:
    ergebnis, ohne, arten = [], [], []
    for titel, teil in gruppen:
        zeilen = []
        for m in teil:
            stab = balken(m, a, stand)
            if stab is None or m.zeitraum is None:
                ohne.append(m.id)
                continue
            arten.append(stab.klasse)
            zeilen.append(Zeitzeile(kontext.link(m.id), labels.zeitraum(m.zeitraum.von, m.zeitraum.bis), stab))
        if zeilen:
            ergebnis.append((titel, tuple(zeilen)))
    if len(arten) < 3:  # one or two bars say less than the text in the Steckbrief
        return None
    linie = stand is not None and date(a.von, 1, 1) <= stand <= date(a.bis, 12, 31)
    text = f"senkrechte Linie: Stand {labels.tag(stand)}" if stand is not None and linie else ""
    vorhanden = tuple(x for x in ("fertig", "laeuft", "geplant", "ruht") if x in arten)
    return Zeitplan(tuple(ergebnis), marken(a), a.stelle(stand) if stand is not None and linie else None, text, vorhanden, kontext.links(ohne))


def _organ(kontext: Kontext, i: int) -> Karte:
    o = kontext.k.organisation[i]
    angaben = Angaben(kontext, o)
    titel = o.titel or o.name or o.rolle or f"Stelle {i + 1}"
    if o.titel and o.name:
        angaben.fakt("Name", "name", o.name)
    if o.rolle and o.rolle != titel:
        angaben.fakt("Rolle", "rolle", o.rolle)
    angaben.fakt("Träger", "traeger", o.traeger)
    angaben.fakt("Zuständig", "zustaendig", o.zustaendig)
    angaben.fakt("Mitglieder", "mitglieder", ", ".join(o.mitglieder))
    texte = tuple(Textblock("", html) for t in (o.aufgabe, o.text) if (html := kontext.prosa(t, 5)) is not None)
    return Karte(titel, "", texte, angaben.rest(), angaben.gesamt)


def _anlass(kontext: Kontext, i: int) -> Karte:
    b = kontext.k.beteiligung[i]
    angaben = Angaben(kontext, b)
    wann = labels.zeitpunkt(b.datum) if b.datum else labels.zeitraum(b.zeitraum.von, b.zeitraum.bis) if b.zeitraum else ""
    titel = b.titel or b.form or b.art or f"Anlass {i + 1}"
    unter = ", ".join(t for t in (wann, b.form if b.form != titel else "", b.art if b.art != titel else "", b.ort) if t)
    angaben.fakt("Datum", "datum", labels.zeitraum(b.zeitraum.von, b.zeitraum.bis) if b.datum and b.zeitraum else "")
    angaben.fakt("Zielgruppe", "zielgruppe", b.zielgruppe)
    angaben.fakt("Teilnehmende", "teilnehmende", labels.zahl(b.teilnehmende) if b.teilnehmende is not None else "")
    texte = [Textblock("", html) for t in (b.text,) if (html := kontext.prosa(t, 5)) is not None]
    if (ergebnis := kontext.zeile(b.ergebnis)):
        texte.append(Textblock("Ergebnis", ergebnis))
    return Karte(titel, unter, tuple(texte), angaben.rest(), angaben.gesamt)


def _luecken(kontext: Kontext) -> tuple[Fakt, ...]:
    """Gaps of the Fassung as a whole that no other page names."""
    genannt = {"titel", "vorgaenger", "status", "stand", "zeitraum", "beratungsfolge"}
    f = kontext.k.fassung
    offen = {feld: grund for feld, grund in f.unbekannt.items() if feld not in genannt}
    offen |= kontext.k.unbekannt
    return tuple(Fakt(labels.FELD.get(x, gross(x)).replace("massnahmen", "Maßnahmen") if x != "massnahmen" else "Maßnahmen", grund=kontext.zeile(g), unbekannt=True) for x, g in offen.items())


def _quellen(kontext: Kontext) -> tuple[Quellenzeile, ...]:
    zeilen = []
    for i, q in enumerate(kontext.k.quellen, 1):
        wer = ", ".join(t for t in (q.autor, q.herausgeber) if t)
        wann = labels.zeitpunkt(q.datum) if q.datum else str(q.jahr) if q.jahr else ""
        if q.datum and q.jahr and str(q.jahr) not in wann:
            wann += f" ({q.jahr})"
        text = ": ".join(t for t in (wer, q.titel) if t)
        teile_ = [q.art or "", wann, q.fundstelle or "", f"abgerufen am {labels.tag(q.abruf)}" if q.abruf else ""]
        teile_ += [f"{labels.feld(f)} unbekannt: {g}" for f, g in q.unbekannt.items()]
        url = q.url or ""
        zeilen.append(Quellenzeile(q.id, str(i), text, url if url.startswith(("https://", "http://")) else "", ". ".join(t.rstrip(".") for t in [*teile_, url] if t)))
    return tuple(zeilen)


def abkuerzungen(text: str) -> tuple[Fakt, ...]:
    """The abbreviations of the field that really stand in the text."""
    woerter: dict[str, str] = json.loads(resources.files("ihk.report").joinpath("daten/abkuerzungen.json").read_text("utf-8"))
    gefunden = [k for k in woerter if re.search(rf"(?<![\w-]){re.escape(k)}(?![\w])", text)]
    return tuple(Fakt(k, woerter[k]) for k in sorted(gefunden, key=str.casefold))


def _alle_texte(geladen: Geladen) -> str:
    """Every text of the model, to look for abbreviations."""

    def sammle(wert: object, schluessel: str = "") -> list[str]:
        if schluessel in ("id", "datei", "belege", "url"):
            return []
        if isinstance(wert, str):
            return [wert]
        if isinstance(wert, dict):
            return [t for n, w in wert.items() for t in sammle(w, str(n))]
        return [t for w in wert for t in sammle(w)] if isinstance(wert, list | tuple) else []

    daten = geladen.fassung.model_dump(mode="json", exclude_defaults=True)
    flaeche = " ha " if geladen.fassung.konzept.gebiet and geladen.fassung.konzept.gebiet.flaeche_ha is not None else ""
    geber = " EU " if any(a.geber == "eu" for m in geladen.fassung.massnahmen if m.kosten for a in m.kosten.finanzierung) else ""
    programme = " ".join(labels.programm(p) for p in geladen.fassung.konzept.programme)
    return "\n".join(sammle(daten)) + flaeche + geber + programme
