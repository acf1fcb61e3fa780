"""The totals of a Fassung as tables: by year and giver, Handlungsfeld, programme, kind of expense, and what is only noted."""

from __future__ import annotations

from ihk import labels, sums
from ihk.export.kuf import warum_nicht, zaehlt_mit
from ihk.export.tabelle import (
    KEINE_ANGABE,
    WER,
    Abweichung,
    Bezug,
    Block,
    Spalte,
    Tabelle,
    Zeile,
    einzeilig,
    luecken,
    oder_unbekannt,
    wer,
)
from ihk.model import Konzeptfassung, Massnahme
from ihk.model.massnahme import GEBER, Anteil, Bewilligung

_GEBERSPALTEN = (
    *(Spalte(g, labels.GEBER[g], "geld", summe=True) for g in GEBER),
    Spalte("gesamt", "Gesamt", "geld", 17, summe=True, quer=(GEBER[0], GEBER[-1])),
)


def jahre_und_geber(k: Konzeptfassung) -> Tabelle:
    s = sums.summen(k)
    zeilen = tuple(
        Zeile({"jahr": int(j) if j.isdigit() else labels.jahr(j), **je_geber, "gesamt": sum(je_geber.values())})
        for j, je_geber in s.je_jahr.items()
    )
    hinweise = [
        "„bisher“: vor dem ersten Jahr der Tabelle; „später“: nach dem letzten; „offen“: keinem Jahr oder Geber zugeordnet."
    ]
    if s.gerechnet:
        hinweise.append(
            "Wo keine Quelle die Jahresbeträge eines Gebers nennt, sind sie aus seinem Anteil an den Gesamtkosten gerechnet, auf den Cent und ohne Rest."
        )
    return Tabelle(
        "Jahre und Geber",
        "Kosten nach Jahren und Gebern",
        (Spalte("jahr", "Jahr", "jahr", 12), *_GEBERSPALTEN),
        (Block(zeilen),) if zeilen else (),
        "Insgesamt",
        hinweise=tuple(hinweise),
    ).pruefe({g: s.nach_geber.get(g, 0) for g in GEBER} | {"gesamt": s.gesamt})  # fmt: skip


def handlungsfelder(k: Konzeptfassung) -> Tabelle:
    s = sums.summen(k)
    zaehlt = zaehlt_mit(k)
    zeilen = []
    mit = [m for m in k.massnahmen if m.id in zaehlt]
    genannt = sorted((m.handlungsfeld for m in mit), key=lambda feld: feld is None)
    for feld in dict.fromkeys((*(h.id for h in k.handlungsfelder), *genannt)):
        dazu = [m for m in mit if m.handlungsfeld == feld]
        teil = sums.summen(k, dazu)
        objekt = k.nach_id.get(feld or "")
        zeilen.append(
            Zeile({
                "nummer": k.nummern.get(feld or ""), "id": feld, "titel": getattr(objekt, "titel", None) or (feld or "ohne Handlungsfeld"),
                "anzahl": len(dazu), "ohne": len(teil.ohne_kosten), **teil.nach_geber, "gesamt": teil.gesamt,
            })
        )  # fmt: skip
    return Tabelle(
        "Handlungsfelder",
        "Kosten nach Handlungsfeldern und Gebern",
        (
            Spalte("nummer", "Nr.", breite=7),
            Spalte("id", "Kennung", breite=9),
            Spalte("titel", "Handlungsfeld", breite=34),
            Spalte("anzahl", "Maßnahmen", "zahl", 11, summe=True),
            Spalte("ohne", "davon ohne bekannte Kosten", "zahl", 14, summe=True),
            *_GEBERSPALTEN,
        ),
        (Block(tuple(zeilen)),) if zeilen else (),
        "Insgesamt",
        fest=3,
    ).pruefe({g: s.nach_geber.get(g, 0) for g in GEBER} | {"gesamt": s.gesamt, "ohne": len(s.ohne_kosten)})


