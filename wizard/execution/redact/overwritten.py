"""Lines that are written over themselves: what is left to see of them at their end is searched too."""

import re
from collections.abc import Callable

from wizard.execution.sanitize import decode_line, line_text


_OVER = re.compile(rb"\x08|\r(?!\n)|(?:\x1b\[|\xc2\x9b)[0-9]{0,5}[CDG`]")
_GATES = tuple(map(re.compile, (rb"\r(?!\n)", rb"\x1b\[[0-9]{0,5}+[CDG`]", rb"\xc2\x9b")))
"""The same apart, each with its own first byte: so the search is quick."""

_LONGEST = 65536
"""Bytes of the longest line that is looked at."""

_ANEW = b"\r\x1b[2K"
"""Back to the first column, and the line is empty."""


class OverwrittenLines:
    """Writes a line anew, redacted, before its end when a secret is left to see in it.

    Backspaces, carriage returns and moves of the cursor may put together what never stood together in the stream.
    Nothing is held back for that: such a line may be a progress bar or a prompt.

    Args:
        redact: Takes the secrets out of a whole text.
    """

    def __init__(self, redact: Callable[[bytes], bytes]) -> None:
        self._redact = redact
        self._line = b""
        self._over = False

    def feed(self, chunk: bytes, *, final: bool = False) -> bytes:
        """Take the next bytes; give them back, with what was added."""
        self._over = self._over or b"\b" in chunk or any(gate.search(chunk) for gate in _GATES)
        if not self._over and not self._line.endswith(b"\r"):
            last = chunk.rfind(b"\n")
            self._line = chunk[last + 1 :] if last >= 0 else (self._line + chunk)[: _LONGEST + 1]
            return chunk
        *ends, rest = chunk.split(b"\n")
        out: list[bytes] = []
        for end in ends:
            out += [*self._ended(end), b"\n"]
        out += self._ended(rest) if final else [rest]
        self._line = (self._line + rest)[: _LONGEST + 1]
        self._over = _OVER.search(self._line) is not None
        return b"".join(out)

    def _ended(self, end: bytes) -> list[bytes]:
        """The end of a line, and behind it the line anew if that is needed."""
        line, self._line = (self._line + end).rstrip(b"\r"), b""
        if len(line) > _LONGEST or _OVER.search(line) is None or not _is_text(line):
            return [end]
        seen = line_text(decode_line(line)).encode()
        clean = self._redact(seen)
        return [end] if clean == seen else [end, _ANEW, clean]


def _is_text(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
