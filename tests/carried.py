"""The command that carries sessions over, as tests call it, and the whole story of a copy under traffic."""

import json
import threading
from typing import Any

from click.testing import CliRunner, Result

from tests.real_redis import Server, fill
from wizard.cli.copy import copy


def copied(*words: str) -> Result:
    """What `uplevel copy redis-sessions` does between the servers of OLD_URL and NEW_URL."""
    return CliRunner().invoke(copy, ["redis-sessions", "env:OLD_URL", "env:NEW_URL", *words], standalone_mode=False)


def told(*words: str, code: int = 0) -> dict[str, Any]:
    """The counts of the last pass."""
    done = copied("--json", *words)
    assert (done.return_value, done.exception) == (code, None), done.output
    counts: dict[str, Any] = json.loads(done.output)["passes"][-1]
    return counts


def same(old: Server, new: Server, keys: list[bytes]) -> list[bytes]:
    """Keys that are not in both with one value and one end, to the second."""
    # In small lots: both servers are to be asked in the same moment, and a hundred thousand answers take seconds.
    lots = [keys[at : at + 500] for at in range(0, len(keys), 500)]
    return [key for lot in lots for key in _unlike(old, new, lot)]


def _unlike(old: Server, new: Server, keys: list[bytes]) -> list[bytes]:
    values, ends = [], []
    for server in (old, new):
        with fill(server) as pipe:
            for key in keys:
                pipe.dump(key)
            values.append(pipe.execute())
    for server in (old, new):
        with fill(server) as pipe:
            for key in keys:
                pipe.pttl(key)
            ends.append(pipe.execute())
    both = zip(keys, *values, *ends, strict=True)
    return [key for key, one, other, end, its in both if one != other or abs(end - its) > 1000]


def carry(old: Server, new: Server, count: int) -> None:
    """Copy `count` sessions twice while 200 of them a second are written, then what is left when that has ended."""
    with fill(old) as pipe:
        for number in range(count):
            pipe.set(f"session:{number:032x}", f"cookie of {number} " * 10, ex=3600 + number)
    stopped, wrote = threading.Event(), 0

    def click() -> None:
        nonlocal wrote
        while not stopped.wait(0.005):
            wrote += 1
            old.client.set(f"session:{wrote * 7 % count:032x}", f"later {wrote}", ex=7200)
            old.client.set(f"session:new-{wrote}", "begun meanwhile", ex=7200)
            old.client.delete(f"session:{(wrote * 13 + 5) % count:032x}")

    writer = threading.Thread(target=click)
    writer.start()
    try:
        bulk = told()
        while wrote < 50:
            told("--delta-only")
    finally:
        stopped.set()
        writer.join(10)
    assert bulk["failed"] == 0
    last = told("--delta-only")
    assert (last["failed"], last["gone"], last["kept"]) == (0, 0, 0)
    keys = sorted(old.client.scan_iter(count=5000))
    assert keys == sorted(new.client.scan_iter(count=5000))
    assert same(old, new, keys) == []
    assert told("--delta-only")["unchanged"] == len(keys)
