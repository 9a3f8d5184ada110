"""The sandbox under the real runner: a supervisor's pane and a checker's answer, both behind the fence."""

import os
import queue
import signal
import subprocess
from pathlib import Path

import pytest

from tests.channels import check_order, platform_process
from tests.played import play_in
from wizard.execution.runner import EndedNotice, Notice, Order, ProcessRunner
from wizard.execution.supervisor.confine import supported
from wizard.platforms.sdk.platform import WorldOptions
from wizard.platforms.sdk.sandbox import Sandbox
from wizard.record.events import RunStarted


REDIS = "digitalmarketplace_redis"

pytestmark = pytest.mark.skipif(not supported(), reason="the kernel has no Landlock")


def started(sandbox: Sandbox, *words: str) -> subprocess.Popen[str]:
    """A launched pretend command, its output to be read."""
    argv = [str(sandbox.folder / "bin" / words[0]), *words[1:]]
    return subprocess.Popen(
        argv,
        env=sandbox.env({}),
        cwd=sandbox.cwd,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def test_a_launched_push_reads_its_manifest_where_it_stands(tmp_path: Path) -> None:
    sandbox = Sandbox.create(tmp_path / "box", "digitalmarketplace", WorldOptions(stage="preview", seed=4))
    (sandbox.cwd / "new.yml").write_text(
        "applications: [{name: x, docker: {image: 'digitalmarketplace/api:release-1'}}]"
    )
    said, _ = started(sandbox, "cf", "push", "-f", "new.yml").communicate(timeout=30)
    assert "Manifest applied" in said
    assert sandbox.world().space.app("x") is not None
    said, _ = started(sandbox, "cf", "create-app-manifest", "x").communicate(timeout=30)
    assert "Manifest file created successfully at ./x_manifest.yml" in said
    assert "name: x" in (sandbox.cwd / "x_manifest.yml").read_text()


def test_a_followed_log_says_what_others_do_until_it_is_interrupted(tmp_path: Path) -> None:
    sandbox = Sandbox.create(tmp_path / "box", "digitalmarketplace", WorldOptions(stage="preview", seed=4))
    stream = started(sandbox, "cf", "logs", "api")
    assert stream.stdout is not None
    try:
        assert stream.stdout.readline().startswith("Retrieving logs for app api in org ")
        assert play_in(sandbox, ["cf", "restart", "api"]).exit == 0
        assert any("Container became healthy" in line for line in stream.stdout)
        stream.send_signal(signal.SIGINT)
        assert stream.wait(20) == -signal.SIGINT
    finally:
        stream.kill()
        stream.stdout.close()
        stream.wait()


def test_acts_and_checks_run_behind_the_fence(tmp_path: Path) -> None:
    sandbox = Sandbox.create(tmp_path / "box", "digitalmarketplace", WorldOptions(stage="preview", seed=4))
    fence, env = sandbox.confinement(), sandbox.env(os.environ)
    channel = platform_process(sandbox).channel()
    runner = ProcessRunner()
    notices: queue.Queue[Notice] = queue.Queue()
    try:
        folder = tmp_path / "0001"
        folder.mkdir(mode=0o700)
        argv = (str(sandbox.resolve("cf")), "delete-service", REDIS)
        runner.start(Order(1, folder, argv, env, str(sandbox.cwd), confine=fence, channel=channel), notices.put)
        assert isinstance(notices.get(timeout=20), RunStarted)
        runner.send_keys(1, b"y\r")
        ended = notices.get(timeout=20)
        assert isinstance(ended, EndedNotice)
        assert ended.report.exit == 0, (folder / "output").read_text()
        assert "Delete in progress." in (folder / "output").read_text()
        outside = tmp_path / "outside"
        script = f"cf service {REDIS}; echo x > {outside}"
        reply = runner.check(check_order(sandbox, ("/usr/bin/bash", "-c", script), str(sandbox.cwd)))
        assert b"delete in progress" in reply.stdout
        assert b"Permission denied" in reply.stderr
        assert not outside.exists()
    finally:
        runner.close()
