"""The Kosten- und Finanzierungsübersicht (KuF): one row for each measure; as a table and as CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

from ihk import labels, sums
from ihk.export.tabelle import (
    KEINE_ANGABE,
    WER,
    Block,
    Spalte,
    Tabelle,
    Zeile,
    Zelle,
    bloecke,
    einzeilig,
    ja_nein,
    luecken,
    name,
    oder_unbekannt,
    wer,
)
from ihk.model import Konzeptfassung, Massnahme
from ihk.model.massnahme import Kosten
from ihk.model.types import geld_text

GEBER = ("bund", "land", "bund_land", "kommune", "eu", "dritte")
RANDJAHRE = ("bisher", "spaeter")
_OFFEN_GEBER, _OFFEN_JAHR = "offen_geber", "offen_jahr"


def spalten(k: Konzeptfassung) -> tuple[Spalte, ...]:
    """The columns; only the single years depend on the concept."""
    return (
        *WER,
        Spalte("handlungsfeld", "Handlungsfeld", breite=22, feld="handlungsfeld"),
        Spalte("ausgabeart", "Ausgabeart", breite=18, feld="kosten.ausgabeart"),
        Spalte("traeger", "Träger", breite=24, feld="traeger"),
        Spalte("status", "Status", breite=13, feld="status"),
        _geld("gesamt", "Gesamtkosten", feld="kosten.gesamt"),
        _geld("nicht_zuwendungsfaehig", "nicht zuwendungsfähig", feld="kosten.nicht_zuwendungsfaehig"),
        _geld("zuwendungsfaehig", "zuwendungsfähig", feld="kosten.zuwendungsfaehig"),
        _geld("einnahmen", "Einnahmen", feld="kosten.finanzierung.einnahmen"),
        _geld("bemessungsgrundlage", "Bemessungsgrundlage", 24),
        *(_geld(g, labels.GEBER[g], feld=f"kosten.finanzierung.{g}") for g in GEBER[:4]),
        _geld(
            "kommune_nicht_zuwendungsfaehig",
            "davon Kommune, nicht zuwendungsfähig",
            feld="kosten.finanzierung.kommune/nicht_zuwendungsfaehig",
        ),
        *(_geld(g, labels.GEBER[g], feld=f"kosten.finanzierung.{g}") for g in GEBER[4:]),
        _geld(_OFFEN_GEBER, "offen (Geber)", feld="kosten.finanzierung.offen"),
        Spalte("nachrichtlich", "nachrichtlich, in keiner Summe", "geld", 17, feld="kosten.finanzierung.nachrichtlich"),
        _geld("beantragt", "beantragt", feld="kosten.bewilligungen.beantragt"),
        _geld("bewilligt", "bewilligt", feld="kosten.bewilligungen.betrag"),
        _geld("ausgezahlt", "ausgezahlt", feld="kosten.bewilligungen.ausgezahlt"),
        _geld("ausgegeben", "ausgegeben", feld="kosten.ausgegeben"),
        _geld("folgekosten", "Folgekosten im Jahr", feld="kosten.folgekosten"),
        *(_geld(j, labels.jahr(j), feld=f"kosten.jahre.{j}") for j in ("bisher", *_jahre(k), "spaeter")),
        _geld(_OFFEN_JAHR, "offen (Jahr)"),
        Spalte("kostenstand", "Kostenstand", breite=17, feld="kosten.stand"),
        Spalte("preisstand", "Preisstand", "jahr", breite=11, feld="kosten.preisstand"),
        Spalte("bemerkung", "Bemerkung", breite=40, feld="kosten.bemerkung"),
        Spalte("zaehlt", "zählt mit", breite=8),
        Spalte("zaehlung", "Hinweis zur Zählung", breite=32),
        Spalte("luecken", "nicht bekannt", breite=70),
    )


def _geld(schluessel: str, titel: str, breite: int = 17, feld: str = "") -> Spalte:
    return Spalte(schluessel, titel, "geld", breite, summe=True, feld=feld)


def _jahre(k: Konzeptfassung) -> list[str]:
    alle = {j for m in k.massnahmen if m.kosten for j in sums.nach_jahr(m.kosten)}
    return sorted(alle - {*RANDJAHRE, sums.OFFEN})


def zaehlt_mit(k: Konzeptfassung) -> set[str]:
    """Ids of the measures whose amounts are in the totals of the KuF."""
    return {m.id for m in sums.zaehlende(k) if not (m.kosten and sums.nur_nachrichtlich(m.kosten))}


def warum_nicht(k: Konzeptfassung, m: Massnahme) -> str:
    """Why a measure that does not count does not."""
    if m.aufgegangen_in:
        return f"aufgegangen in {', '.join(name(k, x) for x in m.aufgegangen_in)}"
    if m.beendet_in is not None:
        return f"beendet in Fassung {m.beendet_in}"
    if m.beendet:
        return "entfallen"
    if (dach := sums.gezaehlt_in(k, m)) is not None:
        return f"enthalten in {name(k, dach.id)} und dort gezählt"
    return "nur nachrichtlich: Kosten anderer Träger"


def zeile(k: Konzeptfassung, m: Massnahme, zaehlt: set[str]) -> Zeile:
    """All cells of one measure. Without known total costs its parts are in no sum; they are said in words."""
    kosten = m.kosten or Kosten()
    betraege = _betraege(kosten)
    fehlt = None if m.grabstein else KEINE_ANGABE
    if kosten.gesamt is None:
        betraege["gesamt"] = fehlt
    hinweis = "" if m.id in zaehlt else warum_nicht(k, m)
    if kosten.gesamt is None and m.id in zaehlt:
        bekannt = {s: b for s, b in betraege.items() if isinstance(b, int)}
        hinweis = "Die Gesamtkosten sind nicht bekannt; die Summen sind um diese zu niedrig"
        if bekannt:
            titel = {s.schluessel: s.titel for s in spalten(k)}
            hinweis += ". Bekannt, in keiner Summe: " + ", ".join(
                f"{titel[s]} {labels.euro(b)}" for s, b in bekannt.items()
            )
        betraege = {s: b for s, b in betraege.items() if not isinstance(b, int)}
    return {
        **wer(k, m),
        "handlungsfeld": name(k, m.handlungsfeld) if m.handlungsfeld else None,
        "ausgabeart": oder_unbekannt(labels.AUSGABEART.get(kosten.ausgabeart or ""), kosten, "ausgabeart"),
        "traeger": m.traeger or fehlt,
        "status": labels.STATUS.get(m.status or "", fehlt or ""),
        **betraege,
        "nachrichtlich": sum(sums.nachrichtlich(kosten).values()) if any(a.nachrichtlich for a in kosten.finanzierung) else None,
        **sums.bewilligt(kosten),
        "ausgegeben": oder_unbekannt(kosten.ausgegeben, kosten, "ausgegeben"),
        "folgekosten": oder_unbekannt(kosten.folgekosten, kosten, "folgekosten"),
        "kostenstand": oder_unbekannt(labels.KOSTENSTAND.get(kosten.stand or ""), kosten, "stand"),
        "preisstand": oder_unbekannt(kosten.preisstand, kosten, "preisstand"),
        "bemerkung": _bemerkung(kosten),
        "zaehlt": ja_nein(m.id in zaehlt),
        "zaehlung": hinweis,
        "luecken": luecken(
            ("", m), ("", m.kosten), *((f"{labels.GEBER[a.geber]}, ", a) for a in kosten.finanzierung)
        ),
    }  # fmt: skip


def _betraege(kosten: Kosten) -> Zeile:
    """The total costs and what they are made of."""
    ohne = oder_unbekannt(kosten.nicht_zuwendungsfaehig, kosten, "nicht_zuwendungsfaehig")
    zellen: Zeile = {"gesamt": kosten.gesamt, "nicht_zuwendungsfaehig": ohne}
    if not sums.nur_nachrichtlich(kosten):
        fehlt = None if kosten.gesamt is None else KEINE_ANGABE
        for schluessel, wert in (
            ("zuwendungsfaehig", sums.zuwendungsfaehig(kosten)),
            ("bemessungsgrundlage", sums.bemessungsgrundlage(kosten)),
        ):
            zellen[schluessel] = fehlt if wert is None else wert
        je_geber = sums.nach_geber(kosten)
        for geber in (*GEBER, "einnahmen"):
            zellen[geber] = _anteil(kosten, geber, je_geber.get(geber, 0))
        zellen["kommune_nicht_zuwendungsfaehig"] = sums.kommune_nicht_zuwendungsfaehig(kosten)
        if kosten.gesamt is not None:
            zellen[_OFFEN_GEBER] = je_geber.get(sums.OFFEN)
    je_jahr = sums.nach_jahr(kosten) if kosten.gesamt is not None else kosten.jahre
    return zellen | {_OFFEN_JAHR if j == sums.OFFEN else j: b for j, b in je_jahr.items()}


def _anteil(kosten: Kosten, geber: str, betrag: int) -> Zelle:
    """The sum of a giver; unknown if it has entries and none of them has an amount, empty if it has none."""
    eintraege = [
        b
        for a, b in zip(kosten.finanzierung, sums.betraege(kosten), strict=True)
        if a.geber == geber and not a.nachrichtlich
    ]
    if not eintraege:
        return None
    return KEINE_ANGABE if all(b is None for b in eintraege) else betrag


def _bemerkung(kosten: Kosten) -> str:
    teile = [einzeilig(kosten.bemerkung).rstrip(".")]
    teile += [
        f"{labels.GEBER[a.geber]}: {einzeilig(a.bemerkung).rstrip('.')}" for a in kosten.finanzierung if a.bemerkung
    ]
    return "; ".join(t for t in teile if t)


def kuf(k: Konzeptfassung) -> Tabelle:
    """By Handlungsfeld, with subtotals; what does not count stands below the total."""
    s = sums.summen(k)
    zaehlt = zaehlt_mit(k)
    felder = {h.id: f"{name(k, h.id)}" for h in k.handlungsfelder}
    felder |= {
        m.handlungsfeld: m.handlungsfeld for m in k.massnahmen if m.handlungsfeld and m.handlungsfeld not in felder
    }
    felder[""] = "ohne Handlungsfeld" if felder else ""
    mit = tuple(m for m in k.massnahmen if m.id in zaehlt)
    ohne = tuple(zeile(k, m, zaehlt) for m in k.massnahmen if m.id not in zaehlt)
    jahre = {_OFFEN_JAHR if j == sums.OFFEN else j: b for j, b in s.nach_jahr.items()}
    geber = {_OFFEN_GEBER if g == sums.OFFEN else g: b for g, b in s.nach_geber.items()}
    return Tabelle(
        "KuF",
        "Kosten- und Finanzierungsübersicht",
        spalten(k),
        bloecke(mit, lambda m: m.handlungsfeld or "", felder, lambda m: zeile(k, m, zaehlt)),
        "Insgesamt",
        (Block(ohne, "Nicht in den Summen enthalten"),) if ohne else (),
        hinweise=(
            "Leer: nicht angegeben. „keine Angabe“: nicht bekannt, ein genannter Grund steht in der letzten Spalte. Beides zählt in keiner Summe.",
            "Gesamtkosten = Bund + Land + Bund und Land + Kommune + EU + Dritte + Einnahmen + offen (Geber).",
            "Gesamtkosten = bisher + Jahre + später + offen (Jahr). Bemessungsgrundlage = zuwendungsfähig − Einnahmen.",
        ),
        fest=3,
    ).pruefe(
        dict.fromkeys((*GEBER, "einnahmen", _OFFEN_GEBER, *RANDJAHRE, *_jahre(k), _OFFEN_JAHR), 0)
        | geber | jahre
        | {"gesamt": s.gesamt, "nicht_zuwendungsfaehig": s.nicht_zuwendungsfaehig, "folgekosten": s.folgekosten}
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------------------- CSV

FORMEL = re.compile(r"\s*[=+\-@|＝＋－＠]")


def kuf_csv(k: Konzeptfassung) -> str:
    """One row for each measure in file order, semicolons, decimal commas; starts with a byte order mark.

    Columns of numbers hold numbers or nothing, so that other programs can read them.
    """
    ausgabe = io.StringIO()
    ausgabe.write("\ufeff")
    schreiber = csv.writer(ausgabe, delimiter=";", lineterminator="\r\n")
    kopf = spalten(k)
    zaehlt = zaehlt_mit(k)
    schreiber.writerow(s.titel for s in kopf)
    for m in k.massnahmen:
        werte = zeile(k, m, zaehlt)
        schreiber.writerow(_csv_zellen(kopf, werte))
    return ausgabe.getvalue()


def _csv_zellen(kopf: Iterable[Spalte], werte: Zeile) -> Iterable[str]:
    for spalte in kopf:
        yield csv_zelle(spalte, werte.get(spalte.schluessel))


def csv_zelle(spalte: Spalte, wert: Zelle) -> str:
    """What stands in a cell of the CSV file."""
    if spalte.art == "text":
        text = "" if wert is None else einzeilig(str(wert))
        # A text that a spreadsheet would take for a formula is marked as text.
        return f"'{text}" if FORMEL.match(text) else text
    if not isinstance(wert, int):
        return ""
    return geld_text(wert).replace(".", ",") if spalte.art == "geld" else str(wert)
