"""Ten thousand hostile values through the whole engine, a hundred to a command."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.values import NAMES, hostile, procedure
from wizard.engine import open_session, prepare
from wizard.engine.request import Request
from wizard.errors import ExitCode


if TYPE_CHECKING:
    from tests.conftest import Opener


@pytest.mark.storm
def test_ten_thousand_values_reach_children_byte_for_byte(sessions: "Opener", tmp_path: Path) -> None:
    path = procedure(tmp_path)
    for seed in range(1000, 1100):
        values = dict(zip(NAMES, hostile(len(NAMES), seed), strict=True))
        drive = sessions.drive(
            open_session(prepare(Request(procedure=str(path), mode="live", values=values)), front_end="none")
        )
        for _ in range(3):
            drive.ask_and_answer("run", sort="go")
        assert drive.until_finished().code is ExitCode.COMPLETED
        for way in ("words", "checked", "assigned", "environment"):
            got = (tmp_path / way).read_bytes().split(b"\0")
            assert got == [value.encode() for value in values.values()], (seed, way)
            (tmp_path / way).unlink()
