"""Secrets out of dumps of bytes, where offsets and second columns stand between one byte and the next."""

import re
from collections.abc import Mapping

from wizard.execution.redact.dump_lines import LONGEST, DumpLine, begun, dump_line
from wizard.execution.redact.mask import Sought
from wizard.execution.redact.views import NoiseMap


_LIKELY = re.compile(rb"\n[0-9A-Fa-f]{6,16}:?[ \t]+(?:[0-9A-Fa-f]{2}|  ?[ -~])")
_MOST_LINES = 256
"""Lines held at most, whatever stands in them."""


class DumpMask:
    """Masks literals in the bytes that the lines of a dump spell. Holds lines whose end may be a secret's beginning.

    Args:
        sought: What is masked.
        marks: What stands for each name.
        counts: How often each name was masked; counted up.
    """

    def __init__(self, sought: Sought, marks: Mapping[str, bytes], counts: dict[str, int]) -> None:
        self._sought = sought
        self._marks = marks
        self._counts = counts
        self._line: bytes | None = b""
        self._shown = 0
        self._block: list[DumpLine] = []
        self._settled = [0, 0]

    def feed(self, chunk: bytes, *, final: bool = False) -> bytes:
        """Take the next bytes; give back what is decided."""
        if not self._concerned(chunk):
            last = chunk.rfind(b"\n")
            if last < 0:
                return chunk if self._line is None else self._begin(self._line + chunk)
            self._line, self._shown = b"", 0
            return chunk[: last + 1] + self._begin(chunk[last + 1 :])
        *lines, rest = (chunk if self._line is None else self._line + chunk).split(b"\n")
        out = b"".join(self._taken(line + b"\n") for line in lines)
        if final and rest:
            return out + self._taken(rest) + self._flush()
        out += self._emit(self._hold())
        return out + self._begin(rest) + (self._flush() if final else b"")

    def _concerned(self, chunk: bytes) -> bool:
        """Whether a line of a dump may stand in what is known now."""
        if self._block or (self._line is not None and len(self._line) > self._shown):
            return True
        if self._line is not None and b"\n" in chunk:
            first = (self._line + chunk[:LONGEST]).partition(b"\n")[0]
            if dump_line(first, 0) is not None:
                return True
        return _LIKELY.search(chunk) is not None

    def _taken(self, line: bytes) -> bytes:
        """Take one whole line; give back what is decided by it."""
        fresh = self._line is not None
        dumped = dump_line(line, self._shown) if fresh else None
        out = b""
        if dumped is None:
            out = self._flush() + line[self._shown if fresh else 0 :]
        else:
            self._block.append(dumped)
            if len(self._block) > _MOST_LINES:
                out = self._emit(self._hold())
            if len(self._block) > _MOST_LINES:
                out += self._flush()
        self._line, self._shown = b"", 0
        return out

    def _begin(self, rest: bytes) -> bytes:
        """Take the beginning of a line; give back what of it cannot be the bytes of a dump."""
        if self._line is None:
            return rest
        offset = begun(rest)
        if offset is None:
            out = self._flush() + rest[self._shown :]
            self._line, self._shown = None, 0
            return out
        stop = 0 if self._block else max(offset, self._shown)
        out, self._shown = rest[self._shown : stop], max(stop, self._shown)
        self._line = rest
        return out

    def _flush(self) -> bytes:
        for order in (0, 1):
            self._settle(order, final=True)
        return self._emit(len(self._block))

    def _hold(self) -> int:
        """How many of the lines are decided."""
        return min(self._settle(order, final=False) for order in (0, 1))

    def _settle(self, order: int, *, final: bool) -> int:
        """Mask what is known now, the bytes of each unit read from its begin or from its end.

        Returns:
            How many of the lines are decided.
        """
        owners = [
            (line, place, unit[2][:: -1 if order else 1])
            for line in self._block
            for place, unit in enumerate(line.units)
        ]
        data = b"".join(unit for _, _, unit in owners)
        text = self._sought.view.quiet(data)
        hold = len(text) if final else self._sought.held(text)
        spans = self._sought.finder.spans(text, hold)
        if not spans and hold == len(text):
            self._settled[order] = len(data)
            return len(self._block)
        noise = NoiseMap.of(self._sought.view, data, 0)
        stop = noise.place(hold) if hold < len(text) else len(data)
        owner = [at for at, (_, _, unit) in enumerate(owners) for _ in unit]
        for begin, end, name in spans:
            first, last = noise.place(begin), noise.place(end - 1)
            if first >= self._settled[order]:
                self._mask([owners[at][:2] for at in range(owner[first], owner[last] + 1)], name)
        self._settled[order] = stop
        return self._lines_before(stop)

    def _mask(self, units: list[tuple[DumpLine, int]], name: str) -> None:
        line, place = units[0]
        if place not in line.masked:
            line.masked[place] = self._marks[name]
            self._counts[name] += 1
        for line, place in units[1:]:
            line.masked.setdefault(place, b"")

    def _lines_before(self, stop: int) -> int:
        size = 0
        for number, line in enumerate(self._block):
            size += sum(len(unit[2]) for unit in line.units)
            if size > stop:
                return number
        return len(self._block)

    def _emit(self, count: int) -> bytes:
        gone, self._block = self._block[:count], self._block[count:]
        size = sum(len(unit[2]) for line in gone for unit in line.units)
        self._settled = [max(0, settled - size) for settled in self._settled]
        return b"".join(line.clean() for line in gone)
