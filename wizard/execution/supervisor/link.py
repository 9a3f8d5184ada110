"""The lines of JSON that pass between a supervisor and its wizards."""

import base64
import json
import os
import socket
import struct
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from wizard.record.run_layout import CONTROL


LONGEST = 4 << 20
"""Bytes of one line; private output of 1 MiB fits, encoded."""
_MOST_FILES = 2
"""Descriptors that come with one line at most."""


class JsonLines:
    """Cuts a stream of bytes into JSON objects; what is not one is passed over."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> Iterator[dict[str, Any]]:
        """The objects that are complete now.

        Raises:
            ValueError: A line is longer than any that can be meant.
        """
        self._rest += data
        if len(self._rest) > LONGEST:
            raise ValueError("line too long")
        *whole, rest = self._rest.split(b"\n")
        self._rest = bytearray(rest)
        for line in whole:
            with suppress(ValueError, RecursionError):
                found = json.loads(line)
                if isinstance(found, dict):
                    yield found


class WizardConnection:
    """One wizard's connection, seen from the supervisor. Sending never blocks."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        self.connection = connection
        self._lines = JsonLines()
        self._unsent = bytearray()

    def receive(self) -> list[dict[str, Any]] | None:
        """What arrived; None when the other end is gone."""
        try:
            data = self.connection.recv(65536)
            return list(self._lines.feed(data)) if data else None
        except BlockingIOError:
            return []
        except (OSError, ValueError):
            return None

    def send(self, message: dict[str, Any]) -> None:
        """Queue a message and send what the socket takes."""
        if len(self._unsent) < LONGEST:
            self._unsent += encode(message)
        self.flush()

    def flush(self) -> bool:
        """Send what is queued; tells whether all of it left (or nobody is there to take it)."""
        try:
            while self._unsent:
                del self._unsent[: self.connection.send(self._unsent)]
        except BlockingIOError:
            return False
        except OSError:
            self._unsent.clear()
        return True


def encode(message: dict[str, Any]) -> bytes:
    """A message as one line."""
    return json.dumps(message).encode("ascii") + b"\n"


def encode_bytes(data: bytes) -> str:
    """Bytes for inside a message."""
    return base64.b64encode(data).decode("ascii")


def decode_bytes(text: object) -> bytes:
    """Bytes of what `encode_bytes` made; empty for anything else."""
    with suppress(ValueError):
        return base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    return b""


def listen(folder: int) -> socket.socket | None:
    """The control socket of a run's folder, or None where the file system has no sockets."""
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        # Socket addresses hold 108 bytes, session folders may need more; our own descriptor is short.
        server.bind(f"/proc/self/fd/{folder}/{CONTROL}")
        server.listen(4)
    except OSError:
        server.close()
        return None
    server.setblocking(False)
    return server


def connect(folder: int) -> socket.socket | None:
    """A connection to the supervisor of a run's folder, or None when nobody listens."""
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        client.connect(f"/proc/self/fd/{folder}/{CONTROL}")
    except OSError:
        client.close()
        return None
    return client


def send_terminal(connection: socket.socket, master: int) -> None:
    """Give the wizard at the other end our end of the terminal, as news; to be said before anything else."""
    with suppress(OSError):
        socket.send_fds(connection, [encode({"news": "screen"})], [master])


def receive(connection: socket.socket, most: int = 65536) -> tuple[bytes, list[int]]:
    """The next bytes, and the descriptors that came with them, which no program we start inherits.

    Raises:
        OSError: The line is cut.
    """
    data, files, _flags, _address = socket.recv_fds(connection, most, _MOST_FILES)
    for file in files:
        os.set_inheritable(file, False)  # Python's function forgets the flags that would say so at once
    return data, files


def receive_line(connection: socket.socket) -> tuple[bytes, list[int]]:
    """The next whole line and what came beside it; empty when the other end is gone before one was.

    Nothing is read beyond it: what follows at once is somebody else's to take.
    """
    line, files = bytearray(), list[int]()
    while True:
        ahead = connection.recv(1 << 16, socket.MSG_PEEK)
        if not ahead:
            return b"", files
        end = ahead.find(b"\n") + 1
        data, beside = receive(connection, end or len(ahead))
        line += data
        files += beside
        if end:
            return bytes(line), files


def send_order(connection: socket.socket, line: bytes, files: Sequence[int] = ()) -> None:
    """Send an order, and beside it the descriptors that it names.

    Raises:
        OSError: Nobody takes it.
    """
    sent = socket.send_fds(connection, [line], list(files)) if files else 0
    connection.sendall(line[sent:])


def is_ours(connection: socket.socket) -> bool:
    """Whether the process at the other end belongs to our user."""
    return peer_uid(connection) == os.geteuid()


def peer_uid(connection: socket.socket) -> int:
    """The user of the process at the other end, by the kernel's word; our own where the system does not tell."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return os.geteuid()
    _pid, uid, _gid = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, option, struct.calcsize("3i")))
    return int(uid)
