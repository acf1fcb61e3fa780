"""What the author declares about a change: where an object came from, what became of it, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ihk.diff.fields import daten
from ihk.diff.things import Ding
from ihk.model import Konzeptfassung, Massnahme
from ihk.model.bestandteile import Aenderung, Objekt

GEBIET = "konzept.gebiet"


@dataclass(frozen=True)
class Herkunft:
    """The declarations of one Fassung, by id, so that nobody has to look through all objects for each."""

    k: Konzeptfassung

    @cached_property
    def _objekte(self) -> tuple[Objekt, ...]:
        return tuple(o for _, o, _ in self.k.objekte() if isinstance(o, Objekt))

    @cached_property
    def _aufgenommen(self) -> dict[str, list[str]]:
        """Id → ids of those that say they are merged into it."""
        ergebnis: dict[str, list[str]] = {}
        for o in self._objekte:
            for ziel in o.aufgegangen_in:
                ergebnis.setdefault(ziel, []).append(o.id)
        return ergebnis

    @cached_property
    def _kinder(self) -> dict[str, list[str]]:
        """Id → ids of those that say they came from it."""
        ergebnis: dict[str, list[str]] = {}
        for o in self._objekte:
            for quelle in o.hervorgegangen_aus:
                ergebnis.setdefault(quelle, []).append(o.id)
        return ergebnis

    @cached_property
    def beteiligt(self) -> frozenset[str]:
        """Every id that takes part in a declaration; for all others there is nothing to look up."""
        selbst = (o.id for o in self._objekte if o.hervorgegangen_aus or o.aufgegangen_in)
        return frozenset((*selbst, *self._aufgenommen, *self._kinder))

    @cached_property
    def mit_nachfolgern(self) -> frozenset[str]:
        """Every id that something declares to have come from: nothing is guessed about it."""
        return frozenset(self._kinder)

    def eltern(self, kennung: str) -> tuple[str, ...]:
        """Ids from which an object came, as declared by it or by them."""
        selbst = getattr(self.k.nach_id.get(kennung), "hervorgegangen_aus", ())
        return tuple(dict.fromkeys((*selbst, *self._aufgenommen.get(kennung, ()))))

    def nachfolger(self, a: Ding, n: Ding | None) -> tuple[str, ...]:
        """Declared successors of a thing of the Fassung before, those left out that it already named there."""
        selbst = getattr(n.satz, "aufgegangen_in", ()) if n else ()
        schon = set(getattr(a.satz, "aufgegangen_in", ()))
        return tuple(dict.fromkeys(x for x in (*selbst, *self._kinder.get(a.id, ())) if x not in schon))

    @cached_property
    def _gruende(self) -> dict[str, list[Aenderung]]:
        """Entries of ``aenderungen`` by the thing that they speak of; ``M07.kosten`` speaks of M07."""
        ergebnis: dict[str, list[Aenderung]] = {}
        for a in self.k.aenderungen:
            for ding in _angesprochen(a.objekt):
                ergebnis.setdefault(ding, []).append(a)
        return ergebnis

    def begruendung(self, ding: Ding, davor: Ding | None) -> tuple[str | None, str | None, dict[str, Any] | None]:
        """Reason, author of the initiative and decision: from the object itself, and from ``aenderungen``.

        A decision that already stood in the Fassung before did not decide this change.
        """
        objekt = self.k.nach_id.get(ding.id)
        eigene = objekt if isinstance(objekt, Objekt) else None
        gruende = [eigene.begruendung] if eigene and eigene.begruendung else []
        durch = eigene.veranlasst_durch if eigene else None
        beschluss: dict[str, Any] | None = None
        for a in self._gruende.get(ding.id, ()):
            gruende.append(a.grund)
            durch = durch or a.veranlasst_durch
            beschluss = daten(a.beschluss) if a.beschluss else beschluss
        if beschluss is None and isinstance(eigene, Massnahme) and eigene.beschluss:
            alt = getattr(davor.satz, "beschluss", None) if davor else None
            beschluss = daten(eigene.beschluss) if eigene.beschluss != alt else None
        return "\n\n".join(gruende) or None, durch, beschluss


def _angesprochen(objekt: str) -> Iterator[str]:
    """Ids and paths of things to which a reason belongs: the whole word, and what stands before each full stop."""
    yield objekt
    teile = objekt.split(".")
    for ende in range(1, len(teile)):
        vorn = ".".join(teile[:ende])
        if vorn != "konzept" or not (objekt == GEBIET or objekt.startswith(f"{GEBIET}.")):
            yield vorn


def wurzeln(alt: Herkunft, neu: Herkunft, a: Ding | None, n: Ding) -> tuple[str, ...]:
    """Declared origins of a thing, if they were declared in this Fassung and not already in the old one."""
    eltern = neu.eltern(n.id)
    if a is not None and eltern == alt.eltern(a.id):
        return ()
    if a is not None and a.id != n.id:  # the old Fassung said the same with other ids
        eltern = tuple(e for e in eltern if e in alt.k.nach_id)
    if eltern and a is not None:
        eltern = tuple(dict.fromkeys((a.id, *eltern)))
    return eltern
