"""Seals: an adopted Fassung stays byte for byte what the council adopted.

The register of a concept is ``concepts/<konzept>/.ihk/siegel.json`` and lies in git beside what it protects::

    {"schema": "ihk-siegel/1", "fassungen": {"2012": {"status": "beschlossen", "pruefsumme": "…", "dateien": {"2012.yaml": "…"}}}}

``dateien`` names every source of the Fassung (YAML, Markdown, pictures and boundary it uses) by its path below the concept's
folder, with the SHA-256 of its bytes. ``pruefsumme`` covers the texts and is the one that report and data print.
"""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import stat
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, TypeAdapter, ValidationError

from ihk.labels import FASSUNGSSTATUS
from ihk.model.bestandteile import BESCHLOSSEN
from ihk.model.types import KENNUNG
from ihk.problems import IhkError, LoadError, Ort, Problem, kurz, problem, ursache
from ihk.project import Projekt, Version, anzeige
from ihk.reading.files import natural, read_bytes
from ihk.write import write_atomic

REGISTER = PurePosixPath(".ihk", "siegel.json")
SCHEMA = "ihk-siegel/1"
# Three hundred files a Fassung, a hundred Fassungen: a register of that size is not one that ihk wrote.
GROESSE = 5 * 1024 * 1024

Abweichungsart = Literal["geaendert", "zeilenenden", "fehlt", "neu", "pruefsumme"]
Ausgang = Literal["versiegelt", "ersetzt", "unveraendert", "abgelehnt"]


def _nur(gilt: Callable[[str], object]) -> AfterValidator:
    """Refuses a text that is not as it has to be."""

    def pruefen(wert: str) -> str:
        if not gilt(wert):
            raise ValueError(wert)
        return wert

    return AfterValidator(pruefen)


Sha256 = Annotated[str, _nur(re.compile(r"[0-9a-f]{64}").fullmatch)]
Name = Annotated[str, _nur(KENNUNG.fullmatch)]
Status = Annotated[str, _nur(BESCHLOSSEN.__contains__)]


class Siegel(BaseModel):
    """The seal of one Fassung. ``dateien``: path below the concept's folder → SHA-256 of its bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    status: Status
    pruefsumme: Sha256
    dateien: dict[str, Sha256]


_SIEGEL = TypeAdapter(dict[Name, Siegel], config=ConfigDict(strict=True))


@dataclass(frozen=True, slots=True)
class Register:
    """The seals of one concept by name of the Fassung."""

    datei: Path
    fassungen: Mapping[str, Siegel]


@dataclass(frozen=True, slots=True)
class Abweichung:
    """One file that is not as it was sealed; ``datei`` is its path below the concept's folder.

    ``zeilenenden``: the same text with other line ends. ``pruefsumme``: the register contradicts itself.
    """

    datei: str
    art: Abweichungsart


@dataclass(frozen=True, slots=True)
class Vorgang:
    """What became of the wish to seal a Fassung. ``grund`` is a sentence if it was refused, ``probleme`` what to mend."""

    version: Version
    ausgang: Ausgang
    siegel: Siegel | None = None
    abweichungen: tuple[Abweichung, ...] = ()
    grund: str = ""
    hinweis: str = ""
    probleme: tuple[Problem, ...] = ()


# --------------------------------------------------------------------------- the register


def register(ordner: Path) -> Register:
    """The seals of the concept in ``ordner``; none if it has no register.

    Raises ``LoadError`` with the finding SIEGEL-DATEI for whatever is not exactly a register: a seal that cannot be
    understood must not pass for no seal.
    """
    datei = ordner / REGISTER
    daten = _bytes(datei)
    if daten is None:
        return Register(datei, {})
    try:
        roh = json.loads(daten.decode("utf-8"), object_pairs_hook=_ohne_doppelte)
        json.dumps(roh, ensure_ascii=False).encode()  # half a character (\ud800) is valid JSON but cannot be a name
    except json.JSONDecodeError as fehler:
        hinweis = f"Bei einem Konflikt in Git die Einträge beider Seiten behalten. Sonst: {_zurueckholen(datei)}"
        raise _unlesbar(datei, "Das Siegelregister ist kein gültiges JSON.", hinweis, fehler) from None
    except (ValueError, RecursionError):  # a number of thousands of digits is a ValueError too
        meldung = "Das Siegelregister ist nicht lesbar: Es ist kein UTF-8, nennt etwas doppelt oder ist zu tief verschachtelt."
        raise _unlesbar(datei, meldung) from None
    return Register(datei, _fassungen(roh, datei))


def _bytes(datei: Path) -> bytes | None:
    """Content of the register; None only if there really is none (not if it cannot be opened)."""
    try:
        art = datei.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as fehler:
        raise _unlesbar(datei, f"Das Siegelregister lässt sich nicht lesen: {ursache(fehler)}.") from None
    if not stat.S_ISREG(art):
        raise _unlesbar(datei, "Das Siegelregister ist keine gewöhnliche Datei.")
    try:
        daten = read_bytes(datei)
    except IhkError:
        raise _unlesbar(datei, "Das Siegelregister lässt sich nicht lesen; vielleicht fehlen Zugriffsrechte.") from None
    if len(daten) > GROESSE:
        raise _unlesbar(datei, f"Das Siegelregister ist größer als {GROESSE // 1024**2} MB.")
    return daten


def _ohne_doppelte(paare: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; of two equal keys, as a careless merge leaves them, neither is believed."""
    ergebnis = dict(paare)
    if len(ergebnis) != len(paare):
        raise ValueError("doubled key")
    return ergebnis


