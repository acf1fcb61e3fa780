"""Registers: Förderprogramme and what the Länder usually pay, as data with sources; nothing of it is a constant in code."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Literal

from ihk.reading import values
from ihk.reading.files import Quelltext, read_tree

ORDNER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Programm:
    """A Förderprogramm; years are those in which areas are admitted, None where no source states them."""

    schluessel: str
    name: str
    langname: str
    art: Literal["staedtebaufoerderung", "partner"]
    von: int | None
    bis: int | None
    vorlaeufer: str
    nachfolger: str
    quelle: str


@dataclass(frozen=True, slots=True)
class Anteile:
    """Usual shares of the Bemessungsgrundlage."""

    bund: Fraction
    land: Fraction
    kommune: Fraction
    quelle: str


@dataclass(frozen=True, slots=True)
class Land:
    """What the sources say about a Land; empty or None where they say nothing."""

    name: str
    anteile: tuple[Anteile, ...]
    eigenanteil_mindestens: Fraction | None
    eigenanteil_quelle: str
    handlungsfelder: tuple[str, ...]
    handlungsfelder_quelle: str
    antrag_seiten: int | None


@cache
def programme() -> dict[str, Programm]:
    """All Förderprogramme by key, in the order of the register."""
    return {
        p["schluessel"]: Programm(
            p["schluessel"],
            p["name"],
            p.get("langname", ""),
            p["art"],
            int(p["von"]) if "von" in p else None,
            int(p["bis"]) if "bis" in p else None,
            p.get("vorlaeufer", ""),
            p.get("nachfolger", ""),
            p["quelle"],
        )
        for p in _liste("programme")
    }


@cache
def laender() -> dict[str, Land]:
    """The Länder about which something is known, by name."""
    return {
        x["name"]: Land(
            x["name"],
            tuple(
                Anteile(_anteil(a["bund"]), _anteil(a["land"]), _anteil(a["kommune"]), a["quelle"])
                for a in x.get("anteile", ())
            ),
            _anteil(x["eigenanteil_mindestens"]) if "eigenanteil_mindestens" in x else None,
            x.get("eigenanteil_quelle", ""),
            tuple(x.get("handlungsfelder", ())),
            x.get("handlungsfelder_quelle", ""),
            int(x["antrag_seiten"]) if "antrag_seiten" in x else None,
        )
        for x in _liste("laender")
    }


def _anteil(text: str) -> Fraction:
    wert = values.bruchteil(text)
    assert isinstance(wert, Fraction), text
    return wert


def _liste(name: str) -> Any:
    datei = ORDNER / f"{name}.yaml"
    baum = read_tree(Quelltext(datei.name, {"": datei.read_bytes()}))
    assert baum.wurzel is not None, baum.probleme
    return baum.wurzel[name]
