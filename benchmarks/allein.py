"""Single steps as processes of their own.

allein.py vorbereiten KONZEPT.yaml ORDNER    # the HTML of the report, for WeasyPrint alone
allein.py setzen ORDNER                      # WeasyPrint alone
allein.py webseite KONZEPT.yaml ZIEL.html    # the web page only, from the source
allein.py lesen KONZEPT.yaml RUNDEN          # reading and validating; prints its ratio to yaml.CSafeLoader alone
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median


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


def webseite(konzept: Path, ziel: Path) -> None:
    from ihk.project import version_at
    from ihk.report.render import report_html

    html = report_html(version_at(konzept).geladen, vorgaenger=None, aenderungen=None, medium="web", ihk_version="0")
    ziel.write_text(html, "utf-8")


def lesen(konzept: Path, runden: Path) -> None:
    import yaml

    from ihk.project import version_at

    def zeit(arbeit: Callable[[], object]) -> float:
        beginn = time.process_time()
        arbeit()
        return time.process_time() - beginn

    daten = konzept.read_bytes()
    verhaeltnisse = []
    for _ in range(int(str(runden)) + 1):  # the first one loads modules
        eigen = zeit(lambda: version_at(konzept).geladen)
        verhaeltnisse.append(eigen / zeit(lambda: yaml.load(daten, Loader=yaml.CSafeLoader)))
    sys.stdout.write(f"{median(verhaeltnisse[1:]):.4f}\n")


if __name__ == "__main__":
    schritte = {"vorbereiten": vorbereiten, "setzen": setzen, "webseite": webseite, "lesen": lesen}
    schritte[sys.argv[1]](*map(Path, sys.argv[2:]))
