"""Git's diff and merge drivers for one repository: put in, taken out, and what ``git diff`` then shows."""

from __future__ import annotations

import difflib
import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

from ihk.diff import compare
from ihk.problems import IhkError, LoadError
from ihk.project import CONCEPTS, Projekt, anzeige
from ihk.reading.files import read_bytes
from ihk.reading.source import decode
from ihk.revise.merge import RAHMEN, Eingabe, dateiart, lade
from ihk.revisions import GitError, Repositorium, git
from ihk.terminal.befunde import befund, sichtbar
from ihk.terminal.vergleich import aenderungen
from ihk.write import write_atomic

ATTRIBUTE = (
    "# Vergleich und Zusammenführen nach Kennungen: ihk git-setup",
    f"{CONCEPTS}/**/*.yaml diff=ihk merge=ihk",
    f"{CONCEPTS}/**/*.md diff=ihk merge=ihk",
)
GESCHEITERT = 129
"""Above 128 newer git takes a driver for failed and stops; older git calls it a conflict in our untouched side."""


def _einstellungen() -> dict[str, str]:
    """Our entries in the repository's configuration.

    ``-P`` keeps Python from importing out of the folder in which git calls: that is the repository's. A program that is
    not there any more must not look like a conflict without marks.
    """
    ihk = f"{shlex.quote(sys.executable)} -P -m ihk"
    return {
        "merge.ihk.name": "ihk: nach Kennungen und Feldern zusammenführen",
        "merge.ihk.driver": f"{ihk} merge --driver %O %A %B --path=%P; s=$?; test $s -le 1 || s={GESCHEITERT}; exit $s",
        "diff.ihk.command": f"{ihk} diff --driver",
    }


def einrichten(projekt: Projekt) -> Iterator[str]:
    """Put both drivers in; sentences about what was done. What is there already stays."""
    repo = Repositorium.um(projekt.wurzel)
    for name, wert in _einstellungen().items():
        if _eingestellt(repo, name) == wert:
            yield f"{name} ist schon eingerichtet."
        else:
            git(repo.ordner, "config", "--local", "--replace-all", name, wert)
            yield f"{anzeige(repo.gemeinsam / 'config')}: {name} = {wert}"
    datei = projekt.wurzel / ".gitattributes"
    text = _text(datei)
    fehlend = [z for z in ATTRIBUTE if z not in text.splitlines()]
    if fehlend:
        davor = "" if not text or text.endswith("\n") else "\n"
        write_atomic(datei, (text + davor + "".join(f"{z}\n" for z in fehlend)).encode("utf-8", "surrogateescape"))
    for zeile in ATTRIBUTE[1:]:
        yield f"{anzeige(datei)}: {zeile}" if zeile in fehlend else f"{anzeige(datei)} enthält schon: {zeile}"
    if fehlend:
        yield f"{anzeige(datei)} ins Git aufnehmen. Die Einstellungen gelten nur hier; in jeder Kopie einmal „ihk git-setup“."


def entfernen(projekt: Projekt) -> Iterator[str]:
    """Take exactly our entries out; sentences about what was done."""
    repo = Repositorium.um(projekt.wurzel)
    entfernt = 0
    for name in _einstellungen():
        if _eingestellt(repo, name) is not None:
            git(repo.ordner, "config", "--local", "--unset-all", name)
            entfernt += 1
            yield f"{anzeige(repo.gemeinsam / 'config')}: {name} entfernt."
    datei = projekt.wurzel / ".gitattributes"
    text = _text(datei)
    bleibt = [z for z in text.splitlines(keepends=True) if z.rstrip("\r\n") not in ATTRIBUTE]
    if "".join(bleibt) != text:
        entfernt += 1
        if bleibt:
            write_atomic(datei, "".join(bleibt).encode("utf-8", "surrogateescape"))
            yield f"{anzeige(datei)}: die Zeilen von ihk entfernt."
        else:
            datei.unlink()
            yield f"{anzeige(datei)} gelöscht; darin standen nur Zeilen von ihk."
    if not entfernt:
        yield "Hier ist nichts von ihk eingerichtet."


def _eingestellt(repo: Repositorium, name: str) -> str | None:
    """The value in the repository's own configuration; None if it is not set."""
    try:
        return git(repo.ordner, "config", "--local", "--get", name)
    except GitError:
        return None


def _text(datei: Path) -> str:
    return read_bytes(datei).decode("utf-8", "surrogateescape") if datei.exists() else ""


def zeige(pfad: str, alt: Path, neu: Path) -> str:
    """What ``git diff`` shows of one file: the comparison of ihk; line by line if a side does not read into the model."""
    kopf = sichtbar(f"ihk diff {pfad}") + "\n"
    seiten = [
        Eingabe(f"{pfad} ({wann})", b"" if str(d) == os.devnull else read_bytes(d))
        for wann, d in (("alt", alt), ("neu", neu))
    ]
    art = dateiart(pfad, *(s for s in seiten if s.daten))
    leer = Eingabe("leer", RAHMEN)
    try:
        a, n = (lade(s, art) if s.daten else lade(leer, "fassung") for s in seiten)
    except (LoadError, IhkError) as fehler:
        gruende = [befund(p) for p in fehler.probleme[:3]] if isinstance(fehler, LoadError) else [str(fehler)]
        davor, danach = (decode(s.daten, s.name)[0].split("\n") for s in seiten)
        zeilen = difflib.unified_diff(davor, danach, "alt", "neu", lineterm="")
        return (
            kopf
            + "\n".join(["Nicht als Konzept lesbar, deshalb Zeile für Zeile:", *gruende, *map(sichtbar, zeilen)])
            + "\n"
        )
    text = aenderungen(compare(a, n))
    # A part of a folder has no concept of its own to be named.
    return kopf + (text if art == "fassung" and all(s.daten for s in seiten) else text.partition("\n\n")[2])
