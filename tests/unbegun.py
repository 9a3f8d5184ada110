"""Wizards that are killed while they open a session, each at another of the system calls that make it."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests import forked


WIZARD = """
import json, os, signal, sys
from tests.conftest import prepared
from wizard.engine.opening import open_session

STEPS = '''
format: 1
procedure: p
title: P
phases: [{title: A, steps: [{id: a, title: A, run: 'true'}]}]
'''
NAMES = ("open", "mkdir", "write", "fsync", "fdatasync", "rename", "unlink", "posix_fallocate", "chmod", "fchmod")
armed = [0]

def counted(real):
    def call(*words, **more):
        if armed[0]:
            armed[0] -= 1
            if not armed[0]:
                os.kill(os.getpid(), signal.SIGKILL)
        return real(*words, **more)
    return call

for name in NAMES:
    setattr(os, name, counted(getattr(os, name)))
page = prepared(STEPS)

for number in json.loads(sys.argv[1]):
    pid = os.fork()
    if not pid:
        armed[0] = number
        engine = open_session(page, front_end="none")
        armed[0] = 0
        os._exit(0)
    os.waitpid(pid, 0)
"""


def kill_while_opening(numbers: Sequence[int]) -> None:
    """Open a session for each number, and kill whoever does so at the system call of that number."""
    words = [sys.executable, "-c", WIZARD, json.dumps(list(numbers))]
    forked.run(words, check=True, timeout=600, cwd=Path(__file__).parents[1], stdin=subprocess.DEVNULL)
