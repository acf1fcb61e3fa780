"""Seals: a sealed Fassung cannot change unnoticed, not by a single byte; and a seal is never written or lost by accident."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from builders import KOPF, MASSNAHME, schreibe
from hypothesis import given, settings
from hypothesis import strategies as st

from ihk import seals
from ihk.checks import check
from ihk.cli import grund
from ihk.problems import IhkError, LoadError
from ihk.project import Version, version_at
from ihk.seals import Abweichung, Siegel, abweichungen, als_text, register, siegel, verwaist

BESCHLUSS = "beratungsfolge: [{gremium: Stadtrat, rolle: entscheidung, datum: 27.06.2024, vorlage: 2024/123}]"
BESCHLOSSEN = KOPF.replace("status: entwurf", f"status: beschlossen, {BESCHLUSS}")
BILDER = "bilder:\n  - {id: B1, datei: bilder/platz.png, alt: Der Platz von Norden}\n"


def _chunk(art: bytes, daten: bytes) -> bytes:
    return len(daten).to_bytes(4) + art + daten + zlib.crc32(art + daten).to_bytes(4)


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", bytes([0, 0, 0, 2, 0, 0, 0, 2, 8, 2, 0, 0, 0]))
    + _chunk(b"IDAT", zlib.compress(bytes(14)))
    + _chunk(b"IEND", b"")
)
NEU = BESCHLOSSEN.replace('"2024", art: ursprung', '"2029", art: fortschreibung, vorgaenger: "2024"').replace(
    "stand: 01.06.2024", "stand: 01.06.2029"
)
EINZELN = "\n".join(z[4:] for z in MASSNAHME.split("\n")[1:]).replace("- id", "id", 1)
EINZELN += "bilanz: {ergebnis: Der Bau hat begonnen.}\n"
REGISTER = Path(".ihk", "siegel.json")


class Lauf(NamedTuple):
    code: int
    aus: str
    err: str


@pytest.fixture
def konzept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An adopted Fassung in a file with a picture, an adopted one in a folder, a draft; the project is the working directory."""
    monkeypatch.chdir(tmp_path)
    ordner = tmp_path / "concepts" / "musterstadt-ost"
    entwurf = NEU.replace('"2029"', '"2034"').replace('vorgaenger: "2024"', 'vorgaenger: "2029"')
    schreibe(
        ordner,
        {
            "2024.yaml": BESCHLOSSEN + BILDER + MASSNAHME,
            "2029/konzept.yaml": NEU,
            "2029/massnahmen/M01.yaml": EINZELN,
            "2029/kapitel/leitbild.md": "Ein Platz für alle.\n",
            "2034.yaml": entwurf.replace("status: beschlossen", "status: entwurf") + MASSNAHME,
        },
    )
    (ordner / "bilder").mkdir()
    (ordner / "bilder" / "platz.png").write_bytes(PNG)
    return ordner


@pytest.fixture
def ihk(capsys: pytest.CaptureFixture[str]) -> Callable[..., Lauf]:
    """One command in this process."""

    def laufen(*argumente: str) -> Lauf:
        code = grund.ausfuehren(lambda: grund.ihk.main(args=list(argumente), prog_name="ihk", standalone_mode=False))
        return Lauf(code, *capsys.readouterr())

    return laufen


def _version(konzept: Path, name: str) -> Version:
    """Read anew: a Version keeps what it has read."""
    return version_at(konzept / name)


def _codes(version: Version) -> list[str]:
    return [p.code for p in check(version) if p.schwere == "fehler"]


# --------------------------------------------------------------------------- the command


