"""Carried sums: a table that goes on over pages says at each break what its columns have come to so far.

Where a page ends is known only after layout. So the table is set once with room for both carried rows on every page, the
last row of each page is read off, and the table is set again with the rows in place and a break between them. A long table comes in pieces: each begins
with what the one before has come to. The rows exist because of the page, like a repeated head: they are no part of the tag tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement

TEXTS = "data-uebertrag"
"""Attribute of a row: the texts of the carried row after it, cell by cell, divided by ``|``."""
GOES_ON = "data-weiter"
"""Attribute of a table that goes on in another part; ``data-uebertrag`` at a table is what the part before has come to."""
ROWS_OF_A_PAGE = 60
"""Rows of a line each (4.5 mm) that no page holds (249 mm of type area)."""
CARRIED = "uebertrag"
"""Class of the rows made here."""


@dataclass(frozen=True, slots=True)
class Carrying:
    """A table with carried sums, and its rows in order with the row group that each stands in."""

    table: Element
    rows: tuple[tuple[Element, Element], ...]

    @property
    def surely_carries(self) -> bool:
        """Whether there are carried rows wherever the pages end: one layout less to find that out.

        The rows cannot lie on one page, however low they are, or they are the piece of a longer table.
        """
        return len(self.rows) > ROWS_OF_A_PAGE or self.table.get(TEXTS) is not None or self.goes_on

    @property
    def goes_on(self) -> bool:
        return self.table.get(GOES_ON) is not None

    def reserve(self) -> None:
        """Room for a carried row above and below on every page."""
        widest = max((row.get(TEXTS, "") for _, row in self.rows), key=len)
        head = self.table.find("thead")
        if head is not None:
            head.append(_row(widest))
        foot = Element("tfoot", {"class": CARRIED})
        foot.append(_row(widest))
        self.table.append(foot)

    def settle(self, pages: dict[Any, int]) -> None:
        """The carried rows at the breaks that the reserved room led to; ``pages`` says on which page a row ends."""
        head, foot = self.table.find("thead"), self.table.find("tfoot")
        if head is not None:
            head.remove(head[-1])
        if foot is not None:
            self.table.remove(foot)
        texts = ""
        for (group, row), (next_group, next_row) in zip(self.rows, self.rows[1:], strict=False):
            texts = row.get(TEXTS, texts)
            if not texts or pages.get(row) == pages.get(next_row):
                continue
            below = _row(texts)
            below.set("style", "break-after: page")
            group.insert(list(group).index(row) + 1, below)
            next_group.insert(list(next_group).index(next_row), _row(texts))
        if before := self.table.get(TEXTS):
            self.rows[0][0].insert(0, _row(before))
        if self.goes_on:
            group, row = self.rows[-1]
            group.append(_row(row.get(TEXTS, texts)))


def carrying(root: Any) -> list[Carrying]:
    """The tables of a document that ask for carried sums."""
    tables = []
    for table in root.iter("table"):
        rows = tuple(_body_rows(table))
        if rows and (table.get(TEXTS) or any(row.get(TEXTS) for _, row in rows)):
            tables.append(Carrying(table, rows))
    return tables


def _body_rows(table: Element) -> Iterator[tuple[Element, Element]]:
    for group in table.findall("tbody"):
        for row in group.findall("tr"):
            yield group, row


def _row(texts: str) -> Element:
    row = Element("tr", {"class": CARRIED})
    for number, text in enumerate(texts.split("|")):
        SubElement(row, "td", {"class": "n"} if number else {}).text = text
    return row
