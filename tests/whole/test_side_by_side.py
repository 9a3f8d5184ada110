"""Two rehearsals with real servers and tunnels on one machine are in nobody's way."""

import re
from pathlib import Path

from tests.side_by_side import rehearsed_twice


def test_two_rehearsals_of_redis_at_once_both_complete(tmp_path: Path) -> None:
    one, other = rehearsed_twice(tmp_path, "redis", "-p", "sessions=carry")
    ways = [set(re.findall(r"cf ssh \S+ -N -L (\d+):\S+ -L (\d+):", said)) for said in (one, other)]
    assert all(ways)
    assert not ways[0] & ways[1]
