"""500 kills of export, verify and resume at random moments from their start: none leaves what needs a hand."""

from pathlib import Path

import pytest

from tests.conftest import Opener
from tests.cut_short import KINDS, cut_short, hold_to_it, left_at_the_second_step


pytestmark = pytest.mark.storm


def test_500_kills_of_export_verify_and_resume(sessions: Opener, tmp_path: Path) -> None:
    folder, out = left_at_the_second_step(sessions), tmp_path / "out" / "upgrade.md"
    out.parent.mkdir()
    under_way = cut_short(folder, out, [KINDS[number % len(KINDS)] for number in range(500)])
    assert under_way > 250, under_way
    assert set(out.parent.iterdir()) <= {out}
    hold_to_it(folder, out, sessions, tmp_path)
