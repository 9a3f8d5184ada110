"""The first page: procedures, and sessions to resume."""
