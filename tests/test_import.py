"""``ihk import``: a table becomes exactly the edit that it says, or a sentence at its cell and nothing is written."""

from __future__ import annotations

import io
import os
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from builders import geladen
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ihk.cli import ausfuehren, ihk
from ihk.export.arbeitsmappe import arbeitsmappe
from ihk.export.kuf import kuf_csv
from ihk.project import Version, alle, find_project, version_at
from ihk.revise.einlesen import Ergebnis, einlesen
from ihk.revise.felder import feld

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
    deadline=None,
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
