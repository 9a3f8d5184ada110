"""The session: a pure fold of events, and the one plan of what may happen next."""

from wizard.session.answering import Answer, answer_event
from wizard.session.fitting import fold_what_fits, follow, require_known_step
from wizard.session.fold import advance, begin, fold
from wizard.session.moves import Move
from wizard.session.outcome import Outcome, outcome
from wizard.session.plan import plan
from wizard.session.scene import Situation
from wizard.session.state import Deviation, Mark, RunState, SessionState, Stage, StepState, When, mark
from wizard.session.undoing import TurnBack, turn_back


__all__ = [
    "Answer",
    "Deviation",
    "Mark",
    "Move",
    "Outcome",
    "RunState",
    "SessionState",
    "Situation",
    "Stage",
    "StepState",
    "TurnBack",
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
    "turn_back",
]
