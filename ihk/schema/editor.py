"""What an editor needs to know the format: the schemas and which files they are for, in ``.vscode/`` of the project.

The schemas lie in the project, not in the installed package: everybody who opens the folder gets them, also who has no ``ihk``.
"""

from __future__ import annotations

import json
from pathlib import Path

from ihk.schema import ARTEN, schema
from ihk.write import create_file, write_atomic

ORDNER = ".vscode"
FUER = {"konzept": ["concepts/*/*.yaml", "concepts/*/*/konzept.yaml"], "massnahme": ["concepts/*/*/massnahmen/*.yaml"]}
MODELINE = f"# yaml-language-server: $schema=../../{ORDNER}/ihk-konzept.schema.json\n"
"""The first line of a concept file, for editors that do not read the settings of a folder."""


def einstellungen() -> dict[str, object]:
    """What ``settings.json`` has to say."""
    return {
        "yaml.schemas": {f"./{ORDNER}/ihk-{art}.schema.json": FUER[art] for art in ARTEN},
        "yaml.customTags": [],
        "[yaml]": {"editor.insertSpaces": True, "editor.tabSize": 2, "editor.wordWrap": "on"},
    }


def einrichten(wurzel: Path) -> list[str]:
    """Write schemas and settings; returns sentences for the user. Settings that are there already stay as they are."""
    ordner = wurzel / ORDNER
    for art in ARTEN:
        write_atomic(ordner / f"ihk-{art}.schema.json", als_json(schema(art)))
    datei = ordner / "settings.json"
    inhalt = als_json(einstellungen())
    if datei.exists():
        if "ihk-konzept.schema.json" in datei.read_text("utf-8", errors="replace"):
            return []
        zeile = json.dumps(einstellungen()["yaml.schemas"], ensure_ascii=False)
        return [
            f'{ORDNER}/settings.json gibt es schon. Damit der Editor das Format kennt, dort ergänzen: "yaml.schemas": {zeile}'
        ]
    create_file(datei, inhalt)
    return [
        f"In {ORDNER}/ liegt, was ein Editor wie VS Code (mit der Erweiterung „YAML“) braucht, um Schlüssel vorzuschlagen und zu erklären."
    ]


def als_json(daten: object) -> bytes:
    return (json.dumps(daten, ensure_ascii=False, indent=2) + "\n").encode()
