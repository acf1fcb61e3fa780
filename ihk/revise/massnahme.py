"""A new measure: the next free id of the concept, put in its place; no other byte of the file changes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ihk.model import Konzeptfassung
from ihk.model.bestandteile import Objekt
from ihk.model.load import lade_streng, load
from ihk.problems import IhkError, LoadError
from ihk.project import Version
from ihk.reading.files import KONZEPT, Quelltext, read_tree
from ihk.reading.source import Mapping, Sequence
from ihk.revise.baum import Knoten
from ihk.revise.ordnung import folge
from ihk.revise.werkstueck import Werkstueck, text_wert
from ihk.seals import vorhanden
from ihk.write import create_file, write_atomic

NUMMERIERT = re.compile(r"(.*?)([0-9]+)")
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


def neue_massnahme(
    version: Version,
    geschwister: tuple[Version, ...],
    titel: str,
    handlungsfeld: str | None = None,
    teilziele: tuple[str, ...] = (),
) -> Neu:
    """Add a measure to a Fassung; raises ``IhkError`` or ``LoadError`` if that cannot be done, then nothing is written."""
    if version.eingebettet is not None:
        raise IhkError("In ein PDF lässt sich nichts eintragen. Die Konzeptdatei angeben.")
    geladen = lade_streng(version.quelle)
    k = geladen.fassung
    fester = "versiegelt" if vorhanden(version) else "beschlossen" if k.fassung.beschlossen else None
    if fester:
        weg = f"ihk fortschreiben {version.konzept} --als FASSUNG" if version.im_projekt else "ihk fortschreiben"
        raise IhkError(f"{version.name} ist {fester} und bleibt, wie sie ist. Die nächste Fassung öffnet: {weg}")
    titel = " ".join(titel.split())
    if not titel:
        raise IhkError("Die Maßnahme braucht einen Titel.")
    _gibt_es(k, handlungsfeld, "handlungsfeld")
    for teilziel in teilziele:
        _gibt_es(k, teilziel, "teilziel")
    kennung = naechste_kennung([m.id for m in k.massnahmen], vergebene(version, geschwister))
    felder = _felder(kennung, titel, handlungsfeld, teilziele)
    nachbar = _nachbar(k, handlungsfeld or next(iter(teilziele), None))
    neu = dict(version.quelle.dateien)
    if "" in neu:
        werk = Werkstueck(neu[""])
        _in_liste(werk, felder, nachbar)
        geaendert, datei = {"": werk.fertig()}, version.pfad
    else:
        name = f"massnahmen/{kennung}.yaml"
        geaendert, datei = {name: ("\n".join(_zeilen(felder)) + "\n").encode()}, version.pfad / name
        werk = Werkstueck(neu[KONZEPT])
        if _in_reihenfolge(werk, kennung, nachbar):
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
        if not version.im_projekt and not (isinstance(kopf, Mapping) and kopf.get("id") == konzept):
            continue
        ergebnis |= set(_kennungen(baum.wurzel))
    return ergebnis


def _kennungen(knoten: Mapping | Sequence | str) -> Iterator[str]:
    if isinstance(knoten, Mapping):
        if isinstance(kennung := knoten.get("id"), str):
            yield kennung
        for wert in knoten.values():
            yield from _kennungen(wert)
    elif isinstance(knoten, Sequence):
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


def _nachbar(k: Konzeptfassung, ort: str | None) -> str | None:
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


def _zeilen(felder: dict[str, object]) -> list[str]:
    """The record as a block."""
    zeilen = []
    for feld, wert in felder.items():
        if isinstance(wert, dict):
            zeilen += [f"{feld}:", *(f"  {k}: {text_wert(v)}" for k, v in wert.items())]
        elif isinstance(wert, list):
            zeilen.append(f"{feld}: [{', '.join(text_wert(x, flow=True) for x in wert)}]")
        else:
            zeilen.append(f"{feld}: {text_wert(str(wert))}")
    return zeilen


def _geklammert(wert: object) -> str:
    """The record in one line, between braces."""
    if isinstance(wert, dict):
        return "{" + ", ".join(f"{k}: {_geklammert(v)}" for k, v in wert.items()) + "}"
    if isinstance(wert, list):
        return "[" + ", ".join(map(_geklammert, wert)) + "]"
    return text_wert(str(wert), flow=True)


def _in_liste(werk: Werkstueck, felder: dict[str, object], nachbar: str | None) -> None:
    """Into the list of measures of the file, which is made if it is missing."""
    wurzel, liste = werk.wurzel, werk.wurzel.unter("massnahmen")
    if liste is not None and not liste.kinder:  # []
        anfang = liste.von - (werk.text[liste.von - 1] == " ")
        werk.ersetze(
            anfang, liste.bis, f" [{_geklammert(felder)}]" if wurzel.flow else "\n" + _als_eintrag(felder, "  ")
        )
        return
    if liste is None:
        if wurzel.flow:
            werk.setze(wurzel, "massnahmen", f"[{_geklammert(felder)}]", hinter=[p.name for p in wurzel.paare])
            return
        stelle_neu = _platz_der_liste(werk)
        werk.ersetze(stelle_neu, stelle_neu, "\n\nmassnahmen:\n" + _als_eintrag(felder, "  "))
        return
    stelle = next((x for x in liste.kinder if x.text("id") == nachbar), liste.kinder[-1])
    if liste.flow:
        werk.ersetze(stelle.bis, stelle.bis, f", {_geklammert(felder)}")
        return
    ende = werk.zeilenende(stelle.bis)
    werk.ersetze(ende, ende, "\n" + _als_eintrag(felder, werk.einzug(liste.von)))


def _platz_der_liste(werk: Werkstueck) -> int:
    """Behind the sections that stand before measures; at the end of the file if nothing stands behind them."""
    rang = folge(Konzeptfassung)
    davor = [p for p in werk.wurzel.paare if rang.get(p.name, len(rang)) < rang["massnahmen"]]
    if davor and len(davor) < len(werk.wurzel.paare):
        return werk.zeilenende(max(p.bis for p in davor))
    if re.search(r"^(\.\.\.|---)", werk.text[werk.wurzel.bis :], re.MULTILINE):  # marks that end a YAML document
        return werk.zeilenende(werk.wurzel.bis)
    return len(werk.text.rstrip("\n"))


def _als_eintrag(felder: dict[str, object], einzug: str) -> str:
    zeilen = _zeilen(felder)
    return "\n".join([f"{einzug}- {zeilen[0]}", *(f"{einzug}  {z}" for z in zeilen[1:])])


def _in_reihenfolge(werk: Werkstueck, kennung: str, nachbar: str | None) -> bool:
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
