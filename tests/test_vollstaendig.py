"""Whatever a concept file can say is printed: one concept with every field of the model, each value findable in the report."""

from __future__ import annotations

import html as html_text
import itertools
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ihk import __version__, labels
from ihk.diff.fields import felder
from ihk.model import Konzeptfassung
from ihk.model.bestandteile import Bild, Handlungsfeld, Indikator, Kapitel, Quelle, Querschnittsaufgabe, Teilziel, Ziel
from ihk.model.load import Geladen, Orte
from ihk.model.massnahme import Massnahme
from ihk.model.types import Satz
from ihk.reading.files import Quelltext
from ihk.reading.source import Mapping
from ihk.reading.values import Zeitpunkt
from ihk.report.render import report_html

# Not printed as they are: they steer, or stand for something else that is printed.
STEUERND = {
    "format", "fiktiv", "farbe", "schriften", "reihenfolge", "id", "nach", "datei", "beendet_in", "aufgegangen_in", "hervorgegangen_aus", "vorgaenger", "unbekannt",
    "belege", "bilder", "punkt", "wappen", "bezeichnungen", "nummerierung", "anteil", "beschlussvorlage", "erwartet", "vergleich", "ausnahmen", "oeffentlich", "schluesselmassnahme", "erledigt", "nachrichtlich", "url", "alt", "kurztitel", "nummer", "grenze", "programm", "aenderungen", "titel_konzept",
}  # fmt: skip
WOERTER = {
    "art": "investiv", "rolle": "entscheidung", "ergebnis_beratung": "geaendert", "status": "beantragt", "prioritaet": "niedrig", "zeithorizont": "langfristig", "traegerart": "privat",
    "ausgabeart": "baumassnahme", "bewertung": "teilweise_erreicht", "folgerung": "verstetigen",
    "geber": "kommune", "auf": "nicht_zuwendungsfaehig", "stand": "kostenanschlag", "richtung": "sinkend",
}  # fmt: skip
VERWEISE: dict[str, Any] = {
    "handlungsfeld": "HF1",
    "teilziele": ["T1"],
    "querschnittsaufgaben": ["QA1"],
    "indikatoren": ["I1"],
    "abhaengig_von": ["M02"],
    "weitere_handlungsfelder": ["HF1"],
    "bezug": ["T1"],
    "teil_von": "M02",
}


