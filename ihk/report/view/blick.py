"""The page for readers in a hurry: one sentence, key figures, who pays, how far things are, what is to be decided."""

from __future__ import annotations

from dataclasses import dataclass

from ihk import labels, sums
from ihk.model import Massnahme
from ihk.model.bestandteile import BESCHLOSSEN
from ihk.report.view.aenderung import Aenderungskapitel, Kennzahl
from ihk.report.view.deckblatt import entscheidung
from ihk.report.view.grund import (
    NB,
    STRICH,
    Gruppe,
    Kontext,
    Spalte,
    Tabelle,
    Teil,
    Zeile,
    Zelle,
    allein,
    anzahl,
    anzahl_von,
    gross,
    mio,
    prozent,
    zahl,
    zahlwort,
)
from ihk.report.view.indikatoren import indikatorkapitel
from ihk.report.view.kosten import teile
from ihk.report.view.massnahme import nach_ort


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


def blick(kontext: Kontext, wandel: Aenderungskapitel | None) -> Blick | None:
    """None if there is nothing to sum up."""
    k = kontext.k
    s = kontext.rechnung.summen()
    gezaehlt = [m for m in k.massnahmen if not m.grabstein]
    lebende = [m for m in gezaehlt if not m.beendet]
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
    return Blick(
        _blicksatz(kontext, s, lebende, wandel),
        kennzahlen,
        _jahre(s),
        matrix,
        status,
        wandel,
        text,
        titel,
        balkenteile,
        mio(s.gesamt),
    )


def _blicksatz(kontext: Kontext, s: sums.Summen, lebende: list[Massnahme], wandel: Aenderungskapitel | None) -> str:
    k = kontext.k
    gebiet = k.konzept.gebiet.name if k.konzept.gebiet and k.konzept.gebiet.name else ""
    if not lebende:
        ziele = len(k.ziele)
        return f"Zu dieser Fassung {'sind ' + anzahl(ziele, 'Ziel', 'Ziele') + ', aber keine ' + kontext.massnahmen if ziele else 'ist ' + kontext.wort.mit('keine', 'kein')} überliefert."
    saetze = []
    if wandel is not None and wandel.kurzsatz:
        saetze.append(wandel.kurzsatz)
    if s.gesamt:
        wo = f" in {gebiet}" if gebiet and len(gebiet) < 30 and not saetze else ""
        eigen = s.nach_geber.get("kommune")
        ohne = len([m for m in lebende if m.id in s.ohne_kosten])
        if ohne:
            satz = f"Für {len(lebende) - ohne} von {len(lebende)} {kontext.wort.dativ}{wo} sind Kosten bekannt, zusammen {mio(s.gesamt)}"
        else:
            kostet = "kostet" if len(lebende) == 1 else "kosten zusammen"
            satz = f"{gross(anzahl_von(len(lebende), kontext.wort))}{wo} {kostet} {mio(s.gesamt)}"
        satz += f", {mio(eigen)} davon trägt die Kommune" if eigen else ""
        offen = s.nach_geber.get("offen")
        saetze.append(satz + (f"; für {mio(offen)} gibt es noch keine Finanzierung." if offen else "."))
    else:
        fertig = sum(m.status in ("abgeschlossen", "verstetigt") for m in lebende)
        satz = f"{gross(anzahl_von(len(lebende), kontext.wort, 'ist', 'sind'))} aufgeführt"
        satz += f", {allein(fertig, kontext.wort, 'davon ist', 'davon sind')} fertig" if fertig else ""
        saetze.append(satz + ". Was sie kosten, ist nicht bekannt.")
    return " ".join(saetze)


