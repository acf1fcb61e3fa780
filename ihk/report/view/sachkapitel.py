"""Views of the smaller chapters: area, analysis, schedule, bodies, participation, gaps, sources, abbreviations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from ihk import labels
from ihk.model import Massnahme
from ihk.model.bestandteile import Partnerprogramm
from ihk.model.load import Geladen
from ihk.report import prose
from ihk.report.prose import LEER
from ihk.report.view.gebietskarte import Gebietskarte, gebietskarte
from ihk.report.view.grund import (
    NB,
    STRICH,
    Angaben,
    Fakt,
    Gruppe,
    Kontext,
    Link,
    Spalte,
    Tabelle,
    Textblock,
    Zeile,
    Zelle,
    anzahl_von,
    beschluss_text,
    gross,
)
from ihk.report.view.massnahme import Steckbrief
from ihk.report.view.suche import Suche
from ihk.report.view.zeit import Achse, Balken, Jahresmarke, Meilenstein, balken, marken, meilensteine, stab_von
from ihk.termine import stichtag, verzug


@dataclass(frozen=True, slots=True)
class Karte:
    """One occasion of participation, one body or one programme, as a small block."""

    titel: str
    unter: str
    texte: tuple[Textblock, ...]
    fakten: tuple[Fakt, ...]
    belege: tuple[Link, ...]
    id: str = ""


@dataclass(frozen=True, slots=True)
class Gebietskapitel:
    fakten: tuple[Fakt, ...]
    beschreibung: Markup
    ereignisse: Tabelle | None
    belege: tuple[Link, ...]
    mit_rand: bool
    """The facts are short enough for the margin column."""
    untersuchungen: Tabelle | None = None
    partnerprogramme: tuple[Karte, ...] = ()
    karte: Gebietskarte | None = None


@dataclass(frozen=True, slots=True)
class Feldbild:
    titel: str
    punkte: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class Massnahmenkapitel:
    wort: labels.Wort
    uebersicht: Tabelle | None
    steckbriefe: tuple[Steckbrief, ...]
    suche: Suche | None = None
    prioritaeten: tuple[Fakt, ...] = ()


VERZUG = {"ende": "Ende überschritten", "beginn": "Beginn überschritten", "verfrueht": "läuft vor dem Beginn"}


@dataclass(frozen=True, slots=True)
class Zeitzeile:
    """A bar with its milestones; what they stand for is said in words beside it."""

    link: Link
    zeitraum: str
    balken: Balken | None
    meilensteine: tuple[Meilenstein, ...] = ()
    nach: tuple[Link, ...] = ()
    """What the measure waits for."""
    verzug: str = ""


@dataclass(frozen=True, slots=True)
class Zeitplan:
    wort: labels.Wort
    """What the concept calls a measure."""
    gruppen: tuple[tuple[str, tuple[Zeitzeile, ...]], ...]
    marken: tuple[Jahresmarke, ...]
    stand: float | None
    stand_text: str
    arten: tuple[str, ...]
    ohne: tuple[Link, ...]
    rahmen: Zeitzeile | None
    """The period of the concept itself."""
    meilensteine: bool
    satz: str


@dataclass(frozen=True, slots=True)
class Ende:
    steckbriefe: tuple[Steckbrief, ...]
    frueher: Tabelle | None
    ziele: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Quellenzeile:
    id: str
    nummer: str
    text: str
    url: str
    zusatz: Markup


def massnahmensatz(kontext: Kontext, massnahmen: tuple[Massnahme, ...]) -> str:
    lebende = [m for m in massnahmen if not m.beendet]
    bekannt = [m for m in lebende if m.status]
    if len(bekannt) * 2 < len(lebende):
        return ""
    gruppen = {
        g: sum(labels.STATUSGRUPPE.get(m.status or "") == g for m in lebende)
        for g in dict.fromkeys(labels.STATUSGRUPPE.values())
    }
    teile_ = [f"{n} {g.replace('ruht oder entfallen', 'ruhen' if n > 1 else 'ruht')}" for g, n in gruppen.items() if n]
    if offen := len(lebende) - len(bekannt):
        teile_.append(f"{offen} mit unbekanntem Stand")
    return f"Von {len(lebende)} {kontext.wort.dativ}: {labels.und(teile_)}." if len(lebende) > 2 and teile_ else ""


def gebiet(kontext: Kontext) -> Gebietskapitel | None:
    konzept = kontext.k.konzept
    g = konzept.gebiet
    fakten: tuple[Fakt, ...] = ()
    text = (kontext.prosa(g.beschreibung) if g else None) or LEER
    belege: tuple[Link, ...] = ()
    if g is not None:
        angaben = Angaben(kontext, g)
        angaben.fakt("Gebiet", "name", g.name)
        angaben.fakt("Fläche", "flaeche_ha", f"{labels.zahl(g.flaeche_ha)}{NB}ha" if g.flaeche_ha is not None else "")
        angaben.fakt("Einwohner", "einwohner", labels.zahl(g.einwohner) if g.einwohner is not None else "")
        angaben.fakt("Stand", "stand", labels.zeitpunkt(g.stand) if g.stand else "")
        angaben.fakt("Teilgebiete", "teilgebiete", ", ".join(g.teilgebiete))
        angaben.fakt("Beschluss", "beschluss", beschluss_text(g.beschluss) if g.beschluss else "")
        if g.beschluss:
            angaben.fakten += Angaben(kontext, g.beschluss, "Beschluss: ").rest()
        if g.beschreibung:
            angaben.unterdruecke("beschreibung")
        fakten, belege = angaben.rest(), angaben.gesamt
    konzept_angaben = Angaben(kontext, konzept)
    konzept_angaben.fakt(
        "Programm" if len(konzept.programme) < 2 else "Programme",
        "programme",
        ", ".join(labels.programm(p) for p in konzept.programme),
    )
    grenze = konzept.foerderobergrenze
    konzept_angaben.fakt("Förderobergrenze", "foerderobergrenze", labels.euro(grenze) if grenze is not None else "")
    konzept_angaben.fakt("Webseite", "webseite", konzept.webseite)
    konzept_angaben.fakt("Untersuchungen", "untersuchungen") if not konzept.untersuchungen else None
    konzept_angaben.fakt("Partnerprogramme", "partnerprogramme") if not konzept.partnerprogramme else None
    konzept_angaben.fakt("Ereignisse", "ereignisse") if not konzept.ereignisse else None
    konzept_angaben.fakt("Gebiet", "gebiet") if g is None else None
    fakten += tuple(konzept_angaben.fakten)
    zeilen = tuple(
        Zeile((Zelle(labels.zeitpunkt(e.datum)), Zelle(kontext.zeile(e.text), belege=kontext.quellen(e.alle_belege()))))
        for e in konzept.ereignisse
    )
    ereignisse = (
        Tabelle("Was bisher geschah", (Spalte("Datum"), Spalte("Ereignis")), (Gruppe(zeilen),), klasse="ereignisse")
        if zeilen
        else None
    )
    untersuchungen = _untersuchungen(kontext)
    partner = tuple(_partnerprogramm(kontext, p) for p in konzept.partnerprogramme)
    karte = gebietskarte(kontext)
    if not (fakten or text or ereignisse or untersuchungen or partner or karte):
        return None
    laenge = sum(30 + len(f.wert) + len(f.grund) for f in fakten)
    return Gebietskapitel(fakten, text, ereignisse, belege, laenge < 520, untersuchungen, partner, karte)


def _untersuchungen(kontext: Kontext) -> Tabelle | None:
    """Studies that came before the concept (§ 141 BauGB)."""
    zeilen = []
    for u in kontext.k.konzept.untersuchungen:
        wann = labels.zeitraum(u.zeitraum.von, u.zeitraum.bis) if u.zeitraum else ""
        fertig = labels.zeitpunkt(u.datum) if u.datum else ""
        zusatz = [t for t in (u.art or "", kontext.zeile(u.text), u.url or "", kontext.unbekanntes(u.unbekannt)) if t]
        zeilen.append(Zeile((
            Zelle(u.titel, zusatz=Markup("; ").join(zusatz), belege=kontext.quellen(u.alle_belege())),
            Zelle(", ".join(u.verfasser) or STRICH), Zelle("; ".join(t for t in (wann, fertig) if t) or STRICH),
        )))  # fmt: skip
    if not zeilen:
        return None
    return Tabelle(
        "Vorangegangene Untersuchungen",
        (Spalte("Untersuchung"), Spalte("verfasst von"), Spalte("Zeit")),
        (Gruppe(tuple(zeilen)),),
    )


def _partnerprogramm(kontext: Kontext, p: Partnerprogramm) -> Karte:
    """A programme beside the Städtebauförderung, with goals and money of its own."""
    angaben = Angaben(kontext, p)
    angaben.fakt("Programm", "programm", labels.programm(p.programm) if p.programm else "")
    angaben.fakt("Träger", "traeger", p.traeger)
    angaben.fakt("Geldgeber", "geldgeber", ", ".join(p.geldgeber))
    if not p.zeitraum:
        angaben.fakt("Zeitraum", "zeitraum")
    texte = [Textblock("", html) for html in (kontext.prosa(p.text, 5),) if html is not None]
    if p.ziele:
        punkte = tuple(kontext.zeile(z) for z in p.ziele)
        texte.append(Textblock("Ziele", "", angaben.belegt("ziele"), punkte=punkte))
    unter = labels.zeitraum(p.zeitraum.von, p.zeitraum.bis) if p.zeitraum else ""
    if p.zeitraum:
        angaben.fakten += Angaben(kontext, p.zeitraum, "Zeitraum: ").rest()
    return Karte(p.titel, unter, tuple(texte), angaben.rest(), angaben.gesamt)


def verstetigung(kontext: Kontext) -> Tabelle | None:
    """What stays after the funding: who carries it, from when, with which money."""
    zeilen = []
    for v in kontext.k.verstetigung:
        betrag = f"{labels.euro(v.betrag)} im Jahr" if v.betrag is not None else ""
        mehr = [t for t in (kontext.zeile(v.text), kontext.unbekanntes(v.unbekannt)) if t]
        zeilen.append(Zeile((
            Zelle(v.struktur, zusatz=Markup("<br>").join(mehr), links=kontext.links([v.massnahme] if v.massnahme else []), belege=kontext.quellen(v.alle_belege())),
            Zelle(v.traeger or STRICH), Zelle(labels.zeitpunkt(v.ab) if v.ab else STRICH), Zelle("; ".join(t for t in (v.finanzierung or "", betrag) if t) or STRICH),
        )))  # fmt: skip
    if not zeilen:
        return None
    kopf = (Spalte("Was bleibt"), Spalte("Träger"), Spalte("ab"), Spalte("Geld"))
    return Tabelle("Was nach der Förderung bleibt", kopf, (Gruppe(tuple(zeilen)),))


def prioritaeten(kontext: Kontext) -> tuple[Fakt, ...]:
    """What the priorities mean, where the concept says it; priority is not time (Lengerich, Salzgitter)."""
    p = kontext.k.konzept.prioritaeten
    if p is None:
        return ()
    angaben = Angaben(kontext, p)
    for feld, wort in labels.PRIORITAET.items():
        angaben.fakt(wort, feld, getattr(p, feld))
    return angaben.rest()


def analyse(kontext: Kontext) -> tuple[Feldbild, ...]:
    analyse = kontext.k.analyse
    if analyse is None:
        return ()
    felder = []
    for feld in ("staerken", "schwaechen", "chancen", "risiken"):
        punkte = tuple(kontext.zeile(p) for p in getattr(analyse, feld))
        if not punkte and feld in analyse.unbekannt:
            punkte = (kontext.zeile(f"*keine Angabe*: {analyse.unbekannt[feld]}"),)
        if punkte:
            felder.append(Feldbild(labels.FELD[feld], punkte))
    return tuple(felder)


def zeitplan(
    kontext: Kontext, gruppen: list[tuple[str, tuple[Massnahme, ...]]], a: Achse, stand: date | None
) -> Zeitplan | None:
    ergebnis, ohne, arten = [], [], []
    verspaetet = 0
    for titel, teil in gruppen:
        zeilen = []
        for m in teil:
            stab = balken(m, a, stand)
            if stab is None or m.zeitraum is None:
                ohne.append(m.id)
                continue
            arten.append(stab.klasse)
            spaet = verzug(m, stichtag(kontext.k))
            verspaetet += spaet is not None
            zeilen.append(
                Zeitzeile(
                    kontext.link(m.id),
                    labels.zeitraum(m.zeitraum.von, m.zeitraum.bis),
                    stab,
                    meilensteine(m, a),
                    kontext.links(m.abhaengig_von),
                    VERZUG[spaet.art] if spaet else "",
                )
            )
        if zeilen:
            ergebnis.append((titel, tuple(zeilen)))
    if len(arten) < 3:  # one or two bars say less than the text in the Steckbrief
        return None
    linie = stand is not None and date(a.von, 1, 1) <= stand <= date(a.bis, 12, 31)
    text = f"senkrechte Linie: Stand {labels.tag(stand)}" if stand is not None and linie else ""
    vorhanden = tuple(x for x in ("fertig", "laeuft", "geplant", "ruht") if x in arten)
    return Zeitplan(
        kontext.wort,
        tuple(ergebnis),
        marken(a),
        a.stelle(stand) if stand is not None and linie else None,
        text,
        vorhanden,
        kontext.links(ohne),
        _rahmen(kontext, a),
        any(z.meilensteine for _, zeilen in ergebnis for z in zeilen),
        f"{gross(anzahl_von(verspaetet, kontext.wort, 'liegt', 'liegen'))} hinter dem Zeitplan." if verspaetet else "",
    )


def _rahmen(kontext: Kontext, a: Achse) -> Zeitzeile | None:
    """The period of the concept as the first bar of the schedule."""
    zeitraum = kontext.k.fassung.zeitraum
    stab = stab_von(zeitraum, a) if zeitraum else None
    if zeitraum is None or stab is None:
        return None
    return Zeitzeile(Link("", "", "Zeitraum des Konzepts"), labels.zeitraum(zeitraum.von, zeitraum.bis), stab)


def anlass(kontext: Kontext, i: int) -> Karte:
    b = kontext.k.beteiligung[i]
    angaben = Angaben(kontext, b)
    wann = (
        labels.zeitpunkt(b.datum) if b.datum else labels.zeitraum(b.zeitraum.von, b.zeitraum.bis) if b.zeitraum else ""
    )
    titel = b.titel or b.form or b.art or f"Anlass {i + 1}"
    unter = " · ".join(
        t for t in (wann, b.form if b.form != titel else "", b.art if b.art != titel else "", b.ort) if t
    )
    angaben.fakt("Datum", "datum", labels.zeitraum(b.zeitraum.von, b.zeitraum.bis) if b.datum and b.zeitraum else "")
    angaben.fakt("Zielgruppe", "zielgruppe", b.zielgruppe)
    angaben.fakt("Teilnehmende", "teilnehmende", labels.zahl(b.teilnehmende) if b.teilnehmende is not None else "")
    texte = [Textblock("", html) for t in (b.text,) if (html := kontext.prosa(t, 5)) is not None]
    if ergebnis := kontext.zeile(b.ergebnis):
        texte.append(Textblock("Ergebnis", ergebnis))
    return Karte(titel, unter, tuple(texte), angaben.rest(), angaben.gesamt)


def luecken(kontext: Kontext) -> tuple[Fakt, ...]:
    """Gaps of the Fassung as a whole that no other page names."""
    genannt = {"titel", "vorgaenger", "status", "stand", "zeitraum", "beratungsfolge"}
    f = kontext.k.fassung
    offen = {feld: grund for feld, grund in f.unbekannt.items() if feld not in genannt}
    offen |= kontext.k.unbekannt
    return tuple(
        Fakt(
            {"massnahmen": kontext.massnahmen, "handlungsfelder": kontext.handlungsfelder}.get(
                x, labels.FELD.get(x, gross(x))
            ),
            grund=kontext.zeile(g),
            unbekannt=True,
        )
        for x, g in offen.items()
    )


def _aneinander(angaben: list[str | Markup]) -> Markup:
    """One after the other with full stops between them; each keeps its own (“S. 12 ff.”)."""
    mit = [Markup("{}{}").format(a, " " if a.endswith(".") else ". ") for a in angaben[:-1]]
    return Markup("").join([*mit, *angaben[-1:]])


def quellen(kontext: Kontext) -> tuple[Quellenzeile, ...]:
    zeilen = []
    for i, q in enumerate(kontext.k.quellen, 1):
        wer = ", ".join(t for t in (q.autor, q.herausgeber) if t)
        wann = labels.zeitpunkt(q.datum) if q.datum else str(q.jahr) if q.jahr else ""
        if q.datum and q.jahr and str(q.jahr) not in wann:
            wann += f" ({q.jahr})"
        text = ": ".join(t for t in (wer, q.titel) if t)
        teile_ = [q.art or "", wann, q.fundstelle or "", f"abgerufen am {labels.tag(q.abruf)}" if q.abruf else ""]
        url = q.url or ""
        zeilen.append(
            Quellenzeile(
                q.id,
                str(i),
                text,
                url if url.startswith(("https://", "http://")) else "",
                _aneinander([t for t in (*teile_, kontext.unbekanntes(q.unbekannt), url) if t]),
            )
        )
    return tuple(zeilen)


def abkuerzungen(text: str) -> tuple[Fakt, ...]:
    """The abbreviations of the field that really stand in the text."""
    woerter = prose.abkuerzungen()
    # Begins with the letters themselves, to which the engine skips; whether they stand alone is looked at then.
    gefunden = [k for k in woerter if re.search(rf"{(e := re.escape(k))}(?<![\w-]{e})(?!\w)", text)]
    return tuple(Fakt(k, woerter[k]) for k in sorted(gefunden, key=str.casefold))


def alle_texte(geladen: Geladen) -> str:
    """Every text of the model, to look for abbreviations."""

    def sammle(wert: object, schluessel: str = "") -> list[str]:
        if schluessel in ("id", "datei", "belege", "url"):
            return []
        if isinstance(wert, str):
            return [wert]
        if isinstance(wert, dict):
            return [t for n, w in wert.items() for t in sammle(w, str(n))]
        return [t for w in wert for t in sammle(w)] if isinstance(wert, list | tuple) else []

    daten = geladen.fassung.model_dump(mode="json", exclude_defaults=True)
    flaeche = " ha " if geladen.fassung.konzept.gebiet and geladen.fassung.konzept.gebiet.flaeche_ha is not None else ""
    geber = (
        " EU "
        if any(a.geber == "eu" for m in geladen.fassung.massnahmen if m.kosten for a in m.kosten.finanzierung)
        else ""
    )
    programme = " ".join(labels.programm(p) for p in geladen.fassung.konzept.programme)
    return "\n".join(sammle(daten)) + flaeche + geber + programme
