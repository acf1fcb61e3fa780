"""What a change set amounts to: counts, costs, transitions, shifts; and what a reader has to be warned of."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ihk import labels
from ihk.diff.changeset import Aenderungssatz, Geberbetrag, Grenzen, Vorschlag
from ihk.diff.fields import GRENZEN
from ihk.diff.matching import HOECHSTENS, Zuordnung
from ihk.model import Konzeptfassung
from ihk.model.load import Geladen
from ihk.model.massnahme import GEBER
from ihk.model.types import geld_text
from ihk.sums import geberkosten

GENANNT = 10
"""Guesses that are put in words; all of them stand in ``vorschlaege``."""
ZAEHLER = (
    "neu",
    "entfallen",
    "geaendert",
    "verschoben",
    "umgestellt",
    "umnummeriert",
    "geteilt",
    "zusammengelegt",
    "redaktionell",
)


def zusammenfassung(satz: Aenderungssatz, alt: Konzeptfassung, neu: Konzeptfassung) -> dict[str, Any]:
    """Counts over all entries and over measures, costs, status transitions, shift of ends in months."""
    gesamt = Counter(art for e in satz.eintraege for art in e.aenderungsart)
    massnahmen = Counter(art for e in satz.eintraege if e.art == "massnahme" for art in e.aenderungsart)
    status: Counter[str] = Counter()
    monate: list[int] = []
    for e in satz.eintraege:
        if e.art != "massnahme":
            continue
        for f in e.felder:
            if f.pfad == "status":
                status[f"{f.alt or 'unbekannt'}>{f.neu or 'unbekannt'}"] += 1
            if f.pfad == "zeitraum.bis" and f.monate:
                monate.append(f.monate)
    (a, geber_alt), (n, geber_neu) = geberkosten(alt), geberkosten(neu)
    return {
        **{art: gesamt[art] for art in ZAEHLER},
        "unveraendert": len(satz.unveraendert),
        "erkannt": sum(e.erkannt for e in satz.eintraege),
        "gewichte": {g: sum(e.gewicht == g for e in satz.eintraege) for g in ("wesentlich", "einfach", "redaktionell")},
        "massnahmen": {
            "alt": sum(not m.grabstein for m in alt.massnahmen),
            "neu_gesamt": sum(not m.grabstein for m in neu.massnahmen),
            **{art: massnahmen[art] for art in ZAEHLER},
            "unveraendert": len(satz.unveraendert),
        },
        "kosten": {
            "alt": geld_text(a),
            "neu": geld_text(n),
            "delta": geld_text(n - a),
            "nach_geber": {
                g: {"alt": geld_text(x), "neu": geld_text(y), "delta": geld_text(y - x)}
                for g, x, y in ((g, geber_alt.get(g, 0), geber_neu.get(g, 0)) for g in GEBER)
                if x or y
            },
        },
        "status": dict(sorted(status.items())),
        "termine": {
            "spaeter": sum(m > 0 for m in monate),
            "frueher": sum(m < 0 for m in monate),
            "median_monate": str(Decimal(str(statistics.median(monate)))) if monate else None,
        },
    }


def geberbetraege(alt: dict[str, int], neu: dict[str, int]) -> tuple[Geberbetrag, ...]:
    """The givers whose cents differ, in the order of the format."""
    paare = ((g, alt.get(g, 0), neu.get(g, 0)) for g in GEBER)
    return tuple(Geberbetrag(g, geld_text(a), geld_text(n), geld_text(n - a)) for g, a, n in paare if a != n)


def warnungen(alt: Geladen, neu: Geladen, z: Zuordnung, grenzen: Grenzen) -> tuple[str, ...]:
    """Whole sentences about what makes this comparison less sure than another."""
    return tuple(_warnungen(alt, neu, z, grenzen))


def _warnungen(alt: Geladen, neu: Geladen, z: Zuordnung, grenzen: Grenzen) -> Iterator[str]:
    a, n = alt.fassung, neu.fassung
    if a.konzept.id != n.konzept.id:
        yield f"Verglichen werden zwei Konzepte: „{a.konzept.id}“ und „{n.konzept.id}“."
    for g in (alt, neu):
        if not g.fehlerfrei:
            anzahl = sum(p.schwere == "fehler" for p in g.probleme)
            yield f"Die Fassung {g.fassung.fassung.id} hat {anzahl} Fehler; zurückgewiesene Werte fehlen im Vergleich."
    if grenzen != GRENZEN:
        yield f"Die Fassung {n.fassung.id} setzt eigene Schwellen: {labels.grenzen(grenzen.kosten_prozent, grenzen.ende_monate, grenzen.bagatelle_prozent)}."
    if z.treffer:
        anzahl = len(z.treffer)
        yield (
            f"{anzahl} Objekt{'e haben' if anzahl > 1 else ' hat'} eine andere Kennung und {'sind' if anzahl > 1 else 'ist'} "
            "nur am Inhalt als dasselbe erkannt; im Eintrag stehen beide Kennungen."
        )
    for art in z.nur_titel:
        yield f"{labels.OBJEKT[art]}: mehr als {HOECHSTENS} ohne gemeinsame Kennung; erkannt ist nur, was denselben Titel trägt."
    for davor, ding in z.neu_belegt:
        yield (
            f"{ding.id} hieß „{davor.titel}“ und heißt jetzt „{ding.titel}“, und auch sonst stimmt nichts überein: "
            "Ist die Kennung neu vergeben worden?"
        )
    yield from (_vorschlag(v) for v in z.vorschlaege[:GENANNT])
    if len(z.vorschlaege) > GENANNT:
        yield f"Bei {len(z.vorschlaege) - GENANNT} weiteren Paaren ist ebenso offen, ob sie dasselbe sind."


def _vorschlag(v: Vorschlag) -> str:
    return (
        f"{v.alt} „{v.titel_alt}“ und {v.neu} „{v.titel_neu}“ sind vielleicht dasselbe ({labels.guete(v.guete)} Übereinstimmung); "
        f"verglichen ist beides getrennt. Wenn ja, die Kennung {v.alt} behalten oder „hervorgegangen_aus: [{v.alt}]“ eintragen."
    )
