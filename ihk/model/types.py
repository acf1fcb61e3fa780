"""Field types of the concept: how text becomes a value, how it is written as JSON, and how two values are compared.

A type carries a ``Vergleich``: without one a field cannot take part in the comparison, and a test fails.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, PlainValidator
from pydantic_core import PydanticCustomError

from ihk.problems import kurz
from ihk.reading import values
from ihk.reading.values import WertError, Zeitpunkt

Gewicht = Literal["redaktionell", "einfach", "wesentlich"]
Vergleichsart = Literal[
    "text", "prosa", "geld", "zahl", "datum", "zeitpunkt", "jahr", "auswahl", "status", "ja_nein",
    "verweis", "verweise", "menge", "liste", "kennung", "punkt", "ohne",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Vergleich:
    """How a field is compared and how much a change of it weighs. ``ohne`` needs a reason in ``grund``."""

    art: Vergleichsart
    gewicht: Gewicht = "einfach"
    grund: str = ""


def fehler(code: str, meldung: str, hinweis: str = "") -> PydanticCustomError:
    """A validation error whose type is one of our codes; braces in texts must not be read as a template."""
    return PydanticCustomError(code, "{meldung}", {"meldung": meldung, "hinweis": hinweis})


def _scalar(wert: Any, code: str = "WERT-TEXT") -> str:
    if isinstance(wert, str):
        return wert
    art = "eine Liste" if isinstance(wert, list | tuple) else "ein Abschnitt mit Schlüsseln"
    hinweis = "Den Text in eine Zeile schreiben; enthält er „: “, in Anführungszeichen setzen."
    raise fehler(code, f"Hier wird ein einzelner Wert erwartet, nicht {art}.", hinweis)


def _aus(lesen: Callable[[str], Any], typ: type | tuple[type, ...]) -> Callable[[Any], Any]:
    """A validator around a reader of text; a value that already has the type passes (models built in code)."""

    def pruefen(wert: Any) -> Any:
        if isinstance(wert, typ) and not isinstance(wert, str):
            return wert
        try:
            return lesen(_scalar(wert))
        except WertError as f:
            raise fehler(f.code, f.meldung, f.hinweis) from None

    return pruefen


def _text(wert: Any) -> str:
    text = _scalar(wert).strip()
    if not text:
        raise fehler(
            "YAML-LEER",
            "Der Text ist leer.",
            "Text schreiben, die Zeile löschen oder unter „unbekannt“ den Grund nennen.",
        )
    return text


def _zeile(wert: Any) -> str:
    return " ".join(_text(wert).split("\n"))


def _prosa(wert: Any) -> str:
    text = _scalar(wert)
    _text(text)
    return (
        "\n".join(zeile.rstrip() for zeile in text.strip("\n").split("\n")) if "  \n" not in text else text.strip("\n")
    )


KENNUNG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
WINDOWS = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}
UMLAUTE = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", " ": "-"})


def _kennung(wert: Any) -> str:
    text = _scalar(wert)
    if not KENNUNG.fullmatch(text):
        vorschlag = re.sub(r"[^A-Za-z0-9._-]", "", text.translate(UMLAUTE)).lstrip("._-")[:80]
        hinweis = "Erlaubt sind ASCII-Buchstaben, Ziffern, Punkt, Strich und Unterstrich, höchstens 80 Zeichen"
        hinweis += f", zum Beispiel „{vorschlag}“." if vorschlag else "."
        raise fehler("WERT-KENNUNG", f"„{kurz(text)}“ ist keine gültige Kennung.", hinweis)
    if text.lower().split(".")[0] in WINDOWS or text.endswith("."):
        raise fehler(
            "WERT-KENNUNG", f"„{text}“ kann unter Windows nicht als Dateiname stehen.", "Eine andere Kennung wählen."
        )
    return text


@dataclass(frozen=True)
class Auswahl:
    """A closed list of words; a wrong word gets the nearest right one."""

    woerter: tuple[str, ...]

    def __call__(self, wert: Any) -> str:
        text = _scalar(wert).strip()
        if text in self.woerter:
            return text
        naechstes = naechster(text, self.woerter)
        hinweis = (f"Gemeint ist wohl „{naechstes}“. " if naechstes else "") + f"Möglich: {', '.join(self.woerter)}."
        raise fehler("WERT-AUSWAHL", f"„{kurz(text)}“ ist hier nicht vorgesehen.", hinweis)


def auswahl(*woerter: str) -> PlainValidator:
    """The validator of a field that takes one of these words."""
    return PlainValidator(Auswahl(woerter))


def naechster(text: str, woerter: tuple[str, ...] | list[str]) -> str | None:
    """The nearest of the words, umlauts and spelling variants included."""
    flach = text.strip().translate(UMLAUTE).lower().replace("-", "_")
    flache = {wort.lower().replace("-", "_"): wort for wort in woerter}
    if flach in flache:
        return flache[flach]
    treffer = difflib.get_close_matches(flach, list(flache), n=1, cutoff=0.6)
    return flache[treffer[0]] if treffer else None


def geld_text(cent: int) -> str:
    """Cents as a decimal string, the form of all amounts in JSON: ``250000.00``."""
    betrag = abs(cent)
    return f"{'-' if cent < 0 else ''}{betrag // 100}.{betrag % 100:02}"


def liste(wert: Any) -> Any:
    """Only a list passes; the finding says how to write one."""
    if isinstance(wert, list | tuple):
        return wert
    was = "ein Abschnitt mit Schlüsseln" if isinstance(wert, dict) else "ein einzelner Wert"
    raise fehler(
        "WERT-LISTE",
        f"Hier wird eine Liste erwartet, nicht {was}.",
        "In eckige Klammern setzen: [A, B], oder je Zeile mit „- “ beginnen.",
    )


def saetze_oder_texte(wert: Any) -> Any:
    """A list of records in which a plain text stands for a record with only that ``text``."""
    return [{"text": eintrag} if isinstance(eintrag, str) else eintrag for eintrag in liste(wert)]


def _jahresschluessel(wert: Any) -> str:
    text = _scalar(wert)
    if text in ("bisher", "spaeter"):
        return text
    try:
        return str(values.jahr(text))
    except WertError as f:
        naechstes = naechster(text, ("bisher", "spaeter"))
        raise fehler(f.code, f.meldung, f"Gemeint ist wohl „{naechstes}“." if naechstes else f.hinweis) from None


def _jahreszahl(wert: Any) -> str:
    try:
        return str(values.jahr(_scalar(wert)))
    except WertError as f:
        raise fehler(f.code, f.meldung, f.hinweis) from None


def abschnitt(wert: Any) -> Any:
    """Only a record of keys and values passes."""
    if isinstance(wert, dict):
        return wert
    raise fehler(
        "WERT-ABSCHNITT",
        "Hier werden Schlüssel mit Werten erwartet.",
        "Schlüssel und Werte eingerückt darunter schreiben.",
    )


def _nach_jahr(wert: dict[str, Any]) -> dict[str, Any]:
    """``bisher`` first, then the years, ``spaeter`` last."""
    return dict(sorted(wert.items(), key=lambda p: (p[0] == "spaeter", p[0] != "bisher", p[0])))


def _quellen(wert: Any) -> tuple[str, ...]:
    return tuple(_kennung(x) for x in liste(wert))


def _belege(wert: Any) -> tuple[str, ...] | dict[str, tuple[str, ...]]:
    if isinstance(wert, dict):
        return {feld: _quellen(quellen) for feld, quellen in wert.items()}
    return _quellen(wert)


def _belege_json(wert: Any) -> Any:
    return {feld: list(quellen) for feld, quellen in wert.items()} if isinstance(wert, dict) else list(wert)


def _punkt(wert: Any) -> tuple[Decimal, Decimal]:
    if not isinstance(wert, list | tuple) or len(wert) != 2:
        hinweis = "Länge und Breite mit Dezimalpunkt schreiben: [8.8012, 50.1034]."
        raise fehler("WERT-PUNKT", "Ein Punkt besteht aus zwei Zahlen.", hinweis)
    try:
        laenge, breite = (x if isinstance(x, Decimal) else values.koordinate(_scalar(x)) for x in wert)
    except WertError as f:
        raise fehler(f.code, f.meldung, f.hinweis) from None
    if not (-180 <= laenge <= 180 and -90 <= breite <= 90):
        raise fehler(
            "WERT-PUNKT", "Der Punkt liegt nicht auf der Erde.", "Reihenfolge prüfen: erst Länge, dann Breite."
        )
    return laenge, breite


def _format(wert: Any) -> int:
    if wert == 1 or (isinstance(wert, str) and wert.strip() == "1"):
        return 1
    raise fehler("WERT-FORMAT", f"Das Format „{kurz(str(wert))}“ ist unbekannt.", "„format: 1“ schreiben.")


_geld_json = PlainSerializer(geld_text, return_type=str, when_used="json")
_tag_json = PlainSerializer(date.isoformat, return_type=str, when_used="json")
_str_json = PlainSerializer(str, return_type=str, when_used="json")

Text = Annotated[str, PlainValidator(_zeile), Vergleich("text")]
"""One line."""
Prosa = Annotated[str, PlainValidator(_prosa), Vergleich("prosa")]
"""Markdown; lines and paragraphs as written."""
Kennung = Annotated[str, PlainValidator(_kennung), Vergleich("kennung")]
Geld = Annotated[int, PlainValidator(_aus(values.geld, int)), _geld_json, Vergleich("geld", "wesentlich")]
"""Integer cents; a decimal string in JSON."""
Zahl = Annotated[Decimal, PlainValidator(_aus(values.zahl, Decimal)), _str_json, Vergleich("zahl", "wesentlich")]
Ganzzahl = Annotated[int, PlainValidator(_aus(values.ganzzahl, int)), Vergleich("zahl", "wesentlich")]
Datum = Annotated[date, PlainValidator(_aus(values.datum, date)), _tag_json, Vergleich("datum")]
Zeitangabe = Annotated[
    Zeitpunkt,
    PlainValidator(_aus(values.zeitpunkt, Zeitpunkt)),
    PlainSerializer(str, return_type=str),
    Vergleich("zeitpunkt", "wesentlich"),
]
Bruchteil = Annotated[
    Fraction | Literal["rest"],
    PlainValidator(_aus(values.bruchteil, Fraction)),
    PlainSerializer(str, return_type=str),
    Vergleich("text", "wesentlich"),
]
"""A share such as ``1/3`` or ``30 %``, exact; ``rest`` is what the others leave."""
Jahr = Annotated[int, PlainValidator(_aus(values.jahr, int)), Vergleich("jahr")]
JaNein = Annotated[bool, PlainValidator(_aus(values.ja_nein, bool)), Vergleich("ja_nein")]
Texte = Annotated[tuple[Prosa, ...], BeforeValidator(liste), Vergleich("liste")]
"""Several short texts, in order."""
Menge = Annotated[tuple[Text, ...], BeforeValidator(liste), Vergleich("menge")]
Verweis = Annotated[str, PlainValidator(_kennung), Vergleich("verweis")]
Verweise = Annotated[tuple[Verweis, ...], BeforeValidator(liste), Vergleich("verweise")]
Jahresbetraege = Annotated[
    dict[Annotated[str, PlainValidator(_jahresschluessel)], Geld],
    BeforeValidator(abschnitt),
    AfterValidator(_nach_jahr),
    Vergleich("geld", "wesentlich"),
]
"""Cents by year, also ``bisher`` and ``spaeter``."""
Jahreswerte = Annotated[
    dict[Annotated[str, PlainValidator(_jahreszahl)], Zahl],
    BeforeValidator(abschnitt),
    AfterValidator(_nach_jahr),
    Vergleich("zahl"),
]
Punkt = Annotated[
    tuple[Decimal, Decimal],
    PlainValidator(_punkt),
    PlainSerializer(lambda p: [str(x) for x in p], return_type=list[str], when_used="json"),
    Vergleich("punkt"),
]
"""Longitude and latitude, WGS 84."""
Belege = Annotated[
    tuple[str, ...] | dict[str, tuple[str, ...]],
    PlainValidator(_belege),
    PlainSerializer(_belege_json, return_type=Any, when_used="json"),
    Vergleich("menge", "redaktionell"),
]
"""Ids of sources for the whole object, or by field."""
Unbekannt = Annotated[dict[str, Text], BeforeValidator(abschnitt), Vergleich("text")]
"""Field to reason: what no source states."""
Formatnummer = Annotated[int, PlainValidator(_format), Vergleich("ohne", grund="Version des Dateiformats, kein Inhalt")]


class Satz(BaseModel):
    """Base of all records: frozen, no unknown keys; sources and declared gaps may stand anywhere."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    SCHLUESSEL: ClassVar[tuple[str, ...]] = ()
    """Fields that tell one entry of a list from another where it has no id; for comparison and merge."""

    belege: Belege = ()
    unbekannt: Unbekannt = Field(default_factory=dict)

    def alle_belege(self) -> tuple[str, ...]:
        """Every source named, for the whole record or for single fields, each once and in order."""
        if isinstance(self.belege, dict):
            return tuple(dict.fromkeys(q for quellen in self.belege.values() for q in quellen))
        return self.belege


class MitKennung(Satz):
    """A record with an id of its own: a thing that other records can refer to."""

    id: Kennung
