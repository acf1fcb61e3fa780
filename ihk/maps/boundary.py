"""The boundary of an area from a GeoJSON file beside the concept (RFC 7946, WGS 84): rings of points, or a sentence why not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from ihk.beside import BesideError, read_beside
from ihk.maps.plane import Plane, Point
from ihk.problems import kurz

MEGABYTE = 2
POINTS = 20_000
WIDEST = 100_000.0
"""Metres; what is wider no longer fits the plane that maps are drawn in."""
MIME = "application/geo+json"
VEREINFACHEN = "Die Grenze im Geoinformationssystem vereinfachen und neu speichern."
ALS_WGS84 = "Im Geoinformationssystem als GeoJSON mit WGS 84 (EPSG:4326) speichern: erst Länge, dann Breite in Grad."
NUR_FLAECHEN = "Erlaubt sind Polygon und MultiPolygon, auch in Feature und FeatureCollection."

Ring = tuple[Point, ...]


class BoundaryError(BesideError):
    """The boundary cannot be used. ``line`` and ``column`` are those of the file, 0 if the place is part of the sentence."""

    def __init__(self, meldung: str, hinweis: str, line: int = 0, column: int = 0) -> None:
        super().__init__(meldung, hinweis)
        self.line, self.column = line, column


@dataclass(frozen=True, slots=True)
class Boundary:
    """Rings of all polygons, outer ones and holes alike: what lies inside an odd number of them lies inside."""

    rings: tuple[Ring, ...]

    @property
    def points(self) -> Iterator[Point]:
        for ring in self.rings:
            yield from ring


def read_boundary(ordner: Path, datei: str) -> Boundary:
    """The boundary in ``datei`` relative to ``ordner``; raises ``BoundaryError`` for whatever is wrong with it."""
    try:
        daten = read_beside(ordner, datei, MEGABYTE, VEREINFACHEN)
    except BesideError as fehler:
        raise BoundaryError(fehler.meldung, fehler.hinweis) from None
    return parse_boundary(daten, datei)


def parse_boundary(daten: bytes, datei: str) -> Boundary:
    """The boundary in the bytes of a GeoJSON file."""
    rings = tuple(_Reader(datei).rings(_json(daten, datei)))
    boundary = Boundary(rings)
    plane = Plane.around(boundary.points)
    width, height = plane.extent(boundary.points)
    if min(width, height) < 1:
        raise BoundaryError(f"Die Grenze in „{datei}“ schließt keine Fläche ein.", ALS_WGS84)
    if max(width, height) > WIDEST:
        meldung = (
            f"Das Gebiet in „{datei}“ ist {max(width, height) / 1000:.0f} km groß; gezeichnet werden höchstens 100 km."
        )
        raise BoundaryError(meldung, ALS_WGS84)
    return boundary


def _json(daten: bytes, datei: str) -> Any:
    try:
        text = daten.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BoundaryError(f"„{datei}“ ist kein gültiges UTF-8.", ALS_WGS84) from None
    try:
        return json.loads(text, parse_constant=_no_number, object_pairs_hook=_no_doubles)
    except RecursionError:
        raise BoundaryError(f"„{datei}“ ist zu tief verschachtelt.", ALS_WGS84) from None
    except json.JSONDecodeError as fehler:
        meldung = "Hier ist die Datei kein gültiges JSON."
        raise BoundaryError(meldung, "Die Datei neu aus dem Geoinformationssystem speichern.", fehler.lineno, fehler.colno) from None  # fmt: skip
    except _ContentError as fehler:
        raise BoundaryError(f"In „{datei}“ {fehler}.", ALS_WGS84) from None
    except ValueError:  # a number of more digits than Python converts
        raise BoundaryError(f"In „{datei}“ hat eine Zahl zu viele Ziffern.", ALS_WGS84) from None


class _ContentError(ValueError):
    pass


def _no_number(wort: str) -> NoReturn:
    raise _ContentError(f"steht „{wort}“ statt einer Zahl")


def _no_doubles(paare: list[tuple[str, Any]]) -> dict[str, Any]:
    ergebnis = dict(paare)
    if len(ergebnis) != len(paare):
        doppelt = next(k for i, (k, _) in enumerate(paare) if any(k == x for x, _ in paare[:i]))
        raise _ContentError(f"steht der Schlüssel „{kurz(doppelt)}“ doppelt")
    return ergebnis


class _Reader:
    """Walks the objects of a GeoJSON file; ``where`` is the path for messages."""

    def __init__(self, datei: str) -> None:
        self._datei = datei
        self._points = 0

    def rings(self, wurzel: Any) -> Iterator[Ring]:
        if not isinstance(wurzel, dict):
            self._refuse("", "steht kein Objekt", NUR_FLAECHEN)
        if wurzel.get("type") != "FeatureCollection":
            yield from self._feature(wurzel, "")
            return
        features = self._list(wurzel.get("features"), "features")
        for i, feature in enumerate(features):
            if not isinstance(feature, dict) or feature.get("type") != "Feature":
                self._refuse(f"features[{i}]", "steht kein Feature", NUR_FLAECHEN)
            yield from self._feature(feature, f"features[{i}]")

    def _feature(self, objekt: Any, where: str) -> Iterator[Ring]:
        if objekt.get("type") == "Feature":
            objekt, where = objekt.get("geometry"), f"{where}.geometry".lstrip(".")
        if not isinstance(objekt, dict):
            self._refuse(where, "steht keine Fläche", NUR_FLAECHEN)
        art, inhalt, pfad = objekt.get("type"), objekt.get("coordinates"), f"{where}.coordinates".lstrip(".")
        if art == "Polygon":
            yield from self._polygon(inhalt, pfad)
        elif art == "MultiPolygon":
            for i, polygon in enumerate(self._list(inhalt, pfad)):
                yield from self._polygon(polygon, f"{pfad}[{i}]")
        else:
            wort = kurz(art) if isinstance(art, str) and art else "nichts Bekanntes"
            self._refuse(f"{where}.type".lstrip("."), f"steht „{wort}“ statt einer Fläche", NUR_FLAECHEN)

    def _polygon(self, inhalt: Any, where: str) -> Iterator[Ring]:
        for i, ring in enumerate(self._list(inhalt, where)):
            yield self._ring(ring, f"{where}[{i}]")

    def _ring(self, inhalt: Any, where: str) -> Ring:
        punkte = tuple(self._point(p, f"{where}[{i}]") for i, p in enumerate(self._list(inhalt, where)))
        if len(punkte) < 4 or punkte[0] != punkte[-1]:
            self._refuse(
                where, "ist der Umriss nicht geschlossen", "Der letzte Punkt eines Umrisses gleicht dem ersten."
            )
        return punkte

    def _point(self, inhalt: Any, where: str) -> Point:
        self._points += 1
        if self._points > POINTS:
            raise BoundaryError(
                f"Die Grenze in „{self._datei}“ hat mehr als {POINTS:,} Punkte.".replace(",", "."), VEREINFACHEN
            )
        if not isinstance(inhalt, list) or not 2 <= len(inhalt) <= 4:
            self._refuse(where, "steht kein Punkt aus Länge und Breite", ALS_WGS84)
        for zahl in inhalt:
            if isinstance(zahl, bool) or not isinstance(zahl, int | float):
                self._refuse(where, "steht kein Punkt aus Länge und Breite", ALS_WGS84)
        laenge, breite = inhalt[:2]
        if not (-180 <= laenge <= 180 and -85 <= breite <= 85):  # also false for what is not finite
            self._refuse(where, "liegt ein Punkt nicht auf der Karte", ALS_WGS84)
        return float(laenge), float(breite)

    def _list(self, inhalt: Any, where: str) -> list[Any]:
        if not isinstance(inhalt, list) or not inhalt:
            self._refuse(where, "fehlt die Liste", NUR_FLAECHEN)
        return inhalt

    def _refuse(self, where: str, was: str, hinweis: str) -> NoReturn:
        raise BoundaryError(f"In „{self._datei}“ {was}{f' ({where})' if where else ''}.", hinweis)
