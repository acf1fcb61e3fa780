"""``aenderungen.json``: the change set in its published form ``ihk-aenderungen/1``, and the JSON Schema of that form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ihk.diff.changeset import RANG, SCHEMA, Aenderungssatz, Eintrag, Feldaenderung, Lage, Stand
from ihk.model.types import Gewicht
from ihk.problems import Ort

SCHEMADATEI = Path(__file__).parent / "ihk-aenderungen-1.schema.json"


def schema() -> dict[str, Any]:
    """The published JSON Schema (draft 2020-12) that every output of ``aenderungen`` meets."""
    inhalt: dict[str, Any] = json.loads(SCHEMADATEI.read_bytes())
    return inhalt


def aenderungen(satz: Aenderungssatz, mindestens: Gewicht = "redaktionell") -> dict[str, Any]:
    """The whole set; ``mindestens`` filters entries by weight, the summary always counts everything."""
    return {
        "schema": SCHEMA,
        "basis": None,
        "alt": _stand(satz.alt),
        "neu": _stand(satz.neu),
        "grenzen": {
            "kosten_prozent": str(satz.grenzen.kosten_prozent),
            "ende_monate": satz.grenzen.ende_monate,
            "bagatelle_prozent": str(satz.grenzen.bagatelle_prozent),
        },
        "zusammenfassung": satz.zusammenfassung,
        "eintraege": [_eintrag(e) for e in satz.eintraege if RANG[e.gewicht] >= RANG[mindestens]],
        "reihenfolge": [{"in": r.liste, "alt": list(r.alt), "neu": list(r.neu)} for r in satz.reihenfolge],
        "unveraendert": list(satz.unveraendert),
        "grabsteine": [
            {"id": g.id, "art": g.art, "titel": g.titel, "inhalt_alt": g.inhalt_alt, "inhalt_neu": g.inhalt_neu}
            for g in satz.grabsteine
        ],
        "vorschlaege": [
            {
                "art": v.art,
                "alt": v.alt,
                "neu": v.neu,
                "titel_alt": v.titel_alt,
                "titel_neu": v.titel_neu,
                "guete": v.guete,
            }
            for v in satz.vorschlaege
        ],
        "warnungen": list(satz.warnungen),
    }


def _stand(s: Stand) -> dict[str, Any]:
    return {
        "konzept": s.konzept,
        "fassung": s.fassung,
        "titel": s.titel,
        "status": s.status,
        "stand": s.stand,
        "sha256": s.sha256,
    }


def _eintrag(e: Eintrag) -> dict[str, Any]:
    return {
        "id": e.id,
        "art": e.art,
        "titel": e.titel,
        "aenderungsart": list(e.aenderungsart),
        "zuordnung": {"wie": e.zuordnung, "guete": e.guete, "vorher": list(e.vorher), "nachher": list(e.nachher)},
        "ort": {
            "alt": _lage(e.lage_alt),
            "neu": _lage(e.lage_neu),
            "nummer_alt": e.lage_alt.nummer if e.lage_alt else None,
            "nummer_neu": e.lage_neu.nummer if e.lage_neu else None,
        },
        "gewicht": e.gewicht,
        "rueckschritt": e.rueckschritt,
        "rueckschritte": list(e.rueckschritte),
        "nach_geber": [{"geber": b.geber, "alt": b.alt, "neu": b.neu, "delta": b.delta} for b in e.nach_geber],
        "felder": [feld(f) for f in e.felder],
        **({"inhalt_alt": e.inhalt_alt} if e.inhalt_alt is not None else {}),
        **({"inhalt_neu": e.inhalt_neu} if e.inhalt_neu is not None else {}),
        "begruendung": e.begruendung,
        "veranlasst_durch": e.veranlasst_durch,
        "beschluss": e.beschluss,
        "quelle": {"alt": _quelle(e.quelle_alt), "neu": _quelle(e.quelle_neu)},
    }


def _lage(lage: Lage | None) -> list[str | int] | None:
    return [*lage.pfad, lage.stelle] if lage else None


def _quelle(ort: Ort | None) -> str | None:
    """File and line without the folders above the Fassung: the same wherever the project lies."""
    if ort is None:
        return None
    teile = ort.datei.replace("\\", "/").split("/")
    tiefe = 2 if len(teile) > 1 and teile[-2] in ("massnahmen", "kapitel") else 1
    if teile[-1] == "konzept.yaml" or tiefe == 2:
        tiefe += 1
    return f"{'/'.join(teile[-tiefe:])}:{ort.zeile}"


def feld(f: Feldaenderung) -> dict[str, Any]:
    """One changed field."""
    ergebnis: dict[str, Any] = {"pfad": f.pfad, "typ": f.typ, "gewicht": f.gewicht, "alt": f.alt, "neu": f.neu}
    if f.typ in ("geld", "zahl"):
        ergebnis |= {"delta": f.delta, "prozent": f.prozent}
    if f.typ in ("datum", "zeitpunkt"):
        ergebnis["monate"] = f.monate
    if f.typ in ("menge", "verweise"):
        ergebnis |= {"dazu": list(f.dazu), "weg": list(f.weg)}
    if f.typ == "prosa":
        ergebnis |= {"aehnlichkeit": f.aehnlichkeit, "vereinfacht": f.vereinfacht}
    if f.stuecke is not None:
        ergebnis["stuecke"] = [list(s) for s in f.stuecke]
    return ergebnis
