"""An independent reader of our workbooks, and an independent recomputation of every amount straight from the YAML.

Nothing of ``ihk`` is used here: own number parser, Decimal and Fraction, own rules of counting.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import yaml
from openpyxl.utils import range_boundaries

GEBER = ("bund", "land", "bund_land", "kommune", "eu", "dritte", "einnahmen", "offen")
WORT = {"bund": "Bund", "land": "Land", "bund_land": "Bund und Land", "kommune": "Kommune", "eu": "EU", "dritte": "Dritte", "einnahmen": "Einnahmen", "offen": "offen (Geber)"}  # fmt: skip
NULL = Decimal(0)
CENT = Decimal("0.01")

# ---------------------------------------------------------------------------------------------------- the workbook


def cent(wert: Any) -> Decimal:
    """A number of a cell, to the cent."""
    return (wert if isinstance(wert, Decimal) else Decimal(repr(wert))).quantize(CENT, ROUND_HALF_UP)


class Mappe:
    """Values and formulas of a workbook, with an evaluator for SUM, ROUND, plus and minus: all that we write."""

    def __init__(self, datei: Any) -> None:
        self.formeln = openpyxl.load_workbook(datei)
        if hasattr(datei, "seek"):
            datei.seek(0)
        self.werte = openpyxl.load_workbook(datei, data_only=True)

    def alle_formeln(self) -> Iterable[tuple[str, str, str, Any]]:
        """Sheet, cell, formula and cached value."""
        for seite in self.formeln:
            for reihe in seite.iter_rows():
                for zelle in reihe:
                    if zelle.data_type == "f":
                        yield (
                            seite.title,
                            zelle.coordinate,
                            zelle.value,
                            self.werte[seite.title][zelle.coordinate].value,
                        )

    def rechne(self, blatt: str, formel: str) -> Decimal:
        """The value of a formula from the numbers that stand in cells, never from a cached value."""
        rest = formel.removeprefix("=")
        if treffer := re.fullmatch(r"ROUND\((.*),2\)", rest):
            return self.rechne(blatt, treffer[1]).quantize(CENT, ROUND_HALF_UP)
        summe, gelesen = NULL, ""
        for vorzeichen, glied in re.findall(r"([+-]?)((?:SUM\([^()]+\))|(?:(?:'[^']+'|\w+)!)?[A-Z]+\d+|\d+)", rest):
            gelesen += vorzeichen + glied
            summe += (-1 if vorzeichen == "-" else 1) * self._glied(blatt, glied)
        if gelesen != rest:
            raise ValueError(f"Formel nicht verstanden: {formel}")
        return summe

    def _glied(self, blatt: str, glied: str) -> Decimal:
        if glied.isdigit():
            return Decimal(glied)
        if treffer := re.fullmatch(r"SUM\((\w+:\w+)\)", glied):
            spalte, reihe, bis_spalte, bis_reihe = range_boundaries(treffer[1])
            bereich = self.formeln[blatt].iter_rows(reihe, bis_reihe, spalte, bis_spalte)
            return sum((self._zelle(blatt, z) for r in bereich for z in r), NULL)
        if "!" in glied:
            blatt, glied = glied.rsplit("!", 1)
            blatt = blatt.strip("'")
        return self._zelle(blatt, self.formeln[blatt][glied])

    def _zelle(self, blatt: str, zelle: Any) -> Decimal:
        if zelle.data_type == "f":
            return self.rechne(blatt, zelle.value)
        return Decimal(repr(zelle.value)) if zelle.data_type == "n" and zelle.value is not None else NULL

    def kopf(self, blatt: str) -> dict[str, int]:
        """Caption to column."""
        return {z.value: z.column for z in self.werte[blatt][3]}

    def zeilen(self, blatt: str) -> list[dict[str, Any]]:
        """All rows below the heads, by caption of the column."""
        kopf = self.kopf(blatt)
        return [{t: reihe[c - 1] for t, c in kopf.items()} for reihe in self.werte[blatt].iter_rows(4, values_only=True)]  # fmt: skip

    def zeile(self, blatt: str, spalte: str, wert: Any) -> dict[str, Any]:
        """The one row in which a column has this value."""
        (gefunden,) = [z for z in self.zeilen(blatt) if z[spalte] == wert]
        return gefunden


# ---------------------------------------------------------------------------------------------------- the YAML


def lies(pfad: Path) -> dict[str, Any]:
    """A Fassung, one file or a folder, as text."""

    def laden(datei: Path) -> Any:
        return yaml.load(datei.read_text(encoding="utf-8"), yaml.BaseLoader)

    if pfad.is_file():
        return laden(pfad)
    inhalt = laden(pfad / "konzept.yaml")
    inhalt["massnahmen"] = [laden(d) for d in sorted((pfad / "massnahmen").glob("*.yaml"))]
    return inhalt


def geld(text: str | None) -> Decimal | None:
    if text is None:
        return None
    return Decimal(text.replace("€", "").strip().replace(".", "").replace(",", "."))


def bruch(text: str) -> Fraction:
    if text.endswith("%"):
        return Fraction(text.removesuffix("%").strip().replace(",", ".")) / 100
    return Fraction(text)


def _abgerundet(wert: Fraction) -> Decimal:
    return Decimal(math.floor(wert * 100)) / 100


@dataclass
class Rechnung:
    """One measure, worked out by hand."""

    id: str
    handlungsfeld: str | None
    gesamt: Decimal | None
    nicht: Decimal | None
    zuwendungsfaehig: Decimal | None
    grundlage: Decimal | None
    geber: dict[str, Decimal]
    jahre: dict[str, Decimal]
    programme: dict[str, Decimal]
    nachrichtlich: dict[str, Decimal]
    bewilligt: dict[str, Decimal]
    ausgabeart: str | None
    ausgegeben: Decimal | None
    folgekosten: Decimal | None
    beendet: bool
    geber_jahre: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    ohne_betrag: set[str] = field(default_factory=set)
    """Givers that are named, but none of their amounts is."""
    zaehlend: bool = True
    """Counts for what is noted."""
    zaehlt: bool = True
    """Counts in the totals of the KuF."""


def rechne(inhalt: dict[str, Any]) -> list[Rechnung]:
    massnahmen = inhalt.get("massnahmen") or []
    ergebnis = [_massnahme(m) for m in massnahmen]
    nach_id = {m["id"]: (m, r) for m, r in zip(massnahmen, ergebnis, strict=True)}
    for m, r in zip(massnahmen, ergebnis, strict=True):
        im_dach, gesehen, dach = False, {m["id"]}, m.get("teil_von")
        while dach in nach_id and dach not in gesehen:
            gesehen.add(dach)
            im_dach |= not nach_id[dach][1].beendet and nach_id[dach][1].gesamt is not None
            dach = nach_id[dach][0].get("teil_von")
        r.zaehlend = not r.beendet and not im_dach
        eintraege = (m.get("kosten") or {}).get("finanzierung") or []
        nur_notiert = (
            bool(eintraege)
            and all(a.get("nachrichtlich") == "ja" for a in eintraege)
            and sum(r.nachrichtlich.values()) == r.gesamt
        )
        r.zaehlt = r.zaehlend and not nur_notiert
        if nur_notiert:
            r.geber, r.zuwendungsfaehig, r.grundlage = {}, None, None
    return ergebnis


def _massnahme(m: dict[str, Any]) -> Rechnung:
    k = m.get("kosten") or {}
    gesamt, nicht, zuwendungsfaehig = (geld(k.get(f)) for f in ("gesamt", "nicht_zuwendungsfaehig", "zuwendungsfaehig"))
    if zuwendungsfaehig is None and gesamt is not None:
        unbekannt = nicht is None and "nicht_zuwendungsfaehig" in (k.get("unbekannt") or {})
        zuwendungsfaehig = None if unbekannt else gesamt - (nicht or NULL)
    eintraege = k.get("finanzierung") or []
    eigene = [a for a in eintraege if a.get("nachrichtlich") != "ja"]
    einnahmen = sum((geld(a.get("betrag")) or NULL for a in eigene if a["geber"] == "einnahmen"), NULL)
    grundlage = None if zuwendungsfaehig is None else zuwendungsfaehig - einnahmen
    betraege = [_betrag(a, eintraege, grundlage) for a in eintraege]
    geber: dict[str, Decimal] = {}
    programme: dict[str, Decimal] = {}
    notiert: dict[str, Decimal] = {}
    for a, b in zip(eintraege, betraege, strict=True):
        if a.get("nachrichtlich") == "ja":
            notiert[a["geber"]] = notiert.get(a["geber"], NULL) + (b or NULL)
        elif a["geber"] != "offen":
            geber[a["geber"]] = geber.get(a["geber"], NULL) + (b or NULL)
            if a.get("programm"):
                programme[a["programm"]] = programme.get(a["programm"], NULL) + (b or NULL)
    if gesamt is not None:
        geber["offen"] = gesamt - sum(geber.values())
        programme["offen"] = gesamt - sum(programme.values())
    jahre = {j: geld(b) or NULL for j, b in (k.get("jahre") or {}).items()}
    if not jahre and eigene and all(a.get("jahre") for a in eigene):
        for a in eigene:
            for j, b in a["jahre"].items():
                jahre[j] = jahre.get(j, NULL) + (geld(b) or NULL)
    if gesamt is not None:
        jahre["offen"] = gesamt - sum(jahre.values())
    je_geber: dict[str, dict[str, Decimal]] = {}
    for a in eigene:
        for j, b in (a.get("jahre") or {}).items():
            reihe = je_geber.setdefault(a["geber"], {})
            reihe[j] = reihe.get(j, NULL) + (geld(b) or NULL)
    benannt = {
        g: [b for a, b in zip(eintraege, betraege, strict=True) if a in eigene and a["geber"] == g] for g in GEBER
    }
    tranchen = k.get("bewilligungen") or []
    bewilligt = {
        f: sum((geld(t[f]) or NULL for t in tranchen if f in t), NULL)
        for f in ("beantragt", "betrag", "ausgezahlt")
        if any(f in t for t in tranchen)
    }
    beendet = m.get("status") == "entfallen" or bool(m.get("aufgegangen_in")) or "beendet_in" in m
    return Rechnung(
        m["id"], m.get("handlungsfeld"), gesamt, nicht, zuwendungsfaehig, grundlage, geber, jahre, programme, notiert,
        bewilligt, k.get("ausgabeart"), geld(k.get("ausgegeben")), geld(k.get("folgekosten")), beendet, je_geber,
        {g for g, liste in benannt.items() if g != "offen" and liste and all(b is None for b in liste)},
    )  # fmt: skip


def _betrag(a: dict[str, str], alle: list[dict[str, str]], grundlage: Decimal | None) -> Decimal | None:
    if "betrag" in a or "anteil" not in a or grundlage is None:
        return geld(a.get("betrag"))
    if a["anteil"] != "rest":
        return _abgerundet(Fraction(grundlage) * bruch(a["anteil"]))
    andere = [
        _betrag(x, [], grundlage) or NULL
        for x in alle
        if x is not a
        and x.get("nachrichtlich") != "ja"
        and x.get("auf") != "nicht_zuwendungsfaehig"
        and x["geber"] not in ("einnahmen", "offen")
        and x.get("anteil") != "rest"
    ]
    return max(NULL, grundlage - sum(andere))


def anteil_im_jahr(r: Rechnung, jahr: str, geber: str) -> Fraction:
    """The exact share of a giver in a year where no source states it: his part of what is left, to be rounded."""
    feste = {g: reihe for g, reihe in r.geber_jahre.items() if g != "offen"}
    fest = feste.get(geber, {}).get(jahr, NULL)
    frei = {g: b - sum(feste.get(g, {}).values(), NULL) for g, b in r.geber.items()}
    topf = sum(frei.values(), NULL)
    rest = r.jahre.get(jahr, NULL) - sum((reihe.get(jahr, NULL) for reihe in feste.values()), NULL)
    return Fraction(fest) + (Fraction(rest) * Fraction(frei.get(geber, NULL)) / Fraction(topf) if topf else 0)


# ------------------------------------------------------------------------------------ every amount that may be printed

_BETRAG = re.compile(r"(?<![\d.,])\d{1,3}(?:\.\d{3})*(?:,\d{2})?(?![\d,])")
_REIHEN = ("geber", "jahre", "programme", "nachrichtlich", "bewilligt")


def druckbar(neu: dict[str, Any], alt: dict[str, Any]) -> set[Decimal]:
    """Every amount that the documents of a Fassung may print, worked out from the text of both files alone.

    What stands in a file, what follows for a measure, totals by Handlungsfeld, giver, year, programme and kind of cost, and by how much
    any of these differs from the predecessor.
    """
    erlaubt = {b for datei in (neu, alt) for b in _geschrieben(datei)}
    n, a = rechne(neu), rechne(alt)
    for rechnungen in (n, a):
        erlaubt |= {w for r in rechnungen for w in _werte(r).values()}
        for zaehlende in ([r for r in rechnungen if r.zaehlt], [r for r in rechnungen if r.zaehlend]):
            erlaubt |= set(_summen(zaehlende).values())
    vorher = {r.id: _werte(r) for r in a}
    paare = [(vorher.get(r.id, {}), _werte(r)) for r in n]
    paare.append((_summen([r for r in a if r.zaehlt]), _summen([r for r in n if r.zaehlt])))
    for x, y in paare:
        erlaubt |= {abs(y.get(f, NULL) - x.get(f, NULL)) for f in {*x, *y}}
    return erlaubt


def _geschrieben(wert: Any) -> Iterable[Decimal]:
    if isinstance(wert, str):
        yield from (geld(b) or NULL for b in _BETRAG.findall(wert))
    else:
        for teil in wert.values() if isinstance(wert, dict) else wert:
            yield from _geschrieben(teil)


def _werte(r: Rechnung) -> dict[tuple[str, ...], Decimal]:
    """Amounts of one measure by what they are."""
    einzeln = ("gesamt", "nicht", "zuwendungsfaehig", "grundlage", "ausgegeben", "folgekosten")
    werte: dict[tuple[str, ...], Decimal] = {(f,): getattr(r, f) for f in einzeln if getattr(r, f) is not None}
    werte |= {(f, k): b for f in _REIHEN for k, b in getattr(r, f).items()}
    return werte | {("geber_jahre", g, j): b for g, reihe in r.geber_jahre.items() for j, b in reihe.items()}


def _summen(rechnungen: list[Rechnung]) -> dict[tuple[str, ...], Decimal]:
    """Totals over all measures, over those of each Handlungsfeld and of each kind of cost."""
    summen: dict[tuple[str, ...], Decimal] = {}
    for r in rechnungen:
        werte = _werte(r)
        for f in _REIHEN:
            werte[f, "alle"] = sum(getattr(r, f).values(), NULL)
        werte["zuwendung",] = sum((r.geber.get(g, NULL) for g in ("bund", "land", "bund_land")), NULL)
        for wovon in ("alles", f"feld {r.handlungsfeld}", f"art {r.ausgabeart}"):
            for was, betrag in werte.items():
                summen[wovon, *was] = summen.get((wovon, *was), NULL) + betrag
    return summen
