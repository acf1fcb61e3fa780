"""Commands that edit the source text of a Fassung and keep its comments."""
