"""The recorded output of a run as text, of which a long one keeps its beginning and its end."""

from dataclasses import dataclass

from wizard.execution.sanitize import plain_text
from wizard.record.output import OutputFile


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


def output_text(file: OutputFile, sha256: str, *, apart: bool = False) -> OutputText:
    """Read an output file, following no link.

    Args:
        file: The run's `output`.
        sha256: What the journal cites for it, named in the mark.
        apart: Whether its standard error was kept apart; each line then says which stream it is of.
    """
    try:
        text, size, cut = _read(file, sha256, apart=apart, first=HEAD_BYTES, last=TAIL_BYTES)
        excerpt, *_ = _read(file, sha256, apart=apart, first=EXCERPT, last=EXCERPT)
        return OutputText(text, size, cut, excerpt)
    except OSError:
        return OutputText("", None)


def _read(file: OutputFile, sha256: str, *, apart: bool, first: int, last: int) -> tuple[str, int, int]:
    """An output with at most so many bytes of its beginning and its end, its size, and how many are left out."""
    head, tail, cut = file.ends(first, last)
    size = len(head) + cut + len(tail)
    if not cut:
        return _text(file, head + tail, 0, apart=apart), size, 0
    head = head[: head.rfind(b"\n") + 1] or head
    tail = tail[tail.find(b"\n") + 1 :] or tail
    cut = size - len(head) - len(tail)
    cited = f"; the whole output has sha256 {sha256}" if sha256 else ""
    mark = f"[{cut} bytes are left out here{cited}]"
    before, after = _text(file, head, 0, apart=apart), _text(file, tail, size - len(tail), apart=apart)
    return f"{before.rstrip(chr(10))}\n{mark}\n{after}", size, cut


def _text(file: OutputFile, raw: bytes, at: int, *, apart: bool) -> str:
    """The text of the bytes at an offset; where the streams are told apart, each line begins with its own."""
    if not apart:
        return plain_text(raw)
    return "".join(_marked(plain_text(part), stream) for stream, part in file.apart(raw, at))


def _marked(text: str, stream: int) -> str:
    return "".join(f"{stream + 1}| {line}\n" for line in text.removesuffix("\n").split("\n"))
