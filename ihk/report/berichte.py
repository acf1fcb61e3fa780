"""Kinds of reports: data in ``templates/reports``. A project adds one by a file of its own there; no Python is touched."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ihk.model.types import JaNein
from ihk.problems import IhkError
from ihk.reading.files import Quelltext, natural, read_tree
from ihk.resources import templates

ORDNER = "reports"


@dataclass(frozen=True, slots=True)
class Berichtsart:
    """What a report consists of. Without ``kapitel`` it has every chapter that has content, in the usual order."""

    titel: str
    name: str = ""
    vorlage: str = "bericht.html.j2"
    kapitel: tuple[str, ...] = ()
    umschlag: JaNein = False
    inhalt: JaNein = False
    impressum: JaNein = False
    steckbriefe: JaNein = False
    knapp: JaNein = False
    """Shorter: Steckbriefe without looking back and without the longer texts, indicators and places as tables only."""
    eng: JaNein = False
    """Set closer from the start."""
    fortlaufend: JaNein = False
    """Chapters follow each other without new pages."""
    seiten_hoechstens: int | None = None
    seiten_je_massnahme: int | None = None
    markiert: JaNein = False
    """With everything marked that reads differently in the predecessor."""
    nur_mit_vorgaenger: JaNein = False
    """It compares, so it is made only where the predecessor lies beside the Fassung."""
    nur_mit_vermerken: JaNein = False
    """It is about review stamps, so it is made only where there are some."""
    nur_auswahl: JaNein = False
    """Only for excerpts: not among the reports of ``--report all``."""

    @property
    def fliessend(self) -> bool:
        """Without a cover the chapters follow each other below a title."""
        return not self.umschlag or self.fortlaufend


_FORM: TypeAdapter[Berichtsart] = TypeAdapter(Berichtsart)


def berichtsarten(vorlagen: Path | None) -> dict[str, Berichtsart]:
    """All reports by name, the project's own among them. Raises ``IhkError`` for a description that cannot be read."""
    arten: dict[str, Berichtsart] = {}
    for ordner in (templates(), vorlagen):
        dateien = (ordner / ORDNER).glob("*.yaml") if ordner is not None else ()
        for datei in sorted(dateien, key=lambda p: (p.stem != "bericht", natural(p.name))):
            arten[datei.stem] = _lies(datei)
    return arten


def _lies(datei: Path) -> Berichtsart:
    baum = read_tree(Quelltext(datei.name, {"": datei.read_bytes()}))
    for p in baum.probleme:
        raise IhkError(f"Der Bericht „{datei}“ lässt sich nicht lesen: {p.meldung} {p.hinweis}")
    try:
        return _FORM.validate_python({**(baum.wurzel or {}), "name": datei.stem})
    except ValidationError as fehler:
        felder = ", ".join(sorted({str(e["loc"][0]) for e in fehler.errors() if e["loc"]}))
        moeglich = ", ".join(Berichtsart.__dataclass_fields__)
        raise IhkError(f"Der Bericht „{datei}“ hat Angaben, die nicht passen: {felder}. Möglich: {moeglich}.") from None
