"""A document for paper: cut by content into parts that each begin a page, with everything that is stamped onto the pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Literal

from markupsafe import Markup

from ihk.provenance import Datei
from ihk.report.prose import divided
from ihk.report.view.deckblatt import Kopf

Folge = Literal["nie", "kurz", "immer"]
"""Whether a part goes on where the one before ends: never, if one of the two is short, always."""
ZEICHEN_JE_ZEILE = 95
KURZ, HALB = 32, 20
"""Lines of two thirds of a page, and of what leaves more than half of it empty."""
HOECHSTENS = 40
"""Parts that follow each other without a new page; more would be laid out anew for each change in one of them."""


@dataclass(frozen=True, slots=True)
class Druckteil:
    """HTML of one part, escaped. ``kopf`` is its running head; without one the chapter that a page shows."""

    html: str
    kopf: str = ""
    umschlag: bool = False
    folgt: Folge = "nie"
    eine_seite: bool = False
    """Whether readers expect it on a single page."""
    verbunden: int = 1
    """How many parts it was made of."""
    enger: tuple[str, ...] = ()
    """The same in denser settings, for a part that would leave its last page mostly empty."""


@dataclass(frozen=True, slots=True)
class Druckwerk:
    """A document for paper.

    ``muster`` gives the HTML of all texts that are stamped, from the chapter titles that the laid out parts have;
    ``kopf`` is the metadata, ``herkunft`` the keys of the PDF's provenance.
    """

    teile: tuple[Druckteil, ...]
    muster: Callable[[Sequence[str]], str]
    css: str
    kopf: Kopf
    assets: Mapping[str, bytes]
    entwurf: bool = False
    herkunft: Mapping[str, str] = field(default_factory=dict)
    quellen: tuple[Datei, ...] = ()
    """The source files of the Fassungen, to embed on request."""


class Sammler:
    """Takes the parts that a template declares with ``{% call teil() %}`` in their order; the page is whole all the same."""

    def __init__(self, *, druck: bool) -> None:
        self._druck = druck
        self.teile: list[Druckteil] = []

    def teil(
        self,
        *,
        caller: Callable[[], Markup],
        kopf: str = "",
        umschlag: bool = False,
        folgt: Folge = "nie",
        eine_seite: bool = False,
    ) -> Markup:
        html = caller()
        if self._druck:  # prose is divided already; on paper captions and cells need it too, a browser makes them wider
            html = Markup(divided(html))
        self.teile.append(Druckteil(html, kopf, umschlag, folgt, eine_seite))
        return html


def verbunden(teile: Sequence[Druckteil]) -> tuple[Druckteil, ...]:
    """The parts with those joined that share pages: what follows always, and what is short."""
    ergebnis: list[Druckteil] = []
    zuletzt = 0
    for teil in teile:
        voriger = ergebnis[-1] if ergebnis else None
        davor, zuletzt = zuletzt, zeilen(teil.html)
        if voriger is None or voriger.umschlag or voriger.kopf or not _folgt(teil, voriger, davor):
            ergebnis.append(teil)
        else:
            ergebnis[-1] = replace(
                voriger,
                html=voriger.html + teil.html,
                eine_seite=voriger.eine_seite or teil.eine_seite,
                verbunden=voriger.verbunden + 1,
            )
    return tuple(ergebnis)


def _folgt(teil: Druckteil, voriger: Druckteil, zuletzt: int) -> bool:
    """What is short goes on below anything, what is long only below what would leave most of a page empty.

    ``zuletzt`` are the lines of the piece right before, which may be the last of several that share pages.
    """
    if teil.folgt == "nie" or voriger.verbunden >= HOECHSTENS:
        return False
    if teil.folgt == "immer":
        return True
    return zuletzt <= HALB or zeilen(teil.html) <= KURZ


def zeilen(html: str) -> int:
    """How many lines of a page a part may take, from its text alone: a guess that only decides about page breaks."""
    bloecke = re.split(r"</?(?:p|li|tr|h[1-6]|div|table|caption)\b[^>]*>", html)
    summe = 0
    for block in bloecke:
        laenge = len(unescape(re.sub(r"<[^>]+>", "", block)).strip())
        summe += -(-laenge // ZEICHEN_JE_ZEILE)
    return summe + 2 * len(re.findall(r"<h[1-6]\b", html)) + 8 * len(re.findall(r"<(?:svg|img)\b", html))
