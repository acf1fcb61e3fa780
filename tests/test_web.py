"""The web pages as files: one request, a policy that holds, controls with names, nothing that needs the script."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from builders import geladen

from ihk.diff import compare
from ihk.model.load import Geladen
from ihk.project import version_at
from ihk.report.berichte import berichtsarten
from ihk.report.policy import with_policy
from ihk.report.render import Eintragung, index_html, report_html, synopse_html
from ihk.report.view.index import Datei, Unterlage
from ihk.report.view.suche import AB

WURZEL = Path(__file__).resolve().parent.parent
KONZEPTE = sorted((*WURZEL.glob("concepts/*/*.yaml"), *(p.parent for p in WURZEL.glob("concepts/*/*/konzept.yaml"))))
MUSTER = WURZEL / "concepts" / "musterstadt-ost" / "2028"
OHNE_ENDE = {"meta", "link", "img", "input", "br", "hr", "col"}
BLOECKE = {"article", "div", "dl", "figure", "h2", "h3", "h4", "h5", "ol", "p", "section", "table", "ul"}
VIELE = """format: 1
konzept: {id: dorf, titel: Konzept}
fassung: {id: "2024"}
massnahmen:
""" + "".join(
    f"  - {{id: M0{n}, titel: Maßnahme {n}, status: {'idee' if n % 2 else 'geplant'}}}\n" for n in range(1, 7)
)


class Seite(HTMLParser):
    """Every element with its attributes and, for a few of them, what is in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.elemente: list[tuple[str, dict[str, str | None], tuple[str, ...]]] = []
        self.inhalt: dict[str, list[str]] = {"style": [], "script": [], "label": [], "button": [], "title": []}
        self._offen: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elemente.append((tag, dict(attrs), tuple(self._offen)))
        if tag in self.inhalt:
            self.inhalt[tag].append("")
        if tag not in OHNE_ENDE:
            self._offen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._offen and self._offen.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        for tag in self.inhalt:
            if tag in self._offen:
                self.inhalt[tag][-1] += data

    def attribute(self, tag: str) -> list[dict[str, str | None]]:
        return [a for t, a, _ in self.elemente if t == tag]

    def alle(self, name: str) -> list[str]:
        return [wert for _, a, _ in self.elemente if (wert := a.get(name)) is not None]


def _vorher(pfad: Path) -> Geladen | None:
    vorgaenger = version_at(pfad).vorgaenger()
    return vorgaenger.geladen if vorgaenger else None


def bericht(g: Geladen, alt: Geladen | None = None) -> str:
    satz = compare(alt, g) if alt else None
    return report_html(g, vorgaenger=alt, aenderungen=satz, medium="web", ihk_version="0")


def _index() -> str:
    unterlagen = (Unterlage("Bericht", (Datei("PDF", "dorf/2024/bericht.pdf", "12 KB"),)),)
    eintrag = Eintragung("dorf", "Dorf", "Gemeinde", "2024", "Erste", "Entwurf", "01.01.2024", unterlagen=unterlagen)
    return index_html([eintrag], ihk_version="0")


@pytest.fixture(scope="module")
def seiten() -> dict[str, Seite]:
    """Every page of every concept, and the start page."""
    ergebnis = {"index": Seite(_index())}
    for pfad in KONZEPTE:
        name, g, alt = f"{pfad.parent.name}-{pfad.stem}", version_at(pfad).geladen, _vorher(pfad)
        ergebnis[name] = Seite(bericht(g, alt))
        if alt is not None:
            ergebnis[f"{name}-synopse"] = Seite(synopse_html(compare(alt, g), alt, g, medium="web", ihk_version="0"))
    assert len(ergebnis) > 10
    return ergebnis


def _jede(seiten: dict[str, Seite]) -> list[tuple[str, Seite]]:
    return list(seiten.items())


# ------------------------------------------------------------------------------------------------ one file


