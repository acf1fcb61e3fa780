"""Writes the reference pages of the handbook from the program itself, or with ``--check`` says which are out of date;
beside them the overview of commands that the program keeps as text.

Called by ``make nachschlagen``; ``tests/test_handbuch.py`` holds the committed pages to what is made here.
"""

from __future__ import annotations

import sys
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from pydantic import BeforeValidator, PlainValidator

from ihk.cli.grund import ENDE, HILFE, Kontext, ihk
from ihk.cli.uebersicht import BREITE, DATEI
from ihk.erklaerung import erklaerungen
from ihk.model import Konzeptfassung
from ihk.model.types import Satz, Vergleich, saetze_oder_texte
from ihk.report.berichte import Berichtsart, berichtsarten
from ihk.report.view.namen import STANDARD, WEITERE
from ihk.resources import templates
from ihk.schema import ausgepackt, beschreibung, saetze
from ihk.terminal.erklaerung import seite

WURZEL = Path(__file__).parent.parent
ORDNER = WURZEL / "docs" / "nachschlagen"
HERKUNFT = "<!-- Erzeugt mit „make nachschlagen“ aus dem Programm; nicht von Hand ändern. -->\n\n"


def seiten() -> dict[str, str]:
    """The pages by file name."""
    return {
        "format.md": format_seite(),
        "befehle.md": befehle_seite(),
        "regeln.md": seite(erklaerungen().values()),
        "berichte.md": berichte_seite(),
        "exitcodes.md": exitcodes_seite(),
    }


def uebersicht() -> str:
    """What click makes of ``ihk --help`` on a terminal of the usual width."""
    return ihk.get_help(Kontext(ihk, info_name="ihk", terminal_width=BREITE - 2, **HILFE)) + "\n"


# ---------------------------------------------------------------------------------------------------------- format

WOERTER = {
    "Aenderung": "Änderung", "Aenderungsantrag": "Änderungsantrag", "Konzeptfassung": "Die Datei", "Massnahme": "Maßnahme",
    "Prioritaeten": "Prioritäten", "Erwartet": "Erwartete Summen", "Schwellen": "Schwellen des Vergleichs", "Anteil": "Anteil der Finanzierung",
    "Beratung": "Schritt der Beratungsfolge",
}  # fmt: skip
FORMEN = {
    "text": "Text", "prosa": "Text in Markdown", "geld": "Betrag", "zahl": "Zahl", "datum": "Tag", "zeitpunkt": "Zeitangabe", "jahr": "Jahr",
    "ja_nein": "`ja` oder `nein`", "verweis": "Kennung", "kennung": "Kennung", "punkt": "[Länge, Breite]", "ohne": "`1`",
}  # fmt: skip
MEHRERE = {"Text": "Texten", "Kennung": "Kennungen"}
FORMAT = """# Das Format

Jeder Schlüssel, den eine Konzeptdatei haben kann, nach dem Platz, an dem er steht. Wie die Datei als Ganzes aussieht, zeigt das
[Beispiel](../anleitungen/konzeptdatei.md); ein Editor zeigt dieselben Erklärungen beim Schreiben ([Im Editor](../anleitungen/editor.md)).

| Form | so wird sie geschrieben |
|---|---|
| Text | eine Zeile; in `{…}` und `[…]` in Anführungszeichen, wenn ein Komma oder ein Doppelpunkt darin steht |
| Text in Markdown | auch mehrere Absätze, hinter `\\|` und darunter eingerückt |
| Betrag | `250.000 €`, `83.333,33 €`; der Punkt trennt Tausender, das Komma Cent, die Angabe „€“ ist freiwillig |
| Zahl | `12,5` |
| Tag | `31.12.2029` oder `2029-12-31` |
| Zeitangabe | so genau wie bekannt: `2029`, `03/2029`, `Q1 2029`, `31.12.2029` |
| Jahr | `2029`; wo Beträge nach Jahren stehen, auch `bisher` und `spaeter` |
| Kennung | Buchstaben, Ziffern, Punkt, Strich; höchstens 80 Zeichen, beginnt mit Buchstabe oder Ziffer |
| Liste von … | `[A, B]` oder eine Zeile je Eintrag mit `- ` davor |

„Pflicht“ heißt: Ohne diesen Schlüssel ist die Datei nicht lesbar. Was darüber hinaus da sein muss, sagen die [Regeln](regeln.md);
dort genügt, was noch nicht bekannt ist, mit seinem Grund unter `unbekannt`.
"""


