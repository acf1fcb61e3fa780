"""What the documents say can be done can be done."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from builders import geladen

from ihk.checks import Kontext, run
from ihk.cli import befehle as uebersicht
from ihk.cli.grund import ihk
from ihk.problems import REGELN

WURZEL = Path(__file__).parent.parent
README = (WURZEL / "README.md").read_text(encoding="utf-8")
BEFEHLE = (WURZEL / "docs" / "nachschlagen" / "befehle.md").read_text(encoding="utf-8")
KONZEPTDATEI = (WURZEL / "docs" / "anleitungen" / "konzeptdatei.md").read_text(encoding="utf-8")


def test_jeder_befehl_steht_in_der_anleitung() -> None:
    befehle = set(ihk.befehle())
    assert len(befehle) >= 5
    for befehl in befehle:
        assert f"## ihk {befehl}" in BEFEHLE


def test_die_uebersicht_nennt_jeden_befehl_und_sein_modul() -> None:
    geladen_aus = {
        name: (befehl.callback.__module__ if befehl.callback else "") for name, befehl in ihk.befehle().items()
    }
    assert geladen_aus == {name: f"ihk.cli.{modul}" for name, (modul, _) in uebersicht.BEFEHLE.items()}
    assert all(len(kurz) <= 60 for _, kurz in uebersicht.BEFEHLE.values())


def test_jeder_befehl_der_anleitung_ist_da() -> None:
    for seite in (README, BEFEHLE):
        genannt = set(re.findall(r"^ihk ([\w-]+)", seite, re.MULTILINE))
        assert genannt
        assert genannt <= set(ihk.befehle())


def test_das_beispiel_ist_ohne_fehler() -> None:
    beispiel = re.search(r"```yaml\n(.*?)```", KONZEPTDATEI, re.DOTALL)
    assert beispiel is not None
    g = geladen(beispiel[1])
    assert g.probleme == ()
    assert run(Kontext(g)) == ()


@pytest.mark.parametrize("verweis", re.findall(r"\]\(([^)#]+)\)", README))
def test_jeder_verweis_fuehrt_zu_einer_datei(verweis: str) -> None:
    assert (WURZEL / verweis).exists()


def test_die_zwei_befehle() -> None:
    regeln = (WURZEL / "Makefile").read_text(encoding="utf-8")
    for ziel in ("build", "test", "lint"):
        assert f"make {ziel}" in README
        assert re.search(rf"^{ziel}:", regeln, re.MULTILINE)
    assert "make test" in (WURZEL / ".ci" / "run").read_text(encoding="utf-8")


def test_codes_bestehen_aus_worten() -> None:
    assert REGELN
    for code in REGELN:
        assert re.fullmatch(r"[A-Z]+(-[A-Z]+)+", code)


def test_die_architektur_nennt_jeden_raum() -> None:
    text = (WURZEL / "docs" / "architecture.md").read_text(encoding="utf-8")
    raeume = {p.stem for p in (WURZEL / "ihk").iterdir() if not p.name.startswith("_") and p.name != "py.typed"}
    for raum in raeume:
        assert raum in text, f"docs/architecture.md sagt nichts über {raum}"


@pytest.mark.parametrize("pfad", sorted(p for p in (WURZEL / "requirements").glob("*.txt")), ids=lambda p: p.name)
def test_das_lock_hat_pruefsummen_und_keine_adressen(pfad: Path) -> None:
    text = pfad.read_text(encoding="utf-8")
    assert "--hash=sha256:" in text
    assert "://" not in "\n".join(z for z in text.split("\n") if not z.startswith("#"))
    assert "index-url" not in text
