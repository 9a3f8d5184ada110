"""What a command left beside its output, and what a person brought as proof, is cited by hash and compared."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Opener
from tests.engine.test_verify import rewrite
from wizard.engine.evidence import MOST_KEPT
from wizard.formats import build
from wizard.formats.markdown import render_markdown
from wizard.record.events import Evidence
from wizard.record.journal import JournalVerdict, SessionFolder, verify


APART = """
format: 1
procedure: apart
title: Two streams
phases:
  - title: All
    steps:
      - id: one
        title: First
        run: sh -c 'echo good; sleep 0.2; echo bad >&2'
        stderr: apart
        after: [{run: echo yes}]
"""
BRING = """
format: 1
procedure: bring
title: Bring a file
parameters:
  token: {secret: true, any: true}
phases:
  - title: All
    steps:
      - id: look
        title: Bring it
        by_hand: [{text: The report, evidence: file}]
"""


def ended(sessions: Opener) -> Path:
    drive = sessions.open(APART)
    drive.ask_and_answer("run", sort="go")
    drive.until_finished()
    return drive.engine.folder


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[7] ^= 0x40
    path.write_bytes(content)


def swap(path: Path) -> None:
    path.write_bytes(b"{}\n")


def test_what_stands_beside_an_output_is_cited_and_compared(sessions: Opener, tmp_path: Path) -> None:
    whole = ended(sessions)
    assert verify(whole).findings == ()
    deeds: tuple[Callable[[Path], None], ...] = (flip, swap, Path.unlink)
    for name in ("claim", "started.json", "timing", "exit.json", "output"):
        for deed in deeds:
            folder = Path(shutil.copytree(whole, tmp_path / "copy" / whole.name))
            deed(folder / "runs" / "0001" / name)
            report = verify(folder)
            assert (report.verdict, name in report.findings[0], len(report.findings)) == (
                JournalVerdict.BROKEN,
                True,
                1,
            )
            shutil.rmtree(folder)


def test_what_was_added_to_a_run_is_found(sessions: Opener, tmp_path: Path) -> None:
    whole = ended(sessions)
    for name, told in {
        "runs/0001/notes": "The file notes of run 1 was added",
        "runs/0002/output": "The folder of run 2 was added",
        "runs/0009/claim": "Run 9 was started, but the journal does not know it",
        "runs/more/output": "more was added",
        "evidence/more": "evidence/more was added",
        "procedure/more": "more was added",
    }.items():
        folder = Path(shutil.copytree(whole, tmp_path / "copy" / whole.name))
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("more")
        assert told in verify(folder).findings[0]
        shutil.rmtree(folder)
    folder = Path(shutil.copytree(whole, tmp_path / "copy" / whole.name))
    (folder / "runs").rename(tmp_path / "runs")
    (folder / "runs").symlink_to(tmp_path / "runs")
    assert "runs is a link where a folder should be" in verify(folder).findings[0]


def test_a_transcript_tells_streams_apart_only_as_far_as_the_record_does(sessions: Opener) -> None:
    folder = ended(sessions)
    text = render_markdown(build(folder))
    assert "1| good\n2| bad\n" in text
    assert "- streams: 1" in text
    flip(folder / "runs" / "0001" / "timing")
    (run,) = build(folder).steps[0].runs
    assert (run.output, run.streams) == (
        "good\nbad\n",
        "not told apart here, because timing is not what the record cites",
    )


def test_of_a_journal_without_the_citation_no_stream_is_told(sessions: Opener) -> None:
    folder = ended(sessions)

    def older(records: list[dict[str, Any]]) -> None:
        for record in records:
            record["data"].pop("beside", None)

    rewrite(SessionFolder(folder), older)
    assert verify(folder).findings == ()
    (run,) = build(folder).steps[0].runs
    assert (run.output, run.streams) == (
        "good\nbad\n",
        "not told apart here, because no record covers which line is of which",
    )


def test_an_output_is_compared_whatever_kind_of_record_cites_it(sessions: Opener) -> None:
    folder = ended(sessions)

    def rename(records: list[dict[str, Any]]) -> None:
        for record in records:
            if record["kind"] == "run.ended":
                record["kind"] = "run.finished"

    rewrite(SessionFolder(folder), rename)
    (folder / "runs" / "0001" / "output").write_text("all is well\n")
    assert "The output of run 1" in verify(folder).findings[0]


def test_a_transcript_says_where_the_whole_answer_of_a_check_stands(sessions: Opener) -> None:
    folder = ended(sessions)
    (check,) = [check for check in build(folder).steps[0].checks if check.purpose == "after"]
    assert check.answer is not None
    content = (folder / "checks" / "output").read_bytes()
    assert content[check.answer["offset"] :][: check.answer["len"]] == b"yes\n"
    assert f"4 bytes at {check.answer['offset']} of checks/output" in render_markdown(build(folder))


def brought(sessions: Opener, path: Path) -> tuple[Path, Evidence]:
    drive = sessions.open(BRING, secrets={"token": "hunter2-is-it"}, values={"token": ""})
    drive.until_asked("item")
    drive.answer("tick", "", Evidence(kind="file", text=str(path)))
    drive.until_finished()
    (answer,) = [event for event in drive.events if event.kind == "answered" and event.evidence]
    return drive.engine.folder, answer.evidence[0]


def test_a_copy_of_a_file_that_was_brought_is_kept_and_compared(sessions: Opener, tmp_path: Path) -> None:
    report = tmp_path / "report.pdf"
    report.write_bytes(b"all is well\xff\n")
    folder, evidence = brought(sessions, report)
    copy = folder / "evidence" / evidence.sha256
    assert (evidence.kept, evidence.bytes, copy.read_bytes()) == (True, 13, report.read_bytes())
    assert copy.stat().st_mode & 0o777 == 0o600
    assert verify(folder).findings == ()
    assert f"a copy is evidence/{evidence.sha256}" in render_markdown(build(folder))
    copy.write_bytes(b"all is bad!\xff\n")
    assert "was edited" in verify(folder).findings[0]
    copy.unlink()
    assert "is missing" in verify(folder).findings[0]


@pytest.mark.parametrize("content", [b"it is hunter2-is-it\n", b"x" * (MOST_KEPT + 1)], ids=["secret", "long"])
def test_of_a_secret_or_a_very_long_file_the_hash_alone_is_kept(
    sessions: Opener, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    folder, evidence = brought(sessions, path)
    assert (evidence.kept, evidence.bytes, os.path.lexists(folder / "evidence")) == (False, len(content), False)
    assert b"hunter2" not in b"".join(each.read_bytes() for each in folder.rglob("*") if each.is_file())
    assert json.loads(json.dumps(verify(folder).findings)) == []
