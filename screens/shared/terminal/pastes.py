"""Pastes are told from keys before anything reads either: what stands between the marks of a paste is never a key."""

from dataclasses import dataclass
from typing import Literal


BEGIN = b"\x1b[200~"
END = b"\x1b[201~"
LARGEST = 1_000_000
"""Bytes above which a paste is not taken at all, so that an endless one cannot fill the memory."""
TAIL = 0.03
"""Seconds of quiet that part a key from a paste before it: nobody types sooner, but what was pasted may hold `END`."""
ESCAPE = 0.1
"""Seconds after which a lone ESC is the key Esc; it may still turn out to have begun a mark that came in pieces."""
QUIET = 1.0
"""Seconds of quiet inside a paste after which it is said that its end is waited for."""
GIVE_UP = frozenset({b"\x03", b"\x1b[99;5u"})
"""Ctrl+C as terminals send it. Two of them, each by itself, end a paste whose end never comes."""

OPEN = "A paste began and has not ended, so keys wait for its end. If it never ends, press Ctrl+C twice, slowly."
BROKEN_OFF = "The paste that never ended was dropped. Keys work again."
TOO_LONG = f"The paste has more than {LARGEST:,} bytes. Nothing of it was taken."
DROPPED = "What came together with the end of a paste was dropped, because nobody types that fast."


@dataclass(frozen=True, slots=True)
class Typed:
    """Bytes that may be keys."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Pasted:
    """A whole paste, without its marks."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Told:
    """What the person should know about a paste."""

    sentence: str


Piece = Typed | Pasted | Told


class Splitter:
    """Splits what a terminal sends, however it is cut into reads. Until a paste ends, everything belongs to it."""

    def __init__(self) -> None:
        self._at: Literal["keys", "paste", "tail"] = "keys"
        self._held = b""
        """What may be the beginning of a mark."""
        self._sent = 0
        """How much of that was handed on as a key already."""
        self._paste = bytearray()
        self._size = 0
        self._last = float("-inf")
        self._told = False
        self._given_up = 0

    @property
    def inside(self) -> bool:
        """Whether a paste has begun and not ended."""
        return self._at == "paste"

    @property
    def waits(self) -> bool:
        """Whether time alone can make a difference soon."""
        return bool(self._held) or self._at != "keys"

    def feed(self, data: bytes, now: float) -> list[Piece]:
        """Take what was read.

        Args:
            data: The bytes of one read.
            now: Seconds that only go forward.

        Returns:
            What is known of it by now, in its order.
        """
        quiet, self._last = now - self._last, now
        if self._at == "tail" and quiet >= TAIL:
            self._at = "keys"
        if self._at == "paste":
            self._given_up = self._given_up + 1 if data in GIVE_UP and quiet >= QUIET / 4 else 0
            if self._given_up == len("CC"):
                self._end()
                self._at = "keys"
                return [Told(BROKEN_OFF)]
        found: list[Piece] = []
        data, self._held = self._held + data, b""
        while data:
            data = self._step(data, found)
        return found

    def tick(self, now: float) -> list[Piece]:
        """Take into account that time has passed."""
        quiet = now - self._last
        if self._at == "keys" and self._held == BEGIN[:1] and not self._sent and quiet >= ESCAPE:
            self._sent = 1
            return [Typed(self._held)]
        if self._sent and quiet >= QUIET:
            rest, self._held, self._sent = self._held[self._sent :], b"", 0
            return [Typed(rest)] if rest else []
        if self._at == "paste" and not self._told and quiet >= QUIET:
            self._told = True
            return [Told(OPEN)]
        return []

    def _step(self, data: bytes, found: list[Piece]) -> bytes:
        """Take one part of the data; what is left of it."""
        mark = END if self._at == "paste" else BEGIN
        at = data.find(mark)
        cut = at if at >= 0 else len(data) - _begun(data, mark)
        if self._at == "paste":
            self._collect(data[:cut])
        elif self._at == "keys":
            if data[self._sent : cut]:
                found.append(Typed(data[self._sent : cut]))
            if cut:
                self._sent = 0
        elif data[:cut].replace(END, b""):
            found.append(Told(DROPPED))
        if at < 0:
            self._held = data[cut:]
            return b""
        self._sent = 0
        if self._at == "paste":
            found.append(self._end())
            self._at = "tail"
        else:
            self._at = "paste"
        return data[at + len(mark) :]

    def _collect(self, data: bytes) -> None:
        self._size += len(data)
        if self._size <= LARGEST:
            self._paste += data

    def _end(self) -> Piece:
        piece: Piece = Pasted(bytes(self._paste)) if self._size <= LARGEST else Told(TOO_LONG)
        self._paste, self._size, self._held = bytearray(), 0, b""
        self._told, self._given_up = False, 0
        return piece


def _begun(data: bytes, mark: bytes) -> int:
    """How many bytes at the end of the data may be the beginning of the mark."""
    return next((size for size in range(min(len(mark) - 1, len(data)), 0, -1) if data.endswith(mark[:size])), 0)