def test_versiegeln_aendern_wiederherstellen(konzept: Path, ihk: Callable[..., Lauf]) -> None:
    lauf = ihk("seal", "musterstadt-ost@2024")
    assert (lauf.code, lauf.err) == (0, "")
    assert lauf.aus == "musterstadt-ost@2024: versiegelt, 2 Dateien, in concepts/musterstadt-ost/.ihk/siegel.json\n"
    assert ihk("check").code == 0
    assert ihk("seal", "--check") == Lauf(0, "", "1 Siegel geprüft, unversehrt.\n")
    vorher = (konzept / REGISTER).read_bytes()
    assert ihk("seal", "musterstadt-ost@2024").aus == "musterstadt-ost@2024: schon versiegelt und unverändert.\n"

    datei = konzept / "2024.yaml"
    gut = datei.read_bytes()
    datei.write_bytes(gut + b"# nur ein Kommentar\n")
    lauf = ihk("check", "musterstadt-ost@2024")
    assert lauf.code == 1
    assert lauf.aus.startswith("concepts/musterstadt-ost/2024.yaml:1:1  SIEGEL-GEBROCHEN  „2024.yaml“ ist geändert; ")
    for weg in ("<neue-fassung>.yaml", 'vorgaenger: "2024"', "status: entwurf", "git checkout -- concepts/", "--neu"):
        assert weg in lauf.aus
    assert ihk("seal", "--check").code == 1
    lauf = ihk("seal", "musterstadt-ost@2024")
    assert (lauf.code, lauf.aus) == (1, "")
    assert "Ihr Siegel ist gebrochen." in lauf.err
    assert "SIEGEL-GEBROCHEN" in lauf.err

    datei.write_bytes(gut)
    assert ihk("check", "musterstadt-ost@2024").code == 0
    assert (konzept / REGISTER).read_bytes() == vorher


def test_ohne_angabe_alles_beschlossene(konzept: Path, ihk: Callable[..., Lauf]) -> None:
    lauf = ihk("seal")
    assert lauf.code == 0
    assert [z.split(":")[0] for z in lauf.aus.splitlines()] == ["musterstadt-ost@2024", "musterstadt-ost@2029"]
    assert set(register(konzept).fassungen) == {"2024", "2029"}
    assert ihk("seal", "--check").err == "2 Siegel geprüft, alle unversehrt.\n"
    assert ihk("seal").aus.count("schon versiegelt und unverändert") == 2


def test_ein_konzept_meint_seine_beschlossenen_fassungen(konzept: Path, ihk: Callable[..., Lauf]) -> None:
    assert ihk("seal", "musterstadt-ost").code == 0
    assert set(register(konzept).fassungen) == {"2024", "2029"}


def test_nichts_beschlossen(konzept: Path, ihk: Callable[..., Lauf]) -> None:
    (konzept / "2024.yaml").unlink()
    shutil.rmtree(konzept / "2029")
    assert ihk("seal") == Lauf(0, "", "Keine Fassung ist beschlossen; es gibt nichts zu versiegeln.\n")
    assert ihk("seal", "--check") == Lauf(0, "", "Keine Fassung ist versiegelt.\n")


def test_ein_entwurf_wird_nicht_versiegelt(konzept: Path, ihk: Callable[..., Lauf]) -> None:
    lauf = ihk("seal", "musterstadt-ost@2034")
    assert (lauf.code, lauf.aus) == (1, "")
    assert "Sie ist nicht beschlossen (Status: Entwurf).  → Nach dem Beschluss „status: beschlossen“" in lauf.err
    assert not (konzept / REGISTER).exists()


def test_eine_fassung_mit_fehlern_wird_nicht_versiegelt(konzept: Path, ihk: Callable[..., Lauf]) -> None:
    datei = konzept / "2024.yaml"
    for kaputt in (
        datei.read_text(encoding="utf-8").replace("90.000 €", "95.000 €"),
        datei.read_text(encoding="utf-8") + "x: [\n",
    ):
        datei.write_text(kaputt, encoding="utf-8")
        for was in (("musterstadt-ost@2024",), ()):
            lauf = ihk("seal", *was)
            assert lauf.code == 1
            assert "musterstadt-ost@2024: nicht versiegelt. Sie hat Fehler." in lauf.err
            assert "concepts/musterstadt-ost/2024.yaml:" in lauf.err
    assert set(register(konzept).fassungen) == {"2029"}, "die anderen gehen weiter"


