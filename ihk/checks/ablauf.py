"""Status and time fit together: what runs has begun, what is finished stays finished, nothing waits for what ends."""

from __future__ import annotations

from collections.abc import Iterator

from ihk.checks.kontext import Kontext
from ihk.labels import STATUS, tag, zeitpunkt
from ihk.model.massnahme import STATUS as REIHE
from ihk.model.massnahme import Massnahme
from ihk.problems import Problem
from ihk.termine import FERTIG, stichtag, verzug

VORWAERTS = {s: i for i, s in enumerate(REIHE[:7])}


def ueberfaellig(c: Kontext) -> Iterator[Problem]:
    """ZEIT-UEBERFAELLIG (W20): status and period contradict the Stand."""
    am = stichtag(c.k)
    for m, loc in c.massnahmen():
        v = verzug(m, am)
        if v is None or am is None:
            continue
        status = STATUS[m.status or ""]
        meldung, hinweis = {
            "ende": (f"{m.id} ist „{status}“, sollte aber am {tag(v.tag)} fertig sein (Stand {tag(am)}).", "Status nachtragen oder „bis“ verschieben und begründen."),
            "beginn": (f"{m.id} ist „{status}“, sollte aber spätestens am {tag(v.tag)} beginnen (Stand {tag(am)}).", "Status nachtragen oder „von“ verschieben und begründen."),
            "verfrueht": (f"{m.id} ist „{status}“, beginnt aber erst am {tag(v.tag)} (Stand {tag(am)}).", "Status oder „von“ berichtigen."),
        }[v.art]  # fmt: skip
        yield c.melde(c.ort(*loc, "zeitraum"), "ZEIT-UEBERFAELLIG", meldung, hinweis, "warnung")


def ausserhalb(c: Kontext) -> Iterator[Problem]:
    """ZEIT-AUSSERHALB (E22): the period of a measure lies inside that of the Fassung (§ 142 Abs. 3 BauGB: Frist)."""
    rahmen = c.k.fassung.zeitraum
    if rahmen is None or (rahmen.von and rahmen.bis and rahmen.bis.ende < rahmen.von.beginn):
        return
    for m, loc in c.massnahmen():
        if m.beendet or m.zeitraum is None or m.status in FERTIG:
            continue
        von, bis = m.zeitraum.von, m.zeitraum.bis
        for feld, falsch in (
            ("von", von is not None and rahmen.bis is not None and von.beginn > rahmen.bis.ende),
            ("bis", bis is not None and rahmen.bis is not None and bis.beginn > rahmen.bis.ende),
            ("von", von is not None and rahmen.von is not None and von.ende < rahmen.von.beginn),
        ):
            if falsch:
                wert = m.zeitraum.von if feld == "von" else m.zeitraum.bis
                assert wert is not None
                grenze = " bis ".join(zeitpunkt(g) for g in (rahmen.von, rahmen.bis) if g)
                yield c.melde(
                    c.ort(*loc, "zeitraum", feld), "ZEIT-AUSSERHALB", f"{m.id} liegt mit „{feld}: {zeitpunkt(wert)}“ außerhalb des Zeitraums der Fassung ({grenze}).",
                    "Zeitraum der Maßnahme oder der Fassung prüfen.", "warnung",
                )  # fmt: skip
                break


def abhaengig(c: Kontext) -> Iterator[Problem]:
    """ABHAENGIG-SPAETER (W23): what a measure waits for does not begin after it, and is still planned."""
    for m, loc in c.massnahmen():
        if m.beendet:
            continue
        for i, kennung in enumerate(m.abhaengig_von):
            andere = c.k.nach_id.get(kennung)
            if not isinstance(andere, Massnahme):
                continue
            if andere.status == "entfallen" or andere.beendet_in:
                grund = f"{kennung} ist entfallen"
            elif andere.status == "zurueckgestellt":
                grund = f"{kennung} ist zurückgestellt"
            elif (
                m.zeitraum and andere.zeitraum and m.zeitraum.von and andere.zeitraum.von
                and andere.zeitraum.von.beginn > m.zeitraum.von.ende and m.status not in FERTIG
            ):  # fmt: skip
                grund = (
                    f"{kennung} beginnt erst {zeitpunkt(andere.zeitraum.von)}, {m.id} schon {zeitpunkt(m.zeitraum.von)}"
                )
            else:
                continue
            yield c.melde(
                c.ort(*loc, "abhaengig_von", i), "ABHAENGIG-SPAETER", f"{m.id} hängt von {kennung} ab, aber {grund}.",
                "Zeiten abstimmen oder die Abhängigkeit streichen.", "warnung",
            )  # fmt: skip


