"""The pretend platform of a rehearsal: a world, the commands that act on it, and the sandbox they run in (DESIGN 8).

What a launcher needs (everything but `scenario`, `sandbox` and `shortlist`) imports the standard library's light modules
only, because each pretend command is a process of its own and the operator waits for it.
"""
