"""Drawings in SVG: only what is drawn by shapes and cannot fetch, run or hide anything; everything else is refused by name."""

from __future__ import annotations

import re
from xml.parsers import expat

ENDUNG = b"<svg"
ELEMENTE = 20_000
EBENEN = 50
PUNKTE_BREIT = 1200
"""Width in pixels that stands for a drawing, which has none of its own."""
ERLAUBT = {
    "svg", "g", "defs", "title", "desc", "metadata", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon",
    "clipPath",
}  # fmt: skip
UMWANDELN = {
    "text": "Schrift in Pfade umwandeln, dann sieht sie überall gleich aus.",
    "image": "Eingebettete Bilder als PNG oder JPEG neben das Konzept legen.",
    "linearGradient": "Verläufe durch eine Farbe ersetzen; sie würden nicht gedruckt.",
    "radialGradient": "Verläufe durch eine Farbe ersetzen; sie würden nicht gedruckt.",
    "use": "Klone in eigene Formen umwandeln; mit ihnen lässt sich eine kleine Datei beliebig groß machen.",
    "style": "Die Farben an die Formen schreiben („Einfaches SVG“ speichern).",
}
_ZAHL = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_MASS = re.compile(rf"\s*({_ZAHL})\s*(?:px|pt|mm|cm|in)?\s*")
_KASTEN = re.compile(rf"\s*{_ZAHL}[\s,]+{_ZAHL}[\s,]+({_ZAHL})[\s,]+({_ZAHL})\s*")


class DrawingError(Exception):
    """The drawing cannot be used; a half sentence and the way out."""

    def __init__(self, grund: str, hinweis: str) -> None:
        super().__init__(grund)
        self.grund, self.hinweis = grund, hinweis


def is_drawing(daten: bytes) -> bool:
    """Whether the bytes look like SVG: a tag ``svg`` near the beginning of an XML text."""
    return daten[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and ENDUNG in daten[:4096]


def size(daten: bytes) -> tuple[int, int]:
    """Width and height in pixels after the drawing was looked through; raises ``DrawingError`` for what may not be in it."""
    pruefung = _Pruefung()
    leser = expat.ParserCreate(namespace_separator=" ")
    leser.StartElementHandler = pruefung.anfang
    leser.EndElementHandler = pruefung.ende
    leser.StartDoctypeDeclHandler = pruefung.doctype
    leser.ProcessingInstructionHandler = pruefung.anweisung
    try:
        leser.Parse(daten, True)
    except (expat.ExpatError, LookupError) as fehler:
        raise DrawingError("ist kein lesbares SVG.", "Neu als „Einfaches SVG“ speichern.") from fehler
    breite, hoehe = pruefung.masse
    if not (breite > 0 and hoehe > 0 and 0.01 <= breite / hoehe <= 100):
        raise DrawingError("nennt keine brauchbare Größe.", "„viewBox“ oder „width“ und „height“ angeben.")
    return PUNKTE_BREIT, max(1, round(PUNKTE_BREIT * hoehe / breite))


class _Pruefung:
    """Hears the parser's events; nothing is built, so nothing can grow."""

    def __init__(self) -> None:
        self.masse: tuple[float, float] = (0, 0)
        self._ebene = self._zahl = 0
        self._fremd = self._ausschnitt = 0

    def doctype(self, *_: object) -> None:
        raise DrawingError("hat eine Dokumenttyp-Angabe (DOCTYPE).", "Ohne sie speichern („Einfaches SVG“).")

    def anweisung(self, ziel: str, _: str) -> None:
        raise DrawingError(f"verweist mit <?{ziel} …> auf eine andere Datei.", "Die Zeile löschen.")

    def anfang(self, voll: str, angaben: dict[str, str]) -> None:
        self._ebene += 1
        self._zahl += 1
        if self._ebene > EBENEN or self._zahl > ELEMENTE:
            raise DrawingError(
                f"ist zu verschachtelt oder zu groß; erlaubt sind {EBENEN} Ebenen und {ELEMENTE} Formen.".replace("20000", "20.000"),
                "Vereinfachen oder als PNG speichern.",
            )  # fmt: skip
        raum, _, name = voll.rpartition(" ")
        if self._ebene == 1:
            if (raum, name) != ("http://www.w3.org/2000/svg", "svg"):
                raise DrawingError("ist kein lesbares SVG.", "Neu als „Einfaches SVG“ speichern.")
            self.masse = _masse(angaben)
        if self._fremd or raum != "http://www.w3.org/2000/svg":  # notes of a drawing program; they are not drawn
            self._fremd += 1
            if raum == "http://www.w3.org/1999/xhtml":
                raise DrawingError("enthält eine Webseite.", "Nur Formen verwenden.")
            return
        if name not in ERLAUBT:
            raise DrawingError(
                f"enthält <{name}>.", UMWANDELN.get(name, "Als „Einfaches SVG“ nur mit Formen speichern.")
            )
        self._ausschnitt += name == "clipPath" or self._ausschnitt > 0
        for feld, wert in angaben.items():
            _angabe(feld.rpartition(" ")[2], wert, im_ausschnitt=self._ausschnitt > 0)

    def ende(self, _: str) -> None:
        self._ebene -= 1
        self._ausschnitt = max(0, self._ausschnitt - (self._fremd == 0))
        self._fremd = max(0, self._fremd - 1)


def _angabe(name: str, wert: str, *, im_ausschnitt: bool) -> None:
    """No handlers, nothing that leads out of the drawing, and nothing that could lead to itself."""
    ziele = re.findall(r"url\(\s*['\"]?([^)'\"\s]*)", wert, re.IGNORECASE)
    if name == "href":
        raise DrawingError("enthält Verweise (href).", "Klone auflösen („Einfaches SVG“ speichern).")
    if name.lower().startswith("on") or any(not z.startswith("#") for z in ziele) or "\\" in wert or "@" in wert:
        raise DrawingError(
            f"führt mit „{name}“ aus der Zeichnung hinaus.",
            "Die Angabe löschen; erlaubt sind Ausschnitte wie „url(#rand)“.",
        )
    if ziele and im_ausschnitt:
        raise DrawingError("hat einen Ausschnitt, der auf anderes verweist.", "Den Ausschnitt vereinfachen.")


def _masse(angaben: dict[str, str]) -> tuple[float, float]:
    kasten = _KASTEN.fullmatch(angaben.get("viewBox", ""))
    if kasten:
        return float(kasten[1]), float(kasten[2])
    breite, hoehe = (_MASS.fullmatch(angaben.get(f, "")) for f in ("width", "height"))
    return (float(breite[1]), float(hoehe[1])) if breite and hoehe else (0, 0)
