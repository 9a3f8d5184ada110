"""Fifty races of two wizards for one target, over two procedures."""

from pathlib import Path

import pytest

from tests.races import race


pytestmark = pytest.mark.storm


@pytest.mark.parametrize("seed", range(50))
def test_fifty_races_and_one_holds_the_target_in_each(tmp_path: Path, seed: int) -> None:
    race(tmp_path / "race", seed)
