"""The kernel's fence around a rehearsal's children: what they cannot do, whoever they are."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from wizard.execution.supervisor import filter_program
from wizard.execution.supervisor.confine import Confinement, supported


REPO = Path(__file__).resolve().parents[2]
PYTHON = str(Path(sys.executable).resolve())
LOADERS = ("/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1")

BOOT = """
import os, sys
sys.path.insert(0, {repo!r})
from wizard.execution.supervisor import confine
confine.apply(confine.Confinement(write={write!r}, execute={execute!r}, connect={connect!r}))
os.execv(sys.argv[1], sys.argv[1:])
"""

DEEDS = """
import os, socket, errno, sys
for deed in sys.argv[1:]:
    try:
        exec(deed)
        print("fine")
    except OSError as e:
        print(errno.errorcode[e.errno])
"""

LIGHT = """
import sys
sys.path.insert(0, {repo!r})
import wizard.execution.supervisor.confine
print([name for name in ("pydantic", "yaml", "asyncio") if name in sys.modules])
"""

pytestmark = pytest.mark.skipif(not supported(), reason="the kernel has no Landlock")


@pytest.fixture
def inside(tmp_path: Path) -> Path:
    folder = tmp_path / "inside"
    folder.mkdir()
    return folder


def tool(name: str) -> str:
    found = shutil.which(name)
    assert found is not None
    return str(Path(found).resolve())


Confined = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def confined(inside: Path) -> Confined:
    """Run words confined to the folder `inside`, with python and a few tools executable."""

    def run(
        *words: str, connect: tuple[int, ...] = (), execute: tuple[str, ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        programs = (PYTHON, *LOADERS, *(tool(name) for name in ("bash", "touch", "sed", "cat", "cp")), *execute)
        boot = BOOT.format(repo=str(REPO), write=(str(inside),), execute=programs, connect=connect)
        return subprocess.run(
            [PYTHON, "-IS", "-c", boot, *words],
            cwd=inside,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    return run


def deeds(confined: Confined, *codes: str, connect: tuple[int, ...] = ()) -> dict[str, str]:
    """What a python inside says to each deed: the error's name, or `fine`."""
    answer = confined(PYTHON, "-IS", "-c", DEEDS, *codes, connect=connect)
    assert answer.returncode == 0, answer.stderr
    return dict(zip(codes, answer.stdout.split(), strict=True))


