"""What a file beside the concept holds, as a field of the object that names it: a new picture under the old name is a change."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Annotated

from ihk.beside import BesideError, read_beside
from ihk.diff.things import Ding
from ihk.model.bestandteile import Bild, Gebiet
from ihk.model.load import Geladen
from ihk.model.types import Vergleich

MEGABYTE = 50
"""More than any picture or boundary may have; a larger file is a finding of its own, and no content to compare."""


class VerglichenesBild(Bild):
    """A picture with what its file holds; computed, never written in a concept."""

    pruefsumme: Annotated[str | None, Vergleich("text")] = None


class VerglichenesGebiet(Gebiet):
    """The area with what the file of its boundary holds. The boundary is the area, so its change weighs as such."""

    grenze_pruefsumme: Annotated[str | None, Vergleich("text", "wesentlich")] = None


Objekt = tuple[str, str]
"""Kind and id, as things are compared."""
GEBIET: Objekt = ("gebiet", "konzept.gebiet")


def checksums(geladen: Geladen) -> dict[Objekt, str]:
    """What the files beside a Fassung hold, by the object that names them; only of files that can be read."""
    ordner = geladen.quelle.ordner
    if ordner is None:
        return {}
    gebiet = geladen.fassung.konzept.gebiet
    namen: dict[Objekt, str] = {("bild", b.id): b.datei for b in reversed(geladen.fassung.bilder)}
    if gebiet is not None and gebiet.grenze:
        namen[GEBIET] = gebiet.grenze
    ergebnis = {}
    for objekt, datei in namen.items():
        try:
            ergebnis[objekt] = hashlib.sha256(read_beside(ordner, datei, MEGABYTE, "")).hexdigest()
        except BesideError:
            continue
    return ergebnis


def comparable(alt: Geladen, neu: Geladen) -> tuple[dict[Objekt, str], dict[Objekt, str]]:
    """The checksums of both sides, of what both sides have: a file that cannot be read is unknown, not changed."""
    a, n = checksums(alt), checksums(neu)
    beide = a.keys() & n.keys()
    return {o: _text(a[o]) for o in beide}, {o: _text(n[o]) for o in beide}


def _text(pruefsumme: str) -> str:
    return f"SHA-256 {pruefsumme[:16]}"


def with_checksums(dinge: dict[Objekt, Ding], summen: Mapping[Objekt, str]) -> dict[Objekt, Ding]:
    """The same things, those with a file among them with what it holds."""
    for objekt, summe in summen.items():
        ding = dinge.get(objekt)
        if ding is not None and isinstance(ding.satz, Bild):
            ding.satz = VerglichenesBild.model_construct(**ding.satz.__dict__ | {"pruefsumme": summe})
        elif ding is not None and isinstance(ding.satz, Gebiet):
            ding.satz = VerglichenesGebiet.model_construct(**ding.satz.__dict__ | {"grenze_pruefsumme": summe})
    return dinge
