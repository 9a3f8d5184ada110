"""Which silences of a command are worth a record: long ones, and of a command that chatters only so many."""

_MOST = 20


class Silences:
    """Says when a silence is to be recorded.

    A silence is recorded when it has lasted as long as the step calls unusual, and each time it has doubled. After
    twenty records of a run, only one twice as long as any recorded before is, so that a command which speaks
    now and then does not fill the record.

    Args:
        unusual: Seconds from which the step calls a silence unusual; None where it does not say.
    """

    def __init__(self, unusual: float | None) -> None:
        self._unusual = unusual
        self._next = unusual
        self._recorded = 0
        self._longest = 0.0

    def over(self) -> None:
        """The command said something."""
        self._next = self._unusual

    def due(self, silent: float) -> bool:
        """Whether a silence that has lasted so many seconds is to be recorded now.

        Args:
            silent: Seconds since the command said something.
        """
        if self._next is None or silent < self._next:
            return False
        if self._recorded >= _MOST and silent < 2 * self._longest:
            return False
        while self._next <= silent:
            self._next *= 2
        self._recorded += 1
        self._longest = max(self._longest, silent)
        return True
