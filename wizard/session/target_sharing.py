"""One at a time: which move the target asks for."""

from wizard.model.procedure import Procedure
from wizard.session import target_questions as questions
from wizard.session.actions import Action, AwaitAnswer, CloseOther, Hold, RequestTakeOver, Yield
from wizard.session.plan_input import PlanInput
from wizard.session.state import SessionState


def identity_of(procedure: Procedure, state: SessionState) -> dict[str, str]:
    """What names the session's target: the captures of `target`; without any, the procedure and its parameters."""
    if procedure.target:
        return {name: state.values.get(name, "") for name in sorted(procedure.target)}
    values = {name: value for name, value in state.opened.parameters.items() if name not in state.secret_names}
    return {"procedure": procedure.procedure, **dict(sorted(values.items()))}


def sharing(plan_input: PlanInput, state: SessionState) -> Action | None:
    """The move of a session that knows its target: to hold it, to give it, to settle what others left there."""
    if not plan_input.locks:
        return None
    if state.giving:
        return Yield()
    if state.wanted is not None and state.open_run is None and state.starting is None:
        question = state.question
        return (
            AwaitAnswer(question) if question and question.question_kind == "take over" else questions.take_over(state)
        )
    if state.question is not None:
        return None
    if state.lock and not state.holds:
        return claiming(plan_input, state)
    if state.holds and state.closing_other is not None:
        return CloseOther(*state.closing_other)
    return questions.unfinished(state) if state.holds and state.unfinished else None


def claiming(plan_input: PlanInput, state: SessionState) -> Action | None:
    """The move of a session that is where it should be and does not hold its target yet."""
    if not plan_input.locks or state.holds:
        return None
    if state.taking is not None and state.busy is not None and state.busy.holder is not None:
        return RequestTakeOver(state.taking)
    if state.busy is None:
        return Hold()
    return None if state.open_run is not None else questions.busy(state, state.busy)
