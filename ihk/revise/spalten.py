"""Which column of a table fills which field: by the captions of our own tables, else by a small file of the reader.

Nothing foreign is guessed: what looks like a field becomes a proposal, and a person decides.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from ihk import labels
from ihk.export import kuf, listen
from ihk.export import tabelle as export
from ihk.model import Konzeptfassung
from ihk.problems import IhkError, kurz
from ihk.reading.source import Mapping, read
from ihk.reading.tabellen import Blatt, Mappe, spaltenname
from ihk.revise import felder
from ihk.revise.felder import Feld
from ihk.revise.zellwerte import FAKTOR, einheit

EIGENE: dict[str, Literal["kuf", "massnahmen"]] = {"KuF": "kuf", "Maßnahmen": "massnahmen"}
# Captions that only this sheet has, and only ours: one of them is enough, columns may have been deleted.
_MERKMALE: dict[Literal["kuf", "massnahmen"], frozenset[str]] = {
    "kuf": frozenset({"Bemessungsgrundlage", "offen (Jahr)", "davon Kommune, nicht zuwendungsfähig"}),
    "massnahmen": frozenset({"läuft", "Beginn (Jahr)", "Ende (Jahr)"}),
}
KOPFZEILEN = 30
"""How far down the heads of the columns are looked for."""
BEISPIEL = "Beispiel"
"""Stands under „Kennung“ in the example row of the template, which is never taken over."""
_ANGABEN = ("blatt", "kopfzeile", "werte")
# Words of other people's tables, for proposals only.
_ANDERSWO = {
    "nummer": ("lfd nr", "lfd. nr.", "laufende nummer", "projektnummer", "projekt-nr.", "maßnahmennummer", "ordnungsnummer", "nr", "pos."),
    "titel": ("projekttitel", "projekt", "maßnahmentitel", "maßnahmenbezeichnung", "bezeichnung", "titel", "vorhaben", "projektname", "einzelmaßnahme"),
    "beschreibung": ("kurzbeschreibung", "projektbeschreibung", "inhalt", "erläuterung"),
    "traeger": ("projektträger", "zuständig", "zuständigkeit", "verantwortlich", "federführung", "bauherr"),
    "beteiligte": ("partner", "mitwirkende", "akteure"),
    "status": ("projektstand", "sachstand", "umsetzungsstand", "bearbeitungsstand"),
    "prioritaet": ("prio", "rang", "dringlichkeit"),
    "zeitraum.von": ("start", "baubeginn", "projektbeginn", "anfang", "von"),
    "zeitraum.bis": ("fertigstellung", "bauende", "abschluss", "projektende", "bis"),
    "standort.text": ("ort", "lage", "adresse", "anschrift"),
    "kosten.gesamt": ("kosten", "kosten brutto", "gesamtkosten brutto", "kosten in euro", "investitionskosten", "summe", "kostenschätzung", "projektkosten", "baukosten"),
    "kosten.zuwendungsfaehig": ("förderfähige kosten", "förderfähig", "zuwendungsfähige kosten"),
    "kosten.nicht_zuwendungsfaehig": ("nicht förderfähige kosten", "nicht förderfähig"),
    "kosten.finanzierung.kommune": ("eigenanteil", "anteil stadt", "anteil gemeinde", "kommunaler anteil", "eigenmittel", "stadt"),
    "kosten.finanzierung.bund": ("bundesmittel", "anteil bund"),
    "kosten.finanzierung.land": ("landesmittel", "anteil land"),
    "kosten.finanzierung.bund_land": ("fördermittel", "städtebauförderung", "finanzhilfe", "zuwendung", "förderung"),
    "kosten.finanzierung.dritte": ("drittmittel", "mittel dritter", "private mittel"),
    "kosten.finanzierung.eu": ("eu-mittel", "efre", "esf"),
    "kosten.bemerkung": ("bemerkungen", "anmerkung", "anmerkungen", "hinweise", "notiz"),
    "handlungsfeld": ("themenfeld", "schwerpunkt", "handlungsschwerpunkt"),
    "teilziele": ("ziele", "zielbezug", "teilziel"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wahl:
    """One column and what it fills; ``feld`` is None for a column that our export reckons (``spalte`` says which)."""

    nummer: int
    titel: str
    feld: Feld | None
    faktor: int = 1
    spalte: export.Spalte | None = None
    """The column of our own export that it is."""
    woerter: dict[str, str] = field(default_factory=dict)
    zuordnung: str = ""
    """The reader's file that says so; in it words can be translated."""

    @property
    def name(self) -> str:
        return spaltenname(self.nummer)


