"""Sets PDFs beside the preview: one process with its workers, started for the first and kept warm, that ends with it."""

from __future__ import annotations

import atexit
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import TYPE_CHECKING, Literal

from ihk.build import Arbeit, dateien, presse
from ihk.problems import IhkError

if TYPE_CHECKING:
    from ihk.pdf.document import Press

Lage = Literal["läuft", "fertig", "gescheitert"]


@dataclass(frozen=True, slots=True)
class Pdf:
    """One PDF that was asked for; ``zustand`` is a key of what it shows, ``dauer`` the seconds it took."""

    lage: Lage
    zustand: object
    beginn: float
    daten: bytes = b""
    grund: str = ""
    dauer: float = 0.0


def setze(arbeit: Arbeit, p: Press) -> bytes:
    """The finished PDF. Raises ``IhkError`` for what cannot be set."""
    return dateien(arbeit, p).dateien["bericht.pdf"]


def arbeite(leitung: Connection) -> None:
    """Set what comes until nothing comes any more; runs in a process of its own."""
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C reaches every process of a terminal; the preview alone answers it
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(os, "nice"):
        os.nice(5)  # whoever writes comes first
    with presse(immer_wieder=True) as p:
        while True:
            try:
                arbeit = leitung.recv()
            except EOFError:
                return
            antwort: tuple[bytes, str]
            try:
                antwort = setze(arbeit, p), ""
            except IhkError as fehler:
                antwort = b"", str(fehler)
            except Exception as fehler:  # the preview goes on, and says it
                antwort = b"", f"Das ist ein Fehler von ihk ({type(fehler).__name__}: {fehler}); bitte melden."
            leitung.send(antwort)


class Setzer:
    """Takes orders by the name of a Fassung; ``fertig`` is called with the name, from another thread, when one is done."""

    def __init__(self, fertig: Callable[[str], None]) -> None:
        self._fertig = fertig
        self._pdfs: dict[str, Pdf] = {}
        self._sperre = threading.Lock()
        self._allein = threading.Lock()
        self._prozess: SpawnProcess | None = None
        self._leitung: Connection | None = None
        self._ende = False
        atexit.register(self.beende)  # however the preview ends: nobody would tell the process otherwise

    def stand(self, name: str) -> Pdf | None:
        """The PDF of a Fassung that was asked for last."""
        return self._pdfs.get(name)

    def beginne(self, name: str, arbeit: Arbeit, zustand: object) -> None:
        """Set a PDF in the background, unless it is being set just now."""
        with self._sperre:
            bisher = self._pdfs.get(name)
            if self._ende or (bisher is not None and bisher.lage == "läuft"):
                return
            dauer = bisher.dauer if bisher else 0.0
            self._pdfs[name] = Pdf("läuft", zustand, time.monotonic(), dauer=dauer)
        threading.Thread(target=self._lass_setzen, args=(name, arbeit), daemon=True).start()

    def _lass_setzen(self, name: str, arbeit: Arbeit) -> None:
        with self._allein:  # one document after the other: they would only take each other's time
            daten, grund = self._frage(arbeit)
        auftrag = self._pdfs[name]
        dauer = time.monotonic() - auftrag.beginn
        lage: Lage = "gescheitert" if grund else "fertig"
        self._pdfs[name] = replace(auftrag, lage=lage, daten=daten, grund=grund, dauer=dauer)
        if not self._ende:
            self._fertig(name)

    def _frage(self, arbeit: Arbeit) -> tuple[bytes, str]:
        try:
            leitung = self._bereit()
            leitung.send(arbeit)
            antwort: tuple[bytes, str] = leitung.recv()
            return antwort
        except (EOFError, OSError):
            self._beende_prozess()
            return (
                b"",
                "Der Prozess, der setzt, wurde beendet; vielleicht reichte der Speicher nicht. Noch einmal versuchen.",
            )

    def _bereit(self) -> Connection:
        with self._sperre:
            if self._ende:
                raise EOFError
            if self._leitung is None:
                umgebung = get_context("spawn")  # WeasyPrint's libraries do not survive a fork
                self._leitung, andere = umgebung.Pipe()
                self._prozess = umgebung.Process(target=arbeite, args=(andere,))  # no daemon: it has workers of its own
                self._prozess.start()
                andere.close()  # so that its end is noticed
            return self._leitung

    def _beende_prozess(self) -> None:
        with self._sperre:
            prozess, leitung = self._prozess, self._leitung
            self._prozess = self._leitung = None
        if leitung is not None:
            leitung.close()
        if prozess is not None:
            prozess.terminate()
            prozess.join(1)
            if prozess.is_alive():
                prozess.kill()
                prozess.join()

    def beende(self) -> None:
        """End at once, whatever is being set."""
        atexit.unregister(self.beende)
        self._ende = True
        self._beende_prozess()