def test_neu_ersetzt_und_zeigt_was_anders_ist(konzept: Path, ihk: Callable[..., Lauf]) -> None:
    ihk("seal")
    andere = register(konzept).fassungen["2029"]
    (konzept / "2024.yaml").write_text((BESCHLOSSEN + MASSNAHME).replace("Quartiersplatz", "Platz"), encoding="utf-8")
    (konzept / "bilder" / "platz.png").unlink()
    lauf = ihk("seal", "--neu", "musterstadt-ost@2024")
    assert lauf.code == 0
    assert lauf.aus == (
        "musterstadt-ost@2024: neu versiegelt, 1 Datei, in concepts/musterstadt-ost/.ihk/siegel.json\n"
        "Anders als unter dem früheren Siegel:\n  2024.yaml: geändert\n  bilder/platz.png: fehlt\n"
    )
    assert ihk("check").code == 0
    assert register(konzept).fassungen["2029"] == andere
    assert "schon versiegelt und unverändert" in ihk("seal", "--neu", "musterstadt-ost@2024").aus


def test_neu_ersetzt_nichts_durch_fehler_oder_einen_entwurf(konzept: Path, ihk: Callable[..., Lauf]) -> None:
    ihk("seal")
    vorher = (konzept / REGISTER).read_bytes()
    datei = konzept / "2024.yaml"
    gut = datei.read_text(encoding="utf-8")
    for schlecht in (
        gut.replace("90.000 €", "95.000 €"),
        gut.replace("status: beschlossen", "status: entwurf"),
        "a: [\n",
    ):
        datei.write_text(schlecht, encoding="utf-8")
        assert ihk("seal", "--neu", "musterstadt-ost@2024").code == 1
        assert (konzept / REGISTER).read_bytes() == vorher


def test_ein_entwurf_aus_einer_versiegelten_fassung_faellt_auf(konzept: Path, ihk: Callable[..., Lauf]) -> None:
    """The way around: set the status back, then change. The whole project is looked at by its seals, not by its states."""
    ihk("seal")
    datei = konzept / "2024.yaml"
    datei.write_text(datei.read_text(encoding="utf-8").replace("status: beschlossen", "status: entwurf"), "utf-8")
    for befehl in (("check",), ("seal",), ("seal", "--check"), ("check", "musterstadt-ost@2024")):
        assert ihk(*befehl).code == 1, befehl


@pytest.mark.parametrize("argumente", [["--neu"], ["--neu", "--check"], ["--check", "--neu", "musterstadt-ost@2024"]])
def test_neu_braucht_einen_namen(konzept: Path, ihk: Callable[..., Lauf], argumente: list[str]) -> None:
    lauf = ihk("seal", *argumente)
    assert (lauf.code, lauf.aus) == (2, "")
    assert "--neu ersetzt Siegel nur für Fassungen, die genannt sind" in lauf.err


def test_ausserhalb_von_concepts_gibt_es_keine_siegel(konzept: Path, ihk: Callable[..., Lauf]) -> None:
    ihk("seal", "musterstadt-ost@2024")
    fremd = konzept.parent.parent / "entwuerfe"
    shutil.copytree(konzept, fremd)
    (fremd / "2024.yaml").write_text(BESCHLOSSEN + MASSNAHME, encoding="utf-8")
    assert ihk("check", "entwuerfe/2024.yaml").code == 0
    lauf = ihk("seal", "entwuerfe/2024.yaml")
    assert lauf.code == 1
    assert "Sie liegt nicht unter concepts/." in lauf.err
    assert abweichungen(version_at(fremd / "2024.yaml")) == ()


def test_build_setzt_keine_gebrochene_fassung(konzept: Path, ihk: Callable[..., Lauf]) -> None:
    ihk("seal", "musterstadt-ost@2024")
    with (konzept / "2024.yaml").open("a", encoding="utf-8") as datei:
        datei.write("# nachgetragen\n")
    lauf = ihk("build", "musterstadt-ost@2024", "--jobs", "1")
    assert lauf.code == 1
    assert "SIEGEL-GEBROCHEN" in lauf.err


# --------------------------------------------------------------------------- what a seal covers


