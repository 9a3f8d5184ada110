"""The start page, its form, and what it tells while a session is opened."""
