"""Editing sources: the next Fassung, new measures and concepts, the canonical form. No comment is ever lost."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from builders import KOPF, MASSNAHME, schreibe
from hypothesis import given, settings
from hypothesis import strategies as st

from ihk.checks import check
from ihk.cli import grund
from ihk.diff import compare
from ihk.model import Konzeptfassung, Massnahme
from ihk.model.load import lade_streng, load
from ihk.problems import IhkError
from ihk.project import Version, alle, find_project, geschwister, kette, version_at
from ihk.reading.files import Quelltext
from ihk.reading.source import ereignisse, read
from ihk.revise import fmt
from ihk.revise.fortschreiben import STAND, fortschreiben, ueberarbeitet
from ihk.revise.konzept import Angaben, text, vorgabe
from ihk.revise.massnahme import naechste_kennung
from ihk.revise.ordnung import folge
from ihk.revise.werkstueck import Werkstueck, text_wert

CASES = Path(__file__).parent / "cases"
FORTSCHREIBEN = sorted(p.name for p in (CASES / "fortschreiben").iterdir())
FORMEN = sorted(p.name for p in (CASES / "fmt").iterdir())
PROJEKT = find_project(Path(__file__).parent)
assert PROJEKT is not None
VERSIONEN = {v.name: v for v in alle(PROJEKT)}
NEUESTE = {k: kette(PROJEKT.fassungen(k))[-1] for k in PROJEKT.konzepte()}
EINZELN = "\n".join(z[4:] for z in MASSNAHME.split("\n")[1:]).replace("- id", "id", 1)


class Lauf(NamedTuple):
    code: int
    aus: str
    err: str


@pytest.fixture
def ihk(capsys: pytest.CaptureFixture[str]) -> Callable[..., Lauf]:
    """One command in this process."""

    def laufen(*argumente: str) -> Lauf:
        code = grund.ausfuehren(lambda: grund.ihk.main(args=list(argumente), prog_name="ihk", standalone_mode=False))
        return Lauf(code, *capsys.readouterr())

    return laufen


@pytest.fixture
def projekt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one Fassung in a file; it is the working directory."""
    monkeypatch.chdir(tmp_path)
    return schreibe(tmp_path, {"concepts/musterstadt-ost/2024.yaml": KOPF + MASSNAHME})


@pytest.fixture
def kopie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """All concepts of the repository in a project of their own."""
    assert PROJEKT is not None
    shutil.copytree(PROJEKT.wurzel / "concepts", tmp_path / "concepts")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _kommentare(daten: bytes) -> Counter[str]:
    """Comments as another reader finds them: the tokens of the YAML scanner have gaps, and what is in them is a comment."""
    quelle = daten.decode("utf-8-sig").replace("\r\n", "\n")
    gefunden: Counter[str] = Counter()
    stelle = 0
    for token in yaml.scan(quelle, Loader=yaml.SafeLoader):
        luecke = quelle[stelle : token.start_mark.index]
        if isinstance(token, yaml.ScalarToken) and token.style in ("|", ">"):
            kopf = quelle[token.start_mark.index :].split("\n", 1)[0]
            luecke += "\n" + kopf.lstrip("|>+-0123456789")
        gefunden.update(t.rstrip() for t in re.findall(r"(?:^|(?<=\s))#.*", luecke, re.MULTILINE))
        stelle = max(stelle, token.end_mark.index)
    gefunden.update(t.rstrip() for t in re.findall(r"(?:^|(?<=\s))#.*", quelle[stelle:], re.MULTILINE))
    return gefunden


def _fehler(version: Version) -> Counter[tuple[str, str]]:
    return Counter((p.code, p.meldung) for p in check(version) if p.schwere == "fehler")


def _dateien(ordner: Path) -> dict[str, bytes]:
    return {p.relative_to(ordner).as_posix(): p.read_bytes() for p in sorted(ordner.rglob("*")) if p.is_file()}


# --------------------------------------------------------------------------- the text and its places


def test_kommentare_zaehlt_auch_ein_anderer_leser() -> None:
    for fall in FORTSCHREIBEN:
        daten = (CASES / "fortschreiben" / fall / "alt.yaml").read_bytes()
        assert Counter(k.text for k in Werkstueck(daten).kommentare) == _kommentare(daten), fall
    assert _kommentare((CASES / "fortschreiben" / "kommentare" / "alt.yaml").read_bytes()).total() == 36


def test_ereignisse_nennen_anfang_und_ende() -> None:
    quelle = 'a: [x, "y z"]\nb:\n  - |\n    Text\n\nc: d\n'
    gesehen = [(e.art, e.von, e.bis, e.stil, e.flow) for e in ereignisse(quelle)]
    assert ("skalar", (0, 7), (0, 12), '"', False) in gesehen
    assert ("liste", (0, 3), (0, 4), "", True) in gesehen
    paar = Werkstueck(quelle.encode()).wurzel.paar("b")
    assert paar is not None
    werte = {quelle[s.von : s.bis] for s in paar.wert.kinder}
    assert werte == {"|\n    Text"}


@pytest.mark.parametrize("umbruch", ["\n", "\r\n"])
@pytest.mark.parametrize("marke", ["", "\ufeff"])
@pytest.mark.parametrize("ende", [True, False])
def test_alles_ausser_dem_schnitt_bleibt_byte_fuer_byte(umbruch: str, marke: str, ende: bool) -> None:
    quelle = "a: ä   # eins\nb:\n  c: 1\n  d: 2  # zwei\ne: 𝄞\n"
    daten = (marke + (quelle if ende else quelle[:-1]).replace("\n", umbruch)).encode()
    assert Werkstueck(daten).fertig() == daten
    werk = Werkstueck(daten)
    innen = werk.wurzel.unter("b")
    assert innen is not None
    werk.setze(innen, "x", "3", hinter=("c",))
    werk.streiche(innen, ("d",))
    werk.setze(werk.wurzel, "e", "neu")
    erwartet = "a: ä   # eins\nb:\n  c: 1\n  x: 3\n  # zwei\ne: neu\n"
    assert werk.fertig() == (marke + (erwartet if ende else erwartet[:-1]).replace("\n", umbruch)).encode()


