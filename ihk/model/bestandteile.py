"""The records of a concept other than measures: concept, Fassung, area, goals, chapters, indicators, sources."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from ihk.model.types import (
    Datum,
    Ganzzahl,
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
    auswahl,
    liste,
)

Begruendung = Annotated[Prosa, Vergleich("ohne", grund="Begründet die Änderung zu dieser Fassung und ist selbst keine")]
FASSUNGSSTATUS = ("entwurf", "in_beratung", "beschlossen", "beschlossen_mit_aenderungen", "nicht_beschlossen")
BESCHLOSSEN = ("beschlossen", "beschlossen_mit_aenderungen")


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
    """The Fördergebiet, fixed by Beschluss (§ 171e Abs. 3 BauGB). Area in hectares; ``stand`` is the reference date."""

    name: Text | None = None
    flaeche_ha: Zahl | None = None
    einwohner: Ganzzahl | None = None
    stand: Annotated[Zeitangabe | None, Vergleich("zeitpunkt")] = None
    beschreibung: Prosa | None = None
    teilgebiete: Menge = ()
    beschluss: Beschluss | None = None


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
    herausgeber: Text | None = None
    bearbeitung: Text | None = None
    ereignisse: Annotated[tuple[Ereignis, ...], BeforeValidator(liste), Vergleich("liste")] = ()


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


class Teilziel(Ordnungsobjekt):
    """A sub-goal; its goal is the one it stands under."""

    indikatoren: Verweise = ()


class Ziel(Ordnungsobjekt):
    """A goal. ``art: oberziel`` marks the one goal above all others where a concept has it."""

    art: Annotated[str, auswahl("oberziel", "ziel"), Vergleich("auswahl")] | None = None
    teilziele: Annotated[
        tuple[Teilziel, ...], BeforeValidator(liste), Vergleich("ohne", grund="Teilziele sind eigene Objekte")
    ] = ()
    indikatoren: Verweise = ()


class Handlungsfeld(Ordnungsobjekt):
    """A thematic group of measures."""


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
    """One body or role that steers or carries the process."""

    titel: Text | None = None
    name: Text | None = None
    rolle: Text | None = None
    traeger: Text | None = None
    zustaendig: Text | None = None
    aufgabe: Prosa | None = None
    text: Prosa | None = None
    mitglieder: Menge = ()


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
