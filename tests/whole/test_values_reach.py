"""Promise 4: a value is data, and reaches the command byte for byte or is refused with a sentence."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.values import NAMES, hostile, procedure
from wizard.engine import Preparation, open_session, prepare, with_values
from wizard.engine.request import Request
from wizard.errors import ExitCode, UsageProblem
from wizard.formats import build
from wizard.formats.json import render_json
from wizard.formats.markdown import render_markdown
from wizard.record.events import RunIntent


if TYPE_CHECKING:
    from tests.conftest import Drive, Opener


def conducted(sessions: "Opener", preparation: Preparation) -> "Drive":
    drive = sessions.drive(open_session(preparation, front_end="none"))
    for _ in preparation.procedure.steps():
        drive.ask_and_answer("run", sort="go")
    assert drive.until_finished().code is ExitCode.COMPLETED
    return drive


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_values_reach_the_child_byte_for_byte(sessions: "Opener", tmp_path: Path, seed: int) -> None:
    values = dict(zip(NAMES, hostile(len(NAMES), seed), strict=True))
    preparation = prepare(Request(procedure=str(procedure(tmp_path)), mode="live", values=values))
    assert preparation.ready, [field.problem for field in preparation.fields if field.problem]
    drive = conducted(sessions, preparation)
    for way in ("words", "checked", "assigned", "environment"):
        got = (tmp_path / way).read_bytes().split(b"\0")
        assert got == [value.encode() for value in values.values()], way
    intent = next(event for event in drive.events if isinstance(event, RunIntent))
    assert list(intent.words[4:]) == list(values.values())
    transcript = build(drive.engine.folder)
    assert json.loads(render_json(transcript))["session"]["state"] == "completed"
    assert "\x1b" not in render_markdown(transcript)


ONE = """
format: 1
procedure: one
title: One
parameters:
  {parameter}
phases:
  - title: All
    steps:
      - {{id: show, title: Show, run: 'printf %s ${{name}}'}}
      - {{id: script, title: Script, shell: 'printf %s "$name"'}}
"""


def one(tmp_path: Path, parameter: str, **values: str) -> Preparation:
    path = tmp_path / "one.yaml"
    path.write_text(ONE.format(parameter=parameter))
    return prepare(Request(procedure=str(path), mode="live", values=values))


FORBIDDEN = [
    ("name: {}", "two words"),
    ("name: {}", "-rf"),
    ("name: {}", "$(id)"),
    ("name: {}", "a\n"),
    ("name: {}", ""),
    ("name: {matches: '[a-z]+'}", "abc\n"),
    ("name: {matches: '[a-z]+'}", "\nabc"),
    ("name: {matches: '[a-z]+'}", "abc;id"),
    ("name: {matches: '^[a-z]+$'}", "abc\n"),
    ("name: {matches: '[a-z]+|x'}", "xy;"),
    ("name: {choices: [a, b]}", "c"),
    ("name: {choices: [a, b]}", "a "),
    ("name: {any: yes}", "nul\0here"),
    ("name: {any: yes}", "half \ud800 here"),
    ("name: {any: yes}", "\udcff"),
    ("name: {any: yes}", "é" * 32769),
]


@pytest.mark.parametrize(("parameter", "value"), FORBIDDEN)
def test_what_a_parameter_forbids_is_refused_with_a_sentence(tmp_path: Path, parameter: str, value: str) -> None:
    fields = one(tmp_path, parameter, name=value).fields
    fields += with_values(one(tmp_path, parameter), {"name": value}).fields
    for field in fields:
        assert field.problem.endswith("."), field.problem
        assert "[a-z]" not in field.problem
        assert len(field.problem) < 400
        assert "\n" not in field.problem
    with pytest.raises(UsageProblem, match="name"):
        open_session(with_values(one(tmp_path, parameter), {"name": value}), front_end="none")


ASKED = """
format: 1
procedure: asked
title: Asked
phases:
  - title: All
    steps:
      - {{id: ask, title: Ask, ask: {{name: given, ask: Which?, {rule}}}}}
      - {{id: show, title: Show, run: 'printf %s ${{given}}'}}
