"""The model as frozen view objects: everything formatted, sorted and summed; templates only loop, branch and print."""

from ihk.report.view.bericht import Auswahl, Bericht, bericht_view
from ihk.report.view.index import Eintragung, index_view
from ihk.report.view.synopse import Synopse, synopse_view

__all__ = ["Auswahl", "Bericht", "Eintragung", "Synopse", "bericht_view", "index_view", "synopse_view"]
