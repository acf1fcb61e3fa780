"""A fictional concept with content that is hard to set: for the PDF checks, not for readers."""

from __future__ import annotations

from textwrap import indent

LANGES_WORT = "Städtebauförderungsmittelbewirtschaftungsverordnungsänderungsentwurfsbegründung"


def konzept(massnahmen: int = 1) -> str:
    """The YAML text: all hard things in the prose, and as many measures as asked for."""
    return (
        KOPF
        + "\nkapitel:\n"
        + "".join(_kapitel(kennung, titel, text) for kennung, titel, text in KAPITEL)
        + ZIELE
        + "massnahmen:\n"
        + "".join(_massnahme(n) for n in range(1, massnahmen + 1))
    )


def _kapitel(kennung: str, titel: str, text: str) -> str:
    return f"  - id: {kennung}\n    titel: {titel}\n    text: |\n{indent(text, '      ')}\n"


def _massnahme(n: int) -> str:
    return f"""\
  - id: M{n:03}
    titel: Maßnahme {n} mit {LANGES_WORT if n % 7 == 1 else "einem gewöhnlichen Titel"}
    kurztitel: Maßnahme {n}
    teilziele: [T1]
    traeger: Ελληνική Κοινότητα und Товарищество
    status: geplant
    zeitraum: {{von: 2024, bis: 2026}}
    beschreibung: |
      Ein Absatz mit einer Note[^1] und dem {LANGES_WORT}.

      [^1]: Die Note von Maßnahme {n} zum Abs. 1.
    kosten:
      gesamt: 250.000,50 €
      stand: annahme
      preisstand: 2024
      finanzierung:
        - {{geber: kommune, betrag: "250.000,50 €"}}
"""


def _tabelle(zeilen: int) -> str:
    kopf = "| Jahr | Art | Wert |\n|---|---|---:|\n"
    return kopf + "\n".join(f"| {1700 + n} | {'Plan' if n % 2 else 'Ist'} | {n}.000 |" for n in range(zeilen))


def _liste(tiefe: int, anzahl: int) -> str:
    """A nested list with ``anzahl`` items on each of ``tiefe`` levels."""
    if tiefe == 0:
        return ""
    innen = indent(_liste(tiefe - 1, anzahl), "    ")
    return "".join(
        f"{n}. Punkt {n} der Ebene {tiefe}, mit so viel Text, dass er über die Zeile hinausgeht und umbricht.\n{innen if n == 1 else ''}"
        for n in range(1, anzahl + 1)
    )


def _gliederung(ebenen: int) -> str:
    """Headings whose printed numbers have up to ``ebenen`` levels; Markdown knows six."""
    return "\n\n".join(
        f"{'#' * min(n, 6)} {'.'.join(['1'] * n)} Überschrift der Ebene {n}\n\nText der Ebene {n}."
        for n in range(1, ebenen + 1)
    )


NOTEN = "\n\n".join(
    f"Absatz {n} mit einer Note.[^n{n}] " + "Er ist lang genug, um die Seite zu füllen. " * 9 for n in range(1, 15)
) + "\n\n" + "\n".join(f"[^n{n}]: Die Note Nummer {n} steht am Fuß ihrer Seite." for n in range(1, 15))  # fmt: skip

KAPITEL = (
    ("ausgangslage", "Eine lange Tabelle", "Die Tabelle hat 300 Zeilen.\n\n" + _tabelle(300)),
    ("wohnen", "Listen über Seiten", _liste(3, 12)),
    ("noten", "Noten am Seitenende", NOTEN),
    (
        "woerter",
        "Lange Wörter und fremde Sprachen",
        (
            f"Das {LANGES_WORT * 3} bricht um.\n\n> [We build cities for people, not for cars.]{{lang=en}}\n\n"
            "Der Verein [Οι Φίλοι της Πόλης]{lang=el} und das [Общество друзей города]{lang=ru} helfen. "
            "Der EFRE und die EU zahlen nach dem BauGB. ^[Eine Note, die [eine *fremde*]{lang=en} Sprache hat.]"
        ),
    ),
    ("ebenen", "Zwölf Ebenen", _gliederung(12)),
)

KOPF = """\
format: 1
konzept:
  id: sperrig
  titel: Integriertes Handlungskonzept Sperrig
  fiktiv: true
  kommune: {name: Stadt Sperrig, land: Hessen}
  programme: [sozialer-zusammenhalt]
fassung:
  id: "1"
  art: ursprung
  status: entwurf
  stand: 01.06.2024
  zeitraum: {von: 2024, bis: 2030}
"""

ZIELE = """\
ziele:
  - id: Z1
    titel: Ein Ziel
    teilziele:
      - {id: T1, titel: Ein Teilziel}
"""


def main(ordner: str) -> None:
    """Build the awkward concept into a folder: with one measure, with 400, and with its sources embedded."""
    from dataclasses import replace
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from ihk.build import pdf
    from ihk.project import version_at
    from ihk.report.render import report_druck

    ziel = Path(ordner)
    ziel.mkdir(parents=True, exist_ok=True)
    for name, anzahl, mit_quellen in (("eine", 1, False), ("vierhundert", 400, False), ("quellen", 3, True)):
        with TemporaryDirectory() as hier:
            datei = Path(hier, "1.yaml")
            datei.write_text(konzept(anzahl), "utf-8")
            werk = report_druck(version_at(datei).geladen, vorgaenger=None, aenderungen=None, ihk_version="0")
            (ziel / f"{name}.pdf").write_bytes(pdf(replace(werk, entwurf=name == "eine"), mit_quellen=mit_quellen))


if __name__ == "__main__":
    import sys

    main(sys.argv[1])
