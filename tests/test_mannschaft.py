"""Worker processes: the same parts as in this process, within limits, and whoever breaks them is named."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from ihk.build import bestellung
from ihk.pdf import crew
from ihk.pdf.crew import Crew, Here, Pool, pieces, together
from ihk.pdf.document import Order, Press
from ihk.pdf.fitting import Source
from ihk.pdf.metadata import Metadata
from ihk.pdf.worker import Assets, Context, Laid, Limits
from ihk.problems import GrenzeError, IhkError
from ihk.project import version_at
from ihk.report.render import assets, report_druck
from ihk.resources import fontconfig

pytestmark = pytest.mark.pdf
SCHRIFT = "ihk-asset:schrift/SourceSans3-Regular.ttf.woff2"
CSS = (
    f"@font-face {{ font-family: 'Source Sans 3'; src: url('{SCHRIFT}') }} @page {{ size: A4; margin: 25mm }} "
    "html { font: 10pt 'Source Sans 3' } .zwei { columns: 2 }"
)


def _seite(rumpf: str, titel: str = "") -> str:
    kopf = f"<h1>{titel}</h1>" if titel else ""
    return f"<!DOCTYPE html><html lang=de><head><meta charset=utf-8><title>x</title></head><body>{kopf}{rumpf}</body></html>"


TEILE = [Source((_seite(f"<p>{'Absatz ' * n * 40}</p>", f"Teil {n}"),)) for n in range(1, 8)]
ENDLOS = Source((_seite("<div class=zwei>" * 5 + "<p>Wort und Wort</p>" * 4000 + "</div>" * 5, "Ohne Ende"),))


def _context() -> Context:
    return Context(CSS, ((SCHRIFT, assets()[SCHRIFT]),), str(fontconfig()))


def _lay_out(mannschaft: Crew, sources: Sequence[Source]) -> dict[str, bytes]:
    """Parts by the HTML they were made from."""
    ergebnis: dict[str, bytes] = {}
    for stueck, machen in mannschaft.lay_out(_context(), sources, lambda _: ()):
        ergebnis |= {s.variants[0]: teil for s, teil in zip(stueck, machen().parts, strict=True)}
    return ergebnis


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(2) as p:
        yield p


def test_wer_auch_setzt_es_kommt_dasselbe_heraus(pool: Pool) -> None:
    hier = _lay_out(Here(), TEILE)
    assert len(hier) == len(TEILE)
    assert _lay_out(pool, TEILE) == hier


def test_ein_ganzes_dokument_mit_einem_und_zwei_arbeitern(pool: Pool) -> None:
    g = version_at(Path(__file__).parent.parent / "concepts" / "kempten-thingers-nord" / "2010.yaml").geladen
    order = bestellung(report_druck(g, vorgaenger=None, aenderungen=None, ihk_version="0"))
    hier, seiten = Press(Here()).set(order)
    assert hier.startswith(b"%PDF")
    assert len(seiten) == len(order.sources) > 3
    assert Press(pool).set(order) == (hier, seiten)


def test_zu_lange_und_das_andere_wird_trotzdem_fertig() -> None:
    with Pool(1, Limits(seconds=3, seconds_per_kb=0)) as knapp:
        _lay_out(knapp, TEILE[:1])  # what it takes to start does not count
        begonnen = knapp.lay_out(_context(), [*TEILE[:2], ENDLOS], lambda _: ())
        fertig, gruende = _ergebnisse(begonnen)
    assert fertig == {t.variants[0] for t in TEILE[:2]}
    (grund,) = gruende
    assert grund == (
        "Das Setzen von „Ohne Ende“ wurde abgebrochen. Es hat zu lange gedauert. Texte und Tabellen dieser Stelle kürzen oder "
        "aufteilen; alle anderen Fassungen und die früheren Ausgaben sind unverändert."
    )


@pytest.mark.parametrize("megabyte", [300, 400])
def test_zu_gross(megabyte: int) -> None:
    """Where memory ends depends on the library that asks for it last: it says so, or it takes the process with it."""
    with Pool(1, Limits(memory=megabyte * 1_000_000, memory_per_byte=0)) as knapp:
        viel = Source((_seite("<p>Wort</p>" * 20_000, "Zu viel"),))
        _, gruende = _ergebnisse(knapp.lay_out(_context(), [viel], lambda _: ()))
    assert len(gruende) == 1
    assert "„Zu viel“" in gruende[0]
    assert "zu viel Speicher" in gruende[0]


def _ergebnisse(begonnen: list[tuple[Sequence[Source], crew.Piece]]) -> tuple[set[str], list[str]]:
    fertig, gruende = set(), []
    for stueck, machen in begonnen:
        try:
            teile = machen().parts
        except GrenzeError as fehler:
            gruende.append(str(fehler))
        else:
            assert len(teile) == len(stueck)
            fertig |= {s.variants[0] for s in stueck}
    return fertig, gruende


def test_ein_arbeiter_der_von_aussen_beendet_wird_nimmt_nichts_mit() -> None:
    with Pool(1) as einer:
        _lay_out(einer, TEILE[:1])
        begonnen = einer.lay_out(_context(), TEILE, lambda _: ())
        beendet = _beende_einen()
        ergebnis = {
            s.variants[0]: t for stueck, machen in begonnen for s, t in zip(stueck, machen().parts, strict=True)
        }
    assert beendet
    assert ergebnis == _lay_out(Here(), TEILE)


def _beende_einen() -> bool:
    """Kill a process below the server that the workers are forked from."""
    for server in _kinder(os.getpid()):
        for arbeiter in reversed(_kinder(server)):  # the youngest is that of the pool which began last
            os.kill(arbeiter, signal.SIGKILL)
            return True
    return False


def _kinder(pid: int) -> list[int]:
    texte = [p.read_text("utf-8") for p in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(k) for text in texte for k in text.split()]


def test_wird_er_jedes_mal_beendet_sagt_es_ein_satz() -> None:
    ende = threading.Event()

    def immer_wieder() -> None:
        while not ende.wait(0.05):
            _beende_einen()

    with Pool(1) as einer:
        begonnen = einer.lay_out(_context(), [ENDLOS], lambda _: ())
        stoerer = threading.Thread(target=immer_wieder)
        stoerer.start()
        _, gruende = _ergebnisse(begonnen)
        ende.set()
        stoerer.join()
    assert len(gruende) == 1
    assert "zweimal von außen beendet" in gruende[0]


def test_was_sich_nicht_setzen_laesst_sagt_der_arbeiter_wie_dieser_prozess(pool: Pool) -> None:
    falsch = [Source((_seite("<img src='ihk-asset:fehlt' alt=x>"),))]
    gruende = []
    for mannschaft in (Here(), pool):
        with pytest.raises(IhkError) as grund:
            _lay_out(mannschaft, falsch)
        gruende.append(str(grund.value))
    assert gruende[0] == gruende[1]
    assert "ihk-asset:fehlt" in gruende[0]


def test_ein_ende_mit_fehler_wartet_auf_niemanden() -> None:
    einer = Pool(1)
    _lay_out(einer, TEILE[:1])
    einer.lay_out(_context(), [ENDLOS], lambda _: ())
    beginn = time.monotonic()
    einer.__exit__(KeyboardInterrupt)
    assert time.monotonic() - beginn < 10


def _prozesse(pool: Pool) -> int:
    return 0 if pool._pool is None else len(pool._pool._processes)


@pytest.mark.parametrize("bereit", [False, True])
def test_wer_nichts_mehr_zu_tun_hat_geht_ausser_er_soll_bereit_bleiben(bereit: bool) -> None:
    with Pool(1, ready=bereit) as pool:
        (erstes,) = pool.lay_out(_context(), TEILE[:1], lambda _: ())
        (zweites,) = pool.lay_out(_context(), TEILE[1:2], lambda _: ())
        erstes[1]()
        pool.rest()
        assert _prozesse(pool) == 1, "somebody still waits for a part"
        zweites[1]()
        pool.rest()
        assert _prozesse(pool) == int(bereit)
        assert _lay_out(pool, TEILE[2:3]), "the next document finds somebody"


@pytest.mark.parametrize("jobs", [1, 2, 8])
@pytest.mark.parametrize("zahl", [0, 1, 5, 100, 1000])
def test_jeder_teil_ist_in_genau_einem_stueck(jobs: int, zahl: int) -> None:
    sources = [Source((str(n) * (1 + 97 * n % 400),)) for n in range(zahl)]
    stuecke = pieces(sources, jobs)
    assert sorted(s.variants for stueck in stuecke for s in stueck) == sorted(s.variants for s in sources)
    assert all(1 <= len(stueck) <= crew.LARGEST for stueck in stuecke)
    groessen = [max(len(s.variants[0]) for s in stueck) for stueck in stuecke]
    assert groessen == sorted(groessen, reverse=True), "the long ones begin first"


def test_zusammen_behaelt_die_reihenfolge() -> None:
    a, b = Laid((b"1", b"2"), (("f", b"x"),)), Laid((b"3",), (("e", b"y"), ("f", b"x")))
    assert together([lambda: a, lambda: b]) == Laid((b"1", b"2", b"3"), (("e", b"y"), ("f", b"x")))


def test_grenzen_wachsen_mit_dem_inhalt() -> None:
    g = Limits()
    klein, gross = [Source(("x" * n,)) for n in (1_000, 1_000_000)]
    assert g.time([klein]) == 63
    assert g.time([klein, gross]) == 60 + 3 + 3_000
    assert g.room([klein, gross]) == g.room([gross]) == 2_000_000_000 + 2_000 * 1_000_000


def test_ein_bild_reist_mit_dem_teil_der_es_zeigt() -> None:
    gesehen: list[tuple[int, Assets]] = []

    class Zeuge(Here):
        def lay_out(
            self, context: Context, sources: Sequence[Source], using: crew.Using
        ) -> list[tuple[Sequence[Source], crew.Piece]]:
            gesehen.extend((TEILE.index(s) if s in TEILE else -1, using((s,))) for s in sources)
            return super().lay_out(context, sources, using)

    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    bild = Source((_seite("<img src='ihk-asset:b.svg' alt=x>"),))
    meta = Metadata("Titel")
    order = Order([TEILE[0], bild], lambda _: "", CSS, meta, {**assets(), "ihk-asset:b.svg": svg}, fontconfig())
    Press(Zeuge()).begin(order)
    assert gesehen == [(0, ()), (-1, (("ihk-asset:b.svg", svg),))]


def test_eine_maschine_ohne_schriften_und_nichts_wird_gesagt(tmp_path: Path) -> None:
    """What workers are forked from loads the typesetter too, which warns in English where fontconfig finds nothing."""
    leer = tmp_path / "leer.conf"
    leer.write_text("<fontconfig><dir>/nirgends</dir></fontconfig>")
    lauf = subprocess.run(
        [sys.executable, "-c", "import ihk.pdf.warm"], capture_output=True, text=True, check=True,
        env={**os.environ, "FONTCONFIG_FILE": str(leer), "XDG_CACHE_HOME": str(tmp_path)},
    )  # fmt: skip
    assert lauf.stderr == ""
    assert [p.name for p in tmp_path.iterdir() if p.is_dir()] == ["ihk-fontconfig"]
