"""ihk: versioned concept files of an Integriertes Handlungskonzept become checked reports and comparisons."""

__version__ = "0.1.0"