def test_die_pruefsumme_ist_die_des_berichts(konzept: Path) -> None:
    for name, dateien in (
        ("2024.yaml", ["2024.yaml", "bilder/platz.png"]),
        ("2029", ["2029/kapitel/leitbild.md", "2029/konzept.yaml", "2029/massnahmen/M01.yaml"]),
    ):
        version = _version(konzept, name)
        assert siegel(version).pruefsumme == version.geladen.quelle.pruefsumme
        assert list(siegel(version).dateien) == dateien


@pytest.mark.parametrize(
    ("was", "erwartet"),
    [
        (lambda k: (k / "bilder/platz.png").write_bytes(PNG + b"x"), [("2024.yaml", "bilder/platz.png", "geaendert")]),
        (lambda k: (k / "bilder/platz.png").unlink(), [("2024.yaml", "bilder/platz.png", "fehlt")]),
        (
            lambda k: (k / "2024.yaml").write_bytes((k / "2024.yaml").read_bytes().replace(b"\n", b"\r\n")),
            [("2024.yaml", "2024.yaml", "zeilenenden")],
        ),
        (
            lambda k: (k / "2029/massnahmen/M02.yaml").write_text(EINZELN.replace("M01", "M02"), "utf-8"),
            [("2029", "2029/massnahmen/M02.yaml", "neu")],
        ),
        (
            lambda k: (k / "2029/kapitel/leitbild.md").rename(k / "2029/kapitel/vision.md"),
            [("2029", "2029/kapitel/leitbild.md", "fehlt"), ("2029", "2029/kapitel/vision.md", "neu")],
        ),
        (lambda k: (k / "2029/kapitel/leitbild.md").write_text(""), [("2029", "2029/kapitel/leitbild.md", "geaendert")]),
        (lambda k: (k / "2029/notiz.txt").write_text("nicht Teil der Fassung"), []),
        (lambda k: (k / "bilder/anderes.png").write_bytes(PNG), []),
    ],
)  # fmt: skip
def test_was_ein_siegel_bricht(
    konzept: Path, ihk: Callable[..., Lauf], was: Callable[[Path], Any], erwartet: list[tuple[str, str, str]]
) -> None:
    ihk("seal")
    was(konzept)
    gefunden = [(f, a) for f in ("2024.yaml", "2029") for a in abweichungen(_version(konzept, f))]
    assert gefunden == [(f, Abweichung(datei, art)) for f, datei, art in erwartet]
    for name in {f for f, _ in gefunden}:
        assert "SIEGEL-GEBROCHEN" in _codes(_version(konzept, name))
    assert ihk("seal", "--check").code == bool(erwartet)


def test_ein_umgebogener_verweis_auf_ein_bild_faellt_auf(konzept: Path, ihk: Callable[..., Lauf]) -> None:
    bild = konzept / "bilder" / "platz.png"
    for name in ("a.png", "b.png"):
        (konzept / "bilder" / name).write_bytes(PNG + name.encode())
    bild.unlink()
    bild.symlink_to("a.png")
    ihk("seal", "musterstadt-ost@2024")
    assert abweichungen(_version(konzept, "2024.yaml")) == ()
    bild.unlink()
    bild.symlink_to("b.png")
    assert abweichungen(_version(konzept, "2024.yaml")) == (Abweichung("bilder/platz.png", "geaendert"),)


def test_dieselbe_fassung_in_der_anderen_form_ist_eine_andere(konzept: Path, ihk: Callable[..., Lauf]) -> None:
    ihk("seal", "musterstadt-ost@2024")
    (konzept / "2024").mkdir()
    (konzept / "2024.yaml").rename(konzept / "2024" / "konzept.yaml")
    assert {(a.datei, a.art) for a in abweichungen(_version(konzept, "2024"))} == {
        ("2024.yaml", "fehlt"),
        ("2024/konzept.yaml", "neu"),
    }


