"""A pattern that runs away on an answer is no answer, told in a sentence; nothing waits for it for long."""

import re
import time
from typing import TYPE_CHECKING

import pytest

from wizard.engine.pattern_guard import PatternGuard, SearchProblem
from wizard.fields.regex import PatternMatch
from wizard.record.events import CheckAnswered


if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Opener


EVIL = "^(a|aa)+$"
UNLUCKY = "a" * 60 + "b"

_STEPS = """
format: 1
procedure: trial
title: A trial
phases:
  - title: Only
    steps:
      - id: it
        title: Say it
        run: 'echo {said}'
        {more}
"""


@pytest.fixture
def guard() -> "Iterator[PatternGuard]":
    made = PatternGuard()
    yield made
    made.close()


@pytest.mark.parametrize(
    "more",
    [
        f"expect: {{has: '{EVIL}'}}",
        f"expect: {{lacks: '{EVIL}'}}",
        f"capture: {{value: '{EVIL}'}}",
        f"after: [{{run: 'echo {UNLUCKY}', capture: '{EVIL}'}}]",
        f"after: [{{run: 'echo {UNLUCKY}', no_answer: '{EVIL}'}}]",
        f"after: [{{run: 'echo \"\\\"{UNLUCKY}\\\"\"', json: {{path: '@', matches: '{EVIL}'}}}}]",
    ],
    ids=["has", "lacks", "capture of an act", "capture of a check", "no_answer", "json"],
)
def test_a_runaway_pattern_is_no_answer(sessions: "Opener", more: str) -> None:
    drive = sessions.open(_STEPS.format(said=UNLUCKY, more=more))
    drive.ask_and_answer("run", sort="go")
    began = time.monotonic()
    question = drive.until_asked("failed")
    assert time.monotonic() - began < 10
    bad = next(event for event in reversed(drive.events) if isinstance(event, CheckAnswered))
    assert bad.verdict == "no answer"
    assert f"the pattern {EVIL} takes too long on this answer" in " ".join(question.text.split())
    drive.leave()


def test_searches_after_one_that_ran_away_are_made_again(guard: PatternGuard) -> None:
    assert guard.search("^(o)k$", "well\nok\n") == PatternMatch("well\nok\n", ((5, 7), (5, 6)))
    with pytest.raises(SearchProblem, match=f"the pattern {re.escape(EVIL)} takes"):
        guard.search(EVIL, UNLUCKY)
    assert guard.search("nowhere", UNLUCKY) is None
    assert guard.search("b$", UNLUCKY) == PatternMatch(UNLUCKY, ((60, 61),))


def test_a_long_answer_is_tried_in_no_time(guard: PatternGuard) -> None:
    lines = "".join(f"2026-11-23T02:00:00Z line {number} of the answer\n" for number in range(20_000))
    guard.prepare()
    began = time.monotonic()
    found = [guard.search(pattern, lines) for pattern in (r"^OK$", r"line 19999\b", r"^\S+\s+error", "FAILED")]
    assert [match is not None for match in found] == [False, True, False, False]
    assert time.monotonic() - began < 2
