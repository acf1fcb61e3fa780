"""The view of the start page over all concepts of a project."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ihk.report.palette import Palette, palette


@dataclass(frozen=True, slots=True)
class Datei:
    """A file of the build: its form (``PDF``), relative address, how large it is (``1,2 MB``)."""

    form: str
    adresse: str
    zusatz: str = ""


@dataclass(frozen=True, slots=True)
class Unterlage:
    """A document or data of a Fassung in all forms that are there."""

    name: str
    dateien: tuple[Datei, ...]


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
    unterlagen: tuple[Unterlage, ...] = ()
    ereignisse: tuple[tuple[str, str, str], ...] = ()
    """What happened: key to sort by, date and text."""
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
class Begebenheit:
    """One event of a town's programme history and the concept that it belongs to."""

    datum: str
    text: str
    konzept: str
    titel: str


@dataclass(frozen=True, slots=True)
class Stadt:
    """All concepts of a town; with several areas also what happened in all of them, as one history."""

    name: str
    konzepte: tuple[Konzeptblock, ...]
    geschichte: tuple[Begebenheit, ...]


@dataclass(frozen=True, slots=True)
class Index:
    satz: str
    staedte: tuple[Stadt, ...]
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
    staedte: dict[str, list[Konzeptblock]] = {}
    for b in bloecke:
        staedte.setdefault(b.kommune or b.titel, []).append(b)
    fassungen = sum(len(b.fassungen) for b in bloecke)
    satz = f"{len(bloecke)} {'Konzept' if len(bloecke) == 1 else 'Konzepte'} in {fassungen} {'Fassung' if fassungen == 1 else 'Fassungen'}."
    return Index(satz, tuple(Stadt(name, tuple(teil), _geschichte(teil)) for name, teil in staedte.items()))


def _geschichte(bloecke: list[Konzeptblock]) -> tuple[Begebenheit, ...]:
    """Events of all concepts of a town by date, each once; a single concept tells them in its own report."""
    if len(bloecke) < 2:
        return ()
    gesehen: dict[tuple[str, str, str], Begebenheit] = {}
    for b in bloecke:
        for f in b.fassungen:  # the newest first: its wording counts
            for schluessel, datum, text in f.ereignisse:
                gesehen.setdefault((schluessel, text, b.id), Begebenheit(datum, text, b.id, b.titel))
    return tuple(gesehen[k] for k in sorted(gesehen))
