"""The site's visitors on real servers: what is written, what is refused, and that nothing acknowledged is forgotten."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests import real_redis
from tests.conftest import until
from tests.engine.test_compare_postgres import Pair
from tests.postgres import Server
from tests.site import DATABASE, REDIS, Site, marketplace
from wizard.platforms.cloudfoundry import lifecycle, routes
from wizard.platforms.servers.database_visitor import lost
from wizard.platforms.servers.request_stats import RequestStats
from wizard.platforms.servers.visitors import LEDGER, REPORT, Visitors


def rows(server: Server, database: str = "site") -> int:
    with psycopg.connect(server.dsn(database)) as connection:
        found = connection.execute("select count(*) from audit_events")
        return int((found.fetchone() or (0,))[0])


def sessions_of(server: Server, database: str = "site") -> int:
    """How many connections of the app the database has."""
    with psycopg.connect(server.dsn("postgres")) as connection:
        asked = "select count(*) from pg_stat_activity where datname = %s and application_name = 'api'"
        return int((connection.execute(asked, [database]).fetchone() or (0,))[0])


@pytest.fixture
def site(databases: Pair, tmp_path: Path) -> Iterator[Site]:
    """The estate with its database on a real 16, and nobody there yet."""
    marketplace(databases[0], "site")
    site = Site(tmp_path)
    site.has_database(DATABASE, databases[0], "site")
    yield site
    site.visitors.stop()


@pytest.fixture
def redises() -> Iterator[tuple[real_redis.Server, real_redis.Server]]:
    """Two of them, empty."""
    with real_redis.running() as old, real_redis.running() as new:
        yield old, new


@pytest.fixture
def visited(tmp_path: Path, redises: tuple[real_redis.Server, real_redis.Server]) -> Iterator[Site]:
    """The estate with its sessions in a real Redis."""
    site = Site(tmp_path)
    site.has_redis(REDIS, redises[0])
    yield site
    site.visitors.stop()


def test_what_was_acknowledged_is_in_the_database(site: Site, databases: Pair, tmp_path: Path) -> None:
    before = rows(databases[0])
    told = site.writes(25)
    assert (told["attempted"], told["acknowledged"], told["refused"], told["turned_away"]) == (25, 25, {}, 0)
    assert rows(databases[0]) == before + 25
    with psycopg.connect(databases[0].dsn("site")) as connection:
        assert site.visitors.check(connection) == 0
        first = (tmp_path / LEDGER).read_text().splitlines()[0]
        connection.execute("delete from audit_events where request_id = %s", [first])
        assert site.visitors.check(connection) == 1


@pytest.mark.parametrize("mode", ["maintenance", "recovery"])
def test_in_maintenance_nobody_writes_and_nobody_sees_an_error(site: Site, databases: Pair, mode: str) -> None:
    site.writes(3)
    before = rows(databases[0])
    site.mode(mode)
    told = site.writes(7)
    assert (told["attempted"], told["refused"], told["turned_away"], rows(databases[0])) == (3, {}, 7, before)
    assert sessions_of(databases[0]) == 1  # the app still runs, and has its connection
    site.mode("live")
    assert site.writes()["acknowledged"] == 4


def stop(site: Site, name: str) -> None:
    lifecycle.stop(site.world, site.app(name))


def unmap(site: Site, name: str) -> None:
    for route in routes.of_app(site.space, site.app(name)):
        routes.detach(route, site.app(name))


def unbind(site: Site) -> None:
    binding = site.space.binding(site.app("api"), site.service(DATABASE))
    assert binding is not None
    del site.space.bindings[binding.guid]


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        (
            lambda site: stop(site, "api"),
            "503 Service Unavailable: Requested route has no available endpoints.",
        ),
        (
            lambda site: lifecycle.die(site.world, site.app("api"), DATABASE),
            "503 Service Unavailable: Requested route has no available endpoints.",
        ),
        (
            lambda site: unmap(site, "api"),
            "404 Not Found: Requested route ('dm-api-preview.cloudapps.digital') does not exist.",
        ),
        (
            lambda site: stop(site, "router"),
            "503 Service Unavailable: Requested route has no available endpoints.",
        ),
        (unbind, f"500 Internal Server Error: api holds dead credentials of {DATABASE}"),
        (
            lambda site: site.space.services.pop(site.service(DATABASE).guid),
            f"500 Internal Server Error: api holds dead credentials of {DATABASE}",
        ),
        (
            lambda site: setattr(site.service(DATABASE), "server", None),
            f"500 Internal Server Error: no server answers for {DATABASE}",
        ),
    ],
)
def test_the_world_decides_what_a_visitor_meets(
    site: Site, databases: Pair, deed: Callable[[Site], Any], said: str
) -> None:
    site.writes()
    before = rows(databases[0])
    deed(site)
    assert site.writes(2)["refused"] == {said: 2}
    assert rows(databases[0]) == before


def test_a_process_that_ended_holds_no_connection(site: Site, databases: Pair) -> None:
    site.writes()
    assert sessions_of(databases[0]) == 1
    stop(site, "api")
    site.mode("maintenance")
    site.writes()
    until(lambda: sessions_of(databases[0]) == 0, 10)


def test_a_fence_refuses_and_its_removal_lets_in_again(site: Site, databases: Pair) -> None:
    site.writes(2)
    databases[0].run(
        "postgres",
        "alter database site set default_transaction_read_only = on",
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'site'",
    )
    before = rows(databases[0])
    told = site.writes(5)
    assert told["acknowledged"] == 2
    assert told["refused"]["cannot execute INSERT in a read-only transaction"] >= 4
    assert sum(told["refused"].values()) == 5
    assert rows(databases[0]) == before
    # A setting of the database is seen by new connections only: the app's own one must end.
    databases[0].run(
        "postgres",
        "alter database site reset default_transaction_read_only",
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'site'",
    )
    assert site.writes(3)["acknowledged"] >= 4


def test_a_sequence_that_was_forgotten_is_a_refusal_by_its_first_line(site: Site, databases: Pair) -> None:
    databases[0].run("site", "select setval('audit_events_id_seq', 1, false)")
    told = site.writes(2)
    assert told["refused"] == {'duplicate key value violates unique constraint "audit_events_pkey"': 2}


def test_a_connection_that_is_killed_before_the_commit_is_not_acknowledged(
    site: Site, databases: Pair, tmp_path: Path
) -> None:
    site.writes()
    with psycopg.connect(databases[0].dsn("site")) as holder:
        holder.execute("lock table audit_events")
        visit = threading.Thread(target=site.visitors.database.visit)
        visit.start()
        waits = "select pid from pg_stat_activity where datname = 'site' and wait_event_type = 'Lock'"
        with psycopg.connect(databases[0].dsn("postgres"), autocommit=True) as other:
            until(lambda: other.execute(waits).fetchall() != [], 10)
            other.execute("select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock'")
        visit.join(10)
    told = site.visitors.report()["postgres"]
    assert (told["acknowledged"], sum(told["refused"].values())) == (1, 1)
    assert (tmp_path / LEDGER).read_text().count("\n") == 1
    assert site.writes()["acknowledged"] == 2  # the next one connects anew


def copy_events(old: Server, new: Server) -> None:
    """What a copy with its sequence carried over comes to."""
    with psycopg.connect(old.dsn("site")) as one, psycopg.connect(new.dsn("site")) as two:
        two.execute("truncate audit_events")
        copy = "copy audit_events {} (format text)"
        with one.cursor().copy(copy.format("to stdout")) as out, two.cursor().copy(copy.format("from stdin")) as into:
            for piece in out:
                into.write(piece)
        two.execute("select setval('audit_events_id_seq', (select max(id) from audit_events) + 1000)")


def test_nothing_is_lost_when_the_app_moves_to_another_server(site: Site, databases: Pair, tmp_path: Path) -> None:
    old, new = databases
    marketplace(new, "site")
    site.another(DATABASE)
    site.has_database(f"{DATABASE}-new", new, "site")
    site.writes(10)
    site.mode("maintenance")
    site.writes(2)
    copy_events(old, new)
    # As long as the app was not started anew it writes where it wrote.
    site.mode("live")
    site.writes(1)
    with psycopg.connect(new.dsn("site")) as connection:
        assert site.visitors.check(connection) == 1
    site.moves("api", DATABASE, f"{DATABASE}-new")
    told = site.writes(10)
    assert (told["acknowledged"], told["refused"], told["turned_away"]) == (21, {}, 2)
    with psycopg.connect(new.dsn("site")) as connection:
        assert site.visitors.check(connection) == 1
        assert lost(tmp_path / LEDGER, connection) == 1
    with psycopg.connect(old.dsn("site")) as connection:
        assert site.visitors.check(connection) == 10


def test_nothing_is_lost_while_visitors_come_all_the_time(site: Site, databases: Pair) -> None:
    old, new = databases
    marketplace(new, "site")
    with site.changing:
        site.another(DATABASE)
        site.has_database(f"{DATABASE}-new", new, "site")

    def told(name: str) -> int:
        return int(site.visitors.report()["postgres"][name])

    with site.visitors:
        until(lambda: told("acknowledged") > 10, 20)
        with site.changing:
            site.mode("maintenance")
        # Who is turned away came after everybody who was still let in.
        until(lambda: told("turned_away") > 0, 20)
        before = told("acknowledged")
        copy_events(old, new)
        with site.changing:
            site.moves("api", DATABASE, f"{DATABASE}-new")
            site.mode("live")
        until(lambda: told("acknowledged") > before + 10, 20)
    with psycopg.connect(new.dsn("site")) as connection:
        assert site.visitors.check(connection) == 0
    assert site.visitors.report()["postgres"]["refused"] == {}


def test_the_first_database_among_the_services_is_written_to_whatever_its_name(site: Site, databases: Pair) -> None:
    marketplace(databases[1], "site")
    site.another(DATABASE)
    site.has_database(f"{DATABASE}-new", databases[1], "site")
    lifecycle.bind(site.world, site.space, site.app("api"), site.service(f"{DATABASE}-new"))
    lifecycle.start(site.world, site.space, site.app("api"))
    before = rows(databases[0]), rows(databases[1])
    site.writes(3)
    assert (rows(databases[0]), rows(databases[1])) == (before[0] + 3, before[1])


def test_the_longest_time_without_a_write_lies_between_two_acknowledged_ones() -> None:
    times = iter([5.0, 6.5, 6.75, 20.0])
    tally = RequestStats(lambda: next(times))
    for _ in range(2):
        tally.acknowledge()
    tally.refuse("server closed the connection\nHINT: more")
    tally.acknowledge()
    assert tally.told()["longest_gap"] == 1.5
    tally.turn_away()
    tally.acknowledge()
    assert tally.told() == {
        "attempted": 5,
        "acknowledged": 4,
        "found": 0,
        "logged_out": 0,
        "refused": {"server closed the connection": 1},
        "turned_away": 1,
        "longest_gap": 13.25,
    }


def test_reasons_are_told_apart_up_to_a_bound() -> None:
    tally = RequestStats(lambda: 0.0)
    for number in range(500):
        tally.refuse(f"reason {number}")
    assert len(tally.told()["refused"]) == 51
    assert tally.told()["refused"]["other reasons"] == 450


def test_a_session_is_begun_gone_on_with_and_found_by_the_other_frontends(
    visited: Site, redises: tuple[real_redis.Server, real_redis.Server]
) -> None:
    told = visited.comes(50)
    assert (told["attempted"], told["refused"], told["logged_out"]) == (50, {}, 0)
    assert told["found"] == 10
    assert told["acknowledged"] == 40
    assert redises[0].client.dbsize() == len(list(redises[0].client.scan_iter("session:*"))) == 20
    assert 3590 < redises[0].client.ttl(next(redises[0].client.scan_iter())) <= 3600


def test_a_session_that_is_gone_before_its_time_is_somebody_logged_out_once(
    visited: Site, redises: tuple[real_redis.Server, real_redis.Server]
) -> None:
    visited.comes(50)
    redises[0].client.flushall()
    told = visited.comes(200)
    assert told["logged_out"] == 20
    assert visited.comes(50)["logged_out"] == 20


def test_a_session_whose_time_is_over_is_nobody_logged_out(
    visited: Site, redises: tuple[real_redis.Server, real_redis.Server]
) -> None:
    visited.comes(50)
    redises[0].client.flushall()
    visited.time += 3600
    assert visited.comes(50)["logged_out"] == 0


def test_a_new_redis_without_the_old_sessions_logs_everyone_out_and_one_with_them_nobody(
    visited: Site, redises: tuple[real_redis.Server, real_redis.Server]
) -> None:
    old, new = redises
    visited.another(REDIS)
    visited.has_redis(f"{REDIS}-new", new)
    visited.comes(30)
    for key in old.client.scan_iter():
        new.client.restore(key, old.client.pttl(key), old.client.dump(key))
    for name in sorted(visited.space.manifests):
        if name.endswith("-frontend"):
            visited.moves(name, REDIS, f"{REDIS}-new")
    told = visited.comes(100)
    assert (told["logged_out"], told["refused"]) == (0, {})
    old.kill()
    assert visited.comes(20)["refused"] == {}
    new.client.flushall()
    assert visited.comes(100)["logged_out"] > 0


def test_while_frontends_disagree_a_page_of_another_one_has_forgotten_its_visitor(
    visited: Site, redises: tuple[real_redis.Server, real_redis.Server]
) -> None:
    visited.another(REDIS)
    visited.has_redis(f"{REDIS}-new", redises[1])
    visited.comes(10)
    visited.moves("supplier-frontend", REDIS, f"{REDIS}-new")
    assert visited.comes(50)["logged_out"] > 0


def test_a_redis_that_is_gone_and_a_frontend_that_is_stopped_are_refusals(
    visited: Site, redises: tuple[real_redis.Server, real_redis.Server]
) -> None:
    visited.comes(10)
    redises[0].kill()
    (said,) = visited.comes(2)["refused"]
    assert said.startswith("ConnectionError: ")
    stop(visited, "user-frontend")
    assert "503 Service Unavailable: Requested route has no available endpoints." in visited.comes(4)["refused"]
    visited.mode("maintenance")
    before = visited.comes()["attempted"]
    assert visited.comes(3)["turned_away"] == 4
    assert visited.comes()["attempted"] == before


def test_no_password_is_told(tmp_path: Path) -> None:
    site = Site(tmp_path)
    with real_redis.running() as server:
        server.client.config_set("requirepass", "right-one-of-the-server")
        site.has_redis(REDIS, server, password="wrong-one-of-the-app")
        told = site.comes(3)
        assert sum(told["refused"].values()) == 3
        site.has_redis(REDIS, server, password="right-one-of-the-server")
        assert sum(site.comes(3)["refused"].values()) == 3
    site.comes(3)
    site.visitors.stop()
    for file in tmp_path.glob("*"):
        if file.is_file():
            assert "one-of-the" not in file.read_text()


def test_a_world_that_cannot_be_read_and_a_fault_of_ours_are_counted_with_their_type(tmp_path: Path) -> None:
    problems = iter([OSError(5, "Input/output error"), KeyError("stage"), ZeroDivisionError("division by zero")])

    def world() -> Any:
        raise next(problems)

    visitors = Visitors(tmp_path, world)
    for _ in range(3):
        visitors.database.visit()
    visitors.stop()
    assert visitors.report()["postgres"]["refused"] == {
        "KeyError: 'stage'": 1,
        "OSError: [Errno 5] Input/output error": 1,
        "ZeroDivisionError: division by zero": 1,
    }


def test_they_come_by_themselves_write_their_report_and_are_gone_at_once_when_told(
    site: Site, databases: Pair, redises: tuple[real_redis.Server, real_redis.Server], tmp_path: Path
) -> None:
    site.has_redis(REDIS, redises[0])

    def told() -> Any:
        path = tmp_path / REPORT
        return json.loads(path.read_text()) if path.exists() else {"postgres": {"acknowledged": 0}}

    with site.visitors:
        until(lambda: told()["postgres"]["acknowledged"] > 10, 20)
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("visitors")] == []
    assert told() == site.visitors.report()
    assert told()["postgres"]["refused"] == told()["redis"]["refused"] == {}
    assert told()["redis"]["acknowledged"] > 0
    with psycopg.connect(databases[0].dsn("site")) as connection:
        assert site.visitors.check(connection) == 0
    until(lambda: sessions_of(databases[0]) == 0, 10)


def test_a_statement_that_hangs_does_not_hold_up_the_end(site: Site, databases: Pair) -> None:
    with psycopg.connect(databases[0].dsn("site")) as holder:
        holder.execute("lock table audit_events")
        site.visitors.start()
        waits = "select from pg_stat_activity where datname = 'site' and wait_event_type = 'Lock'"
        with psycopg.connect(databases[0].dsn("postgres"), autocommit=True) as other:
            until(lambda: other.execute(waits).fetchall() != [], 10)
        site.visitors.stop()
        assert [thread.name for thread in threading.enumerate() if thread.name.startswith("visitors")] == []
    refused = site.visitors.report()["postgres"]["refused"]
    assert refused == {"canceling statement due to user request": 1}
