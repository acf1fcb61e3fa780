"""What the machine has and lacks for setting type."""

from __future__ import annotations

import ctypes
import ctypes.util
import importlib.metadata
import sys
from dataclasses import dataclass

from ihk.project import Projekt
from ihk.resources import fonts

APT = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
BIBLIOTHEKEN = {
    "Pango": "libpango-1.0.so.0",
    "PangoFT2": "libpangoft2-1.0.so.0",
    "HarfBuzz-Subset": "libharfbuzz-subset.so.0",
}
PAKETE = ("weasyprint", "pydyf", "jinja2", "pyyaml", "pydantic", "markdown-it-py", "nh3", "babel", "click", "rich")


@dataclass(frozen=True, slots=True)
class Befund:
    """One line: what was looked at, what was found, and the way out if something lacks."""

    was: str
    stand: str
    gut: bool = True
    hinweis: str = ""


def untersuche(projekt: Projekt | None) -> tuple[Befund, ...]:
    """Python, libraries, fonts, project."""
    ergebnis = [
        Befund(
            "Python",
            sys.version.split()[0],
            sys.version_info >= (3, 11),
            "" if sys.version_info >= (3, 11) else "Python 3.11 oder neuer",
        )
    ]
    for paket in PAKETE:
        try:
            ergebnis.append(Befund(paket, importlib.metadata.version(paket)))
        except importlib.metadata.PackageNotFoundError:
            ergebnis.append(Befund(paket, "nicht installiert", False, "make build"))
    import yaml

    mit_c = bool(getattr(yaml, "__with_libyaml__", False))
    ergebnis.append(
        Befund(
            "libyaml",
            "vorhanden" if mit_c else "fehlt",
            mit_c,
            "" if mit_c else "PyYAML als fertiges Paket (wheel) installieren",
        )
    )
    for name, datei in BIBLIOTHEKEN.items():
        try:
            ctypes.CDLL(datei)
            ergebnis.append(Befund(name, datei))
        except OSError:
            gefunden = ctypes.util.find_library(datei.removeprefix("lib").split(".so")[0])
            ergebnis.append(Befund(name, gefunden or "nicht gefunden", gefunden is not None, "" if gefunden else APT))
    schriften = sorted(p.name for p in fonts().glob("*.woff2"))
    ergebnis.append(
        Befund("Schriften", f"{len(schriften)} Schnitte Source Sans 3" if schriften else "fehlen", len(schriften) >= 4)
    )
    if projekt is not None:
        konzepte = projekt.konzepte()
        ergebnis.append(Befund("Projekt", f"{len(konzepte)} Konzepte: {', '.join(konzepte)}"))
    else:
        ergebnis.append(Befund("Projekt", "keines in diesem Ordner (kein concepts/)"))
    return tuple(ergebnis)
