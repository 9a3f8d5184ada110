"""The output of a command: pane, search, marking, saving."""
