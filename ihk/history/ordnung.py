"""The order of the lanes: by kind and place as in the newest Fassung, and what is joined side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ihk.model import Konzeptfassung
from ihk.model.bestandteile import Objekt

if TYPE_CHECKING:
    from ihk.history.verlauf import Bahn, Verbindung

Schluessel = tuple[str, str]
# Kinds that are read together, one after the other.
BLOECKE = (("massnahme",), ("ziel", "teilziel"), ("handlungsfeld", "querschnittsaufgabe"), ("indikator",), ("kapitel",), ("bild",), ("quelle",))  # fmt: skip


def geordnet(
    bahnen: Mapping[Schluessel, Bahn],
    bekannt: Sequence[Konzeptfassung],
    verbindungen: Sequence[Verbindung],
    gruppen: Sequence[str],
) -> list[tuple[Schluessel, str | None]]:
    """Every key once, with the group it is shown in."""
    rang = {kennung: i for i, kennung in enumerate(gruppen)}
    ergebnis: list[tuple[Schluessel, str | None]] = []
    for arten in BLOECKE:
        folge = _dokumentfolge(bekannt, arten)
        nach_id = {s[1]: s for s in reversed(folge)}
        gruppe = {s: _gruppe(bahnen[s]) for s in folge} if arten == ("massnahme",) else dict.fromkeys(folge)
        for s in folge:
            gruppe[s] = gruppe[_erbe(s, bahnen, nach_id)]
        for g in sorted(dict.fromkeys(gruppe.values()), key=lambda g: (g is None, rang.get(g or "", len(rang)))):
            teil = [s for s in folge if gruppe[s] == g]
            ergebnis += [(s, g) for s in _nebeneinander(teil, bahnen, verbindungen)]
    return ergebnis


def _dokumentfolge(bekannt: Sequence[Konzeptfassung], arten: tuple[str, ...]) -> list[Schluessel]:
    """The order of the newest Fassung; what is only in older ones behind its old neighbour, what has only a tombstone last."""
    reihe: list[Schluessel] = []
    steine: dict[Schluessel, None] = {}
    for k in reversed(bekannt):
        davor: int = -1
        stellen = {s: i for i, s in enumerate(reihe)}
        dazu: dict[int, list[Schluessel]] = {}
        for art, o, _ in k.objekte():
            s = (str(art), o.id)
            if art not in arten:
                continue
            if isinstance(o, Objekt) and o.beendet_in is not None:
                steine.setdefault(s)
            elif s in stellen:
                davor = stellen[s]
            elif s not in dazu.get(davor, ()):
                dazu.setdefault(davor, []).append(s)
        reihe = [*dict.fromkeys((*dazu.get(-1, ()), *(x for i, s in enumerate(reihe) for x in (s, *dazu.get(i, ())))))]
    return [*reihe, *(s for s in steine if s not in set(reihe))]


def _gruppe(bahn: Bahn) -> str | None:
    """Where it stood last as more than a tombstone."""
    return next((z.ort[-1] for z in reversed(bahn.zustaende) if z.ort), None)


def _erbe(s: Schluessel, bahnen: Mapping[Schluessel, Bahn], nach_id: Mapping[str, Schluessel]) -> Schluessel:
    """Who carries an ended object on in the end; itself if nobody does."""
    gesehen = {s}
    while bahnen[s].ende is not None:
        weiter = next((nach_id[x] for x in bahnen[s].nach if x in nach_id and nach_id[x] not in gesehen), None)
        if weiter is None:
            break
        gesehen.add(weiter)
        s = weiter
    return s


def _nebeneinander(
    teil: list[Schluessel], bahnen: Mapping[Schluessel, Bahn], verbindungen: Sequence[Verbindung]
) -> list[Schluessel]:
    """What ended beside what carries it on: before a new one, behind one that was there already."""
    nach_id = {s[1]: s for s in reversed(teil)}
    fertig: dict[Schluessel, None] = {}
    eltern: dict[Schluessel, list[Schluessel]] = {}
    for v in verbindungen:
        if v.von in nach_id and v.nach in nach_id and bahnen[nach_id[v.von]].ende is not None:
            eltern.setdefault(nach_id[v.nach], []).append(nach_id[v.von])
    vergeben: set[Schluessel] = set()

    def setze(s: Schluessel) -> None:
        if s in vergeben:
            return
        vergeben.add(s)
        offen = sorted((e for e in eltern.get(s, ()) if e not in vergeben), key=teil.index)
        neu = bahnen[s].beginn.art == "neu"
        for e in offen if neu else ():
            setze(e)
        fertig.setdefault(s)
        for e in () if neu else offen:
            setze(e)

    for s in [*(s for s in teil if not _geht_auf(s, bahnen, nach_id)), *teil]:
        setze(s)
    return list(fertig)


def _geht_auf(s: Schluessel, bahnen: Mapping[Schluessel, Bahn], nach_id: Mapping[str, Schluessel]) -> bool:
    return bahnen[s].ende is not None and any(x in nach_id and nach_id[x] != s for x in bahnen[s].nach)
