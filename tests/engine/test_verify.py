"""`verify` sees every change to the evidence, says which, and never claims more than it can know."""

import json
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from wizard.clock import SystemClock
from wizard.errors import ExitCode, UsageProblem
from wizard.record.journal import (
    CheckLog,
    Journal,
    JournalVerdict,
    SessionFolder,
    VerificationReport,
    manifest_hash,
    scan,
    verify,
)
from wizard.record.journal.line import FIRST_PREV


HEX = "a" * 64


def sha(content: bytes) -> str:
    return sha256(content).hexdigest()


def session(
    sessions: Path, *, mode: str = "live", close: bool = True, name: str = "01JD0000000000000000000000"
) -> SessionFolder:
    """A small finished session with a procedure, two runs and a check."""
    sessions.mkdir(mode=0o700, exist_ok=True)
    folder = SessionFolder.create(sessions, name)
    files = folder.store_procedure({"redis.yaml": b"format: 1\n", "worlds/estate.yaml": b"{}\n"})
    journal = Journal.create(folder, SystemClock())
    opened = {
        "format": 1,
        "session": name,
        "mode": mode,
        "files": files,
        "manifest": manifest_hash(files),
        "nonce": HEX,
    }
    journal.append("session.opened", opened, durable=True)
    log = CheckLog.open(folder)
    for run in (1, 2):
        journal.append("run.intent", {"run": run}, durable=True)
        where = folder.run_folder(run)
        output = f"output of run {run}\n".encode()
        (where / "claim").write_bytes(b"{}")
        (where / "output").write_bytes(output)
        ended = {"run": run, "output": {"sha256": sha(output), "len": len(output)}}
        journal.append("run.ended", ended, durable=True)
        cited = log.append(f"answer {run}".encode())
        answer = {"offset": cited.offset, "len": cited.length, "sha256": cited.sha256}
        journal.append("check.answered", {"verdict": "yes", "answer": answer}, durable=True)
    journal.append("check.answered", {"verdict": "no answer", "answer": None}, durable=True)
    journal.append("answered", {"answer": "yes"}, durable=True)
    if close:
        journal.append("session.closed", {"count": len(journal.records), "state": "completed"}, durable=True)
    log.close()
    journal.close()
    return folder


def told(report: VerificationReport) -> str:
    return " / ".join(report.findings)


def rewrite(folder: SessionFolder, change: Callable[[list[dict[str, Any]]], None]) -> None:
    """Forge a journal: change its records and compute the whole chain again, as anyone can who may write the file."""
    records = [json.loads(record.raw) for record in scan(folder.journal).records]
    change(records)
    lines, prev = [], FIRST_PREV
    for seq, fields in enumerate(records):
        del fields["h"]
        fields |= {"prev": prev, "seq": seq}
        body = json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()
        prev = sha(body)
        lines.append(body[:-1] + f',"h":"{prev}"}}\n'.encode())
    folder.journal.write_bytes(b"".join(lines))


def test_a_whole_session_is_verified_unsigned(tmp_path: Path) -> None:
    folder = session(tmp_path)
    for path in (folder.path, folder.journal):
        report = verify(path)
        assert (report.title, report.exit_code, report.findings) == ("VERIFIED-UNSIGNED", ExitCode.COMPLETED, ())
        assert (report.count, report.session, report.mode) == (10, folder.session_id, "live")
        assert report.head == scan(folder.journal).records[-1].h


def test_a_rehearsal_is_called_one_and_is_no_live_evidence(tmp_path: Path) -> None:
    folder = session(tmp_path, mode="rehearsal")
    report = verify(folder.path)
    assert (report.title, report.exit_code) == ("REHEARSAL VERIFIED-UNSIGNED", 0)
    assert verify(folder.path, live=True).exit_code == ExitCode.EVIDENCE
    assert verify(session(tmp_path / "b", mode="by-hand").path, live=True).exit_code == ExitCode.UNPROVEN


def test_an_invented_mode_is_no_live_evidence(tmp_path: Path) -> None:
    folder = session(tmp_path, mode="Live")
    report = verify(folder.path, live=True)
    assert (report.verdict, report.exit_code) == (JournalVerdict.BROKEN, ExitCode.EVIDENCE)
    assert "is none of live, by-hand, rehearsal" in told(report)


def test_a_session_without_closing_record_is_open_and_names_its_last(tmp_path: Path) -> None:
    report = verify(session(tmp_path, close=False).path)
    assert (report.title, report.exit_code) == ("OPEN", ExitCode.PAUSED)
    assert any("The last one is 8, answered" in note for note in report.notes)


