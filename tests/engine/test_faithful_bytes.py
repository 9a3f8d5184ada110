"""The record holds the bytes of the command, whatever they are, and costs little however many they are."""

import os
import random
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from wizard.execution.runner import EndedNotice
from wizard.execution.supervisor.order import Order
from wizard.record.output import OutputLog


MOST_MEMORY = 30_000
"""KiB a supervisor may ever have held."""


def most_memory(pid: int) -> int:
    """The most memory a process ever held, in KiB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


def disk_used(folder: Path) -> int:
    """Bytes of the disk that the files below a folder take, of those that are still there when it is their turn."""
    used = 0
    for where, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                used += Path(where, name).stat().st_blocks * 512
    return used


def of_all_sorts() -> dict[str, bytes]:
    chance = random.Random(20261124)
    return {
        "every byte": bytes(range(256)) * 64,
        "random": chance.randbytes(3_000_000),
        "one line": b"x" * 4_000_000,
        "NULs": b"\0" * 1_000_000 + b"end",
        "broken UTF-8": b"\xc3\x28\xff\xfe\xe2\x82 \xf0\x9f\x8e\n" * 1000 + b"\xe2\x82",
        "what a terminal obeys": b"\x03\x04\x1a\x1c\x7f\x11\x13\x15\x16\x17\x0f\x12\r\n\t\x08" * 999,
        "lone CR and LF": b"\r\n\r\r\n\n\r" * 1000,
        "escapes": b"\x1b[?1049h\x1b]0;title\x07\x1bP+q\x1b\\\x1b[5n\x1b[c\x1b[6n" * 500,
        "no newline at the end": b"one\ntwo",
        "nothing": b"",
    }


@pytest.mark.parametrize("sort", of_all_sorts())
def test_what_was_printed_is_what_is_kept(desk: Any, tmp_path: Path, sort: str) -> None:
    wanted = of_all_sorts()[sort]
    (tmp_path / "wanted").write_bytes(wanted)
    following, ended = desk.run(desk.order("/bin/cat", str(tmp_path / "wanted")))
    assert following.output == wanted
    assert ended.report.length == len(wanted)


def test_looking_for_a_secret_changes_nothing_else(desk: Any, tmp_path: Path) -> None:
    wanted = b"".join(of_all_sorts().values())
    (tmp_path / "wanted").write_bytes(wanted)
    script = f"cat {tmp_path}/wanted; printf %s $TOKEN; cat {tmp_path}/wanted"
    env = {"PATH": os.environ["PATH"], "TOKEN": "s3cret-WORD-99"}
    following, _ = desk.run(desk.bash(script, secrets={"token": env["TOKEN"]}, env=env))
    assert following.output == wanted + b"[redacted:token]" + wanted


@pytest.mark.parametrize("how", [{"stderr_apart": True}, {}], ids=["apart", "together"])
def test_errors_are_kept_as_they_are(desk: Any, tmp_path: Path, how: dict[str, bool]) -> None:
    wanted = of_all_sorts()["random"]
    (tmp_path / "wanted").write_bytes(wanted)
    following, _ = desk.run(desk.bash(f"cat {tmp_path}/wanted >&2", **how))
    assert following.output == wanted


def test_a_question_of_the_terminal_in_the_output_types_nothing(desk: Any) -> None:
    following, _ = desk.run(desk.bash(r"printf '\033[6n\033[c\005'; read -t 0.2 answer; echo =$answer="))
    assert following.output.endswith(b"==\n")


def goes_on_and_on(desk: Any, order: Order, printed: int, seconds: float) -> int:
    """Let a command print so many bytes, watching what its record takes; the supervisor's memory in KiB at most."""
    following, started = desk.started(order)
    keep = order.keep or 0

    def enough() -> bool:
        segments = OutputLog(following.folder).tail()
        assert disk_used(following.folder) <= keep + keep // 4 + (1 << 20)
        return bool(segments) and segments[-1].begin >= printed

    desk.until(enough, seconds)
    memory = most_memory(started.supervisor)
    desk.runner.stop(following.run, "mara")
    report = following.wait(EndedNotice, seconds).report
    assert report.kept is not None
    assert report.length == (following.folder / "output").stat().st_size == keep
    return memory


def test_a_flood_without_end_takes_no_more_than_the_cap(desk: Any) -> None:
    assert goes_on_and_on(desk, desk.bash("exec yes", keep=4 << 20), 40 << 20, 30) < MOST_MEMORY


def test_forty_megabytes_in_little_memory(desk: Any) -> None:
    following, started = desk.started(desk.bash("seq 5000000; read line"))
    size = len(b"".join(b"%d\n" % number for number in range(1, 5_000_001)))
    desk.until(lambda: (following.folder / "output").stat().st_size == size, 30)
    assert most_memory(started.supervisor) < MOST_MEMORY
    desk.runner.send_keys(following.run, b"\n")
    following.wait(EndedNotice)
