"""Output in the running wizard, on a real terminal: capture beside script(1), memory, opening and searching."""

import asyncio
import hashlib
import json
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import mkdtemp
from typing import TYPE_CHECKING, NamedTuple

import pytest
from textual.app import App, ComposeResult

from screens.output.output_pane import OutputPane
from screens.output.output_search import SearchField
from tests.bench.measuring import ROUNDS, UPLEVEL, Terminal, in_turn, seconds, whole_process
from wizard.clock import parse_rfc3339
from wizard.execution.redact import Redactor
from wizard.record.output import OutputFile


if TYPE_CHECKING:
    from tests.bench.conftest import Tell


pytestmark = pytest.mark.bench

ONE = """
format: 1
procedure: one
title: One
phases:
  - title: One
    steps:
      - {id: one, title: Print much, shell: 'COMMAND'}
      - {id: over, title: Say that it is over, run: echo over}
"""
_MEGABYTE = 1_000_000


def begun(folder: Path, command: str) -> Terminal:
    """A live session that asks whether to run a command, as a person finds it after reading."""
    file = folder / "one.yaml"
    file.write_text(ONE.replace("COMMAND", command), "utf-8")
    file.chmod(0o600)
    # Each with its own sessions: the one before was killed, and what is unfinished on a target is asked about.
    state = {"XDG_STATE_HOME": mkdtemp(dir=folder)}
    terminal = Terminal(UPLEVEL, "run", str(file), env=state, cwd=folder)
    terminal.sees("begin")
    threading.Event().wait(0.6)  # a key pressed before the page was drawn does not begin it
    terminal.press("\x1b[15~")  # F5
    terminal.sees("run it")
    threading.Event().wait(0.8)  # a key pressed before the question was drawn does not answer it
    return terminal


def _in_the_wizard(folder: Path, command: str) -> float:
    """Seconds from the key that runs it until the screen says that it is done."""
    terminal = begun(folder, command)
    try:
        terminal.press("r")
        terminal.sees("Enter: run it")
        begin = terminal.press("\r")
        return terminal.sees("ended with exit 0", 300) - begin
    finally:
        terminal.close()


def test_from_the_key_to_the_command_and_from_its_end_to_the_screen(tell: "Tell", tmp_path: Path) -> None:
    told, ran, shown = [], [], []
    for _ in range(2 * ROUNDS):
        terminal = begun(tmp_path, "date +%s.%N; sleep 0.3; date +%s.%N")
        try:
            terminal.press("r")
            terminal.sees("Enter: run it")
            threading.Event().wait(0.3)
            late = time.time() - time.perf_counter()
            pressed = terminal.press("\r") + late
            seen = terminal.sees("ended with exit 0") + late
        finally:
            terminal.close()
        record = max(tmp_path.glob("*/uplevel/sessions/*/journal.jsonl"), key=lambda path: path.stat().st_mtime)
        intent = next(line for line in map(json.loads, record.read_text().splitlines()) if line["kind"] == "run.intent")
        begin, end = map(float, (record.parent / "runs" / "0001" / "output").read_text().split())
        told.append(parse_rfc3339(intent["at"]).timestamp() - pressed)
        ran.append(begin - pressed)
        shown.append(seen - end)
    tell(
        f"one command in the running wizard, median of {2 * ROUNDS}",
        ["from", "to", "median", "shortest"],
        [
            [begin, end, f"{1000 * median(taken):.0f} ms", f"{1000 * min(taken):.0f} ms"]
            for begin, end, taken in (
                ("the key that runs it", "its intent in the record", told),
                ("the key that runs it", "the running command", ran),
                ("its end", "the screen that says so", shown),
            )
        ],
    )


def _coloured(folder: Path) -> str:
    line = b"\x1b[32m02:00:00\x1b[0m \x1b[1;34mapp[web.1]\x1b[0m: \x1b[33mGET\x1b[0m /some/search?q=%d 200 in 31 ms\n"
    (folder / "coloured").write_bytes(b"".join(line % number for number in range(430_000)))
    return "cat coloured"


