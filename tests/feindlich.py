"""Hostile strings in every text field of the model: which fields there are, a concept that has them all, two pages compared.

The fields come from the model, by what they take: a new text field is covered as soon as it is declared.
``python tests/feindlich.py ORDNER`` builds PDFs that hold every string, for the validators.
"""

from __future__ import annotations

import copy
import io
import json
import re
import struct
import sys
import typing
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, cached_property
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import pdf_lesen
import pikepdf
import pypdf
import tinyhtml5
from markdown_it import MarkdownIt
from pydantic import TypeAdapter, ValidationError

from ihk.build import pdf
from ihk.checks import check
from ihk.diff.fields import felder, kerntyp
from ihk.model import Konzeptfassung
from ihk.model.load import Geladen, load
from ihk.model.types import Auswahl, Satz
from ihk.problems import LoadError, Problem
from ihk.project import version_at
from ihk.reading.files import Quelltext
from ihk.report.render import report_druck, report_html

BOESE = Path(__file__).parent / "boese"
Pfad = tuple[str | int, ...]
Textart = Literal["text", "prosa", "zeile"]
"""One line; lines of Markdown; one line of Markdown (why something is not known)."""


@cache
def zeichenketten() -> tuple[str, ...]:
    """Every naughty string and every payload, each once; where they are from stands beside them."""
    listen = (json.loads((BOESE / f"{name}.json").read_text("utf-8")) for name in ("blns", "xss"))
    return tuple(dict.fromkeys(s for liste in listen for s in liste))


# ---------------------------------------------------------------------------------------------------- the text fields

# What a leaf that takes no free text is given; the first that the field takes.
PROBEN = ("1", "2024", "2024-06-01", "ja", "1/3", "8.8")
# References need something that they refer to; those that are not here stay empty.
VERWEISE: dict[str, Any] = {
    "handlungsfeld": "HF1", "teilziele": ["T1"], "querschnittsaufgaben": ["QA1"], "indikatoren": ["I1"], "abhaengig_von": ["M02"],
    "bilder": ["B1"], "bezug": ["T1"], "wappen": "B1", "massnahme": "M01", "objekte": ["M01"],
}  # fmt: skip
KENNUNGEN = {
    "Ziel": "Z1", "Teilziel": "T1", "Handlungsfeld": "HF1", "Querschnittsaufgabe": "QA1", "Massnahme": "M01", "Indikator": "I1",
    "Kapitel": "eigenes", "Bild": "B1", "Quelle": "Q1", "Konzept": "feindlich", "Fassung": "1",
}  # fmt: skip


@cache
def textart(typ: Any) -> Textart | None:
    """Whether a field of this type takes any text, in one line or in lines; None if it takes only what has a certain form."""
    try:
        gelesen = TypeAdapter(typ).validate_python("Freier Text?\nZweite Zeile!")
    except ValidationError:
        return None
    return "prosa" if gelesen == "Freier Text?\nZweite Zeile!" else "text"


