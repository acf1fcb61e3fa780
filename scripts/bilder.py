"""Makes every picture of the handbook with the program itself: ``make bilder``.

Needs pdftoppm (poppler-utils) and Chromium. Documents are built in a folder of their own; the project of the tutorial is what
``tests/mitmachen.py`` makes of its page. A picture is at most 150 KB.
"""
# ruff: noqa: S603, S607 -- programs of the machine, with arguments that this script writes itself

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageOps

WURZEL = Path(__file__).resolve().parent.parent
BILDER = WURZEL / "docs" / "bilder"
GRENZE = 150_000
HOCH, QUER = (416, 587), (704, 499)
sys.path.insert(0, str(WURZEL / "tests"))


# file: Fassung, document, words that stand together on this page and on no earlier one, size
SEITEN = {
    "01-umschlag": ("musterstadt-ost@2024", "bericht", ("Magistrat",), HOCH),
    "02-auf-einen-blick": ("musterstadt-ost@2024", "bericht", ("Wer bezahlt die",), HOCH),
    "03-aenderungen": ("musterstadt-ost@2024", "bericht", ("Geänderte Maßnahmen mit ihren",), HOCH),
    "04-ziele": ("musterstadt-ost@2024", "bericht", ("leiten die Maßnahmen.",), HOCH),
    "05-steckbrief": ("musterstadt-ost@2024", "bericht", ("Kostenloser Rat an der eigenen Haustür",), HOCH),
    "06-wirkung": ("musterstadt-ost@2024", "bericht", ("Der Wert ist von", "Entsiegelte Fläche"), HOCH),
    "07-entwurf": ("sperrig@1", "bericht", ("Absatz 7 mit einer Note",), HOCH),
    "08-unbekannt": ("voelklingen@2012", "bericht", ("Stadtteilbüro", "Gestaltungsfibel", "Status unbekannt"), HOCH),
    "09-kosten": ("musterstadt-ost@2024", "bericht", ("Wer zahlt welche Maßnahme?",), QUER),
    "10-synopse": (
        "musterstadt-ost@2024",
        "synopse",
        ("Stelle", "Fassung 2019", "Fassung 2024", "Quartiersmanagement", "Träger"),
        QUER,
    ),
    "11-karte": ("musterstadt-ost@2024", "bericht", ("Die Orte der Karte",), HOCH),
    "12-organisation": ("musterstadt-ost@2024", "bericht", ("Wer wem untersteht",), HOCH),
    "beschlussvorlage": ("musterstadt-ost@2028", "beschlussvorlage", ("Beschlussvorschlag",), HOCH),
}
UEBERSICHT = (
    ("01-umschlag", "02-auf-einen-blick", "03-aenderungen", "04-ziele", "05-steckbrief"),
    ("zeitplan", "10-synopse", "09-kosten"),
)
ZEITPLAN = ("musterstadt-ost@2024", "bericht", ("Eine Maßnahme liegt hinter dem Zeitplan",), QUER)
# The tutorial's project: file, pages side by side as (Fassung, document, words)
TUTORIAL = {
    "erstes-pdf": (("2026", "bericht", ("Entwurf",)), ("2026", "bericht", ("Aus dem Parkplatz", "Finanzierung:"))),
    "erste-synopse": (("2027", "synopse", ("Fassung 2026", "310.000", "Gesamtkosten")),),
}


def seite(pdf: Path, worte: tuple[str, ...], breite: int) -> Image.Image:
    """The first page on which all the words stand, as wide as asked for."""
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
    seiten = [" ".join(s.replace("\xad", "").split()) for s in text.split("\f")]
    nummer = next((n for n, s in enumerate(seiten, 1) if all(w in s for w in worte)), 0)
    if not nummer:
        raise SystemExit(f"In {pdf.parent.name}/{pdf.name} stehen auf keiner Seite zusammen: {', '.join(worte)}")
    ziel = pdf.with_suffix("")
    subprocess.run(
        [
            "pdftoppm",
            "-png",
            "-singlefile",
            "-f",
            str(nummer),
            "-l",
            str(nummer),
            "-scale-to-x",
            str(breite * 2),
            "-scale-to-y",
            "-1",
            pdf,
            ziel,
        ],
        check=True,
    )
    with Image.open(ziel.with_suffix(".png")) as bild:
        return bild.convert("RGB").resize((breite, round(bild.height * breite / bild.width)), Image.Resampling.LANCZOS)


def nebeneinander(bilder: list[Image.Image], rand: int = 8) -> Image.Image:
    """Pictures of one height in a row, each with a thin frame, so that white paper ends somewhere."""
    gerahmt = [ImageOps.expand(b, 1, "#aab4b4") for b in bilder]
    flaeche = Image.new("RGB", (sum(b.width for b in gerahmt) + rand * (len(gerahmt) - 1), gerahmt[0].height), "white")
    x = 0
    for b in gerahmt:
        flaeche.paste(b, (x, 0))
        x += b.width + rand
    return flaeche


def speichere(name: str, bild: Image.Image) -> None:
    """As a small PNG; a picture that stays too big ends the run."""
    ziel = BILDER / f"{name}.png"
    for farben in (128, 64, 32, 16):
        bild.quantize(farben, dither=Image.Dither.NONE).save(ziel, optimize=True)
        if ziel.stat().st_size <= GRENZE:
            sys.stderr.write(f"{ziel.relative_to(WURZEL)} {bild.width} × {bild.height}, {ziel.stat().st_size} Byte\n")
            return
    raise SystemExit(f"{ziel.name} ist größer als {GRENZE} Byte.")


