"""What no validator sees: whether the tags of a PDF say what its HTML says. Every finding is a sentence; none means good."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import html_lesen
import pikepdf
from pdf_lesen import Dokument, Element

NICHTSSAGEND = {"bild", "abbildung", "diagramm", "grafik", "foto", "chart", "image", "logo"}
ROLLEN = {"table": "Table", "tr": "TR", "th": "TH", "td": "TD", "thead": "THead", "a": "Link", "note": "Note", "abbildung": "Figure",
          **{f"h{n}": f"H{n}" for n in range(1, 7)}}  # fmt: skip


def befunde(pdf: pikepdf.Pdf, teile: list[str], *, schrift: str = "Source-Sans-3") -> list[str]:
    """Everything that is wrong with a PDF made from these parts of HTML."""
    dokument, fakten = Dokument(pdf), html_lesen.lesen(teile)
    return [
        *dict.fromkeys(dokument.schaeden),
        *_zahlen(dokument, fakten),
        *_tabellen(dokument, fakten),
        *_texte(dokument),
        *_reihenfolge(dokument, fakten),
        *_noten(dokument),
        *_verweise(dokument),
        *_laufendes(dokument),
        *_gliederung(dokument, fakten),
        *_schriften(dokument, schrift),
    ]


def _zahlen(dokument: Dokument, fakten: html_lesen.Fakten) -> Iterator[str]:
    rollen = Counter(e.rolle for e in dokument.baum.alle())
    for name, rolle in ROLLEN.items():
        if rollen[rolle] != fakten.zahlen[name]:
            yield f"{rolle}: {rollen[rolle]} im PDF, {fakten.zahlen[name]} im HTML."
    punkte = rollen["LI"] + rollen["TOCI"]
    if punkte != fakten.zahlen["li"]:
        yield f"Listenpunkte: {punkte} im PDF, {fakten.zahlen['li']} im HTML."
    sprachen = sum(1 for e in dokument.baum.alle() if e.lang)
    if sprachen != fakten.zahlen["lang"]:
        yield f"Sprachangaben: {sprachen} im PDF, {fakten.zahlen['lang']} im HTML."
    kurz = sum(1 for e in dokument.baum.alle() if e.kurz)
    if kurz != fakten.zahlen["abbr"]:
        yield f"Abkürzungen: {kurz} im PDF, {fakten.zahlen['abbr']} im HTML."


def _tabellen(dokument: Dokument, fakten: html_lesen.Fakten) -> Iterator[str]:
    tabellen = [e for e in dokument.baum.alle() if e.rolle == "Table"]
    for n, (tabelle, soll) in enumerate(zip(tabellen, fakten.tabellen, strict=False), 1):
        zellen = [z for zeile in tabelle.naechste("TR") for z in zeile.kinder if isinstance(z, Element)]
        koepfe = {z.id: i for i, z in enumerate(z for z in zellen if z.rolle == "TH")}
        ist = [(z.scope if z.rolle == "TH" else "", {koepfe.get(k, -1) for k in z.koepfe}) for z in zellen]
        if ist != soll.zellen:
            stelle = next((i for i, (a, b) in enumerate(zip(ist, soll.zellen, strict=False)) if a != b), len(ist))
            yield f"Tabelle {n}: Die Köpfe der Zelle {stelle} stimmen nicht."


def _texte(dokument: Dokument) -> Iterator[str]:
    for e in dokument.baum.alle():
        if e.rolle != "Figure":
            continue
        alt = e.alt.strip()
        if (
            len(alt) < 6
            or alt.lower().rstrip(" 0123456789.") in NICHTSSAGEND
            or re.fullmatch(r"\S+\.(png|jpe?g|svg|webp)", alt, re.I)
        ):
            yield f"Der Alternativtext „{alt}“ sagt nichts."


def _reihenfolge(dokument: Dokument, fakten: html_lesen.Fakten) -> Iterator[str]:
    ist, soll = _buchstaben("".join(_gelesen(dokument.baum))), _buchstaben(fakten.text)
    if ist != soll:
        stelle = next((i for i, (a, b) in enumerate(zip(ist, soll, strict=False)) if a != b), min(len(ist), len(soll)))
        yield f"Lesereihenfolge: „{ist[max(0, stelle - 20) : stelle + 30]}“ statt „{soll[max(0, stelle - 20) : stelle + 30]}“."


def _gelesen(element: Element) -> Iterator[str]:
    """The text in reading order, without bullets, numbers of notes, and page numbers in the contents."""
    if element.rolle in ("Lbl", "Figure"):
        return
    for i, kind in enumerate(element.kinder, 1):
        if isinstance(kind, Element):
            yield from _gelesen(kind)
        elif not (element.rolle == "Reference" and _ruf(element)) and not (
            i == len(element.kinder) and _seitenzahl(element, kind)
        ):
            yield kind


def _ruf(element: Element) -> bool:
    """Whether a Reference is the call of a note: then it has text of its own."""
    return not any(isinstance(k, Element) for k in element.kinder)


def _seitenzahl(element: Element, kind: str) -> bool:
    """Whether the last text of an element is the page number in a line of the contents."""
    im_inhalt = element.rolle == "Link" and element.eltern is not None and element.eltern.rolle == "Reference"
    return im_inhalt and kind.strip().isdigit()


def _buchstaben(text: str) -> str:
    """Letters only: no blanks, no hyphens (a line may end with one that the HTML has not)."""
    return re.sub(r"[\s\u00ad\u2010\u2060\u200b-]", "", text)


def _noten(dokument: Dokument) -> Iterator[str]:
    for e in dokument.baum.alle():
        if e.rolle != "Note":
            continue
        geschwister = e.eltern.kinder if e.eltern else []
        davor = geschwister[geschwister.index(e) - 1] if e in geschwister and geschwister.index(e) else None
        if not isinstance(davor, Element) or davor.rolle != "Reference":
            yield "Eine Note steht nicht hinter ihrem Ruf."
        if not e.id:
            yield "Eine Note hat keine Kennung."


def _verweise(dokument: Dokument) -> Iterator[str]:
    ziele = dokument.ziele()
    for verweis in dokument.verweise():
        if not str(verweis.get("/Contents", "")).strip():
            yield "Ein Verweis sagt nicht, wohin er führt."
        if "/Dest" in verweis and str(verweis.Dest) not in ziele:
            yield f"Der Verweis auf „{verweis.Dest}“ führt ins Leere."
    if any(e.rolle == "Link" and not e.verweise for e in dokument.baum.alle()):
        yield "Ein Link hat keine Fläche zum Anklicken."


def _laufendes(dokument: Dokument) -> Iterator[str]:
    anzahl = len(dokument.seiten)
    labels = _labels(dokument.pdf)
    for n, seite in enumerate(dokument.seiten, 1):
        if labels[n - 1] == "Titel":
            continue
        nummer = f"{n}von{anzahl}"
        if nummer not in _buchstaben(seite.artefakte):
            yield f"Seite {n}: Die Seitenzahl steht nicht unter den Artefakten."
        if labels[n - 1] != str(n):
            yield f"Seite {n}: Der Betrachter zählt sie als „{labels[n - 1]}“."
    text = _buchstaben(dokument.baum.text)
    # One such pair of numbers may stand in a sentence (“12 von 80 Haushalten”); page numbers would be there for every page.
    if sum(bool(re.search(rf"(?<!\d){n}von{anzahl}(?![\d.,])", text)) for n in range(1, anzahl + 1)) > anzahl // 8:
        yield "Eine Seitenzahl steht im Inhalt."


def _labels(pdf: pikepdf.Pdf) -> list[str]:
    return [str(seite.label) for seite in pdf.pages]


def _gliederung(dokument: Dokument, fakten: html_lesen.Fakten) -> Iterator[str]:
    ist = [_buchstaben(t) for t in dokument.gliederung()]
    if ist != [_buchstaben(t) for t in fakten.ueberschriften]:
        yield "Die Lesezeichen sind nicht die Überschriften."
    ebenen = [int(e.rolle[1]) for e in dokument.baum.alle() if re.fullmatch(r"H[1-6]", e.rolle)]
    if any(b > a + 1 for a, b in zip([0, *ebenen], ebenen, strict=False)):
        yield "Eine Ebene der Überschriften fehlt."


def _schriften(dokument: Dokument, schrift: str) -> Iterator[str]:
    for name in sorted(dokument.schriften):
        if not re.fullmatch(rf"/[A-Z]{{6}}\+{schrift}(-[A-Za-z-]+)?", name):
            yield f"Die Schrift {name} gehört nicht zu ihk."
