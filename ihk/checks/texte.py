"""Prose and pictures: references in texts lead somewhere, pictures are there and have an alternative text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ihk.characters import unprintable
from ihk.checks.angaben import eigene_zeichen
from ihk.checks.bezuege import saetze
from ihk.checks.kontext import Kontext
from ihk.model import Loc
from ihk.model.types import Satz
from ihk.pictures import BildError, read_picture
from ihk.problems import Ort, Problem, kurz

VERWEIS = re.compile(r"(?<![\]\w\\])\[([A-Za-z][A-Za-z0-9._-]*)\](?![(\[])")
BILD = re.compile(r"!\[[^\]]*\]\(([^)\s]*)\)")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(\s*<?([^)\s>]*)")
ERLAUBT = re.compile(r"https?://\S|mailto:\S|#\S", re.IGNORECASE)
NOTE = re.compile(r"^[ ]{0,3}\[\^([^\]\s]+)\]:", re.MULTILINE)
NOTENRUF = re.compile(r"(?<!\\)\[\^([^\]\s]+)\]")
TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>")
# What looks like an id: letters followed by digits. “[sic]” and “[…]” stay plain text.
KENNUNGSFORM = re.compile(r"[A-Z]{1,4}\d{1,4}")


def verweise(c: Kontext) -> Iterator[Problem]:
    """TEXT-VERWEIS: ``[M07]`` and ``![](B1)`` in a text name objects of the concept."""
    bilder = {b.id for b in c.k.bilder}
    for satz, loc in saetze(c.k):
        for pfad, text in texte(satz, loc):
            if "[" not in text:
                continue
            for treffer in VERWEIS.finditer(text):
                kennung = treffer[1]
                if (
                    kennung not in c.k.nach_id
                    and KENNUNGSFORM.fullmatch(kennung)
                    and kennung not in c.geladen.rohe_kennungen
                ):
                    yield c.melde(
                        stelle(c, pfad, text, treffer.start()),
                        "TEXT-VERWEIS",
                        f"Der Text verweist auf „[{kennung}]“; diese Kennung gibt es nicht.",
                        "Kennung berichtigen.",
                    )
            for treffer in BILD.finditer(text):
                if treffer[1] not in bilder and treffer[1] not in c.geladen.rohe_kennungen:
                    yield c.melde(
                        stelle(c, pfad, text, treffer.start()),
                        "TEXT-VERWEIS",
                        f"Der Text zeigt das Bild „{treffer[1]}“; es steht nicht unter „bilder“.",
                        "Unter „bilder“ eintragen: {id, datei, alt}.",
                    )


def markdown(c: Kontext) -> Iterator[Problem]:
    """TEXT-MARKDOWN: links lead to the web, to a mail address or into the document; HTML is printed as plain text."""
    for satz, loc in saetze(c.k):
        for pfad, text in texte(satz, loc):
            for treffer in LINK.finditer(text) if "](" in text else ():
                if not ERLAUBT.match(treffer[1]):
                    meldung = f"Der Link auf „{kurz(treffer[1])}“ ist nicht erlaubt und würde nicht gedruckt."
                    ort = stelle(c, pfad, text, treffer.start())
                    yield c.melde(
                        ort, "TEXT-MARKDOWN", meldung, "Links beginnen mit https://, http://, mailto: oder #."
                    )
            if "<" in text and (tag := TAG.search(text)):
                meldung = f"„{kurz(tag[0], 30)}“ sieht aus wie HTML; es wird als Text gedruckt."
                yield c.melde(
                    stelle(c, pfad, text, tag.start()),
                    "TEXT-MARKDOWN",
                    meldung,
                    "Hervorheben mit **fett** oder *kursiv*.",
                    "warnung",
                )


def fussnoten(c: Kontext) -> Iterator[Problem]:
    """TEXT-FUSSNOTE: ``[^1]`` in a text and the line ``[^1]: …`` below it belong together; alone neither prints a note."""
    for satz, loc in saetze(c.k):
        for pfad, text in texte(satz, loc):
            if "[^" not in text:
                continue
            erklaert = {t[1]: t.start() for t in NOTE.finditer(text)}
            anfaenge = {t.end() - 1 for t in NOTE.finditer(text)}
            gerufen = {t[1]: t.start() for t in NOTENRUF.finditer(text) if t.end() not in anfaenge}
            for name, index in sorted({**erklaert, **gerufen}.items(), key=lambda paar: paar[1]):
                if name in erklaert and name in gerufen:
                    continue
                fehlt = "im Text steht kein Ruf „[^{0}]“" if name in erklaert else "die Zeile „[^{0}]: …“ fehlt"
                yield c.melde(
                    stelle(c, pfad, text, index),
                    "TEXT-FUSSNOTE",
                    f"Die Fußnote „{kurz(name, 30)}“ ist unvollständig: {fehlt.format(kurz(name, 30))}.",
                    "Im Text „[^1]“ schreiben und darunter, nach einer Leerzeile, „[^1]: Text der Note“.",
                )


def zeichen(c: Kontext) -> Iterator[Problem]:
    """SCHRIFT-ZEICHEN: characters that no shipped font has, nor the concept's own; one finding a text."""
    eigene = eigene_zeichen(c)
    for satz, loc in saetze(c.k):
        for pfad, text in texte(satz, loc):
            if fehlend := unprintable(text, eigene):
                liste = ", ".join(f"U+{ord(z):04X}" for z in fehlend[:5]) + (" …" if len(fehlend) > 5 else "")
                meldung = f"Für {liste} hat keine Schrift ein Zeichen; gedruckt wird der Code in Klammern."
                ort = stelle(c, pfad, text, text.index(fehlend[0]))
                yield c.melde(
                    ort,
                    "SCHRIFT-ZEICHEN",
                    meldung,
                    "Ein anderes Zeichen verwenden oder das Wort umschreiben.",
                    "warnung",
                )