def ihk(*argumente: str | Path, cwd: Path = WURZEL) -> None:
    """One command of the program; whatever it says goes to the error stream."""
    subprocess.run([Path(sys.executable).parent / "ihk", *argumente], cwd=cwd, check=True, stdout=sys.stderr)


def dokumente(ordner: Path) -> dict[str, Path]:
    """All documents that are shown, by Fassung."""
    ihk("build", "musterstadt-ost@2024", "voelklingen@2012", "-o", ordner)
    ihk("build", "musterstadt-ost@2028", "--report", "beschlussvorlage", "-o", ordner)
    sperrig = _sperrig(ordner / "sperrig")
    return {
        v: ordner / v.replace("@", "/") for v in ("musterstadt-ost@2024", "musterstadt-ost@2028", "voelklingen@2012")
    } | {"sperrig@1": sperrig}


def _sperrig(ordner: Path) -> Path:
    """The draft with many notes, as the tests make it; gives the folder of its PDF."""
    from sperrig import konzept

    from ihk.build import pdf
    from ihk.project import version_at
    from ihk.report.render import report_druck

    ordner.mkdir()
    datei = ordner / "1.yaml"
    datei.write_text(konzept(1), "utf-8")
    werk = report_druck(version_at(datei).geladen, vorgaenger=None, aenderungen=None, ihk_version="0")
    (ordner / "bericht.pdf").write_bytes(pdf(replace(werk, entwurf=True)))
    return ordner


def aus_dem_konzept(ordner: Path) -> None:
    """Pages of the invented and of one real concept, and the sheet that shows eight of them."""
    wo = dokumente(ordner)

    def von(eintrag: tuple[str, str, tuple[str, ...], tuple[int, int]], breite: int) -> Image.Image:
        return seite(wo[eintrag[0]] / f"{eintrag[1]}.pdf", eintrag[2], breite)

    for name, eintrag in SEITEN.items():
        speichere(name, von(eintrag, eintrag[3][0]))
    alle = SEITEN | {"zeitplan": ZEITPLAN}
    oben, unten = (
        nebeneinander([von(alle[n], 270 if alle[n][3] == HOCH else 457) for n in reihe]) for reihe in UEBERSICHT
    )
    flaeche = Image.new("RGB", (max(oben.width, unten.width), oben.height + unten.height + 8), "white")
    flaeche.paste(oben, (0, 0))
    flaeche.paste(unten, (0, oben.height + 8))
    speichere("seiten", flaeche)


def aus_dem_tutorial(ordner: Path) -> None:
    """The project that the tutorial makes: its PDFs, its preview, and a cover in another colour."""
    from mitmachen import Leser

    Leser(ordner).lies((WURZEL / "docs" / "tutorial.md").read_text("utf-8"))
    projekt = ordner / "handlungskonzept"
    for name, teile in TUTORIAL.items():
        breite = 340 if len(teile) > 1 else QUER[0]
        speichere(
            name,
            nebeneinander(
                [seite(projekt / f"build/musterstadt-west/{f}/{d}.pdf", worte, breite) for f, d, worte in teile]
            ),
        )
    vorschau(projekt, ordner)
    datei = projekt / "concepts" / "musterstadt-west" / "2026.yaml"
    text = datei.read_text("utf-8")
    datei.write_text(text.replace("  fiktiv: ja ", '  farbe: "#8a1538"\n  fiktiv: ja ', 1), "utf-8")
    ihk("build", "musterstadt-west@2026", cwd=projekt)
    speichere(
        "eigene-farbe", nebeneinander([seite(projekt / "build/musterstadt-west/2026/bericht.pdf", ("Entwurf",), 260)])
    )


def vorschau(projekt: Path, ordner: Path) -> None:
    """What the browser shows while ``ihk serve`` runs."""
    with serve(projekt) as adresse:
        ziel = ordner / "vorschau.png"
        browser(f"{adresse}musterstadt-west/2026/", ziel, ordner / "profil")
        with Image.open(ziel) as bild:
            speichere("vorschau", bild.convert("RGB").resize((960, 600), Image.Resampling.LANCZOS))


@contextmanager
def serve(projekt: Path) -> Iterator[str]:
    """A running preview; gives its address."""
    befehl = [Path(sys.executable).parent / "ihk", "serve", "--port", "0"]
    with subprocess.Popen(befehl, cwd=projekt, stderr=subprocess.PIPE, text=True) as prozess:
        assert prozess.stderr is not None
        adresse = re.search(r"http://\S+/", prozess.stderr.readline())
        assert adresse is not None
        try:
            yield adresse[0]
        finally:
            prozess.send_signal(signal.SIGINT)


def browser(adresse: str, ziel: Path, profil: Path) -> None:
    """A picture of a page, 1280 pixels wide; the profile is thrown away with the folder."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("Chromium fehlt: apt-get install chromium")
    subprocess.run(
        [
            chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--window-size=1280,800", "--timeout=6000", f"--user-data-dir={profil}",
            f"--screenshot={ziel}", adresse,
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=120,
    )  # fmt: skip


def main() -> None:
    """Make all pictures, or with the word ``tutorial`` only those of the tutorial, in throw-away folders."""
    os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="bilder-")
    if sys.argv[1:] != ["tutorial"]:
        with tempfile.TemporaryDirectory() as ordner:
            aus_dem_konzept(Path(ordner))
    with tempfile.TemporaryDirectory() as ordner:
        aus_dem_tutorial(Path(ordner))


if __name__ == "__main__":
    main()
