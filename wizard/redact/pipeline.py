"""What one stream of bytes goes through."""

from collections.abc import Sequence

from wizard.redact.dumps import DumpMask
from wizard.redact.guard import Guard
from wizard.redact.mask import LiteralMask
from wizard.redact.noise import unfinished
from wizard.redact.words import WordMask


class Pipeline:
    """Masks secrets in one stream.

    Args:
        guard: Tells what needs no closer look.
        dumps: Masks of dumps of bytes.
        literals: Masks that look through noise, one a view.
        words: Masks of whole words.
    """

    def __init__(
        self,
        guard: Guard | None,
        dumps: Sequence[DumpMask],
        literals: Sequence[LiteralMask],
        words: Sequence[WordMask],
    ) -> None:
        self._guard = guard
        self._dumps = dumps
        self._literals = literals
        self._words = words
        self._unfinished = b""

    def feed(self, chunk: bytes, *, final: bool = False) -> bytes:
        """Take the next bytes; give back what is decided."""
        if self._guard is not None:
            chunk = self._unfinished + chunk
            whole = len(chunk) - (0 if final else unfinished(chunk))
            chunk, self._unfinished = chunk[:whole], chunk[whole:]
            for dumps in self._dumps:
                chunk = dumps.feed(chunk, final=final)
            clean = self._guard.clean(chunk)
            for mask in self._literals:
                chunk = mask.feed(chunk, clean=clean, final=final)
        for words in self._words:
            chunk = words.feed(chunk, final=final)
        return chunk
