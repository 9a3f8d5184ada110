"""What an answer does to the state. One small function a choice; an unknown choice does nothing."""

from collections.abc import Callable
from dataclasses import replace
from typing import Unpack

from wizard.record.events import Answered
from wizard.session.change import StepChanges, change_actor, deviate, sentences
from wizard.session.state import Acceptance, Override, SessionState, Stage, StepState, When


Effect = Callable[[SessionState, StepState, Answered, When], SessionState]


def fold_answer(state: SessionState, event: Answered, when: When) -> SessionState:
    """The state after an answer; the question is already off the table."""
    effect = _EFFECTS.get(event.choice)
    if effect is None:
        return state
    actor = state.undo or (state.step(state.current) if state.current else StepState(""))
    return effect(state, actor, event, when)


def _run(state: SessionState, actor: StepState, _event: Answered, _when: When) -> SessionState:
    return _go(state, actor, "go")


def _go(state: SessionState, actor: StepState, how: str) -> SessionState:
    passed = (actor.passed - {"go", "by hand"}) | {how}
    return change_actor(state, stage=Stage.CLEARED, passed=passed, check_results={}, by_hand=False)


def _pass(gate: str) -> Effect:
    def effect(state: SessionState, actor: StepState, _event: Answered, _when: When) -> SessionState:
        return change_actor(state, passed=actor.passed | {gate}, check_results={})

    return effect


def _back(state: SessionState, actor: StepState, _event: Answered, _when: When) -> SessionState:
    return change_actor(state, stage=Stage.LOOKING, passed=actor.passed & {"soak"}, check_results={})


def _did_it(state: SessionState, actor: StepState, event: Answered, when: When) -> SessionState:
    if actor.doing_by_hand:
        return _own_work(state, actor, event, when)
    return _to_be_proven(state, by_hand=True, has_effect=True)


def _by_hand(state: SessionState, actor: StepState, event: Answered, when: When) -> SessionState:
    # Where evidence comes with it, the work is done: of a step that failed, and in journals of earlier versions.
    return _own_work(state, actor, event, when) if event.evidence else _go(state, actor, "by hand")


def _own_work(state: SessionState, actor: StepState, event: Answered, when: When) -> SessionState:
    """The operator did what uplevel would have done."""
    proof = "; ".join(e.text for e in event.evidence)
    what = "done by hand" if state.undo is None else "its undo was done by hand"
    state = deviate(state, when, actor.id, what, event.reason or proof, said=sentences(actor.unproven))
    return _to_be_proven(state, by_hand=True, has_effect=True)


def _to_be_proven(state: SessionState, **how: Unpack[StepChanges]) -> SessionState:
    """The act is over. What was accepted of an earlier try says nothing about this one."""
    changes: StepChanges = {
        "stage": Stage.PROVING,
        "check_results": {},
        "overridden": frozenset(),
        "accepted": None,
        "changed_nothing": False,
        **how,
    }
    return change_actor(state, **changes)


def _take(state: SessionState, actor: StepState, _event: Answered, _when: When) -> SessionState:
    probe = actor.check_results.get(("already", 0))
    return change_actor(_to_be_proven(state, found_done=True), found="" if probe is None else probe.got or probe.wanted)


def _anyway(state: SessionState, actor: StepState, event: Answered, when: When) -> SessionState:
    state = deviate(state, when, actor.id, "run although it was done already", event.reason)
    # Back to the card: what stood before the act is looked at anew, and its gates ask again.
    found_done: Override = ("already", 0, "yes")
    overridden = actor.overridden | {found_done}
    return change_actor(
        state, stage=Stage.LOOKING, passed=actor.passed & {"soak"}, check_results={}, overridden=overridden
    )


def _skip(state: SessionState, _actor: StepState, event: Answered, _when: When) -> SessionState:
    return change_actor(state, leaving=event.reason or "no reason given")


def _cut_short(state: SessionState, actor: StepState, event: Answered, _when: When) -> SessionState:
    if actor.waiting is None:
        return state
    return change_actor(state, waiting=replace(actor.waiting, cut_short=event.reason))


def _undo(state: SessionState, actor: StepState, event: Answered, when: When) -> SessionState:
    if actor.stage is Stage.CLEARED:  # whoever turns back takes their go back, also if the undo is left again
        state = _back(state, actor, event, when)
    if actor.unproven:
        state = deviate(
            state, when, actor.id, "turned back after it failed its proof", event.reason, said=sentences(actor.unproven)
        )
    # What no longer holds is settled by going back; the undo looks at the fence itself.
    return replace(state, undo_requested=True, undo_reason=event.reason, resuming=False, resume_checks={})


def _leave_undo(state: SessionState, actor: StepState, event: Answered, when: When) -> SessionState:
    return replace(_half_way(state, actor, event, when), undo=None, undo_requested=False)


def _half_way(state: SessionState, actor: StepState, event: Answered, when: When) -> SessionState:
    if state.undo is None or not actor.has_effect:
        return state
    return deviate(state, when, actor.id, "its undo was left half way", event.reason)


def _pause(state: SessionState, _actor: StepState, _event: Answered, _when: When) -> SessionState:
    return replace(state, pausing=True)


def _stop(state: SessionState, actor: StepState, event: Answered, when: When) -> SessionState:
    return replace(_half_way(state, actor, event, when), stopping=event.reason or "stopped by the operator")


