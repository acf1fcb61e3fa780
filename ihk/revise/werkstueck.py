"""One file being edited: planned cuts into its text, so that every byte outside a cut stays as it is.

The text is read with LF line ends; the cuts are made in the original with whatever line ends it has. What is cut out
leaves its comments behind, as lines of their own.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from ihk.reading.source import decode, read
from ihk.revise import baum
from ihk.revise.baum import Knoten, Paar


@dataclass(frozen=True, slots=True)
class Schnitt:
    """``text[von:bis]`` becomes ``neu``."""

    von: int
    bis: int
    neu: str


class Werkstueck:
    """A file without errors of reading, its tree, and the cuts planned so far."""

    def __init__(self, daten: bytes, name: str = "") -> None:
        self.name = name
        self.daten = daten
        self.text, _ = decode(daten, name)
        self.schnitte: list[Schnitt] = []

    @cached_property
    def wurzel(self) -> Knoten:
        knoten = baum.lies(self.text)
        assert knoten is not None, "an empty file does not get this far"
        return knoten

    @cached_property
    def kommentare(self) -> list[baum.Kommentar]:
        return baum.kommentare(self.text, self.wurzel)

    # ----------------------------------------------------------------- places

    def zeilenanfang(self, stelle: int) -> int:
        return self.text.rfind("\n", 0, stelle) + 1

    def zeilenende(self, stelle: int) -> int:
        """The place of the line feed that ends this line."""
        ende = self.text.find("\n", stelle)
        return ende if ende >= 0 else len(self.text)

    def spalte(self, stelle: int) -> int:
        return stelle - self.zeilenanfang(stelle)

    def einzug(self, stelle: int) -> str:
        """Blanks up to the column of a place."""
        return " " * self.spalte(stelle)

    def _darin(self, von: int, bis: int) -> list[str]:
        return [k.text for k in self.kommentare if von <= k.von < bis]

    # ----------------------------------------------------------------- cuts

    def ersetze(self, von: int, bis: int, neu: str) -> None:
        if self.text[von:bis] != neu:
            self.schnitte.append(Schnitt(von, bis, neu))

    def setze(self, abbildung: Knoten, schluessel: str, wert: str, hinter: Collection[str] = ()) -> None:
        """Give a key a value: in its place, or as a new pair behind the last of ``hinter`` that is there, else in front."""
        paar = abbildung.paar(schluessel)
        if paar is not None:
            rest = "".join(f"  {k}" for k in self._darin(paar.wert.von, paar.wert.bis))
            self.ersetze(paar.wert.von, paar.wert.bis, wert + rest)
            return
        davor = [p for p in abbildung.paare if p.name in hinter]
        anker = max(davor, key=lambda p: p.bis) if davor else None
        neu = f"{schluessel}: {wert}"
        if abbildung.flow:
            if anker is None:
                self.ersetze(abbildung.von + 1, abbildung.von + 1, f"{neu}, ")
            else:
                self.ersetze(anker.bis, anker.bis, f", {neu}")
        elif anker is None:
            erstes = abbildung.paare[0].von
            self.ersetze(erstes, erstes, f"{neu}\n{self.einzug(erstes)}")
        else:
            ende = self.zeilenende(anker.bis)
            self.ersetze(ende, ende, f"\n{self.einzug(abbildung.paare[0].von)}{neu}")

    def streiche(self, abbildung: Knoten, namen: Collection[str]) -> None:
        """Take keys out with their values. At least one key must stay; comments stay as lines of their own."""
        bleibt = [p for p in abbildung.paare if p.name not in namen]
        weg = [p for p in abbildung.paare if p.name in namen]
        if not weg:
            return
        assert bleibt, "the section itself has to go"
        if abbildung.flow:
            self._streiche_flow(abbildung.paare, weg)
            return
        erstes = abbildung.paare[0]
        if erstes in weg:  # it stands behind a dash or begins the section: the next one takes its place
            naechstes = bleibt[0]
            weg = [p for p in weg if p.von > naechstes.von]
            einzug = self.einzug(erstes.von)
            rest = "".join(f"{k}\n{einzug}" for k in self._darin(erstes.von, naechstes.von))
            self.ersetze(erstes.von, naechstes.von, rest)
        for paar in weg:
            self._streiche_zeilen(paar)

    def _streiche_zeilen(self, paar: Paar) -> None:
        von, ende = self.zeilenanfang(paar.von), self.zeilenende(paar.bis) + 1
        einzug = self.einzug(paar.von)
        rest = [f"{einzug}{k}\n" for k in self._darin(paar.von, ende)]
        leer_davor = self.text[:von].endswith("\n\n")
        leer_danach = self.text.startswith("\n", ende) or ende >= len(self.text)
        if not rest and leer_davor and leer_danach:
            von -= 1  # of two blank lines that now meet, one is enough
        self.ersetze(von, min(ende, len(self.text)), "".join(rest))

    def _streiche_flow(self, paare: list[Paar], weg: list[Paar]) -> None:
        i = 0
        while i < len(paare):
            if paare[i] not in weg:
                i += 1
                continue
            k = i
            while k < len(paare) and paare[k] in weg:
                k += 1
            von, bis = (paare[i].von, paare[k].von) if k < len(paare) else (paare[i - 1].bis, paare[k - 1].bis)
            rest = "".join(f" {t}\n{self.einzug(paare[0].von)}" for t in self._darin(von, bis))
            self.ersetze(von, bis, rest)
            i = k

    # ----------------------------------------------------------------- result

    def fertig(self) -> bytes:
        """The bytes with all cuts made; the same bytes if there is none."""
        if not self.schnitte:
            return self.daten
        original = self.daten.decode("utf-8")
        marke = int(original.startswith("\ufeff"))
        umbrueche = [t.start() - marke - i for i, t in enumerate(re.finditer("\r\n", original))]

        def stelle(i: int) -> int:
            return min(len(original), i + marke + bisect_left(umbrueche, i))

        zeilenende = "\r\n" if umbrueche else "\n"
        teile: list[str] = []
        zuletzt = 0
        geordnet = sorted(enumerate(self.schnitte), key=lambda p: (p[1].von, p[1].bis > p[1].von, p[0]))
        for _, s in geordnet:
            von, bis = stelle(s.von), stelle(s.bis)
            assert von >= zuletzt, "two cuts overlap"
            teile += [original[zuletzt:von], s.neu.replace("\n", zeilenende)]
            zuletzt = bis
        return "".join((*teile, original[zuletzt:])).encode("utf-8")


def text_wert(text: str, *, flow: bool = False) -> str:
    """One line of text as a YAML value: plain where it reads as itself, else in double quotes."""
    probe = f"{{a: {text}}}\n" if flow else f"a: {text}\n"
    einfach = text and text == text.strip() and "\n" not in text and not re.search(r"[\"'\\#&*!|>%@`]", text)
    if einfach and not re.fullmatch(r"[\d.,~+-]+|null|true|false|yes|no|on|off", text, re.IGNORECASE):
        gelesen = read(probe.encode(), "")
        if gelesen.wurzel is not None and not gelesen.probleme and gelesen.wurzel == {"a": text}:
            return text
    return json.dumps(text, ensure_ascii=False)
