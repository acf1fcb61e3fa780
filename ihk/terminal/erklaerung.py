"""Explanations of rules as plain text and as Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from ihk.checks.regelwerk import regelwerke
from ihk.erklaerung import Erklaerung

BREITE = 90


def als_text(e: Erklaerung) -> str:
    """What the rule says, why, and how it is done wrong and right."""
    zeilen = [f"{e.code}: {e.titel}", "", *textwrap.wrap(e.warum, BREITE), "", *textwrap.wrap(_gewicht(e), BREITE)]
    if e.quelle:
        zeilen += [*textwrap.wrap(f"Quelle der Regel: {e.quelle}", BREITE)]
    zeilen += ["", "So nicht:", *_beispiel(e, e.falsch), "", "Sondern so:", *_beispiel(e, e.richtig)]
    return "\n".join(zeilen) + "\n"


def _gewicht(e: Erklaerung) -> str:
    """How much a finding weighs, and what the rule sets make of it."""
    werke = [f"{name}: {(werk[e.code] or 'aus').capitalize()}" for name, werk in regelwerke().items() if e.code in werk]
    return f"Gewicht: {e.gewicht}." + (f" Mit --rules {', '.join(werke)}." if werke else "")


def _beispiel(e: Erklaerung, text: str) -> list[str]:
    zeilen = text.splitlines() if e.ist_yaml else textwrap.wrap(" ".join(text.split()), BREITE - 2)
    return [f"  {z}".rstrip() for z in zeilen]


def als_markdown(erklaerungen: Iterable[Erklaerung], ueberschrift: str = "##") -> str:
    """One section for each rule."""
    stuecke = []
    for e in erklaerungen:
        quelle = f"\n{_gewicht(e)}{f' Quelle der Regel: {e.quelle}.' if e.quelle else ''}\n"
        falsch, richtig = (f"```yaml\n{t}\n```" if e.ist_yaml else t for t in (e.falsch, e.richtig))
        stuecke.append(
            f"{ueberschrift} {e.code}\n\n**{e.titel}.** {e.warum}\n{quelle}\nSo nicht:\n\n{falsch}\n\nSondern so:\n\n{richtig}\n"
        )
    return "\n".join(stuecke)


SEITE = """# Alle Regeln

Erzeugt mit „ihk explain --format markdown“. Jeder Befund nennt den Code seiner Regel; hier steht, was er bedeutet, woher die
Regel kommt und wie es falsch und wie es richtig ist. „ihk explain CODE“ zeigt dasselbe im Terminal.

"""


def seite(erklaerungen: Iterable[Erklaerung]) -> str:
    """The page of the handbook with all rules."""
    return SEITE + als_markdown(erklaerungen)


def liste(erklaerungen: Iterable[Erklaerung]) -> str:
    """One line for each code."""
    alle = tuple(erklaerungen)
    breite = max(len(e.code) for e in alle)
    return "".join(f"{e.code:<{breite}}  {e.titel}\n" for e in alle)