@dataclass(slots=True)
class Tabelle:
    """A sheet with the row of its heads and its columns. ``eigen`` says which sheet of our own export it is."""

    blatt: Blatt
    kopfzeile: int
    spalten: list[Wahl]
    ungelesen: list[tuple[int, str]] = field(default_factory=list)
    """Columns that fill nothing, by number and caption."""
    eigen: Literal["kuf", "massnahmen"] | None = None

    def mit(self, pfad: str) -> Wahl | None:
        """The column that fills a field."""
        return next((w for w in self.spalten if w.feld is not None and w.feld.pfad == pfad), None)


@dataclass(frozen=True, slots=True)
class Zuordnung:
    """What the reader's file says: path of the field → caption of its column."""

    datei: str
    spalten: dict[str, str]
    einheiten: dict[str, str]
    blatt: str | None = None
    kopfzeile: int | None = None
    werte: dict[str, dict[str, str]] = field(default_factory=dict)


def flach(text: str) -> str:
    """A caption without what does not count: line breaks, capitals, a colon or star behind it."""
    return " ".join(text.split()).casefold().strip(" :*")


# ---------------------------------------------------------------------------------------------- the reader's file


def lies_zuordnung(daten: bytes, datei: str) -> Zuordnung:
    """The mapping in a YAML file; raises ``IhkError`` for keys that no measure has and for values that are no captions."""
    gelesen = read(daten, datei)
    if gelesen.wurzel is None or any(p.schwere == "fehler" for p in gelesen.probleme):
        p = next(p for p in gelesen.probleme if p.schwere == "fehler")
        raise IhkError(f"{p.ort}: {p.meldung} {p.hinweis}".strip())
    wurzel = gelesen.wurzel
    spalten: dict[str, str] = {}
    einheiten: dict[str, str] = {}
    _sammle(wurzel, "", datei, spalten, einheiten)
    blatt, kopf = wurzel.get("blatt"), wurzel.get("kopfzeile")
    if kopf is not None and not (isinstance(kopf, str) and kopf.isdigit() and int(kopf) > 0):
        raise IhkError(f"{datei}: „kopfzeile“ ist die Nummer der Zeile mit den Überschriften, zum Beispiel 4.")
    werte = wurzel.get("werte")
    return Zuordnung(
        datei, spalten, einheiten, str(blatt) if blatt is not None else None, int(str(kopf)) if kopf else None,
        _werte(werte, datei) if isinstance(werte, Mapping) else {},
    )  # fmt: skip


def _sammle(knoten: Mapping, vor: str, datei: str, spalten: dict[str, str], einheiten: dict[str, str]) -> None:
    for schluessel, wert in knoten.items():
        if not vor and schluessel in _ANGABEN:
            continue
        pfad = f"{vor}{schluessel}"
        ort = f"{datei}, Zeile {knoten.at[schluessel][0]}"
        if isinstance(wert, Mapping) and "spalte" not in wert:
            _sammle(wert, f"{pfad}.", datei, spalten, einheiten)
            continue
        gefunden = felder.feld(pfad)
        if gefunden is None:
            nah = difflib.get_close_matches(pfad, [f.pfad for f in felder.alle()], n=1, cutoff=0.5)
            raise IhkError(
                f"{ort}: Ein Feld „{kurz(pfad)}“, das eine Tabelle füllen kann, gibt es nicht."
                + (f" Gemeint ist wohl „{nah[0]}“." if nah else " „ihk import --zeige-spalten“ zeigt alle.")
            )
        titel = wert.get("spalte") if isinstance(wert, Mapping) else wert
        if not isinstance(titel, str) or not titel.strip():
            raise IhkError(f"{ort}: Hinter „{pfad}:“ steht die Überschrift der Spalte.")
        if isinstance(wert, Mapping):
            masz = wert.get("einheit", "€")
            if masz not in FAKTOR or set(wert) - {"spalte", "einheit"}:
                raise IhkError(f"{ort}: Zu „spalte“ gehört höchstens „einheit“; möglich sind {', '.join(FAKTOR)}.")
            einheiten[gefunden.pfad] = str(masz)
        if gefunden.pfad in spalten:
            raise IhkError(f"{ort}: Das Feld „{gefunden.pfad}“ steht zweimal in der Zuordnung.")
        spalten[gefunden.pfad] = titel


