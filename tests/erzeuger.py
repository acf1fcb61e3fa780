"""Concepts and edits by the thousand, built as records without YAML: what one seed makes is always the same."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from ihk.model import Konzeptfassung
from ihk.model.bestandteile import (
    Aenderung,
    Analyse,
    Beratung,
    Beschluss,
    Bild,
    Ereignis,
    Fassung,
    Gebiet,
    Handlungsfeld,
    Indikator,
    Kapitel,
    Konzept,
    Organisation,
    Quelle,
    Querschnittsaufgabe,
    Schwellen,
    Teilziel,
    Ziel,
    Zielwert,
)
from ihk.model.load import Geladen, Orte
from ihk.model.massnahme import STATUS, Anteil, Bewilligung, Kosten, Massnahme, Schritt, Standort, Zeitraum
from ihk.model.types import Satz
from ihk.reading.files import Quelltext
from ihk.reading.source import Mapping
from ihk.reading.values import Genauigkeit, Zeitpunkt

WORTE = [
    "Platz", "Park", "Haus", "Spielplatz", "Nachbarn", "am Markt", "im Osten", "neu", "250.000 €", "12 Mio. Euro", "soll", "wird", "prüft", "–", "-",
    "„Mitte“", '"Mitte"', "barrierefrei", "Straßen\u00adbahn", "Café", "Cafe\u0301", "30 %", "30\u00a0%", "m²", "Bürger:innen", "31.12.2027", "und", "die",
    "sanieren.", "Bäume,", "Bänke", "[M01]", "\n\n- erstens", "\n\n",
]  # fmt: skip
QUELLE = Quelltext("konzept.yaml", {"": b""})
ORTE = Orte(Mapping("konzept.yaml", 1, 1))


def als_geladen(k: Konzeptfassung) -> Geladen:
    return Geladen(QUELLE, k, ORTE, (), frozenset())


def mit(satz: Any, **werte: Any) -> Any:
    """The same record with other values; whatever it computed before is forgotten."""
    felder = {name: getattr(satz, name) for name in type(satz).model_fields}
    return type(satz).model_construct(**{**felder, **werte})


class Erzeuger:
    """Everything random comes from one seed."""

    def __init__(self, saat: int) -> None:
        self.z = random.Random(saat)

    def text(self, laenge: int = 12) -> str:
        return " ".join(self.z.choices(WORTE, k=self.z.randint(1, laenge))).strip() or "Platz"

    def titel(self) -> str:
        return " ".join(self.text(3).split())

    def vielleicht(self, wert: Callable[[], Any], leer: Any = None) -> Any:
        return wert() if self.z.random() < 0.6 else leer

    def geld(self) -> int:
        return self.z.choice([0, 1, 9_000_000, self.z.randint(0, 10**9)])

    def zeitpunkt(self) -> Zeitpunkt:
        jahr = self.z.randint(2019, 2030)
        arten: list[tuple[Genauigkeit, int, int]] = [
            ("jahr", 1, 1),
            ("monat", 3, 1),
            ("quartal", 4, 1),
            ("tag", 12, 31),
        ]
        art, monat, tag = self.z.choice(arten)
        return Zeitpunkt(art, date(jahr, monat, tag))

    def einige(self, aus: list[str], hoechstens: int = 3) -> tuple[str, ...]:
        return tuple(self.z.sample(aus, self.z.randint(0, min(hoechstens, len(aus)))))

    def dezimal(self) -> Decimal:
        return Decimal(self.z.choice(["8", "8.0", "12.5", "12.50", "0.1", "99"]))

    # Records.

    def massnahme(self, kennung: str) -> Massnahme:
        return Massnahme.model_construct(
            id=kennung, titel=self.titel(), **{f: w() for f, w in self._massnahme().items()}
        )

    def _massnahme(self) -> dict[str, Callable[[], Any]]:
        """Every kind of field, with a way of filling it."""
        z = self.z
        return {
            "nummer": lambda: z.choice([None, None, None, "7", "8.1"]),
            "handlungsfeld": lambda: z.choice([None, "HF1", "HF2"]),
            "teilziele": lambda: self.einige(["T1", "T2", "T3"], 2) or ("T1",),
            "querschnittsaufgaben": lambda: self.einige(["QA1"], 1),
            "traeger": lambda: z.choice([None, "Stadt", "Land", "Verein"]),
            "beteiligte": lambda: self.einige(["A", "B", "C", "D"]),
            "status": lambda: z.choice([None, *STATUS]),
            "schluesselmassnahme": lambda: z.random() < 0.2,
            "zeitraum": lambda: self.vielleicht(lambda: Zeitraum.model_construct(von=self.vielleicht(self.zeitpunkt), bis=self.zeitpunkt())),
            "standort": lambda: self.vielleicht(lambda: Standort.model_construct(text=self.titel(), punkt=(self.dezimal(), self.dezimal()))),
            "beschreibung": lambda: self.vielleicht(self.text),
            "ziel": lambda: self.vielleicht(lambda: self.text(40)),
            "schritte": lambda: tuple(
                Schritt.model_construct(text=self.text(4), termin=self.vielleicht(self.zeitpunkt), erledigt=z.random() < 0.3) for _ in range(z.randint(0, 4))
            ),
            "risiken": lambda: tuple(self.text(5) for _ in range(z.randint(0, 3))),
            "indikatoren": lambda: self.einige(["I1"], 1),
            "beschluss": lambda: self.vielleicht(lambda: Beschluss.model_construct(gremium="Rat", datum=date(2024, 1, z.randint(1, 28)))),
            "kosten": lambda: self.vielleicht(self.kosten),
            "teil_von": lambda: z.choice([None, None, None, "M01"]),
            "unbekannt": lambda: z.choice([{}, {}, {"zielgruppe": "Keine Quelle."}]),
            "belege": lambda: z.choice([(), ("Q1",), {"kosten": ("Q1",), "titel": ("Q2", "Q1")}]),
            "begruendung": lambda: z.choice([None, None, "Der Rat wollte es."]),
            "veranlasst_durch": lambda: z.choice([None, "Beirat"]),
            "aufgegangen_in": lambda: z.choice([(), (), (), (), (), ("M02",)]),
            "hervorgegangen_aus": lambda: z.choice([(), (), (), (), (), ("M01",), ("M01", "M03")]),
            "beendet_in": lambda: z.choice([None] * 9 + ["2019"]),
        }  # fmt: skip

    def kosten(self) -> Kosten:
        z = self.z
        geber = z.sample(["bund", "land", "kommune", "eu"], z.randint(0, 3))
        return Kosten.model_construct(
            gesamt=self.vielleicht(self.geld),
            folgekosten=self.vielleicht(self.geld),
            jahre={j: self.geld() for j in sorted(z.sample(["2023", "2024", "2025"], z.randint(0, 3)))},
            finanzierung=tuple(
                Anteil.model_construct(geber=g, betrag=self.vielleicht(self.geld), programm=z.choice([None, "sozialer-zusammenhalt"]), nachrichtlich=g == "eu")
                for g in geber
            ),
            bewilligungen=tuple(Bewilligung.model_construct(programmjahr=2020 + i, betrag=self.geld()) for i in range(z.randint(0, 2))),
        )  # fmt: skip

    def konzept(self, groesse: int) -> Konzeptfassung:
        return Konzeptfassung.model_construct(**{name: wert() for name, wert in self._abschnitte(groesse).items()})

    def _abschnitte(self, groesse: int) -> dict[str, Callable[[], Any]]:
        """Every section, with a way of filling it."""
        z = self.z
        ids = [f"M{i:02}" for i in range(1, groesse + 1)]
        z.shuffle(ids)
        return {
            "format": lambda: 1,
            "konzept": lambda: Konzept.model_construct(
                id="k", titel=self.titel(), programme=self.einige(["a", "b", "c"]),
                gebiet=self.vielleicht(lambda: Gebiet.model_construct(name="Ost", flaeche_ha=self.dezimal(), einwohner=z.randint(1, 9999))),
                ereignisse=tuple(Ereignis.model_construct(datum=self.zeitpunkt(), text=self.text(3)) for _ in range(z.randint(0, 3))),
                foerderobergrenze=self.vielleicht(self.geld), nummerierung=z.choice(["handlungsfeld", "laufend"]),
            ),
            "fassung": lambda: Fassung.model_construct(
                id="2024", status=z.choice([None, "entwurf"]), stand=self.vielleicht(self.zeitpunkt),
                beratungsfolge=tuple(Beratung.model_construct(gremium=z.choice(["Rat", "Ausschuss"]), datum=self.vielleicht(lambda: date(2024, 5, 1))) for _ in range(z.randint(0, 2))),
            ),
            "kapitel": lambda: tuple(Kapitel.model_construct(id=i, text=self.vielleicht(self.text)) for i in z.sample(["ausgangslage", "eigenes", "drittes"], z.randint(0, 3))),
            "bilder": lambda: tuple(Bild.model_construct(id=i, datei=f"{i}.png", alt=self.vielleicht(self.text)) for i in self.einige(["B1", "B2"], 2)),
            "analyse": lambda: self.vielleicht(lambda: Analyse.model_construct(staerken=tuple(self.text(3) for _ in range(z.randint(0, 4))))),
            "ziele": lambda: (
                Ziel.model_construct(id="Z1", titel=self.titel(), teilziele=(Teilziel.model_construct(id="T1", titel="Eins"), Teilziel.model_construct(id="T2", titel=self.titel()))),
                Ziel.model_construct(id="Z2", titel="Zwei", beschreibung=self.vielleicht(self.text), teilziele=(Teilziel.model_construct(id="T3", titel=self.titel()),)),
            ),
            "handlungsfelder": lambda: (Handlungsfeld.model_construct(id="HF1", titel="Wohnen"), Handlungsfeld.model_construct(id="HF2", titel=self.titel())),
            "querschnittsaufgaben": lambda: (Querschnittsaufgabe.model_construct(id="QA1", titel="Beteiligung"),),
            "massnahmen": lambda: tuple(self.massnahme(i) for i in ids),
            "indikatoren": lambda: (Indikator.model_construct(id="I1", titel="Leerstand", richtung="sinkend", werte={"2019": self.dezimal()}, ziel=Zielwert.model_construct(jahr=2029, wert=self.dezimal())),),
            "organisation": lambda: tuple(Organisation.model_construct(titel=f"Stelle {i}", aufgabe=self.text(4)) for i in range(z.randint(0, 2))),
            "quellen": lambda: tuple(Quelle.model_construct(id=i, titel=self.titel()) for i in ("Q1", "Q2")),
            "aenderungen": lambda: tuple(Aenderung.model_construct(objekt=o, grund=self.text(3)) for o in self.einige(["T1", "konzept.gebiet", "M01.kosten"], 2)),
            "vergleich": lambda: z.choice([None, None, Schwellen.model_construct(kosten_prozent=Decimal(25), ende_monate=6)]),
            "unbekannt": lambda: z.choice([{}, {}, {"indikatoren": "Keine Quelle."}]),
        }  # fmt: skip

    # Edits.

    def geaendert(self, k: Konzeptfassung, eingriffe: int) -> Konzeptfassung:
        for _ in range(eingriffe):
            k = self.z.choices([f for f, _ in EINGRIFFE], [g for _, g in EINGRIFFE])[0](self, k)
        return k

    def _feld(self, k: Konzeptfassung) -> Konzeptfassung:
        """One field of one measure."""
        i = self.z.randrange(len(k.massnahmen)) if k.massnahmen else -1
        if i < 0:
            return k
        name, wert = self.z.choice(list(self._massnahme().items()))
        return _ersetzt(k, i, mit(k.massnahmen[i], **{name: wert()}))

    def _worte(self, k: Konzeptfassung) -> Konzeptfassung:
        """Some words of a text: taken out, put in, exchanged, or only set differently."""
        i = self.z.randrange(len(k.massnahmen)) if k.massnahmen else -1
        if i < 0 or not (alt := k.massnahmen[i].ziel):
            return k
        worte = alt.split(" ")
        for _ in range(self.z.randint(1, 3)):
            von = self.z.randint(0, len(worte))
            worte[von : von + self.z.randint(0, 2)] = self.z.choices(WORTE, k=self.z.randint(0, 2))
        neu = " ".join(worte).strip() or "Platz"
        return _ersetzt(k, i, mit(k.massnahmen[i], ziel=neu.replace("–", "-") if self.z.random() < 0.3 else neu))

    def _neu(self, k: Konzeptfassung) -> Konzeptfassung:
        frei = [f"M{i:02}" for i in range(1, 20) if f"M{i:02}" not in {m.id for m in k.massnahmen}]
        stelle = self.z.randint(0, len(k.massnahmen))
        neue = self.massnahme(self.z.choice(frei))
        return mit(k, massnahmen=(*k.massnahmen[:stelle], neue, *k.massnahmen[stelle:]))

    def _weg(self, k: Konzeptfassung) -> Konzeptfassung:
        liste = list(k.massnahmen)
        if liste:
            del liste[self.z.randrange(len(liste))]
        return mit(k, massnahmen=tuple(liste))

    def _umgestellt(self, k: Konzeptfassung) -> Konzeptfassung:
        liste = list(k.massnahmen)
        self.z.shuffle(liste)
        return mit(k, massnahmen=tuple(liste))

    def _grabstein(self, k: Konzeptfassung) -> Konzeptfassung:
        i = self.z.randrange(len(k.massnahmen)) if k.massnahmen else -1
        if i < 0:
            return k
        m = k.massnahmen[i]
        return _ersetzt(k, i, Massnahme.model_construct(id=m.id, titel=m.titel, status="entfallen", beendet_in="2024"))

    def _andere_kennung(self, k: Konzeptfassung) -> Konzeptfassung:
        i = self.z.randrange(len(k.massnahmen)) if k.massnahmen else -1
        kennung = f"P{self.z.randint(1, 5)}"
        if i < 0 or kennung in k.nach_id:
            return k
        return _ersetzt(k, i, mit(k.massnahmen[i], id=kennung))

    def _rest(self, k: Konzeptfassung) -> Konzeptfassung:
        """Another section as a whole, as a new concept would have it."""
        name = self.z.choice(["konzept", "fassung", "kapitel", "bilder", "analyse", "ziele", "handlungsfelder", "indikatoren", "organisation", "quellen", "aenderungen", "vergleich", "unbekannt"])  # fmt: skip
        return mit(k, **{name: self._abschnitte(0)[name]()})

    def _teilziel_zieht_um(self, k: Konzeptfassung) -> Konzeptfassung:
        a, b = k.ziele
        if not a.teilziele:
            return k
        umzug = a.teilziele[-1]
        return mit(k, ziele=(mit(a, teilziele=a.teilziele[:-1]), mit(b, teilziele=(umzug, *b.teilziele))))


EINGRIFFE: list[tuple[Callable[[Erzeuger, Konzeptfassung], Konzeptfassung], int]] = [
    (Erzeuger._feld, 10), (Erzeuger._worte, 4), (Erzeuger._neu, 2), (Erzeuger._weg, 2), (Erzeuger._umgestellt, 1), (Erzeuger._grabstein, 1),
    (Erzeuger._andere_kennung, 2), (Erzeuger._rest, 4), (Erzeuger._teilziel_zieht_um, 1),
]  # fmt: skip


def _ersetzt(k: Konzeptfassung, i: int, m: Satz) -> Konzeptfassung:
    return mit(k, massnahmen=(*k.massnahmen[:i], m, *k.massnahmen[i + 1 :]))
