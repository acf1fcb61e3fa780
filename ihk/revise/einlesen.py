"""``ihk import``: a table becomes an edit of the source text of a Fassung.

The text is changed in a copy, read back, and checked by all rules; what the table breaks is said at its cell, and then
nothing is written. Reading the table once more must find nothing left to do: so no cell was lost and none was misread.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from ihk.checks import Kontext, run
from ihk.diff import Aenderungssatz, compare
from ihk.export import kuf
from ihk.model import Konzeptfassung
from ihk.model.load import Geladen, lade_streng, load
from ihk.problems import IhkError, LoadError, Problem, kurz
from ihk.project import Version, anzeige
from ihk.reading.files import Quelltext, collect
from ihk.reading.source import Mapping, Sequence
from ihk.reading.tabellen import Blatt, Fundstelle, Mappe, lies, lies_daten
from ihk.revise.eintragen import trage_ein
from ihk.revise.massnahme import naechste_kennung, offen, vergebene
from ihk.revise.spalten import EIGENE, Tabelle, Zuordnung, erkenne
from ihk.revise.tabellenplan import Plan, Vorhaben, Zellbefund, exportiert, plane, unveraendert
from ihk.write import write_together

_ABSCHNITT = {"GELD": "kosten", "ZEIT": "zeitraum"}
_NUR_ZUR_PROBE = ("SUMME-ERWARTET",)
_PRUEFSUMME = re.compile(r"SHA-256 ([0-9a-f]{64})")
# What a rule of the model says, in the words of a table.
_IN_DER_TABELLE = {
    "GELD-FINANZIERUNG": "Die Beträge der Geldgeber in dieser Zeile prüfen; was noch niemand trägt, steht unter „offen (Geber)“.",
    "GELD-JAHRE": "Die Beträge der Jahre mit „bisher“ und „später“ ergeben zusammen den ganzen Betrag.",
    "GELD-NEGATIV": "Das Minuszeichen löschen; Einnahmen stehen in der Spalte „Einnahmen“.",
    "ANGABE-FEHLT": "Die Angabe eintragen.",
    "FORT-GRUND": "Den Grund in eine Spalte „Begründung“ schreiben; fehlt sie, hinten eine mit dieser Überschrift anfügen.",
}  # fmt: skip


@dataclass(slots=True)
class Ergebnis:
    """What came of a table. ``dateien`` are the new bytes of the files that change; nothing has been written yet."""

    version: Version
    alt: Geladen
    mappe: Mappe
    tabellen: list[Tabelle]
    plan: Plan
    neu: Geladen
    dateien: dict[str, bytes] = field(default_factory=dict)
    uebernommen: list[Vorhaben] = field(default_factory=list)
    neue: dict[int, str] = field(default_factory=dict)
    """``id()`` of each new measure that is taken over → the id it got."""
    teilweise: bool = False

    @property
    def abgelehnt(self) -> list[Vorhaben]:
        """Measures with an error in their row."""
        return [v for v in self.plan.vorhaben if v.fehlerhaft]

    @property
    def befunde(self) -> list[Zellbefund]:
        """All findings in the order of the table."""
        alle = [*self.plan.befunde, *(b for v in self.plan.vorhaben for b in v.befunde)]
        return sorted(dict.fromkeys(alle), key=lambda b: (b.ort.blatt, b.ort.zeile, b.ort.spalte, b.meldung))

    @property
    def fehler(self) -> bool:
        return any(b.schwere == "fehler" for b in self.befunde)

    @property
    def satz(self) -> Aenderungssatz:
        """What the table changes, as ``ihk diff`` shows it."""
        return compare(self.alt, self.neu)


def einlesen(
    version: Version,
    geschwister: tuple[Version, ...],
    tabelle: Path,
    zuordnung: Zuordnung | None = None,
    *,
    blatt: str | None = None,
    basis: Version | None = None,
    teilweise: bool = False,
) -> Ergebnis:
    """What a table changes in a Fassung. ``basis`` is the state that a table of ours was exported from, if not this one.

    With ``teilweise`` the measures without an error are taken over, else all or none.
    """
    alt = offen(version)
    _eindeutig(alt.fassung)
    mappe = lies(tabelle, anzeige(tabelle))
    tabellen = erkenne(mappe, alt.fassung, zuordnung, blatt)
    eigen = any(t.eigen for t in tabellen)
    damals = _stand_der_ausgabe(mappe, version, alt, basis) if eigen else alt
    if eigen:
        _dasselbe_konzept(tabellen, damals.fassung)
    plan = plane(tabellen, alt.fassung, damals.fassung, mappe.art)
    ergebnis = Ergebnis(version, alt, mappe, tabellen, plan, alt, teilweise=teilweise)
    _trage_ein(ergebnis, geschwister)
    if eigen and _pruefsumme(mappe) == damals.quelle.pruefsumme:
        plan.befunde += _andere_blaetter(mappe, damals, ergebnis.neu)
    if (ergebnis.fehler and not teilweise) or not ergebnis.dateien:
        ergebnis.neu, ergebnis.dateien, ergebnis.uebernommen, ergebnis.neue = alt, {}, [], {}
    if ergebnis.dateien:
        _nichts_bleibt(ergebnis, damals)
    return ergebnis


def schreibe(ergebnis: Ergebnis) -> list[Path]:
    """Writes the files of a result; refuses if somebody has changed one of them in the meantime."""
    version = ergebnis.version
    if collect(version.pfad, version.quelle.anzeige).dateien != version.quelle.dateien:
        raise IhkError(f"„{version.quelle.anzeige}“ wurde während des Einlesens geändert. Bitte noch einmal aufrufen.")
    pfade = {(version.pfad / name if name else version.pfad): daten for name, daten in ergebnis.dateien.items()}
    write_together(pfade)
    return list(pfade)


def _eindeutig(k: Konzeptfassung) -> None:
    gesehen: set[str] = set()
    for m in k.massnahmen:
        if m.id in gesehen:
            raise IhkError(f"Die Kennung {m.id} gibt es zweimal; „ihk check“ zeigt, wo. Erst das berichtigen.")
        gesehen.add(m.id)


# ------------------------------------------------------------------------------------------------ whose table it is


def _stand_der_ausgabe(mappe: Mappe, version: Version, alt: Geladen, basis: Version | None) -> Geladen:
    """The state from which a workbook was exported; raises ``IhkError`` if it is neither this one nor ``basis``.

    Otherwise every cell that was changed in the concept since then would be set back, and nobody would see it.
    """
    damals = lade_streng(basis.quelle) if basis is not None else alt
    summe = _pruefsumme(mappe)
    if summe is None or summe == damals.quelle.pruefsumme:
        return damals
    if basis is not None and basis.pfad == version.pfad:  # asked for: the table as it is
        return damals
    if basis is not None:
        raise IhkError(
            f"„{mappe.datei}“ wurde nicht aus „{basis.quelle.anzeige}“ ausgegeben: Die Prüfsumme auf dem Blatt „Hinweise“ ist eine andere."
        )
    raise IhkError(
        f"„{mappe.datei}“ wurde aus einem anderen Stand von {version.name} ausgegeben: Die Konzeptdatei hat sich seither geändert. "
        "Mit --basis den Stand von damals nennen (eine Datei oder REV:PFAD im Git); dann gilt nur, was in der Tabelle geändert wurde. "
        f"Mit --basis {version.name} gilt die Tabelle, wie sie ist, auch wo das Konzept inzwischen weiter ist; --vorschau zeigt, was das ändert."
    )


def _pruefsumme(mappe: Mappe) -> str | None:
    """The checksum of the source that our export notes in a workbook."""
    hinweise = mappe.blatt("Hinweise")
    texte = [z.text for reihe in hinweise.reihen.values() for z in reihe.values()] if hinweise else []
    return next((t[1] for text in texte if (t := _PRUEFSUMME.search(text))), None)


def _dasselbe_konzept(tabellen: list[Tabelle], k: Konzeptfassung) -> None:
    """Ids are unique in one concept only: most titles must be those of this one."""
    gleich = anders = 0
    titel = {m.id: " ".join(m.titel.split()) for m in k.massnahmen}
    for t in tabellen:
        kennung, name = t.mit("id"), t.mit("titel")
        if kennung is None or name is None:
            continue
        for zeile in t.blatt.reihen:
            soll = titel.get(t.blatt.zelle(zeile, kennung.nummer).text.strip())
            if soll is not None:
                ist = " ".join(t.blatt.zelle(zeile, name.nummer).text.split())
                gleich, anders = gleich + (ist == soll), anders + (ist != soll)
    if anders > 3 and anders > gleich:
        raise IhkError(
            f"„{tabellen[0].blatt.datei}“ gehört wohl zu einem anderen Konzept: Bei {anders} von {anders + gleich} Kennungen steht ein anderer Titel."
        )


def _andere_blaetter(mappe: Mappe, damals: Geladen, neu: Geladen) -> Iterator[Zellbefund]:
    """Edits on sheets that nobody reads would be lost without a word."""
    from ihk.export.arbeitsmappe import arbeitsmappe

    soll = lies_daten(arbeitsmappe(damals), mappe.datei)
    nachher: Mappe | None = None
    for blatt in mappe.blaetter:
        vorher = soll.blatt(blatt.name)
        if blatt.name in EIGENE or blatt.name == "Hinweise" or not (anders := _verschieden(blatt, vorher)):
            continue
        if vorher is None:
            yield Zellbefund(
                anders[0],
                f"Das Blatt „{kurz(blatt.name, 31)}“ ist nicht von ihk und wurde nicht gelesen.",
                schwere="hinweis",
            )
            continue
        nachher = nachher or lies_daten(arbeitsmappe(neu), mappe.datei)
        immer_noch = set(_verschieden(blatt, nachher.blatt(blatt.name)))
        if anders := [o for o in anders if o in immer_noch]:
            zellen = ", ".join(o.zelle for o in anders[:5]) + (" …" if len(anders) > 5 else "")
            yield Zellbefund(
                anders[0], f"Auf dem Blatt „{blatt.name}“ wurde etwas geändert ({zellen}); gelesen werden nur „KuF“ und „Maßnahmen“.",
                "Die Änderung dort eintragen, sonst in der Konzeptdatei, und die Zellen lassen, wie sie waren.",
            )  # fmt: skip


def _verschieden(blatt: Blatt, soll: Blatt | None) -> list[Fundstelle]:
    """Cells that hold another value; formulas follow from the rest."""
    orte = {(z, s) for b in (blatt, soll) if b is not None for z, reihe in b.reihen.items() for s in reihe}
    anders = []
    for zeile, spalte in sorted(orte):
        ist, war = blatt.zelle(zeile, spalte), soll.zelle(zeile, spalte) if soll is not None else None
        if ist.formel or (war is not None and (war.formel or _gleich(ist.wert, war.wert))):
            continue
        anders.append(ist.ort)
    return anders


def _gleich(a: object, b: object) -> bool:
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return a == b
    return " ".join(str(a or "").split()) == " ".join(str(b or "").split())


# ---------------------------------------------------------------------------------------------- entering, looking again


def _trage_ein(e: Ergebnis, geschwister: tuple[Version, ...]) -> None:
    """Enters what is good and reads it back; what the rules refuse is said at its cell, and the rest is tried again."""
    belegt = vergebene(e.version, geschwister)
    vorher = {(p.code, p.meldung) for p in _fehler(e.version, e.alt)}
    while True:
        gut = [v for v in e.plan.vorhaben if not v.fehlerhaft]
        e.neue = _kennungen(e.alt.fassung, gut, belegt)
        e.dateien = trage_ein(e.version.quelle, e.alt.fassung, gut, e.neue)
        e.uebernommen = [v for v in gut if v.aenderungen]
        quelle = e.version.quelle
        try:
            e.neu = (
                load(Quelltext(quelle.anzeige, quelle.dateien | e.dateien, quelle.probleme, quelle.ordner))
                if e.dateien
                else e.alt
            )
        except LoadError as fehler:
            raise IhkError(
                f"Die Tabelle lässt sich so nicht eintragen: {fehler.probleme[0].meldung} {fehler.probleme[0].hinweis}".strip()
            ) from None
        neue = [p for p in _fehler(e.version, e.neu) if (p.code, p.meldung) not in vorher] if e.dateien else []
        stellen = [_an_der_zelle(p, e, gut) for p in neue if p.code not in _NUR_ZUR_PROBE]
        befunde = [*((v, b) for v, b in stellen if v is not None), *_gerechnetes(e, gut)]
        for v, b in befunde:
            v.befunde.append(b)
        if befunde:
            continue
        # What no row is to blame for ends the whole: half a table would not mend it.
        anderswo = [b for v, b in stellen if v is None]
        e.plan.befunde += anderswo + [_zur_probe(p, e, gut) for p in neue if p.code in _NUR_ZUR_PROBE]
        if anderswo:
            e.dateien = {}
        return


def _zur_probe(p: Problem, e: Ergebnis, gut: list[Vorhaben]) -> Zellbefund:
    """A total that somebody has written by hand for checking: of course it is another one now, and it must be seen."""
    wo = next(v.ort for v in gut if v.aenderungen)
    ort = Fundstelle(wo.datei, wo.zeile, wo.spalte, wo.blatt)
    return Zellbefund(
        ort,
        f"Die Kontrollsumme im Konzept passt nicht mehr: {p.meldung}",
        f"Stimmen die Beträge, sie in {p.ort} anpassen.",
        "warnung",
    )


def _kennungen(k: Konzeptfassung, gut: Iterable[Vorhaben], belegt: set[str]) -> dict[int, str]:
    ergebnis: dict[int, str] = {}
    eigene = [m.id for m in k.massnahmen]
    for v in gut:
        if v.id is None:
            kennung = naechste_kennung(eigene, belegt | set(ergebnis.values()))
            ergebnis[id(v)] = kennung
    return ergebnis


def _fehler(version: Version, geladen: Geladen) -> list[Problem]:
    vorgaenger = version.vorgaenger()
    try:
        davor = vorgaenger.geladen if vorgaenger else None
    except (LoadError, IhkError):
        davor = None
    im_projekt = version.im_projekt
    kontext = Kontext(geladen, davor, version.konzept if im_projekt else None, version.fassung if im_projekt else None)
    return [p for p in (*geladen.probleme, *run(kontext)) if p.schwere == "fehler"]


def _an_der_zelle(p: Problem, e: Ergebnis, gut: list[Vorhaben]) -> tuple[Vorhaben | None, Zellbefund]:
    """The measure in whose text a finding is, and the cell that fits best; no measure if its place is elsewhere."""
    orte = [(e.neu.orte("massnahmen", i), i) for i in range(len(e.neu.fassung.massnahmen))]
    davor = [(ort.zeile, i) for ort, i in orte if ort.datei == p.ort.datei and ort.zeile <= p.ort.zeile]
    hinweis = _IN_DER_TABELLE.get(p.code, p.hinweis)
    _, i = max(davor, default=(0, -1))
    kennung = e.neu.fassung.massnahmen[i].id if i >= 0 and _reicht(e.neu, i, p) else None
    v = next((v for v in gut if v.aenderungen and e.neue.get(id(v), v.id) == kennung), None)
    if v is None:
        erstes = next(v for v in gut if v.aenderungen)
        return None, Zellbefund(
            erstes.ort, f"Die Tabelle macht das Konzept an anderer Stelle ({p.ort}) fehlerhaft: {p.meldung}", p.hinweis
        )
    # A sum that does not add up is no single value's fault: the first of its kind is where to look.
    gleichartig = (a.ort for a in v.aenderungen if a.loc[0] == _ABSCHNITT.get(p.code.partition("-")[0]))
    beste, laenge = next(gleichartig, v.ort), 0
    for a in v.aenderungen:
        for n in range(len(a.loc), 0, -1):
            ort = e.neu.orte("massnahmen", i, *a.loc[:n])
            if n > laenge and (ort.datei, ort.zeile) == (p.ort.datei, p.ort.zeile):
                beste, laenge = a.ort, n
    return v, Zellbefund(beste, p.meldung, hinweis)


def _reicht(g: Geladen, i: int, p: Problem) -> bool:
    """Whether the text of a measure reaches to the place of a finding: behind the last one, other sections follow."""
    knoten = g.orte.knoten(("massnahmen", i))
    return bool(isinstance(knoten, Mapping) and p.ort.zeile <= _letzte_zeile(knoten))


def _letzte_zeile(knoten: Mapping | Sequence) -> int:
    orte = knoten.at.values() if isinstance(knoten, Mapping) else knoten.at
    zeilen = [ort[2] if len(ort) > 2 else ort[0] for ort in orte]
    kinder = knoten.values() if isinstance(knoten, Mapping) else knoten
    return max([knoten.zeile, *zeilen, *(_letzte_zeile(x) for x in kinder if isinstance(x, Mapping | Sequence))])


def _gerechnetes(e: Ergebnis, gut: list[Vorhaben]) -> Iterator[tuple[Vorhaben, Zellbefund]]:
    """A changed cell of a reckoned column: right if it is what comes out now, else an edit that would be lost."""
    k = e.neu.fassung
    zaehlt = kuf.zaehlt_mit(k)
    nach_id = {m.id: m for m in k.massnahmen}
    for v in gut:
        for wahl, zelle, tabelle in v.gerechnet:
            assert wahl.spalte is not None
            soll = exportiert(tabelle, k, nach_id[v.id or ""], zaehlt).get(wahl.spalte.schluessel)
            if unveraendert(wahl, zelle, soll, e.mappe.art):
                continue
            ist = kuf.csv_zelle(wahl.spalte, soll) if isinstance(soll, int) else kurz(str(soll or "nichts"), 60)
            yield v, Zellbefund(
                zelle.ort, f"Die Spalte „{wahl.titel}“ ergibt sich aus anderen; hier wäre es „{ist or 'nichts'}“, in der Tabelle steht „{kurz(zelle.text, 40) or 'nichts'}“.",
                "Die Angaben ändern, aus denen sie sich ergibt, und diese Zelle lassen, wie sie war.",
            )  # fmt: skip


def _nichts_bleibt(e: Ergebnis, damals: Geladen) -> None:
    """The law of the import: only the measures of the table have changed, and reading it again changes nothing."""
    betroffen = {e.neue.get(id(v), v.id) for v in e.uebernommen}
    vorher = {m.id: m for m in e.alt.fassung.massnahmen}
    for m in e.neu.fassung.massnahmen:
        assert m.id in betroffen or vorher[m.id] == m, f"{m.id} has changed, though no row of the table says so"
    assert set(vorher) <= {m.id for m in e.neu.fassung.massnahmen}, "a measure is lost"
    basis = e.neu.fassung if damals is e.alt and not any(t.eigen for t in e.tabellen) else damals.fassung
    nochmal = plane(e.tabellen, e.neu.fassung, basis, e.mappe.art)
    abgelehnt = {v.ort for v in e.abgelehnt}
    offene = [v for v in nochmal.vorhaben if v.aenderungen and v.ort not in abgelehnt]
    assert not offene, f"not everything of the table has arrived: {offene[0].aenderungen[0]}"
