"""The commands of uplevel that a step may call."""

OWN = "uplevel"
CALLED = ("compare", "copy", "edit")
"""They look or change one thing, and open no session."""
