"""Who is who when ids changed: what is claimed is right, what is not sure is only suggested, what ended is left alone."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from builders import KOPF, geladen
from umbenennen import umbenannt

from ihk.diff import Aenderungssatz, compare
from ihk.diff.apply import vorwaerts, zustand
from ihk.diff.things import dinge
from ihk.export.aenderungen import aenderungen
from ihk.model.load import Geladen
from ihk.model.massnahme import Massnahme
from ihk.project import alle, find_project
from ihk.report.render import synopse_html
from ihk.report.view.grund import Medium
from ihk.terminal.vergleich import aenderungen as als_text

PROJEKT = find_project(Path(__file__).parent)
assert PROJEKT is not None
MUSTERSTADT = {v.fassung: v for v in alle(PROJEKT) if v.konzept == "musterstadt-ost"}


def neue_kennung(alt: str) -> str:
    return f"N-{alt}"


def _stellt_beide_seiten_wieder_her(a: Geladen, n: Geladen, satz: Aenderungssatz) -> None:
    """With all objects, also those that the comparison itself passes over because they are equal."""
    alt, neu = zustand(dinge(a.fassung).values()), zustand(dinge(n.fassung).values())
    assert vorwaerts(alt, satz) == neu
    assert vorwaerts(neu, satz, zurueck=True) == alt


@pytest.mark.parametrize(
    ("von", "nach"), [("2019", "2019"), ("2019", "2024"), ("2024", "2028"), ("2019", "2028"), ("2028", "2019")]
)
def test_musterstadt_mit_lauter_neuen_kennungen(von: str, nach: str) -> None:
    a, b = MUSTERSTADT[von].geladen, MUSTERSTADT[nach].geladen
    n = umbenannt(b, neue_kennung)
    satz = compare(a, n)
    erkannt = [(str(e.art), e.id_alt, e.id) for e in satz.eintraege if e.erkannt]
    assert [x for x in erkannt if x[2] != neue_kennung(x[1])] == []  # precision 1.0
    bleiben = {
        (art, o.id)
        for art, o, _ in a.fassung.objekte()
        if art != "kapitel" and o.id in b.fassung.nach_id
        and not any(getattr(f.nach_id[o.id], "beendet", False) for f in (a.fassung, b.fassung))
    }  # fmt: skip
    assert len(bleiben) > 50
    gefunden = {x[:2] for x in erkannt}
    assert len(gefunden) * 100 >= len(bleiben) * 95, bleiben - gefunden
    if von == nach:
        assert gefunden == bleiben
        assert satz.zusammenfassung["kosten"]["delta"] == "0.00"
    _stellt_beide_seiten_wieder_her(a, n, satz)
    # Nobody can overlook it: a sentence, a count, and both ids in every view.
    assert any("nur am Inhalt als dasselbe erkannt" in w for w in satz.warnungen)
    assert satz.zusammenfassung["erkannt"] == len(erkannt)
    text, inhalt = als_text(satz), {(e["art"], e["id"]): e for e in aenderungen(satz)["eintraege"]}
    for art, alt_id, neu_id in erkannt:
        assert f"Kennung: {alt_id} → {neu_id} (als dasselbe erkannt" in text
        eintrag = inhalt[art, neu_id]
        assert eintrag["zuordnung"]["wie"] in ("gleich", "erkannt")
        assert eintrag["zuordnung"]["guete"] >= "0.45"
        assert (eintrag["felder"][0]["pfad"], eintrag["felder"][0]["alt"]) == ("id", alt_id)


def test_mit_kennungen_auf_beiden_seiten_wird_nichts_erkannt() -> None:
    for von, nach in (("2019", "2024"), ("2024", "2028"), ("2019", "2028")):
        satz = compare(MUSTERSTADT[von].geladen, MUSTERSTADT[nach].geladen)
        assert not [e for e in satz.eintraege if e.erkannt]
        assert satz.vorschlaege == ()


PLATZ = """  - id: {id}
    titel: {titel}
    teilziele: [T1]
    traeger: Stadt Musterstadt
    status: {status}
    beschreibung: {text}
