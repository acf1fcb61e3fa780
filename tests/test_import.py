"""``ihk import``: a table becomes exactly the edit that it says, or a sentence at its cell and nothing is written."""

from __future__ import annotations

import io
import os
import re
import shutil
import warnings
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from builders import KOPF, KOSTEN, MASSNAHME, geladen, schreibe
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ihk.cli.grund import ausfuehren, ihk
from ihk.export import kuf, listen
from ihk.export.arbeitsmappe import arbeitsmappe
from ihk.export.kuf import kuf_csv
from ihk.problems import IhkError
from ihk.project import Version, alle, find_project, version_at
from ihk.reading.arbeitsmappen import ENTPACKT
from ihk.reading.tabellen import lies_daten
from ihk.revise import felder, spalten, tabellenvorlage
from ihk.revise.einlesen import Ergebnis, einlesen
from ihk.revise.einlesen import schreibe as schreibe_ergebnis
from ihk.revise.felder import feld
from ihk.revise.zellwerte import einheit
from ihk.seals import versiegeln

HIER = Path(__file__).parent
FAELLE = sorted(p for p in (HIER / "cases" / "import").iterdir() if p.is_dir())
PROJEKT = find_project(HIER)
assert PROJEKT is not None
FASSUNGEN = alle(PROJEKT)


