"""The engine of uplevel: procedures, sessions, journal, supervisors, rehearsal. No user interface lives here."""
