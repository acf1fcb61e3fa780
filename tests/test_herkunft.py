"""The page on the rules of the field: every rule is on it, and what it says of each is so.

A rule with a code has one case folder that breaks it and one that keeps it (``test_regeln.py`` runs them); a rule that no
finding stands for is kept by the program, and a test named on the page shows it.
"""

from __future__ import annotations

import html
import re
from decimal import Decimal
from pathlib import Path

import builders
import pytest

from ihk import __version__, sums
from ihk.build import Auftrag, run
from ihk.checks import check
from ihk.cli import grund
from ihk.diff import compare
from ihk.model.load import Geladen, load
from ihk.problems import REGELN
from ihk.progress import Anzeige
from ihk.project import Projekt, alle, find_project
from ihk.reading.files import Quelltext, collect
from ihk.report.berichte import berichtsarten
from ihk.report.render import report_html, synopse_html

HIER = Path(__file__).parent
FAELLE = HIER / "cases"
SEITE = (HIER.parent / "docs" / "nachschlagen" / "herkunft.md").read_text("utf-8")
ZEILEN = {m[1]: m[2] for m in re.finditer(r"^\| ([EWIR]\d+) \| (.+) \|$", SEITE, re.MULTILINE)}
# The rules of the field, by number; the same list that the page was written from.
NUMMERN = {
    *(f"E{n}" for n in (1, 2, 3, 4, 5, 6, 10, 11, 12, 13, 20, 21, 22, 23, 24, 25, 30, 31, 40, 41, 42, 43, 50, 61, 62, 70)),
    *(f"W{n}" for n in (1, 2, 10, 11, 12, 13, 14, 20, 21, 22, 23, 24, 25, 26, 27, 30, 31, 32, 33, 40, 41, 42, 50, 51, 60, 61, 70)),
    *(f"I{n}" for n in (1, 10, 20, 30, 31, 40, 41, 42, 60, 70)),
    *(f"R{n}" for n in range(1, 11)),
}  # fmt: skip
CODE = re.compile(r"`([A-Z]+(?:-[A-Z]+)+)`")
TEST = re.compile(r"`(test_\w+)`")
ANDERE_FAELLE = {"SIEGEL-GEBROCHEN", "SEITEN-ZUVIEL", "WERT-TEXT"}
TESTS = {
    name for datei in HIER.glob("test_*.py") for name in re.findall(r"^def (test_\w+)", datei.read_text("utf-8"), re.M)
}


def test_jede_regel_steht_einmal_auf_der_seite() -> None:
    assert set(ZEILEN) == NUMMERN
    assert len(re.findall(r"^\| [EWIR]\d", SEITE, re.MULTILINE)) == len(NUMMERN)


@pytest.mark.parametrize("nummer", sorted(NUMMERN))
def test_was_die_seite_nennt_gibt_es(nummer: str) -> None:
    codes, tests = CODE.findall(ZEILEN[nummer]), TEST.findall(ZEILEN[nummer])
    assert codes or tests, "weder ein Befund noch ein Test"
    assert set(tests) <= TESTS
    for code in codes:
        assert code in REGELN
        if code not in ANDERE_FAELLE:
            assert {"verletzt.yaml", "erfuellt.yaml"} <= {p.name for p in (FAELLE / "regeln" / code).iterdir()}
    for ordner in re.findall(r"`tests/(cases/[\w/-]+)`", ZEILEN[nummer]):
        assert (HIER / ordner).is_dir()


def test_siegel_gebrochen_und_unversehrt(monkeypatch: pytest.MonkeyPatch) -> None:
    for fall, erwartet in (("siegel-gebrochen", True), ("siegel-unversehrt", False)):
        monkeypatch.chdir(FAELLE / "pruefung" / fall)
        codes = {p.code for v in alle(Projekt(Path.cwd())) for p in check(v)}
        assert ("SIEGEL-GEBROCHEN" in codes) is erwartet


@pytest.mark.pdf
@pytest.mark.parametrize(
    ("fall", "erwartet"), [("zu-viele", "hat 4 Seiten; höchstens 1 sollen es sein."), ("genug", "")]
)
def test_w60_seiten(fall: str, erwartet: str, tmp_path: Path) -> None:
    projekt = find_project(FAELLE / "seiten" / fall)
    assert projekt is not None
    with Anzeige(1) as anzeige:
        ergebnis = run(Auftrag(tuple(alle(projekt)), tmp_path, projekt, ("beirat",), 1), anzeige)
    befunde = [p.meldung for p in ergebnis.probleme if p.code == "SEITEN-ZUVIEL"]
    assert len(befunde) == bool(erwartet)
    assert all(b.endswith(erwartet) for b in befunde)


# --------------------------------------------------------------------------- rules that the program keeps


def _lade(pfad: Path) -> Geladen:
    return load(collect(pfad, pfad.name))


