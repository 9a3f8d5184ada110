"""Programs that a step may call, usable alone: compare, copy, edit."""
