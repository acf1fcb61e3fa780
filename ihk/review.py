"""Review stamps: who has checked which object in which state, and what has changed in substance since.

The side file of a concept is ``concepts/<konzept>/.ihk/pruefvermerke.json``. A stamp keeps a short checksum of every material
field, so that it can say later which of them changed; editorial changes do not count, by the same rules as in the comparison
(decision 0016). Stamps belong to an object, not to a Fassung: what goes on unchanged stays checked. None is ever taken out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, TypeAdapter, ValidationError

from ihk.diff import words
from ihk.diff.fields import Wert
from ihk.diff.things import Ding, dinge
from ihk.model import Konzeptfassung, Massnahme
from ihk.model.load import Geladen
from ihk.problems import IhkError, LoadError, Ort, problem
from ihk.project import anzeige
from ihk.reading.files import read_bytes
from ihk.write import write_atomic

DATEI = PurePosixPath(".ihk", "pruefvermerke.json")
SCHEMA = "ihk-pruefvermerke/1"
Stand = Literal["geprueft", "erneut", "offen"]
ARTEN = ("ziel", "teilziel", "handlungsfeld", "querschnittsaufgabe", "massnahme", "indikator", "kapitel")
"""Kinds of objects that are checked one by one."""
_OHNE = ("begruendung", "veranlasst_durch")
"""They say why something changed; they are no content of their own."""


def _tag(text: str) -> str:
    date.fromisoformat(text)
    return text


Tag = Annotated[str, AfterValidator(_tag)]


class Vermerk(BaseModel):
    """One stamp. ``felder``: path → checksum of each material field; ``ziele``: id → checksum of each goal it serves."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    objekt: str
    fassung: str
    am: Tag
    rolle: str
    von: str = ""
    bemerkung: str = ""
    felder: dict[str, str]
    ziele: dict[str, str] = {}
    zurueckgenommen: Tag | None = None


@dataclass(frozen=True, slots=True)
class Pruefung:
    """What one role has to say about one object: its newest stamp, and what differs from what was checked."""

    vermerk: Vermerk
    geaendert: tuple[str, ...]
    """Paths of the object's own fields."""
    ziele: tuple[str, ...]
    """Ids of goals that it serves now or served then and that are not as they were."""

    @property
    def gilt(self) -> bool:
        return not (self.geaendert or self.ziele)


@dataclass(frozen=True, slots=True)
class Pruefstand:
    """One object with the word of every role that has checked it."""

    id: str
    art: str
    titel: str
    pruefungen: tuple[Pruefung, ...]

    @property
    def stand(self) -> Stand:
        if not self.pruefungen:
            return "offen"
        return "geprueft" if all(p.gilt for p in self.pruefungen) else "erneut"


_VERMERKE = TypeAdapter(list[Vermerk])


# ------------------------------------------------------------------------------------------------- the side file


def vermerke(ordner: Path) -> list[Vermerk]:
    """All stamps of the concept in ``ordner``, oldest first; none without a side file.

    Raises ``LoadError`` with the finding VERMERK-DATEI for what is not exactly such a file: a stamp that cannot be read must
    not pass for none.
    """
    datei = ordner / DATEI
    if not datei.exists() and not datei.is_symlink():
        return []
    try:
        roh = json.loads(read_bytes(datei).decode("utf-8"))
        if not isinstance(roh, dict) or roh.keys() != {"schema", "vermerke"} or roh["schema"] != SCHEMA:
            raise ValueError("schema")
        return _VERMERKE.validate_python(roh["vermerke"])
    except json.JSONDecodeError as fehler:
        hinweis = "Bei einem Konflikt in Git die Einträge beider Seiten behalten, die Zeilen mit <<<<<<<, ======= und >>>>>>> nicht."
        ort = Ort(anzeige(datei), fehler.lineno, fehler.colno)
        raise LoadError([problem(ort, "VERMERK-DATEI", "Die Prüfvermerke sind kein gültiges JSON.", hinweis)]) from None
    except (ValueError, ValidationError, RecursionError, IhkError):
        hinweis = f"Die Datei schreibt nur „ihk review“. Den letzten guten Stand zurückholen: git checkout -- {anzeige(datei)}"
        meldung = f"Das sind keine Prüfvermerke des Schemas {SCHEMA}."
        raise LoadError([problem(Ort(anzeige(datei)), "VERMERK-DATEI", meldung, hinweis)]) from None


def schreibe(ordner: Path, alle: Sequence[Vermerk]) -> None:
    """Write the side file, one stamp a line, so that git merges the stamps of two people."""
    zeilen = ",\n".join(
        "    " + json.dumps(v.model_dump(exclude_defaults=True), ensure_ascii=False, sort_keys=True) for v in alle
    )
    text = (
        f'{{\n  "schema": "{SCHEMA}",\n  "vermerke": [\n{zeilen}\n  ]\n}}\n'
        if alle
        else f'{{\n  "schema": "{SCHEMA}",\n  "vermerke": []\n}}\n'
    )
    write_atomic(ordner / DATEI, text.encode())


# ---------------------------------------------------------------------------------------------- material content


