"""What every pretend platform is made of: its world, its commands and their launchers, the sandbox they run in."""
