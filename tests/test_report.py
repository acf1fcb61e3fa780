"""The report as HTML: nothing of the model is lost, nothing of it gets out of hand, the page holds together."""

from __future__ import annotations

import colorsys
import io
import itertools
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pdf_lesen import Dokument
from pydantic import BaseModel

from ihk.build import pdf
from ihk.characters import unprintable
from ihk.model import Konzeptfassung
from ihk.model.load import Geladen, load
from ihk.project import version_at
from ihk.reading.files import Quelltext
from ihk.report.berichte import berichtsarten
from ihk.report.environment import environment
from ihk.report.palette import PAARE, STANDARD, colours, contrast, farbe
from ihk.report.prose import Bildziel, Schreiber, Verweisziel, divided, typography
from ihk.report.render import Eintragung, index_html, report_druck, report_html
from ihk.report.view.index import Datei, Unterlage
from ihk.resources import templates

WURZEL = Path(__file__).resolve().parent.parent
KONZEPTE = sorted((*WURZEL.glob("concepts/*/*.yaml"), *(p.parent for p in WURZEL.glob("concepts/*/*/konzept.yaml"))))

KLEIN = """
format: 1
konzept:
  id: dorf
  titel: Handlungskonzept Dorf
fassung:
  id: "2024"
massnahmen:
  - id: M01
    titel: Brunnen
    unbekannt: {kosten: Niemand weiß es., traeger: Steht nirgends.}
"""


def geladen(text: str, ordner: Path | None = None) -> Geladen:
    ergebnis = load(Quelltext("probe.yaml", {"": text.encode()}, ordner=ordner))
    assert ergebnis.fehlerfrei, ergebnis.probleme
    return ergebnis


def html(g: Geladen, medium: Any = "web") -> str:
    return report_html(g, vorgaenger=None, aenderungen=None, medium=medium, ihk_version="0")


