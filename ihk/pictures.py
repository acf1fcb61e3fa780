"""Pictures beside a concept: found inside its folder only, recognised by their first bytes, bounded in size."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

from ihk.beside import BesideError, read_beside

MEGABYTE = 10
GROESSE = MEGABYTE * 1024 * 1024
PUNKTE = 25_000_000


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
    if hindernis := _farben(daten):
        raise BildError(f"Das Bild „{datei}“ {hindernis}", "Als RGB mit 8 Bit je Farbe speichern.")
    masse = _masse(daten)
    if masse is None:
        raise BildError(f"„{datei}“ ist kein lesbares PNG, JPEG oder WebP.", "In eines dieser Formate umwandeln.")
    mime, breite, hoehe = masse
    if not 0 < breite * hoehe <= PUNKTE:
        raise BildError(
            f"Das Bild „{datei}“ hat {breite} × {hoehe} Bildpunkte; erlaubt sind 25 Millionen.",
            "Verkleinert speichern.",
        )
    if not _ganz(daten, mime):
        raise BildError(f"Das Bild „{datei}“ ist abgeschnitten oder beschädigt.", "Es neu speichern oder neu kopieren.")
    return Bilddaten(daten, mime, breite, hoehe)


def _ganz(d: bytes, mime: str) -> bool:
    """Whether nothing of a picture is missing. Damage that only a full decoding shows is left to the typesetter."""
    if mime == "image/png":
        return _png_ganz(d)
    if mime == "image/webp":
        return int.from_bytes(d[4:8], "little") + 8 <= len(d)
    return (beginn := _abtastung(d)) > 0 and d.find(b"\xff\xd9", beginn) > 0


ARTEN = {
    (0, 1),
    (0, 2),
    (0, 4),
    (0, 8),
    (2, 8),
    (2, 16),
    (3, 1),
    (3, 2),
    (3, 4),
    (3, 8),
    (4, 8),
    (4, 16),
    (6, 8),
    (6, 16),
}
"""Colour type and bits that PNG knows, without the one that an archive file cannot hold."""
_KANAELE = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def _png_ganz(d: bytes) -> bool:
    """Every chunk has its checksum up to the last one, and the picture inflates to what its head promises, not more."""
    bits, farbart, verschraenkt = d[24], d[25], d[28:29] != b"\0"
    if (farbart, bits) not in ARTEN:
        return False
    breite, hoehe = int.from_bytes(d[16:20], "big"), int.from_bytes(d[20:24], "big")
    zeile = -(-breite * bits * _KANAELE[farbart] // 8) + 1
    noch = zeile * hoehe
    inflate = zlib.decompressobj()
    stelle = 8
    try:
        while stelle + 12 <= len(d):
            laenge, art = int.from_bytes(d[stelle : stelle + 4], "big"), d[stelle + 4 : stelle + 8]
            ende = stelle + 8 + laenge
            if zlib.crc32(d[stelle + 4 : ende]) != int.from_bytes(d[ende : ende + 4], "big"):
                return False
            if art == b"IEND":
                return noch <= 0 if not verschraenkt else noch < zeile * hoehe
            if art == b"IDAT" and noch > 0:
                noch -= len(inflate.decompress(d[stelle + 8 : ende], noch))
            stelle = ende + 4
    except zlib.error:
        return False
    return False


def _abtastung(d: bytes) -> int:
    """Where the scan of a JPEG starts; 0 without one."""
    stelle = 2
    while stelle + 4 <= len(d) and d[stelle] == 0xFF:
        if d[stelle + 1] == 0xDA:
            return stelle
        stelle += 2 + int.from_bytes(d[stelle + 2 : stelle + 4], "big")
    return 0


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
