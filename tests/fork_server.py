"""A Python with uplevel imported that forks itself for each program of a test; see `forked`.

It reads orders from the socket on its standard input, each with the descriptors of the program to come, and answers
with a process id. The programs are children of whoever started it, who can wait for them as for any other.
"""

import atexit
import ctypes
import gc
import importlib
import io
import itertools
import json
import os
import pkgutil
import platform
import signal
import socket
import sys
import termios
import threading
from collections.abc import Callable
from fcntl import ioctl
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn


_CLONE_PARENT = 0x8000
_CLONE = {"x86_64": 56, "aarch64": 220}

Order = dict[str, Any]


def can_fork() -> bool:
    """Whether this machine's fork is known."""
    return platform.machine() in _CLONE and sys.platform == "linux"


def _import_all() -> None:
    for name in ("wizard", "screens"):
        package = importlib.import_module(name)
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not found.name.startswith("wizard.platforms.") and not found.name.endswith("__main__"):
                importlib.import_module(found.name)


def _fork_for_our_parent() -> int:
    python, libc = ctypes.pythonapi, ctypes.PyDLL(None)
    python.PyOS_BeforeFork()
    pid = int(libc.syscall(_CLONE[platform.machine()], _CLONE_PARENT | signal.SIGCHLD, 0, 0, 0, 0))
    if pid:
        python.PyOS_AfterFork_Parent()
    else:
        python.PyOS_AfterFork_Child()
    return pid


def serve(orders: socket.socket) -> Order | None:
    """Fork until nobody orders any more: None then; in each fork what it is to do, its surroundings made."""
    while True:
        words, descriptors, _, _ = socket.recv_fds(orders, 1 << 20, 64)
        if not words:
            return None
        order: Order = json.loads(words)
        pid = _fork_for_our_parent()
        if not pid:
            orders.close()
            _take(order, descriptors)
            return order
        for descriptor in descriptors:
            os.close(descriptor)
        orders.send(str(pid).encode())


def _take(order: Order, descriptors: list[int]) -> None:
    """Make the fork what a process with this order would find itself to be."""
    wanted = dict(zip(order["descriptors"], descriptors, strict=True))
    floor = max([*wanted, *descriptors, 2]) + 1
    for number, given in wanted.items():
        os.dup2(given, floor + number)
    for number in wanted:
        os.dup2(floor + number, number, inheritable=True)
    for number in {0, 1, 2} - set(wanted):
        os.close(number)
    kept = sorted([*wanted, os.sysconf("SC_OPEN_MAX")])
    for below, above in itertools.pairwise([-1, *kept]):
        if above - below > 1:
            os.closerange(below + 1, above)
    if order["session"]:
        os.setsid()
    if order["terminal"]:
        ioctl(0, termios.TIOCSCTTY, 0)
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        stream = _opened(number, getattr(sys, name)) if number in wanted else None
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _opened(number: int, like: io.TextIOWrapper) -> io.TextIOWrapper:
    """A standard stream as Python opens it.

    Args:
        number: Of the descriptor.
        like: The same stream of this Python when it started, for the encoding.
    """
    raw = open(number, "wb" if number else "rb", closefd=False)  # noqa: SIM115 - it lives as long as the program
    lines = number == 2 or os.isatty(number)
    unbuffered = number > 0 and bool(os.environ.get("PYTHONUNBUFFERED"))
    return io.TextIOWrapper(raw, like.encoding, like.errors, line_buffering=lines, write_through=unbuffered)


def _run(order: Order) -> None:
    """Run the program as the main one of this process."""
    main = sys.modules["__main__"] = ModuleType("__main__")
    main.__dict__.update(__builtins__=__builtins__)
    sys.argv, name = order["argv"], order["argv"][0]
    folder = ""
    if name != "-c":
        main.__file__, folder = name, str(Path(name).parent)
    sys.path.insert(0, folder)
    exec(compile(order["code"], "<string>" if name == "-c" else name, "exec"), main.__dict__)


def _status_of(program: Callable[[], None]) -> int:
    """Run a program and tell how Python would end: its exit status, or minus a signal."""
    try:
        program()
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        sys.stderr.write(f"{end.code}\n")
    except BaseException as problem:  # noqa: BLE001 - the outermost edge of a program
        sys.excepthook(type(problem), problem, problem.__traceback__)
        return -signal.SIGINT if isinstance(problem, KeyboardInterrupt) else 1
    else:
        return 0
    return 1


def _finish(status: int) -> NoReturn:
    """Do what Python does when a program is over, but for taking a hundred modules apart, which takes 60 ms."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None and not stream.closed:
                stream.flush()
        except OSError as problem:
            sys.stderr.write(f"Exception ignored in: {problem}\n")
            status = 120
    if status < 0:
        signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    os._exit(status & 0xFF)


def _restore_signals() -> None:
    """Heed every signal as a program that a person starts, whatever the test that came first did with them."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGQUIT, signal.SIGTSTP, signal.SIGWINCH):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


if __name__ == "__main__":
    _restore_signals()
    _import_all()
    gc.collect()
    gc.freeze()  # what is here now is shared by all forks for as long as nobody touches it
    order = serve(socket.socket(fileno=0))
    if order is not None:
        _finish(_status_of(partial(_run, order)))