@given(
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0x2FF, exclude_categories=["Cc"]), min_size=1),
    st.booleans(),
)
def test_jeder_text_laesst_sich_schreiben(inhalt: str, flow: bool) -> None:
    geschrieben = text_wert(inhalt, flow=flow)
    gelesen = read((f"{{a: {geschrieben}, b: c}}\n" if flow else f"a: {geschrieben}\n").encode(), "x")
    assert gelesen.wurzel is not None
    assert not [p for p in gelesen.probleme if p.code != "ZEICHEN-VERBOTEN"]
    if not gelesen.probleme:
        import unicodedata

        assert gelesen.wurzel["a"] == unicodedata.normalize("NFC", inhalt)


# --------------------------------------------------------------------------- fortschreiben


def test_es_gibt_faelle() -> None:
    assert len(FORTSCHREIBEN) >= 5
    assert len(FORMEN) >= 3


@pytest.mark.parametrize("fall", FORTSCHREIBEN)
def test_fortschreiben_fall(fall: str, golden: Callable[[Path, str], None]) -> None:
    alt = version_at(CASES / "fortschreiben" / fall / "alt.yaml")
    neu = ueberarbeitet(alt.geladen, "2029")[""]
    golden(CASES / "fortschreiben" / fall / "erwartet.yaml", neu.decode())
    geladen = lade_streng(Quelltext("neu.yaml", {"": neu}))
    satz = compare(alt.geladen, geladen)
    assert {e.id for e in satz.eintraege} <= {"fassung"}
    assert satz.reihenfolge == ()
    assert alt.geladen.fassung.nummern == geladen.fassung.nummern
    assert _kommentare(alt.quelle.dateien[""]) <= _kommentare(neu)
    assert not any(o.begruendung for o in geladen.fassung.nach_id.values() if hasattr(o, "begruendung"))


@pytest.mark.parametrize("konzept", NEUESTE)
def test_fortschreiben_aller_konzepte(konzept: str, kopie: Path) -> None:
    """Every comment is still there, nothing but the head differs, and check finds no error that was not there before."""
    alt = version_at(kopie / "concepts" / konzept / NEUESTE[konzept].pfad.name)
    vorher = _dateien(kopie)
    neu = fortschreiben(alt, geschwister(alt), "2077")
    for name, daten in alt.quelle.dateien.items():
        if not name.endswith(".md"):
            assert _kommentare(daten) <= _kommentare(neu.quelle.dateien[name])
    satz = compare(alt.geladen, neu.geladen)
    assert [e.id for e in satz.eintraege] == ["fassung"]
    assert {f.pfad.split(".")[0] for f in satz.eintraege[0].felder} <= {
        "id", "titel", "art", "vorgaenger", "status", "anlass", "beratungsfolge", "aenderungsantraege", "unbekannt", "belege",
    }  # fmt: skip
    assert _fehler(neu) <= _fehler(alt)
    assert {n: d for n, d in _dateien(kopie).items() if n in vorher} == vorher
    assert neu.geladen.fassung.fassung.vorgaenger == alt.geladen.fassung.fassung.id
    assert (neu.vorgaenger() or neu).pfad == alt.pfad


def test_der_ordner_geht_ganz_mit(kopie: Path) -> None:
    alt = kopie / "concepts/musterstadt-ost/2028"
    (alt / "bilder").mkdir(exist_ok=True)
    (alt / "bilder" / "platz.png").write_bytes(b"\x89PNG\r\n")
    (alt / "notizen.txt").write_text("Nur für uns.", encoding="utf-8")
    (alt / ".konzept.yaml.swp").write_text("", encoding="utf-8")
    version = version_at(alt)
    neu = fortschreiben(version, geschwister(version), "2035")
    assert set(_dateien(neu.pfad)) == set(_dateien(alt)) - {".konzept.yaml.swp"}
    assert (neu.pfad / "bilder/platz.png").read_bytes() == b"\x89PNG\r\n"
    assert (neu.pfad / "kapitel/bilanz.md").read_bytes() == (alt / "kapitel/bilanz.md").read_bytes()
    beendet = {m.id: m.beendet_in or "2028" for m in version.geladen.fassung.massnahmen if m.beendet}
    assert len(set(beendet.values())) == 2, "Maßnahmen endeten in zwei Fassungen"
    assert {m.id: m.beendet_in for m in neu.geladen.fassung.massnahmen if m.grabstein} == beendet


def test_grabsteine_bleiben_und_kommen_nicht_wieder(projekt: Path, ihk: Callable[..., Lauf]) -> None:
    datei = projekt / "concepts/musterstadt-ost/2024.yaml"
    datei.write_text(
        datei.read_text("utf-8").replace("status: geplant", "status: entfallen\n    begruendung: Kein Geld."), "utf-8"
    )
    assert ihk("fortschreiben", "musterstadt-ost", "--als", "2029").code == 0
    assert ihk("fortschreiben", "musterstadt-ost", "--als", "2034").code == 0
    alt, neu = (version_at(projekt / f"concepts/musterstadt-ost/{n}.yaml") for n in ("2029", "2034"))
    assert alt.geladen.fassung.massnahmen == neu.geladen.fassung.massnahmen
    assert neu.geladen.fassung.massnahmen[0].beendet_in == "2024"
    # The note above the Stand is written once, not once for every Fassung.
    assert neu.pfad.read_text("utf-8").count(STAND) == 1
    diff = json.loads(ihk("diff", "musterstadt-ost@2024", "musterstadt-ost@2029", "--format", "json").aus)
    assert [e["id"] for e in diff["eintraege"]] == ["fassung"]
    assert ihk("check").code == 0


