"""Planned changes of measures → the source text: each value in its place, new keys where the format has them, comments kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ihk.model import Konzeptfassung, Massnahme
from ihk.model.types import Satz
from ihk.problems import IhkError
from ihk.reading.files import KONZEPT, Quelltext
from ihk.revise.baum import Knoten, Paar
from ihk.revise.massnahme import Fertig, einzelwert, geklammert, in_liste, in_reihenfolge, nachbar_von, zeilen
from ihk.revise.ordnung import folge, inhalt
from ihk.revise.tabellenplan import Aenderung, Vorhaben
from ihk.revise.werkstueck import Werkstueck, text_wert
from ihk.revise.zellwerte import Roh, Wert


@dataclass(slots=True)
class _Ast:
    """Changes below one section: what is set, and what is taken out. Entries of lists stand under their index."""

    setzen: dict[str | int, Any] = field(default_factory=dict)
    streichen: set[str | int] = field(default_factory=set)
    unter: dict[str | int, _Ast] = field(default_factory=dict)


def _baum(aenderungen: Iterable[Aenderung]) -> _Ast:
    wurzel = _Ast()
    for a in aenderungen:
        ast = wurzel
        for teil in a.loc[:-1]:
            ast = ast.unter.setdefault(teil, _Ast())
        if a.wert is None:
            ast.streichen.add(a.loc[-1])
        else:
            ast.setzen[a.loc[-1]] = _fertig(a.wert)
    return wurzel


def _fertig(wert: Wert) -> str | list[str]:
    if isinstance(wert, Roh):
        return Fertig(wert.text)
    return list(wert) if isinstance(wert, tuple) else wert


def trage_ein(
    quelle: Quelltext, k: Konzeptfassung, vorhaben: Iterable[Vorhaben], kennungen: Mapping[int, str]
) -> dict[str, bytes]:
    """Name inside the Fassung → new bytes, only of files that change. ``kennungen``: ``id()`` of new measures → their id."""
    alle = list(vorhaben)
    geaendert = [v for v in alle if v.id is not None and v.aenderungen]
    dateien = dict(quelle.dateien)
    namen = {v.id: _datei(dateien, v.id) for v in geaendert if v.id is not None}
    # Twice, because what is taken out and what is put in may meet in one place: first in, then out.
    for durchgang in (_setze, _streiche):
        for name in dict.fromkeys(namen.values()):
            werk = Werkstueck(dateien[name])
            for v in geaendert:
                if v.id is not None and namen[v.id] == name:
                    durchgang(werk, _knoten(werk, v.id), Massnahme, _baum(v.aenderungen))
            dateien[name] = werk.fertig()
    neue = [v for v in alle if v.id is None]
    if neue:
        _neue(dateien, k, [(kennungen[id(v)], v) for v in neue])
    return {n: d for n, d in dateien.items() if d != quelle.dateien.get(n)}


def _datei(dateien: Mapping[str, bytes], kennung: str) -> str:
    """The file of a Fassung in which a measure stands."""
    name = f"massnahmen/{kennung}.yaml"
    if name in dateien:
        return name
    for andere in dateien:
        if andere.startswith("massnahmen/") and Werkstueck(dateien[andere]).wurzel.text("id") == kennung:
            return andere
    return "" if "" in dateien else KONZEPT


def _knoten(werk: Werkstueck, kennung: str) -> Knoten:
    liste = werk.wurzel.unter("massnahmen")
    if liste is None:
        return werk.wurzel
    return next(x for x in liste.kinder if x.text("id") == kennung)


# ------------------------------------------------------------------------------------------------------- putting in


def _setze(werk: Werkstueck, knoten: Knoten, klasse: type[Satz], ast: _Ast, *, flow: bool = False) -> None:
    """Inner sections first: where two new lines meet in one place, the inner one stands above."""
    flow = flow or knoten.flow
    rang = folge(klasse) if klasse is not _Jahre else {}
    neu: dict[str, Any] = {}
    for name in sorted({*ast.setzen, *ast.unter}, key=lambda n: (rang.get(str(n), len(rang)), str(n))):
        assert isinstance(name, str)
        paar = knoten.paar(name)
        innen = _innen(klasse, name)
        if name in ast.unter:
            unten = ast.unter[name]
            if paar is not None and paar.wert.art == "abbildung":
                _setze(werk, paar.wert, innen, unten, flow=flow)
            elif paar is not None and paar.wert.art == "liste":
                _setze_liste(werk, paar.wert, innen, unten, flow=flow)
            elif (werte := _als_werte(unten, innen)) not in ({}, []):
                neu[name] = werte
        elif paar is not None:
            _ersetze(werk, paar, ast.setzen[name], flow=flow)
        else:
            neu[name] = ast.setzen[name]
    for name, wert in neu.items():
        _fuege_ein(werk, knoten, name, wert, _davor(knoten, name, klasse, rang), flow=flow)


class _Jahre(Satz):
    """Stands for amounts by year: their keys are no fields of a record."""


def _innen(klasse: type[Satz], name: str) -> type[Satz]:
    if klasse is _Jahre:
        return _Jahre
    return inhalt(klasse, name)[1] or _Jahre


def _davor(knoten: Knoten, name: str, klasse: type[Satz], rang: Mapping[str, int]) -> set[str]:
    """The keys behind which a new one stands: those that the format has before it, of years the earlier ones."""
    if klasse is not _Jahre:
        return {p.name for p in knoten.paare if rang.get(p.name, len(rang)) < rang.get(name, len(rang))}

    def ordnung(jahr: str) -> tuple[bool, bool, str]:
        return (jahr == "spaeter", jahr != "bisher", jahr)

    return {p.name for p in knoten.paare if ordnung(p.name) < ordnung(name)}


def _fuege_ein(werk: Werkstueck, knoten: Knoten, name: str, wert: Any, davor: set[str], *, flow: bool) -> None:
    if flow or knoten.flow:
        werk.setze(knoten, name, geklammert(wert), hinter=davor)
        return
    einzug = werk.einzug(knoten.paare[0].von)
    text = "\n".join(f"{einzug}{z}" if z else "" for z in zeilen({name: wert}))
    vorgaenger = [p for p in knoten.paare if p.name in davor]
    if not vorgaenger:
        erstes = knoten.paare[0].von
        werk.ersetze(erstes, erstes, f"{text.lstrip(' ')}\n{einzug}")
        return
    ende = werk.zeilenende(max(p.bis for p in vorgaenger))
    werk.ersetze(ende, ende, f"\n{text}")


def _ersetze(werk: Werkstueck, paar: Paar, wert: Any, *, flow: bool) -> None:
    """A value in its place; comments inside it go behind it, in its last line."""
    alt = paar.wert
    von = alt.von
    kommentare = [k.text for k in werk.kommentare if alt.von <= k.von < alt.bis]
    rest = "".join(f"  {k}" for k in kommentare)
    if isinstance(wert, list):
        if alt.art == "liste" and not alt.flow and not flow:
            _ersetze_liste(werk, paar, wert)
            return
        neu = geklammert(wert)
    elif isinstance(wert, Fertig):
        neu = _notation(alt, wert, flow=flow or alt.flow)
    elif flow:
        neu = text_wert(wert, flow=True)
    else:
        neu = einzelwert(wert, einzug=werk.einzug(paar.von) + "  ")
    if neu.startswith("|\n"):
        neu = f"|{rest}{neu[1:]}"
        rest = ""
    werk.ersetze(von, alt.bis, neu + rest)


def _notation(alt: Knoten, wert: Fertig, *, flow: bool) -> str:
    """A ready value as the file writes such values: without a sign for Euro if the old one had none, in its quotes."""
    text = str(wert)
    if text.endswith(" €") and alt.art == "skalar" and not alt.wert.strip().endswith(("€", "EUR", "Euro")):
        text = text.removesuffix(" €")
    if alt.stil in ("'", '"'):
        return f"{alt.stil}{text}{alt.stil}"
    return f'"{text}"' if flow and "," in text else text


def _ersetze_liste(werk: Werkstueck, paar: Paar, neu: list[str]) -> None:
    """A list with one item a line: what stays keeps its line with its comment, what is new follows."""
    alt = paar.wert
    einzug = werk.einzug(alt.von)
    alte = [x.wert for x in alt.kinder]
    bleibt = [x for x in alte if x in neu]
    if (
        bleibt != [x for x in neu if x in alte] or not bleibt
    ):  # another order, or nothing stays: the list is written anew
        kommentare = [k.text for k in werk.kommentare if alt.von <= k.von < alt.bis]
        text = "".join(f"{k}\n{einzug}" for k in kommentare) + f"\n{einzug}".join(f"- {text_wert(x)}" for x in neu)
        werk.ersetze(alt.von, alt.bis, text)
        return
    # Everything new behind the item that it follows; what goes takes its line along.
    for i, wort in enumerate(alte):
        if wort not in neu:
            _streiche_eintrag(werk, alt, i)
    for i, wort in enumerate(neu):
        if wort in alte:
            continue
        vorher = next((w for w in reversed(neu[:i]) if w in alte), None)
        zeile = f"- {text_wert(wort)}"
        if vorher is None:
            werk.ersetze(alt.von, alt.von, f"{zeile}\n{einzug}")
        else:
            ende = werk.zeilenende(alt.kinder[alte.index(vorher)].bis)
            werk.ersetze(ende, ende, f"\n{einzug}{zeile}")


def _setze_liste(werk: Werkstueck, liste: Knoten, klasse: type[Satz], ast: _Ast, *, flow: bool) -> None:
    flow = flow or liste.flow
    neue = []
    for i, unten in sorted(ast.unter.items(), key=lambda p: int(p[0])):
        if int(i) < len(liste.kinder):
            _setze(werk, liste.kinder[int(i)], klasse, unten, flow=flow)
        else:
            neue.append(geklammert(_als_werte(unten, klasse)))
    if not neue:
        return
    if not liste.kinder:
        werk.ersetze(liste.von, liste.bis, f"[{', '.join(neue)}]")
    elif flow:
        werk.ersetze(liste.kinder[-1].bis, liste.kinder[-1].bis, "".join(f", {n}" for n in neue))
    else:
        ende = werk.zeilenende(liste.kinder[-1].bis)
        werk.ersetze(ende, ende, "".join(f"\n{werk.einzug(liste.von)}- {n}" for n in neue))


def _als_werte(ast: _Ast, klasse: type[Satz]) -> Any:
    """A section or list that is new as a whole, keys in the order of the format."""
    alles: dict[str | int, Any] = dict(ast.setzen)
    for name, unten in ast.unter.items():
        werte = _als_werte(unten, klasse if isinstance(name, int) else _innen(klasse, str(name)))
        if werte not in ({}, []):
            alles[name] = werte
    if alles and all(isinstance(n, int) for n in alles):
        return [alles[n] for n in sorted(alles, key=int)]
    rang = folge(klasse) if klasse is not _Jahre else {}
    return {str(n): alles[n] for n in sorted(alles, key=lambda n: rang.get(str(n), len(rang)))}


# ------------------------------------------------------------------------------------------------------- taking out


def _streiche(werk: Werkstueck, knoten: Knoten, klasse: type[Satz], ast: _Ast) -> None:
    weg = {str(n) for n in ast.streichen if knoten.paar(str(n)) is not None}
    for name, unten in ast.unter.items():
        paar = knoten.paar(str(name))
        if paar is None:
            continue
        if _bleibt_nichts(paar.wert, unten):
            weg.add(str(name))
        elif paar.wert.art == "abbildung":
            _streiche(werk, paar.wert, _innen(klasse, str(name)), unten)
        elif paar.wert.art == "liste":
            _streiche_in_liste(werk, paar.wert, _innen(klasse, str(name)), unten)
    werk.streiche(knoten, weg)


def _bleibt_nichts(knoten: Knoten, ast: _Ast) -> bool:
    """Whether a section or list would be empty afterwards."""
    if knoten.art == "abbildung":
        return bool(knoten.paare) and all(
            p.name in ast.streichen or (p.name in ast.unter and _bleibt_nichts(p.wert, ast.unter[p.name]))
            for p in knoten.paare
        )
    return bool(knoten.kinder) and all(i in ast.streichen for i in range(len(knoten.kinder)))


def _streiche_in_liste(werk: Werkstueck, liste: Knoten, klasse: type[Satz], ast: _Ast) -> None:
    for i, unten in ast.unter.items():
        if i not in ast.streichen and int(i) < len(liste.kinder):
            _streiche(werk, liste.kinder[int(i)], klasse, unten)
    if liste.flow:
        _streiche_in_klammern(werk, liste, {int(i) for i in ast.streichen})
        return
    for i in sorted(int(i) for i in ast.streichen):
        _streiche_eintrag(werk, liste, i)


def _streiche_in_klammern(werk: Werkstueck, liste: Knoten, weg: set[int]) -> None:
    """Between brackets: each entry with the comma in front of it, the first ones with the comma behind."""
    bleibt = [i for i in range(len(liste.kinder)) if i not in weg]
    for i in sorted(weg):
        if i > bleibt[0]:
            werk.ersetze(liste.kinder[i - 1].bis, liste.kinder[i].bis, "")
        else:
            werk.ersetze(liste.kinder[i].von, liste.kinder[i + 1].von, "")


def _streiche_eintrag(werk: Werkstueck, liste: Knoten, i: int) -> None:
    """An entry with its dash and its lines; its comments stay as lines of their own."""
    kind = liste.kinder[i]
    von, ende = werk.zeilenanfang(kind.von), min(werk.zeilenende(kind.bis) + 1, len(werk.text))
    rest = "".join(f"{werk.einzug(liste.von)}{k.text}\n" for k in werk.kommentare if kind.von <= k.von < ende)
    if not werk.text[von : kind.von].strip(" -"):
        werk.ersetze(von, ende, rest)
    else:  # behind its key in one line, or a dash in a dash
        raise IhkError(
            f"Ein Eintrag in Zeile {werk.text.count(chr(10), 0, von) + 1} lässt sich nicht einzeln streichen; das geht nur in der Konzeptdatei."
        )


# ----------------------------------------------------------------------------------------------------- new measures


def _neue(dateien: dict[str, bytes], k: Konzeptfassung, neue: list[tuple[str, Vorhaben]]) -> None:
    """Each behind the last of its Handlungsfeld or Teilziel, in the order of the table."""
    gruppen: dict[str | None, list[tuple[str, dict[str, object]]]] = {}
    for kennung, v in neue:
        werte = {"id": Fertig(kennung), **_als_werte(_baum(v.aenderungen), Massnahme)}
        feld = werte.get("handlungsfeld")
        ort = str(feld) if feld else next(iter(werte.get("teilziele") or []), None)
        gruppen.setdefault(nachbar_von(k, ort), []).append((kennung, werte))
    if "" in dateien:
        werk = Werkstueck(dateien[""])
        for nachbar, gruppe in gruppen.items():
            in_liste(werk, [felder for _, felder in gruppe], nachbar)
        dateien[""] = werk.fertig()
        return
    werk = Werkstueck(dateien[KONZEPT])
    for nachbar, gruppe in gruppen.items():
        for kennung, felder in gruppe:
            dateien[f"massnahmen/{kennung}.yaml"] = ("\n".join(zeilen(felder)) + "\n").encode()
            in_reihenfolge(werk, kennung, nachbar)
    dateien[KONZEPT] = werk.fertig()
