"""The same call as before, and nothing that it read or wrote has changed since: then it has nothing to do.

Like git, this looks at names, sizes and times of files, not into them: reading a hundred concepts to find out that nothing
is to be done takes longer than anything else about it. What was touched while the first call ran counts as changed. Only the
standard library, and little of it: this comes before everything else.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys

TYPE_CHECKING = False  # typing alone would take longer than the answer
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PROGRAM = __file__.rpartition(os.sep)[0]
MOST = 50_000
"""Files and folders that are kept an eye on; a call that concerns more is simply made again."""


def recall(call: Sequence[str]) -> str | None:
    """What is to be said (on stderr) if the call would change nothing; None if it has to be made."""
    try:
        with open(_record(call), encoding="utf-8") as file:
            record = json.load(file)
        same = all(_stat(path) == state for path, state in record["seen"].items())
        return str(record["says"]) if same else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def remember(
    call: Sequence[str], began: int, *, read: Iterable[str], listed: Iterable[str], written: Iterable[str], says: str
) -> None:
    """Keep what a finished call depends on, if nothing of it was touched since it ``began`` (nanoseconds).

    ``read`` and ``written`` are files and folders, which count with everything below; of ``listed`` folders only what lies
    in them by name. What is missing has to stay missing.
    """
    from itertools import chain, islice
    from pathlib import Path

    from ihk.write import write_quickly

    seen: dict[str, list[int] | None] = {}
    for path in islice(chain(listed, _all(read)), MOST + 1):
        state = _stat(path)
        if state is not None and max(state[1:3]) >= began:
            return
        seen[path] = state
    seen |= {path: _stat(path) for path in islice(_all(written), MOST + 1)}
    if len(seen) <= MOST:
        write_quickly(Path(_record(call)), json.dumps({"says": says, "seen": seen}).encode())


def _record(call: Sequence[str]) -> str:
    """The file of a call: the same words in the same folder, by the same program."""
    words = [*call, "", os.getcwd(), PROGRAM, sys.version, os.environ.get("PYTHONPATH", "")]
    name = hashlib.sha256("\0".join(words).encode(errors="surrogateescape")).hexdigest()
    base = os.environ.get("XDG_CACHE_HOME", "") or os.path.expanduser("~/.cache")
    return f"{base}/ihk/calls/{name}"


def _stat(path: str) -> list[int] | None:
    """Size, times of content and of the entry, and which file it is; None if there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def _all(paths: Iterable[str]) -> Iterable[str]:
    """The paths, and everything below those that are folders; what Python compiled is nobody's content."""
    for path in paths:
        yield path
        for folder, folders, files in os.walk(path, followlinks=True):
            folders[:] = [name for name in folders if name != "__pycache__"]
            for name in (*folders, *files):
                yield os.path.join(folder, name)
