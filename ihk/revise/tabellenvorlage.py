"""A spreadsheet to fill in, made from the model: German captions, what belongs into each column, lists to choose from."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from ihk.export.tabelle import namen
from ihk.model import Konzeptfassung
from ihk.revise.felder import Feld, alle, feld
from ihk.revise.spalten import BEISPIEL
from ihk.revise.zellwerte import ziele

BLATT, ANLEITUNG, LISTEN = "Maßnahmen", "Anleitung", "Listen"
ZEILEN = 500
"""Rows with lists to choose from."""
KOPF = 3
"""Row of the captions, counted from 0; above it stand the title, a sentence and the groups."""
# What no empty table asks for: the fate of measures that are already there, and what is told in words elsewhere.
OHNE = (
    "weitere_handlungsfelder", "traegerart", "vereinbarung", "zielgruppe", "eigentuemer", "klimawirkung", "indikatoren", "abhaengig_von", "teil_von", "hervorgegangen_aus",
    "aufgegangen_in", "beendet_in", "veranlasst_durch", "kosten.zuwendungsfaehig", "kosten.folgekosten_traeger", "kosten.finanzierung.offen",
    "bilanz.bewertung", "bilanz.ergebnis", "bilanz.wirkung", "bilanz.hemmnisse", "bilanz.bedarf", "bilanz.folgerung",
)  # fmt: skip
_GRUPPEN = (
    ("Welche Maßnahme", ("id", "nummer", "titel", "kurztitel", "leitsatz")),
    ("Wohin sie gehört", ("handlungsfeld", "teilziele", "querschnittsaufgaben")),
    ("Wer", ("traeger", "beteiligte")),
    ("Stand und Zeit", ("art", "status", "prioritaet", "zeithorizont", "schluesselmassnahme", "zeitraum.von", "zeitraum.bis", "standort.text")),
    ("Kosten in Euro", ("kosten.gesamt", "kosten.nicht_zuwendungsfaehig", "kosten.stand", "kosten.preisstand", "kosten.ausgabeart", "kosten.folgekosten", "kosten.ausgegeben")),
    ("Wer zahlt, in Euro", ("kosten.finanzierung.",)),
    ("Wann, in Euro", ("kosten.jahre.",)),
    ("Texte", ("kosten.bemerkung", "beschreibung", "ausgangslage", "ziel", "umsetzung", "risiken")),
    ("Beschluss", ("beschluss.", "begruendung")),
)  # fmt: skip
_ZAHLT = {"bund": "der Bund zahlt", "land": "das Land zahlt", "eu": "die EU zahlt", "dritte": "Dritte zahlen"}
_HINWEIS = {
    "id": "Leer lassen: ihk vergibt die Kennung. Nur bei einer Maßnahme, die es im Konzept schon gibt, ihre Kennung eintragen.",
    "nummer": "Leer lassen: ihk zählt. Nur eintragen, was gedruckt anders heißen soll. Als Text: 1.10 ist nicht 1.1.",
    "titel": "Pflicht. Der Titel, wie er gedruckt wird.",
    "kurztitel": "Für Tabellen, höchstens 45 Zeichen; nur nötig, wenn der Titel länger ist.",
    "leitsatz": "Was es ist, in höchstens zwei Zeilen.",
    "handlungsfeld": "Aus der Liste wählen; Titel, Nummer oder Kennung gehen auch.",
    "teilziele": "Aus der Liste wählen; mehrere mit Semikolon trennen: T1; T2.",
    "querschnittsaufgaben": "Aus der Liste wählen; mehrere mit Semikolon trennen.",
    "traeger": "Wer verantwortlich ist. Stellen nennen, keine Personen.",
    "beteiligte": "Wer mitmacht; mehrere mit Semikolon trennen.",
    "prioritaet": "Wie wichtig sie ist; wann sie beginnt, steht unter „Beginn“.",
    "schluesselmassnahme": "„ja“ für eine der wichtigsten Maßnahmen.",
    "zeitraum.von": "So genau, wie es bekannt ist: 2026, 03/2026, Q1 2026 oder 15.03.2026.",
    "zeitraum.bis": "So genau, wie es bekannt ist: 2028, 12/2028, Q4 2028 oder 31.12.2028.",
    "standort.text": "Wo es ist, mit Worten.",
    "kosten.gesamt": "Alle eigenen Kosten in Euro, auf den Cent genau. Nicht bekannt: leer lassen.",
    "kosten.nicht_zuwendungsfaehig": "Teil der Gesamtkosten, der nicht gefördert werden kann.",
    "kosten.stand": "Wie genau die Kosten sind.",
    "kosten.preisstand": "Jahr, dessen Preise gelten.",
    "kosten.ausgabeart": "Art der Ausgabe nach dem Baugesetzbuch und den Förderrichtlinien.",
    "kosten.folgekosten": "Kosten im Jahr nach der Fertigstellung.",
    "kosten.ausgegeben": "Was bisher ausgegeben ist.",
    "kosten.finanzierung.bund_land": "Nur, wenn niemand sagt, wie sich die Förderung auf Bund und Land verteilt.",
    "kosten.finanzierung.kommune": "Ganzer Anteil der Kommune.",
    "kosten.finanzierung.einnahmen": "Einnahmen der Maßnahme, etwa Beiträge oder Erlöse.",
    "kosten.bemerkung": "Kurzer Zusatz zu den Kosten.",
    "risiken": "Was schiefgehen kann; mehrere mit Semikolon trennen.",
    "beschluss.datum": "Tag des Beschlusses, zum Beispiel 27.06.2026.",
    "beschluss.vorlage": "Nummer der Vorlage, zum Beispiel 2026/123.",
    "begruendung": "Warum die Maßnahme neu ist oder anders als in der vorigen Fassung.",
}  # fmt: skip
_BREIT = {"titel": 36, "leitsatz": 40, "kurztitel": 24, "handlungsfeld": 30, "teilziele": 34, "querschnittsaufgaben": 26, "traeger": 28, "beteiligte": 30, "standort.text": 28, "kosten.ausgabeart": 24, "kosten.stand": 19, "id": 10, "nummer": 7, "kosten.bemerkung": 34, "beschluss.gremium": 24}  # fmt: skip
_BEISPIEL: dict[str, Any] = {
    "id": BEISPIEL, "titel": "Spielplatz am Markt erneuern", "leitsatz": "Neue Geräte und Schatten für den meistgenutzten Spielplatz.",
    "traeger": "Stadt Musterstadt", "beteiligte": "Stadtteilbeirat; Grundschule am Markt", "art": "investiv", "status": "geplant",
    "prioritaet": "hoch", "zeithorizont": "kurzfristig", "zeitraum.von": "03/2026", "zeitraum.bis": "2027", "standort.text": "Am Markt, Nordseite",
    "kosten.gesamt": 90_000, "kosten.nicht_zuwendungsfaehig": 0, "kosten.stand": "Kostenschätzung", "kosten.preisstand": 2026, "kosten.ausgabeart": "Baumaßnahme",
    "kosten.finanzierung.bund": 30_000, "kosten.finanzierung.land": 30_000, "kosten.finanzierung.kommune": 30_000,
    "beschreibung": "Die Geräte sind zwanzig Jahre alt; drei sind gesperrt. Der Platz bekommt neue Geräte, Bänke und vier Bäume.",
    "beschluss.gremium": "Stadtrat", "beschluss.datum": "27.06.2026", "beschluss.vorlage": "2026/123",
}  # fmt: skip
_AB = datetime(1980, 1, 1)


def spalten(k: Konzeptfassung | None = None) -> list[tuple[str, Feld]]:
    """Group and field of every column; the years are those of the Fassung."""
    jahre = [f for j in ("bisher", *_jahre(k), "spaeter") if (f := feld(f"kosten.jahre.{j}"))]
    vorrat = [*(f for f in alle() if f.pfad not in OHNE), *jahre]
    ergebnis = []
    for gruppe, pfade in _GRUPPEN:
        ergebnis += [
            (gruppe, f) for p in pfade for f in vorrat if f.pfad == p or (p.endswith(".") and f.pfad.startswith(p))
        ]
    return ergebnis


def _jahre(k: Konzeptfassung | None) -> list[str]:
    """The years of the Fassung, at most twelve; five if nothing says which."""
    zeitraum = k.fassung.zeitraum if k is not None else None
    stand = k.fassung.stand.beginn.year if k is not None and k.fassung.stand else None
    von = stand or (zeitraum.von.beginn.year if zeitraum and zeitraum.von else 2026)
    bis = zeitraum.bis.ende.year if zeitraum and zeitraum.bis and zeitraum.bis.ende.year >= von else von + 4
    return [str(j) for j in range(von, min(bis, von + 11) + 1)]


def vorlage(k: Konzeptfassung | None = None) -> bytes:
    """The workbook, for any concept or with the Handlungsfelder and goals of one. Same input, same bytes."""
    datei = io.BytesIO()
    with xlsxwriter.Workbook(
        datei, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as mappe:
        mappe.set_properties({"title": "Maßnahmen zum Ausfüllen", "created": _AB})
        _Vorlage(mappe, k).schreibe()
    return datei.getvalue()


class _Vorlage:
    def __init__(self, mappe: Any, k: Konzeptfassung | None) -> None:
        self.mappe, self.k = mappe, k
        self.spalten = spalten(k)
        gemeinsam = {"valign": "top", "text_wrap": True}
        self.f = {
            "titel": mappe.add_format({"bold": True, "font_size": 14}),
            "notiz": mappe.add_format({"font_color": "#444444"}),
            "gruppe": mappe.add_format({"bold": True, "bg_color": "#D5DEE6", "left": 1, "left_color": "#7A8A99"}),
            "kopf": mappe.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 2, "bg_color": "#E7ECF0"}),
            "beispiel": mappe.add_format(gemeinsam | {"italic": True, "font_color": "#555555", "bg_color": "#F3F0E6"}),
            "beispiel_geld": mappe.add_format(gemeinsam | {"italic": True, "font_color": "#555555", "bg_color": "#F3F0E6", "num_format": '#,##0.00 "€"'}),
            "text": mappe.add_format(gemeinsam | {"num_format": "@"}),
            "geld": mappe.add_format({"valign": "top", "num_format": '#,##0.00 "€"'}),
            "umbruch": mappe.add_format(gemeinsam),
            "fett": mappe.add_format({"bold": True, "valign": "top"}),
        }  # fmt: skip

    def schreibe(self) -> None:
        blatt = self.mappe.add_worksheet(BLATT)
        anleitung = self.mappe.add_worksheet(ANLEITUNG)
        listen = self.mappe.add_worksheet(LISTEN)
        bereiche = self._listen(listen)
        self._blatt(blatt, bereiche)
        self._anleitung(anleitung)
        blatt.activate()

    def _worte(self, f: Feld) -> list[str]:
        if f.art == "ja_nein":
            return ["ja", "nein"]
        if f.woerter:
            return list(f.woerter.values())
        if self.k is not None and f.art in ("verweis", "verweise"):
            alles = ziele(f, self.k)
            offen = [i for i in alles if not getattr(self.k.nach_id[i], "beendet", False)]
            return [alles[i] if f.art == "verweis" else namen(self.k, (i,)) for i in offen]
        return []

    def _listen(self, seite: Any) -> dict[str, str]:
        """The words to choose from, a column for each field; field → range of cells."""
        bereiche: dict[str, str] = {}
        c = 0
        for _, f in self.spalten:
            if not (worte := self._worte(f)):
                continue
            seite.set_column(c, c, max(14, min(60, *(len(w) for w in worte)) if len(worte) > 1 else 14))
            seite.write_string(0, c, f.titel, self.f["kopf"])
            for r, wort in enumerate(worte, 1):
                seite.write_string(r, c, wort)
            bereiche[f.pfad] = f"={LISTEN}!${xl_col_to_name(c)}$2:${xl_col_to_name(c)}${len(worte) + 1}"
            c += 1
        seite.freeze_panes(1, 0)
        return bereiche

    def _blatt(self, seite: Any, bereiche: dict[str, str]) -> None:
        seite.write_string(
            0,
            0,
            f"Maßnahmen für „{self.k.konzept.titel}“" if self.k else "Maßnahmen eines Handlungskonzepts",
            self.f["titel"],
        )
        seite.write_string(1, 0, "Eine Zeile je Maßnahme, ab der Zeile unter dem Beispiel. Was nicht bekannt ist, bleibt leer. Spalten dürfen fehlen. Mehr auf dem Blatt „Anleitung“.", self.f["notiz"])  # fmt: skip
        seite.set_row(0, 22)
        seite.set_row(KOPF, 48)
        zuletzt = ""
        for c, (gruppe, f) in enumerate(self.spalten):
            geld = f.art == "geld"
            breite = _BREIT.get(f.pfad, 16 if geld else 40 if f.art in ("prosa", "texte") else 15)
            seite.set_column(c, c, breite, self.f["geld" if geld else "text"])
            seite.write_string(KOPF - 1, c, gruppe if gruppe != zuletzt else "", self.f["gruppe"])
            zuletzt = gruppe
            seite.write_string(KOPF, c, f.titel, self.f["kopf"])
            self._beispiel(seite, c, f)
            self._regel(seite, c, f, bereiche)
        seite.set_row(KOPF + 1, 75)
        seite.freeze_panes(KOPF + 1, 3)
        seite.set_landscape()
        seite.set_paper(8)
        seite.fit_to_pages(3, 0)
        seite.repeat_rows(KOPF)

    def _beispiel(self, seite: Any, c: int, f: Feld) -> None:
        wert = _BEISPIEL.get(f.pfad)
        if f.pfad in ("handlungsfeld", "teilziele") and (worte := self._worte(f)):
            wert = worte[0]
        if f.jahr and not f.geber and f.jahr.isdigit():
            jahre = [g.jahr for _, g in self.spalten if g.jahr.isdigit()]
            wert = {0: 40_000, 1: 50_000}.get(jahre.index(f.jahr))
        if isinstance(wert, int):
            seite.write_number(KOPF + 1, c, wert, self.f["beispiel_geld" if f.art == "geld" else "beispiel"])
        elif wert:
            seite.write_string(KOPF + 1, c, wert, self.f["beispiel"])
        else:
            seite.write_blank(KOPF + 1, c, None, self.f["beispiel"])

    def _regel(self, seite: Any, c: int, f: Feld, bereiche: dict[str, str]) -> None:
        """What a cell says when it is entered, and what it refuses."""
        regel: dict[str, Any] = {"validate": "any", "input_title": f.titel[:32], "input_message": hinweis(f)[:255]}
        if f.pfad in bereiche:
            # Several ids in one cell are right as well: there the list only proposes.
            regel |= {
                "validate": "list",
                "source": bereiche[f.pfad],
                "show_error": f.art not in ("verweise", "verweis"),
            }
            regel |= {"error_title": f.titel[:32], "error_message": "Bitte aus der Liste wählen."}
        elif f.art == "geld":
            regel |= {"validate": "decimal", "criteria": ">=", "value": 0, "error_title": "Betrag", "error_message": "Hier steht ein Betrag in Euro, ohne „ca.“ und ohne Text."}  # fmt: skip
        seite.data_validation(KOPF + 2, c, KOPF + 1 + ZEILEN, c, regel)

    def _anleitung(self, seite: Any) -> None:
        seite.set_column(0, 0, 34)
        seite.set_column(1, 1, 100)
        seite.write_string(0, 0, "So wird die Tabelle ausgefüllt", self.f["titel"])
        saetze = (
            ("Zeilen", "Je Maßnahme eine Zeile. Die Beispielzeile (in Spalte „Kennung“ steht „Beispiel“) wird nie übernommen und darf gelöscht werden."),
            ("Neu oder vorhanden", "Ohne Kennung und mit einem Titel, den das Konzept noch nicht kennt, entsteht eine neue Maßnahme. Sonst wird die vorhandene geändert."),
            ("Leere Zellen", "Eine leere Zelle sagt nichts. Sie löscht nichts und wird nie zu 0."),
            ("Beträge", "In Euro, auf den Cent genau. Keine Tausend Euro, kein „ca.“. Die Geldgeber ergeben zusammen die Gesamtkosten; was niemand trägt, wird als offen eingetragen."),
            ("Jahre", "Sind Jahresbeträge angegeben, ergeben sie mit „bisher“ und „später“ zusammen die Gesamtkosten."),
            ("Spalten", "Spalten dürfen gelöscht oder verschoben werden; ihre Überschriften bleiben, wie sie sind."),
            ("Einlesen", "ihk import WAS DIESE-DATEI.xlsx --vorschau zeigt, was sich ändern würde; ohne --vorschau wird es eingetragen."),
        )  # fmt: skip
        for r, (was, satz) in enumerate(saetze, 2):
            seite.write_string(r, 0, was, self.f["fett"])
            seite.write_string(r, 1, satz, self.f["umbruch"])
            seite.set_row(r, 32 if len(satz) > 100 else 17)
        r = len(saetze) + 3
        seite.write_string(r, 0, "Spalte", self.f["kopf"])
        seite.write_string(r, 1, "Was hineingehört", self.f["kopf"])
        for n, (_, f) in enumerate(self.spalten, r + 1):
            seite.write_string(n, 0, f.titel, self.f["fett"])
            text = hinweis(f) + (f" Möglich: {', '.join(f.woerter.values())}." if f.woerter else "")
            seite.write_string(n, 1, text, self.f["umbruch"])
            seite.set_row(n, 17 * (1 + len(text) // 110))


def hinweis(f: Feld) -> str:
    """What belongs into a column, in a sentence or two."""
    if f.pfad in _HINWEIS:
        return _HINWEIS[f.pfad]
    if f.geber:
        wer = _ZAHLT.get(f.geber)
        return f"Was {wer}, in Euro." if wer else f"{f.titel}, in Euro."
    if f.jahr:
        wann = {"bisher": "vor dem ersten Jahr der Tabelle", "spaeter": "nach dem letzten Jahr der Tabelle"}
        return f"Gesamtkosten, die {wann.get(f.jahr, f'im Jahr {f.jahr}')} anfallen."
    return (
        "Aus der Liste wählen." if f.woerter else f"{f.titel}, in ganzen Sätzen." if f.art == "prosa" else f"{f.titel}."
    )
