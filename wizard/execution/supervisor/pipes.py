"""The streams of a command that are pipes and not the terminal."""

import os

from wizard.execution.supervisor.order import Order
from wizard.execution.supervisor.spawn import Ends


class Pipes:
    """Our ends of them, non-blocking, and the command's until they are let go.

    Attributes:
        stdin: Of its standard input, when the order has a text for it.
        private: Of its standard output, when that is private.
        stderr: Of its standard error, when that is kept apart.
    """

    def __init__(self, order: Order) -> None:
        self.stdin: int | None = None
        self._theirs: dict[str, int] = {}
        if order.stdin is not None:
            self._theirs["stdin"], self.stdin = os.pipe()
            os.set_blocking(self.stdin, False)
        self.private = self._from_command("stdout") if order.private else None
        self.stderr = self._from_command("stderr") if order.stderr_apart else None

    def ends(self, terminal: int) -> Ends:
        """The command's streams: these pipes, and the terminal for the rest."""
        return Ends(*(self._theirs.get(name, terminal) for name in ("stdin", "stdout", "stderr")))

    def close_child_ends(self) -> None:
        """Let go of the command's ends, so that an end of file can be seen."""
        for file in self._theirs.values():
            os.close(file)

    def _from_command(self, name: str) -> int:
        ours, self._theirs[name] = os.pipe()
        os.set_blocking(ours, False)
        return ours
