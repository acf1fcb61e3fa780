"""The view of the start page over all concepts of a project."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ihk.report.palette import Palette, palette


@dataclass(frozen=True, slots=True)
class Datei:
    """A file of the build: caption, relative address, what it is (``PDF, 1,2 MB``)."""

    name: str
    adresse: str
    zusatz: str = ""


@dataclass(frozen=True, slots=True)
class Eintragung:
    """One Fassung in the index; all texts are ready to print, empty ones are left out."""

    konzept: str
    titel: str
    kommune: str
    fassung: str
    fassung_titel: str
    status: str
    stand: str
    fiktiv: bool = False
    farbe: str | None = None
    dateien: tuple[Datei, ...] = ()
    hinweis: str = ""
    """For example why this Fassung could not be built."""


@dataclass(frozen=True, slots=True)
class Konzeptblock:
    id: str
    titel: str
    kommune: str
    fiktiv: bool
    fassungen: tuple[Eintragung, ...]


@dataclass(frozen=True, slots=True)
class Index:
    satz: str
    konzepte: tuple[Konzeptblock, ...]
    hell: Palette = field(default_factory=lambda: palette(None))
    dunkel: Palette = field(default_factory=lambda: palette(None, dunkel=True))


def index_view(eintraege: Iterable[Eintragung]) -> Index:
    """Concepts in the order given, the newest Fassung first; title and town of the last entry of a concept count."""
    nach_konzept: dict[str, list[Eintragung]] = {}
    for e in eintraege:
        nach_konzept.setdefault(e.konzept, []).append(e)
    bloecke = tuple(
        Konzeptblock(k, teil[-1].titel, teil[-1].kommune, teil[-1].fiktiv, tuple(reversed(teil)))
        for k, teil in nach_konzept.items()
    )
    fassungen = sum(len(b.fassungen) for b in bloecke)
    satz = f"{len(bloecke)} {'Konzept' if len(bloecke) == 1 else 'Konzepte'} in {fassungen} {'Fassung' if fassungen == 1 else 'Fassungen'}."
    return Index(satz, bloecke)
