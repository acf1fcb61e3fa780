"""Shortcuts on the way to HTML say the same as the long way: prose, what templates print, compiled templates, totals."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from builders import KOPF, geladen
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment
from markupsafe import Markup, escape

from ihk.characters import printable
from ihk.model import Massnahme
from ihk.project import Version, alle, find_project
from ihk.report import environment as ort
from ihk.report import prose
from ihk.report.environment import environment
from ihk.sums import Rechnung, summen

PROJEKT = find_project(Path(__file__).parent)
assert PROJEKT is not None
VERSIONEN = list(alle(PROJEKT))

STUECKE = [
    *" \n\nAbz0129äß€%.,;:!?()/+'\"-–…²×*_`[]<>&|#=~{}\\\t\u00a0\u00ad",
    *("12 Mio. €", "3 ha", "BauGB", "EU", "Städtebauförderung", "1. ", "10) ", "- ", "--", "==", "\n\n", "  \n"),
]


def _neu() -> prose.Schreiber:
    prose._fertige.cache_clear()
    return prose.Schreiber({}, {})


@given(st.lists(st.sampled_from(STUECKE), max_size=14).map("".join))
def test_nur_worte_wird_was_der_zerleger_daraus_macht(text: str) -> None:
    kurz = _neu().block(text), _neu().zeile(text)
    with pytest.MonkeyPatch.context() as m:
        m.setattr(prose, "_nur_worte", lambda _: None)
        assert kurz == (_neu().block(text), _neu().zeile(text))


def test_die_texte_der_konzepte_werden_was_der_zerleger_daraus_macht() -> None:
    texte = {
        t for v in VERSIONEN for m in v.geladen.fassung.massnahmen for t in (m.beschreibung, m.ziel, m.umsetzung) if t
    }
    schlicht = [t for t in texte if prose._nur_worte(t) is not None]
    assert len(schlicht) > len(texte) // 4  # the short way is one that real texts take
    kurz = [(_neu().block(t), _neu().zeile(t)) for t in schlicht]
    with pytest.MonkeyPatch.context() as m:
        m.setattr(prose, "_nur_worte", lambda _: None)
        assert kurz == [(_neu().block(t), _neu().zeile(t)) for t in schlicht]


@pytest.mark.parametrize(
    "text",
    ["- eins", "1. eins", "a *b*", "a\n---", "    Code", "a  \nb", "Siehe [M07].", "a & b", "a\n: b", "`x`", "# T"],
)
def test_markdown_nimmt_den_langen_weg(text: str) -> None:
    assert prose._nur_worte(text) is None


DRUCKBAR = st.one_of(
    st.text(max_size=60), st.integers(), st.booleans(), st.text(max_size=60).map(escape), st.floats(allow_nan=False)
)


@given(DRUCKBAR)
def test_gedruckt_wird_wie_jinja_druckt(wert: object) -> None:
    allein = Environment(autoescape=True, finalize=lambda w: printable(w) if isinstance(w, str) else w)
    for vorlage in (
        "{{ x }}",
        "{% for y in [x] %}{{ y }}{% endfor %}",
        "{% macro m(a) %}<b>{{ a }}</b>{% endmacro %}{{ m(x) }}",
    ):
        for _ in range(2):  # the second time it is looked up
            assert environment(None).from_string(vorlage).render(x=wert) == allein.from_string(vorlage).render(x=wert)


def test_ohne_maskieren_bleibt_ohne() -> None:
    vorlage = "{{ x }}{% autoescape false %}{{ x }}{% endautoescape %}{{ '<i>' }}"
    assert environment(None).from_string(vorlage).render(x="<b>") == "&lt;b&gt;<b>&lt;i&gt;"


def test_makros_nehmen_namen_und_inhalt() -> None:
    vorlage = (
        "{% macro m(a, b='B') %}{{ a }}{{ b }}{{ caller() if caller is defined else '' }}{% endmacro %}"
        "{% for i in [1] %}{{ m('<', b='>') }}{% call m('x') %}{{ i }}{% endcall %}{% endfor %}"
    )
    assert environment(None).from_string(vorlage).render() == "&lt;&gt;xB1"


# ------------------------------------------------------------------------------------------------ compiled templates

SAGT = """
import sys
from pathlib import Path
from jinja2 import compiler
from ihk.report.environment import environment
uebersetzt = []
alt = compiler.generate
import jinja2.environment
jinja2.environment.generate = lambda *a, **k: (uebersetzt.append(a[2]), alt(*a, **k))[1]
eigene = Path(sys.argv[1]) if len(sys.argv) > 1 else None
vorlage = environment(eigene).get_template("teile/umschlag.html.j2")
print(len(uebersetzt), "umschlag" in vorlage.module.__dict__)
"""


def _start(*worte: str, **umgebung: str) -> str:
    lauf = subprocess.run(
        [sys.executable, "-c", SAGT, *worte],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "/usr/bin:/bin", **umgebung},
    )
    return lauf.stdout.strip()


def test_vorlagen_werden_einmal_uebersetzt(tmp_path: Path) -> None:
    ort_ = {"PYTHONPYCACHEPREFIX": str(tmp_path)}
    assert _start(**ort_).split()[0] != "0"
    assert _start(**ort_) == "0 True"
    (datei,) = tmp_path.rglob("teile-umschlag.html.j2.*.pyc")
    ganz = datei.read_bytes()
    for kaputt in (b"", ganz[:40], ganz[:-1], ganz[:50] + b"\0" + ganz[51:], b"\0" * 32 + ganz[32:]):
        datei.write_bytes(kaputt)
        assert _start(**ort_) == "1 True"
        assert datei.read_bytes() == ganz, "the next start has it again"


def test_ohne_ordner_fuer_uebersetztes_geht_es_auch(tmp_path: Path) -> None:
    (tmp_path / "datei").write_text("", "utf-8")
    for umgebung in (
        {"PYTHONPYCACHEPREFIX": str(tmp_path / "datei")},
        {"PYTHONPYCACHEPREFIX": str(tmp_path / "neu"), "PYTHONDONTWRITEBYTECODE": "1"},
    ):
        assert _start(**umgebung).endswith("True")
        assert not list(tmp_path.rglob("*.pyc"))


def test_vorlagen_eines_projekts_bleiben_im_projekt(tmp_path: Path) -> None:
    eigene = tmp_path / "vorlagen"
    (eigene / "teile").mkdir(parents=True)
    shutil.copy(ort.templates() / "teile" / "umschlag.html.j2", eigene / "teile")
    umgebung = {"PYTHONPYCACHEPREFIX": str(tmp_path / "uebersetzt")}
    for _ in range(2):
        assert _start(str(eigene), **umgebung).split()[0] != "0"
    assert not list(tmp_path.rglob("teile-umschlag*"))


def test_uebersetztes_gilt_nur_fuer_diese_vorlage_und_dieses_programm(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    speicher, umgebung = ort._Compiled(), environment(None)
    name = "teile/umschlag.html.j2"
    datei = str(ort.templates() / name)
    bucket = speicher.get_bucket(umgebung, name, datei, "alt")
    bucket.code = compile("1", "x", "exec")
    speicher.set_bucket(bucket)
    assert speicher.get_bucket(umgebung, name, datei, "alt").code is not None
    assert speicher.get_bucket(umgebung, name, datei, "neu").code is None
    monkeypatch.setattr(ort, "_compiler", lambda: "ein anderes Jinja")
    assert speicher.get_bucket(umgebung, name, datei, "alt").code is None


# ------------------------------------------------------------------------------------------------ totals


@pytest.mark.parametrize("version", VERSIONEN, ids=lambda v: v.name)
def test_eine_rechnung_fuer_viele_summen(version: Version) -> None:
    k = version.geladen.fassung
    rechnung = Rechnung(k)
    auswahlen: list[list[Massnahme]] = [[m] for m in k.massnahmen]
    auswahlen += [list(k.massnahmen[i::3]) for i in range(3)] * 2
    for auswahl in auswahlen:
        assert rechnung.summen(auswahl) == summen(k, auswahl)
    assert rechnung.summen() == summen(k)
    for m in k.massnahmen:
        assert rechnung.gesamt_von(m.id) == summen(k, [m]).gesamt
    assert sum(rechnung.gesamt_von(m.id) for m in k.massnahmen) == summen(k).gesamt


def test_zwei_massnahmen_mit_derselben_kennung_zaehlen_beide() -> None:
    text = (
        KOPF
        + "massnahmen:\n"
        + "".join(f"  - {{id: M01, titel: Platz {g}, kosten: {{gesamt: {g}}}}}\n" for g in (100, 200))
    )
    k = geladen(text).fassung
    assert Rechnung(k).summen().gesamt == summen(k).gesamt == 300_00


def test_markup_wird_nicht_zweimal_maskiert() -> None:
    assert (
        environment(None).from_string("{{ x }}{{ y }}").render(x=Markup("<b>&amp;</b>"), y="&amp;")
        == "<b>&amp;</b>&amp;amp;"
    )
