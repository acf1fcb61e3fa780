"""A record as flat fields with a declared way of comparing, and the comparison of two values by that way."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from typing import Any, Literal

from ihk.diff import lists, words
from ihk.diff.changeset import Feldaenderung, Grenzen
from ihk.model.massnahme import STATUS
from ihk.model.types import Satz, Vergleich, Vergleichsart
from ihk.reading.values import zeitpunkt

KEINE: Mapping[str, str] = {}
GRENZEN = Grenzen()
BELEGE = Vergleich("menge", "redaktionell")
"""How sources are compared: the only set of ids among the sets of words."""
Form = Literal["blatt", "satz", "je_schluessel", "benannte", "belege"]


@dataclass(frozen=True, slots=True)
class Feld:
    """One field of a record class: what it is called, how it is compared, and whether it unfolds into several paths."""

    name: str
    form: Form
    vergleich: Vergleich
    klasse: type[Satz] | None = None
    """The record class inside (forms ``satz`` and ``benannte``)."""


@dataclass(frozen=True, slots=True)
class Wert:
    """A value at a path, in the form of ``daten.json``."""

    vergleich: Vergleich
    inhalt: Any


@cache
def felder(klasse: type[Satz]) -> tuple[Feld, ...]:
    """The fields of a record class; a field without a declared ``Vergleich`` is an error of the program."""
    ergebnis = []
    for name, info in klasse.model_fields.items():
        gefunden = [m for m in info.metadata if isinstance(m, Vergleich)] or list(_vergleiche(info.annotation))
        kern = kerntyp(info.annotation)
        if isinstance(kern, type) and issubclass(kern, Satz):
            ergebnis.append(Feld(name, "satz", gefunden[-1] if gefunden else Vergleich("liste"), kern))
            continue
        if not gefunden:
            raise TypeError(f"{klasse.__name__}.{name} declares no way of comparing")
        vergleich = gefunden[-1]
        form: Form = "blatt"
        inneres: type[Satz] | None = None
        if name == "belege":
            form = "belege"
        elif typing.get_origin(kern) is dict:
            form = "je_schluessel"
        elif typing.get_origin(kern) is tuple:
            glied = kerntyp(typing.get_args(kern)[0])
            if isinstance(glied, type) and issubclass(glied, Satz) and glied.SCHLUESSEL:
                form, inneres = "benannte", glied
        ergebnis.append(Feld(name, form, vergleich, inneres))
    return tuple(ergebnis)


@cache
def _nach_namen(klasse: type[Satz]) -> dict[str, Feld]:
    return {feld.name: feld for feld in felder(klasse)}


_SCHRITT = re.compile(r"[^.\[]+(?:\[[^\]]*\])?")


@cache
def platz(klasse: type[Satz], pfad: str) -> tuple[Vergleichsart, type[Satz] | None]:
    """What stands at a path of a record: how it is compared, and the class of the record or of the records in the list.

    Of a list the kind is that of its items where they have one of their own. What is not in the model is text.
    """
    art: Vergleichsart = "text"
    innen: type[Satz] | None = klasse
    for schritt in _SCHRITT.findall(pfad):
        name, klammer, _ = schritt.partition("[")
        feld = None if innen is None else _nach_namen(innen).get(name)
        if feld is None:  # the key of a series, or the order of a list
            return ("text" if name == "reihenfolge" else art), None
        art = feld.vergleich.art
        assert innen is not None
        typ = kerntyp(innen.model_fields[name].annotation)
        glied = kerntyp(typing.get_args(typ)[0]) if typing.get_origin(typ) is tuple else typ
        innen = glied if isinstance(glied, type) and issubclass(glied, Satz) else None
        if klammer and innen is None:
            return "text", None
    return art, innen


def kerntyp(typ: Any) -> Any:
    """The type without Annotated and None."""
    while True:
        if typing.get_origin(typ) is typing.Annotated:
            typ = typing.get_args(typ)[0]
        elif typing.get_origin(typ) in (typing.Union, types.UnionType) and type(None) in typing.get_args(typ):
            rest = [a for a in typing.get_args(typ) if a is not type(None)]
            if len(rest) != 1:
                return typ
            typ = rest[0]
        else:
            return typ


def _vergleiche(typ: Any) -> Iterator[Vergleich]:
    if typing.get_origin(typ) is typing.Annotated:
        yield from _vergleiche(typing.get_args(typ)[0])
        yield from (m for m in typ.__metadata__ if isinstance(m, Vergleich))
    elif typing.get_origin(typ) in (typing.Union, types.UnionType):
        for teil in typing.get_args(typ):
            yield from _vergleiche(teil)


def daten(satz: Satz) -> dict[str, Any]:
    """A record in the form of ``daten.json``, without what is empty or left at its default."""
    return satz.model_dump(mode="json", exclude_defaults=True)


def flach(satz: Satz, ohne: tuple[str, ...] = ()) -> dict[str, Wert]:
    """Every compared value of a record by its path, in field order. What is absent or empty has no path."""
    return flach_aus_daten(type(satz), daten(satz), ohne)


def flach_aus_daten(
    klasse: type[Satz], inhalt: dict[str, Any], ohne: tuple[str, ...] = (), vor: str = ""
) -> dict[str, Wert]:
    """The same from the form of ``daten.json``."""
    ergebnis: dict[str, Wert] = {}
    nach_namen = _nach_namen(klasse)
    for name, wert in inhalt.items():  # in the order of the fields, as records are written
        feld, pfad = nach_namen[name], vor + name
        if feld.vergleich.art == "ohne" or name in ohne or wert is None or wert is False or wert in ([], {}):
            continue  # absent or empty; a number 0 says something
        if feld.form == "satz":
            assert feld.klasse is not None
            ergebnis |= flach_aus_daten(feld.klasse, wert, vor=f"{pfad}.")
        elif feld.form == "je_schluessel":
            ergebnis |= {f"{pfad}.{schluessel}": Wert(feld.vergleich, w) for schluessel, w in wert.items()}
        elif feld.form == "belege" and isinstance(wert, dict):
            ergebnis |= {f"{pfad}.{schluessel}": Wert(feld.vergleich, quellen) for schluessel, quellen in wert.items()}
        elif feld.form == "benannte":
            assert feld.klasse is not None
            namen: list[str] = []
            for eintrag in wert:
                heisst = _name(feld.klasse, eintrag)
                while heisst in namen:
                    heisst += "+"  # the same source twice: the second one is another entry
                namen.append(heisst)
                ergebnis |= flach_aus_daten(feld.klasse, eintrag, vor=f"{pfad}[{heisst}].")
            ergebnis[f"{pfad}.reihenfolge"] = Wert(Vergleich("liste", "redaktionell"), namen)
        else:
            ergebnis[pfad] = Wert(feld.vergleich, wert)
    return ergebnis


def _name(klasse: Any, eintrag: dict[str, Any]) -> str:
    """Natural key of an entry: ``bund/sozialer-zusammenhalt``, ``2024``."""
    teile = (feld if eintrag.get(feld) is True else eintrag.get(feld) for feld in klasse.SCHLUESSEL)
    return "/".join(str(t) for t in teile if t) or "ohne Angabe"


def vergleiche(
    alt: dict[str, Wert], neu: dict[str, Wert], umbenannt: Mapping[str, str] = KEINE, grenzen: Grenzen = GRENZEN
) -> tuple[Feldaenderung, ...]:
    """The changed fields: in the order of the new record, removed ones where they stood.

    ``umbenannt`` gives the new id of objects that were recognised under another one.
    """
    pfade = list(neu) if alt.keys() <= neu.keys() else _gemischt(list(alt), list(neu))
    ergebnis = []
    for pfad in pfade:
        a, n = alt.get(pfad), neu.get(pfad)
        if (a.inhalt if a else None) != (n.inhalt if n else None):
            muster = n or a
            assert muster is not None
            feld = _feld(pfad, muster.vergleich, a.inhalt if a else None, n.inhalt if n else None, umbenannt)
            if feld.delta is not None and feld.typ == "geld" and _bagatelle(feld, grenzen):
                feld = replace(feld, gewicht="einfach")
            ergebnis.append(feld)
    return tuple(ergebnis)


def _bagatelle(feld: Feldaenderung, grenzen: Grenzen) -> bool:
    """A material amount that moves by no more than the Fassung calls a trifle."""
    if feld.gewicht != "wesentlich" or not grenzen.bagatelle_prozent:
        return False
    return abs(Decimal(feld.delta or 0)) * 100 <= abs(Decimal(feld.alt)) * grenzen.bagatelle_prozent


def mit_neuen_kennungen(wert: Wert, umbenannt: Mapping[str, str]) -> Any:
    """A value whose references name objects by their new ids."""
    if not umbenannt or (wert.vergleich.art not in ("verweis", "verweise") and wert.vergleich != BELEGE):
        return wert.inhalt
    if isinstance(wert.inhalt, str):
        return umbenannt.get(wert.inhalt, wert.inhalt)
    return [umbenannt.get(x, x) for x in wert.inhalt]


def _gemischt(alt: list[str], neu: list[str]) -> list[str]:
    """All paths once: the order of ``neu``, what is only in ``alt`` behind its old neighbour."""
    ergebnis = list(neu)
    stellen = set(neu)
    davor: str | None = None
    for pfad in alt:
        if pfad not in stellen:
            ergebnis.insert(ergebnis.index(davor) + 1 if davor is not None else 0, pfad)
            stellen.add(pfad)
        davor = pfad
    return ergebnis


def kennung(alt: str, neu: str) -> Feldaenderung:
    """The id itself, of an object that was recognised under another one."""
    return Feldaenderung("id", "kennung", "einfach", alt, neu)


def _feld(pfad: str, v: Vergleich, alt: Any, neu: Any, umbenannt: Mapping[str, str]) -> Feldaenderung:
    basis: dict[str, Any] = {"pfad": pfad, "typ": v.art, "gewicht": v.gewicht, "alt": alt, "neu": neu}
    beide = alt is not None and neu is not None
    if umbenannt and beide and mit_neuen_kennungen(Wert(v, alt), umbenannt) == neu:
        basis["gewicht"] = "redaktionell"  # it still points to the same object
    match v.art:
        case "prosa" if beide:
            wv = words.compare(alt, neu)
            if words.redaktionell(alt, neu):
                basis["gewicht"] = "redaktionell"
            return Feldaenderung(
                **basis, stuecke=wv.stuecke, aehnlichkeit=str(wv.aehnlichkeit), vereinfacht=wv.vereinfacht
            )
        case "prosa":
            return Feldaenderung(**basis, stuecke=(("+", neu),) if alt is None else (("-", alt),))
        case "text" if beide and words.redaktionell(alt, neu):
            basis["gewicht"] = "redaktionell"
        case "geld" | "zahl" if beide:
            delta = Decimal(neu) - Decimal(alt)
            if not delta:  # 12,5 and 12,50
                basis["gewicht"] = "redaktionell"
            prozent = (
                None
                if not Decimal(alt)
                else str((100 * delta / abs(Decimal(alt))).quantize(Decimal("0.1"), ROUND_HALF_EVEN))
            )
            return Feldaenderung(**basis, delta=str(delta) if v.art == "zahl" else f"{delta:.2f}", prozent=prozent)
        case "zeitpunkt" | "datum" if beide:
            a, n = (_tag(x, pfad) for x in (alt, neu))
            return Feldaenderung(**basis, monate=(n.year - a.year) * 12 + n.month - a.month)
        case "menge" | "verweise":
            a_menge, n_menge = alt or [], neu or []
            if umbenannt:
                neue_namen = dict(zip(a_menge, mit_neuen_kennungen(Wert(v, a_menge), umbenannt), strict=True))
                dazu = tuple(x for x in n_menge if x not in neue_namen.values())
                weg = tuple(x for x in a_menge if neue_namen[x] not in n_menge)
                if not dazu and not weg:
                    basis["gewicht"] = "redaktionell"
                return Feldaenderung(**basis, dazu=dazu, weg=weg)
            dazu, weg = tuple(x for x in n_menge if x not in a_menge), tuple(x for x in a_menge if x not in n_menge)
            if not dazu and not weg:  # only another order
                basis["gewicht"] = "redaktionell"
            return Feldaenderung(**basis, dazu=dazu, weg=weg)
        case "liste":
            stuecke = lists.stuecke(alt or [], neu or [], paare=v.gewicht != "redaktionell")
            return Feldaenderung(**basis, stuecke=stuecke)
        case _:
            pass
    return Feldaenderung(**basis)


def _tag(text: str, pfad: str) -> date:
    """The day that counts of a canonical point in time: of a beginning the first, of everything else the last."""
    punkt = zeitpunkt(text)
    return punkt.beginn if pfad.rsplit(".", 1)[-1] == "von" else punkt.ende


RUECK = {s: i for i, s in enumerate(STATUS[:7])}


def rueckschritte(
    satz: Satz | None, art: str, felder: Iterable[Feldaenderung], grenzen: Grenzen = GRENZEN
) -> tuple[str, ...]:
    """Steps back that a council must see first, by kind, each once.

    ``status``: backwards, suspended or ended. ``kosten``: up by more than a tenth, or than the Fassung sets.
    ``zielwert``: easier or later than before. ``ziel``: what a goal says. ``ende``: later.
    """
    gefunden = {_rueckschritt(satz, art, f, grenzen) for f in felder}
    return tuple(r for r in RUECKSCHRITTE if r in gefunden)


RUECKSCHRITTE = ("status", "kosten", "zielwert", "ziel", "ende")


def _rueckschritt(satz: Satz | None, art: str, feld: Feldaenderung, grenzen: Grenzen) -> str:
    if feld.alt is None or feld.neu is None:
        return "zielwert" if art == "indikator" and feld.pfad == "ziel.wert" and feld.neu is None else ""
    if feld.typ == "status":
        zurueck = feld.neu in ("zurueckgestellt", "entfallen") or RUECK.get(feld.neu, 99) < RUECK.get(feld.alt, -1)
        return "status" if zurueck else ""
    if feld.pfad == "zeitraum.bis":
        return "ende" if (feld.monate or 0) > grenzen.ende_monate else ""
    if feld.pfad == "kosten.gesamt":
        delta = Decimal(feld.delta or 0)
        return "kosten" if delta > 0 and delta * 100 > abs(Decimal(feld.alt)) * grenzen.kosten_prozent else ""
    if art == "indikator" and feld.pfad == "ziel.wert":
        richtung, mehr = getattr(satz, "richtung", None), Decimal(feld.neu) > Decimal(feld.alt)
        return "zielwert" if (richtung == "steigend" and not mehr) or (richtung == "sinkend" and mehr) else ""
    if art == "indikator" and feld.pfad == "ziel.jahr":
        return "zielwert" if int(feld.neu) > int(feld.alt) else ""
    if art in ("ziel", "teilziel") and feld.pfad in ("titel", "beschreibung") and feld.gewicht != "redaktionell":
        return "ziel"
    return ""
