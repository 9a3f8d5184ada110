"""When a person is called by the bell, and what the terminal's title says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Opener
from wizard.execution.sanitize import UNSAFE
from wizard.session.calling import LONG, Calling, title_of
from wizard.session.view import SessionView, view


_PROCEDURE = """
format: 1
procedure: named
title: Upgrade it
parameters: {stage: {choices: [preview]}}
phases: [{title: Only, steps: [{id: one, title: First, run: 'true'}, {id: two, title: Second, run: 'true'}]}]
"""


def test_whoever_sees_the_question_at_once_is_not_called() -> None:
    calling = Calling(0.0)
    assert not calling.waits(LONG - 0.1)


def test_after_a_long_work_the_bell_rings_once() -> None:
    calling = Calling(0.0)
    assert calling.waits(LONG)
    assert not calling.waits(LONG + 1)
    calling.works(LONG + 60)  # as long as a person thinks is no work
    calling.works(LONG + 61)
    assert not calling.waits(LONG + 62)
    calling.works(LONG + 70)
    assert calling.waits(LONG + 70 + LONG)


def test_whoever_looks_at_another_page_is_called_at_once_and_once() -> None:
    calling = Calling(0.0)
    assert calling.waits(0.1, elsewhere=True)
    assert not calling.waits(0.2, elsewhere=True)


@pytest.fixture
def seen(sessions: Opener) -> SessionView:
    drive = sessions.open(_PROCEDURE, values={"stage": "preview"})
    drive.until_asked("go")
    return view(drive.engine.plan_input, drive.state)


def test_the_title_says_mode_stage_procedure_and_step(seen: SessionView) -> None:
    assert title_of(seen, waits=False) == "LIVE preview · Upgrade it · 1/2"
    assert title_of(seen, waits=True) == "! LIVE preview · Upgrade it · 1/2"


@given(st.text(), st.text(), st.booleans())
def test_nothing_in_a_title_is_obeyed_by_a_terminal(title: str, target: str, waits: bool) -> None:
    rows, stop = (), None
    drawn = SessionView(title, "LIVE", False, target, rows, None, None, stop, 0, None, ())  # type: ignore[arg-type]
    told = title_of(drawn, waits=waits)
    assert UNSAFE.search(told) is None
    assert told.startswith("! ") == waits
