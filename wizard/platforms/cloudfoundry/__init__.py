"""The pretend Cloud Foundry: what exists on it, what becomes of it, and its command line client."""
