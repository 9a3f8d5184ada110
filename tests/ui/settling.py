"""Tells when a wizard has nothing left to do: by its loop and its engine's inbox, where Textual's pilot sleeps."""

import asyncio
import threading
from weakref import WeakKeyDictionary

import pytest

from wizard.inbox import Inbox


_FRAME = 1 / 500
"""Seconds between a change and its drawing. A terminal has 60 frames a second; here nobody looks at them."""

_SOON = 1 / 100
"""A timer due sooner belongs to what is going on, as a change of size does; a later one is the passing of time."""

_DRAWS_ON = 1.0
"""What draws without end is waited for no longer, as the pilot has it."""

_THINKS = 0.05
"""An engine may wait for a check instead of at its inbox; after these seconds it is held to."""


class Settling:
    """Takes the place of `wait_for_idle` in Textual's pilot.

    Args:
        monkeypatch: Undoes it.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._readers: WeakKeyDictionary[Inbox[object], threading.Thread] = WeakKeyDictionary()
        self._read_all: WeakKeyDictionary[Inbox[object], bool] = WeakKeyDictionary()
        self._watch_inboxes(monkeypatch)
        monkeypatch.setattr("textual.screen.UPDATE_PERIOD", _FRAME)
        for user in ("app", "pilot"):
            monkeypatch.setattr(f"textual.{user}.wait_for_idle", self.wait)

    async def wait(self, _least: float = 0, most: float = _DRAWS_ON) -> None:
        """Until the loop has nothing to do, or soon, and every engine has done what it was told."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        while loop.time() - began < most:
            await asyncio.sleep(0)
            if loop._ready:  # type: ignore[attr-defined]
                continue
            now = loop.time()
            due = min((timer.when() for timer in loop._scheduled if not timer.cancelled()), default=now + 60)  # type: ignore[attr-defined]
            if due - now < _SOON:
                await asyncio.sleep(due - now)
            elif now - began < _THINKS and not self._engines_wait():
                await asyncio.sleep(0.001)
            else:
                return

    def _engines_wait(self) -> bool:
        return all(
            not reader.is_alive() or (self._read_all.get(inbox, False) and inbox.empty())
            for inbox, reader in list(self._readers.items())
        )

    def _watch_inboxes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        get, put = Inbox.get, Inbox.put

        def watched_get(inbox: Inbox[object], *how: object, **more: object) -> object:
            self._readers[inbox] = threading.current_thread()
            self._read_all[inbox] = True
            try:
                return get(inbox, *how, **more)  # type: ignore[arg-type]
            finally:
                self._read_all[inbox] = False

        def watched_put(inbox: Inbox[object], item: object, *how: object, **more: object) -> None:
            self._read_all[inbox] = False
            put(inbox, item, *how, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(Inbox, "get", watched_get)
        monkeypatch.setattr(Inbox, "put", watched_put)
