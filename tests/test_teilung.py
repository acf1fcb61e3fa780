"""Long parts for paper are divided: nothing is lost, nothing stands twice, and every piece can be read by itself."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ihk.report import teilung
from ihk.report.druck import Druckteil
from ihk.report.teilung import geteilt


@pytest.fixture(autouse=True)
def kleine_stuecke(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, wert in {"LANG": 4_000, "GROESSE": 3_000, "REST": 300}.items():
        monkeypatch.setattr(teilung, name, wert)


def _zeile(text: str) -> str:
    return f"<tr><th scope='row'>{text}</th><td>{text} und noch mehr davon</td></tr>"


def _tabelle(gruppen: list[list[str]]) -> str:
    return (
        '<div class="rolle"><table class="daten"><caption>Alle</caption><colgroup><col><col></colgroup>'
        "<thead><tr><th>Was</th><th>Wie</th></tr></thead>"
        + "".join(
            f"<tbody><tr class='gruppe'><th colspan=2>Gruppe {n}</th></tr>{''.join(map(_zeile, zeilen))}"
            f"<tr class='summe'><th>Summe {n}</th><td>1</td></tr></tbody>"
            for n, zeilen in enumerate(gruppen)
        )
        + "</table></div>"
    )


def _stuecke(html: str, **angaben: Any) -> list[str]:
    return [t.html for t in geteilt([replace(Druckteil(html), **angaben)])]


def _zeilen(html: str) -> list[str]:
    return re.findall(r'<th scope="?row"?>(\w+)', html.replace("'", '"'))


def test_was_kurz_ist_bleibt_wie_es_ist() -> None:
    teile = [Druckteil(_tabelle([["a", "b"]])), Druckteil("<p>Text</p>", kopf="1 Maßnahmen")]
    assert [t is u for t, u in zip(geteilt(teile), teile, strict=True)] == [True, True]


@pytest.mark.parametrize("angaben", [{"umschlag": True}, {"kopf": "3 · Maßnahme 3.1"}])
def test_umschlag_und_steckbrief_werden_nie_geteilt(angaben: dict[str, object]) -> None:
    html = _tabelle([[f"z{n}" for n in range(200)]])
    assert _stuecke(html, **angaben) == [html]


@given(st.lists(st.integers(1, 90), min_size=1, max_size=12))
def test_jede_zeile_steht_einmal_und_in_ihrer_reihenfolge(groessen: list[int]) -> None:
    gruppen = [[f"z{g}x{n}" for n in range(zahl)] for g, zahl in enumerate(groessen)]
    html = f"<section id='s'><h2>Alles</h2><p id='p'>Vorab</p>{_tabelle(gruppen)}<p>Danach</p></section>"
    stuecke = _stuecke(html)
    assert [z for s in stuecke for z in _zeilen(s)] == [z for gruppe in gruppen for z in gruppe]
    assert all(len(s) < 2 * teilung.GROESSE for s in stuecke)
    assert [kennung for s in stuecke for kennung in re.findall(r'id="?(\w+)', s.replace("'", '"'))] == ["s", "p"]
    assert Counter(re.findall(r"Summe \d+|Vorab|Danach", "".join(stuecke))).most_common(1)[0][1] == 1
    if len(html) > teilung.LANG:
        assert len(stuecke) > 1


def test_jedes_stueck_einer_tabelle_hat_ihren_kopf_und_sagt_dass_es_weitergeht() -> None:
    erstes, *weitere = _stuecke(_tabelle([[f"a{n}" for n in range(60)], [f"b{n}" for n in range(60)]]))
    assert weitere
    assert "Fortsetzung" not in erstes
    for stueck in weitere:
        assert "<caption>Alle, Fortsetzung</caption>" in stueck
        assert "<thead>" in stueck
        assert "<colgroup>" in stueck
        assert re.search(r'class="gruppe"><th colspan="2">Gruppe \d', stueck), "whose rows these are"
        assert stueck.count("<table") == stueck.count("</table>") == 1


def test_keine_ueberschrift_am_ende_und_keine_summe_allein() -> None:
    abschnitte = "".join(
        f"<h3>Teil {n}</h3>{_tabelle([[f'z{n}x{k}' for k in range(11 + 7 * n % 13)]])}" for n in range(30)
    )
    for stueck in _stuecke(f"<section>{abschnitte}</section>"):
        text = re.sub(r"<[^>]+>", " ", stueck).split()
        assert text[-2:] != ["Teil", text[-1]]
        erste = re.findall(r"<tr[^>]*>\s*<th[^>]*>([^<]+)", stueck.split("</thead>")[1])[:2]
        assert not any(zeile.startswith("Summe") for zeile in erste)


def test_listen_absaetze_und_bilder() -> None:
    bild = '<!-- Wegweiser --><svg viewBox="0 0 9 9"><path d="M0 0"/></svg>'
    punkte = "".join(f"<li>Punkt {n} {'Wort ' * 9}{bild}</li>" for n in range(60))
    prosa = "".join(f"<p>Absatz {n} {'Wort ' * 30}</p>" for n in range(40))
    stuecke = _stuecke(f'<section><ul>{punkte}</ul><div class="prosa">{prosa}</div></section>')
    assert len(stuecke) > 3
    alles = "".join(stuecke)
    assert re.findall(r"Punkt (\d+)", alles) == [str(n) for n in range(60)]
    assert re.findall(r"Absatz (\d+)", alles) == [str(n) for n in range(40)]
    assert alles.count(bild) == 60


def test_eine_gezaehlte_liste_zaehlt_weiter() -> None:
    punkte = "".join(f"<li>Punkt {n} {'Wort ' * 40}</li>" for n in range(3, 63))
    erstes, *weitere = _stuecke(f'<ol start="3">{punkte}</ol>')
    assert erstes.startswith('<ol start="3"><li>Punkt 3 ')
    assert weitere
    for stueck in weitere:
        assert re.match(r'<ol start="(\d+)"><li>Punkt \1 ', stueck), stueck[:60]


def test_was_nebeneinander_steht_bleibt_zusammen() -> None:
    spalten = f'<div class="paare"><div>{"<p>Wort und Wort</p>" * 300}</div><div>rechts</div></div>'
    assert _stuecke(f"<section>{spalten}</section>") == [f"<section>{spalten}</section>"]


def test_was_eine_tabelle_bis_dahin_ergibt_geht_mit() -> None:
    zeilen = "".join(f"<tr data-uebertrag='Übertrag|{n}'><th scope='row'>z{n}</th><td>1</td></tr>" for n in range(150))
    stuecke = _stuecke(f"<table><thead><tr><th>Was</th></tr></thead><tbody>{zeilen}</tbody></table>")
    assert len(stuecke) > 2
    for davor, danach in pairwise(stuecke):
        letzte = re.findall(r'<tr data-uebertrag="([^"]*)"', davor)[-1]
        assert re.findall(r'<table[^>]* data-uebertrag="([^"]*)"', danach) == [letzte]
    assert ["data-weiter" in s for s in stuecke] == [True] * (len(stuecke) - 1) + [False]
