"""The real wizard on a real terminal while a command floods it: memory, and how soon a key shows."""

import json
import os
import signal
import sys
import threading
from contextlib import suppress
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


WATCHED = """
import sys, time
from screens.launch import main
from screens.output.output_pane import OutputPane

turn = OutputPane.takes_keys.fset

def turned(pane, takes):
    turn(pane, takes)
    with open("handled", "a") as log:
        log.write(f"{time.perf_counter()}\\n")

OutputPane.takes_keys = OutputPane.takes_keys.setter(turned)
sys.argv[0] = "uplevel"
sys.exit(main())
"""
"""The wizard, telling by the clock that all processes share when it has handled a key."""


def _floods(tmp_path: Path, lines: int, *program: str) -> Terminal:
    """A live session that has just been told to print so many lines."""
    file = tmp_path / f"flood-{lines}.yaml"
    file.write_text(FLOOD.format(lines=lines), "utf-8")
    file.chmod(0o600)
    terminal = Terminal(*(program or (UPLEVEL,)), "run", str(file), cwd=tmp_path)
    terminal.sees("begin")
    threading.Event().wait(0.6)  # a key pressed before the page was drawn does not begin it
    terminal.press(F5)
    terminal.sees("run it")
    threading.Event().wait(0.6)  # a key pressed before the question was drawn does not answer it
    terminal.press("r" + ENTER)
    return terminal


def _presses(terminal: Terminal, on: str, off: str, times: int = 20) -> tuple[list[float], list[float]]:
    """When a key was pressed, and how many milliseconds later its effect was on the screen: so often on and off."""
    pressed, taken = [], []
    for _ in range(times):
        for key, sign in ((on, "KEYBOARD -> COMMAND"), (off, "output")):
            pressed.append(terminal.press(key))
            taken.append((terminal.sees(sign) - pressed[-1]) * 1000)
            threading.Event().wait(0.05)
    return pressed, taken


def _latencies(terminal: Terminal, on: str, off: str) -> list[float]:
    """Milliseconds from a key to what it changes on the screen."""
    return sorted(_presses(terminal, on, off)[1])


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
            shown.append(terminal.sees("The command ended with exit 0") - begin)
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


def _end_what_was_left(home: Path) -> None:
    """End the commands that a killed wizard left running, as they should be."""
    for started in home.glob("**/runs/*/started.json"):
        if not started.with_name("exit.json").exists():
            with suppress(ProcessLookupError):
                os.kill(json.loads(started.read_text())["pid"], signal.SIGKILL)


def _quantiles(taken: list[float], goals: tuple[int, int]) -> list[str]:
    """Median and 99 of 100, each with its goal."""
    ordered = sorted(taken)
    middle, most = median(ordered), ordered[int(len(ordered) * 0.99)]
    return [
        f"{value:.1f} ms, goal {goal} {'met' if value <= goal else 'MISSED'}"
        for value, goal in zip((middle, most), goals, strict=True)
    ]


@pytest.mark.parametrize(("lines", "bursts", "pairs"), [(5_000_000, 50, 1), (60_000_000, ROUNDS, 10)])
def test_keys_in_bursts_of_lines(  # noqa: PLR0917  fixtures and parameters of the test
    tell: "Tell", tmp_path: Path, own_folders: Path, lines: int, bursts: int, pairs: int
) -> None:
    """Key to handled and key to screen, in bursts that outlast the keys: those one meets, and endless ones."""
    handled, seen = [], []
    for burst in range(bursts):
        folder = tmp_path / str(burst)
        folder.mkdir()
        terminal = _floods(folder, lines, sys.executable, "-c", WATCHED)
        try:
            terminal.sees("follows")
            pressed, taken = _presses(terminal, TAB, CTRL_CLOSE, pairs)
        finally:
            terminal.close()
            _end_what_was_left(own_folders)
        told = [float(line) for line in (folder / "handled").read_text().splitlines()]
        answered = [[when for when in told if when >= press] for press in pressed]
        handled += [(min(when) - press) * 1000 for when, press in zip(answered, pressed, strict=True) if when]
        seen += [late for when, late in zip(answered, taken, strict=True) if when]  # the burst was over before the rest
    tell(
        f"{len(seen)} keys in {bursts} bursts of seq 1 {lines}",
        ["from the key until", "median", "99 of 100"],
        [["it is handled", *_quantiles(handled, (5, 50))], ["it shows", *_quantiles(seen, (40, 120))]],
    )
