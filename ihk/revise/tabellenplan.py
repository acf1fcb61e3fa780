"""A recognised table against a Fassung → for each measure what would change, each change with its cell; nothing is written.

In a table of our own export a cell that still holds what was exported says nothing, an emptied one takes the value out.
In any other table an empty cell says nothing. Rows that are missing say nothing in either.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal

from ihk import labels, sums
from ihk.export import kuf, listen
from ihk.export import tabelle as export
from ihk.model import Konzeptfassung, Massnahme
from ihk.model.massnahme import GEBER, Anteil, Kosten
from ihk.problems import kurz
from ihk.reading import values
from ihk.reading.tabellen import Fundstelle, Zelle
from ihk.revise import felder, fmt
from ihk.revise.felder import NICHT, NOTIERT, Feld
from ihk.revise.spalten import BEISPIEL, Tabelle, Wahl, flach
from ihk.revise.zellwerte import Roh, Wert, ZellError, ohne_marke, wert

Schwere = Literal["fehler", "warnung", "hinweis"]
Loc = tuple[str | int, ...]
_SUMME = re.compile(r"(zwischen|teil|gesamt)?summe\b.*|insgesamt|gesamt|total|übertrag", re.IGNORECASE)
_AEHNLICH = 0.85


@dataclass(frozen=True, slots=True)
class Zellbefund:
    """A finding about a cell: a German sentence that needs no knowledge of the format."""

    ort: Fundstelle
    meldung: str
    hinweis: str = ""
    schwere: Schwere = "fehler"


@dataclass(frozen=True, slots=True)
class Aenderung:
    """One value of a measure: keys from the measure down (an index beyond the list is a new entry); None takes it out."""

    loc: Loc
    wert: Wert | None
    ort: Fundstelle


@dataclass(slots=True)
class Vorhaben:
    """What the table says about one measure; ``id`` is None for a new one."""

    id: str | None
    titel: str
    ort: Fundstelle
    aenderungen: list[Aenderung] = field(default_factory=list)
    befunde: list[Zellbefund] = field(default_factory=list)
    gerechnet: list[tuple[Wahl, Zelle, Tabelle]] = field(default_factory=list)
    """Changed cells of columns that our export reckons: right only if they are what the new state reckons."""

    @property
    def fehlerhaft(self) -> bool:
        return any(b.schwere == "fehler" for b in self.befunde)


@dataclass(slots=True)
class Plan:
    """All measures of the table; ``befunde`` are about rows that belong to none."""

    vorhaben: list[Vorhaben] = field(default_factory=list)
    befunde: list[Zellbefund] = field(default_factory=list)
    fehlend: tuple[str, ...] = ()
    """Ids of measures that have no row: they stay as they are."""


def plane(tabellen: list[Tabelle], k: Konzeptfassung, basis: Konzeptfassung, form: str) -> Plan:
    """What the tables change in ``k``; ``basis`` is the state from which our own tables were exported."""
    return _Planer(k, basis, form).plane(tabellen)


# ------------------------------------------------------------------------------------------------ one cell as it was


def exportiert(tabelle: Tabelle, k: Konzeptfassung, m: Massnahme, zaehlt: set[str]) -> export.Zeile:
    """The row of a measure as our export writes it."""
    return kuf.zeile(k, m, zaehlt) if tabelle.eigen == "kuf" else listen.zeile(k, m)


def unveraendert(wahl: Wahl, zelle: Zelle, soll: export.Zelle, form: str) -> bool:
    """Whether a cell still says what our export wrote into it, whatever a spreadsheet made of its notation."""
    assert wahl.spalte is not None
    if soll in (None, "", export.KEINE_ANGABE):
        return zelle.leer or zelle.text.strip() in ("", export.KEINE_ANGABE)
    if isinstance(soll, int):
        if zelle.art == "text" and form == "csv":
            return zelle.text.strip() == kuf.csv_zelle(wahl.spalte, soll) or _als_zahl(zelle.text, wahl.spalte) == soll
        faktor = 100 if wahl.spalte.art == "geld" else 1
        if isinstance(zelle.wert, Decimal):
            return zelle.wert * faktor == soll
        return _als_zahl(zelle.text, wahl.spalte) == soll
    text = str(soll)
    gekuerzt = text if len(text) <= export.LAENGE else f"{text[: export.LAENGE - 1]}…"
    return _eben(ohne_marke(zelle.text.strip())) in (_eben(text), _eben(gekuerzt))


def _eben(text: str) -> str:
    return " ".join(text.split())


def _als_zahl(text: str, spalte: export.Spalte) -> int | None:
    try:
        return values.geld(text) if spalte.art == "geld" else values.ganzzahl(text)
    except values.WertError:
        return None


# --------------------------------------------------------------------------------------------------------- planning


class _Planer:
    def __init__(self, k: Konzeptfassung, basis: Konzeptfassung, form: str) -> None:
        self.k, self.basis, self.form = k, basis, form
        self.massnahmen = {m.id: m for m in k.massnahmen}
        self.damals = {m.id: m for m in basis.massnahmen}
        self.zaehlt, self.zaehlte = kuf.zaehlt_mit(k), kuf.zaehlt_mit(basis)
        self.nummern = {k.nummern[m.id]: m.id for m in k.massnahmen if m.id in k.nummern}
        self.titel: dict[str, list[str]] = {}
        for m in k.massnahmen:
            self.titel.setdefault(flach(m.titel), []).append(m.id)
        self.plan = Plan()
        self.werte: dict[str, dict[str, tuple[Wert | None, Zelle, Feld]]] = {}
        """By measure (``id``, or the row of a new one) and path of the field: what it is to become."""
        self.nach: dict[str, Vorhaben] = {}

    def plane(self, tabellen: list[Tabelle]) -> Plan:
        for tabelle in tabellen:
            gesehen: dict[str, Fundstelle] = {}
            for zeile in sorted(z for z in tabelle.blatt.reihen if z > tabelle.kopfzeile):
                self._zeile(tabelle, zeile, gesehen)
        for schluessel, vorhaben in self.nach.items():
            if not vorhaben.fehlerhaft:
                self._loese(vorhaben, self.werte.get(schluessel, {}))
            self.plan.vorhaben.append(vorhaben)
        self.plan.fehlend = tuple(i for i, m in self.massnahmen.items() if i not in self.nach and not m.grabstein)
        return self.plan

    # ------------------------------------------------------------------------------------------------------ one row

    def _zeile(self, tabelle: Tabelle, zeile: int, gesehen: dict[str, Fundstelle]) -> None:
        zellen = {w.nummer: tabelle.blatt.zelle(zeile, w.nummer) for w in tabelle.spalten}
        gefuellt = [z for z in zellen.values() if not z.leer]
        if not gefuellt:
            return
        eins = {p: zellen[w.nummer] for p in ("id", "nummer", "titel") if (w := tabelle.mit(p)) is not None}
        namen = {p: _eben(z.text) for p, z in eins.items()}
        ort = next((z.ort for z in eins.values() if not z.leer), gefuellt[0].ort)
        if namen.get("id", "").casefold() == BEISPIEL.casefold():
            self._sage(ort, "Die Beispielzeile der Vorlage wurde nicht übernommen.", schwere="hinweis")
            return
        if self._keine_massnahme(tabelle, zeile, namen, gefuellt, ort):
            return
        gefunden = self._wer(tabelle, namen, eins, ort)
        if isinstance(gefunden, Zellbefund):
            fehler = Vorhaben(
                None, namen.get("titel") or namen.get("nummer") or namen.get("id", ""), gefunden.ort, befunde=[gefunden]
            )
            self.nach[f"\0{tabelle.blatt.name}\0{zeile}"] = fehler
            return
        schluessel = gefunden or f"\0neu\0{flach(namen['titel'])}"
        if schluessel in gesehen:
            meldung = f"Diese Maßnahme steht schon in Zeile {gesehen[schluessel].zeile}."
            self.nach[schluessel].befunde.append(Zellbefund(ort, meldung, "Eine der beiden Zeilen löschen."))
            return
        gesehen[schluessel] = ort
        if schluessel not in self.nach:
            self.nach[schluessel] = Vorhaben(
                gefunden, namen.get("titel") or (self.massnahmen[gefunden].titel if gefunden else ""), ort
            )
            if gefunden is None:
                self._fast_gleich(self.nach[schluessel])
        self._zellen(tabelle, zellen, self.nach[schluessel], schluessel)

    def _sage(self, ort: Fundstelle, meldung: str, hinweis: str = "", schwere: Schwere = "fehler") -> None:
        self.plan.befunde.append(Zellbefund(ort, meldung, hinweis, schwere))

    def _keine_massnahme(
        self, tabelle: Tabelle, zeile: int, namen: dict[str, str], gefuellt: list[Zelle], ort: Fundstelle
    ) -> bool:
        """Headings, sums and notes between the rows of measures."""
        if namen.get("id"):
            return False
        reihe = tabelle.blatt.reihen[zeile]
        erste = reihe[min(reihe)]
        if _SUMME.fullmatch(_eben(erste.text)) or _SUMME.fullmatch(namen.get("titel", "") or "-"):
            if tabelle.eigen is None:
                self._sage(
                    ort,
                    f"Die Zeile „{kurz(_eben(erste.text) or namen.get('titel', ''), 40)}“ ist eine Summe und wurde nicht gelesen.",
                    schwere="hinweis",
                )
            return True
        if tabelle.eigen is not None:
            return len(reihe) == 1 and min(reihe) == min(w.nummer for w in tabelle.spalten) and erste.art == "text"
        if len(reihe) == 1 and len(tabelle.spalten) > 2 and "titel" in namen:
            self._sage(
                ort,
                f"Die Zeile hat nur einen Eintrag („{kurz(_eben(erste.text), 40)}“) und wurde als Überschrift verstanden.",
                schwere="hinweis",
            )
            return True
        return False

    def _wer(
        self, tabelle: Tabelle, namen: dict[str, str], zellen: dict[str, Zelle], ort: Fundstelle
    ) -> str | Zellbefund | None:
        """The id of the measure that a row is about; None for a new one, a finding if it cannot be told."""
        kennung, nummer, titel = (namen.get(p, "") for p in ("id", "nummer", "titel"))
        if kennung:
            if kennung in self.massnahmen:
                return kennung
            nah = difflib.get_close_matches(kennung, list(self.massnahmen), n=1, cutoff=0.6)
            return Zellbefund(
                zellen["id"].ort, f"Eine Maßnahme mit der Kennung „{kurz(kennung, 30)}“ gibt es im Konzept nicht.",
                (f"Gemeint ist vielleicht „{nah[0]}“. " if nah else "") + "Für eine neue Maßnahme die Kennung leer lassen; ihk vergibt sie.",
            )  # fmt: skip
        mit_titel = self.titel.get(flach(titel), []) if titel else []
        mit_nummer = self.nummern.get(nummer) if nummer else None
        if len(mit_titel) > 1 and mit_nummer not in mit_titel:
            return Zellbefund(
                ort,
                f"„{kurz(titel)}“ heißen im Konzept {' und '.join(mit_titel)}.",
                "Die Kennung in eine Spalte „Kennung“ eintragen.",
            )
        if mit_nummer is not None and titel and mit_nummer not in mit_titel:
            anderer = self.massnahmen[mit_nummer].titel
            return Zellbefund(
                zellen["nummer"].ort, f"Die Nummer {kurz(nummer, 20)} hat im Konzept „{kurz(anderer)}“ ({mit_nummer}), in der Tabelle „{kurz(titel)}“.",
                f"Ist dieselbe Maßnahme gemeint, {mit_nummer} in eine Spalte „Kennung“ eintragen; sonst die Nummer löschen.",
            )  # fmt: skip
        if mit_nummer is not None:
            return mit_nummer
        if mit_titel:
            return mit_titel[0]
        if not titel:
            return Zellbefund(
                ort, "In der Zeile fehlt der Titel der Maßnahme.", "Den Titel eintragen oder die Zeile löschen."
            )
        return None

    def _fast_gleich(self, neu: Vorhaben) -> None:
        nah = difflib.get_close_matches(flach(neu.titel), list(self.titel), n=1, cutoff=_AEHNLICH)
        if nah:
            m = self.massnahmen[self.titel[nah[0]][0]]
            neu.befunde.append(
                Zellbefund(neu.ort, f"„{kurz(neu.titel)}“ wird eine neue Maßnahme; fast so heißt schon {m.id} („{kurz(m.titel)}“).",
                           f"Ist diese gemeint, {m.id} in eine Spalte „Kennung“ eintragen.", "warnung")
            )  # fmt: skip

    # ---------------------------------------------------------------------------------------------------- its cells

    def _zellen(self, tabelle: Tabelle, zellen: dict[int, Zelle], vorhaben: Vorhaben, schluessel: str) -> None:
        # Only a row that names its id is one that we have exported; a row that somebody added says what it says.
        kennung = tabelle.mit("id")
        exportierte = tabelle.eigen and kennung is not None and not zellen[kennung.nummer].leer
        m = self.damals.get(vorhaben.id or "") if exportierte else None
        damals = exportiert(tabelle, self.basis, m, self.zaehlte) if m is not None else None
        heute = None
        if damals is not None and self.basis is not self.k:
            heute = exportiert(tabelle, self.k, self.massnahmen[vorhaben.id or ""], self.zaehlt)
        for wahl in tabelle.spalten:
            zelle = zellen[wahl.nummer]
            if self._verbunden(tabelle, zelle, vorhaben):
                continue
            if damals is not None and wahl.spalte is not None:
                soll = damals.get(wahl.spalte.schluessel)
                if unveraendert(wahl, zelle, soll, self.form):
                    continue
                if heute is not None and self._inzwischen_anders(
                    wahl, zelle, soll, heute.get(wahl.spalte.schluessel), vorhaben
                ):
                    continue
                if wahl.feld is None or (wahl.feld.pfad == "kosten.zuwendungsfaehig" and not _angegeben(m)):
                    vorhaben.gerechnet.append((wahl, zelle, tabelle))
                    continue
            elif zelle.leer or wahl.feld is None:
                continue
            if wahl.feld.pfad != "id":
                self._merke(wahl, zelle, vorhaben, schluessel, eigen=damals is not None)

    def _verbunden(self, tabelle: Tabelle, zelle: Zelle, vorhaben: Vorhaben) -> bool:
        """A value in merged cells belongs to one row or to all: nobody can tell which."""
        for von, links, bis, rechts in tabelle.blatt.verbunden:
            if von <= zelle.ort.zeile <= bis and links <= zelle.ort.spalte <= rechts:
                vorhaben.befunde.append(Zellbefund(zelle.ort, "Die Zelle ist mit anderen verbunden; für welche Zeile ihr Wert gilt, ist nicht zu erkennen.", "Die Verbindung aufheben und den Wert in jede Zeile schreiben, für die er gilt."))  # fmt: skip
                return True
        return False

    def _inzwischen_anders(
        self, wahl: Wahl, zelle: Zelle, damals: export.Zelle, heute: export.Zelle, vorhaben: Vorhaben
    ) -> bool:
        """The concept has changed at the same place since the table was exported."""
        if heute == damals:
            return False
        if not unveraendert(wahl, zelle, heute, self.form):
            vorhaben.befunde.append(
                Zellbefund(zelle.ort, f"„{wahl.titel}“ wurde seit der Ausgabe der Tabelle auch im Konzept geändert: dort steht jetzt „{kurz(_gezeigt(heute, wahl))}“, in der Tabelle „{kurz(zelle.text)}“.",
                           "Sich für einen Wert entscheiden und ihn an beiden Stellen eintragen.")
            )  # fmt: skip
        return True

    def _merke(self, wahl: Wahl, zelle: Zelle, vorhaben: Vorhaben, schluessel: str, *, eigen: bool) -> None:
        feld = wahl.feld
        assert feld is not None
        try:
            neu = None if zelle.leer else wert(zelle, feld, self.k, wahl.faktor, wahl.woerter)
            if neu is None and not zelle.leer:
                if not eigen:
                    return
                raise ZellError(f"„{kurz(zelle.text, 30)}“ sagt, dass {wahl.titel} nicht bekannt ist, aber nicht, warum.", "In der Konzeptdatei unter „unbekannt“ den Grund nennen und die Zelle lassen, wie sie war.")  # fmt: skip
        except ZellError as fehler:
            hinweis = fehler.hinweis
            if wahl.zuordnung and feld.woerter and zelle.art == "text":
                hinweis += (
                    f" Oder in {wahl.zuordnung} übersetzen: werte: {{{feld.pfad}: {{{kurz(zelle.text, 30)}: …}}}}"
                )
            vorhaben.befunde.append(Zellbefund(zelle.ort, fehler.meldung, hinweis))
            return
        schon = self.werte.setdefault(schluessel, {}).get(feld.pfad)
        if schon is not None and schon[0] != neu:
            vorhaben.befunde.append(Zellbefund(zelle.ort, f"Hier steht „{kurz(zelle.text, 30)}“, in {schon[1].ort.zelle} auf dem Blatt „{schon[1].ort.blatt}“ aber „{kurz(schon[1].text, 30)}“.", "An beiden Stellen dasselbe eintragen."))  # fmt: skip
            return
        self.werte[schluessel][feld.pfad] = (neu, zelle, feld)

    # ---------------------------------------------------------------------------------------------- cells → changes

    def _loese(self, vorhaben: Vorhaben, ziele: dict[str, tuple[Wert | None, Zelle, Feld]]) -> None:
        m = self.massnahmen.get(vorhaben.id or "") or Massnahme.model_validate({"id": "neu", "titel": vorhaben.titel})
        neu = vorhaben.id is None
        geber: list[tuple[Wert | None, Zelle, Feld]] = []
        for ziel in ziele.values():
            if ziel[2].geber:
                geber.append(ziel)
                continue
            try:
                vorhaben.aenderungen += _einfach(m, *ziel)
            except ZellError as fehler:
                vorhaben.befunde.append(Zellbefund(ziel[1].ort, fehler.meldung, fehler.hinweis))
        geld = _Geber(m.kosten or Kosten())
        vorhaben.aenderungen += geld.loese(geber)
        vorhaben.befunde += geld.befunde
        if neu:
            _ergaenze(vorhaben, geld)
        vorhaben.aenderungen += list(_nicht_mehr_unbekannt(m, vorhaben.aenderungen))


def _angegeben(m: Massnahme | None) -> bool:
    return m is not None and m.kosten is not None and m.kosten.zuwendungsfaehig is not None


def _gezeigt(inhalt: export.Zelle, wahl: Wahl) -> str:
    if isinstance(inhalt, int) and wahl.spalte is not None and wahl.spalte.art == "geld":
        return labels.euro(inhalt)
    return str(inhalt or "nichts")


def jetzt(m: Massnahme, feld: Feld) -> Wert | None:
    """What stands at a field now, in the same form as the value of a cell; None if nothing does."""
    inhalt: Any = m
    for name in feld.loc:
        inhalt = inhalt.get(name) if isinstance(inhalt, dict) else getattr(inhalt, name, None)
        if inhalt is None:
            return None
    match feld.art:
        case "geld":
            return _euro(inhalt)
        case "zeitpunkt":
            return Roh(fmt.zeitpunkt(str(inhalt)))
        case "datum":
            return Roh(fmt.datum(inhalt.isoformat()))
        case "ja_nein":
            return Roh("ja" if inhalt else "nein")
        case "jahr" | "auswahl" | "status" | "verweis":
            return Roh(str(inhalt))
        case "zahl":
            return Roh(fmt.zahl(labels.zahl(inhalt).replace(labels.MINUS, "-")))
        case "menge" | "texte" | "verweise":
            return tuple(inhalt) or None
        case _:
            return str(inhalt)


def _euro(cent: int) -> Roh:
    ganz, rest = divmod(abs(cent), 100)
    return Roh(fmt.geld(f"{'-' if cent < 0 else ''}{ganz},{rest:02}"))


def cent(wert: Wert | None) -> int:
    """Cents of the value of a cell; nothing is nothing."""
    return values.geld(wert.text) if isinstance(wert, Roh) else 0


def _einfach(m: Massnahme, neu: Wert | None, zelle: Zelle, feld: Feld) -> Iterator[Aenderung]:
    """A field that is one value, also a year and the amounts of the only tranche."""
    if feld.tranche:
        yield from _tranche(m, neu, zelle, feld)
        return
    if feld.pfad == "kosten.bemerkung" and m.kosten is not None and any(a.bemerkung for a in m.kosten.finanzierung):
        raise ZellError("Die Bemerkung fasst mehrere Bemerkungen des Konzepts zusammen (auch die der Geldgeber).", "In der Konzeptdatei ändern und die Zelle lassen, wie sie war.")  # fmt: skip
    if feld.jahr and m.kosten is not None and not m.kosten.jahre and any(a.jahre for a in m.kosten.finanzierung):
        raise ZellError("Die Jahresbeträge sind im Konzept die Summe der Jahresbeträge der Geldgeber.", "In der Konzeptdatei bei den Geldgebern ändern und die Zelle lassen, wie sie war.")  # fmt: skip
    alt = jetzt(m, feld)
    if (
        neu == alt
        or (neu in ((), "") and alt is None)
        or (feld.art == "ja_nein" and neu is None and alt == Roh("nein"))
    ):
        return
    if isinstance(neu, str) and isinstance(alt, str) and _eben(neu) == _eben(alt):
        return
    if feld.art in ("verweise", "menge") and isinstance(neu, tuple) and isinstance(alt, tuple) and neu == alt:
        return
    if neu in (None, (), "") and feld.pfad == "titel":
        raise ZellError("Eine Maßnahme braucht einen Titel.", "Den Titel eintragen.")
    yield Aenderung(feld.loc, neu if neu not in ((), "") else None, zelle.ort)


def _tranche(m: Massnahme, neu: Wert | None, zelle: Zelle, feld: Feld) -> Iterator[Aenderung]:
    alle = m.kosten.bewilligungen if m.kosten is not None else ()
    if len(alle) != 1:
        grund = (
            "mehrere Bewilligungen; die Tabelle sagt nicht, welche gemeint ist"
            if alle
            else "noch keine Bewilligung; ihr Programmjahr steht nicht in der Tabelle"
        )
        raise ZellError(f"Diese Maßnahme hat im Konzept {grund}.", "In der Konzeptdatei unter „bewilligungen“ eintragen und die Zelle lassen, wie sie war.")  # fmt: skip
    alt = getattr(alle[0], feld.tranche)
    if (None if alt is None else _euro(alt)) != neu:
        yield Aenderung((*feld.loc, 0, feld.tranche), neu, zelle.ort)


# ------------------------------------------------------------------------------------------------------- who pays


@dataclass(slots=True)
class _Eintrag:
    """A new entry of ``finanzierung``."""

    kopf: dict[str, str]
    ort: Fundstelle
    betrag: int | None = None
    jahre: dict[str, int] = field(default_factory=dict)


class _Geber:
    """Amounts by giver → entries of ``finanzierung``: one column may stand for several entries, then nothing is guessed."""

    def __init__(self, kosten: Kosten) -> None:
        self.kosten = kosten
        self.betraege = sums.betraege(kosten)
        self.neue: dict[tuple[str, str], _Eintrag] = {}
        self.befunde: list[Zellbefund] = []
        self.ergebnis: list[Aenderung] = []

    def loese(self, ziele: list[tuple[Wert | None, Zelle, Feld]]) -> list[Aenderung]:
        nach = {z[2].pfad: z for z in ziele}
        kommune, nicht = (nach.pop(f"kosten.finanzierung.kommune{x}", None) for x in ("", f"/{NICHT}"))
        if erstes := kommune or nicht:
            try:
                self._kommune(kommune, nicht)
            except ZellError as fehler:
                self.befunde.append(Zellbefund(erstes[1].ort, fehler.meldung, fehler.hinweis))
        for neu, zelle, feld in nach.values():
            try:
                (self._jahr if feld.jahr else self._betrag)(neu, zelle, feld)
            except ZellError as fehler:
                self.befunde.append(Zellbefund(zelle.ort, fehler.meldung, fehler.hinweis))
        return self.ergebnis + list(self.neue_eintraege())

    def _passende(self, geber: str, programm: str) -> list[int]:
        def passt(a: Anteil) -> bool:
            if geber == NOTIERT:
                return a.nachrichtlich
            if a.nachrichtlich or a.geber != geber:
                return False
            if geber == "kommune" and programm == NICHT:
                return a.auf == NICHT
            if geber == "kommune" and not programm:
                return a.auf != NICHT
            return not programm or a.programm == programm

        return [i for i, a in enumerate(self.kosten.finanzierung) if passt(a)]

    def _summe(self, geber: str, programm: str = "") -> int:
        return sum(self.betraege[i] or 0 for i in self._passende(geber, programm))

    def _kommune(
        self, kommune: tuple[Wert | None, Zelle, Feld] | None, nicht: tuple[Wert | None, Zelle, Feld] | None
    ) -> None:
        """The column of the Kommune includes what it pays for costs that cannot be funded."""
        bisher_nicht = self._summe("kommune", NICHT)
        ganz = cent(kommune[0]) if kommune else self._summe("kommune") + bisher_nicht
        davon = cent(nicht[0]) if nicht else bisher_nicht
        if davon > ganz:
            raise ZellError(f"Der Teil der Kommune für nicht zuwendungsfähige Kosten ({labels.euro(davon)}) ist größer als ihr ganzer Anteil ({labels.euro(ganz)}).", "Beide Beträge prüfen.")  # fmt: skip
        quelle = kommune or nicht
        assert quelle is not None
        leer = kommune is not None and kommune[0] is None
        self._setze(ganz - davon, quelle[1], "kommune", "", weg=leer or (kommune is None and ganz == davon))
        if nicht:
            self._setze(davon, nicht[1], "kommune", NICHT, weg=nicht[0] is None)

    def _betrag(self, neu: Wert | None, zelle: Zelle, feld: Feld) -> None:
        if feld.geber == NOTIERT and not self._passende(NOTIERT, ""):
            raise ZellError("Nachrichtliches Geld hat einen Geber, den die Tabelle nicht nennt.", "In der Konzeptdatei unter „finanzierung“ mit „nachrichtlich: ja“ eintragen und die Zelle lassen, wie sie war.")  # fmt: skip
        self._setze(cent(neu), zelle, feld.geber, feld.programm, weg=neu is None)

    def _setze(self, betrag: int, zelle: Zelle, geber: str, programm: str, *, weg: bool) -> None:
        da = self._passende(geber, programm)
        if geber == "offen" and da and self.betraege[da[0]] is None:
            raise ZellError(
                "„offen“ ist im Konzept der Rest, den niemand trägt; er wird gerechnet.",
                "Die Zelle lassen, wie sie war.",
            )
        if len(da) > 1 and sum(self.betraege[i] or 0 for i in da) != betrag:
            worte = [labels.programm(p) if (p := self.kosten.finanzierung[i].programm) else "ohne Programm" for i in da]
            raise ZellError(
                f"{labels.GEBER.get(geber, 'Nachrichtlich')} hat im Konzept {len(da)} Einträge ({', '.join(worte)}); die Tabelle sagt nicht, welcher sich ändert.",
                "In der Konzeptdatei ändern und die Zelle lassen, wie sie war.",
            )
        if len(da) > 1:
            return
        if not da:
            if betrag:
                self._neuer(geber, programm, zelle).betrag = betrag
            return
        (i,) = da
        alt = self.kosten.finanzierung[i]
        if alt.betrag is None and alt.anteil is not None:
            if self.betraege[i] != betrag:
                raise ZellError(f"Der Betrag ist im Konzept als Anteil angegeben ({alt.anteil}) und wird daraus gerechnet.", "In der Konzeptdatei statt „anteil“ einen „betrag“ nennen, oder die Zelle lassen, wie sie war.")  # fmt: skip
        elif weg:
            self.ergebnis.append(Aenderung(("kosten", "finanzierung", i), None, zelle.ort))
        elif alt.betrag != betrag:
            self.ergebnis.append(Aenderung(("kosten", "finanzierung", i, "betrag"), _euro(betrag), zelle.ort))

    def _jahr(self, neu: Wert | None, zelle: Zelle, feld: Feld) -> None:
        da = self._passende(feld.geber, feld.programm)
        if len(da) > 1:
            raise ZellError(f"{labels.GEBER[feld.geber]} hat im Konzept {len(da)} Einträge; die Tabelle sagt nicht, welcher gemeint ist.", "In der Zuordnung das Programm nennen: kosten.finanzierung.bund/PROGRAMM.2026")  # fmt: skip
        if not da:
            if neu is not None:
                self._neuer(feld.geber, feld.programm, zelle).jahre[feld.jahr] = cent(neu)
            return
        alt = self.kosten.finanzierung[da[0]].jahre.get(feld.jahr)
        if (None if alt is None else _euro(alt)) != neu:
            self.ergebnis.append(Aenderung(("kosten", "finanzierung", da[0], "jahre", feld.jahr), neu, zelle.ort))

    def _neuer(self, geber: str, programm: str, zelle: Zelle) -> _Eintrag:
        if (geber, programm) not in self.neue:
            kopf = {"geber": geber} | (
                {"auf": NICHT} if programm == NICHT else {"programm": programm} if programm else {}
            )
            self.neue[geber, programm] = _Eintrag(kopf, zelle.ort)
        return self.neue[geber, programm]

    def neue_eintraege(self) -> Iterator[Aenderung]:
        """New entries behind those that are there. Without an amount of its own an entry has that of its years."""
        neue = sorted(self.neue.values(), key=lambda e: GEBER.index(e.kopf["geber"]))
        for n, e in enumerate(neue, len(self.kosten.finanzierung)):
            loc = ("kosten", "finanzierung", n)
            for name, wort in e.kopf.items():
                yield Aenderung((*loc, name), wort if name == "programm" else Roh(wort), e.ort)
            betrag = e.betrag if e.betrag is not None else sum(e.jahre.values())
            yield Aenderung((*loc, "betrag"), _euro(betrag), e.ort)
            for jahr, teil in sorted(e.jahre.items(), key=lambda p: (p[0] == "spaeter", p[0] != "bisher", p[0])):
                yield Aenderung((*loc, "jahre", jahr), _euro(teil), e.ort)


# ---------------------------------------------------------------------------------------------------- what remains

ERWARTET = ("traeger", "status", "zeitraum", "kosten")
NICHT_GENANNT = "Die eingelesene Tabelle nennt es nicht."


def _ergaenze(neu: Vorhaben, geld: _Geber) -> None:
    """What a new measure needs beside its row: the gap in its money declared, and what nobody said declared unknown."""
    da = {str(a.loc[0]) for a in neu.aenderungen if a.wert is not None}
    gesamt = next((cent(a.wert) for a in neu.aenderungen if a.loc == ("kosten", "gesamt")), None)
    eigene = [e for e in geld.neue.values() if e.kopf["geber"] != NOTIERT]
    if gesamt is not None and eigene:
        rest = gesamt - sum(e.betrag if e.betrag is not None else sum(e.jahre.values()) for e in eigene)
        if rest > 0 and not any(e.kopf["geber"] == "offen" for e in eigene):
            loc = ("kosten", "finanzierung", len(geld.neue))
            neu.aenderungen += [
                Aenderung((*loc, "geber"), Roh("offen"), neu.ort),
                Aenderung((*loc, "betrag"), _euro(rest), neu.ort),
            ]
            neu.befunde.append(Zellbefund(neu.ort, f"Wer {labels.euro(rest)} der Gesamtkosten trägt, steht nicht in der Tabelle; sie sind als „offen“ eingetragen.", schwere="hinweis"))  # fmt: skip
    if not neu.titel:
        return
    if "titel" not in da:
        neu.aenderungen.insert(0, Aenderung(("titel",), neu.titel, neu.ort))
    fehlend = [f for f in ERWARTET if f not in da]
    if not {"teilziele", "querschnittsaufgaben"} & da:
        fehlend.insert(0, "teilziele")
    neu.aenderungen += [Aenderung(("unbekannt", f), NICHT_GENANNT, neu.ort) for f in fehlend]
    if "kosten" in da and gesamt is None:
        neu.aenderungen.append(Aenderung(("kosten", "unbekannt", "gesamt"), NICHT_GENANNT, neu.ort))


def _nicht_mehr_unbekannt(m: Massnahme, aenderungen: list[Aenderung]) -> Iterator[Aenderung]:
    """What is stated now is no longer declared unknown."""
    weg: set[Loc] = set()
    for a in aenderungen:
        if a.wert is None or "unbekannt" in a.loc:
            continue
        satz: Any = m
        for tiefe in range(len(a.loc)):
            unbekannt = getattr(satz, "unbekannt", {})
            for name in {str(a.loc[tiefe]), ".".join(map(str, a.loc[tiefe:]))} & set(unbekannt):
                weg_loc = (*a.loc[:tiefe], "unbekannt", name)
                if weg_loc not in weg:
                    weg.add(weg_loc)
                    yield Aenderung(weg_loc, None, a.ort)
            teil = a.loc[tiefe]
            if isinstance(teil, int):
                satz = satz[teil] if isinstance(satz, tuple) and teil < len(satz) else None
            else:
                satz = satz.get(teil) if isinstance(satz, dict) else getattr(satz, teil, None)
            if satz is None:
                break


def ohne(plan: Plan, schlecht: set[int]) -> Plan:
    """The plan without the measures at these places (``id()`` of the object): for what was refused later."""
    return replace(plan, vorhaben=[v for v in plan.vorhaben if id(v) not in schlecht])


__all__ = ["Aenderung", "Plan", "Vorhaben", "Zellbefund", "felder", "jetzt", "ohne", "plane", "unveraendert"]
