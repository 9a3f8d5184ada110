"""Two rehearsals of PostgreSQL at once, which open tunnels to real servers and take a minute each."""

from pathlib import Path

import pytest

from tests.side_by_side import rehearsed_twice


@pytest.mark.storm
@pytest.mark.parametrize("road", ["dump", "replicate", "in-place"])
def test_two_rehearsals_of_postgresql_at_once_both_complete(tmp_path: Path, road: str) -> None:
    for said in rehearsed_twice(tmp_path, "postgresql", "-p", f"road={road}"):
        assert "none of them lost" in said
