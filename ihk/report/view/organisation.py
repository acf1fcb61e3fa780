"""The bodies of a concept: each as a small block, and who is above whom as a tree that stays text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ihk import labels
from ihk.model.bestandteile import Organisation
from ihk.report.view.grund import Angaben, Kontext, Textblock, anzahl, gross
from ihk.report.view.sachkapitel import Karte


@dataclass(frozen=True, slots=True)
class Stelle:
    """A body with those below it; ``id`` leads to what is said about it, empty if only its name is known."""

    id: str
    titel: str
    zusatz: str
    unter: tuple[Stelle, ...]

    @property
    def alle(self) -> int:
        """How many bodies stand below it, directly or not."""
        return sum(1 + s.alle for s in self.unter)

    def zeigt(self, kennung: str) -> bool:
        """Whether this body stands in the tree."""
        return self.id == kennung or any(s.zeigt(kennung) for s in self.unter)

    @property
    def ebenen(self) -> int:
        """How many levels there are below it."""
        return max((1 + s.ebenen for s in self.unter), default=0)


@dataclass(frozen=True, slots=True)
class Organigramm:
    """The tree with its message."""

    satz: str
    wurzeln: tuple[Stelle, ...]

    def zeigt(self, kennung: str) -> bool:
        """Whether a body stands in the tree, so that the list need not repeat to whom it is subordinate."""
        return any(w.zeigt(kennung) for w in self.wurzeln)


@dataclass(frozen=True, slots=True)
class Organisationskapitel:
    bild: Organigramm | None
    stellen: tuple[Karte, ...]


def organisation(kontext: Kontext) -> Organisationskapitel | None:
    """None if the concept names no body."""
    bild = organigramm(kontext.k.organisation)
    organe = tuple(_organ(kontext, i, bild) for i in range(len(kontext.k.organisation)))
    return Organisationskapitel(bild, organe) if organe else None


def _organ(kontext: Kontext, i: int, bild: Organigramm | None) -> Karte:
    o = kontext.k.organisation[i]
    angaben = Angaben(kontext, o)
    titel = stellentitel(o, i)
    if o.titel and o.name:
        angaben.fakt("Name", "name", o.name)
    if o.rolle and o.rolle != titel:
        angaben.fakt("Rolle", "rolle", o.rolle)
    if o.art and labels.STELLE[o.art] not in titel:
        angaben.fakt("Art", "art", labels.STELLE[o.art])
    angaben.fakt("Träger", "traeger", o.traeger)
    if bild is None or not bild.zeigt(stellen_id(i)):
        angaben.fakt("Untersteht", "untersteht", o.untersteht)
    angaben.fakt("Zeit", "seit", labels.zeitraum(o.seit, o.bis) if o.seit or o.bis else "")
    angaben.fakt("Budget im Jahr", "budget", labels.euro(o.budget) if o.budget is not None else "")
    angaben.fakt("Webseite", "webseite", o.webseite)
    angaben.fakt("Zuständig", "zustaendig", o.zustaendig)
    angaben.fakt("Mitglieder", "mitglieder", ", ".join(o.mitglieder))
    texte = tuple(Textblock("", html) for t in (o.aufgabe, o.text) if (html := kontext.prosa(t, 5)) is not None)
    return Karte(titel, "", texte, angaben.rest(), angaben.gesamt, stellen_id(i))


def stellen_id(i: int) -> str:
    """The anchor of the entry ``organisation[i]``."""
    return f"stelle-{i + 1}"


def stellentitel(o: Organisation, i: int) -> str:
    return o.titel or o.name or o.rolle or f"Stelle {i + 1}"


def organigramm(organisation: Sequence[Organisation]) -> Organigramm | None:
    """None if no entry says to whom it is subordinate. Entries without any relation stand only in the list below."""
    eintraege: dict[str, int] = {}
    for i, o in enumerate(organisation):
        eintraege.setdefault(stellentitel(o, i), i)
    unter: dict[str, list[str]] = {}
    for titel, i in eintraege.items():
        if (oben := organisation[i].untersteht) is not None:
            unter.setdefault(oben, []).append(titel)
    # At the top is who has somebody below and nobody above; a circle has no top and is an error of the file.
    wurzeln = [t for t in unter if t not in eintraege or organisation[eintraege[t]].untersteht is None]
    baum = tuple(_stelle(titel, organisation, eintraege, unter) for titel in wurzeln)
    return Organigramm(_satz(baum), baum) if baum else None


def _stelle(
    titel: str, organisation: Sequence[Organisation], eintraege: dict[str, int], unter: dict[str, list[str]]
) -> Stelle:
    i = eintraege.get(titel)
    kinder = tuple(_stelle(t, organisation, eintraege, unter) for t in unter.get(titel, ()))
    if i is None:
        return Stelle("", titel, "", kinder)
    o = organisation[i]
    teile = [t for t in (o.rolle, o.traeger) if t and t != titel]
    return Stelle(stellen_id(i), titel, " · ".join(teile), kinder)


def _satz(wurzeln: tuple[Stelle, ...]) -> str:
    alle, ebenen = sum(w.alle for w in wurzeln), max((w.ebenen for w in wurzeln), default=0)
    tiefe = f" auf {anzahl(ebenen, 'Ebene', 'Ebenen')}" if ebenen > 1 else ""
    darunter = f"darunter {'steht' if alle == 1 else 'stehen'} {anzahl(alle, 'Stelle', 'Stellen')}{tiefe}"
    if len(wurzeln) == 1:
        return f"An der Spitze steht „{wurzeln[0].titel}“, {darunter}."
    return f"{gross(anzahl(len(wurzeln), 'Stelle steht', 'Stellen stehen'))} an der Spitze, {darunter}."
