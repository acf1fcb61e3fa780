"""The same layout with less work: what WeasyPrint computes again and again is kept while one part is laid out.

WeasyPrint balances columns, sizes grids and breaks pages by laying the same boxes out until they fit; each time the same
lines of text are shaped anew. The functions replaced here give the same results as the originals; that parts come out the
same with and without them is tested (tests/test_abkuerzungen.py). ``weasyprint`` is pinned for them.
"""

from __future__ import annotations

import copy
import ctypes.util
import gc
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, partial
from math import inf
from pathlib import Path
from typing import Any, NamedTuple

THRESHOLD = (200_000, 50, 50)
"""Objects after which the garbage collector looks: layout makes millions that die by themselves, and few cycles."""

_lines: dict[Any, Any] = {}
_struts: dict[int, Any] = {}
_features: dict[int, bytes] = {}
_finished: dict[Any, Any] = {}
_blocks: dict[Any, Any] = {}
_plain: dict[int, bool] = {}
_room: list[float] = []
"""For each block that is being laid out, the outer first: the least room that was found between something of it and the end of its page."""
_kept: list[Any] = []
"""Styles and boxes whose ``id`` is a key above: kept alive, so that no other object gets their number."""


_FOOTNOTES = re.compile(r"([^{}]*)\{[^{}]*float:\s*footnote")
_narrow = ContextVar("narrow", default=False)
"""The library asks for its own stylesheet without saying for which document: whether marks of lists and notes are looked for only where this document can have them."""


def has_usual_marks(css: str) -> bool:
    """Whether only ``li`` are list items and only ``.footnote`` are notes, as in the shipped stylesheet."""
    return "list-item" not in css and all(found.strip() == ".footnote" for found in _FOOTNOTES.findall(css))


@contextmanager
def few_collections() -> Iterator[None]:
    """Let the garbage collector wait until what was laid out is gone: looking through it takes a tenth of the time.

    To be entered outside of the function that holds the boxes of a part.
    """
    before = gc.get_threshold()
    gc.set_threshold(*THRESHOLD)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def remembered(*, usual_marks: bool) -> Iterator[None]:
    """Keep results for the time of one part; ``usual_marks`` as ``has_usual_marks`` says of its stylesheet."""
    token = _narrow.set(usual_marks)
    try:
        yield
    finally:
        _narrow.reset(token)
        _lines.clear()
        _struts.clear()
        _features.clear()
        _finished.clear()
        _blocks.clear()
        _plain.clear()
        _kept.clear()


def _not_searched(name: str) -> None:
    """In place of the search: what is not found under this name is asked for under the next."""


def load(fontconfig: Path) -> Any:
    """The library, imported, with the fonts of this file only. Raises ``OSError`` without Pango.

    fontconfig reads its environment once, and the library asks it for all fonts while it is imported: it must neither look through
    those of the machine nor warn if there are none.

    It asks for each of its native libraries by six names, and for every name that is none, ctypes starts gcc, ld and ldconfig:
    0.4 s. One of the six is the file's name as it is in every release; on Linux the system's loader finds that by itself.
    """
    os.environ["FONTCONFIG_FILE"] = str(fontconfig)
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
    from weasyprint import css
    from weasyprint.layout import LayoutContext, block, grid, inline, percent, preferred
    from weasyprint.text import line_break

    split = _remembering_lines(line_break.split_first_line)
    for module in (line_break, inline, preferred):
        module.split_first_line = split
    strut = _remembering_struts(line_break.strut)
    for module in (line_break, inline):
        module.strut = strut
    inline.get_next_linebox = _remembering_finished_lines(inline.get_next_linebox)
    LayoutContext.overflows_page = _noting_room(LayoutContext.overflows_page)
    block.block_level_layout = _remembering_blocks(block.block_level_layout)
    _give_back_features(line_break)
    _resolve_quickly(percent)
    css.ComputedStyle.__missing__ = _looking_up_what_nobody_set(css)
    grid._distribute_extra_space = _distributing_where_it_counts(grid._distribute_extra_space)
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


