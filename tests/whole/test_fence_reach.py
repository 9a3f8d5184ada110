"""Promise 6: nothing a rehearsal starts reaches what listens on this machine, the wizard, or a file through a link."""

import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.trap import Trap, picture, set_trap
from wizard.errors import ExitCode
from wizard.execution.supervisor import confine


if TYPE_CHECKING:
    from tests.conftest import Drive, Opener


pytestmark = pytest.mark.skipif(not confine.supported(), reason="the kernel has no Landlock")
PYTHON = str(Path(sys.executable).resolve())


PROCEDURE = """
format: 1
procedure: own
title: Own
rehearsal: {{world: digitalmarketplace}}
phases:
  - title: All
    steps:
      - id: script
        title: Script
        shell: |
{script}
      - {{id: played, title: Played, by_hand: [{{text: Tick, plays: 'cf services'}}]}}
      - {{id: wait, title: Wait, wait: 1h}}
      - {{id: look, title: Look, run: 'cf services'}}
"""


@pytest.fixture
def trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trap:
    laid = set_trap(tmp_path)
    monkeypatch.chdir(laid.here)
    return laid


def run_whole(drive: "Drive") -> None:
    assert drive.until_finished(90).code is ExitCode.COMPLETED


LISTENERS = """
echo hello > /dev/tcp/127.0.0.1/{port}
echo hello > /dev/tcp/localhost/{port}
echo hello > /dev/udp/127.0.0.1/{udp}
exec 3<>/dev/tcp/127.0.0.1/{port}
{python} -c 'import socket; socket.create_connection(("127.0.0.1", {port}), 2).send(b"x")'
{python} -c 'import socket; socket.socket(2, 2).sendto(b"x", ("127.0.0.1", {udp}))'
{python} -c 'import socket; s = socket.socket(1); s.connect("{agent}"); s.send(b"x")'
{python} -c 'import socket; s = socket.socket(1); s.connect("\\0{word}"); s.send(b"x")'
{python} -c 'import socket; s = socket.socketpair()[0]; s.connect("{agent}")'
{python} -c 'import socket, glob; s = socket.socket(1); s.connect(glob.glob("../../runs/*/control")[0])'
SSH_AUTH_SOCK={agent} ssh-add -l
DOCKER_HOST=unix://{agent} docker ps
curl --unix-socket {agent} http://x/
curl http://127.0.0.1:{port}/
"""


def test_nothing_that_listens_is_reached(
    sessions: "Opener", trap: Trap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.socket(socket.AF_UNIX) as agent,
        socket.socket(socket.AF_UNIX) as abstract,
    ):
        monkeypatch.chdir(trap.outside)  # the path of a socket may have 108 characters
        agent.bind("agent.sock")
        udp.bind(("127.0.0.1", 0))
        abstract.bind(f"\0{trap.word}")
        everyone = (tcp, agent, abstract)
        for each in everyone:
            each.listen()
        for each in (*everyone, udp):
            each.setblocking(False)
        monkeypatch.setenv("SSH_AUTH_SOCK", str(trap.outside / "none.sock"))  # the wizard itself signs with an agent
        monkeypatch.setenv("DOCKER_HOST", f"unix://{trap.outside}/agent.sock")
        ways = LISTENERS.format(
            port=tcp.getsockname()[1],
            udp=udp.getsockname()[1],
            agent=trap.outside / "agent.sock",
            python=PYTHON,
            word=trap.word,
        )
        lines = "".join(f"          ( {line}\n          ) || true\n" for line in ways.split("\n") if line)
        text = PROCEDURE.format(script=f"          echo agent=${{SSH_AUTH_SOCK:-none}} ${{DOCKER_HOST:-none}}\n{lines}")
        drive = sessions.open(text, "rehearsal", auto=True, speed=100000.0)
        run_whole(drive)
        assert b"agent=none none" in drive.engine.output(1).file.path.read_bytes()
        for each in everyone:
            with pytest.raises(BlockingIOError):
                each.accept()
        with pytest.raises(BlockingIOError):
            udp.recv(10)


def test_signals_reach_neither_wizard_nor_supervisor(sessions: "Opener") -> None:
    lines = f"kill -0 {os.getpid()} && echo reached\nkill -9 $PPID && echo reached\nkill -STOP $PPID && echo reached"
    text = PROCEDURE.format(script="".join(f"          {{ {line}; }} || true\n" for line in lines.split("\n")))
    drive = sessions.open(text, "rehearsal", auto=True, speed=100000.0)
    run_whole(drive)
    assert b"reached" not in drive.engine.output(1).file.path.read_bytes()


@pytest.mark.parametrize("name", ["world.next", "lock", "world.json"])
@pytest.mark.parametrize("what", ["link", "dangling", "fifo", "folder", "rubbish"])
def test_the_wizard_itself_follows_no_link_out_of_the_sandbox(
    sessions: "Opener", trap: Trap, tmp_path: Path, name: str, what: str
) -> None:
    """The world's files can be changed from inside, and the wizard, which nothing confines, works on them."""
    target = f"$HOME/../world/{name}"
    deed = {
        "link": f"ln -s {trap.victim} {target}",
        "dangling": f"ln -s {trap.outside}/new {target}",
        "fifo": f'{PYTHON} -c \'import os; os.mkfifo(os.environ["HOME"] + "/../world/{name}")\'',
        "folder": f"mkdir {target}",
        "rubbish": f"echo '[1' > {target}",
    }[what]
    before = picture(tmp_path, but=tmp_path / "home")
    text = PROCEDURE.format(script=f"          rm -f {target}\n          {deed}\n")
    drive = sessions.open(text, "rehearsal", auto=True, speed=100000.0)
    finished = drive.until_finished(30)
    assert "itself failed" not in finished.sentence, finished.sentence
    assert picture(tmp_path, but=tmp_path / "home") == before


def test_files_in_the_private_folder_can_be_written(sessions: "Opener") -> None:
    text = PROCEDURE.format(script='          echo kept > "$private/note"\n          cat "$private/note"\n')
    drive = sessions.open(text, "rehearsal", auto=True, speed=100000.0)
    run_whole(drive)
    assert b"kept" in drive.engine.output(1).file.path.read_bytes()
