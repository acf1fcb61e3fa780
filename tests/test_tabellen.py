"""The KuF as a workbook and as CSV: every number is right to the cent, every sum is a formula, no text becomes one."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import pty
import re
import subprocess
import sys
import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from builders import KOPF, KOSTEN, MASSNAHME, geladen, schreibe
from tabellen_lesen import CENT, GEBER, NULL, WORT, Mappe, Rechnung, anteil_im_jahr, cent, lies, rechne

from ihk.export import uebersichten
from ihk.export.arbeitsmappe import arbeitsmappe
from ihk.export.daten import daten
from ihk.export.kuf import kuf, kuf_csv
from ihk.model.load import Geladen
from ihk.project import Version, alle, find_project

WURZEL = Path(__file__).resolve().parent.parent
PROJEKT = find_project(WURZEL)
assert PROJEKT is not None
FASSUNGEN = alle(PROJEKT)
BLAETTER = ["KuF", "Jahre und Geber", "Handlungsfelder", "Programme", "Ausgabearten", "Nachrichtlich", "Maßnahmen", "Indikatoren", "Bewilligungen", "Proben", "Hinweise"]  # fmt: skip
EURO = '#,##0.00 "€"'
JAHR = {"bisher": "bisher", "spaeter": "später", "offen": "offen (Jahr)"}


def _mappe(g: Geladen) -> Mappe:
    return Mappe(io.BytesIO(arbeitsmappe(g)))


@pytest.fixture(
    scope="module", params=[*FASSUNGEN, KOSTEN], ids=lambda p: p.name if isinstance(p, Version) else "alle-faelle"
)
def fall(request: pytest.FixtureRequest) -> tuple[Geladen, Mappe, list[Rechnung], dict[str, Any]]:
    """Each Fassung of the project, and one with every case: the model, its workbook, the sums by hand, the YAML."""
    if isinstance(request.param, Version):
        g, inhalt = request.param.geladen, lies(request.param.pfad)
    else:
        g = geladen(KOPF + KOSTEN)
        import yaml

        inhalt = yaml.load(KOPF + KOSTEN, yaml.BaseLoader)
    return g, _mappe(g), rechne(inhalt), inhalt


# ------------------------------------------------------------------------------------------- every number is right


def _gleich(zelle: Any, soll: Decimal | None, wo: str) -> None:
    """A number, or no number where nothing is known."""
    if soll is None:
        assert zelle is None or isinstance(zelle, str), wo
    elif soll == 0:
        assert zelle is None or cent(zelle) == 0, wo
    else:
        assert isinstance(zelle, int | float), f"{wo}: {zelle!r} statt {soll}"
        assert cent(zelle) == soll, wo


def _summe(werte: list[dict[str, Decimal]], schluessel: str) -> Decimal:
    return sum((w.get(schluessel, NULL) for w in werte), NULL)


def test_jede_zeile_der_kuf(fall: tuple[Geladen, Mappe, list[Rechnung], dict[str, Any]]) -> None:
    _, mappe, rechnungen, _ = fall
    titel = mappe.kopf("KuF")
    for r in rechnungen:
        z = mappe.zeile("KuF", "Kennung", r.id)
        soll: dict[str, Decimal | None] = {
            "Gesamtkosten": r.gesamt,
            "nicht zuwendungsfähig": r.nicht,
            "zuwendungsfähig": r.zuwendungsfaehig,
            "Bemessungsgrundlage": r.grundlage,
            **{WORT[g]: None if g in r.ohne_betrag else r.geber.get(g, NULL) for g in GEBER},
            **{t: NULL for t in titel if t.isdigit() or t in JAHR.values()},
            **{JAHR.get(j, j): b for j, b in r.jahre.items()},
        }
        if r.zaehlt and r.gesamt is None:  # parts of an unknown whole are said in words, in no column of a sum
            soll = dict.fromkeys(soll)
        soll |= {
            "nachrichtlich, in keiner Summe": sum(r.nachrichtlich.values(), NULL),
            "beantragt": r.bewilligt.get("beantragt"),
            "bewilligt": r.bewilligt.get("betrag"),
            "ausgezahlt": r.bewilligt.get("ausgezahlt"),
            "ausgegeben": r.ausgegeben,
            "Folgekosten im Jahr": r.folgekosten,
        }
        for spalte, betrag in soll.items():
            _gleich(z[spalte], betrag, f"{r.id}, {spalte}")
        assert z["zählt mit"] == ("ja" if r.zaehlt else "nein")
        assert bool(z["Hinweis zur Zählung"]) == (not r.zaehlt or r.gesamt is None)


def test_summen_der_kuf(fall: tuple[Geladen, Mappe, list[Rechnung], dict[str, Any]]) -> None:
    """Subtotals and the total against the sums by hand and against ``daten.json``."""
    g, mappe, rechnungen, _ = fall
    mit = [r for r in rechnungen if r.zaehlt and r.gesamt is not None]
    titel = mappe.kopf("KuF")
    gesamt = mappe.zeile("KuF", "Nr.", "Insgesamt")
    summen = daten(g)["summen"]
    assert cent(gesamt["Gesamtkosten"]) == sum((r.gesamt or NULL for r in mit), NULL) == Decimal(summen["gesamt"])
    for geber in GEBER:
        assert cent(gesamt[WORT[geber]]) == _summe([r.geber for r in mit], geber), geber
        assert cent(gesamt[WORT[geber]]) == Decimal(summen["nach_geber"].get(geber, 0)), geber
    for jahr in (*(t for t in titel if t.isdigit()), *JAHR):
        assert cent(gesamt[JAHR.get(jahr, jahr)]) == _summe([r.jahre for r in mit], jahr), jahr
        assert cent(gesamt[JAHR.get(jahr, jahr)]) == Decimal(summen["nach_jahr"].get(jahr, 0)), jahr
    assert cent(gesamt["nicht zuwendungsfähig"]) == sum((r.nicht or NULL for r in mit), NULL)
    assert cent(gesamt["zuwendungsfähig"]) == sum((r.zuwendungsfaehig or NULL for r in mit), NULL)
    assert cent(gesamt["Bemessungsgrundlage"]) == sum((r.grundlage or NULL for r in mit), NULL)
    alle_mit = [r for r in rechnungen if r.zaehlt]
    assert cent(gesamt["Folgekosten im Jahr"]) == sum((r.folgekosten or NULL for r in alle_mit), NULL) == Decimal(summen["folgekosten"])  # fmt: skip
    assert cent(gesamt["ausgegeben"]) == sum((r.ausgegeben or NULL for r in alle_mit), NULL)
    assert cent(gesamt["bewilligt"]) == _summe([r.bewilligt for r in alle_mit], "betrag")
    for z in mappe.zeilen("KuF"):
        if str(z["Nr."]).startswith("Summe "):
            feld = next((h.id for h in g.fassung.handlungsfelder if z["Nr."].endswith(h.titel)), None)
            soll = sum((r.gesamt or NULL for r in mit if r.handlungsfeld == feld), NULL)
            assert cent(z["Gesamtkosten"]) == soll, z["Nr."]


def test_die_anderen_summenblaetter(fall: tuple[Geladen, Mappe, list[Rechnung], dict[str, Any]]) -> None:
    g, mappe, rechnungen, _ = fall
    mit = [r for r in rechnungen if r.zaehlt and r.gesamt is not None]
    summen = daten(g)["summen"]
    for z in mappe.zeilen("Handlungsfelder"):
        if isinstance(z["Maßnahmen"], int) and z["Nr."] != "Insgesamt":
            hier = [r for r in mit if r.handlungsfeld == z["Kennung"]]
            assert z["Maßnahmen"] == sum(r.zaehlt and r.handlungsfeld == z["Kennung"] for r in rechnungen)
            assert cent(z["Gesamt"]) == sum((r.gesamt or NULL for r in hier), NULL)
            assert cent(z["Gesamt"]) == Decimal(summen["nach_handlungsfeld"].get(z["Kennung"] or "offen", 0))
            for geber in GEBER:
                _gleich(z[WORT[geber].removesuffix(" (Geber)")], _summe([r.geber for r in hier], geber), str(z))
    programme = {z["Schlüssel"] or "offen": z["Betrag"] for z in mappe.zeilen("Programme") if isinstance(z["Betrag"], int | float) and z["Programm"] != "Insgesamt"}  # fmt: skip
    assert {p: cent(b) for p, b in programme.items()} == {
        p: b for p in {x for r in mit for x in r.programme} if (b := _summe([r.programme for r in mit], p))
    }
    arten = {
        z["Ausgabeart"]: cent(z["Betrag"]) for z in mappe.zeilen("Ausgabearten") if isinstance(z["Betrag"], int | float)
    }
    assert arten.pop("Insgesamt") == sum((r.gesamt or NULL for r in mit), NULL)
    assert len(arten) == len(summen["nach_ausgabeart"])
    assert arten.get("ohne Ausgabeart", NULL) == sum((r.gesamt or NULL for r in mit if r.ausgabeart is None), NULL)
    notiert = [r.nachrichtlich for r in rechnungen if r.zaehlend]
    zeilen = {
        z["Nr."]: z["Betrag"] for z in mappe.zeilen("Nachrichtlich") if str(z["Nr."]).startswith(("Summe", "Insgesamt"))
    }
    for geber in GEBER[:-1]:
        assert cent(zeilen.get(f"Summe {WORT[geber]}", 0)) == _summe(notiert, geber)
    assert cent(zeilen["Insgesamt"]) == Decimal(summen["nachrichtlich"]["gesamt"])
    bewilligt = mappe.zeile("Bewilligungen", "Nr.", "Insgesamt")
    assert cent(bewilligt["bewilligt"]) == _summe([r.bewilligt for r in rechnungen if r.zaehlt], "betrag")


def test_jahre_und_geber(fall: tuple[Geladen, Mappe, list[Rechnung], dict[str, Any]]) -> None:
    """Margins to the cent; a cell is nearer than a cent per measure to the exact share."""
    g, mappe, rechnungen, _ = fall
    mit = [r for r in rechnungen if r.zaehlt and r.gesamt is not None]
    zeilen = {("offen" if z["Jahr"] == "offen" else str(z["Jahr"]).replace("später", "spaeter")): z for z in mappe.zeilen("Jahre und Geber") if z["Gesamt"] is not None}  # fmt: skip
    gesamt = zeilen.pop("Insgesamt")
    assert set(zeilen) == {j for r in mit for j, b in r.jahre.items() if b}
    for jahr, z in zeilen.items():
        assert cent(z["Gesamt"]) == _summe([r.jahre for r in mit], jahr)
        for geber in GEBER:
            ist = cent(z[WORT[geber].removesuffix(" (Geber)")] or 0)
            soll = sum(anteil_im_jahr(r, jahr, geber) for r in mit)
            assert abs(ist - Decimal(soll.numerator) / soll.denominator if soll else ist) < CENT * len(mit) * len(GEBER)
            assert ist == Decimal(daten(g)["summen"]["je_jahr"][jahr].get(geber, 0))
    for geber in GEBER:
        assert cent(gesamt[WORT[geber].removesuffix(" (Geber)")]) == _summe([r.geber for r in mit], geber)


def test_jede_formel_ergibt_ihren_gespeicherten_wert(
    fall: tuple[Geladen, Mappe, list[Rechnung], dict[str, Any]],
) -> None:
    _, mappe, _, _ = fall
    formeln = list(mappe.alle_formeln())
    assert len(formeln) > 30
    for blatt, ort, formel, wert in formeln:
        assert cent(mappe.rechne(blatt, formel)) == cent(wert), f"{blatt}!{ort}: {formel}"


def test_proben_gehen_auf(fall: tuple[Geladen, Mappe, list[Rechnung], dict[str, Any]]) -> None:
    _, mappe, _, _ = fall
    zeilen = [z for z in mappe.zeilen("Proben") if z["Abweichung"] is not None]
    assert len(zeilen) == 7
    assert all(cent(z["Abweichung"]) == 0 for z in zeilen)


def test_listen_sind_vollstaendig(fall: tuple[Geladen, Mappe, list[Rechnung], dict[str, Any]]) -> None:
    _, mappe, rechnungen, inhalt = fall
    zeilen = {z["Kennung"]: z for z in mappe.zeilen("Maßnahmen") if z["Kennung"]}
    assert list(zeilen) == [r.id for r in rechnungen] or set(zeilen) == {r.id for r in rechnungen}
    for r in rechnungen:
        _gleich(zeilen[r.id]["Gesamtkosten"], r.gesamt, r.id)
    tranchen = [t for m in inhalt.get("massnahmen") or () for t in (m.get("kosten") or {}).get("bewilligungen") or ()]
    gezeigt = [z for z in mappe.zeilen("Bewilligungen") if z["Kennung"]]
    assert len(gezeigt) == len(tranchen)
    faellig = sorted(t["verfaellt_am"] for t in tranchen if "verfaellt_am" in t)
    assert sorted(f"{z['verfällt am']:%d.%m.%Y}" for z in gezeigt if z["verfällt am"]) == faellig
    indikatoren = {z["Kennung"]: z for z in mappe.zeilen("Indikatoren") if z["Kennung"]}
    for i in inhalt.get("indikatoren") or ():
        z = indikatoren[i["id"]]
        gezeigt_je_jahr = {j: v for j, v in z.items() if j.isdigit() and v is not None}
        werte = {j: Decimal(w.replace(".", "").replace(",", ".")) for j, w in (i.get("werte") or {}).items()}
        assert {j: Decimal(repr(v)) for j, v in gezeigt_je_jahr.items()} == werte
        if isinstance(i.get("ziel"), dict):
            assert Decimal(repr(z["Zielwert"])) == Decimal(i["ziel"]["wert"].replace(".", "").replace(",", "."))


# --------------------------------------------------------------------------------------------- what counts, and why


def test_was_nicht_zaehlt_steht_mit_grund_unter_der_summe() -> None:
    mappe = _mappe(geladen(KOPF + KOSTEN))
    zeilen = mappe.zeilen("KuF")
    summe = next(i for i, z in enumerate(zeilen) if z["Nr."] == "Insgesamt")
    unten = {z["Kennung"]: z for z in zeilen[summe:] if z["Kennung"]}
    assert {x: z["Hinweis zur Zählung"] for x, z in unten.items()} == {
        "M02": "enthalten in 1.1 Drittel und dort gezählt",
        "M03": "entfallen",
        "M04": "nur nachrichtlich: Kosten anderer Träger",
        "M08": "beendet in Fassung 2019",
    }
    assert unten["M03"]["Gesamtkosten"] == 1000
    assert unten["M03"]["ausgegeben"] == 12
    assert zeilen[summe]["Gesamtkosten"] == 940.01
    oben = {z["Kennung"]: z for z in zeilen[:summe] if z["Kennung"]}
    assert oben["M05"]["Gesamtkosten"] == "keine Angabe"
    assert oben["M05"]["Bund"] is None
    assert oben["M05"]["Hinweis zur Zählung"].endswith("Bekannt, in keiner Summe: Bund 33,33\u00a0€")
    assert zeilen[summe]["Bund"] == 33.33
    assert (oben["M01"]["Land"], oben["M01"]["Kommune"]) == (33.33, 73.35)


def test_unbekanntes_ist_nie_null() -> None:
    mappe = _mappe(geladen(KOPF + KOSTEN))
    z = mappe.zeile("KuF", "Kennung", "M07")
    for spalte in ("nicht zuwendungsfähig", "zuwendungsfähig", "Bemessungsgrundlage", "Dritte"):
        assert z[spalte] == "keine Angabe"
    assert z["Land"] == 0
    assert z["Bund"] is None
    assert "Dritte, Betrag: Nicht genannt" in z["nicht bekannt"]
    nichts = mappe.zeile("KuF", "Kennung", "M06")
    assert nichts["Gesamtkosten"] == "keine Angabe"
    assert nichts["nicht bekannt"] == "Kosten: Keine Quelle nennt sie"
    seite = mappe.formeln["KuF"]
    spalte = mappe.kopf("KuF")
    reihe = next(r for r in range(4, seite.max_row) if seite.cell(r, 1).value == "Insgesamt")
    assert seite.cell(reihe, spalte["EU"]).number_format.endswith(';"–"')  # nothing is known: no zero is shown
    assert seite.cell(reihe, spalte["Land"]).number_format == EURO


def test_negative_reste_bleiben_zahlen() -> None:
    """Years above the total are an error of the concept; the table shows by how much, and still adds up."""
    text = MASSNAHME.replace("      finanzierung:", "      jahre: {2024: 100.000}\n      finanzierung:")
    mappe = _mappe(geladen(KOPF + text))
    z = mappe.zeile("KuF", "Kennung", "M01")
    assert (z["2024"], z["offen (Jahr)"]) == (100_000, -10_000)
    assert all(cent(mappe.rechne(b, f)) == cent(w) for b, _, f, w in mappe.alle_formeln())
    assert [z["Abweichung"] for z in mappe.zeilen("Proben")][:6] == [0] * 6


def test_leeres_konzept() -> None:
    mappe = _mappe(geladen(KOPF))
    assert mappe.formeln.sheetnames == BLAETTER
    assert mappe.zeile("KuF", "Nr.", "Insgesamt")["Gesamtkosten"] == 0
    assert mappe.zeilen("Maßnahmen")[0]["Nr."] == "Keine Einträge."


def test_widerspruch_zu_den_summen_wird_nie_geschrieben(monkeypatch: pytest.MonkeyPatch) -> None:
    import ihk.sums

    k = geladen(KOPF + MASSNAHME).fassung
    echt, richtig = ihk.sums.nach_geber, ihk.sums.summen(k)
    monkeypatch.setattr(ihk.sums, "nach_geber", lambda kosten: echt(kosten) | {"bund": 1})
    monkeypatch.setattr(ihk.sums, "summen", lambda k: richtig)
    with pytest.raises(RuntimeError, match="Spalte bund"):
        kuf(k)
    monkeypatch.undo()
    assert kuf(k).gesamt("bund") == 30_000_00
    assert uebersichten.programme(k).gesamt("betrag") == 90_000_00


# ------------------------------------------------------------------------------------------------ form of the sheets


def test_blaetter_koepfe_und_druck() -> None:
    assert PROJEKT is not None
    version = next(v for v in FASSUNGEN if v.name == "musterstadt-ost@2024")
    mappe = _mappe(version.geladen)
    assert mappe.formeln.sheetnames == BLAETTER
    for seite in mappe.formeln:
        assert re.fullmatch(r"[A-D]4", seite.freeze_panes)
        assert seite.print_title_rows == "$3:$3"
        assert seite.page_setup.orientation == "landscape"
        assert (seite.page_setup.fitToWidth or 1) == (
            3 if seite.title == "KuF" else 2 if seite.title in ("Maßnahmen", "Indikatoren") else 1
        )
        assert seite.page_setup.fitToHeight == 0
        assert seite.sheet_properties.pageSetUpPr.fitToPage
        assert seite.oddHeader.left.text == "Integriertes Handlungskonzept Musterstadt-Ost"
        assert "erfundenes Beispiel" in seite.oddFooter.left.text
        assert seite.oddFooter.right.text == "Seite &P von &N"
        assert not seite.merged_cells.ranges
    assert mappe.formeln["KuF"].print_title_cols == "$A:$C"
    assert mappe.formeln["Maßnahmen"].auto_filter.ref
    hinweise = {z["Angabe"]: z["Inhalt"] for z in mappe.zeilen("Hinweise")}
    assert hinweise["Quelltext"].endswith(version.quelle.pruefsumme)
    assert hinweise["Erfunden"]
    assert hinweise["Stand"] == "01.06.2024"


def test_betraege_sind_zahlen_und_nummern_sind_text() -> None:
    mappe = _mappe(geladen(KOPF + KOSTEN))
    seite, kopf = mappe.formeln["KuF"], mappe.kopf("KuF")
    reihe = next(r for r in range(4, seite.max_row) if seite.cell(r, 2).value == "M01")
    for spalte in ("Gesamtkosten", "Bund", "2024"):
        zelle = seite.cell(reihe, kopf[spalte])
        assert (zelle.data_type, zelle.number_format) == ("n", EURO)
    assert (seite.cell(reihe, 1).data_type, seite.cell(reihe, 1).value) == ("s", "1.1")
    summe = seite.cell(next(r for r in range(4, seite.max_row) if seite.cell(r, 1).value == "Insgesamt"), kopf["Bund"])
    assert summe.data_type == "f"
    assert "SUM" in seite.cell(reihe + 1, kopf["Bund"]).value


BOESE = ["=1+1", "+49 30 1", "-5", "@SUM(A1)", "=cmd|' /C calc'!A0", "http://example.org", "mailto:a@example.org", "{=1}", "_x0041_", "internal:KuF!A1", "<b>&amp;"]  # fmt: skip


def test_kein_text_wird_zur_formel_oder_zum_verweis() -> None:
    zeilen = "".join(
        f"  - {{id: M{i:02}, titel: {_yaml(t)}, traeger: {_yaml(t)}, teilziele: [T1], kosten: {{gesamt: 1, bemerkung: {_yaml(t)}}}}}\n"
        for i, t in enumerate(BOESE, 1)
    )
    text = KOPF.replace("titel: Konzept Musterstadt-Ost", "titel: '=A1 &P & \"Ost\"'") + "massnahmen:\n" + zeilen
    g = geladen(text)
    daten_ = arbeitsmappe(g)
    mappe = Mappe(io.BytesIO(daten_))
    assert [mappe.zeile("KuF", "Kennung", f"M{i:02}")["Maßnahme"] for i in range(1, len(BOESE) + 1)] == BOESE
    assert [mappe.zeile("KuF", "Kennung", f"M{i:02}")["Bemerkung"] for i in range(1, len(BOESE) + 1)] == BOESE
    for _, _, formel, _ in mappe.alle_formeln():
        assert re.fullmatch(r"=(ROUND\()?((SUM\([A-Z]+\d+:[A-Z]+\d+\)|(('[\w ]+'|\w+)!)?[A-Z]+\d+|0)[+-]?)+(,2\))?", formel), formel  # fmt: skip
    for seite in mappe.formeln:
        assert not any(zelle.hyperlink for reihe in seite.iter_rows() for zelle in reihe)
        assert seite.oddHeader.left.text == '=A1 &&P && "Ost"'
    with zipfile.ZipFile(io.BytesIO(daten_)) as archiv:
        assert not [n for n in archiv.namelist() if "externalLink" in n or "vba" in n or "comment" in n]
        assert not [n for n in archiv.namelist() if b'TargetMode="External"' in archiv.read(n)]


def _yaml(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def test_sehr_lange_texte_werden_gekuerzt_statt_verschwiegen() -> None:
    text = MASSNAHME.replace("gesamt: 90.000 €", f"gesamt: 90.000 €\n      bemerkung: {'Wort ' * 9000}")
    z = _mappe(geladen(KOPF + text)).zeile("KuF", "Kennung", "M01")
    assert len(z["Bemerkung"]) == 32_000
    assert z["Bemerkung"].endswith("…")


# ------------------------------------------------------------------------------------------------------ same bytes


def test_gleiche_quelle_gleiche_bytes(tmp_path: Path) -> None:
    summen = set()
    for i, (zone, saat) in enumerate((("Asia/Tokyo", "1"), ("America/New_York", "2"))):
        ziel = tmp_path / f"{i}.xlsx"
        umgebung = os.environ | {"PYTHONPATH": str(WURZEL), "TZ": zone, "PYTHONHASHSEED": saat, "LC_ALL": "C"}
        befehl = [sys.executable, "-m", "ihk", "export", "musterstadt-ost@2024", "--format", "xlsx", "-o", str(ziel)]
        subprocess.run(befehl, cwd=WURZEL, env=umgebung, check=True, capture_output=True)
        summen.add(hashlib.sha256(ziel.read_bytes()).hexdigest())
    assert len(summen) == 1
    version = next(v for v in FASSUNGEN if v.name == "musterstadt-ost@2024")
    roh = arbeitsmappe(version.geladen)
    assert hashlib.sha256(roh).hexdigest() in summen
    with zipfile.ZipFile(io.BytesIO(roh)) as archiv:
        assert {i.date_time for i in archiv.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    mappe = Mappe(io.BytesIO(roh)).formeln
    assert mappe.properties.created == mappe.properties.modified == datetime(2024, 6, 1)
    assert mappe.properties.title == "Integriertes Handlungskonzept Musterstadt-Ost: Kosten- und Finanzierungsübersicht"


def test_ohne_stand_steht_kein_heute_darin() -> None:
    g = geladen((KOPF + MASSNAHME).replace(", stand: 01.06.2024", ""))
    assert _mappe(g).formeln.properties.created == datetime(1980, 1, 1)


# ------------------------------------------------------------------------------------------------------------- CSV


def _csv(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


def test_csv_hat_je_massnahme_eine_zeile_mit_denselben_zahlen(fall: tuple[Geladen, Mappe, list[Rechnung], dict[str, Any]]) -> None:  # fmt: skip
    g, mappe, rechnungen, _ = fall
    text = kuf_csv(g.fassung)
    assert text.count("\r\n") == text.count("\n") == len(rechnungen) + 1
    zeilen = _csv(text)
    assert [z["Kennung"] for z in zeilen] == [m.id for m in g.fassung.massnahmen]
    kopf = text.removeprefix("\ufeff").split("\r\n", 1)[0]
    assert next(csv.reader([kopf], delimiter=";")) == list(mappe.kopf("KuF"))
    geldspalten = [t for t, c in mappe.kopf("KuF").items() if mappe.formeln["KuF"].cell(3, c).alignment.horizontal == "right" and t != "Preisstand"]  # fmt: skip
    for z in zeilen:
        blatt = mappe.zeile("KuF", "Kennung", z["Kennung"])
        for spalte in geldspalten:
            assert re.fullmatch(r"(-?\d+,\d\d)?", z[spalte]), f"{spalte}: {z[spalte]}"
            wert = blatt[spalte]
            assert z[spalte].replace(",", ".") == (f"{cent(wert)}" if isinstance(wert, int | float) else "")
    summe = sum((Decimal(z["Gesamtkosten"].replace(",", ".")) for z in zeilen if z["zählt mit"] == "ja" and z["Gesamtkosten"]), NULL)  # fmt: skip
    assert summe == Decimal(daten(g)["summen"]["gesamt"])


@pytest.mark.parametrize("text", ["=1+1", "+49 30 1", "-5", "@SUM(A1)", "  =1", "＝1", "|calc"])
def test_csv_text_ist_keine_formel(text: str) -> None:
    (zeile,) = _csv(kuf_csv(geladen(KOPF + MASSNAHME.replace("Stadt Musterstadt", _yaml(text))).fassung))
    assert zeile["Träger"] == f"'{text.strip()}"


def test_csv_schreibt_betraege_ohne_punkt_und_texte_in_eine_zeile() -> None:
    text = MASSNAHME.replace("gesamt: 90.000 €", 'gesamt: 250.000 €\n      bemerkung: "Eins; \\"zwei\\"\\n\\nDrei"')
    (zeile,) = _csv(kuf_csv(geladen(KOPF + text).fassung))
    assert zeile["Gesamtkosten"] == "250000,00"
    assert zeile["Bemerkung"] == 'Eins; "zwei" Drei'
    assert zeile["offen (Geber)"] == "160000,00"


# ---------------------------------------------------------------------------------------------------- command line


def _ihk(*argumente: str, cwd: Path, **mehr: Any) -> subprocess.CompletedProcess[bytes]:
    env = os.environ | {"PYTHONPATH": str(WURZEL)}
    return subprocess.run(
        [sys.executable, "-m", "ihk", *argumente],
        cwd=cwd,
        env=env,
        check=False,
        **({"capture_output": True} | mehr),
    )


@pytest.fixture
def projekt(tmp_path: Path) -> Path:
    return schreibe(tmp_path, {"concepts/musterstadt-ost/2024.yaml": KOPF + MASSNAHME})


def test_ausgabe_in_datei_ordner_und_strom(projekt: Path) -> None:
    for form in ("csv", "xlsx"):
        strom = _ihk("export", "musterstadt-ost", "--format", form, cwd=projekt)
        datei = _ihk("export", "musterstadt-ost", "--format", form, "-o", f"neu/kuf.{form}", cwd=projekt)
        (projekt / "aus").mkdir(exist_ok=True)
        ordner = _ihk("export", "musterstadt-ost", "--format", form, "-o", "aus", cwd=projekt)
        assert (strom.returncode, datei.returncode, ordner.returncode) == (0, 0, 0)
        assert (datei.stdout, ordner.stdout) == (b"", b"")
        assert strom.stdout == (projekt / f"neu/kuf.{form}").read_bytes()
        assert strom.stdout == (projekt / f"aus/musterstadt-ost-2024-kuf.{form}").read_bytes()
        assert f"aus/musterstadt-ost-2024-kuf.{form}" in ordner.stderr.decode()
    assert strom.stdout.startswith(b"PK")


def test_json_in_einen_ordner_ist_ein_satz(projekt: Path) -> None:
    lauf = _ihk("export", "musterstadt-ost", "-o", "concepts", cwd=projekt)
    assert lauf.returncode == 2
    assert "ist ein Ordner" in lauf.stderr.decode()


def test_mappe_nicht_ins_terminal(projekt: Path) -> None:
    haupt, neben = pty.openpty()
    lauf = _ihk("export", "musterstadt-ost", "--format", "xlsx", cwd=projekt, capture_output=False, stdout=neben, stderr=subprocess.PIPE)  # fmt: skip
    os.close(neben)
    os.close(haupt)
    assert lauf.returncode == 2
    assert "-o DATEI" in lauf.stderr.decode()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_fehler_werden_gemeldet_und_die_datei_entsteht(projekt: Path, form: str) -> None:
    datei = projekt / "concepts/musterstadt-ost/2024.yaml"
    datei.write_text(datei.read_text(encoding="utf-8").replace("90.000 €", "90.000,01 €"), encoding="utf-8")
    lauf = _ihk("export", "musterstadt-ost", "--format", form, "-o", f"kuf.{form}", cwd=projekt)
    assert lauf.returncode == 1
    assert "GELD-FINANZIERUNG" in lauf.stderr.decode()
    assert (projekt / f"kuf.{form}").stat().st_size > 100
