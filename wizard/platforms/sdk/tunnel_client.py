"""A way to the rehearsal's real servers, held by the process that asked for it: it closes when that is over."""

from __future__ import annotations

import json
import os
import signal
import sys


TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket

    from wizard.platforms.sdk.invocation import Tunnel
    from wizard.platforms.sdk.world import Json
    from wizard.platforms.servers.world import LabFacts

LAB = "pip install 'uplevel-wizard[lab]'"
"""What brings real servers into rehearsals."""

_FAILED, _NOT_FOUND = 1, 127
_PATIENCE = 30.0


class TunnelRefused(Exception):
    """The lab opens no such way; why, as a sentence."""


def hold_open(lab: LabFacts, way: Tunnel) -> int:
    """Open a way and stay until its command has ended, or the way is cut.

    Args:
        lab: Where the lab is.
        way: What is wanted.

    Returns:
        The exit code of the command; 1 where there is none, for a way ends by being cut.
    """
    try:
        line, port = ask(lab, way.request)
    except TunnelRefused as refused:
        sys.stderr.write(f"{refused}\n")
        sys.stderr.flush()
        return _FAILED
    with line:
        sys.stdout.write(way.told.replace("{port}", str(port)))
        sys.stdout.flush()
        if way.command:
            return _run(way, port)
        line.settimeout(None)
        line.recv(1)
    return _FAILED


def ask(lab: LabFacts, request: Json) -> tuple[socket.socket, int]:
    """Ask the lab for a way.

    Returns:
        The line that keeps it open, and the local port of a conduit (0 for tunnels).

    Raises:
        TunnelRefused: There is none, or the lab cannot be reached.
    """
    import socket

    try:
        line = socket.create_connection(("127.0.0.1", lab.control), _PATIENCE)
        line.sendall(json.dumps({**request, "token": lab.token}).encode() + b"\n")
        answer = json.loads(line.makefile("r", encoding="utf-8").readline())
    except (OSError, ValueError, KeyError) as problem:
        raise TunnelRefused(
            f"The real servers of this rehearsal cannot be reached ({type(problem).__name__})."
        ) from None
    if "problem" in answer:
        line.close()
        raise TunnelRefused(str(answer["problem"]))
    return line, int(answer.get("port", 0))


def _run(way: Tunnel, port: int) -> int:
    import subprocess

    given = {name: value.replace("{port}", str(port)) for name, value in way.environment.items()}
    # The command hears Ctrl-C too, and its end is ours. A handler, because what is ignored stays so in the command.
    signal.signal(signal.SIGINT, lambda *_: None)
    try:
        process = subprocess.Popen(way.command, env={**os.environ, **given})
    except OSError as problem:
        sys.stderr.write(f"{way.command[0]}: {problem.strerror}\n")
        return _NOT_FOUND
    code = process.wait()
    return code if code >= 0 else 128 - code