def test_eine_versiegelte_fassung_geht_nicht_verloren(konzept: Path, ihk: Callable[..., Lauf]) -> None:
    ihk("seal")
    (konzept / "2024.yaml").unlink()
    assert set(verwaist(konzept)) == {"2024"}
    lauf = ihk("check", "musterstadt-ost@2034")
    assert lauf.code == 1
    assert lauf.aus.startswith(
        "concepts/musterstadt-ost/.ihk/siegel.json:1:1  SIEGEL-VERWAIST  Die Fassung 2024 ist als beschlossen versiegelt, "
    )
    assert ihk("seal", "--check").code == 1
    (konzept / "2024.yaml").mkdir()
    assert ihk("seal", "--check").code == 1, "ein Ordner dieses Namens ist keine Fassung"


def test_eine_verlorene_fassung_hindert_keine_andere(konzept: Path, ihk: Callable[..., Lauf]) -> None:
    ihk("seal", "musterstadt-ost@2024")
    vorher = register(konzept).fassungen["2024"]
    (konzept / "2024.yaml").unlink()
    assert ihk("seal").code == 0
    assert register(konzept).fassungen.keys() == {"2024", "2029"}
    assert register(konzept).fassungen["2024"] == vorher, "was fehlt, bleibt vermisst"


def test_ein_konzept_ohne_jede_fassung_geht_nicht_verloren(konzept: Path, ihk: Callable[..., Lauf]) -> None:
    ihk("seal")
    (konzept / "2034.yaml").unlink()
    schreibe(konzept.parent / "anderes", {"2024.yaml": KOPF.replace("musterstadt-ost", "anderes") + MASSNAHME})
    (konzept / "2024.yaml").unlink()
    shutil.rmtree(konzept / "2029")
    for befehl in (("check",), ("seal", "--check")):
        lauf = ihk(*befehl)
        assert (lauf.code, lauf.aus.count("SIEGEL-VERWAIST")) == (1, 2)


def test_nicht_beschlossenes_hat_kein_siegel(konzept: Path) -> None:
    with pytest.raises(IhkError, match="nicht beschlossen"):
        siegel(_version(konzept, "2034.yaml"))


def test_ein_dateiname_der_kein_text_ist(konzept: Path, ihk: Callable[..., Lauf]) -> None:
    try:
        (konzept / "2029" / "massnahmen" / os.fsdecode(b"M02\xff.yaml")).write_text(EINZELN.replace("M01", "M02"))
    except OSError:
        pytest.skip("dieses Dateisystem kennt nur Namen in UTF-8")
    lauf = ihk("seal", "musterstadt-ost@2029")
    assert lauf.code == 2
    assert "kein gültiges UTF-8" in lauf.err


@settings(max_examples=60)
@given(daten=st.data())
def test_jedes_geaenderte_byte_faellt_auf(tmp_path_factory: pytest.TempPathFactory, daten: st.DataObject) -> None:
    """For every source of a sealed Fassung and every place in it: another byte, one more, one less."""
    konzept = tmp_path_factory.mktemp("byte") / "concepts" / "musterstadt-ost"
    schreibe(
        konzept,
        {"2029/konzept.yaml": NEU, "2029/massnahmen/M01.yaml": EINZELN, "2029/kapitel/leitbild.md": "Für alle.\n"},
    )
    version = _version(konzept, "2029")
    seals.versiegeln(version, ())
    assert abweichungen(version) == ()
    name = daten.draw(st.sampled_from(sorted(siegel(version).dateien)))
    alt = (konzept / name).read_bytes()
    stelle = daten.draw(st.integers(0, len(alt) - 1))
    ersatz = daten.draw(st.binary(max_size=2).filter(lambda b: b != alt[stelle : stelle + 1]))
    (konzept / name).write_bytes(alt[:stelle] + ersatz + alt[stelle + 1 :])
    assert [a.datei for a in abweichungen(_version(konzept, "2029"))] == [name]


# --------------------------------------------------------------------------- the register


