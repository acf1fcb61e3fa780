"""Reads the HTML that a PDF was made from, independently of the code that laid it out: counts, heads of cells, text in order."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import tinyhtml5

SVG = "{http://www.w3.org/2000/svg}svg"


@dataclass(slots=True)
class Tabelle:
    """For every cell in the order of the HTML: scope (``Row``, ``Column``, empty for data) and the numbers of its heads."""

    zellen: list[tuple[str, set[int]]] = field(default_factory=list)


@dataclass(slots=True)
class Fakten:
    zahlen: Counter[str] = field(default_factory=Counter)
    ueberschriften: list[str] = field(default_factory=list)
    tabellen: list[Tabelle] = field(default_factory=list)
    text: str = ""


def lesen(teile: list[str]) -> Fakten:
    """What all parts of a document hold together."""
    fakten = Fakten()
    for teil in teile:
        koerper = tinyhtml5.parse(teil, namespace_html_elements=False).find("body")
        eltern = {kind: element for element in koerper.iter() for kind in element}
        for element in koerper.iter():
            _zaehlen(fakten, element)
            if element.tag == "table":
                fakten.tabellen.append(_tabelle(element, eltern))
        fakten.text += "".join(_text(koerper))
    return fakten


def _zaehlen(fakten: Fakten, element: Any) -> None:
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag in ("table", "tr", "th", "td", "li", "thead", "caption", "h1", "h2", "h3", "h4", "h5", "h6"):
        fakten.zahlen[tag] += 1
    if re.fullmatch(r"h[1-6]", tag):
        # Where changes are marked in a heading, it is called what it reads now.
        fakten.ueberschriften.append(element.get("data-titel") or " ".join("".join(_text(element)).split()))
    if tag == "a" and element.get("href"):
        fakten.zahlen["a"] += 1
    if (tag == "img" and element.get("alt")) or (tag == SVG and _titel(element)):
        fakten.zahlen["abbildung"] += 1
    if "footnote" in _klassen(element):
        fakten.zahlen["note"] += 1
    if element.get("lang"):
        fakten.zahlen["lang"] += 1
    if tag == "abbr" and element.get("title"):
        fakten.zahlen["abbr"] += 1


def _titel(svg: Any) -> str:
    titel = svg.find("{http://www.w3.org/2000/svg}title")
    return "" if titel is None else (titel.text or "").strip()


def _klassen(element: Any) -> list[str]:
    return (element.get("class") or "").split()


def _text(element: Any) -> list[str]:
    """The words of an element in order: no pictures, no room for page numbers."""
    if not isinstance(element.tag, str) or element.tag == SVG or "pg" in _klassen(element):
        return []
    teile = [element.text or ""]
    for kind in element:
        teile += [*_text(kind), kind.tail or ""]
    return teile


def _tabelle(table: Any, eltern: dict[Any, Any]) -> Tabelle:
    """Walks the grid row by row and keeps, for every place, which heads lie above it and left of it."""

    def gehoert(element: Any) -> bool:
        while (element := eltern[element]).tag != "table":
            pass
        return element is table

    ergebnis = Tabelle()
    zeilen = [e for e in table.iter("tr") if gehoert(e)]
    belegt: set[tuple[int, int]] = set()
    spaltenkoepfe: dict[int, list[int]] = {}
    zeilenkoepfe: dict[int, list[int]] = {}
    gruppe: Any = None
    gruppenkopf: list[int] = []
    nummer = 0
    orte: list[tuple[int, int, int, int, Any, list[int]]] = []
    for r, zeile in enumerate(zeilen):
        if eltern[zeile] is not gruppe:
            gruppe, gruppenkopf = eltern[zeile], []
        spalte = 0
        neue: list[tuple[int, int, int]] = []
        for zelle in (z for z in zeile if z.tag in ("td", "th")):
            while (r, spalte) in belegt:
                spalte += 1
            hoch, breit = int(zelle.get("rowspan") or 1), int(zelle.get("colspan") or 1)
            belegt |= {(r + i, spalte + j) for i in range(hoch) for j in range(breit)}
            art = zelle.get("scope") or "col"
            orte.append((r, spalte, hoch, breit, zelle, list(gruppenkopf)))
            if zelle.tag == "th":
                if art == "rowgroup":
                    gruppenkopf = [nummer]
                elif art == "row":
                    for i in range(hoch):
                        zeilenkoepfe.setdefault(r + i, []).append(nummer)
                else:
                    neue.append((nummer, spalte, breit))
                nummer += 1
            spalte += breit
        for kopf, anfang, breit in neue:
            for j in range(breit):
                spaltenkoepfe.setdefault(anfang + j, []).append((r << 16) | kopf)
    for r, spalte, hoch, breit, zelle, gruppenkoepfe in orte:
        art = zelle.get("scope") or "col"
        if zelle.tag == "th":
            ergebnis.zellen.append(("Row" if art == "row" else "Column", set()))
            continue
        koepfe = {k & 0xFFFF for j in range(breit) for k in spaltenkoepfe.get(spalte + j, []) if k >> 16 < r}
        koepfe |= {k for i in range(hoch) for k in zeilenkoepfe.get(r + i, [])}
        ergebnis.zellen.append(("", koepfe | set(gruppenkoepfe)))
    return ergebnis
