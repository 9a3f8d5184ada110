"""What a supervisor leaves in the folder of its run: evidence, cited as it was found."""

import os
from contextlib import suppress
from pathlib import Path

from wizard.places.plain_file import plain_file
from wizard.record.events import FileCited, OutputCited, RunEnded, TailCited
from wizard.record.journal import digest
from wizard.record.output import OutputLog
from wizard.record.run_layout import BESIDE


def cite_what_is_left(ended: RunEnded, log: OutputLog) -> RunEnded:
    """The record of an unknown outcome, with hashes of what there is of the output; all of it stays where it is.

    Args:
        ended: The record.
        log: The output; nobody writes to it any more.
    """
    found = _synced(log.file.path)
    if found is None:
        return ended
    return ended.model_copy(update={"output": OutputCited(sha256=found[0], len=found[1]), "tail": _tail(log)})


def cite_beside(ended: RunEnded, log: OutputLog) -> RunEnded:
    """The record of an end, with the hashes of what stands beside the output.

    That may be the end of a long one too, where a full disk refused to have it joined.

    Args:
        ended: The record.
        log: The output; nobody writes to it any more.
    """
    found = ((name, _synced(log.file.path.with_name(name))) for name in BESIDE)
    cited = tuple(FileCited(name=name, sha256=each[0], len=each[1]) for name, each in found if each is not None)
    return ended.model_copy(update={"beside": cited, "tail": ended.tail or _tail(log)})


def _tail(log: OutputLog) -> tuple[TailCited, ...]:
    found = [(one, _synced(one.file.path)) for one in log.tail()]
    return tuple(TailCited(begin=one.begin, sha256=each[0], len=each[1]) for one, each in found if each is not None)


def _synced(path: Path) -> tuple[str, int] | None:
    """The hash and the length of a file that is on the disk now; None when it cannot be read."""
    with suppress(OSError), plain_file(path) as file:
        os.fsync(file)
    return digest(path)
