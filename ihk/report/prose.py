"""Markdown of the concept becomes clean HTML: the one place that makes ``Markup``."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markupsafe import Markup, escape
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.footnote import footnote_plugin

LEER = Markup("")
TIEFE = 20  # nesting of quotes, lists and emphasis; deeper text stays text
_ZIEL = re.compile(r"(?:https?://|mailto:)[^\s]+|#[A-Za-z0-9][A-Za-z0-9._-]*", re.IGNORECASE)
_KENNUNG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_VERWEIS = re.compile(r"\[([A-Za-z0-9][A-Za-z0-9._-]{0,79})\](?![(\[])")
# Begins with the space, to which the engine skips; what stands before it is looked at then.
_EINHEIT = re.compile(
    r" (?:(?<=\d )(?=€|%|Mio\.|Mrd\.|Tsd\.|ha\b|m²|km\b|Euro\b|Prozent\b)|(?<=(?:Mio|Mrd|Tsd)\. )(?=€))"
)
# Whatever may mean something in Markdown or has to be escaped: any character but those of German sentences, beginnings of
# lines that make lists, tables and code, and spaces beside a break. A text without it is paragraphs and nothing else.
_BESONDERES = re.compile(r"""[^ \nA-Za-z0-9ÄÖÜäöüß€§%°²³½„“”‚‘’–—…·×.,;:!?()/+'"-]""")
_BESONDERE_ZEILE = re.compile(r"\n(?: |\d+[.)]|[-+:])")
_ABSATZ = re.compile(r"\n\n+")
_TAGS = {
    "a", "abbr", "blockquote", "br", "code", "em", "figcaption", "figure", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p",
    "pre", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_KLASSEN = {"bild", "footnote", "nachweis", "nr", "text-rechts", "zwischentitel", "beleg"}
_ATTRIBUTE = {
    "a": {"href", "lang"}, "abbr": {"title"}, "code": {"lang"}, "img": {"src", "alt", "width", "height"}, "ol": {"start"},
    "span": {"lang"}, "th": {"scope"},
}  # fmt: skip
_SPRACHE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_MIT_KLASSE = ("figure", "figcaption", "span", "p", "td", "th", "a")


@dataclass(frozen=True, slots=True)
class Verweisziel:
    """What ``[M07]`` becomes: number and title of the object it names."""

    id: str
    nummer: str
    titel: str
    quelle: bool = False
    """A source is printed as a small number in brackets."""


@dataclass(frozen=True, slots=True)
class Bildziel:
    """What ``![](B1)`` becomes."""

    id: str
    src: str
    alt: str
    breite: int
    hoehe: int
    unterschrift: str = ""
    nachweis: str = ""


def _by_first_letter(woerter: Iterable[str]) -> dict[str, list[str]]:
    """First letter → the rest of each word, in their order and as patterns.

    An expression that begins with the letters is skipped to them by the engine, which takes a third of the time.
    """
    anfaenge: dict[str, list[str]] = {}
    for wort in woerter:
        anfaenge.setdefault(re.escape(wort[0]), []).append(re.escape(wort[1:]))
    return anfaenge


@cache
def hyphenation() -> tuple[re.Pattern[str], dict[str, str]]:
    """What finds the compounds of the list, the longest first (tags and drawings are passed over), and their divisions."""
    zeilen = resources.files("ihk.report").joinpath("daten/silben.txt").read_text("utf-8").splitlines()
    woerter = sorted((z.strip() for z in zeilen if z.strip() and not z.startswith("#")), key=lambda w: (-len(w), w))
    geteilt = {w.replace("|", "").lower(): w for w in woerter}
    anfaenge = _by_first_letter(form for wort in geteilt for form in (wort, wort[0].upper() + wort[1:]))
    alle = (f"{buchstabe}(?i:{'|'.join(rest)})" for buchstabe, rest in anfaenge.items())
    return re.compile(f"<svg\\b.*?</svg>|<[^>]*>|{'|'.join(alle)}", re.DOTALL), geteilt


def divided(text: str) -> str:
    """Text or HTML with soft hyphens in the compounds of the list; letters stay as they are, and so does what is divided."""
    ausdruck, geteilt = hyphenation()

    def teilen(treffer: re.Match[str]) -> str:
        if treffer[0][0] == "<":
            return treffer[0]
        zeichen = iter(treffer[0])
        return "".join("\u00ad" if z == "|" else next(zeichen) for z in geteilt[treffer[0].lower()])

    return ausdruck.sub(teilen, text)


def typography(text: str) -> str:
    """No-break spaces between a number and its unit; nothing else is touched."""
    return _EINHEIT.sub("\u00a0", text)


@cache
def abkuerzungen() -> dict[str, str]:
    """The abbreviations of the field and what they stand for."""
    datei = resources.files("ihk.report").joinpath("daten/abkuerzungen.json")
    woerter: dict[str, str] = json.loads(datei.read_text("utf-8"))
    return woerter


@cache
def _abkuerzung() -> re.Pattern[str]:
    anfaenge = _by_first_letter(sorted(abkuerzungen(), key=lambda k: (-len(k), k)))
    return re.compile("|".join(rf"{a}(?<![\w-]{a})(?:{'|'.join(rest)})(?![\w-])" for a, rest in anfaenge.items()))


def abbreviated(html: str) -> str:
    """Escaped text with every abbreviation of the field explained, for those who hear it."""
    return _abkuerzung().sub(lambda t: f'<abbr title="{escape(abkuerzungen()[t[0]])}">{t[0]}</abbr>', html)


def _nur_worte(text: str) -> list[str] | None:
    """The paragraphs of a text that has no Markdown, as the parser and the cleaning would leave them; None if it may have some.

    Most prose is such, and it is most of what a page costs that has not been written before.
    """
    zeilen = f"\n{text}\n"
    if _BESONDERES.search(text) or _BESONDERE_ZEILE.search(zeilen) or " \n" in zeilen:
        return None
    fertig = abbreviated(divided(typography(text.strip("\n")))).replace("\u00a0", "&nbsp;")
    return _ABSATZ.split(fertig) if fertig else []


class _Nachsichtig(MarkdownIt):
    """Takes ids for the targets of links too; where a link leads is looked at when the text is cleaned."""

    def validateLink(self, url: str) -> bool:
        return _vorlaeufig(url)


def markdown(art: type[MarkdownIt] = MarkdownIt) -> MarkdownIt:
    """What authors may write: CommonMark with tables, footnotes, and marked languages (``[cities for people]{lang=en}``)."""
    parser = art("commonmark", {"html": False, "maxNesting": TIEFE}).enable("table")
    return parser.use(footnote_plugin).use(attrs_plugin, spans=True, allowed=("lang",))


@lru_cache(maxsize=4)
def _fertige(ziele: tuple[Any, ...], bilder: tuple[Any, ...]) -> dict[tuple[str | int, ...], Markup]:
    """What is already written where ids and pictures stand for this: a preview writes the same prose after each save."""
    return {}


class Schreiber:
    """Renders the prose of one Fassung: knows what its ids and pictures stand for."""

    def __init__(self, ziele: Mapping[str, Verweisziel], bilder: Mapping[str, Bildziel]) -> None:
        self._ziele = ziele
        self._bilder = bilder
        self._md = markdown(_Nachsichtig)
        self._md.inline.ruler.before("link", "kennung", self._kennung)
        assert isinstance(self._md.renderer, RendererHTML)
        regeln: dict[str, Any] = self._md.renderer.rules
        regeln["kennung"] = lambda tokens, i, *_: tokens[i].content
        regeln["image"] = self._bild
        regeln["text"] = lambda tokens, i, *_: abbreviated(str(escape(divided(typography(tokens[i].content)))))
        regeln["footnote_ref"] = lambda tokens, i, _, env: self._fussnote(tokens[i], env)
        regeln["ungetrennt"] = lambda tokens, i, *_: str(escape(typography(tokens[i].content)))
        self._sauber = _sauber(frozenset(bild.src for bild in bilder.values()))
        self._fertige = _fertige(tuple(ziele.items()), tuple(bilder.items()))

    def block(self, text: str | None, ebene: int = 3) -> Markup | None:
        """Paragraphs, lists, tables; headings start at level ``ebene`` (7 = none: bold paragraphs)."""
        if text is None:
            return None
        return self._einmal(("block", text, ebene), lambda: self._block(text, ebene))

    def _block(self, text: str, ebene: int) -> Markup:
        if (absaetze := _nur_worte(text)) is not None:
            return Markup("\n".join(f"<p>{a}</p>" for a in absaetze))
        umfeld: dict[str, Any] = {}
        tokens = _ohne_fussnoten(self._md.parse(text, umfeld), umfeld)
        _ueberschriften(tokens, ebene)
        _tabellen(tokens)
        tokens = self._abbildungen(tokens)
        roh = self._md.renderer.render(tokens, self._md.options, umfeld)
        return self._fertig(roh.strip())

    def zeile(self, text: str | None) -> Markup | None:
        """The same as running text without blocks, for cells and list items: paragraphs and list items become lines."""
        if text is None:
            return None
        return self._einmal(("zeile", text), lambda: self._zeile(text))

    def _einmal(self, schluessel: tuple[str | int, ...], schreibe: Callable[[], Markup]) -> Markup:
        """The same text is written once as long as ids and pictures stand for the same."""
        if schluessel not in self._fertige:
            self._fertige[schluessel] = schreibe()
        return self._fertige[schluessel]

    def _zeile(self, text: str) -> Markup:
        if (absaetze := _nur_worte(text)) is not None:
            return Markup("<br>".join(absaetze))
        zeilen: list[str] = []
        punkt = False
        umfeld: dict[str, Any] = {"in_zeile": True}
        for token in _ohne_fussnoten(self._md.parse(text, umfeld), umfeld):
            punkt = token.type == "list_item_open" or (punkt and token.type in ("paragraph_open", "inline"))
            if token.type in ("code_block", "fence"):
                zeilen.append(str(escape(token.content)))
            if token.type != "inline":
                continue
            inhalt = self._md.renderer.render([token], self._md.options, umfeld)
            vorige = (
                zeilen[-1:] if token.level > 4 and zeilen else []
            )  # cells of a table row are too deep for lines of their own
            punkt, neu = False, f"– {inhalt}" if punkt else inhalt
            zeilen[-1:] = [f"{vorige[0]} | {inhalt}"] if vorige else [*zeilen[-1:], neu]
        return self._fertig("<br>".join(z for z in zeilen if z))

    def _kennung(self, state: StateInline, silent: bool) -> bool:
        """Inline rule: ``[M07]`` where M07 is an id of this Fassung."""
        if state.src[state.pos] != "[" or not (treffer := _VERWEIS.match(state.src, state.pos)):
            return False
        ziel = self._ziele.get(treffer[1])
        if ziel is None:
            return False
        if not silent:
            token = state.push("kennung", "", 0)
            token.content = verweis(ziel)
        state.pos = treffer.end()
        return True

    def _bild(self, tokens: list[Token], i: int, *_: Any) -> str:
        bild = self._bilder.get(str(tokens[i].attrGet("src")))
        if bild is None:
            return str(escape(tokens[i].content))
        return _img(bild)

    def _fussnote(self, ruf: Token, umfeld: dict[str, Any]) -> str:
        """A note in the place of its call: the style sends it to the foot of the page; in a cell it stands in brackets."""
        absaetze = umfeld["noten"].get(ruf.meta["id"], [])
        inhalt = " ".join(self._md.renderer.render([a], self._md.options, {"noten": {}}).strip() for a in absaetze)
        return f" ({inhalt})" if umfeld.get("in_zeile") else f'<span class="footnote">{inhalt}</span>'

    def _abbildungen(self, tokens: list[Token]) -> list[Token]:
        """A picture stands on its own as a figure with its caption, also one amid the words of a paragraph."""
        ergebnis: list[Token] = []
        uebersprungen = False
        for i, token in enumerate(tokens):
            if uebersprungen and token.type == "paragraph_close":
                uebersprungen = False
                continue
            im_absatz = token.type == "inline" and tokens[i - 1].type == "paragraph_open"
            bilder = [k for k in token.children or [] if k.type == "image" and str(k.attrGet("src")) in self._bilder]
            if not im_absatz or not bilder:
                ergebnis.append(token)
                continue
            auf = ergebnis.pop()
            for teil in self._geteilt(token):
                ergebnis += [auf, teil, tokens[i + 1]] if teil.type == "inline" else [teil]
            uebersprungen = True
        return ergebnis

    def _geteilt(self, token: Token) -> list[Token]:
        """The words before, between and after pictures as inline tokens, the pictures as figures."""
        teile: list[Token] = []
        worte: list[Token] = []

        def schliessen() -> None:
            if any(k.content.strip() or k.type not in ("text", "softbreak") for k in worte):
                teile.append(Token("inline", "", 0, children=list(worte)))
            worte.clear()

        for kind in token.children or []:
            bild = self._bilder.get(str(kind.attrGet("src"))) if kind.type == "image" else None
            if bild is None:
                worte.append(kind)
                continue
            schliessen()
            figur = Token("kennung", "", 0)
            figur.content = abbildung(bild)
            teile.append(figur)
        schliessen()
        return teile

    def _fertig(self, roh: str) -> Markup:
        return Markup(self._sauber.clean(roh))


def _sauber(quellen: frozenset[str]) -> nh3.Cleaner:
    """What lets through only the elements, classes and addresses that prose may have; ``quellen`` are those of its pictures."""

    def pruefen(tag: str, attribut: str, wert: str) -> str | None:
        if attribut == "href":
            return wert if _erlaubt(wert) else None
        if attribut == "src":
            return wert if tag == "img" and wert in quellen else None
        if attribut == "lang":
            return wert if _SPRACHE.fullmatch(wert) else None
        return wert

    return nh3.Cleaner(
        tags=_TAGS,
        attributes=_ATTRIBUTE,
        allowed_classes=dict.fromkeys(_MIT_KLASSE, _KLASSEN),
        url_schemes={"http", "https", "mailto", "data", "ihk-asset"},
        attribute_filter=pruefen,
        link_rel=None,
        strip_comments=True,
    )


def verweis(ziel: Verweisziel) -> str:
    """HTML of a link to an object of the Fassung."""
    if ziel.quelle:
        return f'<span class="beleg">[<a href="#{escape(ziel.id)}">{escape(ziel.nummer)}</a>]</span>'
    text = " ".join(t for t in (ziel.nummer, ziel.titel) if t)
    return f'<a href="#{escape(ziel.id)}">{escape(text)}</a>'


def _img(bild: Bildziel) -> str:
    return f'<img src="{escape(bild.src)}" alt="{escape(bild.alt)}" width="{bild.breite}" height="{bild.hoehe}">'


_SAGT_WAS = re.compile(
    r"(?:Abbildung|Bild|Entwurf|Foto(?:grafie)?|Grafik|Karte|Luftbild|Plan|Quelle|Visualisierung|Zeichnung)s?(?: [\w-]+)?: "
)
"""A credit that says itself what the picture is: "Zeichnung: Amt für Stadtentwicklung"."""


def abbildung(bild: Bildziel) -> str:
    """HTML of a picture with caption and credit."""
    was = "" if _SAGT_WAS.match(bild.nachweis) else "Bild: "
    nachweis = f'<span class="nachweis">{was}{escape(bild.nachweis)}</span>' if bild.nachweis else ""
    text = " ".join(t for t in (str(escape(bild.unterschrift)), nachweis) if t)
    unten = f"<figcaption>{text}</figcaption>" if text else ""
    return f'<figure class="bild">{_img(bild)}{unten}</figure>'


def _erlaubt(url: str) -> bool:
    return _ZIEL.fullmatch(url.strip()) is not None


def _vorlaeufig(url: str) -> bool:
    """The parser asks for links and pictures alike; a link that is only an id loses its target when the text is cleaned."""
    return _erlaubt(url) or _KENNUNG.fullmatch(url) is not None


def _ohne_fussnoten(tokens: list[Token], umfeld: dict[str, Any]) -> list[Token]:
    """The tokens without the block of notes at the end; the paragraphs of each note go into ``umfeld["noten"]``."""
    noten: dict[int, list[Token]] = {}
    umfeld["noten"] = noten
    text: list[Token] = []
    offen: int | None = None
    for token in tokens:
        if token.type == "footnote_open":
            offen = int(token.meta["id"])
            noten[offen] = []
        elif token.type == "footnote_close":
            offen = None
        elif offen is not None and token.type == "inline":
            noten[offen].append(token)
        elif offen is None and not token.type.startswith("footnote_"):
            text.append(token)
    return text


def _ueberschriften(tokens: list[Token], ebene: int) -> None:
    """Levels as the text nests them, from ``ebene`` on, without gaps; below level 6 bold paragraphs."""
    offen: list[int] = []
    for i, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        stufe = int(token.tag[1])
        while offen and offen[-1] >= stufe:
            offen.pop()
        offen.append(stufe)
        neu = ebene + len(offen) - 1
        ende = next(t for t in tokens[i:] if t.type == "heading_close")
        for kind in tokens[i + 1].children or []:
            if kind.type == "text":  # no hyphens in headings, and none in the bookmarks made from them
                kind.type = "ungetrennt"
        if neu <= 6:
            token.tag = ende.tag = f"h{neu}"
        else:
            token.tag = ende.tag = "p"
            token.attrSet("class", "zwischentitel")


def _tabellen(tokens: list[Token]) -> None:
    """Head cells name their column; right-aligned columns get a class instead of a style."""
    for token in tokens:
        if token.type == "th_open":
            token.attrSet("scope", "col")
        if token.type in ("th_open", "td_open") and "right" in str(token.attrGet("style") or ""):
            token.attrSet("class", "text-rechts")
