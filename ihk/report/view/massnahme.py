"""Views of measures: the Steckbrief, the overview table, what has ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from ihk import labels
from ihk.diff.changeset import Eintrag
from ihk.model import Massnahme
from ihk.model.bestandteile import Bilanz, Indikator, Objekt, Ordnungsobjekt
from ihk.model.massnahme import Kosten
from ihk.report.view.grund import (
    STRICH,
    Angaben,
    Fakt,
    Gruppe,
    Kontext,
    Link,
    Spalte,
    Tabelle,
    Textblock,
    Zeile,
    Zelle,
    beschluss_text,
    gross,
    mit_einheit,
    status_wort,
    zahl,
)
from ihk.report.view.kosten import Kostenbild, finanzierung, jahresplan, kostenangaben, kostenbild
from ihk.report.view.suche import Merkmal, merkmale
from ihk.report.view.zeit import Achse, Zeitbild, zeitbild

LANG = 45
BILANZFELDER = (
    ("bewertung", "Bewertung"),
    ("ergebnis", "Ergebnis"),
    ("wirkung", "Wirkung"),
    ("hemmnisse", "Hemmnisse"),
    ("bedarf", "Weiterer Bedarf"),
    ("folgerung", "Folgerung"),
)
HORIZONT = {
    "kurzfristig": "kurzfristig",
    "mittelfristig": "mittelfristig",
    "langfristig": "langfristig",
    "dauerhaft": "dauerhaft",
}
_ZEILE = 62  # characters of prose in a line of the text column
_VOLL = 125  # millimetres from which a Steckbrief gets a page of its own
_ZWEI_SEITEN = (
    226,
    292,
)  # … and from which not even the closest setting brings it onto one; the second with text beside the facts


@dataclass(frozen=True, slots=True)
class Schrittzeile:
    termin: str
    text: Markup
    erledigt: bool
    belege: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Feld:
    """A block below the prose; ``art`` says which of ``inhalt``'s forms it is."""

    art: str
    titel: str
    inhalt: Any


@dataclass(frozen=True, slots=True)
class Steckbrief:
    """Everything that is known of a measure, in the order in which readers compare."""

    id: str
    wort: str
    """What the concept calls a measure."""
    nummer: str
    titel: str
    lang: bool
    kicker: str
    status: str
    status_wort: str
    schluessel: str
    """The word for a key measure; empty for others."""
    leitsatz: Markup
    zeit: Zeitbild | None
    kosten: Kostenbild | None
    texte: tuple[Textblock, ...]
    paare: tuple[tuple[Feld, ...], ...]
    """Steps, risks, tables, Bilanz and changes, two in a row."""
    breit: tuple[Tabelle, ...]
    bilder: tuple[Markup, ...]
    fakten: tuple[Fakt, ...]
    fakten_links: tuple[Fakt, ...]
    fakten_rechts: tuple[Fakt, ...]
    belege: tuple[Link, ...]
    eigene_seite: bool
    ausfuehrlich: bool
    """Needs two pages, so it is set with room."""
    mit_text: bool
    merkmale: tuple[Merkmal, ...]
    mit_rand: bool
    """The text is long enough to stand beside the facts."""


def kicker(kontext: Kontext, m: Massnahme) -> str:
    """What the measure stands under: ``Handlungsfeld 2 · Öffentlicher Raum``."""
    ort = kontext.k.nach_id.get(m.ort or "")
    if not isinstance(ort, Ordnungsobjekt):
        return ""
    art = {
        "Handlungsfeld": kontext.handlungsfeld,
        "Teilziel": "Teilziel",
        "Querschnittsaufgabe": "Querschnittsaufgabe",
    }.get(type(ort).__name__, "")
    nummer = kontext.k.nummern.get(ort.id, "")
    return f"{art} {nummer} · {ort.titel}" if nummer else f"{art} · {ort.titel}"


