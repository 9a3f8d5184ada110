"""The transcript of a session, to read."""
