"""The map: the boundary of the area is a file that can be drawn, and the points of the measures lie near it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ihk.checks.kontext import Kontext
from ihk.maps.boundary import Boundary, BoundaryError, read_boundary
from ihk.maps.plane import box, far
from ihk.problems import Ort, Problem

DEUTSCHLAND = (5.5, 47.0, 15.5, 55.5)
"""West, south, east, north; with numbers swapped, places in Germany lie near Somalia."""


def _gelesen(c: Kontext) -> Boundary | BoundaryError | None:
    """None if there is no boundary, or no folder in which to look for it."""
    datei = c.k.konzept.gebiet.grenze if c.k.konzept.gebiet else None
    if datei is None or c.geladen.quelle.ordner is None:
        return None
    try:
        return read_boundary(c.geladen.quelle.ordner, datei)
    except BoundaryError as fehler:
        return fehler


def grenze(c: Kontext) -> Iterator[Problem]:
    """KARTE-DATEI: the boundary is a GeoJSON file of polygons in WGS 84."""
    ergebnis = _gelesen(c)
    datei = c.k.konzept.gebiet.grenze if c.k.konzept.gebiet else None
    ort = c.wert("konzept", "gebiet", "grenze")
    if isinstance(ergebnis, BoundaryError):
        if ergebnis.line:
            ort = Ort(str(Path(ort.datei).parent / str(datei)), ergebnis.line, ergebnis.column)
        yield c.melde(ort, "KARTE-DATEI", ergebnis.meldung, ergebnis.hinweis)
    elif ergebnis is not None and _vertauscht(box(ergebnis.points)):
        meldung = f"Die Grenze in „{datei}“ liegt nicht in Deutschland, mit vertauschten Zahlen aber schon."
        yield c.melde(ort, "KARTE-DATEI", meldung, "In GeoJSON steht erst die Länge, dann die Breite.")


def _vertauscht(kasten: tuple[float, float, float, float]) -> bool:
    west, sued, ost, nord = kasten
    dw, ds, do, dn = DEUTSCHLAND

    def in_deutschland(w: float, s: float, o: float, n: float) -> bool:
        return dw <= w and o <= do and ds <= s and n <= dn

    return not in_deutschland(west, sued, ost, nord) and in_deutschland(sued, west, nord, ost)


def lage(c: Kontext) -> Iterator[Problem]:
    """KARTE-LAGE: the point of a measure lies in the area or near it."""
    grenze_ = _gelesen(c)
    punkte = {
        m.id: (float(m.standort.punkt[0]), float(m.standort.punkt[1]))
        for m in c.k.massnahmen
        if m.standort and m.standort.punkt
    }
    ringe = grenze_.rings if isinstance(grenze_, Boundary) else ()
    weit = set(far(punkte, ringe))
    wovon = "vom Gebiet" if ringe else "von den anderen Punkten"
    for m, loc in c.massnahmen():
        if m.id in weit:
            yield c.melde(
                c.ort(*loc, "standort", "punkt"),
                "KARTE-LAGE",
                f"Der Punkt der Maßnahme {m.id} liegt weit weg {wovon}; die Karte zeigt ihn nicht.",
                "Zahlen und Reihenfolge prüfen: erst Länge, dann Breite.",
                "warnung",
            )
