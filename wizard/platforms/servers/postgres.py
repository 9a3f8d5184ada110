"""A real PostgreSQL under a pretend service instance, kept as the broker of the estate keeps its databases."""

import shutil
import signal
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql

from wizard.places import asset
from wizard.platforms.servers import contents, processes, programs
from wizard.platforms.servers.processes import LabProblem
from wizard.platforms.servers.server_spec import ServerSpec


_KEEPER = "uplevel"
_ACCESS = f"local all,replication {_KEEPER} trust\nhost all,replication all 127.0.0.1/32 scram-sha-256\n"
_CLUSTER = ("-U", _KEEPER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "max_wal_size": "2GB",
    "max_worker_processes": "16",
    "autovacuum_naptime": "10s",
    "log_min_messages": "error",
    "ssl": "off",
}
_PATIENCE = 60.0


class Postgres:
    """One server and its database.

    Args:
        want: What it is to be.
        folder: The lab's folder; short, because a socket's path is.
        rows: About how many rows the estate's own database begins with.
    """

    def __init__(self, want: ServerSpec, folder: Path, rows: int) -> None:
        self.want = want
        self._folder = folder
        self._rows = rows
        self._data = folder / want.guid[:8]
        self._log = folder / f"{want.guid[:8]}.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._logical = want.logical

    def begin(self, source: "Postgres | None") -> None:
        """Start it: as it was left, as a copy of another, or new.

        Raises:
            LabProblem: It cannot be started.
        """
        fresh = not (self._data / "PG_VERSION").is_file()
        if fresh and source is not None:
            self._copy(source)
        elif fresh:
            self._make(self._data, _played(self.want.major))
        self._start()
        if fresh and source is None:
            self._furnish()
        self._set_logins()

    def adapt(self, want: ServerSpec) -> None:
        """Become what the world wants it to be now.

        Raises:
            LabProblem: The upgrade failed.
        """
        before, self.want = self.want, want
        if _played(want.major) != self._major:
            self._upgrade(_played(want.major))
        elif want.logical != self._logical:
            self.stop()
            self._start()
        if want.logins != before.logins or want.logical != self._logical:
            self._logical = want.logical
            self._set_logins()

    def stop(self) -> None:
        """End the server; what it holds stays."""
        if self._process is not None:
            processes.end(self._process, signal.SIGINT)
            self._process = None

    def remove(self) -> None:
        """End it and delete what it holds."""
        self.stop()
        shutil.rmtree(self._data, ignore_errors=True)

    def run(self, statement: str) -> None:
        """Do something in the database as somebody else at another terminal would.

        Raises:
            psycopg.Error: It failed.
        """
        with self.connect() as connection:
            connection.execute(statement.encode())

    def answers(self, question: str) -> bool:
        """Whether a question to the database has a row whose first value is true; no where it cannot be asked."""
        try:
            with self.connect() as connection:
                row = connection.execute(question.encode()).fetchone()
        except psycopg.Error:
            return False
        return row is not None and bool(row[0])

    def connect(self, database: str = "") -> "psycopg.Connection[tuple[object, ...]]":
        """A connection of the lab's own; each statement is a transaction, and a write fence does not hold it."""
        return psycopg.connect(
            host=str(self._folder),
            port=self.want.port,
            user=_KEEPER,
            dbname=database or self.want.database,
            autocommit=True,
            options="-c default_transaction_read_only=off",
        )

    @property
    def manager(self) -> str:
        """Who owns everything in the database; the logins of apps and keys act as this role."""
        return f"{self.want.database}_manager"

    @property
    def _major(self) -> int:
        return int((self._data / "PG_VERSION").read_text(encoding="ascii"))

    def _program(self, name: str, major: int) -> Path:
        installed = programs.postgres_majors()[major]
        libraries = installed.parent.with_suffix(".libs")
        return processes.reachable(installed, libraries, self._folder) / "bin" / name

    def _make(self, data: Path, major: int) -> None:
        checksums = ["--no-data-checksums"] if major >= 18 else []
        words = ["-D", str(data), *_CLUSTER, *checksums]
        processes.call(self._program("initdb", major), *words, folder=self._folder)

    def _copy(self, source: "Postgres") -> None:
        words = ("-h", str(self._folder), "-p", str(source.want.port), "-U", _KEEPER, "-D", str(self._data))
        program = self._program("pg_basebackup", source._major)  # noqa: SLF001 - the same class
        processes.call(program, *words, "-c", "fast", "--no-sync", folder=self._folder)

    def _start(self) -> None:
        (self._data / "pg_hba.conf").write_text(_ACCESS, encoding="ascii")
        wanted = {
            **_SETTINGS,
            "port": str(self.want.port),
            "unix_socket_directories": str(self._folder),
            "wal_level": "logical" if self.want.logical else "replica",
        }
        words = [word for name, value in wanted.items() for word in ("-c", f"{name}={value}")]
        self._process = processes.start(
            self._program("postgres", self._major),
            *("-D", str(self._data), *words),
            end_by=signal.SIGQUIT,
            folder=self._folder,
            log=self._log,
        )
        try:
            processes.await_answer(
                self._process, lambda: self.connect("postgres").close(), psycopg.Error, seconds=_PATIENCE
            )
        except psycopg.Error as problem:
            why = processes.last_line(self._log) or str(problem)
            raise LabProblem(f"PostgreSQL {self._major} does not start: {why}.") from problem

    def _furnish(self) -> None:
        """What the broker makes in each database, and what the estate holds in its own."""
        with self.connect("postgres") as connection:
            for name in (self.manager, f"{self.want.database}_reader"):
                connection.execute(sql.SQL("create role {}").format(sql.Identifier(name)))
            connection.execute(
                sql.SQL("grant pg_signal_backend, pg_monitor to {}").format(sql.Identifier(self.manager))
            )
            made = sql.SQL("create database {} owner {} template template0")
            connection.execute(made.format(sql.Identifier(self.want.database), sql.Identifier(self.manager)))
        with self.connect() as connection:
            connection.execute(asset("worlds/lab/broker.sql").read_bytes())
            if self.want.original:
                contents.fill_postgres(connection, owner=self.manager, rows=self._rows)

    def _set_logins(self) -> None:
        """One login for each binding and key, which acts as the manager; those of what is gone go too."""
        manager = sql.Identifier(self.manager)
        reach = sql.SQL("replication" if self.want.logical else "noreplication")
        subscribe = "grant {right} to {}" if self.want.logical else "revoke {right} from {}"
        with self.connect() as connection:
            connection.execute(sql.SQL("alter role {} {}").format(manager, reach))
            connection.execute(sql.SQL(subscribe).format(manager, right=sql.SQL("pg_create_subscription")))
            known = connection.execute("select rolname from pg_roles where rolname ~ '^u[0-9a-f]{16}$'").fetchall()
            there = {str(row[0]) for row in known}
            for name in there - self.want.logins.keys():
                _drop_login(connection, name, self.manager)
            for name, password in self.want.logins.items():
                login = sql.Identifier(name)
                if name not in there:
                    made = sql.SQL("create role {} login password {} in role {}")
                    connection.execute(made.format(login, sql.Literal(password), manager))
                    connection.execute(sql.SQL("alter role {} set role to {}").format(login, sql.Literal(self.manager)))
                connection.execute(sql.SQL("alter role {} {}").format(login, reach))

    def _upgrade(self, major: int) -> None:
        """What the broker does for another major version: the server is away meanwhile, and its statistics are."""
        self.stop()
        old, new = self._data, self._data.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        self._make(new, major)
        binaries = [str(self._program("postgres", each).parent) for each in (self._major, major)]
        ports = str(self.want.port)
        words = ("-b", binaries[0], "-B", binaries[1], "-d", str(old), "-D", str(new), "-U", _KEEPER, "--link")
        sockets = ("-s", str(self._folder), "-p", ports, "-P", ports, "--no-sync")
        try:
            processes.call(self._program("pg_upgrade", major), *words, *sockets, folder=self._folder)
        except LabProblem:
            self._start()
            raise
        shutil.rmtree(old)
        new.rename(old)
        self._start()


def _drop_login(connection: "psycopg.Connection[tuple[object, ...]]", name: str, manager: str) -> None:
    """Take a login away with its sessions, as unbinding does; what it made belongs to the manager."""
    connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = %s", [name])
    login, owner = sql.Identifier(name), sql.Identifier(manager)
    connection.execute(sql.SQL("reassign owned by {} to {}").format(login, owner))
    connection.execute(sql.SQL("drop owned by {}").format(login))
    connection.execute(sql.SQL("drop role {}").format(login))


def _played(major: int) -> int:
    """The version that plays a plan's: that one, else the next newer one there is, else the newest."""
    there = sorted(programs.postgres_majors())
    return next((one for one in there if one >= major), there[-1])
