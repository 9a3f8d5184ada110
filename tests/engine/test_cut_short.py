"""A person ends a wait before its time: with a reason, without skipping its step, and the record says so."""

from typing import TYPE_CHECKING

import pytest

from tests.engine.test_plain_told import Told
from wizard.engine import Activity, IntentionRefused
from wizard.formats import build
from wizard.formats.markdown import render_markdown
from wizard.record.events import WaitEnded


if TYPE_CHECKING:
    from tests.conftest import Opener


_HEAD = "format: 1\nprocedure: p\ntitle: P\nphases:\n  - title: A\n    steps:\n"
_SOAK = """\
      - {id: make, title: Make it, run: 'true'}
      - {id: it, title: Remove the old one, soak: {since: make, for: 1h}, no_return: It is gone., run: 'true'}
"""
_WAIT = "      - {id: it, title: Let it settle, wait: 10m}\n"


@pytest.mark.parametrize("sort", ["soak", "wait"])
def test_a_wait_is_cut_short_with_a_reason_and_its_step_is_done(sessions: "Opener", sort: str) -> None:
    drive = sessions.open(_HEAD + (_SOAK if sort == "soak" else _WAIT))
    told = Told(drive)
    if sort == "soak":
        drive.ask_and_answer("run", sort="go")
    drive.until(lambda message: isinstance(message, Activity) and message.kind == "waiting")
    drive.answer("cut-short")
    drive.until(lambda message: isinstance(message, IntentionRefused))  # without a reason nothing is cut short
    drive.answer("cut-short", "the window closes at three")
    if sort == "soak":
        drive.ask_and_answer("run", sort="go")
    drive.until_finished()

    assert drive.state.step("it").end == "done"
    assert [each.cut_short for each in drive.events if isinstance(each, WaitEnded)] == ["the window closes at three"]
    assert [(each.step, each.what, each.reason) for each in drive.state.deviations] == [
        ("it", f"{sort} cut short", "the window closes at three")
    ]
    assert f"  the {sort} was cut short: the window closes at three" in told.lines
    assert f"{sort} cut short" in render_markdown(build(drive.engine.folder))
