"""Lays out one part of a document: HTML in, plain data out. The only module that knows WeasyPrint.

Three functions of ``weasyprint.pdf`` are replaced, once and without state; ``weasyprint`` is pinned for them:

- ``resolve_links``: links keep anchors of other parts, which WeasyPrint would drop as dangling; the assembler checks them.
- ``add_tags``: the tag tree is ours (``tagtree``); of WeasyPrint's we only take which box became which marked content.
- ``build_fonts_dictionary``: fonts are embedded once per document, not once per part.
"""

from __future__ import annotations

import hashlib
import logging
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ihk.pdf import shortcuts
from ihk.pdf.carried import carrying
from ihk.pdf.parts import FontUse, Heading, Link, Page, Part, Place, Rect, Slot, Stamp, packed, references
from ihk.pdf.tagtree import Tree, text_of
from ihk.problems import IhkError, UmgebungError
from ihk.resources import fontconfig

PANGO = (
    "Für PDF fehlt die Bibliothek Pango. Unter Debian und Ubuntu installieren mit: "
    "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
)
PX = 0.75
"""PDF points in a CSS pixel."""


class Typesetter:
    """Sets the parts of one document: one stylesheet, one table of bytes that it may refer to, only our fonts."""

    def __init__(self, css: str, assets: Mapping[str, bytes], *, fontconfig: Path) -> None:
        """Raises ``UmgebungError`` without Pango, ``IhkError`` for CSS that the typesetter does not understand."""
        self._weasyprint = _weasyprint(fontconfig)
        self._shared, self._assets = dict(assets), dict(assets)
        self._fetcher = _fetcher(self._weasyprint, self._assets)
        self._usual_marks = shortcuts.has_usual_marks(css)
        self._fonts = self._weasyprint.text.fonts.FontConfiguration()
        self.fontfiles: dict[str, bytes] = {}
        """Bytes of the fonts that the parts use, by their SHA-256."""
        with _no_complaints():
            self._stylesheet = self._weasyprint.CSS(
                string=css,
                url_fetcher=self._fetcher,
                font_config=self._fonts,
                media_type="print",
                base_url="ihk-asset:",
            )

    def provide(self, assets: Mapping[str, bytes]) -> None:
        """Bytes that the next parts may refer to, besides those of the stylesheet; earlier ones are gone."""
        self._assets.clear()
        self._assets.update({**self._shared, **assets})

    def lay_out(self, html: str) -> Part:
        """One part. The same HTML gives the same part. Raises ``IhkError`` for anything that cannot be set as meant."""
        with shortcuts.few_collections():
            part = self._lay_out(html)
        assert part is not None
        return part

    def lay_out_shorter(self, html: str, pages: int) -> Part | None:
        """The part if it has fewer pages than ``pages``; found out before the costly rest of the work is done."""
        with shortcuts.few_collections():
            return self._lay_out(html, pages)

    def _lay_out(self, html: str, below: int | None = None) -> Part | None:
        with _no_complaints(), shortcuts.remembered(usual_marks=self._usual_marks):
            parsed = self._weasyprint.HTML(string=html, base_url="ihk-asset:", url_fetcher=self._fetcher)
            document = self._render(parsed, below)
            if document is None:
                return None
            pdf = self._weasyprint.pdf.generate_pdf(
                document, None, 1, **(self._weasyprint.DEFAULT_OPTIONS | {"pdf_tags": True})
            )
        tree = Tree(parsed.etree_element)
        gathered = _Gathered()
        for number, (page, stream) in enumerate(zip(document.pages, pdf.page_streams, strict=True)):
            _Sheet(self._weasyprint, tree, page, stream, number, gathered).read()
        resources, objects = _resources(pdf)
        return Part(
            pages=gathered.pages,
            tree=packed(tree.finish()),
            anchors=gathered.anchors,
            outline=gathered.outline,
            resources=resources,
            objects=objects,
            fonts=self._font_uses(document),
            stamps=gathered.stamps,
        )

    def _render(self, parsed: Any, below: int | None) -> Any:
        """The pages; where a table with carried sums breaks, set again with them in place. None if they are not below a number."""

        def render() -> Any:
            return parsed.render(stylesheets=[self._stylesheet], font_config=self._fonts, pdf_tags=True)

        tables = carrying(parsed.etree_element)
        long, short = ([t for t in tables if t.surely_carries is sure] for sure in (True, False))
        for table in long:
            table.reserve()
        document = render()
        if below is not None and len(document.pages) >= below:  # carried rows would not make them fewer
            return None
        pages = self._pages_of_rows(document) if tables and len(document.pages) > 1 else {}
        breaking = [t for t in short if len({pages.get(row) for _, row in t.rows}) > 1]
        if breaking:
            for table in breaking:
                table.reserve()
            pages = self._pages_of_rows(render())
        if long or breaking:
            for table in (*long, *breaking):
                table.settle(pages)
            document = render()
        return None if below is not None and len(document.pages) >= below else document

    def _pages_of_rows(self, document: Any) -> dict[Any, int]:
        """The page on which each table row ends."""
        row_box = self._weasyprint.formatting_structure.boxes.TableRowBox
        return {
            box.element: number
            for number, page in enumerate(document.pages)
            for box in page._page_box.descendants()
            if isinstance(box, row_box)
        }

    def _font_uses(self, document: Any) -> dict[str, FontUse]:
        uses: dict[str, FontUse] = {}
        for font in document.fonts.values():
            file = hashlib.sha256(font.file_content).hexdigest()
            self.fontfiles[file] = font.file_content
            old = uses.get(font.hash)
            uses[font.hash] = FontUse(
                file=file,
                name=_name(font.name),
                family=_name(font.family),
                flags=font.flags,
                ascent=font.ascent,
                descent=font.descent,
                widths=(old.widths if old else {}) | font.widths,
                unicode=(old.unicode if old else {}) | _honest(font.to_unicode),
            )
        return uses


