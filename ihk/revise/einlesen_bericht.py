"""What came of reading a table, as plain lines for people who have never seen a concept file."""

from __future__ import annotations

import textwrap

from ihk.problems import kurz
from ihk.reading.tabellen import spaltenname
from ihk.revise.einlesen import Ergebnis
from ihk.revise.spalten import Tabelle
from ihk.revise.tabellenplan import Zellbefund
from ihk.terminal.befunde import VOR, sichtbar

BREITE = 110


def befund(b: Zellbefund) -> str:
    """``kuf.xlsx, Blatt „KuF“, Zelle H7: sentence → what to do``"""
    hinweis = f"  → {b.hinweis}" if b.hinweis else ""
    return sichtbar(f"{b.ort}: {VOR[b.schwere]}{b.meldung}{hinweis}".replace("\n", " "))


def befunde(e: Ergebnis) -> str:
    """How the file was read, and all findings by cell."""
    zeilen = [f"Hinweis: {satz}" for satz in e.mappe.hinweise]
    for t in e.tabellen:
        if t.ungelesen:
            namen = ", ".join(f"„{kurz(titel, 40)}“ ({spaltenname(n)})" for n, titel in t.ungelesen)
            zeilen.append(f"Hinweis: {_wo(t)}Nicht gelesen: {namen}.")
        versteckt = [z for z in sorted(t.blatt.reihen) if z in t.blatt.verborgen and z > t.kopfzeile]
        if versteckt:
            zeilen.append(f"Hinweis: {_wo(t)}Ausgeblendete Zeilen wurden mitgelesen: {_reihe(versteckt)}.")
    zeilen += [befund(b) for b in e.befunde]
    return "".join(f"{sichtbar(z)}\n" for z in zeilen)


def _wo(t: Tabelle) -> str:
    return f"Blatt „{t.blatt.name}“: " if t.blatt.name else ""


def _reihe(zahlen: list[int]) -> str:
    return ", ".join(map(str, zahlen[:8])) + (" …" if len(zahlen) > 8 else "")


def bilanz(e: Ergebnis, *, geschrieben: bool) -> str:
    """What was taken over and what was not, in a few sentences."""
    saetze = []
    n = len(e.abgelehnt) + sum(b.schwere == "fehler" for b in e.plan.befunde)
    if e.uebernommen:
        neu = [e.neue[id(v)] for v in e.uebernommen if v.id is None]
        alt = [v.id for v in e.uebernommen if v.id is not None]
        teile = [
            *([f"{_massnahmen(len(alt))} geändert ({', '.join(alt)})"] if alt else []),
            *([f"{len(neu)} neu ({', '.join(neu)})"] if neu else []),
        ]
        verb = "Übernommen" if geschrieben else "Vorschau, nichts ist geschrieben"
        saetze.append(f"{verb}: {', '.join(teile)}.")
    elif not n:
        saetze.append("Die Tabelle ändert nichts; nichts ist geschrieben.")
    if n and e.uebernommen:
        wie = "nicht übernommen" if geschrieben else "würden nicht übernommen"
        saetze.append(f"{n} {'Stelle' if n == 1 else 'Stellen'} mit Fehlern (siehe oben) {'wurde' if n == 1 and geschrieben else 'wurden' if geschrieben else ''} {wie}.".replace("  ", " "))  # fmt: skip
    elif n:
        saetze.append(
            "Nichts ist geschrieben. Erst die Fehler in der Tabelle berichtigen"
            + ("." if e.teilweise else ", oder mit --partial übernehmen, was in Ordnung ist.")
        )
    if e.plan.fehlend:
        fehlt = len(e.plan.fehlend)
        saetze.append(
            f"{_massnahmen(fehlt)} des Konzepts {'steht' if fehlt == 1 else 'stehen'} nicht in der Tabelle und "
            f"{'bleibt' if fehlt == 1 else 'bleiben'} unverändert: {', '.join(e.plan.fehlend)}."
        )
    return "".join(f"{zeile}\n" for satz in saetze for zeile in textwrap.wrap(satz, BREITE))


def _massnahmen(zahl: int) -> str:
    return f"{zahl} Maßnahme{'n' if zahl != 1 else ''}"


def spalten(datei: str, tabellen: list[Tabelle]) -> str:
    """Which column fills which field, for each sheet that is read."""
    zeilen = []
    for t in tabellen:
        zeilen.append(
            f"{datei}{f', Blatt „{t.blatt.name}“' if t.blatt.name else ''}, Überschriften in Zeile {t.kopfzeile}"
        )
        breite = max(
            len(kurz(titel, 40)) for titel in (*(w.titel for w in t.spalten), *(titel for _, titel in t.ungelesen))
        )
        for w in t.spalten:
            was = (
                "wird gerechnet"
                if w.feld is None
                else w.feld.pfad + ("" if w.faktor == 1 else f"  (mal {w.faktor:,})".replace(",", "."))
            )
            zeilen.append(f"  {w.name:>3}  {kurz(w.titel, 40):<{breite}}  {was}")
        for n, titel in t.ungelesen:
            zeilen.append(f"  {spaltenname(n):>3}  {kurz(titel, 40):<{breite}}  (wird nicht gelesen)")
        zeilen.append("")
    return "".join(f"{sichtbar(z)}\n" for z in zeilen)
