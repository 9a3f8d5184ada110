"""What the events of a run do to the state: its intent, its start, its end, and what settled an unknown outcome."""

from dataclasses import replace

from wizard.record.events import RunEnded, RunIntent, RunSettled, RunStarted, StopRequested
from wizard.session.change import StepChanges, change_actor, change_step, deviate
from wizard.session.state import Override, RunState, SessionState, Stage, When


_AGAIN: StepChanges = {
    "stage": Stage.LOOKING,
    "check_results": {},
    "passed": frozenset[str](),
    "overridden": frozenset[Override](),
    "probing": False,
}
"""The act is before us again: nothing of the try counts."""


def fold_run(
    state: SessionState, event: RunIntent | RunStarted | RunEnded | RunSettled | StopRequested, when: When
) -> SessionState:
    """The state after an event of a run; one of a run that nobody intended changes nothing."""
    if isinstance(event, RunIntent):
        return _intended(state, event, when)
    run = state.runs.get(event.run)
    if run is None:
        return state
    match event:
        case RunStarted():
            return _run_started(_with_run(state, replace(run, started=event)), run)
        case StopRequested():
            if not event.due:
                what = "the watch was stopped" if run.intent.watch else "the command was stopped"
                state = deviate(state, when, run.intent.step, what, event.by)
            return _with_run(state, replace(run, stop_requested=True, stopped_by=event.by))
        case RunSettled():
            return _settled(_with_run(state, replace(run, settled=event.finished)), event, when)
        case RunEnded():
            state = _with_run(state, replace(run, ended=event))
            return _watch_ended(state, run, event) if run.intent.watch else _run_ended(state, event)


def _starts(state: SessionState, run: RunState) -> bool:
    """Whether the step before us waits for this watch to start."""
    actor = state.undo or state.step(state.current or "")
    return run.intent.watch and actor.run == run.intent.run and actor.stage is Stage.RUNNING


def _run_started(state: SessionState, run: RunState) -> SessionState:
    return change_actor(state, stage=Stage.PROVING, has_effect=True, check_results={}) if _starts(state, run) else state


def _watch_ended(state: SessionState, run: RunState, event: RunEnded) -> SessionState:
    """The end of a watch is no end of a step. Only one that nobody saw start leaves its step to be begun again."""
    if not _starts(state, run):
        return state
    return _run_ended(state, event) if event.outcome == "ended" else change_actor(state, **_AGAIN)


def _settled(state: SessionState, event: RunSettled, when: When) -> SessionState:
    how = "finished" if event.finished else "did not happen"
    proof = "; ".join(e.text for e in event.evidence) or event.by
    step = state.runs[event.run].intent.step
    state = deviate(state, when, step, f"outcome unknown, settled: it {how}", proof)
    if event.finished:
        return change_actor(state, stage=Stage.PROVING, by_hand=True, has_effect=True, check_results={}, probing=False)
    return change_actor(state, **_AGAIN)


def _run_ended(state: SessionState, event: RunEnded) -> SessionState:
    match event.outcome:
        case "ended":
            return change_actor(state, stage=Stage.PROVING, has_effect=True, changed_nothing=False, check_results={})
        case "unknown":
            return change_actor(state, stage=Stage.UNKNOWN, check_results={})
        case "not started":
            return change_actor(state, **_AGAIN)


def _intended(state: SessionState, event: RunIntent, when: When) -> SessionState:
    state = _with_run(state, RunState(event, when))
    if event.watch and (state.undo is not None or state.current != event.step):  # started again beside the steps
        return change_step(state, event.step, attempt=event.attempt, run=event.run)
    return change_actor(
        state, stage=Stage.RUNNING, attempt=event.attempt, run=event.run, by_hand=False, captured=frozenset()
    )


def _with_run(state: SessionState, run: RunState) -> SessionState:
    return replace(state, runs={**state.runs, run.intent.run: run})
