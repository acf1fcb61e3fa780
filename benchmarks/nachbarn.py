"""The same content for the tools that people would pick instead, and the commands that run them.

Typst gets the report as its own source: the same headings, texts, lists and tables, from the HTML that WeasyPrint gets (without
charts, page numbers in the contents and running heads). Chromium gets that HTML as it is. StrictDoc and Doorstop get titles
and texts of the measures only, which is less than the report has. All of it stands in ``.venv-bench`` (``make bench``).
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import tinyhtml5

from ihk.model.massnahme import Massnahme
from ihk.project import version_at

BENCH = Path(__file__).parent.parent / ".venv-bench" / "bin"
CHROMIUM = next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), "")
TYPST = "import sys, typst; typst.compile(sys.argv[1], output=sys.argv[2], pdf_standards=['ua-1'])"
TEXTE = ("leitsatz", "ausgangslage", "ziel", "beschreibung", "umsetzung")


def vorbereiten(konzept: Path, html: Path, ordner: Path) -> None:
    """Write the input of all of them into a folder."""
    ordner.mkdir(parents=True, exist_ok=True)
    massnahmen = version_at(konzept).geladen.fassung.massnahmen
    (ordner / "bericht.typ").write_text(typst_quelle(html.read_text("utf-8")), "utf-8")
    _strictdoc(massnahmen, ordner / "strictdoc")
    _doorstop(massnahmen, ordner / "doorstop")


def typst(ordner: Path) -> list[str | Path]:
    return [BENCH / "python", "-c", TYPST, ordner / "bericht.typ", ordner / "typst.pdf"]


def chromium(html: Path, ordner: Path) -> list[str | Path]:
    schalter = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --no-pdf-header-footer"
    return [CHROMIUM, *schalter.split(), f"--user-data-dir={ordner / 'chromium'}", f"--print-to-pdf={ordner / 'chromium.pdf'}", html.as_uri()]  # fmt: skip


def strictdoc(ordner: Path) -> list[str | Path]:
    return [BENCH / "strictdoc", "export", ordner / "strictdoc", "--output-dir", ordner / "strictdoc-aus"]


def doorstop(ordner: Path) -> list[str | Path]:
    return [BENCH / "doorstop", "publish", "--html", "all", ordner / "doorstop-aus"]


# Typst ------------------------------------------------------------------------------------------------------------------

KOPF = '#set document(title: "Integriertes Handlungskonzept", date: none)\n#set page(paper: "a4", margin: 25mm, numbering: "1")\n#set text(lang: "de", size: 10pt, hyphenate: true)\n#set par(justify: true)\n#show heading.where(level: 1): it => { pagebreak(weak: true); it }\n#outline()\n'
STUMM = {"style", "script", "svg", "head", "title", "nav", "template", "figcaption"}
ABSATZ = {"p", "dt", "dd", "div", "section", "article", "main", "header", "footer", "figure", "aside", "dl", "blockquote", "body"}  # fmt: skip


def typst_quelle(html: str) -> str:
    """The report as a Typst source."""
    return KOPF + "".join(_knoten(tinyhtml5.parse(html, namespace_html_elements=False)))


def _knoten(e: Element) -> Iterator[str]:
    if not isinstance(e.tag, str) or e.tag in STUMM:
        return
    if ueberschrift := re.fullmatch("h([1-6])", e.tag):
        yield f"\n\n{'=' * int(ueberschrift[1])} {_zeile(e) or '–'}\n\n"
    elif e.tag == "table":
        yield _tabelle(e)
    elif e.tag in ("ul", "ol"):
        yield "\n" + "".join(f"- {_zeile(kind)}\n" for kind in e if kind.tag == "li") + "\n"
    else:
        block = e.tag in ABSATZ
        yield "\n\n" if block else ""
        yield _text(e.text)
        for kind in e:
            yield from _knoten(kind)
            yield _text(kind.tail)
        yield "\n\n" if block else ""


def _tabelle(e: Element) -> str:
    reihen = [[z for z in reihe if z.tag in ("td", "th")] for reihe in e.iter("tr")]
    spalten = max((sum(int(z.get("colspan", 1)) for z in reihe) for reihe in reihen), default=0)
    if not spalten:
        return ""
    zellen = []
    for reihe in reihen:
        inhalt = [f"table.cell(colspan: {z.get('colspan', 1)})[{_zeile(z)}]" for z in reihe]
        fehlt = spalten - sum(int(z.get("colspan", 1)) for z in reihe)
        zellen.append(", ".join(inhalt + ["[]"] * fehlt) + ",\n")
    return f"\n#table(columns: {spalten}, {''.join(zellen)})\n"


def _zeile(e: Element) -> str:
    return " ".join("".join(_text(t) for t in e.itertext()).split())


def _text(text: str | None) -> str:
    return re.sub(r"([\\#$*_`<>@\[\]~/=+-])", r"\\\1", (text or "").replace("\u00ad", ""))


# StrictDoc and Doorstop -------------------------------------------------------------------------------------------------


def _prosa(m: Massnahme) -> str:
    return "\n\n".join(text.strip() for feld in TEXTE if (text := getattr(m, feld)))


def _strictdoc(massnahmen: tuple[Massnahme, ...], ordner: Path) -> None:
    ordner.mkdir()
    eintraege = [
        f"[REQUIREMENT]\nUID: {m.id}\nTITLE: {m.titel}\nSTATEMENT: >>>\n{_prosa(m)}\n<<<\n" for m in massnahmen
    ]
    (ordner / "konzept.sdoc").write_text("\n".join(["[DOCUMENT]\nTITLE: Handlungskonzept\n", *eintraege]), "utf-8")


def _doorstop(massnahmen: tuple[Massnahme, ...], ordner: Path) -> None:
    import yaml

    (ordner / "anforderungen").mkdir(parents=True)
    (ordner / "anforderungen" / ".doorstop.yml").write_text("settings:\n  digits: 4\n  prefix: M\n  sep: ''\n")
    subprocess.run(["git", "init", "-q", ordner], check=True)  # it publishes nothing outside a working copy
    for i, m in enumerate(massnahmen, 1):
        eintrag = {"active": True, "derived": False, "header": m.titel, "level": f"1.{i}", "links": [], "normative": True, "ref": "", "reviewed": None, "text": _prosa(m)}  # fmt: skip
        (ordner / "anforderungen" / f"{m.id}.yml").write_text(yaml.safe_dump(eintrag, allow_unicode=True), "utf-8")


if __name__ == "__main__":
    vorbereiten(*map(Path, sys.argv[1:]))
