"""The run screen and the list of steps."""