"""


@pytest.mark.parametrize(
    ("rule", "value"),
    [("matches: '[a-z]+'", "a;b"), ("any: yes", "a\0b"), ("any: yes", "\ud83d"), ("any: yes", "é" * 40000)],
)
def test_what_is_answered_on_the_way_is_held_to_the_same_rule(sessions: "Opener", rule: str, value: str) -> None:
    drive = sessions.open(ASKED.format(rule=rule))
    drive.until_asked("ask")
    drive.answer("answer", value)
    drive.until(lambda _: bool(drive.refusals))
    assert drive.refusals[0].endswith(".")
    drive.ask_and_answer("answer", "fine")
    drive.ask_and_answer("run", sort="go")
    drive.until_finished()
    assert drive.engine.output(1).file.path.read_bytes() == b"fine"


@pytest.mark.parametrize("length", [60_000, 64 * 1024])
def test_very_long_values_reach_the_child(sessions: "Opener", tmp_path: Path, length: int) -> None:
    drive = conducted(sessions, one(tmp_path, "name: {any: yes}", name="'" * length))
    assert drive.engine.output(1).file.path.stat().st_size == length
    assert drive.engine.output(2).file.path.stat().st_size == length


def test_more_than_a_record_holds_is_refused_with_a_sentence(tmp_path: Path) -> None:
    values = dict.fromkeys(NAMES, "x") | dict.fromkeys(NAMES[:6], "x" * 60000)
    preparation = prepare(Request(procedure=str(procedure(tmp_path)), mode="live", values=values))
    assert [field.problem for field in preparation.fields if field.problem] == [
        "All values together are too long for the first record. Put long text in a file."
    ]
    with pytest.raises(UsageProblem, match="too long"):
        open_session(preparation, front_end="none")
    assert one(tmp_path, "name: {any: yes}", name="\x01" * 40_000).fields[0].problem.endswith("in the record.")


TWICE = """
format: 1
procedure: twice
title: Twice
parameters: {name: {any: yes}}
phases:
  - title: All
    steps:
      - id: long
        title: 'Long ${name}'
        before: [{run: 'test ${name} = ${name}'}]
        run: 'printf %s ${name}${name}'
        env: {COPY: '${name}'}
        expect: {equals: '${name}${name}'}
"""


def test_a_long_value_named_again_and_again_fits_its_records(sessions: "Opener") -> None:
    """A record that cannot be written would bar the session for good."""
    drive = sessions.open(TWICE.replace("${name}${name}", "${name}"), values={"name": "é" * 32_768})
    drive.ask_and_answer("run", sort="go")
    assert drive.until_finished().code is ExitCode.COMPLETED
    assert drive.engine.output(1).file.path.read_text() == "é" * 32_768
    intent = next(event for event in drive.events if isinstance(event, RunIntent))
    assert len(intent.words[-1]) in {32_768, 1000 + len("… (32768 characters in all)")}


TAKEN = """
format: 1
procedure: taken
title: Taken
{remember}
phases:
  - title: All
    steps:
      - id: take
        title: Take
        run: {command}
        output: {output}
        capture: {{got: {{capture: '(?s)(.*)', secret: {secret}}}}}
      - {{id: use, title: Use, shell: 'echo "$GOT"', env: {{GOT: '${{got}}'}}}}
"""
UNFIT = [("seq 1 100000", "has 100000 lines"), ("head -c 3 /dev/zero", "cannot be kept as a value")]


@pytest.mark.parametrize(("command", "why"), UNFIT)
def test_a_remembered_value_that_is_none_is_no_answer(sessions: "Opener", command: str, why: str) -> None:
    text = TAKEN.format(
        command="echo x", output="shown", secret="no", remember=f"remember: {{first: {{run: {command}}}}}"
    )
    question = sessions.open(text).until_asked("value")
    assert why in question.text
    assert "again" in [option.id for option in question.options]


@pytest.mark.parametrize(("output", "secret"), [("shown", "no"), ("private", "yes")])
@pytest.mark.parametrize("command", [command for command, _ in UNFIT])
def test_a_captured_value_that_is_none_is_a_failure(sessions: "Opener", command: str, output: str, secret: str) -> None:
    drive = sessions.open(TAKEN.format(command=command, output=output, secret=secret, remember=""))
    drive.ask_and_answer("run", sort="go")
    question = drive.until_asked("failed")
    # What a terminal shows is without NUL before anything is taken from it.
    assert any(told in question.text for told in ("cannot be used", "holds no value for got"))


def test_a_secret_that_no_command_could_be_given_is_refused(sessions: "Opener") -> None:
    drive = sessions.open(ASKED.format(rule="any: yes, secret: yes").replace("'printf %s ${given}'", "echo x"))
    drive.until_asked("secret")
    for wrong in ("a\0b", "\ud83d", "x" * 65_537):
        drive.answer("answer", wrong)
    drive.until(lambda _: len(drive.refusals) == 3)
    assert all(refusal.endswith(".") for refusal in drive.refusals)


def test_a_reason_of_any_length_is_kept_or_refused(sessions: "Opener", tmp_path: Path) -> None:
    drive = sessions.drive(open_session(one(tmp_path, "name: {any: yes}", name="x"), front_end="none"))
    drive.until_asked("go")
    drive.answer("skip", "x" * 70_000)
    drive.until(lambda _: bool(drive.refusals))
    drive.answer("skip", "🦄" * 65_000)
    drive.until(lambda _: len(drive.refusals) == 2)
    drive.ask_and_answer("skip", "🦄" * 15_000)
    drive.ask_and_answer("skip", "because")
    assert drive.until_finished().code is ExitCode.UNPROVEN
    assert [len(deviation.reason) for deviation in drive.state.deviations] == [15_000, len("because")]
