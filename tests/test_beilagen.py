"""A new picture or boundary under the old file name is a change that the comparison tells."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import jsonschema
import pytest

from ihk.checks import Kontext, run
from ihk.diff import compare
from ihk.diff.changeset import Aenderungssatz
from ihk.export.aenderungen import aenderungen, schema
from ihk.model.load import Geladen, load
from ihk.reading.files import collect
from ihk.report.render import synopse_html

KONZEPT = """format: 1
konzept:
  id: ost
  titel: Handlungskonzept Ost
  fiktiv: ja
  gebiet: {name: Ost, flaeche_ha: 12, einwohner: 900, stand: 2023, grenze: grenze.geojson}
fassung: {id: "2024", art: ursprung, status: entwurf, stand: 01.06.2024}
bilder:
  - {id: B1, datei: platz.png, alt: Der Platz von Norden, bildnachweis: Stadt Ost}
"""


def _png(grau: int) -> bytes:
    def stueck(art: bytes, inhalt: bytes) -> bytes:
        return struct.pack(">I", len(inhalt)) + art + inhalt + struct.pack(">I", zlib.crc32(art + inhalt))

    kopf = stueck(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + kopf + stueck(b"IDAT", zlib.compress(b"".join(b"\0" + bytes([grau] * 4) for _ in range(4)))) + stueck(b"IEND", b"")  # fmt: skip


def _grenze(ost: float) -> bytes:
    punkte = f"[[8.1,50.1],[{ost},50.1],[{ost},50.2],[8.1,50.1]]"
    return f'{{"type":"Polygon","coordinates":[{punkte}]}}'.encode()


def _fassung(ordner: Path, *, grau: int | None = 0, ost: float | None = 8.2, fassung: str = "2024") -> Geladen:
    ordner.mkdir()
    text = KONZEPT if fassung == "2024" else KONZEPT.replace('"2024", art: ursprung', f'"{fassung}", vorgaenger: "2024", art: fortschreibung')  # fmt: skip
    (ordner / f"{fassung}.yaml").write_text(text, encoding="utf-8")
    if grau is not None:
        (ordner / "platz.png").write_bytes(_png(grau))
    if ost is not None:
        (ordner / "grenze.geojson").write_bytes(_grenze(ost))
    return load(collect(ordner / f"{fassung}.yaml", f"{fassung}.yaml"))


def _felder(satz: Aenderungssatz) -> dict[str, list[tuple[str, str, str]]]:
    return {e.id: [(f.pfad, f.typ, f.gewicht) for f in e.felder] for e in satz.eintraege if e.id != "fassung"}


def test_ein_neues_bild_unter_altem_namen_ist_eine_aenderung(tmp_path: Path) -> None:
    satz = compare(_fassung(tmp_path / "a"), _fassung(tmp_path / "b", grau=200))
    assert _felder(satz) == {"B1": [("pruefsumme", "text", "einfach")]}
    feld = satz.eintraege[-1].felder[0]
    assert feld.alt.startswith("SHA-256 ")
    assert feld.alt != feld.neu
    jsonschema.validate(aenderungen(satz), schema(), cls=jsonschema.Draft202012Validator)


def test_eine_neue_grenze_unter_altem_namen_wiegt_als_geaendertes_gebiet(tmp_path: Path) -> None:
    alt, neu = _fassung(tmp_path / "a"), _fassung(tmp_path / "b", ost=8.3)
    satz = compare(alt, neu)
    assert _felder(satz) == {"konzept.gebiet": [("grenze_pruefsumme", "text", "wesentlich")]}
    assert "Verlauf der Grenze" in synopse_html(satz, alt, neu, medium="web", ihk_version="0")


def test_dieselben_bytes_sind_keine_aenderung(tmp_path: Path) -> None:
    assert _felder(compare(_fassung(tmp_path / "a"), _fassung(tmp_path / "b"))) == {}


@pytest.mark.parametrize(("grau", "ost"), [(None, 8.2), (0, None), (None, None)])
def test_was_auf_einer_seite_nicht_lesbar_ist_gilt_nicht_als_geaendert(
    tmp_path: Path, grau: int | None, ost: float | None
) -> None:
    satz = compare(_fassung(tmp_path / "a", grau=grau, ost=ost), _fassung(tmp_path / "b"))
    assert _felder(satz) == {}


def test_eine_andere_grenze_braucht_einen_beschluss(tmp_path: Path) -> None:
    alt = _fassung(tmp_path / "a")
    gleich, anders = _fassung(tmp_path / "b", fassung="2028"), _fassung(tmp_path / "c", ost=8.3, fassung="2028")
    assert "GEBIET-OHNE-BESCHLUSS" not in [p.code for p in run(Kontext(gleich, alt))]
    (befund,) = [p for p in run(Kontext(anders, alt)) if p.code == "GEBIET-OHNE-BESCHLUSS"]
    assert "verläuft anders als in der Fassung 2024" in befund.meldung
