"""The concept as frozen records; one file per part."""

from ihk.model.konzeptfassung import DAUERHAFT, Konzeptfassung, Loc, Objektart
from ihk.model.massnahme import Massnahme

__all__ = ["DAUERHAFT", "Konzeptfassung", "Loc", "Massnahme", "Objektart"]
