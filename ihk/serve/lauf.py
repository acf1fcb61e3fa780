"""Runs the preview until it is interrupted."""

from __future__ import annotations

import errno
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn

from ihk.problems import IhkError, ursache
from ihk.serve.app import Vorschau, app
from ihk.serve.werkstatt import Werkstatt

ADRESSE = "127.0.0.1"
ANFRAGEZEILE = 8_192
"""Bytes of a request line with its headers; what is longer is answered with 400."""
ABSCHIED = 1
"""Seconds in which answers may still be finished after Ctrl-C."""


class _Server(uvicorn.Server):
    """Whoever listens for saves never finishes: with the first signal they are let go."""

    def __init__(self, config: uvicorn.Config, vorschau: Vorschau) -> None:
        super().__init__(config)
        self._vorschau = vorschau

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._vorschau.verabschiede()
        if (
            not self.should_exit
        ):  # whoever presses Ctrl-C twice would break off the farewell, which takes a second at most
            super().handle_exit(sig, frame)


def starte(werkstatt: Werkstatt, port: int, melde: Callable[[str], None]) -> None:
    """Serve until Ctrl-C; raises ``IhkError`` if the port is taken. ``melde`` is called with the address once it answers."""
    with steckdose(port) as offen:
        port = offen.getsockname()[1]
        vorschau = Vorschau(werkstatt)
        einstellungen = uvicorn.Config(
            app(vorschau, port),
            http="h11",
            ws="none",
            log_level="error",  # what clients send wrong is no concern of the author
            access_log=False,
            server_header=False,
            proxy_headers=False,
            h11_max_incomplete_event_size=ANFRAGEZEILE,
            timeout_graceful_shutdown=ABSCHIED,
        )
        server = _Server(einstellungen, vorschau)
        with _beendbar(server):
            melde(f"http://{ADRESSE}:{port}/")
            server.run(sockets=[offen])
        if server.should_exit:
            raise KeyboardInterrupt


@contextmanager
def _beendbar(server: _Server) -> Iterator[None]:
    """From here on a signal ends the server in good order; an interruption while its loop is made would leave half of one."""
    nummern = (signal.SIGINT, signal.SIGTERM)
    frueher = {n: signal.signal(n, server.handle_exit) for n in nummern}
    try:
        yield
    finally:
        for nummer, behandlung in frueher.items():
            signal.signal(nummer, behandlung)


def steckdose(port: int) -> socket.socket:
    """A listening socket on the loopback address; 0 takes a free port."""
    offen = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    offen.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        offen.bind((ADRESSE, port))
        offen.listen(128)
    except OSError as fehler:
        offen.close()
        if fehler.errno == errno.EACCES:
            grund = f"Der Anschluss {port} ist dem System vorbehalten."
        elif fehler.errno == errno.EADDRINUSE:
            grund = f"Der Anschluss {port} ist belegt; vielleicht läuft dort schon eine Vorschau."
        else:
            grund = f"Der Anschluss {port} lässt sich nicht öffnen ({ursache(fehler)})."
        raise IhkError(f"{grund} Einen freien nimmt: ihk serve --port 0") from None
    return offen
