"""The fate of every object over all Fassungen of a concept: data only, made from the chain of its change sets."""

from ihk.history.folge import Folge, Glied, folge
from ihk.history.verlauf import Bahn, Verbindung, Verlauf, Wandel, Zustand, auszug, verlauf

__all__ = ["Bahn", "Folge", "Glied", "Verbindung", "Verlauf", "Wandel", "Zustand", "auszug", "folge", "verlauf"]
