"""The record of the session that holds the target is read, for a second comer who wants to look on."""

from pathlib import Path

from textual.message import Message
from textual.message_pump import MessagePump

from screens.shared.background import in_background
from wizard.engine.session_observer import SessionObserver
from wizard.errors import UplevelError


class ObserverReady(Message):
    """The session can be looked on at, or cannot.

    Args:
        outcome: What tells of it, or why nothing does.
    """

    def __init__(self, outcome: SessionObserver | UplevelError) -> None:
        super().__init__()
        self.outcome = outcome


def open_observer(owner: MessagePump, folder: Path) -> None:
    """Read the record of a session; the owner is told when that is done."""
    in_background(owner, "looking on", lambda: SessionObserver(folder), ObserverReady)
