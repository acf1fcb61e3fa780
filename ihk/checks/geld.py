"""Money: shares and yearly amounts add up, exactly to the cent. Both sides of the equation are printed."""

from __future__ import annotations

from collections.abc import Iterator

from ihk import sums
from ihk.checks.kontext import Kontext
from ihk.labels import euro
from ihk.model import Loc
from ihk.model.massnahme import Kosten
from ihk.problems import Problem
from ihk.sums import OFFEN, nachrichtlich


def negativ(c: Kontext) -> Iterator[Problem]:
    """GELD-NEGATIV (rule E30): no negative amounts."""
    for m, loc in c.massnahmen():
        if m.kosten is None:
            continue
        stellen: list[tuple[Loc, int | None]] = [
            (("kosten", f), getattr(m.kosten, f))
            for f in ("gesamt", "zuwendungsfaehig", "nicht_zuwendungsfaehig", "folgekosten", "ausgegeben")
        ]
        stellen += [(("kosten", "jahre", j), b) for j, b in m.kosten.jahre.items()]
        for i, a in enumerate(m.kosten.finanzierung):
            stellen.append((("kosten", "finanzierung", i, "betrag"), a.betrag))
            stellen += [(("kosten", "finanzierung", i, "jahre", j), b) for j, b in a.jahre.items()]
        for pfad, betrag in stellen:
            if betrag is not None and betrag < 0:
                yield c.melde(
                    c.wert(*loc, *pfad),
                    "GELD-NEGATIV",
                    f"Der Betrag {euro(betrag)} ist negativ.",
                    "Das Minuszeichen löschen; Einnahmen stehen unter „geber: einnahmen“.",
                )


def finanzierung(c: Kontext) -> Iterator[Problem]:
    """GELD-FINANZIERUNG (R1): the shares are the total; ``geber: offen`` declares a gap. None at all is a warning."""
    for m, loc in c.massnahmen():
        kosten = m.kosten
        if kosten is None or kosten.gesamt is None or _beschaedigt(c, loc):
            continue
        eigene = [a for a in kosten.finanzierung if not a.nachrichtlich]
        fremd = sum(nachrichtlich(kosten).values())
        if not eigene and fremd == kosten.gesamt:
            continue  # the costs of another body, noted only
        if not eigene and fremd:
            meldung = f"Nachrichtlich sind {euro(fremd)}, die Gesamtkosten von {m.id} betragen {euro(kosten.gesamt)}; den Rest trägt niemand."
            yield c.melde(
                c.ort(*loc, "kosten", "finanzierung"),
                "GELD-FINANZIERUNG",
                meldung,
                "Eigene Anteile ergänzen oder die Lücke mit „geber: offen“ erklären.",
            )
            continue
        if not eigene:
            erklaert = "finanzierung" in kosten.unbekannt or {"finanzierung", "kosten.finanzierung"} & set(m.unbekannt)
            if kosten.gesamt and not m.beendet and not erklaert:
                meldung = f"Wer die {euro(kosten.gesamt)} der Maßnahme {m.id} trägt, ist nicht angegeben."
                yield c.melde(
                    c.ort(*loc, "kosten"),
                    "GELD-OHNE-FINANZIERUNG",
                    meldung,
                    "„finanzierung:“ ergänzen; Ungeklärtes als „geber: offen“.",
                    "warnung",
                )
            continue
        paare = [(a, b) for a, b in zip(kosten.finanzierung, sums.betraege(kosten), strict=True) if not a.nachrichtlich]
        summe = sum(b or 0 for _, b in paare)
        if summe == kosten.gesamt:
            continue
        if summe < kosten.gesamt and any(a.geber == OFFEN and b is None for a, b in paare):
            continue
        if any(b is None and a.geber != OFFEN for a, b in paare):
            continue  # reported as a missing amount
        rest = kosten.gesamt - summe
        gleichung = f"{' + '.join(euro(b or 0) for _, b in paare)} = {euro(summe)}, Gesamtkosten {euro(kosten.gesamt)}"
        if rest > 0:
            hinweis = f"Es fehlen {euro(rest)}: Beträge prüfen oder die Lücke mit „geber: offen“ erklären."
            if rest == fremd:
                hinweis = "Nachrichtliche Beträge gehören nicht zu „gesamt“: „gesamt“ um sie verringern."
        else:
            hinweis = f"{euro(-rest)} zu viel: Beträge oder „gesamt“ prüfen."
        yield c.melde(
            c.ort(*loc, "kosten", "finanzierung"),
            "GELD-FINANZIERUNG",
            f"Die Finanzierung von {m.id} geht nicht auf: {gleichung}.",
            hinweis,
        )


