"""The one bridge between the engine's thread and the screens."""

from threading import Event

from textual.message import Message
from textual.message_pump import MessagePump

from screens.background import post_from_thread
from wizard.engine import Detach, Engine, Finished, Intention
from wizard.engine import Message as Said


class EngineSaid(Message):
    """What the engine emitted, in its order.

    Args:
        said: The engine's own message.
    """

    def __init__(self, said: Said) -> None:
        super().__init__()
        self.said = said


class Driver:
    """Starts an engine, hands its messages to a screen and intentions to it. Holds no state of the session."""

    def __init__(self, engine: Engine, screen: MessagePump) -> None:
        self.engine = engine
        self._screen = screen
        self._over = Event()
        self.detaching = False
        """The wizard is being ended; what the engine says last is nobody's any more."""

    def start(self) -> None:
        """Start the engine; its messages arrive at the screen from now on."""
        self.engine.start(self._emit)

    def _emit(self, said: Said) -> None:
        if isinstance(said, Finished):
            self._over.set()
        post_from_thread(self._screen, EngineSaid(said))

    def submit(self, intention: Intention) -> None:
        """Hand an intention to the engine; never blocks."""
        self.engine.submit(intention)

    @property
    def over(self) -> bool:
        """Whether the engine has said its last message."""
        return self._over.is_set()

    def detach(self, cause: str, seconds: float) -> bool:
        """Leave everything as it is, and wait until that is on disk.

        Args:
            cause: Why: the signal, or an error.
            seconds: How long to wait at most.

        Returns:
            Whether the engine is over.
        """
        self.detaching = True
        if not self.over:
            self.submit(Detach(cause))
        return self._over.wait(seconds)
