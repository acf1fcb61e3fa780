"""A strict YAML reader: bytes become a tree of text in which every key and item knows its line and column.

Only the structure of YAML is used, never its types: scalars stay text, letter by letter. What YAML would drop, bend
or guess is a finding. The tree is read from PyYAML's C event stream, so no constructor of a library ever runs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Union

import yaml

from ihk.characters import VERBOTEN
from ihk.problems import Ort, Problem, kurz, problem

if TYPE_CHECKING:
    from yaml.error import Mark

GROESSE = 20 * 1024 * 1024
EBENEN = 50
TEXT = 100 * 1024
# After this many findings in one file the rest is counted only: a picture renamed to .yaml has a million.
MELDUNGEN = 200
# Stands in for a refused character, so that the places behind it stay right and reading goes on.
ERSATZ = "\ufffd"
# Stands in for a refused key: no text can contain it. What belongs to it is read and dropped, not reported once more.
OHNE_SCHLUESSEL = "\0"
# Repairing and reading again finds the next mistake; the product of both bounds the time for large files.
REPARATUREN = 40
REPARATUR_ZEICHEN = 8_000_000

Knoten = Union["Mapping", "Sequence", str]


class Mapping(dict[str, Knoten]):
    """Keys in file order. ``at[key]`` is (line, column of the key, line, column of the value), from 1."""

    __slots__ = ("at", "datei", "spalte", "verworfen", "zeile")

    def __init__(self, datei: str, zeile: int, spalte: int) -> None:
        super().__init__()
        self.datei, self.zeile, self.spalte = datei, zeile, spalte
        self.at: dict[str, tuple[int, int, int, int]] = {}
        # Keys whose value was refused with a finding: they must not be reported as missing as well.
        self.verworfen: set[str] = set()


class Sequence(list[Knoten]):
    """Items in file order. ``at[i]`` is (line, column), from 1; ``flow`` tells ``[a, b]`` from a block list."""

    __slots__ = ("at", "datei", "flow", "spalte", "zeile")

    def __init__(self, datei: str, zeile: int, spalte: int) -> None:
        super().__init__()
        self.datei, self.zeile, self.spalte = datei, zeile, spalte
        self.at: list[tuple[int, int]] = []
        self.flow = False


@dataclass(frozen=True, slots=True)
class Ereignis:
    """One step through the text for those who edit it: what begins or stands here, and from where to where.

    Places are (line, column) from 0, as they are in the text that ``decode`` returns.
    """

    art: Literal["abbildung", "liste", "skalar", "ende"]
    von: tuple[int, int]
    bis: tuple[int, int]
    flow: bool = False
    stil: str = ""
    """Of a scalar: ``'``, ``"``, ``|``, ``>``; empty if it is plain."""
    wert: str = ""


@dataclass(slots=True)
class Gelesen:
    """The tree of one file (None if it has no usable root) and everything noticed while reading it."""

    wurzel: Mapping | None
    probleme: list[Problem] = field(default_factory=list)


VERBOTEN_ODER_TAB = re.compile(VERBOTEN.pattern[:-1] + "\t]")
NAMEN = {
    0: "NUL",
    0x1B: "Escape",
    0x202E: "Umkehrung der Schreibrichtung",
    0xFEFF: "BOM",
    0x200B: "Leerzeichen ohne Breite",
}
# Lines that a merge leaves around two values (ours stand in comments, those of git do not).
KONFLIKT = re.compile(r"^[ -]*(?:# )?(?:(<{7})|(>{7}))(?: |$)", re.MULTILINE)
KOMMENTAR_OHNE_LEERZEICHEN = re.compile(r":?[ ]+(#+)(?=[^\s#!/=*-])")
KOMMENTAR_AM_WERT = re.compile(r"(#)")
UEBLICH = bytes(n for n in range(128) if VERBOTEN_ODER_TAB.search(chr(n)) is None)
"""ASCII that may stand anywhere."""
ASCII = bytes(range(128))
BLOCKKOPF = re.compile(r"[|>][-+0-9]*(#)")
LISTENZEILE = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+\S")
NULLWORT = {"~", "null", "Null", "NULL"}
ZIFFERN = re.compile(r"-?\d{1,3}(?:\.\d{3})*|-?\d+")
NACHKOMMA = re.compile(r"\d+(?:\s*(?:€|EUR|Euro|%|(?:Mio|Mrd|Tsd)\.\s*(?:€|Euro)|ha))?")
BINDUNG = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{5,}")


