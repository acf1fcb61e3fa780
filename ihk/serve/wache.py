"""Who may ask: only pages of the preview itself, whatever name or page leads here."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

KOPF = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
}
METHODEN = ("GET", "HEAD", "POST")
FREMD = "Diese Vorschau antwortet nur diesem Rechner und nur ihren eigenen Seiten.\n"


class Wache:
    """Refuses a foreign name that leads here (DNS rebinding) and a foreign page; puts the headers on every answer."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app = app
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        if port == 80:
            self._hosts |= {"127.0.0.1", "localhost"}
        self._herkunft = {f"http://{h}" for h in self._hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def mit_kopf(nachricht: Message) -> None:
            if nachricht["type"] == "http.response.start":
                nachricht["headers"] = [
                    *nachricht.get("headers", []),
                    *((n.lower().encode(), w.encode()) for n, w in KOPF.items()),
                ]
            await send(nachricht)

        abgewiesen = self._abgewiesen(scope["method"], Headers(scope=scope))
        if abgewiesen:
            antwort = PlainTextResponse(FREMD, abgewiesen)
            await antwort(scope, receive, mit_kopf)
        else:
            await self._app(scope, receive, mit_kopf)

    def _abgewiesen(self, methode: str, kopf: Headers) -> int:
        """The status that refuses a request; 0 for one that is answered."""
        if kopf.getlist("host") not in [[h] for h in self._hosts]:
            return 421
        if any(h not in self._herkunft for h in kopf.getlist("origin")):
            return 403
        if any(w not in ("none", "same-origin") for w in kopf.getlist("sec-fetch-site")):
            return 403
        return 0 if methode in METHODEN else 405