def test_fortschreiben_zeigt_was_zu_tun_ist(projekt: Path, ihk: Callable[..., Lauf]) -> None:
    lauf = ihk("fortschreiben", "musterstadt-ost", "--als", "2029", "--stand", "01.03.2029")
    assert lauf.code == 0
    assert lauf.aus.startswith("concepts/musterstadt-ost/2029.yaml\n\nmusterstadt-ost@2029: ")
    assert "Der Status ist „geplant“, das Ende war 2025." in lauf.aus
    assert "eine Bilanz dazu fehlt" in lauf.aus
    assert "stand: 01.03.2029" in (projekt / "concepts/musterstadt-ost/2029.yaml").read_text("utf-8")
    assert lauf.aus.split("\n\n", 1)[1] == ihk("status", "musterstadt-ost").aus


def test_der_alte_stand_bleibt_mit_einem_vermerk(projekt: Path, ihk: Callable[..., Lauf]) -> None:
    assert ihk("fortschreiben", "musterstadt-ost", "--als", "2029").code == 0
    neu = (projekt / "concepts/musterstadt-ost/2029.yaml").read_text("utf-8")
    assert f'{STAND}\nfassung: {{id: "2029"' in neu
    assert "Der Stand (01.06.2024) ist noch der der Fassung 2024." in ihk("status", "musterstadt-ost").aus


def test_eine_versiegelte_vorfassung_bleibt_unberuehrt(kopie: Path, ihk: Callable[..., Lauf]) -> None:
    for spaeter in ("2024", "2028"):
        shutil.rmtree(kopie / "concepts/musterstadt-ost" / spaeter)
    assert ihk("seal", "musterstadt-ost@2019").code == 0
    vorher = (kopie / "concepts/musterstadt-ost/2019.yaml").read_bytes()
    assert ihk("fortschreiben", "musterstadt-ost", "--als", "2025").code == 0
    assert (kopie / "concepts/musterstadt-ost/2019.yaml").read_bytes() == vorher
    assert ihk("seal", "--check").code == 0
    assert ihk("check", "musterstadt-ost").code == 0


def test_eine_datei_ausserhalb_eines_projekts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ihk: Callable[..., Lauf]
) -> None:
    monkeypatch.chdir(tmp_path)
    schreibe(tmp_path, {"entwurf/fassung.yaml": KOPF + MASSNAHME})
    assert ihk("fortschreiben", "entwurf/fassung.yaml", "--als", "2029").code == 0
    assert ihk("check", "entwurf/2029.yaml").code == 0
    assert ihk("diff", "--exit-code", "--weight", "wesentlich", "entwurf/fassung.yaml", "entwurf/2029.yaml").code == 0


@pytest.mark.parametrize(
    ("argumente", "wort"),
    [
        (["musterstadt-ost", "--als", "2024"], "gibt es schon"),
        (["musterstadt-ost", "--als", "20/29"], "keine gültige Kennung"),
        (["musterstadt-ost", "--als", "../x"], "keine gültige Kennung"),
        (["musterstadt-ost", "--als", ""], "keine gültige Kennung"),
        (["musterstadt-ost", "--als", "con"], "Windows"),
        (["musterstadt-ost", "--als", "2029.yaml"], "Als Fassung „2029“"),
        (["musterstadt-ost", "--als", "konzept"], "Hauptdatei"),
        (["musterstadt-ost", "--als", "NOTIZ"], "gibt es schon"),
        (["musterstadt-ost"], "Es fehlt FASSUNG"),
        (["gibt-es-nicht", "--als", "2029"], "weder ein Konzept"),
        (["musterstadt-ost", "--als", "2029", "--stand", "bald"], "keine Zeitangabe"),
        (["musterstadt-ost", "--als", "2029", "--stand", "31.05.2024"], "liegt vor dem der Fassung 2024"),
        (["musterstadt-ost", "--als", "2014"], "schon gehabt"),
        ([".", "--als", "2029"], "mehrere Konzepte"),
    ],
)
def test_fortschreiben_lehnt_ab(projekt: Path, ihk: Callable[..., Lauf], argumente: list[str], wort: str) -> None:
    ordner = projekt / "concepts/musterstadt-ost"
    grabstein = '  - {id: M00, titel: Früher, status: entfallen, beendet_in: "2014"}\n'
    schreibe(
        projekt,
        {
            "concepts/zweites/2024.yaml": KOPF.replace("musterstadt-ost", "zweites"),
            "concepts/musterstadt-ost/notiz": "",
        },
    )
    (ordner / "2024.yaml").write_text(KOPF + MASSNAHME + grabstein, "utf-8")
    vorher = _dateien(projekt)
    lauf = ihk("fortschreiben", *argumente)
    assert lauf.code == 2
    assert wort in lauf.err
    assert lauf.aus == ""
    assert "Traceback" not in lauf.err
    assert _dateien(projekt) == vorher


def test_fortschreiben_lehnt_ab_was_schon_fortgeschrieben_ist(kopie: Path, ihk: Callable[..., Lauf]) -> None:
    vorher = _dateien(kopie)
    lauf = ihk("fortschreiben", "musterstadt-ost@2019", "--als", "2029")
    assert (lauf.code, lauf.aus) == (2, "")
    assert "schon fortgeschrieben: concepts/musterstadt-ost/2024" in lauf.err
    assert _dateien(kopie) == vorher


