"""The command `uplevel`. It loads click's part of the house and nothing else until a screen is wanted."""

from typing import TYPE_CHECKING

from wizard.cli import main as command_line


if TYPE_CHECKING:
    from wizard.archive.sessions import SessionSummary
    from wizard.engine import Preparation
    from wizard.engine.session_observer import SessionObserver


def open_screens(
    *,
    preparation: "Preparation | None" = None,
    session: "SessionSummary | None" = None,
    observed: "SessionObserver | None" = None,
) -> int:
    """Open the wizard on the terminal and wait until it is left.

    Args:
        preparation: Open its start page.
        session: Resume it.
        observed: Look on at it. Without any of these, the picker opens.

    Returns:
        The exit code.
    """
    from screens.app import UplevelApp, run

    return run(UplevelApp(preparation=preparation, session=session, observed=observed))


def main() -> int:
    """The entry point."""
    return command_line(open_screens)
