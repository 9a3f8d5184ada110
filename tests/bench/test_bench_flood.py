"""The real wizard on a real terminal while a command floods it: memory, and how soon a key shows."""

import sys
import threading
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import pytest

from tests.bench.measuring import ROUNDS, UPLEVEL, Terminal


if TYPE_CHECKING:
    from tests.bench.conftest import Tell


pytestmark = pytest.mark.bench
MOST_MEMORY = 100
"""Megabytes the wizard may have while it shows five million lines."""

FLOOD = """
format: 1
procedure: flood
title: Flood
phases:
  - title: Flood
    steps:
      - id: flood
        title: Print many lines
        run: seq 1 {lines}
      - id: over
        title: Say that it is over
        run: echo over
"""
LOG = """
import subprocess, sys, threading
from textual.app import App
from textual.widgets import Log

class Flooded(App):
    BINDINGS = [("ctrl+t", "turn")]

    def compose(self):
        self.log_pane = Log()
        self.log_pane.styles.border = ("solid", "white")
        self.log_pane.border_title = "output"
        yield self.log_pane

    def on_ready(self):
        threading.Thread(target=self.flood, daemon=True).start()

    def flood(self):
        child = subprocess.Popen(["seq", "1", sys.argv[1]], stdout=subprocess.PIPE)
        while data := child.stdout.read(65536):
            self.call_from_thread(self.log_pane.write, data.decode())

    def action_turn(self):
        taken = self.log_pane.border_title == "output"
        self.log_pane.border_title = "KEYBOARD -> COMMAND" if taken else "output"

Flooded().run()
"""
TAB, CTRL_CLOSE, CTRL_T, F5, ENTER = "\t", "\x1d", "\x14", "\x1b[15~", "\r"


def _floods(tmp_path: Path, lines: int) -> Terminal:
    """A live session that has just been told to print so many lines."""
    file = tmp_path / f"flood-{lines}.yaml"
    file.write_text(FLOOD.format(lines=lines), "utf-8")
    file.chmod(0o600)
    terminal = Terminal(UPLEVEL, "run", str(file), cwd=tmp_path)
    terminal.sees("begin")
    terminal.press(F5)
    terminal.sees("run it")
    threading.Event().wait(0.6)  # a key pressed before the question was drawn does not answer it
    terminal.press("r")
    return terminal


def _latencies(terminal: Terminal, on: str, off: str) -> list[float]:
    """Milliseconds from a key to what it changes on the screen, twenty times on and off."""
    taken = []
    for _ in range(20):
        for key, sign in ((on, "KEYBOARD -> COMMAND"), (off, "output")):
            pressed = terminal.press(key)
            taken.append((terminal.sees(sign) - pressed) * 1000)
            threading.Event().wait(0.05)
    return sorted(taken)


def _row(who: str, taken: list[float], memory: tuple[float, float]) -> list[str]:
    return [
        who,
        f"{median(taken):.0f} ms",
        f"{taken[int(len(taken) * 0.95)]:.0f} ms",
        f"{taken[-1]:.0f} ms",
        f"{memory[1]:.0f} MB",
    ]


def test_five_million_lines_on_the_screen(tell: "Tell", tmp_path: Path) -> None:
    shown, highest = [], []
    for _ in range(ROUNDS):
        terminal = _floods(tmp_path, 5_000_000)
        try:
            begin = terminal.press("")
            shown.append(terminal.sees("The command ended with 0") - begin)
            highest.append(terminal.memory()[1])
        finally:
            terminal.close()
    tell(
        "seq 1 5000000 in the running wizard",
        ["from the key to the result on the screen", "highest memory"],
        [[f"{median(shown):.2f} s", f"{median(highest):.0f} MB"]],
    )
    assert max(highest) < MOST_MEMORY


def test_keys_during_a_flood(tell: "Tell", tmp_path: Path) -> None:
    """A flood that is longer than the measurement: ours at its full speed, the peer's at what its widget can take."""
    terminal = _floods(tmp_path, 100_000_000)
    try:
        terminal.sees("follows")
        ours = _latencies(terminal, TAB, CTRL_CLOSE)
        memory = terminal.memory()
    finally:
        terminal.close()
    peer = Terminal(sys.executable, "-c", LOG, "100000000", cwd=tmp_path)
    try:
        peer.sees("output")
        theirs = _latencies(peer, CTRL_T, CTRL_T)
        their_memory = peer.memory()
    finally:
        peer.close()
    tell(
        "from a key to what it changes on the screen, while seq 1 100000000 runs",
        ["who", "median", "95 of 100", "worst", "highest memory"],
        [_row("uplevel", ours, memory), _row("Textual's Log, fed by a thread", theirs, their_memory)],
    )
    assert memory[1] < MOST_MEMORY
