"""What all commands share: the command itself, German help and messages, exit codes, output."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from ihk import __version__
from ihk.cli.befehle import BEFEHLE
from ihk.problems import REGELN, IhkError, LoadError, Problem, ursache

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
ENDE = {
    0: "fertig, auch mit Warnungen oder Unterschieden",
    1: "mindestens ein Fehler (check, build, export, seal, verify; mit --strict zählen auch Warnungen); Unterschiede bei "
    "„diff --exit-code“; Konflikte bei merge; etwas zu ändern bei „fmt --check“; etwas zu prüfen bei „review --exit-code“",
    2: "falscher Aufruf, fehlende oder unlesbare Datei, fehlende Bibliothek, eine Grenze überschritten",
    3: "ein Fehler von ihk selbst, bitte melden",
    130: "abgebrochen (Strg-C)",
}
"""What the exit code of every command means."""


class Hilfe(click.HelpFormatter):
    """Help in German: click writes its headings in English."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or "Aufruf: ")

    def write_heading(self, heading: str) -> None:
        super().write_heading({"Options": "Optionen", "Commands": "Befehle"}.get(heading, heading))


class Kontext(click.Context):
    formatter_class = Hilfe


class DeutscheHilfe(click.Command):
    context_class = Kontext

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Diese Hilfe zeigen."
        return option


class Gruppe(DeutscheHilfe, click.Group):
    command_class = DeutscheHilfe

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        name = args[0] if args else ""
        if name and not name.startswith("-") and self.get_command(ctx, name) is None:
            from ihk.model.types import naechster

            nah = naechster(name, self.list_commands(ctx))
            raise click.UsageError(
                f"Den Befehl „{name}“ gibt es nicht.{f' Gemeint ist wohl „{nah}“.' if nah else ''}", ctx
            )
        return super().resolve_command(ctx, args)


class Programm(Gruppe):
    """The command itself: its commands register when their module is read, and that is when one of them is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(BEFEHLE)

    def befehle(self) -> dict[str, click.Command]:
        """All commands by name, loaded."""
        for modul, _ in BEFEHLE.values():
            import_module(f"ihk.cli.{modul}")
        return dict(self.commands)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in BEFEHLE:
            import_module(f"ihk.cli.{BEFEHLE[cmd_name][0]}")
        return super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Befehle"):
            formatter.write_dl([(name, kurz) for name, (_, kurz) in sorted(BEFEHLE.items())])


@click.group(
    cls=Programm,
    context_settings=HILFE,
    options_metavar="[OPTIONEN]",
    subcommand_metavar="BEFEHL …",
    epilog="Ende mit 0: fertig. 1: Fehler im Konzept oder Unterschiede. 2: falscher Aufruf oder etwas fehlt. 3: Fehler von ihk.",
)
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


def versionen_von(was: Sequence[str], projekt: Any) -> tuple[Any, ...]:
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


def ausgeben(text: str | bytes, ziel: Path | None) -> None:
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


def als_text(*worte: str) -> None:
    """Raises ``IhkError`` for words that cannot be written into a file: a terminal may send any bytes."""
    for wort in worte:
        if any("\ud800" <= z <= "\udfff" for z in wort):
            raise IhkError(f"„{wort}“ ist kein gültiges UTF-8. Das Terminal auf UTF-8 stellen und neu eingeben.")


def endcode(probleme: Sequence[Problem], *, streng: bool = False) -> int:
    if any(REGELN[p.code].grenze for p in probleme):
        return 2
    return int(any(p.schwere == "fehler" or (streng and p.schwere == "warnung") for p in probleme))


def streng_geladen(version: Any) -> Any:
    """The model, its pictures unpacked if it lies in git; any error of reading or validation ends the command."""
    geladen = version.geladen
    if not geladen.fehlerfrei:
        raise LoadError(geladen.probleme)
    return geladen


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


def ausfuehren(befehl: Callable[[], Any]) -> int:
    """The one boundary between outcomes and exit codes."""
    from ihk.terminal.befunde import befund, sichtbar

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
        click.echo(f"Fehler: {sichtbar(_usage(fehler))}{hilfe}", err=True)
        return 2
    except LoadError as fehler:
        for p in fehler.probleme:
            click.echo(befund(p), err=True)
        return 2
    except IhkError as fehler:
        click.echo(f"Fehler: {sichtbar(str(fehler))}", err=True)
        return 2
    except (KeyboardInterrupt, click.Abort):
        click.echo("Abgebrochen.", err=True)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (
        OSError
    ) as fehler:  # what no command expects of a file: a full disk below stdout, a folder that may not be read
        was = f"„{fehler.filename}“" if isinstance(fehler.filename, str) else "Eine Datei oder ein Ordner"
        click.echo(sichtbar(f"Fehler: {was} lässt sich nicht benutzen: {ursache(fehler)}."), err=True)
        return 2
    except MemoryError:
        click.echo("Fehler: Der Arbeitsspeicher reicht nicht. Andere Programme schließen oder --jobs 1.", err=True)
        return 2
    except Exception:
        traceback.print_exc()
        click.echo(
            f"Das ist ein Fehler von ihk {__version__}. Bitte melden, mit dem Text darüber und der Konzeptdatei.",
            err=True,
        )
        return 3
