"""Pictures made from the data: what they say is in the data, every number stands in a table, and no file can break them."""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree

import pytest
from builders import KOPF, MASSNAHME, geladen, schreibe
from hypothesis import given, settings
from hypothesis import strategies as st
from test_revisionen import git

from ihk import __version__, sums
from ihk.checks import Kontext as Pruefkontext
from ihk.checks import check, run
from ihk.maps.boundary import MEGABYTE, POINTS, BoundaryError, parse_boundary, read_boundary
from ihk.maps.plane import Plane, far, inside, round_length
from ihk.model.bestandteile import Indikator, Organisation
from ihk.model.load import Geladen, load
from ihk.pictures import BildError, read_picture
from ihk.problems import IhkError
from ihk.project import resolve, version_at
from ihk.reading.files import collect
from ihk.report.environment import environment
from ihk.report.render import report_druck, report_html
from ihk.report.view.gebietskarte import BREITE, SCHILD, Schild, beschriften, gebietskarte
from ihk.report.view.grund import Kontext
from ihk.report.view.indikatoren import Stand, indikatorkapitel, stand, weg_text
from ihk.report.view.jahresbild import Jahresbild, Jahresgeld, jahresbild
from ihk.report.view.massnahme import nach_ort
from ihk.report.view.organisation import organigramm
from ihk.report.view.standbild import standbild
from ihk.seals import siegel

CASES = Path(__file__).parent / "cases" / "karte"
WURZEL = Path(__file__).parent.parent
OST = WURZEL / "concepts/musterstadt-ost/2024"


@pytest.fixture(scope="module")
def ost() -> Geladen:
    return version_at(OST).geladen


@pytest.fixture(scope="module")
def seite(ost: Geladen) -> str:
    return report_html(ost, vorgaenger=None, aenderungen=None, medium="web", ihk_version=__version__)


def _svg(seite: str, klasse: str) -> list[str]:
    return re.findall(rf'<svg class="{klasse}".*?</svg>', seite, re.DOTALL)


def _text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")


# ------------------------------------------------------------------------------------------------ the file of the boundary


def test_jede_grenze_wird_gelesen_oder_mit_einem_satz_abgelehnt(golden: Callable[[Path, str], None]) -> None:
    zeilen = []
    for datei in sorted(CASES.glob("*.geojson")):
        try:
            grenze = parse_boundary(datei.read_bytes(), datei.name)
        except BoundaryError as fehler:
            ort = f" (Zeile {fehler.line}, Spalte {fehler.column})" if fehler.line else ""
            zeilen.append(f"{datei.stem}: {fehler.meldung}{ort} → {fehler.hinweis}")
        else:
            zeilen.append(f"{datei.stem}: {sum(1 for _ in grenze.points)} Punkte in {len(grenze.rings)} Umrissen")
    for zeile in zeilen:
        assert ("Punkte in" in zeile) == zeile.startswith(("gut", "vertauscht")), zeile
        assert len(zeile) < 300
    assert len(zeilen) > 35
    golden(CASES / "erwartet.txt", "\n".join(zeilen) + "\n")


def test_jede_zeichnung_wird_genommen_oder_mit_einem_satz_abgelehnt(golden: Callable[[Path, str], None]) -> None:
    """SVG may hold shapes only: nothing that fetches, runs, hides, or grows when it is drawn."""
    ordner = CASES.parent / "zeichnung"
    zeilen = []
    for datei in sorted(ordner.glob("*.svg")):
        try:
            bild = read_picture(ordner, datei.name)
        except BildError as fehler:
            zeilen.append(f"{datei.stem}: {fehler.meldung} → {fehler.hinweis}")
        else:
            assert bild.mime == "image/svg+xml"
            zeilen.append(f"{datei.stem}: {bild.breite} × {bild.hoehe}")
    assert [z.split(":")[0] for z in zeilen if " × " in z] == [z.split(":")[0] for z in zeilen if z.startswith("gut")]
    assert len(zeilen) > 15
    golden(ordner / "erwartet.txt", "\n".join(zeilen) + "\n")


@given(st.binary(max_size=300), st.sampled_from([b"<svg", b"<?xml version='1.0'?><svg", b""]))
@settings(max_examples=200)
def test_beliebige_bytes_sind_ein_bild_oder_ein_satz(daten: bytes, anfang: bytes) -> None:
    with TemporaryDirectory() as ordner:
        (Path(ordner) / "b.svg").write_bytes(anfang + daten)
        with contextlib.suppress(BildError):
            read_picture(Path(ordner), "b.svg")


