"""View objects become HTML: for the web in one file, for paper in parts with assets by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import TemplateNotFound, TemplateSyntaxError, UndefinedError

from ihk.beside import BesideError
from ihk.diff.changeset import Aenderungssatz
from ihk.faellig import Arbeitsliste
from ihk.history import Verlauf
from ihk.model.load import Geladen
from ihk.problems import IhkError, kurz
from ihk.provenance import Datei, dateien
from ihk.report.berichte import Berichtsart
from ihk.report.druck import Druckteil, Druckwerk, Sammler, verbunden
from ihk.report.environment import environment
from ihk.report.palette import symbol_url, symbols
from ihk.report.policy import with_policy
from ihk.report.redline import marked
from ihk.report.teilung import geteilt
from ihk.report.view import (
    Auswahl,
    Bericht,
    Eintragung,
    bericht_view,
    index_view,
    status_view,
    synopse_view,
    verlauf_view,
)
from ihk.report.view.gebietskarte import grenze_beilage
from ihk.report.view.grund import Medium, bild_url, data_uri, read_bild
from ihk.resources import fonts
from ihk.typefaces import Typeface, common, read_typefaces

SCHNITTE = (
    ("SourceSans3-Regular.ttf.woff2", 400, "normal"),
    ("SourceSans3-It.ttf.woff2", 400, "italic"),
    ("SourceSans3-Semibold.ttf.woff2", 600, "normal"),
    ("SourceSans3-Bold.ttf.woff2", 700, "normal"),
)


FAMILIE, HAUSSCHRIFT = "Source Sans 3", "Hausschrift"
# Weight and style of the cuts of a city's own typeface; the bold one stands in for a missing semibold.
EIGENE_SCHNITTE = {
    "normal": (400, "normal"),
    "kursiv": (400, "italic"),
    "halbfett": (600, "normal"),
    "fett": (700, "normal"),
}


@dataclass(frozen=True, slots=True)
class Schrift:
    """One cut of a font for ``@font-face``."""

    familie: str
    url: str
    format: str
    staerke: int
    stil: str


def report_html(
    geladen: Geladen, *, vorgaenger: Geladen | None, aenderungen: Aenderungssatz | None, medium: Medium, vorlagen: Path | None = None, ihk_version: str,
    art: Berichtsart | None = None, auswahl: Auswahl | None = None,
) -> str:  # fmt: skip
    """A report of one Fassung as an HTML document; without ``art`` the long version."""
    view = bericht_view(
        geladen, vorgaenger=vorgaenger, aenderungen=aenderungen, medium=medium, ihk_version=ihk_version, art=art, auswahl=auswahl
    )  # fmt: skip
    html = _bericht(geladen, view, medium, vorlagen, vorgaenger, ihk_version)[0]
    del view  # of a large concept it is as large as the page
    html = with_policy(html) if medium == "web" else html
    return without_dead_links(html)


def report_druck(
    geladen: Geladen, *, vorgaenger: Geladen | None, aenderungen: Aenderungssatz | None, vorlagen: Path | None = None, ihk_version: str,
    art: Berichtsart | None = None, auswahl: Auswahl | None = None,
) -> Druckwerk:  # fmt: skip
    """A report of one Fassung for paper; without ``art`` the long version."""
    view = bericht_view(
        geladen, vorgaenger=vorgaenger, aenderungen=aenderungen, medium="druck", ihk_version=ihk_version, art=art, auswahl=auswahl
    )  # fmt: skip
    html, teile = _bericht(geladen, view, "druck", vorlagen, vorgaenger, ihk_version)
    teile = _ohne_tote_verweise(teile, html)
    klasse = "bericht" + (" eng" if view.art.eng else "") + ("" if view.art.umschlag else " fliessend")
    klasse += " markiert" if view.art.markiert else ""
    return _druckwerk(view, teile, view.art.name, klasse, (geladen,), vorlagen, ihk_version)


def _bericht(
    geladen: Geladen, view: Bericht, medium: Medium, vorlagen: Path | None, vorgaenger: Geladen | None, ihk_version: str
) -> tuple[str, list[Druckteil]]:
    """The whole report and its parts; with its differences from the predecessor's report marked if it is of that kind."""
    html, teile = _render(view.art.vorlage, medium, vorlagen, geladen=geladen, bericht=view, ihk_version=ihk_version)
    if not view.art.markiert or vorgaenger is None:
        return html, teile
    frueher = bericht_view(
        vorgaenger, vorgaenger=None, aenderungen=None, medium=medium, ihk_version=ihk_version, art=view.art
    )
    _, alte = _render(view.art.vorlage, medium, vorlagen, geladen=geladen, bericht=frueher, ihk_version=ihk_version)
    beendet = {m.id for m in vorgaenger.fassung.massnahmen if m.beendet}  # ended before, so no change of this Fassung
    stelle, fertig, markierte = 0, [], []
    for teil, statt in zip(teile, marked(alte, teile, beendet), strict=True):
        anfang = html.index(str(teil.html), stelle)
        fertig += [html[stelle:anfang], *(str(t.html) for t in statt)]
        stelle = anfang + len(teil.html)
        markierte += statt
    return "".join((*fertig, html[stelle:])), markierte


