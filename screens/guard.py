"""A key pressed before a question was drawn does not answer it."""

from collections.abc import Callable
from time import monotonic


SETTLING = 0.4
"""Seconds after the meaning of the screen changed during which keys that answer are ignored."""


class KeyGuard:
    """Knows since when the screen means what it means now.

    Args:
        clock: Seconds that only go forward; tests inject their own.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._meaning: object = None
        self._drawn_at: float | None = None

    def changed(self, meaning: object) -> bool:
        """Tell what the screen means from now on; True when that is new and must be drawn first."""
        if meaning == self._meaning:
            return False
        self._meaning = meaning
        self._drawn_at = None
        return True

    def drawn(self) -> None:
        """Tell that the present meaning stands on the screen."""
        if self._drawn_at is None:
            self._drawn_at = self._clock()

    @property
    def ready(self) -> bool:
        """Whether a key pressed now may answer."""
        return self._drawn_at is not None and self._clock() - self._drawn_at >= SETTLING
