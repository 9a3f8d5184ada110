"""Each event in words: every front end and the transcript say it so, and add only marks, places and lines."""

from wizard.record.events import (
    ActorNamed,
    Answered,
    Asked,
    CheckAnswered,
    CheckpointSigned,
    CheckpointUnsigned,
    ClockStepped,
    Event,
    Evidence,
    EvidenceAdded,
    FrontEndAttached,
    FrontEndDetached,
    HandedOver,
    InputHidden,
    JournalRecovered,
    Noted,
    OtherClosed,
    PhaseEnded,
    RecordMoved,
    Resized,
    RunEnded,
    RunIntent,
    RunQuiet,
    RunSettled,
    RunStarted,
    ScreenWanted,
    SessionClosed,
    SessionOpened,
    SessionPaused,
    SessionResumed,
    StepBegan,
    StepEnded,
    StopRequested,
    TakenOver,
    TakeOverAsked,
    TakeOverEnded,
    TakeOverWanted,
    TargetBusy,
    TargetHeld,
    UndoBegan,
    UnfinishedFound,
    ValueCaptured,
    ValueRemembered,
    WaitBegan,
    WaitEnded,
    WorldCounted,
    WorldPlayed,
)
from wizard.session.fold import TORN, kept_aside
from wizard.session.operator_words import operator_words
from wizard.session.rendering import duration
from wizard.session.run_words import how_it_ended, settled_words
from wizard.session.whole_screen import SCREEN_WANTED


def event_words(event: Event) -> str:
    """What happened, in a clause without a capital; empty where a question, a card or a mark tells it."""
    match event:
        case RunEnded() | RunSettled() | RunQuiet() | InputHidden() | ScreenWanted():
            return _of_a_run(event)
        case ValueRemembered() | ValueCaptured() | WaitBegan() | WaitEnded() | WorldPlayed():
            return _of_a_step(event)
        case Noted() | EvidenceAdded():
            return _brought(event)
        case (
            TargetHeld()
            | TakeOverAsked()
            | TakeOverEnded()
            | TakeOverWanted()
            | TakenOver()
            | OtherClosed()
            | HandedOver()
        ):
            return operator_words(event)
        case PhaseEnded() | JournalRecovered() | ClockStepped():
            return _of_the_record(event)
        case StepBegan() | StepEnded() | UndoBegan() | Asked() | Answered() | CheckAnswered() | TargetBusy():
            return ""
        case RunIntent() | RunStarted() | StopRequested() | SessionOpened() | SessionClosed() | UnfinishedFound():
            return ""
        case SessionPaused() | SessionResumed() | FrontEndAttached() | FrontEndDetached() | Resized() | ActorNamed():
            return ""
        case CheckpointSigned() | CheckpointUnsigned() | RecordMoved() | WorldCounted():
            return ""


def _of_a_run(event: RunEnded | RunSettled | RunQuiet | InputHidden | ScreenWanted) -> str:
    match event:
        case RunEnded():
            return f"it {how_it_ended(event)}"
        case RunSettled():
            return settled_words(event)
        case RunQuiet(seconds=seconds):
            return f"it has said nothing for {duration(seconds)}"
        case InputHidden(hidden=hidden):
            return "what you type now is not shown, and recorded nowhere" if hidden else ""
        case ScreenWanted():
            return SCREEN_WANTED


def _of_a_step(event: ValueRemembered | ValueCaptured | WaitBegan | WaitEnded | WorldPlayed) -> str:
    match event:
        case ValueRemembered(name=name, value=value):
            return f"remembered {name}: {value_words(value)}"
        case ValueCaptured(name=name, value=value):
            return f"captured {name}: {value_words(value)}"
        case WaitBegan(wait_kind=kind, seconds=seconds):
            return f"a {kind} of {duration(seconds)} began"
        case WaitEnded(wait_kind=kind, cut_short=reason):
            return wait_over(kind, reason)
        case WorldPlayed(command=command, exit=None):
            return f"the pretend platform could not do: {command}"
        case WorldPlayed(command=command, exit=status):
            return f"the pretend platform did: {command} (exit {status})"


def wait_over(kind: str, cut_short: str) -> str:
    """That a wait or a soak is over, and why before its time."""
    return f"the {kind} was cut short: {cut_short}" if cut_short else f"the {kind} is over"


def value_words(value: str | None) -> str:
    """A value; of a secret, None, that nothing of it is kept."""
    return "a secret, not kept" if value is None else value


def chosen(asked: Asked | None, answered: Answered) -> str:
    """The label of the option that was chosen. The option of a value has the id `=value`."""
    wanted = {answered.choice, f"={answered.value}"} if answered.value is not None else {answered.choice}
    options = asked.options if asked is not None else ()
    return next((option.label for option in options if option.id in wanted), answered.choice)


def answer_words(label: str, value: str | None, reason: str) -> str:
    """What was chosen, and what was given with it: a value, a reason."""
    given = f" = {value}" if value and value != label else ""
    return f"{label}{given}{f': {reason}' if reason else ''}"


def _brought(event: Noted | EvidenceAdded) -> str:
    match event:
        case Noted(text=text):
            return f"note: {text}"
        case EvidenceAdded(evidence=evidence):
            return f"evidence: {evidence_words(evidence)}"


def evidence_words(evidence: Evidence) -> str:
    """A piece of evidence in one line."""
    if not evidence.sha256:
        return f"{evidence.kind} {evidence.text}"
    kept = f", a copy is evidence/{evidence.sha256}" if evidence.kept else ", no copy is kept"
    return f"{evidence.kind} {evidence.text} (sha256 {evidence.sha256}{kept})"


def _of_the_record(event: PhaseEnded | JournalRecovered | ClockStepped) -> str:
    match event:
        case PhaseEnded(title=title):
            return f"phase {title} is over"
        case JournalRecovered():
            return f"{TORN}: {kept_aside(event)}"
        case ClockStepped(seconds=seconds):
            return f"the clock was set by {seconds:+.1f} s"


def head_words(records: int = 0) -> str:
    """What the head of the record is, before its digits; with the number of records where that is known."""
    return f"The head of the record{f' ({records} records)' if records else ''}, for the ticket"
