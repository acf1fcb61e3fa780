"""Every rule about the content has a folder in ``cases/regeln``: one concept that breaks it and one that does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import KOPF, geladen

from ihk.checks import CHECKS, Kontext, run
from ihk.checks.regelwerk import gewichtet, regelwerke
from ihk.model.load import load
from ihk.problems import REGELN, IhkError, Problem
from ihk.reading.files import Quelltext, collect

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


def _fortgeschrieben(*ersetzt: tuple[str, str], vorher: tuple[tuple[str, str], ...] = ()) -> list[tuple[str, str]]:
    """Findings about missing reasons where the case's predecessor and successor differ as told."""
    ordner = CASES / "FORT-OHNE-GRUND"
    texte = [(ordner / f"{n}.yaml").read_text(encoding="utf-8") for n in ("vorher", "vorher")]
    texte[1] = texte[1].replace('"2019", art: ursprung', '"2024", art: fortschreibung, vorgaenger: "2019"')
    for stelle, paare in ((0, vorher), (1, ersetzt)):
        for a, n in paare:
            assert a in texte[stelle], a
            texte[stelle] = texte[stelle].replace(a, n)
    alt, neu = (load(Quelltext("x.yaml", {"": t.encode()})) for t in texte)
    codes = ("FORT-OHNE-GRUND", "ANGABE-UNBEKANNT", "FORT-KOSTEN", "STATUS-ZURUECK", "FORT-GRUND", "NEU-FERTIG")
    return [(p.code, p.meldung) for p in run(Kontext(neu, alt)) if p.code in codes]


BIS, TRAEGER, STATUS = "bis: 2026}", "traeger: Stadt Musterstadt", "status: geplant"
ENDE = "    traeger: Stadt Musterstadt\n"


@pytest.mark.parametrize(
    ("ersetzt", "erwartet"),
    [
        ([(TRAEGER, "traeger: Land")], [("FORT-OHNE-GRUND", "Maßnahme M01 hat sich wesentlich geändert (Träger)")]),
        ([(BIS, "bis: 2028}")], [("FORT-OHNE-GRUND", "Rückschritt ohne Grund bei Maßnahme M01: später fertig")]),
        ([("titel: Wohnen\n", "titel: Leben\n")], [("FORT-OHNE-GRUND", "Rückschritt ohne Grund bei Ziel Z1: Ziel geändert")]),
        ([(STATUS, "status: bewilligt")], []),  # a status reached is its own reason
        ([(STATUS, "status: idee")], [("STATUS-ZURUECK", "M01 geht von")]),  # one finding is enough
        ([("90.000", "120.000")], [("FORT-KOSTEN", "M01 kostet")]),
        ([("90.000", "91.000")], [("FORT-OHNE-GRUND", "Maßnahme M01 hat sich wesentlich geändert (Gesamtkosten")]),
        ([("90.000", "120.000"), (BIS, "bis: 2028}")], [("FORT-OHNE-GRUND", "Rückschritt ohne Grund bei Maßnahme M01: deutlich teurer, später fertig"), ("FORT-KOSTEN", "M01 kostet")]),
        ([(TRAEGER, "traeger: Land\n    begruendung: Das Land baut selbst.")], []),
        ([(TRAEGER, "traeger: Land\n    unbekannt: {begruendung: Keine Quelle sagt es.}")], [("ANGABE-UNBEKANNT", "Warum sich geändert hat")]),
        ([(TRAEGER, "traeger: Land"), ("status: entwurf", "status: entwurf, unbekannt: {aenderungen: Keine Quelle nennt Gründe.}")], []),
        ([(TRAEGER, "traeger: Land"), ("massnahmen:", "aenderungen: [{objekt: M01.traeger, grund: Das Land baut selbst.}]\nmassnahmen:")], []),
        ([("massnahmen:", "massnahmen:\n  - {id: M02, titel: Hof, teilziele: [T1], status: geplant}")], [("FORT-OHNE-GRUND", "Die Maßnahme M02 ist neu")]),
        ([("massnahmen:", "massnahmen:\n  - {id: M02, titel: Hof, teilziele: [T1], status: geplant, hervorgegangen_aus: [M01]}"), (TRAEGER, f"{TRAEGER}\n    begruendung: Der Hof wird eigens gebaut.")], []),
        ([(STATUS, "status: entfallen")], [("FORT-GRUND", "Maßnahme M01 entfällt")]),
        ([(STATUS, 'status: entfallen\n    beendet_in: "2024"')], [("FORT-OHNE-GRUND", "Maßnahme M01 ist entfallen")]),
    ],
)  # fmt: skip
def test_wer_etwas_wesentliches_aendert_sagt_warum(
    ersetzt: list[tuple[str, str]], erwartet: list[tuple[str, str]]
) -> None:
    befunde = _fortgeschrieben(*ersetzt)
    assert [code for code, _ in befunde] == [code for code, _ in erwartet], befunde
    for (_, meldung), (_, anfang) in zip(befunde, erwartet, strict=True):
        assert meldung.startswith(anfang)


def test_was_vorher_nur_unbekannt_war_ist_keine_aenderung() -> None:
    luecke = (
        ("status: entwurf", "status: entwurf, unbekannt: {massnahmen: Die Liste fehlt.}"),
        ("  - id: M01", "  - id: M00"),
    )
    assert _fortgeschrieben(("  - id: M01", "  - id: M00"), vorher=((ENDE, ""),)) == []
    neue = ("massnahmen:", "massnahmen:\n  - {id: M02, titel: Hof, teilziele: [T1], status: geplant}")
    assert _fortgeschrieben(neue, ("  - id: M01", "  - id: M00"), vorher=luecke) == []


@pytest.mark.parametrize(
    ("leer", "belegt", "saetze"),
    [
        (1, 1, ["Im Handlungsfeld HF2"]),
        (3, 0, ["Im Handlungsfeld HF1", "Im Handlungsfeld HF2", "Im Handlungsfeld HF3"]),
        (4, 0, ["In 4 von 4 Handlungsfeldern steht keine laufende Maßnahme: HF1, HF2, HF3, HF4."]),
        (4, 3, ["In 4 von 7 Handlungsfeldern"]),
        (4, 4, [f"Im Handlungsfeld HF{n}" for n in (5, 6, 7, 8)]),
        (9, 1, ["In 9 von 10 Handlungsfeldern"]),
    ],
)
def test_ein_begonnenes_konzept_bekommt_einen_satz_fuer_alle_leeren_felder(
    leer: int, belegt: int, saetze: list[str]
) -> None:
    felder = "".join(f"  - {{id: HF{n}, titel: Feld {n}}}\n" for n in range(1, leer + belegt + 1))
    massnahmen = (
        "".join(f"  - {{id: M{n}, titel: Hof, handlungsfeld: HF{n}}}\n" for n in range(1, belegt + 1))
        or "  - {id: M1, titel: Hof}\n"
    )
    neu = geladen(f"{KOPF}handlungsfelder:\n{felder}massnahmen:\n{massnahmen}")
    meldungen = [p.meldung for p in run(Kontext(neu, None)) if p.code == "HANDLUNGSFELD-LEER"]
    assert len(meldungen) == len(saetze)
    assert all(m.startswith(s) for m, s in zip(meldungen, saetze, strict=True))