def _werte(knoten: Mapping, datei: str) -> dict[str, dict[str, str]]:
    """``werte: {status: {laufend: in_umsetzung}}``"""
    ergebnis: dict[str, dict[str, str]] = {}
    for pfad, worte in knoten.items():
        gefunden = felder.feld(pfad)
        if gefunden is None or not isinstance(worte, Mapping) or not all(isinstance(w, str) for w in worte.values()):
            raise IhkError(
                f"{datei}, Zeile {knoten.at[pfad][0]}: Unter „werte“ steht ein Feld und darunter „Wort der Tabelle: Wort des Formats“."
            )
        ergebnis[gefunden.pfad] = {flach(w): str(ziel) for w, ziel in worte.items()}
        for wort, ziel in ergebnis[gefunden.pfad].items():
            if gefunden.woerter and ziel not in gefunden.woerter and ziel not in gefunden.woerter.values():
                raise IhkError(
                    f"{datei}: „{kurz(wort)}“ wird zu „{kurz(ziel)}“, das es bei „{pfad}“ nicht gibt. Möglich: {', '.join(gefunden.woerter)}."
                )
    return ergebnis


# ------------------------------------------------------------------------------------------------------ the sheets


def erkenne(
    mappe: Mappe, k: Konzeptfassung, zuordnung: Zuordnung | None = None, blatt: str | None = None
) -> list[Tabelle]:
    """The sheets to read with their columns; raises ``IhkError`` with proposals if none is recognised."""
    blatt = blatt or (zuordnung.blatt if zuordnung else None)
    auswahl = mappe.blaetter
    if blatt is not None:
        auswahl = [b for b in mappe.blaetter if flach(b.name) == flach(blatt)]
        if not auswahl:
            raise IhkError(
                f"Ein Blatt „{kurz(blatt)}“ gibt es in „{mappe.datei}“ nicht. Vorhanden: {', '.join(b.name for b in mappe.blaetter)}."
            )
    if zuordnung is not None and zuordnung.spalten:
        return [_nach_zuordnung(mappe, auswahl, zuordnung)]
    eigene = [t for b in auswahl if (t := _eigene(b, k)) is not None]
    if eigene:
        return eigene
    gefunden = [t for b in auswahl if (t := _nach_titeln(b)) is not None]
    if not gefunden:
        raise IhkError(_nichts_erkannt(mappe, auswahl))
    gefunden.sort(key=lambda t: len(t.spalten), reverse=True)
    if len(gefunden) > 1 and len(gefunden[0].spalten) == len(gefunden[1].spalten):
        namen = ", ".join(f"„{t.blatt.name}“" for t in gefunden)
        raise IhkError(f"Mehrere Blätter könnten die Maßnahmen enthalten: {namen}. Eines mit --blatt nennen.")
    return gefunden[:1]


def erkennbar(mappe: Mappe, k: Konzeptfassung, blatt: str | None = None) -> bool:
    """Whether some sheet has our captions."""
    auswahl = [b for b in mappe.blaetter if blatt is None or flach(b.name) == flach(blatt)]
    return any(_eigene(b, k) or _nach_titeln(b) for b in auswahl)


def titelzellen(blatt: Blatt, zeile: int) -> list[tuple[int, str]]:
    """Column and caption of every cell in a row."""
    return [(s, " ".join(z.text.split())) for s, z in sorted(blatt.reihen.get(zeile, {}).items()) if z.text.strip()]


def _kopfzeilen(blatt: Blatt) -> list[int]:
    return sorted(blatt.reihen)[:KOPFZEILEN]


