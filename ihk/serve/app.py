"""The preview as a web application on the loopback address: routes, live reload, and who may ask."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import asynccontextmanager, suppress
from multiprocessing import get_context

import watchfiles
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from ihk import __version__
from ihk.report import render
from ihk.serve.werkstatt import SEITEN, Werkstatt, setze
from ihk.terminal.befunde import bilanz

KOPF = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
}
_HTML = "text/html; charset=utf-8"


class Vorschau:
    """State of the running preview: who listens for saves, and which PDFs are being made."""

    def __init__(self, werkstatt: Werkstatt, port: int) -> None:
        self.werkstatt = werkstatt
        self.hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self.zahl = 0
        self._hoerer: set[asyncio.Queue[int]] = set()
        self._pdfs: dict[str, Future[bytes]] = {}
        self._prozess: ProcessPoolExecutor | None = None
        self._ende = asyncio.Event()

    # ---------------------------------------------------------------------------------------------- life

    @asynccontextmanager
    async def leben(self, _app: Starlette) -> AsyncIterator[None]:
        aufgabe = asyncio.create_task(self._beobachte())
        try:
            yield
        finally:
            self._ende.set()
            aufgabe.cancel()
            with suppress(asyncio.CancelledError):
                await aufgabe
            if self._prozess is not None:
                self._prozess.shutdown(wait=False, cancel_futures=True)
                for prozess in (self._prozess._processes or {}).values():
                    prozess.terminate()

    async def _beobachte(self) -> None:
        ordner = [p for p in self.werkstatt.beobachtet if p.is_dir()]
        async for _ in watchfiles.awatch(*ordner, debounce=60, step=20, stop_event=self._ende):
            self.gespeichert()

    def gespeichert(self) -> None:
        """Files have changed: tell everybody who looks."""
        self.werkstatt.veraendert()
        self.zahl += 1
        self._pdfs = {name: f for name, f in self._pdfs.items() if not f.done()}
        for hoerer in self._hoerer:
            hoerer.put_nowait(self.zahl)

    # --------------------------------------------------------------------------------------------- answers

    async def uebersicht(self, _anfrage: Request) -> Response:
        namen = list(await run_in_threadpool(self.werkstatt.versionen))
        html = render.vorschau_html(namen, "", [], ihk_version=__version__)
        return Response(html, media_type=_HTML, headers=KOPF)

    async def rahmen(self, anfrage: Request) -> Response:
        name = self._name(anfrage)
        versionen = await run_in_threadpool(self.werkstatt.versionen)
        if name not in versionen:
            return _gibt_es_nicht()
        seiten = [s for s in SEITEN if s != "synopse.html" or versionen[name].vorgaenger() is not None]
        html = render.vorschau_html(list(versionen), name, seiten, ihk_version=__version__)
        return Response(html, media_type=_HTML, headers=KOPF)

    async def seite(self, anfrage: Request) -> Response:
        try:
            html, jetzt = await run_in_threadpool(
                self.werkstatt.seite, self._name(anfrage), str(anfrage.path_params["seite"])
            )
        except KeyError:
            return _gibt_es_nicht()
        return Response(html, media_type=_HTML, headers=KOPF | {"Ihk-Stand": "jetzt" if jetzt else "letzter-guter"})

    async def stand(self, anfrage: Request) -> Response:
        """What the frame says above the page."""
        name = self._name(anfrage)
        try:
            z = await run_in_threadpool(self.werkstatt.zustand, name)
        except KeyError:
            return JSONResponse(
                {"satz": f"{name} gibt es nicht mehr.", "fehler": 1, "lesbar": False, "pdf": ""}, headers=KOPF
            )
        pdf = self._pdfs.get(name)
        wort = (
            ""
            if pdf is None
            else "fertig"
            if pdf.done() and pdf.exception() is None
            else "gescheitert"
            if pdf.done()
            else "läuft"
        )
        return JSONResponse(
            {
                "satz": bilanz(z.befunde, 1),
                "fehler": z.fehler,
                "lesbar": z.gelesen is not None,
                "pdf": wort,
                "grund": str(pdf.exception()) if wort == "gescheitert" and pdf is not None else "",
            },
            headers=KOPF,
        )

    async def pdf_beginnen(self, anfrage: Request) -> Response:
        name = self._name(anfrage)
        if name not in await run_in_threadpool(self.werkstatt.versionen):
            return _gibt_es_nicht()
        laeuft = self._pdfs.get(name)
        if laeuft is None or laeuft.done():
            if self._prozess is None:  # spawned: WeasyPrint's libraries do not survive a fork
                self._prozess = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
            self._pdfs[name] = self._prozess.submit(setze, self.werkstatt.auftrag(name))
        return JSONResponse({"pdf": "läuft"}, status_code=202, headers=KOPF)

    async def pdf(self, anfrage: Request) -> Response:
        auftrag = self._pdfs.get(self._name(anfrage))
        if auftrag is None or not auftrag.done() or auftrag.exception() is not None:
            return _gibt_es_nicht()
        return Response(auftrag.result(), media_type="application/pdf", headers=KOPF)

    async def ereignisse(self, anfrage: Request) -> Response:
        hoerer: asyncio.Queue[int] = asyncio.Queue()
        self._hoerer.add(hoerer)

        async def strom() -> AsyncIterator[str]:
            try:
                yield f"retry: 500\ndata: {self.zahl}\n\n"
                while not self._ende.is_set() and not await anfrage.is_disconnected():
                    try:
                        yield f"data: {await asyncio.wait_for(hoerer.get(), 1)}\n\n"
                    except TimeoutError:
                        yield ": \n\n"
            finally:
                self._hoerer.discard(hoerer)

        return StreamingResponse(strom(), media_type="text/event-stream", headers=KOPF)

    @staticmethod
    def _name(anfrage: Request) -> str:
        return f"{anfrage.path_params['konzept']}@{anfrage.path_params['fassung']}"

    # ------------------------------------------------------------------------------------------- who may ask

    async def waechter(self, anfrage: Request, weiter: Callable[[Request], Awaitable[Response]]) -> Response:
        """Only pages of the preview itself: a foreign name that leads here (DNS rebinding) or a foreign page is refused."""
        herkunft = anfrage.headers.get("origin")
        fremd = herkunft is not None and herkunft not in {f"http://{h}" for h in self.hosts}
        quer = anfrage.headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        if anfrage.headers.get("host", "") not in self.hosts or fremd or quer:
            return Response("Diese Vorschau antwortet nur diesem Rechner.\n", status_code=403, headers=KOPF)
        return await weiter(anfrage)


def _gibt_es_nicht() -> Response:
    return Response(
        "Diese Seite gibt es nicht.\n", status_code=404, media_type="text/plain; charset=utf-8", headers=KOPF
    )


def app(vorschau: Vorschau) -> Starlette:
    """The application. No part of an address ever reaches the disk: names are looked up among the Fassungen."""
    ort = "/{konzept}/{fassung}"
    return Starlette(
        routes=[
            Route("/", vorschau.uebersicht),
            Route("/ereignisse", vorschau.ereignisse),
            Route(f"{ort}/", vorschau.rahmen),
            Route(f"{ort}/stand.json", vorschau.stand),
            Route(f"{ort}/bericht.pdf", vorschau.pdf_beginnen, methods=["POST"]),
            Route(f"{ort}/bericht.pdf", vorschau.pdf),
            *(Route(f"{ort}/{s}", _fest(vorschau, s)) for s in SEITEN),
        ],
        middleware=[Middleware(BaseHTTPMiddleware, dispatch=vorschau.waechter)],
        lifespan=vorschau.leben,
    )


def _fest(vorschau: Vorschau, seite: str) -> Callable[[Request], Awaitable[Response]]:
    async def antwort(anfrage: Request) -> Response:
        anfrage.path_params["seite"] = seite
        return await vorschau.seite(anfrage)

    return antwort
