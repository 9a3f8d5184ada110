"""Sessions begin and are taken up on a thread, and meanwhile the screen says what is being done."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.message import Message
from textual.message_pump import MessagePump

from screens.shared.background import in_background, post_from_thread
from wizard.errors import UplevelError


if TYPE_CHECKING:
    from wizard.archive.sessions import SessionSummary
    from wizard.engine import Engine, News, Preparation


BUSY = "Something is being opened already. Wait for it."


class OpeningTold(Message):
    """What is done next while a session is being opened.

    Args:
        sentence: What it is.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence


def prepare_in_background(
    owner: MessagePump, work: "Callable[[], Preparation]", tell: "Callable[[Preparation | UplevelError], Message]"
) -> None:
    """Make a start page ready, and post what is being done and what came of it to the owner."""
    owner.post_message(OpeningTold("Reading the procedure…"))
    in_background(owner, "prepare", work, tell)


def open_in_background(
    owner: MessagePump,
    work: "Callable[[News], Engine]",
    tell: "Callable[[Engine | UplevelError], Message]",
) -> None:
    """Open a session, and post what is being done and what came of it to the owner.

    Args:
        owner: Who gets the messages.
        work: Opens it, and tells what it does.
        tell: Makes the message of what came of it.
    """

    def news(sentence: str) -> None:
        post_from_thread(owner, OpeningTold(sentence))

    in_background(owner, "open", lambda: work(news), tell)


def resume_in_background(
    owner: MessagePump, session: "SessionSummary", tell: "Callable[[Engine | UplevelError], Message]"
) -> None:
    """Take a session up again, and post what is being done and what came of it to the owner."""
    owner.post_message(OpeningTold("Reading the record…"))

    def work(news: "News") -> "Engine":
        from wizard.engine import resume_session

        return resume_session(session, front_end="textual", news=news)

    open_in_background(owner, work, tell)
