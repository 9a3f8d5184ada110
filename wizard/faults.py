"""Named instants at which a test may kill the process that passes them; inert in every other run.

The kill matrix (tests/storm) enumerates `Point` and proves that whatever dies wherever, nothing runs twice.
"""

import os
import signal
from enum import StrEnum
from pathlib import Path


_VARIABLE = "UPLEVEL_FAULT"
_WIZARD = "UPLEVEL_FAULT_WIZARD"


class Point(StrEnum):
    """Every instant between the order and the outcome of a run, in order."""

    ENGINE_BEFORE_INTENT = "engine.before-intent"
    ENGINE_AFTER_INTENT = "engine.after-intent"
    ENGINE_ORDER_SENT = "engine.order-sent"
    SUPERVISOR_ORDER_READ = "supervisor.order-read"
    SUPERVISOR_CLAIMED = "supervisor.claimed"
    SUPERVISOR_BEFORE_FORK = "supervisor.before-fork"
    SUPERVISOR_FORKED = "supervisor.forked"
    SUPERVISOR_STARTED_WRITTEN = "supervisor.started-written"
    SUPERVISOR_CHILD_ENDED = "supervisor.child-ended"
    SUPERVISOR_BEFORE_EXIT_FILE = "supervisor.before-exit-file"
    SUPERVISOR_EXIT_FILE_WRITTEN = "supervisor.exit-file-written"
    ENGINE_BEFORE_ENDED = "engine.before-ended"
    ENGINE_AFTER_ENDED = "engine.after-ended"


def reach(point: Point) -> None:
    """Kill by SIGKILL here what a test armed for this point: `POINT`, or `POINT:self`, `POINT:other`, `POINT:both`.

    The other one of the wizard is its supervisors, that of a supervisor is its wizard.
    """
    value = os.environ.get(_VARIABLE)
    if value is None:
        return
    armed_point, _, whom = value.partition(":")
    if armed_point != point:
        return
    if whom in {"other", "both"}:
        for pid in _supervisors() if point.startswith("engine.") else [int(os.environ[_WIZARD])]:
            os.kill(pid, signal.SIGKILL)
    if whom != "other":
        os.kill(os.getpid(), signal.SIGKILL)


def _supervisors() -> list[int]:
    """Our helper's children of that name."""
    forked = [pid for helper in _children(os.getpid()) for pid in _children(helper)]
    return [pid for pid in forked if Path(f"/proc/{pid}/comm").read_text() == "uplevel-run\n"]


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def armed() -> dict[str, str]:
    """What a forked process must have in its environment for its own points to be armed too."""
    value = os.environ.get(_VARIABLE)
    return {} if value is None else {_VARIABLE: value, _WIZARD: str(os.getpid())}
