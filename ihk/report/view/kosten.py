"""Views of money: the bar of a measure, its financing, the cost tables of the whole concept. Cents come in, text goes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from markupsafe import Markup

from ihk import labels, sums
from ihk.model import Massnahme
from ihk.model.massnahme import GEBER, Anteil, Kosten
from ihk.report.view.grund import (
    NB,
    STRICH,
    Angaben,
    Gruppe,
    Kontext,
    Link,
    Spalte,
    Tabelle,
    Teil,
    Zeile,
    Zelle,
    anzahl_von,
    gross,
    mio,
    prozent,
    zahl,
)

# The town's own money first, then by distance from the town, what nobody pays yet last.
REIHE = ("kommune", "bund", "land", "bund_land", "eu", "dritte", "einnahmen", "offen")
_SCHMAL = 130  # part of 1000 below which a label does not fit under its part of the bar


@dataclass(frozen=True, slots=True)
class Kostenbild:
    """The total of a measure in words, and who pays it as a bar."""

    text: str
    teile: tuple[Teil, ...]
    schluessel: bool
    """Labels in a key below the bar instead of under its parts."""


@dataclass(frozen=True, slots=True)
class Kostenkapitel:
    """All tables of the chapter on costs."""

    satz: str
    teile: tuple[Teil, ...]
    tabellen: tuple[Tabelle, ...]
    quer: bool
    felder: Tabelle | None
    jahresgeld: dict[str, dict[str, int]]
    """Cents by year and giver."""
    gerechnet: bool
    aufteilung: tuple[Tabelle, ...]
    """By programme and by kind of expense."""
    jahre_satz: str
    nachrichtlich: Tabelle | None
    ohne: tuple[Link, ...]
    hinweise: tuple[str, ...]


def teile(betraege: dict[str, int], kommune: str, ganzes: int | None = None) -> tuple[Teil, ...]:
    """Parts of a bar in fixed order; negative amounts have no bar."""
    positiv = {g: b for g in REIHE if (b := betraege.get(g, 0)) > 0}
    summe = sum(positiv.values())
    ganzes = ganzes or summe
    namen = labels.GEBER | {"kommune": kommune, "offen": "noch offen"}
    return tuple(
        Teil(f"g-{g}", namen[g], labels.euro(b), prozent(b, summe), max(4, round(1000 * b / ganzes))) for g, b in positiv.items()
    )  # fmt: skip


def kostenbild(kosten: Kosten | None, kommune: str, *, beendet: bool) -> Kostenbild | None:
    """None if the total is not known. What has ended says so: its costs are in no sum any more."""
    if kosten is None or kosten.gesamt is None:
        return None
    text = labels.euro(kosten.gesamt)
    if kosten.folgekosten:
        text += f", danach {labels.euro(kosten.folgekosten)} Folgekosten im Jahr"
    fremd = sums.nur_nachrichtlich(kosten)
    if beendet:
        text = f"zuletzt {text}; zählt nicht mit"
    elif fremd:
        text += " (nachrichtlich, zählt in keiner Summe)"
    stuecke = (
        teile(sums.nachrichtlich(kosten) if fremd else sums.nach_geber(kosten), kommune) if kosten.finanzierung else ()
    )
    return Kostenbild(text, stuecke, any(t.anteil < _SCHMAL for t in stuecke) or len(stuecke) > 4)


def kostenangaben(kosten: Kosten, angaben: Angaben, massnahme: Angaben, im_bild: bool) -> None:
    """Facts on the costs; the total stands in the bar if there is one."""
    massnahme.unterdruecke(*(["kosten"] if im_bild else []))
    if im_bild:
        angaben.unterdruecke("gesamt")
    else:
        angaben.fakt("Gesamtkosten", "gesamt")
    angaben.fakt("davon zuwendungsfähig", "zuwendungsfaehig", _euro(kosten.zuwendungsfaehig))
    angaben.fakt("davon nicht zuwendungsfähig", "nicht_zuwendungsfaehig", _euro(kosten.nicht_zuwendungsfaehig))
    if not im_bild or not kosten.folgekosten:  # beside the bar they stand in its caption
        angaben.fakt("Folgekosten im Jahr", "folgekosten", _euro(kosten.folgekosten))
    if (basis := sums.bemessungsgrundlage(kosten)) is not None and basis != sums.zuwendungsfaehig(kosten):
        angaben.fakt("Bemessungsgrundlage", "", f"{labels.euro(basis)} nach Abzug der Einnahmen")
    angaben.fakt("Folgekosten trägt", "folgekosten_traeger", kosten.folgekosten_traeger)
    angaben.fakt("Ausgabeart", "ausgabeart", labels.AUSGABEART.get(kosten.ausgabeart or ""))
    angaben.fakt("Ausgegeben", "ausgegeben", _euro(kosten.ausgegeben))
    stand, preisstand = labels.KOSTENSTAND.get(kosten.stand or "", ""), str(kosten.preisstand or "")
    angaben.zusammen(
        "Kostenstand",
        ("Kostenstand", "stand", stand, stand),
        ("Preisstand", "preisstand", preisstand, f"Preisstand {preisstand}"),
    )


def _euro(cent: int | None) -> str:
    return "" if cent is None else labels.euro(cent)


def finanzierung(kontext: Kontext, kosten: Kosten | None) -> Tabelle | None:
    """Every source of money as it is written, if there is more to say than the bar shows."""
    if kosten is None or not kosten.finanzierung:
        return None
    betraege = sums.betraege(kosten)
    cent = any((b or 0) % 100 for b in betraege)
    zeilen = []
    programme = {a.programm for a in kosten.finanzierung}
    gemeinsam = programme.pop() if len(programme) == 1 else None
    for a, cents in zip(kosten.finanzierung, betraege, strict=True):
        zusatz = [labels.programm(a.programm)] if a.programm and not gemeinsam else []
        zusatz += [labels.anteil(a.anteil)] if a.anteil is not None else []
        zusatz += [f"für {labels.WERTE['auf'][a.auf]}"] if a.auf else []
        zusatz += ["nachrichtlich, zählt nicht mit"] if a.nachrichtlich else []
        zusatz += [a.bemerkung] if a.bemerkung else []
        zusatz += [kontext.unbekanntes(a.unbekannt)] if a.unbekannt else []
        name = (
            kontext.k.konzept.kommune.name
            if a.geber == "kommune" and kontext.k.konzept.kommune
            else labels.GEBER[a.geber]
        )
        betrag = labels.euro(cents, immer_cent=cent) if cents is not None else "unbekannt"
        name, mehr = "noch offen" if a.geber == "offen" else name, Markup("; ").join(zusatz)
        if mehr and len(name) + len(mehr.striptags()) < 38:
            name, mehr = Markup("{}{} {}").format(name, ":" if zusatz == [a.bemerkung] else ",", mehr), Markup()
        zeilen.append(Zeile((Zelle(name, zusatz=mehr, belege=kontext.belege(a)), zahl(betrag))))
    if kosten.gesamt is None and not any(betraege):
        return Tabelle("Finanzierung", (Spalte("Geldgeber"), Spalte("Betrag", True)), (Gruppe(tuple(zeilen)),))
    gesamt = None
    if kosten.gesamt is not None:
        rest = sums.nach_geber(kosten).get("offen", 0) - sum(
            a.betrag or 0 for a in kosten.finanzierung if a.geber == "offen" and not a.nachrichtlich
        )
        if rest and not sums.nur_nachrichtlich(kosten):
            zeilen.append(Zeile((Zelle("nicht zugeordnet"), zahl(labels.euro(rest, immer_cent=cent), "offen"))))
        gesamt = Zeile((Zelle("Gesamtkosten"), zahl(labels.euro(kosten.gesamt, immer_cent=cent))))
    titel = f"Finanzierung: {labels.programm(gemeinsam)}" if gemeinsam else "Finanzierung"
    rest = sums.centrest(kosten)
    note = ""
    if rest:
        wer = next(a.geber for a in kosten.finanzierung if a.anteil == "rest")
        note = f"Zuwendungen sind auf den Cent abgerundet; der Rest von {labels.euro(rest)} steht bei: {labels.GEBER[wer]}."
    return Tabelle(titel, (Spalte("Geldgeber"), Spalte("Betrag", True)), (Gruppe(tuple(zeilen)),), gesamt, note=note)


def jahresplan(kosten: Kosten | None, jahre_aller: Iterable[str], *, mit_gebern: bool = True) -> Tabelle | None:
    """Amounts by year: the total, and each giver that has years of its own, from whatever programme.

    ``jahre_aller``: the years of the whole concept, which say until when "bisher" goes.
    """
    if kosten is None:
        return None
    eigene = [a for a in kosten.finanzierung if a.jahre and mit_gebern]
    jahre = sums.nach_jahr(kosten) if kosten.gesamt is not None else dict(kosten.jahre)
    if not (kosten.jahre or eigene):
        return None
    schluessel = list(sums.sortierte_jahre(dict.fromkeys((*jahre, *(j for a in eigene for j in a.jahre)), 0)))
    alle = [*jahre.values(), *(b for a in eigene for b in a.jahre.values())]
    cent = any(b % 100 for b in alle)

    def zelle(betrag: int | None) -> Zelle:
        return zahl(labels.euro(betrag, immer_cent=cent).removesuffix(f"{NB}€") if betrag else STRICH)

    spalten: dict[str, list[Anteil]] = {}
    for a in eigene:
        kurz = labels.GEBER[a.geber] + (" (nicht zuw.)" if a.auf == "nicht_zuwendungsfaehig" else "")
        spalten.setdefault(kurz + (" nachrichtlich" if a.nachrichtlich else ""), []).append(a)
    kopf = [Spalte("Jahr"), Spalte("Gesamt", True), *(Spalte(name, True) for name in spalten)]
    zeilen = tuple(
        Zeile((
            Zelle(labels.jahr(j, jahre_aller)), zelle(jahre.get(j)),
            *(zelle(sum(a.jahre.get(j, 0) for a in teil)) for teil in spalten.values()),
        ))
        for j in schluessel
    )  # fmt: skip
    return Tabelle(
        "Kosten nach Jahren in Euro",
        tuple(kopf),
        (Gruppe(zeilen),),
        klasse="jahresplan breit" if eigene else "jahresplan",
    )


# -------------------------------------------------------------------------------------------------- the whole concept


def kostenkapitel(
    kontext: Kontext, gruppen: list[tuple[str, tuple[Massnahme, ...]]], beendet: tuple[Massnahme, ...]
) -> Kostenkapitel | None:
    """None if no measure has a known cost."""
    k = kontext.k
    alle = [m for _, teil in gruppen for m in teil]
    s = kontext.rechnung.summen(alle)
    zaehlend = {m.id for m in sums.zaehlende(k)}
    mit = [m for m in alle if m.kosten and (m.kosten.gesamt is not None or m.kosten.finanzierung)]
    if not mit:
        return None
    kommune = k.konzept.kommune.name if k.konzept.kommune else "Kommune"
    auswahl = [
        (
            titel,
            tuple(m for m in teil if m.kosten and m.kosten.gesamt is not None and not sums.nur_nachrichtlich(m.kosten)),
        )
        for titel, teil in gruppen
    ]
    auswahl = [(titel, teil) for titel, teil in auswahl if teil]
    geber = [g for g in REIHE if s.nach_geber.get(g)]
    mehrere = sum(len(teil) for _, teil in auswahl) > 1  # a single measure has all its amounts in its Steckbrief
    tabelle_geber = _tabelle(kontext, "geber", auswahl, zaehlend, geber, s, beendet) if mehrere else None
    jahre = list(s.nach_jahr)
    tabelle_jahre = (
        _tabelle(kontext, "jahr", auswahl, zaehlend, jahre, s, beendet)
        if mehrere and any(j != sums.OFFEN for j in jahre)
        else None
    )
    tabelle_foerderung = _foerderung(kontext, auswahl, zaehlend) if mehrere else None
    tabellen = tuple(t for t in (tabelle_foerderung, tabelle_geber, tabelle_jahre) if t)
    return Kostenkapitel(
        satz=_satz(s, kommune, kontext.wort),
        teile=teile(s.nach_geber, kommune),
        tabellen=tabellen,
        quer=any(_breite(t) > 170 for t in tabellen),
        felder=_felder(kontext, auswahl, zaehlend, kommune) if len(auswahl) > 1 else None,
        jahresgeld=s.je_jahr,
        gerechnet=s.gerechnet,
        aufteilung=tuple(t for t in (_programme(s), _ausgabearten(s)) if t),
        jahre_satz=_jahre_satz(s),
        nachrichtlich=_nachrichtlich(kontext, {m.id for m in alle}),
        ohne=kontext.links(s.ohne_kosten),
        hinweise=_hinweise(kontext, s),
    )


def _breite(t: Tabelle) -> float:
    """What a table of amounts needs, in millimetres."""
    zeilen = [z for g in t.gruppen for z in g.zeilen] + ([t.gesamt] if t.gesamt else [])
    return 45 + sum(
        3 + 1.75 * max(len(z.zellen[i].text) for z in zeilen if len(z.zellen) == t.breite) for i in range(1, t.breite)
    )


def _satz(s: sums.Summen, kommune: str, wort: labels.Wort) -> str:
    if not s.gesamt:
        return f"Für {wort.mit('keine laufende', 'kein laufendes', 'keinen laufenden')} sind Kosten bekannt."
    satz = f"Die {wort.viele} kosten zusammen {mio(s.gesamt)}"
    if eigen := s.nach_geber.get("kommune"):
        satz += (
            f"; {mio(eigen)} davon trägt die {kommune}"
            if kommune.startswith(("Stadt", "Gemeinde"))
            else f"; {mio(eigen)} davon trägt {kommune}"
        )
    if offen := s.nach_geber.get("offen"):
        satz += f". Für {mio(offen)} steht noch nicht fest, wer zahlt"
    return satz + "."


def _jahre_satz(s: sums.Summen) -> str:
    jahre = {j: b for j, b in s.nach_jahr.items() if j.isdigit()}
    if len(jahre) < 2:
        return ""
    teuer = max(jahre, key=lambda j: (jahre[j], j))
    return f"Das teuerste Jahr ist {teuer} mit {mio(jahre[teuer])}."


def _tabelle(
    kontext: Kontext, art: str, gruppen: list[tuple[str, tuple[Massnahme, ...]]], zaehlend: set[str], spalten: list[str],
    s: sums.Summen, beendet: tuple[Massnahme, ...],
) -> Tabelle:  # fmt: skip
    """Measures by giver or by year, in full euros where they fit, else in thousands."""
    werte = sums.nach_geber if art == "geber" else sums.nach_jahr
    tausend = len(spalten) > (8 if art == "geber" else 9)
    alle = [m.kosten.gesamt or 0 for _, teil in gruppen for m in teil if m.kosten]
    alle += [b for _, teil in gruppen for m in teil if m.kosten for b in werte(m.kosten).values()]
    cent = not tausend and any(b % 100 for b in alle)

    def zelle(betrag: int, klasse: str = "") -> Zelle:
        if not betrag:
            return zahl(STRICH, wert=0)
        if tausend:
            gerundet = (abs(betrag) * 2 + 100_000) // 200_000 * (1 if betrag > 0 else -1)
            return zahl(labels.zahl(gerundet) if gerundet else f"unter{NB}1", klasse, betrag)
        return zahl(labels.euro(betrag, immer_cent=cent).removesuffix(f"{NB}€"), klasse, betrag)

    def reihe(name: Zelle, gesamt: int, betraege: dict[str, int], folge: int) -> tuple[Zelle, ...]:
        zellen = [
            name,
            zelle(gesamt, "gesamt"),
            *(zelle(betraege.get(x, 0), "offen" if x == sums.OFFEN else "") for x in spalten),
        ]
        return (*zellen, *([zelle(folge)] if art == "geber" and s.folgekosten else []))

    ergebnis = []
    for titel, teil in gruppen:
        zeilen = []
        for m in teil:
            kosten = m.kosten or Kosten()
            name = Zelle(kontext.link(m.id).text, ziel=m.id)
            if m.id not in zaehlend:
                dach = kontext.link(m.teil_von).text if m.teil_von else ""
                zusatz = (
                    f"{labels.euro(kosten.gesamt or 0)}, enthalten in {dach}"
                    if dach and not m.beendet
                    else f"zuletzt {labels.euro(kosten.gesamt or 0)}, zählt nicht mit"
                )
                zeilen.append(Zeile((name, Zelle(zusatz, breit=len(reihe(name, 0, {}, 0)) - 1, klasse="nebenher"))))
                continue
            zeilen.append(Zeile(reihe(name, kosten.gesamt or 0, werte(kosten), kosten.folgekosten or 0)))
        teilsumme = kontext.rechnung.summen(teil)
        betraege = teilsumme.nach_geber if art == "geber" else teilsumme.nach_jahr
        summe = (
            Zeile(reihe(Zelle(f"Summe {titel}"), teilsumme.gesamt, betraege, teilsumme.folgekosten))
            if titel and len(gruppen) > 1
            else None
        )
        ergebnis.append(Gruppe(tuple(zeilen), titel, summe))
    gesamt = Zeile(reihe(Zelle("Insgesamt"), s.gesamt, s.nach_geber if art == "geber" else s.nach_jahr, s.folgekosten))
    if art == "geber":
        namen = labels.GEBER | {"kommune": "Kommune", "offen": "offen"}
        kopf = [Spalte(namen[x], True) for x in spalten] + (
            [Spalte("Folgekosten im Jahr", True)] if s.folgekosten else []
        )
        titel = f"Wer zahlt {kontext.wort.mit('welche', 'welches', 'welchen')}?"
    else:
        kopf = [Spalte(labels.jahr(x, spalten), True) for x in spalten]
        titel = "Wann fallen die Kosten an?"
    einheit = "in Tausend Euro, gerundet; gerechnet wird mit den genauen Beträgen" if tausend else "in Euro"
    note = "" if not beendet else f"Entfallene {kontext.massnahmen} zählen nicht mit."
    return Tabelle(
        f"{titel} ({einheit})",
        (Spalte(kontext.massnahme), Spalte("Gesamt", True), *kopf),
        _mit_uebertrag(kontext, ergebnis, zelle),
        gesamt,
        klasse="kuf",
        note=note,
    )


def _mit_uebertrag(kontext: Kontext, gruppen: list[Gruppe], zelle: Callable[[int], Zelle]) -> tuple[Gruppe, ...]:
    """The groups; on paper each row knows what its columns have come to, for a page that ends after it."""
    if kontext.medium != "druck":
        return tuple(gruppen)
    spalten = {i for g in gruppen for z in g.zeilen for i, c in enumerate(z.zellen) if c.wert}
    stand = dict.fromkeys(sorted(spalten), 0)

    def mit_stand(z: Zeile, *, zaehlt: bool) -> Zeile:
        for i, c in enumerate(z.zellen):
            if zaehlt and c.wert:
                stand[i] += int(c.wert)
        return replace(z, uebertrag="|".join(("Übertrag", *(str(zelle(b).text) for b in stand.values()))))

    return tuple(
        replace(
            g,
            zeilen=tuple(mit_stand(z, zaehlt=True) for z in g.zeilen),
            summe=g.summe and mit_stand(g.summe, zaehlt=False),
        )
        for g in gruppen
    )


def _felder(
    kontext: Kontext, gruppen: list[tuple[str, tuple[Massnahme, ...]]], zaehlend: set[str], kommune: str
) -> Tabelle:
    """Totals by place with a bar of who pays, all on one scale."""
    del zaehlend
    summen = [(titel, kontext.rechnung.summen(teil)) for titel, teil in gruppen]
    groesste = max((t.gesamt for _, t in summen), default=0) or 1
    zeilen = tuple(
        Zeile((Zelle(titel), zahl(labels.euro(t.gesamt)), Zelle(balken=teile(t.nach_geber, kommune, groesste)))) for titel, t in summen
    )  # fmt: skip
    feld = kontext.feldwort if kontext.k.handlungsfelder else labels.Wort("Ziel", "Ziele", "n")
    name = feld.eins
    return Tabelle(
        f"Wer zahlt in {feld.mit('welcher', 'welchem')}?",
        (Spalte(name), Spalte("Kosten", True), Spalte("Anteile")),
        (Gruppe(zeilen),),
        klasse="balkentabelle",
    )


def _foerderung(
    kontext: Kontext, gruppen: list[tuple[str, tuple[Massnahme, ...]]], zaehlend: set[str]
) -> Tabelle | None:
    """What can be funded, what is approved and paid out: the left half of a KuF (§ 149 BauGB). None if nothing is split."""
    gezeigt = [(titel, [m for m in teil if m.id in zaehlend and m.kosten]) for titel, teil in gruppen]
    alle = [m.kosten for _, teil in gezeigt for m in teil if m.kosten]
    if not any(x.nicht_zuwendungsfaehig or x.zuwendungsfaehig is not None or x.bewilligungen for x in alle):
        return None

    def werte(kosten: list[Kosten]) -> list[int]:
        einnahmen = [sums.nach_geber(x).get("einnahmen", 0) for x in kosten]
        return [
            sum(x.gesamt or 0 for x in kosten), sum(x.nicht_zuwendungsfaehig or 0 for x in kosten), sum(sums.zuwendungsfaehig(x) or 0 for x in kosten),
            sum(einnahmen), sum(sums.bemessungsgrundlage(x) or 0 for x in kosten), sum(b.beantragt or 0 for x in kosten for b in x.bewilligungen),
            sum(b.betrag or 0 for x in kosten for b in x.bewilligungen), sum(b.ausgezahlt or 0 for x in kosten for b in x.bewilligungen),
            sum(x.ausgegeben or 0 for x in kosten),
        ]  # fmt: skip

    namen = (
        "Gesamt", "nicht zuwendungs­fähig", "zuwendungs­fähig", "Einnahmen", "Bemessungs­grundlage", "beantragt", "bewilligt", "ausgezahlt", "ausgegeben",
    )  # fmt: skip
    gesamt = werte(alle)
    genutzt = [i for i in range(len(namen)) if i in (0, 2) or gesamt[i]]
    if gesamt[2] == gesamt[4] and 4 in genutzt:
        genutzt.remove(4)  # the same as what can be funded, as nothing is deducted
    tausend = len(genutzt) > 7
    cent = not tausend and any(b % 100 for x in alle for b in werte([x]))

    def zelle(betrag: int) -> Zelle:
        if not betrag:
            return zahl(STRICH, wert=0)
        if tausend:
            gerundet = (betrag * 2 + 100_000) // 200_000
            return zahl(labels.zahl(gerundet) if gerundet else f"unter{NB}1", wert=betrag)
        return zahl(labels.euro(betrag, immer_cent=cent).removesuffix(f"{NB}€"), wert=betrag)

    reife = any(x.stand or x.preisstand for x in alle)

    def reihe(name: Zelle, zahlen: list[int], wie: str = "") -> Zeile:
        return Zeile((name, *(zelle(zahlen[i]) for i in genutzt), *([Zelle(wie)] if reife else [])))

    ergebnis = []
    for titel, teil in gezeigt:
        zeilen = tuple(
            reihe(Zelle(kontext.link(m.id).text, ziel=m.id), werte([m.kosten]), _reife(m.kosten))
            for m in teil
            if m.kosten
        )
        summe = (
            reihe(Zelle(f"Summe {titel}"), werte([m.kosten for m in teil if m.kosten]))
            if titel and len(gezeigt) > 1
            else None
        )
        if zeilen:
            ergebnis.append(Gruppe(zeilen, titel, summe))
    einheit = "in Tausend Euro, gerundet; gerechnet wird mit den genauen Beträgen" if tausend else "in Euro"
    return Tabelle(
        f"Was ist zuwendungsfähig, was bewilligt? ({einheit})", (Spalte(kontext.massnahme), *(Spalte(namen[i], True) for i in genutzt), *([Spalte("Kostenstand")] if reife else [])), _mit_uebertrag(kontext, ergebnis, zelle),
        reihe(Zelle("Insgesamt"), gesamt), klasse="kuf", note="Zuwendungsfähig sind die Kosten vor Abzug der Einnahmen.",
    )  # fmt: skip


def _reife(kosten: Kosten | None) -> str:
    """How mature the estimate is and at which prices, short enough for a narrow column: ``Schätzung 2024``."""
    if kosten is None:
        return ""
    stand = labels.KOSTENSTAND.get(kosten.stand or "", "").removeprefix("Kosten").capitalize()
    return " ".join(t for t in (stand, str(kosten.preisstand or "")) if t)


def _programme(s: sums.Summen) -> Tabelle | None:
    if not any(p != sums.OFFEN for p in s.nach_programm):
        return None
    return _aufteilung(
        "Aus welchen Programmen?",
        "Programm",
        {labels.programm(p) if p != sums.OFFEN else "ohne Programm": b for p, b in s.nach_programm.items()},
        s.gesamt,
    )


def _ausgabearten(s: sums.Summen) -> Tabelle | None:
    if not any(a != sums.OFFEN for a in s.nach_ausgabeart):
        return None
    return _aufteilung(
        "Für welche Art von Ausgaben?",
        "Ausgabeart",
        {labels.AUSGABEART.get(a, "nicht zugeordnet"): b for a, b in s.nach_ausgabeart.items()},
        s.gesamt,
    )


def _aufteilung(titel: str, was: str, betraege: dict[str, int], gesamt: int) -> Tabelle:
    cent = any(b % 100 for b in betraege.values())
    zeilen = tuple(
        Zeile((Zelle(n), zahl(labels.euro(b, immer_cent=cent)), zahl(prozent(b, gesamt)))) for n, b in betraege.items()
    )
    summe = Zeile((Zelle("Insgesamt"), zahl(labels.euro(gesamt, immer_cent=cent)), zahl("")))
    return Tabelle(titel, (Spalte(was), Spalte("Betrag", True), Spalte("Anteil", True)), (Gruppe(zeilen),), summe)


def _nachrichtlich(kontext: Kontext, gezeigt: set[str]) -> Tabelle | None:
    """Amounts of other bodies, in no total (§ 149 BauGB)."""
    zeilen = [
        Zeile(
            (
                Zelle(kontext.link(m.id).text, ziel=m.id),
                Zelle(labels.GEBER[a.geber], zusatz=a.bemerkung or ""),
                zahl(labels.euro(b or 0)),
            )
        )
        for m in sums.zaehlende(kontext.k)
        if m.kosten and m.id in gezeigt
        for a, b in zip(m.kosten.finanzierung, sums.betraege(m.kosten), strict=True)
        if a.nachrichtlich
    ]
    if not zeilen:
        return None
    gezeigte = [m for m in kontext.k.massnahmen if m.id in gezeigt]
    summe = sum(kontext.rechnung.summen(gezeigte).nachrichtlich.values())
    gesamt = Zeile((Zelle("Insgesamt nachrichtlich"), Zelle(""), zahl(labels.euro(summe))))
    kopf = (Spalte(kontext.massnahme), Spalte("Träger der Kosten"), Spalte("Betrag", True))
    return Tabelle(
        "Nachrichtlich: Kosten anderer Träger, in keiner Summe enthalten", kopf, (Gruppe(tuple(zeilen)),), gesamt
    )


def _ohne_kosten(n: int, wort: labels.Wort) -> str:
    wieviele = anzahl_von(n, wort) if n != 1 else wort.mit("eine", "ein", "einen")
    return f"Für {wieviele} sind keine Kosten bekannt; die Summe ist um diese zu niedrig."


def _hinweise(kontext: Kontext, s: sums.Summen) -> tuple[str, ...]:
    saetze = []
    if s.ohne_kosten:
        saetze.append(_ohne_kosten(len(s.ohne_kosten), kontext.wort))
    if s.folgekosten:
        saetze.append(f"Nach Fertigstellung entstehen Folgekosten von {labels.euro(s.folgekosten)} im Jahr.")
    stand = {m.kosten.stand for m in sums.zaehlende(kontext.k) if m.kosten and m.kosten.stand}
    if stand and stand != {"kostenfeststellung"}:
        saetze.append("Die genannten Beträge sind Schätzungen zum angegebenen Kosten- und Preisstand.")
    return tuple(gross(satz) for satz in saetze)


__all__ = [
    "GEBER",
    "Kostenbild",
    "Kostenkapitel",
    "finanzierung",
    "jahresplan",
    "kostenangaben",
    "kostenbild",
    "kostenkapitel",
    "teile",
]
