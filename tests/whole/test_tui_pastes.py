"""Pastes through a real terminal, on every screen and window: no key, no answer, no event comes of them."""

import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from screens.shared.terminal.pastes import BEGIN, END
from tests.outer import Outer


UPLEVEL = str(Path(sys.executable).with_name("uplevel"))
F1, F2, F3, F4, F5, F7, F8 = "\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS", "\x1b[15~", "\x1b[18~", "\x1b[19~"
ESCAPE, ENTER, CTRL_P, TAB, LEAVE_PANE, CLEAR = "\x1b", "\r", "\x10", "\t", "\x1d", "\x15"

_PROCEDURE = """
format: 1
procedure: pastes
title: Pastes everywhere
phases:
  - title: Only
    steps:
      - {id: shown, title: Show it, run: echo SHOWN}
      - {id: runs, title: Touch it, confirm: Really?, run: touch ran}
      - {id: waits, title: Wait for it, shell: 'cat > heard'}
"""
_ISSUE = b"some log \x1b[31mred text r\nrrr\n"
_PIECES = (
    *(b"r", b"k", b"x\r", b"\r", b"\n", b"R\r\r", b"y\r", b"1\r", b"log line ", b"/", b"s", b"p", b"t", b"\t"),
    *(b"\x1b", b"\x1b\x1b", b"\x1b[", b"\x1bO", b"\x1b[31m", b"\x1b[A", b"\x1b[B\r", b"\x1bOP", b"\x1bM"),
    *(b"\x1b[15~", b"\x1b[18~", b"\x1b[200~", b"\x1b[201", b"\x1b[201;1~", b"\x1b[I", b"\x1b[O", b"\x1b[13u"),
    *(b"\x1b]0;own\x07", b"\x1b]52;c;AAAA\x1b\\", b"\x1bP1$r0m\x1b\\", b"\x1b[<0;10;12M", b"\x1b[99;5u"),
    *(b"\x1b[48;5;20;100;100t", b"\x1b[?2004l", b"\x1b[1;1R", b"\x1b[114;;114u", b"\x1b[38;2;1;2;3;4;5;6"),
    *(b"\x03", b"\x10", b"\x1d", b"\x00", b"\x7f", b"\x9b31m", "ü\u202e".encode(), b"\xff\xfe"),
)

Starts = Callable[..., Outer]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Starts]:
    """Starts uplevel on a terminal, in a folder with the procedure."""
    (tmp_path / "pastes.yaml").write_text(_PROCEDURE)
    started: list[Outer] = []

    def begin(*words: str) -> Outer:
        started.append(Outer(UPLEVEL, *words, cwd=tmp_path, columns=100, rows=30))
        started[-1].child.delaybeforesend = None
        return started[-1]

    yield begin
    for each in started:
        each.close()


def _paste(chance: random.Random) -> bytes:
    held = b"".join(chance.choice(_PIECES) for _ in range(chance.randrange(1, 14)))
    if chance.random() < 0.3:
        held += chance.randbytes(chance.randrange(8))
    return BEGIN + (_ISSUE if chance.random() < 0.1 else held).replace(END, b"") + END


def _send(terminal: Outer, data: bytes, chance: random.Random) -> None:
    """Write the bytes in pieces of any length, and let the program speak between them."""
    while data:
        cut = chance.choice((1, 2, 3, 5, len(data)))
        terminal.child.send(data[:cut])
        data = data[cut:]
        if chance.random() < 0.2:
            terminal._more(chance.choice((0.0, 0.001, 0.02)))


def _journal(home: Path) -> bytes:
    found = list((home / "state").rglob("journal.jsonl"))
    return found[0].read_bytes() if found else b""


def _settle(terminal: Outer, seconds: float = 0.4) -> None:
    """Read until the program has nothing more to say."""
    until = time.monotonic() + 10
    while terminal._more(seconds) and time.monotonic() < until:
        pass


class _Storm:
    """Pastes at one place after another.

    Args:
        terminal: The wizard's.
        home: Where its record is.
        many: How many pastes a place gets.
        seed: Which.
    """

    def __init__(self, terminal: Outer, home: Path, many: int, seed: int) -> None:
        self.terminal = terminal
        self._home = home
        self._many = many
        self._chance = random.Random(seed)
        self.sent = 0

    def here(self, *stays: str) -> None:
        """Paste here; the place and the record must stay as they are."""
        _settle(self.terminal)
        before = _journal(self._home)
        for _ in range(self._many):
            _send(self.terminal, _paste(self._chance), self._chance)
            self.terminal._more(0.0)
            self.sent += 1
        _settle(self.terminal)
        missing = [text for text in stays if text not in self.terminal.shown]
        assert not missing, f"{missing} went away:\n{self.terminal.shown}"
        assert _journal(self._home) == before


