"""The command that shows everything live."""

from __future__ import annotations

from typing import Any

import click

from ihk.cli.grund import ihk
from ihk.problems import IhkError


@ihk.command(options_metavar="[OPTIONEN]")
@click.argument("was", nargs=-1, metavar="[WAS…]")
@click.option(
    "--port",
    default=8808,
    show_default=True,
    type=click.IntRange(0, 65535),
    metavar="N",
    help="Anschluss auf diesem Rechner; 0 nimmt einen freien.",
)
@click.option("--open", "oeffnen", is_flag=True, help="Die Seite im Browser öffnen.")
@click.option(
    "--editor",
    default="vscode",
    show_default=True,
    type=click.Choice(["vscode", "vscodium", "cursor", "zed", "idea", "textmate"]),
    metavar="NAME",
    help="Womit ein Klick auf einen Befund die Zeile öffnet: vscode, vscodium, cursor, zed, idea oder textmate.",
)
@click.pass_obj
def serve(projekt: Any, was: tuple[str, ...], port: int, oeffnen: bool, editor: str) -> int:
    """Berichte, Vergleich und Befunde im Browser zeigen, neu nach jedem Speichern.

    Nur auf diesem Rechner erreichbar. Strg-C beendet. Ohne WAS alle Fassungen des Projekts.
    """
    from ihk.serve.lauf import starte
    from ihk.serve.werkstatt import Werkstatt

    if projekt is None and not was:
        raise IhkError("Hier gibt es kein Projekt (keinen Ordner concepts/). Einen Pfad angeben oder --project ORDNER.")

    def melde(adresse: str) -> None:
        click.echo(f"Vorschau: {adresse} (Strg-C beendet)", err=True)
        if oeffnen:
            click.launch(adresse)

    starte(Werkstatt(projekt, was, editor), port, melde)
    return 0
