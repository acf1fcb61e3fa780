"""The smallest valid concept as YAML text, with one place to put something in."""

from __future__ import annotations

from pathlib import Path

from ihk.model.load import Geladen, load
from ihk.problems import LoadError, Problem
from ihk.reading.files import Quelltext

KOPF = """format: 1
konzept: {id: musterstadt-ost, titel: Konzept Musterstadt-Ost, fiktiv: ja}
fassung: {id: "2024", art: ursprung, status: entwurf, stand: 01.06.2024}
ziele:
  - id: Z1
    titel: Wohnen
    teilziele:
      - {id: T1, titel: Wohnumfeld aufwerten}
      - {id: T2, titel: Wohnungen erneuern}
"""
MASSNAHME = """massnahmen:
  - id: M01
    titel: Quartiersplatz
    teilziele: [T1, T2]
    traeger: Stadt Musterstadt
    status: geplant
    zeitraum: {von: 2024, bis: 2025}
    kosten:
      gesamt: 90.000 €
      finanzierung:
        - {geber: bund, betrag: 30.000 €}
        - {geber: land, betrag: 30.000 €}
        - {geber: kommune, betrag: 30.000 €}
"""


def geladen(text: str) -> Geladen:
    """The model of one file; its findings in ``probleme``."""
    return load(Quelltext("konzept.yaml", {"": text.encode()}))


def befunde(text: str | bytes) -> tuple[Problem, ...]:
    """Findings of reading and validation, whether there is a model or not."""
    daten = text if isinstance(text, bytes) else text.encode()
    try:
        return load(Quelltext("konzept.yaml", {"": daten})).probleme
    except LoadError as fehler:
        return fehler.probleme


def schreibe(ordner: Path, dateien: dict[str, str]) -> Path:
    """Files below a folder."""
    for name, text in dateien.items():
        ziel = ordner / name
        ziel.parent.mkdir(parents=True, exist_ok=True)
        ziel.write_text(text, encoding="utf-8")
    return ordner
