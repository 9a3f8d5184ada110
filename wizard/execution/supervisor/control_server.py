"""All wizards that are connected to one supervisor: the one that gave the order, and those that came later."""

import os
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ, BaseSelector
from time import monotonic
from typing import Any

from wizard.execution.supervisor.link import WizardConnection, is_ours, listen
from wizard.execution.supervisor.streams import EventLoop
from wizard.record.run_layout import CONTROL


_LAST_WORDS = 2.0
"""Seconds a wizard gets to take the last message."""


class ControlServer:
    """Hears every connected wizard and tells them all the same.

    Args:
        streams: The main loop.
        folder: File descriptor of the run's folder, where `control` is bound.
        first: The connection the order came by.
        hear: Gets each message of any of them.
        alone: Told when the wizard that gave the order is gone.
    """

    def __init__(
        self,
        streams: EventLoop,
        folder: int,
        first: socket.socket,
        hear: Callable[[dict[str, Any]], None],
        alone: Callable[[], None],
    ) -> None:
        self._streams = streams
        self._selector: BaseSelector = streams.selector
        self._hear = hear
        self._alone = alone
        self._first = first
        self._folder = folder
        self._links: list[WizardConnection] = []
        self._said: dict[str, dict[str, Any]] = {}
        self._server = listen(folder)
        self._add(WizardConnection(first))
        if self._server is not None:
            self._selector.register(self._server, EVENT_READ, self._accept)

    @property
    def attended(self) -> bool:
        """Whether a wizard is connected."""
        return bool(self._links)

    def tell(self, message: dict[str, Any]) -> None:
        """Tell every wizard; who connects later is told the last message of each kind."""
        self._said[message["news"]] = message
        for link in self._links:
            link.send(message)

    def tick(self) -> None:
        """Send on what the sockets did not take before."""
        for link in self._links:
            link.flush()

    def close(self, last_words: dict[str, Any]) -> None:
        """Take no more wizards, tell the last message, wait a moment until it was taken, and hang up."""
        if self._server is not None:
            self._streams.forget(self._server.fileno())
            self._server.close()
            with suppress(OSError):
                os.unlink(CONTROL, dir_fd=self._folder)
        self.tell(last_words)
        deadline = monotonic() + _LAST_WORDS
        for link in self._links:
            while not link.flush() and monotonic() < deadline:
                self._streams.wait(0.01)
        for link in self._links:
            link.connection.close()

    def _accept(self) -> None:
        if self._server is None:
            return
        try:
            connection, _address = self._server.accept()
        except OSError:
            return
        if not is_ours(connection):
            connection.close()
            return
        self._add(WizardConnection(connection))
        for message in self._said.values():
            self._links[-1].send(message)

    def _add(self, link: WizardConnection) -> None:
        self._links.append(link)
        self._selector.register(link.connection, EVENT_READ, partial(self._receive, link))

    def _receive(self, link: WizardConnection) -> None:
        messages = link.receive()
        if messages is None:
            self._selector.unregister(link.connection)
            self._links.remove(link)
            link.connection.close()
            if link.connection is self._first:
                self._alone()
            return
        for message in messages:
            self._hear(message)
