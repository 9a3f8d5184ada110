"""What is known when a session is taken up again: its own speed, a machine that was restarted; and whose folders."""

import os
from pathlib import Path

import pytest

from tests.conftest import Drive, Opener
from wizard import places
from wizard.clock import Instant, SystemClock
from wizard.engine.messages import Remark
from wizard.engine.opening import resume_session
from wizard.errors import RecordProblem
from wizard.formats import build
from wizard.formats.markdown import render_markdown


STEPS = "format: 1\nprocedure: p\ntitle: P\nphases: [{title: A, steps: [{id: a, title: A, run: 'true'}]}]\n"


class Later:
    """The clock of a machine after it was restarted."""

    def now(self) -> Instant:
        now = SystemClock().now()
        return Instant(now.utc, 7_000_000_000, "another-boot")

    def new_id(self) -> str:
        return SystemClock().new_id()


def left(sessions: Opener, mode: str = "live", **more: object) -> Drive:
    drive = sessions.open(STEPS, mode, **more)  # type: ignore[arg-type]
    drive.until_asked("go")
    drive.leave()
    drive.until_finished()
    return drive


def remarks(drive: Drive) -> list[str]:
    """What was remarked before the first question."""
    found: list[str] = []

    def asked(message: object) -> bool:
        found.extend([message.sentence] if isinstance(message, Remark) else [])
        return any(event.kind == "asked" for event in drive.events)

    drive.until(asked)
    return found


def test_whoever_takes_a_session_up_on_a_restarted_machine_is_told(sessions: Opener) -> None:
    drive = left(sessions)
    again = sessions.drive(resume_session(drive.engine.session, front_end="none", clock=Later()))
    (said,) = remarks(again)
    assert said.startswith("The machine was restarted since this session was left")
    again.until_asked("go")
    again.answer("run")
    again.until_finished()
    assert ", on the restarted machine" in render_markdown(build(drive.engine.folder))


def test_whoever_takes_it_up_on_the_same_boot_is_told_nothing(sessions: Opener) -> None:
    drive = left(sessions)
    again = sessions.resume(drive.engine.session)
    assert remarks(again) == []
    assert ", on the restarted machine" not in render_markdown(build(drive.engine.folder))


def test_a_rehearsal_goes_on_at_its_own_speed(sessions: Opener) -> None:
    drive = left(sessions, "rehearsal", speed=1234.0)
    cited = drive.state.opened.rehearsal
    assert cited is not None
    assert cited.speed == 1234.0
    again = sessions.resume(drive.engine.session)
    assert again.engine._context.environment.speed == 1234.0


@pytest.mark.parametrize("which", ["state", "config", "runtime"])
def test_root_leaves_no_folder_in_somebody_elses_house(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    house = tmp_path / "mara"
    house.mkdir()
    if os.geteuid() == 0:
        os.chown(house, 65534, 65534)
    else:
        monkeypatch.setattr("wizard.places.private.os.geteuid", lambda: 0)
    monkeypatch.setenv("XDG_RUNTIME_DIR" if which == "runtime" else f"XDG_{which.upper()}_HOME", str(house / "deep"))
    with pytest.raises(RecordProblem, match="would belong to root"):
        getattr(places, f"{which}_dir")()
    assert list(house.iterdir()) == []
