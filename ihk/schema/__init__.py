"""The format as JSON Schema (draft-07) for editors: what may stand where, in German; generated from the model.

An editor reads plain values by the rules of YAML 1.2: ``2024`` is a number and ``ja`` a text. The schema accepts every way of
writing that the reader accepts; what only ``ihk check`` can decide is left to it.
"""

from __future__ import annotations

import types
import typing
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainValidator

from ihk import labels
from ihk.model import Konzeptfassung, Massnahme
from ihk.model.types import KENNUNG, Auswahl, Satz, Vergleich, saetze_oder_texte
from ihk.reading.files import Quelltext, read_tree

DATEI = Path(__file__).parent / "schluessel.yaml"
ARTEN: dict[str, type[Satz]] = {"konzept": Konzeptfassung, "massnahme": Massnahme}
"""What a file can be: a whole concept (also ``konzept.yaml`` of a folder), or one measure below ``massnahmen/``."""
_TEXT = ["string", "number", "boolean"]
_ZAHL = {"type": ["number", "string"], "pattern": r"^[-+−]?\s*\d[\d.\s ]*(,\d+)?[^\d]*$"}
_JAHR = r"^(\d{4}|bisher|spaeter)$"
_FORMEN: dict[str, dict[str, Any]] = {
    "text": {"type": _TEXT},
    "prosa": {"type": _TEXT},
    "geld": _ZAHL,
    "zahl": _ZAHL,
    "datum": {"type": "string", "pattern": r"^(\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{2}-\d{2})$"},
    "zeitpunkt": {"type": ["string", "integer"]},
    "jahr": {"type": ["integer", "string"], "pattern": r"^\d{4}$"},
    "ja_nein": {"enum": ["ja", "nein", True, False]},
    "verweis": {"type": ["string", "integer"], "pattern": f"^{KENNUNG.pattern}$"},
    "kennung": {"type": ["string", "integer"], "pattern": f"^{KENNUNG.pattern}$"},
    "punkt": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
    "ohne": {"enum": [1, "1"]},
}
_BELEGE = {
    "anyOf": [
        {"type": "array", "items": _FORMEN["kennung"]},
        {"type": "object", "additionalProperties": {"type": "array", "items": _FORMEN["kennung"]}},
    ]
}


@cache
def beschreibungen() -> dict[str, str]:
    """German sentences by key, or by ``Klasse.schluessel`` where a key means something else there."""
    baum = read_tree(Quelltext(DATEI.name, {"": DATEI.read_bytes()}))
    assert baum.wurzel is not None, baum.probleme
    return {str(name): str(satz) for name, satz in baum.wurzel.items()}


def beschreibung(klasse: type[Satz], feld: str) -> str:
    """What a key means. Raises ``KeyError`` for one that nobody has described."""
    alle = beschreibungen()
    return alle[f"{klasse.__name__}.{feld}"] if f"{klasse.__name__}.{feld}" in alle else alle[feld]


def schema(art: str = "konzept") -> dict[str, Any]:
    """The schema of a kind of file; all records it needs stand under ``definitions``."""
    wurzel = ARTEN[art]
    definitionen: dict[str, dict[str, Any]] = {}
    _satz(wurzel, definitionen)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": f"ihk-{art}-1.json",
        "title": "Handlungskonzept" if art == "konzept" else "Maßnahme eines Handlungskonzepts",
        **definitionen.pop(wurzel.__name__),
        "definitions": dict(sorted(definitionen.items())),
    }


def saetze(art: str = "konzept") -> list[type[Satz]]:
    """All records that a kind of file may contain, the outer one first."""
    definitionen: dict[str, dict[str, Any]] = {}
    _satz(ARTEN[art], definitionen)
    return [_KLASSEN[name] for name in definitionen]


_KLASSEN: dict[str, type[Satz]] = {}


def _satz(klasse: type[Satz], definitionen: dict[str, dict[str, Any]]) -> None:
    if klasse.__name__ in definitionen:
        return
    _KLASSEN[klasse.__name__] = klasse
    definitionen[klasse.__name__] = {}
    typen = typing.get_type_hints(klasse, include_extras=True)
    felder = {
        name: {
            "title": labels.feld(name),
            "description": beschreibung(klasse, name),
            **_form(typen[name], definitionen),
        }
        for name in klasse.model_fields
    }
    definitionen[klasse.__name__] = {
        "type": "object",
        "properties": felder,
        "required": [name for name, f in klasse.model_fields.items() if f.is_required()],
        "additionalProperties": False,
    }


def _form(typ: Any, definitionen: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What may stand under a key, from the declared type of its field."""
    typ, angaben = ausgepackt(typ)
    if isinstance(typ, type) and issubclass(typ, Satz):
        _satz(typ, definitionen)
        return {"allOf": [{"$ref": f"#/definitions/{typ.__name__}"}]}
    for angabe in angaben:
        if isinstance(angabe, PlainValidator) and isinstance(angabe.func, Auswahl):
            return {"enum": list(angabe.func.woerter)}
    art = next((a.art for a in angaben if isinstance(a, Vergleich)), "")
    ursprung = typing.get_origin(typ)
    if art == "ohne" and typ is str:
        return {"type": _TEXT}
    if any(isinstance(a, PlainValidator) for a in angaben) and art in _FORMEN:
        return dict(_FORMEN[art])
    if ursprung is tuple:
        eintrag = _form(typing.get_args(typ)[0], definitionen)
        if any(isinstance(a, BeforeValidator) and a.func is saetze_oder_texte for a in angaben):
            eintrag = {"anyOf": [{"type": _TEXT}, eintrag]}
        return {"type": "array", "items": eintrag}
    if ursprung is dict:
        schluessel, wert = typing.get_args(typ)
        form = {"type": "object", "additionalProperties": _form(wert, definitionen)}
        return form | ({"propertyNames": {"pattern": _JAHR}} if ausgepackt(schluessel)[1] else {})
    return dict(_BELEGE)


def ausgepackt(typ: Any) -> tuple[Any, tuple[Any, ...]]:
    """The type itself and all that is declared about it; ``None`` is no value that could be written."""
    angaben: tuple[Any, ...] = ()
    while True:
        ursprung = typing.get_origin(typ)
        if ursprung is Annotated:
            angaben += typ.__metadata__
            typ = typ.__origin__
        elif ursprung in (types.UnionType, typing.Union) and type(None) in typing.get_args(typ):
            rest = [t for t in typing.get_args(typ) if t is not type(None)]
            if len(rest) > 1:
                return typ, angaben
            typ = rest[0]
        else:
            return typ, angaben
