"""The concepts in the repository: without errors, with sources, complete where the sources are."""

from __future__ import annotations

import pytest

from ihk.checks import check
from ihk.model import Massnahme
from ihk.project import Version, alle, find_project
from ihk.sums import nach_geber, summen

PROJEKT = find_project(__import__("pathlib").Path(__file__).parent)
assert PROJEKT is not None
VERSIONEN = {v.name: v for v in alle(PROJEKT)}


def test_die_konzepte_sind_da() -> None:
    assert {
        "voelklingen@2007",
        "voelklingen@2012",
        "kempten-sankt-mang@2007",
        "kempten-sankt-mang@2011",
        "kempten-thingers-nord@2010",
        "kempten-ost@2019",
    } <= set(VERSIONEN)


@pytest.mark.parametrize("version", VERSIONEN.values(), ids=lambda v: v.name)
def test_kein_konzept_hat_fehler(version: Version) -> None:
    assert [p for p in check(version) if p.schwere == "fehler"] == []


WIRKLICH = [v for v in VERSIONEN.values() if not v.geladen.fassung.konzept.fiktiv]


@pytest.mark.parametrize("version", WIRKLICH, ids=lambda v: v.name)
def test_wirkliche_orte_nennen_quellen_und_luecken(version: Version) -> None:
    k = version.geladen.fassung
    assert k.quellen
    for m in k.massnahmen:
        assert m.alle_belege(), m.id
        for feld in ("traeger", "status", "zeitraum", "kosten"):
            assert getattr(m, feld) is not None or feld in m.unbekannt, f"{m.id}.{feld}"
        assert not m.teilziele, "Keine Quelle ordnet eine Maßnahme einem Teilziel zu"


def test_voelklingen_nennt_oberziel_teilziele_und_querschnittsaufgaben() -> None:
    k = VERSIONEN["voelklingen@2012"].geladen.fassung
    assert [z.titel.lower() for z in k.ziele] == [
        "nachhaltige soziale stabilisierung, integration benachteiligter gruppen und verbesserung der wohn- und lebensqualität im programmgebiet"
    ]
    assert [t.titel for t in k.ziele[0].teilziele] == [
        "Abbau städtebaulicher Defizite", "Bedarfsgerechte Aufwertung des Wohnungsbestands", "Aufwertung der quartiersbezogenen Infrastruktur",
    ]  # fmt: skip
    assert [q.titel for q in k.querschnittsaufgaben] == ["Stadtteilmanagement", "Bürgerbeteiligung"]
    assert k.handlungsfelder == ()


def test_thingers_nord_hat_die_bilanz_von_elf_millionen() -> None:
    k = VERSIONEN["kempten-thingers-nord@2010"].geladen.fassung
    assert summen(k).gesamt == 11_000_000_00
    gesamt = next(m for m in k.massnahmen if m.kosten)
    assert isinstance(gesamt, Massnahme)
    assert gesamt.kosten is not None
    assert sorted(nach_geber(gesamt.kosten).values()) == [400_000_00, 2_200_000_00, 2_400_000_00, 6_000_000_00]


def test_musterstadt_ist_als_erfunden_gekennzeichnet() -> None:
    fiktive = [v.name for v in VERSIONEN.values() if v.geladen.fassung.konzept.fiktiv]
    assert fiktive == ["musterstadt-ost@2019", "musterstadt-ost@2024", "musterstadt-ost@2028"]
