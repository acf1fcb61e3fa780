"""The same layout with less work: what WeasyPrint computes again and again is kept while one part is laid out.

WeasyPrint balances columns, sizes grids and breaks pages by laying the same boxes out until they fit; each time the same
lines of text are shaped anew. The functions replaced here give the same results as the originals; that parts come out the
same with and without them is tested (tests/test_abkuerzungen.py). ``weasyprint`` is pinned for them.
"""

from __future__ import annotations

import copy
import ctypes.util
import gc
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

THRESHOLD = (200_000, 50, 50)
"""Objects after which the garbage collector looks: layout makes millions that die by themselves, and few cycles."""

_lines: dict[Any, Any] = {}
_struts: dict[int, Any] = {}
_kept: list[Any] = []
"""Styles whose ``id`` is a key above: kept alive, so that no other object gets their number."""


_FOOTNOTES = re.compile(r"([^{}]*)\{[^{}]*float:\s*footnote")
_narrow = ContextVar("narrow", default=False)
"""The library asks for its own stylesheet without saying for which document: whether marks of lists and notes are looked for only where this document can have them."""


def has_usual_marks(css: str) -> bool:
    """Whether only ``li`` are list items and only ``.footnote`` are notes, as in the shipped stylesheet."""
    return "list-item" not in css and all(found.strip() == ".footnote" for found in _FOOTNOTES.findall(css))


@contextmanager
def remembered(*, usual_marks: bool) -> Iterator[None]:
    """Keep results for the time of one part; ``usual_marks`` as ``has_usual_marks`` says of its stylesheet."""
    before = gc.get_threshold()
    gc.set_threshold(*THRESHOLD)
    token = _narrow.set(usual_marks)
    try:
        yield
    finally:
        _narrow.reset(token)
        gc.set_threshold(*before)
        _lines.clear()
        _struts.clear()
        _kept.clear()


def _not_searched(name: str) -> None:
    """In place of the search: what is not found under this name is asked for under the next."""


def load() -> Any:
    """The library, imported. Raises ``OSError`` without Pango.

    It asks for each of its native libraries by six names, and for every name that is none, ctypes starts gcc, ld and ldconfig:
    0.4 s. One of the six is the file's name as it is in every release; on Linux the system's loader finds that by itself.
    """
    search = ctypes.util.find_library
    if sys.platform == "linux":
        ctypes.util.find_library = _not_searched
    try:
        import weasyprint
        import weasyprint.formatting_structure.boxes
        import weasyprint.pdf
        import weasyprint.text.fonts
    finally:
        ctypes.util.find_library = search
    return weasyprint


def install() -> None:
    """Replace functions of the loaded library, once."""
    from weasyprint.layout import inline, percent, preferred
    from weasyprint.text import line_break

    split = _remembering_lines(line_break.split_first_line)
    for module in (line_break, inline, preferred):
        module.split_first_line = split
    strut = _remembering_struts(line_break.strut)
    for module in (line_break, inline):
        module.strut = strut
    _resolve_quickly(percent)
    _narrow_marks()


def _remembering_lines(original: Any) -> Any:
    def split_first_line(
        text: str, style: Any, context: Any, max_width: Any, justification_spacing: Any, is_line_start: bool = True, minimum: bool = False
    ) -> Any:  # fmt: skip
        key = (id(style), text, max_width, justification_spacing, is_line_start, minimum)
        found = _lines.get(key)
        if found is None:
            found = original(text, style, context, max_width, justification_spacing, is_line_start, minimum)
            _kept.append(style)
            _lines[key] = found
            return found
        # Drawing may change the text of a layout, so each box has its own.
        return (copy.copy(found[0]), *found[1:])

    return split_first_line


def _remembering_struts(original: Any) -> Any:
    def strut(style: Any) -> Any:
        found = _struts.get(id(style))
        if found is None:
            found = _struts[id(style)] = original(style)
            _kept.append(style)
        return found

    return strut


def _resolve_quickly(percent: Any) -> None:
    """Lengths in pixels and ``auto``, which nearly all are, without three calls each."""
    original = percent.percentage

    def resolve_one_percentage(box: Any, name: str, refer_to: Any) -> None:
        value = box.style[name]
        if value == "auto":
            result = 0 if name in ("min_width", "min_height") else value
        elif getattr(value, "unit", None) == "px":
            result = value.value
        else:
            result = original(value, box.style, refer_to)
            if result == "auto" and name in ("min_width", "min_height"):
                result = 0
        setattr(box, name, result)

    percent.resolve_one_percentage = resolve_one_percentage


_MARKS = ("marker", "footnote-call", "footnote-marker")
_NEVER = ("note-call", "note-marker", "note-callback")


def _narrow_marks() -> None:
    """The library's own stylesheet gives every element the styles of a list mark and of five kinds of notes.

    Here they are looked for at list items and footnotes only; a stylesheet that has them elsewhere is left to the original.
    """
    import weasyprint

    everywhere = weasyprint.HTML._ua_stylesheets
    original = weasyprint.html.UA_STYLESHEET
    narrow = copy.copy(original)
    matcher = narrow.matcher = copy.copy(original.matcher)
    matcher.lower_local_name_selectors = {k: list(v) for k, v in matcher.lower_local_name_selectors.items()}
    matcher.class_selectors = {k: list(v) for k, v in matcher.class_selectors.items()}
    matcher.other_selectors = [entry for entry in matcher.other_selectors if entry[3] not in {*_MARKS, *_NEVER}]
    for entry in original.matcher.other_selectors:
        if entry[3] == "marker":
            matcher.lower_local_name_selectors.setdefault("li", []).append(entry)
        elif entry[3] in _MARKS:
            matcher.class_selectors.setdefault("footnote", []).append(entry)

    def _ua_stylesheets(self: Any, forms: bool = False) -> Any:
        return [narrow] if _narrow.get() and not forms else everywhere(self, forms)

    weasyprint.HTML._ua_stylesheets = _ua_stylesheets