def format_seite() -> str:
    orte = _orte()
    stuecke = [HERKUNFT + FORMAT]
    for klasse in saetze("konzept"):
        stuecke.append(f"## {_name(klasse)}\n")
        if klasse is not Konzeptfassung:
            stellen = ", ".join(f"`{o}`" for o in orte[klasse])
            stuecke.append(f"Steht unter {stellen}.\n")
        stuecke.append("| Schlüssel | Bedeutung | Form |\n|---|---|---|")
        for name, form in _formen(klasse):
            pflicht = " **Pflicht.**" if klasse.model_fields[name].is_required() else ""
            stuecke.append(f"| `{name}` | {_zelle(beschreibung(klasse, name))}{pflicht} | {form} |")
        stuecke.append("")
    return "\n".join(stuecke)


def _name(klasse: type[Satz]) -> str:
    return WOERTER.get(klasse.__name__, klasse.__name__)


def _formen(klasse: type[Satz]) -> Iterator[tuple[str, str]]:
    typen = typing.get_type_hints(klasse, include_extras=True)
    for name in klasse.model_fields:
        yield name, _form(typen[name])


def _form(typ: Any) -> str:
    """What may stand under a key, in words, from the declared type of its field."""
    typ, angaben = ausgepackt(typ)
    if isinstance(typ, type) and issubclass(typ, Satz):
        return f"[{_name(typ)}](#{_anker(_name(typ))})"
    for angabe in angaben:
        if isinstance(angabe, PlainValidator) and (woerter := getattr(angabe.func, "woerter", ())):
            return ", ".join(f"`{w}`" for w in woerter)
    art = next((a.art for a in angaben if isinstance(a, Vergleich)), "")
    ursprung = typing.get_origin(typ)
    if any(isinstance(a, PlainValidator) for a in angaben) and art in FORMEN:
        return FORMEN[art]
    if ursprung is tuple:
        oder = (
            " oder Texten"
            if any(isinstance(a, BeforeValidator) and a.func is saetze_oder_texte for a in angaben)
            else ""
        )
        was = _form(typing.get_args(typ)[0])
        return f"Liste von {MEHRERE.get(was, was)}{oder}"
    if ursprung is dict:
        schluessel, wert = (_form(t) for t in typing.get_args(typ))
        return f"{schluessel if schluessel != 'Text' else 'Schlüssel'} → {wert}"
    return "Liste von Kennungen, oder Schlüssel → Liste von Kennungen" if ursprung is not None else "Text"


def _satz_in(typ: Any) -> tuple[type[Satz] | None, bool]:
    """The record that a field holds, and whether it holds several."""
    typ, _ = ausgepackt(typ)
    if isinstance(typ, type) and issubclass(typ, Satz):
        return typ, False
    if typing.get_origin(typ) is tuple:
        return _satz_in(typing.get_args(typ)[0])[0], True
    return None, False


def _orte() -> dict[type[Satz], list[str]]:
    """Where each record stands, as paths from the root of the file."""
    orte: dict[type[Satz], list[str]] = {Konzeptfassung: [""]}
    offen: list[type[Satz]] = [Konzeptfassung]
    while offen:
        klasse = offen.pop(0)
        typen = typing.get_type_hints(klasse, include_extras=True)
        for name in klasse.model_fields:
            darin, mehrere = _satz_in(typen[name])
            if darin is None:
                continue
            if darin not in orte:
                offen.append(darin)
            for ort in orte[klasse]:
                pfad = f"{ort}.{name}" if ort else name
                orte.setdefault(darin, []).append(pfad + ("[]" if mehrere else ""))
    return {k: list(dict.fromkeys(v)) for k, v in orte.items()}


