"""What it costs the town each year, and what of it is decided: the question that every council asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ihk import labels, sums
from ihk.model import Konzeptfassung, Massnahme
from ihk.report.view.grund import NB, STRICH, Gruppe, Kontext, Spalte, Tabelle, Zeile, Zelle, mio, zahl

GEBUNDEN = ("bewilligt", "in_umsetzung", "abgeschlossen", "verstetigt")
"""Status from which money is bound; before that only a decision on the single measure binds it."""


@dataclass(frozen=True, slots=True)
class Haushalt:
    """Cents by year: all costs, grants, others, the town, of the town what is decided, what nobody pays yet."""

    jahre: dict[str, tuple[int, ...]]
    gerechnet: bool
    folgekosten: int

    def summe(self, spalte: int) -> int:
        return sum(zeile[spalte] for zeile in self.jahre.values())


def beschlossen(m: Massnahme) -> bool:
    return m.status in GEBUNDEN or m.beschluss is not None


def haushalt(k: Konzeptfassung, massnahmen: Iterable[Massnahme] | None = None) -> Haushalt | None:
    """None if no counted measure has a known cost."""
    auswahl = None if massnahmen is None else {m.id for m in massnahmen}
    tafel: dict[str, list[int]] = {}
    gerechnet, folge = False, 0
    for m in sums.zaehlende(k):
        if m.kosten is None or sums.nur_nachrichtlich(m.kosten) or (auswahl is not None and m.id not in auswahl):
            continue
        folge += m.kosten.folgekosten or 0
        if m.kosten.gesamt is None:
            continue
        zeilen, hier = sums.je_jahr(m.kosten)
        gerechnet |= hier
        for jahr, geber in zeilen.items():
            reihe = tafel.setdefault(jahr, [0] * 6)
            stadt, offen = geber.get("kommune", 0), geber.get(sums.OFFEN, 0)
            zuwendung = sum(geber.get(g, 0) for g in (*sums.ZUWENDUNG, "eu"))
            alles = sum(geber.values())
            for i, b in enumerate(
                (alles, zuwendung, alles - zuwendung - stadt - offen, stadt, stadt if beschlossen(m) else 0, offen)
            ):
                reihe[i] += b
    if not tafel:
        return None
    jahre = {j: tuple(tafel[j]) for j in sums.sortierte_jahre(dict.fromkeys(tafel, 0))}
    return Haushalt(jahre, gerechnet, folge)


def haushaltstabelle(kontext: Kontext, h: Haushalt) -> Tabelle:
    """By year; columns in which nothing stands are left out."""
    kommune = _kommune(kontext)
    namen = [
        "Kosten",
        "Zuwendungen",
        "Dritte, Einnahmen",
        kommune,
        "davon beschlossen",
        "noch zu entscheiden",
        "nicht finanziert",
    ]

    def werte(z: tuple[int, ...]) -> list[int]:
        alles, zuwendung, dritte, stadt, fest, offen = z
        return [alles, zuwendung, dritte, stadt, fest, stadt - fest, offen]

    zeilen = {j: werte(z) for j, z in h.jahre.items()}
    gesamt = [sum(z[i] for z in zeilen.values()) for i in range(7)]
    genutzt = [i for i in range(7) if i in (0, 3, 4, 5) or gesamt[i]]
    cent = any(b % 100 for z in zeilen.values() for b in z)

    def zelle(betrag: int, klasse: str = "") -> Zelle:
        text = labels.euro(betrag, immer_cent=cent and len(genutzt) < 6).removesuffix(f"{NB}€") if betrag else STRICH
        if cent and len(genutzt) >= 6 and betrag:
            text = labels.zahl((abs(betrag) * 2 + 100) // 200 * (1 if betrag > 0 else -1))
        return zahl(text, klasse, betrag)

    def reihe(name: str, z: list[int]) -> Zeile:
        return Zeile((Zelle(name), *(zelle(z[i], "stadt" if i == 3 else "") for i in genutzt)))

    koerper = tuple(reihe(labels.jahr(j, zeilen) if j != sums.OFFEN else "ohne Jahr", z) for j, z in zeilen.items())
    noten = [_erklaerung(kontext.wort)]
    if h.gerechnet:
        noten.append(
            "Wo keine Jahre je Geldgeber angegeben sind, sind die Beträge nach den Anteilen auf die Jahre verteilt."
        )
    if cent and len(genutzt) >= 6:
        noten.append("Auf volle Euro gerundet; gerechnet wird in Cent.")
    return Tabelle(
        f"Was kostet es {_wen(kommune)} in welchem Jahr? (in Euro)", (Spalte("Jahr"), *(Spalte(namen[i], True) for i in genutzt)), (Gruppe(koerper),),
        reihe("Insgesamt", gesamt), klasse="haushalt", note=" ".join(noten),
    )  # fmt: skip


def _erklaerung(wort: labels.Wort) -> str:
    return (
        f"Beschlossen ist {wort.mit('eine', 'ein')}, {wort.form('die', 'das', 'der')} einen eigenen Beschluss hat oder "
        "bewilligt, begonnen oder fertig ist; über alle anderen wird noch einzeln entschieden."
    )


def haushaltssatz(kontext: Kontext, h: Haushalt) -> str:
    """The answer in one sentence."""
    kommune = _kommune(kontext)
    stadt, fest = h.summe(3), h.summe(4)
    artikel = "Die " if kommune.startswith(("Stadt", "Gemeinde")) else ""
    if not stadt:
        return f"{artikel}{kommune} trägt nach heutigem Stand nichts von den {mio(h.summe(0))}."
    jahre = {j: z[3] for j, z in h.jahre.items() if j.isdigit() and z[3]}
    satz = f"{artikel}{kommune} trägt {mio(stadt)} der {mio(h.summe(0))}"
    if len(jahre) > 1:
        teuer = max(jahre, key=lambda j: (jahre[j], j))
        satz += f", am meisten {teuer} mit {mio(jahre[teuer])}"
    if fest == stadt:
        return satz + "; alles davon ist beschlossen, bewilligt oder schon ausgegeben."
    if not fest:
        return satz + "; beschlossen ist davon noch nichts."
    return (
        satz + f"; beschlossen oder bewilligt sind davon {mio(fest)}, über {mio(stadt - fest)} ist noch zu entscheiden."
    )


def _kommune(kontext: Kontext) -> str:
    return kontext.k.konzept.kommune.name if kontext.k.konzept.kommune else "Kommune"


def _wen(kommune: str) -> str:
    return f"die {kommune}" if kommune.startswith(("Stadt", "Gemeinde", "Kommune")) else kommune
