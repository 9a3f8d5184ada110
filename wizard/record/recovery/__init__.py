"""What a run leaves in its folder, and what a later wizard may conclude from it.

The formats of `claim`, `started.json`, `exit.json` and `timing` live here and nowhere else: the supervisor writes
them, the runner, a resuming wizard and whoever shows an output read them.
"""

from wizard.record.recovery.files import file_state
from wizard.record.recovery.output_reader import OutputPart, OutputReader
from wizard.record.recovery.output_streams import StreamReader, stream_ends, stream_spans
from wizard.record.recovery.records import (
    BESIDE,
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
from wizard.record.recovery.tail import Segment, segment_name, tail_segments
from wizard.record.recovery.timing import TIMING, Stream, Timing, pack_timing, read_timing, timing_at, timing_since


__all__ = [
    "BESIDE",
    "TIMING",
    "Claim",
    "ExitReport",
    "FinishedRun",
    "Gap",
    "LeftBehind",
    "NotStarted",
    "OutcomeUnknown",
    "OutputPart",
    "OutputReader",
    "RunOutcome",
    "Segment",
    "StartedRecord",
    "StillRunning",
    "Stream",
    "StreamReader",
    "Timing",
    "determine_outcome",
    "file_state",
    "pack_timing",
    "read_claim",
    "read_report",
    "read_started",
    "read_timing",
    "segment_name",
    "stream_ends",
    "stream_spans",
    "tail_segments",
    "take_claim",
    "timing_at",
    "timing_since",
    "write_report",
    "write_started",
]
