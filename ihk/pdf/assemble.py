"""Parts become one file that is PDF/UA-1 and PDF/A-2a (with embedded files 3a). Knows no WeasyPrint, HTML or CSS.

Object numbers, structure parents, identifiers and page numbers are given here for the first time, so nothing is ever
renumbered. Running lines, page numbers and the draft mark are stamped as artifacts from texts that the sample part shaped.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from sys import intern
from typing import Any

from ihk.pdf.fonts import Subset, embed, subset
from ihk.pdf.metadata import Metadata, xmp
from ihk.pdf.parts import Heading, Link, Mark, Node, Note, Page, Part, Place, Slot, Stamp, nodes, renumbered
from ihk.pdf.syntax import Writer, reference
from ihk.problems import IhkError
from ihk.provenance import UNSEALED, Datei, element_line, link_line, page_sum, structure_sum

DIGITS = 4
"""Digits of the room for a page number."""
_SHOWN = re.compile(rb"/(\S+) ([\d.]+) Tf\s+\[<([0-9a-f]+)>\] TJ")


@dataclass(frozen=True, slots=True)
class Section:
    """A part in its place. ``head`` is the running head; without one, the chapter that the page shows."""

    part: Part
    head: str = ""
    cover: bool = False
    """A cover has no running lines."""


def assemble(
    sections: Sequence[Section],
    sample: Part,
    meta: Metadata,
    *,
    fontfiles: Mapping[str, bytes],
    icc: bytes,
    attachments: Sequence[Datei] = (),
    draft: bool = False,
    subset: Subset = subset,
) -> bytes:
    """The whole file. The same parts give the same bytes. ``subset`` makes a font small.

    Raises ``IhkError`` for links to places that do not exist, for places with the same name, and for gaps in the outline.
    """
    return _Document(sections, sample, fontfiles, draft, subset).file(meta, icc, attachments)


def running_heads(sections: Sequence[Section]) -> list[str]:
    """Every running head that the pages need, once."""
    return list(dict.fromkeys(head for head in _heads(sections) if head))


def _heads(sections: Sequence[Section]) -> list[str]:
    """For each page the part's own head, else the first chapter that begins on it, else the one that goes on."""
    heads: list[str] = []
    going = ""
    for section in sections:
        chapters = [h for h in section.part.outline if h.level == 2]
        for local in range(len(section.part.pages)):
            here = [h.title for h in chapters if h.place.page == local]
            heads.append(section.head or (here[0] if here else going))
            going = here[-1] if here else going
    return heads


