"""Asking whoever holds a target for it; and ending a wizard of one's own that does not answer."""

import os
import select
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from wizard.clock import process_start
from wizard.engine.running_elsewhere import command_of_runs
from wizard.engine.takeover_listener import LONGEST, ring
from wizard.errors import UplevelError
from wizard.execution.supervisor.link import JsonLines, peer_uid
from wizard.record.events import TakeOverOutcome
from wizard.record.locks import LocksFolder, TargetHolder, holder_of, look_at_target


_LOOK = 0.2
_ENDING = 1.0
_GRACE = 3.0
"""Seconds a wizard gets to write down that it was ended."""
_LAST_WORD = 2 * _GRACE + 4.0
"""Seconds until it has given up: the end of a wizard that was under way, and what else waits without listening."""


class TakeOverThread(threading.Thread):
    """Asks, in a thread of its own, so that the session's engine goes on hearing its operator.

    Args:
        place: Where the lock lies.
        name: The lock's name.
        session: The folder of the session that is asked, if it is one of this user.
        line: What it is asked, by `question`.
        news: Told when `status` changed, and at the end.
        patience: Seconds in which an answer must come.

    Attributes:
        outcome: What came of it; None until it is known.
        why: In words.
        status: What it waits for, for people.
    """

    def __init__(
        self,
        place: LocksFolder,
        name: str,
        session: Path,
        line: bytes,
        *,
        news: Callable[[], None],
        patience: float,
    ) -> None:
        super().__init__(name="take-over", daemon=True)
        self.outcome: TakeOverOutcome | None = None
        self.why = ""
        self.status = "asking for the target"
        self._place, self._name = place, name
        self._session = session
        self._line = line
        self._news = news
        self._patience = patience
        self._given_up = threading.Event()

    def give_up(self) -> None:
        """Ask no longer; whatever has happened by then stands in `outcome` afterwards."""
        self._given_up.set()
        self.join(_LAST_WORD)

    def run(self) -> None:
        try:
            outcome, why = self._ask()
        except (OSError, UplevelError) as problem:
            outcome, why = "impossible", str(problem)
        self.why = why[:LONGEST]
        self.outcome = outcome  # last: whoever sees it reads the words too
        self._news()

    def _ask(self) -> tuple[TakeOverOutcome, str]:
        holder = self._holder()
        if holder is None:
            return "free", ""
        if not holder.here:
            return "impossible", f"It is held on the machine {holder.holder.host}, and only there it can be given."
        line = ring(self._place, self._session.name)
        if line is None:
            return self._without_answer(holder)
        with line:
            if peer_uid(line) != holder.uid:
                return "impossible", "Who answers there is not who the lock says."
            try:
                answered = self._converse(line)
            except OSError:  # whoever was there is gone
                answered = None
        if answered is not None:
            return answered
        left = self._holder_after_the_line()
        return ("free", "") if left is None else self._without_answer(left)

    def _holder(self) -> TargetHolder | None:
        """Who holds the target, if it is still the session that is asked."""
        held, found = look_at_target(self._place, self._name)
        return found if held and found is not None and found.session == self._session.name else None

    def _holder_after_the_line(self) -> TargetHolder | None:
        """Who holds the target once the line is over; a process that ends loses its lines before its locks."""
        deadline = time.monotonic() + _ENDING
        while (holder := self._holder()) is not None and holder.lives_here and not holder.left:
            if time.monotonic() > deadline:
                break
            time.sleep(_ENDING / 50)
        return holder

    def _converse(self, line: socket.socket) -> tuple[TakeOverOutcome, str] | None:
        """Ask and hear the answer; None when none came in time, or the line is over."""
        with suppress(BrokenPipeError):  # who asks already stands there: that was said, and is read below
            line.sendall(self._line)
        lines, given = JsonLines(), False
        deadline: float | None = time.monotonic() + self._patience
        while not self._given_up.is_set() and (deadline is None or time.monotonic() < deadline):
            if not select.select([line], [], [], _LOOK)[0]:
                continue
            data = line.recv(65536)
            if not data:
                return ("given", "") if given else None
            for message in lines.feed(data):
                match message:
                    case {"running": str(what)}:
                        deadline = None
                        self._say(f"{what} runs there; the answer comes when it has ended")
                    case {"asked": True}:
                        deadline = time.monotonic() + self._patience
                        self._say("they are asked")
                    case {"answer": "kept", "why": str(why)}:
                        return "kept", why
                    case {"answer": "given"}:
                        given, deadline = True, time.monotonic() + self._patience
                    case _:
                        pass
        return ("given", "") if given else None

    def _say(self, status: str) -> None:
        status = status[:LONGEST]
        if status != self.status:
            self.status = status
            self._news()

    def _without_answer(self, holder: TargetHolder) -> tuple[TakeOverOutcome, str]:
        if self._given_up.is_set():
            return "silent", ""
        if holder.left or not holder.lives_here:
            return self._wait_until_free()
        if not holder.ours:
            return "silent", f"{holder.holder.user} has to give it; talk to them."
        return self._end(holder)

    def _wait_until_free(self) -> tuple[TakeOverOutcome, str]:
        """The wizard is gone; a supervisor of it has the lock until its command has ended."""
        self._say("its wizard is gone, and a command of it still runs; the target is free when that has ended")
        while self._holder() is not None:
            if self._given_up.wait(_LOOK):
                return "silent", ""
        return "free", ""

    def _end(self, holder: TargetHolder) -> tuple[TakeOverOutcome, str]:
        """End a wizard of our own user; what the lock says of it must be what its session's own folder says."""
        folder = self._session
        if not _same_process(folder, holder) or holder.holder.pid == os.getpid():
            return "impossible", "What the lock says of its process is not what its session says; nobody was ended."
        while (command := command_of_runs(folder)) and holder.lives_here:
            self._say(f"{command} runs there; its wizard is ended when that has ended")
            if self._given_up.wait(_LOOK):
                return "silent", ""
        pid = holder.holder.pid
        self._say("nobody answered; its wizard is ended")
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            return "free", "Its wizard was gone by then."
        try:
            if not holder.lives_here or process_start(pid) is None or Path(f"/proc/{pid}").stat().st_uid != os.getuid():
                return "free", "Its wizard was gone by then."
            signal.pidfd_send_signal(handle, signal.SIGTERM)
            if not _gone(handle):
                signal.pidfd_send_signal(handle, signal.SIGKILL)
                _gone(handle)
        except (ProcessLookupError, FileNotFoundError):
            return "free", "Its wizard was gone by then."
        finally:
            os.close(handle)
        return "ended", f"No answer came within {self._patience:g} s, so the wizard (process {pid}) was ended."


def _same_process(folder: Path, holder: TargetHolder) -> bool:
    found = holder_of(folder)
    mine = holder.holder
    return found is not None and (found.pid, found.start, found.boot_id) == (mine.pid, mine.start, mine.boot_id)


def _gone(handle: int) -> bool:
    """Wait a moment for the end of a process; tells whether it came."""
    waiting = select.poll()
    waiting.register(handle, select.POLLIN)
    return bool(waiting.poll(_GRACE * 1000))
