"""The documents of a Fassung as an OParl 1.1 Paper, for a council information system.

Source: OParl 1.1, objects Paper, File, Consultation, Location; properties with a prefix and a colon are extensions that
the specification permits. All addresses stand below ``basis`` and are given anew by the system that takes the paper in.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from ihk import labels
from ihk.model.bestandteile import Beratung
from ihk.model.load import Geladen

SCHEMA = "https://schema.oparl.org/1.1/"
BASIS = "https://oparl.example.org"
"""A placeholder: this host is reserved for examples and answers to nobody."""
HAUPTDATEI = ("beschlussvorlage.pdf", "bericht.pdf")
NAMEN = {
    "beschlussvorlage": "Beschlussvorlage", "bericht": "Integriertes Handlungskonzept", "kurzfassung": "Kurzfassung",
    "synopse": "Synopse zur Vorfassung", "daten": "Daten des Konzepts", "aenderungen": "Änderungen gegenüber der Vorfassung",
}  # fmt: skip
ARTEN = {
    "pdf": "application/pdf", "html": "text/html", "json": "application/json", "yaml": "application/yaml",
    "md": "text/markdown", "csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ausgabe:
    """A file to hand over: its name in the build folder (or in the Fassung), its bytes."""

    name: str
    daten: bytes

    @property
    def stamm(self) -> str:
        return self.name.rpartition(".")[0] or self.name

    @property
    def endung(self) -> str:
        return self.name.rpartition(".")[2].lower()


def paper(
    geladen: Geladen, ausgaben: Sequence[Ausgabe], *, vorgaenger: Geladen | None, basis: str = BASIS
) -> dict[str, Any]:
    """The Paper with its embedded files; ``ausgaben`` must hold one of ``HAUPTDATEI``.

    The order of the files is that of their names. Dates come from the Fassung, there is no clock.
    """
    k = geladen.fassung
    adresse = f"{basis.rstrip('/')}/paper/{_kurz(k.konzept.id)}-{_kurz(k.fassung.id)}"
    entscheidung = _entscheidung(geladen)
    vorlage = entscheidung.vorlage if entscheidung else None
    dateien = _Dateien(geladen, ausgaben, adresse, vorlage)
    ergebnis: dict[str, Any] = {
        "id": adresse,
        "type": f"{SCHEMA}Paper",
        "name": ", ".join(t for t in (k.konzept.titel, k.fassung.titel or f"Fassung {k.fassung.id}") if t),
        "reference": vorlage,
        "date": k.fassung.stand.beginn.isoformat() if k.fassung.stand else None,
        "paperType": "Beschlussvorlage",
        "mainFile": dateien.haupt,
        "auxiliaryFile": dateien.anlagen,
        "location": _orte(geladen, adresse),
        "consultation": [_beratung(b, n, adresse, basis) for n, b in enumerate(k.fassung.beratungsfolge, 1)],
        "keyword": ["Integriertes Handlungskonzept", *(labels.programm(p) for p in k.konzept.programme)],
        "ihk:konzept": k.konzept.id,
        "ihk:fassung": k.fassung.id,
        "ihk:status": labels.FASSUNGSSTATUS.get(k.fassung.status or "") if k.fassung.status else None,
        "ihk:fiktiv": True if k.konzept.fiktiv else None,
    }
    if vorgaenger is not None:
        frueher = vorgaenger.fassung
        ergebnis["relatedPaper"] = [
            f"{basis.rstrip('/')}/paper/{_kurz(frueher.konzept.id)}-{_kurz(frueher.fassung.id)}"
        ]
    return _gefuellt(ergebnis)


def plain_text(html: bytes) -> str:
    """The words of a web page without its controls, one line for each paragraph."""
    leser = _Text()
    leser.feed(html.decode("utf-8", "replace"))
    leser.close()
    zeilen = (" ".join(z.split()) for z in "".join(leser.teile).split("\n"))
    return "\n".join(z for z in zeilen if z).replace("\u00ad", "")


class _Dateien:
    """The File objects, linked where they hold the same content in another format."""

    def __init__(self, geladen: Geladen, ausgaben: Sequence[Ausgabe], adresse: str, vorlage: str | None) -> None:
        self._geladen, self._adresse = geladen, adresse
        self._nummer = _kurz(vorlage or geladen.fassung.fassung.id)
        self._nach_name = {a.name: a for a in ausgaben}
        name = next(n for n in HAUPTDATEI if n in self._nach_name)
        andere = [self._nach_name[n] for n in sorted(self._nach_name) if n != name]
        self.haupt = self._datei(self._nach_name[name], f"{self._nummer}_{_kurz(_titel(name))}")
        self.anlagen = [
            self._datei(a, f"{self._nummer}_Anlage-{n}_{_kurz(_titel(a.name))}") for n, a in enumerate(andere, 1)
        ]

    def _datei(self, a: Ausgabe, dateiname: str) -> dict[str, Any]:
        stand = self._geladen.fassung.fassung.stand
        return _gefuellt(
            {
                "id": self._url(a),
                "type": f"{SCHEMA}File",
                "name": _titel(a.name),
                "fileName": f"{dateiname}.{a.endung}",
                "mimeType": ARTEN.get(a.endung, "application/octet-stream"),
                "date": stand.beginn.isoformat() if stand else None,
                "size": len(a.daten),
                "sha512Checksum": hashlib.sha512(a.daten).hexdigest(),
                "text": self._text(a),
                "accessUrl": self._url(a),
                "masterFile": self._original(a),
                "derivativeFile": self._abgeleitete(a),
            }
        )

    def _url(self, a: Ausgabe) -> str:
        return f"{self._adresse}/file/{_kurz(a.stamm)}.{a.endung}"

    def _text(self, a: Ausgabe) -> str | None:
        """Plain text; of a PDF that of the web page made from the same view."""
        seite = a if a.endung == "html" else self._nach_name.get(f"{a.stamm}.html")
        if a.endung in ("pdf", "html") and seite is not None:
            return plain_text(seite.daten)
        return a.daten.decode("utf-8", "replace") if a.endung in ("yaml", "md", "csv") else None

    def _original(self, a: Ausgabe) -> str | None:
        pdf = self._nach_name.get(f"{a.stamm}.pdf")
        return self._url(pdf) if a.endung == "html" and pdf is not None else None

    def _abgeleitete(self, a: Ausgabe) -> list[str]:
        html = self._nach_name.get(f"{a.stamm}.html")
        return [self._url(html)] if a.endung == "pdf" and html is not None else []


class _Text(HTMLParser):
    """Collects the words of the main part of a page."""

    _STUMM = frozenset({"script", "style", "title", "nav", "button", "select", "svg"})
    _ABSATZ = frozenset(
        {"p", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "div", "table", "caption", "br", "section"}
    )
    _ZELLE = frozenset({"td", "th"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.teile: list[str] = []
        self._stumm = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._stumm += tag in self._STUMM
        self._trenne(tag)

    def handle_endtag(self, tag: str) -> None:
        self._stumm -= tag in self._STUMM and self._stumm > 0
        self._trenne(tag)

    def handle_data(self, data: str) -> None:
        if not self._stumm:
            self.teile.append(data.replace("\n", " "))

    def _trenne(self, tag: str) -> None:
        if tag in self._ABSATZ:
            self.teile.append("\n")
        elif tag in self._ZELLE:
            self.teile.append(" ")


def _beratung(b: Beratung, nummer: int, adresse: str, basis: str) -> dict[str, Any]:
    """A Consultation. OParl has the date and the result with the meeting, which only the council system knows."""
    return _gefuellt(
        {
            "id": f"{adresse}/consultation/{nummer}",
            "type": f"{SCHEMA}Consultation",
            "organization": [f"{basis.rstrip('/')}/organization/{_kurz(b.gremium)}"],
            "authoritative": b.rolle == "entscheidung" if b.rolle else None,
            "role": labels.ROLLE.get(b.rolle or "") if b.rolle else None,
            "ihk:gremium": b.gremium,
            "ihk:datum": b.datum.isoformat() if b.datum else None,
            "ihk:vorlage": b.vorlage,
            "ihk:ergebnis": labels.ERGEBNIS.get(b.ergebnis) if b.ergebnis else None,
        }
    )


def _entscheidung(geladen: Geladen) -> Beratung | None:
    """The last step of the Beratungsfolge that decides."""
    folge = geladen.fassung.fassung.beratungsfolge
    return next((b for b in reversed(folge) if b.rolle == "entscheidung"), None)


def _orte(geladen: Geladen, adresse: str) -> list[dict[str, Any]]:
    """The area of the concept, and every measure that has a point (WGS 84, longitude and latitude, as in GeoJSON)."""
    k = geladen.fassung
    orte: list[dict[str, Any]] = []
    if k.konzept.gebiet and k.konzept.gebiet.name:
        orte.append({"id": f"{adresse}/location/gebiet", "description": k.konzept.gebiet.name})
    for m in k.massnahmen:
        if m.standort and m.standort.punkt:
            geo = {"type": "Point", "coordinates": [float(w) for w in m.standort.punkt]}
            text = ", ".join(t for t in (m.titel, m.standort.text) if t)
            orte.append(
                {
                    "id": f"{adresse}/location/{_kurz(m.id)}",
                    "description": text,
                    "geojson": {"type": "Feature", "geometry": geo, "properties": {"name": m.titel}},
                }
            )
    return [{**ort, "type": f"{SCHEMA}Location"} for ort in orte]


def _titel(name: str) -> str:
    stamm, _, endung = name.rpartition(".")
    if endung in ("yaml", "md"):
        return f"Quelle {stamm}"
    return NAMEN.get(stamm, stamm)


def _kurz(text: str) -> str:
    """Short ASCII for addresses and file names: ``2024/123`` becomes ``2024-123``, ``Rücklage`` ``Ruecklage``."""
    for zeichen, ersatz in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("Ä", "Ae"), ("Ö", "Oe"), ("Ü", "Ue"), ("ß", "ss")):
        text = text.replace(zeichen, ersatz)
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9.]+", "-", ascii_text).strip("-.")[:60] or "ohne-namen"


def _gefuellt(felder: dict[str, Any]) -> dict[str, Any]:
    """Without what is not known: OParl leaves such properties out."""
    return {name: wert for name, wert in felder.items() if wert is not None and wert != []}