class Aufbau:
    """A concept in which every text field of the model stands once; ``felder`` says where, ``baum`` has a marker in each."""

    def __init__(self) -> None:
        self.felder: dict[Pfad, Textart] = {}
        self.baum: dict[str, Any] = self._satz(Konzeptfassung, ())
        # A number of its own: one that is counted would be made of the number of its Teilziel.
        self.baum["massnahmen"].append(
            {"id": "M02", "nummer": "2", "titel": "Zweite", "teilziele": ["T1"], "status": "geplant"}
        )

    def _satz(self, klasse: type[Satz], pfad: Pfad) -> dict[str, Any]:
        ergebnis: dict[str, Any] = {}
        leer: list[str] = []
        for feld in felder(klasse):
            info = klasse.model_fields[feld.name]
            if feld.name == "id":
                wert = KENNUNGEN[klasse.__name__]
            elif feld.name == "unbekannt":
                continue
            elif feld.vergleich.art in ("verweis", "verweise", "kennung"):
                wert = VERWEISE.get(feld.name)
            else:
                wert = self._wert(
                    typing.Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation,
                    (*pfad, feld.name),
                )
            if wert is not None:
                ergebnis[feld.name] = wert
            if wert is None or (
                isinstance(wert, str) and (*pfad, feld.name) not in self.felder and not info.is_required()
            ):
                leer.append(feld.name)
        # A gap may be declared of any field; here of one that holds no text, so that none is lost.
        if leer:
            ergebnis.pop(leer[-1], None)
            ergebnis["unbekannt"] = {leer[-1]: self._text((*pfad, "unbekannt", leer[-1]), "text")}
        return ergebnis

    def _wert(self, typ: Any, pfad: Pfad) -> Any:
        kern = kerntyp(typ)
        if isinstance(kern, type) and issubclass(kern, Satz):
            return self._satz(kern, pfad)
        if typing.get_origin(kern) is tuple and (glied := _glied(typ)) is not None:
            eintrag = self._wert(glied, (*pfad, 0))
            return None if eintrag is None else [eintrag]
        if typing.get_origin(kern) is dict:
            return {"2024": "1"}
        if art := textart(typ):
            return self._text(pfad, art)
        return next((p for p in (*_woerter(typ), *PROBEN) if _nimmt(typ, p)), None)

    def _text(self, pfad: Pfad, art: Textart) -> str:
        self.felder[pfad] = "zeile" if pfad[-2] == "unbekannt" else art
        return marke(len(self.felder))

    @cached_property
    def arten(self) -> dict[int, Textart]:
        """The kind of each field by the number in its marker."""
        return dict(enumerate(self.felder.values(), 1))

    @cached_property
    def dateien(self) -> frozenset[Pfad]:
        """Text fields that name a file beside the concept: a hostile name is refused, so none reaches a page."""
        fassung = Konzeptfassung.model_validate(self.baum)
        return frozenset(p for n, p in enumerate(self.felder, 1) if marke(n) in fassung.beilagen)


def marke(n: int) -> str:
    """A word that stands nowhere else and that no rule of typography touches; shorter than most strings."""
    return f"ŋ{n:03}ŋ"


def _glied(typ: Any) -> Any:
    kern = kerntyp(typ)
    argumente = typing.get_args(kern)
    return argumente[0] if typing.get_origin(kern) is tuple and argumente[1:] == (...,) else None


def _woerter(typ: Any) -> tuple[str, ...]:
    """The words of a choice."""
    for angabe in _angaben(typ):
        if isinstance(getattr(angabe, "func", None), Auswahl):
            return tuple(angabe.func.woerter)
    return ()


def _angaben(typ: Any) -> Iterator[Any]:
    yield from getattr(typ, "__metadata__", ())
    for teil in typing.get_args(typ):
        if typing.get_args(teil):
            yield from _angaben(teil)


@cache
def _nimmt(typ: Any, wert: str) -> bool:
    try:
        TypeAdapter(typ).validate_python(wert)
    except ValidationError:
        return False
    return True


# ---------------------------------------------------------------------------------------------------- a concept with strings

AUFBAU = Aufbau()
NUMMER = {pfad: n for n, pfad in enumerate(AUFBAU.felder, 1)}
Belegung = dict[Pfad, str]


def text(belegung: Belegung, baum: dict[str, Any] | None = None) -> str:
    """The concept as YAML with these strings in their fields and the markers in all others; one value a line."""
    baum = copy.deepcopy(AUFBAU.baum if baum is None else baum)
    for pfad, wert in belegung.items():
        knoten: Any = baum
        for teil in pfad[:-1]:
            knoten = knoten[teil]
        knoten[pfad[-1]] = wert
    return json.dumps(baum, ensure_ascii=False, indent=1)


@cache
def zeilen() -> dict[Pfad, int]:
    """The line of each text field in that YAML; a string takes no second one, whatever it holds."""
    orte = {treffer: n for n, zeile in enumerate(text({}).split("\n"), 1) for treffer in re.findall(r"ŋ\d{3}ŋ", zeile)}
    return {pfad: orte[marke(n)] for pfad, n in NUMMER.items()}


