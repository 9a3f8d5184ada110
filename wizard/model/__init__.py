"""A procedure file: read, validated, examined, trusted, and filled in with values."""
