"""Readable comparison of two German prose texts by words: what stayed, went, came, and what is only typography."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby, pairwise

Stueck = tuple[str, ...]
"""One piece: ``("=", text)``, ``("-", alt)``, ``("+", neu)`` or, for a difference of typography only, ``("~", alt, neu)``."""

# Every limit is a count, never a time, so that a result does not depend on the machine.
GRENZE_D = 400
"""Most edits in one gap; a gap with more of them becomes one replacement."""
GRENZE_ZELLEN = 200_000_000
"""Words of one side times words of the other, all gaps together, among which common sequences are looked for."""
ZELLEN_LUECKE = 1_000_000
"""The same for one gap: a larger one is split at unique words first."""
GRENZE_PAARE = 40_000
"""Pairs of paragraphs or sentences weighed in one comparison."""
GRENZE_TIEFE = 12
"""Depth of the search for unique words between unique words."""
INSEL_WORTE = 5
"""Words that may have stayed by chance in a rewritten passage …"""
INSEL_FAKTOR = 6
"""… and how many times longer the changes on both sides of them then are; they are shown as rewritten too."""
GRENZE_RUECKEN = 100
"""Words by which an insertion may be moved to a better border."""
SATZWEISE = 600
"""Words of both sides together above which changed sentences are paired before their words are compared; below, the
words alone give the shorter redline, because a sentence may be split or joined."""
ANKERSATZ = 20
"""Characters that an equal sentence needs to hold its place; shorter ones are abbreviations and captions."""
AEHNLICH_ABSATZ = 200
"""Common words, per mille, below which two paragraphs are shown as deleted and new."""
AEHNLICH_SATZ = 500
"""Common words, per mille, from which two sentences are compared word by word."""

_STRICHE = "-\u2010\u2011\u2012\u2013\u2014\u2212"
_MARKEN = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u200d\u20d0-\u20f0\ufe00-\ufe0f\ufe20-\ufe2f"
# Soft hyphens and combining marks belong to the word, but Python's \w excludes them.
_WORT = rf"[\w\u00ad{_MARKEN}]"
_MONATE = "Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
_EINHEITEN = (
    r"Mio\.|Mrd\.|Tsd\.|Millionen|Milliarden|Tausend|Euro|EUR|Cent|Prozentpunkte|Prozent|ha|qm|m²|m³|km²|km|cm|mm|m|"
    r"kWh|MWh|GWh|kWp|kW|MW|dB|kg|t|WE|Uhr"
)
# White space inside a number: a line may be broken between "250.000" and "€", but a paragraph ends a token.
_LUFT = r"(?=\s)[^\S\n]*\n?[^\S\n]*(?!\s)"
# A number keeps its sign, its groups of three and its units: half an amount is never shown as changed.
_ZAHL = (
    rf"(?:(?<!\w)[{_STRICHE}+±])?"
    r"(?:\d{4}-\d\d-\d\d"
    rf"|\d{{1,2}}\.(?:{_LUFT})?(?:{_MONATE})(?!\w)(?:{_LUFT}\d{{4}}(?!\w))?"
    rf"|\d{{1,3}}(?:{_LUFT}\d{{3}}(?!\w))+(?:,\d+)?"
    r"|\d+(?:[.,:]\d+)*)"
    rf"(?:(?:{_LUFT})?[%‰€](?:/\w+)?|{_LUFT}(?:{_EINHEITEN})(?!\w)(?:/\w+)?)*"
    # Never in the midst of a longer number. (No possessive quantifiers: those of Python 3.11.2 match wrongly.)
    rf"(?!\w|[.,:]\d|[\u00ad{_MARKEN}]|[{_STRICHE}][^\W\d_])"
)
# Compounds, elisions and gender forms ("Bürger:innen") are one word.
_KOMPOSITUM = rf"(?:[{_STRICHE}'’]{_WORT}+|[:*](?=in(?:nen)?(?!\w)){_WORT}+|/[{_STRICHE}](?=in){_WORT}+)*"
_TOKEN = re.compile(
    # Most words: letters, then a space or a full stop. Only for speed; the other branches say the same.
    r"[^\W\d]\w*(?: (?![\s\u00ad])|(?=[.,;]))"
    r"|(?:\A[\s\u00ad]+)?"
    r"(?:https?://[^\s<>()\[\]\"]*[^\s<>()\[\]\".,;:!?]"
    rf"|[^\W\d]{_WORT}*{_KOMPOSITUM}"
    rf"|{_ZAHL}"
    rf"|\d+(?:[.,:]\d+)*{_WORT}*{_KOMPOSITUM}"
    rf"|{_WORT}+{_KOMPOSITUM}"
    rf"|[^\w\s][{_MARKEN}]*)[\s\u00ad]*"
    r"|[\s\u00ad]+"
)
_ABSATZENDE = re.compile(r"\n[^\S\n]*\n[\s\u00ad]*")
# A full stop before a letter, but not after a number or an initial; or a new list item, heading or table row.
# What follows must be the start of a token, so never a unit or a month.
_SATZENDE = re.compile(
    r"[.!?\n](?:(?<=\n)[^\S\n]*(?=[-*+#|>•])"
    r"|(?<=[.!?])(?<!\b\w.)(?<!\d.)[\"“”»’)]*\s+(?=[^\W\d_]))"
    rf"(?!(?:{_EINHEITEN}|{_MONATE})(?!\w))"
)

_ZEICHEN: dict[int, str | None] = {
    **dict.fromkeys(map(ord, _STRICHE), "-"),
    **dict.fromkeys(map(ord, "„“”«»‟"), '"'),
    **dict.fromkeys(map(ord, "‚‘’‹›‛"), "'"),
    0xAD: None,
}
# Characters that the key keeps as they are: the common case, decided without normalising.
_SCHLICHT = re.compile(r"[\x21-\x7eäöüßÄÖÜ§€éè]*")
_WORTFORM = re.compile(r"\w+")
_EIN_WORT = re.compile(r"[A-Za-zÀ-ÖØ-öø-\u024f]+ ?")
# Starts like this, after white space, no token reaches across: see _ZAHL.
_ANFANG = re.compile(rf"(?!(?:{_EINHEITEN}|{_MONATE})(?!\w))[^\W\d_]|[#*|>•(„\"]|[-–+](?!\d)")
# Where most sentences end; some texts begin each on a line of its own.
_GRENZEN = (". ", ".\n", "\n\n")
_ZEILENANFANG = re.compile(r"\n(?=\S)")
# Characters that are no white space and whose key is the character itself.
_FEST = re.compile(r"[!#-&(-,.-~§°²³µ¼-¾À-ÖØ-öø-\u02af]")
_SATZSCHLUSS = frozenset(".!?…")
_LISTENZEICHEN = frozenset("-*+#|>•")
_FUNKTIONSWOERTER = frozenset(
    re.findall(
        r"\w+",
        "der die das des dem den ein eine einer eines einem einen und oder sowie als auch aber nicht nur noch zu zur zum "
        "in im ins an am auf aus bei beim bis durch für gegen mit nach ohne über um unter von vom vor wie so es er sie "
        "sich ist sind war wird werden wurde wurden hat haben dass daß ob wenn dabei dazu damit hier dort je pro",
    )
)


@dataclass(frozen=True, slots=True)
class Wortvergleich:
    """What a comparison of two texts found."""

    stuecke: tuple[Stueck, ...]
    """The pieces in order of the text; in one place the old words come before the new ones."""
    aehnlichkeit: str
    """Share of the words that stayed, ``"0.00"`` to ``"1.00"``; ``"1.00"`` only if nothing but typography differs."""
    vereinfacht: bool
    """Some part was too different to be compared word by word and is shown as replaced as a whole."""


def tokens(text: str) -> list[str]:
    """The words of a text, each with the white space after it; joined they are the text again."""
    return _TOKEN.findall(text)


def schluessel(token: str) -> str:
    """What two tokens have in common that differ only in typography or white space; letters, digits, signs stay."""
    kern = token.strip()
    if _SCHLICHT.fullmatch(kern):
        return kern
    # NFC and never NFKC, which would turn "m²" into "m2".
    return " ".join(unicodedata.normalize("NFC", kern).translate(_ZEICHEN).split())


def worte(text: str) -> list[str]:
    """The words of a text in small letters, without signs and typography: for counting what two texts share."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.replace("\u00ad", ""))
    return _WORTFORM.findall(text.lower())


