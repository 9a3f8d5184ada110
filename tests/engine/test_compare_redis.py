"""Two Redis servers compared: what is told as a difference, with which cure, and what is never told."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.real_redis import Server, fill, running
from wizard.cli.compare import compare
from wizard.cli.copy import redis_sessions
from wizard.data.compare.redis import CARRIED, Portrait, Sample, bucket_of, compare_servers
from wizard.data.compare.redis_link import ServerFacts, address_of, show_key
from wizard.errors import UplevelError, UsageProblem


_FACTS = ServerFacts("6.2.14", "a", "master", False, 50 << 20, 200 << 20, "volatile-lru", 3, 0, False, True)
_SAMPLES = {b"session:1": Sample(b"one", 60.0), b"session:2": Sample(b"two", None)}
OLD = Portrait(_FACTS, 3, {"under an hour": 2, "no expiry": 1}, 0, _SAMPLES)
NEW = replace(OLD, facts=replace(_FACTS, version="7.0.15", run_id="b"))


def _told(new: Portrait, *, old: Portrait = OLD, drift: int = 0, present_only: bool = False) -> str:
    rows = compare_servers(old, new, drift=drift, present_only=present_only)
    return " | ".join(told for row in rows for told in row.differences)


def _facts(**changed: object) -> Portrait:
    return replace(NEW, facts=replace(NEW.facts, **changed))  # type: ignore[arg-type]  # each names a field of its type


def test_the_same_keys_on_a_newer_server_are_the_same() -> None:
    assert _told(NEW) == ""


@pytest.mark.parametrize(
    ("new", "told", "cure"),
    [
        (_facts(version="6.0.20"), "older than the old one", "newer plan"),
        (_facts(run_id="a"), "one and the same server", "two variables"),
        (_facts(role="slave"), "a replica", "takes writes"),
        (_facts(limit=10 << 20), "maxmemory is less", "larger plan"),
        (_facts(policy="noeviction"), "does noeviction, not volatile-lru", "maxmemory_policy"),
        (replace(NEW, matched=1), "2 keys fewer", "copy redis-sessions"),
        (replace(NEW, matched=9), "6 keys more", "in use"),
        (replace(NEW, buckets={"under an hour": 3}), "live that long", "run uplevel copy redis-sessions once more"),
        (replace(NEW, samples={}), "2 of the sampled keys are not in the new server", "copy"),
        (replace(NEW, samples={**_SAMPLES, b"session:1": Sample(b"x", 60.0)}), "another value", "copy"),
        (replace(NEW, samples={**_SAMPLES, b"session:1": Sample(b"one", 55.0)}), "live longer or shorter", "copy"),
        (replace(NEW, samples={**_SAMPLES, b"session:2": Sample(b"two", 60.0)}), "live longer or shorter", "copy"),
    ],
)
def test_every_difference_is_told_with_its_cure(new: Portrait, told: str, cure: str) -> None:
    found = _told(new)
    assert told in found
    assert cure in found


_OTHERS = {**_SAMPLES, b"sess:1": Sample(b"one", 60.0)}


@pytest.mark.parametrize(
    ("match", "old", "new", "cure"),
    [
        ("session:*", OLD, replace(NEW, matched=1), "uplevel copy redis-sessions once more"),
        ("*", OLD, replace(NEW, matched=1), "with --match '*'; without it, it carries session:* alone"),
        ("sess:*", OLD, replace(NEW, buckets={}), "with --match 'sess:*'; without it, it carries session:* alone"),
        ("*", OLD, replace(NEW, samples={}), "uplevel copy redis-sessions once more"),
        ("*", replace(OLD, samples=_OTHERS), replace(NEW, samples=_SAMPLES), "with --match '*'; without it"),
    ],
)
def test_a_copy_is_advised_that_carries_what_is_missing(match: str, old: Portrait, new: Portrait, cure: str) -> None:
    rows = compare_servers(old, new, match=match)
    assert cure in " | ".join(told for row in rows for told in row.differences)


def test_what_a_copy_carries_unless_told_otherwise_is_what_the_comparison_says() -> None:
    option = next(each for each in redis_sessions.params if each.name == "match")
    assert option.default == CARRIED


def test_keys_of_other_databases_are_not_said_to_be_carried() -> None:
    rows = compare_servers(replace(OLD, facts=replace(_FACTS, other_keys=4)), NEW)
    assert "compare and copy them by addresses that end in /1" in " ".join(told for row in rows for told in row.notes)


def test_notes_are_no_differences() -> None:
    old = replace(OLD, facts=replace(_FACTS, appends=True, other_keys=4))
    rows = compare_servers(old, _facts(limit=55 << 20, snapshot_ok=False))
    notes = " ".join(told for row in rows for told in row.notes)
    assert not any(row.differences for row in rows)
    for word in ("append-only", "last snapshot", "memory to spare", "4 keys in databases"):
        assert word in notes


def test_after_the_switch_only_the_presence_of_the_keys_counts() -> None:
    moved_on = replace(NEW, matched=90, buckets={}, samples={key: Sample(b"later", 9000.0) for key in _SAMPLES})
    assert _told(moved_on, present_only=True) == ""
    logged_out = replace(moved_on, samples={b"session:1": Sample(b"later", 9000.0)})
    assert "1 of the sampled keys are not" in _told(logged_out, present_only=True)
    assert _told(logged_out, present_only=True, drift=1) == ""


def test_what_ends_just_now_is_no_difference_and_edges_of_buckets_allow_for_it() -> None:
    ending = replace(OLD, samples={b"s": Sample(b"v", 1.0)})
    assert _told(replace(NEW, samples={}), old=ending) == ""
    assert bucket_of(59.0) == ("under a minute", True)
    assert bucket_of(3000.0) == ("under an hour", False)
    near = replace(NEW, buckets={"under an hour": 1, "under a minute": 1, "no expiry": 1}, near=1)
    assert _told(near) == ""


@pytest.mark.parametrize("word", ["redis://:hunter2@host:6379", "rediss://u:hunter2@h", "hunter2@h", "env:a:hunter2"])
def test_an_address_on_the_command_line_is_refused_and_not_repeated(word: str) -> None:
    with pytest.raises(UsageProblem, match="list") as caught:
        address_of(word)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["http://:hunter2@h", "redis://:hun#ter2@h", "redis://:hun/ter2@h:1", "redis://h:hunter2", "hunter2"]
)
def test_an_address_that_is_none_is_not_repeated(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("OLD_URL", url)
    with pytest.raises(UsageProblem, match="no address of a Redis") as caught:
        address_of("env:OLD_URL")
    assert "ter2" not in str(caught.value)


def test_an_address_in_a_file_that_its_owner_alone_can_read(tmp_path: Path) -> None:
    file = tmp_path / "old-redis"
    file.touch(mode=0o600)
    file.write_text("redis://:hunter2@h:1\n", encoding="utf-8")
    assert address_of(f"file:{file}") == ("old-redis", "redis://:hunter2@h:1")
    file.write_text("hunter2", encoding="utf-8")
    with pytest.raises(UsageProblem, match="no address of a Redis") as caught:
        address_of(f"file:{file}")
    assert "hunter2" not in str(caught.value)
    file.chmod(0o640)
    with pytest.raises(UsageProblem, match="alone can read") as caught:
        address_of(f"file:{file}")
    assert caught.value.cure == f"chmod 600 {file}"


def _no_text(path: Path) -> None:
    path.touch(mode=0o600)
    path.write_bytes(b"redis://:\xff@h")


@pytest.mark.parametrize(
    ("plant", "why"),
    [
        (lambda _: None, "No such file"),
        (lambda path: os.mkfifo(path, 0o600), "no plain file"),
        (Path.mkdir, "Is a directory"),
        (_no_text, "no text"),
    ],
    ids=["nothing", "fifo", "folder", "bytes"],
)
def test_what_is_no_file_with_an_address_is_told_at_once(
    tmp_path: Path, plant: Callable[[Path], None], why: str
) -> None:
    plant(tmp_path / "old-redis")
    with pytest.raises(UsageProblem, match=why):
        address_of(f"file:{tmp_path}/old-redis")


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        (b"session:0123456789abcdef", "session:012345…"),
        (b"a\x1b[31m\xff b", "a<U+001B>[31m…"),
        (b"x" * 90, "xxxxxx…"),
        (b"y" * 90 + b":1", "yyyyyyyyyyyyyyyyyyyy…:1"),
    ],
)
def test_a_key_is_shown_without_its_escapes_and_without_the_login_in_it(key: bytes, shown: str) -> None:
    assert show_key(key) == shown


@pytest.fixture
def pair(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Server, Server]]:
    with running() as old, running() as new:
        monkeypatch.setenv("OLD_URL", old.url)
        monkeypatch.setenv("NEW_URL", new.url)
        yield old, new


def _compare(*words: str) -> Result:
    return CliRunner().invoke(compare, ["redis", "env:OLD_URL", "env:NEW_URL", *words], standalone_mode=False)


def test_two_servers_that_hold_the_same_in_another_writing(pair: tuple[Server, Server]) -> None:
    old, new = pair
    # The same hash, kept as a table here and as a list there: their DUMPs differ.
    new.client.config_set("hash-max-ziplist-entries", "0")
    for server in pair:
        with fill(server) as pipe:
            for number in range(600):
                pipe.set(f"session:{number}", "secret value", ex=5000 + number)
            pipe.set(b"\x1b]0;t\x07 \xff\n", "x")
            pipe.hset("h", mapping={"a": "1", "b": "2"})
            pipe.sadd("s", "1", "2")
            pipe.zadd("z", {"a": 1.5})
            pipe.rpush("l", "1", "2")
    assert old.client.dump("h") != new.client.dump("h")
    same = _compare()
    assert (same.return_value, same.exception) == (0, None), same.output
    new.client.hset("h", "b", "3")
    new.client.delete(b"\x1b]0;t\x07 \xff\n")
    apart = _compare("--sample", "1000", "--json")
    assert apart.return_value == 1
    rows = {row["what"]: row for row in json.loads(apart.output)}
    assert rows["keys"]["differences"] == [
        (
            "1 key fewer in the new server: run uplevel copy redis-sessions with --match '*'; without it, it carries "
            "session:* alone"
        )
    ]
    assert len(rows["sample"]["differences"]) == 2
    page = _compare("--sample", "1000").output
    assert "secret value" not in page
    assert "\x1b" not in page
    assert "<U+001B>" in page


def test_a_server_that_cannot_be_asked_is_no_difference(pair: tuple[Server, Server]) -> None:
    pair[1].kill()
    away = _compare()
    assert isinstance(away.exception, UplevelError)
    assert away.exception.code == 2
    assert "NEW_URL: the server cannot be reached" in str(away.exception)


def test_without_the_library_it_says_what_to_install(
    pair: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)
    assert "uplevel-wizard[redis]" in str(_compare().exception)
