"""Work that would hold up the screen, on a thread that never holds up leaving."""

from collections.abc import Callable
from threading import Thread
from typing import TypeVar

from textual.message import Message
from textual.message_pump import MessagePump

from wizard.errors import UplevelError


Result = TypeVar("Result")


class Broke(Message):
    """Background work failed in a way nobody foresaw; the app ends with it.

    Args:
        error: What was raised.
    """

    bubble = True

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


def in_background(
    owner: MessagePump,
    group: str,
    work: Callable[[], Result],
    tell: Callable[[Result | UplevelError], Message],
) -> None:
    """Do the work on a daemon thread and post what came of it to the owner.

    A thread worker of Textual is joined when the app ends; a daemon thread is not, so leaving takes no longer.

    Args:
        owner: Who gets the message.
        group: A name for the thread.
        work: Runs on the thread and touches no widget.
        tell: Makes the message of a result, or of the error that was raised on purpose.
    """

    def run() -> None:
        try:
            message = tell(work())
        except UplevelError as problem:
            message = tell(problem)
        except Exception as error:  # noqa: BLE001 - the edge of the thread: it is raised again in the app
            message = Broke(error)
        post_from_thread(owner, message)

    Thread(target=run, name=f"uplevel-{group}", daemon=True).start()


def post_from_thread(owner: MessagePump, message: Message) -> bool:
    """Post a message from another thread; False when there is no app any more to read it."""
    try:
        return owner.post_message(message)
    except RuntimeError:  # the loop was closed meanwhile
        return False
