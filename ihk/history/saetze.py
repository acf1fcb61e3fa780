"""What there is to say about an object over the Fassungen, in German: the same words in the terminal, on the web and on paper."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ihk import labels
from ihk.diff.changeset import Feldaenderung
from ihk.history.verlauf import Bahn, Fassungskopf, Verlauf, Wandel, Zustand
from ihk.model.bestandteile import BESCHLOSSEN

_NEBENSACHE = re.compile(
    r"finanzierung\[|bewilligungen\[|(^|\.)(jahre|werte|unbekannt|belege)\b|^(beschluss|bilanz|standort)\."
)
_VON_SELBST = ("hervorgegangen_aus", "aufgegangen_in", "beendet_in")
_LANG = ("prosa", "liste", "punkt")
_SAMMELWORT = (("finanzierung[", "Finanzierung"), ("bewilligungen[", "Bewilligungen"), ("jahre.", "Jahresbeträge"), ("werte.", "Werte"), ("beschluss.", "Beschluss"), ("bilanz.", "Bilanz"))  # fmt: skip
ARTIKEL = {"massnahme": "die Maßnahme", "ziel": "das Ziel", "teilziel": "das Teilziel", "handlungsfeld": "das Handlungsfeld",
           "querschnittsaufgabe": "die Querschnittsaufgabe", "indikator": "der Indikator", "kapitel": "das Kapitel", "bild": "das Bild",
           "quelle": "die Quelle"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Feldwort:
    """A changed field in words."""

    name: str
    alt: str
    neu: str
    zusatz: str


def name(v: Verlauf, kennung: str) -> str:
    """Id and title: numbers go to others when Fassungen change, ids never do."""
    titel = v.namen.get(kennung)
    return f"{kennung} {titel}" if titel else kennung


def platz(v: Verlauf, kennung: str) -> str:
    """Number and title of what objects stand under."""
    g = next((g for g in v.gruppen if g.id == kennung), None)
    return " ".join(t for t in (g.nummer, g.titel) if t) if g else name(v, kennung)


def namen(v: Verlauf, kennungen: Iterable[str]) -> str:
    """``M15 Beratung und M16 Zuschüsse``"""
    return labels.und([name(v, k) for k in kennungen])


def fassung(f: Fassungskopf) -> str:
    """What kind of Fassung it is, and who decided about it."""
    if not f.da:
        return "Die Datei dieser Fassung liegt nicht vor; was in ihr stand, ist nicht bekannt."
    teile = [f.titel or labels.FASSUNGSART.get(f.art or "", "Fassung")]
    teile.append(labels.FASSUNGSSTATUS.get(f.status or "", "Status unbekannt"))
    if f.stand:
        teile.append(f"Stand {labels.zeitpunkt(f.stand)}")
    return ", ".join(teile)


def beschlossen(f: Fassungskopf) -> bool:
    """Whether its decision has been taken; before that its day is a plan."""
    return f.status in (*BESCHLOSSEN, "nicht_beschlossen")


def beschluss(b: dict[str, Any] | None) -> str:
    """Who, when, on which paper, with which result; empty if nothing of it is known."""
    if not b:
        return ""
    teile = [str(b.get("gremium") or "")]
    if b.get("datum"):
        teile.append(labels.angabe("datum", "datum", b["datum"]))
    if b.get("vorlage"):
        teile.append(f"Vorlage {b['vorlage']}")
    if b.get("ergebnis"):
        teile.append(labels.ERGEBNIS.get(str(b["ergebnis"]), str(b["ergebnis"])))
    return ", ".join(t for t in teile if t)


def beginn(v: Verlauf, b: Bahn) -> str:
    """Since when it is there."""
    f = b.beginn.fassung
    er = "sie" if ARTIKEL[b.art].startswith("die") else "er" if ARTIKEL[b.art].startswith("der") else "es"
    if b.beginn.art == "erste":
        return f"Steht schon in der ersten Fassung {f}."
    if b.beginn.art == "offen":
        return f"Zuerst genannt in der Fassung {f}; ob {er} schon vorher bestand, ist nicht bekannt."
    herkunft = [w.von for w in v.verbindungen if w.nach == b.id and w.fassung == f]
    return f"Neu in der Fassung {f}" + (f", hervorgegangen aus {namen(v, herkunft)}." if herkunft else ".")


def ende(v: Verlauf, b: Bahn) -> str:
    """When and how it ended; empty if it goes on."""
    e = b.ende
    if e is None:
        return ""
    vor = "" if any(f.id == e.fassung and f.da for f in v.fassungen) else " (deren Datei liegt nicht vor)"
    match e.art:
        case "geteilt":
            return f"In der Fassung {e.fassung}{vor} geteilt in {namen(v, b.nach)}."
        case "aufgegangen":
            return f"In der Fassung {e.fassung}{vor} aufgegangen in {namen(v, b.nach)}."
        case "weg":
            return f"Fehlt in der Fassung {e.fassung}, ohne dass dort steht, was daraus wurde."
        case _:
            return f"Mit der Fassung {e.fassung}{vor} entfallen."


def arten(b: Bahn, w: Wandel) -> str:
    """The kinds of a change; an end is called what became of the object."""
    hier = b.ende is not None and b.ende.fassung == w.fassung and b.ende.art != "weg"
    enden = ("entfallen", "zusammengelegt", "geteilt")
    worte = (b.ende.art if b.ende and hier and art in enden else labels.VERLAUFSART.get(art, art) for art in w.arten)
    return ", ".join(dict.fromkeys(worte))


def wann(w: Wandel) -> str:
    """The Fassung of a change; behind a gap only that it lies between two."""
    if not w.luecken:
        return f"Fassung {w.fassung}"
    fehlen = labels.und(list(w.luecken))
    return f"zwischen den Fassungen {w.seit} und {w.fassung} ({fehlen} {'fehlt' if len(w.luecken) == 1 else 'fehlen'})"


def herkunft(v: Verlauf, b: Bahn, w: Wandel) -> list[str]:
    """What joined it or left it in this step."""
    hier = (w.fassung, *w.luecken)
    aus = [x.von for x in v.verbindungen if x.nach == b.id and x.fassung in hier]
    nach = [x.nach for x in v.verbindungen if x.von == b.id and x.fassung in hier]
    saetze = (
        [f"hervorgegangen aus {namen(v, aus)}" if "neu" in w.arten else f"aufgenommen: {namen(v, aus)}"] if aus else []
    )
    return saetze + ([f"weitergeführt in {namen(v, nach)}"] if nach else [])


def felder(v: Verlauf, b: Bahn, w: Wandel, wahl: labels.Bezeichner | None = None) -> tuple[list[Feldwort], list[str]]:
    """Fields with both values, and the names of what is too long to print or only follows."""
    kurz: list[Feldwort] = []
    lang: list[str] = []
    alt, neu = (next(z for z in b.zustaende if z.fassung == f) for f in (w.seit, w.fassung))
    if alt.nummer and neu.nummer and alt.nummer != neu.nummer:
        kurz.append(Feldwort("Nummer", alt.nummer, neu.nummer, ""))
    if "verschoben" in w.arten:
        davor, jetzt = (platz(v, z.ort[-1]) if z.ort else "keinem Handlungsfeld" for z in (alt, neu))
        kurz.append(Feldwort("steht unter", davor, jetzt, ""))
    for f in w.eintrag.felder:
        if (
            f.pfad.endswith(".reihenfolge")
            or f.pfad in _VON_SELBST
            or f.pfad == "nummer"
            or ("verschoben" in w.arten and f.pfad == "handlungsfeld")
        ):
            continue
        if f.typ in _LANG or _NEBENSACHE.search(f.pfad):
            lang.append(next((wort for teil, wort in _SAMMELWORT if teil in f.pfad), labels.feld(f.pfad, wahl)))
        elif f.gewicht != "redaktionell":
            kurz.append(Feldwort(labels.feld(f.pfad, wahl), _wert(v, f, f.alt), _wert(v, f, f.neu), _zusatz(f)))
        else:
            lang.append(labels.feld(f.pfad, wahl))
    return kurz, list(dict.fromkeys(x for x in lang if x not in {k.name for k in kurz}))


def _wert(v: Verlauf, f: Feldaenderung, inhalt: Any) -> str:
    if inhalt is None:
        return "nicht angegeben"
    if f.typ in ("verweis", "kennung"):
        return name(v, str(inhalt))
    if f.typ in ("verweise", "menge") and isinstance(inhalt, list | tuple):
        return labels.und([name(v, str(x)) if f.typ == "verweise" else str(x) for x in inhalt]) or "nichts"
    return labels.angabe(f.typ, f.pfad, inhalt)


def _zusatz(f: Feldaenderung) -> str:
    if f.typ == "geld" and f.delta is not None:
        return labels.euro_delta(int(f.delta.replace(".", "")))
    return labels.verschiebung(f.alt, f.neu, f.monate or 0)


def nebenbei(b: Bahn, w: Wandel) -> bool:
    """Whether a change only turns what had ended into a tombstone."""
    vorher = next(z.lage for z in b.zustaende if z.fassung == w.seit)
    return vorher in ("endet", "beendet") and w.arten == ("redaktionell",)


# --------------------------------------------------------------------------- one state in few words


def status(z: Zustand, art: str) -> str:
    """The printed status; a measure without one says so."""
    if z.status:
        return labels.STATUS.get(z.status, z.status)
    return "Status unbekannt" if art == "massnahme" else ""


def kosten(z: Zustand) -> str:
    if z.kosten is not None:
        return labels.euro(z.kosten)
    return "Kosten unbekannt" if "kosten" in z.unbekannt else "Kosten nicht angegeben"


def zeitraum(z: Zustand) -> str:
    if z.von or z.bis:
        return labels.zeitraum(z.von, z.bis)
    return "Zeitraum unbekannt" if "zeitraum" in z.unbekannt else "Zeitraum nicht angegeben"


def jahre(z: Zustand) -> str:
    """The period in years; empty if it is not known."""
    von, bis = (str(t.year) if t else "" for t in (z.von.beginn if z.von else None, z.bis.ende if z.bis else None))
    return von if von == bis else f"{von}–{bis}"


def zielwert(z: Zustand) -> str:
    """The target of an indicator; empty without one."""
    if z.zielwert is None:
        return ""
    einheit = f"{labels.GESCHUETZT}{z.einheit}" if z.einheit else ""
    return f"Ziel {labels.zahl(z.zielwert.wert)}{einheit}" + (f" bis {z.zielwert.jahr}" if z.zielwert.jahr else "")


def schluss(v: Verlauf, b: Bahn, *, kurz: bool = False) -> str:
    """What became of an object that ended, for a cell: with ids if ``kurz``."""
    e = b.ende
    if e is None or e.art == "weg":
        return "entfallen"
    wohin = ", ".join(b.nach) if kurz else namen(v, b.nach)
    return {"geteilt": f"geteilt in {wohin}", "aufgegangen": f"aufgegangen in {wohin}"}.get(e.art, "entfallen")


def luecken(v: Verlauf) -> list[str]:
    """What the chain does not know, as sentences."""
    saetze = []
    for f in v.fassungen:
        if not f.da and f.id not in v.angenommen:
            saetze.append(
                f"Die Datei der Fassung {f.id} liegt nicht vor; was in ihr und davor stand, ist nicht bekannt."
            )
        elif not f.da:
            saetze.append(
                f"Die Datei der Fassung {f.id} liegt nicht vor. Dass die älteren Fassungen ihr vorausgingen, folgt nur aus ihrem Stand."
            )
    if not v.anfang and v.fassungen[0].da:
        saetze.append(f"Ob es vor der Fassung {v.fassungen[0].id} schon eine gab, ist nicht bekannt.")
    if v.lose:
        saetze.append(
            f"Nicht in dieser Folge: {labels.und(list(v.lose))}. Keine Angabe „vorgaenger“ verbindet {'sie' if len(v.lose) > 1 else 'diese Fassung'} mit ihr."
        )
    return [*saetze, *v.warnungen]
