"""One call of a pretend command: what it was asked, what it says, and how it ends."""

from __future__ import annotations


TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wizard.rehearsal.world import World

OUT, ERR = 1, 2


class Ended(Exception):
    """The command is over; raised by `Call.end`."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Waits(Exception):
    """The command asked something, and nothing was typed yet."""


class Piece:
    """A part of what a command says: stream (1 or 2), text, and the world seconds that passed before it."""

    __slots__ = ("seconds", "stream", "text")

    def __init__(self, stream: int, text: str, seconds: int) -> None:
        self.stream = stream
        self.text = text
        self.seconds = seconds


class Answer:
    """What a call came to.

    Attributes:
        pieces: What it said, in order.
        code: Its exit code; None while it waits for a line from the terminal.
        world: The world after it.
        seconds: The world time it took.
    """

    __slots__ = ("code", "pieces", "seconds", "world")

    def __init__(self, pieces: Sequence[Piece], code: int | None, world: World, seconds: int) -> None:
        self.pieces = pieces
        self.code = code
        self.world = world
        self.seconds = seconds

    @property
    def stdout(self) -> str:
        return "".join(piece.text for piece in self.pieces if piece.stream == OUT)

    @property
    def stderr(self) -> str:
        return "".join(piece.text for piece in self.pieces if piece.stream == ERR)

    @property
    def exit(self) -> int:
        """The exit code of a call that ended.

        Raises:
            ValueError: It waits for a line from the terminal.
        """
        if self.code is None:
            raise ValueError("The command still waits for an answer.")
        return self.code


class Call:
    """A command being carried out on a world of its own.

    Args:
        world: The world; the call changes it.
        words: The words after the command's name.
        environment: The command's environment.
        typed: The lines typed at its prompts so far.
        closed: No more lines will come: the terminal or pipe is at its end.
    """

    __slots__ = ("_asked", "_closed", "_due", "_typed", "environment", "pieces", "seconds", "words", "world")

    def __init__(
        self, world: World, words: Sequence[str], environment: Mapping[str, str], typed: Sequence[str], *, closed: bool
    ) -> None:
        self.world = world
        self.words = list(words)
        self.environment = environment
        self.pieces: list[Piece] = []
        self.seconds = 0
        self._typed = typed
        self._closed = closed
        self._asked = 0
        self._due = 0

    def out(self, line: str = "") -> None:
        """Say a line on standard output."""
        self.write(OUT, line + "\n")

    def err(self, line: str) -> None:
        """Say a line on standard error."""
        self.write(ERR, line + "\n")

    def write(self, stream: int, text: str) -> None:
        """Say a text, on standard output (1) or standard error (2)."""
        self.pieces.append(Piece(stream, text, self._due))
        self._due = 0

    def spend(self, seconds: int) -> None:
        """Let world time pass while the command works."""
        self.seconds += seconds
        self._due += seconds
        self.world.advance(seconds)

    def ask(self, prompt: str) -> str | None:
        """Ask on the terminal and wait for a line; None when no line will come.

        Raises:
            Waits: The line was not typed yet.
        """
        self.write(OUT, prompt)
        if self._asked < len(self._typed):
            self._asked += 1
            return self._typed[self._asked - 1]
        if self._closed:
            return None
        raise Waits

    def end(self, code: int) -> None:
        """End the command here.

        Raises:
            Ended: Always.
        """
        raise Ended(code)
