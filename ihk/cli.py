"""The command line: parse, call, print, exit code. Everything else lives elsewhere."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click

from ihk import __version__
from ihk.problems import REGELN, IhkError, LoadError, Problem, geordnet

IN_DATEI = click.option(
    "-o",
    "--output",
    "ziel",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="DATEI",
    help="In diese Datei statt ins Terminal.",
)
REGELN_OPTION = click.option(
    "--rules",
    "regeln",
    default=None,
    metavar="NAME",
    help="Nach einem Regelwerk gewichten: rat, foerderstelle oder nrw-antrag.",
)
HILFE = {"help_option_names": ["-h", "--help"]}


class _Hilfe(click.HelpFormatter):
    """Help in German: click writes its headings in English."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or "Aufruf: ")

    def write_heading(self, heading: str) -> None:
        super().write_heading({"Options": "Optionen", "Commands": "Befehle"}.get(heading, heading))


class _Kontext(click.Context):
    formatter_class = _Hilfe


class _DeutscheHilfe(click.Command):
    context_class = _Kontext

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Diese Hilfe zeigen."
        return option


class _Gruppe(_DeutscheHilfe, click.Group):
    command_class = _DeutscheHilfe

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        name = args[0] if args else ""
        if name and not name.startswith("-") and self.get_command(ctx, name) is None:
            from ihk.model.types import naechster

            nah = naechster(name, self.list_commands(ctx))
            raise click.UsageError(
                f"Den Befehl „{name}“ gibt es nicht.{f' Gemeint ist wohl „{nah}“.' if nah else ''}", ctx
            )
        return super().resolve_command(ctx, args)


@click.group(cls=_Gruppe, context_settings=HILFE, options_metavar="[OPTIONEN]", subcommand_metavar="BEFEHL …")
@click.option(
    "--project",
    "projekt",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="ORDNER",
    help="Projektordner mit concepts/ (sonst der nächste aufwärts).",
)
@click.version_option(__version__, message="ihk %(version)s", help="Die Version zeigen.")
@click.pass_context
def ihk(ctx: click.Context, projekt: Path | None) -> None:
    """Integrierte Handlungskonzepte prüfen, als PDF und HTML setzen und ihre Fortschreibungen vergleichen.

    WAS ist ein Konzept (voelklingen), eine Fassung (voelklingen@2012) oder ein Pfad.
    """
    from ihk.project import CONCEPTS, Projekt, find_project

    if projekt is None:
        ctx.obj = find_project(Path.cwd())
        return
    if not (projekt / CONCEPTS).is_dir() and ctx.invoked_subcommand != "new":  # which makes that folder
        raise IhkError(f"In „{projekt}“ gibt es keinen Ordner {CONCEPTS}/.")
    ctx.obj = Projekt(projekt.resolve())


def _versionen(was: Sequence[str], projekt: Any) -> tuple[Any, ...]:
    """What the words name, each Fassung once; without words all of the project."""
    from ihk.project import alle, resolve

    if was:
        gefunden = [v for wort in was for v in resolve(wort, projekt)]
        return tuple({v.pfad: v for v in gefunden}.values())
    if projekt is None:
        raise IhkError("Hier gibt es kein Projekt (keinen Ordner concepts/). Einen Pfad angeben oder --project ORDNER.")
    versionen = alle(projekt)
    if not versionen:
        raise IhkError(f"In „{projekt.wurzel / 'concepts'}“ liegt noch kein Konzept.")
    return versionen


def _ausgabe(text: str | bytes, ziel: Path | None) -> None:
    """To ``-o`` (atomically) or to stdout."""
    from ihk.write import write_atomic

    if ziel is not None:
        write_atomic(ziel, text.encode() if isinstance(text, str) else text)
    elif isinstance(text, str):
        click.echo(text, nl=False)
    elif sys.stdout.isatty():
        raise IhkError("Diese Ausgabe ist kein Text und lässt sich nicht im Terminal zeigen. Mit -o DATEI schreiben.")
    else:
        sys.stdout.buffer.write(text)


def _code(probleme: Sequence[Problem], *, streng: bool = False) -> int:
    if any(REGELN[p.code].grenze for p in probleme):
        return 2
    return int(any(p.schwere == "fehler" or (streng and p.schwere == "warnung") for p in probleme))


