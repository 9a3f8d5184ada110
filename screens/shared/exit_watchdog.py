"""When a signal or a fault ended the wizard and the terminal does not take its goodbye, the process still ends."""

import os
from threading import Event, Thread


_PATIENCE = 2.8
"""Seconds after that; leaving must never take three."""


def end_process_soon(code: int) -> None:
    """Give the process a moment to end in order, then end it.

    A terminal that was hung up can leave Textual's threads waiting for ever, and the interpreter waits for them at its
    end, so nothing that the wizard itself still does may call this off.

    Args:
        code: What the process exits with when it does not end in order.
    """

    def wait() -> None:
        Event().wait(_PATIENCE)
        os._exit(code)

    Thread(target=wait, name="uplevel-last-resort", daemon=True).start()
