"""What a real database and Redis of a rehearsal hold at its beginning."""

import hashlib
import subprocess
from pathlib import Path

import psycopg
import pytest

from tests import real_redis
from tests.engine.test_compare_postgres import Pair
from tests.postgres import Server
from tests.site import OWNER, marketplace
from wizard.data.compare.postgres import ComparisonReport, Options, compare_databases, side_of
from wizard.platforms.servers.contents import fill_postgres, fill_redis, key_of


def compared(old: Server, new: Server, database: str) -> ComparisonReport:
    environment = {"A": old.dsn(database), "B": new.dsn(database)}
    sides = side_of("old", "env:A", environment), side_of("new", "env:B", environment)
    return compare_databases(*sides, Options(), lambda *_: None)


def test_it_is_dumped_by_16_and_restored_by_18_without_a_difference(databases: Pair, tmp_path: Path) -> None:
    old, new = databases
    marketplace(old, "site", rows=3000)
    marketplace(new, "site")
    new.fresh("site")
    for words in (
        ["pg_dump", "-Fc", "-f", str(tmp_path / "dump"), old.dsn("site")],
        ["pg_restore", "--exit-on-error", "-d", new.dsn("site"), str(tmp_path / "dump")],
    ):
        done = subprocess.run([str(new.programs / words[0]), *words[1:]], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), words[0]
    new.run("postgres", f"alter database site owner to {OWNER}")
    report = compared(old, new, "site")
    assert report.differences == ()
    assert sum(table.old for table in report.tables) == pytest.approx(3000, rel=0.05)
    subjects = ("table", "sequence", "index", "constraint", "view", "function", "trigger", "type", "grant", "column")
    assert {each.subject for each in report.counted if each.old} >= {*subjects, "large objects"}


def test_it_is_the_same_every_time(databases: Pair) -> None:
    for server in databases:
        marketplace(server, "again")
    assert compared(*databases, "again").differences == ()


def test_each_table_has_a_primary_key_and_belongs_to_the_owner_who_was_named(databases: Pair) -> None:
    marketplace(databases[0], "owned")
    with psycopg.connect(databases[0].dsn("owned")) as connection:
        found = connection.execute(
            "select relname, relkind, pg_get_userbyid(relowner),"
            " exists (select from pg_constraint where conrelid = pg_class.oid and contype = 'p')"
            " from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm', 'S')"
        ).fetchall()
        composite = connection.execute("select from pg_constraint where contype = 'p' and array_length(conkey, 1) = 2")
        objects = connection.execute("select pg_get_userbyid(lomowner) from pg_largeobject_metadata").fetchall()
        assert composite.fetchall() != []
        belongs = "select pg_get_userbyid(datdba) from pg_database where datname = 'owned'"
        assert connection.execute(belongs).fetchall() == [(OWNER,)]
    assert {owner for _, _, owner, _ in found} == {OWNER}
    assert objects == [(OWNER,)]
    assert {name for name, kind, _, has_key in found if kind == "r" and not has_key} == set()


def test_what_cannot_be_filled_is_left_as_it_was(databases: Pair) -> None:
    databases[0].fresh("half")
    with psycopg.connect(databases[0].dsn("half"), autocommit=True) as connection:
        connection.execute("create view services as select 1 as n")
        with pytest.raises(psycopg.Error):
            fill_postgres(connection, owner="nobody-of-this-name", rows=1000)
        marketplace(databases[0], "owned")
        with pytest.raises(psycopg.Error):
            fill_postgres(connection, owner=OWNER, rows=1000)
        left = connection.execute("select relname from pg_class where relnamespace = 'public'::regnamespace")
        assert left.fetchall() == [("services",)]


def test_sessions_end_by_themselves_within_an_hour_and_are_the_same_every_time() -> None:
    with real_redis.running() as server:
        fill_redis(server.client, sessions=2500)
        assert server.client.dbsize() == 2500
        name = key_of(hashlib.sha256(b"session 2499").hexdigest()[:32])
        assert 0 < server.client.ttl(name) <= 3600
        assert server.client.info("keyspace")["db0"]["expires"] == 2500
        before = server.client.get(name)
        fill_redis(server.client, sessions=2500)
        assert (server.client.dbsize(), server.client.get(name)) == (2500, before)
