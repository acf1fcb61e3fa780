"""The worklist: what is due on a day, the same in every form, and no clock in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from builders import KOPF, MASSNAHME, geladen, schreibe

from ihk.cli import grund
from ihk.export.status import status
from ihk.faellig import ARTEN, Arbeitsliste, faellig
from ihk.model.load import load
from ihk.project import alle, find_project
from ihk.reading.files import collect
from ihk.report.render import status_html
from ihk.terminal.status import als_markdown, als_text

CASES = Path(__file__).parent / "cases" / "status"
FAELLE = sorted(p.name for p in CASES.iterdir())


def _liste(fall: str, am: date | None = None) -> Arbeitsliste:
    alt = CASES / fall / "alt.yaml"
    return faellig(
        load(collect(CASES / fall / "neu.yaml", "neu.yaml")),
        load(collect(alt, "alt.yaml")) if alt.exists() else None,
        am,
    )


@pytest.mark.parametrize("fall", FAELLE)
def test_fall(fall: str, golden: Callable[[Path, str], None]) -> None:
    golden(CASES / fall / "erwartet.txt", als_text([_liste(fall)]))
    golden(CASES / fall / "erwartet.md", als_markdown([_liste(fall)]))


def test_jede_art_kommt_vor() -> None:
    assert {p.art for p in _liste("viel-zu-tun").posten} == set(ARTEN)


def test_der_stichtag_entscheidet() -> None:
    frueh, spaet = (_liste("viel-zu-tun", date(jahr, 1, 1)) for jahr in (2020, 2030))
    assert [p.satz for p in frueh.posten if p.art == "status"] == [
        "Der Status ist „in Umsetzung“, der Beginn ist erst 2021."
    ]
    assert not [p for p in frueh.posten if p.art in ("schritt", "mittel")]
    assert {p.id for p in spaet.posten if p.art == "status"} == {"M01", "M02", "M06", "M07"}
    assert len([p for p in spaet.posten if p.art == "mittel"]) == 3
    assert [p.satz for p in spaet.posten if p.id == "I2"] == ["Für 2030 fehlt ein Wert; der letzte ist von 2024."]
    # The day itself is not past, the day after is.
    tag = date(2024, 5, 31)
    assert not [p for p in _liste("viel-zu-tun", tag).posten if p.id == "M01" and p.art == "status"]
    assert [p for p in _liste("viel-zu-tun", date(2024, 6, 1)).posten if p.id == "M01" and p.art == "status"]


def test_ein_jahr_vor_dem_verfall() -> None:
    text = KOPF + MASSNAHME.replace(
        "gesamt: 90.000 €", "gesamt: 90.000 €\n      bewilligungen: [{verfaellt_am: 28.02.2025}]"
    )
    for am, faellige in (
        (date(2024, 2, 27), 0),
        (date(2024, 2, 28), 1),
        (date(2024, 2, 29), 1),
        (date(2025, 2, 28), 1),
    ):
        liste = faellig(geladen(text), None, am)
        assert len([p for p in liste.posten if p.art == "mittel"]) == faellige, am
    assert "verfällt am" in faellig(geladen(text), None, date(2025, 2, 28)).posten[-1].satz
    danach = next(p for p in faellig(geladen(text), None, date(2025, 3, 1)).posten if p.art == "mittel")
    assert "ist am 28.02.2025 verfallen" in danach.satz


def test_ohne_stand_nur_was_an_keinem_tag_haengt() -> None:
    liste = faellig(geladen((KOPF + MASSNAHME).replace(", stand: 01.06.2024", "")), None)
    assert [p.art for p in liste.posten] == ["fassung"]
    assert "Ohne Stichtag" in als_text([liste])
    assert status([liste])["fassungen"][0]["stichtag"] is None


def test_alle_formen_sagen_dasselbe() -> None:
    liste = _liste("viel-zu-tun")
    daten = status([liste])
    assert json.loads(json.dumps(daten)) == daten
    assert daten["schema"] == "ihk-status/1"
    assert sum(daten["fassungen"][0]["anzahl"].values()) == len(liste.posten) == len(daten["fassungen"][0]["posten"])
    zeilen, kaesten = als_text([liste]), als_markdown([liste])
    html = status_html([liste], ihk_version="0")
    for p in liste.posten:
        satz = " ".join(p.satz.split())
        assert satz in " ".join(zeilen.split())
        assert satz in " ".join(kaesten.replace("\\", "").split())
        assert satz in " ".join(unescape(html).split())
        assert str(p.ort) in zeilen
        assert str(p.ort) in kaesten
        assert str(p.ort) in html
    assert kaesten.count("- [ ] ") == len(liste.posten)


def test_text_eines_konzepts_wird_kein_markup() -> None:
    boese = geladen(
        KOPF
        + MASSNAHME.replace("titel: Quartiersplatz", 'titel: "<b>[x](y) *z* `c`"').replace("bis: 2025", "bis: 2024")
    )
    liste = faellig(boese, None, date(2026, 1, 1))
    assert "\\<b\\>\\[x\\](y) \\*z\\* \\`c\\`" in als_markdown([liste])
    assert "<b>[x]" not in status_html([liste], ihk_version="0")


class Seite(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.elemente: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elemente.append((tag, dict(attrs)))

    def alle(self, tag: str) -> list[dict[str, str | None]]:
        return [a for t, a in self.elemente if t == tag]


def test_die_seite_ist_eine_datei_und_zugaenglich() -> None:
    html = status_html([_liste("viel-zu-tun"), _liste("nichts-zu-tun")], ihk_version="0")
    seite = Seite(html)
    assert seite.alle("html") == [{"lang": "de"}]
    assert len(seite.alle("h1")) == 1
    assert len(seite.alle("main")) == 1
    ids = [a["id"] for _, a in seite.elemente if a.get("id")]
    assert len(ids) == len(set(ids))
    kaesten, schilder = seite.alle("input"), seite.alle("label")
    assert len(kaesten) == len(_liste("viel-zu-tun").posten)
    assert [k["id"] for k in kaesten] == [s["for"] for s in schilder]
    assert all(a["aria-labelledby"] in ids for a in seite.alle("section"))
    stufen = [int(t[1]) for t, _ in seite.elemente if re.fullmatch(r"h[1-6]", t)]
    assert all(b <= a + 1 for a, b in pairwise(stufen))
    assert not [a for t, a in seite.elemente if t in ("link", "img", "iframe") or "src" in a]
    assert any(m.get("http-equiv") == "Content-Security-Policy" for m in seite.alle("meta"))
    assert "Es ist nichts zu tun." in html


def test_der_befehl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def ihk(*argumente: str) -> tuple[int, str, str]:
        code = grund.ausfuehren(lambda: grund.ihk.main(args=list(argumente), prog_name="ihk", standalone_mode=False))
        return code, *capsys.readouterr()

    monkeypatch.chdir(tmp_path)
    neu = KOPF.replace('id: "2024", art: ursprung', 'id: "2029", art: fortschreibung, vorgaenger: "2024"')
    schreibe(
        tmp_path,
        {"concepts/musterstadt-ost/2024.yaml": KOPF + MASSNAHME, "concepts/musterstadt-ost/2029.yaml": neu + MASSNAHME},
    )
    code, aus, err = ihk("status")
    assert (code, err) == (0, "")
    assert aus.startswith("musterstadt-ost@2029: ")  # the end of the chain only
    assert "musterstadt-ost@2024" not in aus
    assert ihk("status", "musterstadt-ost", "musterstadt-ost@2029")[1] == aus
    assert "das Ende war 2025" in ihk("status", "--am", "1.1.2026")[1]
    assert ihk("status", "--format", "html", "-o", "s.html")[:2] == (0, "")
    assert (tmp_path / "s.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    assert json.loads(ihk("status", "--format", "json")[1])["schema"] == "ihk-status/1"
    for argumente, wort in (
        (["--am", "morgen"], "kein Tag"),
        (["nix"], "weder ein Konzept"),
        (["--format", "pdf"], "Möglich"),
    ):
        code, aus, err = ihk("status", *argumente)
        assert (code, aus) == (2, "")
        assert wort in err


def test_alle_konzepte_haben_eine_liste() -> None:
    projekt = find_project(Path(__file__).parent)
    assert projekt is not None
    for version in alle(projekt):
        vorher = version.vorgaenger()
        liste = faellig(version.geladen, vorher.geladen if vorher else None, date(2030, 1, 1))
        assert liste.posten
        assert [p.sortierung for p in liste.posten] == sorted(p.sortierung for p in liste.posten)
        assert als_text([liste])
        assert status_html([liste], ihk_version="0")
