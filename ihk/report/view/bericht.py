"""The view of a whole report: the cover, and all chapters that have content."""

from __future__ import annotations

from dataclasses import dataclass

from ihk.diff.changeset import Aenderungssatz
from ihk.model.load import Geladen
from ihk.report.palette import Palette, palette
from ihk.report.view.aenderung import aenderungskapitel
from ihk.report.view.blick import blick
from ihk.report.view.deckblatt import Impressum, Kopf, Umschlag, impressum, kopf, umschlag
from ihk.report.view.grund import (
    Kontext,
    Medium,
    Textblock,
)
from ihk.report.view.indikatoren import indikatorkapitel
from ihk.report.view.kapitel import Abschnitt, Inhalt, abschnitte
from ihk.report.view.kosten import kostenkapitel
from ihk.report.view.massnahme import grabsteine, nach_ort, steckbrief, uebersicht
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
    organisation,
    quellen,
    zeitplan,
)
from ihk.report.view.suche import massnahmensuche
from ihk.report.view.zeit import achse
from ihk.report.view.ziele import zielkapitel


@dataclass(frozen=True, slots=True)
class Bericht:
    """Everything that the template of the report prints."""

    kopf: Kopf
    umschlag: Umschlag
    impressum: Impressum
    abschnitte: tuple[Abschnitt, ...]
    hell: Palette
    dunkel: Palette


def bericht_view(
    geladen: Geladen, *, vorgaenger: Geladen | None, aenderungen: Aenderungssatz | None, medium: Medium, ihk_version: str
) -> Bericht:  # fmt: skip
    """The report of one Fassung as view objects."""
    kontext = Kontext(geladen, medium)
    k = kontext.k
    stand = k.fassung.stand.beginn if k.fassung.stand else None
    a = achse(k)
    eintraege = {e.id: e for e in aenderungen.eintraege} if aenderungen else {}
    lebende = tuple(m for m in k.massnahmen if not m.beendet)
    beendete = tuple(m for m in k.massnahmen if m.beendet and not m.grabstein)
    gruppen = nach_ort(kontext, lebende)
    folge = [m for _, teil in gruppen for m in teil]
    wandel = aenderungskapitel(kontext, aenderungen, vorgaenger)
    inhalte: dict[str, Inhalt] = {}
    if (ueberblick := blick(kontext, wandel)) is not None:
        inhalte["blick"] = Inhalt(ueberblick, ueberblick.satz)
    if wandel is not None:
        inhalte["aenderungen"] = Inhalt(wandel, wandel.satz)
    if (text := kontext.prosa(k.fassung.anlass)) is not None:
        inhalte["anlass"] = Inhalt(Textblock("", text, kontext.belege(k.fassung, "anlass")))
    if (flaeche := gebiet(kontext)) is not None:
        inhalte["gebiet"] = Inhalt(flaeche)
    if felder := analyse(kontext):
        inhalte["ausgangslage"] = Inhalt(felder)
    if (ziele := zielkapitel(kontext)) is not None:
        inhalte["ziele"] = Inhalt(ziele, ziele.satz)
    if folge:
        steckbriefe = tuple(steckbrief(kontext, m, a, stand, eintraege.get(m.id)) for m in folge)
        suche = massnahmensuche(kontext, (*folge, *beendete), aenderungen) if medium == "web" else None
        inhalte["massnahmen"] = Inhalt(
            Massnahmenkapitel(uebersicht(kontext, tuple(folge)), steckbriefe, suche), massnahmensatz(k.massnahmen)
        )
    if (kosten := kostenkapitel(kontext, nach_ort(kontext, lebende + beendete), beendete)) is not None:
        inhalte["kosten"] = Inhalt(kosten, kosten.satz)
    if a is not None and (plan := zeitplan(kontext, gruppen, a, stand)) is not None:
        inhalte["zeitplan"] = Inhalt(plan, klasse="quer" if sum(len(z) for _, z in plan.gruppen) > 8 else "")
    if (organe := organisation(kontext)) is not None:
        inhalte["organisation"] = Inhalt(organe)
    if anlaesse := tuple(anlass(kontext, i) for i in range(len(k.beteiligung))):
        inhalte["beteiligung"] = Inhalt(anlaesse)
    if (indikatoren := indikatorkapitel(kontext)) is not None:
        inhalte["wirkung"] = Inhalt(indikatoren, indikatoren.satz)
    frueher = grabsteine(kontext)
    if beendete or frueher:
        inhalte["beendet"] = Inhalt(
            Ende(tuple(steckbrief(kontext, m, a, stand, eintraege.get(m.id)) for m in beendete), frueher, ())
        )
    if fehlendes := luecken(kontext):
        inhalte["luecken"] = Inhalt(fehlendes)
    if verzeichnis := quellen(kontext):
        inhalte["quellen"] = Inhalt(verzeichnis, klasse="zusammen" if len(verzeichnis) <= 14 else "")
    herkunft = impressum(kontext, vorgaenger, ihk_version)
    if kuerzel := abkuerzungen(alle_texte(geladen)):
        inhalte["abkuerzungen"] = Inhalt(kuerzel)
    farbe = k.konzept.farbe
    return Bericht(
        kopf(kontext),
        umschlag(kontext),
        herkunft,
        abschnitte(kontext, inhalte),
        palette(farbe, druck=medium == "druck"),
        palette(farbe, dunkel=True),
    )
