"""Reads a finished PDF with pikepdf, independently of the code that wrote it: tag tree, artifacts, links, outline."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf


@dataclass(slots=True)
class Element:
    """A structure element. ``text`` is what hangs directly below it; ``seiten`` where its content stands."""

    rolle: str
    alt: str = ""
    lang: str = ""
    kurz: str = ""
    id: str = ""
    scope: str = ""
    koepfe: list[str] = field(default_factory=list)
    zeilen: int = 1
    spalten: int = 1
    kinder: list[Element | str] = field(default_factory=list)
    verweise: int = 0
    eltern: Element | None = None

    @property
    def text(self) -> str:
        return "".join(k if isinstance(k, str) else k.text for k in self.kinder)

    def alle(self) -> Iterator[Element]:
        yield self
        for kind in self.kinder:
            if isinstance(kind, Element):
                yield from kind.alle()

    def naechste(self, rolle: str) -> Iterator[Element]:
        """Elements of this role below, without looking into them."""
        for kind in self.kinder:
            if isinstance(kind, Element):
                if kind.rolle == rolle:
                    yield kind
                else:
                    yield from kind.naechste(rolle)


@dataclass(slots=True)
class Seite:
    marken: dict[int, str] = field(default_factory=dict)
    artefakte: str = ""
    lose: str = ""
    """Text that is neither tagged nor an artifact."""


class Dokument:
    """Everything that the checks ask for; whatever is wrong with the wiring of the tags lies in ``schaeden``."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.schaeden: list[str] = []
        self.schriften: set[str] = set()
        self.seiten = [self._seite(s) for s in pdf.pages]
        self._nummer = {s.obj.objgen: i for i, s in enumerate(pdf.pages)}
        self._eigner: Counter[tuple[int, int]] = Counter()
        self._ids: set[str] = set()
        self._verweise: list[Any] = []
        wurzel = pdf.Root.get("/StructTreeRoot")
        self.baum = Element("Kein Baum")
        if wurzel is not None:
            self._nummernbaum = _nummernbaum(wurzel)
            self.baum = self._element(wurzel.K[0] if isinstance(wurzel.K, pikepdf.Array) else wurzel.K, None)
            self._verdrahtung(wurzel)

    # content of the pages

    def _seite(self, seite: pikepdf.Page) -> Seite:
        ergebnis = Seite()
        karten = {name: _zuordnung(schrift) for name, schrift in seite.Resources.get("/Font", {}).items()}
        self.schriften |= {str(s.BaseFont) for s in seite.Resources.get("/Font", {}).values()}
        karte: dict[int, str] = {}
        offen: list[tuple[str, int | None]] = []
        for befehl in pikepdf.parse_content_stream(seite):
            name, werte = str(befehl.operator), befehl.operands
            if name in ("BMC", "BDC"):
                mcid = werte[1].get("/MCID") if name == "BDC" and isinstance(werte[1], pikepdf.Dictionary) else None
                offen.append((str(werte[0]), None if mcid is None else int(mcid)))
                if mcid is not None:
                    ergebnis.marken.setdefault(int(mcid), "")
            elif name == "EMC":
                offen.pop()
            elif name == "Tf":
                karte = karten.get(str(werte[0]), {})
            elif name in ("Tj", "TJ"):
                teile = werte[0] if name == "TJ" else [werte[0]]
                text = "".join(_entziffert(bytes(t), karte) for t in teile if isinstance(t, pikepdf.String))
                mcid = next((m for _, m in reversed(offen) if m is not None), None)
                if any(art == "/Artifact" for art, _ in offen):
                    ergebnis.artefakte += text
                elif mcid is not None:
                    ergebnis.marken[mcid] += text
                else:
                    ergebnis.lose += text
        return ergebnis

    # tag tree

    def _element(self, objekt: Any, eltern: Element | None) -> Element:
        element = Element(
            str(objekt.S)[1:],
            alt=str(objekt.get("/Alt", "")),
            lang=str(objekt.get("/Lang", "")),
            kurz=str(objekt.get("/E", "")),
            id=str(objekt.get("/ID", "")),
            eltern=eltern,
        )
        if element.id:
            self._ids.add(element.id)
        for merkmal in _liste(objekt.get("/A")):
            element.scope = str(merkmal.get("/Scope", element.scope)).lstrip("/")
            element.koepfe += [str(k) for k in merkmal.get("/Headers", [])]
            element.zeilen = int(merkmal.get("/RowSpan", element.zeilen))
            element.spalten = int(merkmal.get("/ColSpan", element.spalten))
        for kind in _liste(objekt.get("/K")):
            self._kind(kind, objekt, element)
        return element

    def _kind(self, kind: Any, objekt: Any, element: Element) -> None:
        if isinstance(kind, pikepdf.Dictionary) and kind.get("/Type") == "/OBJR":
            element.verweise += 1
            self._verweise.append(kind.Obj)
            if self._nummernbaum.get(int(kind.Obj.get("/StructParent", -1))) != objekt.objgen:
                self.schaeden.append("Ein Verweis ist im ParentTree falsch eingetragen.")
        elif isinstance(kind, pikepdf.Dictionary) and kind.get("/Type") != "/MCR":
            if kind.get("/P") is None or kind.P.objgen != objekt.objgen:
                self.schaeden.append(f"Ein Element {kind.get('/S')} nennt ein falsches Elternelement.")
            element.kinder.append(self._element(kind, element))
        else:
            mcid = int(kind.MCID) if isinstance(kind, pikepdf.Dictionary) else int(kind)
            seite = kind.Pg if isinstance(kind, pikepdf.Dictionary) and "/Pg" in kind else objekt.Pg
            nummer = self._nummer.get(seite.objgen, -1)
            self._eigner[nummer, mcid] += 1
            eintraege = self._nummernbaum.get(int(seite.get("/StructParents", -1)))
            if not isinstance(eintraege, list) or mcid >= len(eintraege) or eintraege[mcid] != objekt.objgen:
                self.schaeden.append(f"Seite {nummer + 1}: Der Inhalt {mcid} ist im ParentTree falsch eingetragen.")
            element.kinder.append(self.seiten[nummer].marken.get(mcid, ""))

    def _verdrahtung(self, wurzel: Any) -> None:
        """Every marked content has one owner, every link an element, every id its entry."""
        for nummer, seite in enumerate(self.seiten):
            artefakte_ab = {m for m in seite.marken if self._eigner[nummer, m] != 1}
            for mcid in sorted(artefakte_ab):
                anzahl = self._eigner[nummer, mcid]
                self.schaeden.append(f"Seite {nummer + 1}: Der Inhalt {mcid} hängt an {anzahl} Elementen.")
            if seite.lose.strip():
                self.schaeden.append(f"Seite {nummer + 1}: Text ohne Auszeichnung: „{seite.lose[:40]}“.")
        verweise = {v.objgen for v in self._verweise}
        for seite in self.pdf.pages:
            for notiz in seite.get("/Annots", []):
                if notiz.objgen not in verweise:
                    self.schaeden.append("Ein Verweis hängt an keinem Element.")
        namen = {str(n) for n in list(wurzel.get("/IDTree", {}).get("/Names", []))[::2]}
        if namen != self._ids:
            self.schaeden.append("Der IDTree nennt andere Kennungen als die Elemente.")

    # the rest

    def verweise(self) -> list[Any]:
        """Link annotations of all pages."""
        return [n for s in self.pdf.pages for n in s.get("/Annots", []) if n.get("/Subtype") == "/Link"]

    def ziele(self) -> set[str]:
        namen = self.pdf.Root.get("/Names", {}).get("/Dests", {}).get("/Names", [])
        return {str(n) for n in list(namen)[::2]}

    def gliederung(self) -> list[str]:
        """Titles of the outline."""

        def gehe(eintrag: Any) -> Iterator[str]:
            while eintrag is not None:
                yield str(eintrag.Title)
                yield from gehe(eintrag.get("/First"))
                eintrag = eintrag.get("/Next")

        return list(gehe(self.pdf.Root.get("/Outlines", {}).get("/First")))


