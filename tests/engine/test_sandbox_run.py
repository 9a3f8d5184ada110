"""The sandbox under the real runner: a supervisor's pane and a checker's answer, both behind the fence."""

import os
import queue
from pathlib import Path

import pytest

from wizard.rehearsal.sandbox import Sandbox
from wizard.runner import CheckOrder, Ended, Notice, Order, ProcessRunner, Started
from wizard.supervisor.confine import supported


REDIS = "digitalmarketplace_redis"

pytestmark = pytest.mark.skipif(not supported(), reason="the kernel has no Landlock")


def test_acts_and_checks_run_behind_the_fence(tmp_path: Path) -> None:
    sandbox = Sandbox.create(tmp_path / "box", "digitalmarketplace", stage="preview", seed=4)
    fence, env = sandbox.confinement(), sandbox.env(os.environ)
    runner = ProcessRunner()
    notices: queue.Queue[Notice] = queue.Queue()
    try:
        folder = tmp_path / "0001"
        folder.mkdir(mode=0o700)
        argv = (str(sandbox.resolve("cf")), "delete-service", REDIS)
        runner.start(Order(1, folder, argv, env, str(sandbox.cwd), confine=fence), notices.put)
        assert isinstance(notices.get(timeout=20), Started)
        runner.send_keys(1, b"y\r")
        ended = notices.get(timeout=20)
        assert isinstance(ended, Ended)
        assert ended.report.exit == 0, (folder / "output").read_text()
        assert "Delete in progress." in (folder / "output").read_text()
        outside = tmp_path / "outside"
        script = f"cf service {REDIS}; echo x > {outside}"
        ask = CheckOrder(("/usr/bin/bash", "-c", script), env, str(sandbox.cwd), 20.0, fence)
        reply = runner.check(ask)
        assert b"delete in progress" in reply.stdout
        assert b"Permission denied" in reply.stderr
        assert not outside.exists()
    finally:
        runner.close()
