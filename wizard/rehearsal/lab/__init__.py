"""The lab of a rehearsal: real servers and programs, where the extra `lab` is installed."""
