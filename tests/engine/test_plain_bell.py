"""The bell of a terminal, line by line: after a command or a wait that took long, once, and not into a file."""

import os
import pty
from collections.abc import Iterator
from io import StringIO
from typing import TextIO

import pytest

from wizard.places import config_dir
from wizard.plain.bell import Bell
from wizard.plain.lines import LinePrinter
from wizard.record.events import Asked, QuestionKind
from wizard.session.calling import LONG


@pytest.fixture
def terminal() -> Iterator[tuple[int, TextIO]]:
    """What a person sees of a terminal, and the terminal."""
    sees, there = pty.openpty()
    with os.fdopen(there, "w", encoding="utf-8") as stream:
        yield sees, stream
    os.close(sees)


def _seen(terminal: tuple[int, TextIO]) -> bytes:
    terminal[1].write("end")
    terminal[1].flush()
    seen = b""
    while not seen.endswith(b"end"):
        seen += os.read(terminal[0], 4096)
    return seen.removesuffix(b"end")


def _asks(bell: Bell, sort: QuestionKind = "go") -> None:
    with bell.asking(Asked(question=1, question_kind=sort, step=None, text="?", options=())):
        pass


def test_it_rings_once_after_a_command_that_took_long(terminal: tuple[int, TextIO]) -> None:
    now = 0.0
    bell = Bell(LinePrinter(terminal[1]), lambda: now)
    _asks(bell)
    assert _seen(terminal) == b""
    now = LONG
    _asks(bell)
    _asks(bell)  # a note was written meanwhile, and the question is put once more
    assert _seen(terminal) == b"\a"


def test_it_rings_when_a_countdown_is_over_and_not_when_it_begins(terminal: tuple[int, TextIO]) -> None:
    now = 0.0
    bell = Bell(LinePrinter(terminal[1]), lambda: now)
    now = LONG
    with bell.asking(Asked(question=1, question_kind="soak", step=None, text="?", options=())):
        now = 10 * LONG
    assert _seen(terminal) == b""
    _asks(bell)
    assert _seen(terminal) == b"\a"


def test_a_file_has_no_bell() -> None:
    now = 0.0
    file = StringIO()
    bell = Bell(LinePrinter(file), lambda: now)
    now = LONG
    _asks(bell)
    assert file.getvalue() == ""


def test_it_can_be_turned_off(terminal: tuple[int, TextIO]) -> None:
    settings = config_dir() / "settings.toml"
    settings.write_text("bell = false\n")
    settings.chmod(0o600)
    now = 0.0
    bell = Bell(LinePrinter(terminal[1]), lambda: now)
    now = LONG
    _asks(bell)
    assert _seen(terminal) == b""