def redaktionell(alt: str, neu: str) -> bool:
    """Whether two texts differ in typography, white space or line breaks only (equal texts included)."""
    if alt == neu:
        return True
    if _sicher_verschieden(alt, neu, _gleich_bis(alt, neu)):
        return False
    a, b = tokens(alt), tokens(neu)
    if len(a) != len(b):
        # A blank text is a single token without a key, an empty one has none.
        return not any(map(schluessel, a)) and not any(map(schluessel, b))
    return all(x == y or schluessel(x) == schluessel(y) for x, y in zip(a, b, strict=True))


@lru_cache(maxsize=4_096)  # who writes compares the same texts after each save
def compare(alt: str, neu: str) -> Wortvergleich:
    """The pieces that turn one text into the other, readable and always the same for the same two texts."""
    if alt == neu:
        return Wortvergleich((("=", alt),) if alt else (), "1.00", False)
    # Computed in one order of the two texts and mirrored: comparing backwards then says the same thing backwards.
    gespiegelt = neu < alt
    suche = _Suche()
    suche.texte(*((neu, alt) if gespiegelt else (alt, neu)))
    a, b = suche.a, suche.b
    bloecke = _verbunden(suche.bloecke)
    aehnlichkeit = _anteil(a, b, bloecke)
    bloecke = _ohne_inseln(a, b, bloecke)
    return Wortvergleich(tuple(_stuecke(a, b, bloecke, gespiegelt)), aehnlichkeit, suche.vereinfacht)


def alt_text(stuecke: Iterable[Stueck]) -> str:
    """The old text, byte for byte."""
    return "".join(s[1] for s in stuecke if s[0] != "+")


