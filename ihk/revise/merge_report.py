"""Conflicts of a merge as plain lines."""

from __future__ import annotations

from typing import Any

from ihk.problems import kurz
from ihk.revise.merge import Konflikt, Zusammenfuehrung
from ihk.terminal.befunde import sichtbar

ARTEN = {
    "beide_geaendert": "beide haben es verschieden geändert",
    "entfernt_und_geaendert": "die eine Seite hat es entfernt, die andere geändert",
    "zweimal_neu": "beide haben es verschieden neu angelegt",
    "reihenfolge": "beide haben die Einträge verschieden geordnet",
}


def konflikt(k: Konflikt) -> str:
    """``file:line:column  KONFLIKT  place: why (our value | their value)``"""
    wo = " › ".join(k.pfad) or "ganze Datei"
    return sichtbar(
        f"{k.ort_unsere}  KONFLIKT  {wo}: {ARTEN[k.art]} (unser Stand: {_wert(k.unsere)} | ihr Stand: {_wert(k.ihre)})"
    )


def _wert(wert: Any) -> str:
    if wert is None:
        return "nichts"
    if isinstance(wert, dict):
        return f"Eintrag mit {', '.join(wert)}" if len(wert) < 8 else f"Eintrag mit {len(wert)} Angaben"
    if isinstance(wert, list):
        return f"[{kurz(', '.join(_wert(w) for w in wert))}]"
    return f"„{kurz(str(wert))}“"


def bilanz(z: Zusammenfuehrung, datei: str) -> str:
    """The closing line."""
    zahl = len(z.konflikte)
    if not zahl:
        return sichtbar(f"„{datei}“ ist zusammengeführt.")
    if z.ganz:
        return sichtbar(f"„{datei}“ lässt sich nicht zusammenführen; beide Stände stehen ganz in der Datei.")
    was = "1 Konflikt steht" if zahl == 1 else f"{zahl} Konflikte stehen"
    return sichtbar(f"„{datei}“: {was} zwischen <<<<<<< und >>>>>>> in der Datei; je eine Angabe behalten.")
