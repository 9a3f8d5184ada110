"""Signs of life of a running command, as lines: few of them, because none can be taken back."""

from collections.abc import Iterator

from wizard.engine import RunHealth
from wizard.engine.health_words import line_words, percent_words, still_words, usual_words
from wizard.session import RunState


_STEP = 10
"""Percent from one line to the next."""
_MISSES = 2


class Life:
    """Tells how running commands are doing. A long silence is an event, and told as one."""

    def __init__(self) -> None:
        self._run = 0
        self._slow = False
        self._misses = 0
        self._told = 0

    def tell(self, signs: RunHealth, run: RunState | None) -> Iterator[str]:
        """The lines that are new with these signs.

        Args:
            signs: The last ones.
            run: The run they are of; None when it is over by now.
        """
        if run is None or run.intent.run != signs.run:
            return
        if signs.run != self._run:
            self._run, self._slow, self._misses, self._told = signs.run, False, 0, 0
            if signs.still:
                yield f"● {still_words(run)}: {' '.join(run.intent.words)}"
        if signs.slow and not self._slow:
            self._slow = True
            yield f"  {usual_words(signs)}"
        yield from self._line(signs)
        yield from self._progress(signs)

    def _line(self, signs: RunHealth) -> Iterator[str]:
        """Told at the second miss: at its end a run loses its line a moment before the end is heard of."""
        if signs.connected and self._misses >= _MISSES:
            yield "  connected again"
        self._misses = 0 if signs.connected else self._misses + 1
        if self._misses == _MISSES:
            yield f"  {line_words(signs)}"

    def _progress(self, signs: RunHealth) -> Iterator[str]:
        """A line for each further ten percent; one that goes back counts anew from where it is."""
        if signs.percent is None:
            return
        reached = int(signs.percent) // _STEP
        if reached != self._told:
            self._told = reached
            yield f"  {percent_words(signs.percent)}"
