"""``ihk review``: what was checked stays checked until its content changes, or a goal that it serves."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from test_cli import ihk

from ihk.model.load import Geladen
from ihk.project import find_project, version_at
from ihk.review import neue_vermerke, pruefstand

WURZEL = find_project(Path(__file__).parent)
assert WURZEL is not None
KONZEPT = """\
format: 1
konzept: {{id: neustadt, titel: Konzept Neustadt, fiktiv: ja}}
fassung: {{id: "2024", art: ursprung, status: entwurf, stand: 01.06.2024}}
ziele:
  - {{id: Z1, titel: Wohnen, teilziele: [{{id: T1, titel: {teilziel}}}, {{id: T2, titel: Klima}}]}}
massnahmen:
  - id: M01
    titel: Quartiersplatz
    teilziele: [T1]
    traeger: Stadt Neustadt
    status: geplant
    zeitraum: {{von: 2024, bis: 2026}}
    beschreibung: {beschreibung}
    kosten: {{gesamt: {gesamt}, finanzierung: [{{geber: kommune, betrag: 10.000 €}}]}}
  - {{id: M02, titel: Spielplatz, teilziele: [T2], traeger: Stadt, status: geplant}}
"""
ANFANG = {"teilziel": "Wohnumfeld", "beschreibung": 'Ein Platz "für alle".', "gesamt": "10.000 €"}


@pytest.fixture
def projekt(tmp_path: Path) -> Path:
    (tmp_path / "concepts" / "neustadt").mkdir(parents=True)
    _schreibe(tmp_path, {})
    return tmp_path


def _schreibe(wurzel: Path, neu: dict[str, str]) -> None:
    (wurzel / "concepts/neustadt/2024.yaml").write_text(KONZEPT.format(**(ANFANG | neu)), "utf-8")


def _stand(projekt: Path, *mehr: str) -> dict[str, str]:
    lauf = ihk("review", "neustadt", "--format", "json", *mehr, cwd=projekt)
    return {o["id"]: o["stand"] for o in json.loads(lauf.stdout)["objekte"]}


def test_ein_vermerk_gilt_fuer_den_inhalt(projekt: Path) -> None:
    assert _stand(projekt) == dict.fromkeys(["Z1", "T1", "T2", "M01", "M02"], "offen")
    assert ihk("review", "neustadt", "--als", "Kämmerei", "--am", "01.07.2024", cwd=projekt).returncode == 0
    assert set(_stand(projekt).values()) == {"geprueft"}
    assert ihk("review", "neustadt", "--exit-code", cwd=projekt).returncode == 0


@pytest.mark.parametrize(
    "gleichwertig", [{"gesamt": "10000"}, {"gesamt": '"10.000,00"'}, {"beschreibung": "Ein Platz „für alle“."}]
)
def test_schreibweisen_brechen_keinen_vermerk(projekt: Path, gleichwertig: dict[str, str]) -> None:
    ihk("review", "neustadt", "--als", "Kämmerei", cwd=projekt)
    _schreibe(projekt, gleichwertig)
    assert set(_stand(projekt).values()) == {"geprueft"}


def test_eine_aenderung_trifft_genau_ihr_objekt(projekt: Path) -> None:
    ihk("review", "neustadt", "--als", "Kämmerei", cwd=projekt)
    _schreibe(projekt, {"gesamt": "12.000 €"})
    assert {k for k, s in _stand(projekt).items() if s == "erneut"} == {"M01"}
    lauf = ihk("review", "neustadt", "M01", "--exit-code", cwd=projekt)
    assert lauf.returncode == 1
    assert "seitdem geändert: Gesamtkosten" in lauf.stdout


def test_ein_geaendertes_ziel_trifft_die_massnahmen_die_ihm_dienen(projekt: Path) -> None:
    ihk("review", "neustadt", "--als", "Kämmerei", cwd=projekt)
    _schreibe(projekt, {"teilziel": "Wohnumfeld erhalten"})
    assert {k for k, s in _stand(projekt).items() if s == "erneut"} == {"T1", "M01"}
    assert (
        "das Ziel 1.1 Wohnumfeld erhalten, dem es dient, wurde geändert"
        in ihk("review", "neustadt", cwd=projekt).stdout
    )


def test_vermerke_gehen_in_die_naechste_fassung_mit(projekt: Path) -> None:
    ihk("review", "neustadt", "M02", "--als", "Kämmerei", cwd=projekt)
    assert ihk("fortschreiben", "neustadt", "--als", "2025", cwd=projekt).returncode == 0
    assert _stand(projekt)["M02"] == "geprueft"
    assert "Fassung 2024: gilt noch" in ihk("review", "neustadt@2025", "M02", cwd=projekt).stdout


def test_zwei_rollen_und_zuruecknehmen(projekt: Path) -> None:
    ihk("review", "neustadt", "M01", "--als", "Kämmerei", cwd=projekt)
    ihk("review", "neustadt", "M01", "--als", "Stadtplanung", "--von", "B. Beispiel", cwd=projekt)
    ihk("review", "neustadt", "M01", "--als", "Kämmerei", "--remove", cwd=projekt)
    text = ihk("review", "neustadt", "M01", cwd=projekt).stdout
    assert "Stadtplanung (B. Beispiel)" in text
    assert "Kämmerei" not in text
    datei = projekt / "concepts/neustadt/.ihk/pruefvermerke.json"
    assert len(json.loads(datei.read_text("utf-8"))["vermerke"]) == 2  # nothing is taken out
    lauf = ihk("review", "neustadt", "M01", "--als", "Bauamt", "--remove", cwd=projekt)
    assert lauf.returncode == 2
    assert "keinen Vermerk" in lauf.stderr


@pytest.mark.parametrize(
    "inhalt", ["{", "[]", '{"schema": "ihk-pruefvermerke/2", "vermerke": []}', '{"schema": "ihk-pruefvermerke/1", "vermerke": [{}]}', "<<<<<<< a"]
)  # fmt: skip
def test_eine_beschaedigte_datei_gilt_nicht_als_keine(projekt: Path, inhalt: str) -> None:
    datei = projekt / "concepts/neustadt/.ihk/pruefvermerke.json"
    datei.parent.mkdir()
    datei.write_text(inhalt, "utf-8")
    for befehl in (("review", "neustadt"), ("review", "neustadt", "--als", "Kämmerei")):
        lauf = ihk(*befehl, cwd=projekt)
        assert lauf.returncode == 2
        assert "VERMERK-DATEI" in lauf.stderr
    assert datei.read_text("utf-8") == inhalt


def test_falsche_angaben(projekt: Path) -> None:
    assert "„M99“ gibt es in der Fassung 2024 nicht" in ihk("review", "neustadt", "M99", cwd=projekt).stderr
    assert ihk("review", "neustadt", "--von", "X", cwd=projekt).returncode == 2
    assert ihk("review", "neustadt", "--als", "K", "--am", "gestern", cwd=projekt).returncode == 2


def test_der_bericht_entsteht_nur_mit_vermerken(projekt: Path) -> None:
    befehl = ("build", "neustadt", "--report", "pruefstand")
    ihk(*befehl, cwd=projekt)
    gebaut = projekt / "build/neustadt/2024"
    assert not (gebaut / "pruefstand.html").exists()
    ihk("review", "neustadt", "M01", "--als", "Kämmerei", "--am", "01.07.2024", cwd=projekt)
    assert ihk(*befehl, cwd=projekt).returncode == 0
    erste = (gebaut / "pruefstand.html").read_text("utf-8")
    assert "Kämmerei (01.07.2024, Fassung 2024)" in erste
    ihk("review", "neustadt", "M02", "--als", "Bauamt", "--am", "02.07.2024", cwd=projekt)
    ihk(*befehl, cwd=projekt)
    assert "Bauamt" in (gebaut / "pruefstand.html").read_text("utf-8")


def test_alle_konzepte(tmp_path: Path) -> None:
    """Everything of the fullest concept can be stamped, and nothing of it is open afterwards."""
    assert WURZEL is not None
    shutil.copytree(WURZEL.wurzel / "concepts" / "musterstadt-ost" / "2028", tmp_path / "2028")
    geladen: Geladen = version_at(tmp_path / "2028").geladen
    from datetime import date

    offen = pruefstand(geladen, [])
    alle = neue_vermerke(geladen, [s.id for s in offen], rolle="Kämmerei", am=date(2028, 6, 1))
    assert {s.stand for s in pruefstand(geladen, alle)} == {"geprueft"}
