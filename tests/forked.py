"""Programs of Python for tests, started as `subprocess` and `pexpect` do, but forked with uplevel imported.

A start of uplevel is a second of imports, and tests start it many hundred times. What is started here is a process of
its own in every way; only how it came to its modules differs. A program whose environment changes how Python itself
starts, and one that is no `[sys.executable, "-c", ...]` or `[sys.executable, FILE, ...]`, is really started.
"""

import atexit
import json
import os
import pty
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pexpect
from ptyprocess import PtyProcess  # type: ignore[import-untyped]

from tests.fork_server import can_fork


_ROOT = Path(__file__).resolve().parents[1]
_AS_IT_IS = ("LANG", "LC_", "PYTHON", "TEXTUAL_", "ESCDELAY", "TERM_PROGRAM")
_NO_MATTER = ("PYTHONPATH", "PYTHONUTF8", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE")


class Server:
    """The process that forks.

    Args:
        root: The checkout whose uplevel it imports.
        python: Its interpreter.
    """

    def __init__(self, root: Path = _ROOT, python: str = sys.executable) -> None:
        self.python = python
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [python, "-m", "tests.fork_server"],
                cwd=root,
                env={**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(root)},
                stdin=theirs.fileno(),
            )

    def can_start(self, argv: Sequence[str], env: Mapping[str, str]) -> bool:
        """Whether this is a program of Python that would start as the server did."""
        if not can_fork() or not argv or argv[0] != self.python or _program_of(argv) is None:
            return False
        names = [name for name in {*env, *os.environ} if name.startswith(_AS_IT_IS) and name not in _NO_MATTER]
        return env.get("PYTHONUTF8", "1") == "1" and all(env.get(name) == os.environ.get(name) for name in names)

    def start(
        self,
        argv: Sequence[str],
        env: Mapping[str, str],
        descriptors: Mapping[int, int],
        *,
        cwd: str,
        session: bool,
        terminal: bool = False,
    ) -> int:
        """Start a program.

        Args:
            argv: What it is; see `can_start`.
            env: Its variables.
            descriptors: Of this process, by the numbers it is to have them under.
            cwd: Its folder.
            session: Whether it leads a session of its own.
            terminal: Whether its standard input is its controlling terminal.

        Returns:
            Its process id.
        """
        program = _program_of(argv)
        assert program is not None
        code, words = program
        order = {"code": code, "argv": words, "env": {**env}, "cwd": cwd, "session": session, "terminal": terminal}
        given = json.dumps({**order, "descriptors": [*descriptors]}).encode()
        socket.send_fds(self._orders, [given], [*descriptors.values()])
        return int(self._orders.recv(20))

    def close(self) -> None:
        """End it; what it has started lives on."""
        self._orders.close()
        self._process.wait()


def _program_of(argv: Sequence[str]) -> tuple[str, list[str]] | None:
    """The code and the words of a program of Python; None for anything else."""
    match [*argv[1:]]:
        case ["-P", "-c", code, *words] | ["-c", code, *words]:
            return code, ["-c", *words]
        case [name, *words] if name.endswith(".py"):
            return Path(name).read_text(), [name, *words]
        case _:
            return None


@cache
def _of_this_house() -> Server:
    """The server of this checkout: one for each process of tests, begun when it is first used."""
    server = Server()
    atexit.register(server.close)
    return server


class Popen(subprocess.Popen[Any]):
    """As `subprocess.Popen`.

    Args:
        args: As there.
        server: Forks it; without one, that of this checkout.
        how: As there.
    """

    def __init__(self, args: "Sequence[str | Path]", *, server: Server | None = None, **how: Any) -> None:
        self._server = server or _of_this_house()
        super().__init__([*args], **how)

    def _execute_child(self, args: Any, *how: Any) -> None:
        executable, preexec_fn, close_fds, pass_fds, cwd, env, _, _, _, *pipes = how[:15]
        new_session, process_group = how[-2:]
        argv, env = [*map(os.fsdecode, args)], os.environ if env is None else env
        special = executable or preexec_fn or not close_fds or process_group not in {-1, None}
        if special or not self._server.can_start(argv, env):
            super()._execute_child(args, *how)  # type: ignore[misc]
            return
        ends = {0: pipes[0], 1: pipes[3], 2: pipes[5], **{number: number for number in pass_fds}}
        descriptors = {number: given if given >= 0 else number for number, given in ends.items()}
        place = os.fspath(cwd or Path.cwd())
        self.pid = self._server.start(argv, env, descriptors, cwd=place, session=new_session)
        self._child_created = True
        self._close_pipe_fds(*pipes)  # type: ignore[attr-defined]


def run(args: "Sequence[str | Path]", **how: Any) -> "subprocess.CompletedProcess[Any]":
    """As `subprocess.run`, but that a server may be named."""
    timeout, check = how.pop("timeout", None), how.pop("check", False)
    if how.pop("capture_output", False):
        how.update(stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with Popen([*args], **how) as process:
        try:
            said, errors = process.communicate(timeout=timeout)
        finally:
            process.kill()
    done: subprocess.CompletedProcess[Any] = subprocess.CompletedProcess(args, process.returncode, said, errors)
    if check:
        done.check_returncode()
    return done


class spawn(pexpect.spawn):  # type: ignore[type-arg]  # noqa: N801 - as it is named there
    """As `pexpect.spawn`, but that a server may be named."""

    def __init__(self, command: str, args: "list[str]", *, server: Server | None = None, **how: Any) -> None:
        self._server = server or _of_this_house()
        super().__init__(command, args, **how)

    def _spawnpty(self, args: "list[str | bytes]", **how: Any) -> PtyProcess:
        argv, env = [*map(os.fsdecode, args)], how["env"] if how["env"] is not None else os.environ
        if how["preexec_fn"] is not None or not how["echo"] or not self._server.can_start(argv, env):
            return super()._spawnpty(args, **how)  # type: ignore[misc]
        ours, theirs = pty.openpty()
        process = PtyProcess(0, ours)
        process.setwinsize(*how.get("dimensions", (24, 80)))
        try:
            place = os.fspath(how["cwd"] or Path.cwd())
            descriptors = dict.fromkeys(range(3), theirs)
            process.pid = self._server.start(argv, env, descriptors, cwd=place, session=True, terminal=True)
        finally:
            os.close(theirs)
        return process
