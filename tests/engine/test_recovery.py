"""What a run's folder proves, whatever state it was left in."""

import json
import os
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import forked
from wizard.errors import RecordProblem
from wizard.places.private import open_folder
from wizard.record.recovery import (
    Claim,
    ExitReport,
    FinishedRun,
    Gap,
    LeftBehind,
    NotStarted,
    OutcomeUnknown,
    StartedRecord,
    StillRunning,
    determine_outcome,
    read_report,
    take_claim,
    write_report,
    write_started,
)


REPORT = ExitReport(
    exit=3,
    signal=None,
    started="2026-11-23T02:00:00.000000Z",
    finished="2026-11-23T02:00:01.000000Z",
    seconds=1.0,
    length=4,
    sha256="0" * 64,
    kept=Gap(2, 100),
    redactions={"db": 2},
    left_running=[LeftBehind(12, "sleep 9")],
    stopped_by="ann",
    stop_reason="operator",
    hidden_input=True,
)
GONE = replace(Claim.of_this_process(), pid=1, start=1)


class Left:
    """A folder as some supervisor left it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(mode=0o700)
        self.folder = open_folder(path)

    def judged(self) -> Any:
        return determine_outcome(self.path, claim_as="ann on bastion")


@pytest.fixture
def left(tmp_path: Path) -> Any:
    made = Left(tmp_path / "0001")
    yield made
    os.close(made.folder)


def test_an_intent_without_claim_was_not_started_and_never_will_be(left: Left) -> None:
    assert left.judged() == NotStarted("void by ann on bastion")
    assert not take_claim(left.folder, Claim.of_this_process())
    assert left.judged() == NotStarted("void by ann on bastion")


def test_an_intent_without_even_a_folder_was_not_started(tmp_path: Path) -> None:
    assert isinstance(determine_outcome(tmp_path / "0002", claim_as="ann"), NotStarted)
    assert (tmp_path / "0002" / "claim").stat().st_mode & 0o777 == 0o600


def test_a_living_supervisor_is_still_running(left: Left) -> None:
    mine = Claim.of_this_process()
    take_claim(left.folder, mine)
    assert left.judged() == StillRunning(mine, None)
    started = StartedRecord(5, 6, mine.pid, mine.start, mine.utc)
    write_started(left.folder, started)
    assert left.judged() == StillRunning(mine, started)


def test_a_report_is_taken_whole(left: Left) -> None:
    take_claim(left.folder, GONE)
    write_report(left.folder, REPORT)
    assert left.judged() == FinishedRun(REPORT)
    assert read_report(left.folder) == REPORT
    assert (left.path / "exit.json").stat().st_size == len(json.dumps(asdict(REPORT))) + 1


def test_a_claim_without_outcome_is_unknown_and_never_becomes_more(left: Left) -> None:
    take_claim(left.folder, GONE)
    first = left.judged()
    assert isinstance(first, OutcomeUnknown)
    assert first.host == ""
    assert left.judged() == first


def test_a_command_that_outlived_its_supervisor_is_named(left: Left) -> None:
    take_claim(left.folder, GONE)
    mine = Claim.of_this_process()
    write_started(left.folder, StartedRecord(mine.pid, mine.start, GONE.pid, GONE.start, mine.utc))
    verdict = left.judged()
    assert isinstance(verdict, OutcomeUnknown)
    assert str(mine.pid) in verdict.why


def test_a_pid_that_was_used_again_is_not_the_supervisor(left: Left) -> None:
    take_claim(left.folder, replace(Claim.of_this_process(), start=1))
    assert isinstance(left.judged(), OutcomeUnknown)


def test_after_a_restart_the_outcome_is_unknown(left: Left) -> None:
    take_claim(left.folder, replace(Claim.of_this_process(), boot_id="another boot"))
    verdict = left.judged()
    assert isinstance(verdict, OutcomeUnknown)
    assert "restarted" in verdict.why


def test_another_machine_is_named(left: Left) -> None:
    take_claim(left.folder, replace(Claim.of_this_process(), boot_id="another boot", host="bastion-2"))
    verdict = left.judged()
    assert isinstance(verdict, OutcomeUnknown)
    assert verdict.host == "bastion-2"
    assert "bastion-2" in verdict.why


@given(st.binary(max_size=40))
def test_a_damaged_claim_is_never_read_as_not_started(
    tmp_path_factory: Any, monkeypatch_once: None, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("run")
    (folder / "claim").write_bytes(content)
    assert isinstance(determine_outcome(folder, claim_as="ann"), OutcomeUnknown)


@pytest.fixture(scope="module")
def monkeypatch_once() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("wizard.record.recovery.run_outcome._PATIENCE", 0.0)
        yield


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"exit": 0}', b'{"kept": 1}', b"\xff"])
def test_a_damaged_report_is_unknown(left: Left, content: bytes) -> None:
    take_claim(left.folder, GONE)
    (left.path / "exit.json").write_bytes(content)
    assert isinstance(left.judged(), OutcomeUnknown)


def test_a_half_written_report_counts_for_nothing(left: Left) -> None:
    take_claim(left.folder, GONE)
    (left.path / ".exit.json.new").write_bytes(b'{"exit": 0')
    assert isinstance(left.judged(), OutcomeUnknown)


def test_links_are_not_followed(left: Left, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text(json.dumps(asdict(REPORT)))
    take_claim(left.folder, GONE)
    (left.path / "exit.json").symlink_to(elsewhere)
    assert isinstance(left.judged(), OutcomeUnknown)
    (tmp_path / "link").symlink_to(left.path)
    with pytest.raises(RecordProblem):
        determine_outcome(tmp_path / "link", claim_as="ann")


def test_a_folder_that_others_may_write_to_proves_nothing(left: Left) -> None:
    take_claim(left.folder, GONE)
    left.path.chmod(0o720)
    with pytest.raises(RecordProblem, match="others may write to it"):
        left.judged()


def test_a_fifo_does_not_hang_the_judgement(left: Left) -> None:
    take_claim(left.folder, GONE)
    os.mkfifo(left.path / "exit.json")
    assert isinstance(left.judged(), OutcomeUnknown)


RACER = """
import os, sys
from wizard.places.private import open_folder
from wizard.record.recovery import Claim, take_claim
folder = open_folder(__import__("pathlib").Path(sys.argv[1]))
sys.stdin.read(1)
print(take_claim(folder, Claim.of_this_process()))
"""


def test_of_all_who_claim_at_once_one_wins(left: Left) -> None:
    racers = [
        forked.Popen([sys.executable, "-c", RACER, left.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("g")
        racer.stdin.flush()
    said = [racer.communicate(timeout=20)[0].strip() for racer in racers]
    assert sorted(said) == ["False", "False", "False", "True"]


def test_a_machine_that_got_another_name_is_still_this_one(left: Left) -> None:
    take_claim(left.folder, replace(GONE, host="the-name-before"))
    verdict = left.judged()
    assert isinstance(verdict, OutcomeUnknown)
    assert (verdict.host, verdict.output_final) == ("", True)
    assert "the-name-before" not in verdict.why
