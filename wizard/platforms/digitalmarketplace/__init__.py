"""The estate of the Digital Marketplace: its jobs, its scripts, what its apps answer."""
