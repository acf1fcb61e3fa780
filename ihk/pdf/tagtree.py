"""The tag tree of a part, built from its HTML elements: every marked content is hung where its element stands.

Repairing the tree of WeasyPrint 70 would mean undoing it: it follows boxes, so an element that crosses a page, a repeated
head or a link of several lines becomes several elements. Here one HTML element is one structure element.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ihk.pdf.carried import CARRIED
from ihk.pdf.parts import Node, Rect
from ihk.problems import IhkError

SVG = "{http://www.w3.org/2000/svg}"
ROLES: Mapping[str, str] = {
    **{tag: tag.upper() for tag in ("h1", "h2", "h3", "h4", "h5", "h6", "p", "tr", "th", "td")},
    "a": "Link", "abbr": "Span", "article": "Art", "aside": "Div", "blockquote": "BlockQuote", "caption": "Caption",
    "code": "Code", "del": "Span", "div": "Div", "figcaption": "Caption", "figure": "Div", "header": "Div", "img": "Figure",
    "ins": "Span", "li": "LI", "main": "Part", "nav": "Sect", "ol": "L", "pre": "Code", "q": "Quote", "section": "Sect",
    "table": "Table", "tbody": "TBody", "tfoot": "TFoot", "thead": "THead", "ul": "L", SVG + "svg": "Figure",
}  # fmt: skip
_TABLE = {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"}
_HEADING = re.compile(r"h[1-6]")
_LEADER = re.compile(r"[\s.·…]+")
SLOT = "pg"
FOOTNOTE = "footnote"
LAYOUT, PAGINATION = b"<</Type /Layout>>", b"<</Type /Pagination>>"


class Tree:
    """Grows while the boxes of the pages are walked; ``finish`` gives the result."""

    def __init__(self, root: Any) -> None:
        self._parent = {child: parent for parent in root.iter() for child in parent}
        self._order = list(root.iter())
        self._nodes: list[Node] = []
        self._kids: dict[Any, list[Any]] = dict.fromkeys((root, *root.findall("body")), self._nodes)
        self._node: dict[Any, Node] = {}
        self._calls: dict[Any, list[Any]] = {}
        self._markers: dict[Any, list[Any]] = {}
        self._group_page: dict[Any, int] = {}
        self._tables: list[Any] = []

    def ancestor(self, element: Any, tag: str) -> Any:
        """The nearest element of this tag, the element itself included; None without one."""
        while element is not None and element.tag != tag:
            element = self._parent.get(element)
        return element

    def place(self, box: Any, page: int, mcid: int, figure: Rect | None) -> bytes:
        """Hang one marked content into the tree; properties of an artifact if it is none of the content.

        ``figure`` is the rectangle of a picture, None for text.
        """
        element, tag = box.element, box.element_tag
        if tag.endswith(("::before", "::after")) and _LEADER.fullmatch(getattr(box, "text", "") or ""):
            return LAYOUT
        if _carried(self.ancestor(element, "tr")):
            return PAGINATION
        for group in ("thead", "tfoot"):
            part = self.ancestor(element, group)
            if part is not None and self._group_page.setdefault(part, page) != page:
                return PAGINATION  # repeated on another page, so it was read already
        if figure is not None:
            alt = self._alternative(element)
            if not alt:
                return LAYOUT
            kids = self.kids(element)
            node = self._node[element]
            node.alt, node.bbox = alt, figure
        else:
            kids = self.kids(element)
            if tag.endswith("::footnote-call"):
                kids = self._calls[element]
            elif tag.endswith("::footnote-marker"):
                label = Node("Lbl")
                kids.append(label)
                kids = label.kids
            elif tag == "li::marker":
                kids = self._markers.get(element, kids)
        kids.append(("m", page, mcid))
        return b""

    def annotate(self, element: Any, page: int, index: int) -> None:
        """Hang a link annotation into the element of its link."""
        self.kids(element).append(("a", page, index))

    def kids(self, element: Any) -> list[Any]:
        """The list that takes the content of this HTML element; made, with its ancestors, on first use."""
        if element in self._kids:
            return self._kids[element]
        outer = self.kids(self._parent[element])
        if element in self._kids:  # a table makes all its rows and cells at once
            return self._kids[element]
        role = self._role(element)
        if role is None:
            self._kids[element] = outer
            return outer
        node = Node(role, lang=element.get("lang") or "")
        self._node[element] = node
        self._kids[element] = node.kids
        self._hang(element, node, outer)
        if role == "Table":
            self._tables.append(element)
            for child in element.iter():  # also empty cells, in the order of the HTML
                if (
                    child.tag in _TABLE
                    and self.ancestor(child, "table") is element
                    and not _carried(self.ancestor(child, "tr"))
                ):
                    self.kids(child)
        return self._kids[element]

    def finish(self) -> list[Node]:
        """The tree: without empty elements, with associated tables. Raises ``IhkError`` for what no reader could follow."""
        for number, table in enumerate(self._tables):
            self._associate(number, table)
        _prune(self._nodes)
        return self._nodes

    def where(self, element: Any) -> str:
        """A place for a message: the heading above the element."""
        position = self._order.index(element)
        for vorher in reversed(self._order[: position + 1]):
            if isinstance(vorher.tag, str) and _HEADING.fullmatch(vorher.tag):
                return f" (unter der Überschrift „{text_of(vorher).strip()}“)"
        return ""

    def _role(self, element: Any) -> str | None:
        if FOOTNOTE in classes(element):
            return "Note"
        role = ROLES.get(element.tag)
        if role == "Link" and not element.get("href"):
            role = None
        if role is None and element.get("lang") and element.tag not in ("html", "body"):
            return "Span"
        return role

    def _hang(self, element: Any, node: Node, outer: list[Any]) -> None:
        """Put the node behind its elder siblings, with what its role demands around and inside it."""
        nav = self.ancestor(element, "nav")
        contents = nav is not None and nav.get("role") == "doc-toc"
        if node.role == "Note":  # it stands directly behind its call
            self._calls[element] = []
            outer.append(Node("Reference", self._calls[element]))
            node.id = f"n{len(self._calls)}"
        elif node.role == "Link" and contents:
            outer.append(Node("Reference", [node]))
            return
        elif node.role in ("L", "LI") and contents:
            node.role = {"L": "TOC", "LI": "TOCI"}[node.role]
        elif node.role == "LI":
            body = Node("LBody")
            label = Node("Lbl")
            self._markers[element], self._kids[element] = label.kids, body.kids
            node.kids += [label, body]
        elif node.role in ("TH", "TD"):
            node.rows, node.columns = (int(element.get(name) or 1) for name in ("rowspan", "colspan"))
            if node.role == "TH":
                scope = element.get("scope") or "col"
                node.scope = "Row" if scope == "row" else "Column"
        elif element.tag == "abbr":
            node.expansion = element.get("title") or ""
        outer.append(node)

    def _alternative(self, element: Any) -> str:
        """The alternative text of a picture; empty for decoration. Raises ``IhkError`` if a picture says nothing at all."""
        if element.tag == SVG + "svg":
            title = element.find(SVG + "title")
            return (title.text or "").strip() if title is not None else ""
        if element.get("alt") is None:
            raise IhkError(f"Ein Bild hat keinen Alternativtext{self.where(element)}; er gehört als „alt“ zum Bild.")
        return str(element.get("alt")).strip()

    def _associate(self, number: int, table: Any) -> None:
        """Give every cell its heads from the grid of the table.

        Heads of columns count for the cells below, of rows for their row, of row groups (HTML: ``scope=rowgroup``) for all
        cells below in the same group.
        """
        cells, height, occupied = _grid(self, table)
        if len({sum(1 for row, _ in occupied if row == r) for r in range(height)}) > 1:
            raise IhkError(f"Eine Tabelle hat ungleich lange Zeilen{self.where(table)}.")
        heads = [c for c in cells if c.node.role == "TH"]
        if not heads:
            raise IhkError(f"Eine Tabelle hat keine Kopfzellen{self.where(table)}.")
        for n, cell in enumerate(heads):
            cell.node.id = f"t{number}-{n}"
        for cell in cells:
            if cell.node.role == "TD":
                cell.node.headers = [head.node.id for head in heads if _counts_for(head, cell, heads)]


class _Cell:
    """A cell in the grid of its table."""

    __slots__ = ("column", "columns", "element", "group", "node", "row", "rows")

    def __init__(self, element: Any, node: Node, row: int, column: int, group: Any) -> None:
        self.element, self.node, self.row, self.column, self.group = element, node, row, column, group
        self.rows, self.columns = node.rows, node.columns

    @property
    def for_group(self) -> bool:
        return bool(self.element.get("scope") == "rowgroup")


def _grid(tree: Tree, table: Any) -> tuple[list[_Cell], int, dict[tuple[int, int], _Cell]]:
    """All cells with their places, the number of rows, and which cell covers which place."""
    rows = [e for e in table.iter("tr") if tree.ancestor(e, "table") is table and not _carried(e)]
    cells: list[_Cell] = []
    occupied: dict[tuple[int, int], _Cell] = {}
    for r, row in enumerate(rows):
        c = 0
        for element in row:
            if element.tag not in ("td", "th"):
                continue
            while (r, c) in occupied:
                c += 1
            cell = _Cell(element, tree._node[element], r, c, tree._parent[row])
            occupied |= {(r + i, c + j): cell for i in range(cell.rows) for j in range(cell.columns)}
            cells.append(cell)
            c += cell.columns
    return cells, len(rows), occupied


def _counts_for(head: _Cell, cell: _Cell, heads: list[_Cell]) -> bool:
    if head.for_group:
        later = any(h.for_group and h.group is head.group and head.row < h.row <= cell.row for h in heads)
        return head.group is cell.group and head.row < cell.row and not later
    if head.node.scope == "Row":
        return head.row < cell.row + cell.rows and head.row + head.rows > cell.row
    return head.row < cell.row and head.column < cell.column + cell.columns and head.column + head.columns > cell.column


def _carried(row: Any) -> bool:
    """Whether a row only exists because a page ends."""
    return row is not None and CARRIED in classes(row)


def classes(element: Any) -> list[str]:
    """The classes of an HTML element."""
    return str(element.get("class") or "").split()


def text_of(element: Any) -> str:
    """The text of an element with single blanks, without page numbers."""
    if SLOT in classes(element):
        return ""
    inner = "".join(text_of(child) + (child.tail or "") for child in element)
    return re.sub(r"\s+", " ", (element.text or "") + inner)


def walk(nodes: list[Any]) -> Iterator[Node]:
    """Every node, in reading order."""
    for node in nodes:
        if isinstance(node, Node):
            yield node
            yield from walk(node.kids)


def _prune(kids: list[Any]) -> None:
    """Elements without content (an item without bullet, say) leave no tag; cells and rows stay, the grid needs them."""
    for kid in kids:
        if isinstance(kid, Node):
            _prune(kid.kids)
    kids[:] = [k for k in kids if not isinstance(k, Node) or k.kids or k.role in ("TD", "TH", "TR")]
