"""Every way of tampering with a session that we know: `verify` names it, or says that nothing anchors the record."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Opener
from tests.engine import test_signing
from tests.engine.test_canonical_lines import body_of, sealed
from tests.engine.test_planted_files import in_time
from tests.engine.test_verify import rewrite
from wizard.archive.sessions import list_sessions
from wizard.engine.record_follower import Observed
from wizard.errors import ExitCode, UplevelError
from wizard.formats import build
from wizard.places import config_dir, sessions_dir
from wizard.record.events import has_its_shape
from wizard.record.journal import JournalVerdict, Record, SessionFolder, VerificationReport, scan, verify
from wizard.record.journal.around import rights_to
from wizard.record.journal.run_citations import check_runs
from wizard.record.signing import check_head


STEPS = """
format: 1
procedure: two
title: Two commands
phases:
  - title: All
    steps:
      - {id: one, title: First, run: sh -c 'echo one; echo bad >&2', stderr: apart, after: [{run: echo yes}]}
      - {id: two, title: Second, run: echo two}
"""
keys = test_signing.keys
Deed = Callable[[Path, Path], object]
"""Takes a session's folder and another session of the same procedure."""


def lines_of(folder: Path) -> list[bytes]:
    return (folder / "journal.jsonl").read_bytes().splitlines(keepends=True)


def with_lines(change: Callable[[list[bytes]], object]) -> Deed:
    def deed(folder: Path, _other: Path) -> None:
        lines = lines_of(folder)
        change(lines)
        (folder / "journal.jsonl").write_bytes(b"".join(lines))

    return deed


def rebuilt(change: Callable[[list[dict[str, Any]]], object]) -> Deed:
    """The whole chain is computed anew, as by whoever may write the file."""

    def deed(folder: Path, _other: Path) -> None:
        def changed(records: list[dict[str, Any]]) -> None:
            change(records)

        rewrite(SessionFolder(folder), changed)

    return deed


def of_record(kind: str, **fields: Any) -> Deed:
    def change(records: list[dict[str, Any]]) -> None:
        next(record for record in records if record["kind"] == kind)["data"].update(fields)

    return rebuilt(change)


def of_file(name: str, deed: Callable[[Path], object]) -> Deed:
    return lambda folder, _other: deed(folder / name)


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[min(7, len(content) - 1)] ^= 0x41
    path.write_bytes(content)


