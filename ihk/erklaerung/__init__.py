"""What every code means, with an example that breaks the rule and one that keeps it; the examples are tested."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from ihk.problems import REGELN, IhkError
from ihk.reading.files import Quelltext, read_tree

DATEI = Path(__file__).parent / "beispiele.yaml"
GEWICHTE = {
    "fehler": "Fehler",
    "warnung": "Warnung",
    "hinweis": "Hinweis",
    "fehler oder warnung": "Fehler oder Warnung, je nach Fall",
    "warnung oder hinweis": "Warnung oder Hinweis, je nach Fall",
    "warnung, beschlossen fehler": "Warnung; ist die Fassung beschlossen, ein Fehler",
}
Wo = Literal["massnahme", "wurzel", "datei", "fall", "text"]


@dataclass(frozen=True, slots=True)
class Erklaerung:
    """``wo`` says where the lines of the examples belong; with ``text`` they are sentences, no YAML.

    ``gewicht`` are the severities that findings of this code have without a rule set; ``quelle`` is where the rule comes from.
    """

    code: str
    titel: str
    warum: str
    gewicht: str
    quelle: str
    wo: Wo
    falsch: str
    richtig: str

    @property
    def ist_yaml(self) -> bool:
        return self.wo != "text"


@cache
def erklaerungen() -> dict[str, Erklaerung]:
    """All explanations by code, in the order of the rules."""
    baum = read_tree(Quelltext(DATEI.name, {"": DATEI.read_bytes()}))
    assert baum.wurzel is not None, baum.probleme
    beispiele: dict[str, Any] = dict(baum.wurzel)
    return {
        code: Erklaerung(
            code,
            regel.titel,
            regel.erklaerung,
            GEWICHTE[beispiele[code].get("gewicht", "fehler")],
            beispiele[code].get("quelle", ""),
            beispiele[code]["wo"],
            beispiele[code]["falsch"].rstrip("\n"),
            beispiele[code]["richtig"].rstrip("\n"),
        )
        for code, regel in REGELN.items()
    }


def erklaerung(code: str, aehnlich: Iterable[str]) -> Erklaerung:
    """The explanation of a code in any spelling of its letters; raises ``IhkError`` that names the codes most like it."""
    gefunden = erklaerungen().get(code.strip().upper().replace("_", "-"))
    if gefunden is None:
        nah = ", ".join(aehnlich)
        raise IhkError(
            f"Den Code „{code}“ gibt es nicht.{f' Gemeint ist wohl {nah}.' if nah else ''} „ihk explain“ zeigt alle."
        )
    return gefunden
