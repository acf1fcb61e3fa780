"""The steps of the comparison are quick; here each is held against the plain way, which tries everything on short rows."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ihk.diff import lists, words
from ihk.diff.words import Block

REIHEN = st.lists(st.sampled_from("abc"), max_size=7)
TABELLEN = st.integers(1, 4).flatmap(
    lambda breite: st.lists(st.lists(st.sampled_from([0, 0, 1, 2, 5]), min_size=breite, max_size=breite), max_size=4)
)


def _laengste(p: list[str], q: list[str]) -> int:
    """Length of the longest common subsequence: the longest of all subsequences of ``p`` that ``q`` has too."""
    for laenge in range(len(p), 0, -1):
        for folge in combinations(p, laenge):
            rest = iter(q)
            if all(t in rest for t in folge):
                return laenge
    return 0


def _schwerste(gewicht: list[list[int]]) -> int:
    """The greatest total of pairs in order, by trying each set of rows with each set of columns."""
    zeilen, spalten = range(len(gewicht)), range(len(gewicht[0]) if gewicht else 0)
    return max(
        sum(gewicht[i][k] for i, k in zip(wahl, dazu, strict=True))
        for n in range(min(len(zeilen), len(spalten)) + 1)
        for wahl in combinations(zeilen, n)
        for dazu in combinations(spalten, n)
    )


def _ersetzt(p: list[str], q: list[str], bloecke: list[Block]) -> list[str]:
    """``p`` with each block replaced by its part of ``q``."""
    ergebnis, i = [], 0
    for a0, a1, b0, b1 in bloecke:
        ergebnis += [*p[i:a0], *q[b0:b1]]
        i = a1
    return ergebnis + p[i:]


# --- lists ----------------------------------------------------------------------------------------------------------


@given(REIHEN, REIHEN)
def test_von_zwei_listen_bleibt_so_viel_wie_moeglich_stehen(alt: list[str], neu: list[str]) -> None:
    stuecke = lists.stuecke(alt, neu, paare=False)
    assert [s[1] for s in stuecke if s[0] != "+"] == alt
    assert [s[1] for s in stuecke if s[0] != "-"] == neu
    assert sum(s[0] == "=" for s in stuecke) == _laengste(alt, neu)


@given(TABELLEN)
def test_die_paare_zweier_listen_haben_zusammen_das_meiste_gemeinsam(gewicht: list[list[int]]) -> None:
    paare = lists._bester_weg(gewicht)
    assert all(eins[0] < zwei[0] and eins[1] < zwei[1] for eins, zwei in pairwise(paare))
    assert all(gewicht[i][k] for i, k in paare)
    assert sum(gewicht[i][k] for i, k in paare) == _schwerste(gewicht)


@pytest.mark.parametrize(
    ("alt", "neu", "erwartet"),
    [
        (["Planen"], ["Bauen"], [("-", "Planen"), ("+", "Bauen")]),
        (["Bäume pflanzen"], ["Bäume bestellen und pflanzen"], [("~", "Bäume pflanzen", "Bäume bestellen und pflanzen")]),
        (["Bäume pflanzen", "Wege"], ["Bänke", "Bäume jetzt pflanzen"], [("+", "Bänke"), ("~", "Bäume pflanzen", "Bäume jetzt pflanzen"), ("-", "Wege")]),
        # Half of the words in common is enough, less is not.
        (["eins zwei drei"], ["eins zwei vier fünf sechs"], [("~", "eins zwei drei", "eins zwei vier fünf sechs")]),
        (["eins zwei drei"], ["eins vier fünf"], [("-", "eins zwei drei"), ("+", "eins vier fünf")]),
        # A step is named by its text: another date is a change of it, another text is another step.
        ([{"text": "Planen", "termin": "2024"}], [{"text": "Planen", "termin": "2025"}], ["~"]),
        ([{"text": "Planen", "termin": "2024"}], [{"text": "Bauen", "termin": "2024"}], ["-", "+"]),
        # The more fields are equal, the better the pair.
        (
            [{"text": "Planen", "termin": "2024", "erledigt": True}],
            [{"text": "Planen", "termin": "2030", "erledigt": False}, {"text": "Planen", "termin": "2024", "erledigt": False}],
            ["+", "~"],
        ),
        # Without a name all fields but one have to be equal, and more than one.
        ([{"a": 1, "b": 2, "c": 3}], [{"a": 1, "b": 2, "c": 4}], ["~"]),
        ([{"a": 1, "b": 2, "c": 3}], [{"a": 1, "b": 5, "c": 4}], ["-", "+"]),
        ([{"a": 1, "b": 2}], [{"a": 1, "b": 3}], ["-", "+"]),
        ([1, 2], [1, 3], [("=", 1), ("-", 2), ("+", 3)]),
    ],
)  # fmt: skip
def test_was_in_einer_liste_derselbe_eintrag_ist(alt: list[Any], neu: list[Any], erwartet: list[Any]) -> None:
    stuecke = lists.stuecke(alt, neu)
    assert [s[0] if isinstance(erwartet[0], str) else s for s in stuecke] == erwartet
    zurueck = lists.stuecke(neu, alt)
    assert sorted(s[0] for s in zurueck) == sorted({"-": "+", "+": "-"}.get(s[0], s[0]) for s in stuecke)


@pytest.mark.parametrize(("anzahl", "verglichen"), [(500, True), (501, False)])
def test_ueber_250000_zellen_wird_eine_liste_ersetzt(anzahl: int, verglichen: bool) -> None:
    alt = ["x", *(f"alt {i}" for i in range(anzahl - 1))]
    neu = [*(f"neu {i}" for i in range(499)), "x"]
    for stuecke in (lists.stuecke(alt, neu), lists.stuecke(neu, alt)):
        assert (("=", "x") in stuecke) is verglichen


@pytest.mark.parametrize(("anzahl", "verglichen"), [(100, True), (101, False)])
def test_ueber_10000_paaren_wird_nicht_gefragt_was_zusammengehoert(anzahl: int, verglichen: bool) -> None:
    alt = [f"Platz {i} grün" for i in range(anzahl)]
    neu = [f"Platz {i} bunt" for i in range(100)]
    assert {s[0] for s in lists.stuecke(alt, neu)} == ({"~"} if verglichen else {"-", "+"})


# --- words ----------------------------------------------------------------------------------------------------------


@given(REIHEN, REIHEN, st.integers(0, 14))
def test_die_laengste_gemeinsame_folge(p: list[str], q: list[str], grenze: int) -> None:
    aenderungen = len(p) + len(q) - 2 * _laengste(p, q)
    bloecke = words._gemeinsame_folge(p, q, grenze)
    if aenderungen > grenze:
        assert bloecke is None
    else:
        assert bloecke is not None
        assert sum(a1 - a0 + b1 - b0 for a0, a1, b0, b1 in bloecke) == aenderungen
        assert all(a0 > a1 or b0 > b1 for (a0, _, b0, _), (_, a1, _, b1) in pairwise(bloecke))
        assert _ersetzt(p, q, bloecke[::-1]) == q


@given(TABELLEN)
def test_die_paare_von_absaetzen_haben_zusammen_das_meiste_gemeinsam(gewicht: list[list[int]]) -> None:
    """Paragraphs as sets of words: what row and column have in common is a word of their own, as often as it weighs."""
    breite = len(gewicht[0]) if gewicht else 0
    p = [frozenset(f"{i}/{k}/{n}" for k in range(breite) for n in range(zeile[k])) for i, zeile in enumerate(gewicht)]
    q = [frozenset(f"{i}/{k}/{n}" for i, z in enumerate(gewicht) for n in range(z[k])) for k in range(breite)]
    for schwelle in (1, 300, 700):
        guete = [[d if (d := words._dice(s, t)) >= schwelle else 0 for t in q] for s in p]
        paare = words._paare(p, q, schwelle)
        assert all(eins[0] < zwei[0] and eins[1] < zwei[1] for eins, zwei in pairwise(paare))
        assert all(guete[i][k] for i, k in paare)
        assert sum(guete[i][k] for i, k in paare) == _schwerste(guete)


@given(st.permutations(range(6)), st.permutations(range(6)))
def test_anker_sind_die_laengste_reihe_die_ihre_folge_behaelt(p: list[int], q: list[int]) -> None:
    eins, zwei = [str(n) for n in p], [str(n) for n in q]
    anker = words._anker([*eins, "doppelt", "doppelt"], ["doppelt", *zwei])
    assert len(anker) == _laengste(eins, zwei)
    assert all(eins[i] == zwei[k - 1] for i, k in anker)
    assert all(vor[0] < nach[0] and vor[1] < nach[1] for vor, nach in pairwise(anker))


@given(REIHEN, REIHEN)
def test_gleiche_raender(p: list[str], q: list[str]) -> None:
    kopf, fuss = words._raender(p, q)
    kurz = min(len(p), len(q))
    assert kopf == max(n for n in range(kurz + 1) if p[:n] == q[:n])
    assert fuss == max(n for n in range(kurz - kopf + 1) if p[len(p) - n :] == q[len(q) - n :])
    assert words._gleich_bis("".join(p), "".join(q)) == kopf


TEILE = ["Nord", "der ", "Platz. ", "Weg,\n", "- Bau\n", "Ende.\n\n"]


@st.composite
def wiederholtes(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """A row of few different parts, which repeat, and the same with some taken out on either side."""
    teil = st.sampled_from(draw(st.lists(st.sampled_from(TEILE), min_size=1, max_size=3, unique=True)))
    reihe = draw(st.lists(teil, max_size=12))
    weg, dazu = draw(st.sets(st.integers(0, 11), max_size=4)), draw(st.sets(st.integers(0, 11), max_size=2))
    return [t for n, t in enumerate(reihe) if n not in dazu], [t for n, t in enumerate(reihe) if n not in weg]


@settings(max_examples=400)
@given(wiederholtes())
def test_eine_aenderung_rueckt_an_die_beste_stelle(paar: tuple[list[str], list[str]]) -> None:
    """An insertion may stand at several places with the same result: it stands at the best of them, the first of equals."""
    p, q = paar
    links = words._gemeinsame_folge(p, q, 99)
    rechts = words._gemeinsame_folge(p[::-1], q[::-1], 99)
    assert links is not None
    assert rechts is not None
    _an_der_besten_stelle(p, q, words._verbunden(links))
    gewendet = [(len(p) - a1, len(p) - a0, len(q) - b1, len(q) - b0) for a0, a1, b0, b1 in rechts]
    _an_der_besten_stelle(p, q, words._verbunden(gewendet))


def _an_der_besten_stelle(p: list[str], q: list[str], vorher: list[Block]) -> None:
    nachher = words._gerueckt(p, q, vorher)
    assert _ersetzt(p, q, nachher) == q
    assert len(nachher) == len(vorher)
    for n, ((a0, a1, b0, b1), neu) in enumerate(zip(vorher, nachher, strict=True)):
        if a0 < a1 and b0 < b1:
            assert neu == (a0, a1, b0, b1)
            continue
        s, von, bis = (p, a0, a1) if a0 < a1 else (q, b0, b1)
        # Between the neighbours, with an equal word on either side; the one before has been moved already.
        erster = (nachher[n - 1][1] + 1 if n else 0) - a0
        letzter = (vorher[n + 1][0] - 1 if n + 1 < len(vorher) else len(p)) - a1
        moeglich = [r for r in range(erster, letzter + 1) if s[:von] + s[bis:] == s[: von + r] + s[bis + r :]]
        guete = {r: words._randguete(s, von + r) + words._randguete(s, bis + r) for r in moeglich}
        bestes = min(r for r in moeglich if guete[r] == max(guete.values()))
        assert neu == (a0 + bestes, a1 + bestes, b0 + bestes, b1 + bestes)


@pytest.mark.parametrize(
    ("vor", "nach", "guete"),
    [
        ("", "Die ", 5), ("Ende.", "", 5), ("Ende.\n\n", "Die ", 5), ("- Bau\n", "- Weg", 4), ("Platz. ", "Die ", 4), ("Platz! ", "„Die“ ", 4),
        ("bzw. ", "der ", 1), ("Weg, ", "der ", 2), ("Weg – ", "der ", 2), ("Die ", "Stadt ", 1), ("Nord", "Süd ", 0),
    ],
)  # fmt: skip
def test_wo_eine_aenderung_gut_beginnt(vor: str, nach: str, guete: int) -> None:
    teile = [t for t in (vor, nach) if t]
    assert words._randguete(teile, 1 if vor else 0) == guete


def _mengen(*teile: str) -> list[frozenset[str]]:
    return [frozenset(t.split()) for t in teile]


@pytest.mark.parametrize(
    ("alt", "neu", "paare", "erwartet"),
    [
        # One paragraph became two, and two became one: they are compared together, whichever of them is the pair.
        (["a b c d e f"], ["a b c", "d e f"], [(0, 0)], [(0, 1, 0, 2)]),
        (["a b c d e f"], ["a b c", "d e f"], [(0, 1)], [(0, 1, 0, 2)]),
        (["a b c", "d e f"], ["a b c d e f"], [(0, 0)], [(0, 2, 0, 1)]),
        (["a b c", "d e f"], ["a b c d e f"], [(1, 0)], [(0, 2, 0, 1)]),
        (["a b", "c d", "e f"], ["a b c d e f"], [(0, 0)], [(0, 3, 0, 1)]),
        (["a b", "c d", "e f"], ["a b c d e f"], [(2, 0)], [(0, 3, 0, 1)]),
        (["a b c d e f"], ["a b", "c d", "e f"], [(0, 2)], [(0, 1, 0, 3)]),
        (["a b c d e f"], ["a b", "c d", "e f"], [(0, 0)], [(0, 1, 0, 3)]),
        # What has little to do with the partner stays alone, also beside what has much.
        (["a b c", "x y z"], ["a b c d"], [(0, 0)], [(0, 1, 0, 1)]),
        (["a b", "x y", "c d"], ["a b c d"], [(0, 0)], [(0, 1, 0, 1)]),
        (["a b c", "a b x"], ["a b c d"], [(0, 0)], [(0, 1, 0, 1)]),
        (["a b c", "d x"], ["a b c d"], [(0, 0)], [(0, 1, 0, 1)]),
        # What the ones taken so far already say is not taken a second time.
        (["a b c d"], ["a b", "c d", "c d"], [(0, 0)], [(0, 1, 0, 2)]),
        (["a b c d"], ["c d", "c d", "a b"], [(0, 2)], [(0, 1, 1, 3)]),
        (["a b", "c d", "c d"], ["a b c d"], [(0, 0)], [(0, 2, 0, 1)]),
        (["c d", "c d", "a b"], ["a b c d"], [(2, 0)], [(1, 3, 0, 1)]),
        # What has a partner of its own, or belongs to the one before already, is not taken.
        (["a b", "c d"], ["a b c d", "c d"], [(0, 0), (1, 1)], [(0, 1, 0, 1), (1, 2, 1, 2)]),
        (["a b c d", "c d"], ["a b", "c d"], [(0, 0), (1, 1)], [(0, 1, 0, 1), (1, 2, 1, 2)]),
        (["a b", "c d", "e f"], ["a b c d", "c d e f"], [(0, 0), (2, 1)], [(0, 2, 0, 1), (2, 3, 1, 2)]),
        (["a b c d", "c d e f"], ["a b", "c d", "e f"], [(0, 0), (1, 2)], [(0, 1, 0, 2), (1, 2, 2, 3)]),
    ],
)  # fmt: skip
def test_was_zu_einem_absatz_dazugehoert(
    alt: list[str], neu: list[str], paare: list[tuple[int, int]], erwartet: list[Block]
) -> None:
    assert words._gruppen(_mengen(*alt), _mengen(*neu), paare) == erwartet


@pytest.mark.parametrize(
    ("dazwischen", "zeichen", "verschluckt"),
    [
        # Between two changes that are as long as this, or longer, the words do not count as having stayed.
        ("2 %", 0, True), ("2,5 %", 0, True), ("Quartiersplatz", 0, True), ("mit dem", 0, True), ("und", 0, True),
        ("mit dem Platz", 13, False), ("mit dem Platz", 14, True),
        ("neuer Platz", 66, False), ("neuer Platz", 67, True),
        ("mit dem von der bei", 19, False), ("mit dem von der bei", 20, True),
        ("fünf Worte sind hier beisammen", 180, False), ("fünf Worte sind hier beisammen", 181, True),
        ("sechs Worte sind hier nun beisammen", 9_999, False),
        ("a – b – c – d – e – – –", 180, True), ("a – b – c – d – e – – – –", 9_999, False),  # too much between to look at
    ],
)  # fmt: skip
def test_was_zufaellig_stehen_blieb(dazwischen: str, zeichen: int, verschluckt: bool) -> None:
    """Both changes have to be long: the shorter one counts, and of a change the longer side."""
    mitte = words.tokens(f"{dazwischen} ")
    a, b = ["x" * zeichen, *mitte, "x" * 9_999], ["", *mitte, "y"]
    n = len(mitte)
    assert words._ist_insel(a, b, (0, 1, 0, 1), (n + 1, n + 2, n + 1, n + 2)) is verschluckt
    assert words._ist_insel(b[::-1], a[::-1], (0, 1, 0, 1), (n + 1, n + 2, n + 1, n + 2)) is verschluckt


def test_ab_der_haelfte_der_worte_ist_es_derselbe_eintrag() -> None:
    alt = " ".join(f"w{n}" for n in range(500))
    for eigene, art in ((250, ["~"]), (251, ["-", "+"])):
        neu = " ".join([*(f"w{n}" for n in range(250)), *(f"n{n}" for n in range(eigene))])
        assert sorted(s[0] for s in lists.stuecke([alt], [neu])) == sorted(art)
