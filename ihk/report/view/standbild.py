"""How far each Handlungsfeld is: a strip of status symbols, one for each measure, beside their numbers."""

from __future__ import annotations

from dataclasses import dataclass

from ihk import labels
from ihk.model import Massnahme
from ihk.report.view.grund import Kontext

_REIHE = (*labels.STATUS, "unbekannt")
_WEIT = ("in_umsetzung", "abgeschlossen", "verstetigt")


@dataclass(frozen=True, slots=True)
class Standzahl:
    """How many measures have a status."""

    status: str
    wort: str
    anzahl: int


@dataclass(frozen=True, slots=True)
class Standzeile:
    titel: str
    anzahl: int
    zeichen: tuple[str, ...]
    """One status for each measure, in the order of their progress; drawn."""
    zahlen: tuple[Standzahl, ...]
    """The same as words and numbers."""


@dataclass(frozen=True, slots=True)
class Standbild:
    satz: str
    titel: str
    wort: str
    """What the concept calls a Handlungsfeld."""
    massnahmen: str
    """And its measures."""
    zeilen: tuple[Standzeile, ...]


def standbild(kontext: Kontext, gruppen: list[tuple[str, tuple[Massnahme, ...]]]) -> Standbild | None:
    """None for fewer than two groups, or if no status is known."""
    gruppen = [(titel, teil) for titel, teil in gruppen if teil]
    if len(gruppen) < 2 or not any(m.status for _, teil in gruppen for m in teil):
        return None
    feld = kontext.feldwort if kontext.k.handlungsfelder else kontext.teilziele
    satz = _satz([teil for _, teil in gruppen if _eigen(kontext, teil[0])], feld, kontext.wort)
    return Standbild(
        satz,
        f"Wie weit sind die {feld.viele}?",
        feld.eins,
        kontext.massnahmen,
        tuple(_zeile(t, teil) for t, teil in gruppen),
    )


def _satz(gruppen: list[tuple[Massnahme, ...]], feld: labels.Wort, wort: labels.Wort) -> str:
    """The message; groups without a field of their own are no fields and do not count."""
    alle, weit = len(gruppen), sum(any(m.status in _WEIT for m in teil) for teil in gruppen)
    if alle < 2:
        return ""
    if not weit:
        return f"In {feld.form('keiner', 'keinem')} der {alle} {feld.viele} ist schon {wort.mit('eine', 'ein')} in Umsetzung oder fertig."
    wieviele = f"allen {alle}" if weit == alle else f"{weit} von {alle}"
    return f"In {wieviele} {feld.dativ} ist mindestens {wort.mit('eine', 'ein')} in Umsetzung oder fertig."


def _eigen(kontext: Kontext, m: Massnahme) -> bool:
    """Whether a measure stands under a Handlungsfeld, or under a Teilziel where the concept has no Handlungsfelder."""
    felder = [h.id for h in kontext.k.handlungsfelder] or [t.id for z in kontext.k.ziele for t in z.teilziele]
    return m.ort in felder


def _zeile(titel: str, massnahmen: tuple[Massnahme, ...]) -> Standzeile:
    status = sorted((m.status or "unbekannt" for m in massnahmen), key=_REIHE.index)
    woerter = {m.status or "unbekannt": labels.STATUS.get(m.status or "", "unbekannt") for m in massnahmen}
    zahlen = tuple(Standzahl(s, woerter[s], status.count(s)) for s in dict.fromkeys(status))
    return Standzeile(titel or "Ohne Zuordnung", len(status), tuple(status), zahlen)
