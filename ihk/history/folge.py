"""The chain of Fassungen that ends with one of them: followed by ``vorgaenger``, with what is missing kept as a gap."""

from __future__ import annotations

from dataclasses import dataclass

from ihk.model.load import Geladen
from ihk.problems import IhkError, LoadError
from ihk.project import Version, geschwister, kette


@dataclass(frozen=True)
class Glied:
    """One Fassung of the chain. Without ``geladen`` it is named as a predecessor, but its file is not there."""

    fassung: str
    geladen: Geladen | None = None


@dataclass(frozen=True)
class Folge:
    """The chain, the oldest first.

    ``anfang``: whether the first one is known to be the first. ``lose``: Fassungen of the concept that no predecessor
    ties to this chain. ``angenommen``: gaps whose other side stands there by its Stand alone.
    """

    glieder: tuple[Glied, ...]
    anfang: bool = True
    lose: tuple[str, ...] = ()
    angenommen: tuple[str, ...] = ()


def folge(version: Version) -> Folge:
    """The chain that ends with this Fassung.

    Raises ``LoadError`` if one of its files does not read, ``IhkError`` if the predecessors go round in a circle.
    """
    glieder, versionen = _zurueck(version)
    angenommen: list[str] = []
    uebrig = _andere(version, versionen)
    # Behind a gap the older files cannot be tied by name; a single chain of an earlier Stand is what was before it.
    while glieder[0].geladen is None and (davor := _davor(uebrig, versionen, glieder[1])) is not None:
        angenommen.append(glieder[0].fassung)
        weitere, dazu = davor
        glieder, versionen = [*weitere, *glieder], [*dazu, *versionen]
        uebrig = [v for v in uebrig if v.pfad not in {d.pfad for d in versionen}]
    erste = glieder[0].geladen
    anfang = erste is not None and erste.fassung.fassung.art != "fortschreibung"
    if erste is not None and "vorgaenger" in erste.fassung.fassung.unbekannt:
        anfang = False
    lose = tuple(v.fassung for v in uebrig)
    return Folge(tuple(glieder), anfang, lose, tuple(reversed(angenommen)))


def _zurueck(version: Version) -> tuple[list[Glied], list[Version]]:
    """The chain as far back as names and files lead; it begins with a gap where a named file is missing."""
    glieder: list[Glied] = []
    versionen: list[Version] = []
    jetzt: Version | None = version
    while jetzt is not None:
        geladen = jetzt.geladen
        if not geladen.fehlerfrei:
            raise LoadError(geladen.probleme)
        kennung, name = geladen.fassung.fassung.id, geladen.fassung.fassung.vorgaenger
        glieder.append(Glied(kennung, geladen))
        versionen.append(jetzt)
        if any(g.fassung in (name, kennung) for g in glieder[:-1]) or name == kennung:
            kreis = " → ".join([*(g.fassung for g in glieder), *([name] if name else [])])
            raise IhkError(f"Die Vorfassungen führen im Kreis: {kreis}. Bei einer von ihnen „vorgaenger“ berichtigen.")
        jetzt = jetzt.vorgaenger()
        if name is not None and jetzt is None:
            glieder.append(Glied(name))
    return glieder[::-1], versionen[::-1]


def _andere(version: Version, versionen: list[Version]) -> list[Version]:
    """Fassungen of the same concept that are not in the chain; outside a project other files may lie beside them."""
    if version.eingebettet is not None:
        return []
    eigene = {v.pfad for v in versionen}
    return [v for v in geschwister(version) if v.pfad not in eigene and _gehoert(v, version)]


def _gehoert(andere: Version, version: Version) -> bool:
    try:
        return andere.geladen.fassung.konzept.id == version.geladen.fassung.konzept.id
    except (LoadError, IhkError):
        return andere.im_projekt


def _davor(
    uebrig: list[Version], versionen: list[Version], nach_der_luecke: Glied
) -> tuple[list[Glied], list[Version]] | None:
    """The chain that was there before the gap; None if that cannot be told."""
    lesbar = [v for v in uebrig if _lesbar(v) and not _stammt_von(v, versionen)]
    if not lesbar:
        return None
    enden = [v for v in lesbar if not any(n.geladen.fassung.fassung.vorgaenger == v.fassung for n in lesbar)]
    spaeter = nach_der_luecke.geladen.fassung.fassung.stand if nach_der_luecke.geladen else None
    if len(enden) != 1 or spaeter is None:
        return None
    letzte = kette(tuple(lesbar))[-1]
    stand = letzte.geladen.fassung.fassung.stand
    return _zurueck(letzte) if stand is not None and stand.ende < spaeter.beginn else None


def _lesbar(version: Version) -> bool:
    try:
        return version.geladen.fehlerfrei
    except (LoadError, IhkError):
        return False


def _stammt_von(version: Version, versionen: list[Version]) -> bool:
    """Whether a Fassung descends from one of the chain: then it is another branch."""
    eigene = {v.pfad for v in versionen}
    gesehen = set()
    jetzt: Version | None = version
    while jetzt is not None and jetzt.pfad not in gesehen:
        if jetzt.pfad in eigene:
            return True
        gesehen.add(jetzt.pfad)
        jetzt = jetzt.vorgaenger() if _lesbar(jetzt) else None
    return False
