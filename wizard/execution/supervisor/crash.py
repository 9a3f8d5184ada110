"""A crash leaves its type and place, never its words: arguments and locals may hold a secret."""

import os
import sys
import threading
from contextlib import suppress
from types import TracebackType

from wizard.places.plain_file import open_plain
from wizard.record.run_layout import CRASH


_CRASHED = 70
_folders: list[int] = []


def install() -> None:
    """From now on an error nobody caught is noted by type, file and line only."""
    sys.excepthook = _note
    threading.excepthook = _end


def note_in(folder: int) -> None:
    """Also keep such a note in the file `crash` of a run's folder."""
    _folders.append(folder)


def _end(crash: threading.ExceptHookArgs) -> None:
    """A program that lost one of its threads would wait for it for ever; its end is noticed, and told truly."""
    _note(crash.exc_type, crash.exc_value, crash.exc_traceback)
    os._exit(_CRASHED)


def _note(kind: type[BaseException], _error: BaseException | None, trace: TracebackType | None) -> None:
    line = f"{kind.__name__} at {_place(trace)}\n".encode("ascii", "replace")
    for folder in _folders:
        with suppress(OSError):
            opened = open_plain(CRASH, os.O_WRONLY | os.O_CREAT | os.O_APPEND, folder=folder)
            os.write(opened, line)
            os.close(opened)
    with suppress(OSError):
        os.write(sys.__stderr__.fileno() if sys.__stderr__ else 2, line)


def _place(trace: TracebackType | None) -> str:
    if trace is None:
        return "an unknown place"
    while trace.tb_next is not None:
        trace = trace.tb_next
    return f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}"  # noqa: PTH119  # no imports in a crash
