"""Ten million narrow rows on both sides, one of them changed; beside what psql needs for the same."""

import resource
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.postgres import Server, server_pair


pytestmark = pytest.mark.storm

ROWS = 10_000_000
CHANGED = 7_654_321
MOST_OF_PSQL = 1.5
MOST_MEMORY = 150_000
"""KiB."""
_BY_PSQL = """select id / 100000, count(*), md5(string_agg(md5(t::text), '' order by id)) from narrow t
    group by 1 order by 1"""


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[Server, Server]]:
    with server_pair() as servers:
        for server in servers:
            server.fresh("narrow")
            server.run(
                "narrow",
                "create table narrow (id bigint primary key, n int, word text)",
                f"insert into narrow select i, i % 1000, 'row ' || i from generate_series(1, {ROWS}) i",
                "vacuum analyze narrow",
            )
        servers[1].run("narrow", f"update narrow set word = 'planted' where id = {CHANGED}")
        yield servers


def _seconds(*commands: list[str], env: dict[str, str]) -> tuple[float, str]:
    start = time.monotonic()
    done = [
        subprocess.run(each, capture_output=True, text=True, check=False, env=env, timeout=900) for each in commands
    ]
    return time.monotonic() - start, done[-1].stdout


def test_one_changed_row_of_ten_million_is_found_in_the_time_psql_takes(pair: tuple[Server, Server]) -> None:
    old, new = pair
    env = {"A": old.dsn("narrow"), "B": new.dsn("narrow"), "PATH": "/usr/bin:/bin", "HOME": "/nowhere"}
    by_psql, _ = _seconds(
        *([str(server.programs / "psql"), "-XAtqc", _BY_PSQL, server.dsn("narrow")] for server in pair), env=env
    )
    words = [sys.executable, "-I", "-m", "wizard.cli", "compare", "postgres", "env:A", "env:B"]
    ours, told = _seconds(words, env=env)
    sys.stderr.write(f"\n{ROWS:,} rows on each side: psql {by_psql:.1f} s, compare postgres {ours:.1f} s\n")
    assert f"changed id {CHANGED}" in told
    assert "planted" not in told
    assert ours < MOST_OF_PSQL * by_psql
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < MOST_MEMORY
