"""What a crash tells: type, redacted message, file and line. Never local variables, never a traceback."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from traceback import walk_tb

from textual.worker import WorkerFailed

from wizard.execution.sanitize import sanitize_text


_HOUSE = Path(__file__).parents[2]
_PACKAGES = (_HOUSE / "screens", _HOUSE / "wizard")


@dataclass(frozen=True, slots=True)
class Crash:
    """One crash of the wizard itself.

    Attributes:
        kind: Type of the error.
        message: What it said, redacted.
        place: File and line, below the package.
    """

    kind: str
    message: str
    place: str

    def told(self, way_on: str = "") -> str:
        """The report as it is written to the terminal.

        Args:
            way_on: What can be done with the session that was open; empty when none was.
        """
        said = f": {self.message}" if self.message else ""
        lines = ["uplevel stopped because of a fault of its own.", f"  {self.kind}{said}", f"  at {self.place}"]
        if way_on:
            lines += ["A command that was running goes on without uplevel.", way_on]
        return "\n".join(lines) + "\n"


def crash_of(error: BaseException, redact: Callable[[str], str]) -> Crash:
    """The report of an error.

    Args:
        error: What was raised.
        redact: Takes the secrets out of its message.
    """
    if isinstance(error, WorkerFailed):
        error = error.error
    message = " ".join(sanitize_text(redact(str(error)), newlines=True).split())
    return Crash(type(error).__name__, message[:300], _place(error))


def _place(error: BaseException) -> str:
    """File and line of the innermost frame that is ours, else of the innermost one."""
    frames = [(Path(frame.f_code.co_filename), line) for frame, line in walk_tb(error.__traceback__)]
    ours = [(path.relative_to(_HOUSE), line) for path, line in frames if any(map(path.is_relative_to, _PACKAGES))]
    others = [(Path(*path.parts[-2:]), line) for path, line in frames]
    for path, line in reversed(ours or others):
        return f"{path.as_posix()}:{line}"
    return "an unknown place"
