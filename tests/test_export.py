"""``daten.json``: the model as written, typed, with totals that add up."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from builders import KOPF, MASSNAHME, geladen

from ihk.export.daten import as_json, daten
from ihk.project import Version, alle, find_project

PROJEKT = find_project(__import__("pathlib").Path(__file__).parent)
assert PROJEKT is not None


def test_form() -> None:
    inhalt = json.loads(as_json(daten(geladen(KOPF + MASSNAHME))))
    m = inhalt["massnahmen"][0]
    assert (m["id"], m["nummer"], m["titel"], m["status"]) == ("M01", "1.1.1", "Quartiersplatz", "geplant")
    assert m["kosten"]["gesamt"] == "90000.00"
    assert m["kosten"]["finanzierung"][0] == {"geber": "bund", "programm": None, "betrag": "30000.00", "anteil": None, "auf": None, "nachrichtlich": False, "jahre": {}, "bemerkung": None, "belege": [], "unbekannt": {}}  # fmt: skip
    assert m["zeitraum"]["von"] == "2024"
    assert inhalt["fassung"]["stand"] == "2024-06-01"
    assert inhalt["summen"]["gesamt"] == "90000.00"
    assert inhalt["summen"]["nach_geber"] == {"bund": "30000.00", "land": "30000.00", "kommune": "30000.00"}
    assert inhalt["summen"]["nach_jahr"] == {"offen": "90000.00"}
    assert inhalt["summen"]["nach_handlungsfeld"] == {"offen": "90000.00"}


@pytest.mark.parametrize("version", alle(PROJEKT), ids=lambda v: v.name)
def test_summen_gehen_auf_und_nichts_ist_eine_kommazahl(version: Version) -> None:
    inhalt = json.loads(as_json(daten(version.geladen)))
    summen = inhalt["summen"]
    for art in ("nach_geber", "nach_jahr", "nach_handlungsfeld"):
        assert sum(map(Decimal, summen[art].values())) == Decimal(summen["gesamt"])

    def pruefe(wert: Any) -> None:
        assert not isinstance(wert, float)
        for kind in wert.values() if isinstance(wert, dict) else wert if isinstance(wert, list) else ():
            pruefe(kind)

    pruefe(inhalt)
    assert len(inhalt["massnahmen"]) == len(version.geladen.fassung.massnahmen)