def betraege(c: Kontext) -> Iterator[Problem]:
    """ANGABE-FEHLT: a source of money has an amount; only a declared gap may go without."""
    for m, loc in c.massnahmen():
        for i, anteil in enumerate(m.kosten.finanzierung if m.kosten else ()):
            stelle: Loc = (*loc, "kosten", "finanzierung", i)
            if anteil.betrag is not None and anteil.anteil is not None:
                yield c.melde(
                    c.ort(*stelle, "anteil"), "GELD-DOPPELT", f"Bei {m.id} hat „{anteil.geber}“ einen Betrag und einen Anteil.",
                    "Eines von beiden streichen; aus dem Anteil wird der Betrag gerechnet.",
                )  # fmt: skip
            if anteil.anteil is not None:
                if anteil.betrag is None and (m.kosten is None or sums.bemessungsgrundlage(m.kosten) is None):
                    yield c.melde(
                        c.ort(*stelle, "anteil"), "ANGABE-FEHLT", f"Bei {m.id} fehlen die Gesamtkosten, aus denen der Anteil von „{anteil.geber}“ gerechnet wird.",
                        "„gesamt:“ ergänzen oder statt „anteil“ einen „betrag“ nennen.",
                    )  # fmt: skip
                continue
            if anteil.betrag is None and anteil.geber != OFFEN and not c.verworfen(*stelle, "betrag"):
                if "betrag" in anteil.unbekannt:
                    yield c.melde(
                        c.ort(*stelle),
                        "ANGABE-UNBEKANNT",
                        f"Bei {m.id} ist der Betrag von „{anteil.geber}“ unbekannt.",
                        "Nachtragen, sobald er bekannt ist.",
                        "warnung",
                    )
                else:
                    yield c.melde(
                        c.ort(*stelle),
                        "ANGABE-FEHLT",
                        f"Bei {m.id} fehlt der Betrag von „{anteil.geber}“.",
                        "„betrag:“ ergänzen oder unter „unbekannt“ den Grund nennen.",
                    )


def jahre(c: Kontext) -> Iterator[Problem]:
    """GELD-JAHRE (R4): yearly amounts are the total, for the costs and for every source."""
    for m, loc in c.massnahmen():
        if m.kosten is None:
            continue
        stellen: list[tuple[Loc, dict[str, int], int | None, str]] = [
            ((*loc, "kosten"), m.kosten.jahre, m.kosten.gesamt, f"{m.id}")
        ]
        for i, (a, betrag) in enumerate(zip(m.kosten.finanzierung, sums.betraege(m.kosten), strict=True)):
            stellen.append(((*loc, "kosten", "finanzierung", i), a.jahre, betrag, f"{m.id}, Anteil „{a.geber}“"))
        for pfad, betraege_je_jahr, ganzes, wer in stellen:
            if not betraege_je_jahr or ganzes is None or c.verworfen(*pfad, "jahre") or _jahre_verworfen(c, pfad):
                continue
            summe = sum(betraege_je_jahr.values())
            if summe != ganzes:
                gleichung = f"{' + '.join(euro(b) for b in betraege_je_jahr.values())} = {euro(summe)}, Gesamtbetrag {euro(ganzes)}"
                unterschied = (
                    f"Es fehlen {euro(ganzes - summe)}" if summe < ganzes else f"{euro(summe - ganzes)} zu viel"
                )
                yield c.melde(
                    c.ort(*pfad, "jahre"),
                    "GELD-JAHRE",
                    f"Die Jahresbeträge ({wer}) gehen nicht auf: {gleichung}.",
                    f"{unterschied}; spätere Jahre stehen unter „spaeter“.",
                )