def _eigene(blatt: Blatt, k: Konzeptfassung) -> Tabelle | None:
    """A sheet of our own export: it has our captions, among them those that only the export writes."""
    for zeile in _kopfzeilen(blatt):
        titel = titelzellen(blatt, zeile)
        da = {t for _, t in titel}
        if not {"Kennung", "Maßnahme"} <= da:
            continue
        eigen = next((art for art, merkmale in _MERKMALE.items() if da & merkmale), None)
        if eigen is None:
            continue
        vorrat = {s.titel: s for s in (kuf.spalten(k) if eigen == "kuf" else listen.SPALTEN)}
        tabelle = Tabelle(blatt, zeile, [], eigen=eigen)
        for nummer, wort in titel:
            spalte = vorrat.get(wort)
            feld = felder.feld(spalte.feld) if spalte is not None and spalte.feld else None
            if spalte is None and eigen == "kuf" and re.fullmatch(r"(19|20)\d\d", wort):
                feld = felder.feld(f"kosten.jahre.{wort}")
            elif spalte is None:  # a column that somebody has added, with one of our captions
                feld = bekannte().get(flach(wort))
            if spalte is not None or feld is not None:
                tabelle.spalten.append(Wahl(nummer, wort, feld, spalte=spalte))
            else:
                tabelle.ungelesen.append((nummer, wort))
        _keine_doppelten(tabelle)
        return tabelle
    return None


def bekannte() -> dict[str, Feld]:
    """Every caption that stands for one field alone: that of our tables, and the path in the format."""
    worte: dict[str, list[Feld]] = {}
    for f in felder.alle():
        for wort in {flach(f.titel), flach(f.pfad), flach(labels.feld(f.pfad))}:
            worte.setdefault(wort, []).append(f)
    ergebnis = {wort: fs[0] for wort, fs in worte.items() if len(fs) == 1}
    return ergebnis | {flach(f.titel): f for f in felder.alle()}


def _nach_titeln(blatt: Blatt) -> Tabelle | None:
    """The row with most of our captions, if it names the measure."""
    worte = bekannte()
    beste: Tabelle | None = None
    for zeile in _kopfzeilen(blatt):
        tabelle = Tabelle(blatt, zeile, [])
        titel = titelzellen(blatt, zeile)
        kosten = any(flach(t) == "gesamtkosten" for _, t in titel)
        for nummer, wort in titel:
            feld = worte.get(flach(wort))
            if feld is None and kosten and re.fullmatch(r"(19|20)\d\d|bisher|später", wort):
                feld = felder.feld(f"kosten.jahre.{wort.replace('später', 'spaeter')}")
            if feld is not None:
                tabelle.spalten.append(Wahl(nummer, wort, feld))
            else:
                tabelle.ungelesen.append((nummer, wort))
        nennt = tabelle.mit("titel") or tabelle.mit("id")
        if nennt and len(tabelle.spalten) >= 2 and (beste is None or len(tabelle.spalten) > len(beste.spalten)):
            beste = tabelle
    if beste is not None:
        _keine_doppelten(beste)
    return beste


def _keine_doppelten(tabelle: Tabelle) -> None:
    zahl = Counter(w.feld.pfad for w in tabelle.spalten if w.feld is not None)
    for pfad, n in zahl.items():
        if n > 1:
            wo = " und ".join(w.name for w in tabelle.spalten if w.feld is not None and w.feld.pfad == pfad)
            titel = next(w.titel for w in tabelle.spalten if w.feld is not None and w.feld.pfad == pfad)
            raise IhkError(
                f"Die Spalten {wo} in „{tabelle.blatt.datei}“ heißen beide „{titel}“. Eine davon umbenennen oder löschen."
            )


