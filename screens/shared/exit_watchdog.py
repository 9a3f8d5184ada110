"""When a signal ended the wizard and the terminal does not take its goodbye, the process still ends."""

import os
from threading import Event, Thread


_PATIENCE = 2.8
"""Seconds after the signal; leaving must never take three."""


class ExitWatchdog:
    """Ends the process by itself unless it is disarmed in time.

    A terminal that was hung up can leave Textual's writer waiting for ever.
    """

    def __init__(self) -> None:
        self._left = Event()

    def arm(self, code: int) -> None:
        """From now on the process has a moment to end in order.

        Args:
            code: What it exits with when it does not.
        """

        def wait() -> None:
            if not self._left.wait(_PATIENCE):
                os._exit(code)

        Thread(target=wait, name="uplevel-last-resort", daemon=True).start()

    def disarm(self) -> None:
        """The process ends in order."""
        self._left.set()
