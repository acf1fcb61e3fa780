"""The comparison of two Fassungen: a change set that leaves nothing out and rebuilds both sides."""

from ihk.diff.changeset import Aenderungssatz, Eintrag, Feldaenderung, Lage, Reihenfolge
from ihk.diff.comparison import compare

__all__ = ["Aenderungssatz", "Eintrag", "Feldaenderung", "Lage", "Reihenfolge", "compare"]
