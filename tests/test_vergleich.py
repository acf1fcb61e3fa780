"""The comparison: cases a planner can read, and the laws that hold for any two Fassungen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any, get_args

import pytest
from builders import KOPF, MASSNAHME, geladen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ihk.diff import Aenderungssatz, compare
from ihk.diff.apply import KLASSEN, vorwaerts, zustand
from ihk.diff.fields import felder, platz
from ihk.diff.things import dinge, listen
from ihk.export.aenderungen import aenderungen
from ihk.export.daten import as_json
from ihk.model import Konzeptfassung
from ihk.model.load import Geladen, load
from ihk.model.massnahme import Anteil, Massnahme
from ihk.model.types import Satz, Vergleichsart
from ihk.project import alle, find_project
from ihk.reading.files import Quelltext, collect
from ihk.terminal.vergleich import aenderungen as als_text

CASES = Path(__file__).parent / "cases" / "vergleich"
FAELLE = sorted(p.name for p in CASES.iterdir() if p.is_dir())
WURZEL = Path(__file__).parent.parent


def _seiten(fall: str) -> tuple[Geladen, Geladen]:
    return load(collect(CASES / fall / "alt.yaml", "alt.yaml")), load(collect(CASES / fall / "neu.yaml", "neu.yaml"))


def test_es_gibt_faelle() -> None:
    assert len(FAELLE) >= 12


@pytest.mark.parametrize("fall", FAELLE)
def test_fall(fall: str, golden: Callable[[Path, str], None]) -> None:
    golden(CASES / fall / "erwartet.txt", als_text(compare(*_seiten(fall))))


# --------------------------------------------------------------------------- laws, on cases and on generated concepts


def _gesetze(a: Geladen, b: Geladen) -> None:
    hin, zurueck = compare(a, b), compare(b, a)
    # G1
    for g in (a, b):
        selbst = compare(g, g)
        assert not selbst.eintraege
        assert not selbst.reihenfolge
    # G2: both sides from the change set; prose and lists from their pieces
    alt, neu = zustand(dinge(a.fassung).values()), zustand(dinge(b.fassung).values())
    assert vorwaerts(alt, hin) == neu
    assert vorwaerts(neu, hin, zurueck=True) == alt
    folgen = dict(listen(a.fassung))
    for r in hin.reihenfolge:
        assert folgen.get(r.liste, ()) == r.alt
        folgen[r.liste] = r.neu
    assert {n: ids for n, ids in folgen.items() if ids} == listen(b.fassung)
    # G3: the mirror, for objects with the same id (each Fassung brings its own thresholds)
    erkannt = any(e.erkannt for satz in (hin, zurueck) for e in satz.eintraege)
    assert (
        erkannt
        or hin.grenzen != zurueck.grenzen
        or [_gespiegelt(e) for e in _inhalt(hin)] == _sortiert(_inhalt(zurueck))
    )
    # G5: every counter is a count
    gezaehlt = Counter(art for e in hin.eintraege for art in e.aenderungsart)
    for art in (
        "neu",
        "entfallen",
        "geaendert",
        "verschoben",
        "umgestellt",
        "umnummeriert",
        "geteilt",
        "zusammengelegt",
        "redaktionell",
    ):
        assert hin.zusammenfassung[art] == gezaehlt[art]
    # G12: every entry is in every view
    text = als_text(hin)
    for e in hin.eintraege:
        assert f" {e.id}: " in text


TAUSCH = {"neu": "entfallen", "entfallen": "neu"}


def _inhalt(satz: Aenderungssatz) -> list[dict[str, Any]]:
    """What the mirror law speaks of: objects, fields and values; not reasons and what an object says of its successors, which
    belong to the new Fassung."""
    ergebnis = []
    for e in aenderungen(satz)["eintraege"]:
        if e["aenderungsart"] == ["zusammengelegt"] and not e["felder"]:
            continue  # it says itself nothing new: another one has ended in it
        ergebnis.append(
            {
                "id": e["id"], "art": e["art"], "ort": (e["ort"]["alt"], e["ort"]["neu"]), "inhalt": (e.get("inhalt_alt"), e.get("inhalt_neu")),
                "felder": sorted(((f["pfad"], f["typ"], f["gewicht"], f["alt"], f["neu"], f.get("delta"), json.dumps(f.get("stuecke"))) for f in e["felder"]), key=str),
            }
        )  # fmt: skip
    return _sortiert(ergebnis)


def _sortiert(eintraege: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(eintraege, key=lambda e: (e["art"], e["id"]))


def _gespiegelt(e: dict[str, Any]) -> dict[str, Any]:
    gedreht = []
    for pfad, typ, gewicht, alt, neu, delta, stuecke in e["felder"]:
        gegen = delta
        if delta is not None:
            gegen = delta[1:] if delta.startswith("-") else delta if not delta.strip("0.") else f"-{delta}"
        gedreht.append((pfad, typ, gewicht, neu, alt, gegen, json.dumps(_gedreht(json.loads(stuecke)))))
    return e | {"ort": e["ort"][::-1], "inhalt": e["inhalt"][::-1], "felder": sorted(gedreht, key=str)}


def _gedreht(stuecke: list[list[Any]] | None) -> list[list[Any]] | None:
    if stuecke is None:
        return None
    tausch = {"-": "+", "+": "-"}
    gedreht = [[tausch.get(s[0], s[0]), *(reversed(s[1:]) if s[0] == "~" else s[1:])] for s in stuecke]
    # Inside one change the removed part comes first.
    ergebnis: list[list[Any]] = []
    for s in gedreht:
        stelle = len(ergebnis)
        while s[0] == "-" and stelle and ergebnis[stelle - 1][0] == "+":
            stelle -= 1
        ergebnis.insert(stelle, s)
    return ergebnis


@pytest.mark.parametrize("fall", FAELLE)
def test_gesetze_gelten_fuer_alle_faelle(fall: str) -> None:
    a, b = _seiten(fall)
    _gesetze(a, b)
    _gesetze(b, a)


def test_gesetze_gelten_fuer_alle_paare_der_konzepte() -> None:
    projekt = find_project(WURZEL)
    assert projekt is not None
    versionen = alle(projekt)
    assert len(versionen) >= 6
    for a, b in combinations(versionen, 2):
        _gesetze(a.geladen, b.geladen)


WORTE = st.sampled_from(
    [
        "Platz",
        "Park",
        "Haus",
        "am Markt",
        "im Osten",
        "neu",
        "250.000 €",
        "soll",
        "wird",
        "–",
        "„Mitte“",
        '"Mitte"',
        "barrierefrei",
    ]
)
PROSA = st.lists(WORTE, min_size=1, max_size=12).map(" ".join)
BETRAG = st.integers(0, 10**9).map(lambda c: f"{c // 100},{c % 100:02}")
KENNUNGEN = [f"M{i:02}" for i in range(1, 7)]


@st.composite
def konzepte(draw: st.DrawFn) -> Geladen:
    """A small concept with every kind of field, as YAML text."""
    zeilen = [
        "format: 1",
        f"konzept: {{id: k, titel: {json.dumps(draw(PROSA), ensure_ascii=False)}, fiktiv: ja, programme: {json.dumps(draw(st.lists(st.sampled_from(['a', 'b', 'c']), unique=True)))}}}",
        'fassung: {id: "1"}',
        f"kapitel: [{{id: lage, text: {json.dumps(draw(PROSA), ensure_ascii=False)}}}]",
        "ziele:",
        "  - {id: Z1, titel: Eins, teilziele: [{id: T1, titel: A}, {id: T2, titel: B}]}",
        f"  - {{id: Z2, titel: Zwei, teilziele: [{{id: T3, titel: {json.dumps(draw(PROSA), ensure_ascii=False)}}}]}}",
        f"analyse: {{staerken: {json.dumps(draw(st.lists(PROSA, max_size=4)), ensure_ascii=False)}}}",
        "handlungsfelder: [{id: HF1, titel: Wohnen}, {id: HF2, titel: Arbeit}]",
        "indikatoren:",
        f'  - {{id: I1, titel: Leerstand, werte: {{2019: "{draw(st.integers(0, 99))},5", 2024: {draw(st.integers(0, 99))}}}}}',
        "massnahmen:",
    ]
    for kennung in draw(st.permutations(KENNUNGEN))[: draw(st.integers(1, 6))]:
        zeilen += [
            f"  - id: {kennung}",
            f"    titel: {json.dumps(draw(PROSA), ensure_ascii=False)}",
            f"    teilziele: {json.dumps(draw(st.lists(st.sampled_from(['T1', 'T2', 'T3']), min_size=1, unique=True)))}",
            f"    beteiligte: {json.dumps(draw(st.lists(WORTE, max_size=3)), ensure_ascii=False)}",
        ]
        if draw(st.booleans()):
            zeilen.append(f"    handlungsfeld: {draw(st.sampled_from(['HF1', 'HF2']))}")
        if draw(st.booleans()):
            zeilen.append(f"    beschreibung: {json.dumps(draw(PROSA), ensure_ascii=False)}")
        if draw(st.booleans()):
            zeilen.append(f"    status: {draw(st.sampled_from(['idee', 'geplant', 'in_umsetzung', 'entfallen']))}")
        if draw(st.booleans()):
            zeilen.append(
                f"    zeitraum: {{von: {draw(st.sampled_from(['2019', '03/2020', 'Q1 2021']))}, bis: {draw(st.sampled_from(['2024', '31.12.2025']))}}}"
            )
        if draw(st.booleans()):
            zeilen.append(f"    schritte: [{{text: {json.dumps(draw(PROSA), ensure_ascii=False)}, termin: 2024}}]")
        if draw(st.booleans()):
            geber = draw(st.lists(st.sampled_from(["bund", "land", "kommune"]), unique=True, max_size=3))
            zeilen += ["    kosten:", f'      gesamt: "{draw(BETRAG)}"', f'      jahre: {{2024: "{draw(BETRAG)}"}}']
            if geber:
                zeilen += [
                    "      finanzierung:",
                    *(f'        - {{geber: {g}, betrag: "{draw(BETRAG)}"}}' for g in geber),
                ]
        if draw(st.integers(0, 5)) == 0:
            zeilen.append(f"    hervorgegangen_aus: [{draw(st.sampled_from(KENNUNGEN))}]")
        if draw(st.integers(0, 5)) == 0:
            zeilen.append('    beendet_in: "0"')
    return geladen("\n".join(zeilen) + "\n")


# Few, because each is read as YAML; test_gesetze.py holds the laws against thousands of pairs.
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(konzepte(), konzepte())
def test_gesetze_gelten_fuer_beliebige_konzepte(a: Geladen, b: Geladen) -> None:
    _gesetze(a, b)


# --------------------------------------------------------------------------- single promises


def _aendere(alt: str, neu: str, text: str = KOPF + MASSNAHME) -> Aenderungssatz:
    assert alt in text
    return compare(geladen(text), geladen(text.replace(alt, neu, 1)))


@pytest.mark.parametrize(
    ("alt", "neu", "objekt", "pfad"),
    [
        ("titel: Quartiersplatz", "titel: Quartiersplatz am Markt", "M01", "titel"),
        ("status: geplant", "status: in_umsetzung", "M01", "status"),
        ("gesamt: 90.000 €", "gesamt: 90.000,01 €", "M01", "kosten.gesamt"),
        ("{geber: land, betrag: 30.000 €}", "{geber: land, betrag: 31.000 €}", "M01", "kosten.finanzierung[land].betrag"),
        ("bis: 2025", "bis: 2026", "M01", "zeitraum.bis"),
        ("titel: Wohnen\n", "titel: Wohnen und Leben\n", "Z1", "titel"),
        ("titel: Wohnumfeld aufwerten", "titel: Wohnumfeld erneuern", "T1", "titel"),
        ("stand: 01.06.2024", "stand: 02.06.2024", "fassung", "stand"),
    ],
)  # fmt: skip
def test_ein_geaendertes_feld_ist_genau_ein_eintrag_mit_genau_diesem_feld(
    alt: str, neu: str, objekt: str, pfad: str
) -> None:
    satz = _aendere(alt, neu)
    assert [(e.id, [f.pfad for f in e.felder]) for e in satz.eintraege] == [(objekt, [pfad])]


@pytest.mark.parametrize(
    ("alt", "neu"),
    [
        ("gesamt: 90.000 €", "gesamt: 90000"), ("gesamt: 90.000 €", 'gesamt: "90.000,00"'), ("gesamt: 90.000 €", "gesamt: 0,09 Mio. €"),
        ("stand: 01.06.2024", "stand: 2024-06-01"), ("traeger: Stadt Musterstadt\n    status: geplant", "status: geplant\n    traeger: 'Stadt Musterstadt'"),
        ("titel: Quartiersplatz", 'titel: "Quartiersplatz"'), ("massnahmen:", "# ein Kommentar\nmassnahmen:"), ("zeitraum: {von: 2024, bis: 2025}", "zeitraum:\n      bis: 2025\n      von: 2024"),
        ("    teilziele: [T1, T2]\n    traeger", "    teilziele:\n      - T1\n      - T2\n    begruendung: Nur ein Grund.\n    traeger"),
    ],
)  # fmt: skip
def test_schreibweise_ist_keine_aenderung(alt: str, neu: str) -> None:
    assert not _aendere(alt, neu).eintraege


def test_typografie_ist_redaktionell() -> None:
    gerade = KOPF + MASSNAHME.replace("titel: Quartiersplatz", "titel: '\"Quartiersplatz\"'")
    satz = _aendere("titel: '\"Quartiersplatz\"'", 'titel: "„Quartiersplatz“"', gerade)
    assert [(e.aenderungsart, e.gewicht) for e in satz.eintraege] == [(("redaktionell",), "redaktionell")]


def test_ordnerform_und_einzeldatei_sind_gleich(tmp_path: Path) -> None:
    from builders import schreibe

    massnahme = "\n".join(z[4:] for z in MASSNAHME.split("\n")[1:]).replace("- id", "id", 1)
    ordner = schreibe(tmp_path / "2024", {"konzept.yaml": KOPF, "massnahmen/M01.yaml": massnahme})
    assert not compare(geladen(KOPF + MASSNAHME), load(collect(ordner))).eintraege


def test_grabstein_ist_kein_verlust_von_feldern() -> None:
    alt = KOPF + MASSNAHME.replace("status: geplant", "status: entfallen\n    begruendung: Kein Geld.")
    neu = KOPF + 'massnahmen:\n  - {id: M01, titel: Quartiersplatz, status: entfallen, beendet_in: "2024"}\n'
    satz = compare(geladen(alt), geladen(neu))
    assert satz.eintraege == ()
    assert [g.id for g in satz.grabsteine] == ["M01"]
    assert "nur noch mit Kennung und Titel geführt: M01" in als_text(satz)
    assert aenderungen(satz)["grabsteine"][0]["inhalt_alt"]["begruendung"] == "Kein Geld."
    _gesetze(geladen(alt), geladen(neu))
    for anders in ('beendet_in: "2019"', 'beendet_in: "2024", zielgruppe: Alle', 'beendet_in: "2024", nummer: "7"'):
        satz = compare(geladen(alt), geladen(neu.replace('beendet_in: "2024"', anders)))
        assert [(e.id, e.gewicht) for e in satz.eintraege] == [("M01", "redaktionell")], anders
    for a, n, art in (
        (KOPF + MASSNAHME, neu, "entfallen"),  # it was still running: this is where it ends
        (neu, KOPF + MASSNAHME, "geaendert"),  # it is back, which a rule reports
    ):
        satz = compare(geladen(a), geladen(n))
        assert [(e.id, e.aenderungsart, e.gewicht) for e in satz.eintraege] == [("M01", (art,), "wesentlich")]


def test_rueckschritte_werden_gekennzeichnet() -> None:
    assert _aendere("bis: 2025", "bis: 2026").eintraege[0].rueckschritt
    assert not _aendere("bis: 2025", "bis: 2024").eintraege[0].rueckschritt
    assert _aendere("status: geplant", "status: idee").eintraege[0].rueckschritt
    assert not _aendere("status: geplant", "status: bewilligt").eintraege[0].rueckschritt
    assert _aendere("status: geplant", "status: idee").eintraege[0].rueckschritte == ("status",)
    assert _aendere("titel: Wohnumfeld aufwerten", "titel: Wohnumfeld erhalten").eintraege[0].rueckschritte == ("ziel",)


@pytest.mark.parametrize(
    ("alt", "neu", "erwartet"),
    [
        # Later is later, by a month too; a day later in the same month is not counted.
        ("bis: 2025", "bis: 01/2026", ("ende",)), ("bis: 2025", "bis: 31.12.2025", ()), ("bis: 2025", "bis: 11/2025", ()),
        # Dearer by a tenth is not said, by a cent more it is.
        ("gesamt: 90.000 €", "gesamt: 99.000 €", ()), ("gesamt: 90.000 €", "gesamt: 99.000,01 €", ("kosten",)), ("gesamt: 90.000 €", "gesamt: 1 €", ()),
    ],
)  # fmt: skip
def test_ab_wann_etwas_ein_rueckschritt_ist(alt: str, neu: str, erwartet: tuple[str, ...]) -> None:
    assert [e.rueckschritte for e in _aendere(alt, neu).eintraege if e.id == "M01"] == [erwartet]


INDIKATOR = (
    "indikatoren:\n  - {id: I1, titel: Leerstand, richtung: sinkend, werte: {2019: 12}, ziel: {jahr: 2029, wert: 8}}\n"
)


@pytest.mark.parametrize(
    ("neu", "erwartet"), [("wert: 9", ("zielwert",)), ("wert: 7", ()), ("jahr: 2031, wert: 8", ("zielwert",))]
)
def test_ein_leichteres_ziel_ist_ein_rueckschritt(neu: str, erwartet: tuple[str, ...]) -> None:
    alt = geladen(KOPF + MASSNAHME + INDIKATOR)
    weg = "jahr: 2029, wert: 8" if neu.startswith("jahr") else "wert: 8"
    satz = compare(alt, geladen(KOPF + MASSNAHME + INDIKATOR.replace(weg, neu)))
    assert [e.rueckschritte for e in satz.eintraege] == [erwartet]


def test_jedes_feld_des_modells_hat_eine_art_des_vergleichs() -> None:
    klassen = {Konzeptfassung, *KLASSEN.values()}
    offen = list(klassen)
    gesehen = 0
    while offen:
        klasse = offen.pop()
        for feld in felder(klasse):
            gesehen += 1
            assert feld.vergleich.art in get_args(Vergleichsart)
            assert feld.vergleich.art != "ohne" or feld.vergleich.grund
            if feld.klasse is not None and feld.klasse not in klassen:
                klassen.add(feld.klasse)
                offen.append(feld.klasse)
    assert gesehen > 150


@pytest.mark.parametrize(
    ("pfad", "art", "klasse"),
    [
        ("titel", "text", None), ("kosten.gesamt", "geld", None), ("kosten.jahre.2024", "geld", None), ("teilziele", "verweise", None),
        ("kosten.finanzierung[land]", "liste", Anteil), ("kosten.finanzierung[land].betrag", "geld", None), ("schritte[0].termin", "zeitpunkt", None),
        # The order of a list, and an item of a list of texts, are text; so is what the model does not have.
        ("kosten.finanzierung.reihenfolge", "text", None), ("beteiligte[Verein]", "text", None), ("gibt.es.nicht", "text", None),
    ],
)  # fmt: skip
def test_was_an_einer_stelle_steht(pfad: str, art: str, klasse: type[Satz] | None) -> None:
    assert platz(Massnahme, pfad) == (art, klasse)


def test_ein_feld_ohne_art_faellt_auf() -> None:
    class Neu(Satz):
        vergessen: str = ""

    with pytest.raises(TypeError, match="vergessen"):
        felder(Neu)


def test_ausgabe_haengt_an_keiner_umgebung(tmp_path: Path) -> None:
    """G6: the same bytes for every hash seed, time zone, locale and folder."""
    befehl = [
        sys.executable,
        "-m",
        "ihk",
        "--project",
        str(WURZEL),
        "diff",
        "musterstadt-ost@2019",
        "musterstadt-ost@2024",
        "--format",
    ]
    ergebnisse = set()
    for saat, zone, sprache, ordner in (("0", "UTC", "C", WURZEL), ("12345", "Asia/Tokyo", "de_DE.UTF-8", tmp_path)):
        umgebung = os.environ | {"PYTHONHASHSEED": saat, "TZ": zone, "LC_ALL": sprache, "PYTHONPATH": str(WURZEL)}
        for form in ("json", "text"):
            lauf = subprocess.run([*befehl, form], cwd=ordner, env=umgebung, capture_output=True, check=True)
            ergebnisse.add((form, lauf.stdout))
    assert len(ergebnisse) == 2


def test_json_ist_json_ohne_kommazahlen() -> None:
    def pruefe(wert: Any) -> None:
        assert not isinstance(wert, float)
        for kind in wert.values() if isinstance(wert, dict) else wert if isinstance(wert, list) else ():
            pruefe(kind)

    for fall in FAELLE:
        inhalt = json.loads(as_json(aenderungen(compare(*_seiten(fall)))))
        assert inhalt["schema"] == "ihk-aenderungen/1"
        assert {"alt", "neu", "zusammenfassung", "eintraege", "warnungen"} <= set(inhalt)
        pruefe(inhalt)


def test_filter_nach_gewicht_zaehlt_trotzdem_alles() -> None:
    satz = compare(*_seiten("vieles"))
    alles, wesentlich = aenderungen(satz), aenderungen(satz, "wesentlich")
    assert len(wesentlich["eintraege"]) < len(alles["eintraege"])
    assert wesentlich["zusammenfassung"] == alles["zusammenfassung"]
    assert {e["gewicht"] for e in wesentlich["eintraege"]} == {"wesentlich"}


def test_ein_verlust_faellt_auf(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the change set left a field out, the self check stops the program."""
    import ihk.diff.comparison as modul

    echt = modul.vergleiche
    monkeypatch.setattr(modul, "vergleiche", lambda *beide: echt(*beide)[:-1])
    with pytest.raises(AssertionError, match="rebuild"):
        compare(geladen(KOPF + MASSNAHME), geladen(KOPF + MASSNAHME.replace("geplant", "idee")))


