"""The command that reads tables: import."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from ihk.cli.grund import ihk
from ihk.problems import IhkError

_DATEI = click.Path(dir_okay=False, path_type=Path)


@ihk.command("import", options_metavar="[OPTIONEN]")
@click.argument("angaben", nargs=-1, metavar="[WAS] [TABELLE]")
@click.option(
    "--spalten", "zuordnung", type=_DATEI, metavar="DATEI", help="Welche Überschrift welches Feld füllt (YAML)."
)
@click.option("--blatt", default=None, metavar="NAME", help="Nur dieses Blatt der Arbeitsmappe lesen.")
@click.option(
    "--zeige-spalten", is_flag=True, help="Nur zeigen, welche Spalten erkannt werden, sonst eine Zuordnung vorschlagen."
)
@click.option("--vorschau", is_flag=True, help="Nur zeigen, was sich ändern würde; nichts schreiben.")
@click.option(
    "--partial", "teilweise", is_flag=True, help="Übernehmen, was in Ordnung ist, und den Rest nennen (Ende mit 1)."
)
@click.option(
    "--basis",
    default=None,
    metavar="STAND",
    help="Stand, aus dem die Tabelle ausgegeben wurde, wenn das Konzept inzwischen weiter ist.",
)
@click.option(
    "--vorlage",
    type=_DATEI,
    default=None,
    metavar="DATEI.xlsx",
    help="Statt zu lesen: eine leere Tabelle zum Ausfüllen schreiben.",
)
@click.pass_obj
def einlesen(
    projekt: Any,
    angaben: tuple[str, ...],
    zuordnung: Path | None,
    blatt: str | None,
    zeige_spalten: bool,
    vorschau: bool,
    teilweise: bool,
    basis: str | None,
    vorlage: Path | None,
) -> int:
    """Maßnahmen und Kosten aus einer Tabelle (XLSX oder CSV) in die Konzeptdatei übernehmen.

    WAS ist die Fassung, TABELLE eine Datei aus „ihk export“, die ausgefüllte Vorlage oder eine eigene Liste (mit
    --spalten). Gelesen wird, was in der Tabelle anders ist; was in ihr fehlt, bleibt im Konzept, wie es ist. Bei einem
    Fehler wird nichts geschrieben.
    """
    if vorlage is not None:
        return _vorlage(projekt, angaben, vorlage)
    if len(angaben) != 2:
        raise click.UsageError(
            "Es fehlt WAS oder TABELLE: ihk import musterstadt-ost@2028 liste.xlsx"
            if len(angaben) < 2
            else "Es sind zu viele Angaben: WAS und TABELLE genügen."
        )
    was, tabelle = angaben[0], Path(angaben[1])
    if zeige_spalten:
        return _zeige_spalten(projekt, was, tabelle, zuordnung, blatt)
    from ihk.project import anzeige, geschwister, resolve_one
    from ihk.revise.einlesen import einlesen as lies_ein
    from ihk.revise.einlesen import schreibe
    from ihk.revise.einlesen_bericht import befunde, bilanz
    from ihk.terminal.vergleich import aenderungen

    version = resolve_one(was, projekt)
    ergebnis = lies_ein(
        version, geschwister(version), tabelle, _zuordnung(zuordnung), blatt=blatt,
        basis=resolve_one(basis, projekt) if basis is not None else None, teilweise=teilweise,
    )  # fmt: skip
    click.echo(befunde(ergebnis), err=True, nl=False)
    schreiben = bool(ergebnis.dateien) and not vorschau
    if ergebnis.dateien:
        farbe = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        click.echo(aenderungen(ergebnis.satz, farbe=farbe), nl=False)
        click.echo()
    pfade = schreibe(ergebnis) if schreiben else []
    for pfad in pfade:
        click.echo(f"Geschrieben: {anzeige(pfad)}", err=True)
    click.echo(bilanz(ergebnis, geschrieben=schreiben), err=True, nl=False)
    return int(ergebnis.fehler)


def _zuordnung(datei: Path | None) -> Any:
    from ihk.reading.files import read_bytes
    from ihk.revise.spalten import lies_zuordnung

    return lies_zuordnung(read_bytes(datei), str(datei)) if datei is not None else None


def _zeige_spalten(projekt: Any, was: str, tabelle: Path, zuordnung: Path | None, blatt: str | None) -> int:
    """What is recognised; if nothing is, a mapping to save and correct (on stdout, so that it can be redirected)."""
    from ihk.project import anzeige, resolve_one
    from ihk.reading.tabellen import lies
    from ihk.revise.einlesen_bericht import spalten
    from ihk.revise.spalten import erkennbar, erkenne, vorschlag_zu

    k = resolve_one(was, projekt).geladen.fassung
    mappe = lies(tabelle, anzeige(tabelle))
    regeln = _zuordnung(zuordnung)
    if regeln is not None or erkennbar(mappe, k, blatt):
        click.echo(spalten(mappe.datei, erkenne(mappe, k, regeln, blatt)), nl=False)
        return 0
    click.echo(vorschlag_zu(mappe, blatt), nl=False)
    click.echo(
        f"Die Überschriften sind nicht die von ihk. Den Vorschlag prüfen, als Datei speichern (zum Beispiel spalten.yaml) und aufrufen: ihk import {was} {tabelle} --spalten spalten.yaml",
        err=True,
    )
    return 0


def _vorlage(projekt: Any, angaben: tuple[str, ...], ziel: Path) -> int:
    from ihk.project import anzeige, resolve_one
    from ihk.revise.tabellenvorlage import vorlage
    from ihk.write import create_file

    if len(angaben) > 1:
        raise click.UsageError("Mit --vorlage wird nichts gelesen; höchstens WAS gehört dazu.")
    if ziel.suffix.lower() != ".xlsx":
        raise IhkError(f"Die Vorlage ist eine Arbeitsmappe; „{ziel}“ müsste auf .xlsx enden.")
    k = resolve_one(angaben[0], projekt).geladen.fassung if angaben else None
    create_file(ziel, vorlage(k))
    was = angaben[0] if angaben else "WAS"
    click.echo(anzeige(ziel))
    click.echo(f"Ausfüllen, speichern und einlesen mit: ihk import {was} {ziel}", err=True)
    return 0
