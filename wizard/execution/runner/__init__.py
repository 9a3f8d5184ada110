"""Starts, watches, stops and re-attaches the programs that run commands.

The engine knows only what is exported here. Notices arrive on threads of the runner; the engine enqueues them.
"""

from wizard.execution.checker import CheckOrder, CheckReply
from wizard.execution.runner.process import ProcessRunner
from wizard.execution.runner.protocol import (
    EndedNotice,
    LostNotice,
    Notice,
    RefusedNotice,
    Runner,
    ScreenGivenNotice,
)
from wizard.execution.supervisor.order import Order
from wizard.record.recovery import (
    ExitReport,
    FinishedRun,
    Gap,
    LeftBehind,
    NotStarted,
    OutcomeUnknown,
    RunOutcome,
    StillRunning,
    determine_outcome,
)


__all__ = [
    "CheckOrder",
    "CheckReply",
    "EndedNotice",
    "ExitReport",
    "FinishedRun",
    "Gap",
    "LeftBehind",
    "LostNotice",
    "NotStarted",
    "Notice",
    "Order",
    "OutcomeUnknown",
    "ProcessRunner",
    "RefusedNotice",
    "RunOutcome",
    "Runner",
    "ScreenGivenNotice",
    "StillRunning",
    "determine_outcome",
]
