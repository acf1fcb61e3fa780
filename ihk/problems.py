"""A finding as data: place, code, severity, sentence and the way out; and the table of all codes.

Nothing here prints or exits. The code names a rule in ``REGELN``; codes are stable once published.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Schwere = Literal["fehler", "warnung", "hinweis"]
RANG: dict[Schwere, int] = {"fehler": 0, "warnung": 1, "hinweis": 2}


@dataclass(frozen=True, slots=True)
class Ort:
    """A place in a source file; line and column count from 1, the column in characters."""

    datei: str
    zeile: int = 1
    spalte: int = 1

    def __str__(self) -> str:
        return f"{self.datei}:{self.zeile}:{self.spalte}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. ``meldung`` is a full German sentence, ``hinweis`` says what to write instead."""

    ort: Ort
    code: str
    meldung: str
    hinweis: str = ""
    schwere: Schwere = "fehler"

    @property
    def sortierung(self) -> tuple[str, int, int, int, str, str]:
        return (self.ort.datei, self.ort.zeile, self.ort.spalte, RANG[self.schwere], self.code, self.meldung)


@dataclass(frozen=True, slots=True)
class Regel:
    """What a code stands for. ``grenze`` marks a limit of the program (exit code 2 instead of 1)."""

    titel: str
    erklaerung: str
    grenze: bool = False


class IhkError(Exception):
    """The command cannot go on: wrong call, missing or unreadable input, missing library (exit code 2)."""


class UmgebungError(IhkError):
    """A library or a shipped file is missing: no Fassung can be set, so the whole command ends."""


class GrenzeError(IhkError):
    """A limit of time or memory was hit: the Fassung is not set, the others are."""


class LoadError(IhkError):
    """A file cannot be read into the model; carries every finding."""

    def __init__(self, probleme: Iterable[Problem]) -> None:
        self.probleme = tuple(probleme)
        super().__init__("\n".join(p.meldung for p in self.probleme))


def problem(ort: Ort, code: str, meldung: str, hinweis: str = "", schwere: Schwere = "fehler") -> Problem:
    """A finding whose code is known; a code without an entry in ``REGELN`` is a bug."""
    assert code in REGELN, code
    return Problem(ort, code, meldung, hinweis, schwere)


def geordnet(probleme: Iterable[Problem]) -> tuple[Problem, ...]:
    """All findings by file, line and column, each once."""
    return tuple(sorted(set(probleme), key=lambda p: p.sortierung))


def kurz(text: str | None, laenge: int = 60) -> str:
    """An excerpt for a message: one line, at most ``laenge`` characters, nothing that moves a terminal's cursor."""
    zeile = " ".join((text or "").split())
    zeile = "".join(z if z.isprintable() else f"[U+{ord(z):04X}]" for z in zeile)
    return zeile if len(zeile) <= laenge else zeile[: laenge - 1] + "…"


_URSACHEN = {
    errno.ENOENT: "so etwas gibt es dort nicht. Namen und Ordner prüfen",
    errno.EACCES: "dafür fehlen die Rechte. Zugriffsrechte der Datei und ihres Ordners prüfen",
    errno.EPERM: "das ist hier nicht erlaubt. Zugriffsrechte der Datei und ihres Ordners prüfen",
    errno.EROFS: "der Datenträger ist schreibgeschützt. Einen anderen Ordner wählen",
    errno.ENOSPC: "auf dem Datenträger ist kein Platz mehr. Platz schaffen und den Befehl wiederholen",
    errno.EDQUOT: "der zugeteilte Speicherplatz ist verbraucht. Platz schaffen und den Befehl wiederholen",
    errno.EFBIG: "die Datei würde größer, als hier erlaubt ist. Die Grenze der Dateigröße anheben",
    errno.EIO: "der Datenträger meldet einen Fehler. Datenträger und Verbindung prüfen",
    errno.ENAMETOOLONG: "der Name ist zu lang. Einen kürzeren Namen oder Ordner wählen",
    errno.EISDIR: "das ist ein Ordner. Eine Datei nennen",
    errno.ENOTDIR: "ein Teil des Pfades ist kein Ordner. Den Pfad prüfen",
    errno.ELOOP: "die Verknüpfungen führen im Kreis. Den Verweis löschen",
    errno.EEXIST: "dort liegt schon etwas mit diesem Namen. Einen anderen Namen wählen",
    errno.ENOTEMPTY: "der Ordner ist nicht leer. Einen anderen Namen wählen",
    errno.EBUSY: "ein anderes Programm benutzt die Datei. Es schließen und den Befehl wiederholen",
    errno.EMFILE: "zu viele Dateien sind zugleich offen. Die Grenze offener Dateien anheben",
    errno.ENFILE: "zu viele Dateien sind zugleich offen. Andere Programme schließen",
    errno.ENOMEM: "der Arbeitsspeicher reicht nicht. Andere Programme schließen",
}


