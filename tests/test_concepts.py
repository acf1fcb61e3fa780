"""The concepts in the repository: without errors, with sources, complete where the sources are."""

from __future__ import annotations

import pytest

from ihk.checks import Kontext, check, run
from ihk.model import Massnahme
from ihk.model.load import load
from ihk.project import Version, alle, find_project
from ihk.reading.files import Quelltext
from ihk.sums import nach_geber, summen

PROJEKT = find_project(__import__("pathlib").Path(__file__).parent)
assert PROJEKT is not None
VERSIONEN = {v.name: v for v in alle(PROJEKT)}


def test_die_konzepte_sind_da() -> None:
    assert {
        "voelklingen@2007",
        "voelklingen@2012",
        "kempten-sankt-mang@2007",
        "kempten-sankt-mang@2011",
        "kempten-thingers-nord@2010",
        "kempten-ost@2019",
        "kassel-wesertor@2009",
        "kassel-wesertor@2012",
        "kassel-wesertor@2020",
        "dietzenbach-suedost@2022",
    } <= set(VERSIONEN)


@pytest.mark.parametrize("version", VERSIONEN.values(), ids=lambda v: v.name)
def test_kein_konzept_hat_fehler(version: Version) -> None:
    assert [p for p in check(version) if p.schwere == "fehler"] == []


WIRKLICH = [v for v in VERSIONEN.values() if not v.geladen.fassung.konzept.fiktiv]


@pytest.mark.parametrize("version", WIRKLICH, ids=lambda v: v.name)
def test_wirkliche_orte_nennen_quellen_und_luecken(version: Version) -> None:
    k = version.geladen.fassung
    assert k.quellen
    for m in k.massnahmen:
        assert m.alle_belege(), m.id
        for feld in ("traeger", "status", "zeitraum", "kosten"):
            assert getattr(m, feld) is not None or feld in m.unbekannt, f"{m.id}.{feld}"
        assert not m.teilziele, "Keine Quelle ordnet eine Maßnahme einem Teilziel zu"


def test_voelklingen_nennt_oberziel_teilziele_und_querschnittsaufgaben() -> None:
    k = VERSIONEN["voelklingen@2012"].geladen.fassung
    assert [z.titel.lower() for z in k.ziele] == [
        "nachhaltige soziale stabilisierung, integration benachteiligter gruppen und verbesserung der wohn- und lebensqualität im programmgebiet"
    ]
    assert [t.titel for t in k.ziele[0].teilziele] == [
        "Abbau städtebaulicher Defizite", "Bedarfsgerechte Aufwertung des Wohnungsbestands", "Aufwertung der quartiersbezogenen Infrastruktur",
    ]  # fmt: skip
    assert [q.titel for q in k.querschnittsaufgaben] == ["Stadtteilmanagement", "Bürgerbeteiligung"]
    assert k.handlungsfelder == ()


def test_thingers_nord_hat_die_bilanz_von_elf_millionen() -> None:
    k = VERSIONEN["kempten-thingers-nord@2010"].geladen.fassung
    assert summen(k).gesamt == 11_000_000_00
    gesamt = next(m for m in k.massnahmen if m.kosten)
    assert isinstance(gesamt, Massnahme)
    assert gesamt.kosten is not None
    assert sorted(nach_geber(gesamt.kosten).values()) == [400_000_00, 2_200_000_00, 2_400_000_00, 6_000_000_00]


def test_thingers_nord_nennt_die_summen_der_quelle_als_probe() -> None:
    k = VERSIONEN["kempten-thingers-nord@2010"].geladen.fassung
    assert k.erwartet is not None
    assert k.erwartet.gesamt == summen(k).gesamt
    assert k.erwartet.nach_geber == summen(k).nach_geber
    assert [(v.struktur, v.finanzierung) for v in k.verstetigung] == [
        ("Quartiersmanagement", "Haushalt der Stadt Kempten (Allgäu)"),
        ("Bürgertreff", "Haushalt der Stadt Kempten (Allgäu)"),
    ]


