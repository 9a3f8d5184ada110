"""Every way of tampering with a session that we know: `verify` names it, or says that nothing anchors the record."""

import os
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Opener
from tests.engine import test_signing
from tests.engine.test_canonical_lines import body_of, sealed
from tests.engine.test_verify import rewrite
from wizard.errors import ExitCode, UplevelError
from wizard.events import has_its_shape
from wizard.journal import Report, SessionFolder, scan, verify
from wizard.places import config_dir, sessions_dir
from wizard.signing import check_head


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


def runs_as_link(folder: Path, other: Path) -> None:
    (folder / "runs").rename(other.parent.parent / "runs-elsewhere")
    (folder / "runs").symlink_to(other.parent.parent / "runs-elsewhere")


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
    "runs a link": runs_as_link,
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
NOTED = {"a hard link", "a mode of 0777", "a folder of mode 0777"}
"""Nothing is changed by them; who might have changed something is."""


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


def judged(folder: Path, **more: Any) -> Report | ExitCode:
    try:
        return verify(folder, live=True, check_signature=check_head, shape=has_its_shape, **more)
    except UplevelError as problem:
        return problem.code


def code_of(report: Report | ExitCode) -> ExitCode:
    return report if isinstance(report, ExitCode) else report.exit_code


def test_every_way_of_tampering_is_named_or_nothing_anchors_the_record(
    two: tuple[Path, Path], keys: Path, tmp_path: Path
) -> None:
    whole, other = two
    head = scan(whole / "journal.jsonl").records[-1].h
    allowed = test_signing.allow(tmp_path, ("ann", keys / "ann"))
    untouched = judged(whole, head=head, signed_by=allowed)
    assert isinstance(untouched, Report)
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
                assert isinstance(report, Report)
                assert any("write" in note or "second name" in note for note in report.notes), name
            elif code_of(report) not in {ExitCode.EVIDENCE, ExitCode.RECORD, ExitCode.USAGE}:
                wrong[name] = (report, given)
            elif isinstance(report, Report) and not report.findings and not report.notes:
                wrong[name] = report
        if code_of(bare) is ExitCode.COMPLETED:
            wrong[f"{name}, without an anchor"] = bare
    assert wrong == {}


def test_a_folder_copied_over_anothers_name_is_named(two: tuple[Path, Path]) -> None:
    one, other = two
    shutil.rmtree(other)
    shutil.copytree(one, sessions_dir() / other.name)
    report = judged(other)
    assert isinstance(report, Report)
    assert "record in it is that of the session" in report.findings[-1]
