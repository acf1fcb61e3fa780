"""The change chapter of a report and the first page of the Synopse: counts, the bridge of costs, reasons."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal

from markupsafe import Markup

from ihk import labels, sums
from ihk.diff.changeset import Aenderungssatz, Eintrag
from ihk.model import Konzeptfassung, Massnahme
from ihk.model.bestandteile import Aenderung, Beschluss
from ihk.model.load import Geladen
from ihk.report.view.grund import (
    STRICH,
    Gruppe,
    Kontext,
    Link,
    Spalte,
    Tabelle,
    Zeile,
    Zelle,
    allein,
    anzahl,
    anzahl_von,
    beschluss_text,
    gross,
    mio,
    zahl,
)

_TEXTE = {"kapitel": "Kapitel", "bild": "Bilder", "quelle": "Quellen"}
ZEICHEN = {"neu": "+", "geaendert": "≠", "aufgegangen": "→", "entfallen": labels.MINUS, "gleich": "="}


@dataclass(frozen=True, slots=True)
class Kennzahl:
    wert: str
    text: str


@dataclass(frozen=True, slots=True)
class Wandel:
    """One changed measure: costs before and after, and a bar from a common zero line."""

    art: str
    zeichen: str
    wort: str
    link: Link
    grund: Markup
    alt: str
    neu: str
    delta: str
    eigen: str
    """What of the difference the Kommune bears."""
    stelle: float
    """Where the bar begins, at the zero line: percent from the left, or from the right for what is less and goes to the left."""
    breite: float
    minus: bool


@dataclass(frozen=True, slots=True)
class Anlass:
    """A change outside measures with its reason."""

    zeichen: str
    wort: str
    link: Link
    was: str
    grund: Markup
    von: str


@dataclass(frozen=True, slots=True)
class Aenderungskapitel:
    wort: labels.Wort
    """What the concept calls a measure."""
    satz: str
    kurzsatz: str
    kennzahlen: tuple[Kennzahl, ...]
    massnahmen: tuple[Wandel, ...]
    mit_kosten: bool
    mit_eigen: bool
    """Whether the share of the Kommune changes anywhere."""
    null: float
    """Where the zero line of the bars stands, in percent."""
    gleich: str
    gesamt_alt: str
    gesamt_neu: str
    gesamt_delta: str
    gesamt_eigen: str
    andere: tuple[Anlass, ...]
    texte: tuple[str, ...]
    """Chapters, pictures and sources, one sentence for each kind of change."""
    status: Tabelle | None
    alt_name: str
    neu_name: str
    redaktionell: int


def aufgegangen(e: Eintrag) -> bool:
    """Whether an object has ended because others go on with it: it is not lost, and neither simply changed."""
    return bool(e.nachher) and e.id not in e.nachher


def hauptart(e: Eintrag) -> str:
    """``neu``, ``aufgegangen``, ``entfallen`` or ``geaendert``: the one sign in front of an entry."""
    if aufgegangen(e):
        return "aufgegangen"
    if "neu" in e.aenderungsart or (e.inhalt_neu is not None and e.inhalt_alt is None):
        return "neu"
    if "entfallen" in e.aenderungsart or (e.inhalt_alt is not None and e.inhalt_neu is None):
        return "entfallen"
    return "geaendert"


def artwort(e: Eintrag, ohne: str = "redaktionell") -> str:
    """Kinds of change in words, without one that says little beside others."""
    arten: list[str] = [a for a in e.aenderungsart if a not in ("redaktionell", ohne)] or list(e.aenderungsart)
    if aufgegangen(e) and "geteilt" not in arten:  # its status may say it has ended: the word for that is where it went
        arten = ["aufgegangen" if a == "entfallen" else a for a in arten]
    return ", ".join(labels.WANDEL.get(a, a) for a in arten)


def kommune_delta(e: Eintrag) -> int:
    """Cents that the Kommune bears more or less, also where it bears what the others leave."""
    return sum(cent(b.delta) for b in e.nach_geber if b.geber == "kommune")


def _eigene(k: Konzeptfassung, kennung: str) -> int:
    m = k.nach_id.get(kennung)
    return (m.kosten.gesamt or 0) if isinstance(m, Massnahme) and m.kosten else 0


def _dach(k: Konzeptfassung, kennung: str) -> str:
    """Number of the umbrella measure in which the costs of a measure are counted; empty if they count by themselves."""
    m = k.nach_id.get(kennung)
    if (
        not isinstance(m, Massnahme)
        or m.beendet
        or m.teil_von is None
        or any(z.id == kennung for z in sums.zaehlende(k))
    ):
        return ""
    return k.nummern.get(m.teil_von, m.teil_von)


def _statt_betrag(alt: Konzeptfassung, neu: Konzeptfassung, kennung: str) -> str:
    """Why a measure that counts in neither total does not: others pay it, or nobody knows what it costs. Else empty."""
    seiten = [m for k in (alt, neu) if isinstance(m := k.nach_id.get(kennung), Massnahme)]
    if all(m.kosten and sums.nur_nachrichtlich(m.kosten) for m in seiten):
        return "nachrichtlich"
    m = seiten[-1]
    return "unbekannt" if not m.beendet and (m.kosten is None or m.kosten.gesamt is None) else ""


def aenderungskapitel(
    kontext: Kontext, satz: Aenderungssatz | None, vorgaenger: Geladen | None
) -> Aenderungskapitel | None:
    """None if there is no predecessor to compare with, or nothing has changed."""
    if satz is None or vorgaenger is None:
        return _nur_gruende(kontext)
    alt, neu = vorgaenger.fassung, kontext.k
    eintraege = [e for e in satz.eintraege if e.gewicht != "redaktionell"]
    massnahmen = [e for e in eintraege if e.art == "massnahme"]
    damals, jetzt = sums.Rechnung(alt), kontext.rechnung
    betraege = {e.id: (damals.gesamt_von(e.id), jetzt.gesamt_von(e.id)) for e in massnahmen}
    vorher, nachher = damals.summen().gesamt, jetzt.summen().gesamt
    kommune = satz.zusammenfassung["kosten"]["nach_geber"].get("kommune")
    mit_kosten = bool(vorher or nachher)
    spanne = [n - a for a, n in betraege.values()] if mit_kosten else []
    plus, minus = max([0, *spanne]), -min([0, *spanne])
    breite = plus + minus or 1
    alt_name, neu_name = _namen(satz)
    zeilen = []
    for e in massnahmen:
        a, n = betraege[e.id]
        art = hauptart(e)
        delta = n - a
        dach = _dach(neu, e.id)
        statt = f"in {dach}" if dach else "" if a or n else _statt_betrag(alt, neu, e.id)
        if statt:
            a, n = (_eigene(k, e.id) for k in (alt, neu))
        null = 100 * minus / breite
        stelle = round(100 - null if delta < 0 else null, 2)
        zeilen.append(Wandel(
            art, ZEICHEN[art], artwort(e, ohne="umnummeriert"), _link(kontext, alt, e), kontext.zeile(e.begruendung), _ohne_zeichen(labels.euro(a)) if a else STRICH,
            _ohne_zeichen(labels.euro(n)) if n else STRICH, statt or _ohne_zeichen(labels.euro_delta(delta)),
            "" if statt or not kommune_delta(e) else _ohne_zeichen(labels.euro_delta(kommune_delta(e))), stelle, round(100 * abs(delta) / breite, 2), delta < 0,
        ))  # fmt: skip
    arten = [hauptart(e) for e in massnahmen]
    wort = kontext.wort
    ruhig, umnummeriert = ruhige(satz, neu)
    davon = "davon mit neuer Nummer"
    gleich = len(ruhig)
    kennzahlen = [
        Kennzahl(
            f"{ZEICHEN[art]}\u2009{arten.count(art)}",
            f"{wort.namen(arten.count(art))} {labels.WANDEL[art]}",
        )
        for art in ("neu", "geaendert", "aufgegangen", "entfallen")
        if art != "aufgegangen" or arten.count(art)
    ]
    kennzahlen.append(Kennzahl(f"=\u2009{gleich}", f"{wort.namen(gleich)} unverändert"))
    rest = jetzt.summen(ruhig).gesamt
    gruende = {a.objekt: a for a in neu.aenderungen}
    anlaesse = ((e, _anlass(kontext, alt, e, gruende)) for e in eintraege if e.art not in ("massnahme", *_TEXTE))
    # That a Fassung has another status and date than the one before is no news, unless somebody gave a reason.
    andere = tuple(a for e, a in anlaesse if e.art != "fassung" or a.grund or a.von or ":" in a.was)
    texte = _texte(kontext, [e for e in eintraege if e.art in _TEXTE])
    if not (zeilen or andere or texte):
        return None
    # A list of names without amounts and reasons says no more than the overview of all measures.
    if all(z.art == "neu" and not z.grund for z in zeilen) and not any(a or n for a, n in betraege.values()):
        zeilen = []
    return Aenderungskapitel(
        wort=wort,
        satz=_satz(arten, nachher - vorher, mit_kosten, alt_name, len(andere) + len(texte), alt, wort),
        kurzsatz="" if _ohne_massnahmen(alt) else _kurzsatz(arten, wort),
        kennzahlen=() if _ohne_massnahmen(alt) else tuple(kennzahlen),
        massnahmen=tuple(zeilen),
        mit_kosten=mit_kosten,
        mit_eigen=mit_kosten and any(z.eigen for z in zeilen),
        null=round(100 * minus / breite, 2),
        gleich=f"{anzahl_von(gleich, wort)} unverändert"
        + (f", {allein(umnummeriert, wort, davon, davon)}" if umnummeriert else "")
        + (f", zusammen {labels.euro(rest)}" if rest else "")
        if gleich
        else "",
        gesamt_alt=_ohne_zeichen(labels.euro(vorher)),
        gesamt_neu=_ohne_zeichen(labels.euro(nachher)),
        gesamt_delta=_ohne_zeichen(labels.euro_delta(nachher - vorher)),
        gesamt_eigen=_ohne_zeichen(labels.euro_delta(cent(kommune["delta"]))) if kommune else "",
        andere=andere,
        texte=texte,
        status=_status(satz, wort),
        alt_name=alt_name,
        neu_name=neu_name,
        redaktionell=len(satz.eintraege) - len(eintraege),
    )


def ruhige(satz: Aenderungssatz, neu: Konzeptfassung) -> tuple[list[Massnahme], int]:
    """The measures that go on as they were, and how many of them only have another number."""
    nummern = {e.id: "umnummeriert" in e.aenderungsart for e in satz.eintraege if e.gewicht == "redaktionell"}
    ruhig = [m for m in neu.massnahmen if m.id in satz.unveraendert or (m.id in nummern and not m.beendet)]
    return ruhig, sum(nummern.get(m.id, False) for m in ruhig)


def _ohne_zeichen(betrag: str) -> str:
    """The unit stands in the caption."""
    return betrag.removesuffix(f"{labels.GESCHUETZT}€")


def _namen(satz: Aenderungssatz) -> tuple[str, str]:
    return satz.alt.fassung, satz.neu.fassung


def _nur_gruende(kontext: Kontext) -> Aenderungskapitel | None:
    """The author's reasons alone, where the predecessor's file is not there."""
    if not kontext.k.aenderungen:
        return None
    andere = tuple(
        Anlass(
            ZEICHEN["geaendert"],
            "geändert",
            kontext.link(a.objekt),
            kontext.feld(a.objekt),
            kontext.zeile(a.grund),
            _veranlasst(a.veranlasst_durch, a.beschluss),
        )
        for a in kontext.k.aenderungen
    )
    return Aenderungskapitel(
        kontext.wort,
        "",
        "",
        (),
        (),
        False,
        False,
        0,
        "",
        "",
        "",
        "",
        "",
        andere,
        (),
        None,
        kontext.k.fassung.vorgaenger or "",
        kontext.k.fassung.id,
        0,
    )


def _veranlasst(wer: str | None, beschluss: Beschluss | None) -> str:
    return "; ".join(
        t for t in (f"veranlasst durch {wer}" if wer else "", beschluss_text(beschluss) if beschluss else "") if t
    )


def _link(kontext: Kontext, alt: Konzeptfassung, e: Eintrag) -> Link:
    """The object in the new Fassung, else its old number and title without a target."""
    if e.id in kontext.k.nach_id:
        link = kontext.link(e.id)
        return (
            link if link.nummer else Link(link.id, alt.nummern.get(e.id, ""), link.titel, link.status, link.status_wort)
        )
    return Link("", alt.nummern.get(e.id, ""), e.titel)


def _anlass(kontext: Kontext, alt: Konzeptfassung, e: Eintrag, gruende: dict[str, Aenderung]) -> Anlass:
    art = hauptart(e)
    gemeint = (f for f in e.felder if f.gewicht != "redaktionell" and not f.pfad.startswith("unbekannt."))
    felder = list(dict.fromkeys(kontext.feld(f.pfad) for f in gemeint))
    was = f"{artwort(e)}{': ' + ', '.join(felder[:5]) if felder and art == 'geaendert' else ''}{' und weitere' if len(felder) > 5 else ''}"
    grund = gruende.get(e.id)
    text = kontext.zeile(e.begruendung or (grund.grund if grund else None))
    von = _veranlasst(
        e.veranlasst_durch or (grund.veranlasst_durch if grund else None), grund.beschluss if grund else None
    )
    name = kontext.objektwort(str(e.art))
    link = _link(kontext, alt, e)
    if ", ".join(felder) in (link.titel, name):  # a section that is one list: its name says all of it
        was = artwort(e)
    if link.titel == name:
        link = Link("", "", "")
    if link.titel in (e.id, e.titel) and e.id not in kontext.k.nach_id:
        link = Link("", "", e.titel if e.titel and e.titel != e.id else name)
    return Anlass(ZEICHEN[art], name, link, was, text, von)


def _texte(kontext: Kontext, eintraege: list[Eintrag]) -> tuple[str, ...]:
    saetze = []
    for art, mehrzahl in _TEXTE.items():
        for wandel in ("neu", "geaendert", "entfallen"):
            teil = [e for e in eintraege if e.art == art and hauptart(e) == wandel]
            namen = ", ".join(f"„{kontext.link(e.id).titel if e.id in kontext.k.nach_id else e.titel}“" for e in teil)
            if teil:
                saetze.append(
                    f"{kontext.objektwort(art) if len(teil) == 1 else mehrzahl} {labels.WANDEL[wandel]}: {namen}"
                )
    return tuple(saetze)


def _satz(
    arten: list[str], delta: int, mit_kosten: bool, alt_name: str, andere: int, alt: Konzeptfassung, wort: labels.Wort
) -> str:
    if _ohne_massnahmen(alt):
        return f"Welche {wort.viele} die Fassung {alt_name} enthielt, ist nicht bekannt; als neu gilt hier, was dort nicht überliefert ist."
    if not arten:
        return f"Gegenüber {alt_name} ändert sich {wort.mit('keine', 'kein')}; {anzahl(andere, 'andere Angabe ist', 'andere Angaben sind')} neu oder anders."
    if mit_kosten:
        if delta:
            return f"Gegenüber {alt_name} {'steigen' if delta > 0 else 'sinken'} die Kosten um {mio(abs(delta))}. {_kurzsatz(arten, wort)}"
        return f"Gegenüber {alt_name} bleiben die Kosten gleich. {_kurzsatz(arten, wort)}"
    return _kurzsatz(arten, wort)


def _ohne_massnahmen(alt: Konzeptfassung) -> bool:
    """Whether the measures of the predecessor are not known: then nothing can be called new."""
    return not alt.massnahmen and "massnahmen" in alt.fassung.unbekannt


def _kurzsatz(arten: list[str], wort: labels.Wort) -> str:
    neu, weg, auf, anders = (arten.count(a) for a in ("neu", "entfallen", "aufgegangen", "geaendert"))
    teile = []
    if neu:
        teile.append(f"{anzahl_von(neu, wort, 'kommt', 'kommen')} hinzu")
    if weg:
        teile.append(
            f"{allein(weg, wort, 'entfällt', 'entfallen')}"
            if neu
            else f"{anzahl_von(weg, wort, 'entfällt', 'entfallen')}"
        )
    if auf:
        teile.append(f"{(allein if teile else anzahl_von)(auf, wort, 'geht in anderen auf', 'gehen in anderen auf')}")
    if anders:
        teile.append(
            f"{allein(anders, wort, 'ändert sich', 'ändern sich')}"
            if teile
            else f"{anzahl_von(anders, wort, 'ändert sich', 'ändern sich')}"
        )
    return gross(", ".join(teile)) + "." if teile else ""


def _status(satz: Aenderungssatz, wort: labels.Wort) -> Tabelle | None:
    """How many measures went from which status to which; one that others go on with has not simply ended."""
    uebergaenge = Counter(
        (f.alt or "unbekannt", f.neu or "unbekannt", f.neu == "entfallen" and aufgegangen(e))
        for e in satz.eintraege
        if e.art == "massnahme"
        for f in e.felder
        if f.pfad == "status"
    )
    zeilen = []
    for (von, nach, auf), n in sorted(uebergaenge.items()):
        zellen = [Zelle(labels.STATUS.get(x, x), status=x if x in labels.STATUS else "unbekannt") for x in (von, nach)]
        if auf:
            zellen[1] = replace(zellen[1], text=labels.WANDEL["aufgegangen"])
        zeilen.append(Zeile((*zellen, zahl(str(n)))))
    if not zeilen:
        return None
    return Tabelle("Statuswechsel", (Spalte("von"), Spalte("nach"), Spalte(wort.viele, True)), (Gruppe(tuple(zeilen)),))


def cent(text: str) -> int:
    """Cents of an amount in the form of ``daten.json``."""
    return int(Decimal(text) * 100)
