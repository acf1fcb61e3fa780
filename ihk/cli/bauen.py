"""Commands that make documents and data: build, export."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ihk.cli.grund import REGELN_OPTION, ausgeben, ihk, versionen_von
from ihk.problems import IhkError, LoadError
from ihk.repeat import remember

if TYPE_CHECKING:
    from ihk.build import Auftrag, Ergebnis, Hier, Setzerei


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
    help="Diesen Bericht: bericht, kurzfassung, beschlussvorlage, aenderungsuebersicht, aenderungsfassung, antrag, sachstand, "
    "steckbriefe, pruefstand, synopse, ein eigener oder all.",
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
@click.option(
    "--cluster",
    "cluster",
    metavar="ADRESSE",
    help="Vom Dask-Cluster unter dieser Adresse setzen lassen, etwa tcp://rechner:8786 (braucht ihk[cluster]).",
)
@click.option("--strict", "streng", is_flag=True, help="Warnungen zählen als Fehler.")
@click.option("--force", "alles", is_flag=True, help="Auch neu setzen, was aktuell oder beschlossen ist.")
@click.option(
    "--embed-sources", "mit_quellen", is_flag=True, help="Die Konzeptdateien in die PDFs einbetten (PDF/A-3a)."
)
@click.option("--watch", "dauernd", is_flag=True, help="Nach jedem Speichern neu bauen, bis Strg-C.")
@click.pass_obj
def build(
    projekt: Any,
    was: tuple[str, ...],
    ziel: Path | None,
    berichte: tuple[str, ...],
    nur: tuple[str, ...],
    regeln: str | None,
    jobs: int | None,
    cluster: str | None,
    streng: bool,
    alles: bool,
    mit_quellen: bool,
    dauernd: bool,
) -> int:
    """PDF, HTML und Daten schreiben: was noch nicht aktuell ist."""
    from ihk.build import Auftrag, grundlagen

    ordner = (ziel or (projekt.build if projekt else Path("build"))).resolve()

    def auftrag(versionen: tuple[Any, ...]) -> Auftrag:
        kerne = jobs or os.cpu_count() or 1
        return Auftrag(
            versionen, ordner, projekt, berichte, kerne, streng, alles, mit_quellen, bedingungen(nur), regeln
        )

    if cluster is not None and (jobs or dauernd):
        raise IhkError(
            f"„--{'jobs' if jobs else 'watch'}“ passt nicht zu „--cluster“: Das eine meint diesen Rechner, das andere fremde."
        )
    if dauernd:
        if alles:
            raise IhkError("„--force“ passt nicht zu „--watch“: Nach jedem Speichern würde alles neu gesetzt.")
        return _dauernd(lambda: versionen_von(was, projekt), auftrag, projekt)
    beginn = time.time_ns()
    einer = auftrag(versionen_von(was, projekt))
    ergebnis = _verteilt(einer, cluster) if cluster is not None else _bauen(einer)
    for satz in _ohne_vorfassung(einer.versionen, berichte, projekt):
        click.echo(satz, err=True)
    click.echo(ergebnis.satz, err=True)
    if ergebnis.naechstes_mal and "build" in sys.argv:  # called by a program, it is not the call that comes again
        remember(sys.argv[1:], beginn, says=ergebnis.naechstes_mal, **grundlagen(einer))
    return ergebnis.code


def _verteilt(auftrag: Auftrag, adresse: str) -> Ergebnis:
    """Build by a cluster, and say who took part."""
    from ihk.cluster import verbunden

    with verbunden(adresse) as verbund:
        click.echo(verbund.satz, err=True)
        ergebnis = _bauen(auftrag, verbund)
        if verbund.verlust:
            click.echo(verbund.verlust, err=True)
    return ergebnis


def _bauen(auftrag: Auftrag, setzerei: Setzerei | None = None, ohne: str = "") -> Ergebnis:
    """Build, and name every file that was written."""
    from ihk.build import run
    from ihk.progress import Anzeige

    with Anzeige(len(auftrag.versionen), ohne) as anzeige:
        ergebnis = run(auftrag, anzeige, setzerei)
    for pfad in ergebnis.geschrieben:
        click.echo(pfad)
    return ergebnis


def _dauernd(
    versionen: Callable[[], tuple[Any, ...]], auftrag: Callable[[tuple[Any, ...]], Auftrag], projekt: Any
) -> int:
    """Build now and after each save, until Ctrl-C; the workers stay ready between."""
    from ihk.build import Hier, presse, vergiss_vorlagen
    from ihk.project import beobachtet
    from ihk.saves import saves

    erster = auftrag(versionen())
    with suppress(KeyboardInterrupt), presse(erster.jobs, immer_wieder=True) as p:  # Ctrl-C is the way to end it
        for gespeichert in saves(lambda: beobachtet(projekt, erster.versionen), erster.ordner):
            vergiss_vorlagen(projekt, gespeichert)
            _runde(lambda: auftrag(versionen()), Hier(p), beginnt=not gespeichert)
            gc.collect()  # while the author writes on
    return 0


def _runde(auftrag: Callable[[], Auftrag], hier: Hier, *, beginnt: bool) -> None:
    """One build of many. What cannot be built is said, and the next save may have mended it."""
    from ihk.build import AKTUELL
    from ihk.terminal.befunde import befund

    beginn = time.monotonic()
    try:
        ergebnis = _bauen(auftrag(), hier, ohne=AKTUELL)
    except LoadError as fehler:
        click.echo("\n".join(befund(b) for b in fehler.probleme), err=True)
    except (IhkError, OSError) as fehler:
        click.echo(f"Fehler: {fehler}", err=True)
    else:
        if ergebnis.geschrieben or ergebnis.gescheitert or beginnt:
            dauer = f"{time.monotonic() - beginn:.1f}".replace(".", ",")
            click.echo(f"{time.strftime('%H:%M:%S')}  {ergebnis.satz} ({dauer} s)", err=True)
    if beginnt:
        click.echo("Nach jedem Speichern wird neu gebaut; Strg-C beendet.", err=True)


def _ohne_vorfassung(versionen: Sequence[Any], berichte: Sequence[str], projekt: Any) -> Iterator[str]:
    """Reports that were asked for by name but compare, for Fassungen with nothing to compare (rule I1)."""
    from ihk.report.berichte import berichtsarten

    eigene = projekt.vorlagen if projekt else None
    arten = berichtsarten(eigene if eigene and eigene.is_dir() else None)
    gefragt = [b for b in berichte if b == "synopse" or (b in arten and arten[b].nur_mit_vorgaenger)]
    for version in versionen if gefragt else ():
        try:
            vorher = version.vorgaenger()
        except LoadError:
            continue  # what cannot be read was reported and not built
        if vorher is None:
            namen = "“ und „".join(gefragt)
            yield f"{version.name}: keine Vorfassung, mit der sich vergleichen ließe; „{namen}“ entsteht nicht."


def bedingungen(nur: Sequence[str]) -> tuple[tuple[str, str], ...]:
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
        ausgeben(as_json(daten(geladen) if form == "json" else _drucksache(version, projekt, gebaut, basis)), ziel)
    fehler = [p for p in pruefe(version) if p.schwere == "fehler"]
    for p in fehler:
        click.echo(befund(p), err=True)
    return int(bool(fehler))


def _tabellen(geladen: Any, form: str, ziel: Path | None) -> None:
    """The KuF as a workbook, or as CSV: text on a terminal, exactly these bytes everywhere else."""
    if form == "xlsx":
        from ihk.export.arbeitsmappe import arbeitsmappe

        ausgeben(arbeitsmappe(geladen), ziel)
        return
    from ihk.export.kuf import kuf_csv

    text = kuf_csv(geladen.fassung)
    ausgeben(text if ziel is None and sys.stdout.isatty() else text.encode(), ziel)


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
