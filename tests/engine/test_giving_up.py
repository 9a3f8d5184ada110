"""A disk that refuses ends nothing for ever: what is known is said, and what is not known is called that."""

import errno
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Opener
from tests.engine.test_planted_files import left_in_the_middle
from wizard.engine.captured_output import CapturedOutput
from wizard.engine.pattern_guard import PatternGuard
from wizard.engine.run_records import judge_act
from wizard.execution.runner import LostNotice, NotStarted, OutcomeUnknown, RefusedNotice, determine_outcome
from wizard.execution.supervisor import report
from wizard.execution.supervisor.report import persist
from wizard.model.procedure import Operation
from wizard.model.reading import parse_procedure
from wizard.record.events import RunEnded


def in_the_way(path: Path) -> None:
    """A folder where a file must be written: no patience changes that."""
    (path / "more").mkdir(parents=True)


def test_a_supervisor_that_cannot_write_the_outcome_says_so_and_ends(desk: Any) -> None:
    order = desk.bash("exit 3")
    in_the_way(order.folder / "exit.json")
    lost = desk.begin(order).wait(LostNotice)
    assert lost.why == "The command ended (exit 3), but that could not be written down: Is a directory."
    assert isinstance(determine_outcome(order.folder, claim_as="a test"), OutcomeUnknown)


def test_the_session_calls_the_outcome_unknown_and_says_why(sessions: Opener) -> None:
    folder = left_in_the_middle(sessions)
    drive = sessions.resume(folder.name)
    drive.until_asked("go")
    in_the_way(folder / "runs" / "0002" / "exit.json")
    for path in (folder / "runs" / "0002", folder / "runs" / "0002" / "exit.json"):
        path.chmod(0o700)
    drive.answer("run")
    drive.until_asked("unknown")
    (ended,) = [event for event in drive.events if event.kind == "run.ended" and event.run == 2]
    assert (ended.outcome, ended.exit) == ("unknown", None)
    assert ended.problem == "The command ended (exit 0), but that could not be written down: Is a directory."


def test_what_never_started_and_cannot_say_so_is_not_called_unknown(desk: Any) -> None:
    order = desk.order("/nowhere/at/all")
    in_the_way(order.folder / "exit.json")
    assert "nothing was started" in desk.begin(order).wait(RefusedNotice).sentence
    assert not isinstance(determine_outcome(order.folder, claim_as="a test"), NotStarted)


@pytest.mark.parametrize(("number", "tries"), [(errno.EROFS, 3), (errno.EISDIR, 3), (errno.ENOSPC, 120)])
def test_a_disk_gets_as_much_patience_as_it_deserves(monkeypatch: pytest.MonkeyPatch, number: int, tries: int) -> None:
    monkeypatch.setattr(report, "_BETWEEN_TRIES", 0)
    tried = []

    def write() -> None:
        tried.append(number)
        raise OSError(number, "no")

    assert persist(write)
    assert len(tried) == tries


FULL = "The disk refused part of the output (No space left on device); what is missing is noted."


def operation(more: str) -> Operation:
    text = (
        f"format: 1\nprocedure: p\ntitle: P\nphases: [{{title: A, steps: [{{id: a, title: A, run: 'true'{more}}}]}}]\n"
    )
    return parse_procedure({"p.yaml": text.encode()}, "p.yaml").procedure.step("a")


def test_the_exit_of_a_run_is_known_though_the_disk_lost_some_of_its_output() -> None:
    ended = RunEnded(run=1, outcome="ended", exit=0, gap=(100, 50), problem=FULL)
    guard = PatternGuard()
    try:
        assert judge_act(operation(""), ended, CapturedOutput("x"), {}, guard).answer == "yes"
        failed = ended.model_copy(update={"exit": 4})
        assert judge_act(operation(""), failed, CapturedOutput("x"), {}, guard).answer == "no"
        wants_text = judge_act(operation(", expect: {has: ready}"), ended, CapturedOutput("x"), {}, guard)
        assert (wants_text.answer, wants_text.why) == ("no answer", FULL)
        nothing = RunEnded(run=1, outcome="ended", problem="It was not started.")
        assert judge_act(operation(""), nothing, CapturedOutput(""), {}, guard).answer == "no answer"
    finally:
        guard.close()
