"""Two Fassungen become a change set: match by id, place, fields by type; then the set is checked against both sides."""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from ihk import labels
from ihk.diff.apply import vorwaerts, zustand
from ihk.diff.changeset import RANG, Aenderungssatz, Eintrag, Feldaenderung, Grabstein, Lage, Reihenfolge, Stand
from ihk.diff.fields import Wert, daten, flach, rueckschritte, vergleiche
from ihk.diff.order import laengste_folge
from ihk.model import DAUERHAFT, Konzeptfassung, Loc, Massnahme
from ihk.model.bestandteile import Objekt, Teilziel
from ihk.model.load import Geladen, Orte
from ihk.model.types import Gewicht, MitKennung, Satz, geld_text
from ihk.problems import Ort
from ihk.sums import summen

Schluessel = tuple[str, str]
"""Kind and id; an id that changes its kind is another object."""
# Lists whose order a reader sees. Chapters stand where the report puts them, pictures and sources where they are used.
SICHTBARE_FOLGE = ("ziel", "teilziel", "handlungsfeld", "querschnittsaufgabe", "massnahme", "indikator")
LAGEFELDER = ("handlungsfeld", "teilziele", "querschnittsaufgaben")


@dataclass(frozen=True, slots=True)
class Ding:
    """One compared thing of one side: an object with an id, or a section such as ``konzept.gebiet``."""

    art: str
    id: str
    titel: str
    satz: Satz | None
    felder: dict[str, Wert]
    loc: Loc
    lage: Lage | None = None

    @property
    def schluessel(self) -> Schluessel:
        return self.art, self.id


def compare(alt: Geladen, neu: Geladen) -> Aenderungssatz:
    """Everything that differs. Raises ``AssertionError`` if the set would not rebuild both sides (a bug of the program)."""
    vorher, nachher = dinge(alt.fassung), dinge(neu.fassung)
    eintraege, grabsteine = [], []
    for schluessel in _folge(list(vorher), list(nachher)):
        if (stein := _grabstein(alt.fassung, neu.fassung, vorher.get(schluessel), nachher.get(schluessel))) is not None:
            grabsteine.append(stein)
            continue
        eintrag = _eintrag(alt, neu, vorher.get(schluessel), nachher.get(schluessel), vorher)
        if eintrag is not None:
            eintraege.append(eintrag)
    reihen = _reihenfolgen(alt.fassung, neu.fassung)
    eintraege = _umgestellt(eintraege, vorher, nachher, alt, neu)
    mit_eintrag = {e.id for e in eintraege if e.art == "massnahme"}
    unveraendert = tuple(m.id for m in neu.fassung.massnahmen if m.id not in mit_eintrag and not m.grabstein)
    satz = Aenderungssatz(
        _stand(alt), _stand(neu), tuple(eintraege), reihen, unveraendert, {}, _warnungen(alt, neu), tuple(grabsteine)
    )
    satz = replace(satz, zusammenfassung=zusammenfassung(satz, alt.fassung, neu.fassung))
    _selbstpruefung(satz, vorher, nachher)
    return satz


def _stand(g: Geladen) -> Stand:
    f = g.fassung
    return Stand(
        f.konzept.id,
        f.fassung.id,
        f.konzept.titel,
        f.fassung.status,
        str(f.fassung.stand) if f.fassung.stand else None,
        g.quelle.pruefsumme,
    )


