"""Sessions carried from one Redis to another: all arrive, end when they would have, and nothing else is touched."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.carried import carry, copied, same, told
from tests.real_redis import Server, fill, running
from wizard.data.compare.redis_link import RedisConnection
from wizard.data.copy.redis_sessions import Copier
from wizard.errors import UplevelError


_HOSTILE = [b"session:\x00\xff\xfe", b"session:a b\n", b"session:\x1b]0;t\x07", "session:é\u202e".encode(), b"session:"]


@pytest.fixture
def pair(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Server, Server]]:
    with running() as old, running() as new:
        monkeypatch.setenv("OLD_URL", old.url)
        monkeypatch.setenv("NEW_URL", new.url)
        yield old, new


def test_twenty_thousand_sessions_while_people_go_on_clicking(pair: tuple[Server, Server]) -> None:
    old, new = pair
    carry(old, new, 20_000)


def test_names_of_any_bytes_and_values_of_any_kind_arrive(pair: tuple[Server, Server]) -> None:
    old, new = pair
    for key in _HOSTILE:
        old.client.set(key, b"\x00\xff" + key)
    old.client.hset("session:h", mapping={"a": "1"})
    old.client.zadd("session:z", {"a": 1.5})
    old.client.rpush("session:l", "1", "2")
    old.client.set("other", "not a session")
    assert told()["unchanged"] == 8
    assert same(old, new, [*_HOSTILE, b"session:h", b"session:z", b"session:l"]) == []
    assert new.client.pttl(_HOSTILE[0]) == -1
    assert not new.client.exists("other")
    assert old.client.dbsize() == 9


def test_who_logged_out_in_the_old_server_is_logged_out_in_the_new_one(pair: tuple[Server, Server]) -> None:
    old, new = pair
    with fill(old) as pipe:
        for number in range(10):
            pipe.set(f"session:{number}", "x", ex=3600)
    new.client.set("session:its-own", "y", ex=3600)
    told()
    old.client.delete("session:1", "session:2")
    new.client.set("session:2", "somebody wrote here", ex=3600)
    last = told("--delta-only")
    assert (last["removed"], last["kept"]) == (1, 1)
    assert not new.client.exists("session:1")
    assert new.client.mget("session:2", "session:its-own") == [b"somebody wrote here", b"y"]
    assert old.client.dbsize() == 8


def test_what_people_did_in_the_new_server_is_not_overwritten(pair: tuple[Server, Server]) -> None:
    old, new = pair
    for name in ("clicked", "stayed", "logged-out"):
        old.client.set(f"session:{name}", "before", ex=3600)
    told()
    new.client.set("session:clicked", "after", ex=7200)
    new.client.set("session:stayed", "before", ex=7200)
    new.client.delete("session:logged-out")
    last = told(code=1)
    assert (last["kept"], last["gone"]) == (2, 1)
    assert last["named"][0]["keys"] == ["session:logged…"]
    assert new.client.get("session:clicked") == b"after"
    assert new.client.ttl("session:stayed") > 7000
    assert not new.client.exists("session:logged-out")
    # The source has the last word once it is written to again, or when one asks for it.
    old.client.set("session:clicked", "later", ex=3600)
    assert told(code=1)["refreshed"] == 1
    told("--afresh")
    assert new.client.exists("session:logged-out")


def test_an_old_server_that_was_emptied_does_not_empty_the_new_one(pair: tuple[Server, Server]) -> None:
    old, new = pair
    with fill(old) as pipe:
        for number in range(60):
            pipe.set(f"session:{number}", "x", ex=3600)
    told()
    old.client.flushall()
    assert told("--delta-only", code=1)["held_back"] == 60
    assert new.client.dbsize() == 60
    assert "Was the old server emptied" in copied("--delta-only").output


def test_a_delta_without_an_earlier_copy_says_what_it_cannot_know(pair: tuple[Server, Server]) -> None:
    pair[0].client.set("session:1", "x")
    done = copied("--delta-only")
    assert done.return_value == 0
    assert "No earlier copy" in done.output
    assert pair[1].client.get("session:1") == b"x"


def test_a_life_counts_on_while_it_is_carried(pair: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = pair
    old.client.set("session:long", "x", px=60_000)
    old.client.set("session:short", "x", px=200)
    ask = RedisConnection.ask

    def slow(link: RedisConnection, commands: Any) -> list[Any]:
        if commands and commands[0][0] == "RESTORE":
            threading.Event().wait(0.5)
        return ask(link, commands)

    monkeypatch.setattr(RedisConnection, "ask", slow)
    assert told()["failed"] == 0
    assert same(old, new, [b"session:long"]) == []
    assert not new.client.exists("session:short")


def _pretending(monkeypatch: pytest.MonkeyPatch, variable: str, **told: object) -> None:
    """One of the two servers tells other things of itself."""
    info = RedisConnection.info
    monkeypatch.setattr(RedisConnection, "info", lambda link: {**info(link), **(told if link.name == variable else {})})


@pytest.mark.parametrize(
    ("variable", "told", "sentence"),
    [
        ("OLD_URL", {"redis_version": "7.0.15"}, "an older server cannot read"),
        ("NEW_URL", {"redis_version": "6.0.20"}, "an older server cannot read"),
        ("NEW_URL", {"maxmemory": 4096}, "uses"),
        ("NEW_URL", {"role": "slave"}, "takes no writes"),
        ("OLD_URL", {"cluster_enabled": 1}, "cluster"),
        ("NEW_URL", {"run_id": ""}, "run_id"),
    ],
)
def test_what_cannot_go_well_is_refused_before_anything_is_copied(
    pair: tuple[Server, Server],
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    told: dict[str, object],
    sentence: str,
) -> None:
    pair[0].client.set("session:1", "x")
    _pretending(monkeypatch, variable, **told)
    refused = copied()
    assert isinstance(refused.exception, UplevelError)
    assert (refused.exception.code, refused.exception.title) == (2, "Nothing is copied")
    assert sentence in str(refused.exception)
    assert pair[1].client.dbsize() == 0


def test_one_server_is_not_copied_onto_itself(pair: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEW_URL", pair[0].url)
    assert "one and the same server" in str(copied().exception)


def test_what_the_new_server_refuses_is_counted_and_named_and_the_rest_arrives(
    pair: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = pair
    for name in ("good", "damaged"):
        old.client.set(f"session:{name}", name)
    ask = RedisConnection.ask

    def damaging(link: RedisConnection, commands: Any) -> list[Any]:
        answers = ask(link, commands)
        if link.name == "OLD_URL" and commands[0][0] == "DUMP":
            return [b"damaged..." if b"damaged" in said else said for said in answers]
        return answers

    monkeypatch.setattr(RedisConnection, "ask", damaging)
    done = copied()
    assert done.return_value == 1
    assert "DUMP payload version or checksum are wrong: session:damage…" in done.output
    assert new.client.keys() == [b"session:good"]


def test_a_server_without_memory_for_it_istold(pair: tuple[Server, Server]) -> None:
    old, new = pair
    with fill(old) as pipe:
        for number in range(300):
            pipe.set(f"session:{number}", os.urandom(4000))
    new.client.set("ballast", os.urandom(900_000))
    new.client.config_set("maxmemory", int(old.client.info("memory")["used_memory"]) + 200_000)
    last = told(code=1)
    assert last["failed"] > 0
    assert "not allowed when used memory" in last["named"][0]["why"]


@pytest.mark.parametrize("which", [0, 1])
def test_a_line_that_is_lost_is_told_and_the_same_command_completes_it(
    pair: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch, which: int
) -> None:
    old, new = pair
    with fill(old) as pipe:
        for number in range(3000):
            pipe.set(f"session:{number}", "x" * 100, ex=3600)
    carry_on, batches = Copier._carry, 0
    socket = Path((old, new)[which].url.removeprefix("unix://"))

    def dying(copier: Copier, *words: Any, **more: Any) -> None:
        nonlocal batches
        batches += 1
        if batches == 4:
            # Nobody finds the server any more, and who talked to it is cut off.
            socket.rename(f"{socket}.away")
            (old, new)[which].client.client_kill_filter(_type="normal", skipme=True)
        carry_on(copier, *words, **more)

    with monkeypatch.context() as patched:
        patched.setattr(Copier, "_carry", dying)
        lost = copied()
    assert isinstance(lost.exception, UplevelError)
    assert lost.exception.code == 2
    assert "the line to it was lost" in str(lost.exception)
    assert "run the same command again" in str(lost.exception)
    assert 0 < new.client.dbsize() < 3000
    Path(f"{socket}.away").rename(socket)
    assert copied().return_value == 0
    assert same(old, new, sorted(old.client.keys())) == []


def test_no_login_is_written_down(pair: tuple[Server, Server], own_folders: Path) -> None:
    pair[0].client.set("session:d1e2f3a4b5c6", "value of it", ex=3600)
    output = copied().output
    assert "d1e2f3a4" not in output
    (ledger,) = own_folders.rglob("*.ledger")
    assert ledger.stat().st_mode & 0o077 == 0
    content = ledger.read_bytes()
    assert b"d1e2" not in content
    assert b"value" not in content


def test_two_copies_at_once_are_one_too_many(pair: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch) -> None:
    pair[0].client.set("session:1", "x")
    carry_ = Copier._carry
    second: list[Result] = []

    def twice(copier: Copier, *words: Any, **more: Any) -> None:
        if not second:
            second.append(copied())
        carry_(copier, *words, **more)

    monkeypatch.setattr(Copier, "_carry", twice)
    assert copied().return_value == 0
    assert "Another copy between these two servers is running" in str(second[0].exception)
