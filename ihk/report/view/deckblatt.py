"""Cover, metadata and the page that says what kind of document this is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markupsafe import Markup

from ihk import labels
from ihk.model.bestandteile import BESCHLOSSEN, Beratung
from ihk.model.load import Geladen
from ihk.report.prose import Bildziel
from ihk.report.view.grund import (
    STRICH,
    Angaben,
    Fakt,
    Gruppe,
    Kontext,
    Link,
    Spalte,
    Tabelle,
    Zeile,
    Zelle,
    pruefsumme,
)
from ihk.report.view.zeit import Streifen, streifen


@dataclass(frozen=True, slots=True)
class Umschlag:
    absender: str
    absender_zusatz: str
    fiktiv: bool
    ober: str
    titel: str
    lang: bool
    sehr_lang: bool
    """So long that it would run over the facts at the foot of the page."""
    unter: str
    fakten: tuple[Fakt, ...]
    streifen: tuple[Streifen, ...]
    wappen: Bildziel | None


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
    antraege: Tabelle | None
    belege: tuple[Link, ...]


def fassung_titel(kontext: Kontext) -> str:
    """The title of the Fassung, else its kind and id."""
    f = kontext.k.fassung
    art = labels.FASSUNGSART.get(f.art or "", "Fassung")
    return f.titel or f"{art} {f.id}"


def status(kontext: Kontext) -> str:
    """The printed status of the Fassung, empty if unknown."""
    return labels.FASSUNGSSTATUS.get(kontext.k.fassung.status or "", "")


def kopf(kontext: Kontext, zusatz: str = "") -> Kopf:
    """Metadata and running lines; every date comes from the concept."""
    k = kontext.k
    kommune = k.konzept.kommune.name if k.konzept.kommune else ""
    stand = f"Stand {labels.zeitpunkt(k.fassung.stand)}" if k.fassung.stand else f"Fassung {k.fassung.id}"
    titel = f"{zusatz}{k.konzept.titel}, {fassung_titel(kontext)}"
    stufe = status(kontext)
    unten = [
        f"{kommune} (erfunden)" if k.konzept.fiktiv and kommune else kommune,
        k.konzept.titel if len(k.konzept.titel) <= 70 else "",
        stand,
    ]
    worte = [
        "Integriertes Handlungskonzept",
        kommune,
        k.konzept.gebiet.name if k.konzept.gebiet else "",
        *(labels.programm(p) for p in k.konzept.programme),
    ]
    fassung = fassung_titel(kontext)
    return Kopf(
        titel=titel,
        autor=k.konzept.herausgeber or kommune or k.konzept.titel,
        beschreibung=f"{titel}. {stand}." + (f" Status: {stufe}." if stufe else ""),
        stichworte=", ".join(dict.fromkeys(w for w in worte if w)),
        datum=k.fassung.stand.beginn.isoformat() if k.fassung.stand else "",
        rechts=" · ".join(t for t in (fassung if len(fassung) <= 45 else f"Fassung {k.fassung.id}", stufe) if t),
        unten=" · ".join(t for t in unten if t),
    )


def umschlag(kontext: Kontext, zusatz: str = "") -> Umschlag:
    """The cover; ``zusatz`` says which report it is, where it is not the long version."""
    k = kontext.k
    titel, ober = k.konzept.titel, ""
    for vorsatz in (
        "Integriertes Handlungskonzept",
        "Integriertes Entwicklungskonzept",
        "Integriertes städtebauliches Entwicklungskonzept",
    ):
        if titel.startswith(f"{vorsatz} "):
            ober, titel = vorsatz, titel.removeprefix(vorsatz).strip()
    beratung = entscheidung(kontext)
    zeitraum = labels.zeitraum(k.fassung.zeitraum.von, k.fassung.zeitraum.bis) if k.fassung.zeitraum else ""
    fakten = [
        Fakt("Status", status(kontext), unbekannt=not k.fassung.status),
        Fakt("Stand", labels.zeitpunkt(k.fassung.stand) if k.fassung.stand else "", unbekannt=not k.fassung.stand),
    ]
    if beratung is not None:
        beschlossen = k.fassung.status in (*BESCHLOSSEN, "nicht_beschlossen")
        fakten.append(Fakt("Vorlage", beratung.vorlage or "", unbekannt=not beratung.vorlage))
        datum = labels.tag(beratung.datum) if beratung.datum else ""
        fakten.append(Fakt("Beschluss" if beschlossen else "Beschluss geplant", datum, unbekannt=not datum))
    else:
        fakten.append(Fakt("Fassung", k.fassung.id))
        programme = ", ".join(labels.programm(p) for p in k.konzept.programme)
        fakten.append(Fakt("Programm", programme) if programme else Fakt("Beschluss", "", unbekannt=True))
    unter = fassung_titel(kontext) + (
        f" für die Jahre {zeitraum}" if re.fullmatch(r"\d{4} bis \d{4}", zeitraum) else ""
    )
    herausgeber = k.konzept.herausgeber or ""
    absender = k.konzept.kommune.name if k.konzept.kommune else herausgeber
    kopfzusatz = herausgeber if herausgeber != absender else ""
    land = k.konzept.kommune.land or "" if k.konzept.kommune else ""
    return Umschlag(
        absender,
        kopfzusatz or land,
        k.konzept.fiktiv,
        f"{zusatz} · {ober}" if zusatz and ober else zusatz or ober,
        titel,
        len(titel) > 42,
        len(titel) > 200,
        unter,
        tuple(fakten),
        streifen(k),
        kontext.bilder.get(k.konzept.wappen or ""),
    )


def entscheidung(kontext: Kontext) -> Beratung | None:
    """The last step of the Beratungsfolge that decides."""
    folge = kontext.k.fassung.beratungsfolge
    return next((b for b in reversed(folge) if b.rolle == "entscheidung"), None)


def impressum(kontext: Kontext, vorgaenger: Geladen | None, ihk_version: str) -> Impressum:
    """What is known about the document itself."""
    k, f = kontext.k, kontext.k.fassung
    angaben = Angaben(kontext, f)
    art = labels.FASSUNGSART.get(f.art or "", "")
    angaben.fakt(
        "Fassung",
        "titel",
        " · ".join(
            t
            for t in (fassung_titel(kontext), art if art not in fassung_titel(kontext) else "", f"Kennung {f.id}")
            if t
        ),
    )
    vorher = ""
    if f.vorgaenger:
        name = vorgaenger.fassung.fassung.titel if vorgaenger else None
        vorher = f"{name} (Fassung {f.vorgaenger})" if name else f"Fassung {f.vorgaenger}"
    angaben.fakt("folgt auf", "vorgaenger", vorher)
    angaben.fakt("Status", "status", status(kontext))
    angaben.fakt("Stand der Daten", "stand", labels.zeitpunkt(f.stand) if f.stand else "")
    angaben.fakt("Zeitraum", "zeitraum", labels.zeitraum(f.zeitraum.von, f.zeitraum.bis) if f.zeitraum else "")
    if f.zeitraum:
        angaben.fakten += Angaben(kontext, f.zeitraum, "Zeitraum: ").rest()
    if f.aenderungsantraege:
        angaben.unterdruecke("aenderungsantraege")
    else:
        angaben.fakt("Änderungsanträge", "aenderungsantraege")
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
    konzept.unterdruecke(
        "programme", "gebiet", "ereignisse", "untersuchungen", "partnerprogramme", "foerderobergrenze", "webseite"
    )
    herkunft = list(konzept.rest())
    if k.konzept.fiktiv:
        herkunft.append(Fakt("Erfunden", "Stadt, Menschen und Zahlen dieses Beispiels gibt es nicht."))
    herkunft.append(Fakt("Quelltext", Markup("Prüfsumme {}").format(pruefsumme(kontext.geladen.quelle.pruefsumme))))
    herkunft.append(Fakt("Erstellt mit", f"ihk {ihk_version}"))
    return Impressum(
        fakten,
        tuple(herkunft),
        beratung(kontext),
        antraege(kontext),
        tuple(dict.fromkeys(konzept.gesamt + angaben.gesamt)),
    )


def antraege(kontext: Kontext) -> Tabelle | None:
    """Motions to amend the draft, and what became of them (I42)."""
    zeilen = tuple(
        Zeile((
            Zelle(kontext.zeile(a.text), links=kontext.links(a.objekte), belege=kontext.quellen(a.alle_belege())),
            Zelle(a.antragsteller or STRICH), Zelle(", ".join(t for t in (a.gremium or "", labels.tag(a.datum) if a.datum else "") if t) or STRICH),
            Zelle(labels.ANTRAG.get(a.ergebnis or "", STRICH), zusatz=kontext.unbekanntes(a.unbekannt)),
        ))
        for a in kontext.k.fassung.aenderungsantraege
    )  # fmt: skip
    kopf = (Spalte("Antrag"), Spalte("von"), Spalte("Gremium, Datum"), Spalte("Ergebnis"))
    return Tabelle("Änderungsanträge", kopf, (Gruppe(zeilen),)) if zeilen else None


def beratung(kontext: Kontext) -> Tabelle | None:
    """The Beratungsfolge with roles and results as in OParl 1.1."""
    folge = kontext.k.fassung.beratungsfolge
    if not folge:
        return None
    zeilen = tuple(
        Zeile((
            Zelle(b.gremium, belege=kontext.belege(b)), Zelle(labels.ROLLE.get(b.rolle or "", STRICH)), Zelle(labels.tag(b.datum) if b.datum else STRICH),
            Zelle(b.vorlage or STRICH), Zelle(labels.ERGEBNIS.get(b.ergebnis or "", "nicht bekannt" if "ergebnis" in b.unbekannt else "offen"), zusatz=kontext.unbekanntes(b.unbekannt)),
        ))
        for b in folge
    )  # fmt: skip
    kopfzeile = (Spalte("Gremium"), Spalte("Rolle"), Spalte("Datum"), Spalte("Vorlage"), Spalte("Ergebnis"))
    return Tabelle("Beratungsfolge", kopfzeile, (Gruppe(zeilen),))
