"""How a command ended that nobody watched to its end, in the words of every front end."""

from wizard.record.events import RunEnded
from wizard.session.state import RunState


def ended_away(ended: RunEnded) -> str:
    """`ended while you were away, exit 1, at 2026-11-27 02:11:09 UTC`; empty where a wizard saw it, or nobody knows."""
    if not ended.while_away or ended.outcome != "ended":
        return ""
    how = f"by signal {ended.signal}" if ended.signal is not None else f"exit {ended.exit}"
    return f"ended while you were away, {how}{at_time(ended)}"


def at_time(ended: RunEnded) -> str:
    """`, at 2026-11-27 02:11:09 UTC`; empty where the time is not known."""
    return f", at {ended.finished[:19].replace('T', ' ')} UTC" if ended.finished else ""


def how_lost(run: RunState | None) -> str:
    """Why nobody knows how a command ended: its supervisor is gone, or the machine restarted; was it watched."""
    ended = None if run is None else run.ended
    if ended is None:
        return "Nothing tells how this command ended."
    away = "uplevel was not running at the time. " if ended.while_away else ""
    return away + (ended.problem or "Nothing tells how this command ended.")