def test_nothing_is_fetched(seiten: dict[str, Seite]) -> None:
    for name, seite in _jede(seiten):
        for tag, attribute, _ in seite.elemente:
            adresse = attribute.get("src") or (attribute.get("href") if tag in ("link", "use", "image") else None)
            assert adresse is None or adresse.startswith("data:"), (name, tag, adresse)
            assert not {"srcset", "poster", "background", "action", "formaction"} & set(attribute), (name, tag)
        (stil,) = seite.inhalt["style"]
        assert all(u.startswith('"data:') for u in re.findall(r"url\((.{0,6})", stil)), name
        assert "@import" not in stil
        (skript,) = seite.inhalt["script"]
        assert not re.search(r"fetch|XMLHttp|import|localStorage|sessionStorage|cookie|innerHTML|eval|://", skript)


def test_one_style_and_one_script_with_their_hashes(seiten: dict[str, Seite]) -> None:
    for name, seite in _jede(seiten):
        regeln = dict(r.split(" ", 1) for r in _policy(seite).split("; "))
        assert set(regeln) == {
            "default-src",
            "img-src",
            "font-src",
            "style-src",
            "script-src",
            "base-uri",
            "form-action",
        }
        assert regeln["default-src"] == regeln["base-uri"] == regeln["form-action"] == "'none'"
        assert regeln["img-src"] == regeln["font-src"] == "data:"
        for tag in ("style", "script"):
            (inhalt,) = seite.inhalt[tag]
            summe = base64.b64encode(hashlib.sha256(inhalt.encode()).digest()).decode()
            assert regeln[f"{tag}-src"] == f"'sha256-{summe}'", (name, tag)


def _policy(seite: Seite) -> str:
    """The policy stands right behind the character set, in front of everything that it rules."""
    erste = [a for t, a, _ in seite.elemente if t in ("meta", "title", "style", "script")][:2]
    assert erste[0] == {"charset": "utf-8"}
    assert erste[1]["http-equiv"] == "Content-Security-Policy"
    return erste[1]["content"] or ""


def test_no_element_has_a_style_or_a_handler(seiten: dict[str, Seite]) -> None:
    for name, seite in _jede(seiten):
        for tag, attribute, _ in seite.elemente:
            assert not [a for a in attribute if a == "style" or a.startswith("on")], (name, tag)
        (stil,) = seite.inhalt["style"]
        genannt = set(re.findall(r'\[data-lage="(\d+)"\]', stil))
        assert genannt == set(seite.alle("data-lage")), name


def test_bars_keep_their_places() -> None:
    druck = report_html(
        version_at(KONZEPTE[-1]).geladen, vorgaenger=None, aenderungen=None, medium="druck", ihk_version="0"
    )
    web = bericht(version_at(KONZEPTE[-1]).geladen)
    regeln = dict(re.findall(r'\[data-lage="(\d+)"\] \{ (.*?) \}', web))
    rumpf = web.partition("</head>")[2]
    assert [regeln[n] for n in re.findall(r'data-lage="(\d+)"', rumpf)] == re.findall(
        r' style="(.*?)"', druck.partition("</head>")[2]
    )


def test_policy_leaves_text_alone() -> None:
    kopf = '<html><head><meta charset="utf-8"><style>a{}</style></head>'
    seite = f'{kopf}<p title="a < b">style="top: 1%" <b style="top: 1%; left: 2%">x</b><i style="top: 1%; left: 2%"></i></p>'
    fertig = with_policy(seite)
    assert '<p title="a < b">style="top: 1%" <b data-lage="0">x</b><i data-lage="0"></i></p>' in fertig
    assert '[data-lage="0"] { top: 1%; left: 2% }' in fertig
    assert "script-src 'none'" in fertig
    assert with_policy(seite) == fertig


def test_a_page_with_a_head_of_its_own_is_left_alone() -> None:
    eigene = '<!DOCTYPE html><html lang="de"><title>Eigene Seite</title><p style="top: 1%">x</p></html>'
    assert with_policy(eigene) == eigene


# ------------------------------------------------------------------------------------------------ names and places


