"""Answers one check after the other; see `wizard.execution.checker`."""

import os
import signal
import socket

from wizard.execution.checker.checking import Checking
from wizard.execution.checker.question import order_from_json, reply_to_json
from wizard.execution.supervisor import crash
from wizard.execution.supervisor.link import JsonLines, encode, receive
from wizard.execution.supervisor.processes import adopt_orphans, close_memory


def main() -> None:
    """Read checks from standard input and answer each, until the wizard ends."""
    crash.install()
    close_memory()
    adopt_orphans()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    wizard = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    lines = JsonLines()
    files: list[int] = []
    while True:
        data, beside = receive(wizard)
        if not data:
            os._exit(0)
        files += beside
        for message in lines.feed(data):
            if "argv" in message:
                order, files = order_from_json(message, files), []
                wizard.sendall(encode(reply_to_json(Checking(order, wizard.fileno()).run())))


if __name__ == "__main__":
    main()
