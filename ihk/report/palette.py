"""One brand colour becomes all colours of a report, light and dark, with contrast by construction."""

from __future__ import annotations

import base64
import math
import re
from dataclasses import dataclass

STANDARD = "#0b6170"
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_HEX_KURZ = re.compile(r"#[0-9a-fA-F]{3}")

Rgb = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Token:
    """One custom property of the stylesheet."""

    name: str
    wert: str


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one theme by role, and the pictures that have to be drawn in these colours."""

    farben: tuple[Token, ...]
    zeichen: tuple[Token, ...]
    """Addresses of the status symbols by status: a background cannot inherit a colour."""


# Role: lightness in the light and in the dark theme, share of the brand's chroma, or a fixed small chroma.
# The lightness alone decides the contrast, so it holds for every brand colour.
_NEUTRAL = 0.012
_ROLLEN: dict[str, tuple[float, float, float | None]] = {
    "papier": (1.0, 0.19, None),
    "flaeche": (0.968, 0.245, None),
    "ton": (0.935, 0.30, 0.35),
    "text": (0.22, 0.94, None),
    "text2": (0.43, 0.78, None),
    "linie": (0.83, 0.40, None),
    "linie2": (0.55, 0.62, None),
    "marke": (0.42, 0.80, 1.0),
    "marke-dunkel": (0.30, 0.90, 1.0),
    "kommune": (0.42, 0.78, 1.1),
    "bund": (0.60, 0.60, None),
    "land": (0.75, 0.47, None),
    "dritte": (0.88, 0.36, None),
}
# What must be readable on what, and the ratio that WCAG (or the order of the bars) asks for.
PAARE: tuple[tuple[str, str, float], ...] = (
    ("text", "papier", 7), ("text", "flaeche", 7), ("text", "ton", 7), ("text2", "papier", 4.5), ("text2", "flaeche", 4.5),
    ("marke", "papier", 4.5), ("marke", "flaeche", 4.5), ("marke-dunkel", "papier", 7), ("signal", "papier", 4.5),
    ("signal", "flaeche", 4.5), ("auf-umschlag", "umschlag", 4.5), ("linie2", "papier", 3), ("linie2", "flaeche", 3), ("text2", "ton", 4.5), ("text2", "land", 3), ("kommune", "papier", 3),
    ("bund", "papier", 3), ("kommune", "bund", 1.5), ("bund", "land", 1.5), ("land", "dritte", 1.25),
)  # fmt: skip


def farbe(text: str | None) -> str:
    """The brand colour as ``#rrggbb``; the default if there is none or it cannot be read."""
    wert = (text or "").strip()
    if _HEX_KURZ.fullmatch(wert):
        wert = "#" + "".join(2 * z for z in wert[1:])
    return wert.lower() if _HEX.fullmatch(wert) else STANDARD


def contrast(vorne: str, hinten: str) -> float:
    """Contrast ratio of two colours after WCAG 2.2, from 1 to 21."""
    a, b = sorted((_leuchtdichte(vorne), _leuchtdichte(hinten)))
    return (b + 0.05) / (a + 0.05)


def colours(marke: str | None, *, dunkel: bool = False) -> dict[str, str]:
    """All roles as ``#rrggbb``."""
    marke = farbe(marke)
    _, chroma, ton = _oklch(marke)
    neutral = min(chroma, _NEUTRAL)
    ergebnis = {}
    for rolle, (hell, nacht, anteil) in _ROLLEN.items():
        ergebnis[rolle] = _hex(nacht if dunkel else hell, neutral if anteil is None else chroma * anteil, ton)
    # Rust next to a red brand says nothing; violet then takes its place.
    warm = abs((math.degrees(ton) - 40 + 180) % 360 - 180) < 45 and chroma > 0.03
    ergebnis["signal"] = _hex(0.78 if dunkel else 0.47, 0.14, math.radians(300 if warm else 40))
    ergebnis |= _umschlag(marke, neutral, chroma, ton)
    return ergebnis


def palette(marke: str | None, *, dunkel: bool = False, druck: bool = False) -> Palette:
    """Custom properties and symbols of one theme; in print symbols are asked for by address."""
    werte = colours(marke, dunkel=dunkel)
    zeichen = tuple(
        Token(name, symbol_url(name) if druck else _data_uri(svg))
        for name, svg in symbols(marke, dunkel=dunkel).items()
    )
    return Palette(tuple(Token(name, wert) for name, wert in werte.items()), zeichen)


def symbols(marke: str | None, *, dunkel: bool = False) -> dict[str, str]:
    """SVG of the status symbols by status."""
    werte = colours(marke, dunkel=dunkel)
    rahmen = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>{}</svg>"
    return {name: rahmen.format(inhalt) for name, inhalt in _symbole(werte["text"], werte["papier"]).items()}


