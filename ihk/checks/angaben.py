"""What belongs to every record: required statements, declared gaps, sources, titles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ihk.beside import BesideError
from ihk.checks.bezuege import saetze
from ihk.checks.kontext import Kontext
from ihk.model import Loc
from ihk.model.bestandteile import Objekt
from ihk.model.types import Satz
from ihk.problems import Problem
from ihk.typefaces import common, read_typeface, read_typefaces

# E20 and E50 of the field's rules: what a council and a funding office expect of each record.
ERWARTET_MASSNAHME = {"traeger": "Träger", "status": "Status", "zeitraum": "Zeitraum", "kosten": "Kosten"}
ERWARTET_GEBIET = {"flaeche_ha": "Fläche", "einwohner": "Einwohnerzahl", "stand": "Stand der Zahlen"}
ERWARTET_FASSUNG = {"art": "Art der Fassung", "status": "Status", "stand": "Stand"}
TITEL = 45


def erwartete(c: Kontext) -> Iterator[Problem]:
    """ANGABE-FEHLT, ANGABE-UNBEKANNT: expected statements are there, or their absence is explained."""
    yield from _pruefe(c, c.k.fassung, ("fassung",), ERWARTET_FASSUNG, "der Fassung")
    if c.k.konzept.gebiet is not None:
        gebiet = c.k.konzept.gebiet
        bekannt = gebiet.flaeche_ha is not None or gebiet.einwohner is not None
        erwartet = {f: w for f, w in ERWARTET_GEBIET.items() if f != "stand" or bekannt}
        yield from _pruefe(c, gebiet, ("konzept", "gebiet"), erwartet, "dem Gebiet")
    for m, loc in c.massnahmen():
        if not m.beendet:
            yield from _pruefe(c, m, loc, ERWARTET_MASSNAHME, f"der Maßnahme {m.id}")


def _pruefe(c: Kontext, satz: Satz, loc: Loc, erwartet: dict[str, str], wem: str) -> Iterator[Problem]:
    unbekannt = []
    for feld, wort in erwartet.items():
        if getattr(satz, feld) is not None or c.verworfen(*loc, feld):
            continue
        if feld in satz.unbekannt:
            unbekannt.append(wort)
        else:
            name = f"„{feld}“" if feld == wort.lower() else f"„{feld}“ ({wort})"
            hinweis = f"„{feld}:“ ergänzen oder unter „unbekannt“ den Grund nennen."
            yield c.melde(c.ort(*loc), "ANGABE-FEHLT", f"Bei {wem} fehlt die Angabe {name}.", hinweis, c.streng)
    if unbekannt:  # one line for all: they are explained in the file, and the report prints the reasons
        meldung = f"Bei {wem} {'ist' if len(unbekannt) == 1 else 'sind'} unbekannt: {', '.join(unbekannt)}."
        yield c.melde(
            c.ort(*loc, "unbekannt"), "ANGABE-UNBEKANNT", meldung, "Nachtragen, sobald es bekannt ist.", "warnung"
        )


def kosten_beziffert(c: Kontext) -> Iterator[Problem]:
    """ANGABE-FEHLT: a section ``kosten`` has a total, or says why not."""
    for m, loc in c.massnahmen():
        kosten = m.kosten
        if kosten is None or kosten.gesamt is not None or m.beendet or c.verworfen(*loc, "kosten", "gesamt"):
            continue
        if "gesamt" in kosten.unbekannt or {"kosten", "kosten.gesamt"} & set(m.unbekannt):
            meldung = f"Die Gesamtkosten der Maßnahme {m.id} sind unbekannt."
            yield c.melde(
                c.ort(*loc, "kosten"), "ANGABE-UNBEKANNT", meldung, "Nachtragen, sobald sie bekannt sind.", "warnung"
            )
        else:
            hinweis = "„gesamt:“ ergänzen oder unter „unbekannt“ den Grund nennen."
            yield c.melde(
                c.ort(*loc, "kosten"),
                "ANGABE-FEHLT",
                f"Bei der Maßnahme {m.id} fehlen die Gesamtkosten.",
                hinweis,
                c.streng,
            )


def nicht_beides(c: Kontext) -> Iterator[Problem]:
    """UNBEKANNT-UND-DA: what is stated is not declared unknown as well."""
    for satz, loc in saetze(c.k):
        for feld in satz.unbekannt:
            wert: object = satz
            for teil in feld.split("."):
                wert = getattr(wert, teil, None) if isinstance(wert, Satz) else None
            # A list may be declared incomplete; a single value is either known or not.
            if wert is not None and not isinstance(wert, tuple | dict | Satz):
                yield c.melde(
                    c.ort(*loc, "unbekannt", feld),
                    "UNBEKANNT-UND-DA",
                    f"„{feld}“ ist angegeben und zugleich als unbekannt erklärt.",
                    "Eines von beiden streichen.",
                )


def ziel(c: Kontext) -> Iterator[Problem]:
    """ZIEL-OHNE: every measure serves a Teilziel or a Querschnittsaufgabe, or says why that is unknown."""
    for m, loc in c.massnahmen():
        if m.teilziele or m.querschnittsaufgaben or m.grabstein:
            continue
        if c.verworfen(*loc, "teilziele") or c.verworfen(*loc, "querschnittsaufgaben"):
            continue
        grund = m.unbekannt.get("teilziele") or m.unbekannt.get("querschnittsaufgaben")
        if grund:
            feld = "teilziele" if "teilziele" in m.unbekannt else "querschnittsaufgaben"
            meldung = f"Welchem Teilziel die Maßnahme {m.id} dient, ist unbekannt ({grund.rstrip('.')})."
            yield c.melde(
                c.ort(*loc, "unbekannt", feld),
                "ANGABE-UNBEKANNT",
                meldung,
                "Nachtragen, sobald es bekannt ist.",
                "warnung",
            )
        else:
            hinweis = "„teilziele: [T1]“ oder „querschnittsaufgaben: [QA1]“ ergänzen; ist es unbekannt, unter „unbekannt“ den Grund nennen."
            yield c.melde(
                c.ort(*loc),
                "ZIEL-OHNE",
                f"Die Maßnahme {m.id} dient keinem Teilziel und keiner Querschnittsaufgabe.",
                hinweis,
            )


def belege(c: Kontext) -> Iterator[Problem]:
    """BELEG-FEHLT: objects of a real place name their sources."""
    if c.k.konzept.fiktiv:
        return
    stellen: list[tuple[Satz, Loc, str]] = [(o, loc, o.id) for _, o, loc in c.k.objekte() if isinstance(o, Objekt)]
    gebiet = c.k.konzept.gebiet
    if gebiet is not None and (gebiet.flaeche_ha or gebiet.einwohner or gebiet.beschreibung or gebiet.teilgebiete):
        stellen.append((gebiet, ("konzept", "gebiet"), "gebiet"))
    for satz, loc, name in stellen:
        if (
            not satz.alle_belege()
            and not c.verworfen(*loc, "belege")
            and "belege" not in satz.unbekannt
            and not getattr(satz, "beendet_in", None)
        ):
            hinweis = "„belege: [Q1]“ ergänzen und die Quelle unter „quellen“ nennen."
            yield c.melde(c.ort(*loc), "BELEG-FEHLT", f"„{name}“ nennt keine Quelle.", hinweis, c.streng)


def titel(c: Kontext) -> Iterator[Problem]:
    """TITEL-LANG: tables need a short title."""
    for m, loc in c.massnahmen():
        if len(m.titel) > TITEL and m.kurztitel is None and not m.grabstein and not c.verworfen(*loc, "kurztitel"):
            yield c.melde(
                c.wert(*loc, "titel"),
                "TITEL-LANG",
                f"Der Titel von {m.id} hat {len(m.titel)} Zeichen.",
                "Für Tabellen einen „kurztitel“ bis 45 Zeichen ergänzen.",
                "hinweis",
            )


def farbe(c: Kontext) -> Iterator[Problem]:
    """FARBE-UNLESBAR: the brand colour can be read; all contrasts follow from it (``report/palette``)."""
    wert = c.k.konzept.farbe
    if wert and not re.fullmatch(r"#(?:[0-9a-fA-F]{3}){1,2}", wert):
        yield c.melde(
            c.wert("konzept", "farbe"), "FARBE-UNLESBAR", f"„{wert}“ ist keine Farbe; gedruckt wird die übliche.",
            "Als #rrggbb schreiben, in Anführungszeichen: \"#0b6170\".", "warnung",
        )  # fmt: skip


def schriften(c: Kontext) -> Iterator[Problem]:
    """SCHRIFT-DATEI: each cut of the city's own typeface can be read, embedded and used."""
    eigene, ordner = c.k.konzept.schriften, c.geladen.quelle.ordner
    if eigene is None or ordner is None:
        return
    for schnitt, datei in eigene.dateien.items():
        try:
            read_typeface(ordner, datei)
        except BesideError as fehler:
            ort = c.wert("konzept", "schriften", schnitt)
            yield c.melde(ort, "SCHRIFT-DATEI", fehler.meldung, fehler.hinweis)


