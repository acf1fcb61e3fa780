"""What all views share: facts with sources and declared gaps, tables, links, and the context of one report."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from markupsafe import Markup

from ihk import labels, sums
from ihk.model import Konzeptfassung, Massnahme
from ihk.model.bestandteile import Beschluss, Bild, Kapitel, Quelle
from ihk.model.load import Geladen
from ihk.model.types import Satz
from ihk.pictures import Bilddaten, BildError, read_picture
from ihk.problems import IhkError
from ihk.report.prose import LEER, Bildziel, Schreiber, Verweisziel, abbildung
from ihk.report.view.namen import kapitel_titel

Medium = Literal["web", "druck"]
NB = labels.GESCHUETZT
STRICH = "–"


@dataclass(frozen=True, slots=True)
class Link:
    """A reference to an object: printed as number and title."""

    id: str
    nummer: str
    titel: str
    status: str = ""
    status_wort: str = ""

    @property
    def text(self) -> str:
        return " ".join(t for t in (self.nummer, self.titel) if t)


@dataclass(frozen=True, slots=True)
class Fakt:
    """A row caption and value; ``grund`` says why the value is not known."""

    name: str
    wert: str | Markup = ""
    links: tuple[Link, ...] = ()
    grund: str | Markup = ""
    belege: tuple[Link, ...] = ()
    unbekannt: bool = False


@dataclass(frozen=True, slots=True)
class Textblock:
    """A piece of prose with its heading (empty: none) and sources."""

    titel: str
    html: str | Markup
    belege: tuple[Link, ...] = ()
    id: str = ""
    unbekannt: bool = False
    """``html`` is the reason why nothing is known."""
    punkte: tuple[Markup, ...] = ()
    """A list that stands in place of ``html``."""


@dataclass(frozen=True, slots=True)
class Zelle:
    """A cell of a table. ``status`` puts the symbol in front, ``links`` are printed one below the other."""

    text: str | Markup = ""
    ziel: str = ""
    status: str = ""
    zahl: bool = False
    klasse: str = ""
    zusatz: str | Markup = ""
    links: tuple[Link, ...] = ()
    breit: int = 1
    balken: tuple[Teil, ...] = ()
    belege: tuple[Link, ...] = ()
    wert: str = ""
    """The number by which the web page sorts, where the printed text would not do."""


@dataclass(frozen=True, slots=True)
class Teil:
    """A part of a bar; ``anteil`` counts to 1000."""

    klasse: str
    name: str
    betrag: str
    prozent: str
    anteil: int

    @property
    def breite(self) -> float:
        """In percent."""
        return self.anteil / 10


@dataclass(frozen=True, slots=True)
class Spalte:
    text: str
    zahl: bool = False
    klasse: str = ""


@dataclass(frozen=True, slots=True)
class Zeile:
    """A row; its first cell is the row head."""

    zellen: tuple[Zelle, ...]
    id: str = ""
    klasse: str = ""
    uebertrag: str = ""
    """What a page that ends after this row carries over: the texts of the cells, divided by ``|``."""


@dataclass(frozen=True, slots=True)
class Gruppe:
    zeilen: tuple[Zeile, ...]
    titel: str = ""
    summe: Zeile | None = None


@dataclass(frozen=True, slots=True)
class Tabelle:
    """A data table with a caption, groups with sums and a grand total."""

    titel: str
    kopf: tuple[Spalte, ...]
    gruppen: tuple[Gruppe, ...]
    gesamt: Zeile | None = None
    klasse: str = ""
    note: str = ""

    @property
    def breite(self) -> int:
        return len(self.kopf)

    def halb(self) -> Tabelle:
        """The same for a column half as wide as the page, or across both if it does not fit into one."""
        passt = "breit" not in self.klasse and sum(noetig for _, noetig in self._masse()) <= _ZEICHEN_HALB
        return replace(self, klasse=f"{self.klasse} {'halb' if passt else 'breit'}".strip())

    def _zeilen(self) -> list[Zeile]:
        gesamt = [self.gesamt] if self.gesamt else []
        return [z for g in self.gruppen for z in (*g.zeilen, *([g.summe] if g.summe else []))] + gesamt

    def _masse(self) -> list[tuple[float, float]]:
        """What each column would like and what it needs, in characters."""
        zeilen = self._zeilen()
        masse = []
        for i, spalte in enumerate(self.kopf):
            zellen = [z.zellen[i] for z in zeilen if i < len(z.zellen) and all(c.breit == 1 for c in z.zellen)]
            masse.append(_mass(spalte, zellen, erste=i == 0))
        return masse

    @property
    def spalten(self) -> tuple[float, ...]:
        """Widths of the columns in percent, after what stands in them: numbers are never broken, text may be."""
        zeilen, masse, worte = self._zeilen(), self._masse(), self.klasse.split()
        platz = _ZEICHEN_QUER if "kuf" in worte else _ZEICHEN_HALB if "halb" in worte else _ZEICHEN
        zuviel = max(0.0, sum(wunsch for wunsch, _ in masse) - platz)
        luft = sum(wunsch - noetig for wunsch, noetig in masse)
        anteil = min(1.0, zuviel / luft) if luft else 0.0  # who has more than it needs gives way first
        breiten = [wunsch - anteil * (wunsch - noetig) for wunsch, noetig in masse]
        # Room that nobody asks for goes to the columns of text, which else would take more lines.
        mangel = [max(0.0, voll - b) for voll, b in zip(self._texte(zeilen), breiten, strict=True)]
        luft = max(0.0, platz - sum(breiten))
        if luft and sum(mangel):
            breiten = [b + m * min(1.0, luft / sum(mangel)) for m, b in zip(mangel, breiten, strict=True)]
        return tuple(round(100 * b / sum(breiten), 2) for b in breiten)

    def _texte(self, zeilen: list[Zeile]) -> list[float]:
        """What each column of text would take on one line, up to 90 characters; other columns nothing."""
        ergebnis = []
        for i, spalte in enumerate(self.kopf):
            zellen = [z.zellen[i] for z in zeilen if i < len(z.zellen) and all(c.breit == 1 for c in z.zellen)]
            laengen = sorted(max(len(striptags(z.text)), len(striptags(z.zusatz))) for z in zellen)
            text = bool(laengen) and not spalte.zahl and not any(z.balken or z.status for z in zellen)
            typisch = laengen[-1] if i == 0 else laengen[len(laengen) * 3 // 4] if laengen else 0
            if any(z.klasse == "nummern" for z in zellen):  # signs that stand beside each other
                ergebnis.append(min(45.0, 7.0 * max(len(z.links) for z in zellen)))
            else:
                ergebnis.append(min(90.0, typisch * 1.05 + 2) if text else 0.0)
        return ergebnis


def striptags(text: str | Markup) -> str:
    """Text as it is read."""
    return text.striptags() if isinstance(text, Markup) else text


_ZEICHEN, _ZEICHEN_QUER, _ZEICHEN_HALB = 104, 160, 50
"""How many characters of a table fit beside each other on an upright page, on one across, and in half a page."""


def _mass(spalte: Spalte, zellen: list[Zelle], *, erste: bool) -> tuple[float, float]:
    """The width that a column would like to have and the one that it needs, in characters."""
    if any(z.balken for z in zellen):
        return 44, 30
    wort = max((len(w) for w in re.split(r"[\s\u00ad]+", spalte.text)), default=1)
    if spalte.zahl:
        breite = max([wort, *(len(z.text) for z in zellen)]) * 1.1 + 2.5  # heads are smaller
        return breite, breite
    if any(z.klasse == "nummern" for z in zellen):
        nebeneinander = min(3, max(len(z.links) for z in zellen))
        return max(15, wort + 2, 8.5 * nebeneinander + 2), max(10, wort + 2)
    laengen = sorted(len(z.text) + sum(len(x.text) for x in z.links) for z in zellen) or [1]
    if any(z.status for z in zellen):
        breite = laengen[-1] * 1.1 + 6
        return breite, breite
    typisch = laengen[len(laengen) * 3 // 4]
    texte = [t for z in zellen for t in (str(z.text), *(x.text for x in z.links))]
    unteilbar = max((len(w) for t in texte for w in t.split()), default=1)
    noetig = max(wort, min(unteilbar, 20 if erste else 16)) * 1.1 + 2
    if laengen[-1] <= 14:
        return max(laengen[-1] * 1.15 + 2, noetig), noetig
    wunsch = min(max(typisch + 2, wort + 1, min(unteilbar, 18) + 1), 36 if erste else 24)
    return max(wunsch, noetig), noetig


def zahl(text: str, klasse: str = "", wert: int | None = None) -> Zelle:
    """A number cell."""
    return Zelle(text, zahl=True, klasse=klasse, wert="" if wert is None else str(wert))


def mio(cent: int) -> str:
    """``3,7 Mio. €`` from a million on, else full euros: for sentences and key figures."""
    if abs(cent) < 100_000:  # rounding 12,50 € in a sentence would be wrong, not short
        return labels.euro(cent)
    if abs(cent) < 100_000_000:
        return labels.euro(round(cent, -2))
    zehntel = (2 * cent + 10_000_000) // 20_000_000
    return f"{labels.zahl(zehntel // 10)},{zehntel % 10}{NB}Mio.{NB}€"


def prozent(teil: int, ganzes: int) -> str:
    """``33 %``, and ``unter 1 %`` instead of 0."""
    if not ganzes:
        return ""
    gerundet = (200 * teil + ganzes) // (2 * ganzes)
    return f"unter{NB}1{NB}%" if teil and not gerundet else f"{gerundet}{NB}%"


def zahlwort(n: int) -> str:
    """Small numbers in words: ``keine``, ``eine``, ``zwei``."""
    worte = ("keine", "eine", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf")
    return worte[n] if n < len(worte) else str(n)


def anzahl(n: int, eins: str, viele: str) -> str:
    """``eine Maßnahme``, ``zwei Maßnahmen``"""
    return f"{zahlwort(n)} {eins if n == 1 else viele}"


def anzahl_von(n: int, wort: labels.Wort, eins: str = "", viele: str = "") -> str:
    """``ein Projekt kommt``, ``zwei Projekte kommen``: a number, the word of the concept, and what follows it."""
    if n == 1:
        return " ".join(t for t in (wort.mit("eine", "ein"), eins) if t)
    return anzahl(n, "", " ".join(t for t in (wort.viele, viele) if t))


def allein(n: int, wort: labels.Wort, eins: str, viele: str) -> str:
    """The same without the word, which the sentence has named: ``eines entfällt``, ``zwei entfallen``."""
    return f"{wort.form('eine', 'eines', 'einer')} {eins}" if n == 1 else anzahl(n, "", viele)


def gross(text: str) -> str:
    return text[:1].upper() + text[1:]


class Kontext:
    """One Fassung while its views are made: numbers, links, prose, sources, pictures."""

    def __init__(self, geladen: Geladen, medium: Medium) -> None:
        self.geladen, self.medium = geladen, medium
        self.k: Konzeptfassung = geladen.fassung
        self._quellen = {q.id: str(i) for i, q in enumerate(self.k.quellen, 1)}
        self.bilder = {bild.id: self._bildziel(bild) for bild in self.k.bilder}
        self.gesetzt: set[str] = set()
        """Ids of pictures that some text has already placed."""
        ziele: dict[str, Verweisziel] = {}
        for _, objekt, _ in self.k.objekte():
            kennung = objekt.id
            if isinstance(objekt, Quelle):
                ziele.setdefault(kennung, Verweisziel(kennung, self._quellen[kennung], objekt.titel, quelle=True))
            elif not isinstance(objekt, Bild):
                titel = (
                    kapitel_titel(objekt, self.k.konzept)
                    if isinstance(objekt, Kapitel)
                    else str(getattr(objekt, "titel", None) or kennung)
                )
                ziele.setdefault(kennung, Verweisziel(kennung, self.k.nummern.get(kennung, ""), titel))
        self.schreiber = Schreiber(ziele, self.bilder)

    # ---------------------------------------------------------------- words
    @property
    def massnahme(self) -> str:
        """What the concept calls a measure: Maßnahme, Projekt, Vorhaben."""
        return self.wort.eins

    @property
    def massnahmen(self) -> str:
        return self.wort.viele

    @property
    def wort(self) -> labels.Wort:
        """The word for a measure with its forms."""
        return self.k.konzept.massnahmenwort

    @cached_property
    def umfasst(self) -> dict[str, list[str]]:
        """Ids of the parts of each measure that has some; looked for once, not once for each measure."""
        teile: dict[str, list[str]] = {}
        for m in self.k.massnahmen:
            if m.teil_von:
                teile.setdefault(m.teil_von, []).append(m.id)
        return teile

    @cached_property
    def jahre(self) -> tuple[str, ...]:
        """Keys of all yearly amounts of what goes on, ``bisher`` and ``spaeter`` among them: what has ended kept the years of its time."""
        kosten = [m.kosten for m in self.k.massnahmen if m.kosten and not m.beendet]
        return tuple(
            dict.fromkeys(j for k in kosten for reihe in (k.jahre, *(a.jahre for a in k.finanzierung)) for j in reihe)
        )

    @cached_property
    def rechnung(self) -> sums.Rechnung:
        """Totals over all measures or some."""
        return sums.Rechnung(self.k)

    @property
    def handlungsfeld(self) -> str:
        """What the concept calls a Handlungsfeld: also Strategie, Themenfeld, Schwerpunkt."""
        return self.feldwort.eins

    @property
    def handlungsfelder(self) -> str:
        return self.feldwort.viele

    @property
    def feldwort(self) -> labels.Wort:
        """The word for a Handlungsfeld with its forms."""
        return self.k.konzept.feldwort

    @property
    def teilziele(self) -> labels.Wort:
        """The word for what measures stand under where the concept has no Handlungsfelder."""
        return labels.TEILZIELWORT

    def feld(self, pfad: str) -> str:
        """The caption of a field, in the concept's own words."""
        return labels.feld(pfad, self.k.konzept)

    def objektwort(self, art: str) -> str:
        """The caption of a kind of object, in the concept's own words."""
        return labels.objekt(art, self.k.konzept)

    # ---------------------------------------------------------------- prose and pictures
    def prosa(self, text: str | None, ebene: int = 3) -> Markup | None:
        self._merke(text)
        return self.schreiber.block(text, ebene)

    def zeile(self, text: str | None) -> Markup:
        self._merke(text)
        return self.schreiber.zeile(text) or LEER

    def unbekanntes(self, unbekannt: Mapping[str, str]) -> Markup:
        """What is not known of a small record, with the reasons, in one line; a reason that is a sentence keeps its full stop."""
        gesamt = LEER
        for feld, grund in unbekannt.items():
            gesamt += (" " if gesamt.endswith(".") else "; ") if gesamt else ""
            gesamt += Markup("{} unbekannt: {}").format(labels.feld(feld), self.zeile(grund))
        return gesamt

    def _merke(self, text: str | None) -> None:
        self.gesetzt |= {i for i in self.bilder if text and f"]({i})" in text}

    def bild(self, kennung: str) -> Markup:
        """The figure of a picture, as clean HTML."""
        self.gesetzt.add(kennung)
        return self.schreiber.block(f"![]({kennung})") or LEER

    def bilddaten(self, bild: Bild) -> Bilddaten:
        """The bytes of a picture; raises ``IhkError`` if it cannot be used."""
        return read_bild(self.geladen, bild)

    def _bildziel(self, bild: Bild) -> Bildziel:
        daten = self.bilddaten(bild)
        src = bild_url(bild) if self.medium == "druck" else data_uri(daten.daten, daten.mime)
        return Bildziel(
            bild.id,
            src,
            bild.alt or bild.unterschrift or bild.id,
            daten.breite,
            daten.hoehe,
            bild.unterschrift or "",
            bild.bildnachweis or "",
        )

    # ---------------------------------------------------------------- references
    def link(self, kennung: str, *, kurz: bool = True) -> Link:
        """Number and title of an object; an id that leads nowhere is printed as it is."""
        objekt = self.k.nach_id.get(kennung)
        if isinstance(objekt, Massnahme):
            status = objekt.status or "unbekannt"
            titel = objekt.kurz if kurz else objekt.titel
            return Link(kennung, self.k.nummern.get(kennung, ""), titel, status, status_wort(objekt))
        if objekt is None:
            return Link("", "", kennung)
        if isinstance(objekt, Kapitel):
            return Link(kennung, "", kapitel_titel(objekt, self.k.konzept))
        return Link(kennung, self.k.nummern.get(kennung, ""), getattr(objekt, "titel", None) or kennung)

    def links(self, kennungen: Iterable[str], *, kurz: bool = True) -> tuple[Link, ...]:
        return tuple(self.link(k, kurz=kurz) for k in kennungen)

    def quellen(self, kennungen: Iterable[str]) -> tuple[Link, ...]:
        """Small numbers that lead to the list of sources."""
        return tuple(
            Link(q if q in self._quellen else "", "", self._quellen.get(q, q)) for q in dict.fromkeys(kennungen)
        )

    def belege(self, satz: Satz, feld: str | None = None) -> tuple[Link, ...]:
        """Sources of the whole record, or of one of its fields."""
        if isinstance(satz.belege, dict):
            return self.quellen(satz.belege.get(feld, ()) if feld else ())
        return () if feld else self.quellen(satz.belege)


