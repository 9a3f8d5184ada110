"""Whatever stands where a session keeps a file, nothing waits for it: a FIFO, a link, a folder, a socket."""

import os
import shutil
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from screens.output.output_index import OutputIndex
from tests.conftest import Opener
from wizard.archive.sessions import list_sessions, summary_of
from wizard.errors import UplevelError, UsageProblem
from wizard.execution.runner import RefusedNotice
from wizard.formats import build
from wizard.formats.json import render_json
from wizard.formats.markdown import render_markdown
from wizard.lending.pager import show_in_pager
from wizard.places.plain_file import open_plain, read_plain
from wizard.record.journal import verify
from wizard.record.output import OutputFile, OutputFollower, OutputLog
from wizard.record.recovery import determine_outcome
from wizard.record.signing import NotSigned, verify_signature
from wizard.settings import load


STEPS = """
format: 1
procedure: two
title: Two commands
phases:
  - title: All
    steps:
      - {id: one, title: First, run: sh -c 'echo one', stderr: apart, after: [{run: 'true'}]}
      - {id: two, title: Second, run: sh -c 'echo two', after: [{run: 'true'}]}
"""
FILES = (
    "journal.jsonl",
    "lock",
    "holder.json",
    "reserve",
    "checks/output",
    "procedure/procedure.yaml",
    "checkpoints/000003.sig",
    "runs/0001/claim",
    "runs/0001/started.json",
    "runs/0001/exit.json",
    "runs/0001/output",
    "runs/0001/timing",
    "runs/0001/control",
    "runs/0002",
    "runs",
    "checks",
    "checkpoints",
)


def in_time(deed: Callable[[], Any], seconds: float = 20.0) -> None:
    """Do something that may fail with a sentence, and must not hang."""
    failed: list[BaseException] = []

    def tried() -> None:
        try:
            deed()
        except UplevelError:
            pass
        except BaseException as problem:  # noqa: BLE001 - handed to the test
            failed.append(problem)

    thread = threading.Thread(target=tried, daemon=True)
    thread.start()
    thread.join(seconds)
    assert not thread.is_alive(), "it waits for what was planted"
    if failed:
        raise failed[0]


def plant(path: Path, what: str) -> None:
    """Put something else where a file stands, or would stand."""
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    match what:
        case "fifo":
            os.mkfifo(path)
        case "link":
            path.symlink_to("/dev/zero")
        case "folder":
            path.mkdir()
        case _:
            server = socket.socket(socket.AF_UNIX)
            os.chdir(path.parent)
            server.bind(path.name)
            server.close()


def left_in_the_middle(sessions: Opener) -> Path:
    """A session whose first command has ended and whose second has not begun."""
    drive = sessions.open(STEPS)
    drive.ask_and_answer("run", sort="go")
    drive.until_asked("go")
    drive.leave()
    drive.until_finished()
    return drive.engine.folder


@pytest.mark.parametrize(
    ("name", "what"),
    [
        *((name, "fifo") for name in FILES),
        *((name, what) for name in FILES[6:11] for what in ("link", "folder", "socket")),
        *((name, "folder") for name in (".holder.json.new", "holder.json", "checkpoints/000016.sig")),
    ],
)
def test_nothing_waits_for_what_was_planted_in_a_session(
    sessions: Opener, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, what: str
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = left_in_the_middle(sessions)
    plant(folder / name, what)
    in_time(lambda: summary_of(folder))
    in_time(list_sessions)
    in_time(lambda: verify(folder))
    in_time(lambda: [render(build(folder)) for render in (render_json, render_markdown)])
    in_time(lambda: determine_outcome(folder / "runs" / "0001", claim_as="a test"))
    in_time(lambda: OutputFollower(OutputLog(folder / "runs" / "0001")).read(100, 1000))

    def gone_on_with() -> None:
        drive = sessions.resume(folder.name)
        drive.until_asked_or_finished()

    in_time(gone_on_with, 30.0)


@pytest.mark.parametrize("name", ["output", "timing", ".exit.json.new", ".started.json.new", "started.json", "control"])
def test_a_step_does_not_hang_on_a_fifo_in_its_run_folder(sessions: Opener, name: str) -> None:
    folder = left_in_the_middle(sessions)
    (folder / "runs" / "0002").mkdir(mode=0o700)
    drive = sessions.resume(folder.name)  # what is planted comes later: a resume would refuse it
    drive.until_asked()
    os.mkfifo(folder / "runs" / "0002" / name)
    drive.ask_and_answer("run", sort="go")
    drive.until_asked_or_finished()
    (ended,) = [event for event in drive.events if event.kind == "run.ended" and event.run == 2]
    if name in {"output", "timing"}:
        assert ended.problem == "The command's output cannot be recorded: File exists."
    else:
        assert (ended.outcome, ended.exit) == ("ended", 0)


def test_output_that_stood_there_before_is_not_written_over(desk: Any, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("precious")
    order = desk.bash("echo ours")
    os.link(precious, order.folder / "output")
    refused = desk.begin(order).wait(RefusedNotice)
    assert refused.sentence == "The command's output cannot be recorded: File exists."
    assert precious.read_text() == "precious"


def test_files_that_a_person_names_are_not_waited_for(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    in_time(lambda: load(fifo))
    with pytest.raises(OSError, match="no plain file"):
        open_plain(fifo, follow=True)
    (tmp_path / "link").symlink_to(tmp_path / "file")
    with pytest.raises(OSError, match="a link"):
        read_plain(tmp_path / "link")
    with pytest.raises(OSError, match="no plain file"):
        OutputFile(fifo).ends(10, 10)
    with pytest.raises(UsageProblem, match="no plain file"):
        show_in_pager(OutputFile(fifo), {"PATH": os.environ["PATH"]})


def test_the_beginning_of_a_file_is_read_and_no_more(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"0123456789")
    assert (read_plain(tmp_path / "file", 4), read_plain(tmp_path / "file")) == (b"0123", b"0123456789")


def test_a_pane_reads_no_fifo(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "output")
    index = OutputIndex(tmp_path / "output")
    in_time(index.grow)
    assert index.size == 0


@pytest.mark.parametrize("content", [b"#" * (1 << 20), b"editor = " + b"[" * 60_000], ids=["long", "deep"])
def test_settings_that_no_person_wrote_are_refused_in_words(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "settings.toml").write_bytes(content)
    (tmp_path / "settings.toml").chmod(0o600)
    with pytest.raises(UsageProblem, match=r"settings\.toml"):
        load(tmp_path / "settings.toml")


def test_a_huge_list_of_signers_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "allowed").open("wb") as file:
        file.truncate(1 << 40)
    armoured = (
        b"-----BEGIN SSH SIGNATURE-----\nU1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAg\n-----END SSH SIGNATURE-----\n"
    )
    found = verify_signature(b"text", armoured, "uplevel-journal-v1", tmp_path / "allowed")
    assert isinstance(found, NotSigned)
    assert found.unknown or "no ssh signature" in found.why
