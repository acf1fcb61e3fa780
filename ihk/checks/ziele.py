"""The goal system holds together: goals have measures, fields have measures, what can be measured is measured."""

from __future__ import annotations

from collections.abc import Iterator

from ihk.checks.kontext import Kontext
from ihk.problems import Problem
from ihk.register import laender, programme

PROGRAMMREFORM = 2020
"""From this programme year on climate measures are a condition of funding (StBauFR Bayern 4.1.1; NRW FAQ 4.1.2)."""


def vorhanden(c: Kontext) -> Iterator[Problem]:
    """ZIELE-FEHLEN (E13): a concept says what it wants to reach, or why no source says it."""
    if any(not z.beendet for z in c.k.ziele) or not c.k.massnahmen or c.verworfen("ziele"):
        return
    if "ziele" in {**c.k.unbekannt, **c.k.fassung.unbekannt}:
        return
    yield c.melde(
        c.ort("ziele" if c.k.ziele else "fassung"), "ZIELE-FEHLEN", "Das Konzept nennt Maßnahmen, aber kein Ziel.",
        "Unter „ziele“ mindestens das Oberziel nennen oder unter „unbekannt“ den Grund.", c.streng,
    )  # fmt: skip


def teilziele(c: Kontext) -> Iterator[Problem]:
    """TEILZIEL-OHNE-MASSNAHME (W10), TEILZIEL-NUR-QUERSCHNITT (I10), TEILZIEL-OHNE-INDIKATOR (W12)."""
    lebende = [m for m in c.k.massnahmen if not m.beendet]
    zugeordnet = any(m.teilziele for m in lebende)
    erklaert = any("teilziele" in m.unbekannt for m in lebende)
    gemessen = {b for i in c.k.indikatoren for b in i.bezug}
    for z, ziel in enumerate(c.k.ziele):
        for t, teilziel in enumerate(ziel.teilziele):
            if teilziel.beendet:
                continue
            ort = c.ort("ziele", z, "teilziele", t)
            dienend = [m for m in lebende if teilziel.id in m.teilziele]
            if not dienend and zugeordnet and not erklaert:
                yield c.melde(
                    ort, "TEILZIEL-OHNE-MASSNAHME", f"Dem Teilziel {teilziel.id} („{teilziel.titel}“) dient keine laufende Maßnahme.",
                    "Eine Maßnahme zuordnen oder das Teilziel mit „status: entfallen“ und „begruendung“ beenden.", "warnung",
                )  # fmt: skip
            elif dienend and all(m.querschnittsaufgaben and m.handlungsfeld is None for m in dienend):
                yield c.melde(
                    ort, "TEILZIEL-NUR-QUERSCHNITT", f"Dem Teilziel {teilziel.id} dienen nur Querschnittsaufgaben.",
                    "Prüfen, ob eine Maßnahme aus einem Handlungsfeld fehlt.", "hinweis",
                )  # fmt: skip
            if (
                c.k.indikatoren
                and not teilziel.indikatoren
                and teilziel.id not in gemessen
                and "indikatoren" not in teilziel.unbekannt
            ):
                yield c.melde(
                    ort, "TEILZIEL-OHNE-INDIKATOR", f"Ob das Teilziel {teilziel.id} erreicht wird, misst kein Indikator.",
                    "Unter „indikatoren“ einen nennen oder unter „unbekannt“ den Grund.", "hinweis",
                )  # fmt: skip


def handlungsfelder(c: Kontext) -> Iterator[Problem]:
    """HANDLUNGSFELD-LEER (W11), LAND-ZUORDNUNG (W14)."""
    land = laender().get(c.k.konzept.kommune.land or "") if c.k.konzept.kommune else None
    belegt = {f for m in c.k.massnahmen if not m.beendet for f in (m.handlungsfeld, *m.weitere_handlungsfelder)}
    laufend = [feld.id for feld in c.k.handlungsfelder if not feld.beendet]
    leer = [kennung for kennung in laufend if kennung not in belegt and c.k.massnahmen]
    angefangen = len(leer) > max(3, len(laufend) / 2)  # somebody has just begun: one sentence instead of ten
    if angefangen:
        yield c.melde(
            c.ort("handlungsfelder"), "HANDLUNGSFELD-LEER",
            f"In {len(leer)} von {len(laufend)} Handlungsfeldern steht keine laufende Maßnahme: {', '.join(leer)}.",
            "Maßnahmen zuordnen; Handlungsfelder streichen oder beenden, die keine bekommen.", "warnung",
        )  # fmt: skip
    offen: list[int] = []
    for i, feld in enumerate(c.k.handlungsfelder):
        if feld.beendet:
            continue
        if feld.id in leer and not angefangen:
            yield c.melde(
                c.ort("handlungsfelder", i), "HANDLUNGSFELD-LEER", f"Im Handlungsfeld {feld.id} („{feld.titel}“) steht keine laufende Maßnahme.",
                "Eine Maßnahme zuordnen oder das Handlungsfeld beenden.", "warnung",
            )  # fmt: skip
        if land is None or not land.handlungsfelder:
            continue
        if not feld.landes_handlungsfelder and "landes_handlungsfelder" not in feld.unbekannt:
            offen.append(i)
        for n, name in enumerate(feld.landes_handlungsfelder):
            if name not in land.handlungsfelder:
                yield c.melde(
                    c.ort("handlungsfelder", i, "landes_handlungsfelder", n), "LAND-ZUORDNUNG", f"„{name}“ ist kein Handlungsfeld des Landes {land.name}.",
                    f"Vorgesehen sind: {'; '.join(land.handlungsfelder)}.", "hinweis",
                )  # fmt: skip
    if offen and land is not None:
        namen = ", ".join(c.k.handlungsfelder[i].id for i in offen)
        meldung = f"{'Das Handlungsfeld' if len(offen) == 1 else 'Die Handlungsfelder'} {namen} {'ist' if len(offen) == 1 else 'sind'} keinem Handlungsfeld des Landes {land.name} zugeordnet."
        yield c.melde(
            c.ort("handlungsfelder", offen[0]), "LAND-ZUORDNUNG", meldung,
            "„landes_handlungsfelder: […]“ ergänzen; das Land ordnet seine Förderung danach.", "hinweis",
        )  # fmt: skip


def klima(c: Kontext) -> Iterator[Problem]:
    """KLIMA-FEHLT (W13): at least one measure of a funded concept says what it does for the climate."""
    stand = c.k.fassung.stand
    if c.k.fassung.art == "abschluss" or stand is None or stand.beginn.year < PROGRAMMREFORM or not c.k.massnahmen:
        return
    bekannt = programme()
    if not any(p in bekannt and bekannt[p].art == "staedtebaufoerderung" for p in c.k.konzept.programme):
        return
    if any(m.klimawirkung or "klimawirkung" in m.unbekannt for m in c.k.massnahmen if not m.beendet):
        return
    if "klimawirkung" in c.k.fassung.unbekannt or "massnahmen" in c.k.fassung.unbekannt:
        return
    yield c.melde(
        c.ort("massnahmen"), "KLIMA-FEHLT", "Keine Maßnahme nennt ihre Wirkung auf Klimaschutz oder Klimaanpassung.",
        "Bei mindestens einer Maßnahme „klimawirkung:“ ergänzen; ohne sie fördern Bund und Länder seit 2020 nicht.", "hinweis",
    )  # fmt: skip