SUMME = "0123456789abcdef" * 4
GUT: dict[str, Any] = {"status": "beschlossen", "pruefsumme": SUMME, "dateien": {"2024.yaml": SUMME}}
namen = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,8}", fullmatch=True)
summen = st.binary(min_size=32, max_size=32).map(bytes.hex)
alle_siegel = st.builds(
    Siegel,
    status=st.sampled_from(["beschlossen", "beschlossen_mit_aenderungen"]),
    pruefsumme=summen,
    dateien=st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=12), summen, max_size=4),
)


def _lege_register(ordner: Path, inhalt: bytes | Any) -> Path:
    ziel = ordner / REGISTER
    ziel.parent.mkdir(exist_ok=True)
    ziel.write_bytes(inhalt if isinstance(inhalt, bytes) else json.dumps(inhalt).encode())
    return ziel


@given(fassungen=st.dictionaries(namen, alle_siegel, max_size=4))
def test_geschrieben_ist_gelesen(tmp_path_factory: pytest.TempPathFactory, fassungen: dict[str, Siegel]) -> None:
    ordner = tmp_path_factory.getbasetemp() / "register"
    ordner.mkdir(exist_ok=True)
    text = als_text(fassungen)
    _lege_register(ordner, text.encode())
    assert register(ordner).fassungen == fassungen
    assert als_text(dict(reversed(fassungen.items()))) == text
    assert text.endswith("}\n")


json_werte = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.sampled_from(["ihk-siegel/1", SUMME]),
    lambda kind: (
        st.lists(kind, max_size=3)
        | st.dictionaries(
            st.sampled_from(["schema", "fassungen", "2024", "status", "dateien", "\ud800"]), kind, max_size=4
        )
    ),
)


@given(inhalt=st.binary(max_size=60) | json_werte)
def test_ein_fremdes_register_ist_ein_befund_kein_absturz(
    tmp_path_factory: pytest.TempPathFactory, inhalt: bytes | Any
) -> None:
    ordner = tmp_path_factory.getbasetemp() / "fremd"
    ordner.mkdir(exist_ok=True)
    _lege_register(ordner, inhalt)
    if inhalt == {"schema": "ihk-siegel/1", "fassungen": {}}:
        return
    with pytest.raises(LoadError) as fehler:
        register(ordner)
    assert [p.code for p in fehler.value.probleme] == ["SIEGEL-DATEI"]


@pytest.mark.parametrize(
    ("inhalt", "satz"),
    [
        (b"", "kein gültiges JSON"),
        (b"<<<<<<< HEAD\n", "kein gültiges JSON"),
        (b"\xff\xfe{}", "nicht lesbar"),
        (b"\xef\xbb\xbf{}", "kein gültiges JSON"),
        (b"[" * 100_000, "nicht lesbar"),
        (b'{"schema": ' + b"9" * 5000 + b"}", "nicht lesbar"),
        (b'{"schema": "ihk-siegel/1", "fassungen": {}, "fassungen": {}}', "nennt etwas doppelt"),
        (b" " * (6 * 1024 * 1024), "größer als 5 MB"),
        ([], "kein Siegelregister"),
        ({"schema": "ihk-siegel/1"}, "kein Siegelregister"),
        ({"schema": "ihk-siegel/2", "fassungen": {}}, "Schema „ihk-siegel/2“"),
        ({"schema": "ihk-siegel/1", "fassungen": []}, "„fassungen“"),
        ({"schema": "ihk-siegel/1", "fassungen": {"../2024": GUT}}, "„../2024“"),
        ({"schema": "ihk-siegel/1", "fassungen": {"2024": GUT | {"status": "entwurf"}}}, "„2024 › status“"),
        ({"schema": "ihk-siegel/1", "fassungen": {"2024": GUT | {"pruefsumme": SUMME + "\n"}}}, "„2024 › pruefsumme“"),
        ({"schema": "ihk-siegel/1", "fassungen": {"2024": GUT | {"dateien": {"a": 1}}}}, "„2024 › dateien › a“"),
        ({"schema": "ihk-siegel/1", "fassungen": {"2024": GUT | {"neu": 1}}}, "„2024 › neu“"),
        ({"schema": "ihk-siegel/1", "fassungen": {"2024": GUT | {"dateien": {"\ud800": SUMME}}}}, "nicht lesbar"),
    ],
)  # fmt: skip
def test_jedes_fremde_register_wird_gemeldet(
    konzept: Path, ihk: Callable[..., Lauf], inhalt: bytes | Any, satz: str
) -> None:
    vorher = _lege_register(konzept, inhalt).read_bytes()
    lauf = ihk("check", "musterstadt-ost@2024")
    assert lauf.code == 1
    assert lauf.aus.startswith("concepts/musterstadt-ost/.ihk/siegel.json:")
    assert lauf.aus.count("SIEGEL-DATEI") == 1
    assert satz in lauf.aus
    assert "git checkout -- concepts/musterstadt-ost/.ihk/siegel.json" in lauf.aus
    for befehl in (("seal",), ("seal", "--check"), ("seal", "--neu", "musterstadt-ost@2024")):
        lauf = ihk(*befehl)
        assert lauf.code == 1
        assert "SIEGEL-DATEI" in lauf.aus + lauf.err
    assert (konzept / REGISTER).read_bytes() == vorher


