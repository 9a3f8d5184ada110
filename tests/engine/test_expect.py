"""An answer is yes, no or no answer, and the difference is never guessed."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.checks import CommandAnswer, judge, take_captures, wanted_text
from wizard.checks.model import Capture, Check, Expectation
from wizard.fields.regex import PatternMatch, search_here
from wizard.fields.verdict import Verdict


def check(**keys: object) -> Check:
    return Check.model_validate({"run": "tool", **keys})


@pytest.mark.parametrize(
    ("keys", "answer", "word"),
    [
        ({}, CommandAnswer(exit=0), "yes"),
        ({}, CommandAnswer(exit=3), "no answer"),
        ({}, CommandAnswer(exit=None, signal=9), "no answer"),
        ({}, CommandAnswer(exit=0, timed_out=True), "no answer"),
        ({}, CommandAnswer(problem="There is no program tool."), "no answer"),
        ({}, CommandAnswer(), "no answer"),
        ({"has": "^OK$"}, CommandAnswer(exit=0, stdout="Renaming\nOK\n"), "yes"),
        ({"has": "^OK$"}, CommandAnswer(exit=0, stdout="Renaming\r\nOK\r\n"), "yes"),
        ({"has": "^OK$"}, CommandAnswer(exit=0, stdout="\x1b[32;1mOK\x1b[0m\n"), "yes"),
        ({"has": "^OK$"}, CommandAnswer(exit=0, stderr="OK\n"), "yes"),
        ({"has": "^OK$"}, CommandAnswer(exit=0, stdout="no newline", stderr="OK"), "yes"),
        ({"has": ["a", "b"]}, CommandAnswer(exit=0, stdout="a"), "no"),
        ({"lacks": "warn"}, CommandAnswer(exit=0, stderr="[warn] deprecated"), "no"),
        ({"equals": "x"}, CommandAnswer(exit=0, stdout="x\n"), "yes"),
        ({"equals": "x"}, CommandAnswer(exit=0, stdout="x y\n"), "no"),
        ({"equals": ""}, CommandAnswer(exit=0, stdout="\n"), "yes"),
        ({"capture": r"^org:\s+(\S+)$"}, CommandAnswer(exit=0, stdout="org:   dm\n"), "yes"),
        ({"capture": r"^org:\s+(\S+)$"}, CommandAnswer(exit=0, stdout="space: dm\n"), "no"),
        ({"capture": r"^org:\s+(\S+)$", "equals": "dm"}, CommandAnswer(exit=0, stdout="org: dm\nspace: x\n"), "yes"),
        ({"capture": r"^org:\s+(\S+)$", "equals": "other"}, CommandAnswer(exit=0, stdout="org: dm\n"), "no"),
        ({"exit": "1", "has": "not found"}, CommandAnswer(exit=1, stderr="x not found"), "yes"),
        ({"exit": "1", "has": "not found"}, CommandAnswer(exit=1, stderr="network down"), "no"),
        ({"no_answer": "^connection refused"}, CommandAnswer(exit=0, stdout="connection refused by h"), "no answer"),
        ({"json": {"path": "n", "at_least": "3"}}, CommandAnswer(exit=0, stdout='{"n": 3}'), "yes"),
        ({"json": {"path": "n", "at_least": "3"}}, CommandAnswer(exit=0, stdout='{"n": 2.5}'), "no"),
        ({"json": {"path": "n", "at_least": "3"}}, CommandAnswer(exit=0, stdout='{"n": true}'), "no"),
        ({"json": {"path": "n", "equals": "3"}}, CommandAnswer(exit=0, stdout='{"n": 3}'), "yes"),
        ({"json": {"path": "s", "equals": "ok"}}, CommandAnswer(exit=0, stdout='{"s": "ok"}'), "yes"),
        ({"json": {"path": "s", "equals": "true"}}, CommandAnswer(exit=0, stdout='{"s": true}'), "yes"),
        ({"json": {"path": "s", "matches": "^o"}}, CommandAnswer(exit=0, stdout='{"s": "ok"}'), "yes"),
        ({"json": {"path": "s"}}, CommandAnswer(exit=0, stdout='{"s": false}'), "no"),
        ({"json": {"path": "s"}}, CommandAnswer(exit=0, stdout='{"s": 0}'), "yes"),
        ({"json": {"path": "s"}}, CommandAnswer(exit=0, stdout="no json"), "no"),
        ({"run": "grep -q x f"}, CommandAnswer(exit=1), "no"),
        ({"run": "grep -q x f"}, CommandAnswer(exit=2, stderr="grep: f: No such file"), "no answer"),
        ({"run": "test -e f"}, CommandAnswer(exit=1), "no"),
    ],
)
def test_answers(keys: dict[str, object], answer: CommandAnswer, word: Verdict) -> None:
    verdict = judge(check(**keys), answer, {})
    assert verdict.answer == word
    assert verdict.yes or verdict.why.endswith((".", "h", "x", "f", "file"))


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (CommandAnswer(exit=0, stdout="8f0c\n"), "yes"),
        (CommandAnswer(exit=0, stdout="c41d\n"), "no"),
        (CommandAnswer(exit=1, stdout="FAILED\n", stderr="Service instance 'redis-old' not found\n"), "no"),
        (CommandAnswer(exit=1, stdout="FAILED\n", stderr="Not logged in. Use 'cf login' to log in.\n"), "no answer"),
        (CommandAnswer(exit=1, stdout="FAILED\n", stderr="No space targeted, use 'cf target -s SPACE'\n"), "no answer"),
        (
            CommandAnswer(
                exit=1, stdout="FAILED\n", stderr="The token expired, was revoked, or the token ID is incorrect. x\n"
            ),
            "no answer",
        ),
        (
            CommandAnswer(exit=1, stdout="FAILED\n", stderr="Request error: dial tcp: lookup api: no such host\n"),
            "no answer",
        ),
        (CommandAnswer(exit=1, stdout="FAILED\n", stderr="Something new\n"), "no answer"),
        (CommandAnswer(exit=0, stdout="No org or space targeted, use 'cf target -o ORG -s SPACE'\n"), "no answer"),
    ],
)
def test_cf_says_not_found_for_no_and_failed_for_many_things(answer: CommandAnswer, word: Verdict) -> None:
    asked = check(run="cf service redis-old --guid", equals="${guid}")
    assert judge(asked, answer, {"guid": "8f0c"}).answer == word


def test_cf_failed_with_the_expected_words_is_a_yes() -> None:
    gone = check(run="cf service redis-old", exit="1", has="^Service instance 'redis-old' not found$")
    answer = CommandAnswer(exit=1, stdout="FAILED\n", stderr="Service instance 'redis-old' not found\n")
    assert judge(gone, answer, {}).yes
    offline = CommandAnswer(exit=1, stdout="FAILED\n", stderr="Request error: timeout\n")
    assert judge(gone, offline, {}).answer == "no answer"


def test_an_act_that_ended_otherwise_is_a_no() -> None:
    wanted = Expectation.model_validate({"has": "^OK$"})
    assert judge(wanted, CommandAnswer(exit=1, stdout="x taken\nFAILED\n"), {}, command="make it").answer == "no"
    assert judge(wanted, CommandAnswer(exit=0, stdout="OK\n"), {}, command="cf rename a b").yes


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x1b"), min_size=1))
def test_a_value_in_what_is_wanted_means_itself(value: str) -> None:
    stdout = f"<{value}>\n"
    assert judge(check(has="<${v}>"), CommandAnswer(exit=0, stdout=stdout), {"v": value}).yes
    assert judge(check(equals="<${v}>"), CommandAnswer(exit=0, stdout=stdout), {"v": value}).yes
    found = json.dumps([{"name": value, "guid": "g"}])
    question = {"path": "[?name==${v}] | [0].guid", "equals": "g"}
    assert judge(check(json=question), CommandAnswer(exit=0, stdout=found), {"v": value}).yes


def test_no_pattern_is_searched_twice() -> None:
    searched: list[str] = []

    def search(pattern: str, text: str) -> PatternMatch | None:
        searched.append(pattern)
        return search_here(pattern, text)

    wanted = {"has": ["^a", "b$"], "lacks": "gone", "capture": "^(a)", "no_answer": "down", "says": "Look again."}
    for answer in (CommandAnswer(exit=0, stdout="ab\n"), CommandAnswer(exit=2, stdout="gone\n"), CommandAnswer(exit=0)):
        judge(check(**wanted), answer, {}, search=search)
        assert sorted(searched) == sorted(set(searched))
        searched.clear()


def test_captures_are_taken_all_or_not_at_all() -> None:
    captures = {"guid": Capture(capture=r"^guid:\s+(\S+)$"), "all": Capture()}
    taken = take_captures(captures, "guid:  8f0c\n", {})
    assert dict(taken.values) == {"guid": "8f0c", "all": "guid:  8f0c"}
    assert take_captures(captures, "\x1b[1mguid:  8f0c\x1b[m\r\n", {}).values["guid"] == "8f0c"
    failed = take_captures(captures, "nothing\n", {})
    assert not failed.values
    assert failed.why == "The output holds no value for guid."
    number = take_captures({"port": Capture.model_validate({"json": "a.port"})}, '{"a": {"port": 6379}}', {})
    assert dict(number.values) == {"port": "6379"}


def test_a_huge_answer_is_judged_in_time() -> None:
    answer = CommandAnswer(exit=0, stdout="x" * 50_000_000 + "\nOK\n")
    assert judge(check(has="^OK$"), answer, {}).yes
    started = time.monotonic()
    assert judge(check(has="^y$"), answer, {}).answer == "no"
    assert time.monotonic() - started < 5


def test_what_was_wanted_is_told_in_words() -> None:
    assert wanted_text(check(equals="${guid}"), {"guid": "8f0c"}) == "8f0c"
    assert wanted_text(check(has=r"^status:\s+${s}$"), {"s": "ok"}) == "an answer with status: ok"
    assert wanted_text(check(), {}) == "exit 0"
    assert wanted_text(check(json={"path": "n", "at_least": "${n}"}), {"n": "6"}) == "n is at least 6"


def test_a_no_ends_with_what_the_file_says_to_do_about_it() -> None:
    asked = check(has="^${stage}$", says="Look at ${stage} and\nbegin again.")
    no = judge(asked, CommandAnswer(exit=0, stdout="staging\n"), {"stage": "preview"})
    assert (no.answer, no.why) == ("no", "The answer does not have preview. Look at preview and begin again.")
    assert judge(asked, CommandAnswer(exit=0, stdout="preview\n"), {"stage": "preview"}).why == ""
    silent = judge(asked, CommandAnswer(exit=0, timed_out=True), {"stage": "preview"})
    assert silent.why == "It did not answer in time."


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        (r"^instances:\s+(\d+)/\1$", "instances: N/N"),
        (r"^\S+\s+${name}\s+http[ \t].*\bapp\b", "… thing http …app"),
        (r"^guid:\s+${name}$", "guid: thing"),
        (r"costs \$5\.00", "costs $5.00"),
        (r"^In progress\.|^Made \S+\.$|a\|b", "In progress. or Made …. or a|b"),
    ],
)
def test_a_pattern_is_told_as_people_read_it(pattern: str, told: str) -> None:
    check = Check.model_validate({"run": "ask", "has": pattern})
    assert wanted_text(check, {"name": "thing"}) == f"an answer with {told}"


def test_an_act_that_failed_tells_what_must_not_be_there_and_the_line_it_stands_in() -> None:
    wanted = Expectation.model_validate({"lacks": "not indexed", "says": "Run it again."})
    said = "100 in 1 s\nERROR 9000 not indexed\nTraceback\n200 in 2 s\n"
    verdict = judge(wanted, CommandAnswer(exit=1, stdout=said), {})
    assert verdict.answer == "no"
    assert verdict.why == "It ended with 1; 0 was expected. It says: ERROR 9000 not indexed. Run it again."
