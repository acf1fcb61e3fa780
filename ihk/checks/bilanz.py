"""A Fortschreibung answers for the plan before it: a Bilanz of every measure, reasons, series that go on, participation."""

from __future__ import annotations

from collections.abc import Iterator

from ihk.checks.kontext import Kontext
from ihk.diff.attachments import GEBIET, comparable
from ihk.labels import euro, tag, zahl, zeitpunkt
from ihk.model.massnahme import Massnahme
from ihk.problems import Problem
from ihk.termine import FERTIG, stichtag

KOSTENSPRUNG = 20
"""Percent of change in cost from which a reason is asked for (W30)."""


def bilanz(c: Kontext) -> Iterator[Problem]:
    """BILANZ-FEHLT (E42): every measure of the predecessor has a Bilanz (Völklingen 2012: one sheet each)."""
    if c.alt is None:
        return
    for m, loc in c.massnahmen():
        vorher = c.alt.nach_id.get(m.id)
        if (
            not isinstance(vorher, Massnahme)
            or vorher.beendet
            or m.grabstein
            or m.bilanz
            or c.verworfen(*loc, "bilanz")
        ):
            continue
        if "bilanz" in m.unbekannt:
            yield c.melde(
                c.ort(*loc, "unbekannt", "bilanz"), "ANGABE-UNBEKANNT", f"Was aus {m.id} geworden ist, ist unbekannt.",
                "Nachtragen, sobald es bekannt ist.", "warnung",
            )  # fmt: skip
            continue
        yield c.melde(
            c.ort(*loc), "BILANZ-FEHLT", f"{m.id} stand in der Fassung {c.alt.fassung.id}, hat aber keine Bilanz.",
            "„bilanz: {ergebnis: …, wirkung: …, bedarf: …}“ ergänzen; noch nicht Begonnenes ist auch ein Ergebnis.", c.streng,
        )  # fmt: skip


def kosten(c: Kontext) -> Iterator[Problem]:
    """FORT-KOSTEN (W30): a jump in cost has a reason. KOSTEN-IST-FEHLT (W21): what is finished says what it cost."""
    for m, loc in c.massnahmen():
        if m.kosten is None or m.grabstein or m.status == "entfallen":
            continue
        vorher = c.alt.nach_id.get(m.id) if c.alt else None
        if isinstance(vorher, Massnahme) and vorher.kosten and vorher.kosten.gesamt and m.kosten.gesamt is not None:
            delta = m.kosten.gesamt - vorher.kosten.gesamt
            if abs(delta) * 100 > vorher.kosten.gesamt * KOSTENSPRUNG and not m.begruendung:
                yield c.melde(
                    c.ort(*loc, "kosten", "gesamt"), "FORT-KOSTEN", f"{m.id} kostet {euro(m.kosten.gesamt)} statt {euro(vorher.kosten.gesamt)} ({'+' if delta > 0 else '−'}{abs(delta) * 100 // vorher.kosten.gesamt} %), ohne Grund.",
                    "„begruendung:“ ergänzen.", "warnung",
                )  # fmt: skip
        if (
            m.status in FERTIG and m.kosten.gesamt and m.kosten.ausgegeben is None and m.kosten.stand != "kostenfeststellung"
            and not {"ausgegeben", "stand"} & set(m.kosten.unbekannt) and not {"kosten", "kosten.ausgegeben"} & set(m.unbekannt)
        ):  # fmt: skip
            yield c.melde(
                c.ort(*loc, "kosten"), "KOSTEN-IST-FEHLT", f"{m.id} ist fertig; was die Maßnahme wirklich gekostet hat, fehlt.",
                "„ausgegeben:“ oder „stand: kostenfeststellung“ ergänzen, sonst unter „unbekannt“ den Grund nennen.", "warnung",
            )  # fmt: skip


def ende(c: Kontext) -> Iterator[Problem]:
    """ENDE-IST-FEHLT (W21): what is finished says since when, and that is not after the Stand."""
    am = stichtag(c.k)
    for m, loc in c.massnahmen():
        if m.status != "abgeschlossen" or m.beendet or m.zeitraum is None or c.verworfen(*loc, "zeitraum", "bis"):
            continue
        bis = m.zeitraum.bis
        if bis is None:
            if "bis" in m.zeitraum.unbekannt or {"zeitraum", "zeitraum.bis"} & set(m.unbekannt):
                continue
            meldung = f"{m.id} ist abgeschlossen; seit wann, fehlt."
        elif am is not None and bis.beginn > am:
            meldung = f"{m.id} ist abgeschlossen, soll aber erst {zeitpunkt(bis)} enden (Stand {tag(am)})."
        else:
            continue
        yield c.melde(
            c.ort(*loc, "zeitraum"), "ENDE-IST-FEHLT", meldung,
            "Unter „bis“ den Tag, Monat oder das Jahr nennen, in dem sie wirklich fertig war.", "warnung",
        )  # fmt: skip


