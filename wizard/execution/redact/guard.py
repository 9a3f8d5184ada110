"""Tells in one quick pass that no secret stands in a stretch of a stream; most stretches end here."""

from collections.abc import Iterable
from copy import copy

from wizard.execution.redact.finder import LiteralFinder
from wizard.execution.redact.noise import digits


_SHORTEST = 4
"""Bytes of a squeezed literal below which it stands nearly everywhere."""


class Prefilter:
    """Looks for all literals of all views at once, in a text with the noise of all views taken out.

    Args:
        literals: What is looked for later, each in its view.
    """

    def __init__(self, literals: Iterable[bytes]) -> None:
        squeezed = dict.fromkeys(map(digits, literals), "")
        self._blind = any(len(each) < _SHORTEST for each in squeezed)
        self._finder = LiteralFinder(squeezed)
        self._longest = max(map(len, squeezed))
        self._before = b""

    def anew(self) -> "Prefilter":
        """The same for another stream."""
        other = copy(self)
        other._before = b""  # noqa: SLF001  # its own class
        return other

    def clean(self, chunk: bytes) -> bool:
        """Whether no literal ends in the next bytes of the stream, which end in nothing unfinished."""
        if self._blind:
            return False
        text = self._before + digits(chunk)
        self._before = text[-self._longest :]
        return next(self._finder.found(text), None) is None
