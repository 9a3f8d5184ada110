"""Searches tried in a program of their own before the engine makes them: one that runs away ends that one alone."""

import json
from collections.abc import Sequence
from contextlib import suppress

from wizard.checks import PatternSearch
from wizard.execution.runner.programs import HelperProgram, start_program


_PATIENCE = 10.0
"""Seconds to wait for one search; the system ends the program long before, unless it gets no processor."""


class PatternGuard:
    """Tries searches. The program is started with the first of them, or before, by `prepare`."""

    def __init__(self) -> None:
        self._program: HelperProgram | None = None

    def prepare(self) -> None:
        """Have the program started before there is anything to try."""
        if self._program is None:
            with suppress(OSError):
                self._program = start_program("wizard.execution.pattern_program")

    def check(self, searches: Sequence[PatternSearch]) -> str:
        """Why these searches must not be made, as a sentence; empty where each of them came to its end."""
        if not searches:
            return ""
        self.prepare()
        if self._program is None:
            return "It was not judged: the program that tries its patterns could not be started."
        ended = self._ended(self._program, searches)
        if ended == len(searches):
            return ""
        self.close()
        return (
            f"It was not judged: the pattern {searches[ended].pattern} takes too long on this answer. "
            "Have the procedure look for something plainer."
        )

    def close(self) -> None:
        """End the program."""
        program, self._program = self._program, None
        if program is not None:
            program.process.kill()
            program.end()

    def _ended(self, program: HelperProgram, searches: Sequence[PatternSearch]) -> int:
        """How many of the searches, from the first on, came to their end."""
        texts = list(dict.fromkeys(search.text for search in searches))
        where = {text: at for at, text in enumerate(texts)}
        question = {"texts": texts, "searches": [(each.pattern, where[each.text]) for each in searches]}
        ended = 0
        with suppress(OSError):
            program.connection.settimeout(_PATIENCE)
            program.connection.sendall(json.dumps(question).encode() + b"\n")
            while ended < len(searches):
                data = program.connection.recv(4096)
                if not data:
                    break
                ended += len(data)
        return ended
