"""The difference of two ``daten.json`` as a JSON Patch (RFC 6902): applied to the old one it gives exactly the new one.

Objects are followed by their id, so that a new measure at the top is one ``add`` and a moved one is one ``move``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from ihk.diff.order import laengste_folge

Schritt = dict[str, Any]
# Over this product of lengths two lists without ids are not aligned; the new one replaces the old.
ZELLEN = 1_000_000


def patch(alt: Any, neu: Any) -> list[Schritt]:
    """The operations, in the order in which they are applied."""
    return list(_wert("", alt, neu))


def as_text(schritte: Sequence[Schritt]) -> str:
    """The patch as JSON, one operation a line."""
    zeilen = ",\n".join(f"  {json.dumps(s, ensure_ascii=False, allow_nan=False)}" for s in schritte)
    return f"[\n{zeilen}\n]\n" if schritte else "[]\n"


def _unter(pfad: str, teil: str | int) -> str:
    return f"{pfad}/{str(teil).replace('~', '~0').replace('/', '~1')}"


def _wert(pfad: str, alt: Any, neu: Any) -> Iterator[Schritt]:
    if isinstance(alt, dict) and isinstance(neu, dict):
        for name in alt:
            if name not in neu:
                yield {"op": "remove", "path": _unter(pfad, name)}
        for name, wert in neu.items():
            if name in alt:
                yield from _wert(_unter(pfad, name), alt[name], wert)
            else:
                yield {"op": "add", "path": _unter(pfad, name), "value": wert}
    elif isinstance(alt, list) and isinstance(neu, list):
        kennungen = _kennungen(alt), _kennungen(neu)
        if kennungen[0] is not None and kennungen[1] is not None:
            yield from _objekte(
                pfad, dict(zip(kennungen[0], alt, strict=True)), dict(zip(kennungen[1], neu, strict=True))
            )
        else:
            yield from _folge(pfad, alt, neu)
    elif type(alt) is not type(neu) or alt != neu:  # in Python 1 == True, in JSON it is not
        yield {"op": "replace", "path": pfad, "value": neu}


def _kennungen(liste: list[Any]) -> list[str] | None:
    """The ids of a list of objects; None if it is none, or if one id stands twice."""
    ids = [e.get("id") if isinstance(e, dict) else None for e in liste]
    texte = [i for i in ids if isinstance(i, str)]
    return texte if len(texte) == len(liste) == len(set(texte)) else None


def _objekte(pfad: str, alt: dict[str, Any], neu: dict[str, Any]) -> Iterator[Schritt]:
    """Removed objects first, then new and moved ones from the front, each behind its new neighbour; then the fields."""
    folge = list(alt)
    for stelle in range(len(folge) - 1, -1, -1):
        if folge[stelle] not in neu:
            yield {"op": "remove", "path": _unter(pfad, stelle)}
            del folge[stelle]
    rang = {kennung: i for i, kennung in enumerate(neu)}
    fest = {folge[i] for i in laengste_folge([rang[k] for k in folge])}
    davor: str | None = None
    for kennung, wert in neu.items():
        if kennung not in alt:
            stelle = 0 if davor is None else folge.index(davor) + 1
            folge.insert(stelle, kennung)
            yield {"op": "add", "path": _unter(pfad, stelle), "value": wert}
        elif kennung not in fest:
            von = folge.index(kennung)
            del folge[von]
            nach = 0 if davor is None else folge.index(davor) + 1
            folge.insert(nach, kennung)
            if von != nach:
                yield {"op": "move", "from": _unter(pfad, von), "path": _unter(pfad, nach)}
        davor = kennung
    assert folge == list(neu), "the patch would not give the new order"
    for stelle, kennung in enumerate(folge):
        if kennung in alt:
            yield from _wert(_unter(pfad, stelle), alt[kennung], neu[kennung])


def _folge(pfad: str, alt: list[Any], neu: list[Any]) -> Iterator[Schritt]:
    """A list without ids: pieces that stay are kept, the rest is replaced, removed and added from the back."""
    a, n = ([json.dumps(e, sort_keys=True, ensure_ascii=False) for e in liste] for liste in (alt, neu))
    if a == n:
        return
    if len(a) * len(n) > ZELLEN:
        yield {"op": "replace", "path": pfad, "value": neu}
        return
    for art, a1, a2, n1, n2 in reversed(SequenceMatcher(None, a, n, autojunk=False).get_opcodes()):
        if art == "equal":
            continue
        gemeinsam = min(a2 - a1, n2 - n1)
        for stelle in range(a2 - 1, a1 + gemeinsam - 1, -1):
            yield {"op": "remove", "path": _unter(pfad, stelle)}
        for k in range(gemeinsam):
            yield from _wert(_unter(pfad, a1 + k), alt[a1 + k], neu[n1 + k])
        for k in range(gemeinsam, n2 - n1):
            yield {"op": "add", "path": _unter(pfad, a1 + k), "value": neu[n1 + k]}
