"""Loaded once by the server that workers are forked from: everything that each of them would have to load by itself.

Libraries are loaded, nothing is called that keeps threads, files or fonts: those would not survive the fork.
"""

import contextlib
import gc
from importlib import import_module

from ihk.pdf import shortcuts
from ihk.resources import fontconfig

with contextlib.suppress(OSError, ImportError):  # without Pango the first part says what is missing
    shortcuts.load(fontconfig())
    for name in ("ihk.pdf.part", "ihk.pdf.worker"):
        import_module(name)
    import_module("pyphen").Pyphen(lang="de")  # the German patterns, 0.3 s
gc.collect()
gc.freeze()