def texte(satz: Satz, loc: Loc) -> Iterator[tuple[Loc, str]]:
    """All texts that a record itself holds, with their paths."""
    for feld in type(satz).model_fields:
        wert = getattr(satz, feld)
        if isinstance(wert, str):
            yield (*loc, feld), wert
        elif isinstance(wert, tuple):
            yield from (((*loc, feld, i), w) for i, w in enumerate(wert) if isinstance(w, str))
        elif isinstance(wert, dict):
            yield from (((*loc, feld, k), w) for k, w in wert.items() if isinstance(w, str))


def stelle(c: Kontext, pfad: Loc, text: str, index: int) -> Ort:
    """The place in the text. In a block the text begins on the line below its key, usually two columns further in."""
    wert, schluessel = c.wert(*pfad), c.ort(*pfad)
    zeilen, in_zeile = text.count("\n", 0, index), index - (text.rfind("\n", 0, index) + 1)
    if wert.datei.endswith(".md"):
        return Ort(wert.datei, wert.zeile + zeilen, in_zeile + 1)
    if "\n" in text:
        return Ort(wert.datei, wert.zeile + 1 + zeilen, schluessel.spalte + 2 + in_zeile)
    return wert


def bilder(c: Kontext) -> Iterator[Problem]:
    """BILD-DATEI: every picture is a readable file beside the concept and has an alternative text."""
    for i, bild in enumerate(c.k.bilder):
        loc: Loc = ("bilder", i)
        if bild.alt is None and not c.verworfen(*loc, "alt"):
            yield c.melde(
                c.ort(*loc),
                "BILD-DATEI",
                f"Dem Bild {bild.id} fehlt der Alternativtext „alt“.",
                "In einem Satz schreiben, was zu sehen ist.",
            )
        if c.geladen.quelle.ordner is None:
            continue
        try:
            read_picture(c.geladen.quelle.ordner, bild.datei)
        except BildError as fehler:
            yield c.melde(c.wert(*loc, "datei"), "BILD-DATEI", fehler.meldung, fehler.hinweis)
