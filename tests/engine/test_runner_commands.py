"""Commands under a real supervisor: words, terminal, exits, input, secrets."""

import hashlib
import json
import os
import resource
import struct
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wizard.execution.runner import EndedNotice, RefusedNotice
from wizard.execution.supervisor.confine import Confinement, supported
from wizard.record.events import InputHidden


PRINT_ALL = """
import os, sys
given = [*sys.argv[1:], *(os.environ[f"V{number}"] for number in range(len(sys.argv) - 1))]
sys.stdout.buffer.write(b"".join(os.fsencode(word) + b"\\0" for word in given))
"""
VALUES = st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
    | st.sampled_from(["", "-n", "--", "'", '"', "$(id)", "`id`", "a b", "\n", "\r\n", "\x1b[31m", "%s", "*", "ü→🎉"]),
    min_size=100,
    max_size=100,
)


@pytest.mark.parametrize(
    ("script", "status", "number"),
    [
        ("exit 0", 0, None),
        ("exit 3", 3, None),
        ("exit 255", 255, None),
        ("kill -9 $$", None, 9),
        ("kill -13 $$", None, 13),
    ],
)
def test_exit_status_and_signal_are_told_apart(desk: Any, script: str, status: int | None, number: int | None) -> None:
    _, ended = desk.run(desk.bash(script))
    assert (ended.report.exit, ended.report.signal) == (status, number)


def test_report_cites_the_bytes_that_lie_on_disk(desk: Any) -> None:
    following, ended = desk.run(desk.bash("printf 'one\\ntwo\\n'; printf 'err\\n' >&2"))
    assert following.output == b"one\ntwo\nerr\n"
    assert ended.report.length == len(following.output)
    assert ended.report.sha256 == hashlib.sha256(following.output).hexdigest()
    assert json.loads((following.folder / "exit.json").read_bytes())["sha256"] == ended.report.sha256


def test_files_of_a_run_are_for_their_owner_only(desk: Any) -> None:
    following, _ = desk.run(desk.bash("echo x"))
    names = {path.name for path in following.folder.iterdir()}
    assert names == {"claim", "started.json", "output", "timing", "exit.json"}
    assert all(path.stat().st_mode & 0o77 == 0 for path in following.folder.iterdir())


def test_timing_tells_when_each_piece_came(desk: Any) -> None:
    following, _ = desk.run(desk.bash("echo first; sleep 0.3; echo second"))
    data = (following.folder / "timing").read_bytes()
    records = [struct.unpack("<QQ", data[at : at + 16]) for at in range(0, len(data), 16)]
    assert [offset for offset, _ in records] == [0, 6]
    assert records[1][1] - records[0][1] >= 250_000_000


def assert_arrives(desk: Any, values: list[str]) -> None:
    """The values reach a child byte for byte, as words and as variables."""
    env = {f"V{number}": value for number, value in enumerate(values)}
    following, ended = desk.run(desk.order(sys.executable, "-ISc", PRINT_ALL, *values, env=env))
    assert ended.report.exit == 0
    assert following.output == b"".join(value.encode() + b"\0" for value in values) * 2


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VALUES)
def test_values_arrive_byte_for_byte(desk: Any, values: list[str]) -> None:
    assert_arrives(desk, values)


@pytest.mark.storm
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VALUES)
def test_ten_thousand_values_arrive_byte_for_byte(desk: Any, values: list[str]) -> None:
    assert_arrives(desk, values)


def test_environment_is_exactly_the_ordered_one(desk: Any) -> None:
    following, _ = desk.run(desk.order("/usr/bin/env", env={"GREETING": "héllo\nworld", "EMPTY": ""}))
    assert sorted(following.output.decode().split("\n")) == sorted(["GREETING=héllo", "world", "EMPTY=", ""])


def test_command_sees_one_terminal_of_the_ordered_size(desk: Any) -> None:
    script = "test -t 0 && test -t 1 && test -t 2 && echo all; stty size; echo through >/dev/tty; pwd"
    following, _ = desk.run(desk.bash(script, columns=133, rows=44, cwd="/usr"))
    assert following.output == b"all\n44 133\nthrough\n/usr\n"


def test_signals_are_at_their_defaults(desk: Any) -> None:
    following, _ = desk.run(desk.order("/bin/grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"))
    assert [line.split()[1] for line in following.output.decode().splitlines()] == ["0" * 16, "0" * 16]


