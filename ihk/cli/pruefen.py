"""Commands that look and say: check, status, seal, verify, doctor."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from ihk import __version__
from ihk.cli.grund import IN_DATEI, REGELN_OPTION, ausgeben, endcode, ihk, versionen_von
from ihk.problems import IhkError, geordnet


@ihk.command(options_metavar="[OPTIONEN]")
@click.argument("was", nargs=-1, metavar="[WAS…]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    metavar="text|json|sarif",
    help="Form der Ausgabe; sarif lesen Editoren und Prüfdienste.",
)
@REGELN_OPTION
@click.option("--strict", "streng", is_flag=True, help="Warnungen zählen als Fehler.")
@click.pass_obj
def check(projekt: Any, was: tuple[str, ...], form: str, regeln: str | None, streng: bool) -> int:
    """Alle Befunde auf einmal zeigen."""
    from ihk.checks import check as pruefe
    from ihk.checks import siegel
    from ihk.terminal.befunde import befund, bilanz, stelle

    versionen = versionen_von(was, projekt)
    verlorene = () if was else siegel.des_projekts(projekt)
    probleme = geordnet((*(p for v in versionen for p in pruefe(v, regeln)), *verlorene))
    if form == "json":
        from ihk.export.befunde import befunde
        from ihk.export.daten import as_json

        click.echo(as_json(befunde(probleme, [v.name for v in versionen])), nl=False)
    elif form == "sarif":
        from ihk.export.daten import as_json
        from ihk.export.sarif import sarif

        click.echo(as_json(sarif(probleme)), nl=False)
    else:
        zeigen = sys.stdout.isatty()
        for p in probleme:
            click.echo(befund(p))
            if zeigen:
                click.echo(stelle(p.ort), nl=False)
        if zeigen and probleme:
            click.echo(f"Was ein Code bedeutet: ihk explain {probleme[0].code}", err=True)
    click.echo(bilanz(probleme, len(versionen)), err=True)
    return endcode(probleme, streng=streng)


@ihk.command("schema", options_metavar="[OPTIONEN]")
@click.option(
    "--art",
    type=click.Choice(["konzept", "massnahme", "aenderungen"]),
    default="konzept",
    metavar="konzept|massnahme|aenderungen",
    help="Für eine Konzeptdatei (auch konzept.yaml), für eine Datei unter massnahmen/ oder für aenderungen.json.",
)
@IN_DATEI
def schema_(art: str, ziel: Path | None) -> int:
    """Das Format als JSON-Schema ausgeben, damit ein Editor Schlüssel vorschlägt, erklärt und prüft."""
    from ihk.export.aenderungen import schema as schema_der_aenderungen
    from ihk.schema import schema
    from ihk.schema.editor import als_json

    ausgeben(als_json(schema_der_aenderungen() if art == "aenderungen" else schema(art)).decode(), ziel)
    return 0


@ihk.command(options_metavar="[OPTIONEN]")
@click.argument("code", required=False, metavar="[CODE]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    metavar="text|markdown|json",
    help="Form der Ausgabe.",
)
def explain(code: str | None, form: str) -> int:
    """Einen Code erklären: was er bedeutet, warum, wie es falsch und wie es richtig ist.

    Ohne CODE alle mit einer Zeile.
    """
    from dataclasses import asdict

    from ihk.erklaerung import erklaerung, erklaerungen
    from ihk.model.types import naechster
    from ihk.terminal.erklaerung import als_markdown, als_text, liste, seite

    nah = naechster(code.upper(), list(erklaerungen())) if code else None
    gemeint = [erklaerung(code, [nah] if nah else [])] if code else list(erklaerungen().values())
    if form == "json":
        from ihk.export.daten import as_json

        click.echo(as_json({"schema": "ihk-regeln/1", "regeln": [asdict(e) for e in gemeint]}), nl=False)
    elif form == "markdown":
        click.echo(als_markdown(gemeint) if code else seite(gemeint), nl=False)
    else:
        click.echo(als_text(gemeint[0]) if code else liste(gemeint), nl=False)
    return 0


@ihk.command(options_metavar="[OPTIONEN]")
@click.argument("was", nargs=-1, metavar="[WAS…]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "html", "json"]),
    default="text",
    metavar="text|markdown|html|json",
    help="Form der Ausgabe.",
)
@click.option("--am", default=None, metavar="TT.MM.JJJJ", help="Stichtag (sonst der Stand der Fassung).")
@IN_DATEI
@click.pass_obj
def status(projekt: Any, was: tuple[str, ...], form: str, am: str | None, ziel: Path | None) -> int:
    """Zeigen, was zu tun ist: Überholtes, Überfälliges, Fehlendes.

    Ohne WAS die neueste Fassung jedes Konzepts.
    """
    from ihk.faellig import der_fassung
    from ihk.project import kette, resolve_one
    from ihk.reading.values import WertError, datum

    try:
        tag = datum(am) if am is not None else None
    except WertError as fehler:
        raise IhkError(f"{fehler.meldung} {fehler.hinweis}") from None
    if was:
        versionen = tuple({v.pfad: v for v in (resolve_one(wort, projekt) for wort in was)}.values())
    else:
        alle = versionen_von((), projekt)
        versionen = tuple(kette(projekt.fassungen(k))[-1] for k in dict.fromkeys(v.konzept for v in alle))
    listen = [der_fassung(v, tag) for v in versionen]
    if form == "json":
        from ihk.export.daten import as_json
        from ihk.export.status import status as als_daten

        ausgeben(as_json(als_daten(listen)), ziel)
    elif form == "html":
        from ihk.report.render import status_html

        vorlagen = projekt.vorlagen if projekt else None
        ausgeben(status_html(listen, vorlagen=vorlagen, ihk_version=__version__), ziel)
    else:
        from ihk.terminal import status as zeilen

        ausgeben(zeilen.als_text(listen) if form == "text" else zeilen.als_markdown(listen), ziel)
    return 0


@ihk.command(options_metavar="[OPTIONEN]")
@click.argument("was", nargs=-1, metavar="[WAS…]")
@click.option("--check", "nur_pruefen", is_flag=True, help="Nichts schreiben, nur alle Siegel prüfen.")
@click.option(
    "--neu",
    is_flag=True,
    help="Ein gebrochenes Siegel mit Absicht ersetzen, etwa nach einem Tippfehler, dessen Berichtigung das Gremium zugestimmt hat.",
)
@click.pass_obj
def seal(projekt: Any, was: tuple[str, ...], nur_pruefen: bool, neu: bool) -> int:
    """Beschlossene Fassungen versiegeln: Wer sie danach ändert, bekommt einen Fehler.

    Ohne WAS alle beschlossenen Fassungen des Projekts, die noch kein Siegel haben.
    """
    from ihk.checks import check as pruefe
    from ihk.seals import versiegeln
    from ihk.terminal.siegel import abgelehnt, erledigt

    if neu and (nur_pruefen or not was):
        raise click.UsageError("--neu ersetzt Siegel nur für Fassungen, die genannt sind, und nicht mit --check.")
    versionen = versionen_von(was, projekt)
    if nur_pruefen:
        return _siegel_pruefen(versionen, None if was else projekt)
    faellige = _zu_versiegeln(versionen, was, projekt)
    if not faellige:
        click.echo("Keine Fassung ist beschlossen; es gibt nichts zu versiegeln.", err=True)
    code = 0
    for version in faellige:
        vorgang = versiegeln(version, pruefe(version), neu=neu)
        for zeile in erledigt(vorgang):
            click.echo(zeile)
        for zeile in abgelehnt(vorgang):
            click.echo(zeile, err=True)
        code |= vorgang.ausgang == "abgelehnt"
    return int(code)


def _zu_versiegeln(versionen: Sequence[Any], was: Sequence[str], projekt: Any) -> list[Any]:
    """A Fassung that a word names alone, whatever its state; of a whole concept or project what seals concern."""
    from ihk.project import resolve
    from ihk.seals import betroffen

    gruppen = (resolve(wort, projekt) for wort in was)
    einzeln = {gruppe[0].pfad for gruppe in gruppen if len(gruppe) == 1}
    return [v for v in versionen if v.pfad in einzeln or betroffen(v)]


def _siegel_pruefen(versionen: Sequence[Any], projekt: Any) -> int:
    """Show the findings about seals alone; with a project also those of concepts without any Fassung left."""
    from ihk.checks import siegel
    from ihk.terminal.befunde import befund
    from ihk.terminal.siegel import bilanz

    verlorene = siegel.des_projekts(projekt) if projekt else ()
    probleme = geordnet((*(p for v in versionen for p in siegel.der_fassung(v)), *verlorene))
    for p in probleme:
        click.echo(befund(p))
    click.echo(bilanz(versionen, probleme), err=True)
    return endcode(probleme)


@ihk.command(options_metavar="[OPTIONEN]")
@click.argument("pdf", type=click.Path(path_type=Path), metavar="DATEI.pdf")
@click.option(
    "--against",
    "gegen",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="ORDNER",
    help="Mit den Fassungen in diesem Projekt oder concepts-Ordner vergleichen (sonst mit denen des Projekts hier).",
)
@click.pass_obj
def verify(projekt: Any, pdf: Path, gegen: Path | None) -> int:
    """Sagen, aus welcher Quelle ein PDF gemacht ist und ob es unverändert ist."""
    from ihk.project import CONCEPTS, Projekt
    from ihk.verify import verify as pruefe

    if gegen is not None:
        wurzel = gegen.parent if gegen.resolve().name == CONCEPTS else gegen
        if not (wurzel.resolve() / CONCEPTS).is_dir():
            raise IhkError(f"In „{gegen}“ gibt es keinen Ordner {CONCEPTS}/.")
        projekt = Projekt(wurzel.resolve())
    pruefung = pruefe(pdf, projekt, muss_da_sein=gegen is not None)
    for gut, satz in pruefung.zeilen:
        click.echo(f"{ {True: 'gut   ', False: 'FEHLER', None: '      '}[gut] }  {satz}")
    return 0 if pruefung.gut else 1


@ihk.command(options_metavar="[OPTIONEN]")
@click.pass_obj
def doctor(projekt: Any) -> int:
    """Sagen, was auf diesem Rechner fehlt."""
    from ihk.doctor import untersuche

    befunde = untersuche(projekt)
    for b in befunde:
        click.echo(f"{'ok   ' if b.gut else 'FEHLT'}  {b.was}: {b.stand}" + (f"  → {b.hinweis}" if b.hinweis else ""))
    return 0 if all(b.gut for b in befunde) else 2