class Angaben:
    """Collects the facts of one record, and in the end what else is said about its fields: gaps and sources."""

    def __init__(self, kontext: Kontext, satz: Satz, vor: str = "") -> None:
        self._k, self._vor = kontext, vor
        self._offen = dict(satz.unbekannt)
        self._belege = dict(satz.belege) if isinstance(satz.belege, dict) else {}
        self.gesamt = () if isinstance(satz.belege, dict) else kontext.quellen(satz.belege)
        self.fakten: list[Fakt] = []

    def fakt(self, name: str, feld: str, wert: str | Markup | None = None, links: tuple[Link, ...] = ()) -> None:
        """A row if the value is known or declared unknown."""
        grund = self._offen.pop(feld, None)
        belege = self._k.quellen(self._belege.pop(feld, ()))
        if wert or links or grund is not None:
            unbekannt = not (wert or links)
            self.fakten.append(Fakt(name, wert or "", links, self._k.zeile(grund) if grund else "", belege, unbekannt))

    def zusammen(self, name: str, *angaben: tuple[str, str, str, str]) -> None:
        """One row for short facts that belong together; each is caption, field, value, and its words in the common row.

        What has a gap or a source of its own, or stands alone, gets a row of its own.
        """
        kurz = [a for a in angaben if a[2] and a[1] not in self._offen and a[1] not in self._belege]
        if len(kurz) > 1:
            self.fakten.append(Fakt(name, ", ".join(worte for *_, worte in kurz)))
        for eigener, feld, wert, _ in angaben:
            if len(kurz) < 2 or all(feld != k[1] for k in kurz):
                self.fakt(eigener, feld, wert)

    def belegt(self, feld: str) -> tuple[Link, ...]:
        """Sources of a field that is printed elsewhere."""
        return self._k.quellen(self._belege.pop(feld, ()))

    def unterdruecke(self, *felder: str) -> None:
        """Gaps that are said elsewhere."""
        for feld in felder:
            self._offen.pop(feld, None)

    def grund(self, feld: str) -> Markup:
        """Why a field is not known, if that is declared; it is then not repeated."""
        return self._k.zeile(self._offen.pop(feld, None))

    def rest(self) -> tuple[Fakt, ...]:
        """All facts, then the declared gaps and the sources of fields that no row has named."""
        for feld in list(self._offen):
            self.fakt(self._vor + self._k.feld(feld), feld)
        for feld, quellen in self._belege.items():
            self.fakten.append(Fakt(f"Quelle {self._vor}{self._k.feld(feld)}", "", (), "", self._k.quellen(quellen)))
        self._belege = {}
        return tuple(self.fakten)


