"""`ports: {tunnel: free}`: a free local port, chosen when a session is opened and the same in it from then on."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.conftest import Opener
from wizard.cli.commands import uplevel
from wizard.engine import Request, prepare
from wizard.engine.messages import Remark
from wizard.errors import UsageProblem
from wizard.model.library import find
from wizard.model.reading import ProcedureProblem, parse_procedure, read_procedure
from wizard.places.ports import NoPort, Ports, is_free


TEXT = """
format: 1
procedure: tunnel
title: Look through port ${tunnel}
ports: {tunnel: free, other: free}
phases:
  - title: Look
    steps:
      - {id: one, title: Use it, run: 'echo ${tunnel} ${other}'}
      - {id: two, title: Use it once more, shell: 'echo "$tunnel"'}
"""


@contextmanager
def listening(port: int = 0) -> Iterator[int]:
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", port))
        holder.listen()
        yield holder.getsockname()[1]


def test_a_port_that_is_taken_is_taken_by_nobody_else() -> None:
    one, other = Ports(), Ports()
    try:
        first = one.take(200)
        second = other.take(200)
    finally:
        one.release()
        other.release()
    assert len({*first, *second}) == 400
    assert all(map(is_free, first))


def test_a_port_that_somebody_listens_on_is_not_free() -> None:
    with listening() as port:
        assert not is_free(port)
    assert is_free(port)


def test_what_a_session_let_go_of_can_be_had_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wizard.places.ports._RANGE", range(31_990, 31_994))
    one, other = Ports(), Ports()
    found = one.take(3)
    with pytest.raises(NoPort):
        other.take(2)
    other.release()
    one.release()
    assert set(found) <= set(other.take(4))
    other.release()


def test_a_session_has_ports_that_are_free_and_keeps_them_over_a_break(sessions: Opener) -> None:
    drive = sessions.open(TEXT)
    drive.until_asked()
    ports = dict(drive.engine.state.opened.ports)
    assert set(ports) == {"tunnel", "other"}
    assert len(set(ports.values())) == 2
    assert drive.engine.state.values["tunnel"] == ports["tunnel"]
    drive.leave()
    with listening(int(ports["tunnel"])):
        again = sessions.resume(drive.engine.folder.name)
        told = again.until(lambda message: isinstance(message, Remark))
    assert again.engine.state.opened.ports == ports
    assert isinstance(told, Remark)
    assert told.sentence == (
        f"Port {ports['tunnel']} of this machine, which this session uses as tunnel, is taken by another program. "
        "End that one, or begin a new session, which takes another port."
    )


def test_the_operator_may_say_which_port(sessions: Opener) -> None:
    drive = sessions.open(TEXT, values={"tunnel": "20123"})
    assert drive.engine.state.opened.ports["tunnel"] == "20123"
    assert "tunnel" not in drive.engine.state.opened.parameters


@pytest.mark.parametrize("value", ["80", "65536", "free", "020000", "²0000", "-1", ""])
def test_what_is_no_port_is_said(value: str, tmp_path: Path) -> None:
    file = tmp_path / "tunnel.yaml"
    file.write_text(TEXT)
    with pytest.raises(UsageProblem, match="is no port that you may listen on"):
        prepare(Request(str(file), "live", values={"tunnel": value}))


def test_pages_say_that_a_free_port_is_chosen(tmp_path: Path) -> None:
    file = tmp_path / "tunnel.yaml"
    file.write_text(TEXT)
    label, text = prepare(Request(str(file), "live")).facts[0]
    assert label == "ports"
    assert text == "tunnel a free port, chosen at the start; other a free port, chosen at the start"
    text = prepare(Request(str(file), "live", values={"other": "20123"})).facts[0][1]
    assert text == "tunnel a free port, chosen at the start; other 20123"
    page = CliRunner().invoke(uplevel, ["show", str(file)]).output
    assert "  tunnel   a free port of this machine, chosen at the start\n" in page
    filled = CliRunner().invoke(uplevel, ["show", str(file), "--commands", "-p", "tunnel=20123"]).output
    assert "echo 20123 ${other}" in filled


def test_only_free_is_a_port(tmp_path: Path) -> None:
    with pytest.raises(ProcedureProblem, match="tunnel must be 'free'"):
        parse_procedure({"t.yaml": TEXT.replace("tunnel: free", "tunnel: 8080").encode()}, "t.yaml")


@pytest.mark.parametrize("name", ["redis", "postgresql"])
def test_tunnels_of_the_built_in_procedures_find_their_ports(name: str) -> None:
    procedure = read_procedure(find(name)).procedure
    assert {"old_port", "new_port"} <= procedure.ports.keys()
    assert not [each for each in procedure.parameters if each.endswith("_port")]
