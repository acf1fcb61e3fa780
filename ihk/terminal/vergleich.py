"""A change set for a terminal: summary, then per object a line per changed field."""

from __future__ import annotations

import textwrap
from typing import Any

from ihk import labels
from ihk.diff.apply import KLASSEN
from ihk.diff.changeset import RANG, Aenderungssatz, Eintrag, Feldaenderung
from ihk.diff.fields import flach_aus_daten, vergleiche
from ihk.diff.lists import NAMEN
from ihk.diff.words import compare
from ihk.model.types import Gewicht
from ihk.terminal.befunde import sichtbar

ZEICHEN = {
    "neu": "+",
    "entfallen": "−",
    "geaendert": "≠",
    "verschoben": "→",
    "umgestellt": "↕",
    "umnummeriert": "#",
    "geteilt": "⑂",
    "zusammengelegt": "⑃",
    "redaktionell": "~",
}


def aenderungen(satz: Aenderungssatz, mindestens: Gewicht = "redaktionell", *, farbe: bool = False) -> str:
    """The comparison for a terminal: head, summary, then per object a line per changed field."""
    zeilen = [f"{satz.neu.konzept}: {satz.alt.fassung} → {satz.neu.fassung}", ""]
    zeilen += [f"Achtung: {w}" for w in satz.warnungen]
    zeilen += _zusammenfassung(satz)
    gezeigt = [e for e in satz.eintraege if RANG[e.gewicht] >= RANG[mindestens]]
    for e in gezeigt:
        zeilen += ["", *_eintrag(e, farbe)]
    if len(gezeigt) < len(satz.eintraege):
        anzahl = len(satz.eintraege) - len(gezeigt)
        zeilen += [
            "",
            f"{anzahl} leichtere Änderung{'en' if anzahl > 1 else ''} nicht gezeigt (--weight {mindestens}).",
        ]
    if satz.unveraendert:
        zeilen += [
            "",
            *textwrap.wrap(
                f"{len(satz.unveraendert)} Maßnahme{'n' if len(satz.unveraendert) != 1 else ''} unverändert: {', '.join(satz.unveraendert)}",
                100,
                subsequent_indent="  ",
            ),
        ]
    if satz.grabsteine:
        ids = ", ".join(g.id for g in satz.grabsteine)
        satz_dazu = f"Schon in der Fassung {satz.alt.fassung} beendet und nur noch mit Kennung und Titel geführt: {ids}"
        zeilen += ["", *textwrap.wrap(satz_dazu, 100, subsequent_indent="  ")]
    return "\n".join(sichtbar(z) if not farbe else z for z in zeilen) + "\n"


def _zusammenfassung(satz: Aenderungssatz) -> list[str]:
    z = satz.zusammenfassung
    if not satz.eintraege:
        return ["Keine Unterschiede."]
    teile = [f"{z[art]} {wort}" for art, wort in labels.AENDERUNGSART.items() if z[art]]
    anzahl = len(satz.eintraege)
    zeilen = [f"{anzahl} {'Eintrag' if anzahl == 1 else 'Einträge'}: {', '.join(teile)}."]
    zeilen.append(f"Nach Gewicht: {', '.join(f'{n} {g}' for g, n in z['gewichte'].items() if n)}.")
    k = z["kosten"]
    alt, neu, delta = (_cent(k[x]) for x in ("alt", "neu", "delta"))
    if alt or neu:
        zeilen.append(f"Kosten: {labels.euro(alt)} → {labels.euro(neu)} ({labels.euro_delta(delta)}).")
    for uebergang, anzahl in z["status"].items():
        von, nach = uebergang.split(">")
        zeilen.append(f"Status: {anzahl} × {labels.STATUS.get(von, von)} → {labels.STATUS.get(nach, nach)}.")
    t = z["termine"]
    if t["spaeter"] or t["frueher"]:
        zeilen.append(f"Ende: {t['spaeter']} später, {t['frueher']} früher.")
    return zeilen