def dinge(k: Konzeptfassung) -> dict[Schluessel, Ding]:
    """All compared things of a Fassung in document order. Of a doubled id only the first counts (the checks report it)."""
    ergebnis: list[Ding] = [
        Ding("fassung", "fassung", k.fassung.titel or k.fassung.id, k.fassung, flach(k.fassung), ("fassung",)),
        Ding("konzept", "konzept", k.konzept.titel, k.konzept, flach(k.konzept, ohne=("gebiet",)), ("konzept",)),
    ]
    if k.konzept.gebiet is not None:
        gebiet = k.konzept.gebiet
        ergebnis.append(
            Ding("gebiet", "konzept.gebiet", gebiet.name or "Gebiet", gebiet, flach(gebiet), ("konzept", "gebiet"))
        )
    if k.analyse is not None:
        ergebnis.append(
            Ding(
                "analyse", "analyse", "Stärken, Schwächen, Chancen, Risiken", k.analyse, flach(k.analyse), ("analyse",)
            )
        )
    wurzel = flach(k, ohne=("konzept", "fassung", "analyse"))
    for art, titel in (
        ("beteiligung", "Beteiligung"),
        ("organisation", "Organisation"),
        ("verstetigung", "Verstetigung"),
    ):
        eigene = {p: w for p, w in wurzel.items() if p == art}
        if eigene:
            ergebnis.append(Ding(art, art, titel, None, eigene, (art,)))
    rest = {p: w for p, w in wurzel.items() if p.split(".")[0] in ("belege", "unbekannt")}
    if rest:
        ergebnis.append(Ding("konzept", "gesamt", "Konzept insgesamt", None, rest, ()))
    stellen: Counter[tuple[str, ...]] = Counter()
    for art, objekt, loc in k.objekte():
        pfad = _platz(k, objekt, loc)
        kennung = objekt.id
        stellen[(art, *pfad)] += 1
        lage = Lage(pfad, stellen[(art, *pfad)], k.nummern.get(kennung))
        titel = getattr(objekt, "titel", None) or (
            labels.KAPITEL.get(kennung, kennung) if art == "kapitel" else kennung
        )
        ergebnis.append(Ding(art, kennung, titel, objekt, flach(objekt, ohne=("id",)), loc, lage))
    nach_schluessel: dict[Schluessel, Ding] = {}
    for ding in ergebnis:
        nach_schluessel.setdefault(ding.schluessel, ding)
    return nach_schluessel


def _platz(k: Konzeptfassung, objekt: MitKennung, loc: Loc) -> tuple[str, ...]:
    """Ids from the top down to the parent."""
    if isinstance(objekt, Massnahme):
        ort = objekt.ort
        if ort is None:
            return ()
        ziel = next((z.id for z in k.ziele for t in z.teilziele if t.id == ort), None)
        return (ziel, ort) if ziel else (ort,)
    if isinstance(objekt, Teilziel):
        return (k.ziele[int(loc[1])].id,)
    return ()


def _folge(alt: list[Schluessel], neu: list[Schluessel]) -> list[Schluessel]:
    """Document order of the new Fassung; what is only in the old one stands behind its old neighbour."""
    vorhanden = set(neu)
    hinter: dict[Schluessel | None, list[Schluessel]] = {}
    davor: Schluessel | None = None
    for schluessel in alt:
        if schluessel in vorhanden:
            davor = schluessel
        else:
            hinter.setdefault(davor, []).append(schluessel)
    ergebnis = list(hinter.get(None, ()))
    for schluessel in neu:
        ergebnis += [schluessel, *hinter.get(schluessel, ())]
    return ergebnis


