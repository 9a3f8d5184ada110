"""The end of an output that is longer than what is kept of it, while its command runs.

The beginning stands in `output`. What follows goes to segments: the folder `tail.OFFSET` holds an `output` and a
`timing` of its own, which begin at that byte of all that was printed. Old segments go as new ones come. When the
command has ended, the supervisor appends them to the run's `output` and removes them; of a supervisor that was killed
they stay, as evidence.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


_NAME = re.compile(r"tail\.([0-9]{1,20})")


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the end of an output.

    Attributes:
        output: The file; its `timing` stands beside it and counts from this file's beginning.
        begin: Which byte of all that the command printed is its first.
        size: Bytes in it now; the last segment grows.
    """

    output: Path
    begin: int
    size: int

    @property
    def end(self) -> int:
        """The byte of all that the command printed that comes after it."""
        return self.begin + self.size


def segment_name(begin: int) -> str:
    """The name of the folder of the segment that begins there."""
    return f"tail.{begin}"


def tail_segments(folder: Path) -> tuple[Segment, ...]:
    """The segments in a run's folder, in order; none while `output` has all of it, and none after the end.

    What was printed between the end of `output` and the first segment is not kept.

    Args:
        folder: The run's folder, which holds `output`.
    """
    found: list[Segment] = []
    with suppress(OSError):
        for path in folder.iterdir():
            name = _NAME.fullmatch(path.name)
            if name is not None:
                with suppress(OSError):  # it was removed just now
                    size = (path / "output").stat(follow_symlinks=False).st_size
                    found.append(Segment(path / "output", int(name[1]), size))
    return tuple(sorted(found, key=lambda one: one.begin))
