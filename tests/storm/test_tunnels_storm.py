"""The line to the databases drops once in the middle of the work: nothing is claimed, and a re-run completes."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.conftest import until
from tests.engine.postgres_roads import postgres_road
from tests.engine.roads import TROUBLE, Road


if TYPE_CHECKING:
    from tests.conftest import Opener


@contextmanager
def opened_again(road: Road, side: str) -> Iterator[None]:
    """A tunnel that the operator opens at another terminal, as the hint of its step says."""
    values = road.state.values
    leads = f"{values[side + '_port']}:{values[side + '_host']}:{values[side + '_db_port']}"
    program = road.sandbox.resolve("cf")
    assert program is not None
    words = [str(program), "ssh", values["bridge"], "-N", "-L", leads]
    tunnel = subprocess.Popen(words, env=road.sandbox.env({}), cwd=road.sandbox.cwd, stdin=subprocess.DEVNULL)
    try:
        fence = road.sandbox.confinement
        port = int(values[side + "_port"])
        until(lambda: tunnel.poll() is not None or port in (((found := fence()) and found.connect) or ()))
        yield
    finally:
        tunnel.terminate()
        tunnel.wait(30)


@pytest.mark.storm
@pytest.mark.parametrize("road", ["dump", "replicate"])
def test_the_work_is_done_to_its_end_through_tunnels_that_are_opened_again(sessions: "Opener", road: str) -> None:
    walked = postgres_road(sessions, road, drill="tunnels-drop")
    walked.trouble()
    assert "server closed the connection" in walked.told()
    with ExitStack() as stack:
        for side in ("old", "new"):
            stack.enter_context(opened_again(walked, side))
        while (question := walked.question()) is not None:
            if question.question_kind not in TROUBLE:
                walked.answer(question)
            elif question.step in {"restore", "subscribe"} and question.question_kind == "failed":
                walked.undo(question)
            elif question.question_kind == "failed" and any(option.id == "rerun" for option in question.options):
                walked.drive.answer("rerun", "the line was lost, and is there again")
            else:
                walked.drive.answer("again")
    assert walked.drive.finished is not None
    assert walked.drive.finished.code == 0
    assert "none of them lost" in walked.drive.finished.sentence
