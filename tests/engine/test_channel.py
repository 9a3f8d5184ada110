"""A descriptor that an order gives its command: inherited under a fixed number, inside the fence too."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from wizard.execution.runner import CheckOrder, EndedNotice, RefusedNotice
from wizard.execution.supervisor.confine import Confinement, supported
from wizard.execution.supervisor.spawn import CHANNEL
from wizard.record.events import RunStarted


ENV = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
ASKS = f'read line <&{CHANNEL}; bash -c \'echo "grandchild says $1" >&{CHANNEL}\' bash "$line"; echo told'
IS_OPEN = f"if test -e /proc/$$/fd/{CHANNEL}; then echo open; else echo closed; fi"
FENCE = Confinement(write=(), execute=("/bin", "/usr/bin", "/lib", "/lib64", "/usr/lib"))
CONFINED = pytest.mark.skipif(not supported(), reason="the kernel has no Landlock")


@pytest.fixture(params=[pytest.param(None, id="free"), pytest.param(FENCE, id="confined", marks=CONFINED)])
def fence(request: pytest.FixtureRequest) -> Confinement | None:
    found: Confinement | None = request.param
    return found


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Ours, with a line in it for the command, and the command's."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(10)
        ours.sendall(b"hello\n")
        yield ours, theirs


def heard_to_the_end(ends: tuple[socket.socket, socket.socket]) -> bytes:
    """What the command said; its end shows that nobody else keeps the channel open."""
    ours, theirs = ends
    theirs.close()
    said = b""
    while data := ours.recv(4096):
        said += data
    return said


def test_a_command_and_what_it_starts_use_the_channel(
    desk: Any, ends: tuple[socket.socket, socket.socket], fence: Confinement | None
) -> None:
    following = desk.begin(desk.bash(f"{ASKS}; exec {CHANNEL}>&-; read line", confine=fence, channel=ends[1].fileno()))
    following.shows(b"told\n")
    assert heard_to_the_end(ends) == b"grandchild says hello\n"
    desk.runner.send_keys(following.run, b"\n")
    assert following.wait(EndedNotice).report.exit == 0


def test_a_check_and_what_it_starts_use_the_channel(
    desk: Any, ends: tuple[socket.socket, socket.socket], fence: Confinement | None
) -> None:
    words = ("/bin/bash", "-c", ASKS)
    reply = desk.runner.check(CheckOrder(words, ENV, "/", 10.0, fence, channel=ends[1].fileno()))
    assert (reply.stdout, reply.exit) == (b"told\n", 0)
    assert heard_to_the_end(ends) == b"grandchild says hello\n"
    assert desk.runner.check(CheckOrder(("/bin/bash", "-c", IS_OPEN), ENV, "/", 10.0)).stdout == b"closed\n"


def test_a_channel_that_a_check_could_not_start_with_is_let_go(
    desk: Any, ends: tuple[socket.socket, socket.socket]
) -> None:
    ends[1].recv(6)
    reply = desk.runner.check(CheckOrder(("/bin/true",), ENV, "/no/such/folder", 10.0, channel=ends[1].fileno()))
    assert reply.problem is not None
    assert heard_to_the_end(ends) == b""


def test_both_descriptors_of_an_order_arrive_each_in_its_place(
    desk: Any, ends: tuple[socket.socket, socket.socket], tmp_path: Path
) -> None:
    held = tmp_path / "held"
    with held.open("w") as file:
        order = desk.bash(f"{ASKS}; read line", holds=file.fileno(), channel=ends[1].fileno())
        following, started = desk.started(order)
    following.shows(b"told\n")
    links = [each.readlink() for each in Path(f"/proc/{started.supervisor}/fd").iterdir()]
    assert held in links
    desk.runner.send_keys(following.run, b"\n")
    following.wait(EndedNotice)
    assert heard_to_the_end(ends) == b"grandchild says hello\n"


def test_without_a_channel_the_number_is_closed(desk: Any) -> None:
    following, _ = desk.run(desk.bash(IS_OPEN))
    assert following.output == b"closed\n"


def test_what_the_supervisor_holds_is_free_once_the_end_is_told(desk: Any) -> None:
    for _ in range(20):
        ours, theirs = socket.socketpair()
        with ours:
            following = desk.begin(desk.bash("read line", holds=theirs.fileno()))
            following.wait(RunStarted)
            theirs.close()
            desk.runner.send_keys(following.run, b"\n")
            following.wait(EndedNotice)
            ours.setblocking(False)
            assert ours.recv(1) == b"", "somebody still holds the other end"


def test_it_is_free_as_well_once_nothing_was_started(desk: Any) -> None:
    for claimed in (True, False):
        ours, theirs = socket.socketpair()
        with ours:
            order = desk.order("/no/such/program", holds=theirs.fileno())
            if claimed:
                (order.folder / "claim").touch()
            following = desk.begin(order)
            following.wait(RefusedNotice)
            theirs.close()
            ours.setblocking(False)
            assert ours.recv(1) == b"", "somebody still holds the other end"
