"""A run's output stream by stream, as `timing` tells them apart."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from wizard.places.plain_file import plain_file
from wizard.record.recovery.timing import TIMING, Stream, read_timing


_PIECE = 1 << 20


def stream_spans(output: Path) -> Iterator[tuple[int, int, int]]:
    """Stream, begin and end of the parts of an output, in order and without gaps; neighbours are of two streams.

    Args:
        output: The run's `output`; its `timing` stands beside it. What no record speaks of came from the terminal.
    """
    size = 0
    with suppress(OSError):
        size = output.stat(follow_symlinks=False).st_size
    begin, stream = 0, int(Stream.TERMINAL)
    for piece in read_timing(output.with_name(TIMING)):
        if piece.offset >= size:
            break
        if piece.stream != stream:
            if piece.offset > begin:
                yield stream, begin, piece.offset
            begin, stream = piece.offset, piece.stream
    if size > begin:
        yield stream, begin, size


class StreamReader:
    """Tells the streams of an output that grows, read from its beginning to its end.

    Args:
        output: The run's `output`; its `timing` stands beside it.
    """

    def __init__(self, output: Path) -> None:
        self._timing = output.with_name(TIMING)
        self._read = 0
        self._stream = int(Stream.TERMINAL)

    def cut(self, at: int, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Cut bytes of the output where their stream changes.

        Args:
            at: Their offset; never lower than that of the call before.
            data: The bytes.

        Yields:
            The stream and the bytes of each part.
        """
        begin = at
        for piece in read_timing(self._timing, self._read):
            if piece.offset >= at + len(data):
                break
            self._read += 1
            if piece.stream == self._stream:
                continue
            if piece.offset > begin:
                yield self._stream, data[begin - at : piece.offset - at]
                begin = piece.offset
            self._stream = piece.stream
        if data[begin - at :]:
            yield self._stream, data[begin - at :]


def stream_ends(output: Path, stream: int, head: int, tail: int) -> tuple[bytes, bytes, bool]:
    """The beginning and the end of what one stream printed.

    Args:
        output: The run's `output`.
        stream: Which one.
        head: Bytes of the beginning at most.
        tail: Bytes of the end at most.

    Returns:
        Both, and whether nothing is left out between them.

    Raises:
        OSError: It cannot be read.
    """
    first, last, cut = bytearray(), bytearray(), False
    with plain_file(output) as file:
        for one, begin, end in stream_spans(output):
            at = begin
            while one == stream and at < end:
                data = os.pread(file, min(_PIECE, end - at), at)
                if not data:
                    break
                at += len(data)
                taken = head - len(first)
                first += data[:taken]
                last += data[taken:]
                if len(last) > 2 * tail:
                    del last[: len(last) - tail]
                    cut = True
    return bytes(first), bytes(last[-tail:]), not cut and len(last) <= tail
