"""What texts say against what the data say, and what must not stand in a public document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from ihk import sums
from ihk.checks.bezuege import saetze
from ihk.checks.kontext import Kontext
from ihk.checks.texte import stelle, texte
from ihk.labels import zahl
from ihk.model import Loc
from ihk.problems import Problem
from ihk.reading import values

# Each begins where a run of its characters begins and is bounded: otherwise a long text would take quadratic time.
MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
TELEFON = re.compile(r"(?<![\w/.-])(?:\+49|0)[ 1-9(][\d ()/–-]{6,30}\d")
BETRAG = re.compile(r"(?<![\d.,])\d[\d.]{0,24}(?:,\d{1,9})?[ \u00a0\u202f]?(?:Mio\.|Mrd\.)?[ \u00a0\u202f]?(?:€|Euro)")
FLAECHE = re.compile(r"(?<![\d.,])(\d[\d.]{0,14}(?:,\d{1,6})?)[ \u00a0\u202f]?(?:ha|Hektar)\b")


def personen(c: Kontext) -> Iterator[Problem]:
    """TEXT-PERSON (W24): mail addresses and phone numbers belong to persons, not into a public concept (§ 138 BauGB)."""
    for satz, loc in saetze(c.k):
        for pfad, text in texte(satz, loc):
            treffer = MAIL.search(text) or TELEFON.search(text)
            if treffer and pfad[-1] not in ("url", "webseite", "ags", "vorlage", "bescheid"):
                yield c.melde(
                    stelle(c, pfad, text, treffer.start()), "TEXT-PERSON", f"„{treffer[0].strip()}“ ist eine Adresse oder Telefonnummer.",
                    "Zuständig ist eine Stelle, keine Person; die Nummer gehört nicht in das Konzept.", "warnung",
                )  # fmt: skip


def betraege(c: Kontext) -> Iterator[Problem]:
    """TEXT-BETRAG (E31, W61): an amount in a chapter is one of the data; typed copies go stale."""
    if not any(m.kosten for m in c.k.massnahmen):
        return
    bekannt = _bekannte(c)
    for i, kapitel in enumerate(c.k.kapitel):
        text = kapitel.text or ""
        for treffer in BETRAG.finditer(text):
            try:
                cent = values.geld(treffer[0])
            except values.WertError:
                continue
            genau = _genauigkeit(treffer[0])
            if cent and not any(abs(cent - b) * 2 <= genau for b in bekannt):
                yield c.melde(
                    stelle(c, ("kapitel", i, "text"), text, treffer.start()), "TEXT-BETRAG", f"„{treffer[0]}“ steht im Text, aber in keiner Angabe.",
                    "Betrag prüfen; nach einer Änderung der Kosten veraltet er im Text.", "hinweis",
                )  # fmt: skip


def _genauigkeit(text: str) -> int:
    """Cents of the last digit that is written: ``3,7 Mio. €`` stands for anything that rounds to it."""
    nach = text.split(",")[1] if "," in text else ""
    stellen = len(nach) - len(nach.lstrip("0123456789"))
    einheit = 8 if "Mio" in text else 11 if "Mrd" in text else 2
    if not stellen and einheit == 2:
        ganz = re.sub(r"\D", "", text.split(",", maxsplit=1)[0])
        stellen = -min(4, len(ganz) - len(ganz.rstrip("0")))
    return int(10 ** max(0, einheit - stellen))


def _bekannte(c: Kontext) -> set[int]:
    """Every amount that the data hold, and every total."""
    ergebnis: set[int] = set()
    for satz, _ in saetze(c.k):
        for feld in type(satz).model_fields:
            wert = getattr(satz, feld)
            if isinstance(wert, int) and not isinstance(wert, bool):
                ergebnis.add(wert)
            elif isinstance(wert, dict):
                ergebnis |= {w for w in wert.values() if isinstance(w, int)}
    for kern in (c.k, *([c.alt] if c.alt else [])):
        s = sums.summen(kern)
        ergebnis |= {
            s.gesamt,
            s.folgekosten,
            s.nicht_zuwendungsfaehig,
            *s.nachrichtlich.values(),
            sum(s.nachrichtlich.values()),
        }
        for teil in (
            s.nach_geber,
            s.nach_jahr,
            s.nach_handlungsfeld,
            s.nach_programm,
            s.nach_ausgabeart,
            *s.je_jahr.values(),
        ):
            ergebnis |= set(teil.values())
        ergebnis |= {
            s.nach_geber.get("bund", 0) + s.nach_geber.get("land", 0) + s.nach_geber.get("bund_land", 0),
            sum(sums.bemessungsgrundlage(m.kosten) or 0 for m in sums.zaehlende(kern) if m.kosten),
        }
        for m in kern.massnahmen:
            if m.kosten:
                ergebnis |= {b for b in sums.betraege(m.kosten) if b is not None}
                ergebnis |= set(sums.nach_geber(m.kosten).values())
    return ergebnis


def flaeche(c: Kontext) -> Iterator[Problem]:
    """GEBIET-FLAECHE-TEXT (W50): hectares in the chapter on the area are those of the data."""
    gebiet = c.k.konzept.gebiet
    if gebiet is None or gebiet.flaeche_ha is None:
        return
    stellen: list[tuple[Loc, str]] = [(("konzept", "gebiet", "beschreibung"), gebiet.beschreibung or "")]
    stellen += [
        (("kapitel", i, "text"), k.text or "") for i, k in enumerate(c.k.kapitel) if k.id in ("gebiet", "abgrenzung")
    ]
    for pfad, text in stellen:
        werte = [(t, Decimal(t[1].replace(".", "").replace(",", "."))) for t in FLAECHE.finditer(text)]
        if werte and all(w != gebiet.flaeche_ha for _, w in werte):
            treffer, _ = werte[0]
            yield c.melde(
                stelle(c, pfad, text, treffer.start()), "GEBIET-FLAECHE-TEXT", f"Im Text hat das Gebiet {treffer[1]} ha, in den Daten {zahl(gebiet.flaeche_ha)} ha.",
                "Eine der beiden Zahlen berichtigen.", "warnung",
            )  # fmt: skip
