"""The records of a concept other than measures: concept, Fassung, area, goals, chapters, indicators, sources."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from ihk import labels
from ihk.model.types import (
    Datum,
    Ganzzahl,
    Geld,
    Jahr,
    Jahreswerte,
    JaNein,
    Kennung,
    Menge,
    MitKennung,
    Prosa,
    Satz,
    Text,
    Texte,
    Vergleich,
    Verweis,
    Verweise,
    Zahl,
    Zeitangabe,
    abschnitt,
    auswahl,
    liste,
)

Begruendung = Annotated[Prosa, Vergleich("ohne", grund="Begründet die Änderung zu dieser Fassung und ist selbst keine")]
FASSUNGSSTATUS = ("entwurf", "in_beratung", "beschlossen", "beschlossen_mit_aenderungen", "nicht_beschlossen")
BESCHLOSSEN = ("beschlossen", "beschlossen_mit_aenderungen")


NUMMERIERUNG = ("handlungsfeld", "buchstabe", "laufend", "keine")
"""Printed numbers of measures: ``1.3`` by place, ``A3`` with a letter for the place, ``3`` throughout, or none."""


class Zeitraum(Satz):
    """A period; both bounds are as exact as their source."""

    von: Zeitangabe | None = None
    bis: Zeitangabe | None = None


class Beschluss(Satz):
    """A decision of a council or committee; ``vorlage`` is the number of the printed matter."""

    gremium: Text | None = None
    datum: Datum | None = None
    vorlage: Text | None = None
    ergebnis: Text | None = None


class Kommune(Satz):
    """The municipality; ``ags`` is the eight-digit Amtlicher Gemeindeschlüssel, kept letter by letter."""

    name: Text
    land: Text | None = None
    ags: Text | None = None


class Gebiet(Satz):
    """The Fördergebiet, fixed by Beschluss (§ 171e Abs. 3 BauGB). Area in hectares; ``stand`` is the reference date.

    ``grenze`` names a GeoJSON file beside the concept.
    """

    name: Text | None = None
    flaeche_ha: Zahl | None = None
    einwohner: Ganzzahl | None = None
    stand: Annotated[Zeitangabe | None, Vergleich("zeitpunkt")] = None
    beschreibung: Prosa | None = None
    teilgebiete: Menge = ()
    grenze: Text | None = None
    beschluss: Beschluss | None = None


class Untersuchung(Satz):
    """A study that came before the concept, such as Vorbereitende Untersuchungen (§ 141 BauGB)."""

    titel: Text
    art: Text | None = None
    verfasser: Menge = ()
    zeitraum: Zeitraum | None = None
    datum: Annotated[Zeitangabe | None, Vergleich("zeitpunkt")] = None
    text: Prosa | None = None
    url: Text | None = None


class Partnerprogramm(Satz):
    """Another programme at work in the area, with goals, a period and money of its own (§ 171e Abs. 6 BauGB)."""

    titel: Text
    programm: Annotated[Text | None, Vergleich("text", "redaktionell")] = None
    zeitraum: Zeitraum | None = None
    ziele: Texte = ()
    geldgeber: Menge = ()
    traeger: Text | None = None
    text: Prosa | None = None


class Bezeichnungen(Satz):
    """The words that this concept uses for a Handlungsfeld and a Maßnahme."""

    handlungsfeld: Annotated[str, auswahl(*labels.HANDLUNGSFELDWORT), Vergleich("auswahl", "redaktionell")] = (
        "handlungsfeld"
    )
    massnahme: Annotated[str, auswahl(*labels.MASSNAHMENWORT), Vergleich("auswahl", "redaktionell")] = "massnahme"


class Schriften(Satz):
    """The city's own typeface: TrueType files beside the concept, one for each cut."""

    normal: Annotated[Text, Vergleich("text", "redaktionell")]
    kursiv: Annotated[Text, Vergleich("text", "redaktionell")]
    fett: Annotated[Text, Vergleich("text", "redaktionell")]
    halbfett: Annotated[Text | None, Vergleich("text", "redaktionell")] = None

    @property
    def dateien(self) -> dict[str, str]:
        """File names by cut."""
        namen = {"normal": self.normal, "kursiv": self.kursiv, "fett": self.fett, "halbfett": self.halbfett}
        return {schnitt: datei for schnitt, datei in namen.items() if datei}


