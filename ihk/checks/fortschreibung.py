"""Nothing disappears: every lasting id of the predecessor is continued, ended with a reason, or kept as a tombstone."""

from __future__ import annotations

from collections.abc import Iterator

from ihk.checks.kennungen import WORT
from ihk.checks.kontext import Kontext
from ihk.model import DAUERHAFT
from ihk.model.bestandteile import Objekt
from ihk.model.massnahme import Massnahme
from ihk.problems import Problem


def vorgaenger(c: Kontext) -> Iterator[Problem]:
    """FORT-VORGAENGER: a Fortschreibung names its predecessor, a first Fassung has none, no Fassung follows itself."""
    f = c.k.fassung
    if f.vorgaenger == f.id:
        yield c.melde(
            c.wert("fassung", "vorgaenger"),
            "FORT-VORGAENGER",
            "Die Fassung nennt sich selbst als Vorgänger.",
            "Die Kennung der vorigen Fassung eintragen.",
        )
    elif f.art == "ursprung" and f.vorgaenger:
        yield c.melde(
            c.wert("fassung", "vorgaenger"),
            "FORT-VORGAENGER",
            "Eine erste Fassung („art: ursprung“) hat keinen Vorgänger.",
            "„art: fortschreibung“ schreiben oder „vorgaenger“ streichen.",
        )
    elif f.art == "fortschreibung" and not f.vorgaenger and not c.verworfen("fassung", "vorgaenger"):
        if "vorgaenger" in f.unbekannt:
            yield c.melde(
                c.ort("fassung", "unbekannt", "vorgaenger"),
                "ANGABE-UNBEKANNT",
                "Die Vorfassung ist unbekannt.",
                "Nachtragen, sobald sie bekannt ist.",
                "warnung",
            )
        else:
            yield c.melde(
                c.ort("fassung"),
                "FORT-VORGAENGER",
                "Die Fortschreibung nennt ihre Vorfassung nicht.",
                "„vorgaenger:“ mit der Kennung der vorigen Fassung ergänzen.",
            )
    if c.alt is not None and c.alt.konzept.id != c.k.konzept.id:
        meldung = f"Die Vorfassung gehört zum Konzept „{c.alt.konzept.id}“, diese Fassung zu „{c.k.konzept.id}“."
        yield c.melde(c.wert("konzept", "id"), "FORT-VORGAENGER", meldung, "Die Kennung des Konzepts ändert sich nie.")


def verschwunden(c: Kontext) -> Iterator[Problem]:
    """FORT-VERSCHWUNDEN: the id of every goal, measure, … of the predecessor is there."""
    if c.alt is None:
        return
    for art, objekt, loc in c.alt.objekte():
        assert isinstance(objekt, Objekt) or art not in DAUERHAFT
        if (
            art not in DAUERHAFT
            or not isinstance(objekt, Objekt)
            or objekt.id in c.k.nach_id
            or objekt.id in c.geladen.rohe_kennungen
        ):
            continue
        feld = str(loc[0])
        meldung = f"{WORT[art]} {objekt.id} („{objekt.titel}“) der Fassung {c.alt.fassung.id} fehlt."
        if objekt.beendet_in or getattr(objekt, "beendet", False):
            ende = objekt.beendet_in or c.alt.fassung.id
            hinweis = f'Als früher beendet führen: {{id: {objekt.id}, titel: "{objekt.titel}", status: entfallen, beendet_in: "{ende}"}}.'
        else:
            hinweis = f"Unter „{feld}“ fortführen oder mit „status: entfallen“ und „begruendung“ beenden."
        yield c.melde(c.ort(feld), "FORT-VERSCHWUNDEN", meldung, hinweis)


