"""Writes merged decisions into the text of our side: what nobody changed stays byte for byte, comments included.

The text is cut into entries (a key with its value, an item of a list), each with what stands above it: blank lines and
comments. An entry that only one side changed is taken from that side as it is written there, indented to its new place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal

from ihk.revise.baum import Knoten
from ihk.revise.merge_values import FEHLT, Seite, Wahl, eingefuegt, ergebnis, geordnet

Modus = Literal["marken", "unsere", "ihre"]
Stueck = tuple[int, int] | str
"""A piece of our text, or new text."""
ANFANG, MITTE, ENDE = "<<<<<<<", "=======", ">>>>>>>"
AUFGABE = "Ende des Konflikts: eine Angabe behalten, die andere und diese Zeilen löschen"
_KOMMENTAR = re.compile(r"(?:^|(?<=[ \n]))#.*")
_HEIKEL = re.compile(r"[,\[\]{}#\n]|: |^[-?:!&*|>%@`'\"]|:$")


def unten(wert: Knoten) -> list[Knoten]:
    """The values inside a section or list, in the order of the text."""
    return [p.wert for p in wert.paare] if wert.art == "abbildung" else wert.kinder


@dataclass(frozen=True, slots=True)
class Kind:
    """An entry: where what stands above it begins, where it begins itself (key or dash), its value, where its line ends."""

    vor: int
    anfang: int
    wert: Knoten
    ende: int
    strich: str = ""
    """What an item out of brackets needs in front of it in a block list."""


@dataclass(frozen=True, slots=True)
class Seitentext:
    """The text of one side with the places of its values."""

    text: str
    wurzel: Knoten

    def spalte(self, stelle: int) -> int:
        return stelle - (self.text.rfind("\n", 0, stelle) + 1)

    def zeilenende(self, stelle: int) -> int:
        ende = self.text.find("\n", stelle)
        return len(self.text) if ende < 0 else ende

    def ende(self, wert: Knoten) -> int:
        """The end of the line on which a value ends, its comment included."""
        while (innen := unten(wert)) and not wert.flow:
            wert = innen[-1]
        return self.zeilenende(wert.bis)

    def beginn(self, kind: Kind) -> int:
        """Where the first entry inside begins, with what stands above it."""
        unter = "\n" in self.text[kind.anfang : kind.wert.von]
        return self.zeilenende(kind.anfang) if unter else kind.wert.von

    def felder(self, wert: Knoten, beginn: int) -> dict[str, Kind]:
        """The entries of a section."""
        ergebnis: dict[str, Kind] = {}
        for paar in wert.paare:
            name, von, kind = paar.name, paar.von, paar.wert
            ende = kind.bis if wert.flow else self.ende(kind)
            ergebnis[name] = Kind(von if wert.flow else beginn, von, kind, ende)
            beginn = ende
        return ergebnis

    def liste(self, wert: Knoten, beginn: int) -> list[Kind]:
        """The entries of a list."""
        ergebnis: list[Kind] = []
        for n, kind in enumerate(wert.kinder):
            ende = kind.bis if wert.flow else self.ende(kind)
            strich = kind.von if wert.flow else wert.von if n == 0 else self._strich(beginn, kind.von)
            vor = kind.von if wert.flow else min(beginn, strich)
            ergebnis.append(Kind(vor, strich, kind, ende, "- " if wert.flow else ""))
            beginn = ende
        return ergebnis

    def _strich(self, von: int, bis: int) -> int:
        """The dash of an item that stands between the end of the one before and its own value."""
        stelle = von
        for zeile in self.text[von:bis].split("\n"):
            if zeile.lstrip(" ").startswith("-"):
                return stelle + len(zeile) - len(zeile.lstrip(" "))
            stelle += len(zeile) + 1
        raise AssertionError("an item of a block list without a dash")

    def flach(self, von: int, bis: int, spalte: int) -> str:
        """A piece of text without the indentation of its place."""
        erste, *weitere = self.text[von:bis].split("\n")
        return "\n".join([erste, *(z[min(spalte, len(z) - len(z.lstrip(" "))) :] for z in weitere)])

    def eintrag(self, kind: Kind) -> str:
        return self.flach(kind.anfang, kind.ende, self.spalte(kind.anfang))

    def davor(self, kind: Kind) -> str:
        """What stands above an entry, without its indentation."""
        spalte = self.spalte(kind.anfang)
        return self.flach(kind.vor, kind.anfang, spalte)


def versetzt(text: str, spalte: int) -> str:
    """Text without indentation, indented behind its first line."""
    erste, *weitere = text.split("\n")
    return "\n".join([erste, *(" " * spalte + z if z.strip() else z for z in weitere)])


def drei(basis: str | None, unsere: str, ihre: str | None) -> str:
    """Comments and blank space: what one side changed; if both did, ours with the comments that are new in theirs."""
    if ihre is None or ihre in (basis, unsere):
        return unsere
    if unsere == basis:
        return ihre
    bekannt = {k.strip() for k in _KOMMENTAR.findall(f"{basis or ''}\n{unsere}")}
    neu = [k.strip() for k in _KOMMENTAR.findall(ihre) if k.strip() not in bekannt]
    if "\n" in unsere:
        return unsere + "".join(f"{z}\n" for z in neu)
    return " ".join([unsere, *neu]) if neu else unsere


# --------------------------------------------------------------------------- what the text cannot say


def ausfuehrbar(wahl: Wahl, unsere: Knoten | None, ihre: Knoten | None, text: str, *, flow: bool = False) -> Wahl:
    """The decisions as far as the text of our side can carry them; the rest becomes a conflict of the next larger entry."""
    if wahl.art in ("unsere", "ihre", "konflikt"):
        return wahl
    ganz = _ganz(wahl)
    if wahl.art == "text":
        return wahl if unsere is not None and unsere.art == "skalar" and not flow and wahl.text[0] != " " else ganz
    art = "abbildung" if wahl.art == "felder" else "liste"
    if unsere is None or unsere.art != art or (ihre is not None and ihre.art != art):
        return ganz
    flow = flow or unsere.flow
    neu: Wahl
    if wahl.art == "felder":
        felder = dict(wahl.felder or {})
        for name, kind in felder.items():
            eigenes, fremdes = unsere.unter(name), ihre.unter(name) if ihre else None
            if (kind.unsere is not FEHLT and eigenes is None) or (kind.ihre is not FEHLT and fremdes is None):
                return ganz
            felder[name] = ausfuehrbar(kind, eigenes, fremdes, text, flow=flow)
        neu = replace(wahl, felder=felder)
        if ergebnis(neu, "unsere") == {} or ergebnis(neu, "ihre") == {}:
            return ganz
    else:
        glieder = [
            replace(
                g,
                wahl=ausfuehrbar(
                    g.wahl,
                    unsere.kinder[g.o] if g.o is not None else None,
                    ihre.kinder[g.t] if g.t is not None and ihre else None,
                    text,
                    flow=flow,
                ),
            )
            for g in wahl.glieder
        ]
        neu = replace(wahl, glieder=tuple(glieder))
    if flow and ("#" in text[unsere.von : unsere.bis] or any(neu.konflikte())):
        return ganz
    return neu


def _ganz(wahl: Wahl) -> Wahl:
    """The same place decided as a whole, where that loses nothing; else a conflict."""
    if not any(wahl.konflikte()):
        wert = ergebnis(wahl, "unsere")
        if wert == wahl.unsere:
            return wahl.als("unsere")
        if wert == wahl.ihre:
            return wahl.als("ihre")
    return wahl.als("konflikt")


# --------------------------------------------------------------------------- writing


class Schreiber:
    """Writes one mode: with marks around every conflict, or with every conflict settled for one side."""

    def __init__(self, basis: Seitentext | None, unsere: Seitentext, ihre: Seitentext, modus: Modus) -> None:
        self.b, self.o, self.t, self.modus = basis, unsere, ihre, modus

    def schreibe(self, wahl: Wahl) -> list[Stueck]:
        """The merged text of a file whose decisions are ``ausfuehrbar`` and whose root is a section."""
        assert wahl.art == "felder"
        b = self.b
        kb = Kind(0, 0, b.wurzel, 0) if b else None
        ko, kt = Kind(0, 0, self.o.wurzel, 0), Kind(0, 0, self.t.wurzel, 0)
        stuecke = self._felder(wahl, ko, kt, kb, wurzel=True)
        reste = [s.text[s.ende(s.wurzel) :] for s in (self.o, self.t)]
        rest_b = b.text[b.ende(b.wurzel) :] if b else None
        rest = drei(rest_b, *reste)
        return [*stuecke, (self.o.ende(self.o.wurzel), len(self.o.text)) if rest == reste[0] else rest]

    def _bleibt(self, wahl: Wahl, o: Kind | None, t: Kind | None) -> bool:
        """Does the entry stand in the result?"""
        match wahl.art:
            case "unsere":
                return o is not None
            case "ihre":
                return t is not None
            case "konflikt":
                return self.modus == "marken" or (o if self.modus == "unsere" else t) is not None
            case _:
                return self._seite_bleibt(wahl)

    def _seite_bleibt(self, wahl: Wahl) -> bool:
        seiten: tuple[Seite, ...] = ("unsere", "ihre") if self.modus == "marken" else (self.modus,)
        return any(ergebnis(wahl, seite) is not FEHLT for seite in seiten)

    def _felder(self, wahl: Wahl, ko: Kind, kt: Kind | None, kb: Kind | None, *, wurzel: bool = False) -> list[Stueck]:
        o, t, b = self._eintraege(ko, kt, kb, Seitentext.felder, wurzel)
        entschieden = dict(wahl.felder or {})
        for name in dict.fromkeys((*o, *t)):  # written, but empty or at its default on every side
            if name not in entschieden:
                weg = name in b and name not in (t if name in o else o)
                art: Literal["unsere", "ihre"] = "ihre" if (name not in o) != weg else "unsere"
                entschieden[name] = Wahl(art, (*wahl.pfad, name), FEHLT, FEHLT, FEHLT)
        bleiben: set[Any] = {n for n, w in entschieden.items() if self._bleibt(w, o.get(n), t.get(n))}
        folge: list[Any] = eingefuegt(list(o), list(t), bleiben)
        return self._block([(entschieden[n], o.get(n), t.get(n), b.get(n)) for n in folge], ko, wurzel)

    def _liste(self, wahl: Wahl, ko: Kind, kt: Kind | None, kb: Kind | None) -> list[Stueck]:
        o, t, b = self._eintraege(ko, kt, kb, Seitentext.liste, False)
        teile = [
            (
                g.wahl,
                o[g.o] if g.o is not None else None,
                t[g.t] if g.t is not None else None,
                b[g.b] if g.b is not None and g.b < len(b) else None,
            )
            for g in geordnet(wahl, "ihre" if self.modus == "ihre" else "unsere")
        ]
        return self._block([x for x in teile if self._bleibt(*x[:3])], ko, False)

    def _eintraege(self, ko: Kind, kt: Kind | None, kb: Kind | None, lies: Any, wurzel: bool) -> tuple[Any, Any, Any]:
        art = ko.wert.art
        leer: Any = {} if art == "abbildung" else []

        def von(seite: Seitentext | None, kind: Kind | None) -> Any:
            if seite is None or kind is None or kind.wert.art != art:
                return leer
            return lies(seite, kind.wert, 0 if wurzel else seite.beginn(kind))

        return von(self.o, ko), von(self.t, kt), von(self.b, kb)

    def _block(
        self, teile: Sequence[tuple[Wahl, Kind | None, Kind | None, Kind | None]], behaelter: Kind, wurzel: bool
    ) -> list[Stueck]:
        """Entries below each other, each with what stands above it."""
        spalte = self.o.spalte(behaelter.wert.von)
        in_zeile = not wurzel and self.o.beginn(behaelter) == behaelter.wert.von
        stuecke: list[Stueck] = []
        for n, (wahl, o, t, b) in enumerate(teile):
            oben = self._oben(o, t, b)
            erste = n == 0 and (wurzel or in_zeile)
            if erste and "\n" in oben and not (wurzel and o is not None and o.vor == 0):
                oben = oben.lstrip("\n ")
            elif not erste and "\n" not in oben:
                oben = "\n"
            eigenes = (o.vor, o.anfang) if o is not None else None
            if eigenes and versetzt(oben, spalte) + " " * spalte * oben.endswith("\n") == self.o.text[slice(*eigenes)]:
                stuecke.append(eigenes)
            else:
                stuecke.append(versetzt(oben, spalte) + " " * spalte * oben.endswith("\n"))
            stuecke += self._eintrag(wahl, o, t, b, spalte)
        return stuecke

    def _oben(self, o: Kind | None, t: Kind | None, b: Kind | None) -> str:
        ihres = self.t.davor(t) if t is not None else None
        if o is None:
            return ihres or ""
        return drei(self.b.davor(b) if self.b and b is not None else None, self.o.davor(o), ihres)

    def _eintrag(self, wahl: Wahl, o: Kind | None, t: Kind | None, b: Kind | None, spalte: int) -> list[Stueck]:
        """One entry from its key or dash to the end of its last line."""
        if wahl.art == "konflikt":
            return self._konflikt(wahl, o, t, spalte)
        if o is None:
            assert t is not None
            return [self._fremd(t, spalte)]
        ganz: Stueck = (o.anfang, o.ende)
        if t is None and wahl.art in ("unsere", "ihre", "text"):
            return [ganz]
        unser, ihr = self.o.eintrag(o), self.t.eintrag(t) if t is not None else None
        davor = self.b.eintrag(b) if self.b and b is not None else None
        if wahl.ihre_folge is None and ihr is not None:
            if ihr in (davor, unser):
                return [ganz]
            if unser == davor:
                assert t is not None
                return [self._fremd(t, spalte)]
        block = bool(unten(o.wert)) and not o.wert.flow
        if wahl.art == "text":
            return [(o.anfang, o.wert.von), self._prosa(o, wahl.text), self._kommentar(o, t, b)]
        if wahl.art in ("felder", "liste"):
            if not block:
                return [
                    (o.anfang, o.wert.von),
                    *self._flow(wahl, o.wert, t.wert if t else None),
                    self._kommentar(o, t, b),
                ]
            innen = self._felder(wahl, o, t, b) if wahl.art == "felder" else self._liste(wahl, o, t, b)
            return [*self._reihenfolge(wahl, spalte), *self._schluesselzeile(o, t, b), *innen]
        if block or (t is not None and unten(t.wert) and not t.wert.flow):
            return [ganz if wahl.art == "unsere" or t is None else self._fremd(t, spalte)]
        if wahl.art == "unsere" or t is None:
            return [(o.anfang, o.wert.bis), self._kommentar(o, t, b)]
        wert = self.t.flach(t.wert.von, t.wert.bis, self.t.spalte(t.anfang))
        kopf, umbruch, inhalt = wert.partition("\n")
        if umbruch and t.wert.stil in ("|", ">") and o.wert.stil == t.wert.stil:
            wert = drei(self._kopf(self.b, b), self._kopf(self.o, o) or "", kopf) + umbruch + inhalt
        return [(o.anfang, o.wert.von), versetzt(wert, self.o.spalte(o.anfang)), self._kommentar(o, t, b)]

    def _schluesselzeile(self, o: Kind, t: Kind | None, b: Kind | None) -> list[Stueck]:
        """The line of a key or dash above a block, with the comment on it."""
        if self.o.beginn(o) == o.wert.von:
            return [(o.anfang, o.wert.von)]

        def rest(seite: Seitentext | None, kind: Kind | None) -> str | None:
            if seite is None or kind is None or kind.wert.flow or seite.beginn(kind) == kind.wert.von:
                return None
            return seite.text[kind.anfang : seite.beginn(kind)]

        unser = rest(self.o, o) or ""
        neu = drei(rest(self.b, b), unser, rest(self.t, t))
        return [(o.anfang, self.o.beginn(o)) if neu == unser else neu]

    @staticmethod
    def _kopf(seite: Seitentext | None, kind: Kind | None) -> str | None:
        """The first line of a block text: its sign and perhaps a comment."""
        if seite is None or kind is None or kind.wert.stil not in ("|", ">"):
            return None
        return seite.text[kind.wert.von : seite.zeilenende(kind.wert.von)]

    def _fremd(self, t: Kind, spalte: int) -> str:
        """An entry of theirs at its new place."""
        return t.strich + versetzt(self.t.eintrag(t), spalte)

    def _kommentar(self, o: Kind, t: Kind | None, b: Kind | None) -> Stueck:
        """What stands behind a value on its last line."""

        def rest(seite: Seitentext | None, kind: Kind | None) -> str | None:
            if seite is None or kind is None or (unten(kind.wert) and not kind.wert.flow):
                return None
            return seite.text[kind.wert.bis : kind.ende]

        unser = rest(self.o, o) or ""
        neu = drei(rest(self.b, b), unser, rest(self.t, t))
        return (o.wert.bis, o.ende) if neu == unser else neu

    def _prosa(self, o: Kind, text: str) -> str:
        """Merged paragraphs as a block text, with our indentation."""
        kopf, weiter, inhalt = self.o.text[o.wert.von : o.wert.bis].partition("\n")
        literal = o.wert.stil == "|" and weiter and not re.search(r"[0-9]", kopf)
        zeile = next((z for z in inhalt.split("\n") if z.strip()), "") if literal else ""
        tiefe = len(zeile) - len(zeile.lstrip(" ")) if literal else self.o.spalte(o.anfang) + 2
        zeilen = [" " * tiefe + z if z else "" for z in text.split("\n")]
        return "\n".join([kopf if literal else "|", *zeilen])

    # ------------------------------------------------------------------ conflicts

    def _konflikt(self, wahl: Wahl, o: Kind | None, t: Kind | None, spalte: int) -> list[Stueck]:
        unser: list[Stueck] = [(o.anfang, o.ende)] if o is not None else []
        ihr: list[Stueck] = [self._fremd(t, spalte)] if t is not None else []
        if self.modus != "marken":
            return unser if self.modus == "unsere" else ihr
        neu = "\n" + " " * spalte
        was = " › ".join(wahl.pfad)
        return [
            f"# {ANFANG} KONFLIKT bei {was}: unser Stand{'' if unser else ' (entfernt)'}{neu if unser else ''}",
            *unser,
            f"{neu}# {MITTE} ihr Stand{'' if ihr else ' (entfernt)'}{neu if ihr else ''}",
            *ihr,
            f"{neu}# {ENDE} {AUFGABE}",
        ]

    def _reihenfolge(self, wahl: Wahl, spalte: int) -> list[Stueck]:
        """A comment above a list that both sides ordered differently."""
        if wahl.ihre_folge is None or self.modus != "marken":
            return []
        neu = "\n" + " " * spalte
        namen = [g.wahl.pfad[-1] for g in wahl.glieder]
        unsere, ihre = ", ".join(namen), ", ".join(namen[n] for n in wahl.ihre_folge)
        return [
            (
                f"# {ANFANG} KONFLIKT bei {' › '.join(wahl.pfad)}, Reihenfolge: unser Stand (so steht sie hier){neu}"
                f"#   {unsere}{neu}# {MITTE} ihr Stand{neu}#   {ihre}{neu}"
                f"# {ENDE} Ende des Konflikts: die Einträge ordnen, diese Zeilen löschen{neu}"
            )
        ]

    # ------------------------------------------------------------------ between brackets

    def _flow(self, wahl: Wahl, o: Knoten, t: Knoten | None) -> Iterator[Stueck]:
        """A section or list between brackets; conflicts inside were lifted out before."""
        eigene = self.o.felder(o, 0) if o.art == "abbildung" else dict(enumerate(self.o.liste(o, 0)))
        stellen = list(eigene.values())
        zwischen = [self.o.text[a.ende : n.anfang] for a, n in pairwise(stellen)]
        trenner = next((z for z in zwischen if not z.strip(", \n")), ", ")
        teile = list(self._flow_felder(wahl, o, t) if o.art == "abbildung" else self._flow_liste(wahl, o, t))
        yield (o.von, stellen[0].anfang) if stellen else self.o.text[o.von : o.von + 1]
        for n, teil in enumerate(teile):
            if n:
                yield trenner
            yield from teil
        yield (stellen[-1].ende, o.bis) if stellen else self.o.text[o.bis - 1 : o.bis]

    def _flow_felder(self, wahl: Wahl, o: Knoten, t: Knoten | None) -> Iterator[list[Stueck]]:
        felder = dict(wahl.felder or {})
        fremde = {p.name: p.wert for p in t.paare} if t else {}
        eigene = self.o.felder(o, 0)
        andere = self.t.felder(t, 0) if t is not None else {}
        for name in eigene:
            felder.setdefault(name, Wahl("unsere", (), FEHLT, FEHLT, FEHLT))
        bleiben: set[Any] = {n for n, w in felder.items() if self._bleibt(w, eigene.get(n), andere.get(n))}
        folge: list[Any] = eingefuegt(list(eigene), list(fremde), bleiben)
        for name in folge:
            if name in eigene:
                kind = eigene[name]
                yield [(kind.anfang, kind.wert.von), *self._flow_wert(felder[name], kind.wert, fremde.get(name))]
            else:
                yield [f"{name}: {self._als_flow(fremde[name])}"]

    def _flow_liste(self, wahl: Wahl, o: Knoten, t: Knoten | None) -> Iterator[list[Stueck]]:
        for g in wahl.glieder:
            eigenes = o.kinder[g.o] if g.o is not None else None
            fremdes = t.kinder[g.t] if g.t is not None and t is not None else None
            if ergebnis(g.wahl, "unsere") is FEHLT:
                continue
            if eigenes is not None:
                yield list(self._flow_wert(g.wahl, eigenes, fremdes))
            elif fremdes is not None:
                yield [self._als_flow(fremdes)]

    def _flow_wert(self, wahl: Wahl, o: Knoten, t: Knoten | None) -> Iterator[Stueck]:
        if wahl.art == "ihre" and t is not None:
            yield self._als_flow(t)
        elif wahl.art in ("felder", "liste"):
            yield from self._flow(wahl, o, t)
        else:
            yield (o.von, o.bis)

    def _als_flow(self, t: Knoten) -> str:
        """A value of theirs between brackets."""
        if t.art == "abbildung":
            return (
                "{"
                + ", ".join(f"{name}: {self._als_flow(kind)}" for name, kind in ((p.name, p.wert) for p in t.paare))
                + "}"
            )
        if t.art == "liste":
            return "[" + ", ".join(map(self._als_flow, t.kinder)) + "]"
        roh = self.t.text[t.von : t.bis]
        if (t.stil in ("'", '"') and "\n" not in roh) or (not t.stil and not _HEIKEL.search(roh)):
            return roh
        return json.dumps(t.wert.rstrip("\n"), ensure_ascii=False)


def zusammen(stuecke: Sequence[Stueck], original: str, ab: Callable[[int], int], umbruch: str) -> str:
    """The pieces as one text: ours as in the original (with its own line ends), new ones with the usual line end."""
    return "".join(s.replace("\n", umbruch) if isinstance(s, str) else original[ab(s[0]) : ab(s[1])] for s in stuecke)
