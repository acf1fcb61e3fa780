"""The Beschlussvorlage: the blocks of a council paper, filled from the concept and its comparison with the predecessor."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from ihk import labels
from ihk.model import Konzeptfassung, Massnahme
from ihk.report.prose import LEER
from ihk.report.view.aenderung import Aenderungskapitel
from ihk.report.view.deckblatt import antraege, beratung, entscheidung, fassung_titel
from ihk.report.view.grund import Fakt, Kontext, Tabelle, anzahl, anzahl_von
from ihk.report.view.haushalt import haushalt, haushaltssatz, haushaltstabelle
from ihk.report.view.kurz import groesste, vorbehalte, weitere
from ihk.report.view.namen import kapitel_titel

AENDERUNGEN = 10


@dataclass(frozen=True, slots=True)
class Vorlage:
    fakten: tuple[Fakt, ...]
    beratung: Tabelle | None
    antraege: Tabelle | None
    vorschlag: tuple[Markup | str, ...]
    vorschlag_eigen: bool
    """Written by the author; otherwise the usual sentences stand there."""
    sachverhalt: Markup | None
    wandel: Aenderungskapitel | None
    wandel_satz: str
    weitere: str
    haushalt: Tabelle | None
    haushalt_satz: str
    folgekosten: str
    klima: Markup
    beteiligung: Markup
    vorbehalte: tuple[str, ...]
    anlagen: tuple[Markup | str, ...]


def vorlage(kontext: Kontext, wandel: Aenderungskapitel | None, massnahmen: tuple[Massnahme, ...]) -> Vorlage:
    """The paper; what only an author can say is asked for where it is missing."""
    k = kontext.k
    v = k.beschlussvorlage
    schritt = entscheidung(kontext)
    h = haushalt(k, massnahmen)
    betreff = (v.betreff if v else None) or f"{k.konzept.titel}: {fassung_titel(kontext)}"
    fakten = [
        Fakt("Vorlage", schritt.vorlage or "" if schritt else "", unbekannt=not (schritt and schritt.vorlage)),
        Fakt("Betreff", betreff),
        Fakt(
            "Behandlung",
            "" if v is None else "öffentlich" if v.oeffentlich else "nicht öffentlich",
            unbekannt=v is None,
        ),
        Fakt("Art", (v.art if v else None) or "Beschlussvorlage"),
        Fakt("Federführung", (v.federfuehrung if v else None) or "", unbekannt=not (v and v.federfuehrung)),
        Fakt(
            "Stand der Daten",
            labels.zeitpunkt(k.fassung.stand) if k.fassung.stand else "",
            unbekannt=not k.fassung.stand,
        ),
    ]
    eigene = tuple(kontext.zeile(s) for s in v.vorschlag) if v else ()
    return Vorlage(
        fakten=tuple(fakten),
        beratung=beratung(kontext),
        antraege=antraege(kontext),
        vorschlag=eigene or _vorschlag(kontext, wandel),
        vorschlag_eigen=bool(eigene),
        sachverhalt=kontext.prosa(v.sachverhalt, 4) if v and v.sachverhalt else kontext.prosa(k.fassung.anlass, 4),
        wandel=groesste(wandel, AENDERUNGEN),
        weitere=weitere(wandel, AENDERUNGEN),
        wandel_satz=wandel.satz if wandel else "",
        haushalt=haushaltstabelle(kontext, h) if h else None,
        haushalt_satz=haushaltssatz(kontext, h) if h else _ohne_kosten(k),
        folgekosten=f"Nach der Fertigstellung entstehen Folgekosten von {labels.euro(h.folgekosten)} im Jahr; wer sie trägt, steht bei {kontext.wort.mit('jeder', 'jedem')}." if h and h.folgekosten else "",
        klima=kontext.prosa(v.klima if v and v.klima else _klima(kontext), 4) or LEER,
        beteiligung=kontext.prosa(v.beteiligung if v and v.beteiligung else _beteiligung(kontext), 4) or LEER,
        vorbehalte=vorbehalte(kontext, bool(h)),
        anlagen=tuple(kontext.zeile(a) for a in v.anlagen) if v and v.anlagen else _anlagen(kontext, wandel),
    )  # fmt: skip


def _vorschlag(kontext: Kontext, wandel: Aenderungskapitel | None) -> tuple[str, ...]:
    k = kontext.k
    stand = f" mit dem Stand {labels.zeitpunkt(k.fassung.stand)}" if k.fassung.stand else ""
    was = fassung_titel(kontext)
    saetze = [f"Das Konzept „{k.konzept.titel}“ wird in der Fassung „{was}“{stand} beschlossen."]
    if k.fassung.art in ("fortschreibung", "abschluss") and any(m.bilanz for m in k.massnahmen):
        saetze.insert(0, f"Die Bilanz der bisherigen {kontext.massnahmen} wird zur Kenntnis genommen.")
    if wandel is not None and wandel.massnahmen:
        saetze.append("Die Änderungen gegenüber der Vorfassung werden so beschlossen, wie die Synopse sie nennt.")
    saetze.append(f"Über {kontext.massnahmen}, die den Haushalt berühren, wird einzeln entschieden.")
    return tuple(saetze)


def _ohne_kosten(k: Konzeptfassung) -> str:
    """Nobody knows what the measures cost: that is said, and where more can be read."""
    kapitel = next((x for x in k.kapitel if x.id == "finanzierung" and x.text), None)
    mehr = f" Was bekannt ist, steht im Kapitel „{kapitel_titel(kapitel, k.konzept)}“." if kapitel else ""
    return f"Was die einzelnen {k.konzept.massnahmenwort.viele} kosten, ist nicht bekannt.{mehr}"


def _klima(kontext: Kontext) -> str:
    mit = [m for m in kontext.k.massnahmen if m.klimawirkung and not m.beendet]
    if not mit:
        return "Dazu ist nichts angegeben."
    namen = ", ".join(f"[{m.id}]" for m in mit[:8]) + (" und weitere" if len(mit) > 8 else "")
    wirken = "wirkt" if len(mit) == 1 else "wirken"
    return f"Auf Klimaschutz oder Klimaanpassung {wirken} {anzahl_von(len(mit), kontext.wort)}: {namen}."


def _beteiligung(kontext: Kontext) -> str:
    anlaesse = [b.titel or b.form or "" for b in kontext.k.beteiligung]
    genannt = [a for a in anlaesse if a]
    if not genannt:
        if grund := kontext.k.unbekannt.get("beteiligung"):
            return f"Nicht bekannt: {grund}"
        return "Dazu ist nichts angegeben."
    return f"Beteiligt wurde bei {anzahl(len(genannt), 'Anlass', 'Anlässen')}: {', '.join(genannt)}."


def _anlagen(kontext: Kontext, wandel: Aenderungskapitel | None) -> tuple[str, ...]:
    anlagen = [f"{kontext.k.konzept.titel}, {fassung_titel(kontext)} (Bericht)", "Kurzfassung"]
    if wandel is not None:
        anlagen.append("Synopse der Änderungen")
    return tuple(anlagen)
