"""What a supervisor is told to run."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from wizard.execution.supervisor.confine import Confinement


_FILES = ("holds", "channel")
"""What of an order is a descriptor, which goes beside its line."""


@dataclass(frozen=True, slots=True)
class Order:
    """One attempt of one act's command.

    Attributes:
        run: Number of the run; its folder is `runs/0007`.
        folder: The run's folder: exists, 0700, empty.
        argv: The words; the first is an absolute path.
        env: The child's whole environment.
        cwd: The folder it starts in.
        columns: Width of its terminal.
        rows: Height of its terminal.
        timeout: Seconds until it is stopped, or None.
        grace: Seconds between TERM and KILL when it is stopped.
        stdin: Text for its standard input, which is then a pipe that ends; None: the terminal.
        secrets: Name and value of what must not be stored, replaced by `[redacted:NAME]`.
        private: Standard output is kept in memory for the wizard alone, up to 1 MiB.
        stderr_apart: Standard error is a pipe of its own, and `timing` tells what came from it.
        keep: Bytes of output to keep at most, half of them from its end; None keeps 1 GiB and the last 64 MiB.
        confine: What the child may touch, or None for no fence.
        alone: Seconds it goes on while no wizard is connected; then it is stopped. None: as long as it takes.
        full: The wizard gets the terminal's other end and shows it on the real one; nothing of it is recorded.
        files: Absolute paths of files whose hashes the report of such a program gives.
        holds: A descriptor that the supervisor gets a copy of and keeps as long as it lives, so that the lock of the
            target outlives the wizard.
        channel: A descriptor that the command inherits as number `CHANNEL`.
    """

    run: int
    folder: Path
    argv: tuple[str, ...] = field(repr=False)
    env: Mapping[str, str] = field(repr=False)
    cwd: str
    columns: int = 120
    rows: int = 40
    timeout: float | None = None
    grace: float = 10.0
    stdin: str | None = field(default=None, repr=False)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    private: bool = False
    stderr_apart: bool = False
    keep: int | None = None
    confine: Confinement | None = None
    alone: float | None = None
    full: bool = False
    files: tuple[str, ...] = ()
    holds: int | None = None
    channel: int | None = None


def files_of(order: Order) -> dict[str, int]:
    """The descriptors that go beside the line of an order, in the order in which they are sent."""
    return {name: file for name in _FILES if (file := getattr(order, name)) is not None}


def let_go_of_target(order: Order) -> None:
    """Hold the target no longer; done before the last word, for whoever hears that may give the target away."""
    if order.holds is not None:
        os.close(order.holds)


def write_order(order: Order) -> bytes:
    """The order as one line of JSON."""
    document = {name: getattr(order, name) for name in Order.__slots__ if name not in _FILES}
    document |= {
        "files_beside": list(files_of(order)),
        "folder": str(order.folder),
        "env": dict(order.env),
        "secrets": dict(order.secrets),
        "confine": write_confinement(order.confine),
    }
    return json.dumps(document).encode("ascii") + b"\n"


def read_order(line: bytes, files: Sequence[int] = ()) -> Order:
    """The order of what `write_order` wrote.

    Args:
        line: What it wrote.
        files: What came beside it.
    """
    document = json.loads(line)
    document |= dict(zip(document.pop("files_beside"), files, strict=True))
    document |= {
        "folder": Path(document["folder"]),
        "argv": tuple(document["argv"]),
        "files": tuple(document["files"]),
        "confine": read_confinement(document["confine"]),
    }
    return Order(**document)


def write_confinement(confine: Confinement | None) -> dict[str, Any] | None:
    """A fence as JSON."""
    return None if confine is None else asdict(confine)


def read_confinement(document: dict[str, Any] | None) -> Confinement | None:
    """A fence from JSON."""
    if document is None:
        return None
    return Confinement(**{name: tuple(values) for name, values in document.items()})
