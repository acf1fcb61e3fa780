"""German text to values: money, numbers, days, points in time. What is doubtful is refused with the way out.

Every function takes the text of one scalar and returns a value or raises ``WertError``; nothing is guessed:
``250.000`` is a quarter of a million, ``250.50`` is an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from ihk.problems import kurz

STELLEN = 15
MONATE = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)


class WertError(ValueError):
    """The text is not a value of its type; ``code`` is a rule, ``hinweis`` says what to write."""

    def __init__(self, code: str, meldung: str, hinweis: str) -> None:
        super().__init__(meldung)
        self.code, self.meldung, self.hinweis = code, meldung, hinweis


_BETRAG = re.compile(
    r"(?P<minus>[-\u2212])?\s?(?P<ganz>[0-9]+(?:\.[0-9]+)*)(?:,(?P<nach>[0-9]+))?"
    r"(?:[ \u00a0\u202f]*(?P<einheit>Mio\.?|Mrd\.?|Tsd\.?|Millionen|Million|Milliarden|Tausend|T(?=\s?€))?[ \u00a0\u202f]*(?P<euro>€|EUR|Euro)?)"
)
_FAKTOR = {"": 0, "Tsd": 3, "Tausend": 3, "T": 3, "Mio": 6, "Million": 6, "Millionen": 6, "Mrd": 9, "Milliarden": 9}
_GRUPPEN = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})*|[0-9]+")


def _german(ganz: int | str, nach: str = "") -> str:
    text = f"{int(ganz):,}".replace(",", ".")
    return f"{text},{nach}" if nach else text


def _ziffern(ganz: str, nach: str, text: str, code: str, beispiel: str) -> str:
    """The digits before the comma, after checking grouping, leading zeros and the limit of 15 digits."""
    ziffern = ganz.replace(".", "")
    if len(ziffern.lstrip("0")) + len(nach) > STELLEN:
        raise WertError("WERT-STELLEN", f"Die Zahl „{kurz(text)}“ hat mehr als {STELLEN} Ziffern.", "Zahl prüfen.")
    if not _GRUPPEN.fullmatch(ganz):
        teile = ganz.split(".")
        if len(teile) == 2 and not nach and len(teile[1]) in (1, 2):
            hinweis = f"Kommazahl: {teile[0]},{teile[1]}. Tausender: {_german(teile[0] + teile[1].ljust(3, '0'))}."
        else:
            hinweis = f"Ein Punkt trennt nur Gruppen von drei Ziffern, das Komma die Nachkommastellen: {beispiel}."
        raise WertError(code, f"„{kurz(text)}“ ist keine Zahl in deutscher Schreibweise.", hinweis)
    if len(ziffern) > 1 and ziffern[0] == "0":
        raise WertError(
            code, f"„{kurz(text)}“ beginnt mit einer überzähligen Null.", f"Gemeint ist wohl {_german(ziffern, nach)}."
        )
    return ziffern


def geld(text: str) -> int:
    """Cents. ``250.000``, ``1.250.000,50 €``, ``0,25 Mio. €``; at most 15 digits and no fraction of a cent."""
    roh = text.strip()
    treffer = _BETRAG.fullmatch(roh)
    if treffer is None:
        raise WertError(
            "WERT-GELD",
            f"„{kurz(text)}“ ist kein Betrag.",
            _hinweis_zahl(roh, "250.000 €, 1.250.000,50 € oder 0,25 Mio. €"),
        )
    nach = treffer["nach"] or ""
    einheit = (treffer["einheit"] or "").rstrip(".")
    ziffern = _ziffern(treffer["ganz"], nach, text, "WERT-GELD", "1.250.000,50 €")
    faktor = _FAKTOR[einheit]
    if not einheit and len(nach) > 2:
        hinweis = (
            f"Gemeint ist {_german(ziffern + nach)} € oder {_german(ziffern, nach[:2])} €?"
            if len(nach) == 3
            else "Höchstens zwei Stellen nach dem Komma."
        )
        raise WertError(
            "WERT-GELD",
            f"„{kurz(text)}“ hat {len(nach)} Stellen nach dem Komma; ein Betrag hat höchstens zwei.",
            hinweis,
        )
    wert = Decimal(f"{ziffern}.{nach or '0'}").scaleb(faktor + 2)
    if wert != wert.to_integral_value():
        raise WertError("WERT-GELD", f"„{kurz(text)}“ enthält Bruchteile eines Cents.", "Auf Cent runden.")
    if len(str(int(wert))) > STELLEN + 2:
        raise WertError("WERT-STELLEN", f"Der Betrag „{kurz(text)}“ hat mehr als {STELLEN} Ziffern.", "Betrag prüfen.")
    return -int(wert) if treffer["minus"] else int(wert)


_ZAHL = re.compile(
    r"(?P<minus>[-\u2212])?(?P<ganz>[0-9]+(?:\.[0-9]+)*)(?:,(?P<nach>[0-9]+))?(?:[ \u00a0\u202f]*(?P<einheit>%|Prozent|ha))?"
)


_BRUCH = re.compile(r"(?P<zaehler>[0-9]{1,4})\s?/\s?(?P<nenner>[1-9][0-9]{0,3})")


def bruchteil(text: str) -> Fraction | Literal["rest"]:
    """``1/3``, ``30 %`` or ``66,67 %`` as an exact share of at most the whole; ``rest`` as it is."""
    roh = text.strip()
    if roh == "rest":
        return "rest"
    hinweis = "Als Bruch oder in Prozent schreiben: 1/3, 30 % oder rest. Drittel als 1/3, nicht als 33,33 %."
    if treffer := _BRUCH.fullmatch(roh):
        wert = Fraction(int(treffer["zaehler"]), int(treffer["nenner"]))
    elif roh.endswith(("%", "Prozent")):
        wert = Fraction(zahl(roh)) / 100
    else:
        raise WertError("WERT-ZAHL", f"„{kurz(text)}“ ist kein Anteil.", hinweis)
    if not 0 <= wert <= 1:
        raise WertError("WERT-ZAHL", f"Der Anteil „{kurz(text)}“ liegt nicht zwischen 0 und dem Ganzen.", hinweis)
    return wert


def zahl(text: str) -> Decimal:
    """A number in German spelling; a unit ``%`` or ``ha`` may follow, the field says what it means."""
    roh = text.strip()
    treffer = _ZAHL.fullmatch(roh)
    if treffer is None:
        raise WertError("WERT-ZAHL", f"„{kurz(text)}“ ist keine Zahl.", _hinweis_zahl(roh, "1.250,5"))
    nach = treffer["nach"] or ""
    ziffern = _ziffern(treffer["ganz"], nach, text, "WERT-ZAHL", "1.250,5")
    wert = Decimal(ziffern + ("." + nach if nach else ""))
    return -wert if treffer["minus"] else wert


def ganzzahl(text: str) -> int:
    """A whole number without unit; ``6.120`` is six thousand."""
    wert = zahl(text)
    if "," in text or not text.strip()[-1:].isdigit():
        raise WertError(
            "WERT-ZAHL",
            f"„{kurz(text)}“ ist keine ganze Zahl.",
            "Ohne Komma und ohne Einheit schreiben, zum Beispiel 6.120.",
        )
    return int(wert)


def _hinweis_zahl(roh: str, beispiel: str) -> str:
    if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", roh) and (roh.count(",") > 1 or "." in roh):
        ganz, _, nach = roh.partition(".")
        return (
            f"Gemeint ist wohl {_german(ganz.replace(',', ''), nach)}: Punkt für Tausender, Komma für Nachkommastellen."
        )
    if re.fullmatch(r"[0-9]+:[0-9]+", roh):
        return f"Ein Doppelpunkt gehört nicht in eine Zahl. Schreiben: {beispiel}."
    if re.fullmatch(r"[0-9]{1,3}([ '\u2019\u00a0\u202f][0-9]{3})+", roh):
        return f"Gemeint ist wohl {_german(re.sub(r'[^0-9]', '', roh))}: Tausender mit Punkt trennen."
    if re.fullmatch(r"(ca\.?|rund|etwa|ungefähr|über|mehr als|weniger als|bis zu|knapp|~)\s.*", roh):
        return "Nur die Zahl schreiben; „rund“ gehört in den Text oder nach „bemerkung“."
    if re.fullmatch(r"unbekannt|k\. ?A\.|offen|-|–|\?|n\. ?n\.|keine Angabe", roh, re.IGNORECASE):
        return "Unbekanntes steht mit Grund unter „unbekannt“, das Feld selbst entfällt."
    return f"Schreiben wie {beispiel}."


_TAG_DE = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_TAG_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


def datum(text: str) -> date:
    """A day: ``31.12.2013`` or ``2013-12-31``."""
    roh = text.strip()
    if treffer := _TAG_DE.fullmatch(roh):
        tag, monat, jahr = map(int, treffer.groups())
    elif treffer := _TAG_ISO.fullmatch(roh):
        jahr, monat, tag = map(int, treffer.groups())
    else:
        hinweis = "Tag, Monat und Jahr schreiben: 31.12.2013 oder 2013-12-31."
        if re.fullmatch(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2}", roh):
            hinweis = "Die Jahreszahl mit vier Ziffern schreiben."
        elif re.fullmatch(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}", roh):
            hinweis = "Schrägstriche sind mehrdeutig; 31.12.2013 schreiben."
        raise WertError("WERT-DATUM", f"„{kurz(text)}“ ist kein Tag.", hinweis)
    if not 1800 <= jahr <= 2200:
        raise WertError(
            "WERT-DATUM", f"Das Jahr in „{kurz(text)}“ liegt außerhalb von 1800 bis 2200.", "Jahreszahl prüfen."
        )
    try:
        return date(jahr, monat, tag)
    except ValueError:
        raise WertError("WERT-DATUM", f"Den Tag „{kurz(text)}“ gibt es nicht.", "Tag und Monat prüfen.") from None


Genauigkeit = Literal["tag", "monat", "quartal", "jahr"]


@dataclass(frozen=True, slots=True)
class Zeitpunkt:
    """A point in time as exact as its source: a day, month, quarter or year. ``beginn`` is its first day."""

    genauigkeit: Genauigkeit
    beginn: date

    @property
    def ende(self) -> date:
        """The last day that the statement covers."""
        b = self.beginn
        if self.genauigkeit == "tag":
            return b
        monate = {"monat": 1, "quartal": 3, "jahr": 12}[self.genauigkeit]
        folge = b.month - 1 + monate
        return date(b.year + folge // 12, folge % 12 + 1, 1) - timedelta(days=1)

    def __str__(self) -> str:
        """Canonical, sortable text: ``2012``, ``2012-Q1``, ``2012-03``, ``2012-03-31``."""
        b = self.beginn
        match self.genauigkeit:
            case "jahr":
                return f"{b.year}"
            case "quartal":
                return f"{b.year}-Q{(b.month + 2) // 3}"
            case "monat":
                return f"{b.year}-{b.month:02}"
            case "tag":
                return b.isoformat()


_MONAT_WORT = re.compile(rf"({'|'.join(MONATE)})\s+([0-9]{{4}})")


def zeitpunkt(text: str) -> Zeitpunkt:
    """``2012``, ``03/2012``, ``2012-03``, ``Q1 2012``, ``März 2012`` or a day."""
    roh = text.strip()
    if re.fullmatch(r"[0-9]{4}", roh):
        return Zeitpunkt("jahr", _tag(int(roh), 1, text))
    if treffer := (
        re.fullmatch(r"(?P<m>[0-9]{1,2})/(?P<j>[0-9]{4})", roh) or re.fullmatch(r"(?P<j>[0-9]{4})-(?P<m>[0-9]{2})", roh)
    ):
        return Zeitpunkt("monat", _tag(int(treffer["j"]), int(treffer["m"]), text))
    if treffer := (
        re.fullmatch(r"Q(?P<q>[1-4])[ /](?P<j>[0-9]{4})", roh) or re.fullmatch(r"(?P<j>[0-9]{4})-Q(?P<q>[1-4])", roh)
    ):
        return Zeitpunkt("quartal", _tag(int(treffer["j"]), 3 * int(treffer["q"]) - 2, text))
    if treffer := _MONAT_WORT.fullmatch(roh):
        return Zeitpunkt("monat", _tag(int(treffer[2]), MONATE.index(treffer[1]) + 1, text))
    if _TAG_DE.fullmatch(roh) or _TAG_ISO.fullmatch(roh):
        return Zeitpunkt("tag", datum(text))
    hinweis = "Schreiben wie 2012, 03/2012, Q1 2012 oder 31.12.2012."
    if re.fullmatch(r"[0-9]{4}\s*[-–/]\s*[0-9]{2,4}", roh):
        hinweis = "Einen Zeitraum als {von: 2012, bis: 2014} schreiben."
    raise WertError("WERT-ZEITPUNKT", f"„{kurz(text)}“ ist keine Zeitangabe.", hinweis)


def _tag(jahr: int, monat: int, text: str) -> date:
    if not 1800 <= jahr <= 2200:
        raise WertError(
            "WERT-ZEITPUNKT", f"Das Jahr in „{kurz(text)}“ liegt außerhalb von 1800 bis 2200.", "Jahreszahl prüfen."
        )
    if not 1 <= monat <= 12:
        raise WertError(
            "WERT-ZEITPUNKT", f"Den Monat in „{kurz(text)}“ gibt es nicht.", "Monate von 01 bis 12 schreiben."
        )
    return date(jahr, monat, 1)


def jahr(text: str) -> int:
    """A calendar year."""
    roh = text.strip()
    if not re.fullmatch(r"[0-9]{4}", roh) or not 1800 <= int(roh) <= 2200:
        raise WertError(
            "WERT-ZEITPUNKT", f"„{kurz(text)}“ ist keine Jahreszahl.", "Vier Ziffern schreiben, zum Beispiel 2024."
        )
    return int(roh)


def ja_nein(text: str) -> bool:
    """``ja`` or ``nein`` (also ``true`` and ``false``)."""
    wort = text.strip()
    if wort in ("ja", "true"):
        return True
    if wort in ("nein", "false"):
        return False
    raise WertError("WERT-AUSWAHL", f"„{kurz(text)}“ ist hier nicht vorgesehen.", "„ja“ oder „nein“ schreiben.")


def koordinate(text: str) -> Decimal:
    """Degrees with a decimal point, the one field where the point is one."""
    roh = text.strip()
    if not re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{1,12})?", roh):
        hinweis = "Mit Dezimalpunkt schreiben: [8.8012, 50.1034]."
        raise WertError("WERT-PUNKT", f"„{kurz(text)}“ ist keine Koordinate.", hinweis)
    return Decimal(roh)