def test_a_torn_tail_is_a_damaged_tail(tmp_path: Path) -> None:
    folder = session(tmp_path)
    content = folder.journal.read_bytes()
    for cut in (content[:-1], content[:-30], content + b"\0" * 100, content + b'{"at":"2026'):
        folder.journal.write_bytes(cut)
        report = verify(folder.path)
        assert (report.verdict, report.exit_code) == (JournalVerdict.DAMAGED_TAIL, ExitCode.RECORD), told(report)


@pytest.mark.parametrize("content", [None, b"", b"{", b"\0" * 100])
def test_no_first_record_is_no_session(tmp_path: Path, content: bytes | None) -> None:
    folder = session(tmp_path)
    folder.journal.unlink() if content is None else folder.journal.write_bytes(content)
    with pytest.raises(UsageProblem, match="no session here"):
        verify(folder.path)


def test_every_changed_byte_of_the_journal_is_seen(tmp_path: Path) -> None:
    folder = session(tmp_path)
    content = folder.journal.read_bytes()
    for at in range(0, len(content), 7):
        changed = bytearray(content)
        changed[at] ^= 1 << (at % 8)
        folder.journal.write_bytes(changed)
        assert verify(folder.path).verdict in {JournalVerdict.BROKEN, JournalVerdict.DAMAGED_TAIL}


def edited(lines: list[bytes]) -> None:
    lines[4] = lines[4].replace(b'"run":2', b'"run":3')


def deleted(lines: list[bytes]) -> None:
    del lines[4:6]


def inserted(lines: list[bytes]) -> None:
    lines.insert(4, b'{"kind":"noted"}\n')


def repeated(lines: list[bytes]) -> None:
    lines.insert(5, lines[2])


def reordered(lines: list[bytes]) -> None:
    lines[4], lines[5] = lines[5], lines[4]


def beheaded(lines: list[bytes]) -> None:
    del lines[0]


@pytest.mark.parametrize(
    ("attack", "sentence"),
    [
        (edited, "Line 5 does not match its own hash: it was edited"),
        (deleted, "Records 4 to 5 are missing before record 6: deleted"),
        (inserted, "Line 5 does not end in a hash: it was edited, or put there later"),
        (repeated, "Line 6 is record 2 for the second time"),
        (reordered, "reordered"),
        (beheaded, "Record 0 is missing before record 1: deleted"),
    ],
)
def test_a_broken_chain_is_told_in_sentences(
    tmp_path: Path, attack: Callable[[list[bytes]], None], sentence: str
) -> None:
    folder = session(tmp_path)
    lines = folder.journal.read_bytes().splitlines(keepends=True)
    attack(lines)
    folder.journal.write_bytes(b"".join(lines))
    report = verify(folder.path)
    assert (report.verdict, report.exit_code) == (JournalVerdict.BROKEN, ExitCode.EVIDENCE)
    assert sentence in told(report)


def test_a_line_of_another_session_does_not_fit(tmp_path: Path) -> None:
    folder, other = session(tmp_path / "a"), session(tmp_path / "b", name="01JD000000000000000000000B")
    lines = folder.journal.read_bytes().splitlines(keepends=True)
    lines[5] = other.journal.read_bytes().splitlines(keepends=True)[5]
    folder.journal.write_bytes(b"".join(lines))
    assert "Record 5 does not follow the one before it" in told(verify(folder.path))


def edit(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-2] + b"X\n")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda f: edit(f.runs / "0001" / "output"), "The output of run 1 is not what record 2 cites"),
        (lambda f: (f.runs / "0002" / "output").unlink(), "The output of run 2, cited by record 5, is missing"),
        (lambda f: shutil.rmtree(f.runs / "0002"), "The folder of run 2, cited by record 5, is missing"),
        (lambda f: edit(f.checks_output), "The answer of a check is not what record 6 cites"),
        (lambda f: f.checks_output.unlink(), "The answer of a check is not what record 3 cites"),
        (lambda f: edit(f.procedure / "redis.yaml"), "differs from record 0: redis.yaml was edited"),
        (lambda f: (f.procedure / "redis.yaml").unlink(), "redis.yaml is missing from the session"),
        (lambda f: (f.procedure / "new.yaml").touch(), "new.yaml was added to the copy of the procedure"),
    ],
)
def test_a_changed_file_is_named(tmp_path: Path, change: Callable[[SessionFolder], None], sentence: str) -> None:
    folder = session(tmp_path)
    change(folder)
    report = verify(folder.path)
    assert report.verdict is JournalVerdict.BROKEN
    assert sentence in told(report)


def test_a_link_in_place_of_an_output_is_not_followed(tmp_path: Path) -> None:
    folder = session(tmp_path)
    output = folder.runs / "0001" / "output"
    output.rename(tmp_path / "aside")
    output.symlink_to(tmp_path / "aside")
    assert "is missing or is not a plain file" in told(verify(folder.path))


