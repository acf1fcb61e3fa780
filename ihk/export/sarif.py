"""Findings as SARIF 2.1.0 (OASIS), the form in which editors and code hosts take findings in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from ihk import __version__
from ihk.erklaerung import erklaerungen
from ihk.problems import Ort, Problem, Schwere

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
STUFEN: dict[Schwere, str] = {"fehler": "error", "warnung": "warning", "hinweis": "note"}


def sarif(probleme: Sequence[Problem]) -> dict[str, Any]:
    """One run with all findings; rules that were met are described, each with its examples."""
    codes = list(dict.fromkeys(p.code for p in probleme))
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "ihk",
                        "version": __version__,
                        "language": "de-DE",
                        "rules": [_regel(code) for code in codes],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    {
                        "ruleId": p.code,
                        "ruleIndex": codes.index(p.code),
                        "level": STUFEN[p.schwere],
                        "message": {"text": f"{p.meldung} {p.hinweis}".strip()},
                        "locations": [_stelle(p.ort)],
                    }
                    for p in probleme
                ],
            }
        ],
    }


def _regel(code: str) -> dict[str, Any]:
    e = erklaerungen()[code]
    return {
        "id": code,
        "shortDescription": {"text": f"{e.titel}."},
        "fullDescription": {"text": e.warum},
        "help": {"text": f"{e.warum}\n\nSo nicht:\n{e.falsch}\n\nSondern so:\n{e.richtig}"},
    }


def _stelle(ort: Ort) -> dict[str, Any]:
    """A place; paths are relative to the folder in which the command ran."""
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(ort.datei)},
            "region": {"startLine": ort.zeile, "startColumn": ort.spalte},
        }
    }
