"""Whoever leaves a session is told how to go on with it, and only where that is possible."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from wizard.engine.after_leaving import transcript_of, way_on
from wizard.errors import ExitCode


if TYPE_CHECKING:
    from tests.conftest import Drive, Opener


_TWO = """
format: 1
procedure: p
title: P
phases:
  - title: A
    steps:
      - {id: s, title: S, run: 'true'}
      - {id: t, title: T, run: 'true'}
"""


def _left(sessions: "Opener") -> "Drive":
    drive = sessions.open(_TWO)
    drive.until_asked("go")
    drive.leave()
    return drive


def _break(folder: Path) -> None:
    journal = folder / "journal.jsonl"
    journal.write_bytes(journal.read_bytes().replace(b'"title":"P"', b'"title":"Q"', 1))


def _break_the_middle(folder: Path) -> None:
    journal = folder / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join([lines[0], *lines[2:]]))


@pytest.mark.parametrize(
    ("happens", "told"),
    [
        (shutil.rmtree, "is gone, so there is nothing to go on with."),
        (lambda folder: (folder / "journal.jsonl").unlink(), "can only be read: There is no session here"),
        (_break, "can only be read"),
        (_break_the_middle, "can only be read: Record 1 "),
        (lambda folder: shutil.rmtree(folder / "procedure"), "its copy of the procedure is gone"),
    ],
)
def test_nobody_is_sent_to_resume_what_cannot_be_resumed(
    happens: Callable[[Path], None], told: str, sessions: "Opener"
) -> None:
    drive = _left(sessions)
    assert way_on(drive.engine.folder).endswith(f"`uplevel resume {drive.engine.session}` goes on with it.")
    happens(drive.engine.folder)
    assert told in way_on(drive.engine.folder)
    assert "uplevel resume" not in way_on(drive.engine.folder)


def test_a_session_that_is_closed_has_a_transcript(sessions: "Opener") -> None:
    drive = sessions.open(_TWO)
    drive.ask_and_answer("stop", "enough", sort="go")
    assert drive.until_finished().code is ExitCode.FAILED
    told = way_on(drive.engine.folder)
    assert "is closed (stopped)" in told
    assert f"uplevel export {drive.engine.session}" in told
    assert "resume" not in told


def test_a_session_that_lies_elsewhere_is_named_by_its_folder(sessions: "Opener", tmp_path: Path) -> None:
    drive = _left(sessions)
    elsewhere = tmp_path / "elsewhere" / drive.engine.session
    shutil.copytree(drive.engine.folder, elsewhere)
    assert f"`uplevel resume {elsewhere}` goes on with it." in way_on(elsewhere)


def test_the_engine_says_so_when_the_folder_was_deleted_under_it(sessions: "Opener") -> None:
    drive = sessions.open(_TWO)
    drive.until_asked("go")
    shutil.rmtree(drive.engine.folder)
    drive.leave()
    finished = drive.until_finished()
    assert finished.code is ExitCode.RECORD
    assert "is gone" in finished.sentence
    assert "resume" not in finished.sentence


def test_a_transcript_is_promised_only_where_the_record_is(sessions: "Opener") -> None:
    drive = _left(sessions)
    assert "uplevel export" in transcript_of(drive.engine.folder)
    shutil.rmtree(drive.engine.folder)
    assert "export" not in transcript_of(drive.engine.folder)
