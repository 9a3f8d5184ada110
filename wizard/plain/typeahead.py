"""Input that no question stood before, or that came faster than a person types, is thrown away."""

import os
import select
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic


DRAWN = 0.4
"""Seconds that a new question has stood before what is typed may answer it."""
BURST = 0.1
"""Seconds after a line within which more input shows that no person typed it."""
_REST = 1.0
"""Seconds without a key after which the next one begins a text of its own."""


def drain_typeahead(read: Callable[[float], bytes], patience: float, clock: Callable[[], float] = monotonic) -> bool:
    """Throw away what is typed until the keyboard rests.

    Args:
        read: What is typed within so many seconds; empty when nothing is.
        patience: Seconds until it rests when nothing is typed at all; a text that began is waited for to its end.
        clock: Seconds.

    Returns:
        Whether anything was thrown away.
    """
    came = False
    until = clock() + patience
    while read(max(0.0, until - clock())):
        came = True
        until = max(until, clock() + _REST)
    return came


class Woken(Exception):
    """Something else than the keyboard ended the wait."""


@contextmanager
def reading(file: int, wake: int | None = None) -> Iterator[Callable[[float], bytes]]:
    """Read a terminal as it is typed, unseen, with what was typed before and not ended by Enter.

    Args:
        file: The terminal.
        wake: A pipe that ends a wait as soon as something stands in it.

    Yields:
        What `settle` reads with. It raises `Woken`, and EOFError when the terminal is gone.
    """

    def read(seconds: float) -> bytes:
        ready, _, _ = select.select([file] if wake is None else [file, wake], [], [], seconds)
        if wake in ready:
            raise Woken
        typed = os.read(file, 64 * 1024) if ready else b""
        if ready and not typed:
            raise EOFError
        return typed

    try:
        with changed(file, termios.ICANON | termios.ECHO):
            yield read
    except (OSError, termios.error) as problem:
        raise EOFError from problem


@contextmanager
def changed(file: int, without: int) -> Iterator[None]:
    """A terminal without some of its local modes, until this context is left."""
    saved = termios.tcgetattr(file)
    mode = termios.tcgetattr(file)
    mode[3] &= ~without
    mode[6][termios.VMIN], mode[6][termios.VTIME] = 1, 0
    termios.tcsetattr(file, termios.TCSANOW, mode)
    try:
        yield
    finally:
        termios.tcsetattr(file, termios.TCSANOW, saved)
