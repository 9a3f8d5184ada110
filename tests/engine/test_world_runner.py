"""The runner that plays pretend commands without processes leaves what a supervisor leaves."""

import hashlib
import queue
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.in_process_runner import InProcessRunner
from wizard.execution.runner import (
    CheckOrder,
    EndedNotice,
    FinishedRun,
    Notice,
    Order,
    RefusedNotice,
    Runner,
)
from wizard.platforms.sdk.platform import WorldOptions
from wizard.platforms.sdk.sandbox import Sandbox
from wizard.record.events import RunStarted
from wizard.record.recovery import determine_outcome


REDIS = "digitalmarketplace_redis"


class Stage:
    """A sandbox, its runner, and the notices that came."""

    def __init__(self, folder: Path) -> None:
        self.sandbox = Sandbox.create(folder / "box", "digitalmarketplace", WorldOptions(stage="preview", seed=2))
        self.runner: Runner = InProcessRunner(self.sandbox)
        self.notices: queue.Queue[Notice] = queue.Queue()
        self._folder = folder

    def start(self, run: int, *words: str, **more: bool | str | float) -> Path:
        folder = self._folder / f"{run:04}"
        folder.mkdir(mode=0o700)
        argv = (str(self.sandbox.folder / "bin" / words[0]), *words[1:])
        order = Order(run, folder, argv, self.sandbox.env({}), str(self.sandbox.cwd), **more)  # type: ignore[arg-type]
        self.runner.start(order, self.notices.put)
        return folder

    def next(self) -> Notice:
        return self.notices.get(timeout=20)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.runner.close()


def test_a_command_leaves_its_records(stage: Stage) -> None:
    folder = stage.start(1, "cf", "service", "nope")
    assert isinstance(stage.next(), RunStarted)
    ended = stage.next()
    assert isinstance(ended, EndedNotice)
    assert ended.report.exit == 1
    output = (folder / "output").read_bytes()
    assert output.decode().endswith("Service instance 'nope' not found\nFAILED\n")
    assert (ended.report.length, ended.report.sha256) == (len(output), hashlib.sha256(output).hexdigest())
    assert determine_outcome(folder, claim_as="mara") == FinishedRun(ended.report)


def test_an_ended_run_is_found_again(stage: Stage) -> None:
    folder = stage.start(1, "cf", "target")
    stage.next()
    ended = stage.next()
    stage.runner.reattach(folder, 1, stage.notices.put)
    assert stage.next() == ended


def test_a_question_waits_for_keys(stage: Stage) -> None:
    folder = stage.start(1, "cf", "delete-service", REDIS)
    assert isinstance(stage.next(), RunStarted)
    stage.runner.send_keys(1, b"y")
    stage.runner.send_keys(1, b"\r")
    ended = stage.next()
    assert isinstance(ended, EndedNotice)
    assert ended.report.exit == 0
    assert (folder / "output").read_text().count("Really delete") == 1
    service = stage.sandbox.world().space.service(REDIS)
    assert service is not None
    assert service.last.type == "delete"


def test_a_stopped_question_ends_by_signal(stage: Stage) -> None:
    stage.start(1, "cf", "delete-service", REDIS)
    assert isinstance(stage.next(), RunStarted)
    stage.runner.stop(1, "mara")
    ended = stage.next()
    assert isinstance(ended, EndedNotice)
    assert (ended.report.exit, ended.report.signal, ended.report.stopped_by) == (None, 2, "mara")
    assert stage.sandbox.world().space.service(REDIS) is not None


def test_private_output_stays_off_the_disk(stage: Stage) -> None:
    folder = stage.start(1, "cf", "env", "api", private=True)
    stage.next()
    ended = stage.next()
    assert isinstance(ended, EndedNotice)
    assert ended.private is not None
    assert "VCAP_SERVICES" in ended.private
    assert (folder / "output").read_text() == f"[private output, {len(ended.private.encode())} bytes]\n"


def test_a_claimed_run_is_refused(stage: Stage) -> None:
    (stage.start(1, "jenkins", "smoke-tests", "STAGE=preview")).exists()
    stage.next()
    stage.next()
    order = Order(1, stage.sandbox.folder.parent / "0001", ("/x/cf", "target"), {}, "/")
    stage.runner.start(order, stage.notices.put)
    assert isinstance(stage.next(), RefusedNotice)


def test_a_real_program_of_the_short_list_leaves_its_records_too(stage: Stage) -> None:
    folder = stage.start(1, "echo", "really")
    stage.next()
    ended = stage.next()
    assert isinstance(ended, EndedNotice)
    assert ended.report.exit == 0
    assert (folder / "output").read_text() == "really\n"


def test_checks_answer_too(stage: Stage) -> None:
    ask = CheckOrder(("/any/bin/cf", "service", REDIS, "--guid"), stage.sandbox.env({}), "/", 30.0)
    reply = stage.runner.check(ask)
    assert (reply.exit, len(reply.stdout), reply.stderr) == (0, 37, b"")
    assert stage.runner.check(CheckOrder(("/bin/echo", "yes"), {}, "/", 30.0)).stdout == b"yes\n"


def test_what_is_watched_goes_on_until_it_is_stopped(stage: Stage) -> None:
    folder = stage.start(1, "cf", "logs", "api", alone=600.0)
    assert isinstance(stage.next(), RunStarted)
    with pytest.raises(queue.Empty):
        stage.notices.get_nowait()
    stage.runner.stop(1, "step last")
    ended = stage.next()
    assert isinstance(ended, EndedNotice)
    assert (ended.report.signal, ended.report.stopped_by) == (2, "step last")
    assert determine_outcome(folder, claim_as="mara") == FinishedRun(ended.report)
