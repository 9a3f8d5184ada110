"""How soon uplevel is there: the first frame beside a two-widget Textual app, and the commands beside a bare click."""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.bench.measuring import UPLEVEL, Terminal, in_turn, whole_process


if TYPE_CHECKING:
    from tests.bench.conftest import Tell


pytestmark = pytest.mark.bench
OF_THE_PEER = 1.4
"""How many times the two-widget app's time the first frame may take."""

TWO_WIDGETS = """
from textual.app import App
from textual.widgets import Static

class Two(App):
    def compose(self):
        yield Static("one of two")
        yield Static("two of two")

Two().run()
"""
IDLE = """
format: 1
procedure: idle
title: Wait for a person
phases: [{title: Only, steps: [{id: it, title: Say so, run: echo so}]}]
"""
CLICK = """
import click

@click.group()
def hello():
    "Say hello."

@hello.command()
def there():
    "There."

hello()
"""


def _first_frame(sign: str, *words: str) -> Callable[[], float]:
    def once() -> float:
        terminal = Terminal(*words)
        try:
            return terminal.sees(sign) - terminal.began
        finally:
            terminal.close()

    return once


def test_the_first_frame(tell: "Tell", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ways = [
        _first_frame("F1 help", UPLEVEL),
        _first_frame("F1 help", UPLEVEL, "rehearse", "redis"),
        _first_frame("two of two", sys.executable, "-c", TWO_WIDGETS),
    ]
    for way in ways:
        way()
    picker, start, peer = in_turn(*ways)
    tell(
        "from the start of the process to the first whole frame",
        ["who", "median", "of the peer"],
        [
            [f"uplevel: picker; goal 500 ms and {OF_THE_PEER}", f"{picker * 1000:.0f} ms", f"{picker / peer:.2f}"],
            ["uplevel rehearse redis: start page, models read", f"{start * 1000:.0f} ms", f"{start / peer:.2f}"],
            ["Textual, two Statics", f"{peer * 1000:.0f} ms", "1.00"],
        ],
    )


def _some_sessions(state: Path) -> Path:
    """A state folder with a copy of each journal that the tests keep."""
    journals = Path(__file__).parents[1] / "journals"
    for name, session in json.loads((journals / "sessions.json").read_text("utf-8")).items():
        shutil.copytree(journals / name, state / "uplevel" / "sessions" / session)
    for path in (state, *state.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return state


def test_help_and_list(tell: "Tell", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    state = f"XDG_STATE_HOME={_some_sessions(tmp_path / 'state')}"
    ways = {
        "click, one command, --help": whole_process(sys.executable, "-c", CLICK, "--help"),
        "python -c pass": whole_process(sys.executable, "-c", "pass"),
        "uplevel --help": whole_process(UPLEVEL, "--help"),
        "uplevel list": whole_process(UPLEVEL, "list"),
        "uplevel sessions; goal 5 of click": whole_process(UPLEVEL, "sessions"),
        "uplevel sessions, of 28, with steps skipped and accepted": whole_process("env", state, UPLEVEL, "sessions"),
    }
    for way in ways.values():
        way()
    taken = in_turn(*ways.values())
    tell(
        "whole processes",
        ["who", "median", "of click"],
        [[name, f"{t * 1000:.0f} ms", f"{t / taken[0]:.1f}"] for name, t in zip(ways, taken, strict=True)],
    )


def test_doing_nothing(tell: "Tell", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "idle.yaml"
    file.write_text(IDLE, "utf-8")
    file.chmod(0o600)
    rows = []
    terminal = Terminal(UPLEVEL)
    terminal.sees("F1 help")
    rows.append(["uplevel: picker", f"{terminal.idle():.1f} %", f"{terminal.memory()[0]:.0f} MB"])
    terminal.close()
    terminal = Terminal(UPLEVEL, "run", str(file))
    terminal.sees("begin")
    terminal.press("\x1b[15~")  # F5
    terminal.sees("run it")
    rows.append(["uplevel: a question is open", f"{terminal.idle():.1f} %", f"{terminal.memory()[0]:.0f} MB"])
    terminal.close()
    terminal = Terminal(sys.executable, "-c", TWO_WIDGETS)
    terminal.sees("two of two")
    rows.append(["Textual, two Statics", f"{terminal.idle():.1f} %", f"{terminal.memory()[0]:.0f} MB"])
    terminal.close()
    tell("doing nothing for 5 s, goal 0.5 %", ["who", "of one processor", "memory"], rows)