# As \bid="…", but with a beginning that is looked for without trying at every letter.
_ZIEL = re.compile(r'id="(?<=\Wid=")([^"]+)"')
_ANGESTEUERT = re.compile(r'href="#([^"]+)"')
_LINK = re.compile(r'<a ((?:[^>]*? )?)href="#([^"]+)"([^>]*)>(.*?)</a>', re.DOTALL)


def ziele(html: str) -> frozenset[str]:
    """The anchors of a document, where its links may lead."""
    return frozenset(_ZIEL.findall(html, max(0, html.find("</head>"))))  # the head is long: it holds the fonts


def _ohne_tote_verweise(teile: Sequence[Druckteil], ganzes: str) -> list[Druckteil]:
    """The parts of a document with text instead of links that lead nowhere in the whole of it."""
    anker = ziele(ganzes)
    return [replace(t, html=without_dead_links(t.html, anker)) for t in teile]


def without_dead_links(html: str, anker: frozenset[str] | None = None) -> str:
    """Text instead of links to what this report does not contain: a short one has no Steckbriefe to lead to.

    ``anker`` are those of the whole report; without them those of the text itself.
    """
    if anker is None:
        anker = ziele(html)
    if anker.issuperset(_ANGESTEUERT.findall(html)):
        return html

    def ersetzt(treffer: re.Match[str]) -> str:
        davor, ziel, danach, inhalt = treffer.groups()
        return treffer[0] if ziel in anker else f"<span {davor}{danach}>{inhalt}</span>".replace("<span >", "<span>")

    rumpf = html.find("</head>") + 1
    return type(html)(
        str(html)[:rumpf] + _LINK.sub(ersetzt, str(html)[rumpf:])
    )  # what was escaped stays marked as such


def synopse_html(
    satz: Aenderungssatz, alt: Geladen, neu: Geladen, *, medium: Medium, vorlagen: Path | None = None, ihk_version: str
) -> str:  # fmt: skip
    """The comparison of two Fassungen as an HTML document."""
    view = synopse_view(satz, alt, neu, medium=medium)
    html, _ = _render("synopse.html.j2", medium, vorlagen, geladen=neu, synopse=view, ihk_version=ihk_version)
    html = with_policy(html) if medium == "web" else html
    return without_dead_links(html)


def synopse_druck(
    satz: Aenderungssatz, alt: Geladen, neu: Geladen, *, vorlagen: Path | None = None, ihk_version: str
) -> Druckwerk:  # fmt: skip
    """The comparison of two Fassungen for paper."""
    view = synopse_view(satz, alt, neu, medium="druck")
    html, teile = _render("synopse.html.j2", "druck", vorlagen, geladen=neu, synopse=view, ihk_version=ihk_version)
    teile = _ohne_tote_verweise(teile, html)
    return _druckwerk(view, teile, "synopse", "synopse-seite", (neu, alt), vorlagen, ihk_version)


