"""Starting a command through sh: an act in the foreground of our terminal, a check in a session of its own."""

import errno
import os
import re
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sh import Command, CommandNotFound, ForkException, RunningCommand

from wizard.execution.supervisor.confine import Confinement, apply


_ERRNO = re.compile(r"\[Errno (\d+)\]")
_NOT_FOUND, _NOT_EXECUTABLE = 127, 126
_SIGNALS = signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}
CHANNEL = 198
"""The number under which a command finds the descriptor that its order gives it."""


class CannotStart(Exception):
    """No program of the order was started.

    Attributes:
        sentence: What is wrong, for the operator; holds no word of the command but its first.
        exit: 127 when there is no such file, else 126, as shells have it.
    """

    def __init__(self, sentence: str, exit_status: int = _NOT_EXECUTABLE) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.exit = exit_status


class Startable(Protocol):
    """What both an act's order and a check's have."""

    @property
    def argv(self) -> tuple[str, ...]: ...

    @property
    def env(self) -> Mapping[str, str]: ...

    @property
    def cwd(self) -> str: ...

    @property
    def confine(self) -> Confinement | None: ...

    @property
    def channel(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Ends:
    """The child's three standard streams, as file descriptors of ours."""

    stdin: int
    stdout: int
    stderr: int


def spawn(what: Startable, ends: Ends, *, terminal: int | None) -> RunningCommand:
    """Fork and exec a command; returns once it was exec'd. Only to be called while there is one thread.

    Args:
        what: What to start. Its channel is the command's from then on: ours is closed.
        ends: Its streams.
        terminal: Our controlling terminal, whose foreground the command becomes; None puts it into its own session.

    Raises:
        CannotStart: It could not be exec'd; no child is left.
    """
    try:
        return _started(what, ends, terminal)
    finally:
        if what.channel is not None:
            os.close(what.channel)


def _started(what: Startable, ends: Ends, terminal: int | None) -> RunningCommand:
    if not os.path.isdir(what.cwd):  # noqa: PTH112  # pathlib raises where we may not look
        raise CannotStart(f"The folder {what.cwd} to run the command in does not exist or cannot be entered.")
    special: dict[str, Any] = {
        "_in": ends.stdin,
        "_out": ends.stdout,
        "_err": ends.stderr,
        "_bg": 1,  # not True: that would make the child ignore a hang-up
        "_bg_exc": False,
        "_new_group": terminal is not None,
        "_new_session": terminal is None,
        "_encoding": "utf-8",
        "_ok_code": range(-64, 256),
        "_env": dict(what.env),
        "_cwd": what.cwd,
        "_pass_fds": set() if what.channel is None else {CHANNEL},
        "_preexec_fn": _preparation(what, terminal),
    }
    try:
        command: RunningCommand = Command(what.argv[0])(*what.argv[1:], **special)
    except CommandNotFound:
        raise _not_a_program(what.argv[0]) from None
    except ForkException as problem:
        # sh hands over the child's traceback as text; the number in it is all that may be repeated.
        raise _failed_exec(what.argv[0], str(problem)) from None
    return command


def _preparation(what: Startable, terminal: int | None) -> Callable[[], None]:
    """What the child does between fork and exec."""

    def prepare() -> None:
        if terminal is not None:
            os.tcsetpgrp(terminal, os.getpgrp())
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        if what.channel is not None:
            os.dup2(what.channel, CHANNEL)
        if what.confine is not None:
            apply(what.confine)

    return prepare


def _not_a_program(path: str) -> CannotStart:
    if not os.path.exists(path):  # noqa: PTH110  # as above
        return CannotStart(f"There is no program {path}.", _NOT_FOUND)
    return CannotStart(f"{path} cannot be executed: it is not a file with execute permission.")


def _failed_exec(path: str, trace: str) -> CannotStart:
    found = _ERRNO.search(trace.rstrip().rpartition("\n")[2])
    if found is None:
        return CannotStart(f"{path} could not be started: the child process could not be prepared.")
    number = int(found[1])
    status = _NOT_FOUND if number == errno.ENOENT else _NOT_EXECUTABLE
    return CannotStart(f"{path} could not be started: {os.strerror(number)}.", status)
