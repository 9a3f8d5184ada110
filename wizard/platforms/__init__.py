"""What a rehearsal pretends: worlds, the commands that act on them, and the sandbox these run in."""
