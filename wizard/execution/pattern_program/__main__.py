"""Reads one progress after the other, and tries searches; see `wizard.execution.pattern_program`."""

import json
import os
import re
import resource
import signal
import socket

from wizard.execution.pattern_program import LONGEST, LONGEST_SEARCH, percent_in


def main() -> None:
    """Answer each question of standard input, a socket, until the wizard ends. Questions and answers are JSON lines."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a text may hold a secret
    with socket.socket(fileno=os.dup(0)) as wizard, wizard.makefile("rb") as questions:
        for line in questions:
            asked = json.loads(line)
            if "searches" in asked:
                _search(asked["searches"], asked["texts"], wizard)
                continue
            signal.alarm(LONGEST)  # nobody catches it: it ends us, in the middle of a match too
            percent = percent_in(asked["text"], re.compile(asked["pattern"], re.MULTILINE), cut=asked["cut"])
            signal.alarm(0)
            wizard.sendall(json.dumps(percent).encode() + b"\n")


def _search(searches: list[tuple[str, int]], texts: list[str], wizard: socket.socket) -> None:
    """Make each search, and answer with a byte when it has ended; what was found is the wizard's own to see."""
    for pattern, text in searches:
        signal.setitimer(signal.ITIMER_PROF, LONGEST_SEARCH)  # nobody catches it either
        re.compile(pattern, re.MULTILINE).search(texts[text])
        signal.setitimer(signal.ITIMER_PROF, 0)
        wizard.sendall(b".")


if __name__ == "__main__":
    main()
