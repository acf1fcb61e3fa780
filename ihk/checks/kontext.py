"""What a rule may look at: one Fassung, its places, its predecessor if there is one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ihk.model import Konzeptfassung, Loc, Massnahme
from ihk.model.load import Geladen
from ihk.problems import Ort, Problem, Schwere, problem

if TYPE_CHECKING:
    from ihk.diff import Eintrag


@dataclass(frozen=True)
class Kontext:
    """Input of every rule. ``ordner`` and ``datei`` are the names that ids must have below ``concepts/`` (else None)."""

    geladen: Geladen
    vorgaenger: Geladen | None = None
    ordner: str | None = None
    datei: str | None = None

    @property
    def k(self) -> Konzeptfassung:
        return self.geladen.fassung

    @property
    def alt(self) -> Konzeptfassung | None:
        return self.vorgaenger.fassung if self.vorgaenger else None

    @cached_property
    def eintraege(self) -> tuple[Eintrag, ...]:
        """What changed against the predecessor; empty without one. A first Fassung starts without the comparison."""
        if self.vorgaenger is None:
            return ()
        from ihk.diff import compare

        return tuple(compare(self.vorgaenger, self.geladen).eintraege)

    @property
    def streng(self) -> Schwere:
        """Severity of rules about the completeness of the record: an error only once the Fassung is adopted."""
        return "fehler" if self.k.fassung.beschlossen else "warnung"

    def massnahmen(self) -> Iterator[tuple[Massnahme, Loc]]:
        for i, m in enumerate(self.k.massnahmen):
            yield m, ("massnahmen", i)

    def ort(self, *loc: str | int) -> Ort:
        return self.geladen.orte(*loc)

    def wert(self, *loc: str | int) -> Ort:
        return self.geladen.orte.wert(*loc)

    def verworfen(self, *loc: str | int) -> bool:
        """Refused by reading or validation: already reported, so a rule must not judge its absence."""
        return self.geladen.orte.verworfen(*loc)

    def melde(self, ort: Ort, code: str, meldung: str, hinweis: str = "", schwere: Schwere = "fehler") -> Problem:
        return problem(ort, code, meldung, hinweis, schwere)
