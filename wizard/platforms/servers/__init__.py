"""Real servers in a rehearsal, of the extra `lab`: databases and caches that pretend service instances stand on."""
