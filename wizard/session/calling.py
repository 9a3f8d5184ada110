"""When a person who may be looking elsewhere is called, and what the terminal's title says."""

from wizard.execution.sanitize import sanitize_text
from wizard.session.view import SessionView
from wizard.settings import GivenSetting, Setting


BELL = Setting("bell", GivenSetting.switch, default=True)
"""Ring the terminal's bell when a person is waited for who may be looking elsewhere."""
TITLE = Setting("title", GivenSetting.switch, default=True)
"""Say in the terminal's title where the session is."""

LONG = 5.0
"""Seconds of work after which whoever waited for its end may be looking elsewhere."""
_LONGEST = 120
"""Characters of a title; a terminal's tab shows fewer."""


class Calling:
    """Tells when the bell is to be rung: once each time the wizard begins to wait for a person.

    Args:
        now: Seconds; they only count from one call to another.
    """

    def __init__(self, now: float) -> None:
        self._since: float | None = now
        """Since when the wizard has been at work; None while it waits for a person."""

    def works(self, now: float) -> None:
        """Nobody is waited for."""
        if self._since is None:
            self._since = now

    def waits(self, now: float, *, elsewhere: bool = False) -> bool:
        """A person is waited for.

        Args:
            now: Seconds.
            elsewhere: Something else is shown than what the person is to decide.

        Returns:
            Whether that begins now, and they may not see it.
        """
        since, self._since = self._since, None
        return since is not None and (elsewhere or now - since >= LONG)


def title_of(view: SessionView, mode: str = "", *, waits: bool) -> str:
    """The terminal's title: `! LIVE preview · Upgrade Redis · 3/5`.

    Args:
        view: The session's.
        mode: What to call its mode; empty for its own words.
        waits: A person is waited for.
    """
    place = view.target if view.mode in {"LIVE", "BY HAND"} else ""  # without a stage the target says where
    told = " · ".join(part for part in (mode or view.mode, place, view.title, view.position) if part)
    return sanitize_text(f"! {told}" if waits else told)[:_LONGEST]
