"""A picture is whole or it is a finding: nothing that print would leave half empty gets as far as the report."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageFile

from ihk.pictures import BildError, read_picture


@pytest.fixture(autouse=True, params=[False, True], ids=["streng", "nachsichtig"])
def nachsicht(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pillow as it is, and as WeasyPrint leaves it."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", request.param)


FORMEN = [("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("JPEG", "RGB"), ("JPEG", "L"), ("WEBP", "RGB"), ("WEBP", "RGBA")]  # fmt: skip


def _bild(form: str, farben: str) -> bytes:
    bild = Image.effect_noise((60, 40), 80).convert(farben)
    ziel = io.BytesIO()
    bild.save(ziel, form)
    return ziel.getvalue()


@pytest.mark.parametrize(("form", "farben"), FORMEN)
def test_ein_ganzes_bild(form: str, farben: str, tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(_bild(form, farben))
    bild = read_picture(tmp_path, "b")
    assert (bild.breite, bild.hoehe) == (60, 40)
    assert bild.mime == f"image/{form.lower()}"


@pytest.mark.parametrize("rest", [0.3, 0.6, 0.9])
@pytest.mark.parametrize(("form", "farben"), FORMEN)
def test_ein_abgeschnittenes_bild(form: str, farben: str, rest: float, tmp_path: Path) -> None:
    daten = _bild(form, farben)
    (tmp_path / "b").write_bytes(daten[: int(len(daten) * rest)])
    with pytest.raises(BildError, match="abgeschnitten oder beschädigt"):
        read_picture(tmp_path, "b")


@pytest.mark.parametrize("farben", ["RGB", "P", "L"])
def test_ein_veraendertes_png(farben: str, tmp_path: Path) -> None:
    daten = bytearray(_bild("PNG", farben))
    daten[daten.index(b"IDAT") + 40] ^= 0xFF
    (tmp_path / "b").write_bytes(daten)
    with pytest.raises(BildError, match="abgeschnitten oder beschädigt"):
        read_picture(tmp_path, "b")
