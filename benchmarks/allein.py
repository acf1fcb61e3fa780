"""Plain WeasyPrint on the same HTML: ``allein.py vorbereiten KONZEPT.yaml ORDNER`` writes it, ``allein.py setzen ORDNER`` sets it."""

from __future__ import annotations

import sys
from pathlib import Path


def vorbereiten(konzept: Path, ordner: Path) -> None:
    from ihk.project import version_at
    from ihk.report.render import assets, report_druck, report_html

    geladen = version_at(konzept).geladen
    html = report_html(geladen, vorgaenger=None, aenderungen=None, medium="druck", ihk_version="0")
    css = report_druck(geladen, vorgaenger=None, aenderungen=None, ihk_version="0").css
    ordner.mkdir(parents=True, exist_ok=True)
    for name, daten in assets(geladen).items():
        ziel = ordner / name.removeprefix("ihk-asset:")
        ziel.parent.mkdir(parents=True, exist_ok=True)
        ziel.write_bytes(daten)
    adresse = ordner.resolve().as_uri() + "/"
    (ordner / "bericht.html").write_text(html.replace("ihk-asset:", adresse), "utf-8")
    (ordner / "bericht.css").write_text(css.replace("ihk-asset:", adresse), "utf-8")


def setzen(ordner: Path) -> None:
    import weasyprint

    html = weasyprint.HTML(filename=str(ordner / "bericht.html"))
    html.write_pdf(str(ordner / "bericht.pdf"), pdf_variant="pdf/ua-1", stylesheets=[str(ordner / "bericht.css")])


if __name__ == "__main__":
    {"vorbereiten": vorbereiten, "setzen": setzen}[sys.argv[1]](*map(Path, sys.argv[2:]))
