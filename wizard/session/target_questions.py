"""What is asked when several people are at one target."""

from wizard.record.events import (
    Asked,
    HandedOver,
    HolderCited,
    Option,
    QuestionKind,
    TakeOverEnded,
    TargetBusy,
    UnfinishedCited,
)
from wizard.session.actions import AskQuestion
from wizard.session.operator_words import came_of_asking
from wizard.session.questions import AGAIN, PAUSE, STOP
from wizard.session.run_words import sentence
from wizard.session.state import SessionState


PATIENCE = 10
"""Seconds in which a holder answers whether they give the target."""


OBSERVE = Option(id="observe", label="look on, read-only")
"""Nothing is answered by it: the question stays open."""


def _ask(
    state: SessionState, kind: QuestionKind, text: str, options: tuple[Option, ...], default: str = ""
) -> AskQuestion:
    return AskQuestion(
        Asked(
            question=state.questions + 1,
            question_kind=kind,
            step=None,
            text=text,
            options=options,
            default=default,
            gate=kind in {"take over", "unfinished", "handed over"},
        )
    )


def busy(state: SessionState, found: TargetBusy) -> AskQuestion:
    """Another session holds the target."""
    told = [f"Somebody else is at this target{_place(found)}."]
    if found.holder is None:
        told.append("The lock does not say who.")
    else:
        told.append(f"{_who(found.holder)}.")
    if not found.attended:
        told.append("Its wizard is gone, but a command of it still runs; the target is free when that has ended.")
    if found.ours and found.holder is not None:
        told.append(f"In another terminal `uplevel observe {found.holder.session}` looks on.")
    ended = state.refused_over
    if ended is not None:
        told.append(_refused(ended))
    ask = Option(id="take-over", label="ask to take over", needs="reason")
    own = (OBSERVE,) if found.ours and found.holder is not None else ()
    options = (AGAIN, *own, *((ask,) if found.holder is not None else ()), PAUSE, STOP)
    return _ask(state, "busy", " ".join(told), options, default="again")


def _refused(ended: TakeOverEnded) -> str:
    faster = ", and somebody else was faster" if ended.outcome in {"given", "ended", "free"} else ""
    return sentence(f"you asked to take over, and {came_of_asking(ended, faster)}")


def _place(found: TargetBusy) -> str:
    named = ", ".join(f"{name} {value}" for name, value in found.target.items())
    return f" ({named})" if named else ""


def _who(holder: HolderCited) -> str:
    since = f" since {holder.since[:16].replace('T', ' ')} UTC" if holder.since else ""
    step = f", at the step “{holder.step}”" if holder.step else ""
    return f"{holder.user} on {holder.host} holds it{since}: {holder.procedure}{step}, session {holder.session}"


def take_over(state: SessionState) -> AskQuestion:
    """Another session asks for the target that this one holds."""
    wanted = state.wanted
    if wanted is None:
        raise ValueError("nobody asks for the target")
    by = wanted.by
    text = f"{by.user} on {by.host} asks to take over this target for {by.procedure}, session {by.session}."
    text += f" They say: {wanted.reason}"
    same = by.uid == state.current_operator.uid and by.host == state.current_operator.host
    if same:
        text += f" Without an answer within {PATIENCE} seconds this wizard is ended; the session stays as it is."
    options = (
        Option(id="give", label="give the target and leave; this session can be resumed"),
        Option(id="refuse", label="keep the target", needs="reason"),
    )
    return _ask(state, "take over", text, options)


def unfinished(state: SessionState) -> AskQuestion:
    """Sessions on the same target were left before they were over."""
    first = state.unfinished[0]
    text = f"There is an unfinished session on this target: {_left(first)}."
    if len(state.unfinished) > 1:
        text += f" Behind it {len(state.unfinished) - 1} more."
    if state.other_problem:
        text += f" It could not be closed: {state.other_problem}"
    own = (
        Option(id="go-on", label="go on with that one; this one is closed"),
        Option(id="close-other", label="close that one for good", needs="reason"),
    )
    beside = Option(id="beside", label="begin beside it", needs="reason")
    return _ask(state, "unfinished", text, (*(own if first.ours else ()), beside, PAUSE, STOP))


def _left(each: UnfinishedCited) -> str:
    holder = each.holder
    step = f" at the step “{holder.step}”" if holder.step else ""
    return f"{holder.procedure}{step}, of {holder.user} on {holder.host}, {each.how}, session {holder.session}"


def handed_over(state: SessionState, handed: HandedOver) -> AskQuestion:
    """Whoever takes a session up that was handed over says so, and who they are."""
    text = f"This session was handed over by {state.handed_by}: {handed.note} Who accepts it?"
    options = (Option(id="accept-session", label="accept it, under my name", needs="value"), PAUSE)
    return _ask(state, "handed over", text, options)
