"""The order of keys in a canonical file: that of the model, with what is common to all objects in front or behind."""

from __future__ import annotations

import typing
from functools import cache
from typing import Any

from ihk.diff.fields import felder, kerntyp
from ihk.model.bestandteile import Objekt
from ihk.model.types import MitKennung, Satz, Vergleichsart

VORN = ("id", "nummer", "titel")
HINTEN = ("hervorgegangen_aus", "aufgegangen_in", "beendet_in", "begruendung", "veranlasst_durch", "bilanz", "belege", "unbekannt")  # fmt: skip


@cache
def folge(klasse: type[Satz]) -> dict[str, int]:
    """Rank of every key of a record."""
    alle = list(klasse.model_fields)
    geerbt = {*Objekt.model_fields, *MitKennung.model_fields}
    eigene = [f for f in alle if f not in (*VORN, *HINTEN) and f not in geerbt]
    namen = [f for f in (*VORN, *eigene, *HINTEN) if f in alle]
    return {f: i for i, f in enumerate([*namen, *(f for f in alle if f not in namen)])}


@cache
def inhalt(klasse: type[Satz], feld: str) -> tuple[Vergleichsart | None, type[Satz] | None, bool]:
    """What stands under a key: how its values are compared, the record inside, and whether keys are years or names."""
    gefunden = {f.name: f for f in felder(klasse)}.get(feld)
    if gefunden is None:
        return None, None, False
    typ: Any = kerntyp(klasse.model_fields[feld].annotation)
    if typing.get_origin(typ) is tuple:
        typ = kerntyp(typing.get_args(typ)[0])
    innen = typ if isinstance(typ, type) and issubclass(typ, Satz) else None
    return gefunden.vergleich.art, innen, gefunden.form == "je_schluessel"
