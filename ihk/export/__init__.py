"""The data for other systems."""
