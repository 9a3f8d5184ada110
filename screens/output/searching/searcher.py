"""The wizard's end of a search: starts the program, asks it, and ends it."""

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from time import monotonic
from typing import Any

from screens.output.searching.pattern import Pattern


LONG = 1.5
"""Seconds without a word after which a search is said to take long."""


class Searcher:
    """One search. Nothing here waits: what the program says comes by the event loop.

    Args:
        file: Descriptor of the file; the program gets one of its own.
        size: Bytes of it that may be looked at.
        pattern: What is searched for.
        tell: Called with each thing the program says: counts, found matches, spans, or what is wrong.
    """

    def __init__(self, file: int, size: int, pattern: Pattern, tell: Callable[[dict[str, Any]], None]) -> None:
        self.pattern = pattern
        self._tell = tell
        self._said = b""
        self._asked_at: float | None = None
        self._size = self._wanted_size = size
        self._told = False
        self._ours, theirs = socket.socketpair()
        try:
            self._process: subprocess.Popen[bytes] | None = subprocess.Popen(
                [sys.executable, "-E", "-P", "-m", "screens.output.searching"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(file,),
                env={},
                cwd="/",
                start_new_session=True,
            )
        except OSError:
            self._ours.close()
            raise
        finally:
            theirs.close()
        self._ours.setblocking(False)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._ours, self._hear)
        self._ask({"file": file, "text": pattern.text, "regex": pattern.regex, "size": size})

    @property
    def takes_long(self) -> bool:
        """Whether the program owes an answer for longer than anybody expects."""
        return self._asked_at is not None and monotonic() - self._asked_at > LONG

    def grow(self, size: int) -> None:
        """The file has this many bytes that may be looked at."""
        self._wanted_size = size
        if self._size != size and self._told:
            self._size, self._told = size, False
            self._ask({"size": size})

    def seek(self, number: int, line: int, column: int, *, back: bool) -> None:
        """Ask for the next match from a place on, around the end; the answer carries the number."""
        self._ask({"seek": [line, column, back], "id": number})

    def spans(self, lines: list[int]) -> None:
        """Ask for the matches of the lines that begin at these offsets."""
        self._ask({"spans": lines})

    def close(self) -> None:
        """End the program, whatever it does."""
        process, self._process = self._process, None
        if process is None:
            return
        self._asked_at = None
        self._loop.remove_reader(self._ours)
        self._ours.close()
        process.kill()
        Thread(target=process.wait, name="uplevel-search-end", daemon=True).start()

    def _ask(self, question: dict[str, Any]) -> None:
        if self._process is None:
            return
        if self._asked_at is None:
            self._asked_at = monotonic()
        with suppress(OSError):  # it ended, or hangs in a match: then there is no answer, and that is said
            self._ours.send(json.dumps(question).encode() + b"\n")

    def _hear(self) -> None:
        try:
            data = self._ours.recv(1 << 20)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._loop.remove_reader(self._ours)
            return
        *lines, self._said = (self._said + data).split(b"\n")
        for line in lines:
            said = json.loads(line)
            # While it counts it owes the rest, and says every now and then how far it is.
            self._asked_at = None if said.get("done", True) else monotonic()
            self._told = self._told or "hits" in said
            self._tell(said)
            if self._process is None:
                return
        self.grow(self._wanted_size)