def _everywhere(start: Starts, home: Path, here: Path, many: int, seed: int) -> int:
    """Paste at every place of a session's life; how many pastes there were."""
    storm = _Storm(start("run", "pastes.yaml"), home, many, seed)
    terminal = storm.terminal
    terminal.sees("F5 begin")
    storm.here("F5 begin")
    terminal.press(CLEAR, "F5 begin")  # what was pasted stands in the field of the ticket
    terminal.press(F5, "do it by hand")
    storm.here("1 of 3", "R   run it", "Nothing is marked")
    terminal.press("r", "Enter: run it")
    storm.here("1 of 3", "Nothing is marked")
    terminal.press(F1, "Keys here")
    storm.here("Keys here")
    terminal.press(ESCAPE, "R   run it")
    terminal.press(CTRL_P, "Search for commands")
    storm.here()
    terminal.press(ESCAPE, "R   run it", gone="Search for commands")
    terminal.press(F4, "Only")
    storm.here("1 Show it")
    terminal.press(ESCAPE, "R   run it")
    terminal.press("k", "Enter: ")
    terminal.press(ENTER, "Skip this step: why?")
    storm.here("Skip this step: why?")
    terminal.press(ESCAPE, "R   run it", gone="Skip this step: why?")
    for key, title in ((F2, "A note for the record"), (F3, "Evidence for the record")):
        terminal.press(key, title)
        storm.here(title)
        terminal.press(ESCAPE, "R   run it", gone=title)
    terminal.press("r", "Enter: run it")
    terminal.press(ENTER, "Enter: go on")
    storm.here("✓ done")
    terminal.press(F5, "SHOWN", "F5 output")
    storm.here("SHOWN")
    terminal.press(ESCAPE, "Enter: go on")
    terminal.press(ENTER, "2 of 3")
    terminal.press("r", "Enter: run it")
    terminal.press(ENTER, "Really?")
    storm.here("Really?")
    assert not (here / "ran").exists()
    terminal.press(F7, "uplevel resume")
    return storm.sent


def _lists(start: Starts, home: Path, many: int, seed: int) -> int:
    """Paste into the picker, its field, and the list of sessions; how many pastes there were."""
    storm = _Storm(start(), home, many, seed)
    terminal = storm.terminal
    terminal.sees("Procedures")
    storm.here("Procedures")
    terminal.press("/", "a part of the name")
    storm.here("find")
    terminal.press(ESCAPE, "Procedures", "Redis")
    terminal.press("s", "Sessions")
    storm.here("Sessions", "Pastes everywhere")
    assert terminal.ends("\x03") == 0
    return storm.sent


def test_a_score_of_pastes_everywhere_are_no_keys(start: Starts, own_folders: Path, tmp_path: Path) -> None:
    sent = _everywhere(start, own_folders, tmp_path, 2, 1) + _lists(start, own_folders, 1, 2)
    assert sent >= 20


@pytest.mark.storm
@pytest.mark.parametrize("seed", range(5))
def test_two_thousand_pastes_everywhere_are_no_keys(
    seed: int, start: Starts, own_folders: Path, tmp_path: Path
) -> None:
    sent = _everywhere(start, own_folders, tmp_path, 28, seed) + _lists(start, own_folders, 28, seed + 100)
    assert sent >= 400


def test_an_unterminated_paste_runs_nothing_and_can_be_given_up(start: Starts, own_folders: Path) -> None:
    terminal = start("run", "pastes.yaml")
    terminal.sees("F5 begin")
    terminal.press(F5, "do it by hand")
    terminal.press("r", "Enter: run it")
    before = _journal(own_folders)
    terminal.child.send(BEGIN + _ISSUE)
    terminal.sees("A paste began and has not ended")
    for key in ("r", ENTER, F5):
        terminal.child.send(key)
        _settle(terminal)
    assert _journal(own_folders) == before
    terminal.press("\x03", "Keys work again")
    assert _journal(own_folders) == before
    terminal.press("r", "Enter: run it")
    terminal.press(ENTER, "Enter: go on")
    assert terminal.ends(F7) == 3


def test_a_paste_for_a_running_command_goes_to_it_and_only_with_the_keyboard(
    start: Starts, own_folders: Path, tmp_path: Path
) -> None:
    (tmp_path / "pastes.yaml").write_text(_PROCEDURE.replace("run: echo SHOWN", "shell: 'cat > heard'"))
    terminal = start("run", "pastes.yaml")
    terminal.sees("F5 begin")
    terminal.press(F5, "do it by hand")
    terminal.press("r", "Enter: run it")
    terminal.press(ENTER, "running")
    before = _journal(own_folders).count(b"\n")
    terminal.child.send(BEGIN + b"lost\x1b[31m\r" + END)
    terminal.sees("A paste starts nothing here")
    terminal.press(TAB, "KEYBOARD")
    terminal.child.send(BEGIN + b"one \x1b[31mtwo\nthree\n" + END)
    terminal.sees("three")
    terminal.press(LEAVE_PANE, gone="KEYBOARD")
    assert (tmp_path / "heard").read_bytes() == b"one [31mtwo\nthree\n"
    later = [json.loads(line)["kind"] for line in _journal(own_folders).splitlines()[before:]]
    assert {kind for kind in later if not kind.startswith(("run.", "front-end."))} == set()
    terminal.press(F8, "Let it run")
    terminal.press("\x1b[B", "> Stop it")
    terminal.press(ENTER, "failed")
    assert terminal.ends(F7) == 3
