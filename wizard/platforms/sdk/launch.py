"""What a launcher runs: one pretend command as a process, on the world that belongs to its sandbox."""

from __future__ import annotations

import os
import signal
import sys
import time

from wizard.platforms.digitalmarketplace import tools
from wizard.platforms.sdk import store, tunnel_client
from wizard.platforms.sdk.invocation import TUNNEL_ENDED, WorkDir


TYPE_CHECKING = False
if TYPE_CHECKING:
    from wizard.platforms.digitalmarketplace.world import EstateWorld
    from wizard.platforms.sdk.invocation import InvocationResult

SPEED = "REHEARSAL_SPEED"
"""The variable that says how many world seconds pass on the screen in one; without it nothing dwells."""

_INTERRUPTED = 130
_NO_WORLD = 70
_LONGEST_DWELL = 5.0
_LOOK_AGAIN = 0.5
"""Seconds between two looks of a command that follows what happens."""


def main(world: str, tool: str) -> None:
    """Answer the command line of this process and end it.

    Args:
        world: The folder of the world.
        tool: The pretend command's name.
    """
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]
    try:
        _talk(world, tool)
    except store.DAMAGED as problem:
        sys.stderr.write(f"{tool}: the pretend platform of this rehearsal cannot be used ({problem}).\n")
        sys.stderr.flush()
        os._exit(_NO_WORLD)


def _talk(world: str, tool: str) -> None:
    """Answer, and ask again with each line that the person types, until the command ends."""
    typed: list[str] = []
    said, closed, cursor = 0, False, ""
    while True:
        answer = _answer(world, [tool, *sys.argv[1:]], typed, closed=closed, cursor=cursor)
        if answer.way is not None:
            _say(answer, said)
            said, cursor = (
                len(answer.pieces),
                f"{TUNNEL_ENDED}{tunnel_client.hold_open(answer.world.lab, answer.way)}",
            )
            continue
        if answer.code is None and answer.cursor is None:
            # From before the prompt is seen on: Ctrl-C at a prompt exits 130 as the real CLI does.
            signal.signal(signal.SIGINT, lambda *_: os._exit(_INTERRUPTED))
        _say(answer, said)
        if answer.cursor is not None:
            cursor = answer.cursor
            time.sleep(_LOOK_AGAIN)
            continue
        if answer.code is not None:
            sys.stdout.flush()
            os._exit(answer.code)
        said = len(answer.pieces)
        line = _line()
        closed = line is None
        typed.extend([] if line is None else [line])


def _answer(
    folder: str, words: list[str], typed: list[str], *, closed: bool, cursor: str
) -> InvocationResult[EstateWorld]:
    """Play the command. Nothing is held while a person thinks: it is played again from its start with their line."""
    answers: list[InvocationResult[EstateWorld]] = []
    place = WorkDir(".", os.path.dirname(folder))  # noqa: PTH120 - a launcher does not load pathlib

    def deed(before: EstateWorld) -> EstateWorld | None:
        answers.append(tools.play(before, words, os.environ, typed, closed=closed, place=place, cursor=cursor))
        return answers[0].world if answers[0].kept else None

    store.change(folder, deed)
    return answers[0]


def _say(answer: InvocationResult[EstateWorld], already_said: int) -> None:
    speed = float(os.environ.get(SPEED, "0"))
    for piece in answer.pieces[already_said:]:
        if speed > 0 and piece.seconds:
            sys.stdout.flush()
            time.sleep(min(piece.seconds / speed, _LONGEST_DWELL))
        stream = sys.stdout if piece.stream == 1 else sys.stderr
        stream.write(piece.text)
        if piece.stream != 1:
            stream.flush()
    sys.stdout.flush()


def _line() -> str | None:
    """A line from the terminal or pipe; None at its end."""
    line = sys.stdin.readline()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return line.rstrip("\r\n") if line else None