def _eintrag(
    alt: Geladen,
    neu: Geladen,
    a: Ding | None,
    n: Ding | None,
    vorher: dict[Schluessel, Ding],
) -> Eintrag | None:
    muster = n or a
    assert muster is not None
    quelle_alt = _ort(alt.orte, a) if a else None
    quelle_neu = _ort(neu.orte, n) if n else None
    grund, durch, beschluss = _begruendung(neu.fassung, muster)
    wurzeln = _vorher(n, a, alt.fassung, neu.fassung) if n else ()
    folgen = _nachher(a, n, neu.fassung) if a else ()
    basis = Eintrag(
        muster.id, muster.art, muster.titel, (), "einfach", (), grund, durch, beschluss,
        a.lage if a else None, n.lage if n else None, "erklaert" if wurzeln or folgen else "id", wurzeln or ((a.id,) if a else ()), folgen or ((n.id,) if n else ()),
        None, None, quelle_alt, quelle_neu,
    )  # fmt: skip
    dauerhaft: Gewicht = "wesentlich" if muster.art in DAUERHAFT else "einfach"
    if a is None or n is None:
        # Sections without id (analysis, participation) compare field by field against nothing.
        if muster.satz is None or muster.lage is None:
            felder = vergleiche(a.felder if a else {}, n.felder if n else {})
            return replace(
                basis,
                aenderungsart=("neu",) if a is None else ("entfallen",),
                gewicht=_gewicht(felder, "einfach"),
                felder=felder,
            )
        if n is not None:
            arten = ("neu", "zusammengelegt") if len(wurzeln) > 1 else ("neu",)
            return replace(basis, aenderungsart=arten, gewicht=dauerhaft, inhalt_neu=_inhalt(n))
        assert a is not None
        return replace(basis, aenderungsart=("entfallen",), gewicht=dauerhaft, inhalt_alt=_inhalt(a))
    war_zu_ende, ist_grabstein = _beendet(a.satz), isinstance(n.satz, Objekt) and n.satz.beendet_in is not None
    war_grabstein = isinstance(a.satz, Objekt) and a.satz.beendet_in is not None
    if ist_grabstein != war_grabstein:
        # A full record shrinks to a tombstone: that is no change of thirty fields. (The way back is an error that checks
        # report; it is shown as one change of the whole.)
        arten = ("geaendert",) if war_grabstein else ("redaktionell",) if war_zu_ende else ("entfallen",)
        gewicht: Gewicht = "redaktionell" if arten == ("redaktionell",) else dauerhaft
        return replace(basis, aenderungsart=arten, gewicht=gewicht, inhalt_alt=_inhalt(a), inhalt_neu=_inhalt(n))
    felder = vergleiche(a.felder, n.felder)
    arten_liste: list[str] = []
    zu_ende = _beendet(n.satz) and not war_zu_ende
    if zu_ende:
        mehrfach = any(len(_eltern(neu.fassung, f)) > 1 for f in folgen)
        arten_liste.append("zusammengelegt" if mehrfach else "geteilt" if len(folgen) > 1 else "entfallen")
    elif len([f for f in folgen if f != a.id]) > 0 and any(f not in {s[1] for s in vorher} for f in folgen):
        arten_liste.append("geteilt")
    if n.satz is not None and len(wurzeln) > 1:
        arten_liste.append("zusammengelegt")
    verschoben = a.lage is not None and n.lage is not None and a.lage.pfad[-1:] != n.lage.pfad[-1:]
    if verschoben:
        arten_liste.append("verschoben")
    inhaltlich = [f for f in felder if f.gewicht != "redaktionell" and not (verschoben and f.pfad in LAGEFELDER)]
    if inhaltlich and not zu_ende:
        arten_liste.insert(0, "geaendert")
    elif felder and not arten_liste:
        arten_liste.append("redaktionell")
    if a.lage and n.lage and a.lage.nummer != n.lage.nummer and a.lage.nummer and n.lage.nummer:
        arten_liste.append("umnummeriert")
    if not arten_liste:
        return None
    geteilt_oder_vereint = bool({"geteilt", "zusammengelegt"} & set(arten_liste))
    mindestens: Gewicht = dauerhaft if zu_ende or geteilt_oder_vereint else "redaktionell"
    if verschoben:
        mindestens = max(mindestens, "einfach", key=RANG.__getitem__)
    return replace(
        basis,
        aenderungsart=tuple(arten_liste),
        gewicht=_gewicht(felder, mindestens),
        felder=felder,
        rueckschritte=() if geteilt_oder_vereint else rueckschritte(n.satz, n.art, felder),
    )


# What a tombstone may hold without saying anything new.
STEINFELDER = {"id", "nummer", "titel", "status", "beendet_in", "aufgegangen_in", "hervorgegangen_aus"}


def _grabstein(alt: Konzeptfassung, neu: Konzeptfassung, a: Ding | None, n: Ding | None) -> Grabstein | None:
    """The step from ended to tombstone (or back): one side says that it ended in the other, and nothing else."""
    if a is None or n is None or not isinstance(a.satz, Objekt) or not isinstance(n.satz, Objekt):
        return None
    voll, stein, fassung = (a, n, alt) if n.satz.beendet_in is not None else (n, a, neu)
    ende = getattr(stein.satz, "beendet_in", None)
    if not _beendet(voll.satz) or getattr(voll.satz, "beendet_in", None) is not None or ende != fassung.fassung.id:
        return None
    ganz, knapp = _inhalt(voll), _inhalt(stein)
    if not knapp.keys() <= STEINFELDER or knapp.get("status") != "entfallen":
        return None
    if any(knapp[f] != ganz.get(f) for f in ("titel", "aufgegangen_in", "hervorgegangen_aus") if f in knapp):
        return None
    nummern = [d.lage.nummer for d in (voll, stein) if d.lage and d.lage.nummer]
    return None if len(set(nummern)) > 1 else Grabstein(a.id, a.art, a.titel, _inhalt(a), _inhalt(n))


def _beendet(satz: Satz | None) -> bool:
    return bool(getattr(satz, "beendet", False))


def _inhalt(ding: Ding) -> dict[str, Any]:
    assert ding.satz is not None
    inhalt = daten(ding.satz)
    if ding.art == "ziel":
        inhalt.pop("teilziele", None)  # sub-goals have entries of their own
    return inhalt


def _gewicht(felder: tuple[Feldaenderung, ...], mindestens: Gewicht) -> Gewicht:
    return max((mindestens, *(f.gewicht for f in felder)), key=RANG.__getitem__)


