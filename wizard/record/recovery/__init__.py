"""What a run leaves in its folder, and what a later wizard may conclude from it.

The formats of `claim`, `started.json` and `exit.json` live here and nowhere else: the supervisor writes them, the
runner and a resuming wizard read them.
"""

from wizard.record.recovery.files import file_state
from wizard.record.recovery.records import (
    Claim,
    ExitReport,
    Gap,
    LeftBehind,
    StartedRecord,
    read_claim,
    read_report,
    read_started,
    take_claim,
    write_report,
    write_started,
)
from wizard.record.recovery.run_outcome import (
    FinishedRun,
    NotStarted,
    OutcomeUnknown,
    RunOutcome,
    StillRunning,
    determine_outcome,
)


__all__ = [
    "Claim",
    "ExitReport",
    "FinishedRun",
    "Gap",
    "LeftBehind",
    "NotStarted",
    "OutcomeUnknown",
    "RunOutcome",
    "StartedRecord",
    "StillRunning",
    "determine_outcome",
    "file_state",
    "read_claim",
    "read_report",
    "read_started",
    "take_claim",
    "write_report",
    "write_started",
]