def test_no_descriptor_of_ours_reaches_the_command(desk: Any) -> None:
    following, _ = desk.run(desk.bash("for file in /proc/$$/fd/*; do test -e $file && echo ${file##*/}; done; true"))
    assert [int(word) for word in following.output.split() if int(word) < 255] == [0, 1, 2]


def test_a_question_is_answered_from_the_pane(desk: Any) -> None:
    following, _ = desk.started(desk.bash("read -p 'Really delete? [y/N] ' answer; echo \"got <$answer>\""))
    following.shows(b"Really delete? [y/N] ")
    desk.runner.send_keys(following.run, b"y\n")
    assert following.wait(EndedNotice).report.exit == 0
    assert b"got <y>" in following.output


def test_control_c_interrupts_the_command_and_nobody_else(desk: Any) -> None:
    following, _ = desk.started(desk.bash("trap 'echo caught; exit 7' INT; echo ready; while :; do sleep 0.1; done"))
    following.shows(b"ready")
    desk.runner.send_keys(following.run, b"\x03")
    assert following.wait(EndedNotice).report.exit == 7
    assert b"caught" in following.output


def test_control_z_does_not_leave_a_stopped_command(desk: Any) -> None:
    following, _ = desk.started(desk.bash("echo ready; read line; echo got ${#line}"))
    following.shows(b"ready")
    desk.runner.send_keys(following.run, b"\x1a\n")
    assert following.wait(EndedNotice).report.exit == 0


def test_resize_reaches_the_command(desk: Any) -> None:
    following, _ = desk.started(desk.bash("trap 'stty size; exit' WINCH; echo ready; while :; do sleep 0.05; done"))
    following.shows(b"ready")
    desk.runner.resize(following.run, 91, 33)
    following.wait(EndedNotice)
    assert b"33 91" in following.output


def test_hidden_input_is_noticed_and_recorded_nowhere(desk: Any) -> None:
    following, _ = desk.started(desk.bash("read -s -p 'Password: ' word; echo; echo ${#word}; read -p 'Name: ' n"))
    assert following.wait(InputHidden).hidden
    desk.runner.send_keys(following.run, b"hunter2-hunter2\n")
    assert not following.wait(InputHidden).hidden
    following.shows(b"Name: ")
    desk.runner.send_keys(following.run, b"x\n")
    assert following.wait(EndedNotice).report.hidden_input
    assert b"15" in following.output
    assert not any(b"hunter2" in path.read_bytes() for path in following.folder.iterdir() if path.is_file())


def test_visible_input_is_not_called_hidden(desk: Any) -> None:
    _, ended = desk.run(desk.bash("echo hello"))
    assert not ended.report.hidden_input


def test_a_text_for_standard_input_arrives_whole_and_ends(desk: Any) -> None:
    text = "no newline at the end, \x03 \x04 and a long line " + "x" * 100_000
    following, ended = desk.run(desk.order("/usr/bin/sha256sum", stdin=text))
    assert ended.report.exit == 0
    assert following.output.split()[0].decode() == hashlib.sha256(text.encode()).hexdigest()


def test_secrets_are_replaced_before_the_disk_wherever_pieces_are_cut(desk: Any) -> None:
    script = "printf 'pass='; printf s3cret; sleep 0.1; printf 'WORD99; '; seq 1 20000; printf s3cretWORD99"
    following, ended = desk.run(desk.bash(script, secrets={"db": "s3cretWORD99"}))
    assert following.output.startswith(b"pass=[redacted:db]; 1\n")
    assert b"s3cret" not in following.output
    assert ended.report.redactions == {"db": 2}


def test_a_prompt_is_not_held_back_by_redaction(desk: Any) -> None:
    following, _ = desk.started(desk.bash("read -p 'Go on? ' answer", secrets={"db": "s3cretWORD99"}))
    following.shows(b"Go on? ")
    desk.runner.send_keys(following.run, b"\n")
    following.wait(EndedNotice)


def test_private_output_goes_to_the_wizard_alone(desk: Any) -> None:
    following, ended = desk.run(desk.bash("echo very-private; echo visible >&2", private=True))
    assert ended.private == "very-private\n"
    assert following.output == b"visible\n[private output, 13 bytes]\n"
    assert b"very-private" not in b"".join(path.read_bytes() for path in following.folder.iterdir())


def test_private_output_over_the_limit_is_not_handed_over_in_half(desk: Any) -> None:
    following, ended = desk.run(desk.bash("head -c 1500000 /dev/zero", private=True))
    assert ended.private is None
    assert "1 MiB" in str(ended.report.problem)
    assert following.output == b"[private output, 1500000 bytes]\n"


