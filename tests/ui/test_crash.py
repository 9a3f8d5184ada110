"""A fault of the wizard itself: what is told of it, and what never is."""

import re
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.app import UplevelApp
from screens.shared.crash import crash_of
from screens.shared.dialogs import read_evidence
from screens.start.screen import StartScreen
from wizard.engine import Preparation
from wizard.errors import UsageProblem
from wizard.execution.redact import for_text


if TYPE_CHECKING:
    from tests.ui.conftest import Desk, Prepares


_PLAIN = """
format: 1
procedure: one
title: One step
phases: [{title: Only, steps: [{id: it, title: Do it, run: 'true'}]}]
"""


def _raised(error: Exception) -> Exception:
    try:
        raise error
    except type(error) as caught:
        return caught


@given(st.text())
def test_a_report_is_a_few_lines_without_anything_a_terminal_obeys(message: str) -> None:
    told = crash_of(_raised(ValueError(message)), str).told("`uplevel resume 01ABC` goes on with it.")
    assert told.count("\n") == 5
    assert re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", told) is None
    assert "ValueError" in told
    assert "uplevel resume 01ABC" in told


def test_a_secret_in_the_message_is_taken_out() -> None:
    crash = crash_of(_raised(KeyError("no hunter2-hunter2 here")), for_text({"token": "hunter2-hunter2"}))
    assert "hunter2" not in crash.told()
    assert "token" in crash.message


def test_a_report_names_the_line_in_our_own_code() -> None:
    with pytest.raises(UsageProblem) as caught:
        read_evidence("/nowhere/at/all", "file")
    assert crash_of(caught.value, str).place.startswith("screens/shared/dialogs.py:")


async def test_a_fault_in_the_background_ends_the_wizard(
    desk: "type[Desk]", prepared_from: "Prepares", wizard_at: Callable[[Preparation], UplevelApp]
) -> None:
    secret = "hunter2-hunter2"

    def broken(_preparation: object, _secrets: object, _news: object) -> None:
        local = secret
        raise ZeroDivisionError(len(local))

    app = wizard_at(prepared_from(_PLAIN))
    screen = StartScreen(prepared_from(_PLAIN), broken)  # type: ignore[arg-type]
    app.first_screen = lambda: screen  # type: ignore[method-assign]

    async def into_it() -> None:
        async with app.run_test(size=(80, 24)) as pilot:
            await desk(pilot).press("f5")
            await desk(pilot).until(lambda: app.crash is not None)

    with pytest.raises(ZeroDivisionError):
        await into_it()
    assert app.crash is not None
    assert app.crash.kind == "ZeroDivisionError"
    assert secret not in app.crash.told()


def test_the_first_frame_needs_no_models() -> None:
    """What is loaded before the picker stands, seen in a fresh interpreter."""
    script = """
import sys
from screens.app import UplevelApp
from screens.picker.screen import PickerScreen
UplevelApp(); PickerScreen()
heavy = {"pydantic", "yaml", "sh", "questionary", "jmespath", "wizard.engine", "wizard.session"}
sys.exit(repr(sorted(heavy & set(sys.modules))) if heavy & set(sys.modules) else 0)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