def neu_text(stuecke: Iterable[Stueck]) -> str:
    """The new text, byte for byte."""
    return "".join(s[-1] for s in stuecke if s[0] != "-")


# --- the search -----------------------------------------------------------------------------------------------------

Block = tuple[int, int, int, int]
"""A changed place: tokens ``[0]:[1]`` of one side stand against tokens ``[2]:[3]`` of the other; one may be empty."""
Spanne = tuple[int, int]


class _Schluessel(dict[str, str]):
    """Token → key, each computed once."""

    def __missing__(self, token: str) -> str:
        key = self[token] = schluessel(token)
        return key


@dataclass(slots=True)
class _Suche:
    """One comparison: paragraphs, then sentences, then words; collects both sides and the changed places.

    What is equal as it stands enters both sides in one piece: its words are never looked at.
    """

    a: list[str] = field(default_factory=list)
    b: list[str] = field(default_factory=list)
    """Both sides in tokens, or equal stretches as a whole."""
    bloecke: list[Block] = field(default_factory=list)
    vereinfacht: bool = False
    zellen: int = GRENZE_ZELLEN
    paare: int = GRENZE_PAARE
    keys: _Schluessel = field(default_factory=_Schluessel)

    # Collecting, always in order of the text.

    def _gleich(self, text: str) -> None:
        if text:
            self.a.append(text)
            self.b.append(text)

    def _ersetzt(self, p: list[str], q: list[str]) -> None:
        self._verglichen(p, q, [(0, len(p), 0, len(q))] if p or q else [])

    def _verglichen(self, p: list[str], q: list[str], bloecke: Iterable[Block]) -> None:
        u, v = len(self.a), len(self.b)
        self.bloecke += [(a0 + u, a1 + u, b0 + v, b1 + v) for a0, a1, b0, b1 in bloecke]
        self.a += p
        self.b += q

    # Paragraphs and sentences.

    def texte(self, alt: str, neu: str) -> None:
        """Two texts: paragraph by paragraph, unless typography is all that differs."""
        gleich = _gleich_bis(alt, neu)
        if _sicher_verschieden(alt, neu, gleich):
            if self._eine_stelle(alt, neu, gleich):
                return
        elif redaktionell(alt, neu):
            # A blank text may stand against an empty one.
            blank = not (alt.strip() and neu.strip())
            self._verglichen([alt] if blank else tokens(alt), [neu] if blank else tokens(neu), ())
            return
        if "\n" not in alt and "\n" not in neu:
            self._rest([alt], [neu], AEHNLICH_ABSATZ)
            return
        for p, q in self._luecken(_teile(alt, _ABSATZENDE), _teile(neu, _ABSATZENDE), 0):
            self._zuordnen(p, q, AEHNLICH_ABSATZ)

    def _eine_stelle(self, alt: str, neu: str, gleich: int) -> bool:
        """Whether all that differs lies in a few sentences of one paragraph that is much alike; then it is compared."""
        vorn, hinten = _satzraender(alt, neu, gleich)
        p, q = alt[vorn : len(alt) - hinten], neu[vorn : len(neu) - hinten]
        if _ABSATZENDE.search(p.rstrip()) or _ABSATZENDE.search(q.rstrip()) or p.count(" ") + q.count(" ") > SATZWEISE:
            return False
        absatz = alt.rfind("\n\n", 0, vorn) + 1
        ende = alt.find("\n\n", len(alt) - hinten) if hinten else -1
        daneben = vorn - absatz + (ende if ende >= 0 else len(alt)) - (len(alt) - hinten)
        if 3 * daneben < max(len(p), len(q)):
            return False
        self._gleich(alt[:vorn])
        self._brockenweise(p, q)
        self._gleich(alt[len(alt) - hinten :])
        return True

    def _luecken(self, p: list[str], q: list[str], laenge: int) -> Iterator[tuple[list[str], list[str]]]:
        """What lies between equal parts of at least that length; the equal parts are collected on the way."""
        if len(p) == len(q) == 1:
            yield p, q
            return
        i = j = 0
        anker = [x for x in _anker(p, q) if len(p[x[0]]) >= laenge]
        for s, t in [*anker, (len(p), len(q))]:
            links, rechts = p[i:s], q[j:t]
            kopf, fuss = _raender(links, rechts)
            self._gleich("".join(links[:kopf]))
            if len(links) > kopf + fuss or len(rechts) > kopf + fuss:
                yield links[kopf : len(links) - fuss], rechts[kopf : len(rechts) - fuss]
            self._gleich("".join(p[s - fuss : s + 1]))
            i, j = s + 1, t + 1

    def _zuordnen(self, teile_a: list[str], teile_b: list[str], schwelle: int) -> None:
        """Parts between two anchors: pairs by similarity in order; the parts without a partner stay together."""
        n, m = len(teile_a), len(teile_b)
        if n * m <= 1:
            self._rest(teile_a, teile_b, schwelle)
            return
        if n * m > self.paare:
            self._paar(teile_a, teile_b, schwelle)
            return
        if n == m and all(map(_verwandt, teile_a, teile_b)):
            for s, t in zip(teile_a, teile_b, strict=True):
                self._paar([s], [t], schwelle)
            return
        self.paare -= n * m
        mengen_a, mengen_b = ([self._menge(tokens(s)) for s in teile] for teile in (teile_a, teile_b))
        i = j = 0
        for p, p1, q, q1 in _gruppen(mengen_a, mengen_b, _paare(mengen_a, mengen_b, schwelle)):
            self._rest(teile_a[i:p], teile_b[j:q], schwelle)
            self._paar(teile_a[p:p1], teile_b[q:q1], schwelle)
            i, j = p1, q1
        self._rest(teile_a[i:], teile_b[j:], schwelle)

    def _rest(self, teile_a: list[str], teile_b: list[str], schwelle: int) -> None:
        """Parts without a sure partner: one may have been split in two; strangers went and came."""
        alt, neu = "".join(teile_a), "".join(teile_b)
        if alt and neu and not self._fremd(alt, neu):
            self._paar(teile_a, teile_b, schwelle)
        else:
            self._ersetzt(tokens(alt), tokens(neu))

    def _fremd(self, alt: str, neu: str) -> bool:
        """Whether two texts have too little in common to be compared word by word."""
        viel = (len(alt) + len(neu)) * AEHNLICH_ABSATZ // 2000 + 1
        if alt[:viel] == neu[:viel] or alt[-viel:] == neu[-viel:]:
            return False
        if sum(map(len, set(alt.split()).intersection(neu.split()))) >= 2 * viel:
            return False
        p, q = tokens(alt), tokens(neu)
        return _dice(self._menge(p), self._menge(q)) < AEHNLICH_ABSATZ and self._key(p) != self._key(q)

    def _menge(self, teile: Iterable[str]) -> frozenset[str]:
        """The words among the tokens, by key: only ever counted, so that the order of a set cannot show."""
        return frozenset(filter(_ist_wort, map(self.keys.__getitem__, teile)))

    def _key(self, teile: Iterable[str]) -> list[str]:
        return list(map(self.keys.__getitem__, teile))

    def _paar(self, teile_a: list[str], teile_b: list[str], schwelle: int) -> None:
        """Two paragraphs, long ones sentence by sentence, or two sentences word by word."""
        alt, neu = "".join(teile_a), "".join(teile_b)
        if schwelle == AEHNLICH_ABSATZ and alt.count(" ") + neu.count(" ") > SATZWEISE:
            for p, q in self._luecken(_teile(alt, _SATZENDE), _teile(neu, _SATZENDE), ANKERSATZ):
                if sum(s.count(" ") for s in (*p, *q)) > SATZWEISE and len(p) > 1 and len(q) > 1:
                    self._zuordnen(p, q, AEHNLICH_SATZ)
                else:
                    self._worte("".join(p), "".join(q))
        else:
            self._worte(alt, neu)

    # Words.

    def _worte(self, alt: str, neu: str) -> None:
        """First what stands between two spaces, as it is; tokens and their keys only where that differs."""
        vorn, hinten = _satzraender(alt, neu, _gleich_bis(alt, neu))
        self._gleich(alt[:vorn])
        self._brockenweise(alt[vorn : len(alt) - hinten], neu[vorn : len(neu) - hinten])
        self._gleich(alt[len(alt) - hinten :])

    def _brockenweise(self, alt: str, neu: str) -> None:
        p, q = _brocken(alt), _brocken(neu)
        bloecke, _ = self._folge(p, q)
        i = 0
        for a0, a1, b0, b1 in _geweitet(p, q, _gerueckt(p, q, _verbunden(bloecke))):
            self._gleich("".join(p[i:a0]))
            self._woertlich("".join(p[a0:a1]), "".join(q[b0:b1]))
            i = a1
        self._gleich("".join(p[i:]))

    def _woertlich(self, alt: str, neu: str) -> None:
        if _EIN_WORT.fullmatch(alt) and _EIN_WORT.fullmatch(neu):
            self._verglichen([alt], [neu], [] if alt.rstrip() == neu.rstrip() else [(0, 1, 0, 1)])
            return
        p, q = tokens(alt), tokens(neu)
        if not p or not q:
            self._ersetzt(p, q)
            return
        bloecke, vereinfacht = self._folge(self._key(p), self._key(q))
        self.vereinfacht |= vereinfacht
        self._verglichen(p, q, bloecke)

    def _folge(self, x: list[str], y: list[str]) -> tuple[list[Block], bool]:
        """Where two sequences differ, in any order, and whether a gap had too many edits to look closer.

        Trim, then the longest common sequence; a gap too large for that is split at what is unique on both sides first.
        """
        bloecke: list[Block] = []
        aufgegeben = False
        stapel = [(0, len(x), 0, len(y), 0)]
        while stapel:
            i, i1, j, j1, tiefe = stapel.pop()
            while i < i1 and j < j1 and x[i] == y[j]:
                i, j = i + 1, j + 1
            while i < i1 and j < j1 and x[i1 - 1] == y[j1 - 1]:
                i1, j1 = i1 - 1, j1 - 1
            if i == i1 or j == j1:
                if i < i1 or j < j1:
                    bloecke.append((i, i1, j, j1))
                continue
            p, q = x[i:i1], y[j:j1]
            if set(p).isdisjoint(q):
                bloecke.append((i, i1, j, j1))
            elif len(p) * len(q) > ZELLEN_LUECKE and tiefe < GRENZE_TIEFE and (anker := _anker(p, q)):
                s, t = i, j
                for m, n in anker:
                    # Two anchors in a row have nothing between them.
                    if s < i + m or t < j + n:
                        stapel.append((s, i + m, t, j + n, tiefe + 1))
                    s, t = i + m + 1, j + n + 1
                stapel.append((s, i1, t, j1, tiefe + 1))
            elif (luecke := self._gemeinsam(p, q)) is not None:
                bloecke += [(i + a0, i + a1, j + b0, j + b1) for a0, a1, b0, b1 in luecke]
            else:
                bloecke.append((i, i1, j, j1))
                aufgegeben = True
        return bloecke, aufgegeben

    def _gemeinsam(self, p: list[str], q: list[str]) -> list[Block] | None:
        """The changes that leave the longest common sequence, or nothing within the limits."""
        n, m = len(p), len(q)
        if abs(n - m) > GRENZE_D or n * m > self.zellen:
            return None
        if n + m > GRENZE_D and n + m - 2 * (Counter(p) & Counter(q)).total() > GRENZE_D:
            return None
        self.zellen -= n * m
        return _gemeinsame_folge(p, q, GRENZE_D)