def _eltern(k: Konzeptfassung, kennung: str) -> tuple[str, ...]:
    """Ids from which an object came, as declared by it or by them."""
    objekt = k.nach_id.get(kennung)
    selbst = getattr(objekt, "hervorgegangen_aus", ())
    andere = (o.id for _, o, _ in k.objekte() if isinstance(o, Objekt) and kennung in o.aufgegangen_in)
    return tuple(dict.fromkeys((*selbst, *andere)))


def _vorher(n: Ding, a: Ding | None, alt: Konzeptfassung, neu: Konzeptfassung) -> tuple[str, ...]:
    """Declared origins of a thing, if it was declared in this Fassung and not already in the old one."""
    eltern = _eltern(neu, n.id)
    if a is not None and eltern == _eltern(alt, n.id):
        return ()
    if eltern and a is not None:
        eltern = tuple(dict.fromkeys((n.id, *eltern)))
    return eltern


def _nachher(a: Ding, n: Ding | None, neu: Konzeptfassung) -> tuple[str, ...]:
    """Declared successors of a thing."""
    selbst = getattr(n.satz, "aufgegangen_in", ()) if n else ()
    andere = (o.id for _, o, _ in neu.objekte() if isinstance(o, Objekt) and a.id in o.hervorgegangen_aus)
    alt_erklaert = set(getattr(a.satz, "aufgegangen_in", ()))
    return tuple(dict.fromkeys(x for x in (*selbst, *andere) if x not in alt_erklaert))


def _begruendung(k: Konzeptfassung, ding: Ding) -> tuple[str | None, str | None, dict[str, Any] | None]:
    """Reason, author of the initiative and decision: from the object itself, else from ``aenderungen``."""
    eigene = next((o for o in (k.nach_id.get(ding.id),) if isinstance(o, Objekt)), None)
    gruende = [eigene.begruendung] if eigene and eigene.begruendung else []
    durch = eigene.veranlasst_durch if eigene else None
    beschluss: dict[str, Any] | None = None
    for a in k.aenderungen:
        darunter = a.objekt.startswith(f"{ding.id}.") and not a.objekt.startswith("konzept.gebiet")
        if a.objekt == ding.id or darunter or (ding.id == "konzept.gebiet" and a.objekt.startswith("konzept.gebiet.")):
            gruende.append(a.grund)
            durch = durch or a.veranlasst_durch
            beschluss = daten(a.beschluss) if a.beschluss else beschluss
    if isinstance(eigene, Massnahme) and eigene.beschluss and gruende and beschluss is None:
        beschluss = daten(eigene.beschluss)
    return "\n\n".join(gruende) or None, durch, beschluss


def _ort(orte: Orte, ding: Ding) -> Ort:
    return orte(*ding.loc)


LISTEN = (
    "ziele",
    "handlungsfelder",
    "querschnittsaufgaben",
    "massnahmen",
    "indikatoren",
    "kapitel",
    "bilder",
    "quellen",
)


def listen(k: Konzeptfassung) -> dict[str, tuple[str, ...]]:
    """Ids of every list of objects in file order; the sub-goals of a goal under its id."""
    ergebnis = {name: tuple(dict.fromkeys(o.id for o in getattr(k, name))) for name in LISTEN}
    for ziel in k.ziele:
        if ziel.teilziele:
            ergebnis[ziel.id] = tuple(dict.fromkeys(t.id for t in ziel.teilziele))
    return {name: ids for name, ids in ergebnis.items() if ids}


def _reihenfolgen(alt: Konzeptfassung, neu: Konzeptfassung) -> tuple[Reihenfolge, ...]:
    a, n = listen(alt), listen(neu)
    return tuple(
        Reihenfolge(name, a.get(name, ()), n.get(name, ()))
        for name in dict.fromkeys((*n, *a))
        if a.get(name, ()) != n.get(name, ())
    )


