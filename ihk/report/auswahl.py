"""Which measures an excerpt shows: ``--only handlungsfeld=HF2``."""

from __future__ import annotations

from ihk import labels
from ihk.model import Konzeptfassung, Massnahme
from ihk.report.view import Auswahl

FELDER = (
    "id", "handlungsfeld", "teilziel", "ziel", "querschnittsaufgabe", "status", "prioritaet", "art", "traeger", "programm",
)  # fmt: skip


def ausgewaehlt(k: Konzeptfassung, nur: tuple[tuple[str, str], ...]) -> Auswahl:
    """The measures that fit every condition; several values of one field add up."""
    nach_feld: dict[str, list[str]] = {}
    for feld, wert in nur:
        nach_feld.setdefault(feld, []).append(wert)
    passend = [m.id for m in k.massnahmen if not m.grabstein and all(_passt(k, m, f, w) for f, w in nach_feld.items())]
    return Auswahl(frozenset(passend), f"Auszug {'; '.join(_name(k, f, w) for f, w in nur)}")


def _passt(k: Konzeptfassung, m: Massnahme, feld: str, werte: list[str]) -> bool:
    match feld:
        case "id":
            vorhanden: tuple[str | None, ...] = (m.id,)
        case "handlungsfeld":
            vorhanden = (m.handlungsfeld, *m.weitere_handlungsfelder)
        case "teilziel":
            vorhanden = m.teilziele
        case "ziel":
            vorhanden = tuple(z.id for z in k.ziele for t in z.teilziele if t.id in m.teilziele)
        case "querschnittsaufgabe":
            vorhanden = m.querschnittsaufgaben
        case "programm":
            vorhanden = tuple(a.programm for a in m.kosten.finanzierung) if m.kosten else ()
        case _:
            vorhanden = (getattr(m, feld),)
    return any(w in vorhanden for w in werte)


def _name(k: Konzeptfassung, feld: str, wert: str) -> str:
    objekt = k.nach_id.get(wert)
    if objekt is not None and (titel := getattr(objekt, "titel", None)):
        wort = labels.objekt("massnahme" if feld == "id" else feld, k.konzept)
        return f"{wort} {k.nummern.get(wert, '')} {titel}".replace("  ", " ")
    return f"{labels.feld(feld)} {labels.programm(wert) if feld == 'programm' else labels.auswahl(feld, wert)}"
