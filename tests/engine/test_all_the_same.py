"""A step that is done already is run all the same only where that is safe, with a reason, and the record says so."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from wizard.errors import ExitCode
from wizard.formats import build
from wizard.formats.markdown import render_markdown
from wizard.record.events import Answered


if TYPE_CHECKING:
    from tests.conftest import Opener


_STEP = """
format: 1
procedure: trial
title: A trial
parameters:
  folder: {matches: '/.*'}
phases:
  - title: Only
    steps:
      - id: there
        title: There
        already: {run: 'test -e ${folder}/there'}
        shell: echo again >>"$folder/there"
        confirm: Is it the right moment?
        MORE
"""


def _options(sessions: "Opener", folder: Path, more: str) -> list[str]:
    (folder / "there").touch()
    drive = sessions.open(_STEP.replace("MORE", more), values={"folder": str(folder)})
    options = [option.id for option in drive.until_asked("found done").options]
    drive.leave()
    return options


def test_a_safe_step_runs_all_the_same_past_its_gates_and_stands_among_the_deviations(
    sessions: "Opener", tmp_path: Path
) -> None:
    (tmp_path / "there").touch()
    drive = sessions.open(_STEP.replace("MORE", "repeat: safe"), values={"folder": str(tmp_path)})
    question = drive.until_asked("found done")
    assert (question.default, question.options[-1].id, question.options[-1].needs) == ("again", "anyway", "reason")
    drive.answer("anyway")
    drive.until(lambda _: bool(drive.refusals))
    assert "reason" in drive.refusals[0]

    drive.answer("anyway", "the file is of last week")
    drive.ask_and_answer("run", sort="go")
    drive.ask_and_answer("yes", sort="confirm")
    assert drive.until_finished().code is ExitCode.COMPLETED
    assert (tmp_path / "there").read_text() == "again\n"
    assert drive.state.step("there").end == "done"
    told = [(deviation.what, deviation.reason) for deviation in drive.state.deviations]
    assert told == [("run although it was done already", "the file is of last week")]
    transcript = render_markdown(build(drive.engine.folder))
    assert "run although it was done already" in transcript
    assert "the file is of last week" in transcript
    assert [event.choice for event in drive.events if isinstance(event, Answered)] == ["anyway", "run", "yes"]


@pytest.mark.parametrize(
    "more",
    ["repeat: check-first", "repeat: never", "", "no_return: It is gone.\n        repeat: safe"],
    ids=["check-first", "never", "not said", "no way back"],
)
def test_where_a_second_run_may_harm_it_is_not_offered(sessions: "Opener", tmp_path: Path, more: str) -> None:
    assert "anyway" not in _options(sessions, tmp_path, more)
