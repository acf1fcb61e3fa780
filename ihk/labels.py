"""German captions for keys, states and kinds of change, and German notation of values. Words only, no layout."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal, Protocol

from babel.numbers import format_decimal

from ihk.reading.values import MONATE, Zeitpunkt
from ihk.reading.values import zeitpunkt as lies_zeitpunkt
from ihk.register import programme

GESCHUETZT = "\u00a0"
SCHMAL = "\u202f"
MINUS = "\u2212"

STATUS = {
    "idee": "Idee", "geplant": "geplant", "beantragt": "beantragt", "bewilligt": "bewilligt", "in_umsetzung": "in Umsetzung",
    "abgeschlossen": "abgeschlossen", "verstetigt": "verstetigt", "zurueckgestellt": "zurückgestellt", "entfallen": "entfallen",
    "aktiv": "aktiv",
}  # fmt: skip
STATUSGRUPPE = {
    "idee": "in Vorbereitung", "geplant": "in Vorbereitung", "beantragt": "in Vorbereitung", "bewilligt": "in Vorbereitung",
    "in_umsetzung": "in Umsetzung", "abgeschlossen": "fertig oder verstetigt", "verstetigt": "fertig oder verstetigt",
    "zurueckgestellt": "ruht oder entfallen", "entfallen": "ruht oder entfallen",
}  # fmt: skip
FASSUNGSSTATUS = {
    "entwurf": "Entwurf", "in_beratung": "in Beratung", "beschlossen": "beschlossen",
    "beschlossen_mit_aenderungen": "beschlossen mit Änderungen", "nicht_beschlossen": "nicht beschlossen",
}  # fmt: skip
FASSUNGSART = {"ursprung": "Erste Fassung", "fortschreibung": "Fortschreibung", "abschluss": "Abschluss"}
GEBER = {
    "bund": "Bund",
    "land": "Land",
    "bund_land": "Bund und Land",
    "kommune": "Kommune",
    "eu": "EU",
    "dritte": "Dritte",
    "einnahmen": "Einnahmen",
    "offen": "offen",
}
PRIORITAET = {"hoch": "hoch", "mittel": "mittel", "niedrig": "niedrig"}
ART = {"investiv": "investiv", "nicht_investiv": "nicht investiv"}
TRAEGERART = {"kommune": "Kommune", "oeffentlich": "öffentlicher Aufgabenträger", "privat": "privater Träger"}
KOSTENSTAND = {
    "annahme": "Annahme", "kostenrahmen": "Kostenrahmen", "kostenschaetzung": "Kostenschätzung", "kostenberechnung": "Kostenberechnung",
    "kostenanschlag": "Kostenanschlag", "kostenfeststellung": "Kostenfeststellung",
}  # fmt: skip
ROLLE = {
    "anhoerung": "Anhörung",
    "vorberatung": "Vorberatung",
    "entscheidung": "Entscheidung",
    "kenntnisnahme": "Kenntnisnahme",
}
ERGEBNIS = {
    "unveraendert": "unverändert beschlossen", "geaendert": "geändert beschlossen", "abgelehnt": "abgelehnt", "vertagt": "vertagt",
    "zurueckgezogen": "zurückgezogen", "zur_kenntnis_genommen": "zur Kenntnis genommen",
}  # fmt: skip
INDIKATORART = {"kontext": "Kontext", "input": "Input", "output": "Output", "ergebnis": "Ergebnis"}
AUSGABEART = {
    "vorbereitung": "Vorbereitung", "ordnungsmassnahme": "Ordnungsmaßnahme", "baumassnahme": "Baumaßnahme",
    "verguetung_beauftragter": "Vergütung Beauftragter", "sozialplan": "Sozialplan und Härteausgleich", "modernisierung": "Modernisierung und Instandsetzung",
    "gemeinbedarf": "Gemeinbedarfs- und Folgeeinrichtung", "verfuegungsfonds": "Verfügungsfonds", "sonstiges": "Sonstiges",
}  # fmt: skip
BEWERTUNG = {
    "erreicht": "erreicht", "teilweise_erreicht": "teilweise erreicht", "nicht_erreicht": "nicht erreicht", "nicht_bewertbar": "nicht zu bewerten",
}  # fmt: skip
FOLGERUNG = {"fortfuehren": "fortführen", "aendern": "ändern", "beenden": "beenden", "verstetigen": "verstetigen"}
STELLE = {
    "lenkungsgruppe": "Lenkungsgruppe", "quartiersmanagement": "Quartiersmanagement", "stadtteilbeirat": "Stadtteilbeirat",
    "verfuegungsfonds": "Verfügungsfonds", "verwaltung": "Verwaltung", "netzwerk": "Netzwerk",
}  # fmt: skip
ANTRAG = {
    "angenommen": "angenommen", "teilweise_angenommen": "teilweise angenommen", "abgelehnt": "abgelehnt", "zurueckgezogen": "zurückgezogen",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wort:
    """A noun that a concept may choose, with the forms that sentences need."""

    eins: str
    viele: str
    genus: Literal["f", "m", "n"]

    @property
    def dativ(self) -> str:
        """The plural after „von“, „in“, „zu“: ``Maßnahmen``, ``Projekten``."""
        return self.viele if self.viele.endswith(("n", "s")) else f"{self.viele}n"

    def mit(self, weiblich: str, saechlich: str, maennlich: str | None = None) -> str:
        """The singular after the form that goes with it: ``mit("jede", "jedes", "jeden")`` → ``jedes Projekt``."""
        return f"{self.form(weiblich, saechlich, maennlich)} {self.eins}"

    def form(self, weiblich: str, saechlich: str, maennlich: str | None = None) -> str:
        """An article, an adjective or a pronoun in the gender of the word; without a third form the second holds for both."""
        return {"f": weiblich, "n": saechlich, "m": saechlich if maennlich is None else maennlich}[self.genus]

    @property
    def schluessel(self) -> str:
        """The word for a key measure: ``Schlüsselprojekt``."""
        return f"Schlüssel{'maßnahme' if self.eins.endswith('maßnahme') else self.eins.lower()}"

    @property
    def schluessel_viele(self) -> str:
        return f"Schlüssel{'maßnahmen' if self.eins.endswith('maßnahme') else self.viele.lower()}"

    def namen(self, n: int) -> str:
        """The word alone, as it stands after a number in figures."""
        return self.eins if n == 1 else self.viele


# Words that a concept may choose.
HANDLUNGSFELDWORT = {
    "handlungsfeld": Wort("Handlungsfeld", "Handlungsfelder", "n"), "strategie": Wort("Strategie", "Strategien", "f"),
    "themenfeld": Wort("Themenfeld", "Themenfelder", "n"), "schwerpunkt": Wort("Schwerpunkt", "Schwerpunkte", "m"),
}  # fmt: skip
MASSNAHMENWORT = {
    "massnahme": Wort("Maßnahme", "Maßnahmen", "f"), "einzelmassnahme": Wort("Einzelmaßnahme", "Einzelmaßnahmen", "f"),
    "teilmassnahme": Wort("Teilmaßnahme", "Teilmaßnahmen", "f"), "projekt": Wort("Projekt", "Projekte", "n"),
    "vorhaben": Wort("Vorhaben", "Vorhaben", "n"), "baustein": Wort("Baustein", "Bausteine", "m"),
}  # fmt: skip
TEILZIELWORT = Wort("Teilziel", "Teilziele", "n")
OBJEKT = {
    "massnahme": "Maßnahme", "ziel": "Ziel", "teilziel": "Teilziel", "handlungsfeld": "Handlungsfeld",
    "querschnittsaufgabe": "Querschnittsaufgabe", "indikator": "Indikator", "kapitel": "Kapitel", "bild": "Bild", "quelle": "Quelle",
    "fassung": "Fassung", "konzept": "Konzept", "gebiet": "Gebiet", "analyse": "Analyse", "beteiligung": "Beteiligung", "organisation": "Organisation",
    "verstetigung": "Verstetigung",
}  # fmt: skip
KAPITEL = {
    "kurzfassung": "Kurzfassung", "anlass": "Anlass und Verfahren", "gebiet": "Das Gebiet", "bilanz": "Bilanz", "ausgangslage": "Ausgangslage",
    "analyse": "Stärken und Schwächen", "leitbild": "Leitbild", "ziele": "Ziele", "handlungsprogramm": "Handlungsprogramm", "massnahmen": "Maßnahmen",
    "finanzierung": "Finanzierung", "kosten": "Kosten", "zeitplan": "Zeitplan", "organisation": "Organisation", "beteiligung": "Beteiligung",
    "monitoring": "Monitoring", "verstetigung": "Verstetigung", "exit": "Ausstieg aus der Förderung", "quellen": "Quellen",
}  # fmt: skip
AENDERUNGSART = {
    "neu": "neu", "entfallen": "entfallen", "geaendert": "geändert", "verschoben": "verschoben", "umgestellt": "umgestellt",
    "umnummeriert": "umnummeriert", "geteilt": "geteilt", "zusammengelegt": "zusammengelegt", "redaktionell": "redaktionell",
}  # fmt: skip
# In a report what lives on in others is a kind of its own.
WANDEL = AENDERUNGSART | {"aufgegangen": "in anderen aufgegangen"}
# In the history of an object a change can also mean that one side does not know what it held.
VERLAUFSART = AENDERUNGSART | {"erstmals": "erstmals genannt", "ungenannt": "nicht mehr genannt"}
RUECKSCHRITT = {
    "status": "Status zurück", "kosten": "deutlich teurer", "zielwert": "Zielwert gesenkt", "ziel": "Ziel geändert", "ende": "später fertig",
}  # fmt: skip
ERKANNT = {"gleich": "als dasselbe erkannt, Inhalt gleich", "erkannt": "als dasselbe erkannt"}
GEWICHT = {"wesentlich": "wesentlich", "einfach": "einfach", "redaktionell": "redaktionell"}
# Words of a fixed list that stand in values, by field.
WERTE: dict[str, dict[str, str]] = {
    "status": STATUS | FASSUNGSSTATUS, "art": ART | FASSUNGSART | INDIKATORART | STELLE | {"oberziel": "Oberziel", "ziel": "Ziel"},
    "prioritaet": PRIORITAET, "stand": KOSTENSTAND, "geber": GEBER, "rolle": ROLLE, "ergebnis": ERGEBNIS | ANTRAG, "ausgabeart": AUSGABEART, "bewertung": BEWERTUNG, "folgerung": FOLGERUNG,
    "traegerart": TRAEGERART,
    "auf": {"zuwendungsfaehig": "zuwendungsfähige Kosten", "nicht_zuwendungsfaehig": "nicht zuwendungsfähige Kosten"},
}  # fmt: skip
FELD = {
    "ags": "Amtlicher Gemeindeschlüssel", "abhaengig_von": "hängt ab von", "anlass": "Anlass", "art": "Art", "aufgabe": "Aufgabe",
    "aufgegangen_in": "aufgegangen in", "ausgangslage": "Ausgangslage", "ausgegeben": "bisher ausgegeben", "beendet_in": "beendet in Fassung",
    "begruendung": "Begründung", "belege": "Quellen", "bemerkung": "Bemerkung", "beratungsfolge": "Beratungsfolge", "beschluss": "Beschluss",
    "beschreibung": "Beschreibung", "beteiligte": "Beteiligte", "beteiligung": "Beteiligung", "betrag": "Betrag", "bewilligungen": "Bewilligungen",
    "bilanz": "Bilanz", "bilder": "Bilder", "bildnachweis": "Bildnachweis", "bis": "bis", "chancen": "Chancen", "datei": "Datei", "datum": "Datum",
    "definition": "Definition", "einheit": "Einheit", "einwohner": "Einwohner", "ereignisse": "Ereignisse", "ergebnis": "Ergebnis", "erledigt": "erledigt",
    "farbe": "Farbe", "fiktiv": "fiktiv", "finanzierung": "Finanzierung", "flaeche_ha": "Fläche in ha", "folgekosten": "Folgekosten im Jahr",
    "geber": "Geber", "gebiet": "Gebiet", "gesamt": "Gesamtkosten", "gremium": "Gremium", "handlungsfeld": "Handlungsfeld",
    "bagatelle_prozent": "Bagatellgrenze in Prozent", "ende_monate": "Schwelle für späteres Ende in Monaten", "kosten_prozent": "Schwelle für höhere Kosten in Prozent",
    "herausgeber": "Herausgeber", "hervorgegangen_aus": "hervorgegangen aus", "id": "Kennung", "indikatoren": "Indikatoren", "jahr": "Jahr",
    "jahre": "Jahresbeträge", "kosten": "Kosten", "kurztitel": "Kurztitel", "land": "Land", "leitsatz": "Leitsatz", "nach": "steht nach",
    "name": "Name", "nicht_zuwendungsfaehig": "nicht zuwendungsfähig", "nummer": "Nummer", "organisation": "Organisation", "preisstand": "Preisstand",
    "prioritaet": "Priorität", "programme": "Förderprogramme", "punkt": "Lage", "quellen": "Quellen", "querschnittsaufgaben": "Querschnittsaufgaben",
    "richtung": "Richtung", "risiken": "Risiken", "schluesselmassnahme": "Schlüsselmaßnahme", "schritte": "Schritte", "schwaechen": "Schwächen",
    "staerken": "Stärken", "stand": "Stand", "standort": "Standort", "status": "Status", "teil_von": "Teil von", "teilgebiete": "Teilgebiete",
    "teilziele": "Teilziele", "text": "Text", "titel": "Titel", "traeger": "Träger", "traegerart": "Art des Trägers", "vereinbarung": "Vereinbarung", "umsetzung": "Umsetzung", "unbekannt": "unbekannt",
    "verfaellt_am": "verfällt am", "von": "von", "vorgaenger": "Vorfassung", "vorlage": "Vorlage", "werte": "Werte", "wirkung": "Wirkung",
    "bedarf": "weiterer Bedarf", "zeithorizont": "Zeithorizont", "zeitraum": "Zeitraum", "ziel": "Ziel", "zielgruppe": "Zielgruppe", "wert": "Wert",
    "kommune": "Kommune", "bearbeitung": "Bearbeitung", "alt": "Alternativtext", "unterschrift": "Bildunterschrift", "jahre_offen": "offen",
    "rolle": "Rolle", "termin": "Termin", "form": "Form", "teilnehmende": "Teilnehmende", "zustaendig": "zuständig", "mitglieder": "Mitglieder", "ort": "Ort",
    "programm": "Programm", "auf": "auf", "nachrichtlich": "nachrichtlich", "programmjahr": "Programmjahr", "bescheid": "Bescheid", "ereignis": "Ereignis",
    "ab": "ab", "aenderungsantraege": "Änderungsanträge", "anlagen": "Anlagen", "anteil": "Anteil", "antragsteller": "beantragt von",
    "ausgabeart": "Ausgabeart", "ausgangsjahr": "Ausgangsjahr", "ausgezahlt": "ausgezahlt", "beantragt": "beantragt", "betreff": "Betreff",
    "bewertung": "Bewertung", "bezeichnungen": "Bezeichnungen", "bezug": "Bezug", "budget": "Budget im Jahr", "erwartet": "erwartete Summen", "nach_geber": "nach Geldgebern", "nach_jahr": "nach Jahren",
    "nach_handlungsfeld": "nach Handlungsfeldern", "beschlussvorlage": "Beschlussvorlage", "ausnahmen": "Ausnahmen", "regel": "Regel", "objekt": "Objekt",
    "grund": "Grund", "hoch": "hoch", "mittel": "mittel", "niedrig": "niedrig", "oeffentlich": "öffentlich", "eigentuemer": "Eigentümer",
    "federfuehrung": "Federführung", "foerderobergrenze": "Förderobergrenze", "folgekosten_traeger": "Folgekosten trägt", "folgerung": "Folgerung",
    "geldgeber": "Geldgeber", "hemmnisse": "Hemmnisse", "klima": "Klima", "klimawirkung": "Wirkung auf das Klima",
    "landes_handlungsfelder": "Handlungsfelder des Landes", "massnahme": "Maßnahme", "nummerierung": "Nummerierung", "objekte": "betrifft",
    "partnerprogramme": "Partnerprogramme", "prioritaeten": "Prioritäten", "sachverhalt": "Sachverhalt", "seit": "seit", "struktur": "Was bleibt",
    "untersuchungen": "Untersuchungen", "verfasser": "verfasst von", "vergleichsraum": "Vergleichsraum", "verstetigung": "Verstetigung", "vorbehalte": "Vorbehalte",
    "grenze": "Grenze (Datei)", "untersteht": "untersteht", "vorschlag": "Beschlussvorschlag", "wappen": "Wappen", "webseite": "Webseite", "weitere_handlungsfelder": "weitere Handlungsfelder",
    "zuwendungsfaehig": "zuwendungsfähig", "ziele": "Ziele",
    "handlungsfelder": "Handlungsfelder",
    "massnahmen": "Maßnahmen",
    "kapitel": "Kapitel",
    "analyse": "Analyse",
    "pruefsumme": "Inhalt der Datei", "grenze_pruefsumme": "Verlauf der Grenze",
    "schriften": "Hausschrift", "normal": "normal", "kursiv": "kursiv", "fett": "fett", "halbfett": "halbfett",
    "autor": "Autor", "url": "Adresse", "abruf": "abgerufen am", "fundstelle": "Fundstelle", "reihenfolge": "Reihenfolge",
}  # fmt: skip


class Bezeichner(Protocol):
    """Who chooses the words: the concept."""

    @property
    def massnahmenwort(self) -> Wort: ...
    @property
    def feldwort(self) -> Wort: ...


def objekt(art: str, wahl: Bezeichner) -> str:
    """Caption of a kind of object, in the words of the concept: ``massnahme`` → Projekt."""
    eigen = {"massnahme": wahl.massnahmenwort, "handlungsfeld": wahl.feldwort}.get(art)
    return eigen.eins if eigen else OBJEKT.get(art, art[:1].upper() + art[1:])


def eigener_feldname(name: str, wahl: Bezeichner) -> str | None:
    """Captions that the concept words itself: ``schluesselmassnahme`` → Schlüsselprojekt."""
    m, h = wahl.massnahmenwort, wahl.feldwort
    return {
        "massnahme": m.eins, "massnahmen": m.viele, "schluesselmassnahme": m.schluessel, "handlungsfeld": h.eins,
        "handlungsfelder": h.viele, "weitere_handlungsfelder": f"weitere {h.viele}", "nach_handlungsfeld": f"nach {h.dativ}",
    }.get(name)  # fmt: skip


def und(worte: Sequence[str]) -> str:
    """``A, B und C``"""
    return " und ".join(t for t in (", ".join(worte[:-1]), worte[-1] if worte else "") if t)


def anteil(teil: Fraction | str) -> str:
    """A share of the costs as it is printed: ``1/3``, ``30 %`` or what the others leave."""
    if isinstance(teil, str):
        return "der Rest"
    prozent = teil * 100
    return f"{prozent.numerator}{GESCHUETZT}%" if prozent.denominator == 1 else f"{teil}"


def lage(punkt: Sequence[Decimal]) -> str:
    """Longitude and latitude as a reader of maps writes them: latitude first, as exact as the file is."""
    laenge, breite = (f"{x:f}".replace(".", ",") for x in punkt)
    return f"{breite}° N, {laenge}° O"


def feld(pfad: str, wahl: Bezeichner | None = None) -> str:
    """Caption of a field path: ``kosten.gesamt`` → Gesamtkosten, ``kosten.jahre.2024`` → Jahresbeträge 2024."""
    if wahl is not None and (eigen := eigener_feldname(pfad.rpartition(".")[2], wahl)):
        return f"{eigen} (unbekannt)" if pfad.startswith("unbekannt.") else eigen
    anteil = re.search(r"finanzierung\[([^\]]+)\](.*)", pfad)
    if anteil:
        teile = anteil[1].split("/")
        wer = GEBER.get(teile[0], teile[0]) + (f" ({', '.join(programm(t) for t in teile[1:])})" if teile[1:] else "")
        rest = anteil[2].strip(".")
        jahr = rest.removeprefix("jahre.") if rest.startswith("jahre.") else ""
        zusatz = jahr or ("" if rest in ("betrag", "") else FELD.get(rest, rest))
        return f"Anteil {wer}{' ' + zusatz if zusatz else ''}"
    tranche = re.search(r"bewilligungen\[([^\]]+)\]\.?(.*)", pfad)
    if tranche:
        wer = " ".join(programm(t) for t in tranche[1].split("/"))
        was = {"betrag": "bewilligt", "": ""}.get(tranche[2], FELD.get(tranche[2], tranche[2]))
        return f"Bewilligung {wer}{f': {was}' if was else ''}"
    teile = pfad.split(".")
    if len(teile) > 1 and (re.fullmatch(r"\d{4}|bisher|spaeter", teile[-1])):
        jahr = {"bisher": "bisher", "spaeter": "später"}.get(teile[-1], teile[-1])
        return f"{FELD.get(teile[-2], teile[-2])} {jahr}"
    if teile[0] == "zeitraum" and len(teile) == 2:
        return {"von": "Beginn", "bis": "Ende"}.get(teile[1], teile[1])
    if teile[0] == "unbekannt" and len(teile) > 1:
        return f"{FELD.get(teile[1], teile[1])} (unbekannt)"
    if teile[0] == "belege":
        return "Quellen"
    if len(teile) == 2 and teile[0] in ("bilanz", "beschluss", "standort", "kommune", "ziel"):
        return f"{FELD.get(teile[0], teile[0])}: {FELD.get(teile[1], teile[1])}"
    return FELD.get(teile[-1], teile[-1])


def programm(schluessel: str) -> str:
    """Name of a Förderprogramm; an unknown key is printed as it is."""
    if (bekannt := programme().get(schluessel)) is not None:
        return bekannt.name
    andere = {"zuwendungsfaehig": "zuwendungsfähig", "nicht_zuwendungsfaehig": "nicht zuwendungsfähig"}
    return andere.get(schluessel, schluessel)


def zahl(wert: Decimal | int, stellen: int | None = None) -> str:
    """``1.250,5``; with ``stellen`` exactly that many decimals. Minus is U+2212."""
    return _zahl(str(wert), stellen)


@lru_cache(maxsize=20_000)  # a report prints the same amounts again and again, and babel takes its time
def _zahl(wert: str, stellen: int | None) -> str:
    muster = "#,##0" + ("." + "0" * stellen if stellen else "") if stellen is not None else "#,##0.###############"
    geschrieben = format_decimal(Decimal(wert), format=muster, locale="de_DE", decimal_quantization=stellen is not None)
    return geschrieben.replace("-", MINUS)


def prozentsatz(teil: int, ganzes: int) -> str:
    """``33,3 %``, one decimal where there is one."""
    zehntel = (2000 * teil + ganzes) // (2 * ganzes) if ganzes else 0
    return f"{zahl(Decimal(zehntel) / 10)}{GESCHUETZT}%"


def euro(cent: int, *, immer_cent: bool = False) -> str:
    """``1.250.000,50 €``; full euros without cents unless ``immer_cent``."""
    return f"{zahl(Decimal(cent) / 100, 2) if immer_cent or cent % 100 else zahl(cent // 100, 0)}{GESCHUETZT}€"


def euro_delta(cent: int, *, immer_cent: bool = False) -> str:
    """``+300.000 €``, ``−50 €``, ``±0 €``."""
    return f"{'+' if cent > 0 else '±' if cent == 0 else ''}{euro(cent, immer_cent=immer_cent)}"


def tag(wert: date) -> str:
    """``01.06.2024``"""
    return f"{wert.day:02}.{wert.month:02}.{wert.year}"


def zeitpunkt(wert: Zeitpunkt) -> str:
    """``2012``, ``September 2007``, ``1. Quartal 2012``, ``01.06.2024``."""
    match wert.genauigkeit:
        case "jahr":
            return str(wert.beginn.year)
        case "monat":
            return f"{MONATE[wert.beginn.month - 1]} {wert.beginn.year}"
        case "quartal":
            return f"{(wert.beginn.month + 2) // 3}. Quartal {wert.beginn.year}"
        case "tag":
            return tag(wert.beginn)


def zeitraum(von: Zeitpunkt | None, bis: Zeitpunkt | None) -> str:
    """``2024 bis 2026``, ``seit 2005``, ``bis 2014``, ``2012``."""
    if von and bis:
        return zeitpunkt(von) if von == bis else f"{zeitpunkt(von)} bis {zeitpunkt(bis)}"
    return f"seit {zeitpunkt(von)}" if von else f"bis {zeitpunkt(bis)}" if bis else ""


def guete(text: str) -> str:
    """``78 %`` of ``0.78``."""
    return f"{int(Decimal(text) * 100)}{GESCHUETZT}%"


def erkannt(wie: str, guete_text: str | None) -> str:
    """How an object was found whose id is another one: ``als dasselbe erkannt, Übereinstimmung 78 %``; empty by id."""
    wort = ERKANNT.get(wie, "")
    return f"{wort}, Übereinstimmung {guete(guete_text)}" if wie == "erkannt" and guete_text else wort


def grenzen(kosten_prozent: Decimal, ende_monate: int, bagatelle_prozent: Decimal) -> str:
    """What counts as a step back and as a trifle, in one sentence without its full stop."""
    kosten = f"um mehr als {zahl(kosten_prozent)}{GESCHUETZT}% teurer"
    ende = (
        f"um mehr als {ende_monate} Monat{'e' if ende_monate != 1 else ''} später fertig"
        if ende_monate
        else "später fertig"
    )
    rest = (
        f"; Beträge, die sich um höchstens {zahl(bagatelle_prozent)}{GESCHUETZT}% ändern, sind nicht wesentlich"
        if bagatelle_prozent
        else ""
    )
    return f"Rückschritt heißt hier unter anderem {kosten} oder {ende}{rest}"


def jahr(schluessel: str, jahre: Iterable[str] = ()) -> str:
    """Caption of a column of yearly amounts; beside the ``jahre`` of its table it says what "bisher" means."""
    erstes = min((j for j in jahre if j.isdigit()), default="")
    if schluessel == "bisher" and erstes:
        return f"bis {int(erstes) - 1}"
    return {"bisher": "bisher", "spaeter": "später", "offen": "offen"}.get(schluessel, schluessel)


def verschiebung(alt: object, neu: object, monate: int) -> str:
    """How far a date has moved: years between years, months between months; between a year and a month nothing is known."""
    nur_jahr = [len(str(x)) == 4 for x in (alt, neu)]
    if not monate or any(nur_jahr) != all(nur_jahr):
        return ""
    n, eins, viele = (abs(monate) // 12, "Jahr", "Jahre") if all(nur_jahr) else (abs(monate), "Monat", "Monate")
    return f"{n} {eins if n == 1 else viele} {'später' if monate > 0 else 'früher'}"


def angabe(typ: str, pfad: str, inhalt: object) -> str:
    """One side of a changed field in German notation; ``nicht angegeben`` if it is absent."""
    if inhalt is None:
        return "nicht angegeben"
    match typ:
        case "geld":
            return euro(int(str(inhalt).replace(".", "")))
        case "zahl":
            return zahl(Decimal(str(inhalt)))
        case "datum" | "zeitpunkt":
            return zeitpunkt(lies_zeitpunkt(str(inhalt)))
        case "status" | "auswahl":
            return auswahl(pfad.rsplit(".", maxsplit=1)[-1], str(inhalt))
        case "ja_nein":
            return "ja" if inhalt else "nein"
        case _:
            return eintrag(inhalt)


def auswahl(feldname: str, wort: str) -> str:
    """Printed word for a value of a closed list."""
    return WERTE.get(feldname, {}).get(wort, wort.replace("_", " "))


def eintrag(inhalt: object, feldname: str = "") -> str:
    """A record of a list (step, consultation, event) in one line, from its form in ``daten.json``."""
    if isinstance(inhalt, dict):
        teile = []
        for schluessel, wert in inhalt.items():
            if schluessel in ("belege", "unbekannt"):
                continue
            text = eintrag(wert, schluessel)
            knapp = (
                schluessel in ("titel", "text", "name", "gremium", "datum", "termin", "rolle", "ergebnis", "aufgabe")
                or wert is True
            )
            teile.append(text if knapp else f"{FELD.get(schluessel, schluessel)} {text}")
        return "; ".join(t for t in teile if t)
    if isinstance(inhalt, list):
        return ", ".join(eintrag(x, feldname) for x in inhalt)
    if inhalt is True:
        return FELD.get(feldname, feldname)
    text = " ".join(str(inhalt).split())
    if feldname in ("datum", "termin", "verfaellt_am", "von", "bis", "stand", "seit", "ab", "abruf") and re.fullmatch(
        r"\d{4}(-(Q?\d+))?(-\d\d)?", text
    ):
        return zeitpunkt(lies_zeitpunkt(text))
    if feldname in ("betrag", "budget", "beantragt", "ausgezahlt") and re.fullmatch(r"-?\d+\.\d\d", text):
        return euro(int(text.replace(".", "")))
    return WERTE.get(feldname, {}).get(text, text)
