"""Who carries a measure: money for private carriers needs an agreement, other public bodies have to be asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ihk import sums
from ihk.checks.kontext import Kontext
from ihk.labels import euro
from ihk.model.massnahme import Massnahme
from ihk.problems import Problem

UNVERBINDLICH = ("idee", "geplant", "zurueckgestellt")
"""As long as nothing is applied for, nothing need be agreed."""
ABGESTIMMT = re.compile(r"abgestimmt|abstimmung|einvernehm|zugestimmt|zustimmung", re.IGNORECASE)


def vereinbarung(c: Kontext) -> Iterator[Problem]:
    """TRAEGER-VEREINBARUNG (W32): a private carrier gets grants by an agreement with the town only."""
    for m, loc in c.massnahmen():
        if (
            m.traegerart != "privat"
            or m.beendet
            or m.status in UNVERBINDLICH
            or m.kosten is None
            or m.vereinbarung
            or "vereinbarung" in m.unbekannt
        ):
            continue
        geber = sums.nach_geber(m.kosten)
        zuwendung = sum(geber.get(g, 0) for g in sums.ZUWENDUNG)
        if zuwendung and not c.verworfen(*loc, "vereinbarung"):
            yield c.melde(
                c.ort(*loc, "traegerart"), "TRAEGER-VEREINBARUNG", f"{m.id} trägt {m.traeger or 'ein privater Träger'} mit {euro(zuwendung)} Zuwendung; eine Vereinbarung mit der Kommune ist nicht genannt.",
                "„vereinbarung:“ mit Tag ergänzen oder unter „unbekannt“ den Grund nennen.", "warnung",
            )  # fmt: skip


def abstimmung(c: Kontext) -> Iterator[Problem]:
    """TRAEGER-ABSTIMMUNG (W40): what changes for another public body is agreed with it (§ 139 Abs. 3 BauGB)."""
    gruende: dict[str, str] = {}
    for a in c.k.aenderungen:
        objekt = a.objekt.split(".", maxsplit=1)[0]
        gruende[objekt] = f"{gruende.get(objekt, '')} {a.grund} {a.veranlasst_durch or ''}"
    wesentlich = {e.id for e in c.eintraege if e.art == "massnahme" and e.gewicht == "wesentlich"}
    for m, loc in c.massnahmen():
        vorher = c.alt.nach_id.get(m.id) if c.alt else None
        if m.traegerart != "oeffentlich" or m.id not in wesentlich or m.grabstein or not isinstance(vorher, Massnahme):
            continue
        gesagt = f"{m.begruendung or ''} {m.veranlasst_durch or ''} {gruende.get(m.id, '')}"
        if ABGESTIMMT.search(gesagt) or (m.traeger and m.traeger in gesagt):
            continue
        yield c.melde(
            c.ort(*loc, "traegerart"), "TRAEGER-ABSTIMMUNG", f"{m.id} ändert sich; Träger ist {m.traeger or 'ein anderer öffentlicher Aufgabenträger'}, und niemand erfährt, ob das abgestimmt ist.",
            "In „begruendung:“ sagen, wann es abgestimmt wurde, oder in „veranlasst_durch:“ den Träger nennen.", "warnung",
        )  # fmt: skip
