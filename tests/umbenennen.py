"""A Fassung in which every object has another id, all references with it: what a new planning office may hand in."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ihk.diff.fields import felder
from ihk.model import Konzeptfassung
from ihk.model.load import Geladen
from ihk.model.types import MitKennung, Satz

VERWEIS = re.compile(r"\[([A-Za-z]{1,3}\d+)\]")


def umbenannt(g: Geladen, neu: Callable[[str], str]) -> Geladen:
    """The same content under other ids; places stay those of the original."""
    ids = {o.id for _, o, _ in g.fassung.objekte()}
    namen = {i: neu(i) for i in ids}
    k = g.fassung
    neue = {
        name: tuple(_satz(x, namen) for x in getattr(k, name))
        for name in ("ziele", "handlungsfelder", "querschnittsaufgaben", "massnahmen", "indikatoren", "kapitel", "bilder", "quellen", "aenderungen")
    }  # fmt: skip
    fassung = Konzeptfassung.model_construct(**{**k.__dict__, **neue})
    for name in ("nach_id", "nummern"):
        fassung.__dict__.pop(name, None)
    return replace(g, fassung=fassung)


def _satz(satz: Any, namen: dict[str, str]) -> Any:
    arten = {f.name: f.vergleich.art for f in felder(type(satz))}
    werte: dict[str, Any] = {}
    for name, wert in satz.__dict__.items():
        if isinstance(satz, MitKennung) and name == "id":
            # A known chapter is known by its id.
            werte[name] = wert if type(satz).__name__ == "Kapitel" else namen[wert]
        elif isinstance(wert, Satz):
            werte[name] = _satz(wert, namen)
        elif isinstance(wert, tuple) and wert and isinstance(wert[0], Satz):
            werte[name] = tuple(_satz(x, namen) for x in wert)
        elif name == "belege":
            werte[name] = (
                {f: _alle(q, namen) for f, q in wert.items()} if isinstance(wert, dict) else _alle(wert, namen)
            )
        elif arten.get(name) == "verweis" or name == "objekt":
            werte[name] = namen.get(wert, wert)
        elif arten.get(name) == "verweise":
            werte[name] = _alle(wert, namen)
        elif arten.get(name) == "prosa" and wert:
            werte[name] = VERWEIS.sub(lambda t: f"[{namen.get(t[1], t[1])}]", wert)
        else:
            werte[name] = wert
    return type(satz).model_construct(**werte)


def _alle(ids: tuple[str, ...], namen: dict[str, str]) -> tuple[str, ...]:
    return tuple(namen.get(i, i) for i in ids)
