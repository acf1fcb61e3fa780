"""Where templates and fonts lie: in the wheel below the package, in a checkout beside it."""

from __future__ import annotations

from pathlib import Path

from ihk.problems import UmgebungError


def templates() -> Path:
    """The folder of the shipped templates."""
    hier = Path(__file__).resolve().parent
    for ordner in (hier / "templates", hier.parent / "templates"):
        if (ordner / "fonts").is_dir():
            return ordner
    raise UmgebungError("Die Vorlagen von ihk fehlen. Das Paket neu installieren.")


def fonts() -> Path:
    """The folder of the shipped fonts, with ``fonts.conf``."""
    return templates() / "fonts"


def fontconfig() -> Path:
    """The file that names the shipped fonts as the only ones."""
    return fonts() / "fonts.conf"
