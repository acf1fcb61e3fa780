"""One Fassung on disk, as a file or as a folder: its files as bytes, and one tree made of them."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from ihk.problems import IhkError, Ort, Problem, kurz, problem, ursache
from ihk.reading.source import GROESSE, Mapping, Sequence, read, read_kapitel

KONZEPT = "konzept.yaml"


@dataclass(frozen=True, slots=True)
class Quelltext:
    """The files of one Fassung. ``dateien``: path inside the Fassung (``konzept.yaml``, ``massnahmen/M01.yaml``) → bytes.

    A Fassung in one file has the single key ``""``. ``anzeige`` is what findings call the file or folder.
    """

    anzeige: str
    dateien: dict[str, bytes]
    probleme: tuple[Problem, ...] = ()
    ordner: Path | None = None
    """Where pictures are looked up; None if the Fassung does not lie in the file system."""

    @property
    def pruefsumme(self) -> str:
        """SHA-256 over names and contents; the same for a file wherever it lies."""
        summe = hashlib.sha256()
        for name, daten in sorted(self.dateien.items()):
            summe.update(f"{name}\0{len(daten)}\0".encode(errors="surrogateescape"))
            summe.update(daten)
        return summe.hexdigest()

    def name(self, datei: str) -> str:
        return f"{self.anzeige}/{datei}" if datei else self.anzeige


@dataclass(slots=True)
class Baum:
    """The tree of a whole Fassung; every node knows its file."""

    wurzel: Mapping | None
    probleme: list[Problem] = field(default_factory=list)


def natural(text: str) -> list[tuple[int, int, str]]:
    """Sort key by which M2 comes before M10."""
    return [(0, int(t), "") if t.isascii() and t.isdigit() else (1, 0, t) for t in re.split(r"([0-9]+)", text) if t]


def read_bytes(pfad: Path, hoechstens: int = GROESSE) -> bytes:
    """The bytes of a regular file of at most 20 MB (one byte more is read, so that the reader can report it)."""
    try:
        kennung = os.open(pfad, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as fehler:
        raise IhkError(f"„{pfad}“ lässt sich nicht lesen: {ursache(fehler)}.") from None
    if not stat.S_ISREG(os.fstat(kennung).st_mode):  # before it becomes a stream, which a folder cannot
        os.close(kennung)
        raise IhkError(f"„{pfad}“ ist keine gewöhnliche Datei. Eine Datei nennen.")
    try:
        with os.fdopen(kennung, "rb") as datei:
            return datei.read(hoechstens + 1)
    except OSError as fehler:  # a disk that fails, or a file that only looks like one
        raise IhkError(f"„{pfad}“ lässt sich nicht lesen: {ursache(fehler)}.") from None


def _inhalt(ordner: Path) -> list[Path]:
    try:
        return list(ordner.iterdir())
    except OSError as fehler:
        raise IhkError(f"„{ordner}“ lässt sich nicht lesen: {ursache(fehler)}.") from None


def collect(pfad: Path, anzeige: str | None = None) -> Quelltext:
    """The files of the Fassung at ``pfad``; raises ``IhkError`` if there is none."""
    anzeige = anzeige or str(pfad)
    if not pfad.is_dir():
        if not pfad.exists():
            raise IhkError(f"„{anzeige}“ gibt es nicht.")
        return Quelltext(anzeige, {"": read_bytes(pfad)}, ordner=pfad.parent)
    if not (pfad / KONZEPT).exists():
        raise IhkError(f"Im Ordner „{anzeige}“ liegt keine {KONZEPT}.")
    dateien = {KONZEPT: read_bytes(pfad / KONZEPT)}
    probleme: list[Problem] = []
    for unterordner, endung in (("massnahmen", ".yaml"), ("kapitel", ".md")):
        if not (pfad / unterordner).is_dir():
            continue
        for kind in sorted(_inhalt(pfad / unterordner), key=lambda p: natural(p.name)):
            if kind.name.startswith("."):
                continue
            name = str(PurePosixPath(unterordner, kind.name))
            if kind.suffix == endung:
                dateien[name] = read_bytes(kind)
            else:
                hinweis = f"In „{unterordner}“ liegen nur Dateien mit der Endung {endung}."
                probleme.append(
                    problem(
                        Ort(f"{anzeige}/{name}"),
                        "DATEI-ART",
                        f"„{kurz(kind.name)}“ wird nicht gelesen.",
                        hinweis,
                        "warnung",
                    )
                )
    return Quelltext(anzeige, dateien, tuple(probleme), pfad)


def read_tree(quelle: Quelltext) -> Baum:
    """One tree from all files. Measures and chapters of a folder stand where the single file would have them."""
    if "" in quelle.dateien:
        gelesen = read(quelle.dateien[""], quelle.anzeige)
        return Baum(gelesen.wurzel, [*quelle.probleme, *gelesen.probleme, *_reihenfolge_ohne_wirkung(gelesen.wurzel)])
    gelesen = read(quelle.dateien[KONZEPT], quelle.name(KONZEPT))
    wurzel, probleme = gelesen.wurzel, [*quelle.probleme, *gelesen.probleme]
    teile: dict[str, list[tuple[str, Mapping]]] = {"massnahmen": [], "kapitel": []}
    for name, daten in quelle.dateien.items():
        if name == KONZEPT:
            continue
        ordner, datei = name.split("/", 1)
        stamm = datei.rsplit(".", 1)[0]
        teil = (
            read(daten, quelle.name(name)) if ordner == "massnahmen" else read_kapitel(daten, quelle.name(name), stamm)
        )
        probleme += teil.probleme
        if teil.wurzel is not None:
            _kennung_aus_dateiname(teil.wurzel, stamm, probleme)
            teile[ordner].append((stamm, teil.wurzel))
    if wurzel is None:
        return Baum(None, probleme)
    _kapitel(wurzel, [k for _, k in teile["kapitel"]])
    _massnahmen(wurzel, [m for _, m in teile["massnahmen"]], probleme)
    return Baum(wurzel, probleme)


def _reihenfolge_ohne_wirkung(wurzel: Mapping | None) -> list[Problem]:
    if wurzel is None or "reihenfolge" not in wurzel:
        return []
    zeile, spalte = wurzel.at["reihenfolge"][:2]
    return [
        problem(
            Ort(wurzel.datei, zeile, spalte),
            "REIHENFOLGE-DATEI",
            "„reihenfolge“ wirkt hier nicht: Alle Maßnahmen stehen in dieser einen Datei.",
            "Die Maßnahmen in der Datei selbst ordnen und „reihenfolge“ streichen.",
            "warnung",
        )
    ]


def _kennung_aus_dateiname(wurzel: Mapping, stamm: str, probleme: list[Problem]) -> None:
    kennung = wurzel.get("id")
    if isinstance(kennung, str) and kennung != stamm:
        zeile, spalte = wurzel.at["id"][2:]
        meldung = f"Die Datei heißt „{kurz(stamm)}“, ihre Kennung ist „{kurz(kennung)}“."
        probleme.append(
            problem(
                Ort(wurzel.datei, zeile, spalte),
                "KENNUNG-ORDNER",
                meldung,
                f"Die Datei in „{kurz(kennung)}“ umbenennen; Kennungen ändern sich nie.",
                "warnung",
            )
        )


def _liste(wurzel: Mapping, feld: str) -> Sequence | None:
    """The list under ``feld``, made if missing; None if something else stands there (the model reports it)."""
    liste = wurzel.get(feld)
    if liste is None and feld not in wurzel.verworfen:
        liste = Sequence(wurzel.datei, 1, 1)
        wurzel[feld] = liste
        wurzel.at[feld] = (1, 1, 1, 1)
    return liste if isinstance(liste, Sequence) else None


def _kapitel(wurzel: Mapping, kapitel: list[Mapping]) -> None:
    if not kapitel or (liste := _liste(wurzel, "kapitel")) is None:
        return
    vorhanden = {k["id"]: k for k in liste if isinstance(k, Mapping) and isinstance(k.get("id"), str)}
    for neu in kapitel:
        alt = vorhanden.get(neu["id"]) if isinstance(neu["id"], str) else None
        if alt is None or "text" in alt:  # a second text under the same id is reported as a doubled id
            liste.append(neu)
            liste.at.append((1, 1))
            continue
        for feld, wert in alt.items():  # konzept.yaml gives title and place, the Markdown file the text
            if feld != "id":
                neu[feld] = wert
                neu.at[feld] = alt.at[feld]
        stelle = next(i for i, k in enumerate(liste) if k is alt)
        liste[stelle] = neu
        liste.at[stelle] = (1, 1)


def _massnahmen(wurzel: Mapping, massnahmen: list[Mapping], probleme: list[Problem]) -> None:
    if massnahmen and (liste := _liste(wurzel, "massnahmen")) is not None:
        for massnahme in massnahmen:
            liste.append(massnahme)
            liste.at.append((1, 1))
    alle = wurzel.get("massnahmen")
    folge = wurzel.get("reihenfolge")
    if not isinstance(folge, Sequence) or not isinstance(alle, Sequence):
        return
    rang: dict[str, int] = {}
    for i, kennung in enumerate(folge):
        if isinstance(kennung, str):
            rang.setdefault(kennung, i)
    vorhanden = [m.get("id") if isinstance(m, Mapping) else None for m in alle]
    for i, kennung in enumerate(folge):
        if isinstance(kennung, str) and kennung not in vorhanden:
            meldung = f"„{kurz(kennung)}“ steht in „reihenfolge“, aber keine Maßnahme hat diese Kennung."
            probleme.append(
                problem(
                    Ort(folge.datei, *folge.at[i]), "BEZUG-OFFEN", meldung, "Die Kennung berichtigen oder streichen."
                )
            )
    fertig = sorted(range(len(alle)), key=lambda i: (rang.get(str(vorhanden[i]), len(rang)), i))
    stellen = list(alle.at)
    alle[:] = [alle[i] for i in fertig]
    alle.at[:] = [stellen[i] for i in fertig]