def _fassungen(roh: Any, datei: Path) -> dict[str, Siegel]:
    if not isinstance(roh, dict) or roh.keys() != {"schema", "fassungen"}:
        raise _unlesbar(datei, "Das ist kein Siegelregister; es hat genau die Schlüssel „schema“ und „fassungen“.")
    if roh["schema"] != SCHEMA:
        meldung = (
            f"Das Siegelregister hat das Schema „{kurz(str(roh['schema']))}“; diese Version von ihk liest {SCHEMA}."
        )
        raise _unlesbar(datei, meldung, f"ihk aktualisieren. Sonst: {_zurueckholen(datei)}")
    try:
        return _SIEGEL.validate_python(roh["fassungen"])
    except ValidationError as fehler:
        wo = kurz(" › ".join(str(teil) for teil in fehler.errors(include_url=False)[0]["loc"] if teil != "[key]"), 120)
        raise _unlesbar(datei, f"Der Eintrag „{wo or 'fassungen'}“ im Siegelregister ist kein Siegel.") from None


def _unlesbar(datei: Path, meldung: str, hinweis: str = "", stelle: json.JSONDecodeError | None = None) -> LoadError:
    ort = Ort(anzeige(datei), stelle.lineno, stelle.colno) if stelle else Ort(anzeige(datei))
    hinweis = hinweis or f"Das Register schreibt nur „ihk seal“. {_zurueckholen(datei)}"
    return LoadError([problem(ort, "SIEGEL-DATEI", meldung, hinweis)])


def _zurueckholen(datei: Path) -> str:
    return f"Den letzten guten Stand zurückholen: {aus_git(datei)}"


def aus_git(pfad: Path) -> str:
    """The command that brings back a file as it was committed, ready to be copied into a shell."""
    return f"git checkout -- {shlex.quote(anzeige(pfad))}"


def als_text(fassungen: Mapping[str, Siegel]) -> str:
    """The register as it is written: sorted, one checksum a line, no clock, so that git merges and shows it well."""
    inhalt = {
        name: {"status": s.status, "pruefsumme": s.pruefsumme, "dateien": dict(sorted(s.dateien.items()))}
        for name, s in sorted(fassungen.items())
    }
    return json.dumps({"schema": SCHEMA, "fassungen": inhalt}, ensure_ascii=False, indent=2) + "\n"


