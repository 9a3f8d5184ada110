"""The session: a pure fold of events, and the one plan of what may happen next."""

from wizard.session.actions import Action
from wizard.session.answering import Answer, answer_event
from wizard.session.fold import advance, begin, fold
from wizard.session.outcome import SessionOutcome, outcome
from wizard.session.plan import plan
from wizard.session.plan_input import PlanInput
from wizard.session.record_shape import fold_what_fits, follow, require_known_step
from wizard.session.state import Deviation, Mark, RunState, SessionState, Stage, StepState, When, mark
from wizard.session.undo_path import UndoPath, undo_path


__all__ = [
    "Action",
    "Answer",
    "Deviation",
    "Mark",
    "PlanInput",
    "RunState",
    "SessionOutcome",
    "SessionState",
    "Stage",
    "StepState",
    "UndoPath",
    "When",
    "advance",
    "answer_event",
    "begin",
    "fold",
    "fold_what_fits",
    "follow",
    "mark",
    "outcome",
    "plan",
    "require_known_step",
    "undo_path",
]
