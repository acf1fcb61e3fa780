"""The Änderungsfassung: the report of the new Fassung in which everything that reads differently is marked.

What has changed is decided by ``diff`` on the model; this module only shows it, so it compares what both reports print.
Taking out what is struck leaves the text of the clean report, letter by letter; that is tested. Elements keep their
nesting: only words inside a paragraph, a cell or an item are wrapped in ``del`` and ``ins``, so that the page stays valid.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from copy import deepcopy
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any
from xml.etree.ElementTree import Element

from ihk.diff import words
from ihk.report.druck import Druckteil
from ihk.report.fragment import Reader

BLOECKE = frozenset(
    ("address", "article", "aside", "blockquote", "caption", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "footer",
     "h1", "h2", "h3", "h4", "h5", "h6", "header", "li", "main", "nav", "ol", "p", "section", "summary", "table", "tbody", "td",
     "tfoot", "th", "thead", "tr", "ul")
)  # fmt: skip
"""Elements that stand below each other; everything else runs with the text."""
_OHNE_VERGLEICH = frozenset(
    ("a-blick", "a-aenderungen", "a-bilanz", "a-luecken", "a-abkuerzungen", "inhalt", "impressum", "umschlag", "kennzahlen",
     "achse", "bahn", "balken", "balkentabelle", "baum", "belege", "geber", "jahre", "jahresbild", "nr", "standbild", "stand-text", "suche",
     "wandel", "zeitplan")
)  # fmt: skip
"""Parts whose content follows from the rest or belongs to one Fassung alone, and bars, which have no text."""
_AM_TITEL = frozenset(("balkentabelle", "jahresbild"))
"""Of these, the title says that something has changed."""
_NUR_NEU = frozenset(("kuf", "haushalt"))
_ZEICHEN = "\ufffc"
"""Stands for an element without text in the text that is compared."""
_HINWEIS = {"ins": "eingefügt: ", "del": "gestrichen: "}
_AEHNLICH = 0.34
_FASSEN = frozenset(("blockquote", "dd", "div", "li", "ol", "section", "td", "ul"))
"""Elements that may hold one line as well as paragraphs."""
_NUMMER = re.compile(r"[A-Z]?\d+(?:\.\d+)*")
_ZIEL = "data-ziel"
"""Marks a reference to an object: it is the same reference whatever number the object now has."""


@dataclass(frozen=True, slots=True)
class Lauf:
    """A run of text, or an element without text, with the inline elements around it, outermost first."""

    text: str
    huellen: tuple[Element, ...]
    atom: Element | None = None


def marked(alte: Sequence[Druckteil], neue: Sequence[Druckteil], beendet: AbstractSet[str]) -> list[list[Druckteil]]:
    """For each new part what stands in its place: itself, marked, and behind it what the old report had there.

    ``beendet`` are ids whose sheets are not missed: what ended before the old Fassung.
    """
    nach_kennung = {k: t for t in alte if (k := _kennung(t))}
    neu_da = {k for t in neue if (k := _kennung(t))}
    folgt: dict[str, list[Druckteil]] = {}
    davor = ""
    for t in alte:
        kennung = _kennung(t)
        if kennung in neu_da:
            davor = kennung
        elif kennung and kennung not in beendet and not t.umschlag and not _AUSGENOMMEN.search(t.html):
            folgt.setdefault(davor, []).append(_mit(t, entfernt(t.html)))
    ergebnis = []
    for t in neue:
        kennung = _kennung(t)
        if not kennung or t.umschlag or _AUSGENOMMEN.search(t.html):
            html = str(t.html)
        elif (frueher := nach_kennung.get(kennung)) is not None:
            html = redline(frueher.html, t.html, beendet)
        else:
            html = eingefuegt(t.html)
        ergebnis.append([_mit(t, html), *folgt.pop(kennung, [])])
    return ergebnis


_KENNUNG = re.compile(r'\bid="([^"]+)"')
_AUSGENOMMEN = re.compile(
    r'^\s*<(?:section|nav|header|div)\b[^>]*class="(?:[^"]* )?(?:a-blick|a-aenderungen|a-bilanz|a-luecken|a-abkuerzungen|inhalt|impressum|umschlag)\b'
)


def _kennung(teil: Druckteil) -> str:
    """The id of what the part is about: that of its first element that has one."""
    treffer = _KENNUNG.search(teil.html)
    return treffer[1] if treffer else ""


def _mit(teil: Druckteil, html: str) -> Druckteil:
    return replace(teil, html=type(teil.html)(html))  # what was escaped stays marked as such


def redline(alt: str, neu: str, beendet: AbstractSet[str] = frozenset()) -> str:
    """The new part of a report with its differences from the old one marked; sheets of ``beendet`` are not missed."""
    leser = Reader()
    a, n = _baum(alt, leser), _baum(neu, leser)
    ohne = beendet - {x.get("id") or "" for x in n.iter("article")}
    for element in list(a.iter()):
        for kind in [k for k in element if k.tag == "article" and k.get("id") in ohne]:
            _entferne(element, kind)
    for element in (*a.iter("a"), *n.iter("a")):
        if (ziel := element.get("href") or "").startswith("#"):
            element.set(_ZIEL, ziel)
    _behaelter(a, n)
    for element in n.iter():
        element.attrib.pop(_ZIEL, None)
    return leser.write(n)


def entfernt(alt: str) -> str:
    """An old part that the new report does not have: struck as a whole."""
    leser = Reader()
    a = _baum(alt, leser)
    for kind in list(a):
        _streiche(kind)
    return leser.write(a)


def eingefuegt(neu: str) -> str:
    """A new part that the old report did not have."""
    leser = Reader()
    n = _baum(neu, leser)
    for kind in n:
        _fuege_ein(kind)
    return leser.write(n)


def _baum(html: str, leser: Reader) -> Element:
    """A tree of the part in which every text is the whole content of some element."""
    inhalt = leser.read(html)
    for element in list(inhalt.iter()):
        _fasse_text(element)
    return inhalt


def _fasse_text(element: Element) -> None:
    """Text beside blocks in an element of its own, so that every text is the whole content of some element."""
    if not (element.text or "").strip() and not any((kind.tail or "").strip() for kind in element):
        return
    if not _hat_bloecke(element):
        return
    kinder, text = list(element), element.text
    element.text, element[:] = None, []
    zeile: Element | None = None
    for kind in (None, *kinder):
        if kind is not None and kind.tag in BLOECKE:
            zeile = None
            element.append(kind)
        elif kind is not None:
            zeile = _kind(element, "span") if zeile is None else zeile
            zeile.append(kind)
        rest = text if kind is None else kind.tail
        if kind is not None:
            kind.tail = None
        if rest and rest.strip():
            zeile = _kind(element, "span") if zeile is None else zeile
            _anhaengen(zeile, rest)


# ------------------------------------------------------------------------------------------------------- blocks


def _behaelter(alt: Element, neu: Element) -> None:
    """Mark an element and everything below it against its counterpart."""
    if _gleich(alt, neu):
        return
    if _ausgenommen(neu):
        if _AM_TITEL & _klassen(neu):
            _am_titel(neu)
        return
    if not _hat_bloecke(alt) and not _hat_bloecke(neu):
        _zeile(alt, neu)
        return
    if not (_hat_bloecke(alt) and _hat_bloecke(neu)) and neu.tag in _FASSEN:
        _anders_gebaut(alt, neu)
        return
    if neu.tag == "article":
        _steckbrief(alt, neu)
        return
    if neu.tag == "table" and _NUR_NEU & _klassen(neu):
        _am_titel(neu)
        _geldtabelle(alt, neu)
        return
    if neu.tag == "table" and _spalten(alt) != _spalten(neu):
        # Other columns make it another table; its rows cannot stand beside each other.
        _am_titel(neu)
        return
    if neu.tag == "tr" and len(alt) != len(neu):
        return
    if neu.tag == "tr":
        for a, n in zip(alt, list(neu), strict=True):
            _behaelter(a, n)
        return
    _kinder(alt, neu)


def _am_titel(element: Element) -> None:
    """Say at its title that something below it is different."""
    titel = next((x for x in element.iter() if x.tag in ("caption", "h2", "h3", "h4", "h5")), None)
    if titel is not None:
        titel.set("class", f"{titel.get('class', '')} geaendert".strip())


def _geldtabelle(alt: Element, neu: Element) -> None:
    """A table too narrow for two amounts in a cell: what is new is marked, what it was stands in the Synopse.

    Cells are paired by the heads of their row and column; a table with mostly other columns is another one.
    """
    davor, danach = _spalten(alt), _spalten(neu)
    if len(set(davor) & set(danach)) < len(danach) - 1:
        return
    zeilen = {_zeilenname(z): z for z in alt.iter("tr")}
    for zeile in neu.findall("tbody/tr"):
        vorher = zeilen.get(_zeilenname(zeile))
        if vorher is None:
            _fuege_ein(zeile)
        elif len(zeile) == len(danach) and len(vorher) == len(davor):
            frueher = dict(zip(davor, vorher, strict=True))
            for kopf, n in zip(danach, zeile, strict=True):
                if kopf not in frueher or not _gleich(frueher[kopf], n):
                    _fuege_ein(n)


def _zeilenname(zeile: Element) -> str:
    """What a row is about, whatever columns it has."""
    return _schluessel(zeile).rpartition(" ")[0]


def _anders_gebaut(alt: Element, neu: Element) -> None:
    """Paragraphs on one side and a single line on the other: the old content struck, the new one behind it."""
    frueher = deepcopy(alt)
    _streiche(frueher)
    _fuege_ein(neu)
    if not frueher.text and len(frueher):
        neu[:0] = list(frueher)


def _steckbrief(alt: Element, neu: Element) -> None:
    """A sheet is set in one or two columns by its length, so its pieces are paired wherever they stand."""
    alte, neue = _stuecke(alt), _stuecke(neu)
    davor: Element | None = None
    for schluessel, stueck in neue.items():
        if schluessel in alte:
            _behaelter(alte[schluessel], stueck)
        elif not _ausgenommen(stueck):
            _fuege_ein(stueck)
    eltern = {kind: vater for vater in neu.iter() for kind in vater}
    for schluessel, stueck in alte.items():
        if schluessel in neue:
            davor = neue[schluessel]
        elif davor is not None and davor.tag == stueck.tag and not _ausgenommen(stueck) and _wortlaut(stueck):
            kopie = deepcopy(stueck)
            _streiche(kopie)
            vater = eltern[davor]
            vater.insert(list(vater).index(davor) + 1, kopie)
            eltern[kopie] = vater
            davor = kopie


def _stuecke(artikel: Element) -> dict[str, Element]:
    """What a sheet consists of, by what it is called: heading, status, lead, rows of facts, fields with their titles."""
    stuecke: dict[str, Element] = {}
    for x in artikel.iter():
        klassen = (x.get("class") or "").split()
        if (
            x.tag == "tr"
            and len(x) == 2
            and x[0].get("scope") == "row"
            and x[0].tag == "th"
            and not x[1].get("data-wert")
        ):
            stuecke.setdefault(f"zeile {_wortlaut(x[0])}", x)
        elif "feld" in klassen or "wandel" in klassen:
            stuecke.setdefault(f"feld {_titel(x)}", x)
        elif (x.tag in ("h3", "p") and {"rechts", "vorspann", "lang", "kicker"} & set(klassen)) or x.tag == "h3":
            stuecke.setdefault(f"{x.tag} {' '.join(sorted({'rechts', 'vorspann', 'kicker'} & set(klassen)))}", x)
    # Rows inside a field belong to it.
    felder = [x for x in stuecke.values() if x.tag != "tr"]
    innen = {id(y) for f in felder for y in f.iter() if y is not f}
    return {k: x for k, x in stuecke.items() if id(x) not in innen}


def _kinder(alt: Element, neu: Element) -> None:
    """Pair the children: equal ones first, then those that belong together by id or place; the rest came or went."""
    a, n = list(alt), list(neu)
    schluessel_a, schluessel_n = [_schluessel(x) for x in a], [_schluessel(x) for x in n]
    vorher: list[tuple[int, Element]] = []
    for art, i1, i2, j1, j2 in SequenceMatcher(None, schluessel_a, schluessel_n, autojunk=False).get_opcodes():
        if art == "equal":
            for x, y in zip(a[i1:i2], n[j1:j2], strict=True):
                _behaelter(x, y)
            continue
        offen = list(range(i1, i2))
        for j in range(j1, j2):
            partner = next((i for i in offen if _verwandt(a[i], n[j])), None)
            if partner is None:
                _fuege_ein(n[j])
            else:
                vorher += [(j, a[i]) for i in offen if i < partner]
                offen = [i for i in offen if i > partner]
                _behaelter(a[partner], n[j])
        vorher += [(j2, a[i]) for i in offen]
    for j, element in sorted(vorher, key=lambda v: v[0], reverse=True):
        if element.tag in ("thead", "caption", "colgroup") or _ausgenommen(element) or not _wortlaut(element):
            continue  # a head belongs to its table; what has no words is not missed
        kopie = deepcopy(element)
        if neu.tag in ("ul", "ol") and kopie.tag != "li":
            continue
        _streiche(kopie)
        stelle = list(neu).index(n[j]) if j < len(n) else len(neu)
        neu.insert(stelle, kopie)


def _spalten(tabelle: Element) -> list[str]:
    """The heads of a table's columns."""
    return [_wortlaut(kopf) for kopf in tabelle.findall("thead/tr/th")] or [
        str(max((len(zeile) for zeile in tabelle.iter("tr")), default=0))
    ]


