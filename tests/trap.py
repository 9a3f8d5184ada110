"""A trap for rehearsals: real-looking commands that leave a mark when they are started, and files nobody may change."""

import fcntl
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


NAMES = ("cf", "bash", "sh", "env", "sudo", "cat", "git", "jenkins", "python3")
EVERYBODYS = Path("/usr/local/bin/cf")


@dataclass(frozen=True)
class Trap:
    """Where things lie.

    Attributes:
        planted: Stands first in the operator's PATH.
        here: The folder the operator works in; holds the same commands.
        marks: The planted commands leave a file here when they are started.
        outside: A folder of the operator's with one file in it.
        word: A word nobody else uses, for names in shared folders.
    """

    planted: Path
    here: Path
    marks: Path
    outside: Path
    word: str

    @property
    def victim(self) -> Path:
        """A file that must stay as it is."""
        return self.outside / "victim"

    @property
    def cf(self) -> Path:
        """The planted `cf`."""
        return self.planted / "cf"

    @property
    def sprung(self) -> list[str]:
        """What was started."""
        return [path.read_text() for path in self.marks.iterdir()]


def set_trap(folder: Path) -> Trap:
    """Plant the commands and the files."""
    planted, here, marks, outside = (folder / name for name in ("planted", "here", "marks", "outside"))
    trap = Trap(planted, here, marks, outside, f"uplevel-{folder.name}")
    for place in (trap.planted, trap.here, trap.marks, trap.outside):
        place.mkdir(mode=0o700)
    trap.marks.chmod(0o777)
    for place in (trap.planted, trap.here):
        for name in NAMES:
            plant(trap, place / name)
    trap.victim.write_text("as it was\n")
    return trap


def plant(trap: Trap, path: Path) -> None:
    """One planted command."""
    path.write_text(f'#!/bin/sh\necho "$0 $*" > {trap.marks}/started.$$\necho REALLY-STARTED\n')
    path.chmod(0o755)


@contextmanager
def everybodys_cf(trap: Trap) -> Iterator[None]:
    """Plant `cf` in /usr/local/bin too, where this user may and there is none; one test at a time."""
    with (Path(tempfile.gettempdir()) / f"uplevel-tests-{os.getuid()}-cf.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        free = os.access(EVERYBODYS.parent, os.W_OK) and (not os.path.lexists(EVERYBODYS) or _left_behind())
        if free:
            plant(trap, EVERYBODYS)
        try:
            yield
        finally:
            if free:
                EVERYBODYS.unlink()


def _left_behind() -> bool:
    """Whether tests that were killed left theirs."""
    return b"REALLY-STARTED" in EVERYBODYS.read_bytes()[:1000]


def picture(*tops: Path, but: Path | None = None) -> dict[str, tuple[object, ...]]:
    """Every file below some folders: kind, mode, times and content; without what lies below `but`."""
    seen: dict[str, tuple[object, ...]] = {}
    for top in tops:
        for path in (top, *top.rglob("*")):
            if but is not None and path.is_relative_to(but):
                continue
            found = path.lstat()
            content: object = None
            if stat.S_ISREG(found.st_mode):
                content = hashlib.sha256(path.read_bytes()).hexdigest()
            elif stat.S_ISLNK(found.st_mode):
                content = path.readlink()
            seen[str(path)] = (found.st_mode, found.st_mtime_ns, found.st_nlink, content)
    return seen