@ihk.command(options_metavar="[OPTIONEN]")
@click.argument("was", nargs=-1, metavar="[WAS…]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    metavar="text|json",
    help="Form der Ausgabe.",
)
@REGELN_OPTION
@click.option("--strict", "streng", is_flag=True, help="Warnungen zählen als Fehler.")
@click.pass_obj
def check(projekt: Any, was: tuple[str, ...], form: str, regeln: str | None, streng: bool) -> int:
    """Alle Befunde auf einmal zeigen."""
    from ihk.checks import check as pruefe
    from ihk.checks import siegel
    from ihk.terminal.befunde import befund, bilanz

    versionen = _versionen(was, projekt)
    verlorene = () if was else siegel.des_projekts(projekt)
    probleme = geordnet((*(p for v in versionen for p in pruefe(v, regeln)), *verlorene))
    if form == "json":
        from ihk.export.befunde import befunde
        from ihk.export.daten import as_json

        click.echo(as_json(befunde(probleme, [v.name for v in versionen])), nl=False)
    else:
        for p in probleme:
            click.echo(befund(p))
    click.echo(bilanz(probleme, len(versionen)), err=True)
    return _code(probleme, streng=streng)


@ihk.command(options_metavar="[OPTIONEN]")
@click.argument("was", nargs=-1, metavar="[WAS…]")
@click.option(
    "-o",
    "--output",
    "ziel",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="ORDNER",
    help="Zielordner (sonst build/ im Projekt).",
)
@click.option(
    "--report",
    "berichte",
    multiple=True,
    metavar="NAME",
    help="Diesen Bericht: bericht, kurzfassung, antrag, steckbriefe, sachstand, beschlussvorlage, synopse oder all.",
)
@click.option(
    "--only",
    "nur",
    multiple=True,
    metavar="FELD=WERT",
    help="Ein Auszug nur mit diesen Maßnahmen, etwa handlungsfeld=HF2.",
)
@REGELN_OPTION
@click.option(
    "--jobs",
    "jobs",
    type=click.IntRange(1),
    default=None,
    metavar="N",
    help="Zahl der Prozesse (sonst so viele wie Kerne).",
)
@click.option("--strict", "streng", is_flag=True, help="Warnungen zählen als Fehler.")
@click.option("--force", "alles", is_flag=True, help="Auch neu setzen, was aktuell oder beschlossen ist.")
@click.option(
    "--embed-sources", "mit_quellen", is_flag=True, help="Die Konzeptdateien in die PDFs einbetten (PDF/A-3a)."
)
@click.pass_obj
def build(
    projekt: Any,
    was: tuple[str, ...],
    ziel: Path | None,
    berichte: tuple[str, ...],
    nur: tuple[str, ...],
    regeln: str | None,
    jobs: int | None,
    streng: bool,
    alles: bool,
    mit_quellen: bool,
) -> int:
    """PDF, HTML und Daten schreiben: was noch nicht aktuell ist."""
    from ihk.build import Auftrag, run
    from ihk.progress import Anzeige

    versionen = _versionen(was, projekt)
    ordner = ziel or (projekt.build if projekt else Path("build"))
    auftrag = Auftrag(
        versionen,
        ordner.resolve(),
        projekt,
        berichte,
        jobs or os.cpu_count() or 1,
        streng,
        alles,
        mit_quellen,
        _bedingungen(nur),
        regeln,
    )
    with Anzeige(len(versionen)) as anzeige:
        ergebnis = run(auftrag, anzeige)
    for pfad in ergebnis.geschrieben:
        click.echo(pfad)
    click.echo(ergebnis.satz, err=True)
    return ergebnis.code