def ursache(fehler: OSError) -> str:
    """Why the system refused, in German and with the way out; the system's own words only where it says something rare."""
    return _URSACHEN.get(fehler.errno or 0) or os.strerror(fehler.errno or 0)


REGELN: dict[str, Regel] = {
    # ------------------------------------------------------------------ reading
    "DATEI-GROESSE": Regel("Datei zu groß", "Eine Datei darf höchstens 20 MB groß sein.", grenze=True),
    "DATEI-ART": Regel(
        "Keine lesbare Datei", "Gelesen werden nur gewöhnliche Dateien, keine Geräte oder Verweise ins Leere."
    ),
    "DATEI-DOPPELT": Regel("Zwei Formen einer Fassung", "Eine Fassung ist eine Datei oder ein Ordner, nicht beides."),
    "DATEI-KONFLIKT": Regel(
        "Offener Konflikt",
        "Zwei Bearbeitungen haben dasselbe verschieden geändert; bis eine gewählt ist, gilt die Datei nicht.",
    ),
    "ZEICHEN-KODIERUNG": Regel("Kein gültiges UTF-8", "Konzeptdateien sind in UTF-8 gespeichert."),
    "ZEICHEN-VERBOTEN": Regel(
        "Unsichtbares Steuerzeichen",
        "Steuerzeichen und Zeichen, die die Schreibrichtung umkehren, können Text anders aussehen lassen, als er ist.",
    ),
    "ZEICHEN-TABULATOR": Regel("Tabulator", "YAML erlaubt zum Einrücken nur Leerzeichen."),
    "YAML-AUFBAU": Regel("Aufbau nicht lesbar", "Einrückung, Klammern oder Anführungszeichen passen nicht zusammen."),
    "YAML-DOPPELPUNKT": Regel(
        "Doppelpunkt im Text",
        "Ein Doppelpunkt mit Leerzeichen trennt Schlüssel und Wert; Text damit steht in Anführungszeichen.",
    ),
    "YAML-ZEICHEN": Regel(
        "Sonderzeichen am Anfang",
        "Ein Wert, der mit @, %, ` oder einem anderen YAML-Zeichen beginnt, steht in Anführungszeichen.",
    ),
    "YAML-DOPPELT": Regel("Schlüssel doppelt", "Jeder Schlüssel steht in einem Abschnitt nur einmal."),
    "YAML-ANKER": Regel(
        "Anker oder Verweis",
        "Anker (&), Verweise (*) und Einmischungen (<<) sind nicht erlaubt: Jede Fassung steht für sich.",
    ),
    "YAML-TYP": Regel(
        "Typangabe", "Typangaben (!!) und Direktiven (%) sind nicht erlaubt: Der Typ ergibt sich aus dem Feld."
    ),
    "YAML-DOKUMENTE": Regel("Mehrere Dokumente", "Eine Datei enthält genau ein YAML-Dokument."),
    "YAML-SCHLUESSEL": Regel("Schlüssel ist kein Wort", "Schlüssel sind einfache Wörter."),
    "YAML-TIEFE": Regel("Zu tief verschachtelt", "Erlaubt sind 50 Ebenen.", grenze=True),
    "YAML-LEER": Regel(
        "Wert fehlt", "Ein Schlüssel ohne Wert sagt nichts; Unbekanntes steht mit Grund unter „unbekannt“."
    ),
    "YAML-WURZEL": Regel(
        "Kein Konzept", "Eine Konzeptdatei beginnt mit Schlüsseln wie „format“, „konzept“ und „fassung“."
    ),
    "TEXT-RAUTE": Regel("Text hinter # fällt weg", "Was nach Leerzeichen und # folgt, liest YAML als Kommentar."),
    "TEXT-FALTUNG": Regel(
        "Zeilen werden zusammengezogen",
        "Ein Block mit > oder ein Text ohne Block verbindet Zeilen; Listen gehen dabei verloren.",
    ),
    "TEXT-LAENGE": Regel("Text zu lang", "Ein einzelner Text darf höchstens 100 KB groß sein.", grenze=True),
    "ZAHL-ZERFALLEN": Regel(
        "Kommazahl zerfallen", "Zwischen { } und [ ] trennt das Komma; Kommazahlen stehen dort in Anführungszeichen."
    ),
    # ------------------------------------------------------------------ values and keys
    "WERT-GELD": Regel("Betrag nicht lesbar", "Beträge stehen in deutscher Schreibweise: 1.250.000,50 €."),
    "WERT-ZAHL": Regel("Zahl nicht lesbar", "Zahlen stehen in deutscher Schreibweise: 1.250,5."),
    "WERT-STELLEN": Regel("Zu viele Ziffern", "Eine Zahl darf höchstens 15 Ziffern haben.", grenze=True),
    "WERT-DATUM": Regel("Datum nicht lesbar", "Ein Tag steht als 31.12.2013 oder 2013-12-31."),
    "WERT-ZEITPUNKT": Regel(
        "Zeitangabe nicht lesbar", "Zeitangaben stehen als 2012, 03/2012, 2012-03, Q1 2012 oder 31.12.2012."
    ),
    "WERT-AUSWAHL": Regel("Wort nicht vorgesehen", "Das Feld kennt nur bestimmte Wörter."),
    "WERT-KENNUNG": Regel(
        "Kennung ungültig", "Kennungen bestehen aus ASCII-Buchstaben, Ziffern, Punkt, Strich und Unterstrich."
    ),
    "WERT-TEXT": Regel("Text erwartet", "Hier steht ein Text, keine Liste und kein Abschnitt."),
    "WERT-LISTE": Regel("Liste erwartet", "Hier steht eine Liste."),
    "WERT-ABSCHNITT": Regel("Abschnitt erwartet", "Hier stehen Schlüssel mit Werten."),
    "WERT-PUNKT": Regel("Koordinaten nicht lesbar", "Ein Punkt ist [Länge, Breite] in WGS 84 mit Dezimalpunkt."),
    "WERT-FORMAT": Regel("Format unbekannt", "Diese Version von ihk liest Format 1."),
    "FELD-UNBEKANNT": Regel(
        "Schlüssel unbekannt", "Ein Schlüssel, den das Format nicht kennt, würde nirgends gedruckt."
    ),
    "FELD-FEHLT": Regel(
        "Pflichtangabe fehlt",
        "Die Angabe gehört zu jedem solchen Eintrag; Unbekanntes steht mit Grund unter „unbekannt“.",
    ),
    # ------------------------------------------------------------------ checks across fields
    "ANGABE-FEHLT": Regel(
        "Angabe fehlt",
        "Träger, Status, Zeitraum und Kosten gehören zu jeder Maßnahme; bei einer beschlossenen Fassung ist die Lücke ein Fehler.",
    ),
    "ANGABE-UNBEKANNT": Regel(
        "Angabe ist unbekannt", "Eine erwartete Angabe steht unter „unbekannt“ und zählt als fehlend."
    ),
    "UNBEKANNT-UND-DA": Regel(
        "Zugleich bekannt und unbekannt", "Was angegeben ist, steht nicht auch unter „unbekannt“."
    ),
    "KENNUNG-DOPPELT": Regel("Kennung doppelt", "Kennungen sind über alle Arten von Objekten hinweg eindeutig."),
    "KENNUNG-ORDNER": Regel(
        "Kennung passt nicht zum Ort", "Unter concepts/ heißen Ordner und Datei wie Konzept und Fassung."
    ),
    "KENNUNG-NEU-BELEGT": Regel(
        "Kennung neu belegt", "Eine Kennung bezeichnet für immer dasselbe und wird nie wieder verwendet."
    ),
    "REIHENFOLGE-DATEI": Regel(
        "Reihenfolge ohne Wirkung",
        "„reihenfolge“ ordnet die Dateien eines Ordners; in einer einzigen Datei gilt, wie die Maßnahmen dort stehen.",
    ),
    "BEZUG-OFFEN": Regel(
        "Verweis führt ins Leere", "Jeder Verweis nennt die Kennung eines vorhandenen Objekts der passenden Art."
    ),
    "BEZUG-KREIS": Regel(
        "Kreis von Maßnahmen", "Eine Maßnahme kann nicht Teil ihrer selbst sein oder von sich abhängen."
    ),
    "ZIEL-OHNE": Regel(
        "Maßnahme ohne Ziel",
        "Jede Maßnahme dient mindestens einem Teilziel oder einer Querschnittsaufgabe (§ 171e Abs. 4 BauGB).",
    ),
    "ZEIT-FOLGE": Regel("Beginn nach Ende", "Ein Zeitraum beginnt, bevor er endet."),
    "ZEIT-FASSUNG": Regel("Stand vor dem Vorgänger", "Die Fassungen eines Konzepts folgen zeitlich aufeinander."),
    "GELD-NEGATIV": Regel("Negativer Betrag", "Kosten und Finanzierung sind nie negativ."),
    "GELD-FINANZIERUNG": Regel(
        "Finanzierung geht nicht auf",
        "Die Anteile ergeben die Gesamtkosten; eine Lücke ist mit „geber: offen“ erklärt.",
    ),
    "GELD-JAHRE": Regel("Jahresbeträge gehen nicht auf", "Die Jahresbeträge ergeben den Gesamtbetrag."),
    "GELD-ANTEIL": Regel("Teil größer als das Ganze", "Nicht zuwendungsfähige Kosten sind ein Teil der Gesamtkosten."),
    "GELD-OHNE-FINANZIERUNG": Regel("Keine Finanzierung", "Zu den Kosten ist nicht angegeben, wer sie trägt."),
    "GELD-DACH": Regel(
        "Teile größer als das Gesamtvorhaben", "Die Kosten der Teile sind in den Kosten des Gesamtvorhabens enthalten."
    ),
    "FORT-VERSCHWUNDEN": Regel(
        "Kennung der Vorfassung fehlt",
        "Jede Kennung der Vorfassung ist weiterhin da: fortgeführt, mit Grund beendet oder als früher beendet geführt.",
    ),
    "FORT-GRUND": Regel("Grund fehlt", "Was endet, ruht oder in anderem aufgeht, nennt in „begruendung“ den Grund."),
    "FORT-VORGAENGER": Regel(
        "Vorgänger passt nicht", "Eine Fortschreibung nennt ihre Vorfassung; die Kette hat keinen Kreis."
    ),
    "BESCHLUSS-OFFEN": Regel(
        "Beschluss unvollständig", "Eine beschlossene Fassung nennt Gremium, Datum und Vorlage der Entscheidung."
    ),
    "SIEGEL-GEBROCHEN": Regel(
        "Versiegelte Fassung geändert",
        "Eine beschlossene und versiegelte Fassung bleibt, wie sie ist; Änderungen stehen in einer neuen Fassung.",
    ),
    "SIEGEL-VERWAIST": Regel(
        "Versiegelte Fassung fehlt",
        "Eine beschlossene und versiegelte Fassung bleibt im Bestand, auch wenn ihr andere folgen.",
    ),
    "SIEGEL-DATEI": Regel(
        "Siegelregister nicht lesbar",
        "Das Register .ihk/siegel.json schreibt nur „ihk seal“; ungelesen schützt es nichts.",
    ),
    "VERMERK-DATEI": Regel(
        "Prüfvermerke nicht lesbar",
        "Die Vermerke .ihk/pruefvermerke.json schreibt nur „ihk review“; ungelesen gälte Geprüftes als ungeprüft.",
    ),
    "BELEG-FEHLT": Regel("Quelle fehlt", "Angaben über einen wirklichen Ort nennen ihre Quelle in „belege“."),
    "TITEL-LANG": Regel("Langer Titel ohne Kurztitel", "Tabellen brauchen ab 45 Zeichen einen „kurztitel“."),
    "TEXT-VERWEIS": Regel("Verweis im Text führt ins Leere", "[M07] im Text nennt eine Kennung des Konzepts."),
    "TEXT-FUSSNOTE": Regel(
        "Fußnote unvollständig",
        "Eine Fußnote hat einen Ruf im Text und eine Zeile mit ihrem Wortlaut. Fehlt eines von beiden, würde sie nicht gedruckt.",
    ),
    "TEXT-MARKDOWN": Regel(
        "Im Text nicht erlaubt",
        "Erlaubt sind Absätze, Listen, Tabellen, Hervorhebungen und Links; kein HTML und keine fremden Bilder.",
    ),
    "BILD-DATEI": Regel(
        "Bild nicht lesbar", "Bilder liegen als PNG, JPEG, WebP oder SVG beim Konzept und haben einen Alternativtext."
    ),
    "KARTE-DATEI": Regel(
        "Grenze nicht lesbar",
        "Die Grenze des Gebiets liegt als GeoJSON in WGS 84 beim Konzept: Polygon oder MultiPolygon, höchstens 2 MB und 20.000 Punkte.",
    ),
    "KARTE-LAGE": Regel(
        "Punkt weit außerhalb",
        "Ein Punkt weit außerhalb des Gebiets ist meist ein Zahlendreher; er wird nicht gezeichnet.",
    ),
    "SCHRIFT-ZEICHEN": Regel(
        "Zeichen fehlt in der Schrift", "Das Zeichen hat keine der mitgelieferten Schriften; gedruckt wird sein Code."
    ),
    "SCHRIFT-DATEI": Regel(
        "Schriftdatei nicht verwendbar",
        "Eine Hausschrift liegt als statische TrueType-Datei beim Konzept, darf eingebettet werden und ist höchstens 5 MB groß.",
    ),
    "GELD-DOPPELT": Regel("Betrag und Anteil", "Ein Geldgeber hat einen Betrag oder einen Anteil, nicht beides."),
    "GELD-ZUWENDUNGSFAEHIG": Regel(
        "Kosten gehen nicht auf", "Gesamtkosten = zuwendungsfähige + nicht zuwendungsfähige Kosten (Abgleich R2)."
    ),
    "GELD-BEMESSUNG": Regel(
        "Anteile gehen nicht auf",
        "Bund + Land + Kommune = Bemessungsgrundlage = zuwendungsfähige Kosten − Einnahmen (Abgleich R3).",
    ),
    "GELD-FOERDERSATZ": Regel(
        "Unüblicher Fördersatz",
        "Die Anteile weichen von denen ab, die das Verzeichnis für das Land nennt (Abgleich R3).",
    ),
    "GELD-EIGENANTEIL": Regel(
        "Eigenanteil zu klein", "Manche Länder verlangen einen Mindestanteil der Kommune (Abgleich R10)."
    ),
    "GELD-BEWILLIGUNG": Regel(
        "Bewilligung geht nicht auf", "Ausgezahlt ≤ bewilligt ≤ beantragt ≤ geplante Zuwendung (Abgleich R8)."
    ),
    "GELD-OBERGRENZE": Regel(
        "Förderobergrenze überschritten",
        "Alle Zuwendungen zusammen bleiben unter der Förderobergrenze der Gesamtmaßnahme (Abgleich R9).",
    ),
    "BEWILLIGUNG-VERFAELLT": Regel(
        "Bewilligung verfällt", "Fördermittel, die bis zum genannten Tag nicht abgerufen sind, verfallen."
    ),
    "PROGRAMM-UNBEKANNT": Regel(
        "Programm nicht im Verzeichnis", "Das Verzeichnis der Förderprogramme kennt Namen, Laufzeit und Nachfolger."
    ),
    "PROGRAMM-LAUFZEIT": Regel(
        "Programm lief noch nicht", "Geld kommt aus einem Programm, das es zu Beginn der Maßnahme noch nicht gab."
    ),
    "PREISSTAND-ALT": Regel("Alter Preisstand", "Baupreise steigen; eine alte Schätzung ist zu niedrig."),
    "SUMME-ERWARTET": Regel(
        "Erwartete Summe stimmt nicht", "Unter „erwartet“ stehen von Hand geschriebene Summen nur zur Probe."
    ),
    "SEITEN-ZUVIEL": Regel(
        "Zu viele Seiten",
        "Manche Berichte dürfen nur eine bestimmte Zahl von Seiten haben, etwa 25 beim Antrag in Nordrhein-Westfalen.",
    ),
    "GELD-NUR-NACHRICHTLICH": Regel(
        "Nur nachrichtlich", "Kosten anderer Träger werden gezeigt, zählen aber in keiner Summe des Konzepts."
    ),
    "TRAEGER-VEREINBARUNG": Regel(
        "Vereinbarung fehlt",
        "Ein privater Träger erhält Zuwendungen über einen Vertrag mit der Kommune; ohne ihn ist das Geld nicht gesichert.",
    ),
    "TRAEGER-ABSTIMMUNG": Regel(
        "Änderung nicht abgestimmt",
        "Ändert sich, was ein anderer öffentlicher Aufgabenträger tun soll, ist das unverzüglich mit ihm abzustimmen.",
    ),
    "ZIELE-FEHLEN": Regel(
        "Kein Ziel genannt", "Ein Konzept nennt Ziele und Maßnahmen; wofür etwas geschieht, gehört dazu."
    ),
    "TEILZIEL-OHNE-MASSNAHME": Regel("Teilziel ohne Maßnahme", "Einem Ziel, dem nichts dient, fehlt der Weg."),
    "TEILZIEL-NUR-QUERSCHNITT": Regel(
        "Teilziel nur mit Querschnittsaufgaben", "Querschnittsaufgaben allein erreichen selten ein Ziel."
    ),
    "TEILZIEL-OHNE-INDIKATOR": Regel(
        "Teilziel ohne Indikator", "Ohne Messung bleibt offen, ob ein Ziel erreicht wird."
    ),
    "HANDLUNGSFELD-LEER": Regel(
        "Handlungsfeld ohne Maßnahme", "Ein leeres Handlungsfeld wird als Überschrift ohne Inhalt gedruckt."
    ),
    "LAND-ZUORDNUNG": Regel(
        "Zuordnung zum Land fehlt", "Manche Länder ordnen ihre Förderung nach eigenen Handlungsfeldern."
    ),
    "KLIMA-FEHLT": Regel(
        "Keine Maßnahme zum Klima",
        "Maßnahmen zu Klimaschutz und Klimaanpassung sind seit 2020 Voraussetzung der Förderung.",
    ),
    "ZEIT-UEBERFAELLIG": Regel(
        "Status passt nicht zur Zeit", "Verglichen wird mit dem Stand der Fassung, nicht mit dem heutigen Tag."
    ),
    "ZEIT-AUSSERHALB": Regel(
        "Außerhalb des Zeitraums",
        "Maßnahmen liegen im Zeitraum der Fassung (§ 142 Abs. 3 BauGB nennt die Frist der Satzung).",
    ),
    "ABHAENGIG-SPAETER": Regel(
        "Wartet auf Späteres", "Eine Maßnahme kann nicht beginnen, bevor fertig ist, wovon sie abhängt."
    ),
    "STATUS-ENDE": Regel(
        "Fertiges wird wieder offen", "Abgeschlossen bleibt abgeschlossen; danach kommt nur noch verstetigt."
    ),
    "STATUS-ZURUECK": Regel("Status geht zurück", "Ein Rückschritt braucht einen Grund."),
    "NEU-FERTIG": Regel("Neu und schon fertig", "Eine neue Maßnahme beginnt selten als abgeschlossene."),
    "BAU-LETZTES-JAHR": Regel(
        "Bau im letzten Jahr", "Im letzten Programmjahr wird abgerechnet, nicht gebaut (Nordrhein-Westfalen)."
    ),
    "BILANZ-FEHLT": Regel(
        "Bilanz fehlt",
        "Zu jeder Maßnahme der Vorfassung gehört, was aus ihr geworden ist; in einer beschlossenen Fassung ist die Lücke ein Fehler.",
    ),
    "FORT-KOSTEN": Regel(
        "Kostensprung ohne Grund", "Ändern sich Kosten um mehr als ein Fünftel, fragt der Rat nach dem Grund."
    ),
    "FORT-OHNE-GRUND": Regel(
        "Wesentliche Änderung ohne Grund",
        "Was sich gegenüber der Vorfassung wesentlich ändert, nennt in „begruendung“ oder unter „aenderungen“ den Grund; ein Rückschritt erst recht.",
    ),
    "FORT-PRIORITAET": Regel("Priorität ohne Grund geändert", "Eine andere Priorität braucht einen Grund."),
    "FORT-FAST-NEU": Regel(
        "Fast ein neues Konzept", "Sind mehr als die Hälfte der Kennungen neu, lässt sich kaum noch vergleichen."
    ),
    "KOSTEN-IST-FEHLT": Regel("Tatsächliche Kosten fehlen", "Was fertig ist, nennt seine wirklichen Kosten."),
    "ENDE-IST-FEHLT": Regel("Tatsächliches Ende fehlt", "Was abgeschlossen ist, nennt, seit wann."),
    "INDIKATOR-STEHT": Regel(
        "Reihe nicht fortgeführt", "Ein Indikator ohne neuen Wert zeigt nicht, ob sich etwas ändert."
    ),
    "ANTRAEGE-FEHLEN": Regel(
        "Änderungen des Rates fehlen", "Wer mit Änderungen beschließt, will sie nachlesen können."
    ),
    "BESCHLUSS-VOR-STAND": Regel(
        "Beschluss vor dem Stand", "Beschlossen wird, was vorliegt; spätere Daten hat niemand beschlossen."
    ),
    "BETEILIGUNG-FEHLT": Regel(
        "Keine Beteiligung genannt", "Die Betroffenen sind auch an der Fortschreibung zu beteiligen (§ 137 BauGB)."
    ),
    "GEBIET-OHNE-BESCHLUSS": Regel(
        "Gebiet ohne Beschluss geändert", "Das Gebiet wird durch Beschluss festgelegt (§ 171e Abs. 3 BauGB)."
    ),
    "GEBIET-FLAECHE-TEXT": Regel("Zwei Größen des Gebiets", "Text und Daten nennen dieselbe Fläche."),
    "TEXT-PERSON": Regel(
        "Angaben zu einer Person", "Ein öffentliches Konzept nennt Stellen, keine Personen (§ 138 Abs. 2 BauGB)."
    ),
    "TEXT-BETRAG": Regel("Betrag steht nur im Text", "Ein abgetippter Betrag veraltet, wenn sich die Daten ändern."),
    "FARBE-UNLESBAR": Regel(
        "Farbe nicht lesbar", "Die Farbe des Berichts steht als #rrggbb; Kontraste werden daraus berechnet."
    ),
    "AUSNAHME-REGEL": Regel(
        "Ausnahme ohne gültige Regel", "Ausgenommen wird nur, was es gibt und was Ermessen zulässt."
    ),
    "AUSNAHME-ABGELAUFEN": Regel(
        "Ausnahme abgelaufen", "Eine Ausnahme gilt bis zu einem Tag; danach zählt der Befund wieder."
    ),
    "AUSNAHME-UNNOETIG": Regel("Ausnahme trifft nichts", "Ein Eintrag, der nichts bewirkt, verwirrt."),
}
