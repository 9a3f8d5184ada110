"""The lab of one rehearsal: ends when the wizard says so or is gone, whatever became of it."""

import json
import select
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path

from wizard.errors import UplevelError
from wizard.platforms.digitalmarketplace.lab import EstateLab
from wizard.platforms.servers.reconciler import Reconciler


_TICK = 0.02
"""Seconds between two looks at the world's file."""


def main() -> None:
    """Serve the rehearsal whose folder stands in the first line of standard input."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    wizard = socket.socket(fileno=0)
    order = json.loads(_line(wizard))
    try:
        reconciler = Reconciler(Path(order["sandbox"]), EstateLab())
        reconciler.open()
    except (UplevelError, OSError) as problem:
        _say(wizard, {"problem": str(problem)})
        return
    _say(wizard, {"ready": True})
    said = ""
    try:
        said = _serve(reconciler, wizard)
    finally:
        reconciler.close(remove=said == "remove")
        _say(wizard, {"ended": True})


def _serve(reconciler: Reconciler, wizard: socket.socket) -> str:
    """Look and answer, until the wizard has had enough.

    Returns:
        Its last word; empty when it is gone.
    """
    while True:
        if not select.select([wizard], [], [], _TICK)[0]:
            reconciler.look()
            continue
        line = _line(wizard)
        word = str(json.loads(line)) if line else ""
        if word != "report":
            return word
        _say(wizard, reconciler.report())


def _say(wizard: socket.socket, answer: object) -> None:
    with suppress(OSError):
        wizard.sendall(json.dumps(answer).encode() + b"\n")


def _line(wizard: socket.socket) -> str:
    """A line, or what came before the other end was gone."""
    text = b""
    while not text.endswith(b"\n"):
        try:
            piece = wizard.recv(4096)
        except OSError:
            piece = b""
        if not piece:
            break
        text += piece
    return text.decode()


if __name__ == "__main__":
    main()