def _gleich_bis(alt: str, neu: str) -> int:
    """How many characters at the start are equal, by halving: slices compare faster than a loop."""
    von, bis = 0, min(len(alt), len(neu))
    while von < bis:
        mitte = (von + bis + 1) // 2
        if alt[von:mitte] == neu[von:mitte]:
            von = mitte
        else:
            bis = mitte - 1
    return von


def _verwandt(alt: str, neu: str) -> bool:
    """Whether two parts surely belong together, by what stands between their spaces; ``False``: not decided."""
    p, q = set(alt.split()), set(neu.split())
    return 4 * len(p & q) >= len(p) + len(q)


def _satzraender(alt: str, neu: str, gleich: int) -> Spanne:
    """Characters of the equal sentences at the start and at the end, of texts whose first ``gleich`` characters agree:
    nobody has to look at their words."""
    vorn = max(alt.rfind(grenze, 0, gleich) for grenze in _GRENZEN) + 2
    if vorn < 2 or not (_ANFANG.match(alt, vorn) and _ANFANG.match(neu, vorn)):
        vorn = 0
    kurz = min(len(alt), len(neu)) - vorn
    von, bis = 0, kurz
    while von < bis:
        mitte = (von + bis + 1) // 2
        if alt[len(alt) - mitte : len(alt) - von] == neu[len(neu) - mitte : len(neu) - von]:
            von = mitte
        else:
            bis = mitte - 1
    enden = [e for grenze in _GRENZEN if (e := alt.find(grenze, len(alt) - von)) >= 0]
    ende = min(enden) + 2 if enden else 0
    while ende and alt[ende : ende + 1] == "\n":  # more lines without anything
        ende += 1
    return vorn, len(alt) - ende if ende and _ANFANG.match(alt, ende) else 0


