"""What every part of the engine works with: one session's journal, execution environment, secrets, runner and inbox."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from wizard.clock import Clock
from wizard.engine.auto import AutoOperator
from wizard.engine.environments import ExecutionEnvironment
from wizard.engine.messages import Intention, UsualTimes
from wizard.engine.recorder import Recorder
from wizard.engine.takeover_listener import TakeOverRequest
from wizard.engine.vault import Vault
from wizard.errors import RecordProblem
from wizard.execution.runner import Notice, Runner
from wizard.inbox import Inbox
from wizard.model.procedure import Operation, Procedure, Step
from wizard.places.ports import Ports
from wizard.record.events import CheckpointSigned, CheckpointUnsigned, Event
from wizard.record.journal import CheckLog, SessionFolder
from wizard.record.journal.kinds import NAMESPACES
from wizard.record.locks import LocksFolder
from wizard.record.output import OutputLog
from wizard.record.signing import Unsigned, fingerprint, head_text, sign
from wizard.session import SessionState, Stage
from wizard.session.plan_input import PlanInput
from wizard.session.record_shape import happened_of


_AFTER_THE_CLOSE = 8
"""Records that follow a closing record at most, before the last signature."""


class _Checkpoint(TypedDict):
    count: int
    head: str
    namespace: str
    key: str
    file: str


class Wake:
    """Something finished in another thread; look again."""


@dataclass(slots=True)
class SessionContext:
    """The parts of one session's engine.

    Attributes:
        procedure: The session's own copy.
        folder: The session's folder.
        recorder: Journal and state.
        checks: Where answers of checks are kept.
        environment: Where commands run.
        vault: Secrets.
        runner: Starts and follows commands.
        clock: Time and ids.
        by_hand: Acts this session does not start itself.
        private: The folder `${private}` names.
        user: Who sits here, for records of who asked.
        key: The ssh key that signs heads, or None for the agent's first.
        auto: The good operator, in rehearsals that play by themselves.
        dwell: Real seconds an automatic answer takes, so that a person can watch.
        inbox: Intentions and notices, in order of arrival.
        private_outputs: Private outputs of runs, by number, for captures alone.
        usual: How long things usually take; empty until that is known.
        reattached: Runs that were running already when the session was resumed.
        pane: Columns and rows that a command gets; never under 80 columns.
        left: Why the engine leaves its loop; None while it goes on.
        told: What is to be said of that at last.
        signing: Why nothing is signed any more: what signs did not answer once, and would be waited for each time.
        locks: Where locks of targets lie; None for a rehearsal, which holds no target.
        ports: The local ports it has taken for itself.
        wake: Put into the inbox when something finished elsewhere.
    """

    procedure: Procedure
    folder: SessionFolder
    recorder: Recorder
    checks: CheckLog
    environment: ExecutionEnvironment
    vault: Vault
    runner: Runner
    clock: Clock
    by_hand: Mapping[str, str]
    private: Path
    user: str
    key: Path | None = None
    auto: AutoOperator | None = None
    dwell: float = 0.0
    inbox: Inbox[Intention | Notice | Wake | TakeOverRequest | UsualTimes] = field(default_factory=Inbox)
    private_outputs: dict[int, str] = field(default_factory=dict)
    usual: UsualTimes = field(default_factory=lambda: UsualTimes({}))
    reattached: set[int] = field(default_factory=set)
    pane: tuple[int, int] = (120, 40)
    left: str | None = None
    told: str = ""
    signing: str = ""
    locks: LocksFolder | None = None
    ports: Ports = field(default_factory=Ports)
    wake: Wake = field(default_factory=Wake)

    @property
    def state(self) -> SessionState:
        """The session now."""
        return self.recorder.state

    @property
    def plan_input(self) -> PlanInput:
        """What the plan must know beside the journal."""
        usual, session = self.usual.seconds, self.usual.session
        return PlanInput(self.procedure, self.by_hand, self.vault.names, usual, session, locks=self.locks is not None)

    def values(self, behind: str | None = None) -> dict[str, str]:
        """What `${names}` stand for now, secrets left out.

        Args:
            behind: A step that has ended, for checks that look at it again; None for the one before us.
        """
        actor = self.state.undo or self.state.step(self.state.current or "")
        if behind is not None:
            actor = self.state.step(behind)
        begun = actor.stage not in {Stage.WAITING, Stage.LOOKING, Stage.CLEARED}
        attempt = max(1, actor.attempt) if begun else actor.attempt + 1
        return {**self.state.values, "private": str(self.private), "attempt": str(attempt)}

    def operation(self, step_id: str, *, undo: bool) -> tuple[Step, Operation]:
        """A step, and its act or the act of its undo."""
        step = self.procedure.step(step_id)
        return (step, step.undo) if undo and step.undo is not None else (step, step)

    def output(self, run: int) -> OutputLog:
        """What a run printed; there may be nothing of it yet."""
        return OutputLog(self.folder.run(run))

    def anchor(self, purpose: str) -> None:
        """Sign the head where a key is at hand, and record that it was, or why it was not.

        Raises:
            RecordProblem: That cannot be recorded.
        """
        when = "open" if purpose == "open" else "phase" if purpose == "phase" else "close"
        signed = self._signed()
        if isinstance(signed, Unsigned):
            self.recorder.record(CheckpointUnsigned(purpose=when, why=signed.why))
            return
        self.recorder.record(CheckpointSigned(purpose=when, **signed))

    def anchor_the_end(self) -> None:
        """Sign the head once more, so that the records after the close are covered, that of its signature above all.

        Nothing is recorded: the signature itself says what it covers.
        """
        if any(isinstance(each, CheckpointSigned) and each.purpose == "close" for each in self._last_events()):
            self._signed()

    def _last_events(self) -> Iterator[Event]:
        for record in self.recorder.journal.records[-_AFTER_THE_CLOSE:]:
            yield happened_of(record).event

    def _signed(self) -> "_Checkpoint | Unsigned":
        """Sign the head and keep the signature."""
        if self.signing:
            return Unsigned(self.signing)
        opened = self.state.opened
        namespace = NAMESPACES[opened.mode]
        seq, head = self.recorder.journal.head
        text = head_text(namespace, opened.session, opened.mode, seq + 1, head)
        try:
            made = sign(text, namespace, self.key)
            if isinstance(made, Unsigned):
                self.signing = made.why if made.waited else ""
                return made
            file = self.folder.store_checkpoint(seq + 1, text, made.armoured)
        except (OSError, RecordProblem) as problem:
            return Unsigned(f"The signature could not be kept: {problem}")
        key = fingerprint(made.armoured)
        return {"count": seq + 1, "head": head, "namespace": namespace, "key": key, "file": file}


def monotonic() -> float:
    """Seconds of a clock that never steps, for waiting."""
    return time.monotonic()