def verlauf_html(
    v: Verlauf, fassungen: tuple[Geladen, ...], *, kennung: str | None = None, vorlagen: Path | None = None, ihk_version: str
) -> str:  # fmt: skip
    """The history of a concept, or of one object of it, as an HTML document; ``fassungen`` the newest first."""
    view = verlauf_view(v, fassungen[0], medium="web", kennung=kennung)
    html, _ = _render("verlauf.html.j2", "web", vorlagen, geladen=fassungen[0], verlauf=view, ihk_version=ihk_version)
    html = with_policy(html)
    return without_dead_links(html)


def verlauf_druck(
    v: Verlauf, fassungen: tuple[Geladen, ...], *, kennung: str | None = None, vorlagen: Path | None = None, ihk_version: str
) -> Druckwerk:  # fmt: skip
    """The same for paper."""
    view = verlauf_view(v, fassungen[0], medium="druck", kennung=kennung)
    html, teile = _render(
        "verlauf.html.j2", "druck", vorlagen, geladen=fassungen[0], verlauf=view, ihk_version=ihk_version
    )
    teile = _ohne_tote_verweise(teile, html)
    return _druckwerk(view, teile, "verlauf", "synopse-seite verlauf-seite", fassungen, vorlagen, ihk_version)


def index_html(eintraege: Iterable[Eintragung], *, vorlagen: Path | None = None, ihk_version: str) -> str:
    """The start page over all concepts; Fassungen of a concept in the order of their chain."""
    return with_policy(
        _render("index.html.j2", "web", vorlagen, index=index_view(eintraege), ihk_version=ihk_version)[0]
    )


def status_html(listen: Iterable[Arbeitsliste], *, vorlagen: Path | None = None, ihk_version: str) -> str:
    """The worklists as one HTML document."""
    return with_policy(
        _render("status.html.j2", "web", vorlagen, status=status_view(listen), ihk_version=ihk_version)[0]
    )


def assets(*fassungen: Geladen) -> dict[str, bytes]:
    """Everything that the HTML for print asks for, by its ``ihk-asset:`` address."""
    ergebnis = {_schrift_url(name): daten for name, daten in _schriftdaten().items()}
    ergebnis |= {
        _schrift_url(f"eigene/{name}"): schnitt.data
        for name, schnitt in (_hausschrift(fassungen[0]) if fassungen else {}).items()
    }
    for geladen in fassungen:
        svg = symbols(geladen.fassung.konzept.farbe)
        ergebnis = {
            symbol_url(name): bild.encode() for name, bild in svg.items()
        } | ergebnis  # the first Fassung decides
        ergebnis |= {bild_url(bild): read_bild(geladen, bild).daten for bild in geladen.fassung.bilder}
    return ergebnis


def _render(
    vorlage: str, medium: Medium, vorlagen: Path | None, /, *, geladen: Geladen | None = None, **werte: Any
) -> tuple[str, list[Druckteil]]:
    """The whole document, and the parts that it declares; a page for the web still needs its policy.

    ``geladen`` is the Fassung that it is about, whose typeface it is set in.
    """
    sammler = Sammler(druck=medium == "druck")
    haus = _hausschrift(geladen) if geladen else {}
    html = _gefuellt(
        vorlage, vorlagen, common(haus), medium=medium, schriften=_schriften(medium, haus), teil=sammler.teil, **werte
    )
    return html, sammler.teile


