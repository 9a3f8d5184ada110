"""Whoever asks for a target may be anybody on the machine: they are heard, and no more than that."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.another import open_folder
from tests.conftest import until
from wizard.engine import takeover_listener
from wizard.engine.take_over import TakeOverThread
from wizard.engine.takeover_listener import MOST, TakeOverListener, TakeOverRequest, question, ring
from wizard.record.locks import LocksFolder


SESSION = "01JD0000000000000000000000"


class Door:
    """A doorbell and who rang it."""

    def __init__(self) -> None:
        self.place = LocksFolder(open_folder(), shared=False)
        self.rung: list[TakeOverRequest] = []
        self.bell = TakeOverListener(self.place, SESSION, self.rung.append)
        self.lines: list[socket.socket] = []

    def connect(self) -> socket.socket:
        line = ring(self.place, SESSION)
        assert line is not None
        line.settimeout(10)
        self.lines.append(line)
        return line

    def ask(self, reason: str) -> socket.socket:
        line = self.connect()
        with suppress(BrokenPipeError):  # it may be refused before
            line.sendall(question("01OTHER", "Another", reason))
        return line

    def close(self) -> None:
        for line in self.lines:
            line.close()
        self.bell.close()


def heard(line: socket.socket) -> dict[str, object]:
    data = b""
    while not data.endswith(b"\n"):
        more = line.recv(4096)
        if not more:
            return {}
        data += more
    found: dict[str, object] = json.loads(data.splitlines()[-1])
    return found


@pytest.fixture
def door() -> Iterator[Door]:
    made = Door()
    yield made
    made.close()


def test_whoever_asks_again_and_again_is_heard_a_few_times(door: Door) -> None:
    for number in range(MOST):
        line = door.ask(str(number))
        assert heard(line) == {"heard": True}
        line.close()
        until(lambda: door.bell._asker is None)
    for _ in range(20):
        line = door.ask("again")
        assert heard(line)["answer"] == "kept"
        line.close()
        until(lambda: door.bell._asker is None)
    assert [wanted.reason for wanted in door.rung] == [str(number) for number in range(MOST)]
    assert {wanted.by.uid for wanted in door.rung} == {os.getuid()}


def test_who_has_the_line_and_says_nothing_is_hung_up_on(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(takeover_listener, "SPEAK", 0.2)
    silent = door.connect()
    assert heard(silent) == {}
    assert heard(door.ask("it burns")) == {"heard": True}


def test_who_was_answered_and_stays_on_the_line_keeps_nobody_away(door: Door) -> None:
    first = door.ask("one")
    assert heard(first) == {"heard": True}
    assert heard(door.ask("two"))["why"] == "Somebody else is asking just now."
    door.bell.tell({"answer": "kept", "why": "no"})
    assert heard(first)["why"] == "no"
    assert heard(door.ask("three")) == {"heard": True}
    assert heard(first) == {}


@pytest.mark.parametrize("line", [b"[" * 60_000, b"\xff\xfe", b"1e999", b"{}", b'{"reason": "\\ud800", "session": 7}'])
def test_what_they_say_may_be_anything(door: Door, line: bytes) -> None:
    door.connect().sendall(line + b"\n")
    until(lambda: bool(door.rung) or line[:1] != b"{")
    for wanted in door.rung:
        wanted.by.model_dump_json()
        wanted.reason.encode()
    door.lines[0].close()
    until(lambda: heard(door.ask("after it")) == {"heard": True})


def test_whoever_is_refused_before_they_spoke_hears_why_and_ends_nobody(door: Door) -> None:
    ours, theirs = socket.socketpair()
    theirs.sendall(b'{"answer":"kept","why":"Somebody else is asking just now."}\n')
    theirs.close()
    asking = TakeOverThread(door.place, "lock", Path(SESSION), b"{}\n", news=lambda: None, patience=1.0)
    assert asking._converse(ours) == ("kept", "Somebody else is asking just now.")
    ours.close()