def decode(daten: bytes, datei: str) -> tuple[str, list[Problem]]:
    """Strict UTF-8 (with or without BOM) with LF line ends; bad bytes and characters become findings."""
    probleme: list[Problem] = []
    if daten[:2] in (b"\xff\xfe", b"\xfe\xff"):
        ort = Ort(datei)
        return "", [
            problem(ort, "ZEICHEN-KODIERUNG", "Die Datei ist in UTF-16 gespeichert.", "Im Editor als UTF-8 speichern.")
        ]
    text = daten.decode("utf-8", errors="surrogateescape")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text += "" if text.endswith("\n") or not text else "\n"  # a last line without line end is a line all the same
    if "<<<<<<<" in text or ">>>>>>>" in text:
        text, probleme = _konflikte(text, datei)
    # Which characters there are besides the usual ones is found much faster than one of those that must not be.
    seltene = text.encode("utf-8", errors="surrogateescape").translate(None, UEBLICH)
    if VERBOTEN_ODER_TAB.search("".join(set(seltene.decode("utf-8", errors="surrogateescape")))) is None:
        return text, probleme
    gemeldet, ab = 0, None
    for zeile_nr, zeile in enumerate(text.split("\n"), 1):
        arten: set[str] = set()
        for treffer in VERBOTEN_ODER_TAB.finditer(zeile):
            zeichen = treffer.group()
            art = "tab" if zeichen == "\t" else "byte" if "\udc80" <= zeichen <= "\udcff" else "steuer"
            if art in arten:
                continue
            arten.add(art)
            gemeldet += 1
            ort = Ort(datei, zeile_nr, treffer.start() + 1)
            if gemeldet > MELDUNGEN:
                ab = ab or ort
                continue
            if art == "tab":
                probleme.append(
                    problem(ort, "ZEICHEN-TABULATOR", "Hier steht ein Tabulator.", "Durch Leerzeichen ersetzen.")
                )
            elif art == "byte":
                hinweis = "Im Editor „Speichern mit Kodierung UTF-8“ wählen"
                cp1252 = bytes([ord(zeichen) - 0xDC00]).decode("cp1252", errors="replace")
                vermutung = (
                    f"; die Datei ist wahrscheinlich in Windows-1252 gespeichert („{cp1252}“)."
                    if cp1252.isalpha()
                    else "."
                )
                probleme.append(
                    problem(ort, "ZEICHEN-KODIERUNG", "Dieses Byte ist kein gültiges UTF-8.", hinweis + vermutung)
                )
            else:
                probleme.append(_verboten(ort, zeichen, ""))
    if ab is not None:
        mehr = gemeldet - MELDUNGEN
        was = f"{mehr} weitere Zeichen sind" if mehr > 1 else "Ein weiteres Zeichen ist"
        probleme.append(
            problem(
                ab,
                "ZEICHEN-VERBOTEN",
                f"Ab hier: {was} nicht erlaubt und nicht einzeln aufgeführt.",
                "Ist das eine Textdatei?",
            )
        )
    return VERBOTEN.sub(ERSATZ, text).replace("\t", " "), probleme


def _konflikte(text: str, datei: str) -> tuple[str, list[Problem]]:
    """A finding for each conflict that is still in the file; git's own marks are masked, so that reading goes on."""
    stellen = list(KONFLIKT.finditer(text))
    anfaenge = [s for s in stellen if s[1]]
    # The end of a conflict belongs to its start; alone it is what somebody forgot to delete.
    gezeigt = anfaenge if len(anfaenge) * 2 == len(stellen) else stellen
    probleme = []
    for stelle in gezeigt[:MELDUNGEN]:
        zeile = text.count("\n", 0, stelle.start()) + 1
        spalte = stelle.start(1 if stelle[1] else 2) - stelle.start() + 1
        probleme.append(
            problem(
                Ort(datei, zeile, spalte),
                "DATEI-KONFLIKT",
                "Hier stehen zwei Bearbeitungen, die sich widersprechen und noch nicht entschieden sind."
                if stelle[1]
                else "Hier steht noch das Ende eines Konflikts.",
                "Eine Angabe behalten; die andere und die Zeilen mit <<<<<<<, ======= und >>>>>>> löschen.",
            )
        )
    if stellen:
        text = re.sub(r"^(?:<{7}|={7}|>{7}|\|{7})(?= |$)", lambda t: "#" + t[0][1:], text, flags=re.MULTILINE)
    return text, probleme


def _verboten(ort: Ort, zeichen: str, zusatz: str) -> Problem:
    code = ord(zeichen)
    name = NAMEN.get(code) or unicodedata.name(zeichen, "Steuerzeichen" if code < 0xA0 else "kein Schriftzeichen")
    return problem(
        ort, "ZEICHEN-VERBOTEN", f"Das Zeichen U+{code:04X} ({name}) ist nicht erlaubt{zusatz}.", "Zeichen löschen."
    )