def test_null_ist_eine_angabe_und_ein_leerer_abschnitt_keine() -> None:
    mit = "konzept: {id: musterstadt-ost, titel: Konzept Musterstadt-Ost, fiktiv: ja, gebiet: {%s}}"
    leer, null, viele = (
        geladen(
            KOPF.replace("konzept: {id: musterstadt-ost, titel: Konzept Musterstadt-Ost, fiktiv: ja}", mit % g)
            + MASSNAHME
        )
        for g in ("", "einwohner: 0", "einwohner: 7")
    )
    assert [(f.alt, f.neu) for f in compare(viele, null).eintraege[0].felder] == [(7, 0)]
    assert [e.aenderungsart for e in compare(leer, null).eintraege] == [("neu",)]
    assert compare(geladen(KOPF + MASSNAHME), leer).eintraege == ()


def test_quelltext_anderer_konzepte_warnt() -> None:
    anderes = load(Quelltext("x.yaml", {"": (KOPF.replace("musterstadt-ost", "anderswo") + MASSNAHME).encode()}))
    assert "zwei Konzepte" in compare(geladen(KOPF + MASSNAHME), anderes).warnungen[0]


def test_jedes_verglichene_feld_hat_eine_beschriftung() -> None:
    from ihk.labels import FELD

    klassen: list[type[Satz]] = [Konzeptfassung, *KLASSEN.values()]
    gesehen: set[type[Satz]] = set()
    while klassen:
        klasse = klassen.pop()
        if klasse in gesehen:
            continue
        gesehen.add(klasse)
        for feld in felder(klasse):
            if feld.vergleich.art != "ohne" and feld.form != "satz":
                assert feld.name in FELD, f"{klasse.__name__}.{feld.name}"
            if feld.klasse is not None:
                klassen.append(feld.klasse)
    assert len(gesehen) > 15