def symbol_url(name: str) -> str:
    return f"ihk-asset:zeichen/{name}"


def _umschlag(marke: str, neutral: float, chroma: float, ton: float) -> dict[str, str]:
    """The cover shows the colour itself, with white text if that can be read, else with black, else darkened."""
    weiss, schwarz = "#ffffff", _hex(0.15, neutral, ton)
    for auf in (weiss, schwarz):
        if contrast(auf, marke) >= 4.5:
            return {"umschlag": marke, "auf-umschlag": auf}
    return {"umschlag": _hex(0.42, chroma, ton), "auf-umschlag": weiss}


def _symbole(tinte: str, papier: str) -> dict[str, str]:
    """A ring that fills up as a measure advances; pause bars and a cross for what stands still."""

    def ring(zusatz: str = "") -> str:
        return f"<circle cx='8' cy='8' r='6.5' fill='{papier}' stroke='{tinte}' stroke-width='1.6'{zusatz}/>"

    def stueck(bogen: str) -> str:
        return f"{ring()}<path d='M8 8V1.5{bogen}Z' fill='{tinte}'/>"

    def striche(weg: str) -> str:
        return f"{ring()}<path d='{weg}' stroke='{tinte}' stroke-width='1.7'/>"

    haken = f"<path d='M4.4 8.3l2.5 2.5 4.8-5.3' fill='none' stroke='{papier}' stroke-width='1.9'/>"
    aussen = f"<circle cx='8' cy='8' r='6.7' fill='none' stroke='{tinte}' stroke-width='1.2'/>"
    return {
        "idee": ring(" stroke-dasharray='2.2 2.2'"),
        "geplant": ring(),
        "beantragt": stueck("A6.5 6.5 0 0 1 14.5 8"),
        "bewilligt": stueck("A6.5 6.5 0 0 1 8 14.5"),
        "in_umsetzung": stueck("A6.5 6.5 0 1 1 1.5 8"),
        "abgeschlossen": f"<circle cx='8' cy='8' r='7.3' fill='{tinte}'/>{haken}",
        "verstetigt": f"{aussen}<circle cx='8' cy='8' r='4.6' fill='{tinte}'/>",
        "zurueckgestellt": striche("M6 5v6M10 5v6"),
        "entfallen": striche("M5.3 5.3l5.4 5.4M10.7 5.3l-5.4 5.4"),
        "unbekannt": f"{ring()}<path d='M5 8h6' stroke='{tinte}' stroke-width='1.7'/>",
    }


def _data_uri(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _rgb(hex_: str) -> Rgb:
    return int(hex_[1:3], 16) / 255, int(hex_[3:5], 16) / 255, int(hex_[5:7], 16) / 255


def _linear(kanal: float) -> float:
    return kanal / 12.92 if kanal <= 0.04045 else ((kanal + 0.055) / 1.055) ** 2.4


def _gamma(kanal: float) -> float:
    return 12.92 * kanal if kanal <= 0.0031308 else 1.055 * kanal ** (1 / 2.4) - 0.055


def _leuchtdichte(hex_: str) -> float:
    r, g, b = (_linear(k) for k in _rgb(hex_))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _oklch(hex_: str) -> tuple[float, float, float]:
    """Lightness, chroma and hue; matrices by Björn Ottosson (OKLab)."""
    r, g, b = (_linear(k) for k in _rgb(hex_))
    lang = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    m = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    s = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    helligkeit = 0.2104542553 * lang + 0.7936177850 * m - 0.0040720468 * s
    a = 1.9779984951 * lang - 2.4285922050 * m + 0.4505937099 * s
    b_ = 0.0259040371 * lang + 0.7827717662 * m - 0.8086757660 * s
    return helligkeit, math.hypot(a, b_), math.atan2(b_, a)


def _hex(helligkeit: float, chroma: float, ton: float) -> str:
    """The colour in sRGB; chroma is lowered until it fits, lightness and hue stay."""
    while True:
        a, b = chroma * math.cos(ton), chroma * math.sin(ton)
        lang = (helligkeit + 0.3963377774 * a + 0.2158037573 * b) ** 3
        m = (helligkeit - 0.1055613458 * a - 0.0638541728 * b) ** 3
        s = (helligkeit - 0.0894841775 * a - 1.2914855480 * b) ** 3
        kanaele = (
            4.0767416621 * lang - 3.3077115913 * m + 0.2309699292 * s,
            -1.2684380046 * lang + 2.6097574011 * m - 0.3413193965 * s,
            -0.0041960863 * lang - 0.7034186147 * m + 1.7076147010 * s,
        )
        if chroma <= 0 or all(-0.0005 <= k <= 1.0005 for k in kanaele):
            return "#" + "".join(f"{round(255 * _gamma(min(1.0, max(0.0, k)))):02x}" for k in kanaele)
        chroma = max(0.0, chroma - 0.004)