def test_paragraphs_hold_text_only(seiten: dict[str, Seite]) -> None:
    """A list or a table ends the paragraph around it, and its end tag is one too many."""
    for name, seite in _jede(seiten):
        falsch = [t for t, _, offen in seite.elemente if t in BLOECKE and "p" in offen]
        assert falsch == [], name


def test_ids_and_names_are_unique(seiten: dict[str, Seite]) -> None:
    for name, seite in _jede(seiten):
        ids = seite.alle("id")
        assert len(ids) == len(set(ids)), (name, sorted(i for i in set(ids) if ids.count(i) > 1))
        regionen = [a["aria-label"] for _, a, _ in seite.elemente if a.get("role") == "region"]
        assert all(regionen), name
        assert len(regionen) == len(set(regionen)), (name, sorted(str(r) for r in regionen if regionen.count(r) > 1))
        for verweis in seite.alle("aria-labelledby"):
            assert verweis in ids, (name, verweis)


def test_the_skip_link_comes_first_and_leads_to_the_text(seiten: dict[str, Seite]) -> None:
    for name, seite in _jede(seiten):
        erster = seite.attribute("a")[0]
        assert erster["class"] == "sprung", name
        (haupt,) = seite.attribute("main")
        assert erster["href"] == f"#{haupt['id']}"


def test_every_control_has_a_name(seiten: dict[str, Seite]) -> None:
    steuerung = 0
    for name, seite in _jede(seiten):
        for tag, attribute, eltern in seite.elemente:
            if tag in ("input", "select", "textarea"):
                steuerung += 1
                assert "label" in eltern or attribute.get("aria-label"), (name, attribute)
        assert all(t.strip() for t in (*seite.inhalt["label"], *seite.inhalt["button"])), name
    assert steuerung > 10


def test_charts_take_their_colours_from_the_theme() -> None:
    """What is drawn in fixed colours for paper has a rule with tokens for the screen, or it vanishes in the dark."""
    vorlage = (WURZEL / "templates/teile/indikator.html.j2").read_text("utf-8")
    schirm = (WURZEL / "templates/css/schirm.css").read_text("utf-8")
    gezeichnet = re.findall(r'<(path|polyline|circle|text)(?: class="([\w-]+)")?[^>]*(?:fill|stroke)="#', vorlage)
    assert len(gezeichnet) > 5
    for tag, klasse in gezeichnet:
        assert re.search(rf"\.verlauf {f'[.]{klasse}' if klasse else tag}\b[^{{]*{{[^}}]*var\(--", schirm), (
            tag,
            klasse,
        )


# ------------------------------------------------------------------------------------------------ without the script


def test_only_controls_are_hidden(seiten: dict[str, Seite]) -> None:
    for name, seite in _jede(seiten):
        for tag, attribute, eltern in seite.elemente:
            if "hidden" in attribute:
                assert attribute.get("class") == "suche" or tag == "button", (name, attribute)
            if attribute.get("aria-hidden"):
                assert attribute["class"] == "suche-titel"
            if tag == "details":
                assert "open" in attribute, name
            assert tag != "template" or not eltern