class Prioritaeten(Satz):
    """What the three priorities mean in this concept; printed beside them."""

    hoch: Text | None = None
    mittel: Text | None = None
    niedrig: Text | None = None


class Ereignis(Satz):
    """A dated step of the whole process, such as the admission to a programme."""

    datum: Annotated[Zeitangabe, Vergleich("zeitpunkt")]
    text: Prosa


class Konzept(Satz):
    """What stays the same over all Fassungen; ``id`` is the folder's name and never changes."""

    id: Kennung
    titel: Text
    fiktiv: JaNein = False
    kommune: Kommune | None = None
    gebiet: Gebiet | None = None
    programme: Menge = ()
    farbe: Annotated[Text | None, Vergleich("text", "redaktionell")] = None
    schriften: Schriften | None = None
    herausgeber: Text | None = None
    bearbeitung: Text | None = None
    wappen: Annotated[Verweis | None, Vergleich("verweis", "redaktionell")] = None
    webseite: Text | None = None
    foerderobergrenze: Geld | None = None
    bezeichnungen: Bezeichnungen | None = None
    nummerierung: Annotated[str, auswahl(*NUMMERIERUNG), Vergleich("auswahl", "redaktionell")] = "handlungsfeld"
    prioritaeten: Prioritaeten | None = None
    ereignisse: Annotated[tuple[Ereignis, ...], BeforeValidator(liste), Vergleich("liste")] = ()
    untersuchungen: Annotated[tuple[Untersuchung, ...], BeforeValidator(liste), Vergleich("liste")] = ()
    partnerprogramme: Annotated[tuple[Partnerprogramm, ...], BeforeValidator(liste), Vergleich("liste")] = ()

    @property
    def massnahmenwort(self) -> labels.Wort:
        """What the concept calls a measure, with the forms that sentences need."""
        return labels.MASSNAHMENWORT[(self.bezeichnungen or Bezeichnungen()).massnahme]

    @property
    def feldwort(self) -> labels.Wort:
        """What the concept calls a Handlungsfeld."""
        return labels.HANDLUNGSFELDWORT[(self.bezeichnungen or Bezeichnungen()).handlungsfeld]


class Beratung(Satz):
    """One step of the Beratungsfolge; roles and results after OParl 1.1."""

    gremium: Text
    rolle: Annotated[
        str | None, auswahl("anhoerung", "vorberatung", "entscheidung", "kenntnisnahme"), Vergleich("auswahl")
    ] = None
    datum: Datum | None = None
    vorlage: Text | None = None
    ergebnis: (
        Annotated[
            str,
            auswahl("unveraendert", "geaendert", "abgelehnt", "vertagt", "zurueckgezogen", "zur_kenntnis_genommen"),
            Vergleich("auswahl"),
        ]
        | None
    ) = None


class Aenderungsantrag(Satz):
    """A motion to amend the draft and what became of it; ``objekte`` are the ids that it concerns."""

    text: Prosa
    antragsteller: Text | None = None
    gremium: Text | None = None
    datum: Datum | None = None
    ergebnis: (
        Annotated[
            str, auswahl("angenommen", "teilweise_angenommen", "abgelehnt", "zurueckgezogen"), Vergleich("auswahl")
        ]
        | None
    ) = None
    objekte: Verweise = ()


class Fassung(Satz):
    """One version of the concept: ``id`` is the name of its file or folder, ``stand`` the day of its data."""

    id: Kennung
    titel: Text | None = None
    art: Annotated[str, auswahl("ursprung", "fortschreibung", "abschluss"), Vergleich("auswahl")] | None = None
    vorgaenger: Annotated[Verweis | None, Vergleich("kennung")] = None
    status: Annotated[str, auswahl(*FASSUNGSSTATUS), Vergleich("auswahl")] | None = None
    stand: Annotated[Zeitangabe | None, Vergleich("zeitpunkt")] = None
    zeitraum: Zeitraum | None = None
    anlass: Prosa | None = None
    beratungsfolge: Annotated[tuple[Beratung, ...], BeforeValidator(liste), Vergleich("liste")] = ()
    aenderungsantraege: Annotated[tuple[Aenderungsantrag, ...], BeforeValidator(liste), Vergleich("liste")] = ()

    @property
    def beschlossen(self) -> bool:
        return self.status in BESCHLOSSEN