def test_jedes_gebiet_in_kempten_nennt_den_beginn_seiner_foerderung() -> None:
    """The town's page tells one programme history from 1999 on, with the source of every step."""
    erstes_jahr = {}
    for name in ("kempten-thingers-nord@2010", "kempten-sankt-mang@2011", "kempten-ost@2019"):
        ereignisse = VERSIONEN[name].geladen.fassung.konzept.ereignisse
        assert all(e.alle_belege() for e in ereignisse), name
        erstes_jahr[name] = next(str(e.datum) for e in ereignisse if "Soziale" in e.text)
    assert list(erstes_jahr.values()) == ["1999", "2005", "2016"]
    ost = [(str(e.datum), e.text) for e in VERSIONEN["kempten-ost@2019"].geladen.fassung.konzept.ereignisse]
    assert [text.split(" nach ")[1] for datum, text in ost if datum in ("2016", "2017")] == [
        "Angabe der Presse",
        "Angabe der Stadt",
    ]


def test_biwaq_hat_eigene_ziele_und_zaehlt_nicht_mit() -> None:
    k = VERSIONEN["kempten-ost@2019"].geladen.fassung
    (lea,) = k.konzept.partnerprogramme
    assert (lea.programm, len(lea.ziele), len(lea.geldgeber)) == ("biwaq", 2, 3)
    assert lea.zeitraum is not None
    assert (str(lea.zeitraum.von), str(lea.zeitraum.bis)) == ("2020", "2023")
    assert summen(k).gesamt == 0
    assert [o.art for o in k.organisation] == ["quartiersmanagement", "stadtteilbeirat", "lenkungsgruppe"]


@pytest.mark.parametrize("name", ["kassel-wesertor@2009", "kassel-wesertor@2012", "kassel-wesertor@2020"])
def test_widersprechende_flaechen_stehen_in_keiner_zahl(name: str) -> None:
    gebiet = VERSIONEN[name].geladen.fassung.konzept.gebiet
    assert gebiet is not None
    assert (gebiet.flaeche_ha, gebiet.einwohner) == (None, None)
    assert {"flaeche_ha", "einwohner"} <= set(gebiet.unbekannt)


def test_wesertor_druckt_beide_angaben_nebeneinander() -> None:
    texte = {c.id: c.text or "" for c in VERSIONEN["kassel-wesertor@2020"].geladen.fassung.kapitel}
    for angabe in ("95 ha", "6.059", "115.000 m²", "8.239"):
        assert angabe in texte["gebiet"]
    for angabe in ("1,114 Mio. €", "1,71 Mio. €", "1,1 Mio. €", "knapp 1,5"):
        assert angabe in texte["finanzierung"]


def test_dietzenbach_haelt_zwei_gebiete_auseinander() -> None:
    k = VERSIONEN["dietzenbach-suedost@2022"].geladen.fassung
    anderes = [e for e in k.konzept.ereignisse if "Spessartviertel" in e.text]
    assert [str(e.datum) for e in anderes] == ["1999", "2009"]
    assert all(e.text.startswith("Anderes Gebiet") for e in anderes)
    assert [m.nummer for m in k.massnahmen] == ["4.1", "4.3"]
    assert k.konzept.gebiet is not None
    assert "3.300" not in (k.konzept.gebiet.beschreibung or "")


def test_musterstadt_ist_als_erfunden_gekennzeichnet() -> None:
    fiktive = [v.name for v in VERSIONEN.values() if v.geladen.fassung.konzept.fiktiv]
    assert fiktive == ["musterstadt-ost@2019", "musterstadt-ost@2024", "musterstadt-ost@2028"]


def test_ein_cent_zu_viel_in_thingers_nord_faellt_mit_beiden_seiten_auf() -> None:
    pfad = VERSIONEN["kempten-thingers-nord@2010"].pfad
    text = pfad.read_text("utf-8")
    stelle = "betrag: 2.400.000 €"
    assert text.count(stelle) == 1
    falsch = load(Quelltext("2010.yaml", {"": text.replace(stelle, "betrag: 2.400.000,01 €").encode()}))
    befunde = [p for p in run(Kontext(falsch)) if p.schwere == "fehler"]
    assert [(p.code, p.meldung.replace("\u00a0", " ")) for p in befunde] == [
        ("GELD-FINANZIERUNG", "Die Finanzierung von M01 geht nicht auf: 2.400.000,01 € + 2.200.000 € + 400.000 € + 6.000.000 € = 11.000.000,01 €, Gesamtkosten 11.000.000 €."),
        ("SUMME-ERWARTET", "Erwartet sind für „Kommune“ 2.400.000 €, die Maßnahmen ergeben 2.400.000,01 €."),
    ]  # fmt: skip
    zeilen = text.splitlines()
    assert ["finanzierung:" in zeilen[befunde[0].ort.zeile - 1], "kommune:" in zeilen[befunde[1].ort.zeile - 1]] == [
        True,
        True,
    ]
