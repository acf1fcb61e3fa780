"""A change set for a terminal: summary, then per object a line per changed field."""

from __future__ import annotations

import textwrap
from typing import Any

from ihk import labels
from ihk.diff.apply import KLASSEN
from ihk.diff.changeset import RANG, Aenderungssatz, Eintrag, Feldaenderung, gerechnete_betraege
from ihk.diff.fields import flach_aus_daten, vergleiche
from ihk.diff.lists import NAMEN
from ihk.diff.words import compare
from ihk.model.types import Gewicht
from ihk.sums import OFFEN
from ihk.terminal.befunde import sichtbar

AUF_EINEN_BLICK = 6
"""Entries up to which the list itself is the overview."""
BLEIBENDE = ("massnahme", "ziel", "teilziel", "handlungsfeld", "querschnittsaufgabe", "indikator")
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
    for geber, b in k["nach_geber"].items():
        if _cent(b["delta"]) and [*k["nach_geber"]] != [OFFEN]:  # nobody is named, so there is no one to tell apart
            wer = "ohne Geldgeber" if geber == OFFEN else labels.GEBER[geber]
            zeilen.append(f"  {wer}: {_betraege(b['alt'], b['neu'], b['delta'])}")
    if z["status"]:
        uebergaenge = (
            f"{anzahl} × {' → '.join(labels.STATUS.get(x, x) for x in uebergang.split('>'))}"
            for uebergang, anzahl in z["status"].items()
        )
        # Broken between transitions, never inside one.
        fest = "; ".join(u.replace(" ", "\0") for u in uebergaenge)
        zeilen += [z.replace("\0", " ") for z in _umbrochen(f"Status: {fest}.")]
    t = z["termine"]
    if t["spaeter"] or t["frueher"]:
        zeilen.append(f"Ende: {t['spaeter']} später, {t['frueher']} früher.")
    return [*zeilen, *_blick(satz)] if len(satz.eintraege) > AUF_EINEN_BLICK else zeilen


def _blick(satz: Aenderungssatz) -> list[str]:
    """What a reviewer asks first, by name: steps back, what is new, what ended and why, what costs more and whom."""
    inhaltlich = [e for e in satz.eintraege if e.gewicht != "redaktionell"]
    bleibende = [e for e in inhaltlich if e.art in BLEIBENDE]
    massnahmen = [e for e in inhaltlich if e.art == "massnahme"]
    mehr = {e.id: sum(_cent(b.delta) for b in e.nach_geber) for e in massnahmen}
    kommune = {e.id: _cent(b.delta) for e in massnahmen for b in e.nach_geber if b.geber == "kommune"}
    weiter = [e for e in massnahmen if not {"neu", "entfallen", "geteilt", "zusammengelegt"} & set(e.aenderungsart)]

    def betrag(e: Eintrag) -> str:
        eigen = f", Kommune {labels.euro_delta(kommune[e.id])}" if kommune.get(e.id) else ""
        return f"{_nenne(e)} ({labels.euro_delta(mehr[e.id])}{eigen})"

    def grund(e: Eintrag) -> str:
        return f"{_nenne(e)}{f' – {e.begruendung}' if e.begruendung else ' – ohne Begründung'}"

    def umbau(e: Eintrag) -> str:
        weg, her = ([x for x in ids if x not in (e.id, e.id_alt)] for ids in (e.nachher, e.vorher))
        teile = (
            f"weitergeführt in {', '.join(weg)}" if weg else "",
            f"hervorgegangen aus {', '.join(her)}" if her else "",
        )
        return f"{_nenne(e)}{''.join(f', {t}' for t in teile if t)}"

    gruppen = [
        (f"Rückschritt, {wort}", [_nenne(e) + _schritt(e, art) for e in satz.eintraege if art in e.rueckschritte])
        for art, wort in labels.RUECKSCHRITT.items()
    ]
    gruppen += [
        ("Neu", [_nenne(e) for e in bleibende if "neu" in e.aenderungsart]),
        ("Beendet", [grund(e) for e in bleibende if "entfallen" in e.aenderungsart]),
        ("Geteilt oder zusammengelegt", [umbau(e) for e in bleibende if {"geteilt", "zusammengelegt"} & set(e.aenderungsart)]),
        ("Teurer", [betrag(e) for e in sorted(weiter, key=lambda e: -mehr[e.id]) if mehr[e.id] > 0]),
        ("Günstiger", [betrag(e) for e in sorted(weiter, key=lambda e: mehr[e.id]) if mehr[e.id] < 0]),
        ("Mehr für die Kommune, ohne dass die Kosten steigen", [
            f"{_nenne(e)} ({labels.euro_delta(kommune[e.id])})" for e in weiter if mehr[e.id] <= 0 < kommune.get(e.id, 0)
        ]),
    ]  # fmt: skip
    zeilen = []
    for titel, punkte in gruppen:
        if punkte:
            zeilen += [f"{titel} ({len(punkte)}):", *(z for p in punkte for z in _umbrochen(f"  {sichtbar(p)}"))]
    return ["", *zeilen] if zeilen else []


def _nenne(e: Eintrag) -> str:
    wort = "" if e.art == "massnahme" else f"{labels.OBJEKT.get(str(e.art), str(e.art))} "
    return f"{wort}{e.id} {e.titel}"


def _schritt(e: Eintrag, art: str) -> str:
    """The step in figures."""
    pfad = {"kosten": "kosten.gesamt", "ende": "zeitraum.bis", "status": "status", "zielwert": "ziel.wert"}.get(art)
    feld = next((f for f in e.felder if f.pfad == pfad), None)
    if feld is None:
        return ""
    if art == "kosten":
        return f" ({_prozent(feld.prozent)})" if feld.prozent else ""
    if art == "ende":
        return f" ({_monate(feld.monate or 0)})"
    return f" ({wert(feld, feld.alt)} → {wert(feld, feld.neu)})"


def _monate(n: int) -> str:
    return f"{abs(n)} Monat{'e' if abs(n) > 1 else ''} {'später' if n > 0 else 'früher'}"


def _betraege(alt: str, neu: str, delta: str) -> str:
    a, n, d = map(_cent, (alt, neu, delta))
    return f"{labels.euro(a)} → {labels.euro(n)} ({labels.euro_delta(d)})"


def _umbrochen(text: str) -> list[str]:
    einzug = " " * (len(text) - len(text.lstrip()) + 2)
    return textwrap.wrap(" ".join(text.split()), 100, initial_indent=einzug[2:], subsequent_indent=einzug)


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
        if not _im_namen(f.pfad, e):
            zeilen += _feld(f, farbe)
    if e.lage_alt and e.lage_neu:
        zeilen += [
            f"    Anteil {labels.GEBER[b.geber]} insgesamt: {_betraege(b.alt, b.neu, b.delta)}"
            for b in gerechnete_betraege(e)
        ]
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


def _im_namen(pfad: str, e: Eintrag) -> bool:
    """A giver, programme or year that the caption of its entry names, of which something else is said as well."""
    eintrag, klammer, feld = pfad.partition("].")
    if not klammer or feld not in ("geber", "programm", "programmjahr"):
        return False
    return any(
        f.pfad.startswith(f"{eintrag}].") and f.pfad[len(eintrag) + 2 :] in ("betrag", "anteil") for f in e.felder
    )


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
        zusatz = f" ({_monate(f.monate)})"
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