def wert(fassung: Konzeptfassung, pfad: Pfad) -> str | None:
    """What the model holds at a path; None if it holds nothing there."""
    knoten: Any = fassung
    for teil in pfad:
        try:
            knoten = getattr(knoten, str(teil)) if isinstance(knoten, Satz) else knoten[teil]
        except (AttributeError, IndexError, KeyError, TypeError):
            return None
    return str(knoten) if isinstance(knoten, str) else None


def behalten(art: Textart, zeichen: str) -> str:
    """What a field holds of a string that it takes: all of it, but for the outer spaces and the line ends (decision in model/types)."""
    kern = unicodedata.normalize("NFC", zeichen.replace("\r\n", "\n").replace("\r", "\n"))
    if art != "prosa":
        return " ".join(kern.strip().split("\n"))
    return kern.strip("\n") if "  \n" in kern else "\n".join(z.rstrip() for z in kern.strip("\n").split("\n"))


def gelesen(belegung: Belegung) -> tuple[Geladen | None, tuple[Problem, ...]]:
    """The model, if there is one, and what was found."""
    try:
        ergebnis = load(Quelltext("feindlich.yaml", {"": text(belegung).encode("utf-8", "surrogatepass")}))
    except LoadError as fehler:
        return None, fehler.probleme
    return ergebnis, ergebnis.probleme


def reihe(n: int) -> Belegung:
    """Row n of the square: each field has another string, and over all rows each field has had each."""
    alle = zeichenketten()
    return {pfad: alle[(n + 7 * i) % len(alle)] for i, pfad in enumerate(AUFBAU.felder)}


