"""Reads one progress after the other; see `wizard.measuring`."""

import json
import os
import re
import signal
import socket

from wizard.measuring import LONGEST, percent_in


def main() -> None:
    """Answer each question of standard input, a socket, until the wizard ends. Questions and answers are JSON lines."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(fileno=os.dup(0)) as wizard, wizard.makefile("rb") as questions:
        for line in questions:
            asked = json.loads(line)
            signal.alarm(LONGEST)  # nobody catches it: it ends us, in the middle of a match too
            percent = percent_in(asked["text"], re.compile(asked["pattern"], re.MULTILINE), cut=asked["cut"])
            signal.alarm(0)
            wizard.sendall(json.dumps(percent).encode() + b"\n")


if __name__ == "__main__":
    main()
