"""How long the running command and the session have taken, and usually take: the right of the second line."""

from rich.cells import cell_len

from screens.run.showing import Showing
from screens.shared.words import MARKS
from wizard.clock import Instant
from wizard.session.rendering import duration


_MINUTE, _HOUR = 60, 3600
_TURNS = "◐◓◑◒"
_SPOKE = "◉◎"
_NOT_SEEN = " "


def life_mark(showing: Showing) -> str:
    """One character that turns each time the command was seen alive, and looks like an eye while it says something.

    It stands still where nothing is known to live: there is no timer behind it.
    """
    signs = showing.signs
    if signs is None or not signs.alive:
        return _NOT_SEEN
    marks = _SPOKE if showing.spoke else _TURNS
    return marks[showing.beats % len(marks)]


def times(showing: Showing, now: Instant, room: int) -> str:
    """`● running 4 s ◐ · usually 12 s · session 3 min, usually 14 min`, as much of it as there is room for.

    Args:
        showing: What the run screen shows.
        now: The present moment.
        room: Cells; the running command's own time is told however little there is.
    """
    command, session = _command(showing, now), _session(showing, now)
    whole = [*command, ", ".join(session)]
    for parts in (whole, [*command, session[0]], command, command[:1]):
        told = " · ".join(parts)
        if cell_len(told) <= room:
            return told
    return "".join(command[:1])


def _command(showing: Showing, now: Instant) -> list[str]:
    run, card = showing.state.open_run, showing.view.card
    if showing.kind != "running" or run is None:
        return []
    seconds = max(0.0, now.seconds_since(run.asked_at.instant()))
    stopping = " · stopping" if run.stop_requested else ""
    told = f"{MARKS['running']} running {duration(int(seconds))}{stopping} {life_mark(showing)}"
    usual = None if card is None else card.usual
    return [told.rstrip(), *([f"usually {duration(round(usual))}"] if usual is not None else [])]


def _session(showing: Showing, now: Instant) -> list[str]:
    """By the minute, so that it is not drawn anew all the time; of a session that is over, how long it took."""
    last = showing.state.last
    seconds = last.age if showing.view.closed is not None else last.age_at(now)
    usual = showing.plan_input.usual_session
    told = "under 1 min" if seconds < _MINUTE else _minutes(seconds)
    return [f"session {told}", *([f"usually {_minutes(usual)}"] if usual is not None else [])]


def _minutes(seconds: float) -> str:
    if seconds < _MINUTE:
        return duration(round(seconds))
    return f"{int(seconds) // _MINUTE} min" if seconds < _HOUR else duration(int(seconds))
