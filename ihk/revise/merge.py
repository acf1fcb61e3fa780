"""``ihk merge``: two edited states of one file and their common origin become one file, field by field and by id.

The decisions come from the models, the text from our side. What was written is read again, and must give exactly the
merged model, with the conflicts settled for either side; otherwise the whole file is a conflict. Nothing is merged silently.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, Literal

from ihk.diff.fields import daten
from ihk.model.load import Geladen, load
from ihk.model.types import Satz
from ihk.problems import LoadError, Ort, geordnet
from ihk.reading.files import KONZEPT, Quelltext
from ihk.reading.source import decode, read
from ihk.revise.baum import Knoten
from ihk.revise.baum import lies as baum
from ihk.revise.merge_text import ANFANG, AUFGABE, ENDE, MITTE, Modus, Schreiber, Seitentext, ausfuehrbar, zusammen
from ihk.revise.merge_values import FEHLT, Grund, Seite, Wahl, absaetze, entscheide, ergebnis

SCHEMA = "ihk-konflikte/1"
Dateiart = Literal["fassung", "massnahme", "kapitel"]
# A part of a Fassung in folder form is read inside the smallest concept.
RAHMEN = b"format: 1\nkonzept: {id: rahmen, titel: Rahmen}\nfassung: {id: rahmen}\n"
TEILE = {"massnahme": "massnahmen/teil.yaml", "kapitel": "kapitel/teil.md"}


@dataclass(frozen=True, slots=True)
class Eingabe:
    """One state of the file: what messages call it, and its bytes (none for a file that was not there yet)."""

    name: str
    daten: bytes


@dataclass(frozen=True, slots=True)
class Konflikt:
    """A place at which both sides disagree; values in the form of ``daten.json``, None where there is none."""

    pfad: tuple[str, ...]
    art: Grund
    basis: Any
    unsere: Any
    ihre: Any
    ort_unsere: Ort
    ort_ihre: Ort


@dataclass(frozen=True, slots=True)
class Zusammenfuehrung:
    """The merged file, with marks around every conflict."""

    daten: bytes
    konflikte: tuple[Konflikt, ...]
    ganz: bool = False
    """The whole file is one conflict."""


@dataclass(frozen=True, slots=True)
class Zustand:
    """One state, read: its model in the form of ``daten.json``, its text with LF line ends."""

    inhalt: dict[str, Any]
    text: str
    ort: Callable[..., Ort]


def merge(basis: Eingabe, unsere: Eingabe, ihre: Eingabe, *, name: str | None = None) -> Zusammenfuehrung:
    """Merge three states of a file; ``name`` tells its kind if theirs do not. Raises ``LoadError`` if one cannot be read."""
    art = dateiart(name or unsere.name, unsere, ihre)
    o, t = _zustand(unsere, art), _zustand(ihre, art)
    b = _zustand(basis, art) if basis.daten.strip() else None
    if ihre.daten in (unsere.daten, basis.daten):
        return Zusammenfuehrung(unsere.daten, ())
    if basis.daten == unsere.daten:
        return Zusammenfuehrung(ihre.daten, ())
    wahl = entscheide(b.inhalt if b else FEHLT, o.inhalt, t.inhalt)
    schreiber = _markdown if art == "kapitel" else _yaml
    wahl, schreibe = schreiber(wahl, b, o, t)
    original = _Original(unsere.daten)
    konflikte = tuple(_konflikte(wahl, o, t, ()))
    if wahl.art == "felder" and _stimmt(wahl, schreibe, original, art, bool(konflikte)):
        fertig = original.mit(schreibe("marken"))
    else:
        konflikte = tuple(_konflikte(wahl.als("konflikt"), o, t, ()))
        fertig = original.mit(_ganze_datei(art, o, t))
    assert not konflikte or _ungeklaert(fertig, art), "a file with conflicts would pass for a merged one"
    return Zusammenfuehrung(fertig, konflikte, konflikte[:1] != () and konflikte[0].pfad == ())


def als_json(z: Zusammenfuehrung) -> dict[str, Any]:
    """The conflicts for other programs."""
    return {
        "schema": SCHEMA,
        "konflikte": [
            {
                "pfad": list(k.pfad),
                "art": k.art,
                "basis": k.basis,
                "unsere": k.unsere,
                "ihre": k.ihre,
                "ort": {"unsere": str(k.ort_unsere), "ihre": str(k.ort_ihre)},
            }
            for k in z.konflikte
        ],
    }


# --------------------------------------------------------------------------- reading


def dateiart(name: str, *eingaben: Eingabe) -> Dateiart:
    """Whether a file is a whole Fassung (or its ``konzept.yaml``), one measure or one chapter of a folder."""
    if PurePath(name).suffix == ".md":
        return "kapitel"
    for eingabe in eingaben:
        wurzel = read(eingabe.daten, eingabe.name).wurzel
        if wurzel is not None and not {"format", "konzept", "fassung"} & set(wurzel):
            return "massnahme"
    return "fassung"


def lade(eingabe: Eingabe, art: Dateiart) -> Geladen:
    """The model of a file; a part of a folder stands in the smallest concept. Raises ``LoadError`` for any error."""
    dateien = {"": eingabe.daten} if art == "fassung" else {KONZEPT: RAHMEN, TEILE[art]: eingabe.daten}
    try:
        geladen = load(Quelltext(eingabe.name, dateien))
        if geladen.fehlerfrei:
            return geladen
        probleme = geladen.probleme
    except LoadError as fehler:
        probleme = fehler.probleme
    raise LoadError(geordnet(replace(p, ort=_eigener(p.ort, eingabe, art)) for p in probleme if p.schwere == "fehler"))


def _eigener(ort: Ort, eingabe: Eingabe, art: Dateiart) -> Ort:
    return replace(ort, datei=eingabe.name) if art != "fassung" else ort


def _satz(geladen: Geladen, art: Dateiart) -> tuple[Satz, tuple[str | int, ...]]:
    k = geladen.fassung
    if art == "massnahme":
        return k.massnahmen[0], ("massnahmen", 0)
    return (k.kapitel[0], ("kapitel", 0)) if art == "kapitel" else (k, ())


def _zustand(eingabe: Eingabe, art: Dateiart) -> Zustand:
    geladen = lade(eingabe, art)
    satz, vor = _satz(geladen, art)
    return Zustand(
        daten(satz),
        decode(eingabe.daten, eingabe.name)[0],
        lambda *loc: _eigener(geladen.orte(*vor, *loc), eingabe, art),
    )


def _konflikte(
    wahl: Wahl, o: Zustand, t: Zustand, loc: tuple[Any, ...], loc_t: tuple[Any, ...] = ()
) -> Iterator[Konflikt]:
    if wahl.art == "konflikt" or wahl.ihre_folge is not None:
        basis, unsere, ihre = (None if w is FEHLT else w for w in (wahl.basis, wahl.unsere, wahl.ihre))
        if wahl.ihre_folge is not None:
            namen = [g.wahl.pfad[-1] for g in wahl.glieder]
            basis, unsere, ihre = None, namen, [namen[n] for n in wahl.ihre_folge]
        yield Konflikt(wahl.pfad, wahl.grund, basis, unsere, ihre, o.ort(*loc), t.ort(*loc_t))
    for name, kind in (wahl.felder or {}).items():
        yield from _konflikte(kind, o, t, (*loc, name), (*loc_t, name))
    for g in wahl.glieder:
        unten = (*loc, g.o) if g.o is not None else loc
        yield from _konflikte(g.wahl, o, t, unten, (*loc_t, g.t) if g.t is not None else loc_t)


# --------------------------------------------------------------------------- writing


class _Original:
    """Our file as it lies there: with its byte order mark and its own line ends."""

    def __init__(self, roh: bytes) -> None:
        text = roh.decode("utf-8")
        self._marke = "\ufeff" if text.startswith("\ufeff") else ""
        self._text = text.removeprefix("\ufeff")
        self._umbruch = "\r\n" if self._text.count("\r\n") * 2 > self._text.count("\n") else "\n"
        self._stellen: list[int] | None = None
        if "\r" in self._text:
            self._stellen = [t.start() for t in re.finditer(r"\r\n|[^\n]|\n", self._text)]

    def _ab(self, stelle: int) -> int:
        """A place in the text with LF line ends → the place here."""
        if self._stellen is None:
            return min(stelle, len(self._text))
        return self._stellen[stelle] if stelle < len(self._stellen) else len(self._text)

    def mit(self, stuecke: list[Any]) -> bytes:
        return (self._marke + zusammen(stuecke, self._text, self._ab, self._umbruch)).encode()


Schreibe = Callable[[Modus], list[Any]]


def _yaml(wahl: Wahl, b: Zustand | None, o: Zustand, t: Zustand) -> tuple[Wahl, Schreibe]:
    seiten = [Seitentext(z.text, wurzel) if z and (wurzel := baum(z.text)) else None for z in (b, o, t)]
    basis, unsere, ihre = seiten
    assert unsere is not None
    assert ihre is not None
    wahl = _mit_liste(wahl, unsere.wurzel, ihre.wurzel, o.text)
    return wahl, lambda modus: Schreiber(basis, unsere, ihre, modus).schreibe(wahl)


def _mit_liste(wahl: Wahl, o: Knoten, t: Knoten, text: str) -> Wahl:
    return wahl.als("konflikt") if o.flow else ausfuehrbar(wahl, o, t, text)


def _stimmt(wahl: Wahl, schreibe: Schreibe, original: _Original, art: Dateiart, offen: bool) -> bool:
    """Does the text give exactly the merged model, whichever way the conflicts are settled?"""
    seiten: tuple[Seite, ...] = ("unsere", "ihre") if offen else ("unsere",)
    for seite in seiten:
        try:
            geladen = lade(Eingabe("ergebnis", original.mit(schreibe(seite))), art)
        except LoadError:
            return False
        if daten(_satz(geladen, art)[0]) != ergebnis(wahl, seite):
            return False
    return True


def _ungeklaert(fertig: bytes, art: Dateiart) -> bool:
    try:
        lade(Eingabe("ergebnis", fertig), art)
    except LoadError as fehler:
        return any(p.code == "DATEI-KONFLIKT" for p in fehler.probleme)
    return False


def _ganze_datei(art: Dateiart, o: Zustand, t: Zustand) -> list[Any]:
    """Both states below each other: of a chapter as they are, of YAML theirs as comments."""
    if art == "kapitel":
        return _gegenueber("KONFLIKT in der ganzen Datei", o.text, t.text)
    ihre = "".join(f"# {z}\n" if z else "#\n" for z in t.text.removesuffix("\n").split("\n"))
    return [
        f"# {ANFANG} KONFLIKT in der ganzen Datei: unser Stand\n",
        (0, len(o.text)),
        *([] if o.text.endswith("\n") else ["\n"]),
        f"# {MITTE} ihr Stand, jede Zeile als Kommentar\n{ihre}# {ENDE} {AUFGABE}\n",
    ]


def _gegenueber(was: str, unsere: str, ihre: str) -> list[Any]:
    teile = (unsere.strip("\n"), ihre.strip("\n"))
    return [f"{ANFANG} {was}: unser Stand\n{teile[0]}\n{MITTE} ihr Stand\n{teile[1]}\n{ENDE} {AUFGABE}\n"]


# --------------------------------------------------------------------------- chapters in Markdown


@dataclass(frozen=True, slots=True)
class _Kapiteltext:
    """The three parts of a chapter's file; together they are its text."""

    kopf: str
    titel: str
    text: str


