"""One document: every part laid out, the sample among them, and put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ihk.pdf.assemble import Attachment, Section, assemble, running_heads
from ihk.pdf.metadata import Metadata


@dataclass(frozen=True, slots=True)
class Source:
    """One part of a document as HTML. ``head`` is its running head; without one the chapter that a page shows."""

    html: str
    head: str = ""
    cover: bool = False


def pdf_bytes(
    sources: Sequence[Source],
    sample: Callable[[Sequence[str]], str],
    css: str,
    meta: Metadata,
    assets: Mapping[str, bytes],
    *,
    fontconfig: Path,
    attachments: Sequence[Attachment] = (),
    draft: bool = False,
) -> bytes:
    """The PDF of a document that is cut into parts.

    ``sample`` gives the HTML of all texts that are stamped onto the pages, from the running heads that they need.
    ``assets`` are the only bytes that it can refer to, by address; ``fontconfig`` names the only fonts. The same input
    gives the same bytes. Raises ``UmgebungError`` without Pango, ``IhkError`` for whatever cannot be set as it is meant.
    """
    from ihk.pdf.part import Typesetter, icc_profile

    typesetter = Typesetter(css, assets, fontconfig=fontconfig)
    sections = [Section(typesetter.lay_out(source.html), source.head, source.cover) for source in sources]
    return assemble(
        sections,
        typesetter.lay_out(sample(running_heads(sections))),
        meta,
        fontfiles=typesetter.fontfiles,
        icc=icc_profile(),
        attachments=attachments,
        draft=draft,
    )
