"""The recorded output of a run as text, of which a long one keeps its beginning and its end."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from wizard.sanitize import plain_text


HEAD_BYTES = 128 * 1024
TAIL_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class OutputText:
    """What of an output goes into a transcript.

    Attributes:
        text: Sanitized text, with a mark where the middle was left out.
        size: Bytes in the file; None when it cannot be read.
        cut: How many bytes were left out.
    """

    text: str
    size: int | None
    cut: int = 0


def output_text(path: Path, sha256: str) -> OutputText:
    """Read an output file, following no link.

    Args:
        path: The run's `output`.
        sha256: What the journal cites for it, named in the mark.
    """
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return OutputText("", None)
    try:
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode):
            return OutputText("", None)
        return _read(file, found.st_size, sha256)
    finally:
        os.close(file)


def _read(file: int, size: int, sha256: str) -> OutputText:
    if size <= HEAD_BYTES + TAIL_BYTES:
        return OutputText(plain_text(os.pread(file, size, 0)), size)
    head = os.pread(file, HEAD_BYTES, 0)
    head = head[: head.rfind(b"\n") + 1] or head
    tail = os.pread(file, TAIL_BYTES, size - TAIL_BYTES)
    tail = tail[tail.find(b"\n") + 1 :] or tail
    cut = size - len(head) - len(tail)
    cited = f"; the whole output has sha256 {sha256}" if sha256 else ""
    mark = f"[{cut} bytes are left out here{cited}]"
    before, after = plain_text(head), plain_text(tail)
    return OutputText(f"{before.rstrip(chr(10))}\n{mark}\n{after}", size, cut)
