"""What an author saves: files below some folders, without what editors and this program write beside them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import watchfiles

RUHE, HOECHSTENS = 12, 60
"""Milliseconds without another change that end a save, and how long a save may take."""
BEREIT = 200
"""Milliseconds after which a watcher that has seen nothing says that it is there."""
# What editors write beside a file while they save it: swap files, backups, vim's probe of the folder.
_NEBENBEI = re.compile(r"(^|[\\/])(\.[^\\/]*|[^\\/]*~|4913)$")


def counts(path: str) -> bool:
    """Whether a file is one that an author has saved."""
    return _NEBENBEI.search(path) is None


def once_a_look(error: Exception) -> str:
    """What to say when the system does not tell of changes and the folder is looked at instead."""
    return f"Der Ordner wird nur noch alle 0,2 s angesehen ({error}).\n"


def saves(folders: Callable[[], Sequence[Path]], but: Path) -> Iterator[frozenset[Path]]:
    """First nothing, once the watch has begun; then, as often as something was saved, what. Never ends by itself.

    ``folders`` may be others after each save; what lies below ``but`` does not count. Nothing is missed while the caller is busy.
    """
    polling = False
    begun = False
    while True:
        watched = folders()
        try:
            for changes in watchfiles.watch(
                *watched,
                watch_filter=lambda _, path: counts(path) and not Path(path).is_relative_to(but),
                debounce=HOECHSTENS,
                step=RUHE,
                rust_timeout=BEREIT,
                yield_on_timeout=True,
                raise_interrupt=True,
                force_polling=polling,
                poll_delay_ms=200,
            ):
                if not begun or changes:
                    begun = True
                    yield frozenset(Path(path) for _, path in changes)
                if folders() != watched:
                    break
        except (OSError, RuntimeError) as error:  # too many folders for the system, or one that went away just now
            if polling:
                raise
            polling = True
            sys.stderr.write(once_a_look(error))
