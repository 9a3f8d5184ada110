"""All that a run printed, whether it goes on or is over: what of it is kept, and where."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from wizard.errors import RecordProblem
from wizard.places.plain_file import plain_file
from wizard.places.private import open_folder
from wizard.record.output.output_file import OutputFile
from wizard.record.recovery import ExitReport, read_report
from wizard.record.run_layout import OUTPUT, segment_begin


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of all that was printed, and the file that has it.

    Attributes:
        file: The file.
        begin: Which byte of all that was printed is its first.
        end: Which is the one behind it.
        shift: What stands at offset 0 of the file is this byte of all that was printed.
    """

    file: OutputFile
    begin: int
    end: int
    shift: int = 0

    def read(self, at: int, most: int) -> bytes:
        """What was printed from a place in it on.

        Raises:
            OSError: It cannot be read, or is there no more.
        """
        with plain_file(self.file.path) as file:
            return os.pread(file, max(0, min(most, self.end - at)), at - self.shift)

    def apart(self, data: bytes, at: int) -> Iterator[tuple[int, bytes]]:
        """What was read from a place in it, cut where the stream changes."""
        return self.file.apart(data, at - self.shift)


class OutputLog:
    """A run's output. Places in it are counted from the first byte that was printed, whatever of it is kept.

    Args:
        folder: The run's folder; need not exist yet.
    """

    def __init__(self, folder: Path) -> None:
        self.file = OutputFile(folder / OUTPUT)
        """What there is when the run is over, and until then what came first."""
        self._folder = folder
        self._head: int | None = None
        self._report: ExitReport | None = None

    def tail(self) -> tuple[Segment, ...]:
        """What stands beside `file`, in order: nothing while that has all of it, nor as a rule after the end."""
        found: list[Segment] = []
        with suppress(OSError):
            for path in self._folder.iterdir():
                begin, file = segment_begin(path.name), OutputFile(path / OUTPUT)
                if begin is not None:
                    with suppress(OSError):  # it was removed just now
                        size = file.path.stat(follow_symlinks=False).st_size
                        found.append(Segment(file, begin, begin + size, begin))
        return tuple(sorted(found, key=lambda one: one.begin))

    def segments(self) -> tuple[Segment, ...]:
        """What of all that was printed is kept where, in order; what lies between two of them is lost.

        While the tail is appended to `file` it is in neither for a moment, as far as is told here: where it stands in
        all that was printed is known when the report is there.
        """
        report = self._over()
        size, tail = self.file.size, self.tail()
        if report is not None:
            at, lost = (size, 0) if report.kept is None else (min(report.kept.at, size), report.kept.lost)
            kept = [Segment(self.file, 0, at), Segment(self.file, at + lost, size + lost, lost)]
        else:
            if tail and self._head is None:
                self._head = size
            kept = [Segment(self.file, 0, size if self._head is None else self._head)]
        kept = [one for one in kept if one.begin < one.end]
        for one in tail:
            begin = max(one.begin, kept[-1].end if kept else 0)
            if begin < one.end:
                kept.append(replace(one, begin=begin))
        return tuple(kept)

    @property
    def end(self) -> int:
        """How many bytes were printed so far."""
        return max((one.end for one in self.segments()), default=0)

    @property
    def newest(self) -> OutputFile:
        """The file that has the last bytes."""
        segments = self.segments()
        return segments[-1].file if segments else self.file

    def last(self, most: int) -> tuple[bytes, bool]:
        """The last bytes that were printed and are kept, at most so many, and whether more were printed before them.

        Raises:
            OSError: They cannot be read.
        """
        segments = self.segments()
        end = segments[-1].end if segments else 0
        begin = max(0, end - most)
        found = [one.read(max(one.begin, begin), most) for one in segments if one.end > begin]
        return b"".join(found), begin > 0

    def _over(self) -> ExitReport | None:
        """How the run ended, which is looked for before sizes are: what it speaks of changes no more."""
        if self._report is None:
            with suppress(RecordProblem, ValueError):
                folder = open_folder(self._folder)
                try:
                    self._report = read_report(folder)
                finally:
                    os.close(folder)
        return self._report
