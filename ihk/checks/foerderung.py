"""Funding: shares, grants and limits of the reconciliations R3 and R8 to R10, programmes, and totals written by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from ihk import sums
from ihk.checks.kontext import Kontext
from ihk.labels import GEBER, euro, programm, prozentsatz, tag, zeitpunkt
from ihk.model import Loc
from ihk.model.massnahme import Bewilligung, Kosten
from ihk.problems import Problem
from ihk.register import Anteile, laender, programme
from ihk.termine import FERTIG, stichtag

GEFOERDERT = ("bund", "land", "bund_land", "kommune")
PREISSTAND_ALT = 3
"""Years after which a price base is called old (W31)."""


def bemessung(c: Kontext) -> Iterator[Problem]:
    """GELD-BEMESSUNG (R3): Bund + Land + Kommune = Bemessungsgrundlage, where the file says what is paid for which part."""
    for m, loc in c.massnahmen():
        kosten = m.kosten
        if kosten is None or kosten.gesamt is None or not kosten.nicht_zuwendungsfaehig:
            continue
        basis = sums.bemessungsgrundlage(kosten)
        paare = [(a, b) for a, b in zip(kosten.finanzierung, sums.betraege(kosten), strict=True) if not a.nachrichtlich]
        if (
            basis is None
            or not any(a.auf for a, _ in paare)
            or any(b is None or a.geber == sums.OFFEN for a, b in paare)
        ):
            continue
        rest = [(a, b or 0) for a, b in paare if a.auf == "nicht_zuwendungsfaehig"]
        # Without a word on it, money of the programme pays for what can be funded.
        anteile = [(a, b or 0) for a, b in paare if a.auf != "nicht_zuwendungsfaehig" and a.geber != "einnahmen"]
        summe = sum(b for _, b in anteile)
        if rest and summe != basis:
            gleichung = f"{' + '.join(euro(b) for _, b in anteile)} = {euro(summe)}, Bemessungsgrundlage {euro(basis)}"
            yield c.melde(
                c.ort(*loc, "kosten", "finanzierung"), "GELD-BEMESSUNG", f"Die Anteile an den zuwendungsfähigen Kosten von {m.id} gehen nicht auf: {gleichung}.",
                "Bemessungsgrundlage sind die zuwendungsfähigen Kosten ohne Einnahmen; „auf“ und Beträge prüfen.",
            )  # fmt: skip


def foerdersatz(c: Kontext) -> Iterator[Problem]:
    """GELD-FOERDERSATZ (R3): shares are those usual in the Land. GELD-EIGENANTEIL (R10): the town pays its minimum."""
    land = laender().get(c.k.konzept.kommune.land or "") if c.k.konzept.kommune else None
    if land is None:
        return
    for m, loc in c.massnahmen():
        kosten = m.kosten
        basis = sums.bemessungsgrundlage(kosten) if kosten else None
        if kosten is None or not basis or m.beendet or not _im_programm(kosten):
            continue
        anteile = dict.fromkeys(("bund", "land", "kommune"), 0)
        fremdes = False
        for a, b in zip(kosten.finanzierung, sums.betraege(kosten), strict=True):
            if a.nachrichtlich or a.auf == "nicht_zuwendungsfaehig" or a.geber == "einnahmen":
                continue
            if a.geber in anteile:
                anteile[a.geber] += b or 0
            else:
                fremdes = True
        ort = c.ort(*loc, "kosten", "finanzierung")
        if sum(anteile.values()) != basis or fremdes:
            continue  # the parts say nothing about the shares of this base
        if land.anteile and not any(_passt(anteile, basis, x) for x in land.anteile):
            ist = ", ".join(f"{GEBER[g]} {prozentsatz(b, basis)}" for g, b in anteile.items())
            soll = " oder ".join(f"Bund {x.bund}, Land {x.land}, Kommune {x.kommune}" for x in land.anteile)
            yield c.melde(
                ort, "GELD-FOERDERSATZ", f"Die Anteile von {m.id} ({ist}) sind nicht die in {land.name} üblichen ({soll}).",
                f"Bescheid prüfen; die üblichen Anteile nennt {land.anteile[0].quelle}.", "hinweis",
            )  # fmt: skip
        if land.eigenanteil_mindestens is not None and anteile["kommune"] < basis * land.eigenanteil_mindestens:
            yield c.melde(
                ort, "GELD-EIGENANTEIL", f"Die Kommune trägt bei {m.id} {euro(anteile['kommune'])} von {euro(basis)}, mindestens {prozentsatz_text(land.eigenanteil_mindestens)} wären {euro(int(basis * land.eigenanteil_mindestens))}.",
                f"Anteile prüfen; den Mindestanteil nennt {land.eigenanteil_quelle}.", "warnung",
            )  # fmt: skip


def prozentsatz_text(anteil: Fraction) -> str:
    """``10 %``"""
    return prozentsatz(anteil.numerator, anteil.denominator)


def _im_programm(kosten: Kosten) -> bool:
    bekannt = programme()
    genannt = {a.programm for a in kosten.finanzierung if a.programm and not a.nachrichtlich}
    return bool(genannt) and all(p in bekannt and bekannt[p].art == "staedtebaufoerderung" for p in genannt)


def _passt(anteile: dict[str, int], basis: int, ueblich: Anteile) -> bool:
    """Within a cent of rounding for each grant."""
    return all(abs(anteile[g] - basis * getattr(ueblich, g)) < 2 for g in ("bund", "land"))


def bewilligungen(c: Kontext) -> Iterator[Problem]:
    """GELD-BEWILLIGUNG (R8): paid ≤ approved ≤ applied for ≤ planned. BEWILLIGUNG-VERFAELLT (W33)."""
    am = stichtag(c.k)
    for m, loc in c.massnahmen():
        kosten = m.kosten
        if kosten is None or m.grabstein:
            continue
        for i, b in enumerate(kosten.bewilligungen):
            ort: Loc = (*loc, "kosten", "bewilligungen", i)
            for klein, gross, satz in (
                (b.ausgezahlt, b.betrag, "ausgezahlt sind {}, bewilligt nur {}"), (b.betrag, b.beantragt, "bewilligt sind {}, beantragt nur {}"),
            ):  # fmt: skip
                if klein is not None and gross is not None and klein > gross:
                    yield c.melde(
                        c.ort(*ort), "GELD-BEWILLIGUNG", f"Bei {m.id}: {satz.format(euro(klein), euro(gross))}.", "Beträge mit dem Bescheid vergleichen.",
                    )  # fmt: skip
            if b.verfaellt_am and b.ausgezahlt != b.betrag and m.status not in FERTIG and not m.beendet:
                ende = m.zeitraum.bis if m.zeitraum else None
                if am and b.verfaellt_am < am:
                    grund = f"ist am {tag(b.verfaellt_am)} verfallen (Stand {tag(am)})"
                elif ende and b.verfaellt_am < ende.beginn and b is _letzte(kosten):
                    grund = f"verfällt am {tag(b.verfaellt_am)}, die Maßnahme endet erst {zeitpunkt(ende)}"
                else:
                    continue
                yield c.melde(
                    c.ort(*ort, "verfaellt_am"), "BEWILLIGUNG-VERFAELLT", f"Die Bewilligung {b.programmjahr or ''} für {m.id} {grund}.".replace("  ", " "),
                    "Mit dem Fördergeber klären, Frist nachtragen oder den Zeitraum ändern.", "warnung",
                )  # fmt: skip
        bewilligt = sum(b.betrag or 0 for b in kosten.bewilligungen)
        zuwendung = sum(sums.nach_geber(kosten).get(g, 0) for g in (*sums.ZUWENDUNG, "eu"))
        if kosten.finanzierung and bewilligt > zuwendung and sums.OFFEN not in sums.nach_geber(kosten):
            yield c.melde(
                c.ort(*loc, "kosten", "bewilligungen"), "GELD-BEWILLIGUNG", f"Für {m.id} sind {euro(bewilligt)} bewilligt, als Zuwendung geplant nur {euro(zuwendung)}.",
                "Finanzierung an die Bescheide anpassen.", "warnung",
            )  # fmt: skip


def _letzte(kosten: Kosten) -> Bewilligung:
    """The tranche that lapses last: earlier ones are followed by it."""
    return max(kosten.bewilligungen, key=lambda b: b.verfaellt_am or date.min)


def obergrenze(c: Kontext) -> Iterator[Problem]:
    """GELD-OBERGRENZE (R9): all grants together stay below the Förderobergrenze, if one is set."""
    grenze = c.k.konzept.foerderobergrenze
    if grenze is None:
        return
    teile = {g: b for g, b in sums.summen(c.k).nach_geber.items() if g in sums.ZUWENDUNG}
    if sum(teile.values()) > grenze:
        gleichung = " + ".join(f"{GEBER[g]} {euro(b)}" for g, b in teile.items())
        yield c.melde(
            c.ort("konzept", "foerderobergrenze"), "GELD-OBERGRENZE", f"Die Förderung übersteigt die Obergrenze: {gleichung} = {euro(sum(teile.values()))}, Obergrenze {euro(grenze)}.",
            f"{euro(sum(teile.values()) - grenze)} zu viel: Maßnahmen kürzen, anders finanzieren oder die Obergrenze ändern lassen.",
        )  # fmt: skip


def programmnamen(c: Kontext) -> Iterator[Problem]:
    """PROGRAMM-UNBEKANNT, PROGRAMM-LAUFZEIT: programmes are in the register and run when money is taken from them."""
    bekannt = programme()
    stellen: list[tuple[Loc, str, int | None]] = [
        (("konzept", "programme", i), p, None) for i, p in enumerate(c.k.konzept.programme)
    ]
    for m, loc in c.massnahmen():
        beginn = m.zeitraum.von.beginn.year if m.zeitraum and m.zeitraum.von else None
        for i, a in enumerate(m.kosten.finanzierung if m.kosten else ()):
            if a.programm:
                stellen.append(((*loc, "kosten", "finanzierung", i, "programm"), a.programm, beginn))
    gemeldet: set[str] = set()
    for pfad, name, jahr in stellen:
        if name not in bekannt:
            if name not in gemeldet:
                yield c.melde(
                    c.wert(*pfad), "PROGRAMM-UNBEKANNT", f"Das Förderprogramm „{name}“ steht nicht im Verzeichnis.",
                    f"Im Verzeichnis stehen: {', '.join(bekannt)}. Ein anderes wird gedruckt, wie es hier steht.", "hinweis",
                )  # fmt: skip
            gemeldet.add(name)
        elif (
            jahr is not None
            and bekannt[name].von is not None
            and jahr < (bekannt[name].von or 0)
            and not bekannt[name].vorlaeufer
        ):
            yield c.melde(
                c.wert(*pfad), "PROGRAMM-LAUFZEIT", f"„{programm(name)}“ gibt es erst seit {bekannt[name].von}, die Maßnahme beginnt {jahr}.",
                "Programm oder Zeitraum prüfen.", "warnung",
            )  # fmt: skip


def preisstand(c: Kontext) -> Iterator[Problem]:
    """PREISSTAND-ALT (W31): what is still to be built is not estimated with old prices."""
    am = stichtag(c.k)
    for m, loc in c.massnahmen():
        alt = m.kosten.preisstand if m.kosten else None
        if am and alt and am.year - alt > PREISSTAND_ALT and not m.beendet and m.status not in FERTIG:
            yield c.melde(
                c.ort(*loc, "kosten", "preisstand"), "PREISSTAND-ALT", f"Die Kosten von {m.id} haben den Preisstand {alt}, der Stand der Fassung ist {am.year}.",
                "Kosten mit dem Baupreisindex fortschreiben.", "hinweis",
            )  # fmt: skip


def erwartet(c: Kontext) -> Iterator[Problem]:
    """SUMME-ERWARTET: totals written by hand are what the measures add up to."""
    e = c.k.erwartet
    if e is None:
        return
    s = sums.summen(c.k)
    paare: list[tuple[Loc, int | None, int, str]] = [
        (("gesamt",), e.gesamt, s.gesamt, "die Gesamtkosten"), (("nachrichtlich",), e.nachrichtlich, sum(s.nachrichtlich.values()), "die nachrichtlichen Kosten"),
    ]  # fmt: skip
    for name, soll, ist in (
        ("nach_geber", e.nach_geber, s.nach_geber), ("nach_jahr", e.nach_jahr, s.nach_jahr), ("nach_handlungsfeld", e.nach_handlungsfeld, s.nach_handlungsfeld),
    ):  # fmt: skip
        paare += [((name, x), b, ist.get(x, 0), f"„{GEBER.get(x, x)}“") for x, b in soll.items()]
    summanden = _summanden(c)
    for pfad, soll_cent, ist_cent, was in paare:
        if soll_cent is not None and soll_cent != ist_cent:
            yield c.melde(
                c.wert("erwartet", *pfad), "SUMME-ERWARTET", f"Erwartet sind für {was} {euro(soll_cent)}, die Maßnahmen ergeben {euro(ist_cent)}{summanden if pfad == ('gesamt',) else ''}.",
                f"Unterschied {euro(abs(soll_cent - ist_cent))}: Maßnahmen oder die erwartete Summe prüfen.",
            )  # fmt: skip


def _summanden(c: Kontext) -> str:
    teile = [m for m in sums.zaehlende(c.k) if m.kosten and m.kosten.gesamt]
    return (
        f" ({' + '.join(f'{m.id} {euro(m.kosten.gesamt or 0)}' for m in teile if m.kosten)})"
        if 1 < len(teile) <= 6
        else ""
    )
