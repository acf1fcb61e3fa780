"""Memory that is not needed any more goes back to the system.

The allocator of the C library keeps what was freed between what is still in use. A process that makes ten megabytes of text once
and then waits would hold them to its end, beside the workers that need room at the same time.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Callable
from functools import cache


def give_back() -> None:
    """Collect what refers to itself, and return free pages. Costs some hundredths of a second; elsewhere than on glibc only collects."""
    gc.collect()
    _trim()(0)


@cache
def _trim() -> Callable[[int], object]:
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            return lambda pad: trim(ctypes.c_size_t(pad))
    return lambda _pad: None
