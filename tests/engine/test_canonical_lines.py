"""A journal says one thing to every reader: a line is written in one way, or it is a finding, whatever its hash."""

import json
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Opener
from tests.engine.test_old_journals import IDS, JOURNALS
from tests.engine.test_verify import rewrite, session
from wizard.errors import EvidenceBroken
from wizard.places import sessions_dir
from wizard.record.events import has_its_shape
from wizard.record.journal import Harm, JournalVerdict, SessionFolder, scan, scan_bytes, verify
from wizard.record.journal.line import parse


BOM = b"\xef\xbb\xbf"


def body_of(line: bytes) -> bytes:
    return line[: line.rindex(b',"h":"')] + b"}"


def sealed(body: bytes) -> bytes:
    """A line with a hash that is right, whatever stands in it."""
    return body[:-1] + b',"h":"' + sha256(body).hexdigest().encode() + b'"}\n'


def said(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(body: bytes) -> bytes:
        assert old in body
        return body.replace(old, new, 1)

    return change


def of_field(name: str, value: str) -> Callable[[bytes], bytes]:
    """A field with a value that is written as it stands here."""

    def change(body: bytes) -> bytes:
        fields = json.loads(body) | {name: "\0"}
        return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode().replace(b'"\\u0000"', value.encode())

    return change


FORGED: dict[str, Callable[[bytes], bytes]] = {
    "a key twice": said(b'{"at"', b'{"at":"2026-11-23T02:00:00.000000Z","at"'),
    "a key twice in the data": said(b'"run":1', b'"run":2,"run":1'),
    "NaN": said(b'"run":1', b'"run":NaN'),
    "infinity": said(b'"run":1', b'"run":1e999'),
    "a blank": said(b'{"at":', b'{"at": '),
    "a blank at the end": lambda body: body[:-1] + b" }",
    "another escape": said(b'"run.intent"', b'"\\u0072un.intent"'),
    "a slash escaped": said(b'"run":1', b'"run":1,"words":"\\/"'),
    "another order": said(b'"kind":"run.intent",', b""),
    "a float": said(b'"run":1', b'"run":1.50'),
    "not ASCII": said(b'"run":1', '"run":1,"words":"é"'.encode()),
    "carriage return": lambda body: body + b"\r",
    "byte order mark": lambda body: BOM + body,
    "a Cyrillic letter": said(b'"run.intent"', b'"\\u0433un.intent"'),
    "an empty kind": of_field("kind", '""'),
    "a float for the number": of_field("seq", "1.0"),
    "true for the number": of_field("seq", "true"),
    "no time": of_field("at", '""'),
    "another time": of_field("at", '"2026-11-23T02:00:00Z"'),
    "a time that is none": of_field("at", '"2026-02-30T02:00:00.000000Z"'),
    "boot time of 400 digits": of_field("boottime", "9" * 400),
    "boot time of 5000 digits": of_field("boottime", "9" * 5000),
    "negative boot time": of_field("boottime", "-1"),
    "very deep": of_field("data", '{"a":' * 20_000 + "1" + "}" * 20_000),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_line_that_is_not_written_as_we_write_it_is_a_finding(tmp_path: Path, name: str) -> None:
    folder = session(tmp_path)
    lines = folder.journal.read_bytes().splitlines(keepends=True)
    forged = sealed(FORGED[name](body_of(lines[1])))
    assert isinstance(parse(forged), str)
    folder.journal.write_bytes(b"".join([lines[0], forged, *lines[2:]]))
    assert scan(folder.journal).damage.harm is Harm.BROKEN
    report = verify(folder.path)
    assert (report.verdict, "Line 2 " in report.findings[0]) == (JournalVerdict.BROKEN, True), report.findings


def test_other_line_ends_and_marks_at_the_beginning_are_findings(tmp_path: Path) -> None:
    content = session(tmp_path).journal.read_bytes()
    for changed in (content.replace(b"\n", b"\r\n"), BOM + content, content.replace(b"\n", b"\n\n")):
        assert scan_bytes(changed).damage.harm is Harm.BROKEN


@pytest.mark.parametrize("name", sorted(IDS))
def test_journals_of_the_version_before_are_written_so(name: str) -> None:
    found = scan(JOURNALS / name / "journal.jsonl")
    assert found.damage.harm is Harm.NONE
    assert [each.kind for each in found.records if not has_its_shape(each.kind, each.data)] == []


def test_a_time_before_there_was_uplevel_is_a_finding(tmp_path: Path) -> None:
    folder = session(tmp_path)

    def older(records: list[dict[str, Any]]) -> None:
        for record in records:
            record["at"] = "1999" + record["at"][4:]

    rewrite(folder, older)
    assert "when there was no uplevel" in verify(folder.path).findings[0]


def test_a_float_for_a_count_is_a_finding_and_a_field_of_a_later_version_is_none() -> None:
    signed = {"purpose": "open", "count": 3, "head": "a", "namespace": "b", "key": "c", "file": "d"}
    assert has_its_shape("checkpoint.signed", signed)
    assert has_its_shape("checkpoint.signed", signed | {"count": 3.0}) is False
    assert has_its_shape("checkpoint.signed", signed | {"count": True}) is False
    assert has_its_shape("checkpoint.signed", signed | {"count": "3"}) is False
    assert has_its_shape("checkpoint.signed", {**signed, "key": None}) is False
    assert has_its_shape("checkpoint.signed", signed | {"weight": 3}) is None
    assert has_its_shape("checkpoint.forgotten", signed) is None


def test_a_record_without_the_shape_of_its_kind_is_a_finding(tmp_path: Path) -> None:
    shape = {"run.intent": False, "answered": None}
    report = verify(session(tmp_path).path, shape=lambda kind, _: shape.get(kind, True))
    assert report.findings[0] == "Record 1 does not have the shape of run.intent."
    assert [record.kind for record in report.unknown] == ["answered"]


def test_a_folder_with_another_name_than_its_session_is_a_finding_among_the_sessions(sessions: Opener) -> None:
    folder = session(sessions_dir())
    assert verify(folder.path).findings == ()
    other = Path(shutil.copytree(folder.path, folder.path.with_name("01JD0000000000000000000009")))
    report = verify(other)
    assert (report.verdict, "record in it is that of the session" in report.findings[0]) == (
        JournalVerdict.BROKEN,
        True,
    )
    elsewhere = Path(shutil.copytree(folder.path, sessions_dir().parent / "from-a-colleague"))
    report = verify(elsewhere)
    assert (report.findings, "from-a-colleague" in report.notes[0]) == ((), True)


def test_a_copy_under_another_name_is_not_taken_up(sessions: Opener) -> None:
    drive = sessions.open(
        "format: 1\nprocedure: p\ntitle: P\nphases: [{title: A, steps: [{id: a, title: A, run: 'true'}]}]\n"
    )
    drive.until_asked()
    drive.leave()
    drive.until_finished()
    other = shutil.copytree(drive.engine.folder, drive.engine.folder.with_name("01JD0000000000000000000009"))
    with pytest.raises(EvidenceBroken, match="another session"):
        sessions.resume(str(other))
    assert SessionFolder(Path(other)).journal.read_bytes() == (drive.engine.folder / "journal.jsonl").read_bytes()
