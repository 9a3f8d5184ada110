"""What a database and a Redis of the estate hold when a rehearsal begins: made by rule, the same every time.

The packages psycopg and redis are here and beside this file only: the lab is a program of its own, and nothing that
the wizard or a pretend command loads needs them.
"""

import hashlib
import json

import psycopg
import redis
from psycopg import sql

from wizard.places import asset


LONGEST_SESSION = 3600
"""Seconds after which a session that nobody uses ends."""

_SHORTEST_SESSION = 900
_FEWEST_ROWS = 1000
_BATCH = 1000


def fill_postgres(connection: psycopg.Connection, *, owner: str, rows: int = 20_000) -> None:
    """Put the marketplace into an empty database, all of it or nothing.

    Args:
        connection: To that database, as a superuser.
        owner: The role that everything belongs to afterwards, the database and its schema too; it must exist.
        rows: About how many there are in all tables together, 1000 at least.

    Raises:
        psycopg.Error: It cannot be done; the database is as it was.
    """
    role, database = sql.Identifier(owner), sql.Identifier(connection.info.dbname)
    with connection.transaction():
        connection.execute("set local timezone to 'UTC'")
        connection.execute("select set_config('lab.rows', %s, true)", [str(max(rows, _FEWEST_ROWS))])
        connection.execute(sql.SQL("alter database {} owner to {}").format(database, role))
        connection.execute(sql.SQL("set local role {}").format(role))
        for part in ("tables", "rows", "rules"):
            connection.execute(asset(f"worlds/lab/{part}.sql").read_bytes())
        connection.execute("reset role")
        connection.execute("analyze")


def fill_redis(client: redis.Redis, *, sessions: int = 2_000) -> None:
    """Put the sessions of people who are logged in into a Redis.

    Args:
        client: To it.
        sessions: How many; each ends by itself within an hour.

    Raises:
        redis.RedisError: It cannot be done; some may be there.
    """
    for first in range(0, sessions, _BATCH):
        with client.pipeline(transaction=False) as pipe:
            for number in range(first, min(first + _BATCH, sessions)):
                name = hashlib.sha256(f"session {number}".encode()).hexdigest()[:32]
                longer = number * 7919 % (LONGEST_SESSION - _SHORTEST_SESSION + 1)
                pipe.set(key_of(name), session_of(number), ex=_SHORTEST_SESSION + longer)
            pipe.execute()


def key_of(name: str) -> str:
    """The key of a session by its name of 32 hexadecimal digits."""
    return f"session:{name}"


def session_of(number: int, *, seen: int = 0) -> bytes:
    """What a session holds: who is logged in, and a form that is half filled in."""
    about = {
        "_fresh": True,
        "_user_id": str(number + 1),
        "csrf_token": hashlib.sha256(f"form {number}".encode()).hexdigest()[:40],
        "pages_seen": seen,
        "saved_form": {"title": f"Brief {number}", "summary": "What we need. " * 8},
    }
    return json.dumps(about).encode()
