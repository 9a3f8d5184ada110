"""What a step can do: one file a kind of act, and one line for it in `kinds`."""
