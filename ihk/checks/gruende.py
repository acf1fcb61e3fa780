"""What changed materially says why. The change set knows both: what changed, and what the file gives as the reason."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from ihk.checks.bilanz import KOSTENSPRUNG
from ihk.checks.kontext import Kontext
from ihk.labels import AENDERUNGSART, OBJEKT, RUECKSCHRITT, feld
from ihk.model import DAUERHAFT, Loc
from ihk.model.bestandteile import Objekt
from ihk.model.massnahme import STATUS
from ihk.problems import Problem
from ihk.termine import FERTIG

if TYPE_CHECKING:
    from ihk.diff import Eintrag, Feldaenderung

REIHE = {s: i for i, s in enumerate(STATUS[:7])}
GENANNT = 4
"""Fields that a message names; the comparison shows them all."""
ZU_ENDE = ("entfallen", "geteilt", "zusammengelegt")
NUR_FESTGEHALTEN = ("kosten.ausgegeben", "kosten.bewilligungen", "bilanz")
"""What nobody decides: money spent and granted, the look back."""


def ohne_grund(c: Kontext) -> Iterator[Problem]:
    """FORT-OHNE-GRUND: a material change against the predecessor names its reason; a step back all the more."""
    if c.vorgaenger is None or "aenderungen" in {**c.k.unbekannt, **c.k.fassung.unbekannt}:
        return
    objekte = {(str(art), o.id): (o, loc) for art, o, loc in c.k.objekte()}
    for e in c.eintraege:
        if e.gewicht != "wesentlich" or e.begruendung:
            continue
        gefunden = objekte.get((str(e.art), e.id))
        loc: Loc = gefunden[1] if gefunden else tuple(e.id.split("."))
        if "neu" in e.aenderungsart:
            yield from _neu(c, e, loc)
        elif gefunden is None and e.art in DAUERHAFT:
            continue  # gone without a trace: FORT-VERSCHWUNDEN
        elif gefunden is None or not isinstance(gefunden[0], Objekt) or not _endet(gefunden[0]):
            yield from _geaendert(c, e, loc)


def _endet(objekt: Objekt) -> bool:
    """FORT-GRUND asks for the reason."""
    status = getattr(objekt, "status", None)
    return objekt.beendet_in is None and (status in ("entfallen", "zurueckgestellt") or bool(objekt.aufgegangen_in))


def _neu(c: Kontext, e: Eintrag, loc: Loc) -> Iterator[Problem]:
    """A new measure says why it comes now, unless it says where it came from; goals speak for themselves."""
    assert c.alt is not None
    if e.art != "massnahme" or e.vorher or not _offen(c, loc):
        return
    if "massnahmen" in {**c.alt.unbekannt, **c.alt.fassung.unbekannt}:
        return  # what is new there is only newly known
    if getattr(c.k.nach_id.get(e.id), "status", None) in FERTIG or getattr(c.k.nach_id.get(e.id), "beendet_in", None):
        return  # NEU-FERTIG
    yield c.melde(
        c.ort(*loc), "FORT-OHNE-GRUND", f"Die Maßnahme {e.id} ist neu, aber niemand erfährt warum.",
        "„begruendung:“ ergänzen, und wenn es jemand verlangt hat, „veranlasst_durch:“.", "hinweis",
    )  # fmt: skip


def _geaendert(c: Kontext, e: Eintrag, loc: Loc) -> Iterator[Problem]:
    felder = [f for f in e.felder if f.gewicht == "wesentlich" and _entschieden(c, f)]
    if felder or e.rueckschritte:
        if _hat_befund(felder) and set(e.rueckschritte) <= {"status", "kosten"}:
            return
    elif e.aenderungsart[0] not in ZU_ENDE:
        return
    wer = f"{OBJEKT[str(e.art)]} {e.id}" if str(e.art) in DAUERHAFT else OBJEKT.get(str(e.art), e.titel)
    if not _offen(c, loc):
        if c.geladen.orte.knoten((*loc, "unbekannt", "begruendung")) is not None:
            yield c.melde(
                c.ort(*loc, "unbekannt", "begruendung"), "ANGABE-UNBEKANNT", f"Warum sich geändert hat, was zu {wer} gehört, ist unbekannt.",
                "Nachtragen, sobald es bekannt ist.", "warnung",
            )  # fmt: skip
        return
    if e.rueckschritte:
        was = _aufgezaehlt([RUECKSCHRITT[r] for r in e.rueckschritte])
        meldung = f"Rückschritt ohne Grund bei {wer}: {was}. Danach fragt der Rat zuerst."
    elif felder:
        was = _aufgezaehlt([feld(f.pfad) for f in felder])
        meldung = f"{wer} hat sich wesentlich geändert ({was}), ohne dass ein Grund genannt ist."
    else:
        meldung = f"{wer} ist {AENDERUNGSART[e.aenderungsart[0]]}, ohne dass ein Grund genannt ist."
    hinweis = (
        "„begruendung:“ ergänzen, und wenn es jemand verlangt hat, „veranlasst_durch:“."
        if str(e.art) in DAUERHAFT
        else f"Unter „aenderungen“ ergänzen: {{objekt: {e.id}, grund: …, veranlasst_durch: …}}."
    )
    yield c.melde(c.ort(*loc, *_stelle(felder)), "FORT-OHNE-GRUND", meldung, hinweis, "warnung")


def _offen(c: Kontext, loc: Loc) -> bool:
    """Neither was a reason refused (a finding of its own) nor does the file say that nobody knows it."""
    unbekannt = c.geladen.orte.knoten((*loc, "unbekannt", "begruendung")) is not None
    return not unbekannt and not c.verworfen(*loc, "begruendung")


def _entschieden(c: Kontext, f: Feldaenderung) -> bool:
    """Whether somebody decided this; a status reached, money spent or a gap filled is its own reason."""
    if f.alt is None or f.pfad.startswith(NUR_FESTGEHALTEN):
        return False
    if f.typ == "status":
        return f.neu is None or REIHE.get(f.neu, -1) < REIHE.get(f.alt, 99)
    if "jahre." in f.pfad:
        jahr, stand = f.pfad.rsplit(".", 1)[-1], c.k.fassung.stand
        return not (jahr == "bisher" or (stand and jahr.isdigit() and int(jahr) <= stand.ende.year))
    return True


def _hat_befund(felder: list[Feldaenderung]) -> bool:
    """STATUS-ZURUECK, STATUS-ENDE and FORT-KOSTEN speak of all of it; shares follow the total."""
    sprung = any(f.pfad == "kosten.gesamt" and abs(Decimal(f.prozent or 0)) > KOSTENSPRUNG for f in felder)
    return all(f.typ == "status" or (sprung and f.pfad.startswith("kosten.")) for f in felder)


def _stelle(felder: list[Feldaenderung]) -> tuple[str, ...]:
    return tuple(felder[0].pfad.split("[", maxsplit=1)[0].split(".")) if felder else ()


def _aufgezaehlt(worte: list[str]) -> str:
    einmal = list(dict.fromkeys(worte))
    rest = len(einmal) - GENANNT
    return ", ".join(einmal[:GENANNT]) + (f" und {rest} weitere" if rest > 0 else "")
