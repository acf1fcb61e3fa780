"""Every case in ``cases/pruefung`` is a concept with planted mistakes and the findings that a planner must see.

A case is a folder with ``konzept.yaml`` (or ``neu.yaml`` beside its predecessor ``alt.yaml``) and ``erwartet.txt``. A rule
that looks beyond the Fassung has a whole project as its case: a folder with ``concepts/``.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from builders import KOPF, MASSNAHME, befunde, geladen, schreibe

from ihk.checks import CHECKS, Kontext, check, run
from ihk.model.load import load
from ihk.problems import REGELN, IhkError, LoadError, Problem, geordnet
from ihk.project import CONCEPTS, Projekt, alle
from ihk.reading.files import Quelltext, collect, read_tree
from ihk.reading.source import Mapping, Sequence
from ihk.terminal.befunde import befund

CASES = Path(__file__).parent / "cases" / "pruefung"
FAELLE = sorted(p.name for p in CASES.iterdir() if p.is_dir())
# Findings that need a whole project, an odd file system or a huge file; each has a test of its own elsewhere.
ANDERSWO = {
    "VERMERK-DATEI",
    "SEITEN-ZUVIEL",
    "DATEI-GROESSE",
    "DATEI-ART",
    "DATEI-DOPPELT",
    "KENNUNG-ORDNER",
    "YAML-TIEFE",
    "TEXT-LAENGE",
}


def _befunde(fall: str) -> tuple[Problem, ...]:
    ordner = CASES / fall
    if (ordner / CONCEPTS).is_dir():
        with contextlib.chdir(ordner):
            return geordnet(p for v in alle(Projekt(Path.cwd())) for p in check(v))
    neu = next(p for p in (ordner / "neu.yaml", ordner / "konzept.yaml", ordner / "fassung") if p.exists())
    alt = ordner / "alt.yaml"
    try:
        vorher = load(collect(alt, "alt.yaml")) if alt.exists() else None
        g = load(collect(neu, neu.name))
    except LoadError as fehler:
        return fehler.probleme
    return geordnet((*g.probleme, *run(Kontext(g, vorher))))


def test_es_gibt_faelle() -> None:
    assert len(FAELLE) >= 15


@pytest.mark.parametrize("fall", FAELLE)
def test_befunde(fall: str, golden: Callable[[Path, str], None]) -> None:
    golden(CASES / fall / "erwartet.txt", "".join(befund(p) + "\n" for p in _befunde(fall)))


def test_jede_regel_hat_einen_fall() -> None:
    gesehen = {p.code for fall in FAELLE for p in _befunde(fall)}
    gesehen |= {p.name for p in (CASES.parent / "regeln").iterdir()}  # test_regeln.py shows that they do what they say
    from test_reading import test_befunde_mit_ort

    marken: list[pytest.Mark] = vars(test_befunde_mit_ort)["pytestmark"]
    marke = next(m for m in marken if m.name == "parametrize")
    gesehen |= {code for _, erwartet in marke.args[1] for _, _, code in erwartet}
    assert set(REGELN) - gesehen - ANDERSWO == set()
    assert len(CHECKS) > 20


def test_jede_regel_erklaert_sich() -> None:
    for regel in REGELN.values():
        assert regel.titel
        assert regel.erklaerung.endswith(".")


def test_das_kleinste_konzept_hat_keinen_befund() -> None:
    g = geladen(KOPF + MASSNAHME)
    assert g.probleme == ()
    assert run(Kontext(g)) == ()


@pytest.mark.parametrize(
    ("falsch", "gemeint"),
    [
        ("maßnahmen", "massnahmen"),
        ("Massnahmen", "massnahmen"),
        ("massnamen", "massnahmen"),
        ("zile", "ziele"),
        ("querschnittaufgaben", "querschnittsaufgaben"),
    ],
)
def test_unbekannter_schluessel_nennt_den_naechsten(falsch: str, gemeint: str) -> None:
    probleme = befunde(KOPF + f"{falsch}: []\n")
    assert [(p.code, p.ort.zeile) for p in probleme] == [("FELD-UNBEKANNT", 10)]
    assert f"„{gemeint}“" in probleme[0].hinweis


def test_zehn_fehler_zehn_befunde() -> None:
    """Ten mistakes of ten kinds in one file: each reported once, at its place, nothing else."""
    text = (CASES / "zehn-fehler" / "konzept.yaml").read_text(encoding="utf-8")
    probleme = _befunde("zehn-fehler")
    assert len(probleme) == 10
    for p in probleme:
        zeile = text.split("\n")[p.ort.zeile - 1]
        assert "# Fehler" in zeile, f"{befund(p)} steht in einer Zeile ohne Fehler"


def test_alle_befunde_einer_datei_trotz_lesefehler() -> None:
    text = KOPF + MASSNAHME.replace("titel: Quartiersplatz", "titel: Platz: neu").replace(
        "status: geplant", "status: geplannt"
    )
    assert [p.code for p in befunde(text)] == ["YAML-DOPPELPUNKT", "WERT-AUSWAHL"]


def test_ein_falscher_betrag_erzeugt_keine_folgefehler() -> None:
    text = KOPF + MASSNAHME.replace(
        "betrag: 30.000 €}\n        - {geber: land", "betrag: 30.00 €}\n        - {geber: land"
    )
    g = geladen(text)
    assert [p.code for p in geordnet((*g.probleme, *run(Kontext(g))))] == ["WERT-GELD"]


def test_ordnerform_nennt_die_richtige_datei(tmp_path: Path) -> None:
    ordner = schreibe(
        tmp_path / "2024",
        {
            "konzept.yaml": KOPF + "reihenfolge: [M02, M01]\nkapitel:\n  - {id: ausgangslage, titel: Lage}\n",
            "massnahmen/M01.yaml": "id: M01\ntitel: Platz\nteilziele: [T9]\nkosten: {gesamt: 250.50}\n",
            "massnahmen/M02.yaml": "id: M02\ntitel: Hof\nteilziele: [T1]\nträger: X\n",
            "kapitel/ausgangslage.md": "Es war [M99] einmal.\n",
            "kapitel/wohnen.md": "---\ntitel: Wohnen im Bestand\nnach: ausgangslage\n---\nText.\n",
        },
    )
    g = load(collect(ordner, "2024"))
    probleme = geordnet((*g.probleme, *run(Kontext(g))))
    stellen = {(str(p.ort), p.code) for p in probleme if p.schwere == "fehler"}
    assert stellen == {
        ("2024/massnahmen/M01.yaml:3:13", "BEZUG-OFFEN"),
        ("2024/massnahmen/M01.yaml:4:18", "WERT-GELD"),
        ("2024/massnahmen/M02.yaml:4:1", "FELD-UNBEKANNT"),
        ("2024/kapitel/ausgangslage.md:1:8", "TEXT-VERWEIS"),
    }
    assert [m.id for m in g.fassung.massnahmen] == ["M02", "M01"]
    assert [(k.id, k.titel) for k in g.fassung.kapitel] == [("ausgangslage", "Lage"), ("wohnen", "Wohnen im Bestand")]


@pytest.mark.parametrize(
    ("reihenfolge", "erwartet"),
    [
        ("[M03, M01, M02]", ["M03", "M01", "M02"]),
        ("[M02]", ["M02", "M01", "M03"]),  # what is not named follows as it stands in the file
        ("[M03, M01, M03]", ["M03", "M01", "M02"]),  # named twice: the first time counts
        ("[M09, M03, M02, M01]", ["M03", "M02", "M01"]),  # M09 is a finding, the others keep their order
    ],
)
def test_reihenfolge_der_massnahmen(reihenfolge: str, erwartet: list[str]) -> None:
    """In the folder form, where M01 still stands in konzept.yaml itself."""
    dateien = {"konzept.yaml": f"{KOPF}reihenfolge: {reihenfolge}\nmassnahmen:\n  - {{id: M01, titel: Platz}}\n"}
    dateien |= {f"massnahmen/M0{n}.yaml": f"id: M0{n}\ntitel: Platz\n" for n in (2, 3)}
    baum = read_tree(Quelltext("2024", {name: text.encode() for name, text in dateien.items()}))
    assert baum.wurzel is not None
    massnahmen = baum.wurzel["massnahmen"]
    assert isinstance(massnahmen, Sequence)
    assert [m["id"] for m in massnahmen if isinstance(m, Mapping)] == erwartet
    assert massnahmen.at == [(12, 5) if kennung == "M01" else (1, 1) for kennung in erwartet]


def test_fremde_datei_im_ordner_wird_bemerkt(tmp_path: Path) -> None:
    ordner = schreibe(tmp_path / "2024", {"konzept.yaml": KOPF, "massnahmen/M01.yml": "id: M01\n"})
    assert [p.code for p in collect(ordner).probleme] == ["DATEI-ART"]


def test_verstecktes_im_ordner_stoert_nicht(tmp_path: Path) -> None:
    """What the Finder or an editor leaves behind is passed over, and what comes after it is still read."""
    teile = {
        "konzept.yaml": KOPF,
        "massnahmen/.DS_Store": "x",
        "massnahmen/M01.yaml": "id: M01\n",
        "kapitel/.a.md": "x",
    }
    quelle = collect(schreibe(tmp_path / "2024", teile))
    assert set(quelle.dateien) == {"konzept.yaml", "massnahmen/M01.yaml"}
    assert quelle.probleme == ()


@pytest.mark.parametrize("teil", ["massnahmen/M01.yaml", "kapitel/lage.md"])
def test_ein_ordner_braucht_nicht_beides(tmp_path: Path, teil: str) -> None:
    quelle = collect(schreibe(tmp_path / "2024", {"konzept.yaml": KOPF, teil: "id: M01\n"}))
    assert set(quelle.dateien) == {"konzept.yaml", teil}


def test_eine_platte_die_versagt_ist_ein_satz(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Kaputt(io.BytesIO):
        def read(self, groesse: int | None = -1, /) -> bytes:
            raise OSError(errno.EIO, "")

    schreibe(tmp_path, {"2024.yaml": KOPF})
    monkeypatch.setattr(os, "fdopen", lambda kennung, art: [os.close(kennung), Kaputt()][1])
    with pytest.raises(IhkError, match=r"2024\.yaml“ lässt sich nicht lesen: "):
        collect(tmp_path / "2024.yaml")
    monkeypatch.undo()

    def kein_inhalt(ordner: Path) -> Iterator[Path]:
        raise OSError(errno.EIO, "")

    schreibe(tmp_path / "2024", {"konzept.yaml": KOPF, "massnahmen/M01.yaml": "id: M01\n"})
    monkeypatch.setattr(Path, "iterdir", kein_inhalt)
    with pytest.raises(IhkError, match="massnahmen“ lässt sich nicht lesen: "):
        collect(tmp_path / "2024")


def test_beide_formen_ergeben_dasselbe_modell(tmp_path: Path) -> None:
    eine = geladen(KOPF + "kapitel:\n  - id: lage\n    text: |\n      Ein Satz.\n\n      Noch einer.\n" + MASSNAHME)
    massnahme = "\n".join(z[4:] for z in MASSNAHME.split("\n")[1:]).replace("- id", "id", 1)
    ordner = schreibe(
        tmp_path / "2024",
        {"konzept.yaml": KOPF, "massnahmen/M01.yaml": massnahme, "kapitel/lage.md": "Ein Satz.\n\nNoch einer.\n"},
    )
    assert load(collect(ordner)).fassung == eine.fassung


def test_zu_lange_texte_und_zahlen_sind_grenzen() -> None:
    assert [p.code for p in befunde(KOPF + "kapitel: [{id: a, text: " + "x" * 110_000 + "}]\n")] == ["TEXT-LAENGE"]
    assert [p.code for p in befunde(KOPF + MASSNAHME.replace("90.000 €", "1" * 16))] == ["WERT-STELLEN"]
    assert REGELN["TEXT-LAENGE"].grenze
    assert REGELN["WERT-STELLEN"].grenze


def test_nummern_bleiben_buchstabengetreu() -> None:
    text = KOPF.replace("fiktiv: ja", "fiktiv: ja, kommune: {name: Stadt, ags: 05315000}") + MASSNAHME.replace(
        "titel: Q", "nummer: 2.10\n    titel: Q"
    )
    g = geladen(text)
    assert g.fassung.massnahmen[0].nummer == "2.10"
    assert g.fassung.konzept.kommune is not None
    assert g.fassung.konzept.kommune.ags == "05315000"


def test_quelltext_mit_verbotenen_namen() -> None:
    probleme = befunde(KOPF.replace("id: Z1", "id: CON"))
    assert [p.code for p in probleme] == ["WERT-KENNUNG"]


def test_ein_blosser_text_steht_fuer_einen_eintrag() -> None:
    text = (
        KOPF
        + "beteiligung: [Werkstatt im Mai]\norganisation:\n  - Lenkungsgruppe\n"
        + MASSNAHME
        + "    schritte: [Entwurf, {text: Bau, erledigt: ja}]\n"
    )
    g = geladen(text)
    assert g.probleme == ()
    assert g.fassung.beteiligung[0].text == "Werkstatt im Mai"
    assert g.fassung.organisation[0].text == "Lenkungsgruppe"
    assert [s.text for s in g.fassung.massnahmen[0].schritte] == ["Entwurf", "Bau"]


def test_leere_datei() -> None:
    with pytest.raises(LoadError):
        load(Quelltext("k.yaml", {"": b""}))
