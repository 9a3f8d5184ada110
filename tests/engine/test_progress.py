"""How far a command says it is: taken from the end of its output, never more than it said, and never over 100."""

import re
from pathlib import Path
from typing import Any

import pytest

from wizard.engine.progress import percent_in, progress_of
from wizard.reading import ProcedureProblem, parse_procedure


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


def test_half_of_a_figure_at_the_cut_is_no_figure(tmp_path: Path) -> None:
    output = tmp_path / "output"
    output.write_bytes(b"12%" + b"." * 4095)  # the last 4 KiB begin with the % of 12%
    assert progress_of(output, _PERCENT) is None
    output.write_bytes(b"12%" + b"." * 4094)  # ... with 2%
    assert progress_of(output, _PERCENT) is None
    output.write_bytes(b"12%" + b"." * 4000)
    assert progress_of(output, _PERCENT) == 12.0


def test_escapes_and_redrawn_lines_are_read_as_a_person_sees_them(tmp_path: Path) -> None:
    output = tmp_path / "output"
    output.write_bytes(b"\x1b[31m10\x1b[0m%\r\x1b[1m55\x1b[0m%")
    assert progress_of(output, _PERCENT) == 55.0
    assert progress_of(tmp_path / "none", _PERCENT) is None


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
