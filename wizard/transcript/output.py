"""The recorded output of a run as text, of which a long one keeps its beginning and its end."""

import os
from dataclasses import dataclass
from pathlib import Path

from wizard.places.plain_file import plain_file
from wizard.recovery import StreamReader
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


def output_text(path: Path, sha256: str, *, apart: bool = False) -> OutputText:
    """Read an output file, following no link.

    Args:
        path: The run's `output`.
        sha256: What the journal cites for it, named in the mark.
        apart: Whether its standard error was kept apart; each line then says which stream it is of.
    """
    try:
        with plain_file(path) as file:
            return _read(file, os.fstat(file).st_size, sha256, StreamReader(path) if apart else None)
    except OSError:
        return OutputText("", None)


def _read(file: int, size: int, sha256: str, streams: StreamReader | None) -> OutputText:
    if size <= HEAD_BYTES + TAIL_BYTES:
        return OutputText(_text(os.pread(file, size, 0), 0, streams), size)
    head = os.pread(file, HEAD_BYTES, 0)
    head = head[: head.rfind(b"\n") + 1] or head
    tail = os.pread(file, TAIL_BYTES, size - TAIL_BYTES)
    tail = tail[tail.find(b"\n") + 1 :] or tail
    cut = size - len(head) - len(tail)
    cited = f"; the whole output has sha256 {sha256}" if sha256 else ""
    mark = f"[{cut} bytes are left out here{cited}]"
    before, after = _text(head, 0, streams), _text(tail, size - len(tail), streams)
    return OutputText(f"{before.rstrip(chr(10))}\n{mark}\n{after}", size, cut)


def _text(raw: bytes, at: int, streams: StreamReader | None) -> str:
    """The text of the bytes at an offset; where the streams are told apart, each line begins with its own."""
    if streams is None:
        return plain_text(raw)
    return "".join(_marked(plain_text(part), stream) for stream, part in streams.cut(at, raw))


def _marked(text: str, stream: int) -> str:
    return "".join(f"{stream + 1}| {line}\n" for line in text.removesuffix("\n").split("\n"))