def test_fortschreiben_lehnt_eine_fassung_mit_fehlern_ab(projekt: Path, ihk: Callable[..., Lauf]) -> None:
    datei = projekt / "concepts/musterstadt-ost/2024.yaml"
    datei.write_text(datei.read_text("utf-8").replace("90.000 €", "90.50"), "utf-8")
    lauf = ihk("fortschreiben", "musterstadt-ost", "--als", "2029")
    assert lauf.code == 2
    assert "WERT-GELD" in lauf.err
    assert list(datei.parent.iterdir()) == [datei]


def test_fortschreiben_lehnt_einen_versiegelten_namen_ab(kopie: Path, ihk: Callable[..., Lauf]) -> None:
    ordner = kopie / "concepts/musterstadt-ost"
    assert ihk("seal", "musterstadt-ost@2019").code == 0
    register = (ordner / ".ihk/siegel.json").read_text("utf-8").replace('"2019"', '"2029"')
    (ordner / ".ihk/siegel.json").write_text(register, "utf-8")
    lauf = ihk("fortschreiben", "musterstadt-ost", "--als", "2029")
    assert lauf.code == 2
    assert "schon versiegelt" in lauf.err


def test_fortschreiben_nimmt_nichts_von_ausserhalb_mit(kopie: Path, ihk: Callable[..., Lauf]) -> None:
    geheim = schreibe(kopie, {"geheim.txt": "x"}) / "geheim.txt"
    (kopie / "concepts/musterstadt-ost/2028/bild.png").symlink_to(geheim)
    lauf = ihk("fortschreiben", "musterstadt-ost", "--als", "2035")
    assert lauf.code == 2
    assert "außerhalb des Ordners" in lauf.err
    assert not (kopie / "concepts/musterstadt-ost/2035").exists()


def test_ein_ordner_erscheint_ganz_oder_gar_nicht(kopie: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ihk import write

    geschrieben = 0

    def voll(ziel: Path, daten: bytes, *, fuer: Path) -> None:
        nonlocal geschrieben
        geschrieben += 1
        if geschrieben > 5:
            raise IhkError("Kein Platz mehr.")
        ziel.parent.mkdir(parents=True, exist_ok=True)
        ziel.write_bytes(daten)

    monkeypatch.setattr(write, "_schreibe", voll)
    alt = version_at(kopie / "concepts/musterstadt-ost/2028")
    vorher = sorted(p.name for p in alt.pfad.parent.iterdir())
    with pytest.raises(IhkError, match="Kein Platz"):
        fortschreiben(alt, geschwister(alt), "2035")
    assert geschrieben == 6
    assert sorted(p.name for p in alt.pfad.parent.iterdir()) == vorher


WORTE = st.sampled_from(["geplant", "entfallen", "abgeschlossen", "zurueckgestellt", "in_umsetzung"])


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(WORTE, st.sampled_from(["HF1", "HF2", "HF3", ""]), st.booleans(), st.sampled_from(["", "9", "1.1"])),
        max_size=9,
    ),
    st.sets(st.sampled_from(["HF1", "HF2", "HF3", "Z1"])),
    st.sampled_from(["handlungsfeld", "buchstabe", "laufend", "keine"]),
)
def test_gesetz_der_fortschreibung(
    massnahmen: list[tuple[str, str, bool, str]], enden: set[str], nummerierung: str
) -> None:
    """Whatever ends: only the head differs, every printed number stays, and doing it twice changes no measure."""
    ende = {k: ", status: entfallen, begruendung: Erledigt." if k in enden else "" for k in ("HF1", "HF2", "HF3", "Z1")}
    zeilen = [
        "format: 1", f"konzept: {{id: dorf, titel: Dorf, fiktiv: ja, nummerierung: {nummerierung}}}", "fassung: {id: '2024', stand: 2024}",
        f"ziele:\n  - {{id: Z1, titel: Ziel{ende['Z1']}, teilziele: [{{id: T1, titel: Eins}}, {{id: T2, titel: Zwei}}]}}",
        "handlungsfelder:", *(f"  - {{id: {h}, titel: Feld{ende[h]}}}" for h in ("HF1", "HF2", "HF3")), "massnahmen:" if massnahmen else "",
    ]  # fmt: skip
    for i, (status, feld, block, nummer) in enumerate(massnahmen):
        felder = [f"id: M{i:02}", f"titel: Nr {i}", f"status: {status}", "begruendung: Weil.", "teilziele: [T1]"]
        felder += [f"handlungsfeld: {feld}"] * bool(feld) + [f'nummer: "{nummer}"'] * bool(nummer)
        zeilen.append("  - " + "\n    ".join(felder) + f"   # {i}" if block else f"  - {{{', '.join(felder)}}}   # {i}")
    alt = load(Quelltext("a", {"": ("\n".join(zeilen) + "\n").encode()}))
    neu = load(Quelltext("b", ueberarbeitet(alt, "2029")))
    satz = compare(alt, neu)
    assert {e.id for e in satz.eintraege} == {"fassung"}
    assert alt.fassung.nummern == neu.fassung.nummern
    assert _kommentare(alt.quelle.dateien[""]) <= _kommentare(neu.quelle.dateien[""])
    nochmal = load(Quelltext("c", ueberarbeitet(neu, "2034")))
    assert nochmal.fassung.massnahmen == neu.fassung.massnahmen
    assert {m.id for m in neu.fassung.massnahmen if m.grabstein} == {
        f"M{i:02}" for i, m in enumerate(massnahmen) if m[0] == "entfallen"
    }


# --------------------------------------------------------------------------- new


