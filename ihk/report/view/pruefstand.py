"""The state of review as a chapter: what holds, what has to be checked again and why, what nobody has checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ihk import labels
from ihk.report.view.aenderung import Kennzahl
from ihk.report.view.grund import STRICH, Gruppe, Kontext, Spalte, Tabelle, Zeile, Zelle, anzahl, gross
from ihk.review import Pruefstand, Pruefung, pruefstand, vermerke

_WORT = {"geprueft": "geprüft", "erneut": "erneut zu prüfen", "offen": "noch nicht geprüft"}


@dataclass(frozen=True, slots=True)
class Pruefkapitel:
    satz: str
    kennzahlen: tuple[Kennzahl, ...]
    tabelle: Tabelle


def pruefkapitel(kontext: Kontext) -> Pruefkapitel | None:
    """None if nobody has left a stamp."""
    quelle = kontext.geladen.quelle
    if quelle.ordner is None:
        return None
    alle = vermerke(quelle.ordner if "" in quelle.dateien else quelle.ordner.parent)
    if not alle:
        return None
    staende = pruefstand(kontext.geladen, alle)
    zahl = {wort: sum(s.stand == wort for s in staende) for wort in _WORT}
    gruppen = tuple(
        Gruppe(tuple(_zeile(kontext, s) for s in teil), gross(_WORT[wort]))
        for wort in ("erneut", "geprueft", "offen")
        if (teil := [s for s in staende if s.stand == wort])
    )
    erneut = zahl["erneut"]
    return Pruefkapitel(
        f"{gross(anzahl(erneut, 'Eintrag ist', 'Einträge sind'))} erneut zu prüfen."
        if erneut
        else "Was geprüft wurde, ist seitdem unverändert.",
        tuple(Kennzahl(str(n), _WORT[wort]) for wort, n in zahl.items()),
        Tabelle(
            "Stand der Prüfung",
            (Spalte("Was"), Spalte("Geprüft"), Spalte("Seitdem geändert")),
            gruppen,
            klasse="pruefstand",
        ),
    )


def _zeile(kontext: Kontext, s: Pruefstand) -> Zeile:
    name = " ".join(t for t in (kontext.objektwort(s.art), kontext.k.nummern.get(s.id, s.id), s.titel) if t)
    wer = "; ".join(_wer(p) for p in s.pruefungen)
    was = "; ".join(t for p in s.pruefungen for t in _was(kontext, p))
    return Zeile((Zelle(name), Zelle(wer or STRICH), Zelle(was or STRICH)))


def _wer(p: Pruefung) -> str:
    v = p.vermerk
    zusatz = ", ".join(t for t in (v.von, labels.tag(date.fromisoformat(v.am)), f"Fassung {v.fassung}") if t)
    return f"{v.rolle} ({zusatz})" + (f": {v.bemerkung}" if v.bemerkung else "")


def _was(kontext: Kontext, p: Pruefung) -> list[str]:
    namen = list(dict.fromkeys("Ort im Konzept" if f == "ort" else kontext.feld(f) for f in p.geaendert))
    return [*([", ".join(namen)] if namen else []), *(f"Ziel {kontext.link(z).text}" for z in p.ziele)]