def programme(k: Konzeptfassung) -> Tabelle:
    s = sums.summen(k)
    zeilen = tuple(
        Zeile({"titel": "ohne Programm" if p == sums.OFFEN else labels.programm(p), "schluessel": None if p == sums.OFFEN else p, "betrag": b})
        for p, b in s.nach_programm.items()
    )  # fmt: skip
    return Tabelle(
        "Programme",
        "Kosten nach Förderprogrammen",
        (
            Spalte("titel", "Programm", breite=36),
            Spalte("schluessel", "Schlüssel", breite=30),
            Spalte("betrag", "Betrag", "geld", 17, summe=True),
        ),
        (Block(zeilen),) if zeilen else (),
        "Insgesamt",
        hinweise=("Je Programm die Beträge aller Geber, die es nennen, auch der Kommune.",),
    ).pruefe({"betrag": s.gesamt})


def ausgabearten(k: Konzeptfassung) -> Tabelle:
    s = sums.summen(k)
    zeilen = tuple(
        Zeile({"titel": labels.AUSGABEART.get(a, "ohne Ausgabeart"), "betrag": b}) for a, b in s.nach_ausgabeart.items()
    )
    return Tabelle(
        "Ausgabearten",
        "Kosten nach Ausgabearten",
        (Spalte("titel", "Ausgabeart", breite=44), Spalte("betrag", "Betrag", "geld", 17, summe=True)),
        (Block(zeilen),) if zeilen else (),
        "Insgesamt",
    ).pruefe({"betrag": s.gesamt})


def nachrichtlich(k: Konzeptfassung) -> Tabelle:
    """Money of other bodies by giver, with a total of its own (§ 149 BauGB)."""
    s = sums.summen(k)
    zaehlende = {m.id for m in sums.zaehlende(k)}

    def zeilen(geber: str | None, mit: bool) -> tuple[Zeile, ...]:
        return tuple(
            _notiert(k, m, a, betrag)
            for m in k.massnahmen
            if m.kosten and (m.id in zaehlende) == mit
            for a, betrag in zip(m.kosten.finanzierung, sums.betraege(m.kosten), strict=True)
            if a.nachrichtlich and geber in (None, a.geber)
        )

    je_geber = ((g, zeilen(g, True)) for g in GEBER)
    andere = zeilen(None, False)
    return Tabelle(
        "Nachrichtlich",
        "Nachrichtlich: Kosten anderer Träger, in keiner anderen Summe enthalten",
        (
            *WER,
            Spalte("traeger", "Träger", breite=24),
            Spalte("geber", "Geber", breite=14),
            Spalte("programm", "Programm", breite=24),
            Spalte("betrag", "Betrag", "geld", 17, summe=True),
            Spalte("bemerkung", "Bemerkung", breite=36),
        ),
        tuple(Block(z, labels.GEBER[g], f"Summe {labels.GEBER[g]}") for g, z in je_geber if z),
        "Insgesamt",
        (Block(andere, "Nicht in den Summen enthalten"),) if andere else (),
        fest=3,
    ).pruefe({"betrag": sum(s.nachrichtlich.values())})


def _notiert(k: Konzeptfassung, m: Massnahme, a: Anteil, betrag: int | None) -> Zeile:
    return {
        **wer(k, m),
        "traeger": m.traeger or KEINE_ANGABE,
        "geber": labels.GEBER[a.geber],
        "programm": labels.programm(a.programm) if a.programm else None,
        "betrag": KEINE_ANGABE if betrag is None else betrag,
        "bemerkung": "; ".join(t for t in (einzeilig(a.bemerkung), luecken(("", a))) if t),
    }


