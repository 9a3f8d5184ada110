"""Signs of life in words, the same in every front end."""

from wizard.engine.messages import RunHealth
from wizard.session import RunState
from wizard.session.rendering import duration


_SILENCE = 20.0
"""Seconds of silence below which nothing is said of it."""


def still_words(run: RunState) -> str:
    """Of a command that was found running on resume: `still running (since 14:02:11 UTC)`."""
    return f"still running (since {run.asked_at.at[11:19]} UTC)"


def silence_words(signs: RunHealth) -> str:
    """`silent 3 min`; empty while the silence is short."""
    return f"silent {duration(int(signs.silent))}" if signs.silent >= _SILENCE else ""


def usual_words(signs: RunHealth) -> str:
    """`usually 4 min 10 s`, and when it takes noticeably longer, `usually 4 min 10 s, now 6 min`."""
    if signs.usual is None:
        return ""
    now = f", now {duration(int(signs.seconds))}" if signs.slow else ""
    return f"usually {duration(round(signs.usual, 1))}{now}"


def line_words(signs: RunHealth) -> str:
    """What is wrong with the line to the command; empty when nothing is, or before it has begun."""
    if not signs.connected:
        return "no line to its supervisor just now"
    return "" if signs.exists or not signs.size else "it has ended; its last output is read"


def percent_words(percent: float) -> str:
    """`42 %`, never rounded up to the end."""
    return f"{int(percent)} %"