def test_ein_neues_konzept_ist_sofort_gueltig(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ihk: Callable[..., Lauf]
) -> None:
    monkeypatch.chdir(tmp_path)
    angaben = ["--kommune", "Stadt Musterstadt", "--land", "Hessen", "--gebiet", "Ost: am Bach", "--fassung", "2029"]
    lauf = ihk("new", "konzept", "musterstadt-ost", *angaben, "--programm", "sozialer-zusammenhalt")
    assert (lauf.code, lauf.aus) == (0, "concepts/musterstadt-ost/2029.yaml\n")
    assert ihk("check").code == 0
    k = version_at(tmp_path / "concepts/musterstadt-ost/2029.yaml").geladen.fassung
    assert k.konzept.titel == "Integriertes Handlungskonzept Ost: am Bach"
    assert k.konzept.kommune is not None
    assert (k.konzept.kommune.name, k.konzept.kommune.land) == ("Stadt Musterstadt", "Hessen")
    hessen = vorgabe("hessen")
    assert hessen is not None
    assert [h.titel for h in k.handlungsfelder] == list(hessen.handlungsfelder)
    assert vorgabe("Bayern") is None  # the register names none
    assert len(k.handlungsfelder) == 10
    assert k.fassung.stand is None
    assert "stand" in k.fassung.unbekannt
    assert ihk("fmt", "--check").code == 0