def steckbrief(
    kontext: Kontext, m: Massnahme, a: Achse | None, stand: date | None, eintrag: Eintrag | None, *, knapp: bool = False
) -> Steckbrief:
    """The view of one measure; ``eintrag`` is its entry in the change set since the predecessor.

    ``knapp`` leaves out what looks back and the longer texts, so that it fits a page.
    """
    angaben = Angaben(kontext, m)
    kosten_angaben = Angaben(kontext, m.kosten) if m.kosten else None
    kommune = kontext.k.konzept.kommune.name if kontext.k.konzept.kommune else "Kommune"
    bild = kostenbild(m.kosten, kommune, beendet=m.beendet)
    genau = kontext.k.fassung.stand
    zeit = zeitbild(m, a, stand, nur_jahr=genau is not None and genau.genauigkeit == "jahr")
    texte = tuple(
        Textblock(titel, html, angaben.belegt(feld))
        for feld, titel, text in (
            ("beschreibung", "Worum geht es?", m.beschreibung), ("ausgangslage", "Ausgangslage", m.ausgangslage),
            ("ziel", "Was soll erreicht werden?", m.ziel), ("umsetzung", "Umsetzung", m.umsetzung),
            ("klimawirkung", "Wirkung auf das Klima", m.klimawirkung),
        )
        if not (knapp and feld in ("ausgangslage", "umsetzung")) and (html := kontext.prosa(text, 5)) is not None
    )  # fmt: skip
    schritte = tuple(
        Schrittzeile(
            labels.zeitpunkt(s.termin) if s.termin else "", kontext.zeile(s.text), s.erledigt, kontext.belege(s)
        )
        for s in m.schritte
    )
    plan = jahresplan(m.kosten, kontext.jahre, mit_gebern=not knapp)
    ein_jahr = plan is not None and len(plan.gruppen[0].zeilen) == 1 and "breit" not in plan.klasse
    tabellen = [
        t.halb()
        for t in (
            finanzierung(kontext, m.kosten),
            None if ein_jahr else plan,
            _indikatoren(kontext, m),
            None if knapp else _bewilligungen(m.kosten),
        )
        if t
    ]
    _fakten(kontext, m, angaben, zeit is not None)
    if m.kosten is not None and kosten_angaben is not None:
        kostenangaben(m.kosten, kosten_angaben, angaben, bild is not None)
        if plan is not None and ein_jahr:  # no table for a single row
            jahr, betrag = plan.gruppen[0].zeilen[0].zellen
            angaben.fakt("Nach Jahren", "", f"{jahr.text}: {betrag.text}{labels.GESCHUETZT}€")
        for f in kosten_angaben.rest():
            angaben.fakten.append(f)
        if kosten_angaben.gesamt:
            angaben.fakten.append(Fakt("Kosten", "Quelle", belege=kosten_angaben.gesamt))
    bilanz = _bilanz(kontext, m, angaben)
    angaben.unterdruecke("leitsatz")
    _unterangaben(kontext, m, angaben)
    fakten = angaben.rest()
    bemerkung = kontext.prosa(m.kosten.bemerkung, 5) if m.kosten else None
    if bemerkung is not None:
        texte += (Textblock("Zu den Kosten", bemerkung),)
    haelfte = (len(fakten) + 1) // 2
    text_hoehe, hoehe = _hoehe(m, bool(bild), bool(zeit), fakten, len(tabellen))
    return Steckbrief(
        id=m.id,
        wort=kontext.massnahme,
        nummer=kontext.k.nummern.get(m.id, ""),
        titel=m.titel,
        lang=len(m.titel) > LANG,
        kicker=kicker(kontext, m),
        status=m.status or "unbekannt",
        status_wort=status_wort(m) if m.status else "Status unbekannt",
        schluessel=kontext.wort.schluessel if m.schluesselmassnahme else "",
        leitsatz=kontext.zeile(m.leitsatz),
        zeit=zeit,
        kosten=bild,
        texte=texte,
        paare=_paare(
            schritte,
            tuple(kontext.zeile(r) for r in m.risiken),
            tabellen,
            *(((), ()) if knapp else (bilanz, _geaendert(kontext, m, eintrag))),
        ),
        breit=tuple(t for t in tabellen if "breit" in t.klasse),
        bilder=tuple(kontext.bild(b) for b in m.bilder if b in kontext.bilder),
        fakten=fakten,
        fakten_links=fakten[:haelfte],
        fakten_rechts=fakten[haelfte:],
        belege=angaben.gesamt,
        eigene_seite=hoehe > _VOLL,
        ausfuehrlich=not knapp and hoehe > _ZWEI_SEITEN[text_hoehe > 60],
        mit_text=bool(texte),
        merkmale=merkmale(kontext, m, eintrag),
        mit_rand=text_hoehe > 60,
    )