class Leser(HTMLParser):
    """Text, headings, ids and targets of a page."""

    def __init__(self, seite: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.ebenen: list[int] = []
        self.titel: list[str] = []
        self.ids: list[str] = []
        self.ziele: list[str] = []
        self.tags: list[str] = []
        self._ueberschrift = False
        self._still = 0
        self.feed(seite)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        werte = dict(attrs)
        if tag in ("style", "script"):
            self._still += 1
        if re.fullmatch("h[1-6]", tag):
            self.ebenen.append(int(tag[1]))
            self.titel.append("")
            self._ueberschrift = True
        if werte.get("id"):
            self.ids.append(str(werte["id"]))
        if (werte.get("href") or "").startswith("#"):
            self.ziele.append(str(werte["href"])[1:])
        self.text += [str(werte[a]) for a in ("alt", "href") if werte.get(a)]

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script"):
            self._still -= 1
        if re.fullmatch("h[1-6]", tag):
            self._ueberschrift = False

    def handle_data(self, data: str) -> None:
        if not self._still:
            self.text.append(data)
        if self._ueberschrift:
            self.titel[-1] += data


# ------------------------------------------------------------------------------------------------ completeness

# Texts that steer something and are not printed as they are.
STEUERND = {"id", "datei", "farbe", "nach", "url", "nummer_alt"}


def _markiert(g: Geladen) -> tuple[Geladen, dict[str, str]]:
    """The same Fassung with a mark behind every text; returns the marks by path."""
    marken: dict[str, str] = {}
    zaehler = itertools.count(1)

    def gehe(wert: Any, pfad: str, feld: str) -> Any:
        if isinstance(wert, BaseModel):
            neu = {n: gehe(getattr(wert, n), f"{pfad}.{n}", n) for n in type(wert).model_fields}
            return wert.model_copy(update=neu)
        if feld in ("belege", "ausnahmen", "beschlussvorlage"):  # not part of the concept, or of another report
            return wert
        if isinstance(wert, tuple):
            return tuple(gehe(w, f"{pfad}[{i}]", feld) for i, w in enumerate(wert))
        if isinstance(wert, dict) and feld == "unbekannt":
            return {n: gehe(w, f"{pfad}.{n}", "grund") for n, w in wert.items()}
        if isinstance(wert, str) and feld in TEXTFELDER and feld not in STEUERND:
            marke = f"Marke{next(zaehler):04}x"
            marken[pfad] = marke
            neu = re.sub(r"([^\W\d][\w-]*)", rf"\1 {marke}", wert, count=1)
            return neu if neu != wert else f"{wert} {marke}"
        return wert

    return Geladen(g.quelle, gehe(g.fassung, "", ""), g.orte, ()), marken


# Fields that hold words of the author, not ids or words of a closed list.
TEXTFELDER = {
    "abruf", "ags", "anlass", "aufgabe", "ausgangslage", "autor", "bearbeitung", "bedarf", "begruendung", "bemerkung", "beschreibung",
    "beteiligte", "bildnachweis", "bescheid", "chancen", "definition", "einheit", "fundstelle", "gremium", "grund", "herausgeber", "kurztitel",
    "land", "leitsatz", "mitglieder", "name", "ort", "risiken", "schwaechen", "staerken", "teilgebiete", "text", "titel", "traeger", "umsetzung",
    "unterschrift", "veranlasst_durch", "vorlage", "wirkung", "zielgruppe", "zustaendig",
}  # fmt: skip


@pytest.mark.parametrize("pfad", KONZEPTE, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_every_text_of_the_model_is_printed(pfad: Path) -> None:
    marken_geladen, marken = _markiert(version_at(pfad).geladen)
    text = " ".join(Leser(html(marken_geladen)).text).replace("\u00ad", "")
    assert len(marken) > 20
    fehlend = [p for p, marke in marken.items() if marke not in text]
    # The short title takes the place of the title in tables and links; it need not be seen if there are none.
    assert not [p for p in fehlend if not p.endswith(".kurztitel")], fehlend


@pytest.mark.parametrize("pfad", KONZEPTE, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_the_page_holds_together(pfad: Path) -> None:
    for medium in ("web", "druck"):
        seite = html(version_at(pfad).geladen, medium)
        leser = Leser(seite)
        assert leser.ebenen[0] == 1
        assert leser.ebenen.count(1) == 1
        assert all(b <= a + 1 for a, b in itertools.pairwise(leser.ebenen)), list(
            zip(leser.ebenen, leser.titel, strict=True)
        )
        assert all(t.strip() for t in leser.titel)
        assert len(leser.ids) == len(set(leser.ids)), sorted(i for i in set(leser.ids) if leser.ids.count(i) > 1)
        assert not set(leser.ziele) - set(leser.ids)
        assert leser.tags.count("main") == 1
        assert leser.tags.count("script") == (medium == "web")
        assert "None" not in " ".join(leser.text)


def test_web_page_is_one_file() -> None:
    seite = html(geladen(KLEIN))
    assert "ihk-asset:" not in seite
    adressen = re.findall(r"url\(\"([^\"]{0,20})", seite)
    assert adressen
    assert all(a.startswith("data:") for a in adressen)


def test_print_refers_to_assets_only() -> None:
    seite = html(geladen(KLEIN), "druck")
    assert "data:" not in re.sub(r"data-\w+", "", seite)
    assert "@media screen" not in seite


def test_unknown_values_are_said() -> None:
    text = " ".join(" ".join(Leser(html(geladen(KLEIN))).text).split())
    assert "keine Angabe : Niemand weiß es." in text
    assert "0 €" not in text.replace("\u00a0", " ")


def test_unprintable_characters_become_their_code() -> None:
    assert unprintable("Brünnen → 😀") == ("😀",)
    assert "[U+1F600]" in html(geladen(KLEIN.replace("Brunnen", "Brunnen 😀")))


def test_index_lists_files() -> None:
    eintrag = Eintragung(
        "dorf",
        "Dorf <b>",
        "Gemeinde Dorf",
        "2024",
        "Erste",
        "Entwurf",
        "01.01.2024",
        unterlagen=(Unterlage("Bericht", (Datei("PDF", "dorf/2024/bericht.pdf"),)),),
    )
    seite = index_html([eintrag], ihk_version="0")
    assert 'href="dorf/2024/bericht.pdf"' in seite
    assert "Dorf &lt;b&gt;" in seite


def test_angaben_einer_quelle_behalten_ihren_punkt() -> None:
    quellen = "quellen:\n  - {id: Q1, titel: Bericht, art: Satzung, fundstelle: S. 12 ff.}\n  - {id: Q2, titel: Akte, art: Verm., fundstelle: '..'}\n"
    seite = html(geladen(KLEIN + quellen))
    assert "Satzung. S. 12 ff.<" in seite
    assert "Verm. ..<" in seite


@pytest.mark.pdf
def test_ein_sehr_langer_titel_steht_ueber_den_angaben_des_umschlags() -> None:
    """It would run over them, and from about 350 letters on fall off the page, heading and all."""
    lang = geladen(KLEIN.replace("Handlungskonzept Dorf", ("Handlungskonzept Dorf am Fluss " * 25).strip()[:700]))
    assert 'class="sehr-lang"' in html(lang)
    werk = report_druck(lang, vorgaenger=None, aenderungen=None, ihk_version="0")
    with pikepdf.open(io.BytesIO(pdf(werk))) as datei:
        assert len(Dokument(datei).gliederung()[0]) > 600


# ------------------------------------------------------------------------------------------------ palette


@pytest.mark.parametrize("dunkel", [False, True], ids=["hell", "dunkel"])
def test_contrast_holds_for_every_brand_colour(dunkel: bool) -> None:
    marken = [STANDARD, "#000000", "#ffffff", "#777777", "#ffd500", "#e2001a", "#0000ff", "#00ff00"]
    for h, s, v in itertools.product(range(0, 360, 15), (0.25, 0.6, 1.0), (0.3, 0.6, 1.0)):
        marken.append("#" + "".join(f"{round(255 * k):02x}" for k in colorsys.hsv_to_rgb(h / 360, s, v)))
    for marke in marken:
        rollen = colours(marke, dunkel=dunkel)
        for vorne, hinten, mindestens in PAARE:
            assert contrast(rollen[vorne], rollen[hinten]) >= mindestens, (marke, vorne, hinten)


@pytest.mark.parametrize("wert", [None, "", "blau", "#12", "#12345g", "url(x)", "0b6170"])
def test_invalid_colour_falls_back(wert: str | None) -> None:
    assert farbe(wert) == STANDARD


def test_short_colour() -> None:
    assert farbe("#0AF") == "#00aaff"


def test_contrast_of_black_on_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


# ------------------------------------------------------------------------------------------------ prose


def schreiber() -> Schreiber:
    ziele = {
        "M07": Verweisziel("M07", "1.3", "Platz <am> Markt"),
        "L1": Verweisziel("L1", "1", "Jahrbuch", quelle=True),
    }
    return Schreiber(ziele, {"B1": Bildziel("B1", "ihk-asset:bild/B1", 'Der "Platz"', 800, 600, "Platz", "Stadt")})


@pytest.mark.parametrize(
    "boese",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[klick](javascript:alert(1))",
        "[klick](JaVaScRiPt:alert(1))",
        "[klick](data:text/html;base64,AAAA)",
        "[klick](file:///etc/passwd)",
        "[klick](//host/x)",
        "![bild](https://host/x.png)",
        "![bild](file:///etc/passwd)",
        "![bild](data:image/png;base64,AAAA)",
        '<a href="javascript:x" style="color:red">x</a>',
        "<style>@import 'x'</style>",
        "<iframe src='https://host'></iframe>",
        '[x](https://host/" onmouseover="y)',
        "<https://host><script>x</script>",
        "{{7*7}} {% for x in y %}",
    ],
)
def test_prose_is_safe(boese: str) -> None:
    for fertig in (schreiber().block(boese), schreiber().zeile(boese)):
        assert fertig is not None
        leser = Leser(str(fertig))
        assert not {"script", "style", "iframe", "img"} & set(leser.tags)
        assert not re.search(r"<[^>]*(?:onerror|onmouseover|style|javascript:|data:|file:)", str(fertig), re.IGNORECASE)
        assert not re.search(r'href="//', str(fertig))
        assert "49" not in fertig


def test_hostile_text_stays_text_in_the_page() -> None:
    seite = html(
        geladen(
            KLEIN.replace("Brunnen", "'{{7*7}} <script>alert(1)</script> \" onload=x'").replace(
                "Handlungskonzept Dorf", "'</title><b>x'"
            )
        )
    )
    assert "<script>" not in seite
    assert seite.count("<script") == 1, "only the page's own"
    assert "{{7*7}}" in seite
    assert "</title><b>" not in seite


@pytest.mark.parametrize("text", ["> " * 300 + "tief", "- " * 300 + "tief", "*" * 3000 + "x", "[" * 3000, "![" * 500])
def test_deep_nesting_is_harmless(text: str) -> None:
    fertig = schreiber().block(text)
    assert fertig is not None
    assert fertig.count("<blockquote>") + fertig.count("<ul>") < 60


def test_references() -> None:
    fertig = str(schreiber().block("Siehe [M07] und [L1], nicht [M99]."))
    assert '<a href="#M07">1.3 Platz &lt;am&gt; Markt</a>' in fertig
    assert '[<a href="#L1">1</a>]' in fertig
    assert "[M99]" in fertig


def test_picture_by_id() -> None:
    fertig = str(schreiber().block("Davor.\n\n![](B1)\n\nDanach."))
    assert (
        '<figure class="bild"><img src="ihk-asset:bild/B1" alt="Der &quot;Platz&quot;" width="800" height="600">'
        in fertig
    )
    assert "Bild: Stadt" in fertig
    assert "<p><figure" not in fertig


def test_picture_amid_words_stands_on_its_own() -> None:
    fertig = str(schreiber().block("Davor ![](B1) und **danach**."))
    assert fertig.count("<figure") == fertig.count("Bild: Stadt") == 1
    assert "<p>Davor </p>" in fertig or "<p>Davor</p>" in fertig
    assert "<strong>danach</strong>" in fertig
    assert "<p><figure" not in fertig


def test_headings_are_shifted_without_gaps() -> None:
    fertig = schreiber().block("# A\n\n### B\n\n###### C\n\n## D\n\n#### E", 3)
    assert Leser(str(fertig)).ebenen == [3, 4, 5, 4, 5]
    tief = schreiber().block("# A\n\n## B\n\n### C", 5)
    assert Leser(str(tief)).ebenen == [5, 6]
    assert "zwischentitel" in str(tief)


def test_no_soft_hyphens_in_headings() -> None:
    fertig = str(schreiber().block("# Klimaanpassung\n\nKlimaanpassung"))
    assert "<h3>Klimaanpassung</h3>" in fertig
    assert "Klima\u00adanpassung" in fertig


def test_typography_moves_no_letter() -> None:
    assert typography("83.333,33 € und 5 %, 4 Mio. €") == "83.333,33\u00a0€ und 5\u00a0%, 4\u00a0Mio.\u00a0€"
    text = "Altbauerneuerung, Verstetigung und Klimaanpassungsmaßnahmen"
    assert divided(text).replace("\u00ad", "") == text
    assert "Ver\u00adstetigung" in divided(text)


def test_line_is_running_text() -> None:
    assert schreiber().zeile("Eins *zwei*.") == "Eins <em>zwei</em>."
    assert schreiber().zeile("Eins.\n\nZwei.\n\n- drei\n- vier") == "Eins.<br>Zwei.<br>– drei<br>– vier"


# ------------------------------------------------------------------------------------------------ templates

VORLAGEN = sorted(templates().rglob("*.j2"))


def test_templates_were_found() -> None:
    assert len(VORLAGEN) > 10


BERECHNET = {("verlauf.html.j2", "{{ f.stil }}"), ("verlauf.html.j2", "{{ s }}")}
"""Whole styles that a view computes; test_history.py holds each one that is printed to lengths and the sheet's own images."""


@pytest.mark.parametrize("pfad", VORLAGEN, ids=lambda p: p.name)
def test_template_is_clean(pfad: Path) -> None:
    text = pfad.read_text("utf-8")
    assert not re.search(r"\|\s*(?:safe|tojson)|autoescape|Markup", text)
    assert not re.search(r"=\s*\{\{", re.sub(r"\{%.*?%\}", "", text)), "an attribute without quotes"
    for stil in re.findall(r'style="([^"]*)"', text):
        if (pfad.name, stil) in BERECHNET:
            continue
        assert re.fullmatch(r"(?:(?:width|height|left|right|top): (?:\{\{ [\w.]+ \}\}|50)%(?:; )?)+", stil), stil


def test_environment_is_strict() -> None:
    umgebung = environment(None)
    assert umgebung.autoescape is True
    with pytest.raises(Exception, match="undefined"):
        umgebung.from_string("{{ fehlt }}").render()
    with pytest.raises(TypeError):
        umgebung.from_string("{{ x }}").render(x=None)
    assert umgebung.from_string("{{ x }}").render(x="<b>") == "&lt;b&gt;"


def test_own_templates_come_first(tmp_path: Path) -> None:
    teile = tmp_path / "teile"
    teile.mkdir()
    (teile / "umschlag.html.j2").write_text(
        "{% macro umschlag(u) %}<header><h1>Eigener {{ u.titel }}</h1></header>{% endmacro %}", "utf-8"
    )
    seite = report_html(
        geladen(KLEIN), vorgaenger=None, aenderungen=None, medium="web", vorlagen=tmp_path, ihk_version="0"
    )
    assert "<h1>Eigener Handlungskonzept Dorf</h1>" in seite


def test_marked_fields_exist() -> None:
    """A renamed field must not silently leave the list above."""
    namen: set[str] = set()
    offen: list[Any] = [Konzeptfassung]
    while offen:
        typ = offen.pop()
        if isinstance(typ, type) and issubclass(typ, BaseModel):
            namen |= set(typ.model_fields)
            offen += [f.annotation for f in typ.model_fields.values()]
        else:
            offen += list(getattr(typ, "__args__", ()))
    assert TEXTFELDER - {"grund"} <= namen | {"grund"}


def test_a_page_without_contents_leaves_no_room_for_them() -> None:
    """The grid of the page has a column for the contents; without them the text would be squeezed into it."""
    art = berichtsarten(None)["kurzfassung"]
    seite = report_html(geladen(KLEIN), vorgaenger=None, aenderungen=None, medium="web", ihk_version="0", art=art)
    assert not art.inhalt
    assert 'class="rahmen ohne-inhalt"' in seite
    raster = seite.index(".rahmen { grid-template-columns: 17.5rem")
    assert ".rahmen.ohne-inhalt { grid-template-columns: minmax(0, 1fr)" in seite[raster:]