def mit_einheit(titel: str, einheit: str | None) -> str:
    """What an indicator measures, with its unit where the title does not say it already as a word ("m" is in every "Baum")."""
    wort = rf"(?<![^\s(]){re.escape(einheit or '')}(?![^\s),.;:])"
    return titel if not einheit or re.search(wort, titel, re.IGNORECASE) else f"{titel} ({einheit})"


def pruefsumme(sha256: str) -> Markup:
    """The beginning of a checksum, never divided: a hyphen would be read as a part of it."""
    return Markup('SHA-256 <span class="ganz">{}…</span>').format(sha256[:16])


def status_wort(massnahme: Massnahme) -> str:
    """The status in a word; what lives on in others has not simply ended."""
    if massnahme.status == "entfallen" and massnahme.aufgegangen_in:
        return "aufgegangen"
    return labels.STATUS.get(massnahme.status or "", "unbekannt")


def jahre(m: Massnahme) -> str:
    """The period of a measure in years, for tables: ``2021–2026``."""
    if m.zeitraum is None:
        return STRICH
    von, bis = m.zeitraum.von, m.zeitraum.bis
    if von and bis:
        return str(von.beginn.year) if von.beginn.year == bis.ende.year else f"{von.beginn.year}–{bis.ende.year}"
    return labels.zeitraum(von, bis)