@pytest.mark.parametrize("art", ["ordner", "rohr", "ins Leere", "Verweis"])
def test_ein_register_das_keine_datei_ist(konzept: Path, art: str) -> None:
    ziel = konzept / REGISTER
    ziel.parent.mkdir()
    (konzept / "anderswo.json").write_text(als_text({}))
    match art:
        case "ordner":
            ziel.mkdir()
        case "rohr":
            os.mkfifo(ziel)
        case "ins Leere":
            ziel.symlink_to("nirgendwo.json")
        case _:
            ziel.symlink_to("../anderswo.json")
    assert _codes(_version(konzept, "2024.yaml")) == ["SIEGEL-DATEI"]


@pytest.mark.parametrize("name", ["../geheim.yaml", "/geheim", "a\0b", "", ".", "x" * 5000, "kreis", "draussen.yaml"])
def test_namen_im_register_fuehren_nirgendwohin(konzept: Path, ihk: Callable[..., Lauf], name: str) -> None:
    """A register may come from anyone: it names files of the concept or nothing, not even whether another one is there."""
    geheim = konzept.parent / "geheim.yaml"
    geheim.write_text("geheim", encoding="utf-8")
    (konzept / "kreis").symlink_to("kreis")
    (konzept / "draussen.yaml").symlink_to(geheim)
    name = str(geheim) if name == "/geheim" else name
    ihk("seal", "musterstadt-ost@2024")
    roh = json.loads((konzept / REGISTER).read_text(encoding="utf-8"))
    roh["fassungen"]["2024"]["dateien"][name] = hashlib.sha256(b"geheim").hexdigest()
    _lege_register(konzept, roh)
    assert abweichungen(_version(konzept, "2024.yaml")) == (Abweichung(name, "fehlt"),)
    lauf = ihk("check", "musterstadt-ost@2024")
    assert (lauf.code, lauf.aus.count("\n")) == (1, 1)


def test_ein_befehl_im_dateinamen_bleibt_ein_name(konzept: Path, ihk: Callable[..., Lauf]) -> None:
    _lege_register(
        konzept, {"schema": "ihk-siegel/1", "fassungen": {"2024": GUT | {"dateien": {"x; rm -rf ~": SUMME}}}}
    )
    assert "git checkout -- 'concepts/musterstadt-ost/x; rm -rf ~'" in ihk("check", "musterstadt-ost@2024").aus


def test_ein_fehler_beim_schreiben_laesst_das_register(
    konzept: Path, ihk: Callable[..., Lauf], monkeypatch: pytest.MonkeyPatch
) -> None:
    ihk("seal", "musterstadt-ost@2024")
    vorher = (konzept / REGISTER).read_bytes()
    with monkeypatch.context() as m:
        m.setattr(seals, "GROESSE", len(vorher))
        lauf = ihk("seal", "musterstadt-ost@2029")
        assert lauf.code == 2
    assert (konzept / REGISTER).read_bytes() == vorher
    assert [p.name for p in (konzept / ".ihk").iterdir()] == ["siegel.json"]