def _gefuellt(vorlage: str, vorlagen: Path | None, zeichen: frozenset[int] = frozenset(), /, **werte: Any) -> str:
    """One template with its values; a mistake in a project's own template is a sentence with file and line.

    ``zeichen`` as ``environment`` takes them.
    """
    try:
        return environment(vorlagen, zeichen).get_template(vorlage).render(**werte)
    except IhkError:
        raise
    except Exception as fehler:
        stelle = _eigene_stelle(fehler, vorlagen) if vorlagen is not None else None
        if stelle is None:  # in a shipped template it is our bug
            raise
        weg = "Die Stelle berichtigen; ohne die Datei gilt die mitgelieferte Vorlage."
        raise IhkError(f"Die eigene Vorlage „{stelle}“ lässt sich nicht füllen: {_grund(fehler)}. {weg}") from None


def _eigene_stelle(fehler: Exception, vorlagen: Path) -> str | None:
    """File and line in the project's templates where an error arose; None if it has nothing to do with them."""
    orte: list[tuple[str, int]] = []
    rest = fehler.__traceback__
    while rest is not None:
        orte.append((rest.tb_frame.f_code.co_filename, rest.tb_lineno))
        rest = rest.tb_next
    if isinstance(fehler, TemplateSyntaxError) and fehler.filename:
        orte.append((fehler.filename, fehler.lineno))
    eigene = [(Path(datei).name, zeile) for datei, zeile in orte if Path(datei).is_relative_to(vorlagen)]
    if eigene:
        return "{}:{}".format(*eigene[-1])
    if isinstance(fehler, UnicodeDecodeError):  # the loader names no file
        return next((str(d.relative_to(vorlagen)) for d in sorted(vorlagen.rglob("*.j2")) if not _ist_utf8(d)), None)
    return None


