"""Commands that write concept files: new, fortschreiben, fmt."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from ihk.cli.grund import Gruppe, als_text, ihk, versionen_von
from ihk.problems import IhkError


@ihk.group(cls=Gruppe, options_metavar="[OPTIONEN]", subcommand_metavar="konzept|massnahme …")
def new() -> None:
    """Ein Konzept oder eine Maßnahme anlegen."""


@new.command("konzept", options_metavar="[OPTIONEN]")
@click.argument("name", metavar="NAME")
@click.option("--titel", default=None, metavar="TEXT", help="Titel des Konzepts.")
@click.option("--kommune", default=None, metavar="TEXT", help="Name der Kommune, zum Beispiel „Stadt Musterstadt“.")
@click.option("--land", default=None, metavar="LAND", help="Bundesland; für Hessen mit seinen zehn Handlungsfeldern.")
@click.option("--gebiet", default=None, metavar="TEXT", help="Name des Fördergebiets.")
@click.option("--programm", "programme", multiple=True, metavar="NAME", help="Förderprogramm; mehrfach möglich.")
@click.option("--fassung", default=None, metavar="FASSUNG", help="Name der ersten Fassung (sonst das laufende Jahr).")
@click.option("--fiktiv", is_flag=True, help="Ein erfundener Ort: befreit von Quellen, steht auf dem Deckblatt.")
@click.pass_obj
def new_konzept(
    projekt: Any,
    name: str,
    titel: str | None,
    kommune: str | None,
    land: str | None,
    gebiet: str | None,
    programme: tuple[str, ...],
    fassung: str | None,
    fiktiv: bool,
) -> int:
    """Ein erstes Konzept anlegen.

    Die Datei ist ohne Fehler und erklärt sich an jeder Stelle. NAME ist Ordner und Kennung, zum Beispiel musterstadt-ost. Was nicht angegeben ist, wird im Terminal gefragt und steht
    sonst als unbekannt in der Datei.
    """
    from datetime import date

    from ihk.project import anzeige
    from ihk.revise.konzept import Angaben, neues_konzept, titel_vorschlag
    from ihk.schema.editor import einrichten

    def frage(wort: str, wert: str | None, vorschlag: str = "") -> str | None:
        if wert is None and sys.stdin.isatty():
            wert = click.prompt(wort, default=vorschlag, show_default=bool(vorschlag), err=True)
        return (wert or "").strip() or vorschlag or None

    kommune = frage("Kommune (leer: noch unbekannt)", kommune)
    land = frage("Bundesland (leer: noch unbekannt)", land)
    gebiet = frage("Name des Gebiets (leer: noch unbekannt)", gebiet)
    als_text(*(w for w in (kommune, land, gebiet, titel) if w))
    titel = frage("Titel", titel, titel_vorschlag(name, gebiet, kommune))
    fassung = frage("Name der Fassung", fassung, str(date.today().year))
    wurzel = projekt.wurzel if projekt else Path.cwd()
    version = neues_konzept(
        wurzel, Angaben(name, fassung or "", titel, kommune, land, gebiet, tuple(programme), fiktiv)
    )
    click.echo(anzeige(version.pfad))
    for satz in einrichten(wurzel):
        click.echo(satz, err=True)
    click.echo(f'Weiter mit: ihk new massnahme {name} "Titel der Maßnahme"', err=True)
    return 0


@new.command("massnahme", options_metavar="[OPTIONEN]")
@click.argument("was", metavar="WAS")
@click.argument("titel", metavar="TITEL")
@click.option(
    "--handlungsfeld", default=None, metavar="ID", help="Kennung des Handlungsfelds; dort steht sie dann als letzte."
)
@click.option("--teilziel", "teilziele", multiple=True, metavar="ID", help="Kennung eines Teilziels; mehrfach möglich.")
@click.pass_obj
def new_massnahme(projekt: Any, was: str, titel: str, handlungsfeld: str | None, teilziele: tuple[str, ...]) -> int:
    """Eine Maßnahme anlegen.

    Sie bekommt die nächste freie Kennung und ihren Platz; alles andere in der Datei bleibt, wie es ist.
    """
    from ihk.project import anzeige, geschwister, resolve_one
    from ihk.revise.massnahme import neue_massnahme

    als_text(titel)
    version = resolve_one(was, projekt)
    neu = neue_massnahme(version, geschwister(version), titel, handlungsfeld, teilziele)
    click.echo(f"{neu.id} steht jetzt in {anzeige(neu.datei)}.")
    return 0


@ihk.command(options_metavar="[OPTIONEN]")
@click.argument("konzept", metavar="KONZEPT")
@click.option("--als", required=True, metavar="FASSUNG", help="Name der neuen Fassung, zum Beispiel 2029.")
@click.option(
    "--stand", default=None, metavar="TT.MM.JJJJ", help="Stand der neuen Fassung (sonst bleibt der alte stehen)."
)
@click.pass_obj
def fortschreiben(projekt: Any, konzept: str, als: str, stand: str | None) -> int:
    """Die nächste Fassung öffnen, mit allem, was weitergilt, und zeigen, was zu tun ist.

    Die Vorfassung bleibt, wie sie ist. Was in ihr endete, wird zum Grabstein; ihre Begründungen, ihr Anlass und ihre
    Beratungsfolge gehen nicht mit.
    """
    from ihk.faellig import der_fassung
    from ihk.project import anzeige, geschwister, resolve
    from ihk.revise.fortschreiben import fortschreiben as oeffne
    from ihk.terminal.status import als_text

    versionen = resolve(konzept, projekt)
    if len({v.pfad.parent for v in versionen}) > 1:
        raise IhkError(f"„{konzept}“ nennt mehrere Konzepte. Eines davon angeben.")
    neu = oeffne(versionen[-1], geschwister(versionen[-1]), als, stand)
    click.echo(anzeige(neu.pfad))
    click.echo()
    click.echo(als_text([der_fassung(neu)]), nl=False)
    return 0


@ihk.command(options_metavar="[OPTIONEN]")
@click.argument("was", nargs=-1, metavar="[WAS…]")
@click.option(
    "--check", "nur_pruefen", is_flag=True, help="Nichts schreiben; mit 1 enden, wenn sich etwas ändern würde."
)
@click.pass_obj
def fmt(projekt: Any, was: tuple[str, ...], nur_pruefen: bool) -> int:
    """Konzeptdateien in die übliche Form bringen, ohne einen Kommentar zu verlieren.

    Zahlen und Tage deutsch, Schlüssel in der Reihenfolge des Formats, keine Leerzeichen am Zeilenende. Texte bleiben,
    wie sie sind. Versiegelte Fassungen bleiben unberührt. Ohne WAS alle Dateien des Projekts.
    """
    from ihk.project import anzeige
    from ihk.revise.fmt import fassung
    from ihk.terminal.befunde import befund
    from ihk.write import write_atomic

    code = 0
    for version in versionen_von(was, projekt):
        ergebnis = fassung(version)
        if ergebnis.versiegelt:
            click.echo(f"{version.name} ist versiegelt und bleibt, wie sie ist.", err=True)
        for p in ergebnis.probleme:
            click.echo(befund(p), err=True)
        code = max(code, 2 if ergebnis.probleme else int(nur_pruefen and bool(ergebnis.geaendert)))
        for name, daten in ergebnis.geaendert.items():
            pfad = version.pfad / name if name else version.pfad
            if not nur_pruefen:
                write_atomic(pfad, daten)
            click.echo(anzeige(pfad))
    return code
