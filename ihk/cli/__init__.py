"""The command line: parse, call, print, exit code. Everything else lives elsewhere."""

from __future__ import annotations

import io
import sys

from ihk.cli import uebersicht

TYPE_CHECKING = False  # typing takes as long to load as all of the overview
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType
    from typing import NoReturn


def _beenden(nummer: int, rahmen: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def main(argumente: Sequence[str] | None = None) -> NoReturn:
    """Run one command and exit: 0 done, 1 findings or differences, 2 usage or environment, 3 bug, 130 interrupted."""
    if argumente is None and "build" in sys.argv:
        from ihk.repeat import recall

        if (wie_zuletzt := recall(sys.argv[1:])) is not None:
            # A terminal would have shown a bar instead of the lines, and the closing one.
            sys.stderr.write(f"{wie_zuletzt.splitlines()[-1] if sys.stderr.isatty() else wie_zuletzt}\n")
            sys.exit(0)
    for strom in (sys.stdout, sys.stderr):
        if isinstance(strom, io.TextIOWrapper):
            strom.reconfigure(errors="backslashreplace")
    if argumente is None and uebersicht.gefragt(sys.argv[1:]):
        try:
            uebersicht.zeige()
            sys.exit(0)
        except OSError:
            pass  # what comes below meets the same and has words for it
    import gc
    import signal

    # A command makes hundreds of thousands of objects that stay until it ends: looking for garbage among them every 700 new ones
    # takes a tenth of its time.
    gc.set_threshold(20_000, 10, 10)
    signal.signal(signal.SIGTERM, _beenden)
    try:
        from ihk.cli.grund import ausfuehren, ihk

        code = ausfuehren(
            lambda: ihk.main(
                args=list(argumente) if argumente is not None else None, prog_name="ihk", standalone_mode=False
            )
        )
    except KeyboardInterrupt:  # while there are no words for it yet, or a second one while the first was being answered
        code = 130
    for nummer in (signal.SIGINT, signal.SIGTERM):  # nothing is left that could be interrupted
        signal.signal(nummer, signal.SIG_IGN)
    sys.exit(code)
