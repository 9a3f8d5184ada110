"""How long a step usually takes: from completed sessions of the same procedure and mode, and from nothing else."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from wizard.clock import parse_rfc3339
from wizard.engine.messages import UsualTimes
from wizard.engine.usual_durations import usual_times
from wizard.record.events import CheckAnswered, OutputCited, RunEnded, RunIntent, SessionClosed


if TYPE_CHECKING:
    from tests.conftest import Opener
    from tests.engine.conftest import Recording

    Record = Callable[..., Recording]


def _ran(run: int, seconds: float, *, verdict: Any = "yes", undo: bool = False, step: str = "first") -> list[Any]:
    return [
        RunIntent(
            run=run,
            step=step,
            attempt=1,
            undo=undo,
            words=("touch",),
            executable="/bin/touch",
            executable_sha256="0",
            cwd="/",
            env=(),
            repeat="never",
        ),
        RunEnded(run=run, outcome="ended", exit=0, seconds=seconds, output=OutputCited(sha256="0" * 64, len=0)),
        CheckAnswered(
            step=step, undo=undo, purpose="expect", index=0, command="touch", wanted="exit 0", verdict=verdict
        ),
    ]


class History:
    """Sessions that ended, each with the runs of its first step."""

    def __init__(self, record: "Record", sessions: Path) -> None:
        self.sessions = sessions
        self._record = record
        self._made = 0

    def session(self, *seconds: float, close: Any = "completed", more: Any = (), **opened: Any) -> "Recording":
        self._made += 1
        made = self._record(f"01KAQ{self._made:021d}", **opened)
        for run, each in enumerate(seconds, start=1):
            made.add(*_ran(run, each))
        made.add(*more)
        if close is not None:
            made.add(SessionClosed(state=close, count=len(made.journal.records) + 1))
        return made

    def usual(self, mode: Any = "live", procedure: str = "two-steps") -> dict[str, float]:
        return dict(usual_times(self.sessions, procedure, mode).seconds)


@pytest.fixture
def history(record: "Record", tmp_path: Path) -> History:
    return History(record, tmp_path / "sessions")


def test_the_median_of_completed_sessions(history: History) -> None:
    for seconds in (100.0, 250.0, 9000.0):
        history.session(seconds)
    assert history.usual() == {"first": 250.0}


def test_only_the_last_ten_count(history: History) -> None:
    history.session(1.0, 1.0, 1.0, 1.0, 1.0)
    history.session(*[60.0] * 10)
    assert history.usual() == {"first": 60.0}


def test_other_modes_procedures_and_ends_do_not_count(history: History) -> None:
    history.session(5.0, mode="rehearsal")
    history.session(6.0, close="stopped")
    history.session(7.0, close=None)
    assert history.usual() == {}
    assert history.usual("rehearsal") == {"first": 5.0}
    assert history.usual("rehearsal", "another") == {}


def test_a_failed_run_and_an_undo_do_not_count(history: History) -> None:
    failed, undone = _ran(2, 500.0, verdict="no"), _ran(3, 600.0, undo=True)
    history.session(50.0, more=(*failed, *undone))
    assert history.usual() == {"first": 50.0}


def test_what_is_damaged_or_strange_is_passed_over(history: History) -> None:
    history.session(30.0)
    broken = history.session(9000.0).folder.journal
    broken.write_bytes(broken.read_bytes().replace(b"9000.0", b"8000.0"))
    torn = history.session(9000.0).folder.journal
    torn.write_bytes(torn.read_bytes()[:-5])
    (history.sessions / "01ZZZZZZZZZZZZZZZZZZZZZZZZ").mkdir()
    (history.sessions / "a file").write_text("x")
    linked = history.sessions / "01ZZZZZZZZZZZZZZZZZZZZZZZY"
    linked.mkdir()
    (linked / "journal.jsonl").symlink_to(broken)
    assert history.usual() == {"first": 30.0}
    assert usual_times(history.sessions / "none", "two-steps", "live") == UsualTimes({})


def test_the_usual_time_of_a_session_is_that_of_completed_ones(history: History) -> None:
    assert usual_times(history.sessions, "two-steps", "live").session is None
    made = history.session(5.0)
    history.session(9000.0, close="stopped")
    first, last = (parse_rfc3339(made.journal.records[at].at) for at in (0, -1))
    usual = usual_times(history.sessions, "two-steps", "live").session
    assert usual == (last - first).total_seconds()


@pytest.mark.parametrize("seconds", [1e300, -5.0])
def test_a_time_that_no_run_takes_is_passed_over(history: History, seconds: float) -> None:
    history.session(30.0)
    history.session(seconds)
    assert history.usual() == {"first": 30.0}


def test_a_record_of_another_shape_is_passed_over(history: History) -> None:
    made = history.session(30.0, close=None)
    for data in (
        {"run": [1], "step": "first", "undo": False},
        {"run": {"a": 1}, "outcome": "ended", "seconds": "soon"},
        {"run": None, "outcome": "ended", "seconds": 10**400},
        {"run": 1, "outcome": "ended", "seconds": 10**400},
    ):
        made.journal.append("run.intent" if "step" in data else "run.ended", data, durable=False)
    made.add(SessionClosed(state="completed", count=len(made.journal.records) + 1))
    assert history.usual() == {"first": 30.0}


_STEP = """
format: 1
procedure: p
title: P
phases: [{title: A, steps: [{id: s, title: S, run: 'sleep 0.05'}]}]
"""


def test_the_next_session_knows_it_and_says_so_on_its_card(sessions: "Opener") -> None:
    first = sessions.open(_STEP)
    first.ask_and_answer("run", sort="go")
    first.until_finished()
    second = sessions.open(_STEP)
    told = second.until(lambda message: isinstance(message, UsualTimes))
    assert isinstance(told, UsualTimes)
    assert 0.04 < told.seconds["s"] < 5
    assert second.engine.plan_input.usual == told.seconds
