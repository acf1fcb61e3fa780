"""Lists for planners (measures, indicators), and what a workbook says about itself."""

from __future__ import annotations

from ihk import __version__, labels, sums
from ihk.export.tabelle import (
    KEINE_ANGABE,
    WER,
    Block,
    Spalte,
    Tabelle,
    Zeile,
    einzeilig,
    ja_nein,
    luecken,
    name,
    namen,
    oder_unbekannt,
)
from ihk.model import Konzeptfassung, Massnahme
from ihk.model.bestandteile import Beschluss, Indikator
from ihk.model.load import Geladen

SPALTEN = (
    *WER,
    Spalte("kurztitel", "Kurztitel", breite=24, feld="kurztitel"),
    Spalte("handlungsfeld", "Handlungsfeld", breite=26, feld="handlungsfeld"),
    Spalte("teilziele", "Teilziele", breite=36, feld="teilziele"),
    Spalte("querschnittsaufgaben", "Querschnittsaufgaben", breite=26, feld="querschnittsaufgaben"),
    Spalte("traeger", "Träger", breite=26, feld="traeger"),
    Spalte("beteiligte", "Beteiligte", breite=30, feld="beteiligte"),
    Spalte("art", "Art", breite=14, feld="art"),
    Spalte("status", "Status", breite=14, feld="status"),
    Spalte("prioritaet", "Priorität", breite=10, feld="prioritaet"),
    Spalte("schluessel", "Schlüsselmaßnahme", breite=19, feld="schluesselmassnahme"),
    Spalte("zeithorizont", "Zeithorizont", breite=14, feld="zeithorizont"),
    Spalte("von", "Beginn", breite=16, feld="zeitraum.von"),
    Spalte("bis", "Ende", breite=16, feld="zeitraum.bis"),
    Spalte("jahr_von", "Beginn (Jahr)", "jahr", 9),
    Spalte("jahr_bis", "Ende (Jahr)", "jahr", 9),
    Spalte("standort", "Standort", breite=26, feld="standort.text"),
    Spalte("indikatoren", "Indikatoren", breite=26, feld="indikatoren"),
    Spalte("abhaengig_von", "hängt ab von", breite=26, feld="abhaengig_von"),
    Spalte("teil_von", "Teil von", breite=26, feld="teil_von"),
    Spalte("hervorgegangen_aus", "hervorgegangen aus", breite=26, feld="hervorgegangen_aus"),
    Spalte("aufgegangen_in", "aufgegangen in", breite=26, feld="aufgegangen_in"),
    Spalte("beendet_in", "beendet in Fassung", breite=12, feld="beendet_in"),
    Spalte("beschluss", "Beschluss", breite=30),
    Spalte("gesamt", "Gesamtkosten", "geld", 17, feld="kosten.gesamt"),
    Spalte("laeuft", "läuft", breite=8),
    Spalte("luecken", "nicht bekannt", breite=70),
)


def massnahmen(k: Konzeptfassung) -> Tabelle:
    """All measures with what plans are sorted by; ended ones and those of earlier Fassungen too."""
    zeilen = tuple(zeile(k, m) for m in k.massnahmen)
    return Tabelle(
        "Maßnahmen",
        "Alle Maßnahmen",
        SPALTEN,
        (Block(zeilen),) if zeilen else (),
        hinweise=(
            "Die Kosten stehen hier ohne Summe; was zählt, steht auf dem Blatt „KuF“. Leer: nicht angegeben oder entfällt.",
        ),
        filter=True,
        fest=3,
    )


