"""The handbook says what is so: its reference comes from the program, its commands exist, its pages can be worked through."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import click
import pytest
from mitmachen import Leser

from ihk.cli import uebersicht
from ihk.cli.grund import ihk
from ihk.report.berichte import berichtsarten

WURZEL = Path(__file__).parent.parent
DOCS = WURZEL / "docs"
SEITEN = sorted([*DOCS.rglob("*.md"), WURZEL / "README.md"])
# The record of the walk (docs/rundgang.sh) is what was seen once on another machine.
ZUM_MITMACHEN = [p for p in SEITEN if "```console\n" in p.read_text("utf-8") and p.name != "rundgang.md"]


def _skript(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, WURZEL / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    modul = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(modul)
    return modul


# ------------------------------------------------------------------------------------------------------- reference


@pytest.mark.parametrize("name", ["format.md", "befehle.md", "regeln.md", "berichte.md", "exitcodes.md"])
def test_die_seiten_zum_nachschlagen_sind_aus_dem_programm(name: str) -> None:
    seiten = _skript("nachschlagen").seiten()
    assert (DOCS / "nachschlagen" / name).read_text("utf-8") == seiten[name], "make nachschlagen"
    assert len(seiten) == 5


def test_die_uebersicht_der_befehle_ist_die_des_programms() -> None:
    assert Path(uebersicht.DATEI).read_text("utf-8") == _skript("nachschlagen").uebersicht(), "make nachschlagen"


def _hilfe(**umgebung: str) -> tuple[str, set[str]]:
    """What the command prints, and which modules it has loaded for that."""
    lauf = subprocess.run(
        [
            sys.executable,
            "-X",
            "importtime",
            "-c",
            "import sys; sys.argv[1:] = ['--help']; from ihk.cli import main; main()",
        ],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **umgebung},
    )
    return lauf.stdout, {zeile.rpartition("|")[2].strip() for zeile in lauf.stderr.splitlines()}


def test_die_uebersicht_braucht_keine_bibliothek() -> None:
    text, geladen = _hilfe(COLUMNS="80")
    assert text == Path(uebersicht.DATEI).read_text("utf-8")
    assert "ihk.cli.uebersicht" in geladen
    assert not {"click", "yaml", "jinja2", "pydantic", "weasyprint"} & geladen


def test_ein_schmales_terminal_bekommt_seine_eigene_uebersicht() -> None:
    text, geladen = _hilfe(COLUMNS="60")
    assert "click" in geladen
    assert max(map(len, text.splitlines())) <= 60
    assert text.split() == Path(uebersicht.DATEI).read_text("utf-8").split()


def test_die_hilfe_von_build_nennt_jeden_bericht() -> None:
    [option] = [p for p in ihk.befehle()["build"].params if p.name == "berichte"]
    assert isinstance(option, click.Option)
    for name in set(berichtsarten(None)) - {"auszug"}:
        assert name in (option.help or "")


# -------------------------------------------------------------------------------------------------------- commands


def _befehle() -> list[tuple[str, str]]:
    """Every ``ihk …`` line in a block of a page, without what stands behind #."""
    gefunden = []
    for pfad in SEITEN:
        for block in re.findall(r"^```(?:sh|console)\n(.*?)^```$", pfad.read_text("utf-8"), re.M | re.S):
            for zeile in block.splitlines():
                if (befehl := re.match(r"(?:\$ )?(ihk [^#;|]+)", zeile)) and "[OPTIONEN]" not in zeile:
                    gefunden.append((str(pfad.relative_to(WURZEL)), befehl[1].strip()))
    return gefunden


def test_jeder_gezeigte_befehl_ist_einer() -> None:
    befehle = _befehle()
    assert len(befehle) > 40
    ihk.befehle()  # loads them
    for seite, befehl in befehle:
        gruppe: click.Command = ihk
        argumente = shlex.split(befehl)[1:]
        while isinstance(gruppe, click.Group) and argumente and not argumente[0].startswith("-"):
            assert argumente[0] in gruppe.commands, f"{seite}: {befehl}"
            gruppe = gruppe.commands[argumente.pop(0)]
        try:
            gruppe.make_context(befehl, argumente, resilient_parsing=False)
        except click.UsageError as fehler:
            pytest.fail(f"{seite}: {befehl}: {fehler.format_message()}")
        except click.exceptions.Exit:
            pass  # --help and --version end there


def test_jeder_befehl_steht_im_handbuch() -> None:
    genannt = {befehl.split()[1] for _, befehl in _befehle()}
    seite = (DOCS / "nachschlagen" / "befehle.md").read_text("utf-8")
    for name in ihk.befehle():
        assert re.search(rf"^## ihk {name}\b", seite, re.M)
    assert {
        "new",
        "check",
        "serve",
        "build",
        "fortschreiben",
        "diff",
        "export",
        "seal",
        "verify",
        "review",
        "merge",
    } <= genannt


# ----------------------------------------------------------------------------------------------------------- pages


@pytest.mark.parametrize("pfad", ZUM_MITMACHEN, ids=lambda p: str(p.relative_to(DOCS)))
def test_die_seite_laesst_sich_mitmachen(pfad: Path, tmp_path: Path, golden: Callable[[Path, str], None]) -> None:
    """Everything that is shown as an answer is the answer; ``--update-golden`` writes the page anew."""
    leser = Leser(tmp_path)
    neu = leser.lies(pfad.read_text("utf-8"))
    assert leser.befehle
    golden(pfad, neu)


def test_tutorial_und_anleitungen_werden_mitgemacht() -> None:
    assert {p.name for p in ZUM_MITMACHEN} >= {
        "tutorial.md",
        "fortschreiben.md",
        "vergleichen.md",
        "fehler.md",
        "versiegeln.md",
    }


