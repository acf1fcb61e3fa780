"""Rule sets raise or lower severities; an exception in the file silences a rule with a reason, until a day."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from ihk.labels import tag
from ihk.model.load import Geladen
from ihk.problems import REGELN, IhkError, Ort, Problem, Schwere, problem
from ihk.reading.files import Quelltext, read_tree
from ihk.termine import stichtag

DATEI = Path(__file__).parent / "regelwerke.yaml"
SCHWEREN: dict[str, Schwere | None] = {"fehler": "fehler", "warnung": "warnung", "hinweis": "hinweis", "aus": None}
# What makes a file unreadable or a number wrong is never a matter of taste.
FEST = ("DATEI", "ZEICHEN", "YAML", "ZAHL", "WERT", "FELD", "KENNUNG", "SIEGEL", "AUSNAHME")


@cache
def regelwerke() -> dict[str, dict[str, Schwere | None]]:
    """Rule sets by name: code → severity, None for off."""
    baum = read_tree(Quelltext(DATEI.name, {"": DATEI.read_bytes()}))
    assert baum.wurzel is not None, baum.probleme
    werke: dict[str, Any] = dict(baum.wurzel)
    return {name: {code: SCHWEREN[s] for code, s in inhalt["regeln"].items()} for name, inhalt in werke.items()}


def gewichtet(probleme: Iterable[Problem], name: str | None) -> tuple[Problem, ...]:
    """The findings with the severities of a rule set; raises ``IhkError`` if there is none of that name."""
    if name is None:
        return tuple(probleme)
    if name not in regelwerke():
        raise IhkError(f"Das Regelwerk „{name}“ gibt es nicht. Möglich: {', '.join(regelwerke())}.")
    werk = regelwerke()[name]
    ergebnis = []
    for p in probleme:
        schwere = werk.get(p.code, p.schwere)
        if schwere is not None:
            ergebnis.append(Problem(p.ort, p.code, p.meldung, p.hinweis, schwere))
    return tuple(ergebnis)


def ohne_ausnahmen(geladen: Geladen, probleme: Iterable[Problem]) -> tuple[Problem, ...]:
    """Without the findings that the file excepts; what is wrong with the exceptions themselves is added."""
    befunde = list(probleme)
    dazu: list[Problem] = []
    am = stichtag(geladen.fassung)
    for i, a in enumerate(geladen.fassung.ausnahmen):
        ort = geladen.orte("ausnahmen", i)
        if a.regel not in REGELN:
            dazu.append(
                problem(
                    ort,
                    "AUSNAHME-REGEL",
                    f"Die Regel „{a.regel}“ gibt es nicht.",
                    "Den Code so schreiben, wie er im Befund steht.",
                )
            )
            continue
        if a.regel.startswith(FEST):
            dazu.append(
                problem(
                    ort,
                    "AUSNAHME-REGEL",
                    f"Von „{a.regel}“ gibt es keine Ausnahme.",
                    "Den Befund beheben; er betrifft die Lesbarkeit oder die Identität.",
                )
            )
            continue
        if am is not None and a.bis < am:
            dazu.append(problem(
                ort, "AUSNAHME-ABGELAUFEN", f"Die Ausnahme von {a.regel} galt bis {tag(a.bis)}, der Stand der Fassung ist {tag(am)}.",
                "Den Befund beheben oder die Ausnahme neu begründen und befristen.", "warnung",
            ))  # fmt: skip
            continue
        betroffen = [
            p for p in befunde if p.code == a.regel and (a.objekt is None or _betrifft(geladen, a.objekt, p.ort))
        ]
        if not betroffen:
            dazu.append(
                problem(
                    ort,
                    "AUSNAHME-UNNOETIG",
                    f"Die Ausnahme von {a.regel} trifft keinen Befund.",
                    "Den Eintrag löschen.",
                    "hinweis",
                )
            )
        befunde = [p for p in befunde if p not in betroffen]
    return (*befunde, *dazu)


def _betrifft(geladen: Geladen, objekt: str, ort: Ort) -> bool:
    """Whether a finding lies inside the object: at or behind its place and before the next object of its kind."""
    stellen = [(geladen.orte(*loc), o.id, loc) for _, o, loc in geladen.fassung.objekte()]
    davor = [(o, k) for o, k, _ in stellen if o.datei == ort.datei and (o.zeile, o.spalte) <= (ort.zeile, ort.spalte)]
    return bool(davor) and max(davor, key=lambda x: (x[0].zeile, x[0].spalte))[1] == objekt