def test_ohne_angaben_steht_alles_unter_unbekannt(
    tmp_path: Path, ihk: Callable[..., Lauf], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert ihk("--project", "neu", "new", "konzept", "dorf").code == 0
    [datei] = (tmp_path / "neu/concepts/dorf").iterdir()
    assert re.fullmatch(r"20\d\d\.yaml", datei.name)
    version = version_at(datei)
    assert _fehler(version) == Counter()
    assert {"kommune", "programme"} <= set(version.geladen.fassung.konzept.unbekannt)
    gebiet = version.geladen.fassung.konzept.gebiet
    assert gebiet is not None
    assert {"name", "flaeche_ha", "einwohner"} <= set(gebiet.unbekannt)
    assert ihk("--project", "neu", "fmt", "--check").code == 0


def test_ein_neues_konzept_laesst_sich_bauen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ihk: Callable[..., Lauf]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert ihk("new", "konzept", "dorf", "--land", "hessen", "--fassung", "1").code == 0
    assert ihk("new", "massnahme", "dorf", "Platz", "--handlungsfeld", "HF5").code == 0
    assert ihk("build", "--jobs", "1").code == 0
    assert (tmp_path / "build/dorf/1/bericht.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("land", [None, "Hessen", "Bayern"])
def test_jedes_beispiel_im_neuen_konzept_ist_gueltig(land: str | None) -> None:
    """Taking away the # of all examples gives a concept without errors: what the comments teach is true."""
    inhalt = text(Angaben("dorf", "2029", land=land, fiktiv=True))
    zeilen, im_beispiel, beispiele = [], False, 0
    for zeile in inhalt.split("\n"):
        if treffer := re.match(r"# (kapitel|ziele|handlungsfelder|massnahmen|indikatoren|quellen):$", zeile):
            im_beispiel, beispiele = True, beispiele + 1
            assert treffer
        elif not zeile.startswith("#"):
            im_beispiel = False
        zeilen.append(zeile[2:] if im_beispiel else zeile)
    assert beispiele == (4 if land == "Hessen" else 6)
    geladen = load(Quelltext("x", {"": "\n".join(zeilen).encode()}))
    assert [p for p in geladen.probleme if p.schwere == "fehler"] == []
    assert geladen.fassung.massnahmen[0].kosten is not None
    from ihk.checks import Kontext, run

    assert [p for p in run(Kontext(geladen)) if p.schwere == "fehler"] == []


def test_im_terminal_wird_gefragt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ihk: Callable[..., Lauf]) -> None:
    import io

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", Terminal("Stadt Dorf\nHessen\n\n\n2031\n"))
    lauf = ihk("new", "konzept", "dorf")
    assert lauf.code == 0
    assert "Kommune" in lauf.err
    k = version_at(tmp_path / "concepts/dorf/2031.yaml").geladen.fassung
    assert k.konzept.titel == "Integriertes Handlungskonzept Stadt Dorf"
    assert len(k.handlungsfelder) == 10


@pytest.mark.parametrize(
    ("argumente", "wort"),
    [
        (["konzept", "musterstadt-ost"], "ihk fortschreiben musterstadt-ost"),
        (["konzept", "Musterstadt-Ost"], "gibt es schon"),
        (["konzept", "Möhre"], "zum Beispiel „Moehre“"),
        (["konzept", "a/b"], "keine gültige Kennung"),
        (["konzept", "dorf", "--fassung", "a b"], "keine gültige Kennung"),
        (["konzept", "dorf", "--fassung", "1", "--titel", "Glocke \x07"], "Steuerzeichen"),
        (["konzept"], "NAME"),
        (["massnahme", "musterstadt-ost"], "TITEL"),
        (["massnahme", "musterstadt-ost", " "], "Titel"),
        (["massnahme", "musterstadt-ost", "Glocke \x07"], "lässt sich so nicht eintragen"),
        (["massnahme", "musterstadt-ost", "Platz", "--handlungsfeld", "HF9"], "Das Konzept hat noch keines"),
        (["massnahme", "musterstadt-ost", "Platz", "--teilziel", "T9"], "Vorhanden: T1, T2"),
        (["massnahme", "anderes", "Platz"], "weder ein Konzept"),
        (["massname", "musterstadt-ost", "Platz"], "massnahme"),
    ],
)
def test_new_lehnt_ab(projekt: Path, ihk: Callable[..., Lauf], argumente: list[str], wort: str) -> None:
    vorher = _dateien(projekt)
    lauf = ihk("new", *argumente)
    assert lauf.code == 2
    assert wort in lauf.err
    assert "Traceback" not in lauf.err
    assert _dateien(projekt) == vorher


def test_eine_beschlossene_fassung_bekommt_keine_neue_massnahme(kopie: Path, ihk: Callable[..., Lauf]) -> None:
    for wort in ("beschlossen", "versiegelt"):
        lauf = ihk("new", "massnahme", "musterstadt-ost@2019", "Platz")
        assert lauf.code == 2
        assert f"ist {wort}" in lauf.err
        assert "ihk fortschreiben musterstadt-ost" in lauf.err
        assert ihk("seal", "musterstadt-ost@2019").code == 0


def _nur_eingefuegt(alt: str, neu: str) -> str:
    """What was put in, if nothing else changed."""
    vorn = next((i for i, (a, b) in enumerate(zip(alt, neu, strict=False)) if a != b), len(alt))
    dazu = len(neu) - len(alt)
    assert dazu > 0
    assert alt[:vorn] == neu[:vorn]
    assert alt[vorn:] == neu[vorn + dazu :]
    return neu[vorn : vorn + dazu]


HF = "handlungsfelder:\n  - {id: HF1, titel: Wohnen}\n  - {id: HF2, titel: Klima}\n"


@pytest.mark.parametrize(
    ("massnahmen", "argumente", "folge_danach"),
    [
        (MASSNAHME, [], ["M01", "M02"]),
        ("", [], ["M01"]),
        ("massnahmen: []   # noch keine\n", [], ["M01"]),
        ("massnahmen: [{id: M01, titel: A, unbekannt: {teilziele: Offen.}}]   # alle\n", [], ["M01", "M02"]),
        ("massnahmen:\n- id: M07\n  titel: A   # hinten\n  unbekannt: {teilziele: Offen.}\n# am Ende\n", [], ["M07", "M08"]),
        (
            "massnahmen:\n  - {id: M01, titel: A, handlungsfeld: HF1, teilziele: [T1]}   # eins\n  # über M02\n  - id: M02\n    titel: B\n    handlungsfeld: HF2\n    teilziele: [T1]\n    beschreibung: |\n      Text\n\nindikatoren:\n  - {id: I1, titel: X}\n",
            ["--handlungsfeld", "HF1", "--teilziel", "T1", "--teilziel", "T2"], ["M01", "M03", "M02"],
        ),
        (MASSNAHME + '  - {id: M99, titel: Alt, status: entfallen, beendet_in: "2019"}\n', ["--teilziel", "T1"], ["M01", "M100", "M99"]),
        (MASSNAHME.replace("M01", "W-7"), [], ["W-7", "W-8"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("umbruch", ["\n", "\r\n"])
def test_eine_massnahme_kommt_an_ihren_platz(
    projekt: Path,
    ihk: Callable[..., Lauf],
    massnahmen: str,
    argumente: list[str],
    folge_danach: list[str],
    umbruch: str,
) -> None:
    datei = projekt / "concepts/musterstadt-ost/2024.yaml"
    datei.write_bytes((KOPF + HF + massnahmen).replace("\n", umbruch).encode())
    lauf = ihk("new", "massnahme", "musterstadt-ost", "Neu: am Bach, #1", *argumente)
    assert lauf.code == 0
    neue = next(m for m in folge_danach if m not in massnahmen)
    assert lauf.aus == f"{neue} steht jetzt in concepts/musterstadt-ost/2024.yaml.\n"
    neu = datei.read_bytes().decode()
    if "[]" not in massnahmen:
        _nur_eingefuegt((KOPF + HF + massnahmen).replace("\n", umbruch), neu)
    assert neu.count("\n") == neu.count(umbruch)
    k = version_at(datei).geladen.fassung
    assert [m.id for m in k.massnahmen] == folge_danach
    assert next(m.titel for m in k.massnahmen if m.id == neue) == "Neu: am Bach, #1"
    assert ihk("check").code == 0


def test_kennungen_werden_nie_wieder_vergeben(kopie: Path, ihk: Callable[..., Lauf]) -> None:
    """Also not those of other Fassungen, of other kinds of objects, or of a Fassung that does not read."""
    ordner = kopie / "concepts/musterstadt-ost"
    schreibe(ordner, {"2007.yaml": "massnahmen:\n  - {id: M71, titel: [\n"})
    assert ihk("new", "massnahme", "musterstadt-ost@2028", "Neu").aus.startswith("M72 ")
    assert naechste_kennung(["M01"], {"M01", "m2", "M03"}) == "M04"
    assert naechste_kennung(["platz", "hof"], {"platz", "hof", "M01"}) == "M02"
    assert naechste_kennung([], set()) == "M01"
    assert naechste_kennung(["A1.9", "A1.10", "B7"], {"A1.9", "A1.10", "B7"}) == "A1.11"


def test_im_ordner_bekommt_die_massnahme_eine_datei(kopie: Path, ihk: Callable[..., Lauf]) -> None:
    ordner = kopie / "concepts/musterstadt-ost/2028"
    vorher, konzept = _dateien(ordner), (ordner / "konzept.yaml").read_text("utf-8")
    lauf = ihk("new", "massnahme", "musterstadt-ost", "Trinkbrunnen", "--handlungsfeld", "HF2", "--teilziel", "T4")
    assert lauf.aus == "M49 steht jetzt in concepts/musterstadt-ost/2028/massnahmen/M49.yaml.\n"
    nachher = _dateien(ordner)
    assert set(nachher) - set(vorher) == {"massnahmen/M49.yaml"}
    assert {n for n in vorher if vorher[n] != nachher[n]} == {"konzept.yaml"}
    eingefuegt = _nur_eingefuegt(konzept, (ordner / "konzept.yaml").read_text("utf-8"))
    assert sorted(z for z in eingefuegt if z.isalnum()) == sorted("M49")
    k = version_at(ordner).geladen.fassung
    assert (
        k.nummern["M49"]
        == f"2.{max(int(k.nummern[m.id].split('.')[1]) for m in k.massnahmen if m.handlungsfeld == 'HF2')}"
    )
    assert {i: n for i, n in k.nummern.items() if i != "M49"} == NEUESTE["musterstadt-ost"].geladen.fassung.nummern
    assert ihk("check", "musterstadt-ost@2028").code == 0
    assert ihk("fmt", "--check", str(ordner / "massnahmen/M49.yaml")) == Lauf(0, "", "")


def test_ohne_reihenfolge_bleibt_die_hauptdatei_wie_sie_ist(
    tmp_path: Path, ihk: Callable[..., Lauf], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    schreibe(tmp_path, {"x/konzept.yaml": KOPF, "x/massnahmen/M01.yaml": EINZELN})
    assert ihk("new", "massnahme", "x", "Hof").aus == "M02 steht jetzt in x/massnahmen/M02.yaml.\n"
    assert (tmp_path / "x/konzept.yaml").read_text("utf-8") == KOPF
    schreibe(tmp_path, {"x/konzept.yaml": KOPF + "reihenfolge:\n  - M01   # zuerst\n"})
    assert ihk("new", "massnahme", "x", "Weg").code == 0
    assert (tmp_path / "x/konzept.yaml").read_text("utf-8") == KOPF + "reihenfolge:\n  - M01   # zuerst\n  - M03\n"


# --------------------------------------------------------------------------- fmt


@pytest.mark.parametrize("fall", FORMEN)
def test_fmt_fall(fall: str, golden: Callable[[Path, str], None]) -> None:
    daten = (CASES / "fmt" / fall / "alt.yaml").read_bytes()
    neu = fmt.kanonisch(daten, Konzeptfassung)
    golden(CASES / "fmt" / fall / "erwartet.yaml", neu.decode())
    _gesetze(daten, neu)


def _gesetze(alt: bytes, neu: bytes, klasse: type = Konzeptfassung) -> None:
    """The same comments, the same meaning, and nothing more to do."""
    assert _kommentare(alt) == _kommentare(neu)
    assert fmt.kanonisch(neu, klasse) == neu
    if klasse is Konzeptfassung:
        a, b = (load(Quelltext("x", {"": d})) for d in (alt, neu))
        satz = compare(a, b)
        assert satz.eintraege == ()
        assert satz.reihenfolge == ()
        assert a.fassung == b.fassung


@pytest.mark.parametrize("version", VERSIONEN.values(), ids=lambda v: v.name)
def test_fmt_aller_konzepte(version: Version) -> None:
    ergebnis = fmt.fassung(version)
    assert ergebnis.probleme == ()
    neu = Quelltext("x", {**version.quelle.dateien, **ergebnis.geaendert}, ordner=version.quelle.ordner)
    satz = compare(version.geladen, load(neu))
    assert satz.eintraege == ()
    assert satz.reihenfolge == ()
    assert version.geladen.fassung == load(neu).fassung
    for name, daten in ergebnis.geaendert.items():
        klasse = Massnahme if name.startswith("massnahmen/") else Konzeptfassung
        assert _kommentare(version.quelle.dateien[name]) == _kommentare(daten)
        assert fmt.kanonisch(daten, klasse) == daten


def test_fmt_schreibt_und_prueft(kopie: Path, ihk: Callable[..., Lauf]) -> None:
    vorher = _dateien(kopie)
    lauf = ihk("fmt", "--check")
    assert lauf.code == 1
    assert "concepts/voelklingen/2012.yaml" in lauf.aus
    assert _dateien(kopie) == vorher
    assert ihk("fmt").code == 0
    assert _dateien(kopie) != vorher
    assert ihk("fmt", "--check") == Lauf(0, "", "")
    for name in VERSIONEN:
        assert ihk("check", name).code == 0


def test_fmt_laesst_versiegeltes_in_ruhe(kopie: Path, ihk: Callable[..., Lauf]) -> None:
    assert ihk("seal", "musterstadt-ost@2019").code == 0
    vorher = (kopie / "concepts/musterstadt-ost/2019.yaml").read_bytes()
    lauf = ihk("fmt", "musterstadt-ost@2019")
    assert (lauf.code, lauf.aus) == (0, "")
    assert "ist versiegelt und bleibt" in lauf.err
    assert (kopie / "concepts/musterstadt-ost/2019.yaml").read_bytes() == vorher
    assert ihk("seal", "--check").code == 0


def test_fmt_kennt_die_datei_einer_massnahme(kopie: Path, ihk: Callable[..., Lauf]) -> None:
    datei = kopie / "concepts/musterstadt-ost/2024/massnahmen/M17.yaml"
    ganz = fmt.fassung(version_at(datei.parent.parent)).geaendert["massnahmen/M17.yaml"]
    assert ihk("fmt", str(datei)).aus == "concepts/musterstadt-ost/2024/massnahmen/M17.yaml\n"
    assert datei.read_bytes() == ganz
    kopf = datei.parent.parent / "konzept.yaml"
    kopf.write_text(kopf.read_text("utf-8").replace("status: in_beratung", "status: beschlossen"), "utf-8")
    assert ihk("seal", "musterstadt-ost@2024").code == 0
    datei.with_name("M16.yaml").touch()
    assert "ist versiegelt" in ihk("fmt", str(datei.with_name("M16.yaml"))).err
    assert ihk("seal", "--check").code == 0


def test_fmt_lehnt_ab(kopie: Path, ihk: Callable[..., Lauf]) -> None:
    assert ihk("fmt", "gibt-es-nicht").code == 2
    assert "weder ein Konzept" in ihk("fmt", "gibt-es-nicht").err


def test_fmt_laesst_unlesbares_stehen_und_macht_weiter(projekt: Path, ihk: Callable[..., Lauf]) -> None:
    kaputt = "format: 1\nkonzept: {id: x\n"
    schreibe(
        projekt,
        {
            "concepts/kaputt/1.yaml": kaputt,
            "concepts/musterstadt-ost/2024.yaml": KOPF + MASSNAHME.replace("90.000 €", "90000"),
        },
    )
    lauf = ihk("fmt")
    assert lauf.code == 2
    assert "YAML-AUFBAU" in lauf.err
    assert (projekt / "concepts/kaputt/1.yaml").read_text("utf-8") == kaputt
    assert "gesamt: 90.000 €" in (projekt / "concepts/musterstadt-ost/2024.yaml").read_text("utf-8")


def test_fmt_laesst_falsche_werte_stehen() -> None:
    alt = (KOPF + MASSNAHME.replace("90.000 €", "90.50").replace("status: geplant", "status: fertg")).encode()
    assert fmt.kanonisch(alt, Konzeptfassung) == alt


@pytest.mark.parametrize(
    ("schreiben", "alt", "neu"),
    [
        (fmt.geld, "250000", "250.000 €"), (fmt.geld, "0,25 Mio. €", "250.000 €"), (fmt.geld, "1.250.000,5 Euro", "1.250.000,50 €"),
        (fmt.geld, "0", "0 €"), (fmt.geld, "-5,05", "-5,05 €"), (fmt.zahl, "6120", "6.120"), (fmt.zahl, "12,50", "12,50"),
        (fmt.zahl, "1150,5 %", "1.150,5 %"), (fmt.datum, "2024-06-01", "01.06.2024"), (fmt.datum, "1.6.2024", "01.06.2024"),
        (fmt.zeitpunkt, "2012-03", "03/2012"), (fmt.zeitpunkt, "März 2012", "03/2012"), (fmt.zeitpunkt, "2012-Q1", "Q1 2012"),
        (fmt.zeitpunkt, "2012", "2012"), (fmt.zeitpunkt, "2012-03-31", "31.03.2012"),
    ],
)  # fmt: skip
def test_schreibweise(schreiben: Callable[[str], str], alt: str, neu: str) -> None:
    assert schreiben(alt) == neu
    assert schreiben(neu) == neu


KOMMENTARE = st.sampled_from(["", "", "", "   # Notiz", " # noch eine #"])
DAVOR = st.sampled_from(["", "", "", "{e}# darüber\n", "\n{e}# mit Abstand\n", "{e}# abgesetzt\n\n", "\n"])
FELDER = {
    "traeger": ["Stadt", "'Stadt, Land'"], "status": ["geplant"], "zeitraum": ["{bis: 2025-03, von: 2024}", "{von: 2024-06-01}"],
    "beschreibung": ["|\n      Text # kein Kommentar\n\n      - Liste", ">\n      Gefaltet\n      weiter", "|+\n      Text  \n      weiter\n        \n", "Ein\n      Satz"],
    "kosten": ["{gesamt: 90000, folgekosten: '1000,5'}", "\n      stand: annahme\n      # Geld\n      gesamt: 0,09 Mio. €\n      jahre: {2024: 90000}"],
    "teilziele": ["[T1]", "\n      - T1   # eins"], "unbekannt": ["{zielgruppe: Offen.}"], "begruendung": ['"Weil: \\"so\\""'],
}  # fmt: skip


@settings(max_examples=150)
@given(st.data())
def test_gesetz_der_form(data: st.DataObject) -> None:
    """Keys in any order, comments anywhere: the same model, the same comments, and once is enough."""
    zeilen = ["massnahmen:"]
    for i in range(data.draw(st.integers(1, 3))):
        felder = data.draw(st.permutations([*FELDER, "id", "titel"]))[: data.draw(st.integers(4, 10))]
        felder = [*felder, *(f for f in ("id", "titel") if f not in felder)]
        for nr, feld in enumerate(felder):
            wert = {"id": f"M{i}", "titel": f"Nr {i}"}.get(feld) or data.draw(st.sampled_from(FELDER.get(feld, [""])))
            kommentar = "" if "\n" in wert else data.draw(KOMMENTARE)
            davor = "" if nr == 0 else data.draw(DAVOR).replace("{e}", "    ")
            zeilen.append(
                f"{davor}{'  - ' if nr == 0 else '    '}{feld}: {wert}{kommentar}{data.draw(st.sampled_from(['', '', '  ']))}"
            )
    alt = (KOPF + "\n".join(zeilen) + "\n").replace(": \n", ":\n").encode()
    if any(p.schwere == "fehler" for p in read(alt, "x").probleme):
        return  # a comment right behind a text can be a slip that the reader refuses
    _gesetze(alt, fmt.kanonisch(alt, Konzeptfassung))


def test_die_folge_kennt_jedes_feld() -> None:
    for klasse in (Konzeptfassung, Massnahme):
        assert set(folge(klasse)) == set(klasse.model_fields)
        assert sorted(folge(klasse).values()) == list(range(len(klasse.model_fields)))
    assert list(folge(Massnahme))[:4] == ["id", "nummer", "titel", "kurztitel"]
    assert list(folge(Massnahme))[-2:] == ["belege", "unbekannt"]
