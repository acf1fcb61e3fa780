"""Worklists as JSON in the form ``ihk-status/1``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from ihk.faellig import ARTEN, Arbeitsliste, Posten

SCHEMA = "ihk-status/1"


def status(listen: Iterable[Arbeitsliste]) -> dict[str, Any]:
    """All lists, with the number of items by kind."""
    return {
        "schema": SCHEMA,
        "fassungen": [
            {
                "konzept": liste.konzept,
                "fassung": liste.fassung,
                "titel": liste.titel,
                "stichtag": liste.stichtag.isoformat() if liste.stichtag else None,
                "anzahl": {art: Counter(p.art for p in liste.posten)[art] for art in ARTEN},
                "posten": [_posten(p) for p in liste.posten],
            }
            for liste in listen
        ],
    }


def _posten(p: Posten) -> dict[str, Any]:
    return {
        "art": p.art,
        "id": p.id,
        "titel": p.titel,
        "text": p.satz,
        "hinweis": p.hinweis,
        "termin": p.termin.isoformat() if p.termin else None,
        "datei": p.ort.datei,
        "zeile": p.ort.zeile,
        "spalte": p.ort.spalte,
    }
