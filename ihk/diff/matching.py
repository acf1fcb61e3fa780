"""Which object of the new Fassung is which of the old one where the ids say nothing: equal, recognised, or only a guess.

Ids and declared links come first; what ended, or takes part in a declared link, is never guessed about. All weights are
integers (ten-thousandths), so that no rounding can differ from one machine to the next.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any

from ihk.diff.changeset import Vorschlag, Zuordnungsart
from ihk.diff.fields import felder, mit_neuen_kennungen
from ihk.diff.lineage import Herkunft
from ihk.diff.things import Ding, Schluessel
from ihk.diff.words import worte
from ihk.model.types import Satz

EINS = 10_000
ERKANNT = 4_500
"""Similarity from which two objects may be the same."""
ABSTAND = 1_500
"""How far the best partner has to lie before the second best, on both sides, to be taken without asking."""
NEU_BELEGT = 2_000
"""Similarity of title and of text below which an id names something else now."""
HOECHSTENS = 1_000
"""Objects of one kind on either side that are compared each with each; beyond, only equal titles are looked at."""
UNBETEILIGTE = 10_000
"""Comparisons of candidates with objects that have a partner, on either side; few candidates meet all of them."""
ANTEIL = {"titel": 3_500, "wortpaare": 3_000, "worte": 1_500, "angaben": 2_000}
# What is referred to comes before what refers to it: the new ids of goals tell where a measure stands.
ARTEN = (
    "quelle",
    "bild",
    "indikator",
    "handlungsfeld",
    "querschnittsaufgabe",
    "ziel",
    "teilziel",
    "massnahme",
    "kapitel",
)
ANGABEN = {
    "massnahme": ("kosten.gesamt", "zeitraum.von", "traeger", "platz"),
    "teilziel": ("platz",),
    "indikator": ("einheit", "art", "richtung", "werte"),
    "kapitel": ("nach",),
    "quelle": ("jahr", "autor", "herausgeber", "url"),
    "bild": ("datei", "bildnachweis"),
}  # fmt: skip
"""Facts that speak for or against two objects being the same, besides title and text."""


@dataclass(frozen=True, slots=True)
class Treffer:
    """How the partner of a new object was found."""

    alt: Schluessel
    wie: Zuordnungsart
    guete: str


@dataclass(slots=True)
class Zuordnung:
    """Partners across ids, and what was noticed on the way."""

    treffer: dict[Schluessel, Treffer] = field(default_factory=dict)
    """New object → its old one, for those whose id changed."""
    vorschlaege: list[Vorschlag] = field(default_factory=list)
    nur_titel: list[str] = field(default_factory=list)
    """Kinds with too many candidates to compare each with each."""
    neu_belegt: list[tuple[Ding, Ding]] = field(default_factory=list)

    @property
    def umbenannt(self) -> dict[str, str]:
        """Old id → new id."""
        return {t.alt[1]: neu[1] for neu, t in self.treffer.items()}


@dataclass(frozen=True, slots=True)
class Merkmale:
    """What the similarity of an object is made of."""

    titel: frozenset[str]
    worte: frozenset[str]
    wortpaare: frozenset[tuple[str, str]]
    angaben: tuple[Any, ...]


def zuordnen(vorher: dict[Schluessel, Ding], nachher: dict[Schluessel, Ding], neu: Herkunft) -> Zuordnung:
    """Partners for objects that are without one by id; only among objects of the same kind."""
    z = Zuordnung(neu_belegt=list(_neu_belegte(vorher, nachher)))
    uebrig_alt = _kandidaten(vorher, nachher, neu.mit_nachfolgern)
    if not uebrig_alt:
        return z
    bekannt = {kennung for _, kennung in vorher}
    erklaert = {kennung for kennung in neu.beteiligt if not bekannt.isdisjoint(neu.eltern(kennung))}
    uebrig_neu = _kandidaten(nachher, vorher, erklaert)
    for art in ARTEN:
        a, n = uebrig_alt.get(art, []), uebrig_neu.get(art, [])
        if a and n:
            _art(z, art, a, n, _andere(vorher, art, a), _andere(nachher, art, n))
    return z


def _andere(hier: dict[Schluessel, Ding], art: str, kandidaten: list[Ding]) -> list[Ding]:
    """The other objects of a kind: who looks as much like one of them is like everybody, and nobody in particular."""
    schon = {d.id for d in kandidaten}
    return [d for d in hier.values() if d.art == art and d.id not in schon]


def _kandidaten(
    hier: dict[Schluessel, Ding], dort: dict[Schluessel, Ding], erklaert: Set[str]
) -> dict[str, list[Ding]]:
    """By kind: objects that are only on this side, go on, and take part in no declared link."""
    ergebnis: dict[str, list[Ding]] = {}
    for name, ding in hier.items():
        if ding.lage is None or name in dort or ding.id in erklaert or getattr(ding.satz, "beendet", False):
            continue
        if getattr(ding.satz, "beendet_in", None) is None:
            ergebnis.setdefault(ding.art, []).append(ding)
    return ergebnis


def _art(z: Zuordnung, art: str, alt: list[Ding], neu: list[Ding], rest_alt: list[Ding], rest_neu: list[Ding]) -> None:
    """Partners of one kind; ``rest`` are the objects on either side that have one or need none."""
    umbenannt = z.umbenannt
    for a, n in _gleiche(alt, neu, rest_alt, rest_neu, umbenannt):
        z.treffer[n.schluessel] = Treffer(a.schluessel, "gleich", "1.00")
    fertig = {t.alt for t in z.treffer.values()}
    alt = [a for a in alt if a.schluessel not in fertig]
    neu = [n for n in neu if n.schluessel not in z.treffer]
    if not alt or not neu:
        return
    if len(alt) > HOECHSTENS or len(neu) > HOECHSTENS:
        z.nur_titel.append(art)
        for a, n in _gleiche_titel(alt, neu):
            if (guete := aehnlichkeit(merkmale(a, umbenannt), merkmale(n, {}))) >= ERKANNT:
                z.treffer[n.schluessel] = Treffer(a.schluessel, "erkannt", _als_text(guete))
        return
    dazu_alt, dazu_neu = (min(HOECHSTENS, UNBETEILIGTE // len(andere)) for andere in (neu, alt))
    ma = [merkmale(a, umbenannt) for a in (*alt, *rest_alt[:dazu_alt])]
    mn = [merkmale(n, {}) for n in (*neu, *rest_neu[:dazu_neu])]
    for i, k, guete, deutlich in _gegenseitig_beste(ma, mn, len(alt), len(neu)):
        a, n = alt[i], neu[k]
        if deutlich:
            z.treffer[n.schluessel] = Treffer(a.schluessel, "erkannt", _als_text(guete))
        else:
            z.vorschlaege.append(Vorschlag(art, a.id, n.id, a.titel, n.titel, _als_text(guete)))


def _als_text(guete: int) -> str:
    """Rounded down: what is said to be 1.00 is equal."""
    return f"{guete // EINS}.{guete % EINS // 100:02}"


def _gleiche(
    alt: list[Ding], neu: list[Ding], rest_alt: list[Ding], rest_neu: list[Ding], umbenannt: dict[str, str]
) -> Iterator[tuple[Ding, Ding]]:
    """Objects with the same content, once on either side."""
    titel = {d.titel for d in (*alt, *neu)}
    a = _einmalige([*alt, *(d for d in rest_alt if d.titel in titel)], umbenannt)
    n = _einmalige([*neu, *(d for d in rest_neu if d.titel in titel)], {})
    kandidaten = {d.schluessel for d in (*alt, *neu)}
    for inhalt, ding in n.items():
        davor = a.get(inhalt)
        if ding is not None and davor is not None and {ding.schluessel, davor.schluessel} <= kandidaten:
            yield davor, ding


def _einmalige(liste: list[Ding], umbenannt: dict[str, str]) -> dict[str, Ding | None]:
    """By content; None where it stands twice. An object that says nothing is like any other that says nothing."""
    ergebnis: dict[str, Ding | None] = {}
    for ding in liste:
        werte = {p: mit_neuen_kennungen(w, umbenannt) for p, w in ding.felder.items()}
        if any(w.vergleich.art in ("text", "prosa") for w in ding.felder.values()):
            inhalt = json.dumps([werte, _platz(ding, umbenannt)], sort_keys=True, ensure_ascii=False)
            ergebnis[inhalt] = None if inhalt in ergebnis else ding
    return ergebnis


def _platz(ding: Ding, umbenannt: Mapping[str, str]) -> str | None:
    pfad = ding.lage.pfad if ding.lage else ()
    return umbenannt.get(pfad[-1], pfad[-1]) if pfad else None


def merkmale(ding: Ding, umbenannt: Mapping[str, str]) -> Merkmale:
    """Title, text and facts of an object; references to renamed objects under their new id.

    Read from the record itself: of thousands of objects only these few fields are wanted.
    """
    satz = ding.satz
    assert satz is not None
    # What is said about it, not what is told of its course (Bilanz, remarks): that is new in every Fassung.
    folge = worte(" ".join(text for name in _prosafelder(type(satz)) if (text := getattr(satz, name))))
    return Merkmale(
        frozenset(worte(getattr(satz, "titel", None) or "")), frozenset(folge), frozenset(pairwise(folge)),
        tuple(_angabe(ding, name, umbenannt) for name in ANGABEN.get(ding.art, ())),
    )  # fmt: skip


@cache
def _prosafelder(klasse: type[Satz]) -> tuple[str, ...]:
    return tuple(f.name for f in felder(klasse) if f.form == "blatt" and f.vergleich.art == "prosa")


def _angabe(ding: Ding, name: str, umbenannt: Mapping[str, str]) -> Any:
    if name == "platz":
        return _platz(ding, umbenannt)
    wert: Any = ding.satz
    for teil in name.split("."):
        wert = getattr(wert, teil, None)
    return umbenannt.get(wert, wert) if name == "nach" else wert or None


def aehnlichkeit(a: Merkmale, b: Merkmale) -> int:
    """0 to 10,000. What is absent on both sides speaks for nothing: two bare titles are never enough."""
    return _summe(a, b, len(a.wortpaare & b.wortpaare))


def _summe(a: Merkmale, b: Merkmale, paare: int) -> int:
    """The similarity, where the number of common pairs of words is known. Facts alone say nothing."""
    titel = len(a.titel & b.titel)
    if not paare and not titel:
        return 0
    ergebnis = ANTEIL["angaben"] * _gemeinsame(a.angaben, b.angaben)
    if paare:
        ergebnis += ANTEIL["wortpaare"] * (2 * EINS * paare // (len(a.wortpaare) + len(b.wortpaare)))
    if titel:
        ergebnis += ANTEIL["titel"] * (2 * EINS * titel // (len(a.titel) + len(b.titel)))
    if a.worte and b.worte:
        ergebnis += ANTEIL["worte"] * (2 * EINS * len(a.worte & b.worte) // (len(a.worte) + len(b.worte)))
    return ergebnis // EINS


def _reihen(a: list[Merkmale], b: list[Merkmale]) -> Iterator[list[int]]:
    """The similarity of each of ``a`` to each of ``b``. Common pairs of words are counted by where they stand: few have any."""
    stellen: dict[tuple[str, str], list[int]] = {}
    for k, m in enumerate(b):
        for paar in m.wortpaare:
            stellen.setdefault(paar, []).append(k)
    for m in a:
        gemeinsam = [0] * len(b)
        for paar in m.wortpaare:
            for k in stellen.get(paar, ()):
                gemeinsam[k] += 1
        yield [_summe(m, n, gemeinsam[k]) for k, n in enumerate(b)]


def _dice(a: frozenset[Any], b: frozenset[Any]) -> int:
    return 2 * EINS * len(a & b) // (len(a) + len(b)) if a and b else 0


def _gemeinsame(a: tuple[Any, ...], b: tuple[Any, ...]) -> int:
    """Share of equal facts among those that either side states."""
    genannt = gleich = 0
    for x, y in zip(a, b, strict=True):
        if x is not None or y is not None:
            genannt += 1
            gleich += x == y
    return EINS * gleich // genannt if genannt else 0


def _gleiche_titel(alt: list[Ding], neu: list[Ding]) -> Iterator[tuple[Ding, Ding]]:
    """Pairs with the same title, once on either side."""
    seiten = []
    for liste in (alt, neu):
        haeufig = Counter(d.titel for d in liste)
        seiten.append({d.titel: d for d in liste if haeufig[d.titel] == 1})
    yield from ((seiten[0][titel], n) for titel, n in seiten[1].items() if titel in seiten[0])


def _gegenseitig_beste(
    a: list[Merkmale], b: list[Merkmale], kandidaten_a: int, kandidaten_b: int
) -> Iterator[tuple[int, int, int, bool]]:
    """Pairs of candidates in which each is the other's best of all, from the threshold on, and whether by a clear margin."""
    zeilen = list(_reihen(a[:kandidaten_a], b))
    unten = list(_reihen(a[kandidaten_a:], b[:kandidaten_b]))
    beste_b = [_beste([*(z[k] for z in zeilen), *(z[k] for z in unten)]) for k in range(kandidaten_b)]
    for i, zeile in enumerate(zeilen):
        k, guete, abstand = _beste(zeile)
        if guete < ERKANNT or k >= kandidaten_b:
            continue
        gegen, _, gegenabstand = beste_b[k]
        if gegen == i:
            yield i, k, guete, min(abstand, gegenabstand) >= ABSTAND


