"""``ihk explain``: every code is explained, and its examples do what they say."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
from test_cli import ihk

from ihk.checks import Kontext, run
from ihk.erklaerung import Erklaerung, erklaerungen
from ihk.model.load import load
from ihk.problems import REGELN, LoadError
from ihk.reading.files import Quelltext

HIER = Path(__file__).parent
FAELLE = HIER / "cases" / "regeln"
ALLE = erklaerungen()
# What no few lines of YAML can show: the file system, invisible characters, two Fassungen, a seal, a finished PDF.
NUR_TEXT = {
    "DATEI-GROESSE", "DATEI-ART", "DATEI-DOPPELT", "ZEICHEN-KODIERUNG", "ZEICHEN-VERBOTEN", "ZEICHEN-TABULATOR", "YAML-TIEFE",
    "TEXT-LAENGE", "KENNUNG-ORDNER", "KENNUNG-NEU-BELEGT", "ZEIT-FASSUNG", "GELD-DACH", "FORT-VERSCHWUNDEN", "SIEGEL-GEBROCHEN",
    "SIEGEL-VERWAIST", "SIEGEL-DATEI", "SEITEN-ZUVIEL", "VERMERK-DATEI",
}  # fmt: skip
WURZEL = """\
format: 1
konzept: {id: musterstadt-ost, titel: Konzept, fiktiv: ja}
fassung: {id: "2024", art: ursprung, status: entwurf, stand: 01.06.2024}
ziele:
  - {id: Z1, titel: Wohnen, teilziele: [{id: T1, titel: Wohnumfeld}]}
massnahmen:
"""
MASSNAHME = """\
id: M01
titel: Quartiersplatz
teilziele: [T1]
traeger: Stadt Musterstadt
status: geplant
zeitraum: {von: 2024, bis: 2026}
kosten: {gesamt: 10 €, finanzierung: [{geber: kommune, betrag: 10 €}]}
"""


def _abschnitte(text: str) -> dict[str, str]:
    """Lines by the key at their beginning; ``# traeger fehlt`` takes a key away."""
    ergebnis: dict[str, str] = {}
    name = ""
    for zeile in text.splitlines():
        if fehlt := re.fullmatch(r"# (\w+) fehlt", zeile):
            ergebnis[fehlt[1]] = ""
            continue
        if kopf := re.match(r"(\w+):", zeile):
            name = kopf[1] if kopf[1] not in ergebnis else f"{kopf[1]} noch einmal"
        elif not zeile.startswith(" ") and zeile and not zeile.startswith(":"):
            name = zeile
        ergebnis[name] = ergebnis.get(name, "") + zeile + "\n"
    return ergebnis


def _datei(e: Erklaerung, beispiel: str) -> str:
    """The example in a concept that is sound otherwise."""
    if e.wo == "datei":
        return beispiel + "\n"
    wurzel, massnahme = _abschnitte(WURZEL), _abschnitte(MASSNAHME)
    (wurzel if e.wo == "wurzel" else massnahme).update(_abschnitte(beispiel))
    zeilen = "".join(massnahme.values()).splitlines()
    wurzel["massnahmen"] = "massnahmen:\n" + "".join(
        f"  {'- ' if n == 0 else '  '}{zeile}\n" for n, zeile in enumerate(zeilen)
    )
    return "".join(wurzel.values())


def _codes(text: str) -> set[str]:
    try:
        geladen = load(Quelltext("konzept.yaml", {"": text.encode()}))
    except LoadError as fehler:
        return {p.code for p in fehler.probleme}
    return {p.code for p in (*geladen.probleme, *run(Kontext(geladen, None)))}


def test_jeder_code_ist_erklaert() -> None:
    assert set(ALLE) == set(REGELN)
    assert {c for c, e in ALLE.items() if e.wo == "text"} == NUR_TEXT
    for e in ALLE.values():
        assert e.warum.endswith(".")
        assert e.falsch.strip()
        assert e.richtig.strip()
        assert e.falsch != e.richtig


