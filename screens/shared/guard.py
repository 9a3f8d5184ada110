"""A key pressed before a question was drawn does not answer it, and a key that is part of a text means nothing."""

from collections.abc import Callable
from time import monotonic

from textual.events import Event


SETTLING = 0.4
"""Seconds after the meaning of the screen changed during which keys that answer are ignored."""

BURST = 1.0
"""Seconds within which a printable key that follows another is a part of a text."""

OPENING = 0.45
"""Seconds a letter that leaves the screen or writes a file waits, since it may be the first one of a text."""


EARLY = "That key came before this was drawn, so it did nothing. Wait a second, then press it again."


class Ticks:
    """Seconds that only go forward; tests give their own."""

    def now(self) -> float:
        """The present moment."""
        return monotonic()

    def of(self, event: Event) -> float:
        """When the event was read, however long the screen was busy since."""
        return event.time


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
        self.covered()
        return True

    def means(self, meaning: object) -> bool:
        """Whether that is what the screen means as it was drawn last."""
        return meaning == self._meaning

    def covered(self) -> None:
        """Tell that it cannot be seen; it must be drawn again, whatever it means."""
        self._drawn_at = None

    def drawn(self) -> None:
        """Tell that the present meaning stands on the screen."""
        if self._drawn_at is None:
            self._drawn_at = self._clock()

    @property
    def ready(self) -> bool:
        """Whether a key pressed now may answer."""
        return self.ready_at(self._clock())

    def ready_at(self, moment: float) -> bool:
        """Whether a key pressed at that moment may answer."""
        return self._drawn_at is not None and moment - self._drawn_at >= SETTLING


class Typing:
    """Tells the keys of a text from those that stand alone."""

    def __init__(self) -> None:
        self._printed_at: float | None = None
        self._text_at: float | None = None

    def printed(self, moment: float) -> bool:
        """A printable key was pressed, wherever it went, or a paste came; whether it is a part of a text."""
        follows = self._printed_at is not None and moment - self._printed_at < BURST
        self._printed_at = moment
        return follows

    def deliberate(self) -> None:
        """A key did something that no letter does: whatever was typed before it is over."""
        self._printed_at = None

    def misplaced(self, moment: float) -> None:
        """A text was typed where none is wanted."""
        self._text_at = moment

    def ends_text(self, moment: float) -> bool:
        """Whether Enter pressed at that moment belongs to a text that was typed where none is wanted."""
        return self._text_at is not None and moment - self._text_at < BURST
