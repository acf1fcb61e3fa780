"""docs/leistung.md from what was measured: the tables between its two marks and the picture; the words around them stay.

.venv/bin/python benchmarks/leistung.py DATEN.json
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

WURZEL = Path(__file__).parent.parent
SEITE = WURZEL / "docs" / "leistung.md"
BILD = WURZEL / "docs" / "bilder" / "leistung.png"
ANFANG, ENDE = "<!-- gemessen -->", "<!-- ende -->"


def maschine() -> str:
    """Processor, number of processors and memory, as the system names them."""
    info = Path("/proc/cpuinfo").read_text("utf-8")
    treffer = re.search(r"^model name\s*: (.*)$", info, re.MULTILINE)
    gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{treffer[1] if treffer else platform.machine()}, {os.cpu_count()} Kerne, {gb:.0f} GB, {platform.system()}"


def tabellen(daten: dict[str, Any]) -> str:
    """Goals, then every figure, as Markdown."""
    aus = [f"Gemessen am {date.today():%d.%m.%Y} auf {daten['maschine']}; {', '.join(f'{n} {v}' for n, v in daten['versionen'].items())}."]  # fmt: skip
    if daten["fehlt"]:
        aus.append(f"Nicht da und deshalb nicht gemessen: {', '.join(daten['fehlt'])}.")
    aus += ["", "| Arbeit | verglichen mit | Ziel höchstens | gemessen | |", "|---|---|---|---|---|"]
    for z in daten["ziele"]:
        gemessen = z["gemessen"]
        urteil = "nicht gemessen" if gemessen is None else "erreicht" if gemessen <= z["ziel"] else "**verfehlt**"
        aus.append(f"| {z['arbeit']} | {z['gegen']} | {zahl(z['ziel'])} | {zahl(z['gemessen'])} | {urteil} |")
    aus += ["", "Die Zahlen dahinter (Mitte der Runden; Speicher: höchster Augenblick aller Prozesse zusammen):", ""]
    aus += ["| Arbeit | Maßnahmen | Runden | Seiten | Uhr s | × WeasyPrint | Prozessor s | × WeasyPrint | Speicher MB |", "|---|---|---|---|---|---|---|---|---|"]  # fmt: skip
    for z in sorted(daten["zeilen"], key=lambda z: (z["arbeit"].startswith("Stapel"), z["groesse"])):
        groesse = f"{z['groesse']} Konzepte" if z["arbeit"].startswith("Stapel") else str(z["groesse"])
        werte = [z["arbeit"], groesse, str(z["runden"]), str(z["seiten"] or ""), zahl(z["wall"]), zahl(z["wall_zu_allein"]), zahl(z["cpu"]), zahl(z["cpu_zu_allein"]), f"{z['speicher'] / 1e6:.0f}" if z["speicher"] else ""]  # fmt: skip
        aus.append(f"| {' | '.join(werte)} |")
    return "\n".join(aus) + "\n"


def zahl(wert: float | None) -> str:
    if wert is None:
        return ""
    return (f"{wert:.0f}" if wert >= 100 else f"{wert:.3f}" if wert < 0.1 else f"{wert:.2f}").replace(".", ",")


def schreibe(daten: dict[str, Any]) -> None:
    """Put the tables into the page and draw the picture."""
    text = SEITE.read_text("utf-8")
    vorn, _, rest = text.partition(ANFANG)
    hinten = rest.partition(ENDE)[2]
    SEITE.write_text(f"{vorn}{ANFANG}\n\n{tabellen(daten)}\n{ENDE}{hinten}", "utf-8")
    python = WURZEL / ".venv-bench" / "bin" / "python"
    subprocess.run([python, Path(__file__).with_name("bild.py"), BILD], input=json.dumps(daten), text=True, check=True)
