"""A line that begins in the wrong column is called that, and where it is said to begin it fits."""

import re
from pathlib import Path

import pytest

from wizard.model.lint import examine
from wizard.model.reading import Fault, ProcedureProblem


GOOD = r"""format: 1
procedure: p
title: P
summary: |
  Some words: here
  and more.
parameters:
  stage: {choices: [a, b]}
  plan:
    ask: Which plan?
    default: x
target:
  org: {run: cf target, capture: '^org: (\S+)$'}
phases:
  - title: One
    why: Because.
    steps:
      - id: a
        title: A
        why: Because of that.
        before:
          - run: echo x
            has: x
          - {run: echo y, has: y}
        run: echo hello
        expect:
          has: hello
        undo:
          run: echo bye
      - id: b
        title: B
        shell: |
          echo x
          echo y
"""
LINES = GOOD.splitlines()
FIRST = LINES.index("  stage: {choices: [a, b]}")
"""Where this one begins decides what is wrong with all the lines beside it."""
LEAVES = [
    at
    for at, line in enumerate(LINES)
    if at not in {0, FIRST} and not line.endswith((":", "|")) and not line.lstrip().startswith("- ")
]


def faults(tmp_path: Path, lines: list[str]) -> tuple[Fault, ...]:
    file = tmp_path / "p.yaml"
    file.write_text("\n".join(lines) + "\n")
    try:
        examine(file)
    except ProcedureProblem as problem:
        return problem.faults
    return ()


def shifted(at: int, by: int) -> list[str]:
    line = LINES[at]
    return [*LINES[:at], " " * by + line if by > 0 else line[-by:], *LINES[at + 1 :]]


CASES = [(at, by) for at in range(len(LINES)) for by in (-2, -1, 1, 2, 3) if by > 0 or LINES[at].startswith(" " * -by)]


@pytest.mark.parametrize(("at", "by"), CASES)
def test_no_line_in_a_wrong_column_is_taken_for_a_text_that_wants_quotes(tmp_path: Path, at: int, by: int) -> None:
    for fault in faults(tmp_path, shifted(at, by)):
        assert "must be quoted" not in fault.sentence
        assert "no YAML" not in fault.sentence
        assert "A quote" not in fault.sentence


def options(tmp_path: Path, at: int, by: int) -> list[list[str]]:
    """The file with the first fault's line where it is said to begin; none where the line can stand there, too."""
    lines = shifted(at, by)
    found = [fault for fault in faults(tmp_path, lines) if "indented" in fault.sentence]
    if not found:
        return []
    row = found[0].line - 1
    text = lines[row].lstrip()
    dashes = len(re.match(r"(?:- +)*", text)[0]) if "its key" in found[0].cure else 0  # type: ignore[index]
    columns = [int(column) - 1 - dashes for column in re.findall(r"in column (\d+)", found[0].cure)]
    assert columns, found[0]
    return [[*lines[:row], " " * column + text, *lines[row + 1 :]] for column in columns]


@pytest.mark.parametrize(("at", "by"), [(at, by) for at, by in CASES if at in LEAVES])
def test_a_line_that_begins_where_lint_says_fits(tmp_path: Path, at: int, by: int) -> None:
    ways = options(tmp_path, at, by)
    assert not ways or any(faults(tmp_path, way) == () for way in ways)


def test_a_key_below_one_without_a_value_is_indented_too_little(tmp_path: Path) -> None:
    at = LINES.index("          has: hello")
    (found,) = [fault for fault in faults(tmp_path, shifted(at, -2)) if fault.sentence.startswith("has ")]
    assert found.cure == "It is indented too little if it belongs to expect, which has no value."


def test_a_text_with_a_colon_is_still_to_be_quoted(tmp_path: Path) -> None:
    lines = [line.replace("Because of that.", "Because: of that.") for line in LINES]
    (found,) = faults(tmp_path, lines)
    assert found.cure == "Write: why: 'Because: of that.'"
    fixed = [line.replace("why: Because: of that.", found.cure.removeprefix("Write: ")) for line in lines]
    assert faults(tmp_path, fixed) == ()
