"""The session: a pure fold of events, which loads no procedure, and the one plan of what may happen next (`plan`)."""

from wizard.session.answering import Answer, answer_event
from wizard.session.fold import advance, begin, fold
from wizard.session.outcome import outcome
from wizard.session.record_shape import fold_what_fits, follow, require_known_step
from wizard.session.state import Deviation, Mark, RunState, SessionState, Stage, StepState, mark


__all__ = [
    "Answer",
    "Deviation",
    "Mark",
    "RunState",
    "SessionState",
    "Stage",
    "StepState",
    "advance",
    "answer_event",
    "begin",
    "fold",
    "fold_what_fits",
    "follow",
    "mark",
    "outcome",
    "require_known_step",
]
