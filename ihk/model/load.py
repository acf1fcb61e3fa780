"""A tree of text becomes the model, or findings with places; places travel beside the model, never inside it."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError

from ihk.model.konzeptfassung import Konzeptfassung, Loc
from ihk.model.types import naechster
from ihk.problems import LoadError, Ort, Problem, geordnet, kurz, problem
from ihk.reading.files import Quelltext, read_tree
from ihk.reading.source import Mapping, Sequence

# A refused value is taken out and the rest validated again, so that one wrong amount does not hide the other findings.
RUNDEN = 8
PLATZHALTER = {"titel": "(ohne Titel)", "name": "(ohne Namen)", "text": "(ohne Text)", "gremium": "(ohne Gremium)"}


class Orte:
    """Where each value of the model stands in its file."""

    def __init__(self, wurzel: Mapping) -> None:
        self._wurzel = wurzel

    def __call__(self, *loc: str | int) -> Ort:
        """The place of a value: of its key inside a record, of the item inside a list; of the nearest parent if it is absent."""
        knoten: Any = self._wurzel
        ort = Ort(knoten.datei, knoten.zeile, knoten.spalte)
        for teil in loc:
            if isinstance(knoten, Mapping) and teil in knoten:
                ort = Ort(knoten.datei, *knoten.at[str(teil)][:2])
                knoten = knoten[str(teil)]
            elif isinstance(knoten, Sequence) and isinstance(teil, int) and teil < len(knoten):
                datei = getattr(knoten[teil], "datei", knoten.datei)
                ort = Ort(datei, *knoten.at[teil])
                knoten = knoten[teil]
            else:
                break
        return ort

    def wert(self, *loc: str | int) -> Ort:
        """The place of the value itself (behind its key) if it is a scalar in a record."""
        eltern = self.knoten(loc[:-1])
        if isinstance(eltern, Mapping) and loc[-1] in eltern:
            return Ort(eltern.datei, *eltern.at[str(loc[-1])][2:])
        return self(*loc)

    def datei(self) -> str:
        return self._wurzel.datei

    def verworfen(self, *loc: str | int) -> bool:
        """Was something given here that was refused with a finding of its own?"""
        eltern = self.knoten(loc[:-1])
        return isinstance(eltern, Mapping) and str(loc[-1]) in eltern.verworfen

    def knoten(self, loc: Iterable[str | int]) -> Any:
        """The part of the tree at a path; None if there is none."""
        knoten: Any = self._wurzel
        for teil in loc:
            if isinstance(knoten, Mapping) and str(teil) in knoten:
                knoten = knoten[str(teil)]
            elif isinstance(knoten, Sequence) and isinstance(teil, int) and teil < len(knoten):
                knoten = knoten[teil]
            else:
                return None
        return knoten


@dataclass(frozen=True)
class Geladen:
    """A Fassung that reads into the model; ``probleme`` are what reading and validation found (perhaps errors)."""

    quelle: Quelltext
    fassung: Konzeptfassung
    orte: Orte
    probleme: tuple[Problem, ...]
    rohe_kennungen: frozenset[str] = field(default_factory=frozenset)
    """Every ``id`` written anywhere, also of objects that were refused: a reference to them is not dangling."""

    @property
    def fehlerfrei(self) -> bool:
        return not any(p.schwere == "fehler" for p in self.probleme)


def load(quelle: Quelltext) -> Geladen:
    """The model of a Fassung with everything noticed; raises ``LoadError`` with all findings if there is no model.

    Refused values are taken out of the model (they are findings with severity error), the rest is usable for checks.
    """
    baum = read_tree(quelle)
    if baum.wurzel is None:
        raise LoadError(geordnet(baum.probleme))
    roh = frozenset(_kennungen(baum.wurzel))
    wurzel, probleme = baum.wurzel, list(baum.probleme)
    for _ in range(RUNDEN):
        try:
            fassung = Konzeptfassung.model_validate(wurzel)
        except ValidationError as fehler:
            befunde, heilbar = _befunde(fehler, wurzel)
            probleme += befunde
            if not heilbar:
                break
            continue
        return Geladen(quelle, fassung, Orte(wurzel), geordnet(probleme), roh)
    raise LoadError(geordnet(probleme))


def lade_streng(quelle: Quelltext) -> Geladen:
    """Like ``load``, but any error in reading or validation raises ``LoadError``."""
    geladen = load(quelle)
    if not geladen.fehlerfrei:
        raise LoadError(geladen.probleme)
    return geladen


def _kennungen(knoten: Any) -> Iterable[str]:
    offen = [knoten]
    while offen:
        k = offen.pop()
        if isinstance(k, Mapping):
            if isinstance(kennung := k.get("id"), str):
                yield kennung
            offen.extend(v for v in k.values() if not isinstance(v, str))
        elif isinstance(k, Sequence):
            offen.extend(v for v in k if not isinstance(v, str))


def _befunde(fehler: ValidationError, wurzel: Mapping) -> tuple[list[Problem], bool]:
    """Findings for all errors of one validation; refused values are taken out of the tree (True if that may help)."""
    befunde: list[Problem] = []
    orte = Orte(wurzel)
    streichen: list[Loc] = []
    for e in fehler.errors(include_url=False, include_input=False):
        loc: Loc = tuple(t for t in e["loc"] if t != "[key]")
        art, kontext = e["type"], e.get("ctx", {})
        if art == "missing":
            eltern, feld = orte.knoten(loc[:-1]), str(loc[-1])
            if isinstance(eltern, Mapping) and feld not in eltern.verworfen:
                befunde.append(_fehlt(orte, loc, eltern, feld))
            if feld in PLATZHALTER and isinstance(eltern, Mapping):
                eltern[feld] = PLATZHALTER[feld]
                eltern.at[feld] = (eltern.zeile, eltern.spalte, eltern.zeile, eltern.spalte)
            elif feld == "format" and len(loc) == 1:
                wurzel["format"] = "1"
                wurzel.at["format"] = (1, 1, 1, 1)
            else:
                streichen.append(loc[:-1])
            continue
        streichen.append(loc)
        if art == "extra_forbidden":
            befund, gemeint = _unbekannt(orte(*loc), loc)
            befunde.append(befund)
            eltern = orte.knoten(loc[:-1])
            if gemeint and isinstance(eltern, Mapping):
                eltern.verworfen.add(gemeint)  # a misspelt key is one finding, not also a missing one
        elif "meldung" in kontext:
            ort = orte.wert(*loc) if "[key]" not in e["loc"] else orte(*loc)
            befunde.append(problem(ort, art, kontext["meldung"], kontext["hinweis"]))
        elif art in ("model_type", "dict_type", "model_attributes_type"):
            hinweis = "Schlüssel und Werte eingerückt darunter schreiben."
            befunde.append(
                problem(
                    orte.wert(*loc),
                    "WERT-ABSCHNITT",
                    f"„{_feldname(loc)}“ braucht Schlüssel mit Werten.",
                    hinweis + _kurzform(loc),
                )
            )
        else:
            raise AssertionError(f"pydantic error type without a German sentence: {art}")
    # From the back, so that the indexes of list items in front stay right.
    if any(not loc for loc in streichen) or any(loc in (("konzept",), ("fassung",)) for loc in streichen):
        return befunde, False
    for loc in sorted(
        set(streichen), key=lambda pfad: [(t if isinstance(t, int) else -1, str(t)) for t in pfad], reverse=True
    ):
        eltern = orte.knoten(loc[:-1])
        letzter = loc[-1]
        if isinstance(eltern, Mapping) and letzter in eltern:
            del eltern[str(letzter)]
            eltern.verworfen.add(str(letzter))
        elif isinstance(eltern, Sequence) and isinstance(letzter, int) and letzter < len(eltern):
            del eltern[letzter]
            del eltern.at[letzter]
            _kinder_verworfen(orte, loc[:-1])
    return befunde, True


def _kinder_verworfen(orte: Orte, loc: Loc) -> None:
    """A list that lost an item must not be judged as if it were complete."""
    eltern = orte.knoten(loc[:-1])
    if isinstance(eltern, Mapping):
        eltern.verworfen.add(str(loc[-1]))


def _feldname(loc: Loc) -> str:
    return str(next((t for t in reversed(loc) if isinstance(t, str)), "Eintrag"))


def _kurzform(loc: Loc) -> str:
    return " Zum Beispiel: zeitraum: {von: 2024, bis: 2026}." if _feldname(loc) == "zeitraum" else ""


ARTEN = {
    "massnahmen": "Der Maßnahme", "ziele": "Dem Ziel", "teilziele": "Dem Teilziel", "handlungsfelder": "Dem Handlungsfeld",
    "querschnittsaufgaben": "Der Querschnittsaufgabe", "indikatoren": "Dem Indikator", "kapitel": "Dem Kapitel", "bilder": "Dem Bild",
    "quellen": "Der Quelle", "finanzierung": "Dem Finanzierungsanteil", "beratungsfolge": "Der Beratung", "schritte": "Dem Schritt",
    "aenderungen": "Dem Eintrag in „aenderungen“", "ereignisse": "Dem Ereignis",
}  # fmt: skip


def _fehlt(orte: Orte, loc: Loc, eltern: Mapping, feld: str) -> Problem:
    ort = orte(*loc[:-1])
    if len(loc) == 1:
        return problem(
            ort,
            "FELD-FEHLT",
            f"In der Datei fehlt „{feld}:“.",
            f"„{feld}:“ ergänzen." if feld != "format" else "Als erste Zeile „format: 1“ schreiben.",
        )
    liste = _feldname(loc[:-1])
    kennung = eltern.get("id")
    wer = (
        f"{ARTEN[liste]} {kurz(kennung)}"
        if liste in ARTEN and isinstance(kennung, str)
        else ARTEN.get(liste, f"In „{liste}“")
    )
    return problem(ort, "FELD-FEHLT", f"{wer} fehlt „{feld}“.", f"„{feld}: …“ ergänzen.")


def _unbekannt(ort: Ort, loc: Loc) -> tuple[Problem, str | None]:
    modell = _modell(loc[:-1])
    felder = list(modell.model_fields) if modell else []
    schluessel = str(loc[-1])
    naechstes = naechster(schluessel, felder)
    anderswo = _anderswo(schluessel)
    if naechstes and not anderswo:
        hinweis = f"Gemeint ist wohl „{naechstes}“."
    elif anderswo:
        hinweis = f"„{schluessel}“ gehört unter „{anderswo}“."
    else:
        hinweis = (
            f"Möglich: {', '.join(felder)}."
            if len(felder) <= 14
            else "Schlüssel prüfen oder den Inhalt in „beschreibung“ schreiben."
        )
    wo = f" in „{_feldname(loc[:-1])}“" if len(loc) > 1 else ""
    return problem(
        ort, "FELD-UNBEKANNT", f"Der Schlüssel „{kurz(schluessel)}“ ist{wo} nicht vorgesehen.", hinweis
    ), naechstes


def _anderswo(schluessel: str) -> str | None:
    """The section in which a misplaced key would be right (``betrag`` under ``finanzierung``)."""
    from ihk.model.massnahme import Anteil, Kosten  # the two sections that authors flatten

    for name, modell in (("kosten", Kosten), ("kosten: finanzierung", Anteil)):
        if schluessel in modell.model_fields and schluessel not in ("belege", "unbekannt"):
            return name
    return None


def _modell(loc: Loc) -> type[BaseModel] | None:
    """The record type that stands at a path."""
    typ: Any = Konzeptfassung
    for teil in loc:
        if isinstance(teil, int):
            typ = next((a for a in typing.get_args(typ) if a is not Ellipsis), None)
        elif isinstance(typ, type) and issubclass(typ, BaseModel) and teil in typ.model_fields:
            typ = typ.model_fields[teil].annotation
        else:
            return None
        typ = _entpackt(typ)
    return typ if isinstance(typ, type) and issubclass(typ, BaseModel) else None


def _entpackt(typ: Any) -> Any:
    while True:
        if typing.get_origin(typ) is typing.Annotated:
            typ = typing.get_args(typ)[0]
        elif typing.get_origin(typ) in (typing.Union, types.UnionType):
            typ = next(a for a in typing.get_args(typ) if a is not type(None))
        else:
            return typ


def pfad_text(loc: Loc) -> str:
    """``massnahmen[3].kosten.gesamt``"""
    return re.sub(r"^\.", "", "".join(f"[{t}]" if isinstance(t, int) else f".{t}" for t in loc))
