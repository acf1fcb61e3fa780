"""The canonical form of a file: German numbers and dates, keys in the order of the model, LF, no blanks at line ends.

Prose, comments, quotes, indentation and blank lines stay as they are. Where a comment could lose the key it speaks of,
the keys of that section keep their order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ihk.model import Konzeptfassung, Massnahme
from ihk.model.load import load
from ihk.model.types import Satz
from ihk.problems import IhkError, LoadError, Problem
from ihk.project import Version, version_at
from ihk.reading import values
from ihk.reading.files import KONZEPT, Quelltext, read_tree
from ihk.reading.values import WertError
from ihk.revise import baum
from ihk.revise.baum import Knoten, Paar
from ihk.revise.ordnung import folge, inhalt
from ihk.revise.werkstueck import Werkstueck
from ihk.seals import vorhanden


@dataclass(frozen=True, slots=True)
class Ergebnis:
    """One Fassung: the files that change, or the findings because of which it cannot be read; a sealed one stays."""

    version: Version
    geaendert: Mapping[str, bytes]
    probleme: tuple[Problem, ...] = ()
    versiegelt: bool = False


def fassung(version: Version) -> Ergebnis:
    """The canonical form of all YAML files of a Fassung; nothing is written."""
    if version.eingebettet is not None:
        raise IhkError(f"„{version.pfad}“ ist ein PDF. Die Konzeptdatei angeben.")
    quelle, einzeln = version.quelle, _einzelne_massnahme(version.pfad)
    if vorhanden(version_at(version.pfad.parent.parent) if einzeln else version) is not None:
        return Ergebnis(version, {}, versiegelt=True)
    if fehler := tuple(p for p in read_tree(quelle).probleme if p.schwere == "fehler"):
        return Ergebnis(version, {}, fehler)
    klassen = {n: _klasse(n, einzeln=einzeln) for n in quelle.dateien if not n.endswith(".md")}
    neu = {name: kanonisch(quelle.dateien[name], klasse) for name, klasse in klassen.items()}
    geaendert = {name: daten for name, daten in neu.items() if daten != quelle.dateien[name]}
    if geaendert:
        _selbstpruefung(quelle, neu, klassen)
    return Ergebnis(version, geaendert)


def _einzelne_massnahme(pfad: Path) -> bool:
    """``massnahmen/M01.yaml`` of a folder, named alone: editors do that on saving."""
    return pfad.is_file() and pfad.parent.name == "massnahmen" and (pfad.parent.parent / KONZEPT).exists()


def _klasse(name: str, *, einzeln: bool) -> type[Satz]:
    return Massnahme if einzeln or name not in ("", KONZEPT) else Konzeptfassung


def kanonisch(daten: bytes, klasse: type[Satz]) -> bytes:
    """The canonical form of one file that reads without errors."""
    werk = Werkstueck(_zeilen(daten))
    _werte(werk, werk.wurzel, klasse, flow=False)
    werk = Werkstueck(werk.fertig())
    text = werk.text[: werk.wurzel.von] + _Ordner(werk).ganz(werk.wurzel, klasse)
    return text.encode()


def _zeilen(daten: bytes) -> bytes:
    """UTF-8 without mark, LF, no blanks before a line feed, one line feed at the end; the inside of values stays."""
    werk = Werkstueck(daten)
    text = werk.text
    skalare = [(s.kopf or s.von, s.bis) for s in baum.skalare(werk.wurzel) if "\n" in text[s.von : s.bis]]
    stuecke, zuletzt, i = [], 0, 0
    for treffer in re.finditer(r"[ ]+(?=\n)", text):
        while i < len(skalare) and skalare[i][1] <= treffer.start():
            i += 1
        # The first line of a block (behind its header) is still outside of its text.
        im_wert = i < len(skalare) and "\n" in text[skalare[i][0] : treffer.start()] and skalare[i][0] < treffer.start()
        if not im_wert:
            stuecke.append(text[zuletzt : treffer.start()])
            zuletzt = treffer.end()
    return ("".join((*stuecke, text[zuletzt:])).rstrip("\n") + "\n").encode()


# --------------------------------------------------------------------------- values


def _werte(werk: Werkstueck, knoten: Knoten, klasse: type[Satz], *, flow: bool) -> None:
    flow = flow or knoten.flow
    for paar in knoten.paare:
        art, innen, je_schluessel = inhalt(klasse, paar.name)
        kinder = paar.wert.kinder if paar.wert.art == "liste" else [paar.wert]
        if innen is not None:
            for kind in kinder:
                if kind.art == "abbildung":
                    _werte(werk, kind, innen, flow=flow or paar.wert.flow)
            continue
        schreiben = SCHREIBWEISE.get(art or "")
        if schreiben is None:
            continue
        if je_schluessel:
            kinder = [p.wert for p in paar.wert.paare]
        for kind in kinder:
            _wert(werk, kind, schreiben, flow=flow or paar.wert.flow)


def _wert(werk: Werkstueck, knoten: Knoten, schreiben: Callable[[str], str], *, flow: bool) -> None:
    if knoten.art != "skalar" or knoten.stil in ("|", ">") or "\n" in werk.text[knoten.von : knoten.bis]:
        return
    try:
        neu = schreiben(knoten.wert)
    except WertError:
        return  # ihk check reports it
    if neu == knoten.wert:
        return
    if knoten.stil:
        neu = f"{knoten.stil}{neu}{knoten.stil}"
    elif flow and "," in neu:
        neu = f'"{neu}"'
    werk.ersetze(knoten.von, knoten.bis, neu)


def geld(text: str) -> str:
    """``1.250.000,50 €``"""
    cent = values.geld(text)
    ganz, rest = divmod(abs(cent), 100)
    return f"{'-' if cent < 0 else ''}{_gruppen(str(ganz))}{f',{rest:02}' if rest else ''} €"


def zahl(text: str) -> str:
    """Groups of three; decimals and the unit as they are written: 12,50 is measured more exactly than 12,5."""
    values.zahl(text)
    treffer = re.fullmatch(r"([-\u2212]?)([0-9.]+)(.*)", text.strip())
    assert treffer is not None
    return f"{treffer[1]}{_gruppen(treffer[2].replace('.', ''))}{treffer[3]}"


def _gruppen(ziffern: str) -> str:
    return f"{int(ziffern):,}".replace(",", ".")


def datum(text: str) -> str:
    """``31.12.2029``"""
    tag = values.datum(text)
    return f"{tag.day:02}.{tag.month:02}.{tag.year}"


def zeitpunkt(text: str) -> str:
    """As exact as it is written: ``2029``, ``Q1 2029``, ``03/2029``, ``31.12.2029``."""
    z = values.zeitpunkt(text)
    match z.genauigkeit:
        case "jahr":
            return str(z.beginn.year)
        case "quartal":
            return f"Q{(z.beginn.month + 2) // 3} {z.beginn.year}"
        case "monat":
            return f"{z.beginn.month:02}/{z.beginn.year}"
        case "tag":
            return f"{z.beginn.day:02}.{z.beginn.month:02}.{z.beginn.year}"


SCHREIBWEISE: dict[str, Callable[[str], str]] = {"geld": geld, "zahl": zahl, "datum": datum, "zeitpunkt": zeitpunkt}

# --------------------------------------------------------------------------- order of keys


class _Ordner:
    """Writes a text anew with keys in order; every piece of the old text is in the new one exactly once.

    A block reaches to the end of its last line, so that a comment there moves with it; any other value ends where it ends.
    """

    def __init__(self, werk: Werkstueck) -> None:
        self.werk, self.text = werk, werk.text

    def ganz(self, wurzel: Knoten, klasse: type[Satz]) -> str:
        return self.knoten(wurzel, klasse, wurzel=True) + self.text[self.ende(wurzel) :]

    def ende(self, knoten: Knoten) -> int:
        block = knoten.art != "skalar" and not knoten.flow
        return self.werk.zeilenende(knoten.bis) if block else knoten.bis

    def knoten(self, knoten: Knoten, klasse: type[Satz] | None, *, wurzel: bool = False) -> str:
        if klasse is None or knoten.art == "skalar":
            return self.text[knoten.von : self.ende(knoten)]
        if knoten.art == "liste":
            teile, stelle = [], knoten.von
            for kind in knoten.kinder:
                teile += [self.text[stelle : kind.von], self.knoten(kind, klasse)]
                stelle = self.ende(kind)
            return "".join((*teile, self.text[stelle : self.ende(knoten)]))
        rang = folge(klasse)
        fest = {p.name: len(rang) + i for i, p in enumerate(knoten.paare)}
        neu = sorted(knoten.paare, key=lambda p: rang.get(p.name, fest[p.name]))
        if knoten.flow:
            return self.klammer(knoten, neu, klasse)
        return self.block(knoten, neu, klasse, wurzel=wurzel)

    def kern(self, paar: Paar, klasse: type[Satz]) -> str:
        """Key, value, and what follows in its last line."""
        ende = self.ende(paar.wert)
        rest = self.text[ende : self.werk.zeilenende(paar.bis)] if ende < self.werk.zeilenende(paar.bis) else ""
        return self.text[paar.von : paar.wert.von] + self.knoten(paar.wert, inhalt(klasse, paar.name)[1]) + rest

    def klammer(self, knoten: Knoten, neu: list[Paar], klasse: type[Satz]) -> str:
        """Between braces: the pairs change places, what stands between them stays. With comments inside nothing moves."""
        if any(knoten.von <= k.von < knoten.bis for k in self.werk.kommentare):
            neu = knoten.paare
        teile, stelle = [], knoten.von
        for platz, paar in zip(knoten.paare, neu, strict=True):
            wert = self.knoten(paar.wert, inhalt(klasse, paar.name)[1])
            teile += [self.text[stelle : platz.von], self.text[paar.von : paar.wert.von], wert]
            stelle = platz.bis
        return "".join((*teile, self.text[stelle : knoten.bis]))

    def block(self, knoten: Knoten, neu: list[Paar], klasse: type[Satz], *, wurzel: bool) -> str:
        kerne = {p.name: self.kern(p, klasse) for p in knoten.paare}
        davor = {p.name: "" for p in knoten.paare}
        for vorher, paar in zip(knoten.paare, knoten.paare[1:], strict=False):
            davor[paar.name] = self.text[self.werk.zeilenende(vorher.bis) : paar.von]
        if neu == knoten.paare or not self.beweglich(knoten, neu, davor, wurzel=wurzel):
            return "".join(davor[p.name] + kerne[p.name] for p in knoten.paare)
        erstes, altes_erstes = neu[0], knoten.paare[0]
        teile = [davor[erstes.name].lstrip("\n "), kerne[erstes.name]]
        # The former first key stands in no line of its own: it takes the blank lines of the one that took its place.
        leer = re.match(r"\n*", davor[erstes.name])
        davor[altes_erstes.name] = (leer.group() if leer else "\n") + self.werk.einzug(altes_erstes.von)
        for paar in neu[1:]:
            teile += [davor[paar.name], kerne[paar.name]]
        return "".join(teile)

    def beweglich(self, knoten: Knoten, neu: list[Paar], davor: Mapping[str, str], *, wurzel: bool) -> bool:
        """May keys change places, and will every comment still stand above the key that it speaks of?"""
        if any(re.search(r"#[^\n]*\n[ ]*\n", d) for d in davor.values()):
            return False  # a comment with a blank line below speaks of more than one key
        if neu[0] is knoten.paare[0]:
            return True
        anfang = self.werk.zeilenanfang(knoten.von)
        zeile_davor = self.text[self.werk.zeilenanfang(anfang - 1) : anfang].strip() if anfang else ""
        in_eigener_zeile = not self.text[anfang : knoten.von].strip()
        if in_eigener_zeile and zeile_davor.startswith("#"):
            return False  # the comment above the first key would then stand above another one
        return wurzel or "#" not in davor[neu[0].name]


def _selbstpruefung(alt: Quelltext, neu: Mapping[str, bytes], klassen: Mapping[str, type[Satz]]) -> None:
    """The same model, the same comments, and nothing more to do; else the program is wrong and nothing is written."""
    danach = Quelltext(alt.anzeige, {**alt.dateien, **neu}, ordner=alt.ordner)
    assert _modell(alt) == _modell(danach), "the canonical form means something else"
    for name, daten in neu.items():
        vorher = sorted(k.text for k in Werkstueck(alt.dateien[name]).kommentare)
        assert vorher == sorted(k.text for k in Werkstueck(daten).kommentare), "a comment is lost"
        assert kanonisch(daten, klassen[name]) == daten, "the canonical form is not stable"


def _modell(quelle: Quelltext) -> object:
    try:
        return load(quelle).fassung.model_dump(mode="json")
    except LoadError as fehler:  # it reads, but there is no model: then the findings must be the same
        return sorted((p.code, p.meldung) for p in fehler.probleme)
