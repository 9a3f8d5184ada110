"""The recorded output of a run as text, of which a long one keeps its beginning and its end."""

import os
from dataclasses import dataclass
from pathlib import Path

from wizard.execution.sanitize import plain_text
from wizard.places.plain_file import plain_file
from wizard.record.recovery import StreamReader


HEAD_BYTES = 128 * 1024
TAIL_BYTES = 64 * 1024
EXCERPT = 12 * 1024
"""Bytes of either end of an output on a page that people read."""


@dataclass(frozen=True, slots=True)
class OutputText:
    """What of an output goes into a transcript.

    Attributes:
        text: Sanitized text, with a mark where the middle was left out.
        size: Bytes in the file; None when it cannot be read.
        cut: How many bytes were left out.
        excerpt: The same with less of both ends, and a mark that says how many bytes are left out there.
    """

    text: str
    size: int | None
    cut: int = 0
    excerpt: str = ""


def output_text(path: Path, sha256: str, *, apart: bool = False) -> OutputText:
    """Read an output file, following no link.

    Args:
        path: The run's `output`.
        sha256: What the journal cites for it, named in the mark.
        apart: Whether its standard error was kept apart; each line then says which stream it is of.
    """
    try:
        with plain_file(path) as file:
            size = os.fstat(file).st_size
            text, cut = _read(
                file, size, sha256, StreamReader(path) if apart else None, first=HEAD_BYTES, last=TAIL_BYTES
            )
            excerpt, _ = _read(file, size, sha256, StreamReader(path) if apart else None, first=EXCERPT, last=EXCERPT)
            return OutputText(text, size, cut, excerpt)
    except OSError:
        return OutputText("", None)


def _read(file: int, size: int, sha256: str, streams: StreamReader | None, *, first: int, last: int) -> tuple[str, int]:
    """An output with at most so many bytes of its beginning and its end, and how many are left out."""
    if size <= first + last:
        return _text(os.pread(file, size, 0), 0, streams), 0
    head = os.pread(file, first, 0)
    head = head[: head.rfind(b"\n") + 1] or head
    tail = os.pread(file, last, size - last)
    tail = tail[tail.find(b"\n") + 1 :] or tail
    cut = size - len(head) - len(tail)
    cited = f"; the whole output has sha256 {sha256}" if sha256 else ""
    mark = f"[{cut} bytes are left out here{cited}]"
    before, after = _text(head, 0, streams), _text(tail, size - len(tail), streams)
    return f"{before.rstrip(chr(10))}\n{mark}\n{after}", cut


def _text(raw: bytes, at: int, streams: StreamReader | None) -> str:
    """The text of the bytes at an offset; where the streams are told apart, each line begins with its own."""
    if streams is None:
        return plain_text(raw)
    return "".join(_marked(plain_text(part), stream) for stream, part in streams.cut(at, raw))


def _marked(text: str, stream: int) -> str:
    return "".join(f"{stream + 1}| {line}\n" for line in text.removesuffix("\n").split("\n"))