# --------------------------------------------------------------------------- who bears the costs


def test_der_rest_der_kommune_steht_in_der_zusammenfassung_und_bei_der_massnahme() -> None:
    satz = compare(*_seiten("teurer-fuer-die-kommune"))
    assert satz.zusammenfassung["kosten"]["nach_geber"]["kommune"] == {
        "alt": "82000.00",
        "neu": "133333.34",
        "delta": "51333.34",
    }
    bei = {e["id"]: {b["geber"]: b["delta"] for b in e["nach_geber"]} for e in aenderungen(satz)["eintraege"]}
    assert bei["M01"] == {"kommune": "30000.00"}
    assert bei["M02"] == {"land": "-30000.00", "kommune": "30000.00"}
    assert bei["M04"] == {}
    assert bei["M05"] == {"kommune": "-12000.00"}


@pytest.mark.parametrize(
    ("von", "nach", "monate"),
    [("2024", "03/2024", 2), ("2024", "2026", 24), ("03/2024", "2024", -2), ("Q2 2024", "04/2024", 0)],
)
def test_ein_beginn_zaehlt_vom_ersten_tag(von: str, nach: str, monate: int) -> None:
    text = (KOPF + MASSNAHME).replace("{von: 2024, bis: 2025}", f"{{von: {von}, bis: 2029}}")
    (eintrag,) = _aendere(f"von: {von},", f"von: {nach},", text).eintraege
    assert [(f.pfad, f.monate) for f in eintrag.felder] == [("zeitraum.von", monate)]
    assert not eintrag.rueckschritt
