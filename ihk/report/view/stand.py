"""The Sachstandsbericht: how far each measure is, what is late, what is spent, which grants are about to lapse."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from ihk import labels, sums
from ihk.model import Massnahme
from ihk.model.massnahme import Kosten
from ihk.report.view.aenderung import Kennzahl
from ihk.report.view.grund import (
    STRICH,
    Gruppe,
    Kontext,
    Spalte,
    Tabelle,
    Zeile,
    Zelle,
    allein,
    anzahl_von,
    gross,
    jahre,
    mio,
    prozent,
    status_wort,
    zahl,
    zahlwort,
)
from ihk.report.view.massnahme import nach_ort
from ihk.report.view.standbild import Standbild, standbild
from ihk.termine import FERTIG, Verzug, stichtag, verzug


@dataclass(frozen=True, slots=True)
class Stand:
    wort: labels.Wort
    satz: str
    kennzahlen: tuple[Kennzahl, ...]
    verzug: Tabelle | None
    bild: Standbild | None
    massnahmen: Tabelle
    bewilligungen: Tabelle | None


def sachstand(kontext: Kontext, massnahmen: tuple[Massnahme, ...]) -> Stand | None:
    """None without measures."""
    lebende = tuple(m for m in massnahmen if not m.beendet)
    if not lebende:
        return None
    am = stichtag(kontext.k)
    spaet = [(m, v) for m in lebende if (v := verzug(m, am)) is not None]
    # What only others pay is in no total of the concept, so their spending is in none either.
    zaehlend = {m.id for m in sums.zaehlende(kontext.k) if not (m.kosten and sums.nur_nachrichtlich(m.kosten))}
    ausgegeben = sum(m.kosten.ausgegeben or 0 for m in lebende if m.kosten and m.id in zaehlend)
    gesamt = kontext.rechnung.summen(lebende).gesamt
    fertig = sum(m.status in FERTIG for m in lebende)
    laufend = sum(m.status == "in_umsetzung" for m in lebende)
    wort = kontext.wort
    bekannt = sum(m.status is not None for m in lebende)
    offen = len(lebende) - bekannt
    kennzahlen = [Kennzahl(str(len(lebende)), wort.namen(len(lebende)))]
    if bekannt:  # what nobody knows is not none
        kennzahlen += [Kennzahl(str(fertig), "fertig oder verstetigt"), Kennzahl(str(len(spaet)), "im Verzug")]
    if offen:
        kennzahlen.append(Kennzahl(str(offen), "Stand nicht bekannt"))
    satz = _satz(wort, len(lebende), laufend, fertig, offen, len(spaet))
    if gesamt and ausgegeben:
        kennzahlen.append(Kennzahl(mio(ausgegeben), f"ausgegeben, {prozent(ausgegeben, gesamt)} von {mio(gesamt)}"))
    return Stand(
        wort,
        satz,
        tuple(kennzahlen),
        _verzug(kontext, spaet),
        standbild(kontext, nach_ort(kontext, lebende)),
        _massnahmen(kontext, lebende),
        _bewilligungen(kontext, lebende, am),
    )


def _satz(wort: labels.Wort, alle: int, laufend: int, fertig: int, offen: int, spaet: int) -> str:
    """How far the measures are, in one sentence; and how many are late, where that can be known."""
    if offen == alle:
        return f"{gross(anzahl_von(alle, wort, 'ist', 'sind'))} aufgeführt; wie weit {wort.form('sie ist', 'es ist', 'er ist') if alle == 1 else 'sie sind'}, ist nicht bekannt."
    rest = alle - laufend - fertig - offen
    teile = [
        (anzahl_von if alle == 1 else allein)(n, wort, eins, viele)
        for n, eins, viele in (
            (laufend, "läuft", "laufen"),
            (fertig, "ist fertig", "sind fertig"),
            (rest, "ist noch nicht begonnen oder ruht", "sind noch nicht begonnen oder ruhen"),
        )
        if n
    ]
    if offen:
        teile.append(
            f"bei {wort.form('einer', 'einem', 'einem') if offen == 1 else zahlwort(offen)} ist es nicht bekannt"
        )
    satz = gross(f"{'' if alle == 1 else f'von {alle} {wort.dativ}: '}{', '.join(teile)}.")
    if spaet:
        return f"{satz} {gross(allein(spaet, wort, 'liegt', 'liegen'))} hinter dem Zeitplan."
    return satz if offen else f"{satz} Im Verzug ist {wort.form('keine', 'keines', 'keiner')}."


def _verzug(kontext: Kontext, spaet: list[tuple[Massnahme, Verzug]]) -> Tabelle | None:
    worte = {
        "ende": "sollte fertig sein am",
        "beginn": "sollte begonnen haben bis",
        "verfrueht": "beginnt laut Plan erst am",
    }
    zeilen = tuple(
        Zeile((Zelle(kontext.link(m.id).text, zusatz=kontext.zeile(m.begruendung)), Zelle(status_wort(m), status=m.status or "unbekannt"), Zelle(f"{worte[v.art]} {labels.tag(v.tag)}")))
        for m, v in spaet
    )  # fmt: skip
    return (
        Tabelle(
            "Hinter dem Zeitplan",
            (Spalte(kontext.massnahme), Spalte("Status"), Spalte("Was nicht passt")),
            (Gruppe(zeilen),),
        )
        if zeilen
        else None
    )


def _massnahmen(kontext: Kontext, lebende: tuple[Massnahme, ...]) -> Tabelle:
    gruppen = []
    for titel, teil in nach_ort(kontext, lebende):
        zeilen = []
        for m in teil:
            kosten = m.kosten or Kosten()
            zeilen.append(Zeile((
                Zelle(kontext.link(m.id).text), Zelle(status_wort(m), status=m.status or "unbekannt"),
                Zelle(jahre(m)), Zelle(_schritt(kontext, m)),
                _betrag(kosten.gesamt, sums.nur_nachrichtlich(kosten)), _betrag(kosten.ausgegeben),
            )))  # fmt: skip
        gruppen.append(Gruppe(tuple(zeilen), titel))
    kopf = (
        Spalte(kontext.massnahme),
        Spalte("Status"),
        Spalte("Zeitraum"),
        Spalte("zuletzt und als Nächstes"),
        Spalte("Kosten", True),
        Spalte("ausgegeben", True),
    )
    return Tabelle(f"Alle {kontext.massnahmen}, Beträge in Euro", kopf, tuple(gruppen))


def _betrag(cent: int | None, nachrichtlich: bool = False) -> Zelle:
    """An amount of the table; what stands in no total says so."""
    if cent is None:
        return zahl(STRICH)
    zelle = zahl(labels.euro(cent).removesuffix(f"{labels.GESCHUETZT}€"), wert=cent)
    return replace(zelle, zusatz="nachrichtlich") if nachrichtlich else zelle


def _schritt(kontext: Kontext, m: Massnahme) -> str:
    """The last step that is done and the next one that is not."""
    fertig = [s for s in m.schritte if s.erledigt]
    offen = [s for s in m.schritte if not s.erledigt]
    teile = [f"✓ {kontext.zeile(fertig[-1].text)}"] if fertig else []
    if offen:
        termin = f" ({labels.zeitpunkt(offen[0].termin)})" if offen[0].termin else ""
        teile.append(f"als Nächstes: {kontext.zeile(offen[0].text)}{termin}")
    return type(kontext.zeile(""))("; ".join(teile)) if teile else STRICH


def _bewilligungen(kontext: Kontext, lebende: tuple[Massnahme, ...], am: date | None) -> Tabelle | None:
    zeilen = []
    for m in lebende:
        for b in m.kosten.bewilligungen if m.kosten else ():
            rest = (b.betrag or 0) - (b.ausgezahlt or 0)
            if b.betrag is None or (b.ausgezahlt is not None and rest == 0):
                continue
            hinweis = "verfallen" if am and b.verfaellt_am and b.verfaellt_am < am else ""
            zeilen.append((b.verfaellt_am or date.max, Zeile((
                Zelle(kontext.link(m.id).text), Zelle(str(b.programmjahr or STRICH)), zahl(labels.euro(b.betrag)),
                zahl(labels.euro(b.ausgezahlt) if b.ausgezahlt is not None else STRICH), zahl(labels.euro(rest)),
                Zelle(labels.tag(b.verfaellt_am) if b.verfaellt_am else STRICH, zusatz=hinweis),
            ))))  # fmt: skip
    if not zeilen:
        return None
    kopf = (
        Spalte(kontext.massnahme),
        Spalte("Programmjahr"),
        Spalte("bewilligt", True),
        Spalte("ausgezahlt", True),
        Spalte("noch abzurufen", True),
        Spalte("verfällt am"),
    )
    return Tabelle(
        "Bewilligtes Geld, das noch abzurufen ist",
        kopf,
        (Gruppe(tuple(z for _, z in sorted(zeilen, key=lambda p: p[0]))),),
    )
