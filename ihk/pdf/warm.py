"""Loaded once by the server that workers are forked from: everything that each of them would have to load by itself.

Libraries are loaded, nothing is called that keeps threads, files or fonts: those would not survive the fork.
"""

import contextlib
import gc

with contextlib.suppress(OSError, ImportError):  # without Pango the first part says what is missing
    import pyphen
    import weasyprint.pdf  # noqa: F401  # loading it is the purpose

    import ihk.pdf.part
    import ihk.pdf.worker  # noqa: F401  # for the workers

    pyphen.Pyphen(lang="de")  # the German patterns, 0.3 s
gc.collect()
gc.freeze()
