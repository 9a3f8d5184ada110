"""Searches made in a program of their own: one that runs away ends that one alone."""

import json
from contextlib import suppress

from wizard.errors import UsageProblem
from wizard.execution.programs import ChildProgram, start_program
from wizard.fields.regex import PatternMatch


_PATIENCE = 10.0
"""Seconds to wait for one search; the system ends the program long before, unless it gets no processor."""


class SearchProblem(UsageProblem):
    """A search that came to no end."""

    title = "It was not judged"


class PatternGuard:
    """Makes searches. The program is started with the first of them, or before, by `prepare`."""

    def __init__(self) -> None:
        self._program: ChildProgram | None = None
        self._sent: str | None = None

    def prepare(self) -> None:
        """Have the program started before there is anything to search."""
        if self._program is None:
            with suppress(OSError):
                self._program, self._sent = start_program("wizard.execution.pattern_program"), None

    def search(self, pattern: str, text: str) -> PatternMatch | None:
        """The first place of a text that a pattern fits.

        Raises:
            SearchProblem: The pattern takes too long on this text, or nobody can search.
        """
        self.prepare()
        if self._program is None:
            raise SearchProblem("It was not judged: the program that tries its patterns could not be started.")
        told = self._asked(self._program, pattern, text)
        if not told.endswith(b"\n"):
            self.close()
            raise SearchProblem(
                f"It was not judged: the pattern {pattern} takes too long on this answer. "
                "Have the procedure look for something plainer."
            )
        spans = json.loads(told)
        return None if spans is None else PatternMatch(text, tuple((start, end) for start, end in spans))

    def close(self) -> None:
        """End the program."""
        program, self._program = self._program, None
        if program is not None:
            program.process.kill()
            program.end()

    def _asked(self, program: ChildProgram, pattern: str, text: str) -> bytes:
        """What the program answers, a line; less where it came to no end. It remembers the text it was sent last."""
        question = {"search": pattern} if text == self._sent else {"search": pattern, "text": text}
        self._sent = text
        told = b""
        with suppress(OSError):
            program.connection.settimeout(_PATIENCE)
            program.connection.sendall(json.dumps(question).encode() + b"\n")
            while not told.endswith(b"\n") and (data := program.connection.recv(4096)):
                told += data
        return told