def _text(seite: str) -> str:
    rumpf = re.sub(r"<(style|script)\b.*?</\1>", " ", seite, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", rumpf)).replace("\u00ad", "").split())


def _bericht(neu: Geladen, alt: Geladen | None = None, art: str = "bericht") -> str:
    satz = compare(alt, neu) if alt else None
    return _text(
        report_html(neu, vorgaenger=alt, aenderungen=satz, medium="web", ihk_version=__version__, art=berichtsarten(None)[art])
    )  # fmt: skip


def _synopse(fall: str) -> str:
    alt, neu = (_lade(FAELLE / "vergleich" / fall / f"{n}.yaml") for n in ("alt", "neu"))
    return _text(synopse_html(compare(alt, neu), alt, neu, medium="web", ihk_version=__version__))


def test_w1_nummern_alt_und_neu() -> None:
    assert "Nummern alt und neu" in _synopse("umnummeriert")
    assert "Nummern alt und neu" not in _synopse("teurer-und-spaeter")


def test_w1_ein_ziel_allein_bekommt_eine_andere_nummer() -> None:
    massnahme = builders.MASSNAHME.replace("titel: Quartiersplatz", "titel: Quartiersplatz\n    nummer: A1")
    alt = builders.geladen(builders.KOPF + massnahme)
    neu = builders.geladen(builders.KOPF.replace("titel: Wohnumfeld", "nummer: '1.9', titel: Wohnumfeld") + massnahme)
    seite = _text(synopse_html(compare(alt, neu), alt, neu, medium="web", ihk_version=__version__))
    assert "Teilziel 1.9 Wohnumfeld aufwerten: umnummeriert" in seite
    assert "Nummern alt und neu" not in seite


def test_i1_erste_fassung(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    argumente = [
        "--project",
        str(FAELLE / "seiten" / "genug"),
        "build",
        "--report",
        "aenderungsuebersicht",
        "-o",
        str(tmp_path),
    ]
    code = grund.ausfuehren(lambda: grund.ihk.main(args=argumente, prog_name="ihk", standalone_mode=False))
    assert code == 0
    assert (
        "dorf@2024: keine Vorfassung, mit der sich vergleichen ließe; „aenderungsuebersicht“ entsteht nicht."
        in capsys.readouterr().err
    )
    assert not (tmp_path / "dorf").exists()


BASIS = (FAELLE / "regeln" / "ANGABE-UNBEKANNT" / "erfuellt.yaml").read_text("utf-8")


def _geaendert(*paare: tuple[str, str]) -> Geladen:
    text = BASIS
    for a, b in paare:
        assert a in text, a
        text = text.replace(a, b)
    return load(Quelltext("konzept.yaml", {"": text.encode()}))


def test_e12_zwei_handlungsfelder() -> None:
    geladen = _geaendert(("    status: geplant", "    handlungsfeld: [HF1, HF2]\n    status: geplant"))
    assert [p.code for p in geladen.probleme] == ["WERT-TEXT"]


def test_i20_liste_ohne_kosten() -> None:
    kosten = BASIS[BASIS.index("    kosten:") :]
    offen = _geaendert((kosten, "    unbekannt: {kosten: Die Schätzung steht aus.}\n"))
    liste = _bericht(offen).rpartition("Was nicht bekannt ist")[2]
    assert "Quartiersplatz" in liste
    assert "Die Schätzung steht aus" in liste
    assert "Was nicht bekannt ist" not in _bericht(_geaendert())


def test_r5_alle_summen_sind_dieselbe() -> None:
    for version in alle(find_project(HIER) or Projekt(HIER.parent)):
        s = sums.summen(version.geladen.fassung)
        for teile in (s.nach_geber, s.nach_jahr, s.nach_handlungsfeld, s.nach_programm, s.nach_ausgabeart):
            assert sum(teile.values()) == s.gesamt, version.name


def test_r6_nachrichtliches_zaehlt_nicht() -> None:
    fremd = "\n        - {geber: eu, programm: biwaq, betrag: 40.000 €, nachrichtlich: ja}"
    eigen = sums.summen(_geaendert().fassung)
    beides = sums.summen(_geaendert(("betrag: 90.000 €}", f"betrag: 90.000 €}}{fremd}")).fassung)
    assert (beides.gesamt, beides.nach_geber) == (eigen.gesamt, eigen.nach_geber)
    assert sum(beides.nachrichtlich.values()) == 40_000_00


def test_i30_gerundetes_sagt_es() -> None:
    projekt = find_project(HIER)
    assert projekt is not None
    version = next(v for v in alle(projekt) if v.name == "musterstadt-ost@2028")
    gesamt = Decimal(sums.summen(version.geladen.fassung).gesamt) / 100
    assert gesamt % 1, "ohne Cent gäbe es nichts zu runden"
    assert "Auf volle Euro gerundet; gerechnet wird in Cent." in _bericht(version.geladen, art="kurzfassung")
    bericht = _bericht(version.geladen)
    assert "(in Tausend Euro)" in bericht
    assert f"{gesamt:,.2f}".translate(str.maketrans(",.", ".,")) in bericht


def test_i40_zahlen_der_aenderungen() -> None:
    alt, neu = (_lade(FAELLE / "vergleich" / "vieles" / f"{n}.yaml") for n in ("alt", "neu"))
    zahlen = compare(alt, neu).zusammenfassung["massnahmen"]
    assert {"neu", "entfallen", "geaendert", "unveraendert"} <= set(zahlen)
    assert zahlen["neu"] > 0
    text = _bericht(neu, alt)
    assert re.search(r"kommt hinzu|kommen hinzu", text)