def read(daten: bytes, datei: str) -> Gelesen:
    """Read one YAML file. Never raises for bad input; the findings say what is wrong and where."""
    if len(daten) > GROESSE:
        meldung = f"Die Datei hat {len(daten) / 1048576:.1f} MB; erlaubt sind 20 MB.".replace(".", ",", 1)
        return Gelesen(
            None,
            [
                problem(
                    Ort(datei), "DATEI-GROESSE", meldung, "Die Fassung als Ordner mit einer Datei je Maßnahme anlegen."
                )
            ],
        )
    text, probleme = decode(daten, datei)
    if probleme and not text:
        return Gelesen(None, probleme)
    return _parse(text, datei, probleme)


def read_kapitel(daten: bytes, datei: str, kennung: str) -> Gelesen:
    """Read ``kapitel/<id>.md``: optional YAML head between ``---`` lines, then Markdown; a first ``# `` line is the title."""
    if len(daten) > GROESSE:
        return read(daten, datei)
    text, probleme = decode(daten, datei)
    zeilen = text.split("\n")
    wurzel = Mapping(datei, 1, 1)
    beginn = 0
    if zeilen[0].rstrip() == "---" and (
        ende := next((n for n, z in enumerate(zeilen[1:], 1) if z.rstrip() == "---"), None)
    ):
        # Blank first line: the places inside the head stay those of the file.
        kopf = _parse("\n" + "\n".join(zeilen[1:ende]), datei, [])
        probleme += kopf.probleme
        wurzel = kopf.wurzel or wurzel
        beginn = ende + 1
    while beginn < len(zeilen) and not zeilen[beginn].strip():
        beginn += 1
    if beginn < len(zeilen) and zeilen[beginn].startswith("# ") and "titel" not in wurzel:
        wurzel["titel"] = zeilen[beginn][2:].strip()
        wurzel.at["titel"] = (beginn + 1, 1, beginn + 1, 3)
        beginn += 1
    inhalt = "\n".join(zeilen[beginn:]).strip("\n")
    if "id" not in wurzel:
        wurzel["id"] = kennung
        wurzel.at["id"] = (1, 1, 1, 1)
    if not inhalt.strip():
        probleme.append(
            problem(
                Ort(datei, max(1, min(beginn + 1, len(zeilen) - 1))),  # not behind the last line
                "YAML-LEER",
                "Das Kapitel hat keinen Text.",
                "Text schreiben oder die Datei löschen.",
            )
        )
        wurzel.verworfen.add("text")
    else:
        if len(inhalt) > TEXT // 4 and len(inhalt.encode()) > TEXT:
            probleme.append(_zu_lang(Ort(datei, beginn + 1), inhalt))
        wurzel["text"] = unicodedata.normalize("NFC", inhalt)
        wurzel.at["text"] = (beginn + 1, 1, beginn + 1, 1)
    return Gelesen(wurzel, probleme)


def ereignisse(text: str) -> Iterator[Ereignis]:
    """The structure of a text that ``read`` finds no error in, with the ends of things, which the tree does not keep."""
    naechstes = yaml.CSafeLoader(text).get_event
    while True:
        e: Any = naechstes()
        art = type(e)
        if art is yaml.StreamEndEvent:
            return
        if art in (yaml.StreamStartEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent):
            continue
        von, bis = (e.start_mark.line, e.start_mark.column), (e.end_mark.line, e.end_mark.column)
        if art is yaml.ScalarEvent:
            yield Ereignis("skalar", von, bis, stil=e.style or "", wert=e.value)
        elif art is yaml.MappingStartEvent:
            yield Ereignis("abbildung", von, bis, bool(e.flow_style))
        elif art is yaml.SequenceStartEvent:
            yield Ereignis("liste", von, bis, bool(e.flow_style))
        else:
            yield Ereignis("ende", von, bis)


