"""``ihk schema``: what the reader accepts is valid, what an editor can see to be wrong is not, every key is explained."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from test_cli import ihk

from ihk.model.load import load
from ihk.problems import LoadError
from ihk.project import find_project
from ihk.reading.files import collect
from ihk.schema import ARTEN, beschreibung, beschreibungen, saetze, schema

HIER = Path(__file__).parent
PROJEKT = find_project(HIER)
assert PROJEKT is not None
CONCEPTS = PROJEKT.wurzel / "concepts"
GANZE = sorted([*CONCEPTS.glob("*/*.yaml"), *CONCEPTS.glob("*/*/konzept.yaml")])
EINZELNE = sorted(CONCEPTS.glob("*/*/massnahmen/*.yaml"))


class Lader(yaml.CSafeLoader):
    """Plain values as YAML 1.2 reads them, like an editor: no ``ja`` or ``on`` as truth, no dates, no sexagesimal numbers."""


Lader.yaml_implicit_resolvers = {}
Lader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
Lader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789"))
Lader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)$"), list("-+.0123456789")
)
Lader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])


def _lies(text: str) -> Any:
    return json.loads(json.dumps(yaml.load(text, Lader), default=str))


def _pruefer(art: str) -> jsonschema.Draft7Validator:
    jsonschema.Draft7Validator.check_schema(schema(art))
    return jsonschema.Draft7Validator(schema(art))


@pytest.mark.parametrize("art", ARTEN)
def test_jeder_schluessel_ist_erklaert(art: str) -> None:
    for klasse in saetze(art):
        for feld in klasse.model_fields:
            satz = beschreibung(klasse, feld)
            assert satz.endswith((".", "…")), (klasse.__name__, feld)
            assert len(satz) < 200


def test_keine_erklaerung_ist_uebrig() -> None:
    gebraucht = {n if (n := f"{k.__name__}.{f}") in beschreibungen() else f for k in saetze() for f in k.model_fields}
    assert set(beschreibungen()) == gebraucht


@pytest.mark.parametrize("pfad", GANZE, ids=lambda p: str(p.relative_to(CONCEPTS)))
def test_jede_konzeptdatei_ist_gueltig(pfad: Path) -> None:
    assert [e.message for e in _pruefer("konzept").iter_errors(_lies(pfad.read_text("utf-8")))] == []


def test_jede_massnahmendatei_ist_gueltig() -> None:
    pruefer = _pruefer("massnahme")
    assert len(EINZELNE) > 40
    for pfad in EINZELNE:
        assert [e.message for e in pruefer.iter_errors(_lies(pfad.read_text("utf-8")))] == [], pfad


def test_was_sich_lesen_laesst_ist_gueltig() -> None:
    """All case files that read without errors, whatever rules they break."""
    pruefer = _pruefer("konzept")
    gelesen = 0
    for pfad in sorted((HIER / "cases").glob("*/*/*.yaml")):
        try:
            if any(p.schwere == "fehler" for p in load(collect(pfad, pfad.name)).probleme):
                continue
        except LoadError:
            continue
        gelesen += 1
        assert [e.message for e in pruefer.iter_errors(_lies(pfad.read_text("utf-8")))] == [], pfad
    assert gelesen > 80


@pytest.mark.parametrize(
    ("zeile", "ort"),
    [
        ("zielgrupe: Familien", ""),
        ("maßnahme: x", ""),
        ("status: laeuft", "status"),
        ("prioritaet: sehr hoch", "prioritaet"),
        ("teilziele: T1", "teilziele"),
        ("zeitraum: 2024 bis 2026", "zeitraum"),
        ("kosten: {gesamt: viel}", "kosten/gesamt"),
        ("kosten: {finanzierung: [{geber: oma, betrag: 5 €}]}", "kosten/finanzierung/0/geber"),
        ("kosten: {jahre: {naechstes: 5 €}}", "kosten/jahre"),
        ("beschluss: {datum: gestern}", "beschluss/datum"),
        ("standort: {punkt: [8.8]}", "standort/punkt"),
        ("schluesselmassnahme: vielleicht", "schluesselmassnahme"),
    ],
)
def test_was_ein_editor_sehen_kann_ist_ungueltig(zeile: str, ort: str) -> None:
    text = f"id: M01\ntitel: Platz\n{zeile}\n"
    fehler = list(_pruefer("massnahme").iter_errors(_lies(text)))
    assert ort in {"/".join(map(str, e.absolute_path)) for e in fehler}


def test_pflicht() -> None:
    fehler = [e.message for e in _pruefer("massnahme").iter_errors({"titel": "Platz"})]
    assert fehler == ["'id' is a required property"]


def test_neues_konzept_richtet_den_editor_ein(tmp_path: Path) -> None:
    lauf = ihk("new", "konzept", "neustadt", "--fassung", "2029", cwd=tmp_path)
    assert lauf.returncode == 0
    datei = tmp_path / "concepts" / "neustadt" / "2029.yaml"
    erste = datei.read_text("utf-8").splitlines()[0]
    ziel = (datei.parent / erste.split("$schema=")[1]).resolve()
    assert json.loads(ziel.read_text("utf-8")) == schema("konzept")
    einstellungen = json.loads((tmp_path / ".vscode" / "settings.json").read_text("utf-8"))
    for pfad, muster in einstellungen["yaml.schemas"].items():
        assert (tmp_path / pfad).is_file()
        assert muster
    # Settings of somebody else stay as they are.
    eigene = tmp_path / ".vscode" / "settings.json"
    eigene.write_text("{}", "utf-8")
    lauf = ihk("new", "konzept", "altstadt", "--fassung", "2029", cwd=tmp_path)
    assert eigene.read_text("utf-8") == "{}"
    assert "dort ergänzen" in lauf.stderr


def test_befehl() -> None:
    assert json.loads(ihk("schema").stdout) == schema("konzept")
    assert json.loads(ihk("schema", "--art", "massnahme").stdout) == schema("massnahme")