def _honest(unicode: Mapping[int, str]) -> dict[int, str]:
    """What each glyph stands for. Pango lets the sign of a cut line stand for all that was cut, everywhere in the document."""
    return {glyph: text if len(text) <= _LIGATURE else "…" for glyph, text in unicode.items()}


_LIGATURE = 4
"""Letters that one glyph may stand for."""


@dataclass(slots=True)
class _Gathered:
    """What the sheets of a part add up to."""

    pages: list[Page] = field(default_factory=list)
    anchors: dict[str, Place] = field(default_factory=dict)
    outline: list[Heading] = field(default_factory=list)
    stamps: dict[str, Stamp] = field(default_factory=dict)


class _Sheet:
    """One page as WeasyPrint painted it, read into plain data."""

    def __init__(self, weasyprint: Any, tree: Tree, page: Any, stream: Any, number: int, gathered: _Gathered) -> None:
        self._replaced = weasyprint.formatting_structure.boxes.ReplacedBox
        self._to_bytes = _pydyf()._to_bytes
        self._tree, self._page, self._stream, self._number, self._gathered = tree, page, stream, number, gathered
        self._width, self._height = page.width * PX, page.height * PX
        self._boxes: dict[int, Any] = {}
        self._artifacts: dict[int, bytes] = {}
        self._links: dict[Any, list[Any]] = {}
        self._lowest = 0.0

    def read(self) -> None:
        self._walk(self._page._page_box)
        if self._stream._tags:
            raise IhkError("Ein Text ließ sich keinem Element zuordnen.")
        pieces, slots = self._content()
        links = self._annotations()
        anchors, outline = self._gathered.anchors, self._gathered.outline
        for name, (x, y, *_) in self._page.anchors.items():
            anchors.setdefault(name, self._place(x, y))
        for level, title, (x, y), state in self._page.bookmarks:
            outline.append(Heading(level, title.replace("\u00ad", ""), self._place(x, y), state == "closed"))
        box = self._page._page_box
        filled = max(0.0, min(1.0, (self._lowest - box.content_box_y()) / box.height)) if box.height else 0.0
        body = pieces if slots else [zlib.compress(pieces[0], 9)]
        marks = 1 + max(self._boxes, default=-1)
        self._gathered.pages.append(Page(self._width, self._height, body, slots, links, marks, round(filled, 3)))

    def _place(self, x: float, y: float) -> Place:
        return Place(self._number, _round(x * PX), _round(self._height - y * PX))

    def _walk(self, box: Any) -> None:
        """Hang the marked contents of a box and its children into the tag tree, in the order of the document."""
        box = getattr(box, "_box", box)  # absolutely positioned boxes stand behind a placeholder
        if box in self._stream._tags:
            mcid = self._stream._tags.pop(box)["mcid"]
            self._boxes[mcid] = box
            if properties := self._tree.place(box, self._number, mcid, self._figure(box)):
                self._artifacts[mcid] = properties
            self._lowest = max(self._lowest, box.position_y + box.height)
        if box.link_annotation:
            self._links.setdefault(self._tree.ancestor(box.element, "a"), []).append(box.link_annotation)
        for child in getattr(box, "children", ()):
            self._walk(child)

    def _figure(self, box: Any) -> Rect | None:
        """The rectangle of a picture in PDF points."""
        if not isinstance(box, self._replaced):
            return None
        x, y = box.content_box_x() * PX, self._height - box.content_box_y() * PX
        return _round(x), _round(y - box.height * PX), _round(x + box.width * PX), _round(y)

    def _content(self) -> tuple[list[bytes], list[Slot]]:
        """The content stream around the room for page numbers; samples are kept as stamps."""
        pieces, slots, state = [b""], [], _State()
        mcid: int | None = None
        start = b""
        for item in self._stream.stream:
            if isinstance(item, dict):  # the properties of a marked content
                mcid = item["MCID"]
                if mcid in self._artifacts:
                    pieces[-1] = pieces[-1][: pieces[-1].rindex(b"/")] + b"/Artifact\n"
                    line = self._artifacts[mcid]
                else:
                    line = self._to_bytes(item)
                start = b""
            else:
                line = item if isinstance(item, bytes) else self._to_bytes(item)
                if line.endswith(b" TJ"):
                    line = line.replace(b">0<", b"").replace(b">0]", b">]")  # a kerning of nothing after each glyph
                if line == b"EMC":
                    self._sample(mcid, state, start)
                    mcid = None
                state.follow(line)
                start += line + b"\n"
                reference = self._reference(mcid)
                if reference and line.endswith(b" TJ"):
                    slots.append(Slot(reference, state.font))
                    pieces.append(b"")
                    continue
            pieces[-1] += line + b"\n"
        return pieces, slots

    def _reference(self, mcid: int | None) -> str:
        """The anchor whose page this text is room for."""
        if mcid is None or mcid in self._artifacts:
            return ""
        box = self._boxes[mcid]
        return str(box.element.get("data-seite") or "") if box.element_tag == box.element.tag else ""

    def _sample(self, mcid: int | None, state: _State, show: bytes) -> None:
        """Keep the marked content as a stamp if its element is a sample."""
        box = None if mcid is None else self._boxes[mcid]
        name = None if box is None else box.element.get("data-stempel")
        if name is None or box is None:
            return
        show = show.removeprefix(b"BDC\n")
        lines = [line for line in show.split(b"\n") if line and not line.endswith(b" gs")]
        way = b"\n".join([*state.transforms, state.colour])
        if name in self._gathered.stamps:
            raise IhkError(f"Der Text „{text_of(box.element)}“ einer Kopf- oder Fußzeile hat mehr als eine Zeile.")
        self._gathered.stamps[name] = Stamp(way, b"\n".join(lines), box.position_x, box.width)

    def _annotations(self) -> list[Link]:
        """One annotation for each rectangle of a link that no other one covers."""
        links: list[Link] = []
        for element, found in self._links.items():
            kept: list[Any] = []
            for annotation in found:
                if not any(_covers(other["Rect"], annotation["Rect"]) for other in kept):
                    kept = [k for k in kept if not _covers(annotation["Rect"], k["Rect"])] + [annotation]
            label = element.get("aria-label") or element.get("title") or text_of(element).strip()
            if not label:
                raise IhkError(f"Ein Verweis hat keinen Text{self._tree.where(element)}.")
            for annotation in kept:
                anchor = annotation["Dest"].string if "Dest" in annotation else ""
                uri = "" if anchor else annotation["A"]["URI"].string
                self._tree.annotate(element, self._number, len(links))
                x1, y1, x2, y2 = (_round(v) for v in annotation["Rect"])
                links.append(Link((x1, y1, x2, y2), anchor, uri, label))
        return links


