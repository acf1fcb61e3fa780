"""Opens the next Fassung: the text of the newest one, with only the head, the reasons and the ended objects changed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ihk.diff import compare
from ihk.model import DAUERHAFT, Konzeptfassung
from ihk.model.bestandteile import Objekt
from ihk.model.load import Geladen, lade_streng, load
from ihk.model.types import Kennung
from ihk.problems import IhkError, LoadError
from ihk.project import Version, anzeige, version_at
from ihk.reading.files import KONZEPT, Quelltext, read_bytes
from ihk.reading.source import GROESSE
from ihk.reading.values import WertError, zeitpunkt
from ihk.revise.baum import Knoten
from ihk.revise.werkstueck import Werkstueck, text_wert
from ihk.seals import register
from ihk.write import create_file, create_folder

# What was said about the old Fassung itself; nothing of it may be printed as if it were said about the new one.
VERGANGEN = ("titel", "anlass", "beratungsfolge", "aenderungsantraege")
KOPF = ("art", "vorgaenger", "status")
GRUND = ("begruendung", "veranlasst_durch")
# Papers of the old Fassung: reasons of its changes, and what the council had to decide.
PAPIERE = ("aenderungen", "beschlussvorlage")
STAND = "# Noch der Stand der Vorfassung. Wenn die Angaben überarbeitet sind, hier den neuen Tag eintragen."
LISTEN = ("ziele", "handlungsfelder", "querschnittsaufgaben", "massnahmen", "indikatoren")


@dataclass(frozen=True, slots=True)
class Ende:
    """What the tombstone of an object keeps beside id and title."""

    nummer: str | None
    aufgegangen_in: bool
    """Its successors are named here alone: then they stay, because nobody else would know."""


def name_pruefen(name: str) -> str:
    """The name of a Fassung; raises ``IhkError`` if it cannot be one."""
    try:
        TypeAdapter(Kennung).validate_python(name)
    except ValidationError as fehler:
        grund = fehler.errors(include_url=False)[0]["ctx"]
        raise IhkError(f"{grund['meldung']} {grund['hinweis']}".strip()) from None
    if name.lower().endswith((".yaml", ".yml")):
        raise IhkError(f"„{name}“ ist ein Dateiname. Als Fassung „{name.rsplit('.', 1)[0]}“ angeben.")
    if name.lower() == KONZEPT.removesuffix(".yaml"):
        raise IhkError(f"„{name}“ kann keine Fassung heißen; {KONZEPT} ist der Name der Hauptdatei eines Ordners.")
    return name


def fortschreiben(version: Version, geschwister: tuple[Version, ...], als: str, stand: str | None = None) -> Version:
    """Write the Fassung ``als`` after ``version`` beside it and return it.

    ``geschwister`` are all Fassungen of the concept. Raises ``IhkError`` if it cannot be done, ``LoadError`` with all
    findings if the predecessor does not read; then nothing is written.
    """
    name_pruefen(als)
    if version.eingebettet is not None:
        raise IhkError("Ein PDF lässt sich nicht fortschreiben. Die Konzeptdatei angeben.")
    geladen = lade_streng(version.quelle)
    _frei(version, geschwister, geladen.fassung, als)
    if stand is not None:
        _stand_pruefen(stand, geladen.fassung)
    neu = ueberarbeitet(geladen, als, stand)
    _selbstpruefung(geladen, neu, als)
    ordner = version.pfad.parent
    if "" in neu:
        ziel = ordner / f"{als}.yaml"
        create_file(ziel, neu[""])
    else:
        ziel = ordner / als
        create_folder(ziel, _beiwerk(version.pfad, neu) | neu)
    return version_at(ziel)


def _frei(version: Version, geschwister: tuple[Version, ...], k: Konzeptfassung, als: str) -> None:
    ordner = version.pfad.parent
    vorhanden = {p.name.lower(): p.name for p in ordner.iterdir()}
    for name in (als, f"{als}.yaml"):
        if name.lower() in vorhanden:
            da = anzeige(ordner / vorhanden[name.lower()])
            raise IhkError(f"„{da}“ gibt es schon; überschrieben wird nichts. Einen anderen Namen wählen.")
    for andere in geschwister:
        try:
            g = andere.geladen.fassung
        except (LoadError, IhkError):
            continue
        if andere.pfad != version.pfad and g.konzept.id == k.konzept.id and g.fassung.vorgaenger == k.fassung.id:
            raise IhkError(
                f"Die Fassung {k.fassung.id} ist schon fortgeschrieben: {anzeige(andere.pfad)}. "
                "Die neueste Fassung fortschreiben; jede Fassung hat höchstens eine Nachfolgerin."
            )
        if als in (g.fassung.id, g.fassung.vorgaenger, *(o.beendet_in for o in _objekte(g))):
            raise IhkError(f"Eine Fassung „{als}“ hat dieses Konzept schon gehabt. Einen anderen Namen wählen.")
    if version.im_projekt and als in register(ordner).fassungen:
        raise IhkError(f"Eine Fassung „{als}“ ist schon versiegelt. Einen anderen Namen wählen.")


def _stand_pruefen(stand: str, k: Konzeptfassung) -> None:
    try:
        neu = zeitpunkt(stand)
    except WertError as fehler:
        raise IhkError(f"{fehler.meldung} {fehler.hinweis}".strip()) from None
    alt = k.fassung.stand
    if alt and neu.ende < alt.beginn:
        raise IhkError(f"Der Stand {stand} liegt vor dem der Fassung {k.fassung.id}. Einen späteren Tag angeben.")


def _objekte(k: Konzeptfassung) -> Iterator[Objekt]:
    return (o for art, o, _ in k.objekte() if art in DAUERHAFT and isinstance(o, Objekt))


def _enden(k: Konzeptfassung) -> dict[str, Ende]:
    """What ended in this Fassung, by id."""
    genannt = {(o.id, alt) for o in _objekte(k) for alt in o.hervorgegangen_aus}
    return {
        o.id: Ende(k.nummern.get(o.id), any((nach, o.id) not in genannt for nach in o.aufgegangen_in))
        for o in _objekte(k)
        if getattr(o, "beendet", False) and o.beendet_in is None
    }


def ueberarbeitet(alt: Geladen, als: str, stand: str | None = None) -> dict[str, bytes]:
    """The files of the next Fassung. Chapters are the same bytes."""
    fassung, enden = alt.fassung.fassung.id, _enden(alt.fassung)
    neu: dict[str, bytes] = {}
    for name, daten in alt.quelle.dateien.items():
        if name.endswith(".md"):
            neu[name] = daten
            continue
        werk = Werkstueck(daten, name)
        if name in ("", KONZEPT):
            _kopf(werk, als, fassung, stand)
            objekte = _in_listen(werk.wurzel)
        else:
            objekte = iter((werk.wurzel,))
        for objekt in objekte:
            if (ende := enden.get(objekt.text("id") or "")) is not None:
                _grabstein(werk, objekt, ende, fassung)
            else:
                werk.streiche(objekt, GRUND)
        neu[name] = werk.fertig()
    return neu


def _in_listen(wurzel: Knoten) -> Iterator[Knoten]:
    """All records that can end, wherever they stand in the main file."""
    for liste in LISTEN:
        for objekt in getattr(wurzel.unter(liste), "kinder", ()):
            yield objekt
            yield from getattr(objekt.unter("teilziele"), "kinder", ()) if liste == "ziele" else ()


def _kopf(werk: Werkstueck, als: str, fassung: str, stand: str | None) -> None:
    kopf = werk.wurzel.unter("fassung")
    assert kopf is not None, "a Fassung that reads has a head"
    werk.setze(kopf, "id", f'"{als}"')
    werk.setze(kopf, "art", "fortschreibung", hinter=("id",))
    werk.setze(kopf, "vorgaenger", f'"{fassung}"', hinter=("id", "art"))
    werk.setze(kopf, "status", "entwurf", hinter=("id", "art", "vorgaenger"))
    hinfaellig = {*KOPF, *VERGANGEN}
    if stand is not None:
        werk.setze(kopf, "stand", stand, hinter=("id", *KOPF))
        hinfaellig.add("stand")
    elif (paar := kopf.paar("stand")) is not None:
        _stand_vermerken(werk, kopf, paar.von)
    offen = kopf.unter("unbekannt")
    if stand is None and offen is not None and offen.paar("stand"):
        werk.setze(
            offen,
            "stand",
            text_wert(f"Noch nicht festgelegt; die Angaben sind die der Fassung {fassung}.", flow=offen.flow),
        )
    weg = set(VERGANGEN)
    for feld in ("unbekannt", "belege"):
        abschnitt = kopf.unter(feld)
        if abschnitt is None or abschnitt.art != "abbildung":
            continue
        if all(p.name in hinfaellig for p in abschnitt.paare):
            weg.add(feld)
        else:
            werk.streiche(abschnitt, hinfaellig)
    werk.streiche(kopf, weg)
    werk.streiche(werk.wurzel, PAPIERE)


def _stand_vermerken(werk: Werkstueck, kopf: Knoten, stand: int) -> None:
    """A line above: the day of the data stays until the author has looked through them."""
    paar = werk.wurzel.paar("fassung")
    assert paar is not None
    stelle = paar.von if kopf.flow else stand
    anfang = werk.zeilenanfang(stelle)
    if werk.text[anfang:stelle].strip() or (anfang and STAND in werk.text[werk.zeilenanfang(anfang - 1) : anfang]):
        return  # it stands behind something else in its line, or the note of the last time is still there
    werk.ersetze(anfang, anfang, f"{werk.einzug(stelle)}{STAND}\n")


def _grabstein(werk: Werkstueck, objekt: Knoten, ende: Ende, fassung: str) -> None:
    bleibt = {"id", "nummer", "titel", "status", *(("aufgegangen_in",) if ende.aufgegangen_in else ())}
    teilziele = objekt.unter("teilziele")
    if teilziele is not None and any(t.art == "abbildung" for t in teilziele.kinder):
        bleibt.add("teilziele")  # those of a goal are objects of their own; those of a measure are references
    if ende.nummer is not None and objekt.paar("nummer") is None:
        werk.setze(objekt, "nummer", f'"{ende.nummer}"', hinter=("id",))
    werk.setze(objekt, "status", "entfallen", hinter=("id", "nummer", "titel"))
    werk.setze(objekt, "beendet_in", f'"{fassung}"', hinter=("id", "nummer", "titel", "status"))
    werk.streiche(objekt, [p.name for p in objekt.paare if p.name not in bleibt])


def _beiwerk(ordner: Path, neu: Mapping[str, bytes]) -> dict[str, bytes]:
    """Pictures and whatever else lies in the folder; hidden files belong to editors and systems."""
    dateien: dict[str, bytes] = {}
    for wurzel, unterordner, namen in os.walk(ordner):
        unterordner[:] = sorted(u for u in unterordner if not u.startswith("."))
        for name in sorted(namen):
            pfad = Path(wurzel, name)
            drin = pfad.relative_to(ordner).as_posix()
            if name.startswith(".") or drin in neu:
                continue
            if not pfad.resolve().is_relative_to(ordner.resolve()):
                raise IhkError(
                    f"„{anzeige(pfad)}“ verweist auf eine Datei außerhalb des Ordners. Die Datei selbst hineinlegen."
                )
            dateien[drin] = read_bytes(pfad)
            if len(dateien[drin]) > GROESSE:
                raise IhkError(f"„{anzeige(pfad)}“ ist größer als 20 MB und lässt sich nicht mitnehmen.")
    return dateien


def _selbstpruefung(alt: Geladen, neu: Mapping[str, bytes], als: str) -> None:
    """Nothing but the head of the Fassung differs, no printed number and no comment is lost; else the program is wrong."""
    nachher = load(Quelltext(als, dict(neu), ordner=alt.quelle.ordner))
    satz = compare(alt, nachher)
    assert nachher.fehlerfrei, "the next Fassung does not read"
    assert {e.id for e in satz.eintraege} <= {"fassung"}, "the next Fassung differs"
    assert not satz.reihenfolge, "something changed its place"
    assert alt.fassung.nummern == nachher.fassung.nummern, "a printed number changed"
    for name, daten in alt.quelle.dateien.items():
        if not name.endswith(".md"):
            vorher = [k.text for k in Werkstueck(daten).kommentare]
            rest = [k.text for k in Werkstueck(neu[name]).kommentare]
            assert all(vorher.count(t) <= rest.count(t) for t in set(vorher)), "a comment is lost"
