"""A new measure: the next free id of the concept, put in its place; no other byte of the file changes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ihk.model import Konzeptfassung
from ihk.model.bestandteile import Objekt
from ihk.model.load import Geladen, lade_streng, load
from ihk.problems import IhkError, LoadError
from ihk.project import Version
from ihk.reading import source
from ihk.reading.files import KONZEPT, Quelltext, read_tree
from ihk.revise.baum import Knoten
from ihk.revise.ordnung import folge
from ihk.revise.werkstueck import Werkstueck, text_wert
from ihk.revisions import stand_von
from ihk.seals import vorhanden
from ihk.write import create_file, write_atomic

NUMMERIERT = re.compile(r"(.*?)([0-9]+)")
IN_EINER_ZEILE = ("zeitraum", "standort", "beschluss")
OFFEN = {
    "teilziele": "Noch keinem Teilziel zugeordnet.",
    "traeger": "Noch nicht eingetragen.",
    "zeitraum": "Noch nicht eingetragen.",
    "kosten": "Noch nicht eingetragen.",
}


@dataclass(frozen=True, slots=True)
class Neu:
    """A measure that was added: its id, and the file to open."""

    id: str
    datei: Path


def offen(version: Version) -> Geladen:
    """A Fassung in which something may be entered; raises ``IhkError`` for one that is adopted, sealed, in a PDF or in git."""
    if version.eingebettet is not None:
        raise IhkError("In ein PDF lässt sich nichts eintragen. Die Konzeptdatei angeben.")
    if stand_von(version.pfad) is not None:
        raise IhkError("In einen Stand im Git lässt sich nichts eintragen. Die Konzeptdatei angeben.")
    geladen = lade_streng(version.quelle)
    fester = "versiegelt" if vorhanden(version) else "beschlossen" if geladen.fassung.fassung.beschlossen else None
    if fester:
        weg = f"ihk fortschreiben {version.konzept} --als FASSUNG" if version.im_projekt else "ihk fortschreiben"
        raise IhkError(f"{version.name} ist {fester} und bleibt, wie sie ist. Die nächste Fassung öffnet: {weg}")
    return geladen


def neue_massnahme(
    version: Version,
    geschwister: tuple[Version, ...],
    titel: str,
    handlungsfeld: str | None = None,
    teilziele: tuple[str, ...] = (),
) -> Neu:
    """Add a measure to a Fassung; raises ``IhkError`` or ``LoadError`` if that cannot be done, then nothing is written."""
    k = offen(version).fassung
    titel = " ".join(titel.split())
    if not titel:
        raise IhkError("Die Maßnahme braucht einen Titel.")
    _gibt_es(k, handlungsfeld, "handlungsfeld")
    for teilziel in teilziele:
        _gibt_es(k, teilziel, "teilziel")
    kennung = naechste_kennung([m.id for m in k.massnahmen], vergebene(version, geschwister))
    felder = _felder(kennung, titel, handlungsfeld, teilziele)
    nachbar = nachbar_von(k, handlungsfeld or next(iter(teilziele), None))
    neu = dict(version.quelle.dateien)
    if "" in neu:
        werk = Werkstueck(neu[""])
        in_liste(werk, [felder], nachbar)
        geaendert, datei = {"": werk.fertig()}, version.pfad
    else:
        name = f"massnahmen/{kennung}.yaml"
        geaendert, datei = {name: ("\n".join(zeilen(felder)) + "\n").encode()}, version.pfad / name
        werk = Werkstueck(neu[KONZEPT])
        if in_reihenfolge(werk, kennung, nachbar):
            geaendert[KONZEPT] = werk.fertig()
    _pruefen(
        Quelltext(version.quelle.anzeige, neu | geaendert, ordner=version.quelle.ordner), kennung, len(k.massnahmen)
    )
    for name, daten in geaendert.items():
        if name in neu:
            write_atomic(version.pfad / name if name else version.pfad, daten)
        else:
            create_file(version.pfad / name, daten)
    return Neu(kennung, datei)


def _gibt_es(k: Konzeptfassung, kennung: str | None, art: str) -> None:
    if kennung is None:
        return
    da = [o.id for a, o, _ in k.objekte() if a == art and isinstance(o, Objekt) and not getattr(o, "beendet", False)]
    if kennung not in da:
        wort = "Ein Handlungsfeld" if art == "handlungsfeld" else "Ein Teilziel"
        vorhanden_ = f"Vorhanden: {', '.join(da)}." if da else "Das Konzept hat noch keines."
        raise IhkError(f"{wort} „{kennung}“ gibt es nicht. {vorhanden_}")


# --------------------------------------------------------------------------- ids


def vergebene(version: Version, geschwister: Iterable[Version]) -> set[str]:
    """Every id that any Fassung of the concept has ever given, of whatever kind."""
    konzept = version.geladen.fassung.konzept.id
    ergebnis: set[str] = set()
    for andere in (version, *geschwister):
        try:
            baum = read_tree(andere.quelle)
        except IhkError:
            continue
        if baum.wurzel is None:  # it does not read, but what it names is taken all the same
            text = b"\n".join(andere.quelle.dateien.values()).decode("utf-8", errors="replace")
            ergebnis |= set(re.findall(r"\bid:[ ]*[\"']?([A-Za-z0-9._-]+)", text))
            continue
        kopf = baum.wurzel.get("konzept")
        if not version.im_projekt and not (isinstance(kopf, source.Mapping) and kopf.get("id") == konzept):
            continue
        ergebnis |= set(_kennungen(baum.wurzel))
    return ergebnis


def _kennungen(knoten: source.Mapping | source.Sequence | str) -> Iterator[str]:
    if isinstance(knoten, source.Mapping):
        if isinstance(kennung := knoten.get("id"), str):
            yield kennung
        for wert in knoten.values():
            yield from _kennungen(wert)
    elif isinstance(knoten, source.Sequence):
        for wert in knoten:
            yield from _kennungen(wert)


def naechste_kennung(eigene: list[str], alle: set[str]) -> str:
    """The next number in the scheme of most measures (``M07`` → ``M08``); ``M01`` if there is none."""
    muster = [t for kennung in eigene if (t := NUMMERIERT.fullmatch(kennung))]
    vorn = Counter(t[1] for t in muster).most_common(1)[0][0] if muster else "M"
    breite = min((len(t[2]) for t in muster if t[1] == vorn), default=2)
    belegt = {k.lower() for k in alle}
    zahlen = [int(t[2]) for k in alle if (t := NUMMERIERT.fullmatch(k)) and t[1].lower() == vorn.lower()]
    zahl = max(zahlen, default=0) + 1
    while (kennung := f"{vorn}{zahl:0{breite}}").lower() in belegt:
        zahl += 1
    return kennung


# --------------------------------------------------------------------------- place and text


def nachbar_von(k: Konzeptfassung, ort: str | None) -> str | None:
    """The measure behind which the new one stands: the last of its Handlungsfeld or Teilziel, else the last of all."""
    gleiche = [m.id for m in k.massnahmen if ort is not None and m.ort == ort]
    return next(iter(reversed(gleiche or [m.id for m in k.massnahmen])), None)


def _felder(kennung: str, titel: str, handlungsfeld: str | None, teilziele: tuple[str, ...]) -> dict[str, object]:
    felder: dict[str, object] = {"id": kennung, "titel": titel}
    if handlungsfeld:
        felder["handlungsfeld"] = handlungsfeld
    if teilziele:
        felder["teilziele"] = list(teilziele)
    felder["status"] = "idee"
    felder["unbekannt"] = {f: g for f, g in OFFEN.items() if f not in felder}
    return felder


class Fertig(str):
    """A value that stands in the text as it is: an amount, a day, a word of the format."""


def zeilen(felder: Mapping[str, object]) -> list[str]:
    """A record as a block. Records in lists, periods and the like stand in one line each, texts with several lines as a block."""
    ergebnis = []
    for feld, wert in felder.items():
        if isinstance(wert, dict) and feld in IN_EINER_ZEILE:
            ergebnis.append(f"{feld}: {geklammert(wert)}")
        elif isinstance(wert, dict):
            ergebnis += [f"{feld}:", *(f"  {z}" if z else "" for z in zeilen(wert))]
        elif isinstance(wert, list) and wert and isinstance(wert[0], dict):
            ergebnis += [f"{feld}:", *(f"  - {geklammert(x)}" for x in wert)]
        elif isinstance(wert, list):
            ergebnis.append(f"{feld}: {geklammert(wert)}")
        else:
            ergebnis += f"{feld}: {einzelwert(str(wert), fertig=isinstance(wert, Fertig))}".split("\n")
    return ergebnis


def einzelwert(text: str, *, fertig: bool = False, einzug: str = "  ") -> str:
    """A value behind its key: a text with several lines as a block, where that keeps it letter by letter."""
    if fertig:
        return text
    reihen = text.split("\n")
    blockfaehig = len(reihen) > 1 and not text.startswith((" ", "\n"))
    if blockfaehig and all(z.isprintable() and z == z.rstrip() for z in reihen) and reihen[-1]:
        return "\n".join(["|", *(f"{einzug}{z}" if z else "" for z in reihen)])
    return text_wert(text)


def geklammert(wert: object) -> str:
    """The record in one line, between braces."""
    if isinstance(wert, dict):
        return "{" + ", ".join(f"{k}: {geklammert(v)}" for k, v in wert.items()) + "}"
    if isinstance(wert, list):
        return "[" + ", ".join(map(geklammert, wert)) + "]"
    if isinstance(wert, Fertig) and "," not in wert:
        return str(wert)
    return text_wert(str(wert), flow=True)


def in_liste(werk: Werkstueck, neue: Sequence[Mapping[str, object]], nachbar: str | None) -> None:
    """Into the list of measures of the file, which is made if it is missing."""
    wurzel, liste = werk.wurzel, werk.wurzel.unter("massnahmen")
    in_klammern = ", ".join(geklammert(dict(f)) for f in neue)

    def untereinander(einzug: str) -> str:
        return "\n".join(_als_eintrag(f, einzug) for f in neue)

    if liste is not None and not liste.kinder:  # []
        anfang = liste.von - (werk.text[liste.von - 1] == " ")
        werk.ersetze(anfang, liste.bis, f" [{in_klammern}]" if wurzel.flow else "\n" + untereinander("  "))
        return
    if liste is None:
        if wurzel.flow:
            werk.setze(wurzel, "massnahmen", f"[{in_klammern}]", hinter=[p.name for p in wurzel.paare])
            return
        stelle_neu = _platz_der_liste(werk)
        werk.ersetze(stelle_neu, stelle_neu, "\n\nmassnahmen:\n" + untereinander("  "))
        return
    stelle = next((x for x in liste.kinder if x.text("id") == nachbar), liste.kinder[-1])
    if liste.flow:
        werk.ersetze(stelle.bis, stelle.bis, f", {in_klammern}")
        return
    ende = werk.zeilenende(stelle.bis)
    werk.ersetze(ende, ende, "\n" + untereinander(werk.einzug(liste.von)))


def _platz_der_liste(werk: Werkstueck) -> int:
    """Behind the sections that stand before measures; at the end of the file if nothing stands behind them."""
    rang = folge(Konzeptfassung)
    davor = [p for p in werk.wurzel.paare if rang.get(p.name, len(rang)) < rang["massnahmen"]]
    if davor and len(davor) < len(werk.wurzel.paare):
        return werk.zeilenende(max(p.bis for p in davor))
    if re.search(r"^(\.\.\.|---)", werk.text[werk.wurzel.bis :], re.MULTILINE):  # marks that end a YAML document
        return werk.zeilenende(werk.wurzel.bis)
    return len(werk.text.rstrip("\n"))


def _als_eintrag(felder: Mapping[str, object], einzug: str) -> str:
    erste, *weitere = zeilen(felder)
    return "\n".join([f"{einzug}- {erste}", *(f"{einzug}  {z}" if z else "" for z in weitere)])


def in_reihenfolge(werk: Werkstueck, kennung: str, nachbar: str | None) -> bool:
    """Behind its neighbour in ``reihenfolge``, if the concept has one."""
    liste: Knoten | None = werk.wurzel.unter("reihenfolge")
    if liste is None or not liste.kinder:
        return False
    stelle = next((x for x in liste.kinder if x.wert == nachbar), liste.kinder[-1])
    if liste.flow:
        werk.ersetze(stelle.bis, stelle.bis, f", {kennung}")
    else:
        ende = werk.zeilenende(stelle.bis)
        werk.ersetze(ende, ende, f"\n{werk.einzug(liste.von)}- {kennung}")
    return True


def _pruefen(neu: Quelltext, kennung: str, bisher: int) -> None:
    """The file still reads and has one measure more."""
    try:
        geladen = load(neu)
    except LoadError as fehler:
        raise IhkError(f"Der Titel lässt sich so nicht eintragen: {fehler.probleme[0].meldung}") from None
    if maengel := [p for p in geladen.probleme if p.schwere == "fehler"]:
        raise IhkError(f"Der Titel lässt sich so nicht eintragen: {maengel[0].meldung} {maengel[0].hinweis}".strip())
    assert len(geladen.fassung.massnahmen) == bisher + 1
    assert kennung in geladen.fassung.nach_id