def _anker(ueberschrift: str) -> str:
    return ueberschrift.lower().replace(" ", "-")


def _zelle(text: str) -> str:
    """Plain text in a cell of a Markdown table."""
    for zeichen in "\\|[]*<":
        text = text.replace(zeichen, "\\" + zeichen)
    return " ".join(text.split())


# -------------------------------------------------------------------------------------------------------- commands

BEFEHLE = """# Alle Befehle

`KONZEPT@FASSUNG` nennt eine Fassung, `KONZEPT` allein die neueste (bei `build` alle); ein Pfad zu Datei oder Ordner geht überall.
`STAND:PFAD` und `STAND:KONZEPT@FASSUNG` meinen einen Stand im Git (Zweig, Marke, Prüfsumme, auch `HEAD~1`); eine Datei dieses
Namens geht vor. Ergebnisse gehen ins Terminal oder nach `-o`, Befunde und Fortschritt auf die Fehlerausgabe. Womit ein Befehl
endet, steht unter [Exit-Codes](exitcodes.md). Jeder Befehl erklärt sich mit `--help`.
"""


def befehle_seite() -> str:
    stuecke = [HERKUNFT + BEFEHLE, "## ihk\n", _optionen(ihk), ""]
    for name in sorted(ihk.befehle()):
        stuecke += _befehl(f"ihk {name}", ihk.befehle()[name])
    return "\n".join(stuecke)


def _befehl(name: str, befehl: click.Command) -> Iterator[str]:
    if isinstance(befehl, click.Group):
        for unter in sorted(befehl.commands):
            yield from _befehl(f"{name} {unter}", befehl.commands[unter])
        return
    hilfe = [" ".join(a.split()) for a in (befehl.help or "").split("\n\n")]
    angaben = [p.make_metavar(click.Context(befehl)) for p in befehl.params if isinstance(p, click.Argument)]
    yield f"## {name}\n"
    yield from (_absatz(a) + "\n" for a in hilfe)
    yield f"```sh\n{' '.join([name, '[OPTIONEN]', *angaben])}\n```\n"
    yield _optionen(befehl)
    yield ""


def _absatz(text: str) -> str:
    return text.replace("[", "\\[").replace("*", "\\*").replace("<", "\\<")


def _optionen(befehl: click.Command) -> str:
    zeilen = ["| Option | Bedeutung |", "|---|---|"]
    for p in befehl.params:
        if not isinstance(p, click.Option) or p.hidden:
            continue
        wert = "" if p.is_flag else f" {p.make_metavar(click.Context(befehl))}"
        namen = ", ".join(f"`{o}{wert}`".replace("|", "\\|") for o in [*p.opts, *p.secondary_opts])
        zusaetze = []
        if p.required:
            zusaetze.append("Pflicht.")
        if p.multiple:
            zusaetze.append("Mehrfach möglich.")
        if (isinstance(p.type, click.Choice) and isinstance(p.default, str)) or p.show_default:
            zusaetze.append(f"Ohne Angabe: `{p.default}`.")
        hilfe = _zelle(p.help or "")
        zusaetze = [z for z in zusaetze if z.rstrip(".").casefold() not in hilfe.casefold()]
        zeilen.append(f"| {namen} | {' '.join([hilfe, *zusaetze])} |")
    zeilen.append("| `-h`, `--help` | Diese Hilfe zeigen. |")
    return "\n".join(zeilen)


# --------------------------------------------------------------------------------------------------------- reports

