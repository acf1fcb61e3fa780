"""The laws of the comparison, on thousands of generated pairs: 2,000 in every run, more with ``pytest --gesetze 100000``.

The numbers G1 to G12 are those of docs/vergleich.md. A failure names a seed; the same seed makes the same pair again.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from typing import Any, get_args

import jsonpatch
from erzeuger import Erzeuger, als_geladen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_schema import gilt
from test_vergleich import _gespiegelt, _inhalt, _sortiert

from ihk.diff import Aenderungssatz, compare
from ihk.diff.apply import KLASSEN, Zustand, vorwaerts, zustand
from ihk.diff.changeset import Grenzen, Zuordnungsart
from ihk.diff.fields import flach_aus_daten
from ihk.diff.summary import ZAEHLER
from ihk.diff.things import dinge, listen
from ihk.export.aenderungen import aenderungen
from ihk.export.daten import daten
from ihk.export.patch import patch
from ihk.model.load import Geladen
from ihk.model.types import geld_text
from ihk.revise.merge_values import entscheide, ergebnis
from ihk.sums import summen
from ihk.terminal.vergleich import aenderungen as als_text

PAARE = int(os.environ.get("IHK_GESETZE", "2000"))
Bild = dict[tuple[str, str, str], tuple[Any, Any]]


def _bild(satz: Aenderungssatz) -> Bild:
    """Kind, id and path → old and new value, whole objects taken apart."""
    bild: Bild = {}
    ganze = [(str(g.art), g.id, g.inhalt_alt, g.inhalt_neu) for g in satz.grabsteine]
    for e in satz.eintraege:
        if e.inhalt_alt is not None or e.inhalt_neu is not None:
            ganze.append((str(e.art), e.id, e.inhalt_alt, e.inhalt_neu))
        bild |= {(str(e.art), e.id, f.pfad): (f.alt, f.neu) for f in e.felder}
    for art, kennung, alt, neu in ganze:
        a, n = (flach_aus_daten(KLASSEN[art], x, ohne=("id",)) if x else {} for x in (alt, neu))
        for pfad in a.keys() | n.keys():
            bild[art, kennung, pfad] = (a[pfad].inhalt if pfad in a else None, n[pfad].inhalt if pfad in n else None)
    return {ort: paar for ort, paar in bild.items() if paar[0] != paar[1]}


def _verkettet(eins: Bild, zwei: Bild) -> Bild:
    """What both changes amount to, one after the other."""
    ergebnis = {**eins}
    for ort, (alt, neu) in zwei.items():
        if ort in eins:
            assert eins[ort][1] == alt
        ergebnis[ort] = (eins[ort][0] if ort in eins else alt, neu)
    return {ort: paar for ort, paar in ergebnis.items() if paar[0] != paar[1]}


def _mit_inhalt(satz: Aenderungssatz) -> list[dict[str, Any]]:
    """Without entries that only say that a thing moved or was split: the split is declared in one Fassung, not in both."""
    return [e for e in _inhalt(satz) if e["felder"] or e["inhalt"] != (None, None)]


def _nach_kennung(satz: Aenderungssatz) -> bool:
    return not any(e.erkannt for e in satz.eintraege)


def _gesetze(a: Geladen, b: Geladen, c: Geladen) -> None:
    """All laws for two pairs in a row, and for the way through both."""
    hin, weiter, direkt = compare(a, b), compare(b, c), compare(a, c)
    staende = [zustand(dinge(g.fassung).values()) for g in (a, b, c)]
    inhalte = [json.loads(json.dumps(daten(g))) for g in (a, b, c)]
    _paar(a, b, hin, staende[0], staende[1], inhalte[0], inhalte[1])
    _paar(b, c, weiter, staende[1], staende[2], inhalte[1], inhalte[2])
    # G4: one after the other gives the third state, and for equal ids what a direct comparison says.
    assert vorwaerts(vorwaerts(staende[0], hin), weiter) == vorwaerts(staende[0], direkt) == staende[2]
    if all(map(_nach_kennung, (hin, weiter, direkt))):
        assert _verkettet(_bild(hin), _bild(weiter)) == _bild(direkt)
    # G1: no difference, no entry.
    selbst = compare(b, b)
    assert [*selbst.eintraege, *selbst.reihenfolge, *selbst.grabsteine, *selbst.vorschlaege] == []


def _paar(a: Geladen, b: Geladen, hin: Aenderungssatz, stand_a: Zustand, stand_b: Zustand, alt: Any, neu: Any) -> None:
    # G2: both sides from the change set, all objects and the order of every list.
    assert vorwaerts(stand_a, hin) == stand_b
    assert vorwaerts(stand_b, hin, zurueck=True) == stand_a
    folgen = dict(listen(a.fassung))
    for r in hin.reihenfolge:
        assert folgen.get(r.liste, ()) == r.alt
        folgen[r.liste] = r.neu
    assert {n: ids for n, ids in folgen.items() if ids} == listen(b.fassung)
    # G3: the way back is the mirror, for objects with the same id. (Each Fassung brings its own thresholds.)
    zurueck = compare(b, a)
    if _nach_kennung(hin) and _nach_kennung(zurueck) and hin.grenzen == zurueck.grenzen == Grenzen():
        assert [_gespiegelt(e) for e in _mit_inhalt(hin)] == _sortiert(_mit_inhalt(zurueck))
    _zaehler(hin, a, b)
    # G9: RFC 6902, applied by a library that is not ours.
    assert jsonpatch.apply_patch(alt, patch(alt, neu)) == neu
    # G12: every entry is in the text, with both ids where the id changed.
    text = als_text(hin)
    for e in hin.eintraege:
        assert f" {e.id}: " in text
        assert not e.erkannt or f"Kennung: {e.id_alt} → {e.id} (als dasselbe erkannt" in text


def _zaehler(satz: Aenderungssatz, a: Geladen, b: Geladen) -> None:
    """G5: every counter is a count over the entries, or follows from the models."""
    z = satz.zusammenfassung
    gezaehlt = Counter(art for e in satz.eintraege for art in e.aenderungsart)
    assert {art: z[art] for art in ZAEHLER} == {art: gezaehlt[art] for art in ZAEHLER}
    assert not any(len(set(e.aenderungsart)) < len(e.aenderungsart) for e in satz.eintraege)
    assert sum(z["gewichte"].values()) == len(satz.eintraege)
    alt, neu = ({m.id for m in g.fassung.massnahmen} for g in (a, b))
    erkannt = {e.id for e in satz.eintraege if e.erkannt and e.art == "massnahme"}
    assert {e.id for e in satz.eintraege if e.art == "massnahme" and "neu" in e.aenderungsart} == neu - alt - erkannt
    assert len(alt) - len(alt - neu) + len(neu - alt) == len(neu)
    assert z["kosten"]["alt"] == geld_text(summen(a.fassung).gesamt)
    assert z["kosten"]["neu"] == geld_text(summen(b.fassung).gesamt)
    for seite, g in (("alt", a), ("neu", b)):
        genannt = {geber: betrag[seite] for geber, betrag in z["kosten"]["nach_geber"].items()}
        voll = {geber: geld_text(betrag) for geber, betrag in summen(g.fassung).nach_geber.items()}
        assert {geber: betrag for geber, betrag in genannt.items() if betrag != "0.00"} == voll
    assert {e.zuordnung for e in satz.eintraege} <= set(get_args(Zuordnungsart))
    assert not any(e.rueckschritt and e.gewicht != "wesentlich" for e in satz.eintraege)


@settings(max_examples=PAARE // 2, suppress_health_check=list(HealthCheck), database=None)
@given(st.integers(0, 2**48), st.integers(0, 3), st.integers(0, 6), st.integers(0, 4))
def test_gesetze(saat: int, groesse: int, eingriffe: int, weitere: int) -> None:
    """Two pairs an example: a Fassung, its Fortschreibung, and the next one."""
    e = Erzeuger(saat)
    a = e.konzept(groesse)
    b = e.geaendert(a, eingriffe)
    _gesetze(*map(als_geladen, (a, b, e.geaendert(b, weitere))))


@settings(max_examples=max(100, PAARE // 20), suppress_health_check=list(HealthCheck), database=None)
@given(st.integers(0, 2**48), st.integers(0, 6))
def test_format_und_zusammenfuehren(saat: int, eingriffe: int) -> None:
    """The published schema holds; G8: who alone changed something wins, and two equal changes are one."""
    e = Erzeuger(saat)
    a = e.konzept(2)
    b = e.geaendert(a, eingriffe)
    gilt(aenderungen(compare(als_geladen(a), als_geladen(b))))
    x, y = (k.model_dump(mode="json", exclude_defaults=True) for k in (a, b))
    for basis, unsere, ihre, soll in ((y, x, y, x), (y, y, x, x), (y, x, x, x)):
        wahl = entscheide(basis, unsere, ihre)
        assert not any(wahl.konflikte())
        assert ergebnis(wahl, "unsere") == soll


@settings(max_examples=max(200, PAARE // 10), suppress_health_check=list(HealthCheck), database=None)
@given(st.integers(0, 2**48))
def test_ein_feld_ist_ein_eintrag(saat: int) -> None:
    """G11: one field of one measure changes, and exactly that is said, nowhere else anything."""
    from erzeuger import mit

    e = Erzeuger(saat)
    k = e.konzept(3)
    i = e.z.randrange(3)
    felder = {
        "traeger": "Kreis",
        "beschreibung": "Ganz neu.",
        "risiken": ("Hochwasser",),
        "beteiligte": ("Z",),
        "schritte": (),
    }
    name = e.z.choice(list(felder))
    m = mit(k.massnahmen[i], **{name: felder[name]})
    anders = mit(k, massnahmen=(*k.massnahmen[:i], m, *k.massnahmen[i + 1 :]))
    satz = compare(als_geladen(k), als_geladen(anders))
    erwartet = [] if k.massnahmen[i] == m else [(m.id, [name])]
    assert [(x.id, [f.pfad for f in x.felder]) for x in satz.eintraege] == erwartet
