"""What only the live preview prints: its frame, its list of Fassungen, findings, and single Steckbriefe of a report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from traceback import walk_tb
from typing import Any
from urllib.parse import quote

from ihk.diff.changeset import Aenderungssatz
from ihk.model.load import Geladen
from ihk.problems import Ort, Problem
from ihk.report.environment import environment
from ihk.report.policy import with_policy
from ihk.report.render import without_dead_links, ziele
from ihk.report.view.grund import Kontext
from ihk.report.view.massnahme import steckbrief
from ihk.report.view.zeit import achse

SEITENWORT = {
    "bericht.html": "Bericht",
    "synopse.html": "Vergleich",
    "befunde.html": "Befunde",
    "aufgaben.html": "Zu tun",
}
SCHWERE = {"fehler": "Fehler", "warnung": "Warnung", "hinweis": "Hinweis"}
EDITOREN = {
    "vscode": "vscode://file{datei}:{zeile}:{spalte}",
    "vscodium": "vscodium://file{datei}:{zeile}:{spalte}",
    "cursor": "cursor://file{datei}:{zeile}:{spalte}",
    "zed": "zed://file{datei}:{zeile}:{spalte}",
    "idea": "idea://open?file={datei}&line={zeile}&column={spalte}",
    "textmate": "txmt://open?url=file://{datei}&line={zeile}&column={spalte}",
}
"""Addresses that open a file at a line, by the name of the editor that has registered them."""


@dataclass(frozen=True, slots=True)
class Fund:
    """A finding as it is shown: with the line that it is about, and an address that opens it in an editor."""

    schwere: str
    wort: str
    code: str
    meldung: str
    hinweis: str
    stelle: str
    zeile: str
    adresse: str


def adresse(ort: Ort, editor: str) -> str:
    """What opens a place in an editor; ``editor`` is one of ``EDITOREN``."""
    datei = quote(Path(ort.datei).resolve().as_posix())
    return EDITOREN[editor].format(datei=datei, zeile=ort.zeile, spalte=ort.spalte)


def funde(probleme: Iterable[Problem], zeilen: Mapping[Ort, str], wurzel: Path, editor: str) -> tuple[Fund, ...]:
    """Findings as they are shown, errors first; ``zeilen`` are the lines that they are about, ``wurzel`` is left out of places."""
    nach_schwere = sorted(probleme, key=lambda p: list(SCHWERE).index(p.schwere))
    return tuple(
        Fund(
            p.schwere,
            SCHWERE[p.schwere],
            p.code,
            p.meldung,
            p.hinweis,
            _stelle(p.ort, wurzel),
            zeilen.get(p.ort, ""),
            adresse(p.ort, editor),
        )
        for p in nach_schwere
    )


def _stelle(ort: Ort, wurzel: Path) -> str:
    pfad = Path(ort.datei).resolve()
    datei = pfad.relative_to(wurzel).as_posix() if pfad.is_relative_to(wurzel) else ort.datei
    return f"{datei}:{ort.zeile}:{ort.spalte}"


def uebersicht_html(konzepte: Mapping[str, Sequence[str]], *, ihk_version: str) -> str:
    """The list of all Fassungen by concept, each a way into its preview."""
    liste = [
        {"name": konzept, "fassungen": [{"name": f, "adresse": f"/{quote(konzept)}/{quote(f)}/"} for f in fassungen]}
        for konzept, fassungen in konzepte.items()
    ]
    return _seite("vorschau_alle.html.j2", konzepte=liste, ihk_version=ihk_version)


def rahmen_html(konzept: str, fassung: str, seiten: Sequence[str]) -> str:
    """The frame around the pages of one Fassung."""
    return _seite("vorschau.html.j2", konzept=konzept, fassung=fassung, seiten=[(s, SEITENWORT[s]) for s in seiten])


def befunde_html(name: str, satz: str, liste: Sequence[Fund]) -> str:
    """Findings with links that an editor follows to the line."""
    return _seite("befunde.html.j2", name=name, satz=satz, befunde=liste)


def _seite(vorlage: str, **werte: object) -> str:
    html = environment(None).get_template(vorlage).render(**werte)
    return with_policy(html, eigene_adressen=True)


# --------------------------------------------------------------------------------------------- single Steckbriefe


def geaenderte(alt: Geladen, neu: Geladen) -> tuple[str, ...]:
    """Ids of the measures whose own content differs; none if the two Fassungen do not have the same measures in order."""
    a, b = alt.fassung.massnahmen, neu.fassung.massnahmen
    if [m.id for m in a] != [m.id for m in b]:
        return ()
    return tuple(m.id for vorher, m in zip(a, b, strict=True) if vorher != m and not m.grabstein)


def steckbriefe_html(
    neu: Geladen, aenderungen: Aenderungssatz | None, kennungen: Iterable[str], anker: str, vorlagen: Path | None
) -> dict[str, str]:
    """The Steckbriefe of these measures as they stand in the report for the web.

    ``anker`` is text with every ``id="…"`` of that report. Inline styles stand under ``data-stil``: the policy of the page
    lets only a script set them.
    """
    kontext = Kontext(neu, "web")
    stand = kontext.k.fassung.stand.beginn if kontext.k.fassung.stand else None
    zeitachse = achse(kontext.k)
    eintraege = {e.id: e for e in aenderungen.eintraege} if aenderungen else {}
    vorlage = environment(vorlagen).get_template("teile/massnahme.html.j2")
    gedruckt: Any = vorlage.module  # its macros are its attributes
    erreichbar = ziele(anker)
    ergebnis = {}
    for kennung in kennungen:
        m = next(m for m in kontext.k.massnahmen if m.id == kennung)
        html = gedruckt.massnahme(steckbrief(kontext, m, zeitachse, stand, eintraege.get(kennung)))
        ergebnis[kennung] = without_dead_links(str(html), erreichbar).strip()
    return ergebnis


_ANKER = re.compile(r'id="(?<=\Wid=")[^"]+"')
_STIL = re.compile(r'(<[a-z][^<>]*?) style="')


def anker(seite: str) -> str:
    """Every ``id="…"`` of a page, and nothing else."""
    return " ".join(_ANKER.findall(seite, seite.find("</head>") + 1))  # the head is long: it holds the fonts


def ohne_stile(html: str) -> str:
    """Markup for a page that lets only its script set styles."""
    return _STIL.sub(r'\1 data-stil="', html)


# --------------------------------------------------------------------------------------------- broken templates


def vorlagenfehler(fehler: Exception, vorlagen: Path | None) -> tuple[Path, int, str] | None:
    """File, line and words of an error in a project's own template; None if it happened elsewhere."""
    if vorlagen is None:
        return None
    datei, zeile = (
        getattr(fehler, "filename", None) or "",
        getattr(fehler, "lineno", 0),
    )  # a template that does not parse
    if not datei:
        orte = [(rahmen.f_code.co_filename, nr) for rahmen, nr in walk_tb(fehler.__traceback__)]
        datei, zeile = next((o for o in reversed(orte) if o[0].endswith(".j2")), ("", 0))
    if not datei or not Path(datei).is_relative_to(vorlagen):
        return None
    return Path(datei), zeile, f"{type(fehler).__name__}: {fehler}"
