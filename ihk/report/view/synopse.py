"""The Synopse: every change side by side, formatted by the type of its field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from markupsafe import Markup

from ihk import labels
from ihk.diff.apply import klasse_von
from ihk.diff.changeset import Aenderungssatz, Eintrag, Feldaenderung, Geberbetrag, gerechnete_betraege
from ihk.diff.fields import platz
from ihk.model import Konzeptfassung, Massnahme
from ihk.model.bestandteile import Handlungsfeld, Kapitel
from ihk.model.load import Geladen
from ihk.model.types import Satz
from ihk.report.palette import Palette, palette
from ihk.report.view.aenderung import ZEICHEN, Aenderungskapitel, aenderungskapitel, artwort, cent, hauptart, ruhige
from ihk.report.view.deckblatt import kopf
from ihk.report.view.gegenueber import geldvergleich, konkordanz
from ihk.report.view.grund import Fakt, Kontext, Link, Medium, Tabelle, gross, pruefsumme
from ihk.report.view.namen import kapitel_titel
from ihk.report.view.suche import Merkmal, Suche, aenderungsmerkmale, synopsensuche
from ihk.report.view.uebersicht import rueckschritte

_MIT_KENNUNG = {
    "ziel",
    "teilziel",
    "handlungsfeld",
    "querschnittsaufgabe",
    "massnahme",
    "indikator",
    "kapitel",
    "bild",
    "quelle",
}
# Paragraphs and list items begin a line of their own.
_ABSATZ = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*]|\d{1,2}\.)\s)|\n(?=\s*\|)")
_REIHE = re.compile(r"(?:^|\.)(?:jahre|werte)\.[^.]+$")
"""A value of a series: a year and what belongs to it."""
_PUNKT = re.compile(r"(?m)^[ \t]*[-*][ \t]+")
_KLAMMER = re.compile(r"\[([A-Za-z]{1,3}\d+)\]")
_BILD = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)")
# Rulers of tables, and the signs before and behind their rows and before quoted lines.
_STRICHZEILE = re.compile(r"(?m)^[ \t]*\|[ \t:|-]+\|[ \t]*(?:\n|\Z)")
_RAHMEN = re.compile(r"(?m)^[ \t]*[|>][ \t]?|[ \t]*\|[ \t]*$")
_SPRECHEND = ("text", "titel", "struktur", "name", "termin", "datum", "gremium")
"""What says by itself what it is, so that it needs no caption."""
_IM_KOPF = ("id", "begruendung", "veranlasst_durch", "titel")
"""What the head of an entry and its last column say."""
REDAKTIONELL = "Redaktionelle Änderungen"
KURZ = 420
"""Characters of the longer side up to which a row is not divided between pages."""
_LANG = 220  # unchanged text longer than this is shortened to its two ends
_RAND = 80


@dataclass(frozen=True, slots=True)
class Stueck:
    """A run of text; ``art`` is "=", "-" or "+"."""

    art: str
    text: str


@dataclass(frozen=True, slots=True)
class Feldzeile:
    """One changed field; each side is a run of pieces, or empty if the field is not there."""

    name: str
    alt: tuple[Stueck, ...]
    neu: tuple[Stueck, ...]
    delta: str
    eins: tuple[Stueck, ...] = ()
    """Prose in one text with its changes; everything else reads old before new."""

    @property
    def kurz(self) -> bool:
        """Whether the row is short enough to be kept on one page."""
        return max(sum(len(s.text) for s in seite) for seite in (self.alt, self.neu)) < KURZ

    @property
    def in_einem(self) -> tuple[Stueck, ...]:
        if self.eins or not (self.alt and self.neu):
            return self.eins or self.alt or self.neu
        return (*self.alt, Stueck("umbruch", ""), *self.neu)


@dataclass(frozen=True, slots=True)
class Eintragszeile:
    id: str
    kennung: str
    art: str
    gewicht: str
    zeichen: str
    wort: str
    objekt: str
    titel: str
    nummer_wechsel: str
    felder: tuple[Feldzeile, ...]
    grund: Markup
    veranlasst: str
    rueckschritt: str
    merkmale: tuple[Merkmal, ...]


@dataclass(frozen=True, slots=True)
class Redaktionell:
    """An editorial entry in one line."""

    text: str
    merkmale: tuple[Merkmal, ...]


@dataclass(frozen=True, slots=True)
class Seite:
    name: str
    fakten: tuple[Fakt, ...]


@dataclass(frozen=True, slots=True)
class Synopse:
    """Everything that the template of the Synopse prints."""

    kopf: Any
    konzept: str
    titel: str
    untertitel: str
    fiktiv: bool
    alt: Seite
    neu: Seite
    wort: labels.Wort
    uebersicht: Aenderungskapitel | None
    gruppen: tuple[tuple[str, tuple[Eintragszeile, ...]], ...]
    rueckschritte: tuple[tuple[str, tuple[Link, ...]], ...]
    """Steps back by kind: what they are, and where."""
    geld: tuple[Tabelle, ...]
    """Totals by giver, year and programme, before and after."""
    konkordanz: tuple[Tabelle, ...]
    """Printed numbers, old and new."""
    unveraendert: str
    redaktionell: tuple[Redaktionell, ...]
    suche: Suche | None
    warnungen: tuple[str, ...]
    hell: Palette
    dunkel: Palette


def synopse_view(satz: Aenderungssatz, alt: Geladen, neu: Geladen, *, medium: Medium) -> Synopse:
    """The comparison of two Fassungen as view objects."""
    kontext = Kontext(neu, medium)
    werk = _Werk(kontext, alt.fassung, neu.fassung)
    gezeigt = [e for e in satz.eintraege if e.gewicht != "redaktionell"]
    gruppen: list[tuple[str, tuple[Eintragszeile, ...]]] = []
    for titel, arten in (
        ("Konzept und Fassung", None),
        (f"Ziele und {kontext.handlungsfelder}", ("ziel", "teilziel", "handlungsfeld", "querschnittsaufgabe")),
        (kontext.massnahmen, ("massnahme",)),
        ("Indikatoren", ("indikator",)),
        ("Texte, Bilder und Quellen", ("kapitel", "bild", "quelle")),
    ):
        teil = tuple(
            werk.eintrag(e, titel) for e in gezeigt if (e.art in arten if arten else e.art not in _MIT_KENNUNG)
        )
        if teil:
            gruppen.append((titel, teil))
    gleich = [_unveraendert(m, alt.fassung, neu.fassung) for m in ruhige(satz, neu.fassung)[0]]
    redaktionell = tuple(werk.knapp(e) for e in satz.eintraege if e.gewicht == "redaktionell")
    alle = [z.merkmale for _, teil in gruppen for z in teil] + [z.merkmale for z in redaktionell]
    farbe = neu.fassung.konzept.farbe
    untertitel = f"Fassung {satz.alt.fassung} und Fassung {satz.neu.fassung} im Vergleich"
    return Synopse(
        kopf=replace(kopf(kontext, "Synopse: "), rechts=untertitel),
        konzept=neu.fassung.konzept.id,
        titel=neu.fassung.konzept.titel,
        untertitel=untertitel,
        fiktiv=neu.fassung.konzept.fiktiv,
        alt=_seite(alt),
        neu=_seite(neu),
        wort=kontext.wort,
        uebersicht=aenderungskapitel(kontext, satz, alt),
        gruppen=tuple(gruppen),
        rueckschritte=rueckschritte(satz, neu.fassung),
        geld=geldvergleich(alt.fassung, neu.fassung),
        konkordanz=konkordanz(satz, alt.fassung, neu.fassung),
        unveraendert=", ".join(gleich),
        redaktionell=redaktionell,
        suche=synopsensuche(
            alle, kontext.handlungsfeld, {f.id: kontext.link(f.id).text for f in neu.fassung.handlungsfelder}
        )
        if medium == "web"
        else None,
        warnungen=satz.warnungen,
        hell=palette(farbe, druck=medium == "druck"),
        dunkel=palette(farbe, dunkel=True),
    )


def _unveraendert(m: Massnahme, alt: Konzeptfassung, neu: Konzeptfassung) -> str:
    """Number and title, and the number that it had before."""
    vorher, nachher = alt.nummern.get(m.id, ""), neu.nummern.get(m.id, "")
    bisher = f" (bisher {vorher})" if vorher and vorher != nachher else ""
    return " ".join(t for t in (nachher, m.kurz) if t) + bisher


def _seite(g: Geladen) -> Seite:
    f = g.fassung.fassung
    fakten = (
        Fakt("Titel", f.titel or labels.FASSUNGSART.get(f.art or "", "Fassung")),
        Fakt("Status", labels.FASSUNGSSTATUS.get(f.status or "", ""), unbekannt=not f.status),
        Fakt("Stand", labels.zeitpunkt(f.stand) if f.stand else "", unbekannt=not f.stand),
        Fakt("Quelltext", pruefsumme(g.quelle.pruefsumme)),
    )
    return Seite(f"Fassung {f.id}", fakten)


class _Werk:
    """Formats entries; knows both Fassungen, because a reference may exist in one only.

    ``damals`` formats what the old Fassung said: with the numbers that its objects had then.
    """

    def __init__(self, kontext: Kontext, alt: Konzeptfassung, neu: Konzeptfassung, *, frueher: bool = False) -> None:
        self.kontext, self.alt, self.neu = kontext, alt, neu
        self._fassungen = (alt, neu) if frueher else (neu, alt)
        self.damals: _Werk = self if frueher else _Werk(kontext, alt, neu, frueher=True)
        self.gruende = {a.objekt: a for a in neu.aenderungen}

    def eintrag(self, e: Eintrag, gruppe: str) -> Eintragszeile:
        art = hauptart(e)
        nummer_alt = e.lage_alt.nummer if e.lage_alt else self.alt.nummern.get(e.id)
        nummer_neu = e.lage_neu.nummer if e.lage_neu else self.neu.nummern.get(e.id)
        grund = self.gruende.get(e.id)
        veranlasst = e.veranlasst_durch or (grund.veranlasst_durch if grund else None)
        titel = kapitel_name(self.neu, self.alt, e.id) or (e.titel if e.titel != e.id else self.kontext.feld(e.id))
        titel = "" if titel == self.kontext.objektwort(str(e.art)) else titel
        wechsel = (
            f"Nr. {nummer_alt} → Nr. {nummer_neu}" if nummer_alt and nummer_neu and nummer_alt != nummer_neu else ""
        )
        return Eintragszeile(
            e.id,
            e.id if str(e.art) in _MIT_KENNUNG else "",
            art,
            e.gewicht,
            ZEICHEN[art],
            artwort(e),
            self.kontext.objektwort(str(e.art)),
            " ".join(t for t in (nummer_neu or nummer_alt or "", titel) if t),
            wechsel,
            self._felder(e),
            self.kontext.zeile(e.begruendung or (grund.grund if grund else None)),
            f"Veranlasst durch {veranlasst}" if veranlasst else "",
            ", ".join(labels.RUECKSCHRITT[r] for r in e.rueckschritte),
            aenderungsmerkmale(e.gewicht, art, gruppe, self._handlungsfeld(e.id)),
        )

    def _handlungsfeld(self, kennung: str) -> str:
        """Where a measure belongs now, or belonged; a Handlungsfeld belongs to itself."""
        objekt = self.neu.nach_id.get(kennung) or self.alt.nach_id.get(kennung)
        if isinstance(objekt, Handlungsfeld):
            return objekt.id
        return (objekt.handlungsfeld or "") if isinstance(objekt, Massnahme) else ""

    def knapp(self, e: Eintrag) -> Redaktionell:
        nummer = self.neu.nummern.get(e.id) or self.alt.nummern.get(e.id) or ""
        name = " ".join(
            t for t in (self.kontext.objektwort(str(e.art)), nummer, e.titel if e.titel != e.id else "") if t
        )
        felder = ", ".join(dict.fromkeys(self.kontext.feld(f.pfad) for f in e.felder))
        arten = [labels.AENDERUNGSART.get(a, a) for a in e.aenderungsart if a != "redaktionell"]
        text = f"{name}: {', '.join(t for t in (*arten, felder) if t) or 'redaktionell'}"
        return Redaktionell(text, aenderungsmerkmale(e.gewicht, hauptart(e), REDAKTIONELL, self._handlungsfeld(e.id)))

    def _felder(self, e: Eintrag) -> tuple[Feldzeile, ...]:
        klasse = klasse_von(e.art)
        zeilen: list[Feldzeile] = []
        if e.lage_alt and e.lage_neu and e.lage_alt.pfad != e.lage_neu.pfad and "verschoben" in e.aenderungsart:
            a, n = (" › ".join(self._name(x) for x in lage.pfad) for lage in (e.lage_alt, e.lage_neu))
            zeilen.append(Feldzeile("steht unter", (Stueck("-", a),), (Stueck("+", n),), ""))
        if e.erkannt:
            wie = gross(labels.erkannt(e.zuordnung, e.guete))
            alt, neu = (f"{x} {self._name(x)}" for x in (e.id_alt, e.id))
            zeilen.append(Feldzeile("Kennung", (Stueck("-", alt),), (Stueck("+", neu),), wie))
        elif e.vorher or e.nachher:
            genannt = {*(e.inhalt_neu or {}), *(e.inhalt_alt or {}), *(f.pfad for f in e.felder)}
            for feld, ids in (("hervorgegangen_aus", e.vorher), ("aufgegangen_in", e.nachher)):
                namen = "; ".join(self._name(x) for x in ids if x != e.id)
                if namen and feld not in genannt:  # what the file says itself stands among its facts
                    zeilen.append(Feldzeile(self.kontext.feld(feld), (Stueck("=", ""),), (Stueck("+", namen),), ""))
        if e.inhalt_alt is not None or e.inhalt_neu is not None:
            zeilen += self._inhalt(klasse, e)
        bund: dict[str, list[Feldaenderung]] = {}
        for f in e.felder[1:] if e.erkannt else e.felder:
            if f.gewicht != "redaktionell":
                bund.setdefault(_buendel(f.pfad), []).append(f)
        nach_kosten = len(zeilen)
        for name, felder in bund.items():
            eine = name == felder[0].pfad
            zeilen.append(self._feld(klasse, felder[0]) if eine else self._buendelzeile(klasse, name, felder))
            if name.startswith("kosten."):
                nach_kosten = len(zeilen)
        if e.lage_alt and e.lage_neu:
            zeilen[nach_kosten:nach_kosten] = [self._geberzeile(b) for b in gerechnete_betraege(e)]
        return tuple(zeilen)

    def _geberzeile(self, b: Geberbetrag) -> Feldzeile:
        """What a giver bears where no changed field says it."""
        alt, neu = (labels.euro(cent(x)) for x in (b.alt, b.neu))
        name = f"{self.kontext.feld(f'kosten.finanzierung[{b.geber}].betrag')} insgesamt"
        return Feldzeile(name, (Stueck("-", alt),), (Stueck("+", neu),), labels.euro_delta(cent(b.delta)))

    def _buendelzeile(self, klasse: type[Satz], name: str, felder: list[Feldaenderung]) -> Feldzeile:
        """Fields that belong together in one row: the years of an amount, everything of one source of money."""
        seiten: tuple[list[Stueck], list[Stueck]] = ([], [])
        delta = ""
        for f in felder:
            rest = f.pfad.removeprefix(name).strip(".")
            if rest in ("geber", "programm", "programmjahr"):  # they stand in the caption
                continue
            if rest == "betrag" and f.delta is not None:
                delta = labels.euro_delta(cent(f.delta))
            bewilligt = rest == "betrag" and "bewilligungen" in name
            wort = (
                "bewilligt: "
                if bewilligt
                else ""
                if rest in ("betrag", "")
                else f"{labels.jahr(rest.split('.')[-1]) if _REIHE.search(f.pfad) else self.kontext.feld(rest)}: "
            )
            for seite, zeichen, wert, werk in ((seiten[0], "-", f.alt, self.damals), (seiten[1], "+", f.neu, self)):
                if wert is not None:
                    if seite:
                        seite.append(Stueck("umbruch", ""))
                    seite += [Stueck("=", wort), Stueck(zeichen, werk._wert(klasse, f.pfad, wert))]
        return Feldzeile(self.kontext.feld(name), tuple(seiten[0]), tuple(seiten[1]), delta)

    def _inhalt(self, klasse: type[Satz], e: Eintrag) -> list[Feldzeile]:
        """The whole object that is on one side only: short facts in one row, texts in rows of their own."""
        neu = hauptart(e) == "neu"
        zeichen, inhalt, werk = ("+", e.inhalt_neu, self) if neu else ("-", e.inhalt_alt, self.damals)
        kurz: list[Stueck] = []
        lang: list[Feldzeile] = []
        luecken: list[str] = []
        for pfad, wert in _flach(inhalt or {}):
            schritte = pfad.split(".")
            if "unbekannt" in schritte:
                luecken.append(self.kontext.feld(schritte[-1]))
            elif "belege" not in schritte and schritte[0] not in _IM_KOPF:
                text = werk._wert(klasse, pfad, wert)
                if len(text) > 90:
                    teile = [werk._wert(klasse, pfad, w) for w in wert] if isinstance(wert, list) else [text]
                    stuecke: list[Stueck] = []
                    for teil in teile:
                        stuecke += [*([Stueck("umbruch", "")] if stuecke else []), Stueck(zeichen, teil)]
                    lang.append(Feldzeile(self.kontext.feld(pfad), *_seiten(neu, werk._lesbar(tuple(stuecke))), ""))
                else:
                    kurz += [
                        *([Stueck("umbruch", "")] if kurz else []),
                        Stueck("=", f"{self.kontext.feld(pfad)}: "),
                        Stueck(zeichen, text),
                    ]
        if luecken:
            kurz += [
                *([Stueck("umbruch", "")] if kurz else []),
                Stueck("rest", f"nicht bekannt: {', '.join(dict.fromkeys(luecken))}"),
            ]
        return [*([Feldzeile("Angaben", *_seiten(neu, werk._lesbar(tuple(kurz))), "")] if kurz else []), *lang]

    def _feld(self, klasse: type[Satz], f: Feldaenderung) -> Feldzeile:
        name = self.kontext.feld(f.pfad)
        delta = ""
        if f.delta is not None and f.typ == "geld":
            delta = labels.euro_delta(cent(f.delta))
        elif f.delta is not None:
            wert = Decimal(f.delta)
            delta = f"{'+' if wert > 0 else ''}{labels.zahl(wert)}"
        elif f.monate:
            delta = labels.verschiebung(f.alt, f.neu, f.monate)
        if f.typ == "prosa" and f.stuecke:
            seiten = (
                werk._lesbar(_prosaseite(f.stuecke, zeichen))
                for zeichen, werk in (("-", self.damals), ("+", self), ("-+", self))
            )
            alt, neu, eins = seiten
            return Feldzeile(name, alt, neu, delta, eins if self.kontext.medium == "web" else ())
        if f.typ == "liste" and f.stuecke:
            return Feldzeile(name, self.damals._listenseite(klasse, f, "-"), self._listenseite(klasse, f, "+"), delta)
        if f.typ in ("menge", "verweise"):
            return Feldzeile(
                name,
                self.damals._mengenseite(klasse, f, f.alt, f.weg, "-"),
                self._mengenseite(klasse, f, f.neu, f.dazu, "+"),
                delta,
            )
        alt = (Stueck("-", self.damals._wert(klasse, f.pfad, f.alt)),) if f.alt is not None else ()
        neu = (Stueck("+", self._wert(klasse, f.pfad, f.neu)),) if f.neu is not None else ()
        return Feldzeile(name, alt, neu, delta)

    def _lesbar(self, stuecke: tuple[Stueck, ...]) -> tuple[Stueck, ...]:
        """The pieces of a text with its paragraphs and list items on lines of their own."""
        ergebnis: list[Stueck] = []
        for s in stuecke:
            for n, absatz in enumerate(_ABSATZ.split(self._schlicht(s.text))):
                if n:
                    ergebnis.append(Stueck("umbruch", ""))
                if absatz or not n:
                    ergebnis.append(Stueck(s.art, absatz))
        return tuple(ergebnis)

    def _schlicht(self, text: str) -> str:
        """Text without the signs of Markdown: ids in brackets as number and title, pictures by their title, rows as a line."""
        text = _BILD.sub(lambda t: f"Bild: {self._name(t[1])}", text)
        text = _KLAMMER.sub(lambda t: self._name(t[1]), text).replace("**", "")
        text = _PUNKT.sub("• ", text)
        return _RAHMEN.sub("", _STRICHZEILE.sub("", text)).replace(" | ", " · ")

    def _listenseite(self, klasse: type[Satz], f: Feldaenderung, zeichen: str) -> tuple[Stueck, ...]:
        stuecke: list[Stueck] = []
        gleich = sum(s[0] == "=" for s in f.stuecke or ())
        for s in f.stuecke or ():
            if s[0] not in (zeichen, "~"):
                continue
            wert: Any = s[-1] if zeichen == "+" else s[1]
            anderer: Any = (s[1] if zeichen == "+" else s[-1]) if s[0] == "~" else None
            if stuecke:
                stuecke.append(Stueck("umbruch", ""))
            stuecke += self._glied(klasse, f.pfad, wert, anderer, zeichen)
        if gleich:
            stuecke += [*([Stueck("umbruch", "")] if stuecke else []), Stueck("rest", f"{gleich} weitere unverändert")]
        return tuple(stuecke)

    def _glied(self, klasse: type[Satz], pfad: str, wert: Any, anderer: Any, zeichen: str) -> list[Stueck]:
        """An item of a list: a text, or a record with a line for each of its facts, where it changed only those that did."""
        _, innen = platz(klasse, pfad)
        if innen is None or not isinstance(wert, dict):
            return [Stueck(zeichen, self._wert(klasse, pfad, wert))]
        kopf: list[Stueck] = []
        zeilen: list[Stueck] = []
        for name, text in self._fakten(innen, wert):
            gleich = isinstance(anderer, dict) and anderer.get(name) == wert[name]
            if name in _SPRECHEND:
                if kopf:  # what follows goes on with the sentence
                    kopf[-1] = replace(kopf[-1], text=kopf[-1].text.rstrip("."))
                kopf += [*([Stueck("=", ", ")] if kopf else []), Stueck("=" if gleich else zeichen, text)]
            elif not gleich:
                wort = self.kontext.feld(name)
                ganz = (
                    [Stueck(zeichen, wort)] if wert[name] is True else [Stueck("=", f"{wort}: "), Stueck(zeichen, text)]
                )
                zeilen += [Stueck("umbruch", ""), *ganz]
        return kopf + zeilen if kopf else zeilen[1:]

    def _fakten(self, klasse: type[Satz], satz: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Names and readable values of a record; what is not known is left out, as sources are."""
        for name, wert in satz.items():
            if name not in ("belege", "unbekannt") and wert not in (None, "", [], {}):
                yield name, self._wert(klasse, name, wert)

    def _mengenseite(
        self, klasse: type[Satz], f: Feldaenderung, werte: Any, anders: tuple[str, ...], zeichen: str
    ) -> tuple[Stueck, ...]:
        stuecke: list[Stueck] = []
        for wert in werte or ():
            if stuecke:
                stuecke.append(Stueck("=", ", "))
            stuecke.append(Stueck(zeichen if wert in anders else "=", self._wert(klasse, f.pfad, wert)))
        return tuple(stuecke)

    def _name(self, kennung: str) -> str:
        for k in self._fassungen:
            if kennung in k.nach_id:
                objekt = k.nach_id[kennung]
                titel = next(
                    (t for f in ("kurz", "titel", "unterschrift", "alt") if (t := getattr(objekt, f, None))), kennung
                )
                return " ".join(t for t in (k.nummern.get(kennung, ""), titel) if t)
        return kennung

    def _wert(self, klasse: type[Satz], pfad: str, wert: Any) -> str:
        """A value of ``daten.json`` in German notation, by the way its field is declared in the model."""
        art, innen = platz(klasse, pfad)
        if isinstance(wert, bool):
            return "ja" if wert else "nein"
        if isinstance(wert, dict):
            return "; ".join(
                text.rstrip(".")
                if name in _SPRECHEND
                else self.kontext.feld(name)
                if wert[name] is True
                else f"{self.kontext.feld(name)}: {text.rstrip('.')}"
                for name, text in self._fakten(innen or klasse, wert)
            )
        if art == "punkt" and isinstance(wert, list):
            return labels.lage([Decimal(x) for x in wert])
        if isinstance(wert, list):
            return ("; " if innen else ", ").join(self._wert(klasse, pfad, w) for w in wert)
        return self._text(art, pfad.rpartition(".")[2], str(wert))

    def _text(self, art: str, name: str, text: str) -> str:
        if art in ("verweis", "verweise", "kennung"):
            return self._name(text)
        if name == "nach":
            return f"„{labels.KAPITEL.get(text, text)}“"
        if name in ("programm", "programme"):
            return labels.programm(text)
        if name == "anteil":
            return labels.anteil(text if text == "rest" else Fraction(text))
        if art in ("text", "prosa", "liste", "menge", "jahr"):
            return self._schlicht(text)
        return labels.angabe(art, name, text)