def _bedingungen(nur: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """``FELD=WERT`` taken apart."""
    from ihk.report.auswahl import FELDER

    paare = []
    for text in nur:
        feld, gleich, wert = text.partition("=")
        if not gleich or not wert or feld not in FELDER:
            raise IhkError(
                f"„--only {text}“ ist keine Bedingung. Zum Beispiel handlungsfeld=HF2; möglich: {', '.join(FELDER)}."
            )
        paare.append((feld, wert))
    return tuple(paare)


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
    a, n = (_streng(resolve_one(w, projekt)) for w in (alt, neu))
    satz = compare(a, n)
    if form == "json-patch":
        from ihk.export.daten import daten
        from ihk.export.patch import as_text, patch

        _ausgabe(as_text(patch(daten(a), daten(n))), ziel)
    elif form == "json":
        from ihk.export.aenderungen import aenderungen
        from ihk.export.daten import as_json

        _ausgabe(as_json(aenderungen(satz, gewicht)), ziel)
    elif form == "text":
        from ihk.terminal.vergleich import aenderungen as als_text

        farbe = ziel is None and sys.stdout.isatty() and "NO_COLOR" not in os.environ
        _ausgabe(als_text(satz, gewicht, farbe=farbe), ziel)
    else:
        from ihk.build import synopse

        _ausgabe(synopse(satz, a, n, form, projekt, gewicht, mit_quellen=mit_quellen), ziel)
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


def _streng(version: Any) -> Any:
    """The model, its pictures unpacked if it lies in git; any error of reading or validation ends the command."""
    geladen = version.geladen
    if not geladen.fehlerfrei:
        raise LoadError(geladen.probleme)
    return geladen


@ihk.command(options_metavar="[OPTIONEN]")
@click.argument("was", metavar="WAS")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "csv", "xlsx", "oparl"]),
    default="json",
    metavar="json|csv|xlsx|oparl",
    help="Form der Daten: json alles; xlsx die Kosten- und Finanzierungsübersicht als Arbeitsmappe, csv als eine "
    "Tabelle; oparl eine Drucksache nach OParl 1.1 mit den gebauten Dateien.",
)
@click.option(
    "--build-dir",
    "gebaut",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="ORDNER",
    help="Nur oparl: wo die gebauten Dateien liegen (sonst build/ im Projekt).",
)
@click.option(
    "--base-url", "basis", default=None, metavar="URL", help="Nur oparl: Adresse des Ratsinformationssystems."
)
@click.option(
    "-o",
    "--output",
    "ziel",
    type=click.Path(path_type=Path),
    metavar="DATEI",
    help="In diese Datei statt ins Terminal; bei csv und xlsx auch ein Ordner.",
)
@click.pass_obj
def export(projekt: Any, was: str, form: str, gebaut: Path | None, basis: str | None, ziel: Path | None) -> int:
    """Die Daten einer Fassung mit allen Summen ausgeben, oder die Dokumente als Drucksache."""
    from ihk.checks import check as pruefe
    from ihk.export.daten import as_json, daten
    from ihk.model.load import lade_streng
    from ihk.project import resolve_one
    from ihk.terminal.befunde import befund

    version = resolve_one(was, projekt)
    geladen = lade_streng(version.quelle)
    if ziel is not None and ziel.is_dir():
        if form not in ("csv", "xlsx"):
            raise IhkError(f"„{ziel}“ ist ein Ordner. Mit -o eine Datei nennen.")
        k = geladen.fassung
        ziel /= f"{k.konzept.id}-{k.fassung.id}-kuf.{form}"
        click.echo(f"Geschrieben wird {ziel}.", err=True)
    if form in ("csv", "xlsx"):
        _tabellen(geladen, form, ziel)
    else:
        _ausgabe(as_json(daten(geladen) if form == "json" else _drucksache(version, projekt, gebaut, basis)), ziel)
    fehler = [p for p in pruefe(version) if p.schwere == "fehler"]
    for p in fehler:
        click.echo(befund(p), err=True)
    return int(bool(fehler))


def _tabellen(geladen: Any, form: str, ziel: Path | None) -> None:
    """The KuF as a workbook, or as CSV: text on a terminal, exactly these bytes everywhere else."""
    if form == "xlsx":
        from ihk.export.arbeitsmappe import arbeitsmappe

        _ausgabe(arbeitsmappe(geladen), ziel)
        return
    from ihk.export.kuf import kuf_csv

    text = kuf_csv(geladen.fassung)
    _ausgabe(text if ziel is None and sys.stdout.isatty() else text.encode(), ziel)