class Fueller:
    """Builds records in which every value is unique; remembers how each must appear."""

    def __init__(self) -> None:
        self.zaehler = itertools.count(1)
        self.erwartet: dict[str, str] = {}

    def satz(self, klasse: type[Satz], pfad: str, **fest: Any) -> dict[str, Any]:
        ergebnis: dict[str, Any] = dict(fest)
        for feld in felder(klasse):
            if feld.name in fest or feld.name in STEUERND:
                continue
            if feld.name in VERWEISE and feld.vergleich.art in ("verweis", "verweise"):
                ergebnis[feld.name] = VERWEISE[feld.name]
                continue
            wert = self.wert(klasse, feld, f"{pfad}.{feld.name}")
            if wert is not None:
                ergebnis[feld.name] = wert
        return ergebnis

    def wert(self, klasse: type[Satz], feld: Any, pfad: str) -> Any:
        n = next(self.zaehler)
        if feld.form == "satz":
            return self.satz(feld.klasse, pfad)
        if feld.form == "benannte":
            return [self.satz(feld.klasse, pfad)]
        art = feld.vergleich.art
        if feld.form == "je_schluessel":
            jahr = str(2031 + n % 60)
            einzeln = self.einzeln(art, n, pfad)
            return {jahr: einzeln}
        if art == "liste":
            kern = klasse.model_fields[feld.name].annotation
            inneres = getattr(kern, "__args__", (None,))[0]
            if isinstance(inneres, type) and issubclass(inneres, Satz):
                return [self.satz(inneres, pfad)]
            return [self.einzeln("text", n, pfad)]
        if art == "menge":
            return [self.einzeln("text", n, pfad)]
        if art in ("auswahl", "status"):
            if feld.name == "status" and klasse is not Massnahme:
                return None
            wort = {
                "Beratung": {"ergebnis": "geaendert"},
                "Indikator": {"art": "output"},
                "Ziel": {"art": "oberziel"},
                "Organisation": {"art": "stadtteilbeirat"},
                "Aenderungsantrag": {"ergebnis": "teilweise_angenommen"},
                "Fassung": {"art": "ursprung"},
            }.get(klasse.__name__, {}).get(feld.name, WOERTER.get(feld.name))
            self.erwartet[pfad] = labels.auswahl(feld.name, str(wort))
            return wort
        if art in ("ohne", "verweis", "verweise", "kennung", "ja_nein", "punkt"):
            return None
        return self.einzeln(art, n, pfad)

    def einzeln(self, art: str, n: int, pfad: str) -> Any:
        match art:
            case "text" | "prosa":
                self.erwartet[pfad] = f"Marke{n:04}x"
                return self.erwartet[pfad]
            case "geld":
                cent = (3_000_000 + n * 1000) * 100
                self.erwartet[pfad] = labels.zahl(Decimal(cent) / 100, 0)
                return cent
            case "zahl":
                self.erwartet[pfad] = labels.zahl(Decimal(50_000 + n))
                return str(50_000 + n)
            case "datum":
                tag = date(2040, 1, 1) + timedelta(days=n)
                self.erwartet[pfad] = labels.tag(tag)
                return tag
            case "zeitpunkt":
                zeitpunkt = Zeitpunkt("tag", date(2050, 1, 1) + timedelta(days=n))
                self.erwartet[pfad] = labels.zeitpunkt(zeitpunkt)
                return zeitpunkt
            case "jahr":
                self.erwartet[pfad] = str(1810 + n % 150)
                return self.erwartet[pfad]
            case _:
                raise AssertionError(art)


def _konzept() -> tuple[Geladen, dict[str, str]]:
    f = Fueller()
    m = f.satz(Massnahme, "massnahme", id="M01", titel="Erste")
    m.pop("teil_von")
    inhalt = f.satz(
        Konzeptfassung,
        "",
        format=1,
        kapitel=[f.satz(Kapitel, "kapitel", id="eigenes")],
        ziele=[f.satz(Ziel, "ziel", id="Z1", teilziele=[f.satz(Teilziel, "teilziel", id="T1")])],
        handlungsfelder=[f.satz(Handlungsfeld, "handlungsfeld", id="HF1")],
        querschnittsaufgaben=[f.satz(Querschnittsaufgabe, "querschnittsaufgabe", id="QA1")],
        massnahmen=[m, {"id": "M02", "titel": "Zweite", "teilziele": ["T1"]}],
        indikatoren=[f.satz(Indikator, "indikator", id="I1")],
        quellen=[f.satz(Quelle, "quelle", id="Q1")],
        bilder=[],
    )
    inhalt["konzept"]["id"] = "k"
    inhalt["fassung"]["id"] = "1"
    inhalt["kapitel"][0]["belege"] = ["Q1"]
    assert Bild.model_fields  # pictures need files; they have tests of their own
    wurzel = Mapping("k.yaml", 1, 1)
    return Geladen(Quelltext("k.yaml", {"": b""}), Konzeptfassung.model_validate(inhalt), Orte(wurzel), ()), f.erwartet


def test_jedes_feld_des_formats_wird_gedruckt() -> None:
    geladen, erwartet = _konzept()
    seite = report_html(geladen, vorgaenger=None, aenderungen=None, medium="druck", ihk_version=__version__)
    rumpf = re.sub(r"<(style|script)\b.*?</\1>", " ", seite, flags=re.DOTALL)
    text = html_text.unescape(re.sub(r"<[^>]+>", " ", rumpf)).replace("\u00ad", "")
    text = re.sub(r"[\s\u00a0\u202f]+", " ", text)
    assert len(erwartet) > 120
    fehlend = {pfad: wert for pfad, wert in erwartet.items() if wert.replace("\u00a0", " ") not in text}
    assert fehlend == {}
