"""No parser of ours is given a text that nests deeper than it can come back from; where it does is said."""

import json
import tomllib
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from wizard import settings as own_settings
from wizard.checks.in_json import MAX_DEPTH, NoJson, TooDeep, read_json
from wizard.cli.commands import uplevel
from wizard.cli.values import given_values
from wizard.errors import UsageProblem
from wizard.fields.regex import compile_regex
from wizard.model.library import head
from wizard.model.lint import examine
from wizard.model.reading import Fault, ProcedureProblem
from wizard.nesting import JSON_TEXTS, QUOTED, too_deep
from wizard.record.journal.line import parse
from wizard.settings import Settings


OPENINGS = [
    "[",
    "{",
    "(",
    "[?",
    "a[",
    "!",
    "&",
    "{a: ",
    "a.b",
    "||",
    "[]",
    "*.",
    '"[',
    "`[",
    "'(",
    "(?:",
    "(?=",
    "[^",
    "\\(",
]
DEEP = [opening * count for opening in OPENINGS for count in (30, 3000)]
TEXT = """\
format: 1
procedure: p
title: P
parameters: {{v: {{matches: {regex}, default: x, example: x}}}}
remember: {{r: {{run: x, json: {question}}}}}
phases:
- title: P
  steps:
  - id: a
    title: A
    shell: {script}
    expect: {{has: {regex}, json: {{path: {question}, equals: x}}}}
    after: [{{run: x, lacks: {regex}, json: {{path: {question}, matches: {regex}}}}}]
"""


def faults(file: Path, *, regex: str = "x", question: str = "x", script: str = "true") -> tuple[Fault, ...]:
    written = {name: json.dumps(text) for name, text in (("regex", regex), ("question", question), ("script", script))}
    file.write_text(TEXT.format(**written))
    try:
        examine(file)
    except ProcedureProblem as problem:
        return problem.faults
    return ()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "p.yaml"


def test_a_question_to_json_of_500_brackets_is_a_fault_with_its_place(file: Path) -> None:
    found = faults(file, question="[" * 500)
    assert len(found) == 3
    assert [(fault.line, fault.column) for fault in found] == [(5, 51), (12, 58), (13, 68)]
    for fault in found:
        assert fault.sentence.startswith("This question to JSON is nested more than 20 levels deep")


@pytest.mark.parametrize("text", DEEP, ids=lambda text: f"{text[:4]}x{len(text)}")
def test_whatever_nests_is_read_or_is_a_fault(file: Path, text: str) -> None:
    for fault in (*faults(file, question=text), *faults(file, regex=text), *faults(file, script=text)):
        assert fault.line > 0


def test_a_pattern_of_many_groups_is_a_fault_with_its_place(file: Path) -> None:
    found = faults(file, regex="(" * 500 + "x" + ")" * 500)
    said = "This is no regular expression: it is nested more than 50 groups deep."
    assert {fault.sentence for fault in found} == {said}
    assert [fault.line for fault in found] == [4, 12, 13, 13]
    assert compile_regex(r"[(]\([^](]" * 200).groups == 0


def test_a_script_that_nests_is_a_fault_with_its_place(file: Path) -> None:
    (found,) = faults(file, script="echo " + "$(echo " * 3000 + "x" + ")" * 3000)
    assert found.line == 11
    assert found.column > 100
    assert found.sentence.startswith("The script is nested more than 250 levels deep here")


@given(st.text(alphabet="[]{}()'\"`\\a.|&!?*<>=,:#\n ", max_size=80).map(lambda text: text * 12))
@settings(max_examples=60, deadline=None)
def test_any_soup_of_signs_is_read_or_is_a_fault(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.mktemp("soup") / "p.yaml"
    for fault in (*faults(file, question=text), *faults(file, regex=text), *faults(file, script=text)):
        assert fault.sentence


@pytest.mark.parametrize("opening", ["[", "{", "{a: ", "- ", "? ", "[{"])
def test_yaml_that_nests_is_a_fault_with_its_place(file: Path, opening: str) -> None:
    file.write_text("format: 1\nprocedure: p\nphases:\n  " + opening * 50_000)
    with pytest.raises(ProcedureProblem, match=r"p\.yaml:4:\d+: This is nested more than 12 levels deep"):
        examine(file)
    assert head(file, "here").problem
    assert "nested more than 12 levels deep" in CliRunner().invoke(uplevel, ["lint", str(file)]).output


def test_a_file_of_values_that_nests_is_a_fault_with_its_place(file: Path) -> None:
    file.write_text("a: x\nb: " + "[" * 50_000)
    with pytest.raises(ProcedureProblem, match=r"p\.yaml:2:\d+: This is nested more than 12 levels deep"):
        given_values([], file)


@pytest.mark.parametrize("value", ["[" * 50_000, "{a=" * 20_000, "[" * 30 + "]" * 30])
def test_settings_that_nest_are_refused_with_their_place(tmp_path: Path, value: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(f"editor = 'vi ((((((((((((((((((((((((('\nlocks = {value}\n")
    with pytest.raises(UsageProblem, match=r"nested too deep in line 2, column \d+\."):
        own_settings.load(path)


@given(st.text(alphabet="[]{}=.'\"\\a\n# ", max_size=60).map(lambda text: text * 40))
@settings(max_examples=60, deadline=None)
def test_any_settings_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("settings") / "settings.toml"
    path.write_text(text)
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        with pytest.raises(UsageProblem):
            own_settings.load(path)
    else:
        known = own_settings.known().keys()
        with suppress(UsageProblem) if read.keys() <= known else pytest.raises(UsageProblem):
            assert isinstance(own_settings.load(path), Settings)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@given(JSON, st.integers(0, 2 * MAX_DEPTH))
@settings(deadline=None)
def test_json_is_read_down_to_a_depth_and_no_further(inner: object, levels: int) -> None:
    value = inner
    for _ in range(levels):
        value = [value]
    text = json.dumps(value)
    deep = too_deep(text, MAX_DEPTH, JSON_TEXTS) is not None
    if levels > MAX_DEPTH:
        assert deep
    if deep:
        with pytest.raises(TooDeep):
            read_json(text)
    else:
        assert read_json(text) == value


@given(st.text(alphabet='[]{}"\\,:1 '))
def test_any_soup_is_json_or_is_none(text: str) -> None:
    try:
        wanted = json.loads(text)
    except ValueError:
        with pytest.raises(NoJson):
            read_json(text)
    else:
        assert read_json(text) == wanted


@pytest.mark.parametrize("text", ['"' + '\\"' * 300_000, "'" * 300_001, "`" + "\\`" * 300_000, '"' * 300_001])
def test_looking_for_brackets_takes_no_longer_than_reading(text: str) -> None:
    assert too_deep(text + "[" * 20, 30, QUOTED) is None
    assert too_deep("[" * 20 + text, 10, QUOTED) == 10


@pytest.mark.parametrize("count", [900, 100_000])
def test_a_record_that_nests_is_no_record(count: int) -> None:
    assert isinstance(parse(b'{"data":' + b"[" * count + b"\n"), str)
