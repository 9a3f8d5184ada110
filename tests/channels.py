"""Commands of a sandbox started by hand: behind its fence, and with the channel to its platform."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from wizard.execution.checker import CheckOrder
from wizard.platforms.sdk.carrier import CHANNEL
from wizard.platforms.sdk.client import PlatformProcess
from wizard.platforms.sdk.sandbox import Sandbox


_REPO = Path(__file__).resolve().parents[1]
_BOOT = """
import json, os, sys
sys.path.insert(0, {repo!r})
from wizard.execution.supervisor import confine
given = json.loads(sys.argv[1])
if given["abi"]:
    confine._abi = lambda: given["abi"]
os.dup2(given["channel"], {channel})
os.set_inheritable({channel}, True)
if given["uid"]:
    os.setgroups([]), os.setgid(given["uid"]), os.setuid(given["uid"])
confine.apply(confine.Confinement(tuple(given["write"]), tuple(given["execute"]), tuple(given["connect"])))
os.execve(sys.argv[2], sys.argv[2:], given["env"])
"""

_RUNNING: dict[Path, PlatformProcess] = {}


def platform_process(sandbox: Sandbox) -> PlatformProcess:
    """The process of a sandbox's platform, which ends with the test."""
    return _RUNNING.setdefault(sandbox.folder, PlatformProcess(sandbox.folder))


def close_platforms() -> None:
    """End those that run."""
    while _RUNNING:
        _RUNNING.popitem()[1].close(remove=True)


def start_behind_fence(
    sandbox: Sandbox,
    *words: str,
    env: Mapping[str, str] | None = None,
    uid: int = 0,
    abi: int = 0,
    stdin: int | IO[str] = subprocess.DEVNULL,
    stderr: int = subprocess.STDOUT,
) -> "subprocess.Popen[str]":
    """Start words behind the kernel's fence, with the sandbox's environment.

    Args:
        sandbox: It.
        words: The program's path and what follows.
        env: Variables beside those of the sandbox.
        uid: The user that it runs as; 0 for this one.
        abi: The version of Landlock that it is made to believe in; 0 for the kernel's own.
        stdin: See `Popen`.
        stderr: See `Popen`.
    """
    fence = sandbox.confinement()
    assert fence is not None
    channel = platform_process(sandbox).channel()
    given = {"uid": uid, "abi": abi, "channel": channel, "write": fence.write, "execute": fence.execute}
    given |= {"connect": fence.connect, "env": {**sandbox.env(os.environ), **(env or {})}}
    boot = _BOOT.format(repo=str(_REPO), channel=CHANNEL)
    return subprocess.Popen(
        [str(Path(sys.executable).resolve()), "-IS", "-c", boot, json.dumps(given), *words],
        cwd=sandbox.cwd,
        env={},
        pass_fds=[channel],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=stderr,
        encoding="utf-8",
    )


def check_order(sandbox: Sandbox, words: tuple[str, ...], cwd: str) -> CheckOrder:
    """A check in a sandbox, as a rehearsal has it."""
    channel = platform_process(sandbox).channel()
    return CheckOrder(words, sandbox.env(os.environ), cwd, 30.0, sandbox.confinement(), channel)
