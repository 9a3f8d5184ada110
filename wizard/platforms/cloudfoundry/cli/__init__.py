"""The pretend `cf`: answers word for word as the CLI's major version 8 does, or 7 where the world's file says so."""
