"""The runner of real commands: each act under a supervisor of its own, checks in checkers."""

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

from wizard.execution.checker import CheckOrder, CheckReply
from wizard.execution.helper.forking import fork_line
from wizard.execution.helper.process import HELPER
from wizard.execution.runner.attachment import Attachment
from wizard.execution.runner.checkers import Checkers
from wizard.execution.runner.protocol import EndedNotice, LostNotice, Notice, RefusedNotice
from wizard.execution.supervisor.link import encode_bytes
from wizard.execution.supervisor.order import Order, files_of, write_order


class ProcessRunner:
    """Implements `Runner` with processes of this machine."""

    processes = True

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runs: dict[int, Attachment] = {}
        self._checkers = Checkers()
        HELPER.prepare()

    def start(self, order: Order, notify: Callable[[Notice], None]) -> None:
        """See `Runner`."""
        try:
            supervisor, _ = fork_line("run")
        except OSError as problem:
            notify(RefusedNotice(order.run, f"No process could be started for the command: {problem.strerror}."))
            return
        attachment = self._new(order.run, order.folder, notify)
        attachment.launch(supervisor, write_order(order), [*files_of(order).values()])

    def reattach(self, folder: Path, run: int, notify: Callable[[Notice], None]) -> None:
        """See `Runner`."""
        self._new(run, folder, notify).attach()

    def connected(self, run: int) -> bool:
        """See `Runner`."""
        with self._lock:
            attachment = self._runs.get(run)
        return attachment is not None and attachment.connected

    def send_keys(self, run: int, data: bytes) -> None:
        """See `Runner`."""
        self._tell(run, {"do": "keys", "data": encode_bytes(data)})

    def resize(self, run: int, columns: int, rows: int) -> None:
        """See `Runner`."""
        self._tell(run, {"do": "resize", "columns": columns, "rows": rows})

    def stop(self, run: int, who: str) -> None:
        """See `Runner`."""
        self._tell(run, {"do": "stop", "who": who})

    def check(self, ask: CheckOrder) -> CheckReply:
        """See `Runner`."""
        return self._checkers.check(ask)

    def cancel_checks(self) -> None:
        """See `Runner`."""
        self._checkers.cancel()

    def close(self) -> None:
        """See `Runner`."""
        with self._lock:
            runs = list(self._runs.values())
        for attachment in runs:
            attachment.leave()
        self._checkers.close()

    def _new(self, run: int, folder: Path, notify: Callable[[Notice], None]) -> Attachment:
        attachment = Attachment(run, folder, partial(self._pass_on, notify))
        with self._lock:
            self._runs[run] = attachment
        return attachment

    def _pass_on(self, notify: Callable[[Notice], None], notice: Notice) -> None:
        if isinstance(notice, EndedNotice | LostNotice | RefusedNotice):
            with self._lock:
                self._runs.pop(notice.run, None)
        notify(notice)

    def _tell(self, run: int, message: dict[str, object]) -> None:
        with self._lock:
            attachment = self._runs.get(run)
        if attachment is not None:
            attachment.tell(message)
