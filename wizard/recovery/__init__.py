"""What a run leaves in its folder, and what a later wizard may conclude from it (DESIGN 6 and 7).

The formats of `claim`, `started.json` and `exit.json` live here and nowhere else: the supervisor writes them, the
runner and a resuming wizard read them.
"""

from wizard.recovery.files import open_folder
from wizard.recovery.judgement import Finished, NotStarted, OutcomeUnknown, StillRunning, Verdict, judge
from wizard.recovery.records import (
    Claim,
    ExitReport,
    Gap,
    LeftBehind,
    Started,
    read_claim,
    read_report,
    read_started,
    take_claim,
    write_report,
    write_started,
)


__all__ = [
    "Claim",
    "ExitReport",
    "Finished",
    "Gap",
    "LeftBehind",
    "NotStarted",
    "OutcomeUnknown",
    "Started",
    "StillRunning",
    "Verdict",
    "judge",
    "open_folder",
    "read_claim",
    "read_report",
    "read_started",
    "take_claim",
    "write_report",
    "write_started",
]
