"""The line to a Redis server: its address out of an environment variable or a file, its commands by the batch.

The client library is imported here alone. An address is a secret: neither it nor what the library says of it is told.
"""

import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

from wizard.data.compare.search import NotReached
from wizard.errors import UsageProblem
from wizard.execution.sanitize import sanitize_text


_SCHEMES = ("redis", "rediss", "unix")
_VARIABLE = re.compile(r"env:([A-Za-z_][A-Za-z0-9_]*)")
_BATCH = 1000
_LONGEST_ADDRESS = 4096
_PAYLOAD_FOOTER = 10
"""Bytes at the end of a DUMP that tell the format's version and the checksum, not the value."""


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """What a server tells of itself.

    Attributes:
        version: Such as `6.2.14`.
        run_id: Of this start of this server; empty where a proxy hides it.
        role: `master`, or `slave` for a replica.
        cluster: Whether the keys are spread over several servers.
        used: Bytes of memory in use.
        limit: Bytes it may use; 0 is no limit.
        policy: What it does at the limit.
        keys: Keys in the database of the address.
        other_keys: Keys in its other databases.
        appends: Whether each write goes to an append-only file.
        snapshot_ok: Whether the last snapshot was written.
    """

    version: str
    run_id: str
    role: str
    cluster: bool
    used: int
    limit: int
    policy: str
    keys: int
    other_keys: int
    appends: bool
    snapshot_ok: bool

    @property
    def series(self) -> tuple[int, int]:
        """Major and minor version: what the format of a DUMP can depend on."""
        numbers = [int(number) for number in re.findall(r"\d+", self.version)[:2]]
        return (*numbers, 0, 0)[0], (*numbers, 0, 0)[1]


def address_of(word: str) -> tuple[str, str]:
    """The address that an argument means.

    Args:
        word: `env:NAME`, the environment variable that holds it, or `file:PATH`, a file that only its owner can read.

    Returns:
        The name of the variable or file, and the address in it.

    Raises:
        UsageProblem: It is no such word, or what it names holds no address of a Redis. Never quotes an address.
    """
    if word.startswith("file:"):
        path = Path(word.removeprefix("file:"))
        return _checked(path.name, _from_file(path))
    found = _VARIABLE.fullmatch(word)
    if found is None and (":" in word or "@" in word):
        raise UsageProblem(
            "An address can hold a password, and whoever lists the processes of this machine could read it there.",
            "Put it into an environment variable and name that one, env:OLD_REDIS_URL, or into a file: file:PATH",
        )
    if found is None:
        raise UsageProblem(f"{word} names no environment variable.", "Write it as env:OLD_REDIS_URL, or as file:PATH")
    name = found.group(1)
    url = os.environ.get(name, "")
    if not url:
        raise UsageProblem(f"The environment variable {name} is not set.", "It holds the address: rediss://HOST:PORT")
    return _checked(name, url)


def _from_file(path: Path) -> str:
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), encoding="utf-8") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise UsageProblem(f"{path} is no plain file.", "Write the address into one, and chmod 600 it.")
            if found.st_uid != os.geteuid() or found.st_mode & 0o077:
                raise UsageProblem(
                    f"{path} is not a file that you alone can read, and it holds a password.", f"chmod 600 {path}"
                )
            return file.read(_LONGEST_ADDRESS).strip()
    except (OSError, UnicodeDecodeError) as problem:
        why = getattr(problem, "strerror", None) or "it is no text"
        raise UsageProblem(f"The address in {path} cannot be read: {why}.", "Write it there again.") from None


