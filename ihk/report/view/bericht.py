"""The view of a whole report: the cover, and all chapters that have content."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ihk import labels
from ihk.diff.changeset import Aenderungssatz
from ihk.model.load import Geladen
from ihk.report.berichte import Berichtsart
from ihk.report.palette import Palette, palette
from ihk.report.view.aenderung import aenderungskapitel
from ihk.report.view.bilanz import bilanz
from ihk.report.view.blick import blick
from ihk.report.view.deckblatt import Impressum, Kopf, Umschlag, fassung_titel, impressum, kopf, status, umschlag
from ihk.report.view.grund import (
    Kontext,
    Medium,
    Textblock,
)
from ihk.report.view.indikatoren import indikatorkapitel, nur_tabelle
from ihk.report.view.jahresbild import Jahresbild, Jahresgeld, jahresbild
from ihk.report.view.kapitel import Abschnitt, Inhalt, abschnitte
from ihk.report.view.kosten import Kostenkapitel, kostenkapitel
from ihk.report.view.kurz import kurz
from ihk.report.view.massnahme import grabsteine, nach_ort, steckbrief, uebersicht
from ihk.report.view.organisation import organisation
from ihk.report.view.pruefstand import pruefkapitel
from ihk.report.view.sachkapitel import (
    Ende,
    Massnahmenkapitel,
    abkuerzungen,
    alle_texte,
    analyse,
    anlass,
    gebiet,
    luecken,
    massnahmensatz,
    prioritaeten,
    quellen,
    verstetigung,
    zeitplan,
)
from ihk.report.view.stand import sachstand
from ihk.report.view.suche import massnahmensuche
from ihk.report.view.uebersicht import uebersicht as veraenderung
from ihk.report.view.vorlage import vorlage
from ihk.report.view.zeit import achse
from ihk.report.view.ziele import zielkapitel


@dataclass(frozen=True, slots=True)
class Titelblock:
    """The head of a report without a cover."""

    kicker: str
    titel: str
    unter: str


@dataclass(frozen=True, slots=True)
class Bericht:
    """Everything that the template of the report prints; what the kind of report leaves out is None."""

    art: Berichtsart
    kopf: Kopf
    titelblock: Titelblock
    umschlag: Umschlag | None
    impressum: Impressum | None
    abschnitte: tuple[Abschnitt, ...]
    hell: Palette
    dunkel: Palette


@dataclass(frozen=True, slots=True)
class Kosten:
    """The chapter on costs: its tables, and the columns by year."""

    kapitel: Kostenkapitel
    jahresbild: Jahresbild | None


@dataclass(frozen=True, slots=True)
class Auswahl:
    """The measures that an excerpt shows, and what it is called."""

    massnahmen: frozenset[str]
    titel: str


def bericht_view(
    geladen: Geladen, *, vorgaenger: Geladen | None, aenderungen: Aenderungssatz | None, medium: Medium, ihk_version: str,
    art: Berichtsart | None = None, auswahl: Auswahl | None = None,
) -> Bericht:  # fmt: skip
    """A report of one Fassung as view objects; without ``art`` the long version."""
    art = art or Berichtsart("Bericht", name="bericht", umschlag=True, inhalt=True, impressum=True, steckbriefe=True)
    kontext = Kontext(geladen, medium)
    k = kontext.k
    zusatz = f"{auswahl.titel if auswahl else art.titel}: " if auswahl or art.name != "bericht" else ""
    farbe = k.konzept.farbe
    return Bericht(
        art,
        kopf(kontext, zusatz),
        _titelblock(kontext, art, auswahl),
        umschlag(kontext, zusatz.removesuffix(": ")) if art.umschlag else None,
        impressum(kontext, vorgaenger, ihk_version) if art.impressum else None,
        abschnitte(
            kontext, _inhalte(kontext, art, vorgaenger, aenderungen, auswahl), art.kapitel, nummeriert=art.umschlag
        ),
        palette(farbe, druck=medium == "druck"),
        palette(farbe, dunkel=True),
    )


def _titelblock(kontext: Kontext, art: Berichtsart, auswahl: Auswahl | None) -> Titelblock:
    k = kontext.k
    stand = f"Stand {labels.zeitpunkt(k.fassung.stand)}" if k.fassung.stand else ""
    unter = " · ".join(t for t in (fassung_titel(kontext), status(kontext), stand) if t)
    name = auswahl.titel if auswahl else art.titel
    return Titelblock(f"{name} · erfundenes Beispiel" if k.konzept.fiktiv else name, k.konzept.titel, unter)


def _inhalte(
    kontext: Kontext, art: Berichtsart, vorgaenger: Geladen | None, aenderungen: Aenderungssatz | None, auswahl: Auswahl | None
) -> dict[str, Inhalt]:  # fmt: skip
    """What the data add to each chapter that the report has."""
    k = kontext.k
    gebraucht = set(art.kapitel)
    stand = k.fassung.stand.beginn if k.fassung.stand else None
    a = achse(k)
    eintraege = {e.id: e for e in aenderungen.eintraege} if aenderungen else {}
    gezeigt = tuple(m for m in k.massnahmen if auswahl is None or m.id in auswahl.massnahmen)
    lebende = tuple(m for m in gezeigt if not m.beendet)
    beendete = tuple(m for m in gezeigt if m.beendet and not m.grabstein)
    gruppen = nach_ort(kontext, lebende)
    folge = [m for _, teil in gruppen for m in teil]
    wandel = aenderungskapitel(kontext, aenderungen, vorgaenger)
    inhalte: dict[str, Inhalt] = {}
    if (ueberblick := blick(kontext, wandel)) is not None:
        inhalte["blick"] = Inhalt(ueberblick, ueberblick.satz)
        if "kurz" in gebraucht:
            inhalte["kurz"] = Inhalt(kurz(kontext, ueberblick, wandel, gezeigt), ueberblick.satz)
    if "stand" in gebraucht and (sachlage := sachstand(kontext, gezeigt)) is not None:
        inhalte["stand"] = Inhalt(sachlage, sachlage.satz)
    if "vorlage" in gebraucht:
        inhalte["vorlage"] = Inhalt(vorlage(kontext, wandel, gezeigt))
    if "pruefstand" in gebraucht and (geprueft := pruefkapitel(kontext)) is not None:
        inhalte["pruefstand"] = Inhalt(geprueft, geprueft.satz)
    if "uebersicht" in gebraucht and aenderungen is not None and vorgaenger is not None:
        inhalte["uebersicht"] = Inhalt(veraenderung(kontext, aenderungen, vorgaenger, wandel))
    if wandel is not None:
        inhalte["aenderungen"] = Inhalt(wandel, wandel.satz)
    if (text := kontext.prosa(k.fassung.anlass)) is not None:
        inhalte["anlass"] = Inhalt(Textblock("", text, kontext.belege(k.fassung, "anlass")))
    if (flaeche := gebiet(kontext)) is not None:
        if art.knapp and flaeche.karte is not None:  # the list of measures names the same numbers and places
            flaeche = replace(flaeche, karte=replace(flaeche.karte, tabelle=None))
        inhalte["gebiet"] = Inhalt(flaeche)
    if (rueckblick := bilanz(kontext, vorgaenger)) is not None:
        inhalte["bilanz"] = Inhalt(rueckblick, rueckblick.satz)
    if felder := analyse(kontext):
        inhalte["ausgangslage"] = Inhalt(felder)
    if (ziele := zielkapitel(kontext)) is not None:
        inhalte["ziele"] = Inhalt(ziele, ziele.satz)
    if folge:
        steckbriefe = (
            tuple(steckbrief(kontext, m, a, stand, eintraege.get(m.id), knapp=art.knapp) for m in folge)
            if art.steckbriefe
            else ()
        )
        gesucht = (*folge, *beendete) if not gebraucht or "beendet" in gebraucht else folge
        suche = massnahmensuche(kontext, gesucht, aenderungen) if kontext.medium == "web" and art.steckbriefe else None
        inhalte["massnahmen"] = Inhalt(
            Massnahmenkapitel(kontext.wort, uebersicht(kontext, tuple(folge)), steckbriefe, suche, prioritaeten(kontext)), massnahmensatz(kontext, gezeigt)
        )  # fmt: skip
    if (kosten := kostenkapitel(kontext, nach_ort(kontext, lebende + beendete), beendete)) is not None:
        kommune = k.konzept.kommune.name if k.konzept.kommune else "Kommune"
        bild = jahresbild(Jahresgeld(kosten.jahresgeld, kosten.gerechnet), kommune)
        inhalte["kosten"] = Inhalt(Kosten(kosten, bild), kosten.satz)
    if a is not None and (plan := zeitplan(kontext, gruppen, a, stand)) is not None:
        inhalte["zeitplan"] = Inhalt(plan, plan.satz, klasse="quer" if sum(len(z) for _, z in plan.gruppen) > 8 else "")
    if (organe := organisation(kontext)) is not None:
        inhalte["organisation"] = Inhalt(organe)
    if anlaesse := tuple(anlass(kontext, i) for i in range(len(k.beteiligung))):
        inhalte["beteiligung"] = Inhalt(anlaesse)
    if (indikatoren := indikatorkapitel(kontext)) is not None:
        inhalte["wirkung"] = Inhalt(nur_tabelle(indikatoren) if art.knapp else indikatoren, indikatoren.satz)
    if (bleibt := verstetigung(kontext)) is not None:
        inhalte["verstetigung"] = Inhalt(bleibt)
    frueher = grabsteine(kontext) if auswahl is None else None
    if beendete or frueher:
        blaetter = (
            tuple(steckbrief(kontext, m, a, stand, eintraege.get(m.id)) for m in beendete) if art.steckbriefe else ()
        )
        inhalte["beendet"] = Inhalt(Ende(blaetter, frueher, ()))
    if fehlendes := luecken(kontext):
        inhalte["luecken"] = Inhalt(fehlendes)
    if verzeichnis := quellen(kontext):
        inhalte["quellen"] = Inhalt(verzeichnis, klasse="zusammen" if len(verzeichnis) <= 14 else "")
    if kuerzel := abkuerzungen(alle_texte(kontext.geladen)):
        inhalte["abkuerzungen"] = Inhalt(kuerzel)
    return inhalte