class _State:
    """Graphics state as far as a stamp needs it: transformations, fill colour, font."""

    def __init__(self) -> None:
        self.transforms: list[bytes] = []
        self.colour = b"0 g"
        self.font = b""
        self._stack: list[tuple[list[bytes], bytes, bytes]] = []

    def follow(self, line: bytes) -> None:
        if line == b"q":
            self._stack.append((list(self.transforms), self.colour, self.font))
        elif line == b"Q":
            self.transforms, self.colour, self.font = self._stack.pop()
        elif line.endswith(b" cm"):
            self.transforms.append(line)
        elif line.endswith((b" rg", b" g")):
            self.colour = line
        elif line.endswith(b" Tf"):
            self.font = line


def icc_profile() -> bytes:
    """The sRGB profile that WeasyPrint ships. Raises ``UmgebungError`` if it is not there."""
    paket = find_spec("weasyprint")
    ordner = (paket.submodule_search_locations if paket else None) or ["weasyprint"]
    try:
        return Path(ordner[0], "pdf", "sRGB2014.icc").read_bytes()
    except OSError as fehler:
        raise UmgebungError(f"„{fehler.filename}“ fehlt: WeasyPrint ist nicht vollständig installiert.") from None


def versions() -> dict[str, str]:
    """Versions of the libraries that decide about the bytes."""
    weasyprint = shortcuts.load(fontconfig())
    return {"weasyprint": str(weasyprint.__version__), "pydyf": str(_pydyf().__version__)}


