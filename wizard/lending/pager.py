"""A run's output in the operator's own pager: a text that no terminal obeys, in a file that is gone afterwards."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from signal import SIGINT
from time import monotonic

from wizard.engine.operator_programs import your_words
from wizard.errors import UsageProblem
from wizard.execution.sanitize import plain_text
from wizard.lending.signals import Signals
from wizard.lending.terminal import RealTerminal
from wizard.places import runtime_dir
from wizard.places.plain_file import open_plain
from wizard.record.output import OutputFile


MOST = 200_000_000
"""Bytes of an output that the pager gets at most: its end."""
_PIECE = 4 << 20
_MEGABYTE = 1_000_000
_GLANCE = 1.0
"""Seconds. What a pager that ends sooner showed is still to be read."""


def show_in_pager(output: OutputFile, environment: Mapping[str, str]) -> str | None:
    """Show an output on the real terminal until the operator leaves the pager. Only for the main thread.

    Args:
        output: The run's output; it may be growing, and what comes later is not shown.
        environment: What the pager inherits.

    Returns:
        The signal that wants the wizard gone, or None.

    Raises:
        UsageProblem: There is no such pager, or no room for the text.
    """
    words = your_words("pager")
    program = shutil.which(words[0], path=environment.get("PATH", os.defpath))
    if program is None:
        raise UsageProblem(f"Your pager {words[0]} is not there.", "Set PAGER, or pager in the settings.")
    signals = Signals()
    folder = Path(tempfile.mkdtemp(prefix="pager-", dir=runtime_dir()))
    try:
        with signals.taken(unheard=()):
            text = _copied(output, folder / f"run-{output.path.parent.name}-output.txt", signals)
        if signals.cause is not None:
            # Ctrl+C is a change of mind about a long text; everything else wants us gone.
            return None if signals.cause == SIGINT.name else signals.cause
        with signals.taken(unheard=(SIGINT,)), RealTerminal(raw=False) as real:
            return _shown([program, *words[1:], str(text)], {**environment, "LESSSECURE": "1"}, signals, real)
    except OSError as problem:
        raise UsageProblem(f"The output cannot be shown: {problem.strerror} ({folder}).") from problem
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        signals.close()


def _copied(output: OutputFile, target: Path, signals: Signals) -> Path:
    """The output as text; a long one says how far it is."""
    with os.fdopen(open_plain(output.path), "rb") as source, target.open("xb") as text:
        target.chmod(0o600)
        size = os.fstat(source.fileno()).st_size
        if size > MOST:
            source.seek(size - MOST)
            source.readline(_PIECE)
            text.write(f"[the first {source.tell():,} bytes are left out here; {output.path} has them]\n".encode())
        _say(f"{size:,} bytes of output.")
        rest, told_at = b"", monotonic()
        while source.tell() < size and signals.cause is None:
            piece = rest + source.read(min(_PIECE, size - source.tell()))
            end = piece.rfind(b"\n") + 1 if source.tell() < size and len(rest) < _PIECE else len(piece)
            text.write(plain_text(piece[:end]).encode("utf-8", "replace"))
            rest = piece[end:]
            if monotonic() - told_at > _GLANCE:
                told_at = monotonic()
                _say(f"{source.tell() / _MEGABYTE:,.0f} of {size / _MEGABYTE:,.0f} MB. Ctrl+C goes back.")
        text.write(plain_text(rest).encode("utf-8", "replace"))
        _say(f"{size:,} bytes of output.", end="\n")
    return target


def _shown(words: list[str], environment: Mapping[str, str], signals: Signals, real: RealTerminal) -> str | None:
    began = monotonic()
    process = subprocess.Popen(words, env=dict(environment), stdin=0, stdout=1)
    while signals.cause is None and process.poll() is None:
        try:
            process.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
    if process.poll() is None:
        process.terminate()
        process.wait()
    real.clean(whole_screen=(process.returncode or 0) < 0, open_line=False)
    if signals.cause is None and monotonic() - began < _GLANCE:
        _say("Enter goes back.")
        real.wait_for_line(signals.woken)
    return signals.cause


def _say(text: str, *, end: str = "") -> None:
    """One line that is written over by the next one."""
    sys.stdout.write(f"\r\x1b[K{text}{end}")
    sys.stdout.flush()
