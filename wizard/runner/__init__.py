"""Starts, watches, stops and re-attaches the programs that run commands (DESIGN 6).

The engine knows only what is exported here. Notices arrive on threads of the runner; the engine enqueues them.
"""

from wizard.checker import CheckOrder, CheckReply
from wizard.recovery import (
    ExitReport,
    Finished,
    Gap,
    LeftBehind,
    NotStarted,
    OutcomeUnknown,
    StillRunning,
    Verdict,
    judge,
)
from wizard.runner.process import ProcessRunner
from wizard.runner.protocol import (
    Ended,
    InputHidden,
    Lost,
    Notice,
    Refused,
    Runner,
    ScreenGiven,
    ScreenWanted,
    Started,
)
from wizard.supervisor.order import Order


__all__ = [
    "CheckOrder",
    "CheckReply",
    "Ended",
    "ExitReport",
    "Finished",
    "Gap",
    "InputHidden",
    "LeftBehind",
    "Lost",
    "NotStarted",
    "Notice",
    "Order",
    "OutcomeUnknown",
    "ProcessRunner",
    "Refused",
    "Runner",
    "ScreenGiven",
    "ScreenWanted",
    "Started",
    "StillRunning",
    "Verdict",
    "judge",
]
