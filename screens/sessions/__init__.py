"""All sessions."""