def _kurz(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _wesen(wert: Wert) -> str:
    """A value without what is only typography: texts by the keys of their words, everything else as it is written in JSON."""

    def schlicht(x: object) -> object:
        if isinstance(x, str) and wert.vergleich.art in ("text", "prosa", "liste", "menge"):
            return "".join(words.schluessel(t) + " " for t in words.tokens(x)).split()
        if isinstance(x, list):
            teile = [schlicht(y) for y in x]
            return sorted(teile, key=json.dumps) if wert.vergleich.art in ("menge", "verweise") else teile
        return {k: schlicht(y) for k, y in sorted(x.items())} if isinstance(x, dict) else x

    return json.dumps(schlicht(wert.inhalt), ensure_ascii=False)


def felder(ding: Ding) -> dict[str, str]:
    """Path → checksum of every material field, its place among them."""
    ergebnis = {
        pfad: _kurz(_wesen(wert))
        for pfad, wert in ding.felder.items()
        if wert.vergleich.gewicht != "redaktionell" and pfad.split(".")[0] not in _OHNE
    }
    if ding.lage is not None:
        ergebnis["ort"] = _kurz(json.dumps(ding.lage.pfad))
    return dict(sorted(ergebnis.items()))


def _summe(ding: Ding | None) -> str:
    return "" if ding is None else _kurz(json.dumps(felder(ding)))


def _nach_id(k: Konzeptfassung) -> dict[str, Ding]:
    return {kennung: ding for (art, kennung), ding in dinge(k).items() if art in ARTEN}


def ziele_von(k: Konzeptfassung, kennung: str) -> tuple[str, ...]:
    """Ids of the goals that an object serves: of a measure its Teilziele with their Ziele, its Handlungsfeld and tasks."""
    m = k.nach_id.get(kennung)
    if not isinstance(m, Massnahme):
        return ()
    oben = [z.id for z in k.ziele for t in z.teilziele if t.id in m.teilziele]
    return tuple(dict.fromkeys((*m.teilziele, *oben, *m.querschnittsaufgaben)))


# --------------------------------------------------------------------------------------------- stamping, comparing


def neue_vermerke(
    geladen: Geladen, kennungen: Iterable[str], *, rolle: str, am: date, von: str = "", bemerkung: str = ""
) -> list[Vermerk]:
    """Stamps on the present state of objects. Raises ``IhkError`` for an id that there is not."""
    k = geladen.fassung
    alle = _nach_id(k)
    ergebnis = []
    for kennung in kennungen:
        if kennung not in alle:
            raise IhkError(
                f"„{kennung}“ gibt es in der Fassung {k.fassung.id} nicht, oder es ist nichts, was einzeln geprüft wird."
            )
        ziele = {z: _summe(alle[z]) for z in ziele_von(k, kennung) if z in alle}
        ergebnis.append(
            Vermerk(
                objekt=kennung, fassung=k.fassung.id, am=am.isoformat(), rolle=rolle, von=von, bemerkung=bemerkung,
                felder=felder(alle[kennung]), ziele=ziele,
            )
        )  # fmt: skip
    return ergebnis


def zurueckgenommen(alle: Sequence[Vermerk], kennungen: Iterable[str], rolle: str, am: date) -> list[Vermerk]:
    """All stamps, those of a role on some objects marked as taken back. Raises ``IhkError`` if there is none."""
    weg = set(kennungen)
    ergebnis = [
        v.model_copy(update={"zurueckgenommen": am.isoformat()})
        if v.objekt in weg and v.rolle == rolle and v.zurueckgenommen is None
        else v
        for v in alle
    ]
    if ergebnis == list(alle):
        raise IhkError(f"Von „{rolle}“ gibt es dazu keinen Vermerk, der zurückgenommen werden könnte.")
    return ergebnis


def pruefstand(geladen: Geladen, alle: Sequence[Vermerk]) -> tuple[Pruefstand, ...]:
    """Every object of a Fassung that can be checked, in document order; what ended earlier is left out."""
    k = geladen.fassung
    da = _nach_id(k)
    neueste: dict[str, dict[str, Vermerk]] = {}
    for v in alle:
        if v.zurueckgenommen is None:
            neueste.setdefault(v.objekt, {})[v.rolle] = v
        elif neueste.get(v.objekt, {}).get(v.rolle) is None:
            continue
    ergebnis = []
    for kennung, ding in da.items():
        if getattr(k.nach_id.get(kennung), "beendet_in", None) is not None:
            continue
        pruefungen = tuple(_pruefung(k, da, v) for v in neueste.get(kennung, {}).values())
        ergebnis.append(Pruefstand(kennung, ding.art, ding.titel, pruefungen))
    return tuple(ergebnis)


def _pruefung(k: Konzeptfassung, da: dict[str, Ding], v: Vermerk) -> Pruefung:
    jetzt = felder(da[v.objekt])
    anders = tuple(p for p in dict.fromkeys((*jetzt, *v.felder)) if jetzt.get(p) != v.felder.get(p))
    ziele = dict.fromkeys((*ziele_von(k, v.objekt), *v.ziele))
    # A goal that was added or taken away is a change of the measure itself.
    bewegt = tuple(z for z in ziele if z in v.ziele and z in da and _summe(da[z]) != v.ziele[z])
    return Pruefung(v, anders, bewegt)