def _give_back_features(line_break: Any) -> None:
    """Font features are attributes of each text; the library makes two objects for them that nobody gives back, 0.1 MB a part."""
    features_of, ffi, pango = line_break.font_features, line_break.ffi, line_break.pango
    original = line_break.Layout.setup
    line_break.font_features = lambda *_: {}

    def setup(self: Any, style: Any) -> None:
        original(self, style)
        features = _features.get(id(style))
        if features is None:
            found = features_of(*(style[name] for name in _FEATURES))
            features = _features[id(style)] = ",".join(f"{key} {value}" for key, value in found.items()).encode()
            _kept.append(style)
        if features:
            attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
            pango.pango_attr_list_insert(attributes, pango.pango_attr_font_features_new(features))
            pango.pango_layout_set_attributes(self.layout, attributes)

    line_break.Layout.setup = setup


def _remembering_finished_lines(original: Any) -> Any:
    """Columns are balanced, and rows of a grid measured, by laying the same paragraphs out again: their lines are moved instead."""

    def get_next_linebox(
        context: Any,
        linebox: Any,
        position_y: Any,
        bottom_space: Any,
        skip_stack: Any,
        containing_block: Any,
        *rest: Any,
    ) -> Any:
        first_letter_style, first_line_style = rest[-2:]
        kept = not (context.excluded_shapes or first_letter_style or first_line_style) and _is_plain(linebox)
        if not kept or containing_block.style["direction"] != "ltr":
            return original(context, linebox, position_y, bottom_space, skip_stack, containing_block, *rest)
        key = (id(linebox), _frozen(skip_stack), containing_block.width, linebox.text_indent)
        position_x = containing_block.content_box_x()
        found = _finished.get(key)
        if found is None:
            line, resume_at = original(context, linebox, position_y, bottom_space, skip_stack, containing_block, *rest)
            if line is not None and (context.in_column or bottom_space == -inf):  # where it may be laid out again
                _finished[key] = (_copied(line), resume_at, position_x)
            return line, resume_at
        line, resume_at, x = found
        line = _copied(line)
        line.translate(position_x - x, position_y - line.position_y)
        line.position_y = position_y  # as the original does: adding and taking away is not exact
        return line, resume_at

    return get_next_linebox


class _Block(NamedTuple):
    """A block that was laid out as a whole, where, and how much room it needs below its top."""

    needed: float
    x: float
    y: float
    box: Any
    next_page: Any
    margins: tuple[float, ...]
    next_margins: tuple[float, ...]
    collapsing_through: bool


def _note(room: float) -> None:
    """There was so much room, for the block that is being laid out."""
    if _room:
        _room[-1] = min(_room[-1], room)


def _noting_room(original: Any) -> Any:
    def overflows_page(self: Any, bottom_space: Any, position_y: Any) -> Any:
        _note(self.page_bottom - bottom_space - position_y)
        return original(self, bottom_space, position_y)

    return overflows_page


def _remembering_blocks(original: Any) -> Any:
    """A block of a balanced column that fits as a whole comes out the same wherever it fits again: it is moved there.

    Where it would come closer to the end of the page than anything in it ever did, it is laid out anew.
    """

    def block_level_layout(context: Any, box: Any, *args: Any, **named: Any) -> Any:
        if not context.in_column or named:  # the layout of blocks in blocks names nothing
            return original(context, box, *args, **named)
        (bottom_space, skip_stack, containing_block, page_is_empty, _, _, margins, letter, line, discard, lines) = args
        whole = not (skip_stack or letter or line or context.excluded_shapes) and lines is None
        if not whole or margins is None or not -inf < bottom_space < inf or not _is_plain(box):
            return original(context, box, *args)
        page = (page_is_empty, context.current_page > 1, context.forced_break)
        key = (id(box), containing_block.width, containing_block.is_for_root_element, tuple(margins), discard, page)
        x, y, room = box.position_x, box.position_y, context.page_bottom - bottom_space - box.position_y
        found = _blocks.get(key)
        if found is not None and room > found.needed:
            margins[:] = found.margins
            new_box = _copied(found.box)
            new_box.translate(x - found.x, y - found.y)
            _note(room - found.needed)
            return new_box, None, dict(found.next_page), list(found.next_margins), found.collapsing_through, None
        _room.append(inf)
        result = original(context, box, *args)
        least = _room.pop()
        _note(least)
        new_box, resume_at, next_page, next_margins, collapsing_through, _ = result
        if new_box is not None and resume_at is None and least > 0:
            needed = room - least
            kept = _copied(new_box)
            _blocks[key] = _Block(
                needed, x, y, kept, next_page, tuple(margins), tuple(next_margins), collapsing_through
            )
        return result

    return block_level_layout


