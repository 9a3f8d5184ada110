"""The pretend platform of a rehearsal: a world, the commands that act on it, and the sandbox they run in.

What a launcher needs (everything but `scenario`, `sandbox` and `shortlist`) imports light modules of the standard
library only, because each pretend command is a process of its own and the operator waits for it.
"""