@pytest.mark.parametrize(
    ("mode", "content", "status"),
    [
        (None, b"", 127),
        (0o600, b"#!/bin/sh\n", 126),
        (0o700, b"\x01\x02\x03", 126),
        (0o700, b"#!/no/such/interpreter\n", 127),
    ],
    ids=["nothing-there", "no-permission", "no-format", "no-interpreter"],
)
def test_what_cannot_be_executed_is_refused_with_a_sentence(
    desk: Any, tmp_path: Path, mode: int | None, content: bytes, status: int
) -> None:
    program = tmp_path / "program"
    if mode is not None:
        program.write_bytes(content)
        program.chmod(mode)
    refused = desk.begin(desk.order(str(program))).wait(RefusedNotice)
    assert str(program) in refused.sentence
    assert "Traceback" not in refused.sentence
    assert refused.report is not None
    assert (refused.report.exit, refused.report.problem) == (status, refused.sentence)


def test_a_missing_folder_is_refused_with_a_sentence(desk: Any) -> None:
    refused = desk.begin(desk.order("/bin/true", cwd="/no/such/folder")).wait(RefusedNotice)
    assert "/no/such/folder" in refused.sentence


def test_a_word_longer_than_the_system_takes_is_refused_with_a_sentence(desk: Any) -> None:
    refused = desk.begin(desk.order("/bin/echo", "x" * 200_000)).wait(RefusedNotice)
    assert "Argument list too long" in refused.sentence
    assert "xxx" not in refused.sentence


def test_a_fence_holds_the_command_or_nothing_starts(desk: Any, tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    fence = Confinement(write=(str(inside),), execute=("/bin", "/usr/bin", "/lib", "/lib64", "/usr/lib"))
    following = desk.begin(desk.bash(f"echo x > {inside}/file; echo x > {outside}/file", confine=fence))
    following.wait(EndedNotice if supported() else RefusedNotice)
    assert (inside / "file").exists() == supported()
    assert not (outside / "file").exists()


def test_late_output_of_a_grandchild_is_kept(desk: Any) -> None:
    following, ended = desk.run(desk.bash("(sleep 0.9; echo LATE) & echo EARLY"))
    assert following.output == b"EARLY\nLATE\n"
    assert ended.report.left_running == []
    assert ended.report.seconds < 0.9


def test_what_goes_on_after_the_command_is_listed_and_left_alone(desk: Any) -> None:
    following, ended = desk.run(desk.bash("sleep 31.25 & echo $!"))
    (left,) = ended.report.left_running
    assert left.command == "sleep 31.25"
    assert left.pid == int(following.output)
    os.kill(left.pid, 9)  # fails if the end of its terminal took it


def test_a_flood_is_kept_to_the_last_byte(desk: Any) -> None:
    following, ended = desk.run(desk.order("/usr/bin/seq", "1", "200000"))
    expected = b"".join(b"%d\n" % number for number in range(1, 200_001))
    assert following.output == expected
    assert ended.report.kept is None


def test_of_a_flood_over_the_cap_both_ends_are_kept_and_the_gap_is_known(desk: Any) -> None:
    following, ended = desk.run(desk.order("/usr/bin/seq", "1", "100000", keep=200_000))
    everything = b"".join(b"%d\n" % number for number in range(1, 100_001))
    gap, kept = ended.report.kept, following.output
    assert gap is not None
    assert len(kept) <= 200_000
    assert kept == everything[: gap.at] + everything[gap.at + gap.lost :]
    assert kept.endswith(b"100000\n")


def test_a_disk_that_refuses_neither_blocks_nor_fails_the_command(desk: Any) -> None:
    following, started = desk.started(desk.bash("read line; seq 1 50000; read line; echo after; exit 3"))
    _, most = resource.prlimit(started.supervisor, resource.RLIMIT_FSIZE)
    resource.prlimit(started.supervisor, resource.RLIMIT_FSIZE, (100_000, most))
    desk.runner.send_keys(following.run, b"\n")
    desk.until(lambda: len(following.output) == 100_000)
    resource.prlimit(started.supervisor, resource.RLIMIT_FSIZE, (most, most))
    desk.until(lambda: following.output.endswith(b"50000\n"))  # the echo of a key would come in between
    desk.runner.send_keys(following.run, b"\n")
    report = following.wait(EndedNotice).report
    assert (report.exit, report.kept, report.problem) == (3, None, None)
    assert following.output.split() == [b"%d" % number for number in range(1, 50_001)] + [b"after"]
    assert report.sha256 == hashlib.sha256(following.output).hexdigest()
