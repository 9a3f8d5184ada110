"""Searching in the pane: a process of its own finds, the pane goes there, and nothing of it outlasts its use."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from screens.output.output_pane import OutputPane
from screens.output.searching import searcher
from screens.output.searching.pattern import Pattern
from tests import forked
from tests.conftest import HANG
from wizard.record.output import OutputFile


ENDLESS = b"a" * 40 + b"!\n"
"""What `(a+)+$` needs longer for than anybody waits."""


class Two(App[None]):
    """Two panes beside each other."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.pane = OutputPane()
        self.other = OutputPane()

    def compose(self) -> ComposeResult:
        yield self.pane
        yield self.other

    def on_mount(self) -> None:
        self.pane.show_file(OutputFile(self.path))
        self.other.show_file(OutputFile(self.path))
        self.pane.focus()

    def rows(self) -> list[str]:
        return [self.pane.window.render_line(y).text.rstrip() for y in range(self.pane.window.size.height)]

    def state(self) -> str:
        return str(self.pane.query_one(".state").render())

    def pid(self) -> int:
        """Of the process that searches for the first pane."""
        searching = self.pane._finder._searcher
        assert searching is not None
        assert searching._process is not None
        return searching._process.pid


async def until(pilot: Pilot[None], what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + HANG
    while not what():
        assert time.monotonic() < deadline, pilot.app.pane.query_one(".state").render()  # type: ignore[attr-defined]  # only Two has one
        await pilot.pause(0.02)


async def look_for(pilot: Pilot[None], app: Two, text: str, *, regex: bool = False) -> None:
    app.pane.search()
    if regex:
        await pilot.press("ctrl+r")
    app.pane._search.field.value = text
    await pilot.pause()


@pytest.fixture
def output(tmp_path: Path) -> Path:
    path = tmp_path / "output"
    lines = [f"line {n}" + (" \x1b[31mer\x1b[1mror\x1b[0m" if n % 100 == 50 else "") for n in range(1000)]
    path.write_text("\n".join(lines) + "\n")
    return path


def put(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


async def test_at_the_end_the_search_goes_up_and_around_and_says_which_match_this_is(output: Path) -> None:
    app = Two(output)
    async with app.run_test(size=(80, 30)) as pilot:
        await until(pilot, lambda: app.pane.lines == 1000)
        await look_for(pilot, app, "error")
        await until(pilot, lambda: "10 of 10" in app.state())
        assert "line 950 error" in app.rows()
        assert not app.pane.following
        assert app.other.following
        await pilot.press("up")
        await until(pilot, lambda: "9 of 10" in app.state())
        assert "line 850 error" in app.rows()
        await pilot.press("enter")
        await until(pilot, lambda: "10 of 10" in app.state())
        await pilot.press("down")
        await until(pilot, lambda: "1 of 10, from the other end" in app.state())
        assert "line 50 error" in app.rows()
        pid = app.pid()
        await pilot.press("escape")
        assert not app.pane.searching
        await until(pilot, lambda: gone(pid))
        assert "line 50 error" in app.rows()
        assert app.focused is app.pane.window


def check_results(app: Two) -> list[tuple[str, bool | None]]:
    """What is reversed in the second row, and whether it is underlined too."""
    parts = app.pane.window.render_line(1)
    return [(part.text, part.style.underline) for part in parts if part.style and part.style.reverse]


async def test_matches_are_marked_and_the_one_where_we_are_otherwise(output: Path) -> None:
    put(output, b"none\nfoo and foo\n")
    app = Two(output)
    app.no_color = True
    async with app.run_test(size=(80, 30)) as pilot:
        await until(pilot, lambda: app.pane.lines == 2)
        for text, regex in (("FOO", False), ("foo", False), ("fo+", True)):
            await look_for(pilot, app, text, regex=regex)
            if text == "FOO":
                await until(pilot, lambda: "no match · exact case" in app.state())
                continue
            await until(pilot, lambda: "2 of 2" in app.state())
            await until(
                pilot, lambda: any(part.style and part.style.reverse for part in app.pane.window.render_line(1))
            )
            looks = [(p.text, p.style.underline) for p in app.pane.window.render_line(1) if p.style and p.style.reverse]
            assert looks == [("foo", None), ("foo", True)]


async def test_matches_keep_coming_while_the_output_grows(output: Path) -> None:
    app = Two(output)
    async with app.run_test(size=(80, 30)) as pilot:
        await until(pilot, lambda: app.pane.lines == 1000)
        await look_for(pilot, app, "error")
        await until(pilot, lambda: "of 10 " in app.state())
        with output.open("a") as file:
            file.write("an err")
            file.flush()
            await until(pilot, lambda: app.pane.lines == 1001)
            file.write("or and an error\n" * 3)
        await until(pilot, lambda: "of 14 " in app.state())


async def test_a_pattern_that_takes_for_ever_is_said_and_ended(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searcher, "LONG", 0.05)
    put(output, ENDLESS)
    app = Two(output)
    async with app.run_test(size=(80, 30)) as pilot:
        await until(pilot, lambda: app.pane.lines == 1)
        await look_for(pilot, app, "(a+)+$", regex=True)
        await until(pilot, lambda: "the search takes long; Esc stops it" in app.state())
        pid = app.pid()
        await pilot.press("x")
        await until(pilot, lambda: gone(pid))
        await until(pilot, lambda: "no match" in app.state())
        await pilot.press("backspace")
        await until(pilot, lambda: "takes long" in app.state())
        pid = app.pid()
    await_gone = time.monotonic() + 5
    while not gone(pid):
        assert time.monotonic() < await_gone


async def test_a_bad_regular_expression_is_told_and_the_next_key_searches_again(output: Path) -> None:
    app = Two(output)
    async with app.run_test(size=(80, 30)) as pilot:
        await until(pilot, lambda: app.pane.lines == 1000)
        await look_for(pilot, app, "(erro", regex=True)
        await until(pilot, lambda: "! Wrong at character 1: missing )" in app.state())
        await pilot.press(")")
        await until(pilot, lambda: "10 of 10" in app.state())


async def test_a_file_that_is_shown_instead_is_not_searched(output: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("only this\n")
    app = Two(output)
    async with app.run_test(size=(80, 30)) as pilot:
        await until(pilot, lambda: app.pane.lines == 1000)
        await look_for(pilot, app, "error")
        await until(pilot, lambda: "10 of 10" in app.state())
        pid = app.pid()
        app.pane.show_file(OutputFile(other))
        await until(pilot, lambda: app.rows()[0] == "only this")
        assert not app.pane.searching
        await until(pilot, lambda: gone(pid))


WIZARD = """
import asyncio, os, sys
from screens.output.searching.pattern import Pattern
from screens.output.searching.searcher import Searcher

async def search() -> None:
    file = os.open(sys.argv[1], os.O_RDONLY)
    found = Searcher(file, os.fstat(file).st_size, Pattern("(a+)+$", True), lambda said: None)
    sys.stdout.write(f"{found._process.pid}\\n")
    sys.stdout.flush()
    await asyncio.sleep(60)

asyncio.run(search())
"""


def test_the_search_dies_with_the_wizard_even_in_the_middle_of_a_match(output: Path) -> None:
    output.write_bytes(ENDLESS)
    with forked.Popen([sys.executable, "-c", WIZARD, str(output)], stdout=subprocess.PIPE) as wizard:
        assert wizard.stdout is not None
        pid = int(wizard.stdout.readline())
        deadline = time.monotonic() + 10
        while "cpu" not in _busy(pid):
            assert time.monotonic() < deadline
        os.kill(wizard.pid, signal.SIGKILL)
        while not gone(pid) and _state(pid) != "Z":
            assert time.monotonic() < deadline


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "Z"


def _busy(pid: int) -> str:
    """`cpu` once the process has used the processor for longer than it needs to start."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return "cpu" if int(fields[11]) > 0.3 * os.sysconf("SC_CLK_TCK") else ""


def test_what_is_searched_for_is_in_no_list_of_processes(output: Path) -> None:
    wizard = forked.Popen([sys.executable, "-c", WIZARD, str(output)], stdout=subprocess.PIPE)
    try:
        assert wizard.stdout is not None
        pid = int(wizard.stdout.readline())
        assert b"a+" not in Path(f"/proc/{pid}/cmdline").read_bytes()
    finally:
        wizard.kill()
        wizard.communicate()


def test_a_pattern_is_the_same_search_when_it_is_the_same() -> None:
    assert Pattern("a") == Pattern("a")
    assert Pattern("a") != Pattern("a", regex=True)
