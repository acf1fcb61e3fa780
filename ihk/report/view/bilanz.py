"""The chapter that looks back: what became of every measure of the predecessor, and which goals were reached."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from ihk import labels
from ihk.model import Massnahme
from ihk.model.bestandteile import Bilanz, Teilziel, Ziel
from ihk.model.load import Geladen
from ihk.report.view.grund import (
    NB,
    STRICH,
    Gruppe,
    Kontext,
    Spalte,
    Tabelle,
    Zeile,
    Zelle,
    allein,
    gross,
    status_wort,
    zahl,
)
from ihk.report.view.massnahme import bilanztext
from ihk.termine import FERTIG


@dataclass(frozen=True, slots=True)
class Bilanzkapitel:
    satz: str
    ziele: Tabelle | None
    massnahmen: Tabelle | None


def bilanz(kontext: Kontext, vorgaenger: Geladen | None) -> Bilanzkapitel | None:
    """None if neither goals nor measures have a Bilanz."""
    ziele = _ziele(kontext)
    massnahmen = _massnahmen(kontext, vorgaenger)
    if ziele is None and massnahmen is None:
        return None
    return Bilanzkapitel(_satz(kontext, vorgaenger), ziele, massnahmen)


def _satz(kontext: Kontext, vorgaenger: Geladen | None) -> str:
    if vorgaenger is None:
        return ""
    alte = [m for m in vorgaenger.fassung.massnahmen if not m.beendet]
    jetzt = [kontext.k.nach_id.get(m.id) for m in alte]
    da = [m for m in jetzt if isinstance(m, Massnahme)]
    fertig = sum(m.status in FERTIG for m in da)
    auf = sum(bool(m.aufgegangen_in) for m in da)
    weg = sum(m.status == "entfallen" and not m.aufgegangen_in for m in da)
    weiter = len(da) - fertig - weg - auf
    if not da:
        return ""
    teile = [allein(n, kontext.wort, eins, viele) for n, eins, viele in (
        (fertig, "ist fertig", "sind fertig"), (weiter, "wird fortgeführt", "werden fortgeführt"), (auf, "ist in anderen aufgegangen", "sind in anderen aufgegangen"),
        (weg, "ist entfallen", "sind entfallen"),
    ) if n]  # fmt: skip
    return gross(f"von {len(da)} {kontext.wort.dativ} der Fassung {vorgaenger.fassung.fassung.id} {_verbunden(teile)}.")


def _verbunden(teile: list[str]) -> str:
    worte = [t.split(" ", 1) for t in teile]
    saetze = [
        f"{verb} {n}" + (f" {rest}" if rest else "") for n, (verb, _, rest) in ((n, v.partition(" ")) for n, v in worte)
    ]
    return ", ".join(saetze)


def _ziele(kontext: Kontext) -> Tabelle | None:
    """What was reached, by goal and sub-goal."""
    zeilen = []
    for z in kontext.k.ziele:
        ziele: tuple[Ziel | Teilziel, ...] = (z, *z.teilziele)
        for o in ziele:
            if o.bilanz is not None:
                zeilen.append(
                    Zeile((Zelle(kontext.link(o.id).text), Zelle(_wort(o.bilanz)), _texte(kontext, o.bilanz)))
                )
    if not zeilen:
        return None
    return Tabelle(
        "Was wurde aus den Zielen?",
        (Spalte("Ziel"), Spalte("Bewertung"), Spalte("Was erreicht ist")),
        (Gruppe(tuple(zeilen)),),
    )


def _massnahmen(kontext: Kontext, vorgaenger: Geladen | None) -> Tabelle | None:
    """One row for each measure with a Bilanz; planned against actual cost where both are known."""
    zeilen = []
    mit_kosten = False
    for m in kontext.k.massnahmen:
        if m.bilanz is None or m.grabstein:
            continue
        alt = vorgaenger.fassung.nach_id.get(m.id) if vorgaenger else None
        geplant = alt.kosten.gesamt if isinstance(alt, Massnahme) and alt.kosten else None
        ausgegeben = m.kosten.ausgegeben if m.kosten else None
        mit_kosten |= geplant is not None or ausgegeben is not None
        zeilen.append((
            Zelle(kontext.link(m.id).text, ziel=m.id), Zelle(status_wort(m), status=m.status or "unbekannt"), Zelle(_wort(m.bilanz)),
            zahl(_euro(geplant)), zahl(_euro(ausgegeben)), Zelle(labels.FOLGERUNG.get(m.bilanz.folgerung or "", STRICH)),
        ))  # fmt: skip
    if not zeilen:
        return None
    kopf = (
        Spalte(kontext.massnahme), Spalte("Status"), Spalte("Bewertung"), Spalte(f"geplant {vorgaenger.fassung.fassung.id}" if vorgaenger else "geplant", True),
        Spalte("ausgegeben", True), Spalte("Folgerung"),
    )  # fmt: skip
    leer = {i for i in (2, 5) if all(z[i].text == STRICH for z in zeilen)} | ({3, 4} if not mit_kosten else set())
    behalten = [i for i in range(len(kopf)) if i not in leer]
    return Tabelle(
        f"Was wurde aus den {kontext.wort.dativ}? Ergebnis, Wirkung und weiterer Bedarf stehen bei {kontext.wort.mit('jeder', 'jedem')}." + (" Beträge in Euro." if mit_kosten else ""),
        tuple(kopf[i] for i in behalten), (Gruppe(tuple(Zeile(tuple(z[i] for i in behalten)) for z in zeilen)),),
    )  # fmt: skip


def _wort(b: Bilanz) -> str:
    return labels.BEWERTUNG.get(b.bewertung or "", STRICH)


def _euro(cent: int | None) -> str:
    return labels.euro(cent).removesuffix(f"{NB}€") if cent is not None else STRICH


def _texte(kontext: Kontext, b: Bilanz) -> Zelle:
    teile = [
        text if feld == "ergebnis" else Markup("{}: {}").format(gross(labels.FELD[feld]), text)
        for feld in ("ergebnis", "wirkung", "hemmnisse", "bedarf", "folgerung")
        if (text := bilanztext(kontext, b, feld))
    ]
    text = Markup("<br>").join(teile)
    return Zelle(text or STRICH, zusatz=kontext.unbekanntes(b.unbekannt), belege=kontext.quellen(b.alle_belege()))