def _nach_zuordnung(mappe: Mappe, auswahl: list[Blatt], z: Zuordnung) -> Tabelle:
    if not {"titel", "id", "nummer"} & set(z.spalten):
        raise IhkError(
            f"{z.datei}: Welche Maßnahme gemeint ist, sagt „titel“, „nummer“ oder „id“; eines davon gehört in die Zuordnung."
        )
    gesucht = {flach(t) for t in z.spalten.values()}

    def treffer(blatt: Blatt, zeile: int) -> int:
        return len(gesucht & {flach(t) for _, t in titelzellen(blatt, zeile)})

    zeilen = [(b, n) for b in auswahl for n in ([z.kopfzeile] if z.kopfzeile else _kopfzeilen(b))]
    if not zeilen:
        raise IhkError(f"„{mappe.datei}“ ist leer.")
    blatt, zeile = max(zeilen, key=lambda p: treffer(*p))
    titel = titelzellen(blatt, zeile)
    tabelle = Tabelle(blatt, zeile, [])
    fehlend = []
    for pfad, wort in z.spalten.items():
        feld = felder.feld(pfad)
        assert feld is not None
        nummern = [n for n, t in titel if flach(t) == flach(wort)]
        if not nummern and (buchstabe := re.fullmatch(r"Spalte ([A-Z]{1,3})", wort.strip())):
            nummern = [n for n in range(1, 16_385) if spaltenname(n) == buchstabe[1]]
        if len(nummern) > 1:
            raise IhkError(
                f"„{kurz(wort)}“ steht in „{mappe.datei}“ über den Spalten {' und '.join(spaltenname(n) for n in nummern)}. "
                f"In {z.datei} statt der Überschrift „Spalte {spaltenname(nummern[0])}“ schreiben."
            )
        if not nummern:
            fehlend.append((pfad, wort))
            continue
        faktor = FAKTOR[z.einheiten.get(pfad, "€")]
        if feld.art == "geld" and pfad not in z.einheiten and (masz := einheit(wort)):
            raise IhkError(
                f"Die Überschrift „{kurz(wort)}“ nennt {masz}. Sind die Beträge so gemeint, in {z.datei} schreiben: "
                f'{pfad}: {{spalte: "{wort}", einheit: {"Mio. €" if masz.lower().startswith("mio") else "T€"}}}'
            )
        tabelle.spalten.append(Wahl(nummern[0], wort, feld, faktor, woerter=z.werte.get(pfad, {}), zuordnung=z.datei))
    if fehlend:
        raise IhkError(_fehlt(mappe, blatt, zeile, titel, fehlend, z))
    genommen = {w.nummer for w in tabelle.spalten}
    tabelle.ungelesen = [(n, t) for n, t in titel if n not in genommen]
    return tabelle


def _fehlt(
    mappe: Mappe, blatt: Blatt, zeile: int, titel: list[tuple[int, str]], fehlend: list[tuple[str, str]], z: Zuordnung
) -> str:
    saetze = []
    flache = {flach(t): t for _, t in titel}
    for pfad, wort in fehlend:
        nah = difflib.get_close_matches(flach(wort), list(flache), n=1, cutoff=0.5)
        saetze.append(f"„{kurz(wort)}“ (für {pfad}" + (f"; gemeint ist wohl „{flache[nah[0]]}“" if nah else "") + ")")
    wo = f"Blatt „{blatt.name}“, " if blatt.name else ""
    return (
        f"Diese Spalten aus {z.datei} gibt es in „{mappe.datei}“ nicht: {', '.join(saetze)}. "
        f"Gelesen wurde {wo}Zeile {zeile}: {', '.join(t for _, t in titel) or 'leer'}. "
        "Stehen die Überschriften woanders, in der Zuordnung „kopfzeile:“ und „blatt:“ angeben."
    )


# ------------------------------------------------------------------------------------------------------- proposals


def vorschlag(titel: Iterable[str]) -> dict[str, str]:
    """Path → caption for what looks like a field; each field and each caption once. A proposal, never taken as it is."""
    ergebnis: dict[str, str] = {}
    worte = {w: f.pfad for w, f in bekannte().items()} | {w: p for p, ws in _ANDERSWO.items() for w in ws}
    offen = list(titel)
    for genau in (True, False):
        for t in list(offen):
            pfad = _pfad_zu(t, worte, genau=genau)
            if pfad is not None and pfad not in ergebnis:
                ergebnis[pfad] = t
                offen.remove(t)
    return ergebnis


def _pfad_zu(titel: str, worte: dict[str, str], *, genau: bool) -> str | None:
    wort = flach(re.sub(r"\bin (T?€|Euro|EUR|TEUR)\b|[(\[].*?[)\]]|[€]", " ", titel))
    if jahr := re.search(r"\b(20\d\d)\b", wort):
        ohne = flach(wort.replace(jahr[1], " "))
        pfad = _pfad_zu(ohne, worte, genau=genau) if ohne else "kosten.gesamt"
        if pfad == "kosten.gesamt":
            return f"kosten.jahre.{jahr[1]}"
        return f"{pfad}.{jahr[1]}" if pfad and pfad.startswith("kosten.finanzierung.") else None
    if wort in worte:
        return worte[wort]
    nah = difflib.get_close_matches(wort, list(worte), n=1, cutoff=0.82) if not genau and wort else []
    return worte[nah[0]] if nah else None


