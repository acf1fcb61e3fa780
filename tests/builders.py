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

# Every case of counting: shares, an umbrella, ended, of others, unknown in whole and in part.
KOSTEN = """handlungsfelder:
  - {id: HF1, titel: Wohnen}
  - {id: HF2, titel: Klima}
massnahmen:
  - id: M01
    titel: Drittel
    handlungsfeld: HF1
    teilziele: [T1]
    traeger: Stadt
    status: geplant
    kosten:
      gesamt: "140,01"
      nicht_zuwendungsfaehig: 40
      folgekosten: 7
      ausgabeart: baumassnahme
      finanzierung:
        - {geber: bund, programm: sozialer-zusammenhalt, anteil: 1/3}
        - {geber: land, programm: sozialer-zusammenhalt, anteil: 1/3}
        - {geber: kommune, programm: sozialer-zusammenhalt, anteil: rest}
        - {geber: kommune, betrag: 40, auf: nicht_zuwendungsfaehig}
        - {geber: eu, betrag: 900, nachrichtlich: ja, programm: esf}
      jahre: {2024: 100, spaeter: "40,01"}
      bewilligungen:
        - {programm: sozialer-zusammenhalt, programmjahr: 2024, beantragt: 70, betrag: "66,66", verfaellt_am: 31.12.2026}
  - id: M02
    titel: Teil des Drittels
    handlungsfeld: HF1
    teil_von: M01
    teilziele: [T1]
    kosten: {gesamt: 60, finanzierung: [{geber: kommune, betrag: 60}]}
  - id: M03
    titel: Entfallen
    handlungsfeld: HF2
    teilziele: [T1]
    status: entfallen
    kosten: {gesamt: 1.000, ausgegeben: 12, finanzierung: [{geber: kommune, betrag: 1.000}]}
  - id: M04
    titel: Geld anderer
    handlungsfeld: HF2
    teilziele: [T1]
    kosten: {gesamt: 500, finanzierung: [{geber: dritte, betrag: 500, nachrichtlich: ja}]}
  - id: M05
    titel: Kosten unbekannt, Bund bekannt
    handlungsfeld: HF2
    teilziele: [T1]
    kosten: {folgekosten: 3, finanzierung: [{geber: bund, betrag: "33,33"}], unbekannt: {gesamt: Keine Quelle nennt sie.}}
  - id: M06
    titel: Nichts bekannt
    teilziele: [T1]
    unbekannt: {kosten: Keine Quelle nennt sie.}
  - id: M07
    titel: Nicht förderfähiger Teil unbekannt
    teilziele: [T1]
    kosten:
      gesamt: 800
      finanzierung: [{geber: land, betrag: 0}, {geber: dritte, unbekannt: {betrag: Nicht genannt.}}, {geber: offen, betrag: 800}]
      unbekannt: {nicht_zuwendungsfaehig: Nicht genannt.}
  - {id: M08, titel: Früher beendet, beendet_in: "2019"}
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