def _sicher_verschieden(alt: str, neu: str, von: int) -> bool:
    """Whether the first difference, at ``von``, already is one of content: two characters that no key makes equal.

    Mostly spares the question for all keys; ``False`` means only "not decided".
    """
    p, q = alt[von : von + 2], neu[von : von + 2]
    # From U+0300 on there are marks that join the letter before them, and characters with more than one spelling.
    if not p or not q or max(p) >= "\u0300" or max(q) >= "\u0300":
        return False
    if _FEST.match(p) and _FEST.match(q):
        return True
    # A word that ends here and goes on there.
    return (
        von > 0
        and "/" < alt[von - 1].upper() < "["
        and alt[von - 1].isalnum()
        and ((p[0] == " " and q[0].isalnum()) or (q[0] == " " and p[0].isalnum()))
    )


def _teile(text: str, ende: re.Pattern[str]) -> list[str]:
    """The paragraphs or sentences of a text, each with the white space after it."""
    grenzen = [treffer.end() for treffer in ende.finditer(text)]
    if not grenzen:
        return [text]
    if grenzen[-1] < len(text):
        grenzen.append(len(text))
    return [text[p:q] for p, q in pairwise([0, *grenzen])]


def _brocken(text: str) -> list[str]:
    """What stands between two spaces or lines, each with the space after it: nearly words, and quicker to have."""
    if "\0" in text:
        return tokens(text)
    teile = text.replace(" ", " \0")
    if "\n" in text:
        teile = _ZEILENANFANG.sub("\n\0", teile)
    brocken = teile.split("\0")
    if not brocken[-1]:
        brocken.pop()
    return brocken


