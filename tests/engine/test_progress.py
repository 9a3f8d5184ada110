"""How far a command says it is: taken from the end of its output, never more than it said, and never over 100."""

import re
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from wizard.engine.progress import Progress
from wizard.execution.pattern_program import percent_in
from wizard.model.reading import ProcedureProblem, parse_procedure
from wizard.record.output import OutputLog


_PERCENT = re.compile(r"(\d+(?:\.\d+)?)%", re.MULTILINE)
_OF = re.compile(r"(\d+)/(\d+)", re.MULTILINE)


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("", None),
        ("starting", None),
        ("3% done\n17.5% done\n", 17.5),
        ("90%\n40%\n", 40.0),  # a second phase begins: going back is shown as it is
        ("250%", 100.0),
        ("9" * 400 + "%", None),
    ],
)
def test_the_last_percent_counts(text: str, percent: float | None) -> None:
    assert percent_in(text, _PERCENT) == percent


@pytest.mark.parametrize(("text", "percent"), [("1/4", 25.0), ("5/4", 100.0), ("0/0", None), ("1/4 then 0/0", 25.0)])
def test_two_groups_are_done_and_total(text: str, percent: float | None) -> None:
    assert percent_in(text, _OF) == percent


def test_a_group_that_is_no_number_tells_nothing() -> None:
    assert percent_in("soon%", re.compile(r"(\w+)%")) is None
    assert percent_in("nan%", re.compile(r"(\w+)%")) is None
    assert percent_in("42,5 %", re.compile(r"(\S+) %")) == 42.5


@pytest.fixture
def read() -> Iterator[Callable[..., float | None]]:
    """Read an output's progress, each time as if it were another run's."""
    progress = Progress()
    runs = count(1)

    def ask(folder: Path, pattern: re.Pattern[str] = _PERCENT) -> float | None:
        run = next(runs)
        if not progress.look(run, OutputLog(folder), pattern):
            return None
        until = time.monotonic() + 30
        while progress.asked is not None and time.monotonic() < until:
            progress.percent(run)
        assert progress.asked is None
        return progress.percent(run)

    yield ask
    progress.close()


def test_a_pattern_that_runs_away_holds_nothing_up_and_is_given_up(read: Any, tmp_path: Path) -> None:
    output = tmp_path / "output"
    output.write_bytes(b"a" * 60 + b"!")
    progress = Progress()
    began = time.monotonic()
    assert progress.look(1, OutputLog(tmp_path), re.compile(r"((?:a|a)*)%"))
    assert progress.percent(1) is None
    assert time.monotonic() - began < 1.5
    while progress.asked is not None:
        assert progress.percent(1) is None
        assert time.monotonic() - began < 30
    output.write_bytes(b"12%")
    assert progress.look(1, OutputLog(tmp_path), _PERCENT)
    assert progress.percent(1) is None  # not read again for this run
    progress.close()
    assert read(tmp_path) == 12.0


def test_half_of_a_figure_at_the_cut_is_no_figure(read: Any, tmp_path: Path) -> None:
    output = tmp_path / "output"
    output.write_bytes(b"12%" + b"." * 4095)  # the last 4 KiB begin with the % of 12%
    assert read(tmp_path) is None
    output.write_bytes(b"12%" + b"." * 4094)  # ... with 2%
    assert read(tmp_path) is None
    output.write_bytes(b"12%" + b"." * 4000)
    assert read(tmp_path) == 12.0


def test_escapes_and_redrawn_lines_are_read_as_a_person_sees_them(read: Any, tmp_path: Path) -> None:
    output = tmp_path / "output"
    output.write_bytes(b"\x1b[31m10\x1b[0m%\r\x1b[1m55\x1b[0m%")
    assert read(tmp_path) == 55.0
    assert read(tmp_path / "none") is None


def _read(step: str) -> Any:
    text = f"format: 1\nprocedure: p\ntitle: P\nphases: [{{title: A, steps: [{{id: s, title: S, {step}}}]}}]\n"
    return parse_procedure({"p.yaml": text.encode()}, "p.yaml").procedure.step("s")


def test_the_key_is_read() -> None:
    assert _read(r"run: ls, progress: '(\d+)/(\d+)'").progress == r"(\d+)/(\d+)"


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("run: ls, progress: '(a'", "no regular expression"),
        ("run: ls, progress: 'a'", "this pattern has 0"),
        ("run: ls, progress: '(a)(b)(c)'", "this pattern has 3"),
        ("run: ls, progress: '(a+)+%'", "repeated group"),
        ("by_hand: [x], progress: '(a)'", "tell how far they are"),
        ("run: ls, output: private, progress: '(a)'", "tell how far they are"),
    ],
)
def test_what_cannot_tell_progress_is_a_fault_of_the_file(step: str, told: str) -> None:
    with pytest.raises(ProcedureProblem, match=told):
        _read(step)