def added(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("more\n")


def replaced(name: str) -> Deed:
    def deed(folder: Path, other: Path) -> None:
        (folder / name).write_bytes((other / name).read_bytes())

    return deed


def swapped_outputs(folder: Path, _other: Path) -> None:
    one, two = folder / "runs" / "0001" / "output", folder / "runs" / "0002" / "output"
    one.write_bytes(two.read_bytes())


def exchanged_outputs(folder: Path, _other: Path) -> None:
    one, two = folder / "runs" / "0001" / "output", folder / "runs" / "0002" / "output"
    one.write_bytes(two.read_bytes()[: one.stat().st_size].ljust(one.stat().st_size))


def as_link(name: str) -> Deed:
    def deed(folder: Path, other: Path) -> None:
        elsewhere = other.parent.parent / "elsewhere"
        shutil.rmtree(elsewhere, ignore_errors=True)
        (folder / name).rename(elsewhere)
        (folder / name).symlink_to(elsewhere)

    return deed


def as_fifo(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.mkfifo(path, 0o600)


def as_folder(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.mkdir(mode=0o700)


def appended(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more\n")


def spliced(folder: Path, other: Path) -> None:
    lines = lines_of(folder)
    lines[5] = lines_of(other)[5]
    (folder / "journal.jsonl").write_bytes(b"".join(lines))


def whole_other(folder: Path, other: Path) -> None:
    shutil.rmtree(folder)
    shutil.copytree(other, folder)


def heads_of_another(folder: Path, other: Path) -> None:
    shutil.rmtree(folder / "checkpoints")
    shutil.copytree(other / "checkpoints", folder / "checkpoints")


def linked(folder: Path, other: Path) -> None:
    os.link(folder / "journal.jsonl", other.parent.parent / "second-name")


def resealed(change: Callable[[bytes], bytes]) -> Callable[[list[bytes]], None]:
    """One line is changed and given its hash again; the last one, so that the chain holds."""

    def deed(lines: list[bytes]) -> None:
        lines[-1] = sealed(change(body_of(lines[-1])))

    return deed


def with_carriage_returns(lines: list[bytes]) -> None:
    lines[:] = [line.replace(b"\n", b"\r\n") for line in lines]


def renamed(old: str, new: str) -> Deed:
    def change(records: list[dict[str, Any]]) -> None:
        for record in records:
            record["kind"] = new if record["kind"] == old else record["kind"]

    return rebuilt(change)


def dated(at: str) -> Deed:
    return rebuilt(lambda records: [record.update(at=at) for record in records])


def cut_in_the_middle_of_a_line(lines: list[bytes]) -> None:
    lines[-1] = lines[-1][:-9]


def forged_output(folder: Path, _other: Path) -> None:
    """The output and the record that cites it are both written anew, and the chain with them."""
    output = folder / "runs" / "0001" / "output"
    output.write_bytes(b"all is well\n")
    cited = {"sha256": sha256(output.read_bytes()).hexdigest(), "len": 12}
    of_record("run.ended", output=cited)(folder, folder)


WAYS: dict[str, Deed] = {
    "line edited": with_lines(lambda lines: lines.__setitem__(3, lines[3].replace(b'"', b"'", 1))),
    "line deleted": with_lines(lambda lines: lines.pop(4)),
    "line inserted": with_lines(lambda lines: lines.insert(4, lines[2].replace(b"one", b"two"))),
    "lines swapped": with_lines(lambda lines: lines.insert(4, lines.pop(6))),
    "line doubled": with_lines(lambda lines: lines.insert(4, lines[4])),
    "tail cut": with_lines(lambda lines: lines.__delitem__(slice(-4, None))),
    "tail cut within a line": with_lines(cut_in_the_middle_of_a_line),
    "first lines cut": with_lines(lambda lines: lines.__delitem__(slice(0, 2))),
    "chain rebuilt": of_record("answered", reason="nobody said so"),
    "chain rebuilt from the middle": of_record("run.ended", exit=0, seconds=0.5),
    "chain rebuilt with its output": forged_output,
    "another closing count": of_record("session.closed", count=3),
    "another state": of_record("session.closed", state="stopped"),
    "as another mode": of_record("session.opened", mode="by-hand"),
    "as no mode": of_record("session.opened", mode="LIVE"),
    "another session's record": spliced,
    "another session's output": swapped_outputs,
    "another session's heads": heads_of_another,
    "another session whole": whole_other,
    "another session's procedure": of_file("procedure/procedure.yaml", flipped),
    "files added to the procedure": of_file("procedure/more.yaml", added),
    "procedure removed": of_file("procedure/procedure.yaml", Path.unlink),
    "answers edited": of_file("checks/output", flipped),
    "answers removed": of_file("checks/output", Path.unlink),
    "file added": of_file("more", added),
    "folder added": of_file("more/more", added),
    "run added": of_file("runs/0009/output", added),
    "file added to a run": of_file("runs/0001/more", added),
    "file added to the heads": of_file("checkpoints/more", added),
    "file added to the checks": of_file("checks/more", added),
    "evidence added": of_file("evidence/more", added),
    **{f"{name} a link": as_link(name) for name in ("runs", "runs/0001", "procedure", "checks", "checkpoints")},
    **{
        f"{name} {word}": of_file(name, deed)
        for name in ("lock", "holder.json", "reserve", "runs/0001/control", "runs/0001/crash", "runs/0009")
        for word, deed in (("a FIFO", as_fifo), ("a folder", as_folder))
        if (name, word) != ("runs/0009", "a folder")  # it is made before the record that tells of it
    },
    "the end of an output added": of_file("runs/0001/tail.5", as_folder),
    "a pretend platform added": of_file("sandbox", as_folder),
    "a torn end added": of_file("journal.damaged-7", added),
    "a folder added to the procedure": of_file("procedure/more", as_folder),
    "a link added to the procedure": of_file("procedure/more", lambda path: path.symlink_to("/etc")),
    "a folder of evidence added": of_file("evidence/more", lambda path: path.mkdir(parents=True)),
    "an output of the same length": exchanged_outputs,
    "a hard link": linked,
    "a mode of 0777": of_file("runs/0001/output", lambda path: path.chmod(0o777)),
    "a folder of mode 0777": of_file("runs", lambda path: path.chmod(0o777)),
    "line ends": with_lines(
        lambda lines: lines.__setitem__(slice(0, None), [x.replace(b"\n", b"\r\n") for x in lines])
    ),
    "byte order mark": with_lines(lambda lines: lines.insert(0, b"\xef\xbb\xbf" + lines.pop(0))),
    "duplicate keys": with_lines(resealed(lambda body: body.replace(b'{"at"', b'{"at":"2026","at"'))),
    "NaN": with_lines(resealed(lambda body: body.replace(b'"data":{', b'"data":{"a":NaN,'))),
    "other spacing": with_lines(resealed(lambda body: body.replace(b'"seq":', b'"seq": '))),
    "a float for a count": of_record("session.closed", count=11.0),
    "dated 1999": dated("1999-11-23T02:00:00.000000Z"),
    "dated never": dated(""),
    "boot times of 400 digits": rebuilt(lambda records: [record.update(boottime=10**400) for record in records]),
    "a Cyrillic letter": renamed("run.ended", "run.\u0435nded"),
    "an unknown kind": renamed("run.ended", "run.ended-well"),
    "a run that was not there": of_record("run.intent", run=9),
    "signed text removed": lambda folder, _other: min((folder / "checkpoints").glob("*.head")).unlink(),
    "answers added": of_file("checks/output", appended),
    "signature removed": lambda folder, _other: min((folder / "checkpoints").glob("*.sig")).unlink(),
    "signature exchanged": lambda folder, _other: shutil.copy(
        *[str(path) for path in sorted((folder / "checkpoints").glob("*.sig"))[:2]]
    ),
    "signed text edited": lambda folder, _other: flipped(min((folder / "checkpoints").glob("*.head"))),
    **{
        f"{name} {word}": of_file(f"runs/0001/{name}", deed)
        for name in ("output", "timing", "exit.json", "started.json", "claim")
        for word, deed in (("edited", flipped), ("removed", Path.unlink))
    },
    **{
        f"{name} of another session": replaced(f"runs/0001/{name}")
        for name in ("timing", "exit.json", "started.json", "claim")
    },
}
NOTED = {
    "a hard link": "has a second name elsewhere",
    "a mode of 0777": "Others may write",
    "a folder of mode 0777": "Others may write",
    "answers added": "5 bytes that no record cites",
}
"""Nothing that is cited is changed by them, so it is whole; but not proven, where a live session must be."""


@pytest.fixture
def two(sessions: Opener, keys: Path) -> tuple[Path, Path]:
    """Two closed and signed sessions of one procedure."""
    settings = config_dir() / "settings.toml"
    settings.write_text(f'signing_key = "{keys / "ann"}"\n')
    settings.chmod(0o600)
    folders = []
    for _ in range(2):
        drive = sessions.open(STEPS)
        drive.ask_and_answer("run", sort="go")
        drive.ask_and_answer("run", sort="go")
        drive.until_finished()
        folders.append(drive.engine.folder)
    return folders[0], folders[1]


def judged(folder: Path, **more: Any) -> VerificationReport | ExitCode:
    try:
        return verify(folder, live=True, check_signature=check_head, shape=has_its_shape, **more)
    except UplevelError as problem:
        return problem.code


def code_of(report: VerificationReport | ExitCode) -> ExitCode:
    return report if isinstance(report, ExitCode) else report.exit_code


def test_every_way_of_tampering_is_named_or_nothing_anchors_the_record(
    two: tuple[Path, Path], keys: Path, tmp_path: Path
) -> None:
    whole, other = two
    head = scan(whole / "journal.jsonl").records[-1].h
    allowed = test_signing.allow(tmp_path, ("ann", keys / "ann"))
    untouched = judged(whole, head=head, signed_by=allowed)
    assert isinstance(untouched, VerificationReport)
    assert (untouched.title, untouched.exit_code, untouched.findings) == ("VERIFIED", 0, ())
    safe = Path(shutil.copytree(whole, tmp_path / "safe" / whole.name))
    wrong: dict[str, Any] = {}
    for name, deed in WAYS.items():
        shutil.rmtree(whole)
        shutil.copytree(safe, whole)
        deed(whole, other)
        bare = judged(whole)
        for given in ({"head": head}, {"signed_by": allowed}):
            report = judged(whole, **given)
            if name in NOTED:
                assert isinstance(report, VerificationReport)
                assert report.exit_code is ExitCode.UNPROVEN, name
                assert any(NOTED[name] in note for note in report.notes), name
            elif code_of(report) not in {ExitCode.EVIDENCE, ExitCode.RECORD, ExitCode.USAGE}:
                wrong[name] = (report, given)
            elif isinstance(report, VerificationReport) and not report.findings and not report.notes:
                wrong[name] = report
        if code_of(bare) is ExitCode.COMPLETED:
            wrong[f"{name}, without an anchor"] = bare
    assert wrong == {}


def test_a_folder_copied_over_anothers_name_is_named(two: tuple[Path, Path]) -> None:
    one, other = two
    shutil.rmtree(other)
    shutil.copytree(one, sessions_dir() / other.name)
    report = judged(other)
    assert isinstance(report, VerificationReport)
    assert "record in it is that of the session" in report.findings[-1]


def test_a_file_of_another_user_is_named(two: tuple[Path, Path]) -> None:
    folder, _ = two
    here = os.geteuid()
    told = list(rights_to(folder / "runs" / "0001" / "output", Path("runs/0001/output"), owner=here + 1))
    assert told == [f"runs/0001/output belongs to user {here}, the session's folder to user {here + 1}."]
    assert list(rights_to(folder / "runs" / "0001" / "output", Path("runs/0001/output"), owner=here)) == []


HUGE = ("journal.jsonl", "checks/output", "procedure/procedure.yaml", "checkpoints/000002.sig", "reserve", "lock")


@pytest.mark.parametrize("name", [*HUGE, *(f"runs/0001/{each}" for each in ("output", "timing", "exit.json", "claim"))])
def test_a_huge_file_in_place_of_a_small_one_is_not_read(two: tuple[Path, Path], name: str) -> None:
    folder, _ = two
    with (folder / name).open("r+b") as file:
        file.truncate(1 << 40)
    in_time(lambda: judged(folder))
    in_time(lambda: build(folder))
    in_time(list_sessions)
    in_time(lambda: Observed(folder).close())


def test_a_session_that_goes_on_while_it_is_verified_is_not_called_broken(
    sessions: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    drive = sessions.open(STEPS)
    drive.until_asked("go")

    def looked_at(folder: SessionFolder, records: list[Record]) -> Iterator[str]:
        if "run.intent" not in drive.kinds():
            drive.answer("run")  # after the journal was read: another run, a few records, its files
            drive.until_asked("go")
        return check_runs(folder, records)

    monkeypatch.setattr(sys.modules["wizard.record.journal.verify"], "check_runs", looked_at)
    report = verify(drive.engine.folder, shape=has_its_shape)
    assert (report.verdict, report.findings) == (JournalVerdict.OPEN, ())
    assert report.count > 10
