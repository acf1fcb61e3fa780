"""The history of a concept for a terminal: one line per object over all Fassungen, or the story of one of them."""

from __future__ import annotations

import textwrap

from ihk import labels
from ihk.history import Bahn, Verlauf, Wandel, Zustand, saetze
from ihk.terminal.befunde import sichtbar

ZEICHEN = {
    "idee": "◌", "geplant": "○", "beantragt": "◔", "bewilligt": "◑", "in_umsetzung": "◕", "abgeschlossen": "●", "verstetigt": "◉",
    "zurueckgestellt": "‖", "entfallen": "×",
}  # fmt: skip
BLOECKE = (("Maßnahmen", ("massnahme",)), ("Ziele und Teilziele", ("ziel", "teilziel")), ("Handlungsfelder und Querschnittsaufgaben", ("handlungsfeld", "querschnittsaufgabe")), ("Indikatoren", ("indikator",)))  # fmt: skip
STUFEN = ("voll", "mittel", "knapp", "zeichen")
SCHMALSTE = 18
"""Columns that the title keeps, however many Fassungen there are."""


def tabelle(v: Verlauf, breite: int) -> str:
    """All measures, goals and indicators: a line each, a column per Fassung, as much in it as the width allows."""
    zeilen = [f"{v.konzept}: {v.titel}", ""]
    for f in v.fassungen:
        beschluss = saetze.beschluss(f.beschluss)
        beschluss = beschluss if saetze.beschlossen(f) or not beschluss else f"Beschluss geplant: {beschluss}"
        zeilen += _umbrochen(f"{f.id}  {saetze.fassung(f)}{f' ({beschluss})' if beschluss else ''}", breite, "      ")
    for satz in saetze.luecken(v):
        zeilen += _umbrochen(f"Achtung: {satz}", breite, "  ")
    stufen = set()
    for titel, arten in BLOECKE:
        bahnen = [b for b in v.bahnen if b.art in arten]
        if bahnen:
            stufe, block = _block(v, titel, bahnen, breite)
            stufen.add(stufe)
            zeilen += ["", *block]
    zeilen.append("")
    if stufen & {"knapp", "zeichen"}:
        zeilen += _umbrochen("; ".join(f"{ZEICHEN[s]} {labels.STATUS[s]}" for s in ZEICHEN), breite, "")
    zeilen += _umbrochen(
        "– beendet; → weitergeführt in; ? nicht bekannt; leer: noch nicht da. Mehr zu einem: ihk history KONZEPT ID.",
        breite,
        "",
    )
    return "\n".join(sichtbar(z).rstrip() for z in zeilen) + "\n"


def _umbrochen(text: str, breite: int, ein: str) -> list[str]:
    return textwrap.wrap(text, max(40, breite), subsequent_indent=ein, break_long_words=False) or [""]


def _block(v: Verlauf, titel: str, bahnen: list[Bahn], breite: int) -> tuple[str, list[str]]:
    """The lines of one kind of objects, in the fullest form that fits."""
    vorn = [f"{b.nummer or '–'}  {b.id}  {b.kurz}" for b in bahnen]
    spalten = len(v.fassungen)
    for stufe in STUFEN:
        zellen = [[_zelle(v, b, z, stufe) for z in b.zustaende] for b in bahnen]
        breiten = [max(len(f.id), *(len(zeile[i]) for zeile in zellen)) for i, f in enumerate(v.fassungen)]
        rest = breite - sum(breiten) - 2 * spalten - 2
        if rest >= min(max(map(len, vorn)), 34 if stufe != "zeichen" else SCHMALSTE):
            break
    platz = min(max(len(titel), *map(len, vorn)), max(SCHMALSTE, rest))
    zeilen = [_zeile(titel, [f.id for f in v.fassungen], platz + 2, breiten)]
    gruppe: str | None = None
    for b, wort, zeile in zip(bahnen, vorn, zellen, strict=True):
        if b.gruppe != gruppe and b.gruppe is not None:
            zeilen.append(_gekuerzt(saetze.platz(v, b.gruppe), breite))
        gruppe = b.gruppe
        zeilen.append(_zeile(f"  {_gekuerzt(wort, platz)}", zeile, platz + 2, breiten))
    return stufe, zeilen


def _zeile(vorn: str, zellen: list[str], platz: int, breiten: list[int]) -> str:
    teile = [_gekuerzt(vorn, platz).ljust(platz), *(z.ljust(n) for z, n in zip(zellen, breiten, strict=True))]
    return "  ".join(teile).rstrip()


def _gekuerzt(text: str, platz: int) -> str:
    text = sichtbar(text)
    return text if len(text) <= platz else f"{text[: max(1, platz - 1)].rstrip()}…"


def _zelle(v: Verlauf, b: Bahn, z: Zustand, stufe: str) -> str:
    """An object in one Fassung, without anything that could move the columns."""
    return sichtbar(_inhalt(v, b, z, stufe)).replace(labels.GESCHUETZT, " ")


