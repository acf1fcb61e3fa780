"""Long parts for paper in pieces that each begin a page.

A table over a thousand Maßnahmen would be laid out as a whole, by one process, in memory that grows with it; in pieces it is
laid out by all of them, and what one Maßnahme changes is one piece. Cut is where readers expect a page to end: between
groups and rows of a table, items of a list, paragraphs, sections; never after a heading. What goes on says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy, deepcopy
from dataclasses import replace
from xml.etree.ElementTree import Element

from ihk.report.druck import Druckteil
from ihk.report.fragment import Reader

LANG = 100_000
"""Letters of HTML above which a part is divided: about a hundred rows of the schedule, or twelve pages of costs."""
GROESSE = 75_000
"""Letters of a piece."""
REST = 6_000
"""What is left at the end is no piece of its own below so many letters."""
WEITER = ", Fortsetzung"
_TEILBAR = frozenset(("section", "nav", "table", "tbody", "ul", "ol", "li"))
_TEILBARE_DIV = frozenset(("rolle", "quer", "hoch", "ebene", "kapitel", "prosa", "blickseite"))
"""Classes of ``div`` with their content in a single flow; others stand side by side or stay together."""
_KOPF = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "caption", "colgroup", "thead"))
"""Nothing is cut behind these. In a table they stand on each piece."""
_IMMER = frozenset(("caption", "colgroup", "thead"))
_UEBERTRAG = "data-uebertrag"
_WEITER = "data-weiter"
"""At a table that another piece goes on with (``ihk/pdf/carried.py``)."""


def geteilt(teile: Sequence[Druckteil]) -> Iterator[Druckteil]:
    """The parts, with pieces in place of those that are too long."""
    for teil in teile:
        if len(teil.html) <= LANG or teil.umschlag or teil.kopf:
            yield teil
            continue
        leser = Reader()
        stuecke = _stuecke(leser.read(teil.html), GROESSE, _Laengen())
        for n, stueck in enumerate(stuecke):
            yield replace(
                teil,
                html=type(teil.html)(leser.write(stueck)),
                folgt="nie" if n else teil.folgt,
                eine_seite=False,
                verbunden=1,
            )


class _Laengen(dict[Element, int]):
    """Letters of elements with everything in them, about as many as their HTML has."""

    def __missing__(self, element: Element) -> int:
        eigene = 2 * len(str(element.tag)) + 5 + sum(len(k) + len(w) + 4 for k, w in element.items())
        text = len(element.text or "") + len(element.tail or "")
        laenge = self[element] = eigene + text + sum(self[kind] for kind in element)
        return laenge


def _stuecke(element: Element, platz: int, laenge: _Laengen) -> list[Element]:
    """The element in pieces: the first takes about ``platz`` letters, every other one a whole ``GROESSE``."""
    if laenge[element] <= platz or not _teilbar(element):
        return [element]
    stuecke = [_huelle(element)]
    stuecke[0].text = element.text
    kinder = list(element)
    rest = sum(laenge[kind] for kind in kinder)
    for kind in kinder:
        if rest > REST and _endet_mit_inhalt(stuecke[-1]) and _beginnt_neu(kind, platz, laenge[kind]):
            stuecke.append(_fortsetzung(element, stuecke[-1]))
            platz = GROESSE
        for n, stueck in enumerate(_stuecke(kind, platz, laenge)):
            if n:
                stuecke.append(_fortsetzung(element, stuecke[-1], im_kind=True))
                platz = GROESSE
            stuecke[-1].append(stueck)
            platz -= laenge[stueck]
        rest -= laenge[kind]
    stuecke[-1].tail = element.tail
    return stuecke


def _beginnt_neu(kind: Element, platz: int, laenge: int) -> bool:
    """Whether the next piece begins with this: it is not cut only to fill up a piece, and a heading stays with what follows."""
    if kind.tag in _KOPF:
        return platz < GROESSE // 4
    if laenge <= platz:
        return False
    return not _teilbar(kind) or platz < REST or (laenge <= GROESSE and platz <= GROESSE // 3)


def _teilbar(element: Element) -> bool:
    klassen = (element.get("class") or "").split()
    return element.tag in _TEILBAR or (
        element.tag == "div" and (not element.attrib or not _TEILBARE_DIV.isdisjoint(klassen))
    )


def _huelle(element: Element) -> Element:
    """The element without anything in it."""
    neu = copy(element)
    neu.attrib = dict(element.attrib)
    neu[:] = []
    neu.text = neu.tail = None
    return neu


def _fortsetzung(element: Element, davor: Element, *, im_kind: bool = False) -> Element:
    """What the next piece of an element begins with, after the one before; ``im_kind``: a child goes on too."""
    neu = _huelle(element)
    neu.attrib.pop("id", None)
    if element.tag == "ol":
        bisher = sum(kind.tag == "li" for kind in davor) - im_kind
        neu.set("start", str(int(davor.get("start") or 1) + bisher))
    koepfe = [deepcopy(kind) for kind in element if kind.tag in _IMMER]
    if element.tag == "tbody" and len(element) and "gruppe" in (element[0].get("class") or ""):
        koepfe.append(deepcopy(element[0]))
    for kopf in koepfe:
        neu.append(kopf)
        if kopf.tag in {"caption", "tr"}:
            _sage_weiter(kopf)
    if element.tag == "table":
        stand = [zeile.get(_UEBERTRAG) for zeile in davor.iter("tr") if zeile.get(_UEBERTRAG)]
        if stand:
            davor.set(_WEITER, "")
            neu.set(_UEBERTRAG, str(stand[-1]))
    return neu


def _sage_weiter(kopf: Element) -> None:
    """Behind the last text of a caption or of the head of a group."""
    letztes = kopf
    while len(letztes) and not (letztes[-1].tail or "").strip():
        letztes = letztes[-1]
    if len(letztes):
        letztes[-1].tail = (letztes[-1].tail or "").rstrip() + WEITER
    else:
        letztes.text = (letztes.text or "").rstrip() + WEITER


def _endet_mit_inhalt(element: Element) -> bool:
    """Whether something may be cut behind what is in it so far."""
    if not len(element):
        return bool((element.text or "").strip())
    letztes = element[-1]
    if letztes.tag in _KOPF or "gruppe" in (letztes.get("class") or "").split():
        return False
    return _endet_mit_inhalt(letztes) if _teilbar(letztes) else True