def _paare(
    schritte: tuple[Schrittzeile, ...], risiken: tuple[Markup, ...], tabellen: list[Tabelle], bilanz: tuple[Textblock, ...],
    geaendert: tuple[Textblock, ...],
) -> tuple[tuple[Feld, ...], ...]:  # fmt: skip
    """Blocks in fixed order, two in a row: what stands side by side belongs together and is about as high."""
    felder = []
    if schritte:
        felder.append(Feld("schritte", "Schritte", schritte))
    if risiken:
        felder.append(Feld("risiken", "Risiken", risiken))
    felder += [Feld("tabelle", t.titel, t) for t in tabellen if "breit" not in t.klasse]
    if bilanz:
        felder.append(Feld("bilanz", "Bilanz", bilanz))
    if geaendert:
        felder.append(Feld("wandel", "Seit der letzten Fassung", geaendert))
    return tuple(tuple(felder[n : n + 2]) for n in range(0, len(felder), 2))


def _fakten(kontext: Kontext, m: Massnahme, angaben: Angaben, im_bild: bool) -> None:
    angaben.unterdruecke(*(() if m.status is None else ("status",)))
    angaben.fakt("Status", "status")
    angaben.fakt("Ziel", "teilziele", links=kontext.links(m.teilziele))
    angaben.fakt("Auch in", "weitere_handlungsfelder", links=kontext.links(m.weitere_handlungsfelder))
    angaben.fakt("Querschnitt", "querschnittsaufgaben", links=kontext.links(m.querschnittsaufgaben))
    angaben.fakt("Träger", "traeger", _traeger(m))
    angaben.fakt("Vereinbarung", "vereinbarung", m.vereinbarung)
    angaben.fakt("Beteiligte", "beteiligte", ", ".join(m.beteiligte))
    angaben.fakt("Zielgruppe", "zielgruppe", m.zielgruppe)
    angaben.fakt("Eigentümer", "eigentuemer", m.eigentuemer)
    zeitraum = labels.zeitraum(m.zeitraum.von, m.zeitraum.bis) if m.zeitraum and not im_bild else ""
    angaben.fakt("Zeitraum", "zeitraum", zeitraum)
    angaben.fakt("Ort", "standort", _standort(m))
    art, prioritaet = labels.ART.get(m.art or "", ""), labels.PRIORITAET.get(m.prioritaet or "", "")
    horizont = HORIZONT.get(m.zeithorizont or "", "")
    angaben.zusammen(
        "Einordnung",
        ("Art", "art", art, art),
        ("Priorität", "prioritaet", prioritaet, f"Priorität {prioritaet}"),
        ("Zeithorizont", "zeithorizont", horizont, horizont),
    )
    angaben.fakt("Beschluss", "beschluss", beschluss_text(m.beschluss) if m.beschluss else "")
    angaben.fakt("Hängt ab von", "abhaengig_von", links=kontext.links(m.abhaengig_von))
    angaben.fakt("Teil von", "teil_von", links=kontext.links([m.teil_von] if m.teil_von else []))
    angaben.fakt("Umfasst", "", links=kontext.links(kontext.umfasst.get(m.id, ())))
    angaben.fakt("Entstanden aus", "hervorgegangen_aus", links=kontext.links(m.hervorgegangen_aus))
    angaben.fakt("Aufgegangen in", "aufgegangen_in", links=kontext.links(m.aufgegangen_in))
    angaben.fakt("Beendet in", "beendet_in", f"Fassung {m.beendet_in}" if m.beendet_in else "")
    angaben.fakt("Kennung", "id", m.id)


