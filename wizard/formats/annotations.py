"""What stands beside the steps: remarks of people, and the times when nobody was at the session."""

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from wizard.formats.cleaning import clean
from wizard.formats.record_times import between
from wizard.record.events import (
    EvidenceAdded,
    Happened,
    Noted,
    Operator,
    RunEnded,
    RunIntent,
    SessionPaused,
    SessionResumed,
)
from wizard.session.event_words import event_words


_OF_THE_RESUMING = frozenset(
    {"front-end.attached", "journal.recovered", "clock.stepped", "checkpoint.unsigned", "session.resumed"}
)
"""Events that the one who resumes may leave before the record that says so."""


def notes(happened: list[Happened], first: Operator) -> list[dict[str, Any]]:
    """Remarks and evidence that people brought of their own accord, with who was at the session."""
    who, found = first, []
    for each in happened:
        match each.event:
            case SessionResumed(operator=operator):
                who = operator
            case Noted(step=step, text=text):
                found.append({"at": each.at, "by": _name(who), "step": step or "", "text": text})
            case EvidenceAdded(step=step):
                found.append({"at": each.at, "by": _name(who), "step": step or "", "text": event_words(each.event)})
            case _:
                continue
    return [clean(note) for note in found]


def breaks(happened: list[Happened], first: Operator) -> list[dict[str, Any]]:
    """Each time the session was left: since when, whether on purpose, by whom; who took it up again, and when.

    `seconds` is None, and `resumed` empty, while nobody took it up.
    """
    return [clean(each) for each in _breaks(happened, first)]


def _breaks(happened: list[Happened], first: Operator) -> Iterator[dict[str, Any]]:
    who = first
    left: Happened | None = None
    last = happened[0]
    open_runs: dict[int, RunIntent] = {}
    for each in happened:
        match each.event:
            case RunIntent(watch=False):
                open_runs[each.event.run] = each.event
            case RunEnded(run=run):
                open_runs.pop(run, None)
            case _:
                pass
        if isinstance(each.event, SessionPaused):
            left = each
        elif isinstance(each.event, SessionResumed):
            # Whoever was killed could not say that they leave; their last record is all there is.
            yield _break(left or last, who, each, open_runs)
            who, left = each.event.operator, None
        if each.event.kind not in _OF_THE_RESUMING:
            last = each
    if left is not None:
        yield _break(left, who, None, open_runs)


def _break(
    left: Happened, who: Operator, resumed: Happened | None, open_runs: Mapping[int, RunIntent]
) -> dict[str, Any]:
    run = max(open_runs, default=0)
    event, taken = left.event, resumed.event if resumed else None
    return {
        "left": left.at,
        "paused": isinstance(event, SessionPaused),
        "by": _name(who),
        "step": (event.step or "") if isinstance(event, SessionPaused) else open_runs[run].step if run else "",
        # Whoever was killed said nothing of it; what was intended and had not ended was running.
        "command_running": bool(run) or (isinstance(event, SessionPaused) and event.running),
        "run": run,
        "command": shlex.join(open_runs[run].words) if run else "",
        "resumed": resumed.at if resumed else "",
        "resumed_by": _name(taken.operator) if isinstance(taken, SessionResumed) else "",
        "restarted": isinstance(taken, SessionResumed) and taken.restarted,
        "seconds": between(left.at, resumed.at) if resumed else None,
    }


def _name(who: Operator) -> str:
    return f"{who.user}@{who.host}"
