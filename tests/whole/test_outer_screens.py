"""What reaches the operator's terminal from the screens, read from a pty, while every text from outside is hostile."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.outer import OF_TEXTUAL, Outer, commands, evil, hostile_folder, whole


UPLEVEL = str(Path(sys.executable).with_name("uplevel"))


@pytest.fixture
def outer(tmp_path: Path) -> Iterator[Callable[..., Outer]]:
    """Starts uplevel on a terminal, in a folder that is hostile throughout."""
    here = hostile_folder(tmp_path)
    started: list[Outer] = []

    def start(*words: str) -> Outer:
        started.append(Outer(UPLEVEL, *words, cwd=here, columns=150))
        return started[-1]

    yield start
    for each in started:
        each.close()


F1, F2, F4, F5, F7, ESCAPE, CTRL_C, CTRL_P, ENTER, END = (
    *("\x1bOP", "\x1bOQ", "\x1bOS", "\x1b[15~", "\x1b[18~", "\x1b", "\x03", "\x10", "\r", "\x1b[F"),
)


def pasted(text: str) -> str:
    """A text as a terminal sends it when it is pasted."""
    return f"\x1b[200~{text}\x1b[201~"


def test_pages_before_a_session(outer: Callable[..., Outer]) -> None:
    terminal = outer()
    terminal.sees("title[/x]<U+001B>]0;own", "broken[:x]<U+001B>")
    terminal.press(END, ">   hostile", whole("summary"))
    terminal.press("\x1b[A", ">   broken")
    terminal.press(ENTER, "This is no YAML")
    terminal.press("/", "a part of the name")
    terminal.press(pasted("title[/x]\x1b[2Jre\u202e"), "title[/x]")
    terminal.child.send(ESCAPE)
    terminal.press(END, ">   hostile")
    terminal.press(ENTER, whole("title"), whole("version"), "value[/x]", "It holds", "choice[/x]<U+001B>")
    terminal.press(F4, "All commands", whole("later"), whole("phase"))
    terminal.press(ESCAPE, "F5 begin")
    terminal.press(F1, "Keys here")
    terminal.press(ESCAPE, "F5 begin")
    terminal.press(CTRL_P, "Search for commands")
    terminal.press(ESCAPE, gone="Search for commands")
    assert terminal.ends(CTRL_C) == 0
    assert commands(terminal.heard) - OF_TEXTUAL == set()


def test_a_session_and_what_is_left_of_it(outer: Callable[..., Outer]) -> None:
    terminal = outer("run", "procedures/hostile.yaml")
    terminal.sees(whole("title"))
    terminal.press(F5, whole("step"), whole("why"), whole("hint"), "target[/x]")
    terminal.press("r", "Enter: run it")
    terminal.press(ENTER, whole("confirm"))
    terminal.press("y", "Enter: yes, go on")
    terminal.press(ENTER, "got", "output[/x]")
    terminal.press(
        F5, "output[/x]<U+202E>[bold]", "clipboard title link", "dcs apc pm sos sixel", "ask modes", "last words"
    )
    assert "hidedenblink" in terminal.shown
    assert "<+2992 marks>" in terminal.shown
    terminal.press(ESCAPE, whole("hint"))
    terminal.press(F2, "A note for the record")
    terminal.press(pasted(evil("noted")), "noted[/x]")
    terminal.child.send(ENTER)
    terminal.press("k", "Enter: skip")
    terminal.press(ENTER, "Skip this step: why?")
    terminal.press(pasted(evil("reason")), "reason[/x]")
    terminal.press(ENTER, whole("item"))
    assert terminal.ends(F7) == 3
    assert b"uplevel resume" in terminal.heard
    assert commands(terminal.heard) - OF_TEXTUAL == set()

    again = outer()
    again.sees("Unfinished", "LIVE choice")
    again.press("s", "step 2" if "step 2" in again.shown else "Sessions")
    again.press("t", "What was done", "reason[/x]<U+001B>", whole("title"))
    assert again.ends(CTRL_C) == 0
    assert commands(again.heard) - OF_TEXTUAL == set()