class Objekt(MitKennung):
    """What has a permanent id of its own. An ended object stays, with its reason, and later as a tombstone."""

    titel: Text
    beendet_in: Annotated[Verweis | None, Vergleich("kennung")] = None
    hervorgegangen_aus: Verweise = ()
    aufgegangen_in: Verweise = ()
    begruendung: Begruendung | None = None
    veranlasst_durch: Annotated[Text | None, Vergleich("ohne", grund="Urheber der Änderung, gehört zur Begründung")] = (
        None
    )


class Ordnungsobjekt(Objekt):
    """A goal, sub-goal, Handlungsfeld, Querschnittsaufgabe or indicator: ends like a measure."""

    nummer: Annotated[Text | None, Vergleich("text", "redaktionell")] = None
    beschreibung: Prosa | None = None
    status: Annotated[str, auswahl("aktiv", "entfallen"), Vergleich("status", "wesentlich")] | None = None

    @property
    def beendet(self) -> bool:
        return self.status == "entfallen" or bool(self.aufgegangen_in) or self.beendet_in is not None


class Bilanz(Satz):
    """Looking back on a measure of the predecessor (Bewertungsblatt) or on a goal: what was reached, and what follows."""

    bewertung: (
        Annotated[
            str, auswahl("erreicht", "teilweise_erreicht", "nicht_erreicht", "nicht_bewertbar"), Vergleich("auswahl")
        ]
        | None
    ) = None
    ergebnis: Prosa | None = None
    wirkung: Prosa | None = None
    hemmnisse: Prosa | None = None
    bedarf: Prosa | None = None
    folgerung: (
        Annotated[str, auswahl("fortfuehren", "aendern", "beenden", "verstetigen"), Vergleich("auswahl")] | None
    ) = None


class Teilziel(Ordnungsobjekt):
    """A sub-goal; its goal is the one it stands under."""

    indikatoren: Verweise = ()
    bilanz: Bilanz | None = None


class Ziel(Ordnungsobjekt):
    """A goal. ``art: oberziel`` marks the one goal above all others where a concept has it."""

    art: Annotated[str, auswahl("oberziel", "ziel"), Vergleich("auswahl")] | None = None
    teilziele: Annotated[
        tuple[Teilziel, ...], BeforeValidator(liste), Vergleich("ohne", grund="Teilziele sind eigene Objekte")
    ] = ()
    indikatoren: Verweise = ()
    bilanz: Bilanz | None = None


class Handlungsfeld(Ordnungsobjekt):
    """A thematic group of measures; ``landes_handlungsfelder`` are the names that the Land uses (n:m)."""

    landes_handlungsfelder: Menge = ()


class Querschnittsaufgabe(Ordnungsobjekt):
    """A task that runs across all goals."""


class Zielwert(Satz):
    """The target of an indicator and the year by which it is to be reached."""

    jahr: Annotated[Jahr | None, Vergleich("jahr", "wesentlich")] = None
    wert: Zahl


class Indikator(Ordnungsobjekt):
    """A measured value by year. A missing value is missing, never 0; ``richtung`` says what is better."""

    art: Annotated[str, auswahl("kontext", "input", "output", "ergebnis"), Vergleich("auswahl")] | None = None
    einheit: Text | None = None
    richtung: Annotated[str, auswahl("steigend", "sinkend", "gleichbleibend"), Vergleich("auswahl")] | None = None
    definition: Prosa | None = None
    bezug: Verweise = ()
    vergleichsraum: Text | None = None
    ausgangsjahr: Jahr | None = None
    werte: Jahreswerte = {}
    ziel: Zielwert | None = None


class Kapitel(MitKennung):
    """Prose in Markdown. A known id fills a standard chapter, another one opens its own after chapter ``nach``."""

    titel: Text | None = None
    nach: Verweis | None = None
    text: Prosa | None = None


class Bild(MitKennung):
    """A picture beside the concept; ``alt`` says to a blind reader what it shows (BITV 2.0)."""

    datei: Text
    alt: Prosa | None = None
    unterschrift: Text | None = None
    bildnachweis: Text | None = None


