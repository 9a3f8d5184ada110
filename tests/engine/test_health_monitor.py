"""Signs of life of a running command: alive only while it is seen, silent for as long as it was, told and not kept."""

import time
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from wizard.engine.health_words import line_words, percent_words, silence_words, still_words, usual_words
from wizard.engine.messages import Detach, RunHealth, StopCommand, TypeKeys, Update
from wizard.engine.quiet_periods import Silences
from wizard.execution.runner import ProcessRunner
from wizard.record.events import RunQuiet


if TYPE_CHECKING:
    from tests.conftest import Drive, Opener


def _one(step: str) -> str:
    return f"""
format: 1
procedure: pulse
title: Pulse
phases:
  - title: All
    steps: [{{id: it, title: It, {step}}}]
"""


def _begin(sessions: "Opener", step: str) -> "Drive":
    drive = sessions.open(_one(step))
    drive.ask_and_answer("run", sort="go")
    return drive


def _signs(drive: "Drive", seconds: float = 15.0) -> RunHealth:
    said = drive.until(lambda message: isinstance(message, RunHealth), seconds)
    assert isinstance(said, RunHealth)
    return said


def _alive(drive: "Drive") -> RunHealth:
    while not (signs := _signs(drive)).alive:
        pass
    return signs


def _stop(drive: "Drive") -> None:
    drive.engine.submit(StopCommand())
    drive.until_asked("failed")


def test_a_silent_command_is_seen_alive_again_and_again(sessions: "Opener") -> None:
    drive = _begin(sessions, "run: sleep 60")
    first = _alive(drive)
    second = _signs(drive)
    assert second.alive
    assert second.silent > first.silent
    assert (second.size, second.percent, second.usual, second.slow, second.still) == (0, None, None, False, False)
    _stop(drive)
    assert "run.quiet" not in drive.kinds()  # the step did not say what silence is unusual


def test_without_a_line_to_the_supervisor_nothing_is_claimed_alive(
    sessions: "Opener", monkeypatch: pytest.MonkeyPatch
) -> None:
    drive = _begin(sessions, "run: sleep 60")
    _alive(drive)
    monkeypatch.setattr(ProcessRunner, "connected", lambda _self, _run: False)
    _signs(drive)
    cut = _signs(drive)
    assert cut.exists
    assert not cut.alive
    assert line_words(cut) == "no line to its supervisor just now"
    _stop(drive)


def test_a_silence_is_told_each_time_it_doubled_and_nothing_is_killed(sessions: "Opener") -> None:
    drive = _begin(sessions, "run: sleep 60, quiet_for: 300ms")
    for _ in range(3):
        drive.until(lambda message: isinstance(message, Update) and isinstance(message.happened.event, RunQuiet))
    lengths = [event.seconds for event in drive.events if isinstance(event, RunQuiet)]
    assert lengths[0] >= 0.3
    assert all(later > earlier for earlier, later in pairwise(lengths))
    assert lengths[2] >= 1.2
    assert drive.state.open_run is not None
    _stop(drive)


def test_a_command_that_chatters_does_not_fill_the_record() -> None:
    silences = Silences(60.0)
    recorded = []
    for number in range(1000):
        recorded += [seconds for seconds in (30.0, 61.0, 62.0, 70.0 + number / 100) if silences.due(seconds)]
        silences.over()
    assert recorded == [61.0] * 20
    assert [seconds for seconds in (61.0, 121.0, 122.0, 200.0, 244.0) if silences.due(seconds)] == [122.0, 244.0]


def test_a_word_ends_the_silence_and_the_progress_it_tells_is_heard(sessions: "Opener") -> None:
    step = "progress: '(\\d+)%', shell: 'read -r a; echo 10%; read -r b; echo 250%; read -r c; echo 5%; read -r d'"
    drive = _begin(sessions, step)
    percents: list[float | None] = []
    for _ in range(3):
        signs = _alive(drive)
        while signs.silent < 0.4:
            signs = _signs(drive)
        drive.engine.submit(TypeKeys(b"\n"))
        size = signs.size
        while (signs := _signs(drive)).size == size:
            pass
        assert signs.silent < 0.4
        while signs.percent in {None, *percents[-1:]}:
            signs = _signs(drive)
        percents.append(signs.percent)
    assert percents == [10.0, 100.0, 5.0]
    _stop(drive)


def test_a_command_found_running_on_resume_is_told_as_still_running(sessions: "Opener") -> None:
    drive = _begin(sessions, "run: sleep 60")
    while _alive(drive).silent < 0.5:
        pass
    drive.engine.submit(Detach("the line is gone"))
    drive.until_finished()
    silent = time.time() - (drive.engine.folder / "runs" / "0001" / "output").stat().st_mtime
    again = sessions.resume(drive.engine.session)
    signs = _alive(again)
    assert signs.still
    assert signs.silent > silent - 0.05  # as its output file tells, not counted from anew
    run = again.state.open_run
    assert run is not None
    assert still_words(run) == f"still running (since {run.asked_at.at[11:19]} UTC)"
    _stop(again)


def test_words() -> None:
    signs = RunHealth(1, connected=True, exists=True, silent=19.0, usual=250.0, seconds=361.0)
    assert silence_words(signs) == ""
    assert usual_words(signs) == "usually 4 min 10 s"
    slow = RunHealth(1, connected=True, exists=False, size=1, silent=185.0, usual=250.0, seconds=385.0, slow=True)
    assert silence_words(slow) == "silent 3 min 5 s"
    assert usual_words(slow) == "usually 4 min 10 s, now 6 min 25 s"
    assert line_words(slow) == "it has ended; its last output is read"
    assert line_words(signs) == ""
    assert percent_words(99.99) == "99 %"