def test_jeder_verweis_im_handbuch_fuehrt_zu_einer_datei() -> None:
    zahl = 0
    for pfad in SEITEN:
        text = re.sub(r"^```.*?^```$|`[^`\n]*`", "", pfad.read_text("utf-8"), flags=re.M | re.S)
        for ziel in re.findall(r"(?<!\\)\]\(([^)#\s]+)[^)]*\)", text):
            if not re.match(r"[a-z]+:", ziel):
                zahl += 1
                assert (pfad.parent / ziel).exists(), f"{pfad.relative_to(WURZEL)}: {ziel}"
    assert zahl > 40


def test_die_bilder_sind_klein() -> None:
    bilder = list((DOCS / "bilder").glob("*.png"))
    assert bilder
    assert all(b.stat().st_size <= 150_000 for b in bilder)
    assert sum(b.stat().st_size for b in bilder) <= 1_500_000


def test_die_pruefung_der_fertigen_seiten_findet_maengel(tmp_path: Path) -> None:
    kopf = '<html lang="de"><body><h1 id="da">Titel</h1>'
    (tmp_path / "gut.html").write_text(
        f'{kopf}<a href="schlecht.html#da">so</a><a href="https://example.org">fern</a></body></html>', "utf-8"
    )
    maengel = _skript("handbuch").maengel
    (tmp_path / "schlecht.html").write_text(f"{kopf}</body></html>", "utf-8")
    assert maengel(tmp_path) == []
    (tmp_path / "schlecht.html").write_text(
        f'{kopf}<a href="weg.html">x</a><a href="gut.html#weg">x</a><img src="fehlt.png"><script src="https://example.org/a.js"></script></body></html>',
        "utf-8",
    )
    (tmp_path / "a.css").write_text("@font-face { src: url(https://example.org/f.woff2) }", "utf-8")
    text = "\n".join(maengel(tmp_path))
    for wort in (
        "ins Leere",
        "Stelle, die es nicht gibt",
        "ohne Alternativtext",
        "was es nicht gibt",
        "lädt von außen: https",
        "a.css",
    ):
        assert wort in text


def test_eigenes_css_kommt_dazu(tmp_path: Path) -> None:
    from ihk.report.environment import environment

    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "eigenes.css").write_text(".umschlag h1 { font-style: italic; }", "utf-8")
    quelle = environment(tmp_path).loader
    assert quelle is not None
    assert "font-style: italic" in quelle.get_source(environment(tmp_path), "css/eigenes.css")[0]
    assert "css/eigenes.css' ignore missing" in (WURZEL / "templates" / "stil.css.j2").read_text("utf-8")


# -------------------------------------------------------------------------------------------------- examples for CI


def test_die_beispiele_fuer_ci_sind_yaml_und_rufen_befehle_die_es_gibt() -> None:
    import yaml

    for name in ("github.yml", "gitlab.yml"):
        text = (DOCS / "beispiele" / "ci" / name).read_text("utf-8")
        assert yaml.safe_load(text)
        assert "ci/kommentar.sh" in text
        gerufen = re.findall(r"^\s*(?:- )?ihk ([\w-]+)$", text, re.M)
        assert gerufen == ["check", "build"]
        assert set(gerufen) <= set(ihk.befehle())


def test_der_kommentar_zu_einem_vorschlag(tmp_path: Path) -> None:
    """The shell part of both examples, run in a repository with a changed, a new and an untouched Fassung."""
    import os
    import subprocess
    import sys

    umgebung = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "GIT_CONFIG_GLOBAL": "/dev/null",
    }

    def rufe(*befehl: str | Path) -> None:
        subprocess.run(befehl, cwd=tmp_path, env=umgebung, check=True, capture_output=True)

    git = ("git", "-c", "user.name=A", "-c", "user.email=a@example.org")
    beispiel = re.search(r"```yaml\n(.*?)```", (DOCS / "anleitungen" / "konzeptdatei.md").read_text("utf-8"), re.S)
    assert beispiel is not None
    ordner = tmp_path / "concepts" / "musterstadt-ost"
    ordner.mkdir(parents=True)
    (ordner / "2024.yaml").write_text(beispiel[1], "utf-8")
    (ordner / "2019.yaml").write_text(
        beispiel[1].replace('id: "2024"', 'id: "2019"').replace(', vorgaenger: "2019"', ""), "utf-8"
    )
    rufe("git", "init", "--quiet", "--initial-branch=haupt")
    rufe(*git, "add", ".")
    rufe(*git, "commit", "--quiet", "--message=Stand")
    rufe("git", "switch", "--quiet", "--create", "vorschlag")
    (ordner / "2024.yaml").write_text(beispiel[1].replace("status: geplant", "status: bewilligt"), "utf-8")
    (ordner / "2029.yaml").write_text(beispiel[1].replace('id: "2024"', 'id: "2029"'), "utf-8")
    rufe(*git, "add", ".")
    rufe(*git, "commit", "--quiet", "--message=Vorschlag")
    rufe("sh", DOCS / "beispiele" / "ci" / "kommentar.sh", "haupt", "kommentar.md")
    kommentar = (tmp_path / "kommentar.md").read_text("utf-8")
    assert "### musterstadt-ost/2024.yaml\n\n```text" in kommentar
    assert "Status: geplant → bewilligt" in kommentar
    assert "### musterstadt-ost/2029.yaml\n\nDie Fassung ist neu." in kommentar
    assert "2019.yaml" not in kommentar.split("### Befunde")[0]
    assert "Traceback" not in kommentar