def _again(state: SessionState, actor: StepState, event: Answered, when: When) -> SessionState:
    if event.question_kind == "held":
        return replace(state, resume_checks={})
    if event.question_kind == "busy":
        return replace(state, busy=None)
    if event.question_kind == "value":
        return replace(state, value_problem=None)
    if event.question_kind == "fence" and event.step is None:
        # Where we are is taken anew, unless something was kept of it.
        place = () if state.placed else ("target.", "who.")
        return replace(
            state, resume_checks={}, remembered=frozenset(n for n in state.remembered if not n.startswith(place))
        )
    if actor.stage is Stage.CLEARED:  # a check starts nothing: the step is asked again
        return _back(state, actor, event, when)
    kept = {key: look for key, look in actor.check_results.items() if key[0] == "expect"}
    return change_actor(state, check_results=kept)


def _rerun(state: SessionState, actor: StepState, event: Answered, when: When) -> SessionState:
    what = "run again after it failed its proof" if actor.unproven else "run again"
    state = deviate(state, when, actor.id, what, event.reason, said=sentences(actor.unproven))
    return change_actor(
        state,
        stage=Stage.LOOKING,
        check_results={},
        passed=actor.passed & {"soak"},
        overridden=frozenset(),
        accepted=None,
        by_hand=False,
    )


def _accept(state: SessionState, actor: StepState, event: Answered, when: When) -> SessionState:
    if event.question_kind == "held":
        said = sentences(state.resume_checks.values())
        state = deviate(state, when, None, "went on although an earlier result no longer held", event.reason, said=said)
        return replace(state, resuming=False, resume_checks={})
    if event.question_kind == "needs":
        state = deviate(state, when, actor.id, "went on without a step it needs", event.reason)
        return change_actor(state, overridden_needs=True, accepted=_acceptance(state, event, ""))
    refused = {
        key: look
        for key, look in actor.check_results.items()
        if look.verdict != "yes" and key[0] not in {"already", "fence"}
    }
    said = sentences(refused.values())
    named = ", ".join(f"{purpose} {index + 1}" for purpose, index in sorted(refused)) or event.question_kind
    proof = actor.stage is Stage.PROVING
    what = f"accepted without proof: {named}" if proof else f"overrode: {named}"
    state = deviate(state, when, actor.id, what, event.reason, said=said)
    overridden = actor.overridden | {(*key, look.verdict) for key, look in refused.items()}
    accepted = _acceptance(state, event, said)
    if proof:
        return change_actor(state, overridden=overridden, accepted=accepted)
    # A person may have thought for an hour: only what they overrode counts as looked at, and a go that was given before
    # is given again.
    kept = {key: look for key, look in actor.check_results.items() if (*key, look.verdict) in overridden}
    state = change_actor(state, overridden=overridden, accepted=accepted, check_results=kept)
    if actor.stage is not Stage.CLEARED:
        return state
    return change_actor(state, stage=Stage.LOOKING, passed=actor.passed & {"soak"})


def _acceptance(state: SessionState, event: Answered, said: str) -> Acceptance:
    return Acceptance(state.who, event.reason, said)


def _tick(state: SessionState, actor: StepState, event: Answered, _when: When) -> SessionState:
    if event.item is None:
        return state
    return change_actor(state, ticked=actor.ticked | {event.item}, has_effect=True)


def _value(state: SessionState, actor: StepState, event: Answered, _when: When) -> SessionState:
    if event.question_kind == "secret":
        return state
    return change_actor(state, given=event.value, passed=actor.passed | {"go"})


def _probe(state: SessionState, _actor: StepState, _event: Answered, _when: When) -> SessionState:
    return change_actor(state, probing=True, check_results={})


def _acknowledge(state: SessionState, _actor: StepState, _event: Answered, _when: When) -> SessionState:
    return replace(state, recovered=False)


def _take_over(state: SessionState, _actor: StepState, event: Answered, _when: When) -> SessionState:
    return replace(state, taking=event.reason)


def _give(state: SessionState, _actor: StepState, _event: Answered, _when: When) -> SessionState:
    return replace(state, giving=state.wanted is not None)


def _keep(state: SessionState, _actor: StepState, _event: Answered, _when: When) -> SessionState:
    return replace(state, wanted=None)


def _go_on_with(state: SessionState, _actor: StepState, _event: Answered, _when: When) -> SessionState:
    other = state.unfinished[0].holder.session if state.unfinished else ""
    reason = f"the unfinished session {other} on the same target is gone on with instead"
    return replace(state, stopping=reason, going_on=other)


def _close_other(state: SessionState, _actor: StepState, event: Answered, _when: When) -> SessionState:
    if not state.unfinished:
        return state
    return replace(state, closing_other=(state.unfinished[0].holder.session, event.reason))


def _beside(state: SessionState, _actor: StepState, event: Answered, when: When) -> SessionState:
    for each in state.unfinished:
        what = f"begun beside the unfinished session {each.holder.session} of {each.holder.user}"
        state = deviate(state, when, None, what, event.reason)
    return replace(state, unfinished=())


def _accept_session(state: SessionState, _actor: StepState, event: Answered, _when: When) -> SessionState:
    return replace(state, handed=None, person=event.value or "")


_EFFECTS: dict[str, Effect] = {
    "run": _run,
    "yes": _pass("confirm"),
    "typed": _pass("type"),
    "back": _back,
    "did-it": _did_it,
    "by-hand": _by_hand,
    "take": _take,
    "anyway": _anyway,
    "skip": _skip,
    "cut-short": _cut_short,
    "undo": _undo,
    "leave": _leave_undo,
    "pause": _pause,
    "stop": _stop,
    "again": _again,
    "rerun": _rerun,
    "accept": _accept,
    "tick": _tick,
    "answer": _value,
    "check": _probe,
    "acknowledge": _acknowledge,
    "take-over": _take_over,
    "give": _give,
    "refuse": _keep,
    "go-on": _go_on_with,
    "close-other": _close_other,
    "beside": _beside,
    "accept-session": _accept_session,
}
