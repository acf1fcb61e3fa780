"""What became of seals as plain lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ihk.problems import LoadError, Problem
from ihk.project import Version, anzeige
from ihk.seals import REGISTER, Vorgang, vorhanden
from ihk.terminal.befunde import befund, sichtbar

ART = {
    "geaendert": "geändert",
    "zeilenenden": "andere Zeilenenden",
    "fehlt": "fehlt",
    "neu": "hinzugekommen",
    "pruefsumme": "widersprach sich",
}


def erledigt(v: Vorgang) -> Iterator[str]:
    """What was sealed, replaced or left alone; nothing for what was refused."""
    name = v.version.name
    if v.ausgang == "unveraendert":
        yield sichtbar(f"{name}: schon versiegelt und unverändert.")
    elif v.siegel is not None and v.ausgang != "abgelehnt":
        zahl = f"{len(v.siegel.dateien)} Datei{'en' if len(v.siegel.dateien) != 1 else ''}"
        wie = "neu versiegelt" if v.ausgang == "ersetzt" else "versiegelt"
        yield sichtbar(f"{name}: {wie}, {zahl}, in {anzeige(v.version.pfad.parent / REGISTER)}")
        if v.ausgang == "ersetzt":
            yield "Anders als unter dem früheren Siegel:"
            yield from (sichtbar(f"  {a.datei}: {ART[a.art]}") for a in v.abweichungen)


def abgelehnt(v: Vorgang) -> Iterator[str]:
    """Why a Fassung was not sealed, and what to mend first; nothing if it was."""
    if v.ausgang != "abgelehnt":
        return
    hinweis = f"  → {v.hinweis}" if v.hinweis else ""
    yield sichtbar(f"{v.version.name}: nicht versiegelt. {v.grund}{hinweis}")
    yield from (befund(p) for p in v.probleme)


def bilanz(versionen: Sequence[Version], probleme: Sequence[Problem]) -> str:
    """``3 Siegel geprüft, alle unversehrt.``"""
    zahl = sum(_versiegelt(v) for v in versionen)
    if probleme:
        return f"{zahl} Siegel geprüft: {len(probleme)} Fehler."
    if not zahl:
        return "Keine Fassung ist versiegelt."
    return f"{zahl} Siegel geprüft, {'alle ' if zahl > 1 else ''}unversehrt."


def _versiegelt(version: Version) -> bool:
    try:
        return vorhanden(version) is not None
    except LoadError:
        return False  # the unreadable register is a finding of its own
