"""The function that opens the screens, as the command line sees it."""

from typing import TYPE_CHECKING, Protocol


if TYPE_CHECKING:
    from wizard.archive.sessions import SessionSummary
    from wizard.engine import Preparation
    from wizard.engine.session_observer import SessionObserver


class OpenScreens(Protocol):
    """Opens the Textual wizard; gives back what the process exits with."""

    def __call__(
        self,
        *,
        preparation: "Preparation | None" = None,
        session: "SessionSummary | None" = None,
        observed: "SessionObserver | None" = None,
    ) -> int:
        """Open it at a start page, at a session to resume, at one to look on at, or (all None) at the picker."""
        ...
