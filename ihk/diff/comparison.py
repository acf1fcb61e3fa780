"""Two Fassungen become a change set: match, place, fields by type; then the set is checked against both sides."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from ihk.diff.apply import Zustand, vorwaerts
from ihk.diff.attachments import comparable, with_checksums
from ihk.diff.changeset import (
    RANG,
    Aenderungssatz,
    Eintrag,
    Feldaenderung,
    Geberbetrag,
    Grabstein,
    Grenzen,
    Lage,
    Reihenfolge,
    Stand,
)
from ihk.diff.fields import Wert, kennung, rueckschritte, vergleiche
from ihk.diff.lineage import Herkunft, wurzeln
from ihk.diff.matching import Zuordnung, zuordnen
from ihk.diff.order import laengste_folge
from ihk.diff.summary import geberbetraege, warnungen, zusammenfassung
from ihk.diff.things import Ding, Schluessel, dinge, listen, unterschiede
from ihk.model import DAUERHAFT, Konzeptfassung, Massnahme
from ihk.model.bestandteile import Objekt
from ihk.model.load import Geladen, Orte
from ihk.model.types import Gewicht, Satz
from ihk.problems import Ort
from ihk.sums import eigenes_nach_geber

# Lists whose order a reader sees. Chapters stand where the report puts them, pictures and sources where they are used.
SICHTBARE_FOLGE = ("ziel", "teilziel", "handlungsfeld", "querschnittsaufgabe", "massnahme", "indikator")
LAGEFELDER = ("handlungsfeld", "teilziele", "querschnittsaufgaben")
Paar = tuple[Ding | None, Ding | None]
"""What stands on the old and on the new side; one of them may be missing."""


Werte = tuple[dict[str, Wert], dict[str, Wert]]
Verschieden = tuple[Ding | None, Ding | None, Werte]
"""A pair that is not equal, and what differs in it."""


def compare(alt: Geladen, neu: Geladen) -> Aenderungssatz:
    """Everything that differs. Raises ``AssertionError`` if the set would not rebuild both sides (a bug of the program)."""
    # Nothing here refers to itself, so there is no garbage to look for; the collector would only walk through both
    # Fassungen again and again, a fifth of the time for large ones.
    lief = gc.isenabled()
    gc.disable()
    try:
        return _compare(alt, neu)
    finally:
        if lief:
            gc.enable()


def _compare(alt: Geladen, neu: Geladen) -> Aenderungssatz:
    vorher, nachher = (
        with_checksums(dinge(g.fassung), summen) for g, summen in zip((alt, neu), comparable(alt, neu), strict=True)
    )
    vergleich = _Vergleich(alt, neu, vorher, nachher)
    paare = vergleich.paare()
    eintraege: list[Eintrag] = []
    grabsteine: list[Grabstein] = []
    verschieden: list[Verschieden] = []
    for a, n in paare:
        werte = unterschiede(a, n)
        eintrag = None
        if a and n and a.id == n.id and not any(werte):
            if (eintrag := vergleich.unveraendert(a, n)) is not None:
                eintraege.append(eintrag)
            continue
        if (stein := _grabstein(alt.fassung, neu.fassung, a, n)) is not None:
            grabsteine.append(stein)
        elif (eintrag := vergleich.eintrag(a, n, werte)) is not None:
            eintraege.append(eintrag)
        if a and n and (stein or (eintrag and eintrag.inhalt_neu is not None)):
            werte = a.felder, n.felder  # exchanged as a whole
        verschieden.append((a, n, werte))
    eintraege = _umgestellt(eintraege, paare, vergleich.umbenannt, alt, neu)
    mit_eintrag = {e.id for e in eintraege if e.art == "massnahme"}
    unveraendert = tuple(m.id for m in neu.fassung.massnahmen if m.id not in mit_eintrag and not m.grabstein)
    satz = Aenderungssatz(
        _stand(alt), _stand(neu), tuple(eintraege), _reihenfolgen(alt.fassung, neu.fassung), unveraendert, {},
        warnungen(alt, neu, vergleich.zuordnung, vergleich.grenzen), vergleich.grenzen,
        tuple(vergleich.zuordnung.vorschlaege), tuple(grabsteine),
    )  # fmt: skip
    satz = replace(satz, zusammenfassung=zusammenfassung(satz, alt.fassung, neu.fassung))
    _selbstpruefung(satz, verschieden)
    return satz


def _stand(g: Geladen) -> Stand:
    f = g.fassung
    return Stand(
        f.konzept.id,
        f.fassung.id,
        f.konzept.titel,
        f.fassung.status,
        str(f.fassung.stand) if f.fassung.stand else None,
        g.quelle.pruefsumme,
    )


def grenzen(k: Konzeptfassung) -> Grenzen:
    """From where on a change weighs, as the new Fassung sets it."""
    eigene, fest = k.vergleich, Grenzen()
    if eigene is None:
        return fest
    return Grenzen(
        fest.kosten_prozent if eigene.kosten_prozent is None else Decimal(eigene.kosten_prozent),
        fest.ende_monate if eigene.ende_monate is None else eigene.ende_monate,
        fest.bagatelle_prozent if eigene.bagatelle_prozent is None else Decimal(eigene.bagatelle_prozent),
    )


def _folge(alt: list[Schluessel], neu: list[Schluessel]) -> list[Schluessel]:
    """Document order of the new Fassung; what is only in the old one stands behind its old neighbour."""
    vorhanden = set(neu)
    hinter: dict[Schluessel | None, list[Schluessel]] = {}
    davor: Schluessel | None = None
    for schluessel in alt:
        if schluessel in vorhanden:
            davor = schluessel
        else:
            hinter.setdefault(davor, []).append(schluessel)
    ergebnis = list(hinter.get(None, ()))
    for schluessel in neu:
        ergebnis += [schluessel, *hinter.get(schluessel, ())]
    return ergebnis


class _Vergleich:
    """One comparison: both sides, who is whose partner, and what was declared."""

    def __init__(
        self, alt: Geladen, neu: Geladen, vorher: dict[Schluessel, Ding], nachher: dict[Schluessel, Ding]
    ) -> None:
        self.alt, self.neu, self.vorher, self.nachher = alt, neu, vorher, nachher
        self.herkunft_alt, self.herkunft_neu = Herkunft(alt.fassung), Herkunft(neu.fassung)
        self.zuordnung: Zuordnung = zuordnen(vorher, nachher, self.herkunft_neu)
        self.umbenannt = self.zuordnung.umbenannt
        self.grenzen = grenzen(neu.fassung)
        self.alte_kennungen = {kennung for _, kennung in vorher}

    def paare(self) -> list[Paar]:
        """Every thing of both sides once: in the order of the new Fassung, what is gone behind its old neighbour."""
        heisst_jetzt = {t.alt: neu for neu, t in self.zuordnung.treffer.items()}
        hiess = {neu: alt for alt, neu in heisst_jetzt.items()}
        folge = _folge([heisst_jetzt.get(s, s) for s in self.vorher], list(self.nachher))
        return [(self.vorher.get(hiess.get(s, s)), self.nachher.get(s)) for s in folge]

    def unveraendert(self, a: Ding, n: Ding) -> Eintrag | None:
        """About equal records there may be something to say all the same: another place or number, or a new declaration."""
        wo_alt, wo_neu = ((d.lage.pfad, d.lage.nummer) if d.lage else None for d in (a, n))
        if wo_alt == wo_neu and n.id not in self.herkunft_neu.beteiligt:
            return None
        return self.eintrag(a, n, ({}, {}))

    def eintrag(self, a: Ding | None, n: Ding | None, werte: Werte) -> Eintrag | None:
        """The entry about one pair and what differs in it; None if nothing is to be said."""
        muster = n or a
        assert muster is not None
        erklaert = self.herkunft_neu.beteiligt
        herkunft = wurzeln(self.herkunft_alt, self.herkunft_neu, a, n) if n and n.id in erklaert else ()
        folgen = self.herkunft_neu.nachfolger(a, n) if a and a.id in erklaert else ()
        grund, durch, beschluss = self.herkunft_neu.begruendung(muster, a)
        treffer = self.zuordnung.treffer.get(n.schluessel) if n else None
        basis = Eintrag(
            muster.id, muster.art, muster.titel, (), "einfach", (), grund, durch, beschluss,
            a.lage if a else None, n.lage if n else None,
            treffer.wie if treffer else "erklaert" if herkunft or folgen else "id", treffer.guete if treffer else None,
            herkunft or ((a.id,) if a else ()), folgen or ((n.id,) if n else ()), None, None,
            _ort(self.alt.orte, a) if a else None, _ort(self.neu.orte, n) if n else None,
            nach_geber=_nach_geber(a, n, werte) if muster.art == "massnahme" else (),
        )  # fmt: skip
        if a is None or n is None:
            return self._einseitig(basis, a, n, mehrere=len(herkunft) > 1)
        felder = vergleiche(*werte, self.umbenannt, self.grenzen)
        return self._beidseitig(basis, a, n, felder, herkunft, folgen)

    def _einseitig(self, basis: Eintrag, a: Ding | None, n: Ding | None, *, mehrere: bool) -> Eintrag:
        muster = n or a
        assert muster is not None
        dauerhaft: Gewicht = "wesentlich" if muster.art in DAUERHAFT else "einfach"
        # Sections without id (analysis, participation) compare field by field against nothing.
        if muster.satz is None or muster.lage is None:
            felder = vergleiche(a.felder if a else {}, n.felder if n else {})
            arten = ("neu",) if a is None else ("entfallen",)
            return replace(basis, aenderungsart=arten, gewicht=_gewicht(felder, "einfach"), felder=felder)
        if n is not None:
            wie = ("neu", "zusammengelegt") if mehrere else ("neu",)
            return replace(basis, aenderungsart=wie, gewicht=dauerhaft, inhalt_neu=n.inhalt)
        return replace(basis, aenderungsart=("entfallen",), gewicht=dauerhaft, inhalt_alt=muster.inhalt)

    def _beidseitig(
        self,
        basis: Eintrag,
        a: Ding,
        n: Ding,
        felder: tuple[Feldaenderung, ...],
        herkunft: tuple[str, ...],
        folgen: tuple[str, ...],
    ) -> Eintrag | None:
        dauerhaft: Gewicht = "wesentlich" if n.art in DAUERHAFT else "einfach"
        war_zu_ende, ist_grabstein = _beendet(a.satz), isinstance(n.satz, Objekt) and n.satz.beendet_in is not None
        war_grabstein = isinstance(a.satz, Objekt) and a.satz.beendet_in is not None
        if ist_grabstein != war_grabstein:
            # A full record shrinks to a tombstone: that is no change of thirty fields. (The way back is an error that checks
            # report; it is shown as one change of the whole.)
            arten = ("geaendert",) if war_grabstein else ("redaktionell",) if war_zu_ende else ("entfallen",)
            gewicht: Gewicht = "redaktionell" if arten == ("redaktionell",) else dauerhaft
            return replace(basis, aenderungsart=arten, gewicht=gewicht, inhalt_alt=a.inhalt, inhalt_neu=n.inhalt)
        if basis.erkannt:
            felder = (kennung(a.id, n.id), *felder)
        arten_liste: list[str] = []
        zu_ende = _beendet(n.satz) and not war_zu_ende
        if zu_ende:
            mehrfach = any(len(self.herkunft_neu.eltern(f)) > 1 for f in folgen)
            arten_liste.append("zusammengelegt" if mehrfach else "geteilt" if len(folgen) > 1 else "entfallen")
        elif len([f for f in folgen if f != a.id]) > 0 and any(f not in self.alte_kennungen for f in folgen):
            arten_liste.append("geteilt")
        if n.satz is not None and len(herkunft) > 1:
            arten_liste.append("zusammengelegt")
        verschoben = bool(a.lage and n.lage and _neuer_pfad(a.lage, self.umbenannt)[-1:] != n.lage.pfad[-1:])
        if verschoben:
            arten_liste.append("verschoben")
        inhaltlich = [f for f in felder if f.gewicht != "redaktionell" and not (verschoben and f.pfad in LAGEFELDER)]
        if inhaltlich and not zu_ende:
            arten_liste.insert(0, "geaendert")
        elif felder and not arten_liste:
            arten_liste.append("redaktionell")
        if a.lage and n.lage and a.lage.nummer != n.lage.nummer and a.lage.nummer and n.lage.nummer:
            arten_liste.append("umnummeriert")
        if not arten_liste:
            return None
        geteilt_oder_vereint = bool({"geteilt", "zusammengelegt"} & set(arten_liste))
        mindestens: Gewicht = dauerhaft if zu_ende or geteilt_oder_vereint else "redaktionell"
        if verschoben:
            mindestens = max(mindestens, "einfach", key=RANG.__getitem__)
        # What has ended in others is not lost, whatever its own status says; what takes others in goes on and is looked at.
        zurueck = () if zu_ende and folgen else rueckschritte(n.satz, n.art, felder, self.grenzen)
        return replace(
            basis,
            aenderungsart=tuple(dict.fromkeys(arten_liste)),
            gewicht="wesentlich" if zurueck else _gewicht(felder, mindestens),  # what a goal says is only prose
            felder=felder,
            rueckschritte=zurueck,
        )


def _nach_geber(a: Ding | None, n: Ding | None, werte: Werte) -> tuple[Geberbetrag, ...]:
    """Who bears more or less of a measure: a change of the total moves shares that no field states."""
    if a and n and not any(p == "status" or p.startswith("kosten.") for w in werte for p in w):
        return ()
    alt, neu = (
        eigenes_nach_geber(d.satz.kosten)
        if d
        and isinstance(d.satz, Massnahme)
        and d.satz.kosten
        and d.satz.kosten.gesamt is not None
        and not d.satz.beendet
        else {}
        for d in (a, n)
    )
    return geberbetraege(alt, neu)


def _neuer_pfad(lage: Lage, umbenannt: Mapping[str, str]) -> tuple[str, ...]:
    """An old place by the new ids of what stands above it."""
    return tuple(umbenannt.get(x, x) for x in lage.pfad) if umbenannt else lage.pfad


# What a tombstone may hold without saying anything new.
STEINFELDER = {"id", "nummer", "titel", "status", "beendet_in", "aufgegangen_in", "hervorgegangen_aus"}


def _grabstein(alt: Konzeptfassung, neu: Konzeptfassung, a: Ding | None, n: Ding | None) -> Grabstein | None:
    """The step from ended to tombstone (or back): one side says that it ended in the other, and nothing else."""
    if a is None or n is None or not isinstance(a.satz, Objekt) or not isinstance(n.satz, Objekt):
        return None
    voll, stein, fassung = (a, n, alt) if n.satz.beendet_in is not None else (n, a, neu)
    ende = getattr(stein.satz, "beendet_in", None)
    if not _beendet(voll.satz) or getattr(voll.satz, "beendet_in", None) is not None or ende != fassung.fassung.id:
        return None
    ganz, knapp = voll.inhalt, stein.inhalt
    if not knapp.keys() <= STEINFELDER or knapp.get("status") != "entfallen":
        return None
    if any(knapp[f] != ganz.get(f) for f in ("titel", "aufgegangen_in", "hervorgegangen_aus") if f in knapp):
        return None
    nummern = [d.lage.nummer for d in (voll, stein) if d.lage and d.lage.nummer]
    return None if len(set(nummern)) > 1 else Grabstein(a.id, a.art, a.titel, a.inhalt, n.inhalt)


def _beendet(satz: Satz | None) -> bool:
    return bool(getattr(satz, "beendet", False))


def _gewicht(felder: tuple[Feldaenderung, ...], mindestens: Gewicht) -> Gewicht:
    return max((mindestens, *(f.gewicht for f in felder)), key=RANG.__getitem__)


def _ort(orte: Orte, ding: Ding) -> Ort:
    return orte(*ding.loc)


def _reihenfolgen(alt: Konzeptfassung, neu: Konzeptfassung) -> tuple[Reihenfolge, ...]:
    a, n = listen(alt), listen(neu)
    return tuple(
        Reihenfolge(name, a.get(name, ()), n.get(name, ()))
        for name in dict.fromkeys((*n, *a))
        if a.get(name, ()) != n.get(name, ())
    )


def _umgestellt(
    eintraege: list[Eintrag], paare: list[Paar], umbenannt: Mapping[str, str], alt: Geladen, neu: Geladen
) -> list[Eintrag]:
    """Objects that changed their order among siblings that stayed: those outside the longest increasing run."""
    gruppen: dict[tuple[str, ...], list[tuple[Ding, Ding]]] = {}
    for a, n in paare:
        if a and n and a.lage and n.lage and n.art in SICHTBARE_FOLGE and _neuer_pfad(a.lage, umbenannt) == n.lage.pfad:
            gruppen.setdefault((n.art, *n.lage.pfad), []).append((a, n))
    bewegt: dict[Schluessel, tuple[Ding, Ding]] = {}
    for mitglieder in gruppen.values():
        mitglieder.sort(key=lambda paar: paar[1].lage.stelle if paar[1].lage else 0)
        ruhig = laengste_folge([a.lage.stelle for a, _ in mitglieder if a.lage])
        bewegt |= {paar[1].schluessel: paar for i, paar in enumerate(mitglieder) if i not in ruhig}
    if not bewegt:
        return eintraege
    fertig = {(str(e.art), e.id): e for e in eintraege}
    for schluessel, (a, n) in bewegt.items():
        e = fertig.get(schluessel)
        if e is not None:
            arten = tuple(x for x in e.aenderungsart if x != "redaktionell")
            fertig[schluessel] = replace(e, aenderungsart=(*arten, "umgestellt"))
        else:
            fertig[schluessel] = Eintrag(
                n.id, n.art, n.titel, ("umgestellt",), "redaktionell", lage_alt=a.lage, lage_neu=n.lage, vorher=(a.id,), nachher=(n.id,),
                quelle_alt=_ort(alt.orte, a), quelle_neu=_ort(neu.orte, n),
            )  # fmt: skip
    # Every pair stands in document order already; an entry belongs to the one pair that holds its object.
    dinge = (n or a for a, n in paare)
    return [fertig[d.schluessel] for d in dinge if d is not None and d.schluessel in fertig]


def _selbstpruefung(satz: Aenderungssatz, verschieden: list[Verschieden]) -> None:
    """The set must turn either side into the other; otherwise a wrong Synopse would be printed.

    Only what differs is rebuilt. An entry about anything else could only do harm: it would add something here.
    """
    alt: Zustand = {}
    neu: Zustand = {}
    for a, n, werte in verschieden:
        for ding, zustand, felder in ((a, alt, werte[0]), (n, neu, werte[1])):
            if ding is not None:
                zustand[ding.schluessel] = {pfad: wert.inhalt for pfad, wert in felder.items()}
    if vorwaerts(alt, satz) != neu or vorwaerts(neu, satz, zurueck=True) != alt:
        raise AssertionError("the change set does not rebuild both Fassungen")