def _traeger(m: Massnahme) -> str:
    """The carrier; what kind of body it is, where it is not the town."""
    art = labels.TRAEGERART[m.traegerart] if m.traegerart and m.traegerart != "kommune" else ""
    return f"{m.traeger} ({art})" if m.traeger and art else m.traeger or art


def _standort(m: Massnahme) -> str:
    if m.standort is None:
        return ""
    punkt = m.standort.punkt
    lage = labels.lage(punkt) if punkt else ""
    return " ".join(t for t in (m.standort.text or "", f"({lage})" if lage and m.standort.text else lage) if t)


def _unterangaben(kontext: Kontext, m: Massnahme, angaben: Angaben) -> None:
    """Gaps and sources of the small records inside a measure."""
    for name, satz in (("Zeitraum", m.zeitraum), ("Ort", m.standort), ("Beschluss", m.beschluss)):
        if satz is not None and (satz.unbekannt or satz.belege):
            inneres = Angaben(kontext, satz, f"{name}: ")
            angaben.fakten += inneres.rest()
            if inneres.gesamt:
                angaben.fakten.append(Fakt(f"{name}: Quelle", belege=inneres.gesamt))


def _bilanz(kontext: Kontext, m: Massnahme, angaben: Angaben) -> tuple[Textblock, ...]:
    if m.bilanz is None:
        return ()
    inneres = Angaben(kontext, m.bilanz)
    bloecke = []
    for feld, titel in BILANZFELDER:
        html = bilanztext(kontext, m.bilanz, feld)
        belege = inneres.belegt(feld)
        if html:
            inneres.unterdruecke(feld)
            bloecke.append(Textblock(titel, html, belege + inneres.gesamt))
        elif grund := inneres.grund(feld):
            bloecke.append(Textblock(titel, grund, belege, unbekannt=True))
    angaben.fakten += inneres.rest()
    return tuple(bloecke)


def bilanztext(kontext: Kontext, bilanz: Bilanz, feld: str) -> Markup:
    """One field of a Bilanz as running text; words of closed lists as they are printed."""
    wert: str | None = getattr(bilanz, feld)
    return kontext.zeile(labels.auswahl(feld, wert) if wert and feld in ("bewertung", "folgerung") else wert)


def _geaendert(kontext: Kontext, m: Massnahme, eintrag: Eintrag | None) -> tuple[Textblock, ...]:
    """Why the measure differs from the last Fassung, and in which fields."""
    bloecke = []
    felder: list[str] = []
    if eintrag is not None:
        felder = list(
            dict.fromkeys(kontext.feld(f.pfad).split(":")[0] for f in eintrag.felder if f.gewicht != "redaktionell")
        )
        arten = [a for a in eintrag.aenderungsart if a != "redaktionell"]
        if felder and not {"geaendert", "neu"} & set(arten):
            arten.insert(0, "geaendert")
        bisher = eintrag.lage_alt.nummer if eintrag.lage_alt and "umnummeriert" in arten else None
        if felder or (arten and arten != ["neu"]):
            mehr = f" und {len(felder) - 6} weitere Angaben" if len(felder) > 7 else ""
            kurz = felder[:6] if mehr else felder
            teile = [f"bisher Nummer {bisher}" if bisher else "", ", ".join(kurz) + mehr]
            worte = labels.und([labels.AENDERUNGSART.get(a, a) for a in arten])
            bloecke.append(Textblock(gross(worte) or "Geändert", "; ".join(t for t in teile if t)))
    if m.begruendung:
        bloecke.append(Textblock("Grund", kontext.zeile(m.begruendung)))
    if m.veranlasst_durch:
        bloecke.append(Textblock("Veranlasst durch", m.veranlasst_durch))
    return tuple(bloecke)


