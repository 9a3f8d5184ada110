"""Reads one progress after the other, and searches; see `wizard.execution.pattern_program`."""

import json
import os
import re
import resource
import signal
import socket

from wizard.execution.pattern_program import LONGEST, LONGEST_SEARCH, percent_in
from wizard.fields.regex import Spans, spans_of


def main() -> None:
    """Answer each question of standard input, a socket, until the wizard ends. Questions and answers are JSON lines."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a text may hold a secret
    with socket.socket(fileno=os.dup(0)) as wizard, wizard.makefile("rb") as questions:
        text = ""
        for line in questions:
            asked = json.loads(line)
            text = asked.get("text", text)
            if "search" in asked:
                answer: object = _spans(asked["search"], text)
            else:
                answer = _percent(asked["pattern"], text, cut=asked["cut"])
            wizard.sendall(json.dumps(answer).encode() + b"\n")


def _spans(pattern: str, text: str) -> Spans | None:
    signal.setitimer(signal.ITIMER_PROF, LONGEST_SEARCH)  # nobody catches it: it ends us, in the middle of a match too
    spans = spans_of(pattern, text)
    signal.setitimer(signal.ITIMER_PROF, 0)
    return spans


def _percent(pattern: str, text: str, *, cut: bool) -> float | None:
    signal.alarm(LONGEST)
    percent = percent_in(text, re.compile(pattern, re.MULTILINE), cut=cut)
    signal.alarm(0)
    return percent


if __name__ == "__main__":
    main()