def _geweitet(p: Sequence[str], q: Sequence[str], bloecke: Sequence[Block]) -> list[Block]:
    """The same places, widened to where on both sides a token begins: an amount goes across spaces."""
    ergebnis: list[Block] = []
    for n, (a0, a1, b0, b1) in enumerate(bloecke):
        vor = ergebnis[-1] if ergebnis else (0, 0, 0, 0)
        links = 0
        while a0 - links > vor[1] and not (_beginnt(p, a0 - links) and _beginnt(q, b0 - links)):
            links += 1
        rechts, platz = 0, (bloecke[n + 1][0] if n + 1 < len(bloecke) else len(p)) - a1
        while rechts < platz and not _beginnt(p, a1 + rechts):
            rechts += 1
        block = (a0 - links, a1 + rechts, b0 - links, b1 + rechts)
        if ergebnis and block[0] == vor[1]:
            block = (vor[0], block[1], vor[2], block[3])
            ergebnis.pop()
        ergebnis.append(block)
    return ergebnis


def _beginnt(p: Sequence[str], n: int) -> bool:
    return n == len(p) or _ANFANG.match(p[n]) is not None


def _ist_wort(token: str) -> bool:
    """Whether a token has a letter or digit: its first character tells, but for signs and leading white space."""
    return token[:1].isalnum() or any(map(str.isalnum, token))


def _dice(p: frozenset[str], q: frozenset[str]) -> int:
    """Share of common words per mille."""
    return 2000 * len(p & q) // (len(p) + len(q)) if p and q else 0


def _raender(a: Sequence[str], b: Sequence[str]) -> Spanne:
    """How many parts at the start and at the end are equal as they stand."""
    grenze = min(len(a), len(b))
    kopf = 0
    while kopf < grenze and a[kopf] == b[kopf]:
        kopf += 1
    fuss = 0
    while fuss < grenze - kopf and a[-1 - fuss] == b[-1 - fuss]:
        fuss += 1
    return kopf, fuss


def _anker(p: Sequence[str], q: Sequence[str]) -> list[Spanne]:
    """Places of what occurs exactly once on both sides, in the longest row that keeps the order (patience)."""
    einmal_p, einmal_q = _einmalig(p), _einmalig(q)
    paare = [(i, einmal_q[t]) for t, i in einmal_p.items() if t in einmal_q]
    reihe = [j for _, j in paare]
    if reihe == sorted(reihe):
        return paare
    enden: list[int] = []
    letzte: list[int] = []
    vorher: list[int] = []
    for n, j in enumerate(reihe):
        k = bisect_left(enden, j)
        vorher.append(letzte[k - 1] if k else -1)
        if k == len(enden):
            enden.append(j)
            letzte.append(n)
        else:
            enden[k], letzte[k] = j, n
    kette: list[Spanne] = []
    n = letzte[-1]
    while n >= 0:
        kette.append(paare[n])
        n = vorher[n]
    return kette[::-1]


def _einmalig(teile: Sequence[str]) -> dict[str, int]:
    """Part → its place, for the parts that occur once, in order."""
    anzahl = Counter(teile)
    return {t: i for i, t in enumerate(teile) if anzahl[t] == 1}


def _gruppen(p: Sequence[frozenset[str]], q: Sequence[frozenset[str]], paare: Sequence[Spanne]) -> list[Block]:
    """The pairs, each with the neighbours without a partner that make it more alike: what was split or joined."""
    ergebnis: list[Block] = []
    for n, (i, j) in enumerate(paare):
        vor = ergebnis[-1] if ergebnis else (0, 0, 0, 0)
        i1, j1 = paare[n + 1] if n + 1 < len(paare) else (len(p), len(q))
        s, t = p[i], q[j]
        a0, a1, b0, b1 = i, i + 1, j, j + 1
        while a0 > vor[1] and _passt(s, p[a0 - 1], t):
            a0, s = a0 - 1, s | p[a0 - 1]
        while a1 < i1 and _passt(s, p[a1], t):
            a1, s = a1 + 1, s | p[a1]
        while b0 > vor[3] and _passt(t, q[b0 - 1], s):
            b0, t = b0 - 1, t | q[b0 - 1]
        while b1 < j1 and _passt(t, q[b1], s):
            b1, t = b1 + 1, t | q[b1]
        ergebnis.append((a0, a1, b0, b1))
    return ergebnis


def _passt(s: frozenset[str], dazu: frozenset[str], t: frozenset[str]) -> bool:
    """Whether a part belongs to a neighbour too: most of its words are in the partner, and new there."""
    return 2 * len((dazu & t) - s) > len(dazu - s) and _dice(s | dazu, t) > _dice(s, t)


