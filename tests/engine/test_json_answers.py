"""What stands in JSON is compared as what it is there, and values are taken out of it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Opener
from wizard.checks import CommandAnswer, judge
from wizard.checks.model import Check
from wizard.errors import ExitCode
from wizard.fields.verdict import Verdict
from wizard.record.events import CheckAnswered


def check(**keys: object) -> Check:
    return Check.model_validate({"run": "tool", **keys})


def said(stdout: str, *, takes: bool = False, **keys: object) -> tuple[Verdict, str]:
    verdict = judge(check(**keys), CommandAnswer(exit=0, stdout=stdout), {}, takes=takes)
    return verdict.answer, verdict.value


@pytest.mark.parametrize(
    ("wanted", "value", "word"),
    [
        ("no", False, "yes"),
        ("false", False, "yes"),
        ("no", True, "no"),
        ("yes", True, "yes"),
        ("true", True, "yes"),
        ("yes", False, "no"),
        ("no", "no", "yes"),
        ("no", "false", "no"),
        ("no", 0, "no"),
        ("0", False, "no"),
        ("1", True, "no"),
        ("no", None, "no"),
        ("null", None, "yes"),
        ("null", "null", "yes"),
        ("null", 0, "no"),
        ("3", 3, "yes"),
        ("3", 3.0, "yes"),
        ("3.0", 3, "yes"),
        ("0.1", 0.1, "yes"),
        ("1000", 1e3, "yes"),
        ("03", 3, "yes"),
        ("3", 30, "no"),
        ("3", "3", "yes"),
        ("9007199254740993", 9007199254740993, "yes"),
        ("9007199254740992", 9007199254740993, "no"),
        ("nan", 1, "no"),
        ("[1,2]", [1, 2], "yes"),
        ('{"b": 1, "a": 2}', {"a": 2, "b": 1}, "yes"),
        ("[]", [], "yes"),
        ("[1]", [True], "no"),
        ("", "", "yes"),
    ],
)
def test_equals_compares_as_what_the_value_is_in_json(wanted: str, value: object, word: Verdict) -> None:
    stdout = json.dumps({"x": {"y": value}})
    assert said(stdout, json={"path": "x.y", "equals": wanted})[0] == word


@given(st.booleans() | st.none() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text())
def test_what_json_writes_equals_itself(value: object) -> None:
    wanted = value if isinstance(value, str) else json.dumps(value)
    keys = {"path": "x", "equals": wanted.replace("${", "$${")}
    assert said(json.dumps({"x": value}), json=keys)[0] == "yes"


def test_a_json_question_may_be_written_as_its_path() -> None:
    assert said('{"x": {"y": "v1"}}', json="x.y") == ("yes", "v1")


@pytest.mark.parametrize(("value", "taken"), [("v1", "v1"), (3, "3"), (False, "false"), (True, "true"), (0, "0")])
def test_the_value_of_a_check_that_asks_json_is_what_the_path_finds(value: object, taken: str) -> None:
    assert said(json.dumps({"x": value}, indent=2), takes=True, json={"path": "x"}) == ("yes", taken)


@pytest.mark.parametrize("stdout", ['{"x": null}', "{}", "no json", ""])
def test_nothing_is_taken_where_nothing_is(stdout: str) -> None:
    assert said(stdout, takes=True, json={"path": "x"})[0] == "no"


def test_what_a_target_was_is_compared_with_what_json_says_now() -> None:
    stdout = json.dumps({"account": "123", "user": "x"}, indent=2)
    assert said(stdout, takes=True, json={"path": "account"}, equals="123")[0] == "yes"
    assert said(stdout, takes=True, json={"path": "account"}, equals="124")[0] == "no"
    assert said('{"prod": false}', json={"path": "prod"}, equals="false")[0] == "yes"


def test_an_answer_of_several_lines_is_no_value() -> None:
    verdict = judge(check(), CommandAnswer(exit=0, stdout="one\ntwo\n"), {}, takes=True)
    assert verdict.answer == "no answer"
    assert verdict.why == (
        "The answer has 2 lines, and a value is wanted. The procedure can take one out of it by capture: or json:."
    )
    assert said("one\n", takes=True) == ("yes", "one")
    assert said("one\ntwo\n", takes=True, capture="^(t.*)$") == ("yes", "two")
    assert said("one\ntwo\n") == ("yes", "one\ntwo")


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "[" * 201 + "]" * 201, "[{" * 5000])
def test_json_that_nests_too_deep_is_no_answer(text: str) -> None:
    verdict = judge(check(json={"path": "a"}), CommandAnswer(exit=0, stdout=text), {})
    assert verdict.answer == "no answer"
    assert verdict.why == "The answer is JSON nested more than 200 levels deep; uplevel does not read that."


def test_brackets_in_texts_nest_nothing() -> None:
    assert said(json.dumps({"a": "[" * 5000 + '\\"{'}), json={"path": "a", "matches": "^\\["})[0] == "yes"


TAKING = r"""
format: 1
procedure: taking
title: Take values
target: {account: {run: "printf '{\"a\":\n {\"id\": 7}}'", json: a.id}}
remember:
  drains: {run: "printf '{\"drains\":\n false}'", json: drains}
  lines: {run: "printf 'one\ntwo\n'"%s}
phases:
  - title: P
    steps: [{id: a, title: A, run: 'echo ${account} ${drains} ${lines}'}]
"""


def test_a_session_takes_values_out_of_json_and_none_out_of_several_lines(sessions: Opener) -> None:
    drive = sessions.open(TAKING % "")
    asked = drive.until_asked("value")
    assert "The answer has 2 lines, and a value is wanted." in asked.text
    assert drive.state.values["account"] == "7"
    assert drive.state.values["drains"] == "false"
    problem = drive.state.value_problem
    assert problem is not None
    assert (problem.verdict, problem.wanted) == ("no answer", "one line, which is the value")


def test_a_target_out_of_json_is_compared_before_each_changing_step(sessions: Opener) -> None:
    drive = sessions.open(TAKING % ", capture: '^(t.*)$'")
    drive.ask_and_answer("run", sort="go")
    assert drive.until_finished().code is ExitCode.COMPLETED
    fence = [event for event in drive.events if isinstance(event, CheckAnswered) and event.purpose == "fence"]
    assert fence
    assert {(event.verdict, event.got) for event in fence} == {("yes", "7")}
