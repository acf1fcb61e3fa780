"""Whether a PDF is still what was written, and whether its source on disk is still the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ihk import labels
from ihk.model.bestandteile import BESCHLOSSEN
from ihk.problems import IhkError, LoadError
from ihk.project import Projekt
from ihk.provenance import Dokument
from ihk.seals import abweichungen, vorhanden


@dataclass(slots=True)
class Pruefung:
    """What was found about one PDF. ``zeilen`` are sentences, each with whether it is good (None: neither)."""

    zeilen: list[tuple[bool | None, str]] = field(default_factory=list)

    @property
    def gut(self) -> bool:
        return all(gut is not False for gut, _ in self.zeilen)

    def sagt(self, gut: bool | None, satz: str) -> None:
        self.zeilen.append((gut, satz))


def verify(pfad: Path, gegen: Projekt | None, *, muss_da_sein: bool = False) -> Pruefung:
    """Compare a PDF with what it says about itself, and with the Fassung in ``gegen`` that it was made from.

    With ``muss_da_sein`` it is an error if ``gegen`` has no such Fassung. Raises ``IhkError`` if the file cannot be read.
    """
    dokument = Dokument(pfad)
    angaben = dokument.angaben
    pruefung = Pruefung()
    if not {"konzept", "fassung", "quelle", "datei"} <= angaben.keys():
        pruefung.sagt(False, "Die Datei enthält keine Herkunftsangaben von ihk; über sie lässt sich nichts sagen.")
        return pruefung
    _herkunft(pruefung, angaben)
    _inhalt(pruefung, dokument)
    _eingebettet(pruefung, dokument)
    if gegen is None or (not muss_da_sein and angaben["konzept"] not in gegen.konzepte()):
        pruefung.sagt(None, "Mit keinem Konzept verglichen; --against ORDNER nennt das Projekt.")
    else:
        _quelle(pruefung, angaben, gegen, angaben["fassung"], angaben["quelle"])
        for fassung, summe in zip(
            angaben.get("verglichen", "").split(), angaben.get("quelleAlt", "").split(), strict=False
        ):
            _quelle(pruefung, angaben, gegen, fassung, summe)
    return pruefung


def _herkunft(pruefung: Pruefung, angaben: dict[str, str]) -> None:
    name = f"{angaben.get('konzept', '?')}@{angaben.get('fassung', '?')}"
    alte = angaben.get("verglichen", "").split()
    mit = f" im Vergleich mit {'der Fassung' if len(alte) == 1 else 'den Fassungen'} {', '.join(alte)}" if alte else ""
    status = labels.FASSUNGSSTATUS.get(angaben.get("status", ""), "unbekannt")
    pruefung.sagt(None, f"Herkunft: {angaben.get('bericht', 'Bericht')} zu {name}{mit}, Status {status}.")
    pruefung.sagt(None, f"Erstellt mit ihk {angaben.get('version', '?')} aus der Quelle {angaben['quelle'][:16]}….")


def _inhalt(pruefung: Pruefung, dokument: Dokument) -> None:
    """Byte for byte the same, saved anew with the same content, or changed: then what."""
    if dokument.unveraendert:
        pruefung.sagt(True, "Die Datei ist Byte für Byte die, die ihk geschrieben hat.")
        return
    angaben = dokument.angaben
    soll, ist = angaben.get("seiten", "").split(), dokument.seiten()
    schaden = []
    if len(soll) != len(ist):
        schaden.append(f"Die Datei hat {len(ist)} Seiten, geschrieben wurden {len(soll)}.")
    else:
        schaden += [
            f"Seite {n}: Der Inhalt ist nicht mehr der, den ihk geschrieben hat."
            for n, (s, i) in enumerate(zip(soll, ist, strict=True), 1)
            if s != i
        ]
    if dokument.gliederung() != angaben.get("gliederung"):
        schaden.append("Die Gliederung, ein Alternativtext oder ein Verweis wurde geändert.")
    if dokument.schriften() != angaben.get("schriften"):
        schaden.append("Eine Schrift oder die Zuordnung ihrer Zeichen wurde geändert.")
    for satz in schaden:
        pruefung.sagt(False, satz)
    if not schaden:
        pruefung.sagt(
            None,
            "Die Datei wurde seither neu gespeichert oder ergänzt; Seiten, Gliederung und Schriften sind unverändert. "
            "Bilder und Angaben zur Datei sind damit nicht geprüft.",
        )


def _eingebettet(pruefung: Pruefung, dokument: Dokument) -> None:
    if not dokument.quellen:
        return
    for alt, schluessel in ((False, "quelle"), (True, "quelleAlt")):
        if schluessel not in dokument.angaben:
            continue
        wort = "Die eingebettete Quelle der Vorfassung" if alt else "Die eingebettete Quelle"
        try:
            gleich = dokument.quelltext(alt=alt).pruefsumme == dokument.angaben[schluessel]
        except IhkError:
            pruefung.sagt(False, f"{wort} fehlt.")
            continue
        satz = (
            "ist die, aus der der Bericht gemacht wurde"
            if gleich
            else "ist nicht die, aus der der Bericht gemacht wurde"
        )
        pruefung.sagt(gleich, f"{wort} {satz}.")


def _quelle(pruefung: Pruefung, angaben: dict[str, str], projekt: Projekt, fassung: str, summe: str) -> None:
    """Whether the Fassung on disk still has the checksum that the PDF names."""
    name = f"{angaben['konzept']}@{fassung}"
    version = next((v for v in projekt.fassungen(angaben["konzept"]) if v.fassung == fassung), None)
    if version is None:
        pruefung.sagt(False, f"Die Fassung {name} gibt es in „{projekt.wurzel}“ nicht.")
        return
    if vorhanden(version) is not None:
        geaendert = [a.datei for a in abweichungen(version)]
        if geaendert:
            pruefung.sagt(False, f"Die versiegelte Fassung {name} wurde geändert: {', '.join(geaendert)}.")
        else:
            pruefung.sagt(True, f"Das Siegel der Fassung {name} ist unversehrt.")
    if version.quelle.pruefsumme == summe:
        pruefung.sagt(True, f"Die Fassung {name} ist noch dieselbe wie in diesem Dokument.")
        return
    try:
        beschlossen = version.geladen.fassung.fassung.status in BESCHLOSSEN
    except LoadError:
        beschlossen = False
    if beschlossen or angaben.get("status") in BESCHLOSSEN:
        pruefung.sagt(
            False,
            f"Die beschlossene Fassung {name} hat nicht mehr den Inhalt dieses Dokuments: Sie wurde seither geändert.",
        )
    else:
        pruefung.sagt(
            None, f"Die Fassung {name} wurde seit diesem Dokument weitergeschrieben (sie ist nicht beschlossen)."
        )
