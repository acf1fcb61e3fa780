"""From bytes to text with places, and from German text to values."""
