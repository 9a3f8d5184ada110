"""The few kinds of records whose data point out of the journal. All other kinds are carried without a look inside."""

OPENED = "session.opened"
"""Record 0: `format`, `session`, `mode`, `manifest`, `files`, `nonce`."""
CLOSED = "session.closed"
"""The closing record: `count` (the records before it) and `state`."""
RECOVERED = "journal.recovered"
"""`kept_as`, which names the file beside the journal that holds a torn end."""
RUN_ENDED = "run.ended"
"""`run` and `output: {sha256, len}`, which cites `runs/NNNN/output`."""
CHECK_ANSWERED = "check.answered"
"""`answer: {offset, len, sha256}`, which cites `checks/output`."""
CHECKPOINT = "checkpoint.signed"
"""`count`, `head`, `namespace`, `key`, `file`, which cites `checkpoints/`."""

AFTER_CLOSE = frozenset({CHECKPOINT, "checkpoint.unsigned", "front-end.detached", "front-end.resized", "clock.stepped"})
"""What may follow the closing record: its signature, and circumstances of leaving."""

FORMAT = 1
MODES = ("live", "by-hand", "rehearsal")
REHEARSAL = "rehearsal"
NAMESPACES = {"live": "uplevel-journal-v1", "by-hand": "uplevel-journal-v1", REHEARSAL: "uplevel-rehearsal-v1"}
"""Which ssh signature namespace signs the heads of which mode."""