def anteil(c: Kontext) -> Iterator[Problem]:
    """GELD-ANTEIL, GELD-ZUWENDUNGSFAEHIG (R2): total = what can be funded + what cannot."""
    for m, loc in c.massnahmen():
        kosten = m.kosten
        if kosten and kosten.gesamt is not None and kosten.zuwendungsfaehig is not None:
            rest = kosten.gesamt - kosten.zuwendungsfaehig
            if rest != (kosten.nicht_zuwendungsfaehig or 0) and (kosten.nicht_zuwendungsfaehig is not None or rest < 0):
                yield c.melde(
                    c.wert(*loc, "kosten", "zuwendungsfaehig"), "GELD-ZUWENDUNGSFAEHIG",
                    f"Die Kosten von {m.id} gehen nicht auf: {euro(kosten.zuwendungsfaehig)} zuwendungsfähig + {euro(kosten.nicht_zuwendungsfaehig or 0)} nicht zuwendungsfähig = {euro(kosten.zuwendungsfaehig + (kosten.nicht_zuwendungsfaehig or 0))}, Gesamtkosten {euro(kosten.gesamt)}.",
                    f"{'Es fehlen' if rest > (kosten.nicht_zuwendungsfaehig or 0) else 'Zu viel sind'} {euro(abs(rest - (kosten.nicht_zuwendungsfaehig or 0)))}; zuwendungsfähig ist der Betrag vor Abzug der Einnahmen.",
                )  # fmt: skip
        if kosten and kosten.gesamt is not None and (kosten.nicht_zuwendungsfaehig or 0) > kosten.gesamt:
            meldung = f"Nicht zuwendungsfähig sind {euro(kosten.nicht_zuwendungsfaehig or 0)}, die Gesamtkosten betragen nur {euro(kosten.gesamt)}."
            yield c.melde(c.wert(*loc, "kosten", "nicht_zuwendungsfaehig"), "GELD-ANTEIL", meldung, "Beträge prüfen.")


def dach(c: Kontext) -> Iterator[Problem]:
    """GELD-DACH (R7): the parts of an umbrella measure cost no more than it does."""
    teile: dict[str, int] = {}
    for m, _ in c.massnahmen():
        if m.teil_von and not m.beendet and m.kosten and m.kosten.gesamt:
            teile[m.teil_von] = teile.get(m.teil_von, 0) + m.kosten.gesamt
    for m, loc in c.massnahmen():
        gesamt = m.kosten.gesamt if m.kosten else None
        if gesamt is not None and m.id in teile and teile[m.id] > gesamt:
            meldung = (
                f"Die Teile von {m.id} kosten zusammen {euro(teile[m.id])}, das Gesamtvorhaben nur {euro(gesamt)}."
            )
            yield c.melde(
                c.ort(*loc, "kosten", "gesamt"),
                "GELD-DACH",
                meldung,
                "„gesamt“ umfasst alle Teile und zählt in den Summen einmal.",
            )


def nur_nachrichtlich(c: Kontext) -> Iterator[Problem]:
    """GELD-NUR-NACHRICHTLICH (I31): nothing of this measure stands in a total of the concept."""
    for m, loc in c.massnahmen():
        if m.beendet or m.kosten is None or not m.kosten.finanzierung or _beschaedigt(c, loc):
            continue
        if all(a.nachrichtlich for a in m.kosten.finanzierung):
            fremd = sum(nachrichtlich(m.kosten).values())
            yield c.melde(
                c.ort(*loc, "kosten", "finanzierung"), "GELD-NUR-NACHRICHTLICH", f"{m.id} steht mit {euro(fremd)} nur nachrichtlich im Konzept und zählt in keiner Summe.",
                "Zahlt auch die Kommune, ihren Anteil ohne „nachrichtlich“ ergänzen.", "hinweis",
            )  # fmt: skip


def _beschaedigt(c: Kontext, loc: Loc) -> bool:
    """Something of the financing was refused: its sum says nothing."""
    if c.verworfen(*loc, "kosten", "finanzierung") or c.verworfen(*loc, "kosten"):
        return True
    massnahme = c.k.massnahmen[int(loc[1])]
    kosten = massnahme.kosten or Kosten()
    felder = ("betrag", "nachrichtlich", "geber")
    return any(
        c.verworfen(*loc, "kosten", "finanzierung", i, f) for i in range(len(kosten.finanzierung)) for f in felder
    )


def _jahre_verworfen(c: Kontext, pfad: Loc) -> bool:
    knoten = c.geladen.orte.knoten((*pfad, "jahre"))
    return bool(getattr(knoten, "verworfen", None))