def _is_plain(box: Any) -> bool:
    """Whether a block or a line has nothing but text in blocks and inline boxes: what floats, stands elsewhere or has a size is
    not moved."""
    found = _plain.get(id(box))
    if found is None:
        _kept.append(box)
        found = _plain[id(box)] = all(_is_text(part) for part in box.descendants())
    return found


@cache
def _kinds() -> frozenset[type]:
    """The boxes that are nothing but text, and what text stands in."""
    from weasyprint.formatting_structure import boxes as b

    table = {b.TableBox, b.TableRowGroupBox, b.TableRowBox, b.TableCellBox, b.TableCaptionBox}
    return frozenset(table | {b.BlockBox, b.InlineBox, b.InlineBlockBox, b.LineBox, b.TextBox})


def _is_text(box: Any) -> bool:
    return (
        type(box) in _kinds()
        and box.is_in_normal_flow()
        and box.footnote is None
        and not box.is_leader
        and box.first_letter_style is None
    )


def _frozen(skip_stack: Any) -> Any:
    return skip_stack and tuple((at, _frozen(within)) for at, within in skip_stack.items())


def _copied(box: Any) -> Any:
    """The box with boxes of its own in it; each text has its own layout, which drawing may change."""
    new = box.copy()
    new.remove_decoration_sides = set(box.remove_decoration_sides)
    children = getattr(box, "children", None)
    if children is not None:
        new.children = type(children)([_copied(child) for child in children])
    if hasattr(box, "column_groups"):
        new.column_groups = tuple(_copied(group) for group in box.column_groups)
        for column in (column for group in new.column_groups for column in group.children):
            column.get_cells = partial(_cells, new, column)
    layout = getattr(box, "pango_layout", None)
    if layout is not None:
        new.pango_layout = copy.copy(layout)
    return new


def _cells(table: Any, column: Any) -> list[Any]:
    return [
        cell
        for group in table.children
        for row in group.children
        for cell in row.children
        if cell.grid_x == column.grid_x
    ]


def _remembering_struts(original: Any) -> Any:
    def strut(style: Any) -> Any:
        found = _struts.get(id(style))
        if found is None:
            found = _struts[id(style)] = original(style)
            _kept.append(style)
        return found

    return strut


_FEATURES = (
    "font_kerning",
    "font_variant_ligatures",
    "font_variant_position",
    "font_variant_caps",
    "font_variant_numeric",
    "font_variant_alternates",
    "font_variant_east_asian",
    "font_feature_settings",
)
_GROWING = {
    "intrinsic": ("min-content", "max-content", "auto"),
    "content-based": ("min-content", "max-content"),
    "max-content": ("max-content", "auto"),
}


def _distributing_where_it_counts(original: Any) -> Any:
    """What spans several tracks of a grid is measured six times; tracks of fixed width do not grow by it."""

    def _distribute_extra_space(
        affected_sizes: Any, affected_tracks_types: Any, size_contribution: Any, tracks_children: Any, sizing_functions: Any, *args: Any
    ) -> None:  # fmt: skip
        functions = [f[0 if affected_sizes == "min" else 1] for f in sizing_functions]
        growing = _GROWING[affected_tracks_types]
        if any(f in growing or f[0] == "fit-content()" for f in functions):
            original(affected_sizes, affected_tracks_types, size_contribution, tracks_children, sizing_functions, *args)

    return _distribute_extra_space


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


def _looking_up_what_nobody_set(css: Any) -> Any:
    """Most values of most elements are the parent's or the initial one: those need no computing."""
    original = css.ComputedStyle.__missing__
    special = {"float", "display", "position", "page"} | {
        k for k in css.INITIAL_VALUES if k.startswith("text_decoration_")
    }
    inherited = frozenset(css.INHERITED - special)
    initial = {
        k: v for k, v in css.INITIAL_VALUES.items() if k not in css.INHERITED | css.INITIAL_NOT_COMPUTED | special
    }
    physical = css.PHYSICAL_FUNCTIONS
    logical = {name(block="ttb", inline=way) for name in physical.values() for way in ("ltr", "rtl")}

    def value(self: Any, key: str) -> Any:
        if key in self.cascaded or (key in physical and not logical.isdisjoint(self.cascaded)):
            return original(self, key)
        if key in initial:
            found = self[key] = initial[key]
            return found
        if key in inherited and self.parent_style is not None:
            found = self[key] = self.parent_style[key]
            return found
        return original(self, key)

    return value


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
