"""The change set as data: what differs between two Fassungen. No text for readers, no HTML, no clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from ihk.model import Objektart
from ihk.model.types import Gewicht, Vergleichsart
from ihk.problems import Ort

SCHEMA = "ihk-aenderungen/1"
RANG: dict[str, int] = {"redaktionell": 0, "einfach": 1, "wesentlich": 2}


@dataclass(frozen=True, slots=True)
class Grenzen:
    """From where on a change weighs, as the new Fassung sets it under ``vergleich`` (decision 0014)."""

    kosten_prozent: Decimal = Decimal(10)
    """Costs that rise by more than this are a step back."""
    ende_monate: int = 0
    """An end that is later by more than this is a step back."""
    bagatelle_prozent: Decimal = Decimal(0)
    """An amount that changes by no more than this is a simple change, not a material one."""


Stueck = tuple[str, ...]
"""``("=", text)``, ``("-", old)``, ``("+", new)`` or ``("~", old, new)``."""
Listenstueck = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Feldaenderung:
    """One changed field. Values are in the form of ``daten.json``: amounts and numbers as text, None if absent."""

    pfad: str
    typ: Vergleichsart
    gewicht: Gewicht
    alt: Any
    neu: Any
    delta: str | None = None
    """Money and numbers: new minus old, if both are there."""
    prozent: str | None = None
    monate: int | None = None
    """Points in time: shift in months, if both are there; of a beginning from its first day, else from the last day."""
    stuecke: tuple[Stueck, ...] | None = None
    """Prose: word by word. Lists: item by item (then items may be records); there ``~`` is an item that was changed."""
    aehnlichkeit: str | None = None
    vereinfacht: bool = False
    dazu: tuple[str, ...] = ()
    weg: tuple[str, ...] = ()
    """Sets and references: what was added and removed."""


@dataclass(frozen=True, slots=True)
class Geberbetrag:
    """What one giver bears, as stated or reckoned from the shares, in both Fassungen; decimal texts."""

    geber: str
    alt: str
    neu: str
    delta: str


@dataclass(frozen=True, slots=True)
class Lage:
    """Where an object stands: ids from the top, and its position there."""

    pfad: tuple[str, ...]
    stelle: int
    nummer: str | None


Zuordnungsart = Literal["id", "erklaert", "gleich", "erkannt"]
"""How old and new were found to belong together: by id, by a declared link, by equal or by similar content."""


@dataclass(frozen=True, slots=True)
class Eintrag:
    """Everything that changed in one object."""

    id: str
    art: Objektart | str
    titel: str
    aenderungsart: tuple[str, ...]
    gewicht: Gewicht
    felder: tuple[Feldaenderung, ...] = ()
    begruendung: str | None = None
    veranlasst_durch: str | None = None
    beschluss: dict[str, Any] | None = None
    lage_alt: Lage | None = None
    lage_neu: Lage | None = None
    zuordnung: Zuordnungsart = "id"
    guete: str | None = None
    """How much two objects have in common that were recognised as one, 0.45 to 1.00."""
    vorher: tuple[str, ...] = ()
    nachher: tuple[str, ...] = ()
    inhalt_alt: dict[str, Any] | None = None
    """The complete object if it is only in the old Fassung."""
    inhalt_neu: dict[str, Any] | None = None
    """The complete object if it is only in the new Fassung."""
    quelle_alt: Ort | None = None
    quelle_neu: Ort | None = None
    rueckschritte: tuple[str, ...] = ()
    """Kinds of steps back, see ``fields.rueckschritte``."""
    nach_geber: tuple[Geberbetrag, ...] = ()
    """Measures: who bears more or less of the planned costs. Derived: no field need have changed for it but the total."""

    @property
    def rueckschritt(self) -> bool:
        return bool(self.rueckschritte)

    @property
    def erkannt(self) -> bool:
        """Nobody declared that this is the same object; its id is another one."""
        return self.zuordnung in ("gleich", "erkannt")

    @property
    def id_alt(self) -> str:
        """Its id in the old Fassung."""
        return str(self.felder[0].alt) if self.erkannt else self.id


def gerechnete_betraege(e: Eintrag) -> tuple[Geberbetrag, ...]:
    """What givers bear that no changed field states: reckoned from the total, or from what the others bear."""
    genannt: set[str] = set()
    weg: set[str] = set()
    for f in e.felder:
        if f.pfad.startswith("kosten.finanzierung[") and f.pfad.endswith(".betrag"):
            geber = f.pfad.removeprefix("kosten.finanzierung[").partition("]")[0].split("/")[0]
            (weg if f.neu is None else genannt).add(geber)
    return tuple(
        b
        for b in e.nach_geber
        if b.geber != "offen" and b.geber not in genannt and not (b.geber in weg and b.neu == "0.00")
    )


@dataclass(frozen=True, slots=True)
class Reihenfolge:
    """The order of ids in one list where old and new order differ; ``liste`` is ``massnahmen``, ``ziele``, ``Z1`` …"""

    liste: str
    alt: tuple[str, ...]
    neu: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grabstein:
    """An object that ended in the old Fassung and is kept in the new one by its id only: that is no change.

    Both contents are kept so that the set still rebuilds both sides.
    """

    id: str
    art: Objektart | str
    titel: str
    inhalt_alt: dict[str, Any]
    inhalt_neu: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Vorschlag:
    """Two objects that may be the same under another id; never treated as one."""

    art: str
    alt: str
    neu: str
    titel_alt: str
    titel_neu: str
    guete: str


@dataclass(frozen=True, slots=True)
class Stand:
    """Head of one side."""

    konzept: str
    fassung: str
    titel: str
    status: str | None
    stand: str | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Aenderungssatz:
    """All changes from ``alt`` to ``neu``, in the document order of the new Fassung."""

    alt: Stand
    neu: Stand
    eintraege: tuple[Eintrag, ...]
    reihenfolge: tuple[Reihenfolge, ...] = ()
    unveraendert: tuple[str, ...] = ()
    """Ids of measures without any entry."""
    zusammenfassung: dict[str, Any] = field(default_factory=dict)
    warnungen: tuple[str, ...] = ()
    grenzen: Grenzen = Grenzen()
    vorschlaege: tuple[Vorschlag, ...] = ()
    grabsteine: tuple[Grabstein, ...] = ()
    """What ended before and has become a tombstone; in no entry and in no count."""
