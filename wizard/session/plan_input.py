"""What the plan looks at: the situation around the journal, and one act within it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wizard.clock import Instant
from wizard.model.procedure import Operation, Procedure, Step
from wizard.session.state import SessionState, StepState, When


@dataclass(frozen=True, slots=True)
class PlanInput:
    """What the plan must know beside the journal.

    Attributes:
        procedure: The session's own copy.
        by_hand: Acts this session does not start, with the reason: the mode, or the sandbox's fence. Keys are step
            ids, with `.undo` behind them for a step's undo.
        secrets: Names of secrets the engine holds now; nothing of them is stored.
        usual: Seconds that steps usually take, by step id; told to people, and nothing is decided by it.
        usual_session: Seconds from the beginning of a session to its end, usually; None where that is not known.
        locks: The session has to hold its target before anything begins; a rehearsal has none to hold.
    """

    procedure: Procedure
    by_hand: Mapping[str, str] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()
    usual: Mapping[str, float] = field(default_factory=dict)
    usual_session: float | None = None
    locks: bool = False


@dataclass(frozen=True, slots=True)
class ActContext:
    """One act, of a step or of its undo, at one moment.

    Attributes:
        plan_input: What is known beside the journal.
        state: The session.
        step: The step.
        operation: The step itself, or its undo.
        actor: How far the act is.
        now: The present moment, for waits.
    """

    plan_input: PlanInput
    state: SessionState
    step: Step
    operation: Operation
    actor: StepState
    now: Instant

    @property
    def procedure(self) -> Procedure:
        """The session's procedure."""
        return self.plan_input.procedure

    def passed(self, since: When) -> float:
        """Seconds that passed since an earlier record; setting the wall clock does not shorten or lengthen them."""
        return self.state.last.age_at(self.now) - since.age

    @property
    def undo(self) -> bool:
        return self.operation is not self.step

    @property
    def starts_command(self) -> bool:
        """Whether the act is a command, and over when that is."""
        return self.operation.starts_command

    @property
    def watches(self) -> bool:
        """Whether the act is a command that runs beside the steps."""
        return self.operation.act.beside is not None

    @property
    def unheard(self) -> bool:
        """Whether the command ended by itself and did not tell whether it succeeded: its output is lost, or private.

        One that was stopped, or ran out of time, is another matter: it did not do all it was to do.
        """
        judged, run = self.actor.check_results.get(("expect", 0)), self.state.runs.get(self.actor.run or 0)
        ended = None if run is None else run.ended
        no_answer = judged is not None and judged.verdict == "no answer"
        return no_answer and ended is not None and ended.exit is not None and not ended.stop_reason

    @property
    def by_hand(self) -> str | None:
        """Why this session does not start the act's command itself, or None when it does."""
        if self.operation.command is None:
            return None
        return self.plan_input.by_hand.get(f"{self.step.id}{'.undo' if self.undo else ''}")