def _inhalt(v: Verlauf, b: Bahn, z: Zustand, stufe: str) -> str:
    if z.lage in ("noch_nicht", "unbekannt", "beendet", "weg"):
        return {"noch_nicht": "", "unbekannt": "?", "beendet": "–", "weg": "fehlt"}[z.lage]
    if z.lage == "endet":
        wohin = f"→ {', '.join(b.nach)}" if b.nach else ""
        return (wohin or ZEICHEN["entfallen"]) if stufe in ("knapp", "zeichen") else saetze.schluss(v, b, kurz=True)
    if b.art != "massnahme":
        return _kein_vorhaben(b, z, stufe)
    if stufe == "zeichen":
        return ZEICHEN.get(z.status or "", "?")
    kosten = labels.euro(z.kosten) if z.kosten is not None else "Kosten ?"
    if stufe == "knapp":
        return f"{ZEICHEN.get(z.status or '', '?')} {kosten}"
    wort = labels.STATUS.get(z.status or "", "Status ?")
    if stufe == "mittel":
        return f"{wort}, {kosten}"
    return ", ".join((f"{z.nummer or ''} {wort}".strip(), kosten, saetze.jahre(z) or "Zeit ?"))


def _kein_vorhaben(b: Bahn, z: Zustand, stufe: str) -> str:
    """Goals, places and indicators: number, target, and an older title."""
    ziel = saetze.zielwert(z) if stufe == "voll" else f"Ziel {labels.zahl(z.zielwert.wert)}" if z.zielwert else ""
    anders = f"„{_gekuerzt(z.titel, 30)}“" if stufe == "voll" and z.titel and z.titel != b.titel else ""
    return " ".join(t for t in (z.nummer or "✓", ziel if stufe != "zeichen" else "", anders) if t)


# --------------------------------------------------------------------------- one object


def geschichte(v: Verlauf, kennung: str, breite: int) -> str:
    """The story of the objects with this id (an id is one object, unless its kind was changed)."""
    bloecke = ["\n".join(_geschichte(v, b, min(breite, 100))) for b in v.bahnen if b.id == kennung]
    return "\n\n".join(bloecke) + "\n"


def _geschichte(v: Verlauf, b: Bahn, breite: int) -> list[str]:
    nummer = f" {b.nummer}" if b.nummer else ""
    zeilen = [f"{labels.OBJEKT[b.art]}{nummer} {b.id}: {b.titel}", f"Konzept {v.konzept}: {v.titel}", ""]
    for satz in (saetze.beginn(v, b), saetze.ende(v, b)):
        zeilen += _umbrochen(satz, breite, "") if satz else []
    if b.ende and b.ende.begruendung:
        zeilen += _umbrochen(f"Begründung: {' '.join(b.ende.begruendung.split())}", breite, "  ")
    for satz in saetze.luecken(v):
        zeilen += _umbrochen(f"Achtung: {satz}", breite, "  ")
    wandel = {w.fassung: w for w in b.wandel if not saetze.nebenbei(b, w)}
    for f, z in zip(v.fassungen, b.zustaende, strict=True):
        if z.lage == "noch_nicht":
            continue
        zeilen += ["", *_umbrochen(f"Fassung {f.id}: {saetze.fassung(f)}", breite, "  ")]
        teil = _zustand(v, b, z) if f.da else []
        if z.fassung in wandel:
            teil += _wandel(v, b, wandel[z.fassung])
        elif z.lage == "da" and z.fassung != b.beginn.fassung:
            teil.append("unverändert")
        for satz in teil:
            zeilen += textwrap.wrap(satz, breite, initial_indent="  ", subsequent_indent="    ", break_long_words=False)
    return [sichtbar(z) for z in zeilen]


def _zustand(v: Verlauf, b: Bahn, z: Zustand) -> list[str]:
    """What the Fassung says of it, in one or two lines."""
    if z.lage == "beendet":
        return ["schon beendet"]
    if z.lage == "weg":
        return ["fehlt hier, ohne dass dasteht, was daraus wurde"]
    if z.lage == "unbekannt":
        return ["nicht bekannt: Die Fassung nennt nicht alles, was sie enthielt."]
    zeilen = [f"{f'Nr. {z.nummer} ' if z.nummer else ''}„{z.titel or b.titel}“"]
    if b.art == "massnahme":
        zeilen.append(f"{saetze.status(z, b.art)}; {saetze.kosten(z)}; {saetze.zeitraum(z)}")
    else:
        zeilen += [t for t in (saetze.status(z, b.art), saetze.zielwert(z)) if t]
    if z.ort:
        zeilen.append(f"steht unter {saetze.platz(v, z.ort[-1])}")
    return zeilen


def _wandel(v: Verlauf, b: Bahn, w: Wandel) -> list[str]:
    kurz, lang = saetze.felder(v, b, w)
    gegen = f"{saetze.arten(b, w)} gegenüber {w.seit}"
    if w.luecken:
        gegen = f"{saetze.arten(b, w)} {saetze.wann(w)}"
    rueck = ", ".join(labels.RUECKSCHRITT[r] for r in w.eintrag.rueckschritte)
    zeilen = [f"{gegen} [{w.eintrag.gewicht}]{f' (Rückschritt: {rueck})' if rueck else ''}"]
    zeilen += saetze.herkunft(v, b, w)
    zeilen += [f"{x.name}: {x.alt} → {x.neu}{f' ({x.zusatz})' if x.zusatz else ''}" for x in kurz]
    if lang:
        zeilen.append(f"außerdem geändert: {', '.join(lang)}")
    if w.eintrag.begruendung:
        zeilen.append(f"Begründung: {' '.join(w.eintrag.begruendung.split())}")
    if w.eintrag.veranlasst_durch:
        zeilen.append(f"Veranlasst durch: {w.eintrag.veranlasst_durch}")
    if wer := saetze.beschluss(w.beschluss):
        zeilen.append(f"Beschluss{' der Fassung' if w.beschluss_der_fassung else ''}: {wer}")
    return zeilen
