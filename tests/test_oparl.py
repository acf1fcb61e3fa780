"""``ihk export --format oparl``: a paper that a council information system can read, with files that are really these."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from ihk.cli.grund import ihk
from ihk.export.oparl import plain_text

WURZEL = Path(__file__).resolve().parent.parent
URL = {"type": "string", "pattern": r"^https?://\S+$"}
TAG = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
TEXT = {"type": "string", "minLength": 1}


def _objekt(art: str, pflicht: list[str], **felder: Any) -> dict[str, Any]:
    """An OParl object: its required and typed properties (OParl 1.1), and no others but extensions with a prefix."""
    return {
        "type": "object",
        "required": ["id", "type", *pflicht],
        "properties": {
            "id": URL,
            "type": {"const": f"https://schema.oparl.org/1.1/{art}"},
            "keyword": _liste(TEXT),
            **felder,
        },
        "patternProperties": {"^ihk:": {}},
        "additionalProperties": False,
    }


def _liste(inhalt: Any) -> dict[str, Any]:
    return {"type": "array", "items": inhalt, "minItems": 1}


FILE = _objekt(
    "File", ["accessUrl"], name=TEXT, fileName=TEXT, mimeType={"type": "string", "pattern": r"^\w+/[\w.+-]+$"}, date=TAG,
    size={"type": "integer", "minimum": 0}, sha512Checksum={"type": "string", "pattern": "^[0-9a-f]{128}$"},
    text={"type": "string"}, accessUrl=URL, downloadUrl=URL, masterFile=URL, derivativeFile=_liste(URL),
)  # fmt: skip
PAPER = _objekt(
    "Paper", [], body=URL, name=TEXT, reference=TEXT, date=TAG, paperType=TEXT, relatedPaper=_liste(URL), mainFile=FILE,
    auxiliaryFile=_liste(FILE),
    location=_liste(_objekt("Location", [], description=TEXT, geojson={"type": "object", "required": ["type", "geometry"]})),
    consultation=_liste(
        _objekt("Consultation", [], organization=_liste(URL), authoritative={"type": "boolean"}, role=TEXT)
    ),
)  # fmt: skip


@pytest.fixture
def gebaut(tmp_path: Path) -> Path:
    ordner = tmp_path / "musterstadt-ost" / "2024"
    ordner.mkdir(parents=True)
    (ordner / "bericht.pdf").write_bytes(b"%PDF-1.7 Bericht")
    (ordner / "bericht.html").write_text(
        "<title>x</title><main><h1>Bericht</h1><p>A &amp; B</p></main><script>1</script>"
    )
    (ordner / "synopse.pdf").write_bytes(b"%PDF-1.7 Synopse")
    (ordner / "daten.json").write_text("{}")
    (ordner / ".ihk-stand.json").write_text("{}")
    return tmp_path


def _export(gebaut: Path, *mehr: str, was: str = "musterstadt-ost@2024") -> Result:
    befehl = ["--project", str(WURZEL), "export", was, "--format", "oparl", "--build-dir", str(gebaut), *mehr]
    return CliRunner().invoke(ihk, befehl, standalone_mode=False)


@pytest.fixture
def drucksache(gebaut: Path) -> dict[str, Any]:
    inhalt: dict[str, Any] = json.loads(_export(gebaut).stdout)
    return inhalt


def test_valid(drucksache: dict[str, Any]) -> None:
    jsonschema.validate(drucksache, PAPER)


def test_what_it_says(drucksache: dict[str, Any]) -> None:
    assert drucksache["reference"] == "2024/123"
    assert drucksache["date"] == "2024-06-01"
    assert drucksache["mainFile"]["fileName"] == "2024-123_Integriertes-Handlungskonzept.pdf"
    assert [(c["role"], c["authoritative"], c["ihk:datum"]) for c in drucksache["consultation"]] == [
        ("Vorberatung", False, "2024-06-18"),
        ("Entscheidung", True, "2024-06-27"),
    ]
    assert drucksache["relatedPaper"] == ["https://oparl.example.org/paper/musterstadt-ost-2019"]
    assert drucksache["ihk:fiktiv"] is True


def test_files_are_these(drucksache: dict[str, Any], gebaut: Path) -> None:
    daten = (gebaut / "musterstadt-ost" / "2024" / "bericht.pdf").read_bytes()
    haupt = drucksache["mainFile"]
    assert (haupt["size"], haupt["sha512Checksum"]) == (len(daten), hashlib.sha512(daten).hexdigest())
    assert haupt["text"] == "Bericht\nA & B"
    anlagen = {a["id"].rpartition("/")[2]: a for a in drucksache["auxiliaryFile"]}
    assert ".ihk-stand.json" not in str(drucksache)
    assert anlagen["bericht.html"]["masterFile"] == haupt["id"]
    assert haupt["derivativeFile"] == [anlagen["bericht.html"]["id"]]
    assert {"synopse.pdf", "daten.json", "konzept.yaml"} <= anlagen.keys()
    assert "text" not in anlagen["synopse.pdf"]


def test_names_are_short_ascii_and_unique(drucksache: dict[str, Any]) -> None:
    dateien = [drucksache["mainFile"], *drucksache["auxiliaryFile"]]
    namen = [d["fileName"] for d in dateien]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]{1,120}", name) for name in namen)
    assert len(set(namen)) == len(namen)
    assert len({d["id"] for d in dateien}) == len(dateien)


def test_always_the_same(gebaut: Path) -> None:
    assert _export(gebaut).stdout == _export(gebaut).stdout


def test_own_address(gebaut: Path) -> None:
    lauf = _export(gebaut, "--base-url", "https://rat.example.de/oparl/")
    assert "Hinweis" not in lauf.stderr
    assert json.loads(lauf.stdout)["id"] == "https://rat.example.de/oparl/paper/musterstadt-ost-2024"
    assert "Hinweis" in _export(gebaut).stderr


def test_without_documents(tmp_path: Path) -> None:
    lauf = _export(tmp_path)
    assert "ihk build musterstadt-ost@2024" in str(lauf.exception)


@pytest.mark.parametrize("was", ["voelklingen@2007", "kempten-ost@2019", "kempten-sankt-mang@2011"])
def test_where_little_is_known(was: str, tmp_path: Path) -> None:
    """No vorlage, no date, no Beratungsfolge: such properties are left out, never empty."""
    konzept, _, fassung = was.partition("@")
    (tmp_path / konzept / fassung).mkdir(parents=True)
    (tmp_path / konzept / fassung / "bericht.pdf").write_bytes(b"%PDF")
    jsonschema.validate(json.loads(_export(tmp_path, was=was).stdout), PAPER)


def test_plain_text() -> None:
    assert (
        plain_text(b"<p>a<br>b</p><nav>x</nav><table><tr><td>1</td><td>2&shy;3</td></tr></table><style>y</style>")
        == "a\nb\n1 23"
    )
