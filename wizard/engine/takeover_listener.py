"""Where others ask a session for its target: a socket beside the target's lock."""

import json
import os
import select
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wizard.errors import UplevelError
from wizard.execution.supervisor.link import JsonLines, encode, peer_uid
from wizard.record.events import HolderCited
from wizard.record.locks import LocksFolder, plain, user_name


LONGEST = 2000
"""Characters of what another session says that are heard."""
SPEAK = 3.0
"""Seconds in which whoever has a line must ask."""
MOST = 5
"""Times in `LATELY` that one user is heard: each stands in the record, and whoever reconnects could fill it."""
LATELY = 300.0
_NOT_YET = ".new"
"""The end of a socket's name until somebody listens there, so that nobody takes it for one that was left behind."""


@dataclass(frozen=True, slots=True)
class TakeOverRequest:
    """Somebody asks for the target; their user is the kernel's word, the rest is theirs."""

    by: HolderCited
    reason: str


class TakeOverListener:
    """Hears who asks, one at a time, and tells them what came of it.

    Args:
        place: The folder of the target's lock.
        session: The session that can be asked.
        ring: Told of each who asks, on the listener's own thread.
    """

    def __init__(self, place: LocksFolder, session: str, ring: Callable[[TakeOverRequest], None]) -> None:
        self._ring = ring
        self._name = f"{session}.sock"
        self._folder = place.open()
        self._speaking = threading.Lock()
        self._asker: socket.socket | None = None
        self._heard = self._answered = False
        self._since = 0.0
        self._rung: dict[int, deque[float]] = {}
        self._wake, self._woken = socket.socketpair()
        self._server = self._listen(0o666 if place.shared else 0o600)
        self._thread = threading.Thread(target=self._hear, name="take-over listener", daemon=True)
        self._thread.start()

    def tell(self, message: Mapping[str, object]) -> None:
        """Tell whoever asked; nothing happens when they are gone."""
        with self._speaking, suppress(OSError):
            self._answered = self._answered or "answer" in message
            if self._asker is not None:
                self._asker.send(encode(dict(message)))

    def close(self) -> None:
        """Hear nobody any more; whoever asked sees the line end."""
        with suppress(OSError):
            os.unlink(self._name, dir_fd=self._folder)
        self._wake.close()
        self._thread.join(5)
        self._woken.close()
        if self._server is not None:
            self._server.close()
        self._hang_up()
        os.close(self._folder)

    def _listen(self, mode: int) -> socket.socket | None:
        """The socket; None where the file system has none, and then nobody can ask."""
        server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        not_yet = f"{self._name}{_NOT_YET}"
        path = f"/proc/self/fd/{self._folder}/{not_yet}"  # addresses hold 108 bytes; our own descriptor is short
        try:
            with suppress(FileNotFoundError):
                os.unlink(not_yet, dir_fd=self._folder)
            server.bind(path)
            os.chmod(path, mode)  # noqa: PTH101  # pathlib would say the same
            server.listen(4)
            os.rename(not_yet, self._name, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        except OSError:
            server.close()
            return None
        return server

    def _hear(self) -> None:
        lines = JsonLines()
        while True:
            watched = [self._woken, *([self._server] if self._server is not None else [])]
            asker = self._asker
            patience = None if asker is None or self._heard else max(0.0, self._since + SPEAK - time.monotonic())
            ready, _, _ = select.select([*watched, *([asker] if asker is not None else [])], [], [], patience)
            if self._woken in ready:
                return
            if not ready:
                self._hang_up()
            if asker is not None and asker in ready and not self._listen_to(asker, lines):
                self._hang_up()
            if self._server is not None and self._server in ready:
                lines = self._accept(lines)

    def _accept(self, lines: JsonLines) -> JsonLines:
        assert self._server is not None  # noqa: S101  # only called for one that is ready
        try:
            connection, _ = self._server.accept()
        except OSError:
            return lines
        if self._answered:  # whoever had the line knows all there is to know
            self._hang_up()
        if self._asker is not None:
            with connection, suppress(OSError):
                connection.send(encode({"answer": "kept", "why": "Somebody else is asking just now."}))
            return lines
        connection.setblocking(False)
        with self._speaking:
            self._asker = connection
            self._heard = self._answered = False
        self._since = time.monotonic()
        return JsonLines()

    def _listen_to(self, asker: socket.socket, lines: JsonLines) -> bool:
        """Take what came; tells whether the line goes on."""
        try:
            data = asker.recv(65536)
            for message in lines.feed(data):
                if not self._heard:  # a line asks once; what else comes on it is passed over
                    self._heard = True
                    self._hear_out(message, peer_uid(asker))
        except BlockingIOError:
            return True
        except (OSError, ValueError):
            return False
        return bool(data)

    def _hear_out(self, message: Mapping[str, Any], uid: int) -> None:
        now, rung = time.monotonic(), self._rung.setdefault(uid, deque(maxlen=MOST))
        if len(rung) == MOST and now - rung[0] < LATELY:
            self.tell({"answer": "kept", "why": "You asked often just now; talk to them, or ask later."})
            return
        rung.append(now)
        self.tell({"heard": True})
        self._ring(_request(message, uid))

    def _hang_up(self) -> None:
        with self._speaking:
            asker, self._asker = self._asker, None
        if asker is not None:
            asker.close()


def _request(message: Mapping[str, Any], uid: int) -> TakeOverRequest:
    def text(name: str) -> str:
        found = message.get(name)
        return plain(found)[:LONGEST] if isinstance(found, str) else ""

    by = HolderCited(
        user=user_name(uid),
        uid=uid,
        host=socket.gethostname(),  # a line of this machine
        session=text("session")[:40],
        procedure=text("procedure")[:200],
    )
    return TakeOverRequest(by, text("reason"))


def ring(place: LocksFolder, session: str) -> socket.socket | None:
    """A line to the wizard of a session; None when nobody hears there.

    Raises:
        RecordProblem: The folder cannot be trusted.
    """
    folder = place.open()
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        line.settimeout(1.0)
        line.connect(f"/proc/self/fd/{folder}/{session}.sock")
    except OSError:
        line.close()
        return None
    finally:
        os.close(folder)
    return line


def sweep(place: LocksFolder) -> None:
    """Remove the sockets of this user's wizards that were killed."""
    with suppress(OSError, UplevelError), os.scandir(place.path) as entries:
        for entry in entries:
            if not entry.name.endswith(".sock") or entry.stat(follow_symlinks=False).st_uid != os.getuid():
                continue
            line = ring(place, entry.name.removesuffix(".sock"))
            if line is None:
                Path(entry.path).unlink()
            else:
                line.close()


def question(session: str, procedure: str, reason: str) -> bytes:
    """The line with which a session is asked for its target."""
    return json.dumps({"session": session, "procedure": procedure, "reason": reason}).encode("ascii") + b"\n"
