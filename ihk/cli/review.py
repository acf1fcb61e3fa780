"""The command about review stamps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ihk.cli.bauen import bedingungen
from ihk.cli.grund import IN_DATEI, ausgeben, ihk
from ihk.problems import IhkError


@ihk.command(options_metavar="[OPTIONEN]")
@click.argument("was", metavar="WAS")
@click.argument("kennungen", nargs=-1, metavar="[KENNUNG…]")
@click.option(
    "--als", "rolle", default=None, metavar="ROLLE", help="Einen Vermerk setzen, zum Beispiel --als Kämmerei."
)
@click.option("--von", default="", metavar="NAME", help="Wer geprüft hat.")
@click.option("--bemerkung", default="", metavar="TEXT", help="Zusatz zum Vermerk.")
@click.option("--am", default=None, metavar="TT.MM.JJJJ", help="Tag der Prüfung (sonst heute).")
@click.option("--only", "nur", multiple=True, metavar="FELD=WERT", help="Nur diese Maßnahmen, etwa handlungsfeld=HF2.")
@click.option(
    "--remove", "weg", is_flag=True, help="Den Vermerk dieser Rolle zurücknehmen; er bleibt als zurückgenommen stehen."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    metavar="text|markdown|json",
    help="Form der Übersicht.",
)
@click.option(
    "--exit-code", "mit_code", is_flag=True, help="Mit 1 enden, wenn etwas nicht oder nicht mehr geprüft ist."
)
@IN_DATEI
@click.pass_obj
def review(
    projekt: Any,
    was: str,
    kennungen: tuple[str, ...],
    rolle: str | None,
    von: str,
    bemerkung: str,
    am: str | None,
    nur: tuple[str, ...],
    weg: bool,
    form: str,
    mit_code: bool,
    ziel: Path | None,
) -> int:
    """Festhalten, was wer in welchem Stand geprüft hat, und zeigen, was erneut zu prüfen ist.

    Ohne --als zeigt es den Stand der Prüfung. Mit --als bekommen die genannten Kennungen (ohne Angabe alle) einen Vermerk.
    Ändert sich danach der Inhalt, oder ein Ziel, dem eine Maßnahme dient, ist sie erneut zu prüfen; Rechtschreibung und
    Schreibweise zählen nicht.
    """
    from datetime import date

    from ihk.project import resolve_one
    from ihk.reading.values import WertError, datum
    from ihk.report.auswahl import ausgewaehlt
    from ihk.review import neue_vermerke, pruefstand, schreibe, vermerke, zurueckgenommen

    version = resolve_one(was, projekt)
    if version.eingebettet is not None or not version.pfad.exists():
        raise IhkError(
            "Vermerke gehören zu einer Fassung auf der Platte; ein PDF oder ein Stand im Git hat keinen Platz dafür."
        )
    geladen = version.geladen
    k = geladen.fassung
    ordner = version.pfad.resolve().parent
    alle = vermerke(ordner)
    bedingt = bedingungen(nur)
    gewaehlt = set(kennungen) | (set(ausgewaehlt(k, bedingt).massnahmen) if bedingt else set())
    staende = [s for s in pruefstand(geladen, alle) if not gewaehlt or s.id in gewaehlt]
    if fremd := sorted(gewaehlt - {s.id for s in staende}):
        raise IhkError(
            f"„{fremd[0]}“ gibt es in der Fassung {k.fassung.id} nicht, oder es ist nichts, was einzeln geprüft wird."
        )
    if rolle is not None:
        try:
            tag = datum(am) if am else date.today()
        except WertError as fehler:
            raise IhkError(f"{fehler.meldung} {fehler.hinweis}") from None
        rolle = " ".join(rolle.split())
        if not rolle:
            raise IhkError("Nach --als fehlt, in welcher Rolle geprüft wurde.")
        ids = [s.id for s in staende]
        if weg:
            alle = zurueckgenommen(alle, ids, rolle, tag)
        else:
            alle = [*alle, *neue_vermerke(geladen, ids, rolle=rolle, am=tag, von=von, bemerkung=bemerkung)]
        schreibe(ordner, alle)
        click.echo(
            f"{len(ids)} {'Eintrag' if len(ids) == 1 else 'Einträge'}: Vermerk von „{rolle}“ {'zurückgenommen' if weg else 'gesetzt'}.",
            err=True,
        )
        staende = [s for s in pruefstand(geladen, alle) if s.id in set(ids)]
    elif weg or von or bemerkung:
        raise click.UsageError("--von, --bemerkung und --remove gehören zu --als ROLLE.")
    if form == "json":
        from ihk.export.daten import as_json
        from ihk.export.review import pruefstand as als_daten

        ausgeben(as_json(als_daten(k.konzept.id, k.fassung.id, staende)), ziel)
    else:
        from ihk.terminal.review import als_markdown, als_text

        ausgeben((als_text if form == "text" else als_markdown)(version.name, k, staende), ziel)
    return int(mit_code and any(s.stand != "geprueft" for s in staende))
