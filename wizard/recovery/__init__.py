"""What a run leaves in its folder, and what a later wizard may conclude from it (DESIGN 6 and 7).

The formats of `claim`, `started.json`, `exit.json` and `timing` live here and nowhere else: the supervisor writes
them, the runner, a resuming wizard and whoever shows an output read them.
"""

from wizard.recovery.files import file_state, open_folder
from wizard.recovery.following import Follower, Part
from wizard.recovery.judgement import Finished, NotStarted, OutcomeUnknown, StillRunning, Verdict, judge
from wizard.recovery.printed import StreamReader, stream_ends, stream_spans
from wizard.recovery.records import (
    BESIDE,
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
from wizard.recovery.tail import Segment, segment_name, tail_segments
from wizard.recovery.timing import TIMING, Stream, Timing, pack_timing, read_timing, timing_at, timing_since


__all__ = [
    "BESIDE",
    "TIMING",
    "Claim",
    "ExitReport",
    "Finished",
    "Follower",
    "Gap",
    "LeftBehind",
    "NotStarted",
    "OutcomeUnknown",
    "Part",
    "Segment",
    "Started",
    "StillRunning",
    "Stream",
    "StreamReader",
    "Timing",
    "Verdict",
    "file_state",
    "judge",
    "open_folder",
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