def bewilligungen(k: Konzeptfassung) -> Tabelle:
    """Every tranche of a grant, by measure, with the day on which it lapses."""
    zaehlt = zaehlt_mit(k)

    def zeilen(mit: bool) -> tuple[Zeile, ...]:
        return tuple(
            _tranche(k, m, b, mit)
            for m in k.massnahmen
            if m.kosten and (m.id in zaehlt) == mit
            for b in m.kosten.bewilligungen
        )

    mit, ohne = zeilen(True), zeilen(False)
    return Tabelle(
        "Bewilligungen",
        "Bewilligungen und Verfall",
        (
            *WER,
            Spalte("programm", "Programm", breite=24),
            Spalte("programmjahr", "Programmjahr", "jahr", 13),
            Spalte("bescheid", "Bescheid", breite=20),
            Spalte("datum", "Datum", "datum", 12),
            Spalte("beantragt", "beantragt", "geld", summe=True),
            Spalte("bewilligt", "bewilligt", "geld", summe=True),
            Spalte("ausgezahlt", "ausgezahlt", "geld", summe=True),
            Spalte("verfaellt_am", "verfällt am", "datum", 12),
            Spalte("zaehlung", "Hinweis zur Zählung", breite=32),
            Spalte("luecken", "nicht bekannt", breite=36),
        ),
        (Block(mit),) if mit else (),
        "Insgesamt",
        (Block(ohne, "Nicht in den Summen enthalten"),) if ohne else (),
        filter=True,
        fest=3,
    )


def _tranche(k: Konzeptfassung, m: Massnahme, b: Bewilligung, zaehlt: bool) -> Zeile:
    felder = {
        "programm": labels.programm(b.programm) if b.programm else None,
        "programmjahr": b.programmjahr,
        "bescheid": b.bescheid,
        "datum": b.datum,
        "beantragt": b.beantragt,
        "ausgezahlt": b.ausgezahlt,
        "verfaellt_am": b.verfaellt_am,
    }
    return {
        **wer(k, m),
        **{feld: oder_unbekannt(wert, b, feld) for feld, wert in felder.items()},
        "bewilligt": oder_unbekannt(b.betrag, b, "betrag"),
        "zaehlung": "" if zaehlt else warum_nicht(k, m),
        "luecken": luecken(("", b)),
    }


def proben(kuf: Tabelle) -> Tabelle:
    """The same total on two ways, and their difference: zero unless the concept contradicts itself."""
    gesamt = Bezug("KuF", ("gesamt",))
    alle = [s.schluessel for s in kuf.spalten if s.art == "geld" and s.summe]
    geber = tuple(s for s in alle if s in {*GEBER, "offen_geber"})
    jahre = tuple(s for s in alle if s.isdigit() or s in ("bisher", "spaeter", "offen_jahr"))
    paare = [
        ("KuF: Summe aller Geber, mit Einnahmen und offen", Bezug("KuF", geber), gesamt),
        ("KuF: Summe aller Jahre, mit bisher, später und offen", Bezug("KuF", jahre), gesamt),
        ("Jahre und Geber", Bezug("Jahre und Geber", ("gesamt",)), gesamt),
        ("Handlungsfelder", Bezug("Handlungsfelder", ("gesamt",)), gesamt),
        ("Programme", Bezug("Programme", ("betrag",)), gesamt),
        ("Ausgabearten", Bezug("Ausgabearten", ("betrag",)), gesamt),
        ("Bewilligungen: bewilligt", Bezug("Bewilligungen", ("bewilligt",)), Bezug("KuF", ("bewilligt",))),
    ]
    return Tabelle(
        "Proben",
        "Proben: dieselbe Summe auf zwei Wegen",
        (
            Spalte("was", "Summe in", breite=50),
            Spalte("dort", "Betrag dort", "geld", 18),
            Spalte("kuf", "Betrag in der KuF", "geld", 18),
            Spalte("abweichung", "Abweichung", "geld", 16),
        ),
        (Block(tuple({"was": w, "dort": d, "kuf": b, "abweichung": Abweichung("dort", "kuf")} for w, d, b in paare)),),
        hinweise=("Eine Abweichung heißt: Angaben im Konzept widersprechen einander; „ihk check“ nennt die Stelle.",),
    )