def _beste(reihe: list[int]) -> tuple[int, int, int]:
    """Place and value of the best, and how far the next one lies behind."""
    stelle = max(range(len(reihe)), key=reihe.__getitem__)
    zweite = max((w for i, w in enumerate(reihe) if i != stelle), default=0)
    return stelle, reihe[stelle], reihe[stelle] - zweite


def _neu_belegte(vorher: dict[Schluessel, Ding], nachher: dict[Schluessel, Ding]) -> Iterator[tuple[Ding, Ding]]:
    """Objects with the same id that have nothing in common."""
    for name, n in nachher.items():
        a = vorher.get(name)
        if a is None or a.lage is None or a.titel == n.titel or n.art in ("kapitel", "bild", "quelle"):
            continue
        if not any(getattr(d.satz, "beendet_in", None) for d in (a, n)) and fremd(a, n):
            yield a, n


def fremd(a: Ding, n: Ding) -> bool:
    """Nothing in common: less than a fifth of the words of title and text; without texts, none of the facts either."""
    if _dice(frozenset(worte(a.titel)), frozenset(worte(n.titel))) >= NEU_BELEGT:
        return False
    x, y = merkmale(a, {}), merkmale(n, {})
    if x.worte and y.worte:
        return _dice(_inhaltsworte(x.worte), _inhaltsworte(y.worte)) < NEU_BELEGT
    genannt = any(p is not None and q is not None for p, q in zip(x.angaben, y.angaben, strict=True))
    return genannt and _gemeinsame(x.angaben, y.angaben) == 0


def _inhaltsworte(menge: frozenset[str]) -> frozenset[str]:
    """Without the short words that any two German texts share."""
    return frozenset(w for w in menge if len(w) > 3) or menge
