"""Runs the preview until it is interrupted."""

from __future__ import annotations

import socket
from collections.abc import Sequence

import uvicorn

from ihk.problems import IhkError
from ihk.project import Projekt
from ihk.serve.app import Vorschau, app
from ihk.serve.werkstatt import Werkstatt

ADRESSE = "127.0.0.1"


def starte(projekt: Projekt, was: Sequence[str], port: int, melde: object) -> None:
    """Serve until Ctrl-C; raises ``IhkError`` if the port is taken. ``melde`` is called with the address once it answers."""
    steckdose = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    steckdose.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        steckdose.bind((ADRESSE, port))
    except OSError as fehler:
        steckdose.close()
        raise IhkError(
            f"Der Anschluss {port} ist belegt ({fehler.strerror}). Einen anderen wählen: ihk serve --port {port + 1}"
        ) from None
    port = steckdose.getsockname()[1]
    werkstatt = Werkstatt(projekt, was)
    werkstatt.versionen()  # a wrong name is told before anything runs
    server = uvicorn.Server(
        uvicorn.Config(
            app(Vorschau(werkstatt, port)),
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
    )
    assert callable(melde)
    melde(f"http://{ADRESSE}:{port}/")
    server.run(sockets=[steckdose])
