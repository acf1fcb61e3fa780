"""What is late: the one place that compares the status of a measure with a day. No clock; the day is the Stand of the Fassung."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from ihk.model import Konzeptfassung, Massnahme

NICHT_BEGONNEN = ("idee", "geplant", "beantragt", "bewilligt")
FERTIG = ("abgeschlossen", "verstetigt")


@dataclass(frozen=True, slots=True)
class Verzug:
    """``beginn``: should have begun; ``ende``: should be finished; ``verfrueht``: is said to run before it begins."""

    art: Literal["beginn", "ende", "verfrueht"]
    tag: date


def stichtag(k: Konzeptfassung) -> date | None:
    """The last day of the Stand; None if the Fassung names none."""
    return k.fassung.stand.ende if k.fassung.stand else None


def verzug(m: Massnahme, am: date | None) -> Verzug | None:
    """What of a measure does not fit the day (rule W20). None for measures that ended, rest, or have no period."""
    if am is None or m.beendet or m.zeitraum is None or m.status is None or m.status == "zurueckgestellt":
        return None
    von, bis = m.zeitraum.von, m.zeitraum.bis
    if m.status not in FERTIG and bis is not None and bis.ende < am:
        return Verzug("ende", bis.ende)
    if m.status in NICHT_BEGONNEN and von is not None and von.ende < am:
        return Verzug("beginn", von.ende)
    if m.status == "in_umsetzung" and von is not None and von.beginn > am:
        return Verzug("verfrueht", von.beginn)
    return None
