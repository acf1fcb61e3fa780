"""A worklist as plain lines for a terminal and as checkboxes in Markdown."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

from ihk import labels
from ihk.faellig import Arbeitsliste
from ihk.terminal.befunde import sichtbar


def als_text(listen: Iterable[Arbeitsliste]) -> str:
    """Head, then per kind an item a line, what to do below it."""
    return "\n".join(sichtbar(z) for z in _mit_abstand(map(_text, listen))) + "\n"


def als_markdown(listen: Iterable[Arbeitsliste]) -> str:
    """The same with a box to tick before every item (task lists, as on GitHub and GitLab)."""
    return "\n".join(sichtbar(z) for z in _mit_abstand(map(_markdown, listen))) + "\n"


def _mit_abstand(bloecke: Iterable[list[str]]) -> list[str]:
    zeilen: list[str] = []
    for block in bloecke:
        zeilen += ["", *block] if zeilen else block
    return zeilen


def kopf(liste: Arbeitsliste) -> str:
    """What the list is about, and the day it holds for."""
    if liste.stichtag is None:
        return (
            "Ohne Stichtag: Die Fassung nennt keinen Stand. Mit --am TT.MM.JJJJ wird auch gezeigt, was überfällig ist."
        )
    woher = "Stand der Fassung; mit --am TT.MM.JJJJ ein anderer Tag" if liste.stichtag_aus_stand else "wie angegeben"
    return f"Stichtag {labels.tag(liste.stichtag)} ({woher})."


def anzahl(liste: Arbeitsliste) -> str:
    n = len(liste.posten)
    return "Es ist nichts zu tun." if not n else "1 Punkt ist zu tun." if n == 1 else f"{n} Punkte sind zu tun."


def _text(liste: Arbeitsliste) -> list[str]:
    zeilen = [f"{liste.konzept}@{liste.fassung}: {anzahl(liste)} {kopf(liste)}"]
    for _, wort, teil in liste.gruppen():
        zeilen += ["", f"{wort} ({len(teil)})"]
        for p in teil:
            zeilen += textwrap.wrap(
                f"{p.wer}: {p.satz}", 100, initial_indent="  ", subsequent_indent="      ", break_long_words=False
            )
            zeilen.append(f"      {p.ort}  → {p.hinweis}")
    return zeilen


def _markdown(liste: Arbeitsliste) -> list[str]:
    zeilen = [f"# {_escaped(liste.titel)}, Fassung {_escaped(liste.fassung)}", "", f"{anzahl(liste)} {kopf(liste)}"]
    for _, wort, teil in liste.gruppen():
        zeilen += ["", f"## {wort}", ""]
        zeilen += [f"- [ ] {_escaped(f'{p.wer}: {p.satz} {p.hinweis}')} `{p.ort}`" for p in teil]
    return zeilen


def _escaped(text: str) -> str:
    """Text of a concept must not become markup of the list."""
    return re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", text)
