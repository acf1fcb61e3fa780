"""Concepts of any size for measuring: the same text for the same size, in the form in which an author writes it.

    python benchmarks/konzepte.py 42 ORDNER       # ORDNER/concepts/messung-42/2026.yaml
    python benchmarks/konzepte.py 20 ORDNER --zahl 50

A measure has about 5 kB: facts, four texts, steps, costs by giver and year. The words are put together from stems, so a
cache of words does not look better here than on texts that people write.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

STAEMME = [
    "Verkehr",
    "Klima",
    "Freiraum",
    "Stadt",
    "Teil",
    "Quartier",
    "Haus",
    "Förder",
    "Mittel",
    "Bürger",
    "Grün",
    "Fläche",
    "Sanierung",
    "Gebiet",
    "Wohn",
    "Raum",
    "Bestand",
    "Energie",
    "Wärme",
    "Konzept",
    "Zentrum",
    "Handel",
    "Leerstand",
    "Schul",
    "Hof",
    "Spiel",
    "Platz",
    "Rad",
    "Weg",
    "Netz",
    "Denkmal",
    "Pflege",
    "Ufer",
    "Bildung",
    "Werk",
    "Statt",
    "Garten",
    "Treff",
    "Vorsorge",
    "Jugend",
    "Alter",
    "Pfad",
    "Brücke",
    "Markt",
    "Halle",
    "Küche",
    "Sport",
    "Park",
    "Dach",
    "Regen",
    "Wasser",
    "Boden",
    "Baum",
    "Licht",
    "Schatten",
    "Lärm",
    "Schutz",
    "Kultur",
    "Musik",
    "Laden",
    "Gasse",
]
EIGENSCHAFTEN = [
    "barrierefreie",
    "wohnortnahe",
    "schattige",
    "städtebauliche",
    "gemeinsame",
    "kommunale",
    "offene",
    "langfristige",
    "kurzfristige",
    "energetische",
    "ehrenamtliche",
    "denkmalgerechte",
    "verkehrsberuhigte",
    "klimaangepasste",
    "nachbarschaftliche",
    "bezahlbare",
    "öffentliche",
]
TAETIGKEITEN = (
    "wird bis zum Herbst umgesetzt", "soll mit dem Beirat erarbeitet werden", "ist mit den Eigentümern abzustimmen", "bleibt der Stadt vorbehalten",
    "wurde in drei Werkstätten besprochen", "kommt dem ganzen Viertel zugute", "muss in den Haushalt aufgenommen werden", "wird jedes Jahr geprüft",
    "hängt von der Bewilligung ab", "beginnt nach der Erneuerung der Leitungen",
)  # fmt: skip
PRAEPOSITIONEN = ("neben", "zugunsten", "hinsichtlich", "im Anschluss an", "unter Berücksichtigung", "anstelle")
STATUS = ("geplant", "beantragt", "bewilligt", "in_umsetzung")
FELDER, TEILZIELE_JE_ZIEL = 6, 3


class Schreiber:
    """Random text from one seed."""

    def __init__(self, saat: int) -> None:
        self.z = random.Random(saat)

    def wort(self) -> str:
        teile = self.z.sample(STAEMME, self.z.choice((1, 2, 2, 3)))
        return teile[0] + "".join(t.lower() for t in teile[1:])

    def satz(self) -> str:
        z = self.z
        text = f"Die {z.choice(EIGENSCHAFTEN)} {self.wort()} {z.choice(PRAEPOSITIONEN)} der {self.wort()} {z.choice(TAETIGKEITEN)}"
        if z.random() < 0.5:
            text += f", wobei die {z.choice(EIGENSCHAFTEN)} {self.wort()} und die {self.wort()} den Ausschlag geben"
        return text + "."

    def text(self, absaetze: int, einzug: str) -> str:
        return f"\n{einzug}\n".join(
            "".join(f"{einzug}{self.satz()}\n" for _ in range(self.z.randint(4, 6))) for _ in range(absaetze)
        )

    def titel(self) -> str:
        return f"{self.z.choice(EIGENSCHAFTEN).capitalize()} {self.wort()}"


def euro(cent: int) -> str:
    ganze, rest = divmod(cent, 100)
    return f"{ganze:,}".replace(",", ".") + (f",{rest:02}" if rest else "") + " €"


def massnahme(i: int, felder: int, welches: int = 0) -> str:
    """One measure; the same for the same number in the same concept, whatever its size."""
    s = Schreiber(i + 1_000_000 * welches)
    z = s.z
    feld = i % felder + 1
    beginn, dauer = z.randint(2026, 2031), z.randint(2, 4)
    gesamt = z.randint(40, 2500) * 1000_00
    drittel = gesamt // 3
    jahre = {beginn + j: gesamt // dauer for j in range(dauer)}
    jahre[beginn] += gesamt - sum(jahre.values())
    anteile = (("bund", drittel), ("land", drittel), ("kommune", gesamt - 2 * drittel))
    zeilen = [
        f"  - id: M{i:04}",
        f"    titel: {s.titel()}",
        f"    leitsatz: {s.satz()}",
        f"    handlungsfeld: HF{feld}",
        f"    teilziele: [T{feld}{z.randint(1, TEILZIELE_JE_ZIEL)}]",
        f"    traeger: Fachbereich {z.randint(1, 9)}",
        f"    beteiligte: [{s.wort()}verein, {s.wort()}initiative]",
        f"    zielgruppe: Menschen rund um {s.wort()} und {s.wort()}",
        f"    art: {z.choice(('investiv', 'nicht_investiv'))}",
        f"    status: {z.choice(STATUS)}",
        f"    prioritaet: {z.choice(('hoch', 'mittel', 'niedrig'))}",
        f"    zeitraum: {{von: {beginn}, bis: {beginn + dauer - 1}}}",
        "    ausgangslage: |",
        s.text(1, "      ").rstrip("\n"),
        "    ziel: |",
        s.text(1, "      ").rstrip("\n"),
        "    beschreibung: |",
        s.text(2, "      ").rstrip("\n"),
        "    umsetzung: |",
        s.text(1, "      ").rstrip("\n"),
        "    schritte:",
        *(f"      - {{termin: 03/{beginn + j}, text: {s.wort()} beginnen, erledigt: nein}}" for j in range(dauer)),
        f"    indikatoren: [I{feld}]",
        "    kosten:",
        f"      gesamt: {euro(gesamt)}",
        "      stand: kostenschaetzung",
        "      preisstand: 2026",
        "      finanzierung:",
    ]
    for geber, betrag in anteile:
        zeilen += [
            f"        - geber: {geber}",
            "          programm: sozialer-zusammenhalt",
            f"          betrag: {euro(betrag)}",
        ]
    zeilen += ["      jahre:", *(f"        {jahr}: {euro(betrag)}" for jahr, betrag in jahre.items())]
    return "\n".join(zeilen) + "\n"


def konzept(anzahl: int, kennung: str = "messung", welches: int = 0) -> str:
    """The whole file; another ``welches`` has no text in common with this one, so that no part of one serves the other."""
    s = Schreiber(-anzahl - 1_000_000 * welches)
    felder = max(FELDER, anzahl // 40)
    kopf = f"""format: 1