def test_a_tail_cut_clean_betrays_itself_by_a_run_nobody_ordered(tmp_path: Path) -> None:
    folder = session(tmp_path)
    lines = folder.journal.read_bytes().splitlines(keepends=True)
    folder.journal.write_bytes(b"".join(lines[:4]))
    assert "Run 2 was started, but the journal does not know it: its tail was cut." in told(verify(folder.path))


def test_a_wrong_count_a_second_closing_and_what_stands_after_it_are_seen(tmp_path: Path) -> None:
    folder = session(tmp_path)

    def change(records: list[dict[str, Any]]) -> None:
        del records[8]
        records.append(records[-1] | {"kind": "noted", "data": {}})
        records.append(dict(records[8]))

    rewrite(folder, change)
    report = told(verify(folder.path))
    assert "The closing record counts 9 records before it; there are 8." in report
    assert "Record 9 (noted) stands after the closing record." in report
    assert "closes the session for the second time" in report


def test_another_beginning_or_format_is_refused(tmp_path: Path) -> None:
    folder = session(tmp_path)
    rewrite(folder, lambda records: records[0]["data"].update(format=2))
    assert "this uplevel knows format 1" in told(verify(folder.path))
    rewrite(folder, lambda records: records[0].update(kind="noted"))
    assert "The journal begins with noted" in told(verify(folder.path))


def test_a_manifest_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder = session(tmp_path)
    outside = tmp_path / "outside"
    outside.write_bytes(b"x")

    def change(records: list[dict[str, Any]]) -> None:
        data = records[0]["data"]
        data["files"] = [{"path": "../../outside", "sha256": sha(b"x"), "bytes": 1}]
        data["manifest"] = manifest_hash(data["files"])

    rewrite(folder, change)
    assert "The procedure's file ../../outside is missing" in told(verify(folder.path))


@pytest.mark.parametrize(
    "data",
    [
        {"run": "1", "output": {"sha256": HEX, "len": 1}},
        {"run": 1, "output": "x"},
        {"run": 1, "output": {}},
        {"run": 1, "tail": 5},
        {"run": 1, "tail": [5]},
        {"run": 1, "beside": 5},
        {"run": 10**30, "output": {"sha256": HEX, "len": 1}},
        {"answer": {"offset": -1, "len": 5, "sha256": HEX}},
        {"answer": {"offset": 10**30, "len": 10**30, "sha256": HEX}},
        {"answer": {"offset": "x", "len": [], "sha256": None}},
        {"answer": 5},
    ],
    ids=str,
)
def test_odd_citations_are_findings_and_never_errors(tmp_path: Path, data: dict[str, Any]) -> None:
    folder = session(tmp_path)
    kind = "run.ended" if "run" in data else "check.answered"
    rewrite(folder, lambda records: records[6].update(kind=kind, data=data))
    assert verify(folder.path).verdict is JournalVerdict.BROKEN


def test_a_forged_chain_passes_without_an_anchor_and_fails_against_a_pasted_head(tmp_path: Path) -> None:
    folder = session(tmp_path)
    head = verify(folder.path).head
    pasted = " ".join(head[at : at + 8] for at in range(0, 64, 8)).upper()
    assert any("covers the whole journal" in note for note in verify(folder.path, head=pasted).notes)
    rewrite(folder, lambda records: records[8]["data"].update(answer="no"))
    assert verify(folder.path).verdict is JournalVerdict.UNSIGNED
    report = verify(folder.path, head=pasted)
    assert (report.verdict, report.exit_code) == (JournalVerdict.BROKEN, ExitCode.EVIDENCE)
    assert "is that of no record" in told(report)


def test_an_early_head_says_how_far_it_covers(tmp_path: Path) -> None:
    folder = session(tmp_path)
    early = scan(folder.journal).records[3].h
    assert any("does not cover the 6 records after it" in note for note in verify(folder.path, head=early).notes)


@pytest.mark.parametrize("head", ["", "abc", "g" * 64, HEX + "a"])
def test_a_head_that_is_none_is_wrong_usage(tmp_path: Path, head: str) -> None:
    with pytest.raises(UsageProblem, match="64 hex digits"):
        verify(session(tmp_path).path, head=head)


def test_unknown_kinds_are_shown_raw_and_are_no_fault(tmp_path: Path) -> None:
    report = verify(session(tmp_path).path, shape=lambda kind, _: None if kind == "answered" else True)
    assert report.verdict is JournalVerdict.UNSIGNED
    assert [record.kind for record in report.unknown] == ["answered"]


def test_a_manifest_hash_is_what_sha256sum_prints(tmp_path: Path) -> None:
    files = [{"path": "b", "sha256": sha(b"2")}, {"path": "a", "sha256": sha(b"1")}]
    assert manifest_hash(files) == sha(f"{sha(b'1')}  a\n{sha(b'2')}  b\n".encode())