def _progress(folder: Path) -> str:
    line = b"".join(b"\r%3d%% [%-60s]" % (done, b"#" * (done * 6 // 10)) for done in range(101)) + b"\n"
    (folder / "progress").write_bytes(line * (40 * _MEGABYTE // len(line)))
    return "cat progress"


class Load(NamedTuple):
    """A command, what makes it, and the share of script's time in which it may be captured."""

    name: str
    made: Callable[[Path], str]
    goal: float
    rounds: int = ROUNDS


_LOADS = [
    Load("seq 1 5000000", lambda _: "seq 1 5000000", 0.5),
    Load("yes, 200 MB", lambda _: "yes | head -c 200000000 || true", 0.15, 3),
    Load("coloured lines, 40 MB", _coloured, 1.3),
    Load("progress bars, 40 MB", _progress, 1.3),
]


@pytest.mark.parametrize("load", _LOADS, ids=lambda load: load.name)
def test_capture(tell: "Tell", tmp_path: Path, load: Load) -> None:
    command = load.made(tmp_path)

    def recorded(*words: str) -> Callable[[], float]:
        return lambda: seconds(
            lambda: subprocess.run(words, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, cwd=tmp_path, check=True)
        )

    peers = {"script -qec": recorded("script", "-qec", command, str(tmp_path / "typescript"))}
    if shutil.which("asciinema"):
        cast = str(tmp_path / "cast")
        peers["asciinema rec"] = recorded("asciinema", "rec", "-q", "--overwrite", "-c", command, cast)
    ours, *theirs = in_turn(lambda: _in_the_wizard(tmp_path, command), *peers.values(), rounds=load.rounds)
    share = ours / theirs[0]
    tell(
        f"{load.name}, median of {load.rounds}",
        ["who", "median", "of script", "goal"],
        [
            [
                "the running wizard, key to result",
                f"{ours:.2f} s",
                f"{share:.2f}",
                f"{load.goal} {_met(share <= load.goal)}",
            ],
            *(
                [who, f"{taken:.2f} s", f"{taken / theirs[0]:.2f}", ""]
                for who, taken in zip(peers, theirs, strict=True)
            ),
        ],
    )


def _met(good: bool) -> str:
    return "met" if good else "MISSED"


def test_memory(tell: "Tell", tmp_path: Path) -> None:
    kept = {}
    for size, lines in (("39 MB", 5_000_000), ("1 GB", 112_000_000)):
        terminal = begun(tmp_path, f"seq 1 {lines}")
        try:
            before = terminal.memory()[0]
            terminal.press("r")
            terminal.sees("Enter: run it")
            terminal.press("\r")
            terminal.sees("ended with exit 0", 300)
            kept[size] = (before, *terminal.memory())
        finally:
            terminal.close()
    grown = kept["1 GB"][2] - kept["39 MB"][2]
    tell(
        "memory of the wizard's process",
        ["output", "before", "after", "highest", "goal"],
        [
            [size, f"{before:.0f} MB", f"{after:.0f} MB", f"{top:.0f} MB", f"80 MB {_met(top < 80)}"]
            for size, (before, after, top) in kept.items()
        ]
        + [["1 GB more than 39 MB", "", "", f"{grown:.1f} MB", f"5 MB {_met(grown <= 5)}"]],
    )


class _Pane(App[None]):
    def compose(self) -> ComposeResult:
        yield OutputPane()


async def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.001)


async def _opened_and_searched(file: Path, lines: int) -> tuple[float, float]:
    app = _Pane()
    async with app.run_test(size=(120, 40)) as pilot:
        pane = app.query_one(OutputPane)
        await pilot.pause()

        def shows(text: str) -> bool:
            return any(text.encode() in line.data for _, line, _ in pane.window.seen)

        loop = asyncio.get_running_loop()
        begin = loop.time()
        pane.show_file(OutputFile(file))
        pane.finished()
        await _until(lambda: pane.lines == lines and shows("needle"))
        opened = loop.time() - begin
        pane.action_first_line()
        await pilot.pause()
        assert not shows("needle")
        pane.search()
        await pilot.pause()
        app.query_one(SearchField).value = "needle"
        begin = loop.time()
        await pilot.press("enter")
        await _until(lambda: shows("needle"))
        return opened, loop.time() - begin


def test_opening_and_searching(tell: "Tell", tmp_path: Path) -> None:
    file = tmp_path / "output"
    line = b"2026-11-24 02:00:00 app[web.1]: GET /search?q=%09d 200 in 31 ms\n"
    count = 200 * _MEGABYTE // len(line % 0)
    with file.open("wb") as stream:
        stream.writelines(line % number for number in range(count))
        stream.write(b"the needle\n")
    file_size = file.stat().st_size
    grep = whole_process("grep", "-c", "needle", str(file))
    taken = [(*asyncio.run(_opened_and_searched(file, count + 1)), grep()) for _ in range(ROUNDS)]
    opened, searched, whole = map(median, zip(*taken, strict=True))
    share = searched / whole
    tell(
        f"an output of {file_size / _MEGABYTE:.0f} MB, median of {ROUNDS}",
        ["what", "median", "goal"],
        [
            ["the pane: its last page", f"{opened:.2f} s", f"0.4 s {_met(opened <= 0.4)}"],
            [
                f"the pane: search from its first line to its end, {share:.1f} of grep",
                f"{searched:.2f} s",
                f"0.5 s {_met(searched <= 0.5)}, 2.5 of grep {_met(share <= 2.5)}",
            ],
            ["grep -c", f"{whole:.2f} s", ""],
        ],
    )


def _logged() -> bytes:
    line = b"2026-11-24 02:00:00 \x1b[32mapp[web.1]\x1b[0m: GET /search?q=%d user=alice 200 in 31 ms\n"
    return b"".join(line % number for number in range(400_000))


def _in_json() -> bytes:
    line = b'{"time": "2026-11-24T02:00:00.%06dZ", "message": "GET \\"/search?q=a%%20b\\"", "path": "C:\\\\x"}\r\n'
    return b"".join(line % number for number in range(350_000))


@pytest.mark.parametrize("printed", [_logged, _in_json], ids=["coloured log", "JSON lines"])
def test_redaction(tell: "Tell", tmp_path: Path, printed: Callable[[], bytes]) -> None:
    text = printed()
    file = tmp_path / "output"
    file.write_bytes(text)
    secrets = {f"secret{number}": f"hunter{number:02}-{number * 7919:x}-Zq!{number}" for number in range(20)}

    used: list[float] = []

    def all_of_it() -> None:
        begin = time.process_time()
        redactor = Redactor(secrets)
        kept = sum(len(redactor.feed(text[at : at + 65536])) for at in range(0, len(text), 65536))
        assert kept + len(redactor.finish()) == len(text)
        used.append(time.process_time() - begin)

    def searched() -> None:
        words = [word for value in secrets.values() for word in ("-e", value)]
        assert (
            subprocess.run(["grep", "-ciF", *words, str(file)], stdout=subprocess.DEVNULL, check=False).returncode == 1
        )

    def copied() -> None:
        file.with_name("copy").write_bytes(text)
        hashlib.sha256(text)

    taken = in_turn(*(lambda work=work: seconds(work) for work in (all_of_it, searched, copied)))
    speeds = [len(text) / _MEGABYTE / each for each in taken]
    alone = len(text) / _MEGABYTE / median(used)
    tell(
        f"redaction of {len(text) / _MEGABYTE:.0f} MB with 20 secrets, median of {ROUNDS}",
        ["who", "wall", "processor", "goal"],
        [
            ["uplevel", f"{speeds[0]:.0f} MB/s", f"{alone:.0f} MB/s", f"60 MB/s {_met(speeds[0] >= 60)}"],
            ["grep -ciF of the values alone", f"{speeds[1]:.0f} MB/s", "", ""],
            ["a copy and its sha256", f"{speeds[2]:.0f} MB/s", "", ""],
        ],
    )
