"""Named instants at which a test may kill the process that passes them; inert in every other run.

The kill matrix (tests/storm) enumerates `Point` and proves that whatever dies wherever, nothing runs twice.
"""

import os
import signal
from enum import StrEnum


_VARIABLE = "UPLEVEL_FAULT"


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
    """Die here by SIGKILL if a test armed this point through the environment."""
    if os.environ.get(_VARIABLE) == point:
        os.kill(os.getpid(), signal.SIGKILL)


def armed() -> dict[str, str]:
    """What a child process must inherit for its own points to be armed too."""
    value = os.environ.get(_VARIABLE)
    return {} if value is None else {_VARIABLE: value}
