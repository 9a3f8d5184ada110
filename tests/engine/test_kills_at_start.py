"""Ten kills of export, verify and resume at their start; five hundred stand in the storm."""

import os
from pathlib import Path

import pytest

from tests.conftest import Opener
from tests.cut_short import KINDS, cut_short, hold_to_it, left_at_the_second_step


def test_ten_kills_of_export_verify_and_resume_leave_nothing_that_needs_a_hand(
    sessions: Opener, tmp_path: Path
) -> None:
    folder, out = left_at_the_second_step(sessions), tmp_path / "out" / "upgrade.md"
    out.parent.mkdir()
    assert cut_short(folder, out, [*KINDS, "resume", "md -o", "resume", "verify"]) > 0
    assert set(out.parent.iterdir()) <= {out}
    hold_to_it(folder, out, sessions, tmp_path)


def test_kills_where_files_have_names_from_the_beginning_are_swept_by_the_next_export(
    sessions: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, out = left_at_the_second_step(sessions), tmp_path / "out" / "upgrade.md"
    out.parent.mkdir()
    monkeypatch.delattr(os, "O_TMPFILE")
    cut_short(folder, out, ["without O_TMPFILE", *["md -o"] * 4])
    assert set(out.parent.iterdir()) <= {out, out.with_name(".upgrade.md.part")}
    hold_to_it(folder, out, sessions, tmp_path)