def eigene_zeichen(c: Kontext) -> frozenset[int]:
    """Code points that the concept's own typeface draws in every cut; none if it cannot be used."""
    eigene, ordner = c.k.konzept.schriften, c.geladen.quelle.ordner
    if eigene is None or ordner is None:
        return frozenset()
    try:
        return common(read_typefaces(ordner, eigene.dateien))
    except BesideError:
        return frozenset()


def beschluss(c: Kontext) -> Iterator[Problem]:
    """BESCHLUSS-OFFEN: an adopted Fassung names body, day and printed matter of the decision."""
    f = c.k.fassung
    if not f.beschlossen or c.verworfen("fassung", "beratungsfolge"):
        return
    for i, schritt in enumerate(f.beratungsfolge):
        if schritt.rolle == "entscheidung":
            loc: Loc = ("fassung", "beratungsfolge", i)
            for feld, wort in (("datum", "das Datum"), ("vorlage", "die Nummer der Vorlage")):
                if getattr(schritt, feld) is not None or c.verworfen(*loc, feld):
                    continue
                if feld in schritt.unbekannt or {feld, f"beratungsfolge.{feld}", "beratungsfolge"} & set(f.unbekannt):
                    meldung = f"Zum Beschluss ist {wort} unbekannt."
                    yield c.melde(
                        c.ort(*loc), "ANGABE-UNBEKANNT", meldung, "Nachtragen, sobald es bekannt ist.", "warnung"
                    )
                else:
                    yield c.melde(
                        c.ort(*loc),
                        "BESCHLUSS-OFFEN",
                        f"Zum Beschluss fehlt {wort}.",
                        f"„{feld}:“ ergänzen oder unter „unbekannt“ den Grund nennen.",
                    )
            return
    if "beratungsfolge" in f.unbekannt:
        yield c.melde(
            c.ort("fassung", "unbekannt", "beratungsfolge"),
            "ANGABE-UNBEKANNT",
            "Der Beschluss ist nicht belegt.",
            "Nachtragen, sobald er bekannt ist.",
            "warnung",
        )
    else:
        hinweis = "In „beratungsfolge“ einen Schritt mit „rolle: entscheidung“, Gremium, Datum und Vorlage ergänzen."
        yield c.melde(
            c.ort("fassung", "status"),
            "BESCHLUSS-OFFEN",
            "Die Fassung ist beschlossen, nennt aber keine Entscheidung.",
            hinweis,
        )