def _checked(name: str, url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise _no_address(name) from None
    if parts.scheme not in _SCHEMES or parts.fragment or "@" in parts.path:
        raise _no_address(name)
    return name, url


def _no_address(name: str) -> UsageProblem:
    return UsageProblem(
        f"What {name} holds is no address of a Redis.",
        "It begins with redis://, rediss:// or unix://; in a password, write / # ? @ and % as %2F %23 %3F %40 %25.",
    )


class RedisConnection:
    """A server that can be asked. Errors of single commands are answers; a line that fails is `NotReached`.

    Args:
        word: `env:NAME` or `file:PATH`.
        timeout: Seconds without an answer.

    Attributes:
        name: The variable or file of the address, by which it is spoken of.
        database: The number of the database that the address names.
    """

    def __init__(self, word: str, *, timeout: float = 30.0) -> None:
        self.name, url = address_of(word)
        try:
            import redis
        except ImportError:
            raise UsageProblem(
                "To talk to a Redis, uplevel needs the package redis, and it is not here.",
                "Install uplevel with its extra: pip install 'uplevel-wizard[redis]' from your checkout or index.",
            ) from None
        self._errors = redis.exceptions
        # One lost line is told and not tried again: what was sent on it may have been done or not.
        retry = redis.retry.Retry(redis.backoff.NoBackoff(), 0)
        try:
            pool = redis.ConnectionPool.from_url(
                url, socket_timeout=timeout, socket_connect_timeout=timeout, retry=retry
            )
        except (ValueError, TypeError):
            raise _no_address(self.name) from None
        # Values are bytes, whatever the address asks for.
        pool.connection_kwargs["decode_responses"] = False
        self.database = int(pool.connection_kwargs.get("db") or 0)
        self._client: Any = redis.Redis(connection_pool=pool)

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def ask(self, commands: Sequence[Sequence[bytes | str | int]]) -> list[Any]:
        """The answers to commands that are sent together; an error that the server answers stands as such.

        Raises:
            NotReached: The line failed, so nothing is known of any of them.
        """
        pipe = self._client.pipeline(transaction=False)
        try:
            for words in commands:
                pipe.execute_command(*words)
            return list(pipe.execute(raise_on_error=False))
        except (self._errors.ConnectionError, self._errors.TimeoutError, OSError) as problem:
            self._lost(problem)

    def one(self, *words: bytes | str | int) -> Any:
        """The answer to one command.

        Raises:
            NotReached: The line failed, or the server answered with an error.
        """
        (answer,) = self.ask([words])
        if self.is_error(answer):
            raise NotReached(
                f"{self.name}: the server refuses {words[0]!s}: {self.said(answer)}.", "May this user do that?"
            )
        return answer

    def is_error(self, answer: Any) -> bool:
        """Whether an answer is an error of the server."""
        return isinstance(answer, self._errors.RedisError)

    @staticmethod
    def said(answer: Any) -> str:
        """An error of the server in one short line, without the words it may quote."""
        return sanitize_text(str(answer).partition(", with args")[0][:120]).rstrip(".")

    def _lost(self, problem: Exception) -> NoReturn:
        # The library's text can quote a part of an address, and so of a password with a stray character.
        if isinstance(problem, self._errors.AuthenticationError):
            raise NotReached(f"{self.name}: the server refuses the user or the password.", "Take the keys anew.")
        cause = problem if isinstance(problem, OSError) else problem.__cause__ or problem.__context__
        told = cause.strerror if isinstance(cause, OSError) and cause.strerror else type(problem).__name__
        raise NotReached(
            f"{self.name}: the server cannot be reached, or the line to it was lost ({sanitize_text(told)}).",
            "Look at the tunnel or the network, then run the same command again.",
        )

    def info(self) -> Mapping[str, Any]:
        """The server's account of itself, as the library reads INFO."""
        return dict(self.one("INFO"))

    def facts(self) -> ServerFacts:
        """What the server tells of itself, in our words.

        Raises:
            NotReached: It cannot be asked, or what answers does not tell its version.
        """
        told = self.info()
        if "redis_version" not in told:
            raise NotReached(f"{self.name}: what answers does not tell the version of a Redis.", "Is it a proxy?")
        databases = {name: about["keys"] for name, about in told.items() if re.fullmatch(r"db\d+", name)}
        keys = databases.pop(f"db{self.database}", 0)
        return ServerFacts(
            version=str(told["redis_version"]),
            run_id=str(told.get("run_id", "")),
            role=str(told.get("role", "master")),
            cluster=bool(told.get("cluster_enabled", 0)),
            used=int(told.get("used_memory", 0)),
            limit=int(told.get("maxmemory", 0)),
            policy=str(told.get("maxmemory_policy", "")),
            keys=keys,
            other_keys=sum(databases.values()),
            appends=bool(told.get("aof_enabled", 0)),
            snapshot_ok=told.get("rdb_last_bgsave_status", "ok") == "ok",
        )

    def scan(self, match: str) -> Iterator[list[bytes]]:
        """The keys of a pattern, by the batch. A key can come twice; one that is there all the time comes."""
        cursor = 0
        while True:
            cursor, keys = self.one("SCAN", cursor, "MATCH", match, "COUNT", _BATCH)
            cursor = int(cursor)
            if keys:
                yield list(keys)
            if cursor == 0:
                return


def value_of(payload: bytes) -> bytes:
    """The part of a DUMP that is the value: servers of different versions write different ends."""
    return payload[:-_PAYLOAD_FOOTER]


def show_key(key: bytes) -> str:
    """A key as it may be shown: its first words, and too little of the rest to be somebody's login."""
    text = key.decode("utf-8", "backslashreplace")
    head, colon, tail = text[:200].rpartition(":")
    shown = f"{head[:20]}{'…' if len(head) > 20 else ''}{colon}{tail[:6]}{'…' if len(tail) > 6 else ''}"
    return sanitize_text(shown)