def zeile(k: Konzeptfassung, m: Massnahme) -> Zeile:
    """All cells of one measure."""
    von, bis = (m.zeitraum.von, m.zeitraum.bis) if m.zeitraum else (None, None)
    gesamt = m.kosten.gesamt if m.kosten else None
    fehlt = None if m.grabstein else KEINE_ANGABE
    texte: Zeile = {
        "kurztitel": m.kurztitel,
        "handlungsfeld": name(k, m.handlungsfeld) if m.handlungsfeld else None,
        "teilziele": namen(k, m.teilziele),
        "querschnittsaufgaben": namen(k, m.querschnittsaufgaben),
        "beteiligte": "; ".join(m.beteiligte),
        "art": labels.ART.get(m.art or ""),
        "prioritaet": labels.PRIORITAET.get(m.prioritaet or ""),
        "zeithorizont": m.zeithorizont,
        "indikatoren": namen(k, m.indikatoren),
        "abhaengig_von": namen(k, m.abhaengig_von),
        "beschluss": _beschluss(m.beschluss),
        "standort": m.standort.text if m.standort else None,
    }
    return {
        "nummer": k.nummern.get(m.id),
        "id": m.id,
        "titel": m.titel,
        **{feld: oder_unbekannt(wert, m, feld) for feld, wert in texte.items()},
        "traeger": m.traeger or fehlt,
        "status": labels.STATUS.get(m.status or "", fehlt or ""),
        "schluessel": ja_nein(m.schluesselmassnahme),
        "von": labels.zeitpunkt(von) if von else fehlt,
        "bis": labels.zeitpunkt(bis) if bis else fehlt,
        "jahr_von": von.beginn.year if von else None,
        "jahr_bis": bis.ende.year if bis else None,
        "teil_von": name(k, m.teil_von) if m.teil_von else None,
        "hervorgegangen_aus": namen(k, m.hervorgegangen_aus),
        "aufgegangen_in": namen(k, m.aufgegangen_in),
        "beendet_in": m.beendet_in,
        "gesamt": fehlt if gesamt is None else gesamt,
        "laeuft": ja_nein(not m.beendet),
        "luecken": luecken(("", m), ("Zeitraum, ", m.zeitraum), ("Kosten, ", m.kosten)),
    }


def _beschluss(b: Beschluss | None) -> str:
    if b is None:
        return ""
    return ", ".join(t for t in (b.gremium, labels.tag(b.datum) if b.datum else None, b.vorlage, b.ergebnis) if t)


def indikatoren(k: Konzeptfassung) -> Tabelle:
    """Measured values by year. A value that is missing is an empty cell, never 0."""
    jahre = sorted({j for i in k.indikatoren for j in i.werte})
    zeilen = tuple(_indikator(k, i) for i in k.indikatoren)
    return Tabelle(
        "Indikatoren",
        "Indikatoren mit Werten und Zielen",
        (
            Spalte("nummer", "Nr.", breite=7),
            Spalte("id", "Kennung", breite=9),
            Spalte("titel", "Indikator", breite=40),
            Spalte("art", "Art", breite=12),
            Spalte("einheit", "Einheit", breite=16),
            Spalte("richtung", "Richtung", breite=16),
            Spalte("vergleichsraum", "Vergleichsraum", breite=20),
            Spalte("ausgangsjahr", "Ausgangsjahr", "jahr", 13),
            *(Spalte(j, j, "zahl", 10) for j in jahre),
            Spalte("zieljahr", "Zieljahr", "jahr", 10),
            Spalte("zielwert", "Zielwert", "zahl", 12),
            Spalte("beendet_in", "beendet in Fassung", breite=12),
            Spalte("definition", "Definition", breite=40),
            Spalte("luecken", "nicht bekannt", breite=70),
        ),
        (Block(zeilen),) if zeilen else (),
        hinweise=("Leer: nicht erhoben oder nicht bekannt; nie null.",),
        filter=True,
        fest=3,
    )