def _schluessel(element: Element) -> str:
    """Equal for elements that are surely counterparts: by id, by row head, else by their words."""
    if kennung := element.get("id"):
        return f"{element.tag}#{kennung}"
    if element.tag == "tr" and len(element):
        kopf = element[0]
        # A printed number may belong to another object now: what stands beside it says whose it is.
        orte = list(element)[:2] if _NUMMER.fullmatch(_wortlaut(kopf)) else [kopf]
        ziel = next((x.get("href") for o in orte for x in o.iter("a") if (x.get("href") or "").startswith("#")), None)
        return f"tr {ziel or _wortlaut(kopf)} {len(element)}"
    if element.tag in ("table", "div", "section") and (titel := _titel(element)):
        return f"{element.tag}.{element.get('class', '')} {titel}"
    if element.tag in ("thead", "caption", "colgroup"):
        return element.tag
    return f"{element.tag}.{element.get('class', '')} {_wortlaut(element)}"


def _titel(element: Element) -> str:
    kopf = next((x for x in element.iter() if x.tag in ("caption", "h2", "h3", "h4", "h5")), None)
    return "" if kopf is None else _wortlaut(kopf).partition(":")[0]


def _verwandt(a: Element, n: Element) -> bool:
    """Whether one may be the earlier wording of the other."""
    if a.tag != n.tag or a.get("id") != n.get("id") or (a.get("class") or "") != (n.get("class") or ""):
        return False
    if a.tag in ("tr", "table"):
        return False  # their keys would be equal
    if _hat_bloecke(a) or _hat_bloecke(n):
        return _titel(a) == _titel(n)
    eins, zwei = (set(map(words.schluessel, words.tokens(_wortlaut(x)))) for x in (a, n))
    return len(eins & zwei) >= _AEHNLICH * max(1, min(len(eins), len(zwei)))