def _liste(wert: Any) -> list[Any]:
    if wert is None:
        return []
    return list(wert) if isinstance(wert, pikepdf.Array) else [wert]


def _nummernbaum(wurzel: Any) -> dict[int, Any]:
    """Number → owner, or list of owners by MCID; owners as object numbers."""
    zahlen = list(wurzel.ParentTree.Nums)
    ergebnis: dict[int, Any] = {}
    for zahl, wert in zip(zahlen[::2], zahlen[1::2], strict=True):
        ist_liste = isinstance(wert, pikepdf.Array)
        ergebnis[int(zahl)] = [None if w is None else w.objgen for w in wert] if ist_liste else wert.objgen
    return ergebnis


def _zuordnung(schrift: Any) -> dict[int, str]:
    """Glyph → text from the ToUnicode map."""
    if "/ToUnicode" not in schrift:
        return {}
    text = schrift.ToUnicode.read_bytes().decode("ascii")
    paare = re.findall(
        r"<([0-9a-fA-F]{4})> <([0-9a-fA-F]+)>", "".join(re.findall(r"beginbfchar(.*?)endbfchar", text, re.DOTALL))
    )
    return {int(glyphe, 16): bytes.fromhex(zeichen).decode("utf-16-be") for glyphe, zeichen in paare}


def _entziffert(daten: bytes, karte: dict[int, str]) -> str:
    return "".join(karte.get(int.from_bytes(daten[i : i + 2], "big"), "\ufffd") for i in range(0, len(daten), 2))
