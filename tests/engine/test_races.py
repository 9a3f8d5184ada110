"""Two races for one target; fifty stand in the storm."""

from pathlib import Path

import pytest

from tests.races import race


@pytest.mark.parametrize("seed", range(2))
def test_two_race_for_one_target_and_one_holds_it(tmp_path: Path, seed: int) -> None:
    race(tmp_path / "race", seed)