def _drucksache(version: Any, projekt: Any, gebaut: Path | None, basis: str | None) -> dict[str, Any]:
    """The paper with everything that was built for the Fassung, and with its sources."""
    from ihk.export.oparl import BASIS, HAUPTDATEI, Ausgabe, paper

    k = version.geladen.fassung
    ordner = (gebaut or (projekt.build if projekt else Path("build"))) / k.konzept.id / k.fassung.id
    dateien = (
        sorted(p for p in ordner.iterdir() if p.is_file() and not p.name.startswith(".")) if ordner.is_dir() else []
    )
    if not any(p.name in HAUPTDATEI for p in dateien):
        raise IhkError(f"In „{ordner}“ liegt kein Bericht. Zuerst „ihk build {version.name}“ aufrufen.")
    if basis is None:
        click.echo(
            f"Hinweis: Die Adressen beginnen mit {BASIS}; das Ratsinformationssystem setzt seine eigenen ein.", err=True
        )
    elif not basis.startswith(("https://", "http://")):
        raise IhkError("Die Adresse nach --base-url beginnt mit https:// oder http://.")
    quellen = [Ausgabe(n or f"{k.fassung.id}.yaml", d) for n, d in version.quelle.dateien.items()]
    vorher = version.vorgaenger()
    return paper(
        version.geladen,
        [*(Ausgabe(p.name, p.read_bytes()) for p in dateien), *quellen],
        vorgaenger=vorher.geladen if vorher else None,
        basis=basis or BASIS,
    )


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
    versionen = _versionen(was, projekt)
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
    return _code(probleme)


@ihk.group(cls=_Gruppe, options_metavar="[OPTIONEN]", subcommand_metavar="konzept|massnahme …")
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

    def frage(wort: str, wert: str | None, vorschlag: str = "") -> str | None:
        if wert is None and sys.stdin.isatty():
            wert = click.prompt(wort, default=vorschlag, show_default=bool(vorschlag), err=True)
        return (wert or "").strip() or vorschlag or None

    kommune = frage("Kommune (leer: noch unbekannt)", kommune)
    land = frage("Bundesland (leer: noch unbekannt)", land)
    gebiet = frage("Name des Gebiets (leer: noch unbekannt)", gebiet)
    titel = frage("Titel", titel, titel_vorschlag(name, gebiet, kommune))
    fassung = frage("Name der Fassung", fassung, str(date.today().year))
    wurzel = projekt.wurzel if projekt else Path.cwd()
    version = neues_konzept(
        wurzel, Angaben(name, fassung or "", titel, kommune, land, gebiet, tuple(programme), fiktiv)
    )
    click.echo(anzeige(version.pfad))
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
    from ihk.project import anzeige, geschwister, resolve
    from ihk.revise.fortschreiben import fortschreiben as oeffne
    from ihk.terminal.status import als_text

    versionen = resolve(konzept, projekt)
    if len({v.pfad.parent for v in versionen}) > 1:
        raise IhkError(f"„{konzept}“ nennt mehrere Konzepte. Eines davon angeben.")
    neu = oeffne(versionen[-1], geschwister(versionen[-1]), als, stand)
    click.echo(anzeige(neu.pfad))
    click.echo()
    click.echo(als_text([_arbeitsliste(neu, None)]), nl=False)
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
    from ihk.project import kette, resolve_one
    from ihk.reading.values import WertError, datum

    try:
        tag = datum(am) if am is not None else None
    except WertError as fehler:
        raise IhkError(f"{fehler.meldung} {fehler.hinweis}") from None
    if was:
        versionen = tuple({v.pfad: v for v in (resolve_one(wort, projekt) for wort in was)}.values())
    else:
        alle = _versionen((), projekt)
        versionen = tuple(kette(projekt.fassungen(k))[-1] for k in dict.fromkeys(v.konzept for v in alle))
    listen = [_arbeitsliste(v, tag) for v in versionen]
    if form == "json":
        from ihk.export.daten import as_json
        from ihk.export.status import status as als_daten

        _ausgabe(as_json(als_daten(listen)), ziel)
    elif form == "html":
        from ihk.report.render import status_html

        vorlagen = projekt.wurzel / "templates" if projekt else None
        _ausgabe(status_html(listen, vorlagen=vorlagen, ihk_version=__version__), ziel)
    else:
        from ihk.terminal import status as zeilen

        _ausgabe(zeilen.als_text(listen) if form == "text" else zeilen.als_markdown(listen), ziel)
    return 0


