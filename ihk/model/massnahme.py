"""A measure: what is done, by whom, when, for which goal and with whose money."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from ihk.model.bestandteile import Beschluss, Bilanz, Objekt, Zeitraum
from ihk.model.types import (
    Bruchteil,
    Datum,
    Geld,
    Jahr,
    Jahresbetraege,
    JaNein,
    Menge,
    Prosa,
    Punkt,
    Satz,
    Text,
    Texte,
    Vergleich,
    Verweis,
    Verweise,
    Zeitangabe,
    auswahl,
    liste,
    saetze_oder_texte,
)

# Who a carrier is: the town, another public body (§ 139 BauGB), or somebody private.
TRAEGERART = ("kommune", "oeffentlich", "privat")
STATUS = (
    "idee",
    "geplant",
    "beantragt",
    "bewilligt",
    "in_umsetzung",
    "abgeschlossen",
    "verstetigt",
    "zurueckgestellt",
    "entfallen",
)
# bund_land: Städtebauförderung whose split between Bund and Land no source states.
GEBER = ("bund", "land", "bund_land", "kommune", "eu", "dritte", "einnahmen", "offen")
KOSTENSTAND = (
    "annahme",
    "kostenrahmen",
    "kostenschaetzung",
    "kostenberechnung",
    "kostenanschlag",
    "kostenfeststellung",
)
# §§ 140, 146 to 148, 164a BauGB; the last four are categories of the Länder (FRL NRW Nr. 7 to 11, StBauFR Bayern 8 to 18).
AUSGABEART = (
    "vorbereitung",
    "ordnungsmassnahme",
    "baumassnahme",
    "verguetung_beauftragter",
    "sozialplan",
    "modernisierung",
    "gemeinbedarf",
    "verfuegungsfonds",
    "sonstiges",
)


class Anteil(Satz):
    """One source of money of a measure. ``nachrichtlich`` amounts stand in no own total (§ 149 BauGB).

    Instead of ``betrag`` an ``anteil`` of the Bemessungsgrundlage (costs that can be funded, less income) may be given.
    """

    SCHLUESSEL = ("geber", "programm", "auf", "nachrichtlich")

    geber: Annotated[str, auswahl(*GEBER), Vergleich("auswahl")]
    programm: Text | None = None
    betrag: Geld | None = None
    anteil: Bruchteil | None = None
    auf: Annotated[str, auswahl("zuwendungsfaehig", "nicht_zuwendungsfaehig"), Vergleich("auswahl")] | None = None
    nachrichtlich: JaNein = False
    jahre: Jahresbetraege = Field(default_factory=dict)
    bemerkung: Text | None = None


class Bewilligung(Satz):
    """A tranche of a grant: applied for, approved (``betrag``), paid out; it lapses by ``verfaellt_am``."""

    SCHLUESSEL = ("programm", "programmjahr", "bescheid")

    programm: Text | None = None
    programmjahr: Jahr | None = None
    beantragt: Geld | None = None
    betrag: Geld | None = None
    ausgezahlt: Geld | None = None
    bescheid: Text | None = None
    datum: Datum | None = None
    verfaellt_am: Datum | None = None


class Kosten(Satz):
    """Costs in cents. ``folgekosten`` are a year; ``jahre`` add up to ``gesamt``."""

    gesamt: Geld | None = None
    zuwendungsfaehig: Geld | None = None
    nicht_zuwendungsfaehig: Geld | None = None
    folgekosten: Geld | None = None
    folgekosten_traeger: Text | None = None
    ausgegeben: Geld | None = None
    stand: Annotated[str, auswahl(*KOSTENSTAND), Vergleich("auswahl")] | None = None
    preisstand: Jahr | None = None
    ausgabeart: Annotated[str, auswahl(*AUSGABEART), Vergleich("auswahl")] | None = None
    finanzierung: Annotated[tuple[Anteil, ...], BeforeValidator(liste), Vergleich("liste", "wesentlich")] = ()
    jahre: Jahresbetraege = Field(default_factory=dict)
    bewilligungen: Annotated[tuple[Bewilligung, ...], BeforeValidator(liste), Vergleich("liste", "wesentlich")] = ()
    bemerkung: Prosa | None = None


class Standort(Satz):
    """Where a measure is; ``punkt`` is longitude, latitude in WGS 84."""

    text: Text | None = None
    punkt: Punkt | None = None


class Schritt(Satz):
    """One step on the way; ``erledigt`` when done."""

    termin: Annotated[Zeitangabe | None, Vergleich("zeitpunkt")] = None
    text: Prosa
    erledigt: JaNein = False


class Massnahme(Objekt):
    """One measure. Its place is its Handlungsfeld, else its first Teilziel, else its first Querschnittsaufgabe."""

    nummer: Annotated[Text | None, Vergleich("text", "redaktionell")] = None
    kurztitel: Annotated[Text | None, Vergleich("text", "redaktionell")] = None
    leitsatz: Prosa | None = None
    handlungsfeld: Annotated[Verweis | None, Vergleich("verweis", "wesentlich")] = None
    weitere_handlungsfelder: Verweise = ()
    teilziele: Annotated[Verweise, Vergleich("verweise", "wesentlich")] = ()
    querschnittsaufgaben: Verweise = ()
    traeger: Annotated[Text | None, Vergleich("text", "wesentlich")] = None
    traegerart: Annotated[str, auswahl(*TRAEGERART), Vergleich("auswahl")] | None = None
    vereinbarung: Text | None = None
    beteiligte: Menge = ()
    zielgruppe: Text | None = None
    eigentuemer: Text | None = None
    art: Annotated[str, auswahl("investiv", "nicht_investiv"), Vergleich("auswahl")] | None = None
    status: Annotated[str, auswahl(*STATUS), Vergleich("status", "wesentlich")] | None = None
    prioritaet: Annotated[str, auswahl("hoch", "mittel", "niedrig"), Vergleich("auswahl")] | None = None
    zeithorizont: (
        Annotated[str, auswahl("kurzfristig", "mittelfristig", "langfristig", "dauerhaft"), Vergleich("auswahl")] | None
    ) = None
    schluesselmassnahme: JaNein = False
    zeitraum: Zeitraum | None = None
    standort: Standort | None = None
    beschreibung: Prosa | None = None
    ausgangslage: Prosa | None = None
    ziel: Prosa | None = None
    umsetzung: Prosa | None = None
    klimawirkung: Prosa | None = None
    schritte: Annotated[tuple[Schritt, ...], BeforeValidator(saetze_oder_texte), Vergleich("liste")] = ()
    risiken: Texte = ()
    indikatoren: Verweise = ()
    bilder: Verweise = ()
    beschluss: Beschluss | None = None
    abhaengig_von: Verweise = ()
    kosten: Kosten | None = None
    teil_von: Annotated[Verweis | None, Vergleich("verweis", "wesentlich")] = None
    bilanz: Bilanz | None = None

    @property
    def beendet(self) -> bool:
        """Ended: counts in no planned total."""
        return self.status == "entfallen" or bool(self.aufgegangen_in) or self.beendet_in is not None

    @property
    def grabstein(self) -> bool:
        """Ended in an earlier Fassung and kept only so that its id is never reused."""
        return self.beendet_in is not None

    @property
    def kurz(self) -> str:
        """The title for tables."""
        return self.kurztitel or self.titel

    @property
    def ort(self) -> str | None:
        """Id of the object it stands under: Handlungsfeld, else first Teilziel, else first Querschnittsaufgabe."""
        return self.handlungsfeld or next(iter(self.teilziele + self.querschnittsaufgaben), None)
