"""``daten.json``: the whole model as written, every value typed, with printed numbers and totals."""

from __future__ import annotations

import json
from typing import Any

from ihk.model import Konzeptfassung
from ihk.model.load import Geladen
from ihk.model.massnahme import Kosten
from ihk.model.types import geld_text
from ihk.sums import Summen, bemessungsgrundlage, betraege, summen, zaehlende, zuwendungsfaehig


def daten(geladen: Geladen) -> dict[str, Any]:
    """The content of ``daten.json``. Amounts are decimal strings; ``null`` means not stated."""
    k = geladen.fassung
    inhalt = k.model_dump(mode="json")
    inhalt["sha256"] = geladen.quelle.pruefsumme
    zaehlt = {m.id for m in zaehlende(k)}
    for name in ("ziele", "handlungsfelder", "querschnittsaufgaben", "massnahmen"):
        for objekt in inhalt[name]:
            _nummer(objekt, k)
            for teilziel in objekt.get("teilziele") or () if name == "ziele" else ():
                _nummer(teilziel, k)
            if name == "massnahmen":
                objekt["zaehlt"] = objekt["id"] in zaehlt
    for massnahme, objekt in zip(k.massnahmen, inhalt["massnahmen"], strict=True):
        if massnahme.kosten is not None:
            _berechnet(massnahme.kosten, objekt["kosten"])
    inhalt["summen"] = summen_json(summen(k))
    return inhalt


def _berechnet(kosten: Kosten, objekt: dict[str, Any]) -> None:
    """What follows from the costs: the base of the shares, and the amount of every source."""
    grund = {"zuwendungsfaehig": zuwendungsfaehig(kosten), "bemessungsgrundlage": bemessungsgrundlage(kosten)}
    objekt["berechnet"] = {name: None if b is None else geld_text(b) for name, b in grund.items()}
    objekt["berechnet"]["finanzierung"] = [None if b is None else geld_text(b) for b in betraege(kosten)]


def _nummer(objekt: dict[str, Any], k: Konzeptfassung) -> None:
    objekt["nummer"] = k.nummern.get(objekt["id"])


def summen_json(s: Summen) -> dict[str, Any]:
    """Each ``nach_…`` is flat and adds up to ``gesamt``; ``je_jahr`` is by year and giver."""
    return {
        "gesamt": geld_text(s.gesamt),
        "nach_geber": {g: geld_text(b) for g, b in s.nach_geber.items()},
        "nach_jahr": {j: geld_text(b) for j, b in s.nach_jahr.items()},
        "nach_handlungsfeld": {h: geld_text(b) for h, b in s.nach_handlungsfeld.items()},
        "nach_programm": {p: geld_text(b) for p, b in s.nach_programm.items()},
        "nach_ausgabeart": {a: geld_text(b) for a, b in s.nach_ausgabeart.items()},
        "je_jahr": {j: {g: geld_text(b) for g, b in zeile.items()} for j, zeile in s.je_jahr.items()},
        "nicht_zuwendungsfaehig": geld_text(s.nicht_zuwendungsfaehig),
        "folgekosten": geld_text(s.folgekosten),
        "nachrichtlich": {
            "gesamt": geld_text(sum(s.nachrichtlich.values())),
            "nach_geber": {g: geld_text(b) for g, b in s.nachrichtlich.items()},
        },
        "ohne_kosten": list(s.ohne_kosten),
    }


def as_json(inhalt: Any) -> str:
    """Readable JSON with German letters, a newline at the end, and nothing that is not JSON."""
    return json.dumps(inhalt, ensure_ascii=False, allow_nan=False, indent=2) + "\n"
