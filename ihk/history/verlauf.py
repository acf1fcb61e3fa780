"""What became of each object: its state in every Fassung, its changes with their reasons, and which one came from which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal

from ihk.diff import compare
from ihk.diff.changeset import Eintrag
from ihk.diff.fields import daten
from ihk.diff.things import dinge
from ihk.history.folge import Folge, Glied
from ihk.history.ordnung import geordnet
from ihk.model import Konzeptfassung, Massnahme
from ihk.model.bestandteile import Indikator, Objekt, Zielwert
from ihk.model.types import MitKennung
from ihk.reading.values import Zeitpunkt

Lage = Literal["noch_nicht", "da", "endet", "beendet", "weg", "unbekannt"]
"""Not there yet; there; ends in this Fassung; ended before; gone without a word; not known."""
# The lists in which the objects of a kind stand; declared unknown, they may hold more than is written.
LISTEN = {
    "massnahme": ("massnahmen",), "ziel": ("ziele",), "teilziel": ("ziele", "teilziele"), "handlungsfeld": ("handlungsfelder",),
    "querschnittsaufgabe": ("querschnittsaufgaben",), "indikator": ("indikatoren",), "kapitel": ("kapitel",), "bild": ("bilder",),
    "quelle": ("quellen",),
}  # fmt: skip
GEGENWART = ("da", "endet", "beendet")


@dataclass(frozen=True, slots=True)
class Fassungskopf:
    """One Fassung of the chain; ``da`` is False where its file is missing, everything else is then unknown."""

    id: str
    da: bool
    titel: str | None = None
    art: str | None = None
    status: str | None = None
    stand: Zeitpunkt | None = None
    sha256: str | None = None
    beschluss: dict[str, Any] | None = None
    """The step of its Beratungsfolge that decides."""


@dataclass(frozen=True, slots=True)
class Zustand:
    """An object in one Fassung."""

    fassung: str
    lage: Lage
    titel: str | None = None
    nummer: str | None = None
    status: str | None = None
    kosten: int | None = None
    von: Zeitpunkt | None = None
    bis: Zeitpunkt | None = None
    ort: tuple[str, ...] = ()
    """Ids from the top down to where it stands."""
    zielwert: Zielwert | None = None
    einheit: str | None = None
    unbekannt: tuple[str, ...] = ()
    """Fields that are declared unknown."""


@dataclass(frozen=True, slots=True)
class Wandel:
    """What changed in an object from the Fassung ``seit`` to ``fassung``; ``luecken`` lie between them and are missing."""

    fassung: str
    seit: str
    luecken: tuple[str, ...]
    arten: tuple[str, ...]
    """As in the change set, but ``erstmals`` and ``ungenannt`` where one side does not know its list."""
    eintrag: Eintrag
    beschluss: dict[str, Any] | None
    """Of the change itself, else of the Fassung."""
    beschluss_der_fassung: bool


@dataclass(frozen=True, slots=True)
class Beginn:
    """The first Fassung that names it: as the first of all, as new, or nobody knows since when."""

    fassung: str
    art: Literal["erste", "neu", "offen"]


@dataclass(frozen=True, slots=True)
class Ende:
    """The Fassung in which it ended (it may lie before the chain), how, and why."""

    fassung: str
    art: Literal["entfallen", "aufgegangen", "geteilt", "weg"]
    begruendung: str | None


@dataclass(frozen=True, slots=True)
class Bahn:
    """One object over all Fassungen."""

    id: str
    art: str
    titel: str
    """The last one known."""
    kurz: str
    nummer: str | None
    """The last one printed."""
    gruppe: str | None
    zustaende: tuple[Zustand, ...]
    beginn: Beginn
    ende: Ende | None
    wandel: tuple[Wandel, ...]
    aus: tuple[str, ...] = ()
    """Ids that it came from, over all Fassungen."""
    nach: tuple[str, ...] = ()
    """Ids that carry it on."""


@dataclass(frozen=True, slots=True)
class Verbindung:
    """``von`` was carried on in ``nach``, as declared; ``fassung`` is the one in which it happened."""

    von: str
    nach: str
    fassung: str


@dataclass(frozen=True, slots=True)
class Gruppe:
    """A place under which objects stand, as the newest Fassung that has it says."""

    id: str
    nummer: str | None
    titel: str


@dataclass(frozen=True, slots=True)
class Verlauf:
    """The history of a concept. ``bahnen`` in the order of a reader: by kind and place, what is joined side by side."""

    konzept: str
    titel: str
    fassungen: tuple[Fassungskopf, ...]
    anfang: bool
    """Whether the first Fassung is known to be the first."""
    bahnen: tuple[Bahn, ...]
    verbindungen: tuple[Verbindung, ...]
    gruppen: tuple[Gruppe, ...]
    namen: Mapping[str, str]
    """Short titles by id, also of what an excerpt leaves out."""
    lose: tuple[str, ...] = ()
    angenommen: tuple[str, ...] = ()
    warnungen: tuple[str, ...] = ()

    def bahn(self, kennung: str) -> Bahn | None:
        """The first lane with this id."""
        return next((b for b in self.bahnen if b.id == kennung), None)


def verlauf(kette: Folge) -> Verlauf:
    """The fate of every object of every Fassung of the chain."""
    bekannt = [g.geladen.fassung for g in kette.glieder if g.geladen]
    koepfe = tuple(_kopf(g) for g in kette.glieder)
    wandel, warnungen = _wandel(kette, {f.id: f for f in koepfe})
    verbindungen = _verbindungen(bekannt)
    staende = [_Stand(g) for g in kette.glieder]
    schluessel = dict.fromkeys((str(art), o.id) for k in bekannt for art, o, _ in k.objekte())
    bahnen = {s: _bahn(s, staende, kette, wandel.get(s, []), verbindungen) for s in schluessel}
    gruppen = _gruppen(bekannt)
    folge = geordnet(bahnen, bekannt, verbindungen, [g.id for g in gruppen])
    juengste = bekannt[-1].konzept
    return Verlauf(
        juengste.id,
        juengste.titel,
        koepfe,
        kette.anfang,
        tuple(replace(bahnen[s], gruppe=gruppe) for s, gruppe in folge),
        verbindungen,
        gruppen,
        {b.id: b.kurz for b in reversed(bahnen.values())},
        kette.lose,
        kette.angenommen,
        warnungen,
    )


def auszug(v: Verlauf, kennung: str) -> Verlauf:
    """Only the object with this id and everything that it came from or was carried on in."""
    drin = {kennung}
    while dazu := {x for w in v.verbindungen if {w.von, w.nach} & drin for x in (w.von, w.nach)} - drin:
        drin |= dazu
    return replace(
        v,
        bahnen=tuple(b for b in v.bahnen if b.id in drin),
        verbindungen=tuple(w for w in v.verbindungen if w.von in drin),
    )


def _kopf(glied: Glied) -> Fassungskopf:
    if glied.geladen is None:
        return Fassungskopf(glied.fassung, da=False)
    f = glied.geladen.fassung.fassung
    entscheidung = next((b for b in reversed(f.beratungsfolge) if b.rolle == "entscheidung"), None)
    return Fassungskopf(
        glied.fassung,
        True,
        f.titel,
        f.art,
        f.status,
        f.stand,
        glied.geladen.quelle.pruefsumme,
        daten(entscheidung) if entscheidung else None,
    )


# --------------------------------------------------------------------------- one object


class _Stand:
    """One Fassung as far as lanes ask for it; without a model nothing in it is known."""

    def __init__(self, glied: Glied) -> None:
        self.fassung = glied.fassung
        self.k: Konzeptfassung | None = glied.geladen.fassung if glied.geladen else None
        self.objekte: dict[tuple[str, str], MitKennung] = {}
        self.orte: dict[tuple[str, str], tuple[str, ...]] = {}
        self.offen: set[str] = set()
        if self.k is not None:
            for art, objekt, _ in self.k.objekte():
                self.objekte.setdefault((art, objekt.id), objekt)
            self.orte = {s: d.lage.pfad for s, d in dinge(self.k).items() if d.lage}
            self.offen = {*self.k.unbekannt, *self.k.fassung.unbekannt, *(f for z in self.k.ziele for f in z.unbekannt)}

    def unbekannt(self, art: str) -> bool:
        """Whether an object of this kind may have been there without being named."""
        return self.k is None or bool(self.offen.intersection(LISTEN[art]))

    def zustand(self, s: tuple[str, str], davor: Lage) -> Zustand:
        objekt = self.objekte.get(s)
        if objekt is None:
            return Zustand(self.fassung, self._ohne(s[0], davor))
        assert self.k is not None
        lage: Lage = "da"
        if getattr(objekt, "beendet", False) or getattr(objekt, "beendet_in", None):
            schon = davor in ("endet", "beendet") or getattr(objekt, "beendet_in", None)
            lage = "beendet" if schon else "endet"
        m = objekt if isinstance(objekt, Massnahme) else None
        i = objekt if isinstance(objekt, Indikator) else None
        return Zustand(
            self.fassung,
            lage,
            getattr(objekt, "titel", None),
            self.k.nummern.get(objekt.id),
            getattr(objekt, "status", None),
            m.kosten.gesamt if m and m.kosten else None,
            m.zeitraum.von if m and m.zeitraum else None,
            m.zeitraum.bis if m and m.zeitraum else None,
            self.orte.get(s, ()),
            i.ziel if i else None,
            i.einheit if i else None,
            tuple(_luecken(objekt)),
        )

    def _ohne(self, art: str, davor: Lage) -> Lage:
        if davor in ("endet", "beendet"):
            return "beendet"
        if self.unbekannt(art):
            return "unbekannt"
        return "weg" if davor in ("da", "weg") else "noch_nicht"


def _luecken(objekt: MitKennung) -> Iterator[str]:
    """Declared gaps of the fields that a lane shows."""
    yield from objekt.unbekannt
    if isinstance(objekt, Massnahme):
        if objekt.kosten and "gesamt" in objekt.kosten.unbekannt:
            yield "kosten"
        if objekt.zeitraum and {"von", "bis"} & objekt.zeitraum.unbekannt.keys():
            yield "zeitraum"


def _bahn(
    s: tuple[str, str],
    staende: list[_Stand],
    kette: Folge,
    wandel: list[Wandel],
    verbindungen: tuple[Verbindung, ...],
) -> Bahn:
    zustaende: list[Zustand] = []
    gesehen: Lage = "noch_nicht"  # the last lage that some file states
    for stand in staende:
        z = stand.zustand(s, gesehen)
        zustaende.append(z)
        gesehen = z.lage if z.lage != "unbekannt" else gesehen
    letzter = next(z for z in reversed(zustaende) if z.titel or z.lage in GEGENWART)
    objekt = next(st.objekte[s] for st in reversed(staende) if s in st.objekte)
    nummer = next((z.nummer for z in reversed(zustaende) if z.nummer), None)
    aus = tuple(w.von for w in verbindungen if w.nach == s[1])
    nach = tuple(w.nach for w in verbindungen if w.von == s[1])
    zugesichert = {z.fassung: z.lage for z in zustaende}
    return Bahn(
        s[1],
        s[0],
        letzter.titel or s[1],
        getattr(objekt, "kurz", None) or letzter.titel or s[1],
        nummer,
        None,
        tuple(zustaende),
        _beginn(zustaende, kette.anfang),
        _ende(s, zustaende, staende, nach),
        tuple(_ehrlich(w, zugesichert) for w in wandel),
        aus,
        nach,
    )


def _ehrlich(w: Wandel, lagen: dict[str, Lage]) -> Wandel:
    """Nothing is new or gone where the other side does not know what it held."""
    arten = []
    for art in w.arten:
        if art == "neu" and (lagen[w.seit] == "unbekannt" or any(lagen[x] == "unbekannt" for x in w.luecken)):
            arten.append("erstmals")
        elif art == "entfallen" and lagen[w.fassung] == "unbekannt":
            arten.append("ungenannt")
        else:
            arten.append(art)
    return replace(w, arten=tuple(arten))


def _beginn(zustaende: list[Zustand], anfang: bool) -> Beginn:
    i = next(i for i, z in enumerate(zustaende) if z.lage in GEGENWART)
    if zustaende[i].lage == "beendet" or (i and zustaende[i - 1].lage != "noch_nicht") or not (i or anfang):
        return Beginn(zustaende[i].fassung, "offen")
    return Beginn(zustaende[i].fassung, "neu" if i else "erste")


def _ende(s: tuple[str, str], zustaende: list[Zustand], staende: list[_Stand], nach: tuple[str, ...]) -> Ende | None:
    letzte = next(z.lage for z in reversed(zustaende) if z.lage != "unbekannt")
    if letzte in ("da", "noch_nicht"):
        return None
    if letzte == "weg":
        seit = next(z for z in zustaende if z.lage == "weg")
        return Ende(seit.fassung, "weg", None)
    art: Any = "geteilt" if len(nach) > 1 else "aufgegangen" if nach else "entfallen"
    im_end = [(z, st.objekte[s]) for z, st in zip(zustaende, staende, strict=True) if s in st.objekte]
    grund = next(
        (
            o.begruendung
            for z, o in im_end
            if z.lage in ("endet", "beendet") and isinstance(o, Objekt) and o.begruendung
        ),
        None,
    )
    wann = next((z.fassung for z in reversed(zustaende) if z.lage == "endet"), None)
    if wann is None:
        wann = next((o.beendet_in for _, o in im_end if isinstance(o, Objekt) and o.beendet_in), None)
    return Ende(wann or next(z.fassung for z in zustaende if z.lage == "beendet"), art, grund)


# --------------------------------------------------------------------------- between Fassungen


def _wandel(
    kette: Folge, koepfe: dict[str, Fassungskopf]
) -> tuple[dict[tuple[str, str], list[Wandel]], tuple[str, ...]]:
    """The entries of all change sets of the chain by object, and what they warn about."""
    ergebnis: dict[tuple[str, str], list[Wandel]] = {}
    warnungen: dict[str, None] = {}
    da = [i for i, g in enumerate(kette.glieder) if g.geladen]
    for i, j in pairwise(da):
        alt, neu = kette.glieder[i], kette.glieder[j]
        assert alt.geladen is not None
        assert neu.geladen is not None
        luecken = tuple(g.fassung for g in kette.glieder[i + 1 : j])
        satz = compare(alt.geladen, neu.geladen)
        warnungen |= dict.fromkeys(satz.warnungen)
        for e in satz.eintraege:
            beschluss = e.beschluss or koepfe[neu.fassung].beschluss
            ergebnis.setdefault((str(e.art), e.id), []).append(
                Wandel(neu.fassung, alt.fassung, luecken, e.aenderungsart, e, beschluss, e.beschluss is None)
            )
    return ergebnis, tuple(warnungen)


def _verbindungen(bekannt: Iterable[Konzeptfassung]) -> tuple[Verbindung, ...]:
    """Every declared join once, with the Fassung in which it happened."""
    ergebnis: dict[tuple[str, str], str] = {}
    for k in bekannt:
        for _, o, _ in k.objekte():
            if not isinstance(o, Objekt):
                continue
            for paar in (*((x, o.id) for x in o.hervorgegangen_aus), *((o.id, x) for x in o.aufgegangen_in)):
                von = k.nach_id.get(paar[0])
                wann = von.beendet_in if isinstance(von, Objekt) and von.beendet_in else k.fassung.id
                ergebnis.setdefault(paar, wann)
    return tuple(Verbindung(von, nach, fassung) for (von, nach), fassung in ergebnis.items())


def _gruppen(bekannt: list[Konzeptfassung]) -> tuple[Gruppe, ...]:
    """Everything that objects may stand under, in the order of the newest Fassung, older ones behind."""
    ergebnis: dict[str, Gruppe] = {}
    for k in reversed(bekannt):
        orte = (*k.handlungsfelder, *(x for z in k.ziele for x in (z, *z.teilziele)), *k.querschnittsaufgaben)
        for o in orte:
            ergebnis.setdefault(o.id, Gruppe(o.id, k.nummern.get(o.id), o.titel))
    return tuple(ergebnis.values())
