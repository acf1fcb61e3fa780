"""Tables → a workbook (XLSX): real numbers, sums as formulas, ready to print. The only place that knows XlsxWriter."""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Literal

import xlsxwriter
from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell

from ihk import labels
from ihk.export import listen, uebersichten
from ihk.export.kuf import kuf
from ihk.export.tabelle import LAENGE, Abweichung, Bezug, Block, Spalte, Tabelle, Zeile, Zelle, hat_zahlen, teilsumme
from ihk.model.load import Geladen

KOPF = 2
"""Row of the column heads; above it stand the title of the table and the name of the concept."""
_ZEILE = 15  # points for a line of text
_HOECHSTENS = 27  # lines: a row holds 409 points
_GRENZE_EXCEL = date(1900, 3, 1)  # before it, spreadsheets disagree about the calendar
_FUER_A4, _FUER_SEITE = 190, 320  # characters in width that stay readable on A4 and on one page of A3
_OHNE_DATUM = date(1980, 1, 1)
_GELD = '#,##0.00 "€"'
_ZAHLFORMAT = {"geld": _GELD, "leer": f'{_GELD};-{_GELD};"–"', "jahr": "0", "datum": "dd.mm.yyyy"}
_FORMATE: dict[str, dict[str, Any]] = {
    "titel": {"bold": True, "font_size": 14},
    "notiz": {"font_color": "#444444"},
    "kopf": {"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 2, "bg_color": "#E7ECF0"},
    "gruppe": {"bold": True, "bg_color": "#F3F5F7"},
    "wert": {"valign": "top"},
    "summe": {"bold": True, "top": 1},
    "gesamt": {"bold": True, "top": 1, "bottom": 6},
    "daneben": {"valign": "top", "italic": True, "font_color": "#444444"},
}


def arbeitsmappe(geladen: Geladen) -> bytes:
    """The whole workbook. Same source, same bytes: every date in it is that of the Fassung."""
    k = geladen.fassung
    uebersicht = kuf(k)
    tabellen = (
        uebersicht,
        uebersichten.jahre_und_geber(k),
        uebersichten.handlungsfelder(k),
        uebersichten.programme(k),
        uebersichten.ausgabearten(k),
        uebersichten.nachrichtlich(k),
        listen.massnahmen(k),
        listen.indikatoren(k),
        uebersichten.bewilligungen(k),
        uebersichten.proben(uebersicht),
        listen.hinweise(geladen),
    )
    return _Mappe(tabellen, geladen).schreibe()


@dataclass(frozen=True, slots=True)
class _Reihe:
    """A row of the sheet below the heads."""

    art: Literal["gruppe", "wert", "summe", "gesamt", "daneben", "notiz"]
    zeile: Zeile | None = None
    text: str = ""
    block: Block | None = None


def _reihen(tabelle: Tabelle) -> Iterator[_Reihe]:
    for block in tabelle.bloecke:
        if block.titel:
            yield _Reihe("gruppe", text=block.titel)
        yield from (_Reihe("wert", zeile) for zeile in block.zeilen)
        if block.summe:
            yield _Reihe("summe", text=block.summe, block=block)
    if not tabelle.bloecke:
        yield _Reihe("notiz", text="Keine Einträge.")
    if tabelle.summe:
        yield _Reihe("gesamt", text=tabelle.summe)
    for block in tabelle.anhang:
        yield _Reihe("notiz")
        yield _Reihe("gruppe", text=block.titel)
        yield from (_Reihe("daneben", zeile) for zeile in block.zeilen)
    if tabelle.hinweise:
        yield _Reihe("notiz")
        yield from (_Reihe("notiz", text=hinweis) for hinweis in tabelle.hinweise)


class _Blatt:
    """Where things stand on a sheet; known before anything is written, so that sheets can refer to each other."""

    def __init__(self, tabelle: Tabelle) -> None:
        self.tabelle = tabelle
        self.reihen = tuple(_reihen(tabelle))
        self.spalte = {s.schluessel: i for i, s in enumerate(tabelle.spalten)}
        self.bereiche: list[tuple[int, int]] = []
        """First and last row of each block."""
        self.summenzeilen: dict[int, int] = {}
        """Row of a block's subtotal → number of the block."""
        self.gesamtzeile = 0
        vorige = ""
        for r, reihe in enumerate(self.reihen, KOPF + 1):
            if reihe.art == "wert":
                if vorige != "wert":
                    self.bereiche.append((r, r))
                self.bereiche[-1] = (self.bereiche[-1][0], r)
            elif reihe.art == "summe":
                self.summenzeilen[r] = len(self.bereiche) - 1
            elif reihe.art == "gesamt":
                self.gesamtzeile = r
            vorige = reihe.art

    def zelle(self, schluessel: str, r: int) -> str:
        return str(xl_rowcol_to_cell(r, self.spalte[schluessel]))

    def summe(self, schluessel: str, block: int) -> str:
        erste, letzte = self.bereiche[block]
        return f"SUM({self.zelle(schluessel, erste)}:{self.zelle(schluessel, letzte)})"

    def gesamt(self, schluessel: str) -> str:
        """The formula of a total: the subtotals added, or the sums over the blocks that have none."""
        if not self.summenzeilen:
            return "+".join(self.summe(schluessel, b) for b in range(len(self.bereiche))) or "0"
        return "+".join(self.zelle(schluessel, r) for r in self.summenzeilen)

    def bezug(self, bezug: Bezug) -> str:
        vor = f"{quote_sheetname(self.tabelle.name)}!"
        return "+".join(f"{vor}{self.zelle(s, self.gesamtzeile)}" for s in bezug.spalten)


class _Mappe:
    def __init__(self, tabellen: tuple[Tabelle, ...], geladen: Geladen) -> None:
        self.blaetter = {t.name: _Blatt(t) for t in tabellen}
        self.k = geladen.fassung
        self.pruefsumme = geladen.quelle.pruefsumme
        self.puffer = io.BytesIO()
        # In memory: nothing is left in a temporary folder, and the archive carries no time of day.
        self.mappe = xlsxwriter.Workbook(
            self.puffer,
            {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
        )
        self.formate: dict[tuple[str, str, bool], Any] = {}

    def schreibe(self) -> bytes:
        self._eigenschaften()
        for blatt in self.blaetter.values():
            self._blatt(blatt)
        self.mappe.close()
        return self.puffer.getvalue()

    def _eigenschaften(self) -> None:
        konzept, f = self.k.konzept, self.k.fassung
        tag = f.stand.beginn if f.stand else _OHNE_DATUM
        kommune = konzept.kommune.name if konzept.kommune else ""
        self.mappe.set_properties({
            "title": f"{konzept.titel}: Kosten- und Finanzierungsübersicht",
            "subject": f"Fassung {f.titel or f.id}",
            "author": konzept.herausgeber or kommune,
            "company": kommune,
            "category": "Integriertes Handlungskonzept",
            "keywords": ", ".join(labels.programm(p) for p in konzept.programme),
            "comments": f"{'Erfundenes Beispiel. ' if konzept.fiktiv else ''}{self.k.name}, Prüfsumme SHA-256 {self.pruefsumme}",
            "created": datetime.combine(tag, time()),
        })  # fmt: skip

    def _format(self, art: str, spalte: Spalte | None = None, *, text: bool = True, leer: bool = False) -> Any:
        """A format by kind of row and kind of value; made once each, in the order of need.

        ``leer`` is a total over a column in which no amount is known: it shows a dash as long as that is so.
        """
        zahlart: str = spalte.art if spalte and not text else ""
        if leer and zahlart == "geld":
            zahlart = "leer"
        rechts = bool(spalte and spalte.art in ("geld", "zahl", "jahr", "datum"))
        schluessel = (art, zahlart, rechts)
        if schluessel not in self.formate:
            form = dict(_FORMATE[art])
            if zahlart in _ZAHLFORMAT:
                form["num_format"] = _ZAHLFORMAT[zahlart]
            if rechts:
                form["align"] = "right"
            elif art in ("wert", "daneben", "kopf"):
                form |= {"text_wrap": True, "align": "left", "indent": 1}  # keeps text off the number on its left
            self.formate[schluessel] = self.mappe.add_format(form)
        return self.formate[schluessel]

    # ------------------------------------------------------------------------------------------------ one sheet

    def _blatt(self, blatt: _Blatt) -> None:
        tabelle = blatt.tabelle
        seite = self.mappe.add_worksheet(tabelle.name)
        seite.set_row(0, 22)
        seite.write_string(0, 0, tabelle.titel, self._format("titel"))
        seite.write_string(1, 0, _kurz(self._unterzeile(), 500), self._format("notiz"))
        for c, spalte in enumerate(tabelle.spalten):
            seite.set_column(c, c, spalte.breite)
            seite.write_string(KOPF, c, spalte.titel, self._format("kopf", spalte))
        seite.set_row(KOPF, 48)
        for r, reihe in enumerate(blatt.reihen, KOPF + 1):
            if reihe.art in ("wert", "daneben"):
                self._werte(seite, blatt, r, reihe)
            elif reihe.art in ("summe", "gesamt"):
                self._summen(seite, blatt, r, reihe)
            else:
                self._text(seite, tabelle, r, reihe)
        letzte = len(tabelle.spalten) - 1
        if tabelle.filter and blatt.bereiche:
            seite.autofilter(KOPF, 0, blatt.bereiche[-1][1], letzte)
        seite.freeze_panes(KOPF + 1, tabelle.fest)
        seite.ignore_errors({"number_stored_as_text": f"A1:{xl_rowcol_to_cell(KOPF + len(blatt.reihen), letzte)}"})
        self._druck(seite, tabelle)

    def _werte(self, seite: Any, blatt: _Blatt, r: int, reihe: _Reihe) -> None:
        assert reihe.zeile is not None
        # Said outright: not every program fits a row to its text when it opens the file.
        seite.set_row(
            r,
            _ZEILE
            * min(_HOECHSTENS, max(_zeilen(reihe.zeile.get(s.schluessel), s.breite) for s in blatt.tabelle.spalten)),
        )
        for c, spalte in enumerate(blatt.tabelle.spalten):
            wert = reihe.zeile.get(spalte.schluessel)
            if spalte.quer is not None and isinstance(wert, int):
                formel = f"=SUM({blatt.zelle(spalte.quer[0], r)}:{blatt.zelle(spalte.quer[1], r)})"
                self._formel(seite, r, c, formel, wert, reihe.art, spalte)
            elif isinstance(wert, Bezug):
                self._formel(
                    seite, r, c, f"={self._ziel(wert).bezug(wert)}", self._betrag(wert, reihe), reihe.art, spalte
                )
            elif isinstance(wert, Abweichung):
                formel = f"=ROUND({blatt.zelle(wert.eins, r)}-{blatt.zelle(wert.zwei, r)},2)"
                self._formel(seite, r, c, formel, self._betrag(wert, reihe), reihe.art, spalte)
            else:
                self._wert(seite, r, c, wert, reihe.art, spalte)

    def _wert(self, seite: Any, r: int, c: int, wert: Zelle, art: str, spalte: Spalte) -> None:
        """A value by its type. Text goes in as text only: no cell of it can become a formula or a link."""
        if wert is None or wert == "":
            return
        if isinstance(wert, date) and wert >= _GRENZE_EXCEL:
            seite.write_datetime(r, c, datetime.combine(wert, time()), self._format(art, spalte, text=False))
        elif isinstance(wert, int) and spalte.art == "geld":
            seite.write_number(r, c, _euro(wert), self._format(art, spalte, text=False))
        elif isinstance(wert, int | Decimal):
            seite.write_number(r, c, float(wert), self._format(art, spalte, text=False))
        else:
            text = labels.tag(wert) if isinstance(wert, date) else str(wert)
            seite.write_string(r, c, _kurz(text), self._format(art, spalte))

    def _summen(self, seite: Any, blatt: _Blatt, r: int, reihe: _Reihe) -> None:
        tabelle = blatt.tabelle
        for c, spalte in enumerate(tabelle.spalten):
            if not spalte.summe:
                seite.write_blank(r, c, None, self._format(reihe.art))
            elif reihe.block is not None:
                formel = f"={blatt.summe(spalte.schluessel, blatt.summenzeilen[r])}"
                wert, leer = teilsumme(reihe.block, spalte.schluessel), not hat_zahlen(reihe.block, spalte.schluessel)
                self._formel(seite, r, c, formel, wert, reihe.art, spalte, leer=leer)
            else:
                formel = f"={blatt.gesamt(spalte.schluessel)}"
                wert, leer = tabelle.gesamt(spalte.schluessel), not tabelle.hat_zahlen(spalte.schluessel)
                self._formel(seite, r, c, formel, wert, reihe.art, spalte, leer=leer)
        seite.write_string(r, 0, reihe.text, self._format(reihe.art))

    def _formel(
        self, seite: Any, r: int, c: int, formel: str, wert: int, art: str, spalte: Spalte, *, leer: bool = False
    ) -> None:
        """The formula with its value, for programs that show a file without calculating it."""
        fertig = _euro(wert) if spalte.art == "geld" else wert
        seite.write_formula(r, c, formel, self._format(art, spalte, text=False, leer=leer), fertig)

    def _text(self, seite: Any, tabelle: Tabelle, r: int, reihe: _Reihe) -> None:
        if reihe.art == "gruppe":
            for c in range(len(tabelle.spalten)):
                seite.write_blank(r, c, None, self._format("gruppe"))
        if reihe.text:
            seite.write_string(r, 0, _kurz(reihe.text), self._format(reihe.art))

    def _ziel(self, bezug: Bezug) -> _Blatt:
        return self.blaetter[bezug.tabelle]

    def _betrag(self, wert: Bezug | Abweichung, reihe: _Reihe) -> int:
        if isinstance(wert, Bezug):
            return sum(self._ziel(wert).tabelle.gesamt(s) for s in wert.spalten)
        eins, zwei = (reihe.zeile[s] for s in (wert.eins, wert.zwei)) if reihe.zeile else (None, None)
        assert isinstance(eins, Bezug)
        assert isinstance(zwei, Bezug)
        return self._betrag(eins, reihe) - self._betrag(zwei, reihe)

    # ---------------------------------------------------------------------------------------------------- print

    def _unterzeile(self) -> str:
        konzept, f = self.k.konzept, self.k.fassung
        return " · ".join(
            t
            for t in (
                konzept.titel,
                f"Fassung {f.titel or f.id}",
                f"Stand {labels.zeitpunkt(f.stand)}" if f.stand else "",
                labels.FASSUNGSSTATUS.get(f.status or "", ""),
                "erfundenes Beispiel" if konzept.fiktiv else "",
            )
            if t
        )

    def _druck(self, seite: Any, tabelle: Tabelle) -> None:
        """Landscape, fitted in width, heads on every page; a very wide table goes over several pages of A3."""
        breite = sum(s.breite for s in tabelle.spalten)
        seiten = math.ceil(breite / _FUER_SEITE)
        seite.set_landscape()
        seite.set_paper(9 if breite <= _FUER_A4 else 8)
        seite.fit_to_pages(seiten, 0)
        seite.repeat_rows(KOPF)
        if seiten > 1:
            seite.repeat_columns(0, tabelle.fest - 1)
        seite.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
        f = self.k.fassung
        links = [f"Fassung {f.titel or f.id}", *(["erfundenes Beispiel"] if self.k.konzept.fiktiv else [])]
        seite.set_header(f"&L{_druckzeile(self.k.konzept.titel)}&R{tabelle.name}")
        seite.set_footer(f"&L{_druckzeile(' · '.join(links))}&RSeite &P von &N")


def _druckzeile(text: str) -> str:
    """Text for a running line: short enough (255 characters in all), and its ampersands are no commands."""
    return _kurz(text, 90).replace("&", "&&")


def _zeilen(wert: Zelle, breite: int) -> int:
    """Lines that a text needs in a column of this width."""
    return len(textwrap.wrap(wert, max(1, breite - 1))) if isinstance(wert, str) and len(wert) >= breite else 1


def _kurz(text: str, laenge: int = LAENGE) -> str:
    return text if len(text) <= laenge else f"{text[: laenge - 1]}…"


def _euro(cent: int) -> float:
    """The nearest double; up to 15 digits its decimal form is exact to the cent."""
    return float(Decimal(cent) / 100)
