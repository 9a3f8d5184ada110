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
from pathlib import Path
from typing import Any

import pexpect
from ptyprocess import PtyProcess  # type: ignore[import-untyped]

from tests.fork_server import Order, can_fork


_ROOT = Path(__file__).resolve().parents[1]
_AS_IT_IS = ("LANG", "LC_", "PYTHON", "TEXTUAL_", "ESCDELAY", "TERM_PROGRAM")
_NO_MATTER = ("PYTHONPATH", "PYTHONUTF8", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE")
_server: "_Server | None" = None


class _Server:
    """The process that forks."""

    def __init__(self) -> None:
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.fork_server"],
                cwd=_ROOT,
                env={**os.environ, "PYTHONUTF8": "1"},
                stdin=theirs.fileno(),
            )
        atexit.register(self.close)

    def fork(self, order: Order, descriptors: Mapping[int, int]) -> int:
        """Have a program started.

        Args:
            order: What it is.
            descriptors: Of this process, by the numbers it is to have them under.

        Returns:
            Its process id.
        """
        words = json.dumps({**order, "descriptors": [*descriptors]}).encode()
        socket.send_fds(self._orders, [words], [*descriptors.values()])
        return int(self._orders.recv(20))

    def close(self) -> None:
        self._orders.close()
        self._process.wait()


def _fork(
    argv: Sequence[str],
    env: Mapping[str, str],
    descriptors: Mapping[int, int],
    *,
    cwd: str,
    session: bool,
    terminal: bool = False,
) -> int:
    global _server  # noqa: PLW0603 - one for each process of tests, begun when first used
    if _server is None:
        _server = _Server()
    code, words = (argv[2], ["-c", *argv[3:]]) if argv[1] == "-c" else (Path(argv[1]).read_text(), [*argv[1:]])
    surroundings = {"env": {**env}, "cwd": cwd, "session": session, "terminal": terminal}
    return _server.fork({"code": code, "argv": words, **surroundings}, descriptors)


def _can(argv: Sequence[str], env: Mapping[str, str]) -> bool:
    """Whether this is a program of Python that would start as the server did."""
    if not can_fork() or len(argv) < 2 or argv[0] != sys.executable:
        return False
    if argv[1] != "-c" and not argv[1].endswith(".py"):
        return False
    names = [name for name in {*env, *os.environ} if name.startswith(_AS_IT_IS) and name not in _NO_MATTER]
    return env.get("PYTHONUTF8", "1") == "1" and all(env.get(name) == os.environ.get(name) for name in names)


class Popen(subprocess.Popen[Any]):
    """As `subprocess.Popen`."""

    def _execute_child(self, args: Any, *how: Any) -> None:
        executable, preexec_fn, close_fds, pass_fds, cwd, env, _, _, _, *pipes = how[:15]
        new_session, process_group = how[-2:]
        argv = [] if isinstance(args, str | bytes) else [*map(os.fsdecode, args)]
        if env is None:
            env = os.environ
        if executable or preexec_fn or not close_fds or process_group not in {-1, None} or not _can(argv, env):
            super()._execute_child(args, *how)  # type: ignore[misc]
            return
        ends = {0: pipes[0], 1: pipes[3], 2: pipes[5], **{number: number for number in pass_fds}}
        descriptors = {number: given if given >= 0 else number for number, given in ends.items()}
        self.pid = _fork(argv, env, descriptors, cwd=os.fspath(cwd or Path.cwd()), session=new_session)
        self._child_created = True
        self._close_pipe_fds(*pipes)  # type: ignore[attr-defined]


def run(args: "Sequence[str | Path]", **how: Any) -> "subprocess.CompletedProcess[Any]":
    """As `subprocess.run`."""
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
    """As `pexpect.spawn`."""

    def _spawnpty(self, args: "list[str | bytes]", **how: Any) -> PtyProcess:
        argv, env = [*map(os.fsdecode, args)], how["env"] if how["env"] is not None else os.environ
        if how["preexec_fn"] is not None or not how["echo"] or not _can(argv, env):
            return super()._spawnpty(args, **how)  # type: ignore[misc]
        ours, theirs = pty.openpty()
        process = PtyProcess(0, ours)
        process.setwinsize(*how.get("dimensions", (24, 80)))
        try:
            place = os.fspath(how["cwd"] or Path.cwd())
            process.pid = _fork(argv, env, dict.fromkeys(range(3), theirs), cwd=place, session=True, terminal=True)
        finally:
            os.close(theirs)
        return process
