"""A piece of a page as a tree of elements, and back. The only place that knows tinyhtml5."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, tostring

import tinyhtml5

_BILDER = re.compile(r"<svg\b.*?</svg>", re.DOTALL)


@dataclass(slots=True)
class Reader:
    """Reads pieces that belong together. Pictures are kept as they are: each is an empty element in the tree."""

    _bilder: list[str] = field(default_factory=list)

    def read(self, html: str) -> Element:
        """A ``div`` with everything in the piece."""
        wurzel: Element = tinyhtml5.parse(
            f"<!DOCTYPE html><body><div>{_BILDER.sub(self._merke, html)}</div>", namespace_html_elements=False
        )
        inhalt = wurzel.find("body/div")
        assert inhalt is not None
        return inhalt

    def write(self, wurzel: Element) -> str:
        """What is in a ``div``, with the pictures in their places."""
        innen = tostring(wurzel, encoding="unicode", method="html").removeprefix("<div>").removesuffix("</div>")
        return re.sub(r'<i data-bild="(\d+)"></i>', lambda t: self._bilder[int(t[1])], innen)

    def _merke(self, treffer: re.Match[str]) -> str:
        self._bilder.append(treffer[0])
        return f'<i data-bild="{len(self._bilder) - 1}"></i>'
