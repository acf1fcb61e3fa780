"""Pictures beside a concept: found inside its folder only, recognised by their first bytes, bounded in size."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

from ihk.beside import BesideError, read_beside
from ihk.drawings import DrawingError, is_drawing, size

MEGABYTE = 10
GROESSE = MEGABYTE * 1024 * 1024
PUNKTE = 25_000_000
ZEICHNUNG = 1024 * 1024


class BildError(BesideError):
    """The picture cannot be used; a sentence and the way out."""


@dataclass(frozen=True, slots=True)
class Bilddaten:
    """Bytes of a picture with its media type and size in pixels."""

    daten: bytes
    mime: str
    breite: int
    hoehe: int


def read_picture(ordner: Path, datei: str) -> Bilddaten:
    """The picture ``datei`` relative to ``ordner``; raises ``BildError`` if it is missing, elsewhere, foreign or too large."""
    try:
        daten = read_beside(ordner, datei, MEGABYTE, "Verkleinert speichern.")
    except BesideError as fehler:
        raise BildError(fehler.meldung, fehler.hinweis) from None
    if is_drawing(daten):
        return _zeichnung(datei, daten)
    if hindernis := _farben(daten):
        raise BildError(f"Das Bild „{datei}“ {hindernis}", "Als RGB mit 8 Bit je Farbe speichern.")
    masse = _masse(daten)
    if masse is None:
        raise BildError(f"„{datei}“ ist kein lesbares PNG, JPEG, WebP oder SVG.", "In eines dieser Formate umwandeln.")
    mime, breite, hoehe = masse
    if not 0 < breite * hoehe <= PUNKTE:
        raise BildError(
            f"Das Bild „{datei}“ hat {breite} × {hoehe} Bildpunkte; erlaubt sind 25 Millionen.",
            "Verkleinert speichern.",
        )
    if not _ganz(daten):
        raise BildError(f"Das Bild „{datei}“ ist abgeschnitten oder beschädigt.", "Es neu speichern oder neu kopieren.")
    return Bilddaten(daten, mime, breite, hoehe)


def _ganz(daten: bytes) -> bool:
    """Whether the picture can be decoded to its last pixel; its size is known to be within bounds."""
    from PIL import Image, ImageFile  # no check of a concept without pictures needs it

    # WeasyPrint, once loaded, has Pillow take broken pictures as they are, in the whole process.
    lenient, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        with Image.open(io.BytesIO(daten), formats=("PNG", "JPEG", "WEBP")) as bild:
            bild.load()
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error):  # what Pillow says of broken files
        return False
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient
    return True


def _zeichnung(datei: str, daten: bytes) -> Bilddaten:
    if len(daten) > ZEICHNUNG:
        raise BildError(f"Die Zeichnung „{datei}“ ist größer als 1 MB.", "Vereinfachen oder als PNG speichern.")
    try:
        return Bilddaten(daten, "image/svg+xml", *size(daten))
    except DrawingError as fehler:
        raise BildError(f"Die Zeichnung „{datei}“ {fehler.grund}", fehler.hinweis) from None


def _farben(d: bytes) -> str:
    """Why the colours of a picture cannot go into an archive file (PDF/A allows no print colours beside sRGB); empty if they can."""
    if d[:8] == b"\x89PNG\r\n\x1a\n" and len(d) > 26 and d[24] == 16 and d[25] == 0:
        return "hat 16 Bit je Grauwert."
    if d[:3] == b"\xff\xd8\xff" and _bestandteile(d) == 4:
        return "ist in Druckfarben (CMYK) gespeichert."
    return ""


def _bestandteile(d: bytes) -> int:
    """How many colour components a JPEG has; 0 if its frame is not found."""
    rahmen = _rahmen(d)
    return d[rahmen + 9] if rahmen and rahmen + 9 < len(d) else 0


def _rahmen(d: bytes) -> int:
    """Where the frame header of a JPEG starts; 0 without one."""
    stelle = 2
    while stelle + 9 < len(d) and d[stelle] == 0xFF:
        marke, laenge = d[stelle + 1], int.from_bytes(d[stelle + 2 : stelle + 4], "big")
        if 0xC0 <= marke <= 0xCF and marke not in (0xC4, 0xC8, 0xCC):
            return stelle
        stelle += 2 + laenge
    return 0


def _masse(d: bytes) -> tuple[str, int, int] | None:
    """Media type and size from the header."""
    if d[:8] == b"\x89PNG\r\n\x1a\n" and len(d) > 24:
        return "image/png", *struct.unpack(">II", d[16:24])
    if d[:4] == b"RIFF" and d[8:12] == b"WEBP" and len(d) > 30:
        if d[12:16] == b"VP8X":
            return "image/webp", int.from_bytes(d[24:27], "little") + 1, int.from_bytes(d[27:30], "little") + 1
        if d[12:16] == b"VP8L":
            bits = int.from_bytes(d[21:25], "little")
            return "image/webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        if d[12:16] == b"VP8 ":
            breite, hoehe = struct.unpack("<HH", d[26:30])
            return "image/webp", breite & 0x3FFF, hoehe & 0x3FFF
    if d[:3] == b"\xff\xd8\xff" and (rahmen := _rahmen(d)):
        hoehe, breite = struct.unpack(">HH", d[rahmen + 5 : rahmen + 9])
        return "image/jpeg", breite, hoehe
    return None
