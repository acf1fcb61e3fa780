"""The picture of docs/leistung.md, with matplotlib: ``bild.py ZIEL.png``, the measured data on standard input."""

from __future__ import annotations

import json
import sys
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt

STIL = {
    "WeasyPrint allein": ("#777777", "s", "-"),
    "Chromium": ("#b5651d", "^", "-"),
    "kalt": ("#00558c", "o", "-"),
    "Typst": ("#5b8c2a", "D", "-"),
    "ein Text geändert, Kaltstart": ("#00558c", "v", "--"),
    "ein Text geändert, warm": ("#00558c", "P", ":"),
}
NAME = {"kalt": "ihk, kalt, zwei Prozesse", "WeasyPrint allein": "WeasyPrint allein"}


def zeichne(daten: dict[str, Any], ziel: str) -> None:
    plt.rcParams.update({"font.size": 10, "axes.spines.top": False, "axes.spines.right": False})
    bild, (links, rechts) = plt.subplots(1, 2, figsize=(10.5, 4.4), layout="constrained")
    for arbeit, (farbe, form, strich) in STIL.items():
        zeilen = sorted((z for z in daten["zeilen"] if z["arbeit"] == arbeit), key=lambda z: z["groesse"])
        if zeilen:
            x = [z["groesse"] for z in zeilen]
            name = NAME.get(arbeit, f"ihk, {arbeit}" if arbeit.startswith("ein") else arbeit)
            links.plot(x, [z["wall"] for z in zeilen], color=farbe, marker=form, linestyle=strich, label=name)
            if arbeit in ("WeasyPrint allein", "Chromium", "kalt", "Typst"):
                rechts.plot(x, [z["speicher"] / 1e6 for z in zeilen], color=farbe, marker=form, linestyle=strich)
    for achse, titel in ((links, "Sekunden auf der Uhr"), (rechts, "Speicher aller Prozesse, MB")):
        achse.set(xscale="log", yscale="log", xlabel="Maßnahmen")
        achse.set_title(titel, loc="left", fontsize=11)
        groessen = sorted({z["groesse"] for z in daten["zeilen"] if z["arbeit"] == "kalt"})
        achse.set_xticks(groessen, [str(g) for g in groessen])
        achse.minorticks_off()
        achse.grid(alpha=0.25)
        achse.yaxis.set_major_formatter(lambda wert, _: f"{wert:g}".replace(".", ","))
    rechts.axhline(600, color="#aa0000", linewidth=1, linestyle="--")
    rechts.annotate("Ziel: 600 MB", (groessen[0], 600), xytext=(14, -13), textcoords="offset points", color="#aa0000")
    bild.legend(loc="outside lower center", ncols=3, frameon=False)
    bild.savefig(ziel, dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    zeichne(json.load(sys.stdin), sys.argv[1])
