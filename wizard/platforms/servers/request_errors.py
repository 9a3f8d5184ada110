"""What may go wrong when a visitor comes, and how it is told: by its first line, without a password."""

import psycopg
import redis

from wizard.errors import UplevelError
from wizard.platforms.servers.visited import ConnectionRefused


TROUBLES = (
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    psycopg.Error,
    redis.RedisError,
    ConnectionRefused,
    UplevelError,
)
"""Whatever a visit can raise, faults of ours too: a visitor goes on."""


def request_error(problem: Exception, password: str = "") -> str:
    """A trouble in one line.

    Args:
        problem: What was raised.
        password: What must not be told.
    """
    line = (str(problem).splitlines() or [""])[0].strip()
    if password:
        line = line.replace(password, "***")
    if isinstance(problem, ConnectionRefused | psycopg.Error) and line:
        return line
    return f"{type(problem).__name__}: {line}" if line else type(problem).__name__