@pytest.mark.parametrize("pfad", KONZEPTE, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_every_measure_is_an_entry(pfad: Path) -> None:
    g = version_at(pfad).geladen
    seite = Seite(bericht(g, _vorher(pfad)))
    eintraege = [a["id"] for _, a, _ in seite.elemente if "data-eintrag" in a]
    assert sorted(str(e) for e in eintraege) == sorted(m.id for m in g.fassung.massnahmen if not m.grabstein)
    assert ('class="suche"' in seite.html) == (len(eintraege) >= AB)


# ------------------------------------------------------------------------------------------------ search and sorting


def test_filters_offer_what_the_entries_have(seiten: dict[str, Seite]) -> None:
    assert sum(_angebote_stimmen(name, seite) for name, seite in _jede(seiten)) > 20


def _angebote_stimmen(name: str, seite: Seite) -> int:
    """Each choice of a page is there as often as it says; how many there are."""
    angebote = 0
    eintraege = [a for _, a, _ in seite.elemente if "data-eintrag" in a]
    for merkmal, liste in re.findall(r'<select data-merkmal="(\w+)">(.*?)</select>', seite.html):
        werte = [a.get(f"data-{merkmal}") or "-" for a in eintraege]
        angebot = re.findall(r'<option value="([^"]+)">[^<]*\((\d+)\)</option>', liste)
        assert {unescape(w): int(n) for w, n in angebot} == Counter(werte), (name, merkmal)
        angebote += len(angebot)
    return angebote


def test_filters_of_every_report_offer_what_it_shows() -> None:
    """The Steckbriefe are without the ended measures, so nothing that only these have is offered."""
    g, alt = version_at(MUSTER).geladen, _vorher(MUSTER)
    mit_suche = 0
    for art in berichtsarten(None).values():
        if art.nur_auswahl or art.markiert:
            continue
        seite = Seite(report_html(g, vorgaenger=alt, aenderungen=compare(alt, g) if alt else None, medium="web", ihk_version="0", art=art))  # fmt: skip
        mit_suche += bool(_angebote_stimmen(art.name, seite))
    assert mit_suche > 1


def test_a_choice_needs_a_difference() -> None:
    seite = bericht(geladen(VIELE))
    assert re.findall(r'data-merkmal="(\w+)"', seite) == ["status"]
    assert '<option value="idee">Idee (3)</option><option value="geplant">geplant (3)</option>' in seite
    gleich = bericht(geladen(VIELE.replace("geplant", "idee")))
    assert 'class="suche"' in gleich
    assert "data-merkmal" not in gleich
    assert 'class="suche"' not in bericht(geladen(VIELE.split("  - {id: M05")[0]))


def test_numbers_sort_by_value() -> None:
    seite = bericht(version_at(KONZEPTE[-1]).geladen) + bericht(
        version_at(WURZEL / "concepts/musterstadt-ost/2024").geladen
    )
    kuf = re.findall(r'<table class="daten kuf">.*?</table>', seite, re.DOTALL)
    assert kuf
    for tabelle in kuf:
        for klasse, wert, text in re.findall(r'<td class="(n[^"]*)"(?: data-wert="(-?\d+)")?>([^<]*)</td>', tabelle):
            assert wert, (klasse, text)
            if text == "–":
                assert wert == "0"
            elif text[0].isdigit() and "Tausend" not in tabelle:
                ganze, _, cent = text.replace(".", "").partition(",")
                assert int(wert) == 100 * int(ganze) + int(cent or 0)


# ------------------------------------------------------------------------------------------------ hostile text

BOESE = (
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><style>*{display:none}</style>",
    "' onfocus='x",
)


@pytest.mark.parametrize("text", BOESE)
def test_hostile_text_stays_text(text: str) -> None:
    quoted = "'" + text.replace("'", "''") + "'"
    yaml = VIELE.replace("titel: Maßnahme 1", f"titel: {quoted}, traeger: {quoted}, leitsatz: {quoted}")
    yaml = yaml.replace("titel: Maßnahme 2", "titel: Zwei, traeger: Stadt").replace(
        "titel: Maßnahme 3", "titel: Drei, traeger: Stadt"
    )
    harmlos, boese = (Seite(bericht(geladen(y))) for y in (yaml.replace(quoted, "Harmlos"), yaml))
    assert [(t, sorted(a)) for t, a, _ in boese.elemente] == [(t, sorted(a)) for t, a, _ in harmlos.elemente]
    assert boese.inhalt["script"] == harmlos.inhalt["script"]
    # Widths of columns follow the length of what stands in them; nothing else of the styles may depend on a text.
    stile = [re.sub(r"\[data-lage=.*? \}\n", "", s.inhalt["style"][0]) for s in (boese, harmlos)]
    assert stile[0] == stile[1]
    assert text in boese.alle("data-traeger")
