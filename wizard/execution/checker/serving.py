"""Answers one check after the other; see `wizard.execution.checker`."""

import socket

from wizard.execution.checker.checking import Checking
from wizard.execution.checker.question import order_from_json, reply_to_json
from wizard.execution.supervisor.link import JsonLines, encode, receive
from wizard.execution.supervisor.processes import adopt_orphans


def answer_checks(wizard: socket.socket) -> None:
    """Read checks and answer each, until the wizard ends."""
    adopt_orphans()
    lines = JsonLines()
    files: list[int] = []
    while True:
        data, beside = receive(wizard)
        if not data:
            return
        files += beside
        for message in lines.feed(data):
            if "argv" in message:
                order, files = order_from_json(message, files), []
                wizard.sendall(encode(reply_to_json(Checking(order, wizard.fileno()).run())))