"""
TEXT = "Der Platz am Markt wird entsiegelt und bekommt Bäume, Bänke und einen Brunnen."


def _massnahmen(*saetze: str) -> Geladen:
    return geladen(KOPF + "massnahmen:\n" + "".join(saetze))


def _platz(
    kennung: str, titel: str = "Quartiersplatz", text: str = TEXT, status: str = "geplant", mehr: str = ""
) -> str:
    return PLATZ.format(id=kennung, titel=titel, text=text, status=status) + mehr


def _paare(satz: Aenderungssatz) -> list[tuple[str, str, str]]:
    return [(e.zuordnung, e.id_alt, e.id) for e in satz.eintraege if e.erkannt]


def test_gleicher_inhalt_unter_anderer_kennung() -> None:
    satz = compare(_massnahmen(_platz("M01")), _massnahmen(_platz("P1")))
    assert _paare(satz) == [("gleich", "M01", "P1")]
    assert [(e.aenderungsart, e.gewicht) for e in satz.eintraege] == [(("geaendert",), "einfach")]


@pytest.mark.parametrize(
    ("alt", "neu"),
    [
        # What ended, with status or as a tombstone, is not what begins.
        ([_platz("M01", status="entfallen")], [_platz("P1")]),
        ([_platz("M01")], [_platz("M01", status="entfallen", mehr="    begruendung: Kein Geld.\n"), _platz("P1")]),
        ([_platz("M01")], ['  - {id: M01, titel: Quartiersplatz, beendet_in: "2019"}\n', _platz("P1")]),
        ([_platz("M01")], [_platz("P1", status="entfallen")]),
        ([_platz("M01")], ['  - {id: P1, titel: Quartiersplatz, beendet_in: "2019"}\n']),
        # What is declared is not guessed.
        ([_platz("M01")], [_platz("P1", mehr="    hervorgegangen_aus: [M01]\n")]),
        # Twice the same on one side: nobody can tell which.
        ([_platz("M01")], [_platz("P1"), _platz("P2")]),
        ([_platz("M01"), _platz("M02")], [_platz("M02"), _platz("P1")]),
        # Two bare titles that are alike say too little.
        (["  - {id: M01, titel: Spielplatz Ost, teilziele: [T1]}\n"], ["  - {id: P1, titel: Spielplatz West, teilziele: [T2]}\n"]),
    ],
)  # fmt: skip
def test_was_nicht_behauptet_wird(alt: list[str], neu: list[str]) -> None:
    a, n = _massnahmen(*alt), _massnahmen(*neu)
    satz = compare(a, n)
    assert _paare(satz) == []
    _stellt_beide_seiten_wieder_her(a, n, satz)


def test_wer_allen_aehnelt_wird_nur_vorgeschlagen() -> None:
    """One playground goes, one comes, a third stays: boilerplate does not make them the same."""

    def spielplatz(kennung: str, strasse: str) -> str:
        text = f"Der Spielplatz {strasse} bekommt neue Geräte, einen Zaun und Bänke im Schatten."
        return _platz(kennung, f"Spielplatz {strasse}", text)

    bleibt = spielplatz("M02", "Südstraße")
    ohne = compare(_massnahmen(spielplatz("M01", "Nordstraße")), _massnahmen(spielplatz("P1", "Weststraße")))
    assert _paare(ohne) == [("erkannt", "M01", "P1")]
    satz = compare(
        _massnahmen(spielplatz("M01", "Nordstraße"), bleibt), _massnahmen(spielplatz("P1", "Weststraße"), bleibt)
    )
    assert _paare(satz) == []
    assert {e.aenderungsart[0] for e in satz.eintraege} == {"neu", "entfallen"}
    assert [(v.alt, v.neu) for v in satz.vorschlaege] == [("M01", "P1")]
    assert "sind vielleicht dasselbe" in satz.warnungen[0]
    assert aenderungen(satz)["vorschlaege"][0]["guete"] == satz.vorschlaege[0].guete


@pytest.mark.parametrize("medium", ["web", "druck"])
def test_die_synopse_nennt_beide_kennungen(medium: Medium) -> None:
    a, n = _massnahmen(_platz("M01")), _massnahmen(_platz("P1", "Quartiersplatz am Markt"))
    seite = synopse_html(compare(a, n), a, n, medium=medium, ihk_version="0")
    text = " ".join(re.sub(r"<[^>]+>", " ", seite.replace("\u00a0", " ")).split())
    assert re.search(r"Kennung Als dasselbe erkannt, Übereinstimmung \d\d % gestrichen: M01 .*? eingefügt: P1 ", text)
    assert "nur am Inhalt als dasselbe erkannt" in text


def test_verweise_auf_umbenanntes_sind_keine_aenderung_des_inhalts() -> None:
    wohnen = KOPF.replace("titel: Wohnen", "titel: Wohnen\n    beschreibung: Wer hier wohnt, soll gern hier bleiben.")
    alt = geladen(
        wohnen
        + "massnahmen:\n"
        + _platz("M01")
        + _platz("M02", "Hof", "Der Hof wird grün.", mehr="    abhaengig_von: [M01]\n")
    )
    neu = umbenannt(alt, neue_kennung)
    satz = compare(alt, neu)
    assert {f.gewicht for e in satz.eintraege for f in e.felder if f.pfad != "id"} == {"redaktionell"}
    assert not any("verschoben" in e.aenderungsart for e in satz.eintraege)
    _stellt_beide_seiten_wieder_her(alt, neu, satz)


def test_bei_sehr_vielen_zaehlt_nur_der_titel_und_das_wird_gesagt() -> None:
    g = _massnahmen(_platz("M01"))
    muster = g.fassung.massnahmen[0]

    def viele(vor: str, text: str) -> Geladen:
        werte = [
            {**muster.__dict__, "id": f"{vor}{i}", "titel": f"Platz {i}", "beschreibung": f"{TEXT} {text}"}
            for i in range(1001)
        ]
        return replace(
            g, fassung=g.fassung.model_copy(update={"massnahmen": tuple(Massnahme.model_construct(**w) for w in werte)})
        )

    satz = compare(viele("A", "Im Sommer."), viele("B", "Im Winter."))
    assert len(_paare(satz)) == 1001
    assert all(a[1:] == n[1:] for _, a, n in _paare(satz))
    assert any("mehr als 1000 ohne gemeinsame Kennung" in w for w in satz.warnungen)


def test_eine_neu_vergebene_kennung_faellt_auf() -> None:
    kurse = "Vormittags lernen Mütter und Väter in der Schule Deutsch; für Kinder gibt es Betreuung."
    satz = compare(_massnahmen(_platz("M01")), _massnahmen(_platz("M01", "Sprachkurse", kurse)))
    assert "Ist die Kennung neu vergeben worden?" in satz.warnungen[0]
    for titel, text in (("Sprachkurse", TEXT), ("Quartiersplatz am Markt", kurse)):
        assert compare(_massnahmen(_platz("M01")), _massnahmen(_platz("M01", titel, text))).warnungen == ()


KAPITEL = "kapitel:\n  - {{id: lage, titel: {0}, text: {1}}}\n"
INDIKATOR = "indikatoren:\n  - {{id: I1, titel: {0}, {1}}}\n"
QUELLE = "quellen:\n  - {{id: L1, titel: {0}, herausgeber: {1}}}\n"


@pytest.mark.parametrize(
    ("alt", "neu", "faellt_auf"),
    [
        # Chapters, pictures and sources are places in the document: what stands there may be rewritten whole.
        (KAPITEL.format("Ausgangslage", "Im Osten wohnen viele."), KAPITEL.format("Wohnen", "Mieten steigen."), False),
        (QUELLE.format("Jahrbuch", "Stadt"), QUELLE.format("Gutachten", "Büro"), False),
        # Without texts the facts that both state decide: all different says so, one equal or none stated says nothing.
        (INDIKATOR.format("Leerstand", "einheit: Prozent"), INDIKATOR.format("Kitas", "einheit: Plätze"), True),
        (INDIKATOR.format("Leerstand", "einheit: Prozent"), INDIKATOR.format("Kitas", "einheit: Prozent"), False),
        (INDIKATOR.format("Leerstand", "einheit: Prozent"), INDIKATOR.format("Kitas", "werte: {2019: 7}"), False),
        (INDIKATOR.format("Leerstand", "nummer: 1"), INDIKATOR.format("Kitas", "nummer: 2"), False),
        # A measure is not; but what has ended on either side is a tombstone, not another measure.
        ("", "", True),
        ("", "    beendet_in: \"2023\"\n", False),
        ("    beendet_in: \"2023\"\n", "", False),
    ],
)  # fmt: skip
def test_wessen_kennung_neu_vergeben_sein_kann(alt: str, neu: str, faellt_auf: bool) -> None:
    kurse = "Vormittags lernen Mütter und Väter in der Schule Deutsch; für Kinder gibt es Betreuung."
    if ":\n" in alt:
        a, n = geladen(KOPF + alt), geladen(KOPF + neu)
    else:
        a, n = _massnahmen(_platz("M01", mehr=alt)), _massnahmen(_platz("M01", "Sprachkurse", kurse, mehr=neu))
    warnungen = compare(a, n).warnungen
    assert any("Ist die Kennung neu vergeben worden?" in w for w in warnungen) is faellt_auf


@pytest.mark.parametrize(
    ("titel", "text", "faellt_auf"),
    [
        # Each side has 10 words; one in common is a fifth of nothing, two are a fifth.
        ("n1 n2 n3 n4 n5 n6 n7 n8 n9 a10", "alles anders", True),
        ("n1 n2 n3 n4 n5 n6 n7 n8 a9 a10", "alles anders", False),
        ("ganz neu", "neu1 neu2 neu3 neu4 neu5 neu6 neu7 neu8 neu9 wort10", True),
        ("ganz neu", "neu1 neu2 neu3 neu4 neu5 neu6 neu7 neu8 wort9 wort10", False),
        # Short words, which any two texts share, do not count.
        ("ganz neu", "der die das und neu1 neu2 neu3 neu4 neu5 neu6", True),
    ],
)
def test_ab_einem_fuenftel_gemeinsamer_worte_ist_es_dasselbe(titel: str, text: str, faellt_auf: bool) -> None:
    a = _massnahmen(_platz("M01", " ".join(f"a{n}" for n in range(1, 11)), " ".join(f"wort{n}" for n in range(1, 11))))
    if "der die" in text:
        a = _massnahmen(_platz("M01", "alter Titel", "der die das und wort1 wort2 wort3 wort4 wort5 wort6"))
    warnungen = compare(a, _massnahmen(_platz("M01", titel, text))).warnungen
    assert any("Ist die Kennung neu vergeben worden?" in w for w in warnungen) is faellt_auf


def test_umgestellt_wird_auch_was_eine_neue_kennung_hat() -> None:
    """The one that moved is marked once, in the entry that says it was recognised."""
    texte = {"1": "Der Markt wird gepflastert.", "2": "Die Kita bekommt ein Dach.", "3": "Am Bach entsteht ein Weg."}
    alt = _massnahmen(*(_platz(f"M{n}", f"Vorhaben {t.split()[1]}", t) for n, t in texte.items()))
    neu = _massnahmen(*(_platz(f"P{n}", f"Vorhaben {texte[n].split()[1]}", texte[n]) for n in "312"))
    arten = {e.id: (e.id_alt, e.aenderungsart) for e in compare(alt, neu).eintraege}
    assert arten == {
        "P3": ("M3", ("geaendert", "umnummeriert", "umgestellt")),
        "P1": ("M1", ("geaendert", "umnummeriert")),
        "P2": ("M2", ("geaendert", "umnummeriert")),
    }