def _indikator(k: Konzeptfassung, i: Indikator) -> Zeile:
    texte: Zeile = {
        "art": labels.INDIKATORART.get(i.art or ""),
        "einheit": i.einheit,
        "richtung": i.richtung,
        "vergleichsraum": i.vergleichsraum,
        "ausgangsjahr": i.ausgangsjahr,
        "definition": einzeilig(i.definition),
    }
    ziel: Zeile = {"zieljahr": i.ziel.jahr if i.ziel else None, "zielwert": i.ziel.wert if i.ziel else None}
    return {
        "nummer": k.nummern.get(i.id),
        "id": i.id,
        "titel": i.titel,
        **{feld: oder_unbekannt(wert, i, feld) for feld, wert in texte.items()},
        **i.werte,
        **{feld: oder_unbekannt(wert, i, "ziel") for feld, wert in ziel.items()},
        "beendet_in": i.beendet_in,
        "luecken": luecken(("", i), ("Ziel, ", i.ziel)),
    }


def hinweise(geladen: Geladen) -> Tabelle:
    """Which concept and Fassung this is, how things are counted, and from which source; without a clock."""
    k = geladen.fassung
    f, s = k.fassung, sums.summen(k)
    kommune = k.konzept.kommune
    zeitraum = labels.zeitraum(f.zeitraum.von, f.zeitraum.bis) if f.zeitraum else ""
    angaben = [
        ("Konzept", k.konzept.titel),
        ("Kommune", ", ".join(t for t in (kommune.name, kommune.land) if t) if kommune else KEINE_ANGABE),
        ("Fassung", " · ".join(t for t in (f.id, f.titel, labels.FASSUNGSART.get(f.art or "")) if t)),
        ("Status", labels.FASSUNGSSTATUS.get(f.status or "", KEINE_ANGABE)),
        ("Stand", labels.zeitpunkt(f.stand) if f.stand else KEINE_ANGABE),
        ("Zeitraum", zeitraum or KEINE_ANGABE),
    ]
    if k.konzept.fiktiv:
        angaben.append(("Erfunden", "Stadt, Menschen und Zahlen dieses Beispiels gibt es nicht."))
    angaben += [
        ("Beträge", "In Euro und auf den Cent. Alle Summen sind Formeln; geänderte Beträge rechnen sich weiter."),
        ("Was zählt", "Jede Maßnahme, die nicht beendet ist. Ein Gesamtvorhaben mit eigenen Kosten zählt einmal, seine Teile zählen nicht dazu."),
        ("Was nicht zählt", "Entfallene, aufgegangene und früher beendete Maßnahmen, Teile eines Gesamtvorhabens und nachrichtliche Beträge. Sie stehen mit dem Grund unter der Summe."),
        ("Nachrichtlich", "Geld anderer Träger (§ 149 Abs. 2 BauGB); es hat eine eigene Summe und steht in keiner anderen."),
        ("Anteile", "Wo das Konzept einen Anteil statt eines Betrags nennt, ist auf den Cent abgerundet; den Rest trägt, wer als Rest genannt ist. Eine Zuwendung ist so nie zu hoch angesetzt."),
        ("Nicht bekannt", f"Was keine Quelle nennt, steht als „{KEINE_ANGABE}“ oder als leere Zelle da, nie als Null, und fehlt in den Summen."),
        ("Ohne bekannte Kosten", "; ".join(f"{x} ({name(k, x)})" for x in s.ohne_kosten) or "keine"),
    ]  # fmt: skip
    if s.gerechnet:
        angaben.append(("Jahre und Geber", "Einige Jahresbeträge sind aus den Anteilen gerechnet, weil keine Quelle sie nennt."))  # fmt: skip
    angaben += [
        ("Quelltext", f"Prüfsumme SHA-256 {geladen.quelle.pruefsumme}"),
        ("Erstellt mit", f"ihk {__version__}"),
    ]
    return Tabelle(
        "Hinweise",
        "Hinweise zu dieser Arbeitsmappe",
        (Spalte("was", "Angabe", breite=24), Spalte("wert", "Inhalt", breite=100)),
        (Block(tuple({"was": was, "wert": einzeilig(wert)} for was, wert in angaben)),),
    )