konzept:
  id: {kennung}
  titel: Integriertes Handlungskonzept Messungen
  fiktiv: ja
  kommune: {{name: Stadt Musterstadt, land: Hessen}}
  gebiet: {{name: Messgebiet, flaeche_ha: "42,5", einwohner: 6.120, stand: 31.12.2025}}
  programme: [sozialer-zusammenhalt]
fassung:
  id: "2026"
  art: ursprung
  status: in_beratung
  stand: 01.06.2026
  zeitraum: {{von: 2026, bis: 2036}}
kapitel:
"""
    kapitel = "".join(
        f"  - id: {k}\n    text: |\n{s.text(4, '      ')}"
        for k in ("anlass", "ausgangslage", "strategie", "verstetigung")
    )
    ziele = "ziele:\n" + "".join(
        f"  - id: Z{f}\n    titel: {s.titel()}\n    teilziele:\n"
        + "".join(
            f"      - {{id: T{f}{t}, titel: {s.titel()}, indikatoren: [I{f}]}}\n"
            for t in range(1, TEILZIELE_JE_ZIEL + 1)
        )
        for f in range(1, felder + 1)
    )
    handlungsfelder = "handlungsfelder:\n" + "".join(
        f"  - {{id: HF{f}, titel: {s.titel()}}}\n" for f in range(1, felder + 1)
    )
    indikatoren = "indikatoren:\n" + "".join(
        f'  - id: I{f}\n    titel: {s.wort()}\n    art: ergebnis\n    einheit: "%"\n    richtung: sinkend\n'
        f"    werte: {{2024: 12, 2026: 11}}\n    ziel: {{jahr: 2032, wert: {s.z.randint(3, 9)}}}\n"
        for f in range(1, felder + 1)
    )
    return (
        kopf
        + kapitel
        + ziele
        + handlungsfelder
        + "massnahmen:\n"
        + "".join(massnahme(i, felder, welches) for i in range(1, anzahl + 1))
        + indikatoren
    )


def projekt(ordner: Path, anzahl: int, zahl: int = 1) -> list[Path]:
    """``zahl`` concepts of ``anzahl`` measures as a project in a folder; their files."""
    dateien = []
    for n in range(zahl):
        kennung = f"messung-{anzahl}" + (f"-{n + 1}" if zahl > 1 else "")
        datei = ordner / "concepts" / kennung / "2026.yaml"
        datei.parent.mkdir(parents=True, exist_ok=True)
        text = konzept(anzahl, kennung, n)
        datei.write_text(text, encoding="utf-8")
        dateien.append(datei)
    return dateien


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("anzahl", type=int)
    parser.add_argument("ordner", type=Path)
    parser.add_argument("--zahl", type=int, default=1)
    angaben = parser.parse_args()
    projekt(angaben.ordner, angaben.anzahl, angaben.zahl)
