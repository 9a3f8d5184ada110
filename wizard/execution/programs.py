"""Starting programs of our own, without forking while threads are alive."""

import socket
import subprocess
import sys
import threading
from dataclasses import dataclass


_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}


@dataclass(frozen=True, slots=True)
class ChildProgram:
    """A program of our own that we started, and the socket that is its standard input."""

    process: "subprocess.Popen[bytes]"
    connection: socket.socket

    def end(self, seconds: float = 2.0) -> None:
        """Hang up and wait for it to end by itself; kill it if it does not."""
        self.connection.close()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def let_go(self) -> None:
        """Hang up and leave it running: it may outlive us by design. A thread waits for its end while we live."""
        self.connection.close()
        threading.Thread(target=self.process.wait, name=f"waits for {self.process.pid}", daemon=True).start()


def start_program(module: str) -> ChildProgram:
    """Start `python -m MODULE` in a session of its own, with nothing of our environment.

    Raises:
        OSError: No process could be started.
    """
    ours, theirs = socket.socketpair()
    try:
        process = subprocess.Popen(
            [sys.executable, "-E", "-P", "-m", module],
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_ENVIRONMENT,
            cwd="/",
            start_new_session=True,
        )
    except OSError:
        ours.close()
        raise
    finally:
        theirs.close()
    return ChildProgram(process, ours)
