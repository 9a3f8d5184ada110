"""The terminal that the wizard itself sits on, for programs that are to have all of it."""

import os


_USUAL = (80, 24)


def terminal_size() -> tuple[int, int] | None:
    """Columns and rows of the terminal that keys come from and that is written to; None where it is not one."""
    if not (os.isatty(0) and os.isatty(1)):
        return None
    try:
        columns, rows = os.get_terminal_size(1)
    except OSError:
        return None
    return (columns, rows) if columns > 0 and rows > 0 else _USUAL
