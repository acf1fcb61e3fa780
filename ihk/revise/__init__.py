"""Edits the source text: opens Fassungen, adds measures, merges, brings files into their canonical form; comments stay."""
