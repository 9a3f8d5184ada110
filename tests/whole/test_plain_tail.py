"""The output of a running command as lines: prefixed, sanitized, and never so many that the keyboard waits."""

import io
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wizard.plain.lines import LinePrinter
from wizard.plain.tail import Tail
from wizard.plain.watches import WholeLines
from wizard.record.output import OutputLog


def shown(path: Path, *pieces: bytes) -> str:
    """What is on the terminal after the output grew by these pieces."""
    out = io.StringIO()
    tail = Tail(OutputLog(path.parent), LinePrinter(out))
    path.unlink(missing_ok=True)
    for piece in pieces:
        with path.open("ab") as file:
            file.write(piece)
        while tail.show():
            pass
    tail.finish()
    return out.getvalue()


def test_each_line_begins_with_a_bar_and_a_prompt_is_shown_at_once(tmp_path: Path) -> None:
    assert shown(tmp_path / "output", b"one\ntwo\nName? ") == "| one\n| two\n| Name? \n"
    assert shown(tmp_path / "output", b"Name? ", b"mara\nhi\n") == "| Name? mara\n| hi\n"


def test_no_output_no_lines(tmp_path: Path) -> None:
    assert shown(tmp_path / "output") == ""


def test_a_flood_is_skipped_in_the_middle_and_says_so(tmp_path: Path) -> None:
    flood = b"".join(b"%d\n" % number for number in range(1_000_000))
    started = time.monotonic()
    text = shown(tmp_path / "output", flood)
    assert time.monotonic() - started < 5
    assert text.endswith("| 999999\n")
    assert "bytes are not shown here; they are in the record" in text
    assert len(text) < 300_000


@given(st.lists(st.binary(max_size=40), max_size=8))
@settings(max_examples=100, deadline=None)
def test_nothing_the_terminal_would_obey(tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]) -> None:
    text = shown(tmp_path_factory.mktemp("tail") / "output", *pieces)
    assert all(char in "\n\t" or char >= " " for char in text)
    assert not any("\x7f" <= char <= "\x9f" for char in text)
    assert all(line.startswith("| ") for line in text.split("\n")[:-1])


def test_of_several_runs_only_whole_lines_are_shown_each_with_its_step(tmp_path: Path) -> None:
    out = io.StringIO()
    lines = LinePrinter(out)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    tails = {name: Tail(OutputLog(tmp_path / name), WholeLines(name, lines)) for name in ("one", "two")}
    for name, piece in (("one", b"a\x1b]0;t\x07b"), ("two", b"x\n"), ("one", b"c\nd"), ("two", b"y"), ("one", b"\n")):
        with (tmp_path / name / "output").open("ab") as file:
            file.write(piece)
        tails[name].show()
    assert out.getvalue() == "two| x\none| abc\none| d\n"
    for tail in tails.values():
        tail.finish()
    assert out.getvalue() == "two| x\none| abc\none| d\ntwo| y\n"


def test_a_prompt_of_the_act_is_shown_although_its_line_has_not_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wizard.plain.watches._RESTS", 0.0)
    out = io.StringIO()
    sink = WholeLines("act", LinePrinter(out), prompts=True)
    tail = Tail(OutputLog(tmp_path), sink)
    (tmp_path / "output").write_bytes(b"Name? ")
    tail.show()
    sink.rest()
    assert out.getvalue() == "act| Name? \n"


def test_of_a_watch_that_ran_before_only_what_comes_is_shown(tmp_path: Path) -> None:
    (tmp_path / "output").write_bytes(b"old\n")
    out = io.StringIO()
    tail = Tail(OutputLog(tmp_path), WholeLines("log", LinePrinter(out)), from_end=True)
    assert not tail.behind
    with (tmp_path / "output").open("ab") as file:
        file.write(b"new\n")
    assert tail.behind
    tail.finish()
    assert out.getvalue() == "log| new\n"


def test_a_flood_beside_is_shown_a_little_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "output").write_bytes(b"y\n" * 500_000)
    out = io.StringIO()
    tail = Tail(OutputLog(tmp_path), WholeLines("log", LinePrinter(out)), aside=True)
    tail.show()
    assert "bytes are not shown here; they are in the record" in out.getvalue()
    assert 1000 < len(out.getvalue().splitlines()) < 1100
