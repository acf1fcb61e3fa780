"""Redlines of changed texts beside difflib on the same words: time of the processor and length of what a reader is shown.

    python benchmarks/worte.py [MASSNAHMEN] [RUNDEN]

Each measure has four texts, and each text changed: in one place, as in a Fortschreibung, or in up to four. Both tools are given the texts as
they stand and have to name the changed words; difflib compares the same words that ``ihk`` compares, once as it comes (which
passes over frequent words) and once without that shortcut (``autojunk=False``), which is the honest equal.
The length of a redline is the number of characters shown as struck or new.
"""

from __future__ import annotations

import difflib
import random
import sys
import time
from collections.abc import Callable, Iterable
from statistics import median

from konzepte import Schreiber

from ihk.diff import words

TEXTE_JE_MASSNAHME = 4
ZIEL_ZEIT, ZIEL_LAENGE = 0.35, 1.1
Paare = list[tuple[str, str]]


def geaendert(text: str, stellen: int, z: random.Random, s: Schreiber) -> str:
    """Up to so many places of a text are others: a word, a new sentence, some words less."""
    teile = text.split(" ")
    for _ in range(z.randint(1, stellen)):
        stelle = z.randrange(len(teile))
        wurf = z.random()
        if wurf < 0.6:
            teile[stelle] = s.wort()
        elif wurf < 0.8:
            teile[stelle:stelle] = s.satz().split(" ")
        else:
            del teile[stelle : stelle + z.randint(1, 6)]
    return " ".join(teile)


def paare(massnahmen: int, stellen: int) -> Paare:
    ergebnis = []
    for i in range(massnahmen * TEXTE_JE_MASSNAHME):
        s = Schreiber(i)
        alt = s.text(2, "")
        ergebnis.append((alt, geaendert(alt, stellen, s.z, s)))
    return ergebnis


def ihk(liste: Paare) -> int:
    return sum(
        len("".join(teil[1:])) for alt, neu in liste for teil in words.compare(alt, neu).stuecke if teil[0] != "="
    )


def mit_difflib(liste: Paare, *, autojunk: bool) -> int:
    laenge = 0
    for alt, neu in liste:
        a, b = words.tokens(alt), words.tokens(neu)
        for art, a0, a1, b0, b1 in difflib.SequenceMatcher(None, a, b, autojunk=autojunk).get_opcodes():
            if art != "equal":
                laenge += len("".join(a[a0:a1])) + len("".join(b[b0:b1]))
    return laenge


def main(massnahmen: int = 1000, runden: int = 5) -> int:
    return max(messen(massnahmen, runden, stellen) for stellen in (1, 4))


EHRLICH = "difflib (autojunk=False)"
WERKZEUGE: dict[str, Callable[[Paare], int]] = {
    "ihk": ihk,
    EHRLICH: lambda p: mit_difflib(p, autojunk=False),
    "difflib, wie es kommt": lambda p: mit_difflib(p, autojunk=True),
}


def zeiten_und_laengen(
    liste: Paare, runden: int, namen: Iterable[str]
) -> tuple[dict[str, list[float]], dict[str, int]]:
    """Seconds of the processor in each round, and characters shown."""
    zeiten: dict[str, list[float]] = {name: [] for name in namen}
    laengen: dict[str, int] = {}
    ihk(liste[:20])  # what is made once belongs to the start of the program
    for _ in range(runden):  # by turns: the machine gets faster and slower
        words.compare.cache_clear()  # what the last round found must not answer this one
        for name, bisher in zeiten.items():
            beginn = time.process_time()
            laengen[name] = WERKZEUGE[name](liste)
            bisher.append(time.process_time() - beginn)
    return zeiten, laengen


def verhaeltnisse(massnahmen: int, runden: int, stellen: int) -> tuple[float, float]:
    """Time and length, each as a ratio to the honest difflib."""
    zeiten, laengen = zeiten_und_laengen(paare(massnahmen, stellen), runden, ("ihk", EHRLICH))
    return median(a / b for a, b in zip(zeiten["ihk"], zeiten[EHRLICH], strict=True)), laengen["ihk"] / laengen[EHRLICH]


def messen(massnahmen: int, runden: int, stellen: int) -> int:
    """Measure and print one table; 1 if a goal is missed."""
    liste = paare(massnahmen, stellen)
    zeiten, laengen = zeiten_und_laengen(liste, runden, WERKZEUGE)
    woerter = sum(len(alt.split()) for alt, _ in liste)
    sys.stdout.write(
        f"{massnahmen} Maßnahmen, {len(liste)} geänderte Texte, {woerter} Wörter, je Text bis zu {stellen} Stellen\n\n"
    )
    sys.stdout.write("| Werkzeug | CPU s | ihk dazu | Zeichen im Redline | ihk dazu |\n|---|---|---|---|---|\n")
    verhaeltnis: dict[str, float] = {}
    for name in WERKZEUGE:
        verhaeltnis[name] = median(a / b for a, b in zip(zeiten["ihk"], zeiten[name], strict=True))
        sys.stdout.write(
            f"| {name} | {median(zeiten[name]):.3f} | {verhaeltnis[name]:.2f} | {laengen[name]} | {laengen['ihk'] / laengen[name]:.2f} |\n"
        )
    gut = verhaeltnis[EHRLICH] <= ZIEL_ZEIT and laengen["ihk"] <= ZIEL_LAENGE * laengen[EHRLICH]
    sys.stdout.write(
        f"\nZiele (Zeit höchstens {ZIEL_ZEIT}, Länge höchstens {ZIEL_LAENGE}): {'erreicht' if gut else 'VERFEHLT'}\n\n"
    )
    return 0 if gut else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