def _ring(punkte: int) -> list[list[float]]:
    ring = [
        [8.8 + 0.01 * math.cos(2 * math.pi * i / punkte), 50.1 + 0.01 * math.sin(2 * math.pi * i / punkte)]
        for i in range(punkte - 1)
    ]
    return [*ring, ring[0]]


def test_zu_viele_punkte_und_zu_viele_bytes(tmp_path: Path) -> None:
    grenze = json.dumps({"type": "Polygon", "coordinates": [_ring(POINTS)]}).encode()
    assert sum(1 for _ in parse_boundary(grenze, "g").points) == POINTS
    zuviel = json.dumps({"type": "Polygon", "coordinates": [_ring(POINTS + 1)]}).encode()
    with pytest.raises(BoundaryError, match=r"mehr als 20\.000 Punkte"):
        parse_boundary(zuviel, "g")
    (tmp_path / "gross.geojson").write_bytes(b" " * (MEGABYTE * 1024 * 1024 + 1))
    with pytest.raises(BoundaryError, match="größer als 2 MB"):
        read_boundary(tmp_path, "gross.geojson")


@pytest.mark.parametrize("tief", [b"[", b'{"a":', b'{"type":"FeatureCollection","features":['])
def test_feindliche_tiefe_wird_ueberlebt(tief: bytes) -> None:
    with pytest.raises(BoundaryError):
        parse_boundary(tief * (1_900_000 // len(tief)), "g")


def test_nur_dateien_im_ordner_des_konzepts(tmp_path: Path) -> None:
    drinnen, draussen = tmp_path / "konzept", tmp_path / "geheim.geojson"
    drinnen.mkdir()
    draussen.write_bytes((CASES / "gut-polygon.geojson").read_bytes())
    (drinnen / "verweis.geojson").symlink_to(draussen)
    (drinnen / "kreis.geojson").symlink_to("kreis.geojson")
    (drinnen / "ordner.geojson").mkdir()
    os.mkfifo(drinnen / "rohr.geojson")
    for name in (
        "verweis.geojson", "kreis.geojson", "ordner.geojson", "rohr.geojson", "fehlt.geojson", "../geheim.geojson", str(draussen), "a\0b", "x" * 5000,
    ):  # fmt: skip
        with pytest.raises(BoundaryError, match=r"liegt nicht im Ordner|nicht lesbar|gewöhnliche Datei"):
            read_boundary(drinnen, name)


def test_befund_nennt_die_stelle(tmp_path: Path) -> None:
    ordner = schreibe(
        tmp_path / "2024",
        {
            "konzept.yaml": KOPF.replace("fiktiv: ja", "fiktiv: ja, gebiet: {name: Ost, grenze: g.geojson}")
            + MASSNAHME,
            "g.geojson": '{"type": "Polygon",\n "coordinates": [,]}\n',
        },
    )
    g = load(collect(ordner, "2024"))
    (befund,) = [p for p in run(Pruefkontext(g)) if p.code.startswith("KARTE")]
    assert (str(befund.ort), befund.code, befund.schwere) == ("2024/g.geojson:2:18", "KARTE-DATEI", "fehler")
    (ordner / "g.geojson").write_bytes((CASES / "vertauscht.geojson").read_bytes())
    (befund,) = [p for p in run(Pruefkontext(g)) if p.code.startswith("KARTE")]
    assert str(befund.ort).startswith("2024/konzept.yaml:2:")
    assert "vertauschten Zahlen" in befund.meldung
    with pytest.raises(IhkError, match="liegt nicht in einem Ordner"):
        gebietskarte(Kontext(geladen(KOPF.replace("fiktiv: ja", "gebiet: {name: Ost, grenze: g}")), "web"))


# ------------------------------------------------------------------------------------------------ projection and scale


def test_die_projektion_ist_auf_ein_promille_genau() -> None:
    """Against the great circle on a sphere whose radius is that of the ellipsoid at this latitude."""
    plane = Plane(8.8, 50.1)
    a, f = 6_378_137.0, 1 / 298.257223563
    e2 = f * (2 - f)
    w = 1 - e2 * math.sin(math.radians(50.1)) ** 2
    meridian, quer = a * (1 - e2) / w**1.5, a / math.sqrt(w)
    for dx, dy in ((0.01, 0), (0, 0.01), (0.02, -0.015), (-0.05, 0.04)):
        x, y = plane.metres((8.8 + dx, 50.1 + dy))
        assert x == pytest.approx(math.radians(dx) * quer * math.cos(math.radians(50.1)), rel=1e-3, abs=0.01)
        assert y == pytest.approx(math.radians(dy) * meridian, rel=1e-3, abs=0.01)
    assert plane.metres((8.8, 50.1)) == (0, 0)


@pytest.mark.parametrize(
    ("laenge", "rund"), [(0.3, 1), (1, 1), (1.9, 1), (3, 2), (7, 5), (19.9, 10), (99, 50), (480, 200), (500, 500), (25_000, 20_000)]
)  # fmt: skip
def test_der_massstab_hat_eine_runde_laenge(laenge: float, rund: int) -> None:
    assert round_length(laenge) == rund


def test_drinnen_ist_was_in_einer_flaeche_und_in_keinem_loch_liegt() -> None:
    grenze = parse_boundary((CASES / "gut-mit-loch.geojson").read_bytes(), "g")
    assert inside((8.792, 50.1), grenze.rings)
    assert not inside((8.8, 50.1), grenze.rings)
    assert not inside((8.82, 50.1), grenze.rings)


def test_weit_ist_erst_was_kein_ort_in_der_naehe_sein_kann() -> None:
    grenze = parse_boundary((CASES / "gut-polygon.geojson").read_bytes(), "g")
    punkte = {"mitte": (8.8, 50.1), "nebenan": (8.815, 50.1), "vertippt": (8.08, 50.1), "vertauscht": (50.1, 8.8)}
    assert far(punkte, grenze.rings) == ("vertippt", "vertauscht")
    assert far(punkte, ()) == ("vertippt", "vertauscht")
    assert far({}, ()) == ()


# ------------------------------------------------------------------------------------------------ labels


def _stoert(a: Schild, b: Schild) -> bool:
    return abs(a.mitte_x - b.mitte_x) < (a.breite + b.breite) / 2 and abs(a.mitte_y - b.mitte_y) < SCHILD


@pytest.mark.parametrize(("anzahl", "streuung"), [(1, 300), (2, 0), (8, 0), (20, 12), (60, 200), (60, 40)], ids=str)
def test_schilder_ueberdecken_nichts(anzahl: int, streuung: float) -> None:
    """Numbers do not cover each other nor any point, also where sixty measures lie close together or at one place."""
    hoehe = 420.0
    knoten = [
        (
            round(321 + streuung * math.sin(i * 2.4) * (i % 7) / 7, 1),
            round(210 + streuung * math.cos(i * 2.4) * (i % 5) / 7, 1),
        )
        for i in range(anzahl)
    ]
    nummern = [f"{1 + i // 9}.{1 + i % 9}" for i in range(anzahl)]
    schilder = beschriften(nummern, knoten, hoehe)
    gesetzt = [s for s in schilder if s]
    assert [s.text for s in gesetzt] == nummern
    assert not [(a.text, b.text) for i, a in enumerate(gesetzt) for b in gesetzt[:i] if _stoert(a, b)]
    for s in gesetzt:
        assert 0 <= s.x <= BREITE - s.breite
        assert 0 <= s.y <= hoehe - SCHILD
        assert all(not (s.x <= x <= s.x + s.breite and s.y <= y <= s.y + SCHILD) for x, y in knoten)
    assert schilder == beschriften(nummern, knoten, hoehe)


def test_faeden_laufen_unter_keinem_fremden_schild() -> None:
    """Where there is room, the line from a point to its number runs under no other number."""
    knoten = [(round(120 + 70.0 * (i % 6), 1), round(60 + 50.0 * (i // 6), 1)) for i in range(36)]
    schilder = [s for s in beschriften([f"{i}.1" for i in range(36)], knoten, 420.0) if s]
    assert len(schilder) == 36
    for s in schilder:
        for anderes in schilder:
            if anderes is not s:
                assert s.faden.isdisjoint(anderes.zellen), (s.text, anderes.text)


def test_wo_kein_platz_ist_fehlt_die_nummer_und_das_wird_gesagt() -> None:
    schilder = beschriften([str(i) for i in range(3000)], [(321.0, 100.0)] * 3000, 200.0)
    assert 20 < sum(s is not None for s in schilder) < 3000


# ------------------------------------------------------------------------------------------------ the map


def test_die_karte_nennt_jede_nummer_in_ihrer_tabelle(ost: Geladen) -> None:
    karte = gebietskarte(Kontext(ost, "web"))
    assert karte is not None
    assert karte.tabelle is not None
    zeilen = karte.tabelle.gruppen[0].zeilen
    assert [s.text for s in karte.schilder] == [z.zellen[0].text for z in zeilen]
    mit_punkt = {m.id for m in ost.fassung.massnahmen if m.standort and m.standort.punkt and not m.beendet}
    assert {z.zellen[1].ziel for z in zeilen} == mit_punkt
    assert {link.id for link in karte.ohne} | mit_punkt == {m.id for m in ost.fassung.massnahmen if not m.beendet}
    assert karte.massstab_text in karte.zeichen
    lebende = sum(not m.beendet for m in ost.fassung.massnahmen)
    assert (
        karte.satz == f"{len(mit_punkt)} von {lebende} Maßnahmen haben einen Ort in der Karte; alle liegen im Gebiet."
    )
    assert karte.dicht == ""


def test_der_massstab_ist_so_lang_wie_er_sagt(ost: Geladen) -> None:
    karte = gebietskarte(Kontext(ost, "web"))
    assert karte is not None
    meter = int(karte.massstab_text.split("\u00a0")[0])
    grenze = read_boundary(OST, "gebiet.geojson")
    breite, hoehe = Plane.around(grenze.points).extent(grenze.points)
    xs = [float(x) for x in re.findall(r"[ML]([\d.]+),", karte.pfad)]
    ys = [float(y) for y in re.findall(r",([\d.]+)", karte.pfad)]
    assert (max(xs) - min(xs)) / breite == pytest.approx(karte.massstab / meter, rel=5e-3)
    assert (max(ys) - min(ys)) / hoehe == pytest.approx(karte.massstab / meter, rel=5e-3)
    assert 60 < karte.massstab <= 160


def _mit_punkten(*punkte: str, grenze: str = "") -> str:
    kopf = KOPF.replace("fiktiv: ja", f"fiktiv: ja{grenze}") + "massnahmen:\n"
    return kopf + "".join(
        f"  - {{id: M{i:02}, titel: Maßnahme {i}, teilziele: [T1], standort: {{text: Platz {i}, punkt: {p}}}}}\n" for i, p in enumerate(punkte, 1)
    )  # fmt: skip


def test_ohne_grenze_genuegen_zwei_punkte(tmp_path: Path) -> None:
    def karte(text: str) -> Any:
        return gebietskarte(Kontext(load(collect(schreibe(tmp_path, {"k.yaml": text}) / "k.yaml")), "web"))

    assert karte(_mit_punkten("[8.8, 50.1]")) is None
    zwei = karte(_mit_punkten("[8.8, 50.1]", "[8.8, 50.1]"))
    assert zwei.satz == "Alle 2 Maßnahmen haben einen Ort in der Karte."
    assert len(zwei.punkte) == 1
    assert len(zwei.schilder) == 2
    fern = karte(_mit_punkten("[8.8, 50.1]", "[8.801, 50.1]", "[50.1, 8.8]"))
    assert len(fern.schilder) == 2
    assert fern.tabelle.gruppen[0].zeilen[2].zellen[2].zusatz == "weit außerhalb, nicht gezeichnet"


@pytest.mark.parametrize(
    ("punkte", "satz"),
    [
        ((), "Das Gebiet ist rund 1,4\u00a0km breit und 2,2\u00a0km hoch."),
        (("[8.8, 50.1]",), "Die einzige Maßnahme hat einen Ort in der Karte; sie liegt im Gebiet."),
        (("[8.815, 50.1]",), "Die einzige Maßnahme hat einen Ort in der Karte; sie liegt außerhalb des Gebiets."),
        (("[8.8, 50.1]", "[8.815, 50.1]"), "Alle 2 Maßnahmen haben einen Ort in der Karte; eine davon liegt außerhalb des Gebiets."),
    ],
)  # fmt: skip
def test_der_satz_der_karte(tmp_path: Path, punkte: tuple[str, ...], satz: str) -> None:
    text = _mit_punkten(*punkte, grenze=", gebiet: {name: Ost, grenze: g.geojson}")
    text = text if punkte else text.replace("massnahmen:\n", "")
    ordner = schreibe(tmp_path, {"k.yaml": text, "g.geojson": (CASES / "gut-polygon.geojson").read_text("utf-8")})
    karte = gebietskarte(Kontext(load(collect(ordner / "k.yaml")), "web"))
    assert karte is not None
    assert karte.satz == satz


def test_die_grenze_gehoert_zu_den_quellen(ost: Geladen) -> None:
    werk = report_druck(ost, vorgaenger=None, aenderungen=None, ihk_version=__version__)
    (datei,) = [d for d in werk.quellen if d.name == "gebiet.geojson"]
    assert datei.daten == (OST / "gebiet.geojson").read_bytes()
    assert "gebiet.geojson" in ost.fassung.beilagen


def test_die_grenze_ist_mit_versiegelt() -> None:
    dateien = siegel(version_at(OST)).dateien
    assert dateien["2024/gebiet.geojson"] == hashlib.sha256((OST / "gebiet.geojson").read_bytes()).hexdigest()


def test_die_grenze_kommt_aus_demselben_stand_im_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = _mit_punkten("[8.8, 50.1]", grenze=", gebiet: {name: Ost, grenze: g.geojson}")
    schreibe(
        tmp_path, {"o/2024/konzept.yaml": text, "o/2024/g.geojson": (CASES / "gut-polygon.geojson").read_text("utf-8")}
    )
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "eins")
    (tmp_path / "o/2024/g.geojson").write_text("{}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (damals,) = resolve("HEAD:o/2024", None)
    assert [p for p in check(damals) if p.code == "KARTE-DATEI"] == []
    assert [p.code for p in check(version_at(tmp_path / "o/2024")) if p.code == "KARTE-DATEI"] == ["KARTE-DATEI"]


def test_gezeichnetes_ist_sauberes_svg(seite: str) -> None:
    bilder = _svg(seite, "gebietskarte") + _svg(seite, "verlauf")
    assert len(bilder) > 5
    for bild in bilder:
        wurzel = ElementTree.fromstring(bild)
        assert (wurzel[0].tag, bool(wurzel[0].text)) == ("title", True)
        assert {e.tag for e in wurzel.iter()} <= {"svg", "title", "path", "circle", "rect", "polyline", "text"}
        for element in wurzel.iter():
            assert not [a for a in element.attrib if a.startswith("on") or "href" in a or a == "style"]
            assert not [w for w in element.attrib.values() if "url(" in w or "://" in w]


def test_bilder_sind_immer_dieselben_bytes(ost: Geladen, seite: str) -> None:
    noch_einmal = report_html(
        version_at(OST).geladen, vorgaenger=None, aenderungen=None, medium="web", ihk_version=__version__
    )
    assert noch_einmal == seite


@pytest.mark.parametrize("vorlage", ["gebietskarte", "indikator"])
def test_gezeichnetes_nimmt_die_farben_des_schirms(vorlage: str) -> None:
    """What is drawn in the colours of paper has a rule with tokens for the screen, or it vanishes in the dark."""
    text = (WURZEL / f"templates/teile/{vorlage}.html.j2").read_text("utf-8")
    schirm = (WURZEL / "templates/css/schirm.css").read_text("utf-8")
    bild = {"indikator": "verlauf"}.get(vorlage, vorlage)
    klassen = re.findall(r'<(?:path|polyline|circle|rect|text) class="([\w-]+)"', text)
    assert len(klassen) > 5
    for klasse in klassen:
        assert re.search(rf"\.{bild} [^{{]*\.{klasse}\b[^{{]*{{[^}}]*var\(--", schirm), klasse


# ------------------------------------------------------------------------------------------------ indicators


def _indikator(werte: dict[int, str], ziel: str = "", richtung: str = "sinkend", **mehr: Any) -> Indikator:
    angaben: dict[str, Any] = {"id": "I1", "titel": "Leerstand", "richtung": richtung, **mehr}
    angaben["werte"] = {str(j): w for j, w in werte.items()}
    if ziel:
        angaben["ziel"] = {"jahr": "2029", "wert": ziel}
    return Indikator.model_validate(angaben)


@pytest.mark.parametrize(
    ("i", "weg"),
    [
        (_indikator({2014: "12", 2024: "10"}, "8"), "50\u00a0%"),
        (_indikator({2014: "12", 2024: "8"}, "8"), "erreicht"),
        (_indikator({2014: "12", 2024: "8,01"}, "8"), "99\u00a0%"),  # nearly is not reached
        (_indikator({2014: "12", 2024: "11,99"}, "8"), "unter\u00a01\u00a0%"),
        (_indikator({2014: "12", 2024: "13"}, "8"), "\u221225\u00a0%"),
        (_indikator({2014: "12", 2024: "12"}, "8"), "0\u00a0%"),
        (_indikator({2014: "12"}, "8"), ""),
        (_indikator({}, "8"), ""),
        (_indikator({2014: "12", 2024: "10"}), ""),
        (_indikator({2014: "12", 2024: "10"}, "8", "steigend"), "erreicht"),
        (_indikator({2014: "12", 2024: "10"}, "8", "gleichbleibend"), ""),
        (_indikator({2014: "12", 2016: "11", 2024: "10"}, "8", ausgangsjahr="2016"), "33\u00a0%"),
        (_indikator({2014: "12", 2024: "10"}, "8", ausgangsjahr="2015"), ""),  # no value in that year: none is invented
        (_indikator({2014: "12", 2024: "10"}, "8", ausgangsjahr="2024"), ""),
    ],
)  # fmt: skip
def test_der_weg_zum_ziel(i: Indikator, weg: str) -> None:
    assert weg_text(stand(i)) == weg


def test_der_weg_ist_genau() -> None:
    s = stand(_indikator({2014: "12,5", 2023: "9,1"}, "8"))
    assert s.weg == Decimal(340) / Decimal("4.5")
    assert s == Stand(((2014, Decimal("12.5")), (2023, Decimal("9.1"))), (2014, Decimal("12.5")), (2023, Decimal("9.1")), Decimal(8), 2029, "sinkend")  # fmt: skip


def _kapitel(indikatoren: str) -> Any:
    return indikatorkapitel(Kontext(geladen(KOPF + "indikatoren:\n" + indikatoren), "web"))


def test_jahre_ohne_wert_bleiben_luecken() -> None:
    bild = _kapitel(
        "  - {id: I1, titel: Leerstand, richtung: sinkend, werte: {2014: 12, 2015: 11, 2019: 10, 2020: 9}, ziel: {jahr: 2029, wert: 8}}\n"
    ).bilder[0]
    assert [len(linie.split()) for linie in bild.verlauf.linien] == [2, 2]
    assert len(bild.verlauf.luecken) == 1
    assert len(bild.verlauf.punkte) == 4
    assert [z.zellen[0].text for z in bild.werte.gruppen[0].zeilen] == ["2014", "2015", "2019", "2020"]


def test_ein_wert_ist_kein_verlauf() -> None:
    kapitel = _kapitel("  - {id: I1, titel: Leerstand, werte: {2014: 12}}\n  - {id: I2, titel: Läden}\n")
    assert [b.verlauf for b in kapitel.bilder] == [None, None]
    assert [b.satz for b in kapitel.bilder] == [
        "12 im Jahr 2014; zum Vergleich fehlt ein zweiter Wert.",
        "Noch ist kein Wert bekannt.",
    ]
    assert kapitel.note == ""


def test_jede_zahl_eines_verlaufs_steht_daneben(ost: Geladen) -> None:
    kapitel = indikatorkapitel(Kontext(ost, "web"))
    assert kapitel is not None
    for bild in kapitel.bilder:
        assert bild.verlauf is not None
        assert bild.werte is not None
        zeilen = [*bild.werte.gruppen[0].zeilen, *([bild.werte.gesamt] if bild.werte.gesamt else [])]
        zellen = {str(c.text).removeprefix("Ziel ") for z in zeilen for c in z.zellen}
        assert {t.text for t in bild.verlauf.texte} <= zellen
        texte = bild.verlauf.texte
        assert not [(a.text, b.text) for i, a in enumerate(texte) for b in texte[:i] if a.trifft(b)]
        zahlen = set(re.findall(r"\d[\d.,]*\d|\d", bild.satz))
        anteil = re.search(r"; (?:unter\s)?(\d+)\s%\sdes Weges", bild.satz)
        assert zahlen - zellen <= ({anteil[1]} if anteil else set()), bild.satz


# ------------------------------------------------------------------------------------------------ costs by year and giver


def _jahre(**betraege: dict[str, int]) -> Jahresbild | None:
    return jahresbild(Jahresgeld({j.removeprefix("j"): z for j, z in betraege.items()}), "Stadt Musterstadt")


def test_saeulen_und_zahlen_stimmen_mit_den_summen_ueberein(ost: Geladen) -> None:
    """Every number is that of the sums to the cent, or rounded from it to the thousand."""
    s = sums.summen(ost.fassung)
    bild = jahresbild(Jahresgeld(s.je_jahr, s.gerechnet), "Stadt Musterstadt")
    assert bild is not None
    assert bild.gesamt == _gedruckt(s.gesamt, bild)
    assert len(bild.saeulen) == len(s.je_jahr)
    for zeile in bild.zeilen:
        geber = zeile.klasse.removeprefix("g-")
        assert zeile.gesamt == _gedruckt(s.nach_geber[geber], bild)
        assert list(zeile.betraege) == [_gedruckt(z.get(geber, 0), bild) for z in s.je_jahr.values()]
    for saeule, jahr in zip(bild.saeulen, s.je_jahr, strict=True):
        assert saeule.summe == _gedruckt(s.nach_jahr[jahr], bild)
        assert sum(t.hoehe for t in saeule.stuecke) == pytest.approx(100, abs=0.05)
        gezeichnet = sum(t.hoehe for t in saeule.stuecke if t.klasse)
        assert gezeichnet == pytest.approx(100 * s.nach_jahr[jahr] / max(s.nach_jahr.values()), abs=0.05)


def _gedruckt(cent: int, bild: Jahresbild) -> str:
    if not cent:
        return "–"
    einheit = Decimal(100_000) if "Tausend" in bild.titel else Decimal(100)
    stellen = Decimal(1) if "Tausend" in bild.titel else Decimal("0.01")
    return (
        f"{(cent / einheit).quantize(stellen, ROUND_HALF_UP):,}".replace(",", " ").replace(".", ",").replace(" ", ".")
    )


def test_was_kein_jahr_ist_steht_abgesetzt() -> None:
    bild = _jahre(bisher={"bund": 100_00}, j2024={"kommune": 300_00}, j2026={"kommune": 100_00, "bund": 100_00}, spaeter={"land": 5_00}, offen={"offen": 7_00})  # fmt: skip
    assert bild is not None
    assert [(s.text, s.abgesetzt) for s in bild.saeulen] == [
        ("bis 2023", True), ("2024", True), ("2025", False), ("2026", False), ("später", True), ("ohne Jahr", True),
    ]  # fmt: skip
    assert bild.satz == "Das teuerste Jahr ist 2024 mit 300,00\u00a0€; 300,00\u00a0€ davon trägt die Stadt Musterstadt. Für 7,00\u00a0€ steht noch kein Jahr fest.".replace(",00", "")  # fmt: skip
    assert [z.name for z in bild.zeilen] == ["Stadt Musterstadt", "Bund", "Land", "noch offen"]
    assert bild.saeulen[2].stuecke[0].hoehe == 100


def test_ein_einziges_jahr_ist_kein_bild() -> None:
    assert _jahre(j2024={"kommune": 1}, bisher={"bund": 5}) is None
    assert _jahre() is None
    assert _jahre(j2024={"kommune": 0}, j2025={"kommune": 5}) is None


def _gefuellt(name: str, bild: object) -> str:
    """What the macro of a drawing makes of its view; the template is called as the macro."""
    return (
        environment(None)
        .from_string(f"{{% from 'teile/{name}.html.j2' import {name} %}}{{{{ {name}(bild) }}}}")
        .render(bild=bild)
    )


def test_viele_jahre_stehen_in_tausend_euro() -> None:
    bild = jahresbild(Jahresgeld({str(j): {"kommune": 1_234_567_89, "bund": 400_00} for j in range(2020, 2030)}), "Ort")
    assert bild is not None
    assert bild.titel.endswith("(in Tausend Euro)")
    assert bild.zeilen[0].betraege[0] == "1.235"
    assert bild.zeilen[1].betraege[0] == "unter\u00a01"
    assert bild.satz.startswith("Kein Jahr ist teurer als 2020")
    html = _gefuellt("jahresbild", bild)
    assert html.count('class="saeule"') == 10
    for zahl in (*bild.zeilen[0].betraege, bild.gesamt, *(s.text for s in bild.saeulen)):
        assert zahl.replace("\u00a0", " ") in _text(html)


# ------------------------------------------------------------------------------------------------ status by Handlungsfeld


def test_jedes_zeichen_steht_auch_als_zahl(ost: Geladen) -> None:
    kontext = Kontext(ost, "web")
    massnahmen = tuple(m for m in ost.fassung.massnahmen if not m.grabstein)
    bild = standbild(kontext, nach_ort(kontext, massnahmen))
    assert bild is not None
    assert sum(z.anzahl for z in bild.zeilen) == len(massnahmen)
    for zeile in bild.zeilen:
        assert len(zeile.zeichen) == zeile.anzahl == sum(n.anzahl for n in zeile.zahlen)
    felder = len(ost.fassung.handlungsfelder)
    assert len(bild.zeilen) > felder  # measures without a Handlungsfeld are shown, but are no field
    assert bild.satz == f"In allen {felder} Handlungsfeldern ist mindestens eine Maßnahme in Umsetzung oder fertig."
    html = _gefuellt("standbild", bild)
    assert html.count('<span class="status s-') == len(massnahmen)
    for zeile in bild.zeilen:
        assert ", ".join(f"{n.anzahl} {n.wort}" for n in zeile.zahlen) in _text(html)


@pytest.mark.parametrize(
    ("wort", "satz"),
    [
        ("handlungsfeld", "In 1 von 2 Handlungsfeldern ist"),
        ("strategie", "In 1 von 2 Strategien ist"),
        ("themenfeld", "In 1 von 2 Themenfeldern ist"),
        ("schwerpunkt", "In 1 von 2 Schwerpunkten ist"),
    ],
)
def test_der_satz_nimmt_die_worte_des_konzepts(wort: str, satz: str) -> None:
    text = KOPF.replace("fiktiv: ja", f"bezeichnungen: {{handlungsfeld: {wort}}}") + (
        "handlungsfelder: [{id: A, titel: A}, {id: B, titel: B}]\nmassnahmen:\n"
        "  - {id: M01, titel: Eins, handlungsfeld: A, status: idee}\n  - {id: M02, titel: Zwei, handlungsfeld: B, status: verstetigt}\n"
    )
    kontext = Kontext(geladen(text), "web")
    bild = standbild(kontext, nach_ort(kontext, kontext.k.massnahmen))
    assert bild is not None
    assert bild.satz.startswith(satz)


# ------------------------------------------------------------------------------------------------ organisation chart


def _stellen(**oben: str) -> list[Organisation]:
    return [Organisation(titel=t, untersteht=o or None) for t, o in oben.items()]


def test_ohne_beziehungen_kein_organigramm() -> None:
    assert organigramm(_stellen(Amt="", Beirat="")) is None
    assert organigramm([]) is None


def test_das_organigramm_folgt_den_beziehungen() -> None:
    bild = organigramm(_stellen(Amt="Runde", Runde="", Büro="Amt", Beirat="Runde", Allein=""))
    assert bild is not None
    (wurzel,) = bild.wurzeln
    assert (wurzel.titel, [s.titel for s in wurzel.unter]) == ("Runde", ["Amt", "Beirat"])
    assert [s.titel for s in wurzel.unter[0].unter] == ["Büro"]
    assert bild.satz == "An der Spitze steht „Runde“, darunter stehen drei Stellen auf zwei Ebenen."
    assert not bild.zeigt("stelle-5")  # stands only in the list


def test_eine_stelle_ueber_allen_braucht_keinen_eintrag() -> None:
    bild = organigramm(_stellen(Amt="Stadtrat"))
    assert bild is not None
    assert (bild.wurzeln[0].titel, bild.wurzeln[0].id, bild.satz) == (
        "Stadtrat", "", "An der Spitze steht „Stadtrat“, darunter steht eine Stelle.",
    )  # fmt: skip


def test_ein_kreis_ist_ein_befund_und_haengt_nichts_auf() -> None:
    text = KOPF + (
        "organisation:\n  - {titel: Amt, untersteht: Runde}\n  - {titel: Runde, untersteht: Amt}\n"
        "  - {titel: Büro, untersteht: Ämt}\n  - {titel: Ich, untersteht: Ich}\n"
    )
    g = geladen(text)
    befunde = [(p.ort.zeile, p.code, p.schwere) for p in run(Pruefkontext(g)) if p.code.startswith("BEZUG")]
    assert befunde == [
        (11, "BEZUG-KREIS", "fehler"), (12, "BEZUG-KREIS", "fehler"), (13, "BEZUG-OFFEN", "warnung"), (14, "BEZUG-KREIS", "fehler"),
    ]  # fmt: skip
    bild = organigramm(g.fassung.organisation)
    assert bild is not None
    assert [w.titel for w in bild.wurzeln] == ["Ämt"]
    seite = report_html(g, vorgaenger=None, aenderungen=None, medium="web", ihk_version=__version__)
    assert seite.count('class="karte" id="stelle-') == 4
    assert "Untersteht" in seite  # those in the circle say it in the list


def test_das_organigramm_ist_eine_liste_mit_verweisen(ost: Geladen, seite: str) -> None:
    (liste,) = re.findall(r'<ul class="organigramm">.*?</ul>\n</section>', seite, re.DOTALL)
    ziele = re.findall(r'href="#(stelle-\d+)"', liste)
    bild = organigramm(ost.fassung.organisation)
    assert bild is not None
    assert len(ziele) == len(set(ziele)) == sum(1 + w.alle for w in bild.wurzeln) > 3
    for ziel in ziele:
        assert f'id="{ziel}"' in seite