def test_writes_inside_and_nowhere_else(confined: Confined, inside: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("as it was")
    answer = confined(
        tool("bash"),
        "-c",
        f"echo a > new && cp new copy && sed -i s/a/b/ copy && cat copy; echo x >> {outside}; echo x > {outside}.new",
    )
    assert answer.stdout == "b\n"
    assert answer.stderr.count("Permission denied") == 2
    assert outside.read_text() == "as it was"
    assert not (tmp_path / "outside.new").exists()


def test_even_its_owner_cannot_change_what_is_outside(confined: Confined, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("as it was")
    before = outside.stat()
    wanted = {
        "os.chmod(OUT, 0o777)": {"EPERM"},
        "os.utime(OUT, (1, 1))": {"EPERM"},
        "os.chown(OUT, 0, 0)": {"EPERM"},
        "os.setxattr(OUT, 'user.x', b'y')": {"EPERM"},
        "os.truncate(OUT, 0)": {"EACCES"},
        "os.unlink(OUT)": {"EACCES"},
        "os.rename(OUT, 'taken')": {"EACCES", "EXDEV"},
        "os.link(OUT, 'taken')": {"EACCES", "EXDEV"},
        "os.mkdir(OUT + '.d')": {"EACCES"},
        "os.kill(PARENT, 0)": {"EPERM"},
        "os.memfd_create('cf')": {"EPERM"},
    }
    codes = {code.replace("OUT", repr(str(outside))).replace("PARENT", str(os.getpid())): code for code in wanted}
    for code, answer in deeds(confined, *codes).items():
        assert answer in wanted[codes[code]], code
    assert outside.stat() == before
    assert outside.read_text() == "as it was"


def test_an_open_file_outside_keeps_its_mode(confined: Confined, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("x")
    outside.chmod(0o600)
    deeds(confined, f"os.fchmod(os.open({str(outside)!r}, os.O_RDONLY), 0o666)")
    assert outside.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("connect", [(), (6379,)])
def test_no_socket_but_tcp(confined: Confined, connect: tuple[int, ...]) -> None:
    answers = deeds(
        confined,
        "socket.socket(socket.AF_UNIX)",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
        "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)",
        "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)",
        "socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262)",
        "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
        "socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)",
        connect=connect,
    )
    assert set(answers.values()) == {"EACCES"}, answers


def test_tcp_reaches_only_the_ports_it_was_given(confined: Confined) -> None:
    with socket.create_server(("127.0.0.1", 0)) as lab, socket.create_server(("127.0.0.1", 0)) as other:
        allowed, forbidden = lab.getsockname()[1], other.getsockname()[1]
        call = "socket.create_connection(('127.0.0.1', {}), timeout=5).close()"
        fast = f"socket.socket().sendto(b'x', socket.MSG_FASTOPEN, ('127.0.0.1', {forbidden}))"
        answers = deeds(confined, call.format(allowed), call.format(forbidden), fast, connect=(allowed,))
        assert list(answers.values()) == ["fine", "EACCES", "EACCES"]
        assert set(deeds(confined, call.format(allowed)).values()) == {"EACCES"}


def test_bash_network_files_are_closed(confined: Confined) -> None:
    answer = confined(tool("bash"), "-c", "echo hello > /dev/tcp/127.0.0.1/22")
    assert answer.returncode != 0
    assert "Permission denied" in answer.stderr


def test_starts_listed_programs_only(confined: Confined, inside: Path, tmp_path: Path) -> None:
    planted = tmp_path / "cf"
    planted.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    planted.chmod(0o755)
    inner = inside / "cf"
    shutil.copy(planted, inner)
    for path in (planted, inner, Path("/usr/bin/env")):
        assert confined(tool("bash"), "-c", f"{path} marketplace").returncode == 126
    assert not (tmp_path / "started").exists()


def test_signals_and_jobs_inside_go_on(confined: Confined) -> None:
    script = "set -m; cat <(echo fine); cat < <(cat) >/dev/null & kill $!; wait $! 2>/dev/null; echo $?"
    assert confined(tool("bash"), "-c", script).stdout.split() == ["fine", "143"]


def test_root_keeps_no_capability(confined: Confined) -> None:
    status = confined(tool("cat"), "/proc/self/status").stdout
    held = {line.split()[0]: line.split()[1] for line in status.splitlines() if line.startswith(("CapEff", "CapPrm"))}
    assert set(held.values()) == {"0" * 16}


def test_an_unknown_machine_is_not_supported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "vax")
    supported.cache_clear()
    try:
        assert not supported()
    finally:
        monkeypatch.undo()
        supported.cache_clear()


@pytest.mark.parametrize("machine", list(filter_program.MACHINES))
@pytest.mark.parametrize("network", [True, False])
def test_the_filter_fits_the_kernel_and_every_jump_lands(machine: str, network: bool) -> None:
    program = filter_program.build(machine, network=network)
    count = len(program) // 8
    assert count < 4096
    for at in range(count):
        code, yes, no = program[at * 8], program[at * 8 + 2], program[at * 8 + 3]
        if code & 7 == 5:
            assert at + 1 + max(yes, no) < count
    assert program[-8] == 6


def test_a_missing_path_grants_nothing(confined: Confined, inside: Path) -> None:
    assert confined(tool("cat"), "/dev/null", execute=("/no/such/program", str(inside / "later"))).returncode == 0


def test_confinement_is_light() -> None:
    words = [PYTHON, "-IS", "-c", LIGHT.format(repo=str(REPO))]
    assert subprocess.run(words, capture_output=True, text=True, check=True, timeout=30).stdout.strip() == "[]"


def test_a_confinement_is_a_value() -> None:
    assert Confinement(("a",), ("b",)) == Confinement(("a",), ("b",), ())


def test_its_own_terminal_stays_and_another_does_not(inside: Path) -> None:
    other, slave = os.openpty()
    programs = (PYTHON, *LOADERS, tool("bash"))
    boot = BOOT.format(repo=str(REPO), write=(str(inside),), execute=programs, connect=())
    script = f"echo own > /dev/tty; echo again > /dev/stdin; echo foreign > {os.ttyname(slave)}; echo end"
    child = pexpect.spawn(PYTHON, ["-IS", "-c", boot, tool("bash"), "-c", script], encoding="utf-8", timeout=20)
    child.expect(pexpect.EOF)
    said = child.before or ""
    child.close()
    assert said.split()[:2] == ["own", "again"]
    assert "Permission denied" in said
    assert said.split()[-1] == "end"
    os.set_blocking(other, False)
    with pytest.raises(BlockingIOError):
        os.read(other, 100)
    os.close(other)
    os.close(slave)