def beschluss_text(beschluss: Beschluss) -> str:
    """``Stadtrat, 14.03.2024, Vorlage 2024/031: unverändert``"""
    teile = [
        beschluss.gremium,
        labels.tag(beschluss.datum) if beschluss.datum else None,
        f"Vorlage{NB}{beschluss.vorlage}" if beschluss.vorlage else None,
    ]
    text = ", ".join(t for t in teile if t)
    return ": ".join(t for t in (text, beschluss.ergebnis) if t)


def read_bild(geladen: Geladen, bild: Bild) -> Bilddaten:
    """The bytes of a picture; raises ``IhkError`` if it cannot be used."""
    if geladen.quelle.ordner is None:
        raise IhkError(f"Das Bild „{bild.datei}“ ist nicht lesbar: Diese Fassung liegt nicht in einem Ordner.")
    try:
        return read_picture(geladen.quelle.ordner, bild.datei)
    except BildError as fehler:
        raise IhkError(f"{fehler.meldung} {fehler.hinweis}") from None


def bild_url(bild: Bild) -> str:
    return f"ihk-asset:bild/{bild.id}"


def data_uri(daten: bytes, mime: str) -> str:
    return f"data:{mime};base64,{base64.b64encode(daten).decode()}"


def ohne_leere(**felder: Any) -> dict[str, Any]:
    return {name: wert for name, wert in felder.items() if wert}


__all__ = [
    "NB", "STRICH", "Angaben", "Fakt", "Gruppe", "Kontext", "Link", "Medium", "Spalte", "Tabelle", "Teil", "Textblock", "Zeile",
    "Zelle", "abbildung", "anzahl", "beschluss_text", "bild_url", "data_uri", "gross", "jahre", "mio", "ohne_leere", "prozent", "read_bild",
    "status_wort", "zahl",
]  # fmt: skip
