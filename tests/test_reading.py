"""The strict YAML reader: what is accepted is kept letter by letter, everything else is a finding with a place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ihk.characters import VERBOTEN
from ihk.problems import Problem
from ihk.reading.source import EBENEN, GROESSE, TEXT, Mapping, Sequence, read, read_kapitel


def befund(text: str | bytes) -> list[tuple[int, int, str]]:
    daten = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return _stellen(read(daten, "k.yaml").probleme)


def _stellen(probleme: list[Problem]) -> list[tuple[int, int, str]]:
    return [(p.ort.zeile, p.ort.spalte, p.code) for p in sorted(probleme, key=lambda p: p.sortierung)]


def test_skalare_bleiben_text() -> None:
    woerter = [
        "2.10",
        "05315000",
        "no",
        "off",
        "Yes",
        "0123",
        "1:30",
        "1_000",
        "3.10",
        "1e3",
        "2024-13-01",
        "0x10",
        ".5",
        "NaN",
        "true",
    ]
    wurzel = read("\n".join(f"k{i}: {w}" for i, w in enumerate(woerter)).encode(), "k.yaml").wurzel
    assert wurzel is not None
    assert list(wurzel.values()) == woerter


def test_ein_zeilenende_ist_ein_zeichen_wie_es_auch_geschrieben_ist() -> None:
    wurzel = read(b'a: "x\\ry\\r\\nz\\n"\r\nb: |\r\n  x\r  y\r\n', "k.yaml").wurzel
    assert wurzel == {"a": "x\ny\nz\n", "b": "x\ny\n"}


def test_jeder_schluessel_und_eintrag_kennt_seinen_ort() -> None:
    wurzel = read(b"a: 1\nliste:\n  - x\n  - {b: 2, c: [y, z]}\n", "k.yaml").wurzel
    assert wurzel is not None
    assert wurzel.at["a"] == (1, 1, 1, 4)
    liste = wurzel["liste"]
    assert isinstance(liste, Sequence)
    assert liste.at == [(3, 5), (4, 5)]
    eintrag = liste[1]
    assert isinstance(eintrag, Mapping)
    assert eintrag.at["c"] == (4, 12, 4, 15)


@pytest.mark.parametrize(
    ("text", "erwartet"),
    [
        ("a: 1\nb: 2\na: 3\n", [(3, 1, "YAML-DOPPELT")]),
        ('a: 1\n"a": 3\n', [(2, 1, "YAML-DOPPELT")]),
        ("a: &x 1\n", [(1, 4, "YAML-ANKER")]),
        ("a: &x 1\nb: *x\n", [(1, 4, "YAML-ANKER"), (2, 4, "YAML-ANKER")]),
        ("<<: {a: 1}\n", [(1, 1, "YAML-ANKER")]),
        ("a: !!int 3\n", [(1, 4, "YAML-TYP")]),
        ("%YAML 1.1\n---\na: 1\n", [(1, 1, "YAML-TYP")]),
        ("a:\t1\n", [(1, 3, "ZEICHEN-TABULATOR")]),
        ("a:\n\tb: 1\n", [(2, 1, "ZEICHEN-TABULATOR")]),
        ("a: 1\n---\nb: 2\n", [(2, 1, "YAML-DOKUMENTE")]),
        ("a: \x00\n", [(1, 4, "ZEICHEN-VERBOTEN")]),
        ("a: x\x1b[31m\n", [(1, 5, "ZEICHEN-VERBOTEN")]),
        ("a: x\u202ey\n", [(1, 5, "ZEICHEN-VERBOTEN")]),
        ('a: "x\\u202ey"\n', [(1, 4, "ZEICHEN-VERBOTEN")]),
        ('a: "\\0"\n', [(1, 4, "ZEICHEN-VERBOTEN")]),
        ('a: "\\ud800"\n', [(1, 4, "YAML-AUFBAU")]),
        ('a: "\\U0011FFFF"\n', [(1, 4, "YAML-AUFBAU")]),
        (b"a: \xe4\n", [(1, 4, "ZEICHEN-KODIERUNG")]),
        (b"\xff\xfea\x00", [(1, 1, "ZEICHEN-KODIERUNG")]),
        ("a: Ma\u00dfnahme #3\n", [(1, 13, "TEXT-RAUTE")]),
        ('a: "M" #3\n', [(1, 8, "TEXT-RAUTE")]),
        ("a: #3 Platz\n", [(1, 4, "TEXT-RAUTE")]),
        ("a: x # Kommentar\n# noch einer\n", []),
        ("a: >\n  Es gibt\n  - eins\n  - zwei\n", [(3, 3, "TEXT-FALTUNG")]),
        ("a: >\n  - eins\n  - zwei\n", [(2, 3, "TEXT-FALTUNG")]),
        ("a: >\n  Absatz eins\n\n  Absatz zwei\n", []),
        ("a: Es gibt\n  - eins\n", [(2, 3, "TEXT-FALTUNG")]),
        ("a: |\n  Es gibt\n  - eins\n", []),
        ("a: Ziel: X\n", [(1, 8, "YAML-DOPPELPUNKT")]),
        ("a: Ziel: X\nb: Ziel: Y\nc: @z\n", [(1, 8, "YAML-DOPPELPUNKT"), (2, 8, "YAML-DOPPELPUNKT"), (3, 4, "YAML-ZEICHEN")]),
        ("a: `x`\n", [(1, 4, "YAML-ZEICHEN")]),
        ("a: %x\n", [(1, 4, "YAML-ZEICHEN")]),
        ("a: {betrag: 83.333,33}\n", [(1, 20, "ZAHL-ZERFALLEN")]),
        ("a: {betrag: 83.333,33 \u20ac, b: 1}\n", [(1, 20, "ZAHL-ZERFALLEN")]),
        ('a: {betrag: "83.333,33"}\n', []),
        ("a: [12,5]\n", [(1, 8, "ZAHL-ZERFALLEN")]),
        ("a: [12, 5]\n", []),
        ("a: [2024,2025]\n", []),
        ("a:\n", [(1, 1, "YAML-LEER")]),
        ("a: ~\n", [(1, 1, "YAML-LEER")]),
        ("a: null\n", [(1, 1, "YAML-LEER")]),
        ("a: {}\n", [(1, 1, "YAML-LEER")]),
        ('a: "null"\n', []),
        ("", [(1, 1, "YAML-WURZEL")]),
        ("- a\n", [(1, 1, "YAML-WURZEL")]),
        ("a\n", [(1, 1, "YAML-WURZEL")]),
        ("? [a]\n: b\n", [(1, 3, "YAML-SCHLUESSEL")]),
        ("a: [1\n", [(1, 4, "YAML-AUFBAU")]),
        ('a: "x\nb: y\n', [(1, 4, "YAML-AUFBAU")]),
        ("a: 1\n  b: 2\n", [(2, 4, "YAML-AUFBAU")]),
        ("a: x\nb\n", [(2, 1, "YAML-AUFBAU")]),
        ("\ufeffa: 1\n", []),
        ("a: x\ufeffy\n", [(1, 5, "ZEICHEN-VERBOTEN")]),
        ("a: 1\r\nb: 2\rc: 3\n", []),
        ("a: " + "e" + "\u0301" * 6 + "\n", [(1, 4, "ZEICHEN-VERBOTEN")]),
        ("a: 1\n<<<<<<< HEAD\nb: 1\n=======\nc: 2\n>>>>>>> buero\n", [(2, 1, "DATEI-KONFLIKT")]),
        ("a: 1\nb: 2\n>>>>>>> buero\n", [(3, 1, "DATEI-KONFLIKT")]),
        ("a:\n  # <<<<<<< KONFLIKT\n  b: 1\n  # >>>>>>> Ende\n", [(2, 5, "DATEI-KONFLIKT")]),
        ("a:\n  b: 1\n  # >>>>>>> Ende\n", [(3, 5, "DATEI-KONFLIKT")]),
    ],
)  # fmt: skip
def test_befunde_mit_ort(text: str | bytes, erwartet: list[tuple[int, int, str]]) -> None:
    assert befund(text) == erwartet


def test_zerfallene_zahl_wird_fuer_die_weitere_pruefung_zusammengesetzt() -> None:
    wurzel = read(b"a: {betrag: 83.333,33, b: 1}", "k.yaml").wurzel
    assert wurzel is not None
    assert wurzel["a"] == {"betrag": "83.333,33", "b": "1"}


@pytest.mark.parametrize("zeichen", ["[", "{a: ", "- ", "? "])
def test_tiefe_ist_begrenzt(zeichen: str) -> None:
    assert [c for _, _, c in befund(zeichen * 100_000)] in (["YAML-TIEFE"], ["YAML-SCHLUESSEL"])


def test_50_ebenen_gehen_51_nicht() -> None:
    assert EBENEN == 50
    assert befund("a: " + "[" * (EBENEN - 1) + "x" + "]" * (EBENEN - 1)) == []
    assert befund("a: " + "[" * EBENEN + "x" + "]" * EBENEN) == [(1, EBENEN + 3, "YAML-TIEFE")]


def test_groesse_ist_begrenzt() -> None:
    assert befund(b"a: x\n#" + b"." * (GROESSE - 6)) == []
    assert befund(b"a: x\n#" + b"." * (GROESSE - 5)) == [(1, 1, "DATEI-GROESSE")]


@pytest.mark.parametrize("zeichen", ["x", "\u00e4", "\u20ac", "\U0001f600"], ids=["1 Byte", "2", "3", "4"])
def test_textlaenge_ist_auf_das_byte_begrenzt(zeichen: str) -> None:
    """100 KB in UTF-8, whatever the characters are; in a file of its own a text may be as long as in a value."""
    breite = len(zeichen.encode())
    assert TEXT == 102_400
    passt = zeichen * (102_400 // breite) + "x" * (102_400 % breite)
    assert befund("a: " + passt) == []
    zu_lang = read(f"a: 1\nb: {passt}x".encode(), "k.yaml").probleme
    assert _stellen(zu_lang) == [(2, 4, "TEXT-LAENGE")]
    assert "ist 101 KB lang" in zu_lang[0].meldung
    assert read_kapitel(passt.encode(), "k.md", "k").probleme == []
    assert _stellen(read_kapitel(f"# Lage\n\n{passt}x".encode(), "k.md", "k").probleme) == [(2, 1, "TEXT-LAENGE")]


@pytest.mark.parametrize(
    ("anzahl", "gezaehlt"),
    [
        (200, []),
        (201, ["Ab hier: Ein weiteres Zeichen ist nicht erlaubt und nicht einzeln aufgeführt."]),
        (205, ["Ab hier: 5 weitere Zeichen sind nicht erlaubt und nicht einzeln aufgeführt."]),
    ],
)
def test_nach_200_zeichen_wird_nur_noch_gezaehlt(anzahl: int, gezaehlt: list[str]) -> None:
    """The same character twice on one line counts once; where the list ends stands how many more there are."""
    text = "".join("a: \x01\x01 \x02\n" if n % 2 else "b:\t1\n" for n in range(anzahl))
    zeichen = [p for p in read(text.encode(), "k.yaml").probleme if p.code.startswith("ZEICHEN-")]
    assert [p.ort.zeile for p in zeichen] == list(range(1, min(anzahl, 201) + 1))
    assert [p.meldung for p in zeichen[200:]] == gezaehlt


def test_nach_200_konflikten_ist_genug_gesagt() -> None:
    probleme = read(b"<<<<<<< a\n" * 210, "k.yaml").probleme
    assert [p.ort.zeile for p in probleme if p.code == "DATEI-KONFLIKT"] == list(range(1, 201))


@pytest.mark.parametrize(
    ("text", "titel", "inhalt", "orte", "erwartet"),
    [
        # The title may stand in the head, as the first heading, or not at all.
        ("Ein Satz.\n", None, "Ein Satz.", {"id": (1, 1), "text": (1, 1)}, []),
        ("\n\n# Lage \n\nEin Satz.\n", "Lage", "Ein Satz.", {"titel": (3, 3), "text": (4, 1)}, []),
        ("---\ntitel: Lage\n---\n\n# Noch eine\n", "Lage", "# Noch eine", {"titel": (2, 8), "text": (5, 1)}, []),
        ("---\nnach: x\n---\n# Lage\nSatz.\n", "Lage", "Satz.", {"nach": (2, 7), "titel": (4, 3), "text": (5, 1)}, []),
        ("---\nid: lage\n---\nSatz.\n", None, "Satz.", {"id": (2, 5), "text": (4, 1)}, []),
        ("## Kein Titel\n", None, "## Kein Titel", {"text": (1, 1)}, []),
        # A line of dashes alone begins no head.
        ("---\nSatz.\n", None, "---\nSatz.", {"text": (1, 1)}, []),
        ("Satz.\n---\nNoch einer.\n---\n", None, "Satz.\n---\nNoch einer.\n---", {"text": (1, 1)}, []),
        # What is wrong is said where it stands in the file.
        ("---\ntitel: Lage\nnach: a: b\n---\nSatz.\n", "Lage", "Satz.", {"text": (5, 1)}, [(3, 8, "YAML-DOPPELPUNKT")]),
        ("---\ntitel: Lage\ntitel: Ort\n---\nSatz.\n", "Lage", "Satz.", {"titel": (2, 8)}, [(3, 1, "YAML-DOPPELT")]),
        ("# Lage\n\nEin\tSatz.\n", "Lage", "Ein Satz.", {"titel": (1, 3), "text": (2, 1)}, [(3, 4, "ZEICHEN-TABULATOR")]),
        ("# Lage\n\nA\n<<<<<<< HEAD\nB\n=======\nC\n>>>>>>> b\n", "Lage", None, {"text": (2, 1)}, [(4, 1, "DATEI-KONFLIKT")]),
        ("# Lage\n\n", "Lage", None, {"titel": (1, 3)}, [(2, 1, "YAML-LEER")]),
        ("---\ntitel: Lage\n---\n\n", "Lage", None, {"titel": (2, 8)}, [(4, 1, "YAML-LEER")]),
        ("", None, None, {}, [(1, 1, "YAML-LEER")]),
    ],
)  # fmt: skip
def test_ein_kapitel_und_seine_stellen(
    text: str,
    titel: str | None,
    inhalt: str | None,
    orte: dict[str, tuple[int, int]],
    erwartet: list[tuple[int, int, str]],
) -> None:
    gelesen = read_kapitel(text.encode(), "kapitel/lage.md", "lage")
    wurzel = gelesen.wurzel
    assert wurzel is not None
    assert wurzel["id"] == "lage"
    assert wurzel.get("titel") == titel
    assert inhalt is None or wurzel["text"] == inhalt
    assert {feld: wurzel.at[feld][2:] for feld in orte} == orte
    assert all(wurzel.at[feld][:2] == (zeile, 1) for feld, (zeile, _) in orte.items())
    assert _stellen(gelesen.probleme) == erwartet


@pytest.mark.parametrize(
    ("text", "meldung", "hinweis"),
    [
        # A refused key is one finding, not another one for what belongs to it.
        ("*x : 1\nb: 2\n", "Der Verweis „*x“ ist nicht erlaubt.", ""),
        ("*x :\nb: 2\n", "Der Verweis „*x“ ist nicht erlaubt.", ""),
        ("[a, c]: {d: 1}\nb: 2\n", "Ein Schlüssel muss ein Wort sein", ""),
        ("<<: {a: 1}\nb: 2\n", "Einmischungen mit << sind nicht erlaubt.", ""),
        ("a: >\n  Es gibt\n  - eins\nb: 2\n", "Ein Block mit > verbindet seine Zeilen; diese Listenzeile", "mit | statt > beginnen"),
        ("a: Es gibt\n  - eins\nb: 2\n", "Text ohne Block verbindet seine Zeilen; diese Listenzeile", "Nach dem Schlüssel | schreiben"),
        ("a: >\n  - eins\n  - zwei\nb: 2\n", "Ein Block mit > verbindet seine Zeilen; diese Liste ginge", "mit | statt > beginnen"),
        # A byte that is a letter in Windows-1252 says where the file comes from, another one says nothing.
        (b"b: 2\na: M\xe4rkte\n", "Dieses Byte ist kein gültiges UTF-8.", "Windows-1252 gespeichert („ä“)."),
        (b"b: 2\na: M\x81rkte\n", "Dieses Byte ist kein gültiges UTF-8.", "„Speichern mit Kodierung UTF-8“ wählen."),
        # A character has its name; without one it says of which kind it is.
        ("b: 2\na: x\x85\n", "Das Zeichen U+0085 (Steuerzeichen) ist nicht erlaubt.", "Zeichen löschen."),
        ("b: 2\na: x\x9f\n", "Das Zeichen U+009F (Steuerzeichen) ist nicht erlaubt.", "Zeichen löschen."),
        ("b: 2\na: x\U0001ffff\n", "Das Zeichen U+1FFFF (kein Schriftzeichen) ist nicht erlaubt.", "Zeichen löschen."),
        ("b: 2\na: x\u202e\n", "Das Zeichen U+202E (Umkehrung der Schreibrichtung) ist nicht erlaubt.", "Zeichen löschen."),
        ("b: 2\na: x\u2066\n", "Das Zeichen U+2066 (LEFT-TO-RIGHT ISOLATE) ist nicht erlaubt.", "Zeichen löschen."),
        # What has no value may belong to what stands before it.
        ("b: 2\na:\n", "„a“ hat keinen Wert.", "Wert eintragen, die Zeile löschen"),
        ("b: 2\na: null\n", "„a: null“ heißt in YAML „kein Wert“.", "Wert eintragen, die Zeile löschen"),
        ("b: 2\na: {c: Haus, Hof und Garten}\n", "„Hof und Garten“ hat keinen Wert.", "Gehört es zum Text davor?"),
        ("b: 2\na: {c: Haus, Hof}\n", "„Hof“ hat keinen Wert.", "Wert eintragen, die Zeile löschen"),
        ("b: 2\na: {Hof und Garten}\n", "„Hof und Garten“ hat keinen Wert.", "Wert eintragen, die Zeile löschen"),
        ("b: 2\na: {c: Haus,\n  Hof und Garten}\n", "„Hof und Garten“ hat keinen Wert.", "Wert eintragen, die Zeile löschen"),
        ("b: 2\na: {c: Haus, 50 €}\n", "„50 €“ hat keinen Wert.", "Gehört die Zahl zum Eintrag davor?"),
    ],
)  # fmt: skip
def test_ein_befund_sagt_was_zu_tun_ist(text: str | bytes, meldung: str, hinweis: str) -> None:
    gelesen = read(text if isinstance(text, bytes) else text.encode(), "k.yaml")
    assert len(gelesen.probleme) == 1, gelesen.probleme
    assert gelesen.probleme[0].meldung.startswith(meldung)
    assert hinweis in gelesen.probleme[0].hinweis
    assert gelesen.wurzel is not None
    assert gelesen.wurzel["b"] == "2"
    assert not set(gelesen.wurzel) - {"a", "b"}


@pytest.mark.parametrize(("dazu", "gefunden"), [(0, 40), (1_000_000, 7)], ids=["kurze Datei", "1 MB"])
def test_lesefehler_werden_bis_zu_einer_grenze_der_reihe_nach_gemeldet(dazu: int, gefunden: int) -> None:
    """Each slip is mended and the text read again: 40 times, and fewer in a long file."""
    text = "".join(f"k{n}: Ziel: X\n" for n in range(45)) + "#" + "." * dazu
    assert befund(text) == [(n + 1, 9 if n < 10 else 10, "YAML-DOPPELPUNKT") for n in range(gefunden)]


def test_verweisbombe_wird_beim_ersten_anker_gemeldet() -> None:
    bombe = "a: &a [x,x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)},*{chr(97 + i)}]\n" for i in range(9)
    )
    assert {c for _, _, c in befund(bombe)} == {"YAML-ANKER"}


@pytest.mark.parametrize(
    "nummer",
    [0, 0x1B, 0x7F, 0x85, 0x9F, 0x061C, 0x200B, 0x200E, 0x2028, 0x202E, 0x2066, 0xFEFF, 0xFFFE, 0xE0041, 0x1FFFF],
)
def test_verbotene_zeichen_roh_und_als_folge(nummer: int) -> None:
    zeichen = chr(nummer)
    assert [c for _, _, c in befund(f"a: x{zeichen}y\n")] == ["ZEICHEN-VERBOTEN"]
    folge = f"\\U{nummer:08X}"
    assert [c for _, _, c in befund(f'a: "x{folge}y"\n')] in (["ZEICHEN-VERBOTEN"], ["YAML-AUFBAU"])


@settings(max_examples=300)
@given(st.text(st.characters(codec="utf-8"), max_size=60).filter(lambda t: "\t" not in t and not VERBOTEN.search(t)))
def test_was_angenommen_wird_bleibt_erhalten(text: str) -> None:
    import unicodedata

    gelesen = read(
        ("a: |2\n" + "".join(f"  {z}\n" for z in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))).encode(),
        "k.yaml",
    )
    if not gelesen.probleme:
        assert gelesen.wurzel is not None
        erwartet = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).rstrip("\n")
        assert str(gelesen.wurzel.get("a", "")).rstrip("\n") == erwartet


@settings(max_examples=500)
@given(st.binary(max_size=200))
def test_nie_eine_fremde_ausnahme_bei_bytes(daten: bytes) -> None:
    read(daten, "k.yaml")


@settings(max_examples=500)
@given(st.text(alphabet="ab:-[]{},#&*!|>'\"%@`? \n0\\u~.<", max_size=80))
def test_nie_eine_fremde_ausnahme_bei_yaml_zeichen(text: str) -> None:
    gelesen = read(text.encode(), "k.yaml")
    assert gelesen.wurzel is not None or gelesen.probleme