def _paare(p: Sequence[frozenset[str]], q: Sequence[frozenset[str]], schwelle: int) -> list[Spanne]:
    """The pairs at or above the threshold that keep the order and have the most in common together."""
    guete = [[d if (d := _dice(s, t)) >= schwelle else 0 for t in q] for s in p]
    # beste[i][j]: the most that the parts from i and from j on can have in common.
    beste = [[0] * (len(q) + 1) for _ in range(len(p) + 1)]
    for i in range(len(p) - 1, -1, -1):
        zeile, unten, werte = beste[i], beste[i + 1], guete[i]
        for j in range(len(q) - 1, -1, -1):
            wert = max(unten[j], zeile[j + 1])
            if werte[j]:
                wert = max(wert, unten[j + 1] + werte[j])
            zeile[j] = wert
    ergebnis = []
    i = j = 0
    while i < len(p) and j < len(q) and beste[i][j]:
        if guete[i][j] and beste[i][j] == beste[i + 1][j + 1] + guete[i][j]:
            ergebnis.append((i, j))
            i, j = i + 1, j + 1
        elif beste[i][j] == beste[i + 1][j]:
            i += 1
        else:
            j += 1
    return ergebnis


def _gemeinsame_folge(p: Sequence[str], q: Sequence[str], grenze: int) -> list[Block] | None:
    """The changes that leave the longest common sequence, from the end to the start; nothing if more than the limit.

    A row of the table is one number, a bit for each part of ``p``: 0 where the sequence grows (Hyyrö 2004). A row costs
    four operations on numbers, whatever the number of edits.
    """
    wo: dict[str, int] = {}
    bit = 1
    for t in p:
        wo[t] = wo.get(t, 0) | bit
        bit <<= 1
    alle = zeile = bit - 1
    zeilen = []
    for t in q:
        if t in wo:
            treffer = zeile & wo[t]
            zeile = (zeile + treffer | zeile - treffer) & alle
        zeilen.append(zeile)
    i, j = len(p), len(q)
    if i + j - 2 * (i - zeile.bit_count()) > grenze:
        return None
    bloecke: list[Block] = []
    i1, j1 = i, j
    while i and j:
        if p[i - 1] == q[j - 1]:
            if i < i1 or j < j1:
                bloecke.append((i, i1, j, j1))
            i1 = i = i - 1
            j1 = j = j - 1
        elif zeilen[j - 1] >> (i - 1) & 1:
            i -= 1
        else:
            j -= 1
    if i1 or j1:
        bloecke.append((0, i1, 0, j1))
    return bloecke


# --- the clean-up ---------------------------------------------------------------------------------------------------


def _verbunden(bloecke: Iterable[Block], versatz: int = 0) -> list[Block]:
    """In order of the text, neighbours joined, all moved by an offset."""
    ergebnis: list[Block] = []
    for a0, a1, b0, b1 in sorted(bloecke, key=lambda s: (s[0] + s[2], s[1] + s[3])):
        block = (a0 + versatz, a1 + versatz, b0 + versatz, b1 + versatz)
        if ergebnis and ergebnis[-1][1] == block[0] and ergebnis[-1][3] == block[2]:
            vor = ergebnis.pop()
            block = (vor[0], block[1], vor[2], block[3])
        ergebnis.append(block)
    return ergebnis


def _gerueckt(a: Sequence[str], b: Sequence[str], bloecke: Sequence[Block]) -> list[Block]:
    """Pure insertions and deletions moved along equal words to where a sentence or a clause begins."""
    ergebnis: list[Block] = []
    for n, (a0, a1, b0, b1) in enumerate(bloecke):
        if a0 < a1 and b0 < b1:
            ergebnis.append((a0, a1, b0, b1))
            continue
        s, von, bis = (a, a0, a1) if a0 < a1 else (b, b0, b1)
        # Not up to the neighbours: touching them would join two changes that are apart.
        links = min(GRENZE_RUECKEN, a0 - (ergebnis[-1][1] + 1 if ergebnis else 0))
        rechts = min(GRENZE_RUECKEN, (bloecke[n + 1][0] - 1 if n + 1 < len(bloecke) else len(a)) - a1)
        r = 0
        while -r < links and s[von + r - 1] == s[bis + r - 1]:
            r -= 1
        ziel, hoechste = r, -1
        if r or (rechts > 0 and s[von] == s[bis]):
            while True:
                wert = _randguete(s, von + r) + _randguete(s, bis + r)
                if wert > hoechste:
                    ziel, hoechste = r, wert
                if r >= rechts or s[von + r] != s[bis + r]:
                    break
                r += 1
        ergebnis.append((a0 + ziel, a1 + ziel, b0 + ziel, b1 + ziel))
    return ergebnis


def _randguete(s: Sequence[str], p: int) -> int:
    """How well a change may begin or end before the token of this number."""
    if p in (0, len(s)):
        return 5
    vor = s[p - 1]
    wort = vor.rstrip()
    if len(wort) == len(vor):
        return 0
    if vor.count("\n", len(wort)) > 1:
        return 5
    naechstes = s[p][0]
    if wort[-1:] in _SATZSCHLUSS and not naechstes.islower():
        return 4
    if naechstes in _LISTENZEICHEN and "\n" in vor:
        return 4
    return 2 if wort[-1:] in ",;:–" else 1


