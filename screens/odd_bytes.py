"""What the terminal sends need not be UTF-8: a paste from elsewhere, or a terminal set to another alphabet."""

import codecs
from collections.abc import Callable
from functools import partial

from textual.drivers import linux_driver


def bear_odd_bytes() -> None:
    """Have Textual read what is no UTF-8 as U+FFFD. As it stands, one such byte ends its input thread, and the app."""
    vars(linux_driver)["getincrementaldecoder"] = _lenient


def _lenient(encoding: str) -> Callable[[], codecs.IncrementalDecoder]:
    return partial(codecs.getincrementaldecoder(encoding), errors="replace")
