"""A check's command and what it answered, and both as lines of JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wizard.execution.supervisor.confine import Confinement
from wizard.execution.supervisor.link import decode_bytes, encode_bytes
from wizard.execution.supervisor.order import read_confinement, write_confinement


MOST_OUTPUT = 1 << 20
"""Bytes kept of each of the two streams; what follows is read and dropped."""


@dataclass(frozen=True, slots=True)
class CheckOrder:
    """One read-only command.

    Attributes:
        argv: The words; the first is an absolute path.
        env: Its whole environment; what keeps tools plain and unpaged is added.
        cwd: The folder it starts in.
        timeout: Seconds until its whole tree is killed.
        confine: What it may touch, or None for no fence.
        channel: A descriptor that the command inherits as number `CHANNEL`; it goes beside the message.
    """

    argv: tuple[str, ...] = field(repr=False)
    env: Mapping[str, str] = field(repr=False)
    cwd: str
    timeout: float
    confine: Confinement | None = None
    channel: int | None = None


@dataclass(frozen=True, slots=True)
class CheckReply:
    """What it answered.

    Attributes:
        exit: Exit status, or None.
        signal: The signal that ended it, or None.
        stdout: Its standard output, at most 1 MiB, not redacted.
        stderr: Its standard error, at most 1 MiB, not redacted.
        timed_out: Whether it was killed for taking too long.
        problem: A sentence when there is no answer: it did not start, was called off, or its checker died.
    """

    exit: int | None = None
    signal: int | None = None
    stdout: bytes = field(default=b"", repr=False)
    stderr: bytes = field(default=b"", repr=False)
    timed_out: bool = False
    problem: str | None = None


def order_to_json(order: CheckOrder) -> dict[str, Any]:
    """A check as a message."""
    return {
        "argv": list(order.argv),
        "env": dict(order.env),
        "cwd": order.cwd,
        "timeout": order.timeout,
        "confine": write_confinement(order.confine),
    }


def order_from_json(message: dict[str, Any], files: Sequence[int] = ()) -> CheckOrder:
    """The check of a message, and what came beside it."""
    argv, confine = tuple(message["argv"]), read_confinement(message["confine"])
    return CheckOrder(**message | {"argv": argv, "confine": confine, "channel": next(iter(files), None)})


def reply_to_json(reply: CheckReply) -> dict[str, Any]:
    """An answer as a message."""
    return {
        "exit": reply.exit,
        "signal": reply.signal,
        "stdout": encode_bytes(reply.stdout),
        "stderr": encode_bytes(reply.stderr),
        "timed_out": reply.timed_out,
        "problem": reply.problem,
    }


def reply_from_json(message: dict[str, Any]) -> CheckReply:
    """The answer of a message."""
    decoded = {name: decode_bytes(message[name]) for name in ("stdout", "stderr")}
    return CheckReply(**message | decoded)
