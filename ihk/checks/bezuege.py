"""References: every one resolves to an object of the right kind; no circles."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ihk.checks.kennungen import mit_artikel
from ihk.checks.kontext import Kontext
from ihk.model import Loc, Massnahme, Objektart
from ihk.model.types import Satz, naechster
from ihk.problems import Ort, Problem, kurz

ZIEL_DER_FELDER: dict[str, tuple[Objektart, ...]] = {
    "handlungsfeld": ("handlungsfeld",),
    "weitere_handlungsfelder": ("handlungsfeld",),
    "teilziele": ("teilziel",),
    "bezug": ("ziel", "teilziel", "massnahme", "handlungsfeld"),
    "querschnittsaufgaben": ("querschnittsaufgabe",),
    "indikatoren": ("indikator",),
    "bilder": ("bild",),
    "abhaengig_von": ("massnahme",),
    "teil_von": ("massnahme",),
    "hervorgegangen_aus": (),
    "aufgegangen_in": (),
    "nach": ("kapitel",),
}
STANDARDKAPITEL = (
    "kurzfassung", "anlass", "gebiet", "bilanz", "ausgangslage", "analyse", "leitbild", "ziele", "handlungsprogramm", "massnahmen",
    "finanzierung", "kosten", "zeitplan", "organisation", "beteiligung", "monitoring", "verstetigung", "exit", "quellen",
)  # fmt: skip


def verweise(c: Kontext) -> Iterator[Problem]:
    """BEZUG-OFFEN: ids in reference fields name an object of the right kind in this Fassung."""
    arten: dict[str, Objektart] = {}
    for art, objekt, _ in c.k.objekte():
        arten.setdefault(objekt.id, art)
    for art, objekt, loc in c.k.objekte():
        for feld, erlaubt in ZIEL_DER_FELDER.items():
            if feld not in type(objekt).model_fields or (feld == "teilziele" and art == "ziel"):
                continue
            wert = getattr(objekt, feld)
            for i, kennung in enumerate((wert,) if isinstance(wert, str) else wert or ()):
                stelle = c.wert(*loc, feld) if isinstance(wert, str) else c.ort(*loc, feld, i)
                if feld == "nach" and kennung in STANDARDKAPITEL:
                    continue
                erwartet = erlaubt or (art,)
                if arten.get(kennung) in erwartet:
                    continue
                if feld == "hervorgegangen_aus" and c.alt is not None and kennung in c.alt.nach_id:
                    continue
                yield from _offen(c, stelle, kennung, erwartet, arten)
    yield from _ausserhalb(c, arten)
    yield from _belege(c, arten)


def _ausserhalb(c: Kontext, arten: dict[str, Objektart]) -> Iterator[Problem]:
    """References in records that have no id of their own."""
    stellen: list[tuple[Loc, str, tuple[Objektart, ...]]] = []
    if c.k.konzept.wappen:
        stellen.append((("konzept", "wappen"), c.k.konzept.wappen, ("bild",)))
    for i, v in enumerate(c.k.verstetigung):
        if v.massnahme:
            stellen.append((("verstetigung", i, "massnahme"), v.massnahme, ("massnahme",)))
    for i, a in enumerate(c.k.fassung.aenderungsantraege):
        for n, kennung in enumerate(a.objekte):
            if kennung not in arten:
                stellen.append((("fassung", "aenderungsantraege", i, "objekte", n), kennung, ("massnahme",)))
    for loc, kennung, erwartet in stellen:
        if arten.get(kennung) not in erwartet:
            yield from _offen(c, c.wert(*loc), kennung, erwartet, arten)


def _offen(
    c: Kontext, stelle: Ort, kennung: str, erwartet: Sequence[Objektart], arten: dict[str, Objektart]
) -> Iterator[Problem]:
    wort = " oder ".join(mit_artikel(a) for a in erwartet)
    if kennung in arten:
        meldung = f"„{kennung}“ ist {mit_artikel(arten[kennung])}, hier wird {wort} erwartet."
    elif kennung in c.geladen.rohe_kennungen:
        return  # the object is there but was refused with a finding of its own
    else:
        meldung = f"„{kennung}“ gibt es nicht; hier wird {wort} erwartet."
    vorhanden = [k for k, a in arten.items() if a in erwartet]
    naechstes = naechster(kennung, vorhanden) if len(vorhanden) > 12 else None
    if naechstes:
        hinweis = f"Gemeint ist vielleicht „{naechstes}“."
    elif vorhanden:
        hinweis = f"Vorhanden: {', '.join(vorhanden[:12])}{' …' if len(vorhanden) > 12 else ''}."
    else:
        hinweis = "Im Konzept gibt es noch keinen solchen Eintrag."
    yield c.melde(stelle, "BEZUG-OFFEN", meldung, hinweis)


def _belege(c: Kontext, arten: dict[str, Objektart]) -> Iterator[Problem]:
    for satz, loc in saetze(c.k):
        belege = satz.belege
        paare: list[tuple[Loc, tuple[str, ...]]] = (
            [((*loc, "belege", feld), quellen) for feld, quellen in belege.items()]
            if isinstance(belege, dict)
            else [((*loc, "belege"), belege)]
        )
        for pfad, quellen in paare:
            for i, kennung in enumerate(quellen):
                if arten.get(kennung) != "quelle":
                    yield from _offen(c, c.ort(*pfad, i), kennung, ("quelle",), arten)
        felder = type(satz).model_fields
        namen = [f for f in felder if f not in ("belege", "unbekannt", "id")]
        for abschnitt, eintraege in (
            ("belege", belege if isinstance(belege, dict) else {}),
            ("unbekannt", satz.unbekannt),
        ):
            for feld in eintraege:
                # What no source states about the whole concept may stand under "fassung", where authors look for it.
                if feld.split(".")[0] not in felder and not (
                    loc == ("fassung",) and feld.split(".")[0] in type(c.k).model_fields
                ):
                    naechstes = naechster(feld, namen)
                    hinweis = f"Gemeint ist wohl „{naechstes}“." if naechstes else f"Möglich: {', '.join(namen)}."
                    yield c.melde(
                        c.ort(*loc, abschnitt, feld),
                        "FELD-UNBEKANNT",
                        f"„{feld}“ unter „{abschnitt}“ ist kein Feld dieses Abschnitts.",
                        hinweis,
                    )


def saetze(satz: Satz, loc: Loc = ()) -> Iterator[tuple[Satz, Loc]]:
    """Every record of a Fassung with its path, parents first."""
    yield satz, loc
    for feld in type(satz).model_fields:
        wert = getattr(satz, feld)
        if isinstance(wert, Satz):
            yield from saetze(wert, (*loc, feld))
        elif isinstance(wert, tuple) and wert and isinstance(wert[0], Satz):
            for i, kind in enumerate(wert):
                yield from saetze(kind, (*loc, feld, i))


def kreise(c: Kontext) -> Iterator[Problem]:
    """BEZUG-KREIS: no measure is part of itself or depends on itself, not even over others."""

    def dach(m: Massnahme) -> tuple[str, ...]:
        return (m.teil_von,) if m.teil_von else ()

    def abhaengig(m: Massnahme) -> tuple[str, ...]:
        return m.abhaengig_von

    for feld, folge, satz in (
        ("teil_von", dach, "ist Teil ihrer selbst"),
        ("abhaengig_von", abhaengig, "hängt von sich selbst ab"),
    ):
        gemeldet: set[frozenset[str]] = set()
        nach_id = {m.id: m for m in c.k.massnahmen}
        for m, loc in c.massnahmen():
            weg = _kreis(m.id, nach_id, folge)
            if weg and frozenset(weg) not in gemeldet:
                gemeldet.add(frozenset(weg))
                yield c.melde(
                    c.wert(*loc, feld),
                    "BEZUG-KREIS",
                    f"Die Maßnahme {satz}: {' → '.join([*weg, weg[0]])}.",
                    "Einen der Verweise streichen.",
                )


def unterstellung(c: Kontext) -> Iterator[Problem]:
    """BEZUG-OFFEN, BEZUG-KREIS: ``untersteht`` names another body of the list, and nobody is above himself."""
    oben = {o.titel or o.name or "": o.untersteht for o in reversed(c.k.organisation)}
    for i, o in enumerate(c.k.organisation):
        if o.untersteht is None:
            continue
        stelle = c.wert("organisation", i, "untersteht")
        if o.untersteht not in oben:
            naechstes = naechster(o.untersteht, [t for t in oben if t])
            hinweis = f"Gemeint ist wohl „{kurz(naechstes)}“." if naechstes else "Die Stelle selbst eintragen."
            meldung = f"„{kurz(o.untersteht)}“ steht nicht unter „organisation“."
            yield c.melde(stelle, "BEZUG-OFFEN", meldung, hinweis, "warnung")
            continue
        weg = [o.titel or o.name or ""]
        while (ueber := oben.get(weg[-1])) is not None and ueber not in weg:
            weg.append(ueber)
        if ueber == weg[0]:
            meldung = f"Die Stelle untersteht sich selbst: {' → '.join(kurz(t, 30) for t in [*weg, ueber])}."
            yield c.melde(stelle, "BEZUG-KREIS", meldung, "Einen der Verweise streichen.")


def _kreis(start: str, nach_id: dict[str, Massnahme], folge: Callable[[Massnahme], tuple[str, ...]]) -> list[str]:
    """The way from a measure back to itself, empty if there is none."""
    herkunft: dict[str, str] = {}
    offen = [start]
    while offen:
        jetzt = offen.pop()
        for naechste in folge(nach_id[jetzt]) if jetzt in nach_id else ():
            if naechste == start:
                weg = [jetzt]
                while weg[-1] != start:
                    weg.append(herkunft[weg[-1]])
                return weg[::-1]
            if naechste not in herkunft:
                herkunft[naechste] = jetzt
                offen.append(naechste)
    return []