@pytest.mark.parametrize("code", [c for c, e in ALLE.items() if e.wo in ("massnahme", "wurzel", "datei")])
def test_das_beispiel_loest_den_befund_aus_und_seine_berichtigung_nicht(code: str) -> None:
    e = ALLE[code]
    assert code in _codes(_datei(e, e.falsch))
    richtig = _codes(_datei(e, e.richtig))
    assert code not in richtig


@pytest.mark.parametrize("code", [c for c, e in ALLE.items() if e.wo == "fall"])
def test_das_beispiel_ist_ein_ausschnitt_seines_falls(code: str) -> None:
    e = ALLE[code]
    for beispiel, fall in ((e.falsch, "verletzt"), (e.richtig, "erfuellt")):
        zeilen = set((FAELLE / code / f"{fall}.yaml").read_text("utf-8").splitlines())
        assert [z for z in beispiel.splitlines() if z not in zeilen and "hier fehlt" not in z] == []


def test_jeder_befund_wiegt_so_viel_wie_erklaert() -> None:
    """All findings of all case folders: a severity that the explanation does not name would surprise its reader."""
    from test_pruefung import FAELLE as PRUEFUNG
    from test_pruefung import _befunde as geprueft
    from test_regeln import CODES
    from test_regeln import _befunde as befunde

    alle = [p for f in PRUEFUNG for p in geprueft(f)]
    alle += [p for code in CODES for name in ("verletzt", "erfuellt") for p in befunde(code, name)]
    assert len({p.code for p in alle}) > 90
    for p in alle:
        assert p.schwere in ALLE[p.code].gewicht.lower(), (p, ALLE[p.code].gewicht)


def test_befehl() -> None:
    lauf = ihk("explain", "geld_jahre")
    assert lauf.returncode == 0
    assert "GELD-JAHRE: Jahresbeträge gehen nicht auf" in lauf.stdout
    assert "Abgleich R4" in lauf.stdout
    assert lauf.stdout.index("So nicht:") < lauf.stdout.index("Sondern so:")
    falsch = ihk("explain", "GELD-JARE")
    assert falsch.returncode == 2
    assert "Gemeint ist wohl GELD-JAHRE" in falsch.stderr
    assert len(ihk("explain").stdout.splitlines()) == len(REGELN)
    assert len(json.loads(ihk("explain", "--format", "json").stdout)["regeln"]) == len(REGELN)


def test_die_seite_des_handbuchs_ist_erzeugt() -> None:
    seite = HIER.parent / "docs" / "nachschlagen" / "regeln.md"
    assert seite.read_text("utf-8") == ihk("explain", "--format", "markdown").stdout


def test_sarif_entspricht_seinem_schema(tmp_path: Path) -> None:
    schema = json.loads((HIER / "schemata" / "sarif-2.1.0.json").read_text("utf-8"))
    datei = tmp_path / "konzept mit Lücke.yaml"
    datei.write_text(_datei(ALLE["GELD-JAHRE"], ALLE["GELD-JAHRE"].falsch), "utf-8")
    lauf = ihk("check", "--format", "sarif", datei.name, cwd=tmp_path)
    assert lauf.returncode == 1
    bericht = json.loads(lauf.stdout)
    jsonschema.validate(bericht, schema)
    ergebnis = next(r for r in bericht["runs"][0]["results"] if r["ruleId"] == "GELD-JAHRE")
    assert ergebnis["level"] == "error"
    stelle = ergebnis["locations"][0]["physicalLocation"]
    assert stelle["artifactLocation"]["uri"] == "konzept%20mit%20L%C3%BCcke.yaml"
    zeile = datei.read_text("utf-8").splitlines()[stelle["region"]["startLine"] - 1]
    assert "jahre" in zeile
    regel = bericht["runs"][0]["tool"]["driver"]["rules"][ergebnis["ruleIndex"]]
    assert regel["id"] == "GELD-JAHRE"
