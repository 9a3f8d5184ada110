"""The bell of a terminal, for whoever looked away while a command ran or time had to pass."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from wizard import settings
from wizard.plain.lines import LinePrinter
from wizard.record.events import Asked
from wizard.session.calling import BELL, Calling


class Bell:
    """Rings when a person is waited for again after a while, unless the operator wants quiet.

    Args:
        lines: Whose terminal.
        clock: Seconds.
    """

    def __init__(self, lines: LinePrinter, clock: Callable[[], float] = monotonic) -> None:
        self._lines = lines
        self._clock = clock
        self._calling = Calling(clock())
        self._wanted = settings.own()[BELL]

    @contextmanager
    def asking(self, question: Asked) -> Iterator[None]:
        """A question stands there; one that closes when its time has passed waits for nobody."""
        if question.question_kind != "soak" and self._calling.waits(self._clock()) and self._wanted:
            self._lines.ring()
        try:
            yield
        finally:
            self._calling.works(self._clock())
