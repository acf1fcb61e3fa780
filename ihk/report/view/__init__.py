"""The model as frozen view objects: everything formatted, sorted and summed; templates only loop, branch and print."""

from ihk.report.view.bericht import Auswahl, Bericht, bericht_view
from ihk.report.view.index import Eintragung, index_view
from ihk.report.view.status import Statusseite, status_view
from ihk.report.view.synopse import Synopse, synopse_view
from ihk.report.view.verlauf import Verlaufsseite, verlauf_view

__all__ = [
    "Auswahl",
    "Bericht",
    "Eintragung",
    "Statusseite",
    "Synopse",
    "Verlaufsseite",
    "bericht_view",
    "index_view",
    "status_view",
    "synopse_view",
    "verlauf_view",
]