def grund(c: Kontext) -> Iterator[Problem]:
    """FORT-GRUND: what ends, rests or is merged says why, in the Fassung in which that happens."""
    for art, objekt, loc in c.k.objekte():
        if (
            not isinstance(objekt, Objekt)
            or objekt.beendet_in
            or objekt.begruendung
            or c.verworfen(*loc, "begruendung")
        ):
            continue
        status = getattr(objekt, "status", None)
        if status not in ("entfallen", "zurueckgestellt") and not objekt.aufgegangen_in:
            continue
        vorher = c.alt.nach_id.get(objekt.id) if c.alt else None
        if (
            vorher is not None
            and getattr(vorher, "status", None) == status
            and getattr(vorher, "aufgegangen_in", ()) == objekt.aufgegangen_in
        ):
            continue  # it ended or rested before; the reason stands in that Fassung
        if any(a.objekt == objekt.id for a in c.k.aenderungen):
            continue
        if "begruendung" in objekt.unbekannt:
            yield c.melde(
                c.ort(*loc, "unbekannt", "begruendung"),
                "ANGABE-UNBEKANNT",
                f"Warum {objekt.id} endet oder ruht, ist unbekannt.",
                "Nachtragen, sobald es bekannt ist.",
                "warnung",
            )
            continue
        was = (
            "geht in anderem auf"
            if objekt.aufgegangen_in
            else "entfällt"
            if status == "entfallen"
            else "ist zurückgestellt"
        )
        feld = "status" if status in ("entfallen", "zurueckgestellt") else "aufgegangen_in"
        yield c.melde(
            c.ort(*loc, feld),
            "FORT-GRUND",
            f"{WORT[art]} {objekt.id} {was}, aber niemand erfährt warum.",
            "„begruendung:“ ergänzen.",
        )


def neu_belegt(c: Kontext) -> Iterator[Problem]:
    """KENNUNG-NEU-BELEGT: an id means the same for ever; an ended one is not given to something else."""
    if c.alt is None:
        return
    arten = {o.id: art for art, o, _ in c.alt.objekte() if isinstance(o, Objekt)}
    for art, objekt, loc in c.k.objekte():
        if not isinstance(objekt, Objekt) or objekt.id not in arten:
            continue
        vorher = c.alt.nach_id[objekt.id]
        assert isinstance(vorher, Objekt)
        ort = c.wert(*loc, "id")
        hinweis = "Dem neuen Objekt eine noch nie verwendete Kennung geben."
        if arten[objekt.id] != art:
            meldung = f"„{objekt.id}“ war in der Fassung {c.alt.fassung.id} {WORT[arten[objekt.id]]} („{vorher.titel}“) und ist jetzt {WORT[art]}."
            yield c.melde(ort, "KENNUNG-NEU-BELEGT", meldung, hinweis)
        elif vorher.beendet_in and not objekt.beendet_in:
            meldung = f"„{objekt.id}“ („{vorher.titel}“) endete schon in der Fassung {vorher.beendet_in}."
            yield c.melde(ort, "KENNUNG-NEU-BELEGT", meldung, hinweis)
        elif _anderes(vorher, objekt):
            meldung = f"„{objekt.id}“ hieß „{vorher.titel}“ und heißt jetzt „{objekt.titel}“; auch sonst stimmt nichts überein."
            yield c.melde(
                ort, "KENNUNG-NEU-BELEGT", meldung, "Ist es etwas Neues, eine neue Kennung vergeben.", "warnung"
            )


def _anderes(alt: Objekt, neu: Objekt) -> bool:
    """Nothing in common: no word of the title, and for measures neither carrier, place, costs nor text."""
    if _worte(alt.titel) & _worte(neu.titel) or alt.beendet_in or neu.beendet_in:
        return False
    if isinstance(alt, Massnahme) and isinstance(neu, Massnahme):
        gleich = ("traeger", "handlungsfeld", "teilziele", "standort", "kosten")
        return (
            not any(getattr(alt, f) and getattr(alt, f) == getattr(neu, f) for f in gleich)
            and _aehnlich(alt.beschreibung, neu.beschreibung) < 0.2
        )
    return (
        getattr(alt, "beschreibung", None) is not None
        and _aehnlich(getattr(alt, "beschreibung", None), getattr(neu, "beschreibung", None)) < 0.2
    )


def _worte(text: str | None) -> set[str]:
    return {w for w in (text or "").lower().replace("-", " ").split() if len(w) > 3}


def _aehnlich(a: str | None, b: str | None) -> float:
    """Share of common words (Dice), 0 to 1."""
    x, y = _worte(a), _worte(b)
    return 2 * len(x & y) / (len(x) + len(y)) if x and y else 0.0