def _arbeitsliste(version: Any, tag: Any) -> Any:
    """What is due for one Fassung, its predecessor beside it."""
    from ihk.faellig import faellig

    vorher = version.vorgaenger()
    try:
        alt = vorher.geladen if vorher else None
    except (LoadError, IhkError):
        alt = None  # the predecessor has findings of its own, which ihk check shows
    return faellig(version.geladen, alt, tag)


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
    for version in _versionen(was, projekt):
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
    code = _run(lambda: _zusammenfuehren(projekt, (basis, unsere, ihre), Path(unsere), form, pfad))
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
    _ausgabe(z.daten.decode() if ziel is None else z.daten, ziel)
    if form == "json":
        click.echo(as_json(als_json(z)), nl=False)
    for k in z.konflikte:
        click.echo(konflikt(k), err=True)
    click.echo(bilanz(z, pfad or dateien[1]), err=True)
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


@ihk.command(options_metavar="[OPTIONEN]")
@click.pass_obj
def doctor(projekt: Any) -> int:
    """Sagen, was auf diesem Rechner fehlt."""
    from ihk.doctor import untersuche

    befunde = untersuche(projekt)
    for b in befunde:
        click.echo(f"{'ok   ' if b.gut else 'FEHLT'}  {b.was}: {b.stand}" + (f"  → {b.hinweis}" if b.hinweis else ""))
    return 0 if all(b.gut for b in befunde) else 2


def _usage(fehler: click.UsageError) -> str:
    """click's English sentence in German, by type of error."""
    if isinstance(fehler, click.NoSuchOption):
        nah = f" Gemeint ist wohl {fehler.possibilities[0]}." if fehler.possibilities else ""
        return f"Die Option „{fehler.option_name}“ gibt es hier nicht.{nah}"
    if isinstance(fehler, click.MissingParameter):
        name = (
            fehler.param.make_metavar(fehler.ctx)
            if fehler.param is not None and fehler.ctx is not None
            else "eine Angabe"
        )
        return f"Es fehlt {name}."
    if isinstance(fehler, click.BadOptionUsage):
        return f"Die Option „{fehler.option_name}“ braucht einen Wert oder verträgt keinen."
    if isinstance(fehler, click.BadParameter):
        param = fehler.param
        name = param.opts[-1] if param is not None else "Angabe"
        if param is not None and isinstance(param.type, click.Choice):
            return f"Der Wert für {name} ist nicht vorgesehen. Möglich: {', '.join(map(str, param.type.choices))}."
        return f"Der Wert für {name} passt nicht."
    if "unexpected extra argument" in fehler.format_message():
        return "Es sind zu viele Angaben."
    return fehler.format_message()


def _beenden(nummer: int, rahmen: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def main(argumente: Sequence[str] | None = None) -> NoReturn:
    """Run one command and exit: 0 done, 1 findings or differences, 2 usage or environment, 3 bug, 130 interrupted."""
    for strom in (sys.stdout, sys.stderr):
        if isinstance(strom, __import__("io").TextIOWrapper):
            strom.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGTERM, _beenden)
    sys.exit(
        _run(
            lambda: ihk.main(
                args=list(argumente) if argumente is not None else None, prog_name="ihk", standalone_mode=False
            )
        )
    )


def _run(befehl: Callable[[], Any]) -> int:
    """The one boundary between outcomes and exit codes."""
    from ihk.terminal.befunde import befund

    try:
        ergebnis = befehl()
        sys.stdout.flush()
        return ergebnis if isinstance(ergebnis, int) else 0
    except click.exceptions.Exit as ende:
        return ende.exit_code
    except click.UsageError as fehler:
        if isinstance(fehler, click.exceptions.NoArgsIsHelpError):
            click.echo(fehler.ctx.get_help(), err=True)
            return 2
        hilfe = f"\n{fehler.ctx.command_path} --help zeigt, was möglich ist." if fehler.ctx is not None else ""
        click.echo(f"Fehler: {_usage(fehler)}{hilfe}", err=True)
        return 2
    except LoadError as fehler:
        for p in fehler.probleme:
            click.echo(befund(p), err=True)
        return 2
    except IhkError as fehler:
        click.echo(f"Fehler: {fehler}", err=True)
        return 2
    except (KeyboardInterrupt, click.Abort):
        click.echo("Abgebrochen.", err=True)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception:
        traceback.print_exc()
        click.echo(
            f"Das ist ein Fehler von ihk {__version__}. Bitte melden, mit dem Text darüber und der Konzeptdatei.",
            err=True,
        )
        return 3