def _indikatoren(kontext: Kontext, m: Massnahme) -> Tabelle | None:
    zeilen = []
    for kennung in m.indikatoren:
        i = kontext.k.nach_id.get(kennung)
        if not isinstance(i, Indikator):
            continue
        letzter = list(i.werte.items())[-1] if i.werte else None
        ziel = f"{labels.zahl(i.ziel.wert)}{f' ({i.ziel.jahr})' if i.ziel.jahr else ''}" if i.ziel else STRICH
        name = mit_einheit(i.titel, i.einheit)
        zuletzt = f"{labels.zahl(letzter[1])} ({letzter[0]})" if letzter else STRICH
        zeilen.append(Zeile((Zelle(name, ziel=i.id), zahl(zuletzt), zahl(ziel))))
    if not zeilen:
        return None
    return Tabelle(
        "Woran wir den Erfolg messen",
        (Spalte("Indikator"), Spalte("zuletzt", True), Spalte("Ziel", True)),
        (Gruppe(tuple(zeilen)),),
    )


def _bewilligungen(kosten: Kosten | None) -> Tabelle | None:
    if kosten is None or not kosten.bewilligungen:
        return None
    zeilen = [
        (
            Zelle(str(b.programmjahr or STRICH), zusatz=f"{labels.feld('betrag')} unbekannt" if "betrag" in b.unbekannt else ""),
            Zelle(labels.programm(b.programm) if b.programm else STRICH), Zelle(b.bescheid or STRICH), Zelle(labels.tag(b.datum) if b.datum else STRICH),
            *(zahl(labels.euro(x) if x is not None else STRICH) for x in (b.beantragt, b.betrag, b.ausgezahlt)),
            Zelle(labels.tag(b.verfaellt_am) if b.verfaellt_am else STRICH),
        )
        for b in kosten.bewilligungen
    ]  # fmt: skip
    kopf = (
        Spalte("Programmjahr"), Spalte("Programm"), Spalte("Bescheid"), Spalte("Datum"), Spalte("beantragt", True), Spalte("bewilligt", True),
        Spalte("ausgezahlt", True), Spalte("verfällt am"),
    )  # fmt: skip
    voll = [i for i in range(len(kopf)) if i in (0, 5) or any(z[i].text != STRICH for z in zeilen)]
    gefiltert = tuple(Zeile(tuple(z[i] for i in voll)) for z in zeilen)
    return Tabelle(
        "Bewilligungen", tuple(kopf[i] for i in voll), (Gruppe(gefiltert),), klasse="breit" if len(voll) > 5 else ""
    )