class _Document:
    """The file while it grows."""

    def __init__(
        self, sections: Sequence[Section], sample: Part, fontfiles: Mapping[str, bytes], draft: bool, subset: Subset
    ) -> None:
        self._sections = sections
        self._draft = draft
        self._writer = Writer()
        self._stamps = _Stamps(sample.stamps)
        fonts, self._fonts_sum = embed(self._writer, [sample, *(s.part for s in sections)], fontfiles, subset)
        self._fonts = self._writer.add(fonts)
        self._total = sum(len(s.part.pages) for s in sections)
        self._starts: list[int] = []
        self._anchors: dict[str, Place] = {}
        self._pages: list[bytes] = []
        """References of the pages."""
        self._owners: list[array[int]] = []
        """For each page the numbers of the structure elements that its marked contents belong to, 0 for none."""
        self._links = array("L")
        """Numbers of all link annotations, in the order of the pages."""
        self._link_owners = array("L")
        """The structure element of each."""
        self._first_links: list[int] = []
        """For each page how many links stand before it."""
        self._page_sums: list[str] = []
        self._described: list[str] = []
        self._number()
        self._heads = _heads(sections)

    def file(self, meta: Metadata, icc: bytes, attachments: Sequence[Datei]) -> bytes:
        for index, section in enumerate(self._sections):
            self._add_part(index, section)
        structure = self._structure()
        self._catalog(meta, structure, icc, attachments)
        data = self._writer.write()
        mark = b"<ihk:datei>"
        if (at := data.find(mark + UNSEALED.encode() + b"<")) >= 0:  # a document without provenance has none
            at += len(mark)
            data[at : at + len(UNSEALED)] = hashlib.sha256(data).hexdigest().encode()
        return bytes(data)

    def _number(self) -> None:
        """Where each part starts, and where each anchor lies in the document."""
        number = 0
        for section in self._sections:
            self._starts.append(number)
            for name, place in section.part.anchors.items():
                if name in self._anchors:
                    raise IhkError(f"Die Sprungmarke „{name}“ gibt es zweimal im Bericht.")
                self._anchors[name] = Place(number + place.page, place.x, place.y)
            number += len(section.part.pages)

    # pages

    def _add_part(self, index: int, section: Section) -> None:
        part = section.part
        references: dict[int, bytes] = {}

        def renewed(number: int) -> bytes:
            """The new reference of an object of the part, written on first use."""
            if number not in references:
                data = part.objects[number]
                references[number] = self._writer.raw(renumbered(data, renewed)) if data else self._fonts
            return references[number]

        resources = self._writer.add(
            {**{key: renumbered(value, renewed) for key, value in part.resources.items()}, "Font": self._fonts}
        )
        for page in part.pages:
            body, plain = self._body(page)
            stamped = self._furniture(section, page)
            # A cover paints its whole page: what is stamped must lie above it, in the state of a fresh page.
            stamp, around = (b"Q\n" + stamped, [b"q\n"]) if section.cover else (stamped, [])
            streams = [self._writer.stream(stamp, compressed=False), self._writer.stream(body)]
            if section.cover:
                streams = [self._writer.stream(around[0], compressed=False), *reversed(streams)]
            self._page_sums.append(page_sum([*around, plain, stamp] if section.cover else [stamp, plain]))
            dictionary = self._writer.reserve(
                {
                    "Type": "/Page",
                    "Parent": self._writer.pages,
                    "MediaBox": [0, 0, page.width, page.height],
                    "Resources": resources,
                    "Contents": streams,
                    "StructParents": len(self._pages),
                    "Tabs": "/S",
                }
            )
            self._pages.append(bytes(dictionary.reference))
            self._owners.append(array("L", bytes(page.marks * array("L").itemsize)))
            self._first_links.append(len(self._links))
            if page.links:
                dictionary["Annots"] = self._writer.plain([self._link(link) for link in page.links])
            self._writer.add_page(dictionary)

    def _body(self, page: Page) -> tuple[bytes, bytes]:
        """The content stream, compressed and plain, with page numbers in their room."""
        if not page.slots:
            return page.pieces[0], zlib.decompress(page.pieces[0])
        plain = page.pieces[0] + b"".join(
            self._stamps.page_number(self._page_of(slot.anchor) + 1, slot) + piece
            for slot, piece in zip(page.slots, page.pieces[1:], strict=True)
        )
        return zlib.compress(plain, 9), plain

    def _page_of(self, anchor: str) -> int:
        if anchor not in self._anchors:
            raise IhkError(f"Ein Verweis zeigt auf die Sprungmarke „{anchor}“, die es im Bericht nicht gibt.")
        return self._anchors[anchor].page

    def _furniture(self, section: Section, page: Page) -> bytes:
        """Running lines, page number and draft mark of the next page."""
        form = "umschlag" if section.cover else "quer" if page.width > page.height else "hoch"
        out = self._stamps.mark(form) if self._draft else b""
        if not section.cover:
            number = len(self._pages)
            out += self._stamps.lines(form, self._heads[number], number + 1, self._total)
        return out

    def _link(self, link: Link) -> bytes:
        if link.anchor:
            self._page_of(link.anchor)
            goal = {"Dest": self._writer.text(link.anchor)}
        else:
            goal = {"A": {"S": "/URI", "URI": self._writer.text(link.uri)}}
        self._described.append(link_line(link.anchor or link.uri, link.label))
        annotation = self._writer.reserve(
            {
                "Type": "/Annot",
                "Subtype": "/Link",
                "Rect": link.rect,
                "F": 4,
                "BS": {"W": 0},
                "Contents": self._writer.text(link.label),
                "StructParent": self._total + len(self._links),
                **goal,
            }
        )
        self._writer.seal(annotation)
        self._links.append(annotation.number)
        self._link_owners.append(0)
        return bytes(annotation.reference)

    # tags

    def _structure(self) -> bytes:
        root = self._writer.reserve({"Type": "/StructTreeRoot"})
        document = self._writer.reserve({"Type": "/StructElem", "S": "/Document", "P": root.reference})
        ids: dict[bytes, bytes] = {}
        document["K"] = self._writer.plain(
            [
                self._tag(node, document.reference, index, ids)
                for index, section in enumerate(self._sections)
                for node in nodes(section.part)
            ]
        )
        self._writer.seal(document)
        numbers: list[Any] = []
        for page, owners in enumerate(self._owners):
            numbers += [page, self._writer.add([reference(owner) if owner else b"null" for owner in owners])]
        for n, owner in enumerate(self._link_owners):
            numbers += [self._total + n, reference(owner)]
        root["K"] = self._writer.plain([document.reference])
        root["ParentTree"] = self._writer.add({"Nums": numbers})
        root["ParentTreeNextKey"] = self._total + len(self._link_owners)
        if ids:
            root["IDTree"] = self._writer.add({"Names": [item for pair in sorted(ids.items()) for item in pair]})
        self._writer.seal(root)
        return bytes(root.reference)

    def _tag(self, node: Node, parent: bytes, index: int, ids: dict[bytes, bytes]) -> bytes:
        """Write a structure element with everything below it."""
        write = self._writer
        number = write.number()
        own = reference(number)
        element = [b"<</Type /StructElem/S /", node.role.encode(), b"/P ", parent]
        start = self._starts[index]
        page = next((kid[1] for kid in node.kids if not isinstance(kid, Node)), None)
        if page is not None:
            element += [b"/Pg ", self._pages[start + page]]
        for key, value in ((b"/Alt ", node.alt), (b"/E ", node.expansion), (b"/Lang ", node.lang)):
            if value:
                element += [key, write.text(value).data]
        self._described.append(intern(element_line(node.role, node.alt, node.expansion, node.lang)))
        if attributes := self._attributes(node, index):
            element += [b"/A ", write.plain(attributes).data]
        if node.id:
            name = write.text(f"{index}-{node.id}").data
            element += [b"/ID ", name]
            ids[name] = own
        kids = [self._kid(kid, number, own, index, page, ids) for kid in node.kids]
        write.put(number, b"".join((*element, b"/K [", b" ".join(kids), b"]>>")))
        return own

    def _kid(
        self, kid: Node | Mark | Note, number: int, parent: bytes, index: int, page: int | None, ids: dict[bytes, bytes]
    ) -> bytes:
        """How a structure element names what is in it; ``number`` and ``parent`` are its own number and reference."""
        if isinstance(kid, Node):
            return self._tag(kid, parent, index, ids)
        kind, local, n = kid
        at = self._starts[index] + local
        if kind == "a":
            n += self._first_links[at]
            self._link_owners[n] = number
            return b"<</Type /OBJR/Obj %b/Pg %b>>" % (reference(self._links[n]), self._pages[at])
        self._owners[at][n] = number
        return b"%d" % n if local == page else b"<</Type /MCR/Pg %b/MCID %d>>" % (self._pages[at], n)

    def _attributes(self, node: Node, index: int) -> dict[str, Any]:
        if node.bbox is not None:
            return {"O": "/Layout", "BBox": node.bbox}
        if node.role not in ("TH", "TD"):
            return {}
        attributes: dict[str, Any] = {"O": "/Table"}
        if node.scope:
            attributes["Scope"] = f"/{node.scope}"
        for key, value in (("RowSpan", node.rows), ("ColSpan", node.columns)):
            if value != 1:
                attributes[key] = value
        if node.headers:
            attributes["Headers"] = [self._writer.text(f"{index}-{head}") for head in node.headers]
        return attributes if len(attributes) > 1 else {}

    # catalog

    def _catalog(self, meta: Metadata, structure: bytes, icc: bytes, attachments: Sequence[Datei]) -> None:
        write = self._writer
        sums = {
            "seiten": " ".join(self._page_sums),
            "schriften": self._fonts_sum,
            "gliederung": structure_sum(self._described),
            "datei": UNSEALED,
        }
        packet = xmp(meta, {**meta.provenance, **sums} if meta.provenance else {})
        names: dict[str, Any] = {"Dests": {"Names": self._destinations()}}
        entries: dict[str, Any] = {
            "Lang": write.text(meta.language),
            "MarkInfo": {"Marked": "true"},
            "ViewerPreferences": {"DisplayDocTitle": "true"},
            "StructTreeRoot": structure,
            "PageLabels": {"Nums": self._labels()},
            "Metadata": write.stream(packet, {"Type": "/Metadata", "Subtype": "/XML"}, compressed=False),
            "OutputIntents": [
                {
                    "Type": "/OutputIntent",
                    "S": "/GTS_PDFA1",
                    "OutputConditionIdentifier": write.text("sRGB"),
                    "Info": write.text("sRGB"),
                    "DestOutputProfile": write.stream(zlib.compress(icc, 9), {"N": 3}),
                }
            ],
            "Names": names,
        }
        if (outline := self._outline()) is not None:
            entries |= {"Outlines": outline, "PageMode": "/UseOutlines"}
        if attachments:
            files = sorted((self._embedded(a, meta) for a in attachments), key=lambda pair: pair[0].data)
            names["EmbeddedFiles"] = {"Names": [item for pair in files for item in pair]}
            entries["AF"] = [filespec for _, filespec in files]
        write.catalog.update(write.plain(entries))
        write.info.update({key: write.text(value) for key, value in meta.info.items()})

    def _labels(self) -> list[Any]:
        """Page labels, so that a viewer counts like the printed numbers."""
        if self._sections[0].cover:
            return [0, {"P": self._writer.text("Titel")}, 1, {"S": "/D", "St": 2}]
        return [0, {"S": "/D"}]

    def _embedded(self, file: Datei, meta: Metadata) -> tuple[Any, bytes]:
        """Name and reference of an embedded source file; ISO 19005-3 wants its relation to the document."""
        write = self._writer
        parameters: dict[str, Any] = {"Size": len(file.daten)}
        if moment := meta.info.get("ModDate"):
            parameters["ModDate"] = write.text(moment)
        stream = write.stream(
            zlib.compress(file.daten, 9),
            {"Type": "/EmbeddedFile", "Subtype": "/" + file.art.replace("/", "#2F"), "Params": parameters},
        )
        name = write.text(file.name)
        filespec = write.add(
            {
                "Type": "/Filespec",
                "F": name,
                "UF": name,
                "Desc": write.text(f"{file.name}: Quelle dieses Berichts"),
                "AFRelationship": "/Source",
                "EF": {"F": stream, "UF": stream},
            }
        )
        return name, filespec

    def _destinations(self) -> list[Any]:
        """The name tree of all anchors, sorted by its bytes."""
        ordered = sorted((self._writer.text(name).data, place) for name, place in self._anchors.items())
        return [item for data, place in ordered for item in (data, self._goal(place))]

    def _goal(self, place: Place) -> list[Any]:
        return [self._pages[place.page], "/XYZ", place.x, place.y, 0]

    def _outline(self) -> bytes | None:
        """The outline of all headings; a level that is skipped is an error, because nobody could follow it by ear."""
        headings = [
            (Place(start + h.place.page, h.place.x, h.place.y), h)
            for start, section in zip(self._starts, self._sections, strict=True)
            for h in section.part.outline
        ]
        if not headings:
            return None
        root = _Entry(self._writer.reserve({"Type": "/Outlines"}), 0, False)
        path = [root]
        last = 0
        for place, heading in headings:
            if heading.level > last + 1:
                raise IhkError(f"Vor der Überschrift „{heading.title}“ fehlt eine Ebene der Gliederung.")
            last = heading.level
            while path[-1].level >= heading.level:
                path.pop()
            entry = self._entry(heading, place, path[-1])
            path.append(entry)
        root.close(self._writer)
        return bytes(root.data.reference)

    def _entry(self, heading: Heading, place: Place, parent: _Entry) -> _Entry:
        data = self._writer.reserve({"Title": self._writer.text(heading.title), "Dest": self._goal(place)})
        data["Parent"] = parent.data.reference
        entry = _Entry(data, heading.level, heading.closed)
        if parent.kids:
            data["Prev"] = parent.kids[-1].data.reference
            parent.kids[-1].data["Next"] = data.reference
        parent.kids.append(entry)
        return entry


