"""A small piece of the earth as a plane: metres east and north of its middle, and what can be measured there.

The projection is a local equirectangular one (after WGS 84, a degree of longitude as long as at the middle). Over the few
kilometres of an area it is true to a thousandth, which no pencil can draw.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]
"""Longitude and latitude in degrees."""
Metres = tuple[float, float]
"""East and north of the middle of a plane."""
FAR = 25_000.0
"""Metres from the middle of all points beyond which a point without a boundary is taken for a slip."""
NEAR = 250.0


@dataclass(frozen=True, slots=True)
class Plane:
    """The middle, and how long a degree is there."""

    longitude: float
    latitude: float

    @classmethod
    def around(cls, points: Iterable[Point]) -> Plane:
        """The plane whose middle is that of all points."""
        west, south, east, north = box(points)
        return cls((west + east) / 2, (south + north) / 2)

    def metres(self, point: Point) -> Metres:
        phi = math.radians(self.latitude)
        breite = 111_132.954 - 559.822 * math.cos(2 * phi) + 1.175 * math.cos(4 * phi)
        laenge = 111_412.84 * math.cos(phi) - 93.5 * math.cos(3 * phi) + 0.118 * math.cos(5 * phi)
        return (point[0] - self.longitude) * laenge, (point[1] - self.latitude) * breite

    def extent(self, points: Iterable[Point]) -> tuple[float, float]:
        """Width and height in metres."""
        west, south, east, north = box(self.metres(p) for p in points)
        return east - west, north - south


def box(points: Iterable[tuple[float, float]]) -> tuple[float, float, float, float]:
    """Smallest and largest coordinates: west, south, east, north."""
    alle = list(points)
    xs, ys = [x for x, _ in alle], [y for _, y in alle]
    return min(xs), min(ys), max(xs), max(ys)


def inside(point: Point, rings: Sequence[Sequence[Point]]) -> bool:
    """Whether a point lies inside an odd number of rings, so that holes are outside."""
    x, y = point
    drin = False
    for ring in rings:
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
                drin = not drin
    return drin


def far(points: Mapping[str, Point], rings: Sequence[Sequence[Point]]) -> tuple[str, ...]:
    """The names of the points so far away that a slip is likelier than a place.

    With a boundary: further from its box than half its longer side. Without: over 25 km from where most points lie.
    """
    if not points:
        return ()
    if rings:
        alle = [p for ring in rings for p in ring]
        plane = Plane.around(alle)
        west, south, east, north = box(plane.metres(p) for p in alle)
        rand = max(NEAR, (east - west) / 2, (north - south) / 2)
    else:
        plane = Plane(_median([p[0] for p in points.values()]), _median([p[1] for p in points.values()]))
        west = south = east = north = 0.0
        rand = FAR
    ergebnis = []
    for name, point in points.items():
        x, y = plane.metres(point)
        if not (west - rand <= x <= east + rand and south - rand <= y <= north + rand):
            ergebnis.append(name)
    return tuple(ergebnis)


def _median(werte: Sequence[float]) -> float:
    """The lower middle one, which is one of them: between two places lies no third."""
    return sorted(werte)[(len(werte) - 1) // 2]


def round_length(metres: float) -> int:
    """The largest of 1, 2, 5, 10, 20, 50 … that is not longer; at least 1."""
    if metres < 2:
        return 1
    stufe: int = 10 ** math.floor(math.log10(metres))
    return max(f * stufe for f in (1, 2, 5) if f * stufe <= metres)
