"""Edits the source text: opens Fassungen, adds measures, brings files into their canonical form, merges; comments stay."""