class _Entry:
    """An entry of the outline with the entries below it."""

    def __init__(self, data: Any, level: int, closed: bool) -> None:
        self.data, self.level, self._closed = data, level, closed
        self.kids: list[_Entry] = []

    def close(self, writer: Writer) -> int:
        """Write it with what is below it; the number of entries that are seen when this one is open."""
        shown = sum(1 + kid.close(writer) for kid in self.kids)
        if self.kids:
            self.data["First"], self.data["Last"] = self.kids[0].data.reference, self.kids[-1].data.reference
            self.data["Count"] = -shown if self._closed else shown
        writer.seal(self.data)
        return 0 if self._closed else shown


class _Stamps:
    """Texts shaped by the typesetter in the sample part, put where the sample stands."""

    def __init__(self, stamps: Mapping[str, Stamp]) -> None:
        self._stamps = stamps
        self._digits: dict[tuple[bytes, int], tuple[bytes, float]] = {}
        for name, stamp in stamps.items():
            if name.startswith("ziffer/") and (found := _SHOWN.search(stamp.show)):
                self._digits[found[1], int(name[-1])] = (found[3], stamp.width / float(found[2]))

    def mark(self, form: str) -> bytes:
        """The draft mark."""
        return self._artifact("Watermark", self._shown(f"{form}/entwurf"))

    def lines(self, form: str, head: str, number: int, total: int) -> bytes:
        """Running head, foot and page number of a page."""
        above = [self._shown(f"{form}/oben/{head}")] if head else []
        above.append(self._shown(f"{form}/rechts"))
        pieces = [f"{form}/zahl/{c}" for c in str(number)] + [f"{form}/von"] + [f"{form}/zahl/{c}" for c in str(total)]
        below = [self._shown(f"{form}/unten"), self._put_together(pieces)]
        return self._artifact("Header", b"".join(above)) + self._artifact("Footer", b"".join(below))

    def page_number(self, number: int, slot: Slot) -> bytes:
        """The digits for a slot, aligned right; as wide as the room, so nothing moves."""
        font = slot.font.removeprefix(b"/").partition(b" ")[0]
        shown = [self._digits.get((font, int(digit))) for digit in str(number)]
        if len(shown) > DIGITS or None in shown:
            raise IhkError(f"Die Seitenzahl {number} lässt sich nicht setzen: Schnitt oder Stellen fehlen.")
        digits = [digit for digit in shown if digit is not None]
        room = (DIGITS - len(digits)) * 1000 * digits[0][1]
        return b"[%d <%b>] TJ\n" % (-round(room), b"".join(glyph for glyph, _ in digits))

    @staticmethod
    def _artifact(kind: str, content: bytes) -> bytes:
        return f"/Artifact <</Type /Pagination /Subtype /{kind}>> BDC\n".encode() + content + b"EMC\n"

    def _shown(self, name: str, shift: float = 0) -> bytes:
        stamp = self._stamp(name)
        moved = b"1 0 0 1 %.3f 0 cm\n" % shift if shift else b""
        return b"q\n" + stamp.way + b"\n" + moved + stamp.show + b"\nQ\n"

    def _put_together(self, names: list[str]) -> bytes:
        """Pieces in one line that ends where the first sample ends."""
        stamps = [self._stamp(name) for name in names]
        left = stamps[0].x + stamps[0].width - sum(stamp.width for stamp in stamps)
        out = b""
        for name, stamp in zip(names, stamps, strict=True):
            out += self._shown(name, left - stamp.x)
            left += stamp.width
        return out

    def _stamp(self, name: str) -> Stamp:
        if name not in self._stamps:
            raise IhkError(f"Dem Muster der Kopf- und Fußzeilen fehlt „{name}“.")
        return self._stamps[name]
