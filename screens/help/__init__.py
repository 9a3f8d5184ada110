"""The help page and the palette."""
