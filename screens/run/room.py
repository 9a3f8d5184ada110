"""A part of the screen that tells when there is more or less of it."""

from textual.containers import Vertical
from textual.message import Message


class Room(Vertical):
    """Says so when its size has changed: what stands in it may have to share it anew."""

    class Changed(Message):
        """It has another size, for whatever reason: the terminal's, or what stands around it."""

    def on_resize(self) -> None:
        """Tell it."""
        self.post_message(self.Changed())
