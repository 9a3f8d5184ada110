"""The process of a rehearsal's platform: who reaches it, what it survives, and when it ends."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import forked
from tests.channels import platform_process, start_behind_fence
from tests.conftest import HANG, until
from wizard.execution.supervisor.confine import supported
from wizard.platforms.sdk.carrier import CHANNEL
from wizard.platforms.sdk.client import PlatformProcess
from wizard.platforms.sdk.platform import WorldOptions
from wizard.platforms.sdk.sandbox import Sandbox


REDIS = "digitalmarketplace_redis"
GONE = "cf: the pretend platform of this rehearsal cannot be reached"

fenced = pytest.mark.skipif(not supported(), reason="the kernel has no Landlock")


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    return Sandbox.create(tmp_path / "box", "digitalmarketplace", WorldOptions(stage="preview", seed=1))


def pid_of(process: PlatformProcess) -> int:
    process.start()
    assert process._running is not None
    return process._running.program.process.pid


def cf(sandbox: Sandbox, *words: str, abi: int = 0, stdin: int = subprocess.DEVNULL) -> "subprocess.Popen[str]":
    return start_behind_fence(sandbox, str(sandbox.folder / "bin" / "cf"), *words, abi=abi, stdin=stdin)


def said(process: "subprocess.Popen[str]") -> tuple[int, str]:
    out, _ = process.communicate(timeout=HANG)
    return process.returncode, out


@fenced
@pytest.mark.parametrize("abi", [0, 3], ids=["the kernel's own Landlock", "Landlock ABI 3, which knows no ports"])
def test_the_channel_reaches_it_from_inside_the_fence(sandbox: Sandbox, abi: int) -> None:
    assert said(cf(sandbox, "service", REDIS, abi=abi))[0] == 0
    script = f"{sandbox.folder}/bin/cf target | grep -q preview && cf service {REDIS} --guid"
    code, out = said(start_behind_fence(sandbox, "/usr/bin/bash", "-c", script, abi=abi))
    service = sandbox.world().space.service(REDIS)
    assert (code, out.strip()) == (0, service.guid)


@fenced
def test_a_file_is_written_by_the_command_behind_its_fence(sandbox: Sandbox, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (sandbox.cwd / "away").symlink_to(outside)
    code, out = said(cf(sandbox, "create-app-manifest", "api", "-p", "away/api.yml"))
    assert (code, "permission denied" in out) == (1, True)
    assert list(outside.iterdir()) == []
    assert said(cf(sandbox, "create-app-manifest", "api", "-p", "api.yml"))[0] == 0
    assert (sandbox.cwd / "api.yml").read_text().startswith("---\n")


@fenced
def test_another_is_started_where_one_has_died(sandbox: Sandbox) -> None:
    assert said(cf(sandbox, "rename-service", REDIS, "other"))[0] == 0
    waits = cf(sandbox, "delete-service", "other", stdin=subprocess.PIPE)
    assert waits.stdout is not None
    assert waits.stdout.readline()
    first = pid_of(platform_process(sandbox))
    os.kill(first, signal.SIGKILL)
    code, out = said(waits)
    assert (code, GONE in out) == (70, True)
    assert said(cf(sandbox, "service", "other"))[0] == 0, "the world is as the last command left it"
    assert pid_of(platform_process(sandbox)) != first


_WIZARD = """
import os, subprocess, sys
from pathlib import Path
from wizard.platforms.sdk.client import PlatformProcess
from wizard.platforms.sdk.sandbox import Sandbox
sandbox = Sandbox.open(Path(sys.argv[1]))
process = PlatformProcess(sandbox.folder)
os.dup2(process.channel(), int(sys.argv[2]), inheritable=True)
words = [sandbox.folder / "bin" / "cf", "delete-service", sys.argv[3]]
subprocess.Popen(words, env=sandbox.env({}), stdin=int(sys.argv[4]), pass_fds=[int(sys.argv[2])])
os.close(int(sys.argv[2]))
print(process._running.program.process.pid, flush=True)
sys.stdin.read()
"""


def test_a_command_that_runs_goes_on_without_the_wizard_and_the_process_ends_behind_it(sandbox: Sandbox) -> None:
    typed, keyboard = os.pipe()
    words = [sys.executable, "-c", _WIZARD, str(sandbox.folder), str(CHANNEL), REDIS, str(typed)]
    wizard = forked.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=[typed])
    assert wizard.stdout is not None
    try:
        lines = [wizard.stdout.readline() for _ in range(3)]
        platform = next(int(line) for line in lines if line.strip().isdigit())
        ended = os.pidfd_open(platform)
        wizard.kill()
        wizard.wait()
        assert not select.select([ended], [], [], 0.2)[0], "somebody can still call it"
        os.write(keyboard, b"y\n")
        until(lambda: sandbox.world().space.service(REDIS).last.type == "delete", HANG)
        assert select.select([ended], [], [], HANG)[0]
    finally:
        wizard.stdout.close()
        if wizard.stdin is not None:
            wizard.stdin.close()
        os.close(keyboard)
        os.close(typed)
        os.close(ended)


def test_a_terminal_beside_the_wizard_reaches_the_same_one(sandbox: Sandbox) -> None:
    words = [str(sandbox.folder / "bin" / "cf"), "target"]
    alone = subprocess.run(words, env=sandbox.env({}), capture_output=True, text=True, timeout=HANG, check=False)
    assert (alone.returncode, alone.stderr) == (0, "")
    platform_process(sandbox).start()
    assert (sandbox.folder / "lab" / "calls").is_socket()
    beside = subprocess.run(words, env=sandbox.env({}), capture_output=True, text=True, timeout=HANG, check=False)
    assert beside.stdout == alone.stdout


def test_it_ends_with_the_session(sandbox: Sandbox) -> None:
    process = PlatformProcess(sandbox.folder)
    ended = os.pidfd_open(pid_of(process))
    process.close(remove=True)
    assert select.select([ended], [], [], HANG)[0]
    os.close(ended)
    assert not (sandbox.folder / "lab" / "calls").exists()


def test_one_that_ends_leaves_the_socket_of_another_where_it_is(sandbox: Sandbox) -> None:
    first = PlatformProcess(sandbox.folder)
    ended = os.pidfd_open(pid_of(first))
    platform_process(sandbox).start()
    first.close(remove=False)
    assert select.select([ended], [], [], HANG)[0]
    os.close(ended)
    assert (sandbox.folder / "lab" / "calls").is_socket()


def test_what_changes_nothing_writes_nothing(sandbox: Sandbox) -> None:
    store = sandbox.store
    before = store.stamp()
    with store.changing():
        pass
    assert store.stamp() == before
    with store.changing() as world:
        world.advance(1)
    assert store.stamp() != before
    assert sandbox.world().now == world.now
