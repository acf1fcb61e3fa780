"""The preview as a web application on the loopback address: what may be asked, and who is told of a save."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import watchfiles
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from ihk import __version__
from ihk.problems import IhkError
from ihk.report import vorschau
from ihk.saves import HOECHSTENS, RUHE, counts, once_a_look
from ihk.serve.setzer import Setzer
from ihk.serve.wache import Wache
from ihk.serve.werkstatt import SEITEN, Werkstatt

LEBENSZEICHEN = 20
"""Seconds after which a line without meaning shows whether a browser is still there."""


class Vorschau:
    """State of the running preview: who looks at which Fassung, and what is being set."""

    def __init__(self, werkstatt: Werkstatt) -> None:
        self.werkstatt = werkstatt
        self.setzer = Setzer(self._pdf_fertig)
        self._hoerer: dict[asyncio.Queue[str | None], str] = {}
        self._schleife: asyncio.AbstractEventLoop | None = None
        self._ende = asyncio.Event()

    # ---------------------------------------------------------------------------------------------- life

    @asynccontextmanager
    async def leben(self, _app: Starlette) -> AsyncIterator[None]:
        self._schleife = asyncio.get_running_loop()
        wacht = asyncio.create_task(self._beobachte())
        try:
            yield
        finally:
            wacht.cancel()
            with suppress(asyncio.CancelledError):
                await wacht
            await run_in_threadpool(self.setzer.beende)

    def verabschiede(self) -> None:
        """Let go of everybody who listens, so that the server can end at once; from a signal handler too."""
        if self._schleife is not None:
            self._schleife.call_soon_threadsafe(self._lass_los)

    def _lass_los(self) -> None:
        self._ende.set()
        for hoerer in self._hoerer:
            hoerer.put_nowait(None)

    async def _beobachte(self) -> None:
        polling = False
        while not self._ende.is_set():
            ordner = self.werkstatt.beobachtet
            try:
                async for aenderungen in watchfiles.awatch(
                    *ordner,
                    watch_filter=lambda _, pfad: counts(pfad),
                    debounce=HOECHSTENS,
                    step=RUHE,
                    stop_event=self._ende,
                    force_polling=polling,
                    poll_delay_ms=200,
                ):
                    await self.gespeichert(Path(pfad) for _, pfad in aenderungen)
                    if self.werkstatt.beobachtet != ordner:
                        break
            except (OSError, RuntimeError) as fehler:  # too many folders for the system, or one that went away just now
                polling = True
                sys.stderr.write(once_a_look(fehler))
                await asyncio.sleep(1)

    async def gespeichert(self, pfade: Iterable[Path]) -> None:
        """Files have changed: tell everybody who looks, with the part that they can put in place at once."""
        self.werkstatt.veraendert(tuple(pfade))
        for name in sorted(set(self._hoerer.values())):
            stuecke = await run_in_threadpool(self.werkstatt.stuecke, name) if name else {}
            self._melde(name, "gespeichert", stuecke)

    def _melde(self, name: str, art: str, daten: object) -> None:
        for hoerer, wer in self._hoerer.items():
            if wer == name:
                hoerer.put_nowait(f"event: {art}\ndata: {json.dumps(daten, ensure_ascii=False)}\n\n")

    def _pdf_fertig(self, name: str) -> None:
        if self._schleife is not None:
            self._schleife.call_soon_threadsafe(self._melde, name, "pdf", {})

    # --------------------------------------------------------------------------------------------- answers

    async def uebersicht(self, _anfrage: Request) -> Response:
        konzepte = await run_in_threadpool(self.werkstatt.namen)
        return HTMLResponse(vorschau.uebersicht_html(konzepte, ihk_version=__version__))

    async def ohne_strich(self, anfrage: Request) -> Response:
        """An address typed without its last stroke."""
        if not await run_in_threadpool(self.werkstatt.gibt_es, _name(anfrage)):
            return _gibt_es_nicht()
        return RedirectResponse(f"{quote(unquote(anfrage.url.path))}/")

    async def rahmen(self, anfrage: Request) -> Response:
        name = _name(anfrage)
        if not await run_in_threadpool(self.werkstatt.gibt_es, name):
            return _gibt_es_nicht()
        seiten = await run_in_threadpool(self.werkstatt.seiten, name)
        konzept, fassung = (str(anfrage.path_params[k]) for k in ("konzept", "fassung"))
        return HTMLResponse(vorschau.rahmen_html(konzept, fassung, seiten))

    def seite(self, welche: str) -> Callable[[Request], Awaitable[Response]]:
        async def antwort(anfrage: Request) -> Response:
            try:
                seite = await run_in_threadpool(self.werkstatt.seite, _name(anfrage), welche)
            except KeyError:
                return _gibt_es_nicht()
            return HTMLResponse(seite.html, headers={"Ihk-Stand": "letzter-guter" if seite.hinderte else "jetzt"})

        return antwort

    async def stand(self, anfrage: Request) -> Response:
        """What the frame says above the page."""
        name = _name(anfrage)
        if not await run_in_threadpool(self.werkstatt.gibt_es, name):
            return _gibt_es_nicht()
        s = await run_in_threadpool(self.werkstatt.stand, name)
        erster = s.erster and {n: getattr(s.erster, n) for n in ("stelle", "adresse", "meldung", "hinweis")}
        daten = {"satz": s.satz, "fehler": s.fehler, "warnungen": s.warnungen, "lesbar": s.lesbar, "erster": erster}
        return JSONResponse(daten | {"pdf": await run_in_threadpool(self._pdf, name)})

    def _pdf(self, name: str) -> dict[str, Any] | None:
        pdf = self.setzer.stand(name)
        if pdf is None:
            return None
        return {
            "lage": pdf.lage,
            "grund": pdf.grund,
            "seit": round(time.monotonic() - pdf.beginn, 1),
            "dauer": round(pdf.dauer, 1),
            "aktuell": pdf.zustand == self.werkstatt.zustand(name),
        }

    async def pdf_beginnen(self, anfrage: Request) -> Response:
        name = _name(anfrage)
        if not await run_in_threadpool(self.werkstatt.gibt_es, name):
            return _gibt_es_nicht()
        try:
            arbeit, zustand = await run_in_threadpool(self.werkstatt.arbeit, name)
        except IhkError as fehler:
            return JSONResponse({"lage": "gescheitert", "grund": str(fehler)}, 409)
        self.setzer.beginne(name, arbeit, zustand)
        return JSONResponse(self._pdf(name), 202)

    async def pdf(self, anfrage: Request) -> Response:
        pdf = self.setzer.stand(_name(anfrage))
        if pdf is None or pdf.lage != "fertig":
            return _gibt_es_nicht()
        return Response(pdf.daten, media_type="application/pdf")

    async def ereignisse(self, anfrage: Request) -> Response:
        """A stream that says when something was saved."""
        name = _name(anfrage) if anfrage.path_params else ""
        if name and not await run_in_threadpool(self.werkstatt.gibt_es, name):
            return _gibt_es_nicht()
        hoerer: asyncio.Queue[str | None] = asyncio.Queue()

        async def strom() -> AsyncIterator[str]:
            self._hoerer[hoerer] = name
            try:
                yield "retry: 500\nevent: da\ndata: {}\n\n"
                while not self._ende.is_set():
                    try:
                        nachricht = await asyncio.wait_for(hoerer.get(), LEBENSZEICHEN)
                    except TimeoutError:
                        nachricht = ": \n\n"
                    if nachricht is None:
                        return
                    yield nachricht
            finally:
                self._hoerer.pop(hoerer, None)

        return StreamingResponse(strom(), media_type="text/event-stream")


def _name(anfrage: Request) -> str:
    return f"{anfrage.path_params['konzept']}@{anfrage.path_params['fassung']}"


def _gibt_es_nicht() -> Response:
    return PlainTextResponse("Diese Seite gibt es nicht.\n", 404)


async def _nicht_gefunden(_anfrage: Request, _fehler: Exception) -> Response:
    return _gibt_es_nicht()


def app(vorschau_: Vorschau, port: int) -> Starlette:
    """The application. No part of an address ever reaches the disk: names are looked up among the Fassungen."""
    v, ort = vorschau_, "/{konzept}/{fassung}"
    anwendung = Starlette(
        routes=[
            Route("/", v.uebersicht),
            Route("/ereignisse", v.ereignisse),
            Route(ort, v.ohne_strich),
            Route(f"{ort}/", v.rahmen),
            Route(f"{ort}/ereignisse", v.ereignisse),
            Route(f"{ort}/stand.json", v.stand),
            Route(f"{ort}/bericht.pdf", v.pdf_beginnen, methods=["POST"]),
            Route(f"{ort}/bericht.pdf", v.pdf),
            *(Route(f"{ort}/{s}", v.seite(s)) for s in SEITEN),
        ],
        exception_handlers={404: _nicht_gefunden},
        middleware=[Middleware(Wache, port=port)],
        lifespan=v.leben,
    )
    anwendung.router.redirect_slashes = False  # it would answer for names that there are not
    return anwendung