def _kennzahlen(kontext: Kontext, s: sums.Summen, lebende: list[Massnahme]) -> tuple[Kennzahl, ...]:
    k = kontext.k
    zahlen = []
    zeitraum = k.fassung.zeitraum
    if s.gesamt:
        zahlen.append(Kennzahl(mio(s.gesamt), "Gesamtkosten"))
        if eigen := s.nach_geber.get("kommune"):
            zahlen.append(Kennzahl(mio(eigen), f"davon Kommune, {prozent(eigen, s.gesamt)} der Kosten"))
    if lebende:
        fertig = sum(m.status in ("abgeschlossen", "verstetigt") for m in lebende)
        text = kontext.massnahme if len(lebende) == 1 else kontext.massnahmen
        zahlen.append(Kennzahl(str(len(lebende)), f"{text}, davon {fertig} fertig oder verstetigt" if fertig else text))
    if (kapitel := indikatorkapitel(kontext)) is not None and kapitel.satz and kapitel.bewertet:
        text = "Indikatoren sind auf Kurs"
        if kapitel.offen:
            text += f", bei {'einem weiteren' if kapitel.offen == 1 else f'{zahlwort(kapitel.offen)} weiteren'} noch keine Aussage"
        zahlen.append(Kennzahl(f"{kapitel.kurs} von {kapitel.bewertet}", text))
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
    kosten = any(kontext.rechnung.summen(teil).gesamt for _, teil in gruppen)
    zeilen = []
    for titel, teil in gruppen:
        zellen = [Zelle(titel or f"Alle {kontext.massnahmen}")]
        for stufe in genutzt:
            zellen.append(
                Zelle(
                    STRICH if not any(_stufe(m) == stufe for m in teil) else "",
                    links=kontext.links(m.id for m in teil if _stufe(m) == stufe),
                    klasse="nummern",
                )
            )
        if kosten:
            zellen.append(zahl(labels.euro(g) if (g := kontext.rechnung.summen(teil).gesamt) else STRICH))
        zeilen.append(Zeile(tuple(zellen)))
    name = kontext.handlungsfeld if kontext.k.handlungsfelder else "Ziel" if len(gruppen) > 1 else ""
    kopfzeile = (
        Spalte(name or kontext.massnahmen),
        *(Spalte(s) for s in genutzt),
        *([Spalte("Kosten", True)] if kosten else []),
    )
    return Tabelle(f"Wie weit sind die {kontext.massnahmen}?", kopfzeile, (Gruppe(tuple(zeilen)),), klasse="matrix")


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
    return Tabelle(
        "Wann wird das Geld gebraucht?",
        (Spalte("Jahr"), Spalte("Kosten", True), Spalte("Verlauf")),
        (Gruppe(zeilen),),
        klasse="balkentabelle",
    )


def _was_entscheiden(kontext: Kontext, wandel: Aenderungskapitel | None) -> tuple[str, str]:
    b = entscheidung(kontext)
    if b is None:
        return "", ""
    f = kontext.k.fassung
    am = f" am {labels.tag(b.datum)}" if b.datum else ""
    was = labels.FASSUNGSART.get(f.art or "", "Fassung")
    vorlage = f" (Vorlage{NB}{b.vorlage})" if b.vorlage else ""
    if f.status in (*BESCHLOSSEN, "nicht_beschlossen"):
        wort = {
            "nicht_beschlossen": "nicht beschlossen",
            "beschlossen_mit_aenderungen": "mit Änderungen beschlossen",
        }.get(f.status or "", "beschlossen")
        return (
            "Was wurde entschieden?",
            f"{b.gremium}: Das Konzept wurde{am} {wort}{vorlage}. Über einzelne {kontext.massnahmen} mit Wirkung auf den Haushalt wird gesondert entschieden.",
        )
    neu = f" {wandel.kurzsatz}" if wandel is not None and wandel.kurzsatz else ""
    artikel = "den" if was == "Abschluss" else "die"
    return (
        f"Was ist{am} zu entscheiden?",
        f"{b.gremium}: Beschluss über {artikel} {was} als Ganzes{vorlage}.{neu} Über einzelne {kontext.massnahmen} mit Wirkung auf den Haushalt wird gesondert entschieden.",
    )
