"""The history of a concept as a picture made of a table: a row per object, a column per Fassung, lines between the states.

The lines are backgrounds of the cells, so that rows may be as high as their text; every line is also said in words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby

from markupsafe import Markup

from ihk import labels
from ihk.history import Bahn, Verlauf, Wandel, Zustand, saetze
from ihk.history.verlauf import Fassungskopf
from ihk.model.load import Geladen
from ihk.report.palette import Palette, palette
from ihk.report.view.deckblatt import Kopf, kopf
from ihk.report.view.grund import Fakt, Kontext, Medium, allein, anzahl_von, gross, pruefsumme
from ihk.report.view.linien import Linien, linien

SPALTEN_JE_SEITE = 6
"""Fassungen beside each other on paper; the next table begins with the last one again."""
BLOECKE = (
    ("massnahmen", "{massnahmen}", ("massnahme",)),
    ("ziele", "Ziele und Teilziele", ("ziel", "teilziel")),
    ("ordnung", "{felder} und Querschnittsaufgaben", ("handlungsfeld", "querschnittsaufgabe")),
    ("indikatoren", "Indikatoren", ("indikator",)),
    ("weitere", "Kapitel, Bilder und Quellen", ("kapitel", "bild", "quelle")),
)
# What the table of all changes prints with both values; everything else only by its name.
WICHTIG = ("Nummer", "steht unter", "Titel", "Status", "Gesamtkosten", "Beginn", "Ende", "Träger", "Ziel: Wert", "Ziel: Jahr")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Angabe:
    """A line of a cell; ``neu`` if it differs from the state before."""

    text: str
    neu: bool = False


@dataclass(frozen=True, slots=True)
class Feld:
    """An object in one Fassung. ``stil`` are the lines behind the text, ``klasse`` says what is known of it."""

    klasse: str
    stil: str
    kopf: str
    status: str = ""
    wort: str = ""
    nummer: str = ""
    angaben: tuple[Angabe, ...] = ()
    verborgen: str = ""
    """What the missing line says, for those who do not see it."""


@dataclass(frozen=True, slots=True)
class Reihe:
    """One object over the Fassungen of a picture."""

    id: str
    nummer: str
    titel: str
    zusatz: str
    felder: tuple[Feld, ...]


@dataclass(frozen=True, slots=True)
class Rang:
    """Objects at one place. ``stile`` are the lines that pass its heading, by column; empty if none does."""

    titel: str
    stile: tuple[str, ...]
    reihen: tuple[Reihe, ...]


@dataclass(frozen=True, slots=True)
class Spalte:
    titel: str
    unter: str
    da: bool


@dataclass(frozen=True, slots=True)
class Bild:
    """One table of lanes."""

    id: str
    titel: str
    spalten: tuple[Spalte, ...]
    breiten: tuple[float, ...]
    """In percent: that of the titles, then of the Fassungen."""
    raenge: tuple[Rang, ...]

    @property
    def breite(self) -> int:
        return len(self.spalten) + 1


@dataclass(frozen=True, slots=True)
class Schritt:
    """What changed in one object in one Fassung, and why."""

    wann: str
    arten: str
    angaben: tuple[str, ...]
    grund: Markup
    zusaetze: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Geschichte:
    """The changes of one object."""

    id: str
    titel: str
    saetze: str
    schritte: tuple[Schritt, ...]


@dataclass(frozen=True, slots=True)
class Verlaufsseite:
    kopf: Kopf
    titel: str
    untertitel: str
    wort: labels.Wort
    satz: str
    fiktiv: bool
    hinweise: tuple[str, ...]
    fassungen: tuple[tuple[str, tuple[Fakt, ...]], ...]
    bilder: tuple[Bild, ...]
    verbunden: bool
    """Whether anything was split or merged."""
    unbekannt: bool
    zeichen: tuple[tuple[str, str], ...]
    geschichten: tuple[tuple[str, str, tuple[Geschichte, ...]], ...]
    unveraendert: str
    hell: Palette
    dunkel: Palette


def verlauf_view(v: Verlauf, neu: Geladen, *, medium: Medium, kennung: str | None = None) -> Verlaufsseite:
    """The whole history, or that of one object and of what it is joined to."""
    kontext = Kontext(neu, medium)
    worte = {"massnahmen": kontext.massnahmen, "felder": kontext.handlungsfelder}
    bloecke = tuple((name, titel.format_map(worte), arten) for name, titel, arten in BLOECKE)
    bahnen = v.bahnen if kennung else tuple(b for b in v.bahnen if b.art not in BLOECKE[-1][2])
    bilder = tuple(
        bild
        for name, titel, arten in bloecke
        if (teil := [b for b in bahnen if b.art in arten])
        for bild in _bilder(v, name, titel, teil, medium, neu.fassung.konzept)
    )
    geschichten = tuple(
        (name, titel, tuple(g for b in bahnen if b.art in arten and (g := _geschichte(v, b, kontext, ganz=kennung is not None))))
        for name, titel, arten in bloecke
    )  # fmt: skip
    still = [saetze.name(v, b.id) for b in bahnen if b.art == "massnahme" and not _erzaehlt(b)]
    farbe = neu.fassung.konzept.farbe
    was = (
        f"{kontext.objektwort(b.art)} {saetze.name(v, kennung)}"
        if kennung and (b := v.bahn(kennung))
        else "Alle Fassungen"
    )
    untertitel = f"{was}, {_spanne(v)}" if kennung else _spanne(v)
    return Verlaufsseite(
        kopf=replace(kopf(kontext, f"Verlauf{f' von {kennung}' if kennung else ''}: "), rechts=f"Verlauf, {_spanne(v)}"),
        titel=v.titel,
        untertitel=gross(untertitel),
        wort=kontext.wort,
        satz=_satz(v, bahnen, kontext.wort),
        fiktiv=neu.fassung.konzept.fiktiv,
        hinweise=tuple(saetze.luecken(v)),
        fassungen=tuple((f"Fassung {f.id}", _fakten(f)) for f in v.fassungen),
        bilder=bilder,
        verbunden=any(b.aus or b.nach for b in bahnen),
        unbekannt=any(z.lage == "unbekannt" for b in bahnen for z in b.zustaende) or any(b.beginn.art == "offen" for b in bahnen),
        zeichen=tuple((s, labels.STATUS[s]) for s in labels.STATUS if any(z.status == s for b in bahnen for z in b.zustaende if b.art == "massnahme")),
        geschichten=tuple((f"aenderungen-{n}", t, g) for n, t, g in geschichten if g),
        unveraendert=", ".join(still),
        hell=palette(farbe, druck=medium == "druck"),
        dunkel=palette(farbe, dunkel=True),
    )  # fmt: skip


def _spanne(v: Verlauf) -> str:
    namen = [f.id for f in v.fassungen]
    return f"Fassungen {', '.join(namen[:-1])} und {namen[-1]}" if len(namen) > 1 else f"Fassung {namen[0]}"


def _satz(v: Verlauf, bahnen: tuple[Bahn, ...], wort: labels.Wort) -> str:
    """What became of the measures, in one sentence."""
    m = [b for b in bahnen if b.art == "massnahme"]
    if not m:
        return ""
    teile = []
    for verb, ids in (
        (("gibt es in jeder Fassung", "gibt es in jeder Fassung"), [b for b in m if all(z.lage == "da" for z in b.zustaende)]),
        (("kam später hinzu", "kamen später hinzu"), [b for b in m if b.beginn.art == "neu"]),
        (("ging in andere über", "gingen in andere über"), [b for b in m if b.ende and b.nach]),
        (("entfiel", "entfielen"), [b for b in m if b.ende and not b.nach]),
    ):  # fmt: skip
        if ids:
            teile.append(allein(len(ids), wort, *verb))
    fall = f": {', '.join(teile)}." if teile and len(v.fassungen) > 1 else "."
    return gross(f"{anzahl_von(len(m), wort)}{fall}")


def _fakten(f: Fassungskopf) -> tuple[Fakt, ...]:
    """Head of one Fassung."""
    if not f.da:
        return (Fakt("Datei", "", grund="liegt nicht vor", unbekannt=True),)
    beschluss = saetze.beschluss(f.beschluss)
    return (
        Fakt("Titel", f.titel or labels.FASSUNGSART.get(f.art or "", "Fassung")),
        Fakt("Status", labels.FASSUNGSSTATUS.get(f.status or "", ""), unbekannt=not f.status),
        Fakt("Stand", labels.zeitpunkt(f.stand) if f.stand else "", unbekannt=not f.stand),
        Fakt("Beschluss" if saetze.beschlossen(f) else "Beschluss geplant", beschluss, unbekannt=not beschluss),
        Fakt("Quelltext", pruefsumme(f.sha256 or "")),
    )


# --------------------------------------------------------------------------- the picture


def _bilder(
    v: Verlauf, name: str, titel: str, bahnen: list[Bahn], medium: Medium, wahl: labels.Bezeichner
) -> list[Bild]:
    """One table, on paper several where there are many Fassungen."""
    n = len(v.fassungen)
    if medium == "web" or n <= SPALTEN_JE_SEITE:
        return [_bild(v, name, titel, bahnen, range(n), wahl)]
    schritt = SPALTEN_JE_SEITE - 1
    fenster = [range(a, min(a + SPALTEN_JE_SEITE, n)) for a in range(0, n - 1, schritt)]
    return [
        _bild(v, f"{name}-{i}" if i > 1 else name, f"{titel}, Fassungen {v.fassungen[f[0]].id} bis {v.fassungen[f[-1]].id}", bahnen, f, wahl)
        for i, f in enumerate(fenster, 1)
    ]  # fmt: skip


def _bild(v: Verlauf, name: str, titel: str, bahnen: list[Bahn], spalten: range, wahl: labels.Bezeichner) -> Bild:
    netz = linien(v, bahnen, spalten)
    raenge = []
    zeile = 0
    for gruppe, teil in groupby(bahnen, key=lambda b: b.gruppe):
        reihen = tuple(_reihe(v, b, netz, zeile + i, wahl) for i, b in enumerate(teil))
        ueber = saetze.platz(v, gruppe) if gruppe else "Ohne Zuordnung" if any(b.gruppe for b in bahnen) else ""
        raenge.append(Rang(ueber, netz.vorbei(zeile) if ueber else (), reihen))
        zeile += len(reihen)
    erste = 26.0 if len(spalten) > 2 else 34.0
    breiten = (erste, *[round((100 - erste) / len(spalten), 3)] * len(spalten))
    koepfe = tuple(Spalte(v.fassungen[j].id, _unter(v.fassungen[j]), v.fassungen[j].da) for j in spalten)
    return Bild(name, titel, koepfe, breiten, tuple(raenge))


def _unter(f: Fassungskopf) -> str:
    if not f.da:
        return "Datei liegt nicht vor"
    return " · ".join((f.titel or labels.FASSUNGSART.get(f.art or "", "Fassung"), labels.FASSUNGSSTATUS.get(f.status or "", "Status unbekannt")))  # fmt: skip


def _reihe(v: Verlauf, b: Bahn, netz: Linien, zeile: int, wahl: labels.Bezeichner) -> Reihe:
    felder = tuple(_feld(v, b, j, netz.stil(zeile, j)) for j in netz.spalten)
    art = "" if b.art in ("massnahme", "indikator") else f"{labels.objekt(b.art, wahl)} "
    zuletzt = "zuletzt " if b.ende is not None and b.nummer else ""
    return Reihe(b.id, b.nummer or "", b.kurz, f"{art}{zuletzt}{f'Nr. {b.nummer}, ' if b.nummer else ''}{b.id}", felder)


def _feld(v: Verlauf, b: Bahn, j: int, stil: str) -> Feld:
    z, f = b.zustaende[j], v.fassungen[j]
    vorher = next((x for x in reversed(b.zustaende[:j]) if x.lage in ("da", "endet")), None)
    if z.lage in ("noch_nicht", "beendet"):
        wort = {"noch_nicht": "noch nicht", "beendet": "beendet"}[z.lage]
        return Feld("leer", stil, f.id, verborgen=wort)
    if z.lage == "unbekannt" and not (b.ende and b.ende.fassung == f.id):
        return Feld("offen", stil, f.id, wort="unbekannt")
    if z.lage == "weg":
        return Feld("weg", stil, f.id, wort="fehlt", angaben=(Angabe("ohne Angabe, was daraus wurde", neu=True),))
    aus = [x.von for x in v.verbindungen if x.nach == b.id and x.fassung == f.id]
    herkunft = (
        [Angabe(f"aus {', '.join(aus)}" if vorher is None else f"nimmt auf: {', '.join(aus)}", neu=True)] if aus else []
    )
    if z.lage in ("endet", "unbekannt"):  # what is missing may be told by a later Fassung
        wort = {"aufgegangen": "aufgegangen", "geteilt": "geteilt"}.get(b.ende.art if b.ende else "", "entfallen")
        wohin = [Angabe(f"in {', '.join(b.nach)}", neu=True)] if b.nach else []
        return Feld("endet", stil, f.id, "entfallen", wort, z.nummer or "", (*herkunft, *wohin))
    angaben = [*herkunft]
    if b.beginn.art == "neu" and b.beginn.fassung == f.id and not aus:
        angaben.append(Angabe("neu", neu=True))
    if vorher is not None and vorher.ort[-1:] != z.ort[-1:]:
        angaben.append(Angabe(f"jetzt unter {saetze.platz(v, z.ort[-1]) if z.ort else 'nichts'}", neu=True))
    if z.titel and z.titel != b.titel:
        angaben.append(Angabe(f"hier: „{z.titel}“"))
    angaben += _werte(b, z, vorher)
    status = (z.status or "unbekannt") if b.art == "massnahme" else ""
    wort = saetze.status(z, b.art) or "geführt"
    return Feld("da", stil, f.id, status, wort, z.nummer or "", tuple(angaben))


def _werte(b: Bahn, z: Zustand, vorher: Zustand | None) -> list[Angabe]:
    """Costs and period of a measure, the target of an indicator; bold where they changed."""
    if b.art == "indikator":
        ziel = saetze.zielwert(z)
        return [Angabe(ziel, vorher is not None and vorher.zielwert != z.zielwert)] if ziel else []
    if b.art != "massnahme":
        return []
    teurer = vorher is not None and vorher.kosten != z.kosten
    delta = f" ({labels.euro_delta(z.kosten - vorher.kosten)})" if vorher and z.kosten is not None and vorher.kosten is not None and teurer else ""  # fmt: skip
    anders = vorher is not None and (vorher.von, vorher.bis) != (z.von, z.bis)
    if z.kosten is None and not (z.von or z.bis):
        return [Angabe(f"{saetze.kosten(z)}; {saetze.zeitraum(z)}", teurer or anders)]
    return [Angabe(saetze.kosten(z) + delta, teurer), Angabe(saetze.zeitraum(z), anders)]


# --------------------------------------------------------------------------- the changes


def _erzaehlt(b: Bahn) -> list[Wandel]:
    return [w for w in b.wandel if not saetze.nebenbei(b, w)]


def _geschichte(v: Verlauf, b: Bahn, kontext: Kontext, *, ganz: bool) -> Geschichte | None:
    """The changes of one object; None if there is none to tell."""
    schritte = tuple(_schritt(v, b, w, kontext, ganz=ganz) for w in _erzaehlt(b))
    if not schritte and not ganz:
        return None
    titel = " ".join(t for t in (b.nummer, b.titel) if t)
    return Geschichte(b.id, f"{kontext.objektwort(b.art)} {titel} ({b.id})", " ".join(t for t in (saetze.beginn(v, b), saetze.ende(v, b)) if t), schritte)  # fmt: skip


def _schritt(v: Verlauf, b: Bahn, w: Wandel, kontext: Kontext, *, ganz: bool) -> Schritt:
    kurz, lang = saetze.felder(v, b, w, kontext.k.konzept)
    gezeigt = [x for x in kurz if ganz or x.name in WICHTIG]
    rest = [*(x.name for x in kurz if x not in gezeigt), *lang]
    angaben = [gross(s) for s in saetze.herkunft(v, b, w)]
    angaben += [f"{x.name}: {x.alt} → {x.neu}{f' ({x.zusatz})' if x.zusatz else ''}" for x in gezeigt]
    if rest:
        angaben.append(f"{'Außerdem geändert' if angaben else 'Geändert'}: {', '.join(dict.fromkeys(rest))}")
    rueck = ", ".join(labels.RUECKSCHRITT[r] for r in w.eintrag.rueckschritte)
    zusaetze = [f"Veranlasst durch: {w.eintrag.veranlasst_durch}"] if w.eintrag.veranlasst_durch else []
    if (wer := saetze.beschluss(w.beschluss)) and (ganz or not w.beschluss_der_fassung):
        zusaetze.append(f"Beschluss{' der Fassung' if w.beschluss_der_fassung else ''}: {wer}")
    arten = saetze.arten(b, w) + (f"; Rückschritt: {rueck}" if rueck else "")
    return Schritt(gross(saetze.wann(w)), arten, tuple(angaben), kontext.zeile(w.eintrag.begruendung), tuple(zusaetze))
