"""Starts a program that ends when whoever started it ends, as another user where that is wanted.

A file of its own, run by its path: `python -IS tied.py UID SIGNAL PROGRAM WORD...`. UID is empty for one's own. The
signal comes when the thread that started this process is over, which no SIGKILL can prevent.
"""

import ctypes
import os
import sys


_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Become the program."""
    parent = os.getppid()
    user, signal, program = sys.argv[1:4]
    if user:
        os.setgroups([])
        os.setresgid(int(user), int(user), int(user))
        os.setresuid(int(user), int(user), int(user))
    # Behind the change of user, which forgets it.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
    os.execv(program, [program, *sys.argv[4:]])  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main()
