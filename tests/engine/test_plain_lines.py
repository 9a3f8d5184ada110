"""Lines at a terminal: prose is broken between words, what may be copied is not."""

import fcntl
import os
import struct
import termios
from collections.abc import Iterator
from io import StringIO

import pytest

from wizard.plain.lines import LinePrinter, Prose


TEXT = "  Nobody uses the new instance yet, so there is time."


@pytest.fixture
def terminal() -> Iterator[tuple[int, LinePrinter]]:
    """A terminal of 30 columns: where its screen is read, and lines that go to it."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 30, 0, 0))
    with os.fdopen(theirs, "w", encoding="utf-8") as stream:
        yield ours, LinePrinter(stream)
    os.close(ours)


def test_prose_is_broken_between_words(terminal: tuple[int, LinePrinter]) -> None:
    screen, lines = terminal
    lines.say(Prose(TEXT))
    shown = os.read(screen, 4096).decode().replace("\r\n", "\n").splitlines()
    assert shown == ["  Nobody uses the new", "  instance yet, so there is", "  time."]


def test_what_may_be_copied_stands_in_one_line(terminal: tuple[int, LinePrinter]) -> None:
    screen, lines = terminal
    lines.say(TEXT)
    assert os.read(screen, 4096).decode() == TEXT + "\r\n"


def test_without_a_terminal_nothing_is_broken() -> None:
    stream = StringIO()
    LinePrinter(stream).say(Prose(TEXT))
    assert stream.getvalue() == TEXT + "\n"