def _cent(text: str) -> int:
    return int(text.replace(".", ""))


def _farbig(text: str, code: str, farbe: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if farbe else text


def _eintrag(e: Eintrag, farbe: bool) -> list[str]:
    arten = ", ".join(labels.AENDERUNGSART[a] for a in e.aenderungsart)
    nummer = f" {e.lage_neu.nummer}" if e.lage_neu and e.lage_neu.nummer else ""
    kopf = (
        f"{ZEICHEN[e.aenderungsart[0]]} {labels.OBJEKT.get(str(e.art), str(e.art))}{nummer} {e.id}: {sichtbar(e.titel)}"
    )
    zeilen = [
        f"{_farbig(kopf, '1', farbe)}  [{arten}; {e.gewicht}]"
        + (f"  (Rückschritt: {', '.join(labels.RUECKSCHRITT[r] for r in e.rueckschritte)})" if e.rueckschritte else "")
    ]
    if e.lage_alt and e.lage_neu:
        if "verschoben" in e.aenderungsart or (e.inhalt_neu and e.lage_alt.pfad != e.lage_neu.pfad):
            zeilen.append(f"    steht jetzt unter {_platz(e.lage_neu.pfad)} statt unter {_platz(e.lage_alt.pfad)}")
        if e.lage_alt.nummer != e.lage_neu.nummer:
            zeilen.append(f"    Nummer: {e.lage_alt.nummer or 'keine'} → {e.lage_neu.nummer or 'keine'}")
    if e.erkannt:
        zeilen.append(f"    Kennung: {e.id_alt} → {e.id} ({labels.erkannt(e.zuordnung, e.guete)}; nicht erklärt)")
    andere_vorher = [x for x in e.vorher if x not in (e.id, e.id_alt)]
    andere_nachher = [x for x in e.nachher if x != e.id]
    if andere_vorher:
        zeilen.append(f"    hervorgegangen aus {', '.join(andere_vorher)}")
    if andere_nachher:
        zeilen.append(f"    weitergeführt in {', '.join(andere_nachher)}")
    if e.lage_alt is None or e.lage_neu is None:
        zeilen += _ganz(e)
    for f in e.felder[1:] if e.erkannt else e.felder:
        zeilen += _feld(f, farbe)
    for wort, text in (
        ("Begründung", e.begruendung),
        ("Veranlasst durch", e.veranlasst_durch),
        ("Beschluss", labels.eintrag(e.beschluss, "beschluss") if e.beschluss else None),
    ):
        if text:
            zeilen += textwrap.wrap(
                f"{wort}: {sichtbar(' '.join(text.split()))}", 96, initial_indent="    ", subsequent_indent="      "
            )
    return zeilen


def _ganz(e: Eintrag) -> list[str]:
    """An object that is only on one side: everything it says."""
    inhalt = e.inhalt_neu or e.inhalt_alt
    if inhalt is None:
        return []
    zeilen = []
    for f in vergleiche({}, flach_aus_daten(KLASSEN[str(e.art)], inhalt, ohne=("id", "titel"))):
        if not f.pfad.endswith(".reihenfolge") and f.pfad != "hervorgegangen_aus":
            zeilen += textwrap.wrap(
                f"{labels.feld(f.pfad)}: {wert(f, f.neu)}", 96, initial_indent="    ", subsequent_indent="      "
            )
    return zeilen


def _platz(pfad: tuple[str, ...]) -> str:
    return pfad[-1] if pfad else "keinem Handlungsfeld"


def _feld(f: Feldaenderung, farbe: bool) -> list[str]:
    name = labels.feld(f.pfad)
    if f.pfad.endswith(".reihenfolge"):
        return []
    if f.typ == "prosa" and f.stuecke is not None:
        text = "".join(_stueck(s, farbe) for s in f.stuecke)
        return [
            f"    {name}:",
            *(
                f"      {z}"
                for absatz in text.split("\n")
                if absatz.strip()
                for z in textwrap.wrap(absatz, 96, break_long_words=False)
            ),
        ]
    if f.typ == "liste" and f.stuecke is not None:
        return [f"    {name}:", *(f"      {_listenstueck(s, farbe)}" for s in f.stuecke if s[0] != "=")]
    if f.typ in ("menge", "verweise"):
        teile = [*(f"+{x}" for x in f.dazu), *(f"−{x}" for x in f.weg)]
        gleiche = "andere Reihenfolge" if set(f.alt or ()) == set(f.neu or ()) else "dieselben unter anderer Kennung"
        return [f"    {name}: {sichtbar(', '.join(teile) or gleiche)}"]
    alt, neu = wert(f, f.alt), wert(f, f.neu)
    zusatz = ""
    if f.typ == "geld" and f.delta is not None:
        zusatz = f" ({labels.euro_delta(_cent(f.delta))}{f', {_prozent(f.prozent)}' if f.prozent else ''})"
    elif f.monate:
        zusatz = f" ({abs(f.monate)} Monat{'e' if abs(f.monate) > 1 else ''} {'später' if f.monate > 0 else 'früher'})"
    return [f"    {name}: {_farbig(alt, '31', farbe)} → {_farbig(neu, '32', farbe)}{zusatz}"]


def _prozent(text: str) -> str:
    zahl = text.replace(".", ",").replace("-", labels.MINUS)
    return f"{'' if zahl.startswith(labels.MINUS) else '+'}{zahl}{labels.SCHMAL}%"


def _stueck(s: tuple[Any, ...], farbe: bool) -> str:
    """Words as ``[-old-]{+new+}``; with colour the same marks, so that meaning never hangs on colour."""
    text = sichtbar(s[1])
    match s[0]:
        case "=":
            return text
        case "~":
            return sichtbar(s[2])
        case "-":
            return _umschlossen(text, "[-", "-]", "31", farbe)
        case _:
            return _umschlossen(text, "{+", "+}", "32", farbe)


def _listenstueck(s: tuple[Any, ...], farbe: bool) -> str:
    if s[0] == "~":
        return f"{ZEICHEN['geaendert']} {_geaendert(s[1], s[2], farbe)}"
    return f"{_farbig(s[0], '31' if s[0] == '-' else '32', farbe)} {_kurz(s[1])}"


def _geaendert(alt: Any, neu: Any, farbe: bool) -> str:
    """One item of a list that was changed: its name, then what is different."""
    if isinstance(alt, str) and isinstance(neu, str):
        return "".join(_stueck(s, farbe) for s in compare(alt, neu).stuecke)
    name = next((f for f in NAMEN if f in alt and f in neu), None)
    teile = []
    for feld in dict.fromkeys((*neu, *alt)):
        a, n = alt.get(feld), neu.get(feld)
        if feld == name or a == n:
            continue
        seiten = (
            ("ja" if x else "nein") if isinstance(a or n, bool) else labels.eintrag(x, feld) if x else "nicht angegeben"
            for x in (a, n)
        )
        teile.append(sichtbar(f"{labels.feld(feld)} {' → '.join(seiten)}"))
    kopf = _geaendert(alt[name], neu[name], farbe) if name else ""
    return ": ".join(t for t in (" ".join(kopf.split()), "; ".join(teile)) if t)


def _umschlossen(text: str, auf: str, zu: str, code: str, farbe: bool) -> str:
    """Marks around the words, white space outside."""
    kern = text.strip()
    if not kern:
        return text
    vorn, hinten = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{vorn}{_farbig(f'{auf}{kern}{zu}', code, farbe)}{hinten}"


def _kurz(inhalt: Any) -> str:
    return sichtbar(labels.eintrag(inhalt))


def wert(f: Feldaenderung, inhalt: Any) -> str:
    """One side of a change in German notation; ``nicht angegeben`` if it is absent."""
    return sichtbar(labels.angabe(f.typ, f.pfad, inhalt))
