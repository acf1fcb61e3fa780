"""What ``ihk.pdf.shortcuts`` saves changes nothing: every part comes out byte for byte as WeasyPrint alone sets it."""

from __future__ import annotations

from pathlib import Path

import pytest
import sperrig
from abkuerzungen import beide

from ihk.pdf.shortcuts import has_usual_marks

HIER = Path(__file__).parent
KONZEPTE = HIER.parent / "concepts"


@pytest.mark.pdf
def test_steckbriefe_und_kapitel_wie_ohne_abkuerzungen() -> None:
    mit, ohne = beide(KONZEPTE / "musterstadt-ost" / "2028", "3")
    assert len(mit) > 3
    assert mit == ohne


@pytest.mark.pdf
def test_sperriges_wie_ohne_abkuerzungen(tmp_path: Path) -> None:
    (tmp_path / "1.yaml").write_text(sperrig.konzept(1), "utf-8")
    mit, ohne = beide(tmp_path / "1.yaml")
    assert len(mit) > 3
    assert mit == ohne


@pytest.mark.parametrize(
    ("css", "gewoehnlich"),
    [
        (".footnote { float: footnote; }", True),
        ("p { margin: 0 }", True),
        (".randnote { float: footnote }", False),
        (".footnote, .randnote { float: footnote }", False),
        ("dt { display: list-item; }", False),
    ],
)
def test_fremde_listen_und_noten_nehmen_den_weiten_weg(css: str, gewoehnlich: bool) -> None:
    assert has_usual_marks(css) is gewoehnlich
