"""What counts in totals, and that every breakdown adds up."""

from __future__ import annotations

from builders import KOPF, KOSTEN, geladen
from hypothesis import given, settings
from hypothesis import strategies as st

from ihk.sums import (
    Summen,
    bemessungsgrundlage,
    bewilligt,
    gezaehlt_in,
    kommune_nicht_zuwendungsfaehig,
    summen,
    zuwendungsfaehig,
)

HF = "handlungsfelder: [{id: HF1, titel: Wohnen}, {id: HF2, titel: Klima}]\nmassnahmen:\n"


def m(kennung: str, gesamt: str | None, *zeilen: str, finanzierung: str = "", jahre: str = "") -> str:
    kosten = f"    kosten: {{gesamt: {gesamt}{finanzierung}{jahre}}}\n" if gesamt else ""
    return (
        f"  - {{id: {kennung}, titel: Titel}}\n".replace("}\n", "")
        .replace("  - {", "  - ")
        .replace(", titel", "\n    titel")
        + "\n    teilziele: [T1]\n"
        + kosten
        + "".join(f"    {z}\n" for z in zeilen)
    )


def _summen(*massnahmen: str) -> Summen:
    s = summen(geladen(KOPF + HF + "".join(massnahmen)).fassung)
    for teil in (s.nach_geber, s.nach_jahr, s.nach_handlungsfeld):
        assert sum(teil.values()) == s.gesamt
    return s


def test_beendete_zaehlen_nicht() -> None:
    s = _summen(
        m("M01", "100", "status: geplant"),
        m("M02", "200", "status: entfallen"),
        m("M03", "400", "aufgegangen_in: [M01]"),
        m("M04", "800", "beendet_in: '2019'"),
    )
    assert s.gesamt == 100_00


def test_gesamtvorhaben_zaehlt_einmal() -> None:
    assert _summen(m("M01", "100"), m("M02", "60", "teil_von: M01"), m("M03", "40", "teil_von: M01")).gesamt == 100_00
    assert _summen(m("M01", None), m("M02", "60", "teil_von: M01"), m("M03", "40", "teil_von: M01")).gesamt == 100_00
    assert _summen(m("M01", "100", "status: entfallen"), m("M02", "60", "teil_von: M01")).gesamt == 60_00
    assert _summen(m("M01", "100"), m("M02", None, "teil_von: M01"), m("M03", "40", "teil_von: M02")).gesamt == 100_00


def test_kreis_haengt_nicht() -> None:
    assert _summen(m("M01", None, "teil_von: M02"), m("M02", None, "teil_von: M01")).gesamt == 0


def test_nachrichtliche_haben_eigene_summen() -> None:
    s = _summen(
        m(
            "M01",
            "100",
            finanzierung=", finanzierung: [{geber: kommune, betrag: 100}, {geber: eu, betrag: 50, nachrichtlich: ja}]",
        )
    )
    assert (s.gesamt, s.nach_geber, s.nachrichtlich) == (100_00, {"kommune": 100_00}, {"eu": 50_00})
    s = _summen(m("M01", "400", finanzierung=", finanzierung: [{geber: dritte, betrag: 400, nachrichtlich: ja}]"))
    assert (s.gesamt, s.nachrichtlich, s.ohne_kosten) == (0, {"dritte": 400_00}, ())


def test_was_nicht_zugeordnet_ist_steht_unter_offen() -> None:
    s = _summen(
        m(
            "M01",
            "100",
            "handlungsfeld: HF1",
            finanzierung=", finanzierung: [{geber: bund, betrag: 30}]",
            jahre=", jahre: {2025: 20, bisher: 5}",
        ),
        m("M02", "10"),
        m("M03", None),
    )
    assert s.nach_geber == {"bund": 30_00, "offen": 80_00}
    assert s.nach_jahr == {"bisher": 5_00, "2025": 20_00, "offen": 85_00}
    assert s.nach_handlungsfeld == {"HF1": 100_00, "offen": 10_00}
    assert s.ohne_kosten == ("M03",)


def test_jahre_ergeben_sich_aus_den_anteilen() -> None:
    anteile = ", finanzierung: [{geber: bund, betrag: 60, jahre: {2024: 20, 2025: 40}}, {geber: kommune, betrag: 40, jahre: {2024: 40}}]"
    assert _summen(m("M01", "100", finanzierung=anteile)).nach_jahr == {"2024": 60_00, "2025": 40_00}


def test_beispiel_der_fachliteratur() -> None:
    """Three measures at thirds; the town bears the cents (Bund and Land are rounded down)."""

    def f(bund: str, land: str, kommune: str) -> str:
        return f', finanzierung: [{{geber: bund, betrag: "{bund}"}}, {{geber: land, betrag: "{land}"}}, {{geber: kommune, betrag: "{kommune}"}}]'

    s = _summen(
        m("M01", "360.000", finanzierung=f("120.000", "120.000", "120.000")),
        m("M02", "1.000.000", finanzierung=f("305.000", "305.000", "390.000")),
        m("M03", "2.300.000", finanzierung=f("666.666,66", "666.666,66", "966.666,68")),
    )
    assert s.nach_geber == {"bund": 1_091_666_66, "land": 1_091_666_66, "kommune": 1_476_666_68}


@settings(max_examples=100)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 10**6),
            st.booleans(),
            st.sampled_from(["HF1", "HF2", ""]),
            st.sampled_from(["", "M01", "M02"]),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_jede_aufteilung_ergibt_das_ganze(liste: list[tuple[int, bool, str, str]]) -> None:
    _summen(
        *(
            m(f"M{i:02}", str(betrag), *([f"handlungsfeld: {hf}"] if hf else []), *([f"teil_von: {dach}"] if dach and dach != f"M{i:02}" else []),
              finanzierung=f", finanzierung: [{{geber: kommune, betrag: {betrag // 2}}}]" if anteil else "")
            for i, (betrag, anteil, hf, dach) in enumerate(liste)
        )
    )  # fmt: skip


def test_worin_ein_teil_gezaehlt_ist() -> None:
    k = geladen(KOPF + HF + m("M01", "100") + m("M02", None, "teil_von: M01") + m("M03", "40", "teil_von: M02")).fassung
    assert [d and d.id for d in (gezaehlt_in(k, x) for x in k.massnahmen)] == [None, "M01", "M01"]


def test_unbekannter_teil_wird_nicht_null() -> None:
    k = geladen(
        KOPF + HF + m("M01", "100", finanzierung=", unbekannt: {nicht_zuwendungsfaehig: Nicht genannt}")
    ).fassung
    assert k.massnahmen[0].kosten is not None
    assert zuwendungsfaehig(k.massnahmen[0].kosten) is None
    assert bemessungsgrundlage(k.massnahmen[0].kosten) is None


def test_bewilligungen_und_der_teil_der_kommune() -> None:
    kosten = geladen(KOPF + KOSTEN).fassung.massnahmen[0].kosten
    assert kosten is not None
    assert bewilligt(kosten) == {"beantragt": 70_00, "bewilligt": 66_66, "ausgezahlt": None}
    assert kommune_nicht_zuwendungsfaehig(kosten) == 40_00