def _parse(text: str, datei: str, probleme: list[Problem]) -> Gelesen:
    """Read; where a known slip stops the parser, note it, mask it by a character of the same length and go on."""
    syntax: list[Problem] = []
    versuche = max(1, min(REPARATUREN, REPARATUR_ZEICHEN // (len(text) + 1)))
    for _ in range(versuche):
        leser = _Leser(text, datei)
        try:
            wurzel = leser.lies()
        except yaml.MarkedYAMLError as fehler:
            befund, repariert = _syntaxfehler(fehler, text, datei)
            if any(p.code == "ZEICHEN-TABULATOR" and p.ort.zeile <= befund.ort.zeile for p in probleme):
                return Gelesen(None, probleme + syntax)  # the tab is the cause, and it is already reported
            syntax.append(befund)
            if repariert is None:
                # Findings of the part that was read are kept; what follows cannot be judged.
                return Gelesen(None, probleme + syntax + leser.probleme)
            text = repariert
            continue
        except _AbbruchError:
            return Gelesen(None, probleme + syntax + leser.probleme)
        except Exception as fehler:  # the scanner raises ValueError, OverflowError … for some escapes
            ort = leser.zuletzt
            meldung = "Hier lässt sich die Datei nicht lesen."
            syntax.append(
                problem(ort, "YAML-AUFBAU", meldung, f"Zeichen und Schreibweise prüfen ({kurz(str(fehler))}).")
            )
            return Gelesen(None, probleme + syntax + leser.probleme)
        if wurzel is None and not (syntax or leser.probleme):
            leser.probleme.append(
                problem(Ort(datei), "YAML-WURZEL", "Die Datei ist leer.", "Mit „format: 1“ und „konzept:“ beginnen.")
            )
        if isinstance(wurzel, Mapping):
            return Gelesen(wurzel, probleme + syntax + leser.probleme)
        if wurzel is not None:
            art = "eine Liste" if isinstance(wurzel, Sequence) else "ein einzelner Text"
            leser.probleme.append(
                problem(
                    Ort(datei),
                    "YAML-WURZEL",
                    f"Die Datei enthält {art} statt Schlüsseln mit Werten.",
                    "Mit „format: 1“ und „konzept:“ beginnen.",
                )
            )
        return Gelesen(None, probleme + syntax + leser.probleme)
    return Gelesen(None, probleme + syntax)


SYNTAX = (
    (  # newer versions of the parser count for themselves before they say where a level begins
        "exceeded maximum nesting depth",
        "YAML-TIEFE",
        f"Hier ist die Datei zu tief verschachtelt; erlaubt sind {EBENEN} Ebenen.",
        "Klammern prüfen oder flacher gliedern.",
    ),
    (
        "did not find expected ',' or",
        "YAML-AUFBAU",
        "In der Klammer fehlt ein Komma oder die schließende Klammer.",
        "Klammer schließen; Text mit Komma in Anführungszeichen setzen.",
    ),
    (
        "found unexpected end of stream",
        "YAML-AUFBAU",
        "Ein Anführungszeichen oder eine Klammer wird nicht geschlossen.",
        "Das schließende Zeichen ergänzen.",
    ),
    (
        "could not find expected ':'",
        "YAML-AUFBAU",
        "In dieser Zeile fehlt der Doppelpunkt nach dem Schlüssel.",
        "„schluessel: Wert“ schreiben oder den Text unter seinem Schlüssel einrücken.",
    ),
    (
        "did not find expected key",
        "YAML-AUFBAU",
        "Diese Zeile passt nicht zur Einrückung darüber.",
        "Auf gleicher Höhe wie die Nachbarschlüssel beginnen; Text mit Anführungszeichen ganz einschließen.",
    ),
    (
        "did not find expected '-' indicator",
        "YAML-AUFBAU",
        "Diese Zeile passt nicht zur Liste darüber.",
        "Jeder Eintrag beginnt mit „- “ auf gleicher Höhe.",
    ),
    (
        "block sequence entries are not allowed",
        "YAML-AUFBAU",
        "Eine Liste kann hier nicht beginnen.",
        "Die Liste in die Zeile unter ihren Schlüssel setzen; Text, der mit - beginnt, in Anführungszeichen.",
    ),
    (
        "found unknown escape character",
        "YAML-AUFBAU",
        "Dieser Rückstrich ist in doppelten Anführungszeichen nicht erlaubt.",
        "Einfache Anführungszeichen verwenden oder \\\\ schreiben.",
    ),
    (
        "found undefined tag handle",
        "YAML-TYP",
        "Typangaben mit ! sind nicht erlaubt.",
        "Die Angabe löschen; Text, der mit ! beginnt, in Anführungszeichen setzen.",
    ),
    (
        "found unexpected document indicator",
        "YAML-AUFBAU",
        "Ein Anführungszeichen wird vor dieser Zeile nicht geschlossen.",
        "Das schließende Zeichen ergänzen.",
    ),
)


def _syntaxfehler(fehler: yaml.MarkedYAMLError, text: str, datei: str) -> tuple[Problem, str | None]:
    """One finding, and the text with the slip masked (None if reading cannot go on)."""
    art, marke = fehler.problem or "", fehler.problem_mark or fehler.context_mark
    if fehler.context_mark and ("simple key" in (fehler.context or "") or "quoted scalar" in (fehler.context or "")):
        marke = fehler.context_mark
    if (
        marke is not None
        and fehler.context_mark
        and "flow" in (fehler.context or "")
        and marke.line > fehler.context_mark.line
    ):
        marke = fehler.context_mark  # the bracket that is never closed, not the end of the file
    if marke is None:
        return problem(
            Ort(datei), "YAML-AUFBAU", "Die Datei lässt sich nicht lesen.", "Einrückung und Anführungszeichen prüfen."
        ), None
    ort = Ort(datei, marke.line + 1, marke.column + 1)
    stelle = _index(text, marke)
    if "mapping values are not allowed" in art and text[stelle : stelle + 1] == ":":
        if re.fullmatch(r"\s*[a-z_]+", text[text.rfind("\n", 0, stelle) + 1 : stelle]):
            hinweis = "So weit einrücken wie die Nachbarschlüssel."
            return problem(
                ort, "YAML-AUFBAU", "Dieser Schlüssel ist anders eingerückt als die Zeile darüber.", hinweis
            ), None
        befund = problem(
            ort,
            "YAML-DOPPELPUNKT",
            "Ein Doppelpunkt mit Leerzeichen trennt Schlüssel und Wert; hier steht er im Text.",
            "Den ganzen Text in Anführungszeichen setzen.",
        )
        return befund, text[:stelle] + "\u2236" + text[stelle + 1 :]
    if "cannot start any token" in art:
        zeichen = text[stelle : stelle + 1]
        befund = problem(
            ort,
            "YAML-ZEICHEN",
            f"Ein Wert darf nicht mit „{kurz(zeichen)}“ beginnen.",
            "Den ganzen Text in Anführungszeichen setzen.",
        )
        return befund, text[:stelle] + "?" + text[stelle + 1 :] if not zeichen.isspace() else None
    for teil, code, meldung, hinweis in SYNTAX:
        if teil in art:
            return problem(ort, code, meldung, hinweis), None
    return problem(
        ort,
        "YAML-AUFBAU",
        "Ab hier lässt sich die Datei nicht lesen.",
        "Einrückung, Klammern und Anführungszeichen dieser und der vorigen Zeile prüfen.",
    ), None


def _index(text: str, marke: Mark) -> int:
    """Offset of a mark. Lines are counted anew because the mark's own index counts bytes in some versions."""
    stelle = -1
    for _ in range(marke.line):
        naechste = text.find("\n", stelle + 1)
        if naechste < 0:
            return len(text)
        stelle = naechste
    return min(len(text), stelle + 1 + int(marke.column))


def _zu_lang(ort: Ort, text: str) -> Problem:
    kb = -(-len(text.encode()) // 1024)
    return problem(
        ort, "TEXT-LAENGE", f"Der Text ist {kb} KB lang; erlaubt sind 100 KB.", "In mehrere Kapitel aufteilen."
    )


class _AbbruchError(Exception):
    """Reading stops; the finding is already noted."""


class _Leser:
    """One pass over the events of one text."""

    def __init__(self, text: str, datei: str) -> None:
        self.text, self.datei = text, datei
        self.zeilen: list[str] | None = None
        self.probleme: list[Problem] = []
        self._zuletzt: Mark | None = None
        # Nearly all values are as they stand in the file and need no second look; found out once for all of them.
        selten = text.encode(errors="replace").translate(None, ASCII).decode()
        self._ueblich = unicodedata.is_normalized("NFC", text) and BINDUNG.search(selten) is None
        self._auffaellig = {n for n, zeile in enumerate(self._alle_zeilen()) if "#" in zeile or "?" in zeile}

    @property
    def zuletzt(self) -> Ort:
        """Where reading had come to."""
        marke = self._zuletzt
        return Ort(self.datei) if marke is None else Ort(self.datei, marke.line + 1, marke.column + 1)

    def melde(self, marke: Mark, code: str, meldung: str, hinweis: str) -> None:
        self.probleme.append(problem(Ort(self.datei, marke.line + 1, marke.column + 1), code, meldung, hinweis))

    def _alle_zeilen(self) -> list[str]:
        if self.zeilen is None:
            self.zeilen = self.text.split("\n")
        return self.zeilen

    def zeile(self, nummer: int) -> str:
        zeilen = self._alle_zeilen()
        return zeilen[nummer] if nummer < len(zeilen) else ""

    def lies(self) -> Knoten | None:
        naechstes = yaml.CSafeLoader(self.text).get_event
        scalar, map_start, map_end = yaml.ScalarEvent, yaml.MappingStartEvent, yaml.MappingEndEvent
        seq_start, seq_end, alias = yaml.SequenceStartEvent, yaml.SequenceEndEvent, yaml.AliasEvent
        rahmen = {yaml.StreamStartEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent, yaml.StreamEndEvent}
        stapel: list[tuple[Mapping | Sequence, str | None, tuple[int, int]]] = []
        behaelter: Mapping | Sequence | None = None
        schluessel: str | None = None
        schluessel_ort = (0, 0)
        ignoriert = 0  # depth inside a subtree that was refused (complex key)
        wurzel: Knoten | None = None
        dokumente = 0
        while True:
            ereignis: Any = naechstes()
            art = type(ereignis)
            marke = ereignis.start_mark
            if art in rahmen:
                if art is yaml.StreamEndEvent:
                    return wurzel
                if art is not yaml.DocumentStartEvent:
                    continue
                dokumente += 1
                if ereignis.version or ereignis.tags:
                    self.melde(marke, "YAML-TYP", "Direktiven mit % sind nicht erlaubt.", "Die Zeile löschen.")
                if dokumente > 1:
                    self.melde(
                        marke,
                        "YAML-DOKUMENTE",
                        "Hier beginnt ein zweites Dokument.",
                        "In eine eigene Datei legen oder „---“ löschen.",
                    )
                    raise _AbbruchError
                continue
            if ignoriert:
                ignoriert += (art is map_start or art is seq_start) - (art is map_end or art is seq_end)
                if ignoriert > EBENEN:
                    raise _AbbruchError
                continue
            if (
                art is not map_end
                and art is not seq_end
                and (art is alias or ereignis.anchor is not None or (art is not alias and ereignis.tag is not None))
            ):
                self._verboten(ereignis, marke)
            ist_schluessel = schluessel is None and type(behaelter) is Mapping
            knoten: Knoten | None
            if art is scalar:
                self._zuletzt = marke
                zeile = marke.line
                wert = ereignis.value
                if not self._ist_ueblich(ereignis, zeile, wert):
                    wert = self._text(ereignis, ist_schluessel)
                ort = (zeile + 1, marke.column + 1)
                if ist_schluessel:
                    assert type(behaelter) is Mapping
                    if wert == "<<":
                        self.melde(
                            marke,
                            "YAML-ANKER",
                            "Einmischungen mit << sind nicht erlaubt.",
                            "Die Angaben an Ort und Stelle schreiben.",
                        )
                        wert = OHNE_SCHLUESSEL
                    schluessel, schluessel_ort = wert, ort
                    continue
                knoten = wert
                if ereignis.implicit[0] and (wert == "" or wert in NULLWORT):
                    knoten = None
            elif art is map_start or art is seq_start:
                if len(stapel) >= EBENEN:
                    self.melde(
                        marke,
                        "YAML-TIEFE",
                        f"Hier beginnt Ebene {len(stapel) + 1}; erlaubt sind {EBENEN}.",
                        "Klammern prüfen oder flacher gliedern.",
                    )
                    raise _AbbruchError
                if ist_schluessel:
                    self.melde(
                        marke,
                        "YAML-SCHLUESSEL",
                        "Ein Schlüssel muss ein Wort sein, keine Liste und kein Abschnitt.",
                        "Ein Wort als Schlüssel schreiben.",
                    )
                    ignoriert = 1
                    schluessel = OHNE_SCHLUESSEL
                    continue
                neu: Mapping | Sequence
                if art is map_start:
                    neu = Mapping(self.datei, marke.line + 1, marke.column + 1)
                else:
                    neu = Sequence(self.datei, marke.line + 1, marke.column + 1)
                    neu.flow = bool(ereignis.flow_style)
                if behaelter is not None:
                    stapel.append((behaelter, schluessel, schluessel_ort))
                else:
                    stapel.append((neu, None, (0, 0)))  # marks the root; popped below
                behaelter, schluessel = neu, None
                continue
            elif art is alias:
                if ist_schluessel:
                    schluessel = OHNE_SCHLUESSEL
                    continue
                if type(behaelter) is Mapping and schluessel is not None:
                    behaelter.verworfen.add(schluessel)
                    schluessel = None
                continue
            else:  # end of a mapping or sequence
                assert behaelter is not None
                knoten = behaelter
                ort = (behaelter.zeile, behaelter.spalte)
                if type(behaelter) is Sequence and behaelter.flow:
                    self._zerfallene_liste(behaelter)
                vorher, schluessel, schluessel_ort = stapel.pop()
                if not stapel and vorher is behaelter:
                    wurzel, behaelter = behaelter, None
                    continue
                behaelter = vorher
            if behaelter is None:
                if knoten is not None:
                    wurzel = knoten
            elif type(behaelter) is Sequence:
                if knoten is None:
                    self.melde(
                        marke, "YAML-LEER", "Dieser Listeneintrag ist leer.", "Eintragen oder den Strich löschen."
                    )
                else:
                    behaelter.append(knoten)
                    behaelter.at.append(ort)
            else:
                assert type(behaelter) is Mapping
                assert schluessel is not None
                if knoten and schluessel not in behaelter and schluessel not in behaelter.verworfen:
                    if schluessel != OHNE_SCHLUESSEL:
                        behaelter[schluessel] = knoten
                        behaelter.at[schluessel] = (*schluessel_ort, *ort)
                    schluessel = None
                    continue
                self._eintragen(
                    behaelter,
                    schluessel,
                    schluessel_ort,
                    knoten,
                    ort,
                    leeres_wort=art is scalar and ereignis.value in NULLWORT,
                )
                schluessel = None

    def _eintragen(
        self,
        ziel: Mapping,
        schluessel: str,
        ks: tuple[int, int],
        knoten: Knoten | None,
        ort: tuple[int, int],
        *,
        leeres_wort: bool,
    ) -> None:
        if schluessel == OHNE_SCHLUESSEL:
            return
        stelle = Ort(self.datei, *ks)
        if schluessel in ziel or schluessel in ziel.verworfen:
            if schluessel in ziel.at:
                meldung = f"Der Schlüssel „{kurz(schluessel)}“ steht schon in Zeile {ziel.at[schluessel][0]}."
                self.probleme.append(
                    problem(stelle, "YAML-DOPPELT", meldung, "Einen der beiden Einträge löschen oder umbenennen.")
                )
            return
        if knoten is None and NACHKOMMA.fullmatch(schluessel) and ziel:
            davor = next(reversed(ziel))
            wert = ziel[davor]
            if isinstance(wert, str) and ZIFFERN.fullmatch(wert) and ziel.at[davor][2] == ks[0]:
                ganz = f"{wert},{schluessel}"
                meldung = f"Das Komma trennt hier Einträge: „{kurz(davor)}: {ganz}“ ist in „{wert}“ und „{schluessel}“ zerfallen."
                self.probleme.append(
                    problem(stelle, "ZAHL-ZERFALLEN", meldung, f'In Anführungszeichen setzen: {kurz(davor)}: "{ganz}"')
                )
                ziel[davor] = ganz
                return
        if knoten is None or (isinstance(knoten, Mapping) and not knoten and not knoten.verworfen):
            was = (
                f"„{kurz(schluessel)}: null“ heißt in YAML „kein Wert“"
                if leeres_wort
                else f"„{kurz(schluessel)}“ hat keinen Wert"
            )
            hinweis = "Wert eintragen, die Zeile löschen oder unter „unbekannt“ den Grund nennen."
            if NACHKOMMA.fullmatch(schluessel):
                hinweis = "Gehört die Zahl zum Eintrag davor? Kommazahlen zwischen { } in Anführungszeichen setzen."
            elif " " in schluessel and ziel and ziel.at[next(reversed(ziel))][2] == ks[0]:
                hinweis = "Gehört es zum Text davor? Text mit Komma zwischen { } in Anführungszeichen setzen."
            # "k: #3" is one slip, not two: the lost text is reported already.
            if not any(p.code == "TEXT-RAUTE" and p.ort.zeile == stelle.zeile for p in self.probleme[-1:]):
                self.probleme.append(problem(stelle, "YAML-LEER", was + ".", hinweis))
            ziel.verworfen.add(schluessel)
            return
        ziel[schluessel] = knoten
        ziel.at[schluessel] = (*ks, *ort)

    def _zerfallene_liste(self, liste: Sequence) -> None:
        """``[12,5]`` is two items; without a blank after the comma a decimal comma was probably meant."""
        for n in range(1, len(liste)):
            wert, davor = liste[n], liste[n - 1]
            if not (
                isinstance(wert, str)
                and isinstance(davor, str)
                and re.fullmatch(r"\d{1,2}(?:\s*[€%])?", wert)
                and ZIFFERN.fullmatch(davor)
            ):
                continue
            zeile, spalte = liste.at[n]
            if self.zeile(zeile - 1)[spalte - 2 : spalte - 1] == ",":
                meldung = f"Das Komma trennt hier Einträge: „{davor},{wert}“ wird als zwei Zahlen gelesen."
                hinweis = (
                    f'Kommazahl in Anführungszeichen setzen ("{davor},{wert}") oder nach dem Komma ein Leerzeichen.'
                )
                self.probleme.append(problem(Ort(self.datei, zeile, spalte), "ZAHL-ZERFALLEN", meldung, hinweis))

    def _verboten(self, ereignis: Any, marke: Mark) -> None:
        if type(ereignis) is yaml.AliasEvent:
            self.melde(
                marke,
                "YAML-ANKER",
                f"Der Verweis „*{kurz(ereignis.anchor)}“ ist nicht erlaubt.",
                "Die Angaben an Ort und Stelle schreiben; Text, der mit * beginnt, in Anführungszeichen.",
            )
        elif ereignis.anchor is not None:
            self.melde(
                marke,
                "YAML-ANKER",
                f"Der Anker „&{kurz(ereignis.anchor)}“ ist nicht erlaubt.",
                "Den Anker löschen; Text, der mit & beginnt, in Anführungszeichen setzen.",
            )
        else:
            self.melde(
                marke,
                "YAML-TYP",
                f"Die Typangabe „{kurz(ereignis.tag or '!')}“ ist nicht erlaubt.",
                "Die Angabe löschen; Text, der mit ! beginnt, in Anführungszeichen setzen.",
            )

    def _ist_ueblich(self, ereignis: Any, zeile: int, wert: str) -> bool:
        """Whether nothing of what ``_text`` looks for can be here."""
        stil = ereignis.style
        if not self._ueblich or zeile in self._auffaellig or len(wert) > TEXT // 4:
            return False
        return stil == "|" or (not stil and bool(ereignis.end_mark.line == zeile))

    def _text(self, ereignis: Any, ist_schluessel: bool) -> str:
        wert: str = ereignis.value
        stil, anfang, ende = ereignis.style, ereignis.start_mark, ereignis.end_mark
        if stil == '"' and (treffer := VERBOTEN.search(wert)):
            self.probleme.append(
                _verboten(
                    Ort(self.datei, anfang.line + 1, anfang.column + 1), treffer.group(), ", auch nicht als \\-Folge"
                )
            )
            wert = VERBOTEN.sub(ERSATZ, wert)
        if "\r" in wert:  # only as an escape: a line end is one character, however it is written
            wert = wert.replace("\r\n", "\n").replace("\r", "\n")
        if not wert.isascii():
            if (treffer := BINDUNG.search(wert)) is not None:
                self.melde(
                    anfang,
                    "ZEICHEN-VERBOTEN",
                    "Auf einem Buchstaben liegen mehr als vier Zusatzzeichen.",
                    "Den Text neu eingeben.",
                )
                wert = BINDUNG.sub("", wert)
            wert = unicodedata.normalize("NFC", wert)
        if len(wert) > TEXT // 4 and len(wert.encode()) > TEXT:
            self.probleme.append(_zu_lang(Ort(self.datei, anfang.line + 1, anfang.column + 1), wert))
        self._kommentar(wert, stil, anfang, ende)
        if ist_schluessel and not stil and self.zeile(anfang.line)[anfang.column - 1 : anfang.column] == "?":
            self.melde(
                anfang,
                "YAML-SCHLUESSEL",
                "Ein Fragezeichen vor einem Schlüssel fällt weg.",
                "Das Fragezeichen löschen oder den Schlüssel in Anführungszeichen setzen.",
            )
        if stil != "|" and ende.line > anfang.line and not ist_schluessel:
            self._faltung(stil, anfang, ende)
        return wert

    def _kommentar(self, wert: str, stil: str | None, anfang: Mark, ende: Mark) -> None:
        """Text behind a ``#`` that its author may have meant as text, or that only looks like a comment."""
        if stil in ("|", ">"):
            rest, muster, spalte = self.zeile(anfang.line), BLOCKKOPF, anfang.column
        elif wert or stil:
            rest, muster, spalte = self.zeile(ende.line), KOMMENTAR_OHNE_LEERZEICHEN, ende.column
        else:
            return
        if "#" not in rest:
            return
        treffer = muster.match(rest, spalte) or (KOMMENTAR_AM_WERT.match(rest, spalte) if stil in ("'", '"') else None)
        if treffer:
            verloren = kurz(rest[treffer.start(1) :], 40)
            stelle = Ort(self.datei, (anfang if stil in ("|", ">") else ende).line + 1, treffer.start(1) + 1)
            hinweis = (
                "Gehört es zum Text: in Anführungszeichen setzen. Ist es ein Kommentar: vor und nach # ein Leerzeichen."
            )
            self.probleme.append(
                problem(stelle, "TEXT-RAUTE", f"„{verloren}“ liest YAML als Kommentar; der Text fällt weg.", hinweis)
            )

    def _faltung(self, stil: str | None, anfang: Mark, ende: Mark) -> None:
        """List lines that folding would join with their neighbours."""
        letzte = ende.line if ende.column else ende.line - 1
        for nummer, zeile, davor in self._folgezeilen(anfang.line, letzte):
            if LISTENZEILE.match(zeile) and davor.strip() and not (stil == ">" and nummer == anfang.line + 1):
                spalte = len(zeile) - len(zeile.lstrip()) + 1
                was = "Ein Block mit > verbindet" if stil == ">" else "Text ohne Block verbindet"
                self.probleme.append(
                    problem(
                        Ort(self.datei, nummer + 1, spalte),
                        "TEXT-FALTUNG",
                        f"{was} seine Zeilen; diese Listenzeile ginge im Absatz auf.",
                        "Den Text mit | statt > beginnen."
                        if stil == ">"
                        else "Nach dem Schlüssel | schreiben und den Text darunter einrücken.",
                    )
                )
                return
            if (
                stil == ">"
                and LISTENZEILE.match(zeile)
                and nummer == anfang.line + 1
                and nummer < letzte
                and self.zeile(nummer + 1).strip()
            ):
                spalte = len(zeile) - len(zeile.lstrip()) + 1
                self.probleme.append(
                    problem(
                        Ort(self.datei, nummer + 1, spalte),
                        "TEXT-FALTUNG",
                        "Ein Block mit > verbindet seine Zeilen; diese Liste ginge in einem Absatz auf.",
                        "Den Text mit | statt > beginnen.",
                    )
                )
                return

    def _folgezeilen(self, erste: int, letzte: int) -> Iterator[tuple[int, str, str]]:
        for nummer in range(erste + 1, letzte + 1):
            yield nummer, self.zeile(nummer), self.zeile(nummer - 1)
