"""Reads the finished site of the handbook and says what is wrong with it: dead links, foreign hosts, pictures without words.

Called by ``make docs`` after the site is built; ends with 1 if something was found, and with 2 if there is no site.
"""

from __future__ import annotations

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LADEN = {("img", "src"), ("script", "src"), ("iframe", "src"), ("source", "src"), ("link", "href")}


class Seite(HTMLParser):
    """The ids of a page, where its links lead, and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.verweise: list[str] = []
        self.geladen: list[str] = []
        self.maengel: list[str] = []
        self.sprache = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        angaben = {k: v or "" for k, v in attrs}
        self.ids |= {angaben[k] for k in ("id", "name") if k in angaben}
        if tag == "html":
            self.sprache = angaben.get("lang", "")
        if tag == "a" and "href" in angaben:
            self.verweise.append(angaben["href"])
        if tag == "img" and not angaben.get("alt"):
            self.maengel.append(f"Bild ohne Alternativtext: {angaben.get('src')}")
        for name, wert in angaben.items():
            if (tag, name) in LADEN and not (tag == "link" and angaben.get("rel") in ("canonical", "next", "prev")):
                self.geladen.append(wert)


def maengel(ordner: Path) -> list[str]:
    """Everything that is wrong, one sentence each."""
    seiten = {p.resolve(): Seite(p.read_text("utf-8")) for p in ordner.rglob("*.html")}
    ergebnis = [
        satz for pfad, seite in sorted(seiten.items()) for satz in _einer_seite(pfad, seite, seiten, ordner.resolve())
    ]
    for datei in ordner.rglob("*.css"):
        text = datei.read_text("utf-8")
        if "@import" in text or "url(http" in text or "url(//" in text:
            ergebnis.append(f"{datei.relative_to(ordner)}: lädt von außen")
    return ergebnis


def _einer_seite(pfad: Path, seite: Seite, seiten: dict[Path, Seite], wurzel: Path) -> list[str]:
    funde = [*seite.maengel, *([] if seite.sprache == "de" else [f"Sprache ist „{seite.sprache}“, nicht „de“"])]
    for adresse in seite.geladen:
        if urlsplit(adresse).netloc:
            funde.append(f"lädt von außen: {adresse}")
        elif not adresse.startswith("data:") and not (pfad.parent / unquote(urlsplit(adresse).path)).exists():
            funde.append(f"lädt, was es nicht gibt: {adresse}")
    for adresse in seite.verweise:
        teile = urlsplit(adresse)
        if teile.scheme or teile.netloc:
            continue
        ziel = (pfad.parent / unquote(teile.path)).resolve() if teile.path else pfad
        if not ziel.exists():
            funde.append(f"Verweis ins Leere: {adresse}")
        elif teile.fragment and ziel in seiten and unquote(teile.fragment) not in seiten[ziel].ids:
            funde.append(f"Verweis auf eine Stelle, die es nicht gibt: {adresse}")
    return [f"{pfad.relative_to(wurzel)}: {satz}" for satz in funde]


def main() -> int:
    """Print what is wrong."""
    ordner = Path(sys.argv[1])
    anzahl = len(list(ordner.rglob("*.html")))
    if not anzahl:
        sys.stderr.write(f"In {ordner} liegt keine Seite.\n")
        return 2
    funde = maengel(ordner)
    for satz in funde:
        sys.stderr.write(satz + "\n")
    sys.stderr.write(f"{anzahl} Seiten des Handbuchs gelesen, {len(funde)} Mängel.\n")
    return int(bool(funde))


if __name__ == "__main__":
    sys.exit(main())