def _seiten(neu: bool, stuecke: tuple[Stueck, ...]) -> tuple[tuple[Stueck, ...], tuple[Stueck, ...]]:
    return ((), stuecke) if neu else (stuecke, ())


def kapitel_name(neu: Konzeptfassung, alt: Konzeptfassung, kennung: str) -> str:
    """The printed title of a chapter, empty for everything else."""
    objekt = neu.nach_id.get(kennung) or alt.nach_id.get(kennung)
    return kapitel_titel(objekt, neu.konzept) if isinstance(objekt, Kapitel) else ""


def _buendel(pfad: str) -> str:
    """The row in which a field stands: itself, or that of the record or series it is part of."""
    if treffer := re.match(r"(.*finanzierung\[[^\]]*\]|.*bewilligungen\[[^\]]*\])\.", pfad):
        return treffer[1]
    if treffer := re.fullmatch(r"(jahre|werte|.*\.jahre|.*\.werte|unbekannt|.*\.unbekannt)\.[^.]+", pfad):
        return treffer[1]
    return pfad


def _flach(inhalt: dict[str, Any], vor: str = "") -> list[tuple[str, Any]]:
    """Paths and values of a record in the form of ``daten.json``."""
    ergebnis: list[tuple[str, Any]] = []
    for name, wert in inhalt.items():
        pfad = f"{vor}{name}"
        if wert in (None, "", [], {}):
            continue
        if isinstance(wert, dict):
            ergebnis += _flach(wert, f"{pfad}.")
        else:
            ergebnis.append((pfad, wert))
    return ergebnis


def _prosaseite(stuecke: tuple[tuple[str, ...], ...], zeichen: str) -> tuple[Stueck, ...]:
    """One side of a compared text, or with ``-+`` both in one; long unchanged runs are shortened, editorial pieces unmarked."""
    ergebnis: list[Stueck] = []
    for i, s in enumerate(stuecke):
        art, text = s[0], s[1]
        if art == "~":
            art, text = "=", s[1] if zeichen == "-" else s[2]
        if art in zeichen:
            ergebnis.append(Stueck(art, text))
        elif art == "=":
            ergebnis.append(Stueck("=", _gekuerzt(text, anfang=i == 0, ende=i == len(stuecke) - 1)))
    return tuple(ergebnis)


def _gekuerzt(text: str, *, anfang: bool, ende: bool) -> str:
    if len(text) <= _LANG:
        return text
    vorn = "" if anfang else text[:_RAND].rsplit(" ", 1)[0]
    hinten = "" if ende else text[-_RAND:].split(" ", 1)[-1]
    return f"{vorn} […] {hinten}"


__all__ = ["Synopse", "synopse_view"]
