"""How a command ended, in words: one wording for every front end, to be read behind the command's name."""

from wizard.record.events import RunEnded, RunSettled
from wizard.record.recovery import LeftBehind
from wizard.session.rendering import duration
from wizard.session.state import RunState


_SHORTEST = 0.1
"""Seconds; a command that took less did not take none."""


def how_it_ended(ended: RunEnded, *, lasted: bool = True) -> str:
    """`ended with exit 1 after 4 s, stopped by mara`, `was not started: ...`, with its problem in a sentence behind it.

    Args:
        ended: The end.
        lasted: Whether to say how long it took; of a watch that tells nothing.
    """
    match ended.outcome:
        case "not started":
            return f"was not started: {ended.problem}"
        case "unknown":
            return _with_problem("was lost; we do not know whether it finished", ended)
        case "ended":
            took = f" after {duration(max(_SHORTEST, round(ended.seconds, 1)))}" if lasted else ""
            how = ended_away(ended) or f"{exit_words(ended.exit, ended.signal)}{took}"
            return _with_problem(f"{how}{_stopped(ended)}", ended)


def exit_words(exit: int | None, signal: int | None) -> str:  # noqa: A002 - as the events name it
    """`ended with exit 1`, or `was ended by signal 9`."""
    return f"was ended by signal {signal}" if signal is not None else f"ended with exit {exit}"


def ended_away(ended: RunEnded) -> str:
    """`ended while you were away, exit 1, at 2026-11-27 02:11:09 UTC`; empty where a wizard saw it, or nobody knows."""
    if not ended.while_away or ended.outcome != "ended":
        return ""
    how = f"by signal {ended.signal}" if ended.signal is not None else f"exit {ended.exit}"
    at = f", at {ended.finished[:19].replace('T', ' ')} UTC" if ended.finished else ""
    return f"ended while you were away, {how}{at}"


def _stopped(ended: RunEnded) -> str:
    if ended.stopped_by:
        return f", stopped by {ended.stopped_by}"
    return "; its time was over" if ended.stop_reason == "timeout" else ""


def _with_problem(how: str, ended: RunEnded) -> str:
    return f"{how}. {ended.problem}" if ended.problem else how


def left_words(left: LeftBehind) -> str:
    """What a command left behind, in a clause of its own."""
    return f"it left this running: {left.command} (pid {left.pid})"


def settled_words(event: RunSettled) -> str:
    """How an unknown outcome was settled, and by whom."""
    return f"{'it finished' if event.finished else 'it did not happen'}, by the {event.by}"


def how_lost(run: RunState | None) -> str:
    """Why nobody knows how a command ended: its supervisor is gone, or the machine restarted; was it watched."""
    ended = None if run is None else run.ended
    if ended is None:
        return "Nothing tells how this command ended."
    away = "uplevel was not running at the time. " if ended.while_away else ""
    return away + (ended.problem or "Nothing tells how this command ended.")


def sentence(clause: str) -> str:
    """A clause as a sentence."""
    return f"{clause[:1].upper()}{clause[1:]}" + ("" if clause.endswith((".", "!", "?")) else ".")
