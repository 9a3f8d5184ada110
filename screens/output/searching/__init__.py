"""Search in a run's output by a process of its own, so that neither a large file nor a bad pattern holds up a key."""