def _ohne_inseln(a: Sequence[str], b: Sequence[str], bloecke: Sequence[Block]) -> list[Block]:
    """Changes joined over what is too short between them to be read as unchanged."""
    ergebnis: list[Block] = []
    for block in bloecke:
        neu, vereint = block, False
        while ergebnis and _ist_insel(a, b, ergebnis[-1], neu):
            vor = ergebnis.pop()
            neu, vereint = (vor[0], neu[1], vor[2], neu[3]), True
        if vereint:
            neu = _beschnitten(a, b, neu)
        if neu[0] < neu[1] or neu[2] < neu[3]:
            ergebnis.append(neu)
    return ergebnis


def _ist_insel(a: Sequence[str], b: Sequence[str], links: Block, rechts: Block) -> bool:
    if rechts[0] - links[1] > 24:  # longer than anything that is swallowed below; keeps the clean-up linear
        return False
    text = "".join(a[links[1] : rechts[0]]).strip()
    brocken = text.split()
    if len(text) <= 3 or len(brocken) <= 1:
        return True
    if len(brocken) > 12:
        return False
    worte = [t for t in tokens(text) if _ist_wort(t)]
    inhalt = sum(1 for t in worte if t.strip().lower() not in _FUNKTIONSWOERTER)
    if len(worte) <= 1 or (not inhalt and len(worte) <= 2):
        return True
    kuerzere = min(_laenge(a, b, links), _laenge(a, b, rechts))
    return (inhalt <= 1 and len(text) < kuerzere) or (len(worte) <= INSEL_WORTE and INSEL_FAKTOR * len(text) < kuerzere)


def _laenge(a: Sequence[str], b: Sequence[str], block: Block) -> int:
    """Characters of the longer side of a change."""
    return max(sum(map(len, a[block[0] : block[1]])), sum(map(len, b[block[2] : block[3]])))


def _beschnitten(a: Sequence[str], b: Sequence[str], block: Block) -> Block:
    """A joined change without what is now equal at its start and end."""
    a0, a1, b0, b1 = block
    while a0 < a1 and b0 < b1 and (a[a0] == b[b0] or schluessel(a[a0]) == schluessel(b[b0])):
        a0, b0 = a0 + 1, b0 + 1
    while a0 < a1 and b0 < b1 and (a[a1 - 1] == b[b1 - 1] or schluessel(a[a1 - 1]) == schluessel(b[b1 - 1])):
        a1, b1 = a1 - 1, b1 - 1
    return a0, a1, b0, b1


def _anteil(a: Sequence[str], b: Sequence[str], bloecke: Sequence[Block]) -> str:
    """Share of the characters outside of the changes, rounded, but never "1.00" if there is one."""
    if not bloecke:
        return "1.00"
    weg = sum(sum(map(len, a[s[0] : s[1]])) + sum(map(len, b[s[2] : s[3]])) for s in bloecke)
    alles = sum(map(len, a)) + sum(map(len, b))
    prozent = min(99, (200 * (alles - weg) + alles) // (2 * alles))
    return f"0.{prozent:02d}"


# --- the pieces -----------------------------------------------------------------------------------------------------


def _stuecke(a: list[str], b: list[str], bloecke: Sequence[Block], gespiegelt: bool) -> Iterator[Stueck]:
    i = j = 0
    for a0, a1, b0, b1 in [*bloecke, (len(a), len(a), len(b), len(b))]:
        for gleich, p, q in _gleiches(a[i:a0], b[j:b0], i + j > 0, a0 + b0 < len(a) + len(b)):
            if gleich:
                yield "=", p
            else:
                yield ("~", q, p) if gespiegelt else ("~", p, q)
        weg, dazu = "".join(a[a0:a1]), "".join(b[b0:b1])
        if gespiegelt:
            weg, dazu = dazu, weg
        if weg:
            yield "-", weg
        if dazu:
            yield "+", dazu
        i, j = a1, b1


def _gleiches(p: list[str], q: list[str], links: bool, rechts: bool) -> Iterator[tuple[bool, str, str]]:
    """A stretch of equal keys as pieces (equal?, one side, other side); ``links``/``rechts``: a change stands there."""
    if p == q:
        if p:
            yield True, "".join(p), ""
        return
    laeufe: list[tuple[bool, int, int]] = []
    for n, (s, t) in enumerate(zip(p, q, strict=True)):
        if laeufe and laeufe[-1][0] == (s == t):
            laeufe[-1] = (laeufe[-1][0], laeufe[-1][1], n + 1)
        else:
            laeufe.append((s == t, n, n + 1))
    # A single equal word beside a typographic change joins it, as it would join a change of content.
    for n, (gleich, von, bis) in enumerate(laeufe):
        zwischen = (links or n > 0) and (rechts or n + 1 < len(laeufe))
        if gleich and zwischen and bis - von <= 8 and len("".join(p[von:bis]).split()) <= 1:
            laeufe[n] = (False, von, bis)
    for gleich, gruppe in groupby(laeufe, key=lambda lauf: lauf[0]):
        teil = list(gruppe)
        von, bis = teil[0][1], teil[-1][2]
        yield gleich, "".join(p[von:bis]), "".join(q[von:bis])