class Analyse(Satz):
    """Strengths, weaknesses, opportunities, risks."""

    staerken: Texte = ()
    schwaechen: Texte = ()
    chancen: Texte = ()
    risiken: Texte = ()


class Beteiligung(Satz):
    """One occasion of participation (§ 137 BauGB)."""

    titel: Text | None = None
    datum: Annotated[Zeitangabe | None, Vergleich("zeitpunkt")] = None
    zeitraum: Zeitraum | None = None
    form: Text | None = None
    art: Text | None = None
    ort: Text | None = None
    zielgruppe: Text | None = None
    teilnehmende: Ganzzahl | None = None
    text: Prosa | None = None
    ergebnis: Prosa | None = None


class Organisation(Satz):
    """One body or role that steers or carries the process; ``untersteht`` is the title of the body above it."""

    titel: Text | None = None
    name: Text | None = None
    art: (
        Annotated[
            str,
            auswahl(
                "lenkungsgruppe", "quartiersmanagement", "stadtteilbeirat", "verfuegungsfonds", "verwaltung", "netzwerk"
            ),
            Vergleich("auswahl"),
        ]
        | None
    ) = None
    rolle: Text | None = None
    traeger: Text | None = None
    seit: Annotated[Zeitangabe | None, Vergleich("zeitpunkt")] = None
    bis: Annotated[Zeitangabe | None, Vergleich("zeitpunkt")] = None
    budget: Geld | None = None
    webseite: Text | None = None
    zustaendig: Text | None = None
    aufgabe: Prosa | None = None
    text: Prosa | None = None
    mitglieder: Menge = ()
    untersteht: Text | None = None


class Quelle(MitKennung):
    """Where a fact was found."""

    titel: Text
    autor: Text | None = None
    herausgeber: Text | None = None
    jahr: Jahr | None = None
    datum: Annotated[Zeitangabe | None, Vergleich("zeitpunkt")] = None
    art: Text | None = None
    url: Text | None = None
    abruf: Datum | None = None
    fundstelle: Text | None = None


class Aenderung(Satz):
    """The reason of a change outside measures; ``objekt`` is an id or a path such as ``konzept.gebiet``."""

    objekt: Text
    grund: Prosa
    veranlasst_durch: Text | None = None
    beschluss: Beschluss | None = None


class Verstetigung(Satz):
    """What stays after the funding ends: who carries it, from when, with which money a year."""

    struktur: Text
    traeger: Text | None = None
    ab: Annotated[Zeitangabe | None, Vergleich("zeitpunkt")] = None
    finanzierung: Text | None = None
    betrag: Geld | None = None
    massnahme: Verweis | None = None
    text: Prosa | None = None


class Beschlussvorlage(Satz):
    """What only the paper for the council says; blocks as in council papers, names after OParl 1.1 where it has them."""

    betreff: Text | None = None
    art: Text | None = None
    federfuehrung: Text | None = None
    oeffentlich: JaNein = True
    vorschlag: Texte = ()
    sachverhalt: Prosa | None = None
    klima: Prosa | None = None
    beteiligung: Prosa | None = None
    vorbehalte: Texte = ()
    anlagen: Texte = ()


class Erwartet(Satz):
    """Totals written by hand, as assertions that are checked; nothing is ever taken from them."""

    gesamt: Geld | None = None
    nach_geber: Annotated[dict[str, Geld], BeforeValidator(abschnitt), Vergleich("geld")] = {}
    nach_jahr: Annotated[dict[str, Geld], BeforeValidator(abschnitt), Vergleich("geld")] = {}
    nach_handlungsfeld: Annotated[dict[str, Geld], BeforeValidator(abschnitt), Vergleich("geld")] = {}
    nachrichtlich: Geld | None = None


class Schwellen(Satz):
    """From where on a change weighs when this Fassung is compared with its predecessor (decision 0014)."""

    kosten_prozent: Zahl | None = None
    ende_monate: Ganzzahl | None = None
    bagatelle_prozent: Zahl | None = None


class Ausnahme(Satz):
    """A rule that is knowingly not met: why, and until which day."""

    regel: Text
    objekt: Text | None = None
    grund: Prosa
    bis: Datum
