"""A step whose standard error is told apart: what the supervisor keeps, and what expectations and front ends see."""

import io
from pathlib import Path
from typing import Any

import pytest

from wizard.engine.captured_output import printed
from wizard.formats.output import output_text
from wizard.plain.lines import LinePrinter
from wizard.plain.tail import Tail
from wizard.record.output import OutputFile, OutputLog
from wizard.record.run_layout import Stream, pack_timing


def streams(folder: Path) -> list[tuple[int, bytes]]:
    data = (folder / "output").read_bytes()
    return [(stream, data[begin:end]) for stream, begin, end in OutputFile(folder / "output").spans(0, len(data))]


@pytest.fixture
def two_streams(tmp_path: Path) -> OutputLog:
    """A recorded output: a line of each stream, a secret's mark, and a line of both."""
    pieces = [
        (Stream.TERMINAL, b"made\n"),
        (Stream.STDERR, b"warning\n"),
        (Stream.TERMINAL, b"id "),
        (Stream.STDERR, b"slow\n"),
        (Stream.TERMINAL, b"42\n"),
    ]
    at, timing, output = 0, b"", b""
    for stream, data in pieces:
        timing += pack_timing(at, stream, at)
        output += data
        at += len(data)
    (tmp_path / "timing").write_bytes(timing)
    (tmp_path / "output").write_bytes(output)
    return OutputLog(tmp_path)


def test_one_file_in_the_order_of_arrival_and_the_timing_tells_the_streams(desk: Any) -> None:
    script = "echo one; sleep 0.1; echo two >&2; sleep 0.1; echo three; test -t 1 && ! test -t 2 && echo tty"
    following, _ = desk.run(desk.bash(script, stderr_apart=True))
    assert streams(following.folder) == [(0, b"one\n"), (1, b"two\n"), (0, b"three\ntty\n")]


def test_without_being_asked_for_all_of_it_is_one_stream(desk: Any) -> None:
    following, _ = desk.run(desk.bash("echo one; echo two >&2; test -t 2 && echo tty"))
    assert streams(following.folder) == [(0, b"one\ntwo\ntty\n")]


def test_a_secret_goes_from_both_streams_and_neither_holds_up_the_other(desk: Any) -> None:
    script = "printf 'a hunter2'; sleep 0.1; printf 'b hunter2-is-it\\n' >&2; sleep 0.1; printf -- '-is-it\\n'"
    following, ended = desk.run(desk.bash(script, stderr_apart=True, secrets={"password": "hunter2-is-it"}))
    by_stream = dict.fromkeys(Stream, b"")
    for stream, data in streams(following.folder):
        by_stream[Stream(stream)] += data
    assert by_stream == {Stream.TERMINAL: b"a [redacted:password]\n", Stream.STDERR: b"b [redacted:password]\n"}
    assert ended.report.redactions == {"password": 2}


def test_a_secret_printed_half_to_each_stream_does_not_stand_whole_at_the_end(desk: Any) -> None:
    script = "printf 'a hunter-'; sleep 0.2; printf 'hunter' >&2"
    following, _ = desk.run(desk.bash(script, stderr_apart=True, secrets={"password": "hunter-hunter"}))
    assert following.output == b"a [redacted:password]"


def test_ends_that_are_no_secret_together_keep_their_streams(desk: Any) -> None:
    script = "printf 'a hunter-'; sleep 0.2; printf 'hunt' >&2"
    following, _ = desk.run(desk.bash(script, stderr_apart=True, secrets={"password": "hunter-hunter"}))
    assert streams(following.folder) == [(0, b"a hunter-"), (1, b"hunt")]


def test_late_errors_of_a_grandchild_are_recorded(desk: Any) -> None:
    following, ended = desk.run(desk.bash("(sleep 0.5; echo late >&2) & echo early", stderr_apart=True))
    assert streams(following.folder) == [(0, b"early\n"), (1, b"late\n")]
    assert ended.report.exit == 0


def test_a_stop_sweeps_what_holds_the_error_stream(desk: Any) -> None:
    following, _ = desk.started(desk.bash("echo up; exec sleep 60", stderr_apart=True, grace=0.2))
    following.shows(b"up")
    desk.runner.stop(following.run, "mara")
    from wizard.execution.runner import EndedNotice

    assert following.wait(EndedNotice).report.signal == 2


def test_errors_of_a_private_command_are_shown_and_its_output_is_not(desk: Any) -> None:
    script = "echo the-token; echo careful >&2; echo through >/dev/tty"
    following, ended = desk.run(desk.bash(script, stderr_apart=True, private=True))
    assert ended.private == "the-token\n"
    assert b"the-token" not in following.output
    assert (1, b"careful\n") in streams(following.folder)
    assert b"[private output, 10 bytes]" in following.output


def test_a_flood_on_both_streams_is_kept_whole(desk: Any) -> None:
    following, _ = desk.run(desk.bash("seq 200000 & seq 200000 >&2 & wait", stderr_apart=True))
    wanted = b"".join(b"%d\n" % number for number in range(1, 200_001))
    for wanted_stream in Stream:
        kept = b"".join(data for stream, data in streams(following.folder) if stream == wanted_stream)
        assert kept == wanted
    assert all(each.stream in {0, 1} for each in OutputLog(following.folder).file.pieces())


def test_output_is_judged_by_stream(two_streams: OutputLog) -> None:
    apart = printed(two_streams, apart=True)
    assert apart is not None
    assert (apart.stdout, apart.stderr) == ("made\nid 42\n", "warning\nslow\n")
    together = printed(two_streams, apart=False)
    assert together is not None
    assert together.stdout == "made\nwarning\nid slow\n42\n"


def test_of_a_long_stream_both_ends_are_judged(tmp_path: Path) -> None:
    (tmp_path / "timing").write_bytes(pack_timing(0, Stream.STDERR, 0) + pack_timing(6, Stream.TERMINAL, 0))
    (tmp_path / "output").write_bytes(b"error\n" + b"first\n" + b"x" * (3 << 20) + b"\nlast\n")
    apart = printed(OutputLog(tmp_path), apart=True)
    assert apart is not None
    assert apart.stdout.startswith("first\n")
    assert apart.stdout.endswith("x\nlast\n")
    assert len(apart.stdout) < 1.1 * (1 << 20)
    assert apart.stderr == "error\n"


def test_the_lines_of_the_plain_front_end_say_what_came_from_standard_error(two_streams: OutputLog) -> None:
    out = io.StringIO()
    tail = Tail(two_streams, LinePrinter(out))
    tail.finish()
    assert out.getvalue() == "| made\n2| warning\n| id \n2| slow\n| 42\n"


def test_the_transcript_says_of_each_line_which_stream_it_is_of(two_streams: OutputLog) -> None:
    assert output_text(two_streams.file, "", apart=True).text == "1| made\n2| warning\n1| id \n2| slow\n1| 42\n"
    assert output_text(two_streams.file, "").text == "made\nwarning\nid slow\n42\n"
