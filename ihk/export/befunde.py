"""Findings as JSON for editors and CI."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from ihk.problems import Problem


def befunde(probleme: Sequence[Problem], fassungen: Sequence[str]) -> dict[str, Any]:
    """``{"schema": "ihk-befunde/1", "fassungen": […], "zusammenfassung": {…}, "befunde": […]}``"""
    zahl = Counter(p.schwere for p in probleme)
    return {
        "schema": "ihk-befunde/1",
        "fassungen": list(fassungen),
        "zusammenfassung": {"fehler": zahl["fehler"], "warnung": zahl["warnung"], "hinweis": zahl["hinweis"]},
        "befunde": [
            {
                "datei": p.ort.datei,
                "zeile": p.ort.zeile,
                "spalte": p.ort.spalte,
                "code": p.code,
                "schwere": p.schwere,
                "meldung": p.meldung,
                "hinweis": p.hinweis,
            }
            for p in probleme
        ],
    }
