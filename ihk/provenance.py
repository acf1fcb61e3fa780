"""Where a PDF of ours comes from: what it says about itself, what it really holds, and the sources embedded in it.

The checksums show whether a file was changed by mistake or by another program. They are no signature: whoever changes a
file on purpose can compute them anew. Against that a municipality uses a qualified electronic seal.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any
from xml.parsers import expat

from ihk.pictures import GROESSE as BILDGROESSE
from ihk.problems import IhkError
from ihk.reading.files import KONZEPT, Quelltext, read_bytes
from ihk.reading.source import GROESSE

NAMESPACE = "urn:ihk:herkunft:1"
"""Namespace of our own properties in XMP; a URN, because nothing is published under it."""
PROPERTIES = {
    "konzept": "Kennung des Konzepts",
    "fassung": "Kennung der Fassung",
    "verglichen": "Kennung der Vorfassung, mit der verglichen wird, oder aller Vorfassungen",
    "status": "Status der Fassung",
    "bericht": "Name des Berichts",
    "quelle": "SHA-256 des Quelltextes der Fassung",
    "quelleAlt": "SHA-256 der Quelltexte dieser Vorfassungen",
    "version": "Version von ihk",
    "seiten": "Kurze Prüfsummen der Seiteninhalte",
    "gliederung": "SHA-256 der Strukturelemente und Verweise mit ihren Texten",
    "schriften": "SHA-256 der Schriften und ihrer Zeichenzuordnung",
    "datei": "SHA-256 der Datei, mit Nullen an dieser Stelle",
}
UNSEALED = "0" * 64
"""Stands in the place of the checksum of the file while that is computed."""
PDF_GROESSE = 200 * 1024 * 1024
XMP_GROESSE = 4 * 1024 * 1024
"""Ten thousand pages with their checksums take less than a tenth of it."""
INHALT = 2 * 1024**3
"""Bytes that all pages together may unfold to: a bomb is small, and a thousand pages may point to it."""
DATEIEN = 2000
_EIGENE = re.compile(rb"<ihk:datei>([0-9a-f]{64})<")


@dataclass(frozen=True, slots=True)
class Datei:
    """A source file to embed: name relative to the Fassung, bytes, media type."""

    name: str
    daten: bytes
    art: str


class Dokument:
    """A PDF file, opened for reading."""

    def __init__(self, pfad: Path) -> None:
        """Raises ``IhkError`` if the file is not a PDF that can be read."""
        self.pfad = pfad
        self.daten = _gelesen(pfad)
        self._leser = _leser(self.daten, pfad)

    @cached_property
    def angaben(self) -> dict[str, str]:
        """What the XMP packet says in our namespace; empty if the file is not ours."""
        with _lesbar(self.pfad):
            metadaten = self._leser.trailer["/Root"].get("/Metadata")
            paket = metadaten.get_object().get_data() if metadaten is not None else b""
        eigene = _eigenschaften(paket) if 0 < len(paket) <= XMP_GROESSE else {}
        return {k: w for k, w in eigene.items() if k in PROPERTIES}

    @property
    def unveraendert(self) -> bool:
        """Whether the file is byte for byte the one that was written."""
        treffer = _EIGENE.search(self.daten)
        if treffer is None:
            return False
        ohne = self.daten[: treffer.start(1)] + UNSEALED.encode() + self.daten[treffer.end(1) :]
        return hashlib.sha256(ohne).hexdigest() == treffer[1].decode()

    def seiten(self) -> tuple[str, ...]:
        """Checksums of the pages as they are now."""
        summen, rest = [], INHALT
        with _lesbar(self.pfad):
            for seite in self._leser.pages:
                inhalt = [s.get_data() for s in _stroeme(seite)]
                rest -= sum(map(len, inhalt))
                if rest < 0:
                    raise IhkError(f"Die Seiten von „{self.pfad}“ sind zusammen größer als 2 GB.")
                summen.append(page_sum(inhalt))
        return tuple(summen)

    def gliederung(self) -> str:
        """Checksum of links and structure as they are now."""
        with _lesbar(self.pfad):
            baum = self._leser.trailer["/Root"].get("/StructTreeRoot")
            zeilen = list(_verweise(self._leser))
            if baum is not None:
                zeilen += _elemente(baum)
        return structure_sum(zeilen)

    def schriften(self) -> str:
        """Checksum of fonts and Unicode maps as they are now."""
        schriften: dict[str, Any] = {}
        with _lesbar(self.pfad):
            for seite in self._leser.pages:
                for name, schrift in (seite["/Resources"].get("/Font") or {}).items():
                    schriften[name] = schrift
            paare = []
            for _, schrift in sorted(schriften.items()):
                objekt = schrift.get_object()
                beschreibung = objekt["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
                paare.append((beschreibung["/FontFile2"].get_data(), objekt["/ToUnicode"].get_data()))
        return fonts_sum(paare)

    @cached_property
    def quellen(self) -> dict[str, bytes]:
        """The embedded source files by name. Raises ``IhkError`` for names that lead out of the Fassung."""
        dateien: dict[str, bytes] = {}
        with _lesbar(self.pfad):
            for name, inhalte in self._leser.attachments.items():
                if len(dateien) >= DATEIEN:
                    raise IhkError(f"„{self.pfad}“ enthält mehr als {DATEIEN} eingebettete Dateien.")
                dateien[_sicher(str(name), self.pfad)] = bytes(inhalte[0])
        return dateien

    def quelltext(self, *, alt: bool = False) -> Quelltext:
        """The Fassung that is embedded; of a comparison the new one, or the old one. Raises ``IhkError`` without one."""
        vorsatz = "alt/" if alt else ""
        eigene = {n.removeprefix(vorsatz): d for n, d in self.quellen.items() if n.startswith("alt/") == alt}
        texte = {n: d for n, d in eigene.items() if n.endswith((".yaml", ".md"))}
        if not texte:
            raise IhkError(
                f"In „{self.pfad}“ ist keine Konzeptdatei eingebettet. "
                "Eingebettet wird sie mit „ihk build --embed-sources“; sonst die YAML-Dateien vergleichen."
            )
        if any(len(d) > GROESSE for d in texte.values()):
            raise IhkError(f"Eine in „{self.pfad}“ eingebettete Konzeptdatei ist größer als 20 MB.")
        if KONZEPT not in texte:
            name = next(iter(texte))
            return Quelltext(f"{self.pfad}:{vorsatz}{name}", {"": texte[name]})
        return Quelltext(f"{self.pfad}:{vorsatz.rstrip('/')}", texte)

    def bilder(self, *, alt: bool = False) -> dict[str, bytes]:
        """The embedded pictures by their name in the Fassung."""
        vorsatz = "alt/" if alt else ""
        return {
            n.removeprefix(vorsatz): d
            for n, d in self.quellen.items()
            if n.startswith("alt/") == alt and not n.endswith((".yaml", ".md")) and len(d) <= BILDGROESSE
        }


def page_sum(streams: list[bytes]) -> str:
    """Short checksum of the content streams of a page."""
    return hashlib.sha256(b"\n".join(streams)).hexdigest()[:16]


def structure_sum(lines: list[str]) -> str:
    """Checksum of the lines that describe links and structure elements."""
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


def fonts_sum(pairs: list[tuple[bytes, bytes]]) -> str:
    """Checksum of font files and their Unicode maps, in the order of their names in the content streams."""
    total = hashlib.sha256()
    for data, unicode in pairs:
        total.update(data + unicode)
    return total.hexdigest()


def link_line(goal: str, label: str) -> str:
    """The line that stands for a link."""
    return f"Link {goal} {label}"


def element_line(role: str, alt: str, expansion: str, lang: str) -> str:
    """The line that stands for a structure element."""
    return f"{role} {alt} {expansion} {lang}"


def dateien(quelle: Quelltext, fassung: str, bilder: dict[str, tuple[bytes, str]], *, alt: bool = False) -> list[Datei]:
    """The files of a Fassung to embed; ``bilder``: name → bytes and media type. A single file is named after the Fassung."""
    vorsatz = "alt/" if alt else ""
    ergebnis = [
        Datei(f"{vorsatz}{name or f'{fassung}.yaml'}", daten, "text/markdown" if name.endswith(".md") else "text/yaml")
        for name, daten in quelle.dateien.items()
    ]
    return ergebnis + [Datei(f"{vorsatz}{name}", daten, art) for name, (daten, art) in bilder.items()]


def _gelesen(pfad: Path) -> bytes:
    daten = read_bytes(pfad, PDF_GROESSE)
    if len(daten) > PDF_GROESSE:
        raise IhkError(f"„{pfad}“ ist größer als 200 MB.")
    return daten


def _leser(daten: bytes, pfad: Path) -> Any:
    import logging

    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    with _lesbar(pfad):
        leser = pypdf.PdfReader(io.BytesIO(daten))
        if leser.is_encrypted:
            raise IhkError(f"„{pfad}“ ist verschlüsselt.")
        len(leser.pages)
    return leser


def _eigenschaften(paket: bytes) -> dict[str, str]:
    """The properties in our namespace, as elements or attributes; none from XML that is broken or declares anything."""
    marke = f"{NAMESPACE} "
    offen: list[list[str]] = []
    gefunden: dict[str, str] = {}

    def anfang(_: str, attribute: dict[str, str]) -> None:
        offen.append([])
        gefunden.update({k.removeprefix(marke): w for k, w in attribute.items() if k.startswith(marke)})

    def ende(name: str) -> None:
        text = "".join(offen.pop()).strip()
        if name.startswith(marke):
            gefunden.setdefault(name.removeprefix(marke), text)

    def zeichen(text: str) -> None:
        if offen:
            offen[-1].append(text)

    def doctype(*_: object) -> None:
        raise expat.ExpatError("a DOCTYPE could define entities that unfold without end")

    leser = expat.ParserCreate("utf-8", namespace_separator=" ")
    leser.StartElementHandler, leser.EndElementHandler = anfang, ende
    leser.CharacterDataHandler, leser.StartDoctypeDeclHandler = zeichen, doctype
    try:
        leser.Parse(paket, True)
    except expat.ExpatError:
        return {}
    return gefunden


@contextmanager
def _lesbar(pfad: Path) -> Iterator[None]:
    """Whatever the PDF reader stumbles over is a broken file, and said as one sentence."""
    try:
        yield
    except IhkError:
        raise
    except Exception:
        raise IhkError(f"„{pfad}“ ist keine lesbare PDF-Datei.") from None


def _stroeme(seite: Any) -> list[Any]:
    inhalt = seite["/Contents"].get_object()
    return [s.get_object() for s in inhalt] if isinstance(inhalt, list) else [inhalt]


def _verweise(leser: Any) -> Iterator[str]:
    for seite in leser.pages:
        for verweis in seite.get("/Annots") or ():
            objekt = verweis.get_object()
            if objekt.get("/Subtype") != "/Link":
                continue
            ziel = objekt["/Dest"] if "/Dest" in objekt else objekt["/A"]["/URI"]
            yield link_line(_text(ziel), _text(objekt.get("/Contents", "")))


def _elemente(baum: Any) -> list[str]:
    """A line for each structure element below the document element, in reading order."""
    zeilen: list[str] = []
    offen = list(reversed(_kinder(_kinder(baum.get_object())[0])))
    gesehen: set[int] = set()
    while offen:
        element = offen.pop()
        if id(element) in gesehen:  # the reader keeps every object, so the same number is the same object
            raise ValueError("a structure element below itself")
        gesehen.add(id(element))
        if "/S" not in element:
            continue
        werte = (_text(element.get(k, "")) for k in ("/Alt", "/E", "/Lang"))
        zeilen.append(element_line(str(element["/S"]).lstrip("/"), *werte))
        offen += reversed(_kinder(element))
    return zeilen


def _kinder(element: Any) -> list[Any]:
    """The kids of an element that are dictionaries."""
    kinder = element.get("/K")
    kinder = kinder.get_object() if hasattr(kinder, "get_object") else kinder
    liste = kinder if isinstance(kinder, list) else [kinder]
    objekte = [k.get_object() if hasattr(k, "get_object") else k for k in liste]
    return [o for o in objekte if isinstance(o, dict)]


def _text(wert: Any) -> str:
    wert = wert.get_object() if hasattr(wert, "get_object") else wert
    return wert.decode("latin-1") if isinstance(wert, bytes) else str(wert)


def _sicher(name: str, pfad: Path) -> str:
    """The name if it stays inside the Fassung."""
    teile = PurePosixPath(name)
    if teile.is_absolute() or ".." in teile.parts or "\\" in name or "\0" in name or ":" in name:
        raise IhkError(f"„{pfad}“ enthält eine Datei mit dem unerlaubten Namen „{name[:80]}“.")
    return name
