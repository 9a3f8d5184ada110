"""The events of those actions that are carried out by being recorded."""

from wizard.record.events import Event, RunSettled, StepBegan, StepEnded, UndoBegan, WaitBegan
from wizard.session.actions import AskQuestion, BeginStep, BeginUndo, EndStep, Settle, StartWait


Recorded = BeginStep | BeginUndo | EndStep | AskQuestion | StartWait | Settle
"""An action that is carried out by being recorded."""


def event_of(action: Recorded) -> Event:
    """The event that carries out an action."""
    match action:
        case BeginStep(step=step):
            return StepBegan(step=step)
        case BeginUndo(step=step):
            return UndoBegan(step=step)
        case EndStep(step=step, state=state, reason=reason):
            return StepEnded(step=step, state=state, reason=reason)
        case AskQuestion(question=question):
            return question
        case StartWait(step=step, kind=kind, seconds=seconds):
            return WaitBegan(step=step, wait_kind=kind, seconds=seconds)
        case Settle(run=run, finished=finished):
            return RunSettled(run=run, finished=finished, by="probe")