def _umgestellt(
    eintraege: list[Eintrag],
    vorher: dict[Schluessel, Ding],
    nachher: dict[Schluessel, Ding],
    alt: Geladen,
    neu: Geladen,
) -> list[Eintrag]:
    """Objects that changed their order among siblings that stayed: those outside the longest increasing run."""
    gruppen: dict[tuple[str, ...], list[Schluessel]] = {}
    for schluessel, ding in nachher.items():
        davor = vorher.get(schluessel)
        if ding.art not in SICHTBARE_FOLGE:
            continue
        if ding.lage and davor and davor.lage and davor.lage.pfad == ding.lage.pfad:
            gruppen.setdefault((ding.art, *ding.lage.pfad), []).append(schluessel)
    bewegt: set[Schluessel] = set()
    for mitglieder in gruppen.values():
        stellen = [lage.stelle for s in mitglieder if (lage := vorher[s].lage) is not None]
        ruhig = laengste_folge(stellen)
        bewegt |= {s for i, s in enumerate(mitglieder) if i not in ruhig}
    fertig = {(e.art, e.id): e for e in eintraege}
    for schluessel, n in nachher.items():
        if schluessel not in bewegt:
            continue
        a = vorher[schluessel]
        if schluessel in fertig:
            e = fertig[schluessel]
            arten = tuple(x for x in e.aenderungsart if x != "redaktionell")
            fertig[schluessel] = replace(e, aenderungsart=(*arten, "umgestellt"))
        else:
            fertig[schluessel] = Eintrag(
                n.id, n.art, n.titel, ("umgestellt",), "redaktionell", lage_alt=a.lage, lage_neu=n.lage, vorher=(a.id,), nachher=(n.id,),
                quelle_alt=_ort(alt.orte, a), quelle_neu=_ort(neu.orte, n),
            )  # fmt: skip
    return [fertig[s] for s in _folge(list(vorher), list(nachher)) if s in fertig]


def _warnungen(alt: Geladen, neu: Geladen) -> tuple[str, ...]:
    ergebnis = []
    if alt.fassung.konzept.id != neu.fassung.konzept.id:
        ergebnis.append(f"Verglichen werden zwei Konzepte: „{alt.fassung.konzept.id}“ und „{neu.fassung.konzept.id}“.")
    for g in (alt, neu):
        if not g.fehlerfrei:
            anzahl = sum(p.schwere == "fehler" for p in g.probleme)
            ergebnis.append(
                f"Die Fassung {g.fassung.fassung.id} hat {anzahl} Fehler; zurückgewiesene Werte fehlen im Vergleich."
            )
    return tuple(ergebnis)


ZAEHLER = (
    "neu",
    "entfallen",
    "geaendert",
    "verschoben",
    "umgestellt",
    "umnummeriert",
    "geteilt",
    "zusammengelegt",
    "redaktionell",
)


def zusammenfassung(satz: Aenderungssatz, alt: Konzeptfassung, neu: Konzeptfassung) -> dict[str, Any]:
    """Counts over all entries and over measures, costs, status transitions, shift of ends in months."""
    gesamt = Counter(art for e in satz.eintraege for art in e.aenderungsart)
    massnahmen = Counter(art for e in satz.eintraege if e.art == "massnahme" for art in e.aenderungsart)
    status: Counter[str] = Counter()
    monate: list[int] = []
    for e in satz.eintraege:
        if e.art != "massnahme":
            continue
        for f in e.felder:
            if f.pfad == "status":
                status[f"{f.alt or 'unbekannt'}>{f.neu or 'unbekannt'}"] += 1
            if f.pfad == "zeitraum.bis" and f.monate:
                monate.append(f.monate)
    a, n = summen(alt), summen(neu)
    return {
        **{art: gesamt[art] for art in ZAEHLER},
        "unveraendert": len(satz.unveraendert),
        "gewichte": {g: sum(e.gewicht == g for e in satz.eintraege) for g in ("wesentlich", "einfach", "redaktionell")},
        "massnahmen": {
            "alt": sum(not m.grabstein for m in alt.massnahmen),
            "neu_gesamt": sum(not m.grabstein for m in neu.massnahmen),
            **{art: massnahmen[art] for art in ZAEHLER},
            "unveraendert": len(satz.unveraendert),
        },
        "kosten": {"alt": geld_text(a.gesamt), "neu": geld_text(n.gesamt), "delta": geld_text(n.gesamt - a.gesamt)},
        "status": dict(sorted(status.items())),
        "termine": {
            "spaeter": sum(m > 0 for m in monate),
            "frueher": sum(m < 0 for m in monate),
            "median_monate": str(Decimal(str(statistics.median(monate)))) if monate else None,
        },
    }


def _selbstpruefung(satz: Aenderungssatz, alt: dict[Schluessel, Ding], neu: dict[Schluessel, Ding]) -> None:
    """The set must turn either side into the other; otherwise a wrong Synopse would be printed."""
    a, n = zustand(alt), zustand(neu)
    if vorwaerts(a, satz) != n or vorwaerts(n, satz, zurueck=True) != a:
        raise AssertionError("the change set does not rebuild both Fassungen")