def _resources(pdf: Any) -> tuple[dict[str, bytes], dict[int, bytes]]:
    """Images, patterns, states and groups of the part as PDF syntax; in place of the fonts an empty object."""
    first = pdf.objects[int(pdf.pages["Kids"][0])]
    resources = pdf.objects[int(first["Resources"].split()[0])]
    fonts = int(resources.pop("Font").split()[0])
    to_bytes = _pydyf()._to_bytes
    plain = {key: to_bytes(value) for key, value in resources.items() if value}
    objects: dict[int, bytes] = {fonts: b""}
    waiting = [number for value in plain.values() for number in references(value)]
    while waiting:
        number = waiting.pop()
        if number in objects:
            continue
        value = pdf.objects[number]
        if any(isinstance(item, dict) and "MCID" in item for item in getattr(value, "stream", ())):
            raise IhkError(
                "Text unter einer Deckkraft (opacity) lässt sich nicht zugänglich setzen; statt dessen eine Farbe nehmen."
            )
        objects[number] = value.data
        waiting += references(value.data)
    return plain, objects


def _covers(outer: Any, inner: Any) -> bool:
    """Whether a rectangle lies in another one, with half a point of tolerance at the sides and three above and below."""
    return bool(
        inner[0] >= outer[0] - 0.5
        and inner[2] <= outer[2] + 0.5
        and inner[1] <= outer[1] + 3
        and inner[3] >= outer[3] - 3
    )


def _round(value: float) -> float:
    return round(float(value), 3)


def _name(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _pydyf() -> Any:
    import pydyf

    return pydyf


@cache
def _weasyprint(fontconfig: Path) -> Any:
    """WeasyPrint with our fonts only and three functions replaced."""
    try:
        weasyprint = shortcuts.load(fontconfig)
    except OSError:
        raise UmgebungError(PANGO) from None
    weasyprint.pdf.resolve_links = lambda pages: [(page.links, []) for page in pages]
    weasyprint.pdf.add_tags = lambda pdf, _document, _version, streams: setattr(pdf, "page_streams", streams)
    weasyprint.pdf.build_fonts_dictionary = lambda *_: _pydyf().Dictionary()
    shortcuts.install()
    return weasyprint


def _fetcher(weasyprint: Any, assets: Mapping[str, bytes]) -> Any:
    """Answers from the table only; nothing reaches a file or the network."""

    def fetch(url: str, headers: Any = None) -> Any:
        del headers
        if url not in assets:
            raise weasyprint.urls.FatalURLFetchingError(f"Die Adresse „{url[:200]}“ gehört nicht zum Bericht.")
        return weasyprint.urls.URLFetcherResponse(url, assets[url])

    return fetch


@contextmanager
def _no_complaints() -> Iterator[None]:
    """Every warning of the typesetter is an error: what it leaves out would be missing in the report."""
    complaints = _Complaints()
    log = logging.getLogger("weasyprint")
    propagate, log.propagate = log.propagate, False
    log.addHandler(complaints)
    try:
        yield
    except _refusals() as error:
        raise IhkError(f"Der Bericht lässt sich nicht setzen: {error}") from None
    finally:
        log.removeHandler(complaints)
        log.propagate = propagate
    if complaints.texts:
        raise IhkError("Der Bericht lässt sich nicht fehlerfrei setzen: " + "; ".join(dict.fromkeys(complaints.texts)))


def _refusals() -> tuple[type[BaseException], ...]:
    """The refusal of an address is not an ``Exception`` and must be caught by name."""
    from weasyprint.urls import FatalURLFetchingError, URLFetchingError

    return FatalURLFetchingError, URLFetchingError


class _Complaints(logging.Handler):
    """Collects every warning and error."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())
