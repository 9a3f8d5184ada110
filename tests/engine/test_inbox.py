"""Waiting for an arrival ends when its time is over, however short that is."""

import queue
import threading

import pytest

from wizard.inbox import Inbox


@pytest.mark.parametrize("seconds", [1e-9, 1e-6, 1e-5])
def test_a_short_wait_behind_an_item_that_was_read_at_once_comes_to_its_end(seconds: float) -> None:
    """With a plain `SimpleQueue` this stands still within a few thousand rounds; a rehearsal stopped by that."""
    inbox: Inbox[int] = Inbox()
    empty = 0

    def read() -> None:
        nonlocal empty
        for _ in range(20_000):
            inbox.put(1)
            inbox.get()
            try:
                inbox.get(timeout=seconds)
            except queue.Empty:
                empty += 1

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    reader.join(60)
    assert not reader.is_alive()
    assert empty == 20_000


def test_what_arrives_while_it_is_waited_for_is_read() -> None:
    inbox: Inbox[str] = Inbox()
    with pytest.raises(queue.Empty):
        inbox.get(block=False)
    threading.Timer(0.05, inbox.put, ["here"]).start()
    assert inbox.get(timeout=60) == "here"
    inbox.put("there")
    assert inbox.get() == "there"
