"""Whoever dies wherever: nothing runs twice, and resume says truly what happened. The whole matrix is in storm."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.killing import Killed, resumed, run_and_kill, wait_until
from wizard.faults import Point
from wizard.session import SessionState


if TYPE_CHECKING:
    from tests.conftest import Opener
    from wizard.record.events import RunEnded


def hold_to_the_truth(killed: Killed, state: SessionState, ended: "RunEnded | None") -> None:
    """What resume said, against what the counter file shows."""
    match ended:
        case None:
            assert killed.count == 0
        case _ if ended.outcome == "ended":
            assert killed.count == 1
            assert ended.exit == 0
            assert state.step("count").end == "done"
        case _ if ended.outcome == "not started":
            assert killed.count == 0
        case _:
            assert ended.outcome == "unknown"
            assert killed.count <= 1
            assert state.question is not None
            assert state.question.question_kind == "unknown"


MATRIX = [(point, whom) for point in Point for whom in ("self", "other", "both")]
SMALL = [
    (Point.ENGINE_AFTER_INTENT, "self"),
    (Point.ENGINE_ORDER_SENT, "both"),
    (Point.SUPERVISOR_CLAIMED, "self"),
    (Point.SUPERVISOR_FORKED, "both"),
    (Point.SUPERVISOR_STARTED_WRITTEN, "other"),
    (Point.SUPERVISOR_EXIT_FILE_WRITTEN, "both"),
    (Point.ENGINE_BEFORE_ENDED, "self"),
]


def killed_at(point: Point, whom: str, seconds: float, tmp_path: Path, sessions: "Opener") -> None:
    killed = run_and_kill(tmp_path, point, whom, seconds=seconds)
    state, ended = resumed(killed, sessions)
    hold_to_the_truth(killed, state, ended)
    state, ended = resumed(killed, sessions) if state.closed is None else (state, ended)
    hold_to_the_truth(killed, state, ended)
    assert len(state.runs) <= 1


@pytest.mark.parametrize(("point", "whom"), SMALL)
def test_killed_at_a_point(point: Point, whom: str, tmp_path: Path, sessions: "Opener") -> None:
    killed_at(point, whom, 0.2, tmp_path, sessions)


@pytest.mark.storm
@pytest.mark.parametrize(("point", "whom"), MATRIX)
def test_killed_at_every_point(point: Point, whom: str, tmp_path: Path, sessions: "Opener") -> None:
    killed_at(point, whom, 3.0, tmp_path, sessions)


@pytest.mark.parametrize(("whom", "outcome"), [("wizard", "ended"), ("supervisor", "unknown"), ("both", "unknown")])
def test_killed_while_it_runs(whom: str, outcome: str, tmp_path: Path, sessions: "Opener") -> None:
    killed = run_and_kill(tmp_path, None, whom, seconds=0.6)
    state, ended = resumed(killed, sessions)
    hold_to_the_truth(killed, state, ended)
    assert ended is not None
    assert ended.outcome == outcome


def test_finished_while_away_has_its_exit_code_and_whole_output(
    tmp_path: Path, sessions: "Opener", own_folders: Path
) -> None:
    killed = run_and_kill(tmp_path, None, "wizard", seconds=0.2)
    folder = own_folders / "state" / "uplevel" / "sessions" / killed.session / "runs" / "0001"
    wait_until((folder / "exit.json").exists)
    _, ended = resumed(killed, sessions)
    assert ended is not None
    assert (ended.outcome, ended.exit, ended.while_away) == ("ended", 0, True)
    assert (folder / "output").read_bytes() == b"begun\nended\n"
    assert killed.count == 1


@pytest.mark.storm
@pytest.mark.parametrize("tenth", range(0, 32, 2))
@pytest.mark.parametrize("whom", ["wizard", "supervisor", "both"])
def test_killed_at_every_tenth_of_a_three_second_command(
    tenth: int, whom: str, tmp_path: Path, sessions: "Opener"
) -> None:
    killed = run_and_kill(tmp_path, None, whom, seconds=3.0, after=tenth / 10)
    state, ended = resumed(killed, sessions)
    hold_to_the_truth(killed, state, ended)
    assert len(state.runs) == 1


def test_an_unknown_outcome_is_settled_by_the_probe_and_never_run_again_by_itself(
    tmp_path: Path, sessions: "Opener"
) -> None:
    killed = run_and_kill(tmp_path, None, "both", seconds=5.0)
    drive = sessions.resume(killed.session)
    question = drive.ask_and_answer("check", sort="unknown")
    assert "We do not know whether it finished." in question.text
    assert drive.until_asked().question_kind == "go"
    assert drive.state.runs[1].settled is False
    assert killed.count == 0
