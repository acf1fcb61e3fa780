"""``aenderungen.json`` is a published format: its JSON Schema ships with the program, and every output meets it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ihk.diff import compare
from ihk.export.aenderungen import SCHEMADATEI, aenderungen, schema
from ihk.export.daten import as_json
from ihk.model.load import load
from ihk.project import alle, find_project
from ihk.reading.files import collect

CASES = Path(__file__).parent / "cases" / "vergleich"
FAELLE = sorted(p.name for p in CASES.iterdir() if p.is_dir())
WURZEL = Path(__file__).parent.parent
PROJEKT = find_project(WURZEL)
assert PROJEKT is not None
NACHBARN = [v for v in alle(PROJEKT) if v.vorgaenger() is not None]
PRUEFER = jsonschema.Draft202012Validator(schema(), format_checker=jsonschema.FormatChecker())


def gilt(inhalt: Any) -> None:
    """Raises on the first thing that the schema does not allow, naming its path."""
    fehler = next(PRUEFER.iter_errors(json.loads(as_json(inhalt))), None)
    if fehler is not None:
        innen = jsonschema.exceptions.best_match([fehler])
        raise AssertionError(f"{list(innen.absolute_path)}: {innen.message}")


def _fall(fall: str) -> dict[str, Any]:
    alt, neu = (load(collect(CASES / fall / f"{n}.yaml", f"{n}.yaml")) for n in ("alt", "neu"))
    inhalt: dict[str, Any] = json.loads(as_json(aenderungen(compare(alt, neu))))
    return inhalt


def test_das_schema_ist_ein_schema_und_liegt_beim_programm() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    assert SCHEMADATEI.name == "ihk-aenderungen-1.schema.json"
    assert SCHEMADATEI.is_relative_to(WURZEL / "ihk")
    assert schema()["properties"]["schema"]["const"] == "ihk-aenderungen/1"


@pytest.mark.parametrize("fall", FAELLE)
def test_alle_faelle_gelten(fall: str) -> None:
    gilt(_fall(fall))


@pytest.mark.parametrize("version", NACHBARN, ids=lambda v: v.name)
def test_alle_nachbarn_gelten(version: Any) -> None:
    vorher = version.vorgaenger().geladen
    satz = compare(vorher, version.geladen)
    gilt(aenderungen(satz))
    gilt(aenderungen(satz, "wesentlich"))
    gilt(aenderungen(compare(version.geladen, vorher)))


def _erstes(inhalt: Any, bedingung: Callable[[Any], bool]) -> Any:
    """The first part of a document that meets a condition."""
    offen = [inhalt]
    while offen:
        teil = offen.pop(0)
        if isinstance(teil, dict) and bedingung(teil):
            return teil
        offen += list(teil.values()) if isinstance(teil, dict) else teil if isinstance(teil, list) else []
    raise AssertionError("nicht gefunden")


def _feld(typ: str) -> Callable[[Any], Any]:
    return lambda d: _erstes(d, lambda x: x.get("typ") == typ)


def _eintrag(d: Any) -> Any:
    return d["eintraege"][0]


@pytest.mark.parametrize(
    ("fall", "wo", "aenderung"),
    [
        ("vieles", lambda d: d, {"schema": "ihk-aenderungen/2"}),
        ("vieles", lambda d: d, {"zusatz": 1}),
        ("vieles", lambda d: d, {"warnungen": None}),
        ("vieles", lambda d: d["alt"], {"sha256": "abc"}),
        ("vieles", lambda d: d["zusammenfassung"]["kosten"], {"alt": 12.5}),
        ("vieles", lambda d: d["zusammenfassung"], {"neu": -1}),
        ("vieles", _eintrag, {"gewicht": "schwer"}),
        ("vieles", _eintrag, {"aenderungsart": []}),
        ("vieles", _eintrag, {"aenderungsart": ["umbenannt"]}),
        ("vieles", _eintrag, {"art": "projekt"}),
        ("vieles", _eintrag, {"grund": "ja"}),
        ("teurer-und-spaeter", _feld("geld"), {"alt": 90000.0}),
        ("teurer-und-spaeter", _feld("geld"), {"neu": "90000"}),
        ("teurer-und-spaeter", _feld("geld"), {"alt": None, "neu": None}),
        ("teurer-und-spaeter", _feld("zeitpunkt"), {"neu": "31.12.2025"}),
        ("prosa", _feld("prosa"), {"stuecke": [["?", "x"]]}),
        ("prosa", _feld("prosa"), {"stuecke": [["~", "nur alt"]]}),
        ("listen-geaendert", _feld("liste"), {"stuecke": [["-", "a", "b"]]}),
        ("andere-kennungen", lambda d: _erstes(d, lambda x: x.get("wie") == "erkannt"), {"guete": None}),
        ("andere-kennungen", lambda d: _erstes(d, lambda x: x.get("wie") == "id"), {"guete": "0.80"}),
        ("vielleicht-dasselbe", lambda d: d["vorschlaege"][0], {"guete": "78 %"}),
    ],
)
def test_was_nicht_ins_format_gehoert_faellt_auf(
    fall: str, wo: Callable[[Any], Any], aenderung: dict[str, Any]
) -> None:
    heil = _fall(fall)
    gilt(heil)
    kaputt = copy.deepcopy(heil)
    wo(kaputt).update(aenderung)
    with pytest.raises(AssertionError):
        gilt(kaputt)


def test_jede_angabe_ist_pflicht_oder_beschrieben() -> None:
    """Taking out any key of the head or of an entry is noticed, but for the whole objects, which not every entry has."""
    heil = _fall("vieles")
    for name in heil:
        with pytest.raises(AssertionError):
            gilt({k: w for k, w in heil.items() if k != name})
    for name in heil["eintraege"][0]:
        kaputt = copy.deepcopy(heil)
        del kaputt["eintraege"][0][name]
        if name not in ("inhalt_alt", "inhalt_neu"):
            with pytest.raises(AssertionError):
                gilt(kaputt)
