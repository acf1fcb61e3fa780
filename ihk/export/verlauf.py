"""The history of a concept as JSON in the form ``ihk-verlauf/1``."""

from __future__ import annotations

from typing import Any

from ihk.export.aenderungen import feld
from ihk.history import Bahn, Verlauf, Wandel, Zustand
from ihk.history.verlauf import Fassungskopf
from ihk.model.types import geld_text

SCHEMA = "ihk-verlauf/1"


def verlauf(v: Verlauf) -> dict[str, Any]:
    """The whole history; amounts are decimal strings, ``null`` means not stated, the order follows the concept."""
    return {
        "schema": SCHEMA,
        "konzept": {"id": v.konzept, "titel": v.titel},
        "anfang_bekannt": v.anfang,
        "fassungen": [_fassung(f) for f in v.fassungen],
        "lose": list(v.lose),
        "angenommen": list(v.angenommen),
        "objekte": [_bahn(b) for b in v.bahnen],
        "verbindungen": [{"von": w.von, "nach": w.nach, "fassung": w.fassung} for w in v.verbindungen],
        "warnungen": list(v.warnungen),
    }


def _fassung(f: Fassungskopf) -> dict[str, Any]:
    return {
        "fassung": f.id,
        "vorhanden": f.da,
        "titel": f.titel,
        "art": f.art,
        "status": f.status,
        "stand": str(f.stand) if f.stand else None,
        "sha256": f.sha256,
        "beschluss": f.beschluss,
    }


def _bahn(b: Bahn) -> dict[str, Any]:
    ende = b.ende
    return {
        "id": b.id,
        "art": b.art,
        "titel": b.titel,
        "nummer": b.nummer,
        "gruppe": b.gruppe,
        "beginn": {"fassung": b.beginn.fassung, "art": b.beginn.art},
        "ende": {"fassung": ende.fassung, "art": ende.art, "begruendung": ende.begruendung} if ende else None,
        "hervorgegangen_aus": list(b.aus),
        "weitergefuehrt_in": list(b.nach),
        "verlauf": [_zustand(z) for z in b.zustaende],
        "aenderungen": [_wandel(w) for w in b.wandel],
    }


def _zustand(z: Zustand) -> dict[str, Any]:
    return {
        "fassung": z.fassung,
        "lage": z.lage,
        "nummer": z.nummer,
        "titel": z.titel,
        "status": z.status,
        "kosten": None if z.kosten is None else geld_text(z.kosten),
        "zeitraum": {"von": str(z.von) if z.von else None, "bis": str(z.bis) if z.bis else None},
        "ort": list(z.ort),
        "zielwert": {"jahr": z.zielwert.jahr, "wert": str(z.zielwert.wert), "einheit": z.einheit}
        if z.zielwert
        else None,
        "unbekannt": list(dict.fromkeys(z.unbekannt)),
    }


def _wandel(w: Wandel) -> dict[str, Any]:
    e = w.eintrag
    return {
        "fassung": w.fassung,
        "seit": w.seit,
        "luecken": list(w.luecken),
        "aenderungsart": list(w.arten),
        "gewicht": e.gewicht,
        "rueckschritte": list(e.rueckschritte),
        "felder": [feld(f) for f in e.felder],
        "begruendung": e.begruendung,
        "veranlasst_durch": e.veranlasst_durch,
        "beschluss": w.beschluss,
        "beschluss_der_fassung": w.beschluss_der_fassung and w.beschluss is not None,
    }
