"""Where each value of a YAML file begins and ends, so that a part of the text can be replaced and the rest stays as it is.

Reads the same events as ``source``, which judges the file; here a file is expected that it has accepted.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Any

import yaml


@dataclass(slots=True)
class Stelle:
    """A value: ``text[von:bis]``. Of a block list or section ``bis`` is the end of its last value."""

    von: int
    bis: int
    art: str
    """``text``, ``felder`` or ``liste``."""
    flow: bool = False
    """Written between brackets."""
    stil: str | None = None
    """Of a text: None for plain, else ``'``, ``"``, ``|`` or ``>``."""
    wert: str = ""
    schluessel: dict[str, int] = field(default_factory=dict)
    """Where each key of a section begins, in the order of the file."""
    felder: dict[str, Stelle] = field(default_factory=dict)
    liste: list[Stelle] = field(default_factory=list)

    @property
    def kinder(self) -> list[Stelle]:
        return list(self.felder.values()) if self.art == "felder" else self.liste


def spans(text: str) -> Stelle | None:
    """The places of all values of a decoded text with LF line ends; None for a file without content."""
    zeilen = [0]
    for zeile in text.split("\n"):
        zeilen.append(zeilen[-1] + len(zeile) + 1)

    def index(marke: Any) -> int:
        return min(len(text), zeilen[marke.line] + int(marke.column)) if marke.line < len(zeilen) else len(text)

    wurzel: Stelle | None = None
    stapel: list[tuple[Stelle, str | None, int]] = []
    schluessel: str | None = None
    schluessel_von = 0
    naechstes = yaml.CSafeLoader(text).get_event
    while True:
        ereignis: Any = naechstes()
        if isinstance(ereignis, yaml.StreamEndEvent):
            return wurzel
        if isinstance(ereignis, yaml.ScalarEvent):
            wert = unicodedata.normalize("NFC", ereignis.value)
            von = index(ereignis.start_mark)
            if stapel and stapel[-1][0].art == "felder" and schluessel is None:
                schluessel, schluessel_von = wert, von
                continue
            bis = index(ereignis.end_mark)
            if ereignis.style in ("|", ">"):
                bis = von + len(text[von:bis].rstrip())
            neu = Stelle(von, bis, "text", stil=ereignis.style or None, wert=wert)
        elif isinstance(ereignis, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            art = "felder" if isinstance(ereignis, yaml.MappingStartEvent) else "liste"
            neu = Stelle(index(ereignis.start_mark), 0, art, flow=bool(ereignis.flow_style))
            stapel.append((neu, schluessel, schluessel_von))
            schluessel = None
            continue
        elif isinstance(ereignis, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            neu, schluessel, schluessel_von = stapel.pop()
            # The end mark of a block lies behind blank lines and comments that belong to what follows.
            neu.bis = index(ereignis.end_mark) if neu.flow or not neu.kinder else neu.kinder[-1].bis
        else:
            continue
        if not stapel:
            wurzel = neu
        elif stapel[-1][0].art == "liste":
            stapel[-1][0].liste.append(neu)
        else:
            assert schluessel is not None
            stapel[-1][0].schluessel[schluessel] = schluessel_von
            stapel[-1][0].felder[schluessel] = neu
            schluessel = None