def _zerlegt(text: str) -> _Kapiteltext:
    kopf = re.match(r"---[ ]*\n(?:.*\n)*?---[ ]*\n", text)
    rest = text[kopf.end() :] if kopf else text
    titel = re.match(r"\n*# .*\n+", rest)
    ende = titel.end() if titel else 0
    return _Kapiteltext(kopf[0] if kopf else "", rest[:ende], rest[ende:])


def _markdown(wahl: Wahl, b: Zustand | None, o: Zustand, t: Zustand) -> tuple[Wahl, Schreibe]:
    """Head, title and paragraphs each on their own; a head that both sides changed is a conflict as a whole."""
    zerlegt = [_zerlegt(z.text) if z else _Kapiteltext("", "", "") for z in (b, o, t)]
    kopf, titel, text = (
        _gewaehlt(*(getattr(z, teil) for z in zerlegt), absatzweise=teil == "text")
        for teil in ("kopf", "titel", "text")
    )
    felder = wahl.felder or {}
    if kopf is None or any(f.art == "konflikt" for name, f in felder.items() if name not in ("titel", "text")):
        return wahl.als("konflikt"), _nichts
    if (felder.get("text") is not None and felder["text"].art == "konflikt") != (text is None):
        return wahl.als("konflikt"), _nichts

    def schreibe(modus: Modus) -> list[Any]:
        teile: list[Any] = [kopf]
        for teil, wert in (("titel", titel), ("text", text)):
            unsere, ihre = (getattr(z, teil) for z in zerlegt[1:])
            if wert is not None:
                teile.append(wert)
            elif modus == "marken":
                teile += _gegenueber(f"KONFLIKT bei {'Titel' if teil == 'titel' else 'Text'}", unsere, ihre)
            else:
                teile.append(unsere if modus == "unsere" else ihre)
        return teile

    return wahl, schreibe


def _nichts(modus: Modus) -> list[Any]:
    return []


def _gewaehlt(basis: str, unsere: str, ihre: str, *, absatzweise: bool) -> str | None:
    """One part of a chapter; None if both sides changed it and it cannot be taken apart."""
    if ihre in (basis, unsere):
        return unsere
    if unsere == basis:
        return ihre
    if not absatzweise:
        return None
    fertig = absaetze(*(x.rstrip("\n") for x in (basis, unsere, ihre)))
    return fertig + "\n" if fertig is not None else None