def _gleich(alt: Element, neu: Element) -> bool:
    a, n = _wortlaut(alt), _wortlaut(neu)
    return a == n or _BETRAG.sub(r"\1", a) == _BETRAG.sub(r"\1", n)


def _wie(alt: str, neu: str) -> str:
    """The old text with its amounts written as the new one writes them: 40.000 and 40.000,00 are the same."""

    def betrag(treffer: re.Match[str]) -> str:
        anders = treffer[1] if treffer[2] else f"{treffer[1]},00"
        return anders if re.search(rf"(?<![\d.,]){re.escape(anders)}(?![\d,]|\.\d)", neu) else treffer[0]

    return _BETRAG.sub(betrag, alt)


_BETRAG = re.compile(r"(?<![\d.,])(\d{1,3}(?:\.\d{3})*)(,00)?(?![\d,]|\.\d)")


def _wortlaut(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _klassen(element: Element) -> frozenset[str]:
    return frozenset((element.get("class") or "").split())


def _ausgenommen(element: Element) -> bool:
    return not _OHNE_VERGLEICH.isdisjoint(_klassen(element))


def _hat_bloecke(element: Element) -> bool:
    return any(kind.tag in BLOECKE for kind in element.iter() if kind is not element)


# ---------------------------------------------------------------------------------------------- words in a block


def _zeile(alt: Element, neu: Element) -> None:
    """Two wordings of one paragraph, item, heading or cell."""
    laeufe_a, laeufe_n = _mit_verweiszeichen(list(_laeufe(alt)), list(_laeufe(neu)))
    text_n = "".join(x.text for x in laeufe_n)
    laeufe_a = [x if x.atom is not None else replace(x, text=_wie(x.text, text_n)) for x in laeufe_a]
    text_a = "".join(x.text for x in laeufe_a)
    folge: list[tuple[str, Lauf]] = []
    a = n = 0
    for stueck in words.compare(text_a, text_n).stuecke:
        art, weg, dazu = stueck[0], stueck[1], stueck[-1]
        if art in "=~":
            folge += [("", x) for x in _ausschnitt(laeufe_n, n, n + len(dazu))]
            a, n = a + len(weg), n + len(dazu)
        elif art == "-":
            folge += [("del", x) for x in _ausschnitt(laeufe_a, a, a + len(weg))]
            a += len(weg)
        else:
            folge += [("ins", x) for x in _ausschnitt(laeufe_n, n, n + len(dazu))]
            n += len(dazu)
    _neu_setzen(neu, folge)


def _mit_verweiszeichen(alt: list[Lauf], neu: list[Lauf]) -> tuple[list[Lauf], list[Lauf]]:
    """The runs with one sign of its own for each object that is referred to."""
    ziele = dict.fromkeys(z for x in (*alt, *neu) if x.atom is not None and (z := x.atom.get(_ZIEL)))
    zeichen = {ziel: chr(0xF0000 + n) for n, ziel in enumerate(ziele)}

    def gesetzt(x: Lauf) -> Lauf:
        ziel = None if x.atom is None else x.atom.get(_ZIEL)
        return replace(x, text=zeichen[ziel]) if ziel else x

    return [gesetzt(x) for x in alt], [gesetzt(x) for x in neu]


def _fuege_ein(element: Element) -> None:
    _markiere(element, "ins")


def _streiche(element: Element) -> None:
    """Strike a whole element, without the parts that are not compared; it leads nowhere and nothing leads to it."""
    for x in list(element.iter()):
        for kind in [k for k in x if _ausgenommen(k)]:
            _entferne(x, kind)
    for x in element.iter():
        x.attrib.pop("id", None)
        if name := x.get("aria-label"):  # what takes its place has the same one
            x.set("aria-label", f"gestrichen: {name}")
        if x.tag == "a":
            x.tag = "span"
            x.attrib.clear()
    _markiere(element, "del")


def _entferne(vater: Element, kind: Element) -> None:
    """Take an element out; the text behind it stays."""
    stelle = list(vater).index(kind)
    if kind.tail and stelle:
        vater[stelle - 1].tail = (vater[stelle - 1].tail or "") + kind.tail
    elif kind.tail:
        vater.text = (vater.text or "") + kind.tail
    vater.remove(kind)


def _markiere(element: Element, art: str) -> None:
    if _ausgenommen(element):
        return
    if _hat_bloecke(element):
        for kind in element:
            if kind.tag in BLOECKE:
                _markiere(kind, art)
    elif _wortlaut(element):
        _neu_setzen(element, [(art, x) for x in _laeufe(element)])


def _laeufe(element: Element, huellen: tuple[Element, ...] = ()) -> Iterator[Lauf]:
    """The text of a block in runs of equal formatting."""
    if element.text:
        yield Lauf(element.text, huellen)
    for kind in element:
        if kind.get(_ZIEL) or not _wortlaut(kind) or _ausgenommen(kind) or "footnote" in (kind.get("class") or ""):
            yield Lauf(_ZEICHEN, huellen, kind)
        else:
            yield from _laeufe(kind, (*huellen, kind))
        if kind.tail:
            yield Lauf(kind.tail, huellen)


def _ausschnitt(laeufe: Sequence[Lauf], von: int, bis: int) -> Iterator[Lauf]:
    """The runs between two places of the text that they make up."""
    stelle = 0
    for lauf in laeufe:
        anfang, ende = max(von, stelle), min(bis, stelle + len(lauf.text))
        if anfang < ende:
            yield Lauf(lauf.text[anfang - stelle : ende - stelle], lauf.huellen, lauf.atom)
        stelle += len(lauf.text)


def _neu_setzen(block: Element, folge: Sequence[tuple[str, Lauf]]) -> None:
    """Fill the block with the runs; each unbroken change is said once for readers who do not see the marking."""
    block.text = None
    block[:] = []
    offen: tuple[Any, ...] = ()
    vergeben: set[str] = set()
    marke = ""
    ziel = block
    for art, lauf in folge:
        if art != marke or not art:
            ziel, offen = block, ()
        if art and art != marke:
            ziel = _kind(block, art)
            _anhaengen(_kind(ziel, "span", {"class": "unsichtbar"}), _HINWEIS[art])
        marke = art
        basis = block if not art else block[-1]
        if offen != lauf.huellen or ziel is basis:
            ziel, offen = basis, lauf.huellen
            for huelle in lauf.huellen:
                eigenschaften = {} if art == "del" and huelle.tag == "a" else dict(huelle.attrib)
                if art == "del" or eigenschaften.get("id") in vergeben:
                    eigenschaften.pop("id", None)
                vergeben |= {eigenschaften["id"]} if "id" in eigenschaften else set()
                ziel = _kind(ziel, "span" if art == "del" and huelle.tag == "a" else huelle.tag, eigenschaften)
        if lauf.atom is None:
            _anhaengen(ziel, lauf.text)
        elif art != "del":
            kopie = deepcopy(lauf.atom)
            kopie.tail = None
            ziel.append(kopie)
        elif lauf.atom.get(_ZIEL):
            _anhaengen(ziel, "".join(lauf.atom.itertext()))
    if any(art for art, _ in folge):
        if re.fullmatch("h[1-6]", block.tag):
            block.set("data-titel", _bleibt(folge))
        block.set("class", f"{block.get('class', '')} geaendert".strip())


def _bleibt(folge: Sequence[tuple[str, Lauf]]) -> str:
    """What a heading is called in outlines and running heads: as it reads now; one that is struck whole, as it read."""
    gilt = [x for art, x in folge if art != "del"] or [x for _, x in folge]
    return " ".join("".join(x.text if x.atom is None else "".join(x.atom.itertext()) for x in gilt).split())


def _kind(element: Element, tag: str, eigenschaften: dict[str, str] | None = None) -> Element:
    kind = Element(tag, eigenschaften or {})
    element.append(kind)
    return kind


def _anhaengen(element: Element, text: str) -> None:
    """Text behind everything that the element has."""
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text
