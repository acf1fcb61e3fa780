"""The Kurzfassung: two to four pages for a council that has ten minutes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ihk import labels, sums
from ihk.model import Massnahme
from ihk.report.view.aenderung import Aenderungskapitel, Kennzahl
from ihk.report.view.blick import Blick
from ihk.report.view.deckblatt import antraege, beratung
from ihk.report.view.grund import (
    STRICH,
    Gruppe,
    Kontext,
    Link,
    Spalte,
    Tabelle,
    Zeile,
    Zelle,
    gross,
    jahre,
    status_wort,
    zahl,
)
from ihk.report.view.haushalt import haushalt, haushaltssatz, haushaltstabelle
from ihk.report.view.indikatoren import Indikatorkapitel, indikatorkapitel

WICHTIGE = 12
AENDERUNGEN = 5


@dataclass(frozen=True, slots=True)
class Kurz:
    satz: str
    kennzahlen: tuple[Kennzahl, ...]
    haushalt: Tabelle | None
    haushalt_satz: str
    folgekosten: str
    entscheidung_titel: str
    entscheidung: str
    beratung: Tabelle | None
    antraege: Tabelle | None
    wandel: Aenderungskapitel | None
    weitere: str
    """What the list of changes leaves out."""
    ziele: tuple[tuple[Link, tuple[Link, ...]], ...]
    wichtige: Tabelle | None
    wichtige_satz: str
    wirkung: str
    vorbehalte: tuple[str, ...]


def kurz(
    kontext: Kontext, ueberblick: Blick, wandel: Aenderungskapitel | None, massnahmen: tuple[Massnahme, ...]
) -> Kurz:
    """Everything that the Kurzfassung says, from the same data as the long version."""
    k = kontext.k
    h = haushalt(k, massnahmen)
    ziele = tuple(
        (kontext.link(z.id), tuple(kontext.link(t.id) for t in z.teilziele if not t.beendet)) for z in k.ziele if not z.beendet
    )  # fmt: skip
    messung: Indikatorkapitel | None = indikatorkapitel(kontext)
    wichtige, satz = _wichtige(kontext, massnahmen)
    return Kurz(
        satz=ueberblick.satz,
        kennzahlen=ueberblick.kennzahlen,
        haushalt=haushaltstabelle(kontext, h) if h else None,
        haushalt_satz=haushaltssatz(kontext, h) if h else f"Was die {kontext.massnahmen} kosten, ist nicht bekannt.",
        folgekosten=f"Dazu kommen nach der Fertigstellung Folgekosten von {labels.euro(h.folgekosten)} im Jahr; wer sie trägt, steht im Bericht bei {kontext.wort.mit('jeder', 'jedem')}."
        if h and h.folgekosten
        else "",
        entscheidung_titel=ueberblick.beschluss_titel,
        entscheidung=ueberblick.beschluss,
        beratung=beratung(kontext),
        antraege=antraege(kontext),
        wandel=groesste(wandel, AENDERUNGEN),
        weitere=weitere(wandel, AENDERUNGEN),
        ziele=ziele,
        wichtige=wichtige,
        wichtige_satz=satz,
        wirkung=messung.satz if messung else "",
        vorbehalte=vorbehalte(kontext, bool(h)),
    )


def groesste(wandel: Aenderungskapitel | None, zahl_: int) -> Aenderungskapitel | None:
    """The changes with the greatest effect on costs, in the order of the document."""
    if wandel is None or len(wandel.massnahmen) <= zahl_:
        return wandel
    auswahl = sorted(
        range(len(wandel.massnahmen)),
        key=lambda i: (-wandel.massnahmen[i].breite, wandel.massnahmen[i].art != "neu", i),
    )
    gezeigt = sorted(auswahl[:zahl_])
    return replace(wandel, massnahmen=tuple(wandel.massnahmen[i] for i in gezeigt), gleich="", andere=(), texte=())


def weitere(wandel: Aenderungskapitel | None, zahl_: int) -> str:
    """What the list leaves out."""
    n = len(wandel.massnahmen) - zahl_ if wandel else 0
    if n <= 0:
        return ""
    return f"Gezeigt sind die {zahl_} Änderungen mit der größten Wirkung auf die Kosten; {n} weitere nennt die Synopse."


def _wichtige(kontext: Kontext, massnahmen: tuple[Massnahme, ...]) -> tuple[Tabelle | None, str]:
    """Key measures, then those of high priority; without either all, if they are few."""
    lebende = [m for m in massnahmen if not m.beendet]
    wichtig = [m for m in lebende if m.schluesselmassnahme or m.prioritaet == "hoch"]
    if not wichtig:
        wichtig = lebende if len(lebende) <= WICHTIGE else []
    wichtig = sorted(wichtig, key=lambda m: not m.schluesselmassnahme)[:WICHTIGE]
    folge = [m for m in lebende if m in wichtig]
    if not folge:
        return None, ""
    zeilen = []
    for m in folge:
        stadt = sums.nach_geber(m.kosten).get("kommune", 0) if m.kosten else 0
        zeilen.append(Zeile((
            Zelle(kontext.link(m.id).text, zusatz=kontext.zeile(m.leitsatz)),
            Zelle(jahre(m)), Zelle(status_wort(m), status=m.status or "unbekannt"),
            _kosten(m), zahl(labels.euro(stadt) if stadt else STRICH),
        )))  # fmt: skip
    kopf = (
        Spalte(kontext.massnahme),
        Spalte("Zeitraum"),
        Spalte("Status"),
        Spalte("Kosten", True),
        Spalte("davon Kommune", True),
    )
    alle_gezeigt = len(folge) == len(lebende)
    titel = f"Die {kontext.massnahmen}" if alle_gezeigt else f"Die wichtigsten {kontext.massnahmen}"
    satz = "" if alle_gezeigt else _gezeigt(kontext.wort, len(folge), len(lebende))
    return Tabelle(titel, kopf, (Gruppe(tuple(zeilen)),), klasse="wichtige"), satz


def _kosten(m: Massnahme) -> Zelle:
    """What the measure costs; what stands in no total says so."""
    if m.kosten is None or m.kosten.gesamt is None:
        return zahl(STRICH)
    zelle = zahl(labels.euro(m.kosten.gesamt))
    return replace(zelle, zusatz="nachrichtlich") if sums.nur_nachrichtlich(m.kosten) else zelle


def _gezeigt(wort: labels.Wort, gezeigt: int, alle: int) -> str:
    """Why these stand in the table."""
    if gezeigt == 1:
        return f"1 von {alle} {wort.dativ} ist {wort.schluessel} oder hat hohe Priorität."
    return f"{gezeigt} von {alle} {wort.dativ} sind {wort.schluessel_viele} oder haben hohe Priorität."


def vorbehalte(kontext: Kontext, mit_kosten: bool) -> tuple[str, ...]:
    """What a decision on the concept does not decide; the author's sentences take the place of ours."""
    eigene = kontext.k.beschlussvorlage.vorbehalte if kontext.k.beschlussvorlage else ()
    if eigene:
        return tuple(str(kontext.zeile(v)) for v in eigene)
    saetze = []
    if mit_kosten:
        saetze += [
            "Die Beträge sind Schätzungen zum angegebenen Kosten- und Preisstand. Wer dem Konzept zustimmt, verpflichtet die Kommune damit nicht, das Geld auszugeben.",
            "Fördermittel sind erst sicher, wenn der Zuwendungsbescheid da ist; dass sie hier stehen, ersetzt ihn nicht.",
        ]
    saetze.append(
        f"Über {kontext.wort.mit('jede', 'jedes', 'jeden')}, {kontext.wort.form('die', 'das', 'der')} den Haushalt berührt, entscheidet das zuständige Gremium noch einmal einzeln."
    )
    if any(m.kosten and sums.nachrichtlich(m.kosten) for m in kontext.k.massnahmen):
        saetze.append("Kosten anderer Träger sind nur nachrichtlich genannt und in keiner Summe enthalten.")
    return tuple(gross(s) for s in saetze)
