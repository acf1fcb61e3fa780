"""The command about all Fassungen of a concept: history."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from typing import Any

import click

from ihk.cli.grund import IN_DATEI, ausgeben, ihk
from ihk.problems import IhkError

BREITE = 120
"""Characters of a line where there is no terminal."""


@ihk.command(options_metavar="[OPTIONEN]")
@click.argument("was", metavar="KONZEPT")
@click.argument("kennung", required=False, metavar="[ID]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html", "pdf"]),
    default="text",
    metavar="text|json|html|pdf",
    help="Form der Ausgabe; html und pdf zeigen den Verlauf als Bild.",
)
@IN_DATEI
@click.pass_obj
def history(projekt: Any, was: str, kennung: str | None, form: str, ziel: Path | None) -> int:
    """Zeigen, was aus Maßnahmen und Zielen über alle Fassungen geworden ist.

    Mit ID (M07, Z1, T3, I2 …) die Geschichte dieses einen, sonst alle. KONZEPT@FASSUNG endet bei dieser Fassung.
    """
    from ihk.history import auszug, folge, verlauf
    from ihk.project import resolve

    versionen = resolve(was, projekt)
    if len({v.pfad.parent for v in versionen}) > 1:
        raise IhkError(f"„{was}“ nennt mehrere Konzepte. Eines davon angeben.")
    kette = folge(versionen[-1])
    v = verlauf(kette)
    if kennung is not None:
        _bekannt(v, kennung)
        v = auszug(v, kennung)
    if form == "json":
        from ihk.export.daten import as_json
        from ihk.export.verlauf import verlauf as als_daten

        ausgeben(as_json(als_daten(v)), ziel)
    elif form == "text":
        from ihk.terminal.verlauf import geschichte, tabelle

        breite = shutil.get_terminal_size((BREITE, 24)).columns if ziel is None and sys.stdout.isatty() else BREITE
        ausgeben(tabelle(v, breite) if kennung is None else geschichte(v, kennung, breite), ziel)
    else:
        from ihk.build import verlauf as gesetzt

        fassungen = tuple(g.geladen for g in reversed(kette.glieder) if g.geladen)
        ausgeben(gesetzt(v, fassungen, form, projekt, kennung), ziel)
    return 0


def _bekannt(v: Any, kennung: str) -> None:
    """Raises ``IhkError`` with the nearest id if no Fassung has this one."""
    from ihk.model.types import naechster

    if v.bahn(kennung) is not None:
        return
    kennungen = list(dict.fromkeys(b.id for b in v.bahnen))
    ohne_nullen = {re.sub(r"(?<=\D)0+(?=\d)", "", k).lower(): k for k in kennungen}  # M7 is meant to be M07
    nah = ohne_nullen.get(re.sub(r"(?<=\D)0+(?=\d)", "", kennung).lower()) or naechster(kennung, kennungen)
    fassungen = ", ".join(f.id for f in v.fassungen if f.da)
    raise IhkError(
        f"„{kennung}“ kommt in keiner Fassung von „{v.konzept}“ vor ({fassungen})."
        + (f" Gemeint ist wohl „{nah}“." if nah else " „ihk history KONZEPT“ zeigt alle Kennungen.")
    )
