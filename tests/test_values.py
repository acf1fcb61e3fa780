"""German text to values: a number is what its author meant or an error with the way out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ihk import labels
from ihk.reading import values
from ihk.reading.values import WertError


@pytest.mark.parametrize(
    ("text", "cent"),
    [
        ("250.000", 25_000_000), ("250.000 €", 25_000_000), ("1.250.000,50", 125_000_050), ("0,25 Mio. €", 25_000_000), ("10000", 1_000_000),
        ("12,5", 1250), ("0", 0), ("0,01 €", 1), ("1,5 Mio. Euro", 150_000_000), ("350 T€", 35_000_000), ("2 Tsd. €", 200_000),
        ("11,0 Mio. €", 1_100_000_000), ("-5 €", -500), ("\u22125 €", -500), ("250.000\u00a0€", 25_000_000), ("999.999.999.999,99", 99_999_999_999_999),
    ],
)  # fmt: skip
def test_betraege(text: str, cent: int) -> None:
    assert values.geld(text) == cent


@pytest.mark.parametrize(
    ("text", "hinweis"),
    [
        ("250.50", "250,50"), ("1,234,567", "1.234.567"), ("12:30", "Doppelpunkt"), ("1.25", "1,25"), ("250,000", "250.000"), ("0250", "250"), ("05", "wohl 5."), ("00", "wohl 0."),
        ("1.2345", "Gruppen"), ("1.000.00", "Gruppen"), ("1e5", "Schreiben"), ("1_000", "Schreiben"), ("rund 5.000 €", "rund"), ("offen", "unbekannt"),
        ("1 000", "1.000"), ("0,123456789 Mio. €", "Cent"), ("5 Dollar", "Schreiben"), ("½ Mio. €", "Schreiben"), ("1٢3", "Schreiben"), ("0x10", "Schreiben"),
        ("12.34.56", "Gruppen"), (".5", "Schreiben"), ("5,", "Schreiben"), ("", "Schreiben"), ("1,234,567.89", "1.234.567,89"),
    ],
)  # fmt: skip
def test_zweifelhafte_betraege_sagen_was_zu_schreiben_ist(text: str, hinweis: str) -> None:
    with pytest.raises(WertError) as fehler:
        values.geld(text)
    assert hinweis in fehler.value.hinweis


@pytest.mark.parametrize(
    "text", ["1234567890123456", "1.000.000.000.000.000", "9" * 5000, "1" * 14 + ",123", "9999999999 Mrd. €"]
)
def test_mehr_als_15_ziffern(text: str) -> None:
    with pytest.raises(WertError) as fehler:
        values.geld(text)
    assert fehler.value.code == "WERT-STELLEN"


def test_15_ziffern_gehen() -> None:
    assert values.geld("999999999999999") == 99_999_999_999_999_900


@pytest.mark.parametrize(
    ("text", "wert"),
    [("60 %", "60"), ("42,5", "42.5"), ("6.120", "6120"), ("-3,25", "-3.25"), ("42,5 ha", "42.5"), ("0,50", "0.50")],
)
def test_zahlen(text: str, wert: str) -> None:
    assert str(values.zahl(text)) == wert


@pytest.mark.parametrize("text", ["nan", "inf", "1e3", "42.5", "1,2,3", "12:30", "zwölf", "１２"])
def test_keine_zahlen(text: str) -> None:
    with pytest.raises(WertError):
        values.zahl(text)


def test_ganze_zahlen() -> None:
    assert values.ganzzahl("6.120") == 6120
    for text in ("6,5", "60 %", "6.12"):
        with pytest.raises(WertError):
            values.ganzzahl(text)


@pytest.mark.parametrize(
    ("text", "tag"),
    [("31.12.2013", date(2013, 12, 31)), ("2013-12-31", date(2013, 12, 31)), ("1.6.2024", date(2024, 6, 1))],
)
def test_tage(text: str, tag: date) -> None:
    assert values.datum(text) == tag


@pytest.mark.parametrize(
    "text", ["31.02.2024", "2024-13-01", "12/31/2013", "31.12.13", "2024", "2024-01-01T00:00:00", "01.01.1066"]
)
def test_keine_tage(text: str) -> None:
    with pytest.raises(WertError):
        values.datum(text)


@pytest.mark.parametrize(
    ("text", "hinweis"),
    [("31.12.13", "mit vier Ziffern"), ("12/31/2013", "Schrägstriche sind mehrdeutig"), ("Ende 2013", "Tag, Monat und Jahr")],
)  # fmt: skip
def test_kein_tag_und_was_zu_schreiben_ist(text: str, hinweis: str) -> None:
    with pytest.raises(WertError) as fehler:
        values.datum(text)
    assert hinweis in fehler.value.hinweis


@pytest.mark.parametrize(
    ("text", "kanonisch", "gedruckt", "ende"),
    [
        ("2012", "2012", "2012", date(2012, 12, 31)), ("03/2012", "2012-03", "März 2012", date(2012, 3, 31)), ("2012-03", "2012-03", "März 2012", date(2012, 3, 31)),
        ("Q1 2012", "2012-Q1", "1. Quartal 2012", date(2012, 3, 31)), ("31.12.2013", "2013-12-31", "31.12.2013", date(2013, 12, 31)),
        ("September 2007", "2007-09", "September 2007", date(2007, 9, 30)), ("12/2024", "2024-12", "Dezember 2024", date(2024, 12, 31)),
    ],
)  # fmt: skip
def test_zeitpunkte(text: str, kanonisch: str, gedruckt: str, ende: date) -> None:
    zeitpunkt = values.zeitpunkt(text)
    assert str(zeitpunkt) == kanonisch
    assert labels.zeitpunkt(zeitpunkt) == gedruckt
    assert zeitpunkt.ende == ende
    assert values.zeitpunkt(kanonisch) == zeitpunkt


@pytest.mark.parametrize("text", ["13/2012", "Q5 2012", "2012-2014", "12", "Ende 2012", "2012/13", "00/2012"])
def test_keine_zeitpunkte(text: str) -> None:
    with pytest.raises(WertError):
        values.zeitpunkt(text)


@pytest.mark.parametrize(("jahr", "gilt"), [(1799, False), (1800, True), (2200, True), (2201, False)])
def test_jahre_von_1800_bis_2200(jahr: int, gilt: bool) -> None:
    """In every way to write a time."""
    zeiten = (f"{jahr}", f"03/{jahr}", f"{jahr}-03", f"Q1 {jahr}", f"{jahr}-Q1", f"März {jahr}", f"31.12.{jahr}")
    faelle = [(values.zeitpunkt, z) for z in zeiten] + [(values.jahr, f"{jahr}")]
    for lesen, text in [*faelle, (values.datum, f"31.12.{jahr}"), (values.datum, f"{jahr}-12-31")]:
        if gilt:
            assert str(jahr) in str(lesen(text)), text
        else:
            with pytest.raises(WertError):
                lesen(text)


@pytest.mark.parametrize(
    ("text", "wert"),
    [
        ("1/3", Fraction(1, 3)), ("2 / 3", Fraction(2, 3)), ("1/1", Fraction(1)), ("0/5", Fraction(0)), ("30 %", Fraction(3, 10)), ("30%", Fraction(3, 10)),
        ("66,67 %", Fraction(6667, 10000)), ("12,5 Prozent", Fraction(1, 8)), ("0 %", Fraction(0)), ("100 %", Fraction(1)), (" rest ", "rest"),
    ],
)  # fmt: skip
def test_anteile(text: str, wert: Fraction | str) -> None:
    assert values.bruchteil(text) == wert


@pytest.mark.parametrize("text", ["100,01 %", "4/3", "-1 %", "1/0", "0,3", "30", "ein Drittel", "1/3 %", "33.3 %", ""])
def test_keine_anteile(text: str) -> None:
    with pytest.raises(WertError) as fehler:
        values.bruchteil(text)
    assert fehler.value.code == "WERT-ZAHL"


@given(st.integers(0, 10**15 - 1))
def test_ein_gedruckter_betrag_liest_sich_als_derselbe(cent: int) -> None:
    assert values.geld(labels.euro(cent)) == cent
    assert values.geld(labels.euro(cent, immer_cent=True)) == cent


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9))
def test_eine_gedruckte_zahl_liest_sich_als_dieselbe(zahl: Decimal) -> None:
    assert values.zahl(labels.zahl(zahl)) == zahl


@given(st.text(max_size=30))
def test_jeder_text_ist_ein_wert_oder_ein_befund(text: str) -> None:
    for lesen in (
        values.geld,
        values.zahl,
        values.ganzzahl,
        values.datum,
        values.zeitpunkt,
        values.jahr,
        values.ja_nein,
        values.koordinate,
    ):
        try:
            lesen(text)
        except WertError as befund:
            vollstaendig = bool(befund.meldung and befund.hinweis)
            if not vollstaendig:
                pytest.fail(f"{lesen.__name__}({text!r}) sagt nicht, was zu tun ist")
