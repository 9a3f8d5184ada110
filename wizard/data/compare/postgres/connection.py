"""A connection that only reads, as part of one snapshot, and whose troubles are sentences."""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from socket import SHUT_RDWR, socket
from typing import Any

import psycopg
from psycopg import errors, sql

from wizard.data.compare.postgres.sides import Side
from wizard.errors import UplevelError, UsageProblem


_SETTINGS = {
    "default_transaction_read_only": "on",
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "idle_session_timeout": "0",
    "transaction_timeout": "0",
    "lock_timeout": "5s",
    "client_connection_check_interval": "5s",
    "search_path": "pg_catalog",
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "bytea_output": "hex",
    "xmlbinary": "base64",
    "lc_monetary": "C",
    "quote_all_identifiers": "off",
    # A policy that hides rows is then an error, and not a table that looks shorter.
    "row_security": "off",
    "jit": "off",
}
_TELLING = ("08", "28", "3D", "42", "53", "55", "57")
"""Classes of errors whose message tells of the server and its objects, never of what is in a row."""


class NotCompared(UplevelError):
    """The comparison could not be made to its end; nothing is known about what was not reached."""

    title = "The databases could not be compared"
    code = UsageProblem.code


class Reader:
    """A read-only transaction on one side.

    Args:
        side: Where it reads.
        connection: Open, its transaction begun.
    """

    def __init__(self, side: Side, connection: "psycopg.Connection[tuple[Any, ...]]") -> None:
        self.side = side
        self._connection = connection
        self.version = connection.info.server_version // 10_000

    def ask(
        self, query: str | sql.Composable, values: Sequence[object] | None = None, *, about: str = ""
    ) -> list[tuple[Any, ...]]:
        """All rows of a query's answer.

        Args:
            query: Words of ours, or composed of them and quoted names.
            values: For its placeholders.
            about: What is read, for the sentence when it cannot be: `table public.users`.

        Raises:
            NotCompared: There was no answer.
        """
        words = query.encode() if isinstance(query, str) else query.as_bytes(self._connection)
        with told_as_sentences(self.side, about):
            return self._connection.execute(words, values).fetchall()

    def interrupt(self) -> None:
        """End what another thread waits for here, on the server too; of no use afterwards but to be closed."""
        with suppress(psycopg.Error, OSError):
            self._connection.cancel_safe(timeout=3)
        # A server that is out of reach does not answer that; whoever waits shall not wait for the network's timeout.
        with suppress(psycopg.Error, OSError), socket(fileno=os.dup(self._connection.fileno())) as line:
            line.shutdown(SHUT_RDWR)

    def close(self) -> None:
        """Leave the server; nothing was written that could be kept."""
        with suppress(psycopg.Error, OSError):
            self._connection.close()


def open_reader(side: Side, *, snapshot: str = "", digits: int = 3) -> Reader:
    """Connect and begin.

    Args:
        side: Where.
        snapshot: The exported snapshot to read in; empty for one of its own.
        digits: `extra_float_digits`; 0 where one server is older than 12 and writes floats otherwise.

    Raises:
        NotCompared: There is no connection, or the snapshot is gone.
        UsageProblem: There is no such service.
    """
    with told_as_sentences(side, ""), ExitStack() as stack:
        connection = psycopg.connect(side.conninfo, autocommit=True)
        reader = Reader(side, connection)
        stack.callback(reader.close)
        wanted = {**_SETTINGS, "extra_float_digits": str(digits)}
        # By set_config, because not every version knows every setting.
        connection.execute(
            "select set_config(s.name, w.value, false) from unnest(%s::text[], %s::text[]) as w(name, value)"
            " join pg_catalog.pg_settings s on s.name = w.name",
            (list(wanted), list(wanted.values())),
        )
        connection.execute("begin transaction isolation level repeatable read, read only")
        if snapshot:
            connection.execute(sql.SQL("set transaction snapshot {}").format(sql.Literal(snapshot)))
        stack.pop_all()
    return reader


@contextmanager
def told_as_sentences(side: Side, about: str) -> Iterator[None]:
    """What the driver raises, told as what could not be compared and what to do."""
    part = f" ({about})" if about else ""
    try:
        yield
    except errors.InsufficientPrivilege as problem:
        raise NotCompared(
            f"The {side.which} database does not let this user read everything{part}: {_said(problem)}.",
            "Connect as the owner, or grant it membership in pg_read_all_data.",
        ) from None
    except errors.LockNotAvailable:
        raise NotCompared(
            f"In the {side.which} database somebody holds a lock on what is to be read{part}.",
            "Wait for the migration or the job that holds it, then compare again.",
        ) from None
    except (errors.UndefinedTable, errors.UndefinedColumn) as problem:
        raise NotCompared(
            f"The {side.which} database was changed while it was compared{part}: {_said(problem)}.",
            "Freeze migrations, then compare again.",
        ) from None
    except UnicodeDecodeError:
        raise NotCompared(
            f"The {side.which} database has names that are no UTF-8{part}.", "Compare such a database by hand."
        ) from None
    except psycopg.OperationalError as problem:
        said = _said(problem, side)
        if "definition of service" in said or "service file" in said:
            raise UsageProblem(
                f"{side.which.upper()} is no service that can be found: {said}.",
                "Name a service of the file in PGSERVICEFILE (else ~/.pg_service.conf), or a variable by env:NAME.",
            ) from None
        raise NotCompared(
            f"The {side.which} database cannot be reached, or the connection was lost{part}: {said}.",
            "Look at the server and the way to it, then compare again; nothing of this run counts.",
        ) from None
    except psycopg.Error as problem:
        raise NotCompared(
            f"The {side.which} database could not answer{part}: {_said(problem)}.", "Ask its log for more."
        ) from None


def _said(problem: psycopg.Error, side: Side | None = None) -> str:
    """The server's own sentence, unless it could quote what stands in a row."""
    state = problem.sqlstate or ""
    message = problem.diag.message_primary
    if state:
        return message if message and state.startswith(_TELLING) else f"{type(problem).__name__}, SQLSTATE {state}"
    lines = str(problem).strip().splitlines() or [type(problem).__name__]
    return _without_password(" ".join(line.strip() for line in lines), side).rstrip(".?")


def _without_password(text: str, side: Side | None) -> str:
    if side is None:
        return text
    password = psycopg.conninfo.conninfo_to_dict(side.conninfo).get("password")
    return text.replace(str(password), "***") if password else text
