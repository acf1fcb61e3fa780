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
@click.pass_obj
def serve(projekt: Any, was: tuple[str, ...], port: int, oeffnen: bool) -> int:
    """Berichte, Vergleich und Befunde im Browser zeigen, neu nach jedem Speichern.

    Nur auf diesem Rechner erreichbar. Strg-C beendet.
    """
    from ihk.serve.lauf import starte

    if projekt is None:
        raise IhkError("Hier gibt es kein Projekt (keinen Ordner concepts/). --project ORDNER angeben.")

    def melde(adresse: str) -> None:
        click.echo(f"Vorschau: {adresse} (Strg-C beendet)", err=True)
        if oeffnen:
            click.launch(adresse)

    starte(projekt, was, port, melde)
    return 0
