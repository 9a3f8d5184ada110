"""Programs of the lab: started as a user without rights, in an empty environment, and ended with the lab."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from wizard.errors import UplevelError
from wizard.platforms.servers import exec_with_pdeathsig


_NOBODY = 65534
_PATIENCE = 20.0
"""Seconds a server may take to end when it is asked to."""


class LabProblem(UplevelError):
    """A real server of the rehearsal could not be had."""

    title = "A server of this rehearsal does not run"


def server_user() -> int | None:
    """The user that servers run as: oneself (None), or nobody where root starts them, which PostgreSQL refuses."""
    return _NOBODY if os.geteuid() == 0 else None


def hand_over(path: Path) -> None:
    """Let the servers' user own a file or folder."""
    user = server_user()
    if user is not None:
        os.chown(path, user, user, follow_symlinks=False)


def reachable(installed: Path, beside: Path, folder: Path) -> Path:
    """An installation's folder that the servers' user can reach: itself, or a copy in the lab's folder.

    Args:
        installed: The folder that holds `bin`.
        beside: The folder of libraries that its programs find by their own path; it may not exist.
        folder: The lab's folder.
    """
    if server_user() is None or all(path.stat().st_mode & 0o001 for path in (installed, *installed.parents)):
        return installed
    # As deep below the copy's top as the original lies below its own: the programs look there for their libraries.
    top = folder / "programs"
    copy = top / installed.parent.name / installed.name
    if not copy.is_dir():
        shutil.copytree(installed, copy.with_suffix(".next"), symlinks=True)
        copy.with_suffix(".next").rename(copy)
    if beside.is_dir() and not (top / beside.name).is_dir():
        shutil.copytree(beside, top / beside.name, symlinks=True)
    for path in (top, *top.rglob("*")):
        hand_over(path)
    return copy


def start(program: Path, *words: str, end_by: signal.Signals, folder: Path, log: Path) -> "subprocess.Popen[bytes]":
    """Start a server that ends by a signal when this thread does.

    Args:
        program: What is started.
        words: Its words.
        end_by: The signal that it gets when nobody is left who started it.
        folder: Where it works; HOME too.
        log: Where what it prints goes.

    Raises:
        OSError: It cannot be started.
    """
    user = server_user()
    with log.open("ab") as printed:
        hand_over(log)
        return subprocess.Popen(
            [
                *(sys.executable, "-I", "-S", exec_with_pdeathsig.__file__),
                *("" if user is None else str(user), str(int(end_by)), str(program), *words),
            ],
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=printed,
            cwd=folder,
            start_new_session=True,
        )


def call(program: Path, *words: str, folder: Path) -> None:
    """Run a program of an installation to its end, as the servers' user.

    Raises:
        LabProblem: It failed, or took longer than two minutes.
    """
    log = folder / "calls.log"
    process = start(program, *words, end_by=signal.SIGKILL, folder=folder, log=log)
    try:
        code = process.wait(120)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        code = -1
    if code != 0:
        raise LabProblem(f"{program.name} ended with {code}: {last_line(log) or 'it said nothing'}.")


def end(process: "subprocess.Popen[bytes]", politely: signal.Signals) -> None:
    """End a server: as it likes to be asked, and by force when it takes too long."""
    if process.poll() is not None:
        return
    process.send_signal(politely)
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def await_answer(
    server: "subprocess.Popen[bytes]", ask: Callable[[], None], refusal: type[Exception], *, seconds: float
) -> None:
    """Ask a server that is starting until it answers.

    Args:
        server: Its process.
        ask: Raises a refusal while there is no answer.
        refusal: The kind of exception that means one.
        seconds: How long.

    Raises:
        Exception: The last refusal: the server ended, or took too long.
    """
    until = time.monotonic() + seconds
    while True:
        try:
            return ask()
        except refusal:
            if server.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.02)


def last_line(log: Path) -> str:
    """What was written to a log last; empty when nothing was."""
    said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return said[-1] if said else ""


def _environment(folder: Path) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "HOME": str(folder), "LC_ALL": "C", "TZ": "UTC"}
