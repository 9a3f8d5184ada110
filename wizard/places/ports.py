"""Ports of this machine's loopback address that one session takes for itself, so that no other one takes them too."""

import errno
import random
import socket
from collections.abc import Collection
from contextlib import suppress


_RANGE = range(20_000, 32_000)
"""Below the ports that the system gives to outgoing connections, so that nobody takes one by chance."""


class NoPort(OSError):
    """So many free ports there are not."""


class Ports:
    """The ports of one session, until it lets go of them or its process ends.

    Nobody listens on a port between the moment it is chosen and the one it is used at. So each that is taken is a name
    among the abstract sockets of the machine, which all users see and which go with their process.
    """

    def __init__(self) -> None:
        self._taken: list[socket.socket] = []

    def take(self, count: int) -> tuple[int, ...]:
        """Free ports that no other session has taken.

        Raises:
            NoPort: There are not as many.
        """
        found: list[int] = []
        for port in random.sample(_RANGE, len(_RANGE)):
            if len(found) == count:
                break
            if is_free(port) and self._claim(port):
                found.append(port)
        if len(found) < count:
            raise NoPort(errno.EADDRINUSE, "No local port is free")
        return tuple(found)

    def keep(self, ports: Collection[int]) -> None:
        """Take these again, as far as nobody else has meanwhile."""
        for port in ports:
            self._claim(port)

    def release(self) -> None:
        """Let go of all of them."""
        while self._taken:
            self._taken.pop().close()

    def _claim(self, port: int) -> bool:
        name = socket.socket(socket.AF_UNIX)
        try:
            name.bind(f"\0uplevel-port-{port}")
        except OSError:
            name.close()
            return False
        self._taken.append(name)
        return True


def is_free(port: int) -> bool:
    """Whether nobody listens on a port of the loopback address just now."""
    with socket.socket() as tried, suppress(OSError):
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what ended a moment ago is in nobody's way
        tried.bind(("127.0.0.1", port))
        return True
    return False
