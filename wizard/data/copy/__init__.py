"""Moves of data from an old backend to a new one. They never change the old one."""
