"""Views of goals: the tree from goal to measure and the texts below it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from ihk import labels
from ihk.model.bestandteile import Ordnungsobjekt
from ihk.report.prose import LEER
from ihk.report.view.grund import Angaben, Fakt, Kontext, Link


@dataclass(frozen=True, slots=True)
class Ast:
    """A sub-goal or Querschnittsaufgabe with its measures."""

    id: str
    nummer: str
    titel: str
    beendet: bool
    massnahmen: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Wurzel:
    """A goal with its sub-goals."""

    id: str
    nummer: str
    titel: str
    oberziel: bool
    beendet: bool
    aeste: tuple[Ast, ...]


@dataclass(frozen=True, slots=True)
class Erlaeuterung:
    """What is written about one goal, field or task."""

    link: Link
    text: Markup
    fakten: tuple[Fakt, ...]
    belege: tuple[Link, ...]

    @property
    def knapp(self) -> bool:
        """Nothing but the name is known."""
        return not self.text and not self.fakten


@dataclass(frozen=True, slots=True)
class Zielkapitel:
    """The goal system as picture and text."""

    wort: labels.Wort
    """What the concept calls a measure."""
    satz: str
    baum: tuple[Wurzel, ...]
    tief: bool
    """Measures are linked to goals, so the tree has a third level."""
    status: tuple[tuple[str, str], ...]
    """Key of the symbols in the tree: status and word."""
    erlaeuterungen: tuple[tuple[str, tuple[Erlaeuterung, ...]], ...]


def zielkapitel(kontext: Kontext) -> Zielkapitel | None:
    """None if the concept names neither goals nor fields nor tasks."""
    k = kontext.k
    aktive = [m for m in k.massnahmen if not m.grabstein]

    def dienende(kennung: str) -> tuple[Link, ...]:
        return tuple(kontext.link(m.id) for m in aktive if kennung in m.teilziele)

    baum = tuple(
        Wurzel(z.id, k.nummern.get(z.id, ""), z.titel, z.art == "oberziel", z.beendet, tuple(
            Ast(t.id, k.nummern.get(t.id, ""), t.titel, t.beendet, dienende(t.id)) for t in z.teilziele if t.beendet_in is None
        ))
        for z in k.ziele
        if z.beendet_in is None
    )  # fmt: skip
    if not (baum or k.handlungsfelder or k.querschnittsaufgaben):
        return None
    tief = any(a.massnahmen for w in baum for a in w.aeste)
    benutzt = {m.status: m.status_wort for w in baum for a in w.aeste for m in a.massnahmen}
    status = tuple((s, wort) for s, wort in (*labels.STATUS.items(), ("unbekannt", "Status unbekannt")) if s in benutzt)
    ziele: list[Ordnungsobjekt] = [o for z in k.ziele for o in (z, *z.teilziele)]
    gruppen: list[tuple[str, tuple[Erlaeuterung, ...]]] = []
    for titel, objekte, immer in (
        ("Die Ziele im Einzelnen", ziele, False),
        (kontext.handlungsfelder, list(k.handlungsfelder), True),
        ("Querschnittsaufgaben", list(k.querschnittsaufgaben), True),
    ):
        erlaeutert = [_erlaeuterung(kontext, o) for o in objekte if o.beendet_in is None]
        if not immer:
            erlaeutert = [
                e for e in erlaeutert if e.text or any(not f.unbekannt or f.grund for f in e.fakten) or e.belege
            ]
        if erlaeutert:
            gruppen.append((titel, tuple(erlaeutert)))
    return Zielkapitel(kontext.wort, _satz(kontext), baum, tief, status, tuple(gruppen))


def _satz(kontext: Kontext) -> str:
    k = kontext.k
    ziele = sum(1 for z in k.ziele if not z.beendet)
    teilziele = sum(1 for z in k.ziele for t in z.teilziele if not t.beendet)
    ober = next((z for z in k.ziele if z.art == "oberziel" and not z.beendet), None)
    if not ziele:
        return ""
    if ober is not None and ziele == 1:
        return (
            f"Ein Oberziel, aus dem {teilziele} Teilziele folgen."
            if teilziele > 1
            else "Ein Oberziel leitet das Konzept."
        )
    satz = f"{ziele} Ziele" if ziele > 1 else "Ein Ziel"
    return (
        f"{satz} und {teilziele} Teilziele leiten die {kontext.massnahmen}."
        if teilziele > 1
        else f"{satz} {'leiten' if ziele > 1 else 'leitet'} das Konzept."
    )


def _erlaeuterung(kontext: Kontext, o: Ordnungsobjekt) -> Erlaeuterung:
    angaben = Angaben(kontext, o)
    if o.beschreibung:
        angaben.unterdruecke("beschreibung")
    text = kontext.prosa(o.beschreibung, 7) or LEER
    indikatoren = getattr(o, "indikatoren", ())
    angaben.fakt("Land", "landes_handlungsfelder", "; ".join(getattr(o, "landes_handlungsfelder", ())))
    angaben.fakt("Indikatoren", "indikatoren", links=kontext.links(indikatoren))
    if o.status == "entfallen":
        angaben.fakt("Status", "status", labels.STATUS[o.status])
    angaben.fakt("Entstanden aus", "hervorgegangen_aus", links=kontext.links(o.hervorgegangen_aus))
    angaben.fakt("Aufgegangen in", "aufgegangen_in", links=kontext.links(o.aufgegangen_in))
    angaben.fakt("Begründung", "begruendung", kontext.zeile(o.begruendung))
    angaben.fakt("Veranlasst durch", "veranlasst_durch", o.veranlasst_durch)
    return Erlaeuterung(kontext.link(o.id), text, angaben.rest(), angaben.gesamt)
