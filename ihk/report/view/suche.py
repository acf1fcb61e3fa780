"""What readers of the web page can search and filter by: only what tells entries apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ihk import labels
from ihk.diff.changeset import Aenderungssatz, Eintrag
from ihk.model import Massnahme
from ihk.report.view.aenderung import hauptart
from ihk.report.view.grund import Kontext

AB = 5  # fewer entries are seen at a glance
_HOECHSTENS = 15  # a list of bodies longer than this is no choice any more
_OHNE = "keine Angabe"
_WANDEL = ("neu", "geaendert", "gleich", "aufgegangen", "entfallen")


@dataclass(frozen=True, slots=True)
class Merkmal:
    """One property of an entry; printed as ``data-name``."""

    name: str
    wert: str


@dataclass(frozen=True, slots=True)
class Wahlwert:
    wert: str
    text: str
    anzahl: int


@dataclass(frozen=True, slots=True)
class Filter:
    """A list to choose from; ``name`` is that of the property."""

    name: str
    titel: str
    werte: tuple[Wahlwert, ...]


@dataclass(frozen=True, slots=True)
class Suche:
    """The controls above the entries: ``viele`` says what is counted."""

    titel: str
    viele: str
    anzahl: int
    filter: tuple[Filter, ...]


def merkmale(kontext: Kontext, m: Massnahme, eintrag: Eintrag | None) -> tuple[Merkmal, ...]:
    """By what a measure can be found besides its text."""
    return (
        Merkmal("status", m.status or ""),
        Merkmal("ort", m.ort if m.ort in kontext.k.nach_id else ""),
        Merkmal("traeger", m.traeger or ""),
        Merkmal("wandel", hauptart(eintrag) if eintrag else "gleich"),
        Merkmal("rang", "schluessel" if m.schluesselmassnahme else "weitere"),
    )


def massnahmensuche(
    kontext: Kontext, massnahmen: Iterable[Massnahme], aenderungen: Aenderungssatz | None
) -> Suche | None:
    """None where the measures can be overlooked."""
    massnahmen = tuple(massnahmen)
    eintraege = {e.id: e for e in aenderungen.eintraege} if aenderungen else {}
    alle = [merkmale(kontext, m, eintraege.get(m.id)) for m in massnahmen]
    teilziele = [t for z in kontext.k.ziele for t in z.teilziele]
    orte = (*kontext.k.handlungsfelder, *teilziele, *kontext.k.querschnittsaufgaben)
    texte: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("status", "Status", {m.status: labels.STATUS[m.status] for m in massnahmen if m.status}),
        (
            "ort",
            kontext.handlungsfeld if kontext.k.handlungsfelder else "Ziel",
            {o.id: kontext.link(o.id).text for o in orte},
        ),
        ("traeger", "Träger", {t: t for t in sorted({m.traeger for m in massnahmen if m.traeger}, key=str.casefold)}),
        ("wandel", "Seit der letzten Fassung", {w: labels.WANDEL.get(w, "unverändert") for w in _WANDEL}),
        (
            "rang",
            "Bedeutung",
            {
                "schluessel": kontext.wort.schluessel,
                "weitere": f"{kontext.wort.form('weitere', 'weiteres', 'weiterer')} {kontext.massnahme}",
            },
        ),
    )
    folge = {"status": {s: i for i, s in enumerate(labels.STATUS)}}
    return _suche(f"{kontext.massnahmen} suchen und auswählen", kontext.massnahmen, alle, texte, folge)


def synopsensuche(
    eintraege: Iterable[tuple[Merkmal, ...]], wort: str = "", felder: dict[str, str] | None = None
) -> Suche | None:
    """Controls of the Synopse; ``felder`` are the Handlungsfelder by id, ``wort`` is what the concept calls them."""
    felder = felder or {}
    alle = list(eintraege)
    gruppen = {m.wert: m.wert for merkmale_ in alle for m in merkmale_ if m.name == "teil" and m.wert}
    texte: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("gewicht", "Gewicht", labels.GEWICHT),
        ("wandel", "Art der Änderung", {w: labels.WANDEL[w] for w in _WANDEL if w != "gleich"}),
        ("teil", "Bereich", gruppen),
        ("feld", wort, felder),
    )
    return _suche("Änderungen suchen und auswählen", "Änderungen", alle, texte, {})


def aenderungsmerkmale(gewicht: str, wandel: str, teil: str, feld: str = "") -> tuple[Merkmal, ...]:
    """By what an entry of the Synopse can be chosen: weight, kind of change, group, Handlungsfeld."""
    merkmale_ = (Merkmal("gewicht", gewicht), Merkmal("wandel", wandel), Merkmal("teil", teil))
    return (*merkmale_, Merkmal("feld", feld))


def _suche(
    titel: str,
    viele: str,
    alle: list[tuple[Merkmal, ...]],
    texte: tuple[tuple[str, str, dict[str, str]], ...],
    folge: dict[str, dict[str, int]],
) -> Suche | None:
    if len(alle) < AB:
        return None
    filter_ = tuple(f for name, t, worte in texte if (f := _filter(name, t, worte, alle, folge.get(name, {}))))
    return Suche(titel, viele, len(alle), filter_)


def _filter(
    name: str, titel: str, worte: dict[str, str], alle: list[tuple[Merkmal, ...]], folge: dict[str, int]
) -> Filter | None:
    """None if all entries are alike in this, or no two of them."""
    zahlen = Counter(m.wert for merkmale_ in alle for m in merkmale_ if m.name == name)
    bekannt = sorted((w for w in worte if zahlen[w]), key=lambda w: folge.get(w, 0))
    if not bekannt or not 2 <= len(zahlen) <= _HOECHSTENS or len(zahlen) == len(alle):
        return None
    werte = [Wahlwert(w, worte[w], zahlen[w]) for w in bekannt]
    if zahlen[""]:
        werte.append(Wahlwert("-", _OHNE, zahlen[""]))
    return Filter(name, titel, tuple(werte))
