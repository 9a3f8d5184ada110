"""What one stream of bytes goes through."""

import re

from wizard.execution.redact.dumps import DumpMask
from wizard.execution.redact.known import Known
from wizard.execution.redact.mask import LiteralMask
from wizard.execution.redact.noise import STRING, unfinished
from wizard.execution.redact.overwritten import OverwrittenLines
from wizard.execution.redact.words import WordMask


_STRING_BEGINS = (re.compile(rb"\x1b[]PX^_]"), re.compile(rb"\xc2[\x90\x98\x9d-\x9f]"))


class Pipeline:
    """Masks secrets in one stream: as it is read, in escape sequences, and as its lines look in the end.

    Args:
        known: The secrets.
        counts: How often each was masked, by name; counted up.
    """

    def __init__(self, known: Known, counts: dict[str, int]) -> None:
        self._known = known
        self._counts = counts
        self._text = _Text(known, counts)
        self._lines = OverwrittenLines(self._whole)
        self._unfinished = b""

    def feed(self, chunk: bytes, *, final: bool = False) -> bytes:
        """Take the next bytes; give back what is decided."""
        chunk = self._unfinished + chunk
        whole = len(chunk) - (0 if final else unfinished(chunk))
        chunk, self._unfinished = chunk[:whole], chunk[whole:]
        if any(gate.search(chunk) for gate in _STRING_BEGINS):
            chunk = self._within_strings(chunk)
        return self._lines.feed(self._text.feed(chunk, final=final), final=final)

    def _within_strings(self, chunk: bytes) -> bytes:
        """Mask what stands in strings of escape sequences. Most hold no secret: that is seen of all of them at once."""
        together = b"\n".join(found["inside"] for found in STRING.finditer(chunk))
        if _Text(self._known, dict(self._counts)).feed(together, final=True) == together:
            return chunk
        return STRING.sub(lambda found: found["begin"] + self._whole(found["inside"]), chunk)

    def _whole(self, data: bytes) -> bytes:
        return _Text(self._known, self._counts).feed(data, final=True)


class _Text:
    """Masks secrets in the text of a stream, in bytes that end in nothing unfinished."""

    def __init__(self, known: Known, counts: dict[str, int]) -> None:
        self._guard = known.guard()
        self._dumps = [DumpMask(sought, known.marks, counts) for sought in known.sought[:1]]
        self._literals = [LiteralMask(sought, known.marks, counts) for sought in known.sought]
        self._words = [WordMask(known.words, known.marks, counts)] if known.words else []

    def feed(self, chunk: bytes, *, final: bool = False) -> bytes:
        """Take the next bytes; give back what is decided."""
        for dumps in self._dumps:
            chunk = dumps.feed(chunk, final=final)
        clean = self._guard is not None and self._guard.clean(chunk)
        for mask in self._literals:
            chunk = mask.feed(chunk, clean=clean, final=final)
        for words in self._words:
            chunk = words.feed(chunk, final=final)
        return chunk