# --------------------------------------------------------------------------- what a seal covers


def _texte(version: Version) -> dict[str, bytes]:
    """YAML and Markdown of a Fassung by path below the concept's folder."""
    return {PurePosixPath(version.pfad.name, n).as_posix(): d for n, d in version.quelle.dateien.items()}


def _beilagen(version: Version) -> set[str]:
    """Paths of pictures and boundary below the concept's folder, as written: a link in between may be bent later."""
    ordner = "" if "" in version.quelle.dateien else version.pfad.name
    return {PurePosixPath(ordner, datei).as_posix() for datei in version.geladen.fassung.beilagen}


def _daneben(version: Version, name: str) -> bytes | None:
    """The bytes of a file below the concept's folder; None if it is not there, not a file or elsewhere."""
    basis = version.pfad.parent.resolve()
    try:
        pfad = (basis / name).resolve()
        return read_bytes(pfad) if pfad.is_relative_to(basis) else None
    except (IhkError, OSError, RuntimeError, ValueError):  # unreadable, a circle of links, a name that cannot be one
        return None


def siegel(version: Version) -> Siegel:
    """The seal of a Fassung as it lies there now.

    Raises ``LoadError`` if there is no model, ``IhkError`` if it is not adopted or a file cannot be sealed.
    """
    fassung = version.geladen.fassung.fassung
    if fassung.status is None or not fassung.beschlossen:
        raise IhkError(f"{version.name} ist nicht beschlossen.")
    dateien = _texte(version)
    for name in _beilagen(version):
        daten = _daneben(version, name)
        if daten is None:
            raise IhkError(f"Die Datei „{kurz(name)}“ lässt sich nicht lesen.")
        dateien[name] = daten
    if fremd := [n for n in dateien if not _in_utf8(n)]:
        raise IhkError(f"Der Dateiname „{kurz(fremd[0])}“ ist kein gültiges UTF-8 und lässt sich nicht aufschreiben.")
    return Siegel(
        status=fassung.status,
        pruefsumme=version.quelle.pruefsumme,
        dateien={n: _sha(d) for n, d in sorted(dateien.items())},
    )


def _in_utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _sha(daten: bytes) -> str:
    return hashlib.sha256(daten).hexdigest()


# --------------------------------------------------------------------------- comparing


def vorhanden(version: Version) -> Siegel | None:
    """The seal that stands in the register; None if the Fassung is not sealed or lies outside ``concepts/``.

    Raises ``LoadError`` as ``register`` does.
    """
    return register(version.pfad.parent).fassungen.get(version.fassung) if version.im_projekt else None


def abweichungen(version: Version) -> tuple[Abweichung, ...]:
    """In what a sealed Fassung differs from its seal, by file; empty if it is unchanged or not sealed.

    Compares bytes and needs no model, so a file that no longer reads is found too. Raises ``LoadError`` as ``register``
    does, ``IhkError`` if the Fassung itself cannot be opened.
    """
    soll = vorhanden(version)
    if soll is None:
        return ()
    texte = _texte(version)
    gefunden = tuple(
        Abweichung(name, art)
        for name in sorted(soll.dateien.keys() | texte.keys(), key=natural)
        if (art := _art(soll.dateien.get(name), texte[name] if name in texte else _daneben(version, name)))
    )
    if not gefunden and soll.pruefsumme != version.quelle.pruefsumme:
        return (Abweichung(REGISTER.as_posix(), "pruefsumme"),)
    return gefunden


def _art(soll: str | None, daten: bytes | None) -> Abweichungsart | None:
    """How a file with these bytes differs from its sealed checksum; None if it does not."""
    if soll is None:
        return "neu"
    if daten is None:
        return "fehlt"
    if _sha(daten) == soll:
        return None
    unix = daten.replace(b"\r\n", b"\n")
    return "zeilenenden" if soll in (_sha(unix), _sha(unix.replace(b"\n", b"\r\n"))) else "geaendert"


