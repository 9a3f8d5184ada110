"""How far a command says it is: the last figure in the end of its output, read where it cannot hold anything up."""

import json
import re
import select
from contextlib import suppress

from wizard.execution.programs import ChildProgram, start_program
from wizard.execution.sanitize import plain_text
from wizard.record.output import OutputLog


_END = 4096
"""Bytes of the output's end that are looked at."""
_PATIENCE = 0.1
"""Seconds to wait for an answer; one that takes longer is heard at the next look."""


class Progress:
    """Reads the progress of one run after the other, in a program of its own.

    A pattern that takes too long is not used again. Nothing is raised: without a program there is no progress.

    Attributes:
        asked: The run that is being read; None while nothing is.
    """

    def __init__(self) -> None:
        self._program: ChildProgram | None = None
        self.asked: int | None = None
        self._heard = b""
        self._percents: dict[int, float | None] = {}
        self._given_up: set[int] = set()

    def prepare(self) -> None:
        """Have the program started before there is anything to read."""
        if self._program is None:
            with suppress(OSError):
                self._program = start_program("wizard.execution.pattern_program")

    def look(self, run: int, log: OutputLog, pattern: re.Pattern[str]) -> bool:
        """Read the end of an output, if nothing else is being read; tells whether that was begun.

        Args:
            run: Number of the run.
            log: Its output.
            pattern: One group for percent, or two for how much is done and how much there is.
        """
        if run in self._given_up:
            return True
        if self.asked is not None:
            return False
        try:
            end, cut = log.last(_END)
        except OSError:
            return False
        self.prepare()
        question = {"text": plain_text(end), "cut": cut, "pattern": pattern.pattern}
        if self._program is None:
            return False
        self.asked = run
        try:
            self._program.connection.sendall(json.dumps(question).encode() + b"\n")
        except OSError:
            self._ended()
            return False
        self._hear(_PATIENCE)
        return True

    def percent(self, run: int) -> float | None:
        """The last progress of a run that was read, in percent; None where there was none to be read."""
        self._hear(0.0)
        return self._percents.get(run)

    def close(self) -> None:
        """End the program."""
        program, self._program = self._program, None
        if program is not None:
            program.process.kill()
            program.end()

    def _hear(self, seconds: float) -> None:
        if self._program is None or self.asked is None:
            return
        connection = self._program.connection
        while select.select([connection], [], [], seconds)[0]:
            data = b""
            with suppress(OSError):
                data = connection.recv(4096)
            self._heard += data
            if not data:
                self._given_up.add(self.asked)
                self._ended()
            elif self._heard.endswith(b"\n"):
                percent: float | None = json.loads(self._heard)
                self._percents[self.asked] = percent
                self.asked, self._heard = None, b""
            if self.asked is None:
                return

    def _ended(self) -> None:
        """The program is gone, most likely over a pattern; the next run gets another one."""
        self.asked, self._heard = None, b""
        self.close()
