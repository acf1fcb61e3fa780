"""Programs that a test starts listen to Ctrl-C."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def hoerbar() -> Iterator[None]:
    """What is started in here listens, although whoever runs the tests in the background has Ctrl-C ignored.

    A program begins by ignoring what its parent ignores, and with the usual answer to what its parent answers itself.
    """
    bisher = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, bisher)
