"""A visitor whose request leaves a row in the database, and the ledger of those rows that the server acknowledged."""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psycopg

from wizard.places.private import open_file, write_whole
from wizard.platforms.servers.request_errors import TROUBLES, request_error
from wizard.platforms.servers.request_stats import RequestStats
from wizard.platforms.servers.visited import AppConnection, VisitedSite


_INSERT = """
insert into public.audit_events (request_id, type, "user", object_type, object_id, data)
values (%s, 'user_auth_success', %s, 'users', %s, %s::jsonb)
"""
_LOST = """
select count(*) from unnest(%s::text[]) as told (token)
where not exists (select from public.audit_events where request_id = told.token)
"""
_PATIENCE = 2
_LONGEST_STATEMENT = "-c statement_timeout=5000"
_USERS = 1000


class Acknowledged:
    """The ledger: a token a line of each row whose commit was acknowledged. Later visitors add to it.

    Args:
        path: Its file.
    """

    def __init__(self, path: Path) -> None:
        self._file = open_file(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def add(self, token: str) -> None:
        """Write a token down.

        Raises:
            OSError: It cannot be written.
        """
        write_whole(self._file, f"{token}\n".encode())

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)


def lost(ledger: Path, connection: psycopg.Connection) -> int:
    """How many rows were acknowledged to visitors and are not in a database.

    Args:
        ledger: The file of acknowledged tokens.
        connection: To the database, as anybody who may read `audit_events`.

    Raises:
        OSError: The ledger cannot be read.
        psycopg.Error: The database cannot be asked.
    """
    *tokens, _ = ledger.read_text(encoding="ascii").split("\n")
    row = connection.execute(_LOST, [tokens]).fetchone()
    return int(row[0]) if row else 0


class DatabaseVisitor:
    """Asks the site for something that it writes down, again and again, as the app with the database would.

    Args:
        site: The site as it is now.
        tally: Where each visit is counted.
        ledger: Where acknowledged rows are written down.
    """

    def __init__(
        self,
        site: Callable[[], VisitedSite],
        tally: RequestStats,
        ledger: Acknowledged,
    ) -> None:
        self._site, self._tally, self._ledger = site, tally, ledger
        self._footing: AppConnection | None = None
        self._connection: psycopg.Connection | None = None
        self._password = ""
        self._visits = 0

    def visit(self) -> None:
        """Come once. What goes wrong is counted and never raised."""
        try:
            site = self._site()
            if self._footing is not None and not site.holds(self._footing):
                self.leave()
            if site.turned_away():
                self._tally.turn_away()
                return
            self._write(self._connected(site))
        except TROUBLES as problem:
            self._tally.refuse(request_error(problem, self._password))
        else:
            self._tally.acknowledge()

    def interrupt(self) -> None:
        """Let another thread end a statement that hangs."""
        connection = self._connection
        if connection is not None and not connection.closed:
            with suppress(psycopg.Error):
                connection.cancel_safe(timeout=1)

    def leave(self) -> None:
        """Hang up, as a process that ends does."""
        connection, self._footing, self._connection = self._connection, None, None
        if connection is not None:
            connection.close()

    def _connected(self, site: VisitedSite) -> psycopg.Connection:
        to = site.to_database()
        if self._connection is None or self._connection.closed or to != self._footing:
            self.leave()
            key = site.credentials(to)
            self._password = key.password
            self._connection = psycopg.connect(
                host=key.host,
                port=key.port,
                dbname=key.name,
                user=key.username,
                password=self._password,
                application_name=to.name,
                connect_timeout=_PATIENCE,
                options=_LONGEST_STATEMENT,
                autocommit=True,
            )
            self._footing = to
        return self._connection

    def _write(self, connection: psycopg.Connection) -> None:
        """Insert one row, which is a transaction of its own: when the server answers, it has committed."""
        token, user = secrets.token_hex(16), self._visits % _USERS
        self._visits += 1
        connection.execute(_INSERT, [token, f"user{user}@visitors.example", user, f'{{"visit": {self._visits}}}'])
        self._ledger.add(token)
