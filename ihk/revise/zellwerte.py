"""A cell → the value that its author meant, as text of the format; what is doubtful is refused with the way out.

Every number goes through the same readers as a number in a concept file (``reading.values``): the cell is written in
German notation first. What a spreadsheet adds (dates behind formats, numbers that are texts, errors) is settled here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches

from ihk.characters import VERBOTEN
from ihk.export.kuf import FORMEL
from ihk.export.tabelle import KEINE_ANGABE
from ihk.model import Konzeptfassung
from ihk.model.types import naechster
from ihk.problems import kurz
from ihk.reading import values
from ihk.reading.source import TEXT
from ihk.reading.tabellen import Zelle
from ihk.reading.values import WertError
from ihk.revise import fmt
from ihk.revise.felder import Feld

UNBEKANNT = re.compile(rf"{KEINE_ANGABE}|unbekannt|k\. ?A\.|n\. ?n\.|\?+|–|-|/", re.IGNORECASE)
"""What people write where they know nothing."""
_EINHEIT = re.compile(r"\b(T€|TEUR|Tsd\.?|Mio\.?|Mrd\.?)(?=\W|$)|(?<=\W)(T€)", re.IGNORECASE)
_QUARTAL = re.compile(
    r"(?:([1-4])\. ?Quartal|([1-4]) ?/ ?Q|(IV|I{1,3})\. ?Quartal|(IV|I{1,3}) ?/) ?([0-9]{4})|([1-4])\.? ?Q\.? ?([0-9]{4})"
)
_ROEMISCH = {"I": "1", "II": "2", "III": "3", "IV": "4"}
FAKTOR = {"€": 1, "T€": 1_000, "Mio. €": 1_000_000}


class ZellError(Exception):
    """The cell is no value of its column; says what is wrong and what to write."""

    def __init__(self, meldung: str, hinweis: str = "") -> None:
        super().__init__(meldung)
        self.meldung, self.hinweis = meldung, hinweis


@dataclass(frozen=True, slots=True)
class Roh:
    """A value whose text in the format needs no quotes, such as an amount, a year or an id."""

    text: str


Wert = Roh | str | tuple[str, ...]
"""Text of the format: ready, or to be quoted where YAML wants it; a list of ids or texts."""


def einheit(titel: str) -> str | None:
    """``T€`` if a caption says that its amounts are thousands; None if it says nothing of that kind."""
    treffer = _EINHEIT.search(titel)
    return (treffer[1] or treffer[2]) if treffer else None


def wert(
    zelle: Zelle, feld: Feld, k: Konzeptfassung, faktor: int = 1, woerter: dict[str, str] | None = None
) -> Wert | None:
    """The value of a cell; None if it says that nothing is known. Raises ``ZellError`` if it is no value.

    ``woerter`` translates the words of a foreign table (``laufend`` → ``in_umsetzung``).
    """
    if zelle.art == "fehler":
        raise ZellError(
            f"In der Zelle steht der Fehler {kurz(zelle.text, 20)}.", "Die Formel berichtigen oder den Wert eintragen."
        )
    if zelle.formel and zelle.art == "leer":
        raise ZellError(
            "In der Zelle steht eine Formel ohne gespeicherten Wert.",
            "Die Datei in Excel oder LibreOffice öffnen, rechnen lassen und speichern.",
        )
    uebersetzt = {schluessel.casefold(): ziel for schluessel, ziel in (woerter or {}).items()}
    if (ziel := uebersetzt.get(" ".join(zelle.text.split()).casefold())) is not None:
        zelle = Zelle(zelle.ort, "text", ziel)
    elif (
        zelle.art == "text"
        and feld.art not in ("text", "prosa", "texte", "menge")
        and UNBEKANNT.fullmatch(zelle.text.strip())
    ) or zelle.text.strip().lower() == KEINE_ANGABE.lower():
        return None
    try:
        return LESER[feld.art](zelle, feld, k) if feld.art != "geld" else geld(zelle, faktor)
    except WertError as fehler:
        raise ZellError(fehler.meldung, fehler.hinweis) from None


# -------------------------------------------------------------------------------------------------- numbers and days


def geld(zelle: Zelle, faktor: int = 1) -> Roh:
    """An amount, exact to the cent; what has fractions of a cent is refused, never rounded."""
    if zelle.art in ("datum", "ja_nein"):
        raise ZellError(f"„{zelle.text}“ ist kein Betrag.", "Die Zelle als Zahl formatieren und den Betrag eintragen.")
    if isinstance(zelle.wert, Decimal):
        if "%" in zelle.form:
            raise ZellError(f"„{fmt_zahl(zelle.wert * 100)} %“ ist kein Betrag.", "Den Betrag in Euro eintragen.")
        cent = zelle.wert * faktor * 100
        if cent != cent.to_integral_value():
            raise ZellError(
                f"„{fmt_zahl(zelle.wert * faktor)}“ hat mehr als zwei Stellen nach dem Komma; ein Betrag hat höchstens zwei.",
                "In der Tabelle auf Cent runden, zum Beispiel =RUNDEN(…;2), und prüfen, ob die Summe noch stimmt."
                if zelle.formel
                else "Den Betrag auf den Cent genau eintragen.",
            )
        text = fmt_zahl(cent / 100)
    else:
        text = zelle.text.strip()
        if faktor != 1:
            if re.search(r"[A-Za-z€]", text):
                raise ZellError(
                    f"„{kurz(text)}“ nennt eine Einheit, die Spalte aber auch.", "In der Zelle nur die Zahl schreiben."
                )
            text = f"{text} {'Tsd.' if faktor == 1_000 else 'Mio.'} €"
    return Roh(fmt.geld(text))


def fmt_zahl(zahl: Decimal) -> str:
    """``1234.5`` → ``1.234,5``"""
    ganz, _, nach = f"{abs(zahl):f}".partition(".")
    nach = nach.rstrip("0")
    return f"{'-' if zahl < 0 else ''}{int(ganz):,}".replace(",", ".") + (f",{nach}" if nach else "")


def _zahl(zelle: Zelle, feld: Feld, k: Konzeptfassung) -> Wert:
    return Roh(fmt.zahl(fmt_zahl(zelle.wert) if isinstance(zelle.wert, Decimal) else zelle.text))


def _jahr(zelle: Zelle, feld: Feld, k: Konzeptfassung) -> Wert:
    if isinstance(zelle.wert, date):
        if _genau(zelle.form) == "jahr":
            return Roh(str(zelle.wert.year))
        raise ZellError(
            f"„{zelle.text}“ ist ein Tag, hier steht ein Jahr.", "Vier Ziffern schreiben, zum Beispiel 2026."
        )
    return Roh(str(values.jahr(zelle.text.strip())))


def _genau(form: str) -> str:
    """How exact a date is shown: ``MM.YYYY`` shows a month, whatever day is stored behind it."""
    kern = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", form).lower()
    if "d" in kern or "t" in kern or kern in ("", "general"):
        return "tag"
    return "monat" if "m" in kern else "jahr"


def _zeitpunkt(zelle: Zelle, feld: Feld, k: Konzeptfassung) -> Wert:
    if isinstance(zelle.wert, date):
        tag = zelle.wert
        genau = _genau(zelle.form)
        text = {"jahr": str(tag.year), "monat": f"{tag.month:02}/{tag.year}"}.get(genau, zelle.text)
        return Roh(fmt.zeitpunkt(text))
    if isinstance(zelle.wert, Decimal):
        if zelle.wert == zelle.wert.to_integral_value() and 1800 <= zelle.wert <= 2200:
            return Roh(str(int(zelle.wert)))
        raise ZellError(
            f"„{fmt_zahl(zelle.wert)}“ ist keine Jahreszahl.",
            "Ist ein Tag gemeint, die Zelle als Datum formatieren; sonst das Jahr mit vier Ziffern schreiben.",
        )
    return Roh(fmt.zeitpunkt(_zeittext(zelle.text.strip())))


def _zeittext(text: str) -> str:
    """Ways of writing a time that tables have and concept files do not; none of them can mean two things."""
    if q := _QUARTAL.fullmatch(text):
        quartal = q[1] or q[2] or _ROEMISCH.get(q[3] or q[4] or "") or q[6]
        return f"Q{quartal} {q[5] or q[7]}"
    if m := re.fullmatch(r"([0-9]{1,2})\.([0-9]{4})", text):
        return f"{m[1]}/{m[2]}"
    if m := re.fullmatch(r"([A-Za-zä]{3,9})\.? ([0-9]{4})", text):
        wort = {"mrz": "mär"}.get(m[1].lower(), m[1].lower())
        monat = next((i for i, voll in enumerate(values.MONATE, 1) if voll.lower().startswith(wort)), None)
        return f"{monat:02}/{m[2]}" if monat else text
    return text


def _datum(zelle: Zelle, feld: Feld, k: Konzeptfassung) -> Wert:
    if zelle.art == "zahl":
        raise ZellError(f"„{zelle.text}“ ist kein Tag.", "Die Zelle als Datum formatieren, zum Beispiel 31.12.2026.")
    return Roh(fmt.datum(zelle.text.strip()))


def _ja_nein(zelle: Zelle, feld: Feld, k: Konzeptfassung) -> Wert:
    if isinstance(zelle.wert, bool):
        return Roh("ja" if zelle.wert else "nein")
    text = zelle.text.strip().casefold()
    if text in ("ja", "j", "x", "wahr", "true", "yes"):
        return Roh("ja")
    if text in ("nein", "n", "falsch", "false", "no"):
        return Roh("nein")
    raise ZellError(f"„{kurz(zelle.text)}“ ist hier nicht vorgesehen.", "„ja“ oder „nein“ schreiben.")


# -------------------------------------------------------------------------------------------------- words and texts


def _auswahl(zelle: Zelle, feld: Feld, k: Konzeptfassung) -> Wert:
    text = " ".join(zelle.text.split())
    nach_wort = {w.casefold(): schluessel for schluessel, titel in feld.woerter.items() for w in (titel, schluessel)}
    if (schluessel := nach_wort.get(text.casefold())) is not None:
        return Roh(schluessel)
    nah = next(iter(get_close_matches(text, list(feld.woerter.values()), n=1, cutoff=0.75)), None)
    raise ZellError(
        f"„{kurz(text)}“ ist als {feld.titel} nicht vorgesehen.",
        (f"Gemeint ist wohl „{nah}“. " if nah else "") + f"Möglich: {', '.join(feld.woerter.values())}.",
    )


def ohne_marke(text: str) -> str:
    """Text of our own CSV file without the mark that keeps a spreadsheet from taking it for a formula."""
    return text[1:] if text.startswith("'") and FORMEL.match(text[1:]) else text


def _text(zelle: Zelle, feld: Feld, k: Konzeptfassung) -> Wert:
    if feld.pfad == "nummer" and zelle.art == "datum":
        raise ZellError(
            f"Aus der Nummer ist ein Datum geworden ({zelle.text}).",
            "Die Spalte als Text formatieren und die Nummer neu eintragen.",
        )
    if feld.pfad == "nummer" and isinstance(zelle.wert, Decimal) and zelle.wert != zelle.wert.to_integral_value():
        raise ZellError(
            f"Die Nummer „{zelle.text}“ steht als Zahl da; 1.1 und 1.10 wären dann dasselbe.",
            "Die Spalte als Text formatieren und die Nummer neu eintragen.",
        )
    return " ".join(_lesbar(zelle).split())


def _lesbar(zelle: Zelle) -> str:
    if verboten := VERBOTEN.search(zelle.text.replace("\n", " ").replace("\t", " ")):
        raise ZellError(
            f"Der Text enthält ein unsichtbares Zeichen (U+{ord(verboten.group()[0]):04X}).",
            "Den Text neu eintippen oder als reinen Text einfügen.",
        )
    if len(zelle.text.encode()) > TEXT:
        raise ZellError("Der Text ist länger als 100 KB.", "Den Text kürzen.")
    if isinstance(zelle.wert, Decimal):
        ganz = zelle.wert == zelle.wert.to_integral_value()
        return f"{int(zelle.wert)}" if ganz else fmt_zahl(zelle.wert)
    return unicodedata.normalize("NFC", ohne_marke(zelle.text.strip()).replace("\t", " "))


def _prosa(zelle: Zelle, feld: Feld, k: Konzeptfassung) -> Wert:
    return "\n".join(zeile.rstrip() for zeile in _lesbar(zelle).split("\n")).strip("\n")


def _teile(text: str) -> Iterable[str]:
    return (t for teil in re.split(r"[;\n]", text) if (t := " ".join(teil.split()).lstrip("•–- ").strip()))


def _menge(zelle: Zelle, feld: Feld, k: Konzeptfassung) -> Wert:
    return tuple(dict.fromkeys(_teile(_lesbar(zelle))))


# ---------------------------------------------------------------------------------------------------- references

_ZIEL = {
    "handlungsfeld": ("handlungsfeld",), "weitere_handlungsfelder": ("handlungsfeld",), "teilziele": ("teilziel",),
    "querschnittsaufgaben": ("querschnittsaufgabe",), "indikatoren": ("indikator",), "abhaengig_von": ("massnahme",),
    "teil_von": ("massnahme",), "hervorgegangen_aus": ("massnahme",), "aufgegangen_in": ("massnahme",),
}  # fmt: skip


def ziele(feld: Feld, k: Konzeptfassung) -> dict[str, str]:
    """What a reference can point to: id → number and title, as our own tables print it."""
    from ihk.export.tabelle import name

    arten = _ZIEL[feld.pfad]
    return {o.id: name(k, o.id) for art, o, _ in k.objekte() if art in arten}


def _kennung(text: str, feld: Feld, k: Konzeptfassung) -> str:
    """The id that a text names: as id, as ``T1 (1.1 Titel)``, as number and title, as title or as number; never a guess."""
    alle = ziele(feld, k)
    text = " ".join(text.split())
    if text in alle:
        return text
    if (vorn := text.partition(" (")[0]) in alle and text.endswith(")"):
        return vorn
    formen: tuple[Callable[[str], str], ...] = (
        lambda i: alle[i],
        lambda i: getattr(k.nach_id[i], "titel", ""),
        lambda i: k.nummern.get(i, ""),
    )
    for form in formen:
        treffer = [i for i in alle if " ".join(form(i).split()).casefold() == text.casefold()]
        if len(treffer) == 1:
            return treffer[0]
        if len(treffer) > 1:
            raise ZellError(f"„{kurz(text)}“ passt auf {' und '.join(treffer)}.", "Die Kennung eintragen.")
    nah = naechster(text, list(alle.values()))
    vorrat = ", ".join(f"{i} ({kurz(n, 40)})" for i, n in list(alle.items())[:12]) + (" …" if len(alle) > 12 else "")
    raise ZellError(
        f"{feld.titel} „{kurz(text)}“ gibt es im Konzept nicht.",
        (f"Gemeint ist wohl „{nah}“. " if nah else "")
        + (f"Vorhanden: {vorrat}." if alle else "Das Konzept hat keine."),
    )


def _verweis(zelle: Zelle, feld: Feld, k: Konzeptfassung) -> Wert:
    return Roh(_kennung(_lesbar(zelle), feld, k))


def _verweise(zelle: Zelle, feld: Feld, k: Konzeptfassung) -> Wert:
    text = _lesbar(zelle)
    for kennung, name in ziele(feld, k).items():  # a title may hold the semicolon that separates
        text = text.replace(f"{kennung} ({name})", kennung)
    return tuple(dict.fromkeys(_kennung(t, feld, k) for t in _teile(text)))


LESER: dict[str, Callable[[Zelle, Feld, Konzeptfassung], Wert]] = {
    "text": _text, "kennung": _text, "prosa": _prosa, "zahl": _zahl, "jahr": _jahr, "zeitpunkt": _zeitpunkt, "datum": _datum,
    "ja_nein": _ja_nein, "auswahl": _auswahl, "status": _auswahl, "menge": _menge, "texte": _menge, "verweis": _verweis,
    "verweise": _verweise,
}  # fmt: skip
