"""Looking on at a session that somebody else has open: its record as it grows, and nothing is ever written."""

import os
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from wizard.engine.messages import Update
from wizard.engine.session_procedure import own_copy
from wizard.errors import EvidenceBroken, RecordProblem, UsageProblem
from wizard.places.private import open_file
from wizard.record.journal import SessionFolder
from wizard.record.journal.line import parse
from wizard.record.locks import is_held
from wizard.record.output import OutputLog
from wizard.session import SessionState, follow, require_known_step
from wizard.session.plan_input import PlanInput
from wizard.session.record_shape import happened_of


_PIECE = 1 << 20


class Observed:
    """A session as an observer sees it.

    Args:
        path: The session's folder.

    Raises:
        UplevelError: Its record or its copy of the procedure cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._folder = SessionFolder.open(path)
        try:
            self._file = open_file(self._folder.journal, os.O_RDONLY)
        except OSError as problem:
            raise RecordProblem(f"The record of {path.name} cannot be read: {problem.strerror}.") from problem
        self._at = 0
        self._prev: str | None = None
        self._state: SessionState | None = None
        self._steps: frozenset[str] = frozenset()
        self._situation: PlanInput | None = None
        self._ready: list[Update] = list(self._read())
        if self._situation is None:
            raise UsageProblem(f"The record of {path.name} has no beginning yet.", "Try again in a moment.")

    @property
    def plan_input(self) -> PlanInput:
        """What views need beside the state."""
        if self._situation is None:
            raise ValueError("there is no first record")
        return self._situation

    @property
    def state(self) -> SessionState:
        """The state after what was read."""
        if self._state is None:
            raise ValueError("there is no first record")
        return self._state

    @property
    def attended(self) -> bool:
        """Whether somebody has the session open now."""
        return is_held(self._folder.path)

    def output(self, run: int) -> OutputLog:
        """What a run printed; there may be nothing of it yet."""
        return OutputLog(self._folder.run(run))

    def news(self) -> list[Update]:
        """What was recorded since the last time.

        Raises:
            EvidenceBroken: What was added does not continue the record.
            UsageProblem: This version of uplevel does not know a record.
        """
        told, self._ready = self._ready, []
        return [*told, *self._read()]

    def close(self) -> None:
        """Look no longer."""
        os.close(self._file)

    def _read(self) -> Iterator[Update]:
        if os.fstat(self._file).st_size < self._at:
            raise EvidenceBroken("The record is shorter than it was; `uplevel verify` tells where it ends.")
        # From the end of the last whole line: what stands behind it may be taken back, and written anew.
        while b"\n" in (data := os.pread(self._file, _PIECE, self._at)):
            for line in data[: data.rindex(b"\n") + 1].splitlines(keepends=True):
                self._at += len(line)
                yield self._update(line)

    def _update(self, line: bytes) -> Update:
        record = parse(line)
        if isinstance(record, str) or self._prev not in {None, record.prev}:
            raise EvidenceBroken("The record does not continue as it began; `uplevel verify` tells where.")
        self._prev = record.h
        try:
            happened = happened_of(record)
        except ValidationError as problem:
            raise UsageProblem(
                f"Record {record.seq} of this session ({record.kind}) is not known to this version of uplevel.",
                "Look on with the version that writes it.",
            ) from problem
        self._state = follow(self._state, happened)
        if self._situation is None:
            procedure = own_copy(self._folder, self._state).procedure
            self._steps = frozenset(step.id for step in procedure.steps())
            self._situation = PlanInput(procedure, locks=self._state.opened.mode != "rehearsal")
        require_known_step(happened, self._steps)
        return Update(happened, self._state)
