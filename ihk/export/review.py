"""The state of review as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from ihk.review import Pruefstand


def pruefstand(konzept: str, fassung: str, staende: Sequence[Pruefstand]) -> dict[str, Any]:
    """``{"schema": "ihk-pruefstand/1", "konzept", "fassung", "zusammenfassung": {…}, "objekte": […]}``"""
    zahl = Counter(s.stand for s in staende)
    return {
        "schema": "ihk-pruefstand/1",
        "konzept": konzept,
        "fassung": fassung,
        "zusammenfassung": {s: zahl[s] for s in ("geprueft", "erneut", "offen")},
        "objekte": [
            {
                "id": s.id,
                "art": s.art,
                "stand": s.stand,
                "pruefungen": [
                    {
                        "rolle": p.vermerk.rolle,
                        "von": p.vermerk.von,
                        "am": p.vermerk.am,
                        "fassung": p.vermerk.fassung,
                        "bemerkung": p.vermerk.bemerkung,
                        "gilt": p.gilt,
                        "geaendert": list(p.geaendert),
                        "ziele": list(p.ziele),
                    }
                    for p in s.pruefungen
                ],
            }
            for s in staende
        ],
    }