def indikatoren(c: Kontext) -> Iterator[Problem]:
    """INDIKATOR-STEHT (W41): the series of the predecessor goes on."""
    am = stichtag(c.k)
    if c.alt is None or am is None:
        return
    for i, indikator in enumerate(c.k.indikatoren):
        vorher = c.alt.nach_id.get(indikator.id)
        alte, neue = getattr(vorher, "werte", {}), indikator.werte
        if indikator.beendet or not alte or indikator.unbekannt.get("werte"):
            continue
        if (
            max(neue, default="") <= max(alte)
            and int(max(alte)) < am.year - 1
            and f"werte.{am.year}" not in indikator.unbekannt
        ):
            yield c.melde(
                c.ort("indikatoren", i), "INDIKATOR-STEHT", f"Der Indikator {indikator.id} hat seit {max(alte)} keinen neuen Wert.",
                "Wert nachtragen oder unter „unbekannt“ bei „werte“ den Grund nennen.", "warnung",
            )  # fmt: skip


def verfahren(c: Kontext) -> Iterator[Problem]:
    """BETEILIGUNG-FEHLT (W42), ANTRAEGE-FEHLEN (I42), BESCHLUSS-VOR-STAND (W2), FORT-FAST-NEU (I41), GEBIET-OHNE-BESCHLUSS (W51)."""
    f = c.k.fassung
    if (
        f.status == "beschlossen_mit_aenderungen"
        and not f.aenderungsantraege
        and "aenderungsantraege" not in f.unbekannt
    ):
        yield c.melde(
            c.ort("fassung", "status"), "ANTRAEGE-FEHLEN", "Beschlossen mit Änderungen, aber die Änderungen stehen nirgends.",
            "Unter „aenderungsantraege“ nennen, was geändert wurde, oder unter „unbekannt“ den Grund.", "warnung",
        )  # fmt: skip
    for i, schritt in enumerate(f.beratungsfolge):
        if (
            f.beschlossen
            and schritt.rolle == "entscheidung"
            and schritt.datum
            and f.stand
            and schritt.datum < f.stand.beginn
        ):
            yield c.melde(
                c.ort("fassung", "beratungsfolge", i), "BESCHLUSS-VOR-STAND", f"Beschlossen wurde am {tag(schritt.datum)}, die Daten sind aber vom {zeitpunkt(f.stand)}.",
                "Was nach dem Beschluss geändert wird, ist eine neue Fassung.", "warnung",
            )  # fmt: skip
    if c.alt is None:
        return
    alt = c.alt
    if f.art == "fortschreibung" and "beteiligung" not in f.unbekannt and "beteiligung" not in c.k.unbekannt:
        seit = alt.fassung.stand.ende if alt.fassung.stand else None
        tage = [
            t.ende for b in c.k.beteiligung for t in (b.datum, *((b.zeitraum.von, b.zeitraum.bis) if b.zeitraum else ())) if t
        ]  # fmt: skip
        if not any(seit is None or t > seit for t in tage):
            yield c.melde(
                c.ort("beteiligung" if c.k.beteiligung else "fassung"), "BETEILIGUNG-FEHLT", f"Seit der Fassung {alt.fassung.id} ist keine Beteiligung genannt (§ 137 BauGB).",
                "Unter „beteiligung“ mit Datum ergänzen oder unter „unbekannt“ den Grund nennen.", "warnung",
            )  # fmt: skip
    lebende = [m for m in c.k.massnahmen if not m.grabstein]
    neue = [m for m in lebende if m.id not in alt.nach_id]
    if alt.massnahmen and "massnahmen" not in alt.fassung.unbekannt and len(neue) * 2 > len(lebende) > 3:
        yield c.melde(
            c.ort("massnahmen"), "FORT-FAST-NEU", f"{len(neue)} von {len(lebende)} Maßnahmen sind neu; das ist fast ein neues Konzept.",
            "Prüfen, ob Maßnahmen unter neuer Kennung weitergeführt werden.", "hinweis",
        )  # fmt: skip
    a, n = alt.konzept.gebiet, c.k.konzept.gebiet
    if a is None or n is None or n.beschluss not in (None, a.beschluss) or "beschluss" in n.unbekannt:
        return
    if a.flaeche_ha and n.flaeche_ha and a.flaeche_ha != n.flaeche_ha:
        yield c.melde(
            c.ort("konzept", "gebiet", "flaeche_ha"), "GEBIET-OHNE-BESCHLUSS", f"Das Gebiet ist {zahl(n.flaeche_ha)} statt {zahl(a.flaeche_ha)} ha groß, ohne dass ein Beschluss genannt ist (§ 171e Abs. 3 BauGB).",
            "„beschluss:“ des Gebiets ergänzen.", "warnung",
        )  # fmt: skip
        return
    assert c.vorgaenger is not None
    davor, jetzt = comparable(c.vorgaenger, c.geladen)
    if davor.get(GEBIET) != jetzt.get(GEBIET):
        yield c.melde(
            c.wert("konzept", "gebiet", "grenze"), "GEBIET-OHNE-BESCHLUSS", f"Die Grenze in „{n.grenze}“ verläuft anders als in der Fassung {alt.fassung.id}, ohne dass ein Beschluss genannt ist (§ 171e Abs. 3 BauGB).",
            "„beschluss:“ des Gebiets ergänzen oder die alte Datei zurücklegen.", "warnung",
        )  # fmt: skip
