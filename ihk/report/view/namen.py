"""Names of standard chapters and of the prose that fills them."""

from __future__ import annotations

from ihk.model.bestandteile import Kapitel, Konzept

# Standard chapters in printed order: id of the section, title, ids of prose that fill it (first one first).
STANDARD: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("vorwort", "Vorwort", ("vorwort", "grusswort")),
    ("blick", "Auf einen Blick", ("kurzfassung", "zusammenfassung")),
    ("aenderungen", "Was sich geändert hat", ("aenderungen",)),
    ("anlass", "Anlass und Verfahren", ("anlass", "aufgabe", "rechtsgrundlage", "verfahren")),
    ("gebiet", "Gebiet und Förderung", ("gebiet", "abgrenzung", "foerderung")),
    ("bilanz", "Bilanz", ("bilanz", "umsetzungsstand")),
    ("ausgangslage", "Ausgangslage", ("ausgangslage", "bestandsanalyse", "bestand", "analyse")),
    ("ziele", "Ziele", ("leitbild", "oberziel", "ziele", "zielsystem", "handlungsfelder", "querschnittsaufgaben")),
    ("massnahmen", "Maßnahmen", ("handlungsprogramm", "massnahmen", "massnahmenkonzept")),
    ("kosten", "Kosten und Finanzierung", ("finanzierung", "kosten", "kofi")),
    ("zeitplan", "Zeitplan", ("zeitplan",)),
    ("organisation", "Organisation", ("organisation", "steuerung", "verfuegungsfonds")),
    ("beteiligung", "Beteiligung", ("beteiligung",)),
    ("wirkung", "Wirkung", ("monitoring", "evaluation", "wirkung", "indikatoren")),
    ("verstetigung", "Verstetigung", ("verstetigung", "exit", "ausblick")),
    ("beendet", "Beendete Maßnahmen und Ziele", ()),
    ("luecken", "Was nicht bekannt ist", ()),
    ("abkuerzungen", "Abkürzungen", ("abkuerzungen", "glossar")),
    ("quellen", "Quellen", ("quellen",)),
)
# Chapters of other reports than the long one: title and prose.
WEITERE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("kurz", "Kurzfassung", ("kurzfassung", "zusammenfassung")),
    ("stand", "Stand der Umsetzung", ("umsetzungsstand",)),
    ("vorlage", "Beschlussvorlage", ()),
    ("uebersicht", "Änderungsübersicht", ()),
    ("pruefstand", "Stand der Prüfung", ()),
)
TITEL = {
    "rechtsgrundlage": "Rechtsgrundlage", "verfahren": "Verfahren", "abgrenzung": "Abgrenzung", "foerderung": "Förderung",
    "umsetzungsstand": "Umsetzungsstand", "bestandsanalyse": "Bestandsanalyse", "analyse": "Analyse", "bestand": "Bestand", "leitbild": "Leitbild",
    "oberziel": "Oberziel", "zielsystem": "Zielsystem", "handlungsfelder": "Zu den Handlungsfeldern", "steuerung": "Steuerung", "evaluation": "Evaluation",
    "querschnittsaufgaben": "Zu den Querschnittsaufgaben", "exit": "Exit-Strategie", "ausblick": "Ausblick", "verfuegungsfonds": "Verfügungsfonds",
    "monitoring": "Monitoring", "grusswort": "Grußwort", "aufgabe": "Aufgabe", "massnahmenkonzept": "Zu den Maßnahmen", "kofi": "Kosten- und Finanzierungsübersicht",
}  # fmt: skip


def mit_worten(titel: str, konzept: Konzept) -> str:
    """The name of a standard chapter with the words that the concept uses for its measures and fields."""
    return titel.replace("Maßnahmen", konzept.massnahmenwort.viele).replace("Handlungsfeldern", konzept.feldwort.dativ)


def kapitel_titel(kapitel: Kapitel, konzept: Konzept) -> str:
    """The author's title, else the name of the standard chapter, else the id."""
    standard = {ids[0]: titel for _, titel, ids in STANDARD if ids}
    eigener = TITEL.get(kapitel.id) or standard.get(kapitel.id)
    return kapitel.titel or (mit_worten(eigener, konzept) if eigener else kapitel.id)
