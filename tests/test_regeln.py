"""Every rule about the content has a folder in ``cases/regeln``: one concept that breaks it and one that does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from ihk.checks import CHECKS, Kontext, run
from ihk.checks.regelwerk import gewichtet, regelwerke
from ihk.model.load import load
from ihk.problems import REGELN, IhkError, Problem
from ihk.reading.files import collect

CASES = Path(__file__).parent / "cases" / "regeln"
CODES = sorted(p.name for p in CASES.iterdir() if p.is_dir())


def _befunde(code: str, name: str) -> tuple[Problem, ...]:
    neu = load(collect(CASES / code / f"{name}.yaml", f"{name}.yaml"))
    vorher = CASES / code / "vorher.yaml"
    assert not [p for p in neu.probleme if p.schwere == "fehler"], neu.probleme
    return run(Kontext(neu, load(collect(vorher, "vorher.yaml")) if vorher.exists() else None))


@pytest.mark.parametrize("code", CODES)
def test_wer_gegen_die_regel_verstoesst_bekommt_den_befund(code: str) -> None:
    befunde = [p for p in _befunde(code, "verletzt") if p.code == code]
    assert befunde
    assert all(p.meldung.endswith(".") and p.hinweis.endswith(".") for p in befunde)
    assert all(p.ort.datei == "verletzt.yaml" for p in befunde)


@pytest.mark.parametrize("code", CODES)
def test_wer_sie_erfuellt_bekommt_ihn_nicht(code: str) -> None:
    befunde = _befunde(code, "erfuellt")
    assert code not in {p.code for p in befunde}
    assert [p for p in befunde if p.schwere == "fehler" and p.code != "FORT-VORGAENGER"] == []


def test_es_gibt_so_viele_faelle_wie_regeln() -> None:
    assert set(CODES) <= set(REGELN)
    assert len(CODES) >= 40
    assert len(CHECKS) > 40


def test_regelwerke_nennen_nur_regeln_die_es_gibt() -> None:
    assert set(regelwerke()) == {"rat", "foerderstelle", "nrw-antrag"}
    for werk in regelwerke().values():
        assert set(werk) <= set(REGELN)


def test_ein_regelwerk_hebt_und_senkt_das_gewicht() -> None:
    befunde = _befunde("KLIMA-FEHLT", "verletzt")
    assert {p.code: p.schwere for p in befunde}["KLIMA-FEHLT"] == "hinweis"
    assert {p.code: p.schwere for p in gewichtet(befunde, "nrw-antrag")}["KLIMA-FEHLT"] == "fehler"
    land = _befunde("LAND-ZUORDNUNG", "verletzt")
    assert "LAND-ZUORDNUNG" not in {p.code for p in gewichtet(land, "rat")}
    with pytest.raises(IhkError, match="Regelwerk „gibtsnicht“ gibt es nicht"):
        gewichtet(befunde, "gibtsnicht")


def test_eine_ausnahme_nimmt_nur_ihren_befund_weg() -> None:
    assert "ZEIT-UEBERFAELLIG" not in {p.code for p in _befunde("AUSNAHME-REGEL", "erfuellt")}
    assert "ZEIT-UEBERFAELLIG" in {p.code for p in _befunde("AUSNAHME-ABGELAUFEN", "verletzt")}