def _ist_utf8(datei: Path) -> bool:
    try:
        datei.read_text("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _grund(fehler: Exception) -> str:
    """Why a template failed, in German where we know the error; the few others in Jinja's own words."""
    wort = str(fehler)
    match fehler:
        case TemplateNotFound():
            return f"Die Datei „{kurz(str(fehler.name))}“, die sie einbindet, gibt es nicht"
        case UndefinedError():
            namen = re.findall(r"'([^']*)'", wort)
            return f"„{kurz(namen[-1] if namen else wort)}“ gibt es an dieser Stelle nicht"
        case TemplateSyntaxError():
            return f"Der Aufbau stimmt nicht ({kurz(wort, 120)})"
        case RecursionError():
            return "Sie ruft sich selbst endlos auf"
        case UnicodeDecodeError():
            return "Sie ist nicht in UTF-8 gespeichert"
        case _:
            return f"{type(fehler).__name__} ({kurz(wort, 120)})"


def _druckwerk(
    view: Any,
    teile: list[Druckteil],
    bericht: str,
    klasse: str,
    fassungen: tuple[Geladen, ...],
    vorlagen: Path | None,
    ihk_version: str,
) -> Druckwerk:
    """The parts of a report in their frames; the first Fassung is the one that it is about, ``klasse`` that of the body."""
    neu = fassungen[0]
    if not teile:
        raise IhkError(
            f"Der Bericht „{bericht}“ ist leer: Seine eigene Vorlage hat keinen Teil für Papier. "
            "Den Inhalt zwischen {% call teil() %} und {% endcall %} setzen."
        )
    haus = _hausschrift(neu)
    zeichen = common(haus)
    kopf, titel = view.kopf, view.kopf.titel
    rahmen = partial(_gefuellt, "teil.html.j2", vorlagen, zeichen, titel=titel)

    def muster(koepfe: Sequence[str]) -> str:
        return _gefuellt("muster.html.j2", vorlagen, zeichen, titel=titel, klasse="stempel", koepfe=koepfe, kopf=kopf)

    return Druckwerk(
        teile=tuple(_gerahmt(t, klasse, rahmen) for t in geteilt(verbunden(teile))),
        muster=muster,
        css=_gefuellt(
            "stil.css.j2", vorlagen, zeichen, hell=view.hell, medium="druck", schriften=_schriften("druck", haus)
        ),
        kopf=kopf,
        assets=assets(*fassungen),
        entwurf=neu.fassung.fassung.status == "entwurf",
        herkunft=_herkunft(bericht, fassungen, ihk_version),
        quellen=tuple(d for i, g in enumerate(fassungen) for d in _quellen(g, alt=i > 0)),
    )


def _quellen(geladen: Geladen, *, alt: bool) -> list[Datei]:
    """The files that a Fassung consists of, its pictures among them."""
    bilder = {bild.datei: read_bild(geladen, bild) for bild in geladen.fassung.bilder}
    daten = {name: (bild.daten, bild.mime) for name, bild in bilder.items()} | grenze_beilage(geladen)
    return dateien(geladen.quelle, geladen.fassung.fassung.id, daten, alt=alt)


def _gerahmt(teil: Druckteil, klasse: str, rahmen: Callable[..., str]) -> Druckteil:
    """The part as whole documents: as it is meant, and in two denser settings."""
    html, *enger = (rahmen(inhalt=teil.html, klasse=k) for k in (klasse, f"{klasse} eng", f"{klasse} eng dicht"))
    return replace(teil, html=html, enger=tuple(enger))


def _herkunft(bericht: str, fassungen: tuple[Geladen, ...], ihk_version: str) -> dict[str, str]:
    """What the PDF says about where it comes from."""
    neu = fassungen[0]
    herkunft = {
        "konzept": neu.fassung.konzept.id,
        "fassung": neu.fassung.fassung.id,
        "status": neu.fassung.fassung.status or "",
        "bericht": bericht,
        "quelle": neu.quelle.pruefsumme,
        "version": ihk_version,
    }
    if alte := fassungen[1:]:
        herkunft["verglichen"] = " ".join(g.fassung.fassung.id for g in alte)
        herkunft["quelleAlt"] = " ".join(g.quelle.pruefsumme for g in alte)
    return herkunft


def _schriften(medium: Medium, haus: Mapping[str, Typeface]) -> tuple[Schrift, ...]:
    """All cuts: the city's own typeface first, then the shipped one, which draws what the first one lacks."""
    daten = _schriftdaten()

    def schrift(familie: str, name: str, inhalt: bytes, format_: str, staerke: int, stil: str) -> Schrift:
        url = (
            _schrift_url(name)
            if medium == "druck"
            else data_uri(inhalt, f"font/{'ttf' if format_ == 'truetype' else format_}")
        )
        return Schrift(familie, url, format_, staerke, stil)

    eigene = []
    for schnitt, (staerke, stil) in EIGENE_SCHNITTE.items():
        quelle = schnitt if schnitt in haus else "fett"
        if haus:
            eigene.append(schrift(HAUSSCHRIFT, f"eigene/{quelle}", haus[quelle].data, "truetype", staerke, stil))
    return (*eigene, *(schrift(FAMILIE, name, daten[name], "woff2", staerke, stil) for name, staerke, stil in SCHNITTE))


def _hausschrift(geladen: Geladen) -> dict[str, Typeface]:
    """The cuts of the city's own typeface by key; empty without one. Raises ``IhkError`` if it cannot be used."""
    eigene, ordner = geladen.fassung.konzept.schriften, geladen.quelle.ordner
    if eigene is None or ordner is None:
        return {}
    try:
        return read_typefaces(ordner, eigene.dateien)
    except BesideError as fehler:
        raise IhkError(f"{fehler.meldung} {fehler.hinweis}") from None


def _schrift_url(name: str) -> str:
    return f"ihk-asset:schrift/{name}"


@cache
def _schriftdaten() -> dict[str, bytes]:
    ordner = fonts()
    try:
        return {name: (ordner / name).read_bytes() for name, _, _ in SCHNITTE}
    except OSError as fehler:
        raise IhkError(f"Die Schriftdatei „{fehler.filename}“ fehlt; die Installation ist unvollständig.") from None
