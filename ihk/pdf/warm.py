"""Loaded once by the server that workers are forked from: everything that each of them would have to load by itself.

Libraries are loaded, nothing is called that keeps threads, files or fonts: those would not survive the fork.
"""

import contextlib
import gc
import os
from importlib import import_module

from ihk.pdf import shortcuts
from ihk.resources import fontconfig

# The library asks fontconfig for fonts when it is loaded; it shall not look through those of the machine, and not warn if there
# are none.
os.environ["FONTCONFIG_FILE"] = str(fontconfig())
with contextlib.suppress(OSError, ImportError):  # without Pango the first part says what is missing
    shortcuts.load()
    for name in ("ihk.pdf.part", "ihk.pdf.worker"):
        import_module(name)
    import_module("pyphen").Pyphen(lang="de")  # the German patterns, 0.3 s
gc.collect()
gc.freeze()
