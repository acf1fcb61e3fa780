"""The state of review as plain lines and as a Markdown list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from ihk import labels
from ihk.model import Konzeptfassung
from ihk.review import Pruefstand, Pruefung
from ihk.terminal.befunde import sichtbar

WORT = {"geprueft": "geprüft", "erneut": "erneut zu prüfen", "offen": "noch nicht geprüft"}
_ZEICHEN = {"geprueft": "✓", "erneut": "!", "offen": "○"}


def als_text(name: str, k: Konzeptfassung, staende: Sequence[Pruefstand]) -> str:
    """One line for each object, below it what each role has said; the counts last."""
    zeilen = [f"Stand der Prüfung von {name}", ""]
    for s in staende:
        zeilen.append(f"{_ZEICHEN[s.stand]} {wer(k, s)}: {WORT[s.stand]}")
        zeilen += [f"    {satz(k, p)}" for p in s.pruefungen]
    return "\n".join(map(sichtbar, (*zeilen, "", bilanz(staende)))) + "\n"


def als_markdown(name: str, k: Konzeptfassung, staende: Sequence[Pruefstand]) -> str:
    """A list of boxes: what holds is ticked."""
    zeilen = [f"# Stand der Prüfung von {name}", ""]
    for s in staende:
        zeilen.append(f"- [{'x' if s.stand == 'geprueft' else ' '}] {wer(k, s)}: {WORT[s.stand]}")
        zeilen += [f"  - {satz(k, p)}" for p in s.pruefungen]
    return "\n".join(map(sichtbar, (*zeilen, "", bilanz(staende)))) + "\n"


def wer(k: Konzeptfassung, s: Pruefstand) -> str:
    teile = (labels.OBJEKT.get(s.art, s.art), k.nummern.get(s.id, ""), s.id, s.titel if s.titel != s.id else "")
    return " ".join(t for t in teile if t)


def satz(k: Konzeptfassung, p: Pruefung) -> str:
    """Who checked it when, and what differs since."""
    v = p.vermerk
    von = f" ({v.von})" if v.von else ""
    text = f"{v.rolle}{von} am {labels.tag(date.fromisoformat(v.am))}, Fassung {v.fassung}"
    text += f", „{v.bemerkung}“" if v.bemerkung else ""
    if p.gilt:
        return text + ": gilt noch"
    teile = []
    if p.geaendert:
        namen = list(dict.fromkeys("Ort im Konzept" if f == "ort" else labels.feld(f) for f in p.geaendert))
        mehr = f" und {len(namen) - 5} weitere" if len(namen) > 5 else ""
        teile.append(f"seitdem geändert: {', '.join(namen[:5])}{mehr}")
    for z in p.ziele:
        objekt = k.nach_id.get(z)
        teile.append(f"das Ziel {k.nummern.get(z, z)} {getattr(objekt, 'titel', z)}, dem es dient, wurde geändert")
    return f"{text}: {'; '.join(teile)}"


def bilanz(staende: Sequence[Pruefstand]) -> str:
    """``12 geprüft, 1 erneut zu prüfen, 35 noch nicht geprüft.``"""
    zahl = Counter(s.stand for s in staende)
    return ", ".join(f"{zahl[s]} {WORT[s]}" for s in ("geprueft", "erneut", "offen")) + "."