BERICHTE = """# Alle Berichte

Aus denselben Daten entsteht für jeden Leser das Dokument, das er braucht: `ihk build --report NAME`, oder `--report all` für alle.
Ohne `--report` entstehen Bericht und Synopse. Jeder Bericht ist eine Datei in `templates/reports/`; wie ein eigener dazukommt,
steht in [Eigenes Layout](../anleitungen/layout.md), Auszüge und Regelwerke unter [Berichte](../berichte.md).
"""
KAPITEL = """## Kapitel

Was unter `kapitel` eines Berichts stehen kann, in der üblichen Reihenfolge. Ein Kapitel erscheint, wenn es Inhalt hat: aus den
Angaben, oder aus einem Text der Konzeptdatei (`kapitel: [{id: …, text: …}]`) mit einer der genannten Kennungen. Ein Text mit einer
anderen Kennung öffnet ein eigenes Kapitel.

| Kapitel | Überschrift | Kennungen der Texte darin |
|---|---|---|"""


def berichte_seite() -> str:
    stuecke = [HERKUNFT + BERICHTE]
    for name, art in berichtsarten(None).items():
        text = (templates() / "reports" / f"{name}.yaml").read_text("utf-8")
        satz = " ".join(z[1:].strip() for z in text.splitlines() if z.startswith("#"))
        stuecke += [f"## {name}\n", f"**{art.titel}.** {satz}\n", "| Angabe | Wert |\n|---|---|", *_angaben(art), ""]
    stuecke += [
        "## synopse\n",
        "**Synopse.** Was sich seit der Vorfassung geändert hat, alt neben neu; entsteht immer, wo die Vorfassung daneben liegt.\n",
    ]
    stuecke += [
        KAPITEL,
        *(
            f"| `{k}` | {titel} | {', '.join(f'`{i}`' for i in ids) or '–'} |"
            for k, titel, ids in (*STANDARD, *WEITERE)
        ),
    ]
    return "\n".join([*stuecke, ""])


def _angaben(art: Berichtsart) -> Iterator[str]:
    """What a report says that differs from what holds without it."""
    leer = Berichtsart(titel="")
    yield f"| `kapitel` | {', '.join(f'`{k}`' for k in art.kapitel) or 'alle, die Inhalt haben'} |"
    for name in Berichtsart.__dataclass_fields__:
        wert = getattr(art, name)
        if name in ("titel", "name", "kapitel", "vorlage") or wert == getattr(leer, name):
            continue
        yield f"| `{name}` | `{'ja' if wert is True else wert}` |"


# ------------------------------------------------------------------------------------------------------ exit codes


def exitcodes_seite() -> str:
    zeilen = "\n".join(f"| {nummer} | {satz} |" for nummer, satz in ENDE.items())
    return (
        f"{HERKUNFT}# Exit-Codes\n\nWomit ein Befehl endet, für Skripte und Prüfdienste (`echo $?` zeigt es):\n\n"
        f"| Ende | Bedeutung |\n|---|---|\n{zeilen}\n\n"
        "Ein Konzept mit Fehlern zwischen seinen Angaben lässt sich trotzdem vergleichen und ausgeben. `ihk build` lässt eine solche\n"
        "Fassung aus, setzt die anderen und endet mit 1. Als Treiber für Git enden `diff` und `merge` über 128, wenn eine Datei nicht\n"
        "lesbar ist, wie Git es verlangt.\n"
    )


def main() -> int:
    """Write the pages; with ``--check`` nothing is written, and 1 says that one differs."""
    soll = {ORDNER / name: text for name, text in seiten().items()} | {Path(DATEI): uebersicht()}
    alt = [datei for datei, text in soll.items() if not datei.exists() or datei.read_text("utf-8") != text]
    for datei in alt:
        if "--check" not in sys.argv[1:]:
            datei.write_text(soll[datei], "utf-8")
        sys.stderr.write(f"{datei.relative_to(WURZEL)}\n")
    return int(bool(alt) and "--check" in sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
