"""Where the program begins and ends: every problem becomes sentences and an exit code here, never a traceback."""

import errno
import os
import re
import sys
import threading
import traceback
from io import StringIO
from pathlib import Path
from types import TracebackType

import click

from wizard.cli.cli_context import CliContext
from wizard.cli.commands import uplevel
from wizard.cli.screen_opener import OpenScreens
from wizard.errors import ExitCode, UplevelError


_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_LONG_WORD = re.compile(r"(\S{200})\S{200,}")
"""A name that was given and is no name at all; its beginning tells which it was."""


def main(open_screens: OpenScreens, words: list[str] | None = None) -> int:
    """Run one command line.

    Args:
        open_screens: Opens the Textual wizard.
        words: The words after the program's name; None for the process's own.

    Returns:
        What the process should exit with.
    """
    _open_streams()
    context = CliContext(open_screens)
    threading.excepthook = _thread_crashed
    try:
        code = uplevel.main(args=words, prog_name="uplevel", standalone_mode=False, obj=context)
        sys.stdout.flush()
    except UplevelError as problem:
        return _told(problem)
    except click.ClickException as problem:
        return _misused(problem)
    except (KeyboardInterrupt, click.Abort):
        _say("\nInterrupted.")
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # The reader left; what is still buffered would only fail again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.FAILED
    except OSError as problem:
        return _unwritten(problem) if problem.errno in _NO_ROOM else _crash(problem, context)
    # The named edge of the program: a fault of ours ends in sentences, and the terminal stays usable.
    except Exception as problem:  # noqa: BLE001
        return _crash(problem, context)
    return int(code) if isinstance(code, int) else ExitCode.COMPLETED


def _open_streams() -> None:
    """Fill the places of standard streams that were closed; else the next file of ours would take one of them.

    What is printed would then end up in that file, a journal for one.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is not None:
            continue
        file = os.open(os.devnull, os.O_RDWR)
        if file == number:
            os.set_inheritable(file, True)
        setattr(sys, name, os.fdopen(file, "r" if number == 0 else "w", encoding="utf-8", closefd=False))


def _unwritten(problem: OSError) -> int:
    _say(f"Something could not be written: {os.strerror(problem.errno or 0)}.")
    _say("Free some space there, or write it elsewhere.")
    # What is still buffered would only fail again at exit.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ExitCode.FAILED


def _say(text: str) -> None:
    click.echo(text, err=True)


def _misused(problem: click.ClickException) -> int:
    """What click says of words it cannot take; some of its sentences quote them as they are."""
    from wizard.execution.sanitize import sanitize_text

    told = StringIO()
    problem.show(told)
    _say(_LONG_WORD.sub(r"\1…", sanitize_text(told.getvalue().rstrip("\n"), newlines=True)))
    return problem.exit_code


def _told(problem: UplevelError) -> int:
    from wizard.execution.sanitize import sanitize_text

    for text in (f"{problem.title}.", problem.sentence, problem.cure):
        if text:
            _say(_LONG_WORD.sub(r"\1…", sanitize_text(text, newlines=True)))
    return problem.code


def _crash(problem: Exception, context: CliContext) -> int:
    """Type, redacted message, file and line; never locals. Once a session may hold secrets, only it can redact."""
    from wizard.execution.sanitize import sanitize_text

    at = _place(problem.__traceback__)
    message = context.redact(str(problem))
    _say(sanitize_text(f"uplevel itself failed: {type(problem).__name__} at {at}{': ' if message else ''}{message}"))
    if context.session:
        from wizard.engine.after_leaving import way_on

        _say(sanitize_text(way_on(context.session)))
    return ExitCode.FAILED


def _thread_crashed(crash: threading.ExceptHookArgs) -> None:
    """The same for a thread of ours. Its message is left out: no session is at hand here that could redact it."""
    _say(f"uplevel itself failed: {crash.exc_type.__name__} at {_place(crash.exc_traceback)}")


def _place(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "an unknown place"
