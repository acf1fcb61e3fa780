"""Ids: unique over all kinds of objects, named like folder and file."""

from __future__ import annotations

from collections.abc import Iterator

from ihk.checks.kontext import Kontext
from ihk.problems import Problem

WORT = {
    "ziel": "Ziel", "teilziel": "Teilziel", "handlungsfeld": "Handlungsfeld", "querschnittsaufgabe": "Querschnittsaufgabe",
    "massnahme": "Maßnahme", "indikator": "Indikator", "kapitel": "Kapitel", "bild": "Bild", "quelle": "Quelle",
}  # fmt: skip


def mit_artikel(art: str) -> str:
    """``eine Maßnahme``, ``ein Teilziel``."""
    return f"{'eine' if art in ('massnahme', 'querschnittsaufgabe', 'quelle') else 'ein'} {WORT[art]}"


def eindeutig(c: Kontext) -> Iterator[Problem]:
    """KENNUNG-DOPPELT: no id twice, not even for objects of different kinds."""
    zuerst: dict[str, tuple[str, int]] = {}
    for art, objekt, loc in c.k.objekte():
        kennung = objekt.id
        ort = c.wert(*loc, "id")
        if kennung in zuerst:
            wort, zeile = zuerst[kennung]
            meldung = f"Die Kennung „{kennung}“ trägt schon {wort} in Zeile {zeile}."
            yield c.melde(
                ort, "KENNUNG-DOPPELT", meldung, "Dem neuen Objekt eine eigene, noch nie verwendete Kennung geben."
            )
        else:
            zuerst[kennung] = (mit_artikel(art), ort.zeile)


def ordner_und_datei(c: Kontext) -> Iterator[Problem]:
    """KENNUNG-ORDNER: below concepts/ the folder is named like the concept, the file like the Fassung."""
    for name, loc, wert, was in (
        (c.ordner, ("konzept", "id"), c.k.konzept.id, "Der Ordner"),
        (c.datei, ("fassung", "id"), c.k.fassung.id, "Die Datei"),
    ):
        if name is not None and name != wert:
            yield c.melde(
                c.wert(*loc),
                "KENNUNG-ORDNER",
                f"{was} heißt „{name}“, hier steht „{wert}“.",
                f"„{name}“ eintragen oder umbenennen.",
            )