def _hoehe(m: Massnahme, bild: bool, zeit: bool, fakten: tuple[Fakt, ...], tabellen: int) -> tuple[float, float]:
    """Rough heights in millimetres: of the prose, and of the whole Steckbrief."""
    text = [t for t in (m.beschreibung, m.ausgangslage, m.ziel, m.umsetzung) if t]
    prosa = sum(len(t) / _ZEILE + t.count("\n\n") + 2.5 for t in text) * 5
    zeilen = sum(1 + (len(f.wert) + len(f.grund) + sum(len(x.text) for x in f.links)) // 24 for f in fakten)
    rest = (6 * len(m.schritte) + 6 * len(m.risiken) + 25 * tabellen + (25 if m.bilanz else 0)) / 2
    return prosa, 30 + (18 if zeit else 0) + (28 if bild else 0) + rest + (
        max(prosa, 5.5 * zeilen) if prosa > 60 else prosa + 2.2 * zeilen
    )


# -------------------------------------------------------------------------------------------------- overview and end


def uebersicht(kontext: Kontext, massnahmen: tuple[Massnahme, ...]) -> Tabelle:
    """All measures by their place; columns in which nothing is known are left out."""
    spalten: list[tuple[str, bool, Callable[[Massnahme], Zelle]]] = [
        (kontext.massnahme, False, lambda m: Zelle(kontext.link(m.id).text, ziel=m.id)),
        ("Ort", False, lambda m: Zelle((m.standort.text or "") if m.standort else "")),
        ("Träger", False, lambda m: Zelle(m.traeger or "")),
        ("Zeitraum", False, lambda m: Zelle(_jahre(m), wert=_beginn(m))),
        (
            "Status",
            False,
            lambda m: (
                Zelle(status_wort(m), status=m.status, wert=str(list(labels.STATUS).index(m.status)))
                if m.status
                else Zelle("")
            ),
        ),
        (
            "Kosten",
            True,
            lambda m: (
                zahl(labels.euro(m.kosten.gesamt), wert=m.kosten.gesamt)
                if m.kosten and m.kosten.gesamt is not None
                else zahl("")
            ),
        ),
    ]
    genutzt = [s for i, s in enumerate(spalten) if not i or any(s[2](m).text for m in massnahmen)]
    gruppen = []
    for titel, teil in nach_ort(kontext, massnahmen):
        zeilen = []
        for m in teil:
            zellen = [s[2](m) for s in genutzt]
            zeilen.append(
                Zeile(tuple(z if z.text else Zelle("unbekannt", zahl=z.zahl, klasse="unbekannt") for z in zellen))
            )
        gruppen.append(Gruppe(tuple(zeilen), titel))
    return Tabelle(
        f"Alle {kontext.massnahmen} im Überblick",
        tuple(Spalte(s[0], s[1], f"s-{s[0].lower()[:4]}") for s in genutzt),
        tuple(gruppen),
        klasse="uebersicht",
    )


def _beginn(m: Massnahme) -> str:
    """Months since year 0, by which periods are sorted."""
    zeitpunkt = m.zeitraum and (m.zeitraum.von or m.zeitraum.bis)
    return str(12 * zeitpunkt.beginn.year + zeitpunkt.beginn.month) if zeitpunkt else ""


def _jahre(m: Massnahme) -> str:
    if m.zeitraum is None:
        return ""
    von, bis = m.zeitraum.von, m.zeitraum.bis
    if von and bis:
        return str(von.beginn.year) if von.beginn.year == bis.ende.year else f"{von.beginn.year}–{bis.ende.year}"
    return labels.zeitraum(von, bis)


def nach_ort(kontext: Kontext, massnahmen: tuple[Massnahme, ...]) -> list[tuple[str, tuple[Massnahme, ...]]]:
    """Measures grouped by their place in document order; one group without a heading if there is no place at all."""
    orte: dict[str, list[Massnahme]] = {}
    for m in massnahmen:
        orte.setdefault(m.ort if m.ort in kontext.k.nach_id else "", []).append(m)
    folge = (
        [h.id for h in kontext.k.handlungsfelder]
        + [t.id for z in kontext.k.ziele for t in z.teilziele]
        + [q.id for q in kontext.k.querschnittsaufgaben]
    )
    rang = {kennung: i for i, kennung in enumerate(folge)}
    sortiert = sorted(orte, key=lambda o: rang.get(o, len(rang) + (o == "")))
    if sortiert == [""]:
        return [("", tuple(massnahmen))]
    return [(kontext.link(o).text if o else "Ohne Zuordnung", tuple(orte[o])) for o in sortiert]


def grabsteine(kontext: Kontext) -> Tabelle | None:
    """What ended in an earlier Fassung, kept so that no id is used twice."""
    zeilen = []
    for art, objekt, _ in kontext.k.objekte():
        if not isinstance(objekt, Objekt) or objekt.beendet_in is None:
            continue
        folgen = kontext.links(objekt.aufgegangen_in)
        grund = kontext.zeile(objekt.begruendung)
        zeilen.append(Zeile((
            Zelle(objekt.titel, zusatz=f"{kontext.objektwort(art)} {objekt.id}"), Zelle(f"Fassung {objekt.beendet_in}"),
            Zelle(grund, links=folgen, belege=kontext.belege(objekt)),
        ), id=objekt.id))  # fmt: skip
    if not zeilen:
        return None
    kopf = (Spalte("Was"), Spalte("beendet in"), Spalte("Grund oder Nachfolge"))
    return Tabelle("Früher beendet", kopf, (Gruppe(tuple(zeilen)),), klasse="grabsteine")