def verwaist(ordner: Path) -> dict[str, Siegel]:
    """The seals in a folder below ``concepts/`` whose Fassung is gone. Raises ``LoadError`` as ``register`` does."""
    fassungen = register(ordner).fassungen
    da = {v.fassung for v in Projekt(ordner.parent.parent).fassungen(ordner.name)} if fassungen else set()
    return {name: s for name, s in fassungen.items() if name not in da}


# --------------------------------------------------------------------------- sealing


def betroffen(version: Version) -> bool:
    """Adopted or sealed, or nobody can tell because the file or the register does not read."""
    try:
        return version.geladen.fassung.fassung.beschlossen or vorhanden(version) is not None
    except LoadError:
        return True


def versiegeln(version: Version, befunde: Iterable[Problem], *, neu: bool = False) -> Vorgang:
    """Seal an adopted Fassung without errors; ``befunde`` are those of ``checks.check``, which this room cannot call.

    An unchanged seal stays; a broken one is replaced only with ``neu``. Nothing is written unless the outcome is
    ``versiegelt`` or ``ersetzt``. Raises ``IhkError`` if the register cannot be written.
    """
    if not version.im_projekt:
        hinweis = "Die Datei nach concepts/<konzept>/ legen."
        return Vorgang(version, "abgelehnt", grund="Sie liegt nicht unter concepts/.", hinweis=hinweis)
    try:
        bisher, anders = vorhanden(version), abweichungen(version)
    except LoadError as fehler:
        grund = "Das Siegelregister ihres Konzepts ist nicht lesbar."
        return Vorgang(version, "abgelehnt", grund=grund, probleme=fehler.probleme)
    if bisher and not anders:
        return Vorgang(version, "unveraendert", bisher)
    maengel = tuple(p for p in befunde if p.schwere == "fehler")
    if bisher and not neu:
        gebrochen = tuple(p for p in maengel if p.code == "SIEGEL-GEBROCHEN")
        return Vorgang(version, "abgelehnt", bisher, anders, "Ihr Siegel ist gebrochen.", probleme=gebrochen)
    # A seal of another Fassung that is gone, or this one's own that is to be replaced, is no reason to refuse.
    if hindernisse := tuple(p for p in maengel if p.code not in ("SIEGEL-GEBROCHEN", "SIEGEL-VERWAIST")):
        return Vorgang(version, "abgelehnt", bisher, anders, "Sie hat Fehler.", probleme=hindernisse)
    if not version.geladen.fassung.fassung.beschlossen:
        return _nicht_beschlossen(version, bisher, anders)
    fertig = siegel(version)
    _schreibe(version, fertig)
    return Vorgang(version, "ersetzt" if bisher else "versiegelt", fertig, anders)


def _nicht_beschlossen(version: Version, bisher: Siegel | None, anders: tuple[Abweichung, ...]) -> Vorgang:
    status = version.geladen.fassung.fassung.status
    grund = f"Sie ist nicht beschlossen (Status: {FASSUNGSSTATUS[status] if status else 'unbekannt'})."
    hinweis = (
        "Nach dem Beschluss „status: beschlossen“ und den Beschluss in „beratungsfolge“ eintragen, dann versiegeln."
    )
    return Vorgang(version, "abgelehnt", bisher, anders, grund, hinweis)


def _schreibe(version: Version, fertig: Siegel) -> None:
    alt = register(version.pfad.parent)
    daten = als_text({**alt.fassungen, version.fassung: fertig}).encode()
    if len(daten) > GROESSE:
        raise IhkError(f"Das Siegelregister „{anzeige(alt.datei)}“ würde größer als {GROESSE // 1024**2} MB.")
    write_atomic(alt.datei, daten)