def rueckschritt(c: Kontext) -> Iterator[Problem]:
    """STATUS-ENDE (E25), STATUS-ZURUECK (W26), NEU-FERTIG (W27), FORT-PRIORITAET (W22)."""
    if c.alt is None:
        return
    for m, loc in c.massnahmen():
        vorher = c.alt.nach_id.get(m.id)
        if vorher is None:
            if "massnahmen" in c.alt.fassung.unbekannt:
                continue  # what is new there is only newly known
            if m.status in FERTIG and not m.grabstein and not m.begruendung and not m.hervorgegangen_aus:
                yield c.melde(
                    c.ort(*loc, "status"), "NEU-FERTIG", f"{m.id} ist neu und schon „{STATUS[m.status]}“.",
                    "In „begruendung:“ sagen, warum die Maßnahme vorher nicht im Konzept stand.", "warnung",
                )  # fmt: skip
            continue
        if not isinstance(vorher, Massnahme) or m.grabstein or vorher.status is None or m.status is None:
            continue
        a, n = vorher.status, m.status
        if a in FERTIG and n != a and not (a == "abgeschlossen" and n == "verstetigt"):
            yield c.melde(
                c.ort(*loc, "status"), "STATUS-ENDE", f"{m.id} war „{STATUS[a]}“ und ist jetzt „{STATUS[n]}“.",
                "Fertiges bleibt fertig: Neues ist eine neue Maßnahme mit „hervorgegangen_aus“. Wird dieselbe wieder aufgenommen, in „begruendung:“ den Grund nennen.",
                "warnung" if m.begruendung else "fehler",
            )  # fmt: skip
        elif a in VORWAERTS and n in VORWAERTS and VORWAERTS[n] < VORWAERTS[a] and not m.begruendung:
            yield c.melde(
                c.ort(*loc, "status"), "STATUS-ZURUECK", f"{m.id} geht von „{STATUS[a]}“ auf „{STATUS[n]}“ zurück.",
                "„begruendung:“ ergänzen.", "warnung",
            )  # fmt: skip
        if m.prioritaet and vorher.prioritaet and m.prioritaet != vorher.prioritaet and not m.begruendung:
            yield c.melde(
                c.ort(*loc, "prioritaet"), "FORT-PRIORITAET", f"Die Priorität von {m.id} ändert sich von „{vorher.prioritaet}“ auf „{m.prioritaet}“ ohne Grund.",
                "„begruendung:“ ergänzen.", "warnung",
            )  # fmt: skip


def letztes_jahr(c: Kontext) -> Iterator[Problem]:
    """BAU-LETZTES-JAHR (W25): no building in the last year of the programme (NRW FAQ 13-4-3)."""
    rahmen = c.k.fassung.zeitraum
    if rahmen is None or rahmen.bis is None:
        return
    for m, loc in c.massnahmen():
        if m.beendet or m.kosten is None or m.kosten.ausgabeart not in ("baumassnahme", "gemeinbedarf"):
            continue
        if (
            m.zeitraum
            and m.zeitraum.bis
            and m.zeitraum.bis.ende.year >= rahmen.bis.ende.year
            and m.status not in FERTIG
        ):
            yield c.melde(
                c.ort(*loc, "zeitraum"), "BAU-LETZTES-JAHR", f"{m.id} wird noch {rahmen.bis.ende.year} gebaut, im letzten Jahr des Programms.",
                "Ein Jahr früher fertigstellen; das letzte Jahr gehört der Abrechnung.", "hinweis",
            )  # fmt: skip