def rufe(*argumente: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command in this process."""
    code = 0

    def lauf() -> Any:
        return ihk.main(args=list(argumente), prog_name="ihk", standalone_mode=False)

    import click

    @click.command()
    def huelle() -> None:
        nonlocal code
        code = ausfuehren(lauf)

    ergebnis = CliRunner().invoke(huelle)
    return code, ergebnis.stdout, ergebnis.stderr


# ------------------------------------------------------------------------------------------------------------ cases


@pytest.mark.parametrize("fall", FAELLE, ids=lambda p: p.name)
def test_fall(fall: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, golden: Callable[[Path, str], None]) -> None:
    """The text afterwards (``erwartet.yaml``; unchanged if there is none) and what is said (``erwartet.txt``)."""
    eingaben = [d for d in fall.iterdir() if not d.name.startswith("erwartet")]
    for datei in eingaben:
        shutil.copy(datei, tmp_path / datei.name.replace("konzept", "2024"))
    monkeypatch.chdir(tmp_path)
    optionen = (fall / "optionen.txt").read_text().split() if (fall / "optionen.txt").exists() else []
    if (fall / "spalten.yaml").exists():
        optionen += ["--spalten", "spalten.yaml"]
    vorher = (tmp_path / "2024.yaml").read_text(encoding="utf-8")
    code, _, gesagt = rufe("import", "2024.yaml", "tabelle.csv", *optionen)
    nachher = (tmp_path / "2024.yaml").read_text(encoding="utf-8")
    golden(fall / "erwartet.txt", f"Ende mit {code}\n{gesagt}")
    if nachher != vorher:
        golden(fall / "erwartet.yaml", nachher)
        assert rufe("import", "2024.yaml", "tabelle.csv", *optionen)[0] == code
        assert (tmp_path / "2024.yaml").read_text(encoding="utf-8") == nachher, "noch einmal einlesen ändert etwas"
    else:
        assert not (fall / "erwartet.yaml").exists()
    assert {p.name for p in tmp_path.iterdir()} == {p.name.replace("konzept", "2024") for p in eingaben}, (
        "etwas blieb liegen"
    )


def test_die_faelle_sind_vollstaendig() -> None:
    assert len(FAELLE) >= 9
    geschrieben = [f for f in FAELLE if (f / "erwartet.yaml").exists()]
    assert geschrieben
    assert len(geschrieben) < len(FAELLE)
    for datei in (p for f in geschrieben for p in (f / "erwartet.yaml", f / "konzept.yaml")):
        assert geladen(datei.read_text(encoding="utf-8")).fehlerfrei


# ---------------------------------------------------------------------------------------------- there and back again


@pytest.fixture
def eigenes(tmp_path: Path) -> Callable[[Version], Version]:
    """A copy of a Fassung with its neighbours, to be written to."""

    def kopie(version: Version) -> Version:
        ziel = tmp_path / "concepts" / version.konzept
        shutil.copytree(version.pfad.parent, ziel, ignore=shutil.ignore_patterns(".ihk"))
        return version_at(ziel / version.pfad.name)

    return kopie


def _nicht_fest(version: Version) -> bool:
    return not version.geladen.fassung.fassung.beschlossen


@pytest.mark.parametrize("version", [v for v in FASSUNGEN if _nicht_fest(v)], ids=lambda v: v.name)
def test_eine_ausgabe_ohne_aenderung_aendert_nichts(
    version: Version, eigenes: Callable[[Version], Version], tmp_path: Path
) -> None:
    kopie = eigenes(version)
    for form, daten in (("xlsx", arbeitsmappe(kopie.geladen)), ("csv", kuf_csv(kopie.geladen.fassung).encode())):
        tabelle = tmp_path / f"kuf.{form}"
        tabelle.write_bytes(daten)
        e = einlesen(kopie, (kopie,), tabelle)
        assert not e.dateien
        assert e.befunde == []
        assert e.plan.fehlend == ()
        zeilen = sum(len(t.blatt.reihen) for t in e.tabellen)
        assert zeilen > len(kopie.geladen.fassung.massnahmen)
        assert len(e.tabellen) == (2 if form == "xlsx" else 1)


BEARBEITBAR = """format: 1
konzept: {id: musterstadt-ost, titel: Konzept Musterstadt-Ost, fiktiv: ja}
fassung: {id: "2024", art: ursprung, status: entwurf, stand: 01.06.2024}
ziele:
  - id: Z1
    titel: Wohnen
    teilziele:
      - {id: T1, titel: "Wohnen; leben (und arbeiten)"}
      - {id: T2, titel: Wohnungen erneuern}
handlungsfelder:
  - {id: HF1, titel: Wohnen}
massnahmen:
  - id: M01   # mit allem
    titel: Quartiersplatz
    kurztitel: Platz
    handlungsfeld: HF1
    teilziele: [T1, T2]
    traeger: Stadt Musterstadt
    beteiligte:
      - Verein   # sehr rege
      - Schule
    art: investiv
    status: geplant
    prioritaet: hoch
    zeithorizont: kurzfristig
    zeitraum: {von: 2024, bis: 2035}
    standort: {text: Am Markt, punkt: [8.8, 50.1]}
    kosten:
      gesamt: 90.000 €
      folgekosten: 500 €
      ausgegeben: 1.000 €
      stand: kostenrahmen
      preisstand: 2024
      ausgabeart: baumassnahme
      bemerkung: |
        Ein Absatz.

        Noch einer.
    begruendung: Weil.
  - {id: M02, titel: "Lesepaten, klein", teilziele: [T2], traeger: Agentur, status: idee, zeitraum: {von: 2024, bis: 2035}, kosten: {gesamt: "1.000,50 €", ausgegeben: 7 €}}
  - id: M03
    titel: "=SUMME(A1)"
    teilziele:
    - T1
    traeger: "'Stadt'"
    status: idee
    unbekannt:
      zeitraum: Noch offen.
      kosten: Noch offen.
"""
TEXT = st.text(st.characters(exclude_categories=("C", "Zl", "Zp"), exclude_characters="\ufeff"), min_size=1, max_size=30).map(lambda t: " ".join(t.split())).filter(lambda t: t and not re.fullmatch(r"(?i)keine angabe", t) and not _mehrdeutig(t))  # fmt: skip
CENT = st.integers(1, 10**11)


def _mehrdeutig(text: str) -> bool:
    """A text that openpyxl would not write as text, that our CSV marks, or that normalises to another one."""
    import unicodedata

    return (
        text.startswith(("=", "'", "#"))
        or unicodedata.normalize("NFC", text) != text
        or any(unicodedata.combining(z) for z in text)
    )


OHNE_GRUND_NICHT = ("zurueckgestellt", "entfallen")
"""A rule of the model wants a reason for them."""


def _wort(pfad: str) -> st.SearchStrategy[tuple[Any, Any]]:
    f = feld(pfad)
    assert f is not None
    return st.sampled_from([(titel, wort) for wort, titel in f.woerter.items() if wort not in OHNE_GRUND_NICHT])


def _betrag(c: int) -> tuple[Any, Any]:
    return c / 100, f"{c // 100}.{c % 100:02}"


ZEIT = st.one_of(
    st.integers(2024, 2035).map(lambda j: (j, str(j))),
    st.tuples(st.integers(1, 12), st.integers(2024, 2035)).map(lambda p: (f"{p[0]:02}/{p[1]}", f"{p[1]}-{p[0]:02}")),
    st.dates(date(2024, 1, 1), date(2035, 12, 31)).map(lambda d: (d, d.isoformat())),
    st.tuples(st.integers(1, 4), st.integers(2024, 2035)).map(lambda p: (f"{p[0]}. Quartal {p[1]}", f"{p[1]}-Q{p[0]}")),
)
# Sheet, caption → path and what may be written: the value of the cell, and the value that the diff then shows.
AENDERBAR: dict[tuple[str, str], tuple[str, st.SearchStrategy[tuple[Any, Any]]]] = {
    ("KuF", "Maßnahme"): ("titel", TEXT.map(lambda t: (t, t))),
    ("KuF", "Träger"): ("traeger", TEXT.map(lambda t: (t, t))),
    ("KuF", "Status"): ("status", _wort("status")),
    ("KuF", "Gesamtkosten"): ("kosten.gesamt", CENT.map(_betrag)),
    ("KuF", "ausgegeben"): ("kosten.ausgegeben", CENT.map(_betrag)),
    ("KuF", "Folgekosten im Jahr"): ("kosten.folgekosten", CENT.map(_betrag)),
    ("KuF", "Kostenstand"): ("kosten.stand", _wort("kosten.stand")),
    ("KuF", "Preisstand"): ("kosten.preisstand", st.integers(1990, 2040).map(lambda j: (j, j))),
    ("KuF", "Ausgabeart"): ("kosten.ausgabeart", _wort("kosten.ausgabeart")),
    ("KuF", "Bemerkung"): ("kosten.bemerkung", st.lists(TEXT, min_size=1, max_size=3).map(lambda z: ("\n".join(z), "\n".join(z)))),
    ("Maßnahmen", "Kurztitel"): ("kurztitel", TEXT.map(lambda t: (t, t))),
    ("Maßnahmen", "Art"): ("art", _wort("art")),
    ("Maßnahmen", "Priorität"): ("prioritaet", _wort("prioritaet")),
    ("Maßnahmen", "Zeithorizont"): ("zeithorizont", _wort("zeithorizont")),
    ("Maßnahmen", "Schlüsselmaßnahme"): ("schluesselmassnahme", st.just((True, True))),
    ("Maßnahmen", "Beginn"): ("zeitraum.von", ZEIT),
    ("Maßnahmen", "Standort"): ("standort.text", TEXT.map(lambda t: (t, t))),
    ("Maßnahmen", "Teilziele"): ("teilziele", st.sampled_from([("T2", ["T2"]), ("T2; T1", ["T2", "T1"]), ("1.1 Wohnen; leben (und arbeiten)", None)])),
}  # fmt: skip
LOESCHBAR = ("kosten.ausgegeben", "kosten.folgekosten", "kosten.stand", "kosten.preisstand", "kosten.ausgabeart", "kosten.bemerkung", "kurztitel", "art", "prioritaet", "zeithorizont", "standort.text")  # fmt: skip
BEISPIELE = int(os.environ.get("IHK_IMPORT_BEISPIELE", "25"))


@st.composite
def bearbeitungen(draw: Any) -> dict[tuple[str, str, str], tuple[Any, str, Any]]:
    """Some cells of a workbook with their new values: (sheet, caption, measure) → (cell, path, value in the diff)."""
    ziele = draw(st.lists(st.tuples(st.sampled_from(sorted(AENDERBAR)), st.sampled_from(["M01", "M02", "M03"])), min_size=1, max_size=8, unique=True))  # fmt: skip
    ergebnis = {}
    for (blatt, titel), kennung in ziele:
        pfad, werte = AENDERBAR[blatt, titel]
        if pfad in LOESCHBAR and draw(st.integers(0, 4)) == 0:
            ergebnis[blatt, titel, kennung] = (None, pfad, None)
            continue
        zelle, soll = draw(werte)
        if soll is not None:
            ergebnis[blatt, titel, kennung] = (zelle, pfad, soll)
    return ergebnis


@pytest.fixture(scope="module")
def ausgabe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a concept and the workbook that was exported from it."""
    ordner = tmp_path_factory.mktemp("bearbeitbar")
    (ordner / "2024.yaml").write_text(BEARBEITBAR, encoding="utf-8")
    (ordner / "ausgabe.xlsx").write_bytes(arbeitsmappe(geladen(BEARBEITBAR)))
    return ordner


def _bearbeite(daten: bytes, zellen: dict[tuple[str, str, str], Any]) -> bytes:
    mappe = openpyxl.load_workbook(io.BytesIO(daten))
    for (blatt, titel, kennung), wert in zellen.items():
        seite = mappe[blatt]
        kopf = {z.value: z.column for z in seite[3]}
        (zeile,) = [r for r in range(4, seite.max_row + 1) if seite.cell(r, kopf["Kennung"]).value == kennung]
        seite.cell(zeile, kopf[titel]).value = wert
    puffer = io.BytesIO()
    mappe.save(puffer)
    return puffer.getvalue()


def _gezeigt(e: Ergebnis) -> dict[tuple[str, str], Any]:
    """What the comparison shows: measure and path → new value."""
    return {(x.id, f.pfad): f.neu for x in e.satz.eintraege for f in x.felder if not f.pfad.startswith("unbekannt")}


def _flach(e: Ergebnis) -> dict[tuple[str, str], Any]:
    from ihk.diff.fields import flach

    def alles(k: Any) -> dict[tuple[str, str], Any]:
        return {(m.id, p): w.inhalt for m in k.massnahmen for p, w in flach(m).items()}

    alt, neu = alles(e.alt.fassung), alles(e.neu.fassung)
    return {
        p: neu.get(p) for p in alt.keys() | neu.keys() if alt.get(p) != neu.get(p) and not p[1].startswith("unbekannt")
    }


@settings(
    max_examples=BEISPIELE,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(aenderungen=bearbeitungen())
def test_genau_was_in_den_zellen_geaendert_wurde(
    ausgabe: Path, aenderungen: dict[tuple[str, str, str], tuple[Any, str, Any]]
) -> None:
    """The law of the round trip, and every comment is still there."""
    ordner, daten = ausgabe, (ausgabe / "ausgabe.xlsx").read_bytes()
    tabelle = ordner / "kuf.xlsx"
    tabelle.write_bytes(_bearbeite(daten, {ort: zelle for ort, (zelle, _, _) in aenderungen.items()}))
    version = version_at(ordner / "2024.yaml")
    e = einlesen(version, (version,), tabelle)
    assert not e.fehler, [str(b) for b in e.befunde]
    vorher = {(m.id, p): w for m in e.alt.fassung.massnahmen for p, w in _werte(m)}
    soll = {(k, p): w for (_, _, k), (_, p, w) in aenderungen.items() if vorher.get((k, p)) != w}
    assert _flach(e) == soll
    for name, neu in e.dateien.items():
        for kommentar in ("# mit allem", "# sehr rege"):
            assert kommentar in neu.decode(), name


def _werte(m: Any) -> list[tuple[str, Any]]:
    from ihk.diff.fields import flach

    return [(p, w.inhalt) for p, w in flach(m).items()]


def test_die_bearbeitung_ist_die_aenderung_im_vergleich(ausgabe: Path) -> None:
    """The comparison itself, as ``ihk diff`` prints it: once by hand, beside the law."""
    ordner, daten = ausgabe, (ausgabe / "ausgabe.xlsx").read_bytes()
    (ordner / "k.xlsx").write_bytes(_bearbeite(daten, {("KuF", "Gesamtkosten", "M02"): 83333.33, ("KuF", "Gesamtkosten", "M03"): 0.1 + 0.2, ("Maßnahmen", "Beteiligte", "M01"): "Verein; Kita, klein\nHort"}))  # fmt: skip
    version = version_at(ordner / "2024.yaml")
    e = einlesen(version, (version,), ordner / "k.xlsx")
    gezeigt = _gezeigt(e)
    assert gezeigt["M02", "kosten.gesamt"] == "83333.33"
    assert gezeigt["M03", "kosten.gesamt"] == "0.30"
    assert "beteiligte:\n      - Verein   # sehr rege\n      - Kita, klein\n      - Hort\n" in e.dateien[""].decode()
    assert "      gesamt: 0,30 €\n" in e.dateien[""].decode()
    assert 'kosten: {gesamt: "83.333,33 €", ausgegeben: 7 €}' in e.dateien[""].decode()
    assert "kosten: Noch offen." not in e.dateien[""].decode(), "bekannt und unbekannt zugleich"


def test_was_bekannt_wird_gilt_nicht_mehr_als_unbekannt(ausgabe: Path) -> None:
    """Also if another cell of the same measure is emptied in the same table."""
    zellen = {
        ("Maßnahmen", "Status", "M03"): None,
        ("KuF", "Gesamtkosten", "M03"): 500,
        ("Maßnahmen", "Beginn", "M03"): 2025,
    }
    (ausgabe / "k.xlsx").write_bytes(_bearbeite((ausgabe / "ausgabe.xlsx").read_bytes(), zellen))
    version = version_at(ausgabe / "2024.yaml")
    e = einlesen(version, (version,), ausgabe / "k.xlsx")
    (m,) = (m for m in e.neu.fassung.massnahmen if m.id == "M03")
    assert (m.status, m.unbekannt) == (None, {})
    assert m.kosten is not None
    assert m.kosten.gesamt == 50_000
    assert m.zeitraum is not None


# ------------------------------------------------------------------------------------------------- cells of every kind


def _mappe(reihen: list[list[Any]], formate: dict[str, str] | None = None, verbinde: str = "") -> bytes:
    mappe = openpyxl.Workbook()
    seite = mappe.active
    assert seite is not None
    for reihe in reihen:
        seite.append(reihe)
    for ort, form in (formate or {}).items():
        seite[ort].number_format = form
    if verbinde:
        seite.merge_cells(verbinde)
    puffer = io.BytesIO()
    mappe.save(puffer)
    return puffer.getvalue()


def _einlesen(ordner: Path, daten: bytes, text: str = KOPF + MASSNAHME, **optionen: Any) -> Ergebnis:
    schreibe(ordner, {"2024.yaml": text})
    (ordner / "t.xlsx").write_bytes(daten)
    version = version_at(ordner / "2024.yaml")
    return einlesen(version, (version,), ordner / "t.xlsx", **optionen)


@pytest.mark.parametrize(
    ("titel", "wert", "form", "erwartet"),
    [
        ("ausgegeben", 83333.33, "General", "83.333,33 €"),
        ("ausgegeben", 0.1 + 0.2, "General", "0,30 €"),
        ("ausgegeben", 123456789012.34, "General", "123.456.789.012,34 €"),
        ("ausgegeben", "250.000", "General", "250.000 €"),
        ("ausgegeben", "0,25 Mio. €", "General", "250.000 €"),
        ("ausgegeben", 100000 / 3, "General", "zwei Stellen nach dem Komma"),
        ("ausgegeben", "250.50", "General", "keine Zahl in deutscher Schreibweise"),
        ("ausgegeben", 0.5, "0%", "ist kein Betrag"),
        ("ausgegeben", True, "General", "ist kein Betrag"),
        ("ausgegeben", datetime(2026, 1, 1), "DD.MM.YYYY", "ist kein Betrag"),
        ("ausgegeben", "#REF!", "General", "Fehler #REF!"),
        ("ausgegeben", "=1+1", "General", "Formel ohne gespeicherten Wert"),
        ("ausgegeben", 10**16, "General", "mehr als 15 Ziffern"),
        ("Ende", datetime(2026, 3, 1), "MM.YYYY", "03/2026"),
        ("Ende", datetime(2026, 3, 1), "DD.MM.YYYY", "01.03.2026"),
        ("Ende", datetime(2026, 3, 1), "YYYY", "2026"),
        ("Ende", 2026, "General", "2026"),
        ("Ende", "Mrz 2026", "@", "03/2026"),
        ("Ende", "III. Quartal 2026", "@", "Q3 2026"),
        ("Ende", 46082, "General", "keine Jahreszahl"),
        ("Ende", 2200, "General", "bis: 2200"),
        ("Ende", 2201, "General", "„2.201“ ist keine Jahreszahl"),
        ("Ende", 1800, "General", "bevor er beginnt"),
        ("Ende", 1799, "General", "„1.799“ ist keine Jahreszahl"),
        ("Ende", 2026.5, "General", "„2.026,5“ ist keine Jahreszahl"),
        ("Ende", "2023", "@", "bevor er beginnt"),
        ("Nr.", 1.1, "General", "steht als Zahl da"),
        ("Nr.", datetime(2026, 3, 1), "D.M.", "ein Datum geworden"),
        ("Nr.", "1.10", "@", '"1.10"'),
        ("Träger", "Stadt\u200bwerke", "@", "unsichtbares Zeichen (U+200B)"),
        ("Träger", "x" * 30000, "@", "x" * 30000),
        ("Status", "IN UMSETZUNG", "@", "in_umsetzung"),
    ],
)
def test_eine_zelle(tmp_path: Path, titel: str, wert: Any, form: str, erwartet: str) -> None:
    """The value as it then stands in the file, or part of what is said at the cell."""
    e = _einlesen(tmp_path, _mappe([["Kennung", "Maßnahme", titel], ["M01", "Quartiersplatz", wert]], {"C2": form}))
    if e.fehler:
        assert any(erwartet in b.meldung and b.ort.zelle == "C2" for b in e.befunde), e.befunde
        assert not e.dateien
    else:
        assert erwartet in e.dateien[""].decode()


@pytest.mark.parametrize(
    ("zeitraum", "zeile", "zelle"),
    [
        ("{von: 2024, bis: 2025}", "M01;Bauamt;2024;2023;90.000", "D2"),
        ("{von: 2024, bis: 2025}", "M01;Bauamt;2030;2025;90.000", "C2"),
        ("{von: 2024, bis: 2025}", "M01;Bauamt;2030;2029;90.000", "C2"),  # the first of both
        ("\n      von: 2024\n      bis: 2025", "M01;Bauamt;2024;2023;90.000", "D2"),
        ("{von: 2024, bis: 2025}", "M01;Bauamt;2024;2025;91.000", "E2"),
        ("{von: 2024, bis: 2025}", "M01;Stadt Musterstadt;2024;2025;91.000", "E2"),
    ],
)
def test_ein_befund_der_pruefung_steht_an_seiner_zelle(tmp_path: Path, zeitraum: str, zeile: str, zelle: str) -> None:
    text = (KOPF + MASSNAHME).replace("zeitraum: {von: 2024, bis: 2025}", f"zeitraum: {zeitraum}")
    schreibe(tmp_path, {"2024.yaml": text, "t.csv": f"Kennung;Träger;Beginn;Ende;Gesamtkosten\n{zeile}\n"})
    version = version_at(tmp_path / "2024.yaml")
    e = einlesen(version, (version,), tmp_path / "t.csv")
    assert [b.ort.zelle for b in e.befunde if b.schwere == "fehler"] == [zelle]
    assert not e.dateien


@pytest.mark.parametrize(
    ("gleiche", "andere", "fremd"),
    [(0, 3, False), (0, 4, True), (4, 4, False), (3, 4, True), (8, 4, False)],
)
def test_die_tabelle_eines_anderen_konzepts_faellt_auf(tmp_path: Path, gleiche: int, andere: int, fremd: bool) -> None:
    """Ids are unique in one concept only: if most titles differ, and more than three, nothing is taken in."""

    def konzept(wort: str) -> str:
        titel = (f"{'Platz' if n <= gleiche else wort} {n}" for n in range(1, gleiche + andere + 1))
        return f"{KOPF}massnahmen:\n" + "".join(
            f"  - {{id: M{n}, titel: {t}, teilziele: [T1]}}\n" for n, t in enumerate(titel, 1)
        )

    schreibe(tmp_path, {"2024.yaml": konzept("Platz"), "t.csv": kuf_csv(geladen(konzept("Hof")).fassung)})
    code, _, gesagt = rufe("import", str(tmp_path / "2024.yaml"), str(tmp_path / "t.csv"))
    assert code == (2 if fremd else 0), gesagt
    assert (
        f"Bei {andere} von {gleiche + andere} Kennungen steht ein anderer Titel" in " ".join(gesagt.split())
    ) is fremd


def test_verbundene_zellen_gehoeren_niemandem(tmp_path: Path) -> None:
    reihen = [
        ["Kennung", "Maßnahme", "Träger", "Status"],
        ["M01", "Quartiersplatz", "Stadtwerke"],
        [None, "Zweite", None, "Idee"],
    ]
    e = _einlesen(tmp_path, _mappe(reihen, verbinde="C2:C3"))
    assert [b.ort.zelle for b in e.befunde if "verbunden" in b.meldung] == ["C2", "C3"]
    assert not e.dateien


def _mit_teilen(daten: bytes, neu: dict[str, bytes]) -> bytes:
    """A workbook with some parts replaced or added."""
    puffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(daten)) as alt, zipfile.ZipFile(puffer, "w", zipfile.ZIP_DEFLATED) as ziel:
        for teil in alt.infolist():
            ziel.writestr(teil.filename, neu.pop(teil.filename, alt.read(teil)))
        for name, inhalt in neu.items():
            ziel.writestr(name, inhalt)
    return puffer.getvalue()


def _zweimal(daten: bytes, name: str) -> bytes:
    """A workbook in which a part stands twice: programs differ in which of the two they read."""
    puffer = io.BytesIO(daten)
    with zipfile.ZipFile(puffer, "a") as archiv, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it stands twice, which is what is wanted
        archiv.writestr(name, b"<worksheet/>")
    return puffer.getvalue()


GUT = _mappe([["Kennung", "Maßnahme"], ["M01", "Quartiersplatz"]])
BOMBE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'


@pytest.mark.parametrize(
    ("daten", "satz"),
    [
        pytest.param(b"", "ist leer", id="leer"),
        pytest.param(b"PK\x03\x04kaputt", "beschädigt", id="abgeschnitten"),
        pytest.param(GUT[: len(GUT) // 2], "beschädigt", id="halb"),
        pytest.param(b"\xd0\xcf\x11\xe0" + b"x" * 600, "Kennwort", id="xls"),
        pytest.param(b"%PDF-1.7", "ist ein PDF", id="pdf"),
        pytest.param(b"Kennung;\0Titel", "keine Tabelle", id="null"),
        pytest.param(b'Kennung;Titel\nM01;"offen', "Anführungszeichen", id="offenes-zitat"),
        pytest.param(_mit_teilen(GUT, {"xl/worksheets/sheet1.xml": BOMBE}), "vereinbart eigene Zeichen", id="xml-bombe"),
        pytest.param(_mit_teilen(GUT, {"xl/workbook.xml": BOMBE.decode().encode("utf-16")}), "nicht in UTF-8", id="utf-16"),
        pytest.param(_mit_teilen(GUT, {"xl/x.xml": b'<?xml version="1.0" encoding="cp037"?>'}), "nicht in UTF-8", id="cp037"),
        pytest.param(_mit_teilen(GUT, {"xl/media/x.bin": b"\0" * (ENTPACKT + 1)}), "entpackt sich auf", id="zip-bombe"),
        pytest.param(_mit_teilen(GUT, {"xl/worksheets/sheet1.xml": b"<worksheet><nonsense"}), "beschädigt", id="blatt-kaputt"),
        pytest.param(_zweimal(GUT, "xl/worksheets/sheet1.xml"), "manche vielleicht doppelt", id="teil-zweimal"),
        pytest.param(_mit_teilen(GUT, {f"xl/x{n}.bin": b"" for n in range(2_000)}), "keine gewöhnliche Arbeitsmappe", id="2000-teile"),
        pytest.param("Kennung;Maßnahme\nM01;Gr\xfcn\x81".encode("latin-1"), "weder in UTF-8 noch in Windows-1252", id="fremde-kodierung"),
        pytest.param(b"\xff\xfea\x00\x00\xd8", "keinen Text in UTF-16", id="utf-16-kaputt"),
    ],
)  # fmt: skip
def test_boeses_und_kaputtes_wird_mit_einem_satz_abgelehnt(tmp_path: Path, daten: bytes, satz: str) -> None:
    schreibe(tmp_path, {"2024.yaml": KOPF + MASSNAHME})
    (tmp_path / "t.xlsx").write_bytes(daten)
    code, _, gesagt = rufe("import", str(tmp_path / "2024.yaml"), str(tmp_path / "t.xlsx"))
    assert code == 2
    assert satz in gesagt
    assert (tmp_path / "2024.yaml").read_text(encoding="utf-8") == KOPF + MASSNAHME


def test_makros_und_verweise_werden_nur_genannt(tmp_path: Path) -> None:
    daten = _mit_teilen(GUT, {"xl/vbaProject.bin": b"x", "xl/externalLinks/externalLink1.xml": b"<externalLink/>"})
    e = _einlesen(tmp_path, daten)
    assert [("Makros" in h, "andere Dateien" in h) for h in e.mappe.hinweise] == [(True, False), (False, True)]


def test_ein_blatt_das_sich_riesig_nennt(tmp_path: Path) -> None:
    """What a file says about its size is ignored, and a cell in the last row is found."""
    blatt = zipfile.ZipFile(io.BytesIO(GUT)).read("xl/worksheets/sheet1.xml")
    gross = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', blatt)
    gross = gross.replace(
        b"</sheetData>", b'<row r="1048576"><c r="C1048576" t="inlineStr"><is><t>am Ende</t></is></c></row></sheetData>'
    )
    assert gross != blatt
    m = lies_daten(_mit_teilen(GUT, {"xl/worksheets/sheet1.xml": gross}), "t.xlsx")
    assert m.blaetter[0].zelle(1_048_576, 3).wert == "am Ende"
    assert not _einlesen(tmp_path, _mit_teilen(GUT, {"xl/worksheets/sheet1.xml": gross})).dateien


@pytest.mark.parametrize("kodierung", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("trenner", [";", ",", "\t"])
def test_csv_in_jeder_gestalt(kodierung: str, trenner: str) -> None:
    text = "\r\n".join(trenner.join(z) for z in (["Kennung", "Maßnahme"], ["M01", "Grünzug"]))
    m = lies_daten(text.encode(kodierung), "t.csv")
    assert [m.blaetter[0].zelle(z, s).text for z in (1, 2) for s in (1, 2)] == ["Kennung", "Maßnahme", "M01", "Grünzug"]
    gesagt = [h for h in m.hinweise if "gespeichert" in h]
    assert [("Windows-1252" in h, "UTF-16" in h) for h in gesagt] == {
        "cp1252": [(True, False)],
        "utf-16": [(False, True)],
    }.get(kodierung, [])
    assert all(h.endswith("Maßnahme") for h in gesagt if "Windows-1252" in h), "kein Wort, an dem man es sieht"


# ------------------------------------------------------------------------------------------- what must not be written


def test_beschlossenes_und_versiegeltes_bleibt(tmp_path: Path) -> None:
    text = (KOPF + MASSNAHME).replace("entwurf", "beschlossen")
    datei = schreibe(tmp_path / "concepts" / "musterstadt-ost", {"2024.yaml": text}) / "2024.yaml"
    tabelle = schreibe(tmp_path, {"t.csv": "Kennung;Träger\nM01;Stadtwerke\n"}) / "t.csv"
    code, _, gesagt = rufe("import", str(datei), str(tabelle))
    assert (code, "ist beschlossen und bleibt, wie sie ist" in gesagt) == (2, True)
    assert versiegeln(version_at(datei), ()).ausgang == "versiegelt"
    code, _, gesagt = rufe("import", str(datei), str(tabelle))
    assert (code, "ist versiegelt und bleibt, wie sie ist" in gesagt) == (2, True)
    assert datei.read_text(encoding="utf-8") == text


def test_ein_anderer_stand_wird_nicht_still_zurueckgesetzt(ausgabe: Path, tmp_path: Path) -> None:
    """The concept went on after the export: refused, merged with ``--basis``, and the same cell twice is an error."""
    damals = schreibe(tmp_path / "alt", {"2024.yaml": BEARBEITBAR}) / "2024.yaml"
    heute = BEARBEITBAR.replace("Stadt Musterstadt", "Stadtwerke").replace("preisstand: 2024", "preisstand: 2025")
    daten = _bearbeite(
        (ausgabe / "ausgabe.xlsx").read_bytes(),
        {("KuF", "ausgegeben", "M01"): 2000, ("KuF", "Preisstand", "M01"): 2025},
    )
    with pytest.raises(IhkError, match="anderen Stand"):
        _einlesen(tmp_path / "neu", daten, heute)
    e = _einlesen(tmp_path / "neu", daten, heute, basis=version_at(damals))
    assert not e.fehler
    assert _gezeigt(e) == {("M01", "kosten.ausgegeben"): "2000.00"}
    strittig = _bearbeite(daten, {("KuF", "Träger", "M01"): "Kirche"})
    e = _einlesen(tmp_path / "neu", strittig, heute, basis=version_at(damals))
    assert [b.meldung for b in e.befunde] == ["„Träger“ wurde seit der Ausgabe der Tabelle auch im Konzept geändert: dort steht jetzt „Stadtwerke“, in der Tabelle „Kirche“."]  # fmt: skip


def test_eine_aenderung_die_verloren_ginge_ist_ein_fehler(tmp_path: Path) -> None:
    """Reckoned columns, several entries of one giver, shares, sheets that nobody reads."""
    text = KOPF + KOSTEN
    daten = arbeitsmappe(geladen(text))
    for ort, wert, satz in (
        (("KuF", "zählt mit", "M01"), "nein", "ergibt sich aus anderen"),
        (("KuF", "Bemessungsgrundlage", "M01"), 5, "ergibt sich aus anderen"),
        (("KuF", "Bund", "M01"), 50, "als Anteil angegeben (1/3)"),
        (("KuF", "bewilligt", "M02"), 5, "noch keine Bewilligung"),
        (("KuF", "nachrichtlich, in keiner Summe", "M02"), 5, "einen Geber, den die Tabelle nicht nennt"),
        (("KuF", "Gesamtkosten", "M02"), "keine Angabe", "aber nicht, warum"),
        (("Maßnahmen", "Beginn (Jahr)", "M01"), 2030, "ergibt sich aus anderen"),
        (("KuF", "Status", "M01"), "entfallen", "niemand erfährt warum"),
    ):
        e = _einlesen(tmp_path, _bearbeite(daten, {ort: wert}), text)
        assert any(satz in b.meldung for b in e.befunde), (ort, e.befunde)
        assert not e.dateien
    mappe = openpyxl.load_workbook(io.BytesIO(daten))
    mappe["Bewilligungen"]["D4"] = "etwas anderes"
    puffer = io.BytesIO()
    mappe.save(puffer)
    assert any(
        "Bewilligungen" in b.meldung and b.schwere == "fehler"
        for b in _einlesen(tmp_path, puffer.getvalue(), text).befunde
    )


def test_erst_alles_dann_ersetzen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder whose files belong together: if one cannot be made, none is replaced."""
    from ihk import write

    teile = {
        "konzept.yaml": KOPF,
        **{f"massnahmen/M0{n}.yaml": f"id: M0{n}\ntitel: Hof {n}\nteilziele: [T1]\n" for n in (1, 2)},
    }
    schreibe(tmp_path / "2024", teile)
    (tmp_path / "t.csv").write_text("Kennung;Maßnahme\nM01;Hof eins\nM02;Hof zwei\n;Hof drei\n", encoding="utf-8")
    version = version_at(tmp_path / "2024")
    e = einlesen(version, (version,), tmp_path / "t.csv")
    assert set(e.dateien) == {"massnahmen/M01.yaml", "massnahmen/M02.yaml", "massnahmen/M03.yaml"}
    echt, zahl = write._schreibe, iter(range(9))

    def voll(ziel: Path, daten: bytes, *, fuer: Path) -> None:
        if next(zahl) == 2:
            raise IhkError("Kein Platz.")
        echt(ziel, daten, fuer=fuer)

    monkeypatch.setattr(write, "_schreibe", voll)
    with pytest.raises(IhkError, match="Kein Platz"):
        schreibe_ergebnis(e)
    monkeypatch.undo()
    da = {
        str(p.relative_to(tmp_path / "2024")): p.read_text(encoding="utf-8")
        for p in (tmp_path / "2024").rglob("*")
        if p.is_file()
    }
    assert da == teile
    (tmp_path / "2024/massnahmen/M01.yaml").write_text("id: M01\ntitel: Von Hand\nteilziele: [T1]\n", encoding="utf-8")
    with pytest.raises(IhkError, match="während des Einlesens geändert"):
        schreibe_ergebnis(e)


# ------------------------------------------------------------------------------------------------------ the template


def test_die_vorlage_ist_aus_dem_modell_und_wird_erkannt(tmp_path: Path) -> None:
    k = geladen(KOPF + KOSTEN).fassung
    daten = tabellenvorlage.vorlage(k)
    assert daten == tabellenvorlage.vorlage(k), "gleiche Angaben, gleiche Bytes"
    gezeigt = {f.pfad for _, f in tabellenvorlage.spalten(k)}
    alle_felder = {f.pfad for f in felder.alle()}
    assert {p for p in gezeigt if not p.startswith("kosten.jahre.")} == alle_felder - set(tabellenvorlage.OHNE)
    titel = [f.titel for _, f in tabellenvorlage.spalten(k)]
    assert len(titel) == len(set(titel))
    e = _einlesen(tmp_path, daten, KOPF + KOSTEN)
    assert not e.dateien
    assert not e.fehler
    assert {w.feld.pfad for w in e.tabellen[0].spalten if w.feld} == gezeigt
    mappe = openpyxl.load_workbook(io.BytesIO(daten))
    seite = mappe["Maßnahmen"]
    listen_ = {str(r.formula1) for r in seite.data_validations.dataValidation if r.type == "list"}
    assert len(listen_) >= 8
    kopf = {z.value: z.column for z in seite[tabellenvorlage.KOPF + 1]}
    zeile = tabellenvorlage.KOPF + 3
    for was, wert in {
        "Maßnahme": "Neue Brücke",
        "Handlungsfeld": "2 Klima",
        "Teilziele": "T1",
        "Status": "geplant",
        "Gesamtkosten": 10_000.5,
    }.items():
        seite.cell(zeile, kopf[was]).value = wert
    puffer = io.BytesIO()
    mappe.save(puffer)
    neu = _einlesen(tmp_path, puffer.getvalue(), KOPF + KOSTEN)
    (m,) = [m for m in neu.neu.fassung.massnahmen if m.titel == "Neue Brücke"]
    assert (m.id, m.handlungsfeld, m.teilziele, m.status) == ("M09", "HF2", ("T1",), "geplant")
    assert m.kosten is not None
    assert m.kosten.gesamt == 1_000_050


@pytest.mark.parametrize(
    ("pfad", "satz"),
    [
        ("titel", "Pflicht. Der Titel, wie er gedruckt wird."), ("status", "Aus der Liste wählen."), ("ziel", "Ziel, in ganzen Sätzen."),
        ("kosten.finanzierung.bund", "Was der Bund zahlt, in Euro."), ("kosten.finanzierung.dritte", "Was Dritte zahlen, in Euro."),
        ("kosten.jahre.bisher", "Gesamtkosten, die vor dem ersten Jahr der Tabelle anfallen."), ("kosten.jahre.2026", "Gesamtkosten, die im Jahr 2026 anfallen."),
        ("kosten.jahre.spaeter", "Gesamtkosten, die nach dem letzten Jahr der Tabelle anfallen."),
    ],
)  # fmt: skip
def test_was_in_eine_spalte_gehoert(pfad: str, satz: str) -> None:
    gefunden = {f.pfad: f for _, f in tabellenvorlage.spalten(geladen(KOPF + KOSTEN).fassung)}
    assert tabellenvorlage.hinweis(gefunden[pfad]) == satz


@pytest.mark.parametrize(
    ("fassung", "jahre"),
    [
        ("stand: 01.06.2024", range(2024, 2029)),  # five from the Stand on
        ("stand: 01.06.2024, zeitraum: {von: 2019, bis: 2026}", range(2024, 2027)),
        ("zeitraum: {von: 2019, bis: 2026}", range(2019, 2027)),
        ("zeitraum: {von: 2019, bis: 2040}", range(2019, 2031)),  # twelve at most
        ("stand: 01.06.2024, zeitraum: {von: 2019, bis: 2020}", range(2024, 2029)),  # over already
        ("", range(2026, 2031)),
    ],
)
def test_die_vorlage_hat_die_jahre_der_fassung(fassung: str, jahre: range) -> None:
    text = (KOPF + MASSNAHME).replace("stand: 01.06.2024", fassung).replace("entwurf, }", "entwurf}")
    gezeigt = [f.jahr for _, f in tabellenvorlage.spalten(geladen(text).fassung) if f.jahr and not f.geber]
    assert gezeigt == ["bisher", *map(str, jahre), "spaeter"]


def test_spalten_der_vorlage_sind_betraege_oder_text() -> None:
    """Text, so that Excel makes neither a number of 1.10 nor a day of 3/2026."""
    k = geladen(KOPF + KOSTEN).fassung
    seite = openpyxl.load_workbook(io.BytesIO(tabellenvorlage.vorlage(k)))["Maßnahmen"]
    formen = {n: d.number_format for d in seite.column_dimensions.values() for n in range(d.min, d.max + 1)}
    for n, (_, f) in enumerate(tabellenvorlage.spalten(k), 1):
        assert formen[n] == ('#,##0.00 "€"' if f.art == "geld" else "@"), f.titel


def test_die_beispielzeile_waere_eine_richtige_massnahme(tmp_path: Path) -> None:
    """Who fills the template in by the example gets no finding: its amounts add up, its dates and words are right."""
    mappe = openpyxl.load_workbook(io.BytesIO(tabellenvorlage.vorlage(geladen(KOPF + KOSTEN).fassung)))
    seite = mappe["Maßnahmen"]
    kennung = seite.cell(tabellenvorlage.KOPF + 2, 1)
    assert kennung.value == "Beispiel"
    kennung.value = None
    puffer = io.BytesIO()
    mappe.save(puffer)
    e = _einlesen(tmp_path, puffer.getvalue(), KOPF + KOSTEN)
    assert [b for b in e.befunde if b.schwere != "hinweis"] == []
    (neue,) = (m for m in e.neu.fassung.massnahmen if m.id not in e.alt.fassung.nach_id)
    assert neue.titel == "Spielplatz am Markt erneuern"
    assert neue.kosten is not None
    assert sum(neue.kosten.jahre.values()) == neue.kosten.gesamt


@pytest.mark.parametrize(
    ("titel", "erwartet"),
    [
        ("Kosten (T€)", "T€"), ("Kosten in T€", "T€"), ("Kosten [T€netto]", "T€"), ("Kosten TEUR", "TEUR"), ("Kosten in Mio. €", "Mio."),
        ("Kosten", None), ("Kosten in €", None), ("Kosten der Miostraße", None),
    ],
)  # fmt: skip
def test_die_einheit_einer_ueberschrift(titel: str, erwartet: str | None) -> None:
    assert einheit(titel) == erwartet


def test_fremde_ueberschriften_werden_gezeigt_und_gedeutet() -> None:
    """Which sheet is the list, what its columns may mean, and a sentence where there is nothing to be found."""
    mappe = openpyxl.Workbook()
    erstes, zweites = mappe.active, mappe.create_sheet("Projekte")
    assert erstes is not None
    erstes.title = "Deckblatt"
    erstes.append(["Stand", "Juni"])
    for reihe in (["Liste"], ["Projekttitel", "Kosten brutto (T€)"], ["Platz", 90]):
        zweites.append(reihe)
    puffer = io.BytesIO()
    mappe.save(puffer)
    m = lies_daten(puffer.getvalue(), "t.xlsx")
    for blatt in (None, "projekte"):
        z = spalten.lies_zuordnung(spalten.vorschlag_zu(m, blatt).encode(), "spalten.yaml")
        assert (z.blatt, z.kopfzeile, z.spalten) == ("Projekte", 2, {"titel": "Projekttitel", "kosten.gesamt": "Kosten brutto (T€)"})  # fmt: skip
    with pytest.raises(
        IhkError, match=r"Ein Blatt „Kosten“ gibt es in „t\.xlsx“ nicht\. Vorhanden: Deckblatt, Projekte\."
    ):
        spalten.vorschlag_zu(m, "Kosten")
    with pytest.raises(IhkError, match="enthält keine Tabelle"):
        spalten.vorschlag_zu(lies_daten(b";;\n", "t.csv"))


@pytest.mark.parametrize(("art", "wo"), [("xlsx", "(Blatt „Sheet“, Zeile 1: Projekt, Geld)"), ("csv", "(Zeile 1: Projekt, Geld)")])  # fmt: skip
def test_fremde_ueberschriften_sind_ein_satz(tmp_path: Path, art: str, wo: str) -> None:
    reihen = [["Projekt", "Geld"], ["Platz", "90"]]
    schreibe(tmp_path, {"2024.yaml": KOPF + MASSNAHME})
    daten = _mappe(reihen) if art == "xlsx" else "\n".join(";".join(r) for r in reihen).encode()
    (tmp_path / f"t.{art}").write_bytes(daten)
    code, _, gesagt = rufe("import", str(tmp_path / "2024.yaml"), str(tmp_path / f"t.{art}"))
    assert code == 2
    assert wo in " ".join(gesagt.split())


def test_jede_spalte_unserer_ausgabe_ist_ein_feld_oder_gerechnet() -> None:
    k = geladen(KOPF + KOSTEN).fassung
    gerechnet = {"Bemessungsgrundlage", "offen (Jahr)", "zählt mit", "Hinweis zur Zählung", "nicht bekannt", "Beginn (Jahr)", "Ende (Jahr)", "Beschluss", "läuft"}  # fmt: skip
    for spalte in (*kuf.spalten(k), *listen.SPALTEN):
        assert bool(spalte.feld) != (spalte.titel in gerechnet), spalte.titel
        assert not spalte.feld or feld(spalte.feld) is not None, spalte.feld


def test_vorschlag_fuer_fremde_ueberschriften() -> None:
    titel = ["Lfd. Nr.", "Projekttitel", "Kosten brutto", "Beginn", "Anteil Stadt 2026", "Kommentar der Leitung"]
    assert spalten.vorschlag(titel) == {"nummer": "Lfd. Nr.", "titel": "Projekttitel", "kosten.gesamt": "Kosten brutto", "zeitraum.von": "Beginn", "kosten.finanzierung.kommune.2026": "Anteil Stadt 2026"}  # fmt: skip
    text = spalten.vorschlag_text(titel)
    z = spalten.lies_zuordnung(text.encode(), "spalten.yaml")
    assert z.spalten["kosten.gesamt"] == "Kosten brutto"
    assert "nummer" not in z.spalten, "eine laufende Nummer wird nicht ungefragt zur gedruckten"


@pytest.mark.parametrize(
    ("text", "satz"),
    [
        ("kosten.gesammt: Kosten", "Gemeint ist wohl „kosten.gesamt“"),
        ("titel: A\nkosten.finanzierung.bundd: B", "„kosten.finanzierung.bundd“"),
        ("titel: A\nkosten.finanzierung.nachrichtlich.2026: B", "„kosten.finanzierung.nachrichtlich.2026“"),
        ("titel: [A]", "steht die Überschrift"),
        ("kopfzeile: oben\ntitel: A", "Nummer der Zeile"),
        ("titel: A\nwerte: {status: {läuft: rennt}}", "das es bei „status“ nicht gibt"),
        ("titel: A\nkosten.gesamt: {spalte: B, einheit: DM}", "möglich sind €, T€, Mio. €"),
        ("kosten.gesamt: B", "Welche Maßnahme gemeint ist"),
        ("titel: 'A", "spalten.yaml"),
    ],
)
def test_eine_falsche_zuordnung(text: str, satz: str, tmp_path: Path) -> None:
    schreibe(tmp_path, {"2024.yaml": KOPF + MASSNAHME, "spalten.yaml": text, "t.csv": "A;B\nx;1\n"})
    code, _, gesagt = rufe("import", str(tmp_path / "2024.yaml"), str(tmp_path / "t.csv"), "--spalten", str(tmp_path / "spalten.yaml"))  # fmt: skip
    assert code == 2
    assert satz in gesagt


def test_vorschau_und_spalten_schreiben_nichts(tmp_path: Path) -> None:
    schreibe(tmp_path, {"2024.yaml": KOPF + MASSNAHME, "t.csv": "Kennung;Träger;Unbekanntes\nM01;Stadtwerke;x\n"})
    wo = (str(tmp_path / "2024.yaml"), str(tmp_path / "t.csv"))
    code, gezeigt, gesagt = rufe("import", *wo, "--vorschau")
    assert code == 0
    assert "Träger: Stadt Musterstadt → Stadtwerke" in gezeigt
    assert "Vorschau, nichts ist geschrieben: 1 Maßnahme geändert (M01)." in gesagt
    assert "Nicht gelesen: „Unbekanntes“ (C)" in gesagt
    assert "B  Träger       traeger" in rufe("import", *wo, "--zeige-spalten")[1]
    assert (tmp_path / "2024.yaml").read_text(encoding="utf-8") == KOPF + MASSNAHME
