"""Periods are in order; the Fassungen of a concept follow each other in time."""

from __future__ import annotations

from collections.abc import Iterator

from ihk.checks.bezuege import saetze
from ihk.checks.kontext import Kontext
from ihk.labels import zeitpunkt
from ihk.model.bestandteile import Zeitraum
from ihk.problems import Problem


def zeitraeume(c: Kontext) -> Iterator[Problem]:
    """ZEIT-FOLGE: no period ends before it begins. ``{von: 2025, bis: 03/2025}`` is in order: both are as exact as known."""
    for satz, loc in saetze(c.k):
        if isinstance(satz, Zeitraum) and satz.von and satz.bis and satz.bis.ende < satz.von.beginn:
            meldung = f"Der Zeitraum endet ({zeitpunkt(satz.bis)}), bevor er beginnt ({zeitpunkt(satz.von)})."
            yield c.melde(c.ort(*loc, "bis"), "ZEIT-FOLGE", meldung, "„von“ und „bis“ prüfen.")


def fassungen(c: Kontext) -> Iterator[Problem]:
    """ZEIT-FASSUNG: the Stand of a Fassung is not before that of its predecessor."""
    if c.alt is None:
        return
    alt, neu = c.alt.fassung.stand, c.k.fassung.stand
    if alt and neu and neu.ende < alt.beginn:
        meldung = f"Der Stand ({zeitpunkt(neu)}) liegt vor dem der Vorfassung {c.alt.fassung.id} ({zeitpunkt(alt)})."
        yield c.melde(c.wert("fassung", "stand"), "ZEIT-FASSUNG", meldung, "Stand oder Vorgänger prüfen.")
