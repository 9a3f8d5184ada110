"""The one bridge between the engine's thread and the screens."""

from collections import deque
from threading import Event, Lock
from typing import Protocol

from textual.message import Message
from textual.message_pump import MessagePump

from screens.shared.background import post_from_thread
from wizard.engine import Detach, Intention, SessionFinished, Update
from wizard.engine import Message as Said
from wizard.engine.engine_handle import EngineHandle
from wizard.lending import Lender
from wizard.session import SessionState


class ShownSession(EngineHandle, Protocol):
    """What the run screen needs besides."""

    @property
    def state(self) -> SessionState: ...
    @property
    def environment(self) -> dict[str, str]: ...
    @property
    def way_on(self) -> str: ...
    def redact(self, text: str) -> str: ...


class EngineSaid(Message):
    """What the engine emitted, in its order.

    Args:
        said: The engine's own message.
    """

    def __init__(self, said: Said) -> None:
        super().__init__()
        self.said = said


class Driver:
    """Starts an engine, hands its messages to a screen and intentions to it. Holds no state of the session.

    What a screen did not take before it went is told to the next one.
    """

    def __init__(self, engine: ShownSession, screen: MessagePump) -> None:
        self.engine = engine
        self._screen = screen
        self._over = Event()
        self._lender = Lender()
        self._telling = Lock()
        self._untaken: deque[Said] = deque()
        self._started = False
        self._heard = False
        self.detaching = False
        """The wizard is being ended; what the engine says last is nobody's any more."""

    def start(self) -> None:
        """Start the engine, or go on with the one that runs; its messages arrive at the screen from now on."""
        with self._telling:
            self._heard = True
            for said in self._untaken:
                post_from_thread(self._screen, EngineSaid(said))
        if not self._started:
            self._started = True
            self.engine.start(self._emit)

    def leave_screen(self) -> None:
        """Keep what the engine says until another screen hears it."""
        with self._telling:
            self._heard = False

    def move_to(self, screen: MessagePump) -> None:
        """Tell another screen, once it calls `start`."""
        with self._telling:
            self._heard = False
            self._screen = screen

    @property
    def heard(self) -> bool:
        """Whether there is a screen that takes what the engine says."""
        return self._heard

    def taken(self) -> None:
        """The screen took the oldest message."""
        self._untaken.popleft()

    @property
    def changes_follow(self) -> bool:
        """Whether the engine has told a change already that the screen did not take yet."""
        with self._telling:
            return any(isinstance(said, Update) for said in self._untaken)

    def lend(self) -> str | None:
        """Show the full screen program that waits on the real terminal, until it ends. There is no app meanwhile.

        Returns:
            The signal that wants the wizard gone, or None.
        """
        return self._lender.lend()

    def _emit(self, said: Said) -> None:
        self._lender.hear(said)
        if isinstance(said, SessionFinished):
            self._over.set()
        with self._telling:
            self._untaken.append(said)
            if self._heard:
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
