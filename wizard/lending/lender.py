"""From what an engine says to a relay that begins and ends in time."""

from wizard.engine import Message, ScreenLent, SessionFinished, Update
from wizard.lending.relay import Relay
from wizard.record.events import RunEnded


class Lender:
    """Hears all that an engine says, in the engine's thread, and keeps the relay of the program that waits.

    The end of a program may be told before its front end came to show it; the relay then returns at once.
    """

    def __init__(self) -> None:
        self._relay: Relay | None = None
        self._run: int | None = None

    def hear(self, said: Message) -> None:
        match said:
            case ScreenLent(run=run, terminal=terminal):
                self._run, self._relay = run, Relay(terminal)
            case Update(happened=happened) if isinstance(happened.event, RunEnded):
                if happened.event.run == self._run:
                    self._end()
            case SessionFinished():
                self._end()
            case _:
                return

    def lend(self) -> str | None:
        """Show the program that waits on the real terminal until it ends.

        Returns:
            The signal that wants the wizard gone, or None.
        """
        relay = self._relay
        if relay is None:
            return None
        cause = relay.run()
        self._relay = None
        return cause

    def _end(self) -> None:
        if self._relay is not None:
            self._relay.end()