def verschlossen(zeichen: str) -> str:
    """The string as one line of prose in which Markdown sees no sign of its own."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(zeichen.split()))


# ---------------------------------------------------------------------------------------------------- two pages compared

XLINK = "{http://www.w3.org/1999/xlink}href"
ADRESSEN = {
    "href",
    "src",
    XLINK,
    "action",
    "formaction",
    "data",
    "poster",
    "cite",
    "background",
    "srcset",
    "ping",
    "manifest",
}
VERWEIS = re.compile(r"https?://|mailto:|#", re.IGNORECASE)
GELADEN = re.compile(r"data:(?:image|font)/|#", re.IGNORECASE)
"""A page is one file: only links lead outside, nothing is loaded from there."""
MARKDOWN = {
    "a", "abbr", "blockquote", "br", "code", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "span", "strong", "table",
    "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
FREMDE_FORM = re.compile(r"\[U\+([0-9A-F]{4,6})\]")


def baum(seite: str, stil: tuple[str, ...] = ()) -> Any:
    """The page as an HTML5 parser sees it. ``stil`` are long texts of the harmless page (fonts, script) that need no parsing."""
    for stueck in stil:
        seite = seite.replace(stueck, "", 1)
    return tinyhtml5.parse(
        seite + " " * 200, namespace_html_elements=False
    )  # it takes a short text for the name of a file


def lange_stuecke(seite: str) -> tuple[str, ...]:
    """The styles and the script that each page of ours has: without the places of bars, which are computed for one page."""
    kopf = seite.partition("</head>")[0]
    alle = re.findall(r"<(?:style|script)\b[^>]*>(.*?)</(?:style|script)>", kopf, re.DOTALL)
    return tuple(t.partition("[data-lage=")[0] for t in alle if len(t) > 500)


def gefahren(wurzel: Any) -> list[str]:
    """What must stand in no page, wherever it came from."""
    funde: list[str] = []
    for element in wurzel.iter():
        if not isinstance(element.tag, str):
            funde.append("ein Kommentar")
            continue
        name = element.tag.rpartition("}")[2]
        if name in {
            "iframe",
            "object",
            "embed",
            "base",
            "frame",
            "frameset",
            "applet",
            "math",
            "foreignObject",
            "portal",
        }:
            funde.append(f"<{name}>")
        for attribut, inhalt in element.attrib.items():
            kurz = attribut.rpartition("}")[2].lower()
            if kurz.startswith("on") or kurz in ("srcdoc", "autofocus"):
                funde.append(f"<{name} {attribut}>")
            erlaubt = VERWEIS if name == "a" and attribut == "href" else GELADEN
            if (attribut in ADRESSEN or kurz in ADRESSEN) and not erlaubt.match(inhalt):
                funde.append(f"<{name} {attribut}={inhalt[:60]!r}>")
            if kurz == "http-equiv" and inhalt.lower() not in ("content-security-policy",):
                funde.append(f"<meta {inhalt}>")
    return funde


def geruest(wurzel: Any) -> list[tuple[int, str, tuple[str, ...]]]:
    """The elements in order with their depth and the names of their attributes, without those that Markdown may make."""
    ergebnis: list[tuple[int, str, tuple[str, ...]]] = []

    def gehe(element: Any, tiefe: int) -> None:
        zaehlt = not (element.tag in MARKDOWN and set(element.attrib) <= {"href", "lang", "title", "start", "scope"})
        zaehlt = zaehlt and element.get("class") not in KLASSEN
        if zaehlt:
            ergebnis.append((tiefe, str(element.tag), tuple(sorted(element.attrib))))
        for kind in element:
            gehe(kind, tiefe + zaehlt)

    gehe(wurzel, 0)
    return ergebnis


KLASSEN = {"zwischentitel", "text-rechts", "footnote", "nr", "nachweis", "beleg"}
"""Classes of elements that prose may make."""


def flach(text: str) -> str:
    """Text without what the setting adds or takes: soft hyphens, kinds of spaces, codes instead of signs that no font has."""
    text = unicodedata.normalize("NFC", FREMDE_FORM.sub(lambda t: chr(int(t[1], 16)), text))
    return " ".join(text.replace("\u00ad", "").split())


LAGE = re.compile(r'(?:\[data-lage="\d+"\] \{ [a-z: 0-9.%;-]+ \}\s*)*')
SUMME = re.compile(r"\b[0-9a-f]{16}(?=…)")


def _stuecke(wurzel: Any) -> Iterator[tuple[str, str]]:
    """Element by element: its name with its depth, each attribute, each text; abbreviations and outer links count as text.

    Not compared are what a page computes anew from its contents: places of bars, classes (which must be ours), checksums.
    """

    def gehe(element: Any, tiefe: int) -> Iterator[tuple[str, str]]:
        if element.tag == "abbr" or (
            element.tag == "a" and "href" in element.attrib and not element.get("href").startswith("#")
        ):
            yield "text", "".join(element.itertext())
        else:
            yield f"{tiefe} <{element.tag}>", ""
            for name in sorted(element.attrib.keys() - {"class", "data-lage"}):
                if name != "content" or "http-equiv" not in element.attrib:
                    yield f"@{name}", element.get(name)
            if element.tag != "style":
                yield "text", element.text or ""
            for kind in element:
                yield from gehe(kind, tiefe + 1)
        yield "text", element.tail or ""

    offen = ""
    for art, inhalt in gehe(wurzel, 0):
        if art == "text":
            offen += inhalt
            continue
        yield "text", SUMME.sub("", flach(offen))
        offen = ""
        yield art, flach(inhalt)
    yield "text", SUMME.sub("", flach(offen))


def fremde_stile(wurzel: Any, stil: tuple[str, ...], klassen: frozenset[str]) -> list[str]:
    """Style elements with more than the places of bars, and classes that neither a harmless page nor a style sheet has."""
    bekannt = set(re.findall(r"\.([a-z][\w-]*)", stil[0])) | klassen
    funde = [f"Stil {e.text[:80]!r}" for e in wurzel.iter("style") if e.text and not LAGE.fullmatch(e.text.strip())]
    return funde + [f"Klasse {k!r}" for k in sorted(set(_klassen(wurzel)) - bekannt)]


def _klassen(wurzel: Any) -> Iterator[str]:
    return (k for e in wurzel.iter() for k in (e.get("class") or "").split())


MARKE = re.compile(r"(ŋ\d{3}ŋ)(?:[ø\s]*ø)?")


def unterschiede(harmlos: Any, feindlich: Any, ersatz: dict[str, str], roh: dict[str, str]) -> list[str]:
    """Where the hostile page is not the harmless one with each marker replaced by its string. Empty if it is, letter by letter.

    ``roh`` are the strings as they are written in the file: in attributes prose stands with its signs.
    """
    funde = []
    for (art, soll), (andere, ist) in zip_longest(_stuecke(harmlos), _stuecke(feindlich), fillvalue=("Ende", "")):
        if art != andere:
            return [*funde, f"statt {art} steht {andere} {ist[:80]!r}"]
        erwartet = _ersetzt(soll, ersatz)
        if ist == erwartet or (art.startswith("@") and ist == _ersetzt(soll, roh)):
            continue
        # Three things the setting may do. A unit that the title says already is not said again. A full stop that is there already is not set again. And why something is not known
        # stands as Markdown in one place and as it is written in another, so that signs there may be with backslashes or without.
        einheit = re.fullmatch(re.escape(ist) + r" \((.+)\)", erwartet)
        if einheit and einheit[1] in ist:
            continue
        zeichen = "\\" if any(AUFBAU.arten[int(m[1:-1])] == "zeile" for m in MARKE.findall(soll)) else ""
        if _lose(ist, zeichen) != _lose(erwartet, zeichen):
            funde.append(f"{art}: statt {erwartet[:120]!r} steht {ist[:120]!r}")
    return funde


def _lose(text: str, zeichen: str) -> str:
    return re.sub(r"\.{2,}", ".", text.replace(zeichen, "") if zeichen else text)


def _ersetzt(soll: str, durch: dict[str, str]) -> str:
    return flach(MARKE.sub(lambda t: durch.get(t[1], t[1]), soll)) if "ŋ" in soll else soll


# ---------------------------------------------------------------------------------------------------- one row


class Werkbank:
    """Makes the pages of a row and looks at them. A picture lies beside the concept; other files do not, so they are left out."""

    def __init__(self, ordner: Path) -> None:
        self.ordner = ordner
        (ordner / "bild.png").write_bytes(png())
        self.baum = copy.deepcopy(AUFBAU.baum)
        self.baum["bilder"][0]["datei"] = "bild.png"
        for pfad in AUFBAU.dateien - {("bilder", 0, "datei")}:
            wirt: Any = self.baum
            for teil in pfad[:-1]:
                wirt = wirt.get(teil, {}) if isinstance(wirt, dict) else wirt[teil]
            wirt.pop(pfad[-1], None)
        if not self.baum["konzept"]["schriften"].keys() - {"unbekannt"}:
            del self.baum["konzept"]["schriften"]
        self.stil = lange_stuecke(self.seite({}))
        muster = ({p: _harmlos(p, "x" * n) for p in AUFBAU.felder} for n in (1, 60, 600))
        self.klassen = frozenset(k for werte in muster for k in _klassen(baum(self.seite(werte), self.stil)))

    def geladen(self, belegung: Belegung) -> Geladen:
        daten = text({p: w for p, w in belegung.items() if self._da(p)}, self.baum).encode()
        return load(Quelltext("feindlich.yaml", {"": daten}, ordner=self.ordner))

    def _da(self, pfad: Pfad) -> bool:
        knoten: Any = self.baum
        for teil in pfad:
            if isinstance(knoten, dict) and teil not in knoten:
                return False
            knoten = knoten[teil]
        return pfad not in AUFBAU.dateien

    def angenommen(self, belegung: Belegung) -> Belegung:
        """What of it neither reading nor a rule refuses in this place."""
        datei = self.ordner / "feindlich.yaml"
        datei.write_bytes(
            text({p: w for p, w in belegung.items() if self._da(p)}, self.baum).encode("utf-8", "surrogatepass")
        )
        erste = text({}, self.baum).split("\n")
        abgelehnt = {b.ort.zeile for b in check(version_at(datei)) if b.schwere == "fehler"}
        weg = {m for n in abgelehnt if n for m in MARKE.findall(erste[n - 1])}
        # The object of a change may be a path; its last name is printed once more as a caption.
        weg |= {marke(NUMMER[p]) for p, w in belegung.items() if p[-1] == "objekt" and "." in w}
        return {p: w for p, w in belegung.items() if self._da(p) and marke(NUMMER[p]) not in weg}

    def seite(self, belegung: Belegung) -> str:
        return report_html(self.geladen(belegung), vorgaenger=None, aenderungen=None, medium="web", ihk_version="0")

    def zweierlei(self, angenommen: Belegung) -> list[str]:
        """What is wrong on the pages that hold these strings: first all letter by letter, then the prose as Markdown."""
        angenommen = {p: behalten(AUFBAU.felder[p], z) for p, z in angenommen.items()}
        geschrieben = {p: z if AUFBAU.felder[p] == "text" else verschlossen(z) for p, z in angenommen.items()}
        ersatz, roh = ({marke(NUMMER[p]): z for p, z in werte.items()} for werte in (angenommen, geschrieben))
        genau = baum(self.seite(geschrieben), self.stil)
        funde = gefahren(genau) + fremde_stile(genau, self.stil, self.klassen)
        funde += self._kleinste(unterschiede(v, genau, ersatz, roh) for v in self._vorbilder(geschrieben))
        prosa = {p: z for p, z in angenommen.items() if AUFBAU.felder[p] != "text" and gesetzt(z)}
        frei = baum(self.seite(prosa), self.stil)
        funde += gefahren(frei) + fremde_stile(frei, self.stil, self.klassen)
        funde += self._kleinste(_andere_elemente(v, frei) for v in self._vorbilder(prosa))
        gedruckt = set(MARKE.findall("".join(next(self._vorbilder(prosa)).find("body").itertext())))
        dicht = "".join(flach("".join(frei.itertext())).split())
        for p, z in prosa.items():
            if AUFBAU.felder[p] == "prosa" and marke(NUMMER[p]) in gedruckt and gesetzt(z) not in dicht:
                funde.append(f"Markdown in {p}: {z[:120]!r} fehlt")
        return funde

    def _vorbilder(self, werte: Belegung) -> Iterator[Any]:
        """The page with harmless text of the same length. Long text is set otherwise than short text (one column or two), and how
        long it is, is counted in lines and in HTML: so the pages with shorter and with longer harmless text follow."""
        weitere = (
            (0, 1, 1),
            (3, 1, 1),
            (1, 0, 1),
            (1, 3, 1),
            (3, 3, 1),
            (0, 0, 1),
            (0, 3, 1),
            (3, 0, 1),
            (1, 1, 0.8),
            (1, 1, 0),
            (3, 3, 3),
        )
        for zeile, prosa, kurz in ((1, 1, 1), *weitere):
            mal = {"zeile": zeile, "prosa": prosa, "text": kurz}
            yield baum(self.seite({p: _harmlos(p, z, mal[AUFBAU.felder[p]]) for p, z in werte.items()}), self.stil)

    @staticmethod
    def _kleinste(versuche: Iterator[list[str]]) -> list[str]:
        """Nothing if the page is like one of the models; else what makes it another than the first."""
        erste: list[str] | None = None
        for funde in versuche:
            if not funde:
                return []
            erste = funde if erste is None else erste
        return erste or []


def _andere_elemente(vorbild: Any, frei: Any) -> list[str]:
    paare = zip_longest(geruest(vorbild), geruest(frei), fillvalue=(0, "Ende", ()))
    return [f"Markdown: statt {a} steht {b}" for a, b in paare if a != b][:1]


def _harmlos(pfad: Pfad, zeichen: str, mal: float = 1) -> str:
    """A harmless text as long as the string (or that many times), with the same gaps: what is longer may be set otherwise."""
    kopf = marke(NUMMER[pfad])
    return kopf + re.sub(r"\S", "ø", (zeichen * max(1, int(mal)))[len(kopf) : int(len(zeichen) * mal)])


@cache
def gesetzt(zeichen: str) -> str:
    """What a string says as Markdown, by the parser alone: its words without signs."""
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(zeichen)
    html = re.sub(r'<img [^>]*?alt="([^"]*)"[^>]*>', r"\1", html)  # a picture that there is not is printed as its words
    return "".join(flach("".join(baum(html).itertext())).split())


def png() -> bytes:
    """A small white picture."""

    def stueck(art: bytes, inhalt: bytes) -> bytes:
        return struct.pack(">I", len(inhalt)) + art + inhalt + struct.pack(">I", zlib.crc32(art + inhalt))

    bild = zlib.compress(b"".join(b"\0" + b"\xff" * 8 for _ in range(8)))
    kopf = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + stueck(b"IHDR", kopf) + stueck(b"IDAT", bild) + stueck(b"IEND", b"")


# ---------------------------------------------------------------------------------------------------- paper

BAENDE = 7
"""Rows that together hold every string: the step within a row is seven."""
SCHLUESSEL = {
    "/JS",
    "/JavaScript",
    "/AA",
    "/Launch",
    "/RichMedia",
    "/XFA",
    "/AcroForm",
    "/EmbeddedFile",
    "/EmbeddedFiles",
}


def unruhig(daten: bytes) -> list[str]:
    """Everything in a PDF that acts, leads to an address that is not allowed or carries a file; and damage to its tag tree."""
    leser = pypdf.PdfReader(io.BytesIO(daten), strict=True)
    funde = []
    for objekt in _objekte(leser.trailer):
        if "/URI" in objekt and not re.match(r"https?://|mailto:", str(objekt["/URI"]), re.IGNORECASE):
            funde.append(f"Adresse {objekt['/URI']!r}")
        if objekt.get("/Type") == "/Action" and objekt.get("/S") not in ("/GoTo", "/URI"):
            funde.append(f"Handlung {objekt.get('/S')}")
        if objekt.get("/S") in HANDLUNGEN:
            funde.append(f"Handlung {objekt['/S']}")
        funde += [f"Schlüssel {k}" for k in objekt if k in SCHLUESSEL]
    with pikepdf.open(io.BytesIO(daten)) as datei:
        dokument = pdf_lesen.Dokument(datei)
        ohne_baum = [] if sum(1 for _ in dokument.baum.alle()) > 100 else ["Kein Strukturbaum"]
        return funde + dokument.schaeden + ohne_baum


HANDLUNGEN = {
    "/JavaScript",
    "/Launch",
    "/SubmitForm",
    "/ImportData",
    "/GoToR",
    "/GoToE",
    "/Rendition",
    "/Named",
    "/ResetForm",
}


def _objekte(wurzel: Any) -> Iterator[dict[str, Any]]:
    """Every dictionary that can be reached."""
    offen, gesehen = [wurzel], set()
    while offen:
        objekt = offen.pop()
        if isinstance(objekt, pypdf.generic.IndirectObject):
            if objekt.idnum in gesehen:
                continue
            gesehen.add(objekt.idnum)
            objekt = objekt.get_object()
        if isinstance(objekt, dict):
            yield objekt
            offen += [objekt.raw_get(k) for k in objekt]
        elif isinstance(objekt, list):
            offen += list(objekt)


def als_pdf(bank: Werkbank, n: int) -> bytes:
    """Row n on paper: text fields as they are, prose as Markdown."""
    werk = report_druck(bank.geladen(bank.angenommen(reihe(n))), vorgaenger=None, aenderungen=None, ihk_version="0")
    return pdf(replace(werk, entwurf=False))


def main(ordner: str) -> int:
    """Write the PDFs that together hold every string; what is wrong with them as lines."""
    ziel = Path(ordner)
    ziel.mkdir(parents=True, exist_ok=True)
    funde = []
    with TemporaryDirectory() as hier:
        bank = Werkbank(Path(hier))
        for n in range(BAENDE):
            daten = als_pdf(bank, n)
            (ziel / f"{n}.pdf").write_bytes(daten)
            funde += [f"{n}.pdf: {fund}" for fund in unruhig(daten)]
    anzahl = len({z for n in range(BAENDE) for z in reihe(n).values()})
    sys.stdout.write("\n".join((f"{BAENDE} PDFs mit {anzahl} Zeichenketten: {len(funde)} Schäden", *funde, "")))
    return 1 if funde or anzahl != len(zeichenketten()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