def vorschlag_text(titel: list[str], blatt: str = "", kopfzeile: int | None = None) -> str:
    """The proposal as a file to be saved and corrected."""
    from ihk.revise.werkstueck import text_wert

    gefunden = vorschlag(titel)
    rest = [t for t in titel if t not in gefunden.values()]
    zeilen = ["# Vorschlag: links das Feld im Konzept, rechts die Überschrift in der Tabelle. Bitte prüfen."]
    zeilen += [f"blatt: {text_wert(blatt)}"] if blatt else []
    zeilen += [f"kopfzeile: {kopfzeile}"] if kopfzeile else []
    for pfad, t in gefunden.items():
        feld = felder.feld(pfad)
        if pfad == "nummer":  # a running number of the list would otherwise become the printed one
            zeilen.append(f"# nummer: {text_wert(t)}  (nur, wenn sie auch im Konzept gedruckt werden soll)")
            continue
        masz = einheit(t) if feld is not None and feld.art == "geld" else None
        if masz:
            zeilen.append(
                f"{pfad}: {{spalte: {text_wert(t, flow=True)}, einheit: {'Mio. €' if masz.lower().startswith('mio') else 'T€'}}}"
            )
        else:
            zeilen.append(f"{pfad}: {text_wert(t)}")
    if rest:
        zeilen.append("# Nicht zugeordnet und so nicht gelesen: " + ", ".join(kurz(t) for t in rest))
    return "\n".join(zeilen) + "\n"


def kopf_vermutet(blatt: Blatt) -> int | None:
    """The row that looks most like heads: most texts, and the upper one in doubt."""
    zeilen = _kopfzeilen(blatt)
    if not zeilen:
        return None

    def guete(zeile: int) -> tuple[int, int]:
        titel = [t for _, t in titelzellen(blatt, zeile)]
        return len(vorschlag(titel)), sum(not re.fullmatch(r"[\d.,€ %-]+", t) for t in titel)

    return max(zeilen, key=lambda z: (guete(z), -z))


def vorschlag_zu(mappe: Mappe, blatt: str | None = None) -> str:
    """A mapping for the sheet that looks most like a list of measures; raises ``IhkError`` if there is none."""
    auswahl = [b for b in mappe.blaetter if blatt is None or flach(b.name) == flach(blatt)]
    if not auswahl:
        raise IhkError(
            f"Ein Blatt „{kurz(blatt)}“ gibt es in „{mappe.datei}“ nicht. Vorhanden: {', '.join(b.name for b in mappe.blaetter)}."
        )
    koepfe = [(b, z) for b in auswahl if (z := kopf_vermutet(b)) is not None]
    if not koepfe:
        raise IhkError(f"„{mappe.datei}“ enthält keine Tabelle.")
    bestes, zeile = max(koepfe, key=lambda p: len(vorschlag([t for _, t in titelzellen(*p)])))
    titel = [t for _, t in titelzellen(bestes, zeile)]
    return vorschlag_text(titel, bestes.name if len(mappe.blaetter) > 1 else "", zeile if zeile > 1 else None)


def _nichts_erkannt(mappe: Mappe, auswahl: list[Blatt]) -> str:
    blatt = max(auswahl, key=lambda b: len(b.reihen), default=None)
    kopf = kopf_vermutet(blatt) if blatt is not None else None
    if blatt is None or kopf is None:
        return f"„{mappe.datei}“ enthält keine Tabelle."
    titel = ", ".join(t for _, t in titelzellen(blatt, kopf))
    wo = f"Blatt „{blatt.name}“, " if blatt.name else ""
    return (
        f"Die Überschriften in „{mappe.datei}“ sind nicht die von ihk ({wo}Zeile {kopf}: {kurz(titel, 200)}). "
        f"Welche Spalte was bedeutet, sagt eine kleine Datei: „ihk import WAS {mappe.datei} --zeige-spalten“ schlägt sie vor; "
        "gespeichert wird sie dann mit --spalten DATEI angegeben."
    )
