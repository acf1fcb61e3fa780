"""What a comparison costs: generated concepts of many measures, CPU and memory without loading, what doubling costs.

    python benchmarks/vergleich.py                     # 10,000 measures, ours alone
    python benchmarks/vergleich.py --neben             # difflib and deepdiff on the same data, if deepdiff is installed

Each measurement runs in a process of its own. The data are the same for every run and every tool.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import subprocess
import sys
import time
import tracemalloc
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from ihk.diff import compare
from ihk.model import Konzeptfassung
from ihk.model.bestandteile import Fassung, Handlungsfeld, Konzept, Teilziel, Ziel
from ihk.model.load import Geladen, Orte
from ihk.model.massnahme import STATUS, Anteil, Kosten, Massnahme, Schritt, Zeitraum
from ihk.reading.files import Quelltext
from ihk.reading.source import Mapping
from ihk.reading.values import Zeitpunkt

GEAENDERT, VERSCHOBEN, NEU = 30, 6, 1
"""Percent of the measures that change, move to another Handlungsfeld, come and go: more than any Fortschreibung we know."""
ZIEL_CPU, ZIEL_MB, ZIEL_VERDOPPELN = 1.5, 300, 2.3
WORTE = re.findall(
    r"\w+",
    (
        "Der Platz am Markt wird zum Treffpunkt des Viertels und bekommt Bäume Bänke einen Brunnen sowie neue Wege für alle die hier wohnen "
        "Die Stadt baut gemeinsam mit dem Verein Nachbarn und der Wohnungsgenossenschaft eine barrierefreie Verbindung zum Bahnhof "
        "Vorgesehen sind Werkstätten Beteiligung Planung Ausschreibung Bauabschnitte Pflege Unterhalt Schulhof Spielgeräte Beleuchtung"
    ),
)


def satz(z: random.Random) -> str:
    return " ".join(z.choices(WORTE, k=z.randint(8, 18))) + "."


def massnahme(i: int) -> Massnahme:
    z = random.Random(i)
    betrag = z.randint(10, 900) * 300_00
    return Massnahme.model_construct(
        id=f"M{i:05}", titel=" ".join(z.choices(WORTE, k=4)), handlungsfeld=f"HF{z.randint(1, 9)}", teilziele=(f"T{z.randint(1, 20)}",),
        traeger=z.choice(["Stadt", "Verein Nachbarn", "Wohnbau"]), status=z.choice(STATUS[:6]),
        zeitraum=Zeitraum.model_construct(von=Zeitpunkt("jahr", date(2024, 1, 1)), bis=Zeitpunkt("jahr", date(z.randint(2025, 2030), 1, 1))),
        beschreibung="\n\n".join(" ".join(satz(z) for _ in range(4)) for _ in range(2)), ziel=satz(z),
        schritte=tuple(Schritt.model_construct(text=satz(z)) for _ in range(2)),
        kosten=Kosten.model_construct(
            gesamt=betrag, jahre={"2024": betrag // 2, "2025": betrag // 2},
            finanzierung=tuple(Anteil.model_construct(geber=g, betrag=betrag // 3) for g in ("bund", "land", "kommune")),
        ),
    )  # fmt: skip


def anders(m: Massnahme, z: random.Random) -> Massnahme:
    """One to three fields of a measure changed, always some words."""
    werte: dict[str, Any] = {name: getattr(m, name) for name in type(m).model_fields}
    worte = (m.beschreibung or "").split(" ")
    worte[z.randrange(len(worte))] = z.choice(WORTE)
    werte["beschreibung"] = " ".join(worte)
    if z.random() < 0.5 and m.kosten:
        werte["kosten"] = m.kosten.model_copy(update={"gesamt": (m.kosten.gesamt or 0) + 50_000_00})
    if z.random() < 0.3:
        werte["status"] = z.choice(STATUS[:6])
    return Massnahme.model_construct(**werte)


def geladen(massnahmen: list[Massnahme]) -> Geladen:
    k = Konzeptfassung.model_construct(
        format=1, konzept=Konzept.model_construct(id="k", titel="Konzept"), fassung=Fassung.model_construct(id="1"),
        ziele=(Ziel.model_construct(id="Z1", titel="Ziel", teilziele=tuple(Teilziel.model_construct(id=f"T{i}", titel=f"Teilziel {i}") for i in range(1, 21))),),
        handlungsfelder=tuple(Handlungsfeld.model_construct(id=f"HF{i}", titel=f"Feld {i}") for i in range(1, 10)),
        massnahmen=tuple(massnahmen),
    )  # fmt: skip
    return Geladen(Quelltext("k.yaml", {"": b""}), k, Orte(Mapping("k.yaml", 1, 1)), (), frozenset())


def paar(anzahl: int) -> tuple[Geladen, Geladen]:
    z = random.Random(anzahl)
    alt = [massnahme(i) for i in range(anzahl)]
    neu = []
    for i in range(anzahl):
        m, wurf = massnahme(i), z.random() * 100  # built anew: no object is shared between the sides, as after loading
        if wurf < GEAENDERT:
            m = anders(m, z)
        elif wurf < GEAENDERT + VERSCHOBEN:
            m = m.model_copy(update={"handlungsfeld": f"HF{z.randint(1, 9)}"})
        elif wurf < GEAENDERT + VERSCHOBEN + NEU:
            m = massnahme(anzahl + i)
        neu.append(m)
    return geladen(alt), geladen(neu)


def als_daten(g: Geladen) -> dict[str, Any]:
    return g.fassung.model_dump(mode="json", exclude_defaults=True)


def messen(werkzeug: str, anzahl: int) -> dict[str, Any]:
    """One comparison in this process: seconds of CPU, megabytes above what the two sides need, what was found."""
    a, b = paar(anzahl)
    if werkzeug == "ihk":
        compare(*paar(20))  # what is computed once for each kind of record belongs to the start of the program

        def lauf() -> int:
            return len(compare(a, b).eintraege)
    elif werkzeug == "difflib":
        import difflib

        x, y = (json.dumps(als_daten(g), ensure_ascii=False, indent=1).splitlines() for g in (a, b))

        def lauf() -> int:
            return sum(z[:1] in "+-" for z in difflib.unified_diff(x, y, n=0))
    else:
        from deepdiff import DeepDiff

        x, y = als_daten(a), als_daten(b)

        def lauf() -> int:
            return sum(len(teil) for teil in DeepDiff(x, y).values())

    vorher = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    beginn = time.process_time()
    gefunden = lauf()
    dauer = time.process_time() - beginn
    rss = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - vorher) / 1024
    spitze = 0.0
    if werkzeug == "ihk":
        tracemalloc.start()
        lauf()
        spitze = tracemalloc.get_traced_memory()[1] / 2**20
    gesamt = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "cpu": dauer,
        "rss": rss,
        "spitze": spitze,
        "prozess": gesamt if werkzeug != "ihk" else vorher / 1024 + rss,
        "gefunden": gefunden,
    }


def eigener_prozess(werkzeug: str, anzahl: int, grenze: int) -> dict[str, Any] | None:
    """The best of three runs, each in a process of its own; None if it takes longer than ``grenze`` seconds."""
    befehl = [sys.executable, __file__, "--einzeln", werkzeug, "--anzahl", str(anzahl)]
    laeufe = []
    for _ in range(3 if werkzeug == "ihk" else 1):
        try:
            lauf = subprocess.run(befehl, capture_output=True, text=True, check=True, timeout=grenze)
        except subprocess.TimeoutExpired:
            return None
        laeufe.append(json.loads(lauf.stdout))
    return min(laeufe, key=lambda m: m["cpu"])


def zeile(*spalten: str) -> None:
    sys.stdout.write("  ".join(s.rjust(12) for s in spalten) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--anzahl", type=int, default=10_000)
    parser.add_argument("--neben", action="store_true", help="difflib and deepdiff beside it")
    parser.add_argument("--grenze", type=int, default=300, help="seconds after which a tool is stopped")
    parser.add_argument("--einzeln", help=argparse.SUPPRESS)
    angaben = parser.parse_args()
    if angaben.einzeln:
        sys.stdout.write(json.dumps(messen(angaben.einzeln, angaben.anzahl)))
        return 0
    zeile("Maßnahmen", "CPU s", "× vorige", "MB dazu", "MB (Python)", "MB Prozess", "Einträge")
    vorige = None
    gut = True
    for anzahl in (angaben.anzahl // 4, angaben.anzahl // 2, angaben.anzahl):
        m = eigener_prozess("ihk", anzahl, angaben.grenze)
        assert m is not None
        faktor = m["cpu"] / vorige if vorige else None
        gut &= faktor is None or faktor <= ZIEL_VERDOPPELN
        zeile(
            str(anzahl),
            f"{m['cpu']:.2f}",
            f"{faktor:.2f}" if faktor else "",
            f"{m['rss']:.0f}",
            f"{m['spitze']:.0f}",
            f"{m['prozess']:.0f}",
            str(m["gefunden"]),
        )
        vorige = m["cpu"]
    gut &= m["cpu"] < ZIEL_CPU and m["spitze"] < ZIEL_MB and m["rss"] < ZIEL_MB
    sys.stdout.write(
        f"Ziele (unter {ZIEL_CPU} s, unter {ZIEL_MB} MB, Verdoppeln höchstens {ZIEL_VERDOPPELN}): {'erreicht' if gut else 'VERFEHLT'}\n"
    )
    if angaben.neben:
        zeile("Werkzeug", "Maßnahmen", "CPU s", "× ihk", "MB dazu", "Funde")
        for anzahl in (angaben.anzahl // 10, angaben.anzahl):
            eigen = eigener_prozess("ihk", anzahl, angaben.grenze)
            assert eigen is not None
            for werkzeug in ("difflib", "deepdiff"):
                if find_spec(werkzeug) is None:
                    zeile(werkzeug, str(anzahl), "fehlt")
                    continue
                m2 = eigener_prozess(werkzeug, anzahl, angaben.grenze)
                if m2 is None:
                    zeile(werkzeug, str(anzahl), f"> {angaben.grenze}")
                else:
                    zeile(
                        werkzeug,
                        str(anzahl),
                        f"{m2['cpu']:.2f}",
                        f"{m2['cpu'] / eigen['cpu']:.1f}",
                        f"{m2['rss']:.0f}",
                        str(m2["gefunden"]),
                    )
    return 0 if gut else 1


if __name__ == "__main__":
    sys.exit(main())
