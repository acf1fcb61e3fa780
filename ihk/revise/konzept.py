"""A first concept: a file that is valid at once, whose comments teach, with the Handlungsfelder that the Land gives."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from string import Template

from pydantic import TypeAdapter, ValidationError

from ihk.model.load import load
from ihk.model.types import Kennung
from ihk.problems import IhkError, LoadError
from ihk.project import CONCEPTS, Version, anzeige, version_at
from ihk.reading.files import Quelltext
from ihk.register import Land, laender
from ihk.revise.fortschreiben import name_pruefen
from ihk.revise.werkstueck import text_wert
from ihk.schema.editor import MODELINE
from ihk.write import create_file

VORLAGEN = Path(__file__).parent / "vorlagen"


@dataclass(frozen=True, slots=True)
class Angaben:
    """What the author said; what is None stands under ``unbekannt``."""

    name: str
    fassung: str
    titel: str | None = None
    kommune: str | None = None
    land: str | None = None
    gebiet: str | None = None
    programme: tuple[str, ...] = ()
    fiktiv: bool = False


def vorgabe(land: str | None) -> Land | None:
    """What the register says about a Land that gives Handlungsfelder, however its name is capitalised."""
    gefunden = (x for x in laender().values() if x.name.casefold() == (land or "").strip().casefold())
    return next((x for x in gefunden if x.handlungsfelder), None)


def titel_vorschlag(name: str, gebiet: str | None, kommune: str | None) -> str:
    """``Integriertes Handlungskonzept Musterstadt-Ost``"""
    wort = gebiet or kommune or "-".join(t[:1].upper() + t[1:] for t in name.split("-"))
    return f"Integriertes Handlungskonzept {wort}"


def neues_konzept(wurzel: Path, a: Angaben) -> Version:
    """Write ``concepts/<name>/<fassung>.yaml`` below ``wurzel``; raises ``IhkError`` if that cannot be done."""
    try:
        TypeAdapter(Kennung).validate_python(a.name)
    except ValidationError as fehler:
        grund = fehler.errors(include_url=False)[0]["ctx"]
        raise IhkError(f"{grund['meldung']} {grund['hinweis']}".strip()) from None
    name_pruefen(a.fassung)
    ordner = wurzel / CONCEPTS / a.name
    if ordner.parent.is_dir():
        for da in ordner.parent.iterdir():
            if da.name.lower() == a.name.lower() and (not da.is_dir() or any(da.iterdir())):
                weg = f" Die nächste Fassung öffnet: ihk fortschreiben {da.name} --als FASSUNG" if da.is_dir() else ""
                raise IhkError(f"„{anzeige(da)}“ gibt es schon; überschrieben wird nichts.{weg}")
    daten = text(a).encode()
    try:
        probleme = load(Quelltext(f"{a.fassung}.yaml", {"": daten})).probleme
    except LoadError as fehler:
        probleme = fehler.probleme
    if maengel := [p for p in probleme if p.schwere == "fehler"]:
        raise IhkError(f"Die Angaben ergeben kein gültiges Konzept: {maengel[0].meldung} {maengel[0].hinweis}".strip())
    ziel = ordner / f"{a.fassung}.yaml"
    create_file(ziel, daten)
    return version_at(ziel)


def text(a: Angaben) -> str:
    """The file."""
    land = vorgabe(a.land)
    vorlage = Template((VORLAGEN / "konzept.yaml").read_text(encoding="utf-8"))
    return MODELINE + vorlage.substitute(
        name=a.name,
        fassung=a.fassung,
        titel=text_wert(a.titel or titel_vorschlag(a.name, a.gebiet, a.kommune)),
        konzept=_konzept(a),
        handlungsfelder=_handlungsfelder(land),
        quellen=_quellen(land),
    )


def _konzept(a: Angaben) -> str:
    """The lines below the title of the concept."""
    zeilen = ["  fiktiv: ja                       # erfunden: steht auf dem Deckblatt, befreit von Quellen"] * a.fiktiv
    land = f", land: {text_wert(a.land, flow=True)}" if a.land else ""
    if a.kommune:
        zeilen.append(f"  kommune: {{name: {text_wert(a.kommune, flow=True)}{land}}}")
    zeilen.append("  gebiet:")
    if a.gebiet:
        zeilen.append(f"    name: {text_wert(a.gebiet)}")
    zeilen += [
        "    # flaeche_ha: 42,5             # die Zeile mit # ergänzen und ihren Eintrag unter „unbekannt“ löschen",
        "    # einwohner: 6.120",
        "    # stand: 31.12.2028            # Stichtag der beiden Zahlen",
        "    unbekannt:",
        *(["      name: Noch nicht eingetragen."] if not a.gebiet else []),
        "      flaeche_ha: Noch nicht eingetragen.",
        "      einwohner: Noch nicht eingetragen.",
    ]
    if a.programme:
        zeilen.append(f"  programme: [{', '.join(text_wert(p, flow=True) for p in a.programme)}]")
    offen = []
    if not a.kommune:
        in_land = f" Sie liegt im Land {a.land}." if a.land else ""
        offen.append(f"    kommune: {text_wert('Noch nicht eingetragen.' + in_land)}")
    if not a.programme:
        offen.append("    programme: Noch nicht eingetragen.")
    return "\n".join([*zeilen, *(["  unbekannt:", *offen] if offen else [])]) + "\n"


def _handlungsfelder(land: Land | None) -> str:
    if land is None:
        return (
            "# Handlungsfelder fassen Maßnahmen zusammen; sie bestimmen die gedruckten Nummern (1.1, 1.2 …).\n#\n"
            "# handlungsfelder:\n#   - {id: HF1, titel: Wohnen und Wohnumfeld}\n"
        )
    zeilen = [
        f"# Die Handlungsfelder des Landes {land.name}. Was das Konzept nicht braucht, jetzt löschen; die Titel dürfen geändert werden.",
        "handlungsfelder:",
    ]
    for nr, feld in enumerate(land.handlungsfelder, 1):
        titel = text_wert(feld, flow=True)
        # Named twice: a title may be changed later, what it is called in the Land stays.
        zeilen.append(f"  - {{id: HF{nr}, titel: {titel}, landes_handlungsfelder: [{titel}], belege: [Q1]}}")
    return "\n".join(zeilen) + "\n"


def _quellen(land: Land | None) -> str:
    if land is None:
        return "# quellen:\n#   - {id: Q1, titel: Statistisches Jahrbuch, jahr: 2029}"
    titel = text_wert(f"Nachhaltige Stadtentwicklung in {land.name}", flow=True)
    return f"quellen:\n  - {{id: Q1, titel: {titel}, url: {text_wert(land.handlungsfelder_quelle, flow=True)}}}"
