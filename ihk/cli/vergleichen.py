"""Commands about two or more states: diff, merge, git-setup."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from ihk.cli.grund import IN_DATEI, ausfuehren, ausgeben, ihk, streng_geladen
from ihk.problems import IhkError


@ihk.command(options_metavar="[OPTIONEN]")
@click.argument("staende", nargs=-1, metavar="ALT NEU")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "html", "pdf", "json", "json-patch"]),
    default="text",
    metavar="text|html|pdf|json|json-patch",
    help="Form der Ausgabe; json-patch (RFC 6902) macht aus einer daten.json die andere.",
)
@click.option(
    "--weight",
    "gewicht",
    type=click.Choice(["wesentlich", "einfach", "redaktionell"]),
    default="redaktionell",
    metavar="GEWICHT",
    help="Nur Änderungen ab diesem Gewicht: wesentlich, einfach, redaktionell. Nicht für json-patch.",
)
@IN_DATEI
@click.option("--exit-code", "mit_code", is_flag=True, help="Mit 1 enden, wenn es Unterschiede gibt.")
@click.option(
    "--embed-sources", "mit_quellen", is_flag=True, help="Beide Konzeptdateien in das PDF einbetten (PDF/A-3a)."
)
@click.option("--driver", "als_treiber", is_flag=True, hidden=True, help="So ruft git den Vergleich auf.")
@click.pass_obj
def diff(
    projekt: Any,
    staende: tuple[str, ...],
    form: str,
    gewicht: Any,
    ziel: Path | None,
    mit_code: bool,
    mit_quellen: bool,
    als_treiber: bool,
) -> int:
    """Zeigen, was sich von ALT zu NEU geändert hat.

    ALT und NEU können auch PDFs sein, in die ihre Konzeptdatei eingebettet ist, oder Stände im Git: HEAD~1:PFAD.
    „ihk diff v1..v2 PFAD“ vergleicht denselben Pfad in zwei Ständen.
    """
    from ihk.diff import compare
    from ihk.diff.changeset import RANG
    from ihk.project import resolve_one

    if als_treiber:
        return _diff_treiber(staende)
    alt, neu = _alt_und_neu(staende)
    if form == "json-patch" and gewicht != "redaktionell":
        raise click.UsageError(
            "--weight passt nicht zu json-patch: Ein Patch, dem Änderungen fehlen, ergibt nicht die neue daten.json."
        )
    a, n = (streng_geladen(resolve_one(w, projekt)) for w in (alt, neu))
    satz = compare(a, n)
    if form == "json-patch":
        from ihk.export.daten import daten
        from ihk.export.patch import as_text, patch

        ausgeben(as_text(patch(daten(a), daten(n))), ziel)
    elif form == "json":
        from ihk.export.aenderungen import aenderungen
        from ihk.export.daten import as_json

        ausgeben(as_json(aenderungen(satz, gewicht)), ziel)
    elif form == "text":
        from ihk.terminal.vergleich import aenderungen as als_text

        farbe = ziel is None and sys.stdout.isatty() and "NO_COLOR" not in os.environ
        ausgeben(als_text(satz, gewicht, farbe=farbe), ziel)
    else:
        from ihk.build import synopse

        ausgeben(synopse(satz, a, n, form, projekt, gewicht, mit_quellen=mit_quellen), ziel)
    return int(mit_code and any(RANG[e.gewicht] >= RANG[gewicht] for e in satz.eintraege))


def _diff_treiber(angaben: tuple[str, ...]) -> int:
    """What git calls: path, old file, its hash and mode, new file, its hash and mode; the path alone if unmerged."""
    from ihk.driver import zeige

    if len(angaben) < 7:
        click.echo(f"ihk diff {angaben[0] if angaben else ''}: noch nicht zusammengeführt")
    else:
        click.echo(zeige(angaben[0], Path(angaben[1]), Path(angaben[4])), nl=False)
    return 0


def _alt_und_neu(staende: tuple[str, ...]) -> tuple[str, str]:
    """The two sides of a comparison: ``ALT NEU`` or ``REV1..REV2 PFAD``."""
    from ihk.revisions import bereich

    enden = bereich(staende[0]) if staende else None
    if enden is not None and len(staende) == 1:
        raise click.UsageError(f"Nach „{staende[0]}“ fehlt der Pfad oder das Konzept, das verglichen wird.")
    if len(staende) < 2:
        raise click.UsageError(f"Es fehlt {'NEU' if staende else 'ALT'}.")
    if len(staende) > 2:
        raise click.UsageError("Es sind zu viele Angaben: Verglichen werden genau zwei Stände.")
    alt, neu = staende
    if enden is not None:
        return f"{enden[0]}:{neu}", f"{enden[1]}:{neu}"
    return alt, neu


@ihk.command(options_metavar="[OPTIONEN]")
@click.argument("basis", metavar="BASIS")
@click.argument("unsere", metavar="UNSERE")
@click.argument("ihre", metavar="IHRE")
@IN_DATEI
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    metavar="text|json",
    help="Form, in der Konflikte gemeldet werden.",
)
@click.option(
    "--path", "pfad", default=None, metavar="PFAD", help="Wie die Datei im Projekt heißt, wenn nicht wie UNSERE."
)
@click.option("--driver", "als_treiber", is_flag=True, help="So ruft git es auf: schreibt nach UNSERE.")
@click.pass_obj
def merge(
    projekt: Any, basis: str, unsere: str, ihre: str, ziel: Path | None, form: str, pfad: str | None, als_treiber: bool
) -> int:
    """Zwei Bearbeitungen einer Datei zusammenführen, Feld für Feld nach Kennungen.

    BASIS ist der gemeinsame Ausgangsstand. Was beide verschieden geändert haben, steht danach mit beiden Angaben in der
    Datei; das Ende ist dann 1.
    """
    if not als_treiber:
        return _zusammenfuehren(projekt, (basis, unsere, ihre), ziel, form, pfad)
    if ziel is not None or form != "text":
        raise click.UsageError(
            "--driver schreibt nach UNSERE und meldet Konflikte als Text; -o und --format passen nicht dazu."
        )
    from ihk.driver import GESCHEITERT

    # Only 0 and 1 may leave UNSERE as the result; everything else has to stop git.
    code = ausfuehren(lambda: _zusammenfuehren(projekt, (basis, unsere, ihre), Path(unsere), form, pfad))
    if code <= 1:
        return code
    click.echo(
        f"„{pfad or unsere}“ ist nicht zusammengeführt und steht da wie zuvor, ohne die Änderungen der anderen Seite. "
        "Erst berichtigen, dann „ihk merge“ mit den drei Ständen aufrufen; „git add“ allein verlöre sie.",
        err=True,
    )
    return GESCHEITERT


def _zusammenfuehren(
    projekt: Any, dateien: tuple[str, str, str], ziel: Path | None, form: str, pfad: str | None
) -> int:
    from ihk.export.daten import as_json
    from ihk.project import einzeldatei
    from ihk.revise.merge import Eingabe, als_json
    from ihk.revise.merge import merge as fuehre_zusammen
    from ihk.revise.merge_report import bilanz, konflikt

    if form == "json" and ziel is None:
        raise click.UsageError("Mit --format json braucht die zusammengeführte Datei ein Ziel: -o DATEI.")
    eingaben = [Eingabe(*einzeldatei(d, projekt)) for d in dateien]
    if pfad is not None:  # git gives the three states as files with made-up names
        staende = ("gemeinsamer Stand", "unser Stand", "ihr Stand")
        eingaben = [Eingabe(f"{pfad} ({s})", e.daten) for s, e in zip(staende, eingaben, strict=True)]
    z = fuehre_zusammen(*eingaben, name=pfad)
    ausgeben(z.daten.decode() if ziel is None else z.daten, ziel)
    if form == "json":
        click.echo(as_json(als_json(z)), nl=False)
    for k in z.konflikte:
        click.echo(konflikt(k), err=True)
    click.echo(bilanz(z, pfad or str(ziel or dateien[1])), err=True)
    return int(bool(z.konflikte))


@ihk.command("git-setup", options_metavar="[OPTIONEN]")
@click.option("--remove", "entfernen", is_flag=True, help="Genau diese Einträge wieder herausnehmen.")
@click.pass_obj
def git_setup(projekt: Any, entfernen: bool) -> int:
    """Git in diesem einen Repositorium beibringen, Konzepte nach Kennungen zu vergleichen und zusammenzuführen."""
    from ihk import driver

    if projekt is None:
        raise IhkError("Hier gibt es kein Projekt (keinen Ordner concepts/). --project ORDNER angeben.")
    for satz in driver.entfernen(projekt) if entfernen else driver.einrichten(projekt):
        click.echo(satz)
    return 0
